"""Units of focus from a plain table: a row for each unit, or several that are added up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Final

import attrs

from injuryprev.exchange.findings import Finding
from injuryprev.exchange.headers import Column, Table
from injuryprev.exchange.tables import Row, read_table
from injuryprev.measures.focusing.units import COUNTS, TITLES_OF_FIGURES, FocusUnit
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

_FIGURES: Final = ("cases", "exposure", "lost_days", "deaths")
_BELOW_ZERO: Final = Words(
    "less than zero; write a number from 0 up, or leave the cell empty", "小于零；请填零或正数，或留空"
)
_A_PART: Final = Words("a part of a case; write a whole number", "不是整数；件数应为整数")


@attrs.frozen
class UnitsRead:
    """The units of a table, and what was found wrong in it.

    Args:
        units: The units; a figure of one is ``Unknown`` where a row of it lacks the figure or was rejected.
        findings: Everything found wrong.
    """

    units: list[FocusUnit]
    findings: tuple[Finding, ...]

    @property
    def rejected(self) -> int:
        """How many findings cost a row."""
        return sum(finding.severity == "reject" for finding in self.findings)


def read_units(path: str | Path, *, unit: str, columns: dict[str, str], within: str | None = None) -> UnitsRead:
    """Read units of focus from CSV or a workbook.

    Args:
        path: The file.
        unit: The header of the column that names the unit; a row without it belongs to the unit ``None``.
        columns: Headers of the columns of figures, by ``cases``, ``exposure``, ``lost_days``, ``deaths``.
        within: The header of the column of the group a unit is compared with.

    An empty cell makes the figure of its unit unknown, a rejected row all its figures.

    Raises:
        ReadError: The file cannot be read, or a column is not there.
    """
    made = [Column("unit", "text", (unit,)), *(Column(name, "count", (header,)) for name, header in columns.items())]
    if within is not None:
        made.append(Column("within", "text", (within,)))
    table = Table("units", ("单元",), tuple(made), tuple((column.name,) for column in made))
    findings, rows = read_table(Path(path), table)
    gathered: dict[str | None, list[Row]] = {}
    groups: dict[str | None, str] = {}
    for row in rows:
        key, group = row.cells.get("unit"), str(row.cells.get("within") or "")
        name = None if key is None else str(key)
        found = [*row.findings, *_no_figures(row, columns)]
        if name is not None and groups.setdefault(name, group) != group:
            words = Words(
                f"the unit lies in two groups, {groups[name]!r} before",
                f"同一单元属于两个组别，此前为 {groups[name]!r}",
            )
            found.append(row.finding("two_groups", words, "within"))
        findings += found
        gathered.setdefault(name, []).append(attrs.evolve(row, findings=tuple(found)))
    units = [_unit(name, rows_, tuple(columns), groups.get(name, "")) for name, rows_ in gathered.items()]
    return UnitsRead(units, tuple(findings))


def _no_figures(row: Row, names: Iterable[str]) -> Iterator[Finding]:
    """Cells that are numbers and yet no figures: added up, a negative one would be taken from the rows beside it."""
    for name in names:
        cell = row.cells.get(name)
        if isinstance(cell, Decimal) and cell < 0:
            words = Words(
                "less than zero; write a number from 0 up, or leave the cell empty", "小于零；请填零或正数，或留空"
            )
            yield row.finding("out_of_range", words, name)
        elif isinstance(cell, Decimal) and name in COUNTS and cell != int(cell):
            yield row.finding(
                "not_whole", Words("a part of a case; write a whole number", "不是整数；件数应为整数"), name
            )


def _unit(key: str | None, rows: list[Row], given: tuple[str, ...], group: str) -> FocusUnit:
    wrong = [finding for row in rows for finding in row.findings]
    rejected = tuple(
        Reason(
            "rejected_row", "unit", Words(f"a row was rejected: {one.text('en')}", f"有一行未被采用：{one.text('zh')}")
        )
        for one in wrong
    )
    figures = {name: _sum(name, rows, rejected) if name in given else None for name in _FIGURES}
    return FocusUnit(
        key,
        figures["cases"],
        figures["exposure"],
        lost_days=figures["lost_days"],
        deaths=figures["deaths"],
        within=group,
    )


def _sum(name: str, rows: list[Row], rejected: tuple[Reason, ...]) -> Fraction | Unknown:
    if rejected:
        return Unknown(rejected)
    cells = [row.cells.get(name) for row in rows]
    known = [Fraction(cell) for cell in cells if isinstance(cell, Decimal)]
    lost = len(cells) - len(known)
    if lost:
        title = TITLES_OF_FIGURES[name]
        words = Words(
            f"{title.en} is missing in {lost} of {len(cells)} rows", f"{len(cells)}行中有{lost}行缺少{title.zh}"
        )
        return Unknown((Reason("missing", name, words),))
    return sum(known, Fraction(0))
