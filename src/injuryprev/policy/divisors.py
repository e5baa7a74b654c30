"""Which values the figures of a profile can make up alone, so that none of them stands below a line as a zero."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Final

from injuryprev.policy.document import Definition, Keyed, Outcome, Parameter, Refusal
from injuryprev.policy.expr import ROUNDING, Arith, Call, Choose, Expr, Name, Neg, Num
from injuryprev.policy.rules import Rules
from injuryprev.units import round_to

_MOST_VALUES: Final = 2000
"""Combinations of figures looked at one by one; past that only the least and the greatest count."""
_MOST_WORK: Final = 500_000
"""Combinations looked at for all the rules of a day; past that, too, only the least and the greatest count."""
_LONGEST: Final = 512
"""Bits of a value looked at; longer ones are no figures of a law, and are refused for their width elsewhere."""
_DEEPEST: Final = 20

Values = set[Fraction] | None
"""Every value there can be; ``None`` where an input has a part in it."""


class Figures:
    """What names and expressions come to where no input has a part in them; each name is worked out once.

    Figures are combined as if each could meet any other, so a difference of two tables counts as zero where two of
    their figures are equal.
    """

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._named: dict[str, Values] = {}
        self._depth = 0
        self._left = _MOST_WORK

    def may_be_zero(self, expr: Expr) -> bool:
        """Whether a divisor made of figures of the profile alone can be zero; inputs are met when they come."""
        values = self.possible(expr)
        return values is not None and (0 in values or (min(values) < 0 < max(values) and len(values) > _MOST_VALUES))

    def crossed(self, low: Expr, high: Expr) -> bool:
        """Whether the lower of two limits made of figures of the profile alone always lies above the higher."""
        lowest, highest = self.possible(low), self.possible(high)
        return bool(lowest) and bool(highest) and min(lowest or ()) > max(highest or ())

    def possible(self, expr: Expr) -> Values:
        """Every value an expression can have."""
        match expr:
            case Num(value, _):
                return {value}
            case Name(name):
                return self._of_name(name)
            case Choose(_, then, otherwise):
                return _united(self.possible(then), self.possible(otherwise))
            case Neg(arg):
                return self._combined((arg,), lambda value: -value)
            case Arith(op, left, right):
                return self._combined((left, right), lambda a, b: _apply(op, a, b))
            case Call(name, args):
                return self._combined(args, lambda *values: _call(name, values))
            case _:
                return None

    def _of_name(self, name: str) -> Values:
        if name in self._rules.parameters:
            return set(_figures(self._rules.parameters[name].entry)) or None
        if name not in self._named:
            self._named[name] = None  # a name that rests on itself is refused elsewhere; here it ends
            if name in self._rules.definitions and self._depth < _DEEPEST:
                self._depth += 1
                self._named[name] = self._of_definition(self._rules.definitions[name].entry)
                self._depth -= 1
        return self._named[name]

    def _of_definition(self, entry: Definition) -> Values:
        found: Values = set()
        for outcome in _outcomes(entry):
            if outcome is not None and not isinstance(outcome, Refusal):
                found = _united(found, self.possible(outcome))
        if found and entry.round is not None and entry.round.to > 0:
            found = {round_to(value, entry.round.to, entry.round.mode) for value in found}
        return found or None

    def _combined(self, args: tuple[Expr, ...], work: Callable[..., Fraction | None]) -> Values:
        parts = [self.possible(arg) for arg in args]
        known = [part for part in parts if part is not None]
        if len(known) != len(parts):
            return None
        combinations = math.prod(len(part) for part in known)
        self._left -= min(combinations, _MOST_VALUES)
        if combinations > _MOST_VALUES or (self._left < 0 and combinations > 1):
            known = [{min(part), max(part)} for part in known]
        if 2 ** len(known) > _MOST_VALUES:
            return None
        made = {work(*values) for values in itertools.product(*known)}
        return {value for value in made if value is not None and _is_short(value)} or None


def _outcomes(entry: Definition) -> list[Outcome | None]:
    if entry.formula is not None:
        return [entry.formula]
    if entry.table is not None:
        summed = entry.table.hit in ("collect sum", "collect count")
        return [] if summed else [*(row.then for row in entry.table.rows), entry.table.none]
    if entry.bands is not None:
        return [*(band.then for band in entry.bands.rows), entry.bands.otherwise]
    return [] if entry.map is None else [*entry.map.to.values(), entry.map.otherwise]


def _united(a: Values, b: Values) -> Values:
    """The values of either branch; a branch made of inputs adds none that the profile could be blamed for."""
    return b if a is None else a if b is None else a | b


def _is_short(value: Fraction) -> bool:
    return max(value.numerator.bit_length(), value.denominator.bit_length()) <= _LONGEST


def _apply(op: str, a: Fraction, b: Fraction) -> Fraction | None:
    if op == "/":
        return a / b if b else None
    return {"+": a + b, "-": a - b, "*": a * b}[op]


def _call(name: str, values: tuple[Fraction, ...]) -> Fraction | None:
    if name in ROUNDING:
        return round_to(values[0], values[1], name.removeprefix("round_")) if values[1] > 0 else None
    if name == "abs":
        return abs(values[0])
    if name == "clip":
        return min(max(values[0], values[1]), values[2])
    return (min if name == "min" else max)(values)


def _figures(parameter: Parameter) -> Iterator[Fraction]:
    """Every figure a parameter holds."""
    stack: list[object] = [parameter.values if parameter.value is None else parameter.value]
    while stack:
        here = stack.pop()
        if isinstance(here, Keyed):
            stack.extend(here.values.values())
        elif isinstance(here, Fraction):
            yield here
