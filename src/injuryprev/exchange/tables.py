"""One table out of one file: header found, cells read, every fault a finding on its row and no other row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import attrs

from injuryprev.errors import ReadError, nearest
from injuryprev.exchange.cells import Cell, CellError, parse
from injuryprev.exchange.findings import WITHHELD, Finding, Severity, shown
from injuryprev.exchange.headers import Column, Table, match
from injuryprev.exchange.parquet import ParquetSource, check_kinds
from injuryprev.exchange.sources import PARQUET, Line, Source, open_source
from injuryprev.model.privacy import holds_identity_number
from injuryprev.words import Words

_HEADER_WITHIN: Final = 10


@attrs.frozen
class Layout:
    """Where the columns of a table stand in a file."""

    source: Source
    table: Table
    line: Line
    headers: tuple[str, ...]
    found: Mapping[int, tuple[Column, int]]

    def has(self, name: str) -> bool:
        """Whether the file has a column."""
        return any(column.name == name for column, _ in self.found.values())

    def label(self, name: str, row: int | None = None) -> str:
        """The header of a column, with the address of the cell in a workbook."""
        index = next((index for index, (column, _) in self.found.items() if column.name == name), None)
        if index is None:
            return name
        address = f" ({_letters(index)}{row})" if self.source.addressed and row is not None else ""
        return self.headers[index] + address


@attrs.frozen
class Place:
    """A row of a file, kept when the row itself is not."""

    layout: Layout
    number: int

    def __str__(self) -> str:
        return f"{self.layout.source.label} row {self.number}"

    def finding(
        self,
        code: str,
        reason: Words,
        *,
        column: str | None = None,
        value: str | None = None,
        severity: Severity = "reject",
    ) -> Finding:
        """A finding about this row, or about one of its cells; what could name a person is withheld."""
        columns = self.layout.table.columns
        private = any(other.private for other in columns if other.name == column)
        return Finding(
            self.layout.source.label,
            self.number,
            None if column is None else self.layout.label(column, self.number),
            WITHHELD if value is not None and (private or holds_identity_number(value)) else value,
            reason,
            severity,
            code,
            self.layout.table.name,
        )


@attrs.frozen
class Row:
    """One row of a table: its cells by column name (absent columns are absent, empty cells ``None``).

    ``raw`` has the cells as they were, for findings; ``texts`` all that stands in the row, so that the employers it
    may speak of are found even where it cannot be read.
    """

    place: Place
    cells: Mapping[str, Cell]
    raw: Mapping[str, str | None]
    texts: frozenset[str]
    findings: tuple[Finding, ...] = ()

    def finding(self, code: str, reason: Words, column: str | None = None) -> Finding:
        """Why this row is rejected."""
        known = column if column in self.raw else None
        return self.place.finding(code, reason, column=known, value=self.raw.get(known or ""))


def read_table(path: Path, table: Table, *, sheet: str | None = None) -> tuple[list[Finding], Iterator[Row]]:
    """Open a file as a table: findings about the file as a whole, and its rows one by one.

    Args:
        path: A ``.csv``, ``.tsv``, ``.txt``, ``.xlsx`` or ``.parquet`` file.
        table: The table it holds, with the names its columns may bear.
        sheet: The sheet of a workbook; by default the one named as the table, or the only one.

    Raises:
        ReadError: The file cannot be opened or decoded, a required column is missing, or two columns claim one name.
    """
    findings, layout = open_table(path, table, sheet=sheet)
    return findings, rows_of(layout)


def open_table(path: Path, table: Table, *, sheet: str | None = None) -> tuple[list[Finding], Layout]:
    """As ``read_table``, with where the columns stand instead of the rows; ``rows_of`` gives those."""
    source = ParquetSource.of(path) if path.suffix.lower() == PARQUET else open_source(path, table, sheet)
    try:
        layout, above = _layout(source, table)
        if isinstance(source, ParquetSource):
            check_kinds(source.label, source.frame.schema, (layout.headers[index] for index in layout.found))
    except ReadError:
        source.close()
        raise
    return [*_unsure(layout), *_above(layout, above), *_unread(layout)], layout


def lay_out(source: Source, table: Table, headers: Sequence[str]) -> tuple[list[Finding], Layout]:
    """Where the columns stand in a file whose header is known and whose rows are read by others.

    Raises:
        ReadError: A required column is missing, or two columns claim one name.
    """
    layout = _laid_out(source, table, Line(0, 0, tuple(headers)), tuple(headers))
    return list(_unread(layout)), layout


def _layout(source: Source, table: Table) -> tuple[Layout, list[Line]]:
    """Find the header among the first lines: the line with most known names, the first of equals."""
    synonyms = table.synonyms()

    def recognised(cells: Sequence[object]) -> int:
        return sum(match(str(cell), synonyms) is not None for cell in cells if cell is not None)

    first = source.head(_HEADER_WITHIN, recognised)
    if not first:
        needed = (*table.required, *(table.column(group[0]).headers[0] for group in table.one_of))
        raise ReadError("the file is empty", where=source.label, expected=f"a header with {', '.join(needed)}")
    line = max(first, key=lambda line: recognised(line.cells))
    texts = tuple("" if cell is None else str(cell).strip() for cell in line.cells)
    width = max((index for index, text in enumerate(texts, start=1) if text), default=0)
    headers = texts[:width]
    source.header_width = len(texts)
    layout = _laid_out(source, table, line, headers)
    return layout, [other for other in first if other.number < line.number]


def _laid_out(source: Source, table: Table, line: Line, headers: tuple[str, ...]) -> Layout:
    synonyms = table.synonyms()
    found = {index: got for index, text in enumerate(headers) if (got := match(text, synonyms)) is not None}
    layout = Layout(source, table, line, headers, found)
    _check(layout)
    return layout


def _check(layout: Layout) -> None:
    names = [column.name for column, _ in layout.found.values()]
    where = f"{layout.source.label} row {layout.line.number}"
    for name in names:
        if names.count(name) > 1:
            both = [layout.headers[index] for index, (column, _) in layout.found.items() if column.name == name]
            raise ReadError(
                f"two columns both mean {name}", where=where, seen=", ".join(both), expected="one column for each"
            )
    unknown = [header for index, header in enumerate(layout.headers) if header and index not in layout.found]
    for name in layout.table.required:
        if name not in names:
            column = layout.table.column(name)
            raise ReadError(
                f"the table {layout.table.name} has no column {name}",
                where=where,
                seen=", ".join(layout.headers),
                expected=f"a header such as {name} or {column.zh[0]}; {_near(column, unknown)}",
            )
    for group in layout.table.one_of:
        if not set(group) & set(names):
            first = layout.table.column(group[0])
            if not first.called:  # the header is the caller's
                raise ReadError(
                    "there is no such column",
                    where=where,
                    seen=", ".join(first.headers),
                    expected=nearest(first.headers[0], [header for header in layout.headers if header]),
                )
            raise ReadError(
                f"the table {layout.table.name} has none of the columns {', '.join(group)}",
                where=where,
                seen=", ".join(layout.headers),
                expected="one of them: " + ", ".join(f"{name} ({layout.table.column(name).zh[0]})" for name in group),
            )


def _near(column: Column, unknown: Sequence[str]) -> str:
    """The header that may have been meant, among those nothing answers to."""
    hints = [nearest(name, unknown) for name in column.headers]
    return next((hint for hint in hints if hint.startswith("did")), "no header comes near it")


def _unsure(layout: Layout) -> Iterator[Finding]:
    if layout.source.unsure:
        words = Words(
            "the file can be read as GB18030 and as UTF-8, and was read as GB18030; if that is wrong, save it as UTF-8 "
            "with byte-order mark",
            "文件既可按 GB18030 也可按 UTF-8 解读，已按 GB18030 读取；若有误请另存为带 BOM 的 UTF-8",
        )
        yield attrs.evolve(Place(layout, 0).finding("encoding_unsure", words, severity="warn"), row=None)


def _above(layout: Layout, lines: Sequence[Line]) -> Iterator[Finding]:
    words = Words("a row above the header was not read", "表头之上的行未读取")
    for line in lines:
        yield Place(layout, line.number).finding("above_header", words, severity="warn")


def _unread(layout: Layout) -> Iterator[Finding]:
    """Columns nobody reads; their cells are never shown, for they may hold anything."""
    taken = {column.name for column, _ in layout.found.values()}
    free = [column.name for column in layout.table.columns if column.name not in taken]
    for index, header in enumerate(layout.headers):
        if index not in layout.found:
            words = Words(
                f"the table {layout.table.name} has no such column, so it was not read; {nearest(header, free)}",
                f"表 {layout.table.name} 没有这一列，未读取",
            )
            finding = Place(layout, layout.line.number).finding("unknown_column", words, severity="warn")
            yield attrs.evolve(finding, column=header or f"#{index + 1}")


def rows_of(layout: Layout) -> Iterator[Row]:
    """The rows of a table one by one; the file is closed after the last."""
    prose = {index for index, (column, _) in layout.found.items() if column.kind == "text"}
    prose |= set(range(len(layout.headers))) - set(layout.found)
    try:
        for line in layout.source.body(layout.line.end, len(layout.headers), frozenset(prose)):
            place = Place(layout, line.number)
            texts = frozenset(text for cell in line.cells if cell is not None and (text := str(cell).strip()))
            if line.torn:
                # What stands in the place of each column, which in a line of another width may be another's.
                raw = {column.name: _text(line.cells, index) for index, (column, _) in layout.found.items()}
                yield Row(place, {}, raw, texts, (place.finding("torn_row", line.torn),))
            else:
                yield _row(place, line, texts)
    finally:
        layout.source.close()


def _text(cells: Sequence[object], index: int) -> str | None:
    cell = cells[index] if index < len(cells) else None
    return None if cell is None else str(cell).strip() or None


_EMPTY: Final = Words("the cell is empty, and nothing can stand for it", "单元格为空，无法以其他值代替")


def _row(place: Place, line: Line, texts: frozenset[str]) -> Row:
    cells: dict[str, Cell] = {}
    raw: dict[str, str | None] = {}
    findings = []
    for index, (column, shift) in place.layout.found.items():
        value = line.cells[index]
        raw[column.name] = shown(value)
        try:
            cells[column.name] = parse(column, value, shift)
        except CellError as error:
            findings.append(place.finding(error.code, error.words, column=column.name, value=shown(value)))
            continue
        if column.required and cells[column.name] is None:
            findings.append(place.finding("empty", _EMPTY, column=column.name))
    return Row(place, cells, raw, texts, tuple(findings))


def _letters(index: int) -> str:
    """The letters of a column of a spreadsheet, counted from 0."""
    letters = ""
    while index >= 0:
        letters, index = chr(ord("A") + index % 26) + letters, index // 26 - 1
    return letters
