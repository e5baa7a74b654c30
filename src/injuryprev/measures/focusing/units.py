"""What is ranked, an industry, an employer, a trade: with its figures, and then in its place."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

import attrs

from injuryprev.errors import InputError
from injuryprev.measures.quotients import plain, read
from injuryprev.units import as_data
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

COUNTS: Final = ("cases", "deaths")
"""Figures of a unit that are whole numbers."""
TITLES_OF_FIGURES: Final = {
    "cases": Words("cases", "案件数"),
    "exposure": Words("exposure", "参保规模"),
    "lost_days": Words("lost_days", "损失工作日"),
    "deaths": Words("deaths", "工亡"),
}


def _key(value: Any) -> str | None:
    """A number that names a unit is a name."""
    value = plain(value)
    return None if value is None else str(value)


def _whole(value: Any, name: str) -> Fraction | Unknown:
    found = read(value, name, TITLES_OF_FIGURES[name])
    if isinstance(found, Fraction) and found.denominator != 1:
        raise InputError("not a count", where=f"FocusUnit.{name}", seen=value, expected="a whole number")
    return found


def _cases(value: Any) -> Fraction | Unknown:
    return _whole(value, "cases")


def _deaths(value: Any) -> Fraction | Unknown:
    return _whole(value, "deaths")


def _exposure(value: Any) -> Fraction | Unknown:
    return read(value, "exposure", TITLES_OF_FIGURES["exposure"])


def _lost_days(value: Any) -> Fraction | Unknown:
    return read(value, "lost_days", TITLES_OF_FIGURES["lost_days"])


@attrs.frozen
class FocusUnit:
    """What is ranked: an industry, an employer, a trade, a post, a group of people.

    Args:
        key: Its name in the list, each once; ``None`` gathers what nobody says the unit of, and has no place.
        cases: How many cases.
        exposure: What they are measured against: insured persons, hours.
        lost_days: Days lost, counted.
        deaths: Deaths among the cases.
        within: The group whose rate says how many cases are expected of it (its industry, say); by default all units
            are one group.
        note: What must be said of its figures, such as who was left out of them.

    A figure may be ``None`` or ``Unknown``; it is then unknown, never zero.

    Raises:
        InputError: A broken count.
    """

    key: str | None = attrs.field(converter=_key)
    cases: Fraction | Unknown = attrs.field(converter=_cases)
    exposure: Fraction | Unknown = attrs.field(default=None, converter=_exposure)
    lost_days: Fraction | Unknown = attrs.field(default=None, converter=_lost_days, kw_only=True)
    deaths: Fraction | Unknown = attrs.field(default=None, converter=_deaths, kw_only=True)
    within: str = attrs.field(default="", kw_only=True)
    note: Words = attrs.field(default=Words(), kw_only=True)


@attrs.frozen(kw_only=True)
class FocusRow:
    """One unit in its place.

    Args:
        unit: The unit with its figures.
        rank: Its place, 1 first; ``None`` where it has none, and ``value`` or ``small`` says why.
        value: What it is ranked by: exact, or a float where shrinkage had a part in it.
        share: Its share of all known cases.
        rate: Cases by exposure.
        expected: The cases it would have at the rate of its group.
        excess: Cases less those expected.
        ratio: Cases over those expected.
        shrunk: The ratio drawn towards 1 by how little there is to know it by, ``None`` where that was not asked for.
        low, high: The interval of the shrunken ratio, where there is one.
        severity: Days lost by case.
        small: Why it is too small to be ranked.
        small_by: The figure by which it is, ``exposure`` or ``cases``.
        tied: Keys of all units of the very same value, this one among them, where there are several; their order is
            settled by cases, then by key.
    """

    unit: FocusUnit
    rank: int | None
    value: Fraction | float | Unknown
    share: Fraction | Unknown
    rate: Fraction | Unknown
    expected: Fraction | Unknown
    excess: Fraction | Unknown
    ratio: Fraction | Unknown
    shrunk: float | Unknown | None
    low: float | None
    high: float | None
    severity: Fraction | Unknown
    small: Words | None = None
    small_by: str = "exposure"
    tied: tuple[str, ...] = ()

    @property
    def shrunk_rate(self) -> float | Unknown | None:
        """The rate that goes with the shrunken ratio."""
        if self.shrunk is None or isinstance(self.shrunk, Unknown):
            return self.shrunk
        assert isinstance(self.expected, Fraction)  # noqa: S101 - a shrunken ratio is one to the expected
        assert isinstance(self.unit.exposure, Fraction)  # noqa: S101 - which follows from the exposure
        return self.shrunk * float(self.expected / self.unit.exposure)

    def to_data(self) -> dict[str, object]:
        """The unit in its place as plain data: exact numbers are text, what shrinkage had a part in is a number.

        Of the units it is tied with their number is told, for there may be thousands.
        """
        told = {field.name: as_data(getattr(self, field.name)) for field in attrs.fields(FocusRow)}
        return told | {
            "tied": len(self.tied),
            "shrunk_rate": as_data(self.shrunk_rate),
            "why": list(self.why),
        }

    @property
    def why(self) -> tuple[str, ...]:
        """What keeps it from a place, as ``code:subject``."""
        if self.small is not None:
            return (f"too_small:{self.small_by}",)
        if self.unit.key is None:
            return ("missing:unit",)
        return self.value.codes if isinstance(self.value, Unknown) else ()


def unknown(code: str, subject: str, en: str, zh: str) -> Unknown:
    """Unknown for one reason."""
    return Unknown((Reason(code, subject, Words(en, zh)),))
