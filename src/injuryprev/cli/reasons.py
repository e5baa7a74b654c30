"""A decision in one line: the rows of its tables that held, as the profile labels them."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from injuryprev.engine.evaluator import Known
from injuryprev.engine.trace import RowRule, StepRule, Trace
from injuryprev.policy.expr import Expr, write
from injuryprev.units import finite_places, to_decimal
from injuryprev.unknown import Unknown
from injuryprev.words import LANGUAGES, Words


def in_short(trace: Trace) -> Words:
    """Every table and look-up that settled something, in the order worked out.

    Tables of which nothing held are left out, for they changed nothing, unless that was all there is to say.
    """
    settled: list[Words] = []
    silent: list[Words] = []
    outcomes: set[str] = set()
    for step in trace.steps:
        rule = step.rule
        if rule.kind not in ("table", "bands") or isinstance(step.value, Unknown):
            continue
        held = [row for row, holds in zip(rule.rows, step.rows, strict=True) if holds]
        # Of a table whose first row decides, later rows that hold as well had no say.
        rows = held[:1] if rule.hit == "first" else held
        if rows:
            settled.append(_both(rule, [_said(rule, row) for row in rows]))
        else:
            silent.append(_both(rule, [_NONE.format(value=_plain(rule, step.value))]))
        if rows:
            outcomes.update(_outcome(rule, row).en for row in rows)
    parts = settled or silent
    # A table may ask for more steps than the ladder of the class has; then the move made is said as well.
    for step in trace.steps:
        if step.rule.name == "tier_move" and step.rule.kind == "formula" and not isinstance(step.value, Unknown):
            moved = _plain(step.rule, step.value)
            if outcomes and moved not in outcomes:
                parts.append(_both(step.rule, [Words(moved, moved)]))
    return Words("; ".join(words.en for words in parts), "；".join(words.zh for words in parts))


_NONE: Final = Words("none of the cases named -> {value}", "无所列情形 -> {value}")


def _both(rule: StepRule, said: list[Words]) -> Words:
    english, chinese = ((rule.title.to(lang) or rule.name) for lang in LANGUAGES)
    return Words(
        f"{english}: {', '.join(words.en for words in said)}", f"{chinese}：{'，'.join(words.zh for words in said)}"
    )


def _said(rule: StepRule, row: RowRule) -> Words:
    """The label of a row where it has one, else its condition; then its outcome."""
    condition, outcome = row.label or _written(row.condition), _outcome(rule, row)
    return Words(*(f"{condition.to(lang)} -> {outcome.to(lang)}" for lang in LANGUAGES))


def _outcome(rule: StepRule, row: RowRule) -> Words:
    """What a row comes to, with its sign where it is a move."""
    outcome = _written(row.outcome)
    if rule.unit == "steps" and outcome.en.isdigit() and outcome.en != "0":
        return Words("+" + outcome.en, "+" + outcome.zh)
    return outcome


def _written(part: str | Words | Expr) -> Words:
    if isinstance(part, Words):
        return part
    text = part if isinstance(part, str) else write(part)
    return Words(text, text)


def _plain(rule: StepRule, value: Known) -> str:
    if not isinstance(value, Fraction) or finite_places(value) is None:
        return str(value)
    return f"{'+' if rule.unit == 'steps' and value > 0 else ''}{to_decimal(value):f}"
