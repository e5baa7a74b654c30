"""Focus on tables: the same as on objects, on every engine, in whatever order the rows come."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import narwhals as nw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from injuryprev.errors import InputError
from injuryprev.measures.focusing.alerts import alerts
from injuryprev.measures.focusing.frames import focus_frame
from injuryprev.measures.focusing.ranking import focus
from injuryprev.measures.focusing.sums import summed
from injuryprev.measures.focusing.units import FocusUnit
from injuryprev.measures.quotients import read
from injuryprev.unknown import Unknown

pl = pytest.importorskip("polars")
pd = pytest.importorskip("pandas")

ROWS: list[tuple[str | None, int | None, float | None, str]] = [
    ("a", 3, 10.5, "x"),
    ("b", 20, 2000.0, "x"),
    ("a", 4, 30.0, "x"),
    (None, 1, 5.0, "y"),
    ("c", 7, None, "y"),
    ("d", 0, 0.0, "y"),
    ("e", None, 40.0, "y"),
    ("f", 5, 300.1, "y"),
    ("f", 5, 300.2, "y"),
]
NAMES = ("industry", "injuries", "insured", "section")


def table(rows: list[tuple[Any, ...]]) -> dict[str, list[Any]]:
    """The rows as columns."""
    return {name: [row[place] for row in rows] for place, name in enumerate(NAMES)}


def polars() -> Any:
    """The rows in Polars."""
    return pl.DataFrame(table(ROWS))


def duckdb() -> Any:
    """The rows in DuckDB."""
    return pytest.importorskip("duckdb").from_arrow(polars().to_arrow())


def ibis() -> Any:
    """The rows in Ibis."""
    return pytest.importorskip("ibis").memtable(polars().to_arrow())


def fetched(frame: Any) -> list[dict[str, Any]]:
    """The rows of any frame as Python has them."""
    if isinstance(frame, pl.LazyFrame):
        frame = frame.collect()
    if isinstance(frame, pd.DataFrame):
        return [
            {name: None if pd.isna(value) else value for name, value in row.items()}
            for row in frame.to_dict(orient="records")
        ]
    if isinstance(frame, pl.DataFrame):
        return list(frame.to_dicts())
    arrow = (
        frame if hasattr(frame, "to_pylist") else frame.to_pyarrow() if hasattr(frame, "to_pyarrow") else frame.arrow()
    )
    return list((arrow.read_all() if hasattr(arrow, "read_all") else arrow).to_pylist())


MAKERS: list[tuple[str, Callable[[], Any]]] = [
    ("polars", polars),
    ("polars lazy", lambda: polars().lazy()),
    ("pandas", lambda: pd.DataFrame(table(ROWS))),
    ("pandas arrow", lambda: polars().to_pandas(use_pyarrow_extension_array=True)),
    ("pyarrow", lambda: polars().to_arrow()),
    ("duckdb", duckdb),
    ("ibis", ibis),
]


@pytest.mark.parametrize("make", [make for _, make in MAKERS], ids=[name for name, _ in MAKERS])
def test_every_engine_gives_what_objects_give(make: Callable[[], Any]) -> None:
    """The same kind of table out, and in it the places, figures and reasons of the list made of objects."""
    given = make()
    found = focus_frame(given, by="industry", cases="injuries", exposure="insured", within="section")
    assert type(found) is type(given)
    exposure = {"a": "40.5", "b": 2000, "d": 0, "e": 40, "f": "600.3", None: 5}
    cases = {"a": 7, "b": 20, "c": 7, "d": 0, "f": 10, None: 1}
    within = {"a": "x", "b": "x"}
    expected = focus(
        [
            FocusUnit(key, cases.get(key), exposure.get(key), within=within.get(key or "", "y"))
            for key in ("a", "b", "c", "d", "e", "f", None)
        ]
    )
    rows = {row["industry"]: row for row in fetched(found)}
    assert len(rows) == len(expected.rows)
    for one in expected.rows:
        row = rows[one.unit.key]
        assert row["rank"] == one.rank
        assert row["value"] == pytest.approx(one.value if isinstance(one.value, float) else row["value"])
        assert (row["why"] or "") == "; ".join(one.why)
    assert rows["c"]["why"] == "missing:exposure"
    assert "insured is missing in 1 rows" in rows["c"]["reasons"]
    assert rows["c"]["cases"] == 7
    assert rows["e"]["cases"] is None


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Dask support is moving out of Narwhals")
def test_dask() -> None:
    """A table in partitions comes back as one, with the same places."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        dask = pytest.importorskip("dask.dataframe")
        given = dask.from_pandas(pd.DataFrame(table(ROWS)), npartitions=2)
        found = focus_frame(given, by="industry", cases="injuries", exposure="insured")
        assert type(found) is type(given)
        same = focus_frame(polars(), by="industry", cases="injuries", exposure="insured")
        assert found.compute(scheduler="synchronous")["rank"].dropna().tolist() == same["rank"].drop_nulls().to_list()


@pytest.mark.parametrize("seed", range(5))
def test_places_do_not_depend_on_the_order_of_rows(seed: int) -> None:
    """Figures are added up exactly, so that no order of floats moves a place or a bit."""
    shuffled = Random(seed).sample(ROWS, len(ROWS))
    found = focus_frame(pl.DataFrame(table(shuffled)), by="industry", cases="injuries", exposure="insured")
    assert found.equals(focus_frame(polars(), by="industry", cases="injuries", exposure="insured"))


def test_decimals_are_added_exactly() -> None:
    """Columns of Decimal stay what they are until the end: three tenths are 0.3."""
    frame = pl.DataFrame({"unit": ["a"] * 3, "cases": [1, 0, 0], "at": [Decimal("0.1")] * 3})
    found = focus_frame(frame, by="unit", exposure="at", shrinkage=False)
    assert found["rate"].to_list() == [pytest.approx(10 / 3, abs=1e-15)]
    assert found["exposure"].to_list() == [0.3]


def test_only_cases() -> None:
    """Without a column of exposure there is a list by burden, and none by rate."""
    found = focus_frame(polars(), by="industry", cases="injuries", criterion="burden", lang="zh")
    assert found["industry"].to_list()[:2] == ["b", "f"]
    assert "件" in found["reasons"][0]
    by_rate = focus_frame(polars(), by="industry", cases="injuries")
    assert by_rate["rank"].null_count() == by_rate.height


def test_alerts_in_a_table() -> None:
    """Levels of alert beside the places; unknown exposure is an unknown alert, not none."""
    frame = pl.DataFrame({"unit": ["a", "b", "c", "d"], "cases": [1, 3, 7, 1], "at": [100, 100, 100, None]})
    found = focus_frame(frame, by="unit", exposure="at", alert=alerts("ningde-2019"), reasons=False)
    assert dict(zip(found["unit"], found["alert"], strict=True)) == {
        "a": "none",
        "b": "yellow",
        "c": "unknown",
        "d": "unknown",
    }
    assert "reasons" not in found.columns


def test_a_bad_cell_costs_its_own_unit_alone() -> None:
    """What is no figure leaves that figure of its unit unknown and names the row; the others stand as they did."""
    cells = ["3", "x", "-1", "1.5", None, "4"]
    bad = pl.DataFrame({"unit": ["a", "b", "c", "d", "e", "a"], "cases": cells, "at": [10, 20, 30, 40, 50, 60]})
    found = focus_frame(bad, by="unit", cases="cases", exposure="at", shrinkage=False)
    assert found.select("rank", "unit", "cases", "why").rows() == [
        (1, "a", 7.0, None),
        (None, "b", None, "unreadable:cases"),
        (None, "c", None, "out_of_range:cases"),
        (None, "d", None, "not_whole:cases"),
        (None, "e", None, "missing:cases"),
    ]
    assert "row 1: cases is not a finite number: 'x'" in found["reasons"][1]
    alone = focus_frame(bad.filter(pl.col("unit") == "a"), by="unit", exposure="at", shrinkage=False)
    assert found.row(0) == alone.row(0)


@pytest.mark.parametrize("make", [pl.DataFrame, pd.DataFrame])
def test_whole_keys_stay_whole(make: Callable[..., Any]) -> None:
    """A unit numbered 7 is 7 in the answer too, so that the answer joins what it came from."""
    frame = make({"firm": [7, 11, 7], "cases": [1, 2, 3], "at": [10, 20, 30]})
    found = focus_frame(frame, by="firm", exposure="at", shrinkage=False)
    assert [line["firm"] for line in fetched(found)] == [7, 11]
    assert len(frame.merge(found, on="firm") if make is pd.DataFrame else frame.join(found, on="firm")) == 3


def test_what_cannot_be_read_names_the_row() -> None:
    """A column that is not there, a unit in two groups: refused, with the place."""
    with pytest.raises(InputError, match="did you mean 'injuries'"):
        focus_frame(polars(), by="industry", cases="injurys")
    split = pl.DataFrame({"unit": ["a", "a"], "cases": [1, 1], "group": ["x", "y"]})
    with pytest.raises(InputError, match=r"row 1, group: a unit lies in two groups"):
        focus_frame(split, by="unit", within="group")


CELLS: dict[str, Any] = {
    "whole": st.one_of(st.none(), st.integers(-2, 10**15)),
    "double": st.one_of(st.none(), st.floats(-1, 1e12), st.sampled_from([0.1, 0.3, 12.5, 1e-7, float("nan")])),
    "text": st.one_of(
        st.none(), st.sampled_from(["", " 3 ", "0.00001", "12.5", "-1", "x", "1E+05", "9" * 30, "+7", "3."])
    ),
    "decimal": st.one_of(st.none(), st.decimals(-1, 10**9, places=6)),
}


@pytest.mark.parametrize("make", ["polars", "pandas", "pyarrow"])
@pytest.mark.parametrize("kind", CELLS)
@settings(max_examples=30)
@given(data=st.data())
def test_columns_are_added_up_as_values_are(make: str, kind: str, data: st.DataObject) -> None:
    """Whatever a column holds, a unit's sum is the exact sum of its cells, and each cell that is none is named."""
    cells = data.draw(st.lists(CELLS[kind], min_size=1, max_size=8))
    keys = data.draw(st.lists(st.sampled_from(["a", "b", None]), min_size=len(cells), max_size=len(cells)))
    dtype = {"whole": pl.Int64, "double": pl.Float64, "text": pl.String, "decimal": pl.Decimal(20, 6)}[kind]
    frame = pl.DataFrame({"unit": keys, "at": pl.Series(cells, dtype=dtype)}, schema_overrides={"unit": pl.String})
    native = {"polars": lambda: frame, "pandas": frame.to_pandas, "pyarrow": frame.to_arrow}[make]()
    for name in ("exposure", "cases"):
        found, _ = summed(nw.from_native(native, eager_only=True), "unit", {name: "at"})
        assert set(found) == set(keys)
        for key, unit in found.items():
            own = [(row, read(cell, name)) for row, cell in enumerate(cells) if keys[row] == key]
            whole = [(row, one) for row, one in own if not isinstance(one, Unknown)]
            good = [one for _, one in whole if name == "exposure" or one.denominator == 1]
            assert unit.totals[name] == sum(good, Fraction(0))
            missing = [row for row, one in own if isinstance(one, Unknown) and one.reasons[0].code == "missing"]
            assert (unit.missing[name], unit.rows) == (len(missing), len(own))
            assert sorted(odd.row for odd in unit.odd) == sorted(
                row for row, one in own if row not in missing and (isinstance(one, Unknown) or one not in good)
            )


def test_columns_that_are_no_figures_cost_their_units_alone() -> None:
    """A column of truth values or of Python objects is read cell by cell."""
    objects = pd.DataFrame({"unit": ["a", "b"], "cases": pd.Series([Decimal(3), "x"], dtype=object), "at": [10, 20]})
    found = focus_frame(objects, by="unit", exposure="at", shrinkage=False)
    assert [(row["rank"], row["unit"]) for row in fetched(found)] == [(1, "a"), (None, "b")]
    flags = pl.DataFrame({"unit": ["a", "b"], "cases": [True, False], "at": [10, 20]})
    assert focus_frame(flags, by="unit", exposure="at")["why"].to_list() == ["unreadable:cases"] * 2


def test_cases_of_nobody_lie_in_no_group_where_rows_differ() -> None:
    """Rows without a unit in two groups count in neither group's rate, whichever of them stands first."""
    rows = [("a", 3, 100, "x"), ("b", 3, 100, "y"), (None, 5, 50, "x"), (None, 7, 50, "y")]
    names = ("unit", "cases", "at", "part")

    def of(order: list[tuple[Any, ...]]) -> Any:
        frame = pl.DataFrame({name: [row[place] for row in order] for place, name in enumerate(names)})
        return focus_frame(frame, by="unit", exposure="at", within="part", shrinkage=False)

    assert of(rows).equals(of(rows[::-1]))
    assert of(rows).filter(pl.col("unit") == "a")["expected"].to_list() == [3.0]


@pytest.mark.parametrize("name", ["rank", "value", "cases", "reasons"])
def test_the_column_of_units_is_not_overwritten(name: str) -> None:
    """A table whose units stand in a column that is made here is refused, with what to do."""
    with pytest.raises(InputError, match="expected: to rename it"):
        focus_frame(pl.DataFrame({name: ["a"], "n": [1]}), by=name, cases="n")
