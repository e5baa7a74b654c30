"""Jiangsu (苏人社规〔2023〕2号) and Xuzhou's cycle: each row of the rule, each threshold below, at and above."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from asked import ask, codes, policy, step

import injuryprev as ip

ON = "2025-01-01"
CLEAN = {"benefits": 0, "injuries": 0, "benefits_before": 1, "injuries_before": 0}


def move(**given: object) -> object:
    """Tiers of an employer of class 4 that paid 100,000 in and has 100 workers."""
    record = {"risk_class": 4, "contributions": 100_000, "insured": 100, "benefits": 1, **CLEAN, **given}
    return ask("cn-js", ON, "tier_move", **record)


@pytest.mark.parametrize(
    ("benefits", "wanted"),
    [
        ("0.01", 0),
        ("49999.99", 0),
        ("50000", 0),
        ("50000.01", 1),
        ("99999.99", 1),
        ("100000", 1),
        ("100000.01", 2),
        ("900000", 2),
    ],
)
def test_the_payout_alone(benefits: str, wanted: int) -> None:
    """Up above 50 %, two tiers above 100 %; at 50 and at 100 % the lower outcome holds."""
    assert move(benefits=benefits) == wanted


@pytest.mark.parametrize(
    ("injuries", "insured", "wanted"),
    [(1, 100, 0), (1, "99.99", 1), (3, 100, 1), (2, 100, 1), (3, "99.99", 2), (1, "100.01", 0), (10, 100, 2)],
)
def test_the_incidence_alone(injuries: int, insured: object, wanted: int) -> None:
    """Up above 1 %, two tiers above 3 %; at 1 and at 3 % the lower outcome holds."""
    assert move(injuries=injuries, insured=insured, benefits=1) == wanted


def test_either_raises_and_only_both_lower() -> None:
    """OR for up, AND for down."""
    assert move(benefits=0, injuries=4) == 2
    assert move(benefits=100_001, injuries=0) == 2
    assert move(benefits=0, injuries=1) == 0
    assert move(benefits="0.01", injuries=0) == 0
    assert move(**CLEAN) == -1


@pytest.mark.parametrize(
    ("benefits_before", "injuries_before", "wanted"), [(0, 0, -2), ("0.01", 0, -1), (0, 1, -1), (5, 5, -1)]
)
def test_two_clean_cycles_running_are_two_tiers(benefits_before: object, injuries_before: int, wanted: int) -> None:
    """80 % for one clean cycle, one half for two."""
    given = {**CLEAN, "benefits_before": benefits_before, "injuries_before": injuries_before}
    assert move(**given) == wanted
    assert ask("cn-js", ON, "tier", risk_class=4, contributions=1, insured=1, **given) == Decimal(
        {-2: "0.5", -1: "0.8"}[wanted]
    )


def test_a_cycle_insured_in_part_is_not_known_to_be_a_clean_one() -> None:
    """From 24 to 47 months the second cycle was insured in part; what that counts for was not read."""
    twice = {**CLEAN, "benefits_before": 0}
    assert move(months_insured=23, **twice) == 0
    assert codes(move(months_insured=24, **twice)) == ("not_known:indicator_move",)
    assert codes(move(months_insured=47, **twice)) == ("not_known:indicator_move",)
    assert move(months_insured=48, **twice) == -2
    assert move(months_insured=24, **CLEAN) == -1


def test_a_new_employer_does_not_float() -> None:
    """First insured less than two years before."""
    assert move(benefits=900_000, months_insured=23) == 0
    assert move(benefits=900_000, months_insured=24) == 2


def test_an_event_on_the_list_bars_a_decrease() -> None:
    """The list is cut off, so the agency says; a raise stays."""
    assert move(decrease_barred=True, **CLEAN) == 0
    assert move(decrease_barred=True, benefits=100_001) == 2


def test_class_1_has_no_tier_down_and_nobody_falls_below_its_base() -> None:
    """Class 1 stays at its base; one half of class 2 is just that, one half of class 3 is above."""
    clean = {**CLEAN, "benefits_before": 0, "contributions": 1, "insured": 1}
    rates = [ask("cn-js", ON, "rate", risk_class=number, **clean) for number in (1, 2, 3, 8)]
    assert rates == [Decimal(text) for text in ("0.002", "0.002", "0.0035", "0.0095")]
    assert ask("cn-js", ON, "tier_move", risk_class=1, **clean) == 0


def test_the_cycle_before_2025_was_not_read() -> None:
    """Refused with its reason, one day before the cycle that was."""
    assert "not_known:appraised_move" in codes(ask("cn-js", "2024-12-31", "tier", risk_class=4))


# Xuzhou's dates, from records ----------------------------------------------------------------------------------------


def records(**tables: Any) -> ip.History:
    """Four years of a fictional workshop of 100, with nothing but what is given."""
    given: dict[str, Any] = {
        "exposures": [ip.Exposure("E-1", ip.Period("2020-10-01", "2025-01-01"), insured=100)],
        "contributions": [
            ip.ContributionPaid("E-1", ip.Period("2022-09-01", "2022-10-01"), 1_000_000),
            ip.ContributionPaid("E-1", ip.Period("2022-10-01", "2023-10-01"), 60_000),
            ip.ContributionPaid("E-1", ip.Period("2023-10-01", "2024-10-01"), 40_000),
            ip.ContributionPaid("E-1", ip.Period("2024-10-01", "2024-11-01"), 1_000_000),
        ],
        "cases": [],
        "payments": [],
        "events": [],
        "recognitions": [],
    }
    return ip.History(**{**given, **tables})


def tier(on: str = ON, since: str = "2015-01-01", **tables: Any) -> int:
    """The tier decided in Xuzhou, for which the province's profile has the same dates."""
    employer = ip.Employer("E-1", risk_class=4, insured_since=since)
    found = [
        ip.rate(employer, records(**tables), policy(name, on), {"payroll": 1}).tier
        for name in ("cn-js-xuzhou", "cn-js")
    ]
    assert isinstance(found[0], ip.RateTier)
    assert found[0] == found[1]
    return found[0].move


@pytest.mark.parametrize(
    ("paid_on", "wanted"),
    [
        ("2020-09-30", -2),
        ("2020-10-01", -1),
        ("2022-09-30", -1),
        ("2022-10-01", 2),
        ("2024-09-30", 2),
        ("2024-10-01", -2),
    ],
)
def test_payments_of_the_24_months_and_of_the_24_before(paid_on: str, wanted: int) -> None:
    """2022-10-01 to 2024-09-30 is judged, 2020-10-01 to 2022-09-30 remembered; a day outside is nothing."""
    assert tier(payments=[ip.BenefitPayment("E-1", None, paid_on, 100_001, "medical")]) == wanted


@pytest.mark.parametrize(
    ("recognised_on", "wanted"), [("2022-09-30", -1), ("2022-10-01", 2), ("2024-09-30", 2), ("2024-10-01", -2)]
)
def test_cases_count_by_the_day_of_recognition(recognised_on: str, wanted: int) -> None:
    """Four of a hundred are more than 3 %."""
    cases = [
        ip.InjuryCase(f"C-{place}", "E-1", f"W-{place}", "2020-01-02", recognised_on=recognised_on)
        for place in range(4)
    ]
    assert tier(cases=cases) == wanted


def test_the_rate_runs_for_24_months() -> None:
    """The same records decide from the first day of 2025 to the last of 2026."""
    paid = [ip.BenefitPayment("E-1", None, "2024-09-30", 60_000, "medical")]
    assert [tier(on=on, payments=paid) for on in (ON, "2025-12-31", "2026-12-31")] == [1, 1, 1]
    assert step("cn-js-xuzhou", "2026-12-31", "base_rate", risk_class=4) == Decimal("0.009")


def test_an_employer_insured_before_is_rated_by_its_own_months() -> None:
    """Insured from the middle of the cycle on, not for the first time: the mean is that of the months insured."""
    exposures = [ip.Exposure("E-1", ip.Period("2024-01-01", "2024-10-01"), insured=100)]
    cases = [
        ip.InjuryCase(f"C-{place}", "E-1", f"W-{place}", "2024-02-02", recognised_on="2024-03-01") for place in range(2)
    ]
    assert tier(exposures=exposures, cases=cases, since="2010-05-01") == 1  # 2 of 100, and not of 37.5
    assert tier(exposures=exposures, cases=cases, since="2022-10-01") == 1
    assert tier(exposures=exposures, cases=cases, since="2022-10-02") == 0
