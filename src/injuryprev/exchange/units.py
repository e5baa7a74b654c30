"""Units of focus from a plain table: a row for each unit, or several that are added up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import attrs

from injuryprev.errors import InputError, ReadError
from injuryprev.exchange.findings import Finding, shown
from injuryprev.exchange.headers import Column, Table
from injuryprev.exchange.tables import Layout, Place
from injuryprev.measures.focusing.sums import Odd, Split, UnitSums, summed
from injuryprev.measures.focusing.units import TITLES_OF_FIGURES, FocusUnit
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

_FIGURES: Final = ("cases", "exposure", "lost_days", "deaths")
_WRONG: Final[Mapping[str, Words]] = {
    "out_of_range": Words(
        "less than zero; write a number from 0 up, or leave the cell empty", "小于零；请填零或正数，或留空"
    ),
    "not_whole": Words("a part of a case; write a whole number", "不是整数；件数应为整数"),
    "unreadable": Words("not a finite number", "不是有限的数值"),
}
_REJECTED: Final = Words("a row was rejected", "有一行未被采用")


@attrs.frozen
class UnitsRead:
    """The units of a table, and what was found wrong in it.

    Args:
        units: The units; a figure of one is ``Unknown`` where a row of it lacks the figure or was rejected.
        findings: What was found wrong; of a fault with very many rows the first, and how many more there are.
        rejected: How many cells or rows were no use.
    """

    units: list[FocusUnit]
    findings: tuple[Finding, ...]
    rejected: int


def read_units(
    path: str | Path,
    *,
    unit: str,
    columns: Mapping[str, str],
    within: str | None = None,
    sheet: str | None = None,
) -> UnitsRead:
    """Read units of focus from CSV, a workbook or Parquet, in columns, so that the table may have millions of rows.

    Args:
        path: The file.
        unit: The header of the column that names the unit; a row without it belongs to the unit ``None``.
        columns: Headers of the columns of figures, by ``cases``, ``exposure``, ``lost_days``, ``deaths``.
        within: The header of the column of the group a unit is compared with.
        sheet: The sheet of a workbook of several.

    An empty cell makes the figure of its unit unknown, a rejected row all its figures; one that cannot be told whose
    it is does so to every unit that it names in some cell.

    Raises:
        InputError: One column was named for two things.
        ReadError: The file cannot be read, or a column is not there; or polars, which reads it, is not installed.
    """
    try:
        from injuryprev.exchange.columnar.opening import ROW, open_raw  # noqa: PLC0415  # brings polars
        from injuryprev.exchange.columnar.staging import EXAMPLES, Stager, more  # noqa: PLC0415
    except ImportError as error:  # pragma: no cover - the tests have it
        raise ReadError(
            "reading units needs polars", where=str(path), expected="pip install 'injuryprev[cli]'"
        ) from error
    headers = [unit, *columns.values(), *([within] if within is not None else [])]
    if twice := [header for header in dict.fromkeys(headers) if headers.count(header) > 1]:
        raise InputError(
            "one column cannot be two things", where="read_units", seen=", ".join(twice), expected="a column for each"
        )
    table = _table(unit, columns, within)
    with TemporaryDirectory() as scratch:
        raw = open_raw(Path(path), table, sheet, Path(scratch))
        staged = Stager({table.name: table}, Path(scratch), None).stage(table.name, [raw])
        frame = staged.scan().collect()
        suspects = [row for lazy in staged.suspects for row in lazy.collect().iter_rows(named=True)]
    import narwhals as nw  # noqa: PLC0415  # not before there is a frame

    group = None if within is None else "within"
    sums, splits = summed(nw.from_native(frame), "unit", {name: name for name in columns}, group, ROW)
    # The caller has named the columns that are to be read; of the others there is nothing to say.
    findings = [finding for finding in staged.findings if finding.code != "unknown_column"]
    for code, cells in _by_code(sums).items():
        findings += [_of_cell(raw.layout, odd, key) for key, odd in cells[:EXAMPLES]]
        if len(cells) > EXAMPLES:
            findings.append(more(raw.layout.source.label, table.name, code, _WRONG[code], len(cells) - EXAMPLES))
    findings += [_of_split(raw.layout, split) for split in splits]
    doubtful = _doubtful(suspects, sums) | {key for cells in _by_code(sums).values() for key, _ in cells}
    doubtful |= {split.key for split in splits}
    said: dict[str | None, list[Finding]] = {}
    for finding in findings:
        for key in finding.employers:
            said.setdefault(key, []).append(finding)
    units = [
        _unit(key, sums.get(key), tuple(columns), said.get(key, ()), doubtful=key in doubtful)
        for key in {**sums, **dict.fromkeys(doubtful)}
    ]
    rejected = staged.rejected + sum(map(len, _by_code(sums).values())) + len(splits)
    return UnitsRead(units, tuple(attrs.evolve(finding, employers=()) for finding in findings), rejected)


def _table(unit: str, columns: Mapping[str, str], within: str | None) -> Table:
    """The table looked for, with the headers that the caller named and no others."""
    made = [Column("unit", "text", (unit,), called=False)]
    made += [Column(name, "count", (header,), called=False) for name, header in columns.items()]
    if within is not None:
        made.append(Column("within", "text", (within,), called=False))
    return Table("units", ("单元",), tuple(made), tuple((column.name,) for column in made))


def _by_code(sums: Mapping[str | None, UnitSums]) -> dict[str, list[tuple[str | None, Odd]]]:
    """Cells that are numbers and yet no figures, by what is wrong with them, in the order of the rows."""
    cells = sorted(((key, odd) for key, one in sums.items() for odd in one.odd), key=lambda one: one[1].row)
    return {code: found for code in _WRONG if (found := [one for one in cells if one[1].reason.code == code])}


def _of_cell(layout: Layout, odd: Odd, key: str | None) -> Finding:
    """Added up, a figure below zero would be taken from the rows beside it; so it costs its row."""
    place, words = Place(layout, odd.row), _WRONG[odd.reason.code]
    found = place.finding(odd.reason.code, words, column=odd.figure, value=shown(odd.value))
    return attrs.evolve(found, employers=() if key is None else (key,))


def _of_split(layout: Layout, split: Split) -> Finding:
    words = Words(
        f"the unit lies in two groups, {split.before!r} before", f"同一单元属于两个组别，此前为 {split.before!r}"
    )
    found = Place(layout, split.row).finding("two_groups", words, column="within", value=split.group)
    return attrs.evolve(found, employers=(split.key,))


def _doubtful(suspects: Iterable[Mapping[str, Any]], known: Mapping[str | None, UnitSums]) -> set[str | None]:
    """The units that rejected rows may be of: the one named, else those of which some cell speaks, and nobody's."""
    found: set[str | None] = set()
    for row in suspects:
        own = row["owner"]
        found |= {own} if own is not None else {None, *(text for text in row["texts"] if text in known)}
    return found


def _unit(
    key: str | None, sums: UnitSums | None, given: tuple[str, ...], said: Iterable[Finding], *, doubtful: bool
) -> FocusUnit:
    figures: dict[str, Fraction | Unknown | None] = dict.fromkeys(_FIGURES)
    for name in given:
        figures[name] = _rejected(said) if doubtful or sums is None else _figure(sums, name)
    return FocusUnit(
        key,
        figures["cases"],
        figures["exposure"],
        lost_days=figures["lost_days"],
        deaths=figures["deaths"],
        within="" if sums is None else sums.group,
    )


def _rejected(said: Iterable[Finding]) -> Unknown:
    words = [Words(f"{_REJECTED.en}: {one.text('en')}", f"{_REJECTED.zh}：{one.text('zh')}") for one in said]
    return Unknown(tuple(Reason("rejected_row", "unit", one) for one in words or [_REJECTED]))


def _figure(sums: UnitSums, name: str) -> Fraction | Unknown:
    lost = sums.missing[name]
    if not lost:
        return sums.totals[name]
    title = TITLES_OF_FIGURES[name]
    words = Words(f"{title.en} is missing in {lost} of {sums.rows} rows", f"{sums.rows}行中有{lost}行缺少{title.zh}")
    return Unknown((Reason("missing", name, words),))
