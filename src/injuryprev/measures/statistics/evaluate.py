"""Did it help: before and after, and against others."""

from __future__ import annotations

import math
from typing import Any, Final

import attrs

from injuryprev.errors import InputError
from injuryprev.measures.statistics.comparison import RateComparison, compared
from injuryprev.measures.statistics.interval import Interval
from injuryprev.measures.statistics.method import FISHER, LOG_LINEAR
from injuryprev.measures.statistics.numeric import libraries
from injuryprev.measures.statistics.reading import Given, Units, read, read_factor, read_level, side_by_side
from injuryprev.measures.statistics.said import joined, ratio_words
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

# Odds ratios are looked for up to e to this; more than any ratio of exposures and counts that can be read.
_LARGEST_LOG: Final = 200.0
_LARGEST_TABLE: Final = 10_000_000


@attrs.frozen
class TwoPeriods:
    """The figures of one group before and after.

    Args:
        cases_before: Cases before.
        exposure_before: Exposure before.
        cases_after: Cases after.
        exposure_after: Exposure after, in the same unit.
    """

    cases_before: Given
    exposure_before: Given
    cases_after: Given
    exposure_after: Given

    def read(self, group: str = "") -> Units:
        """The figures read: after first, as they are compared."""
        units = side_by_side(
            read(self.cases_after, f"{group}cases_after", whole=True),
            read(self.exposure_after, f"{group}exposure_after", positive=True),
            read(self.cases_before, f"{group}cases_before", whole=True),
            read(self.exposure_before, f"{group}exposure_before", positive=True),
        )
        if not units.single:
            raise InputError(
                "a column", where=f"{group}TwoPeriods", seen=units.size, expected="one number for each figure"
            )
        return units


@attrs.frozen
class BeforeAfter:
    """A rate after against the same group's rate before.

    Args:
        comparison: After (a) over before (b), exactly.
        fewer: How many cases fewer there were than at the earlier rate; negative where there were more.
        words: What this says and what it cannot say.
    """

    comparison: RateComparison
    fewer: float
    words: Words

    @property
    def method(self) -> str:
        """How it was worked out."""
        return self.comparison.method

    @property
    def source(self) -> str:
        """Where that is published."""
        return self.comparison.source


_BEFORE_AFTER_LIMITS: Final = Words(
    "This compares the group with itself alone: it cannot tell the prevention work from anything else that changed"
    " meanwhile (business, season, reporting), and a group chosen because its rate was high would have fallen anyway.",
    "这只是本组前后对比：不能把预防工作与同期的其他变化（生产、季节、上报）区分开；因比率高而被选中的单位，即使不采取措施也会回落。",
)


def before_and_after(figures: TwoPeriods, *, per: float = 1, level: float = 0.95) -> BeforeAfter | Unknown:
    """The rate after prevention work against the rate before, with the exact interval of their ratio.

    Args:
        figures: Cases and exposure before and after.
        per: The base of the rates.
        level: The level of the interval.

    Returns:
        A `BeforeAfter`; ``Unknown`` where an exposure is zero or a figure is missing.

    Raises:
        InputError: A number is negative or a count not whole.

    Source: Przyborowski & Wilenski 1940, Biometrika 31:313-323.

    >>> found = before_and_after(TwoPeriods(60, 4000, 40, 4000), per=1000)
    >>> found.words.en.partition(";")[0]
    'From 15 to 10 per 1000: 33.3 % lower (95 % interval: 56.5 % lower to 1.1 % higher)'
    """
    units = figures.read()
    (found,) = compared(units, per, level)
    if isinstance(found, Unknown):
        return found
    after, exposure_after, before, exposure_before = (column.at(0) for column in units.columns)
    base = read_factor(per, "per")
    said = ratio_words(found.ratio, found.interval, beyond=found.beyond_chance)
    words = joined(
        Words(
            f"From {found.rate_b:.6g} to {found.rate_a:.6g}{'' if base == 1 else f' per {base:g}'}:",
            f"{'' if base == 1 else f'每 {base:g}：'}由 {found.rate_b:.6g} 变为 {found.rate_a:.6g}，",
        ),
        Words(f"{said.en}.", f"{said.zh}。"),
        _BEFORE_AFTER_LIMITS,
    )
    return BeforeAfter(found, before * exposure_after / exposure_before - after, words)


@attrs.frozen
class DifferenceInDifferences:
    """The change of the served against the change of the others.

    Args:
        served: After over before of the served.
        others: After over before of the others.
        ratio: The first ratio over the second: what is left after the change that all had; ``Unknown`` where a
            group has no cases in a period it is divided by.
        standard_error: Of the natural logarithm of the ratio; ``Unknown`` where one of the four counts is zero.
        interval: The Wald interval of the log-linear model; ``Unknown`` as the standard error.
        exact: The exact conditional interval, which needs no large counts.
        p_value: Of the exact conditional test, twice the smaller tail.
        words: What this says and what it cannot say.
    """

    served: RateComparison
    others: RateComparison
    ratio: float | Unknown
    standard_error: float | Unknown
    interval: Interval | Unknown
    exact: Interval
    p_value: float
    words: Words

    @property
    def method(self) -> str:
        """How the exact interval and p value were worked out."""
        return self.exact.method

    @property
    def source(self) -> str:
        """Where that is published."""
        return self.exact.source

    @property
    def beyond_chance(self) -> bool:
        """Whether the exact interval leaves 1 out."""
        return self.p_value < 1 - self.exact.level


_DIFFERENCES_LIMITS: Final = Words(
    "This takes out what happened to everybody. It cannot show that the two groups would have gone the same way without"
    " the work: look at the years before. Cases that come many at a time make the true interval wider.",
    "此法剔除了两组共同的变化，但不能证明若不开展工作两组走势会相同：请查看以前各年。一次事故多人受伤时，真实区间更宽。",
)


def difference_in_differences(
    served: TwoPeriods, others: TwoPeriods, *, per: float = 1, level: float = 0.95
) -> DifferenceInDifferences | Unknown:
    """The change of served employers against the change of others over the same time.

    On the logarithmic scale of Poisson rates: the interaction of group and period. Beside the model's standard error
    (the root of the sum of the reciprocals of the four counts) stands the exact conditional interval: given each
    group's and each period's total, the served's later cases are non-central hypergeometric.

    Args:
        served: Figures of the served, before and after.
        others: Figures of those not served, over the same periods.
        per: The base of the rates.
        level: The level of the intervals.

    Returns:
        A `DifferenceInDifferences`; ``Unknown`` where an exposure is zero or a figure is missing.

    Raises:
        InputError: A number is negative or a count not whole.

    Source: Breslow & Day 1987, IARC, ch. 4 (log-linear rates); Fisher 1935 (conditional distribution).

    >>> found = difference_in_differences(TwoPeriods(60, 4000, 36, 4000), TwoPeriods(300, 30000, 270, 30000))
    >>> round(found.ratio, 4), round(found.standard_error, 4), round(found.p_value, 4)
    (0.6667, 0.2269, 0.091)
    """
    level = read_level(level)
    own, other = served.read("served."), others.read("others.")
    (ours,), (theirs,) = compared(own, per, level), compared(other, per, level)
    if isinstance(ours, Unknown) or isinstance(theirs, Unknown):
        return Unknown(tuple(reason for part in (ours, theirs) if isinstance(part, Unknown) for reason in part.reasons))
    lib = libraries()
    (own_after, own_new, own_before, own_old), (after, new, before, old) = (
        tuple(column.at(0) for column in units.columns) for units in (own, other)
    )
    cells = (int(own_before), int(own_after), int(before), int(after))
    # The exposures enter the conditional distribution as one factor of its odds ratio.
    factor = own_new / own_old / (new / old)
    tail = (1 - level) / 2
    table = _Table(lib, *cells)
    low, high = table.limits(tail)
    exact = Interval(low / factor, high / factor, level, FISHER)
    p_value = min(1.0, 2 * min(table.tails(math.log(factor))))
    ratio: float | Unknown
    error: float | Unknown
    interval: Interval | Unknown
    if all(cells):
        ratio = cells[1] / cells[0] / (cells[3] / cells[2]) / factor
        error = math.sqrt(sum(1 / cell for cell in cells))
        reach = -float(lib.special.ndtri(tail)) * error
        interval = Interval(ratio * math.exp(-reach), ratio * math.exp(reach), level, LOG_LINEAR)
    else:
        error = interval = _empty_cell()
        ratio = 0.0 if cells[0] and cells[3] and cells[2] else _empty_cell()
    found = ratio_words(ratio, exact, beyond=p_value < 1 - level)
    head = Words("Against the change of the others, the served are:", "与对照组的变化相比，服务组：")
    words = joined(head, Words(f"{found.en}.", f"{found.zh}。"), _DIFFERENCES_LIMITS)
    return DifferenceInDifferences(ours, theirs, ratio, error, interval, exact, p_value, words)


def _empty_cell() -> Unknown:
    return Unknown(
        (
            Reason(
                "division_by_zero",
                "counts",
                Words(
                    "a group without cases in a period has no logarithm; see the exact interval",
                    "某组某期没有病例，无对数可取；请看精确区间",
                ),
            ),
        )
    )


class _Table:
    """The served's later cases, given the totals of both groups and both periods."""

    def __init__(self, lib: Any, own_before: int, own_after: int, other_before: int, other_after: int) -> None:
        np, gammaln = lib.np, lib.special.gammaln
        own, other, after = own_before + own_after, other_before + other_after, own_after + other_after
        first, last = max(0, after - other), min(own, after)
        if last - first > _LARGEST_TABLE:
            raise InputError(
                "too many cases for the exact distribution",
                where="cases",
                seen=own + other,
                expected="fewer than 10 million",
            )
        self.lib = lib
        self.at = np.arange(first, last + 1)
        self.seen = own_after - first
        self.logs = -(
            gammaln(self.at + 1)
            + gammaln(own - self.at + 1)
            + gammaln(after - self.at + 1)
            + gammaln(other - after + self.at + 1)
        )

    def tails(self, log_odds: float) -> tuple[float, float]:
        """The chance of at most, and of at least, as many as seen at an odds ratio."""
        logs = self.logs + log_odds * (self.at - self.at[self.seen])
        weights = self.lib.np.exp(logs - logs.max())
        total = weights.sum()
        return float(weights[: self.seen + 1].sum() / total), float(weights[self.seen :].sum() / total)

    def limits(self, tail: float) -> tuple[float, float]:
        """The odds ratios at which the tails are ``tail``."""

        def root(falling: Any) -> float:
            return math.exp(self.lib.optimize.brentq(falling, -_LARGEST_LOG, _LARGEST_LOG, xtol=1e-13, rtol=1e-13))

        low = 0.0 if self.seen == 0 else root(lambda value: tail - self.tails(value)[1])
        high = math.inf if self.seen == len(self.at) - 1 else root(lambda value: self.tails(value)[0] - tail)
        return low, high
