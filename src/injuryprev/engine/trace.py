"""The trace: what was given, what each step came to, by which rule of which document.

What does not change from record to record (words, conditions, sources) is read from the rules once; a trace joins it
to the values of one record.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Literal

import attrs

from injuryprev.engine.evaluator import Evaluator, Given, Known, Outcome, StepState
from injuryprev.engine.figures import Counted
from injuryprev.engine.lower import LoweredInput
from injuryprev.policy.document import Bands, Confidence, Definition, Parameter, Refusal, Table
from injuryprev.policy.document import Mapping as KeyMapping
from injuryprev.policy.document import Outcome as Written
from injuryprev.policy.expr import Expr
from injuryprev.policy.rules import Cited, Item, Rules, weakest
from injuryprev.units import shown
from injuryprev.unknown import Unknown
from injuryprev.words import Words

Kind = Literal["formula", "table", "bands", "map", "unknown", "parameter"]


@attrs.frozen(eq=False)
class InputRule:
    """What an input is."""

    name: str
    title: Words
    unit: str
    choices: Mapping[str, Words]
    exact: Callable[[int], Known]


@attrs.frozen(eq=False)
class RowRule:
    """One row of a table, a band or a key: its condition and outcome as written."""

    condition: Expr | str
    outcome: Expr | Words
    label: Words
    cited: tuple[Cited, ...]
    note: Words


@attrs.frozen(eq=False)
class StepRule:
    """One figure of the law or one rule, as written."""

    name: str
    kind: Kind
    title: Words
    unit: str
    choices: Mapping[str, Words]
    formula: Expr | None
    by: tuple[str, ...]
    hit: str
    rows: tuple[RowRule, ...]
    rounding: str
    rounding_cited: tuple[Cited, ...]
    cited: tuple[Cited, ...]
    confidence: Confidence
    since: dt.date
    owner: str
    note: Words
    caveat: Words


@attrs.frozen(eq=False)
class TraceInput:
    """One input of one record: its value, whether its absence gave it, how it was counted if it was."""

    rule: InputRule
    number: int
    unknown: Unknown | None
    absent: bool
    counted: Counted | None

    @property
    def name(self) -> str:
        """The input's name."""
        return self.rule.name

    @property
    def value(self) -> Known | Unknown:
        """The exact value, or why there is none."""
        return self.rule.exact(self.number) if self.unknown is None else self.unknown

    @property
    def words(self) -> Words:
        """How it was counted; empty where it was given."""
        return self.counted.words if self.counted else Words()

    @property
    def cited(self) -> tuple[Cited, ...]:
        """The sources of its counting rule."""
        return self.counted.cited if self.counted else ()


@attrs.frozen(eq=False)
class TraceStep:
    """One step of one record: what it came to, and for each row whether it holds (``None``: unknown)."""

    rule: StepRule
    state: StepState

    @property
    def name(self) -> str:
        """The name of the figure or rule."""
        return self.rule.name

    @property
    def value(self) -> Known | Unknown:
        """The exact value, or why there is none."""
        return self.state.value

    @property
    def rows(self) -> tuple[bool | None, ...]:
        """For each row whether it holds."""
        return self.state.rows


@attrs.frozen(eq=False)
class Trace:
    """The whole reasoning of one evaluation."""

    rules: Rules
    inputs: tuple[TraceInput, ...]
    steps: tuple[TraceStep, ...]
    outputs: Mapping[str, Outcome]

    @property
    def confidence(self) -> Confidence:
        """The weakest confidence of any step, of any row that holds, and of any counting rule."""
        found = [given.counted.item.confidence for given in self.inputs if given.counted is not None]
        for step in self.steps:
            found.append(step.rule.confidence)
            for row, holds in zip(step.rule.rows, step.rows, strict=True):
                found += [cited.confidence for cited in row.cited if holds]
        return weakest(found)

    @property
    def cited(self) -> tuple[Cited, ...]:
        """Every citation once, in the order of first use."""
        found: dict[Cited, None] = {}
        for given in self.inputs:
            found.update(dict.fromkeys(given.cited))
        for step in self.steps:
            found.update(dict.fromkeys((*step.rule.cited, *step.rule.rounding_cited)))
            for row, holds in zip(step.rule.rows, step.rows, strict=True):
                if holds:
                    found.update(dict.fromkeys(row.cited))
        return tuple(found)

    def values(self) -> dict[str, Known | Unknown]:
        """Every input and step by name."""
        found: dict[str, Known | Unknown] = {given.name: given.value for given in self.inputs}
        found.update((step.name, step.value) for step in self.steps)
        return found


class Tracer:
    """Builds traces for one evaluator."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator

    def __reduce__(self) -> tuple[object, ...]:
        """What is read from the rules is read again where it is unpacked."""
        return Tracer, (self._evaluator,)

    @cached_property
    def _inputs(self) -> tuple[tuple[int, LoweredInput, InputRule], ...]:
        rules = self._evaluator.rules
        return tuple(
            (place, spec, _input_rule(rules, spec))
            for place, (name, spec) in enumerate(self._evaluator.specs)
            if name in rules.used
        )

    @cached_property
    def _steps(self) -> tuple[StepRule, ...]:
        rules = self._evaluator.rules
        return tuple(
            _parameter_rule(rules.parameters[name])
            if name in rules.parameters
            else _step_rule(rules, rules.definitions[name])
            for name in self._evaluator.lowered.steps
        )

    def trace(self, given: Given, outputs: Mapping[str, Outcome]) -> Trace:
        """The reasoning for one record."""
        inputs = tuple([_input(spec, rule, given, place) for place, spec, rule in self._inputs])
        states = self._evaluator.steps(given)
        steps = tuple([TraceStep(rule, state) for rule, state in zip(self._steps, states, strict=True)])
        return Trace(self._evaluator.rules, inputs, steps, outputs)


def _input(spec: LoweredInput, rule: InputRule, given: Given, place: int) -> TraceInput:
    raw, status = given.figures.get(spec.name), given.statuses[place]
    unknown = None
    if status:
        unknown = raw if isinstance(raw, Unknown) else Unknown((spec.faults[status - 1],))
    absent = raw is None and not status
    return TraceInput(rule, given.values[place], unknown, absent, given.counted.get(spec.name))


def _input_rule(rules: Rules, spec: LoweredInput) -> InputRule:
    item = rules.inputs[spec.name]
    return InputRule(spec.name, item.title, item.entry.unit, item.entry.choices, _exact(spec))


def _exact(spec: LoweredInput) -> Callable[[int], Known]:
    """How the integer of an input becomes its value."""
    if spec.kind == "number":
        return lambda number: Fraction(number * spec.step.numerator, spec.step.denominator)
    return spec.choices.__getitem__ if spec.kind == "category" else bool


def _parameter_rule(item: Item[Parameter]) -> StepRule:
    return StepRule(
        name=item.name,
        kind="parameter",
        title=item.title,
        unit=item.entry.unit,
        choices={},
        formula=None,
        by=item.entry.by,
        hit="",
        rows=(),
        rounding="",
        rounding_cited=(),
        cited=item.cited,
        confidence=item.confidence,
        since=item.period.since,
        owner=item.owner,
        note=item.entry.note,
        caveat=item.entry.caveat,
    )


def _step_rule(rules: Rules, item: Item[Definition]) -> StepRule:
    entry = item.entry
    rounding = entry.round
    look_up = entry.bands or entry.map
    confidences = [item.confidence]
    if rounding and rounding.confidence:
        confidences.append(rounding.confidence)
    elif rounding:
        confidences += [cited.confidence for cited in rules.cite(item.owner, rounding.source)]
    return StepRule(
        name=item.name,
        kind=_kind(entry),
        title=item.title,
        unit=entry.unit,
        choices=entry.choices,
        formula=entry.formula or (look_up.of if look_up else None),
        by=(),
        hit=entry.table.hit if entry.table else "",
        rows=tuple(_rows(rules, item)),
        rounding=f"{rounding.mode} {shown(rounding.to)}" if rounding else "",
        rounding_cited=rules.cite_rounding(item, rounding) if rounding else (),
        cited=item.cited,
        confidence=weakest(confidences),
        since=item.period.since,
        owner=item.owner,
        note=entry.note,
        caveat=entry.caveat,
    )


def _kind(entry: Definition) -> Kind:
    if entry.table is not None:
        return "table"
    if entry.bands is not None:
        return "bands"
    if entry.map is not None:
        return "map"
    return "unknown" if entry.unknown is not None else "formula"


def _rows(rules: Rules, item: Item[Definition]) -> Iterator[RowRule]:
    body: Table | Bands | KeyMapping | None = item.entry.table or item.entry.bands or item.entry.map
    if isinstance(body, KeyMapping):
        for key, then in body.to.items():
            yield RowRule(key, _outcome(then), Words(), (), Words())
    elif isinstance(body, Table):
        for row in body.rows:
            cited = rules.cite(item.owner, row.source)
            yield RowRule(row.when, _outcome(row.then), row.label, cited, row.note)
    elif body is not None:
        for band in body.rows:
            yield RowRule(band.text, _outcome(band.then), band.label, (), Words())


def _outcome(then: Written) -> Expr | Words:
    return then.unknown if isinstance(then, Refusal) else then
