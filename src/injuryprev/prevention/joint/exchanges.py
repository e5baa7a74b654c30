"""Data that members owe each other: what is due, what came in, what is late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Literal

import attrs

from injuryprev.errors import InputError, nearest
from injuryprev.model.coordination import DataExchange, Receipt, WorkingDays
from injuryprev.prevention.joint.calendar import days_of
from injuryprev.units import Period


@attrs.frozen
class Delivery:
    """One delivery of an exchange as it stood on a day.

    Args:
        exchange_id: The exchange.
        planned: The day its recurrence gives.
        due: The last day, after moving.
        received_on: The day it came in, as far as that had happened.
        state: ``expected``, ``received``, ``late`` (received after the last day) or ``overdue``.
    """

    exchange_id: str
    planned: dt.date
    due: dt.date
    received_on: dt.date | None
    state: Literal["expected", "received", "late", "overdue"]


def deliveries(
    exchange: DataExchange,
    receipts: Iterable[Receipt],
    *,
    period: Period,
    on: dt.date,
    working: WorkingDays | None = None,
) -> tuple[Delivery, ...]:
    """The deliveries of an exchange in a period, as they stood on a day.

    Args:
        exchange: The exchange.
        receipts: What came in, of this exchange or of others too; of two for one delivery the earlier counts.
        period: The days looked at, by the planned day.
        on: The day; what came in later is not known yet.
        working: Which days are worked.

    Raises:
        InputError: A receipt of this exchange for a day of the period on which nothing was planned.

    >>> from injuryprev.model import Recurrence
    >>> swap = DataExchange(
    ...     id="X-1",
    ...     giver="safety",
    ...     receiver="hrss",
    ...     what="accidents",
    ...     recurrence=Recurrence("FREQ=MONTHLY;BYMONTHDAY=5", "2026-01-01"),
    ... )
    >>> first_half = Period("2026-01-01", "2026-04-01")
    >>> came = [Receipt("X-1", "2026-01-05", "2026-01-09")]
    >>> [one.state for one in deliveries(swap, came, period=first_half, on=dt.date(2026, 3, 1))]
    ['late', 'overdue', 'expected']
    """
    planned = [held for held in days_of(exchange.recurrence, period, working) if held.on is not None]
    known = {held.planned for held in planned}
    came: dict[dt.date, dt.date] = {}
    for receipt in receipts:
        if receipt.exchange_id != exchange.id or receipt.planned not in period:
            continue
        if receipt.planned not in known:
            raise InputError(
                "nothing was planned for this day",
                where=f"Receipt of {exchange.id}",
                seen=str(receipt.planned),
                expected=nearest(str(receipt.planned), map(str, known)),
            )
        if receipt.received_on <= on:
            came[receipt.planned] = min(receipt.received_on, came.get(receipt.planned, receipt.received_on))
    return tuple(
        _delivery(exchange.id, held.planned, held.on, came.get(held.planned), on)
        for held in planned
        if held.on is not None
    )


def _delivery(key: str, planned: dt.date, due: dt.date, came: dt.date | None, on: dt.date) -> Delivery:
    if came is None:
        return Delivery(key, planned, due, None, "overdue" if on > due else "expected")
    return Delivery(key, planned, due, came, "late" if came > due else "received")
