"""Lists that members keep: recognitions and their expiry, public lists, what is in place at an employer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Final

import attrs

from injuryprev.errors import InputError
from injuryprev.model.coordination import FOUR_IN_PLACE, PLACE_ITEMS, Listing, PlaceCheck
from injuryprev.model.history import Recognition
from injuryprev.units import Period
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words


def in_force(recognitions: Iterable[Recognition], on: dt.date) -> tuple[Recognition, ...]:
    """Recognitions in force on a day, by employer and kind."""
    return tuple(sorted((one for one in recognitions if on in one.period), key=_by))


@attrs.frozen
class Expiring:
    """A recognition that runs out.

    Args:
        recognition: It.
        last_day: The last day it is in force.
        followed_by: One of the same employer and kind that is in force on the day after.
    """

    recognition: Recognition
    last_day: dt.date
    followed_by: Recognition | None


def expiring(recognitions: Iterable[Recognition], on: dt.date, days: int) -> tuple[Expiring, ...]:
    """Recognitions in force on a day whose last day comes within so many days, that day included.

    A renewed one stays on the list with what follows it, for the next may be of another grade.

    >>> certificate = Recognition("E-1", "standardisation", 2, Period("2023-05-10", "2026-05-10"))
    >>> [str(one.last_day) for one in expiring([certificate], dt.date(2026, 4, 9), 30)]
    ['2026-05-09']
    >>> expiring([certificate], dt.date(2026, 4, 8), 30)
    ()
    """
    if days < 0:
        raise InputError("days to come are wanted", where="expiring", seen=days, expected="0 or more")
    known = list(recognitions)
    found = []
    for one in in_force(known, on):
        until = one.period.until
        if until is not None and (until - on).days - 1 <= days:
            after = (other for other in known if (other.employer_id, other.kind) == (one.employer_id, one.kind))
            follows = next((other for other in after if other is not one and until in other.period), None)
            found.append(Expiring(one, until - dt.timedelta(days=1), follows))
    return tuple(sorted(found, key=lambda row: (row.last_day, _by(row.recognition))))


def revoked(recognition: Recognition, on: dt.date) -> Recognition:
    """The recognition as it is after it was taken away: the day is the first without it.

    Raises:
        InputError: It was not in force the day before, or began only then.
    """
    if on not in recognition.period or on == recognition.period.since:
        raise InputError(
            "there is nothing to take away on this day",
            where="revoked",
            seen=str(on),
            expected=f"a day within {recognition.period}, after its first",
        )
    return attrs.evolve(recognition, period=Period(recognition.period.since, on))


def _by(one: Recognition) -> tuple[str, str, dt.date]:
    return one.employer_id, one.kind, one.period.since


def listed(listings: Iterable[Listing], on: dt.date, which: str | None = None) -> tuple[Listing, ...]:
    """Who is on the public lists on a day: all of them, or ``exposed`` or ``exemplar``."""
    found = (one for one in listings if on in one.period and which in (None, one.list))
    return tuple(sorted(found, key=lambda one: (one.list, one.employer_id, one.period.since)))


_NOT_LOOKED: Final = Words("nobody has looked at it", "尚未检查")


@attrs.frozen
class Checklist:
    """What is in place at an employer on a day.

    Args:
        employer_id: The employer.
        items: The last check of every item by then, or why there is none.
    """

    employer_id: str
    items: Mapping[str, PlaceCheck | Unknown]

    @property
    def four_in_place(self) -> bool | Unknown:
        """Whether the four are in place (四个到位): no where one is not; unknown where one was not looked at."""
        found = [self.items[name] for name in FOUR_IN_PLACE]
        if any(isinstance(one, PlaceCheck) and not one.in_place for one in found):
            return False
        reasons = [reason for one in found if isinstance(one, Unknown) for reason in one.reasons]
        return Unknown(tuple(reasons)) if reasons else True


def checklist(employer_id: str, checks: Iterable[PlaceCheck], on: dt.date) -> Checklist:
    """What is in place at an employer, by the last look at each item up to a day.

    Raises:
        InputError: Two looks at one item on one day that disagree.

    >>> look = PlaceCheck(employer_id="E-1", item="training", in_place=True, on="2026-03-02", evidence="record 4")
    >>> checklist("E-1", [look], dt.date(2026, 4, 1)).four_in_place.codes
    ('not_checked:investment', 'not_checked:basic_management', 'not_checked:emergency_rescue')
    """
    last: dict[str, PlaceCheck] = {}
    for check in checks:
        if check.employer_id != employer_id or check.on > on:
            continue
        before = last.get(check.item)
        if before is not None and before.on == check.on and before.in_place != check.in_place:
            raise InputError(
                "two checks of one day disagree", where=f"PlaceCheck {employer_id} {check.item}", seen=str(check.on)
            )
        if before is None or before.on <= check.on:
            last[check.item] = check
    return Checklist(employer_id, {name: last.get(name) or _not_checked(name) for name in PLACE_ITEMS})


def _not_checked(name: str) -> Unknown:
    item = PLACE_ITEMS[name]
    words = Words(f"{item.en}: {_NOT_LOOKED.en}", f"{item.zh}：{_NOT_LOOKED.zh}")
    return Unknown((Reason("not_checked", name, words),))
