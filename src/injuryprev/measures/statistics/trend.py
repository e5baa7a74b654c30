"""A steady rise or fall of a rate over years."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final, Literal

import attrs

from injuryprev.errors import InputError
from injuryprev.measures.statistics.interval import Interval
from injuryprev.measures.statistics.method import TREND_EXACT, TREND_SCORE, Method, Published
from injuryprev.measures.statistics.numeric import libraries
from injuryprev.measures.statistics.reading import (
    Column,
    read,
    read_choice,
    read_level,
    side_by_side,
)
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

# The exact distribution is worked out up to these sizes; beyond, the score test says the same to three digits.
_EXACT_CASES: Final = 200
_EXACT_STEPS: Final = 20_000
# A change by more than this factor per unit of time is as good as infinite.
_LARGEST_SLOPE: Final = 50.0


@attrs.frozen
class Trend(Published):
    """A log-linear trend in rates.

    Args:
        ratio: By what the rate is multiplied from one unit of time to the next (0.93 is 7 % down a year); ``Unknown``
            where all cases lie at one end.
        interval: Its interval, which leaves 1 out exactly where the p value is below 1 - level.
        p_value: Two-sided: that chance alone does this to a steady rate.
        statistic: The score statistic, a standard normal under a steady rate; negative where the rate falls.
        departure: The p value of Pearson's chi-squared around the line: small where the rates follow no line.
            An approximation that wants five cases a year or more.
        left_out: The points that could not be used, by index.
        by: The test and interval.
    """

    ratio: float | Unknown
    interval: Interval
    p_value: float
    statistic: float
    departure: float | Unknown
    left_out: tuple[tuple[int, Unknown], ...]
    by: Method

    @property
    def beyond_chance(self) -> bool:
        """Whether the interval leaves 1 out."""
        return self.p_value < 1 - self.interval.level


def trend(
    counts: Column,
    exposures: Column,
    times: Column,
    *,
    level: float = 0.95,
    method: Literal["auto", "score", "exact"] = "auto",
) -> Trend | Unknown:
    """Test for a steady rise or fall of a rate over years.

    Given the total, the cases of a steady rate fall on the years in proportion to their exposure. The statistic is
    the sum of the cases' times. Its exact distribution is used up to 200 cases, its normal approximation (the score
    test of log-linear Poisson regression) beyond. A rate that rises and then falls has no trend in this sense:
    look at ``departure`` too.

    Args:
        counts: Cases of each year.
        exposures: Exposure of each year.
        times: The years, or other times in one unit.
        level: The level of the interval.
        method: ``"score"``, ``"exact"``, or ``"auto"`` to let the size decide.

    Returns:
        A `Trend`; ``Unknown`` where fewer than two times can be used or there are no cases. A year without exposure
        or with a missing figure is left out, and listed.

    Raises:
        InputError: A number is negative, a count not whole, the columns differ in length, or the exact distribution
            was asked for and is too large.

    Source: Breslow & Day 1987, IARC, ch. 3 (score test); Cox & Lewis 1966 (conditional test).

    >>> falling = trend([30, 24, 21, 15], [1000, 1000, 1000, 1000], [2013, 2014, 2015, 2016])
    >>> round(falling.ratio, 4), round(falling.p_value, 4), str(falling.method)[:5]
    (0.8056, 0.0265, 'exact')
    """
    lib = libraries()
    np = lib.np
    level = read_level(level)
    read_choice(method, "method", ("auto", "score", "exact"))
    units = side_by_side(
        read(counts, "counts", whole=True),
        read(exposures, "exposures", positive=True),
        read(times, "times", signed=True),
    )
    good = units.good
    left_out = tuple((index, unknown) for index in range(units.size) if (unknown := units.unknown(index)) is not None)
    cases, exposure, time = units.arrays(np, good)
    if len(set(time.tolist())) < 2 or not cases.sum():
        return Unknown((_no_trend(), *(reason for _, unknown in left_out for reason in unknown.reasons)))
    total = float(cases.sum())
    shares = exposure / exposure.sum()
    # Times are counted from their middle, so that years of four digits cost no digits of the result.
    middle = float((shares * time).sum())
    line = _Line(np, shares, time - middle, total)
    seen = float((cases * (time - middle)).sum())
    statistic = line.score(0.0, seen)
    steps = _steps(time) if method != "score" else None
    small = steps is not None and total <= _EXACT_CASES and total * max(steps) <= _EXACT_STEPS
    if method == "exact" and (steps is None or total * max(steps) > _EXACT_STEPS * 10):
        raise InputError(
            "the exact distribution is too large to work out",
            where="method",
            seen=f"{total:g} cases over {len(good)} times",
            expected="fewer cases, evenly spaced times, or method='score'",
        )
    tail = (1 - level) / 2
    if steps is not None and (small or method == "exact"):
        exact = _Exact(np, shares, steps, cases, total)
        interval = Interval(*_by_step(exact.limits(lib, tail), exact.unit(time)), level, TREND_EXACT)
        p_value = min(1.0, 2 * min(exact.tails(0.0)))
    else:
        p_value = float(2 * lib.special.ndtr(-abs(statistic)))
        low, high = line.limits(lib, seen, -float(lib.special.ndtri(tail)))
        interval = Interval(math.exp(low), math.exp(high) if high < math.inf else math.inf, level, TREND_SCORE)
    slope = line.slope(lib, seen, float(time.min() - middle), float(time.max() - middle))
    return Trend(
        _one_end() if slope is None else math.exp(slope),
        interval,
        p_value,
        statistic,
        _departure(lib, cases, shares, total, line, slope),
        left_out,
        interval.by,
    )


def _by_step(limits: tuple[float, float], unit: float) -> tuple[float, float]:
    """Limits of the log ratio by the grid's step as limits of the ratio by the unit of time."""
    low, high = limits
    return (math.exp(low / unit) if low > -math.inf else 0.0), (math.exp(high / unit) if high < math.inf else math.inf)


def _no_trend() -> Reason:
    return Reason(
        "too_few",
        "trend",
        Words(
            "a trend needs cases, and exposure at two different times at least",
            "趋势至少需要两个不同时间的暴露量，且须有病例",
        ),
    )


def _one_end() -> Unknown:
    return Unknown(
        (
            Reason(
                "too_few",
                "trend",
                Words(
                    "all cases lie at one end of the years, so no ratio can be given",
                    "全部病例集中在一端的年份，无从给出比值",
                ),
            ),
        )
    )


@attrs.frozen(eq=False)
class _Line:
    """The log-linear model of the cases' times, given their total."""

    np: Any
    shares: Any
    time: Any
    total: float

    def tilted(self, slope: float) -> Any:
        """The shares of the cases when the log rate rises by ``slope`` per unit of time."""
        logs = self.np.log(self.shares) + slope * self.time
        weights = self.np.exp(logs - logs.max())
        return weights / weights.sum()

    def moments(self, slope: float) -> tuple[float, float]:
        """Mean and variance of one case's time."""
        shares = self.tilted(slope)
        mean = float((shares * self.time).sum())
        return mean, float((shares * (self.time - mean) ** 2).sum())

    def score(self, slope: float, seen: float) -> float:
        """The score statistic against a slope."""
        mean, variance = self.moments(slope)
        return (seen - self.total * mean) / math.sqrt(self.total * variance)

    def slope(self, lib: Any, seen: float, first: float, last: float) -> float | None:
        """The slope of greatest likelihood, or ``None`` where there is none."""
        if not first < seen / self.total < last or min(seen / self.total - first, last - seen / self.total) < 1e-12:
            return None
        return _root(lib, lambda slope: seen - self.total * self.moments(slope)[0], last - first)

    def limits(self, lib: Any, seen: float, z: float) -> tuple[float, float]:
        """The slopes whose score statistic is ``z`` and ``-z``."""
        reach = float(self.time.max() - self.time.min())
        low = _root(lib, lambda slope: self.score(slope, seen) - z, reach)
        high = _root(lib, lambda slope: self.score(slope, seen) + z, reach)
        return (-math.inf if low is None else low), (math.inf if high is None else high)


def _root(lib: Any, falling: Callable[[float], float], reach: float) -> float | None:
    """The root of a falling function of the slope, or ``None`` where it does not cross zero."""
    edge = _LARGEST_SLOPE / reach
    if not falling(-edge) > 0 > falling(edge):
        return None
    return float(lib.optimize.brentq(falling, -edge, edge, xtol=1e-14, rtol=1e-14))


def _steps(time: Any) -> list[int] | None:
    """The times as whole steps from the first, where they lie on a grid; ``None`` where they do not."""
    exact = [Fraction(repr(value)) for value in time.tolist()]
    first = min(exact)
    gaps = [value - first for value in exact]
    size = math.lcm(*(gap.denominator for gap in gaps))
    whole = [int(gap * size) for gap in gaps]
    step = math.gcd(*whole)
    return [value // step for value in whole] if step and max(whole) // step <= _EXACT_STEPS else None


class _Exact:
    """The exact distribution of the sum of the cases' steps, given their total."""

    def __init__(self, np: Any, shares: Any, steps: list[int], cases: Any, total: float) -> None:
        one = np.zeros(max(steps) + 1)
        np.add.at(one, steps, shares)
        self.np = np
        self.steps = steps
        self.probabilities = _power(np, one, int(total))
        self.sums = np.arange(len(self.probabilities))
        self.seen = int(sum(int(count) * step for count, step in zip(cases, steps, strict=True)))
        self.logs = np.log(np.maximum(self.probabilities, 1e-320))
        self.logs[self.probabilities <= 0] = -math.inf

    def unit(self, time: Any) -> float:
        """How much time one step is."""
        return float(time.max() - time.min()) / max(self.steps)

    def tails(self, slope: float) -> tuple[float, float]:
        """The chance of a sum at most, and at least, as large as seen, at a slope per step."""
        logs = self.logs + slope * self.sums
        weights = self.np.exp(logs - logs.max())
        total = weights.sum()
        return float(weights[: self.seen + 1].sum() / total), float(weights[self.seen :].sum() / total)

    def limits(self, lib: Any, tail: float) -> tuple[float, float]:
        """The slopes per step at which the tails are ``tail``."""
        reach = float(max(self.steps))
        # Small slopes make large sums rare: the upper tail grows with the slope, the lower falls.
        low = _root(lib, lambda slope: tail - self.tails(slope)[1], reach)
        high = _root(lib, lambda slope: self.tails(slope)[0] - tail, reach)
        return (-math.inf if low is None else low), (math.inf if high is None else high)


def _power(np: Any, one: Any, times: int) -> Any:
    """The distribution of a sum of `times` draws, by repeated squaring: nothing is subtracted, no digits cancel."""
    result, square = np.ones(1), one
    while times:
        if times & 1:
            result = np.convolve(result, square)
        times >>= 1
        if times:
            square = np.convolve(square, square)
    return result


def _departure(lib: Any, cases: Any, shares: Any, total: float, line: _Line, slope: float | None) -> float | Unknown:
    """Pearson's chi-squared of the cases around the fitted line, as a p value."""
    freedom = len(shares) - 2
    if slope is None or freedom < 1:
        return Unknown(
            (
                Reason(
                    "too_few",
                    "departure",
                    Words("too few times to see a bend", "时间点太少，看不出偏离直线"),
                ),
            )
        )
    fitted = line.tilted(slope) * total
    return float(lib.special.chdtrc(freedom, float(((cases - fitted) ** 2 / fitted).sum())))
