"""One figure over another, exactly: what a number is read as, and why there is no quotient where there is none."""

from __future__ import annotations

import math
import numbers
import re
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from fractions import Fraction
from typing import Any, Final

from injuryprev.errors import InputError
from injuryprev.units import exact
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

_PLAIN: Final = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
NO_WORDS: Final = Words()
DIGITS: Final = 28
"""Significant digits of a quotient that does not end."""


def is_plain(value: object) -> bool:
    """Whether a value is a single number, or stands for one, rather than a column."""
    return value is None or isinstance(value, (numbers.Number, Decimal, str, Unknown)) or _is_scalar_array(value)


def read(value: object, name: str, title: Words = NO_WORDS) -> Fraction | Unknown:
    """A figure of zero or more, exactly, or why it is no use; ``title`` is what a reader calls it.

    >>> read("12.5", "hours"), read(-1, "cases").codes, read(None, "hours").codes
    (Fraction(25, 2), ('out_of_range:cases',), ('missing:hours',))
    """
    if isinstance(value, Unknown):
        return value
    value = plain(value)
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return _unknown("missing", name, title, "{name} was not given", "未提供{name}")
    unreadable = _unknown("unreadable", name, title, "{name} is not a finite number", "{name}不是有限的数值")
    if isinstance(value, str) and not _PLAIN.fullmatch(value.strip()):
        return unreadable  # a spreadsheet's 1E+05 has lost digits
    try:
        number = exact(value, where=name)
    except InputError:
        return unreadable
    if number < 0:
        return _unknown("out_of_range", name, title, "{name} is less than zero", "{name}小于零")
    return number


def quotient(
    above: Fraction | Unknown, below: Fraction | Unknown, factor: Fraction, name: str, title: Words = NO_WORDS
) -> Fraction | Unknown:
    """``above`` over ``below`` times ``factor``; unknown where either is, and where ``below`` is zero."""
    if below == 0:
        en, zh = "{name} is zero, and nothing can be said of a rate over nothing", "{name}为零，无法计算比率"
        below = _unknown("zero_exposure", name, title, en, zh)
    if isinstance(above, Unknown) or isinstance(below, Unknown):
        both = (reason for part in (above, below) if isinstance(part, Unknown) for reason in part.reasons)
        return Unknown(tuple(dict.fromkeys(both)))
    return above / below * factor


def as_decimal(value: Fraction) -> Decimal:
    """A fraction as a ``Decimal``: exactly where it ends within ``DIGITS`` digits, else to so many, half to even.

    >>> as_decimal(Fraction(9, 200)), as_decimal(Fraction(2, 3))
    (Decimal('0.045'), Decimal('0.6666666666666666666666666667'))
    """
    # The caller's context must neither round nor trap.
    with localcontext(Context(prec=DIGITS, rounding=ROUND_HALF_EVEN, traps=[])):
        return Decimal(value.numerator) / Decimal(value.denominator)


def _unknown(code: str, name: str, title: Words, en: str, zh: str) -> Unknown:
    called_en = name if title.en == name else f"{title.en} ({name})"
    called = Words(called_en, f"{title.zh}（{name}）") if title else Words(name, f" {name} ")
    return Unknown((Reason(code, name, Words(en.format(name=called.en), zh.format(name=called.zh).strip())),))


def plain(value: Any) -> Any:
    """A NumPy scalar as Python has it, told by its lack of dimensions; anything else as it is."""
    return value.item() if _is_scalar_array(value) else value


def _is_scalar_array(value: Any) -> bool:
    return getattr(value, "ndim", None) == 0 and hasattr(value, "item")
