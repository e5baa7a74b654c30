"""Shrinkage: against its formulas and likelihood worked out elsewhere, and in how it behaves."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from injuryprev.errors import InputError
from injuryprev.measures.statistics import Gamma, Interval, shrink
from injuryprev.measures.statistics.shrinkage import AROUND
from injuryprev.unknown import Unknown

# Lip cancer in the counties of Scotland 1975-80, the data of Clayton & Kaldor 1987, table 1.
LIPS = [
    9, 39, 11, 9, 15, 8, 26, 7, 6, 20, 13, 5, 3, 8, 17, 9, 2, 7, 9, 7, 16, 31, 11, 7, 19, 15, 7, 10, 16, 11, 5, 3, 7,
    8, 11, 9, 11, 8, 6, 4, 10, 8, 2, 6, 19, 3, 2, 3, 28, 6, 1, 1, 1, 1, 0, 0,
]  # fmt: skip
LIPS_EXPECTED = [
    1.4, 8.7, 3.0, 2.5, 4.3, 2.4, 8.1, 2.3, 2.0, 6.6, 4.4, 1.8, 1.1, 3.3, 7.8, 4.6, 1.1, 4.2, 5.5, 4.4, 10.5, 22.7,
    8.8, 5.6, 15.5, 12.5, 6.0, 9.0, 14.4, 10.2, 4.8, 2.9, 7.0, 8.5, 12.3, 10.1, 12.7, 9.4, 7.2, 5.3, 18.8, 15.8, 4.3,
    14.6, 50.7, 8.2, 5.6, 9.3, 88.7, 19.6, 3.4, 3.6, 5.7, 7.0, 4.2, 1.8,
]  # fmt: skip

Kind = Literal["moments", "likelihood"]
METHODS: st.SearchStrategy[Kind] = st.sampled_from(["moments", "likelihood"])
UNITS = st.lists(st.tuples(st.integers(0, 60), st.floats(0.5, 50)), min_size=1, max_size=12)
few = settings(max_examples=60, deadline=None)


def negative_binomial(shape: float, mean: float) -> float:
    """SciPy's likelihood of the lip cancers when the true ratios are gamma."""
    expected = np.array(LIPS_EXPECTED)
    return float(stats.nbinom.logpmf(LIPS, shape, 1 / (1 + mean * expected / shape)).sum())


def test_the_likelihood_is_at_its_greatest() -> None:
    """SciPy's negative-binomial likelihood, climbed from elsewhere by another way, ends at the same gamma."""
    found = shrink(LIPS, LIPS_EXPECTED, method="likelihood")
    assert found.prior is not None
    climbed = optimize.minimize(
        lambda at: -negative_binomial(np.exp(at[0]), np.exp(at[1])),
        [1.5, -0.5],
        method="Nelder-Mead",
        options={"xatol": 1e-10, "fatol": 1e-13, "maxiter": 4000},
    )
    assert found.prior.shape == pytest.approx(np.exp(climbed.x[0]), rel=1e-6)
    assert found.prior.mean == pytest.approx(np.exp(climbed.x[1]), rel=1e-6)
    here = negative_binomial(found.prior.shape, found.prior.mean)
    for shape, mean in ((1.001, 1), (0.999, 1), (1, 1.001), (1, 0.999)):
        assert negative_binomial(found.prior.shape * shape, found.prior.mean * mean) < here


@few
@given(UNITS)
def test_moments_in_fractions(units: list[tuple[int, float]]) -> None:
    """Marshall's formula, worked out in fractions: mean, variance between units, and each shrunken ratio."""
    cases, expected = [Fraction(row[0]) for row in units], [Fraction(row[1]) for row in units]
    total = sum(expected)
    mean = sum(cases) / total
    seen = sum(e * (c / e - mean) ** 2 for c, e in zip(cases, expected, strict=True)) / total
    between = max(Fraction(0), seen - mean / (total / len(units)))
    found = shrink([row[0] for row in units], [row[1] for row in units])
    if between <= mean / 10**9:
        return  # at the very border floats may fall to either side
    for ratio, c, e in zip(found.ratios, cases, expected, strict=True):
        weight = between / (between + mean / e)
        assert ratio == pytest.approx(float(mean + weight * (c / e - mean)), rel=1e-6)
    assert found.prior is not None
    assert found.prior.variance == pytest.approx(float(between), rel=1e-6)


@few
@given(UNITS, METHODS)
def test_between_own_and_group(units: list[tuple[int, float]], method: Kind) -> None:
    """A shrunken ratio lies between the unit's own and the group's, and its interval around it."""
    found = shrink([row[0] for row in units], [row[1] for row in units], method=method)
    assert isinstance(found.mean, float)
    for ratio, own, interval, weight in zip(found.ratios, found.own, found.intervals, found.weights, strict=True):
        assert isinstance(ratio, float)
        assert isinstance(own, float)
        slack = 1e-12 * max(1.0, own)
        assert min(own, found.mean) - slack <= ratio <= max(own, found.mean) + slack
        if found.prior is None:
            assert ratio == found.mean
            assert weight == 0
            assert isinstance(interval, Unknown)
            assert interval.codes == ("no_overdispersion:prior",)
        else:
            assert isinstance(interval, Interval)
            assert interval.low < interval.high
            assert isinstance(weight, float)
            assert ratio == pytest.approx(weight * own + (1 - weight) * found.prior.mean)


@few
@given(UNITS, METHODS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(units: list[tuple[int, float]], method: Kind, random: object) -> None:
    """Not for a single digit, and not for the ranks."""
    order = list(range(len(units)))
    random.shuffle(order)  # type: ignore[attr-defined]  # hypothesis' random
    first = shrink([row[0] for row in units], [row[1] for row in units], method=method)
    other = shrink([units[at][0] for at in order], [units[at][1] for at in order], method=method)
    assert (other.mean, other.prior) == (first.mean, first.prior)
    assert other.ratios == tuple(first.ratios[at] for at in order)
    assert other.ranks == tuple(first.ranks[at] for at in order)


@few
@given(UNITS, METHODS, st.floats(0.01, 1000))
def test_another_unit_of_exposure(units: list[tuple[int, float]], method: Kind, factor: float) -> None:
    """Rates by the hour or the thousand hours shrink alike."""
    plain = shrink([row[0] for row in units], [row[1] for row in units], method=method)
    scaled = shrink([row[0] for row in units], [row[1] * factor for row in units], method=method)
    if plain.prior is None or scaled.prior is None or plain.prior.shape > 1e4:
        return  # near the border of no spread the two may round apart
    for one, other in zip(plain.ratios, scaled.ratios, strict=True):
        assert isinstance(one, float)
        assert other == pytest.approx(one / factor, rel=1e-6)


def test_a_small_unit_no_longer_leads() -> None:
    """Two cases where one was expected do not stand above forty where twenty-five were."""
    found = shrink([2, 40, 5, 30, 12, 60], [1, 25, 10, 30, 20, 50])
    own = found.own
    assert isinstance(own[0], float)
    assert isinstance(own[1], float)
    assert own[0] > own[1]
    assert found.ranks[1] == 1
    assert found.ranks[0] != 1


@pytest.mark.parametrize("method", ["moments", "likelihood"])
def test_without_spread_all_stand_at_the_mean_and_it_is_said(method: Kind) -> None:
    """Units that are alike have no gamma; the words say so in both languages."""
    found = shrink([5, 10, 15], [5, 10, 15], method=method)
    assert found.ratios == (1.0, 1.0, 1.0)
    assert found.prior is None
    assert found.ranks == (1, 1, 1)
    assert "no more than chance" in found.words.en
    assert "不超出偶然范围" in found.words.zh
    nobody = shrink([0, 0], [3, 4], method=method)
    assert nobody.ratios == (0.0, 0.0)


def test_the_ends_of_the_likelihood() -> None:
    """A spread too small to tell from none is none; the widest that is looked for is a shape of 1 in 10,000."""
    hardly = shrink([10_099, 9_899], [10_000, 10_000], method="likelihood")
    assert hardly.prior is None
    assert hardly.ratios == (0.9999, 0.9999)
    one_alone = shrink([1_000_000, *[0] * 5000], [1] * 5001, method="likelihood")
    assert one_alone.prior is not None
    assert one_alone.prior.shape == pytest.approx(1e-4)
    assert one_alone.ratios[0] == pytest.approx(1e6, rel=1e-3)


def test_unknown_units_do_not_enter_the_group() -> None:
    """The others come out as if they were alone; ranks leave a gap for nobody."""
    alone = shrink([9, 1, 3], [3, 4, 3])
    found = shrink([9, 1, None, 3, 7], [3, 4, 5, 3, 0])
    assert [found.ratios[at] for at in (0, 1, 3)] == list(alone.ratios)
    assert isinstance(found.ratios[2], Unknown)
    assert isinstance(found.intervals[4], Unknown)
    assert found.ranks == (1, 3, None, 2, None)
    nobody = shrink([1, 2], [0, 0])
    assert isinstance(nobody.mean, Unknown)
    assert nobody.ranks == (None, None)
    assert nobody.words.en == "no unit can be used"


def test_posterior_intervals_are_the_gammas() -> None:
    """SciPy's gamma distribution has the same quantiles."""
    found = shrink(LIPS, LIPS_EXPECTED, level=0.9)
    assert found.prior is not None
    first = found.intervals[0]
    assert isinstance(first, Interval)
    gamma = stats.gamma(LIPS[0] + found.prior.shape, scale=1 / (LIPS_EXPECTED[0] + found.prior.rate))
    assert (first.low, first.high) == pytest.approx(gamma.interval(0.9), rel=1e-9)
    assert "standard deviation" in found.words.en
    assert Gamma(4, 2).variance == 1
    assert found.source.startswith("Marshall 1991")


# What is not known of the prior ---------------------------------------------------------------------------------------


def second(function: Callable[..., float], at: np.ndarray, step: float = 1e-3) -> np.ndarray:
    """The second derivatives of a function of two numbers, by differences of fourth order."""
    weights = {-2: 1 / 12, -1: -2 / 3, 1: 2 / 3, 2: -1 / 12}

    def slope(place: int, of: Callable[[np.ndarray], float]) -> Callable[[np.ndarray], float]:
        ahead = np.eye(2)[place] * step
        return lambda x: sum(weight * of(x + many * ahead) for many, weight in weights.items()) / step

    def plain(x: np.ndarray) -> float:
        return function(*x)

    return np.array([[slope(i, slope(j, plain))(at) for j in range(2)] for i in range(2)])


def test_kass_and_steffey_worked_out_by_differences() -> None:
    """Variance of each ratio: the posterior's, and its mean's slope in the prior squared by the inverse information.

    The information is that of SciPy's negative-binomial likelihood, both it and the slopes by differences.
    """
    found = shrink(LIPS, LIPS_EXPECTED, method="likelihood", intervals="kass-steffey")
    assert found.prior is not None
    at = np.log([found.prior.shape, found.prior.mean])
    spread = np.linalg.inv(-second(lambda shape, mean: negative_binomial(np.exp(shape), np.exp(mean)), at))

    def ratio(x: np.ndarray, cases: float, expected: float) -> float:
        shape, mean = np.exp(x)
        return float((cases + shape) / (expected + shape / mean))

    for cases, expected, interval in zip(LIPS, LIPS_EXPECTED, found.intervals, strict=True):
        step = np.eye(2) * 1e-5
        moves = np.array([(ratio(at + one, cases, expected) - ratio(at - one, cases, expected)) / 2e-5 for one in step])
        middle = ratio(at, cases, expected)
        variance = middle / (expected + found.prior.rate) + moves @ spread @ moves
        ends = stats.gamma.ppf([0.025, 0.975], middle**2 / variance, scale=variance / middle)
        assert isinstance(interval, Interval)
        assert (interval.low, interval.high) == pytest.approx(tuple(ends), rel=1e-6)
        assert interval.method.startswith("empirical Bayes, gamma-Poisson, prior estimated (Kass & Steffey")


def test_kass_and_steffey_come_near_to_averaging_over_all_priors() -> None:
    """Of 56 counties the variance is within 8 % of that under every gamma, weighted by its likelihood.

    Flat in the logarithms of shape and mean, on a grid; the plug-in variance lies below it throughout.
    """
    plain = shrink(LIPS, LIPS_EXPECTED, method="likelihood")
    wide = shrink(LIPS, LIPS_EXPECTED, method="likelihood", intervals="kass-steffey")
    assert plain.prior is not None
    shapes = plain.prior.shape * np.exp(np.linspace(-1.6, 2.2, 90))
    means = plain.prior.mean * np.exp(np.linspace(-0.6, 0.6, 70))
    grid = [(shape, mean) for shape in shapes for mean in means]
    weights = np.exp(
        [
            negative_binomial(shape, mean) - negative_binomial(plain.prior.shape, plain.prior.mean)
            for shape, mean in grid
        ]
    )
    weights /= weights.sum()
    shape, mean = np.array(grid).T
    closer = 0
    for place, (cases, expected) in enumerate(zip(LIPS, LIPS_EXPECTED, strict=True)):
        rate = shape / mean + expected
        ratio = (cases + shape) / rate
        middle = weights @ ratio
        full = weights @ (ratio / rate) + weights @ (ratio - middle) ** 2
        ours, plug_in = variance_of(wide.intervals[place]), variance_of(plain.intervals[place])
        assert plug_in < full * 1.01
        assert ours == pytest.approx(full, rel=0.08)
        closer += abs(ours - full) < abs(plug_in - full)
    assert closer >= 50


def variance_of(interval: Interval | Unknown) -> float:
    """The variance of the gamma distribution whose limits these are."""
    assert isinstance(interval, Interval)

    def apart(log_shape: float) -> float:
        low, high = stats.gamma.ppf([0.025, 0.975], np.exp(log_shape))
        return float(np.log(high / low) - np.log(interval.high / interval.low))

    shape = float(np.exp(optimize.brentq(apart, -2, 12)))
    scale = interval.high / float(stats.gamma.ppf(0.975, shape))
    return shape * scale**2


@pytest.mark.parametrize(
    ("units", "expected", "spread", "plug_in", "widened"),
    [(6, 5, 0.6, (80, 91), (91, 97)), (12, 5, 0.6, (82, 92), (89, 96)), (12, 20, 0.6, (90, 95), (92, 97))],
)
def test_how_often_the_truth_is_within(
    units: int, expected: float, spread: float, plug_in: tuple[int, int], widened: tuple[int, int]
) -> None:
    """Of true ratios drawn from a gamma: how many per cent the intervals called 95 % hold, as the docs tell it."""
    draw = np.random.default_rng(20240701)
    within = {"plug-in": 0, "kass-steffey": 0}
    number = 0
    for _ in range(150):
        wanted = draw.uniform(0.5 * expected, 1.5 * expected, units)
        truth = draw.gamma(1 / spread**2, spread**2, units)
        cases = draw.poisson(truth * wanted).tolist()
        for around in AROUND:
            found = shrink(cases, wanted.tolist(), method="likelihood", intervals=around)
            for interval, true in zip(found.intervals, truth, strict=True):
                if isinstance(interval, Interval):
                    within[around] += interval.low <= true <= interval.high
                    number += 1
    assert plug_in[0] <= 200 * within["plug-in"] / number <= plug_in[1]
    assert widened[0] <= 200 * within["kass-steffey"] / number <= widened[1]
    assert within["kass-steffey"] > within["plug-in"]


@few
@given(UNITS, st.randoms(use_true_random=False))
def test_what_is_not_known_only_widens(units: list[tuple[int, float]], random: object) -> None:
    """The ratios stay, the lower limit goes down, and neither depends on the order of the rows."""
    cases, expected = [row[0] for row in units], [row[1] for row in units]
    plain = shrink(cases, expected, method="likelihood")
    wide = shrink(cases, expected, method="likelihood", intervals="kass-steffey")
    assert (wide.ratios, wide.ranks, wide.prior) == (plain.ratios, plain.ranks, plain.prior)
    for narrow, interval in zip(plain.intervals, wide.intervals, strict=True):
        if isinstance(interval, Interval):
            assert isinstance(narrow, Interval)
            assert interval.low <= narrow.low * (1 + 1e-12)
        else:
            assert isinstance(interval, Unknown)
            assert interval.codes in (("no_overdispersion:prior",), ("flat_likelihood:prior",))
    order = list(range(len(units)))
    random.shuffle(order)  # type: ignore[attr-defined]  # hypothesis' random
    other = shrink(
        [cases[at] for at in order], [expected[at] for at in order], method="likelihood", intervals="kass-steffey"
    )
    assert other.intervals == tuple(wide.intervals[at] for at in order)


def test_these_intervals_need_the_likelihood() -> None:
    """Of moments there is no information matrix; a word that is none is refused with the nearest."""
    with pytest.raises(InputError, match="expected: method='likelihood'"):
        shrink([1, 2], [3, 4], intervals="kass-steffey")
    with pytest.raises(InputError, match="kass-steffey"):
        shrink([1, 2], [3, 4], method="likelihood", intervals="kass")  # type: ignore[arg-type]  # what is tested
