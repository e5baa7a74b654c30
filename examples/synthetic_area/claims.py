"""Injuries of an employer and what the fund pays for them."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

from synthetic_area.chance import Chance
from synthetic_area.figures import (
    CARE_PER_CENT,
    CIRCUMSTANCES,
    DEATH_LUMP,
    DEATH_PER_10_000,
    GRADES,
    GROUNDS,
    GROUNDS_OFFICE,
    LEAVING_MONTHS,
    LOCAL_WAGE,
    LUMP_MONTHS,
    MECHANISMS,
    MEDICAL_MEDIAN,
    OFFICE_MECHANISMS,
    PENSION_PER_CENT,
    POSTS,
    TRADES,
    Division,
    surroundings,
)
from synthetic_area.records import Case, Record


def worker_key(employer: int, number: int) -> str:
    """An opaque key; distinct for every employer and worker number (a prime modulus, so nothing meets).

    >>> worker_key(1, 1)
    'W93132282'
    """
    return f"W{(employer * 4000 + number) * 48_271 % 99_999_989:08d}"


def add_cases(
    record: Record,
    year: int,
    division: Division,
    headcounts: dict[int, int],
    wage: int,
    frailty: Decimal,
    number: int,
    chance: Chance,
) -> None:
    """Draw the injuries of three years: Poisson about what the division and this employer's own proneness give."""
    workers = 0
    recognised: Counter[int] = Counter()
    for at in (year - 2, year - 1, year):
        begin = max(record.since, date(at, 1, 1))
        days = (date(at + 1, 1, 1) - begin).days
        if days <= 0:
            continue
        heads = headcounts[at]
        expected = heads * division.risk * frailty * days / 365
        # an employer never has more injuries than workers, and a small one with several a year would be no accident
        most = max(1, min(heads, headcounts[year]) // 3)
        count = min(chance.poisson(expected), most)
        for _ in range(count):
            workers += 1
            day = begin + timedelta(days=chance.whole(0, days - 1))
            case = _case(division, day, worker_key(number, workers), chance)
            known = case.recognised_on.year if case.recognised_on else year + 1
            if recognised[known] >= most:
                continue
            recognised[known] += 1
            survivors = [earlier for earlier in record.cases if earlier.died_on is None]
            if survivors and case.died_on is None and chance.happens("0.015"):
                case.worker = survivors[-1].worker
            if case.recognised_on and case.recognised_on >= date(year + 1, 3, 1):
                case.recognised_on = None
            _pay(case, wage, chance)
            case.payments = [row for row in case.payments if date(year - 1, 1, 1) <= row[0] < date(year + 1, 1, 1)]
            record.cases.append(case)
    record.cases.sort(key=lambda case: (case.occurred_on, case.worker))
    if headcounts[year] >= 150 and chance.happens("0.12"):
        _old_pension(record, year, wage, chance)


def _case(division: Division, day: date, worker: str, chance: Chance) -> Case:
    office = division.risk_class <= 2
    ground = chance.pick(GROUNDS_OFFICE if office else GROUNDS)
    place = surroundings(division)
    how = CIRCUMSTANCES.get(ground) or (OFFICE_MECHANISMS if office else MECHANISMS)
    case = Case(worker, day, day + timedelta(days=chance.whole(9, 62)), ground, chance.pick(how))
    case.trade, case.post = chance.pick(TRADES[place]), chance.pick(POSTS[place])
    deadly = Decimal(DEATH_PER_10_000.get(ground, 0)) / 10_000
    if ground == "14.1":
        deadly *= Decimal(division.risk_class) / 4
    if chance.happens(deadly):
        # article 15(1): dead on the spot or within 48 hours
        case.died_on = day + timedelta(days=chance.whole(0, 1 if ground == "15.1" else 6))
        return case
    case.grade = chance.pick(GRADES)
    if ground != "14.4" and not chance.happens("0.08"):
        longest = 45 if case.grade is None else min(365, 60 + 30 * (11 - case.grade))
        case.days_lost = chance.whole(1 if case.grade is None else 25, longest)
    return case


def _pay(case: Case, firm_wage: int, chance: Chance) -> None:
    """Benefits of articles 30 to 39: treatment, lump sums and pensions; nothing before the injury is recognised."""
    if case.recognised_on is None:
        return
    wage = min(max(int(chance.skewed(firm_wage, "0.22")), LOCAL_WAGE * 60 // 100), LOCAL_WAGE * 3)

    def pay(days_from: int, days_to: int, fen: int, kind: str) -> date:
        assert case.recognised_on is not None
        day = case.recognised_on + timedelta(days=chance.whole(days_from, days_to))
        case.payments.append((day, fen, kind))
        return day

    cost = int(chance.skewed(MEDICAL_MEDIAN[case.grade] * 100, "0.75"))
    if case.died_on is not None:
        if chance.happens("0.6"):
            pay(5, 60, min(cost * 10, 90_000_00), "medical")
        pay(15, 60, LOCAL_WAGE * 6, "funeral")
        pay(20, 80, DEATH_LUMP.get(case.occurred_on.year, DEATH_LUMP[2024]), "death_lump")
        if chance.happens("0.55"):
            _monthly(case, wage * chance.pick(((30, 40), (40, 35), (70, 25))) // 100, "kin")
        return
    visits = chance.pick(((1, 62), (2, 38)))
    for _ in range(visits):
        pay(8, 70 if visits == 1 else 240, max(cost // visits, 12_00), "medical")
    if chance.happens("0.3"):
        pay(10, 60, 20_00 * chance.whole(3, 30), "hospital_meals")
    if chance.happens("0.03"):
        pay(10, 90, chance.whole(120_00, 1_400_00), "travel")
    if case.grade is None:
        return
    if chance.happens("0.06"):
        pay(60, 200, chance.whole(2_000_00, 16_000_00), "rehabilitation")
    if chance.happens("0.03"):
        pay(90, 260, chance.whole(1_500_00, 30_000_00), "aids")
    settled = pay(70, 210, wage * LUMP_MONTHS[case.grade], "disability_lump")
    if case.grade >= 5 and chance.happens("0.3"):
        case.payments.append(
            (
                settled + timedelta(days=chance.whole(20, 300)),
                LOCAL_WAGE * LEAVING_MONTHS[case.grade],
                "leaving_medical",
            )
        )
    if case.grade in PENSION_PER_CENT:
        _monthly(case, wage * PENSION_PER_CENT[case.grade] // 100, "disability_monthly")
    if case.grade in CARE_PER_CENT:
        _monthly(case, LOCAL_WAGE * CARE_PER_CENT[case.grade] // 100, "care")


def _monthly(case: Case, fen: int, kind: str) -> None:
    """From the second month after recognition on; the caller cuts off what lies after the data."""
    assert case.recognised_on is not None
    month = case.recognised_on.year * 12 + case.recognised_on.month + 1
    for at in range(month, month + 34):
        case.payments.append((date(at // 12, at % 12 + 1, 20), fen, kind))


def _old_pension(record: Record, year: int, wage: int, chance: Chance) -> None:
    """A pension for an injury from before the tables begin."""
    kind, share = chance.pick(((("disability_monthly", 75), 60), (("kin", 40), 40)))
    for at in (year - 1, year):
        for month in range(1, 13):
            if date(at, month, 20) >= record.since.replace(day=1):
                record.loose_payments.append((date(at, month, 20), wage * share // 100, kind))
