"""Cells read in columns: every different text is read once, by the readers of single cells and the checks of the model.

Plain writings that need no reading (digits with a point, a key of letters and digits) pass through by their shape, so
that the ten million amounts of a table are not read one by one in Python.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

import attrs
import polars as pl

from injuryprev.errors import InputError
from injuryprev.exchange.cells import CellError, parse
from injuryprev.exchange.columnar.opening import ROW, Raw
from injuryprev.exchange.headers import Column
from injuryprev.exchange.objects import from_model
from injuryprev.exchange.parquet import told
from injuryprev.model import BenefitPayment, Employer, EmployerEvent, Exposure, Ground, InjuryCase, Recognition
from injuryprev.units import Period
from injuryprev.words import Words

RAW: Final = "__raw_"
BAD: Final = "__bad_"
_EMPTY: Final = Words("the cell is empty, and nothing can stand for it", "单元格为空，无法以其他值代替")
_DAY: Final = dt.date(2024, 1, 1)
_WEEK: Final = Period(_DAY, dt.date(2024, 1, 8))

# Shapes that mean themselves and that no check of the model could refuse.
_PLAIN_KEY: Final = r"^[A-Za-z0-9_.\-]{1,40}$"
_ODD_KEY: Final = r"^(?:[0-9]{17}[0-9Xx]|[0-9]+(?:\.[0-9]+)?[eE][0-9]+)$"
_PLAIN_WORKER: Final = r"^[A-Za-z]{0,3}[0-9]{1,10}$"
_PLAIN_NUMBER: Final = r"^-?[0-9]{1,14}(?:\.[0-9]{1,6})?$"
_LONG_NUMBER: Final = r"[0-9][0-9 -]{13,}[0-9Xx]"
_NUMBERS: Final = ("money", "count", "fraction")
_LARGE: Final = 10**15
_LONG: Final = 20
_WIDE: Final = (pl.Int128, pl.UInt64)
"""Whole numbers that not every engine reads; what they hold beyond 64 bits is out of all proportion."""


@attrs.frozen
class Fault:
    """One way in which rows are no use: a column of truth values says which rows."""

    name: str
    code: str
    words: Words
    column: str | None


@attrs.frozen
class Columns:
    """How a file's columns are read: the expressions, the faults met, and whether anything had to be changed."""

    made: tuple[pl.Expr, ...]
    faults: tuple[Fault, ...]
    as_is: bool
    altered: tuple[pl.Expr, ...]
    """Where a column that may be read as it is does not say what was read of it, such as a blank at an end."""


def read_columns(raw: Raw, table: str) -> Columns:
    """Read every column of a file; one pass over it collects the texts that need reading."""
    frame = raw.frame
    assert frame is not None  # noqa: S101 - callers read files without columns row by row
    schema = frame.collect_schema()
    columns = [_Cells(table, name, column, shift, schema[name]) for name, (column, shift) in raw.found.items()]
    asked = [cells for cells in columns if cells.asks]
    answers = pl.collect_all(
        [frame.select(cells.value.alias("v")).filter(cells.odd(pl.col("v"))).unique() for cells in asked],
        engine="streaming",
    )
    for cells, answer in zip(asked, answers, strict=True):
        cells.learn(answer["v"].to_list())
    made = [pl.col(ROW), *(expr for cells in columns for expr in cells.made())]
    faults = tuple(fault for cells in columns for fault in cells.faults())
    altered = tuple(
        pl.col(cells.name).ne_missing(cells.made()[0]) for cells in columns if cells.asks and not cells.typed
    )
    return Columns(tuple(made), faults, all(cells.as_is for cells in columns), altered)


class _Cells:
    """One column of a file."""

    def __init__(self, table: str, name: str, column: Column, shift: int, kind: pl.DataType) -> None:
        self.table, self.name, self.column, self.shift, self.kind = table, name, column, shift, kind
        self.text = kind in (pl.String, pl.Categorical) or isinstance(kind, pl.Enum)
        self.known: dict[object, Any] = {}
        self.bad: dict[str, tuple[Words, list[object]]] = {}
        # Whole numbers in Parquet have all their digits, which those of a spreadsheet may have lost.
        self.text = self.text or (column.kind == "key" and kind.is_integer())
        cast = pl.col(name).cast(pl.String).str.strip_chars() if self.text else pl.col(name)
        self.value: pl.Expr = pl.when(cast != "").then(cast) if self.text else cast

    @property
    def asks(self) -> bool:
        """Whether some cells may need reading; truth values where those are asked for do not."""
        return self.text or self.column.kind != "flag" or self.kind != pl.Boolean

    @property
    def typed(self) -> bool:
        """Whether the file has numbers where numbers are asked for, in the unit asked for."""
        return self.column.kind in _NUMBERS and self.kind.is_numeric() and not self.shift

    def _beyond(self, value: pl.Expr) -> pl.Expr:
        """Numbers that may be out of all proportion, none at all (NaN, infinite), or of more digits than are kept."""
        if self.kind.is_float():
            return ~value.is_finite() | (value.abs() >= _LARGE)
        if isinstance(self.kind, pl.Decimal):
            return (value.abs() >= _LARGE) | (value.cast(pl.String).str.len_chars() > _LONG)
        return (value >= _LARGE) | (value <= -_LARGE)

    def odd(self, value: pl.Expr) -> pl.Expr:
        """Which cells must be read one by one."""
        odd = value.is_not_null()
        if self.typed:
            return odd & self._beyond(value)
        if not self.text or self.shift:
            return odd
        kind = self.column.kind
        if self.name == "worker":
            return odd & ~value.str.contains(_PLAIN_WORKER)
        if self.name == "credit_code":
            return odd & ~_sound_code(value)
        if kind == "key":
            return odd & (~value.str.contains(_PLAIN_KEY) | value.str.contains(_ODD_KEY))
        if kind in _NUMBERS:
            return odd & ~value.str.contains(_PLAIN_NUMBER)
        if kind == "text" and self.name != "ground":
            return odd & value.str.contains(_LONG_NUMBER)
        return odd

    def learn(self, values: list[object]) -> None:
        """Read the different cells found."""
        for value in values:
            try:
                self.known[value] = check_cell(self.table, self.column, parse(self.column, told(value), self.shift))
            except CellError as error:
                self.bad.setdefault(error.code, (error.words, []))[1].append(value)
            except InputError as error:
                code, words, _ = from_model(error)
                self.bad.setdefault(f"{code} {words.en}", (words, []))[1].append(value)

    @property
    def as_is(self) -> bool:
        """Whether the file's own column will do: nothing to change and nothing wrong."""
        kinds: Mapping[str, Any] = {"date": pl.Date, "flag": pl.Boolean}
        if self.bad or self.column.kind in ("month", "year"):
            return False
        if self.typed:
            return self.kind not in _WIDE
        if not self.asks:
            return True
        if self.column.kind == "whole":
            return self.kind.is_integer()
        return bool(self.kind == kinds.get(self.column.kind, pl.String))

    def made(self) -> list[pl.Expr]:
        """The column as the rest reads it, marks of bad cells, and those cells as they stand in the file."""
        made = self._read() if self.asks and not self.typed else [self._same().alias(self.name)]
        for fault, values in zip(self._bad_cells(), self.bad.values(), strict=True):
            made.append(self.value.is_in(values[1]).fill_null(value=False).alias(fault.name))
        if self.column.required:
            made.append(self.value.is_null().alias(f"{BAD}{self.name}_empty"))
        if self.bad:
            seen = {value: str(told(value)) for _, values in self.bad.values() for value in values}
            made.append(self._replaced(seen, pl.String).alias(RAW + self.name))
        return made

    def _same(self) -> pl.Expr:
        """The cells as they stand, without those that are no use."""
        bad = [value for _, values in self.bad.values() for value in values]
        good = pl.when(~self.value.is_in(bad)).then(self.value) if bad else self.value
        return good.cast(pl.Int64, strict=False) if self.typed and self.kind in _WIDE else good

    def _read(self) -> list[pl.Expr]:
        kind = self.column.kind
        if kind in ("month", "year"):
            return [
                self._replaced({value: getattr(read, end) for value, read in self.known.items()}, pl.Date).alias(
                    f"{kind}_{end}"
                )
                for end in ("since", "until")
            ]
        dtypes: Mapping[str, Any] = {"date": pl.Date, "whole": pl.Int64, "flag": pl.Boolean}
        read = self._replaced(self.known, dtypes.get(kind, pl.String))
        if self.text and kind not in dtypes:
            read = pl.when(self.odd(self.value)).then(read).otherwise(self.value)
        return [read.alias(self.name)]

    def _replaced(self, known: Mapping[object, Any], kind: Any) -> pl.Expr:
        if not known:
            return pl.lit(None, kind)
        new = pl.Series(list(known.values()), dtype=kind)
        return self.value.replace_strict(list(known), new, default=None, return_dtype=kind)

    def _bad_cells(self) -> list[Fault]:
        return [
            Fault(f"{BAD}{self.name}_{index}", code.partition(" ")[0], words, self.name)
            for index, (code, (words, _)) in enumerate(self.bad.items())
        ]

    def faults(self) -> list[Fault]:
        """What was found wrong with the column."""
        empty = [Fault(f"{BAD}{self.name}_empty", "empty", _EMPTY, self.name)] if self.column.required else []
        return [*self._bad_cells(), *empty]


def check_cell(table: str, column: Column, read: Any) -> Any:
    """What the model makes of one cell that was read; a ground becomes its key, a number its digits.

    Raises:
        InputError: The model refuses it.
    """
    check = _CHECKS.get((table, column.name)) or _KINDS.get(column.kind)
    return _written(check(read) if check and read is not None else read)


_CODE: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def _sound_code(value: pl.Expr) -> pl.Expr:
    """Whether text is a credit code of an enterprise with its check character (GB 32100-2015), as nearly all are."""
    shaped = value.str.contains(f"^9[0-9]{{7}}[{_CODE}]{{10}}$")
    sums: pl.Expr = pl.lit(0)
    for place in range(18):
        # The check character has the weight 1, so that the whole is a multiple of 31.
        weight = 3**place % 31 if place < 17 else 1
        digit = value.str.slice(place, 1).replace_strict(list(_CODE), list(range(31)), default=0)
        sums = sums + digit * weight
    return shaped & (sums % 31 == 0)


def _written(value: Any) -> Any:
    return f"{value:f}" if isinstance(value, Decimal) else value


def _by(make: Callable[[Any], object]) -> Callable[[Any], Any]:
    """Let the model look at a value; what it says is kept as it was read."""

    def check(value: Any) -> Any:
        make(value)
        return value

    return check


def _case(**fields: Any) -> InjuryCase:
    return InjuryCase("C", "E", fields.pop("worker", "w1"), _DAY, **fields)


_CHECKS: Final[Mapping[tuple[str, str], Callable[[Any], Any]]] = {
    ("employers", "kind"): _by(lambda value: Employer("E", kind=value)),
    ("employers", "size"): _by(lambda value: Employer("E", size=value)),
    ("employers", "credit_code"): _by(lambda value: Employer("E", credit_code=value)),
    ("employers", "risk_class"): _by(lambda value: Employer("E", risk_class=value)),
    ("cases", "ground"): lambda value: Ground.parse(value).key,
    ("cases", "worker"): _by(lambda value: _case(worker=value)),
    ("cases", "grade"): _by(lambda value: _case(grade=value)),
    ("cases", "days_lost"): _by(lambda value: _case(days_lost=value)),
    ("payments", "kind"): _by(lambda value: BenefitPayment("E", None, _DAY, 0, value)),
    ("events", "kind"): _by(lambda value: EmployerEvent("E", value, _DAY)),
    ("recognitions", "kind"): _by(lambda value: Recognition("E", value, None, _WEEK)),
    ("recognitions", "grade"): _by(lambda value: Recognition("E", "award", value, _WEEK)),
}
_KINDS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "key": _by(Employer),
    "date": _by(lambda value: EmployerEvent("E", "arrears", value)),
    "text": _by(lambda value: Employer("E", area=value)),
    **dict.fromkeys(_NUMBERS, _by(lambda value: Exposure("E", _WEEK, insured=abs(value)))),
}
