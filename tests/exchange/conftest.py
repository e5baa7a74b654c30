"""A small area on disk, and ways to write one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest

Rows = Sequence[Sequence[object]]
Save = Callable[..., Path]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Write tables as text files, given as ``employers="…"``; returns their directory."""

    def write(*, encoding: str = "utf-8", **tables: str) -> Path:
        for name, text in tables.items():
            (tmp_path / f"{name}.csv").write_bytes(text.encode(encoding))
        return tmp_path

    return write


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
