"""Focus over frames: a table in, of whatever kind Narwhals takes, and one of the same kind out, a row for each unit."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import narwhals as nw

from injuryprev.errors import InputError, nearest
from injuryprev.measures.focusing.alerts import AlertScheme
from injuryprev.measures.focusing.listing import Criterion
from injuryprev.measures.focusing.ranking import focus
from injuryprev.measures.focusing.sums import Odd, UnitSums, summed
from injuryprev.measures.focusing.units import FocusRow, FocusUnit
from injuryprev.measures.statistics.shrinkage import Around
from injuryprev.units import Number
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Lang, Words

_FIGURES: Final = ("cases", "exposure", "lost_days", "deaths")


def focus_frame(
    frame: Any,
    *,
    by: str,
    cases: str = "cases",
    exposure: str | None = None,
    lost_days: str | None = None,
    deaths: str | None = None,
    within: str | None = None,
    criterion: Criterion = "rate",
    shrinkage: bool = True,
    minimum_exposure: Number | None = None,
    minimum_cases: int = 0,
    per: int = 1000,
    level: float = 0.95,
    intervals: Around = "plug-in",
    alert: AlertScheme | None = None,
    reasons: bool = True,
    lang: Lang = "en",
) -> Any:
    """Rank the units of a table, as :func:`focus` does.

    Args:
        frame: Rows of whatever Narwhals takes; several rows of one unit are added up.
        by: The column that names the unit.
        cases: The column of cases.
        exposure: The column of what they are measured against.
        lost_days: The column of days lost.
        deaths: The column of deaths.
        within: The column of the group whose rate says what is expected.
        criterion: As for :func:`focus`, as are all that follow.
        shrinkage: Whether ratios are drawn towards those of the group.
        minimum_exposure: Units with less have no place.
        minimum_cases: The same for severity.
        per: The base of rates in words.
        level: The level of the intervals.
        intervals: How they are made.
        alert: Levels of alert, for a column ``alert`` of their names: ``none`` where no level is reached, ``unknown``
            where that cannot be said.
        reasons: Whether to write the reasons in words, which for a hundred thousand units take most of the time.
        lang: Language of ``reasons``.

    Returns:
        A table of the same kind: ``rank``, the unit, its figures, ``value``, ``rate``, ``expected``, ``excess``,
        ``shrunk_rate``, ``ratio_low``, ``ratio_high``, ``severity``, ``why`` (codes, where it has no rank), ``reasons``
        in words, and ``alert`` where levels were given.  Figures are floats, ranks integers.  A lazy table gives a lazy
        one; what is needed is collected, since a place depends on all units.

    Raises:
        InputError: A column is not there, the unit's has a name that is made here, or one unit lies in two groups.

    A null makes that figure of its unit unknown, as does what is no figure (a text, a negative number, a part of a
    case), whose row is named; it is neither zero nor dropped, and costs no other unit anything.  Rows whose unit is
    null are one unit without a place.
    """
    table = nw.from_native(frame)
    names = table.collect_schema().names()
    columns = {"cases": cases, "exposure": exposure, "lost_days": lost_days, "deaths": deaths}
    wanted = {name: column for name, column in columns.items() if column is not None}
    for column in (by, *wanted.values(), *([within] if within else [])):
        if column not in names:
            raise InputError("no such column", where="focus_frame", seen=column, expected=nearest(column, names))
    if by in _MADE:
        raise InputError(
            "the unit's column has a name that is needed",
            where="focus_frame by",
            seen=by,
            expected=f"to rename it; these columns are made: {', '.join(_MADE)}",
        )
    chosen = list(dict.fromkeys([by, *wanted.values(), *([within] if within else [])]))
    lazy = isinstance(table, nw.LazyFrame)
    picked: Any = table.select(*chosen)
    collected = picked.collect() if lazy else picked
    units = _units(collected, by, wanted, within)
    found = focus(
        units,
        criterion=criterion,
        shrinkage=shrinkage,
        minimum_exposure=minimum_exposure,
        minimum_cases=minimum_cases,
        per=per,
        level=level,
        intervals=intervals,
    )
    schema = _schema(by, wanted, alert=alert is not None, reasons=reasons)
    lines = [_line(row, by, wanted, alert) for row in found.rows]
    kind = collected[by].dtype
    gaps = kind.is_float() and all(line[by] is None or line[by].lstrip("-").isdecimal() for line in lines)
    if kind.is_integer() or gaps:  # keys stay what they were, so that they join
        schema[by] = nw.Int64
        for line in lines:
            line[by] = None if line[by] is None else int(line[by])
    if reasons:
        for line, row in zip(lines, found.rows, strict=True):
            line["reasons"] = ("；" if lang == "zh" else "; ").join(one.to(lang) for one in found.reasons(row))
    made = _made({name: [line[name] for line in lines] for name in schema}, schema, collected.implementation)
    return _as_given(made, table) if lazy else made.to_native()


def _made(columns: dict[str, list[Any]], schema: dict[str, Any], implementation: Any) -> Any:
    if not implementation.is_pandas_like():
        return nw.from_dict(columns, schema=schema, backend=implementation)
    # Its own integers and texts have no null: one would become a float, the other the text "None".
    native = implementation.to_native_namespace()
    types = {nw.Int64: "Int64", nw.Float64: "float64", nw.String: "object"}
    data = {name: native.Series(values, dtype=types[schema[name]]) for name, values in columns.items()}
    return nw.from_native(native.DataFrame(data), eager_only=True)


def _units(table: Any, by: str, wanted: dict[str, str], within: str | None) -> list[FocusUnit]:
    sums, splits = summed(table, by, wanted, within)
    for split in splits:
        raise InputError(
            "a unit lies in two groups",
            where=f"focus_frame row {split.row}, {within}",
            seen=split.group,
            expected=f"{split.before!r}, as in the rows of {split.key!r} before",
        )
    return [_unit(key, one, wanted) for key, one in sums.items()]


def _of_row(odd: Odd) -> Reason:
    """Why a cell is no figure, with its row (the first is 0) and what stands there."""
    row, reason, value = odd.row, odd.reason, odd.value
    words = Words(f"row {row}: {reason.words.en}: {value!r}", f"第 {row} 行：{reason.words.zh}：{value!r}")
    return Reason(reason.code, odd.figure, words)


def _unit(key: str | None, sums: UnitSums, wanted: dict[str, str]) -> FocusUnit:
    figures: dict[str, Fraction | Unknown | None] = dict.fromkeys(_FIGURES)
    for name, column in wanted.items():
        missing = sums.missing[name]
        reasons = [_of_row(odd) for odd in sorted(sums.odd, key=lambda odd: odd.row) if odd.figure == name]
        if missing:
            words = Words(f"{column} is missing in {missing} rows", f"{missing}行缺少 {column}")
            reasons.append(Reason("missing", name, words))
        figures[name] = Unknown(tuple(reasons)) if reasons else sums.totals[name]
    return FocusUnit(
        key,
        figures["cases"],
        figures["exposure"],
        lost_days=figures["lost_days"],
        deaths=figures["deaths"],
        within=sums.group,
    )


_DERIVED: Final = ("value", "rate", "expected", "excess", "shrunk_rate", "ratio_low", "ratio_high", "severity")

_MADE: Final = ("rank", *_FIGURES, *_DERIVED, "alert", "why", "reasons")


def _schema(by: str, wanted: dict[str, str], *, alert: bool, reasons: bool) -> dict[str, Any]:
    return {
        "rank": nw.Int64,
        by: nw.String,
        **dict.fromkeys((name for name in wanted if name != by), nw.Float64),
        **dict.fromkeys(_DERIVED, nw.Float64),
        **({"alert": nw.String} if alert else {}),
        "why": nw.String,
        **({"reasons": nw.String} if reasons else {}),
    }


def _line(row: FocusRow, by: str, wanted: dict[str, str], alert: AlertScheme | None) -> dict[str, Any]:
    raised = None if alert is None else alert.of(row.unit.cases, row.unit.exposure).name
    return {
        "rank": row.rank,
        **{name: _float(getattr(row.unit, name)) for name in wanted},
        by: row.unit.key,
        "value": _float(row.value),
        "rate": _float(row.rate),
        "expected": _float(row.expected),
        "excess": _float(row.excess),
        "shrunk_rate": _float(row.shrunk_rate),
        "ratio_low": row.low,
        "ratio_high": row.high,
        "severity": _float(row.severity),
        "alert": "unknown" if isinstance(raised, Unknown) else raised,
        "why": "; ".join(row.why) or None,
    }


def _float(value: Fraction | Decimal | float | Unknown | None) -> float | None:
    if isinstance(value, Fraction):
        return value.numerator / value.denominator  # rounded once, to the nearest float
    return None if value is None or isinstance(value, Unknown) else float(value)


def _as_given(made: Any, table: Any) -> Any:
    """A lazy frame of the kind that was given."""
    implementation = table.implementation
    if implementation.is_polars():
        return made.lazy().to_native()
    if implementation.is_pyspark():
        return made.lazy(backend=implementation, session=table.to_native().sparkSession).to_native()
    return made.lazy(backend=implementation).to_native()
