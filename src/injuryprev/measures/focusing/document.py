"""What the data of the focus holds: levels of alert, rules of priority, and their documents."""

from __future__ import annotations

from fractions import Fraction
from typing import Final, Literal, get_args

import attrs

from injuryprev.errors import InputError
from injuryprev.measures.cited_data import OneOf, shipped
from injuryprev.policy.document import Citation, Confidence, Source
from injuryprev.policy.limits import AtLeast, Filled
from injuryprev.units import Number, exact
from injuryprev.words import Words, as_words

FILE: Final = "focus.toml"
Edge = Literal["from", "above"]
"""Whether a figure exactly on the threshold counts (``from``) or not (``above``)."""


def _threshold(value: Number | None) -> Fraction | None:
    """Exactly, as it is written: a double would lie beside the threshold it stands for."""
    at = None if value is None else exact(value, where="Level.at")
    if at is not None and at < 0:
        raise InputError("a negative threshold", where="Level.at", seen=value, expected="zero or more")
    if at is not None and at > 1:
        raise InputError(
            "a threshold of more than everybody", where="Level.at", seen=value, expected="a plain fraction: 0.05 is 5 %"
        )
    return at


@attrs.frozen(kw_only=True)
class Level:
    """One level of alert.

    Args:
        name: Its key, such as ``yellow``.
        at: The threshold, as a plain fraction.
        edge: Whether the threshold itself counts; ``None`` where the document does not say.
        unknown: Why the threshold is not known.
        title: What it is called.
        then: What follows from it.
    """

    name: str
    title: Words = attrs.field(default=Words(), converter=as_words)
    at: Fraction | None = attrs.field(default=None, converter=_threshold)
    edge: Edge | None = attrs.field(default=None, validator=OneOf(get_args(Edge), "Level"))
    unknown: Words | None = None
    then: Words = attrs.field(default=Words(), converter=as_words)

    def __attrs_post_init__(self) -> None:
        if (self.at is None) == (self.unknown is None):
            raise InputError(
                "a level has a threshold, or it is said why not", where=f"Level {self.name}", expected="at or unknown"
            )


@attrs.frozen(kw_only=True)
class AlertEntry:
    """Levels of alert as the data writes them."""

    title: Words = attrs.field(converter=as_words)
    metric: str
    levels: tuple[Level, ...]
    place: Words = Words()
    note: Words = Words()
    source: tuple[Citation, ...] = ()
    confidence: Confidence | None = None

    def __attrs_post_init__(self) -> None:
        known = [level.at for level in self.levels if level.at is not None]
        if not self.levels or known != sorted(set(known)):
            raise InputError(
                "levels of alert rise",
                where="AlertScheme.levels",
                seen=", ".join(level.name for level in self.levels) or None,
                expected="from the lowest threshold to the highest, each once",
            )


Criterion = Literal["injuries", "disease_cases", "injured_workers", "severe"]


@attrs.frozen(kw_only=True)
class PriorityEntry:
    """A rule of priority as the data writes it."""

    title: Words
    criteria: tuple[Criterion, ...] = attrs.field(validator=Filled())
    severe_to_grade: int = attrs.field(validator=AtLeast(1))
    place: Words = Words()
    note: Words = Words()
    source: tuple[Citation, ...] = ()
    confidence: Confidence | None = None


@attrs.frozen(kw_only=True)
class FocusFile:
    """The file as a whole."""

    format: Literal[1]
    sources: dict[str, Source] = attrs.field(factory=dict)
    alerts: dict[str, AlertEntry] = attrs.field(factory=dict)
    priorities: dict[str, PriorityEntry] = attrs.field(factory=dict)


def shipped_focus() -> FocusFile:
    """The data that ships with the library."""
    file: FocusFile = shipped(FocusFile, FILE)
    return file
