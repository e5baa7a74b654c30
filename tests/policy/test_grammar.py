"""Formulas: what is written is read back, and nothing but a FormulaError comes of nonsense."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from injuryprev.policy import expr as ex
from injuryprev.policy.expr import FUNCTIONS, Expr, write
from injuryprev.policy.grammar import KEYWORDS, MAX_HEIGHT, MAX_LENGTH, FormulaError, parse

WORDS = [*sorted(KEYWORDS), *FUNCTIONS, "x", "yy", "rate", "'a'", "''", "1", "0.5", "50%", "2‰", "1_000"]
SIGNS = ["<", "<=", "==", "!=", ">=", ">", "+", "-", "*", "/", "(", ")", ",", "%", "'", "=", "!", ".", "**", "\n", "é"]

names = st.sampled_from(["x", "y", "rate", "not_this", "iffy", "in_time"]).map(ex.Name)
numbers = st.sampled_from(["0", "1", "0.5", "50%", "2‰", "1_000", "12.50"]).map(parse)
texts = st.sampled_from(["a", "", "a b", "第一", '"', "x"]).map(ex.Text)
leaves = names | numbers | texts | st.booleans().map(ex.Flag)


def _grown(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    """Every kind of node over the given parts, whatever sense it makes."""
    many = st.lists(inner, min_size=2, max_size=3).map(tuple)
    ops = st.lists(st.sampled_from(["<", "<=", "==", "!=", ">=", ">"]), min_size=2, max_size=2)
    return st.one_of(
        inner.map(ex.Neg),
        inner.map(ex.Not),
        st.builds(ex.Arith, st.sampled_from("+-*/"), inner, inner),
        st.builds(lambda parts, signs: ex.Compare(parts, tuple(signs[: len(parts) - 1])), many, ops),
        st.builds(ex.Logic, st.sampled_from(["and", "or"]), many),
        st.builds(ex.Choose, inner, inner, inner),
        st.builds(ex.Within, inner, many, st.booleans()),
        st.builds(ex.Call, st.sampled_from(["min", "max"]), many),
        st.builds(lambda arg: ex.Call("abs", (arg,)), inner),
        st.builds(lambda a, b: ex.Call("round_half_even", (a, b)), inner, inner),
    )


trees = st.recursive(leaves, _grown, max_leaves=12)


def plain(tree: Any) -> object:
    """A tree as nested tuples, which compare by value."""
    if isinstance(tree, tuple):
        return tuple(plain(part) for part in tree)
    if attrs.has(type(tree)):
        return type(tree).__name__, plain(attrs.astuple(tree, recurse=False))
    return tree


@given(trees)
@settings(max_examples=300)
def test_what_is_written_is_read_back(tree: Expr) -> None:
    """Any tree, written and parsed, is the same tree: no brackets are missing, whatever stands in whatever."""
    assert plain(parse(write(tree))) == plain(tree)


X, Y, Z = ex.Name("x"), ex.Name("y"), ex.Name("z")
KINDS: Final[tuple[Expr, ...]] = (
    *(ex.Arith(op, X, Y) for op in "+-*/"),
    *(ex.Logic(op, (X, Y)) for op in ("and", "or")),
    *(ex.Compare((X, Y), (op,)) for op in ("<", "==")),
    ex.Compare((X, Y, Z), ("<", "<=")),
    ex.Within(X, (Y, Z), False),
    ex.Within(X, (Y,), True),
    ex.Choose(X, Y, Z),
    ex.Call("max", (X, Y)),
    ex.Neg(X),
    ex.Not(X),
    ex.Num(Fraction(1, 2), "50%"),
    ex.Text("a"),
    ex.Flag(False),
)


def nested(outer: Any, inner: Expr) -> Iterator[Expr]:
    """One node in every place of another."""
    for field in attrs.fields(type(outer)):
        part = getattr(outer, field.name)
        if isinstance(part, ex.Name):
            yield attrs.evolve(outer, **{field.name: inner})
        elif isinstance(part, tuple):
            for place, one in enumerate(part):
                if isinstance(one, ex.Name):
                    yield attrs.evolve(outer, **{field.name: (*part[:place], inner, *part[place + 1 :])})


@pytest.mark.parametrize("outer", KINDS, ids=write)
def test_brackets_are_written_where_they_are_needed(outer: Expr) -> None:
    """Every kind of node in every place of every other, two deep, is read back as it was."""
    for inner in KINDS:
        for tree in nested(outer, inner):
            assert plain(parse(write(tree))) == plain(tree)
            for third in KINDS:
                for deeper in nested(inner, third):
                    for whole in nested(outer, deeper):
                        assert plain(parse(write(whole))) == plain(whole)


@pytest.mark.parametrize("text", ["x in ((a < b), c)", "x in ((if a then b else c), d)", "x not in ((a in (b)), c)"])
def test_a_condition_among_choices_keeps_its_brackets(text: str) -> None:
    """The parts of a membership are sums; anything looser is written in brackets."""
    assert plain(parse(write(parse(text)))) == plain(parse(text))


@given(st.lists(st.sampled_from([*WORDS, *SIGNS]), max_size=25).map(" ".join) | st.text(max_size=60))
@settings(max_examples=400)
def test_nonsense_is_refused_with_a_formula_error(text: str) -> None:
    """Whatever is typed, it is a formula that can be written back, or a FormulaError and no other."""
    try:
        tree = parse(text)
    except FormulaError:
        return
    assert plain(parse(write(tree))) == plain(tree)


@pytest.mark.parametrize(
    ("text", "what", "seen"),
    [
        ("(" * 60 + "x" + ")" * 60, "nests too deeply", None),
        ("not " * 60 + "x", "nests too deeply", None),
        ("-" * 60 + "x", "nests too deeply", None),
        ("if a then " * 60 + "b", "nests too deeply", None),
        ("abs(" * 60 + "x" + ")" * 60, "nests too deeply", None),
        (" + ".join("x" * 500), "nests too deeply", "500 levels"),
        (" / ".join("x" * 500), "nests too deeply", "500 levels"),
        ("x" * (MAX_LENGTH + 1), "too long", f"{MAX_LENGTH + 1} characters"),
        ("x ** 2", "cannot go on", "*"),
        ("x.y", "no meaning", "."),
        ("x[0]", "no meaning", "["),
        ("x = 1", "no meaning", "="),
        ("'open", "no meaning", "'"),
        ("X", "no meaning", "X"),
        ("", "cannot go on", "end of the formula"),
        ("x y", "cannot go on", "y"),
        ("if x then y", "cannot go on", "end of the formula"),
        ("x not y", "cannot go on", "y"),
        ("x in y", "cannot go on", "y"),
        ("min(x)", "wrong number of arguments", "1"),
        ("clip(x, 1)", "wrong number of arguments", "2"),
        ("eval(x)", "no such function", "eval"),
        ("mim(x, y)", "no such function", "mim"),
        ("5x", "cannot go on", "x"),
        (".5", "no meaning", "."),
    ],
)
def test_a_bad_formula_is_refused(text: str, what: str, seen: str | None) -> None:
    """Each kind of mistake has its words and shows what was met."""
    with pytest.raises(FormulaError, match=what) as caught:
        parse(text)
    assert caught.value.seen == seen


def test_a_tree_of_the_permitted_height_is_read() -> None:
    """The limit is the number it says."""
    assert isinstance(parse(" + ".join("x" * MAX_HEIGHT)), ex.Arith)


def test_a_misspelt_function_is_answered_with_the_nearest_one() -> None:
    """There are few functions, and a slip of the pen is usual."""
    with pytest.raises(FormulaError, match="did you mean 'round_up'"):
        parse("roundup(x, 1)")
