"""Proofs over the lowered tree: what holds for every employer, or one for whom it does not.

Needs the extra ``proof``; ``import injuryprev`` never comes to the modules that load it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from injuryprev.engine.proof.finding import Finding, Witness
from injuryprev.errors import InputError
from injuryprev.policy.profile import Profile
from injuryprev.policy.rules import Rules

if TYPE_CHECKING:
    from injuryprev.engine.proof.difference import Difference
    from injuryprev.engine.proof.solver import Solver

__all__ = ["SECONDS", "Finding", "Proofs", "Witness"]

SECONDS: Final = 10.0
"""What one question may take, unless somebody says otherwise."""


class Proofs:
    """Asks about profiles; what was asked of one is not asked again of another that says the same.

    Args:
        seconds: What one question may take; one that takes longer is ``not reached``, never proved.

    Raises:
        InputError: The extra ``proof`` is not installed.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self._solver: Solver = _solver(seconds)

    def of(self, profile: Profile, days: Iterable[dt.date] | None = None) -> tuple[Finding, ...]:
        """Everything found about the rules of some days, by default of all on which anything changes."""
        from injuryprev.engine.proof.proving import prove  # noqa: PLC0415  # loads z3

        return prove(profile, profile.change_dates() if days is None else days, self._solver)

    def compare(self, before: Rules, after: Rules) -> Difference:
        """What two sets of rules write, and decide, differently."""
        from injuryprev.engine.proof.comparing import compare  # noqa: PLC0415  # loads z3

        return compare(before, after, self._solver)


def _solver(seconds: float) -> Solver:
    try:
        from injuryprev.engine.proof.solver import Solver  # noqa: PLC0415  # loads z3
    except ModuleNotFoundError as error:
        raise InputError("proofs need z3", where="proofs", expected="pip install 'injuryprev[proof]'") from error
    return Solver(seconds)
