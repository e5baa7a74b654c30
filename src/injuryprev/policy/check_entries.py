"""What may be wrong with an input or a figure of the law by itself: ranges, steps, keys and the figures for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping as KeyMap
from fractions import Fraction
from typing import Final

from injuryprev.errors import InjuryprevError, nearest
from injuryprev.policy.document import Input, Keyed, Parameter, Refusal
from injuryprev.policy.rules import Item, Rules, Type, declared_type


def input_problems(item: Item[Input]) -> Iterator[InjuryprevError]:
    """What is wrong with the values an input allows."""
    entry = item.entry
    kind = declared_type(entry)
    if not kind.is_number:
        if entry.worse is not None and kind.is_category:
            yield InjuryprevError(
                "the choices of a category have no order, so none is higher",
                where=f"{item.place}.worse",
                seen=entry.worse,
                expected="worse with a number, a class, a grade or a flag",
            )
        if entry.absent is not None and not (
            entry.absent in entry.choices if kind.is_category else isinstance(entry.absent, bool)
        ):
            yield InjuryprevError(
                "absent is not a value of this input",
                where=f"{item.place}.absent",
                seen=entry.absent,
                expected=", ".join(entry.choices) or "true or false",
            )
        return
    if entry.range is None:
        yield InjuryprevError(
            "a number needs its range, which bounds every figure worked out of it",
            where=item.place,
            expected="range = [least, most]",
        )
        return
    low, high = (Fraction(bound) for bound in entry.range)
    if entry.step <= 0 or low > high or low % entry.step or high % entry.step:
        yield InjuryprevError(
            "range and step do not fit",
            where=item.place,
            seen=f"range [{low}, {high}], step {entry.step}",
            expected="least <= most, both whole multiples of a positive step",
        )
        return
    if entry.absent is not None and (
        isinstance(entry.absent, (bool, str))
        or not low <= Fraction(entry.absent) <= high
        or Fraction(entry.absent) % entry.step
    ):
        yield InjuryprevError(
            "absent is not a value of this input",
            where=f"{item.place}.absent",
            seen=entry.absent,
            expected=f"a multiple of {entry.step} in [{low}, {high}]",
        )


MOST_KEYS: Final = 1000
"""The widest range of an input by which figures may be listed one by one."""


def key_values(rules: Rules, name: str) -> tuple[str, ...] | None:
    """Every value that the key ``name`` can take, as text; ``None`` where that cannot be listed."""
    if name not in rules.inputs:
        item = rules.definitions.get(name)
        return tuple(item.entry.choices) or None if item else None
    entry = rules.inputs[name].entry
    if entry.choices:
        return tuple(entry.choices)
    if entry.range is None or entry.step != 1 or entry.range[1] - entry.range[0] > MOST_KEYS:
        return None
    return tuple(str(value) for value in range(int(entry.range[0]), int(entry.range[1]) + 1))


def parameter_problems(item: Item[Parameter], rules: Rules, types: dict[str, Type]) -> Iterator[InjuryprevError]:
    """What is wrong with the keys of a figure, at every level of them."""
    if not types[item.name].is_number:
        yield InjuryprevError(
            "a parameter is a number", where=item.place, seen=f"unit {item.entry.unit!r}", expected="a unit of a number"
        )
    for key in item.entry.by:
        if key in types and types[key].is_flag:
            yield InjuryprevError(
                "figures are chosen by a number or a choice",
                where=f"{item.place}.by",
                seen=f"{key}, a flag",
                expected="two parameters, and a definition with if … then … else",
            )
            return
        if key not in rules.inputs and key not in rules.definitions:
            yield InjuryprevError(
                "figures are chosen by an input or a definition",
                where=f"{item.place}.by",
                seen=key,
                expected=nearest(key, [*rules.inputs, *rules.definitions]),
            )
            return

    def walk(level: Keyed | Fraction | Refusal, keys: tuple[str, ...], place: str) -> Iterator[InjuryprevError]:
        if isinstance(level, Keyed) != bool(keys):
            yield InjuryprevError(
                "figures nest once for each name in by",
                where=place,
                seen=f"{len(keys)} more to go" if keys else "a table",
                expected=f"{len(item.entry.by)} levels: " + ", ".join(item.entry.by),
            )
        elif isinstance(level, Keyed):
            yield from key_problems(level.values, keys[0], rules, types, place)
            for key, inner in level.values.items():
                yield from walk(inner, keys[1:], f"{place}.{key}")

    if item.entry.values is not None:
        yield from walk(item.entry.values, item.entry.by, f"{item.place}.values")


def key_problems(
    written: KeyMap[str, object],
    key: str,
    rules: Rules,
    types: KeyMap[str, Type],
    place: str,
    *,
    complete: bool = True,
) -> Iterator[InjuryprevError]:
    """Keys that are none, that are missing, or that there are too many of."""
    possible = key_values(rules, key)
    if possible is None:
        if types[key].is_number:
            for value in written:
                if not is_number(value):
                    yield InjuryprevError("a key that is not a number", where=place, seen=value, expected="a number")
        return
    for value in written:
        if value not in possible:
            yield InjuryprevError(
                f"{key} cannot be {value!r}", where=place, seen=value, expected=nearest(value, possible)
            )
    missing = [value for value in possible if value not in written]
    if missing and complete:
        yield InjuryprevError(
            f"not every value of {key} has its figure",
            where=place,
            seen="nothing for " + ", ".join(missing),
            expected="a figure for each, or { unknown = { en = why, zh = … } }",
        )


_NUMBER: Final = re.compile(r"-?[0-9]{1,60}(\.[0-9]{1,60}|/0*[1-9][0-9]{0,59})?")


def is_number(text: str) -> bool:
    """Whether a key is a number, and one that can be worked with: ``1e999999999`` would take all memory."""
    return _NUMBER.fullmatch(text) is not None
