"""Numbers and columns, read strictly: what is wrong is refused by index, what is missing stays unknown."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import attrs

from injuryprev.errors import InputError
from injuryprev.units import Number, exact
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

Given = Number | None
"""One number as it is given; ``None`` or NaN where it is not known."""
Column = Iterable[Given]
"""A list, a tuple, a NumPy array, a Polars or pandas column."""

_LARGEST_COUNT: Final = 2**53
"""Up to here every whole number is a float."""
_SMALLEST, _LARGEST = 1e-12, 1e18
"""No exposure is smaller or larger; between these, products and quotients of a few figures stay within the floats."""
ZH: Final[Mapping[str, str]] = {
    "cases_after": "之后例数",
    "cases_before": "之前例数",
    "count": "例数",
    "count_a": "甲方例数",
    "count_b": "乙方例数",
    "counts": "例数",
    "events": "事件数",
    "expected": "期望数",
    "exposure": "暴露量",
    "exposure_a": "甲方暴露量",
    "exposure_after": "之后暴露量",
    "exposure_b": "乙方暴露量",
    "exposure_before": "之前暴露量",
    "exposures": "暴露量",
    "observed": "观察数",
    "reference_counts": "参照例数",
    "reference_exposures": "参照暴露量",
    "sizes": "规模",
    "total": "总数",
    "weights": "权重",
    "times": "时间",
    "years": "年份",
}


def zh(name: str) -> str:
    """The Chinese name of an argument, or the argument's own name."""
    return ZH.get(name.rpartition(".")[2], name)


@attrs.frozen(eq=False)
class Numbers:
    """One argument, read.

    Args:
        name: The argument's name.
        values: A float for each unit; NaN where it is not known.
        reasons: Why, by index.
        single: Whether one number was given, not a column.
    """

    name: str
    values: list[float]
    reasons: Mapping[int, Reason]
    single: bool

    def at(self, index: int) -> float:
        """The value of one unit; one number serves all units."""
        return self.values[0 if self.single else index]

    def reason(self, index: int) -> Reason | None:
        """Why the value of one unit is not known."""
        return self.reasons.get(0 if self.single else index)


def _plain(value: object) -> object:
    """A NumPy scalar as the Python number it stands for; pandas' and Decimal's missing as ``None``."""
    if type(value).__module__ == "numpy" and hasattr(value, "item"):
        value = value.item()
    if type(value).__name__ in {"NAType", "NaTType"}:
        return None
    try:
        return None if value != value else value  # noqa: PLR0124  # NaN of any kind is the value that is not itself
    except ArithmeticError:  # a signalling NaN refuses even that
        return None


def _number(value: object, where: str) -> float | None:
    value = _plain(value)
    if value is None:
        return None
    if type(value) is int or type(value) is float:
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
    else:
        try:
            number = float(exact(value, where=where))
        except OverflowError:
            number = math.inf
    if not math.isfinite(number):
        raise InputError("not a finite number", where=where, seen=value, expected="a number that a float can hold")
    if number and not _SMALLEST <= abs(number) <= _LARGEST:
        raise InputError(
            "too near to zero, or too large, to work with", where=where, seen=value, expected="between 1e-12 and 1e18"
        )
    return number


def _listed(values: Iterable[object], name: str) -> list[object]:
    if isinstance(values, Mapping | set | frozenset):
        raise InputError("has no order", where=name, seen=type(values).__name__, expected="a list or a column")
    tolist = getattr(values, "tolist", None) or getattr(values, "to_pylist", None) or getattr(values, "to_list", None)
    return list(tolist()) if callable(tolist) else list(values)


def read(values: object, name: str, *, whole: bool = False, positive: bool = False, signed: bool = False) -> Numbers:
    """Read an argument.

    Args:
        values: One number or a column of them.
        name: The argument's name, for messages.
        whole: Counts: whole numbers only.
        positive: Exposures: a zero makes the unit unknown.
        signed: Numbers below zero are allowed.

    Raises:
        InputError: A value is no number, infinite, negative or not whole; the message names its index.
    """
    # Text can be iterated, and so can an array of no dimension, or it says so; either is one number.
    if isinstance(values, Iterable) and not isinstance(values, str | bytes) and getattr(values, "ndim", 1) != 0:
        single, given = False, _listed(values, name)
    else:
        single, given = True, [values]
    numbers: list[float] = []
    reasons: dict[int, Reason] = {}
    for index, value in enumerate(given):
        where = name if single else f"{name}[{index}]"
        number = _number(value, where)
        if number is None:
            reasons[index] = Reason("missing", where, Words(f"{where} was not given", f"未提供{zh(name)}"))
            numbers.append(math.nan)
            continue
        if number < 0 and not signed:
            raise InputError("the number is negative", where=where, seen=value, expected="0 or more")
        if whole and (number != math.floor(number) or number > _LARGEST_COUNT):
            raise InputError("not a whole number", where=where, seen=value, expected="0, 1, 2, …")
        if positive and number == 0:
            reasons[index] = Reason(
                "division_by_zero",
                where,
                Words(f"{where} is zero, so there is no rate", f"{zh(name)}为零，无从计算比率"),
            )
        numbers.append(number)
    return Numbers(name, numbers, reasons, single)


@attrs.frozen(eq=False)
class Units:
    """Several arguments of the same units, side by side."""

    columns: tuple[Numbers, ...]
    size: int
    single: bool

    def reasons(self, index: int) -> tuple[Reason, ...]:
        """Everything that keeps a unit unknown."""
        return tuple(reason for column in self.columns if (reason := column.reason(index)) is not None)

    def unknown(self, index: int) -> Unknown | None:
        """Why nothing can be said of this unit, or ``None`` where something can."""
        reasons = self.reasons(index)
        return Unknown(reasons) if reasons else None

    @property
    def good(self) -> list[int]:
        """The units of which everything is known."""
        return [index for index in range(self.size) if self.unknown(index) is None]

    def arrays(self, np: Any, indices: list[int]) -> tuple[Any, ...]:
        """The arguments as arrays, of the chosen units alone."""
        return tuple(np.array([column.at(index) for index in indices], dtype=float) for column in self.columns)

    def spread(self, found: Mapping[int, Any]) -> Iterator[Any]:
        """For each unit what was found, or why nothing was."""
        for index in range(self.size):
            yield found[index] if index in found else self.unknown(index)


def side_by_side(*columns: Numbers) -> Units:
    """Arguments of one length; a single number serves every unit.

    Raises:
        InputError: The columns differ in length.
    """
    lengths = {column.name: len(column.values) for column in columns if not column.single}
    if len(set(lengths.values())) > 1:
        shown = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise InputError("columns of different lengths", where=", ".join(lengths), seen=shown, expected="one length")
    return Units(columns, next(iter(lengths.values()), 1), not lengths)


def read_level(level: object) -> float:
    """A confidence level such as 0.95.

    Raises:
        InputError: It does not lie between 0 and 1.
    """
    number = None if isinstance(level, bool) else _number(level, "level")
    if number is None or not 0 < number < 1:
        raise InputError("not a confidence level", where="level", seen=level, expected="between 0 and 1, such as 0.95")
    return number


def read_factor(value: object, name: str) -> float:
    """A number above zero, such as the base of a rate.

    Raises:
        InputError: It is not above zero.
    """
    number = None if isinstance(value, bool) else _number(value, name)
    if number is None or number <= 0:
        raise InputError("not a number above zero", where=name, seen=value, expected="such as 1, 1000 or 1_000_000")
    return number


def read_whole(value: object, name: str, *, least: int = 0) -> int:
    """A whole number of at least ``least``.

    Raises:
        InputError: It is not.
    """
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise InputError("not a whole number of that size", where=name, seen=value, expected=f"{least} or more")
    return value


def read_choice(value: object, name: str, choices: Iterable[str]) -> str:
    """One of several words.

    Raises:
        InputError: It is none of them.
    """
    known = list(choices)
    if not isinstance(value, str) or value not in known:
        raise InputError("no such choice", where=name, seen=value, expected="one of: " + ", ".join(map(repr, known)))
    return value
