"""Rows put together employer by employer, with the effect of every rejected row thought through."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import attrs

from injuryprev.errors import InputError
from injuryprev.exchange.findings import Finding
from injuryprev.exchange.objects import Builder, Record
from injuryprev.exchange.tables import Place, Row
from injuryprev.model import BenefitPayment, Employer, Exposure, History, InjuryCase
from injuryprev.units import Period
from injuryprev.words import Words

_FIELD: Final = {
    "exposure": "exposures",
    "contributions": "contributions",
    "cases": "cases",
    "payments": "payments",
    "events": "events",
    "recognitions": "recognitions",
}

REPEATED: Final = {"contributions": "amount", "payments": "amount", "events": "kind", "recognitions": "kind"}
"""Tables whose rows have no key, so that one said twice is counted twice; and the column that stands for the row."""


_DAYS: Final = {"cases": ("recognised_on",)}
"""Days without which a row says that nothing happened; where no row can say it, for want of it, nobody knows."""


@attrs.define
class Assembly:
    """Employers and their records as they come in; tables of employers and of cases must come first."""

    builder: Builder
    employers: dict[str, Employer] = attrs.field(factory=dict)
    findings: list[Finding] = attrs.field(factory=list)
    refused: dict[str, tuple[Finding, ...]] = attrs.field(factory=dict)
    _employer_places: dict[str, Place] = attrs.field(factory=dict)
    _tables: set[str] = attrs.field(factory=set)
    _records: dict[str, dict[str, list[Record]]] = attrs.field(factory=dict)
    _cases: dict[tuple[str, str], tuple[Place, InjuryCase]] = attrs.field(factory=dict)
    _owners_of_case: dict[str, set[str]] = attrs.field(factory=dict)
    _rejected_cases: dict[tuple[str, str], Place] = attrs.field(factory=dict)
    _unused_cases: dict[str, Place] = attrs.field(factory=dict)
    _exposure_places: dict[int, Place] = attrs.field(factory=dict)
    _left_out: dict[tuple[str, str], list[Place]] = attrs.field(factory=dict)
    _said: dict[Record, Place] = attrs.field(factory=dict)
    _unsaid: set[str] = attrs.field(factory=set)

    def begin(self, table: str) -> None:
        """Note that a table was supplied, so that an employer without a row in it had nothing to put there."""
        self._tables.add(table)

    def place_of(self, employer_id: str) -> Place:
        """Where the row of an employer stands."""
        return self._employer_places[employer_id]

    def add(self, table: str, row: Row) -> None:
        """Take one row: keep what it says, or reject it and refuse whomever it concerns."""
        record: Record | None = None
        self._unsaid.update(f"{_FIELD[table]}.{day}" for day in _DAYS.get(table, ()) if not row.place.layout.has(day))
        findings = list(row.findings)
        if not findings:
            built = self.builder.build(table, row)
            if isinstance(built, Finding):
                findings.append(built)
            else:
                record = built
        if record is None:
            self._reject(table, row, findings)
        elif isinstance(record, Employer):
            self._employer(row, record)
        elif record.employer_id not in self.employers:
            self._without_employer(table, row, record)
        elif isinstance(record, InjuryCase):
            self._case(row, record)
        elif isinstance(record, BenefitPayment) and (finding := self._wrong_case(row, record)):
            others = sorted(self._owners_of_case.get(record.case_id or "", ()))
            self._refuse((record.employer_id, *others), (finding,))
        else:
            if isinstance(record, Exposure):
                self._exposure_places[id(record)] = row.place
            if isinstance(record, BenefitPayment) and (finding := self._old_case(row, record)):
                self.findings.append(finding)
            if table in REPEATED:
                self._once(table, row, record)
            self._keep(table, record.employer_id, record)

    def finish(self) -> dict[str, History]:
        """The history of every employer."""
        for (owner, table), places in self._left_out.items():
            count = len(places)
            finding = places[0].finding("employer_rejected", left_out(owner, count))
            self._refuse((owner,), (attrs.evolve(finding, table=table),))
        return {key: self._history(key) for key in self.employers}

    def _keep(self, table: str, owner: str, record: Record) -> None:
        self._records.setdefault(owner, {}).setdefault(table, []).append(record)

    def _refuse(self, owners: Iterable[str], findings: Iterable[Finding]) -> None:
        keys = tuple(dict.fromkeys(owners))
        marked = tuple(attrs.evolve(finding, employers=keys) for finding in findings)
        self.findings.extend(marked)
        for key in keys:
            self.refused[key] = self.refused.get(key, ()) + marked

    def _reject(self, table: str, row: Row, findings: list[Finding]) -> None:
        """A row that makes no object: whose is it?"""
        key = row.cells.get("id" if table == "employers" else "employer_id")
        case = row.cells.get("id" if table == "cases" else "case_id")
        if isinstance(key, str) and (table == "employers" or key in self.employers or key in self.refused):
            owners: Iterable[str] = (key,)
            if table == "cases" and isinstance(case, str):
                self._rejected_cases.setdefault((key, case), row.place)
        else:
            if table == "cases" and isinstance(case, str):
                self._unused_cases.setdefault(case, row.place)
            # Nobody can tell, so every employer that the row names in any cell is held back, and every employer
            # with a case of the number it names.
            named = [text for text in row.texts if text in self.employers]
            owners = sorted({*named, *(self._owners_of_case.get(case, ()) if isinstance(case, str) else ())})
        self._refuse(owners, findings)

    def _employer(self, row: Row, employer: Employer) -> None:
        kept = self.employers.setdefault(employer.id, employer)
        if kept is employer:
            self._employer_places[employer.id] = row.place
            return
        same = kept == employer
        finding = row.finding("duplicate", again("employer", self._employer_places[employer.id], same=same), "id")
        self._refuse(() if same else (employer.id,), (finding,))

    def _without_employer(self, table: str, row: Row, record: Record) -> None:
        owner = str(row.cells["employer_id"])
        if isinstance(record, InjuryCase):
            self._unused_cases.setdefault(record.id, row.place)
        if owner in self.refused:
            # One finding for all of them, made at the end: their number would bury the one that matters.
            self._left_out.setdefault((owner, table), []).append(row.place)
            return
        case = record.case_id if isinstance(record, BenefitPayment) else None
        words = Words("no such employer in the table of employers", "单位表中没有该单位")
        finding = row.finding("no_employer", words, "employer_id")
        self._refuse(sorted(self._owners_of_case.get(case or "", ())), (finding,))

    def _case(self, row: Row, case: InjuryCase) -> None:
        key = (case.employer_id, case.id)
        place, kept = self._cases.setdefault(key, (row.place, case))
        if kept is case:
            self._owners_of_case.setdefault(case.id, set()).add(case.employer_id)
            self._keep("cases", case.employer_id, case)
            return
        same = kept == case
        self._refuse(
            () if same else (case.employer_id,), (row.finding("duplicate", again("case", place, same=same), "id"),)
        )

    def _wrong_case(self, row: Row, payment: BenefitPayment) -> Finding | None:
        """Why a payment cannot be for the case it names; without a table of cases, nothing is asked."""
        key = (payment.employer_id, payment.case_id or "")
        if payment.case_id is None or "cases" not in self._tables or key in self._cases:
            return None
        others = sorted(self._owners_of_case.get(payment.case_id, ()))
        unused = self._rejected_cases.get(key) or self._unused_cases.get(payment.case_id)
        if others and key not in self._rejected_cases:
            words = of_another(others[0])
        elif unused:
            words = of_unused(unused)
        else:
            return None
        return row.finding("no_case", words, "case_id")

    def _old_case(self, row: Row, payment: BenefitPayment) -> Finding | None:
        """A case that nobody has: as a rule one older than the extract; nothing is wrong with the payment itself."""
        key = (payment.employer_id, payment.case_id or "")
        if payment.case_id is None or "cases" not in self._tables or key in self._cases:
            return None
        words = Words(
            "no such case in the table of cases; the payment counts, and is unknown where a rule asks what the case "
            "was",
            "案件表中没有该案件；该笔支付照常计入，规则需要案件情况时作未知处理",
        )
        return attrs.evolve(row.finding("old_case", words, "case_id"), severity="warn")

    def _once(self, table: str, row: Row, record: Record) -> None:
        """Two payments of one day may be alike, or one may have been exported twice: both count, and it is said."""
        place = self._said.setdefault(record, row.place)
        if place is not row.place:
            finding = row.finding("repeated", repeated(place), REPEATED[table])
            self.findings.append(attrs.evolve(finding, severity="warn"))

    def _history(self, owner: str) -> History:
        records = self._records.pop(owner, {})
        tables: dict[str, Any] = {_FIELD[name]: records.get(name, []) for name in _FIELD if name in self._tables}
        tables["unsaid"] = self._unsaid
        try:
            return History(**tables)
        except InputError:
            # The other demands of a history were met row by row; what is left is one figure given twice for some days.
            exposures = [record for record in tables["exposures"] if isinstance(record, Exposure)]
            return History(**{**tables, "exposures": self._without_overlaps(owner, exposures)})

    def _without_overlaps(self, owner: str, exposures: list[Exposure]) -> list[Exposure]:
        kept: list[Exposure] = []
        for record in exposures:
            other = next((other for other in kept if _overlap(record, other)), None)
            if other is None:
                kept.append(record)
                continue
            place, first = self._exposure_places[id(record)], self._exposure_places[id(other)]
            self._refuse((owner,), (place.finding("overlap", overlapping(record.period, first)),))
        return kept


def _overlap(left: Exposure, right: Exposure) -> bool:
    both = any(
        getattr(left, name) is not None and getattr(right, name) is not None for name in ("insured", "payroll", "hours")
    )
    return both and left.period.intersect(right.period) is not None


def left_out(owner: str, count: int) -> Words:
    """Of rows of an employer whose own row was rejected."""
    return Words(
        f"{count} row(s) of employer {owner} were not used, because its row in employers was rejected",
        f"单位 {owner} 在单位表中的行未被采用，因此其 {count} 行数据未使用",
    )


def of_another(other: str) -> Words:
    """Of a payment for a case of somebody else."""
    return Words(f"the case belongs to another employer, {other}", f"该案件属于其他单位 {other}")


def of_unused(place: Place | str) -> Words:
    """Of a payment for a case whose row was rejected."""
    return Words(f"the row of its case was rejected ({place})", f"其案件所在行未被采用（{place}）")


def repeated(place: Place | str) -> Words:
    """Of a row that says what another says."""
    return Words(f"the same row again as {place}; both are counted", f"与 {place} 完全相同；两行均计入")


def overlapping(period: Period, place: Place | str) -> Words:
    """Of a figure given twice for some days."""
    return Words(
        f"a figure for {period} is given again for days that {place} is for; the first row is kept",
        f"{period} 的数值与 {place} 的期间重叠；保留先出现的一行",
    )


def again(what: str, place: Place | str, *, same: bool) -> Words:
    """Of a key that stands there a second time."""
    zh = "单位" if what == "employer" else "案件"
    if same:
        return Words(f"the same {what} again, saying the same; {place} is kept", f"{zh}重复且内容相同；保留 {place}")
    return Words(
        f"the same {what} again, saying something else than {place}; the first row is kept, and since nobody can tell "
        "which is right, the employer is not rated",
        f"{zh}重复且与 {place} 内容不同；保留先出现的一行，因无法判断何者正确，该单位不予计算费率",
    )
