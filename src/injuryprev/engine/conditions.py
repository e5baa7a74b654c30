"""Conditions on a record's fields, through the same lowering as the rules themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Final

from injuryprev.engine.ir import Graph
from injuryprev.engine.lower import LoweredInput
from injuryprev.engine.reading import read
from injuryprev.engine.record import compile_nodes
from injuryprev.engine.scope import Scope
from injuryprev.engine.values import Choice, Ratio, Truth, Value
from injuryprev.policy.expr import Expr, Text, children, names
from injuryprev.policy.rules import Type
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

OTHER: Final = "<other>"
_STEP: Final = Fraction(1, 100)
_LARGEST: Final = 10**13


class Condition:
    """A condition of a counting rule, compiled once; ``holds`` says of one record whether it is so."""

    def __init__(self, expr: Expr, fields: Mapping[str, Type], subject: str) -> None:
        graph = Graph()
        self.specs = [read_field(graph, name, fields[name], words_in(expr), subject) for name in names(expr)]
        scope = Scope(graph, subject, {spec.name: spec.value for spec in self.specs})
        self.truth = scope.truth(expr)
        faults = self.truth.faults
        self._work = compile_nodes([self.truth.node, *faults.values()], [spec.name for spec in self.specs])

    def holds(self, record: Mapping[str, object]) -> bool | Unknown:
        """Whether it holds for a record; unknown where a field it needs is missing."""
        taken = [read(spec, given_word(spec, record[spec.name])) for spec in self.specs]
        holds, *faults = self._work(*(value for value, _ in taken), *(status for _, status in taken))
        reasons = tuple(reason for reason, active in zip(self.truth.faults, faults, strict=True) if active)
        return Unknown(reasons) if reasons else bool(holds)


def words_in(expr: Expr) -> list[str]:
    """Every word that an expression names."""
    if isinstance(expr, Text):
        return [expr.value]
    return [word for child in children(expr) for word in words_in(child)]


def given_word(spec: LoweredInput, value: object) -> object:
    """A word that the expression does not name is some other word."""
    return OTHER if spec.kind == "category" and value is not None and value not in spec.choices else value


def read_field(
    graph: Graph,
    name: str,
    kind: Type,
    named: Iterable[str],
    subject: str,
    within: tuple[Fraction, int] = (_STEP, _LARGEST),
) -> LoweredInput:
    """A field of a record as nodes; numbers are read to a step, up to a greatest value."""
    words = (*dict.fromkeys(named), OTHER)
    reason = Reason(
        "field", subject, Words(f"{subject}: a record does not say its {name}", f"{subject}：有记录未注明 {name}")
    )
    faults = {reason: graph.bad(name)}
    value: Value
    if kind.is_flag:
        low, high, value = 0, 1, Truth(graph.flag(name), faults)
    elif kind.is_category:
        low, high, value = 0, len(words) - 1, Choice(graph.var(name, 0, len(words) - 1), words, faults)
    else:
        step, high = within[0], int(within[1] / within[0])
        low = -high
        value = Ratio(graph.var(name, low, high), graph.const(1), step, faults)
    shape = "flag" if kind.is_flag else "category" if kind.is_category else "number"
    return LoweredInput(name, shape, within[0], low, high, None, words, value, ())
