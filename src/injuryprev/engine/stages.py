"""Work in stages: what later steps use more than once becomes a column of its own for the while.

Engines without a search for common subexpressions would otherwise work it out once for each use, and the uses of its
uses multiply: a reading of text, written as one expression, has thousands of terms.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from typing import Any, Final, TypeVar

import narwhals as nw

TEMPORARY: Final = "__injuryprev_"
"""Beginning of the names of all columns made on the way; none of them is handed back."""

Made = TypeVar("Made")
Staged = Generator[Sequence[nw.Expr], list[nw.Expr], Made]
"""A piece of work that yields expressions to have them back as columns, and at last returns what it made."""


def bound(frame: Any, work: Mapping[str, Staged[Made]], prefix: str) -> tuple[Any, dict[str, Made]]:
    """Run pieces of work side by side, one stage of columns for all of them at a time.

    Returns:
        The frame with the columns of every stage, and what each piece of work made.
    """
    made: dict[str, Made] = {}
    wanted: dict[str, Sequence[nw.Expr]] = {}
    answers: dict[str, list[nw.Expr] | None] = dict.fromkeys(work)
    number = 0
    while answers:
        columns: list[nw.Expr] = []
        for name, answer in answers.items():
            try:
                wanted[name] = next(work[name]) if answer is None else work[name].send(answer)
            except StopIteration as end:
                made[name] = end.value
        answers = {name: [] for name in answers if name not in made}
        for name, given in answers.items():
            assert given is not None
            for expr in wanted[name]:
                column = f"{TEMPORARY}{prefix}{number}"
                number += 1
                columns.append(expr.alias(column))
                given.append(nw.col(column))
        if columns:
            frame = with_stage(frame, columns)
    return frame, made


_EVERY_ROW: Final = 2**62


def with_stage(frame: Any, columns: Sequence[nw.Expr]) -> Any:
    """The frame with the columns of one stage, which stay columns.

    PostgreSQL writes a plain subquery into the query around it, once for each use of its columns, and so multiplies
    what stages are there to keep apart, until its planner has no memory left.  A subquery with a limit it leaves alone.
    """
    staged = frame.with_columns(*columns)
    if frame.implementation.is_ibis() and _on_postgres(frame.to_native()):
        return staged.head(_EVERY_ROW)
    return staged


def _on_postgres(table: Any) -> bool:
    """Whether an Ibis table is of PostgreSQL; down one branch, since asking Ibis goes through the whole tree."""
    relation = table.op()
    while relation is not None and not hasattr(relation, "source"):
        relation = next((getattr(relation, name) for name in _BELOW if hasattr(relation, name)), None)
    return getattr(getattr(relation, "source", None), "name", None) == "postgres"


_BELOW: Final = ("parent", "first", "left")
