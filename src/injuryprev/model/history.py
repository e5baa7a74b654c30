"""All that is known of one employer over time: tables of typed objects, each of which may be missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Final

import attrs

from injuryprev.errors import InputError
from injuryprev.model import _read as read
from injuryprev.model.case import BenefitPayment, InjuryCase
from injuryprev.model.exposure import ContributionPaid, Exposure
from injuryprev.units import Number, Period
from injuryprev.words import Words

EVENT_KINDS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "benefit_fraud": Words("benefit fraud", "骗取工伤保险待遇"),
        "false_facts": Words("false facts or papers in recognition, appraisal or claims", "提供虚假情况或材料"),
        "arrears": Words("contributions in arrears", "欠缴工伤保险费"),
        "under_declaring": Words("wages or workers under-declared", "少报瞒报缴费工资或人数"),
        "joint_punishment": Words("on a list of joint punishment", "列入联合惩戒名单"),
    }
)
"""Events known by name; a profile may count others by names of its own."""

RECOGNITION_KINDS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "standardisation": Words("work-safety standardisation certificate", "安全生产标准化证书"),
        "harmonious_unit": Words("harmonious-labour-relations model unit", "和谐劳动关系示范单位"),
        "healthy_enterprise": Words("healthy enterprise", "健康企业"),
    }
)
"""Certificates and honours known by name; a profile may count others by names of its own."""


@attrs.frozen(field_transformer=read.placed)
class EmployerEvent:
    """Something an employer did or fell into that a region's rule may weigh.

    Args:
        employer_id: The employer's key.
        kind: One of ``EVENT_KINDS`` or another ``snake_case`` name that a profile counts.
        on: The day it happened, was found, or began.
        until: The day from which it no longer lasts (arrears paid, name off the list); ``None`` for an event of a
            moment, or one that still lasts.

    Raises:
        InputError: A value is not what it must be, or it ends before it begins.

    >>> EmployerEvent("E-001", "arrears", "2024-02-01", "2024-06-01").until
    datetime.date(2024, 6, 1)
    """

    employer_id: str = attrs.field(converter=read.identifier)
    kind: str = attrs.field(converter=read.name_key)
    on: dt.date = attrs.field(converter=read.day)
    until: dt.date | None = attrs.field(default=None, converter=attrs.converters.optional(read.day))

    def __attrs_post_init__(self) -> None:
        if self.until is not None and self.until <= self.on:
            raise InputError(
                "an event must end after it begins",
                where="EmployerEvent.until",
                seen=str(self.until),
                expected=f"a day after {self.on}; until is the first day without it",
            )


def _grade(value: Number) -> int:
    return read.whole(value, 1, 99)


@attrs.frozen(field_transformer=read.placed)
class Recognition:
    """A certificate or honour of an employer while it is in force.

    Args:
        employer_id: The employer's key.
        kind: One of ``RECOGNITION_KINDS`` or another ``snake_case`` name that a profile counts.
        grade: Its grade, 1 best; ``None`` where it has none or the grade is not known.
        period: The days it is in force; the end may be open.

    Raises:
        InputError: A value is not what it must be.

    >>> Recognition("E-001", "standardisation", 2, Period("2023-05-10", "2026-05-10")).grade
    2
    """

    employer_id: str = attrs.field(converter=read.identifier)
    kind: str = attrs.field(converter=read.name_key)
    grade: int | None = attrs.field(converter=attrs.converters.optional(_grade))
    period: Period = attrs.field(converter=read.period)


def _exposures(value: Iterable[Exposure] | None) -> tuple[Exposure, ...] | None:
    return read.rows(value, Exposure)


def _contributions(value: Iterable[ContributionPaid] | None) -> tuple[ContributionPaid, ...] | None:
    return read.rows(value, ContributionPaid)


def _cases(value: Iterable[InjuryCase] | None) -> tuple[InjuryCase, ...] | None:
    return read.rows(value, InjuryCase)


def _payments(value: Iterable[BenefitPayment] | None) -> tuple[BenefitPayment, ...] | None:
    return read.rows(value, BenefitPayment)


def _events(value: Iterable[EmployerEvent] | None) -> tuple[EmployerEvent, ...] | None:
    return read.rows(value, EmployerEvent)


def _recognitions(value: Iterable[Recognition] | None) -> tuple[Recognition, ...] | None:
    return read.rows(value, Recognition)


def _unsaid(value: Any) -> frozenset[str]:
    if isinstance(value, (frozenset, set, tuple, list)) and all(isinstance(name, str) for name in value):
        return frozenset(value)
    raise InputError("not names of days", seen=read.shown(value), expected='a set such as {"cases.recognised_on"}')


@attrs.frozen(repr=False, field_transformer=read.placed)
class History:
    """What is known of one employer, table by table.

    Args:
        exposures: Workers, wages, hours by period.
        contributions: What it paid in.
        cases: Its injuries.
        payments: What the fund paid for them; a payment may name a case that is not among the cases, such as a pension
            for an injury older than the extract.  What such a case was is then unknown.
        events: Fraud, arrears and the like.
        recognitions: Certificates and honours.
        unsaid: Days of which a table does not speak at all, such as ``cases.recognised_on``: that there is none is then
            no answer, and what depends on one is unknown.

    ``None`` says that a table was not supplied, so that figures counted from it are unknown; an empty table says that
    it was supplied and holds nothing, so that they are zero.

    Raises:
        InputError: Rows of two employers, two cases of one id, or one figure of exposure given twice for the same
            days.

    >>> History(cases=[], payments=())
    History(employer None; cases 0, payments 0; not supplied: exposures, contributions, events, recognitions)
    """

    exposures: tuple[Exposure, ...] | None = attrs.field(default=None, converter=_exposures)
    contributions: tuple[ContributionPaid, ...] | None = attrs.field(default=None, converter=_contributions)
    cases: tuple[InjuryCase, ...] | None = attrs.field(default=None, converter=_cases)
    payments: tuple[BenefitPayment, ...] | None = attrs.field(default=None, converter=_payments)
    events: tuple[EmployerEvent, ...] | None = attrs.field(default=None, converter=_events)
    recognitions: tuple[Recognition, ...] | None = attrs.field(default=None, converter=_recognitions)
    unsaid: frozenset[str] = attrs.field(default=frozenset(), converter=_unsaid)

    def __attrs_post_init__(self) -> None:
        self._check_one_employer()
        self._check_cases()
        self._check_exposures()

    @property
    def employer_id(self) -> str | None:
        """The employer all rows belong to; ``None`` where there are no rows."""
        return next((row.employer_id for _, row in self._rows()), None)

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the tables that were not supplied."""
        return tuple(name for name, table in self._tables() if table is None)

    def _tables(self) -> tuple[tuple[str, tuple[_Row, ...] | None], ...]:
        return (
            ("exposures", self.exposures),
            ("contributions", self.contributions),
            ("cases", self.cases),
            ("payments", self.payments),
            ("events", self.events),
            ("recognitions", self.recognitions),
        )

    def _rows(self) -> Iterator[tuple[str, _Row]]:
        for name, table in self._tables():
            for place, row in enumerate(table or ()):
                yield f"History.{name}[{place}]", row

    def _check_one_employer(self) -> None:
        first = self.employer_id
        for where, row in self._rows():
            if row.employer_id != first:
                raise InputError(
                    "a history is of one employer",
                    where=f"{where}.employer_id",
                    seen=row.employer_id,
                    expected=f"{first!r}, as in the first row",
                )

    def _check_cases(self) -> None:
        seen: dict[str, int] = {}
        for place, case in enumerate(self.cases or ()):
            if case.id in seen:
                raise InputError(
                    "two cases of one id",
                    where=f"History.cases[{place}].id",
                    seen=case.id,
                    expected=f"an id of its own; cases[{seen[case.id]}] has this one",
                )
            seen[case.id] = place

    def _check_exposures(self) -> None:
        for figure in ("insured", "payroll", "hours"):
            given = [row for row in self.exposures or () if getattr(row, figure) is not None]
            given.sort(key=lambda row: row.period.since)
            for earlier, later in pairwise(given):
                both = earlier.period.intersect(later.period)
                if both is not None:
                    raise InputError(
                        f"{figure} is given twice for the same days",
                        where=f"History.exposures of {later.employer_id}",
                        seen=f"{earlier.period} and {later.period}",
                        expected=f"periods that do not overlap for one figure; both hold {both}",
                    )

    def __repr__(self) -> str:
        counts = ", ".join(f"{name} {len(table)}" for name, table in self._tables() if table is not None)
        parts = [f"employer {self.employer_id!r}"] + ([counts] if counts else [])
        if self.missing:
            parts.append("not supplied: " + ", ".join(self.missing))
        return f"History({'; '.join(parts)})"


_Row = Exposure | ContributionPaid | InjuryCase | BenefitPayment | EmployerEvent | Recognition
