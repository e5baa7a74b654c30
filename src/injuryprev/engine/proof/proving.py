"""All questions about a profile, for every day on which anything changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Final

import attrs

from injuryprev.engine.proof.bounded import bounded
from injuryprev.engine.proof.day import Day, merged
from injuryprev.engine.proof.finding import QUESTIONS, Finding
from injuryprev.engine.proof.monotone import monotone
from injuryprev.engine.proof.solver import Solver
from injuryprev.engine.proof.tables import dead_rows, unambiguous
from injuryprev.engine.proof.total import total
from injuryprev.policy.profile import Profile
from injuryprev.words import Words

_ASKED: Final[tuple[Callable[[Day], Iterator[Finding]], ...]] = (total, unambiguous, monotone, bounded, dead_rows)
_STALE: Final = Words("nothing of this kind is found any more", "已不再出现此类情形")


def prove(profile: Profile, days: Iterable[dt.date], solver: Solver) -> tuple[Finding, ...]:
    """Ask every question about the rules of each day; the solver answers equal questions once.

    Whether something is accepted that is found no longer can be said only if all days are asked about.
    """
    days = tuple(days)
    whole = set(profile.change_dates()) <= set(days)
    found: list[Finding] = []
    stale: dict[str, Finding] = {}
    used: set[str] = set()
    for on in days:
        day = Day(profile.rules_on(on), solver)
        mine = [finding for question in _ASKED for finding in question(day)]
        found += mine
        used |= {finding.place for finding in mine}
        for item in day.rules.findings.values():
            if whole and item.owner == profile.id:
                told = Finding(
                    question="total",
                    status="stale",
                    kind=item.entry.kind,
                    subject=item.entry.of,
                    place=item.place,
                    days=(on,),
                    words=_STALE,
                )
                before = stale.setdefault(item.place, attrs.evolve(told, days=()))
                stale[item.place] = attrs.evolve(before, days=(*before.days, on))
    found += [finding for place, finding in stale.items() if place not in used]
    return tuple(sorted(merged(found), key=lambda finding: QUESTIONS.index(finding.question)))
