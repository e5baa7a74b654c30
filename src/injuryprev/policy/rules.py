"""The rules in force on one day: every name resolved to the version that holds, with its place and its sources."""

from __future__ import annotations

import datetime as dt
from typing import Final, Generic, Literal, TypeVar

import attrs

from injuryprev.policy.document import (
    CONFIDENCES,
    Accepted,
    Citation,
    Claim,
    Classification,
    Confidence,
    Counting,
    Definition,
    Entry,
    Input,
    Parameter,
    Rounding,
    Source,
    Window,
)
from injuryprev.units import Period, Unit, unit
from injuryprev.unknown import Reason
from injuryprev.words import Lang, Words

Section = Literal["inputs", "parameters", "definitions"]
EntryT_co = TypeVar("EntryT_co", bound=Entry, covariant=True)
DEFAULT_CONFIDENCE: Final[Confidence] = "assumed"


@attrs.frozen
class Cited:
    """A citation with its document: what is printed beside a figure."""

    source: Source
    key: str
    article: str
    confidence: Confidence

    def text(self, lang: Lang = "en") -> str:
        """Number, title and article of the document, on one line."""
        parts = [part for part in (self.source.number, self.source.title.to(lang)) if part]
        text = (" " if lang == "en" else "").join(parts)
        if self.source.date:
            text += f" ({self.source.date})" if lang == "en" else f"（{self.source.date}）"
        if self.article:
            text += f", {self.article}" if lang == "en" else f"，{self.article}"
        return text

    def to_data(self) -> dict[str, object]:
        """The citation as plain data, for JSON."""
        source = self.source
        return {
            "document": self.key,
            "number": source.number,
            "title": source.title.to_data(),
            "date": None if source.date is None else str(source.date),
            "article": self.article,
            "confidence": self.confidence,
            "checked_on": str(source.checked_on),
            "url": source.url,
        }


@attrs.frozen
class Item(Generic[EntryT_co]):
    """One named entry as it holds on the day: whose it is, where it is written, since when it holds."""

    name: str
    entry: EntryT_co
    owner: str
    place: str
    period: Period
    cited: tuple[Cited, ...]

    @property
    def title(self) -> Words:
        """The entry's own title, or its name."""
        return self.entry.title or Words(self.name)

    @property
    def confidence(self) -> Confidence:
        """As the entry says, else the weakest of its sources."""
        if self.entry.confidence is not None:
            return self.entry.confidence
        return weakest([cited.confidence for cited in self.cited])


def weakest(confidences: list[Confidence]) -> Confidence:
    """The lowest confidence of several; of none, ``assumed``.

    >>> weakest(["official", "recalled"])
    'recalled'
    """
    return max(confidences, key=CONFIDENCES.index, default=DEFAULT_CONFIDENCE)


@attrs.frozen
class Type:
    """What an expression yields: a number with a unit, a flag, or one of the choices of a category."""

    unit: Unit
    choices: tuple[str, ...] = ()

    @property
    def is_flag(self) -> bool:
        """True or false."""
        return self.unit.name == "flag"

    @property
    def is_category(self) -> bool:
        """One of ``choices``."""
        return self.unit.name == "category"

    @property
    def is_number(self) -> bool:
        """Anything that can be compared by size."""
        return self.unit.is_number

    def __str__(self) -> str:
        return f"category ({', '.join(self.choices)})" if self.is_category else str(self.unit)


def declared_type(entry: Input | Parameter | Definition) -> Type:
    """The type an entry declares with ``unit`` and ``choices``."""
    choices = () if isinstance(entry, Parameter) else tuple(entry.choices)
    return Type(unit(entry.unit), choices)


@attrs.frozen(eq=False)
class Rules:
    """A region's rules on one day, checked and in the order in which they are worked out.

    Args:
        lineage: Profile ids and versions, the region first, then what it extends.
        unchanged: The covered days around ``on`` on which no rule changes.
        beyond: The last covered day whose rules are used because ``on`` lies past the coverage, or ``None``.
        definitions: In an order in which each comes after what it uses.
    """

    id: str
    title: Words
    lineage: tuple[tuple[str, str], ...]
    on: dt.date
    covers: Period
    unchanged: Period
    beyond: dt.date | None
    currency: str
    outputs: tuple[str, ...]
    inputs: dict[str, Item[Input]]
    parameters: dict[str, Item[Parameter]]
    definitions: dict[str, Item[Definition]]
    windows: dict[str, Item[Window]]
    counting: dict[str, Item[Counting]]
    classifications: dict[str, Item[Classification]]
    claims: dict[str, Item[Claim]]
    findings: dict[str, Item[Accepted]]
    types: dict[str, Type]
    used: frozenset[str]
    sources: dict[str, dict[str, Source]]

    @property
    def version(self) -> str:
        """The version of the region's own file."""
        return self.lineage[0][1]

    def cite(self, owner: str, citations: tuple[Citation, ...]) -> tuple[Cited, ...]:
        """Citations written in the profile ``owner``, with their documents."""
        return cite(self.sources[owner], citations)

    def cite_rounding(self, item: Item[Definition], rounding: Rounding) -> tuple[Cited, ...]:
        """The sources of a rounding rule; where it names none, those of its definition."""
        return self.cite(item.owner, rounding.source) or item.cited


def left_open(code: str, subject: str, words: Words, cited: tuple[Cited, ...]) -> Reason:
    """Why something is not known that a document leaves open, with the first of its documents."""
    source, source_zh = (cited[0].text("en"), cited[0].text("zh")) if cited else ("", "")
    return Reason(code, subject, words, source, source_zh)


def cite(sources: dict[str, Source], citations: tuple[Citation, ...]) -> tuple[Cited, ...]:
    """Join citations with their documents; the names were checked when the profile was loaded."""
    return tuple(
        Cited(sources[c.document], c.document, c.article, sources[c.document].confidence)
        for c in citations
        if c.document in sources
    )
