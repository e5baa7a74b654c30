"""The closed tree of a formula: every kind of node there is, and how a formula is written back as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Final

import attrs

FUNCTIONS: Final[dict[str, tuple[int, int | None]]] = {
    "min": (2, None),
    "max": (2, None),
    "clip": (3, 3),
    "abs": (1, 1),
    "round_half_up": (2, 2),
    "round_half_even": (2, 2),
    "round_up": (2, 2),
    "round_down": (2, 2),
}
"""Function name -> least and most number of arguments.  There are no others."""

ROUNDING: Final = frozenset(name for name in FUNCTIONS if name.startswith("round_"))


@attrs.frozen(eq=False)
class Num:
    """A literal number, kept as it was written beside its exact value."""

    value: Fraction
    text: str


@attrs.frozen(eq=False)
class Text:
    """A literal choice of a category, in quotes."""

    value: str


@attrs.frozen(eq=False)
class Flag:
    """``true`` or ``false``."""

    value: bool


@attrs.frozen(eq=False)
class Name:
    """An input, a parameter or another definition."""

    name: str


@attrs.frozen(eq=False)
class Neg:
    """A number with its sign turned."""

    arg: Expr


@attrs.frozen(eq=False)
class Not:
    """A condition turned round."""

    arg: Expr


@attrs.frozen(eq=False)
class Arith:
    """One of ``+ - * /``."""

    op: str
    left: Expr
    right: Expr


@attrs.frozen(eq=False)
class Compare:
    """A comparison, or a chain of them: ``0 < x <= 1`` is ``0 < x and x <= 1``."""

    operands: tuple[Expr, ...]
    ops: tuple[str, ...]


@attrs.frozen(eq=False)
class Logic:
    """``and`` or ``or`` over two or more conditions."""

    op: str
    parts: tuple[Expr, ...]


@attrs.frozen(eq=False)
class Choose:
    """``if c then a else b``."""

    condition: Expr
    then: Expr
    otherwise: Expr


@attrs.frozen(eq=False)
class Within:
    """``x in (a, b, c)``, or ``not in``."""

    item: Expr
    choices: tuple[Expr, ...]
    negated: bool


@attrs.frozen(eq=False)
class Call:
    """One of the listed functions."""

    name: str
    args: tuple[Expr, ...]


Expr = Num | Text | Flag | Name | Neg | Not | Arith | Compare | Logic | Choose | Within | Call


def children(node: Expr) -> tuple[Expr, ...]:
    """The parts of a node, in the order they are written."""
    match node:
        case Neg(arg) | Not(arg):
            return (arg,)
        case Arith(_, left, right):
            return (left, right)
        case Compare(operands, _):
            return operands
        case Logic(_, parts):
            return parts
        case Choose(condition, then, otherwise):
            return (condition, then, otherwise)
        case Within(item, choices, _):
            return (item, *choices)
        case Call(_, args):
            return args
        case _:
            return ()


def names(node: Expr) -> Iterator[str]:
    """Every name used, once each, in order of first use."""
    seen: set[str] = set()
    stack = [node]
    while stack:
        here = stack.pop()
        if isinstance(here, Name) and here.name not in seen:
            seen.add(here.name)
            yield here.name
        stack.extend(reversed(children(here)))


_RANK: Final = {"or": 1, "and": 2, "not": 3, "compare": 4, "+": 5, "-": 5, "*": 6, "/": 6, "neg": 7, "atom": 8}


def write(node: Expr, show: Mapping[str, str] | None = None) -> str:
    """The formula as text; ``show`` replaces names by their titles or values, and the words of the grammar likewise.

    Parsing what is written gives the same tree.

    >>> from injuryprev.policy.grammar import parse
    >>> write(parse("if c then (a+b)*2 else 3"))
    'if c then (a + b) * 2 else 3'
    """
    return _write(node, 0, show or {})


def _write(node: Expr, rank: int, show: Mapping[str, str]) -> str:
    own, text = _RANK["atom"], ""
    match node:
        case Num(_, written):
            text = written
        case Text(value):
            text = show.get(f"'{value}'", f"'{value}'")
        case Flag(value):
            text = show.get("true", "true") if value else show.get("false", "false")
        case Name(name):
            text = show.get(name, name)
        case Call(name, args):
            text = f"{name}({', '.join(_write(arg, 0, show) for arg in args)})"
        case Neg(arg):
            own, text = _RANK["neg"], "-" + _write(arg, _RANK["neg"], show)
        case Not(arg):
            own, text = _RANK["not"], f"{show.get('not', 'not')} " + _write(arg, _RANK["not"], show)
        case Arith(op, left, right):
            own = _RANK[op]
            text = f"{_write(left, own, show)} {op} {_write(right, own + 1, show)}"
        case Compare(operands, ops):
            own = _RANK["compare"]
            text = _write(operands[0], own + 1, show)
            for op, operand in zip(ops, operands[1:], strict=True):
                text += f" {op} {_write(operand, own + 1, show)}"
        case Logic(op, parts):
            own = _RANK[op]
            text = f" {show.get(op, op)} ".join(_write(part, own + 1, show) for part in parts)
        case Within(item, choices, negated):
            own, word = _RANK["compare"], "not in" if negated else "in"
            inside = ", ".join(_write(choice, own + 1, show) for choice in choices)
            text = f"{_write(item, own + 1, show)} {show.get(word, word)} ({inside})"
        case Choose(condition, then, otherwise):
            own = 0
            cases = (("if", condition, 1), ("then", then, 1), ("else", otherwise, 0))
            text = " ".join(f"{show.get(key, key)} {_write(case, least, show)}" for key, case, least in cases)
    return f"({text})" if own < rank else text
