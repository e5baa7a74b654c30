"""Confidence intervals of counts, rates and proportions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, overload

import attrs

from injuryprev.errors import InputError
from injuryprev.measures.statistics.method import BYAR, CLOPPER_PEARSON, GARWOOD, OHID_COUNT, WILSON, Method, Published
from injuryprev.measures.statistics.numeric import libraries
from injuryprev.measures.statistics.reading import (
    Column,
    Given,
    Units,
    read,
    read_choice,
    read_factor,
    read_level,
    side_by_side,
)
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

CountMethod = Literal["exact", "byar", "ohid"]
ProportionMethod = Literal["wilson", "exact"]
COUNT_METHODS: Final[Mapping[str, Method]] = {"exact": GARWOOD, "byar": BYAR, "ohid": OHID_COUNT}
_PROPORTION_METHODS: Final[Mapping[str, Method]] = {"wilson": WILSON, "exact": CLOPPER_PEARSON}
_OHID_BYAR_FROM: Final = 10


@attrs.frozen
class Interval(Published):
    """The limits between which the true figure lies, as far as chance alone goes.

    Args:
        low: The lower limit.
        high: The upper limit; infinity where the data set none.
        level: The confidence level, such as 0.95.
        by: The method; ``method`` is its name and ``source`` where it is published.

    >>> print(count_interval(5))
    1.62349 to 11.6683 (95 % exact (Garwood))
    """

    low: float
    high: float
    level: float
    by: Method

    def __contains__(self, value: object) -> bool:
        return isinstance(value, int | float) and self.low <= value <= self.high

    def __str__(self) -> str:
        return f"{self.low:.6g} to {self.high:.6g} ({self.level * 100:.6g} % {self.method})"

    def times(self, factor: float) -> Interval:
        """The interval of the figure in another unit."""
        return attrs.evolve(self, low=self.low * factor, high=self.high * factor)


def poisson_limits(counts: Any, level: float, method: str) -> tuple[Any, Any]:
    """Lower and upper limits of Poisson means, as arrays; NaN where Byar's lower limit does not exist."""
    np, special = libraries().np, libraries().special
    tail = (1 - level) / 2
    counts = np.asarray(counts, dtype=float)
    low = np.where(counts > 0, special.gammaincinv(np.maximum(counts, 1), tail), 0.0)
    high = special.gammainccinv(counts + 1, tail)
    if method == "exact":
        return low, high
    z = -special.ndtri(tail)
    some = np.maximum(counts, 1)
    root = 1 - 1 / (9 * some) - z / (3 * np.sqrt(some))
    byar_low = np.where(counts > 0, np.where(root < 0, np.nan, some * root**3), 0.0)
    more = counts + 1
    byar_high = more * (1 - 1 / (9 * more) + z / (3 * np.sqrt(more))) ** 3
    exact_here = counts < _OHID_BYAR_FROM if method == "ohid" else np.zeros_like(counts, dtype=bool)
    return np.where(exact_here, low, byar_low), np.where(exact_here, high, byar_high)


def no_limit(count: float, level: float) -> Unknown:
    """Byar's approximation has no lower limit for the smallest counts at high levels."""
    return Unknown(
        (
            Reason(
                "out_of_range",
                "method",
                Words(
                    f"Byar's approximation has no lower limit for {count:g} at level {level:g}; the exact method has",
                    f"例数为 {count:g}、置信水平为 {level:g} 时 Byar 近似法没有下限；请用精确法",
                ),
                BYAR.source,
            ),
        )
    )


def _poisson_intervals(
    units: Units, level: object, method: object, per: object
) -> Interval | Unknown | tuple[Interval | Unknown, ...]:
    """One interval of count ÷ exposure for each unit."""
    np = libraries().np
    level, base = read_level(level), read_factor(per, "per")
    method = read_choice(method, "method", COUNT_METHODS)
    good = units.good
    counts, exposures = units.arrays(np, good)
    low, high = poisson_limits(counts, level, method)
    scale = base / exposures
    found = {
        index: no_limit(count, level)
        if np.isnan(lower)
        else Interval(float(lower * factor), float(upper * factor), level, COUNT_METHODS[method])
        for index, count, lower, upper, factor in zip(good, counts, low, high, scale, strict=True)
    }
    answers = tuple(units.spread(found))
    return answers[0] if units.single else answers


@overload
def count_interval(  # type: ignore[overload-overlap]  # text is one number here, though Python iterates it
    count: Given, *, level: float = ..., method: CountMethod = ...
) -> Interval | Unknown: ...
@overload
def count_interval(
    count: Column, *, level: float = ..., method: CountMethod = ...
) -> tuple[Interval | Unknown, ...]: ...


def count_interval(
    count: Given | Column, *, level: float = 0.95, method: CountMethod = "exact"
) -> Interval | Unknown | tuple[Interval | Unknown, ...]:
    """The confidence interval of a number of cases.

    Args:
        count: Cases: a whole number, or a column of them.
        level: The confidence level.
        method: ``"exact"`` (Garwood 1936, through the chi-squared distribution), ``"byar"`` (Breslow & Day 1987, a
            close approximation) or ``"ohid"``, the rule of the English public-health guidance: exact below 10,
            Byar from 10.

    Returns:
        An `Interval`, or for a column a tuple of them; ``Unknown`` for a count that is missing.

    Raises:
        InputError: A count is negative or not whole (the message names its index), or the level is not in (0, 1).

    Source: Garwood 1936, Biometrika 28:437-442; Breslow & Day 1987, IARC; OHID Public Health Technical Guidance.

    >>> print(count_interval(0))
    0 to 3.68888 (95 % exact (Garwood))
    >>> [round(each.low, 4) for each in count_interval([1, 65], method="byar")]
    [0.0131, 50.1632]
    """
    return _poisson_intervals(side_by_side(read(count, "count", whole=True), read(1, "exposure")), level, method, 1)


@overload
def rate_interval(  # type: ignore[overload-overlap]  # text is one number here, though Python iterates it
    count: Given, exposure: Given, *, per: float = ..., level: float = ..., method: CountMethod = ...
) -> Interval | Unknown: ...
@overload
def rate_interval(
    count: Column, exposure: Column | Given, *, per: float = ..., level: float = ..., method: CountMethod = ...
) -> tuple[Interval | Unknown, ...]: ...


def rate_interval(
    count: Given | Column,
    exposure: Given | Column,
    *,
    per: float = 1,
    level: float = 0.95,
    method: CountMethod = "exact",
) -> Interval | Unknown | tuple[Interval | Unknown, ...]:
    """The confidence interval of a rate: cases by the workers, hours or tonnes among which they arose.

    The exposure is taken as known without error; the cases as independent of each other. An accident that hurts
    many at once makes the true interval wider.

    Args:
        count: Cases.
        exposure: What they are measured by.
        per: The base: 1000 for a per-mille rate of workers, 1_000_000 for a rate of hours.
        level: The confidence level.
        method: As in `count_interval`.

    Returns:
        An `Interval`, or a tuple of them; ``Unknown`` where the exposure is zero or something is missing.

    Raises:
        InputError: As in `count_interval`; the columns differ in length; ``per`` is not above zero.

    Source: as `count_interval`.

    >>> print(rate_interval(5, 100, per=100, method="ohid"))
    1.62349 to 11.6683 (95 % exact below 10, Byar from 10)
    >>> print(rate_interval(5, 0))
    unknown: exposure is zero, so there is no rate
    """
    units = side_by_side(read(count, "count", whole=True), read(exposure, "exposure", positive=True))
    return _poisson_intervals(units, level, method, per)


def proportion_limits(events: Any, totals: Any, level: float, method: str) -> tuple[Any, Any]:
    """Lower and upper limits of proportions, as arrays."""
    np, special = libraries().np, libraries().special
    tail = (1 - level) / 2
    rest = totals - events
    if method == "exact":
        low = np.where(events > 0, special.betaincinv(np.maximum(events, 1), rest + 1, tail), 0.0)
        high = np.where(rest > 0, special.betainccinv(events + 1, np.maximum(rest, 1), tail), 1.0)
        return low, high
    square = special.ndtri(tail) ** 2
    middle = 2 * events + square
    half = np.sqrt(square * (square + 4 * events * rest / totals))
    width = 2 * (totals + square)
    # At the ends the formula gives exactly 0 and 1; the floats may miss them by a digit.
    return np.where(events > 0, (middle - half) / width, 0.0), np.where(rest > 0, (middle + half) / width, 1.0)


@overload
def proportion_interval(  # type: ignore[overload-overlap]  # text is one number here, though Python iterates it
    events: Given, total: Given, *, level: float = ..., method: ProportionMethod = ...
) -> Interval | Unknown: ...
@overload
def proportion_interval(
    events: Column, total: Column | Given, *, level: float = ..., method: ProportionMethod = ...
) -> tuple[Interval | Unknown, ...]: ...


def proportion_interval(
    events: Given | Column, total: Given | Column, *, level: float = 0.95, method: ProportionMethod = "wilson"
) -> Interval | Unknown | tuple[Interval | Unknown, ...]:
    """The confidence interval of a proportion: passed of all examined, severe of all injuries.

    Args:
        events: How many have the property: whole, at most ``total``.
        total: How many there are.
        level: The confidence level.
        method: ``"wilson"`` (the score interval, without continuity correction) or ``"exact"`` (Clopper-Pearson).

    Returns:
        An `Interval` within 0 and 1, or a tuple of them; ``Unknown`` where the total is zero or something is missing.

    Raises:
        InputError: A number is negative or not whole, or the events are more than the total.

    Source: Wilson 1927, J Am Stat Assoc 22:209-212; Clopper & Pearson 1934, Biometrika 26:404-413.

    >>> print(proportion_interval(65, 100))
    0.552544 to 0.736358 (95 % Wilson score)
    """
    np = libraries().np
    units = side_by_side(read(events, "events", whole=True), read(total, "total", whole=True, positive=True))
    level = read_level(level)
    method_name = read_choice(method, "method", _PROPORTION_METHODS)
    good = units.good
    for index in good:
        if units.columns[0].at(index) > units.columns[1].at(index):
            raise InputError(
                "more events than there are in all",
                where="events" if units.single else f"events[{index}]",
                seen=f"{units.columns[0].at(index):g} of {units.columns[1].at(index):g}",
                expected="events at most as many as the total",
            )
    happened, totals = units.arrays(np, good)
    low, high = proportion_limits(happened, totals, level, method_name)
    found = {
        index: Interval(float(lower), float(upper), level, _PROPORTION_METHODS[method_name])
        for index, lower, upper in zip(good, low, high, strict=True)
    }
    answers = tuple(units.spread(found))
    return answers[0] if units.single else answers
