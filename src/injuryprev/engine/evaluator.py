"""Runs the lowered tree for one record: the outputs at once, every step of the way when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Final

import attrs

from injuryprev.engine.figures import Counted
from injuryprev.engine.ir import Node
from injuryprev.engine.lower import INPUT, Lowered, LoweredInput, lower
from injuryprev.engine.reading import read
from injuryprev.engine.record import Compiled, compile_nodes, leaves
from injuryprev.engine.values import Choice, Faults, Ratio, Truth, Value
from injuryprev.policy.rules import Rules
from injuryprev.unknown import Reason, Unknown

Outcome = Decimal | bool | str | Unknown
Known = Fraction | bool | str
"""A value of a step on the way, exact: ratios need not be finite decimals."""


_NONE: Final[Mapping[str, Counted]] = {}


@attrs.frozen
class Given:
    """What a caller gave for one record, as the tree takes it."""

    figures: Mapping[str, object]
    values: tuple[int, ...]
    statuses: tuple[int, ...]
    counted: Mapping[str, Counted] = _NONE


Exact = Callable[[int, int], Known]
"""How the two integers of a step become its value; a trace calls it only for the values that are looked at."""


@attrs.frozen(eq=False)
class StepState:
    """What a step came to: its integers, why it is unknown if it is, and for each row whether it holds."""

    exact: Exact
    main: int
    den: int
    unknown: Unknown | None
    rows: tuple[bool | None, ...]

    @property
    def value(self) -> Known | Unknown:
        """The exact value, or why there is none."""
        return self.exact(self.main, self.den) if self.unknown is None else self.unknown


class Evaluator:
    """The record reader of one lowered policy."""

    def __init__(self, lowered: Lowered) -> None:
        self.lowered = lowered
        self.specs: tuple[tuple[str, LoweredInput], ...] = tuple(lowered.inputs.items())
        self._places = {name: place for place, (name, _) in enumerate(self.specs)}

        self._takers = tuple(
            (
                name,
                spec,
                read(spec, None),
                spec.step.denominator if spec.kind == "number" and spec.step.numerator == 1 else 0,
                spec.low,
                spec.high,
            )
            for name, spec in self.specs
        )

    def __reduce__(self) -> tuple[object, ...]:
        """Compiled work is made again where it is unpacked: the rules say all that it needs."""
        return _evaluator, (self.rules,)

    @property
    def rules(self) -> Rules:
        """The rules that were lowered."""
        return self.lowered.rules

    def take(self, figures: Mapping[str, object], counted: Mapping[str, Counted] = _NONE) -> Given:
        """Read every input of one record."""
        values, statuses = [], []
        for name, spec, not_given, per_unit, low, high in self._takers:
            figure = figures.get(name)
            if figure is None:
                value, status = not_given
            elif figure.__class__ is int and per_unit and low <= figure * per_unit <= high:  # what most figures are
                value, status = figure * per_unit, 0
            else:
                value, status = read(spec, figure)
            values.append(value)
            statuses.append(status)
        return Given(figures, tuple(values), tuple(statuses), counted)

    def outcomes(self, given: Given) -> dict[str, Outcome]:
        """Every output of one record."""
        work = self._full if any(given.statuses) else self._clean
        numbers = work(*given.values, *given.statuses)
        outcomes: dict[str, Outcome] = {}
        place = 0
        for name, write in self._writers:
            outcomes[name] = self._why(name, given) if numbers[place] else write(numbers[place + 1])
            place += 2
        return outcomes

    def refusal(self, given: Given) -> tuple[Reason, ...]:
        """Why any output is unknown, each reason once, in the order in which every reader states them."""
        active = self._refusal_work(*given.values, *given.statuses)
        return self._reasons(self.lowered.reasons, active, given)

    def steps(self, given: Given) -> list[StepState]:
        """What every figure, parameter and definition came to, in the order of ``lowered.steps``."""
        numbers = self._every_step(*given.values, *given.statuses)
        states: list[StepState] = []
        place = 0
        for exact, faults, rows in self._step_shapes:
            main, den = numbers[place], numbers[place + 1]
            after = place + 2 + len(faults)
            unknown = None
            if any(numbers[place + 2 : after]):
                unknown = Unknown(self._reasons(faults, numbers[place + 2 :], given))
            place = after + 2 * rows
            pairs = zip(numbers[after:place:2], numbers[after + 1 : place : 2], strict=True)
            held = tuple([None if unclear else bool(holds) for holds, unclear in pairs])
            states.append(StepState(exact, main, den, unknown, held))
        return states

    # Compiled once, when first used

    @cached_property
    def _roots(self) -> list[Node]:
        """For each output: whether it is unknown, then its numerator, truth or code."""
        roots: list[Node] = []
        for name in self.rules.outputs:
            value = self.lowered.steps[name].value
            roots += [self.lowered.graph.any(value.faults.values()), _main(value)]
        return roots

    @cached_property
    def _full(self) -> Compiled:
        return self._compiled(self._roots)

    @cached_property
    def _clean(self) -> Compiled:
        """For a record whose every input is of use: all that hangs on a bad input falls away."""
        graph = self.lowered.graph
        return self._compiled(graph.rebuild(self._roots, dict.fromkeys(leaves(self._roots, "bad"), graph.false)))

    @cached_property
    def _every_step(self) -> Compiled:
        graph, roots = self.lowered.graph, []
        for step in self.lowered.steps.values():
            roots += [_main(step.value), step.value.den if isinstance(step.value, Ratio) else graph.true]
            roots += step.value.faults.values()
            for row in step.rows:
                roots += [row.node, graph.any(row.faults.values())]
        return self._compiled(roots)

    @cached_property
    def _refusal_work(self) -> Compiled:
        return self._compiled(list(self.lowered.reasons.values()))

    @cached_property
    def _step_shapes(self) -> tuple[tuple[Exact, Faults, int], ...]:
        steps = self.lowered.steps.values()
        return tuple((_exact(step.value), step.value.faults, len(step.rows)) for step in steps)

    @cached_property
    def _writers(self) -> tuple[tuple[str, Callable[[int], Outcome]], ...]:
        return tuple((name, _writer(self.lowered, name)) for name in self.rules.outputs)

    @cached_property
    def _fault_work(self) -> dict[str, Compiled]:
        faults = {name: list(self.lowered.steps[name].value.faults.values()) for name in self.rules.outputs}
        return {name: self._compiled(nodes) for name, nodes in faults.items()}

    def _compiled(self, roots: list[Node]) -> Compiled:
        return compile_nodes(roots, [name for name, _ in self.specs])

    # Values and reasons

    def _why(self, name: str, given: Given) -> Unknown:
        numbers = self._fault_work[name](*given.values, *given.statuses)
        return Unknown(self._reasons(self.lowered.steps[name].value.faults, numbers, given))

    def _reasons(self, faults: Faults, active: tuple[int, ...], given: Given) -> tuple[Reason, ...]:
        found: dict[Reason, None] = {}
        for reason, holds in zip(faults, active, strict=False):
            if holds:
                found.update(dict.fromkeys(self._worded(reason, given) if reason.code == INPUT else (reason,)))
        return tuple(found)

    def _worded(self, reason: Reason, given: Given) -> tuple[Reason, ...]:
        """Why an input is no use: what its giver said of it, or how it was given."""
        value = given.figures.get(reason.subject)
        if isinstance(value, Unknown):
            return value.reasons
        status = given.statuses[self._places[reason.subject]]
        return (self.lowered.inputs[reason.subject].faults[status - 1],)


def _exact(value: Value) -> Exact:
    """How the integers of a step become its exact value."""
    if isinstance(value, Truth):
        return lambda main, _: bool(main)
    if isinstance(value, Choice):
        return lambda main, _: value.choices[main]
    top, bottom = value.scale.numerator, value.scale.denominator
    return lambda num, den: Fraction(num * top, den * bottom)


def _main(value: Value) -> Node:
    return value.num if isinstance(value, Ratio) else value.node


def _writer(lowered: Lowered, name: str) -> Callable[[int], Outcome]:
    """How the integer of an output becomes what the caller sees."""
    value = lowered.steps[name].value
    if isinstance(value, Truth):
        return bool
    if isinstance(value, Choice):
        return value.choices.__getitem__
    places = lowered.places[name]
    factor = int(value.scale * 10**places)
    rounding = lowered.rules.definitions[name].entry.round
    keep = places if rounding is not None else 0
    cache: dict[int, Decimal] = {}

    def write(number: int) -> Decimal:
        found = cache.get(number)
        if found is None:
            digits, after = number * factor, places
            while after > keep and digits % 10 == 0:
                digits, after = digits // 10, after - 1
            found = Decimal(f"{digits}E-{after}")  # text is read exactly, whatever precision the caller has set
            if len(cache) < 1024:
                cache[number] = found
        return found

    return write


def _evaluator(rules: Rules) -> Evaluator:
    return Evaluator(lower(rules))
