"""Authorities that act together: who they are, when they meet, what they tell each other, whom they list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

import attrs

from injuryprev.errors import InputError
from injuryprev.model import _read as read
from injuryprev.model.schedule import check_times, clock, zone
from injuryprev.units import Number, Period
from injuryprev.words import Words

ROLES: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "lead": Words("leads", "牵头单位"),
        "member": Words("member", "成员单位"),
        "observer": Words("observes", "列席单位"),
    }
)
MOVES: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "stay": Words("the day stays as it falls", "不作调整"),
        "next": Words("moved to the next working day", "顺延至下一工作日"),
        "previous": Words("moved to the working day before", "提前至上一工作日"),
        "skip": Words("left out", "取消"),
    }
)
"""What becomes of a day that is no working day."""
PLACE_ITEMS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "investment": Words("investment", "投入到位"),
        "training": Words("training", "培训到位"),
        "basic_management": Words("basic management", "基础管理到位"),
        "emergency_rescue": Words("emergency rescue", "应急救援到位"),
        "responsible_head": Words("a responsible head", "明确负责人"),
        "organisation": Words("an organisation and staff", "机构和人员"),
    }
)
"""What an employer answers for (浙人社发〔2014〕4号, measure 5); the first four are the four in place (四个到位)."""
FOUR_IN_PLACE: Final = ("investment", "training", "basic_management", "emergency_rescue")
LISTS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "exposed": Words("named for serious dangers", "曝光名单"),
        "exemplar": Words("advanced example", "先进典型"),
    }
)


def _role(value: str) -> str:
    return read.choice(value, ROLES)


def _move(value: str) -> str:
    return read.choice(value, MOVES)


def _item(value: str) -> str:
    return read.choice(value, PLACE_ITEMS)


def _list(value: str) -> str:
    return read.choice(value, LISTS)


def _words(value: Words | str) -> Words:
    found = Words(read.text(value)) if isinstance(value, str) else read.instance(value, Words)
    if not found:
        raise InputError("a name without words", seen="Words()", expected="words in one language or both")
    return found


@attrs.frozen(field_transformer=read.placed)
class Member:
    """An authority that takes part.

    Args:
        id: Its key.
        name: What it is called.
        role: ``lead``, ``member`` or ``observer``.

    >>> Member("hrss", Words("human resources and social security", "人力资源和社会保障局"), "lead").role
    'lead'
    """

    id: str = attrs.field(converter=read.identifier)
    name: Words = attrs.field(converter=_words)
    role: str = attrs.field(default="member", converter=_role)


def _days(value: Iterable[dt.date | str]) -> frozenset[dt.date]:
    if isinstance(value, str):
        raise InputError("several days are wanted", seen=value, expected="a list of days")
    return frozenset(read.day(one) for one in value)


def _weekend(value: Iterable[Number]) -> frozenset[int]:
    return frozenset(read.whole(one, 0, 6) for one in value)


@attrs.frozen(field_transformer=read.placed)
class WorkingDays:
    """Which days are worked.  The library knows no holidays: they are published year by year, and given here.

    Args:
        holidays: Days off besides the weekend.
        worked: Days of a weekend that are worked instead (调休上班).
        weekend: Days of the week off, Monday being 0.

    Raises:
        InputError: A day that is both off and worked.

    >>> spring = WorkingDays(holidays=["2026-02-17"], worked=["2026-02-14"])
    >>> [spring.works(dt.date(2026, 2, day)) for day in (14, 15, 16, 17)]
    [True, False, True, False]
    """

    holidays: frozenset[dt.date] = attrs.field(default=frozenset(), converter=_days)
    worked: frozenset[dt.date] = attrs.field(default=frozenset(), converter=_days)
    weekend: frozenset[int] = attrs.field(default=frozenset({5, 6}), converter=_weekend)

    def __attrs_post_init__(self) -> None:
        both = sorted(self.holidays & self.worked)
        if both:
            raise InputError("a day is both off and worked", where="WorkingDays", seen=str(both[0]))

    def works(self, day: dt.date) -> bool:
        """Whether a day is worked."""
        return day in self.worked or (day.weekday() not in self.weekend and day not in self.holidays)


@attrs.frozen(field_transformer=read.placed)
class Recurrence:
    """Days that come again.

    Args:
        rule: A recurrence rule of iCalendar (RFC 5545) by days or longer, such as ``FREQ=MONTHLY;BYDAY=1FR``.
        since: The first day it may give; that day itself counts only where the rule gives it.
        moved: What becomes of a day that is no working day: ``stay``, ``next``, ``previous`` or ``skip``.
    """

    rule: str = attrs.field(converter=read.text)
    since: dt.date = attrs.field(converter=read.day)
    moved: str = attrs.field(default="next", converter=_move)


def _recurrence(value: Recurrence) -> Recurrence:
    return read.instance(value, Recurrence)


@attrs.frozen(kw_only=True, field_transformer=read.placed)
class Conference:
    """A joint conference that is held again and again (联席会议).

    Args:
        title: What it is called.
        recurrence: When.
        zone: The time zone of its hours.
        starts: When it begins.
        ends: When it ends.
        place: Where.
    """

    title: str = attrs.field(converter=read.text)
    recurrence: Recurrence = attrs.field(converter=_recurrence)
    zone: str = attrs.field(converter=zone)
    starts: dt.time | None = attrs.field(default=None, converter=attrs.converters.optional(clock))
    ends: dt.time | None = attrs.field(default=None, converter=attrs.converters.optional(clock))
    place: str | None = attrs.field(default=None, converter=attrs.converters.optional(read.text))

    def __attrs_post_init__(self) -> None:
        check_times("Conference", self.starts, self.ends)


@attrs.frozen(kw_only=True, field_transformer=read.placed)
class DataExchange:
    """Figures that one member gives another, again and again (数据交换).

    Args:
        id: Its key.
        giver: The member that gives.
        receiver: The member that receives.
        what: What is given.
        recurrence: The days it is due.
    """

    id: str = attrs.field(converter=read.identifier)
    giver: str = attrs.field(converter=read.identifier)
    receiver: str = attrs.field(converter=read.identifier)
    what: str = attrs.field(converter=read.text)
    recurrence: Recurrence = attrs.field(converter=_recurrence)

    def __attrs_post_init__(self) -> None:
        if self.giver == self.receiver:
            raise InputError("a member gives to itself", where=f"DataExchange {self.id}.receiver", seen=self.receiver)


@attrs.frozen(field_transformer=read.placed)
class Receipt:
    """That a delivery came in.

    Args:
        exchange_id: The exchange.
        planned: The day its recurrence gives, before any moving, which tells one delivery from another.
        received_on: The day it came in.
    """

    exchange_id: str = attrs.field(converter=read.identifier)
    planned: dt.date = attrs.field(converter=read.day)
    received_on: dt.date = attrs.field(converter=read.day)


@attrs.frozen(kw_only=True, field_transformer=read.placed)
class PlaceCheck:
    """That somebody looked whether a thing is in place at an employer.

    Args:
        employer_id: The employer.
        item: One of ``PLACE_ITEMS``.
        in_place: Whether it was.
        on: The day.
        evidence: What shows it.
    """

    employer_id: str = attrs.field(converter=read.identifier)
    item: str = attrs.field(converter=_item)
    in_place: bool = attrs.field(converter=read.flag)
    on: dt.date = attrs.field(converter=read.day)
    evidence: str = attrs.field(converter=read.text)


@attrs.frozen(kw_only=True, field_transformer=read.placed)
class Listing:
    """An employer on a public list, with the grounds and the day it comes off (measure 7).

    Args:
        list: ``exposed`` or ``exemplar``.
        employer_id: The employer.
        grounds: Why, without names of people.
        period: From the day it is listed to the day it is so no longer; it must have an end.
    """

    list: str = attrs.field(converter=_list)
    employer_id: str = attrs.field(converter=read.identifier)
    grounds: str = attrs.field(converter=read.text)
    period: Period = attrs.field(converter=read.closed_period)
