"""The main path: whose word counts, what is refused, and a decision that shows how its figures were counted."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from little import DAY, ME, counting, little

import injuryprev as ip
from injuryprev import testing
from injuryprev.errors import InputError, UnknownNameError
from injuryprev.model import BenefitPayment, Employer, History, RateDecision, RateTier
from injuryprev.unknown import Unknown

COUNTED = counting(
    "n_money", 'from = "payments", dated = "paid_on", window = "w", take = "sum", field = "amount", none = 0'
)
PAID = History(payments=[BenefitPayment("E-1", None, "2023-05-01", "100.10", "medical")])


def rated(employer: Employer = ME, history: History = PAID, **figures: object) -> RateDecision:
    """A decision under a rule that looks at the one counted figure."""
    profile = little(COUNTED, rate="if n_money > 100 then 2% else 1%")
    return ip.rate(employer, history, profile.on(DAY), figures or None)


def seen(decision: RateDecision) -> dict[str, Any]:
    """The counted input, as the JSON of the decision tells it."""
    (found,) = (one for one in json.loads(decision.to_json())["inputs"] if one["name"] == "n_money")
    return dict(found)


def test_figures_before_facts_before_what_was_counted() -> None:
    """The caller's word first, then the employer's, then the records; only what was counted says how."""
    fact = attrs.evolve(ME, facts={"n_money": Decimal(7)})
    assert Decimal(seen(rated())["value"]) == Decimal("100.1")
    assert Decimal(seen(rated(fact))["value"]) == 7
    assert Decimal(seen(rated(fact, n_money=5))["value"]) == 5
    assert [bool(seen(one)["counted"]) for one in (rated(), rated(fact), rated(fact, n_money=5))] == [
        True,
        False,
        False,
    ]


def test_a_figure_given_as_none_is_not_known() -> None:
    """Whoever passes ``None`` says that what the records hold is not to be used."""
    decision = rated(n_money=None)
    assert isinstance(decision.rate, Unknown)
    assert decision.rate.codes == ("missing:n_money",)


def test_what_was_counted_is_shown_with_its_window_its_records_and_its_source() -> None:
    """In words for the employer and as data for the file."""
    decision = rated()
    for text in (decision.explain(), decision.explain(lang="zh")):
        assert "[2023-01-01, 2024-01-01)" in text
        assert "100.1" in text
    assert "sum of amount of 1 payment with paid_on in [2023-01-01, 2024-01-01)" in decision.explain()
    assert "1 笔支付" in decision.explain(lang="zh")
    counted = seen(decision)
    assert counted["counted"]["en"] == "sum of amount of 1 payment with paid_on in [2023-01-01, 2024-01-01)"
    assert [source["document"] for source in counted["sources"]] == ["law"]


def test_a_table_not_supplied_is_the_reason_in_the_decision() -> None:
    """Not zero, and not merely missing."""
    decision = rated(history=History())
    assert isinstance(decision.rate, Unknown)
    assert decision.rate.codes == ("not_supplied:n_money",)
    assert "no table of payments was supplied" in decision.explain()
    assert "payments" in decision.explain(lang="zh")


@given(testing.histories(employer_id="E-2"))
def test_the_history_of_another_employer_is_refused(history: History) -> None:
    """Whichever table its rows are in; a history without rows is anybody's."""
    if history.employer_id is None:
        assert rated(history=history).employer_id == "E-1"
        return
    with pytest.raises(InputError) as caught:
        rated(history=history)
    assert str(caught.value) == "rate: this history is of another employer; seen: 'E-2'; expected: records of 'E-1'"


@given(st.dictionaries(st.sampled_from(("safety_credit", "training_hours", "rate", "w")), st.integers(0, 9)))
def test_facts_that_are_no_input_here_are_for_other_regions(facts: dict[str, int]) -> None:
    """They change nothing, while a figure by such a name is a mistake of the caller."""
    plain, more = rated(), rated(attrs.evolve(ME, facts=facts))
    assert more.to_json() == plain.to_json()
    for name in facts:
        with pytest.raises(UnknownNameError, match=name):
            rated(ME, PAID, **{name: 1})


@pytest.mark.parametrize("value", ["a lot", True, Decimal("0.001"), -2_000_000_000])
def test_a_fact_that_is_no_use_is_unknown(value: Any) -> None:
    """It does not fall back on what was counted: two sources that disagree are not mixed."""
    decision = rated(attrs.evolve(ME, facts={"n_money": value}))
    assert isinstance(decision.rate, Unknown)
    assert decision.rate.codes[0].endswith(":n_money")


TIERED = """
[definitions.base_rate]
unit = "fraction"
formula = "1%"
source = "law"
[definitions.tier]
unit = "fraction"
formula = "FACTOR"
source = "law"
[definitions.tier_move]
unit = "steps"
formula = "MOVE"
source = "law"
"""


def tiered(factor: str, move: str, rate: str = "0.01") -> RateDecision:
    """A decision under rules that state a tier."""
    body = TIERED.replace("FACTOR", factor).replace("MOVE", move)
    text = '"rate", "base_rate", "tier", "tier_move"'
    profile = little(body, rate=rate, outputs=text)
    return ip.rate(ME, History(), profile.on(DAY))


def test_a_tier_as_the_policy_states_it() -> None:
    """The move and the multiple, exactly; none where the policy has none."""
    tier = tiered("120%", "1").tier
    assert isinstance(tier, RateTier)
    assert (tier.move, str(tier.factor), tier.label.en) == (1, "6/5", "120 %")
    assert rated().tier is None


@pytest.mark.parametrize(("factor", "move"), [("120%", "0.5"), ("-1", "1"), ("101", "1"), ("120%", "150")])
def test_a_tier_that_cannot_be_is_unknown(factor: str, move: str) -> None:
    """Half a step is not cut to none, and no employer stops the rating of the others."""
    tier = tiered(factor, move).tier
    assert isinstance(tier, Unknown)
    assert tier.codes == ("implausible:tier",)


def test_a_tier_whose_move_is_unknown_is_unknown() -> None:
    """Not none, which would say that the policy has no tiers."""
    tier = tiered("120%", "if n_flag then 1 else 2").tier
    assert isinstance(tier, Unknown)
    assert tier.codes == ("missing:n_flag",)


@pytest.mark.parametrize("rate", ["1.5", "-0.01"])
def test_a_rate_that_cannot_be_is_unknown(rate: str) -> None:
    """With the figure in the reason."""
    found = tiered("1", "0", rate).rate
    assert isinstance(found, Unknown)
    assert found.codes == ("implausible:rate",)
    assert rate in str(found)


def test_what_a_policy_does_not_give_is_unknown_by_name() -> None:
    """A decision always has its four figures, or why not."""
    decision = rated()
    assert isinstance(decision.base_rate, Unknown)
    assert isinstance(decision.contribution, Unknown)
    assert decision.base_rate.codes + decision.contribution.codes == ("no_output:base_rate", "no_output:contribution")


@given(testing.employers(), st.data())
def test_any_employer_with_any_history_gets_a_decision(employer: Employer, data: st.DataObject) -> None:
    """Under the shipped rules, nothing that the typed objects admit raises."""
    history = data.draw(testing.histories(employer_id=employer.id))
    decision = ip.rate(employer, history, POLICY)
    assert decision.employer_id == employer.id
    assert json.loads(decision.to_json())["profile"]
    assert decision.explain(lang="zh")


POLICY = ip.load_profile("cn-zj").on("2024-05-06")
