"""Exact means exact: over every possible outcome the truth is left out no more often than the level allows."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from injuryprev.measures.statistics import Interval, RateComparison, compare_rates, count_interval, proportion_interval


@pytest.mark.parametrize("mean", [0.05, 0.5, 1.0, 2.3, 5.0, 9.9, 24.0])
@pytest.mark.parametrize("level", [0.8, 0.95])
def test_exact_count_intervals_cover(mean: float, level: float) -> None:
    """Summed over all counts with their Poisson chances, on either side as well as on both."""
    counts = list(range(150))
    found = count_interval(counts, level=level)
    chances = stats.poisson.pmf(counts, mean)
    too_high = sum(chance for each, chance in zip(found, chances, strict=True) if low(each) > mean)
    too_low = sum(chance for each, chance in zip(found, chances, strict=True) if high(each) < mean)
    assert too_high <= (1 - level) / 2
    assert too_low <= (1 - level) / 2


def low(interval: object) -> float:
    """The lower limit of what must be an interval."""
    assert isinstance(interval, Interval)
    return interval.low


def high(interval: object) -> float:
    """The upper limit of what must be an interval."""
    assert isinstance(interval, Interval)
    return interval.high


@pytest.mark.parametrize("share", [0.01, 0.1, 0.37, 0.5, 0.93])
def test_exact_proportions_cover_and_wilsons_nearly_do(share: float) -> None:
    """Of 40: the exact interval never below its level; Wilson's, which aims at the mean, not below 90 % here."""
    events = list(range(41))
    chances = stats.binom.pmf(events, 40, share)
    covered = {
        method: sum(
            chance
            for each, chance in zip(proportion_interval(events, 40, method=method), chances, strict=True)
            if low(each) <= share <= high(each)
        )
        for method in ("exact", "wilson")
    }
    assert covered["exact"] >= 0.95
    assert 0.9 <= covered["wilson"] < covered["exact"] + 1e-12


@pytest.mark.parametrize(("mean", "ratio"), [(0.5, 1.0), (2.0, 1.0), (6.0, 0.5), (3.0, 4.0)])
def test_two_equal_rates_are_seldom_called_different(mean: float, ratio: float) -> None:
    """Over all pairs of counts a true ratio is rejected in no more than 5 %, and is left out as seldom."""
    size = 45
    first, second = np.meshgrid(np.arange(size), np.arange(size))
    chances = stats.poisson.pmf(first, mean * ratio) * stats.poisson.pmf(second, mean)
    found = compare_rates(first.ravel(), [10] * size**2, second.ravel(), 10, against=ratio)
    rejected = left_out = 0.0
    for each, chance in zip(found, chances.ravel(), strict=True):
        assert isinstance(each, RateComparison)
        rejected += chance * each.beyond_chance
        left_out += chance * (ratio not in each.interval)
    assert rejected == pytest.approx(left_out, abs=1e-12)
    assert rejected <= 0.05
