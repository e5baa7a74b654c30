"""The life of a prevention project: each step a pure function to a new project, or to what stands against it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

import attrs

from injuryprev.engine import Policy
from injuryprev.errors import InputError, UnknownNameError, nearest
from injuryprev.model import _read as read
from injuryprev.model.employer import FactValue
from injuryprev.model.fund import facts as facts_of
from injuryprev.model.objection import Objection
from injuryprev.model.project import Ban, PreventionProject, ProjectEvent
from injuryprev.policy.check import reached_by
from injuryprev.prevention.deadlines import days_late, deadline, with_day
from injuryprev.prevention.demands import amount_of, check_despite, check_inputs, judge, known_to, sources
from injuryprev.prevention.law_day import not_its_law
from injuryprev.prevention.procedure import Procedure, Step, shipped
from injuryprev.rating import of_one_day
from injuryprev.units import Number, Period, add_months, as_date, exact
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

KEPT: Final = ("score", "grounds", "provider", "evidence")
"""Figures of a step that are kept with the project and that no policy asks for."""


@attrs.frozen
class Move:
    """What came of a step.

    Args:
        project: The project after it; as it was, where something stands against the step.
        event: What happened; ``None`` where nothing did.
        objections: What stands against it.
        despite: Demands not known to be met, which the caller answers for.
    """

    project: PreventionProject
    event: ProjectEvent | None
    objections: tuple[Objection, ...] = ()
    despite: tuple[Objection, ...] = ()

    @property
    def done(self) -> bool:
        """Whether the step was taken."""
        return self.event is not None


_OF_THE_PROPOSAL: Final = ("proposer", "use", "months", "days_late", "selection_days_late")
"""What no step is told: it could pass over a term that is too long, or a proposal that came late."""


_OF_ITS_DAY: Final = ("provider_barred",)
"""What may be another thing by the next step, so that each is told it anew."""


def advance(
    project: PreventionProject,
    step: str,
    on: object,
    policy: Policy,
    *,
    figures: Mapping[str, FactValue] | None = None,
    measured: Mapping[str, Number] | None = None,
    bans: Iterable[Ban] | None = None,
    despite: Collection[str] = (),
    procedure: Procedure | None = None,
) -> Move:
    """Take a step, if nothing stands against it.

    Args:
        project: The project; it stays as it is.
        step: The name of the step, such as ``check``, ``select``, ``procure``, ``agree``, ``accept``.
        on: The day.
        policy: The rules of one day, of a profile such as ``cn-prevention``.
        figures: What is told of the step, by the names of the policy's inputs, and ``score``, ``grounds``,
            ``provider``, ``evidence``.  It stays with the project: what a step needed (provider, implementer, route)
            no other step changes, and a step that is taken again is told its figures again.  For ``select`` the
            ``amount`` may be told, where less is awarded than was proposed.
        measured: For ``accept``, what the goals of the project came to; a goal that was not measured is not met and
            not missed, but unknown.
        bans: Bans of providers, of whatever time; ``None``: no list was supplied, and who is barred is unknown.
        despite: Demands whose answer may be unknown, on the caller's word.
        procedure: The course; that of this library where none is given.

    Returns:
        The new project and the event, or what stands against the step.

    Raises:
        UnknownNameError: No such step, or a figure that the policy does not ask for.
        InputError: A figure is not what it must be.

    >>> import injuryprev as ip
    >>> papers = {"has_plan": True, "has_goals": False}
    >>> plan = ip.Proposal("P-1", "association", "training", 80000, 12, "2025-09-30", figures=papers)
    >>> rules = ip.load_profile("cn-prevention").on("2025-10-01")
    >>> move = advance(PreventionProject(plan, 2026, called_until="2025-10-15"), "check", "2025-10-08", rules)
    >>> move.done, [one.rule for one in move.objections]
    (False, ['papers_complete'])
    """
    check_despite(policy, despite, "advance")
    read.instance(project, PreventionProject, "advance project")
    listed = None if bans is None else [read.instance(one, Ban, "advance bans") for one in bans]
    course = procedure or shipped()
    named = course.step(step)
    day = as_date(on, where="advance on")
    told = dict(facts_of(figures or {}))
    _check_told(told, step, project, policy, course)
    known = {**_told_before(project, step, policy, course), **told}
    other = not_its_law(policy, day, named.title)
    stopped = (
        *(() if other is None else (other,)),
        *_out_of_turn(project, step, named, day, course),
        *_missing(project, named, told),
        *_changed(project, named, told, course),
    )
    facts, dated = _facts(project, step, day, policy, known, listed)
    if measured is not None or (step == "accept" and project.goals):
        if "goals_met" in told:
            raise InputError(
                "the goals of a project are measured, not asserted",
                where="advance figures",
                seen="goals_met",
                expected="measured = {" + ", ".join(goal.name for goal in project.goals) + "}",
            )
        facts["goals_met"] = _goals_met(project, measured or {})
    found = judge(policy, known_to(policy, facts), named.demands, also=named.also, despite=despite)
    objections = (*stopped, *(with_day(one, dated) for one in found.objections))
    if objections:
        return Move(project, None, objections, found.despite)
    if isinstance(facts.get("goals_met"), bool):
        told |= {"goals_met": bool(facts["goals_met"])}
    event = ProjectEvent(
        step=step,
        on=day,
        before=project.state,
        after=named.to,
        figures=told,
        judged_by=(policy.id, policy.version, str(policy.on)),
        despite=[one.rule for one in found.despite],
    )
    return Move(attrs.evolve(project, state=named.to, events=(*project.events, event)), event, (), found.despite)


def demands_of(step: str, procedure: Procedure | None = None) -> tuple[str, ...]:
    """The demands a step must meet, those of some regions among them."""
    named = (procedure or shipped()).step(step)
    return (*named.demands, *named.also)


def _asked_by(step: Step, policy: Policy) -> set[str]:
    """What a step is judged by: what it needs, and what its demands rest on."""
    return {
        *step.needs,
        *reached_by(policy.rules, (name for name in (*step.demands, *step.also) if name in policy.outputs)),
    }


def _check_told(
    told: Mapping[str, FactValue], step: str, project: PreventionProject, policy: Policy, course: Procedure
) -> None:
    proposal = project.proposal
    if "amount" in told:
        least = proposal.amount if proposal.least is None else proposal.least
        given = exact(told["amount"], where="advance figures['amount']")
        if step != "select" or not exact(least) <= given <= exact(proposal.amount):
            raise InputError(
                "the proposal and its selection say what it may cost",
                where="advance figures['amount']",
                seen=told["amount"],
                expected=f"nothing; for the selection, what is awarded: {least:f} or more, {proposal.amount:f} or less",
            )
    if "score" in told and exact(told["score"], where="advance figures['score']") < 0:
        raise InputError("a negative score", where="advance figures['score']", seen=told["score"], expected="0 or more")
    for name in told:
        if name in _OF_THE_PROPOSAL:
            raise InputError(
                "the proposal says this, and its days are counted",
                where=f"advance figures[{name!r}]",
                seen=told[name],
                expected="nothing: another term, use or proposer is another proposal",
            )
    check_inputs(policy, told, "advance figures", KEPT)
    taken = (course.steps[event.step] for event in project.events if event.step in course.steps)
    asked = {
        *_asked_by(course.step(step), policy),
        "amount",
        "evidence",
        *(name for one in taken for name in one.needs),
    }
    for name in told:
        if name not in asked:
            steps = [other for other, one in course.steps.items() if name in _asked_by(one, policy)]
            raise InputError(
                "this step is not judged by it, and it would pass for told when the step is taken that is",
                where=f"advance figures[{name!r}]",
                seen=told[name],
                expected=f"told of {', '.join(steps)} alone" if steps else "nothing: no step is judged by it",
            )


def _out_of_turn(
    project: PreventionProject, name: str, step: Step, day: dt.date, course: Procedure
) -> tuple[Objection, ...]:
    found = []
    source = Words("the course of a project (procedure.toml)", "项目流程（procedure.toml）")
    if project.state not in step.from_:
        open_ = course.open_steps(project.state)
        titles = "、".join(one.title.zh for one in open_.values())
        found.append(
            Objection(
                "order",
                Words(f"{step.title.en}: it is this step's turn", f"{step.title.zh}：符合项目流程"),
                course.states.get(project.state, Words(project.state)),
                Words(", ".join(open_) or "no further step", titles or "已无后续步骤"),
                source,
            )
        )
    since = project.events[-1].on if project.events else project.proposal.submitted_on
    if day < since:
        found.append(
            Objection(
                "order",
                Words("a step follows the one before it in time", "步骤按时间先后进行"),
                Words(f"{name} on {day}", f"{step.title.zh} {day}"),
                Words(f"{since} or later", f"{since} 或以后"),
                source,
            )
        )
    return tuple(found)


def _told_before(project: PreventionProject, step: str, policy: Policy, course: Procedure) -> dict[str, FactValue]:
    """What is known before a step; what was told of it when it was taken before is of that time.

    Of the figures of the proposal those count by which a proposal is judged: what comes later is not yet known then.
    """
    first = {name for one in course.open_steps(course.first).values() for name in _asked_by(one, policy)}
    known = {name: value for name, value in project.proposal.figures.items() if name in first}
    for event in project.events:
        known.update(event.figures if event.step != step else {})
    return {name: value for name, value in known.items() if name not in _OF_ITS_DAY}


def _changed(
    project: PreventionProject, step: Step, told: Mapping[str, FactValue], course: Procedure
) -> Iterator[Objection]:
    """What an earlier step needed and was judged by stays as it was told there: another provider is another step."""
    for event in project.events:
        for name in course.steps[event.step].needs if event.step in course.steps else ():
            before = event.figures.get(name)
            if name in told and name not in step.needs and before is not None and told[name] != before:
                title = course.steps[event.step].title
                yield Objection(
                    name,
                    Words("what a step was judged by stays", "步骤所依据的信息不变"),
                    Words(f"{name} {told[name]}", f"{name}：{told[name]}"),
                    Words(f"{before}, as told on {event.on} ({title.en})", f"{before}（{event.on}，{title.zh}）"),
                    Words("the course of a project (procedure.toml)", "项目流程（procedure.toml）"),
                )


def _missing(project: PreventionProject, step: Step, told: Mapping[str, FactValue]) -> tuple[Objection, ...]:
    known = dict(told)
    if project.proposal.score is not None:
        known["score"] = project.proposal.score
    title = Words("what the step needs is told", "步骤所需信息齐全")
    return tuple(
        Objection(
            name,
            title,
            unknown=Unknown((Reason("missing", name, Words(f"{name} was not given", f"未提供 {name}")),)),
            source=Words("the course of a project (procedure.toml)", "项目流程（procedure.toml）"),
        )
        for name in step.needs
        if name not in known
    )


def _facts(
    project: PreventionProject,
    step: str,
    day: dt.date,
    policy: Policy,
    told: Mapping[str, FactValue],
    bans: Iterable[Ban] | None,
) -> tuple[dict[str, object], dict[str, dt.date | Unknown]]:
    """Everything the policy may ask, and the last days against which something was held."""
    proposal, result = project.proposal, policy.evaluate()
    last = deadline(result, "proposals", project.year, project.called_until)
    chosen = deadline(result, "selection", project.year)
    dated = {"proposal_in_time": last, "selected_in_time": chosen}
    known: dict[str, object] = {
        "use": proposal.use,
        "months": proposal.months,
        "proposer": proposal.proposer,
        "amount": proposal.amount,
        **told,
        "days_late": days_late(proposal.submitted_on, last),
    }
    if step == "select":
        known["selection_days_late"] = days_late(day, chosen)
    provider = known.get("provider")
    if isinstance(provider, str) and bans is not None and known.get("provider_barred") is not True:
        known["provider_barred"] = is_barred(provider, day, bans)
    return known, dated


def _goals_met(project: PreventionProject, measured: Mapping[str, Number]) -> bool | Unknown:
    """Whether every goal is met; one that is missed settles it, whatever was not measured."""
    names = [goal.name for goal in project.goals]
    for name in measured:
        if name not in names:
            raise UnknownNameError(
                "the project has no such goal", where="advance measured", seen=name, expected=nearest(name, names)
            )
    if not all(goal.met(measured[goal.name]) for goal in project.goals if goal.name in measured):
        return False
    unmeasured = [goal.name for goal in project.goals if goal.name not in measured]
    reasons = (Reason("missing", name, Words(f"{name} was not measured", f"未测量 {name}")) for name in unmeasured)
    return Unknown(tuple(reasons)) if unmeasured else True


# Sanctions ---------------------------------------------------------------------------------------------------------


def bar(provider: str, on: object, policy: Policy, grounds: str) -> Ban | Unknown:
    """Bar a provider for as long as the policy says (three years by the measures of 2017).

    Args:
        provider: Its key.
        on: The first day of the ban.
        policy: The rules.
        grounds: Why.

    Returns:
        The ban, or why its length cannot be known.

    >>> import injuryprev as ip
    >>> print(bar("V-7", "2026-05-01", ip.load_profile("cn-prevention").on("2026-05-01"), "lessons not held").period)
    [2026-05-01, 2029-05-01)
    """
    of_one_day(policy, "bar policy")
    since = as_date(on, where="bar on")
    if (other := not_its_law(policy, since, Words("ban", "禁入"))) is not None:
        raise InputError("the rules of another day", where="bar policy", seen=other.seen.en, expected=other.lawful.en)
    result = policy.evaluate()
    months = amount_of(result, "ban_months")
    if isinstance(months, Unknown):
        return months
    return Ban(provider, Period(since, add_months(since, int(months))), grounds, sources(result, "ban_months"))


def is_barred(provider: str, on: dt.date, bans: Iterable[Ban]) -> bool:
    """Whether a ban of a provider is in force on a day."""
    return any(ban.provider == provider and on in ban.period for ban in bans)
