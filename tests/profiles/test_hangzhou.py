"""Hangzhou: the fixed steps of 2012, the years without a text, the table of 2023 with credits, the province since."""

from __future__ import annotations

from decimal import Decimal

import pytest

import injuryprev as ip

HANGZHOU = ip.load_profile("cn-zj-hangzhou")
STEPS = HANGZHOU.on("2015-09-30")
TABLE = HANGZHOU.on("2023-12-31")
MOVES = (-2, -1, 0, 1, 2)
PAYOUTS = {
    "0": -2,
    "0.01": -1,
    "49999.99": -1,
    "50000": -1,
    "50000.01": 0,
    "99999.99": 0,
    "100000": 0,
    "100000.01": 1,
    "149999.99": 1,
    "150000": 1,
    "150000.01": 2,
}


@pytest.mark.parametrize(
    ("place", "risk_class", "rates"),
    [
        ("city", 1, ["0.004", "0.004", "0.005", "0.005", "0.005"]),
        ("city", 2, ["0.006", "0.007", "0.008", "0.009", "0.01"]),
        ("city", 3, ["0.008", "0.01", "0.012", "0.014", "0.016"]),
        ("county", 1, ["0.006", "0.006", "0.007", "0.007", "0.007"]),
        ("county", 2, ["0.008", "0.009", "0.01", "0.011", "0.012"]),
        ("county", 3, ["0.01", "0.012", "0.014", "0.016", "0.018"]),
    ],
)
def test_the_steps_of_2012_are_points_not_multiples(place: str, risk_class: int, rates: list[str]) -> None:
    """0.1 or 0.2 points a step by class; class 1 moves down one step only."""
    found = [STEPS.evaluate(place=place, risk_class=risk_class, appraised_move=move)["rate"] for move in MOVES]
    assert found == [Decimal(rate) for rate in rates]


@pytest.mark.parametrize(("kind", "rate"), [("institution", "0.002"), ("household", "0.005")])
def test_employers_outside_the_classes_need_no_class(kind: str, rate: str) -> None:
    """Public institutions pay 0.2 %, households 0.5 %, and no step is printed for them."""
    found = STEPS.evaluate(employer_kind=kind)
    assert (found["base_rate"], found["tier_move"], found["rate"]) == (Decimal(rate), 0, Decimal(rate))


def test_the_conditions_of_the_steps_were_not_read() -> None:
    """The agency's own move is asked for, and its note says why."""
    found = STEPS.evaluate(place="city", risk_class=2)["rate"]
    assert isinstance(found, ip.Unknown)
    assert found.codes == ("missing:appraised_move",)
    assert "the conditions were not" in STEPS.inputs["appraised_move"].note.en


@pytest.mark.parametrize("on", ["2015-10-01", "2018-05-01", "2022-12-31"])
def test_the_years_without_a_text_are_unknown(on: str) -> None:
    """From the eight classes to 2022 no method of the city was read."""
    found = HANGZHOU.on(on).evaluate(risk_class=4)["rate"]
    assert isinstance(found, ip.Unknown)
    assert "not_known:appraised_move" in found.codes


@pytest.mark.parametrize(("grade", "credit"), [(None, 0), (0, 0), (1, 2), (2, 1), (3, 0)])
@pytest.mark.parametrize(("benefits", "move"), PAYOUTS.items())
def test_payout_and_standardisation_in_2023(benefits: str, move: int, grade: int | None, credit: int) -> None:
    """Thresholds at 0, 50, 100 and 150 %; a certificate lowers further only up to 100 %, never below the last tier."""
    found = TABLE.evaluate(risk_class=4, contributions=100_000, benefits=benefits, standardisation_grade=grade)
    expected = max(move - credit, -2) if Decimal(benefits) <= 100_000 else move
    assert found["tier_move"] == expected


@pytest.mark.parametrize(("benefits", "move"), PAYOUTS.items())
def test_class_1_has_no_credit_and_no_tier_down(benefits: str, move: int) -> None:
    """For class 1 the table only ever raises."""
    found = TABLE.evaluate(risk_class=1, contributions=100_000, benefits=benefits, standardisation_grade=1)
    assert found["tier_move"] == max(move, 0)


def test_that_the_table_held_in_2023_is_marked_as_assumed() -> None:
    """The page's year is all there is to date it by."""
    result = TABLE.evaluate(risk_class=4, contributions=1, benefits=0, payable_months=12)
    step = next(step for step in result.trace.steps if step.name == "appraised_move")
    assert step.rule.confidence == "assumed"
    assert "2023" in step.rule.note.en


def test_the_province_rules_from_2024() -> None:
    """The city's table and credits end with 2023, as the notice of 2025 repeats the provincial table."""
    given = {
        "risk_class": 4,
        "contributions": 100_000,
        "benefits": 60_000,
        "injuries": 3,
        "insured": 200,
        "industry_incidence": "0.0125",
        "deaths": 0,
    }
    policy = HANGZHOU.on("2025-03-19")
    assert policy.evaluate(**given)["rate"] == Decimal("0.0108")
    assert "standardisation_grade" not in policy.inputs
    assert HANGZHOU.on("2024-01-01").evaluate(**given)["tier_move"] == 1
