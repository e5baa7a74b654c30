"""The area as it is held before it is written: one record an employer, and the tables made of them.

Money is in whole fen, payrolls are in whole yuan; both stay integers until they are written.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

Row = tuple[str, ...]

COLUMNS: Final[dict[str, Row]] = {
    "employers": ("id", "industry", "industry_edition", "kind", "area", "insured_since", "size", "risk_class"),
    "exposure": ("employer_id", "since", "until", "insured", "payroll", "hours"),
    "contributions": ("employer_id", "since", "until", "amount", "paid_on"),
    "cases": (
        *("id", "employer_id", "worker", "occurred_on", "recognised_on", "ground", "circumstances", "grade"),
        *("death", "died_on", "disease", "days_lost", "trade", "post"),
    ),
    "payments": ("employer_id", "case_id", "paid_on", "amount", "kind"),
    "events": ("employer_id", "kind", "on", "until"),
    "recognitions": ("employer_id", "kind", "grade", "since", "until"),
    "industries": ("industry", "industry_edition", "industry_incidence"),
}
"""The tables and their columns: the names of the library's typed objects; ``until`` is the first day outside."""


@dataclass
class Case:
    """One recognised injury, with what the fund paid for it."""

    worker: str
    occurred_on: date
    recognised_on: date | None
    ground: str
    circumstances: str = ""
    grade: int | None = None
    died_on: date | None = None
    days_lost: int | None = None
    trade: str = ""
    post: str = ""
    payments: list[tuple[date, int, str]] = field(default_factory=list)
    id: str = ""


@dataclass
class Record:
    """One employer and all that is known of it."""

    id: str
    division: str
    edition: str
    since: date
    kind: str = "ordinary"
    area: str = "north"
    risk_class: int | None = None
    exposure: list[tuple[date, date, Decimal | None, int, int | None]] = field(default_factory=list)
    contributions: list[tuple[date, date, int, date | None]] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    loose_payments: list[tuple[date, int, str]] = field(default_factory=list)
    """Paid for injuries from before the tables begin, so with no case to name."""
    events: list[tuple[str, date, date | None]] = field(default_factory=list)
    recognitions: list[tuple[str, int | None, date, date]] = field(default_factory=list)

    @property
    def size(self) -> str:
        """By headcount alone, with the limits 1,000, 300 and 20 that industry has in the rule on sizes of firms."""
        heads = max((row[2] for row in self.exposure if row[2] is not None), default=Decimal(0))
        for name, least in (("large", 1000), ("medium", 300), ("small", 20)):
            if heads >= least:
                return name
        return "micro"


def money(fen: int) -> str:
    """Fen as yuan with two places.

    >>> money(-5), money(123456)
    ('-0.05', '1234.56')
    """
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole}.{rest:02d}"


def text(value: object) -> str:
    """A cell; nothing known is an empty cell, never a zero."""
    return "" if value is None else str(value)


def number_cases(records: list[Record]) -> None:
    """Give the cases their numbers, in the order in which the injuries happened."""
    order = sorted(
        ((case.occurred_on, record.id, place, case) for record in records for place, case in enumerate(record.cases)),
        key=lambda row: row[:3],
    )
    for count, (day, record_id, _, case) in enumerate(order, start=1):
        case.id = f"{record_id[:2]}{day:%y}-{count:05d}"


def tables(records: list[Record], industries: list[Row]) -> dict[str, list[Row]]:
    """The rows of all tables, in the order of ``COLUMNS``."""
    number_cases(records)
    found: dict[str, list[Row]] = {name: [] for name in COLUMNS}
    for record in records:
        own = record.id
        found["employers"].append(
            (
                *(own, record.division, record.edition, record.kind, record.area, record.since.isoformat()),
                *(record.size, text(record.risk_class)),
            )
        )
        found["exposure"] += [(own, *map(text, row)) for row in record.exposure]
        found["contributions"] += [
            (own, text(since), text(until), money(fen), text(paid_on))
            for since, until, fen, paid_on in record.contributions
        ]
        found["cases"] += [_case(own, case) for case in record.cases]
        found["payments"] += _payments(record)
        found["events"] += [(own, kind, text(on), text(until)) for kind, on, until in record.events]
        found["recognitions"] += [(own, *map(text, row)) for row in record.recognitions]
    found["cases"].sort()
    found["industries"] = industries
    return found


def _case(own: str, case: Case) -> Row:
    return (
        *(case.id, own, case.worker, text(case.occurred_on), text(case.recognised_on), case.ground),
        *(case.circumstances, text(case.grade), "false" if case.died_on is None else "true", text(case.died_on)),
        *("true" if case.ground == "14.4" else "false", text(case.days_lost), case.trade, case.post),
    )


def _payments(record: Record) -> Iterator[Row]:
    rows = [(day, case.id, fen, kind) for case in record.cases for day, fen, kind in case.payments]
    rows += [(day, "", fen, kind) for day, fen, kind in record.loose_payments]
    for day, case_id, fen, kind in sorted(rows):
        yield record.id, case_id, text(day), money(fen), kind


def as_csv(columns: Row, rows: list[Row]) -> str:
    """A table as CSV text with line feeds."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return target.getvalue()
