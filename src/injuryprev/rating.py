"""The main path: an employer and its history, rated under a policy, give a decision that explains itself."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from injuryprev.engine.policy import Policy
from injuryprev.engine.result import Result
from injuryprev.errors import InputError
from injuryprev.model import Employer, History, RateDecision, RateTier
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words


def rate(
    employer: Employer, history: History, policy: Policy, figures: Mapping[str, object] | None = None
) -> RateDecision:
    """Rate one employer.

    The policy's counting rules turn the history into figures; what the employer says of itself in ``facts`` comes
    before what was counted, and ``figures`` before both.

    Args:
        employer: Whom to rate.
        history: Its records; a table that is ``None`` was not supplied, which is not the same as empty.
        policy: The rules of one day.
        figures: Inputs that no record of this employer holds, such as ``industry_incidence``.

    Returns:
        The decision; what cannot be known is ``Unknown`` with its reasons.

    Raises:
        InputError: The history is of another employer.
        UnknownNameError: ``figures`` names no input of the policy.
    """
    if history.employer_id not in (None, employer.id):
        raise InputError(
            "this history is of another employer",
            where="rate",
            seen=history.employer_id,
            expected=f"records of {employer.id!r}",
        )
    counted = policy.counting.count(employer, history)
    facts = {name: value for name, value in employer.facts.items() if name in policy.rules.inputs}
    result = policy.evaluate_counted({**facts, **(figures or {})}, counted)
    return RateDecision(
        employer_id=employer.id,
        on=policy.on,
        profile=policy.id,
        version=policy.version,
        base_rate=_number(result, "base_rate"),
        tier=_tier(result),
        rate=_number(result, "rate"),
        contribution=_number(result, "contribution"),
        result=result,
    )


def _number(result: Result, name: str) -> Decimal | Unknown:
    value = result.get(name)
    if isinstance(value, (Decimal, Unknown)):
        return value
    return Unknown((Reason("no_output", name, Words(f"the policy has no {name}", f"该政策没有 {name}")),))


def _tier(result: Result) -> RateTier | Unknown | None:
    """The tier, where the policy states both the multiple of the base and the steps moved."""
    factor, move = result.get("tier"), result.get("tier_move")
    if isinstance(factor, Unknown):
        return factor
    if not isinstance(factor, Decimal) or not isinstance(move, Decimal):
        return None
    return RateTier(int(move), factor, Words(f"{factor * 100:f} %"))
