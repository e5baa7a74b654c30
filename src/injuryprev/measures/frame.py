"""Rates of whole tables: one row in, the same row with its rate, or why it has none, out.

Columns of whole numbers, decimals and text are worked with exactly and give a decimal; where a column of floats is
among them, which somebody else has rounded already, the rate is a float.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Any, Final

import attrs
import narwhals as nw
from narwhals.dependencies import is_dask_dataframe

from injuryprev.engine.columns import as_array, read_column
from injuryprev.engine.expressions import Engine, Expr, when
from injuryprev.engine.frame_dask import by_partition
from injuryprev.engine.ir import LIMIT
from injuryprev.engine.lower import STATUS, InputShape
from injuryprev.engine.reading import MISSING, OUT_OF_RANGE, UNREADABLE
from injuryprev.engine.stages import TEMPORARY, Staged, bound
from injuryprev.errors import InputError, nearest
from injuryprev.measures.checks import BESIDE, CHECKS, DAYS, PART, PERSONS, WORKERS, Check, check_days, pairs
from injuryprev.measures.definition import BASE, Definition

PLACES: Final = 6
"""Digits after the point of an exact rate; half goes up."""
STEP: Final = Fraction(1, 10_000)
"""Exact columns are read to this step; what is finer is unknown rather than rounded."""
DEFINITION: Final = "definition"
"""A column of this name says by which definition the figures of a row were made."""
UNKNOWN: Final = "_unknown"
FINDINGS: Final = "_findings"

_HALF: Final = PLACES // 2
_SCALE: Final = 10**_HALF
_MOST_PERSONS: Final = 10**14
"""Ten thousand million persons, in steps: the hours they can work still fit into 64 bits."""
_MOST_RATE: Final = LIMIT // 10**PLACES - 1


@attrs.frozen
class _Figure:
    """A figure of every row: in steps, so many to one, or as a float; and its status."""

    value: Expr
    status: Expr
    is_float: bool
    steps: int

    def as_float(self) -> Expr:
        """The figure as a float, whatever it is kept as."""
        return self.value if self.is_float else self.value.cast(nw.Float64) / float(self.steps)


def rate_frame(
    definition: Definition,
    native: Any,
    *,
    numerator: str | None = None,
    exposure: str | None = None,
    rate: str = "rate",
    days: int = DAYS,
) -> Any:
    """Work out one rate for every row; :meth:`injuryprev.measures.Standard.frame` has the words."""
    check_days(definition, days, f"{definition.name}.frame")
    if is_dask_dataframe(native):
        names = {"numerator": numerator, "exposure": exposure}
        return by_partition(native, partial(rate_frame, definition, **names, rate=rate, days=days))
    frame: Any = nw.from_native(native)
    schema = frame.collect_schema()
    columns = {
        definition.above: _column(schema, numerator, definition.above, definition),
        definition.below: _column(schema, exposure, definition.below, definition),
    }
    kept = list(schema.names())
    check_free(kept, (rate, rate + UNKNOWN, rate + FINDINGS))
    mixed = _mixed(frame, schema, definition)
    beside = {name: name for name in BESIDE if name in schema and name not in columns}
    engine = Engine(frame.implementation)
    frame, places = _doubles_apart(frame, schema, columns | beside)
    schema = frame.collect_schema()
    kinds = {name: schema[column] for name, column in places.items()}
    # Of whole numbers alone no part is lost, and a nation's hours fit.
    step = Fraction(1) if all(kind.is_integer() for kind in kinds.values()) else STEP
    work = {name: _figure(name, column, kinds[name], engine, definition, step) for name, column in places.items()}
    frame, figures = bound(frame, work, "m_")
    frame, made = bound(frame, {rate: _rate(definition, figures, engine)}, "r_")
    value, large = made[rate]
    reasons: list[tuple[Expr, str | Expr]] = []
    if mixed is not None:
        reasons.append((~mixed, f"other_definition:{rate}"))
    reasons += _reasons(definition, figures, definition.above + UNKNOWN in schema)
    sound = _none_of([wrong for wrong, _ in reasons])
    reasons.append((large & sound, f"out_of_range:{rate}"))
    known = sound & ~large
    findings = [*_parts(figures, engine), *(found for check in CHECKS for found in _findings(check, figures, days))]
    return frame.select(
        *kept,
        nw.when(known).then(value).alias(rate),
        joined(reasons).alias(rate + UNKNOWN),
        joined(findings).alias(rate + FINDINGS),
    ).to_native()


def _column(schema: Mapping[str, Any], given: str | None, own: str, definition: Definition) -> str:
    """The column of a figure: the one named, else the one that bears the definition's own name for it."""
    wanted = own if given is None else given
    if wanted not in schema:
        raise InputError(
            "the frame has no column for this figure",
            where=f"{definition.name}.frame",
            seen=wanted,
            expected=f"a column {own}, or its name as numerator= or exposure=; {nearest(wanted, list(schema))}",
        )
    return wanted


def _doubles_apart(frame: Any, schema: Mapping[str, Any], columns: Mapping[str, str]) -> tuple[Any, dict[str, str]]:
    """Columns of pandas that hold Python's floats as objects are columns of floats, which somebody rounded before."""
    places = dict(columns)
    for name, column in columns.items() if frame.implementation.is_pandas() else ():
        if schema[column] != nw.Object:
            continue
        held = [one for one, gone in _pairs(frame[column]) if not gone]
        if any(isinstance(one, float) for one in held) and all(_is_number(one) for one in held):
            places[name] = f"{TEMPORARY}double_{name}"
            doubles = nw.col(column).map_batches(_doubles, return_dtype=nw.Float64())
            frame = frame.with_columns(doubles.alias(places[name]))
    return frame, places


def _is_number(one: object) -> bool:
    return isinstance(one, (int, float)) and not isinstance(one, bool)


def _pairs(column: Any) -> list[tuple[Any, bool]]:
    return list(zip(column.to_numpy(), column.is_null().to_numpy(), strict=True))


def _doubles(column: Any) -> Any:
    return as_array([math.nan if gone else float(one) for one, gone in _pairs(column)], "float64")


def check_free(columns: list[str], wanted: tuple[str, ...]) -> None:
    """Refuse to overwrite a column of the caller."""
    taken = [name for name in columns if name in wanted or name.startswith(TEMPORARY)]
    if taken:
        raise InputError(
            "the frame already has a column of a name that is needed",
            where="rate_frame",
            seen=", ".join(taken),
            expected="to rename or drop it, or another rate=",
        )


def _mixed(frame: Any, schema: Mapping[str, Any], definition: Definition) -> Expr | None:
    """Where rows say by which definition they were made: whether it is this one.

    Raises:
        InputError: A row of a frame that can be looked at says another; of a lazy frame such rows have no rate.
    """
    if DEFINITION not in schema:
        return None
    said = nw.col(DEFINITION).cast(nw.String)
    # Counts and exposure are the same on every base, and a rate that a row may bear is not read.
    same = ((said == definition.family) | said.str.starts_with(definition.family + BASE)).fill_null(value=False)
    if isinstance(frame, nw.DataFrame):
        others = frame.filter(~same).get_column(DEFINITION).unique().to_list()
        if others:
            names = sorted("(none)" if name is None else str(name) for name in others)
            raise InputError(
                "the table mixes definitions",
                where=f"{definition.name}.frame, column {DEFINITION}",
                seen=", ".join(names),
                expected=f"{definition.name} in every row, or a table for each definition",
            )
    return same


# Figures -------------------------------------------------------------------------------------------------------------


def _figure(
    name: str, column: str, kind: Any, engine: Engine, definition: Definition, step: Fraction
) -> Staged[_Figure]:
    if kind.is_float():
        value = nw.col(column).cast(nw.Float64)
        [missing] = yield [value.is_null() | value.is_nan()]
        [value] = yield [when(missing, nw.lit(0.0, nw.Float64), value)]
        endless = value.abs() == nw.lit(float("inf"), nw.Float64)
        status = when(endless, _int(UNREADABLE), when(value < 0, _int(OUT_OF_RANGE), _int(0)))
        [status] = yield [when(missing, _int(MISSING), status)]
        return _Figure(when(status == 0, value, nw.lit(0.0, nw.Float64)), status, is_float=True, steps=1)
    most = LIMIT // (_SCALE * definition.factor.denominator)
    if name == definition.above:
        most = LIMIT // definition.factor.numerator
    if name in PERSONS or name in WORKERS:
        most = min(most, _MOST_PERSONS)
    spec = InputShape(name, "number", step, 0, most, None, ())
    steps, status = yield from read_column(spec, column, kind, engine)
    return _Figure(steps, status, is_float=False, steps=step.denominator)


def _rate(definition: Definition, figures: Mapping[str, _Figure], engine: Engine) -> Staged[tuple[Expr, Expr]]:
    """The rate of every row, and where it is too large to be written."""
    above, below = figures[definition.above], figures[definition.below]
    top, bottom = definition.factor.numerator, definition.factor.denominator
    if above.is_float or below.is_float:
        divisor = below.as_float() * float(bottom)
        [safe] = yield [when(divisor > 0, divisor, nw.lit(1.0, nw.Float64))]
        [made] = yield [above.as_float() * float(top) / safe]
        return made, made == nw.lit(float("inf"), nw.Float64)
    # Long division, since the product with a million would not fit into 64 bits.
    dividend, divisor = yield [above.value * top, when(below.value > 0, below.value, _int(1)) * bottom]
    [whole] = yield [engine.floordiv(dividend, divisor, low=0, high=LIMIT)]
    [rest] = yield [(dividend - whole * divisor) * _SCALE]
    [first] = yield [engine.floordiv(rest, divisor, low=0, high=LIMIT)]
    [rest] = yield [(rest - first * divisor) * _SCALE]
    [second] = yield [engine.floordiv(rest, divisor, low=0, high=LIMIT)]
    [up] = yield [when((rest - second * divisor) >= divisor - (rest - second * divisor), _int(1), _int(0))]
    [large] = yield [whole > _MOST_RATE]
    digits = when(large, _int(0), whole) * 10**PLACES + first * _SCALE + second + up
    return engine.decimal(digits, PLACES), large


def _int(value: int) -> Expr:
    return nw.lit(value, nw.Int64)


# What is said of them ------------------------------------------------------------------------------------------------


def _reasons(definition: Definition, figures: Mapping[str, _Figure], counted: bool) -> list[tuple[Expr, str | Expr]]:
    """Why a figure is no use; of one that was counted, why it could not be, which says more than that it is missing."""
    found: list[tuple[Expr, str | Expr]] = [
        (figures[name].status == code, f"{word}:{name}")
        for name in (definition.above, definition.below)
        for code, word in enumerate(STATUS, start=1)
    ]
    if counted:
        why, lost = nw.col(definition.above + UNKNOWN), found[0][0]
        found[0] = (lost & why.is_null(), found[0][1])
        found.insert(0, (lost & ~why.is_null(), why))
    below = figures[definition.below]
    return [*found, ((below.status == 0) & (below.value == 0), f"zero_exposure:{definition.below}")]


def _parts(figures: Mapping[str, _Figure], engine: Engine) -> list[tuple[Expr, str | Expr]]:
    """Counts that are not whole."""
    found: list[tuple[Expr, str | Expr]] = []
    for name in PERSONS:
        if name in figures:
            value, step = figures[name].value, figures[name].steps
            if figures[name].is_float:
                wrong = value.round(0) != value
            else:
                wrong = engine.floordiv(value, step, low=0, high=LIMIT) * step != value
            found.append(((figures[name].status == 0) & wrong, f"{PART}:{name}"))
    return found


def _findings(check: Check, figures: Mapping[str, _Figure], days: int) -> list[tuple[Expr, str | Expr]]:
    found: list[tuple[Expr, str | Expr]] = []
    for one, other in pairs(check, figures):
        a, b = figures[one], figures[other]
        floats = a.is_float or b.is_float
        wrong = check.wrong(a.as_float() if floats else a.value, b.as_float() if floats else b.value, days)
        found.append(((a.status == 0) & (b.status == 0) & wrong, f"{check.code}:{one}"))
    return found


def _none_of(conditions: list[Expr]) -> Expr:
    found: Expr = nw.lit(value=True, dtype=nw.Boolean)
    for condition in conditions:
        found = found & ~condition
    return found


def joined(parts: Sequence[tuple[Expr, str | Expr]]) -> Expr:
    """The codes that hold in a row, separated by ``"; "``; null where none does."""
    nothing = nw.lit("", nw.String)
    if not parts:
        return nw.lit(None, nw.String)
    written = [when(wrong, _written(code), nothing) for wrong, code in parts]
    return nw.when(~_none_of([wrong for wrong, _ in parts])).then(nw.concat_str(*written, nothing).str.slice(2))


def _written(code: str | Expr) -> Expr:
    if isinstance(code, str):
        return nw.lit(f"; {code}", nw.String)
    return nw.concat_str(nw.lit("; ", nw.String), code.fill_null(""))
