"""What is paid to a project, and until when it runs, by what has happened to it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from injuryprev.errors import RefusedError
from injuryprev.model.ledger import Entry
from injuryprev.model.objection import Objection
from injuryprev.model.project import PreventionProject
from injuryprev.prevention.procedure import Procedure, shipped
from injuryprev.units import Number, add_months, as_date
from injuryprev.words import Words


def due_on(project: PreventionProject) -> dt.date | None:
    """The first day after the term of a project, counted from its start; ``None`` where it has not begun."""
    start = project.last("start")
    return None if start is None else add_months(start.on, project.proposal.months)


def is_overdue(project: PreventionProject, on: object) -> bool:
    """Whether a project is still being carried out although its term is over."""
    due = due_on(project)
    return project.state == "running" and due is not None and as_date(on, where="is_overdue") >= due


def payment(
    project: PreventionProject,
    kind: str,
    amount: Number | Decimal,
    on: object,
    *,
    evidence: str | None = None,
    procedure: Procedure | None = None,
) -> Entry:
    """A payment to a project as an entry of the books, resting on what has happened to the project.

    Of the conditions that a payment may rest on it bears the last one brought about: the agreement, a report of
    progress, the acceptance, for a release the stop; for a prepayment always the agreement.  Whether that is enough the
    books decide.

    Args:
        project: The project.
        kind: ``prepayment``, ``instalment`` or ``settlement``; or ``release``, of what is left of a project that was
            accepted or stopped.
        amount: Money.
        on: The day.
        evidence: The key of the document that shows the condition.
        procedure: The course.

    Raises:
        RefusedError: The project is refused, stopped or closed: nothing more is paid to it.
        InputError: As ``Entry``.
    """
    course = procedure or shipped()
    steps = course.steps
    if kind != "release" and not course.open_steps(project.state):
        raise RefusedError("not allowed", (_over(project, course),), where=f"payment, {kind}")
    brought = [(event.on, steps[event.step].condition) for event in project.events if steps[event.step].condition]
    if kind == "prepayment":
        brought = brought[:1]
    met_on, condition = brought[-1] if brought else (None, None)
    return Entry(
        kind, as_date(on, where="payment on"), amount, project.id, condition=condition, met_on=met_on, evidence=evidence
    )


def _over(project: PreventionProject, course: Procedure) -> Objection:
    paying = Words("a project that is not over, refused or stopped", "尚未结案、未被否决或终止的项目")
    return Objection(
        "project_state",
        Words("the project is still to be paid", "项目处于可支付状态"),
        course.states.get(project.state, Words(project.state)),
        paying,
        Words("the course of a project (procedure.toml)", "项目流程（procedure.toml）"),
    )
