"""Counting by the rules of regions that look back over two cycles, on tables and on typed objects."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import attrs
import pyarrow as pa
import pytest
from brute_force import Window
from engines import Machine
from hypothesis import given, settings
from hypothesis import strategies as st
from little import histories
from tables import moved, tables
from test_counting import few, plain

import injuryprev as ip
from injuryprev import Unknown
from injuryprev.model import Employer, History

SINCE = [None, "2010-01-01", "2016-01-01", "2020-10-01", "2022-10-01", "2022-10-02"]
REGIONS = {
    "cn-js-xuzhou": (dt.date(2025, 1, 1), [Window(dt.date(2025, 1, 1), 24, 24, 3, back) for back in (0, 1)]),
    "cn-gd-shenzhen": (dt.date(2018, 3, 1), [Window(dt.date(2018, 3, 1), 24, 24, 2, back) for back in (0, 1)]),
}


@pytest.mark.parametrize("machine", ["polars"], indirect=True)
@pytest.mark.parametrize("name", REGIONS)
def test_two_cycles_are_counted_alike(machine: Machine, name: str) -> None:
    """Records about the ends of the cycle and of the one before, with parts of it, and of every ground."""
    day, windows = REGIONS[name]
    policy = ip.load_profile(name).on(day)

    @settings(few, max_examples=8)
    @given(st.data())
    def whatever(data: Any) -> None:
        firsts = data.draw(st.lists(st.sampled_from(SINCE), min_size=1, max_size=8))
        employers = [Employer(f"E-{n}", risk_class=n % 8 + 1, insured_since=day) for n, day in enumerate(firsts)]
        made = []
        for one in employers:
            drawn = [moved(data.draw(histories(window, day)), one) for window in windows]
            made.append(_together(drawn))
        given_tables = tables(made, random.Random(data.draw(st.integers(0, 99))), text=data.draw(st.booleans()))
        wanted = {}
        for employer, history in zip(employers, made, strict=True):
            result = policy.evaluate_counted({}, policy.counting.count(employer, history))
            outputs = {name: None if isinstance(value, Unknown) else plain(value) for name, value in result.items()}
            wanted[employer.id] = (outputs, result.refusal)
        owners = {"id": [one.id for one in employers], "risk_class": [one.risk_class for one in employers]}
        first = pa.array([one.insured_since for one in employers], pa.date32())
        frame = machine.put(pa.table({**owners, "insured_since": first}))
        rows = machine.rows(policy.rate_frames(frame, **{key: machine.put(one) for key, one in given_tables.items()}))
        found = {row["id"]: ({name: plain(row[name]) for name in policy.outputs}, row["refusal"]) for row in rows}
        assert found == wanted

    whatever()


def _together(parts: list[History]) -> History:
    """The records of both, those without a key all, those with one once; exposure of the first alone."""
    both: dict[str, Any] = {}
    for field in attrs.fields(History):
        rows = [row for part in parts for row in getattr(part, field.name) or ()]
        if field.name == "exposures":
            rows = list(parts[0].exposures or ())
        elif field.name == "cases":
            rows = list({row.id: row for row in rows}.values())
        both[field.name] = rows
    return History(**both)
