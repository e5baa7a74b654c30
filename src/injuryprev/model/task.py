"""What somebody must have done by a day: dangers to put right, measures agreed, notices answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import pairwise
from types import MappingProxyType
from typing import Final, Literal

import attrs

from injuryprev.errors import InputError
from injuryprev.model import _read as read
from injuryprev.units import Number, Period, exact
from injuryprev.unknown import Unknown
from injuryprev.words import Words

State = Literal["later", "open", "undated", "overdue", "closed", "closed_late"]
TASK_STATES: Final[Mapping[State, Words]] = MappingProxyType(
    {
        "later": Words("not set yet", "尚未下达"),
        "open": Words("open, within its time", "整改期内"),
        "undated": Words("open, without a deadline", "未设期限"),
        "overdue": Words("overdue", "逾期未完成"),
        "closed": Words("closed in time", "按期完成"),
        "closed_late": Words("closed late", "逾期完成"),
    }
)


@attrs.frozen(field_transformer=read.placed)
class Extension:
    """More time that was granted (延期).

    Args:
        granted_on: The day; it counts from then on.
        until: The new last day.
        grounds: Why.
    """

    granted_on: dt.date = attrs.field(converter=read.day)
    until: dt.date = attrs.field(converter=read.day)
    grounds: str = attrs.field(converter=read.text)


def _extensions(value: Iterable[Extension]) -> tuple[Extension, ...]:
    return read.rows(value, Extension) or ()


@attrs.frozen(kw_only=True, field_transformer=read.placed)
class Task:
    """Something to be done by a last day, and what shows that it was.

    Args:
        id: Its key.
        set_on: The day it was set.
        due: The last day; ``None`` where none was set, and then nobody can say that it is overdue.
        extensions: Each later than the one before.
        closed_on: The day it was found done.
        evidence: What shows it, such as a record of re-inspection; without it nothing is closed.

    What is known on a day is what had happened by then: an extension granted later, or a closing, does not count yet.
    An extension granted after the last day does not undo the days in between.

    Raises:
        InputError: A day out of order, or a closing without evidence.

    >>> task = Task(
    ...     id="D-1", set_on="2026-03-02", due="2026-03-31", closed_on="2026-04-10", evidence="re-inspection 17"
    ... )
    >>> [task.state(dt.date(2026, *day)) for day in ((3, 31), (4, 1), (4, 10))]
    ['open', 'overdue', 'closed_late']
    """

    id: str = attrs.field(converter=read.identifier)
    set_on: dt.date = attrs.field(converter=read.day)
    due: dt.date | None = attrs.field(default=None, converter=attrs.converters.optional(read.day))
    extensions: tuple[Extension, ...] = attrs.field(default=(), converter=_extensions)
    closed_on: dt.date | None = attrs.field(default=None, converter=attrs.converters.optional(read.day))
    evidence: str | None = attrs.field(default=None, converter=attrs.converters.optional(read.text))

    def __attrs_post_init__(self) -> None:
        name = f"{type(self).__name__} {self.id}"
        read.not_before(self.due, self.set_on, f"{name}.due", "due before it was set")
        read.not_before(self.closed_on, self.set_on, f"{name}.closed_on", "closed before it was set")
        if (self.closed_on is None) != (self.evidence is None):
            raise InputError(
                "a closing and its evidence go together",
                where=f"{name}.evidence",
                seen=f"closed_on {self.closed_on}, evidence {'given' if self.evidence else 'none'}",
                expected="closed_on and evidence, or neither",
            )
        if self.extensions and self.due is None:
            raise InputError("an extension of no deadline", where=f"{name}.extensions", expected="due, or no extension")
        last = self.due
        for extension in self.extensions:
            read.not_before(extension.granted_on, self.set_on, f"{name}.extensions", "granted before it was set")
            if last is not None and extension.until <= last:
                raise InputError(
                    "an extension that gives no more time",
                    where=f"{name}.extensions",
                    seen=str(extension.until),
                    expected=f"a day after {last}",
                )
            last = extension.until
        for one, other in pairwise(self.extensions):
            read.not_before(other.granted_on, one.granted_on, f"{name}.extensions", "extensions out of order")

    def due_on(self, on: dt.date) -> dt.date | None:
        """The last day as it stood on a day."""
        granted = [extension.until for extension in self.extensions if extension.granted_on <= on]
        return granted[-1] if granted else self.due

    def state(self, on: dt.date) -> State:
        """How it stood on a day; the last day itself is within the time."""
        if on < self.set_on:
            return "later"
        if self.closed_on is not None and self.closed_on <= on:
            due = self.due_on(self.closed_on)
            return "closed_late" if due is not None and self.closed_on > due else "closed"
        due = self.due_on(on)
        if due is None:
            return "undated"
        return "overdue" if on > due else "open"

    def days_late(self, on: dt.date) -> int:
        """Days past the last day as it stood on a day; 0 where it is not overdue."""
        due = self.due_on(on)
        return (on - due).days if due is not None and self.state(on) == "overdue" else 0


DANGER_GRADES: Final[Mapping[str, Words]] = MappingProxyType(
    {"general": Words("general", "一般隐患"), "major": Words("major", "重大隐患")}
)


def _danger_grade(value: str) -> str:
    return read.choice(value, DANGER_GRADES)


@attrs.frozen(kw_only=True, field_transformer=read.placed)
class HiddenDanger(Task):
    """A hidden danger found at an employer (事故隐患), to be put right by a day.

    Args:
        employer_id: The employer.
        what: What was found, without names.
        grade: ``general`` or ``major``; ``None`` where it was not graded.
        found_by: The member whose inspectors found it.
    """

    employer_id: str = attrs.field(converter=read.identifier)
    what: str = attrs.field(converter=read.text)
    grade: str | None = attrs.field(default=None, converter=attrs.converters.optional(_danger_grade))
    found_by: str | None = attrs.field(default=None, converter=attrs.converters.optional(read.identifier))


@attrs.frozen(kw_only=True, field_transformer=read.placed)
class AgreedMeasure(Task):
    """A measure agreed in a joint conference (议定事项); ``set_on`` is the day of the conference.

    Args:
        what: What is to be done.
        member: The member who answers for it.
    """

    what: str = attrs.field(converter=read.text)
    member: str = attrs.field(converter=read.identifier)


def _rate(value: Number) -> Fraction:
    found = exact(value, where="")
    if found < 0:
        raise InputError("a negative rate", seen=read.shown(value), expected="0 or more")
    return found


def _doubt(value: Unknown) -> Unknown:
    return read.instance(value, Unknown)


@attrs.frozen(kw_only=True, field_transformer=read.placed)
class GradedNotice(Task):
    """A graded notice to an employer (分级通报); ``set_on`` is the day it was issued.

    Args:
        employer_id: The employer.
        scheme: The levels it was judged by, such as ``ningde-2019``.
        level: The level surely reached.
        period: The days that were counted.
        rate: The rate that reached it, a plain fraction.
        doubt: Why the level may be higher still; ``None`` where it is known.
    """

    employer_id: str = attrs.field(converter=read.identifier)
    scheme: str = attrs.field(converter=read.identifier)
    level: str = attrs.field(converter=read.name_key)
    period: Period = attrs.field(converter=read.closed_period)
    rate: Fraction = attrs.field(converter=_rate)
    doubt: Unknown | None = attrs.field(default=None, converter=attrs.converters.optional(_doubt))
