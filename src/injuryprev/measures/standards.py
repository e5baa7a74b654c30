"""The named standards, read from ``standards.toml`` as strictly as a profile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from injuryprev.errors import InjuryprevError, ProfileError, UnknownNameError, nearest
from injuryprev.measures.definition import BASE, FIELDS, File, LostDays, Written, unit_words
from injuryprev.measures.measure import Standard
from injuryprev.policy.document import Confidence
from injuryprev.policy.kinds import TRUTH, Typing
from injuryprev.policy.rules import Cited, cite, weakest

__all__ = ["Standard", "list_standards", "read_standards", "standard"]

_FILE: Final = "standards.toml"


def standard(name: str) -> Standard:
    """A definition by its name; one on another base too, by the name that ``on_base`` gives it.

    Raises:
        UnknownNameError: There is none; the nearest names are said.

    >>> standard("gb6441.frequency").title.zh
    '百万工时伤害率'
    >>> standard("gb6441.frequenz")
    Traceback (most recent call last):
    ...
    injuryprev.errors.UnknownNameError: standard: there is no standard of this name; seen: 'gb6441.frequenz'; \
expected: did you mean 'gb6441.frequency' or 'gb6441.severity'?
    """
    known = _shipped()
    own, apart, base = str(name).partition(BASE)
    if apart and own in known and base.isdecimal() and base.isascii() and int(base):
        return known[own].on_base(int(base))
    if name not in known:
        raise UnknownNameError(
            "there is no standard of this name", where="standard", seen=name, expected=nearest(str(name), known)
        )
    return known[name]


def list_standards() -> tuple[Standard, ...]:
    """Every standard, in the order of their names.

    >>> [found.name for found in list_standards() if found.below == "tonnes"]
    ['gb6441.deaths_per_million_tonnes']
    """
    return tuple(found for _, found in sorted(_shipped().items()))


def read_standards(raw: bytes, file: str) -> dict[str, Standard]:
    """The standards of a file, which is read as strictly as a profile.

    Raises:
        ReadError: It is not TOML in UTF-8.
        ProfileError: Something in it is not what it must be; all of it is listed.
    """
    from injuryprev.policy.loading import parse_as  # noqa: PLC0415  # cattrs is loaded with the first standard

    document = parse_as(File, raw, file)
    if problems := list(_problems(document, file)):
        raise ProfileError(file, problems)
    return {
        f"{publisher}.{key}": _made(document, f"{publisher}.{key}", entry)
        for publisher, entries in document.standards.items()
        for key, entry in entries.items()
    }


@cache
def _shipped() -> Mapping[str, Standard]:
    return read_standards((files("injuryprev.measures") / _FILE).read_bytes(), _FILE)


def _problems(document: File, file: str) -> Iterator[InjuryprevError]:
    """Names in the file that nothing answers to."""
    asked: list[tuple[str, str, Mapping[str, object]]] = []
    for key, table in document.lost_days.items():
        place = f"lost_days.{key}.source"
        cited = [*table.source, *(table.round.source if table.round else ())]
        asked += [(place, citation.document, document.sources) for citation in cited]
    for publisher, entries in document.standards.items():
        for key, entry in entries.items():
            place = f"standards.{publisher}.{key}"
            asked += [(f"{place}.source", citation.document, document.sources) for citation in entry.source]
            asked += [(f"{place}.above", entry.above, document.quantities)]
            asked += [(f"{place}.below", entry.below, document.quantities)]
            if entry.counts == "lost_days":
                asked += [(f"{place}.lost_days", entry.lost_days, document.lost_days)]
            if entry.where is not None:
                found: list[InjuryprevError] = []
                Typing(FIELDS, f"{file} @ $.{place}.where", found).needs(entry.where, TRUTH)
                yield from found
    for key, table in document.lost_days.items():
        if table.round is None and table.factor != 1:
            yield InjuryprevError(
                "a part of a day is rounded as the source does",
                where=f"{file} @ $.lost_days.{key}",
                seen=f"factor {table.factor}",
                expected="round = { to = 1, mode = 'half_up', source }",
            )
        if table.round is not None and (table.round.to != 1 or table.round.mode != "half_up"):
            yield InjuryprevError(
                "days are rounded to whole ones, half up",
                where=f"{file} @ $.lost_days.{key}.round",
                seen=f"to {table.round.to}, {table.round.mode}",
                expected="to = 1, mode = 'half_up'",
            )
    for place, name, known in asked:
        if name not in known:
            yield InjuryprevError(
                "nothing in this file has this name",
                where=f"{file} @ $.{place}",
                seen=name,
                expected=nearest(name, known),
            )


def _made(document: File, name: str, entry: Written) -> Standard:
    above, below = document.quantities[entry.above], document.quantities[entry.below]
    own = cite(document.sources, entry.source)
    confidence = entry.confidence or weakest([cited.confidence for cited in own])
    table = document.lost_days[entry.lost_days] if entry.lost_days else None
    counts, of_days = _counted_by(document, entry, table)
    return Standard(
        name=name,
        title=entry.title,
        counts=entry.counts,
        above=entry.above,
        below=entry.below,
        where=entry.where,
        lost_days=table,
        per=entry.per,
        parts=entry.parts,
        death_within_months=entry.death_within_months,
        dated=entry.dated,
        unit=entry.unit or unit_words(above, below, entry.per),
        quantities=(above, below),
        cited=tuple(dict.fromkeys((*own, *of_days))),
        confidence=confidence,
        where_confidence=weakest([confidence, *counts]),
        note=entry.note,
        caveat=entry.caveat,
    )


def _counted_by(document: File, entry: Written, table: LostDays | None) -> tuple[list[Confidence], tuple[Cited, ...]]:
    """How sure it is which cases count and what they cost, and the documents of the days."""
    found: list[Confidence] = [] if entry.where_confidence is None else [entry.where_confidence]
    if table is None:
        return found, ()
    cited = cite(document.sources, table.source)
    found.append(table.confidence or weakest([one.confidence for one in cited]))
    if table.round is not None and table.round.confidence is not None:
        found.append(table.round.confidence)
    rounding = () if table.round is None else cite(document.sources, table.round.source)
    return found, (*cited, *rounding)
