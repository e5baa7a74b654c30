"""Projects held against every demand of the law at once, as far as what is told of them goes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

import attrs

from injuryprev.engine import Policy, Result
from injuryprev.model.fund import FundYear, Proposal
from injuryprev.model.objection import Objection
from injuryprev.prevention.allocation import proposal_facts
from injuryprev.prevention.deadlines import deadline, with_day
from injuryprev.prevention.demands import known_to, objection
from injuryprev.prevention.law_day import check_year
from injuryprev.prevention.procedure import Procedure, shipped
from injuryprev.rating import of_one_day
from injuryprev.unknown import Unknown


@attrs.frozen
class Answer:
    """The answer of a policy to one demand on one project.

    Args:
        rule: The demand.
        lawful: Whether it is met; ``None`` where that is not known.
        objection: What stands against it; ``None`` where it is met.
    """

    rule: str
    lawful: bool | None
    objection: Objection | None


def check_project(
    proposal: Proposal,
    policy: Policy,
    *,
    year: FundYear | None = None,
    steps: Collection[str] = (),
    procedure: Procedure | None = None,
) -> tuple[Answer, ...]:
    """Ask every demand that some step of a project must meet.

    Args:
        proposal: The project, with whatever is told of it in ``figures``.
        policy: The rules of one day.
        year: The year its money is from, by which deadlines are found and whether the area may charge the fund.
        steps: Steps whose demands are asked; all of them where none is named.
        procedure: The course.

    Returns:
        An answer for each demand the policy makes, in the order of the steps.

    Raises:
        UnknownNameError: No such step, or a figure that is no input of the policy.
        InputError: No rules of one day.

    >>> import injuryprev as ip
    >>> plan = Proposal("P-1", "association", "training", 80000, 30, "2025-09-30", figures={"provider_months": 12})
    >>> answers = check_project(plan, ip.load_profile("cn-prevention").on("2026-01-01"))
    >>> [answer.rule for answer in answers if answer.lawful is False]
    ['term_allowed', 'provider_experienced']
    """
    of_one_day(policy, "check_project policy")
    course = procedure or shipped()
    named = [course.step(name) for name in steps] or list(course.steps.values())
    last = None
    if year is not None:
        check_year(policy, year.year, "FundYear.year")
        last = deadline(policy.evaluate(), "proposals", year.year, year.proposals_until)
    facts = proposal_facts(proposal, last, policy)
    if year is not None:
        facts = {**known_to(policy, {**year.figures, "budget": year.budget}), **facts}
    result = policy.evaluate(**facts)
    asked = dict.fromkeys(rule for step in named for rule in (*step.demands, *step.also) if rule in policy.outputs)
    return tuple(_answers(policy, result, asked, last))


def _answers(
    policy: Policy, result: Result, asked: Collection[str], last: dt.date | Unknown | None
) -> Iterator[Answer]:
    for rule in asked:
        value = result[rule]
        if value is True:
            yield Answer(rule, True, None)
        else:
            against = objection(policy, result, rule)
            if last is not None:
                against = with_day(against, {"proposal_in_time": last})
            yield Answer(rule, False if value is False else None, against)
