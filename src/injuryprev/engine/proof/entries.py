"""What two sets of rules write differently, entry by entry: figures, formulas, sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import attrs

from injuryprev.policy.document import Entry, Interval, Keyed
from injuryprev.policy.expr import Expr, write
from injuryprev.policy.rules import Item, Rules
from injuryprev.units import shown
from injuryprev.words import Words

_SECTIONS: Final = ("inputs", "parameters", "definitions", "windows", "counting", "classifications", "claims")
_ASIDE: Final = frozenset({"since", "until", "title", "note", "caveat", "source", "label", "text"})
"""What names and dates an entry, or tells of it, and what is compared in another way."""


@attrs.frozen
class Change:
    """One place of an entry that is written differently; ``None`` where it is not written at all."""

    section: str
    name: str
    title: Words
    path: str
    before: str | None
    after: str | None

    def text(self) -> str:
        """The entry, the place in it, what was written and what is."""
        where = f"{self.section}.{self.name}" + (f".{self.path}" if self.path else "")
        return f"{where}: {_or_nothing(self.before)} → {_or_nothing(self.after)}"


def _or_nothing(text: str | None) -> str:
    return "∅" if text is None else text


def changes(a: Rules, b: Rules) -> tuple[Change, ...]:
    """Everything written differently in two sets of rules, in the order of sections and names."""
    found: list[Change] = []
    if a.currency != b.currency:
        found.append(Change("profile", "currency", Words("currency", "货币"), "", a.currency, b.currency))
    for section in _SECTIONS:
        before, after = (getattr(rules, section) for rules in (a, b))
        for name in dict.fromkeys((*before, *after)):
            found += _entry(section, name, before.get(name), after.get(name))
    return tuple(found)


def counted_differently(a: Rules, b: Rules, written: Iterable[Change]) -> set[str]:
    """The inputs that follow from records in another way: by another rule, window or industry table."""
    told = ("source", "confidence")
    changed = {(one.section, one.name) for one in written if one.path not in told}
    found: set[str] = set()
    before: set[str] | None = None
    while found != before:  # a figure of the area is made of other figures
        before = set(found)
        for rules in (a, b):
            for name, item in rules.counting.items():
                entry = item.entry
                rests = [("counting", name), ("windows", entry.window), ("classifications", entry.classification)]
                rests += [("windows", place.window) for place in entry.also]
                if changed.intersection(rests) or found.intersection(entry.of):
                    found.add(name)
    return found


def _entry(section: str, name: str, before: Item[Any] | None, after: Item[Any] | None) -> Iterator[Change]:
    title = next(item.title for item in (after, before) if item is not None)
    old, new = (_written(item) for item in (before, after))
    if before is None or after is None:
        there = dict(new or old)
        body = "; ".join(f"{path} = {text}" for path, text in there.items())
        yield Change(section, name, title, "", None if before is None else body, None if after is None else body)
        return
    for path in dict.fromkeys((*old, *new)):
        if old.get(path) != new.get(path):
            yield Change(section, name, title, path, old.get(path), new.get(path))


def _written(item: Item[Any] | None) -> Mapping[str, str]:
    """An entry as texts by path, its sources in words."""
    if item is None:
        return {}
    entry: Entry = item.entry
    written = dict(_parts(entry, ""))
    if item.cited:  # an input has no source
        written |= {"source": "; ".join(cited.text() for cited in item.cited), "confidence": item.confidence}
    return written


def _parts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """A value of the document as texts by path; what is not written is left out."""
    if value is None or value in ("", (), {}):
        return
    if isinstance(value, Words):
        yield path, value.to("en")
    elif isinstance(value, Interval):
        yield path, str(value)
    elif isinstance(value, Expr):
        yield path, write(value)
    elif isinstance(value, Fraction):
        yield path, shown(value)
    elif isinstance(value, Decimal):
        yield path, f"{value:f}"
    elif isinstance(value, Keyed):
        yield from _parts(value.values, path.removesuffix(".values"))
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            if field.name not in _ASIDE:
                name = field.name.rstrip("_")
                yield from _parts(getattr(value, field.name), f"{path}.{name}" if path else name)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _parts(inner, f"{path}.{key}")
    elif isinstance(value, tuple):
        for place, inner in enumerate(value, start=1):
            yield from _parts(inner, f"{path}[{place}]")
    else:
        yield path, str(value).lower() if isinstance(value, bool) else str(value)
