"""Intervals mean what they say: against the distributions themselves, and in how they behave."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from injuryprev.measures.statistics import (
    Interval,
    count_interval,
    directly_standardised,
    expected_cases,
    proportion_interval,
    rate_interval,
    standardised_ratio,
)
from injuryprev.measures.statistics.interval import COUNT_METHODS, CountMethod
from injuryprev.measures.statistics.standardise import Standardised
from injuryprev.unknown import Unknown

COUNTS = st.integers(0, 5000)
LEVELS = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.98])
METHODS: st.SearchStrategy[CountMethod] = st.sampled_from(["exact", "byar", "ohid"])
few = settings(max_examples=60, deadline=None)


def known(value: object) -> Interval:
    """What must be an interval."""
    assert isinstance(value, Interval), value
    return value


@few
@given(COUNTS, LEVELS)
def test_exact_limits_have_their_tails(count: int, level: float) -> None:
    """At either exact limit the Poisson distribution itself leaves half of the rest beyond the count."""
    found = known(count_interval(count, level=level))
    tail = (1 - level) / 2
    assert stats.poisson.cdf(count, found.high) == pytest.approx(tail, rel=1e-9)
    if count:
        assert stats.poisson.sf(count - 1, found.low) == pytest.approx(tail, rel=1e-9)
    else:
        assert found.low == 0


@few
@given(COUNTS, LEVELS, METHODS)
def test_an_interval_covers_its_point_and_widens_with_the_level(count: int, level: float, method: CountMethod) -> None:
    """The count lies inside, and inside the interval of a higher level lies that of a lower one."""
    inner, outer = (known(count_interval(count, level=each, method=method)) for each in (level, (1 + level) / 2))
    assert inner.low <= count <= inner.high
    assert outer.low <= inner.low < inner.high < outer.high
    assert count in inner
    assert inner.high + 1 not in inner


@few
@given(st.integers(1, 2000), LEVELS, METHODS)
def test_more_cases_narrow_the_interval_in_proportion(count: int, level: float, method: CountMethod) -> None:
    """At twice the count and exposure the rate is the same and its interval narrower."""
    if method == "ohid" and count < 10 <= 2 * count:
        method = "exact"  # across the change of method the claim is about neither
    once, twice = (known(rate_interval(times * count, times * 100, level=level, method=method)) for times in (1, 2))
    assert once.low < twice.low
    assert twice.high < once.high


@few
@given(COUNTS, st.floats(1e-3, 1e9), st.floats(1e-3, 1e6), METHODS)
def test_rates_scale(count: int, exposure: float, factor: float, method: CountMethod) -> None:
    """Another unit of exposure or another base multiplies the limits; the base 1 at exposure 1 is the count's."""
    plain = known(count_interval(count, method=method))
    rate = known(rate_interval(count, exposure, per=factor, method=method))
    assert rate.low == pytest.approx(plain.low * factor / exposure, rel=1e-12)
    assert rate.high == pytest.approx(plain.high * factor / exposure, rel=1e-12)
    assert plain.times(2.0).high == 2 * plain.high


@few
@given(st.integers(10, 100_000))
def test_byar_is_near_the_exact_from_ten_on(count: int) -> None:
    """Within 0.2 % at 95 %, as the English technical guide on confidence intervals (2018) says of Byar's method."""
    exact, byar = known(count_interval(count)), known(count_interval(count, method="byar"))
    assert byar.low == pytest.approx(exact.low, rel=2e-3)
    assert byar.high == pytest.approx(exact.high, rel=2e-3)


def test_byar_has_no_lower_limit_for_one_case_at_a_high_level() -> None:
    """Its cube would be negative: unknown with the way out (PHEindicatormethods gives no figure); the rest is there."""
    none, some = count_interval([1, 2], level=0.998, method="byar")
    assert isinstance(none, Unknown)
    assert none.codes == ("out_of_range:method",)
    assert "exact" in none.text()
    assert isinstance(some, Interval)
    ratio = standardised_ratio(1, 2, level=0.998, method="byar")
    assert isinstance(ratio, Standardised)
    assert ratio.value == 0.5
    assert isinstance(ratio.interval, Unknown)
    rate = directly_standardised([1], [10], [1], level=0.998, method="byar")
    assert isinstance(rate, Standardised)
    assert isinstance(rate.interval, Unknown)


@few
@given(st.integers(0, 400), st.integers(1, 400), LEVELS)
def test_wilson_leaves_out_what_the_score_test_rejects(events: int, rest: int, level: float) -> None:
    """At either limit the score statistic is the normal quantile itself."""
    total = events + rest
    found = known(proportion_interval(events, total, level=level))
    z = stats.norm.isf((1 - level) / 2)
    for limit in (found.low, found.high):
        if 0 < limit < 1:
            assert abs(events / total - limit) / math.sqrt(limit * (1 - limit) / total) == pytest.approx(z, rel=1e-7)
    assert 0 <= found.low <= events / total <= found.high <= 1


@few
@given(st.integers(0, 400), st.integers(1, 400), LEVELS)
def test_exact_proportions_are_clopper_and_pearsons(events: int, total: int, level: float) -> None:
    """SciPy's own binomial test gives the same interval."""
    events = min(events, total)
    found = known(proportion_interval(events, total, level=level, method="exact"))
    theirs = stats.binomtest(events, total).proportion_ci(level, "exact")
    assert found.low == pytest.approx(theirs.low, rel=1e-8)
    assert found.high == pytest.approx(theirs.high, rel=1e-8)


def test_no_event_and_nothing_but_events() -> None:
    """The limits at the ends are 0 and 1, to the digit."""
    for method in ("wilson", "exact"):
        assert known(proportion_interval(0, 7, method=method)).low == 0
        assert known(proportion_interval(7, 7, method=method)).high == 1


STRATA = st.lists(st.tuples(st.integers(0, 50), st.floats(1, 1e5), st.floats(0.01, 10)), min_size=1, max_size=6)


@few
@given(STRATA, st.floats(0.01, 100), st.permutations(range(6)))
def test_directly_standardised_rates(strata: list[tuple[int, float, float]], factor: float, order: list[int]) -> None:
    """Only the proportions of the weights matter, not the order of the strata; equal strata rates are the rate."""
    counts, exposures, weights = (list(column) for column in zip(*strata, strict=True))
    found = directly_standardised(counts, exposures, weights)
    again = [strata[place] for place in order if place < len(strata)]
    other = directly_standardised(
        [row[0] for row in again], [row[1] for row in again], [row[2] * factor for row in again]
    )
    assert isinstance(found, Standardised)
    assert isinstance(other, Standardised)
    assert other.value == pytest.approx(found.value, rel=1e-12)
    if sum(counts):
        limits, others = known(found.interval), known(other.interval)
        assert (others.low, others.high) == pytest.approx((limits.low, limits.high), rel=1e-9)
        assert limits.low <= found.value <= limits.high
    else:
        assert found.value == 0
        assert isinstance(found.interval, Unknown)
        assert found.interval.codes == ("no_cases:counts",)


@few
@given(st.integers(1, 500), st.floats(1, 1e6))
def test_one_stratum_is_the_crude_rate(count: int, exposure: float) -> None:
    """With one stratum Dobson's interval is that of the count."""
    found = directly_standardised([count], [exposure], [3])
    crude = known(rate_interval(count, exposure))
    assert isinstance(found, Standardised)
    limits = known(found.interval)
    assert (limits.low, limits.high) == pytest.approx((crude.low, crude.high), rel=1e-9)


def test_a_stratum_without_weight_is_no_part_of_the_standard() -> None:
    """Its cases, and its missing exposure, do not matter."""
    with_it = directly_standardised([4, 9], [100, None], [1, 0])
    assert with_it == directly_standardised([4], [100], [1])


def test_a_stratum_without_exposure_leaves_the_rate_unknown() -> None:
    """Its rate cannot be weighted in; a missing figure neither, and each reason names its stratum."""
    found = directly_standardised([4, 0, None], [100, 0, 50], [1, 1, 1])
    assert isinstance(found, Unknown)
    assert found.codes == ("division_by_zero:exposures[1]", "missing:counts[2]")


@pytest.mark.parametrize(("total", "there"), [(9, False), (10, True)])
def test_the_english_rule_gives_no_standardised_rate_below_ten(total: int, there: bool) -> None:
    """PHEindicatormethods gives none for 9 cases."""
    found = directly_standardised([total, 0], [100, 50], [1, 1], method="ohid")
    assert isinstance(found, Standardised) is there
    if isinstance(found, Unknown):
        assert found.codes == ("too_few_cases:counts",)


def test_expected_cases_need_a_reference_where_there_is_exposure() -> None:
    """A stratum without reference matters only where the group has exposure."""
    assert expected_cases([100, 0], [5, 0], [1000, 0]) == 0.5
    found = expected_cases([100, 1], [5, 0], [1000, 0])
    assert isinstance(found, Unknown)
    assert found.codes == ("division_by_zero:reference_exposures[1]",)


@few
@given(st.integers(0, 300), st.floats(0.1, 1000), METHODS)
def test_a_ratio_is_a_rate_by_the_expected(observed: int, expected: float, method: CountMethod) -> None:
    """The interval of observed over expected is that of a rate with the expected as exposure."""
    ratio = standardised_ratio(observed, expected, method=method)
    assert isinstance(ratio, Standardised)
    assert ratio.interval == rate_interval(observed, expected, method=method)
    assert ratio.value == pytest.approx(observed / expected)
    assert (ratio.cases, ratio.expected, ratio.by) == (observed, expected, COUNT_METHODS[method])


@few
@given(st.lists(st.tuples(st.integers(0, 1000), st.just(0.0) | st.floats(1e-6, 1e6)), min_size=1, max_size=8), METHODS)
def test_a_column_is_its_numbers(rows: list[tuple[int, float]], method: CountMethod) -> None:
    """A column gives what its numbers give one by one, unknown ones included."""
    counts, exposures = zip(*rows, strict=True)
    together = rate_interval(counts, exposures, method=method)
    for found, (count, exposure) in zip(together, rows, strict=True):
        alone = rate_interval(count, exposure, method=method)
        if isinstance(alone, Unknown):
            assert isinstance(found, Unknown)
            assert exposure == 0
        else:
            assert found == alone


def test_every_method_says_where_it_is_published() -> None:
    """Name and source travel with the result."""
    found = known(count_interval(3))
    assert (found.method, found.source) == ("exact (Garwood)", "Garwood 1936, Biometrika 28:437-442")
    rate = directly_standardised([3], [10], [1])
    assert isinstance(rate, Standardised)
    assert "Dobson et al. 1991" in rate.source
