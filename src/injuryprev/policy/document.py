"""What a profile file holds, as frozen classes: one class per kind of entry, no behaviour beyond their own checks.

Every named entry may be written once (a table) or in dated versions (an array of tables in order of ``since``).
Periods are half-open; a version ends where the next begins unless ``until`` says otherwise.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal

import attrs

from injuryprev.policy.expr import Expr
from injuryprev.policy.limits import AtLeast, Filled, Shaped
from injuryprev.words import Words

Confidence = Literal["official", "reprint", "recalled", "assumed"]
CONFIDENCES: Final[tuple[Confidence, ...]] = ("official", "reprint", "recalled", "assumed")
CONFIDENCE_WORDS: Final[dict[str, Words]] = {
    "official": Words("official text", "正式文本"),
    "reprint": Words("read in a reprint", "据转载文本"),
    "recalled": Words("from memory, unchecked", "凭记忆，未核对"),
    "assumed": Words("assumed", "推定"),
}
"""How sure a reading is, for a reader."""
Hit = Literal["unique", "any", "first", "priority", "collect min", "collect max", "collect sum", "collect count"]
RoundingMode = Literal["half_up", "half_even", "up", "down"]
ID: Final = r"[a-z0-9]+(-[a-z0-9]+)*"
Scalar = int | Decimal | bool | str


@attrs.frozen
class Source:
    """A document of law, or where a figure was read."""

    title: Words
    confidence: Confidence
    checked_on: dt.date
    number: str = ""
    date: dt.date | None = None
    issuer: Words = Words()
    url: str = ""
    note: Words = Words()


@attrs.frozen
class Citation:
    """A place in a document: the key of a ``[sources]`` entry and the article."""

    document: str
    article: str = ""


@attrs.frozen
class Refusal:
    """An outcome the law, or what was read of it, leaves open."""

    unknown: Words


Outcome = Expr | Refusal
Constant = Fraction | Refusal


Worse = Literal["higher", "lower"]
"""Of a figure given: the direction in which an employer does worse.  Of one worked out: in which it fares worse."""


@attrs.frozen(kw_only=True)
class Entry:
    """What every dated entry may say of itself."""

    since: dt.date | None = None
    until: dt.date | None = None
    title: Words = Words()
    note: Words = Words()
    caveat: Words = Words()
    source: tuple[Citation, ...] = ()
    confidence: Confidence | None = None


@attrs.frozen(kw_only=True)
class Input(Entry):
    """A figure the caller gives.  ``range`` is closed at both ends; ``step`` is its smallest unit."""

    unit: str
    range: tuple[Decimal, Decimal] | None = None
    step: Fraction = Fraction(1)
    choices: dict[str, Words] = attrs.field(factory=dict)
    absent: Scalar | None = None
    worse: Worse | None = None


@attrs.frozen
class Keyed:
    """Figures by key, nested once for every further key."""

    values: dict[str, Constant | Keyed]


@attrs.frozen(kw_only=True)
class Parameter(Entry):
    """A figure of the law: one value, or one per value of the inputs named in ``by``."""

    unit: str
    value: Constant | None = None
    by: tuple[str, ...] = ()
    values: Keyed | None = None

    def __attrs_post_init__(self) -> None:
        if (self.value is None) == (self.values is None):
            raise ValueError("a parameter has exactly one of value, values")
        if (self.values is None) != (not self.by):
            raise ValueError("values go with by = [names of the inputs that choose among them]")


@attrs.frozen
class Row:
    """One row of a table: when its condition holds, its outcome is a hit."""

    when: Expr
    then: Outcome
    label: Words = Words()
    source: tuple[Citation, ...] = ()
    note: Words = Words()


@attrs.frozen
class Table:
    """A decision table with a hit policy of the DMN standard; ``none`` is the outcome when no row is hit."""

    hit: Hit
    rows: tuple[Row, ...] = attrs.field(validator=Filled())
    none: Outcome | None = None
    order: tuple[Fraction, ...] = ()


@attrs.frozen
class Interval:
    """A range of numbers with each end open or closed; ``None`` leaves an end unbounded."""

    low: Fraction | None
    high: Fraction | None
    low_closed: bool
    high_closed: bool

    def __attrs_post_init__(self) -> None:
        if self.low is not None and self.high is not None:
            point = self.low == self.high and self.low_closed and self.high_closed
            if self.low > self.high or (self.low == self.high and not point):
                raise ValueError(f"the band {self} holds no number")

    def __contains__(self, value: Fraction) -> bool:
        above = self.low is None or value > self.low or (self.low_closed and value == self.low)
        below = self.high is None or value < self.high or (self.high_closed and value == self.high)
        return above and below

    def __str__(self) -> str:
        low = "-inf" if self.low is None else str(self.low)
        high = "inf" if self.high is None else str(self.high)
        return f"{'[' if self.low_closed else '('}{low}, {high}{']' if self.high_closed else ')'}"


@attrs.frozen
class Band:
    """One band of a look-up; ``within`` is written as ``(0, 50%]``, ``[18, inf)`` or ``< 18``."""

    within: Interval
    then: Outcome
    label: Words = Words()
    text: str = ""


@attrs.frozen
class Bands:
    """A band look-up of one figure.  Bands never overlap; what they leave out needs ``otherwise``."""

    of: Expr
    rows: tuple[Band, ...] = attrs.field(validator=Filled())
    otherwise: Outcome | None = None


@attrs.frozen
class Mapping:
    """Outcome by value of a figure or choice."""

    of: Expr
    to: dict[str, Outcome] = attrs.field(validator=Filled())
    otherwise: Outcome | None = None


@attrs.frozen
class Rounding:
    """Rounding as a rule of the law, with its own citation; ties of ``half_up`` go away from zero."""

    to: Fraction
    mode: RoundingMode
    source: tuple[Citation, ...] = ()
    confidence: Confidence | None = None


@attrs.frozen(kw_only=True)
class Definition(Entry):
    """A named rule: a formula, a table, bands, a mapping, or ``unknown`` with the reason."""

    unit: str
    choices: dict[str, Words] = attrs.field(factory=dict)
    formula: Expr | None = None
    table: Table | None = None
    bands: Bands | None = None
    map: Mapping | None = None
    unknown: Words | None = None
    round: Rounding | None = None
    worse: Worse | None = None

    def __attrs_post_init__(self) -> None:
        bodies = [name for name in ("formula", "table", "bands", "map", "unknown") if getattr(self, name) is not None]
        if len(bodies) != 1:
            raise ValueError(
                "a definition has exactly one of formula, table, bands, map, unknown; seen: "
                + (", ".join(bodies) or "none of them")
            )


@attrs.frozen(kw_only=True)
class Window(Entry):
    """Days looked back upon: cycles begin every ``every`` months from ``cycle``; the window is ``length`` months long
    and ends ``gap`` months before the cycle that the decision date falls in, ``back`` cycles earlier still.
    """

    cycle: dt.date
    every: int = attrs.field(validator=AtLeast(1))
    length: int = attrs.field(validator=AtLeast(1))
    gap: int = attrs.field(default=0, validator=AtLeast(0))
    back: int = attrs.field(default=0, validator=AtLeast(0))


@attrs.frozen
class Placement:
    """A further date of a record and the window it must lie in."""

    dated: str
    window: str


GroupKey = Literal["case", "accident", "worker"]


@attrs.frozen
class Group:
    """Records put together by what they belong to; of each group, sums of formulas over its records, by name."""

    key: GroupKey
    sums: dict[str, Expr] = attrs.field(validator=Filled())


Take = Literal["sum", "count", "persons", "mean", "any", "min", "max", "value", "months_since", "classify", "ratio"]


@attrs.frozen(kw_only=True)
class Counting(Entry):
    """How an input follows from the records of an employer.

    ``none`` is what it is when the table was supplied and no record in it counts; ``partial`` says whether a mean may
    rest on a part of the window, or a comparison on a part of the employers; ``undated`` what a record without the
    date in question does to the figure.  From ``area`` comes a figure to compare with: the sum of the first of ``of``
    over all employers of the same ``over``, divided by the sum of the second.  ``each`` is a formula worked out for
    every record, or for every group of the last of ``per``, before what it comes to is summed or compared.
    """

    from_: Literal["employer", "exposure", "contributions", "cases", "payments", "events", "recognitions", "area"]
    take: Take
    field: str = ""
    where: Expr | None = None
    dated: str = ""
    window: str = ""
    also: tuple[Placement, ...] = ()
    per: tuple[Group, ...] = ()
    each: Expr | None = None
    none: Scalar | None = None
    partial: Literal["refuse", "actual"] = "refuse"
    undated: Literal["unknown", "left out"] = "unknown"
    round: Rounding | None = None
    classification: str = ""
    of: tuple[str, ...] = ()
    over: Literal["", "industry", "area", "risk_class"] = ""


@attrs.frozen(kw_only=True)
class Classification(Entry):
    """An industry table: edition of the code, and the codes of each class."""

    edition: str
    classes: dict[str, tuple[str, ...]]


@attrs.frozen(kw_only=True)
class Claim(Entry):
    """What the law promises of its own outcomes, such as a floor: a condition that holds wherever it is known."""

    formula: Expr


FindingKind = Literal[
    "no_row", "several_rows", "rows_differ", "division_by_zero", "no_figure", "decrease", "claim", "never"
]
"""What a proof can find against a rule: a code of a refusal that nobody declared, or what one of its questions asks."""


@attrs.frozen(kw_only=True)
class Accepted(Entry):
    """A finding of a proof that is known to be the law's own: of which definition or claim, where, and why it stands.

    ``where`` narrows it to the figures for which it is accepted, ``rows`` (counted from 1) to rows, ``input`` to the
    figure that gets worse.  What a proof finds beyond that is new; what it finds no longer is to be struck out.
    """

    kind: FindingKind
    of: str
    note: Words
    where: Expr | None = None
    rows: tuple[int, ...] = ()
    input: str = ""


ENTRIES: Final[tuple[type[Entry], ...]] = (
    Input,
    Parameter,
    Definition,
    Window,
    Counting,
    Classification,
    Claim,
    Accepted,
)
"""Entries that are written once or in dated versions."""


@attrs.frozen
class Example:
    """A published or worked case, run by the tests: figures in, outcomes out."""

    name: str
    on: dt.date
    given: dict[str, Scalar]
    expect: dict[str, Scalar | Refused]
    source: tuple[Citation, ...] = ()
    note: Words = Words()


@attrs.frozen
class Refused:
    """An expected refusal: the code and subject that must be among its reasons, as ``code:subject``."""

    unknown: str = attrs.field(validator=Shaped(r"[a-z_]+:[a-z][a-z0-9_]*", "a reason such as missing:insured"))


@attrs.frozen
class Head:
    """What the profile is."""

    id: str = attrs.field(validator=Shaped(ID, "an id such as cn-zj: small letters, digits, -"))
    version: str
    title: Words
    since: dt.date
    checked_on: dt.date
    until: dt.date | None = None
    extends: str = attrs.field(default="", validator=Shaped(rf"({ID})?", "the id of a profile, such as cn-zj"))
    currency: str = ""
    outputs: tuple[str, ...] = ()
    note: Words = Words()

    def __attrs_post_init__(self) -> None:
        if self.until is not None and self.until <= self.since:
            raise ValueError(f"the coverage ends ({self.until}) before it begins ({self.since})")


@attrs.frozen
class Document:
    """A whole profile file."""

    format: Literal[1]
    profile: Head
    sources: dict[str, Source] = attrs.field(factory=dict)
    inputs: dict[str, tuple[Input, ...]] = attrs.field(factory=dict)
    parameters: dict[str, tuple[Parameter, ...]] = attrs.field(factory=dict)
    definitions: dict[str, tuple[Definition, ...]] = attrs.field(factory=dict)
    windows: dict[str, tuple[Window, ...]] = attrs.field(factory=dict)
    counting: dict[str, tuple[Counting, ...]] = attrs.field(factory=dict)
    classifications: dict[str, tuple[Classification, ...]] = attrs.field(factory=dict)
    claims: dict[str, tuple[Claim, ...]] = attrs.field(factory=dict)
    findings: dict[str, tuple[Accepted, ...]] = attrs.field(factory=dict)
    examples: tuple[Example, ...] = ()
