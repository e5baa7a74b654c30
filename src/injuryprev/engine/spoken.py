"""Formulas, conditions and bounds as sentences, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from injuryprev.policy.document import Interval
from injuryprev.policy.expr import Choose, Compare, Expr, Flag, Logic, Name, Neg, Not, Num, Within, write
from injuryprev.units import shown
from injuryprev.words import Lang, Words

_IS: Final[Mapping[str, Words]] = {
    "<": Words("less than", "小于"),
    "<=": Words("at most", "不超过"),
    ">": Words("more than", "超过"),
    ">=": Words("at least", "不低于"),
    "==": Words("", "等于"),
    "!=": Words("not", "不等于"),
}
_TURNED: Final[Mapping[str, str]] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_JOIN: Final[Mapping[str, Words]] = {"and": Words(" and ", "且"), "or": Words(" or ", "或")}


class Spoken:
    """Says formulas in one language.

    Args:
        lang: The language.
        titles: What stands for a name, and for a word in quotes.
    """

    def __init__(self, lang: Lang, titles: Mapping[str, str]) -> None:
        self.lang, self.titles = lang, titles

    def condition(self, expr: Expr) -> str:
        """A condition as a sentence.

        >>> from injuryprev.policy.grammar import parse
        >>> say = Spoken("en", {"ratio": "the payout ratio", "new": "new employer"}).condition
        >>> say(parse("10% < ratio <= 20%"))
        'the payout ratio is more than 10% and at most 20%'
        >>> say(parse("not new and ratio == 0"))
        'not (new employer) and the payout ratio is 0'
        """
        english = self.lang == "en"
        match expr:
            case Flag(value):
                return ("always" if value else "never") if english else ("总是" if value else "从不")
            case Not(arg):
                return f"not ({self.condition(arg)})" if english else f"并非（{self.condition(arg)}）"
            case Logic(op, parts):
                return _JOIN[op].to(self.lang).join(self._part(part, op) for part in parts)
            case Compare(operands, ops):
                return self._comparison(operands, ops)
            case Within(item, choices, negated):
                listed = (", " if english else "、").join(self.figure(choice) for choice in choices)
                word = Words("is not one of" if negated else "is one of", "不属于" if negated else "属于").to(self.lang)
                return f"{self.figure(item)} {word} {listed}" if english else f"{self.figure(item)}{word}{listed}"
            case Choose():
                return self.figure(expr)
            case _:
                return self.figure(expr)

    def _part(self, part: Expr, op: str) -> str:
        text = self.condition(part)
        if isinstance(part, Logic) and part.op != op:
            return f"({text})" if self.lang == "en" else f"（{text}）"
        return text

    def _comparison(self, operands: tuple[Expr, ...], ops: tuple[str, ...]) -> str:
        """What is compared first, then each bound; a chain between two bounds is said of what stands in its middle."""
        if len(operands) == 3:
            bounds = [(_TURNED[ops[0]], operands[0]), (ops[1], operands[2])]
            return self._bounded(operands[1], bounds)
        if len(operands) == 2:
            left, right = operands
            if _is_figure(left) and not _is_figure(right):
                return self._bounded(right, [(_TURNED[ops[0]], left)])
            return self._bounded(left, [(ops[0], right)])
        pairs = zip(operands, ops, operands[1:], strict=False)
        return _JOIN["and"].to(self.lang).join(self._bounded(left, [(op, right)]) for left, op, right in pairs)

    def _bounded(self, item: Expr, bounds: list[tuple[str, Expr]]) -> str:
        if self.lang == "en":
            parts = [f"{_IS[op].en} {self.figure(bound)}".strip() for op, bound in bounds]
            return f"{self.figure(item)} is {' and '.join(parts)}"
        return f"{self.figure(item)}" + "且".join(f"{_IS[op].zh}{self.figure(bound)}" for op, bound in bounds)

    def figure(self, expr: Expr) -> str:
        """A formula with its names as their titles."""
        return write(expr, self.titles)

    def interval(self, within: Interval, *, percent: bool) -> str:
        """A band as a sentence.

        >>> Spoken("en", {}).interval(Interval(Fraction(1, 2), Fraction(1), False, True), percent=True)
        'more than 50 % and at most 100 %'
        """

        def number(value: Fraction) -> str:
            return f"{shown(value * 100)} %" if percent else shown(value)

        english = self.lang == "en"
        if within.low is not None and within.low == within.high:
            return f"exactly {number(within.low)}" if english else f"恰为{number(within.low)}"
        parts = []
        if within.low is not None:
            parts.append((">=" if within.low_closed else ">", within.low))
        if within.high is not None:
            parts.append(("<=" if within.high_closed else "<", within.high))
        if not parts:
            return "any" if english else "任何值"
        gap = " " if english else ""
        return (" and " if english else "且").join(f"{_IS[op].to(self.lang)}{gap}{number(end)}" for op, end in parts)


def _is_figure(expr: Expr) -> bool:
    return isinstance(expr, Num) or (isinstance(expr, Neg) and isinstance(expr.arg, Num)) or False


def is_plain(expr: Expr) -> bool:
    """Whether a formula is a figure or a name alone, which needs no formula beside it."""
    return isinstance(expr, (Num, Flag, Name)) or _is_figure(expr)
