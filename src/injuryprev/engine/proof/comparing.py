"""Two sets of rules over the same employers, in one graph: where outcomes differ, or a proof that none does."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Final

import attrs

from injuryprev.engine.ir import TRUTH_OPS, Graph, Node, in_order
from injuryprev.engine.lower import LoweredInput
from injuryprev.engine.proof.day import Day, leaf_names, nodes_of
from injuryprev.engine.proof.difference import Difference, Differing, Employer, Figure, OutputDifference
from injuryprev.engine.proof.entries import changes, counted_differently
from injuryprev.engine.proof.ground import Ground
from injuryprev.engine.proof.regions import Atom, Region, atoms, regions
from injuryprev.engine.proof.solver import Solver
from injuryprev.engine.record import compile_nodes
from injuryprev.engine.scope import Scope
from injuryprev.engine.values import Ratio, Value
from injuryprev.policy.check import expressions, reached_by
from injuryprev.policy.document import Keyed
from injuryprev.policy.expr import Compare, Expr, Name, Neg, Num, Text, names
from injuryprev.policy.rules import Rules
from injuryprev.units import finite_places, to_decimal
from injuryprev.units import shown as shown_number
from injuryprev.words import Words

MOST: Final = 6
"""Regions told of one output."""
_MOST_ATOMS: Final = 120
_WIDE: Final = 100_000
_AFTER: Final = " (after)"
"""Marks an input of the second rules that is another thing than the input of that name in the first."""


def _common(one: Fraction, other: Fraction) -> Fraction:
    """The least figure of which both are parts."""
    return Fraction(math.lcm(one.numerator, other.numerator), math.gcd(one.denominator, other.denominator))


def compare(a: Rules, b: Rules, solver: Solver) -> Difference:
    """Compare the rules of two days, or of two regions, over all employers that both can be asked about."""
    pair = _Pair(Day(a, solver), Day(b, solver), solver)
    found = changes(a, b)
    touched = {change.name for change in found}
    counted = counted_differently(a, b, found)
    outputs = []
    for name in dict.fromkeys((*a.outputs, *b.outputs)):
        if name not in b.outputs:
            output = OutputDifference(name, a.definitions[name].title, "only before")
        elif name not in a.outputs:
            output = OutputDifference(name, b.definitions[name].title, "only after")
        else:
            output = pair.output(name, touched)
        rests = [reached_by(rules, [name]) for rules in (a, b) if name in rules.outputs]
        outputs.append(attrs.evolve(output, counted_alike=not counted & set().union(*rests)))
    return Difference(a, b, found, tuple(outputs))


class _Pair(Ground):
    """Both rules in one graph, over inputs that they share."""

    def __init__(self, a: Day, b: Day, solver: Solver) -> None:
        self.a, self.b = a, b
        self._spans: dict[str, tuple[int, int, Fraction]] = {}
        self._words: dict[str, tuple[str, ...]] = {}
        self._ones: dict[str, bool] = {}
        self._leaf_names: dict[Day, dict[str, str]] = {a: {}, b: {}}
        super().__init__(Graph(), solver, {})
        self._leaves = {day: dict(self._inputs(day, other)) for day, other in ((a, b), (b, a))}
        self.units = {leaf: step.denominator for leaf, (_, _, step) in self._spans.items() if step.numerator == 1}

    @property
    def titles(self) -> Mapping[str, str]:
        """Those of both, the second's last."""
        return {**self.a.titles, **self.b.titles}

    # Inputs

    def _inputs(self, day: Day, other: Day) -> Iterator[tuple[str, Node]]:
        """Each input of one of the rules as a node over the inputs of both."""
        for name, spec in day.lowered.inputs.items():
            twin = other.lowered.inputs.get(name)
            shared = twin is not None and twin.kind == spec.kind and self._one_unit(name)
            node = self._shared(name, spec, twin) if shared and twin is not None else None
            leaf = name
            if node is None:
                leaf = name if day is self.a or twin is None else name + _AFTER
                node = self._own(leaf, spec)
            self._leaf_names[day][name] = leaf
            yield name, node

    def _one_unit(self, name: str) -> bool:
        """Whether a figure of both is in one unit and, where it is of money, in one currency."""
        units = [day.rules.types[name].unit for day in (self.a, self.b)]
        money = "money" in dict(units[0].dims)
        return units[0].fits(units[1]) and not (money and self.a.rules.currency != self.b.rules.currency)

    def _own(self, leaf: str, spec: LoweredInput) -> Node:
        """An input that the other rules do not have."""
        if spec.kind == "number":
            self._spans[leaf] = spec.low, spec.high, spec.step
        return self.graph.flag(leaf) if spec.kind == "flag" else self.graph.var(leaf, spec.low, spec.high)

    def _shared(self, name: str, spec: LoweredInput, twin: LoweredInput) -> Node | None:
        """An input of both, over the values that both allow; nothing where there are none."""
        graph = self.graph
        if spec.kind == "flag":
            return graph.flag(name)
        if spec.kind == "category":
            first = self.a.lowered.inputs[name].choices
            both = self._words[name] = tuple(word for word in first if word in spec.choices and word in twin.choices)
            if not both:
                return None
            var, found = graph.var(name, 0, len(both) - 1), graph.const(spec.choices.index(both[0]))
            for place, word in enumerate(both[1:], start=1):
                at = graph.compare("==", var, graph.const(place))
                found = graph.select(at, graph.const(spec.choices.index(word)), found)
            return found
        step = _common(spec.step, twin.step)
        low = max(math.ceil(one.low * one.step / step) for one in (spec, twin))
        high = min(math.floor(one.high * one.step / step) for one in (spec, twin))
        if low > high:
            return None
        self._spans[name] = low, high, step
        return graph.mul(graph.var(name, low, high), graph.const(int(step / spec.step)))

    def moved(self, day: Day, *nodes: Node) -> list[Node]:
        """Nodes of one of the rules in the graph of both."""
        graph, leaves = self.graph, self._leaves[day]
        known: dict[Node, Node] = {}
        for node in in_order(nodes):
            match node.op:
                case "const":
                    known[node] = graph.const(node.low)
                case "bool":
                    known[node] = graph.truth(bool(node.args[0]))
                case "var" | "flag":
                    known[node] = leaves[str(node.args[0])]
                case "bad":
                    known[node] = graph.false
        return graph.rebuild(nodes, known)

    # Outputs

    def output(self, name: str, touched: set[str]) -> OutputDifference:
        """Where an output differs."""
        graph, title = self.graph, self.b.rules.definitions[name].title
        known, values = [], list[Value]()
        for day in (self.a, self.b):
            value = day.lowered.steps[name].value
            known += self.moved(day, day.known(value.faults))
            values.append(self._moved_value(day, value))
        if type(values[0]) is not type(values[1]) or not self._one_unit(name):
            return OutputDifference(name, title, "not comparable")
        same = Scope(graph, name).same(*values)
        differs = graph.both(graph.any(known), graph.negate(graph.all((*known, same))))
        answer = self.ask(differs)
        if answer.status != "found":
            return OutputDifference(name, title, "same" if answer.status == "never" else "not reached")
        both = graph.all(known)
        told, more = regions(self, differs, self._atoms(touched), clear=both, most=MOST)
        regular = [region for region in told if region.words]
        if len(regular) < len(told):  # the conditions written do not tell it: by what it comes to
            left = graph.both(differs, graph.negate(graph.any(region.node for region in regular)))
            others, more = self._by_outcomes(values, known, left, both, _most(values) - len(regular))
            regular += others
        found = [Differing(region.words, self._employer(name, region.leaves)) for region in regular]
        return OutputDifference(name, title, "differs", tuple(found), more == "all")

    def _moved_value(self, day: Day, value: Value) -> Value:
        if isinstance(value, Ratio):
            num, den = self.moved(day, value.num, value.den)
            return attrs.evolve(value, num=num, den=den, faults={})
        [node] = self.moved(day, value.node)
        return attrs.evolve(value, node=node, faults={})

    def _by_outcomes(
        self, values: list[Value], known: list[Node], left: Node, clear: Node, most: int
    ) -> tuple[list[Region], str]:
        """An employer for each pair of outcomes."""
        graph, found = self.graph, list[Region]()
        mains = [nodes_of(value)[0] for value in values]
        while len(found) < most:
            answer = self.clearest(left, clear)
            if answer.status != "found":
                return found, "all" if answer.status == "never" else "open"
            found.append(Region(left, Words(), answer.leaves))
            leaves = {name: self._plain(name) for name in leaf_names([*known, *mains])} | dict(answer.leaves)
            work = compile_nodes([*known, *mains], list(leaves))
            came = work(*leaves.values(), *(False for _ in leaves))
            alike = []
            for node, main, is_known, number in zip(known, mains, came[:2], came[2:], strict=True):
                if not is_known:
                    alike.append(graph.negate(node))
                elif main.op in TRUTH_OPS:
                    alike += [node, main if number else graph.negate(main)]
                else:
                    alike += [node, graph.compare("==", main, graph.const(int(number)))]
            left = graph.both(left, graph.negate(graph.all(alike)))
        return found, "more"

    # In words

    def _atoms(self, touched: set[str]) -> list[Atom]:
        """The conditions of everything, of what is written differently before the others, over the inputs of both."""
        found: dict[Node, Atom] = {}
        for others, day in itertools.product((False, True), (self.a, self.b)):
            for name in sorted(day.rules.used - touched if others else day.rules.used & touched):
                for atom in atoms(day, _conditions(day.rules, name)):
                    node, known = self.moved(day, atom.node, atom.known)
                    if node.op != "bool" and len(found) < _MOST_ATOMS and all(map(self._one, names(atom.expr))):
                        found.setdefault(node, attrs.evolve(atom, node=node, known=known))
        return list(found.values())

    def _one(self, name: str) -> bool:
        """Whether a name is one thing in both rules: of a figure made differently, nobody could tell which is meant."""
        if name not in self._ones:
            sides = []
            for day in (self.a, self.b):
                if name in day.rules.types:
                    value = day.scope.expr(Name(name))
                    moved = self.moved(day, *nodes_of(value), day.known(value.faults))
                    sides.append((moved, getattr(value, "scale", None), getattr(value, "choices", None)))
            self._ones[name] = all(side == sides[0] for side in sides)
        return self._ones[name]

    def _employer(self, output: str, found: Mapping[str, int]) -> Employer:
        given: dict[str, Figure] = {}
        outcomes = []
        for day in (self.a, self.b):
            mine: dict[str, Figure] = {}
            for name, spec in day.lowered.inputs.items():
                if name in day.rules.used:
                    leaf = self._leaf_names[day][name]
                    mine[name] = given[leaf] = self._figure(spec, leaf, found.get(leaf))
            outcomes.append(day.evaluator.outcomes(day.evaluator.take(mine))[output])
        return Employer(given, *outcomes)

    def _figure(self, spec: LoweredInput, leaf: str, number: int | None) -> Figure:
        """An input as a caller gives it, from its integer in the graph of both."""
        if spec.kind == "flag":
            return bool(number)
        if spec.kind == "category":
            return (self._words.get(leaf) or spec.choices)[number or 0]
        value = self._spans[leaf][2] * (self._plain(leaf) if number is None else number)
        return to_decimal(value) if finite_places(value) is not None else value

    def _plain(self, leaf: str) -> int:
        """A value for an input that does not matter: 0, or the least."""
        low, high, _ = self._spans.get(leaf, (0, 0, 0))
        return min(max(low, 0), high)


def _most(values: list[Value]) -> int:
    """How many pairs of outcomes are told: of sums of money, which all differ, one is enough."""
    wide = any(main.high - main.low > _WIDE for main in (nodes_of(value)[0] for value in values))
    return 1 if wide else MOST


def _conditions(rules: Rules, name: str) -> Iterator[Expr]:
    """What a rule or a figure looks at, as conditions."""
    if name in rules.parameters:
        entry = rules.parameters[name].entry
        level = entry.values
        for key in entry.by:
            if level is None:
                return
            yield from (_equals(rules, Name(key), written) for written in level.values)
            level = next((inner for inner in level.values.values() if isinstance(inner, Keyed)), None)
    elif name in rules.definitions:
        definition = rules.definitions[name].entry
        yield from expressions(definition)
        for band in definition.bands.rows if definition.bands else ():
            for bound, closed, sign in (
                (band.within.low, band.within.low_closed, ">"),
                (band.within.high, band.within.high_closed, "<"),
            ):
                if bound is not None and definition.bands is not None:
                    yield Compare((definition.bands.of, number(bound)), (sign + "=" * closed,))
        if definition.map is not None and isinstance(definition.map.of, Name):
            yield from (_equals(rules, definition.map.of, written) for written in definition.map.to)


def _equals(rules: Rules, key: Name, written: str) -> Expr:
    kind = rules.types[key.name]
    return Compare((key, Text(written) if kind.is_category else number(Fraction(written))), ("==",))


def number(value: Fraction) -> Expr:
    """A number as it stands in a formula."""
    return Neg(Num(-value, shown_number(-value))) if value < 0 else Num(value, shown_number(value))
