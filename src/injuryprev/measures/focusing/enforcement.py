"""Whom to supervise first: employers in order of a published rule of priority, with the figures that put them there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cache
from typing import Final

import attrs

from injuryprev.errors import InputError
from injuryprev.measures.cited_data import cited, confidence_of, named
from injuryprev.measures.focusing.document import FILE, Criterion, PriorityEntry, shipped_focus
from injuryprev.model import InjuryCase
from injuryprev.policy.document import Confidence
from injuryprev.policy.rules import Cited
from injuryprev.units import as_data
from injuryprev.words import Lang, Words

SCHEMA: Final = "injuryprev.priority/1"
TITLES: Final[Mapping[Criterion, Words]] = {
    "injuries": Words("cases", "工伤案件"),
    "disease_cases": Words("occupational diseases", "职业病"),
    "injured_workers": Words("injured workers", "受伤职工"),
    "severe": Words("deaths and high disability grades", "工亡及高伤残等级"),
}


@attrs.frozen(kw_only=True)
class Priority(PriorityEntry):
    """A rule of priority.

    Args:
        name: Its key.
        criteria: What counts, each the same.
        severe_to_grade: Disability grades from 1 to this are high.
        cited: Documents.
    """

    name: str
    cited: tuple[Cited, ...] = ()

    @property
    def confidence_shown(self) -> Confidence:
        """As the entry says, else the weakest of its sources."""
        return confidence_of(self.confidence, self.cited)


@attrs.frozen(kw_only=True)
class PriorityRow:
    """One employer in its place.

    Args:
        employer_id: The employer.
        rank: Its place, 1 first.
        figures: Its count for each criterion.
        places: Its place by each criterion among the employers of the list; equal counts share a place.
        ungraded: Cases that have no disability grade yet and were no deaths; they may still turn out severe.
    """

    employer_id: str
    rank: int
    figures: Mapping[Criterion, int]
    places: Mapping[Criterion, int]
    ungraded: int

    @property
    def mean_place(self) -> Fraction:
        """The mean of its places, by which the list is ordered."""
        return Fraction(sum(self.places.values()), len(self.places))

    @property
    def reasons(self) -> tuple[Words, ...]:
        """The figures that put it there, and what is still open."""
        said = [
            Words(
                f"{TITLES[name].en}: {count} (place {self.places[name]})",
                f"{TITLES[name].zh}{count}（第{self.places[name]}位）",
            )
            for name, count in self.figures.items()
            if count
        ]
        if self.ungraded:
            said.append(Words(f"{self.ungraded} without a disability grade so far", f"{self.ungraded}件尚无伤残等级"))
        return tuple(said)

    def to_data(self) -> dict[str, object]:
        """The employer as plain data of the schema ``injuryprev.priority/1``."""
        told = {field.name: as_data(getattr(self, field.name)) for field in attrs.fields(PriorityRow)}
        return {"schema": SCHEMA, **told, "reasons": as_data(self.reasons)}

    def text(self, lang: Lang = "en") -> str:
        """The employer on one line."""
        joined = ("；" if lang == "zh" else "; ").join(one.to(lang) for one in self.reasons)
        return f"{self.rank}. {self.employer_id}: {joined}"


@cache
def _priorities() -> Mapping[str, Priority]:
    file = shipped_focus()
    return {
        name: Priority(
            name=name,
            cited=cited(entry.source, file.sources, f"{FILE} @ $.priorities.{name}.source"),
            **attrs.asdict(entry, recurse=False),
        )
        for name, entry in file.priorities.items()
    }


def list_priorities() -> tuple[Priority, ...]:
    """The rules of priority that ship with the library."""
    return tuple(_priorities().values())


def priority(name: str) -> Priority:
    """A shipped rule of priority by name.

    Raises:
        UnknownNameError: There is none of this name.

    >>> priority("zhejiang-2014").criteria
    ('injuries', 'disease_cases', 'injured_workers', 'severe')
    """
    return named("rule of priority", name, _priorities())


def enforcement_list(cases: Iterable[InjuryCase], rule: Priority) -> tuple[PriorityRow, ...]:
    """Employers with cases, those to supervise first at the top.

    The documents print neither thresholds nor weights, so nobody is left out and every criterion counts the same:
    employers stand by the mean of their places.  Equal means are settled by deaths and high grades, then cases, then
    the employer's key.  Counts are not divided by size: the rule asks where much happens; ``focus`` asks where more
    happens than expected.

    Args:
        cases: The cases of the period, of all employers.
        rule: Such as ``priority("zhejiang-2014")``.

    Raises:
        InputError: Two cases of one id.

    >>> from injuryprev.model import InjuryCase
    >>> cases = [InjuryCase(f"C-{n}", "E-2" if n else "E-1", f"w-{n}", "2024-03-02", grade=9) for n in range(3)]
    >>> [row.employer_id for row in enforcement_list(cases, priority("zhejiang-2014"))]
    ['E-2', 'E-1']
    """
    by_employer: dict[str, list[InjuryCase]] = {}
    seen: set[str] = set()
    for case in cases:
        if case.id in seen:
            raise InputError("two cases of one id", where="enforcement_list", seen=case.id, expected="each case once")
        seen.add(case.id)
        by_employer.setdefault(case.employer_id, []).append(case)
    figures = {employer: _figures(own, rule) for employer, own in by_employer.items()}
    places = {name: _places({employer: one[name] for employer, one in figures.items()}) for name in rule.criteria}
    rows = [
        PriorityRow(
            employer_id=employer,
            rank=0,
            figures=figures[employer],
            places={name: places[name][employer] for name in rule.criteria},
            ungraded=sum(case.grade is None and not case.death for case in own),
        )
        for employer, own in by_employer.items()
    ]

    def by(row: PriorityRow) -> tuple[Fraction, int, int, str]:
        return row.mean_place, -row.figures.get("severe", 0), -row.figures.get("injuries", 0), row.employer_id

    return tuple(attrs.evolve(row, rank=rank) for rank, row in enumerate(sorted(rows, key=by), start=1))


def _figures(cases: list[InjuryCase], rule: Priority) -> dict[Criterion, int]:
    counts: dict[Criterion, int] = {
        "injuries": len(cases),
        "disease_cases": sum(case.disease for case in cases),
        "injured_workers": len({case.worker for case in cases}),
        "severe": sum(case.death or (case.grade is not None and case.grade <= rule.severe_to_grade) for case in cases),
    }
    return {name: counts[name] for name in rule.criteria}


def _places(counts: Mapping[str, int]) -> dict[str, int]:
    """The place of each, 1 for the highest count; equal counts share the place."""
    first: dict[int, int] = {}
    for place, count in enumerate(sorted(counts.values(), reverse=True), start=1):
        first.setdefault(count, place)
    return {employer: first[count] for employer, count in counts.items()}
