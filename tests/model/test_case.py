"""Grounds, injuries and what was paid for them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from injuryprev import testing
from injuryprev.errors import InputError
from injuryprev.model import BENEFIT_KINDS, BenefitPayment, Ground, InjuryCase

ARTICLES = {14: "十四", 15: "十五"}
ITEMS = "一二三四五六七"


@given(testing.grounds())
def test_a_ground_is_read_in_every_way_it_is_written(ground: Ground) -> None:
    """Dotted, with brackets of either width, and as decisions cite it."""
    article, item = ground.article, ground.item
    for text in (
        ground.key,
        f" {article}.{item} ",
        f"{article}({item})",
        f"{article}（{item}）",
        f"第{ARTICLES[article]}条第{ITEMS[item - 1]}项",
        f"第{ARTICLES[article]}条第（{ITEMS[item - 1]}）项",
        f"第{ARTICLES[article]}条第一款第（{ITEMS[item - 1]}）项",
        f"《工伤保险条例》第{ARTICLES[article]}条第({ITEMS[item - 1]})项",
        f"第{article}条第{item}项",
    ):
        assert Ground.parse(text) == ground, text
    assert ground.meaning.en
    assert ground.meaning.zh
    assert str(ground) == ground.key


@pytest.mark.parametrize(
    "text",
    [
        "",
        "14",
        "14.0",
        "14.8",
        "15.4",
        "16.1",
        "14.10",
        "14-6",
        "14.6.1",
        "第十六条第一项",
        "第十五条第四项",
        "第十四条",
        14.6,
        None,
        (14, 6),
    ],
)
def test_other_grounds_are_refused(text: object) -> None:
    """Article 16 is no ground, article 15 has three items, and a float is not a citation."""
    with pytest.raises(InputError) as caught:
        Ground.parse(text)  # type: ignore[arg-type]
    assert "工伤保险条例" in caught.value.source


@given(st.integers(13, 16), st.integers(-1, 9))
@example(15, 4)
def test_only_ten_grounds_exist(article: int, item: int) -> None:
    """The constructor refuses every other pair."""
    if (article == 14 and 1 <= item <= 7) or (article == 15 and 1 <= item <= 3):
        assert Ground(article, item).key == f"{article}.{item}"
    else:
        with pytest.raises(InputError):
            Ground(article, item)


def test_the_grounds_that_rules_ask_for_are_told_apart() -> None:
    """Commuting, disease and sudden illness are one item each."""
    grounds = [Ground(14, item) for item in range(1, 8)] + [Ground(15, item) for item in range(1, 4)]
    assert [ground.key for ground in grounds if ground.is_commuting] == ["14.6"]
    assert [ground.key for ground in grounds if ground.is_disease] == ["14.4"]
    assert [ground.key for ground in grounds if ground.is_sudden_illness] == ["15.1"]


@given(testing.cases())
def test_a_case_reads_its_own_fields(case: InjuryCase) -> None:
    """Building it again from its fields, or from text of them, changes nothing."""
    fields = {name: getattr(case, name) for name in attrs.fields_dict(InjuryCase)}
    assert InjuryCase(**fields) == case
    texts: dict[str, Any] = {
        name: value.isoformat() if isinstance(value, dt.date) else value for name, value in fields.items()
    }
    texts["ground"] = case.ground and case.ground.key
    assert InjuryCase(**texts) == case


@given(testing.cases(), st.integers(1, 4000))
def test_what_follows_an_injury_cannot_come_before_it(case: InjuryCase, early: int) -> None:
    """Neither recognition nor death."""
    before = case.occurred_on - dt.timedelta(early)
    with pytest.raises(InputError) as caught:
        attrs.evolve(case, recognised_on=before)
    assert caught.value.where == "InjuryCase.recognised_on"
    with pytest.raises(InputError) as refused:
        attrs.evolve(case, recognised_on=None, death=True, died_on=before)
    assert refused.value.where == "InjuryCase.died_on"


@given(testing.cases())
def test_a_day_of_death_needs_a_death(case: InjuryCase) -> None:
    """The two fields cannot contradict one another."""
    with pytest.raises(InputError, match="a day of death without a death"):
        attrs.evolve(case, ground=None, death=False, died_on=case.occurred_on)


@given(testing.cases(), testing.grounds())
def test_disease_and_ground_agree(case: InjuryCase, ground: Ground) -> None:
    """Article 14(4) is occupational disease and nothing else is; without a mark, the ground decides."""
    with pytest.raises(InputError) as caught:
        attrs.evolve(case, ground=ground, death=True, disease=not ground.is_disease)
    assert caught.value.where == "InjuryCase.disease"
    follows = InjuryCase("C-1", "E-1", "w-1", "2024-01-01", ground=ground, death=True)
    assert follows.disease is ground.is_disease


def test_without_a_ground_a_disease_may_be_said_or_not() -> None:
    """While nothing is decided, the mark stands for itself."""
    assert InjuryCase("C-1", "E-1", "w-1", "2024-01-01", disease=True).disease
    assert not InjuryCase("C-1", "E-1", "w-1", "2024-01-01").disease


def test_sudden_illness_is_a_death() -> None:
    """Article 15(1) covers those who died, and nobody else."""
    with pytest.raises(InputError, match=r"art\. 15\(1\)") as caught:
        InjuryCase("C-1", "E-1", "w-1", "2024-01-01", ground="15.1")
    assert caught.value.where == "InjuryCase.death"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", ""),
        ("employer_id", None),
        ("occurred_on", None),
        ("occurred_on", "2024-02-30"),
        ("occurred_on", "9999-12-31"),
        ("occurred_on", dt.datetime(2024, 1, 1, 8)),  # noqa: DTZ001  # refused whatever its zone
        ("recognised_on", "tomorrow"),
        ("recognised_on", 20240401),
        ("died_on", "1900-01-01"),
        ("ground", "14.9"),
        ("grade", 0),
        ("grade", 11),
        ("grade", "9.5"),
        ("grade", True),
        ("grade", "九"),
        ("death", 1),
        ("death", "yes"),
        ("death", None),
        ("disease", 0),
        ("days_lost", -1),
        ("days_lost", "3.5"),
        ("days_lost", 10**6),
        ("circumstances", ""),
        ("trade", 7),
        ("post", " "),
        ("industry", "06"),
    ],
)
def test_wrong_fields_are_named(field: str, value: object) -> None:
    """Every refusal names class and field and says what would do."""
    fields: dict[str, object] = {"id": "C-1", "employer_id": "E-1", "worker": "w-1", "occurred_on": "2024-01-01"}
    with pytest.raises(InputError) as caught:
        InjuryCase(**(fields | {field: value}))  # type: ignore[arg-type]
    assert caught.value.where == f"InjuryCase.{field}"
    assert caught.value.expected


@given(testing.benefit_payments())
def test_a_payment_reads_its_own_fields(payment: BenefitPayment) -> None:
    """Building it again changes nothing, and the sign follows the kind."""
    fields = {name: getattr(payment, name) for name in attrs.fields_dict(BenefitPayment)}
    assert BenefitPayment(**fields) == payment
    assert payment.amount <= 0 if payment.kind == "refund" else payment.amount >= 0


@given(testing.benefit_payments())
def test_a_payment_of_the_wrong_sign_is_refused(payment: BenefitPayment) -> None:
    """A negative benefit and a positive refund would both move the payout ratio the wrong way."""
    if payment.amount == 0:
        return
    with pytest.raises(InputError) as caught:
        attrs.evolve(payment, amount=-payment.amount)
    assert caught.value.where == "BenefitPayment.amount"
    assert "refund" in caught.value.expected


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("employer_id", ""),
        ("case_id", ""),
        ("case_id", 4),
        ("paid_on", None),
        ("paid_on", "2024-06-31"),
        ("amount", None),
        ("amount", "12 yuan"),
        ("amount", float("nan")),
        ("kind", "medicine"),
        ("kind", None),
    ],
)
def test_wrong_fields_of_a_payment_are_named(field: str, value: object) -> None:
    """As with a case."""
    fields: dict[str, object] = {
        "employer_id": "E-1",
        "case_id": "C-1",
        "paid_on": "2024-06-30",
        "amount": 1,
        "kind": "medical",
    }
    with pytest.raises(InputError) as caught:
        BenefitPayment(**(fields | {field: value}))  # type: ignore[arg-type]
    assert caught.value.where == f"BenefitPayment.{field}"


def test_kinds_of_benefit_have_words_in_both_languages() -> None:
    """Fourteen of them, none without a name to show."""
    assert len(BENEFIT_KINDS) == 14
    assert all(words.en and words.zh for words in BENEFIT_KINDS.values())
