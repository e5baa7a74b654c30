"""Germany: BGW's printed contributions, BG ETEM's printed own burden from payments, BG BAU as far as it was read."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

import injuryprev as ip

BGW: Any = ip.load_profile("de-bgw")
BAU: Any = ip.load_profile("de-bgbau")
ETEM: Any = ip.load_profile("de-bgetem")


@pytest.mark.parametrize(
    ("payroll", "hazard_class", "due"),
    [(25_000, "1.97", "101.46"), (96_000, "1.97", "389.59"), (25_000, "4.38", "225.57")],
)
def test_printed_contributions_of_2022(payroll: int, hazard_class: str, due: str) -> None:
    """BGW 2022, levy rate 2.06; the first is 101.455 exactly, which binary floats lose."""
    result = BGW.on("2022-12-31").evaluate(operator="commercial", payroll=payroll, hazard_class=hazard_class)
    assert result["contribution"] == Decimal(due)


def test_the_other_levy_rate() -> None:
    """Non-profit operators of 2022 pay 1.94: 25,000 x 1.97 x 1.94 / 1000 is 95.545."""
    result = BGW.on("2022-01-01").evaluate(operator="non_profit", payroll=25_000, hazard_class="1.97")
    assert result["contribution"] == Decimal("95.55")


PAID = [("2021-06-01", 5000), ("2022-06-01", 2500), ("2023-06-01", 2000)]


def burden(on: str, occurred: str = "2021-03-04", paid: list[tuple[str, int]] = PAID) -> Any:
    """The own burden of a firm with one accident."""
    case = ip.InjuryCase("C-1", "F-1", "w-1", occurred)
    payments = [ip.BenefitPayment("F-1", "C-1", day, amount, "other") for day, amount in paid]
    history = ip.History(cases=[case], payments=payments)
    facts = {"own_levy": 100_000, "membership_year": 30}
    decision: Any = ip.rate(ip.Employer("F-1", facts=facts), history, ETEM.on(on))
    return decision.result["own_burden"]


def test_the_printed_own_burden() -> None:
    """An accident of 2021 with 5,000, 2,500 and 2,000 EUR: 3,250.00 for 2023, nothing for 2024."""
    assert burden("2024-06-01") == Decimal("3250.00")
    assert burden("2025-06-01") == 0


@pytest.mark.parametrize(("occurred", "counts"), [("2020-12-31", False), ("2021-01-01", True), ("2023-12-31", True)])
def test_only_accidents_of_the_three_years(occurred: str, counts: bool) -> None:
    """The first day of the window counts, the day before does not, whenever it was paid."""
    assert burden("2024-01-01", occurred, [("2023-12-31", 1000)]) == (1000 if counts else 0)


@pytest.mark.parametrize(
    ("paid", "weight"),
    [
        ("2021-12-31", 0),
        ("2022-01-01", 50),
        ("2022-12-31", 50),
        ("2023-01-01", 100),
        ("2023-12-31", 100),
        ("2024-01-01", 0),
    ],
)
def test_by_the_year_of_payment(paid: str, weight: int) -> None:
    """All of the levy year, half of the year before, nothing of others."""
    assert burden("2024-01-01", "2021-01-01", [(paid, 1000)]) == weight * 10


@pytest.mark.parametrize(("year", "discount"), [(1, 6_000), (2, 12_000), (3, 18_000), (40, 18_000)])
def test_the_discount_of_new_members(year: int, discount: int) -> None:
    """6, 12 and 18 % of the own levy, less the own burden, and never less than nothing."""
    given = {"own_levy": 100_000, "membership_year": year, "cost_of_year": 0, "cost_of_year_before": 0}
    policy = ETEM.on("2024-06-01")
    assert policy.evaluate(**given)["discount"] == discount
    for cost, left in ((discount - 1, 1), (discount, 0), (discount + 1, 0)):
        assert policy.evaluate(**{**given, "cost_of_year": cost})["discount"] == left


@pytest.mark.parametrize(("clear_years", "share"), [(0, 30), (3, 30), (4, 25), (5, 25), (6, 20), (7, None)])
def test_the_highest_surcharge(clear_years: int, share: int | None) -> None:
    """30, 25 and 20 % of the contribution; beyond the page that was cut off nothing is known."""
    given = {"payroll": 1_000_000, "hazard_class": 10, "average_figure": 10, "clear_years": clear_years}
    policy = BAU.on("2023-07-01")
    for own in (30, 31):
        found = policy.evaluate(**given, own_figure=own)["surcharge"]
        assert found.codes == ("not_known:highest_share",) if share is None else found == 420 * share
    for figure in ("9.99", "10"):
        assert policy.evaluate(**given, own_figure=figure)["surcharge"] == 0
    if share is not None:
        assert policy.evaluate(**given, own_figure="29.99")["surcharge"] < 420 * share
        assert policy.evaluate(**given, own_figure="10.01")["surcharge"] > 0


@pytest.mark.parametrize(("payroll", "due"), [(9_520, "100"), (9_523, "100"), (9_526, "100.02"), (95_200, "999.60")])
def test_the_minimum_contribution(payroll: int, due: str) -> None:
    """100 EUR at least: 9,520 x 2.5 x 0.42 / 100 is 99.96, 9,523 gives 99.9915 and 9,526 gives 100.023."""
    assert BAU.on("2023-07-01").evaluate(payroll=payroll, hazard_class="2.5")["contribution"] == Decimal(due)
