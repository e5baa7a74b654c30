"""A file as raw columns under the names of the table, or, where its lines are not regular, row by row."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import attrs
import polars as pl

from injuryprev.errors import ReadError
from injuryprev.exchange.findings import Finding
from injuryprev.exchange.headers import Column, Table
from injuryprev.exchange.parquet import check_kinds
from injuryprev.exchange.sources import PARQUET, CsvSource, Line
from injuryprev.exchange.tables import Layout, lay_out, open_table

ROW: Final = "__row"
"""The number of the row as a text editor shows it; in Parquet the first row is 1."""


@attrs.frozen
class Raw:
    """A file opened: what its columns are, and the columns themselves unless it must be read row by row."""

    path: Path
    layout: Layout
    findings: tuple[Finding, ...]
    frame: pl.LazyFrame | None
    in_place: bool = False

    @property
    def found(self) -> Mapping[str, tuple[Column, int]]:
        """The columns by name, with the power of ten of the unit in the header."""
        return {column.name: (column, shift) for column, shift in self.layout.found.values()}

    def header(self, name: str) -> str:
        """The column as the file writes it."""
        return self.layout.label(name)


@attrs.define
class _Columns:
    """A file without lines, as far as a layout asks."""

    label: str
    addressed: bool = False
    unsure: bool = False
    header_width: int = 0

    def head(self, _count: int, _recognised: Callable[[Sequence[object]], int]) -> list[Line]:
        """There are no lines."""
        return []

    def body(self, _after: int, _width: int, _prose: frozenset[int]) -> Iterator[Line]:
        """There are no lines."""
        yield from ()

    def close(self) -> None:
        """Nothing is held open."""


def open_raw(path: Path, table: Table, sheet: str | None, scratch: Path) -> Raw:
    """Open a file.

    Args:
        path: CSV, Excel or Parquet.
        table: The table it holds.
        sheet: The sheet of a workbook.
        scratch: A directory for a copy in UTF-8, where the file is in GB18030.

    Raises:
        ReadError: As ``read_table``, or the file is no Parquet file.
    """
    if path.suffix.lower() == PARQUET:
        return _parquet(path, table)
    findings, layout = open_table(path, table, sheet=sheet)
    frame = _regular(layout, scratch) if isinstance(layout.source, CsvSource) else None
    return Raw(path, layout, tuple(findings), frame)


def _parquet(path: Path, table: Table) -> Raw:
    if not path.is_file():
        raise ReadError("no such file", where=str(path), expected=f"a file holding the table {table.name}")
    try:
        scanned = pl.scan_parquet(path, row_index_name=ROW, row_index_offset=1)
        schema = scanned.collect_schema()
        names = [name for name in schema.names() if name != ROW]
    except (pl.exceptions.PolarsError, OSError) as error:
        raise ReadError(
            "not a Parquet file that can be read", where=str(path), seen=str(error)[:200], expected=PARQUET
        ) from error
    findings, layout = lay_out(_Columns(str(path)), table, names)
    check_kinds(str(path), schema, (names[index] for index in layout.found))
    picked = [pl.col(names[index]).alias(column.name) for index, (column, _) in layout.found.items()]
    return Raw(path, layout, tuple(findings), scanned.select(pl.col(ROW), *picked), in_place=True)


def _regular(layout: Layout, scratch: Path) -> pl.LazyFrame | None:
    """The columns of a CSV file whose every line is one row of the header's width without a quotation mark.

    Only then do all readers of CSV agree; any other file is read as ``records`` reads it.
    """
    source = layout.source
    if not isinstance(source, CsvSource) or layout.line.number != 1 or layout.line.end != 1:
        return None
    if source.header_width != len(layout.headers):
        return None
    path = source.path if source.encoding == "utf-8-sig" else _in_utf8(source, scratch)
    if not _is_regular(path, source.delimiter, len(layout.headers)):
        return None
    names = [f"c{index}" for index in range(len(layout.headers))]
    frame = pl.scan_csv(
        path,
        separator=source.delimiter,
        quote_char=None,
        infer_schema=False,
        new_columns=names,
        row_index_name=ROW,
        row_index_offset=2,
    )
    picked = [pl.col(names[index]).alias(column.name) for index, (column, _) in layout.found.items()]
    return frame.select(pl.col(ROW), *picked)


def _is_regular(path: Path, delimiter: str, width: int) -> bool:
    """Whether every line has so many cells, none is blank and none has a quotation mark; by counting bytes."""
    mark, last = delimiter.encode(), b""
    wanted, lines = width - 1, 0
    with path.open("rb") as file:
        if file.read(3) != codecs.BOM_UTF8:
            file.seek(0)
        while chunk := file.read(1 << 22):
            chunk = last + chunk
            if b'"' in chunk or b"\0" in chunk:
                return False
            *whole, last = chunk.split(b"\n")
            if any(line.count(mark) != wanted or b"\r" in line[:-1] or not line.strip() for line in whole):
                return False
            lines += len(whole)
    # A single column cannot be told from a blank line, and a file of a header alone needs no speed.
    return wanted > 0 and lines > 1 and (not last or last.count(mark) == wanted)


def _in_utf8(source: CsvSource, scratch: Path) -> Path:
    made = scratch / f"{source.path.stem}-{len(list(scratch.iterdir()))}.csv"
    with (
        source.path.open(encoding=source.encoding, newline="") as old,
        made.open("w", encoding="utf-8", newline="") as new,
    ):
        while text := old.read(1 << 20):
            new.write(text)
    return made
