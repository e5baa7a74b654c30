"""Zhejiang: every row of the table of 2024 from below, at and above each threshold, and what is unknown before."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import injuryprev as ip

POLICY = ip.load_profile("cn-zj").on("2025-03-01")
CLEAN = {
    "risk_class": 4,
    "contributions": 100_000,
    "benefits": 40_000,
    "injuries": 0,
    "insured": 200,
    "industry_incidence": "0.01",
    "deaths": 0,
}

# Payout ratio in steps of one fen of 100,000 yuan; each threshold with the fen below and above it.
PAYOUTS = [
    "0",
    "0.01",
    "49999.99",
    "50000",
    "50000.01",
    "99999.99",
    "100000",
    "100000.01",
    "149999.99",
    "150000",
    "150000.01",
]
# Injuries of 200 insured, and the provincial mean in its smallest steps: the incidence against it, and the moves.
INCIDENCES = {
    "no injury": (0, "0.01", [-2, -1, -1, -1, 0, 0, 0, 1, 1, 1, 2]),
    "just below 100 %": (2, "0.010001", [-2, -1, -1, -1, 0, 0, 0, 1, 1, 1, 2]),
    "100 %": (2, "0.01", [-2, -1, -1, -1, 0, 0, 0, 1, 1, 1, 2]),
    "just above 100 %": (2, "0.009999", [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2]),
    "just below 150 %": (3, "0.010001", [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2]),
    "150 %, printed in two rows": (3, "0.01", [2] * 11),
    "just above 150 %": (3, "0.009999", [2] * 11),
}


@pytest.mark.parametrize("incidence", INCIDENCES)
def test_payout_and_incidence_move_the_tier_as_the_table_says(incidence: str) -> None:
    """At 50, 100 and 150 % the lower row still holds for payout; for incidence 100 % is lower and 150 % is higher."""
    injuries, mean, moves = INCIDENCES[incidence]
    for benefits, move in zip(PAYOUTS, moves, strict=True):
        given = {**CLEAN, "benefits": benefits, "injuries": injuries, "industry_incidence": mean}
        assert POLICY.evaluate(**given)["tier_move"] == move, benefits


@pytest.mark.parametrize(
    ("insured", "move"),
    [("199.99", 2), ("200", 2), ("200.01", 1)],
    ids=["one hundredth of a worker fewer", "150 %", "one hundredth of a worker more"],
)
def test_the_smallest_change_of_the_headcount_decides_at_150_per_cent(insured: str, move: int) -> None:
    """Three injuries of 200 at a mean of 1 % are exactly 150 %, which is two tiers up: the highest case holds."""
    assert POLICY.evaluate(**{**CLEAN, "injuries": 3, "insured": insured})["tier_move"] == move


@pytest.mark.parametrize(
    ("benefits", "event", "move"),
    [
        ("0", {"deaths": 1}, 0),
        ("40000", {"deaths": 1}, 0),
        ("100000.01", {"deaths": 1}, 1),
        ("150000.01", {"deaths": 3}, 2),
        ("0", {"false_facts": True}, 1),
        ("150000.01", {"false_facts": True}, 2),
        ("0", {"benefit_fraud": True}, 2),
        ("0", {"deaths": 1, "false_facts": True, "benefit_fraud": True}, 2),
        ("0", {"deaths": 1, "false_facts": True}, 1),
    ],
)
def test_an_event_never_lowers_and_the_highest_case_holds(benefits: str, event: dict[str, object], move: int) -> None:
    """A work death bars a decrease, false facts are one tier up, fraud two; several meet: 从高原则."""
    assert POLICY.evaluate(**{**CLEAN, "benefits": benefits, **event})["tier_move"] == move


def test_what_alone_decides_needs_nothing_else() -> None:
    """Fraud is two tiers up whatever the missing figures are; a clean payout without the incidence decides nothing."""
    assert POLICY.evaluate(risk_class=4, benefit_fraud=True)["rate"] == Decimal("0.0135")
    assert POLICY.evaluate(risk_class=4, contributions=1, benefits=2)["tier_move"] == 2
    unknown = POLICY.evaluate(risk_class=4, contributions=100, benefits=40, deaths=0, injuries=1, insured=10)["rate"]
    assert isinstance(unknown, ip.Unknown)
    assert unknown.codes == ("missing:industry_incidence",)


def test_nothing_is_divided_by_zero() -> None:
    """No contributions, nobody insured, or a mean of zero leave the tier unknown, each for its own reason."""
    for name, subject in (("contributions", "payout_ratio"), ("insured", "incidence")):
        found = POLICY.evaluate(**{**CLEAN, name: 0})["rate"]
        assert isinstance(found, ip.Unknown)
        assert f"division_by_zero:{subject}" in found.codes
    found = POLICY.evaluate(**{**CLEAN, "industry_incidence": 0})["rate"]
    assert isinstance(found, ip.Unknown)
    assert "division_by_zero:incidence_ratio" in found.codes


@pytest.mark.parametrize(
    ("benefits", "rates"),
    [
        ("0", ["0.002", "0.002", "0.0035", "0.0045", "0.0055", "0.0065", "0.008", "0.0095"]),
        ("40000", ["0.002", "0.0032", "0.0056", "0.0072", "0.0088", "0.0104", "0.0128", "0.0152"]),
        ("100000", ["0.002", "0.004", "0.007", "0.009", "0.011", "0.013", "0.016", "0.019"]),
        ("150000", ["0.0024", "0.0048", "0.0084", "0.0108", "0.0132", "0.0156", "0.0192", "0.0228"]),
        ("150000.01", ["0.003", "0.006", "0.0105", "0.0135", "0.0165", "0.0195", "0.024", "0.0285"]),
    ],
)
def test_every_class_at_every_tier(benefits: str, rates: list[str]) -> None:
    """The ladder is 50, 80, 100, 120, 150 %; class 1 has no tier below 100 %."""
    found = [POLICY.evaluate(**{**CLEAN, "benefits": benefits, "risk_class": n})["rate"] for n in range(1, 9)]
    assert found == [Decimal(rate) for rate in rates]


def test_a_locality_that_was_higher_keeps_its_rate_and_a_lower_one_rises() -> None:
    """58号 keeps the higher of the local and the provincial base rate, and the floor is the local class-1 rate."""
    base = [POLICY.evaluate(**CLEAN, former_class_rate=former)["base_rate"] for former in ("0.0089", "0.009", "0.0091")]
    assert base == [Decimal("0.009"), Decimal("0.009"), Decimal("0.0091")]
    given = {**CLEAN, "risk_class": 2, "benefits": 0}
    rates = [POLICY.evaluate(**given, former_class_one_rate=former)["rate"] for former in (0, "0.002", "0.0021")]
    assert rates == [Decimal("0.002"), Decimal("0.002"), Decimal("0.0021")]


def test_a_new_employer_starts_at_the_base_rate() -> None:
    """Insured after the judged year, nothing can be judged yet."""
    new = POLICY.evaluate(risk_class=4, months_insured=0)
    assert (new["tier_move"], new["rate"]) == (0, Decimal("0.009"))


def test_the_table_begins_with_2024_and_is_unknown_the_day_before() -> None:
    """The opinion of 2014 names the indicators without figures; the phase-in cut of 2024 asks for payable months."""
    profile = ip.load_profile("cn-zj")
    before = profile.on("2023-12-31").evaluate(risk_class=4, payable_months=12)
    assert isinstance(before["rate"], ip.Unknown)
    assert before["rate"].codes == ("not_known:appraised_move",)
    assert before["base_rate"] == Decimal("0.009")
    after = profile.on("2024-01-01").evaluate(**CLEAN)
    assert after["tier_move"] == -1
    assert isinstance(after["rate"], ip.Unknown)
    assert after["rate"].codes == ("missing:payable_months",)
    assert profile.on("2024-12-31").evaluate(**CLEAN, payable_months=24)["rate"] == Decimal("0.0036")
    assert profile.on("2025-01-01").evaluate(**CLEAN)["rate"] == Decimal("0.0072")


def test_a_project_insured_by_its_price_has_a_tier_but_no_class_rate() -> None:
    """58号 floats projects too; what share of the price they pay is set by the locality."""
    found = POLICY.evaluate(**CLEAN, employer_kind="construction_project")
    assert found["tier"] == Decimal("0.8")
    assert isinstance(found["rate"], ip.Unknown)
    assert "not_known:project_rate" in found["rate"].codes


def test_the_face_of_the_library() -> None:
    """The worked call of the design document gives 1.08 %, and its trace says so in both languages."""
    result = POLICY.evaluate(
        risk_class=4,
        payroll="12000000",
        contributions=100_000,
        benefits=40_000,
        injuries=3,
        insured=200,
        industry_incidence="0.0125",
        deaths=0,
    )
    assert repr(result["rate"]) == "Decimal('0.0108')"
    assert result["contribution"] == Decimal("129600.00")
    assert "not recorded" in result.explain()
    assert "浙人社发〔2023〕58号" in result.explain(lang="zh")


FEN = st.integers(0, 40_000_000)
RECORDS = st.fixed_dictionaries(
    {
        "benefits": FEN.map(lambda fen: Decimal(fen).scaleb(-2)),
        "contributions": st.integers(1, 20_000_000).map(lambda fen: Decimal(fen).scaleb(-2)),
        "injuries": st.integers(0, 30),
        "insured": st.integers(1, 2000),
        "industry_incidence": st.integers(1, 50_000).map(lambda millionth: Decimal(millionth).scaleb(-6)),
        "deaths": st.integers(0, 3),
        "false_facts": st.booleans(),
        "benefit_fraud": st.booleans(),
    }
)


def as_printed(record: dict[str, object]) -> int:
    """The notice read once more, without the engine: the highest of all cases that are met."""
    figures = {name: Fraction(str(value)) for name, value in record.items() if not isinstance(value, bool)}
    payout = figures["benefits"] / figures["contributions"]
    ratio = figures["injuries"] / figures["insured"] / figures["industry_incidence"]
    half, whole, more = Fraction(1, 2), Fraction(1), Fraction(3, 2)
    met = [
        (-2, payout == 0),
        (-1, 0 < payout <= half and ratio <= whole),
        (0, half < payout <= whole and ratio <= whole),
        (1, whole < payout <= more or whole < ratio <= more),
        (2, payout > more or ratio >= more),
        (0, figures["deaths"] > 0),
        (1, record["false_facts"]),
        (2, record["benefit_fraud"]),
    ]
    return max(move for move, holds in met if holds)


@given(RECORDS)
def test_the_table_says_what_the_notice_prints(record: dict[str, object]) -> None:
    """Any record comes out as a plain reading of the notice in fractions has it."""
    assert POLICY.evaluate(risk_class=4, **record)["tier_move"] == as_printed(record)


@given(RECORDS, FEN, st.integers(0, 30))
def test_a_worse_record_is_never_cheaper(record: dict[str, object], more: int, cases: int) -> None:
    """More paid out or more injuries never lower the tier."""
    worse = {
        **record,
        "benefits": Decimal(str(record["benefits"])) + Decimal(more).scaleb(-2),
        "injuries": int(str(record["injuries"])) + cases,
    }
    before, after = (POLICY.evaluate(risk_class=4, **here)["tier_move"] for here in (record, worse))
    assert isinstance(before, Decimal)
    assert isinstance(after, Decimal)
    assert before <= after
