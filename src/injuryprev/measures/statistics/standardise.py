"""Rates and ratios that allow for a different mix of ages, trades or industries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, overload

import attrs

from injuryprev.errors import InputError
from injuryprev.measures.statistics.interval import (
    COUNT_METHODS,
    CountMethod,
    Interval,
    no_limit,
    poisson_limits,
)
from injuryprev.measures.statistics.method import DOBSON_BYAR, DOBSON_EXACT, DOBSON_OHID, Method, Published
from injuryprev.measures.statistics.numeric import libraries
from injuryprev.measures.statistics.reading import (
    Column,
    Given,
    read,
    read_choice,
    read_factor,
    read_level,
    side_by_side,
)
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

_DOBSON: Final[Mapping[str, Method]] = {"exact": DOBSON_EXACT, "byar": DOBSON_BYAR, "ohid": DOBSON_OHID}
_OHID_LEAST: Final = 10


@attrs.frozen
class Standardised(Published):
    """A standardised rate or ratio.

    Args:
        value: The rate or ratio, in the base asked for.
        interval: Its interval, or why there is none.
        cases: The cases it rests on.
        expected: For a ratio, the cases that were expected; ``None`` for a rate.
        by: How the interval was worked out.
    """

    value: float
    interval: Interval | Unknown
    cases: int
    expected: float | None
    by: Method


def directly_standardised(
    counts: Column,
    exposures: Column,
    weights: Column,
    *,
    per: float = 1,
    level: float = 0.95,
    method: Literal["exact", "byar", "ohid"] = "exact",
) -> Standardised | Unknown:
    """The rate that a standard mix of strata would have at this group's stratum rates, with Dobson's interval.

    Dobson's method carries the interval of the total count over to the weighted rate.

    Args:
        counts: Cases of each stratum (age band, trade, industry).
        exposures: Exposure of each stratum.
        weights: The standard's size of each stratum; only the proportions matter. A stratum of weight 0 is left out.
        per: The base of the rate.
        level: The confidence level.
        method: How the interval of the total is taken: ``"exact"``, ``"byar"``, or ``"ohid"``: Byar, and nothing at
            all below 10 cases, as the English guidance publishes it.

    Returns:
        A `Standardised` rate. ``Unknown`` where a stratum of the standard has no exposure or is not known: its rate
        cannot be weighted in. With no cases at all the rate is 0 and its interval ``Unknown``: the method has no
        variance to scale.

    Raises:
        InputError: A number is negative, a count not whole, the columns differ in length, the weights are all zero.

    Source: Dobson, Kuulasmaa, Eberle & Scherer 1991, Stat Med 10:457-462; OHID guidance for ``"ohid"``.

    >>> rate = directly_standardised([12, 4, 30], [636, 558, 300], [5000, 5500, 2000], per=1000)
    >>> round(rate.value, 4), round(rate.interval.low, 4), round(rate.interval.high, 4)
    (26.7013, 19.4871, 35.6925)
    """
    lib = libraries()
    np = lib.np
    level, base = read_level(level), read_factor(per, "per")
    named = _DOBSON[read_choice(method, "method", _DOBSON)]
    standard = read(weights, "weights")
    units = side_by_side(read(counts, "counts", whole=True), read(exposures, "exposures", positive=True), standard)
    inside = [index for index in range(units.size) if standard.reason(index) is not None or standard.at(index) > 0]
    if not inside:
        raise InputError("the standard is empty", where="weights", seen=list(standard.values)[:5], expected="a weight")
    reasons = tuple(reason for index in inside for reason in units.reasons(index))
    if reasons:
        return Unknown(reasons)
    cases, exposure, weight = units.arrays(np, inside)
    share = weight / weight.sum()
    total = float(cases.sum())
    value = float((share * cases / exposure).sum())
    if method == "ohid" and total < _OHID_LEAST:
        return Unknown((_too_few(total),))
    if total == 0:
        return Standardised(0.0, Unknown((_no_cases(),)), 0, None, named)
    low, high = (float(limit) for limit in poisson_limits(total, level, "exact" if method == "exact" else "byar"))
    scale = float(np.sqrt((share**2 * cases / exposure**2).sum() / total)) * base
    interval: Interval | Unknown = Interval(
        value * base + scale * (low - total), value * base + scale * (high - total), level, named
    )
    if np.isnan(low):
        interval = no_limit(total, level)
    return Standardised(value * base, interval, int(total), None, named)


def _too_few(total: float) -> Reason:
    return Reason(
        "too_few_cases",
        "counts",
        Words(
            f"{total:g} cases are too few for a directly standardised rate; the guidance asks for {_OHID_LEAST}",
            f"仅 {total:g} 例，不足以计算直接标准化率（指南要求至少 {_OHID_LEAST} 例）",
        ),
        DOBSON_OHID.source,
    )


def _no_cases() -> Reason:
    return Reason(
        "no_cases",
        "counts",
        Words("without a case Dobson's method has no variance to scale", "没有病例时 Dobson 法没有方差可用"),
        DOBSON_EXACT.source,
    )


def expected_cases(exposures: Column, reference_counts: Column, reference_exposures: Column) -> float | Unknown:
    """The cases a group would have had at the stratum rates of a reference.

    Args:
        exposures: The group's exposure in each stratum.
        reference_counts: The reference's cases in each stratum.
        reference_exposures: The reference's exposure in each stratum.

    Returns:
        The expected number; ``Unknown`` where a stratum in which the group has exposure has no reference rate.

    Raises:
        InputError: A number is negative, a count not whole, or the columns differ in length.

    Source: OHID Public Health Technical Guidance, indirectly standardised ratios.

    >>> expected_cases([100, 200], [5, 40], [1000, 2000])
    4.5
    """
    np = libraries().np
    own = read(exposures, "exposures")
    units = side_by_side(
        own, read(reference_counts, "reference_counts", whole=True),
        read(reference_exposures, "reference_exposures", positive=True),
    )  # fmt: skip
    inside = [index for index in range(units.size) if own.reason(index) is not None or own.at(index) > 0]
    reasons = tuple(reason for index in inside for reason in units.reasons(index))
    if reasons:
        return Unknown(reasons)
    exposure, cases, reference = units.arrays(np, inside)
    return float((exposure * cases / reference).sum())


@overload
def standardised_ratio(  # type: ignore[overload-overlap]  # text is one number here, though Python iterates it
    observed: Given, expected: Given, *, per: float = ..., level: float = ..., method: CountMethod = ...
) -> Standardised | Unknown: ...
@overload
def standardised_ratio(
    observed: Column, expected: Column | Given, *, per: float = ..., level: float = ..., method: CountMethod = ...
) -> tuple[Standardised | Unknown, ...]: ...


def standardised_ratio(
    observed: Given | Column,
    expected: Given | Column,
    *,
    per: float = 1,
    level: float = 0.95,
    method: CountMethod = "exact",
) -> Standardised | Unknown | tuple[Standardised | Unknown, ...]:
    """Observed over expected cases: the indirectly standardised ratio (SMR, SIR) with its interval.

    Two such ratios are not comparable with each other when their groups differ in mix: each is weighted by its own.

    Args:
        observed: Cases seen.
        expected: Cases expected at the reference's rates (`expected_cases`), taken as known without error.
        per: 1 for a ratio, 100 as many publish it.
        level: The confidence level.
        method: As in `count_interval`.

    Returns:
        A `Standardised` ratio, or a tuple of them; ``Unknown`` where nothing was expected or something is missing.

    Raises:
        InputError: A number is negative, a count not whole, or the columns differ in length.

    Source: Breslow & Day 1987, IARC, ch. 2; OHID Public Health Technical Guidance.

    >>> ratio = standardised_ratio(9, "835.8835612311743", per=100)
    >>> round(ratio.value, 6), round(ratio.interval.low, 6), round(ratio.interval.high, 6)
    (1.076705, 0.492338, 2.043921)
    """
    np = libraries().np
    level, base = read_level(level), read_factor(per, "per")
    method_name = read_choice(method, "method", COUNT_METHODS)
    units = side_by_side(read(observed, "observed", whole=True), read(expected, "expected", positive=True))
    good = units.good
    cases, wanted = units.arrays(np, good)
    low, high = poisson_limits(cases, level, method_name)
    named = COUNT_METHODS[method_name]
    found = {}
    for place, index in enumerate(good):
        factor = base / wanted[place]
        interval = (
            no_limit(cases[place], level)
            if np.isnan(low[place])
            else Interval(float(low[place] * factor), float(high[place] * factor), level, named)
        )
        found[index] = Standardised(
            float(cases[place] * factor), interval, int(cases[place]), float(wanted[place]), named
        )
    answers = tuple(units.spread(found))
    return answers[0] if units.single else answers
