"""Checks of the rules of one day: names, units, kinds, cycles, keys, and figures that cannot be divided by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Final

import attrs

from injuryprev.errors import InjuryprevError, InputError, ProfileError, nearest
from injuryprev.policy.check_entries import input_problems, is_number, key_problems, parameter_problems
from injuryprev.policy.claims import check_claims, fitting
from injuryprev.policy.divisors import Figures
from injuryprev.policy.document import (
    Bands,
    Definition,
    Input,
    Mapping,
    Outcome,
    Parameter,
    Refusal,
    Table,
)
from injuryprev.policy.expr import Expr, Name, names, write
from injuryprev.policy.formulas import outer_names
from injuryprev.policy.kinds import NUMBER, TRUTH, Typing, constant
from injuryprev.policy.records import KINDS, check_counting
from injuryprev.policy.rules import Item, Rules, Type, declared_type

_CHOICE: Final = re.compile(r"[^'\x00-\x1f\x7f]+")
"""What can stand between the quotes of a formula, on one line."""


def check_rules(rules: Rules, file: str) -> Rules:
    """Check the rules of one day and put their definitions in the order in which they are worked out.

    Raises:
        ProfileError: Everything found, each with its place.
    """
    problems: list[InjuryprevError] = []
    types = dict(_declared(rules, problems))
    if not problems:
        divisors = Figures(rules)
        for definition in rules.definitions.values():
            _Checker(rules, types, definition, problems, divisors).definition()
        for parameter in rules.parameters.values():
            problems.extend(parameter_problems(parameter, rules, types))
        for given in rules.inputs.values():
            problems.extend(input_problems(given))
        problems.extend(check_counting(rules, types))
        problems.extend(check_claims(rules, types))
        problems.extend(
            InjuryprevError("an output is named twice", where=f"{file} @ $.profile.outputs", seen=output)
            for output in dict.fromkeys(rules.outputs)
            if rules.outputs.count(output) > 1
        )
        problems.extend(
            InjuryprevError(
                f"output {output!r} has no definition on {rules.on}",
                where=f"{file} @ $.profile.outputs",
                seen=output,
                expected=nearest(output, rules.definitions),
            )
            for output in rules.outputs
            if output not in rules.definitions
        )
    order = () if problems else _in_order(rules, problems)
    if problems:
        raise ProfileError(f"{file} on {rules.on}", problems)
    used = reached_by(rules, rules.outputs)
    definitions = {name: rules.definitions[name] for name in order}
    findings = fitting(rules, types)
    return attrs.evolve(rules, definitions=definitions, types=types, used=frozenset(used), findings=findings)


def expressions(definition: Definition) -> Iterator[Expr]:
    """Every expression of a definition, in the order in which they are written."""
    if definition.formula is not None:
        yield definition.formula
    body = definition.table or definition.bands or definition.map
    if body is None:
        return
    if not isinstance(body, Table):
        yield body.of
    outcomes: list[Outcome | None] = []
    if isinstance(body, Mapping):
        outcomes = [*body.to.values(), body.otherwise]
    else:
        for row in body.rows:
            if isinstance(body, Table):
                yield row.when  # type: ignore[union-attr]  # rows of a table
            outcomes.append(row.then)
        outcomes.append(body.none if isinstance(body, Table) else body.otherwise)
    for outcome in outcomes:
        if outcome is not None and not isinstance(outcome, Refusal):
            yield outcome


def uses(rules: Rules, name: str) -> list[str]:
    """Names that a definition, a parameter or a counted input looks at directly, once each."""
    if name in rules.parameters:
        return list(rules.parameters[name].entry.by)
    if name in rules.definitions:
        found: dict[str, None] = {}
        for expr in expressions(rules.definitions[name].entry):
            found.update(dict.fromkeys(names(expr)))
        return list(found)
    if name in rules.inputs and name in rules.counting:
        entry = rules.counting[name].entry
        return [used for used in outer_names(entry, KINDS[entry.from_].fields) if used != name]
    return []


def reached_by(rules: Rules, roots: Iterable[str]) -> set[str]:
    """The names that some names rest on, directly or by way of others; they themselves among them."""
    reached: set[str] = set()
    stack = list(roots)
    while stack:
        name = stack.pop()
        if name not in reached:
            reached.add(name)
            stack.extend(uses(rules, name))
    return reached


def _in_order(rules: Rules, problems: list[InjuryprevError]) -> tuple[str, ...]:
    done: dict[str, None] = {}
    for start in rules.definitions:
        path: list[tuple[str, Iterator[str]]] = [(start, iter(uses(rules, start)))]
        while path:
            name, rest = path[-1]
            following = next((used for used in rest if used not in done), None)
            if following is None:
                done[name] = None
                path.pop()
            elif following in (here := [step for step, _ in path]):
                circle = " -> ".join([*here[here.index(following) :], following])
                problems.append(
                    InjuryprevError(
                        "definitions go round in a circle",
                        where=(rules.definitions.get(name) or rules.parameters[name]).place,
                        seen=circle,
                        expected="each definition to rest on others that do not rest on it",
                    )
                )
                return ()
            else:
                path.append((following, iter(uses(rules, following))))
    return tuple(name for name in done if name in rules.definitions)


def _declared(rules: Rules, problems: list[InjuryprevError]) -> Iterator[tuple[str, Type]]:
    items: list[Item[Input] | Item[Parameter] | Item[Definition]] = [
        *rules.inputs.values(),
        *rules.parameters.values(),
        *rules.definitions.values(),
    ]
    for item in items:
        try:
            kind = declared_type(item.entry)
        except InputError as error:
            problems.append(InputError(error.what, where=item.place, seen=error.seen, expected=error.expected))
            continue
        if kind.is_category != bool(kind.choices):
            problems.append(
                InjuryprevError(
                    "a category has choices, and nothing else has",
                    where=item.place,
                    seen=f"unit {item.entry.unit!r} with {len(kind.choices)} choices",
                    expected='unit = "category" and choices = { key = "words", … }',
                )
            )
        problems += [
            InjuryprevError(
                "a choice that no formula can name",
                where=f"{item.place}.choices",
                seen=choice,
                expected="a word without quotes and line breaks",
            )
            for choice in kind.choices
            if not _CHOICE.fullmatch(choice)
        ]
        yield item.name, kind


class _Checker(Typing):
    """Checks one definition: its body, its outcomes and its rounding against the unit it declares."""

    def __init__(
        self,
        rules: Rules,
        types: dict[str, Type],
        item: Item[Definition],
        problems: list[InjuryprevError],
        divisors: Figures,
    ) -> None:
        super().__init__(types, item.place, problems, divisors.may_be_zero, divisors.crossed)
        self.rules, self.item = rules, item

    def definition(self) -> None:
        entry, declared = self.item.entry, self.types[self.item.name]
        if entry.formula is not None:
            self.place = f"{self.item.place}.formula"
            self.outcome(entry.formula, declared)
        elif entry.table is not None:
            self.table(entry.table, declared)
        elif entry.bands is not None:
            self.bands(entry.bands, declared)
        elif entry.map is not None:
            self.mapping(entry.map, declared)
        self.place = self.item.place
        if entry.round is not None and (entry.round.to <= 0 or not declared.is_number):
            self.note("cannot be rounded so", f"to {entry.round.to}, unit {declared}", "a number, to a positive step")
        if entry.worse is not None and not declared.is_number:
            self.note("is neither higher nor lower", str(declared), "worse only with a number")

    def table(self, table: Table, declared: Type) -> None:
        for index, row in enumerate(table.rows):
            self.place = f"{self.item.place}.table.rows[{index}].when"
            self.needs(row.when, TRUTH)
            self.place = f"{self.item.place}.table.rows[{index}].then"
            self.outcome(row.then, NUMBER if table.hit == "collect count" else declared)
        self.place = f"{self.item.place}.table"
        self.outcome(table.none, declared)
        if table.hit.startswith("collect") and not declared.is_number:
            self.note("collect works on numbers", f"unit {declared}", "a unit of a number")
        if (table.hit == "priority") != bool(table.order):
            self.note(
                "order lists the outcomes of a priority table", table.hit, 'order = [first, …] with hit="priority"'
            )
        if table.hit == "priority":
            for row in table.rows:
                value = None if isinstance(row.then, Refusal) else constant(row.then)
                if value is None or value not in table.order:
                    self.note(
                        "a priority table has figures as outcomes, each of them in order",
                        "a refusal" if isinstance(row.then, Refusal) else write(row.then),
                        ", ".join(str(value) for value in table.order),
                    )

    def bands(self, bands: Bands, declared: Type) -> None:
        self.place = f"{self.item.place}.bands.of"
        kind = self.infer(bands.of)
        if not kind.is_number:
            self.note("bands are looked up by a number", str(kind), "a number")
        for index, band in enumerate(bands.rows):
            self.place = f"{self.item.place}.bands.rows[{index}]"
            self.outcome(band.then, declared)
            for other in bands.rows[:index]:
                low = max((b.within.low for b in (band, other) if b.within.low is not None), default=None)
                high = min((b.within.high for b in (band, other) if b.within.high is not None), default=None)
                if _overlap(low, high, band.within, other.within):
                    self.note("two bands overlap", f"{band.text} and {other.text}", "each number in one band at most")
        self.place = f"{self.item.place}.bands"
        self.outcome(bands.otherwise, declared)

    def mapping(self, mapping: Mapping, declared: Type) -> None:
        self.place = f"{self.item.place}.map.of"
        kind = self.infer(mapping.of)
        if kind.is_flag:
            self.note("a mapping looks up a number or a choice", str(kind), "if … then … else for a flag")
        for key, outcome in mapping.to.items():
            self.place = f"{self.item.place}.map.to.{key}"
            self.outcome(outcome, declared)
            if kind.is_number and not is_number(key):
                self.note("a key that is not a number", key, "a number")
            if kind.is_category and key not in kind.choices:
                self.note("a key that is not one of the choices", key, nearest(key, kind.choices))
        self.place = f"{self.item.place}.map"
        self.outcome(mapping.otherwise, declared)
        if isinstance(mapping.of, Name) and mapping.of.name in self.types:
            self.problems.extend(
                key_problems(
                    mapping.to,
                    mapping.of.name,
                    self.rules,
                    self.types,
                    self.place,
                    complete=mapping.otherwise is None,
                )
            )

    def outcome(self, outcome: Outcome | None, wanted: Type) -> None:
        if outcome is not None and not isinstance(outcome, Refusal):
            self.needs(outcome, wanted)


def _overlap(low: Fraction | None, high: Fraction | None, *bands: object) -> bool:
    if low is None or high is None or low < high:
        return True
    return low == high and all(low in band for band in bands)  # type: ignore[operator]  # intervals
