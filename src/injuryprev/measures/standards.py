"""The named standards, read from ``standards.toml``, and rates worked out by them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

import attrs

from injuryprev.errors import InjuryprevError, InputError, ProfileError, UnknownNameError, nearest
from injuryprev.measures.definition import Definition, File, Quantity, Written
from injuryprev.measures.injury_rate import InjuryRate
from injuryprev.measures.quotients import read
from injuryprev.policy.rules import cite, weakest
from injuryprev.words import Words

_FILE: Final = "standards.toml"
_GENERAL: Final[Mapping[str, str]] = {"cases": "cases", "persons": "persons", "lost_days": "lost_days"}


@attrs.frozen(kw_only=True)
class Standard(Definition):
    """A definition by which rates are worked out.

    >>> far = standard("practice.far")
    >>> print(far.compute(deaths=2, hours=10**9))
    0.2 deaths per 100,000,000 hours worked
    """

    def compute(self, numerator: Any = None, exposure: Any = None, /, **figures: Any) -> InjuryRate:
        """One rate.

        Args:
            numerator: The count, or the days, above the line; or by name, as ``cases=``, ``deaths=``, ``lost_days=``.
            exposure: What stands below it; or by name, as ``hours=``, ``workers=``.
            figures: The two by their names, which are those of the definition (``above``, ``below``), or ``numerator``
                and ``exposure``, or what is counted (``cases``, ``persons``, ``lost_days``).

        Returns:
            The rate; its value is ``Unknown`` where a figure is missing or no use, or the exposure is zero.

        Raises:
            UnknownNameError: A figure that has no place in this definition.
            InputError: One figure given twice.

        >>> print(standard("gb6441.serious_injury").compute(serious_injuries=2, workers=200).value)
        10
        >>> print(standard("ilo.frequency").compute(cases=3, hours=0).value)
        unknown: hours is zero, and nothing can be said of a rate over nothing
        """
        found = {"above": numerator, "below": exposure}
        for name, value in figures.items():
            place = self._place(name)
            if found[place] is not None:
                raise InputError(
                    "one figure is given twice", where=f"{self.name}.compute", seen=name, expected=f"{name} once"
                )
            found[place] = value
        return InjuryRate(self, read(found["above"], self.above), read(found["below"], self.below))

    def _place(self, name: str) -> str:
        places = {_GENERAL[self.counts]: "above", "numerator": "above", "exposure": "below"}
        places |= {self.above: "above", self.below: "below"}
        if name not in places:
            raise UnknownNameError(
                f"{self.name} has no figure of this name",
                where=f"{self.name}.compute",
                seen=name,
                expected=nearest(name, places),
            )
        return places[name]


def standard(name: str) -> Standard:
    """A definition by its name.

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
    cited = cite(document.sources, entry.source)
    confidence = entry.confidence or weakest([source.confidence for source in cited])
    return Standard(
        name=name,
        title=entry.title,
        counts=entry.counts,
        above=entry.above,
        below=entry.below,
        where=entry.where,
        lost_days=document.lost_days[entry.lost_days] if entry.lost_days else None,
        per=entry.per,
        parts=entry.parts,
        death_within_months=entry.death_within_months,
        dated=entry.dated,
        unit=entry.unit or _unit(above, below, entry.per),
        quantities=(above, below),
        cited=cited,
        confidence=confidence,
        where_confidence=entry.where_confidence or confidence,
        note=entry.note,
        caveat=entry.caveat,
    )


def _unit(above: Quantity, below: Quantity, per: int) -> Words:
    """``deaths per 1,000 workers``; of one, ``days lost per case``."""
    one = f"{per:,}" if per != 1 else ""
    return Words(
        f"{above.unit.en} per {one} {below.unit.en}".replace("  ", " "), f"{above.unit.zh}/{one}{below.unit.zh}"
    )
