"""Entries of a calendar, and the stops of a tour: time, place, route, content."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

import attrs

from injuryprev.errors import InputError
from injuryprev.model import _read as read
from injuryprev.model.attendance import Attendance, attendance

_ZONE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*")


def clock(value: dt.time | str) -> dt.time:
    """A time of the day, without a zone of its own."""
    if isinstance(value, str) and re.fullmatch(r"\d{2}:\d{2}", value):
        try:
            return dt.time.fromisoformat(value)
        except ValueError:
            pass
    if isinstance(value, dt.time) and value.tzinfo is None:
        return value
    raise InputError("not a time of the day", seen=read.shown(value), expected="text as HH:MM, without a zone")


def zone(value: str) -> str:
    """The name of a time zone, as ``Asia/Shanghai``; that there is one is checked when a calendar is written."""
    if not _ZONE.fullmatch(read.instance(value, str)):
        raise InputError("not the name of a time zone", seen=read.shown(value), expected="such as Asia/Shanghai")
    return value


def check_times(owner: str, starts: dt.time | None, ends: dt.time | None) -> None:
    """Refuse an end without a beginning, or before it.

    Raises:
        InputError: The two do not go together.
    """
    if (starts is None) != (ends is None):
        raise InputError("a beginning and an end go together", where=owner, expected="starts and ends, or neither")
    if starts is not None and ends is not None and ends <= starts:
        raise InputError("it must end after it begins", where=f"{owner}.ends", seen=f"{ends:%H:%M}",
                         expected=f"later than {starts:%H:%M}, on the same day")  # fmt: skip


@attrs.frozen(field_transformer=read.placed)
class Appointment:
    """Something that takes place on a day: what a calendar shows.

    Args:
        title: What it is.
        on: The day.
        zone: The time zone its hours are meant in, as ``Asia/Shanghai``.
        starts: When it begins; without it, it takes the whole day.
        ends: When it ends, on the same day.
        place: Where.
        notes: What else is to be known.

    Raises:
        InputError: A value is not what it must be.

    >>> Appointment("joint conference", "2026-03-06", "Asia/Shanghai", "09:00", "11:00").starts
    datetime.time(9, 0)
    """

    title: str = attrs.field(converter=read.text)
    on: dt.date = attrs.field(converter=read.day)
    zone: str = attrs.field(converter=zone)
    starts: dt.time | None = attrs.field(default=None, converter=attrs.converters.optional(clock))
    ends: dt.time | None = attrs.field(default=None, converter=attrs.converters.optional(clock))
    place: str | None = attrs.field(default=None, kw_only=True, converter=attrs.converters.optional(read.text))
    notes: str | None = attrs.field(default=None, kw_only=True, converter=attrs.converters.optional(read.text))

    def __attrs_post_init__(self) -> None:
        check_times("Appointment", self.starts, self.ends)


@attrs.frozen(field_transformer=read.placed)
class TourStop:
    """A stop of a tour (巡回宣传日程): a line of its schedule.

    Args:
        on: The day.
        place: Where.
        content: What is shown and done there.
        route: The route it belongs to.
        district: The district or county.
        starts: When it begins.
        ends: When it ends.
        zone: The time zone of the two, which a calendar needs.
        attendance: Who came, once it has taken place.

    >>> TourStop("2016-05-10", "north gate square", "injury film and consultation", route="north").district is None
    True
    """

    on: dt.date = attrs.field(converter=read.day)
    place: str = attrs.field(converter=read.text)
    content: str = attrs.field(converter=read.text)
    route: str | None = attrs.field(default=None, kw_only=True, converter=attrs.converters.optional(read.text))
    district: str | None = attrs.field(default=None, kw_only=True, converter=attrs.converters.optional(read.text))
    starts: dt.time | None = attrs.field(default=None, kw_only=True, converter=attrs.converters.optional(clock))
    ends: dt.time | None = attrs.field(default=None, kw_only=True, converter=attrs.converters.optional(clock))
    zone: str | None = attrs.field(default=None, kw_only=True, converter=attrs.converters.optional(zone))
    attendance: Attendance = attrs.field(factory=Attendance, kw_only=True, converter=attendance)

    def __attrs_post_init__(self) -> None:
        check_times("TourStop", self.starts, self.ends)

    def appointment(self, title: str) -> Appointment:
        """The stop as an entry of a calendar.

        Args:
            title: What the tour is called.

        Raises:
            InputError: The stop does not say its time zone.
        """
        if self.zone is None:
            raise InputError("a calendar needs the time zone", where="TourStop.zone", expected="such as Asia/Shanghai")
        notes = "\n".join(part for part in (self.content, self.route, self.district) if part)
        return Appointment(f"{title}: {self.place}", self.on, self.zone, self.starts, self.ends,
                           place=self.place, notes=notes)  # fmt: skip
