"""Days as integers: the number of days since the first of March of the year 0, by arithmetic that every engine has."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import attrs
import narwhals as nw

from injuryprev.engine.columns import as_array, nothing_given
from injuryprev.engine.expressions import Engine, Expr, bool_lit, int_lit, when
from injuryprev.engine.frame_kinds import unreadable
from injuryprev.engine.stages import Staged

_MOST: Final = 10_000
"""More than any year or month of the arithmetic here."""


@attrs.frozen
class Day:
    """A column of days: year, month and day of the month as integers, and where there is no such day.

    ``bad`` is where something stands that is no day; there the day is missing too.
    """

    year: Expr
    month: Expr
    day: Expr
    missing: Expr
    number: Expr
    bad: Expr


def day_number(day: dt.date) -> int:
    """The number of a day.

    >>> day_number(dt.date(2024, 3, 1)) - day_number(dt.date(2024, 2, 28))
    2
    """
    return day.toordinal() + 306


def read_day(
    column: str, kind: Any, engine: Engine, where: str = "count_frames", *, open_end: bool = False
) -> Staged[Day]:
    """Read a column of dates, date-times without a zone, or text as YYYY-MM-DD.

    What is there and is no day from the year 1 to the year 9999 is ``bad``, and has no day.

    Args:
        column: The column.
        kind: What it holds.
        engine: Who reads it.
        where: What messages call its table.
        open_end: Whether a day later than all, such as the infinity of databases, is one that never comes.

    Raises:
        InputError: The column is of another kind.
    """
    value = nw.col(column)
    missing, bad = value.is_null(), bool_lit(value=False)
    later = early = bad
    if kind == nw.Object and engine.implementation.is_pandas():  # as pandas holds days of Arrow
        value, missing = yield [
            value.map_batches(_iso, return_dtype=nw.String()),
            value.map_batches(nothing_given, return_dtype=nw.Boolean()),
        ]
        kind = nw.String
    elif kind in (nw.Categorical, nw.Enum):
        value, kind = value.cast(nw.String), nw.String
    if kind == nw.Date or (kind == nw.Datetime and kind.time_zone is None):
        if engine.has_endless_days:
            # An infinity has no year, and asking for it stops the work or gives nothing.
            [value] = yield [value.cast(nw.Date)]
            later, early = yield [value > nw.lit(_LAST), value < nw.lit(_FIRST)]
            [value] = yield [nw.when(~(later | early)).then(value)]
            later, early = (one.fill_null(value=False) for one in (later, early))
        parts = (value.dt.year(), value.dt.month(), value.dt.day())
        # A stand-in keeps the arithmetic defined where there is no day.
        year, month, day = yield [part.fill_null(1).cast(nw.Int64) for part in parts]
        if not engine.has_endless_days:
            later, early = year > _LAST.year, year < 1
        bad = later | early
    elif kind == nw.String:
        [text] = yield [value.fill_null("")]
        # A pattern alone would let the end of a line pass on some engines.
        [shaped] = yield [text.str.contains(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$") & (text.str.len_chars() == _LENGTH)]
        [text] = yield [when(shaped, text, nw.lit("0001-01-01", nw.String))]
        year, month, day = yield [
            text.str.slice(start, size).cast(nw.Int64) for start, size in ((0, 4), (5, 2), (8, 2))
        ]
        outside = (month < 1) | (month > 12) | (day < 1) | (day > days_in_month(year, month, engine))
        [bad] = yield [~missing & (~shaped | (year < 1) | outside)]
    elif kind == nw.Unknown:  # nulls alone
        year, month, day = yield [int_lit(1)] * 3
        missing = bool_lit(value=True)
    else:
        zoned = kind == nw.Datetime
        raise unreadable(
            "says a day only with a time zone" if zoned else "cannot be read as days",
            f"{where} column {column!r}",
            kind,
            "dates: cast the column to a date in the zone that is meant" if zoned else "dates, or text as YYYY-MM-DD",
        )
    if kind == nw.Date and engine.counts_days:
        number = value.cast(nw.Int32).cast(nw.Int64).fill_null(0) + day_number(dt.date(1970, 1, 1))
    else:
        number = _number(year, month, day, engine)
    if open_end:
        number, bad = when(later, int_lit(day_number(_LAST)), number), bad & ~later
    number, bad = yield [number, bad]
    return Day(year, month, day, missing | bad, number, bad)


_FIRST: Final = dt.date(1, 1, 1)
_LAST: Final = dt.date(9999, 12, 31)
_LENGTH: Final = len("YYYY-MM-DD")


def _iso(column: Any) -> Any:
    """Python's days as text; what is no day becomes text that is none either."""
    return as_array([_written(one) for one in column.to_numpy()], "object")


def _written(one: Any) -> str:
    if isinstance(one, dt.datetime):  # those of pandas too; in a zone it is another day than in the next
        return one.date().isoformat() if one == one and one.tzinfo is None else ""  # noqa: PLR0124  # NaT is not
    if isinstance(one, dt.date):
        return one.isoformat()
    return one if isinstance(one, str) else ""


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
