"""Numbers, days, periods and units: what everything else stands on."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from injuryprev.errors import InputError
from injuryprev.units import (
    ANY,
    UNIT_NAMES,
    Period,
    Unit,
    add_months,
    as_date,
    exact,
    finite_places,
    to_decimal,
    unit,
    whole_months,
)

MEASURED = ("money", "persons", "cases", "hours", "days", "months", "steps", "points")
dates = st.dates(dt.date(1990, 1, 1), dt.date(2050, 12, 31))
spans = st.tuples(dates, st.none() | st.integers(1, 2000)).map(
    lambda drawn: Period(drawn[0], None if drawn[1] is None else drawn[0] + dt.timedelta(days=drawn[1]))
)


# Numbers


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4) | st.integers() | st.fractions())
def test_a_number_is_read_as_itself(value: Decimal | int | Fraction) -> None:
    """No digit is lost and none is added."""
    assert exact(value) == value


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_is_its_shortest_text(value: float) -> None:
    """What a person typed is what is meant, not the binary fraction next to it."""
    assert exact(value) == Fraction(repr(value))


@pytest.mark.parametrize(
    "value",
    [
        True,
        None,
        "",
        "a",
        "1,5",
        "nan",
        "inf",
        "1e9999",
        float("nan"),
        float("inf"),
        Decimal("NaN"),
        Decimal("-Infinity"),
        Decimal("1E+999999999"),
        Decimal("1E-999999999"),
        "0x1",
        [],
        b"1",
        1j,
    ],
    ids=repr,
)
def test_what_is_no_finite_number_is_refused(value: object) -> None:
    """With the place that was asked for and the value seen; what would only hang is no number either."""
    with pytest.raises(InputError, match="not a finite number") as caught:
        exact(value, where="Exposure.insured")
    assert caught.value.where == "Exposure.insured"


@given(st.integers(-(10**40), 10**40), st.integers(0, 12))
def test_a_finite_decimal_goes_there_and_back(digits: int, places: int) -> None:
    """However long it is."""
    value = Fraction(digits, 10**places)
    found = finite_places(value)
    assert found is not None
    assert found <= places
    assert Fraction(to_decimal(value)) == value


@given(st.fractions(max_denominator=1000))
def test_a_decimal_ends_where_twos_and_fives_are_all(value: Fraction) -> None:
    """And nowhere else; such a fraction is refused rather than rounded in silence."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    assert (finite_places(value) is None) == (rest != 1)
    if rest != 1:
        with pytest.raises(InputError, match="not a finite decimal"):
            to_decimal(value)


# Days and periods


@pytest.mark.parametrize(
    "value",
    ["2024-02-30", "2024-1-1", "20240101", "2024/01/01", "", dt.datetime(2024, 1, 1), 20240101, None],  # noqa: DTZ001
)
def test_what_is_no_day_is_refused(value: object) -> None:
    """A moment is no day, and the 30th of February is none."""
    with pytest.raises(InputError, match="not a day of the calendar"):
        as_date(value)


@given(spans, dates)
def test_a_period_holds_its_first_day_and_not_its_last(period: Period, day: dt.date) -> None:
    """Half-open: the next period begins on the day this one ends."""
    assert period.since in period
    if period.until is not None:
        assert period.until not in period
        assert period.until - dt.timedelta(days=1) in period
        assert period.days == (period.until - period.since).days
    assert (day in period) == (period.since <= day and (period.until is None or day < period.until))


@given(spans, spans, dates)
def test_a_day_is_in_the_common_part_if_it_is_in_both(one: Period, other: Period, day: dt.date) -> None:
    """And in no common part if there is none."""
    common = one.intersect(other)
    assert (common is not None and day in common) == (day in one and day in other)
    assert common == other.intersect(one)


@pytest.mark.parametrize("until", ["2024-01-01", "2023-12-31"])
def test_a_period_ends_after_it_begins(until: str) -> None:
    """An empty period is a mistake, not a period."""
    with pytest.raises(InputError, match="must end after it begins"):
        Period("2024-01-01", until)


def test_an_open_period_has_no_number_of_days() -> None:
    """Nothing is counted to a today that nobody gave."""
    with pytest.raises(InputError, match="open period"):
        _ = Period("2024-01-01").days
    assert str(Period("2024-01-01")) == "[2024-01-01, …)"


@given(dates, st.integers(-240, 240))
def test_months_are_added_and_counted_back(day: dt.date, months: int) -> None:
    """From the first days of a month nothing is cut, so counting undoes adding."""
    day = day.replace(day=min(day.day, 28))
    later = add_months(day, months)
    assert later.day == day.day
    assert whole_months(day, later) == months
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months


@pytest.mark.parametrize(
    ("since", "until", "months"),
    [
        ("2024-01-15", "2024-02-14", 0),
        ("2024-01-15", "2024-02-15", 1),
        ("2023-12-31", "2024-12-30", 11),
        ("2024-03-01", "2024-01-01", -2),
    ],
)
def test_a_month_is_complete_on_its_day(since: str, until: str, months: int) -> None:
    """The day before, it is not."""
    assert whole_months(as_date(since), as_date(until)) == months


# Units


@pytest.mark.parametrize("name", UNIT_NAMES)
def test_a_unit_fits_itself_and_reads_as_its_name(name: str) -> None:
    """Every name of the list."""
    assert unit(name).fits(unit(name))
    assert str(unit(name)) == name


@pytest.mark.parametrize(
    "name", ["", "euro", "Money", "money/", "/money", "money/money/money", "class/persons", "flag/flag"]
)
def test_a_name_outside_the_list_is_refused(name: str) -> None:
    """Classes and flags are nothing to divide."""
    with pytest.raises(InputError, match="not a unit"):
        unit(name)


@given(st.sampled_from(UNIT_NAMES), st.sampled_from(UNIT_NAMES))
def test_fitting_is_mutual(one: str, other: str) -> None:
    """What may be added to a thing, that thing may be added to."""
    assert unit(one).fits(unit(other)) == unit(other).fits(unit(one))


@pytest.mark.parametrize("one", MEASURED)
@pytest.mark.parametrize("other", MEASURED)
def test_what_is_measured_differently_is_not_added(one: str, other: str) -> None:
    """Cases are no persons, though both are counted; both are no plain numbers."""
    assert unit(one).fits(unit(other)) == (one == other)
    assert not unit(one).fits(unit("fraction"))


@pytest.mark.parametrize("one", MEASURED)
@pytest.mark.parametrize("other", MEASURED)
def test_a_quotient_times_its_divisor_is_what_was_divided(one: str, other: str) -> None:
    """And a thing over itself, or cases over persons, is a plain fraction."""
    quotient = unit(one).times(unit(other), -1)
    assert quotient.times(unit(other)).dims == unit(one).dims
    assert quotient.fits(unit(f"{one}/{other}"))
    counts = {"cases", "persons"}
    assert quotient.fits(unit("fraction")) == (one == other or {one, other} <= counts)


@pytest.mark.parametrize("name", MEASURED)
def test_a_plain_number_scales_and_changes_nothing_else(name: str) -> None:
    """A literal fits wherever a number stands, and nowhere else."""
    assert unit(name).times(unit("fraction")) == unit(name)
    assert unit("number").times(unit(name)) == unit(name)
    assert ANY.fits(unit(name))
    assert unit("class").fits(ANY)
    assert not ANY.fits(unit("flag"))
    assert not unit("category").fits(ANY)


def test_a_worked_out_unit_can_be_read() -> None:
    """In the message of an error."""
    assert str(unit("money").times(unit("months"), -1)) == "money/months"
    assert str(unit("money").times(unit("money"))) == "money^2"
    assert str(Unit("", (("money", -2),))) == "1/money^2"
