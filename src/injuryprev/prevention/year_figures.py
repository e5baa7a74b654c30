"""Figures of a year held against what the policy asks for, and against what the books were told before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from injuryprev.engine import Policy
from injuryprev.errors import InputError
from injuryprev.model.employer import Facts, FactValue
from injuryprev.model.fund import FundYear
from injuryprev.model.ledger import Opening
from injuryprev.prevention.demands import check_inputs
from injuryprev.units import exact, shown
from injuryprev.unknown import Unknown

WORKED_OUT: Final = frozenset(
    [
        "amount",
        "budget",
        "committed_left",
        "condition",
        "contract",
        "free_budget",
        "free_for_use",
        "paid",
        "paid_left",
        "payment",
        "prepaid",
        "settlements",
        "use",
    ]
)
"""Inputs that follow from the entries of the books."""


def check_names(policy: Policy, figures: Facts, where: str, known: Mapping[str, FactValue] | None = None) -> None:
    """Refuse figures that nobody asks for, or that follow from the entries.

    Args:
        policy: The rules of one day.
        figures: The figures.
        where: The place, for the error.
        known: Figures that the books were told under the rules of another day.

    Raises:
        UnknownNameError: Neither the policy asks for it nor do the books tell it.
        InputError: It follows from the entries, and would stand against them.
    """
    for name in figures:
        if name in WORKED_OUT:
            raise InputError(
                "told beside the entries, from which it follows",
                where=f"{where}[{name!r}]",
                seen=figures[name],
                expected="figures of the year, such as levy_last_year",
            )
    check_inputs(policy, figures, where, known or {})


def check_usable(policy: Policy, figures: Facts, where: str) -> None:
    """Refuse figures that the policy asks for and cannot use: not a number, out of range, finer than their step.

    Raises:
        InputError: There is one.
    """
    asked: dict[str, Any] = {name: value for name, value in figures.items() if name in policy.inputs}
    for given in policy.evaluate(**asked).trace.inputs:
        if given.name in asked and isinstance(given.value, Unknown):
            why = "; ".join(reason.words.en for reason in given.value.reasons)
            raise InputError(
                f"these rules cannot use this figure: {why}",
                where=f"{where}[{given.name!r}]",
                seen=asked[given.name],
                expected=given.rule.title.en,
            )


def _plain(value: FactValue) -> str:
    """A figure as it is compared: numbers without spaces and trailing zeros."""
    if isinstance(value, bool):
        return "true" if value else "false"
    try:
        return shown(exact(value))
    except InputError:
        return str(value)


def same(one: FactValue | None, other: FactValue | None) -> bool:
    """Whether two figures are the same, however they are written."""
    return one is other if one is None or other is None else _plain(one) == _plain(other)


def written(figures: Mapping[str, FactValue | None]) -> str:
    """Figures as a message shows them."""
    return ", ".join(
        f"{name} {'not told' if value is None else _plain(value)}" for name, value in sorted(figures.items())
    )


def see_to_year(year: FundYear, opening: Opening | None, told: Facts, policy: Policy) -> None:
    """See to it that a year is the one of the books, with the figures that they tell.

    A figure that these rules do not ask for may be left out: the books were told it under the rules of another day.

    Raises:
        InputError: Another area or year, or other figures.
    """
    if opening is not None and (opening.area, opening.year) != (year.area, year.year):
        raise InputError(
            "the books are of another area or year",
            where="Ledger year",
            seen=f"{year.area}, {year.year}",
            expected=f"{opening.area}, {opening.year}, as their opening says",
        )
    names = {*told, *year.figures}
    differ = sorted(name for name in names if not same(told.get(name), year.figures.get(name)))
    differ = [name for name in differ if name in year.figures or name in policy.inputs]
    if differ:
        asked = {name: told.get(name) for name in differ}
        raise InputError(
            "the books tell other figures of their year",
            where="Ledger year.figures",
            seen=written({name: year.figures.get(name) for name in differ}),
            expected=f"{written(asked)}, as the books tell; open them with these or with None for the year, then tell "
            "a change by append(YearFigures(day, {...}, source=..., reason=...))",
        )
