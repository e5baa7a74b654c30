"""Decisions of the shipped regions from an employer's records, with what the records leave open."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

import injuryprev as ip

YEAR = ip.Period("2024-01-01", "2025-01-01")
ZHEJIANG = ip.load_profile("cn-zj").on("2025-01-01")


def history(**tables: Any) -> ip.History:
    """A year of a fictional factory: 200 workers, three injuries, one of them not yet recognised."""
    cases = (
        ip.InjuryCase("C-1", "E-1", "W-1", "2023-12-30", recognised_on="2024-01-01", ground="14.1", disease=False),
        ip.InjuryCase("C-2", "E-1", "W-2", "2024-05-02", recognised_on="2024-12-31", ground="14.6", disease=False),
        ip.InjuryCase("C-3", "E-1", "W-3", "2024-11-02", disease=False),
    )
    given: dict[str, Any] = {
        "exposures": (ip.Exposure("E-1", YEAR, insured=200, payroll=12_000_000),),
        "contributions": (ip.ContributionPaid("E-1", YEAR, 100_000),),
        "cases": cases,
        "payments": (ip.BenefitPayment("E-1", "C-1", "2024-03-01", 40_000, "medical"),),
        "events": (),
        "recognitions": (),
    }
    return ip.History(**{**given, **tables})


def factory(**more: Any) -> ip.Employer:
    """A fictional maker of metal goods."""
    return ip.Employer("E-1", ip.Industry("33", "GB/T 4754-2011"), **{"insured_since": "2015-01-01", **more})


def test_a_factory_is_rated_from_its_records() -> None:
    """Class 4 by the industry table, payout 40 %, two recognised cases of 200 against a mean of 0.8 %: one tier up."""
    decision = ip.rate(factory(), history(), ZHEJIANG, {"industry_incidence": "0.008"})
    assert decision.base_rate == Decimal("0.009")
    assert isinstance(decision.tier, ip.RateTier)
    assert (decision.tier.move, decision.rate) == (1, Decimal("0.0108"))
    assert decision.contribution == Decimal("129600.00")


@pytest.mark.parametrize("table", ["exposures", "contributions", "cases", "payments"])
def test_a_table_that_was_not_supplied_leaves_the_rate_unknown(table: str) -> None:
    """None is not empty: nothing is assumed of records that nobody handed over."""
    decision = ip.rate(factory(), history(**{table: None}), ZHEJIANG, {"industry_incidence": "0.008"})
    assert isinstance(decision.rate, ip.Unknown)


def test_fraud_found_last_year_is_two_tiers_up() -> None:
    """An event counts by the day it was found."""
    for day, move in (("2024-01-01", 2), ("2024-12-31", 2), ("2023-12-31", 1), ("2025-01-01", 1)):
        events = (ip.EmployerEvent("E-1", "benefit_fraud", day),)
        decision = ip.rate(factory(), history(events=events), ZHEJIANG, {"industry_incidence": "0.008"})
        assert isinstance(decision.tier, ip.RateTier)
        assert decision.tier.move == move, day


def test_an_employer_insured_after_the_year_starts_at_its_base() -> None:
    """No records of the year are needed for it."""
    decision = ip.rate(factory(insured_since="2025-01-01"), ip.History(), ZHEJIANG)
    assert decision.rate == Decimal("0.009")


def test_half_a_year_of_exposure_is_not_a_year() -> None:
    """How a short record is judged was not read, so its incidence is unknown."""
    half = (ip.Exposure("E-1", ip.Period("2024-07-01", "2025-01-01"), insured=200, payroll=6_000_000),)
    decision = ip.rate(
        factory(insured_since="2024-07-01"), history(exposures=half), ZHEJIANG, {"industry_incidence": "0.008"}
    )
    assert isinstance(decision.rate, ip.Unknown)


def test_a_code_of_the_edition_of_2017_is_not_read_by_the_table_of_2011() -> None:
    """The same digits mean other industries, so the class is unknown rather than wrong."""
    employer = ip.Employer("E-1", ip.Industry("82", "GB/T 4754-2017"), insured_since="2015-01-01")
    decision = ip.rate(employer, history(), ZHEJIANG, {"industry_incidence": "0.008"})
    assert isinstance(decision.rate, ip.Unknown)
    assert any(code.startswith("other_edition:") for code in decision.rate.codes)


def test_hangzhou_reads_the_certificate_in_force_on_the_day() -> None:
    """The lowest grade number in force is the best certificate; one that ran out does not count."""
    policy = ip.load_profile("cn-zj-hangzhou").on("2023-06-01")
    held = (
        ip.Recognition("E-1", "standardisation", 1, ip.Period("2020-01-01", "2023-06-01")),
        ip.Recognition("E-1", "standardisation", 2, ip.Period("2023-01-01", "2026-01-01")),
    )
    assert policy.counting.count(factory(), ip.History(recognitions=held))["standardisation_grade"].value == 2
    assert policy.counting.count(factory(), ip.History(recognitions=()))["standardisation_grade"].value == 0
