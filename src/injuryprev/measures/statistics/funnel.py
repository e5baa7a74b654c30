"""Funnel plots: which units lie outside what chance would do to units of their size."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final, Literal

import attrs

from injuryprev.errors import InputError
from injuryprev.measures.statistics.method import (
    FUNNEL_ADDITIVE,
    FUNNEL_MULTIPLICATIVE,
    FUNNEL_POISSON,
    FUNNEL_SCORE,
    Method,
    Published,
)
from injuryprev.measures.statistics.numeric import libraries
from injuryprev.measures.statistics.reading import (
    Column,
    Given,
    Units,
    read,
    read_choice,
    read_factor,
    side_by_side,
)
from injuryprev.unknown import Unknown

Kind = Literal["rate", "ratio", "proportion"]
Zone = Literal["low_3", "low_2", "inside", "high_2", "high_3"]
Overdispersion = Literal["none", "multiplicative", "additive"]

# What public-health analysts draw for 2 and 3 standard deviations: 95 % and 99.8 % of the normal distribution.
TAILS: Final = (0.025, 0.001)
WINSORISED: Final = 0.1


@attrs.frozen
class Limits:
    """Control limits for one size of unit, as values of the rate, ratio or proportion.

    Args:
        low_3: Below it lies 0.1 % of such units by chance.
        low_2: Below it lie 2.5 %.
        high_2: Above it lie 2.5 %.
        high_3: Above it lies 0.1 %.
    """

    low_3: float
    low_2: float
    high_2: float
    high_3: float


@attrs.frozen
class Point:
    """One unit of a funnel plot.

    Args:
        value: Its rate, ratio or proportion, in the base asked for.
        size: Its exposure, expected cases, or total.
        limits: The limits for its size.
        zone: Where it lies: ``"inside"``, or outside 2 or 3 standard deviations, ``"high_2"`` to ``"low_3"``.
    """

    value: float
    size: float
    limits: Limits
    zone: Zone


@attrs.frozen
class Dispersion:
    """How much more the units vary than chance alone would make them.

    Args:
        phi: The mean square of the Winsorised z scores; 1 is what chance does.
        tau_squared: The variance between units, on the scale on which chance has one variance (the square root of
            rates and ratios, the arc sine of the root of proportions).
        units: How many units it rests on.
        winsorised: The share of the z scores at either end that was drawn in.
    """

    phi: float
    tau_squared: float
    units: int
    winsorised: float


@attrs.frozen
class Funnel(Published):
    """A funnel plot as figures.

    Args:
        kind: Rates, ratios or proportions.
        target: The line in the middle, in the base asked for.
        points: The units, in the order given; ``Unknown`` where one cannot be placed.
        dispersion: How much the units vary beyond chance.
        overdispersion: Whether and how the limits allow for it.
        per: The base.
        by: How the limits were worked out.
    """

    kind: Kind
    target: float
    points: tuple[Point | Unknown, ...]
    dispersion: Dispersion
    overdispersion: Overdispersion
    per: float
    by: Method

    def outside(self, deviations: Literal[2, 3] = 2) -> tuple[int, ...]:
        """The indices of the units outside 2 (or 3) standard deviations."""
        zones = {"low_3", "high_3"} if deviations == 3 else {"low_3", "low_2", "high_2", "high_3"}
        return tuple(
            index for index, point in enumerate(self.points) if isinstance(point, Point) and point.zone in zones
        )

    def limits(self, sizes: Column) -> tuple[Limits | Unknown, ...]:
        """The limits for units of any size: the curves of the plot."""
        lib = libraries()
        units = side_by_side(read(sizes, "sizes", positive=True))
        good = units.good
        (size,) = units.arrays(lib.np, good)
        rows = _limits(lib, self.kind, self.overdispersion, self.dispersion, self.target / self.per, size)
        found = {index: _in_base(row, self.per) for index, row in zip(good, rows, strict=True)}
        return tuple(units.spread(found))


def funnel(
    observed: Column,
    exposure: Column,
    *,
    kind: Kind = "rate",
    target: Given = None,
    per: float = 1,
    overdispersion: Overdispersion = "none",
) -> Funnel:
    """Control limits around a target for units of every size, and the units outside them.

    Without allowance for over-dispersion the limits are those of chance alone: exact Poisson limits for rates and
    ratios, drawn as the English guidance draws them (a unit is outside where its exact interval leaves the target
    out), and score limits for proportions (a unit is outside where its Wilson interval does). The limits for 2 and 3
    standard deviations are those of 95 % and 99.8 %.

    Many units of great size will lie outside such limits, because no two are truly alike. ``"multiplicative"``
    widens the limits by the root of phi where phi exceeds 1; ``"additive"`` adds a variance between units. Both work
    on a scale on which chance has one variance, with z scores Winsorised at 10 % at either end.

    Args:
        observed: Cases of each unit.
        exposure: Exposure (rates), expected cases (ratios) or totals (proportions).
        kind: What is plotted.
        target: The line in the middle, in the base; by default the pooled rate or proportion, and 1 for ratios.
        per: The base of the values and limits, such as 1000.
        overdispersion: ``"none"``, ``"multiplicative"`` or ``"additive"``.

    Returns:
        A `Funnel`. A unit of size zero or with a missing figure is ``Unknown`` and does not enter the target.

    Raises:
        InputError: A number is negative, a count not whole, events exceed a total, no unit can be used, or the
            target is zero because no unit has a case.

    Source: Spiegelhalter 2005, Stat Med 24:1185-1202; OHID Public Health Technical Guidance, funnel plots.

    >>> plot = funnel([8, 151, 159, 191], ["6.239860227", "106.4429719", "232.9329036", "184.0963855"], kind="ratio")
    >>> [point.zone for point in plot.points]
    ['inside', 'high_3', 'low_3', 'inside']
    """
    lib = libraries()
    np = lib.np
    read_choice(kind, "kind", ("rate", "ratio", "proportion"))
    read_choice(overdispersion, "overdispersion", ("none", "multiplicative", "additive"))
    base = read_factor(per, "per")
    whole = kind == "proportion"
    units = side_by_side(read(observed, "observed", whole=True), read(exposure, "exposure", positive=True, whole=whole))
    good = units.good
    cases, size = units.arrays(np, good)
    centre = _target(units, kind, target, base, cases, size)
    z_scores, deviations = _z_scores(np, kind, centre, cases, size)
    dispersion = _dispersion(np, z_scores, deviations)
    rows = _limits(lib, kind, overdispersion, dispersion, centre, size)
    zones = _zones(lib, kind, overdispersion, dispersion, centre, cases, size)
    found = {
        index: Point(
            float(cases[place] / size[place] * base), float(size[place]), _in_base(rows[place], base), zones[place]
        )
        for place, index in enumerate(good)
    }
    return Funnel(
        kind,
        centre * base,
        tuple(units.spread(found)),
        dispersion,
        overdispersion,
        base,
        _method(kind, overdispersion),
    )


def _method(kind: Kind, overdispersion: Overdispersion) -> Method:
    if overdispersion == "none":
        return FUNNEL_SCORE if kind == "proportion" else FUNNEL_POISSON
    return FUNNEL_MULTIPLICATIVE if overdispersion == "multiplicative" else FUNNEL_ADDITIVE


def _target(units: Units, kind: Kind, target: Given, base: float, cases: Any, size: Any) -> float:
    if not units.good:
        raise InputError(
            "no unit can be placed", where="funnel", seen=f"{units.size} units", expected="a unit of a size above zero"
        )
    if kind == "proportion":
        for place, index in enumerate(units.good):
            if cases[place] > size[place]:
                raise InputError(
                    "more events than there are in all",
                    where=f"observed[{index}]",
                    seen=f"{cases[place]:g} of {size[place]:g}",
                    expected="events at most as many as the total",
                )
    if target is None:
        # The exact sums of math.fsum do not depend on the order of the rows.
        centre = 1.0 if kind == "ratio" else math.fsum(cases) / math.fsum(size)
    else:
        centre = read_factor(target, "target") / base
    if centre <= 0 or (kind == "proportion" and centre >= 1):
        raise InputError(
            "a target at the end of the scale leaves no room for chance",
            where="target",
            seen=centre * base,
            expected="above zero" + (" and below 1" if kind == "proportion" else ""),
        )
    return centre


def _in_base(row: tuple[float, float, float, float], base: float) -> Limits:
    return Limits(*(value * base for value in row))


def _scale(np: Any, kind: Kind) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    """To the scale on which chance has the variance 1 ÷ (4 size), and back."""
    if kind == "proportion":
        return lambda value: np.arcsin(np.sqrt(value)), lambda angle: np.sin(np.clip(angle, 0, math.pi / 2)) ** 2
    return np.sqrt, lambda root: np.maximum(root, 0) ** 2


def _z_scores(np: Any, kind: Kind, centre: float, cases: Any, size: Any) -> tuple[Any, Any]:
    to, _ = _scale(np, kind)
    deviations = 0.5 / np.sqrt(size)
    return (to(cases / size) - to(centre)) / deviations, deviations


def _dispersion(np: Any, z_scores: Any, deviations: Any) -> Dispersion:
    low, high = np.quantile(z_scores, [WINSORISED, 1 - WINSORISED])
    count = len(z_scores)
    phi = math.fsum(np.clip(z_scores, low, high) ** 2) / count
    precision = 1 / deviations**2
    total = math.fsum(precision)
    room = total - math.fsum(precision**2) / total
    tau_squared = max(0.0, (count * phi - (count - 1)) / room) if room > 0 else 0.0
    return Dispersion(phi, tau_squared, count, WINSORISED)


def _spread(np: Any, overdispersion: Overdispersion, dispersion: Dispersion, size: Any) -> Any:
    """The standard deviation of a unit on the scale of constant variance, with what is allowed for."""
    if overdispersion == "multiplicative":
        return 0.5 / np.sqrt(size) * math.sqrt(max(1.0, dispersion.phi))
    return np.sqrt(0.25 / size + dispersion.tau_squared)


_LARGE: Final = 1e9


def _limits(
    lib: Any, kind: Kind, overdispersion: Overdispersion, dispersion: Dispersion, centre: float, size: Any
) -> list[tuple[float, float, float, float]]:
    np, special = lib.np, lib.special
    two, three = (-float(special.ndtri(tail)) for tail in TAILS)
    signs = (-three, -two, two, three)
    if overdispersion != "none":
        to, back = _scale(np, kind)
        spread = _spread(np, overdispersion, dispersion, size)
        columns = [back(to(centre) + sign * spread) for sign in signs]
    elif kind == "proportion":
        spread = np.sqrt(centre * (1 - centre) / size)
        columns = [np.clip(centre + sign * spread, 0, 1) for sign in signs]
    else:
        mean = centre * size
        two_tail, three_tail = TAILS
        columns = [
            _lower_count(lib, three_tail, mean) / size,
            _lower_count(lib, two_tail, mean) / size,
            _upper_count(lib, two_tail, mean) / size,
            _upper_count(lib, three_tail, mean) / size,
        ]
    return [tuple(map(float, row)) for row in zip(*columns, strict=True)]  # type: ignore[misc]  # four columns


def _lower_count(lib: Any, tail: float, mean: Any) -> Any:
    """The count, interpolated, that a Poisson of this mean stays at or below with the chance ``tail``."""
    np, special = lib.np, lib.special
    score = special.ndtri(tail)
    # SciPy's inverse has no answer for the largest means, where Cornish and Fisher's is exact to the last digit.
    large = mean + score * np.sqrt(mean) + (score**2 - 1) / 6 - 0.5
    return np.where(mean < _LARGE, special.pdtrik(tail, np.minimum(mean, _LARGE)), large)


def _upper_count(lib: Any, tail: float, mean: Any) -> Any:
    """The count, interpolated, that a Poisson of this mean reaches or exceeds with the chance ``tail``."""
    np, special = lib.np, lib.special
    count = special.pdtrik(1 - tail, mean) + 1
    # Below one case the inverse above has no answer: there halving finds it.
    small = special.gammainc(1.0, mean) < tail
    low, high = np.zeros_like(mean), np.ones_like(mean)
    for _ in range(60 if small.any() else 0):
        middle = (low + high) / 2
        above = special.gammainc(np.maximum(middle, 1e-300), mean) > tail
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return np.where(small, high, count)


def _zones(
    lib: Any, kind: Kind, overdispersion: Overdispersion, dispersion: Dispersion, centre: float, cases: Any, size: Any
) -> list[Zone]:
    """Where each unit lies, by its own tails or score rather than by the drawn limits."""
    np, special = lib.np, lib.special
    if overdispersion == "none" and kind != "proportion":
        mean = centre * size
        low = special.gammaincc(cases + 1, mean)
        high = np.where(cases > 0, special.gammainc(np.maximum(cases, 1), mean), 1.0)
    else:
        if overdispersion == "none":
            score = (cases / size - centre) / np.sqrt(centre * (1 - centre) / size)
        else:
            to, _ = _scale(np, kind)
            score = (to(cases / size) - to(centre)) / _spread(np, overdispersion, dispersion, size)
        low, high = special.ndtr(score), special.ndtr(-score)
    two, three = TAILS
    zones: list[Zone] = []
    for below, above in zip(low, high, strict=True):
        if above < two:
            zones.append("high_3" if above < three else "high_2")
        elif below < two:
            zones.append("low_3" if below < three else "low_2")
        else:
            zones.append("inside")
    return zones
