"""Formulas over records on frames: stage by stage as ``formulas`` has them, each stage a grouping of the one before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import narwhals as nw

from injuryprev.engine.columns import Read, read_column
from injuryprev.engine.counting import Rule
from injuryprev.engine.expressions import Engine, Expr, Writer, int_lit, when
from injuryprev.engine.formulas import EACH, Stage, ungrouped
from injuryprev.engine.frame_names import HAS_CASE, KEY, Columns, flagged
from injuryprev.engine.lower import INPUT, LoweredInput
from injuryprev.engine.reading import MISSING
from injuryprev.engine.stages import TEMPORARY, Staged, bound
from injuryprev.unknown import Reason

_GIVEN: Final = f"{TEMPORARY}given_"


def input_frame(employers: Any, specs: Sequence[LoweredInput], schema: Mapping[str, Any], engine: Engine) -> Any:
    """What employers give for inputs that formulas look at, by employer."""

    def given(spec: LoweredInput) -> Staged[Read]:
        if spec.name not in schema:
            value, status = (spec.low, MISSING) if spec.absent is None else (spec.absent, 0)
            return int_lit(value), int_lit(status)
        return (yield from read_column(spec, spec.name, schema[spec.name], engine))

    frame, made = bound(employers, {spec.name: given(spec) for spec in specs}, "g")
    columns = [
        expr.alias(name) for spec in specs for expr, name in zip(made[spec.name], _given(spec.name), strict=True)
    ]
    names = [name for spec in specs for name in _given(spec.name)]
    return frame.with_columns(*columns).group_by(KEY).agg(*(nw.col(name).max() for name in names))


def _given(name: str) -> tuple[str, str]:
    return f"{_GIVEN}v_{name}", f"{_GIVEN}s_{name}"


def _faults(index: int, rule: Rule) -> list[list[tuple[Reason, str]]]:
    """Why the formulas of each stage can come to nothing, in the order of a reader of one record, and the columns."""
    assert rule.formulas is not None
    found = []
    for place, stage in enumerate(rule.formulas.stages):
        reasons = [*stage.faults]
        if place == 0:
            reasons += [ungrouped(rule.item.name, key) for key in rule.formulas.keys]
        reasons.sort(key=lambda reason: (reason.code, reason.subject, reason.words.en))
        found.append([(reason, f"{TEMPORARY}{index}_c{place}_{number}") for number, reason in enumerate(reasons)])
    return found


def formula_reasons(index: int, rule: Rule, inputs: Mapping[str, LoweredInput]) -> list[Expr]:
    """For each stage why it came to nothing, as ``; code:subject`` one after the other, or nothing."""
    texts = []
    for faults in _faults(index, rule):
        parts = [nw.lit("", nw.String)]
        for reason, column in faults:
            active = nw.col(column) > 0
            if reason.code != INPUT:
                parts.append(_part(active, reason))
                continue
            status = nw.col(f"{column}_status")
            for code, fault in enumerate(inputs[reason.subject].faults, start=1):
                parts.append(_part(active & (status == code), fault))
        texts.append(nw.concat_str(*parts) if len(parts) > 1 else parts[0])
    return texts


def _part(active: Expr, reason: Reason) -> Expr:
    return when(active, nw.lit(f"; {reason.code}:{reason.subject}", nw.String), nw.lit("", nw.String))


class FrameFormulas:
    """Works out the formulas of one rule over the records that count, and adds up what they come to."""

    def __init__(
        self,
        engine: Engine,
        index: int,
        rule: Rule,
        fields: Mapping[str, Read],
        schema: Mapping[str, Any],
        table: str,
    ) -> None:
        assert rule.formulas is not None
        self.engine, self.index, self.rule, self.formulas = engine, index, rule, rule.formulas
        self.fields, self.schema, self.table = fields, schema, table
        self.faults = _faults(index, rule)

    def totals(self, chosen: Any, inputs: Any) -> Any:
        """What each employer's records that count come to, and for each reason whether it keeps that unknown."""
        if inputs is not None:
            chosen = chosen.join(inputs, left_on="employer_id", right_on=KEY, how="inner")
        keyed = [self._key(key).alias(self._name("key", key)) for key in self.formulas.keys]
        chosen = chosen.with_columns(*keyed) if keyed else chosen
        level, values, sums = chosen, self.fields, dict[str, str]()
        carried: list[str] = [name for spec in self.formulas.inputs for name in _given(spec)]
        for place, stage in enumerate(self.formulas.stages):
            level, sums, made = self._stage(level, place, stage, values)
            carried += made
            keys = [self._name("key", key) for key in stage.keys]
            take = self.rule.item.entry.take if not keys else "sum"
            level = level.group_by("employer_id", *keys).agg(
                *(getattr(nw.col(column), take)() for column in sums.values()),
                *(nw.col(column).max() for column in carried),
            )
            level = level.with_columns(*(nw.col(name).cast(nw.Int64) for name in (*sums.values(), *carried)))
            following = self.formulas.stages[place + 1].specs if place + 1 < len(self.formulas.stages) else ()
            values = {spec.name: self._sum(sums[spec.name], spec.high) for spec in following}
        return level.select("employer_id", nw.col(sums[EACH]).alias(Columns(self.index).figure), *self._kept())

    @staticmethod
    def _sum(column: str, most: int) -> Read:
        value = nw.col(column)
        return value, flagged((value > most) | (value < -most))

    def _kept(self) -> list[Expr]:
        kept = []
        for faults in self.faults:
            for reason, column in faults:
                kept.append(nw.col(column))
                if reason.code == INPUT:
                    kept.append(nw.col(_given(reason.subject)[1]).alias(f"{column}_status"))
        return kept

    def _name(self, kind: str, name: str) -> str:
        return f"{TEMPORARY}{self.index}_{kind}_{name}"

    def _stage(
        self, level: Any, place: int, stage: Stage, values: Mapping[str, Read]
    ) -> tuple[Any, dict[str, str], list[str]]:
        """The level with what each formula comes to and each reason that holds; the columns of both."""

        def leaf(kind: str, name: str) -> Expr:
            if name in values:
                value, status = values[name]
            else:
                value, status = (nw.col(column) for column in _given(name))
            if kind == "bad":
                return status != 0
            return value == 1 if kind == "flag" else value

        wanted = dict(self.faults[place])
        roots = [*(value.num for value in stage.values.values()), *stage.faults.values()]
        writer = Writer(roots, leaf, self.engine, f"{self.index}c{place}_")
        level = writer.stages(level)
        sums = {name: self._name(f"sum{place}", name) for name in stage.values}
        made = [writer.expr(value.num).alias(sums[name]) for name, value in stage.values.items()]
        made += [flagged(writer.expr(node)).alias(wanted[reason]) for reason, node in stage.faults.items()]
        if place == 0:
            for key in self.formulas.keys:
                loose = nw.col(self._name("key", key)) == ""
                made.append(flagged(loose).alias(wanted[ungrouped(self.rule.item.name, key)]))
        return level.with_columns(*made), sums, list(wanted.values())

    def _key(self, key: str) -> Expr:
        """What a record is of, as text; empty where it does not say."""
        of_cases = self.table == "cases"
        case = "id" if of_cases else "case_id"
        nothing = nw.lit("", nw.String)
        if case not in self.schema or (not of_cases and key != "case" and HAS_CASE not in self.schema):
            return nothing
        number = nw.col(case).cast(nw.String).fill_null("")
        if key == "case":
            return number
        if key == "worker":
            return nw.col("worker").cast(nw.String).fill_null("") if "worker" in self.schema else nothing
        if "accident" not in self.schema:
            return nothing  # that a case is the only one of its accident is known only where there is a column for it
        alone = nw.concat_str(nw.lit("alone ", nw.String), number)
        shared = nw.col("accident").cast(nw.String)
        many = nw.concat_str(nw.lit("one of many ", nw.String), shared.fill_null(""))
        alone = when(shared.is_null(), alone, many)
        return alone if of_cases else when(nw.col(HAS_CASE).is_null(), nothing, alone)
