"""The national rules: ladders, floor, phase-in cuts, the relief of 2020, and the industry table."""

from __future__ import annotations

from decimal import Decimal

import pytest

import injuryprev as ip
from injuryprev.errors import CoverageError
from injuryprev.policy.registry import load

CN = ip.load_profile("cn")
SIZES = ("large", "medium", "small", "micro")


def rate(on: str, **figures: object) -> object:
    """The rate of one record of class 4 at the base tier, where nothing else is given."""
    return CN.on(on).evaluate(**{"risk_class": 4, "appraised_move": 0, **figures})["rate"]


def reasons(value: object) -> tuple[str, ...]:
    """Why a value is unknown."""
    assert isinstance(value, ip.Unknown)
    return value.codes


@pytest.mark.parametrize(
    ("on", "risk_class", "rates"),
    [
        ("2003-10-29", 1, ["0.005"] * 5),
        ("2015-09-30", 2, ["0.005", "0.008", "0.01", "0.012", "0.015"]),
        ("2015-09-30", 3, ["0.01", "0.016", "0.02", "0.024", "0.03"]),
        ("2015-10-01", 1, ["0.002", "0.002", "0.002", "0.0024", "0.003"]),
        ("2015-10-01", 2, ["0.002", "0.0032", "0.004", "0.0048", "0.006"]),
        ("2015-10-01", 8, ["0.0095", "0.0152", "0.019", "0.0228", "0.0285"]),
    ],
)
def test_each_class_has_its_ladder(on: str, risk_class: int, rates: list[str]) -> None:
    """Class 1 never floated before October 2015, and has had no tier below 100 % since."""
    found = [rate(on, risk_class=risk_class, appraised_move=move) for move in (-2, -1, 0, 1, 2)]
    assert found == [Decimal(text) for text in rates]


def test_the_classes_change_on_the_first_of_october_2015() -> None:
    """A class of the eight is no class of the three."""
    assert "out_of_range:risk_class" in reasons(rate("2015-09-30", risk_class=4))
    assert rate("2015-10-01", risk_class=4) == Decimal("0.009")


def test_a_first_rate_is_the_class_rate() -> None:
    """A new employer starts at the base of its class, whatever else may be known of it."""
    assert CN.on("2010-01-01").evaluate(risk_class=3, months_insured=0)["rate"] == Decimal("0.02")
    assert reasons(CN.on("2010-01-01").evaluate(risk_class=3, months_insured=1)["rate"]) == ("missing:appraised_move",)


CUT_WINDOWS = ["2018-05-01", "2019-05-01", "2020-05-01", "2021-01-01", "2022-05-01", "2023-05-01", "2024-12-31"]


@pytest.mark.parametrize("on", CUT_WINDOWS)
@pytest.mark.parametrize(
    ("months", "left"),
    [
        ("17.99", "0.009"),
        ("18", "0.0072"),
        ("18.01", "0.0072"),
        ("22.99", "0.0072"),
        ("23", "0.0072"),
        ("24", "0.0045"),
        ("24.01", "0.0045"),
    ],
)
def test_the_months_decide_the_cut(on: str, months: str, left: str) -> None:
    """From 18 months a fifth, from 24 one half, in every window from May 2018 to the end of 2024."""
    assert rate(on, payable_months=months, employer_kind="government") == Decimal(left)


@pytest.mark.parametrize("months", ["23.01", "23.5", "23.99"])
def test_between_23_and_24_months_the_cut_is_unknown(months: str) -> None:
    """Whole months are printed, which leaves the part of a month open."""
    assert reasons(rate("2018-05-01", payable_months=months)) == ("not_known:cut_by_months",)


def test_the_cut_begins_and_ends_on_its_days() -> None:
    """No cut on the last day of April 2018, none recorded on the first day of 2025."""
    assert rate("2018-04-30") == Decimal("0.009")
    assert reasons(rate("2018-05-01")) == ("missing:payable_months",)
    assert reasons(rate("2024-12-31")) == ("missing:payable_months",)
    assert rate("2025-01-01") == Decimal("0.009")
    assert rate("2025-01-01", phase_in_cut="0.5") == Decimal("0.0045")
    assert "payable_months" not in CN.on("2025-01-01").inputs


def test_the_trace_of_2025_says_that_no_extension_was_found() -> None:
    """The cut after 2024 is taken as not recorded, and its title and the rate's caveat say why."""
    explained = CN.on("2025-01-01").evaluate(risk_class=4, appraised_move=0).explain()
    assert "phase_in_cut, phase-in cut after 2024, if the locality orders one = 0 (0 %)  [not recorded" in explained
    assert "whether the phase-in cut went on after 2024 was not found" in explained


def test_a_fall_below_18_months_stops_the_cut() -> None:
    """Henan's detail: the standing rate is paid again; without a record of a fall there was none."""
    assert rate("2019-05-01", payable_months=30, fell_below_18=True) == Decimal("0.009")
    assert rate("2019-05-01", payable_months=30, fell_below_18=False) == Decimal("0.0045")


def test_the_cut_rests_on_the_standing_rate_and_may_go_below_the_floor() -> None:
    """Floating first, then the floor, then the cut: one half of 80 % in 2018 and again in 2024, never compounded."""
    for on in ("2018-05-01", "2024-01-01"):
        assert rate(on, appraised_move=-1, payable_months=24) == Decimal("0.0036")
    assert rate("2018-05-01", risk_class=2, appraised_move=-2, payable_months=24) == Decimal("0.001")


@pytest.mark.parametrize(
    ("on", "large", "others"),
    [
        ("2020-01-31", "0.0045", "0.0045"),
        ("2020-02-01", "0.00225", "0"),
        ("2020-06-30", "0.00225", "0"),
        ("2020-07-01", "0.0045", "0"),
        ("2020-12-31", "0.0045", "0"),
        ("2021-01-01", "0.0045", "0.0045"),
    ],
)
def test_the_relief_of_2020_by_size(on: str, large: str, others: str) -> None:
    """Large: half from February to June; medium, small and micro: waived from February to December."""
    relieved = "employer_size" in CN.on(on).inputs
    for size in SIZES:
        found = rate(on, payable_months=24, **({"employer_size": size} if relieved else {}))
        assert found == Decimal(large if size == "large" else others), size


def test_a_waived_employer_needs_no_cut_and_a_half_rate_is_cut_after_halving() -> None:
    """Henan's detail of the order: halved to 0.45 %, then a fifth off."""
    assert rate("2020-03-01", employer_size="micro") == 0
    assert rate("2020-03-01", employer_size="large", payable_months=18) == Decimal("0.0036")


def test_government_bodies_have_no_relief_and_institutions_are_an_open_question() -> None:
    """Government bodies are excluded in what was read; public institutions are not mentioned in it."""
    assert rate("2020-03-01", employer_kind="government", payable_months=12) == Decimal("0.009")
    found = rate("2020-03-01", employer_kind="institution", payable_months=12)
    assert reasons(found) == ("not_known:relief",)
    assert reasons(rate("2020-03-01", payable_months=12)) == ("missing:employer_size",)


def test_the_contribution_is_rounded_half_up_to_the_fen() -> None:
    """An assumed rounding: half a fen goes up, and the trace names the assumption."""
    policy = CN.on("2026-01-01")
    for payroll, due in (("0.55", "0.00"), ("0.56", "0.01"), ("300.55", "2.70"), ("12345.67", "111.11")):
        result = policy.evaluate(risk_class=4, appraised_move=0, payroll=payroll)
        assert result["contribution"] == Decimal(due)
        assert result.confidence == "assumed"
    half = policy.evaluate(risk_class=1, appraised_move=0, payroll="2.50")
    assert half["contribution"] == Decimal("0.01")


def test_the_industry_table_holds_every_division_once() -> None:
    """Eight lists of 15, 19, 16, 23, 9, 7, 3 and 4 divisions cover 01 to 96 of the edition of 2011."""
    table = load("cn").rules_on("2015-10-01").classifications["industry_risk"].entry
    assert [len(codes) for codes in table.classes.values()] == [15, 19, 16, 23, 9, 7, 3, 4]
    assert list(table.classes) == [str(number) for number in range(1, 9)]
    every = sorted(code for codes in table.classes.values() for code in codes)
    assert every == [f"{number:02d}" for number in range(1, 97)]
    assert table.edition == "GB/T 4754-2011"
    samples = {
        "06": "8",
        "17": "3",
        "47": "6",
        "52": "2",
        "65": "1",
        "79": "2",
        "82": "2",
        "02": "5",
        "25": "7",
        "88": "4",
    }
    for code, risk_class in samples.items():
        assert code in table.classes[risk_class]


def test_a_day_before_the_notice_of_2003_is_refused() -> None:
    """The coverage begins with the notice."""
    with pytest.raises(CoverageError, match="2003-10-29"):
        CN.on("2003-10-28")
