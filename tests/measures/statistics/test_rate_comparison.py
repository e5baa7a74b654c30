"""Two rates, exactly: against SciPy's binomial test, and in how the comparison behaves."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import stats

from injuryprev.measures.statistics import RateComparison, compare_rates
from injuryprev.unknown import Unknown

COUNTS = st.integers(0, 300)
EXPOSURES = st.floats(0.5, 1e5)
few = settings(max_examples=80, deadline=None)


def compared(*figures: float, level: float = 0.95, against: float = 1) -> RateComparison:
    """What must be a comparison."""
    found = compare_rates(*figures, level=level, against=against)
    assert isinstance(found, RateComparison), found
    return found


@few
@given(COUNTS, EXPOSURES, COUNTS, EXPOSURES, st.sampled_from([0.8, 0.95, 0.99]))
def test_it_is_the_binomial_test(a: int, t_a: float, b: int, t_b: float, level: float) -> None:
    """Tails and interval are those of the first's share of all cases."""
    if a + b == 0:
        return
    found = compared(a, t_a, b, t_b, level=level)
    share = t_a / (t_a + t_b)
    sides = [stats.binomtest(a, a + b, share, alternative=side).pvalue for side in ("less", "greater")]
    assert found.p_value == pytest.approx(min(1.0, 2 * min(sides)), rel=1e-7, abs=1e-300)
    theirs = stats.binomtest(a, a + b).proportion_ci(level, "exact")
    assert found.interval.low == pytest.approx(theirs.low / (1 - theirs.low) * t_b / t_a, rel=1e-6)
    if b:
        assert found.interval.high == pytest.approx(theirs.high / (1 - theirs.high) * t_b / t_a, rel=1e-6)
    else:
        assert found.interval.high == math.inf


@few
@given(COUNTS, EXPOSURES, COUNTS, EXPOSURES, st.floats(0.1, 10))
@example(41, 28010.0, 15, 19017.0, 1.0)
def test_interval_and_test_agree(a: int, t_a: float, b: int, t_b: float, against: float) -> None:
    """A ratio is rejected exactly when the interval leaves it out."""
    found = compared(a, t_a, b, t_b, against=against)
    outside = not found.interval.low <= against <= found.interval.high
    assert found.beyond_chance is outside
    assert (found.p_value < 0.05) is outside


@few
@given(COUNTS, EXPOSURES, COUNTS, EXPOSURES)
def test_the_other_way_round(a: int, t_a: float, b: int, t_b: float) -> None:
    """The second against the first has the reciprocal interval and the same p value."""
    there, back = compared(a, t_a, b, t_b), compared(b, t_b, a, t_a)
    assert back.p_value == pytest.approx(there.p_value, rel=1e-9)
    if a:
        assert back.interval.high == pytest.approx(1 / there.interval.low, rel=1e-9)
    else:
        assert back.interval.high == math.inf
        assert there.interval.low == 0
    if a and b:
        assert isinstance(there.ratio, float)
        assert isinstance(back.ratio, float)
        assert back.ratio == pytest.approx(1 / there.ratio)
        assert there.interval.low <= there.ratio <= there.interval.high


@few
@given(COUNTS, EXPOSURES, COUNTS, EXPOSURES, st.floats(0.01, 100))
def test_another_unit_of_exposure_changes_nothing(a: int, t_a: float, b: int, t_b: float, factor: float) -> None:
    """Only the ratio of the exposures matters; a longer first exposure divides the ratio's limits."""
    plain, scaled = compared(a, t_a, b, t_b), compared(a, t_a * factor, b, t_b * factor)
    assert scaled.p_value == pytest.approx(plain.p_value, rel=1e-9)
    longer = compared(a, t_a * factor, b, t_b)
    assert longer.interval.low == pytest.approx(plain.interval.low / factor, rel=1e-9)


def test_very_unlike_rates_keep_their_digits() -> None:
    """A billion cases against one: the limits are those of the one, and no p value is rounded to nothing or to 1."""
    found = compared(10**9, 1e9, 1, 1)
    low, high = stats.chi2.ppf(0.025, 2) / 2, stats.chi2.ppf(0.975, 4) / 2
    assert found.interval.low == pytest.approx(1 / high, rel=1e-4)
    assert found.interval.high == pytest.approx(1 / low, rel=1e-4)
    back = compared(1, 1, 10**9, 1e9)
    assert back.interval.high == pytest.approx(1 / found.interval.low, rel=1e-12)
    assert back.p_value == pytest.approx(found.p_value, rel=1e-12)
    one_of_many = compared(1, 1e18, 1, 1e-3)
    assert one_of_many.p_value == pytest.approx(4e-21, rel=1e-9)


def test_no_cases() -> None:
    """None in the second: no ratio, no upper end. None in either: nothing is known of the ratio, nothing rejected."""
    one = compared(4, 100, 0, 100)
    assert isinstance(one.ratio, Unknown)
    assert one.interval.high == math.inf
    assert one.interval.low > 0
    neither = compared(0, 100, 0, 50)
    assert (neither.interval.low, neither.interval.high, neither.p_value) == (0.0, math.inf, 1.0)
    none = compared(0, 100, 6, 100)
    assert none.ratio == 0
    assert none.p_value == pytest.approx(2 * 0.5**6)


def test_columns_and_bases() -> None:
    """A column gives what its numbers give; the rates come in the base asked for."""
    first, second = compare_rates([3, 4], [10, 0], [5, 6], [20, 20], per=1000)
    assert isinstance(first, RateComparison)
    assert (first.rate_a, first.rate_b) == (300.0, 250.0)
    assert first.ratio == pytest.approx(1.2)
    assert isinstance(second, Unknown)
    assert second.codes == ("division_by_zero:exposure_a[1]",)
