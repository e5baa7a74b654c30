"""Formulas over records: lowered like the rules themselves, stage by stage, from single records to whole claims.

The first stage works on records; each later one on the sums over groups of the stage before; the last is what each
record or group comes to.  Every figure of a stage is an integer of a scale that is known when the rule is made, so
that adding up loses nothing on any engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

import attrs

from injuryprev.engine.conditions import given_word, read_field, words_in
from injuryprev.engine.ir import Graph, Node, WidthError
from injuryprev.engine.lower import INPUT, LoweredInput, lower_input
from injuryprev.engine.reading import read
from injuryprev.engine.record import Compiled, compile_nodes
from injuryprev.engine.scope import Scope
from injuryprev.engine.values import Faults, Ratio, Value
from injuryprev.policy.document import Counting, Refusal
from injuryprev.policy.expr import Expr, names
from injuryprev.policy.formulas import outer_names
from injuryprev.policy.rules import Item, Rules, Type, left_open
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

FIELD_STEP: Final = Fraction(1, 10_000)
"""Figures of records are read to this step."""
MOST: Final = 10**12
"""The most that a figure of a record, or a sum over a group, can be."""
EACH: Final = "each"
Keys = tuple[str, ...]
Read = Callable[[str], object]
"""The value given for an input."""
_LINKS: Final[Mapping[str, Words]] = {
    "case": Words("case", "案件"),
    "accident": Words("accident", "事故"),
    "worker": Words("worker", "职工"),
}


@attrs.frozen(eq=False)
class Stage:
    """Formulas over the names of one stage: what they look at, what they come to, and what keeps that unknown.

    ``keys`` are those by which what comes out is added up; of the last stage there are none.
    """

    keys: Keys
    specs: tuple[LoweredInput, ...]
    inputs: tuple[LoweredInput, ...]
    values: dict[str, Ratio]
    faults: Faults

    @cached_property
    def work(self) -> Compiled:
        """The stage for one record or group, as integers."""
        roots = [*(value.num for value in self.values.values()), *self.faults.values()]
        return compile_nodes(roots, [spec.name for spec in (*self.specs, *self.inputs)])


class RecordFormulas:
    """The formulas over records of one counting rule, made ready once."""

    def __init__(self, rules: Rules, item: Item[Counting], fields: Mapping[str, Type]) -> None:
        entry = item.entry
        assert entry.each is not None
        self.name, self._rules = item.name, rules
        self.keys: Keys = tuple(group.key for group in entry.per)
        self.inputs = tuple(name for name in outer_names(entry, fields) if name in rules.inputs)
        self.parameters = tuple(name for name in outer_names(entry, fields) if name in rules.parameters)
        bodies = [*(group.sums for group in entry.per), {EACH: entry.each}]
        words = (*dict.fromkeys(word for body in bodies for expr in body.values() for word in words_in(expr)),)
        stages: list[Stage] = []
        for place, body in enumerate(bodies):
            graph = Graph()
            if place:
                inner = {name: _summed(graph, name, value, item) for name, value in stages[-1].values.items()}
            else:
                inner = {
                    name: read_field(graph, name, fields[name], words, item.name, (FIELD_STEP, MOST))
                    for name in dict.fromkeys(name for expr in body.values() for name in names(expr))
                    if name in fields
                }
            stages.append(self._stage(graph, body, inner, self.keys[place:]))
        self.stages = tuple(stages)

    @property
    def scale(self) -> Fraction:
        """What one unit of the integers of the last stage is worth."""
        return self.stages[-1].values[EACH].scale

    def _stage(self, graph: Graph, body: Mapping[str, Expr], inner: Mapping[str, LoweredInput], keys: Keys) -> Stage:
        outer = {
            name: lower_input(graph, self._rules.inputs[name], self._rules.types[name])
            for name in dict.fromkeys(name for expr in body.values() for name in names(expr))
            if name not in inner and name in self._rules.inputs
        }
        named: dict[str, Value] = {name: spec.value for name, spec in {**inner, **outer}.items()}
        scope = _Scope(graph, self.name, named, self._rules)
        values = {name: _whole(graph, scope.ratio(expr)) for name, expr in body.items()}
        faults = scope.math.merged(*(value.faults for value in values.values()))
        used = {name for expr in body.values() for name in names(expr)}
        specs = tuple(spec for name, spec in inner.items() if name in used)
        ordered = sorted(faults, key=lambda reason: (reason.code, reason.subject, reason.words.en))
        return Stage(keys, specs, tuple(outer.values()), values, {reason: faults[reason] for reason in ordered})

    # One employer's records

    def worked(
        self, rows: Iterable[tuple[Mapping[str, object], Mapping[str, str | None]]], given: Mapping[str, object]
    ) -> list[int] | Unknown:
        """What each record, or each group of the last stage, comes to, as integers of ``scale``.

        Args:
            rows: The records that count: their fields, and the case, accident and worker that they are of.
            given: What is given for inputs.
        """
        rows = list(rows)
        loose = [key for key in self.keys if any(of[key] is None for _, of in rows)]
        reasons = dict.fromkeys(ungrouped(self.name, key) for key in sorted(loose))
        level: list[tuple[tuple[str | None, ...], Mapping[str, object]]] = [
            (tuple(of[key] for key in self.keys), fields) for fields, of in rows
        ]
        for place, stage in enumerate(self.stages):
            made = []
            for keys, figures in level:
                values, active = self._one(stage, figures, given, first=place == 0)
                reasons.update(dict.fromkeys(active))
                made.append((keys, values))
            if reasons:
                return Unknown(tuple(sorted(reasons, key=lambda one: (one.code, one.subject, one.words.en))))
            if not stage.keys:
                return [values[EACH] for _, values in made]
            level = list(_added_up(made, len(self.keys) - len(stage.keys)).items())
        raise AssertionError("the last stage has no keys")

    @staticmethod
    def _one(
        stage: Stage, figures: Mapping[str, Any], given: Mapping[str, object], *, first: bool
    ) -> tuple[dict[str, int], list[Reason]]:
        if first:
            taken = [read(spec, given_word(spec, figures[spec.name])) for spec in stage.specs]
        else:
            taken = [(figures[spec.name], int(abs(figures[spec.name]) > spec.high)) for spec in stage.specs]
        taken += [read(spec, given.get(spec.name)) for spec in stage.inputs]
        numbers = stage.work(*(value for value, _ in taken), *(status for _, status in taken))
        active = [reason for reason, holds in zip(stage.faults, numbers[len(stage.values) :], strict=True) if holds]
        statuses = {spec.name: status for spec, (_, status) in zip((*stage.specs, *stage.inputs), taken, strict=True)}
        reasons: list[Reason] = []
        for reason in active:
            value = given.get(reason.subject)
            if reason.code != INPUT:
                reasons.append(reason)
            elif isinstance(value, Unknown):
                reasons.extend(value.reasons)
            else:
                spec = next(spec for spec in stage.inputs if spec.name == reason.subject)
                reasons.append(spec.faults[statuses[spec.name] - 1])
        return dict(zip(stage.values, numbers, strict=False)), reasons


def ungrouped(subject: str, key: str) -> Reason:
    """A record that does not say what it is to be put together with."""
    words = _LINKS[key]
    return Reason(
        "no_group",
        subject,
        Words(f"{subject}: a record does not say its {words.en}", f"{subject}：有记录未注明其{words.zh}"),
    )


def _added_up(
    made: list[tuple[tuple[str | None, ...], dict[str, int]]], dropped: int
) -> dict[tuple[str | None, ...], dict[str, int]]:
    groups: dict[tuple[str | None, ...], dict[str, int]] = {}
    for keys, values in made:
        group = groups.setdefault(keys[dropped:], dict.fromkeys(values, 0))
        for name, value in values.items():
            group[name] += value
    return groups


class _Scope(Scope):
    """Names of a stage: what it looks at, and figures of the law."""

    def __init__(self, graph: Graph, subject: str, named: dict[str, Value], rules: Rules) -> None:
        super().__init__(graph, subject, named)
        self._rules = rules

    def name(self, name: str) -> Value:
        if name in self.names:
            return self.names[name]
        item = self._rules.parameters[name]
        figure = item.entry.value
        if isinstance(figure, Refusal):
            reason = left_open("not_known", name, figure.unknown, item.cited)
            return self.refused(reason, self._rules.types[name])
        assert figure is not None
        return self.math.number(figure)


def _whole(graph: Graph, value: Ratio) -> Ratio:
    """A figure that can be added up: whole multiples of a positive scale."""
    if value.den.fixed != 1:
        raise WidthError(
            "a formula over records divides by a figure that varies",
            seen=str(value.den),
            expected="a division by a written number or a figure of the law",
        )
    if value.scale > 0:
        return value
    if value.scale == 0:
        return attrs.evolve(value, num=graph.const(0), scale=Fraction(1))
    return attrs.evolve(value, num=graph.sub(graph.const(0), value.num), scale=-value.scale)


def _summed(graph: Graph, name: str, value: Ratio, item: Item[Counting]) -> LoweredInput:
    """A sum over a group as a name of the next stage."""
    most = int(MOST / value.scale)
    words = Words(f"{item.name}: {name} sums to more than can be worked with", f"{item.name}：{name} 合计过大")
    faults: dict[Reason, Node] = {Reason("out_of_range", item.name, words): graph.bad(name)}
    figure = Ratio(graph.var(name, -most, most), graph.const(1), value.scale, faults)
    return LoweredInput(name, "number", value.scale, -most, most, None, (), figure, ())
