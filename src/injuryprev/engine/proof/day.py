"""The rules of one day, ready to be asked: inputs all given, nodes without what hangs on a missing one, witnesses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

import attrs

from injuryprev.engine.evaluator import Evaluator
from injuryprev.engine.ir import Node, in_order
from injuryprev.engine.lower import INPUT, InputShape, Lowered, lower, scope_of
from injuryprev.engine.proof.finding import Finding, Witness
from injuryprev.engine.proof.ground import CHINESE, Ground
from injuryprev.engine.proof.solver import Solver
from injuryprev.engine.record import leaves
from injuryprev.engine.scope import Scope
from injuryprev.engine.values import Faults, Ratio, Truth, Value
from injuryprev.policy.document import Accepted
from injuryprev.policy.expr import Expr
from injuryprev.policy.rules import Item, Rules
from injuryprev.units import finite_places, to_decimal


class Day(Ground):
    """One day's rules and who is asked about them."""

    def __init__(self, rules: Rules, solver: Solver) -> None:
        self.rules = rules
        self.lowered: Lowered = lower(rules)
        steps = {name: spec.step for name, spec in self.lowered.inputs.items() if spec.kind == "number"}
        super().__init__(self.lowered.graph, solver, steps)

    @cached_property
    def scope(self) -> Scope:
        """The names of the rules, for formulas beside them."""
        return scope_of(self.lowered)

    @cached_property
    def evaluator(self) -> Evaluator:
        """The reader of one record."""
        return Evaluator(self.lowered)

    @cached_property
    def titles(self) -> dict[str, str]:
        """Names and words of the grammar in Chinese."""
        rules = self.rules
        items = {**rules.inputs, **rules.parameters, **rules.definitions}
        shown = {name: item.title.to("zh") for name, item in items.items()}
        for choices in (
            *(item.entry.choices for item in rules.inputs.values()),
            *(item.entry.choices for item in rules.definitions.values()),
        ):
            shown |= {f"'{key}'": words.to("zh") or key for key, words in choices.items()}
        return shown | CHINESE

    @cached_property
    def clear(self) -> Node:
        """Where no outcome is unknown."""
        return self.known(self.lowered.reasons)

    # Nodes

    def given(self, node: Node) -> Node:
        """A condition where every input is given, and given well."""
        return self.graph.rebuild([node], dict.fromkeys(leaves([node], "bad"), self.graph.false))[0]

    def unknown(self, faults: Faults) -> Node:
        """Where a value is unknown though every input is given."""
        return self.given(self.graph.any(node for reason, node in faults.items() if reason.code != INPUT))

    def known(self, faults: Faults) -> Node:
        """Where it is known."""
        return self.graph.negate(self.unknown(faults))

    def holds(self, truth: Truth) -> Node:
        """Where a condition is known and holds."""
        return self.graph.both(self.known(truth.faults), self.given(truth.node))

    def condition(self, formula: Expr) -> Node:
        """Where a formula is known and holds."""
        return self.holds(self.scope.truth(formula))

    # Inputs

    def leaf(self, name: str) -> Node:
        """The node of an input's value."""
        spec = self.lowered.inputs[name]
        return self.graph.flag(name) if spec.kind == "flag" else self.graph.var(name, spec.low, spec.high)

    def witness(self, found: Mapping[str, int]) -> Witness:
        """An employer: what was found for the inputs that matter, something plain for the others."""
        given = {name: self.figure(name, found.get(name)) for name in self.lowered.inputs if name in self.rules.used}
        return Witness(given, self.evaluator.outcomes(self.evaluator.take(given)))

    def figure(self, name: str, steps: int | None) -> Decimal | Fraction | bool | str:
        """An input as a caller gives it, from its integer in the tree."""
        spec = self.lowered.inputs[name]
        if steps is None:
            steps = _plain(spec)
        if spec.kind == "flag":
            return bool(steps)
        if spec.kind == "category":
            return spec.choices[steps]
        value = spec.step * steps
        return to_decimal(value) if finite_places(value) is not None else value


def _plain(spec: InputShape) -> int:
    """A value for an input that does not matter: the one that stands in for it, else 0 or the least."""
    if spec.absent is not None:
        return spec.absent
    return min(max(spec.low, 0), spec.high)


# What is accepted --------------------------------------------------------------------------------------------------


@attrs.frozen(eq=False)
class Scoped:
    """An accepted finding, and where it is accepted."""

    item: Item[Accepted]
    node: Node


def accepted(day: Day, kind: str, of: str, *, rows: Iterable[int] = (), worse: str = "") -> list[Scoped]:
    """What the profile accepts of one kind about one rule."""
    found = []
    for item in day.rules.findings.values():
        entry = item.entry
        if (entry.kind, entry.of) != (kind, of):
            continue
        if (entry.rows and set(entry.rows) != set(rows)) or (entry.input and entry.input != worse):
            continue
        found.append(Scoped(item, day.graph.true if entry.where is None else day.condition(entry.where)))
    return found


def nodes_of(value: Value) -> tuple[Node, ...]:
    """The nodes of a value, its reasons aside."""
    return (value.num, value.den) if isinstance(value, Ratio) else (value.node,)


def leaf_names(nodes: Iterable[Node]) -> Iterator[str]:
    """Names of the inputs that nodes look at."""
    for node in in_order(nodes):
        if node.op in ("var", "flag"):
            yield str(node.args[0])


def merged(findings: Iterable[Finding]) -> list[Finding]:
    """Findings said once each, with all the days on which they are so."""
    done: dict[object, Finding] = {}
    for finding in findings:
        key = attrs.astuple(
            attrs.evolve(finding, days=(), witnesses=(), place=finding.place.partition(" @ ")[0]), recurse=False
        )
        before = done.get(key)
        done[key] = finding if before is None else attrs.evolve(before, days=(*before.days, *finding.days))
    return list(done.values())
