"""Whether a figure ever falls from one record to another, read off how it is made.

A quotient of products is hard for the solver and plain to see: it never falls if what is divided never falls.  The
solver is asked only where a choice between two figures turns over from one record to the other.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Final

from injuryprev.engine.ir import Node, in_order
from injuryprev.engine.proof.ground import Ground
from injuryprev.engine.values import Arithmetic

Ways = frozenset[int]
_ANY: Final[Ways] = frozenset((1, -1))
_NONE: Final[Ways] = frozenset()


class Course:
    """The ways that figures go from one record to another: ``1`` never down, ``-1`` never up, both: never at all.

    What is said is proved; where nothing is said, nothing is known.

    Args:
        ground: Whom to ask.
        leaf: The one input in which the records differ.
        other: The same input of the other record.
        way: The way it goes itself.
    """

    def __init__(self, ground: Ground, leaf: Node, other: Node, way: int) -> None:
        self.ground, self.graph, self.way = ground, ground.graph, way
        self._leaf, self._other = leaf, other
        self._rests: dict[Node, bool] = {}
        self._found: dict[tuple[Node, Node], Ways] = {}

    def ways(self, node: Node, given: Node) -> Ways:
        """The ways of a figure between two records of which a condition holds."""
        if not self._moves(node):
            return _ANY
        if node is self._leaf:
            return frozenset((self.way,))
        if (node, given) not in self._found:
            self._found[node, given] = self._made(node, given)
        return self._found[node, given]

    def _made(self, node: Node, given: Node) -> Ways:
        match node.op:
            case "select":
                condition, yes, no = node.nodes
                return self._chosen(condition, yes, no, given)
            case "mul":
                left, right = node.nodes
                return self._product(left, right, given)
            case "floordiv":
                top, bottom = node.nodes
                return self._quotient(top, bottom, self.graph.floordiv, given)
            case "add":
                rounded = self._rounded(node, given)
                return self._all(given, *node.nodes) if rounded is None else rounded
            case "sub":
                left, right = node.nodes
                return self.ways(left, given) & _turned(self.ways(right, given))
            case "min" | "max":
                return self._all(given, *node.nodes)
        return _NONE

    def _all(self, given: Node, *nodes: Node) -> Ways:
        return _ANY.intersection(*(self.ways(node, given) for node in nodes))

    def _product(self, a: Node, b: Node, given: Node) -> Ways:
        if a.low >= 0 and b.low >= 0:
            return self._all(given, a, b)
        for one, other in ((a, b), (b, a)):
            if not self._moves(one):
                if self._never_less(one, self.graph.const(0), given):
                    return self.ways(other, given)
                if self._never_less(self.graph.const(0), one, given):
                    return _turned(self.ways(other, given))
        return _NONE

    def _rounded(self, node: Node, given: Node) -> Ways | None:
        """The ways of a quotient rounded to the nearest; ``None`` where the sum is none."""
        math = Arithmetic(self.graph)
        for part in node.nodes:
            if part.op == "floordiv":
                top, bottom = part.nodes
                for nearest in (math.half_up, math.half_even):
                    if nearest(top, bottom) is node:
                        return self._quotient(top, bottom, nearest, given)
        return None

    def _quotient(self, top: Node, bottom: Node, divided: Callable[[Node, Node], Node], given: Node) -> Ways:
        """The ways of what goes with ``top``, and where that is not negative against ``bottom``, which is above 0."""
        if bottom.low <= 0:
            return _NONE
        if not self._moves(bottom):
            return self.ways(top, given)
        found = self.ways(top, given) & _turned(self.ways(bottom, given)) if top.low >= 0 else _NONE
        condition = None if found else self._turns((bottom,))
        if condition is None:
            return found
        yes, no = (
            self.graph.rebuild((top, bottom), {condition: truth}) for truth in (self.graph.true, self.graph.false)
        )
        return self._turning(condition, divided(*yes), divided(*no), given, (yes, no))

    def _chosen(self, condition: Node, yes: Node, no: Node, given: Node) -> Ways:
        graph, ask = self.graph, self.ground.ask
        if self._moves(condition):
            one = graph.const(1)
            return self._turning(condition, yes, no, given, ([yes, one], [no, one]))
        denied = graph.negate(condition)
        if_yes, if_no = self.ways(yes, graph.both(given, condition)), self.ways(no, graph.both(given, denied))
        if not if_yes & if_no:
            if ask(given, condition).status == "never":
                return if_no
            if ask(given, denied).status == "never":
                return if_yes
        return if_yes & if_no

    def _turning(
        self, condition: Node, yes: Node, no: Node, given: Node, quotients: tuple[list[Node], list[Node]]
    ) -> Ways:
        """The ways of a choice whose condition may turn over; quotients in the order of the two figures tell theirs."""
        graph = self.graph
        denied = graph.negate(condition)
        after, denied_after = self._moved(condition, denied)
        found = self.ways(yes, graph.all((given, condition, after)))
        if found:
            found &= self.ways(no, graph.all((given, denied, denied_after)))
        turns = ((condition, denied_after, *quotients), (denied, after, *quotients[::-1]))
        return frozenset(way for way in found if all(self._passes(way, given, *turn) for turn in turns))

    def _passes(self, way: int, given: Node, before: Node, after: Node, one: list[Node], other: list[Node]) -> bool:
        """Whether a quotient of the record before goes one way to another of the record after."""
        turned = self.graph.all((given, before, after))
        if self.ground.ask(turned).status == "never":
            return True
        (top, bottom), (top_after, bottom_after) = one, self._moved(*other)
        left, right = self.graph.mul(top, bottom_after), self.graph.mul(top_after, bottom)
        more, less = (right, left) if way > 0 else (left, right)
        return self._never_less(more, less, turned)

    def _never_less(self, one: Node, other: Node, given: Node) -> bool:
        """Whether one figure is never less than another, choice by choice: without them products can be compared."""
        if one.low >= other.high:
            return True
        one, other = self._without_shared(one, other)
        condition = self._turns((one, other))
        if condition is None or not has_products((one, other)):
            return self.ground.ask(given, self.graph.compare("<", one, other)).status == "never"
        for truth, holds in ((self.graph.true, condition), (self.graph.false, self.graph.negate(condition))):
            inside = self.graph.both(given, holds)
            if self.ground.ask(inside).status != "never":
                left, right = self.graph.rebuild((one, other), {condition: truth})
                if not self._never_less(left, right, inside):
                    return False
        return True

    def _without_shared(self, one: Node, other: Node) -> tuple[Node, Node]:
        """Two products without the factors that both have and that are never negative: what is left decides enough."""
        left, right = _factors(one), _factors(other)
        for factor in left.copy():
            if factor in right and factor.low >= 0:
                left.remove(factor)
                right.remove(factor)
        one, other = (functools.reduce(self.graph.mul, side, self.graph.const(1)) for side in (left, right))
        return one, other

    def _moved(self, *nodes: Node) -> list[Node]:
        return self.graph.rebuild(nodes, {self._leaf: self._other})

    def _turns(self, nodes: Iterable[Node]) -> Node | None:
        """The first condition of a choice that may be another in the other record."""
        choices = (node.nodes[0] for node in in_order(nodes) if node.op == "select")
        return next((condition for condition in choices if self._moves(condition)), None)

    def _moves(self, node: Node) -> bool:
        if node not in self._rests:
            for inner in in_order([node]):
                if inner not in self._rests:
                    self._rests[inner] = inner in (self._leaf, self._other) or any(
                        self._rests[arg] for arg in inner.nodes
                    )
        return self._rests[node]


def _factors(node: Node) -> list[Node]:
    if node.op != "mul":
        return [node]
    return [factor for side in node.nodes for factor in _factors(side)]


def has_products(nodes: Iterable[Node]) -> bool:
    """Whether figures are multiplied or divided by figures."""
    hard = (node for node in in_order(nodes) if node.op in ("mul", "floordiv", "mod"))
    return any(all(side.fixed is None for side in node.nodes) for node in hard)


def _turned(ways: Ways) -> Ways:
    return frozenset(-way for way in ways)
