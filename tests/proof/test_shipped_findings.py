"""What the proofs find in the law as it is shipped, with the employers that show it replayed."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import attrs
import pytest

import injuryprev as ip
from injuryprev.engine.checking import check
from injuryprev.engine.proof import Finding, Proofs, Witness
from injuryprev.policy.profile import Profile


def untold(profile: Profile) -> Profile:
    """A profile that accepts no findings, so that the proofs are told of none."""
    document = attrs.evolve(profile.document, findings={})
    return Profile(document, profile.file, None if profile.parent is None else untold(profile.parent))


def found(profile: str, on: str) -> tuple[ip.Policy, list[Finding]]:
    """The policy of a day, and everything found about it without being told of any finding."""
    whole = ip.PolicyProfile(untold(ip.load_profile(profile).profile))
    return whole.on(on), list(whole.prove(on))


def figure(policy: ip.Policy, witness: Witness, name: str) -> Fraction:
    """What a step came to for a witness."""
    value = policy.evaluate(**witness.given).trace.values()[name]
    assert isinstance(value, Fraction)
    return value


def rows_held(policy: ip.Policy, witness: Witness, name: str) -> Iterator[int]:
    """Rows that hold for a witness, counted from 1."""
    evaluator = policy.evaluator
    state = evaluator.steps(evaluator.take(witness.given))[list(policy.lowered.steps).index(name)]
    return (number for number, holds in enumerate(state.rows, start=1) if holds)


def test_zhejiang_prints_150_percent_in_two_rows() -> None:
    """Two rows of 浙人社发〔2023〕58号 take in an incidence of exactly 150 % of the mean; the highest holds."""
    policy, findings = found("cn-zj", "2025-03-01")
    points = [finding for finding in findings if finding.kind == "boundary"]
    assert [(point.subject, point.rows, point.region.en) for point in points] == [
        ("appraised_move", (4, 5), "incidence_ratio == 150%")
    ]
    [witness] = points[0].witnesses
    assert figure(policy, witness, "incidence_ratio") == Fraction(3, 2)
    assert {4, 5} <= set(rows_held(policy, witness, "appraised_move"))
    assert policy.evaluate(**witness.given)["tier_move"] == 2
    assert points[0].status == "settled"


@pytest.mark.parametrize(
    ("region", "name", "value"),
    [("incidence == 1%", "incidence", Fraction(1, 100)), ("payout_ratio == 100%", "payout_ratio", Fraction(1))],
)
def test_dalian_leaves_two_equalities_out(region: str, name: str, value: Fraction) -> None:
    """No case of Dalian's earlier notice covers an incidence of exactly 1 %, nor a payout of exactly 100 %."""
    policy, findings = found("cn-ln-dalian", "2014-06-30")
    [gap] = [finding for finding in findings if finding.region.en == region]
    assert (gap.status, gap.kind, gap.subject) == ("refuted", "no_row", "matrix_move")
    [witness] = gap.witnesses
    assert figure(policy, witness, name) == value
    rate = policy.evaluate(**witness.given)["rate"]
    assert isinstance(rate, ip.Unknown)
    assert rate.codes == ("no_row:matrix_move",)


def test_zhejiang_never_pays_less_for_a_worse_record() -> None:
    """For each of eight figures that can get worse, rate and contribution are proved not to fall."""
    _, findings = found("cn-zj", "2025-03-01")
    asked = [finding for finding in findings if finding.question == "monotone"]
    assert len(asked) == 16
    assert {finding.status for finding in asked} == {"proved"}


def test_toyland_rewards_a_smaller_employer() -> None:
    """Below 5 insured Toyland's highest move is 1, so that fewer insured, which counts as worse, pay less."""
    policy, findings = found("toyland", "2024-07-01")
    [finding] = [finding for finding in findings if finding.kind == "decrease" and finding.subject == "rate"]
    better, worse = (policy.evaluate(**witness.given) for witness in finding.witnesses)
    assert finding.input == "insured"
    many, few = (Fraction(witness.given["insured"]) for witness in finding.witnesses)
    assert few < 5 <= many
    assert Fraction(str(worse["rate"])) < Fraction(str(better["rate"]))


@pytest.mark.parametrize("profile", ["cn-ln-dalian", "toyland"])
def test_every_witness_shows_what_is_claimed(profile: str) -> None:
    """Each employer, given to the rules of the first of its days, meets the finding it stands for."""
    whole = ip.load_profile(profile)
    checked = 0
    for finding in whole.prove():
        policy = whole.on(finding.days[0])
        for witness in finding.witnesses:
            result = policy.evaluate(**witness.given)
            assert {name: result[name] for name in witness.outcomes} == dict(witness.outcomes)
        if finding.question == "total" and finding.kind:
            refusal = policy.evaluate(**finding.witnesses[0].given).refusal
            assert f"{finding.kind}:{finding.subject}" in (refusal or "")
            checked += 1
        elif finding.question == "unambiguous" and finding.kind:
            assert set(finding.rows) <= set(rows_held(policy, finding.witnesses[0], finding.subject))
            checked += 1
    assert checked > 5


SOME = ("cn-zj", "cn-ln-dalian", "toyland")
ALL = [pytest.param(info.id, marks=[] if info.id in SOME else pytest.mark.slow) for info in ip.list_profiles()]


@pytest.mark.parametrize("profile", ALL)
def test_shipped_profiles_pass(profile: str) -> None:
    """Every question about every shipped profile is decided, and what is found is accepted with its words."""
    report = check(profile, proofs=Proofs())
    assert [finding.text() for _, finding in report.findings if not finding.passes] == []
    assert report.passes
