"""Guangdong and its cities: base rates by date, the older rule of Shenzhen, what is known of its rule of 2017."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from asked import ask, base_rates, codes, percent, policy

import injuryprev as ip

PROVINCE = "0.2 0.4 0.6 0.8 0.9 1.0 1.2 1.4"
SHENZHEN = "0.14 0.28 0.49 0.63 0.66 0.78 0.96 1.14"
ZHUHAI = "0.1 0.15 0.2 0.3 0.4 0.5 0.55 0.6"
SHANTOU = "0.1 0.2 0.3 0.4 0.5 0.6 0.65 0.7"


@pytest.mark.parametrize(
    ("city", "on", "rates"),
    [
        ("cn-gd", "2021-05-01", PROVINCE),
        ("cn-gd", "2026-12-31", PROVINCE),
        ("cn-gd-shenzhen", "2016-07-01", SHENZHEN),
        ("cn-gd-shenzhen", "2022-06-30", SHENZHEN),
        ("cn-gd-shenzhen", "2024-07-01", PROVINCE),
        ("cn-gd-zhuhai", "2021-05-01", ZHUHAI),
        ("cn-gd-zhuhai", "2022-06-30", ZHUHAI),
        ("cn-gd-zhuhai", "2024-07-01", PROVINCE),
        ("cn-gd-shantou", "2021-05-01", SHANTOU),
        ("cn-gd-shantou", "2022-06-30", SHANTOU),
    ],
)
def test_base_rates_by_date(city: str, on: str, rates: str) -> None:
    """All eight, on the first and the last day for which they were printed."""
    assert base_rates(city, on) == percent(rates)


@pytest.mark.parametrize(
    ("city", "on"),
    [
        ("cn-gd", "2021-04-30"),
        ("cn-gd", "2015-10-01"),
        ("cn-gd-shenzhen", "2015-10-01"),
        ("cn-gd-shenzhen", "2016-06-30"),
        ("cn-gd-shenzhen", "2022-07-01"),
        ("cn-gd-shenzhen", "2024-06-30"),
        ("cn-gd-zhuhai", "2022-07-01"),
        ("cn-gd-zhuhai", "2024-06-30"),
        ("cn-gd-shantou", "2022-07-01"),
        ("cn-gd-shantou", "2026-12-31"),
    ],
)
def test_what_was_not_printed_is_not_filled_in(city: str, on: str) -> None:
    """Between the dates that were read nobody knows, whatever the neighbours say."""
    for rate in base_rates(city, on):
        assert codes(rate) == ("not_known:class_rate",)


@pytest.mark.parametrize(("city", "floor"), [("cn-gd", "0.2"), ("cn-gd-zhuhai", "0.1"), ("cn-gd-shantou", "0.1")])
def test_the_floor_is_the_citys_own_base_of_class_1(city: str, floor: str) -> None:
    """One half of class 2 is not below it."""
    found = ask(city, "2021-05-01", "rate", risk_class=2, appraised_move=-2, payable_months=12)
    assert found == max(Decimal(floor) / 100, base_rates(city, "2021-05-01")[1] / 2)  # type: ignore[operator]  # known


# Shenzhen from 2008 --------------------------------------------------------------------------------------------------

FEW = {"injuries": 24, "insured": 1000}
MORE = {"injuries": 24, "insured": "999.99"}


@pytest.mark.parametrize(
    ("benefits", "few", "more"),
    [
        ("0", -2, -2),
        ("10000", -2, -2),
        ("10000.01", -1, -1),
        ("30000", -1, -1),
        ("30000.01", 0, 1),
        ("100000", 0, 1),
        ("100000.01", 1, None),
        ("150000", 1, None),
        ("150000.01", None, None),
    ],
)
def test_article_6_with_its_cells_cut_off(benefits: str, few: int | None, more: int | None) -> None:
    """Payout at 10, 30, 100 and 150 %; 24 cases a year of 1,000 are 2.0‰ a month, of one hundredth fewer above it."""
    for rate, wanted in ((FEW, few), (MORE, more)):
        given: dict[str, object] = {"risk_class": 2, "contributions": 100_000, "benefits": benefits, **rate}
        found = ask("cn-gd-shenzhen", "2008-01-01", "tier_move", **given)
        if wanted is None:
            assert codes(found) == ("not_known:appraised_move",)
        else:
            assert found == wanted


@pytest.mark.parametrize(
    ("risk_class", "rates"),
    [(2, "0.5 0.8 1.0 1.2"), (3, "0.75 1.2 1.5 1.8")],
)
def test_the_printed_rates_of_2007(risk_class: int, rates: str) -> None:
    """深劳社规〔2007〕12号 article 6: class 2 at 0.5, 0.8 and 1.2 %, class 3 at 0.75, 1.2 and 1.8 %."""
    given = {"risk_class": risk_class, "contributions": 100_000, **FEW}
    found = [
        ask("cn-gd-shenzhen", "2015-09-30", "rate", benefits=benefits, **given)
        for benefits in (10_000, 30_000, 100_000, 150_000)
    ]
    assert found == percent(rates)


def test_the_top_tier_is_that_of_the_printed_table() -> None:
    """1.5 and 2.25 % are the same ladder; by what it is reached was cut off."""
    tiers = policy("cn-gd-shenzhen", "2008-01-01").rules.definitions["tier"].entry.map
    assert tiers is not None
    assert percent("1.5 2.25") == [base * Decimal("1.5") for base in percent("1.0 1.5")]
    assert str(getattr(tiers.to["2"], "value", None)) == "3/2"


def test_class_1_floats_but_its_rates_were_not_read() -> None:
    """All three classes float in Shenzhen; the cells of class 1 were not in the excerpt."""
    found = policy("cn-gd-shenzhen", "2008-01-01").evaluate(risk_class=1, contributions=100_000, benefits=0, **FEW)
    assert found["tier_move"] == -2
    assert codes(found["rate"]) == ("not_known:class_rate",)


# Shenzhen from 2018 --------------------------------------------------------------------------------------------------


def history(**tables: Any) -> ip.History:
    """Empty tables but for those given."""
    empty: dict[str, Any] = dict.fromkeys(
        ("exposures", "contributions", "cases", "payments", "events", "recognitions"), ()
    )
    return ip.History(**{**empty, **tables})


def counted(name: str, on: str = "2018-03-01", **tables: Any) -> object:
    """A figure counted from the records of a fictional shop."""
    employer = ip.Employer("E-1", risk_class=4, insured_since="2010-01-01")
    return policy("cn-gd-shenzhen", on).counting.count(employer, history(**tables))[name].value


@pytest.mark.parametrize(
    ("ground", "counts"),
    [
        ("14.1", True),
        ("14.5", True),
        ("14.6", False),
        ("14.7", True),
        ("15.1", False),
        ("15.2", False),
        ("15.3", False),
    ],
)
def test_what_the_rules_of_2017_leave_out_of_the_payout(ground: str, counts: bool) -> None:
    """Sudden illness, rescue, an old service wound, and commuting."""
    died = ground == "15.1"  # sudden illness counts only where the worker died
    case = ip.InjuryCase("C-1", "E-1", "W-1", "2016-05-05", recognised_on="2016-06-06", ground=ground, death=died)
    paid = [ip.BenefitPayment("E-1", "C-1", "2017-01-01", 500, "medical")]
    assert counted("benefits", cases=[case], payments=paid) == (500 if counts else 0)


@pytest.mark.parametrize(
    ("paid_on", "counts"), [("2015-12-31", 0), ("2016-01-01", 7), ("2017-12-31", 7), ("2018-01-01", 0)]
)
def test_two_calendar_years_every_two_years(paid_on: str, counts: int) -> None:
    """The rate of 2018-03-01 looks at 2016 and 2017, on its last day too."""
    paid = [ip.BenefitPayment("E-1", "C-1", paid_on, 7, "medical")]
    case = ip.InjuryCase("C-1", "E-1", "W-1", "2015-05-05", recognised_on="2015-06-06", ground="14.1")
    for on in ("2018-03-01", "2020-02-29"):
        assert counted("benefits", on, cases=[case], payments=paid) == counts


@pytest.mark.parametrize(
    ("since", "until", "preferred"),
    [
        ("2016-06-01", "2019-06-01", True),
        ("2015-12-31", "2018-12-31", False),
        ("2016-01-01", "2017-12-01", False),
        ("2017-12-31", "2020-12-31", True),
        ("2018-01-01", "2021-01-01", False),
    ],
)
def test_a_certificate_is_preferred_for_one_cycle(since: str, until: str, preferred: bool) -> None:
    """In force when the cycle ends and not when the one before did: the first such cycle and no second."""
    kept = [ip.Recognition("E-1", "standardisation", 3, ip.Period(since, until))]
    now, before = (counted(name, recognitions=kept) for name in ("standardised", "standardised_before"))
    given = {"standardised": now, "standardised_before": before}
    assert ask("cn-gd-shenzhen", "2018-03-01", "standardisation_preference", **given) is preferred


@pytest.mark.parametrize(("until", "counts"), [("2015-12-01", False), ("2015-12-02", True)])
def test_the_cycle_before_is_judged_by_its_last_month(until: str, counts: bool) -> None:
    """December 2015."""
    kept = [ip.Recognition("E-1", "standardisation", 1, ip.Period("2015-06-01", until))]
    assert counted("standardised_before", recognitions=kept) is counts


def test_a_certificate_of_another_kind_or_grade_is_no_preference() -> None:
    """Standardisation of the grades 1 to 3."""
    period = ip.Period("2016-06-01", "2019-06-01")
    for kind, grade, counts in (
        ("standardisation", 3, True),
        ("standardisation", 4, False),
        ("healthy_enterprise", 1, False),
    ):
        kept = [ip.Recognition("E-1", kind, grade, period)]
        assert counted("standardised", recognitions=kept) is counts
        assert counted("standardised_before", "2020-03-01", recognitions=kept) is counts


def test_a_new_employer_and_a_project_pay_the_base() -> None:
    """First insured less than 24 months before: base; the thresholds for others were not found."""
    given = {"risk_class": 5, "payable_months": 12}
    assert ask("cn-gd-shenzhen", "2018-05-01", "rate", months_insured=23, **given) == Decimal("0.0066")
    assert codes(ask("cn-gd-shenzhen", "2018-05-01", "tier", months_insured=24, **given)) == (
        "not_known:appraised_move",
    )
    assert ask("cn-gd-shenzhen", "2018-05-01", "tier_move", employer_kind="construction_project", **given) == 0


def test_the_rules_of_2017_end_after_five_years() -> None:
    """What followed was not read, for projects neither."""
    for on, known in (("2023-02-28", True), ("2023-03-01", False)):
        found = ask("cn-gd-shenzhen", on, "tier_move", risk_class=6, employer_kind="construction_project")
        assert (found == 0) is known
