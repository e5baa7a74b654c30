"""How a column becomes the integers of an input and a status for each row, as ``reading`` does for one value."""

from __future__ import annotations

import math
from typing import Any, Final

import narwhals as nw

from injuryprev.engine.expressions import Engine, Expr, bool_lit, code_lit, int_lit, when
from injuryprev.engine.frame_kinds import WAY_OUT, Strange, is_text, unreadable
from injuryprev.engine.ir import LIMIT
from injuryprev.engine.lower import InputShape
from injuryprev.engine.reading import MISSING, MOST_FLOAT_STEPS, OUT_OF_RANGE, TOO_FINE, UNREADABLE, read
from injuryprev.engine.stages import Staged
from injuryprev.units import finite_places

Read = tuple[Expr, Expr]
"""The integer of every row, and its status."""

_WIDEST: Final = 10**18
"""A power of ten that fits into 64 bits."""
_PLAIN_PLACES: Final = 6
"""Decimals of more places are written with an exponent by some engines where they are small."""
_SPACE: Final = "[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"  # what str.strip takes off
OUTER_SPACE: Final = f"^{_SPACE}+|{_SPACE}+$"


def read_column(spec: InputShape, column: str, kind: Any, engine: Engine, where: str = "") -> Staged[Read]:
    """The integer and the status of every row of one column.

    Raises:
        InputError: The column is of a kind that cannot be read as this input.
    """
    value = nw.col(column)
    if isinstance(kind, Strange):
        raise unreadable("cannot be read", f"{where} column {column!r}".lstrip(), kind, WAY_OUT)
    if kind == nw.Object and engine.implementation.is_pandas():
        return (yield from _objects(spec, value))
    if kind == nw.Unknown:  # a column of nulls alone
        missing = value.is_null()
        return (yield from settled(spec, missing, int_lit(spec.low), [(~missing, UNREADABLE)]))
    if spec.kind == "category":
        return (yield from _category(spec, value, kind))
    if spec.kind == "flag":
        return (yield from _flag(spec, value, kind))
    if kind.is_integer():
        return (yield from _integer(spec, value, kind, engine))
    if kind.is_float():
        return (yield from _float(spec, value))
    if kind.is_decimal() and engine.reads_decimals and _fits(spec, kind.scale):
        return (yield from _decimal(spec, value, kind.scale, engine))
    if is_text(kind) or kind.is_decimal():
        return (yield from _text(spec, value, kind, engine))
    raise unreadable(
        "cannot be read as a number", f"{where} column {column!r}".lstrip(), kind, "integers, decimals, floats or text"
    )


def as_array(values: list[Any], kind: str) -> Any:
    """Values as Python made them, the way Narwhals takes them back."""
    import numpy as np  # noqa: PLC0415  # there wherever pandas is

    return np.array(values, dtype=kind)


def settled(spec: InputShape, missing: Expr, value: Expr, faults: list[tuple[Expr, int]]) -> Staged[Read]:
    """The value where nothing is wrong and its stand-in elsewhere; the first fault that holds is the status."""
    [status] = yield [_status(spec, missing, faults)]
    sound = when(status == 0, value, int_lit(spec.low))
    return (sound if spec.absent is None else when(missing, int_lit(spec.absent), sound)), status


def _status(spec: InputShape, missing: Expr, faults: list[tuple[Expr, int]]) -> Expr:
    """The first fault that holds; what is missing comes before them all, where nothing stands in for it."""
    status = code_lit(0)
    for wrong, code in reversed(faults):
        status = when(wrong, code_lit(code), status)
    if not faults and spec.absent is not None:
        return status
    return when(missing, code_lit(MISSING if spec.absent is None else 0), status)


def _times(value: Expr, factor: int) -> Expr:
    return value if factor == 1 else value * factor


def _objects(spec: InputShape, value: Expr) -> Staged[Read]:
    """A pandas column of Python objects: value for value as one record is read."""

    def reader(place: int) -> Any:
        def of(column: Any) -> Any:
            return as_array([read(spec, None if _gone(one) else one)[place] for one in column.to_numpy()], "int64")

        return of

    values, statuses = yield [value.map_batches(reader(place), return_dtype=nw.Int64()) for place in (0, 1)]
    return values, statuses


def nothing_given(column: Any) -> Any:
    """Where a pandas column of Python objects holds nothing."""
    return as_array([_gone(one) for one in column.to_numpy()], "bool")


def _gone(one: Any) -> bool:
    """What pandas calls missing; asking pandas itself fails at a signalling NaN, and takes one of decimals for none."""
    return one is None or (isinstance(one, float) and math.isnan(one)) or type(one).__name__ == "NAType"


def lacking(column: str, kind: Any) -> Expr:
    """Where a column holds nothing."""
    value = nw.col(column)
    if kind == nw.Object:
        return value.map_batches(nothing_given, return_dtype=nw.Boolean())
    return value.is_null() | value.is_nan() if kind.is_float() else value.is_null()


def _category(spec: InputShape, value: Expr, kind: Any) -> Staged[Read]:
    missing = value.is_null()
    found = int_lit(-1)
    if is_text(kind):
        [word] = yield [value.cast(nw.String).fill_null("")]
        for code, choice in enumerate(spec.choices):
            found = when(word == choice, int_lit(code), found)
    elif kind.is_float():  # where words stand beside nulls alone, tables of floats come about
        missing = missing | value.is_nan()
    [found] = yield [found]
    return (yield from settled(spec, missing, found, [(found < 0, UNREADABLE)]))


def _flag(spec: InputShape, value: Expr, kind: Any) -> Staged[Read]:
    missing = value.is_null()
    if kind == nw.Boolean:
        true = value.fill_null(value=spec.absent == 1)
        return when(true, int_lit(1), int_lit(0)), _status(spec, missing, [])
    if is_text(kind):
        [word] = yield [value.cast(nw.String).fill_null("")]
        true, false = word == "true", word == "false"
    elif kind.is_integer() or kind.is_float():
        missing = missing | value.is_nan() if kind.is_float() else missing
        true, false = value.fill_null(0) == 1, value.fill_null(0) == 0
    else:
        true = false = bool_lit(value=False)
    return (yield from settled(spec, missing, when(true, int_lit(1), int_lit(0)), [(~(true | false), UNREADABLE)]))


def _bounds(spec: InputShape) -> tuple[int, int]:
    """Least and greatest whole number within the range."""
    low, high = spec.low * spec.step, spec.high * spec.step
    return max(-((-low.numerator) // low.denominator), -LIMIT), min(high.numerator // high.denominator, LIMIT)


def _integer(spec: InputShape, value: Expr, kind: Any, engine: Engine) -> Staged[Read]:
    missing = value.is_null()
    beyond: list[tuple[Expr, int]] = []
    if kind in (nw.UInt64, nw.Int128, nw.UInt128):
        wide = value > nw.lit(LIMIT, kind)
        if kind == nw.Int128:
            wide = wide | (value < nw.lit(-LIMIT, kind))
        [wide] = yield [wide & ~missing]
        value = when(wide, nw.lit(0, kind), value)
        beyond = [(wide, OUT_OF_RANGE)]
    low, high = _bounds(spec)
    stand_in = low if spec.absent is None else spec.absent * spec.step
    plain = spec.step.numerator == 1 and stand_in == int(stand_in)
    # What stands in for a missing value lies in the range, so that it is neither outside nor too fine.
    [value] = yield [value.cast(nw.Int64).fill_null(int(stand_in) if plain else low)]
    [outside] = yield [(value < low) | (value > high)]
    top = _times(when(outside, int_lit(low), value), spec.step.denominator)
    beyond.append((outside, OUT_OF_RANGE))
    if plain:
        return top, _status(spec, missing, beyond)
    [top] = yield [top]
    steps, fine = yield from _divided(top, spec.step.numerator, spec, engine)
    return (yield from settled(spec, missing, steps, [*beyond, *((one, TOO_FINE) for one in fine)]))


def _divided(top: Expr, by: int, spec: InputShape, engine: Engine) -> Staged[tuple[Expr, list[Expr]]]:
    """A column of whole numbers within the range of an input as steps, and where a rest is left."""
    if by == 1:
        return top, []
    [steps] = yield [engine.floordiv(top, by, low=min(spec.low, 0) * by, high=max(spec.high + 1, 0) * by)]
    return steps, [top != steps * by]


def _float(spec: InputShape, value: Expr) -> Staged[Read]:
    """The multiple of the step whose nearest double the value is, if there is one; see ``reading``."""
    top, bottom = spec.step.numerator, spec.step.denominator
    low, high = spec.low * top / bottom, spec.high * top / bottom
    [missing] = yield [value.is_null() | value.is_nan()]
    [value] = yield [when(missing, nw.lit(low, nw.Float64), value.cast(nw.Float64).fill_null(low))]
    [outside] = yield [(value < low) | (value > high)]
    [value] = yield [when(outside, nw.lit(low, nw.Float64), value)]
    [steps] = yield [(value * (bottom / top)).round()]
    # Divided by a column: by a plain number, some engines multiply with its inverse, which rounds twice.
    back = _times(steps, top) / (steps * 0 + bottom)
    [wrong] = yield [(back != value) | (steps.abs() > MOST_FLOAT_STEPS)]
    whole = when(wrong, nw.lit(0.0, nw.Float64), steps).cast(nw.Int64)
    return (yield from settled(spec, missing, whole, [(outside, OUT_OF_RANGE), (wrong, TOO_FINE)]))


def _fits(spec: InputShape, scale: int) -> bool:
    """Whether all that comes up between a column of so many places and the steps of an input fits into 64 bits."""
    unit: int = 10**scale
    return unit <= _WIDEST and max(-spec.low, spec.high) * (spec.step * unit).numerator < _WIDEST


def _decimal(spec: InputShape, value: Expr, scale: int, engine: Engine) -> Staged[Read]:
    """A decimal as the whole number of its last places, without a way by text."""
    unit = 10**scale
    low, high = spec.low * spec.step * unit, spec.high * spec.step * unit
    least, most = max(math.ceil(low), -LIMIT), min(math.floor(high), LIMIT)
    # Beyond 64 bits is beyond the range, and must not stop the work.
    wide = (value > nw.lit(_WIDEST // unit)) | (value < nw.lit(-(_WIDEST // unit)))
    [missing, wide] = yield [value.is_null(), wide.fill_null(value=False)]
    [units] = yield [(nw.when(~wide).then(value) * unit).cast(nw.Int64).fill_null(least)]
    [outside] = yield [wide | (units < least) | (units > most)]
    size = spec.step * unit
    [top] = yield [_times(when(outside, int_lit(least), units), size.denominator)]
    steps, fine = yield from _divided(top, size.numerator, spec, engine)
    return (yield from settled(spec, missing, steps, [(outside, OUT_OF_RANGE), *((one, TOO_FINE) for one in fine)]))


def _text(spec: InputShape, value: Expr, kind: Any, engine: Engine) -> Staged[Read]:
    """A plain decimal: its digits before and after the point are joined into the number of steps."""
    missing = value.is_null()
    text = value.cast(nw.String).fill_null("0")
    if not kind.is_decimal():
        text = text.str.replace_all(OUTER_SPACE, "")
    elif kind.scale is None or kind.scale > _PLAIN_PLACES:
        [text] = yield [text]
        text = _without_exponent(text, kind.scale or 38)
    [text] = yield [text]
    [readable] = yield [text.str.contains(r"^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)$")]
    [text] = yield [when(readable, text, nw.lit("0", nw.String))]
    negative, bare = yield [text.str.starts_with("-"), text.str.replace_all(r"^[+-]?0*", "")]
    whole, after = yield [
        bare.str.replace_all(r"\..*$", ""),
        bare.str.replace_all(r"^[^.]*\.?", "").str.replace_all(r"0*$", ""),
    ]
    # All are counted in 10**-digits, towards zero; a step is ``size`` of them.
    digits = _digits(spec)
    size = spec.step * 10**digits
    low, high = int(spec.low * size), int(spec.high * size)
    finer, joined = yield [
        after.str.len_chars() > digits,
        nw.concat_str(whole, nw.concat_str(after, nw.lit("0" * digits, nw.String)).str.slice(0, digits)),
    ]
    [joined] = yield [joined.str.replace_all("^0+", "")]
    # What exceeds both ends may exceed 64 bits, so it is told by its digits: by how many, else by the first to differ.
    most = str(min(max(-low, high), LIMIT))
    length = joined.str.len_chars()
    [long] = yield [(length > len(most)) | ((length == len(most)) & (joined > nw.lit(most, nw.String)))]
    nought = nw.lit("0", nw.String)
    [scaled] = yield [when(long, nought, nw.concat_str(nought, joined)).cast(nw.Int64)]
    [units] = yield [when(negative, -scaled, scaled)]
    below = (units < low) | ((units == low) & finer & negative)
    above = (units > high) | ((units == high) & finer & ~negative)
    [outside] = yield [long | below | above]
    [top] = yield [_times(when(outside, int_lit(0), units), size.denominator)]
    steps, fine = yield from _divided(top, size.numerator, spec, engine)
    wrong = [(~readable, UNREADABLE), (outside, OUT_OF_RANGE), *((one, TOO_FINE) for one in (finer, *fine))]
    return (yield from settled(spec, missing, steps, wrong))


def _digits(spec: InputShape) -> int:
    """Places after the point of the finest text that can be a value or an end of the range."""
    places = finite_places(spec.step)
    if places is not None:
        return places
    ends = (finite_places(end * spec.step) for end in (spec.low, spec.high))
    return max(6, *(found or 0 for found in ends))


def _without_exponent(text: Expr, scale: int) -> Expr:
    """``1.5E-7`` as ``0.00000015``: how some engines write small decimals."""
    digits = text.str.replace_all(r"E.*$|\.|^-", "")
    sign = when(text.str.starts_with("-"), nw.lit("-0.", nw.String), nw.lit("0.", nw.String))
    found = text
    for exponent in range(_PLAIN_PLACES + 1, scale + 1):
        zeros = nw.lit("0" * (exponent - 1), nw.String)
        found = when(text.str.ends_with(f"E-{exponent}"), nw.concat_str(sign, zeros, digits), found)
    return found
