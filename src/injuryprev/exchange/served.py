"""Whom prevention work served and when, from a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

import attrs

from injuryprev.exchange.findings import Finding, incomplete
from injuryprev.exchange.headers import Column, Table
from injuryprev.exchange.tables import read_table
from injuryprev.unknown import Unknown
from injuryprev.words import Words

_TABLE: Final = Table(
    "served",
    ("服务单位", "服务记录"),
    (
        Column(
            "employer_id",
            "key",
            ("单位编号", "单位代码", "参保单位编号"),
            ("employer", "employer number"),
            required=True,
        ),
        Column("on", "date", ("服务日期", "日期"), ("served_on", "day", "date"), required=True),
        Column("project", "text", ("项目编号", "项目"), ("project_id",)),
    ),
)


@attrs.frozen
class ServedRead:
    """The table of services.

    Args:
        days: The days of service of each employer; those in ``doubtful`` are not among them.
        doubtful: Employers of the area of which a row was rejected, and why: they belong to neither group.
        findings: Everything found wrong.
    """

    days: Mapping[str, tuple[dt.date, ...]]
    doubtful: Mapping[str, Unknown]
    findings: tuple[Finding, ...]


def read_served(path: str | Path, known: Collection[str]) -> ServedRead:
    """Read whom work served: ``employer_id``, ``on``, and ``project`` if wished; an employer may have several rows.

    Args:
        path: CSV or Excel, headers in English or Chinese.
        known: The employers of the area; a row of another is rejected.

    Raises:
        ReadError: The file cannot be read, or a column is missing.
    """
    findings, rows = read_table(Path(path), _TABLE)
    days: dict[str, set[dt.date]] = {}
    lost: dict[str, list[Finding]] = {}
    for row in rows:
        key, day = row.cells.get("employer_id"), row.cells.get("on")
        found = list(row.findings)
        if not found and key not in known:
            words = Words("no such employer in the tables of the area", "地区表中没有该单位")
            found.append(row.finding("unknown_employer", words, "employer_id"))
        elif not found and not isinstance(day, dt.date):
            words = Words("without the day nothing can be said of before and after", "缺少服务日期，无法区分前后")
            found.append(row.finding("no_day", words, "on"))
        if found:
            findings += found
            for text in dict.fromkeys(text for text in row.texts if text in known):
                lost.setdefault(text, []).extend(found)
        elif isinstance(key, str) and isinstance(day, dt.date):
            days.setdefault(key, set()).add(day)
    kept = {key: tuple(sorted(those)) for key, those in days.items() if key not in lost}
    return ServedRead(kept, {key: incomplete(those) for key, those in lost.items()}, tuple(findings))
