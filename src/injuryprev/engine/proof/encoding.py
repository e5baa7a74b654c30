"""One truth node of the lowered tree as terms of z3: every operation exact, products of two figures by what they obey.

All but the products of two figures is linear.  A product one of whose factors has few values is written out value by
value.  Any other becomes a number of its own, held between its bounds and kept in step with the products that share a
factor with it; where an answer rests on a product that is not one, the solver asks for ``sharpened`` and tries again.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any, Final

import attrs
import z3

from injuryprev.engine.ir import Node, in_order

_MOST_VALUES: Final = 40
"""A factor with as many values, or fewer, is looked at value by value."""


@attrs.frozen(eq=False)
class Product:
    """A number that stands for ``left * right``; both sides with the bounds of their nodes."""

    left: Any
    right: Any
    term: Any
    sides: tuple[Node, Node]

    def narrow(self, turn: int) -> int:
        """The side to hold fast: the one with fewer values, or in every other turn the other."""
        spans = [side.high - side.low for side in self.sides]
        return (0 if spans[0] <= spans[1] else 1) ^ (turn & 1)

    def sharpened(self, left: int, right: int) -> Iterator[Any]:
        """What holds of the product around a point at which it was taken for something else."""
        a, b, p = self.left, self.right, self.term
        yield z3.Implies(a == left, p == left * b)
        yield z3.Implies(b == right, p == right * a)
        tangent = left * b + right * a - left * right
        yield z3.Implies(z3.Or(z3.And(a >= left, b >= right), z3.And(a <= left, b <= right)), p >= tangent)
        yield z3.Implies(z3.Or(z3.And(a >= left, b <= right), z3.And(a <= left, b >= right)), p <= tangent)


class Encoding:
    """Nodes as terms, with what holds of the terms they are made of.

    Each has a context of z3 of its own: what z3 answers depends on the nodes alone, not on what it was asked before.
    """

    def __init__(self, *roots: Node) -> None:
        self.context = z3.Context()
        self.leaves: dict[str, tuple[Node, Any]] = {}
        self.facts: list[Any] = []
        self.products: list[Product] = []
        self._values: dict[Node, frozenset[int] | None] = {}
        self._by_sides: dict[tuple[Node, Node], Any] = {}
        self._quotients: dict[tuple[Node, Node], tuple[Any, Any]] = {}
        self._terms: dict[Node, Any] = {}
        for node in in_order(roots):
            self._terms[node] = self._term(node)
        self.roots = [self._terms[root] for root in roots]

    def _term(self, node: Node) -> Any:
        args = [self._terms[arg] for arg in node.nodes]
        match node.op:
            case "const":
                return z3.IntVal(node.low, self.context)
            case "bool":
                return z3.BoolVal(bool(node.args[0]), self.context)
            case "var" | "flag" | "bad":
                return self._leaf(node)
            case "mul":
                return self._product(*node.nodes)
            case "floordiv" | "mod":
                return self._divided(node, *node.nodes)
        return _EXACT[node.op](*args)

    def _leaf(self, node: Node) -> Any:
        name = str(node.args[0])
        term = self._number(name) if node.op == "var" else z3.Bool(f"{node.op} {name}", self.context)
        if node.op == "var":
            self.facts += [term >= node.low, term <= node.high]
        if node.op != "bad":
            self.leaves[name] = node, term
        return term

    def _number(self, name: str) -> Any:
        return z3.Int(name, self.context)

    # Products

    def _product(self, a: Node, b: Node) -> Any:
        for one, other in ((a, b), (b, a)):
            values = self.values(one)
            if values is not None:
                return self._by_value(one, values, self._terms[other].__rmul__)
        factor_a, core_a = _without_factor(a)
        factor_b, core_b = _without_factor(b)
        return factor_a * factor_b * self._figure(core_a, core_b)

    def _by_value(self, node: Node, values: frozenset[int], made: Callable[[int], Any]) -> Any:
        """A term for each value that a node can have."""
        *others, last = sorted(values)
        found = made(last)
        for value in reversed(others):
            found = z3.If(self._terms[node] == value, made(value), found)
        return found

    def _figure(self, a: Node, b: Node) -> Any:
        for sides in ((a, b), (b, a)):
            if sides in self._by_sides:
                return self._by_sides[sides]
        found = self._by_sides[a, b] = self._held(self._terms[a], self._terms[b], (a, b))
        return found

    def _held(self, left: Any, right: Any, sides: tuple[Node, Node]) -> Any:
        """A new number for a product, with all that holds of it whatever its factors are."""
        term = self._number(f"product {len(self.products)}")
        made = Product(left, right, term, sides)
        a, b = sides
        ends = [x * y for x in (a.low, a.high) for y in (b.low, b.high)]
        self.facts += [term >= min(ends), term <= max(ends)]
        for x, y in itertools.product((a.low, a.high), (b.low, b.high)):
            plane = x * right + y * left - x * y
            self.facts.append(term >= plane if (x == a.low) == (y == b.low) else term <= plane)
        for side, node in ((left, a), (right, b)):
            if node.low <= 0 <= node.high:
                self.facts.append(z3.Implies(side == 0, term == 0))
        for other in self.products:
            self.facts += _in_step(made, other)
        self.products.append(made)
        return term

    def _divided(self, node: Node, a: Node, b: Node) -> Any:
        values, top, whole = self.values(b), self._terms[a], node.op == "floordiv"
        if values is not None:
            return self._by_value(b, values, lambda value: top / value if whole else top % value)
        if (a, b) not in self._quotients:
            ends = [x // y for x in (a.low, a.high) for y in (b.low, b.high)]
            shape = Node("var", ("quotient",), min(ends), max(ends))
            quotient, bottom = self._number(f"quotient {len(self._quotients)}"), self._terms[b]
            product = self._held(quotient, bottom, (shape, b))
            self.facts += [quotient >= shape.low, quotient <= shape.high, top - product >= 0, top - product < bottom]
            self._quotients[a, b] = quotient, top - product
        return self._quotients[a, b][0 if whole else 1]

    # Which values a node can have

    def values(self, node: Node) -> frozenset[int] | None:
        """Every value of a node that has few."""
        if node not in self._values:
            self._values[node] = self._few(node)
        return self._values[node]

    def _few(self, node: Node) -> frozenset[int] | None:
        if node.low == node.high:
            return frozenset((node.low,))
        if node.op == "select":
            parts = [self.values(arg) for arg in node.nodes[1:]]
            found = None if parts[0] is None or parts[1] is None else parts[0] | parts[1]
        elif node.op in _ON_VALUES:
            left, right = (self.values(arg) for arg in node.nodes)
            if left is None or right is None or len(left) * len(right) > _MOST_VALUES**2:
                found = None
            else:
                work = _ON_VALUES[node.op]
                found = frozenset(work(x, y) for x in left for y in right)
        elif node.high - node.low < _MOST_VALUES:
            found = frozenset(range(node.low, node.high + 1))
        else:
            found = None
        return found if found is not None and len(found) <= _MOST_VALUES else None


_EXACT: Final[dict[str, Callable[..., Any]]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "select": z3.If,
    "min": lambda a, b: z3.If(a <= b, a, b),
    "max": lambda a, b: z3.If(a >= b, a, b),
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "eq": lambda a, b: a == b,
    "and": z3.And,
    "or": z3.Or,
    "not": z3.Not,
}
_ON_VALUES: Final[dict[str, Callable[[int, int], int]]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "min": min,
    "max": max,
}


def _without_factor(node: Node) -> tuple[int, Node]:
    """The fixed factor of a figure, and the figure without it."""
    factor = 1
    while node.op == "mul":
        left, right = node.nodes
        if left.fixed is not None:
            factor, node = factor * left.fixed, right
        elif right.fixed is not None:
            factor, node = factor * right.fixed, left
        else:
            break
    return factor, node


def _in_step(one: Product, other: Product) -> Iterator[Any]:
    """What two products tell about each other: of figures from 0 up, more on both sides makes no less."""
    for (a, b), (node_a, node_b) in _both_ways(one):
        for (c, d), (node_c, node_d) in _both_ways(other):
            if node_b is node_d and node_b.low >= 0:
                yield z3.Implies(a < c, one.term + b <= other.term)
                yield z3.Implies(a > c, one.term >= other.term + b)
                yield z3.Implies(a == c, one.term == other.term)
            elif min(node_a.low, node_b.low, node_c.low, node_d.low) >= 0 and node_a is not node_c:
                yield z3.Implies(z3.And(a <= c, b <= d), one.term <= other.term)
                yield z3.Implies(z3.And(a >= c, b >= d), one.term >= other.term)


def _both_ways(product: Product) -> tuple[tuple[tuple[Any, Any], tuple[Node, Node]], ...]:
    sides, nodes = (product.left, product.right), product.sides
    return (sides, nodes), (sides[::-1], nodes[::-1])
