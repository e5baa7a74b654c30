"""Columns that are not there, and days: read as the model reads them, or unknown with a reason, or refused."""

from __future__ import annotations

import datetime as dt
from typing import Any

import duckdb
import ibis
import pandas as pd
import pyarrow as pa
import pytest
from brute_force import Rule
from engines import Machine
from held import EVERY, cases, counted, owners, refused, rules, table
from test_counting import COUNTING, YEAR, claims, only

import injuryprev as ip
from injuryprev.errors import InputError

# Columns that are not there ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("machine", EVERY, indirect=True)
def test_a_column_that_is_not_there_is_no_record_without_it(machine: Machine) -> None:
    """Days, workers and ends: of an employer with such a record the figure is unknown, of one without it is none."""
    both = cases(("A", "c1", "2023-03-01", "2023-04-01"), ("A", "c2", "2023-03-02", None))
    events = table(employer_id=["A"], kind=["fraud"], on=["2023-05-01"], until=["2025-01-01"])
    held = table(employer_id=["A"], kind=["standardisation"], since=["2023-05-01"], until=["2025-01-01"])
    given = {"cases": both, "events": events, "recognitions": held}
    policy = rules("injuries", "people", "fraud", "certified")
    there = counted(policy, machine, owners("A", "B"), **given)
    assert there["A"] == {"injuries": (1, None), "people": (2, None), "fraud": (True, None), "certified": (True, None)}
    none = {"injuries": (0, None), "people": (0, None), "fraud": (False, None), "certified": (False, None)}
    assert there["B"] == none
    less = {
        "cases": both.drop(["recognised_on", "worker"]),
        "events": events.drop(["until"]),
        "recognitions": held.drop(["until"]),
    }
    gone = counted(policy, machine, owners("A", "B"), **less)
    assert gone["A"] == {
        "injuries": (None, "undated:injuries"),
        "people": (None, "field:people"),
        "fraud": (None, "undated:fraud"),
        "certified": (None, "undated:certified"),
    }
    assert gone["B"] == none


@pytest.mark.parametrize("machine", COUNTING, indirect=True)
def test_the_injuries_of_zhejiang_without_days_of_recognition(machine: Machine) -> None:
    """A shipped policy does not take every case for one that was never recognised."""
    policy = ip.load_profile("cn-zj").on("2025-03-01")
    given = table(
        id=["c1"],
        employer_id=["A"],
        worker=["w"],
        occurred_on=["2024-03-01"],
        ground=["14.1"],
        death=pa.array([False]),
        disease=pa.array([False]),
    )
    [row] = machine.rows(policy.count_frames(machine.put(owners("A")), cases=machine.put(given)))
    assert (row["injuries"], row["injuries_unknown"]) == (None, "undated:injuries")
    assert (row["deaths"], row["deaths_unknown"]) == (0, None), "the condition settles it: nobody died"


@pytest.mark.parametrize("machine", COUNTING, indirect=True)
def test_a_worker_who_is_not_named(machine: Machine) -> None:
    """Two injuries of nobody are not those of one person; outside the window they do not matter."""
    both = cases(("A", "c1", "2023-03-01", None), ("A", "c2", "2023-03-02", None), ("B", "c1", "2022-03-01", None))
    unnamed = both.set_column(4, "worker", pa.array([None, "w", None], pa.string()))
    found = counted(rules("people"), machine, owners("A", "B"), cases=unnamed)
    assert found == {"A": {"people": (None, "field:people")}, "B": {"people": (0, None)}}


@pytest.mark.parametrize("machine", COUNTING, indirect=True)
def test_accidents_without_a_column_for_them(machine: Machine) -> None:
    """That a case is the only one of its accident is said by an empty cell, not by a column that is not there."""
    text = """
from = "payments"
dated = "paid_on"
window = "w"
per = [{ key = "accident", sums = { all = "amount" } }]
each = "min(all, 100)"
take = "sum"
none = 0
source = "law"
"""
    known = cases(("A", "c1", "2023-03-01", None), ("A", "c2", "2023-03-01", None))
    paid = table(
        employer_id=["A", "A"],
        case_id=["c1", "c2"],
        paid_on=["2023-04-01"] * 2,
        amount=["80", "80"],
        kind=["medical"] * 2,
    )
    for accident, wanted in (([None, None], (160, None)), (["x", "x"], (100, None)), (None, (None, "no_group:r"))):
        given = known if accident is None else known.append_column("accident", pa.array(accident, pa.string()))
        found = counted(claims(text), machine, owners("A"), cases=given, payments=paid)
        assert found["A"]["r"] == wanted


@pytest.mark.parametrize("machine", COUNTING, indirect=True)
def test_tables_without_what_all_of_them_rests_on(machine: Machine) -> None:
    """Messages name the table, what it has and what it lacks."""
    both = cases(("A", "c1", "2023-03-01", None))
    refused(
        rules("injuries"), machine, owners("A"), "cases: records lack a column.*a column id", cases=both.drop(["id"])
    )
    exposure = Rule("exposure", "sum", "payroll", None, "period", YEAR)
    open_ = table(employer_id=["A"], since=["2023-01-01"], payroll=["1"])
    refused(only(exposure), machine, owners("A"), "exposure: records lack a column.*until", exposure=open_)


# Days ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("machine", EVERY, indirect=True)
def test_text_that_is_no_day_leaves_the_figure_unknown(machine: Machine) -> None:
    """Neither a case that was never recognised nor an event without an end; an empty cell is either."""
    texts = [
        "2023-02-01",
        None,
        "2023/02/01",
        "2023-02-01\n",
        " 2023-02-01",
        "2023-02-30",
        "0000-01-01",
        "x",
        "2022-02-01",
    ]
    keys = [f"E-{place}" for place in range(len(texts))]
    given = cases(*((key, "c", "2022-01-01", text) for key, text in zip(keys, texts, strict=True)))
    ends = ["2025-01-01" if text == "2023-02-01" else text for text in texts]
    events = table(employer_id=keys, kind=["fraud"] * len(keys), on=["2021-05-01"] * len(keys), until=ends)
    found = counted(rules("injuries", "fraud"), machine, owners(*keys), cases=given, events=events)
    unknown = {"injuries": (None, "undated:injuries"), "fraud": (None, "undated:fraud")}
    wanted = [
        {"injuries": (1, None), "fraud": (True, None)},
        {"injuries": (0, None), "fraud": (True, None)},
        *[unknown] * 6,
        {"injuries": (0, None), "fraud": (False, None)},
    ]
    assert {key: (text, found[key]) for key, text in zip(keys, texts, strict=True)} == {
        key: (text, one) for key, text, one in zip(keys, texts, wanted, strict=True)
    }


@pytest.mark.parametrize("machine", COUNTING, indirect=True)
def test_an_end_that_is_no_day_where_it_matters(machine: Machine) -> None:
    """What begins after the day is not in force, whatever its end; a stay that cannot be read is no stay."""
    held = table(
        employer_id=["A", "B", "C"],
        kind=["standardisation"] * 3,
        since=["2023-05-01", "2024-06-01", "?"],
        until=["2025/01/01", "2026/01/01", None],
    )
    found = counted(rules("certified"), machine, owners("A", "B", "C"), recognitions=held)
    unknown = (None, "undated:certified")
    assert {key: one["certified"] for key, one in found.items()} == {"A": unknown, "B": (False, None), "C": unknown}


@pytest.mark.parametrize("machine", COUNTING, indirect=True)
def test_a_period_that_cannot_be_read_is_not_one_that_others_cover(machine: Machine) -> None:
    """A record without the figure lacks nothing for days of which others state it, if it says which days."""
    rule = Rule("exposure", "sum", "payroll", None, "period", YEAR)
    given = table(
        employer_id=["A", "A", "B", "B"],
        since=["2023-01-01", "2023-03-01"] * 2,
        until=["2024-01-01", "2023-04-01", "2024-01-01", "2023/04/01"],
        payroll=["70", None] * 2,
    )
    found = counted(only(rule), machine, owners("A", "B"), exposure=given)
    assert found == {"A": {"r": (70, None)}, "B": {"r": (None, "undated:r")}}


ENDLESS = """
select 'A' as employer_id, 'standardisation' as kind, {kind} '2023-05-01' as since, {kind} 'infinity' as until
union all select 'B', 'standardisation', {kind} '2023-05-01', {kind} '2024-01-01'
union all select 'C', 'standardisation', {kind} '2023-05-01', {kind} '-infinity'
union all select 'D', 'standardisation', {kind} 'infinity', null
union all select 'E', 'standardisation', {kind} '-infinity', null
"""


@pytest.mark.parametrize("kind", ["date", "timestamp"])
def test_the_infinity_of_a_database(kind: str) -> None:
    """An end that never comes is none; a beginning that never was is no day."""
    employers: Any = duckdb.sql("select unnest(['A', 'B', 'C', 'D', 'E']) as id")
    made = rules("certified").count_frames(employers, recognitions=duckdb.sql(ENDLESS.format(kind=kind)))
    rows = made.fetchall()
    unknown = (None, "undated:certified")
    assert {row[0]: tuple(row[1:]) for row in rows} == {
        "A": (True, None), "B": (False, None), "C": unknown, "D": unknown, "E": unknown,
    }  # fmt: skip


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")  # Ibis calls DuckDB so
def test_the_infinity_of_a_database_through_ibis() -> None:
    """As above."""
    base = ibis.duckdb.connect()
    base.raw_sql("create table employers as select unnest(['A', 'B']) as id")
    base.raw_sql(f"create table held as {ENDLESS.format(kind='date')}")
    made = rules("certified").count_frames(base.table("employers"), recognitions=base.table("held"))
    rows = made.to_pyarrow().to_pylist()
    assert {row["id"]: row["certified"] for row in rows} == {"A": True, "B": False}


@pytest.mark.parametrize("machine", EVERY, indirect=True)
def test_a_time_in_a_zone_is_no_day(machine: Machine) -> None:
    """Which day it is depends on the zone, and engines do not agree on which; so the caller says."""
    zoned = pa.array([dt.datetime(2023, 5, 1, 17, tzinfo=dt.UTC)], pa.timestamp("us", "Asia/Shanghai"))
    events = table(employer_id=["A"], kind=["fraud"], on=zoned, until=pa.array([None], pa.date32()))
    refused(rules("fraud"), machine, owners("A"), r"events column 'on'.*cast the column to a date", events=events)


def test_a_kind_of_time_without_a_name_is_refused() -> None:
    """Not taken for a column of nulls alone."""
    events = duckdb.sql("select 'A' as employer_id, 'fraud' as kind, now()::timestamptz_ns as \"on\", null as until")
    with pytest.raises(InputError, match=r"events column 'on'.*TIMESTAMPTZ_NS"):
        rules("fraud").count_frames(duckdb.sql("select 'A' as id"), events=events)


@pytest.mark.parametrize("machine", COUNTING, indirect=True)
def test_days_however_they_are_kept(machine: Machine) -> None:
    """Dates, times without a zone, text, categories of text, and nothing at all."""
    day = dt.date(2023, 5, 1)
    for on in (
        pa.array([day]),
        pa.array([day]).cast(pa.timestamp("us")),
        pa.array(["2023-05-01"]),
        pa.array(["2023-05-01"]).dictionary_encode(),
    ):
        events = table(employer_id=["A"], kind=["fraud"], on=on, until=pa.array([None], pa.null()))
        assert counted(rules("fraud"), machine, owners("A"), events=events)["A"]["fraud"] == (True, None)
    empty = table(employer_id=["A"], kind=["fraud"], on=pa.array([None], pa.null()), until=["2024-01-01"])
    assert counted(rules("fraud"), machine, owners("A"), events=empty)["A"]["fraud"] == (None, "undated:fraud")


def test_a_column_of_pandas_with_nothing_but_nan() -> None:
    """So pandas writes words, days and keys of which there are none; floats that are there are refused."""
    employers = pd.DataFrame({"id": ["A"]})
    events = pd.DataFrame({"employer_id": ["A"], "kind": ["fraud"], "on": ["2023-05-01"], "until": [float("nan")]})
    made = rules("fraud").count_frames(employers, events=events)
    assert made["fraud"].tolist() == [True]
    with pytest.raises(InputError, match=r"events column 'until'.*Float64.*text as YYYY-MM-DD"):
        rules("fraud").count_frames(employers, events=events.assign(until=20250101.0))
