"""Figures of the whole pooling area, stated once instead of in every employer's row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, Protocol

from injuryprev.engine.lower import STATUS, InputShape
from injuryprev.engine.reading import read
from injuryprev.errors import InputError, UnknownNameError, nearest
from injuryprev.exchange.area import FactSpec, fact_column
from injuryprev.exchange.cells import CellError, parse
from injuryprev.model import FactValue

AreaFigures = Mapping[str, FactValue]

_WRONG: Final = {
    "unreadable": "not a value of this input",
    "out_of_range": "outside the range of this input",
    "too_fine": "finer than the steps of this input",
}


class FigureSpec(FactSpec, Protocol):
    """What an input tells of its range, for the message."""

    @property
    def low(self) -> Decimal | None:
        """The least value."""

    @property
    def high(self) -> Decimal | None:
        """The greatest value."""


def read_figures(
    stated: Iterable[str], inputs: Mapping[str, Any], shapes: Mapping[str, InputShape] | None = None
) -> AreaFigures:
    """Read figures written as ``NAME=VALUE``, each as a cell of the employers' table would be.

    Args:
        stated: The texts; a value may be per cent, and a word of a category in Chinese.
        inputs: The inputs of the policy (``policy.inputs``).
        shapes: Their lowered shapes (``policy.lowered.inputs``), by which the range is checked.

    Raises:
        UnknownNameError: A name that is no input; the message names the nearest.
        InputError: Not of this form, a name twice, or a value that no employer could have.

    >>> import injuryprev as ip
    >>> dict(read_figures(["insured=24"], ip.load_profile("toyland").on("2024-05-01").inputs))
    {'insured': Decimal('24')}
    """
    figures: dict[str, FactValue] = {}
    for text in stated:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals or not name or not value:
            raise InputError("not a figure of the area", where="--figure", seen=text, expected="NAME=VALUE")
        if name not in inputs:
            raise UnknownNameError(
                "no such input", where="--figure", seen=name, expected=nearest(name, inputs) if inputs else ""
            )
        if name in figures:
            raise InputError("a figure given twice", where=f"--figure {name}", seen=value, expected="one value")
        figures[name] = _value(inputs[name], value, None if shapes is None else shapes.get(name))
    return MappingProxyType(figures)


def _value(spec: FigureSpec, text: str, shape: InputShape | None) -> FactValue:
    where = f"--figure {spec.name}"
    try:
        value = parse(fact_column(spec), text)
    except CellError as error:
        raise InputError(error.words.en, where=where, seen=text, expected=_expected(spec)) from None
    if not isinstance(value, (bool, int, Decimal, str)):
        raise InputError("not a value", where=where, seen=text, expected=_expected(spec))
    status = 0 if shape is None else read(shape, value)[1]
    if status:
        raise InputError(_WRONG[STATUS[status - 1]], where=where, seen=text, expected=_expected(spec))
    return value


def _expected(spec: FigureSpec) -> str:
    if spec.choices:
        return "one of: " + ", ".join(spec.choices)
    unit = str(spec.unit)
    if unit == "flag":
        return "true or false"
    return unit if spec.low is None else f"{unit}, {spec.low:f} to {spec.high:f}"
