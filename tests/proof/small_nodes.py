"""Nodes over three small figures and a flag, so few that all their values can be tried."""

from __future__ import annotations

from hypothesis import strategies as st

from injuryprev.engine.ir import Graph, Node
from injuryprev.engine.values import Arithmetic

NAMES = ("a", "b", "c")
SPANS = {"a": (-3, 4), "b": (0, 24), "c": (1, 9)}


@st.composite
def conditions(draw: st.DrawFn) -> Node:
    """A condition over three small figures and a flag, with products and divisions of figures."""
    graph = Graph()
    return graph.both(draw(truths(graph, 3)), draw(truths(graph, 3)))


@st.composite
def figures(draw: st.DrawFn, graph: Graph) -> Node:
    """A figure made of them, rounded quotients among it."""
    math = Arithmetic(graph)
    top, bottom = draw(numbers(graph, 3)), graph.most(draw(numbers(graph, 2)), graph.const(1))
    return draw(st.sampled_from((top, math.half_up(top, bottom), math.half_even(top, bottom))))


def truths(graph: Graph, depth: int) -> st.SearchStrategy[Node]:
    """Conditions of some depth."""
    return _nodes(graph, depth, truths=True)


def numbers(graph: Graph, depth: int) -> st.SearchStrategy[Node]:
    """Figures of some depth."""
    return _nodes(graph, depth, truths=False)


@st.composite
def _nodes(draw: st.DrawFn, graph: Graph, depth: int, *, truths: bool) -> Node:
    flag = graph.flag("d")

    def number(depth: int) -> Node:
        if depth == 0:
            name = draw(st.sampled_from((*NAMES, "")))
            return graph.var(name, *SPANS[name]) if name else graph.const(draw(st.integers(-4, 9)))
        op = draw(st.sampled_from(("add", "sub", "mul", "mul", "mul", "floordiv", "mod", "select", "least", "most")))
        left, right = number(depth - 1), number(depth - 1)
        if op == "select":
            return graph.select(truth(depth - 1), left, right)
        if op in ("floordiv", "mod"):
            right = graph.most(right, graph.const(1))
        made: Node = getattr(graph, op)(left, right)
        return made

    def truth(depth: int) -> Node:
        if depth == 0:
            return flag
        op = draw(st.sampled_from(("<", "<=", "==", "both", "either", "negate")))
        if op == "negate":
            return graph.negate(truth(depth - 1))
        if op in ("both", "either"):
            joined: Node = getattr(graph, op)(truth(depth - 1), truth(depth - 1))
            return joined
        return graph.compare(op, number(depth - 1), number(depth - 1))

    return truth(depth) if truths else number(depth)
