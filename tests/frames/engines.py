"""The engines that frames are tested on: how a table gets in, and how what comes out is read back row by row."""

from __future__ import annotations

import datetime as dt
import importlib
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import attrs
import duckdb
import ibis
import pandas as pd
import polars as pl
import pyarrow as pa

Rows = list[dict[str, Any]]


@attrs.frozen
class Machine:
    """One engine: ``put`` makes its frame of an Arrow table, ``rows`` reads a frame back, ``lazy`` is its kind."""

    name: str
    put: Callable[[pa.Table], Any]
    rows: Callable[[Any], Rows]
    kind: type[Any]
    without: frozenset[str] = frozenset()
    """Kinds of columns that the engine does not have."""
    fast: bool = True

    def __str__(self) -> str:
        return self.name


def _plain(value: Any) -> Any:
    """A value as Python has it; every engine's way to write that there is none is ``None``."""
    if value is None or isinstance(value, (str, bool, int, Decimal, dt.date)):
        return value
    if isinstance(value, float):
        return value
    if value is pd.NA or value is pd.NaT:
        return None
    return value.item() if hasattr(value, "item") else value


def _of_pandas(frame: Any) -> Rows:
    """What pandas calls missing, NaN among it, is missing."""
    columns = {
        name: [
            None if gone else _plain(one) for one, gone in zip(frame[name].tolist(), frame[name].isna(), strict=True)
        ]
        for name in frame.columns
    }
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _arrow_types(table: pa.Table) -> Any:
    return table.to_pandas(types_mapper=pd.ArrowDtype)


def _streamed(frame: Any) -> Rows:
    rows: Rows = frame.collect(engine="streaming").to_dicts()
    return rows


def _ibis_table(table: pa.Table) -> Any:
    return ibis.memtable(table)


POLARS: Final = Machine("polars", pl.from_arrow, lambda frame: frame.to_dicts(), pl.DataFrame)
PANDAS: Final = Machine("pandas", lambda table: table.to_pandas(), _of_pandas, pd.DataFrame)
FAST: Final[Sequence[Machine]] = (
    POLARS,
    Machine(
        "polars-lazy",
        lambda table: pl.DataFrame(pl.from_arrow(table)).lazy(),
        lambda frame: frame.collect().to_dicts(),
        pl.LazyFrame,
    ),
    Machine("polars-streaming", lambda table: pl.DataFrame(pl.from_arrow(table)).lazy(), _streamed, pl.LazyFrame),
    PANDAS,
    Machine("pandas-arrow", _arrow_types, _of_pandas, pd.DataFrame),
    Machine("pyarrow", lambda table: table, lambda table: table.to_pylist(), pa.Table),
    Machine(
        "duckdb",
        duckdb.from_arrow,
        lambda frame: frame.to_arrow_table().to_pylist(),
        duckdb.DuckDBPyRelation,
    ),
    Machine("ibis", _ibis_table, lambda table: table.to_pyarrow().to_pylist(), ibis.Table),
)


def dask_machine() -> Machine:
    """Dask over pandas with Arrow types, in two partitions."""
    dd: Any = importlib.import_module("dask.dataframe")  # slow to load, and only the slow lane needs it

    def put(table: pa.Table) -> Any:
        return dd.from_pandas(_arrow_types(table), npartitions=2)

    return Machine(
        "dask", put, lambda frame: _of_pandas(frame.compute(scheduler="synchronous")), dd.DataFrame, fast=False
    )


def spark_machine(session: Any) -> Machine:
    """PySpark; rows are read back as Python has them, not by way of pandas."""

    def put(table: pa.Table) -> Any:
        return session.createDataFrame(table)

    def rows(frame: Any) -> Rows:
        return [row.asDict() for row in frame.collect()]

    from pyspark.sql import DataFrame  # noqa: PLC0415  # as above

    return Machine("spark", put, rows, DataFrame, frozenset({"uint8", "uint64", "words"}), fast=False)


def as_arrow(columns: Mapping[str, tuple[pa.DataType, Sequence[Any]]]) -> pa.Table:
    """A table of columns, each of a kind."""
    return pa.table({name: pa.array(values, kind) for name, (kind, values) in columns.items()})
