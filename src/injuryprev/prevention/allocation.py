"""A year's prevention money handed out by rank: who may have some, how much there is, and why the rest gets none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from decimal import Decimal
from itertools import pairwise
from typing import Final

import attrs

from injuryprev.engine import Policy, Result
from injuryprev.errors import InputError
from injuryprev.model import _read as read
from injuryprev.model.fund import Award, FundAllocation, FundYear, Outcome, Proposal
from injuryprev.model.objection import Objection
from injuryprev.prevention.deadlines import days_late, deadline, with_day
from injuryprev.prevention.demands import (
    Judgement,
    amount_of,
    check_despite,
    check_inputs,
    judge,
    known_to,
    objection,
    only,
)
from injuryprev.prevention.law_day import check_year
from injuryprev.prevention.year_figures import check_usable
from injuryprev.rating import of_one_day
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

YEAR: Final = ("may_charge", "budget_within_limit")
YEAR_ALSO: Final = ("budget_within_band",)
PROPOSAL: Final = ("use_allowed", "term_allowed", "proposer_allowed", "papers_complete", "proposal_in_time")
PROPOSAL_ALSO: Final = ("run_level_fits",)
MONEY: Final = ("within_free_budget", "within_use")
_ZERO: Final = Decimal(0)


def judge_year(year: FundYear, policy: Policy, despite: Collection[str] = ()) -> Judgement:
    """Whether the area may charge the fund at all, and whether its budget is lawful.

    >>> import injuryprev as ip
    >>> figures = {"levy_last_year": 20000000, "fund_resources": 10**8, "benefits_due": 0, "reserve_due": 0}
    >>> policy = ip.load_profile("cn-prevention").on("2025-11-01")
    >>> judge_year(FundYear("Lakeside", 2026, 600000, figures=figures), policy).lawful
    True
    """
    of_one_day(policy, "judge_year policy")
    check_year(policy, year.year, "FundYear.year")
    return judge(policy, {**year.figures, "budget": year.budget}, YEAR, also=YEAR_ALSO, despite=despite)


def judge_proposal(
    proposal: Proposal, year: FundYear, policy: Policy, despite: Collection[str] = (), result: Result | None = None
) -> Judgement:
    """Whether a proposal is of a kind that the fee may pay for, complete, and in time.

    Args:
        proposal: The proposal.
        year: The year it is for.
        policy: The rules.
        despite: Demands that may be unknown.
        result: An evaluation of the policy from which the last day is read; made where it is not given.
    """
    last = deadline(result or policy.evaluate(), "proposals", year.year, year.proposals_until)
    found = judge(policy, proposal_facts(proposal, last, policy), PROPOSAL, also=PROPOSAL_ALSO, despite=despite)
    dated = [with_day(one, {"proposal_in_time": last}) for one in found.objections]
    return attrs.evolve(found, objections=tuple(dated))


def proposal_facts(proposal: Proposal, last: dt.date | Unknown | None, policy: Policy) -> dict[str, object]:
    """Everything a policy may ask of a proposal; ``last`` is the last day for it, ``None`` where no year is told."""
    check_inputs(policy, proposal.figures, f"Proposal {proposal.id}.figures")
    told = {
        "use": proposal.use,
        "months": proposal.months,
        "proposer": proposal.proposer,
        "amount": proposal.amount,
        "days_late": None if last is None else days_late(proposal.submitted_on, last),
    }
    facts = {**known_to(policy, told), **proposal.figures}
    # Days that can be counted are not asserted.
    return facts | (known_to(policy, {"days_late": told["days_late"]}) if isinstance(last, dt.date) else {})


def allocate(
    proposals: Iterable[Proposal],
    fund_year: FundYear,
    policy: Policy,
    *,
    despite: Collection[str] = (),
    optimum: bool = False,
) -> FundAllocation:
    """Hand out a year's prevention money.

    Where nothing stands against the year, the proposals that no rule forbids are served by score, the highest first
    (of equal scores the smaller amount, then the id), each in full as long as the budget and the part of it of its
    use suffice; else with what is left, if that is no less than its ``least``; else with nothing, and the next is
    looked at.  The order in which the proposals are given does not matter.

    Args:
        proposals: What was proposed and scored.
        fund_year: The year and its figures.
        policy: The rules of one day, of a profile such as ``cn-prevention``.
        despite: Demands whose answer may be unknown, on the caller's word; the result says so.
        optimum: Whether the allocation of the highest score is worked out too, for comparison; needs SciPy.

    Returns:
        Every award with its reasons.

    Raises:
        InputError: Two proposals of one id, a name in ``despite`` that is no demand, a figure of the year that these
            rules cannot use, or rules of another year.
        UnknownNameError: The policy makes no such demands, or a figure is no input of it.

    >>> import injuryprev as ip
    >>> figures = {"levy_last_year": 20000000, "fund_resources": 10**8, "benefits_due": 0, "reserve_due": 0}
    >>> year = FundYear("Lakeside", 2026, 600000, "2025-09-30", figures=figures)
    >>> papers = {"has_plan": True, "has_goals": True}
    >>> plans = [
    ...     Proposal("P-1", "association", "training", 500000, 12, "2025-09-01", 80, least=50000, figures=papers),
    ...     Proposal("P-2", "large_employer", "publicity", 300000, 24, "2025-09-30", 90, figures=papers),
    ...     Proposal("P-3", "association", "training", 100000, 30, "2025-09-30", 95, figures=papers),
    ... ]
    >>> given = allocate(plans, year, ip.load_profile("cn-prevention").on("2025-11-01"))
    >>> [(award.proposal.id, award.outcome, str(award.amount)) for award in given.awards]
    [('P-2', 'full', '300000'), ('P-1', 'cut', '300000'), ('P-3', 'none', '0')]
    """
    check_despite(policy, despite, "allocate")
    read.instance(fund_year, FundYear, "allocate fund_year")
    check_usable(policy, fund_year.figures, "FundYear.figures")
    listed = _listed(proposals)
    judged = judge_year(fund_year, policy, despite)
    result, stopped = judged.result, judged.objections
    pots = _Pots(policy, result, fund_year.budget)
    # Of the year as a whole; the rules on projects are shown with the projects they stand against.
    shown = [name for name in policy.outputs if name in (*YEAR, *YEAR_ALSO, "limit") or name.endswith("_most")]
    told = judge_year(fund_year, only(policy, shown), [name for name in despite if name in shown])
    awards: list[Award] = []
    may: list[tuple[Proposal, tuple[Objection, ...]]] = []
    for proposal in listed:
        found = judge_proposal(proposal, fund_year, policy, despite, result)
        against = (*stopped, *found.objections, *pots.unknown(proposal.use), *_unscored(proposal), *_unusable(found))
        if against:
            awards.append(Award(proposal, "none", _ZERO, None, against, found.despite))
        else:
            may.append((proposal, found.despite))
    ranked = sorted(may, key=lambda pair: _rank(pair[0]))
    served = [pots.serve(proposal, rank, noted) for rank, (proposal, noted) in enumerate(ranked, start=1)]
    best = None
    if optimum:
        from injuryprev.prevention.optimum import best_score  # noqa: PLC0415  # SciPy is loaded where it is asked for

        best = best_score(served, fund_year.budget, pots.most)
    return FundAllocation(
        fund_year=fund_year,
        profile=(policy.id, policy.version, policy.on),
        limit=amount_of(result, "limit"),
        awards=(*served, *awards),
        objections=stopped,
        despite=judged.despite,
        optimum=best,
        result=told.result,
    )


def _listed(proposals: Iterable[Proposal]) -> list[Proposal]:
    known = [read.instance(one, Proposal, "allocate proposals") for one in proposals]
    listed = sorted(known, key=lambda proposal: proposal.id)
    for one, other in pairwise(listed):
        if one.id == other.id:
            raise InputError(
                "two proposals of one id", where="allocate proposals", seen=one.id, expected="an id for each"
            )
    return listed


def _rank(proposal: Proposal) -> tuple[Decimal, Decimal, str]:
    return -(proposal.score or _ZERO), proposal.amount, proposal.id


def _unscored(proposal: Proposal) -> tuple[Objection, ...]:
    if proposal.score is not None:
        return ()
    words = Words("the proposal has no score", "项目未评分")
    why = Unknown((Reason("missing", "score", words),))
    title, source = (
        Words("the proposal was reviewed and scored", "项目已评审打分"),
        Words("allocation by score", "按得分安排"),
    )
    return (Objection("score", title, source=source, unknown=why),)


def _unusable(found: Judgement) -> tuple[Objection, ...]:
    """What cannot be paid out, such as a part of a fen, is not allotted."""
    title, source = Words("the amount can be paid", "金额可支付"), Words("allocation by score", "按得分安排")
    values = (given.value for given in found.result.trace.inputs if given.name == "amount")
    return tuple(Objection("amount", title, source=source, unknown=why) for why in values if isinstance(why, Unknown))


class _Pots:
    """What is left of the budget, and of the part of it that each use may have (outputs called ``<use>_most``)."""

    def __init__(self, policy: Policy, result: Result, budget: Decimal) -> None:
        self._policy, self._left, self._budget = policy, budget, budget
        names = [use for use in policy.inputs["use"].choices if f"{use}_most" in policy.outputs]
        found = {use: amount_of(result, f"{use}_most") for use in names}
        self.most = {use: most for use, most in found.items() if isinstance(most, Decimal)}
        self._unknown = {use: most for use, most in found.items() if isinstance(most, Unknown)}
        self._left_of = dict(self.most)

    def unknown(self, use: str) -> tuple[Objection, ...]:
        """Where it cannot be known how much a use may have, nothing can be given to it."""
        why = self._unknown.get(use)
        title = Words("how much this use may have is known", "该用途的限额可以确定")
        source = Words(f"{self._policy.id}, {use}_most")
        return () if why is None else (Objection(f"{use}_most", title, source=source, unknown=why),)

    def serve(self, proposal: Proposal, rank: int, noted: tuple[Objection, ...]) -> Award:
        """What is left for a proposal."""
        of_use = self._left_of.get(proposal.use, self._left)
        free = min(self._left, of_use)
        outcome: Outcome = "full" if proposal.amount <= free else "none"
        amount = proposal.amount if outcome == "full" else _ZERO
        if outcome == "none" and proposal.least is not None and free >= proposal.least:
            outcome, amount = "cut", free
        against: tuple[Objection, ...] = ()
        if outcome != "full":
            facts = {
                "amount": proposal.amount,
                "free_budget": self._left,
                "free_for_use": of_use,
                "budget": self._budget,
            }
            # The part of a use is named where it binds, which what is left of the whole does not make it do.
            asked = MONEY if of_use < self._left else [name for name in MONEY if name != "within_use"]
            found, name = judge(self._policy, facts, asked), f"{proposal.use}_most"
            against = tuple(
                objection(self._policy, found.result, one.rule, [name] if one.rule == "within_use" else [])
                for one in found.objections
            )
        self._left -= amount
        if proposal.use in self._left_of:
            self._left_of[proposal.use] -= amount
        return Award(proposal, outcome, amount, rank, against, noted)
