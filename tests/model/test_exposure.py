"""Exposure and contributions."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from injuryprev import testing
from injuryprev.errors import InputError
from injuryprev.model import ContributionPaid, Exposure
from injuryprev.units import Number, Period

YEAR = Period.year(2024)


@given(testing.exposures())
def test_an_exposure_reads_its_own_fields(row: Exposure) -> None:
    """Figures stay what they were, unknown stays unknown, zero stays zero."""
    again = Exposure(row.employer_id, row.period, row.insured, row.payroll, row.hours)
    assert again == row
    assert hash(again) == hash(row)


@given(testing.contributions_paid())
def test_a_contribution_reads_its_own_fields(row: ContributionPaid) -> None:
    """Building it again changes nothing."""
    assert ContributionPaid(row.employer_id, row.period, row.amount, row.paid_on) == row


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=10**12, places=6))
def test_every_way_to_give_a_number_is_exact(value: Decimal) -> None:
    """Decimal, text, fraction and int give the same figure, to the last place."""
    ways: list[Number] = [value, str(value), f" {value} ", Fraction(value)]
    if value == int(value):
        ways.append(int(value))
    figures = [Exposure("E-1", YEAR, insured=way).insured for way in ways]
    assert all(isinstance(figure, Decimal) and figure == value for figure in figures)


@given(st.floats(0, 10**9))
def test_a_float_is_its_shortest_text(value: float) -> None:
    """0.1 is one tenth, not what binary made of it; only a float of next to nothing is refused."""
    if value and value < 1e-29:
        return
    assert Exposure("E-1", YEAR, hours=value).hours == Decimal(repr(value))


BAD_NUMBERS = [
    "-1",
    -1,
    Decimal("-0.01"),
    -0.5,
    float("nan"),
    float("inf"),
    Decimal("NaN"),
    Decimal("sNaN"),
    Decimal("-Infinity"),
    "",
    "twelve",
    "1,000",
    "1_000",
    "12%",
    True,
    [],
    b"1",
    Fraction(1, 3),
    10**18,
    10**5000,
    "1e999",
    Decimal("1e999999999"),
    Decimal("1e-999999999"),
    "1e-40",
]


@pytest.mark.parametrize("field", ["insured", "payroll", "hours"])
@pytest.mark.parametrize(
    "value", BAD_NUMBERS, ids=lambda value: repr(value)[:20] if not isinstance(value, int) else "int"
)
def test_wrong_figures_of_exposure_are_named(field: str, value: object) -> None:
    """Negative, endless, worded and monstrous figures are refused quickly, by field."""
    with pytest.raises(InputError) as caught:
        Exposure("E-1", YEAR, **{field: value})  # type: ignore[arg-type]
    assert caught.value.where == f"Exposure.{field}"
    assert caught.value.expected


@pytest.mark.parametrize(
    "value", [*BAD_NUMBERS, None], ids=lambda value: repr(value)[:20] if not isinstance(value, int) else "int"
)
def test_wrong_amounts_of_contribution_are_named(value: object) -> None:
    """A contribution has an amount, zero or more."""
    with pytest.raises(InputError) as caught:
        ContributionPaid("E-1", YEAR, value)  # type: ignore[arg-type]
    assert caught.value.where == "ContributionPaid.amount"


@pytest.mark.parametrize(
    "period",
    [
        None,
        "2024",
        ("2024-01-01", "2025-01-01"),
        Period("2024-01-01"),
        Period("1850-01-01", "1851-01-01"),
        Period("2024-01-01", "9999-12-31"),
    ],
)
def test_periods_have_two_plausible_ends(period: object) -> None:
    """Neither an open period nor a stand-in for 'for ever' can hold a figure."""
    with pytest.raises(InputError) as caught:
        Exposure("E-1", period, insured=1)
    assert caught.value.where == "Exposure.period"
    with pytest.raises(InputError) as refused:
        ContributionPaid("E-1", period, 1)
    assert refused.value.where == "ContributionPaid.period"


def test_unknown_is_not_zero() -> None:
    """A missing figure is None, a zero is zero, and a row without any figure is refused."""
    row = Exposure("E-1", YEAR, insured=0)
    assert row.insured == 0
    assert row.payroll is None
    with pytest.raises(InputError, match="says nothing"):
        Exposure("E-1", YEAR)


@pytest.mark.parametrize("day", ["2024-13-01", "2023-02-29", "20240101", 20240101, "1900-01-01", "2200-01-01", ""])
def test_wrong_days_of_payment_are_named(day: object) -> None:
    """Days that are none, and days that data bases write for 'none'."""
    with pytest.raises(InputError) as caught:
        ContributionPaid("E-1", YEAR, 1, day)  # type: ignore[arg-type]
    assert caught.value.where == "ContributionPaid.paid_on"
