"""Conditions on a record's fields, through the same lowering as the rules themselves."""

from __future__ import annotations

from collections.abc import Mapping
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
_LARGEST: Final = 10**15


class Condition:
    """A condition of a counting rule, compiled once; ``holds`` says of one record whether it is so."""

    def __init__(self, expr: Expr, fields: Mapping[str, Type], subject: str) -> None:
        graph = Graph()
        words = (*dict.fromkeys(_words(expr)), OTHER)
        self.specs = [_field(graph, name, fields[name], words, subject) for name in names(expr)]
        scope = Scope(graph, subject, {spec.name: spec.value for spec in self.specs})
        self.truth = scope.truth(expr)
        faults = self.truth.faults
        self._work = compile_nodes([self.truth.node, *faults.values()], [spec.name for spec in self.specs])

    def holds(self, record: Mapping[str, object]) -> bool | Unknown:
        """Whether it holds for a record; unknown where a field it needs is missing."""
        taken = [read(spec, _word(spec, record[spec.name])) for spec in self.specs]
        holds, *faults = self._work(*(value for value, _ in taken), *(status for _, status in taken))
        reasons = tuple(reason for reason, active in zip(self.truth.faults, faults, strict=True) if active)
        return Unknown(reasons) if reasons else bool(holds)


def _words(expr: Expr) -> list[str]:
    if isinstance(expr, Text):
        return [expr.value]
    return [word for child in children(expr) for word in _words(child)]


def _word(spec: LoweredInput, value: object) -> object:
    return OTHER if spec.kind == "category" and value is not None and value not in spec.choices else value


def _field(graph: Graph, name: str, kind: Type, words: tuple[str, ...], subject: str) -> LoweredInput:
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
        low, high = -_LARGEST, _LARGEST
        value = Ratio(graph.var(name, low, high), graph.const(1), _STEP, faults)
    shape = "flag" if kind.is_flag else "category" if kind.is_category else "number"
    return LoweredInput(name, shape, _STEP, low, high, None, words, value, ())
