"""Prevention work that was done or is planned: what it cost, whom it reached, and the facts of its kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from types import MappingProxyType
from typing import Final

import attrs

from injuryprev.errors import InputError
from injuryprev.model import _read as read
from injuryprev.model.attendance import Attendance, Tally, attendance, head_count, tally
from injuryprev.model.schedule import TourStop
from injuryprev.units import Period, exact
from injuryprev.words import Words

MEDIA: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "newspaper": Words("newspaper", "报纸"),
        "radio": Words("radio", "广播"),
        "television": Words("television", "电视"),
        "website": Words("website", "网站"),
        "public_notice": Words("public notice", "公益广告"),
        "quiz": Words("quiz", "知识竞赛"),
        "printed_goods": Words("printed goods", "宣传品"),
        "display": Words("display", "展览展示"),
    }
)
"""Ways of publicity besides leaflets, films, screens and online channels, which have figures of their own."""


@attrs.frozen(kw_only=True, field_transformer=read.placed)
class Work:
    """What all prevention work has.

    Args:
        id: Its key.
        period: The days it takes; it must have an end.
        cost: What it cost, money; ``None`` where that is not recorded, which is unknown and not nothing.
        project: The key of the prevention project it belongs to, if it does.
        attendance: Who was reached as a whole, the occasions with their own records included.
    """

    id: str = attrs.field(converter=read.identifier)
    period: Period = attrs.field(converter=read.closed_period)
    cost: Decimal | None = attrs.field(default=None, converter=attrs.converters.optional(read.amount))
    project: str | None = attrs.field(default=None, converter=attrs.converters.optional(read.identifier))
    attendance: Attendance = attrs.field(factory=Attendance, converter=attendance)

    @property
    def attendances(self) -> tuple[Attendance, ...]:
        """Who was reached, occasion by occasion.

        Where the whole is recorded, that is its figure, for it holds the occasions; their keys are kept.

        Raises:
            InputError: The whole holds fewer people than one of its occasions.
        """
        parts = self._parts()
        if not parts or not self.attendance.is_recorded:
            return parts or (self.attendance,)
        keys = self.attendance.keys.union(*(part.keys for part in parts))
        known = self.attendance.workers is not None or any(part.workers is not None for part in parts)
        whole = attrs.evolve(self.attendance, workers=keys if known else None)
        most, least = whole.people[1], max(part.people[0] for part in parts)
        if most is not None and most < least:
            raise InputError(
                "fewer people in the whole than on one occasion",
                where=f"{type(self).__name__} {self.id}.attendance",
                seen=most,
                expected=f"{least} or more",
            )
        return (whole,)

    def _parts(self) -> tuple[Attendance, ...]:
        return ()


# Publicity ------------------------------------------------------------------------------------------------------------


def texts(value: Iterable[str]) -> tuple[str, ...]:
    """Several texts."""
    if isinstance(value, str):
        raise InputError("several texts are wanted", seen=value, expected="a list of texts")
    return tuple(read.text(one) for one in value)


def _medium(value: str) -> str:
    return read.choice(value, MEDIA)


@attrs.frozen(field_transformer=read.placed)
class MediaPiece:
    """A piece in the media: which medium, whose, how often.

    Args:
        medium: One of ``MEDIA``.
        outlet: Its name.
        times: How often it ran.
    """

    medium: str = attrs.field(converter=_medium)
    outlet: str | None = attrs.field(default=None, converter=attrs.converters.optional(read.text))
    times: Tally | None = attrs.field(default=None, converter=attrs.converters.optional(head_count))


@attrs.frozen(field_transformer=read.placed)
class Leaflets:
    """Leaflets handed out; copies are not people."""

    title: str = attrs.field(converter=read.text)
    copies: Tally | None = attrs.field(default=None, converter=attrs.converters.optional(head_count))


@attrs.frozen(field_transformer=read.placed)
class Films:
    """Films and the hours they were shown.

    Args:
        number: How many films.
        hours: Hours shown in all.
    """

    number: Tally | None = attrs.field(default=None, converter=attrs.converters.optional(head_count))
    hours: Tally | None = attrs.field(default=None, converter=attrs.converters.optional(tally))


@attrs.frozen(field_transformer=read.placed)
class Screens:
    """Large screens rented (LED 大屏).

    Args:
        places: Where, in words.
        months: For how many months.
        hours: Hours played in all.
    """

    places: str = attrs.field(converter=read.text)
    months: Tally | None = attrs.field(default=None, converter=attrs.converters.optional(tally))
    hours: Tally | None = attrs.field(default=None, converter=attrs.converters.optional(tally))


@attrs.frozen(field_transformer=read.placed)
class OnlineChannel:
    """A channel such as a WeChat account.

    Args:
        name: Its platform or name.
        posts: What was published on it.
        readings: How often it was read; readings are person-times, never people.
        contents: What is published on it, in words, such as ``news``.
    """

    name: str = attrs.field(converter=read.text)
    posts: Tally | None = attrs.field(default=None, converter=attrs.converters.optional(head_count))
    readings: Tally | None = attrs.field(default=None, converter=attrs.converters.optional(head_count))
    contents: tuple[str, ...] = attrs.field(default=(), converter=texts)


ChannelKind = MediaPiece | Leaflets | Films | Screens | OnlineChannel


def _channels(value: Iterable[ChannelKind]) -> tuple[ChannelKind, ...]:
    found = tuple(value)
    for place, one in enumerate(found):
        if not isinstance(one, ChannelKind):
            raise InputError(
                "not a way of publicity",
                where=f"[{place}]",
                seen=f"({type(one).__name__})",
                expected="MediaPiece, Leaflets, Films, Screens or OnlineChannel",
            )
    return found


@attrs.frozen(kw_only=True, field_transformer=read.placed)
class Campaign(Work):
    """A publicity campaign (宣传活动): what was published, by which ways.

    Args:
        channels: ``MediaPiece``, ``Leaflets``, ``Films``, ``Screens``, ``OnlineChannel``.

    Copies, hours and readings are facts of the channels and never counted as people reached.

    >>> led = Campaign(
    ...     id="LED",
    ...     period=Period("2016-01-01", "2016-04-01"),
    ...     channels=[Screens("busy districts", months=3, hours=1350)],
    ... )
    >>> led.attendances
    (Attendance(not recorded),)
    """

    channels: tuple[ChannelKind, ...] = attrs.field(default=(), converter=_channels)


# The caravan ----------------------------------------------------------------------------------------------------------


@attrs.frozen(field_transformer=read.placed)
class DistrictAppraisal:
    """How a district was appraised for what it did for the tour.

    Args:
        district: The district or county.
        on: The day.
        points: Points given.
        full: Full marks.
    """

    district: str = attrs.field(converter=read.text)
    on: dt.date = attrs.field(converter=read.day)
    points: Decimal = attrs.field(converter=read.amount)
    full: Decimal = attrs.field(converter=read.amount)

    def __attrs_post_init__(self) -> None:
        if not self.full or self.points > self.full:
            raise InputError(
                "more points than full marks",
                where=f"DistrictAppraisal {self.district}",
                seen=f"{self.points} of {self.full}",
                expected="points up to full marks, which are more than 0",
            )

    @property
    def share(self) -> Fraction:
        """Points over full marks."""
        return exact(self.points) / exact(self.full)


def _stops(value: Iterable[TourStop]) -> tuple[TourStop, ...]:
    return read.rows(value, TourStop) or ()


def _appraisals(value: Iterable[DistrictAppraisal]) -> tuple[DistrictAppraisal, ...]:
    return read.rows(value, DistrictAppraisal) or ()


@attrs.frozen(kw_only=True, field_transformer=read.placed)
class Caravan(Work):
    """A touring caravan (大篷车): its schedule, its equipment, and what came of it.

    Args:
        stops: The schedule by time, place, route and content.
        days: Days on tour in the period.
        districts: Districts and counties visited.
        points: Consultation points set up.
        employers: Employers visited.
        leaflets: Leaflets handed out.
        films: Films and hours shown.
        equipment: What it carries.
        health_checks: Workers given health checks.
        appraisals: Of the districts.

    A figure of the whole stands beside the schedule and is not made from it: a report may count what was not scheduled.
    """

    stops: tuple[TourStop, ...] = attrs.field(default=(), converter=_stops)
    days: Tally | None = attrs.field(default=None, converter=attrs.converters.optional(head_count))
    districts: Tally | None = attrs.field(default=None, converter=attrs.converters.optional(head_count))
    points: Tally | None = attrs.field(default=None, converter=attrs.converters.optional(head_count))
    employers: Tally | None = attrs.field(default=None, converter=attrs.converters.optional(head_count))
    leaflets: Tally | None = attrs.field(default=None, converter=attrs.converters.optional(head_count))
    films: Films | None = None
    equipment: tuple[str, ...] = attrs.field(default=(), converter=texts)
    health_checks: Attendance = attrs.field(factory=Attendance, converter=attendance)
    appraisals: tuple[DistrictAppraisal, ...] = attrs.field(default=(), converter=_appraisals)

    def __attrs_post_init__(self) -> None:
        for stop in self.stops:
            if stop.on not in self.period:
                raise InputError(
                    "a stop outside the period",
                    where=f"Caravan {self.id}",
                    seen=str(stop.on),
                    expected=str(self.period),
                )
        for one, other in pairwise(sorted(self.appraisals, key=lambda appraisal: (appraisal.district, appraisal.on))):
            if (one.district, one.on) == (other.district, other.on):
                raise InputError(
                    "a district is appraised twice on one day", where=f"Caravan {self.id}", seen=one.district
                )

    @property
    def scheduled_days(self) -> int:
        """Different days on the schedule."""
        return len({stop.on for stop in self.stops})

    @property
    def ranked(self) -> tuple[DistrictAppraisal, ...]:
        """The last appraisal of each district, the best share first."""
        last = {one.district: one for one in sorted(self.appraisals, key=lambda appraisal: appraisal.on)}
        return tuple(sorted(last.values(), key=lambda appraisal: (-appraisal.share, appraisal.district)))

    def _parts(self) -> tuple[Attendance, ...]:
        return tuple(stop.attendance for stop in self.stops)
