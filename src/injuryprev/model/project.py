"""A prevention project from its proposal to the publication of its use: what it is, and what happened to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

import attrs

from injuryprev.errors import InputError
from injuryprev.model import _read as read
from injuryprev.model.employer import Facts, FactValue
from injuryprev.model.fund import Proposal, facts
from injuryprev.units import Number, Period, exact
from injuryprev.words import Words

BOUNDS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "at_least": Words("at least", "不低于"),
        "above": Words("above", "高于"),
        "at_most": Words("at most", "不高于"),
        "below": Words("below", "低于"),
    }
)


def _bound(value: str) -> str:
    return read.choice(value, BOUNDS)


@attrs.frozen(field_transformer=read.placed)
class Goal:
    """A performance goal (绩效目标) of an agreement.

    Args:
        name: What is measured, such as ``pass_rate``.
        bound: ``at_least``, ``above``, ``at_most`` or ``below``.
        target: The figure; a ratio is a plain fraction.

    >>> Goal("satisfaction", "above", "0.85").met("0.85")
    False
    """

    name: str = attrs.field(converter=read.name_key)
    bound: str = attrs.field(converter=_bound)
    target: Decimal = attrs.field(converter=read.number)

    def met(self, measured: Number) -> bool:
        """Whether a figure reaches the goal.

        Raises:
            InputError: Not a number.
        """
        found, target = exact(measured, where=f"Goal {self.name}"), exact(self.target)
        return {
            "at_least": found >= target,
            "above": found > target,
            "at_most": found <= target,
            "below": found < target,
        }[self.bound]


def _text(value: str) -> str:
    return read.text(value)


def _names(value: Iterable[str]) -> tuple[str, ...]:
    return tuple(value)


@attrs.frozen(field_transformer=read.placed)
class ProjectEvent:
    """One step that was taken.

    Args:
        step: Its name in the procedure, such as ``agree``.
        on: The day.
        before: The state it was taken in.
        after: The state it led to.
        figures: What was told of it, by the names of the policy's inputs.
        judged_by: Id and version of the profile and the day of its rules.
        despite: Demands that were not known to be met, on the word of whoever took the step.
    """

    step: str = attrs.field(converter=read.name_key)
    on: dt.date = attrs.field(converter=read.day)
    before: str = attrs.field(converter=read.name_key)
    after: str = attrs.field(converter=read.name_key)
    figures: Facts = attrs.field(factory=Facts, repr=False, converter=facts)
    judged_by: tuple[str, ...] = attrs.field(default=(), repr=False, converter=_names)
    despite: tuple[str, ...] = attrs.field(default=(), repr=False, converter=_names)


def _events(value: Iterable[ProjectEvent]) -> tuple[ProjectEvent, ...]:
    return read.rows(value, ProjectEvent) or ()


def _goals(value: Iterable[Goal]) -> tuple[Goal, ...]:
    goals = read.rows(value, Goal) or ()
    names = [goal.name for goal in goals]
    for name in names:
        if names.count(name) > 1:
            raise InputError("two goals of one name", seen=name, expected="a name for each")
    return goals


def _proposal(value: Proposal) -> Proposal:
    return read.instance(value, Proposal)


def _year(value: Number) -> int:
    return read.whole(value, 1990, 2199)


@attrs.frozen(field_transformer=read.placed)
class PreventionProject:
    """A prevention project (工伤预防项目): its proposal, and the steps that were taken since.

    Args:
        proposal: What was proposed.
        year: The year whose money it is to be paid from.
        goals: Its performance goals.
        called_until: The last day for proposals by the agency's own call, if it named one.
        state: Where it stands, a state of the procedure.
        events: What happened, in order.

    It never changes: a step gives a new project.

    Raises:
        InputError: A value is not what it must be, or the events do not follow one another.

    >>> from injuryprev.model import Proposal
    >>> PreventionProject(Proposal("P-1", "association", "training", 80000, 12, "2025-09-30"), 2026).state
    'proposed'
    """

    proposal: Proposal = attrs.field(converter=_proposal)
    year: int = attrs.field(converter=_year)
    goals: tuple[Goal, ...] = attrs.field(default=(), kw_only=True, converter=_goals)
    called_until: dt.date | None = attrs.field(
        default=None, kw_only=True, converter=attrs.converters.optional(read.day)
    )
    state: str = attrs.field(default="proposed", kw_only=True, converter=read.name_key)
    events: tuple[ProjectEvent, ...] = attrs.field(default=(), kw_only=True, converter=_events, repr=False)

    def __attrs_post_init__(self) -> None:
        for earlier, later in zip(self.events, self.events[1:], strict=False):
            if later.before != earlier.after or later.on < earlier.on:
                raise InputError(
                    "the events do not follow one another",
                    where="PreventionProject.events",
                    seen=f"{earlier.step} on {earlier.on} to {earlier.after}, {later.step} on {later.on} from "
                    f"{later.before}",
                    expected="each in the state the one before led to, on its day or later",
                )
        if self.events and self.events[-1].after != self.state:
            raise InputError(
                "the state is not the one that the last event led to",
                where="PreventionProject.state",
                seen=self.state,
                expected=self.events[-1].after,
            )

    @property
    def id(self) -> str:
        """The key of its proposal."""
        return self.proposal.id

    @property
    def facts(self) -> Mapping[str, FactValue]:
        """Everything told of it, later words before earlier ones."""
        told: dict[str, FactValue] = dict(self.proposal.figures)
        for event in self.events:
            told.update(event.figures)
        return MappingProxyType(told)

    def last(self, step: str) -> ProjectEvent | None:
        """The last time a step was taken."""
        return next((event for event in reversed(self.events) if event.step == step), None)


@attrs.frozen(field_transformer=read.placed)
class Ban:
    """A provider that may not take on projects for a time (服务机构禁入).

    Args:
        provider: Its key.
        period: The days of the ban.
        grounds: Why.
        source: The rule, with its document.
    """

    provider: str = attrs.field(converter=read.identifier)
    period: Period = attrs.field(converter=read.closed_period)
    grounds: str = attrs.field(converter=_text)
    source: Words = attrs.field(factory=Words)
