"""The enforcement priority list of Zhejiang's measure 3: where much happens, with the figures that say so."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from injuryprev.errors import InputError, UnknownNameError
from injuryprev.measures.focusing.enforcement import enforcement_list, list_priorities, priority
from injuryprev.model import InjuryCase

RULE = priority("zhejiang-2014")


def case(key: str, employer: str, **more: object) -> InjuryCase:
    """A case of a made-up worker."""
    given = {"worker": f"w-{key}", **more}
    return InjuryCase(key, employer, occurred_on="2024-03-02", **given)  # type: ignore[arg-type]  # as each test says


CASES = [
    case("1", "many", grade=10),
    case("2", "many", grade=10),
    case("3", "many", grade=10, worker="w-2"),
    case("4", "sick", ground="14.4", grade=7),
    case("5", "sick", ground="14.4"),
    case("6", "grave", death=True),
    case("7", "grave", grade=4),
    case("8", "light", grade=5),
]


def test_what_the_measure_names_is_counted() -> None:
    """Many injuries, diseases and injured workers, high disability grades (浙人社发〔2014〕4号, measure 3)."""
    rows = {row.employer_id: row for row in enforcement_list(CASES, RULE)}
    assert dict(rows["many"].figures) == {"injuries": 3, "disease_cases": 0, "injured_workers": 2, "severe": 0}
    assert dict(rows["sick"].figures) == {"injuries": 2, "disease_cases": 2, "injured_workers": 2, "severe": 0}
    assert dict(rows["grave"].figures) == {"injuries": 2, "disease_cases": 0, "injured_workers": 2, "severe": 2}
    assert rows["light"].figures["severe"] == 0


def test_places_and_order() -> None:
    """The mean of the places orders the list (three tie here at 1.5: deaths and high grades first, then cases)."""
    rows = enforcement_list(CASES, RULE)
    assert [row.employer_id for row in rows] == ["grave", "many", "sick", "light"]
    assert dict(rows[0].places) == {"injuries": 2, "disease_cases": 2, "injured_workers": 1, "severe": 1}
    assert [row.rank for row in rows] == [1, 2, 3, 4]


def test_reasons_are_shown() -> None:
    """The figures that put an employer there, in both languages, and cases whose grade is still open."""
    rows = {row.employer_id: row for row in enforcement_list(CASES, RULE)}
    assert rows["grave"].text() == (
        "1. grave: cases: 2 (place 2); injured workers: 2 (place 1); deaths and high disability grades: 2 (place 1)"
    )
    assert "1 without a disability grade" in rows["sick"].text()
    assert "尚无伤残等级" in rows["sick"].text("zh")


@pytest.mark.parametrize(("grade", "severe"), [(1, 1), (4, 1), (5, 0), (10, 0)])
def test_a_high_grade(grade: int, severe: int) -> None:
    """Grades 1 to 4 are high here, which is assumed and marked so: the measure prints no grade."""
    [row] = enforcement_list([case("1", "E", grade=grade)], RULE)
    assert row.figures["severe"] == severe
    assert RULE.confidence_shown == "assumed"
    assert "no threshold" in RULE.note.en


@settings(max_examples=40)
@given(seed=st.integers(0, 10_000))
def test_the_order_of_cases_does_not_matter(seed: int) -> None:
    """Shuffled cases give the same list."""
    assert enforcement_list(Random(seed).sample(CASES, len(CASES)), RULE) == enforcement_list(CASES, RULE)


def test_equal_employers_stand_by_their_keys() -> None:
    """A full tie is settled by the key, so that two runs print one list."""
    rows = enforcement_list([case("1", "B", grade=9), case("2", "A", grade=9)], RULE)
    assert [row.employer_id for row in rows] == ["A", "B"]


def test_a_case_counts_once() -> None:
    """The same case twice would be two."""
    with pytest.raises(InputError, match="two cases of one id"):
        enforcement_list([case("1", "A"), case("1", "A")], RULE)


def test_rules_are_listed_and_cited() -> None:
    """The shipped rule names its document; a slip is told the nearest."""
    assert [rule.name for rule in list_priorities()] == ["zhejiang-2014"]
    assert RULE.cited[0].source.number == "浙人社发〔2014〕4号"
    with pytest.raises(UnknownNameError, match="zhejiang-2014"):
        priority("zhejiang")
