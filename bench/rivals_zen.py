"""The Zhejiang rules of 2025 as a decision graph of zen-engine: an expression, a decision table, an expression."""

from __future__ import annotations

import itertools
import json
from typing import Any

import zen

RATES = [0.002, 0.004, 0.007, 0.009, 0.011, 0.013, 0.016, 0.019]
TIERS = [0.5, 0.8, 1.0, 1.2, 1.5]

# The rows in the order in which they win, so that the first hit is the highest tier.
MOVES = [
    ("benefit_fraud or payout_ratio > 1.5 or incidence_ratio >= 1.5", 2),
    ("false_facts or payout_ratio > 1 or incidence_ratio > 1", 1),
    ("deaths >= 1 or payout_ratio > 0.5", 0),
    ("payout_ratio > 0", -1),
    ("true", -2),
]


def _expressions(node: str, pairs: dict[str, str]) -> dict[str, Any]:
    listed = [{"id": f"{node}-{key}", "key": key, "value": value} for key, value in pairs.items()]
    return {
        "id": node,
        "name": node,
        "type": "expressionNode",
        "content": {"expressions": listed, "passThrough": True},
    }


def _graph() -> dict[str, Any]:
    ratios = _expressions(
        "ratios",
        {"payout_ratio": "benefits / contributions", "incidence_ratio": "injuries / insured / industry_incidence"},
    )
    table = {
        "id": "moves",
        "name": "moves",
        "type": "decisionTableNode",
        "content": {
            "hitPolicy": "first",
            "passThrough": True,
            "inputs": [{"id": "when", "name": "when"}],
            "outputs": [{"id": "then", "name": "then", "field": "appraised_move"}],
            "rules": [{"_id": str(index), "when": when, "then": str(then)} for index, (when, then) in enumerate(MOVES)],
        },
    }
    rating = _expressions(
        "rating",
        {
            "base_rate": f"max([{RATES}[risk_class - 1], former_class_rate])",
            "tier_move": ("months_insured < 1 ? 0 : risk_class == 1 ? max([appraised_move, 0]) : appraised_move"),
            "tier": f"{TIERS}[$.tier_move + 2]",
            "rate": "max([$.base_rate * $.tier, 0.002, former_class_one_rate]) * (1 - phase_in_cut)",
            "contribution": "round(payroll * $.rate, 2)",
        },
    )
    rating["content"]["passThrough"] = False
    ends = [{"id": "in", "name": "in", "type": "inputNode"}, {"id": "out", "name": "out", "type": "outputNode"}]
    path = ["in", "ratios", "moves", "rating", "out"]
    edges = [
        {"id": f"{source}-{target}", "sourceId": source, "targetId": target, "type": "edge"}
        for source, target in itertools.pairwise(path)
    ]
    return {"nodes": [*ends, ratios, table, rating], "edges": edges}


class Zen:
    """The graph, compiled once; a record is a plain mapping of numbers."""

    def __init__(self) -> None:
        content = zen.ZenDecisionContent(json.dumps(_graph()))
        self.decision = zen.ZenEngine().create_decision(content)
        self.decision.validate()

    def __call__(self, record: dict[str, Any]) -> dict[str, float]:
        """The outputs."""
        return self.decision.evaluate(record)["result"]

    def traced(self, record: dict[str, Any]) -> dict[str, Any]:
        """The whole answer with the engine's own trace: input and output of every node."""
        return self.decision.evaluate(record, {"trace": True})
