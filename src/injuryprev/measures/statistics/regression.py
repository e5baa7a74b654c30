"""Units chosen for their high rate: what they would have come to anyway."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, Literal

import attrs

from injuryprev.errors import InputError
from injuryprev.measures.statistics.comparison import RateComparison, compare_rates
from injuryprev.measures.statistics.interval import Interval
from injuryprev.measures.statistics.method import PREDICTED
from injuryprev.measures.statistics.numeric import libraries
from injuryprev.measures.statistics.reading import Column, read, read_level, read_whole, side_by_side
from injuryprev.measures.statistics.said import joined, percent, ratio_words
from injuryprev.measures.statistics.shrinkage import Shrinkage, shrink
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words


@attrs.frozen
class Regression:
    """What a group chosen for its high rate would have come to without any work, and what it came to.

    Args:
        naive: After over before of the chosen, as it looks.
        expected_after: The cases the chosen were to be expected to have afterwards if nothing had been done.
        expected_change: The change that the choice alone makes: -0.2 is 20 % down without any work;
            ``Unknown`` where the chosen had no case before.
        ratio: Observed over expected afterwards.
        interval: Its exact interval, with the uncertainty of what was to be expected.
        p_value: That this much less or more comes of chance, twice the smaller tail.
        shrinkage: The shrinkage of all units before.
        words: What this says and what it cannot say.
    """

    naive: RateComparison
    expected_after: float
    expected_change: float | Unknown
    ratio: float
    interval: Interval
    p_value: float
    shrinkage: Shrinkage
    words: Words

    @property
    def method(self) -> str:
        """How it was worked out."""
        return self.interval.method

    @property
    def source(self) -> str:
        """Where that is published."""
        return self.interval.source

    @property
    def beyond_chance(self) -> bool:
        """Whether the interval leaves 1 out."""
        return self.p_value < 1 - self.interval.level


_REGRESSION_LIMITS: Final = Words(
    "The expectation comes from all units before the work, as if nothing else changed for them all: a general fall must"
    " be taken out by a comparison with others. It knows nothing of a unit but its figures.",
    "该期望值由工作开展前全部单位推得，并假定没有其他普遍变化；普遍下降须与对照组比较才能剔除。除这些数字外，此法对各单位一无所知。",
)


def regression_to_the_mean(
    cases_before: Column,
    exposure_before: Column,
    chosen: Iterable[int],
    cases_after: Column,
    exposure_after: Column,
    *,
    method: Literal["moments", "likelihood"] = "likelihood",
    level: float = 0.95,
) -> Regression | Unknown:
    """What came of units chosen for their high rate, against what was to be expected of them anyway.

    Who is chosen because of many cases was in part unlucky, and has fewer the next time without any work. Shrinkage
    of all units before says how many; the observed number is set against that.

    Args:
        cases_before: Cases of every unit before, chosen or not: the whole group from which the choice was made.
        exposure_before: Exposure of every unit before.
        chosen: The indices of the units chosen.
        cases_after: Cases afterwards of each unit; those not chosen may be ``None``.
        exposure_after: Exposure afterwards of each unit; those not chosen may be ``None``.
        method: As in `shrink`.
        level: The level of the interval.

    Returns:
        A `Regression`; ``Unknown`` where a chosen unit has no exposure or a missing figure, or nothing was to be
        expected.

    Raises:
        InputError: A number is negative, a count not whole, the columns differ in length, or the choice is empty, is
            given twice or names no unit.

    Source: Robbins 1956; Hauer 1997, Observational Before-After Studies in Road Safety (empirical-Bayes method). For
    several units the sum of their gamma distributions is taken as the gamma of the same mean and variance.

    >>> found = regression_to_the_mean([9, 1, 3, 2, 0, 5, 1, 8], [100] * 8, [0, 7], [5, *[None] * 6, 6], [100] * 8)
    >>> round(found.naive.ratio, 3), round(found.expected_change, 3), round(found.ratio, 3)
    (0.647, -0.179, 0.789)
    """
    lib = libraries()
    level = read_level(level)
    shrunk = shrink(cases_before, exposure_before, method=method, level=level)
    units = side_by_side(
        read(cases_before, "cases_before", whole=True),
        read(exposure_before, "exposure_before", positive=True),
        read(cases_after, "cases_after", whole=True),
        read(exposure_after, "exposure_after", positive=True),
    )
    picked = _picked(chosen, units.size)
    reasons = tuple(reason for index in picked for reason in units.reasons(index))
    if reasons:
        return Unknown(reasons)
    before, base, after, later = (lib.np.array(column) for column in units.arrays(lib.np, picked))
    naive = compare_rates(int(after.sum()), float(later.sum()), int(before.sum()), float(base.sum()), level=level)
    if isinstance(naive, Unknown):  # pragma: no cover - its parts were looked at above
        return naive
    prior = shrunk.prior
    if prior is None or isinstance(shrunk.mean, Unknown):
        means, variances = lib.np.full(len(picked), shrunk.mean), lib.np.zeros(len(picked))
    else:
        means = (before + prior.shape) / (base + prior.rate)
        variances = means / (base + prior.rate)
    expected = float((later * means).sum())
    variance = float((later**2 * variances).sum())
    if not expected:
        return Unknown((_nothing_expected(),))
    seen = int(after.sum())
    interval, p_value = _predicted(lib, seen, expected, variance, level)
    flat = float((before / base * later).sum())
    change = expected / flat - 1 if flat else Unknown((_no_case_before(),))
    ratio = seen / expected
    return Regression(
        naive, expected, change, ratio, interval, p_value, shrunk, _regression_words(change, ratio, interval, p_value)
    )


def _picked(chosen: Iterable[int], size: int) -> list[int]:
    picked: list[int] = []
    for place, index in enumerate(chosen):
        where = f"chosen[{place}]"
        if read_whole(index, where) >= size:
            raise InputError("names no unit", where=where, seen=index, expected=f"an index from 0 to {size - 1}")
        if index in picked:
            raise InputError("a unit is chosen twice", where=where, seen=index, expected="each unit once")
        picked.append(index)
    if not picked:
        raise InputError("no unit is chosen", where="chosen", seen=[], expected="the indices of the chosen units")
    return sorted(picked)


def _nothing_expected() -> Reason:
    return Reason(
        "division_by_zero",
        "expected_after",
        Words("no unit had a case before, so none was to be expected", "此前没有任何病例，期望数为零"),
    )


def _no_case_before() -> Reason:
    return Reason("division_by_zero", "cases_before", Words("the chosen had no case before", "被选单位此前没有病例"))


def _predicted(lib: Any, seen: int, expected: float, variance: float, level: float) -> tuple[Interval, float]:
    """The interval of observed ÷ expected where the expectation is itself a gamma: negative-binomial tails inverted."""
    special = lib.special
    tail = (1 - level) / 2
    if variance <= 0:
        low = special.gammaincinv(seen, tail) / expected if seen else 0.0
        high = special.gammainccinv(seen + 1, tail) / expected
        tails = (special.gammaincc(seen + 1, expected), special.gammainc(seen, expected) if seen else 1.0)
    else:
        shape, rate = expected**2 / variance, expected / variance
        share = 1 / (1 + rate)
        at_low = special.betaincinv(seen, shape, tail) if seen else 0.0
        at_high = special.betaincinv(shape, seen + 1, tail)  # the rest of the share, so that no digits are lost
        low, high = rate * at_low / (1 - at_low), rate * (1 - at_high) / at_high
        tails = (special.betainc(shape, seen + 1, 1 - share), special.betainc(seen, shape, share) if seen else 1.0)
    return Interval(float(low), float(high), level, PREDICTED), min(1.0, 2 * float(min(tails)))


def _regression_words(change: float | Unknown, ratio: float, interval: Interval, p_value: float) -> Words:
    found = ratio_words(ratio, interval, beyond=p_value < 1 - interval.level)
    anyway = (
        Words("at a rate not known", "变化未知")
        if isinstance(change, Unknown)
        else Words(percent(change + 1, "en"), percent(change + 1, "zh"))
    )
    return joined(
        Words(f"By what all units came to before, these were to be expected {anyway.en} without any work: whoever stood"
              " high falls back, and whoever stood low rises.",
              f"按全部单位前期数据推算，即使不开展工作，这些单位预期也会{anyway.zh}：前期偏高者自然回落，偏低者自然回升。"),
        Words(f"Against that, what was seen is {found.en}.", f"与之相比，实际{found.zh}。"),
        _REGRESSION_LIMITS,
    )  # fmt: skip
