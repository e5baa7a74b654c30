"""All questions about a profile, for every day on which anything changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Final

import attrs

from injuryprev.engine.proof.bounded import bounded
from injuryprev.engine.proof.day import Day, merged, nodes_of
from injuryprev.engine.proof.finding import QUESTIONS, Finding
from injuryprev.engine.proof.monotone import monotone
from injuryprev.engine.proof.solver import Solver, shape
from injuryprev.engine.proof.tables import dead_rows, unambiguous
from injuryprev.engine.proof.total import total
from injuryprev.policy.profile import Profile
from injuryprev.words import Words

_ASKED: Final[tuple[Callable[[Day], Iterator[Finding]], ...]] = (total, unambiguous, monotone, bounded, dead_rows)
_STALE: Final = Words("nothing of this kind is found any more", "已不再出现此类情形")


def prove(profile: Profile, days: Iterable[dt.date], solver: Solver) -> tuple[Finding, ...]:
    """Ask every question about the rules of some days; days with the same rules are asked about once.

    Whether something is accepted that is found no longer can be said only if all days are asked about.
    """
    days = tuple(days)
    whole = set(profile.change_dates()) <= set(days)
    alike: dict[object, tuple[Day, list[dt.date]]] = {}
    for on in days:
        day = Day(profile.rules_on(on), solver)
        alike.setdefault(_shape(day), (day, []))[1].append(day.rules.on)
    found: list[Finding] = []
    stale: dict[str, Finding] = {}
    used: set[str] = set()
    for day, same in alike.values():
        mine = [finding for question in _ASKED for finding in question(day)]
        found += [attrs.evolve(finding, days=tuple(same)) for finding in mine]
        used |= {finding.place for finding in mine}
        for item in day.rules.findings.values():
            if whole and item.owner == profile.id and item.place not in stale:
                stale[item.place] = Finding(
                    question="total",
                    status="stale",
                    kind=item.entry.kind,
                    subject=item.entry.of,
                    place=item.place,
                    days=tuple(same),
                    words=_STALE,
                )
    found += [finding for place, finding in stale.items() if place not in used]
    return tuple(sorted(merged(found), key=lambda finding: QUESTIONS.index(finding.question)))


def _shape(day: Day) -> object:
    """What makes the rules of two days the same for every question asked here."""
    steps = day.lowered.steps
    roots = [
        node
        for step in steps.values()
        for node in (
            *nodes_of(step.value),
            *step.value.faults.values(),
            *(row.node for row in step.rows),
            *(node for row in step.rows for node in row.faults.values()),
        )
    ]
    names = tuple((name, len(step.value.faults), len(step.rows)) for name, step in steps.items())
    beside = [item.place for item in (*day.rules.claims.values(), *day.rules.findings.values())]
    return names, tuple(beside), day.rules.outputs, shape(*roots)
