"""From cases to counts: which cases a standard counts, how many persons they are, and how many days they cost."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Final

import attrs

from injuryprev.engine.conditions import Condition
from injuryprev.errors import InputError, UnknownNameError, nearest
from injuryprev.measures.definition import FIELDS, MORE_FIELDS, Definition, LostDays
from injuryprev.measures.injury_rate import Finding
from injuryprev.measures.quotients import plain, read
from injuryprev.model import InjuryCase
from injuryprev.policy.expr import Expr
from injuryprev.units import Period, add_months, round_to
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

Facts = Mapping[str, Mapping[str, object]]
"""What other countries record of a case, by its key: ``{"C-1": {"calendar_days": 25, "restricted": False}}``."""
PERMANENT: Final = "permanent"
LOST: Final = "lost_days"


@attrs.frozen
class Count:
    """What was counted, or why it cannot be: cases, persons or days, and how many cases they are of."""

    value: Fraction | Unknown
    cases: Fraction | Unknown
    findings: tuple[Finding, ...] = ()


def count_cases(
    definition: Definition, cases: Iterable[InjuryCase], *, within: Period | None = None, facts: Facts | None = None
) -> Count:
    """Count cases as a definition says.

    Args:
        definition: What counts.
        cases: The cases; one given twice counts once, and a finding says so.
        within: Days into which a case must fall by the date of the definition; ``None``: all cases given.
        facts: What a case does not say of itself: ``calendar_days`` off work, ``restricted``, ``recordable``,
            ``grade_jp``.

    Returns:
        The count; ``Unknown`` where some case does not say what settles whether it counts, or what it costs.

    Raises:
        UnknownNameError: A fact of another name.
        InputError: Two different cases of one key, or days off work that are no number of days.
    """
    check_period(within, f"{definition.name}.count within")
    counter = _Counter(definition, within, facts or {})
    chosen = list(counter.chosen(cases))
    reasons = dict.fromkeys(counter.reasons)
    number: Fraction | Unknown = Fraction(len(chosen))
    value = number
    if definition.counts == "persons":
        value = Fraction(len({case.worker for case, _ in chosen}))
    elif definition.lost_days is not None:
        value = days_of(definition.lost_days, [fields for _, fields in chosen])
        if isinstance(value, Unknown):
            reasons.update(dict.fromkeys(value.reasons))
    if reasons:
        value = number = Unknown(tuple(reasons))
    return Count(value, number, tuple(counter.findings))


def check_period(period: object, where: str) -> None:
    """Refuse what is no period, such as the number of a year.

    Raises:
        InputError: It is none.
    """
    if period is not None and not isinstance(period, Period):
        raise InputError("not a period", where=where, seen=period, expected="a Period, such as Period.year(2024)")


Fields = Mapping[str, object]


class _Counter:
    def __init__(self, definition: Definition, within: Period | None, facts: Facts) -> None:
        self.definition, self.within, self.facts = definition, within, facts
        self.reasons: list[Reason] = []
        self.findings: list[Finding] = []
        self.condition = None if definition.where is None else condition_of(definition.where, definition.above)

    def chosen(self, cases: Iterable[InjuryCase]) -> Iterator[tuple[InjuryCase, Fields]]:
        """The cases that count; what keeps one from being judged is gathered."""
        for case in self._once(cases):
            day: dt.date | None = getattr(case, self.definition.dated)
            if day is None or (self.within is not None and day not in self.within):
                continue
            fields = fields_of(case, self.definition, self.facts.get(case.id, {}))
            holds = True if self.condition is None else self.condition.holds(fields)
            if isinstance(holds, Unknown):
                self.reasons.extend(holds.reasons)
            elif holds:
                yield case, fields

    def _once(self, cases: Iterable[InjuryCase]) -> Iterator[InjuryCase]:
        known: dict[str, InjuryCase] = {}
        for case in cases:
            if case.id not in known:
                known[case.id] = case
                yield case
            elif known[case.id] == case:
                words = Words("the case is given twice and counted once", "该案例重复，只计一次")
                self.findings.append(Finding("case_twice", f"case {case.id}", words))
            else:
                raise InputError(
                    "two different cases have one key", where="count_cases", seen=case.id, expected="a key for each"
                )


def fields_of(case: InjuryCase, definition: Definition, facts: Mapping[str, object]) -> Fields:
    """What the condition and the lost-day table of a definition may look at."""
    for name in facts:
        if name not in MORE_FIELDS:
            raise UnknownNameError(
                "no standard asks for this fact",
                where=f"facts of case {case.id}",
                seen=name,
                expected=nearest(name, MORE_FIELDS),
            )
    return {
        "item": None if case.ground is None else case.ground.key,
        "death": _death(case, definition.death_within_months),
        "disease": case.disease,
        "grade": case.grade,
        "days_lost": case.days_lost,
        **{name: _fact(case, name, facts.get(name)) for name in MORE_FIELDS},
    }


def _fact(case: InjuryCase, name: str, value: object) -> object:
    """A fact as Python has it, NaN of a dataframe as none; days below zero would pass for no days at all."""
    value = plain(value)
    if isinstance(value, float):
        value = None if math.isnan(value) else int(value) if value.is_integer() else value
    number = read(value, name) if name == "calendar_days" and value is not None else Fraction(0)
    broken = number.denominator != 1 if isinstance(number, Fraction) else number.reasons[0].code == "out_of_range"
    if broken:
        raise InputError(
            "not a number of days", where=f"facts of case {case.id}, {name}", seen=value, expected="0, 1, 2, …"
        )
    return value


def _death(case: InjuryCase, months: int | None) -> bool | None:
    """Whether it is a death by the limit of the standard; unknown where it depends on a day that is not recorded."""
    if not case.death or months is None:
        return case.death
    return None if case.died_on is None else case.died_on <= add_months(case.occurred_on, months)


@lru_cache(maxsize=256)
def condition_of(where: Expr, subject: str) -> Condition:
    """The condition of a definition, compiled once; ``subject`` is the figure named in its reasons."""
    return Condition(where, FIELDS, subject)


def days_of(table: LostDays, cases: Iterable[Fields]) -> Fraction | Unknown:
    """The days that cases cost by a table: charged for deaths and grades, counted for the others.

    >>> from injuryprev.measures import standard
    >>> table = standard("jp.severity").lost_days
    >>> days_of(table, [{"death": False, "calendar_days": days} for days in (200, 50, 25)])
    Fraction(226, 1)
    """
    charged, counted, reasons = 0, Fraction(0), dict[Reason, None]()
    for fields in cases:
        charge = _charge(table, fields)
        days = read(fields.get(table.field), table.field) if charge is None else charge
        if isinstance(days, Unknown):
            reasons.update(dict.fromkeys(days.reasons))
        elif isinstance(charge, int):
            charged += charge
        else:
            counted += days if table.most is None else min(days, Fraction(table.most))
    if reasons:
        return Unknown(tuple(reasons))
    counted *= table.factor
    return charged + (counted if table.round is None else round_to(counted, table.round.to, table.round.mode))


def _charge(table: LostDays, fields: Fields) -> int | Unknown | None:
    """Days charged for a death or a permanent disability; ``None``: they are counted."""
    death = fields.get("death")
    if death is None:
        return Unknown(
            (Reason("missing", "death", Words("a case does not say whether it is a death", "未注明是否死亡")),)
        )
    if death and table.death is not None:
        return table.death
    grade = fields.get(table.grade) if table.grade else None
    if table.grades and grade is not None:
        days = table.grades.get(str(grade))
        if days is None:
            words = Words(f"{table.grade} {grade} is not in the table", f"{table.grade} {grade} 不在表中")
            return Unknown((Reason("out_of_range", table.grade, words),))
        return days
    # A permanent disability of which this table does not know the days.
    graded = fields.get("grade") is not None
    if table.permanent is not None and graded and (table.grades or fields.get(table.field) is None):
        return Unknown((Reason("not_known", LOST, table.permanent),))
    return None
