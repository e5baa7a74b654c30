"""The reader of frames gives, cell for cell, what the reader of one record gives."""

from __future__ import annotations

import datetime as dt

import pytest
from agreement import agrees
from drawn import table
from engines import Machine
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from injuryprev.testing import profiles
from injuryprev.testing.policies import CHANGE, SINCE, read_profile

ROWS = 250
few = settings(
    deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.reuse, Phase.generate), max_examples=12
)

# Engines that take long to make their plan are asked fewer.
EXAMPLES = {"pandas": 8, "pandas-arrow": 6, "duckdb": 6, "ibis": 4, "dask": 3, "spark": 3}


@pytest.mark.parametrize("day", [SINCE, CHANGE])
def test_any_policy_over_any_columns(machine: Machine, day: dt.date) -> None:
    """Drawn policies, drawn columns of every kind that a table can hold."""

    @settings(few, max_examples=EXAMPLES.get(machine.name, few.max_examples))
    @given(profiles(), st.integers(0, 2**32))
    def whatever(text: str, seed: int) -> None:
        policy = read_profile(text).on(day)
        agrees(policy, machine, table(policy, ROWS, seed, machine.without))

    whatever()
