"""Whether what a frame comes to is what its rows come to one by one."""

from __future__ import annotations

import pyarrow as pa
from engines import Machine

from injuryprev import Unknown
from injuryprev.engine import Policy


def agrees(policy: Policy, machine: Machine, arrow: pa.Table) -> None:
    """Values, nulls, reasons, the order of rows, the columns that were there; the same kind of frame comes out."""
    frame = machine.put(arrow)
    out = policy.evaluate_frame(frame)
    assert isinstance(out, machine.kind)
    given_rows, rows = machine.rows(frame), machine.rows(out)
    assert len(rows) == arrow.num_rows
    outputs = tuple(policy.outputs)
    for given_row, row in zip(given_rows, rows, strict=True):
        figures = {name: given_row[name] for name in policy.inputs if name in given_row}
        result = policy.evaluate(**figures)
        wanted = {name: None if isinstance(value, Unknown) else value for name, value in result.items()}
        found = {name: row[name] for name in outputs}
        assert (found, row["refusal"]) == (wanted, result.refusal), figures
        assert all(type(found[name]) is type(value) for name, value in wanted.items()), (found, wanted)
        assert repr({name: row[name] for name in given_row}) == repr(given_row)
    assert not rows or list(rows[0]) == [*arrow.column_names, *outputs, "refusal"]
