"""Sums over an area, worked out from its tables as written, to be laid beside published totals."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal

from synthetic_area.figures import DIVISIONS, EDITION
from synthetic_area.records import Row


@dataclass
class Totals:
    """Sums of the two years for which pay is known, and shares of the employers by their last year."""

    employers: int
    insured: dict[int, Decimal]
    payroll: dict[int, Decimal]
    contributions: dict[int, Decimal]
    benefits: dict[int, Decimal]
    recognised: Counter[int]
    cases: int
    deaths: int
    diseases: int
    commuting: int
    class_incidence: dict[int, Decimal]
    """Of both years together; the highest classes have few workers."""
    bands: dict[str, Decimal]
    """Share of the employers by payout ratio of the last year."""
    above: Decimal
    """Share of the employers with a payout ratio over 1 or more injuries than the mean of their industry."""
    above_ids: frozenset[str]
    """The ids of those."""
    largest: Decimal
    """Share of the insured who work for the largest hundredth of the employers."""

    def incidence(self, year: int) -> Decimal:
        """Injuries recognised in the year over mean insured."""
        return Decimal(self.recognised[year]) / self.insured[year]

    def payout_ratio(self, year: int) -> Decimal:
        """Benefits over contributions of the year."""
        return self.benefits[year] / self.contributions[year]

    def rate(self, year: int) -> Decimal:
        """Contributions over payroll of the year."""
        return self.contributions[year] / self.payroll[year]


Sums = defaultdict[tuple[int, str], Decimal]


def totals(year: int, tables: dict[str, list[Row]]) -> Totals:
    """Add up the tables of an area whose last year with data is ``year``."""
    heads, payroll = _exposure(tables["exposure"])
    paid_in, paid_out = Sums(Decimal), Sums(Decimal)
    for own, since, _, amount, _ in tables["contributions"]:
        paid_in[int(since[:4]), own] += Decimal(amount)
    for own, _, day, amount, _ in tables["payments"]:
        paid_out[int(day[:4]), own] += Decimal(amount)
    injured = Counter((int(row[4][:4]), row[1]) for row in tables["cases"] if row[4])
    industry = {row[0]: row[1] for row in tables["employers"] if row[2] == EDITION}
    by_class: dict[int, Decimal] = defaultdict(Decimal)
    heads_by_class: dict[int, Decimal] = defaultdict(Decimal)
    bands: Counter[str] = Counter()
    above: set[str] = set()
    for own, code in industry.items():
        division = DIVISIONS[code]
        for at in (year - 1, year):
            by_class[division.risk_class] += injured[at, own]
            heads_by_class[division.risk_class] += heads[at, own]
        if paid_in[year, own]:
            ratio = paid_out[year, own] / paid_in[year, own]
            bands[band(ratio)] += 1
            if ratio > 1 or injured[year, own] > division.risk * heads[year, own]:
                above.add(own)
    sizes = sorted((count for (at, _), count in heads.items() if at == year), reverse=True)
    return Totals(
        employers=len(tables["employers"]),
        insured=_by_year(heads),
        payroll=_by_year(payroll),
        contributions=_by_year(paid_in),
        benefits=_by_year(paid_out),
        recognised=Counter(int(row[4][:4]) for row in tables["cases"] if row[4]),
        cases=len(tables["cases"]),
        deaths=sum(row[8] == "true" for row in tables["cases"]),
        diseases=sum(row[10] == "true" for row in tables["cases"]),
        commuting=sum(row[5] == "14.6" for row in tables["cases"]),
        class_incidence={key: by_class[key] / heads_by_class[key] for key in sorted(heads_by_class)},
        bands={name: Decimal(count) / bands.total() for name, count in sorted(bands.items())},
        above_ids=frozenset(above),
        above=Decimal(len(above)) / max(1, bands.total()),
        largest=sum(sizes[: max(1, len(sizes) // 100)], Decimal(0)) / sum(sizes, Decimal(0)),
    )


def _exposure(rows: list[Row]) -> tuple[Sums, Sums]:
    """Mean insured of the year, a part of a year counting for its months, and payroll."""
    heads, payroll = Sums(Decimal), Sums(Decimal)
    for own, since, until, insured, wages, _ in rows:
        year = int(since[:4])
        months = (13 if int(until[:4]) > year else int(until[5:7])) - int(since[5:7])
        heads[year, own] += Decimal(insured or 0) * months / 12
        payroll[year, own] += Decimal(wages)
    return heads, payroll


def _by_year(sums: Sums) -> dict[int, Decimal]:
    found: dict[int, Decimal] = defaultdict(Decimal)
    for (year, _), amount in sums.items():
        found[year] += amount
    return dict(sorted(found.items()))


def band(ratio: Decimal) -> str:
    """Where a payout ratio lies among 0, 50, 100 and 150 %.

    >>> band(Decimal("0.5")), band(Decimal("0.51"))
    ('1: up to 50 %', '2: 50 to 100 %')
    """
    if ratio <= 0:
        return "0: none"
    for name, high in (("1: up to 50 %", "0.5"), ("2: 50 to 100 %", "1"), ("3: 100 to 150 %", "1.5")):
        if ratio <= Decimal(high):
            return name
    return "4: over 150 %"
