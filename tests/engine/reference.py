"""The rules of a day worked out again, in the plainest way: fractions, dictionaries and one rule at a time.

This reads what a profile says and nothing of how the engine does it.  A value is a ``Fraction``, a truth value, a
word, or ``None`` where it cannot be known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from math import floor, isnan
from typing import TypeVar

from injuryprev.policy import expr as ex
from injuryprev.policy.document import Bands, Definition, Input, Keyed, Outcome, Parameter, Refusal, Table
from injuryprev.policy.document import Mapping as KeyMapping
from injuryprev.policy.rules import Rules
from injuryprev.unknown import Unknown

T = TypeVar("T")
Value = Fraction | bool | str | None


def work_out(rules: Rules, figures: Mapping[str, object]) -> dict[str, Value]:
    """Every input, figure and rule that an output looks at, by name."""
    reference = _Reference(rules, figures)
    for output in rules.outputs:
        reference.value(output)
    return reference.values


class _Reference:
    def __init__(self, rules: Rules, figures: Mapping[str, object]) -> None:
        self.rules, self.figures = rules, figures
        self.values: dict[str, Value] = {}

    def value(self, name: str) -> Value:
        if name not in self.values:
            if name in self.rules.inputs:
                found = taken(self.rules.inputs[name].entry, self.figures.get(name))
            elif name in self.rules.parameters:
                found = self.figure(self.rules.parameters[name].entry)
            else:
                found = self.definition(self.rules.definitions[name].entry)
            self.values[name] = found
        return self.values[name]

    def figure(self, entry: Parameter) -> Value:
        here: object = entry.value if entry.values is None else entry.values
        for key in entry.by:
            chosen = self.value(key)
            if chosen is None or not isinstance(here, Keyed):
                return None
            here = by_key(here.values, chosen)
        return here if isinstance(here, Fraction) else None

    # Definitions

    def definition(self, entry: Definition) -> Value:
        found: Value = None
        if entry.formula is not None:
            found = self.expr(entry.formula)
        elif entry.table is not None:
            found = self.table(entry.table)
        elif entry.bands is not None:
            found = self.bands(entry.bands)
        elif entry.map is not None:
            found = self.mapping(entry.map)
        if entry.round is not None and found is not None:
            assert isinstance(found, Fraction)
            found = rounded(found, entry.round.to, entry.round.mode)
        return found

    def outcome(self, outcome: Outcome | None) -> Value:
        return None if outcome is None or isinstance(outcome, Refusal) else self.expr(outcome)

    def table(self, table: Table) -> Value:
        states = [self.expr(row.when) for row in table.rows]
        thens = [row.then for row in table.rows]
        figures = [None if isinstance(then, Refusal) else written(then) for then in thens]
        if table.hit == "first":
            for state, then in zip(states, thens, strict=True):
                if state is not False:
                    return self.outcome(then) if state else None
            return self.outcome(table.none)
        if table.hit == "priority" or (table.hit in ("collect min", "collect max") and None not in figures):
            known = [figure for figure in figures if figure is not None]
            order = table.order or sorted(known, reverse=table.hit == "collect max")
            return self.by_rank(order, figures, states, table.none)
        if None in states:
            return None
        hits = [then for state, then in zip(states, thens, strict=True) if state]
        if not hits and (table.hit != "collect count" or table.none is not None):
            return self.outcome(table.none)
        if table.hit == "unique":
            return self.outcome(hits[0]) if len(hits) == 1 else None
        if table.hit == "collect count":
            return Fraction(len(hits))
        outcomes = [self.outcome(hit) for hit in hits]
        if None in outcomes:
            return None
        if table.hit == "any":
            return outcomes[0] if all(outcome == outcomes[0] for outcome in outcomes) else None
        numbers = [outcome for outcome in outcomes if isinstance(outcome, Fraction)]
        assert len(numbers) == len(outcomes)
        if table.hit == "collect sum":
            return sum(numbers, Fraction(0))
        return min(numbers) if table.hit == "collect min" else max(numbers)

    def by_rank(
        self, order: Iterable[Fraction], figures: list[Fraction | None], states: list[Value], none: Outcome | None
    ) -> Value:
        """The best figure whose row holds; of a worse one it need not be known whether it does."""
        for figure in order:
            alike = [state for state, other in zip(states, figures, strict=True) if other == figure]
            if True in alike:
                return figure
            if None in alike:
                return None
        return self.outcome(none)

    def bands(self, bands: Bands) -> Value:
        of = self.expr(bands.of)
        if of is None:
            return None
        assert isinstance(of, Fraction)
        for band in bands.rows:
            low, high = band.within.low, band.within.high
            above = low is None or of > low or (of == low and band.within.low_closed)
            below = high is None or of < high or (of == high and band.within.high_closed)
            if above and below:
                return self.outcome(band.then)
        return self.outcome(bands.otherwise)

    def mapping(self, mapping: KeyMapping) -> Value:
        of = self.expr(mapping.of)
        if of is None:
            return None
        found = by_key(mapping.to, of)
        return self.outcome(mapping.otherwise if found is None else found)

    # Formulas

    def expr(self, node: ex.Expr) -> Value:
        match node:
            case ex.Num(value, _) | ex.Text(value) | ex.Flag(value):
                return value
            case ex.Name(name):
                return self.value(name)
            case ex.Not(arg):
                inner = self.expr(arg)
                return None if inner is None else not inner
            case ex.Logic(op, parts):
                return kleene(op, [self.expr(part) for part in parts])
            case ex.Compare(operands, ops):
                values = [self.expr(operand) for operand in operands]
                return kleene("and", [compared(*pair) for pair in zip(ops, values, values[1:], strict=False)])
            case ex.Within(item, choices, negated):
                of = self.expr(item)
                found = kleene("or", [compared("==", of, self.expr(choice)) for choice in choices])
                return found if found is None or not negated else not found
            case ex.Choose(condition, then, otherwise):
                state = self.expr(condition)
                return None if state is None else self.expr(then if state else otherwise)
            case ex.Neg(arg):
                return self.arithmetic("neg", [arg])
            case ex.Arith(op, left, right):
                return self.arithmetic(op, [left, right])
            case ex.Call(name, args):
                return self.arithmetic(name, list(args))

    def arithmetic(self, op: str, args: list[ex.Expr]) -> Value:
        values = [self.expr(arg) for arg in args]
        numbers = [value for value in values if isinstance(value, Fraction)]
        if None in values or (op == "/" and numbers[1] == 0):
            return None
        assert len(numbers) == len(values)
        first, *others = numbers
        match op, others:
            case "neg", _:
                return -first
            case "abs", _:
                return abs(first)
            case "+", [second]:
                return first + second
            case "-", [second]:
                return first - second
            case "*", [second]:
                return first * second
            case "/", [second]:
                return first / second
            case "min" | "max", _:
                return min(numbers) if op == "min" else max(numbers)
            case "clip", [low, high]:
                return min(max(first, low), high)
            case _, [step]:
                return rounded(first, step, op.removeprefix("round_"))
        raise AssertionError(op)


def kleene(op: str, states: list[Value]) -> bool | None:
    """And, or with unknown states: settled by one false, by one true."""
    settled = op == "or"
    if any(state is settled for state in states):
        return settled
    return None if None in states else not settled


def compared(op: str, left: Value, right: Value) -> bool | None:
    """A comparison; of something unknown it is unknown."""
    if left is None or right is None:
        return None
    if op in ("==", "!="):
        return (left == right) is (op == "==")
    assert isinstance(left, Fraction)
    assert isinstance(right, Fraction)
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[op]


def rounded(value: Fraction, step: Fraction, mode: str) -> Fraction:
    """The nearest multiple of a step; ties away from zero or to the even; up is away from zero, down towards it."""
    sign, size = (-1 if value < 0 else 1), abs(value) / step
    whole, rest = floor(size), size - floor(size)
    if mode == "up":
        whole += rest > 0
    elif mode == "half_up":
        whole += rest >= Fraction(1, 2)
    elif mode == "half_even":
        whole += rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2 == 1)
    return sign * whole * step


def written(node: ex.Expr) -> Fraction | None:
    """The figure that an outcome is, where it is one: a number, with a sign, or worked out of such."""
    match node:
        case ex.Num(value, _):
            return value
        case ex.Neg() | ex.Arith():
            parts = [written(part) for part in ex.children(node)]
            if None in parts or (isinstance(node, ex.Arith) and node.op == "/" and parts[1] == 0):
                return None
            numbers = [part for part in parts if part is not None]
            if isinstance(node, ex.Neg):
                return -numbers[0]
            left, right = numbers
            if node.op == "/":
                return left / right
            return {"+": left + right, "-": left - right, "*": left * right}[node.op]
    return None


def by_key(table: Mapping[str, T], key: Value) -> T | None:
    """The entry of a key: words by letters, numbers by value."""
    for text, entry in table.items():
        if (text == key) if isinstance(key, str) else (Fraction(text) == key):
            return entry
    return None


# What is given ------------------------------------------------------------------------------------------------------


def taken(entry: Input, given: object) -> Value:
    """What a given value says, or what its absence means; ``None`` for what is no use."""
    nothing = given is None or (isinstance(given, float) and isnan(given))
    if nothing and (entry.absent is None or isinstance(entry.absent, (bool, str))):
        return entry.absent
    if nothing or isinstance(given, Unknown):
        return Fraction(entry.absent) if nothing and isinstance(entry.absent, (int, Decimal)) else None
    if entry.unit == "flag":
        flags: dict[object, bool] = {"true": True, "false": False, 1: True, 0: False}
        return flags.get(given) if isinstance(given, (bool, int, float, str)) else None
    if entry.unit == "category":
        return given if isinstance(given, str) and given in entry.choices else None
    number = exact(given)
    assert entry.range is not None
    low, high = (Fraction(end) for end in entry.range)
    return number if number is not None and low <= number <= high and number % entry.step == 0 else None


def exact(given: object) -> Fraction | None:
    """The number a value is."""
    if isinstance(given, bool):
        return None
    if isinstance(given, (int, Fraction)):
        return Fraction(given)
    if isinstance(given, float):
        return Fraction(repr(given))
    if isinstance(given, Decimal):
        return Fraction(given) if given.is_finite() else None
    text = given.strip() if isinstance(given, str) else ""
    return Fraction(text) if re.fullmatch(r"[+-]?\d+(\.\d+)?", text) else None
