"""Decimals of every width, as decimals and as text: some engines read those of 64 bits in a way of their own."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pyarrow as pa
import pytest
from agreement import agrees
from engines import Machine
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tiny import policy as tiny

from injuryprev.engine import Policy

few = settings(
    deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.reuse, Phase.generate), max_examples=40
)
QUICK = ["polars", "polars-lazy", "polars-streaming", "pandas-arrow", "duckdb"]


def shown(step: str, low: str, high: str) -> Policy:
    """A policy with one number of such a step and range, which it shows."""
    return tiny(
        '[definitions.out]\nunit = "number"\nformula = "n"\nsource = "law"\n',
        inputs=f'[inputs]\nn = {{ unit = "number", range = [{low}, {high}], step = {step} }}\n',
    )


def of_kind(values: list[Decimal | None], precision: int, scale: int) -> pa.Table:
    """A column of decimals that holds what it can of the values."""
    least = Fraction(1, 10**scale)
    held = [
        value if value is None or (Fraction(value) % least == 0 and abs(value) < 10 ** (precision - scale)) else None
        for value in values
    ]
    return pa.table({"n": pa.array(held, pa.decimal128(precision, scale))})


@st.composite
def columns(draw: st.DrawFn) -> tuple[Policy, pa.Table]:
    """Ranges narrow and wide; values at their ends, a last place beside them, and at the ends of the column."""
    step = draw(st.sampled_from(("1", "0.01", "0.0001", "5", "0.25", "25", "0.000001")))
    high = draw(st.sampled_from(("1", "100", "1_000_000", "100_000_000_000", "2_500_000_000_000", "9_000_000_000_000")))
    low = draw(st.sampled_from(("0", "-" + high)))
    if Fraction(high.replace("_", "")) % Fraction(step):
        step = "0.25"
    precision = draw(st.sampled_from((5, 9, 18, 19, 28, 38)))
    scale = draw(st.integers(0, min(precision, 20)))
    last = Decimal(1).scaleb(-scale)
    most = Decimal(10**precision - 1).scaleb(-scale)
    ends = [Decimal(end.replace("_", "")) for end in (low, high, "0", step)]
    near = [end + more for end in ends for more in (-last, Decimal(0), last, Decimal(step), Decimal(step) / 2)]
    free = draw(st.lists(st.decimals(-most, most, places=scale), max_size=8)) if precision < 28 else []
    table = of_kind([*near, most, -most, None, *free], precision, scale)
    if draw(st.booleans()):
        words = [None if value is None else f"{value:f}" for value in table["n"].to_pylist()]
        table = pa.table({"n": pa.array(words, pa.string())})
    return shown(step, low, high), table


@pytest.mark.parametrize("machine", QUICK, indirect=True)
def test_any_decimals(machine: Machine) -> None:
    """Values, nulls and reasons are those of the rows, whatever the width of the column and the step of the input."""

    @settings(few, max_examples=few.max_examples if machine.name.startswith("polars") else 8)
    @given(columns())
    def whatever(drawn: tuple[Policy, pa.Table]) -> None:
        agrees(drawn[0], machine, drawn[1])

    whatever()


@pytest.mark.parametrize("machine", QUICK, indirect=True)
@pytest.mark.parametrize(("precision", "scale"), [(18, 2), (38, 2), (38, 9), (38, 17), (38, 18), (38, 19), (38, 0)])
def test_too_wide_too_fine_negative_and_null(machine: Machine, precision: int, scale: int) -> None:
    """A fraction in columns that hold hardly more and hugely more than it; the largest that they hold stop nothing."""
    most = Decimal(10**precision - 1).scaleb(-scale)
    last = Decimal(1).scaleb(-scale)
    named = ("0", "0.01", "0.005", "0.04", "0.05", "0.06", "1", "-0.01", "9.3")
    values = [*map(Decimal, named), last, -last, Decimal("0.05") + last, most, -most, None]
    agrees(shown("0.01", "0", "0.05"), machine, of_kind(values, precision, scale))
