"""What must not enter as a worker's key, and what no message may repeat."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid

import attrs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from injuryprev import testing
from injuryprev.errors import InputError
from injuryprev.model import BenefitPayment, Employer, InjuryCase, opaque_key
from injuryprev.model.privacy import holds_identity_number, is_identity_number

PLACES = st.sampled_from(("110101", "330106", "210202", "653101", "810000"))
BIRTHDAYS = st.dates(dt.date(1930, 1, 1), dt.date(2010, 12, 31))
WRAPPERS = st.sampled_from(("{}", "w-{}", "{}-1", "ID{}", "{}#x", "{} ", "W_{}_"))


@st.composite
def identity_numbers(draw: st.DrawFn, *, checked: bool = False) -> str:
    """Numbers of the shape of a resident identity number; with ``checked`` the last character is true."""
    head = draw(PLACES) + f"{draw(BIRTHDAYS):%Y%m%d}" + f"{draw(st.integers(0, 999)):03d}"
    if not checked:
        return head + draw(st.sampled_from("0123456789Xx"))
    return next(head + sign for sign in "0123456789X" if is_identity_number(head + sign))


def spaced(number: str) -> str:
    """The number in its four groups, as people write it."""
    return f"{number[:6]} {number[6:14]} {number[14:]}"


@given(identity_numbers(), WRAPPERS)
def test_identity_numbers_are_refused_and_not_repeated(number: str, wrapper: str) -> None:
    """An identity number, right or mistyped, alone or inside a key, is refused, and the error does not show it."""
    with pytest.raises(InputError) as caught:
        InjuryCase("C-1", "E-1", wrapper.format(number), "2024-01-01")
    assert caught.value.where == "InjuryCase.worker"
    assert number not in str(caught.value)
    assert number not in repr(caught.value.seen)


@given(identity_numbers())
def test_other_ways_to_write_an_identity_number_are_refused(number: str) -> None:
    """Groups, full-width digits and a number that is no text do not get round the check."""
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in number)
    for key in (spaced(number), wide, number.replace("X", "0").replace("x", "0") and int(number[:17])):
        with pytest.raises(InputError) as caught:
            opaque_key(key)
        assert str(key) not in str(caught.value)


@pytest.mark.parametrize(
    ("key", "problem"),
    [
        ("330106900101123", "15 digits"),
        ("13800138000", "telephone"),
        ("+86 138-0013-8000", "telephone"),
        ("someone@example.org", "mail"),
        ("张三", "name"),
        ("工人-17", "name"),
        ("José7", "name"),
        ("Zhang San", "name"),
        ("ZhangSan", "name"),
        ("zhang_san", "name"),
        ("ZHANG-SAN", "name"),
        ("Li, Wei", "name"),
        ("", "not an opaque key"),
        (" w1", "not an opaque key"),
        ("w 1", "not an opaque key"),
        ("w1\n", "not an opaque key"),
        ("w" * 129, "not an opaque key"),
    ],
)
def test_keys_that_read_as_a_person_are_refused(key: str, problem: str) -> None:
    """Each kind of personal datum is refused with its own reason, and the message says what would do."""
    with pytest.raises(InputError) as caught:
        opaque_key(key)
    assert problem in caught.value.what
    assert "opaque key" in caught.value.expected
    assert not key or repr(key) not in str(caught.value)


@pytest.mark.parametrize("key", [None, 17, 3.5, b"w1", ["w1"], True])
def test_a_key_that_is_no_text_is_refused_without_showing_it(key: object) -> None:
    """A number in place of text may be an identity number, so only its type is shown."""
    with pytest.raises(InputError, match=rf"seen: '\({type(key).__name__}\)'"):
        opaque_key(key)


@given(
    testing.worker_keys() | st.uuids().map(str) | st.binary(min_size=1).map(lambda raw: hashlib.sha256(raw).hexdigest())
)
@example(str(uuid.UUID(int=13800138000)))
@example("w1")
@example("A")
def test_opaque_keys_pass_unchanged(key: str) -> None:
    """Numbered keys, UUIDs and hashes are taken as they are."""
    assert opaque_key(key) == key


@given(testing.cases())
def test_the_repr_of_a_case_shows_keys_alone(case: InjuryCase) -> None:
    """Nothing but three keys is in the repr: no day, no grade, no ground, no words."""
    assert repr(case) == f"InjuryCase(id={case.id!r}, employer_id={case.employer_id!r}, worker={case.worker!r})"


@given(testing.benefit_payments())
def test_the_repr_of_a_payment_shows_keys_alone(payment: BenefitPayment) -> None:
    """What was paid for whose injury is nobody's business in a log."""
    assert repr(payment) == f"BenefitPayment(employer_id={payment.employer_id!r}, case_id={payment.case_id!r})"


@given(testing.employers(), st.text("xyz", min_size=20))
def test_the_repr_of_an_employer_hides_its_name(employer: Employer, name: str) -> None:
    """The name of a shop is often its owner's."""
    named = attrs.evolve(employer, kind="ordinary", name=name)
    assert name not in repr(named)


@given(identity_numbers(checked=True), st.sampled_from(("{}", "伤者{}", "no. {}, line 2", "({})")))
def test_free_text_with_an_identity_number_is_refused(number: str, around: str) -> None:
    """Circumstances, trade and post take words, not identity numbers, grouped or not."""
    for field in ("circumstances", "trade", "post"):
        for written in (number, spaced(number)):
            with pytest.raises(InputError) as caught:
                InjuryCase("C-1", "E-1", "w-1", "2024-01-01", **{field: around.format(written)})  # type: ignore[arg-type]
            assert caught.value.where == f"InjuryCase.{field}"
            assert number not in str(caught.value)
            assert written not in str(caught.value)


@given(identity_numbers(checked=True))
def test_a_column_too_many_spills_nothing(number: str) -> None:
    """An identity number in any other field is refused there, and not shown either."""
    for fields in (
        {"occurred_on": number},
        {"ground": number},
        {"grade": number},
        {"grade": int(number[:17] + "0") if number.endswith("X") else int(number)},
        {"days_lost": number},
        {"id": number},
        {"employer_id": number},
    ):
        given_fields: dict[str, object] = {
            "id": "C-1",
            "employer_id": "E-1",
            "worker": "w-1",
            "occurred_on": "2024-01-01",
        }
        with pytest.raises(InputError) as caught:
            InjuryCase(**(given_fields | fields))  # type: ignore[arg-type]
        assert number not in str(caught.value)
    with pytest.raises(InputError) as refused:
        Employer("E-1", credit_code=number)
    assert number not in str(refused.value)


def test_long_numbers_that_are_none_pass_in_text() -> None:
    """A number of an order or a day with digits around it is not taken for an identity number."""
    assert not holds_identity_number("order 202405011234567890, 2024-05-01")
    assert not holds_identity_number("serial 360426199101010072")
