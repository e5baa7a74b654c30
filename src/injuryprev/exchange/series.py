"""A series over years from a table: a year a row, with the figure, or the count and what it is measured against."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import attrs

from injuryprev.errors import InputError, UnknownNameError
from injuryprev.exchange.findings import Finding
from injuryprev.exchange.headers import Column, Table
from injuryprev.exchange.tables import Row, read_table
from injuryprev.measures.series import Observation
from injuryprev.measures.standards import standard
from injuryprev.units import Period
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

SERIES: Final = Table(
    "series",
    ("序列", "指标序列"),
    (
        Column("year", "year", ("年度", "年份", "年"), required=True),
        Column("value", "fraction", ("数值", "指标值", "发生率", "工伤发生率"), ("rate", "figure")),
        Column("count", "count", ("件数", "案件数", "人数", "工伤人数", "认定工伤"), ("cases", "injuries", "persons")),
        Column("exposure", "count", ("参保人数", "参保规模", "工时"), ("insured", "workers", "hours")),
        Column("definition", "text", ("标准", "口径"), ("standard",)),
    ),
    one_of=(("value", "count"),),
)


@attrs.frozen
class SeriesRead:
    """What a table of a series holds, and what was found wrong in it.

    Args:
        years: The years; one whose row was rejected, or that two rows say different things of, is ``Unknown``.
        findings: Everything found wrong.
    """

    years: dict[int, Observation | Unknown | None]
    findings: tuple[Finding, ...]

    @property
    def rejected(self) -> int:
        """How many findings cost a row."""
        return sum(finding.severity == "reject" for finding in self.findings)


def read_series_table(path: Path) -> SeriesRead:
    """Read a series from CSV or a workbook.

    The columns are ``year`` (年度), and ``value`` (数值: a plain fraction, or with %), or ``count`` (件数) with
    ``exposure`` (参保人数); ``definition`` (标准) may say by which standard.  An empty cell is unknown.

    Raises:
        ReadError: The file as a whole cannot be read.
    """
    findings, rows = read_table(path, SERIES)
    years: dict[int, Observation | Unknown | None] = {}
    for row in rows:
        year = row.cells["year"].since.year if isinstance(row.cells.get("year"), Period) else None  # type: ignore[union-attr]
        wrong = list(row.findings)
        observed = None if wrong else _observation(row, wrong)
        if not wrong and year in years and years[year] != observed:
            words = Words("the year stands twice, with different figures", "同一年度出现两次且数值不同")
            wrong.append(row.finding("duplicate", words, "year"))
        findings += wrong
        if year is not None:
            years[year] = Unknown(tuple(map(_reason, wrong))) if wrong else observed
    return SeriesRead(years, tuple(findings))


def _observation(row: Row, wrong: list[Finding]) -> Observation | None:
    given = {name: row.cells.get(name) for name in ("value", "count", "exposure")}
    named = str(row.cells.get("definition") or "")
    if given["value"] is None and given["count"] is None:
        return None
    try:
        if named:
            standard(named)
        return Observation(**given, definition=named)  # each is a number by the kind of its column
    except UnknownNameError as error:
        words = Words(f"{error.what}; {error.expected}", "没有该名称的标准")
        wrong.append(row.finding("unknown_standard", words, "definition"))
        return None
    except InputError as error:
        column = next((name for name, value in given.items() if error.where == f"Observation.{name}"), "")
        if column:
            said = Words(f"{error.what}; expected: {error.expected}", "数值不成立：须为零或正数，件数须为整数")
            wrong.append(row.finding("bad_observation", said, column))
            return None
        words = Words(f"{error.what}; expected: {error.expected}", "数值不成立：件数须为非负整数，且数值与件数只填一项")
        wrong.append(row.finding("bad_observation", words))
        return None


def _reason(finding: Finding) -> Reason:
    en, zh = finding.text("en"), finding.text("zh")
    return Reason("rejected_row", "series", Words(f"the row was rejected: {en}", f"该行未被采用：{zh}"))
