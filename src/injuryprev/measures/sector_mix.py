"""A rate as it would be with another mix of sectors: the rates of sectors weighted by shares that all compared have."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import attrs

from injuryprev.errors import InputError
from injuryprev.measures.definition import Definition
from injuryprev.measures.injury_rate import InjuryRate, same_definition
from injuryprev.measures.quotients import as_decimal
from injuryprev.units import Number, exact
from injuryprev.unknown import Reason, Unknown


@attrs.frozen
class WeightedRate:
    """A weighted mean of the rates of sectors; no rate of anybody, and therefore not compared with one.

    Args:
        definition: By which the sectors' rates were made.
        exact: The weighted mean, or why there is none.
        weights: The share of each sector, as a part of 1.
    """

    definition: Definition
    exact: Fraction | Unknown
    weights: Mapping[str, Fraction] = attrs.field(hash=False)

    @property
    def value(self) -> Decimal | Unknown:
        """The weighted mean, exact or of 28 significant digits; or why there is none."""
        return self.exact if isinstance(self.exact, Unknown) else as_decimal(self.exact)


def weighted(rates: Mapping[str, InjuryRate], weights: Mapping[str, Number]) -> WeightedRate:
    """The rate standardised as ESAW does: national rates by sector, weighted by each sector's share of employment.

    With the shares of employment in the European Union as weights it is ESAW's standardised incidence rate: countries
    compared as if each had the Union's mix of sectors.

    Args:
        rates: The rate of each sector, all by one definition.
        weights: The size of each sector in the standard; only the proportions matter.  A sector of weight 0 needs no
            rate.

    Returns:
        The weighted mean; unknown where the rate of a sector that has weight is.

    Raises:
        InputError: Several definitions, sectors with a rate and no weight or the other way round, a weight below
            zero, or none above it.

    Source: ESAW metadata (ec.europa.eu).

    >>> from injuryprev.measures import standard
    >>> esaw = standard("esaw.incidence")
    >>> rates = {"C": esaw.compute(300, 10_000), "F": esaw.compute(400, 8_000)}
    >>> print(weighted(rates, {"C": "0.7", "F": "0.3"}).value)
    3600
    """
    given = {sector: exact(weight, where=f"weights[{sector!r}]") for sector, weight in weights.items()}
    total = sum(given.values(), Fraction(0))
    if total <= 0 or any(weight < 0 for weight in given.values()):
        raise InputError(
            "weights are zero or more, and some of them more", where="weights", seen=dict(weights), expected="shares"
        )
    needed = {sector for sector, weight in given.items() if weight}
    apart = sorted((set(rates) - set(given)) | (needed - set(rates)))
    if apart:
        raise InputError(
            "a sector has a rate and no weight, or a weight and no rate",
            where="weighted",
            seen=", ".join(apart),
            expected="the same sectors in rates and weights",
        )
    definition = same_definition(list(rates.values()))
    sum_, reasons = Fraction(0), dict[Reason, None]()
    for sector in sorted(needed):
        rate = rates[sector].exact
        if isinstance(rate, Unknown):
            reasons.update(dict.fromkeys(rate.reasons))
        else:
            sum_ += given[sector] / total * rate
    made = Unknown(tuple(reasons)) if reasons else sum_
    return WeightedRate(definition, made, {sector: weight / total for sector, weight in given.items()})
