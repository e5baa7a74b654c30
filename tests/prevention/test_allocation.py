"""A year's money handed out: never too much, always with a reason, whatever the order, and how far from the best."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import injuryprev as ip
from injuryprev.model.fund import FundYear, Proposal
from injuryprev.prevention.allocation import allocate
from injuryprev.prevention.demands import judge
from injuryprev.prevention.optimum import _filled, _value

PAPERS = {"has_plan": True, "has_goals": True}
POLICY = ip.load_profile("cn-prevention").on("2025-11-01")
SHANXI = ip.load_profile("cn-sx-prevention").on("2025-11-01")
BUDGET = Decimal(600000)


def year(budget: Any = BUDGET, **figures: Any) -> FundYear:
    """A year with a levy of 20 million, last year and in the province."""
    figures = {"levy_last_year": 20_000_000, "fund_resources": 10**8, "benefits_due": 0, "reserve_due": 0} | figures
    return FundYear("Lakeside", 2026, budget, "2025-10-15", figures=figures)


def proposal(key: str, amount: Any, score: Any = 80, **more: Any) -> Proposal:
    """A lawful proposal."""
    words: dict[str, Any] = {"proposer": "association", "use": "training", "months": 12, "submitted_on": "2025-09-01"}
    words |= {"figures": PAPERS} | more
    return Proposal(key, amount=amount, score=score, **words)


@st.composite
def proposals(draw: st.DrawFn, most: int = 8) -> list[Proposal]:
    """Proposals of either use, some of them unlawful, some that may be cut, some without a score."""
    made = []
    for number in range(draw(st.integers(0, most))):
        amount = draw(st.integers(1, 60)) * 10000 + draw(
            st.sampled_from([Decimal(0), Decimal("0.01"), Decimal("0.99")])
        )
        least = draw(st.none() | st.integers(1, 100))
        made.append(
            proposal(
                f"P-{number}",
                amount,
                draw(st.none() | st.integers(0, 100)),
                least=None if least is None else (amount * least / 100).quantize(Decimal("0.01")) or amount,
                use=draw(st.sampled_from(["training", "publicity", "publicity", "health_check"])),
                months=draw(st.sampled_from([12, 24, 25])),
                submitted_on=draw(st.sampled_from(["2025-10-15", "2025-10-16"])),
            )
        )
    return made


@settings(max_examples=60, deadline=None)
@given(proposals(), st.randoms(use_true_random=False), st.sampled_from([POLICY, SHANXI]))
def test_never_too_much_and_always_a_reason(made: list[Proposal], rng: Any, policy: ip.Policy) -> None:
    """Budget and pots hold; cut no lower than the least; every no and cut has its rule; order does not matter."""
    fund_year = year(province_levy_last_year=20_000_000) if policy is SHANXI else year()
    done = allocate(made, fund_year, policy)
    assert done.allotted <= BUDGET
    assert done.left == BUDGET - done.allotted
    parts = {"publicity": Decimal("0.3"), "training": Decimal("0.7")} if policy is SHANXI else {}
    for use, part in parts.items():
        assert done.by_use().get(use, 0) <= BUDGET * part
    assert sorted(award.proposal.id for award in done.awards) == sorted(one.id for one in made)
    for award in done.awards:
        asked = award.proposal
        lawful = asked.months <= 24 and str(asked.submitted_on) == "2025-10-15" and asked.use != "health_check"
        assert (award.rank is not None) == (lawful and asked.score is not None)
        if award.outcome == "full":
            assert award.amount == asked.amount
            assert not award.objections
        else:
            assert award.objections
            assert award.amount == 0 or (asked.least is not None and asked.least <= award.amount < asked.amount)
            assert all(one.source or one.unknown is not None for one in award.objections)
    shuffled = list(made)
    rng.shuffle(shuffled)
    assert allocate(shuffled, fund_year, policy).to_json() == done.to_json()


@settings(max_examples=60, deadline=None)
@given(proposals())
def test_rank_decides(made: list[Proposal]) -> None:
    """Who comes later by score gets nothing that would have served an earlier one in full."""
    done = allocate(made, year(), POLICY)
    ranked = [award for award in done.awards if award.rank is not None]
    scores = [award.proposal.score for award in ranked]
    assert scores == sorted(scores, key=lambda score: -(score or 0))
    left = BUDGET
    for award in ranked:
        if award.outcome != "full":
            assert left < award.proposal.amount
        if award.outcome == "none" and award.proposal.least is not None:
            assert left < award.proposal.least
        left -= award.amount


def brute_force(made: Sequence[Proposal], most: dict[str, Decimal]) -> Fraction:
    """The highest score over every choice of who takes part."""
    return max(
        _value(made, _filled(taken, BUDGET, most))
        for count in range(len(made) + 1)
        for taken in combinations(made, count)
    )


@settings(max_examples=40, deadline=None)
@given(proposals(6), st.sampled_from([POLICY, SHANXI]))
def test_the_optimum_is_the_best_there_is(made: list[Proposal], policy: ip.Policy) -> None:
    """Compared with every choice there is; no less than by rank; lawful to the fen."""
    fund_year = year(province_levy_last_year=20_000_000) if policy is SHANXI else year()
    done = allocate(made, fund_year, policy, optimum=True)
    best = done.optimum
    assert best is not None
    may = [award.proposal for award in done.awards if award.rank is not None]
    most = {"publicity": Decimal(180000), "training": Decimal(420000)} if policy is SHANXI else {}
    assert abs(Fraction(best.value) - brute_force(may, most)) <= Fraction(1, 10**6)
    assert best.value >= best.by_rank
    assert sum(best.amounts.values()) <= BUDGET
    for use, limit in most.items():
        assert sum(best.amounts[one.id] for one in may if one.use == use and one.id in best.amounts) <= limit


def test_an_optimum_that_cuts_is_worked_out_by_hand() -> None:
    """300,000 for 88 points come before 400,000 for 91, of which the last 100,000 are left out: 88 + 91 × 3/4."""
    made = [proposal("P-1", 400_000, 91, least=200_000), proposal("P-2", 300_000, 88, least=150_000, use="publicity")]
    best = allocate(made, year(), POLICY, optimum=True).optimum
    assert best is not None
    assert best.amounts == {"P-1": 300_000, "P-2": 300_000}
    assert (best.value, best.by_rank) == (Decimal("156.25"), Decimal("149.666667"))


def test_an_optimum_takes_whole_what_cannot_be_cut() -> None:
    """Two for 173 points instead of the first one for 91; a part of the first is no choice."""
    made = [proposal("P-1", 400_000, 91), proposal("P-2", 300_000, 88), proposal("P-3", 250_000, 85)]
    best = allocate(made, year(), POLICY, optimum=True).optimum
    assert best is not None
    assert best.amounts == {"P-2": 300_000, "P-3": 250_000}
    assert (best.value, best.by_rank) == (Decimal(173), Decimal(91))


@pytest.mark.parametrize(
    ("words", "where"),
    [
        ({"least": 101}, "Proposal.least"),
        ({"amount": 0}, "Proposal.amount"),
        ({"amount": -1}, "Proposal.amount"),
        ({"months": 0}, "Proposal.months"),
        ({"months": 1.5}, "Proposal.months"),
        ({"submitted_on": "2025-02-30"}, "Proposal.submitted_on"),
        ({"use": "Training"}, "Proposal.use"),
        ({"score": -1}, "Proposal.score"),
        ({"figures": {"has_plan": 0.5}}, "Proposal.figures['has_plan']"),
    ],
)
def test_proposals_that_make_no_sense(words: dict[str, Any], where: str) -> None:
    """Are refused where they are made, with the field."""
    given: dict[str, Any] = {"amount": 100} | words
    with pytest.raises(ip.InputError) as caught:
        proposal("P-1", **given)
    assert where in caught.value.where


def test_mistakes_of_a_first_hour() -> None:
    """A profile of all days, a proposal that is none, a misspelt figure: each says where, and what would do."""
    profile: Any = ip.load_profile("cn-prevention")
    none: Any = {"id": "P-1"}
    typo = proposal("P-7", 1, figures={"has_plann": True})
    for mistake, said in (
        (lambda: allocate([], year(), profile), r"allocate policy: not the rules of one day.*load_profile\(id\).on"),
        (lambda: allocate([none], year(), POLICY), "allocate proposals: .*Proposal"),
        (lambda: allocate([], none, POLICY), "allocate fund_year: .*FundYear"),
        (lambda: allocate([typo], year(), POLICY), "Proposal P-7.figures: .*did you mean 'has_plan'"),
        (lambda: judge(profile, {}, []), "judge policy: "),
        (lambda: judge(POLICY, {}, "term_allowed"), "judge demands: a bare text"),
    ):
        with pytest.raises(ip.InjuryprevError, match=said):
            mistake()


def test_a_part_of_a_fen_is_not_allotted() -> None:
    """What no ledger could book gets nothing, with the reason; it costs no other."""
    found = allocate([proposal("P-1", amount="0.001"), proposal("P-2", amount="0.01")], year(), POLICY)
    assert {award.proposal.id: [one.rule for one in award.objections] for award in found.awards} == {
        "P-1": ["amount"],
        "P-2": [],
    }
    assert found.amount("P-1") == 0


def test_a_use_has_its_own_share_in_shanxi() -> None:
    """Publicity 30 %, training 70 %: publicity alone cannot take the budget, and the reason names the part."""
    made = [
        proposal("P-1", 180000, use="publicity"),
        proposal("P-2", "0.01", 70, use="publicity"),
        proposal("P-3", 420000, 60),
    ]
    done = allocate(made, year(province_levy_last_year=20_000_000), SHANXI)
    assert [done.amount(key) for key in ("P-1", "P-2", "P-3")] == [180000, 0, 420000]
    (refused,) = [award for award in done.awards if award.outcome == "none"]
    assert [one.rule for one in refused.objections] == ["within_use"]


def test_a_city_that_may_not_charge_the_fund_gives_nothing() -> None:
    """Before 2017-09-01 and no pilot: refused with the rule; every proposal says so."""
    policy = ip.load_profile("cn-zj-prevention").on("2014-06-01")
    of_2014 = attrs.evolve(year(100, pilot_area=False), year=2014)
    done = allocate([proposal("P-1", 100)], of_2014, policy, despite=["term_allowed"])
    assert done.allotted == 0
    assert [one.rule for one in done.objections] == ["may_charge"]
    assert "浙人社发〔2014〕4号" in done.objections[0].text()
    assert done.awards[0].objections[0].rule == "may_charge"


def test_a_budget_above_its_limit_or_band_gives_nothing() -> None:
    """Three per cent of the levy; in Hunan half more than last year's."""
    over = allocate([proposal("P-1", 100)], year("600000.01"), POLICY)
    assert [one.rule for one in over.objections] == ["budget_within_limit"]
    assert "600,000.00 CNY" in over.objections[0].lawful.en
    hunan = ip.load_profile("cn-hn-prevention").on("2024-11-01")
    figures = {"levy_expected": 40_000_000, "budget_last_year": 400_000}
    for budget, rules in ((600_000, []), ("199999.99", ["budget_within_band"]), (200_000, [])):
        found = allocate([], year(budget, **figures), hunan)
        assert [one.rule for one in found.objections] == rules


def test_a_late_proposal_is_told_the_day() -> None:
    """By the agency's call, or the region's own day where that is earlier (Hubei: end of August)."""
    (award,) = allocate([proposal("P-1", 100, submitted_on="2025-10-16")], year(), POLICY).awards
    assert [one.rule for one in award.objections] == ["proposal_in_time"]
    assert award.objections[0].lawful.en == "by 2025-10-15"
    hubei = ip.load_profile("cn-hb-prevention").on("2025-11-01")
    made = [proposal("P-1", 100, submitted_on="2025-08-31"), proposal("P-2", 100, submitted_on="2025-09-01")]
    done = allocate(made, year(), hubei)
    assert [done.amount("P-1"), done.amount("P-2")] == [100, 0]
    assert done.awards[1].objections[0].lawful.en == "by 2025-08-31"


def test_a_day_that_nobody_named_is_not_made_up() -> None:
    """The national measures name none: without a call it is unknown, and the caller may answer for it."""
    silent = FundYear("Lakeside", 2026, 100, figures=year().figures)
    (award,) = allocate([proposal("P-1", 100)], silent, POLICY).awards
    assert award.objections[0].unknown is not None
    (taken,) = allocate([proposal("P-1", 100)], silent, POLICY, despite=["proposal_in_time"]).awards
    assert taken.amount == 100
    assert [one.rule for one in taken.despite] == ["proposal_in_time"]


def test_papers_and_scores_that_are_not_there() -> None:
    """What was not told is unknown, and a missing score is not nought."""
    (award,) = allocate([proposal("P-1", 100, None, figures={"has_plan": True})], year(), POLICY).awards
    assert [one.rule for one in award.objections] == ["papers_complete", "score"]
    assert all(one.unknown is not None for one in award.objections)


def test_two_proposals_of_one_id_are_refused() -> None:
    """Nobody knows which was meant."""
    with pytest.raises(ip.InputError, match="two proposals of one id"):
        allocate([proposal("P-1", 1), proposal("P-1", 2)], year(), POLICY)
    with pytest.raises(ip.InputError, match="did you mean 'term_allowed'"):
        allocate([], year(), POLICY, despite=["term_alowed"])


def test_the_explanation_names_every_award_in_both_languages() -> None:
    """Amounts, ranks, rules and sources; and the JSON says the same."""
    made = [proposal("P-1", 500000, 90), proposal("P-2", 200000, 80, least=50000), proposal("P-3", 100, 70, months=30)]
    done = allocate(made, year(), POLICY, optimum=True)
    english, chinese = done.explain(), done.explain("zh", "markdown")
    for part in ("P-1: in full", "P-2: cut, 100,000.00 of 200,000.00", "P-3: nothing", "第九条", "left 0.00"):
        assert part in english, part
    for part in ("P-2：核减安排", "## Lakeside2026年工伤预防费安排", "依据：", "得分最高的方案"):
        assert part in chinese, part
    said = json.loads(done.to_json())
    assert said["schema"] == "injuryprev.allocation/1"
    assert [(award["proposal"], award["amount"]) for award in said["awards"]] == [
        ("P-1", "500000"),
        ("P-2", "100000"),
        ("P-3", "0"),
    ]
    assert said["awards"][2]["objections"][0]["rule"] == "term_allowed"


@pytest.mark.parametrize(
    ("name", "value"), [("months", 12), ("use", "training"), ("proposer", "association"), ("amount", 1)]
)
def test_no_figure_stands_against_the_proposal_itself(name: str, value: Any) -> None:
    """Thirty months do not become twelve by a figure told beside them."""
    with pytest.raises(ip.InputError, match="the proposal's own"):
        ip.Proposal("P-1", "public", "other", 5, 30, "2025-09-01", 80, figures={name: value})


def test_days_that_can_be_counted_are_not_asserted() -> None:
    """A proposal after the deadline stays late, whatever it says of itself."""
    figures = {"has_plan": True, "has_goals": True, "days_late": -1}
    late = ip.Proposal("P-1", "association", "training", 5, 12, "2025-10-01", 80, figures=figures)
    levy = {"levy_last_year": 1000, "fund_resources": 1000, "benefits_due": 0, "reserve_due": 0}
    year = ip.FundYear("Lakeside", 2026, 30, "2025-09-30", figures=levy)
    (award,) = allocate([late], year, ip.load_profile("cn-prevention").on("2025-11-01")).awards
    assert [one.rule for one in award.objections] == ["proposal_in_time"]


def test_a_plan_says_by_which_rules_it_was_made() -> None:
    """Profile, version and day; and that they are supposed, where they are."""
    plain = allocate([], year(100), POLICY)
    assert f"rules: cn-prevention {POLICY.version} on {POLICY.on}" in plain.summary()
    assert "amended" not in plain.summary()
    supposed = allocate([], year(100), POLICY.amended(cap_share="50%"))
    assert f"{POLICY.version}+amended on {POLICY.on}" in supposed.summary()
    assert "no law says so" in supposed.explain()
    assert "假设" in supposed.summary("zh", "markdown")
