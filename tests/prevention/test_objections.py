"""What is refused cites the rules that made the figure, and says what of them is remembered only."""

from __future__ import annotations

from typing import Any

import pytest

import injuryprev as ip
from injuryprev.model import Entry, PreventionProject
from injuryprev.model.fund import FundYear, Proposal
from injuryprev.prevention import Ledger, MemoryStore, allocate, judge
from injuryprev.prevention.projects import advance

FUND = {"fund_resources": 10**8, "benefits_due": 0, "reserve_due": 0}
NATIONAL = ip.load_profile("cn-prevention")


@pytest.mark.parametrize(
    ("profile", "on", "figures", "cited", "confidence"),
    [
        ("cn-ha-prevention", "2016-01-01", {"levy_this_year": 10**6}, ["河南省工伤保险条例", "第十二条"], "reprint"),
        ("cn-hn-prevention", "2024-06-01", {"levy_expected": 10**6}, ["湘人社函〔2024〕108号"], "assumed"),
        ("cn-hb-ezhou-prevention", "2026-06-01", {"levy_last_year": 10**6}, ["鄂州市2026年"], "reprint"),
        ("cn-sd-prevention", "2024-06-01", {"levy_last_year": 10**6}, ["鲁人社规〔2018〕3号"], "reprint"),
        ("cn-sx-prevention", "2024-06-01", {"province_levy_last_year": 10**6}, ["山西"], "reprint"),
        ("cn-ln-anshan-prevention", "2024-06-01", {"levy_last_year": 10**6}, ["鞍山"], "assumed"),
        ("cn-js-taizhou-prevention", "2016-06-01", {"levy_last_year": 10**6}, ["泰州"], "reprint"),
        ("cn-zj-ningbo-prevention", "2021-06-01", {"levy_last_year": 10**6}, ["宁波"], "reprint"),
    ],
)
def test_a_limit_of_a_region_is_cited_as_one(
    profile: str, on: str, figures: dict[str, Any], cited: list[str], confidence: str
) -> None:
    """The article that made the figure, and how sure the weakest part of it is."""
    policy = ip.load_profile(profile).on(on)
    (found,) = judge(policy, FUND | figures | {"budget": 10**7}, ["budget_within_limit"]).objections
    assert found.unknown is None
    assert all(part in found.source.zh for part in cited), found.source.zh
    assert found.confidence == confidence


def test_the_part_of_a_use_is_cited_in_the_books_and_in_a_plan() -> None:
    """Shanxi's 30 % for publicity is Shanxi's rule."""
    policy = ip.load_profile("cn-sx-prevention").on("2026-01-01")
    year = FundYear("Lakeside", 2026, 600_000, figures=FUND | {"province_levy_last_year": 20_000_000})
    ledger = Ledger(MemoryStore(), year, policy)
    ledger.append(Entry("budget", "2026-01-01", 600_000))
    (found,) = ledger.objections(Entry("commitment", "2026-01-02", 180_001, "P-1", "publicity"))
    assert (found.rule, found.confidence) == ("within_use", "assumed")
    assert "山西" in found.source.zh
    plan = Proposal(
        "P-1", "association", "publicity", 180_001, 12, "2025-09-30", 80, figures={"has_plan": True, "has_goals": True}
    )
    year = FundYear("Lakeside", 2026, 600_000, "2025-09-30", figures=year.figures)
    (award,) = allocate([plan], year, policy).awards
    assert [one.rule for one in award.objections] == ["within_use"]
    assert "山西" in award.objections[0].source.zh


def test_a_cut_names_the_part_of_a_use_only_where_there_is_one() -> None:
    """Under the national rules nothing is set apart for publicity."""
    figures = FUND | {"levy_last_year": 20_000_000}
    plan = Proposal(
        "P-1", "association", "publicity", 700_000, 12, "2025-09-30", 80, figures={"has_plan": True, "has_goals": True}
    )
    year = FundYear("Lakeside", 2026, 600_000, "2025-09-30", figures=figures)
    (award,) = allocate([plan], year, NATIONAL.on("2025-11-01")).awards
    assert [one.rule for one in award.objections] == ["within_free_budget"]


def test_what_is_remembered_only_is_said_in_the_text() -> None:
    """In both languages, for an entry that is refused and a step that is; what was read has no such words."""
    policy = NATIONAL.on("2026-01-01")
    (found,) = judge(policy, {"contract": 100, "prepaid": 80}, ["prepayment_in_range"]).objections
    assert "第十二条 (from memory, unchecked)" in found.text()
    assert "第十二条（凭记忆，未核对）" in found.text("zh")
    (read,) = judge(policy, {"months": 30}, ["term_allowed"]).objections
    assert "memory" not in read.text()
    plan = Proposal(
        "P-1", "association", "training", 1, 12, "2025-09-30", figures={"has_plan": True, "has_goals": False}
    )
    move = advance(PreventionProject(plan, 2026, called_until="2025-10-15"), "check", "2025-10-16", policy)
    assert "from memory, unchecked" in move.objections[0].text()


def test_what_is_open_about_a_rule_is_said() -> None:
    """That Henan's 5 % may not hold beside the national 3 % stands in the refusal."""
    policy = ip.load_profile("cn-ha-prevention").on("2024-01-01")
    (found,) = judge(policy, FUND | {"levy_this_year": 10**6, "budget": 10**7}, ["budget_within_limit"]).objections
    assert "note: whether it still holds beside the national 3 %" in found.text()
    assert "注意：2017年后是否仍与全国3%并行未读到" in found.text("zh")


@pytest.mark.parametrize("profile", ["cn-prevention", "cn-hb-ezhou-prevention", "cn-sd-prevention"])
def test_a_limit_that_is_known_binds_where_another_is_not(profile: str) -> None:
    """Nobody told the levy; 14 million are left after benefits; nobody's word makes 40 million lawful."""
    figures = {"fund_resources": 30_000_000, "benefits_due": 15_000_000, "reserve_due": 1_000_000}
    policy = ip.load_profile(profile).on("2026-01-01")
    year = FundYear("Lakeside", 2026, 1, figures=figures)
    ledger = Ledger(MemoryStore(), year, policy, despite=["budget_within_limit"])
    for amount, refused in (("14000000.01", True), (40_000_000, True), (600_000, False)):
        found = ledger.objections(Entry("budget", "2026-01-01", amount))
        assert [one.unknown for one in found] == [None] * refused
    call = policy.id == "cn-hb-ezhou-prevention"
    assert bool(ledger.objections(Entry("budget", "2026-01-01", 653_001))) is call


@pytest.mark.parametrize(
    ("profile", "on", "levy"),
    [("cn-ha-prevention", "2024-06-01", "levy_this_year"), ("cn-hn-prevention", "2024-06-01", "levy_expected")],
)
def test_a_consent_that_no_text_of_the_region_knows_is_unknown(profile: str, on: str, levy: str) -> None:
    """Henan's and Hunan's texts as read name no consent to exceed; without one their share stands."""
    policy = ip.load_profile(profile).on(on)
    told: dict[str, Any] = FUND | {levy: 10**6, "budget": 1}
    assert judge(policy, told, ["budget_within_limit"]).lawful
    (found,) = judge(policy, told | {"consent_share": "0.06"}, ["budget_within_limit"]).objections
    assert found.unknown is not None
    assert "not_known:granted_share" in found.unknown.codes


def test_a_figure_of_the_year_that_is_no_figure_is_refused() -> None:
    """A word in a file is not taken for a consent that nobody gave."""
    wrong: list[dict[str, Any]] = [{"consent_share": "four"}, {"levy_last_year": "20m"}]
    for figures in wrong:
        year = FundYear("Lakeside", 2026, 1, figures=FUND | {"levy_last_year": 20_000_000} | figures)
        with pytest.raises(ip.InputError, match="cannot use this figure"):
            allocate([], year, NATIONAL.on("2025-11-01"))
