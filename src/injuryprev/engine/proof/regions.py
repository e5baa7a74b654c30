"""Regions of employers in the words of the rules: the conditions written there, as few of them as make it so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final

import attrs

from injuryprev.engine.ir import Node
from injuryprev.engine.proof.day import Day, leaf_names
from injuryprev.engine.proof.ground import Ground
from injuryprev.engine.record import compile_nodes
from injuryprev.engine.values import Truth
from injuryprev.policy.expr import Choose, Compare, Expr, Logic, Name, Not, Within, write
from injuryprev.policy.kinds import constant
from injuryprev.words import Words

MOST: Final = 8
"""Regions told of one finding; where there are more, it says so."""
_TURNED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_DENIED: Final = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


@attrs.frozen(eq=False)
class Atom:
    """A condition that is not made of others: a figure beside a bound, or words of any kind."""

    node: Node
    expr: Expr
    figure: Expr | None = None
    op: str = ""
    bound: Expr | None = None


@attrs.frozen(eq=False)
class Region:
    """A condition, and one record for which it is so; ``words`` are empty where no condition of the rules tells it."""

    node: Node
    words: Words
    leaves: Mapping[str, int]


def atoms(day: Day, exprs: Iterable[Expr]) -> list[Atom]:
    """Every condition written in formulas, each once."""
    found: dict[Node, Atom] = {}
    for expr in exprs:
        for atom in _atoms(day, expr):
            if atom.node.op != "bool":
                found.setdefault(atom.node, atom)
    return list(found.values())


def _atoms(day: Day, expr: Expr) -> Iterator[Atom]:
    match expr:
        case Logic(_, parts):
            for part in parts:
                yield from _atoms(day, part)
        case Not(arg):
            yield from _atoms(day, arg)
        case Choose(condition, then, otherwise):
            yield from _atoms(day, condition)
            for branch in (then, otherwise):
                if isinstance(branch, (Logic, Not, Compare, Within, Choose)):
                    yield from _atoms(day, branch)
        case Compare(operands, ops):
            for left, op, right in zip(operands, ops, operands[1:], strict=False):
                yield _compared(day, left, op, right)
        case Within(item, choices, _):
            for choice in choices:
                yield _compared(day, item, "==", choice)
        case Name():
            value = day.scope.expr(expr)
            if isinstance(value, Truth):
                yield Atom(day.given(value.node), expr)
        case _:
            pass


def _compared(day: Day, left: Expr, op: str, right: Expr) -> Atom:
    pair = Compare((left, right), (op,))
    node = day.given(day.scope.truth(pair).node)
    if constant(right) is not None:
        return Atom(node, pair, left, op, right)
    if constant(left) is not None:
        return Atom(node, pair, right, _TURNED[op], left)
    return Atom(node, pair)


def alternatives(expr: Expr) -> tuple[Expr, ...]:
    """The parts of a condition any of which is enough."""
    if isinstance(expr, Logic) and expr.op == "or":
        return tuple(inner for part in expr.parts for inner in alternatives(part))
    return (expr,)


def regions(
    ground: Ground,
    target: Node,
    domain: Node,
    parts: Sequence[Atom],
    *,
    within: Node | None = None,
    clear: Node | None = None,
    most: int = MOST,
) -> tuple[list[Region], str]:
    """Where a condition holds, told by the conditions of the rules.

    Args:
        ground: The rules.
        target: What is looked for.
        domain: What is taken for granted, such as that all conditions are known.
        parts: The conditions to tell it by.
        within: The employers among whom it is looked for; without it, all.
        clear: What is to hold, where it can, of the employer that is shown.
        most: Regions to tell at most.

    Returns:
        The regions, and ``all`` when there are no more, ``more`` when there are, ``open`` when that was not reached.
    """
    graph, found = ground.graph, list[Region]()
    left = graph.all((target, domain, within or graph.true))
    while len(found) < most:
        answer = ground.clearest(left, clear)
        if answer.status != "found":
            return found, "all" if answer.status == "never" else "open"
        names = list(answer.leaves)
        inside = [part for part in parts if set(leaf_names([part.node])) <= set(names)]
        work = compile_nodes([part.node for part in inside], names)
        truths = work(*answer.leaves.values(), *(False for _ in names))
        literals = list(zip(inside, map(bool, truths), strict=True))
        kept = _least(ground, target, domain, literals)
        if kept is None:
            return [*found, Region(target, Words(), answer.leaves)], "more"
        node = graph.all(part.node if holds else graph.negate(part.node) for part, holds in kept)
        found.append(Region(node, said(ground, kept), answer.leaves))
        left = graph.both(left, graph.negate(node))
    return found, "more"


Literal = tuple[Atom, bool]


def _least(ground: Ground, target: Node, domain: Node, literals: list[Literal]) -> list[Literal] | None:
    """As few of the literals as still make the condition hold; ``None`` where all of them do not."""
    graph = ground.graph
    not_so = graph.both(domain, graph.negate(target))
    if not_so is graph.false:
        return []
    nodes, truths = [part.node for part, _ in literals], [holds for _, holds in literals]
    places = ground.solver.enough(not_so, nodes, truths)
    return None if places is None else [literals[place] for place in places]


# In words ------------------------------------------------------------------------------------------------------------


def said(ground: Ground, literals: Iterable[Literal]) -> Words:
    """Literals as a condition in both languages; those of one figure as one range."""
    ranges: dict[str, list[tuple[Expr, str, Expr]]] = {}
    others: list[tuple[Expr, bool]] = []
    for atom, holds in literals:
        if atom.figure is not None and atom.bound is not None:
            op = atom.op if holds else _DENIED[atom.op]
            ranges.setdefault(write(atom.figure), []).append((atom.figure, op, atom.bound))
        else:
            others.append((atom.expr, holds))
    exprs = [_range(bounds) for bounds in ranges.values()] + [expr if holds else _not(expr) for expr, holds in others]
    if not exprs:
        return Words("every employer", "所有单位")
    whole = exprs[0] if len(exprs) == 1 else Logic("and", tuple(exprs))
    return Words(write(whole), write(whole, ground.titles))


def _not(expr: Expr) -> Expr:
    if isinstance(expr, Compare) and len(expr.ops) == 1:
        return Compare(expr.operands, (_DENIED[expr.ops[0]],))
    return Not(expr)


def _range(bounds: list[tuple[Expr, str, Expr]]) -> Expr:
    """Bounds of one figure as one condition: ``x == 1%``, ``0.4% < x <= 1%``."""
    figure = bounds[0][0]
    equal = next((bound for _, op, bound in bounds if op == "=="), None)
    lows = [(value(bound), op == ">", bound) for _, op, bound in bounds if op in (">", ">=")]
    highs = [(-value(bound), op == "<", bound) for _, op, bound in bounds if op in ("<", "<=")]
    low, high = (max(side, key=lambda one: one[:2], default=None) for side in (lows, highs))
    if equal is None and low is not None and high is not None and low[0] == -high[0]:
        equal = low[2]
    if equal is not None:
        return Compare((figure, equal), ("==",))
    parts: list[Expr] = []
    if low is not None and high is not None:
        parts.append(Compare((low[2], figure, high[2]), ("<" if low[1] else "<=", "<" if high[1] else "<=")))
    elif low is not None:
        parts.append(Compare((figure, low[2]), (">" if low[1] else ">=",)))
    elif high is not None:
        parts.append(Compare((figure, high[2]), ("<" if high[1] else "<=",)))
    parts += [Compare((figure, bound), ("!=",)) for _, op, bound in bounds if op == "!="]
    return parts[0] if len(parts) == 1 else Logic("and", tuple(parts))


def value(bound: Expr) -> Fraction:
    """The number a bound is."""
    found = constant(bound)
    assert found is not None
    return found
