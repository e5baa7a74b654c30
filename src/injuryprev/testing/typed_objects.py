"""Strategies that make valid objects of ``injuryprev.model``; everybody and everything in them is made up.

Each takes ``employer_id`` where the object has one, so that objects of one employer can be drawn together.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Final, TypeVar

from hypothesis import strategies as st

from injuryprev.model import (
    BENEFIT_KINDS,
    EDITIONS,
    EMPLOYER_KINDS,
    EMPLOYER_SIZES,
    EVENT_KINDS,
    RECOGNITION_KINDS,
    BenefitPayment,
    ContributionPaid,
    Employer,
    EmployerEvent,
    Exposure,
    FactValue,
    Ground,
    History,
    Industry,
    InjuryCase,
    Ladder,
    RateTier,
    Recognition,
    divisions,
)
from injuryprev.units import Period, add_months
from injuryprev.words import Words

T = TypeVar("T")

FIRST: Final = dt.date(2010, 1, 1)
LAST: Final = dt.date(2029, 12, 31)
"""Days are drawn from here unless told otherwise; the rules of the shipped profiles lie between them."""

_CODE_SIGNS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def ids(prefix: str = "E") -> st.SearchStrategy[str]:
    """Keys such as ``E-00017``."""
    return st.integers(0, 99_999).map(lambda number: f"{prefix}-{number:05d}")


def worker_keys() -> st.SearchStrategy[str]:
    """Opaque keys of workers: numbered, or hashes in hexadecimal."""
    return ids("w") | st.binary(min_size=8, max_size=16).map(lambda raw: f"h{raw.hex()}")


def days(first: dt.date = FIRST, last: dt.date = LAST) -> st.SearchStrategy[dt.date]:
    """Days of the calendar, both ends included; leap days and ends of months come up often enough to matter."""
    return st.dates(first, last)


def money(high: int = 10_000_000) -> st.SearchStrategy[Decimal]:
    """Amounts from zero to ``high``, exact to two places."""
    return st.integers(0, high * 100).map(lambda cents: Decimal(cents).scaleb(-2))


def periods(*, may_be_open: bool = False) -> st.SearchStrategy[Period]:
    """Periods of one day to three years, open at the end where that is allowed."""
    closed = st.builds(lambda since, length: Period(since, since + dt.timedelta(length)), days(), st.integers(1, 1096))
    return closed | days().map(Period) if may_be_open else closed


def industries() -> st.SearchStrategy[Industry]:
    """Codes of all editions: division, group or class, with the letter of the section or without."""

    @st.composite
    def draw_one(draw: st.DrawFn) -> Industry:
        edition = draw(st.sampled_from(EDITIONS))
        division = draw(st.sampled_from(divisions(edition)))
        letter = Industry(division, edition).section if draw(st.booleans()) else ""
        return Industry(letter + division + draw(st.sampled_from(("", "1", "10", "99"))), edition)

    return draw_one()


def credit_codes() -> st.SearchStrategy[str]:
    """Unified social credit codes with a true check character; any likeness to a real one is chance."""

    def complete(head: str, tail: str) -> str:
        total = sum(_CODE_SIGNS.index(sign) * weight for sign, weight in zip(head + tail, _CODE_WEIGHTS, strict=True))
        return head + tail + _CODE_SIGNS[-total % 31]

    heads = st.integers(0, 99_999).map(lambda number: f"91{number:05d}0")
    return st.builds(complete, heads, st.text(_CODE_SIGNS, min_size=9, max_size=9))


def _fact_values() -> st.SearchStrategy[FactValue]:
    return st.integers(0, 10**6) | money() | st.booleans() | st.sampled_from(("A", "B", "甲"))


@st.composite
def employers(draw: st.DrawFn, employer_id: str | None = None) -> Employer:
    """Employers of every kind, with more or less known about them."""
    kind = draw(st.sampled_from(tuple(EMPLOYER_KINDS)))
    number = draw(st.integers(1, 9999))
    return Employer(
        employer_id if employer_id is not None else draw(ids("E")),
        draw(st.none() | industries()),
        credit_code=draw(st.none() | credit_codes()),
        kind=kind,
        subclass=draw(st.none() | st.sampled_from("甲乙丙")),
        area=draw(st.none() | st.sampled_from(("Upper Fiction", "Lower Fiction"))),
        insured_since=draw(st.none() | days()),
        risk_class=draw(st.none() | st.integers(1, 8)),
        size=draw(st.none() | st.sampled_from(tuple(EMPLOYER_SIZES))),
        name=None if kind == "household" else draw(st.none() | st.just(f"Fictional Employer {number}")),
        facts=draw(st.dictionaries(st.sampled_from(("safety_credit", "training_hours")), _fact_values(), max_size=2)),
    )


@st.composite
def exposures(draw: st.DrawFn, employer_id: str | None = None, period: Period | None = None) -> Exposure:
    """Exposures with at least one figure known; zero workers and zero wages come up."""
    insured, payroll, hours = draw(
        st.tuples(st.none() | money(100_000), st.none() | money(10**10), st.none() | money(10**8)).filter(
            lambda figures: any(figure is not None for figure in figures)
        )
    )
    return Exposure(
        employer_id if employer_id is not None else draw(ids("E")),
        period or draw(periods()),
        insured=insured,
        payroll=payroll,
        hours=hours,
    )


@st.composite
def contributions_paid(
    draw: st.DrawFn, employer_id: str | None = None, period: Period | None = None
) -> ContributionPaid:
    """Contributions, paid early, late, or on a day nobody wrote down."""
    return ContributionPaid(
        employer_id if employer_id is not None else draw(ids("E")),
        period or draw(periods()),
        draw(money()),
        draw(st.none() | days()),
    )


def grounds() -> st.SearchStrategy[Ground]:
    """All ten items of articles 14 and 15."""
    return st.sampled_from([Ground(14, item) for item in range(1, 8)] + [Ground(15, item) for item in range(1, 4)])


@st.composite
def cases(draw: st.DrawFn, employer_id: str | None = None, case_id: str | None = None) -> InjuryCase:
    """Injuries, recognised or not yet, with days that follow one another and a ground that fits."""
    occurred_on = draw(days())
    ground = draw(st.none() | grounds())
    death = draw(st.booleans()) or (ground is not None and ground.is_sudden_illness)
    later = st.integers(0, 400).map(lambda number: occurred_on + dt.timedelta(number))
    recognised_on = draw(later if ground is not None else st.none() | later)
    return InjuryCase(
        case_id if case_id is not None else draw(ids("C")),
        employer_id if employer_id is not None else draw(ids("E")),
        draw(worker_keys()),
        occurred_on,
        recognised_on=recognised_on,
        ground=ground,
        circumstances=draw(st.none() | st.sampled_from(("slipped on a wet floor", "机械伤害"))),
        grade=draw(st.none() | st.integers(1, 10)),
        death=death,
        died_on=draw(st.none() | later) if death else None,
        disease=draw(st.booleans()) if ground is None else ground.is_disease,
        days_lost=draw(st.none() | st.integers(0, 6000)),
        trade=draw(st.none() | st.sampled_from(("welder", "driver"))),
        post=draw(st.none() | st.sampled_from(("line 2", "night shift"))),
        industry=draw(st.none() | industries()),
        accident=draw(st.none() | ids("A")),
    )


@st.composite
def benefit_payments(
    draw: st.DrawFn, employer_id: str | None = None, case_ids: tuple[str, ...] | None = None
) -> BenefitPayment:
    """Payments of every kind; with ``case_ids`` they are for one of those cases, or for none."""
    kind = draw(st.sampled_from(tuple(BENEFIT_KINDS)))
    amount = draw(money())
    case = ids("C") if case_ids is None else st.sampled_from(case_ids) if case_ids else st.none()
    return BenefitPayment(
        employer_id if employer_id is not None else draw(ids("E")),
        draw(st.none() | case),
        draw(days()),
        -amount if kind == "refund" else amount,
        kind,
    )


@st.composite
def employer_events(draw: st.DrawFn, employer_id: str | None = None) -> EmployerEvent:
    """Events of the known kinds and of one that only a profile would know."""
    on = draw(days())
    length = draw(st.none() | st.integers(1, 800))
    return EmployerEvent(
        employer_id if employer_id is not None else draw(ids("E")),
        draw(st.sampled_from((*EVENT_KINDS, "late_report"))),
        on,
        None if length is None else on + dt.timedelta(length),
    )


@st.composite
def recognitions(draw: st.DrawFn, employer_id: str | None = None) -> Recognition:
    """Certificates and honours of the known kinds and of one that only a profile would know."""
    return Recognition(
        employer_id if employer_id is not None else draw(ids("E")),
        draw(st.sampled_from((*RECOGNITION_KINDS, "safety_award"))),
        draw(st.none() | st.integers(1, 3)),
        draw(periods(may_be_open=True)),
    )


def _table(draw: st.DrawFn, rows: st.SearchStrategy[T], size: int) -> tuple[T, ...] | None:
    return draw(st.none() | st.lists(rows, max_size=size).map(tuple))


@st.composite
def histories(draw: st.DrawFn, employer_id: str | None = None, max_size: int = 4) -> History:
    """Histories of one employer: some tables missing, some empty, payments for cases that are there.

    Args:
        draw: Supplied by hypothesis.
        employer_id: The employer all rows belong to; one is drawn where none is given.
        max_size: The most rows of a table.
    """
    employer = employer_id if employer_id is not None else draw(ids("E"))
    first = draw(days(FIRST, dt.date(2025, 12, 31))).replace(day=1)
    step = draw(st.sampled_from((1, 12)))
    # Periods in a row: one figure must not be given twice for the same days.
    row = [Period(add_months(first, step * place), add_months(first, step * (place + 1))) for place in range(max_size)]
    drawn = draw(st.none() | st.lists(cases(employer), max_size=max_size, unique_by=lambda case: case.id))
    case_ids = None if drawn is None else tuple(case.id for case in drawn)
    paid = _table(draw, benefit_payments(employer, case_ids), max_size)
    return History(
        exposures=draw(st.none() | st.integers(0, max_size).flatmap(lambda n: _exposures(employer, row[:n]))),
        contributions=_table(draw, contributions_paid(employer, row[0]) | contributions_paid(employer), max_size),
        cases=drawn,
        payments=paid,
        events=_table(draw, employer_events(employer), max_size),
        recognitions=_table(draw, recognitions(employer), max_size),
    )


def _exposures(employer_id: str, row: list[Period]) -> st.SearchStrategy[tuple[Exposure, ...]]:
    return st.tuples(*(exposures(employer_id, period) for period in row))


@st.composite
def ladders(draw: st.DrawFn) -> Ladder:
    """Ladders that go up, down, both ways or nowhere, with factors to the hundredth."""
    down = sorted(draw(st.sets(st.integers(0, 99), max_size=4)), reverse=True)
    up = sorted(draw(st.sets(st.integers(101, 400), max_size=4)))
    factors = {-place: share for place, share in enumerate(down, 1)} | {0: 100} | dict(enumerate(up, 1))
    return Ladder(tuple(RateTier(move, Fraction(share, 100), Words(f"{share} %")) for move, share in factors.items()))
