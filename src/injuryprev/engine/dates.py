"""Days as integers: the number of days since the first of March of the year 0, by arithmetic that every engine has."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import attrs
import narwhals as nw

from injuryprev.engine.columns import as_array
from injuryprev.engine.expressions import Engine, Expr, bool_lit, int_lit, when
from injuryprev.engine.stages import Staged
from injuryprev.errors import InputError

_MOST: Final = 10_000
"""More than any year or month of the arithmetic here."""


@attrs.frozen
class Day:
    """A column of days: year, month and day of the month as integers, and where there is no such day."""

    year: Expr
    month: Expr
    day: Expr
    missing: Expr
    number: Expr


def day_number(day: dt.date) -> int:
    """The number of a day.

    >>> day_number(dt.date(2024, 3, 1)) - day_number(dt.date(2024, 2, 28))
    2
    """
    return day.toordinal() + 306


def read_day(column: str, kind: Any, engine: Engine) -> Staged[Day]:
    """Read a column of dates, date-times, or text as YYYY-MM-DD; text that is no day counts as missing.

    Raises:
        InputError: The column is of another kind.
    """
    value = nw.col(column)
    if kind == nw.Object and engine.implementation.is_pandas():  # as pandas holds days of Arrow
        [value] = yield [value.map_batches(_iso, return_dtype=nw.String())]
        kind = nw.String
    missing = value.is_null()
    if kind in (nw.Date, nw.Datetime):
        parts = (value.dt.year(), value.dt.month(), value.dt.day())
        # A stand-in keeps the arithmetic defined where there is no day.
        year, month, day = yield [part.cast(nw.Int64).fill_null(1) for part in parts]
    elif kind == nw.String:
        [text] = yield [value.fill_null("")]
        [shaped] = yield [text.str.contains(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
        [text] = yield [when(shaped, text, nw.lit("0001-01-01", nw.String))]
        year, month, day = yield [
            text.str.slice(start, size).cast(nw.Int64) for start, size in ((0, 4), (5, 2), (8, 2))
        ]
        outside = (month < 1) | (month > 12) | (day < 1) | (day > days_in_month(year, month, engine))
        [missing] = yield [missing | ~shaped | (year < 1) | outside]
    elif kind == nw.Unknown:  # nulls alone
        year, month, day = yield [int_lit(1)] * 3
        missing = bool_lit(value=True)
    else:
        raise InputError(
            "a column of a kind that cannot be read as days",
            where=f"count_frames column {column!r}",
            seen=str(kind),
            expected="dates, or text as YYYY-MM-DD",
        )
    if kind == nw.Date and engine.counts_days:
        number = value.cast(nw.Int32).cast(nw.Int64).fill_null(0) + day_number(dt.date(1970, 1, 1))
    else:
        number = _number(year, month, day, engine)
    [number] = yield [number]
    return Day(year, month, day, missing, number)


def _iso(column: Any) -> Any:
    """Python's days as text; what is no day becomes text that is none either."""
    pairs = zip(column.to_numpy(), column.is_null().to_numpy(), strict=True)
    return as_array(["" if gone else str(one)[:10] for one, gone in pairs], "object")


def days_in_month(year: Expr, month: Expr, engine: Engine) -> Expr:
    """How many days a month has."""
    # Not every engine has a remainder of integers, but all divide them.
    fours, hundreds, four_hundreds = (
        engine.floordiv(year, years, low=0, high=_MOST) * years == year for years in (4, 100, 400)
    )
    leap = fours & (~hundreds | four_hundreds)
    short = (month == 4) | (month == 6) | (month == 9) | (month == 11)
    february = when(leap, int_lit(29), int_lit(28))
    return when(month == 2, february, when(short, int_lit(30), int_lit(31)))


def _number(year: Expr, month: Expr, day: Expr, engine: Engine) -> Expr:
    """The year is taken to begin in March, so that the leap day comes last."""
    early = when(month <= 2, int_lit(1), int_lit(0))
    from_march = year - early
    months = month + early * 12 - 3
    before = engine.floordiv(months * 153 + 2, 5, low=0, high=_MOST)
    fours, hundreds, four_hundreds = (engine.floordiv(from_march, years, low=0, high=_MOST) for years in (4, 100, 400))
    leaps = fours - hundreds + four_hundreds
    return from_march * 365 + leaps + before + day


def months_between(since: Day, until: dt.date) -> Expr:
    """Whole months from a column of days to a day, as ``units.whole_months`` counts them."""
    months = (until.year - since.year) * 12 + (until.month - since.month)
    last_day = (until + dt.timedelta(days=1)).day == 1
    if last_day:  # the last day of a month completes it, however many days the other month has
        return months
    return months - when(since.day > until.day, int_lit(1), int_lit(0))
