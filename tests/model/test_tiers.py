"""Tiers, ladders and decisions."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from injuryprev import testing
from injuryprev.errors import InputError
from injuryprev.model import Format, Ladder, RateDecision, RateTier
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Lang, Words

UNKNOWN = Unknown((Reason("missing", "payroll", Words("payroll was not given")),))


class Evaluation:
    """Stands for the result of an evaluation."""

    def explain(self, lang: Lang = "en", format: Format = "text") -> str:  # noqa: A002  # the name the face promises
        """What was asked for."""
        return f"{lang} {format}"

    def to_json(self) -> str:
        """An empty object."""
        return "{}"


@given(testing.ladders(), st.randoms())
def test_a_ladder_does_not_depend_on_the_order_it_is_given_in(ladder: Ladder, random: object) -> None:
    """Tiers come out from the lowest rate to the highest, moves rising by one."""
    tiers = list(ladder)
    random.shuffle(tiers)  # type: ignore[attr-defined]
    assert Ladder(tuple(tiers)) == ladder
    assert [tier.factor for tier in ladder] == sorted(tier.factor for tier in ladder)
    assert all(ladder.at(tier.move) is tier for tier in ladder.tiers)
    assert ladder.base.move == 0
    assert ladder.base.factor == 1
    assert len(ladder) == len(ladder.tiers)


@given(testing.ladders(), st.integers(-99, 99))
def test_a_bounded_move_is_the_nearest_tier(ladder: Ladder, move: int) -> None:
    """Inside the ladder it is the tier itself; beyond it, the end; ``at`` refuses what is beyond."""
    tier = ladder.bounded(move)
    assert abs(tier.move - move) == min(abs(other.move - move) for other in ladder)
    if tier.move != move:
        with pytest.raises(InputError) as caught:
            ladder.at(move)
        assert caught.value.where == "Ladder.at"


@given(testing.ladders(), st.data())
def test_a_damaged_ladder_is_refused(ladder: Ladder, data: st.DataObject) -> None:
    """A tier twice, a tier of the same factor, a missing base, a gap: none is taken."""
    tiers = list(ladder.tiers)
    tier = data.draw(st.sampled_from(tiers))
    with pytest.raises(InputError):
        Ladder((*tiers, tier))
    with pytest.raises(InputError):
        Ladder(tuple(other for other in tiers if other.move != 0))
    with pytest.raises(InputError):
        Ladder((*tiers, RateTier(tiers[-1].move + 2, 5)))
    with pytest.raises(InputError):
        Ladder((*tiers, RateTier(tiers[-1].move + 1, tiers[0].factor)))
    with pytest.raises(InputError):
        Ladder(tuple(attrs.evolve(other, move=-other.move, factor=other.factor + 1) for other in tiers))


@pytest.mark.parametrize("tiers", [None, (), 3, "tiers", [1.0], [RateTier(1, 2)], [RateTier(0, "1.1")]])
def test_a_ladder_has_a_base(tiers: object) -> None:
    """Move 0 with factor 1 must be there."""
    with pytest.raises(InputError) as caught:
        Ladder(tiers)  # type: ignore[arg-type]
    assert caught.value.where.startswith("Ladder.tiers")


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"move": "up"}, "RateTier.move"),
        ({"move": 0.5}, "RateTier.move"),
        ({"move": True}, "RateTier.move"),
        ({"move": 100}, "RateTier.move"),
        ({"factor": -1}, "RateTier.factor"),
        ({"factor": "150%"}, "RateTier.factor"),
        ({"factor": 150}, "RateTier.factor"),
        ({"factor": float("nan")}, "RateTier.factor"),
        ({"factor": None}, "RateTier.factor"),
        ({"label": "150 %"}, "RateTier.label"),
    ],
)
def test_wrong_tiers_are_named(fields: dict[str, object], where: str) -> None:
    """150 is taken for a slip of per cent; 1.5 is what is meant."""
    with pytest.raises(InputError) as caught:
        RateTier(**({"move": 0, "factor": 1} | fields))  # type: ignore[arg-type]
    assert caught.value.where == where


def test_a_third_is_exact() -> None:
    """Factors are fractions, since a fixed step over a base rate need not be decimal."""
    ladder = Ladder.of({0: 1, 1: Fraction(4, 3)})
    assert ladder.at(1).factor * 3 == 4


def decision(**fields: object) -> RateDecision:
    """A decision with some fields replaced."""
    whole: dict[str, object] = {
        "employer_id": "E-1",
        "on": "2025-01-01",
        "profile": "toyland",
        "version": "1",
        "base_rate": "0.009",
        "tier": RateTier(1, "1.2"),
        "rate": Decimal("0.0108"),
        "contribution": 129600,
        "result": Evaluation(),
    }
    return RateDecision(**(whole | fields))  # type: ignore[arg-type]


def test_a_decision_explains_itself_through_its_evaluation() -> None:
    """The reasons are the evaluation's own, in the language and format asked for."""
    made = decision()
    assert made.explain() == "en text"
    assert made.explain(lang="zh", format="markdown") == "zh markdown"
    assert made.to_json() == "{}"
    assert made.is_known
    assert made.base_rate == Decimal("0.009")


def test_a_decision_may_be_unknown() -> None:
    """Each figure by itself; a policy without tiers has None."""
    open_case = decision(tier=UNKNOWN, rate=UNKNOWN, contribution=UNKNOWN)
    assert not open_case.is_known
    assert open_case.contribution == UNKNOWN
    assert decision(contribution=UNKNOWN).is_known
    assert decision(tier=None).tier is None
    assert isinstance(hash(open_case), int)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("employer_id", ""),
        ("on", "2025-02-29"),
        ("profile", None),
        ("version", 1),
        ("base_rate", None),
        ("base_rate", "0.9%"),
        ("base_rate", "1.9"),
        ("rate", -1),
        ("rate", 2),
        ("rate", float("inf")),
        ("contribution", None),
        ("contribution", -5),
        ("tier", 1.2),
        ("result", None),
        ("result", object()),
    ],
)
def test_wrong_decisions_are_named(field: str, value: object) -> None:
    """A missing figure must be an Unknown that says why, never None; a rate in per cent is refused."""
    with pytest.raises(InputError) as caught:
        decision(**{field: value})
    assert caught.value.where == f"RateDecision.{field}"
