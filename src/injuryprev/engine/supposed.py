"""Rules that cannot be worked out for figures somebody supposed: what to do about it, in place of blaming the law."""

from __future__ import annotations

from typing import Final

from injuryprev.engine.ir import WidthError
from injuryprev.errors import InjuryprevError, ProfileError
from injuryprev.policy.amend import MARK, supposed
from injuryprev.policy.rules import Rules
from injuryprev.units import shown

_SHOWN: Final = 3


def blamed(rules: Rules, error: ProfileError) -> ProfileError:
    """The error as it is for rules of the law; for figures that were supposed, which they are and what would do."""
    found = supposed(rules)
    if not found:
        return error
    finest = sorted({one for figures in found.values() for one in figures}, key=lambda one: -one.denominator)

    def told(problem: InjuryprevError) -> InjuryprevError:
        if not isinstance(problem, WidthError):
            return problem
        return WidthError(
            f"{problem.what} with the figures supposed for {', '.join(found)}",
            where=problem.where,
            seen=", ".join(shown(one) for one in finest[:_SHOWN]) + (", …" if len(finest) > _SHOWN else ""),
            expected='smaller figures, or such of fewer digits: scaled(…, to="0.0001") rounds to 0.01 per cent',
        )

    return ProfileError(f"{rules.id}{MARK} on {rules.on}", [told(problem) for problem in error.problems])
