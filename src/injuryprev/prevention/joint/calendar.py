"""Days that come again, put into the calendar and moved off days that are not worked."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Final

import attrs
from dateutil.rrule import rrule, rrulestr

from injuryprev.errors import InputError
from injuryprev.model.coordination import MOVES, Conference, Recurrence, WorkingDays
from injuryprev.model.schedule import Appointment
from injuryprev.units import Period
from injuryprev.words import Words

_FREQUENCIES: Final = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY")
_RANGES: Final[Mapping[str, tuple[int, int]]] = {
    "INTERVAL": (1, 1000),
    "COUNT": (1, 10_000),
    "BYMONTH": (1, 12),
    "BYMONTHDAY": (-31, 31),
    "BYYEARDAY": (-366, 366),
    "BYWEEKNO": (-53, 53),
    "BYSETPOS": (-366, 366),
    "BYEASTER": (-366, 366),
}
"""Figures of a rule; those that may be counted from the end are not 0.  An interval of 0 would never come to an end."""
_TEXTS: Final = ("BYDAY", "WKST", "UNTIL")
_SLOW: Final = frozenset({"BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS", "BYEASTER"})
"""With FREQ=DAILY looked for day by day up to the year 9999 where no such day exists, the 30th of February say."""
_EXPECTED: Final = "one rule of RFC 5545 by days or longer, such as FREQ=MONTHLY;BYDAY=1FR"
_FARTHEST: Final = 31
"""A day is moved by no more than a month: further off it would be another meeting."""
_TOGETHER: Final = Words("falls on the day of another sitting and is held with it", "与另一次会议同日，合并召开")


@attrs.frozen
class Held:
    """One day of a recurrence.

    Args:
        planned: The day the rule gives.
        on: The day it is held; ``None`` where it is left out, or held with another that falls on the same day.
        why: What moved it or left it out; empty where it stays.
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
    found = [_held(day, recurrence.moved, known) for day in _planned(recurrence, period.since, period.until)]
    # What lies just outside may be moved onto the same day: whatever period is asked for, the same sitting is held.
    around = [*found, *_outside(recurrence, period.since, period.until, known)]
    nearest: dict[dt.date, Held] = {}
    for held in sorted(around, key=lambda one: one.planned):
        if held.on is not None and (held.on not in nearest or _off(held) < _off(nearest[held.on])):
            nearest[held.on] = held
    return tuple(
        held if held.on is None or nearest[held.on] is held else Held(held.planned, None, _TOGETHER) for held in found
    )


def _off(held: Held) -> dt.timedelta:
    """How far a day was moved."""
    return abs((held.on or held.planned) - held.planned)


def _outside(recurrence: Recurrence, since: dt.date, until: dt.date, working: WorkingDays) -> Iterator[Held]:
    """The days planned within reach of a period, before and after it; those that cannot be moved fall on no day."""
    first = dt.date.fromordinal(max(since.toordinal() - 2 * _FARTHEST, 1))
    last = dt.date.fromordinal(min(until.toordinal() + 2 * _FARTHEST, dt.date.max.toordinal()))
    for start, end in ((first, since), (until, last)):
        for day in _planned(recurrence, start, end):
            with contextlib.suppress(InputError):
                yield _held(day, recurrence.moved, working)


def _planned(recurrence: Recurrence, since: dt.date, until: dt.date) -> Iterator[dt.date]:
    rule = _read(recurrence)
    first = dt.datetime.combine(since, dt.time.min)
    last = dt.datetime.combine(until, dt.time.min)
    for moment in rule.xafter(first, inc=True):
        if moment >= last:
            return
        yield moment.date()


def _read(recurrence: Recurrence) -> rrule:
    text = recurrence.rule.strip().upper().removeprefix("RRULE:")
    problem = _problem(text)
    if problem:
        raise InputError(problem, where="Recurrence.rule", seen=recurrence.rule, expected=_EXPECTED)
    try:
        found = rrulestr(text, dtstart=dt.datetime.combine(recurrence.since, dt.time.min))
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise InputError(
            "the rule cannot be read", where="Recurrence.rule", seen=recurrence.rule, expected=_EXPECTED
        ) from error
    if not isinstance(found, rrule):
        raise InputError("more than one rule", where="Recurrence.rule", seen=recurrence.rule, expected=_EXPECTED)
    return found


def _problem(text: str) -> str:
    """What is wrong with a rule, as far as figures that are out of range would otherwise be taken, or never end."""
    parts = [part.partition("=")[::2] for part in text.split(";")]
    names = [name for name, _ in parts]
    if dict(parts).get("FREQ") not in _FREQUENCIES:
        return "not a rule for days"
    if len(set(names)) < len(names):
        return "a part of the rule stands twice"
    for name, value in parts:
        if name not in {"FREQ", *_TEXTS, *_RANGES}:
            return f"a rule for days has no {name or 'empty part'}"
        if name == "BYDAY" and not all(_is_weekday(one, dict(parts)["FREQ"]) for one in value.split(",")):
            return "BYDAY is out of range"
        if name in _RANGES and not all(_in_range(name, one) for one in value.split(",")):
            return f"{name} is out of range"
    if dict(parts)["FREQ"] == "DAILY" and _SLOW & set(names):
        return "a daily rule that picks days of a month or year; write it with FREQ=MONTHLY or FREQ=YEARLY"
    return ""


def _is_weekday(value: str, frequency: str) -> bool:
    """A day of the week; the n-th of a month or year has its number before it."""
    found = re.fullmatch(r"([+-]?[1-9][0-9]?)?(MO|TU|WE|TH|FR|SA|SU)", value)
    if found is None:
        return False
    most = {"MONTHLY": 5, "YEARLY": 53}.get(frequency, 0)
    return found[1] is None or abs(int(found[1])) <= most


def _in_range(name: str, value: str) -> bool:
    low, high = _RANGES[name]
    if not re.fullmatch(r"[+-]?[0-9]{1,5}", value):
        return False
    # Easter itself is day 0.
    return low <= int(value) <= high and (int(value) != 0 or name == "BYEASTER")


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
    """The sittings of a conference as entries of a calendar, one a day at most; what moved one is among its notes.

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
