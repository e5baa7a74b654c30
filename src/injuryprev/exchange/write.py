"""A pooling area written as tables, so that what was read, or made up for an example, can be read again."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Literal, Protocol

from injuryprev.errors import InputError
from injuryprev.exchange.files import atomic_path, atomic_text
from injuryprev.exchange.headers import TABLES, Column
from injuryprev.model import Employer, FactValue, History
from injuryprev.words import Lang

Encoding = Literal["utf-8", "gb18030"]
Suffix = Literal[".csv", ".xlsx"]
Value = str | int | bool | Decimal | dt.date | None

_ATTRIBUTE: Final = {
    "exposure": "exposures",
    "contributions": "contributions",
    "cases": "cases",
    "payments": "payments",
    "events": "events",
    "recognitions": "recognitions",
}
# Other ways to write a period; since and until say it all.
_NOT_WRITTEN: Final = frozenset({"last_day", "month", "year"})


def write_area(
    directory: str | Path,
    employers: Iterable[Employer],
    histories: Mapping[str, History],
    *,
    lang: Lang = "en",
    encoding: Encoding = "utf-8",
    suffix: Suffix = ".csv",
    industries: Mapping[tuple[str, str], Mapping[str, FactValue]] | None = None,
) -> list[Path]:
    """Write employers and their histories as one file per table.

    Args:
        directory: Where to; it is made if it is not there.
        employers: Whom to write.
        histories: Their histories by id; an employer without one gets no rows.
        lang: Language of the headers and of the words of closed lists.
        encoding: Of CSV files; ``"utf-8"`` is written with byte-order mark, for spreadsheets need it.
        suffix: ``".csv"`` or ``".xlsx"``.
        industries: Figures by code and edition of industry, such as ``{("06", "GB/T 4754-2017"): {...}}``.

    A table that no history has is not written, since an empty file would say that nothing happened.

    Returns:
        The files written.

    Raises:
        InputError: Some histories have a table and others do not: a file cannot say that.
        ReadError: A file cannot be written.

    >>> import tempfile
    >>> from injuryprev.model import History
    >>> folder = tempfile.mkdtemp()
    >>> [path.name for path in write_area(folder, [Employer("E1")], {"E1": History(cases=())})]
    ['employers.csv', 'cases.csv']
    """
    directory = Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    known = {employer.id: employer for employer in employers}
    given = [histories[key] for key in known if key in histories]
    facts = sorted({name for employer in known.values() for name in employer.facts})
    tables: dict[str, tuple[list[Column], Iterable[object]]] = {
        "employers": ([*_columns("employers"), *(Column(name, "text", (name,)) for name in facts)], known.values())
    }
    for name, attribute in _ATTRIBUTE.items():
        having = [history for history in given if getattr(history, attribute) is not None]
        if having and len(having) < len(given):
            raise InputError(
                f"only {len(having)} of {len(given)} histories have {attribute}",
                where="write_area",
                seen=next(history.employer_id for history in given if getattr(history, attribute) is None),
                expected="all histories with that table (empty where there was nothing), or none",
            )
        if having:
            tables[name] = _columns(name), [row for history in having for row in getattr(history, attribute)]
    if industries:
        names = sorted({name for figures in industries.values() for name in figures} - {"industry_incidence"})
        tables["industries"] = (
            [*_columns("industries"), *(Column(name, "text", (name,)) for name in names)],
            [{"industry": code, "industry_edition": edition, **more} for (code, edition), more in industries.items()],
        )
    written = []
    for name, (columns, records) in tables.items():
        path = directory / f"{TABLES[name].zh[0] if lang == 'zh' else name}{suffix}"
        with _sheet(path, name) if suffix == ".xlsx" else _csv(path, encoding) as put:
            put([column.written(lang) for column in columns])
            for record in records:
                put([_value(column, record, lang) for column in columns])
        written.append(path)
    return written


def _columns(table: str) -> list[Column]:
    return [column for column in TABLES[table].columns if column.name not in _NOT_WRITTEN]


def _value(column: Column, record: object, lang: Lang) -> Value:
    """What a column says of a record."""
    value = _field(column.name, record)
    if lang == "zh" and isinstance(value, str) and value in column.values:
        return column.values[value][0]
    return value


def _field(name: str, record: object) -> Value:
    value: Any
    if isinstance(record, Mapping):
        return record.get(name)
    if name == "industry":
        return None if (value := getattr(record, "industry", None)) is None else str(value.code)
    if name == "industry_edition":
        return None if (value := getattr(record, "industry", None)) is None else str(value.edition)
    if name in ("since", "until") and hasattr(record, "period"):
        value = getattr(record.period, name)
    elif name == "ground":
        value = getattr(record, "ground", None)
        value = None if value is None else value.key
    elif isinstance(record, Employer) and not hasattr(record, name):
        value = record.facts.get(name)
    else:
        value = getattr(record, name)
    return value  # type: ignore[no-any-return]


class Put(Protocol):
    """Writes one row."""

    def __call__(self, row: Sequence[Value], /) -> None:
        """Write it."""


@contextlib.contextmanager
def _csv(path: Path, encoding: Encoding) -> Iterator[Put]:
    with atomic_text(path, bom=encoding == "utf-8", encoding=encoding) as file:
        writer = csv.writer(file, lineterminator="\n")
        yield lambda row: writer.writerow([plain(value) for value in row])


def plain(value: Value) -> str:
    """A value as text: all digits of a number, ISO dates, true and false.

    >>> plain(Decimal("1E+3")), plain(True), plain(None)
    ('1000', 'true', '')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return "" if value is None else str(value)


@contextlib.contextmanager
def _sheet(path: Path, title: str) -> Iterator[Put]:
    with atomic_path(path) as temporary, sheet_writer(temporary, title) as put:
        yield put


@contextlib.contextmanager
def sheet_writer(path: Path, title: str) -> Iterator[Put]:
    """Write a workbook of one sheet, row by row; text stays text, whatever it looks like.

    Raises:
        InputError: A text holds a character that no workbook can.
    """
    import openpyxl  # noqa: PLC0415 - writing CSV must not need it
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.utils.exceptions import IllegalCharacterError  # noqa: PLC0415

    workbook = openpyxl.Workbook(write_only=True)
    sheet: Any = workbook.create_sheet(title)

    def cell(value: Any) -> Any:
        if isinstance(value, Decimal) and len(value.as_tuple().digits) > 15:
            # A workbook keeps numbers as binary doubles; text keeps every digit, and is read back as a number.
            value = plain(value)
        try:
            made = WriteOnlyCell(sheet, value)
        except IllegalCharacterError as error:
            raise InputError(
                "a control character that no workbook can hold", where=title, seen=value, expected="printable text"
            ) from error
        if isinstance(value, str):
            made.data_type = "s"  # or "=1+1" would be a formula and "#N/A" an error
        return made

    def put(row: Sequence[Value]) -> None:
        sheet.append([cell(value) for value in row])

    try:
        yield put
    except BaseException:
        # Rows go to a temporary file that openpyxl clears away when it saves, and only then.
        workbook.save(io.BytesIO())
        raise
    workbook.save(path)
