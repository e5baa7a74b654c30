"""The main path: an employer and its history, rated under a policy, give a decision that explains itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from injuryprev.engine.figures import Counted
from injuryprev.engine.policy import Policy
from injuryprev.engine.result import Result
from injuryprev.errors import InputError
from injuryprev.model import Employer, History, RateDecision, RateTier
from injuryprev.units import shown
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
    of_one_day(policy, "rate policy")
    _same_employer(employer, history)
    return rate_counted(employer, policy.counting.count(employer, history, figures), policy, figures)


def rate_area(
    area: Iterable[tuple[Employer, History]],
    policy: Policy,
    figures: Callable[[Employer], Mapping[str, object]] | None = None,
    incomplete: Collection[str] = (),
) -> list[RateDecision]:
    """Rate every employer of an area, and compare each with the others where the policy says so.

    Args:
        area: Employers with their histories.
        policy: The rules of one day.
        figures: Inputs of one employer that no record holds, as in ``rate``.
        incomplete: Ids of employers whose records are known not to be all: in a comparison their figures are unknown.

    Returns:
        A decision for each, in the order given.

    Raises:
        InputError: A history is of another employer.
        UnknownNameError: ``figures`` names no input of the policy.
    """
    of_one_day(policy, "rate policy")
    pairs = list(area)
    for employer, history in pairs:
        _same_employer(employer, history)
    given = [figures(employer) if figures else None for employer, _ in pairs]
    counted = policy.counting.count_area(pairs, given, incomplete)
    return [
        rate_counted(employer, one, policy, of_one)
        for (employer, _), one, of_one in zip(pairs, counted, given, strict=True)
    ]


def of_one_day(policy: object, where: str) -> None:
    """See to it that rules are those of one day; a profile of all days is easily taken for them.

    Raises:
        InputError: They are not.
    """
    if not isinstance(policy, Policy):
        raise InputError("not the rules of one day", where=where, seen=policy, expected="load_profile(id).on(date)")


def _same_employer(employer: Employer, history: History) -> None:
    if history.employer_id not in (None, employer.id):
        raise InputError(
            "this history is of another employer",
            where="rate",
            seen=history.employer_id,
            expected=f"records of {employer.id!r}",
        )


def rate_counted(
    employer: Employer, counted: Mapping[str, Counted], policy: Policy, figures: Mapping[str, object] | None = None
) -> RateDecision:
    """As ``rate``, with what ``policy.counting`` made of the records before; to rate them again and again."""
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
    if isinstance(value, Unknown):
        return value
    if not isinstance(value, Decimal):
        return _refused("no_output", name, f"the policy has no {name}", f"该政策没有 {name}")
    if value < 0 or (value > 1 and name != "contribution"):
        # One employer whose figures a rule was not made for is no reason to stop rating the others.
        return _refused(
            "implausible", name, f"{name} comes to {value:f}, which is none", f"{name} 算得 {value:f}，不成立"
        )
    return value


def _refused(code: str, name: str, en: str, zh: str) -> Unknown:
    return Unknown((Reason(code, name, Words(en, zh)),))


def _tier(result: Result) -> RateTier | Unknown | None:
    """The tier, where the policy states both the multiple of the base and the steps moved."""
    factor, move = result.get("tier"), result.get("tier_move")
    if isinstance(factor, Unknown):
        return factor
    if isinstance(move, Unknown) and isinstance(factor, Decimal):
        return move
    if not isinstance(factor, Decimal) or not isinstance(move, Decimal):
        return None
    try:
        return RateTier(move, factor, Words(f"{shown(Fraction(factor) * 100)} %"))
    except InputError as error:
        return _refused("implausible", "tier", f"{error.what}: {error.seen}", f"费率档次不成立：{error.seen}")
