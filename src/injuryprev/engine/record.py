"""The record reader: one record through the lowered tree, as plain Python arithmetic on integers.

The tree is closed, bounded and total, so it is written out once as a straight-line function of integers and compiled;
nothing of a profile's text enters that source but its integers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from injuryprev.engine.ir import Node, in_order

Compiled = Callable[..., tuple[int, ...]]

_INFIX: Final = {
    "add": "({} + {})",
    "sub": "({} - {})",
    "mul": "({} * {})",
    "floordiv": "({} // {})",
    "mod": "({} % {})",
    "select": "({1} if {0} else {2})",
    "min": "({0} if {0} <= {1} else {1})",
    "max": "({0} if {0} >= {1} else {1})",
    "lt": "({} < {})",
    "le": "({} <= {})",
    "eq": "({} == {})",
    "and": "({} and {})",
    "or": "({} or {})",
    "not": "(not {})",
}
_DEEPEST: Final = 12
"""Expressions nested deeper are cut into local variables, far from the depth at which Python stops parsing."""


def compile_nodes(roots: Sequence[Node], inputs: Sequence[str]) -> Compiled:
    """A function of the integers of ``inputs``, then of one flag each for being no use, that yields ``roots``."""
    places = {name: index for index, name in enumerate(inputs)}
    order = in_order(roots)
    uses: dict[Node, int] = {}
    for node in roots:
        uses[node] = uses.get(node, 0) + 1
    for node in order:
        for arg in node.nodes:  # the least or most of two writes each of them twice
            uses[arg] = uses.get(arg, 0) + (2 if node.op in ("min", "max") else 1)
    lines: list[str] = []
    text: dict[Node, str] = {}
    depth: dict[Node, int] = {}
    for node in order:
        written = _leaf(node, places) or _INFIX[node.op].format(*(text[arg] for arg in node.nodes))
        deep = 1 + max((depth[arg] for arg in node.nodes), default=0)
        if node.nodes and (uses[node] > 1 or deep > _DEEPEST):
            lines.append(f"    t{len(lines)} = {written}")
            written, deep = f"t{len(lines) - 1}", 0
        text[node], depth[node] = written, deep
    arguments = ", ".join([*(f"i{i}" for i in range(len(inputs))), *(f"b{i}" for i in range(len(inputs)))])
    values = "".join(f"{text[root]}, " for root in roots)
    source = "\n".join([f"def work({arguments}):", *lines, f"    return ({values})"])
    space: dict[str, Compiled] = {}
    exec(compile(source, "<lowered policy>", "exec"), {"__builtins__": {}}, space)  # noqa: S102  # integers only
    return space["work"]


def _leaf(node: Node, places: dict[str, int]) -> str:
    match node.op:
        case "const":
            value = node.low
            return f"({value})" if value < 0 else str(value)
        case "bool":
            return str(node.args[0])
        case "var" | "flag":
            return f"i{places[str(node.args[0])]}"
        case "bad":
            return f"b{places[str(node.args[0])]}"
    return ""


def leaves(roots: Iterable[Node], op: str) -> list[Node]:
    """The leaves of one kind below the roots."""
    return [node for node in in_order(roots) if node.op == op]
