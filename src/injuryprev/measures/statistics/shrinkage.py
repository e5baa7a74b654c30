"""Empirical-Bayes shrinkage: what a small unit's rate is worth beside the rates of all."""

from __future__ import annotations

import math
from typing import Any, Final, Literal, get_args

import attrs

from injuryprev.errors import InputError
from injuryprev.measures.statistics.interval import Interval
from injuryprev.measures.statistics.method import GAMMA_POISSON, KASS_STEFFEY, MARSHALL, Method, Published
from injuryprev.measures.statistics.numeric import libraries
from injuryprev.measures.statistics.reading import Column, read, read_choice, read_level, side_by_side
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

_METHODS: Final = {"moments": MARSHALL, "likelihood": GAMMA_POISSON}
Around = Literal["plug-in", "kass-steffey"]
"""How intervals are made: as if the prior were known, or with what is not known of it."""
AROUND: Final[tuple[Around, ...]] = get_args(Around)
# The gamma's shape is looked for between these; beyond the upper end the units differ by less than 0.1 %.
_SHAPES: Final = (1e-4, 1e6)
_GRID: Final = 121


@attrs.frozen
class Gamma:
    """The distribution of the true ratios over the units.

    Args:
        shape: Its shape.
        rate: Its rate, in the unit of the expected cases: the weight of the group beside a unit's own figures.
    """

    shape: float
    rate: float

    @property
    def mean(self) -> float:
        """The mean of the true ratios."""
        return self.shape / self.rate

    @property
    def variance(self) -> float:
        """Their variance."""
        return self.shape / self.rate**2


@attrs.frozen
class Shrinkage(Published):
    """What shrinkage says of each unit.

    Args:
        ratios: For each unit the posterior mean of its ratio (or rate, where exposures were given), or why none.
        own: For each unit its own ratio, or why none.
        intervals: For each unit the posterior interval, or why none.
        weights: For each unit the share of its own ratio in the shrunken one, 0 to 1, or why none.
        mean: The mean ratio of the group; ``Unknown`` where no unit can be used.
        prior: The gamma distribution of the true ratios; ``None`` where the units differ no more than by chance:
            then every unit stands at the mean.
        level: The level of the intervals.
        by: How the prior was found.
    """

    ratios: tuple[float | Unknown, ...]
    own: tuple[float | Unknown, ...]
    intervals: tuple[Interval | Unknown, ...]
    weights: tuple[float | Unknown, ...]
    mean: float | Unknown
    prior: Gamma | None
    level: float
    by: Method

    @property
    def ranks(self) -> tuple[int | None, ...]:
        """The place of each unit by its shrunken ratio, 1 highest; equal ratios share a place; ``None`` if unknown."""
        known = sorted((ratio for ratio in self.ratios if not isinstance(ratio, Unknown)), reverse=True)
        first: dict[float, int] = {}
        for place, ratio in enumerate(known, start=1):
            first.setdefault(ratio, place)
        return tuple(None if isinstance(ratio, Unknown) else first[ratio] for ratio in self.ratios)

    @property
    def words(self) -> Words:
        """What was found, in a sentence."""
        if isinstance(self.mean, Unknown):
            return Words("no unit can be used", "没有可用的单位")
        if self.prior is None:
            return Words(
                f"the units differ no more than chance would make them: every one stands at the mean {self.mean:.6g}",
                f"各单位之间的差异不超出偶然范围：全部取均值 {self.mean:.6g}",
            )
        spread = math.sqrt(self.prior.variance)
        return Words(
            f"the true figures spread around {self.prior.mean:.6g} with a standard deviation of {spread:.6g}; a unit's"
            f" own figure weighs as much as the group's where {self.prior.rate:.6g} is its expected number or exposure",
            f"真实值围绕 {self.prior.mean:.6g} 分布，标准差 {spread:.6g}；期望数或暴露量为 {self.prior.rate:.6g} 时，"
            f"单位自身与群体的权重相等",
        )


def shrink(
    observed: Column,
    expected: Column,
    *,
    method: Literal["moments", "likelihood"] = "moments",
    intervals: Around = "plug-in",
    level: float = 0.95,
) -> Shrinkage:
    """Shrink each unit's ratio towards the group's, the more the less there is to know it by.

    Small units top and tail every list by chance. Here each unit's true ratio is one of a gamma distribution that
    the units themselves show; the ratio given is its posterior mean: a weighted mean of own and group ratio.
    The result does not depend on the order of the units. The plug-in intervals take the prior as known and are
    therefore too narrow where there are few units; those of Kass & Steffey add what is not known of the prior.

    Args:
        observed: Cases of each unit.
        expected: Expected cases of each unit, or its exposure: then ratios are rates.
        method: ``"moments"`` (Marshall's global estimator) or ``"likelihood"`` (the marginal maximum likelihood of
            the gamma-Poisson model).
        intervals: ``"plug-in"``, or ``"kass-steffey"`` (for ``method="likelihood"``): to the posterior variance comes
            how the posterior mean moves with the prior, times the variance of the prior's estimates; the interval is
            that of the gamma distribution with this mean and variance.
        level: The level of the posterior intervals.

    Returns:
        A `Shrinkage`. A unit without exposure or with a missing figure is ``Unknown`` and does not enter the group.

    Raises:
        InputError: A number is negative, a count not whole, or the columns differ in length; or the intervals of Kass &
            Steffey were asked for a prior that is not of greatest likelihood.

    Source: Marshall 1991, Applied Statistics 40:283-294; Clayton & Kaldor 1987, Biometrics 43:671-681; Kass & Steffey
    1989, J Am Stat Assoc 84:717-726.

    >>> found = shrink([0, 3, 40, 12], [2, 2, 20, 15])
    >>> [round(ratio, 3) for ratio in found.ratios]
    [1.01, 1.436, 1.881, 0.954]
    >>> found.ranks
    (3, 2, 1, 4)
    """
    lib = libraries()
    level = read_level(level)
    named = _METHODS[read_choice(method, "method", _METHODS)]
    if read_choice(intervals, "intervals", AROUND) != "plug-in" and method != "likelihood":
        raise InputError(
            "these intervals need the prior of greatest likelihood",
            where="shrink",
            seen=f"method={method!r}, intervals={intervals!r}",
            expected="method='likelihood'",
        )
    units = side_by_side(read(observed, "observed", whole=True), read(expected, "expected", positive=True))
    good = units.good
    cases, wanted = units.arrays(lib.np, good)
    if not good:
        every = tuple(units.spread({}))
        return Shrinkage(every, every, every, every, _nobody(), None, level, named)
    # Sums of floats depend on the order of the terms; sorted first, they do not depend on the order of the rows.
    order = lib.np.lexsort((cases, wanted))
    mean, prior = (_by_moments if method == "moments" else _by_likelihood)(lib, cases[order], wanted[order])
    if prior is None:
        ratios, weights = lib.np.full(len(good), mean), lib.np.zeros(len(good))
        limits: dict[int, Interval | Unknown] = {index: _no_spread() for index in good}
    else:
        ratios = (cases + prior.shape) / (wanted + prior.rate)
        weights = wanted / (wanted + prior.rate)
        limits = dict.fromkeys(good, _flat())
        if intervals == "plug-in":
            limits = _limits(lib, _plug_in(cases, wanted, prior), good, level, named)
        elif (curvature := _Curvature.of(lib, cases[order], wanted[order], prior)).volume > 0:
            limits = _limits(lib, _widened(cases, wanted, prior, curvature), good, level, KASS_STEFFEY)

    def spread(values: Any) -> tuple[Any, ...]:
        return tuple(units.spread({index: float(values[place]) for place, index in enumerate(good)}))

    return Shrinkage(
        spread(ratios),
        spread(cases / wanted),
        tuple(units.spread(limits)),
        spread(weights),
        mean if prior is None else prior.mean,
        prior,
        level,
        named,
    )


Posterior = tuple[Any, Any]
"""Shape and rate of the gamma distribution of every unit's true ratio."""


def _plug_in(cases: Any, wanted: Any, prior: Gamma) -> Posterior:
    """The posterior as if the prior were known."""
    return cases + prior.shape, wanted + prior.rate


@attrs.frozen
class _Curvature:
    """How fast the likelihood falls from its greatest, in the logarithms of the prior's shape and mean."""

    shape: float
    mean: float
    both: float

    @classmethod
    def of(cls, lib: Any, cases: Any, wanted: Any, prior: Gamma) -> _Curvature:
        """The second derivatives, turned round."""
        shape, due = prior.shape, prior.mean * wanted
        both = shape + due
        slope = lib.special.digamma(cases + shape) - lib.special.digamma(shape) - lib.np.log1p(due / shape)
        slope = slope + (due - cases) / both
        bend = lib.special.polygamma(1, cases + shape) - lib.special.polygamma(1, shape)
        bend = bend + due / (shape * both) + (cases - due) / both**2
        return cls(
            -float((shape * slope + shape**2 * bend).sum()),
            float((shape * due * (shape + cases) / both**2).sum()),
            -float((shape * (cases - due) * due / both**2).sum()),
        )

    @property
    def volume(self) -> float:
        """Zero or less where the likelihood is no hill."""
        return self.shape * self.mean - self.both**2 if self.shape > 0 else 0.0

    def variance(self, with_shape: Any, with_mean: Any) -> Any:
        """The variance of what moves so much with the two."""
        parts = self.mean * with_shape**2 - 2 * self.both * with_shape * with_mean + self.shape * with_mean**2
        return parts / self.volume


def _widened(cases: Any, wanted: Any, prior: Gamma, curvature: _Curvature) -> Posterior:
    """The gamma of the same mean whose variance has what is not known of the prior in it."""
    due = prior.mean * wanted
    both = prior.shape + due
    ratios = prior.mean * (cases + prior.shape) / both
    with_shape = prior.shape * prior.mean * (due - cases) / both**2
    variance = ratios * prior.mean / both + curvature.variance(with_shape, ratios * prior.shape / both)
    return ratios**2 / variance, ratios / variance


def _limits(lib: Any, posterior: Posterior, good: list[int], level: float, by: Method) -> dict[int, Interval | Unknown]:
    shape, rate = posterior
    tail = (1 - level) / 2
    low, high = lib.special.gammaincinv(shape, tail) / rate, lib.special.gammainccinv(shape, tail) / rate
    return {index: Interval(float(low[place]), float(high[place]), level, by) for place, index in enumerate(good)}


def _flat() -> Unknown:
    words = Words(
        "the likelihood of the prior is flat, so nothing can be said of how well it is known",
        "先验分布的似然函数平坦，无法判断其估计的准确程度",
    )
    return Unknown((Reason("flat_likelihood", "prior", words),))


def _nobody() -> Unknown:
    return Unknown((Reason("missing", "expected", Words("no unit has an exposure", "没有单位具备暴露量")),))


def _no_spread() -> Unknown:
    return Unknown(
        (
            Reason(
                "no_overdispersion",
                "prior",
                Words(
                    "the units differ no more than by chance, so shrinkage knows no spread to make an interval from",
                    "各单位差异不超出偶然范围，收缩估计没有可用于区间的离散度",
                ),
            ),
        )
    )


def _by_moments(_lib: Any, cases: Any, wanted: Any) -> tuple[float, Gamma | None]:
    """Marshall's global estimator: the variance between units is what chance leaves of the weighted variance."""
    total = float(wanted.sum())
    mean = float(cases.sum()) / total
    seen = float((wanted * (cases / wanted - mean) ** 2).sum()) / total
    between = seen - mean / (total / len(wanted))
    if between <= 0 or mean == 0:
        return mean, None
    return mean, Gamma(mean**2 / between, mean / between)


def _by_likelihood(lib: Any, cases: Any, wanted: Any) -> tuple[float, Gamma | None]:
    """The gamma whose negative-binomial likelihood of the counts is greatest, found on a grid and then to the digit."""
    np = lib.np
    pooled = float(cases.sum() / wanted.sum())
    if pooled == 0:
        return 0.0, None

    def mean_at(shape: float) -> float:
        """The best mean for a shape: its score falls as the mean grows, so there is one root."""

        def score(log_mean: float) -> float:
            mean = math.exp(log_mean)
            return float(((cases - mean * wanted) / (1 + mean * wanted / shape)).sum())

        ratios = cases / wanted
        low, high = math.log(max(float(ratios.min()), pooled * 1e-9)) - 1, math.log(float(ratios.max())) + 1
        return math.exp(lib.optimize.brentq(score, low, high, xtol=1e-14, rtol=1e-14))

    def likelihood(log_shape: float) -> float:
        shape = math.exp(log_shape)
        mean = mean_at(shape)
        grown = lib.special.gammaln(cases + shape) - lib.special.gammaln(shape)
        return float(
            (
                grown - (shape + cases) * np.log1p(mean * wanted / shape) + cases * (math.log(mean) - math.log(shape))
            ).sum()
        )

    def slope(log_shape: float) -> float:
        shape = math.exp(log_shape)
        share = mean_at(shape) * wanted / shape
        psi = lib.special.digamma(cases + shape) - lib.special.digamma(shape)
        return float((psi - np.log1p(share) + (share - cases / shape) / (1 + share)).sum())

    # At the end of no spread the likelihood rises towards spread only if the counts vary more than a Poisson's.
    if float(((cases - pooled * wanted) ** 2 - cases).sum()) <= 0:
        return pooled, None
    grid = [float(point) for point in np.linspace(math.log(_SHAPES[0]), math.log(_SHAPES[1]), _GRID)]
    best = max(range(_GRID), key=lambda place: likelihood(grid[place]))
    if best == _GRID - 1:
        return pooled, None
    low, high = grid[max(best - 1, 0)], grid[best + 1]
    if slope(low) > 0 > slope(high):
        log_shape = float(lib.optimize.brentq(slope, low, high, xtol=1e-13, rtol=1e-13))
    else:
        log_shape = grid[best]
    shape = math.exp(log_shape)
    mean = mean_at(shape)
    return mean, Gamma(shape, shape / mean)
