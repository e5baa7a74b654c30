"""Formulas: a small closed grammar, parsed once and never evaluated as Python.

formula    = "if" formula "then" formula "else" formula | or
or         = and { "or" and }
and        = not { "and" not }
not        = "not" not | comparison
comparison = sum { ("<" | "<=" | "==" | "!=" | ">=" | ">") sum } | sum ["not"] "in" "(" sum {"," sum} ")"
sum        = product { ("+" | "-") product }
product    = sign { ("*" | "/") sign }
sign       = "-" sign | atom
atom       = number ["%" | "‰"] | 'choice' | "true" | "false" | name | function "(" formula {"," formula} ")"
           | "(" formula ")"
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Final, NoReturn

from injuryprev.errors import InjuryprevError, nearest
from injuryprev.policy.expr import (
    FUNCTIONS,
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
    children,
)

MAX_LENGTH: Final = 4000
MAX_DEPTH: Final = 40
MAX_HEIGHT: Final = 100
"""Levels of the tree: a chain ``a + b + c`` nests too, though nobody sees it, and walking a tree takes recursion."""
_COMPARISONS: Final = frozenset({"<", "<=", "==", "!=", ">=", ">"})
KEYWORDS: Final = frozenset({"if", "then", "else", "or", "and", "not", "in", "true", "false"})
_TOKEN: Final = re.compile(
    r"""\s*(?:
        (?P<number>[0-9][0-9_]*(?:\.[0-9]+)?\s*[%‰]?)
      | (?P<name>[a-z][a-z0-9_]*)
      | '(?P<text>[^']*)'
      | (?P<op><=|>=|==|!=|[-+*/<>(),])
      | (?P<end>$)
    )""",
    re.VERBOSE,
)
SCALE: Final = {"%": 100, "‰": 1000}


class FormulaError(InjuryprevError, ValueError):
    """A formula that is not of the grammar; ``column`` counts from 1."""


def parse(text: str) -> Expr:
    """Read a formula.

    Raises:
        FormulaError: With the column and what was expected there.

    >>> parse("benefits / contributions").op
    '/'
    >>> parse("rate ** 2")
    Traceback (most recent call last):
    ...
    injuryprev.policy.grammar.FormulaError: column 7 of 'rate ** 2': a formula cannot go on like this; seen: '*'; \
expected: a number, a name, a 'choice', a function or (
    """
    return _Parser(text).whole()


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[tuple[str, str, int]] = []
        self.at = 0
        self.depth = 0
        if len(text) > MAX_LENGTH:
            raise FormulaError(
                "the formula is too long", seen=f"{len(text)} characters", expected=f"at most {MAX_LENGTH}"
            )
        place = 0
        while True:
            found = _TOKEN.match(text, place)
            if found is None:
                while text[place : place + 1].isspace():
                    place += 1
                self.fail(place, "this character has no meaning in a formula", text[place], "see the profile format")
            kind = str(found.lastgroup)
            self.tokens.append((kind, found.group(kind), found.start(kind)))
            if kind == "end":
                return
            place = found.end()

    def fail(self, place: int, what: str, seen: str | None, expected: str) -> NoReturn:
        raise FormulaError(what, where=f"column {place + 1} of {self.text!r}", seen=seen, expected=expected)

    # Tokens

    def peek(self) -> str:
        kind, text, _ = self.tokens[self.at]
        return text if kind == "op" or (kind == "name" and text in KEYWORDS) else ""

    def take(self, *wanted: str) -> str:
        text = self.peek()
        if text and text in wanted:
            self.at += 1
            return text
        return ""

    def need(self, wanted: str) -> None:
        if not self.take(wanted):
            _, seen, place = self.tokens[self.at]
            self.fail(place, "a formula cannot go on like this", seen or "end of the formula", repr(wanted))

    # Rules

    def whole(self) -> Expr:
        tree = self.formula()
        kind, seen, place = self.tokens[self.at]
        if kind != "end":
            self.fail(place, "a formula cannot go on like this", seen, "an operator or the end")
        if (height := _height(tree)) > MAX_HEIGHT:
            seen, expected = f"{height} levels", f"at most {MAX_HEIGHT}: define a part of it under a name of its own"
            raise FormulaError("the formula nests too deeply", seen=seen, expected=expected)
        return tree

    def formula(self) -> Expr:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fail(self.tokens[self.at][2], "the formula nests too deeply", None, f"at most {MAX_DEPTH} levels")
        if self.take("if"):
            condition = self.formula()
            self.need("then")
            then = self.formula()
            self.need("else")
            tree: Expr = Choose(condition, then, self.formula())
        else:
            tree = self.either()
        self.depth -= 1
        return tree

    def either(self) -> Expr:
        parts = [self.both()]
        while self.take("or"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else Logic("or", tuple(parts))

    def both(self) -> Expr:
        parts = [self.negation()]
        while self.take("and"):
            parts.append(self.negation())
        return parts[0] if len(parts) == 1 else Logic("and", tuple(parts))

    def negation(self) -> Expr:
        return Not(self.nested(self.negation)) if self.take("not") else self.comparison()

    def comparison(self) -> Expr:
        first = self.sum()
        negated = self.peek() == "not"
        if negated:
            self.at += 1
        if negated or self.peek() == "in":
            self.need("in")
            self.need("(")
            choices = [self.sum()]
            while self.take(","):
                choices.append(self.sum())
            self.need(")")
            return Within(first, tuple(choices), negated)
        operands, ops = [first], []
        while op := self.take(*_COMPARISONS):
            ops.append(op)
            operands.append(self.sum())
        return Compare(tuple(operands), tuple(ops)) if ops else first

    def sum(self) -> Expr:
        tree = self.product()
        while op := self.take("+", "-"):
            tree = Arith(op, tree, self.product())
        return tree

    def product(self) -> Expr:
        tree = self.sign()
        while op := self.take("*", "/"):
            tree = Arith(op, tree, self.sign())
        return tree

    def sign(self) -> Expr:
        return Neg(self.nested(self.sign)) if self.take("-") else self.atom()

    def nested(self, rule: Callable[[], Expr]) -> Expr:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fail(self.tokens[self.at][2], "the formula nests too deeply", None, f"at most {MAX_DEPTH} levels")
        tree = rule()
        self.depth -= 1
        return tree

    def atom(self) -> Expr:
        kind, text, place = self.tokens[self.at]
        if kind == "number":
            self.at += 1
            return number(text)
        if kind == "text":
            self.at += 1
            return Text(text)
        if self.take("("):
            tree = self.formula()
            self.need(")")
            return tree
        if word := self.take("true", "false"):
            return Flag(word == "true")
        if kind == "name" and text not in KEYWORDS:
            self.at += 1
            return self.call(text, place) if self.take("(") else Name(text)
        self.fail(
            place,
            "a formula cannot go on like this",
            text or "end of the formula",
            "a number, a name, a 'choice', a function or (",
        )

    def call(self, name: str, place: int) -> Expr:
        if name not in FUNCTIONS:
            self.fail(place, "there is no such function", name, nearest(name, FUNCTIONS))
        args = [self.formula()]
        while self.take(","):
            args.append(self.formula())
        self.need(")")
        least, most = FUNCTIONS[name]
        if len(args) < least or (most is not None and len(args) > most):
            wanted = f"{least}" if most == least else f"at least {least}"
            self.fail(place, f"{name} has a wrong number of arguments", str(len(args)), wanted)
        return Call(name, tuple(args))


def _height(tree: Expr) -> int:
    level, height = [tree], 0
    while level:
        level, height = [child for node in level for child in children(node)], height + 1
    return height


def number(text: str) -> Num:
    """A literal: ``0.5``, ``50%``, ``2‰``, ``1_000``.

    >>> number("50%").value
    Fraction(1, 2)
    """
    written = text.replace(" ", "")
    digits = written.replace("_", "").rstrip("%‰")
    return Num(Fraction(Decimal(digits)) / SCALE.get(written[-1], 1), written)
