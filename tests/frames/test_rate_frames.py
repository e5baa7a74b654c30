"""Rates of tables: every engine says of every row what the scalar says of its figures."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl
import pyarrow as pa
import pytest
from engines import Machine, as_arrow
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from injuryprev.errors import InputError
from injuryprev.measures import Standard, standard
from injuryprev.unknown import Unknown

NAMES = (
    "gb6441.frequency",
    "gb6441.death",
    "gb6441.mean_severity",
    "cn.monthly_incidence",
    "osha.trir",
    "practice.far",
    "bls.fatal",
)
LARGEST = 2**63 // 10**6 - 1


def whole(most: int) -> st.SearchStrategy[int | None]:
    """Counts, zero and small ones above all, some missing, some negative."""
    return st.none() | st.sampled_from([0, 0, 1, 2, 3, -1]) | st.integers(0, most)


KINDS: dict[str, tuple[pa.DataType, st.SearchStrategy[Any]]] = {
    "int": (pa.int64(), whole(10**6)),
    "small": (pa.int16(), whole(2**15 - 1)),
    "decimal": (
        pa.decimal128(16, 4),
        st.none() | st.decimals(Decimal(-1), Decimal("1e6"), places=4),
    ),
    "text": (
        pa.string(),
        st.none() | st.sampled_from(["3", " 2.50", "0", "-1", "x", "1e3", ""]) | st.just("200000.25"),
    ),
    "float": (pa.float64(), st.none() | st.sampled_from([0.0, 1.0, 0.1, 104.3, -2.0, math.inf]) | st.floats(1e-3, 1e9)),
}


def expected(measure: Standard, above: Any, below: Any) -> tuple[Fraction | None, set[str], list[str]]:
    """What the scalar says."""
    rate = measure.compute(above, below)
    found = rate.exact
    if isinstance(found, Unknown):
        return None, set(found.codes), [finding.code for finding in rate.findings]
    return found, set(), [finding.code for finding in rate.findings]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.data(),
    name=st.sampled_from(NAMES),
    above=st.sampled_from(sorted(KINDS)),
    below=st.sampled_from(sorted(KINDS)),
)
def test_scalar_equals_frame(machine: Machine, data: st.DataObject, name: str, above: str, below: str) -> None:
    """The rate of every row, the reasons where it has none, and what contradicts itself, are those of the scalar."""
    measure = standard(name)
    rows = data.draw(st.lists(st.tuples(KINDS[above][1], KINDS[below][1]), min_size=1, max_size=6))
    columns = {
        measure.above: (KINDS[above][0], [row[0] for row in rows]),
        measure.below: (KINDS[below][0], [row[1] for row in rows]),
    }
    made = machine.rows(measure.frame(machine.put(as_arrow(columns))))
    for (one, other), row in zip(rows, made, strict=True):
        rate, reasons, findings = expected(measure, one, other)
        said = set((row["rate_unknown"] or "").split("; ")) - {""}
        if rate is not None and rate >= LARGEST and row["rate"] is None:
            rate, reasons = None, {"out_of_range:rate"}  # more than the digits of an exact column hold
        assert said == reasons, (one, other)
        assert [code.split(":")[0] for code in (row["rate_findings"] or "").split("; ") if code] == findings
        if rate is None:
            assert row["rate"] is None or math.isnan(row["rate"])
        elif isinstance(row["rate"], float):
            # Pandas makes floats of whole numbers where one is missing.
            assert "float" in (above, below) or machine.name in {"pandas", "dask"}
            assert math.isclose(row["rate"], float(rate), rel_tol=1e-15)
        else:
            assert Decimal(row["rate"]) == measure.compute(one, other).rounded("0.000001")


def test_half_goes_up(machine: Machine) -> None:
    """A rate half way between two of six places is the higher one; just below and above are not moved."""
    table = as_arrow({"deaths": (pa.int64(), [1, 1, 1]), "workers": (pa.int64(), [80_000_001, 80_000_000, 79_999_999])})
    rows = machine.rows(standard("gb6441.death").frame(machine.put(table)))
    assert [Decimal(row["rate"]) for row in rows] == [Decimal("0.000012"), Decimal("0.000013"), Decimal("0.000013")]


def test_findings_use_the_other_columns_of_the_row(machine: Machine) -> None:
    """Hours are held against workers at the limit and one above it; lost days and deaths against cases."""
    table = as_arrow(
        {
            "injured": (pa.int64(), [3, 2, 0, 1]),
            "hours": (pa.int64(), [2 * 366 * 24, 2 * 366 * 24 + 1, 100, 100]),
            "workers": (pa.int64(), [2, 2, 2, 2]),
            "lost_days": (pa.int64(), [1, 0, 5, 0]),
            "deaths": (pa.int64(), [0, 0, 0, 2]),
        }
    )
    rows = machine.rows(standard("gb6441.frequency").frame(machine.put(table)))
    assert [row["rate_findings"] for row in rows] == [
        "more_injured_than_workers:injured",
        "hours_beyond_possible:hours",
        "lost_days_without_cases:lost_days",
        "more_deaths_than_cases:deaths",
    ]


def test_parts_of_a_case_are_said(machine: Machine) -> None:
    """Half a person was not hurt: said of counts, be they decimals or floats, not of days, and used all the same."""
    for kind in (pa.decimal128(16, 4), pa.float64()):
        number = float if kind == pa.float64() else Decimal
        columns: dict[str, tuple[pa.DataType, list[Any]]] = {
            "injured": (kind, [number(text) for text in ("2", "2.5", "0.0001", "0")]),
            "hours": (pa.int64(), [100] * 4),
            "lost_days": (kind, [number("1.5")] * 3 + [number("0")]),
        }
        rows = machine.rows(standard("gb6441.frequency").frame(machine.put(as_arrow(columns))))
        part = "part_of_a_case:injured"
        assert [row["rate_findings"] for row in rows] == [None, part, part, None]
        assert [float(row["rate"]) for row in rows] == [20_000, 25_000, 1, 0]


def test_a_lazy_frame_stays_lazy_and_the_kind_is_kept(machine: Machine) -> None:
    """What goes in as one engine's frame comes out as that engine's frame."""
    table = machine.put(as_arrow({"injured": (pa.int64(), [1]), "hours": (pa.int64(), [10])}))
    assert isinstance(standard("gb6441.frequency").frame(table), machine.kind)


def test_a_table_mixing_definitions_is_refused() -> None:
    """Rows that say they were made by another definition, or by none, are refused with the names seen."""
    table = pl.DataFrame({"injured": [1, 1], "hours": [9, 9], "definition": ["gb6441.frequency", "osha.trir"]})
    with pytest.raises(InputError, match=r"mixes definitions.*osha.trir.*gb6441.frequency in every row"):
        standard("gb6441.frequency").frame(table)
    lazy = standard("gb6441.frequency").frame(table.lazy()).collect()
    assert lazy["rate_unknown"].to_list() == [None, "other_definition:rate"]
    same = table.with_columns(definition=pl.lit("gb6441.frequency"))
    assert standard("gb6441.frequency").frame(same)["rate"].null_count() == 0


def test_columns_that_are_missing_or_taken_are_said() -> None:
    """A column that is not there is named with what would do; a column of the caller is not overwritten."""
    table = pl.DataFrame({"cases": [1], "hours": [9], "rate": [0]})
    with pytest.raises(InputError, match=r"no column for this figure; seen: 'injured'.*numerator="):
        standard("gb6441.frequency").frame(table)
    with pytest.raises(InputError, match="column of a name that is needed; seen: 'rate'"):
        standard("gb6441.frequency").frame(table, numerator="cases")
    made = standard("gb6441.frequency").frame(table, numerator="cases", rate="frequency")
    assert made["frequency"].to_list() == [Decimal("111111.111111")]


def test_a_rate_too_large_for_a_float_is_unknown() -> None:
    """Infinity is no rate, however it came about."""
    made = standard("gb6441.frequency").frame(pl.DataFrame({"injured": [1.0], "hours": [1e-310]}))
    assert made["rate"].to_list() == [None]
    assert made["rate_unknown"].to_list() == ["out_of_range:rate"]


def test_figures_finer_or_larger_than_a_column_holds_are_unknown() -> None:
    """What cannot be worked with exactly is unknown, not rounded; the largest sums of a nation still fit."""
    table = pl.DataFrame(
        {"injured": ["1", "1.00001", "900000", "1000000000"], "hours": ["900000000000", "1", "0.0001", "1"]}
    )
    made = standard("gb6441.frequency").frame(table)
    assert made["rate"].to_list()[0] == Decimal("0.000001")
    assert made["rate_unknown"].to_list() == [
        None,
        "too_fine:injured",
        "out_of_range:rate",
        "out_of_range:injured",
    ]
