"""The law of the prevention fee as the profiles state it: figures of the texts, at, below and above each threshold."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

import injuryprev as ip
from injuryprev.prevention.demands import judge

FEN = Decimal("0.01")
FUND = {"fund_resources": 10**9, "benefits_due": 0, "reserve_due": 0}


def asked(profile: str, on: str, **facts: Any) -> ip.Result:
    """The outputs of a profile on a day."""
    return ip.load_profile(profile).on(on).evaluate(**facts)


@pytest.mark.parametrize(
    ("profile", "on", "facts", "limit"),
    [
        # 人社部发〔2013〕32号: about 2 % of last year's levy, pilots alone
        ("cn-prevention", "2017-08-31", {"pilot_area": True, "levy_last_year": 1000}, 20),
        # 人社部规〔2017〕13号 art. 5, from 2017-09-01: 3 %
        ("cn-prevention", "2017-09-01", {"levy_last_year": 1000}, 30),
        ("cn-prevention", "2024-01-01", {"levy_last_year": 1000, "consent_share": "0.09"}, 90),
        # 鲁人社规〔2018〕3号: with consent, hard ceiling 5 %
        ("cn-sd-prevention", "2024-01-01", {"levy_last_year": 1000}, 30),
        ("cn-sd-prevention", "2024-01-01", {"levy_last_year": 1000, "consent_share": "0.05"}, 50),
        ("cn-sd-prevention", "2024-01-01", {"levy_last_year": 1000, "consent_share": "0.0501"}, 50),
        # Shanxi 2022: of the province's levy, may rise by 1 to 2 points
        ("cn-sx-prevention", "2024-01-01", {"province_levy_last_year": 1000, "levy_last_year": 1}, 30),
        ("cn-sx-prevention", "2024-01-01", {"province_levy_last_year": 1000, "consent_share": "0.06"}, 50),
        # Henan Regulation 2007 art. 12: 5 % of the current year's actual levy
        ("cn-ha-prevention", "2016-01-01", {"levy_this_year": 1000, "levy_last_year": 1}, 50),
        # 湘人社函〔2024〕108号: about 1.5 % of the current year's expected levy
        ("cn-hn-prevention", "2024-10-01", {"levy_expected": 1000, "levy_last_year": 1, "budget_last_year": 1}, 15),
        # Taizhou before 2017; Ningbo from 2020; Anshan 2020: 3 %
        ("cn-js-taizhou-prevention", "2017-08-31", {"pilot_area": True, "levy_last_year": 1000}, 30),
        ("cn-zj-ningbo-prevention", "2020-01-01", {"levy_last_year": 1000}, 30),
        ("cn-ln-anshan-prevention", "2022-01-01", {"levy_last_year": 1000, "consent_share": "0.05"}, 30),
        # Ezhou 2026: no more than 653,000 yuan
        ("cn-hb-ezhou-prevention", "2026-05-01", {"levy_last_year": 10**8}, 653_000),
    ],
)
def test_the_limit_of_each_region(profile: str, on: str, facts: dict[str, Any], limit: int) -> None:
    """The share, its base and its ceiling; a budget at the limit is lawful, and one fen more is not."""
    assert asked(profile, on, **FUND, **facts)["limit"] == limit
    policy = ip.load_profile(profile).on(on)
    for budget, lawful in ((limit, True), (limit + FEN, False), (limit - FEN, True)):
        found = judge(policy, {**FUND, **facts, "budget": budget}, ["budget_within_limit"])
        assert found.lawful is lawful


@pytest.mark.parametrize(
    ("profile", "on", "pilot", "may"),
    [
        ("cn-prevention", "2017-08-31", False, False),
        ("cn-prevention", "2017-08-31", True, True),
        ("cn-prevention", "2017-09-01", None, True),
        ("cn-zj-prevention", "2014-01-03", False, False),
        ("cn-zj-prevention", "2014-01-03", True, True),
        ("cn-zj-prevention", "2017-09-01", None, True),
        ("cn-ln-dalian-prevention", "2016-12-31", None, True),
    ],
)
def test_who_may_charge_the_fund(profile: str, on: str, pilot: bool | None, may: bool) -> None:
    """National pilots alone before 2017-09-01 (Zhejiang's opinion of 2014, measure 6), everybody from then."""
    facts = {} if pilot is None else {"pilot_area": pilot}
    policy = ip.load_profile(profile).on(on)
    assert (
        policy.evaluate(**{name: value for name, value in facts.items() if name in policy.inputs})["may_charge"] is may
    )


def test_benefits_and_reserve_come_first() -> None:
    """Art. 5: what is left after them bounds the fee; where they are not told the limit is unknown, not 3 %."""
    some = {"levy_last_year": 1000, "fund_resources": 500, "benefits_due": 400, "reserve_due": 80}
    assert asked("cn-prevention", "2024-01-01", **some)["limit"] == 20
    assert asked("cn-prevention", "2024-01-01", **{**some, "reserve_due": 200})["limit"] == 0
    for name in ("fund_resources", "benefits_due", "reserve_due"):
        limit = asked("cn-prevention", "2024-01-01", **{**some, name: None})["limit"]
        assert isinstance(limit, ip.Unknown)
        assert limit.codes == (f"missing:{name}",)


def test_dalian_has_a_ratio_that_nobody_printed() -> None:
    """Until the measures of 2017 its limit is unknown for that reason."""
    found = asked("cn-ln-dalian-prevention", "2016-06-01", **FUND, levy_last_year=1000)["limit"]
    assert isinstance(found, ip.Unknown)
    assert found.codes == ("not_known:cap_share",)
    assert asked("cn-ln-dalian-prevention", "2018-01-01", **FUND, levy_last_year=1000)["limit"] == 30


@pytest.mark.parametrize(
    ("profile", "on", "days"),
    [
        ("cn-hb-prevention", "2024-01-01", (8, 31)),
        ("cn-hb-ezhou-prevention", "2026-01-01", (8, 31)),
        ("cn-ha-pingdingshan-prevention", "2024-06-01", (11, 30)),
        ("cn-fj-quanzhou-prevention", "2023-06-01", (4, 30)),
        ("cn-hn-prevention", "2024-06-01", (10, 31)),
    ],
)
def test_last_days_for_proposals(profile: str, on: str, days: tuple[int, int]) -> None:
    """As the calls of the regions name them."""
    found = asked(profile, on)
    assert (found["proposals_month"], found["proposals_day"]) == days


@pytest.mark.parametrize(
    ("share", "lawful"), [("29999.99", False), (30000, True), (50000, True), (70000, True), ("70000.01", False)]
)
def test_prepayment_at_its_bounds(share: Any, lawful: bool) -> None:
    """Art. 12: 30 % to 70 %, both lawful."""
    assert asked("cn-prevention", "2024-01-01", contract=100000, prepaid=share)["prepayment_in_range"] is lawful


@pytest.mark.parametrize(
    ("demand", "facts"), [("term_allowed", ("months", 24)), ("provider_experienced", ("provider_months", 24))]
)
def test_two_years(demand: str, facts: tuple[str, int]) -> None:
    """Art. 9: a project of at most two years.  Art. 11: a provider of at least two."""
    name, bound = facts
    below, at, above = (asked("cn-prevention", "2024-01-01", **{name: bound + shift})[demand] for shift in (-1, 0, 1))
    assert at is True
    assert (below, above) == ((True, False) if demand == "term_allowed" else (False, True))


def test_rules_on_projects_before_the_measures_are_unknown() -> None:
    """Nothing was read of them, so nothing is allowed or forbidden by guess."""
    found = asked("cn-prevention", "2017-08-31", months=12, provider_months=24, contract=100, prepaid=50)
    for name in ("term_allowed", "provider_experienced", "prepayment_in_range", "papers_complete", "route"):
        value = found[name]
        assert isinstance(value, ip.Unknown), name
        assert value.codes == (f"not_known:{name}",)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (("term_allowed", {"months": 30}), ("30 months", "24 months", "第九条")),
        (("use_allowed", {"use": "health_check"}), ("health checks", "publicity, training", "第四条")),
        (
            ("prepayment_in_range", {"contract": 100000, "prepaid": 80000}),
            ("80,000.00", "30,000.00", "70,000.00", "第十二条"),
        ),
        (("provider_experienced", {"provider_months": 12}), ("12 months", "24 months", "第十一条")),
    ],
)
def test_an_objection_says_what_was_met_what_is_lawful_and_where_it_is_written(
    given: tuple[str, dict[str, Any]], named: tuple[str, ...]
) -> None:
    """In English and Chinese, from the profile alone."""
    demand, facts = given
    (one,) = judge(ip.load_profile("cn-prevention").on("2024-01-01"), facts, [demand]).objections
    assert one.unknown is None
    for part in named:
        assert part in one.text("en"), one.text("en")
    assert "人社部规〔2017〕13号" in one.text("zh")
    assert "应为" in one.text("zh")


def test_unknown_is_an_objection_unless_the_caller_answers_for_it() -> None:
    """And what is known to be against the law is never passed over."""
    policy = ip.load_profile("cn-prevention").on("2024-01-01")
    open_ = judge(policy, {}, ["term_allowed"])
    assert open_.objections[0].unknown is not None
    taken = judge(policy, {}, ["term_allowed"], despite=["term_allowed"])
    assert taken.lawful
    assert [one.rule for one in taken.despite] == ["term_allowed"]
    assert not judge(policy, {"months": 25}, ["term_allowed"], despite=["term_allowed"]).lawful


def test_a_profile_of_rates_makes_no_such_demands() -> None:
    """Nothing is allowed because nobody asked; the message names a profile that would do."""
    with pytest.raises(ip.UnknownNameError, match="cn-prevention"):
        judge(ip.load_profile("cn-zj").on("2025-01-01"), {}, ["may_charge"])
    with pytest.raises(ip.UnknownNameError, match="did you mean 'term_allowed'"):
        judge(ip.load_profile("cn-prevention").on("2025-01-01"), {}, ["term_alowed"])


@pytest.mark.parametrize(
    ("profile", "on"),
    [
        ("cn-zj-prevention", "2023-12-29"),
        ("cn-zj-ningbo-prevention", "2023-12-29"),
        ("cn-gd-shenzhen-prevention", "2024-01-01"),
        ("cn-fj-quanzhou-prevention", "2023-06-01"),
    ],
)
def test_where_a_province_has_articles_that_were_not_found_the_national_figure_says_so(profile: str, on: str) -> None:
    """The cap and the shares of prepayment are shown as known to be incomplete, in both languages."""
    policy = ip.load_profile(profile).on(on)
    for name in ("cap_share", "prepay_least", "prepay_most"):
        caveat = policy.rules.parameters[name].entry.caveat
        assert "not found" in caveat.en, name
        assert "未查到" in caveat.zh, name
    assert not ip.load_profile("cn-zj-prevention").on("2023-12-28").rules.parameters["cap_share"].entry.caveat


def test_that_only_pilots_may_charge_the_fund_is_cited_from_where_it_was_read() -> None:
    """The opinion of Zhejiang says so; of the notice on the pilots only share and uses were read."""
    policy = ip.load_profile("cn-prevention").on("2016-01-01")
    (found,) = judge(policy, {"pilot_area": False}, ["may_charge"]).objections
    assert "浙人社发〔2014〕4号" in found.source.en
    month = policy.evaluate()["proposals_month"]
    assert isinstance(month, ip.Unknown)
    assert "not read" in month.reasons[0].words.en
