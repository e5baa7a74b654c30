"""Days that a policy states as month and day, put into the calendar of a year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Final, Literal

import attrs
from dateutil.relativedelta import relativedelta

from injuryprev.engine import Result
from injuryprev.model.objection import Objection
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

What = Literal["proposals", "selection"]
_TITLES: Final = {
    "proposals": Words("last day for proposals", "申报截止日"),
    "selection": Words("last day for selection", "确定项目截止日"),
}


def deadline(result: Result, what: What, year: int, called: dt.date | None = None) -> dt.date | Unknown:
    """The last day for next year's proposals or their selection: in the year before that of the money.

    Args:
        result: An evaluation of the policy, which states ``<what>_month`` and ``<what>_day``.
        what: Which of the two.
        year: The year the money is for.
        called: The day that the agency's own call names; of the two the earlier holds.

    Returns:
        The day, or why it cannot be known.  The end of a month is its last day, whatever the year.

    >>> import injuryprev as ip
    >>> deadline(ip.load_profile("cn-prevention").on("2024-01-01").evaluate(), "selection", 2026)
    datetime.date(2025, 10, 31)
    """
    month, day = result.get(f"{what}_month"), result.get(f"{what}_day")
    if isinstance(month, Decimal) and isinstance(day, Decimal):
        law = dt.date(year, 1, 1) + relativedelta(years=-1, month=int(month), day=int(day))
        return law if called is None else min(law, called)
    if called is not None:
        return called
    for value in (month, day):
        if isinstance(value, Unknown):
            return value
    return Unknown((Reason("no_output", what, _TITLES[what]),))


def days_late(on: dt.date, last: dt.date | Unknown) -> int | Unknown:
    """Days from a last day to a day; negative where it came before."""
    return last if isinstance(last, Unknown) else (on - last).days


def with_day(one: Objection, last: Mapping[str, dt.date | Unknown]) -> Objection:
    """An objection to something late, with the day that would have been lawful in place of the rule's formula."""
    until = last.get(one.rule)
    return attrs.evolve(one, lawful=Words(f"by {until}", f"不晚于 {until}")) if isinstance(until, dt.date) else one
