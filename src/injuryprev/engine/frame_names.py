"""Names of the columns made while tables are counted, and how truth is kept in them."""

from __future__ import annotations

from typing import Final

from injuryprev.engine.expressions import Expr, int_lit, when
from injuryprev.engine.stages import TEMPORARY

KEY: Final = f"{TEMPORARY}employer"
OF_EMPLOYER: Final = ("industry", "industry_edition", "area", "insured_since")
"""Words and days of an employer that counting rules read."""
OF_RECORDS: Final = (
    "employer_id", "id", "case_id", "worker", "accident", "ground", "kind",
    "since", "until", "on", "paid_on", "occurred_on", "recognised_on", "died_on",
)  # fmt: skip
"""Keys, words and days of records."""
HAS_CASE: Final = f"{TEMPORARY}has_case"
"""Marks a payment whose case is among the cases."""
STRADDLES: Final = 1
UNDATED: Final = 2
"""Why it cannot be told where a record lies in time."""
REPEATED: Final = f"{TEMPORARY}repeated"
"""Where an employer has several rows of one case."""


def flagged(condition: Expr) -> Expr:
    """A truth value as 1 or 0."""
    return when(condition, int_lit(1), int_lit(0))


class Columns:
    """Names of the columns of one rule: of its records while its table is passed over, then of their totals."""

    def __init__(self, index: int) -> None:
        for name in ("number", "unplaced", "unfigured", "unnamed", "figure", "days", "overlap", "chosen"):
            setattr(self, name, f"{TEMPORARY}{index}_{name}")
        self.unclear = f"{TEMPORARY}{index}_unclear"

    number: str
    unplaced: str
    unfigured: str
    unnamed: str
    figure: str
    days: str
    overlap: str
    chosen: str
