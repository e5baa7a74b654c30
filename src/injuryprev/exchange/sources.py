"""The lines of a file before anybody knows what they mean: CSV through ``csv``, workbooks through openpyxl."""

from __future__ import annotations

import csv
import re
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import attrs

from injuryprev.errors import ReadError
from injuryprev.exchange.cells import Broken, Formula
from injuryprev.exchange.encoding import sniff
from injuryprev.exchange.headers import Table, fold
from injuryprev.words import Words

if TYPE_CHECKING:
    from openpyxl import Workbook

CSV_SUFFIXES: Final = (".csv", ".tsv", ".txt")
SUFFIXES: Final = (*CSV_SUFFIXES, ".xlsx", ".xlsm")
PARQUET: Final = ".parquet"
"""Read by :mod:`injuryprev.exchange.parquet`, or in columns by :mod:`injuryprev.exchange.columnar`."""
_DELIMITERS: Final = (",", "\t", ";")
# A quoted cell may run over lines; beyond so many the quote was never closed.
_MOST_LINES: Final = 20


@attrs.frozen
class Line:
    """One record of a file: its first and last line, its cells, and why it could not be split into cells if so."""

    number: int
    end: int
    cells: tuple[object, ...]
    torn: Words | None = None

    @property
    def blank(self) -> bool:
        """Whether nothing stands in it."""
        return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in self.cells)


class Source(Protocol):
    """What :mod:`injuryprev.exchange.tables` asks of a file."""

    label: str
    addressed: bool
    unsure: bool
    header_width: int
    """All cells of the header, those at its end included that are empty."""

    def head(self, count: int, recognised: Callable[[Sequence[object]], int]) -> list[Line]:
        """The first ``count`` lines that are not blank; ``recognised`` counts headers in a line."""

    def body(self, after: int, width: int, prose: frozenset[int]) -> Iterator[Line]:
        """The lines after line ``after`` that are not blank; cells in columns ``prose`` may hold line breaks."""

    def close(self) -> None:
        """Let go of the file."""


@attrs.define
class CsvSource:
    """A text file with one record per line, except where quotes hold a line break."""

    path: Path
    label: str
    encoding: str
    unsure: bool = False
    delimiter: str = ","
    addressed: bool = False
    header_width: int = 0

    def head(self, count: int, recognised: Callable[[Sequence[object]], int]) -> list[Line]:
        """The first lines, split by the delimiter that makes most headers recognisable."""

        def read(delimiter: str) -> list[Line]:
            self.delimiter = delimiter
            return list(islice(self._records(0, None, None), count))

        best = max(_DELIMITERS, key=lambda mark: max((recognised(line.cells) for line in read(mark)), default=0))
        return read(best)

    def body(self, after: int, width: int, prose: frozenset[int]) -> Iterator[Line]:
        """The lines after the header; one of another width than the header is torn."""
        for line in self._records(after, width, prose):
            if line.torn is not None:
                yield line
            # Empty cells at the end are a shifted row as easily as an untidy one, unless the header ends like that.
            elif not width <= len(line.cells) <= self.header_width or not Line(0, 0, line.cells[width:]).blank:
                words = Words(
                    f"the row has {len(line.cells)} cells and the header {width}, so that no cell is surely in "
                    "its column; quote cells that hold the delimiter",
                    f"该行有 {len(line.cells)} 个单元格而表头有 {width} 个，无法确定各值所属的列；"
                    "含分隔符的单元格须加引号",
                )
                yield attrs.evolve(line, torn=words)
            else:
                yield attrs.evolve(line, cells=line.cells[:width])

    def close(self) -> None:
        """Nothing is held open between lines."""

    def _records(self, after: int, width: int | None, prose: frozenset[int] | None) -> Iterator[Line]:
        with self.path.open(encoding=self.encoding, newline="") as file:
            lines = enumerate(file, start=1)
            held: deque[tuple[int, str]] = deque()
            while True:
                number, text = held.popleft() if held else next(lines, (0, ""))
                if not number:
                    return
                if number <= after:
                    continue
                record = self._split(text)
                end = number
                if record is None:
                    # A quote opened and not closed on this line.  Either the cell goes on below, or this line is
                    # damaged; in that case only this line is given up, and reading resumes with the next.
                    following = _take(held, lines, _MOST_LINES)
                    record, used = self._join(text, following, width, prose)
                    held.extendleft(reversed(following[used:]))
                    end = number + used
                line = Line(number, end, record or self._shreds(text), None if record is not None else _UNCLOSED)
                if not line.blank:
                    yield line

    def _split(self, text: str) -> tuple[str, ...] | None:
        try:
            return tuple(next(csv.reader([text], delimiter=self.delimiter, strict=True), ()))
        except csv.Error:
            return None

    def _join(
        self, text: str, following: Sequence[tuple[int, str]], width: int | None, prose: frozenset[int] | None
    ) -> tuple[tuple[str, ...] | None, int]:
        """The record made of this line and as few of the following as will do, and how many those are."""
        for used, (_number, more) in enumerate(following, start=1):
            text += more
            try:
                cells = tuple(next(csv.reader(text.splitlines(keepends=True), delimiter=self.delimiter, strict=True)))
            except csv.Error:
                continue
            broken = {index for index, cell in enumerate(cells) if "\n" in cell or "\r" in cell}
            if (width is not None and not width <= len(cells) <= self.header_width) or (
                prose is not None and not broken <= prose
            ):
                break
            return cells, used
        return None, 0

    def _shreds(self, text: str) -> tuple[str, ...]:
        """What stands in a line that cannot be split, so that the employers it may speak of are found."""
        return tuple(part.strip() for part in re.split(rf'[{re.escape(self.delimiter)}"\r\n]', text))


def _take(held: deque[tuple[int, str]], lines: Iterator[tuple[int, str]], count: int) -> list[tuple[int, str]]:
    taken = [held.popleft() for _ in range(min(count, len(held)))]
    return taken + list(islice(lines, count - len(taken)))


_UNCLOSED: Final = Words(
    "a quotation mark opens and never closes, so that the row cannot be split into cells",
    "引号未闭合，无法拆分该行",
)


@attrs.define
class SheetSource:
    """One sheet of a workbook."""

    label: str
    workbook: Workbook
    title: str
    addressed: bool = True
    unsure: bool = False
    header_width: int = 0

    def head(self, count: int, recognised: Callable[[Sequence[object]], int]) -> list[Line]:
        """The first rows."""
        del recognised  # a workbook has no delimiter to find
        return list(islice(self._lines(0), count))

    def body(self, after: int, width: int, prose: frozenset[int]) -> Iterator[Line]:
        """The rows after the header; empty cells at the end of a row are not stored and are put back."""
        del prose
        for line in self._lines(after):
            if not Line(0, 0, line.cells[width:]).blank:
                words = Words(
                    f"the row has cells beyond the {width} columns of the header", f"该行的单元格超出表头的 {width} 列"
                )
                yield attrs.evolve(line, torn=words)
            else:
                yield attrs.evolve(line, cells=(line.cells + (None,) * width)[:width])

    def close(self) -> None:
        """A workbook opened for reading keeps its archive open."""
        self.workbook.close()

    def _lines(self, after: int) -> Iterator[Line]:
        sheet: Any = self.workbook[self.title]
        sheet.reset_dimensions()  # what the file says of its size is often wrong
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            line = Line(number, number, tuple(_value(cell) for cell in cells))
            if number > after and not line.blank:
                yield line


def _value(cell: Any) -> object:
    if cell.data_type == "f":
        return Formula(str(getattr(cell.value, "text", cell.value)))
    return Broken(str(cell.value)) if cell.data_type == "e" else cell.value


def open_source(path: Path, table: Table, sheet: str | None = None) -> Source:
    """Open a file as lines, by its suffix.

    Raises:
        ReadError: No such file, a suffix that is not read, an unknown encoding, a damaged workbook, no such sheet.
    """
    if not path.is_file():
        raise ReadError("no such file", where=str(path), expected=f"a file holding the table {table.name}")
    if path.suffix.lower() in CSV_SUFFIXES:
        return CsvSource(path, str(path), *sniff(path))
    if path.suffix.lower() not in SUFFIXES:
        raise ReadError(
            "not a file that is read",
            where=str(path),
            expected="a suffix of " + ", ".join((*SUFFIXES, PARQUET)),
        )
    workbook = open_workbook(path)
    titles = workbook.sheetnames
    wanted = {fold(name) for name in ((sheet,) if sheet else (table.name, *table.zh))}
    named = [title for title in titles if fold(title) in wanted]
    if len(named) != 1 and (sheet or len(titles) != 1):
        workbook.close()
        raise ReadError(
            f"the workbook does not say which sheet is the table {table.name}",
            where=str(path),
            seen=", ".join(titles),
            expected=f"one sheet, or one named {sheet or ' or '.join((table.name, *table.zh))}",
        )
    title = named[0] if len(named) == 1 else titles[0]
    return SheetSource(str(path) if len(titles) == 1 else f"{path}[{title}]", workbook, title)


def open_workbook(path: Path) -> Workbook:
    """Open a workbook for reading; formulas are seen as formulas.

    Raises:
        ReadError: openpyxl is not installed, or the file is no workbook.
    """
    try:
        import openpyxl  # noqa: PLC0415 - reading CSV must not need it
    except ImportError as error:  # pragma: no cover - the tests have it
        raise ReadError(
            "reading workbooks needs openpyxl", where=str(path), expected="pip install 'injuryprev[cli]'"
        ) from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and validations, which nobody here reads
            return openpyxl.load_workbook(path, read_only=True, data_only=False)
    except Exception as error:  # a damaged archive fails in a dozen ways, none of them documented
        raise ReadError(
            "not a workbook that can be read",
            where=str(path),
            seen=str(error) or type(error).__name__,
            expected=".xlsx",
        ) from error
