"""Toyland: every construct of the format does what its words say."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

import injuryprev as ip

TOYLAND = ip.load_profile("toyland")
RECORD = {
    "risk_class": 2,
    "subclass": "a",
    "payroll": "100000",
    "insured": 50,
    "contributions": 1000,
    "benefits": 500,
    "injuries": 1,
    "deaths": 0,
    "months_insured": 40,
}
LATER = {**RECORD, "injuries_before": 1, "injured_workers": 1, "longest_absence": 10}


def value(on: str, name: str, **figures: object) -> object:
    """One step of a record on a day, whether it is an output or not."""
    record = {**(LATER if on >= "2020-02-29" else RECORD), **figures}
    policy = TOYLAND.on(on)
    given = {key: given for key, given in record.items() if key in policy.inputs}
    return next(step.value for step in policy.evaluate(**given).trace.steps if step.name == name)


def codes(found: object) -> tuple[str, ...]:
    """Why a value is unknown."""
    assert isinstance(found, ip.Unknown)
    return found.codes


@pytest.mark.parametrize(
    ("benefits", "move"),
    [("0", -1), ("300", -1), ("300.01", 0), ("1000", 0), ("1000.01", 1), ("1499.99", 1), ("1500", 2), ("9999", 2)],
)
def test_bands_with_otherwise(benefits: str, move: int) -> None:
    """Closed at 30 and 100 %, open at 150 %, where the rest begins."""
    assert value("2019-07-01", "payout_move", benefits=benefits, incidence=0) == move


@pytest.mark.parametrize(("incidence", "move"), [("0.0099", -1), ("0.0101", 0), ("0.03", 0), ("0.0301", 1)])
def test_unique_rows(incidence: str, move: int) -> None:
    """One row holds."""
    assert value("2020-02-28", "incidence_move", incidence=incidence) == move


def test_unique_rows_leave_a_gap() -> None:
    """Exactly 1 % is in no row."""
    assert codes(value("2020-02-28", "incidence_move", incidence="0.01")) == ("no_row:incidence_move",)


def test_any_rows_must_agree() -> None:
    """Two rows that say the same are one answer; two that differ are none."""
    assert value("2020-02-29", "incidence_move", injuries=0) == -1
    assert value("2020-02-29", "incidence_move", injuries=2, deaths=2) == 1
    assert value("2020-02-29", "incidence_move", injuries=1) == 0
    differ = value("2020-02-29", "incidence_move", injuries=0, deaths=2)
    assert codes(differ) == ("rows_differ:incidence_move",)


def test_first_priority_and_sum_settle_the_same_rows_differently() -> None:
    """Arrears, a grade-1 certificate and a death at once: the first row, the highest rank, then all added up."""
    events = {"arrears": True, "standardisation_grade": 1}
    assert value("2020-02-28", "event_move", **events) == 1
    assert value("2020-02-28", "event_move", **events, deaths=1) == 2
    assert value("2020-02-29", "event_move", **events) == -1
    assert value("2020-02-29", "event_move", **events, deaths=1) == 2
    assert value("2023-12-31", "event_move", **events) == 0
    assert value("2023-12-31", "event_move", **events, deaths=1, benefits=9000) == 3
    assert value("2023-12-31", "event_move") == 0


@pytest.mark.parametrize(("injuries", "deaths", "move"), [(0, 0, -1), (1, 0, 1), (1, 2, 2)])
def test_collect_max_takes_the_highest_of_what_overlaps(injuries: int, deaths: int, move: int) -> None:
    """Exactly 2 % is in two rows, and the higher holds."""
    assert value("2023-12-31", "incidence_move", injuries=injuries, deaths=deaths) == move


def test_collect_min_takes_the_strictest_limit() -> None:
    """A new employer with a few workers has both limits, and the lower holds."""
    assert value("2019-07-01", "highest_move", incidence=0) == 2
    assert value("2019-07-01", "highest_move", incidence=0, insured="4.9") == 1
    assert value("2019-07-01", "highest_move", incidence=0, insured="4.9", months_insured=11) == 0


def test_collect_count_counts_the_rows_that_hold() -> None:
    """Three warnings at most; before the decree nobody counted."""
    assert value("2023-12-31", "warnings") == 0
    assert value("2023-12-31", "warnings", longest_absence=100, injured_workers=5, injuries=2) == 3
    assert value("2023-12-30", "warnings", longest_absence=100) == 0


@pytest.mark.parametrize(("month", "tier"), [(11, "1"), (12, "0.5")])
def test_a_new_employer_does_not_move(month: int, tier: str) -> None:
    """From 12 months on it does."""
    given = {**RECORD, "incidence": 0, "benefits": 0, "months_insured": month}
    assert TOYLAND.on("2019-07-01").evaluate(**given)["tier"] == Decimal(tier)


def test_a_torn_page_is_unknown_until_a_decree_restates_it() -> None:
    """Class 3 b has a rate from 2023-12-31."""
    torn = TOYLAND.on("2023-12-30").evaluate(risk_class=3, subclass="b")["base_rate"]
    assert codes(torn) == ("not_known:class_rate",)
    assert TOYLAND.on("2023-12-31").evaluate(risk_class=3, subclass="b")["base_rate"] == Decimal("0.021")


@pytest.mark.parametrize(
    ("on", "known"), [("2020-02-28", True), ("2020-02-29", False), ("2020-06-30", False), ("2020-07-01", True)]
)
def test_the_suspended_phase_has_no_rate(on: str, known: bool) -> None:
    """A leap day begins it; the tier goes on meanwhile."""
    policy = TOYLAND.on(on)
    record = {**(LATER if on >= "2020-02-29" else RECORD), "incidence": "0.02"}
    result = policy.evaluate(**{name: given for name, given in record.items() if name in policy.inputs})
    assert isinstance(result["tier"], Decimal)
    assert isinstance(result["rate"], Decimal) is known
    assert isinstance(result["contribution"], Decimal) is known


def test_rounding_follows_the_rule_of_its_time() -> None:
    """1.1 % at 150 % and 0.45 % at 150 %: half up first, down later."""
    first = TOYLAND.on("2019-07-01").evaluate(
        **{**RECORD, "risk_class": 1, "subclass": "b", "deaths": 1, "incidence": 0}
    )
    assert first["rate"] == Decimal("0.0060")
    high = {**LATER, "risk_class": 1, "subclass": "b", "deaths": 2, "benefits": 9000}
    assert TOYLAND.on("2023-12-31").evaluate(**high)["rate"] == Decimal("0.0067")


def test_an_input_becomes_a_definition() -> None:
    """Until 2020-02-28 the incidence is given, then it is worked out and no longer taken."""
    assert "incidence" in TOYLAND.on("2020-02-28").inputs
    assert "incidence" not in TOYLAND.on("2020-02-29").inputs
    assert value("2020-02-29", "incidence") == Decimal("0.02")


def test_a_category_output_is_a_word() -> None:
    """Good, fair or poor."""
    policy = TOYLAND.on("2023-12-31")
    assert policy.evaluate(**{**LATER, "benefits": 0, "injuries": 0})["standing"] == "good"
    assert policy.evaluate(**{**LATER, "benefits": 0, "injuries": 0, "longest_absence": 200})["standing"] == "fair"
    assert policy.evaluate(**{**LATER, "benefits": 2000})["standing"] == "poor"


def employer(**more: Any) -> ip.Employer:
    """A toy maker insured since 2018."""
    return ip.Employer("T-1", insured_since="2018-03-15", risk_class=2, subclass="b", **more)


def history() -> ip.History:
    """Two years of a toy maker."""

    def case(number: int, worker: str, day: str, **more: Any) -> ip.InjuryCase:
        return ip.InjuryCase(
            f"C-{number}", "T-1", worker, day, recognised_on=day, days_lost=number, disease=False, **more
        )

    cases = (
        case(10, "W-A", "2021-12-31", ground="14.1"),
        case(20, "W-A", "2022-01-01", ground="14.1"),
        case(30, "W-A", "2022-06-01", ground="14.6"),
        case(40, "W-B", "2022-12-31", ground="14.1"),
        case(50, "W-B", "2023-01-01", ground="14.1"),
        ip.InjuryCase("C-0", "T-1", "W-C", "2022-08-01", disease=False),
    )
    return ip.History(
        exposures=(
            ip.Exposure("T-1", ip.Period("2022-01-01", "2022-07-01"), insured=10, payroll=1000),
            ip.Exposure("T-1", ip.Period("2022-07-01", "2023-01-01"), insured=20, payroll="2000.50"),
        ),
        contributions=(ip.ContributionPaid("T-1", ip.Period("2022-01-01", "2023-01-01"), 30),),
        cases=cases,
        payments=(
            ip.BenefitPayment("T-1", "C-20", "2022-03-01", 5, "medical"),
            ip.BenefitPayment("T-1", "C-30", "2022-07-01", 7, "medical"),
            ip.BenefitPayment("T-1", "C-20", "2023-01-01", 9, "medical"),
        ),
        events=(ip.EmployerEvent("T-1", "arrears", "2023-01-01", "2023-09-01"),),
        recognitions=(ip.Recognition("T-1", "standardisation", 2, ip.Period("2023-01-01", "2025-01-01")),),
    )


def test_records_become_the_figures_of_the_calendar_year_before() -> None:
    """From July 2023 to June 2024 the year 2022 is judged: sums, counts, persons, means, and what holds on the day."""
    counted = TOYLAND.on("2023-08-31").counting.count(employer(), history())
    figures = {name: found.value for name, found in counted.items()}
    assert figures["payroll"] == Decimal("3000.50")
    assert figures["insured"] == Decimal("15.0")
    assert figures["contributions"] == 30
    assert figures["benefits"] == 5
    assert (figures["injuries"], figures["injuries_before"], figures["deaths"]) == (3, 1, 0)
    assert figures["injured_workers"] == 2
    assert figures["months_insured"] == 57
    assert figures["arrears"] is True
    assert figures["standardisation_grade"] == 2
    assert figures["subclass"] == "b"
    assert figures["risk_class"] == 2
    assert TOYLAND.on("2023-09-01").counting.count(employer(), history())["arrears"].value is False


def test_a_table_not_supplied_is_not_an_empty_one() -> None:
    """No table of cases: unknown; an empty one: none."""
    policy = TOYLAND.on("2023-08-31")
    assert codes(policy.counting.count(employer(), ip.History())["injuries"].value)
    assert policy.counting.count(employer(), ip.History(cases=()))["injuries"].value == 0


def test_the_industry_is_classified_by_the_edition_of_the_day() -> None:
    """Toyland's own edition first, a real one from 2023-12-31; another edition is refused with its reason."""
    maker = ip.Employer("T-1", ip.Industry("17", "GB/T 4754-2017"), subclass="a")
    before = TOYLAND.on("2023-12-30").counting.count(maker, ip.History())["risk_class"].value
    assert codes(before) == ("other_edition:risk_class",)
    assert TOYLAND.on("2023-12-31").counting.count(maker, ip.History())["risk_class"].value == 2


def test_a_whole_decision_from_records() -> None:
    """Payout down a step, incidence up one, the certificate before the arrears down one: 80 % of 1.1 %."""
    decision = ip.rate(employer(), history(), TOYLAND.on("2023-08-31"))
    assert decision.base_rate == Decimal("0.011")
    assert decision.rate == Decimal("0.0088")
    assert decision.contribution == Decimal("26.40")
