"""One reader per kind of cell. Nothing is guessed: what can be read in two ways is refused with the reason."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

import attrs

from injuryprev.exchange.headers import Column, fold
from injuryprev.model import EDITIONS
from injuryprev.units import Period
from injuryprev.words import Words

Raw = str | int | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta | None
"""What a file gives for a cell: text from CSV, a typed value from a workbook."""

Cell = str | int | bool | Decimal | dt.date | Period | None
"""What a cell means; ``None`` is an empty cell, which is unknown and never zero."""


@attrs.frozen
class Formula:
    """A cell of a workbook that holds a formula.

    It is refused even where the workbook keeps a last result: that result is whatever the program that saved the
    file computed, possibly nothing and possibly from other files, and money would be decided by it unseen.
    """

    text: str

    def __str__(self) -> str:
        return self.text


@attrs.frozen
class Broken:
    """A cell of a workbook that holds an error such as ``#REF!``."""

    text: str

    def __str__(self) -> str:
        return self.text


@attrs.define
class CellError(Exception):
    """Why a cell cannot be read: a stable code, and words for the finding."""

    code: str
    words: Words


_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_SCIENTIFIC = re.compile(r"[+-]?\d+(\.\d+)?[eE][+-]?\d+")
_DAY = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))"
    r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
_MONTH = re.compile(r"(\d{4})(?:-(\d{1,2})|/(\d{1,2})|\.(\d{1,2})|年(\d{1,2})月|(\d{2}))")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# As many as decimal arithmetic keeps without rounding; no sum of money comes near.
_MOST_DIGITS: Final = 24
# A workbook keeps numbers as binary doubles: whole numbers beyond this have lost digits.
_EXACT_WHOLE: Final = 10**15

_TRUE: Final = frozenset({"true", "1", "是", "yes", "y"})
_FALSE: Final = frozenset({"false", "0", "否", "no", "n"})


def parse(column: Column, raw: object, shift: int = 0) -> Cell:
    """Read a cell as its column says; ``shift`` is the power of ten of the unit in the header.

    Raises:
        CellError: The cell is not empty and cannot be read.

    >>> from injuryprev.exchange.headers import TABLES
    >>> parse(TABLES["exposure"].column("payroll"), "1,200.5", 4)
    Decimal('12005000')
    """
    if isinstance(raw, Formula):
        raise CellError(
            "formula",
            Words(
                "the cell holds a formula, whose result nobody can check here; paste its value instead",
                "单元格是公式，其结果在此无法核对；请粘贴为数值",
            ),
        )
    if isinstance(raw, Broken):
        raise CellError("error_cell", Words("the cell holds an error of the spreadsheet", "单元格是电子表格的错误值"))
    if isinstance(raw, str):
        raw = raw.strip()
    if raw is None or raw == "":
        return None
    value = _READERS[column.kind](column, raw)
    # A shift moves the point and keeps every digit, where a product would round beyond 28 of them.
    return _plain(value.scaleb(shift)) if isinstance(value, Decimal) and shift else value


def _plain(value: Decimal) -> Decimal:
    return (
        value.quantize(Decimal(1)) if isinstance(exponent := value.as_tuple().exponent, int) and exponent > 0 else value
    )


def _number(column: Column, raw: object) -> Decimal:
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        if not abs(raw) < 10**_MOST_DIGITS:
            raise CellError("bad_number", Words("the number is out of all proportion", "数值过大，不合常理"))
        return Decimal(raw) if isinstance(raw, int) else Decimal(repr(raw))
    if isinstance(raw, str):
        text = unicodedata.normalize("NFKC", raw)
        if _SCIENTIFIC.fullmatch(text):
            raise CellError(
                "rounded",
                Words(
                    "scientific notation, as a spreadsheet shows a number after dropping digits; write all digits",
                    "数值为科学计数法，可能已丢失位数；请写出全部数字",
                ),
            )
        percent = column.kind == "fraction" and text.endswith("%")
        text = text.removesuffix("%").strip() if percent else text
        if (_NUMBER.fullmatch(text) or _GROUPED.fullmatch(text)) and len(text) <= _MOST_DIGITS:
            return Decimal(text.replace(",", "")).scaleb(-2 if percent else 0)
    raise CellError(
        "bad_number", Words("not a number; write digits such as 12000.50", "不是数值；请写成 12000.50 这样的数字")
    )


def _whole(column: Column, raw: object) -> int:
    number = _number(column, raw)
    if number != number.to_integral_value():
        raise CellError("not_whole", Words("not a whole number", "不是整数"))
    return int(number)


def _key(column: Column, raw: object) -> str:
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    if isinstance(raw, int) and not isinstance(raw, bool):
        if abs(raw) >= _EXACT_WHOLE:
            raise CellError(
                "rounded",
                Words(
                    "a code of more than 15 digits kept as a number has lost digits; format the column as text",
                    "超过 15 位的代码以数值保存已丢失位数；请将该列设为文本格式",
                ),
            )
        raw = str(raw)
    if isinstance(raw, str) and not _SCIENTIFIC.fullmatch(raw) and not _CONTROL.search(raw):
        return raw
    raise CellError(
        "bad_key",
        Words(
            f"not a code for {column.name}; write it as text on one line, with all its digits",
            f"不是有效的{column.zh[0]}；请以文本写在一行内，保留全部位数",
        ),
    )


def _text(_column: Column, raw: object) -> str:
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    return str(raw)


def _choice(column: Column, raw: object) -> str:
    return column.lookup.get(fold(str(raw)), str(raw))


def _date(_column: Column, raw: object) -> dt.date:
    if isinstance(raw, dt.datetime):
        return raw.date()
    if isinstance(raw, dt.date):
        return raw
    if isinstance(raw, int) and 10**7 <= raw < 10**8:  # 20240301; the serial number of a day has five digits
        raw = str(raw)
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", raw)) if isinstance(raw, str) else None
    if found:
        year, month, day = (int(part) for part in found.groups() if part is not None)
        try:
            return dt.date(year, month, day)
        except ValueError:
            pass
    raise CellError(
        "bad_date",
        Words(
            "not a day of the calendar; write YYYY-MM-DD, or a date cell of the spreadsheet",
            "不是有效日期；请写成 YYYY-MM-DD 或使用日期格式的单元格",
        ),
    )


def _month(_column: Column, raw: object) -> Period:
    if isinstance(raw, dt.date):
        raw = f"{raw:%Y-%m}" if raw.day == 1 else None
    found = _MONTH.fullmatch(unicodedata.normalize("NFKC", _text(_column, raw)))
    if found:
        year, month = (int(part) for part in found.groups() if part is not None)
        if 1 <= year <= 9998 and 1 <= month <= 12:
            return Period(dt.date(year, month, 1), dt.date(year + month // 12, month % 12 + 1, 1))
    raise CellError("bad_month", Words("not a month; write YYYY-MM", "不是有效月份；请写成 YYYY-MM"))


def _year(_column: Column, raw: object) -> Period:
    found = re.fullmatch(r"(\d{4})年?", unicodedata.normalize("NFKC", _text(_column, raw)))
    if found and 1 <= int(found[1]) <= 9998:
        return Period.year(int(found[1]))
    raise CellError("bad_year", Words("not a calendar year; write YYYY", "不是有效年份；请写成 YYYY"))


def _flag(_column: Column, raw: object) -> bool:
    word = _text(_column, raw).casefold()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise CellError("bad_flag", Words("neither yes nor no; write true or false", "既非“是”也非“否”；请写“是”或“否”"))


def _industry(_column: Column, raw: object) -> str:
    text = unicodedata.normalize("NFKC", _text(_column, raw)).upper()
    # 0610 (coal) that lost its zero in a spreadsheet is 610, which reads as a hotel; a single digit lost one for sure.
    if re.fullmatch(r"\d|\d{3}", text):
        raise CellError(
            "lost_zero",
            Words(
                f"a code of {len(text)} digit(s) may be one whose leading zero was lost; write two or four digits, "
                "or the letter of the section before them, as in B0610, with the column formatted as text",
                f"{len(text)} 位的行业代码可能丢失了前导零；请写两位或四位代码，"
                "或带门类字母（如 B0610），并将该列设为文本格式",
            ),
        )
    return text


def _edition(_column: Column, raw: object) -> str:
    text = _text(_column, raw)
    years = [edition for edition in EDITIONS if edition[-4:] in text]
    return years[0] if len(years) == 1 else text


_READERS: Final[Mapping[str, Callable[[Column, object], Cell]]] = {
    "key": _key,
    "text": _text,
    "choice": _choice,
    "date": _date,
    "month": _month,
    "year": _year,
    "money": _number,
    "count": _number,
    "fraction": _number,
    "whole": _whole,
    "flag": _flag,
    "industry": _industry,
    "edition": _edition,
}
