"""Whether every employer gets an outcome, or a refusal that the profile declares."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from injuryprev.engine.ir import Node
from injuryprev.engine.lower import INPUT
from injuryprev.engine.proof.answered import Asked, answered
from injuryprev.engine.proof.day import Day
from injuryprev.engine.proof.finding import Finding
from injuryprev.engine.proof.regions import atoms
from injuryprev.policy.check import expressions
from injuryprev.policy.document import Definition
from injuryprev.policy.expr import Compare, Expr
from injuryprev.policy.rules import Item
from injuryprev.unknown import Reason
from injuryprev.words import Words

_DECLARED: Final = frozenset({INPUT, "not_known"})
_OF_TABLES: Final = frozenset({"several_rows", "rows_differ"})
"""Codes of rows that contradict each other: the business of another question."""
_WORDS: Final = {
    "no_row": Words("no row covers these employers", "没有任何一行适用于此类单位"),
    "division_by_zero": Words("a divisor is zero: {why}", "除数为零：{why}"),
    "no_figure": Words("there is no figure for this key", "没有与此对应的数值"),
}
_PROVED: Final = Words("every employer gets an outcome or a declared refusal", "每个单位都有结果或已声明的不予核定理由")


def total(day: Day) -> Iterator[Finding]:
    """One finding for each undeclared refusal and region, or one that there is none."""
    found = False
    for reason, node in day.lowered.reasons.items():
        if reason.code in _DECLARED or reason.code in _OF_TABLES:
            continue
        for finding in answered(day, _asked(day, reason, node)):
            found = True
            yield finding
    if not found:
        place = f"{day.rules.definitions[day.rules.outputs[0]].place.partition(' @ ')[0]} @ $.profile.outputs"
        yield Finding(
            question="total", status="proved", subject=day.rules.id, place=place, days=(day.rules.on,), words=_PROVED
        )


def _asked(day: Day, reason: Reason, node: Node) -> Asked:
    item = day.rules.definitions.get(reason.subject)
    place = item.place if item is not None else day.rules.parameters[reason.subject].place
    step = day.lowered.steps[reason.subject]
    reached = day.given(node)
    local = day.given(step.value.faults.get(reason, node))
    parts = atoms(day, _conditions(item)) if item is not None and reason.code == "no_row" else []
    words = _WORDS.get(reason.code, reason.words).format(why=reason.words.en)
    return Asked(
        question="total",
        kind=reason.code,
        subject=reason.subject,
        place=place,
        words=Words(words.en, _WORDS.get(reason.code, reason.words).format(why=reason.words.zh).zh),
        target=local,
        reached=reached,
        clear=_without(day, reason),
        parts=parts,
    )


def _without(day: Day, reason: Reason) -> Node:
    """Where nothing else keeps an outcome unknown."""
    return day.known({other: node for other, node in day.lowered.reasons.items() if other != reason})


def _conditions(item: Item[Definition]) -> Iterator[Expr]:
    """The conditions of a table or bands, as they are written; of a map, each of its keys."""
    entry = item.entry
    if entry.table is not None:
        yield from (row.when for row in entry.table.rows)
    else:
        yield from (expr for expr in expressions(entry) if isinstance(expr, Compare))
