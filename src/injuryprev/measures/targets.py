"""What a plan asks for: a metric, where it starts, where it should be, and by when; the published ones are data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from datetime import MAXYEAR, MINYEAR
from fractions import Fraction
from functools import cache
from typing import Any, Final, Literal, get_args

import attrs

from injuryprev.errors import InputError
from injuryprev.measures.cited_data import OneOf, cited, confidence_of, named, shipped
from injuryprev.policy.document import Citation, Confidence, Source
from injuryprev.policy.expr import Expr, write
from injuryprev.policy.rules import Cited
from injuryprev.units import as_data, as_date, exact, finite_places, shown
from injuryprev.words import Words, as_words

FILE: Final = "targets.toml"
SCHEMA: Final = "injuryprev.target/1"
Direction = Literal["higher", "lower"]  # typing keeps one of two that differ in order alone: as in policy.document
Unit = Literal["fraction", "cases", "persons", "hours", "number"]
Kind = Literal["target", "reported"]
_FIGURES: Final = ("at_most", "below", "at_least", "above", "fall")
_KINDS: Final = (*_FIGURES, "direction", "unknown")


def _figure(value: Any) -> Fraction | None:
    return None if value is None else exact(value, where="Aim")


def _fall(value: Any) -> Fraction | None:
    fall = _figure(value)
    if fall is not None and not 0 < fall <= 1:
        raise InputError("not a fall", where="Aim.fall", seen=shown(fall), expected="a fraction above 0 and up to 1")
    return fall


@attrs.frozen(kw_only=True)
class Aim:
    """Where a metric should come to: exactly one of the following, and whether the document says "about".

    Args:
        at_most, below, at_least, above: A figure to be reached; ``below`` and ``above`` are not met by equality.
        fall: By what fraction of the baseline it should fall, at the least.
        direction: That it should become lower or higher, where the document gives no figure.
        about: Whether the document says "about" (左右) of the figure, without saying how near is near enough.
        unknown: Why the aim is not known.

    Raises:
        InputError: None of them, or more than one.
    """

    at_most: Fraction | None = attrs.field(default=None, converter=_figure)
    below: Fraction | None = attrs.field(default=None, converter=_figure)
    at_least: Fraction | None = attrs.field(default=None, converter=_figure)
    above: Fraction | None = attrs.field(default=None, converter=_figure)
    fall: Fraction | None = attrs.field(default=None, converter=_fall)
    direction: Direction | None = None
    about: bool = False
    unknown: Words | None = None

    def __attrs_post_init__(self) -> None:
        given = [name for name in _KINDS if getattr(self, name) is not None]
        if len(given) != 1:
            raise InputError(
                "an aim is one thing",
                where="Aim",
                seen=", ".join(given) or None,
                expected="one of " + ", ".join(_KINDS),
            )

    @property
    def is_relative(self) -> bool:
        """Whether it is measured from a baseline."""
        return self.fall is not None or self.direction is not None

    @property
    def lower_is_better(self) -> bool:
        """Whether the metric is to go down."""
        return self.direction != "higher" and self.at_least is None and self.above is None

    @property
    def is_strict(self) -> bool:
        """Whether the very limit does not do."""
        return self.below is not None or self.above is not None or self.direction is not None

    def limit(self, baseline: Fraction) -> Fraction:
        """The figure to be reached, from the baseline where the aim is relative to one.

        >>> Aim(fall="0.1").limit(Fraction(50))
        Fraction(45, 1)
        """
        if self.fall is not None:
            return baseline * (1 - self.fall)
        if self.direction is not None:
            return baseline
        figures: list[Fraction | None] = [self.at_most, self.below, self.at_least, self.above]
        return next(figure for figure in figures if figure is not None)

    @property
    def half_step(self) -> Fraction:
        """Half of the last digit in which the figure is printed; what is nearer is printed alike."""
        figures = (getattr(self, name) for name in _FIGURES)
        printed = next((figure for figure in figures if figure is not None), Fraction(0))
        return Fraction(1, 2 * 10 ** (finite_places(printed) or 0))

    def reached(self, value: Fraction, limit: Fraction) -> bool:
        """Whether a value meets the limit, decided exactly."""
        if value == limit:
            return not self.is_strict
        return (value < limit) == self.lower_is_better


def _years(years: Any) -> tuple[int, ...]:
    listed = tuple(years) if isinstance(years, Iterable) and not isinstance(years, str) else (years,)
    whole = isinstance(years, Iterable) and all(type(one) is int and MINYEAR <= one < MAXYEAR for one in listed)
    if not whole or len(set(listed)) < len(listed):
        raise InputError(
            "not years to measure from", where="Baseline.years", seen=years, expected="years such as (2020,), each once"
        )
    return listed


@attrs.frozen(kw_only=True)
class Baseline:
    """What a relative aim is measured from; exactly one way of saying it, a ``value`` may stand beside ``years``.

    Args:
        years: The year, or the years whose mean it is, each once.
        mean_before: The mean of so many years before the year that is judged.
        value: The figure itself, as the document prints it; else it is taken from the series.
        unknown: Why it is not known.
    """

    years: tuple[int, ...] = attrs.field(default=(), converter=_years)
    mean_before: int | None = None
    value: Fraction | None = attrs.field(default=None, converter=_figure)
    unknown: Words | None = None

    def __attrs_post_init__(self) -> None:
        if self.value is not None and self.value < 0:
            raise InputError(
                "a negative figure", where="Baseline.value", seen=shown(self.value), expected="zero or more"
            )
        ways = [bool(self.years), self.mean_before is not None, self.unknown is not None]
        if sum(ways) > 1 or not (any(ways) or self.value is not None):
            raise InputError(
                "a baseline is said in one way",
                where="Baseline",
                expected="years, mean_before or unknown; a value alone or beside years",
            )
        if self.mean_before is not None and (type(self.mean_before) is not int or self.mean_before < 1):
            raise InputError(
                "no years to take a mean of", where="Baseline.mean_before", seen=self.mean_before, expected="such as 3"
            )

    def years_for(self, judged: int) -> tuple[int, ...]:
        """The years the baseline is made of, when a year is judged.

        >>> Baseline(mean_before=3).years_for(2023)
        (2020, 2021, 2022)
        """
        return tuple(range(judged - self.mean_before, judged)) if self.mean_before else self.years


def _due(day: dt.date | str | None) -> dt.date | None:
    return None if day is None else as_date(day, where="Target.due")


@attrs.frozen(kw_only=True)
class TargetEntry:
    """A target as the data writes it."""

    title: Words = attrs.field(converter=as_words)
    metric: str
    unit: Unit = attrs.field(validator=OneOf(get_args(Unit), "Target"))
    aim: Aim
    place: Words = attrs.field(default=Words(), converter=as_words)
    definition: str = ""
    numerator: Expr | None = None
    share: bool | None = None
    baseline: Baseline | None = None
    due: dt.date | None = attrs.field(default=None, converter=_due)
    due_unknown: Words | None = None
    kind: Kind = attrs.field(default="target", validator=OneOf(get_args(Kind), "Target"))
    note: Words = Words()
    source: tuple[Citation, ...] = ()
    confidence: Confidence | None = None

    def __attrs_post_init__(self) -> None:
        if self.aim.is_relative and self.baseline is None:
            raise InputError(
                "a relative aim is measured from a baseline", where="Target.baseline", expected="a Baseline, or unknown"
            )
        if (self.due is None) == (self.due_unknown is None):
            raise InputError(
                "a target is due on a day, or it is said why that is not known",
                where="Target.due",
                seen=None if self.due is None else str(self.due),
                expected="due or due_unknown",
            )


@attrs.frozen(kw_only=True)
class Target(TargetEntry):
    """A target, or a result that was reported and can be checked in the same way.

    Args:
        name: Its key.
        title: What it asks for.
        metric: What is measured: ``incidence``, ``injuries``, ``training_coverage`` …
        unit: ``fraction`` (a rate or share), ``cases``, ``persons``, ``hours`` or ``number``.
        aim: Where the metric should come to.
        place: The region, where the document names one.
        definition: The name of the standard that defines the metric, where the document says so.
        numerator: Which cases count, as a condition on the fields of a case, where the document says so.
        share: Whether the fraction is a share of all there are (trained of all workers) and no rate of injuries;
            unless said, it is one where more of it is better and no standard defines it.
        baseline: What a relative aim is measured from.
        due: The last day of the time it may take.
        due_unknown: Why there is no such day.
        kind: ``target``, or ``reported`` for a result that a document reports.
        source, cited: Where it is written.
        confidence: How sure the reading is.

    >>> goal = Target(
    ...     name="ours",
    ...     title=Words("below 1 %"),
    ...     metric="incidence",
    ...     unit="fraction",
    ...     aim=Aim(below="0.01"),
    ...     due=dt.date(2016, 12, 31),
    ... )
    >>> goal.year, goal.confidence_shown
    (2016, 'assumed')
    """

    name: str
    cited: tuple[Cited, ...] = ()

    @property
    def year(self) -> int | None:
        """The year whose figure decides: the last that is over when the target is due."""
        if self.due is None:
            return None
        return self.due.year if (self.due.month, self.due.day) == (12, 31) else self.due.year - 1

    @property
    def is_share(self) -> bool:
        """Whether the figure is a share of all there are, which chance moves otherwise than a rate."""
        if self.unit != "fraction" or self.share is not None:
            return self.unit == "fraction" and bool(self.share)
        return not self.definition and self.aim.unknown is None and not self.aim.lower_is_better

    @property
    def confidence_shown(self) -> Confidence:
        """As the entry says, else the weakest of its sources; without a source it is assumed."""
        return confidence_of(self.confidence, self.cited)

    def to_data(self) -> dict[str, object]:
        """The target as plain data of the schema ``injuryprev.target/1``: exact numbers are text."""
        return {
            "schema": SCHEMA,
            "name": self.name,
            "title": self.title.to_data(),
            "place": self.place.to_data(),
            "kind": self.kind,
            "metric": self.metric,
            "unit": self.unit,
            "definition": self.definition or None,
            "share": self.is_share,
            "numerator": None if self.numerator is None else write(self.numerator),
            "aim": _said(self.aim),
            "baseline": None if self.baseline is None else _said(self.baseline),
            "due": as_data(self.due),
            "due_unknown": as_data(self.due_unknown),
            "note": self.note.to_data(),
            "confidence": self.confidence_shown,
            "sources": as_data(self.cited),
        }


def _said(entry: Aim | Baseline) -> dict[str, object]:
    """What an aim or a baseline says; the ways in which it might have been said otherwise are left out."""
    return {name: told for name, told in as_data(attrs.asdict(entry, recurse=False)).items() if told not in (None, [])}


@attrs.frozen
class TargetFile:
    """The shipped targets, or a file of the same form."""

    format: Literal[1]
    targets: dict[str, TargetEntry]
    sources: dict[str, Source] = attrs.field(factory=dict)

    def read(self, file: str) -> Mapping[str, Target]:
        """The targets with their documents."""
        return {
            name: Target(
                name=name,
                cited=cited(entry.source, self.sources, f"{file} @ $.targets.{name}.source"),
                **attrs.asdict(entry, recurse=False),
            )
            for name, entry in self.targets.items()
        }


@cache
def _targets() -> Mapping[str, Target]:
    file: TargetFile = shipped(TargetFile, FILE)
    return file.read(FILE)


def list_targets() -> tuple[Target, ...]:
    """The targets that ship with the library, in the order of the data.

    >>> [one.name for one in list_targets()][:1]
    ['zhejiang-2016-incidence']
    """
    return tuple(_targets().values())


def target(name: str) -> Target:
    """A shipped target by its name.

    Raises:
        UnknownNameError: There is none of this name; the nearest are named.

    >>> target("zhejiang-2016-incidence").aim.below
    Fraction(1, 100)
    """
    return named("target", name, _targets())
