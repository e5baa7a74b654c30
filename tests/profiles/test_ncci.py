"""Experience rating in the United States: claims split, reduced, limited and put together; every printed split."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

import injuryprev as ip

INDIANA, ILLINOIS, PLAN = (ip.load_profile(name) for name in ("us-in", "us-il", "us-ncci"))
Paid = tuple[int, str]
"""An amount and its kind."""


def split(policy: ip.Policy, *claims: list[Paid], accident: str | None = None, **more: object) -> tuple[Any, Any]:
    """Primary and excess losses of claims of the middle year of the experience period."""
    day = policy.on.replace(year=policy.on.year - 3, month=6, day=1)
    cases = [
        ip.InjuryCase(f"C-{place}", "F-1", f"w-{place}", day, accident=accident, disease=bool(more.get("disease")))
        for place in range(len(claims))
    ]
    payments = [
        ip.BenefitPayment("F-1", f"C-{place}", day, amount, kind)
        for place, claim in enumerate(claims)
        for amount, kind in claim
    ]
    history = ip.History(cases=cases, payments=payments)
    given = {"claim_limit": more.get("claim_limit", 100_000)}
    counted = policy.counting.count(ip.Employer("F-1"), history, given)
    return counted["actual_primary"].value, counted["actual_excess"].value


@pytest.mark.parametrize(
    ("year", "loss", "primary"),
    [
        (2012, 4_000, 4_000), (2012, 12_000, 5_000), (2012, 50_000, 5_000),
        (2013, 4_000, 4_000), (2013, 12_000, 10_000), (2013, 50_000, 10_000),
        (2014, 4_000, 4_000), (2014, 12_000, 12_000), (2014, 50_000, 13_500),
        (2014, 9_000, 9_000), (2014, 25_000, 13_500),
        (2012, 4_999, 4_999), (2012, 5_000, 5_000), (2012, 5_001, 5_000),
        (2015, 20_000, 15_500), (2016, 20_000, 16_000), (2017, 20_000, 16_500),
    ],
)  # fmt: skip
def test_printed_splits_of_indiana(year: int, loss: int, primary: int) -> None:
    """Indiana bureau: 4,000, 12,000 and 50,000 at 5,000, 10,000 and 13,500; 9,000 and 25,000; the later points."""
    for half in ([(loss, "other")], [(1, "medical"), (loss - 1, "other")]):
        assert split(INDIANA.on(f"{year}-01-01"), half) == (primary, loss - primary)


def test_the_printed_split_of_illinois() -> None:
    """2023: of 30,000 are 18,500 primary."""
    assert split(ILLINOIS.on("2023-07-01"), [(30_000, "other")]) == (18_500, 11_500)


def test_claims_are_split_one_by_one() -> None:
    """Three claims of 4,000 are all primary, one of 12,000 is not; payments of one claim are put together first."""
    policy = INDIANA.on("2012-01-01")
    assert split(policy, *[[(4_000, "other")]] * 3) == (12_000, 0)
    assert split(policy, [(4_000, "other")] * 3) == (5_000, 7_000)


def test_medical_only_claims_count_at_30_per_cent() -> None:
    """Primary and excess; one payment for lost wages makes the whole claim count; a refund does not."""
    policy = INDIANA.on("2013-01-01")
    assert split(policy, [(12_000, "medical")]) == (3_000, 600)
    assert split(policy, [(11_000, "medical"), (1_000, "rehabilitation")]) == (3_000, 600)
    assert split(policy, [(12_500, "medical"), (-500, "refund")]) == (3_000, 600)
    assert split(policy, [(11_999, "medical"), (1, "disability_monthly")]) == (10_000, 2_000)


def test_a_claim_is_limited() -> None:
    """Below, at and above the limit of the state."""
    for loss, excess in ((99_999, 94_999), (100_000, 95_000), (100_001, 95_000)):
        assert split(INDIANA.on("2012-01-01"), [(loss, "other")]) == (5_000, excess)


def test_an_accident_with_several_claims() -> None:
    """Twice the limit and, at the split point of 5,000, 10,000 primary; for later split points it was not read."""
    two: list[list[Paid]] = [[(80_000, "other")], [(150_000, "other")]]
    assert split(INDIANA.on("2012-01-01"), *two, accident="A-1") == (10_000, 190_000)
    assert split(INDIANA.on("2012-01-01"), *two) == (10_000, 75_000 + 95_000)
    found, _ = split(INDIANA.on("2013-01-01"), *two, accident="A-1")
    assert isinstance(found, ip.Unknown)
    assert found.codes == ("not_known:multiple_split",)
    assert split(INDIANA.on("2013-01-01"), [(80_000, "other")], accident="A-1") == (10_000, 70_000)


def test_what_was_not_read_is_not_guessed() -> None:
    """Disease, a medical-only claim in an accident of several, a limit not given, a state without its split point."""
    policy = INDIANA.on("2012-01-01")
    asked = {
        "not_known:disease_limit": split(policy, [(1_000, "other")], disease=True),
        "not_known:mixed_accident": split(policy, [(1_000, "other")], [(1_000, "medical")], accident="A-1"),
        "missing:claim_limit": split(policy, [(1_000, "other")], claim_limit=None),
        "not_known:split_point": split(PLAN.on("2012-01-01"), [(1_000, "other")]),
    }
    for code, both in asked.items():
        for found in both:
            assert isinstance(found, ip.Unknown), code
            assert found.codes == (code,)


@pytest.mark.parametrize(
    ("day", "counts"), [("2008-12-31", False), ("2009-01-01", True), ("2011-12-31", True), ("2012-01-01", False)]
)
def test_the_experience_period(day: str, counts: bool) -> None:
    """For ratings of 1 January 2013 the three years from 2009, the latest skipped."""
    history = ip.History(
        cases=[ip.InjuryCase("C-1", "F-1", "w", day)],
        payments=[ip.BenefitPayment("F-1", "C-1", "2012-12-01", 700, "other")],
    )
    counted = INDIANA.on("2013-01-01").counting.count(ip.Employer("F-1"), history, {"claim_limit": 100_000})
    assert counted["actual_primary"].value == (700 if counts else 0)


def test_from_claims_to_the_modification() -> None:
    """(10,000 + 0.1 x 40,000 + 0.9 x 4,000 + 20,000) / 30,000 = 1.2533, shown with the sources of the split point."""
    day = "2010-06-01"
    history = ip.History(
        cases=[ip.InjuryCase("C-1", "F-1", "w", day)], payments=[ip.BenefitPayment("F-1", "C-1", day, 50_000, "other")]
    )
    facts: dict[str, Any] = {
        "expected_primary": 6_000,
        "expected_excess": 4_000,
        "weighting": "0.1",
        "ballast": 20_000,
        "claim_limit": 100_000,
    }
    decision: Any = ip.rate(ip.Employer("F-1", facts=facts), history, INDIANA.on("2013-01-01"))
    assert decision.result["modification"] == Decimal("1.25")
    text = decision.result.explain()
    assert "split_point" in text
    assert "Indiana Compensation Rating Bureau" in text
