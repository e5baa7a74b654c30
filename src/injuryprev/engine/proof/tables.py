"""Rows that hold at once, and how the hit policy settles it; rows that can never apply."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import partial
from itertools import combinations
from typing import Final

import attrs

from injuryprev.engine.ir import Node
from injuryprev.engine.lower import Step
from injuryprev.engine.proof.answered import OPEN, Asked, answered
from injuryprev.engine.proof.day import Day, accepted
from injuryprev.engine.proof.finding import Finding, Question, Status
from injuryprev.engine.proof.regions import Atom, alternatives, atoms, said, value
from injuryprev.policy.document import Definition, Hit, Refusal, Table
from injuryprev.policy.expr import Compare, Expr, write
from injuryprev.policy.kinds import constant
from injuryprev.policy.rules import Item
from injuryprev.words import Words

_SETTLED: Final[Mapping[Hit, Words]] = {
    "first": Words("the one written first holds", "取先列的一行"),
    "priority": Words("the outcome that stands first in order holds", "按优先次序取结果"),
    "any": Words("they say the same", "各行结果相同"),
    "collect max": Words("the highest outcome holds", "取最高的结果"),
    "collect min": Words("the lowest outcome holds", "取最低的结果"),
    "collect sum": Words("their outcomes are added", "各行结果相加"),
    "collect count": Words("each of them is counted", "各行分别计数"),
}
_TORN: Final = Words("what one of them says is not known", "其中一行的结果未知")
_BOTH: Final = Words("rows {rows} hold at once; {settled}", "第{rows}行同时成立；{settled}")
_POINT: Final = Words("rows {rows} both take in this one value; {settled}", "第{rows}行均包含这一数值；{settled}")
_SEVERAL: Final = Words("rows {rows} hold at once, where only one may", "第{rows}行同时成立，而规则只允许一行")
_DIFFER: Final = Words("rows {rows} hold at once and say different things", "第{rows}行同时成立而结果不一致")
_ALONE: Final = Words("no two rows hold at once", "没有两行同时成立")
_NEVER: Final = Words("this row can never apply", "该行永远不会适用")
_OPEN_RULE: Final = Words("what it looks at is not known", "所依据的规则未知")
_DEAD: Final[Question] = "dead rows"
_ALL_APPLY: Final = Words("every row can apply", "各行均可能适用")


@attrs.frozen(eq=False)
class Rows:
    """The rows of one table, bands or map as conditions over inputs that are all given."""

    item: Item[Definition]
    step: Step
    path: str
    conditions: tuple[Node, ...]

    @classmethod
    def of(cls, day: Day, item: Item[Definition]) -> Rows:
        """The rows of a definition that has some."""
        step = day.lowered.steps[item.name]
        path = "table.rows" if item.entry.table else "bands.rows" if item.entry.bands else "map.to"
        return cls(item, step, path, tuple(day.holds(row) for row in step.rows))

    def place(self, row: int) -> str:
        """Where a row is written."""
        mapping = self.item.entry.map
        inside = f"{self.path}[{row}]" if mapping is None else f"{self.path}.{list(mapping.to)[row]}"
        return f"{self.item.place}.{inside}"


def tables(day: Day) -> Iterator[Rows]:
    """Everything with rows that an outcome may rest on."""
    for item in day.rules.definitions.values():
        entry = item.entry
        if item.name in day.rules.used and (entry.table or entry.bands or entry.map):
            yield Rows.of(day, item)


# Overlaps ----------------------------------------------------------------------------------------------------------


def unambiguous(day: Day) -> Iterator[Finding]:
    """Each pair of rows of a table that can hold at once, or that there is none."""
    for rows in tables(day):
        table = rows.item.entry.table
        if table is None:
            continue
        found = [
            finding
            for first, second in combinations(range(len(rows.conditions)), 2)
            for finding in _pair(day, rows, table, first, second)
        ]
        yield from found or [_told(day, rows, "proved", _ALONE)]


def _pair(day: Day, rows: Rows, table: Table, first: int, second: int) -> Iterator[Finding]:
    both = day.graph.both(rows.conditions[first], rows.conditions[second])
    numbers = (first + 1, second + 1)
    listed = Words(f"{numbers[0]} and {numbers[1]}", f"{numbers[0]}、{numbers[1]}")
    if table.hit in ("unique", "any"):
        kind, words = ("several_rows", _SEVERAL) if table.hit == "unique" else ("rows_differ", _DIFFER)
        target = both if table.hit == "unique" else day.graph.both(both, _differ(day, table, first, second))
        mine = {r: node for r, node in day.lowered.reasons.items() if (r.code, r.subject) == (kind, rows.item.name)}
        reached = day.unknown(mine)
        yield from answered(
            day,
            Asked(
                question="unambiguous",
                kind=kind,
                subject=rows.item.name,
                place=rows.place(second),
                words=_filled(words, rows=listed),
                target=target,
                reached=reached,
                parts=atoms(day, (table.rows[first].when, table.rows[second].when)),
                rows=numbers,
            ),
        )
        if table.hit == "unique":
            return
        both = day.graph.both(both, day.graph.negate(target))
    answer = day.clearest(both, day.clear)
    if answer.status == "open":
        yield _told(day, rows, "not reached", OPEN, numbers=numbers)
    if answer.status != "found":
        return
    points = list(_points(day, table, first, second))
    torn = any(isinstance(table.rows[row].then, Refusal) for row in (first, second))
    settled = partial(_filled, rows=listed, settled=_TORN if torn and table.hit != "first" else _SETTLED[table.hit])
    for region, leaves in points:
        told = _told(day, rows, "settled", settled(_POINT), kind="boundary", numbers=numbers)
        yield attrs.evolve(told, region=region, witnesses=(day.witness(leaves),))
    told = _told(day, rows, "settled", settled(_BOTH), kind="overlap", numbers=numbers)
    yield attrs.evolve(told, witnesses=(day.witness(answer.leaves),))


def _differ(day: Day, table: Table, first: int, second: int) -> Node:
    """Where the outcomes of two rows are known and not the same."""
    a, b = (table.rows[row].then for row in (first, second))
    if isinstance(a, Refusal) or isinstance(b, Refusal):
        return day.graph.false
    left, right = day.scope.expr(a), day.scope.expr(b)
    same = day.scope.same(attrs.evolve(left, faults={}), attrs.evolve(right, faults={}))
    return day.graph.all((day.known(left.faults), day.known(right.faults), day.graph.negate(day.given(same))))


def _points(day: Day, table: Table, first: int, second: int) -> Iterator[tuple[Words, Mapping[str, int]]]:
    """Where alternatives of two rows meet in a single value of a figure both look at: a bound printed twice."""
    for one in alternatives(table.rows[first].when):
        for other in alternatives(table.rows[second].when):
            meet = day.graph.both(day.condition(one), day.condition(other))
            for point in _shared_bounds(day, one, other):
                answer = day.clearest(day.graph.both(meet, point.node), day.clear)
                if answer.status == "found" and day.ask(meet, day.graph.negate(point.node)).status == "never":
                    yield said(day, [(point, True)]), answer.leaves
                    break


def _shared_bounds(day: Day, one: Expr, other: Expr) -> Iterator[Atom]:
    """Bounds of a figure that both conditions set, as conditions that the figure is just that."""
    left, right = (
        {(write(part.figure), value(part.bound)): part for part in atoms(day, [expr]) if part.figure and part.bound}
        for expr in (one, other)
    )
    for key, part in left.items():
        if key in right and part.figure is not None and part.bound is not None:
            expr = Compare((part.figure, part.bound), ("==",))
            if constant(part.figure) is None:
                yield Atom.of(day, expr, part.figure, "==", part.bound)


# Rows that never apply -----------------------------------------------------------------------------------------------


def dead_rows(day: Day) -> Iterator[Finding]:
    """Rows, bands and keys that apply to nobody, or that there are none."""
    found = False
    for rows in tables(day):
        for place, node in enumerate(_applies(day, rows)):
            answer = day.ask(node)
            if answer.status != "found":
                found = True
                yield _dead(day, rows, place, answer.status == "never")
    if not found:
        where = day.rules.definitions[day.rules.outputs[0]].place.partition(" @ ")[0]
        yield Finding(
            question="dead rows",
            status="proved",
            subject=day.rules.id,
            place=f"{where} @ $.definitions",
            days=(day.rules.on,),
            words=_ALL_APPLY,
        )


def _dead(day: Day, rows: Rows, row: int, proved: bool) -> Finding:
    if not proved:
        return _told(day, rows, "not reached", OPEN, kind="never", numbers=(row + 1,), question=_DEAD)
    faults = rows.step.rows[row].faults
    if any(reason.code == "not_known" for reason in faults) and day.ask(day.unknown(faults)).status != "never":
        return _told(day, rows, "not applicable", _OPEN_RULE, kind="never", numbers=(row + 1,), question=_DEAD)
    for scoped in accepted(day, "never", rows.item.name, rows=(row + 1,)):
        told = _told(day, rows, "accepted", scoped.item.entry.note, kind="never", numbers=(row + 1,), question=_DEAD)
        return attrs.evolve(told, place=scoped.item.place)
    return _told(day, rows, "refuted", _NEVER, kind="never", numbers=(row + 1,), question=_DEAD)


def _applies(day: Day, rows: Rows) -> Iterator[Node]:
    """For each row where it holds and no row that comes before it by the hit policy does."""
    graph, table = day.graph, rows.item.entry.table
    for place, node in enumerate(rows.conditions):
        before = [] if table is None else _ahead(table, place)
        behind = (
            day.holds(attrs.evolve(row, node=graph.negate(row.node))) for row in (rows.step.rows[i] for i in before)
        )
        yield graph.both(node, graph.all(behind))


def _ahead(table: Table, row: int) -> list[int]:
    """Rows that win over one whenever both hold."""
    if table.hit == "first":
        return list(range(row))
    figures = [None if isinstance(one.then, Refusal) else constant(one.then) for one in table.rows]
    known = [figure for figure in figures if figure is not None]
    if len(known) < len(figures):
        return []
    if table.hit == "priority":
        ranks = [Fraction(table.order.index(figure)) for figure in known]
    else:
        sign = {"collect max": -1, "collect min": 1}.get(table.hit, 0)
        ranks = [sign * figure for figure in known]
    return [other for other, rank in enumerate(ranks) if rank < ranks[row]]


# Words ---------------------------------------------------------------------------------------------------------------


def _filled(words: Words, **parts: Words) -> Words:
    en = words.en.format(**{name: part.en for name, part in parts.items()})
    return Words(en, words.zh.format(**{name: part.to("zh") for name, part in parts.items()}))


def _told(
    day: Day,
    rows: Rows,
    status: Status,
    words: Words,
    *,
    kind: str = "",
    numbers: tuple[int, ...] = (),
    question: Question = "unambiguous",
) -> Finding:
    """A finding about the last of some rows, or about all of them."""
    return Finding(
        question=question,
        status=status,
        kind=kind,
        subject=rows.item.name,
        place=rows.place(numbers[-1] - 1) if numbers else rows.item.place,
        days=(day.rules.on,),
        words=words,
        rows=numbers,
    )
