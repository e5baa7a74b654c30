"""The last year of a series against the mean of the years before."""

from __future__ import annotations

import math

import attrs

from injuryprev.errors import InputError
from injuryprev.measures.statistics.comparison import RateComparison, compare_rates
from injuryprev.measures.statistics.interval import Interval
from injuryprev.measures.statistics.reading import (
    Column,
    Units,
    read,
    read_factor,
    read_level,
    read_whole,
    side_by_side,
)
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words


@attrs.frozen
class Change:
    """The last year of a series against the mean of the years before.

    Args:
        year: The last year.
        before: The years it is measured against.
        comparison: The rates, their ratio, its exact interval and p value.
        cases: Cases of the last year.
        cases_before: Cases of the years before, all together.
    """

    year: int
    before: tuple[int, ...]
    comparison: RateComparison
    cases: int
    cases_before: int

    @property
    def change(self) -> float | Unknown:
        """The relative change: -0.067 is 6.7 % down."""
        ratio = self.comparison.ratio
        return ratio if isinstance(ratio, Unknown) else ratio - 1

    @property
    def interval(self) -> Interval:
        """The exact interval of the relative change."""
        limits = self.comparison.interval
        return attrs.evolve(limits, low=limits.low - 1, high=limits.high - 1)


def change_from_mean(
    counts: Column, exposures: Column, years: Column, before: int = 3, *, per: float = 1, level: float = 0.95
) -> Change | Unknown:
    """The last year's rate against the mean rate of the years just before it, compared exactly.

    The mean is that of all cases over all exposure of those years, so that a large year weighs more than a small one.

    Args:
        counts: Cases of each year, in any order.
        exposures: Exposure of each year.
        years: The years, whole numbers, each once.
        before: How many years before the last make the mean.
        per: The base of the rates.
        level: The level of the interval.

    Returns:
        A `Change`; ``Unknown`` where one of the years is missing from the series or has no exposure.

    Raises:
        InputError: A number is negative, a count or year not whole, a year given twice, or there is no year.

    Source: the exact comparison of two rates, Przyborowski & Wilenski 1940.

    >>> found = change_from_mean([52, 47, 51, 35], [9800, 9900, 10100, 10000], [2012, 2013, 2014, 2015], per=1000)
    >>> round(found.change, 4), [round(limit, 3) for limit in (found.interval.low, found.interval.high)]
    (-0.3047, [-0.533, 0.01])
    """
    level, base = read_level(level), read_factor(per, "per")
    before = read_whole(before, "before", least=1)
    units = side_by_side(
        read(counts, "counts", whole=True),
        read(exposures, "exposures", positive=True),
        read(years, "years", whole=True),
    )
    place = _places(units)
    last = max(place)
    wanted = [last - back for back in range(before, 0, -1)]
    missing = tuple(
        Reason("missing", f"years {year}", Words(f"the series has no year {year}", f"序列缺少 {year} 年"))
        for year in wanted
        if year not in place
    )
    used = [place[year] for year in (*wanted, last) if year in place]
    reasons = (*missing, *(reason for index in used for reason in units.reasons(index)))
    if reasons:
        return Unknown(reasons)
    cases, exposure = units.columns[0], units.columns[1]
    earlier = [place[year] for year in wanted]
    cases_before = sum(int(cases.at(index)) for index in earlier)
    now = place[last]
    compared = compare_rates(
        int(cases.at(now)),
        exposure.at(now),
        cases_before,
        math.fsum(exposure.at(index) for index in earlier),
        per=base,
        level=level,
    )
    if isinstance(compared, Unknown):  # pragma: no cover - every part of it was looked at above
        return compared
    return Change(last, tuple(wanted), compared, int(cases.at(now)), cases_before)


def _places(units: Units) -> dict[int, int]:
    """Where each year stands."""
    years = units.columns[2]
    place: dict[int, int] = {}
    for index in range(units.size):
        if years.reason(index) is not None:
            raise InputError("a year is missing", where=f"years[{index}]", seen=None, expected="a whole number")
        year = int(years.at(index))
        if year in place:
            raise InputError(
                "a year is given twice",
                where=f"years[{index}]",
                seen=year,
                expected="each year once, its cases added up",
            )
        place[year] = index
    if not place:
        raise InputError("no year is given", where="years", seen=[], expected="a series of years")
    return place
