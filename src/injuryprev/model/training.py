"""Training and lectures: courses, those who came, those who passed, and those who were satisfied."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final

import attrs

from injuryprev.errors import InputError
from injuryprev.model import _read as read
from injuryprev.model.attendance import Attendance, Tally, attendance, head_count
from injuryprev.model.work import Work
from injuryprev.units import Number
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

COURSE_KINDS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "central": Words("central course", "集中培训"),
        "tailored": Words("course tailored to one employer, at its premises", "上门定制培训"),
    }
)


def _kind(value: str) -> str:
    return read.choice(value, COURSE_KINDS)


def _count(value: Number) -> int:
    return read.whole(value)


def share_of(part: int | None, whole: int | None, name: str) -> Fraction | Unknown:
    """A part over a whole; unknown where either is not recorded or the whole is nothing."""
    if part is None or whole is None:
        return Unknown((Reason("missing", name, Words(f"{name} is not recorded", f"没有{_ZH[name]}的记录")),))
    if whole == 0:
        return Unknown(
            (Reason("division_by_zero", name, Words(f"nobody to take {name} of", f"{_ZH[name]}的基数为零")),)
        )
    return Fraction(part, whole)


_ZH: Final = {
    "pass_rate": "合格率",
    "satisfaction": "满意度",
    "within_limits": "达标率",
    "abnormal_share": "异常检出率",
}


def check_parts(owner: str, pairs: Iterable[tuple[str, int | None, str, int | None]]) -> None:
    """Refuse a part larger than its whole.

    Raises:
        InputError: With the two figures.
    """
    for part_name, part, whole_name, whole in pairs:
        if part is not None and whole is not None and part > whole:
            raise InputError(
                f"more {part_name} than {whole_name}",
                where=f"{owner}.{part_name}",
                seen=part,
                expected=f"{whole} or fewer",
            )


@attrs.frozen(kw_only=True, field_transformer=read.placed)
class Course:
    """One course.

    Args:
        id: Its key.
        kind: ``central`` or ``tailored``.
        on: Its first day.
        employer_id: The employer a tailored course is for.
        hours: Hours of teaching each person has.
        places: How many can take part.
        place: Where it is held.
        attendance: Who came.
        examined: How many sat the examination.
        passed: How many passed.
        asked: How many answered whether they were satisfied.
        satisfied: How many were.

    Raises:
        InputError: A tailored course without its employer, a part larger than its whole.

    >>> course = Course(id="T-1", kind="central", on="2016-04-12", examined=190, passed=171)
    >>> course.pass_rate, course.satisfaction.codes
    (Fraction(9, 10), ('missing:satisfaction',))
    """

    id: str = attrs.field(converter=read.identifier)
    kind: str = attrs.field(converter=_kind)
    on: dt.date = attrs.field(converter=read.day)
    employer_id: str | None = attrs.field(default=None, converter=attrs.converters.optional(read.identifier))
    hours: Decimal | None = attrs.field(default=None, converter=attrs.converters.optional(read.amount))
    places: int | None = attrs.field(default=None, converter=attrs.converters.optional(_count))
    place: str | None = attrs.field(default=None, converter=attrs.converters.optional(read.text))
    attendance: Attendance = attrs.field(factory=Attendance, converter=attendance)
    examined: int | None = attrs.field(default=None, converter=attrs.converters.optional(_count))
    passed: int | None = attrs.field(default=None, converter=attrs.converters.optional(_count))
    asked: int | None = attrs.field(default=None, converter=attrs.converters.optional(_count))
    satisfied: int | None = attrs.field(default=None, converter=attrs.converters.optional(_count))

    def __attrs_post_init__(self) -> None:
        if (self.kind == "tailored") != (self.employer_id is not None):
            raise InputError(
                "a tailored course is for one employer, a central one for no single one",
                where=f"Course {self.id}.employer_id",
                seen=f"{self.kind}, {self.employer_id}",
                expected="tailored with an employer_id, central without",
            )
        came = self.attendance.people[1]
        check_parts(
            f"Course {self.id}",
            (
                ("passed", self.passed, "examined", self.examined),
                ("satisfied", self.satisfied, "asked", self.asked),
                ("examined", self.examined, "who came", came),
                ("asked", self.asked, "who came", came),
            ),
        )

    @property
    def pass_rate(self) -> Fraction | Unknown:
        """Those who passed over those examined (合格率)."""
        return share_of(self.passed, self.examined, "pass_rate")

    @property
    def satisfaction(self) -> Fraction | Unknown:
        """Those satisfied over those who answered (满意度)."""
        return share_of(self.satisfied, self.asked, "satisfaction")


def _courses(value: Iterable[Course]) -> tuple[Course, ...]:
    courses = read.rows(value, Course) or ()
    ids = [course.id for course in courses]
    for key in ids:
        if ids.count(key) > 1:
            raise InputError("two courses of one key", seen=key, expected="a key for each")
    return courses


@attrs.frozen(kw_only=True, field_transformer=read.placed)
class TrainingPlan(Work):
    """A plan of training (培训计划), such as Dalian's thousand-person plan.

    Args:
        courses: The courses.
        central: How many central courses the plan wants in the period.
        tailored: How many tailored ones.
        people: How many people it wants trained; no count of those who were, which the attendance is.
    """

    courses: tuple[Course, ...] = attrs.field(default=(), converter=_courses)
    central: Tally | None = attrs.field(default=None, converter=attrs.converters.optional(head_count))
    tailored: Tally | None = attrs.field(default=None, converter=attrs.converters.optional(head_count))
    people: Tally | None = attrs.field(default=None, converter=attrs.converters.optional(head_count))

    def held(self, kind: str) -> int:
        """How many courses of a kind are on record."""
        return sum(course.kind == _kind(kind) for course in self.courses)

    @property
    def pass_rate(self) -> Fraction | Unknown:
        """Of all courses together; unknown where one of them does not say."""
        return self._together("passed", "examined", "pass_rate")

    @property
    def satisfaction(self) -> Fraction | Unknown:
        """Of all courses together; unknown where one of them does not say."""
        return self._together("satisfied", "asked", "satisfaction")

    def _together(self, part: str, whole: str, name: str) -> Fraction | Unknown:
        sums: list[int | None] = []
        for field in (part, whole):
            figures = [getattr(course, field) for course in self.courses]
            sums.append(sum(figures) if figures and None not in figures else None)
        return share_of(sums[0], sums[1], name)

    def _parts(self) -> tuple[Attendance, ...]:
        return tuple(course.attendance for course in self.courses)


@attrs.frozen(kw_only=True, field_transformer=read.placed)
class Lecture:
    """A lecture.

    Args:
        topic: What it was about.
        on: The day; ``None`` where the source does not say.
        lecturer_from: Where the lecturer came from, such as a country.  No names.
        attendance: Who came.
    """

    topic: str = attrs.field(converter=read.text)
    on: dt.date | None = attrs.field(default=None, converter=attrs.converters.optional(read.day))
    lecturer_from: str | None = attrs.field(default=None, converter=attrs.converters.optional(read.text))
    attendance: Attendance = attrs.field(factory=Attendance, converter=attendance)


def _lectures(value: Iterable[Lecture]) -> tuple[Lecture, ...]:
    return read.rows(value, Lecture) or ()


@attrs.frozen(kw_only=True, field_transformer=read.placed)
class ExpertExchange(Work):
    """An exchange with experts (专家交流): their lectures.

    Args:
        lectures: The lectures.
    """

    lectures: tuple[Lecture, ...] = attrs.field(default=(), converter=_lectures)

    def _parts(self) -> tuple[Attendance, ...]:
        return tuple(lecture.attendance for lecture in self.lectures)
