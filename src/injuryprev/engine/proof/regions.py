"""Regions of employers in the words of the rules: the conditions written there, as few of them as make it so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final

import attrs

from injuryprev.engine.ir import Graph, Node
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
    """A condition that is not made of others: a figure beside a bound, or words of any kind; and where it is known."""

    node: Node
    known: Node
    expr: Expr
    figure: Expr | None = None
    op: str = ""
    bound: Expr | None = None

    @classmethod
    def of(cls, day: Day, expr: Expr, figure: Expr | None = None, op: str = "", bound: Expr | None = None) -> Atom:
        """A condition as it is written, where every input is given."""
        truth = day.scope.truth(expr)
        return cls(day.given(truth.node), day.known(truth.faults), expr, figure, op, bound)

    def literal(self, graph: Graph, holds: bool) -> Node:
        """Where it is known, and holds or does not: what is said of a figure, there is none without it."""
        return graph.both(self.known, self.node if holds else graph.negate(self.node))


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
            if isinstance(day.scope.expr(expr), Truth):
                yield Atom.of(day, expr)
        case _:
            pass


def _compared(day: Day, left: Expr, op: str, right: Expr) -> Atom:
    pair = Compare((left, right), (op,))
    if constant(right) is not None:
        return Atom.of(day, pair, left, op, right)
    if constant(left) is not None:
        return Atom.of(day, pair, right, _TURNED[op], left)
    return Atom.of(day, pair)


def alternatives(expr: Expr) -> tuple[Expr, ...]:
    """The parts of a condition any of which is enough."""
    if isinstance(expr, Logic) and expr.op == "or":
        return tuple(inner for part in expr.parts for inner in alternatives(part))
    return (expr,)


def regions(
    ground: Ground,
    target: Node,
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
        parts: The conditions to tell it by.
        within: The employers among whom it is looked for; without it, all.
        clear: What is to hold, where it can, of the employer that is shown.
        most: Regions to tell at most.

    Returns:
        The regions, one of them without words if there are employers of whom the conditions do not tell it, and
        ``all`` when there are no more, ``more`` when there are, ``open`` when that was not reached.
    """
    graph, told, untold = ground.graph, list[Region](), list[Region]()
    left, more = graph.both(target, within or graph.true), "more"
    while max(len(told), len(untold)) < most:
        answer = ground.clearest(left, clear)
        if answer.status != "found":
            more = "open" if answer.status == "open" else "more" if untold else "all"
            break
        literals = _literals(parts, answer.leaves)
        kept = _least(ground, target, literals)
        node = graph.all(part.literal(graph, holds) for part, holds in (literals if kept is None else kept))
        if kept is None:  # the conditions do not tell this one: look on among those of whom they say otherwise
            untold.append(Region(node, Words(), answer.leaves))
        else:
            told.append(Region(node, said(ground, kept), answer.leaves))
        left = graph.both(left, graph.negate(node))
    return [*told, *untold[:1]], more


Literal = tuple[Atom, bool]


def _literals(parts: Sequence[Atom], leaves: Mapping[str, int]) -> list[Literal]:
    """What is known of one record, of conditions over the inputs it gives."""
    inside = [part for part in parts if set(leaf_names([part.node, part.known])) <= set(leaves)]
    work = compile_nodes([node for part in inside for node in (part.node, part.known)], list(leaves))
    came = list(map(bool, work(*leaves.values(), *(False for _ in leaves))))
    return [(part, holds) for part, holds, known in zip(inside, came[::2], came[1::2], strict=True) if known]


def _least(ground: Ground, target: Node, literals: list[Literal]) -> list[Literal] | None:
    """As few of the literals as still make the condition hold; ``None`` where all of them do not."""
    graph = ground.graph
    not_so = graph.negate(target)
    if not_so is graph.false:
        return []
    places = ground.solver.enough(not_so, [part.literal(graph, holds) for part, holds in literals])
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
    out = {value(bound): bound for _, op, bound in bounds if op == "!="}
    lows, highs = (
        [(sign * value(bound), op == strict or value(bound) in out, bound) for _, op, bound in bounds if strict in op]
        for sign, strict in ((1, ">"), (-1, "<"))
    )
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
    ends = [value(end[2]) for end in (low, high) if end is not None]
    parts += [Compare((figure, bound), ("!=",)) for at, bound in out.items() if at not in ends]
    return parts[0] if len(parts) == 1 else Logic("and", tuple(parts))


def value(bound: Expr) -> Fraction:
    """The number a bound is."""
    found = constant(bound)
    assert found is not None
    return found
