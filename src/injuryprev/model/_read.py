"""Readers shared by the typed objects: each says what is wrong, and ``placed`` adds the class and field it is in."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, TypeVar

import attrs

from injuryprev.errors import InputError, nearest
from injuryprev.model.privacy import holds_identity_number, is_identity_number, masked
from injuryprev.units import Number, Period, as_date, exact, to_decimal

T = TypeVar("T")

FIRST_DAY: Final = dt.date(1901, 1, 1)
LAST_DAY: Final = dt.date(2199, 12, 31)
_KEY: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_DIGITS: Final = 18
"""Numbers stay below 10^18 and above 10^-30: anything else is a damaged cell, and would be slow to work with."""


def placed(cls: type, fields: list[attrs.Attribute[Any]]) -> list[attrs.Attribute[Any]]:
    """Let the errors of every converter name the class and the field; a ``field_transformer`` of attrs."""
    return [
        field
        if field.converter is None
        else field.evolve(converter=_at(field.converter, f"{cls.__name__}.{field.name}"))
        for field in fields
    ]


def _at(converter: Any, where: str) -> Callable[[object], object]:
    def convert(value: object) -> object:
        try:
            return converter(value)
        except InputError as error:
            # Of the place the reader names, only what lies inside the value is kept, such as "[3]".
            inside = error.where[error.where.index("[") :] if "[" in error.where else ""
            # Whatever the field: a table read with a column too many must not spill identity numbers into a log.
            hide = holds_identity_number(str(shown(error.seen)))
            raise InputError(
                error.what,
                where=where + inside,
                seen="(not shown)" if hide else error.seen,
                expected=error.expected,
                source=error.source,
            ) from None

    return convert


def shown(value: object) -> object:
    """A value as an error may show it: an enormous ``int`` has no ``repr`` that Python would make."""
    return f"(int of {value.bit_length()} bits)" if isinstance(value, int) and value.bit_length() > 200 else value


def day(value: dt.date | str) -> dt.date:
    """A day of the calendar, without the days that data bases write for 'none' (1900-01-01, 9999-12-31)."""
    read = as_date(shown(value), where="")
    if not FIRST_DAY <= read <= LAST_DAY:
        raise InputError(
            "no plausible day, rather a stand-in for 'unknown'",
            seen=str(read),
            expected=f"a day from {FIRST_DAY} to {LAST_DAY}, or None",
        )
    return read


def number(value: Number) -> Decimal:
    """An exact finite number of any sign."""
    if isinstance(value, Decimal) and value.is_finite() and value and not -30 <= value.adjusted() < _DIGITS:
        raise InputError("the number is out of all proportion", seen=shown(value), expected="less than 10^18")
    read = exact(value, where="")
    if abs(read) >= 10**_DIGITS or (read and abs(read) < Fraction(1, 10**30)):
        raise InputError("the number is out of all proportion", seen=shown(value), expected="less than 10^18")
    if isinstance(value, Decimal) and value:
        return value
    try:
        return to_decimal(read)
    except InputError:
        raise InputError("this fraction has no finite decimal", seen=value, expected="a rounded figure") from None


def amount(value: Number) -> Decimal:
    """A number that is zero or more."""
    read = number(value)
    if read < 0:
        raise InputError("a negative figure", seen=value, expected="0 or more")
    return read


def whole(value: Number, low: int = 0, high: int | None = None) -> int:
    """A whole number from ``low`` to ``high``, both allowed."""
    read = exact(value, where="")
    if read.denominator != 1 or read < low or (high is not None and read > high):
        upper = "" if high is None else f" to {high}"
        raise InputError(
            "not a whole number in its range",
            seen=shown(value),
            expected=f"{low}{upper}" if upper else f"{low} or more",
        )
    return int(read)


def flag(value: object) -> bool:
    """``True`` or ``False``; neither 0 nor 1 nor text, which the readers of tables translate."""
    if not isinstance(value, bool):
        raise InputError("not a truth value", seen=shown(value), expected="True or False")
    return value


def text(value: object) -> str:
    """Free text that is not empty and holds no identity number; it is never shown in a ``repr``."""
    if not isinstance(value, str):
        raise InputError("not text", seen=f"({type(value).__name__})", expected="text, or None")
    if not value.strip():
        raise InputError("empty text", seen=value, expected="text, or None where there is none")
    if holds_identity_number(value):
        raise InputError(
            "the text holds a resident identity number",
            seen=masked(value),
            expected="text without identity numbers and names",
        )
    return value


def identifier(value: object) -> str:
    """The key of an employer or a case: text without blanks at its ends, and no identity number."""
    if not isinstance(value, str):
        raise InputError("a key is text", seen=f"({type(value).__name__})", expected="text such as '0017'")
    if is_identity_number(value.upper()):
        raise InputError(
            "this is a resident identity number", seen=masked(value), expected="a key that names no person"
        )
    if not value or value != value.strip() or len(value) > 128 or not value.isprintable():
        raise InputError("not a key", seen=value, expected="1 to 128 printable characters, no blank at either end")
    return value


def name_key(value: object) -> str:
    """A name as profiles write them: ``snake_case``."""
    if not isinstance(value, str) or not _KEY.fullmatch(value):
        raise InputError("not a name", seen=shown(value), expected="small letters, digits and _, as in 'false_facts'")
    return value


def choice(value: object, known: Collection[str]) -> str:
    """One of a closed list."""
    if not isinstance(value, str) or value not in known:
        hint = nearest(value, known) + " " if isinstance(value, str) else ""
        raise InputError("not in the list", seen=shown(value), expected=f"{hint}(one of {', '.join(known)})")
    return value


def instance(value: object, of: type[T], where: str = "") -> T:
    """An object of the class that belongs here."""
    if not isinstance(value, of):
        raise InputError(
            "an object of another kind", where=where, seen=f"({type(value).__name__})", expected=of.__name__
        )
    return value


def period(value: object) -> Period:
    """A period; its end may be open."""
    read = instance(value, Period)
    for end in (read.since, read.until):
        if end is not None:
            day(end)
    return read


def closed_period(value: object) -> Period:
    """A period with an end, as sums and means over its days need."""
    read = period(value)
    if read.until is None:
        raise InputError("a figure cannot belong to a period without end", seen=str(read), expected="since and until")
    return read


def rows(value: object, of: type[T]) -> tuple[T, ...] | None:
    """A table as a tuple of objects; ``None`` says that the table was not supplied."""
    if value is None:
        return None
    if isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
        raise InputError("not a table", seen=f"({type(value).__name__})", expected=f"several {of.__name__}, or None")
    return tuple(instance(item, of, f"[{place}]") for place, item in enumerate(value))


def not_before(later: dt.date | None, earlier: dt.date, where: str, what: str) -> None:
    """Refuse a day that comes before the day it must follow; an unknown day is not compared."""
    if later is not None and later < earlier:
        raise InputError(what, where=where, seen=str(later), expected=f"{earlier} or later")
