"""Rounding: the four modes are those of the decimal standard, for both signs and for ties."""

from __future__ import annotations

import decimal
from decimal import Decimal
from fractions import Fraction
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny import define, policy

from injuryprev.units import round_to

MODES: Final = {
    "half_up": decimal.ROUND_HALF_UP,
    "half_even": decimal.ROUND_HALF_EVEN,
    "up": decimal.ROUND_UP,
    "down": decimal.ROUND_DOWN,
}
STEPS: Final = ("1", "0.1", "0.01", "10", "0.05", "0.25", "0.5")
INPUTS: Final = (
    '[inputs]\nx = { unit = "number", range = [-1000, 1000], step = 0.001 }\ny = { unit = "number", range = [1, 9] }\n'
)
RULES: Final = {
    (mode, step): policy(
        define("x", name="rule", more=f'round = {{ to = {step}, mode = "{mode}" }}')
        + define(f"round_{mode}(x, {step})", name="call")
        + define(f"round_{mode}(x / y, {step})", name="quotient")
        + define(f"round_{mode}(-x / -y, {step})", name="turned"),
        "rule",
        "call",
        "quotient",
        "turned",
        inputs=INPUTS,
    )
    for mode in MODES
    for step in STEPS
}

values = st.integers(-1_000_000, 1_000_000).map(lambda number: Decimal(number).scaleb(-3))
ties = st.tuples(st.integers(-1000, 1000), st.sampled_from(STEPS)).map(
    lambda drawn: max(min(Decimal(drawn[0]) * Decimal(drawn[1]) / 2, Decimal(1000)), Decimal(-1000))
)


@given(values | ties, st.sampled_from(STEPS), st.sampled_from(sorted(MODES)))
def test_a_mode_is_that_of_the_decimal_standard(value: Decimal, step: str, mode: str) -> None:
    """As a rule of the law, inside a formula, and where records are counted."""
    wanted = (value / Decimal(step)).quantize(Decimal(1), MODES[mode]) * Decimal(step)
    result = RULES[mode, step].evaluate(x=value, y=1)
    assert {result["rule"], result["call"], result["quotient"], result["turned"]} == {wanted}
    assert round_to(Fraction(value), Fraction(step), mode) == Fraction(wanted)


@given(st.integers(-1000, 1000), st.integers(1, 9), st.sampled_from(STEPS), st.sampled_from(sorted(MODES)))
def test_a_quotient_is_rounded_from_its_exact_value(over: int, under: int, step: str, mode: str) -> None:
    """A third is not first made a decimal: the quotient decides, and a tie of a quotient is a tie."""
    result = RULES[mode, step].evaluate(x=over, y=under)
    with decimal.localcontext(prec=60):
        exact = Fraction(over, under) / Fraction(step)
        whole, rest = divmod(abs(exact.numerator), exact.denominator)
        near = Decimal(whole) + (Decimal(rest) / exact.denominator)
        wanted = near.quantize(Decimal(1), MODES[mode]).copy_sign(Decimal(over)) * Decimal(step)
    assert result["quotient"] == result["turned"] == wanted


@pytest.mark.parametrize(
    ("mode", "value", "wanted"),
    [
        ("half_up", "0.125", "0.13"),
        ("half_up", "-0.125", "-0.13"),
        ("half_even", "0.125", "0.12"),
        ("half_even", "-0.125", "-0.12"),
        ("half_even", "0.135", "0.14"),
        ("up", "0.121", "0.13"),
        ("up", "-0.121", "-0.13"),
        ("up", "0.12", "0.12"),
        ("down", "0.129", "0.12"),
        ("down", "-0.129", "-0.12"),
        ("half_up", "0", "0.00"),
    ],
)
def test_ties_and_signs(mode: str, value: str, wanted: str) -> None:
    """Ties of half up go away from zero; up is away from zero, down towards it."""
    assert str(RULES[mode, "0.01"].evaluate(x=value, y=1)["rule"]) == wanted
