"""Lowering of tables by the hit policies of the DMN standard, of bands, and of mappings."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from fractions import Fraction

import attrs

from injuryprev.engine.ir import Node
from injuryprev.engine.scope import Scope
from injuryprev.engine.values import Choice, Faults, Ratio, Truth, Value
from injuryprev.errors import InjuryprevError
from injuryprev.policy.document import Bands, Interval, Mapping, Outcome, Refusal, Table
from injuryprev.policy.kinds import constant
from injuryprev.policy.rules import Type
from injuryprev.unknown import Reason
from injuryprev.words import Words

Lowered = tuple[Value, tuple[Truth, ...]]
"""A value, and the condition of each row."""


class GapError(InjuryprevError, ValueError):
    """Bands leave out a part of the range of the figure they look up."""


@attrs.frozen
class Body:
    """Lowers the body of one definition: how its outcomes are read, and what to call it in a reason."""

    scope: Scope
    name: str
    like: Type
    read: Callable[[Outcome], Value]

    def table(self, table: Table) -> Lowered:
        """A decision table; conditions and outcomes are worked out once and settled by the hit policy."""
        whens = [self.scope.truth(row.when) for row in table.rows]
        thens = [self.read(row.then) for row in table.rows]
        match table.hit:
            case "first":
                value = self._in_turn(table, whens, thens, [[row] for row in range(len(whens))])
            case "priority":
                value = self._in_turn(table, whens, thens, _alike(table, table.order))
            case "collect min" | "collect max" if None not in (figures := _figures(table)):
                order = sorted({figure for figure in figures if figure is not None}, reverse=table.hit == "collect max")
                value = self._in_turn(table, whens, thens, _alike(table, order))
            case "collect count":
                value = self._counted(table, whens)
            case _:
                value = self._all_rows(table, whens, thens)
        return value, tuple(whens)

    def _in_turn(self, table: Table, whens: list[Truth], thens: list[Value], turns: list[list[int]]) -> Value:
        """The outcome of the first turn that holds; which of the rows of one turn holds does not matter."""
        found = self._none(table.none)
        for rows in reversed(turns):
            found = self.scope.choose(self.scope.any([whens[row] for row in rows]), thens[rows[0]], found)
        return found

    def _counted(self, table: Table, whens: list[Truth]) -> Value:
        count = self._count([when.node for when in whens])
        count = attrs.evolve(count, faults=self.scope.math.merged(*(when.faults for when in whens)))
        return count if table.none is None else self.scope.choose(self.scope.any(whens), count, self._none(table.none))

    def _all_rows(self, table: Table, whens: list[Truth], thens: list[Value]) -> Value:
        """Unique, any, sum, and least or greatest of outcomes that vary: every row must be known."""
        scope, graph, math = self.scope, self.scope.graph, self.scope.math
        conditions = math.merged(*(when.faults for when in whens))
        nodes = [when.node for when in whens]
        count = self._count(nodes).num
        none = graph.compare("==", count, graph.const(0))
        if table.hit in ("unique", "any"):
            found = thens[-1]
            for node, then in reversed(list(zip(nodes[:-1], thens[:-1], strict=True))):
                found = scope.choose(Truth(node, {}), then, found)
        else:
            found = self._folded(table, nodes, thens)
        faults = math.merged(
            *(math.gated(then.faults, node) for node, then in zip(nodes, thens, strict=True)),
            self._clash(table, nodes, thens, count, found),
        )
        hit = attrs.evolve(found, faults=faults)
        value = scope.choose(Truth(none, {}), self._none(table.none), hit)
        known = math.known(conditions)
        return attrs.evolve(value, faults=math.merged(conditions, math.gated(value.faults, known)))

    def _clash(self, table: Table, nodes: list[Node], thens: list[Value], count: Node, first: Value) -> Faults:
        """More than one row where only one may hold; rows that do not all say what the first of them says."""
        scope, graph, math = self.scope, self.scope.graph, self.scope.math
        if table.hit == "unique":
            return {self._reason("several_rows"): graph.compare(">", count, graph.const(1))}
        if table.hit != "any":
            return {}
        differ = graph.false
        for node, then in zip(nodes, thens, strict=True):
            same = scope.same(attrs.evolve(then, faults={}), attrs.evolve(first, faults={}))
            known = math.known(math.merged(then.faults, first.faults))
            differ = graph.either(differ, graph.all((node, known, graph.negate(same))))
        return {self._reason("rows_differ"): differ}

    def _folded(self, table: Table, nodes: list[Node], thens: list[Value]) -> Ratio:
        graph, math = self.scope.graph, self.scope.math
        found, some = math.number(Fraction(0)), graph.false
        for node, then in zip(nodes, thens, strict=True):
            assert isinstance(then, Ratio)
            bare = attrs.evolve(then, faults={})
            if table.hit == "collect sum":
                found = math.add(found, math.chosen(node, bare, math.number(Fraction(0))))
            else:
                better = math.extreme(found, bare, greatest=table.hit == "collect max")
                found = math.chosen(node, math.chosen(some, better, bare), found)
            some = graph.either(some, node)
        return found

    def _count(self, nodes: list[Node]) -> Ratio:
        graph = self.scope.graph
        count = graph.const(0)
        for node in nodes:
            count = graph.add(count, graph.select(node, graph.const(1), graph.const(0)))
        return Ratio(count, graph.const(1), Fraction(1), {})

    def _none(self, none: Outcome | None) -> Value:
        return self.scope.refused(self._reason("no_row"), self.like) if none is None else self.read(none)

    def _reason(self, code: str) -> Reason:
        return Reason(code, self.name, _WORDS[code].format(name=self.name))

    # Bands and mappings

    def bands(self, bands: Bands) -> Lowered:
        """A band look-up; what the bands leave out of the figure's range must have been given an outcome."""
        scope = self.scope
        of = scope.ratio(bands.of)
        bare = attrs.evolve(of, faults={})
        conditions = [self._inside(bare, band.within) for band in bands.rows]
        cases = [(node, self.read(band.then)) for node, band in zip(conditions, bands.rows, strict=True)]
        step = abs(of.scale) if of.den.fixed == 1 else None
        gap = first_gap(*of.bounds, [band.within for band in bands.rows], step)
        if gap is not None and bands.otherwise is None:
            raise GapError("the bands leave numbers out", seen=gap, expected="a band for them, or otherwise = …")
        last = cases.pop()[1] if gap is None else self._none(bands.otherwise)
        return scope.first(cases, last, of.faults), tuple(Truth(node, of.faults) for node in conditions)

    def _inside(self, value: Ratio, within: Interval) -> Node:
        math, graph = self.scope.math, self.scope.graph
        inside = graph.true
        if within.low is not None:
            op = ">=" if within.low_closed else ">"
            inside = graph.both(inside, math.compare(op, value, math.number(within.low)))
        if within.high is not None:
            op = "<=" if within.high_closed else "<"
            inside = graph.both(inside, math.compare(op, value, math.number(within.high)))
        return inside

    def mapping(self, mapping: Mapping) -> Lowered:
        """Outcome by key."""
        of = self.scope.expr(mapping.of)
        conditions = [self.scope.equals(of, written) for written in mapping.to]
        cases = [(node, self.read(then)) for node, then in zip(conditions, mapping.to.values(), strict=True)]
        last = cases.pop()[1] if exhausts(of, list(mapping.to)) else self._none(mapping.otherwise)
        return self.scope.first(cases, last, of.faults), tuple(Truth(node, of.faults) for node in conditions)


_WORDS = {
    "no_row": Words("no row of {name} covers this case", "{name} 没有任何一行适用于此情形"),
    "several_rows": Words(
        "several rows of {name} hold at once, where only one may", "{name} 有多行同时成立，而规则只允许一行"
    ),
    "rows_differ": Words("rows of {name} that hold at once say different things", "{name} 同时成立的各行结果不一致"),
}


def _figures(table: Table) -> list[Fraction | None]:
    """The outcome of each row where it is a written figure."""
    return [None if isinstance(row.then, Refusal) else constant(row.then) for row in table.rows]


def _alike(table: Table, order: Iterable[Fraction]) -> list[list[int]]:
    """Rows by their figures in the order given, those of one figure together."""
    figures = _figures(table)
    turns = ([row for row, figure in enumerate(figures) if figure == wanted] for wanted in dict.fromkeys(order))
    return [rows for rows in turns if rows]


def exhausts(value: Value, written: list[str]) -> bool:
    """Whether the keys written are all the values there can be."""
    if isinstance(value, Choice):
        return set(value.choices) <= set(written)
    if not isinstance(value, Ratio) or value.den.fixed != 1 or value.num.high - value.num.low > 500:
        return False
    keys = {Fraction(key) for key in written}
    return all(value.scale * num in keys for num in range(value.num.low, value.num.high + 1))


def first_gap(low: Fraction, high: Fraction, bands: list[Interval], step: Fraction | None = None) -> str | None:
    """Words for the first numbers of ``[low, high]`` that no band holds, or ``None``.

    With ``step`` only its multiples are numbers that there can be.

    >>> first_gap(Fraction(0), Fraction(9), [Interval(Fraction(0), Fraction(1), True, False)])
    '[1, 9]'
    """
    reached, closed = low, True
    """Everything below ``reached`` is held; ``closed`` says that ``reached`` itself is still to be held."""
    for band in sorted(bands, key=lambda band: (band.low is not None, band.low or Fraction(0), not band.low_closed)):
        if reached > high or (reached == high and not closed):
            break
        if band.low is not None and not _joined(reached, closed, band):
            beyond = band.low > high
            gap = Interval(reached, high if beyond else band.low, closed, beyond or not band.low_closed)
            if _holds_any(gap, step):
                return str(gap)
        if band.high is None:
            return None
        if (band.high, band.high_closed) > (reached, not closed):
            reached, closed = band.high, not band.high_closed
    if reached > high or (reached == high and not closed):
        return None
    gap = Interval(reached, high, closed, True)
    return str(gap) if _holds_any(gap, step) else None


def _joined(reached: Fraction, closed: bool, band: Interval) -> bool:
    """Whether a band begins where everything before is held, or earlier."""
    assert band.low is not None
    return band.low < reached or (band.low == reached and (band.low_closed or not closed))


def _holds_any(gap: Interval, step: Fraction | None) -> bool:
    """Whether a gap holds a number that there can be."""
    if step is None:
        return True
    assert gap.low is not None
    assert gap.high is not None
    first = math.ceil(gap.low / step) * step
    if first == gap.low and not gap.low_closed:
        first += step
    return first < gap.high or (first == gap.high and gap.high_closed)
