"""Words, unknowns and errors: what is said, in which language, and why."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from injuryprev import Reason, Unknown, Words
from injuryprev.errors import (
    CoverageError,
    InjuryprevError,
    InputError,
    ProfileError,
    ReadError,
    UnknownNameError,
    nearest,
)
from injuryprev.words import LANGUAGES


@given(st.text(), st.text())
def test_words_are_shown_in_the_language_asked_for_or_the_other(en: str, zh: str) -> None:
    """Never nothing where something was written."""
    words = Words(en, zh)
    assert words.to("en") == (en or zh)
    assert words.to("zh") == (zh or en)
    assert bool(words) == bool(en or zh)
    assert all(words.to(lang) for lang in LANGUAGES) == bool(words)


def test_places_in_words_are_filled_in_both_languages() -> None:
    """By name."""
    assert Words("from {low}", "自 {low} 起").format(low=3) == Words("from 3", "自 3 起")


REASONS = (
    Reason("missing", "insured", Words("insured was not given", "未提供参保人数")),
    Reason("not_known", "rate", Words("not printed", "未刊出"), source="No. 7, art. 3"),
)


def test_an_unknown_says_every_reason() -> None:
    """For a person in two languages, with the source; for a program as code and subject."""
    value = Unknown(REASONS)
    assert value.text() == "unknown: insured was not given; not printed [No. 7, art. 3]"
    assert value.text("zh") == "未知：未提供参保人数；未刊出 [No. 7, art. 3]"
    assert str(value) == value.text()
    assert value.codes == ("missing:insured", "not_known:rate")


def test_an_unknown_is_no_number_and_no_yes() -> None:
    """It is falsy, equal to its like alone, and takes part in no arithmetic."""
    value = Unknown(REASONS)
    assert not value
    assert value == Unknown(REASONS)
    assert value != Unknown(REASONS[:1])
    assert value != Unknown((Reason("zero", "insured", Words("0")),))
    with pytest.raises(TypeError):
        _ = value + 1  # type: ignore[operator]  # this is the claim
    with pytest.raises(TypeError):
        _ = value < 1  # type: ignore[operator]  # this is the claim
    assert len({value, Unknown(REASONS)}) == 1


def test_an_unknown_without_a_reason_cannot_be_made() -> None:
    """Whoever does not know must say why."""
    with pytest.raises(ValueError, match="reasons"):
        Unknown(())


# Errors


@given(st.text(min_size=1), st.text(), st.none() | st.integers() | st.text(), st.text(), st.text())
def test_an_error_keeps_its_five_parts(what: str, where: str, seen: object, expected: str, source: str) -> None:
    """They are read by programs from the attributes, by people from the message."""
    error = InputError(what, where=where, seen=seen, expected=expected, source=source)
    assert (error.what, error.where, error.seen, error.expected, error.source) == (what, where, seen, expected, source)
    assert str(error) == error.message
    for part in (what, where, expected, source, "" if seen is None else repr(seen)):
        assert part in str(error)


@pytest.mark.parametrize(
    ("error", "builtin"),
    [(InputError, ValueError), (ReadError, ValueError), (CoverageError, LookupError), (UnknownNameError, KeyError)],
)
def test_an_error_is_one_of_the_family_and_of_a_usual_kind(
    error: type[InjuryprevError], builtin: type[Exception]
) -> None:
    """So that it is caught by who knows this package and by who does not."""
    with pytest.raises(InjuryprevError) as caught:
        raise error("it is not so", where="here")
    assert isinstance(caught.value, builtin)
    assert str(caught.value) == "here: it is not so"


def test_a_refused_profile_lists_its_problems() -> None:
    """All of them, each on a line of its own."""
    problems = [InputError("first", where="a"), InputError("second", where="b", seen=0)]
    error = ProfileError("x.toml", problems)
    assert str(error) == "x.toml: 2 problems in this profile\n  - a: first\n  - b: second; seen: 0"
    assert error.problems == tuple(problems)
    assert "1 problem in" in str(ProfileError("x.toml", problems[:1]))


@pytest.mark.parametrize(
    ("name", "known", "hint"),
    [
        ("payrol", ["payroll", "benefits"], "did you mean 'payroll'?"),
        ("zzz", ["b", "a"], "one of: a, b"),
        ("zzz", [], "there are none"),
        (
            "zzz",
            [f"n{i:02}" for i in range(20)],
            "one of: n00, n01, n02, n03, n04, n05, n06, n07, n08, n09, n10, n11, …",
        ),
    ],
)
def test_the_nearest_names_are_offered(name: str, known: list[str], hint: str) -> None:
    """Near ones where there are any, else a few of all."""
    assert nearest(name, known) == hint
