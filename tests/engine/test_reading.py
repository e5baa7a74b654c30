"""How a given value is read: exactly, or not at all with the reason that fits."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from tiny import define, policy

from injuryprev import Reason, Unknown, Words

INPUTS = """
[inputs]
sum = { unit = "money", range = [-1000, 1000], step = 0.01 }
share = { unit = "fraction", range = [0, 1], step = "1/12" }
lots = { unit = "persons", range = [0, 4000000000000000000] }
count = { unit = "cases", range = [0, 9], absent = 0 }
flag = { unit = "flag" }
kind = { unit = "category", choices = { a = "A", b = "B" } }
"""
RULES = {
    name: policy(define(name, unit=unit, more=more), inputs=INPUTS)
    for name, unit, more in [
        ("sum", "money", ""),
        ("share", "fraction", 'round = { to = 0.0001, mode = "half_up" }'),
        ("lots", "persons", ""),
        ("count", "cases", ""),
        ("flag", "flag", ""),
        ("kind", "category", 'choices = { a = "A", b = "B" }'),
    ]
}


def read(name: str, value: object) -> object:
    """What an input is read as: its value, or the code of the one reason why not."""
    found = RULES[name].evaluate(**{name: value})["out"]
    if isinstance(found, Unknown):
        (code,) = found.codes
        assert code.endswith(f":{name}")
        return code.partition(":")[0]
    return found


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, Decimal(0)),
        (-1000, Decimal(-1000)),
        (1000, Decimal(1000)),
        (1001, "out_of_range"),
        (10**4000, "out_of_range"),
        (-(10**4000), "out_of_range"),
        (True, "unreadable"),
        (False, "unreadable"),
        (None, "missing"),
        (Decimal("12.34"), Decimal("12.34")),
        (Decimal("12.340"), Decimal("12.34")),
        (Decimal("12.345"), "too_fine"),
        (Decimal("1E+2"), Decimal(100)),
        (Decimal("1E+400"), "out_of_range"),
        (Decimal("-1E+999999"), "out_of_range"),
        (Decimal("1E-400"), "too_fine"),
        (Decimal("1E-999999"), "too_fine"),
        (Decimal("0E+400"), Decimal(0)),
        (Decimal("0E-400"), Decimal(0)),
        (Decimal("-0"), Decimal(0)),
        (Decimal("NaN"), "unreadable"),
        (Decimal("sNaN"), "unreadable"),
        (Decimal("Infinity"), "unreadable"),
        (Fraction(1, 4), Decimal("0.25")),
        (Fraction(1, 3), "too_fine"),
        (Fraction(3001, 3), "out_of_range"),
        (0.1, Decimal("0.1")),
        (1.005, "too_fine"),
        (0.1 + 0.2, "too_fine"),
        (1e300, "out_of_range"),
        (-1e300, "out_of_range"),
        (5e-324, "too_fine"),
        (-0.0, Decimal(0)),
        (float("inf"), "out_of_range"),
        (float("-inf"), "out_of_range"),
        (float("nan"), "missing"),
        ("12.34", Decimal("12.34")),
        ("  12.34\n", Decimal("12.34")),
        ("+.5", Decimal("0.5")),
        ("5.", Decimal(5)),
        ("-0.00", Decimal(0)),
        ("00012", Decimal(12)),
        ("12.345", "too_fine"),
        ("1000.001", "out_of_range"),
        ("-1000.001", "out_of_range"),
        ("9" * 5000, "out_of_range"),
        ("0." + "0" * 5000 + "1", "too_fine"),
        ("", "unreadable"),
        ("   ", "unreadable"),
        (".", "unreadable"),
        ("1,000", "unreadable"),
        ("1 000", "unreadable"),
        ("1_000", "unreadable"),
        ("1e2", "unreadable"),
        ("1e400", "unreadable"),
        ("nan", "unreadable"),
        ("inf", "unreadable"),
        ("12%", "unreadable"),
        ("0x10", "unreadable"),
        ("--5", "unreadable"),
        ("１２", "unreadable"),
        ("十二", "unreadable"),
        ([12], "unreadable"),
        (b"12", "unreadable"),
        (12j, "unreadable"),
        (object, "unreadable"),
    ],
    ids=lambda value: ascii(value)[:24],
)
def test_a_number_is_read_exactly_or_not_at_all(value: object, expected: object) -> None:
    """Whatever kind of value is given, it is the number it says, or unknown for the reason that fits."""
    assert read("sum", value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Fraction(1, 12), Decimal("0.0833")),
        (1 / 12, Decimal("0.0833")),
        ("0.5", Decimal("0.5")),
        ("0.0833", "too_fine"),
    ],
)
def test_a_step_need_not_be_a_decimal(value: object, expected: object) -> None:
    """A twelfth may be given as the float that lies nearest to it, since no decimal text is it."""
    assert read("share", value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (4 * 10**18, Decimal(4 * 10**18)),
        (str(4 * 10**18), Decimal(4 * 10**18)),
        (2.0**62, "out_of_range"),
        (2.0**60, "too_fine"),
        (2.0**40, Decimal(2**40)),
    ],
)
def test_a_float_is_refused_where_it_cannot_tell_two_neighbours_apart(value: object, expected: object) -> None:
    """Beyond some 10^15 steps a double is no longer one whole number."""
    assert read("lots", value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, True),
        (False, False),
        (1, True),
        (0, False),
        ("true", True),
        ("false", False),
        (2, "unreadable"),
        (-1, "unreadable"),
        ("yes", "unreadable"),
        (" true ", "unreadable"),
        (1.0, True),
        (0.0, False),
        (0.5, "unreadable"),
        (float("nan"), "missing"),
        (None, "missing"),
    ],
)
def test_a_flag_is_true_or_false(value: object, expected: object) -> None:
    """Or 1 or 0, as a float too, or the words; nothing else is taken for one of them."""
    assert read("flag", value) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [("a", "a"), ("b", "b"), ("A", "unreadable"), ("a ", "unreadable"), (0, "unreadable")]
)
def test_a_category_is_one_of_its_words(value: object, expected: object) -> None:
    """Letter by letter: a word that is not declared is not guessed at."""
    assert read("kind", value) == expected


def test_the_integers_of_numpy_are_integers() -> None:
    """A figure taken out of an array is read as one typed in."""
    numpy = pytest.importorskip("numpy")
    assert read("sum", numpy.int64(12)) == 12
    assert read("sum", numpy.uint8(200)) == 200
    assert read("sum", numpy.float64(0.1)) == Decimal("0.1")
    assert read("sum", numpy.float64("nan")) == "missing"
    assert read("sum", numpy.bool_(True)) == "unreadable"


@pytest.mark.parametrize(("value", "expected"), [(None, 0), (3, 3), ("x", "unreadable"), (10, "out_of_range")])
def test_absence_stands_in_for_nothing_but_absence(value: object, expected: object) -> None:
    """A value that was given and is no use stays unknown, though not giving one would mean zero."""
    assert read("count", value) == expected


def test_a_given_unknown_keeps_its_own_reason() -> None:
    """What the giver said of it is what the result says."""
    reason = Reason("not_supplied", "sum", Words("no accounts were handed in"))
    found = RULES["sum"].evaluate(sum=Unknown((reason,)))["out"]
    assert isinstance(found, Unknown)
    assert found.reasons == (reason,)
