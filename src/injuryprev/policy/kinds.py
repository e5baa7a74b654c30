"""Types and units of expressions: what each part of a formula is, and what does not fit together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from injuryprev.errors import InjuryprevError, nearest
from injuryprev.policy.expr import (
    ROUNDING,
    Arith,
    Call,
    Choose,
    Compare,
    Expr,
    Flag,
    Logic,
    Name,
    Neg,
    Not,
    Num,
    Text,
    Within,
    write,
)
from injuryprev.policy.rules import Type
from injuryprev.units import ANY, CATEGORY, FLAG

NUMBER = Type(ANY)
TRUTH = Type(FLAG)


class Typing:
    """Infers the type of expressions over named types, and notes what does not fit.

    Args:
        types: What each name stands for; a category without choices takes any word.
        place: Where the expressions are written.
        problems: What is found is added here.
        may_be_zero: Says of a divisor whether it is a figure of the profile that can be zero.
        crossed: Says of two limits whether the lower always lies above the higher.
    """

    def __init__(
        self,
        types: Mapping[str, Type],
        place: str,
        problems: list[InjuryprevError],
        may_be_zero: Callable[[Expr], bool] = lambda _: False,
        crossed: Callable[[Expr, Expr], bool] = lambda low, high: _crossed(constant(low), constant(high)),
    ) -> None:
        self.types, self.place, self.problems = types, place, problems
        self.may_be_zero, self.crossed = may_be_zero, crossed

    def note(self, what: str, seen: str, expected: str) -> None:
        """Add a problem at the present place."""
        self.problems.append(InjuryprevError(what, where=self.place, seen=seen, expected=expected))

    def needs(self, expr: Expr, wanted: Type) -> Type:
        """The type of an expression, noted where it is not the one wanted."""
        kind = self.infer(expr)
        if not fits(kind, wanted):
            self.note(f"the units do not fit in {write(expr)!r}", str(kind), str(wanted))
        return kind

    def infer(self, expr: Expr) -> Type:
        """The type of an expression."""
        match expr:
            case Num() | Flag():
                return NUMBER if isinstance(expr, Num) else TRUTH
            case Text(value):
                return Type(CATEGORY, (value,))
            case Name(name):
                return self._name(name)
            case Not(arg):
                return self.needs(arg, TRUTH)
            case Logic(_, parts):
                for part in parts:
                    self.needs(part, TRUTH)
                return TRUTH
            case Neg(arg):
                return self._arithmetic(arg)
            case Arith(op, left, right):
                return self._arith(op, left, right)
            case Compare(operands, ops):
                ordered = any(op not in ("==", "!=") for op in ops)
                self._alike(operands, ordered=ordered)
                return TRUTH
            case Within(item, choices, _):
                self._alike((item, *choices), ordered=False)
                return TRUTH
            case Choose(condition, then, otherwise):
                self.needs(condition, TRUTH)
                kinds = [self.infer(then), self.infer(otherwise)]
                if all(kind.choices for kind in kinds):
                    return Type(CATEGORY, tuple(dict.fromkeys(kinds[0].choices + kinds[1].choices)))
                return self._alike((then, otherwise), ordered=False, known=kinds)
            case Call(name, args):
                return self._call(name, args)

    def _call(self, name: str, args: tuple[Expr, ...]) -> Type:
        kinds = [self._arithmetic(arg, ordinals=name in ("min", "max", "clip")) for arg in args]
        if name in ROUNDING:
            step = constant(args[1])
            if step is None or step <= 0:
                self.note(f"{name} rounds to a written, positive step", write(args[1]), "such as 0.01")
            return kinds[0]
        if name == "clip" and self.crossed(args[1], args[2]):
            self.note("clip has its limits the wrong way round", write(Call(name, args)), "clip(x, low, high)")
        return self._alike(args, ordered=True, known=kinds)

    def _name(self, name: str) -> Type:
        if name not in self.types:
            self.note(f"nothing is called {name!r} here", name, nearest(name, self.types))
            return NUMBER
        return self.types[name]

    def _arithmetic(self, expr: Expr, *, ordinals: bool = False) -> Type:
        kind = self.infer(expr)
        if not kind.is_number or (kind.unit.is_ordinal and not ordinals):
            self.note(f"{write(expr)!r} is not a number to calculate with", str(kind), "a number with a measure")
            return NUMBER
        return kind

    def _arith(self, op: str, left: Expr, right: Expr) -> Type:
        first, second = self._arithmetic(left), self._arithmetic(right)
        if op in "+-":
            return self._alike((left, right), ordered=True, known=[first, second])
        if op == "/" and self.may_be_zero(right):
            self.note("a division by a figure of the profile that can be zero", write(right), "a figure that cannot")
        if first.unit is ANY and not second.unit.dims:  # twice a fraction is a fraction
            return second
        return Type(first.unit.times(second.unit, -1 if op == "/" else 1))

    def _alike(self, exprs: tuple[Expr, ...], *, ordered: bool, known: list[Type] | None = None) -> Type:
        kinds = known or [self.infer(expr) for expr in exprs]
        chosen = next((kind for kind in kinds if kind.unit is not ANY and len(kind.choices) != 1), kinds[0])
        if chosen.is_category:  # words are measured against the side that knows most of them, on whichever side it is
            chosen = max((kind for kind in kinds if kind.is_category), key=lambda kind: len(kind.choices))
        for expr, kind in zip(exprs, kinds, strict=True):
            if not fits(kind, chosen):
                self.note(f"the units do not fit in {write(expr)!r}", str(kind), str(chosen))
            elif ordered and not kind.is_number:
                self.note(f"{write(expr)!r} has no order", str(kind), "a number")
        return chosen


def fits(kind: Type, wanted: Type) -> bool:
    """Whether a value of one type may stand where another is wanted."""
    if kind.is_category and wanted.is_category:
        return not wanted.choices or set(kind.choices) <= set(wanted.choices)
    return kind.unit.fits(wanted.unit)


def _crossed(low: Fraction | None, high: Fraction | None) -> bool:
    return low is not None and high is not None and low > high


def constant(expr: Expr) -> Fraction | None:
    """The value of an expression of literals alone, or ``None``."""
    match expr:
        case Num(value, _):
            return value
        case Neg(arg):
            inner = constant(arg)
            return None if inner is None else -inner
        case Arith(op, left, right):
            first, second = constant(left), constant(right)
            if first is None or second is None or (op == "/" and second == 0):
                return None
            return (
                {"+": first + second, "-": first - second, "*": first * second}.get(op) if op != "/" else first / second
            )
        case _:
            return None
