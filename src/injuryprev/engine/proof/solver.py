"""Whether any figures within the declared ranges make a condition of the lowered tree true, and which."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Final, Literal

import attrs
import z3

from injuryprev.engine.ir import Node, in_order
from injuryprev.engine.proof.encoding import Encoding
from injuryprev.engine.record import compile_nodes

_PLAIN: Final = 10_000
"""Figures of a witness are looked for among whole units up to here first, since they are read by people."""


@attrs.frozen
class Answer:
    """``never`` (proved), ``found`` with the integers of the inputs that make it so, or ``open`` (not in its time)."""

    status: Literal["never", "found", "open"]
    leaves: Mapping[str, int] = attrs.field(factory=dict)


class Solver:
    """Asks z3, each question within its time; equal questions are asked once.

    Args:
        seconds: The most that one question may take.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._answers: dict[object, Answer] = {}

    def ask(self, node: Node, units: Mapping[str, int]) -> Answer:
        """Whether a condition can hold.  What is found was worked out by the record reader too.

        Args:
            node: A condition without ``bad`` leaves.
            units: For an input how many of its steps make one unit: people read whole units more easily.
        """
        if node.op == "bool":
            return Answer("found" if node.args[0] else "never")
        key = shape(node)
        if key not in self._answers:
            self._answers[key] = self._asked(node, units)
        return self._answers[key]

    def _asked(self, node: Node, units: Mapping[str, int]) -> Answer:
        encoding = Encoding(node)
        solver = z3.Solver()
        solver.add(*encoding.facts, encoding.root)
        names = list(encoding.leaves)
        work = compile_nodes([node], names)
        until = time.monotonic() + self.seconds  # a stopwatch: what is found does not hang on the day
        turn = 0
        while True:
            verdict = _check(solver, until)
            if verdict != z3.sat:
                return Answer("never" if verdict == z3.unsat else "open")
            model = solver.model()
            leaves = _leaves(encoding, model)
            if _holds(work, leaves):
                return Answer(
                    "found", _plainer(work, self._plain(solver, encoding, work, units) or leaves, units, node)
                )
            points = [(p, _value(model, p.left), _value(model, p.right)) for p in encoding.products]
            for product, left, right in points:
                solver.add(*product.sharpened(left, right))
            # With one side of each product held fast all is linear, and what is found then is no mistake.
            held = []
            for product, left, right in points:
                side = product.narrow(turn)
                held.append((product.left, product.right)[side] == (left, right)[side])
            if points and _check(solver, until, *held, share=4) == z3.sat:
                leaves = _leaves(encoding, solver.model())
                if _holds(work, leaves):
                    return Answer("found", _plainer(work, leaves, units, node))
            turn += 1

    def _plain(self, solver: Any, encoding: Encoding, work: Any, units: Mapping[str, int]) -> dict[str, int] | None:
        """The same in small whole units, if that is found at once."""
        wishes = []
        for name, (node, term) in encoding.leaves.items():
            unit = units.get(name.rstrip("'"), 1)
            if node.op == "var" and node.high > unit * _PLAIN:
                wishes += [term <= unit * _PLAIN, term % unit == 0] if unit > 1 else [term <= _PLAIN]
        if not wishes or _check(solver, time.monotonic() + min(1.0, self.seconds / 4), *wishes) != z3.sat:
            return None
        leaves = _leaves(encoding, solver.model())
        return leaves if _holds(work, leaves) else None


def _check(solver: Any, until: float, *assuming: Any, share: int = 1) -> Any:
    left = int((until - time.monotonic()) * 1000 / share)
    if left <= 0:
        return z3.unknown
    solver.set("timeout", left)
    return solver.check(*assuming)


def _value(model: Any, term: Any) -> int:
    return int(model.eval(term, model_completion=True).as_long())


def _leaves(encoding: Encoding, model: Any) -> dict[str, int]:
    found = {}
    for name, (node, term) in encoding.leaves.items():
        value = model.eval(term, model_completion=True)
        found[name] = int(z3.is_true(value)) if node.op == "flag" else int(value.as_long())
    return found


def _holds(work: Any, leaves: Mapping[str, int]) -> bool:
    return bool(work(*leaves.values(), *(False for _ in leaves))[0])


def _plainer(work: Any, leaves: Mapping[str, int], units: Mapping[str, int], root: Node) -> dict[str, int]:
    """The same with each figure as short as it can be while the condition holds: people read it."""
    found = dict(leaves)
    bounds = {str(node.args[0]): (node.low, node.high) for node in in_order([root]) if node.op == "var"}
    for name, (low, high) in bounds.items():
        unit = units.get(name.rstrip("'"), 1)
        for value in _shorter(found[name], unit):
            if not low <= value <= high or value == found[name]:
                continue
            if _holds(work, {**found, name: value}):
                found[name] = value
                break
    return found


def _shorter(value: int, unit: int) -> list[int]:
    """Numbers to try in place of one, the plainest first."""
    rounded = [round(value, -digits) for digits in range(len(str(abs(value))), 0, -1)]
    return [0, *(few * unit for few in (1, 2, 3, 5, 10, 100)), *rounded, value // unit * unit]


def shape(*roots: Node) -> object:
    """What makes two questions the same, whatever graph they stand in."""
    places: dict[Node, int] = {}
    rows = []
    for node in in_order(roots):
        places[node] = len(places)
        rows.append((node.op, node.low, node.high, *(places[a] if isinstance(a, Node) else a for a in node.args)))
    return tuple(rows), tuple(places[root] for root in roots)
