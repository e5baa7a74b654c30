"""Performance goals of an agreement held against what a training plan brought."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

import attrs

from injuryprev.errors import UnknownNameError, nearest
from injuryprev.model.project import Goal
from injuryprev.units import Number, exact
from injuryprev.unknown import Unknown


@attrs.frozen
class GoalCheck:
    """One goal and what was measured.

    Args:
        goal: The goal.
        measured: The figure, or why it is not known.
        met: Whether it was reached; unknown where the figure is.
    """

    goal: Goal
    measured: Fraction | Unknown
    met: bool | Unknown


def check_goals(goals: Iterable[Goal], figures: Mapping[str, Unknown | Number]) -> tuple[GoalCheck, ...]:
    """Hold goals against figures of the same names.

    Args:
        goals: Such as those of a ``PreventionProject``.
        figures: Such as ``{"pass_rate": plan.pass_rate}``; a figure may be ``Unknown``.

    Raises:
        UnknownNameError: A goal of which no figure was given.

    >>> from injuryprev.model import Goal
    >>> [check] = check_goals([Goal("pass_rate", "at_least", "0.9")], {"pass_rate": "0.9"})
    >>> check.met
    True
    """
    found = []
    for goal in goals:
        if goal.name not in figures:
            raise UnknownNameError(
                "no figure was given for this goal",
                where="check_goals",
                seen=goal.name,
                expected=nearest(goal.name, figures),
            )
        value = figures[goal.name]
        if isinstance(value, Unknown):
            found.append(GoalCheck(goal, value, value))
        else:
            found.append(GoalCheck(goal, exact(value, where=goal.name), goal.met(value)))
    return tuple(found)
