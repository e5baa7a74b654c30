"""How a value that a caller gives becomes the integer of an input, or is said to be no use."""

from __future__ import annotations

import math
import operator
import re
from decimal import Decimal
from fractions import Fraction
from typing import Final

from injuryprev.engine.lower import STATUS, InputShape
from injuryprev.unknown import Unknown

MISSING: Final = STATUS.index("missing") + 1
UNREADABLE: Final = STATUS.index("unreadable") + 1
OUT_OF_RANGE: Final = STATUS.index("out_of_range") + 1
TOO_FINE: Final = STATUS.index("too_fine") + 1

MOST_FLOAT_STEPS: Final = 10**15
"""Up to here a double tells any two neighbouring steps apart."""

_NUMBER: Final = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_LARGEST_EXPONENT: Final = 60
_FLAGS: Final[dict[object, int]] = {"true": 1, "false": 0}


def read(spec: InputShape, value: object) -> tuple[int, int]:
    """The integer of a given value, and its status: 0, or one more than its place in ``STATUS``.

    A number may be an ``int``, a ``Decimal``, a ``Fraction``, plain decimal text, or a ``float``, which is read as the
    multiple of the step whose nearest double it is (for decimal steps, its shortest decimal text); a float that is not
    a number counts as not given, since that is how tables of floats write it.  A flag is ``True`` or ``False``, 1 or
    0 (as a float too, since that is what some tables make of them where one is missing), or the text of either; a
    choice is one of its words.  A value that is no use is replaced by the least of its range, which keeps every later
    step defined.
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return (spec.low, MISSING) if spec.absent is None else (spec.absent, 0)
    if isinstance(value, Unknown):  # not the same as not recorded, so nothing stands in for it
        return spec.low, MISSING
    if spec.kind == "number":
        return _number(spec, value)
    if spec.kind == "flag":
        word = value if isinstance(value, str) else ""
        flag = value if isinstance(value, (bool, int, float)) else _FLAGS.get(word, -1)
        return (int(flag), 0) if flag in (0, 1) else (0, UNREADABLE)
    if isinstance(value, str) and value in spec.choices:
        return spec.choices.index(value), 0
    return spec.low, UNREADABLE


def _number(spec: InputShape, value: object) -> tuple[int, int]:
    if isinstance(value, float):
        return _float(spec, float(value))
    ratio = (value, 1) if type(value) is int else _ratio(value)
    if ratio is None:
        return spec.low, UNREADABLE
    top, bottom = ratio[0] * spec.step.denominator, ratio[1] * spec.step.numerator
    steps, rest = divmod(top, bottom)
    if steps < spec.low or steps > spec.high or (rest and steps == spec.high):
        return spec.low, OUT_OF_RANGE
    return (spec.low, TOO_FINE) if rest else (steps, 0)


def _float(spec: InputShape, value: float) -> tuple[int, int]:
    top, bottom = spec.step.numerator, spec.step.denominator
    if value < spec.low * top / bottom or value > spec.high * top / bottom:
        return spec.low, OUT_OF_RANGE
    steps = round(value * (bottom / top))
    if steps * top / bottom != value or abs(steps) > MOST_FLOAT_STEPS:
        return spec.low, TOO_FINE
    return steps, 0


def _ratio(value: object) -> tuple[int, int] | None:
    """The number as numerator and denominator; ``None`` for what is not a finite number of a sensible size."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        text = value.strip()
        if not _NUMBER.fullmatch(text):
            return None
        value = Decimal(text)
    if isinstance(value, Decimal):
        if not value.is_finite():
            return None
        if not value or abs(value.adjusted()) <= _LARGEST_EXPONENT:
            return value.as_integer_ratio()
        sign, huge = -1 if value.is_signed() else 1, 10**_LARGEST_EXPONENT
        return (sign * huge, 1) if value.adjusted() > 0 else (sign, huge)
    if isinstance(value, Fraction):
        return value.numerator, value.denominator
    try:
        return operator.index(value), 1  # type: ignore[arg-type]  # other integers, such as NumPy's
    except TypeError:
        return None
