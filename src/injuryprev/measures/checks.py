"""Figures of one row that cannot all be right: found and named, and used all the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, Final

import attrs

from injuryprev.errors import InputError
from injuryprev.measures.definition import Definition
from injuryprev.measures.injury_rate import Finding
from injuryprev.units import Period, add_months, shown
from injuryprev.unknown import Unknown
from injuryprev.words import Words

DAYS: Final = 366
"""Days of the period, where nobody says how many: those of the longest year."""
_HOURS_OF_A_DAY: Final = 24

PERSONS: Final = (
    "persons",
    "cases",
    "deaths",
    "injured",
    "injuries",
    "serious_injuries",
    "casualties",
    "recipients",
    "recordable_cases",
    "dart_cases",
    "days_away_cases",
    "lost_time_injuries",
    "accidents",
)
"""Figures that count people who were hurt, or cases, each of which is one person in one accident."""
ALL_CASES: Final = ("cases", "injured", "injuries", "casualties", "persons")
"""Figures that count everybody who was hurt, so that deaths and lost days belong to some of them."""
SOME_CASES: Final = ("deaths", "serious_injuries")
"""Figures that count some of the cases, which a row may give beside all of them."""
WORKERS: Final = ("workers", "insured")
BESIDE: Final = (*PERSONS, *WORKERS, "lost_days", "hours")
"""Figures that one row can have."""


@attrs.frozen
class Check:
    """One kind of contradiction: a code, the figures it compares, when they contradict, and how that is said.

    ``wrong`` takes two figures and the days of the period, as numbers or as columns.
    """

    code: str
    above: tuple[str, ...]
    below: tuple[str, ...]
    wrong: Callable[[Any, Any, int], Any]
    words: Words


CHECKS: Final = (
    Check(
        "more_injured_than_workers",
        PERSONS,
        WORKERS,
        lambda injured, workers, _: injured > workers,
        Words("{one}={a} is more than {other}={b}", "{one}={a} 多于 {other}={b}"),
    ),
    Check(
        "lost_days_without_cases",
        ("lost_days",),
        ALL_CASES,
        lambda days, cases, _: (days > 0) & (cases == 0),
        Words("{one}={a} without any case ({other}=0)", "有 {one}={a} 而无案例（{other}=0）"),
    ),
    Check(
        "more_deaths_than_cases",
        ("deaths",),
        ALL_CASES,
        lambda deaths, cases, _: deaths > cases,
        Words("{one}={a} is more than {other}={b}", "{one}={a} 多于 {other}={b}"),
    ),
    Check(
        "hours_beyond_possible",
        ("hours",),
        WORKERS,
        lambda hours, workers, days: hours > workers * (_HOURS_OF_A_DAY * days),
        Words(
            "{one}={a} is more than {other}={b} can have worked in {days} days of 24 hours",
            "{one}={a} 超过 {other}={b} 在 {days} 天内每天 24 小时所能工作的时数",
        ),
    ),
)


PART: Final = "part_of_a_case"
"""The code of a count that is not whole: half a person was not hurt, though a mean of years may be."""
_PART: Final = Words("{one}={a} is not a whole number", "{one}={a} 不是整数")


def odd(figures: Mapping[str, Fraction | Unknown], where: str = "", days: int = DAYS) -> tuple[Finding, ...]:
    """What contradicts itself in the figures of one row; figures that are not known contradict nothing.

    >>> [finding.text() for finding in odd({"persons": Fraction(3), "workers": Fraction(2)}, "row 7")]
    ['row 7: persons=3 is more than workers=2']
    """
    found = [
        Finding(PART, where, _PART.format(one=name, a=shown(count)))
        for name in PERSONS
        if isinstance(count := figures.get(name), Fraction) and count.denominator != 1
    ]
    for check in CHECKS:
        for one, other in pairs(check, figures):
            a, b = figures[one], figures[other]
            if isinstance(a, Unknown) or isinstance(b, Unknown) or not check.wrong(a, b, days):
                continue
            words = check.words.format(one=one, other=other, a=shown(a), b=shown(b), days=days)
            found.append(Finding(check.code, where, words))
    return tuple(found)


def pairs(check: Check, names: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The figures of a row that a check compares."""
    return [(one, other) for one in check.above if one in names for other in check.below if other in names]


NOT_A_YEAR: Final = "not_a_year"
"""The code of a rate by workers of a period that is no year: of half a year it is about half."""


def not_a_year(definition: Definition, within: Period | None, where: str = "") -> tuple[Finding, ...]:
    """Said where a rate by persons is of a period of another length than those it is compared with."""
    if definition.below not in WORKERS or definition.parts != 1 or within is None or within.until is None:
        return ()
    if add_months(within.since, 12) == within.until:
        return ()
    words = Words(
        f"{within} is no year: a rate by workers grows with the period; hold this one against no yearly ones",
        f"{within} 不是一整年：按人数计算的比率随期间长短变化，不可与年度比率相比",
    )
    return (Finding(NOT_A_YEAR, where, words),)


def check_days(definition: Definition, days: int, where: str) -> None:
    """Refuse the mean month of a period that is said to be no year.

    Raises:
        InputError: The definition takes a mean over the months of a year, and the days are others.
    """
    if definition.parts != 1 and days not in (DAYS, DAYS - 1):
        raise InputError(
            "a mean month of a year, and days that are no year",
            where=where,
            seen=f"days={days}",
            expected=f"figures of a year, or cases with within= by {definition.name}.of_cases",
        )
