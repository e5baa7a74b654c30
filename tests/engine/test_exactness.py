"""Exact whatever happens: no context of the caller, no scale and no sign changes a figure."""

from __future__ import annotations

import decimal
from decimal import Decimal
from fractions import Fraction

import pytest
from tiny import ROUND, formula

from injuryprev import Unknown
from injuryprev.units import to_decimal


def test_the_precision_of_the_caller_changes_nothing() -> None:
    """A caller who works with five digits gets every digit of a sum of money."""
    policy = formula("money", unit="money")
    with decimal.localcontext() as context:
        context.prec = 5
        assert policy.evaluate(money="123456.78")["out"] == Decimal("123456.78")
        assert str(to_decimal(Fraction("123456.789"))) == "123456.789"


def test_a_figure_longer_than_the_usual_precision_is_whole() -> None:
    """More than the 28 digits that arithmetic of Decimal keeps are kept here."""
    assert str(to_decimal(Fraction(10**40 + 1, 10))) == "1" + "0" * 39 + ".1"


@pytest.mark.parametrize(
    ("text", "value"),
    [("x / 4", "1.75"), ("x / -4", "-1.75"), ("x / 4 / 5", "0.35"), ("x * 3 / 8", "2.625"), ("0 * x", "0")],
)
def test_a_quotient_by_a_written_number_of_twos_and_fives_needs_no_rounding(text: str, value: str) -> None:
    """It is a finite decimal, so it may be an output as it stands."""
    assert formula(text).evaluate(x=7)["out"] == Decimal(value)


@pytest.mark.parametrize(
    "divisor", ["y * min(0, z)", "z * (y - y)", "min(0, z)", "y * clip(z, 0, 0)", "-(y * min(0, z))"]
)
def test_a_divisor_that_is_always_zero_is_noticed(divisor: str) -> None:
    """However the zero comes about, the quotient is unknown and never the number above the line."""
    result = formula(f"x / ({divisor})", more=ROUND).evaluate(x=6, y=3, z=1)
    assert isinstance(result["out"], Unknown)
    assert result["out"].codes == ("division_by_zero:out",)


def test_a_divisor_that_is_not_known_is_not_said_to_be_zero() -> None:
    """Only what is known to be zero is a division by zero, whatever stands in for a missing figure."""
    policy = formula("x / z + 1 / (z - y)", more=ROUND)
    for figures, codes in (
        ({"x": 1, "y": 0}, {"missing:z"}),
        ({"x": 1, "z": 0}, {"division_by_zero:out", "missing:y"}),
        ({"z": 0, "y": 0}, {"division_by_zero:out", "missing:x"}),
        ({"x": 1, "z": 1, "y": 1}, {"division_by_zero:out"}),
    ):
        found = policy.evaluate(**figures)["out"]
        assert isinstance(found, Unknown)
        assert set(found.codes) == codes
