"""Two rates compared exactly."""

from __future__ import annotations

import math
from typing import Any, overload

import attrs

from injuryprev.measures.statistics.interval import Interval
from injuryprev.measures.statistics.method import CONDITIONAL, Method, Published
from injuryprev.measures.statistics.numeric import libraries
from injuryprev.measures.statistics.reading import (
    Column,
    Given,
    Units,
    read,
    read_factor,
    read_level,
    side_by_side,
)
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words


@attrs.frozen
class RateComparison(Published):
    """Two rates and what chance alone allows to say of their ratio.

    Args:
        rate_a: The first rate, in the base asked for.
        rate_b: The second.
        ratio: First over second; ``Unknown`` where the second has no cases.
        interval: The exact interval of the true ratio; its upper end is infinite where the second has no cases.
        p_value: Twice the smaller tail of the exact test that the ratio is ``against``, at most 1.
        against: The ratio tested, 1 unless asked otherwise.
        by: How it was worked out.
    """

    rate_a: float
    rate_b: float
    ratio: float | Unknown
    interval: Interval
    p_value: float
    against: float
    by: Method

    @property
    def beyond_chance(self) -> bool:
        """Whether the interval leaves the tested ratio out; the same as a p value below 1 - level."""
        return self.p_value < 1 - self.interval.level


def _ratio_limits(special: Any, np: Any, units: Any, level: float) -> tuple[Any, Any]:
    """Limits of the ratio of two rates: those of the first's share of all cases, as odds.

    Each share and the rest beside it are looked up on their own: a difference from 1 would lose digits near 1.
    """
    a, t_a, b, t_b = units
    tail = (1 - level) / 2
    some_a, some_b = np.maximum(a, 1), np.maximum(b, 1)
    low = special.betaincinv(some_a, b + 1, tail) / special.betainccinv(b + 1, some_a, tail)
    high = special.betainccinv(a + 1, some_b, tail) / special.betaincinv(some_b, a + 1, tail)
    return np.where(a > 0, low, 0.0) * t_b / t_a, np.where(b > 0, high, math.inf) * t_b / t_a


def _tails(special: Any, np: Any, units: Any, against: float) -> tuple[Any, Any]:
    """The chance of at most, and of at least, as many of all cases in the first when the ratio is ``against``."""
    a, t_a, b, t_b = units
    whole = against * t_a + t_b
    upper = np.where(a > 0, special.betainc(np.maximum(a, 1), b + 1, against * t_a / whole), 1.0)
    lower = np.where(b > 0, special.betainc(np.maximum(b, 1), a + 1, t_b / whole), 1.0)
    return lower, upper


def nothing_seen(what: str) -> Unknown:
    """No ratio where neither rate has a case."""
    return Unknown(
        (
            Reason(
                "division_by_zero",
                what,
                Words("the second rate has no cases, so there is no ratio", "后者没有病例，无从计算比值"),
            ),
        )
    )


@overload
def compare_rates(  # type: ignore[overload-overlap]  # text is one number here, though Python iterates it
    count_a: Given,
    exposure_a: Given,
    count_b: Given,
    exposure_b: Given,
    *,
    per: float = ...,
    level: float = ...,
    against: float = ...,
) -> RateComparison | Unknown: ...
@overload
def compare_rates(
    count_a: Column, exposure_a: Column, count_b: Column | Given, exposure_b: Column | Given,
    *, per: float = ..., level: float = ..., against: float = ...,
) -> tuple[RateComparison | Unknown, ...]: ...  # fmt: skip


def compare_rates(
    count_a: Given | Column,
    exposure_a: Given | Column,
    count_b: Given | Column,
    exposure_b: Given | Column,
    *,
    per: float = 1,
    level: float = 0.95,
    against: float = 1,
) -> RateComparison | Unknown | tuple[RateComparison | Unknown, ...]:
    """Compare two rates exactly, given the total of their cases.

    Of all cases the first rate's are binomial when the rates are in a given ratio; the interval is that of
    Clopper and Pearson turned into a ratio, and the p value is twice the smaller tail, so that the two always agree.

    Args:
        count_a: Cases of the first.
        exposure_a: Exposure of the first.
        count_b: Cases of the second.
        exposure_b: Exposure of the second, in the same unit.
        per: The base in which the two rates are given back.
        level: The confidence level.
        against: The ratio to test; 0.8 asks whether the first is 20 % below the second.

    Returns:
        A `RateComparison`, or a tuple of them; ``Unknown`` where an exposure is zero or something is missing.

    Raises:
        InputError: A number is negative, a count not whole, or the columns differ in length.

    Source: Przyborowski & Wilenski 1940, Biometrika 31:313-323; Clopper & Pearson 1934.

    >>> found = compare_rates(41, 28010, 15, 19017)
    >>> round(found.ratio, 6), round(found.interval.low, 6), round(found.interval.high, 4)
    (1.855759, 1.005684, 3.6093)
    """
    units = side_by_side(
        read(count_a, "count_a", whole=True),
        read(exposure_a, "exposure_a", positive=True),
        read(count_b, "count_b", whole=True),
        read(exposure_b, "exposure_b", positive=True),
    )
    answers = compared(units, per, level, against)
    return answers[0] if units.single else answers


def compared(units: Units, per: float, level: float, against: float = 1) -> tuple[RateComparison | Unknown, ...]:
    """The comparisons of units whose columns are count and exposure of the first, and of the second."""
    level, base, against = read_level(level), read_factor(per, "per"), read_factor(against, "against")
    return tuple(units.spread(_compared(units, level, base, against)))


def _compared(units: Units, level: float, base: float, against: float) -> dict[int, RateComparison]:
    np, special = libraries().np, libraries().special
    good = units.good
    columns = units.arrays(np, good)
    a, t_a, b, t_b = columns
    low, high = _ratio_limits(special, np, columns, level)
    lower, upper = _tails(special, np, columns, against)
    p_values = np.minimum(1.0, 2 * np.minimum(lower, upper))
    found = {}
    for place, index in enumerate(good):
        found[index] = RateComparison(
            float(a[place] / t_a[place] * base),
            float(b[place] / t_b[place] * base),
            float(a[place] / t_a[place] / (b[place] / t_b[place])) if b[place] else nothing_seen("ratio"),
            Interval(float(low[place]), float(high[place]), level, CONDITIONAL),
            float(p_values[place]),
            against,
            CONDITIONAL,
        )
    return found
