"""Figures as a reader sees them: shares in per cent, counts with separators, four significant digits or more."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import Final

from injuryprev.measures.quotients import as_decimal
from injuryprev.words import Lang, Words

_DIGITS: Final = 4
_LEAST: Final = Decimal("0.000001")
_UNITS: Final = {
    "cases": Words("cases", "件"),
    "persons": Words("persons", "人"),
    "hours": Words("hours", "学时"),
}


def rounded(value: Fraction | float, digits: int = _DIGITS) -> str:
    """A number of so many significant digits, or with two after the point where that is more; never scientific.

    >>> rounded(Fraction(2, 3)), rounded(Fraction(31798)), rounded(0.000012345678), rounded(6e-31)
    ('0.6667', '31,798', '0.00001235', '<0.000001')
    """
    if 0 < value < _LEAST:
        return f"<{_LEAST:f}"
    number = as_decimal(value) if isinstance(value, Fraction) else Decimal(repr(float(value)))
    context = Context(prec=max(digits, number.adjusted() + 3), rounding=ROUND_HALF_EVEN)
    text = f"{context.plus(number):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(value: Fraction | float, lang: Lang = "en", digits: int = _DIGITS) -> str:
    """A plain fraction in per cent, of so many significant digits or with two after the point.

    >>> percent(Fraction(9, 1000)), percent(0.009, "zh")
    ('0.9 %', '0.9%')
    """
    return rounded(value * 100, digits) + ("%" if lang == "zh" else " %")


def figure(value: Fraction | float, unit: str, lang: Lang = "en") -> str:
    """A figure with its unit.

    >>> figure(Fraction(12), "cases"), figure(Fraction(1, 80), "fraction", "zh")
    ('12 cases', '1.25%')
    """
    if unit == "fraction":
        return percent(value, lang)
    word = _UNITS.get(unit, Words()).to(lang)
    return rounded(value) + (f" {word}" if word and lang == "en" else word)
