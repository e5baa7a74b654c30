"""Ordinary employers: their size, wages, contributions, certificates and misdeeds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from synthetic_area.chance import Chance
from synthetic_area.claims import add_cases
from synthetic_area.figures import (
    BASE_RATE,
    DIVISIONS,
    EDITION,
    LARGEST,
    LOCAL_WAGE,
    PRONENESS,
    TIERS,
    TIERS_CLASS_1,
    Division,
)
from synthetic_area.records import Record


@dataclass
class Setting:
    """What an area is drawn with: ``year`` is the last calendar year with data."""

    seed: int
    year: int
    prefix: str = "LK"
    least: Decimal = Decimal(2)
    """Pareto's smallest headcount, before the size usual in the division."""

    @property
    def first_paid(self) -> date:
        """The day from which exposure, contributions and payments are in the tables."""
        return date(self.year - 1, 1, 1)

    @property
    def end(self) -> date:
        """The first day after the data."""
        return date(self.year + 1, 1, 1)


def divisions_for(count: int, chance: Chance) -> list[Division]:
    """One division an employer: shares as published orders of magnitude suggest, and none of the 96 left out
    where there are employers enough.
    """
    weighted = [(division, division.share) for division in DIVISIONS.values()]
    if count < 2 * len(weighted):
        return [chance.pick(weighted) for _ in range(count)]
    total = sum(share for _, share in weighted)
    chosen = [division for division, share in weighted for _ in range(max(1, count * share // total))]
    while len(chosen) < count:
        chosen.append(chance.pick(weighted))
    return chance.shuffled(chosen)[:count] if len(chosen) == count else _trim(chosen, count, chance)


def _trim(chosen: list[Division], count: int, chance: Chance) -> list[Division]:
    """Take the surplus, which the one-at-least rule made, from the commonest divisions."""
    common = sorted(range(len(chosen)), key=lambda at: -chosen[at].share)
    surplus = set(common[: len(chosen) - count])
    return chance.shuffled([division for at, division in enumerate(chosen) if at not in surplus])


def contribution(payroll: int, base: Decimal, tier: int) -> int:
    """Payroll in yuan times the rate, in fen, half a fen upwards.

    >>> contribution(1_200_000, Decimal("0.009"), 80)
    864000
    """
    millionths = int(base * 10_000) * tier
    return (payroll * 100 * millionths + 500_000) // 1_000_000


def ordinary(setting: Setting, number: int, division: Division) -> Record:
    """One employer of the area, with its whole record."""
    own = f"{setting.prefix}-{number:06d}"
    chance = Chance(setting.seed, own)
    record = Record(own, division.code, EDITION, _insured_since(chance, setting.year))
    record.area = chance.pick((("north", 35), ("harbour", 30), ("old_town", 20), ("hills", 15)))
    record.kind = _kind(chance, division)
    heads = max(1, int(chance.pareto(setting.least * division.size, max(LARGEST, LARGEST * division.size / 2))))
    headcounts = {setting.year - 2: heads}
    for year in (setting.year - 1, setting.year):
        heads = max(1, heads + int(heads * (chance.unit() - Decimal("0.47")) / 4))
        headcounts[year] = heads
    wage = int(chance.skewed(LOCAL_WAGE * division.wage * Decimal("0.93"), "0.2"))
    wage = min(max(wage, LOCAL_WAGE * 60 // 100), LOCAL_WAGE * 300 // 100)
    add_pay(record, setting, division, headcounts, wage, chance)
    add_cases(record, setting.year, division, headcounts, wage, _proneness(heads, chance), number, chance)
    _certificates(record, setting, division, heads, chance)
    _misdeeds(record, setting, chance)
    return record


def _proneness(heads: int, chance: Chance) -> Decimal:
    """This employer's own injuries beside the mean of its division."""
    level, shape = next((level, shape) for limit, level, shape in PRONENESS if limit is None or heads < limit)
    return level * chance.gamma(shape)


def _insured_since(chance: Chance, year: int) -> date:
    age = chance.pick((("this", 4), ("last", 5), ("older", 91)))
    if age == "this":
        return date(year, chance.whole(2, 11), 1)
    if age == "last":
        return date(year - 1, chance.whole(2, 12), 1)
    return date(chance.whole(2004, year - 3), chance.whole(1, 12), 1)


def _kind(chance: Chance, division: Division) -> str:
    if division.code in {"90", "91", "92", "93"}:
        return "government"
    if division.code in {"82", "83", "87"} and chance.happens("0.45"):
        return "institution"
    return "ordinary"


def months_in(year: int, since: date) -> int:
    """How many months of the year an employer insured since the first of a month has."""
    if since.year > year:
        return 0
    return 12 if since.year < year else 13 - since.month


def add_pay(
    record: Record, setting: Setting, division: Division, headcounts: dict[int, int], wage: int, chance: Chance
) -> None:
    """Exposure and contributions of the two last years: one row a year, or one a month for a few."""
    tiers = TIERS_CLASS_1 if division.risk_class == 1 else TIERS
    tier = chance.pick(tiers)
    late = chance.happens("0.006")
    for year in (setting.year - 1, setting.year):
        months = months_in(year, record.since)
        if record.since.year >= year - 1:
            tier = 100
        elif chance.happens("0.35"):
            tier = chance.pick(tiers)
        if not months:
            continue
        insured, begin = headcounts[year], max(record.since, date(year, 1, 1))
        payroll = insured * wage * months // 1000 * 10
        hours = insured * chance.whole(158, 186) * months if insured >= 20 else None
        record.exposure.append((begin, date(year + 1, 1, 1), Decimal(insured), payroll, hours))
        due = contribution(payroll, BASE_RATE[division.risk_class], tier)
        if late and year == setting.year and months == 12:
            stop = date(year, chance.whole(9, 11), 1)
            settled = date(year, 12, chance.whole(1, 28)) if chance.happens("0.5") else None
            record.events.append(("arrears", stop, settled))
            due = due if settled else due * (stop.month - 1) // 12
        record.contributions.append((begin, date(year + 1, 1, 1), due, date(year, 12, chance.whole(5, 25))))


def _certificates(record: Record, setting: Setting, division: Division, heads: int, chance: Chance) -> None:
    """Three-year certificates, begun in the last four years, so that some have run out."""
    if division.risk_class >= 3 and heads >= 15 and chance.happens("0.62"):
        grade = chance.pick(((1, 3), (2, 17), (3, 80)) if heads >= 100 else ((2, 5), (3, 95)))
        _certificate(record, setting, "standardisation", grade, chance)
    if heads >= 30 and chance.happens("0.14"):
        _certificate(record, setting, "harmonious_unit", None, chance)
    if heads >= 60 and chance.happens("0.06"):
        _certificate(record, setting, "healthy_enterprise", None, chance)


def _certificate(record: Record, setting: Setting, kind: str, grade: int | None, chance: Chance) -> None:
    since = date(chance.whole(setting.year - 3, setting.year), chance.whole(1, 12), chance.whole(1, 28))
    if since >= record.since:
        record.recognitions.append((kind, grade, since, since.replace(year=since.year + 3)))


def _misdeeds(record: Record, setting: Setting, chance: Chance) -> None:
    """Events that rules attach a rise to; rare, and fraud only where there was something to claim."""
    day = date(setting.year - chance.whole(0, 1), chance.whole(1, 12), chance.whole(1, 28))
    if day < record.since:
        return
    if chance.happens("0.0022"):
        record.events.append(("under_declaring", day, None))
    if chance.happens("0.0004"):
        record.events.append(("joint_punishment", day, day.replace(year=day.year + 2)))
    paid = [case for case in record.cases if case.payments]
    if paid and chance.happens("0.012"):
        record.events.append(("false_facts", min(paid[-1].payments)[0], None))
    if paid and chance.happens("0.009"):
        last, amount, _ = max(paid[-1].payments)
        found_out = last + timedelta(days=chance.whole(20, 90))
        if found_out < setting.end:
            record.events.append(("benefit_fraud", found_out, None))
            paid[-1].payments.append((found_out, -(amount // 2), "refund"))
