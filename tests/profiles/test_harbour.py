"""Toyland Harbour: what the language can say that no region read so far needs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from asked import ask, policy, step

import injuryprev as ip

ON = "2024-07-01"
RECORD: dict[str, Any] = {
    "risk_class": 3,
    "subclass": "a",
    "current_rate": "0.018",
    "payroll": 1_000_000,
    "insured": 100,
    "contributions": 10_000,
    "benefits": 5_000,
    "injuries": 1,
    "injuries_3_years": 1,
    "injuries_5_years": 2,
    "frauds_3_years": 0,
    "severe_cases": 0,
    "district_incidence": "0.01",
    "months_insured": 100,
}


def rated(**given: object) -> tuple[object, object]:
    """The move and the rate."""
    found = policy("toyland-harbour", ON).evaluate(**{**RECORD, **given})
    return found["tier_move"], found["rate"]


@pytest.mark.parametrize(
    ("given", "move", "rate"),
    [
        ({}, 0, "0.015"),
        ({"current_rate": "0.02"}, 0, "0.02"),
        ({"current_rate": "0.0199"}, 0, "0.015"),
        ({"benefits": 10_001}, 1, "0.02"),
        ({"benefits": 10_001, "current_rate": "0.0083"}, 1, "0.007"),
        ({"benefits": 10_001, "current_rate": "0.0084"}, 1, "0.01"),
        ({"risk_class": 1, "benefits": 10_001, "current_rate": "0.0063"}, 1, "0.004"),
        ({"risk_class": 1, "benefits": 10_001, "current_rate": "0.0064"}, 1, "0.007"),
    ],
)
def test_a_move_on_the_rate_paid_so_far_ends_on_the_list(given: dict[str, object], move: int, rate: str) -> None:
    """A fifth a step, a tenth in class 1; the next lower of the six permitted rates."""
    assert rated(**given) == (move, Decimal(rate))


@pytest.mark.parametrize(
    ("given", "move"),
    [
        ({"injuries_3_years": 0}, -1),
        ({"injuries_3_years": 0, "injuries_5_years": 0}, -2),
        ({"injuries_3_years": 0, "injuries_5_years": 0, "months_insured": 59}, -1),
        ({"injuries_3_years": 0, "injuries_5_years": 0, "months_insured": 35}, 0),
        ({"frauds_3_years": 1}, 0),
        ({"frauds_3_years": 2}, 2),
        ({"severe_cases": 1}, 0),
        ({"severe_cases": 2}, 1),
        ({"standardised_now": True}, -1),
        ({"standardised_now": True, "standardised_before": True}, 0),
        ({"risk_class": 1, "injuries_3_years": 0}, 0),
        ({"risk_class": 2, "injuries_3_years": 0, "injuries_5_years": 0}, -1),
        ({"injuries_3_years": 0, "arrears": True}, 0),
        ({"frauds_3_years": 2, "severe_cases": 2}, 2),
    ],
)
def test_memory_events_and_credits_are_summed_within_the_ladder_of_the_class(
    given: dict[str, object], move: int
) -> None:
    """Clean years, fraud again, severe cases, a certificate once; arrears bar a decrease, the class its depth."""
    assert rated(**given)[0] == move


@pytest.mark.parametrize(
    ("injuries", "insured", "benefits", "move"),
    [(1, 100, 5_000, 0), (1, "99.9", 5_000, 1), (0, "99.9", 5_000, 0), (1, "99.9", 3_000, 1), (0, 100, 3_000, -1)],
)
def test_whether_anybody_was_newly_injured_decides_what_is_looked_at(
    injuries: int, insured: object, benefits: int, move: int
) -> None:
    """Without a new injury the payout alone; with one, the mean of the district too."""
    assert rated(injuries=injuries, insured=insured, benefits=benefits)[0] == move


@pytest.mark.parametrize(
    ("cycles", "benefits", "rate"), [(2, 5_000, "0.02"), (3, 5_000, "0.015"), (3, 10_001, "0.02"), (9, 5_000, "0.015")]
)
def test_after_three_raised_cycles_it_is_back_to_the_base(cycles: int, benefits: int, rate: str) -> None:
    """Unless it is raised once more; the base of 1.8 % stands on the list as 1.5 %."""
    assert rated(cycles_raised=cycles, benefits=benefits, current_rate="0.0399")[1] == Decimal(rate)


def test_a_rate_below_the_base_is_not_raised_to_it() -> None:
    """Raised three times and still lower: back to the base would be a fourth raise without a cause."""
    assert rated(cycles_raised=3, current_rate="0.01")[1] == Decimal("0.01")


@pytest.mark.parametrize(
    ("price", "wanted"),
    [
        ("0", "0"),
        ("1000000", "2000"),
        ("1000000.01", "2000"),
        ("1001000", "2001.5"),
        ("10000000", "15500"),
        ("10001000", "15501"),
        ("25000000", "30500"),
    ],
)
def test_a_price_in_slices_has_no_jump(price: str, wanted: str) -> None:
    """2‰ of the first million, 1.5‰ of the next nine, 1‰ of the rest; whole duration, middle grade."""
    given = {"project_price": price, "project_days": 100, "remaining_days": 100, "builder_grade": 2}
    assert ask("toyland-harbour", ON, "project_contribution", **given) == Decimal(wanted)


@pytest.mark.parametrize(
    ("price", "fee"), [("999999.99", 500), ("1000000", 2000), ("9999999.99", 2000), ("10000000", 9000)]
)
def test_a_price_with_cliffs_jumps(price: str, fee: int) -> None:
    """One sum for each band, from its lower end."""
    assert ask("toyland-harbour", ON, "project_flat_fee", project_price=price) == fee


@pytest.mark.parametrize(
    ("incidence", "alert"), [("1999", "none"), ("2000", "yellow"), ("4999", "yellow"), ("5000", "orange")]
)
def test_alerts_are_graded(incidence: str, alert: str) -> None:
    """At 2 and at 5 %, of 100,000 workers."""
    assert ask("toyland-harbour", ON, "watch", **{**RECORD, "insured": 100_000, "injuries": incidence}) == alert


def test_windows_of_three_and_five_years_and_the_last_month() -> None:
    """What is counted for 2024-07-01, from either side of each window."""
    cases = [
        ip.InjuryCase(f"C-{year}", "E-1", "W-1", f"{year}-01-01", recognised_on=f"{year}-06-01", grade=grade)
        for year, grade in ((2018, 4), (2019, 4), (2020, 4), (2021, 4), (2022, 4), (2023, 4), (2024, 4))
    ]
    cases.append(ip.InjuryCase("C-x", "E-1", "W-1", "2023-01-01", recognised_on="2023-06-01", grade=5))
    frauds = [ip.EmployerEvent("E-1", "benefit_fraud", day) for day in ("2020-12-31", "2021-01-01", "2023-12-31")]
    kept = [ip.Recognition("E-1", "standardisation", 1, ip.Period("2022-12-31", "2023-12-01"))]
    history = ip.History(cases=cases, events=frauds, recognitions=kept)
    counted = policy("toyland-harbour", ON).counting.count(ip.Employer("E-1"), history)
    names = (
        "injuries_3_years",
        "injuries_5_years",
        "frauds_3_years",
        "severe_cases",
        "standardised_now",
        "standardised_before",
    )
    assert [counted[name].value for name in names] == [4, 6, 2, 1, False, True]


def test_the_district_is_compared_with_itself() -> None:
    """Two employers of one district and one of another; one whose workers are not known is left out."""
    year = ip.Period("2023-01-01", "2024-01-01")

    def one(key: str, area: str, insured: int | None, injured: int) -> tuple[ip.Employer, ip.History]:
        cases = [
            ip.InjuryCase(f"C-{place}", key, f"W-{place}", "2023-01-01", recognised_on="2023-05-05")
            for place in range(injured)
        ]
        exposures = [ip.Exposure(key, year, insured=insured)] if insured else []
        return ip.Employer(key, area=area), ip.History(exposures=exposures, cases=cases)

    area = [one("A", "east", 100, 1), one("B", "east", 300, 5), one("C", "west", 50, 1), one("D", "east", None, 9)]
    counted = policy("toyland-harbour", ON).counting.count_area(area)
    assert [figures["district_incidence"].value for figures in counted[:3]] == [
        Decimal("0.015"),
        Decimal("0.015"),
        Decimal("0.02"),
    ]


def test_a_new_employer_pays_the_base_whatever_the_records_say() -> None:
    """Toyland's own rule of the first year holds in the district."""
    assert step("toyland-harbour", ON, "moved_rate", **{**RECORD, "months_insured": 11, "benefits": 99_999}) == Decimal(
        "0.018"
    )
