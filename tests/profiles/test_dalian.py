"""Dalian: sub-class base rates, the two-factor table with its gaps, and the method whose thresholds were not found."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest

import injuryprev as ip

DALIAN = ip.load_profile("cn-ln-dalian")
EARLIER = DALIAN.on("2015-06-30")
GIVEN = {"risk_class": 2, "subclass": "甲", "contributions": 10_000, "insured": 1_000, "deaths": 0}

# Per 1,000 insured: incidence 0.4 % and 1 %, one case below and above; payout of 10,000 by the fen.
INJURIES = (0, 3, 4, 5, 9, 10, 11)
BENEFITS = ("0", "0.01", "3999.99", "4000", "4000.01", "9999.99", "10000", "10000.01")
NO_ROW = None
MOVES = {
    0: (-2, -1, -1, -1, NO_ROW, NO_ROW, NO_ROW, 1),
    3: (-1, -1, -1, -1, NO_ROW, NO_ROW, NO_ROW, 1),
    4: (-1, -1, -1, -1, NO_ROW, NO_ROW, NO_ROW, 1),
    5: (NO_ROW, NO_ROW, NO_ROW, NO_ROW, NO_ROW, NO_ROW, NO_ROW, 1),
    9: (NO_ROW, NO_ROW, NO_ROW, NO_ROW, NO_ROW, NO_ROW, NO_ROW, 1),
    10: (NO_ROW,) * 8,
    11: (1, 1, 1, 1, 1, 1, NO_ROW, 2),
}


@pytest.mark.parametrize(("injuries", "place"), list(product(INJURIES, range(len(BENEFITS)))))
def test_every_cell_of_the_two_factor_table(injuries: int, place: int) -> None:
    """What no printed case covers is unknown, not guessed: exactly 1 % or 100 %, and what lies between the cases."""
    result = EARLIER.evaluate(**GIVEN, injuries=injuries, benefits=BENEFITS[place])
    move = MOVES[injuries][place]
    if move is NO_ROW:
        for name in ("tier_move", "tier", "rate"):
            found = result[name]
            assert isinstance(found, ip.Unknown), name
            assert found.codes == ("no_row:matrix_move",)
    else:
        assert result["tier_move"] == move
        assert result["rate"] == Decimal("0.011") + move * Decimal("0.001")


def test_the_smallest_change_of_the_headcount_leaves_the_gap() -> None:
    """Ten of 1,000 is exactly 1 %, which no case covers; a hundredth of a worker fewer is above it."""
    moves = [
        EARLIER.evaluate(**{**GIVEN, "insured": insured}, injuries=10, benefits="5000")["tier_move"]
        for insured in ("999.99", "1000", "1000.01")
    ]
    assert moves[0] == 1
    assert isinstance(moves[1], ip.Unknown)
    assert isinstance(moves[2], ip.Unknown)


@pytest.mark.parametrize(
    ("risk_class", "subclass", "base"),
    [
        (1, "甲", "0.005"),
        (1, "乙", "0.006"),
        (1, "丙", "0.007"),
        (2, "甲", "0.011"),
        (2, "乙", "0.013"),
        (2, "丙", None),
        (3, "甲", None),
        (3, "乙", None),
        (3, "丙", None),
    ],
)
def test_the_base_rate_of_a_sub_class_as_far_as_read(risk_class: int, subclass: str, base: str | None) -> None:
    """Cells that the excerpt cuts off are unknown; the move of the tier is known all the same."""
    given = {**GIVEN, "risk_class": risk_class, "subclass": subclass, "injuries": 0, "benefits": 0}
    result = EARLIER.evaluate(**given)
    if base is None:
        assert isinstance(result["rate"], ip.Unknown)
        assert result["rate"].codes == ("not_known:class_rate",)
        assert result["tier_move"] == -2
    else:
        assert result["base_rate"] == Decimal(base)
        step = Decimal(0) if risk_class == 1 else Decimal("0.002")
        assert result["rate"] == Decimal(base) - step


def test_a_sub_class_must_be_given() -> None:
    """Without it there is no base rate, rather than that of the first sub-class."""
    found = EARLIER.evaluate(**{**GIVEN, "subclass": None}, injuries=0, benefits=0)["rate"]
    assert isinstance(found, ip.Unknown)
    assert found.codes == ("missing:subclass",)


@pytest.mark.parametrize(
    ("deaths", "worst", "expected"),
    [
        (0, None, 1),
        (2, None, 1),
        (3, 2, 1),
        (3, 3, "not_known:appraised_move"),
        (3, None, "missing:deaths_in_one_accident"),
    ],
)
def test_the_cut_off_row_is_unknown_and_asked_for_only_when_it_can_matter(
    deaths: int, worst: int | None, expected: object
) -> None:
    """An accident with 3 or more deaths is the row that the excerpt cuts off."""
    given = {**GIVEN, "deaths": deaths, "deaths_in_one_accident": worst, "injuries": 5, "benefits": "10000.01"}
    found = EARLIER.evaluate(**given)["tier_move"]
    assert (found.codes if isinstance(found, ip.Unknown) else found) == (
        (expected,) if isinstance(expected, str) else expected
    )


def test_the_method_of_2015_refuses_a_rate() -> None:
    """Its definitions were read, its thresholds were not; class 1 did not float before October 2015 anyhow."""
    for on, given in (("2015-07-01", {**GIVEN}), ("2015-10-01", {"risk_class": 4}), ("2026-07-01", {"risk_class": 4})):
        found = DALIAN.on(on).evaluate(**given)["tier_move"]
        assert isinstance(found, ip.Unknown)
        assert found.codes == ("not_known:appraised_move",)
    assert DALIAN.on("2015-07-01").evaluate(risk_class=1, subclass="乙")["rate"] == Decimal("0.006")


def test_records_are_judged_over_the_calendar_year_before_july() -> None:
    """From 2015-07-01 a rate of July to June rests on the calendar year before; injuries are person-times."""
    employer = ip.Employer("E-1", insured_since="2010-01-01", risk_class=4)
    cases = tuple(
        ip.InjuryCase(f"C-{number}", "E-1", "W-1", day, recognised_on=day, ground="14.1", disease=False)
        for number, day in enumerate(("2013-12-31", "2014-01-01", "2014-12-31", "2015-01-01"))
    )
    history = ip.History(cases=cases)
    counts = {
        on: DALIAN.on(on).counting.count(employer, history)["injuries"].value
        for on in ("2015-07-01", "2016-06-30", "2016-07-01")
    }
    assert counts == {"2015-07-01": 2, "2016-06-30": 2, "2016-07-01": 1}
