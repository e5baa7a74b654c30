"""Funnels: who lies outside, and that limits, intervals and zones tell the same."""

from __future__ import annotations

import math
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from injuryprev.measures.statistics import (
    Interval,
    Limits,
    Point,
    funnel,
    proportion_interval,
    rate_interval,
)
from injuryprev.measures.statistics.funnel import Overdispersion
from injuryprev.unknown import Unknown

UNITS = st.lists(st.tuples(st.integers(0, 300), st.integers(1, 300)), min_size=1, max_size=12).filter(
    lambda units: any(row[0] for row in units)
)
SPREADS: st.SearchStrategy[Overdispersion] = st.sampled_from(["none", "multiplicative", "additive"])
few = settings(max_examples=60, deadline=None)


def by_zone(interval: Interval, wide: Interval, target: float) -> str:
    """The zone that the 95 % and 99.8 % intervals of a unit put it in."""
    for limits, name in ((wide, "3"), (interval, "2")):
        if limits.low > target:
            return "high_" + name
        if limits.high < target:
            return "low_" + name
    return "inside"


@few
@given(UNITS, st.floats(0.2, 5))
def test_a_rate_is_outside_where_its_exact_interval_is(units: list[tuple[int, int]], target: float) -> None:
    """At 95 % and 99.8 %, whatever the target."""
    cases, sizes = zip(*units, strict=True)
    plot = funnel(cases, sizes, target=target)
    for point, count, size in zip(plot.points, cases, sizes, strict=True):
        assert isinstance(point, Point)
        near, wide = (rate_interval(count, size, level=level) for level in (0.95, 0.998))
        assert isinstance(near, Interval)
        assert isinstance(wide, Interval)
        assert point.zone == by_zone(near, wide, target)


@few
@given(UNITS, st.floats(0.05, 0.95))
def test_a_proportion_is_outside_where_its_wilson_interval_is(units: list[tuple[int, int]], target: float) -> None:
    """At 95 % and 99.8 %, whatever the target."""
    cases, totals = [min(row) for row in units], [row[1] for row in units]
    plot = funnel(cases, totals, kind="proportion", target=target)
    for point, count, total in zip(plot.points, cases, totals, strict=True):
        assert isinstance(point, Point)
        near, wide = (proportion_interval(count, total, level=level) for level in (0.95, 0.998))
        assert isinstance(near, Interval)
        assert isinstance(wide, Interval)
        assert point.zone == by_zone(near, wide, target)


@few
@given(UNITS, SPREADS, st.sampled_from(["rate", "ratio", "proportion"]))
def test_zones_are_where_the_drawn_limits_are(
    units: list[tuple[int, int]], spread: Overdispersion, kind: Literal["rate", "ratio", "proportion"]
) -> None:
    """A unit beyond a limit is in the zone beyond it; limits are in order around the target."""
    sizes = [row[1] for row in units]
    cases = [min(row) for row in units] if kind == "proportion" else [row[0] for row in units]
    target = 0.4 if kind == "proportion" else 1.1
    plot = funnel(cases, sizes, kind=kind, target=target, overdispersion=spread)
    for point in plot.points:
        assert isinstance(point, Point)
        limits = point.limits
        slack = 1e-9
        assert 0 <= limits.low_3 <= limits.low_2 <= target <= limits.high_2 <= limits.high_3
        zone = {
            "high_3": point.value > limits.high_3 - slack,
            "high_2": limits.high_2 - slack < point.value < limits.high_3 + slack,
            "inside": limits.low_2 - slack < point.value < limits.high_2 + slack,
            "low_2": limits.low_3 - slack < point.value < limits.low_2 + slack,
            "low_3": point.value < limits.low_3 + slack,
        }
        # A drawn limit at the end of the scale excludes nothing, and a unit there may be either side of it.
        assert zone[point.zone], (point, plot.dispersion)


@few
@given(UNITS, SPREADS, st.randoms(use_true_random=False))
def test_order_does_not_matter(units: list[tuple[int, int]], spread: Overdispersion, random: object) -> None:
    """Neither target nor limits nor zones depend on the order of the rows."""
    other = list(units)
    random.shuffle(other)  # type: ignore[attr-defined]  # hypothesis' random
    first = funnel(*zip(*units, strict=True), overdispersion=spread)
    second = funnel(*zip(*other, strict=True), overdispersion=spread)
    assert second.target == first.target
    assert second.dispersion == first.dispersion
    assert sorted(map(repr, second.points)) == sorted(map(repr, first.points))


def test_the_base_multiplies_everything() -> None:
    """Per mille and per unit tell the same."""
    plain, mille = funnel([3, 9, 30], [100, 100, 400]), funnel([3, 9, 30], [100, 100, 400], per=1000)
    assert mille.target == pytest.approx(1000 * plain.target)
    for one, other in zip(plain.points, mille.points, strict=True):
        assert isinstance(one, Point)
        assert isinstance(other, Point)
        assert other.zone == one.zone
        assert other.value == pytest.approx(1000 * one.value)
        assert other.limits.high_3 == pytest.approx(1000 * one.limits.high_3)
        assert plain.limits([one.size]) == (one.limits,)


def test_dispersion_by_hand() -> None:
    """Four ratios of 4, 9, 16 and 25 cases where 9 were expected: z = 2 (root of cases - 3), drawn in at 10 %."""
    found = funnel([4, 9, 16, 25], [9, 9, 9, 9], kind="ratio").dispersion
    # z is -2, 0, 2, 4; the 10 % and 90 % points of four values lie at 0.3 and 2.7 steps: -1.4 and 3.4.
    phi = (1.4**2 + 0 + 2**2 + 3.4**2) / 4
    assert found.phi == pytest.approx(phi)
    # Each precision is 4 x 9 = 36, so the room is 4 x 36 - 36.
    assert found.tau_squared == pytest.approx((4 * phi - 3) / 108)
    assert (found.units, found.winsorised) == (4, 0.1)


def test_overdispersion_widens_the_limits() -> None:
    """By the root of phi, or by the variance between units, on the scale of the root."""
    cases, expected = [4, 9, 16, 25], [9, 9, 9, 9]
    by_phi = funnel(cases, expected, kind="ratio", overdispersion="multiplicative")
    by_tau = funnel(cases, expected, kind="ratio", overdispersion="additive")
    (phi_limits,), (tau_limits,) = by_phi.limits([16]), by_tau.limits([16])
    assert isinstance(phi_limits, Limits)
    assert isinstance(tau_limits, Limits)
    z = 1.959963984540054
    assert phi_limits.high_2 == pytest.approx((1 + z * math.sqrt(by_phi.dispersion.phi) / 8) ** 2)
    assert tau_limits.high_2 == pytest.approx((1 + z * math.sqrt(1 / 64 + by_tau.dispersion.tau_squared)) ** 2)
    assert by_phi.outside(2) == by_tau.outside(2) == ()
    assert funnel(cases, expected, kind="ratio").outside(2) == (2, 3)
    assert "multiplicative" in by_phi.method
    assert by_tau.source.startswith("Spiegelhalter 2005")


def test_no_overdispersion_no_widening() -> None:
    """Units that vary less than chance do not narrow the limits."""
    found = funnel([9, 9, 9], [9, 9, 9], kind="ratio", overdispersion="multiplicative")
    assert found.dispersion.phi == 0
    assert found.dispersion.tau_squared == 0
    (limits,) = found.limits([25])
    assert isinstance(limits, Limits)
    assert limits.high_2 == pytest.approx((1 + 1.959963984540054 / 10) ** 2)


def test_unknown_units_stay_beside_the_others() -> None:
    """They do not enter the target, nor the list of those outside."""
    plot = funnel([5, None, 80, 3], [50, 10, 50, 0])
    alone = funnel([5, 80], [50, 50])
    assert [plot.points[at] for at in (0, 2)] == list(alone.points)
    assert isinstance(plot.points[1], Unknown)
    assert isinstance(plot.points[3], Unknown)
    assert plot.outside(3) == (0, 2)
    assert plot.target == alone.target == 0.85
    zero = plot.limits([0])[0]
    assert isinstance(zero, Unknown)


@pytest.mark.parametrize("mean", [1e-6, 1e-3, 0.02, 0.03, 0.5, 3.0])
def test_limits_of_tiny_units(mean: float) -> None:
    """Where not even one case is expected the upper limit lies where a Poisson of that mean has its tail."""
    from scipy import special  # noqa: PLC0415  # one use

    (limits,) = funnel([1], [1], kind="ratio").limits([mean])
    assert isinstance(limits, Limits)
    assert special.gammainc(limits.high_2 * mean, mean) == pytest.approx(0.025, rel=1e-6)
    assert special.gammainc(limits.high_3 * mean, mean) == pytest.approx(0.001, rel=1e-6)
    assert limits.low_2 == 0
