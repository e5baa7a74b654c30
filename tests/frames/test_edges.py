"""What is particular to one engine or one kind of column, and what is refused."""

from __future__ import annotations

import datetime as dt
import importlib
from decimal import Decimal
from fractions import Fraction
from typing import Any

import duckdb
import ibis
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from agreement import agrees
from engines import PANDAS, POLARS, Machine
from tiny import policy as tiny

import injuryprev as ip
from injuryprev.engine import Policy
from injuryprev.errors import InputError

WIDE = """
[inputs]
a = { unit = "number", range = [-4_000_000_000_000_000_000, 4_000_000_000_000_000_000] }
b = { unit = "number", range = [1, 4_000_000_000_000_000_000] }
[definitions.whole]
unit = "number"
formula = "a / b"
round = { to = 1, mode = "MODE" }
source = "law"
[definitions.half]
unit = "number"
formula = "a / 2"
round = { to = 1, mode = "MODE" }
source = "law"
[definitions.seventh]
unit = "number"
formula = "a / 1_000_000_007"
round = { to = 1, mode = "MODE" }
source = "law"
"""
EDGE = 4 * 10**18


@pytest.mark.parametrize("mode", ["down", "half_up"])
def test_division_of_large_numbers_is_exact(machine: Machine, mode: str) -> None:
    """Also where an engine divides by way of doubles, which hold 53 bits of the 62."""
    text = WIDE.replace("MODE", mode)
    if mode == "half_up":  # which doubles what it rounds, so the range is smaller
        text = text.replace("4_000_000_000_000_000_000", "1_000_000_000_000_000_000")
    edge = EDGE if mode == "down" else 10**18
    policy = tiny(text, "whole", "half", "seventh", inputs="")
    tops = [edge, edge - 1, -edge, -edge + 1, 2**53 + 1, -(2**53) - 1, 2**59 - 1, 10**15 + 1, 0, 1, -1, 3, -3]
    bottoms = [1, 2, 3, 7, 4095, 4097, 10**9 + 7, 2**42 - 1, 2**42, 2**42 + 1, edge, edge - 1]
    pairs = [(top, bottom) for top in tops for bottom in bottoms]
    table = pa.table(
        {"a": pa.array([a for a, _ in pairs], pa.int64()), "b": pa.array([b for _, b in pairs], pa.int64())}
    )
    agrees(policy, machine, table)


def zhejiang() -> Policy:
    """A shipped policy."""
    return ip.load_profile("cn-zj").on("2025-06-01")


def test_no_rows(machine: Machine) -> None:
    """An empty frame comes back with the columns of every output."""
    agrees(
        zhejiang(), machine, pa.table({"risk_class": pa.array([], pa.int64()), "payroll": pa.array([], pa.string())})
    )


def test_no_inputs_at_all(machine: Machine) -> None:
    """A frame without a column of an input: nothing was given."""
    agrees(zhejiang(), machine, pa.table({"employer": ["A", "B"]}))


def test_objects_in_pandas() -> None:
    """A column of Python objects is read value for value, as one record is."""
    values = [Decimal("1.50"), 3, "2.5", None, float("nan"), pd.NA, True, object(), Fraction(1, 2), 0.1, "x"]
    frame = pd.DataFrame({"money": pd.Series(values, dtype=object)})
    frame.index = pd.Index([7] * len(values))
    rules = tiny(
        '[definitions.out]\nunit = "money"\nformula = "money"\nsource = "law"\n'
        'round = { to = 0.01, mode = "half_up" }\n'
    )
    out = rules.evaluate_frame(frame)
    assert list(out.index) == [7] * len(values)
    for value, row in zip(values, PANDAS.rows(out), strict=True):
        result = rules.evaluate(money=None if value is pd.NA else value)
        wanted = None if isinstance(result["out"], ip.Unknown) else result["out"]
        assert (row["out"], row["refusal"]) == (wanted, result.refusal)


def test_days_as_objects_in_pandas() -> None:
    """Days as Python has them, which is how pandas holds days that come from Arrow."""
    policy = zhejiang()
    employers = pd.DataFrame({"id": ["E-1"], "risk_class": [3]})
    paid = pd.DataFrame(
        {
            "employer_id": ["E-1"] * 3,
            "case_id": [None] * 3,
            "paid_on": pd.Series([dt.date(2024, 5, 1), None, dt.date(2023, 12, 31)], dtype=object),
            "amount": ["10.00", "5", "7"],
            "kind": ["medical"] * 3,
        }
    )
    same = paid.assign(paid_on=["2024-05-01", None, "2023-12-31"])
    one, other = (PANDAS.rows(policy.count_frames(employers, payments=table)) for table in (paid, same))
    assert one == other


@pytest.mark.parametrize("name", ["rate", "refusal", "__injuryprev_v_payroll"])
def test_a_column_of_the_caller_is_not_overwritten(machine: Machine, name: str) -> None:
    """Nor is one silently dropped."""
    with pytest.raises(InputError, match=name):
        zhejiang().evaluate_frame(machine.put(pa.table({name: ["x"]})))


@pytest.mark.parametrize("name", ["count_frames", "rate_frames"])
def test_a_column_that_counting_needs_is_not_overwritten(name: str) -> None:
    """What says why a figure could not be counted is of this counting, not of another."""
    frame = pl.DataFrame({"id": ["E-1"], "benefits_unknown": ["mine"]})
    with pytest.raises(InputError, match=r"a name that is needed.*benefits_unknown"):
        getattr(zhejiang(), name)(frame)


@pytest.mark.parametrize("name", ["count_frames", "rate_frames"])
@pytest.mark.parametrize("column", ["id", "whole"])
def test_who_is_incomplete_is_a_column_of_truth_values(name: str, column: str) -> None:
    """Text or no column at all would say it of nobody."""
    with pytest.raises(InputError, match=f"no column of truth values.*{column}"):
        getattr(zhejiang(), name)(pl.DataFrame({"id": ["E-1"]}), incomplete=column)


def test_tables_of_arrow_are_not_counted() -> None:
    """They lack what counting needs, and the message says where to take them."""
    with pytest.raises(InputError, match="Polars, pandas or DuckDB"):
        zhejiang().rate_frames(pa.table({"id": ["E-1"]}))


def test_a_column_of_truth_values_is_no_number(machine: Machine) -> None:
    """The whole column is of the wrong kind, so it is refused at once and not row by row."""
    with pytest.raises(InputError, match=r"column 'payroll'.*Boolean"):
        zhejiang().evaluate_frame(machine.put(pa.table({"payroll": [True, False]})))


def test_an_unknown_that_was_counted_is_not_an_absence() -> None:
    """Where a figure could not be counted, what its absence means does not stand in for it."""
    rules = tiny(
        '[definitions.out]\nunit = "cases"\nformula = "n"\nsource = "law"\n',
        inputs='[inputs]\nn = { unit = "cases", range = [0, 9], absent = 0 }\n',
    )
    frame = pl.DataFrame(
        {"n": [None, None, 4, 5], "n_unknown": ["undated:n", None, None, "undated:n"]}, schema_overrides={"n": pl.Int64}
    )
    rows = POLARS.rows(rules.evaluate_frame(frame))
    found = [(row["out"], row["refusal"]) for row in rows]
    assert found == [(None, "undated:n"), (Decimal(0), None), (Decimal(4), None), (Decimal(5), None)]


@pytest.mark.parametrize("machine", ["polars", "polars-lazy", "pandas", "duckdb"], indirect=True)
def test_rating_hands_back_the_figures_that_are_asked_for(machine: Machine) -> None:
    """The same as when they are counted first; what an employer says of itself gives way to what it comes to."""
    employers = pa.table(
        {"id": ["E-1", "E-2"], "risk_class": ["3", None], "industry": [None, "08"], "payroll": ["x", None]}
    )
    table = pa.table(
        {
            "employer_id": ["E-1", "E-2"],
            "paid_on": ["2024-05-01", None],
            "amount": ["10.5", "5"],
            "kind": ["medical"] * 2,
        }
    )
    policy, asked = zhejiang(), ("benefits", "payroll", "risk_class")
    rated = machine.rows(policy.rate_frames(machine.put(employers), figures=asked, payments=machine.put(table)))
    counted = machine.rows(policy.count_frames(machine.put(employers), payments=machine.put(table)))
    by_key = {row["id"]: row for row in counted}
    assert [{name: row[name] for name in asked} for row in rated] == [
        {name: by_key[row["id"]][name] for name in asked} for row in rated
    ]
    assert {row["id"]: row["benefits"] for row in rated} == {"E-1": Decimal("10.50"), "E-2": None}
    assert list(rated[0]) == ["id", "industry", *asked, *policy.outputs, "refusal"]
    with pytest.raises(InputError, match=r"no counted figure of the policy.*benefit"):
        policy.rate_frames(machine.put(employers), figures=["benefit"])


# Nothing is read before it is asked for ---------------------------------------------------------------------------


def burning(*_: Any) -> Any:
    """Fails when it is read."""
    raise AssertionError("read too early")


def test_polars_reads_nothing() -> None:
    """A lazy frame over a source that cannot be read."""
    schema = {"risk_class": pl.Int64(), "payroll": pl.String()}
    frame = pl.LazyFrame(schema=schema).map_batches(burning, schema=pl.Schema(schema))
    out = zhejiang().evaluate_frame(frame)
    assert isinstance(out, pl.LazyFrame)
    with pytest.raises(AssertionError, match="read too early"):
        out.collect()


def test_polars_reads_no_table_of_records() -> None:
    """Nor are tables read when they are counted."""
    schema = {"employer_id": pl.String(), "paid_on": pl.Date(), "amount": pl.String(), "kind": pl.String()}
    table = pl.LazyFrame(schema=schema).map_batches(burning, schema=pl.Schema(schema))
    out = zhejiang().rate_frames(pl.LazyFrame({"id": ["E-1"]}), payments=table)
    with pytest.raises(AssertionError, match="read too early"):
        out.collect()


QUERY = (
    "select case when i >= 0 then error('read too early') else '' end as payroll, 3 as risk_class from range(3) t(i)"
)


def test_duckdb_reads_nothing() -> None:
    """A relation whose every row fails."""
    out: Any = zhejiang().evaluate_frame(duckdb.sql(QUERY))
    assert out is not None
    with pytest.raises(duckdb.Error, match="read too early"):
        out.fetchall()


@pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")  # Ibis calls DuckDB so
def test_ibis_reads_nothing() -> None:
    """An expression whose every row fails."""
    base = ibis.duckdb.connect()
    base.raw_sql(f"create view burning as {QUERY}")
    out = zhejiang().evaluate_frame(base.table("burning"))
    with pytest.raises(duckdb.Error, match="read too early"):
        out.to_pyarrow()


@pytest.mark.slow
def test_dask_reads_nothing() -> None:
    """Partitions that cannot be made."""
    dd: Any = importlib.import_module("dask.dataframe")  # only the slow lane needs it
    meta = pd.DataFrame({"risk_class": pd.Series([], dtype="int64"), "payroll": pd.Series([], dtype="str")})
    out = zhejiang().evaluate_frame(dd.from_map(burning, [1, 2], meta=meta))
    with pytest.raises(AssertionError, match="read too early"):
        out.compute(scheduler="synchronous")


@pytest.mark.slow
def test_spark_reads_nothing(spark: Any) -> None:
    """Rows that cannot be made."""
    frame = spark.range(3).selectExpr("raise_error('read too early') as payroll", "3 as risk_class")
    out = zhejiang().evaluate_frame(frame)
    with pytest.raises(Exception, match="read too early"):
        out.collect()
