"""Arithmetic on ratios: sums, products, comparisons and choices among quotients are those of fractions."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import work_out
from tiny import define, policy

from injuryprev import Unknown

INPUTS: Final = """
[inputs]
x = { unit = "number", range = [-6, 6] }
y = { unit = "number", range = [-3, 3], step = 0.5 }
z = { unit = "number", range = [0, 4] }
n = { unit = "number", range = [-4, -1] }
w = { unit = "number", range = [-4, 0], step = "1/3" }
"""
NUMBERS: Final = (
    "x / y + z / n",
    "x / y - z / (y + 1)",
    "x / n + y / n",
    "x / 3 + y / 7 - 1 / 6",
    "x / y + 1",
    "1 - x / y",
    "(x / y) * (y / z)",
    "(x / y) * (z / n)",
    "(x / y) / (z / n)",
    "x / y / z",
    "x / (y / z)",
    "x / -y",
    "-x / y",
    "x / w",
    "w / x - w",
    "n / (w - x)",
    "(x - y) / (x - y)",
    "0 * x / y",
    "abs(x / y)",
    "abs(-x)",
    "min(x / y, z / n)",
    "max(x / y, z / n, y / z)",
    "min(x / y, z / y)",
    "max(x, y, w)",
    "clip(x / y, n, z)",
    "clip(x, z, n)",
    "if x / y < z / n then x / y else z",
    "if x / y == z / n then 1 else 1 / y",
    "if x > 0 then x / y else -z / 7",
    "if y > 0 then x / y else if y < 0 then y / x else z / 3",
    "round_half_up(x / y, 0.5) + z / y",
    "round_half_even(x / n + w, 1/3)",
    "round_up(-x / y, 0.01) - round_down(x / z, 1)",
)
CONDITIONS: Final = (
    "x / y < z / n",
    "x / y <= z / n",
    "x / y == y / x",
    "x / y != 2",
    "n < x / y <= z",
    "x / y >= y / z > n",
    "x / y in (1, z / 2, y)",
    "x not in (y, z / n)",
    "x / y > 0 and y / x > 0 or z == 0",
    "not (x / y > 0 or y / x > 0)",
    "(x > 0) == (y > 0)",
    "(x / y > 0) != (z / n > 0)",
    "if x > 0 then y > 0 else z > 0",
)
RULES: Final = {
    **{
        text: policy(
            define(text, name="exact") + define("exact", more='round = { to = 0.001, mode = "half_even" }'),
            inputs=INPUTS,
        )
        for text in NUMBERS
    },
    **{
        text: policy(define(text, name="exact", unit="flag") + define("exact", unit="flag"), inputs=INPUTS)
        for text in CONDITIONS
    },
}

figures = st.fixed_dictionaries(
    {
        "x": st.integers(-6, 6),
        "y": st.integers(-6, 6).map(lambda n: Fraction(n, 2)),
        "z": st.integers(0, 4),
        "n": st.integers(-4, -1),
        "w": st.integers(-12, 0).map(lambda n: Fraction(n, 3)),
    }
)
gaps = st.sampled_from(["x", "y", "z", "n", "w", None, None, None])


@pytest.mark.parametrize("text", RULES)
@settings(max_examples=40, deadline=None)
@given(figures, gaps)
def test_ratios_are_worked_out_as_fractions(text: str, given_figures: dict[str, object], gap: str | None) -> None:
    """Whatever the signs and the divisors, and with a figure missing now and then."""
    if gap is not None:
        del given_figures[gap]
    rules = RULES[text]
    wanted = work_out(rules.rules, given_figures)["exact"]
    found = rules.evaluate(**given_figures).trace.values()["exact"]
    if wanted is None:
        assert isinstance(found, Unknown)
    else:
        assert found == wanted


def test_words_are_the_same_where_their_letters_are() -> None:
    """Whatever the order in which two categories list them, and whichever of them some list."""
    inputs = """
[inputs]
one = { unit = "category", choices = { a = "A", b = "B", c = "C", d = "D" } }
two = { unit = "category", choices = { d = "D", b = "B", c = "C" } }
only = { unit = "category", choices = { c = "C" } }
"""
    same = policy(define("one == two", unit="flag"), inputs=inputs)
    lone = policy(define("only == one", unit="flag"), inputs=inputs)
    within = policy(define("one in (two, only)", unit="flag"), inputs=inputs)
    for first in "abcd":
        assert lone.evaluate(one=first, only="c")["out"] is (first == "c")
        for second in "dbc":
            assert same.evaluate(one=first, two=second)["out"] is (first == second)
            assert within.evaluate(one=first, two=second, only="c")["out"] is (first in {second, "c"})
