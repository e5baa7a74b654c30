"""The ways a figure is said to go between two records are those it goes between any two."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from small_nodes import NAMES, SPANS, figures, numbers, truths

from injuryprev.engine.ir import Graph, Node
from injuryprev.engine.proof.course import Course
from injuryprev.engine.proof.ground import Ground
from injuryprev.engine.proof.solver import Solver
from injuryprev.engine.record import compile_nodes
from injuryprev.engine.values import Arithmetic


def asked(graph: Graph, figure: Node, name: str, granted: Node) -> frozenset[int]:
    """The ways of a figure as an input gets more, among records that a condition allows."""
    ground = Ground(graph, Solver(20), {})
    leaf, other = graph.var(name, *SPANS[name]), graph.var(name + "'", *SPANS[name])
    after = graph.rebuild([granted], {leaf: other})[0]
    allowed = graph.all((graph.compare("<", leaf, other), granted, after))
    return Course(ground, leaf, other, 1).ways(figure, allowed)


@settings(max_examples=400, deadline=None)
@given(st.data(), st.sampled_from(NAMES))
def test_what_is_said_of_a_figure_is_so_of_every_pair(data: st.DataObject, name: str) -> None:
    """A figure said never to fall falls between no two records; one said never to rise never rises."""
    graph = Graph()
    figure, granted = data.draw(figures(graph)), data.draw(truths(graph, 1))
    said = asked(graph, figure, name, granted)
    event(f"said: {sorted(said)}")
    work = compile_nodes([figure, granted], (*NAMES, "d"))
    others = [range(low, high + 1) if other != name else (0,) for other, (low, high) in SPANS.items()]
    place = NAMES.index(name)
    for values in itertools.product(*others, (False, True)) if said else ():
        last = None
        for figure_of in range(SPANS[name][0], SPANS[name][1] + 1):
            found, allowed = work(*values[:place], figure_of, *values[place + 1 :], *(False,) * 4)
            if allowed:
                if last is not None:
                    assert 1 not in said or found >= last
                    assert -1 not in said or found <= last
                last = found


def test_a_rounded_quotient_of_products_never_falls() -> None:
    """What the solver cannot decide is read off: a part of a sum, none of it below one figure, all above another."""
    graph = Graph()
    ground, math, const = Ground(graph, Solver(2), {}), Arithmetic(graph), graph.const
    own, mean, pay = graph.var("own", 0, 10**7), graph.var("mean", 1, 10**5), graph.var("pay", 0, 10**13)
    over, whole = graph.sub(own, mean), graph.mul(mean, const(2))
    inside, above = graph.compare("<=", own, mean), graph.compare(">=", own, graph.mul(mean, const(3)))
    top = graph.select(inside, const(0), graph.select(above, const(1), over))
    bottom = graph.select(inside, const(1), graph.select(above, const(1), whole))
    share = math.half_up(graph.mul(pay, top), graph.mul(bottom, const(20)))
    other = graph.var("own'", 0, 10**7)
    assert Course(ground, own, other, 1).ways(share, graph.compare("<", own, other)) == {1}
    # Where the whole is a fifth less than what the part comes to, the figure falls as it gets there.
    bent = graph.select(inside, const(1), graph.select(above, const(1), graph.mul(mean, const(1))))
    falling = math.half_up(graph.mul(pay, top), graph.mul(bent, const(20)))
    assert Course(ground, own, other, 1).ways(falling, graph.compare("<", own, other)) == frozenset()


@pytest.mark.parametrize("depth", [0, 2])
@settings(max_examples=30, deadline=None)
@given(st.data())
def test_a_figure_that_rests_on_another_input_stays(depth: int, data: st.DataObject) -> None:
    """What the input has no part in goes neither way."""
    graph = Graph()
    figure = graph.rebuild([data.draw(numbers(graph, depth))], {graph.var("a", *SPANS["a"]): graph.const(1)})[0]
    assert asked(graph, figure, "a", graph.true) == {1, -1}
