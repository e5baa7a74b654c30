"""Whatever stands in a file, reading it ends in a table with findings or in one error that says what is wrong."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from injuryprev.errors import ReadError
from injuryprev.exchange import TABLES, read_area

CASES = (
    "id,employer_id,worker,occurred_on,recognised_on,ground,circumstances,grade,death,died_on,disease,days_lost\n"
    'C1,E1,w1,2024-01-05,2024-02-01,14.1,"fell, from a ladder",9,false,,false,12\n'
    "C2,E2,w2,2024-03-05,,14.6,街道,,是,2024-03-06,,\n"
)
HEADERS = {name: [column.name for column in table.columns] for name, table in TABLES.items()}
CELLS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.dates(dt.date(1900, 3, 1), dt.date(9999, 12, 31))
    | st.times()
    | st.text(st.characters(min_codepoint=32, exclude_categories=("Cs", "Cn", "Co")), max_size=8)
    | st.sampled_from(["E1", "C1", "=1+1", "#REF!", "14.1", "2024-01-01", "medical", "9999-12-31", "E1E5"])
)


@settings(deadline=None, max_examples=150)
@given(
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
    cuts=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 6), st.binary(max_size=6)), max_size=4),
)
def test_damaged_bytes(encoding: str, cuts: list[tuple[int, int, bytes]]) -> None:
    """Bytes put in, taken out and changed anywhere, the header and the byte-order mark included."""
    data = CASES.encode(encoding)
    for place, length, put in cuts:
        data = data[:place] + put + data[place + length :]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "employers.csv").write_text("id\nE1\nE2\n")
        Path(folder, "cases.csv").write_bytes(data)
        try:
            area = read_area(folder)
        except ReadError as error:
            assert "cases.csv" in str(error)  # noqa: PT017 - that no error comes is as good
        else:
            kept = sum(len(history.cases or ()) for history in area.histories.values())
            assert kept <= 2 or area.findings or cuts


@pytest.mark.parametrize("table", TABLES)
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_cells(table: str, data: st.DataObject) -> None:
    """Any value of a workbook in any column: a row is an object or a finding, and nothing else happens."""
    width = len(HEADERS[table])
    rows = data.draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=4))
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    if table != "employers":
        book.create_sheet("employers").append(["id"])
        book["employers"].append(["E1"])
    sheet = book.create_sheet(table)
    for row in (HEADERS[table], *rows):
        sheet.append(row)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "area.xlsx")
        book.save(path)
        area = read_area(path)
    assert len(area.employers) + sum(_count(history) for history in area.histories.values()) + len(
        area.findings
    ) >= sum(any(cell not in (None, "") and str(cell).strip() for cell in row) for row in rows if table != "industries")


def _count(history: object) -> int:
    names = ("exposures", "contributions", "cases", "payments", "events", "recognitions")
    return sum(len(getattr(history, name) or ()) for name in names)
