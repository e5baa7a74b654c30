"""Days that come again, put into the calendar and moved off days that are not worked."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Final

import attrs
from dateutil.rrule import rrule, rrulestr

from injuryprev.errors import InputError
from injuryprev.model.coordination import MOVES, Conference, Recurrence, WorkingDays
from injuryprev.model.schedule import Appointment
from injuryprev.units import Period
from injuryprev.words import Words

_FREQUENCY: Final = re.compile(r"(?i)(RRULE:)?(.*;)?FREQ=(YEARLY|MONTHLY|WEEKLY|DAILY)(;.*)?")
_SLOW: Final = re.compile(r"(?i).*FREQ=DAILY.*BY(MONTHDAY|YEARDAY|WEEKNO|EASTER|SETPOS)=.*|.*BY\w*DAY=.*FREQ=DAILY.*")
"""Day by day up to the year 9999 where no such day exists, the 30th of February say; by months it is over at once."""
_FARTHEST: Final = 31
"""A day is moved by no more than a month: further off it would be another meeting."""


@attrs.frozen
class Held:
    """One day of a recurrence.

    Args:
        planned: The day the rule gives.
        on: The day it is held; ``None`` where it is left out.
        why: What moved it; empty where it stays.
    """

    planned: dt.date
    on: dt.date | None
    why: Words = Words()


def days_of(recurrence: Recurrence, period: Period, working: WorkingDays | None = None) -> tuple[Held, ...]:
    """The days of a recurrence whose planned day lies in a period.

    Args:
        recurrence: The rule.
        period: The days looked at; it must have an end.
        working: Which days are worked; by default all but Saturday and Sunday.

    Raises:
        InputError: A rule that cannot be read or goes by hours, a period without end, or a day that cannot be moved.

    >>> monthly = Recurrence("FREQ=MONTHLY;BYMONTHDAY=15", "2026-01-01")
    >>> [str(held.on) for held in days_of(monthly, Period("2026-02-01", "2026-04-01"))]
    ['2026-02-16', '2026-03-16']
    """
    if period.until is None:
        raise InputError("a period without end", where="days_of", seen=str(period), expected="a Period with an end")
    known = WorkingDays() if working is None else working
    return tuple(_held(day, recurrence.moved, known) for day in _planned(recurrence, period, period.until))


def _planned(recurrence: Recurrence, period: Period, until: dt.date) -> Iterator[dt.date]:
    rule = _read(recurrence)
    first = dt.datetime.combine(period.since, dt.time.min)
    last = dt.datetime.combine(until, dt.time.min)
    before: dt.date | None = None
    for moment in rule.xafter(first, inc=True):
        if moment >= last:
            return
        if moment.date() != before:  # a rule by hours of the day gives one day several times
            before = moment.date()
            yield before


def _read(recurrence: Recurrence) -> rrule:
    expected = "one rule of RFC 5545 by days or longer, such as FREQ=MONTHLY;BYDAY=1FR"
    if not _FREQUENCY.fullmatch(recurrence.rule.strip()):
        raise InputError("not a rule for days", where="Recurrence.rule", seen=recurrence.rule, expected=expected)
    if _SLOW.fullmatch(recurrence.rule.strip()):
        raise InputError(
            "a daily rule that picks days of a month or year",
            where="Recurrence.rule",
            seen=recurrence.rule,
            expected="the same by FREQ=MONTHLY or FREQ=YEARLY",
        )
    try:
        found = rrulestr(recurrence.rule.strip(), dtstart=dt.datetime.combine(recurrence.since, dt.time.min))
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise InputError(
            "the rule cannot be read", where="Recurrence.rule", seen=recurrence.rule, expected=expected
        ) from error
    if not isinstance(found, rrule):
        raise InputError("more than one rule", where="Recurrence.rule", seen=recurrence.rule, expected=expected)
    return found


def _held(planned: dt.date, moved: str, working: WorkingDays) -> Held:
    if moved == "stay" or working.works(planned):
        return Held(planned, planned)
    if moved == "skip":
        return Held(planned, None, MOVES[moved])
    step = dt.timedelta(days=1 if moved == "next" else -1)
    day = planned
    for _ in range(_FARTHEST):
        day += step
        if working.works(day):
            return Held(planned, day, MOVES[moved])
    raise InputError(
        "no working day within a month",
        where="WorkingDays",
        seen=str(planned),
        expected="holidays and a weekend that leave some day to work",
    )


def conferences(conference: Conference, period: Period, working: WorkingDays | None = None) -> tuple[Appointment, ...]:
    """The sittings of a conference as entries of a calendar; what moved one is among its notes.

    Args:
        conference: The conference.
        period: The days looked at, by the planned day: a sitting planned in it may be held just after it.
        working: Which days are worked.

    Raises:
        InputError: As for :func:`days_of`.
    """
    return tuple(
        Appointment(
            conference.title,
            held.on,
            conference.zone,
            conference.starts,
            conference.ends,
            place=conference.place,
            notes=f"{held.planned}: {held.why.en} / {held.why.zh}" if held.why else None,
        )
        for held in days_of(conference.recurrence, period, working)
        if held.on is not None
    )
