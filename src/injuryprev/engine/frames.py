"""Frames in, frames out: counting, and counting with rating, over whatever Narwhals takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw

from injuryprev.engine.counting import CountingPlan
from injuryprev.engine.expressions import Engine, Expr
from injuryprev.engine.frame import WHY, FrameReader, status_column, value_column
from injuryprev.engine.frame_counting import FrameCounter
from injuryprev.engine.lower import Lowered, LoweredInput
from injuryprev.units import finite_places


def count_frames(plan: CountingPlan, lowered: Lowered, employers: Any, tables: Mapping[str, Any]) -> Any:
    """See ``Policy.count_frames``."""
    counter = _counter(plan, lowered, employers, tables)
    made: list[Expr] = []
    for rule in plan.rules:
        spec = lowered.inputs[rule.item.name]
        made += _shown(spec, counter.engine)
    kept = [name for name in counter.kept if name not in {rule.item.name for rule in plan.rules}]
    return counter.counted().select(*kept, *made).to_native()


def rate_frames(plan: CountingPlan, lowered: Lowered, employers: Any, tables: Mapping[str, Any]) -> Any:
    """See ``Policy.rate_frames``."""
    counter = _counter(plan, lowered, employers, tables)
    reader = FrameReader(lowered, counter.engine)
    reader.check_free(counter.kept)
    counted = {rule.item.name for rule in plan.rules}
    rest = [
        column for name in reader.used if name not in counted for column in reader.input_columns(name, counter.schema)
    ]
    reader.whys |= counted
    frame = counter.counted()
    return reader.outputs(frame.with_columns(*rest) if rest else frame, counter.kept).to_native()


def _counter(plan: CountingPlan, lowered: Lowered, employers: Any, tables: Mapping[str, Any]) -> FrameCounter:
    read = {name: None if table is None else nw.from_native(table) for name, table in tables.items()}
    return FrameCounter(plan, lowered, nw.from_native(employers), read)


def _shown(spec: LoweredInput, engine: Engine) -> list[Expr]:
    """A counted input as a column of its own kind, and why it is null."""
    value, status = nw.col(value_column(spec.name)), nw.col(status_column(spec.name))
    shown: Expr
    if spec.kind == "flag":
        shown = value == 1
    elif spec.kind == "category":
        shown = nw.lit(spec.choices[0], nw.String)
        for code, word in enumerate(spec.choices[1:], start=1):
            shown = nw.when(value == code).then(nw.lit(word, nw.String)).otherwise(shown)
    else:
        places = finite_places(spec.step) or 0
        shown = engine.decimal(value * int(spec.step * 10**places), places)
    why: Expr = nw.col(spec.name + WHY)
    for code, fault in enumerate(spec.faults, start=1):
        written = nw.lit(f"{fault.code}:{fault.subject}", nw.String)
        why = nw.when((status == code) & why.is_null()).then(written).otherwise(why)
    return [nw.when(status == 0).then(shown).alias(spec.name), why.alias(spec.name + WHY)]
