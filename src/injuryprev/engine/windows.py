"""Which days a rule looks back upon."""

from __future__ import annotations

import datetime as dt

from injuryprev.policy.document import Window
from injuryprev.units import Period, add_months, whole_months


def window_on(window: Window, day: dt.date) -> Period:
    """The days looked back upon from a decision day.

    >>> yearly = Window(cycle=dt.date(2024, 1, 1), every=12, length=12)
    >>> str(window_on(yearly, dt.date(2025, 3, 1)))
    '[2024-01-01, 2025-01-01)'
    >>> july = Window(cycle=dt.date(2015, 7, 1), every=12, length=12, gap=6)
    >>> str(window_on(july, dt.date(2016, 3, 1)))
    '[2014-01-01, 2015-01-01)'

    Both ends are months away from the anchor itself: from one another, an anchor on the 31st would lose days in every
    short month, and windows one after the other would share days or miss some.
    """
    until = (whole_cycles(window, day) - window.back) * window.every - window.gap
    return Period(add_months(window.cycle, until - window.length), add_months(window.cycle, until))


def whole_cycles(window: Window, day: dt.date) -> int:
    """Cycles begun from the anchor to ``day``, the present one not counted; negative before the anchor."""
    cycles = whole_months(window.cycle, day) // window.every
    while add_months(window.cycle, cycles * window.every) > day:
        cycles -= 1
    while add_months(window.cycle, (cycles + 1) * window.every) <= day:
        cycles += 1
    return cycles
