"""Lowering: the rules of one day become integer nodes, once, for every reader."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from functools import cached_property
from typing import Final

import attrs

from injuryprev.engine.ir import Graph, WidthError
from injuryprev.engine.scope import Scope
from injuryprev.engine.supposed import blamed
from injuryprev.engine.tables import Body, GapError, exhausts
from injuryprev.engine.values import Choice, Faults, Ratio, Truth, Value
from injuryprev.errors import InjuryprevError, ProfileError
from injuryprev.policy.document import Constant, Definition, Input, Keyed, Outcome, Parameter, Refusal
from injuryprev.policy.rules import Item, Rules, Type, left_open
from injuryprev.units import finite_places
from injuryprev.unknown import Reason
from injuryprev.words import Words

STATUS: Final = ("missing", "unreadable", "out_of_range", "too_fine")
"""What the status of a given value says, from 1 on; 0 is well given."""


@attrs.frozen(eq=False)
class InputShape:
    """How a given value becomes an integer: a number in steps within ``[low, high]``, a flag, or a choice.

    ``absent`` is the integer taken when the value is not given, ``None`` where that leaves it missing.
    """

    name: str
    kind: str
    step: Fraction
    low: int
    high: int
    absent: int | None
    choices: tuple[str, ...]


@attrs.frozen(eq=False)
class LoweredInput(InputShape):
    """An input of the tree: its shape, its value as nodes, and how it can be no use."""

    value: Value
    faults: tuple[Reason, ...]
    """Reasons by status, in the order of ``STATUS``."""


@attrs.frozen(eq=False)
class Step:
    """One named figure or rule worked out: its value, and for a table, bands or mapping the condition of each row."""

    name: str
    value: Value
    rows: tuple[Truth, ...] = ()


@attrs.frozen(eq=False, slots=False)
class Lowered:
    """The rules of one day as integer nodes: the one tree that every reader reads."""

    rules: Rules
    graph: Graph
    inputs: dict[str, LoweredInput]
    steps: dict[str, Step]
    places: dict[str, int]
    """Decimal places of each numeric output."""

    @cached_property
    def reasons(self) -> Faults:
        """Every reason for which some output can be unknown, and when, in the order in which readers state them."""
        found: Faults = {}
        for name in self.rules.outputs:
            for reason, node in self.steps[name].value.faults.items():
                found[reason] = self.graph.either(found[reason], node) if reason in found else node
        return found


INPUT: Final = "input"
"""Code of the reason that an input is no use; a reader words it by the status of the value it was given."""


def lower(rules: Rules) -> Lowered:
    """Lower the rules of one day.

    Raises:
        ProfileError: A figure could leave 64 bits, bands leave a gap, or an output is not a finite decimal.
    """
    try:
        return _Lowering(rules).whole()
    except ProfileError as error:
        raise blamed(rules, error) from None


def scope_of(lowered: Lowered) -> Scope:
    """The names of lowered rules for further formulas in the same graph; the lowered rules stay as they are."""
    scope = _Lowering(lowered.rules, lowered.graph)
    scope.inputs, scope.steps = lowered.inputs, dict(lowered.steps)
    return scope


def lower_input(graph: Graph, item: Item[Input], kind: Type) -> LoweredInput:
    """An input as nodes: its value or a stand-in, and whether it is no use."""
    entry, name = item.entry, item.name
    reasons = _input_reasons(item, kind)
    faults: Faults = {Reason(INPUT, name, item.title): graph.bad(name)}
    low, high, step = 0, max(len(kind.choices) - 1, 1), Fraction(1)
    value: Value
    if kind.is_flag:
        value = Truth(graph.flag(name), faults)
        absent = None if entry.absent is None else int(bool(entry.absent))
    elif kind.is_category:
        high = len(kind.choices) - 1
        value = Choice(graph.var(name, 0, high), kind.choices, faults)
        absent = None if entry.absent is None else kind.choices.index(str(entry.absent))
    else:
        assert entry.range is not None
        step = entry.step
        low, high = (int(Fraction(bound) / step) for bound in entry.range)
        value = Ratio(graph.var(name, low, high), graph.const(1), step, faults)
        absent = None if entry.absent is None else int(Fraction(entry.absent) / step)
    shape = "flag" if kind.is_flag else "category" if kind.is_category else "number"
    return LoweredInput(name, shape, step, low, high, absent, kind.choices, value, reasons)


def _input_reasons(item: Item[Input], kind: Type) -> tuple[Reason, ...]:
    name, title, entry = item.name, item.title, item.entry
    if kind.is_number:
        assert entry.range is not None
        wanted = Words(f"from {entry.range[0]:f} to {entry.range[1]:f}", f"{entry.range[0]:f} 至 {entry.range[1]:f}")
        form = Words("a number", "数字")
    else:
        listed = ", ".join(kind.choices) or "true, false"
        wanted, form = Words(f"one of {listed}", f"{listed} 之一"), Words(f"one of {listed}", f"{listed} 之一")
    step = f"{entry.step}"
    return (
        Reason("missing", name, Words(f"{name} ({title.en}) was not given", f"未提供{title.to('zh')}（{name}）")),
        Reason("unreadable", name, Words(f"{name} is not {form.en}", f"{name} 不是{form.zh}")),
        Reason("out_of_range", name, Words(f"{name} is not {wanted.en}", f"{name} 不在 {wanted.zh} 之内")),
        Reason(
            "too_fine", name, Words(f"{name} is finer than its step of {step}", f"{name} 的精度超过其最小单位 {step}")
        ),
    )


class _Lowering(Scope):
    def __init__(self, rules: Rules, graph: Graph | None = None) -> None:
        super().__init__(graph or Graph(), "")
        self.rules = rules
        self.inputs: dict[str, LoweredInput] = {}
        self.steps: dict[str, Step] = {}

    def name(self, name: str) -> Value:
        if name not in self.steps and name in self.rules.parameters:
            self.steps[name] = Step(name, self.parameter(self.rules.parameters[name]))
        elif name not in self.steps and name in self.rules.definitions:  # one that no output rests on
            subject = self.subject
            self.steps[name] = self.definition(self.rules.definitions[name])
            self.subject = subject
        return self.inputs[name].value if name in self.inputs else self.steps[name].value

    def whole(self) -> Lowered:
        problems: list[InjuryprevError] = []
        for item in self.rules.inputs.values():
            with self.placed(item):
                self.inputs[item.name] = lower_input(self.graph, item, self.rules.types[item.name])
        for definition in self.rules.definitions.values():
            if definition.name in self.rules.used:
                with self.placed(definition):
                    self.steps[definition.name] = self.definition(definition)
        places: dict[str, int] = {}
        for output in self.rules.outputs:
            value = self.steps[output].value
            if isinstance(value, Ratio):
                found = finite_places(value.scale)
                if found is None or value.den.fixed != 1:
                    problems.append(
                        InjuryprevError(
                            f"output {output!r} is not a finite decimal",
                            where=self.rules.definitions[output].place,
                            expected="round = { to = …, mode = …, source = … }, as the rule prescribes",
                        )
                    )
                places[output] = found or 0
        if problems:
            raise ProfileError(f"{self.rules.id} on {self.rules.on}", problems)
        self.graph.most_work = sys.maxsize  # what was made can be read: readers that build on it are not stopped
        return Lowered(self.rules, self.graph, self.inputs, self.steps, places)

    @contextmanager
    def placed(self, item: Item[Input] | Item[Definition]) -> Iterator[None]:
        """Tells where the entry is written whose figures are too wide, or whose bands leave a gap."""
        try:
            yield
        except (WidthError, GapError) as error:
            raise ProfileError(
                f"{self.rules.id} on {self.rules.on}",
                [type(error)(error.what, where=item.place, seen=error.seen, expected=error.expected)],
            ) from None

    def parameter(self, item: Item[Parameter]) -> Value:
        entry = item.entry
        if entry.values is None:
            assert entry.value is not None
            return self.constant(entry.value, item)
        return self.keyed(entry.values, entry.by, item)

    def keyed(self, level: Keyed | Constant, keys: tuple[str, ...], item: Item[Parameter]) -> Value:
        if not isinstance(level, Keyed):
            return self.constant(level, item)
        key = self.name(keys[0])
        cases = [
            (self.equals(key, written), self.keyed(inner, keys[1:], item)) for written, inner in level.values.items()
        ]
        last = cases.pop()[1] if exhausts(key, list(level.values)) else self.no_figure(item)
        return self.first(cases, last, key.faults)

    def constant(self, figure: Constant, item: Item[Parameter]) -> Value:
        if isinstance(figure, Refusal):
            return self.refused(self.open_question(item, figure), Type(self.rules.types[item.name].unit))
        return self.math.number(figure)

    def open_question(self, item: Item[Parameter] | Item[Definition], refusal: Refusal | Words) -> Reason:
        """The reason of an outcome that the profile declares unknown."""
        words = refusal.unknown if isinstance(refusal, Refusal) else refusal
        return left_open("not_known", item.name, words, item.cited)

    def no_figure(self, item: Item[Parameter]) -> Value:
        reason = Reason(
            "no_figure", item.name, Words(f"{item.name} has no figure for this key", f"{item.name} 没有与此对应的数值")
        )
        return self.refused(reason, Type(self.rules.types[item.name].unit))

    def outcome(self, outcome: Outcome, item: Item[Definition]) -> Value:
        """What a row, band or key yields."""
        if isinstance(outcome, Refusal):
            return self.refused(self.open_question(item, outcome), self.rules.types[item.name])
        value = self.expr(outcome)
        kind = self.rules.types[item.name]
        if isinstance(value, Choice) and value.choices != kind.choices:
            return Choice(self.recoded(value, kind.choices), kind.choices, value.faults)
        return value

    def definition(self, item: Item[Definition]) -> Step:
        entry = item.entry
        self.subject = item.name
        rows: tuple[Truth, ...] = ()
        body = Body(self, item.name, self.rules.types[item.name], lambda outcome: self.outcome(outcome, item))
        if entry.formula is not None:
            value = self.outcome(entry.formula, item)
        elif entry.table is not None:
            value, rows = body.table(entry.table)
        elif entry.bands is not None:
            value, rows = body.bands(entry.bands)
        elif entry.map is not None:
            value, rows = body.mapping(entry.map)
        else:
            assert entry.unknown is not None
            value = self.refused(self.open_question(item, entry.unknown), self.rules.types[item.name])
        if entry.round is not None:
            assert isinstance(value, Ratio)
            value = self.math.rounded(value, entry.round.to, entry.round.mode)
        return Step(item.name, value, rows)
