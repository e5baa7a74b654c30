"""Schedules and meetings as iCalendar (RFC 5545); needs the extra ``calendar``."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from injuryprev.errors import InjuryprevError, InputError, ReadError
from injuryprev.exchange.files import atomic_path
from injuryprev.model.schedule import Appointment

if TYPE_CHECKING:
    from icalendar import Calendar, Event

_SPACE: Final = uuid.UUID("6f8a1d52-6a0e-5d0b-9c39-0f4b7a3c2e11")
"""The name space of the keys of entries; never to be changed, or calendars would hold every entry twice."""
SUFFIX: Final = ".ics"


def entry_uid(appointment: Appointment) -> str:
    """The key of an entry, made from its content: written again it is the same entry, changed it is another one."""
    said = [
        appointment.title,
        str(appointment.on),
        appointment.zone,
        *(None if time is None else time.isoformat() for time in (appointment.starts, appointment.ends)),
        appointment.place,
        appointment.notes,
    ]
    return str(uuid.uuid5(_SPACE, json.dumps(said, ensure_ascii=False)))


def calendar_bytes(appointments: Iterable[Appointment], *, stamp: dt.datetime, name: str = "") -> bytes:
    """Entries as the bytes of an iCalendar file, in order of their times, with the time zones they use.

    Args:
        appointments: The entries; the same one twice is one.
        stamp: When the calendar was made (``DTSTAMP``), in any zone; nothing here asks a clock.
        name: What the calendar is called.

    Raises:
        InputError: A time zone nobody knows, or a stamp without a zone.
        InjuryprevError: The extra ``calendar`` is not installed.
    """
    try:
        import icalendar  # noqa: PLC0415 - nothing else needs it
    except ModuleNotFoundError as error:  # pragma: no cover - the tests have it
        raise InjuryprevError(
            "calendars need icalendar", where="exchange.calendar", expected="pip install 'injuryprev[calendar]'"
        ) from error
    if stamp.tzinfo is None:
        raise InputError("the stamp has no time zone", where="calendar stamp", seen=str(stamp), expected="such as UTC")
    entries = {entry_uid(one): one for one in appointments}
    calendar: Calendar = icalendar.Calendar()
    calendar.add("prodid", "-//injuryprev//EN")
    calendar.add("version", "2.0")
    if name:
        calendar.add("x-wr-calname", name)
    for uid, one in sorted(entries.items(), key=lambda item: (item[1].on, item[1].starts or dt.time.min, item[0])):
        calendar.add_component(_event(icalendar.Event(), uid, one, stamp.astimezone(dt.UTC)))
    if entries:
        days = [one.on for one in entries.values()]
        calendar.add_missing_timezones(dt.date(min(days).year, 1, 1), dt.date(max(days).year + 1, 1, 1))
    return bytes(calendar.to_ical())


def _event(event: Event, uid: str, one: Appointment, stamp: dt.datetime) -> Event:
    event.add("uid", uid)
    event.add("dtstamp", stamp)
    event.add("summary", one.title)
    if one.starts is None or one.ends is None:
        _zone(one.zone)
        event.add("dtstart", one.on)
        event.add("dtend", one.on + dt.timedelta(days=1))
    else:
        for key, time in (("dtstart", one.starts), ("dtend", one.ends)):
            event.add(key, dt.datetime.combine(one.on, time, tzinfo=_zone(one.zone)))
    if one.place is not None:
        event.add("location", one.place)
    if one.notes is not None:
        event.add("description", one.notes)
    return event


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            "no such time zone", where="Appointment.zone", seen=name, expected="a name of the IANA data base"
        ) from error


def write_calendar(path: Path, appointments: Iterable[Appointment], *, stamp: dt.datetime, name: str = "") -> Path:
    """Write entries as an iCalendar file; it is replaced as a whole.

    Args:
        path: A file with the suffix ``.ics``.
        appointments: The entries.
        stamp: When the calendar was made.
        name: What it is called.

    Raises:
        ReadError: Another suffix, or the file cannot be written.
        InputError: A time zone nobody knows, or a stamp without a zone.
    """
    if path.suffix.lower() != SUFFIX:
        raise ReadError("no calendar is written for this suffix", where=str(path), expected=SUFFIX)
    made = calendar_bytes(appointments, stamp=stamp, name=name)
    with atomic_path(path) as temporary:
        temporary.write_bytes(made)
    return path
