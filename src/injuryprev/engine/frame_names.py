"""Names of the columns made while tables are counted, and how truth is kept in them."""

from __future__ import annotations

from typing import Final

from injuryprev.engine.expressions import Expr, int_lit, when
from injuryprev.engine.stages import TEMPORARY

KEY: Final = f"{TEMPORARY}employer"
HAS_CASE: Final = f"{TEMPORARY}has_case"
"""Marks a payment whose case is among the cases."""


def flagged(condition: Expr) -> Expr:
    """A truth value as 1 or 0."""
    return when(condition, int_lit(1), int_lit(0))


class Columns:
    """Names of the columns of one rule: of its records while its table is passed over, then of their totals."""

    def __init__(self, index: int) -> None:
        for name in ("number", "unplaced", "unfigured", "figure", "days", "overlap", "chosen"):
            setattr(self, name, f"{TEMPORARY}{index}_{name}")
        self.unclear = f"{TEMPORARY}{index}_unclear"

    number: str
    unplaced: str
    unfigured: str
    figure: str
    days: str
    overlap: str
    chosen: str
