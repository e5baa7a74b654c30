"""Results written for other programs and for spreadsheets: CSV, workbook, Parquet or JSON lines, by suffix."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import attrs

from injuryprev.errors import ReadError
from injuryprev.exchange.files import atomic_path, atomic_text
from injuryprev.exchange.findings import harmless
from injuryprev.exchange.write import plain, sheet_writer
from injuryprev.words import Lang

if TYPE_CHECKING:
    import polars as pl

Kind = Literal["number", "text", "flag", "date"]
"""What a column of Parquet holds; other formats take each value as it is."""
SUFFIXES: Final = (".csv", ".xlsx", ".parquet", ".jsonl", ".ndjson")
_SHEET_ROWS: Final = 1_048_575


def write_rows(
    path: Path,
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    lang: Lang = "en",
    sheet: str = "rows",
    kinds: Mapping[str, Kind] | None = None,
    lists: frozenset[str] = frozenset(),
) -> Path:
    """Write a table, in the format the suffix names.

    Args:
        path: ``.csv``, ``.xlsx``, ``.parquet`` or ``.jsonl`` (``.ndjson``); replaced as a whole, when all is written.
        header: Names of the columns.
        rows: Values in the order of the header: ``Decimal``, ``int``, text, truth values, dates, ``None``; taken one by
            one.
        lang: Chinese CSV is written with byte-order mark, for spreadsheets need it.
        sheet: Name of the sheet of a workbook.
        kinds: For Parquet, what columns hold; those not named are found by their values, and are text where all are
            empty.
        lists: Columns whose text, parts joined by ``"; "``, is a list in JSON.

    Numbers are exact: decimals in CSV and Parquet, text in JSON, and in a workbook numbers of up to 15 digits, else
    text.

    Raises:
        ReadError: An unknown suffix, or the file cannot be written.
    """
    check_suffix(path)
    _WRITERS[path.suffix.lower()](path, _Sheet(tuple(header), rows, lang, sheet, kinds or {}, lists))
    return path


def check_suffix(path: Path) -> None:
    """Refuse a suffix nothing is written for, before any work is done.

    Raises:
        ReadError: With the suffixes that are written.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise ReadError("no format for this suffix", where=str(path), expected="one of " + ", ".join(SUFFIXES))


@attrs.frozen
class _Sheet:
    header: tuple[str, ...]
    rows: Iterable[Sequence[Any]]
    lang: Lang
    title: str
    kinds: Mapping[str, Kind]
    lists: frozenset[str]

    def __iter__(self) -> Iterator[Sequence[Any]]:
        yield from self.rows


def _write_csv(path: Path, table: _Sheet) -> None:
    with atomic_text(path, bom=table.lang == "zh") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(table.header)
        writer.writerows([_cell(value) for value in line] for line in table)


def _cell(value: Any) -> str:
    """A value as CSV has it; text that a spreadsheet would run is written so that it does not."""
    return harmless(value) if isinstance(value, str) else plain(value)


def _write_sheet(path: Path, table: _Sheet) -> None:
    with atomic_path(path) as temporary, sheet_writer(temporary, table.title) as put:
        put(table.header)
        for number, line in enumerate(table, start=1):
            if number > _SHEET_ROWS:
                raise ReadError(
                    "more rows than a sheet has",
                    where=str(path),
                    seen=f"more than {_SHEET_ROWS}",
                    expected="the suffix .csv, .parquet or .jsonl",
                )
            put(line)


def _write_json(path: Path, table: _Sheet) -> None:
    with atomic_text(path) as file:
        for line in table:
            record = {name: _jsonable(value) for name, value in zip(table.header, line, strict=True)}
            for name in table.lists:
                record[name] = str(record[name]).split("; ") if record[name] else []
            file.write(json.dumps(record, ensure_ascii=False) + "\n")


def _jsonable(value: object) -> object:
    return plain(value) if isinstance(value, (Decimal, dt.date)) else value


def _write_parquet(path: Path, table: _Sheet) -> None:
    try:
        import polars as pl  # noqa: PLC0415 - other formats must not need it
    except ImportError as error:  # pragma: no cover - the tests have it
        raise ReadError(
            "writing Parquet needs polars", where=str(path), expected="pip install 'injuryprev[cli]'"
        ) from error
    columns: Sequence[list[Any]] = list(map(list, zip(*table, strict=True))) or [[] for _ in table.header]
    series = [
        pl.Series(name, values, dtype=_dtype(pl, table.kinds.get(name) or _found(values), values))
        for name, values in zip(table.header, columns, strict=True)
    ]
    with atomic_path(path) as temporary:
        pl.DataFrame(series).write_parquet(temporary)


def _found(values: Sequence[Any]) -> Kind:
    value = next((value for value in values if value is not None), "")
    if isinstance(value, bool):
        return "flag"
    if isinstance(value, dt.date):
        return "date"
    return "number" if isinstance(value, (int, Decimal)) else "text"


def _dtype(polars: Any, kind: Kind, values: Sequence[Any]) -> pl.DataType | type[pl.DataType]:
    """The type of a column; numbers are decimals with as many places as the longest has."""
    if kind != "number":
        types = {"flag": polars.Boolean, "text": polars.String, "date": polars.Date}
        return types[kind]  # type: ignore[no-any-return]
    places = [-int(Decimal(value).as_tuple().exponent) for value in values if value is not None]
    return polars.Decimal(38, max(0, max(places, default=0)))  # type: ignore[no-any-return]


_WRITERS: Final[Mapping[str, Callable[[Path, _Sheet], None]]] = {
    ".csv": _write_csv,
    ".xlsx": _write_sheet,
    ".parquet": _write_parquet,
    ".jsonl": _write_json,
    ".ndjson": _write_json,
}
