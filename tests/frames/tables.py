"""Histories written as the tables that agencies hold: one row per record, in whatever order."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from typing import Any, Final

import attrs
import pyarrow as pa

from injuryprev.model import Employer, History

MONEY: Final = pa.decimal128(20, 4)
SHAPES: Final[Mapping[str, Mapping[str, pa.DataType]]] = {
    "cases": {
        "id": pa.string(),
        "employer_id": pa.string(),
        "worker": pa.string(),
        "occurred_on": pa.date32(),
        "recognised_on": pa.date32(),
        "died_on": pa.date32(),
        "ground": pa.string(),
        "grade": pa.int64(),
        "death": pa.bool_(),
        "disease": pa.bool_(),
        "days_lost": pa.int64(),
        "accident": pa.string(),
    },
    "payments": {
        "employer_id": pa.string(),
        "case_id": pa.string(),
        "paid_on": pa.date32(),
        "amount": MONEY,
        "kind": pa.string(),
    },
    "contributions": {
        "employer_id": pa.string(),
        "since": pa.date32(),
        "until": pa.date32(),
        "amount": MONEY,
        "paid_on": pa.date32(),
    },
    "exposure": {
        "employer_id": pa.string(),
        "since": pa.date32(),
        "until": pa.date32(),
        "insured": MONEY,
        "payroll": MONEY,
        "hours": MONEY,
    },
    "events": {"employer_id": pa.string(), "kind": pa.string(), "on": pa.date32(), "until": pa.date32()},
    "recognitions": {
        "employer_id": pa.string(),
        "kind": pa.string(),
        "grade": pa.int64(),
        "since": pa.date32(),
        "until": pa.date32(),
    },
}
FIELDS: Final = {"exposure": "exposures"}


def _value(record: Any, column: str) -> Any:
    if column in ("since", "until") and hasattr(record, "period"):
        return getattr(record.period, column)
    if column == "ground":
        return None if record.ground is None else record.ground.key
    return getattr(record, column)


def tables(histories: Iterable[History], rng: random.Random, *, text: bool) -> dict[str, pa.Table]:
    """The records of many employers, shuffled; dates as dates or as text, figures as decimals or as text.

    A table is left out where one history was not supplied with it.
    """
    histories = list(histories)
    made: dict[str, pa.Table] = {}
    for name, shape in SHAPES.items():
        groups = [getattr(history, FIELDS.get(name, name)) for history in histories]
        if any(group is None for group in groups):
            continue
        records = [record for group in groups for record in group]
        rng.shuffle(records)
        columns = {column: [_value(record, column) for record in records] for column in shape}
        made[name] = pa.table({column: _array(values, shape[column], text=text) for column, values in columns.items()})
    return made


def _array(values: list[Any], kind: pa.DataType, *, text: bool) -> pa.Array:
    if text and kind in (pa.date32(), MONEY):
        return pa.array([None if value is None else f"{value}" for value in values], pa.string())
    return pa.array(values, kind)


def moved(history: History, employer: Employer) -> History:
    """The same records as those of another employer."""
    return History(
        **{
            field.name: None if table is None else tuple(attrs.evolve(one, employer_id=employer.id) for one in table)
            for field in attrs.fields(History)
            for table in [getattr(history, field.name)]
        }
    )
