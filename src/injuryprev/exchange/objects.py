"""Rows into typed objects: the model checks the values, and its complaint becomes a finding on the row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Final

import attrs

from injuryprev.errors import InputError
from injuryprev.exchange.findings import Finding
from injuryprev.exchange.tables import Row
from injuryprev.model import (
    BenefitPayment,
    ContributionPaid,
    Employer,
    EmployerEvent,
    Exposure,
    Ground,
    Industry,
    InjuryCase,
    Recognition,
)
from injuryprev.units import Period
from injuryprev.words import Words

Record = Employer | Exposure | ContributionPaid | InjuryCase | BenefitPayment | EmployerEvent | Recognition
# Not Cell: a cell was read as its column says, and whether that suits the field is for the model to check.
Cells = Mapping[str, Any]


@attrs.define
class RowError(Exception):
    """Why a row makes no object, where no single field of the model says so."""

    code: str
    words: Words
    column: str | None = None


@attrs.frozen
class Builder:
    """What building needs beside the row: the names of facts, and the edition of codes that state none."""

    facts: tuple[str, ...] = ()
    edition: str | None = None

    def build(self, table: str, row: Row) -> Record | Finding:
        """The object of a row, or the finding that rejects it."""
        try:
            return _BUILD[table](self, row.cells)
        except RowError as error:
            return row.finding(error.code, error.words, error.column)
        except InputError as error:
            return row.finding(*from_model(error))

    def industry(self, cells: Cells) -> Industry | None:
        """The industry of a row; a code without an edition is refused, for it could mean two things."""
        code, edition = cells.get("industry"), cells.get("industry_edition") or self.edition
        if code is None:
            return None
        if edition is None:
            raise RowError(
                "no_edition",
                Words(
                    "an industry code without its edition: from 79 on the same digits mean other industries in 2017 "
                    "than in 2011; fill industry_edition, or state one edition for all (--edition 2017)",
                    "行业代码未注明版本：自 79 起 2017 版与 2011 版同码不同业；请填写行业版本，或以 --edition 统一指定",
                ),
                "industry_edition" if "industry_edition" in cells else "industry",
            )
        return Industry(code, edition)


_COLUMN_OF: Final = {
    "Industry.code": "industry",
    "Industry.edition": "industry_edition",
    "Ground": "ground",
    "Ground.item": "ground",
    "Period": "until",
    "Period.since": "since",
}


def from_model(error: InputError) -> tuple[str, Words, str | None]:
    """Code, words and column of a complaint of the model."""
    place = error.where.partition("[")[0]
    column = _COLUMN_OF.get(error.where) or place.partition(".")[2].partition(".")[0] or None
    said = error.what
    if error.expected:
        said += f"; expected: {error.expected}"
    if error.source:
        said += f"; source: {error.source}"
    return "bad_value", Words(said, f"数据不符合要求：{said}"), column


def _employer(builder: Builder, cells: Cells) -> Employer:
    given = {
        name: cells.get(name) for name in ("credit_code", "subclass", "area", "insured_since", "risk_class", "size")
    }
    return Employer(
        cells["id"],
        builder.industry(cells),
        kind=cells.get("kind") or "ordinary",
        name=cells.get("name"),
        facts={name: cells[name] for name in builder.facts if cells.get(name) is not None},
        **given,
    )


def _exposure(_builder: Builder, cells: Cells) -> Exposure:
    return Exposure(cells["employer_id"], period(cells), cells.get("insured"), cells.get("payroll"), cells.get("hours"))


def _contribution(_builder: Builder, cells: Cells) -> ContributionPaid:
    return ContributionPaid(cells["employer_id"], period(cells), cells["amount"], cells.get("paid_on"))


def _case(builder: Builder, cells: Cells) -> InjuryCase:
    ground = None if cells.get("ground") is None else Ground.parse(cells["ground"])
    names = ("recognised_on", "circumstances", "grade", "died_on", "days_lost", "accident", "trade", "post")
    return InjuryCase(
        cells["id"],
        cells["employer_id"],
        cells["worker"],
        cells["occurred_on"],
        ground=ground,
        death=_death(cells, ground),
        disease=_disease(cells, ground),
        industry=builder.industry(cells),
        **{name: cells.get(name) for name in names},
    )


def _death(cells: Cells, ground: Ground | None) -> bool:
    """Whether the worker died; a blank never means that nobody did, except where only a column of days is kept."""
    stated = cells.get("death")
    if stated is not None:
        return bool(stated)
    if cells.get("died_on") is not None or (ground is not None and ground.is_sudden_illness):
        return True
    if "death" not in cells:
        return False
    raise RowError(
        "empty",
        Words("whether the worker died is not stated; write true or false", "未注明是否工亡；请写“是”或“否”"),
        "death",
    )


def _disease(cells: Cells, ground: Ground | None) -> bool:
    stated = cells.get("disease")
    if stated is not None:
        return bool(stated)
    if ground is not None:
        return ground.is_disease
    raise RowError(
        "empty",
        Words(
            "neither the ground nor the mark of an occupational disease is stated; fill one of them",
            "认定依据与是否职业病均为空；请至少填写一项",
        ),
        "disease" if "disease" in cells else "ground",
    )


def _payment(_builder: Builder, cells: Cells) -> BenefitPayment:
    return BenefitPayment(cells["employer_id"], cells.get("case_id"), cells["paid_on"], cells["amount"], cells["kind"])


def _event(_builder: Builder, cells: Cells) -> EmployerEvent:
    until = cells.get("until")
    if cells.get("last_day") is not None:
        if until is not None:
            raise _two_periods()
        until = _day_after(cells["last_day"])
    return EmployerEvent(cells["employer_id"], cells["kind"], cells["on"], until)


def _recognition(_builder: Builder, cells: Cells) -> Recognition:
    return Recognition(cells["employer_id"], cells["kind"], cells.get("grade"), period(cells))


def period(cells: Cells) -> Period:
    """The period of a row, stated in exactly one way."""
    stated = [name for name in ("since", "month", "year") if cells.get(name) is not None]
    ends = [name for name in ("until", "last_day") if cells.get(name) is not None]
    if len(stated) > 1 or len(ends) > 1 or (ends and stated and stated != ["since"]):
        raise _two_periods()
    if not stated:
        raise RowError(
            "empty",
            Words("the period of the row is not stated", "未注明所属期间"),
            next((name for name in ("since", "month", "year") if name in cells), None),
        )
    if stated != ["since"]:
        whole: Period = cells[stated[0]]
        return whole
    if ends == ["last_day"]:
        return Period(cells["since"], _day_after(cells["last_day"]))
    return Period(cells["since"], cells.get("until"))


def _day_after(day: dt.date) -> dt.date:
    if day == dt.date.max:  # 9999-12-31, which data bases write for "no end"
        words = Words(
            "no plausible last day; leave the cell empty where there is no end", "结束日期不合理；无结束日期请留空"
        )
        raise RowError("bad_value", words, "last_day")
    return day + dt.timedelta(days=1)


def _two_periods() -> RowError:
    return RowError(
        "two_periods",
        Words(
            "the period of the row is stated in two ways; keep one of since and until, since and last_day, month, year",
            "所属期间有两种写法；请只保留一种",
        ),
    )


_BUILD: Final[Mapping[str, Callable[[Builder, Cells], Record]]] = {
    "employers": _employer,
    "exposure": _exposure,
    "contributions": _contribution,
    "cases": _case,
    "payments": _payment,
    "events": _event,
    "recognitions": _recognition,
}
