"""Korea and Taiwan: who takes part, each bound of the tables, and what is from memory or not known."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

import injuryprev as ip
from injuryprev.engine.windows import window_on

KOREA: Any = ip.load_profile("kr")
SEOUL: Any = KOREA.on("2025-06-01")
TAIPEI: Any = ip.load_profile("tw").on("2026-01-01")
MAKER: dict[str, Any] = {"business": "machinery_metal", "workers": 30, "years_covered": 3, "contributions": 100_000}
TABLE = (
    (5, "-20.0"), (10, "-18.4"), (20, "-16.1"), (30, "-13.8"), (40, "-11.5"), (50, "-9.2"), (60, "-6.9"), (70, "-4.6"),
    (75, "-2.3"), (85, "0"), (90, "2.3"), (100, "4.6"), (110, "6.9"), (120, "9.2"), (130, "11.5"), (140, "13.8"),
    (150, "16.1"), (160, "18.4"),
)  # fmt: skip


@pytest.mark.parametrize("place", range(len(TABLE)))
def test_each_bound_of_the_korean_table(place: int) -> None:
    """As recalled: closed above, so that exactly 75 % goes down and exactly 85 % does not go up; at most 20 %."""
    percent, change = TABLE[place]
    following = TABLE[place + 1][1] if place + 1 < len(TABLE) else "20.0"
    for benefits, wanted in ((percent * 1000 - 1, change), (percent * 1000, change), (percent * 1000 + 1, following)):
        assert SEOUL.evaluate(**MAKER, benefits=benefits)["change"] == Decimal(wanted) / 100


def test_the_korean_table_is_marked_as_recalled() -> None:
    """Whoever reads a rate of Korea sees that its table is from memory."""
    result = SEOUL.evaluate(**MAKER, benefits=0)
    assert next(step for step in result.trace.steps if step.name == "change_by_ratio").rule.confidence == "recalled"


@pytest.mark.parametrize(
    ("given", "takes_part"),
    [
        ({"workers": 29}, False), ({"workers": 30}, True), ({"workers": 31}, True),
        ({"years_covered": 2}, False),
        ({"business": "construction", "workers": 500, "works": 5_999_999_999}, False),
        ({"business": "construction", "workers": 5, "works": 6_000_000_000}, True),
    ],
)  # fmt: skip
def test_who_takes_part_in_korea(given: dict[str, object], takes_part: bool) -> None:
    """30 workers, or works of 6,000 million won, and three years."""
    result = SEOUL.evaluate(**{**MAKER, **given}, benefits=0)
    assert result["takes_part"] is takes_part
    assert result["change"] == (Decimal("-0.2") if takes_part else 0)


def test_the_29_rates_of_2025() -> None:
    """The ends and some cells of the printed table; other years are unknown."""
    names = SEOUL.inputs["business"].choices
    rates = {name: SEOUL.evaluate(business=name)["base_rate"] * 100 for name in names}
    assert len(rates) == 29
    assert (rates["coal_quarrying"], rates["construction"], rates["finance"]) == (
        Decimal("18.5"),
        Decimal("3.5"),
        Decimal("0.5"),
    )
    for day in ("2019-01-01", "2024-12-31"):
        assert KOREA.on(day).evaluate(business="food")["base_rate"].codes == ("not_known:base_rate",)
    assert KOREA.on("2024-12-31").evaluate()["commuting_rate"] == Decimal("0.0006")
    assert isinstance(KOREA.on("2025-01-01").evaluate()["commuting_rate"], ip.Unknown)


def test_three_years_to_30_june() -> None:
    """The rate of 2025 looks at July 2021 to June 2024; occupational disease is out."""
    window = window_on(SEOUL.rules.windows["three_years"].entry, SEOUL.on)
    assert str(window) == "[2021-07-01, 2024-07-01)"
    cases = [
        ip.InjuryCase("C-1", "F-1", "a", "2022-01-01"),
        ip.InjuryCase("C-2", "F-1", "b", "2022-01-01", disease=True),
    ]
    paid = [("C-1", "2021-07-01", 5), ("C-1", "2024-06-30", 7), ("C-1", "2024-07-01", 100), ("C-2", "2022-07-01", 1000)]
    payments = [ip.BenefitPayment("F-1", case, day, amount, "other") for case, day, amount in paid]
    counted = SEOUL.counting.count(ip.Employer("F-1"), ip.History(cases=cases, payments=payments))
    assert counted["benefits"].value == 12


@pytest.mark.parametrize(
    ("percent", "change"),
    [
        (0, -30), (10, -25), (50, -5), (60, 0), (70, 0), (80, 0), (90, 5), (130, 25), (140, 30), (150, 30),
        ("0.1", None), ("59.9", None), ("80.1", None), (85, None), ("139.9", None),
    ],
)  # fmt: skip
def test_taiwan_decides_whole_tens(percent: object, change: int | None) -> None:
    """5 % for ten points below 60 and above 80 %, at most 30 %; what a part of ten points does was not read."""
    given = {"industry_rate": "0.01", "insured": 50, "contributions": 100_000}
    found = TAIPEI.evaluate(**given, benefits=int(Decimal(str(percent)) * 1000))["change"]
    assert found.codes == ("not_known:change",) if change is None else found == Decimal(change) / 100


@pytest.mark.parametrize(("insured", "takes_part"), [(49, False), (50, True), (51, True)])
def test_who_takes_part_in_taiwan(insured: int, takes_part: bool) -> None:
    """Fifty workers."""
    result = TAIPEI.evaluate(industry_rate="0.01", insured=insured, benefits=0, contributions=1)
    assert result["takes_part"] is takes_part
    assert result["rate"] == (Decimal("0.007") if takes_part else Decimal("0.01"))
