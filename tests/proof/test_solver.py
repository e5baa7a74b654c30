"""The solver agrees with trying every value, on conditions nobody thought of."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_nodes import NAMES, SPANS, conditions

from injuryprev.engine.ir import Graph, Node
from injuryprev.engine.proof import encoding
from injuryprev.engine.proof.solver import Solver
from injuryprev.engine.record import compile_nodes


@settings(max_examples=120, deadline=None)
@given(conditions(), st.sampled_from((2, 40)))
def test_the_solver_agrees_with_every_value(node: Node, few: int) -> None:
    """What it calls impossible no values make true, what it finds makes it true; so too where no product is split."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoding, "_MOST_VALUES", few)
        answer = Solver(20).ask(node, {})
    names = (*NAMES, "d")
    work = compile_nodes([node], names)
    every = itertools.product(*(range(low, high + 1) for low, high in SPANS.values()), (False, True))
    possible = any(work(*values, *(False,) * 4)[0] for values in every)
    assert answer.status == ("found" if possible else "never")
    if possible:
        found = {name: answer.leaves.get(name, SPANS.get(name, (0, 0))[0]) for name in names}
        assert work(*found.values(), *(False,) * 4)[0]


def test_products_of_wide_figures_are_decided() -> None:
    """Two products of figures of nine and seven digits: none where there is none, and one where one is all there is."""
    graph = Graph()
    x, y = graph.var("x", 1, 10**9), graph.var("y", 1, 10**7)
    z = graph.var("z", 1, 10**9)
    less = graph.compare("<", graph.mul(x, y), graph.mul(z, y))
    assert Solver(20).ask(graph.both(less, graph.compare("<=", z, x)), {}).status == "never"
    exact = graph.compare("==", graph.mul(x, y), graph.const(9_999_991 * 999_999_937))
    answer = Solver(20).ask(graph.both(exact, graph.compare(">=", y, graph.const(9_999_000))), {})
    assert (answer.status, dict(answer.leaves)) == ("found", {"x": 999_999_937, "y": 9_999_991})


def test_what_is_not_reached_is_not_proved() -> None:
    """With no time, nothing is said either way."""
    graph = Graph()
    x, y = graph.var("x", 2, 10**9), graph.var("y", 2, 10**9)
    prime = graph.compare("==", graph.mul(x, y), graph.const(1_000_000_007 * 3))
    assert Solver(0).ask(prime, {}).status == "open"


def test_products_that_share_a_factor_keep_in_step_and_no_more() -> None:
    """One step more of one factor makes the product larger by just the other; the same factors, the same product."""
    graph = Graph()
    x, z, y = (graph.var(name, 0, 10**6) for name in "xzy")
    wide = graph.compare(">=", y, graph.const(1000))
    larger = graph.sub(graph.mul(z, y), graph.mul(x, y))
    one_more = graph.both(wide, graph.compare("==", z, graph.add(x, graph.const(1))))
    assert Solver(20).ask(graph.both(one_more, graph.compare("==", larger, y)), {}).status == "found"
    assert Solver(20).ask(graph.both(one_more, graph.compare("<", larger, y)), {}).status == "never"
    alike = graph.both(wide, graph.compare("==", z, x))
    assert Solver(20).ask(graph.both(alike, graph.compare("==", larger, graph.const(0))), {}).status == "found"
    assert Solver(20).ask(graph.both(alike, graph.compare("!=", larger, graph.const(0))), {}).status == "never"
