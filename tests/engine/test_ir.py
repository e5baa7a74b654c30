"""The lowered tree: whatever it simplifies, it says the same; whatever is deep, it compiles."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from injuryprev.engine.ir import LIMIT, Graph, Node, WidthError, in_order
from injuryprev.engine.record import compile_nodes

X, Y = (-2, 2), (0, 1)
NAMES = ["a", "b", "c", "x", "y"]
WORLDS = [
    dict(zip(NAMES, values, strict=True))
    for values in itertools.product([0, 1], [0, 1], [0, 1], range(X[0], X[1] + 1), range(Y[0], Y[1] + 1))
]

Tree = tuple[Any, ...]
numbers = st.deferred(
    lambda: st.one_of(st.tuples(st.sampled_from(["x", "y"])), st.tuples(st.just("const"), st.integers(-3, 4)), _sums)
)
truths = st.deferred(
    lambda: st.one_of(st.tuples(st.sampled_from(["a", "b", "c"])), st.tuples(st.just("bool"), st.booleans()), _joins)
)
_sums: st.SearchStrategy[Tree] = st.one_of(
    st.tuples(st.sampled_from(["+", "-", "*", "min", "max"]), numbers, numbers),
    st.tuples(st.sampled_from(["//", "%"]), numbers, st.tuples(st.just("const"), st.integers(1, 5))),
    st.tuples(st.sampled_from(["//", "%"]), numbers, st.tuples(st.just("+"), st.just(("const", 1)), st.just(("y",)))),
    st.tuples(st.just("if"), truths, numbers, numbers),
)
_joins: st.SearchStrategy[Tree] = st.one_of(
    st.tuples(st.sampled_from(["and", "or"]), truths, truths),
    st.tuples(st.just("not"), truths),
    st.tuples(st.just("if"), truths, truths, truths),
    st.tuples(st.sampled_from(["<", "<=", "==", "!=", ">", ">="]), numbers, numbers),
)


PAIRS: Final[dict[str, Callable[[int, int], int]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "//": operator.floordiv,
    "%": operator.mod,
    "min": min,
    "max": max,
    "and": operator.and_,
    "or": operator.or_,
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
}


def said(tree: Tree, world: dict[str, int]) -> int:
    """What a tree says in Python's own arithmetic."""
    op, *args = tree
    if op in world:
        return world[op]
    if op in ("const", "bool"):
        return int(args[0])
    first, *rest = (said(arg, world) for arg in args)
    match op, rest:
        case "not", _:
            return int(not first)
        case "if", [then, otherwise]:
            return then if first else otherwise
        case _, [second]:
            return int(PAIRS[op](first, second))
    raise AssertionError(op)


def made(graph: Graph, tree: Tree) -> Node:
    """The same tree as nodes."""
    op, *args = tree
    if op in ("a", "b", "c"):
        return graph.flag(op)
    if op in ("x", "y"):
        return graph.var(op, *(X if op == "x" else Y))
    if op == "const":
        return graph.const(args[0])
    if op == "bool":
        return graph.truth(args[0])
    nodes = [made(graph, arg) for arg in args]
    if op in ("<", "<=", "==", "!=", ">", ">="):
        return graph.compare(op, *nodes)
    make: dict[str, Callable[..., Node]] = {
        "+": graph.add,
        "-": graph.sub,
        "*": graph.mul,
        "//": graph.floordiv,
        "%": graph.mod,
        "min": graph.least,
        "max": graph.most,
        "and": graph.both,
        "or": graph.either,
        "not": graph.negate,
        "if": graph.select,
    }
    return make[op](*nodes)


@settings(max_examples=250, deadline=None)
@given(st.lists(truths | numbers, min_size=1, max_size=3))
def test_simplifying_changes_no_value_and_keeps_bounds(trees: list[Tree]) -> None:
    """In every world there is, each tree says what it says written out; an integer stays within its bounds."""
    graph = Graph()
    nodes = [made(graph, tree) for tree in trees]
    work = compile_nodes(nodes, NAMES)
    for world in WORLDS:
        found = work(*world.values(), *[0] * len(NAMES))
        for tree, node, value in zip(trees, nodes, found, strict=True):
            assert int(value) == said(tree, world)
            assert node.low <= value <= node.high


@settings(max_examples=100, deadline=None)
@given(st.lists(truths | numbers, min_size=1, max_size=2), st.dictionaries(st.sampled_from("abc"), st.booleans()))
def test_a_tree_with_leaves_replaced_says_what_it_says_in_those_worlds(
    trees: list[Tree], known: dict[str, bool]
) -> None:
    """Rebuilding with flags that are known folds them away and changes nothing else."""
    graph = Graph()
    nodes = [made(graph, tree) for tree in trees]
    rebuilt = graph.rebuild(nodes, {graph.flag(name): graph.truth(value) for name, value in known.items()})
    assert not {graph.flag(name) for name in known}.intersection(in_order(rebuilt))
    before, after = compile_nodes(nodes, NAMES), compile_nodes(rebuilt, NAMES)
    for world in WORLDS:
        if all(world[name] == value for name, value in known.items()):
            values = [*world.values(), *[0] * len(NAMES)]
            assert [int(value) for value in before(*values)] == [int(value) for value in after(*values)]


def test_equal_nodes_are_one() -> None:
    """Whatever is made twice is made once, so that it is worked out once."""
    graph = Graph()
    x, a, b = graph.var("x", 0, 9), graph.flag("a"), graph.flag("b")
    assert graph.add(x, graph.const(1)) is graph.add(x, graph.const(1))
    assert graph.compare(">", x, graph.const(1)) is graph.compare("<", graph.const(1), x)
    assert graph.negate(graph.negate(a)) is a
    assert graph.const(1) is not graph.truth(True)
    assert graph.both(a, graph.negate(graph.either(b, a))) is graph.false
    assert graph.either(a, graph.negate(a)) is graph.true
    assert graph.both(a, graph.either(a, b)) in (a, graph.both(a, graph.either(a, b)))


def test_deep_trees_compile_and_are_worked_out() -> None:
    """Depth is cut into steps: neither Python's parser nor its recursion limit is met."""
    graph = Graph()
    total, chain = graph.var("x", 0, 1), graph.flag("a")
    for index in range(3000):
        total = graph.add(graph.select(chain, total, graph.const(index % 7)), graph.const(1))
        chain = (
            graph.both(graph.compare("<", total, graph.const(10**6)), graph.negate(chain)) if index % 50 == 0 else chain
        )
    work = compile_nodes([total, chain], NAMES)
    number, truth = work(1, 0, 0, 1, 0, *[0] * 5)
    assert total.low <= number <= total.high
    assert truth in (True, False)


def test_a_table_of_a_thousand_rows_compiles() -> None:
    """Many conditions joined one after another are no deeper than one."""
    graph = Graph()
    x = graph.var("x", 0, 5000)
    found = graph.const(0)
    for row in range(1000):
        found = graph.select(graph.compare("==", x, graph.const(row)), graph.const(row * 2), found)
    any_row = graph.any(graph.compare("==", x, graph.const(row)) for row in range(0, 400, 2))
    work = compile_nodes([found, any_row], ["x"])
    assert work(7, 0) == (14, False)
    assert work(6, 0) == (12, True)
    assert work(4000, 0) == (0, False)


@pytest.mark.parametrize("op", ["add", "sub", "mul"])
def test_nothing_wider_than_64_bits_is_made(op: str) -> None:
    """The node that could leave 64 bits is refused when it is made; the last one that cannot, is made."""
    graph = Graph()
    wide, other = graph.var("x", -LIMIT, LIMIT), graph.var("y", 0, 1 if op != "mul" else 2)
    with pytest.raises(WidthError, match="64 bits"):
        getattr(graph, op)(wide, other)
    half = graph.var("z", -(LIMIT // 2), LIMIT // 2)
    assert getattr(graph, op)(half, other).high <= LIMIT
    with pytest.raises(WidthError):
        graph.const(LIMIT + 1)
    assert graph.const(-LIMIT).low == -LIMIT


def test_a_divisor_is_positive() -> None:
    """Whoever lowers sees to that; a tree that could divide by zero is never made."""
    graph = Graph()
    with pytest.raises(ValueError, match="positive"):
        graph.floordiv(graph.const(1), graph.var("x", 0, 1))


def test_what_is_asked_twice_is_asked_once() -> None:
    """Alternatives that share a condition ask for it once, and what another alternative rules out is left out."""
    graph = Graph()
    a, b, c = (graph.flag(name) for name in "abc")
    assert graph.either(graph.both(c, a), graph.both(c, b)) is graph.both(c, graph.either(a, b))
    assert graph.either(a, graph.both(graph.negate(a), b)) is graph.either(a, b)
    assert graph.both(a, graph.either(graph.negate(a), b)) is graph.both(a, b)
    assert graph.either(graph.either(a, graph.both(b, c)), graph.both(b, c)) is graph.either(a, graph.both(b, c))
