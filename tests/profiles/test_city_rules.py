"""Single rules of cities and provinces: each row and threshold that was read, and the refusals where none was."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from asked import ask, base_rates, codes, percent, policy

import injuryprev as ip

MOVES = (-2, -1, 0, 1, 2)


# Huainan, December 2011 ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("benefits", "wanted"),
    [
        ("0", -2),
        ("1999.99", -2),
        ("2000", -1),
        ("5999.99", -1),
        ("6000", None),
        ("6000.01", 0),
        ("7999.99", 0),
        ("8000", None),
        ("8000.01", 1),
        ("11999.99", 1),
        ("12000", 2),
        ("99999", 2),
    ],
)
def test_huainan_takes_the_contributions_at_the_base_rate(benefits: str, wanted: int | None) -> None:
    """Payroll of a million at 1 %, whatever was paid; exactly 60 and 80 % are printed twice and left open."""
    given: dict[str, Any] = {"risk_class": 2, "payroll": 1_000_000, "benefits": benefits}
    for paid in (1, 10**6):
        found = ask("cn-ah-huainan", "2012-01-01", "tier_move", contributions=paid, **given)
        if wanted is None:
            assert codes(found) == ("not_known:payout_move",)
        else:
            assert found == wanted


def test_huainan_class_1_and_new_employers() -> None:
    """Class 1 does not float; insured after the year: the base; in the first year the rule is cut off."""
    given = {"payroll": 1_000_000, "benefits": 0}
    assert ask("cn-ah-huainan", "2015-09-30", "rate", risk_class=1, **given) == Decimal("0.005")
    for months, wanted in ((0, 0), (12, -2)):
        assert ask("cn-ah-huainan", "2015-09-30", "tier_move", risk_class=2, months_insured=months, **given) == wanted
    for months in (1, 11):
        found = ask("cn-ah-huainan", "2015-09-30", "tier_move", risk_class=2, months_insured=months, **given)
        assert codes(found) == ("not_known:appraised_move",)


# Sanmenxia 2013 ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("benefits", "wanted"),
    [
        ("0", -2),
        ("49999.99", -2),
        ("50000", -1),
        ("79999.99", -1),
        ("80000", 0),
        ("120000", 0),
        ("120000.01", 1),
        ("150000", 1),
        ("150000.01", 2),
    ],
)
def test_sanmenxia_by_the_payout_of_2012(benefits: str, wanted: int) -> None:
    """Below 50 and 80 % down, above 120 and 150 % up."""
    given = {"contributions": 100_000, "benefits": benefits}
    assert ask("cn-ha-sanmenxia", "2013-06-30", "tier_move", risk_class=3, **given) == wanted
    assert ask("cn-ha-sanmenxia", "2013-06-30", "tier_move", risk_class=1, **given) == 0


def test_all_that_moved_in_sanmenxia_were_of_the_classes_that_float() -> None:
    """Published: 45 up and 70 down; class 2 had 29 and 60, class 3 had 16 and 10, so that class 1 had none."""
    published = {2: (29, 60), 3: (16, 10)}
    assert tuple(map(sum, zip(*published.values(), strict=True))) == (45, 70)
    given = {"contributions": 100_000, "benefits": 0}
    floating = [
        number
        for number in (1, 2, 3)
        if ask("cn-ha-sanmenxia", "2013-01-01", "tier_move", risk_class=number, **given) != 0
    ]
    assert floating == list(published)


def test_sanmenxia_is_the_round_of_one_year() -> None:
    """2013 and no other."""
    with pytest.raises(ip.CoverageError):
        policy("cn-ha-sanmenxia", "2014-01-01")


# Henan, units insured with the province ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "barred"),
    [
        ({"deaths": 9}, False),
        ({"deaths": 10, "deaths_in_one_accident": 9}, False),
        ({"deaths": 10, "deaths_in_one_accident": 10}, True),
        ({"injuries": 49}, False),
        ({"injuries": 50, "serious_injuries_in_one_accident": 49}, False),
        ({"injuries": 50, "serious_injuries_in_one_accident": 50}, True),
        ({"paid_late": True}, True),
    ],
)
def test_henan_knows_what_bars_a_decrease(given: dict[str, object], barred: bool) -> None:
    """Ten deaths in one accident, fifty serious injuries in one, or paying late; each just below and at."""
    record = {"deaths": 0, "injuries": 0, **given}
    assert ask("cn-ha-provincial", "2015-01-01", "decrease_barred", **record) is barred


def test_henan_asks_for_the_worst_accident_only_where_it_matters() -> None:
    """And knows no threshold."""
    for given, code in (
        ({"deaths": 9, "injuries": 49}, "not_known:appraised_move"),
        ({"deaths": 10, "injuries": 10}, "missing:deaths_in_one_accident"),
        ({"deaths": 9, "injuries": 50}, "missing:serious_injuries_in_one_accident"),
    ):
        assert code in codes(ask("cn-ha-provincial", "2015-01-01", "tier_move", risk_class=3, **given))


@pytest.mark.parametrize(("kind", "floats"), [("ordinary", False), ("labour_dispatch", True), ("institution", False)])
def test_in_henan_labour_dispatch_floats_in_class_1_too(kind: str, floats: bool) -> None:
    """Classes 2 and 3 and labour dispatch float."""
    given = {"risk_class": 1, "employer_kind": kind, "deaths": 0, "injuries": 0}
    found = ask("cn-ha-provincial", "2015-01-01", "rate", **given)
    assert codes(found) == ("not_known:appraised_move",) if floats else found == Decimal("0.005")


def test_henan_sums_two_years() -> None:
    """Benefits of 2013 and 2014, from the first day to the last, and of no other year."""
    days = ("2012-12-31", "2013-01-01", "2014-12-31", "2015-01-01")
    paid = [ip.BenefitPayment("E-1", None, day, 10**place, "medical") for place, day in enumerate(days)]
    counted = policy("cn-ha-provincial", "2015-01-01").counting.count(ip.Employer("E-1"), ip.History(payments=paid))
    assert counted["benefits"].value == 110


def test_henan_looks_at_the_accidents_of_both_years() -> None:
    """Deaths of the first of the two years are among those that can bar a decrease, as its benefits are summed."""
    days = ("2012-12-31", "2013-01-01", "2014-12-31", "2015-01-01")
    cases = [
        ip.InjuryCase(
            f"C-{place}", "E-1", f"W-{place}", day, recognised_on=day, ground="14.1", death=True, disease=False
        )
        for place, day in enumerate(days)
    ]
    counted = policy("cn-ha-provincial", "2015-01-01").counting.count(ip.Employer("E-1"), ip.History(cases=cases))
    assert (counted["deaths"].value, counted["injuries"].value) == (2, 2)


def test_henan_starts_a_new_employer_at_the_base() -> None:
    """Whatever its class."""
    for number, rate in ((1, "0.005"), (3, "0.02")):
        assert ask("cn-ha-provincial", "2015-01-01", "rate", risk_class=number, months_insured=0) == Decimal(rate)


# Shanghai ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("current", "move", "rate"),
    [
        ("0.005", 1, "0.01"),
        ("0.005", 5, "0.03"),
        ("0.02", 3, "0.03"),
        ("0.03", -1, "0.025"),
        ("0.01", -1, "0.005"),
        ("0.01", -2, "0.005"),
        ("0.02", 0, "0.02"),
    ],
)
def test_shanghai_before_2016_moved_the_rate_paid_so_far(current: str, move: int, rate: str) -> None:
    """Steps of half a point between the base of 0.5 and 3 %."""
    found = ask("cn-sh", "2015-12-31", "rate", risk_class=4, current_rate=current, appraised_move=move)
    assert found == Decimal(rate)


def test_shanghai_one_rate_for_all_industries() -> None:
    """Before and after the eight classes of the state."""
    for on, classes in (("2015-09-30", 3), ("2015-10-01", 8)):
        rates = {ask("cn-sh", on, "base_rate", risk_class=number) for number in range(1, classes + 1)}
        assert rates == {Decimal("0.005")}


def test_shanghai_2016_is_open_and_later_years_have_definitions_alone() -> None:
    """The year of the new document is unknown; from 2017 the thresholds are."""
    assert codes(ask("cn-sh", "2016-12-31", "base_rate", risk_class=4)) == ("not_known:class_rate",)
    assert codes(ask("cn-sh", "2017-01-01", "tier", risk_class=4)) == ("not_known:appraised_move",)
    paid = {"risk_class": 4, "payroll": 1_000_000, "benefits": 4500, "contributions": 1}
    given = {name: value for name, value in paid.items() if name in policy("cn-sh", "2017-01-01").inputs}
    assert ask("cn-sh", "2017-01-01", "payout_shown", **given) == Decimal("0.5")


@pytest.mark.parametrize(
    ("on", "paid", "counts"),
    [
        ("2018-06-30", "2015-12-31", False),
        ("2018-06-30", "2016-01-01", True),
        ("2018-06-30", "2016-12-31", True),
        ("2018-06-30", "2017-01-01", False),
        ("2018-07-01", "2016-12-31", False),
        ("2018-07-01", "2017-01-01", True),
    ],
)
def test_shanghai_changes_on_1_july_by_the_calendar_year_before(on: str, paid: str, counts: bool) -> None:
    """The first half of a year still rests on the year before the last."""
    history = ip.History(payments=[ip.BenefitPayment("E-1", None, paid, 7, "medical")])
    found = policy("cn-sh", on).counting.count(ip.Employer("E-1"), history)
    assert found["benefits"].value == (7 if counts else 0)


# Zhoushan 2019 -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("risk_class", "rates"),
    [
        (1, ["0.002", "0.002", "0.002", "0.0024", "0.003"]),
        (2, ["0.002", "0.002", "0.002", "0.0024", "0.003"]),
        (3, ["0.002", "0.0028", "0.0035", "0.0042", "0.00525"]),
        (8, ["0.00475", "0.0076", "0.0095", "0.0114", "0.01425"]),
    ],
)
def test_zhoushan_halves_after_floating_and_lifts_to_class_1(risk_class: int, rates: list[str]) -> None:
    """Everyone but class 1; 0.175 % for class 3 at one half would be below 0.2 %."""
    found = [ask("cn-zj-zhoushan", "2019-05-01", "rate", risk_class=risk_class, appraised_move=move) for move in MOVES]
    assert found == [Decimal(rate) for rate in rates]


# Beijing, Gansu, Jining ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("former", "rate"), [(None, "0.013"), ("0.0129", "0.0129"), ("0.013", "0.013"), ("0.0131", "0.013")]
)
def test_beijing_takes_the_lower_of_the_old_and_the_new_rate(former: str | None, rate: str) -> None:
    """费率就低."""
    assert ask("cn-bj", "2016-07-01", "base_rate", risk_class=6, former_class_rate=former) == Decimal(rate)


def test_beijing_has_the_national_eight() -> None:
    """From 2016-07-01."""
    assert base_rates("cn-bj", "2016-07-01") == base_rates("cn", "2016-07-01")


def test_gansu_rates_labour_dispatch_by_the_user_industry() -> None:
    """Its own class matters for an ordinary employer alone."""
    given = {"appraised_move": -1, "user_risk_class": 6}
    for kind, rate, move in (("labour_dispatch", "0.013", -1), ("ordinary", "0.002", 0)):
        found = policy("cn-gs", "2025-01-01").evaluate(risk_class=1, employer_kind=kind, **given)
        assert (found["base_rate"], found["tier_move"]) == (Decimal(rate), move)


def test_jining_ends_at_60_per_cent() -> None:
    """The ends of its ladder and the base; the tiers between were not read."""
    found = [ask("cn-sd-jining", "2013-01-01", "tier", risk_class=2, appraised_move=move) for move in MOVES]
    assert [found[0], found[2], found[4]] == [Decimal(text) for text in ("0.6", "1", "1.5")]
    assert codes(found[1]) == codes(found[3]) == ("not_known:tier",)


# Nantong and Langfang -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("risk_class", "kind", "moves"),
    [
        (1, "ordinary", [-2, -1, 0, 1, 2]),
        (1, "government", [0, 0, 0, 1, 2]),
        (6, "government", [-2, -1, 0, 1, 2]),
        (6, "construction_project", [0, 0, 0, 1, 2]),
        (6, "ordinary", [-2, -1, 0, 1, 2]),
    ],
)
def test_nantong_has_five_grades(risk_class: int, kind: str, moves: list[int]) -> None:
    """Class 1 goes down unless it is government; projects never go down."""
    given = {"risk_class": risk_class, "employer_kind": kind}
    assert [
        ask("cn-js-nantong", "2018-07-01", "tier_move", composite_grade=grade, **given) for grade in range(1, 6)
    ] == moves


def test_langfang_has_base_rates_of_its_own() -> None:
    """Half of class 2 is lifted to the base of class 1."""
    assert base_rates("cn-he-langfang", "2017-12-31") == percent("0.5 0.7 1.0 1.2 1.5 1.7 1.9 2.5")
    assert ask("cn-he-langfang", "2017-01-01", "rate", risk_class=2, appraised_move=-2) == Decimal("0.005")


# Hubei 2020 ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("on", ["2020-02-01", "2020-06-30"])
def test_hubei_waived_large_enterprises_too(on: str) -> None:
    """Nationally they paid one half; a waived employer is not cut besides."""
    given = {"risk_class": 4, "appraised_move": 0, "payable_months": 24, "employer_size": "large"}
    assert ask("cn-hb", on, "rate", **given) == 0
    assert ask("cn", on, "rate", **given) == Decimal("0.00225")
    assert "not_known:relief" in codes(ask("cn-hb", on, "rate", employer_kind="government", **given))


# A city whose name is not printed ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("benefits", "wanted", "class_1"),
    [
        ("0", -2, 0),
        ("10000", -2, 0),
        ("10000.01", -1, 0),
        ("50000", -1, 0),
        ("50000.01", 0, 0),
        ("100000", 0, 0),
        ("100000.01", 1, 1),
        ("120000", 1, 1),
        ("120000.01", 2, 2),
    ],
)
def test_the_unnamed_city(benefits: str, wanted: int, class_1: int) -> None:
    """Bands of the payout closed above; class 1 up only; in the first year the base."""
    given = {"contributions": 100_000, "benefits": benefits}
    assert ask("unnamed-city", "2016-01-01", "tier_move", risk_class=4, **given) == wanted
    assert ask("unnamed-city", "2016-01-01", "tier_move", risk_class=1, **given) == class_1
    assert ask("unnamed-city", "2016-01-01", "tier_move", risk_class=4, months_insured=11, **given) == 0


def test_a_certificate_is_a_credit_in_points_down_to_the_base_of_class_1() -> None:
    """0.03 points off what floated, and never below 0.2 %."""
    given = {"contributions": 100_000, "standardised": True}
    rates = [
        ask("unnamed-city", "2016-01-01", "rate", risk_class=number, benefits=benefits, **given)
        for number, benefits in ((4, 60_000), (2, 0), (2, 50_000), (1, 110_000))
    ]
    assert rates == [Decimal(text) for text in ("0.0087", "0.002", "0.0029", "0.0021")]


@pytest.mark.parametrize(
    ("on", "counts"),
    [("2020-03-31", False), ("2020-04-01", True), ("2020-05-31", True), ("2021-02-01", True), ("2021-04-01", False)],
)
def test_a_certificate_counts_from_the_month_after_it_was_filed(on: str, counts: bool) -> None:
    """Filed in March 2020 and valid for a year."""
    kept = [ip.Recognition("E-1", "standardisation", 2, ip.Period("2020-03-15", "2021-02-10"))]
    plan = policy("unnamed-city", on).counting
    assert plan.count(ip.Employer("E-1"), ip.History(recognitions=kept))["standardised"].value is counts
