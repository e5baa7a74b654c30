"""Trends and changes over years: against every possible allocation, and in how they behave."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from injuryprev.measures.statistics import (
    Change,
    RateComparison,
    Trend,
    change_from_mean,
    compare_rates,
    trend,
)
from injuryprev.unknown import Unknown

YEARS = st.lists(st.tuples(st.integers(0, 12), st.integers(1, 40)), min_size=2, max_size=6)
few = settings(max_examples=60, deadline=None)


def found(counts: object, exposures: object, times: object, **more: object) -> Trend:
    """What must be a trend."""
    answer = trend(counts, exposures, times, **more)  # type: ignore[arg-type]
    assert isinstance(answer, Trend), answer
    return answer


def enumerated(counts: list[int], exposures: list[int], times: list[int]) -> float:
    """The exact two-sided p value by going through every way in which the cases could have fallen."""
    total, seen = sum(counts), sum(count * time for count, time in zip(counts, times, strict=True))
    lower = upper = 0.0
    for way in itertools.product(range(total + 1), repeat=len(counts)):
        if sum(way) != total:
            continue
        chance = math.factorial(total)
        weight = math.prod(
            (exposure / sum(exposures)) ** count / math.factorial(count)
            for count, exposure in zip(way, exposures, strict=True)
        )
        here = sum(count * time for count, time in zip(way, times, strict=True))
        lower += chance * weight * (here <= seen)
        upper += chance * weight * (here >= seen)
    return min(1.0, 2 * min(lower, upper))


@pytest.mark.parametrize(
    ("counts", "exposures", "times"),
    [
        ([4, 2, 1, 0], [10, 10, 10, 10], [1, 2, 3, 4]),
        ([0, 1, 1, 4], [10, 5, 20, 10], [2012, 2013, 2015, 2016]),
        ([3, 0, 3], [1, 2, 3], [0, 1, 7]),
        ([1, 1], [3, 5], [2, 9]),
        ([2, 1, 0, 2], [3, 5, 1, 1], [1, 1, 2, 3]),
    ],
)
def test_the_exact_p_value_counts_every_way(counts: list[int], exposures: list[int], times: list[int]) -> None:
    """Enumeration gives the same."""
    assert found(counts, exposures, times).p_value == pytest.approx(enumerated(counts, exposures, times), rel=1e-10)


@few
@given(st.integers(0, 90), st.integers(1, 50), st.integers(0, 90), st.integers(1, 50), st.integers(1, 5))
def test_two_times_are_two_rates(a: int, t_a: int, b: int, t_b: int, gap: int) -> None:
    """With two times the exact trend is the exact comparison of the later with the earlier rate."""
    assume(a + b)
    line = found([b, a], [t_b, t_a], [2010, 2010 + gap])
    pair = compare_rates(a, t_a, b, t_b)
    assert isinstance(pair, RateComparison)
    assert line.p_value == pytest.approx(pair.p_value, rel=1e-7)
    assert line.interval.low**gap == pytest.approx(pair.interval.low, rel=1e-7)
    assert line.interval.high**gap == pytest.approx(pair.interval.high, rel=1e-7)
    if a and b:
        assert isinstance(line.ratio, float)
        assert line.ratio**gap == pytest.approx(pair.ratio, rel=1e-9)
    else:
        assert isinstance(line.ratio, Unknown)


def log_likelihood(counts: list[int], exposures: list[int], times: list[int], slope: float) -> float:
    """The Poisson log likelihood at a slope, at the best level for that slope."""
    shape = [exposure * math.exp(slope * time) for exposure, time in zip(exposures, times, strict=True)]
    level = sum(counts) / sum(shape)
    return sum(
        count * math.log(level * each) - level * each for count, each in zip(counts, shape, strict=True)
    )  # fmt: skip


def test_the_score_statistic_is_that_of_poisson_regression() -> None:
    """Slope and curvature of the profile log likelihood at no trend, by differences."""
    counts, exposures, times = [130, 118, 121, 99, 90], [1000, 1100, 1050, 990, 1010], [0, 1, 2, 3, 4]
    step = 1e-3
    low, middle, high = (log_likelihood(counts, exposures, times, slope) for slope in (-step, 0, step))
    score, information = (high - low) / (2 * step), (2 * middle - low - high) / step**2
    line = found(counts, exposures, times)
    assert line.method.startswith("score")
    assert line.statistic == pytest.approx(score / math.sqrt(information), rel=1e-5)
    assert line.p_value == pytest.approx(math.erfc(abs(line.statistic) / math.sqrt(2)), rel=1e-9)
    assert isinstance(line.ratio, float)
    best = math.log(line.ratio)
    for slope in (best - step, best + step):
        assert log_likelihood(counts, exposures, times, slope) < log_likelihood(counts, exposures, times, best)


@few
@given(YEARS, st.sampled_from(["exact", "score"]), st.sampled_from([0.8, 0.95]))
def test_interval_and_test_agree(years: list[tuple[int, int]], method: str, level: float) -> None:
    """No trend is rejected exactly when the interval leaves 1 out; the ratio lies inside."""
    counts, exposures = [row[0] for row in years], [row[1] for row in years]
    assume(sum(counts))
    line = found(counts, exposures, range(len(years)), method=method, level=level)
    assert line.beyond_chance is not (line.interval.low <= 1 <= line.interval.high)
    assert line.interval.low < line.interval.high
    if isinstance(line.ratio, float):
        assert line.interval.low <= line.ratio <= line.interval.high


@few
@given(YEARS, st.integers(-3000, 3000), st.sampled_from(["exact", "score"]))
def test_shifted_and_reversed_years(years: list[tuple[int, int]], shift: int, method: str) -> None:
    """The calendar's zero does not matter; time backwards gives the reciprocal."""
    counts, exposures = [row[0] for row in years], [row[1] for row in years]
    assume(sum(counts))
    times = list(range(len(years)))
    line = found(counts, exposures, times, method=method)
    moved = found(counts, exposures, [time + shift for time in times], method=method)
    back = found(counts, [each * 7 for each in exposures], [-time for time in times], method=method)
    assert moved.p_value == pytest.approx(line.p_value, rel=1e-7)
    assert back.p_value == pytest.approx(line.p_value, rel=1e-7)
    assert back.statistic == pytest.approx(-line.statistic, abs=1e-9)
    if math.isfinite(line.interval.high):
        assert back.interval.low == pytest.approx(1 / line.interval.high, rel=1e-6)
    if isinstance(line.ratio, float):
        assert moved.ratio == pytest.approx(line.ratio, rel=1e-8)
        assert back.ratio == pytest.approx(1 / line.ratio, rel=1e-8)


def test_times_far_from_zero_cost_no_digits() -> None:
    """Seconds of our century tell the same as years from 1."""
    near = found([130, 118, 121, 99, 90], [1000] * 5, [1, 2, 3, 4, 5])
    far = found([130, 118, 121, 99, 90], [1000] * 5, [1e15 + time for time in (1, 2, 3, 4, 5)])
    assert far.statistic == pytest.approx(near.statistic, rel=1e-12)
    assert far.ratio == pytest.approx(near.ratio, rel=1e-12)


def test_the_two_methods_come_together() -> None:
    """At 200 cases, where the exact one ends, their p values agree to two digits."""
    counts, exposures, times = [60, 55, 45, 40], [10, 10, 10, 10], [1, 2, 3, 4]
    exact, score = (found(counts, exposures, times, method=method) for method in ("exact", "score"))
    assert found(counts, exposures, times).method == exact.method
    assert exact.p_value == pytest.approx(score.p_value, rel=0.1)
    assert exact.interval.low == pytest.approx(score.interval.low, rel=0.01)
    more = found([61, 55, 45, 40], exposures, times)
    assert more.method == score.method


def test_a_bend_is_seen() -> None:
    """Up and down again is no trend, and the departure says that it is no line either."""
    line = found([20, 60, 60, 20], [100] * 4, [1, 2, 3, 4])
    assert line.p_value > 0.9
    assert isinstance(line.departure, float)
    assert line.departure < 1e-6
    straight = found([80, 40, 20, 10], [100] * 4, [1, 2, 3, 4])
    assert straight.ratio == pytest.approx(0.5)
    assert straight.departure == pytest.approx(1)
    assert isinstance(found([3, 4], [10, 10], [1, 2]).departure, Unknown)


def test_times_that_lie_on_no_grid() -> None:
    """Quarters are steps; times of many digits are left to the score test."""
    quarters = found([4, 3, 1], [10, 10, 10], [2015.25, 2015.5, 2016.0])
    assert quarters.method.startswith("exact")
    odd = found([4, 3, 1], [10, 10, 10], [0.123456789, 0.5, 0.98765432])
    assert odd.method.startswith("score")


def test_years_that_cannot_be_used_are_left_out_and_listed() -> None:
    """The others come out as if they were alone."""
    line = found([9, None, 6, 4, 3], [10, 10, 0, 10, 10], [1, 2, 3, 4, 5])
    alone = found([9, 4, 3], [10, 10, 10], [1, 4, 5])
    assert (line.ratio, line.p_value, line.interval) == (alone.ratio, alone.p_value, alone.interval)
    assert [index for index, _ in line.left_out] == [1, 2]
    assert line.left_out[1][1].codes == ("division_by_zero:exposures[2]",)


@pytest.mark.parametrize(
    ("counts", "exposures", "times"),
    [([0, 0], [1, 1], [1, 2]), ([3, 4], [1, 1], [2, 2]), ([3], [1], [1]), ([3, 4], [1, 0], [1, 2]), ([], [], [])],
)
def test_no_trend_without_cases_and_two_times(counts: list[int], exposures: list[int], times: list[int]) -> None:
    """Unknown, with the reasons of the years that fell out."""
    answer = trend(counts, exposures, times)
    assert isinstance(answer, Unknown)
    assert answer.codes[0] == "too_few:trend"


def test_change_from_the_mean_of_the_years_before() -> None:
    """The last year against the pooled three before it, in whatever order they are given."""
    change = change_from_mean([35, 51, 99, 47, 52], [100, 101, 1, 99, 98], [2015, 2014, 2011, 2013, 2012], per=1000)
    pair = compare_rates(35, 100, 150, 298, per=1000)
    assert isinstance(change, Change)
    assert isinstance(pair, RateComparison)
    assert change.comparison == pair
    assert (change.year, change.before, change.cases, change.cases_before) == (2015, (2012, 2013, 2014), 35, 150)
    assert isinstance(pair.ratio, float)
    assert change.change == pair.ratio - 1
    assert change.interval.low == pair.interval.low - 1
    nothing_before = change_from_mean([3, 0], [10, 10], [2, 1], before=1)
    assert isinstance(nothing_before, Change)
    assert isinstance(nothing_before.change, Unknown)


def test_a_year_that_is_missing_leaves_the_change_unknown() -> None:
    """Missing years and years without exposure are named; those further back do not matter."""
    answer = change_from_mean([1, 2, 3, 4], [10, 0, 10, 0], [2016, 2015, 2013, 2009])
    assert isinstance(answer, Unknown)
    assert answer.codes == ("missing:years 2014", "division_by_zero:exposures[1]")
    assert "2014" in answer.text("zh")
