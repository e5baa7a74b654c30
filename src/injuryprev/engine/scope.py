"""Lowering of expressions over named values: the rules of a day and the fields of a record are both such names."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import attrs

from injuryprev.engine.ir import Graph, Node
from injuryprev.engine.values import Arithmetic, Choice, Faults, Ratio, Truth, Value
from injuryprev.policy.expr import (
    ROUNDING,
    Arith,
    Call,
    Choose,
    Compare,
    Expr,
    Flag,
    Logic,
    Name,
    Neg,
    Not,
    Num,
    Text,
    Within,
    write,
)
from injuryprev.policy.rules import Type
from injuryprev.unknown import Reason
from injuryprev.words import Words

ROUNDING_MODES: Final = {name: name.removeprefix("round_") for name in ROUNDING}


class Scope:
    """Lowers expressions; a subclass or ``names`` says what each name stands for."""

    def __init__(self, graph: Graph, subject: str, names: dict[str, Value] | None = None) -> None:
        self.graph = graph
        self.math = Arithmetic(graph)
        self.subject = subject
        self.names = names if names is not None else {}

    def name(self, name: str) -> Value:
        """The value a name stands for."""
        return self.names[name]

    def ratio(self, expr: Expr) -> Ratio:
        """A numeric expression; the checks of the rules have made sure that it is one."""
        value = self.expr(expr)
        assert isinstance(value, Ratio)
        return value

    def truth(self, expr: Expr) -> Truth:
        """A condition, likewise."""
        value = self.expr(expr)
        assert isinstance(value, Truth)
        return value

    def expr(self, expr: Expr) -> Value:
        """Any expression."""
        math = self.math
        inner: Value
        match expr:
            case Num(value, _):
                return math.number(value)
            case Flag(value):
                return Truth(self.graph.truth(value), {})
            case Text(value):
                return Choice(self.graph.const(0), (value,), {})
            case Name(name):
                return self.name(name)
            case Neg(arg):
                return math.negative(self.ratio(arg))
            case Not(arg):
                denied = self.truth(arg)
                return Truth(self.graph.negate(denied.node), denied.faults)
            case Arith("/", left, right):
                return math.div(self.ratio(left), self.ratio(right), self._zero(expr))
            case Arith("*", left, right):
                return math.mul(self.ratio(left), self.ratio(right))
            case Arith(op, left, right):
                return math.add(self.ratio(left), self.ratio(right), 1 if op == "+" else -1)
            case Compare(operands, ops):
                values = [self.expr(operand) for operand in operands]
                pairs = zip(ops, values, values[1:], strict=False)
                return self.all([self._compare(op, a, b) for op, a, b in pairs])
            case Logic(op, parts):
                truths = [self.truth(part) for part in parts]
                return self.all(truths) if op == "and" else self.any(truths)
            case Within(item, choices, negated):
                inner = self.expr(item)
                found = self.any([self._compare("==", inner, self.expr(choice)) for choice in choices])
                return Truth(self.graph.negate(found.node), found.faults) if negated else found
            case Choose(condition, then, otherwise):
                return self.choose(self.truth(condition), self.expr(then), self.expr(otherwise))
            case Call(name, args):
                return self._call(name, [self.ratio(arg) for arg in args])

    def _zero(self, expr: Arith) -> Reason:
        over = write(expr.right)
        return Reason(
            "division_by_zero",
            self.subject,
            Words(
                f"{self.subject}: {over} is zero, so nothing can be divided by it",
                f"{self.subject}：{over} 为零，不能作除数",
            ),
        )

    def _compare(self, op: str, a: Value, b: Value) -> Truth:
        faults = self.math.merged(a.faults, b.faults)
        if isinstance(a, Ratio) and isinstance(b, Ratio):
            return Truth(self.math.compare(op, a, b), faults)
        if isinstance(a, Choice) and isinstance(b, Choice):
            left, right = self._same_choices(a, b)
            return Truth(self.graph.compare(op, left, right), faults)
        assert isinstance(a, Truth)
        assert isinstance(b, Truth)
        same = self.graph.either(
            self.graph.both(a.node, b.node), self.graph.both(self.graph.negate(a.node), self.graph.negate(b.node))
        )
        return Truth(same if op == "==" else self.graph.negate(same), faults)

    def same(self, a: Value, b: Value) -> Node:
        """Whether two values of one kind are equal; faults are left aside."""
        return self._compare("==", a, b).node

    def _same_choices(self, a: Choice, b: Choice) -> tuple[Node, Node]:
        """Two words as places among the choices of both; a literal word finds itself among those of the other side."""
        more, fewer = (b, a) if len(a.choices) < len(b.choices) else (a, b)
        choices = _union(more.choices, fewer.choices)
        return self.recoded(a, choices), self.recoded(b, choices)

    def all(self, parts: list[Truth]) -> Truth:
        """And, known to be false as soon as one part is."""
        return self._combine(parts, settled_by=False)

    def any(self, parts: list[Truth]) -> Truth:
        """Or, known to be true as soon as one part is."""
        return self._combine(parts, settled_by=True)

    def _combine(self, parts: list[Truth], *, settled_by: bool) -> Truth:
        graph, math = self.graph, self.math
        node = (graph.any if settled_by else graph.all)(part.node for part in parts)
        faults: Faults = {}
        for index, part in enumerate(parts):
            if part.faults:
                settled = [
                    graph.both(math.known(other.faults), other.node if settled_by else graph.negate(other.node))
                    for place, other in enumerate(parts)
                    if place != index
                ]
                faults = math.merged(faults, math.gated(part.faults, graph.negate(graph.any(settled))))
        return Truth(node, faults)

    def choose(self, condition: Truth, then: Value, otherwise: Value) -> Value:
        """If-else; what keeps the branch not taken unknown does not matter."""
        graph, math = self.graph, self.math
        known = math.known(condition.faults)
        faults = math.merged(
            condition.faults,
            math.gated(then.faults, graph.both(known, condition.node)),
            math.gated(otherwise.faults, graph.both(known, graph.negate(condition.node))),
        )
        if isinstance(then, Ratio) and isinstance(otherwise, Ratio):
            return attrs.evolve(math.chosen(condition.node, then, otherwise), faults=faults)
        if isinstance(then, Choice) and isinstance(otherwise, Choice):
            choices = _union(then.choices, otherwise.choices)
            left, right = (self.recoded(value, choices) for value in (then, otherwise))
            return Choice(graph.select(condition.node, left, right), choices, faults)
        assert isinstance(then, Truth)
        assert isinstance(otherwise, Truth)
        return Truth(graph.select(condition.node, then.node, otherwise.node), faults)

    def first(self, cases: list[tuple[Node, Value]], otherwise: Value, shared: Faults) -> Value:
        """The value of the first condition that holds, where all look at one value with the faults ``shared``."""
        found = otherwise
        for condition, value in reversed(cases):
            found = self.choose(Truth(condition, {}), value, found)
        known = self.math.known(shared)
        return attrs.evolve(found, faults=self.math.merged(shared, self.math.gated(found.faults, known)))

    def equals(self, value: Value, written: str) -> Node:
        """Whether a key has the value written in the profile; its own faults are left aside."""
        bare = attrs.evolve(value, faults={})
        if isinstance(value, Choice):
            return self._compare("==", bare, Choice(self.graph.const(0), (written,), {})).node
        return self._compare("==", bare, self.math.number(Fraction(written))).node

    def recoded(self, value: Choice, choices: tuple[str, ...]) -> Node:
        """The same word as a place among other choices, which have all of its own."""
        graph = self.graph
        if value.choices == choices[: len(value.choices)]:
            return value.node
        *others, code = (graph.const(choices.index(word)) for word in value.choices)
        for place, other in reversed(list(enumerate(others))):
            code = graph.select(graph.compare("==", value.node, graph.const(place)), other, code)
        return code

    def _call(self, name: str, args: list[Ratio]) -> Ratio:
        math = self.math
        if name in ROUNDING_MODES:
            step = args[1].scale * Fraction(args[1].num.low, args[1].den.low)
            return math.rounded(args[0], step, ROUNDING_MODES[name])
        if name == "abs":
            return math.extreme(args[0], math.negative(args[0]), greatest=True)
        if name == "clip":
            value, low, high = args
            return math.extreme(math.extreme(value, low, greatest=True), high, greatest=False)
        found = args[0]
        for arg in args[1:]:
            found = math.extreme(found, arg, greatest=name == "max")
        return found

    def refused(self, reason: Reason, like: Type) -> Value:
        """An outcome that is always unknown, with a stand-in of the right kind."""
        faults = {reason: self.graph.true}
        if like.is_flag:
            return Truth(self.graph.false, faults)
        if like.is_category:
            return Choice(self.graph.const(0), like.choices, faults)
        return attrs.evolve(self.math.number(Fraction(0)), faults=faults)


def _union(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*a, *b)))
