"""One graph of nodes and who is asked about them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from injuryprev.engine.ir import Graph, Node
from injuryprev.engine.proof.solver import Answer, Solver

CHINESE: Final = {"and": "且", "or": "或", "not": "非", "in": "属于", "not in": "不属于", "true": "是", "false": "否"}
"""Words of the grammar."""


class Ground:
    """A graph, a solver, and of which steps the inputs are."""

    def __init__(self, graph: Graph, solver: Solver, steps: Mapping[str, Fraction]) -> None:
        self.graph, self.solver = graph, solver
        graph.widest = None  # what is asked of figures may be wider than they are: it is read by no table
        self.units = {name: step.denominator for name, step in steps.items() if step.numerator == 1}

    @property
    def titles(self) -> Mapping[str, str]:
        """Names in Chinese."""
        return CHINESE

    def ask(self, *nodes: Node) -> Answer:
        """Whether conditions can hold together."""
        return self.solver.ask(self.graph.all(nodes), self.units)

    def clearest(self, node: Node, clear: Node | None) -> Answer:
        """Whether a condition can hold, shown where possible by one of whom something else holds too."""
        answer = self.ask(node)
        if answer.status == "found" and clear is not None:
            better = self.ask(node, clear)
            return better if better.status == "found" else answer
        return answer
