"""Tables whose columns are not as they should be, counted by a few rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pytest
from brute_force import Rule
from engines import Machine
from test_counting import COUNTING, PLANNING, YEAR, plain, shown

from injuryprev.engine import Policy
from injuryprev.errors import InputError

EVERY = [*COUNTING, *PLANNING]
Figures = dict[str, dict[str, tuple[Any, str | None]]]

RULES: Mapping[str, Rule] = {
    "injuries": Rule("cases", "count", dated="recognised_on", window=YEAR, none=0, undated="left out"),
    "people": Rule("cases", "persons", dated="occurred_on", window=YEAR, none=0),
    "benefits": Rule("payments", "sum", "amount", ("not", ("eq", "item", "14.6")), "paid_on", YEAR, none=0),
    "fraud": Rule("events", "any", where=("eq", "kind", "fraud"), dated="on"),
    "certified": Rule("recognitions", "any", where=("eq", "kind", "standardisation"), dated="period"),
}


def rules(*names: str) -> Policy:
    """A policy that counts some figures and shows them."""
    return shown({name: RULES[name] for name in names})


def table(**columns: Any) -> pa.Table:
    """A table of text, or of Arrow's arrays as they are."""
    made = {
        name: values if isinstance(values, (pa.Array, pa.ChunkedArray)) else pa.array(values, pa.string())
        for name, values in columns.items()
    }
    return pa.table(made)


def owners(*keys: str) -> pa.Table:
    """Employers of whom nothing is known but their keys."""
    return table(id=list(keys))


def counted(policy: Policy, machine: Machine, employers: pa.Table, **tables: pa.Table) -> Figures:
    """Every figure of every employer and why it is unknown; rating must refuse for the same reasons."""
    frames = {name: machine.put(one) for name, one in tables.items()}
    names = [rule.item.name for rule in policy.counting.rules]
    rows = machine.rows(policy.count_frames(machine.put(employers), **frames))
    return {row["id"]: {name: (plain(row[name]), row[f"{name}_unknown"]) for name in names} for row in rows}


def refused(policy: Policy, machine: Machine, employers: pa.Table, match: str, **tables: pa.Table) -> None:
    """Counting is refused before anything runs, with these words."""
    frames = {name: machine.put(one) for name, one in tables.items()}
    owners_ = machine.put(employers)
    for work in (policy.count_frames, policy.rate_frames):
        with pytest.raises(InputError, match=match):
            work(owners_, **frames)


def cases(*rows: tuple[str, str, str | None, str | None], **further: Any) -> pa.Table:
    """Cases as (employer, id, occurred_on, recognised_on), of a worker each."""
    owner, key, occurred, recognised = (list(column) for column in zip(*rows, strict=True))
    columns = {
        "employer_id": owner,
        "id": key,
        "occurred_on": occurred,
        "recognised_on": recognised,
        "worker": [f"w-{one}" for one in key],
    }
    return table(**columns, **further)
