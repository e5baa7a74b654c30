"""Shanxi (山西): base rates, the rows that lower a rate, and that those which raise one are not made up."""

from __future__ import annotations

from decimal import Decimal

import pytest
from asked import ask, base_rates, codes, percent, policy

import injuryprev as ip

ON = "2026-01-01"


def move(benefits: object, before: object = 1, **given: object) -> object:
    """Tiers of an employer of class 6 that paid 100,000 in."""
    record = {"risk_class": 6, "contributions": 100_000, "benefits": benefits, "benefits_before": before, **given}
    return ask("cn-sx", ON, "tier_move", **record)


def test_the_base_rates_of_the_province() -> None:
    """All eight are its own."""
    assert base_rates("cn-sx", ON) == percent("0.23 0.46 0.81 1.04 1.27 1.69 1.84 2.47")


@pytest.mark.parametrize(("before", "wanted"), [(0, -2), ("0.01", -1)])
def test_nothing_paid_out_in_one_cycle_or_two(before: object, wanted: int) -> None:
    """80 % and one half."""
    assert move(0, before) == wanted


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"standardisation_grade": 1}, -2),
        ({"healthy_enterprise": "province"}, -2),
        ({"standardisation_grade": 2}, -1),
        ({"healthy_enterprise": "city"}, -1),
        ({"standardisation_grade": 2, "healthy_enterprise": "province"}, -2),
        ({"standardisation_grade": 3}, None),
        ({}, None),
    ],
)
@pytest.mark.parametrize(("benefits", "low"), [("0.01", True), ("20000", True), ("20000.01", False)])
def test_credits_count_up_to_a_payout_of_20_per_cent(
    benefits: str, low: bool, given: dict[str, object], wanted: int | None
) -> None:
    """Above it, and without a certificate, the rows were not found."""
    found = move(benefits, **given)
    if low and wanted is not None:
        assert found == wanted
    else:
        assert codes(found) == ("not_known:appraised_move",)


def test_a_clean_cycle_with_grade_1_is_the_better_of_the_two() -> None:
    """Nothing paid out is a payout up to 20 % as well."""
    assert move(0, standardisation_grade=1) == -2
    assert move(0, standardisation_grade=2) == -1


def test_class_1_has_no_tier_down_and_the_floor_is_its_base() -> None:
    """One half of class 2 is exactly the base of class 1."""
    rates = [
        ask("cn-sx", ON, "rate", risk_class=number, contributions=1, benefits=0, benefits_before=0)
        for number in (1, 2, 3)
    ]
    assert rates == [Decimal(text) for text in ("0.0023", "0.0023", "0.00405")]


@pytest.mark.parametrize(("kind", "grade", "counted"), [("standardisation", 1, 1), ("healthy_enterprise", 1, 0)])
def test_only_a_certificate_of_standardisation_is_one(kind: str, grade: int, counted: int) -> None:
    """In force on the day of the decision."""
    for since, there in (("2026-01-01", True), ("2026-01-02", False)):
        kept = [ip.Recognition("E-1", kind, grade, ip.Period(since, "2027-01-01"))]
        found = policy("cn-sx", ON).counting.count(ip.Employer("E-1"), ip.History(recognitions=kept))
        assert found["standardisation_grade"].value == (counted if there else 0)


@pytest.mark.parametrize(
    ("paid_on", "moved"), [("2023-12-31", -2), ("2024-01-01", -1), ("2024-12-31", -1), ("2026-01-01", -2)]
)
def test_the_cycle_before_is_the_year_before_the_last(paid_on: str, moved: int) -> None:
    """Nothing paid out in 2025, and in 2024 or not."""
    paid = [ip.BenefitPayment("E-1", None, paid_on, 9, "medical")]
    counted = policy("cn-sx", ON).counting.count(ip.Employer("E-1"), ip.History(payments=paid))
    assert move(counted["benefits"].value, counted["benefits_before"].value) == moved
