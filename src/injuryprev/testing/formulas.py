"""Formulas drawn over named figures, right in their units and wrong in everything else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import attrs
from hypothesis import strategies as st

CHOICES: Final = (("a", "b", "c"), ("a", "b"), ("b", "a", "d"), ("c",))
"""The words of drawn categories; some are parts of others, in another order."""

_PLAIN: Final = ("number", "fraction")
_COMPARISONS: Final = ("<", "<=", "==", "!=", ">=", ">")
_ROUNDINGS: Final = ("round_half_up", "round_half_even", "round_up", "round_down")


def draw_from(draw: st.DrawFn, choices: Sequence[Any]) -> Any:
    """One of several."""
    return draw(st.sampled_from(choices))


@attrs.frozen
class Known:
    """A name that a formula may use; ``keys`` are all its values where they can be listed."""

    name: str
    unit: str
    role: str
    choices: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()

    @property
    def is_number(self) -> bool:
        """Whether it can be compared by size."""
        return self.unit not in ("flag", "category")


def decimals(unit: str) -> st.SearchStrategy[str]:
    """Numbers as text, of a size that is usual for a unit and often on its grid."""
    if unit == "class":
        return st.integers(1, 4).map(str)
    if unit in ("persons", "money"):
        return st.integers(0, 12).map(str) | st.sampled_from(["0.5", "2.5", "0.01"])
    if unit == "fraction":
        return st.sampled_from(["0", "0.1", "0.25", "0.5", "0.75", "1", "1.5", "0.01"])
    return st.integers(-9, 9).map(str) | st.sampled_from(["0.5", "-0.5", "2.25", "0.1", "-1.75"])


class Formulas:
    """Draws formulas of a wanted kind over what is ``known`` so far."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.known: list[Known] = []

    def pick(self, *choices: Any) -> Any:
        """One of several."""
        return draw_from(self.draw, choices)

    def of(self, kind: Known, depth: int) -> str:
        """A formula of the kind that ``kind`` is."""
        if kind.unit == "flag":
            return self.condition(depth)
        return self.word(kind.choices, depth) if kind.unit == "category" else self.number(kind.unit, depth)

    def literal(self, kind: Known) -> str:
        """A literal of the kind that ``kind`` is."""
        if kind.unit == "flag":
            return str(self.pick("true", "false"))
        return f"'{self.pick(*kind.choices)}'" if kind.unit == "category" else self.draw(decimals(kind.unit))

    def named(self, unit: str) -> list[str]:
        """Names that measure the same."""
        units = _PLAIN if unit in _PLAIN else (unit,)
        return [known.name for known in self.known if known.unit in units]

    # Numbers

    def number(self, unit: str, depth: int) -> str:
        """A number of a unit."""
        names = self.named(unit)
        if depth == 0 or not names:
            literal = self.pick("50%", "2‰", "0.5") if unit == "fraction" else self.draw(decimals(unit))
            return str(self.pick(*names, *names, literal))
        shapes: list[Callable[[str, int], str]] = [self._leaf, self._chosen, self._extreme]
        if unit != "class":
            shapes += [self._sum, self._scaled, self._turned, self._rounded]
        if unit in _PLAIN:
            shapes.append(self._quotient)
        return str(self.pick(*shapes)(unit, depth - 1))

    def _leaf(self, unit: str, _: int) -> str:
        return self.number(unit, 0)

    def _chosen(self, unit: str, depth: int) -> str:
        return f"(if {self.condition(depth)} then {self.number(unit, depth)} else {self.number(unit, depth)})"

    def _extreme(self, unit: str, depth: int) -> str:
        function, many = self.pick(("min", 2), ("max", 2), ("min", 3), ("max", 3), ("clip", 3))
        if function == "clip":
            # Limits that always lie the wrong way round are refused, so these never do.
            one, other = self.number(unit, depth), self.number(unit, depth)
            return f"clip({self.number(unit, depth)}, min({one}, {other}), max({one}, {other}))"
        return f"{function}({', '.join(self.number(unit, depth) for _ in range(many))})"

    def _sum(self, unit: str, depth: int) -> str:
        return f"({self.number(unit, depth)} {self.pick('+', '-')} {self.number(unit, depth)})"

    def _scaled(self, unit: str, depth: int) -> str:
        measured = self.pick(*self.named(unit))
        return str(
            self.pick(
                f"({measured} * {self.number('fraction', depth)})",
                f"({self.number('fraction', depth)} * {measured})",
                f"({measured} / {self.pick('2', '3', '0.5', '40%', '-7')})",
                f"({measured} / {self._divisor('number')})",
            )
        )

    def _turned(self, unit: str, depth: int) -> str:
        return str(self.pick(f"-{self.number(unit, depth)}", f"abs({self.number(unit, depth)})"))

    def _rounded(self, unit: str, depth: int) -> str:
        return f"{self.pick(*_ROUNDINGS)}({self.number(unit, depth)}, {self.pick('1', '0.1', '0.25', '5', '1/3')})"

    def _quotient(self, _: str, depth: int) -> str:
        unit = self.pick(*(unit for unit in ("number", "fraction", "money", "persons") if self.named(unit)))
        over = self.pick(*self.named(unit)) if depth == 0 or unit not in _PLAIN else self.number(unit, depth)
        return f"({over} / {self._divisor(unit)})"

    def _divisor(self, unit: str) -> str:
        """What may stand below the line: what is given may be zero, what the profile itself makes up may not."""
        names = self.named(unit)
        given = [known.name for known in self.known if known.name in names and known.role == "input"]
        shifted = [f"({name} {sign} {by})" for name in given for sign in "+-" for by in ("1", "0.5")]
        joined = [f"({name} - {by})" for name in names for by in given]
        floored = [f"max({name}, 1)" for name in names] + [f"max({name}, 0)" for name in given]
        return str(self.pick(*given, *given, *given, *shifted, *joined, *floored, *([] if names else ["3"])))

    # Conditions and words

    def condition(self, depth: int) -> str:
        """A condition."""
        flags = [known.name for known in self.known if known.unit == "flag"]
        simple: list[Callable[[int], str]] = [self._comparison, self._comparison, self._membership]
        simple += [lambda _: str(self.pick(*flags))] * 2 if flags else [lambda _: str(self.pick("true", "false"))]
        if depth == 0:
            return str(self.pick(*simple)(0))
        joined = [self._joined, self._joined, self._denied, self._chosen_condition, self._same]
        return str(self.pick(*simple, *joined)(depth - 1))

    def _comparison(self, depth: int) -> str:
        unit = self.pick("number", "fraction", "money", "persons", "class")
        many = self.pick(2, 2, 3)
        text = self.number(unit, depth)
        for _ in range(many - 1):
            text += f" {self.pick(*_COMPARISONS)} {self.number(unit, min(depth, 1))}"
        return f"({text})"

    def _membership(self, depth: int) -> str:
        words = [known for known in self.known if known.unit == "category"]
        test = self.pick("in", "not in")
        if words and self.pick(True, False):
            known = self.pick(*words)
            several = ", ".join(f"'{self.pick(*known.choices)}'" for _ in range(self.pick(1, 2)))
            return str(
                self.pick(f"({known.name} {test} ({several}))", f"({known.name} == '{self.pick(*known.choices)}')")
            )
        unit = self.pick("number", "persons", "class")
        several = ", ".join(self.number(unit, 0) for _ in range(self.pick(1, 2, 3)))
        return f"({self.number(unit, depth)} {test} ({several}))"

    def _joined(self, depth: int) -> str:
        parts = [self.condition(depth) for _ in range(self.pick(2, 2, 3))]
        return "(" + f" {self.pick('and', 'or')} ".join(parts) + ")"

    def _denied(self, depth: int) -> str:
        return f"(not {self.condition(depth)})"

    def _chosen_condition(self, depth: int) -> str:
        return f"(if {self.condition(depth)} then {self.condition(depth)} else {self.condition(depth)})"

    def _same(self, depth: int) -> str:
        return f"({self.condition(depth)} {self.pick('==', '!=')} {self.condition(depth)})"

    def word(self, choices: tuple[str, ...], depth: int) -> str:
        """One of the words of a category."""
        if depth > 0 and self.pick(True, False):
            return f"(if {self.condition(depth - 1)} then {self.word(choices, depth - 1)} else {self.word(choices, 0)})"
        names = [known.name for known in self.known if known.choices and set(known.choices) <= set(choices)]
        return str(self.pick(*names, *names, f"'{self.pick(*choices)}'"))
