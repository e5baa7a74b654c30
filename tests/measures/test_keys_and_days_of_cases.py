"""Keys and days of cases in tables: what is no day is not no decision, what has no key is no other case."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from engines import FAST, Machine, as_arrow, dask_machine

from injuryprev.measures import list_standards, standard
from injuryprev.units import Period

YEAR = Period.year(2024)
BY_RECOGNITION = [one.name for one in list_standards() if one.dated == "recognised_on"]
NO_DAYS = [
    *("2024/05/01", "2024-5-1", "2024年5月1日", "20240501", "2024-05-01 08:00", " 2024-05-01"),
    *("2024-02-30", "n/a", "45413", ""),
]


@pytest.mark.parametrize("name", BY_RECOGNITION)
@pytest.mark.parametrize("text", NO_DAYS)
def test_text_that_is_no_day_leaves_the_count_unknown(name: str, text: str) -> None:
    """Whoever wrote a day in another way has recognised the case; it may lie in the period or not."""
    table = pl.DataFrame({"recognised_on": [text, "2024-06-01"], "worker": ["a", "b"]})
    assert standard(name).count_frame(table, within=YEAR).rows() == [(None, "unreadable:recognised_on")]
    assert standard(name).count_frame(table).rows() == [(None, "unreadable:recognised_on")]


@pytest.mark.parametrize("machine", FAST, ids=str)
def test_no_day_on_every_engine(machine: Machine) -> None:
    """Of one group the day cannot be read, of another it is empty: that is a case not recognised."""
    table = as_arrow(
        {
            "firm": (pa.string(), ["A", "A", "B", "B"]),
            "recognised_on": (pa.string(), ["2024-05-01", "2024/05/01", None, "2024-05-01"]),
        }
    )
    made = machine.rows(standard("cn.incidence").count_frame(machine.put(table), by=["firm"], within=YEAR))
    assert sorted(tuple(row.values()) for row in made) == [("A", None, "unreadable:recognised_on"), ("B", 1, None)]


def test_a_day_of_the_accident_that_cannot_be_read() -> None:
    """It is said for what it is; an empty one is undated."""
    table = pl.DataFrame({"death": [True, True], "occurred_on": ["2024/05/01", None]})
    made = standard("gb6441.death").count_frame(table, within=YEAR)
    assert made.rows() == [(None, "unreadable:occurred_on; undated:occurred_on")]


def test_pandas_writes_no_day_as_nat() -> None:
    """A column of days with gaps is read as any other."""
    table = pd.DataFrame({"recognised_on": pd.to_datetime(["2024-05-01", None, "2023-05-01"])})
    assert standard("cn.incidence").count_frame(table, within=YEAR)["injuries"].tolist() == [1]


KEYED: dict[str, tuple[pa.DataType, list[Any]]] = {
    "firm": (pa.string(), ["A", "A", "A", "A", "B", "B", "C", "C", "C"]),
    "id": (pa.string(), [None, None, "1", "1", "2", "3", "3", "4", "4"]),
    "recognised_on": (pa.date32(), [dt.date(2024, 5, 1)] * 8 + [dt.date(2024, 5, 2)]),
}
COUNTED = [
    ("A", 3, None, "case_twice:id"),
    ("B", 2, None, "in_two_groups:id"),
    ("C", None, "two_cases:id", "in_two_groups:id"),
]


@pytest.mark.parametrize("machine", [*FAST, pytest.param("dask", marks=pytest.mark.slow)], ids=str)
def test_keys_of_cases(machine: Machine | str) -> None:
    """Cases without a key are different ones; one given twice counts once and is said, as is a key of two groups."""
    on = dask_machine() if isinstance(machine, str) else machine
    made = on.rows(standard("cn.incidence").count_frame(on.put(as_arrow(KEYED)), by=["firm"], within=YEAR))
    assert sorted(tuple(row.values()) for row in made) == COUNTED


def test_no_key_at_all() -> None:
    """A column of keys that is empty says nothing: every row is a case."""
    for empty in (pl.Series([None, None]), pl.Series([None, None], dtype=pl.String)):
        table = pl.DataFrame({"id": empty, "recognised_on": ["2024-05-01"] * 2})
        assert standard("cn.incidence").count_frame(table, within=YEAR).rows() == [(2, None, None)]
