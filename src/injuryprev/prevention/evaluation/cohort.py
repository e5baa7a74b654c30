"""Who was served and when, the windows before and after, and the figures of both groups in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Final

import attrs

from injuryprev.errors import InputError
from injuryprev.measures.focusing.gathering import Dated, gather
from injuryprev.measures.focusing.units import FocusUnit
from injuryprev.measures.statistics import TwoPeriods
from injuryprev.model import Employer, History, InjuryCase
from injuryprev.model import _read as read
from injuryprev.units import Period
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

Pair = tuple[Employer, History]
YEAR_DAYS: Final = 365
"""Days of a person-year: one insured person over 365 days."""


def _employer(value: Employer) -> Employer:
    return read.instance(value, Employer)


def _history(value: History) -> History:
    return read.instance(value, History)


def _days(value: Iterable[dt.date | str]) -> tuple[dt.date, ...]:
    if isinstance(value, str):
        raise InputError("several days are wanted", seen=value, expected="a list of days")
    found = tuple(sorted({read.day(one) for one in value}))
    if not found:
        raise InputError("no day of service", seen="[]", expected="the day or days on which it was served")
    return found


@attrs.frozen(field_transformer=read.placed)
class Served:
    """An employer that prevention work served.

    Args:
        employer: It.
        history: Its records.
        days: The day or days on which it was served: course, visit, check.

    Raises:
        InputError: No day, or one that is none.

    >>> Served(Employer("E-1"), History(), ["2024-03-04"]).days
    (datetime.date(2024, 3, 4),)
    """

    employer: Employer = attrs.field(converter=_employer)
    history: History = attrs.field(converter=_history)
    days: tuple[dt.date, ...] = attrs.field(converter=_days)


def windows(days: Iterable[dt.date], since: dt.date, until: dt.date) -> tuple[Period, Period]:
    """The windows before the first day of service and after the last one, the same for everybody.

    Args:
        days: All days of service, of all who were served.
        since: The first day of the window before.
        until: The first day after the window after.

    Raises:
        InputError: No days, or none are left before or after.

    >>> before, after = windows([dt.date(2024, 1, 8)], dt.date(2023, 1, 1), dt.date(2025, 1, 1))
    >>> print(before, after)
    [2023-01-01, 2024-01-08) [2024-01-09, 2025-01-01)
    """
    known = sorted(days)
    if not known:
        raise InputError("no day of service", where="windows", seen="[]", expected="at least one day")
    later = known[-1] + dt.timedelta(days=1)
    if not (since < known[0] and later < until):
        raise InputError(
            "no days are left before the first service or after the last",
            where="windows",
            seen=f"services from {known[0]} to {known[-1]}, looked at from {since} to {until}",
            expected="a beginning before the first service, and an end after the day after the last",
        )
    return Period(since, known[0]), Period(later, until)


@attrs.frozen
class Cohort:
    """The employers of one group that can be compared with themselves, and their figures.

    Args:
        ids: Employers, in the order of their figures.
        before: Cases and person-years of each in the window before.
        after: The same in the window after.
        left_out: Employers left out, each with the reason.
        undecided: Cases of the two windows that had no decision yet.
    """

    ids: tuple[str, ...]
    before: tuple[tuple[int, Fraction], ...]
    after: tuple[tuple[int, Fraction], ...]
    left_out: tuple[tuple[str, Unknown], ...]
    undecided: tuple[int, int]

    @property
    def figures(self) -> TwoPeriods:
        """The sums of the group."""
        return TwoPeriods(
            sum(cases for cases, _ in self.before),
            sum((years for _, years in self.before), Fraction(0)),
            sum(cases for cases, _ in self.after),
            sum((years for _, years in self.after), Fraction(0)),
        )


def cohort(
    pairs: Iterable[Pair],
    before: Period,
    after: Period,
    dated: Dated,
    incomplete: Mapping[str, Unknown] = MappingProxyType({}),
) -> Cohort:
    """The figures of a group in both windows.

    An employer is left out where its records are incomplete, where its cases or insured persons are not known in a
    window, or it had nobody insured in one: it could not be compared with itself.
    """
    group = list(pairs)
    known = [pair for pair in group if pair[0].id not in incomplete]
    first = {unit.key: unit for unit in gather(known, by="employer", window=before, dated=dated)}
    second = {unit.key: unit for unit in gather(known, by="employer", window=after, dated=dated)}
    ids: list[str] = []
    figures: list[tuple[tuple[int, Fraction], tuple[int, Fraction]]] = []
    left = [(employer.id, incomplete[employer.id]) for employer, _ in group if employer.id in incomplete]
    undecided = [0, 0]
    for employer, history in known:
        one = _figures(first[employer.id], before)
        other = _figures(second[employer.id], after)
        if isinstance(one, Unknown) or isinstance(other, Unknown):
            reasons = (reason for part in (one, other) if isinstance(part, Unknown) for reason in part.reasons)
            left.append((employer.id, Unknown(tuple(dict.fromkeys(reasons)))))
            continue
        ids.append(employer.id)
        figures.append((one, other))
        for place, window in enumerate((before, after)):
            undecided[place] += sum(_is_undecided(case, window) for case in history.cases or ())
    return Cohort(
        tuple(ids),
        tuple(one for one, _ in figures),
        tuple(other for _, other in figures),
        tuple(left),
        (undecided[0], undecided[1]),
    )


def _is_undecided(case: InjuryCase, window: Period) -> bool:
    return case.recognised_on is None and case.occurred_on in window


def _figures(unit: FocusUnit, window: Period) -> tuple[int, Fraction] | Unknown:
    lost = tuple(r for part in (unit.cases, unit.exposure) if isinstance(part, Unknown) for r in part.reasons)
    if lost:
        return Unknown(lost)
    exposure = unit.exposure
    if not isinstance(unit.cases, Fraction) or not isinstance(exposure, Fraction) or not exposure:
        words = Words(f"nobody was insured in {window}", f"{window} 无参保人员")
        return Unknown((Reason("nobody_insured", "exposure", words),))
    return int(unit.cases), exposure * window.days / YEAR_DAYS
