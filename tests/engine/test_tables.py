"""Hit policies mean what the DMN standard says, for known and for unknown conditions."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tiny import define, policy

from injuryprev import Unknown
from injuryprev.engine import Policy
from injuryprev.engine.ir import in_order


def table(hit: str, *rows: str, more: str = "", unit: str = "number") -> Policy:
    """Rules whose output is a table; a row is written ``condition -> outcome``."""
    written = []
    for row in rows:
        when, then = row.split(" -> ")
        written.append(f'{{ when = "{when}", then = {then} }}')
    return policy(define(f'table = {{ hit = "{hit}", rows = [{", ".join(written)}]{more} }}', unit=unit))


@pytest.mark.parametrize("hit", ["collect max", "collect min", "priority"])
@pytest.mark.parametrize("turned", [False, True])
def test_which_of_two_equal_outcomes_holds_does_not_matter(hit: str, turned: bool) -> None:
    """An unknown row that would say the same as a row that holds leaves the outcome known, in either order."""
    rows = ["on -> 5", "true -> 5"]
    more = ", order = [5]" if hit == "priority" else ""
    assert table(hit, *(rows[::-1] if turned else rows), more=more).evaluate()["out"] == 5


def test_a_table_that_counts_honours_its_outcome_for_no_row() -> None:
    """Without ``none`` the count of no row is zero; with it, that outcome."""
    assert table("collect count", "on -> 1", "off -> 1").evaluate(on=False, off=False)["out"] == 0
    counts = table("collect count", "on -> 1", "off -> 1", more=", none = 7")
    assert counts.evaluate(on=False, off=False)["out"] == 7
    assert counts.evaluate(on=True, off=True)["out"] == 2


def test_rows_differ_is_said_only_of_outcomes_that_are_known() -> None:
    """An unknown outcome beside a known one is unknown for its own reason; nobody knows that the two differ."""
    result = table("any", 'on -> "x"', "true -> 3").evaluate(on=True)
    assert isinstance(result["out"], Unknown)
    assert result["out"].codes == ("missing:x",)


def test_bands_beyond_the_range_of_a_figure_leave_no_gap() -> None:
    """Only what the figure can be must be held by a band."""
    rows = '{ within = "[0, 100]", then = 1 }, { within = "[200, inf)", then = 2 }'
    bands = policy(define(f'bands = {{ of = "z", rows = [{rows}] }}'))
    assert bands.evaluate(z=100)["out"] == Decimal(1)


@pytest.mark.parametrize("hit", ["unique", "any", "first", "collect max", "collect sum"])
def test_a_table_of_many_rows_is_lowered_by_their_number_and_not_by_its_square(hit: str) -> None:
    """Two hundred rows that may differ are compared with the first that holds, not each with each."""
    rows = [f"z > {row} and y < {100 - row % 90} -> {row % 3}" for row in range(200)]
    rules = table(hit, *rows, more=", none = 7")
    assert len(in_order([rules.evaluator._roots[1], rules.evaluator._roots[0]])) < 6000
    assert rules.evaluate(z=0, y=0)["out"] == 7
    assert rules.evaluate(z=1, y=0)["out"] == 0
