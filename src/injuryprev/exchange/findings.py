"""What was found wrong in a file: one finding per cell or row, for the screen and for the rejects file."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Literal

import attrs

from injuryprev.exchange.files import atomic_text
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Lang, Words

Severity = Literal["reject", "warn"]
WITHHELD: Final = "(withheld)"
"""Shown in place of a value that could name a person."""
_LONGEST: Final = 200


@attrs.frozen
class Finding:
    """One thing wrong with one row (or one file) of a table.

    Args:
        file: The file as it was given, with ``[sheet]`` after a workbook of several sheets.
        row: Number of the row as a text editor or a spreadsheet shows it (the header is usually 1); ``None`` when
            the finding concerns the file as a whole.
        column: The header of the column as the file writes it, with the cell's address in a workbook.
        value: What stands in the cell; withheld for columns that could name a person.
        reason: What is wrong and what would do, in English and Chinese.
        severity: ``"reject"``: the row was not used. ``"warn"``: it was, or nothing was lost that could be read.
        code: A stable key, such as ``bad_date``.
        table: The table the file holds (``cases``, ``payments`` …).
        employers: The employers whose figures the row could have changed, as far as can be told.

    >>> print(Finding("cases.csv", 7, "occurred_on", "2024-02-30", Words("not a day of the calendar")))
    cases.csv row 7 column occurred_on: not a day of the calendar; seen: '2024-02-30'
    """

    file: str
    row: int | None
    column: str | None
    value: str | None
    reason: Words
    severity: Severity = "reject"
    code: str = "rejected"
    table: str = ""
    employers: tuple[str, ...] = ()

    @property
    def lost(self) -> bool:
        """Whether what the row said is lost to everybody: it belongs to no employer that can be told.

        A row that says again what another said is not missed, and a file that was not read leaves its table unknown.
        """
        return self.severity == "reject" and self.row is not None and not self.employers and self.code != "duplicate"

    def text(self, lang: Lang = "en") -> str:
        """The finding on one line."""
        row, column, seen = ("第 {} 行", "列 {}", "所见：") if lang == "zh" else ("row {}", "column {}", "seen: ")
        place = [self.file]
        if self.row is not None:
            place.append(row.format(self.row))
        if self.column is not None:
            place.append(column.format(self.column))
        value = "" if self.value is None else f"; {seen}{self.value!r}"
        return f"{' '.join(place)}: {self.reason.to(lang)}{value}"

    def __str__(self) -> str:
        return self.text()


def incomplete(findings: Iterable[Finding]) -> Unknown:
    """Why nothing is worked out for an employer of which these rows, one or more, were rejected."""
    words = Words(
        "a row of this employer was rejected, so its figures are not complete: {}",
        "该单位有一行数据未被采用，数据不完整：{}",
    )
    return _because("rejected_row", words, findings)


def nobodys(findings: Iterable[Finding]) -> Unknown:
    """Why the totals of an area are not complete, of which these rows, one or more, belong to nobody that is known."""
    words = Words(
        "a row was rejected and nobody can tell which employer it belongs to, so the totals are not complete: {}",
        "有一行数据未被采用且无法判断所属单位，合计不完整：{}",
    )
    return _because("lost_row", words, findings)


def _because(code: str, words: Words, findings: Iterable[Finding]) -> Unknown:
    """One reason for each row, its subject the table."""
    reasons = {
        (finding.file, finding.row): Reason(
            code, finding.table, Words(words.en.format(finding.text("en")), words.zh.format(finding.text("zh")))
        )
        for finding in findings
    }
    return Unknown(tuple(reasons.values()))


def shown(value: object) -> str | None:
    """A cell as a finding shows it: short, on one line; an empty cell is ``None``."""
    if value is None:
        return None
    text = str(value).replace("\r", " ").replace("\n", " ").strip()
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


COLUMNS: Final = ("severity", "table", "file", "row", "column", "value", "code", "reason", "employers")


def write_findings(path: str | Path, findings: Iterable[Finding], *, lang: Lang = "en") -> Path:
    """Write the rejects file: CSV, one line per finding, rejects and warnings alike.

    The columns are severity, table, file, row, column, value, code, reason (in ``lang``) and employers (separated by
    spaces).  A value that a spreadsheet would run as a formula is written with an apostrophe before it.

    Raises:
        ReadError: The file cannot be written.
    """
    with atomic_text(Path(path), bom=lang == "zh") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for finding in findings:
            cells: list[object] = [
                finding.severity,
                finding.table,
                finding.file,
                finding.row,
                finding.column,
                finding.value,
                finding.code,
                finding.reason.to(lang),
                " ".join(finding.employers),
            ]
            writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in cells])
    return Path(path)


def harmless(text: str) -> str:
    """Text for a cell of a CSV file that a spreadsheet will not run as a formula."""
    return "'" + text if text[:1] in ("=", "+", "@", "\t") else text
