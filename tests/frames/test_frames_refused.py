"""Frames that cannot be read, or whose columns would be overwritten, are refused with the place and the way out."""

from __future__ import annotations

import datetime as dt
import importlib
from decimal import Decimal
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from brute_force import Rule
from engines import PANDAS, Machine
from held import EVERY, owners, rules, table
from test_counting import COUNTING, YEAR, only
from tiny import policy as tiny

import injuryprev as ip
from injuryprev.engine import Policy
from injuryprev.errors import InputError

FOLDING = ("duckdb", "ibis", "spark")


def money() -> Policy:
    """A policy that hands back a sum of money."""
    return tiny(
        '[definitions.out]\nunit = "money"\nformula = "money"\nsource = "law"\n'
        'round = { to = 0.01, mode = "half_up" }\n'
    )


# Names ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Out", "REFUSAL", "__Injuryprev_x"])
def test_a_name_that_differs_in_case_alone(machine: Machine, name: str) -> None:
    """Where an engine takes both for one it is refused, as the same name is; elsewhere it is another column."""
    frame = machine.put(pa.table({"money": ["1.50"], name: ["mine"]}))
    if machine.name in FOLDING:
        with pytest.raises(InputError, match=f"a name that is needed.*{name}"):
            money().evaluate_frame(frame)
        return
    [row] = machine.rows(money().evaluate_frame(frame))
    assert (row[name], row["out"], row["refusal"]) == ("mine", Decimal("1.50"), None)


@pytest.mark.parametrize("machine", EVERY, indirect=True)
@pytest.mark.parametrize("name", ["Fraud", "FRAUD_unknown"])
def test_counted_names_that_differ_in_case_alone(machine: Machine, name: str) -> None:
    """The same for what is counted."""
    frame = machine.put(table(id=["A"], **{name: ["mine"]}))
    if machine.name in FOLDING:
        with pytest.raises(InputError, match=f"a name that is needed.*{name}"):
            rules("fraud").count_frames(frame)
        return
    [row] = machine.rows(rules("fraud").count_frames(frame))
    assert (row[name], row["fraud"], row["fraud_unknown"]) == ("mine", None, "not_supplied:fraud")


@pytest.mark.parametrize("machine", COUNTING, indirect=True)
def test_columns_made_on_the_way_are_not_overwritten(machine: Machine) -> None:
    """Nor is a column of the caller lost because counting needs one of its name."""
    frame = machine.put(table(id=["A"], __injuryprev_employer=["mine"]))
    for work in (rules("fraud").count_frames, rules("fraud").rate_frames):
        with pytest.raises(InputError, match=r"a name that is needed.*__injuryprev_employer"):
            work(frame)


@pytest.mark.parametrize("name", ["*", "^risk.*$"])
def test_names_that_polars_takes_for_patterns(name: str) -> None:
    """They would stand for other columns."""
    frame = pl.DataFrame({"id": ["A"], "risk_class": [1], name: ["x"]})
    for each in (frame, frame.lazy()):
        for work in (money().evaluate_frame, rules("fraud").count_frames, rules("fraud").rate_frames):
            with pytest.raises(InputError, match="for a pattern of others"):
                work(each)
    events = pl.DataFrame({"employer_id": ["A"], "kind": ["fraud"], "on": ["2023-01-01"], "until": [None], name: [1]})
    made = rules("fraud").count_frames(pl.DataFrame({"id": ["A"]}), events=events)
    assert made["fraud"].to_list() == [True], "columns of records that no rule reads do not matter"


def test_names_that_are_no_text_or_stand_twice() -> None:
    """As pandas may have them."""
    for frame, words in ((pd.DataFrame({1: ["A"]}), "name of a column is no text.*1"), (_twice(), "two columns")):
        for work in (money().evaluate_frame, rules("fraud").count_frames):
            with pytest.raises(InputError, match=words):
                work(frame)


def _twice() -> Any:
    return pd.DataFrame([["A", "B"]], columns=["id", "id"])


# Frames --------------------------------------------------------------------------------------------------------------


def test_frames_of_two_kinds() -> None:
    """Of two engines, or one that is read and one that is not yet; and what is no frame at all."""
    events = pl.DataFrame({"employer_id": ["A"], "kind": ["fraud"], "on": ["2023-01-01"], "until": [None]})
    mine, others = pl.DataFrame({"id": ["A"]}), (events.lazy(), events.to_pandas(), events.to_arrow())
    for other in others:
        with pytest.raises(InputError, match=r"events: all tables are of one kind.*polars DataFrame, as employ"):
            rules("fraud").count_frames(mine, events=other)
    for work in (money().evaluate_frame, rules("fraud").count_frames, rules("fraud").rate_frames):
        with pytest.raises(InputError, match=r"no frame that can be read.*list"):
            work([1, 2])
    with pytest.raises(InputError, match=r"events: this is no frame.*dict"):
        rules("fraud").count_frames(mine, events={"employer_id": ["A"]})


@pytest.mark.slow
def test_frames_of_two_kinds_with_dask() -> None:
    """Before any row is moved."""
    dd: Any = importlib.import_module("dask.dataframe")  # slow to load
    mine = dd.from_pandas(pd.DataFrame({"id": ["A"]}), npartitions=1)
    with pytest.raises(InputError, match="events: all tables are of one kind of frame"):
        rules("fraud").count_frames(mine, events=pd.DataFrame({"employer_id": ["A"]}))


NARROW = (pa.decimal32(5, 2), pa.decimal64(10, 2), pa.decimal128(20, -2), pa.decimal256(40, 2))


@pytest.mark.parametrize("kind", NARROW, ids=str)
@pytest.mark.parametrize("machine", ["pyarrow", "pandas-arrow"], indirect=True)
def test_decimals_that_cannot_be_read_are_refused(machine: Machine, kind: pa.DataType) -> None:
    """The column is named, and what to do, instead of every row called unreadable."""
    frame = pa.table({"id": ["A"], "money": pa.array([Decimal(100)]).cast(pa.decimal128(20, 2)).cast(kind, safe=False)})
    with pytest.raises(InputError, match=r"column 'money'.*decimal.*cast the column first"):
        money().evaluate_frame(machine.put(frame))


@pytest.mark.parametrize("machine", ["pandas-arrow"], indirect=True)
def test_decimals_of_records_that_cannot_be_read_are_refused(machine: Machine) -> None:
    """With the table."""
    paid = pa.table({"employer_id": ["A"], "paid_on": ["2023-05-01"], "amount": pa.array([1], pa.decimal32(5, 2))})
    rule = Rule("payments", "sum", "amount", None, "paid_on", YEAR, none=0)
    with pytest.raises(InputError, match=r"payments column 'amount'.*decimal32"):
        only(rule).count_frames(machine.put(owners("A")), payments=machine.put(paid))


# Pandas --------------------------------------------------------------------------------------------------------------


def test_objects_are_read_as_one_record_is() -> None:
    """What pandas itself takes for missing, or cannot look at, is what one record makes of it."""
    values = [Decimal("sNaN"), Decimal("NaN"), pd.NaT, None, float("nan"), Decimal("1.50")]
    made = money().evaluate_frame(pd.DataFrame({"money": pd.Series(values, dtype=object)}))
    refusals = [None if word != word else word for word in made["refusal"].tolist()]  # noqa: PLR0124  # NaN is not
    assert refusals == [money().evaluate(money=value).refusal for value in values[:3]] + ["missing:money"] * 2 + [None]
    given = pd.DataFrame({"id": ["A", "B"], "risk_class": pd.Series([Decimal("sNaN"), 3], dtype=object)})
    counted = PANDAS.rows(ip.load_profile("cn-zj").on("2025-03-01").count_frames(given))
    assert [(row["risk_class"], row["risk_class_unknown"]) for row in counted] == [
        (None, "unreadable:risk_class"),
        (3, None),
    ]


@pytest.mark.parametrize("value", [20230501, "2023/05/01", dt.datetime(2023, 5, 1, tzinfo=dt.UTC)])
def test_days_among_objects(value: Any) -> None:
    """One that is no day leaves its figure unknown; it is not cut to one that is."""
    on = pd.Series([value, dt.date(2023, 5, 1), pd.Timestamp(2023, 5, 1), None], dtype=object)
    keys = ["A", "B", "C", "D"]
    events = pd.DataFrame({"employer_id": keys, "kind": ["fraud"] * 4, "on": on, "until": [None] * 4})
    rows = PANDAS.rows(rules("fraud").count_frames(pd.DataFrame({"id": keys}), events=events))
    assert [(row["fraud"], row["fraud_unknown"]) for row in rows] == [
        (None, "undated:fraud"),
        (True, None),
        (True, None),
        (None, "undated:fraud"),
    ]


INDEX = pd.Index([7, 7, 3], name="row")


@pytest.mark.parametrize("dtype", [None, "string[pyarrow]"])
def test_the_index_of_the_employers_is_kept(dtype: Any) -> None:
    """Whatever it is, and in the order of the employers."""
    employers = pd.DataFrame({"id": pd.array(["B", "A", "B"], dtype=dtype or "object")}, index=INDEX)
    events = pd.DataFrame({"employer_id": ["A"], "kind": ["fraud"], "on": ["2023-05-01"], "until": ["2025-01-01"]})
    policy = rules("fraud", "injuries")
    for made in (policy.count_frames(employers, events=events), policy.rate_frames(employers, events=events)):
        assert made.index.equals(employers.index)
        assert made.index.name == "row"
        assert made["id"].tolist() == ["B", "A", "B"]
    assert employers.index.tolist() == [7, 7, 3]
    assert policy.count_frames(employers, events=events)["fraud"].tolist() == [False, True, False]


def test_keys_among_objects_are_refused() -> None:
    """Some of them numbers, some text: pandas would match few of them."""
    keys = pd.Series([1, "A"], dtype=object)
    events = pd.DataFrame({"employer_id": keys, "kind": "fraud", "on": "2023-05-01", "until": "2025-01-01"})
    with pytest.raises(InputError, match=r"events column 'employer_id'.*Object"):
        rules("fraud").count_frames(pd.DataFrame({"id": ["A"]}), events=events)
