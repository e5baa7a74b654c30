"""A series over years: of each a figure, or a count with what it is measured against; missing years stay missing."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

import attrs

from injuryprev.errors import InputError
from injuryprev.measures.definition import Definition
from injuryprev.measures.injury_rate import InjuryRate
from injuryprev.measures.quotients import plain
from injuryprev.measures.standards import standard
from injuryprev.units import Number, exact
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

COUNTED: Final = ("cases", "persons")
"""Units of which the count itself is the figure."""


def _optional(value: Any) -> Fraction | None:
    value = plain(value)
    # A column of a dataframe has NaN where nothing was written.
    missing = value is None or (isinstance(value, float) and math.isnan(value))
    return None if missing else exact(value, where="Observation")


def _value(value: Any) -> Fraction | None:
    number = _optional(value)
    if number is not None and number < 0:
        raise InputError("a negative figure", where="Observation.value", seen=value, expected="zero or more")
    return number


def _count(value: Any) -> int | None:
    number = _optional(value)
    if number is not None and (number < 0 or number.denominator != 1):
        raise InputError("not a count", where="Observation.count", seen=value, expected="a whole number, zero or more")
    return None if number is None else int(number)


def _exposure(value: Any) -> Fraction | None:
    number = _optional(value)
    if number is not None and number < 0:
        raise InputError("a negative exposure", where="Observation.exposure", seen=value, expected="zero or more")
    return number


@attrs.frozen
class Observation:
    """The figure of one year: as it was published, or the count and exposure it is made of.

    Args:
        value: A rate or share as a plain fraction, or a number in the unit of the metric.
        count: How many cases or persons were counted; only with a count can chance be judged.
        exposure: What they were counted among (insured persons, hours); without it a rate cannot be made.
        definition: The standard it follows, or its name, where that is known.

    Raises:
        InputError: A figure beside the count and exposure it would follow from, a negative figure, a broken count.

    >>> Observation(count=27530, exposure=3_770_000).figure("cases")
    Fraction(27530, 1)
    """

    value: Fraction | None = attrs.field(default=None, converter=_value)
    count: int | None = attrs.field(default=None, converter=_count)
    exposure: Fraction | None = attrs.field(default=None, converter=_exposure)
    definition: Definition | str = ""

    def __attrs_post_init__(self) -> None:
        if self.value is not None and self.count is not None:
            raise InputError(
                "a figure and the count it is made of, which may disagree",
                where="Observation",
                seen=f"value and count {self.count}",
                expected="either value, or count (with exposure, for a rate)",
            )

    def figure(self, unit: str) -> Fraction | Unknown:
        """The figure in a unit: as given, else the count, else count over exposure."""
        if self.value is not None:
            return self.value
        if self.count is None:
            return _unknown("missing", "the year has no figure", "该年没有数据")
        if unit in COUNTED:
            return Fraction(self.count)
        if self.exposure is None:
            return _unknown("missing", "the year has a count but no exposure", "该年有案件数而无参保规模")
        if self.exposure == 0:
            return _unknown("zero_exposure", "the exposure of the year is zero", "该年参保规模为零")
        return self.count / (self.exposure * self.parts)

    @property
    def parts(self) -> int:
        """Of how many parts of the year, such as months, the definition takes the mean."""
        return defined(self.definition).parts if self.definition else 1

    @property
    def counted(self) -> tuple[int, Fraction] | None:
        """Count and what it is over, where both are known and there is an exposure: of a mean month, months of it."""
        return (self.count, self.exposure * self.parts) if self.count is not None and self.exposure else None


Figure = Observation | InjuryRate | Number | Unknown | None
Series = Mapping[int, Figure]


def _unknown(code: str, en: str, zh: str) -> Unknown:
    return Unknown((Reason(code, "series", Words(en, zh)),))


def read_series(series: Series, definition: str) -> dict[int, Observation | Unknown]:
    """The years in order, each as an observation, or why it has none.

    Raises:
        InputError: A year is not a year, a figure is no number, or it follows another definition.
    """
    if not hasattr(series, "items"):
        raise InputError("not a series", where="series", seen=series, expected="a figure for each year, {2024: ...}")
    found: dict[int, Observation | Unknown] = {}
    for year, figure in sorted(((_year(year), figure) for year, figure in series.items()), key=lambda one: one[0]):
        one = figure if isinstance(figure, Unknown) else _observation(figure)
        of_its_own = one.definition if isinstance(one, Observation) else ""
        if definition and of_its_own and not same_kind(of_its_own, definition):
            raise InputError(
                "the figure follows another definition than the target",
                where=f"series[{year}]",
                seen=str(of_its_own),
                expected=f"{definition}, in whatever base",
            )
        if definition and isinstance(one, Observation) and not of_its_own:
            one = attrs.evolve(one, definition=definition)
        found[year] = one
    of = {one.definition: None for one in found.values() if isinstance(one, Observation) and one.definition}
    if any(not same_kind(first, second) for first, second in pairwise(of)):
        raise InputError(
            "a series mixes definitions",
            where="series",
            seen=", ".join(sorted(map(str, of))),
            expected="figures of one definition",
        )
    return found


def defined(definition: Definition | str) -> Definition:
    """A definition, or the standard of a name."""
    return standard(definition) if isinstance(definition, str) else definition


def same_kind(name: Definition | str, other: Definition | str) -> bool:
    """Whether two standards measure the same thing, be it in another base.

    >>> same_kind("cn.incidence", "cn.incidence_per_mille"), same_kind("cn.incidence", "osha.trir")
    (True, False)
    """
    first, second = (
        (one.counts, one.above, one.below, one.where, one.lost_days, one.parts == 1, one.death_within_months)
        for one in (defined(name), defined(other))
    )
    return first == second


def _year(year: object) -> int:
    year = plain(year)
    if not isinstance(year, int) or isinstance(year, bool) or not dt.MINYEAR <= year < dt.MAXYEAR:
        raise InputError("not a year", where="series", seen=year, expected="a whole number such as 2024")
    return year


def _observation(figure: Observation | InjuryRate | Number | None) -> Observation | Unknown:
    if isinstance(figure, Observation):
        return figure
    if not isinstance(figure, InjuryRate):
        made = Observation(figure)
        return _unknown("missing", "the year has no figure", "该年没有数据") if made.value is None else made
    parts = (figure.numerator, figure.exposure)
    reasons = tuple(reason for part in parts if isinstance(part, Unknown) for reason in part.reasons)
    if isinstance(figure.numerator, Unknown) or isinstance(figure.exposure, Unknown):
        return Unknown(reasons)
    of = figure.definition if figure.parts is None else attrs.evolve(figure.definition, parts=figure.parts)
    if figure.numerator.denominator == 1:
        return Observation(count=int(figure.numerator), exposure=figure.exposure, definition=of)
    value = figure.numerator / figure.exposure / of.parts if figure.exposure else None
    return Observation(value, definition=of)


def complete(years: Iterable[int], on: dt.date) -> list[int]:
    """The years that are over on a day."""
    return [year for year in years if dt.date(year + 1, 1, 1) <= on]
