"""Checks of what a profile claims of its own outcomes, and of the findings against it that it accepts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from injuryprev.errors import InjuryprevError, nearest
from injuryprev.policy.document import Accepted
from injuryprev.policy.kinds import TRUTH, Typing
from injuryprev.policy.rules import Item, Rules, Type


def check_claims(rules: Rules, types: Mapping[str, Type]) -> Iterator[InjuryprevError]:
    """What is wrong with the claims of one day, and with the findings accepted by the profile's own file."""
    for claim in rules.claims.values():
        problems: list[InjuryprevError] = []
        Typing(types, f"{claim.place}.formula", problems).needs(claim.entry.formula, TRUTH)
        yield from problems
    for item in rules.findings.values():
        if item.owner == rules.id:
            yield from _misfits(item, rules, types)


def fitting(rules: Rules, types: Mapping[str, Type]) -> dict[str, Item[Accepted]]:
    """Accepted findings that speak of these rules; those of a parent may speak of what the region says otherwise."""
    return {name: item for name, item in rules.findings.items() if not any(_misfits(item, rules, types))}


def _misfits(item: Item[Accepted], rules: Rules, types: Mapping[str, Type]) -> Iterator[InjuryprevError]:
    entry = item.entry
    known = rules.claims if entry.kind == "claim" else rules.definitions
    if entry.kind == "decrease":
        known = {name: rules.definitions[name] for name in rules.outputs if name in rules.definitions}
    if entry.of not in known and entry.of not in (rules.parameters if entry.kind == "no_figure" else ()):
        yield InjuryprevError(
            "a finding is of a definition, an output or a claim",
            where=f"{item.place}.of",
            seen=entry.of,
            expected=nearest(entry.of, known),
        )
    if entry.input and entry.input not in rules.inputs:
        yield InjuryprevError(
            "no such input", where=f"{item.place}.input", seen=entry.input, expected=nearest(entry.input, rules.inputs)
        )
    if entry.where is not None:
        problems: list[InjuryprevError] = []
        Typing(types, f"{item.place}.where", problems).needs(entry.where, TRUTH)
        yield from problems
