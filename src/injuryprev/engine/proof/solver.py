"""Whether any figures within the declared ranges make a condition of the lowered tree true, and which."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
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
        self._enough: dict[object, tuple[int, ...] | None] = {}

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
        question = _Question(node, (), self.seconds)
        verdict, leaves = question.run(())
        if verdict != z3.sat:
            return Answer("never" if verdict == z3.unsat else "open")
        plain = question.plain(units, self.seconds)
        return Answer("found", _plainer(question.holds, leaves if plain is None else plain, units, node))

    def enough(self, node: Node, parts: Sequence[Node]) -> tuple[int, ...] | None:
        """Places of a few parts that, where they hold, rule a condition out, none of them needless.

        ``None`` where all of them do not, or that was not found out in the time of one question.
        """
        key = shape(node, *parts)
        if key not in self._enough:
            self._enough[key] = _Question(node, parts, self.seconds).enough()
        return self._enough[key]


class _Question:
    """A condition, and further conditions each of which may be taken for granted, put to z3 until it is decided."""

    def __init__(self, node: Node, parts: Sequence[Node], seconds: float) -> None:
        self.encoding = Encoding(node, *parts)
        root, *self.terms = self.encoding.roots
        self.solver = z3.Solver(ctx=self.encoding.context)
        self.solver.add(*self.encoding.facts, root)
        self.marks = [z3.Bool(f"part {place}", self.encoding.context) for place in range(len(parts))]
        self.solver.add(*(mark == term for mark, term in zip(self.marks, self.terms, strict=True)))
        self.work = compile_nodes([node, *parts], list(self.encoding.leaves))
        self.until = time.monotonic() + seconds  # a stopwatch: what is found does not hang on the day

    def holds(self, leaves: Mapping[str, int], granted: Sequence[int] = ()) -> bool:
        """Whether integers make the condition true, by the reader of one record, and those that are granted."""
        root, *parts = self.work(*leaves.values(), *(False for _ in leaves))
        return bool(root) and all(parts[place] for place in granted)

    def run(self, granted: Sequence[int]) -> tuple[Any, dict[str, int]]:
        """What came of it, and if it can be so, integers that make it so."""
        assuming = [self.marks[place] for place in granted]
        turn = 0
        while True:
            verdict = _check(self.solver, self.until, *assuming)
            if verdict != z3.sat:
                return verdict, {}
            model = self.solver.model()
            leaves = _leaves(self.encoding, model)
            if self.holds(leaves, granted):
                return verdict, leaves
            points = [(p, _value(model, p.left), _value(model, p.right)) for p in self.encoding.products]
            for product, left, right in points:
                self.solver.add(*product.sharpened(left, right))
            # With one side of each product held fast all is linear, and what is found then is no mistake.
            held = []
            for product, left, right in points:
                side = product.narrow(turn)
                held.append((product.left, product.right)[side] == (left, right)[side])
            if points and _check(self.solver, self.until, *assuming, *held, share=4) == z3.sat:
                leaves = _leaves(self.encoding, self.solver.model())
                if self.holds(leaves, granted):
                    return z3.sat, leaves
            turn += 1

    def plain(self, units: Mapping[str, int], seconds: float) -> dict[str, int] | None:
        """The same in small whole units, if that is found at once."""
        wishes = []
        for name, (node, term) in self.encoding.leaves.items():
            unit = units.get(name.rstrip("'"), 1)
            if node.op == "var" and node.high > unit * _PLAIN:
                wishes += [term <= unit * _PLAIN, term % unit == 0] if unit > 1 else [term <= _PLAIN]
        if not wishes or _check(self.solver, time.monotonic() + min(1.0, seconds / 4), *wishes) != z3.sat:
            return None
        leaves = _leaves(self.encoding, self.solver.model())
        return leaves if self.holds(leaves) else None

    def enough(self) -> tuple[int, ...] | None:
        granted = range(len(self.marks))
        if self.run(granted)[0] != z3.unsat:
            return None
        named = {str(one) for one in self.solver.unsat_core()}
        kept = [place for place in granted if f"part {place}" in named]
        for place in reversed(kept.copy()):
            fewer = [other for other in kept if other != place]
            if self.run(fewer)[0] == z3.unsat:
                kept = fewer
        return tuple(kept)


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


def _plainer(
    holds: Callable[[Mapping[str, int]], bool], leaves: Mapping[str, int], units: Mapping[str, int], root: Node
) -> dict[str, int]:
    """The same with each figure as short as it can be while the condition holds: people read it."""
    found = dict(leaves)
    bounds = {str(node.args[0]): (node.low, node.high) for node in in_order([root]) if node.op == "var"}
    for name, (low, high) in bounds.items():
        unit = units.get(name.rstrip("'"), 1)
        for value in _shorter(found[name], unit):
            if not low <= value <= high or value == found[name]:
                continue
            if holds({**found, name: value}):
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
