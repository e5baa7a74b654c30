"""Formulas over records: what each record, or each claim put together of records, is before it is added up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from injuryprev.errors import InjuryprevError, nearest
from injuryprev.policy.divisors import Figures
from injuryprev.policy.document import Counting
from injuryprev.policy.expr import FUNCTIONS, Expr, names
from injuryprev.policy.grammar import KEYWORDS
from injuryprev.policy.kinds import NUMBER, Typing, fits
from injuryprev.policy.rules import Item, Rules, Type

GROUP_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "payments": ("case", "accident", "worker"),
    "cases": ("accident", "worker"),
    "contributions": (),
}
"""By what the records of a table can be put together; only these tables have formulas over records."""
TAKES: Final = ("sum", "min", "max")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")


def formulas(entry: Counting) -> Iterator[Expr]:
    """Every formula over records that a counting rule has."""
    for group in entry.per:
        yield from group.sums.values()
    if entry.each is not None:
        yield entry.each


def outer_names(entry: Counting, fields: Mapping[str, object]) -> tuple[str, ...]:
    """The inputs and parameters that the formulas of a rule look at, once each."""
    found: dict[str, None] = {}
    inner: Mapping[str, object] = fields
    for group in entry.per:
        for expr in group.sums.values():
            found.update(dict.fromkeys(name for name in names(expr) if name not in inner))
        inner = group.sums
    if entry.each is not None:
        found.update(dict.fromkeys(name for name in names(entry.each) if name not in inner))
    return tuple(found)


def formula_problems(
    rules: Rules, item: Item[Counting], fields: Mapping[str, Type], types: Mapping[str, Type]
) -> Iterator[InjuryprevError]:
    """What does not hold together in the formulas over records of one counting rule."""
    entry = item.entry
    if entry.each is None:
        if entry.per:
            yield _problem(item, "records are put together for a formula", "per", len(entry.per), 'each = "…"')
        return
    keys = GROUP_KEYS.get(entry.from_)
    if keys is None or entry.take not in TAKES:
        expected = f"from one of: {', '.join(GROUP_KEYS)}; take one of: {', '.join(TAKES)}"
        yield _problem(item, "each does not go with this", "each", f"{entry.take} of {entry.from_}", expected)
        return
    yield from _outer_problems(rules, item, fields)
    outer = {name: types[name] for name in (*rules.parameters, *rules.inputs)}
    divisors, found = Figures(rules), list[InjuryprevError]()
    inner = dict(fields)
    for index, group in enumerate(entry.per):
        place = f"per[{index}]"
        if group.key not in keys or group.key in [other.key for other in entry.per[:index]]:
            expected = "each once, one of: " + ", ".join(keys)
            yield _problem(item, f"{entry.from_} are not put together by this", f"{place}.key", group.key, expected)
        made: dict[str, Type] = {}
        for name, expr in group.sums.items():
            if not _NAME.fullmatch(name) or name in KEYWORDS or name in FUNCTIONS or name in outer:
                wanted = "small letters, digits and _, and no name of an input or parameter"
                yield _problem(item, "a sum needs a name of its own", f"{place}.sums", name, wanted)
            typing = Typing({**outer, **inner}, f"{item.place}.{place}.sums.{name}", found, divisors.may_be_zero)
            made[name] = _number(typing, expr)
        inner = made
    typing = Typing({**outer, **inner}, f"{item.place}.each", found, divisors.may_be_zero)
    if not fits(kind := _number(typing, entry.each), types[item.name]):
        typing.note("the unit is not that of the input", str(kind), str(types[item.name]))
    yield from found


def _number(typing: Typing, expr: Expr) -> Type:
    known = len(typing.problems)
    kind = typing.infer(expr)
    if len(typing.problems) == known and (not kind.is_number or kind.unit.is_ordinal):
        typing.note("only figures can be added up", str(kind), "a number with a measure")
        return NUMBER
    return kind


def _outer_problems(rules: Rules, item: Item[Counting], fields: Mapping[str, Type]) -> Iterator[InjuryprevError]:
    for name in outer_names(item.entry, fields):
        if name in rules.inputs and name in rules.counting:
            what, expected = "a figure that is itself counted cannot be used here", "an input that is given"
        elif name in rules.parameters and rules.parameters[name].entry.values is not None:
            what, expected = "a figure chosen by an input cannot be used here", "a parameter with one value"
        elif name in rules.definitions:
            what, expected = "records are counted before anything is defined", "an input or a parameter"
        elif name not in rules.inputs and name not in rules.parameters:
            what = f"nothing is called {name!r} here"
            inner = [key for group in item.entry.per for key in group.sums]
            expected = nearest(name, [*fields, *inner, *rules.parameters, *rules.inputs])
        else:
            continue
        yield _problem(item, what, "each", name, expected)


def _problem(item: Item[Counting], what: str, key: str, seen: object, expected: str) -> InjuryprevError:
    return InjuryprevError(what, where=f"{item.place}.{key}", seen=seen, expected=expected)
