"""Industry codes belong to an edition."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from injuryprev import testing
from injuryprev.errors import InputError
from injuryprev.model import EDITIONS, Industry, divisions
from injuryprev.model.industry import sections


@given(testing.industries())
def test_an_industry_is_itself_when_read_again(industry: Industry) -> None:
    """Code and edition survive, the division is two digits of the edition, and the section fits."""
    assert Industry(industry.code, industry.edition) == industry
    assert industry.division in divisions(industry.edition)
    assert industry.division in sections(industry.edition)[industry.section]
    assert str(industry) == f"{industry.code} ({industry.edition})"


@given(st.sampled_from(EDITIONS), st.sampled_from("ABCDEFGHIJKLMNOPQRST"), st.integers(0, 99))
def test_a_letter_must_fit_the_division(edition: str, letter: str, number: int) -> None:
    """A code with a letter is taken exactly when the edition has the division in that section."""
    code = f"{letter}{number:02d}"
    if code[1:] in sections(edition)[letter]:
        assert Industry(code, edition).section == letter
    else:
        with pytest.raises(InputError, match="from 79 on the divisions of the 2017 edition") as caught:
            Industry(code, edition)
        assert caught.value.where == "Industry.code"


def test_2017_is_one_higher_after_78() -> None:
    """The trap itself: the same two digits are another section, from 79 to the end."""
    for number in range(1, 79):
        code = f"{number:02d}"
        assert Industry(code, EDITIONS[1]).section == Industry(code, EDITIONS[2]).section
    for number in range(79, 97):
        old, new = Industry(f"{number:02d}", EDITIONS[1]), Industry(f"{number + 1:02d}", EDITIONS[2])
        assert old.section == new.section


def test_a_code_of_the_wrong_edition_names_the_right_one() -> None:
    """The error gives both ways out: the section of this edition, or the edition of this section."""
    with pytest.raises(InputError, match=r"expected: Q83, or edition GB/T 4754-2017") as caught:
        Industry("P83", "2011")
    assert caught.value.seen == "P83"
    with pytest.raises(
        InputError, match="has no division 97; seen: '97'; expected: edition GB/T 4754-2002 or GB/T 4754-2017"
    ):
        Industry("97", "2011")


@pytest.mark.parametrize("edition", ["GB/T 4754-2011", "GB/T4754-2011", "GB/T 4754—2011", " 2011 "])
def test_an_edition_may_be_written_in_several_ways(edition: str) -> None:
    """Blanks, dashes and the bare year lead to one name."""
    assert Industry("06", edition).edition == "GB/T 4754-2011"


@pytest.mark.parametrize("edition", [None, "", "GB/T 4754", "GB/T 4754-1994", "GB/T 4754-2018", "2021", 2011, "ISIC 4"])
def test_other_editions_are_refused(edition: object) -> None:
    """An edition is never assumed, and a number is no text."""
    with pytest.raises(InputError) as caught:
        Industry("06", edition)  # type: ignore[arg-type, unused-ignore]
    assert caught.value.where == "Industry.edition"
    assert "GB/T 4754-2017" in caught.value.expected


@pytest.mark.parametrize("code", [None, 6, 6.0, "", "6", "B6", "06100", "B06100", "V06", "B", "0６", "B 06", "六"])
def test_other_codes_are_refused(code: object) -> None:
    """Above all the number 6, which has lost its zero."""
    with pytest.raises(InputError) as caught:
        Industry(code, "2017")  # type: ignore[arg-type, unused-ignore]
    assert caught.value.where == "Industry.code"


def test_the_divisions_are_those_of_the_published_table() -> None:
    """Each edition has as many divisions as its standard says, 95, 96 and 97, without one twice."""
    for edition, count in zip(EDITIONS, (95, 96, 97), strict=True):
        assert len(set(divisions(edition))) == len(divisions(edition)) == count


def test_the_2011_divisions_are_those_of_the_risk_class_table() -> None:
    """Where a profile ships the table of industry classes, it covers the divisions of its edition exactly."""
    tables = list(Path(__file__).parents[2].glob("src/injuryprev/profiles/**/*risk_classes_2015.csv"))
    for table in tables:
        with table.open(encoding="utf-8") as file:
            assert sorted(row["gbt4754_2011_division"] for row in csv.DictReader(file)) == sorted(
                divisions(EDITIONS[1])
            )
