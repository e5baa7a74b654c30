"""Figures to compare with, on frames: sums over all employers of a group, as ``comparison`` has them for objects."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Protocol

import narwhals as nw

from injuryprev.engine.columns import Read
from injuryprev.engine.counting import Rule
from injuryprev.engine.expressions import Expr, bool_lit, int_lit, when
from injuryprev.engine.frame_kinds import Table
from injuryprev.engine.frame_schema import status_column, value_column
from injuryprev.engine.frame_words import read_industries, says_industry, word
from injuryprev.engine.lower import LoweredInput
from injuryprev.engine.reading import MISSING
from injuryprev.engine.stages import TEMPORARY, Staged

Group = tuple[Expr, Expr]
"""What an employer is compared within, and whether that is known."""


class Steps(Protocol):
    """Brings ``num / den`` of ``unit`` to whole steps of an input, rounded as the rule says."""

    def __call__(
        self, spec: LoweredInput, num: Expr, den: Expr, unit: Fraction, rule: Rule | None = None
    ) -> Staged[Read]:
        """The steps and their status."""


def group_columns(rule: Rule, employers: Table, counted: frozenset[str]) -> Staged[list[Expr]]:
    """What an employer is compared within, and whether that is known, in columns of their own."""
    group, known = yield from _group(rule.item.entry.over, employers, counted)
    return [group.alias(_column(rule, "group")), known.alias(_column(rule, "grouped"))]


def _column(rule: Rule, name: str) -> str:
    return f"{TEMPORARY}{name}_{rule.item.name}"


def compared(
    rule: Rule, inputs: Mapping[str, LoweredInput], steps: Steps, incomplete: str | None
) -> Staged[tuple[Expr, Expr, Expr]]:
    """The figure that an employer is compared with: its integer, its status, and why it is not known.

    ``incomplete`` is the column that says of which employers the records are not all there.
    """
    entry, spec = rule.item.entry, inputs[rule.item.name]
    top, bottom = entry.of
    known = nw.col(_column(rule, "grouped"))
    whole = (nw.col(status_column(top)) == 0) & (nw.col(status_column(bottom)) == 0)
    if incomplete is not None:
        whole = whole & ~nw.col(incomplete).fill_null(value=False)
    above, below, left_out = yield [
        when(whole & known, nw.col(value_column(top)), int_lit(0)),
        when(whole & known, nw.col(value_column(bottom)), int_lit(0)),
        when(whole, int_lit(0), int_lit(1)),
    ]
    above, below, left_out = yield [one.sum().over(_column(rule, "group")) for one in (above, below, left_out)]
    [divisor] = yield [when(below == 0, int_lit(1), below)]
    value, status = yield from steps(spec, above, divisor, inputs[top].step / inputs[bottom].step, rule)
    faults = [(~known, "no_group")]
    if entry.partial == "refuse":
        faults.append((left_out > 0, "incomplete"))
    faults.append((below == 0, "division_by_zero"))
    why: Expr = nw.lit(None, nw.String)
    for wrong, code in reversed(faults):
        why = when(wrong, nw.lit(f"{code}:{spec.name}", nw.String), why)
        value, status = when(wrong, int_lit(spec.low), value), when(wrong, int_lit(MISSING), status)
    return value, status, why


def _group(over: str, employers: Table, counted: frozenset[str]) -> Staged[Group]:
    nothing = nw.lit("", nw.String)
    if not over:
        return nothing, bool_lit(value=True)
    if over == "risk_class" and over in counted:
        known = nw.col(status_column(over)) == 0
        return when(known, nw.col(value_column(over)).cast(nw.String), nothing), known
    if over not in employers.kinds or (over == "industry" and not says_industry(employers)):
        return nothing, bool_lit(value=False)
    if over == "industry":
        industry = yield from read_industries(employers)
        group = nw.concat_str(industry.division, nw.lit(" ", nw.String), industry.year)
        known = industry.sound & ~industry.missing
        return when(known, group, nothing), known
    said = word(employers, over)
    return said.fill_null(""), ~said.is_null()
