"""Employers, their credit codes and their further facts."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from injuryprev import testing
from injuryprev.errors import InputError
from injuryprev.model import EMPLOYER_KINDS, EMPLOYER_SIZES, Employer, Facts, Industry, credit_code

SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@given(testing.credit_codes())
def test_credit_codes_are_taken_with_blanks_and_small_letters(code: str) -> None:
    """As people write them; what is kept is the plain code."""
    assert Employer("E-1", credit_code=f" {code[:8]}-{code[8:].lower()} ").credit_code == code


@given(testing.credit_codes(), st.integers(0, 17), st.sampled_from(SIGNS))
def test_one_wrong_character_is_always_found(code: str, place: int, sign: str) -> None:
    """The check character catches every single replacement."""
    assume(code[place] != sign)
    with pytest.raises(InputError) as caught:
        Employer("E-1", credit_code=code[:place] + sign + code[place + 1 :])
    assert caught.value.where == "Employer.credit_code"
    assert caught.value.source == "GB 32100-2015"


@given(testing.credit_codes(), st.integers(0, 16))
def test_neighbours_exchanged_are_found(code: str, place: int) -> None:
    """The commonest slip of the hand is caught too."""
    left, right = code[place], code[place + 1]
    assume(left != right)
    with pytest.raises(InputError):
        credit_code(code[:place] + right + left + code[place + 2 :])


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("", "wrong length"),
        ("9111000060003734", "wrong length"),
        ("91110000600037341LL", "wrong length"),
        ("911100006000373410", "check character"),
        ("9111000060003734IL", "out of place"),
        ("9111000O600037341L", "out of place"),
        ("B1110000600037341L", "out of place"),
        ("张三", "wrong length"),
        (911100006000373411, "another kind"),
    ],
)
def test_what_is_wrong_with_a_code_is_said(code: object, what: str) -> None:
    """Length, alphabet and check character have messages of their own."""
    with pytest.raises(InputError) as caught:
        Employer("E-1", credit_code=code)  # type: ignore[arg-type]
    assert what in caught.value.what


@pytest.mark.parametrize("letter", ["A", "N", "Y"])
def test_registering_bodies_with_a_letter_have_codes_too(letter: str) -> None:
    """Rural collectives and others begin with a letter; a mistyped one is refused all the same."""
    fitting = [sign for sign in SIGNS if _passes(f"{letter}233010660003734{'1'}{sign}")]
    assert len(fitting) == 1


def _passes(code: str) -> bool:
    try:
        return credit_code(code) == code
    except InputError:
        return False


@given(testing.employers())
def test_an_employer_reads_its_own_fields(employer: Employer) -> None:
    """Building it again from its fields changes nothing."""
    fields = {name: getattr(employer, name) for name in attrs.fields_dict(Employer)}
    assert Employer(**fields) == employer


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", ""),
        ("id", " E-1"),
        ("id", 17),
        ("id", None),
        ("id", "E\n1"),
        ("industry", "06"),
        ("industry", ("06", "2017")),
        ("kind", "Ordinary"),
        ("kind", None),
        ("kind", ["ordinary"]),
        ("subclass", ""),
        ("area", 3),
        ("insured_since", "2024-02-30"),
        ("insured_since", "1900-01-01"),
        ("insured_since", "9999-12-31"),
        ("insured_since", 45000),
        ("insured_since", "01/02/2024"),
        ("risk_class", 0),
        ("risk_class", -1),
        ("risk_class", "1.5"),
        ("risk_class", True),
        ("risk_class", "one"),
        pytest.param("risk_class", 10**5000, id="risk_class-huge"),
        ("size", "huge"),
        ("name", ""),
        ("name", "   "),
        ("facts", None),
        ("facts", [("a", 1)]),
    ],
)
def test_wrong_fields_are_named(field: str, value: object) -> None:
    """Every refusal names class and field and says what would do."""
    fields: dict[str, object] = {"id": "E-1", field: value}
    with pytest.raises(InputError) as caught:
        Employer(**fields)  # type: ignore[arg-type]
    assert caught.value.where == f"Employer.{field}"
    assert caught.value.expected


def test_a_mistyped_choice_is_answered_with_the_nearest() -> None:
    """The message offers the valid name, and lists all."""
    with pytest.raises(InputError, match="did you mean 'household'") as caught:
        Employer("E-1", kind="houshold")
    assert all(kind in caught.value.expected for kind in EMPLOYER_KINDS)
    with pytest.raises(InputError, match="did you mean 'medium'"):
        Employer("E-1", size="mediun")
    assert set(EMPLOYER_SIZES) == {"large", "medium", "small", "micro"}


def test_a_household_has_no_name() -> None:
    """It would be a person's; the message does not repeat it."""
    with pytest.raises(InputError, match="a household's name is a person's name") as caught:
        Employer("E-1", kind="household", name="Fictional Person")
    assert "Fictional" not in str(caught.value)


@pytest.mark.parametrize(
    "value", [0.5, None, Fraction(1, 3), Decimal("NaN"), Decimal("Infinity"), 10**300, [], "", b"x", 1j]
)
def test_facts_take_exact_values_only(value: object) -> None:
    """A float is not exact, None is said by leaving the name out, and text must say something."""
    with pytest.raises(InputError) as caught:
        Employer("E-1", facts={"hours": value})  # type: ignore[dict-item]
    assert caught.value.where == "Employer.facts['hours']"


@pytest.mark.parametrize("name", ["", "Hours", "a b", "a__b", "_a", "1a", "工时", 3, None])
def test_facts_have_names_as_profiles_write_them(name: object) -> None:
    """Other names could never be found by a profile."""
    with pytest.raises(InputError) as caught:
        Employer("E-1", facts={name: 1})  # type: ignore[dict-item]
    assert caught.value.where.startswith("Employer.facts")


def test_facts_do_not_change_with_the_dict_they_came_from() -> None:
    """They are copied, equal to the plain mapping, hashable, and offer no way to write."""
    given_facts: dict[str, int | Decimal | str | bool] = {"b": 2, "a": Decimal("1.50")}
    employer = Employer("E-1", facts=given_facts)
    given_facts["b"] = 3
    assert employer.facts == {"a": Decimal("1.5"), "b": 2}
    assert employer.facts["b"] == 2
    assert len(employer.facts) == 2
    assert hash(employer.facts) == hash(Facts({"a": Decimal("1.5"), "b": 2}))
    with pytest.raises(TypeError):
        employer.facts["b"] = 4  # type: ignore[index]


def test_the_model_is_light() -> None:
    """Importing it loads neither stdnum nor hypothesis nor any dataframe library; a credit code does load stdnum."""
    code = (
        "import sys, injuryprev.model as m\n"
        "heavy = {'stdnum', 'hypothesis', 'cattrs', 'pandas', 'polars', 'pyarrow', 'narwhals'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
        "m.Employer('E-1', m.Industry('06', '2017'))\n"
        "assert 'stdnum' not in sys.modules\n"
        "m.credit_code('91110000600037341L')\n"
        "assert 'stdnum' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_text_in_place_of_an_industry_says_what_belongs_there() -> None:
    """The likeliest slip is the bare code, without its edition."""
    with pytest.raises(InputError, match="expected: Industry"):
        Employer("E-1", "06")  # type: ignore[arg-type]
    assert Employer("E-1", Industry("06", "2017")).industry == Industry("06", "2017")
