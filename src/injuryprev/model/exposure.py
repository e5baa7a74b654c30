"""What an employer had at risk in a period, and what it paid in."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import attrs

from injuryprev.errors import InputError
from injuryprev.model import _read as read
from injuryprev.units import Period


@attrs.frozen(field_transformer=read.placed)
class Exposure:
    """Workers, wages and hours of one employer in one period.

    Args:
        employer_id: The employer's key.
        period: The days the figures are for; it must have an end.
        insured: Mean number of insured workers in the period (参保人数), persons; fractions are usual.
        payroll: Contribution wages of the whole period (缴费工资总额), money.
        hours: Hours worked by all of them in the period (工时).

    Each figure may be ``None``, which says that it is not known; zero is a figure.  At least one must be known.

    Raises:
        InputError: A negative figure, a period without end, or no figure at all.

    >>> Exposure("E-001", Period.year(2024), insured="104.5", payroll=9_800_000).hours is None
    True
    """

    employer_id: str = attrs.field(converter=read.identifier)
    period: Period = attrs.field(converter=read.closed_period)
    insured: Decimal | None = attrs.field(default=None, converter=attrs.converters.optional(read.amount))
    payroll: Decimal | None = attrs.field(default=None, converter=attrs.converters.optional(read.amount))
    hours: Decimal | None = attrs.field(default=None, converter=attrs.converters.optional(read.amount))

    def __attrs_post_init__(self) -> None:
        if self.insured is None and self.payroll is None and self.hours is None:
            raise InputError(
                "an exposure without a figure says nothing",
                where="Exposure",
                seen=f"employer {self.employer_id}, {self.period}",
                expected="insured, payroll or hours; leave the row out where none is known",
            )


@attrs.frozen(field_transformer=read.placed)
class ContributionPaid:
    """A contribution that reached the fund (缴费).

    Args:
        employer_id: The employer's key.
        period: The months it is for, which need not be those in which it was paid.
        amount: Money, zero or more; money given back is netted against the months it was for.
        paid_on: The day it was booked, where known.

    Raises:
        InputError: A negative amount, or a period without end.

    >>> ContributionPaid("E-001", Period("2024-01-01", "2024-02-01"), "4900.50", "2024-02-14").amount
    Decimal('4900.5')
    """

    employer_id: str = attrs.field(converter=read.identifier)
    period: Period = attrs.field(converter=read.closed_period)
    amount: Decimal = attrs.field(converter=read.amount)
    paid_on: dt.date | None = attrs.field(default=None, converter=attrs.converters.optional(read.day))
