"""The whole example area: tables as they are against the typed objects, and against each other."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from engines import Machine
from test_counting import plain

import injuryprev as ip
from injuryprev import Unknown
from injuryprev.exchange import Area, read_area

LAKESIDE = Path(__file__).resolve().parents[2] / "examples" / "lakeside"
TABLES = ("cases", "payments", "contributions", "exposure", "events", "recognitions")


def arrow(name: str) -> pa.Table:
    """A table of the area, every cell as text."""
    with (LAKESIDE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return pa.table({column: pa.array([row[column] or None for row in rows], pa.string()) for column in rows[0]})


@cache
def area() -> tuple[pa.Table, dict[str, pa.Table]]:
    """The employers with the incidence of their industry, and the tables of records."""
    employers, industries = arrow("employers"), arrow("industries")
    keys = [column for column in industries.column_names if column != "industry_incidence"]
    joined = employers.join(industries, keys=keys, join_type="left outer") if keys else employers
    return joined.sort_by("id"), {name: arrow(name) for name in TABLES}


@cache
def read() -> Area:
    """The same files as typed objects."""
    return read_area(LAKESIDE)


@cache
def decided(profile: str, day: str) -> dict[str, tuple[dict[str, Any], str | None]]:
    """What rating every employer by itself comes to."""
    policy, found = ip.load_profile(profile).on(day), read()
    made: dict[str, tuple[dict[str, Any], str | None]] = {}
    for key, employer in found.employers.items():
        figures = {name: value for name, value in found.figures(key).items() if name in policy.inputs}
        result = ip.rate(employer, found.histories[key], policy, figures).result
        assert isinstance(result, ip.Result)
        outputs = {name: None if isinstance(value, Unknown) else plain(value) for name, value in result.items()}
        made[key] = (outputs, result.refusal)
    return made


SLOW = ("dask", "spark")
# The rules in force on every engine; those of two other days, which count over other windows, on some.
QUESTIONS = [
    *(
        pytest.param(name, "cn-zj", "2025-01-01", marks=[pytest.mark.slow] if name in SLOW else [])
        for name in ("polars", "polars-lazy", "polars-streaming", "pandas", "duckdb", *SLOW)
    ),
    ("polars", "cn-zj", "2019-03-01"),
    ("polars-lazy", "cn", "2016-03-01"),
]


@pytest.mark.parametrize(("machine", "profile", "day"), QUESTIONS, indirect=["machine"])
def test_every_employer_of_the_example_area(machine: Machine, profile: str, day: str) -> None:
    """Every rate, every contribution and every reason, for all of its employers."""
    policy = ip.load_profile(profile).on(day)
    employers, tables = area()
    out = policy.rate_frames(machine.put(employers), **{name: machine.put(table) for name, table in tables.items()})
    rows = machine.rows(out)
    found = {row["id"]: ({name: plain(row[name]) for name in policy.outputs}, row["refusal"]) for row in rows}
    assert len(rows) == employers.num_rows > 10_000
    wanted = decided(profile, day)
    assert set(found) == set(wanted)
    assert {key: (found[key], wanted[key]) for key in wanted if found[key] != wanted[key]} == {}
    assert len({refusal for _, refusal in found.values()}) > 1
