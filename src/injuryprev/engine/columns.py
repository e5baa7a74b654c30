"""How a column becomes the integers of an input and a status for each row, as ``reading`` does for one value."""

from __future__ import annotations

from typing import Any, Final

import narwhals as nw

from injuryprev.engine.expressions import Engine, Expr, when
from injuryprev.engine.lower import InputShape
from injuryprev.engine.reading import MISSING, MOST_FLOAT_STEPS, OUT_OF_RANGE, TOO_FINE, UNREADABLE
from injuryprev.errors import InputError
from injuryprev.units import finite_places

_LONGEST: Final = 18
"""Digits of a whole number that surely fit into 64 bits."""


def read_column(spec: InputShape, column: str, kind: Any, engine: Engine) -> tuple[Expr, Expr]:
    """The integer and the status of every row of one column.

    Raises:
        InputError: The column is of a kind that cannot be read as this input.
    """
    value = nw.col(column)
    missing = value.is_null()
    if spec.kind == "category":
        word = value.cast(nw.String).fill_null("")
        found = nw.lit(-1, nw.Int64)
        for code, choice in enumerate(spec.choices):
            found = when(word == choice, nw.lit(code, nw.Int64), found)
        return settled(spec, missing, found, [(found < 0, UNREADABLE)])
    if spec.kind == "flag":
        return _flag(spec, value, kind, missing)
    if kind.is_integer():
        return _integer(spec, value, missing, engine)
    if kind.is_float():
        missing = missing | value.is_nan()
        return _float(spec, value, missing)
    if kind == nw.String or kind.is_decimal():
        return _text(spec, value.cast(nw.String), missing, engine)
    raise InputError(
        "a column of a kind that cannot be read as a number",
        where=f"evaluate_frame column {column!r}",
        seen=str(kind),
        expected="integers, decimals, floats or text",
    )


def settled(spec: InputShape, missing: Expr, value: Expr, faults: list[tuple[Expr, int]]) -> tuple[Expr, Expr]:
    """The value where nothing is wrong and its stand-in elsewhere; the first fault that holds is the status."""
    status: Expr = nw.lit(0, nw.Int64)
    for wrong, code in reversed(faults):
        status = when(wrong, nw.lit(code, nw.Int64), status)
    stand_in = spec.low if spec.absent is None else spec.absent
    absent = MISSING if spec.absent is None else 0
    status = when(missing, nw.lit(absent, nw.Int64), status)
    sound = when(status == 0, value, nw.lit(spec.low, nw.Int64))
    return when(missing, nw.lit(stand_in, nw.Int64), sound), status


def _flag(spec: InputShape, value: Expr, kind: Any, missing: Expr) -> tuple[Expr, Expr]:
    if kind == nw.Boolean:
        return settled(spec, missing, when(value.fill_null(value=False), nw.lit(1, nw.Int64), nw.lit(0, nw.Int64)), [])
    if kind.is_integer():
        value = value.fill_null(0)
        return settled(spec, missing, value.cast(nw.Int64), [((value != 0) & (value != 1), UNREADABLE)])
    word = value.cast(nw.String).fill_null("")
    found = when(word == "true", nw.lit(1, nw.Int64), nw.lit(0, nw.Int64))
    return settled(spec, missing, found, [((word != "true") & (word != "false"), UNREADABLE)])


def _bounds(spec: InputShape) -> tuple[int, int]:
    """Least and greatest whole number within the range."""
    low, high = spec.low * spec.step, spec.high * spec.step
    return -((-low.numerator) // low.denominator), high.numerator // high.denominator


def _integer(spec: InputShape, value: Expr, missing: Expr, engine: Engine) -> tuple[Expr, Expr]:
    low, high = _bounds(spec)
    value = value.fill_null(low)
    outside = (value < low) | (value > high)
    inside = when(outside, nw.lit(low, nw.Int64), value.cast(nw.Int64))
    top = inside * spec.step.denominator
    if spec.step.numerator == 1:
        return settled(spec, missing, top, [(outside, OUT_OF_RANGE)])
    steps, rest = _divided(top, spec.step.numerator, engine)
    return settled(spec, missing, steps, [(outside, OUT_OF_RANGE), (rest != 0, TOO_FINE)])


def _divided(top: Expr, by: int, engine: Engine) -> tuple[Expr, Expr]:
    if by == 1:
        return top, top * 0
    steps = engine.floordiv(top, by, never_negative=False)
    return steps, top - steps * by


def _float(spec: InputShape, value: Expr, missing: Expr) -> tuple[Expr, Expr]:
    """The multiple of the step whose nearest double the value is, if there is one; see ``reading``."""
    top, bottom = spec.step.numerator, spec.step.denominator
    low, high = spec.low * top / bottom, spec.high * top / bottom
    value = when(missing, nw.lit(low, nw.Float64), value.fill_null(low))
    outside = (value < low) | (value > high)
    inside = when(outside, nw.lit(low, nw.Float64), value)
    steps = (inside * (bottom / top)).round()
    # Divided by a column: by a plain number, some engines multiply with its inverse, which rounds twice.
    back = steps * top / (steps * 0 + bottom)
    wrong = (back != inside) | (steps.abs() > MOST_FLOAT_STEPS)
    return settled(spec, missing, steps.cast(nw.Int64), [(outside, OUT_OF_RANGE), (wrong, TOO_FINE)])


def _text(spec: InputShape, value: Expr, missing: Expr, engine: Engine) -> tuple[Expr, Expr]:
    """A plain decimal: its digits before and after the point are joined into the number of steps."""
    text = value.fill_null("0").str.strip_chars()
    readable = text.str.contains(r"^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)$")
    safe = when(readable, text, nw.lit("0", nw.String))
    negative = safe.str.starts_with("-")
    bare = safe.str.replace_all(r"^[+-]?0*", "")
    whole = bare.str.replace_all(r"\..*$", "")
    after = bare.str.replace_all(r"^[^.]*\.?", "").str.replace_all(r"0*$", "")
    places = finite_places(spec.step)
    digits = places if places is not None else 6
    long = whole.str.len_chars() > _LONGEST - digits
    finer = after.str.len_chars() > digits
    cut = when(long, nw.lit("0", nw.String), whole)
    padded = nw.concat_str(
        nw.lit("0", nw.String), cut, nw.concat_str(after, nw.lit("0" * digits, nw.String)).str.slice(0, digits)
    )
    scaled = padded.cast(nw.Int64)
    units = when(negative, -scaled, scaled)
    # ``units`` counts 10**-digits; a step is ``step * 10**digits`` of them.
    size = spec.step * 10**digits
    low, high = spec.low * size, spec.high * size
    outside = long | (units < int(low)) | (units > int(high)) | ((units == int(high)) & finer & ~negative)
    steps, rest = _divided(units * size.denominator, size.numerator, engine)
    wrong = [(~readable, UNREADABLE), (outside, OUT_OF_RANGE), (finer | (rest != 0), TOO_FINE)]
    return settled(spec, missing, steps, wrong)
