"""Workbooks: typed cells, formulas, several sheets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from injuryprev.errors import ReadError
from injuryprev.exchange import read_area
from injuryprev.units import Period

Save = Callable[..., Path]
Rows = Sequence[Sequence[object]]


@pytest.fixture
def workbook(tmp_path: Path) -> Save:
    """Write a workbook with one sheet per table, from rows of cells."""

    def write(**sheets: Rows) -> Path:
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(list(row))
        path = tmp_path / "area.xlsx"
        book.save(path)
        return path

    return write


DAY = dt.date(2024, 3, 1)
EMPLOYERS = [["单位编号", "行业代码", "行业版本"], [1001, "06", 2017], ["E2", "B0610", "GB/T 4754-2017"]]


def test_typed_cells_and_sheets_with_chinese_titles(workbook: Save) -> None:
    """Numbers, dates, booleans as a spreadsheet has them; one sheet per table; other sheets are reported."""
    path = workbook(
        单位=EMPLOYERS,
        案件=[
            ["案件编号", "单位编号", "职工代号", "发生日期", "认定依据", "是否工亡"],
            ["C1", 1001, "w1", DAY, "第十四条第一项", False],
        ],
        缴费=[["单位编号", "费款所属期", "缴费金额"], [1001, 202403, 12000000.55], [1001, dt.date(2024, 4, 1), 0.1]],
        说明=[["填表说明"]],
    )
    area = read_area(path)
    history = area.histories["1001"]
    assert [case.occurred_on for case in history.cases or ()] == [DAY]
    assert [(paid.amount, paid.period) for paid in history.contributions or ()] == [
        (Decimal("12000000.55"), Period("2024-03-01", "2024-04-01")),
        (Decimal("0.1"), Period("2024-04-01", "2024-05-01")),
    ]
    assert area.histories["E2"].cases == ()
    assert [(finding.code, finding.severity) for finding in area.findings] == [("unknown_file", "warn")]


def test_a_formula_is_reported_by_its_cell(workbook: Save) -> None:
    """Money decided by a formula is money decided unseen: the row is rejected, the formula shown."""
    path = workbook(
        employers=EMPLOYERS,
        payments=[
            ["单位编号", "支付日期", "支付金额", "待遇项目"],
            [1001, DAY, "=SUM(E1:E9)", "医疗费"],
            ["E2", DAY, 5, "医疗费"],
            ["E2", DAY, "#REF!", "医疗费"],
        ],
    )
    area = read_area(path)
    assert [(finding.code, finding.column, finding.value) for finding in area.rejects] == [
        ("formula", "支付金额 (C2)", "=SUM(E1:E9)"),
        ("error_cell", "支付金额 (C4)", "#REF!"),
    ]
    assert set(area.refused) == {"1001", "E2"}


def test_a_formula_in_a_column_nobody_reads_is_harmless(workbook: Save) -> None:
    """Only cells that are read are judged."""
    area = read_area(workbook(employers=[["id", "check"], ["E1", "=1+1"]]))
    assert [finding.code for finding in area.findings] == ["unknown_column"]
    assert list(area.employers) == ["E1"]


def test_empty_rows_and_cells_beyond_the_header(workbook: Save) -> None:
    """Gaps are no rows; the row number is the spreadsheet's; a stray cell beside the table is not passed over."""
    path = workbook(employers=[["id", "name"], [], ["E1"], ["E2", "Mill", None, "stray"], ["E3", "Mine"]])
    area = read_area(path)
    assert list(area.employers) == ["E1", "E3"]
    assert [(finding.code, finding.row) for finding in area.rejects] == [("torn_row", 4)]


def test_a_single_sheet_needs_no_name(tmp_path: Path) -> None:
    """A file named as its table may have a sheet named as it pleases; of several, none is guessed."""
    book = openpyxl.Workbook()
    book.worksheets[0].append(["id"])
    book.worksheets[0].append(["E1"])
    book.save(tmp_path / "employers.xlsx")
    assert list(read_area(tmp_path).employers) == ["E1"]
    book.create_sheet("notes")
    book.save(tmp_path / "employers.xlsx")
    with pytest.raises(ReadError, match="Sheet, notes"):
        read_area(tmp_path)


def test_a_damaged_workbook(tmp_path: Path) -> None:
    """A file cut in half is refused by name, without a traceback of the archive."""
    path = tmp_path / "employers.xlsx"
    book = openpyxl.Workbook()
    book.save(path)
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(ReadError, match=r"employers\.xlsx: not a workbook"):
        read_area(tmp_path)
    (tmp_path / "employers.xlsx").rename(tmp_path / "employers.xls")
    with pytest.raises(ReadError, match="suffix"):
        read_area(tmp_path)
