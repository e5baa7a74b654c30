"""A profile at all dates, and how the rules of one day are taken from it and from what it extends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any, Literal

import attrs

from injuryprev.errors import CoverageError, InjuryprevError, InputError, ProfileError, nearest
from injuryprev.policy.check import check_rules
from injuryprev.policy.document import Citation, Counting, Definition, Document, Entry, Parameter, Refused, Source
from injuryprev.policy.rules import Item, Rules, cite
from injuryprev.units import Period, as_date
from injuryprev.words import Words

_NAMED = ("inputs", "parameters", "definitions")
_SECTIONS = (*_NAMED, "windows", "counting", "classifications", "claims", "findings")
Dated = tuple[Period, str, Entry, str]
"""Period, section, entry, place in the file."""


@attrs.frozen(eq=False)
class Profile:
    """A region's law at all dates: its own file and the profile it extends."""

    document: Document
    file: str
    parent: Profile | None = None
    timelines: dict[tuple[str, str], list[Dated]] = attrs.field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        problems: list[InjuryprevError] = []
        object.__setattr__(self, "timelines", self._read_timelines(problems))
        problems.extend(self._head_problems())
        problems.extend(self._citation_problems())
        problems.extend(self._example_problems())
        if problems:
            raise ProfileError(self.file, problems)

    # What it is

    @property
    def id(self) -> str:
        """The profile's key, such as ``cn-zj``."""
        return self.document.profile.id

    @property
    def version(self) -> str:
        """The version of the file."""
        return self.document.profile.version

    @property
    def title(self) -> Words:
        """Name of the region."""
        return self.document.profile.title

    @property
    def covers(self) -> Period:
        """The days whose law the profile states."""
        return Period(self.document.profile.since, self.document.profile.until)

    @property
    def currency(self) -> str:
        """Currency of all money, its own or that of what it extends."""
        return self.document.profile.currency or (self.parent.currency if self.parent else "")

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names of the outputs, its own or those of what it extends."""
        return self.document.profile.outputs or (self.parent.outputs if self.parent else ())

    def lineage(self) -> Iterator[Profile]:
        """This profile, then what it extends, up to the root."""
        here: Profile | None = self
        while here is not None:
            yield here
            here = here.parent

    def all_sources(self) -> dict[str, Source]:
        """Every document cited, own entries before inherited ones of the same key."""
        merged = self.parent.all_sources() if self.parent else {}
        return {**merged, **self.document.sources}

    def change_dates(self) -> tuple[dt.date, ...]:
        """Every covered day on which any rule changes, the first covered day among them."""
        days = {self.covers.since}
        for profile in self.lineage():
            for timeline in profile.timelines.values():
                for period, *_ in timeline:
                    days.update(day for day in (period.since, period.until) if day is not None)
        return tuple(sorted(day for day in days if day in self.covers))

    # One day

    def rules_on(self, on: object, *, beyond: Literal["last-known"] | None = None) -> Rules:
        """The rules in force on a day.

        Args:
            on: The day, a ``date`` or ISO text.
            beyond: ``"last-known"`` uses, for a day after the coverage, the rules of the last covered day; the
                result says so.

        Raises:
            CoverageError: The day is outside the coverage.
            ProfileError: The rules of that day contradict themselves (names, units, cycles).
        """
        day = as_date(on, where=f"{self.id} on")
        if beyond not in (None, "last-known"):
            raise InputError(
                "no such way to go beyond the coverage", where=f"{self.id} on", seen=beyond, expected='"last-known"'
            )
        known = self._covered(day, beyond)
        items: dict[str, dict[str, Item[Any]]] = {section: {} for section in _SECTIONS}
        for profile in reversed(list(self.lineage())):
            for section, name, item in profile.in_force(known):
                if section in _NAMED:
                    for other in _NAMED:
                        items[other].pop(name, None)
                items[section][name] = item
        return check_rules(
            Rules(
                id=self.id,
                title=self.title,
                lineage=tuple((profile.id, profile.version) for profile in self.lineage()),
                on=day,
                covers=self.covers,
                unchanged=self._unchanged(known),
                beyond=known if known != day else None,
                currency=self.currency,
                outputs=self.outputs,
                types={},
                used=frozenset(),
                sources={profile.id: profile.all_sources() for profile in self.lineage()},
                **items,
            ),
            self.file,
        )

    def _unchanged(self, known: dt.date) -> Period:
        days = self.change_dates()
        since = max((day for day in days if day <= known), default=self.covers.since)
        return Period(since, min((day for day in days if day > known), default=self.covers.until))

    def _covered(self, day: dt.date, beyond: str | None) -> dt.date:
        if day in self.covers:
            return day
        if beyond == "last-known" and self.covers.until is not None and day >= self.covers.until:
            return self.covers.until - dt.timedelta(days=1)
        raise CoverageError(
            f"{self.id} does not cover this day",
            where=f"{self.id} on",
            seen=str(day),
            expected=f"a day in {self.covers}"
            + ("" if day < self.covers.since else ', or beyond="last-known" to use the last rules known'),
        )

    def in_force(self, day: dt.date) -> Iterator[tuple[str, str, Item[Any]]]:
        """Every entry of this file that holds on a day: section, name, item."""
        sources = self.all_sources()
        for (_, name), timeline in self.timelines.items():
            for period, section, entry, place in timeline:
                if day in period:
                    yield (
                        section,
                        name,
                        Item(name, entry, self.id, f"{self.file} @ {place}", period, cite(sources, entry.source)),
                    )

    # Checks of the file as a whole

    def _read_timelines(self, problems: list[InjuryprevError]) -> dict[tuple[str, str], list[Dated]]:
        timelines: dict[tuple[str, str], list[Dated]] = {}
        for section in _SECTIONS:
            for name, versions in getattr(self.document, section).items():
                space = "named" if section in _NAMED else section
                timelines.setdefault((space, name), []).extend(self._dated(section, name, versions, problems))
        for timeline in timelines.values():
            timeline.sort(key=lambda dated: dated[0].since)
            for (first, _, _, place), (second, _, _, other) in pairwise(timeline):
                if first.until is None or first.until > second.since:
                    problems.append(
                        InjuryprevError(
                            f"two versions hold at once from {second.since}",
                            where=f"{self.file} @ {other}",
                            seen=f"{place} holds over {first}",
                            expected="half-open periods that do not overlap",
                        )
                    )
        return timelines

    def _dated(
        self, section: str, name: str, versions: tuple[Entry, ...], problems: list[InjuryprevError]
    ) -> Iterator[Dated]:
        covers = self.covers
        for index, entry in enumerate(versions):
            place = f"$.{section}.{name}[{index}]"
            since = entry.since or covers.since
            following = versions[index + 1].since if index + 1 < len(versions) else None
            until = entry.until or following or covers.until
            if index and entry.since is None:
                problem = "a later version must say since when it holds"
            elif following is not None and following <= since:
                problem = f"versions stand in the order of since; the next is since {following}"
            elif since not in covers:
                problem = f"since {since} lies outside the coverage {covers} of the profile"
            elif until is not None and until <= since:
                problem = f"this version ends ({until}) before it begins ({since})"
            else:
                yield Period(since, until), section, entry, place
                continue
            problems.append(
                InjuryprevError(problem, where=f"{self.file} @ {place}", expected="half-open periods in order")
            )

    def _head_problems(self) -> Iterator[InjuryprevError]:
        where = f"{self.file} @ $.profile"
        if not self.outputs:
            yield InjuryprevError("no outputs are named", where=where, expected="outputs = [names of definitions]")
        if not self.currency:
            yield InjuryprevError("no currency is named", where=where, expected='currency = "CNY" or the like')
        if self.parent is not None and self.covers.since < self.parent.covers.since:
            yield InjuryprevError(
                "a profile cannot cover days before what it extends",
                where=f"{where}.since",
                seen=str(self.covers.since),
                expected=f"{self.parent.covers.since} or later, as {self.parent.id}",
            )

    def _citation_problems(self) -> Iterator[InjuryprevError]:
        known = self.all_sources()
        for timeline in self.timelines.values():
            for _, section, entry, place in timeline:
                needs = isinstance(entry, (Parameter, Definition)) or section in (
                    "counting",
                    "classifications",
                    "claims",
                )
                if needs and not entry.source:
                    yield InjuryprevError(
                        "no source is named",
                        where=f"{self.file} @ {place}",
                        expected='source = "key" or { document = "key", article = "…" }',
                    )
                yield from self._unknown_sources(citations_in(entry), known, place)
        for index, example in enumerate(self.document.examples):
            yield from self._unknown_sources(example.source, known, f"$.examples[{index}]")

    def _example_problems(self) -> Iterator[InjuryprevError]:
        """An example has a name of its own and a day that the profile covers."""
        seen: set[str] = set()
        for index, example in enumerate(self.document.examples):
            where = f"{self.file} @ $.examples[{index}]"
            if example.name in seen:
                yield InjuryprevError(
                    "two examples have one name", where=f"{where}.name", seen=example.name, expected="a name of its own"
                )
            seen.add(example.name)
            if example.on not in self.covers:
                yield InjuryprevError(
                    "an example of a day outside the coverage",
                    where=f"{where}.on",
                    seen=str(example.on),
                    expected=f"a day in {self.covers}",
                )

    def check_examples(self) -> None:
        """Check that the examples give inputs and expect outputs of their days, and refusals of what there is.

        Raises:
            ProfileError: Everything found, with its place.
        """
        problems: list[InjuryprevError] = []
        for index, example in enumerate(self.document.examples):
            rules = self.rules_on(example.on)
            named = {**rules.inputs, **rules.parameters, **rules.definitions}
            refused = {
                name: outcome.unknown.partition(":")[2]
                for name, outcome in example.expect.items()
                if isinstance(outcome, Refused)
            }
            asked = [
                *((f"given.{name}", "input", name, tuple(rules.inputs)) for name in example.given),
                *((f"expect.{name}", "output", name, rules.outputs) for name in example.expect),
                *((f"expect.{name}.unknown", "rule or input", of, tuple(named)) for name, of in refused.items()),
            ]
            problems.extend(
                InjuryprevError(
                    f"there is no such {what} on {example.on}",
                    where=f"{self.file} @ $.examples[{index}].{place}",
                    seen=name,
                    expected=nearest(name, known),
                )
                for place, what, name, known in asked
                if name not in known
            )
        if problems:
            raise ProfileError(self.file, problems)

    def _unknown_sources(
        self, citations: Iterable[Citation], known: Mapping[str, Source], place: str
    ) -> Iterator[InjuryprevError]:
        for citation in citations:
            if citation.document not in known:
                yield InjuryprevError(
                    "no such source",
                    where=f"{self.file} @ {place}",
                    seen=citation.document,
                    expected=nearest(citation.document, known),
                )


def citations_in(entry: Entry) -> Iterator[Citation]:
    """Every citation an entry makes, those of its rows and of its rounding among them."""
    yield from entry.source
    if isinstance(entry, Definition):
        for row in entry.table.rows if entry.table else ():
            yield from row.source
    if isinstance(entry, (Definition, Counting)) and entry.round:
        yield from entry.round.source
