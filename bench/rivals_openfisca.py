"""The Zhejiang rules of 2025 as variables of openfisca-core, vectorised as that library wants them.

Its numbers are 32-bit floats, so ratios are taken in 64 bits from figures put back on their steps, and a contribution
carries seven digits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from openfisca_core import entities, periods, taxbenefitsystems, variables
from openfisca_core.parameters import ParameterNode
from openfisca_core.simulations import SimulationBuilder

EMPLOYER = entities.Entity("employer", "employers", "An employer", "")
YEAR = "2025"
RATES = {1: 0.002, 2: 0.004, 3: 0.007, 4: 0.009, 5: 0.011, 6: 0.013, 7: 0.016, 8: 0.019}
TIERS = np.array([0.5, 0.8, 1.0, 1.2, 1.5])
SINCE = "2024-01-01"

FIGURES: dict[str, tuple[type, float]] = {
    "risk_class": (int, 1),
    "months_insured": (int, 12),
    "payroll": (float, 0),
    "insured": (float, 0),
    "contributions": (float, 0),
    "benefits": (float, 0),
    "injuries": (int, 0),
    "deaths": (int, 0),
    "industry_incidence": (float, 0),
    "false_facts": (bool, False),
    "benefit_fraud": (bool, False),
    "former_class_rate": (float, 0),
    "former_class_one_rate": (float, 0),
    "phase_in_cut": (float, 0),
}


def exact(values: Any, places: int) -> Any:
    """A figure put back on its step, in 64 bits."""
    return np.round(values.astype(np.float64), places)


def variable(formula: Callable[..., Any], kind: type = float) -> type[variables.Variable]:
    """A yearly variable named after its formula; the library reads the body of the class alone, not its bases."""
    body = {"value_type": kind, "entity": EMPLOYER, "definition_period": periods.YEAR, "formula": formula}
    return type(formula.__name__, (variables.Variable,), body)


def payout_ratio(employer: Any, period: Any) -> Any:
    """Benefits over contributions."""
    return exact(employer("benefits", period), 2) / exact(employer("contributions", period), 2)


def incidence_ratio(employer: Any, period: Any) -> Any:
    """Incidence against the mean of the industry."""
    incidence = employer("injuries", period) / exact(employer("insured", period), 2)
    return np.round(incidence / exact(employer("industry_incidence", period), 6), 12)


def appraised_move(employer: Any, period: Any) -> Any:
    """The highest of the cases that meet."""
    payout, incidence = employer("payout_ratio", period), employer("incidence_ratio", period)
    return np.select(
        [
            employer("benefit_fraud", period) | (payout > 1.5) | (incidence >= 1.5),
            employer("false_facts", period) | (payout > 1) | (incidence > 1),
            (employer("deaths", period) >= 1) | (payout > 0.5),
            payout > 0,
        ],
        [2, 1, 0, -1],
        -2,
    )


def tier_move(employer: Any, period: Any) -> Any:
    """Within the ladder of the class; a new employer stays."""
    move = employer("appraised_move", period)
    own = np.where(employer("risk_class", period) == 1, np.maximum(move, 0), move)
    return np.where(employer("months_insured", period) < 1, 0, own)


def tier(employer: Any, period: Any) -> Any:
    """Multiple of the base rate."""
    return TIERS[employer("tier_move", period) + 2]


def base_rate(employer: Any, period: Any, parameters: Any) -> Any:
    """The class rate, or what the locality had if that is higher."""
    own = parameters(period).class_rate[employer("risk_class", period).astype(str)]
    return np.maximum(own, employer("former_class_rate", period))


def rate(employer: Any, period: Any, parameters: Any) -> Any:
    """Not below the base of class 1, then cut."""
    floor = np.maximum(parameters(period).floor_rate, employer("former_class_one_rate", period))
    floated = exact(employer("base_rate", period), 4) * exact(employer("tier", period), 1)
    return np.maximum(floated, floor) * (1 - exact(employer("phase_in_cut", period), 2))


def contribution(employer: Any, period: Any) -> Any:
    """Half up to the fen."""
    due = exact(employer("payroll", period), 2) * exact(employer("rate", period), 7)
    return np.floor(due * 100 + 0.5 + 1e-6) / 100


OUTPUTS = (base_rate, tier_move, tier, rate, contribution)


class OpenFisca:
    """The system, built once; a record is a plain mapping of numbers, rated in a simulation of one employer."""

    def __init__(self) -> None:
        self.system = taxbenefitsystems.TaxBenefitSystem([EMPLOYER])
        for name, (kind, default) in FIGURES.items():
            body = {"value_type": kind, "default_value": default, "entity": EMPLOYER, "definition_period": periods.YEAR}
            self.system.add_variable(type(name, (variables.Variable,), body))
        whole = (appraised_move, tier_move)
        steps = (payout_ratio, incidence_ratio, appraised_move, *OUTPUTS)
        self.system.add_variables(*(variable(step, int if step in whole else float) for step in steps))
        self.system.parameters = ParameterNode(
            data={
                "floor_rate": {"values": {SINCE: {"value": 0.002}}},
                "class_rate": {str(key): {"values": {SINCE: {"value": value}}} for key, value in RATES.items()},
            }
        )

    def many(self, records: list[dict[str, Any]]) -> list[dict[str, float]]:
        """Records rated together."""
        given = {
            name: np.array([record.get(name, default) for record in records]) for name, (_, default) in FIGURES.items()
        }
        columns = [column.tolist() for column in self.columns(given, len(records))]
        return [
            dict(zip((output.__name__ for output in OUTPUTS), row, strict=True)) for row in zip(*columns, strict=True)
        ]

    def columns(self, given: Mapping[str, Any], count: int) -> list[Any]:
        """Columns rated together."""
        simulation = SimulationBuilder().build_default_simulation(self.system, count)
        for name, column in given.items():
            simulation.set_input(name, YEAR, column)
        return [simulation.calculate(output.__name__, YEAR) for output in OUTPUTS]

    def __call__(self, record: dict[str, Any]) -> dict[str, float]:
        """One record."""
        return self.many([record])[0]
