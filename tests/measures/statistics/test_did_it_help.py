"""Before and after, against others, and allowed for the choice."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from injuryprev.measures.statistics import (
    BeforeAfter,
    DifferenceInDifferences,
    Regression,
    TwoPeriods,
    before_and_after,
    compare_rates,
    count_interval,
    difference_in_differences,
    regression_to_the_mean,
)
from injuryprev.measures.statistics.interval import Interval
from injuryprev.measures.statistics.shrinkage import shrink
from injuryprev.unknown import Unknown

COUNTS = st.integers(0, 80)
EXPOSURES = st.floats(1, 1000)
few = settings(max_examples=60, deadline=None)


def did(*figures: float, level: float = 0.95) -> DifferenceInDifferences:
    """What must be a difference in differences."""
    found = difference_in_differences(TwoPeriods(*figures[:4]), TwoPeriods(*figures[4:]), level=level)
    assert isinstance(found, DifferenceInDifferences), found
    return found


def test_before_and_after_is_the_exact_comparison() -> None:
    """After over before, the cases fewer than at the earlier rate, and plain words in two languages."""
    found = before_and_after(TwoPeriods(60, 4000, 30, 3000), per=1000)
    assert isinstance(found, BeforeAfter)
    assert found.comparison == compare_rates(30, 3000, 60, 4000, per=1000)
    assert found.fewer == pytest.approx(60 / 4000 * 3000 - 30)
    assert "33.3 % lower" in found.words.en
    assert "chance alone can explain it" in found.words.en
    assert "cannot tell the prevention work" in found.words.en
    assert "低 33.3%" in found.words.zh
    assert "偶然因素即可解释" in found.words.zh
    assert found.method.startswith("exact conditional")
    assert found.source.startswith("Przyborowski")
    clear = before_and_after(TwoPeriods(600, 4000, 300, 4000))
    assert isinstance(clear, BeforeAfter)
    assert "more than chance alone would do" in clear.words.en
    unknown = before_and_after(TwoPeriods(60, 0, None, 3000))
    assert isinstance(unknown, Unknown)
    assert unknown.codes == ("missing:cases_after", "division_by_zero:exposure_before")
    assert unknown.text("zh") == "未知：未提供之后例数；之前暴露量为零，无从计算比率"
    none = before_and_after(TwoPeriods(0, 100, 3, 100))
    assert isinstance(none, BeforeAfter)
    assert "without an upper limit" in none.words.en
    same = before_and_after(TwoPeriods(5, 100, 5, 100))
    assert isinstance(same, BeforeAfter)
    assert same.words.en.startswith("From 0.05 to 0.05: unchanged (")
    assert same.words.zh.startswith("由 0.05 变为 0.05，不变（")


@few
@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_the_exact_interval_is_that_of_the_conditional_odds_ratio(a: int, b: int, c: int, d: int) -> None:
    """At equal exposures the ratio of ratios is an odds ratio, and SciPy's conditional interval is ours."""
    assume(min(b + d, a + c, a + b, c + d) > 0)
    found = did(a, 1, b, 1, c, 1, d, 1)
    theirs = stats.contingency.odds_ratio([[b, a], [d, c]]).confidence_interval(0.95)
    assert found.exact.low == pytest.approx(theirs.low, rel=1e-5, abs=1e-12)
    assert found.exact.high == pytest.approx(theirs.high, rel=1e-5)
    sides = [stats.fisher_exact([[b, a], [d, c]], alternative=side).pvalue for side in ("less", "greater")]
    assert found.p_value == pytest.approx(min(1.0, 2 * min(sides)), rel=1e-9)


@few
@given(st.tuples(COUNTS, EXPOSURES, COUNTS, EXPOSURES, COUNTS, EXPOSURES, COUNTS, EXPOSURES))
def test_differences_and_their_test_agree(figures: tuple[float, ...]) -> None:
    """No difference is rejected exactly when the exact interval leaves 1 out; Wald's is around the ratio."""
    a, t_a, b, t_b, c, t_c, d, t_d = figures
    found = did(a, t_a, b, t_b, c, t_c, d, t_d)
    assert found.beyond_chance is not (found.exact.low <= 1 <= found.exact.high)
    if a and b and c and d:
        assert isinstance(found.ratio, float)
        assert isinstance(found.interval, Interval)
        assert found.ratio == pytest.approx((b / t_b) / (a / t_a) / ((d / t_d) / (c / t_c)))
        assert found.standard_error == pytest.approx(math.sqrt(1 / a + 1 / b + 1 / c + 1 / d))
        assert found.interval.low * found.interval.high == pytest.approx(found.ratio**2)
        assert found.exact.low <= found.ratio <= found.exact.high
    else:
        assert isinstance(found.standard_error, Unknown)
        assert isinstance(found.interval, Unknown)


def test_the_wald_interval_is_that_of_poisson_regression() -> None:
    """The information matrix of the saturated log-linear model, inverted, has the same variance of the interaction."""
    counts = np.array([60, 36, 300, 270])
    design = np.array([[1, 1, 0, 0], [1, 1, 1, 1], [1, 0, 0, 0], [1, 0, 1, 0]], dtype=float)
    covariance = np.linalg.inv(design.T @ np.diag(counts) @ design)
    found = did(60, 4000, 36, 4000, 300, 30000, 270, 30000)
    assert found.standard_error == pytest.approx(math.sqrt(covariance[3, 3]))
    assert found.method.startswith("exact conditional")
    assert found.source.startswith("Fisher 1935")


def test_a_period_without_cases() -> None:
    """No later case of the served is a ratio of 0; an empty divisor leaves it unknown; words and interval remain."""
    gone = did(12, 100, 0, 100, 50, 100, 48, 100)
    assert gone.ratio == 0
    assert gone.exact.low == 0
    assert 0 < gone.exact.high < 1
    assert isinstance(gone.interval, Unknown)
    from_nothing = did(0, 100, 5, 100, 50, 100, 48, 100)
    assert isinstance(from_nothing.ratio, Unknown)
    assert from_nothing.exact.high == math.inf
    assert "not known" in from_nothing.words.en
    assert "未知" in from_nothing.words.zh
    unknown = difference_in_differences(TwoPeriods(1, 0, 1, 1), TwoPeriods(1, None, 1, 1))
    assert isinstance(unknown, Unknown)
    assert unknown.codes == ("division_by_zero:served.exposure_before", "missing:others.exposure_before")


def chosen_worst(cases: list[int], count: int) -> list[int]:
    """The units with the most cases."""
    return sorted(range(len(cases)), key=lambda at: (-cases[at], at))[:count]


def test_who_was_chosen_for_bad_luck_falls_back() -> None:
    """Units alike but for chance: the worst fall by nearly half of themselves, and what is left is near nothing."""
    rng = np.random.default_rng(20160101)
    truth = rng.gamma(4, 0.5, 400)
    before, after = rng.poisson(truth * 3), rng.poisson(truth * 3)
    chosen = chosen_worst(before.tolist(), 60)
    found = regression_to_the_mean(before, [3] * 400, chosen, after, [3] * 400)
    assert isinstance(found, Regression)
    assert isinstance(found.naive.ratio, float)
    assert found.naive.interval.high < 0.9
    assert isinstance(found.expected_change, float)
    assert found.expected_change == pytest.approx(found.naive.ratio - 1, abs=0.1)
    assert 1 in found.interval
    assert not found.beyond_chance
    assert "without any work" in found.words.en
    assert "即使不开展工作" in found.words.zh
    # With half of the later cases prevented, the same method sees it.
    helped = regression_to_the_mean(before, [3] * 400, chosen, rng.binomial(after, 0.5), [3] * 400)
    assert isinstance(helped, Regression)
    assert helped.interval.high < 0.75
    assert helped.interval.low < 0.5 < helped.interval.high
    assert helped.beyond_chance


@few
@given(st.integers(0, 60), st.integers(1, 60), st.sampled_from(["moments", "likelihood"]))
def test_the_interval_of_one_unit_is_the_negative_binomials(seen: int, before: int, method: str) -> None:
    """SciPy's distribution of the later cases has half of the rest beyond what was seen, at either limit."""
    cases, sizes = [before, 3, 14, 0, 7, 40], [10, 4, 9, 5, 5, 12]
    found = regression_to_the_mean(cases, sizes, [0], [seen, *[None] * 5], [8, *[None] * 5], method=method)  # type: ignore[arg-type]
    assert isinstance(found, Regression)
    prior = shrink(cases, sizes, method=method).prior  # type: ignore[arg-type]
    assert prior is not None
    shape, rate = prior.shape + before, (prior.rate + 10) / 8
    assert found.expected_after == pytest.approx(shape / rate)
    for limit, side in ((found.interval.low, "sf"), (found.interval.high, "cdf")):
        if limit:
            law = stats.nbinom(shape, rate / (rate + limit))
            beyond = law.sf(seen - 1) if side == "sf" else law.cdf(seen)
            assert beyond == pytest.approx(0.025, rel=1e-6)
    law = stats.nbinom(shape, rate / (rate + 1))
    assert found.p_value == pytest.approx(min(1.0, 2 * min(law.sf(seen - 1), law.cdf(seen))), rel=1e-7)
    assert found.beyond_chance is not (1 in found.interval)


def test_units_that_are_alike_have_a_known_expectation() -> None:
    """Without spread between units the interval is that of the count, over what the mean makes expected."""
    found = regression_to_the_mean([5, 5, 5], [10, 10, 10], [1], [None, 3, None], [None, 20, None], method="moments")
    assert isinstance(found, Regression)
    assert found.expected_after == 10
    counted = count_interval(3)
    assert isinstance(counted, Interval)
    assert found.interval.low == pytest.approx(counted.low / 10)
    assert found.interval.high == pytest.approx(counted.high / 10)
    assert found.p_value == pytest.approx(2 * stats.poisson.cdf(3, 10))
    assert found.method.startswith("gamma-Poisson prediction")
    assert "Hauer 1997" in found.source


def test_what_leaves_it_unknown() -> None:
    """A chosen unit without exposure; nothing expected; the chosen without a case before have no change."""
    missing = regression_to_the_mean([5, 3], [10, 0], [1], [1, 2], [10, 10])
    assert isinstance(missing, Unknown)
    assert missing.codes == ("division_by_zero:exposure_before[1]",)
    nothing = regression_to_the_mean([0, 0], [10, 10], [1], [1, 2], [10, 10])
    assert isinstance(nothing, Unknown)
    quiet = regression_to_the_mean([0, 30, 2, 40], [10, 10, 10, 10], [0], [1, 2, 3, 4], [10, 10, 10, 10])
    assert isinstance(quiet, Regression)
    assert isinstance(quiet.expected_change, Unknown)
    assert "at a rate not known" in quiet.words.en
