"""What is left when the change of everybody and the luck of the draw are both taken out."""

from __future__ import annotations

import math
from typing import Final

import attrs

from injuryprev.measures.statistics.interval import Interval
from injuryprev.measures.statistics.method import Method, Published
from injuryprev.measures.statistics.regression import Regression, regression_to_the_mean
from injuryprev.measures.statistics.said import joined, ratio_words
from injuryprev.prevention.evaluation.cohort import Cohort
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

MOVER: Final = Method(
    "limits of a ratio from the limits of its parts (MOVER)", "Zou & Donner 2008, Stat Med 27:1693-1702"
)


@attrs.frozen
class NetEffect(Published):
    """Seen against expected of the served, over seen against expected of the others.

    Expected is what shrinkage of everybody's figures before says, so that whoever was chosen for a bad year is held
    against a better one; dividing by the others takes out what happened to all.

    Args:
        ratio: 0.8 is 20 % fewer cases than without the work, as far as the comparison holds.
        interval: Its limits, by the method of variance estimates recovery on the logarithms.
        expected: Cases to be expected of the served after, had they gone the way of the others.
        words: The ratio in words.
        by: The method of the limits.
    """

    ratio: float
    interval: Interval
    expected: float
    words: Words
    by: Method = MOVER


def regressions(served: Cohort, others: Cohort, level: float) -> tuple[Regression | Unknown, Regression | Unknown]:
    """Each group against what shrinkage of all employers before leads to expect of it."""
    before, after = (*served.before, *others.before), (*served.after, *others.after)
    cut = len(served.ids)

    def of(chosen: range) -> Regression | Unknown:
        return regression_to_the_mean(
            [cases for cases, _ in before],
            [years for _, years in before],
            chosen,
            [cases for cases, _ in after],
            [years for _, years in after],
            level=level,
        )

    return of(range(cut)), of(range(cut, len(before)))


def net_effect(served: Regression | Unknown, others: Regression | Unknown) -> NetEffect | Unknown:
    """The ratio of the two, with its limits.

    Returns:
        ``Unknown`` where the others had no case after, so that nothing can be divided by them.
    """
    if isinstance(served, Unknown) or isinstance(others, Unknown):
        return Unknown(tuple(r for part in (served, others) if isinstance(part, Unknown) for r in part.reasons))
    if not others.ratio:
        words = Words(
            "the others had no case after, so nothing can be held against them", "对照组后期没有病例，无法比较"
        )
        return Unknown((Reason("division_by_zero", "others", words),))
    ratio = served.ratio / others.ratio
    # The limits of each are as far from its ratio as its own chance puts them; on logarithms distances add as roots.
    down = _away(others.ratio, others.interval.high)
    up = _away(others.interval.low, others.ratio)
    if ratio:
        low = ratio * math.exp(-math.hypot(_away(served.interval.low, served.ratio), down))
        high = ratio * math.exp(math.hypot(_away(served.ratio, served.interval.high), up))
    else:
        low, high = 0.0, served.interval.high / others.interval.low if others.interval.low else math.inf
    interval = Interval(low, high, served.interval.level, MOVER)
    found = ratio_words(ratio, interval, beyond=not low <= 1 <= high)
    words = joined(
        Words(
            "Against what was to be expected of them anyway, and against how the others came off, the served are:",
            "与其本来的预期相比，并剔除对照组的同期变化，服务组：",
        ),
        Words(f"{found.en}.", f"{found.zh}。"),
    )
    return NetEffect(ratio, interval, (served.expected_after) * others.ratio, words)


def _away(low: float, high: float) -> float:
    """How far two ratios are apart on the logarithmic scale."""
    if not low or high == math.inf:
        return math.inf
    return math.log(high / low)
