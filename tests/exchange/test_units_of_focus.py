"""Units of focus from files of every format: the same units, places and refusals as a reader by hand finds."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from injuryprev.errors import InputError, ReadError
from injuryprev.exchange.units import UnitsRead, read_units
from injuryprev.measures import FocusUnit, focus
from injuryprev.measures.focusing.listing import CRITERIA
from injuryprev.unknown import Unknown

HEADER = ("unit", "part", "cases", "at", "days", "dead")
COLUMNS = {"cases": "cases", "exposure": "at", "lost_days": "days", "deaths": "dead"}
COUNTED = {"2", "0", "17", " 3 ", "1,200", "4.0"}
MEASURED = {*COUNTED, "12.5", "0.00001", "1e3x", "99.12345678901"}
BAD = {"-1", "x", "1.5", "1E+03"}
"""No count each; 1.5 is a figure all the same, where figures need not be whole."""

counts = st.sampled_from(sorted({"", *COUNTED, *BAD}))
figures = st.sampled_from(sorted({"", *(MEASURED - {"1e3x"}), "-1", "x"}))
rows = st.lists(
    st.tuples(
        st.sampled_from(["", "a", "b", "铸造"]), st.sampled_from(["", "p", "q"]), counts, figures, figures, counts
    ),
    min_size=1,
    max_size=12,
)
Rows = Sequence[tuple[str, ...]]


def by_hand(given_rows: Rows) -> list[FocusUnit]:
    """What the rows come to, one by one: a unit with a row that is no use, or in two groups, is unknown throughout."""
    groups: dict[str | None, list[str]] = {}
    sums: dict[str | None, list[list[Fraction | None]]] = {}
    lost: set[str | None] = set()
    for unit, part, *cells in given_rows:
        key = unit or None
        good: list[Fraction | None] = []
        for place, cell in enumerate(cells):
            text = cell.strip().replace(",", "")
            if not text:
                good.append(None)
                continue
            try:
                number = Fraction(Decimal(text))
            except ArithmeticError:
                number = Fraction(-1)
            if number < 0 or "E" in text or (place in (0, 3) and number.denominator != 1):
                lost.add(key)
            good.append(number)
        # A row that the reader could not make cells of says nothing of a group either.
        broken = any(cell.strip() in ("x", "1E+03") for cell in cells)
        sums.setdefault(key, [])
        if not broken:
            groups.setdefault(key, []).append(part)
            sums[key].append(good)
    units = []
    for key, all_of in sums.items():
        parts = groups.get(key, [])
        if key is not None and len(set(parts)) > 1:
            lost.add(key)
        group = parts[0] if parts and (key is not None or len(set(parts)) == 1) else ""
        if key in lost:
            units.append(FocusUnit(key, None, within=group))
            continue
        totals = [
            None if any(one[place] is None for one in all_of) else sum(one[place] or 0 for one in all_of)
            for place in range(4)
        ]
        units.append(FocusUnit(key, totals[0], totals[1], lost_days=totals[2], deaths=totals[3], within=group))
    return units


def told(units: Sequence[FocusUnit]) -> dict[str | None, tuple[object, ...]]:
    """The figures of units by their keys."""

    def figure(value: Fraction | Unknown) -> Fraction | None:
        return None if isinstance(value, Unknown) else value

    return {
        one.key: tuple(figure(value) for value in (one.cases, one.exposure, one.lost_days, one.deaths)) for one in units
    }


def read(path: Path) -> UnitsRead:
    """The units of a file."""
    return read_units(path, unit="unit", columns=COLUMNS, within="part")


def write(folder: Path, given_rows: Rows, kind: str) -> Path:
    """The rows in a file of some format."""
    path = folder / f"t{'.csv' if kind == 'quoted' else kind}"
    if kind in (".csv", "quoted"):
        with path.open("w", encoding="utf-8", newline="") as file:
            plain = csv.writer(file, lineterminator="\n")
            quoted = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
            (quoted if kind == "quoted" else plain).writerows([HEADER, *given_rows])
    elif kind == ".xlsx":
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for row in (HEADER, *given_rows):
            sheet.append([cell or None for cell in row])
        book.save(path)
    else:
        columns = {name: [row[place] or None for row in given_rows] for place, name in enumerate(HEADER)}
        pl.DataFrame(columns, schema=dict.fromkeys(HEADER, pl.String)).write_parquet(path)
    return path


@pytest.mark.parametrize("kind", [".csv", "quoted", ".xlsx", ".parquet"])
@settings(max_examples=40)
@given(given_rows=rows)
def test_every_format_gives_the_units_made_by_hand(kind: str, given_rows: Rows) -> None:
    """The same figures and places as objects that were added up one by one, whatever is wrong with some rows."""
    # Blank lines of a file are no rows.
    kept = [row for row in given_rows if any(row)]
    if not kept:
        return
    with TemporaryDirectory() as folder:
        found = read(write(Path(folder), kept, kind))
    wanted = by_hand(kept)
    assert told(found.units) == told(wanted)
    for criterion in CRITERIA:
        ours, theirs = (focus(units, criterion=criterion, shrinkage=False) for units in (found.units, wanted))
        assert [(row.unit.key, row.rank) for row in ours.ranked] == [(row.unit.key, row.rank) for row in theirs.ranked]
    assert bool(found.rejected) == any(
        isinstance(one.cases, Unknown) and one.cases.reasons[0].code == "rejected_row" for one in found.units
    )


def test_typed_columns_of_parquet_stay_exact(tmp_path: Path) -> None:
    """Whole numbers, decimals and floats of Parquet are figures as they are; units may be numbers."""
    made = pl.DataFrame(
        {
            "unit": [7, 7, 11],
            "cases": pl.Series([1, 2, 3], dtype=pl.UInt16),
            "at": pl.Series([Decimal("0.10"), Decimal("0.20"), Decimal("5.00")], dtype=pl.Decimal(10, 2)),
            "days": [0.1, 0.2, None],
        }
    )
    made.write_parquet(tmp_path / "t.parquet")
    columns = {"cases": "cases", "exposure": "at", "lost_days": "days"}
    found = read_units(tmp_path / "t.parquet", unit="unit", columns=columns)
    assert told(found.units) == {
        "7": (Fraction(3), Fraction("0.3"), Fraction("0.3"), None),
        "11": (Fraction(3), Fraction(5), None, None),
    }
    assert found.findings == ()
    made.with_columns(days=pl.Series([0.1, 0.2, float("nan")])).write_parquet(tmp_path / "t.parquet")
    (finding,) = read_units(tmp_path / "t.parquet", unit="unit", columns=columns).findings
    assert (finding.code, finding.row, finding.value) == ("bad_number", 3, "nan")


def test_a_row_nobody_can_split_holds_back_the_unit_it_names(tmp_path: Path) -> None:
    """A torn row of unit a makes a unknown, since its figures would be too low; b, which it does not name, stands."""
    (tmp_path / "t.csv").write_text("unit,cases,at\na,5,100\nb,1,100\na,3,50,7\n", encoding="utf-8")
    found = read_units(tmp_path / "t.csv", unit="unit", columns={"cases": "cases", "exposure": "at"})
    units = {one.key: one for one in found.units}
    assert isinstance(units["a"].cases, Unknown)
    assert units["b"].cases == 1
    assert found.rejected == 1
    assert focus(found.units, shrinkage=False).ranked[0].unit.key == "b"


def test_of_very_many_bad_rows_the_first_are_named_and_the_rest_counted(tmp_path: Path) -> None:
    """As where an area is read in columns: a hundred with their rows, then how many more."""
    text = "unit,cases\n" + "".join(f"u{n},-1\n" for n in range(250))
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    found = read_units(tmp_path / "t.csv", unit="unit", columns={"cases": "cases"})
    assert (found.rejected, len(found.findings)) == (250, 101)
    assert "150 further rows" in found.findings[-1].text()
    assert all(isinstance(one.cases, Unknown) for one in found.units)
    assert str(found.findings[0]).startswith(f"{tmp_path / 't.csv'} row 2 column cases: less than zero")


def test_a_sheet_is_named(tmp_path: Path) -> None:
    """Of a workbook of several sheets one is said; a column that is not there is refused with the nearest."""
    book = openpyxl.Workbook()
    for title, cases in (("2023", 4), ("2024", 9)):
        sheet = book.create_sheet(title)
        sheet.append(["unit", "cases"])
        sheet.append(["a", cases])
    book.save(tmp_path / "t.xlsx")
    found = read_units(tmp_path / "t.xlsx", unit="unit", columns={"cases": "cases"}, sheet="2024")
    assert found.units[0].cases == 9
    with pytest.raises(ReadError, match="which sheet"):
        read_units(tmp_path / "t.xlsx", unit="unit", columns={"cases": "cases"})
    with pytest.raises(ReadError, match="did you mean 'cases'"):
        read_units(tmp_path / "t.xlsx", unit="unit", columns={"cases": "casse"}, sheet="2024")


def test_a_column_that_was_not_named_is_not_read(tmp_path: Path) -> None:
    """A table may have columns called unit and cases beside those that are meant."""
    (tmp_path / "t.csv").write_text("unit,firm,cases,injured\nx,A,1,5\nx,B,1,7\n", encoding="utf-8")
    found = read_units(tmp_path / "t.csv", unit="firm", columns={"cases": "injured"})
    assert {one.key: one.cases for one in found.units} == {"A": 5, "B": 7}


def test_one_column_is_one_thing(tmp_path: Path) -> None:
    """A column named twice is refused; an empty file says which columns it lacks."""
    (tmp_path / "t.csv").write_text("firm,n\na,1\n", encoding="utf-8")
    with pytest.raises(InputError, match="one column cannot be two things; seen: 'n'"):
        read_units(tmp_path / "t.csv", unit="firm", columns={"cases": "n", "exposure": "n"})
    (tmp_path / "e.csv").write_text("", encoding="utf-8")
    with pytest.raises(ReadError, match="the file is empty; expected: a header with firm, n"):
        read_units(tmp_path / "e.csv", unit="firm", columns={"cases": "n"})


def test_a_unit_that_stands_only_in_a_row_nobody_can_split(tmp_path: Path) -> None:
    """It is listed, as unknown: nobody is dropped."""
    path = tmp_path / "t.csv"
    path.write_text("unit,part,cases,at,days,dead\na,p,2,10,3,0\nb,p,2,10,3,0,7,8\n", encoding="utf-8")
    found = told(read(path).units)
    assert found["a"] == (2, 10, 3, 0)
    assert found["b"] == (None, None, None, None)
