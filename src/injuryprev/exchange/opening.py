"""A table of any format that is read row by row: CSV, workbook, and Parquet where there is no engine to leave it to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import attrs

from injuryprev.errors import ReadError
from injuryprev.exchange.findings import Finding
from injuryprev.exchange.headers import Table
from injuryprev.exchange.sources import PARQUET, SUFFIXES, Line
from injuryprev.exchange.tables import Layout, lay_out, open_table
from injuryprev.exchange.write import plain

READABLE: Final = (*SUFFIXES, PARQUET)


def open_any(path: Path, table: Table, *, sheet: str | None = None) -> tuple[list[Finding], Layout]:
    """Open a file of any suffix as a table; :func:`injuryprev.exchange.tables.rows_of` gives its rows.

    Raises:
        ReadError: The file cannot be opened, a required column is missing, or two columns claim one name.
    """
    if path.suffix.lower() != PARQUET:
        return open_table(path, table, sheet=sheet)
    source = ParquetSource.of(path)
    return lay_out(source, table, source.headers)


@attrs.define
class ParquetSource:
    """The rows of a Parquet file, the first of which is row 1."""

    label: str
    headers: tuple[str, ...]
    frame: Any
    addressed: bool = False
    unsure: bool = False
    header_width: int = 0

    @classmethod
    def of(cls, path: Path) -> ParquetSource:
        """Open a file.

        Raises:
            ReadError: No such file, no Parquet, or nobody here to read it.
        """
        try:
            import polars as pl  # noqa: PLC0415 - other formats must not need it
        except ImportError as error:  # pragma: no cover - the tests have it
            raise ReadError(
                "reading Parquet needs polars", where=str(path), expected="pip install 'injuryprev[cli]'"
            ) from error
        if not path.is_file():
            raise ReadError("no such file", where=str(path), expected="a Parquet file")
        try:
            frame = pl.read_parquet(path)
        except (pl.exceptions.PolarsError, OSError) as error:
            raise ReadError(
                "not a Parquet file that can be read", where=str(path), seen=str(error), expected=".parquet"
            ) from error
        return cls(str(path), tuple(frame.columns), frame)

    def head(self, count: int, recognised: Callable[[Sequence[object]], int]) -> list[Line]:
        """There are no lines before the rows."""
        del count, recognised
        return []

    def body(self, after: int, width: int, prose: frozenset[int]) -> Iterator[Line]:
        """The rows; decimals as text, which keeps every digit."""
        del after, width, prose
        for number, cells in enumerate(self.frame.iter_rows(), start=1):
            yield Line(number, number, tuple(plain(cell) if isinstance(cell, Decimal) else cell for cell in cells))

    def close(self) -> None:
        """All of it has been read."""
