"""What the cells of a row must be to one another, in columns; the same demands as the model makes of one object."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

import attrs
import polars as pl

from injuryprev.errors import InputError
from injuryprev.exchange.columnar.cellwise import BAD, Fault
from injuryprev.exchange.objects import from_model
from injuryprev.model import BenefitPayment, ContributionPaid, Employer, Exposure, Industry, InjuryCase
from injuryprev.units import Period
from injuryprev.words import Words

_STARTS: Final = ("since", "month", "year")
_LAST: Final = dt.date(2199, 12, 30)
_TWO: Final = Words(
    "the period of the row is stated in two ways; keep one of since and until, since and last_day, month, year",
    "所属期间有两种写法；请只保留一种",
)
_NO_PERIOD: Final = Words("the period of the row is not stated", "未注明所属期间")
_NO_EDITION: Final = Words(
    "an industry code without its edition; fill industry_edition, or state one edition for all (--edition 2017)",
    "行业代码未注明版本；请填写行业版本，或以 --edition 统一指定",
)


_DAY: Final = dt.date(2024, 1, 8)
_BEFORE: Final = dt.date(2024, 1, 1)
_WEEK: Final = Period(_BEFORE, _DAY)


def _model(make: Callable[[], object]) -> Words:
    """What the model says of an object that breaks one of its demands: the words are its own, on every engine."""
    try:
        make()
    except InputError as error:
        return from_model(error)[1]
    raise AssertionError("the model makes no such demand")  # pragma: no cover - the tests break every one


def _case(**fields: Any) -> InjuryCase:
    return InjuryCase("C", "E", "w1", _DAY, **{"ground": "14.1", "death": False, **fields})


@attrs.frozen
class Rules:
    """Columns that follow from others, and what is wrong with rows as wholes."""

    made: tuple[pl.Expr, ...]
    faults: tuple[tuple[Fault, pl.Expr], ...]


@attrs.define
class _Maker:
    """Gathers the rules of one table for the columns its file has."""

    names: Collection[str]
    made: dict[str, pl.Expr] = attrs.field(factory=dict)
    faults: list[tuple[Fault, pl.Expr]] = attrs.field(factory=list)

    def of(self, name: str, kind: Any = pl.String) -> pl.Expr:
        """A column, or nothing but nulls where the file has none of this name."""
        return pl.col(name) if name in self.names else pl.lit(None, kind)

    def wrong(self, code: str, words: Words, column: str | None, where: pl.Expr) -> None:
        fault = Fault(f"{BAD}row_{len(self.faults)}", code, words, column)
        self.faults.append((fault, where.fill_null(value=False).alias(fault.name)))


def row_rules(table: str, names: Collection[str]) -> Rules:
    """The rules of a table.

    Args:
        table: Its name; a table that is none of an area has no rules.
        names: The columns that were read; a month or a year as ``month_since`` and ``month_until``.
    """
    maker = _Maker(names)
    if table in ("exposure", "contributions", "recognitions"):
        _period(maker, closed=table != "recognitions")
    if table in _TABLES:
        _TABLES[table](maker)
    return Rules(tuple(expr.alias(name) for name, expr in maker.made.items()), tuple(maker.faults))


def _period(maker: _Maker, *, closed: bool) -> None:
    """The period of a row, stated in exactly one way."""
    since, month, year = (
        maker.of("since" if name == "since" else f"{name}_since", pl.Date).is_not_null() for name in _STARTS
    )
    until, last = maker.of("until", pl.Date), maker.of("last_day", pl.Date)
    stated = pl.sum_horizontal(since.cast(pl.Int8), month.cast(pl.Int8), year.cast(pl.Int8))
    ends = until.is_not_null() | last.is_not_null()
    two = (stated > 1) | (until.is_not_null() & last.is_not_null()) | (ends & (stated > 0) & ~since)
    there = next((name for name in _STARTS if name in maker.names or f"{name}_since" in maker.names), None)
    maker.wrong("two_periods", _TWO, None, two)
    maker.wrong("empty", _NO_PERIOD, there, stated == 0)
    begin = pl.coalesce(maker.of("since", pl.Date), maker.of("month_since", pl.Date), maker.of("year_since", pl.Date))
    end = pl.coalesce(
        until,
        pl.when(last <= _LAST).then(last).dt.offset_by("1d"),
        maker.of("month_until", pl.Date),
        maker.of("year_until", pl.Date),
    )
    maker.made |= {"since": begin, "until": end}
    maker.wrong("bad_value", _model(lambda: Period(_DAY, _BEFORE)), "until", ~two & (end <= begin))
    if closed:
        maker.wrong(
            "bad_value",
            _model(lambda: Exposure("E", Period(_DAY), insured=1)),
            "until",
            ~two & (stated > 0) & end.is_null(),
        )


def _negative(value: pl.Expr) -> pl.Expr:
    # Only the sign is looked at, so it does not matter that a double has fewer digits.
    return value.cast(pl.Float64, strict=False) < 0


def _employers(maker: _Maker) -> None:
    maker.made["kind"] = maker.of("kind").fill_null("ordinary")
    household = (maker.of("kind") == "household") & maker.of("name").is_not_null()
    words = _model(lambda: Employer("E", kind="household", name="x"))
    maker.wrong("bad_value", words, "name", household)


def _exposure(maker: _Maker) -> None:
    figures = [name for name in ("insured", "payroll", "hours") if name in maker.names]
    nothing = pl.all_horizontal(pl.col(name).is_null() for name in figures) if figures else pl.lit(value=True)
    words = _model(lambda: Exposure("E", _WEEK))
    maker.wrong("bad_value", words, None, nothing)
    for name in figures:
        maker.wrong("bad_value", _model(lambda: Exposure("E", _WEEK, insured=-1)), name, _negative(pl.col(name)))


def _contributions(maker: _Maker) -> None:
    maker.wrong("bad_value", _model(lambda: ContributionPaid("E", _WEEK, -1)), "amount", _negative(pl.col("amount")))


def _cases(maker: _Maker) -> None:
    ground, stated = maker.of("ground"), maker.of("death", pl.Boolean)
    died_on, occurred = maker.of("died_on", pl.Date), pl.col("occurred_on")
    sudden = (ground == "15.1").fill_null(value=False)
    death = pl.coalesce(stated, pl.when(died_on.is_not_null() | sudden).then(pl.lit(value=True)))
    if "death" in maker.names:
        words = Words("whether the worker died is not stated; write true or false", "未注明是否工亡；请写“是”或“否”")
        maker.wrong("empty", words, "death", death.is_null())
    marked = maker.of("disease", pl.Boolean)
    disease = pl.coalesce(marked, ground == "14.4")
    words = Words(
        "neither the ground nor the mark of an occupational disease is stated; fill one of them",
        "认定依据与是否职业病均为空；请至少填写一项",
    )
    maker.wrong("empty", words, "disease" if "disease" in maker.names else "ground", disease.is_null())
    maker.made |= {"death": death.fill_null(value=False), "disease": disease}
    for name, day in (("recognised_on", maker.of("recognised_on", pl.Date)), ("died_on", died_on)):
        words = Words("a day before that of the injury", "日期早于发生日期")
        maker.wrong("bad_value", words, name, day < occurred)
    words = _model(lambda: _case(died_on=_DAY))
    maker.wrong("bad_value", words, "died_on", died_on.is_not_null() & ~stated)
    words = _model(lambda: _case(disease=True))
    maker.wrong("bad_value", words, "disease", marked != (ground == "14.4"))
    words = _model(lambda: _case(ground="15.1"))
    maker.wrong("bad_value", words, "death", sudden & ~stated)


def _payments(maker: _Maker) -> None:
    refund, amount = pl.col("kind") == "refund", pl.col("amount").cast(pl.Float64, strict=False)
    words = _model(lambda: BenefitPayment("E", None, _DAY, -1, "medical"))
    maker.wrong("bad_value", words, "amount", ~refund & (amount < 0))
    words = _model(lambda: BenefitPayment("E", None, _DAY, 1, "refund"))
    maker.wrong("bad_value", words, "amount", refund & (amount > 0))


def _events(maker: _Maker) -> None:
    until, last = maker.of("until", pl.Date), maker.of("last_day", pl.Date)
    both = until.is_not_null() & last.is_not_null()
    maker.wrong("two_periods", _TWO, None, both)
    end = pl.coalesce(until, pl.when(last <= _LAST).then(last).dt.offset_by("1d"))
    maker.made["until"] = end
    words = Words("an event must end after it begins", "事件须在开始之后结束")
    maker.wrong("bad_value", words, "until", ~both & (end <= pl.col("on")))


def _recognitions(_maker: _Maker) -> None:
    """The period says it all."""


_TABLES: Final[Mapping[str, Callable[[_Maker], None]]] = {
    "employers": _employers,
    "exposure": _exposure,
    "contributions": _contributions,
    "cases": _cases,
    "payments": _payments,
    "events": _events,
    "recognitions": _recognitions,
}


def edition_of(names: Collection[str], edition: str | None) -> pl.Expr:
    """The edition of a row's industry code, or the one stated for all."""
    own = pl.col("industry_edition") if "industry_edition" in names else pl.lit(None, pl.String)
    return own.fill_null(edition) if edition else own


def industry_faults(frame: pl.LazyFrame, names: Collection[str]) -> list[tuple[Fault, pl.Expr]]:
    """Codes without an edition, and codes that their edition does not have; each different pair is asked once."""
    code, edition = pl.col("industry"), pl.col("industry_edition")
    pairs = frame.select("industry", "industry_edition").filter(code.is_not_null()).unique().collect(engine="streaming")
    place = "industry_edition" if "industry_edition" in names else "industry"
    found: list[tuple[Fault, pl.Expr]] = []
    unclear = Fault(f"{BAD}no_edition", "no_edition", _NO_EDITION, place)
    if pairs["industry_edition"].null_count():
        found.append((unclear, (code.is_not_null() & edition.is_null()).alias(unclear.name)))
    for industry, year in pairs.filter(edition.is_not_null()).sort("industry", "industry_edition").rows():
        try:
            Industry(industry, year)
        except InputError as error:
            wrong, words, column = from_model(error)
            fault = Fault(f"{BAD}industry_{len(found)}", wrong, words, column)
            both = (code == industry) & (edition == year)
            found.append((fault, both.fill_null(value=False).alias(fault.name)))
    return found
