"""Japan: the trial calculation of 2004, a textbook of 2012, the rates of 2024, every threshold of the merit system."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

import injuryprev as ip
from injuryprev.engine.windows import window_on

JAPAN: Any = ip.load_profile("jp")
TODAY: Any = JAPAN.on("2026-04-01")
FIRM: dict[str, Any] = {
    "trade": "other_manufacturing", "scheme": "continuing", "wages": 500_000_000, "workers_1": 100, "workers_2": 100,
    "workers_3": 100, "months_covered": 36, "benefits": 0, "occupational_premium": 6_390_000,
}  # fmt: skip


def test_the_trial_calculation_of_2004() -> None:
    """MHLW, 14 June 2004: 8/1000, 100 workers of 5,000,000 yen, a death of 13,479,700 yen; every figure it prints."""
    day = JAPAN.on("2004-06-14")
    wages = FIRM["wages"]
    clear = day.evaluate(**FIRM)
    assert wages * clear["base_rate"] == 4_000_000
    assert wages * (clear["base_rate"] - Decimal("0.0009")) == 3_550_000
    assert (clear["change"], clear["rate"], clear["contribution"]) == (Decimal("-0.4"), Decimal("0.00516"), 2_580_000)
    assert wages * (clear["rate"] - Decimal("0.0009")) == 2_130_000
    assert FIRM["occupational_premium"] == 2_130_000 * 3
    death = day.evaluate(**{**FIRM, "benefits": 9_890_000 + 1_978_000 + 611_700 + 1_000_000})
    ratio = next(step for step in death.trace.steps if step.name == "payout_ratio")
    assert round(float(ratio.value) * 100, 2) == 314.85
    assert (death["change"], death["rate"], death["contribution"]) == (Decimal("0.4"), Decimal("0.01084"), 5_420_000)


@pytest.mark.parametrize(
    ("trade", "percent", "moved"), [("forestry", "0.980", 1), ("building", "0.794", 0), ("trade", "0.746", -1)]
)
def test_the_adjustment_rate_decides(trade: str, percent: str, moved: int) -> None:
    """Textbook 2012: benefits of 50 on a premium of 100 raise, keep and cut, as the industry has it."""
    given = {**FIRM, "trade": trade, "benefits": 50, "occupational_premium": 100}
    result = JAPAN.on("2012-04-01").evaluate(**given)
    assert result["payout_percent"] == Decimal(percent)
    assert (result["change"] > 0) - (result["change"] < 0) == moved


BOUNDS = (10, 20, 30, 40, 50, 60, 70, 75, 85, 90, 100, 110, 120, 130, 140, 150)


@pytest.mark.parametrize("place", range(len(BOUNDS)))
def test_each_bound_of_the_change_table(place: int) -> None:
    """Open below and closed above: exactly 75 % goes down, exactly 85 % does not go up; five points for each step."""
    # A premium of 100 million on 67/100 makes one per cent 670,000 yen.
    at = BOUNDS[place] * 670_000
    low = -40 + 5 * place
    for benefits, change in ((at - 1, low), (at, low), (at + 1, low + 5)):
        result = TODAY.evaluate(**{**FIRM, "benefits": benefits, "occupational_premium": 100_000_000})
        assert result["change"] == Decimal(change) / 100, benefits


def test_what_is_from_memory_says_so() -> None:
    """The rows that were read are as sure as the print; those recalled, and what rests on them, are not."""
    for percent, confidence in ((70, "reprint"), (72, "recalled"), (80, "reprint"), (95, "recalled"), (151, "reprint")):
        given = {**FIRM, "benefits": percent * 670_000, "occupational_premium": 100_000_000}
        step = next(step for step in TODAY.evaluate(**given).trace.steps if step.name == "change")
        cited = [
            one.confidence for row, held in zip(step.rule.rows, step.rows, strict=True) if held for one in row.cited
        ]
        assert cited[:1] == [confidence], percent


@pytest.mark.parametrize(
    ("given", "takes_part"),
    [
        ({"workers_1": 99, "least_coefficient": 0}, False),
        ({"workers_2": 100}, True),
        ({"workers_3": "99.99", "least_coefficient": "0.3999"}, False),
        ({"workers_3": 99, "least_coefficient": "0.4"}, True),
        ({"workers_2": 20, "least_coefficient": "0.4"}, True),
        ({"workers_2": "19.99", "least_coefficient": 5}, False),
        ({"months_covered": 35}, False),
        ({"scheme": "lumped_construction", "least_settled_premium": 399_999}, False),
        ({"scheme": "lumped_construction", "least_settled_premium": 400_000}, True),
        ({"scheme": "lumped_logging", "least_settled_premium": 400_000}, True),
    ],
)
def test_who_takes_part(given: dict[str, object], takes_part: bool) -> None:
    """100 workers, or 20 with a coefficient of 0.4, or a premium of 400,000 yen, in the least of three years."""
    result = TODAY.evaluate(**{**FIRM, **given})
    assert result["eligible"] is takes_part
    if not takes_part:
        assert result["rate"] == result["base_rate"]


def test_lumped_works_move_by_tables_that_were_not_read() -> None:
    """Their limits of 35 and 30 % were read, their steps were not."""
    given = {**FIRM, "scheme": "lumped_logging", "least_settled_premium": 2_000_000, "trade": "forestry"}
    assert "not_known:change" in TODAY.evaluate(**given)["rate"].codes


def test_the_54_class_rates_of_2024() -> None:
    """The printed mean of 4.4 per mille is weighted; of the table the ends, some cells and the number of classes."""
    classes = TODAY.inputs["trade"].choices
    rates = {name: TODAY.evaluate(trade=name)["base_rate"] * 1000 for name in classes}
    assert len(rates) == 54
    assert (min(rates.values()), max(rates.values())) == (Decimal("2.5"), 88)
    assert [rates[name] for name in ("forestry", "mining", "building", "trade", "ship_owners")] == [
        52, 88, Decimal("9.5"), 3, 42,
    ]  # fmt: skip


def test_between_2005_and_2024_the_rates_are_unknown() -> None:
    """Neither end of the gap is filled in from beside it."""
    for day, known in (("2005-03-31", True), ("2005-04-01", False), ("2024-03-31", False), ("2024-04-01", True)):
        rate = JAPAN.on(day).evaluate(**FIRM)["rate"]
        assert isinstance(rate, Decimal) is known, day


def test_a_benefit_of_fiscal_2002_shows_in_2005_and_2006() -> None:
    """MHLW 2004: it still shows in H17 and H18 though 2003 and 2004 are clean."""
    windows = JAPAN.on("2005-04-01").rules.windows
    for year, shows in ((2004, True), (2005, True), (2006, True), (2007, False)):
        days = [window_on(windows[name].entry, ip.Period.year(year).since.replace(month=4)) for name in
                ("last_year", "second_year", "first_year")]  # fmt: skip
        assert any("2002-10-01" in str(day.since) or day.since.year == 2002 for day in days) is shows, year


def test_workers_are_counted_by_insurance_years() -> None:
    """For April 2026 the years from April 2022 to March 2025."""
    years = [ip.Exposure("F-1", ip.Period(f"{year}-04-01", f"{year + 1}-04-01"), insured=year - 1900) for year in
             range(2021, 2026)]  # fmt: skip
    firm = ip.Employer("F-1", insured_since="2022-04-01")
    counted = TODAY.counting.count(firm, ip.History(exposures=years))
    assert [int(counted[f"workers_{place}"].value) + 1900 for place in (1, 2, 3)] == [2024, 2023, 2022]
    assert counted["months_covered"].value == 36
