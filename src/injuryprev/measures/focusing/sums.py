"""Figures of a table added up by unit: in columns where a cell is a plain figure, one by one where it is not."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

import attrs
import narwhals as nw

from injuryprev.engine.columns import read_column
from injuryprev.engine.expressions import Engine, bool_lit, int_lit, when
from injuryprev.engine.lower import InputShape
from injuryprev.engine.reading import MISSING
from injuryprev.engine.stages import TEMPORARY, bound
from injuryprev.measures.focusing.units import COUNTS, unknown
from injuryprev.measures.quotients import read
from injuryprev.unknown import Reason

ROW: Final = f"{TEMPORARY}row"
_ROWS: Final = f"{TEMPORARY}rows"
_PLACES: Final = 4
_LARGEST: Final = 10**14
"""In steps: of fewer digits the double nearest to a decimal is that of no shorter one."""
_ROOM: Final = 2**62
_WHOLE: Final = 2.0**53


@attrs.frozen
class Odd:
    """A cell that is no figure: its row, what stands there, and why it is none."""

    row: int
    figure: str
    value: object
    reason: Reason


@attrs.frozen
class Split:
    """A row that puts a unit into another group than the rows before."""

    row: int
    key: str
    group: str
    before: str


@attrs.define
class UnitSums:
    """What the rows of one unit come to, and how many they are."""

    totals: dict[str, Fraction]
    missing: dict[str, int]
    rows: int = 0
    group: str = ""
    odd: list[Odd] = attrs.field(factory=list)


def summed(
    table: Any, by: str, columns: Mapping[str, str], within: str | None = None, rows: str | None = None
) -> tuple[dict[str | None, UnitSums], list[Split]]:
    """Add up the figures of each unit, exactly, whatever the order of the rows.

    Args:
        table: A Narwhals dataframe.
        by: The column that names the unit.
        columns: The column of each figure.
        within: The column of the group of a unit.
        rows: The column with the numbers of rows; by default the first row is 0.

    Returns:
        The units, and the rows that contradict others as to the group.
    """
    if rows is None:
        table, rows = table.with_row_index(ROW), ROW
    engine = Engine(table.implementation)
    most = min(_LARGEST, _ROOM // max(len(table), 1))
    kinds = {column: table[column].dtype for column in columns.values()}
    plain = {name: column for name, column in columns.items() if _is_plain(kinds[column])}
    work = {
        name: read_column(InputShape(name, "number", _step(name), 0, most, None, ()), column, kinds[column], engine)
        for name, column in plain.items()
    }
    table, read_ = bound(table, work, "f_")
    made, sums, odd = [], [], bool_lit(value=False)
    for name, (steps, status) in read_.items():
        made += [
            when(status == 0, steps, int_lit(0)).alias(_sum(name)),
            when(status == MISSING, int_lit(1), int_lit(0)).alias(_lost(name)),
            ((status != 0) & (status != MISSING)).alias(_odd(name)),
        ]
        sums += [_sum(name), _lost(name)]
        odd = odd | nw.col(_odd(name))
    table = table.with_columns(*made) if made else table
    totals = table.group_by(by).agg(*(nw.col(name).sum().alias(name) for name in sums), nw.len().alias(_ROWS))
    units: dict[str | None, UnitSums] = {}
    keys = values(totals[by])
    added = {name: totals[name].to_list() for name in (*sums, _ROWS)}
    for place, key in enumerate(keys):
        unit = units.setdefault(_key(key), UnitSums(dict.fromkeys(columns, Fraction(0)), dict.fromkeys(columns, 0)))
        unit.rows += int(added[_ROWS][place])
        for name in plain:
            unit.totals[name] += int(added[_sum(name)][place]) * _step(name)
            unit.missing[name] += int(added[_lost(name)][place])
    marked = table.filter(odd) if len(plain) == len(columns) else table
    for name, column in columns.items():
        mine = marked.filter(nw.col(_odd(name))) if name in plain else marked
        for row, key, value in zip(mine[rows].to_list(), values(mine[by]), values(mine[column]), strict=True):
            _one_by_one(units[_key(key)], name, column, row, value)
    return units, _grouped(table, by, within, rows, units)


def values(column: Any) -> list[Any]:
    """The values as Python has them; what a library writes for a null is ``None``."""
    pairs = zip(column.to_list(), column.is_null().to_list(), strict=True)
    return [None if null else value for value, null in pairs]


def _is_plain(kind: Any) -> bool:
    text = kind in (nw.String, nw.Categorical, nw.Enum)
    return bool(text or kind == nw.Unknown or kind.is_integer() or kind.is_float() or kind.is_decimal())


def _step(name: str) -> Fraction:
    return Fraction(1) if name in COUNTS else Fraction(1, 10**_PLACES)


def _sum(name: str) -> str:
    return f"{TEMPORARY}sum_{name}"


def _lost(name: str) -> str:
    return f"{TEMPORARY}lost_{name}"


def _odd(name: str) -> str:
    return f"{TEMPORARY}odd_{name}"


def _key(value: object) -> str | None:
    """A number that names a unit; whole ones are floats where one row of a column of pandas has none."""
    if isinstance(value, float) and value.is_integer() and abs(value) < _WHOLE:
        value = int(value)
    return None if value is None else str(value)


def _one_by_one(unit: UnitSums, name: str, column: str, row: int, value: object) -> None:
    """A cell that the columns did not read: a figure of more digits, or none."""
    number = read(value, column)
    if isinstance(number, Fraction) and name in COUNTS and number.denominator != 1:
        number = unknown("not_whole", name, f"{column} is not a whole number", f"{column} 不是整数")
    if isinstance(number, Fraction):
        unit.totals[name] += number
    elif number.reasons[0].code == "missing":
        unit.missing[name] += 1
    else:
        unit.odd.append(Odd(row, name, value, number.reasons[0]))


def _grouped(table: Any, by: str, within: str | None, rows: str, units: Mapping[str | None, UnitSums]) -> list[Split]:
    """Give each unit the group its first row names; cases of nobody lie in one where all of them do."""
    if within is None:
        return []
    firsts = table.group_by(by, within).agg(nw.col(rows).min().alias(rows))
    seen = sorted(zip(firsts[rows].to_list(), values(firsts[by]), values(firsts[within]), strict=True), key=_first)
    groups: dict[str | None, str] = {}
    splits = []
    for row, key, group in seen:
        name, text = _key(key), "" if group is None else str(group)
        if groups.setdefault(name, text) != text:
            if name is None:
                groups[name] = ""
            else:
                splits.append(Split(row, name, text, groups[name]))
    for name, text in groups.items():
        units[name].group = text
    return splits


def _first(seen: tuple[int, object, object]) -> int:
    return seen[0]
