"""What ``refusal`` says, however many reasons a policy has and whatever the columns of a frame rule out."""

from __future__ import annotations

import random

import polars as pl
import pyarrow as pa
import pytest
from agreement import agrees
from engines import POLARS, Machine
from tiny import policy as tiny

from injuryprev.engine import Policy

QUICK = ["polars", "polars-lazy", "polars-streaming", "pandas", "duckdb"]


def sums(count: int) -> Policy:
    """A policy whose one output needs all of its inputs, so that each of their faults is a reason."""
    names = [f"a{place}" for place in range(count)]
    inputs = "[inputs]\n" + "".join(f'{name} = {{ unit = "number", range = [0, 9] }}\n' for name in names)
    return tiny(f'[definitions.out]\nunit = "number"\nformula = "{" + ".join(names)}"\nsource = "law"\n', inputs=inputs)


@pytest.mark.parametrize("machine", QUICK, indirect=True)
@pytest.mark.parametrize("count", [1, 15, 16, 20])
def test_as_many_reasons_as_there_may_be(machine: Machine, count: int) -> None:
    """Text can be missing, unreadable, out of range and too fine: 60 reasons, 64, and 80, all in their order."""
    rng = random.Random(count)
    given = ("1", "2", "3", None, "x", "10", "0.5")
    rows = [[rng.choice(given[: rng.choice((3, 7))]) for _ in range(count)] for _ in range(40)]
    rows += [[one] * count for one in given]
    agrees(sums(count), machine, pa.table({f"a{place}": [row[place] for row in rows] for place in range(count)}))


TOLD = """
[inputs]
n = { unit = "cases", range = [-3, 9], absent = 0 }
on = { unit = "flag", absent = true }
"""


@pytest.mark.parametrize("columns", [(), ("n",), ("on",), ("n", "on")])
def test_what_was_not_given_and_could_not_be_counted(columns: tuple[str, ...]) -> None:
    """A column that says why stands beside one that is not there, or has nothing in that row."""
    rules = tiny('[definitions.out]\nunit = "cases"\nformula = "if on then n else 1"\nsource = "law"\n', inputs=TOLD)
    given = {"n": pl.Series([None, None, 4, 4], dtype=pl.Int64), "on": pl.Series([None, None, True, False])}
    whys = {"n_unknown": [None, "undated:n", None, "undated:n"], "on_unknown": [None, "field:on", None, None]}
    frame = pl.DataFrame({name: given[name] for name in columns} | whys)
    rows = POLARS.rows(rules.evaluate_frame(frame))
    there, told = "n" in columns, "on" in columns
    last = None if told else None if there else "undated:n"
    assert [row["refusal"] for row in rows] == [None, "field:on", None, last]
    assert [row["out"] for row in rows] == [0, None, 4 if there else 0, 1 if told else 4 if there else None]
