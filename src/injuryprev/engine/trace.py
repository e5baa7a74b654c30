"""The trace: what was given, what each step came to, by which rule of which document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Literal

import attrs

from injuryprev.engine.evaluator import Evaluator, Given, Known, Outcome, StepState
from injuryprev.engine.lower import LoweredInput
from injuryprev.engine.values import Choice, Ratio
from injuryprev.policy.document import Bands, Confidence, Definition, Parameter, Refusal, Table
from injuryprev.policy.document import Mapping as KeyMapping
from injuryprev.policy.document import Outcome as Written
from injuryprev.policy.expr import Expr, write
from injuryprev.policy.rules import Cited, Item, Rules, weakest
from injuryprev.unknown import Unknown
from injuryprev.words import Words

State = Literal["holds", "does not hold", "unknown"]
Kind = Literal["formula", "table", "bands", "map", "unknown", "parameter"]


@attrs.frozen
class TraceInput:
    """One input: what it was read as, whether its absence was taken to mean something, how it was counted if it was."""

    name: str
    title: Words
    unit: str
    value: Known | Unknown
    absent: bool
    choice: Words
    counted: Words = Words()
    cited: tuple[Cited, ...] = ()
    confidence: Confidence | None = None


@attrs.frozen
class TraceRow:
    """One row of a table, a band or a key: its condition and outcome as written, and whether it holds."""

    condition: str
    outcome: str | Words
    label: Words
    state: State
    cited: tuple[Cited, ...]
    note: Words


@attrs.frozen
class TraceStep:
    """One figure of the law or one rule, and what it came to."""

    name: str
    kind: Kind
    title: Words
    unit: str
    value: Known | Unknown
    choice: Words
    formula: Expr | None
    uses: tuple[str, ...]
    hit: str
    rows: tuple[TraceRow, ...]
    rounding: str
    rounding_cited: tuple[Cited, ...]
    cited: tuple[Cited, ...]
    confidence: Confidence
    since: dt.date
    owner: str
    note: Words
    caveat: Words


@attrs.frozen
class Trace:
    """The whole reasoning of one evaluation."""

    rules: Rules
    inputs: tuple[TraceInput, ...]
    steps: tuple[TraceStep, ...]
    outputs: Mapping[str, Outcome]

    @property
    def confidence(self) -> Confidence:
        """The weakest confidence of any step and of any counting rule."""
        counted = [given.confidence for given in self.inputs if given.confidence is not None]
        return weakest([*counted, *(step.confidence for step in self.steps)])

    @property
    def cited(self) -> tuple[Cited, ...]:
        """Every citation once, in the order of first use."""
        found: dict[Cited, None] = {}
        for given in self.inputs:
            found.update(dict.fromkeys(given.cited))
        for step in self.steps:
            found.update(dict.fromkeys((*step.cited, *step.rounding_cited)))
            for row in step.rows:
                if row.state == "holds":
                    found.update(dict.fromkeys(row.cited))
        return tuple(found)

    def values(self) -> dict[str, Known | Unknown]:
        """Every input and step by name."""
        found: dict[str, Known | Unknown] = {given.name: given.value for given in self.inputs}
        found.update((step.name, step.value) for step in self.steps)
        return found


def trace(evaluator: Evaluator, given: Given, outputs: Mapping[str, Outcome]) -> Trace:
    """Build the trace of one record from the steps of its evaluation."""
    rules = evaluator.rules
    inputs = tuple(
        _input(rules, spec, given, place) for place, (name, spec) in enumerate(evaluator.specs) if name in rules.used
    )
    steps = tuple(_step(rules, name, state) for name, state in evaluator.steps(given).items())
    return Trace(rules, inputs, steps, outputs)


def _input(rules: Rules, spec: LoweredInput, given: Given, place: int) -> TraceInput:
    item = rules.inputs[spec.name]
    raw, number, status = given.figures.get(spec.name), given.values[place], given.statuses[place]
    value: Known | Unknown
    if status:
        value = raw if isinstance(raw, Unknown) else Unknown((spec.faults[status - 1],))
    elif isinstance(spec.value, Ratio):
        value = spec.step * number
    else:
        value = spec.choices[number] if isinstance(spec.value, Choice) else bool(number)
    counted = given.counted.get(spec.name)
    return TraceInput(
        name=spec.name,
        title=item.title,
        unit=item.entry.unit,
        value=value,
        absent=not status and (raw is None or isinstance(raw, Unknown)),
        choice=item.entry.choices.get(value, Words()) if isinstance(value, str) else Words(),
        counted=counted.words if counted else Words(),
        cited=counted.cited if counted else (),
        confidence=counted.item.confidence if counted else None,
    )


def _step(rules: Rules, name: str, state: StepState) -> TraceStep:
    if name in rules.parameters:
        return _parameter(rules.parameters[name], state)
    item = rules.definitions[name]
    entry = item.entry
    rounding = entry.round
    return TraceStep(
        name=name,
        kind=_kind(entry),
        title=item.title,
        unit=entry.unit,
        value=state.value,
        choice=entry.choices.get(state.value, Words()) if isinstance(state.value, str) else Words(),
        formula=entry.formula or (entry.bands.of if entry.bands else entry.map.of if entry.map else None),
        uses=(),
        hit=entry.table.hit if entry.table else "",
        rows=tuple(_rows(rules, item, state.rows)),
        rounding=f"{rounding.mode} {rounding.to}" if rounding else "",
        rounding_cited=rules.cite_rounding(item, rounding) if rounding else (),
        cited=item.cited,
        confidence=weakest([item.confidence, *([rounding.confidence] if rounding and rounding.confidence else [])]),
        since=item.period.since,
        owner=item.owner,
        note=entry.note,
        caveat=entry.caveat,
    )


def _parameter(item: Item[Parameter], state: StepState) -> TraceStep:
    return TraceStep(
        name=item.name,
        kind="parameter",
        title=item.title,
        unit=item.entry.unit,
        value=state.value,
        choice=Words(),
        formula=None,
        uses=item.entry.by,
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


def _kind(entry: Definition) -> Kind:
    if entry.table is not None:
        return "table"
    if entry.bands is not None:
        return "bands"
    if entry.map is not None:
        return "map"
    return "unknown" if entry.unknown is not None else "formula"


def _rows(rules: Rules, item: Item[Definition], states: tuple[bool | None, ...]) -> Iterator[TraceRow]:
    body: Table | Bands | KeyMapping | None = item.entry.table or item.entry.bands or item.entry.map
    if body is None:
        return
    written: list[tuple[str, Written, Words, tuple[Cited, ...], Words]]
    if isinstance(body, KeyMapping):
        written = [(key, then, Words(), (), Words()) for key, then in body.to.items()]
    elif isinstance(body, Table):
        written = [
            (write(row.when), row.then, row.label, rules.cite(item.owner, row.source), row.note) for row in body.rows
        ]
    else:
        written = [(band.text, band.then, band.label, (), Words()) for band in body.rows]
    for (condition, then, label, cited, note), state in zip(written, states, strict=True):
        word: State = "unknown" if state is None else "holds" if state else "does not hold"
        yield TraceRow(condition, _outcome(then), label, word, cited, note)


def _outcome(then: Written) -> str | Words:
    return then.unknown if isinstance(then, Refusal) else write(then)
