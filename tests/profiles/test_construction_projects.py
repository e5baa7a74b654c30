"""What a construction project pays on its price: shares, grades, part of the price, what remains of its duration."""

from __future__ import annotations

from decimal import Decimal

import pytest
from asked import ask, codes, policy

PROJECT: dict[str, object] = {"employer_kind": "construction_project", "risk_class": 6}
TEN_MILLION = 10_000_000


def due(profile: str, on: str, price: object = TEN_MILLION, **given: object) -> object:
    """The contribution of a project of class 6, in an area whose balance allows no cut."""
    more = {"payable_months": 12} if "payable_months" in policy(profile, on).inputs else {}
    return ask(profile, on, "contribution", **{**PROJECT, "project_price": price, **more, **given})


@pytest.mark.parametrize(("grade", "money"), [(1, 9_000), (2, 15_000), (3, 25_000), (4, 30_000)])
def test_jiangsu_has_four_grades(grade: int, money: int) -> None:
    """0.9, 1.5, 2.5 and 3‰ of the whole price; without the grade nothing is known."""
    for on in ("2024-01-01", "2025-01-01", "2026-12-31"):
        assert due("cn-js", on, project_grade=grade) == money
        assert codes(due("cn-js", on)) == ("missing:project_grade",)


@pytest.mark.parametrize(
    ("profile", "on", "money"),
    [
        ("cn-yn", "2025-01-01", 10_000),
        ("cn-sn", "2024-01-01", 10_000),
        ("cn-sx", "2026-01-01", 30_420),
        ("cn-zj-ruian", "2024-01-01", 19_000),
        ("cn-zj-jiashan", "2025-10-11", 13_000),
        ("cn-zj-jiashan", "2025-10-12", 21_000),
    ],
)
def test_a_share_of_the_price(profile: str, on: str, money: int) -> None:
    """1‰ in Yunnan and Shaanxi, 1.69 % of 18 % in Shanxi, 0.19 % in Rui'an, in Jiashan 1.3‰, later 2.1‰."""
    assert due(profile, on, months_insured=0) == money
    assert due(profile, on, 0, months_insured=0) == 0
    assert due(profile, on, "999.99", months_insured=0) == round(Decimal(money) / TEN_MILLION * Decimal("999.99"), 2)


def test_a_project_floats_in_zhejiang_and_its_floor_is_not_that_of_wages() -> None:
    """The provincial table holds for projects too; 0.65‰ is below the 0.2 % of class 1, which is a rate on wages."""
    given = {"contributions": 1000, "injuries": 0, "insured": 10, "industry_incidence": "0.01", "deaths": 0}
    rates = [
        ask("cn-zj-jiashan", "2025-10-11", "rate", **PROJECT, benefits=benefits, **given)
        for benefits in (0, 500, 1000, 1500, 1501)
    ]
    assert rates == [Decimal(text) for text in ("0.00065", "0.00104", "0.0013", "0.00156", "0.00195")]


def test_in_anhui_a_project_floats_by_figures_that_were_not_found() -> None:
    """1.5‰ is the base; what is paid is unknown."""
    assert ask("cn-ah", "2025-01-01", "base_rate", **PROJECT) == Decimal("0.0015")
    assert codes(due("cn-ah", "2025-01-01")) == ("not_known:appraised_move",)


def test_a_project_begun_in_shaanxi_pays_for_what_remains() -> None:
    """Remaining over whole duration, of 1‰ of the price."""
    begun = {"project_started": True, "project_days": 365}
    paid = [due("cn-sn", "2025-01-01", remaining_days=days, **begun) for days in (365, 364, 73, 1, 0)]
    assert paid == [Decimal(text) for text in ("10000", "9972.60", "2000", "27.40", "0")]
    assert codes(due("cn-sn", "2025-01-01", remaining_days=366, **begun)) == ("not_known:project_base",)
    assert codes(due("cn-sn", "2025-01-01", **begun)) == ("missing:remaining_days",)


def test_an_added_budget_in_shaanxi_is_printed_with_a_likely_slip() -> None:
    """'1%', where 1‰ is likely meant: neither is taken."""
    assert due("cn-sn", "2025-01-01", extra_budget=0) == 10_000
    assert codes(due("cn-sn", "2025-01-01", extra_budget="0.01")) == ("not_known:project_base",)


def test_shanxi_takes_18_per_cent_of_the_price_for_wages() -> None:
    """Of each class the rate of that class."""
    paid = [due("cn-sx", "2026-01-01", risk_class=number) for number in range(1, 9)]
    assert paid == [4_140, 8_280, 14_580, 18_720, 22_860, 30_420, 33_120, 44_460]


def test_lianyungang_halved_its_projects_with_the_rest() -> None:
    """Published: 2‰ became 1‰ where 24 months could be paid; where fewer could, nothing changed."""
    for months, rate in (("24", "0.001"), ("23", "0.0016"), ("18", "0.0016"), ("17.99", "0.002")):
        given = {**PROJECT, "appraised_move": 0, "payable_months": months}
        assert ask("cn-js-lianyungang", "2018-05-01", "rate", **given) == Decimal(rate)


def test_where_nothing_was_read_of_projects_nothing_is_paid_on_wages_instead() -> None:
    """The national rules leave the share to the locality."""
    for profile in ("cn", "cn-zj", "cn-gd", "cn-bj"):
        found = (
            due(profile, "2024-12-31", payroll=1, appraised_move=0)
            if profile != "cn-zj"
            else due(profile, "2024-12-31")
        )
        assert "not_known:project_rate" in codes(found)
