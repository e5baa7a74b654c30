"""The rows of a Parquet file, where there is no engine to leave them to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs

from injuryprev.errors import ReadError
from injuryprev.exchange.sources import Line
from injuryprev.exchange.write import plain


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
        """The names of the columns, as the line before the first row."""
        del count, recognised
        return [Line(0, 0, self.headers)]

    def body(self, after: int, width: int, prose: frozenset[int]) -> Iterator[Line]:
        """The rows; decimals and whole numbers as text, which keeps every digit."""
        del after, width, prose
        for number, cells in enumerate(self.frame.iter_rows(), start=1):
            yield Line(number, number, tuple(map(told, cells)))

    def close(self) -> None:
        """All of it has been read."""


def told(cell: Any) -> Any:
    """A value as the readers of cells take it: decimals and whole numbers as text, which keeps every digit."""
    if isinstance(cell, Decimal):
        text = plain(cell)
        return text.rstrip("0").rstrip(".") if "." in text else text  # the places are those of the column, not its own
    return str(cell) if isinstance(cell, int) and not isinstance(cell, bool) else cell


def check_kinds(label: str, schema: Mapping[str, Any], names: Iterable[str]) -> None:
    """Refuse a file of which a column that is read holds what no cell of a table can be, such as lists.

    Args:
        label: The file.
        schema: Its columns with their types in Polars.
        names: The columns that are read.

    Raises:
        ReadError: With the column and its type.
    """
    import polars as pl  # noqa: PLC0415 - other formats must not need it

    other = (pl.Binary, pl.Object, pl.Duration, pl.Time)
    for name in names:
        kind = schema[name]
        if kind.is_nested() or kind.base_type() in other:
            raise ReadError(
                "a column of a type that no cell of a table has",
                where=f"{label} column {name}",
                seen=str(kind),
                expected="text, numbers, dates or truth values",
            )
