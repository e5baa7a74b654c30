"""What holds for all typed objects: they cannot be changed, travel between processes, and never fail unexpectedly."""

from __future__ import annotations

import copy
import datetime as dt
import pickle
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from injuryprev import testing
from injuryprev.errors import InputError
from injuryprev.model import Ground, Industry, RateTier
from injuryprev.units import Period

OBJECTS = st.one_of(
    testing.employers(),
    testing.industries(),
    testing.exposures(),
    testing.contributions_paid(),
    testing.grounds(),
    testing.cases(),
    testing.benefit_payments(),
    testing.employer_events(),
    testing.recognitions(),
    testing.histories(),
    testing.ladders(),
)
ANYTHING: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from((10**18, -(10**300))),
    st.floats(),
    st.decimals(),
    st.fractions(),
    st.text(max_size=20),
    st.text("0123456789.-X年月条第", max_size=20),
    st.binary(max_size=5),
    st.dates(),
    st.datetimes(),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
    st.sampled_from((object(), object, Ground(14, 1), Industry("06", "2017"), RateTier(0, 1), Period("2024-01-01"))),
    OBJECTS,
)


@given(OBJECTS)
def test_objects_travel_and_compare(thing: Any) -> None:
    """Pickled, copied, evolved and hashed, each is still itself."""
    for twin in (pickle.loads(pickle.dumps(thing)), copy.deepcopy(thing), attrs.evolve(thing)):  # noqa: S301  # our own bytes
        assert twin == thing
        assert hash(twin) == hash(thing)


@given(OBJECTS, st.data())
def test_objects_cannot_be_changed(thing: Any, data: st.DataObject) -> None:
    """No field can be set or deleted, and no field added."""
    name = data.draw(st.sampled_from([*attrs.fields_dict(type(thing)), "surprise"]))
    with pytest.raises((attrs.exceptions.FrozenInstanceError, AttributeError)):
        setattr(thing, name, None)
    with pytest.raises((attrs.exceptions.FrozenInstanceError, AttributeError)):
        delattr(thing, name)


@given(OBJECTS, ANYTHING, st.data())
def test_a_field_replaced_by_anything_is_taken_or_refused_properly(thing: Any, value: Any, data: st.DataObject) -> None:
    """Whatever is put in, the answer is a valid object or an InputError that names a place of the class."""
    fields = attrs.fields_dict(type(thing))
    name = data.draw(st.sampled_from(sorted(fields)))
    try:
        changed = attrs.evolve(thing, **{name: value})
    except InputError as refusal:
        error = refusal
    else:
        assert attrs.evolve(changed) == changed
        for field in fields:
            assert not isinstance(getattr(changed, field), (float, Fraction, list, dt.datetime))
            kept = getattr(changed, field)
            assert not isinstance(kept, Decimal) or kept.is_finite()
        return
    assert error.where.split(".")[0].split(" ")[0] == type(thing).__name__
    assert error.what
    assert error.expected
    assert "\n" not in error.message


@given(OBJECTS)
def test_a_repr_is_one_line(thing: Any) -> None:
    """A repr goes into logs."""
    assert "\n" not in repr(thing)
    assert type(thing).__name__ in repr(thing)


@given(OBJECTS)
def test_a_number_without_end_is_refused_too(thing: Any) -> None:
    """Python refuses to print an enormous int, and an error that could not be worded would be no InputError."""
    for name in attrs.fields_dict(type(thing)):
        with pytest.raises(InputError) as caught:
            attrs.evolve(thing, **{name: 10**5000})
        assert len(str(caught.value)) < 1000
