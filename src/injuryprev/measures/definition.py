"""What a measure is: which cases or days stand above the line, what below it, the base, and who says so."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final, Literal

import attrs

from injuryprev.policy.document import Citation, Confidence, Rounding, Source
from injuryprev.policy.expr import Expr
from injuryprev.policy.limits import AtLeast
from injuryprev.policy.records import KINDS
from injuryprev.policy.rules import Cited, Type
from injuryprev.units import FLAG, unit
from injuryprev.words import Words

Counts = Literal["cases", "persons", "lost_days"]
"""What is counted: cases (a worker hurt twice counts twice), different workers, or the days of a lost-day table."""

BASE: Final = " per "
"""What stands between the name of a standard and a base that is not its own."""
EXPOSURES: Final = frozenset({"workers", "insured", "hours", "tonnes", "cubic_metres"})
"""What a rate is over; days per case are over the cases themselves."""
MORE_FIELDS: Final[Mapping[str, Type]] = {
    "calendar_days": Type(unit("days")),
    "restricted": Type(FLAG),
    "recordable": Type(FLAG),
    "grade_jp": Type(unit("grade")),
}
"""What other countries record of a case: calendar days off work after the day of the accident; whether work was
restricted or another job given; whether the case has to be recorded; the Japanese disability grade, 1 to 14."""
FIELDS: Final[Mapping[str, Type]] = {**KINDS["cases"].fields, **MORE_FIELDS}
"""What the condition of a standard may look at: the fields of a case in the profiles, and ``MORE_FIELDS``."""


@attrs.frozen(kw_only=True)
class Quantity:
    """One of the figures a measure is made of.

    Args:
        title: What it is called.
        unit: What follows a number of it, as in ``200,000 hours``.
        headers: What tables call it besides.
    """

    title: Words
    unit: Words
    headers: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class LostDays:
    """How many days a case costs.

    Args:
        title: What the table is.
        death: Days charged for a death; without it, a death is charged nothing that was read.
        grade: The field that holds the grade of permanent disability on the scale of this table.
        grades: Days by grade.
        permanent: Why a case with a permanent disability has no figure here, where the grades are not known.
        field: The days counted otherwise, as of temporary incapacity.
        factor: What those days are multiplied with.
        most: The most days counted for one case.
        round: How the days of the whole are rounded, where the source rounds.
        source: Where it is written.
        confidence: Where it differs from that of the source.
        note: What a reader must know.
    """

    title: Words
    death: int | None = None
    grade: str = ""
    grades: dict[str, int] = attrs.field(factory=dict, hash=False)
    permanent: Words | None = None
    field: str
    factor: Fraction = Fraction(1)
    most: int | None = None
    round: Rounding | None = None
    source: tuple[Citation, ...] = ()
    confidence: Confidence | None = None
    note: Words = Words()


@attrs.frozen(kw_only=True)
class Written:
    """A standard as its entry in the file says it."""

    title: Words
    counts: Counts
    above: str
    where: Expr | None = None
    where_confidence: Confidence | None = None
    lost_days: str = ""
    below: str
    per: int = attrs.field(validator=AtLeast(1))
    parts: int = attrs.field(default=1, validator=AtLeast(1))
    death_within_months: int | None = None
    dated: Literal["occurred_on", "recognised_on"] = "occurred_on"
    unit: Words | None = None
    source: tuple[Citation, ...]
    confidence: Confidence | None = None
    note: Words = Words()
    caveat: Words = Words()


@attrs.frozen(kw_only=True)
class File:
    """The file of standards as a whole."""

    format: Literal[1]
    sources: dict[str, Source]
    quantities: dict[str, Quantity]
    lost_days: dict[str, LostDays]
    standards: dict[str, dict[str, Written]]


@attrs.frozen(kw_only=True)
class Definition:
    """A measure by name: two rates are of one kind exactly where their definitions are equal.

    Args:
        name: Publisher and measure, such as ``gb6441.frequency``.
        title: What it is called.
        counts: ``cases``, ``persons`` or ``lost_days``.
        above: The name of the figure above the line, as its users know it: ``deaths``, ``injured``, ``lost_days``.
        below: The name of the figure below it: ``workers``, ``insured``, ``hours``, ``tonnes``, or cases again.
        where: Which cases count, in the language of the profiles; ``None``: all of them.
        lost_days: The table by which days are counted.
        per: The base.
        parts: The count is of so many equal parts of the period, as of twelve months; one part is taken.
        death_within_months: A death counts as one where it follows within so many months, the last day included.
        dated: The date by which a case falls into a period.
        unit: The unit in words.
        quantities: The two figures in words.
        cited: Documents.
        confidence: How sure the reading of the formula is.
        where_confidence: How sure it is which cases count and what they cost; never surer than the formula.
        note: What a reader must know.
        caveat: What is known to be incomplete.
    """

    name: str
    title: Words
    counts: Counts
    above: str
    below: str
    where: Expr | None
    lost_days: LostDays | None
    per: int
    parts: int
    death_within_months: int | None
    dated: str
    unit: Words
    quantities: tuple[Quantity, Quantity]
    cited: tuple[Cited, ...]
    confidence: Confidence
    where_confidence: Confidence
    note: Words
    caveat: Words

    @property
    def family(self) -> str:
        """The name without a base of its own: what it says of counts and exposure holds on every base."""
        return self.name.partition(BASE)[0]

    @property
    def factor(self) -> Fraction:
        """What the plain quotient is multiplied with."""
        return Fraction(self.per, self.parts)

    def __str__(self) -> str:
        return self.name


def unit_words(above: Quantity, below: Quantity, per: int) -> Words:
    """``deaths per 1,000 workers``; of one, ``days lost per case``."""
    one = f"{per:,}" if per != 1 else ""
    return Words(
        f"{above.unit.en} per {one} {below.unit.en}".replace("  ", " "), f"{above.unit.zh}/{one}{below.unit.zh}"
    )
