"""Columns for the inputs of any policy: of every kind that a table can hold, and at every threshold of the rules."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import pyarrow as pa

from injuryprev.engine import Policy
from injuryprev.engine.specs import InputSpec
from injuryprev.policy.check import expressions
from injuryprev.policy.document import Keyed, Refusal
from injuryprev.policy.expr import Num, children
from injuryprev.units import finite_places, to_decimal

Column = tuple[pa.DataType, list[Any]]
WORDS: Final = pa.dictionary(pa.int32(), pa.string())
NUMBERS: Final = (
    "int64", "int64", "int8", "uint8", "uint64", "double", "double", "float", "string", "string", "words",
    "decimal2", "decimal4", "decimal9", "nulls", "left out",
)  # fmt: skip
FLAGS: Final = ("bool", "bool", "int8", "int64", "double", "string", "words", "nulls", "left out")
CATEGORIES: Final = ("string", "string", "words", "int8", "double", "nulls", "left out")
KINDS: Final[dict[str, pa.DataType]] = {
    "int64": pa.int64(),
    "int8": pa.int8(),
    "uint8": pa.uint8(),
    "uint64": pa.uint64(),
    "double": pa.float64(),
    "float": pa.float32(),
    "string": pa.string(),
    "words": WORDS,
    "decimal2": pa.decimal128(38, 2),
    "decimal4": pa.decimal128(20, 4),
    "decimal9": pa.decimal128(38, 9),
    "nulls": pa.null(),
    "bool": pa.bool_(),
}
AWKWARD: Final = ("", " ", "nought", "1e1", "--1", "+", ".", "1.2.3", "1_000", "１", "٣", "nan", "NULL", "0x1", "1,5")
SPACES: Final = (" ", "\t", "\n", "\u3000", "\xa0", "\u2003", "\x1f")


def marks(policy: Policy) -> set[Fraction]:
    """Every number of the rules: those written in them, and every figure of every parameter."""
    found: set[Fraction] = {Fraction(0), Fraction(1)}
    for item in policy.rules.definitions.values():
        stack = list(expressions(item.entry))
        while stack:
            node = stack.pop()
            stack.extend(children(node))
            if isinstance(node, Num):
                found |= {node.value, -node.value}
        for band in item.entry.bands.rows if item.entry.bands else ():
            found |= {end for end in (band.within.low, band.within.high) if end is not None}
    for parameter in policy.rules.parameters.values():
        levels: list[Any] = [parameter.entry.values if parameter.entry.values is not None else parameter.entry.value]
        while levels:
            level = levels.pop()
            if isinstance(level, Keyed):
                levels.extend(level.values.values())
            elif level is not None and not isinstance(level, Refusal):
                found.add(Fraction(level))
    return found


def grid(spec: InputSpec, at: Iterable[Fraction]) -> list[Fraction]:
    """Values of a numeric input on, below and above every mark, at the ends of its range, and beyond them."""
    assert spec.low is not None
    assert spec.high is not None
    assert spec.step is not None
    low, high, step = Fraction(spec.low), Fraction(spec.high), spec.step
    values = {low, low + step, low - step, high, high - step, high + step, Fraction(0), (low + high) / 2 // step * step}
    for mark in at:
        if low <= mark <= high:
            below = mark // step * step
            values |= {below - step, below, below + step}
    return sorted(values)


def column(spec: InputSpec, kind: str, pool: Sequence[Fraction], size: int, rng: random.Random) -> Column:
    """A column of one kind for one input, some of it missing, too fine, out of range or unreadable."""
    draw = {"flag": _flag, "category": _category}.get(spec.unit, _number)
    values = [None if rng.random() < 0.08 else draw(spec, kind, pool, rng) for _ in range(size)]
    if kind == "nulls":
        values = [None] * size
    return KINDS[kind], [_held(kind, value) for value in values]


def _held(kind: str, value: Any) -> Any:
    """The value as the kind can hold it, or none."""
    if value is None or kind in ("string", "words", "bool"):
        return value if value is None or kind == "bool" else str(value)
    if kind.startswith("decimal"):
        places = int(kind.removeprefix("decimal"))
        exact = Fraction(value)
        scaled = exact * 10**places
        whole = 20 - places if kind == "decimal4" else 38 - places
        return Decimal(scaled.numerator).scaleb(-places) if scaled.denominator == 1 and abs(exact) < 10**whole else None
    if kind in ("double", "float"):
        return float(value)
    bits = int(kind.lstrip("uint"))
    low, high = (0, 2**bits - 1) if kind.startswith("u") else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    return int(value) if value == int(value) and low <= value <= high else None


def _flag(_: InputSpec, kind: str, __: Sequence[Fraction], rng: random.Random) -> Any:
    if kind == "bool":
        return rng.random() < 0.5
    if kind in ("string", "words"):
        return rng.choice(("true", "false", "true", "false", "True", "1", "yes", ""))
    return rng.choice((0, 1, 0, 1, 2, -1) if kind != "double" else (0, 1, 0.5, float("nan")))


def _category(spec: InputSpec, kind: str, _: Sequence[Fraction], rng: random.Random) -> Any:
    if kind in ("string", "words"):
        return rng.choice((*spec.choices, *spec.choices, "", "nought", next(iter(spec.choices)).upper()))
    return 1 if kind == "int8" else rng.choice((1.0, float("nan")))


def _number(spec: InputSpec, kind: str, pool: Sequence[Fraction], rng: random.Random) -> Any:
    assert spec.low is not None
    assert spec.high is not None
    assert spec.step is not None
    steps = int(Fraction(spec.low) / spec.step), int(Fraction(spec.high) / spec.step)
    value = rng.choice(pool) if rng.random() < 0.6 else rng.randint(*steps) * spec.step
    if kind.startswith(("int", "uint")):
        odd = (value.numerator // value.denominator, value, 2**63 - 1, 2**64 - 1, -(2**63))
        return rng.choice(odd if rng.random() < 0.1 else (int(value),))
    if rng.random() < 0.12:
        value += spec.step * rng.choice((Fraction(1, 2), Fraction(1, 10**6), Fraction(-1, 8), Fraction(1, 10**9)))
    if kind in ("double", "float"):
        return rng.choice((float("nan"), float("inf"), -1e300, 1e17)) if rng.random() < 0.05 else value
    if kind in ("string", "words"):
        return _text(value, rng)
    return value


def _text(value: Fraction, rng: random.Random) -> str:
    if rng.random() < 0.06:
        return rng.choice(AWKWARD)
    if rng.random() < 0.04:
        return rng.choice(("1" + "0" * 30, "-" + "9" * 19, "0." + "0" * 25 + "1", "0" * 25 + "1"))
    if finite_places(value) is None:
        value = round(value * 1000) / Fraction(1000)
    text = f"{to_decimal(value):f}"
    if rng.random() < 0.3:
        text += ("" if "." in text else ".") + "0" * rng.randint(0, 3)
    if rng.random() < 0.15:
        text = text.replace("0.", ".", 1) if text.lstrip("-").startswith("0.") and text[-1] != "." else "00" + text
    if rng.random() < 0.1 and text[0] not in "-0":
        text = "+" + text
    if rng.random() < 0.15:
        text = rng.choice(SPACES) + text + rng.choice(SPACES)
    return text


def table(policy: Policy, size: int, seed: int, without: Iterable[str] = ()) -> pa.Table:
    """A table for a policy: a column of some kind for every input, between columns that are no inputs."""
    rng = random.Random(seed)
    at = marks(policy)
    columns: dict[str, Column] = {"row": (pa.int64(), list(range(size)))}
    for name, spec in policy.inputs.items():
        kinds = {"flag": FLAGS, "category": CATEGORIES}.get(spec.unit, NUMBERS)
        kind = rng.choice([kind for kind in kinds if kind not in without])
        if kind != "left out":
            pool = grid(spec, at) if spec.step is not None else []
            columns[name] = column(spec, kind, pool, size, rng)
    columns["note"] = (pa.string(), [rng.choice(("x", "y", None)) for _ in range(size)])
    return pa.table({name: pa.array(values, kind) for name, (kind, values) in columns.items()})
