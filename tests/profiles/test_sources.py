"""Law is dated and cited: where every figure of the shipped profiles comes from, and how far it can be trusted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import attrs
import pytest

import injuryprev as ip
from injuryprev.policy.document import CONFIDENCES, Refusal
from injuryprev.policy.profile import Profile
from injuryprev.policy.registry import installed
from injuryprev.words import Words

READ_IN_FULL = {"reg-2010"}
"""Documents of which the whole official text was read; everything else can be no more than a reprint."""
CHECKED = dt.date(2026, 11, 21)
LAW = [profile for profile, plugin in installed() if not plugin and not profile.id.startswith("toyland")]
EVERY = [profile for profile, plugin in installed() if not plugin]
CITED_SECTIONS = ("parameters", "definitions", "counting", "classifications")


def by_id(profile: Profile) -> str:
    """Name a case by its profile."""
    return profile.id


def entries(profile: Profile) -> Iterator[tuple[str, Any]]:
    """Every entry of the profile's own file that must be cited, with its place."""
    for section in CITED_SECTIONS:
        for name, versions in getattr(profile.document, section).items():
            for index, entry in enumerate(versions):
                yield f"{profile.id} {section}.{name}[{index}]", entry


def all_words(thing: Any) -> Iterator[Words]:
    """Every piece of text anywhere inside."""
    if isinstance(thing, Words):
        yield thing
    elif isinstance(thing, dict):
        for value in thing.values():
            yield from all_words(value)
    elif isinstance(thing, tuple):
        for value in thing:
            yield from all_words(value)
    elif attrs.has(type(thing)):
        for field in attrs.fields(type(thing)):
            yield from all_words(getattr(thing, field.name))


@pytest.mark.parametrize("profile", EVERY, ids=by_id)
def test_every_rule_names_a_document_and_how_far_it_is_trusted(profile: Profile) -> None:
    """Parameters, definitions, counting rules and industry tables each cite a source of a known confidence."""
    sources = profile.all_sources()
    for place, entry in entries(profile):
        assert entry.source, place
        for citation in entry.source:
            assert sources[citation.document].confidence in CONFIDENCES, place


@pytest.mark.parametrize("profile", LAW, ids=by_id)
def test_nothing_is_official_that_was_not_read_in_full(profile: Profile) -> None:
    """Reprints, recalled and assumed figures say so; what they feed can then be no better."""
    for key, source in profile.all_sources().items():
        assert (source.confidence == "official") == (key in READ_IN_FULL), key
    for place, entry in entries(profile):
        if entry.confidence is not None:
            best = min(CONFIDENCES.index(profile.all_sources()[c.document].confidence) for c in entry.source)
            assert CONFIDENCES.index(entry.confidence) >= best, place


@pytest.mark.parametrize("profile", LAW, ids=by_id)
def test_a_reading_says_what_it_reads(profile: Profile) -> None:
    """An entry whose own confidence is lowered carries a note that says why."""
    for place, entry in entries(profile):
        if entry.confidence is not None:
            assert entry.note, place


@pytest.mark.parametrize("profile", LAW, ids=by_id)
def test_a_document_has_a_name_and_a_day_of_checking_and_no_address_of_a_reprint(profile: Profile) -> None:
    """Documents are cited, reprints are not."""
    assert profile.document.profile.checked_on == CHECKED
    for key, source in profile.document.sources.items():
        assert source.checked_on == CHECKED, key
        assert source.url == "", key


@pytest.mark.parametrize("profile", EVERY, ids=by_id)
def test_every_word_is_in_both_languages(profile: Profile) -> None:
    """Titles, labels, notes, caveats and reasons."""
    for words in all_words(profile.document):
        if words:
            assert words.en, words.zh
            assert words.zh, words.en


@pytest.mark.parametrize("profile", LAW, ids=by_id)
def test_every_source_is_cited_somewhere(profile: Profile) -> None:
    """A document that no rule and no case rests on is not listed."""
    text = repr(profile.document)
    for key in profile.document.sources:
        assert f"document={key!r}" in text, key


def test_what_was_not_found_is_refused_with_its_reason() -> None:
    """The open questions of the texts, each at a day that asks it."""
    asked: list[tuple[str, str, dict[str, object], str]] = [
        ("cn", "2018-05-01", {"payable_months": "23.5", "appraised_move": 0}, "cut_by_months"),
        ("cn", "2020-03-01", {"employer_kind": "institution", "appraised_move": 0}, "relief"),
        ("cn-zj", "2014-01-03", {"risk_class": 2}, "appraised_move"),
        ("cn-zj-hangzhou", "2016-01-01", {}, "appraised_move"),
        ("cn-zj-ningbo", "2014-01-03", {"risk_class": 2, "rule_text": "about_2013"}, "payout_move"),
        ("cn-zj-ningbo", "2019-01-01", {}, "appraised_move"),
        ("cn-ln-dalian", "2014-01-01", {"risk_class": 3, "subclass": "甲"}, "class_rate"),
        ("cn-ln-dalian", "2016-01-01", {}, "appraised_move"),
    ]
    for name, on, given, subject in asked:
        found = ip.load_profile(name).on(on).evaluate(**{"risk_class": 4, **given})["rate"]
        assert isinstance(found, ip.Unknown), name
        assert f"not_known:{subject}" in found.codes, (name, on, found.codes)


def test_refusals_are_never_empty() -> None:
    """Every declared unknown of every profile says in words what is open."""

    def refusals(thing: Any) -> Iterator[Refusal]:
        if isinstance(thing, Refusal):
            yield thing
        elif isinstance(thing, dict):
            for value in thing.values():
                yield from refusals(value)
        elif isinstance(thing, tuple):
            for value in thing:
                yield from refusals(value)
        elif attrs.has(type(thing)):
            for field in attrs.fields(type(thing)):
                yield from refusals(getattr(thing, field.name))

    found = [refusal for profile in EVERY for refusal in refusals(profile.document)]
    assert len(found) > 10
    assert all(refusal.unknown.en and refusal.unknown.zh for refusal in found)


@pytest.mark.parametrize("profile", EVERY, ids=by_id)
def test_the_phases_of_a_profile_hold_together(profile: Profile) -> None:
    """The rules of every phase are checked and lowered; phases follow one another."""
    ip.load_profile(profile.id).check()
    dates = profile.change_dates()
    assert dates[0] == profile.covers.since
    assert all(first < second for first, second in pairwise(dates))
