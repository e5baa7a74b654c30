"""Rules with other figures than the law's: what a what-if is worked out with, and marked as."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Final

import attrs

from injuryprev.errors import InputError, UnknownNameError, nearest
from injuryprev.policy.check import check_rules
from injuryprev.policy.document import Constant, Keyed, Parameter, Refusal
from injuryprev.policy.grammar import SCALE
from injuryprev.policy.rules import Item, Rules
from injuryprev.units import exact, round_to, shown
from injuryprev.words import Words

MARK: Final = "+amended"
_NOTE: Final = Words("a figure supposed for a calculation; no law says so", "测算用的假设数值，并非现行规定")


def amended(rules: Rules, figures: Mapping[str, object]) -> Rules:
    """The same rules with other figures.

    Args:
        rules: The rules of a day.
        figures: Parameters by name: a number, or for one with keys a mapping from key to number (nested as the
            parameter is).  Keys that are not named keep their figures.

    Returns:
        Rules whose version ends in ``+amended``; each changed figure has no source, the confidence ``assumed``, and a
        note that says so, in every explanation.

    Raises:
        UnknownNameError: No such parameter or key.
        InputError: Not a number, a number where a mapping is needed, or one below zero where the law has none.
        ProfileError: The rules do not hold together with these figures.
    """
    changed = {name: _replaced(_parameter(rules, name), given) for name, given in figures.items()}
    return _with(rules, changed)


def scaled(rules: Rules, factor: Fraction, names: tuple[str, ...], to: Fraction | None = None) -> Rules:
    """The same rules with every figure of some parameters multiplied by ``factor``; what is unknown stays so.

    ``to`` rounds each to the nearest multiple, ties up: figures of a law are printed with few digits.

    Raises:
        UnknownNameError: No such parameter.
        InputError: A factor that is not above zero.
    """
    if factor <= 0:
        raise InputError(
            "a factor that leaves nothing of the figures, or turns their sign",
            where=f"{rules.id} scaled factor",
            seen=shown(factor),
            expected="a number above zero; amended(…) states other figures, 0 among them",
        )

    def times(figure: Constant) -> Constant:
        if isinstance(figure, Refusal):
            return figure
        return figure * factor if to is None else round_to(figure * factor, to, "half_up")

    changed = {}
    for name in names:
        entry = _parameter(rules, name).entry
        changed[name] = attrs.evolve(
            entry,
            value=None if entry.value is None else times(entry.value),
            values=None if entry.values is None else _each(entry.values, times),
        )
    return _with(rules, changed)


def _with(rules: Rules, changed: Mapping[str, Parameter]) -> Rules:
    parameters = dict(rules.parameters)
    for name, entry in changed.items():
        supposed = attrs.evolve(entry, note=_NOTE, caveat=Words(), source=(), confidence="assumed")
        parameters[name] = attrs.evolve(rules.parameters[name], entry=supposed, cited=())
    (name, version), *parents = rules.lineage
    marked = version if version.endswith(MARK) else version + MARK
    return check_rules(
        attrs.evolve(rules, parameters=parameters, lineage=((name, marked), *parents)), f"{rules.id}{MARK}"
    )


def _parameter(rules: Rules, name: str) -> Item[Parameter]:
    if name not in rules.parameters:
        raise UnknownNameError(
            f"{rules.id} on {rules.on} has no parameter {name!r}",
            where=f"{rules.id} amended",
            seen=name,
            expected=nearest(name, rules.parameters),
        )
    return rules.parameters[name]


def _replaced(item: Item[Parameter], given: object) -> Parameter:
    entry, where = item.entry, f"amended {item.name}"
    if entry.values is not None:
        made = attrs.evolve(entry, values=_merged(entry.values, given, where))
    else:
        made = attrs.evolve(entry, value=_figure(given, where))
    least = min(_figures(made), default=Fraction(0))
    # A discount may be written below zero; a rate, a sum or a count of the law is not.
    if least < 0 and all(figure >= 0 for figure in _figures(entry)):
        raise InputError(
            "below zero, where no figure of the law is", where=where, seen=shown(least), expected="0 or more"
        )
    return made


def supposed(rules: Rules) -> Mapping[str, tuple[Fraction, ...]]:
    """The parameters whose figures were replaced, each with its figures."""
    entries = {name: item.entry for name, item in rules.parameters.items()}
    return {name: tuple(_figures(entry)) for name, entry in entries.items() if entry.note == _NOTE}


def _figures(entry: Parameter) -> Iterator[Fraction]:
    """Every figure of a parameter that is known."""
    levels: list[Constant | Keyed | None] = [entry.value, entry.values]
    for level in levels:
        if isinstance(level, Keyed):
            levels += level.values.values()
        elif isinstance(level, Fraction):
            yield level


def _merged(old: Keyed, given: object, where: str) -> Keyed:
    if not isinstance(given, Mapping):
        raise InputError(
            "this parameter has figures by key",
            where=where,
            seen=given,
            expected="a mapping with keys such as " + ", ".join(list(old.values)[:3]),
        )
    values: dict[str, Constant | Keyed] = dict(old.values)
    for key, figure in given.items():
        found = values.get(str(key))
        if found is None:
            raise UnknownNameError("no such key", where=where, seen=str(key), expected=nearest(str(key), old.values))
        inner = f"{where}[{key}]"
        values[str(key)] = _merged(found, figure, inner) if isinstance(found, Keyed) else _figure(figure, inner)
    return Keyed(values)


def _figure(given: object, where: str) -> Fraction:
    """A number, or a share written as in profiles: ``"0.9%"``, ``"2‰"``."""
    text = given.strip() if isinstance(given, str) else ""
    if text and text[-1] in SCALE:
        return exact(text[:-1], where=where) / SCALE[text[-1]]
    return exact(given, where=where)


def _each(keyed: Keyed, change: Callable[[Constant], Constant]) -> Keyed:
    return Keyed(
        {
            key: _each(figure, change) if isinstance(figure, Keyed) else change(figure)
            for key, figure in keyed.values.items()
        }
    )
