"""Ningbo: what two texts without the tiers by payout decide, and what they leave unknown."""

from __future__ import annotations

from decimal import Decimal

import pytest

import injuryprev as ip

NINGBO = ip.load_profile("cn-zj-ningbo")
POLICY = NINGBO.on("2015-09-30")
GOOD = {
    "rule_text": "later",
    "risk_class": 3,
    "contributions": 1000,
    "benefits": "799.99",
    "insured": 1000,
    "injuries": 9,
    "standardisation_grade": 1,
}


def test_grade_1_with_a_good_record_goes_straight_to_the_minimum() -> None:
    """The one case that the texts decide without the tiers by payout."""
    found = POLICY.evaluate(**GOOD)
    assert (found["tier_move"], found["tier"]) == (-2, Decimal("0.5"))
    assert isinstance(found["rate"], ip.Unknown)
    assert found["rate"].codes == ("not_known:class_rate",)  # the later page prints no base rates


@pytest.mark.parametrize(
    "change",
    [
        {"benefits": "800"},
        {"injuries": 10},
        {"standardisation_grade": 2},
        {"standardisation_grade": 3},
        {"standardisation_grade": None},
        {"rule_text": "about_2013"},
        {"employer_kind": "disease_high_risk"},
    ],
    ids=str,
)
def test_everything_else_needs_the_tiers_that_were_not_found(change: dict[str, object]) -> None:
    """At exactly 80 % or 1 %, with another grade or text, the tier by payout is needed and unknown."""
    found = POLICY.evaluate(**{**GOOD, **change})["tier_move"]
    assert isinstance(found, ip.Unknown)
    assert found.codes == ("not_known:payout_move",)


def test_which_text_held_is_asked_not_guessed() -> None:
    """Neither text says from which day to which it holds."""
    found = POLICY.evaluate(**{**GOOD, "rule_text": None})["rate"]
    assert isinstance(found, ip.Unknown)
    assert "missing:rule_text" in found.codes


@pytest.mark.parametrize(
    ("given", "rate"),
    [
        ({"risk_class": 1}, "0.006"),
        ({"employer_kind": "institution"}, "0.003"),
        ({"risk_class": 2, "months_insured": 0}, "0.014"),
        ({"employer_kind": "disease_high_risk", "months_insured": 0}, "0.03"),
    ],
)
def test_who_does_not_float_has_a_rate(given: dict[str, object], rate: str) -> None:
    """Class 1 and institutions do not float, and a new employer starts at its base."""
    assert POLICY.evaluate(rule_text="about_2013", **given)["rate"] == Decimal(rate)


def test_the_years_without_a_text_are_unknown_and_the_province_rules_from_2024() -> None:
    """No text for the eight classes was read; the provincial table holds from 2024."""
    for on in ("2015-10-01", "2019-06-30", "2023-12-31"):
        found = NINGBO.on(on).evaluate(risk_class=4)["rate"]
        assert isinstance(found, ip.Unknown)
        assert "not_known:appraised_move" in found.codes
    assert NINGBO.on("2025-01-01").evaluate(risk_class=4, benefit_fraud=True)["rate"] == Decimal("0.0135")
