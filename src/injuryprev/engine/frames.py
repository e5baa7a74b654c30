"""Frames in, frames out: counting, and counting with rating, over whatever Narwhals takes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any, Final

import narwhals as nw
from narwhals.dependencies import is_dask_dataframe, is_pandas_like_dataframe

from injuryprev.engine.counting import CountingPlan
from injuryprev.engine.expressions import Engine, Expr
from injuryprev.engine.frame import FrameReader
from injuryprev.engine.frame_counting import FrameCounter
from injuryprev.engine.frame_dask import by_employer
from injuryprev.engine.frame_kinds import Table, alike, check_free, opened, tied, without_values
from injuryprev.engine.frame_names import OF_EMPLOYER, OF_RECORDS
from injuryprev.engine.frame_schema import WHY, FrameSchema, status_column, value_column
from injuryprev.engine.lower import Lowered, LoweredInput
from injuryprev.errors import InputError, nearest
from injuryprev.units import finite_places

TABLES: Final = ("cases", "payments", "contributions", "exposure", "events", "recognitions")


def count_frames(
    plan: CountingPlan, lowered: Lowered, employers: Any, tables: Mapping[str, Any], incomplete: str | None = None
) -> Any:
    """See ``Policy.count_frames``."""
    return _run(partial(_count, plan, lowered, incomplete), employers, tables, plan.compares)


def rate_frames(
    plan: CountingPlan,
    lowered: Lowered,
    employers: Any,
    tables: Mapping[str, Any],
    incomplete: str | None = None,
    figures: Collection[str] = (),
) -> Any:
    """See ``Policy.rate_frames``."""
    counted = [rule.item.name for rule in plan.rules]
    strange = next((name for name in figures if name not in counted), None)
    if strange is not None:
        raise InputError(
            "this is no counted figure of the policy",
            where="rate_frames figures",
            seen=strange,
            expected=nearest(strange, counted),
        )
    return _run(partial(_rate, plan, lowered, incomplete, tuple(figures)), employers, tables, plan.compares)


def _run(work: Any, employers: Any, tables: Mapping[str, Any], compares: Collection[str]) -> Any:
    unknown = [name for name in tables if name not in TABLES]
    if unknown:
        raise InputError(
            "there is no such table", where="count_frames", seen=unknown[0], expected=nearest(unknown[0], TABLES)
        )
    given = {name: table for name, table in tables.items() if table is not None}
    of_dask = is_dask_dataframe(employers)
    strange = next((name for name, table in given.items() if is_dask_dataframe(table) != of_dask), None)
    if strange is not None:
        raise InputError(
            "all tables are of one kind of frame",
            where=strange,
            seen=type(given[strange]).__module__,
            expected=f"{type(employers).__module__}, as employers",
        )
    if not of_dask:
        return _with_index(employers, work(employers, **given))
    if compares:
        raise InputError(
            "on Dask every partition is worked on by itself, so employers cannot be compared with all others",
            where="count_frames",
            seen=", ".join(compares),
            expected="a column of that name in the employers, or another engine",
        )
    return by_employer(employers, _key(employers.columns), given, partial(_in_partition, work))


def _in_partition(work: Any, employers: Any, /, **tables: Any) -> Any:
    return _with_index(employers, work(employers, **tables))


def _with_index(employers: Any, made: Any) -> Any:
    """Rows of pandas keep the index of the employers, in whose order they are."""
    if is_pandas_like_dataframe(employers):
        made.index = employers.index
    return made


def _opened(employers: Any, tables: Mapping[str, Any]) -> tuple[Table, dict[str, Table]]:
    owners = opened(employers, "employers", kept=True)
    read = {name: opened(table, name) for name, table in tables.items()}
    alike([owners, *read.values()])
    owners = without_values(owners, OF_EMPLOYER)
    return owners, {name: without_values(table, OF_RECORDS) for name, table in read.items()}


def _count(plan: CountingPlan, lowered: Lowered, incomplete: str | None, employers: Any, /, **tables: Any) -> Any:
    counter = _counter(plan, lowered, incomplete, employers, tables)
    names = [rule.item.name for rule in plan.rules]
    made = [column for name in names for column in _shown(lowered.inputs[name], counter.engine)]
    kept = [name for name in counter.kept if name not in names]
    return counter.counted().select(*kept, *made).to_native()


def _rate(
    plan: CountingPlan,
    lowered: Lowered,
    incomplete: str | None,
    figures: tuple[str, ...],
    employers: Any,
    /,
    **tables: Any,
) -> Any:
    counter = _counter(plan, lowered, incomplete, employers, tables)
    counted = {rule.item.name for rule in plan.rules}
    reader = FrameReader(lowered, counter.engine, FrameSchema(lowered, counter.schema, counted))
    reader.check_free(counter.kept)
    frame = reader.read(counter.counted(), [name for name in reader.used if name not in counted])
    shown = [_shown(lowered.inputs[name], counter.engine)[0] for name in figures]
    return reader.outputs(frame, [name for name in counter.kept if name not in figures], shown).to_native()


def _key(columns: Collection[str]) -> str:
    key = next((name for name in ("employer_id", "id") if name in columns), None)
    if key is None:
        raise InputError(
            "the employers have no key", where="count_frames employers", expected="a column employer_id or id"
        )
    return key


def _counter(
    plan: CountingPlan, lowered: Lowered, incomplete: str | None, native: Any, tables: Mapping[str, Any]
) -> FrameCounter:
    employers, read = _opened(native, tables)
    if employers.frame.implementation.is_pyarrow():
        raise InputError(
            "PyArrow tables have no order within groups, which counting needs",
            where="count_frames",
            seen="pyarrow.Table",
            expected="the same tables in Polars, pandas or DuckDB, which take them as they are",
        )
    folds = Engine(employers.frame.implementation).folds_names
    counted = [rule.item.name for rule in plan.rules]
    # A column of a counted input is what an employer says of itself, and gives way to what comes of it.
    others = [name for name in employers.kinds if name not in counted]
    made = [*(name + WHY for name in counted), *(counted if folds else ())]
    check_free("count_frames employers", others, made, folds=folds)
    if incomplete is not None and employers.kinds.get(incomplete) != nw.Boolean:
        raise InputError(
            "this is no column of truth values of the employers",
            where="count_frames incomplete",
            seen=f"{incomplete}: {employers.kinds.get(incomplete, 'no such column')}",
            expected="the name of a column that is true where records of an employer are missing",
        )
    return FrameCounter(plan, lowered, *tied(employers, _key(employers.kinds), read), incomplete)


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
