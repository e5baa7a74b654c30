"""Entries as text, chained: each bears a hash over itself and the one before, so that what was altered shows."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from decimal import Decimal
from typing import Any, Final, Protocol

import attrs

from injuryprev.model.fund import FundYear
from injuryprev.model.ledger import Damage, Entry, Record
from injuryprev.words import Words

SCHEMA: Final = "injuryprev.ledger/1"
_FIELDS: Final = ("kind", "on", "amount", "project", "use", "condition", "met_on", "evidence", "corrects", "note")


@attrs.frozen
class Row:
    """A line of a store: number, text and hash as they were found; no text where the line cannot be read."""

    number: int
    body: str | None
    hash: str


@attrs.frozen
class Head:
    """The end of the books: how many entries, and the hash of the last.  Kept elsewhere, it shows what was cut off."""

    number: int
    hash: str


class Writer(Protocol):
    """Puts one line behind the last."""

    def __call__(self, row: Row, /) -> None:
        """Write it."""


class Store(Protocol):
    """Where the lines are kept.  A store adds and reads; it never changes or takes away."""

    def read(self, after: int) -> Iterable[Row]:
        """The lines with a higher number, in order; a line that is there and cannot be read has no text."""
        ...

    def head(self) -> Head | None:
        """What the store itself remembers as the end; ``None`` where nothing was written."""
        ...

    def exclusive(self) -> AbstractContextManager[Writer]:
        """Keep all others from writing, in this process and any other, until it is left."""
        ...


class MemoryStore:
    """Lines in memory, for what-if and tests."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._taken = threading.Lock()

    def read(self, after: int) -> Iterable[Row]:
        """The lines with a higher number."""
        return self.rows[after:]

    def head(self) -> Head | None:
        """The last line."""
        return Head(self.rows[-1].number, self.rows[-1].hash) if self.rows else None

    @contextmanager
    def exclusive(self) -> Iterator[Writer]:
        """Other threads wait; other processes do not see this memory."""
        with self._taken:
            yield self.rows.append


def origin(year: FundYear) -> str:
    """The hash before the first: it ties the books to their area and year."""
    return _hash(f"{SCHEMA} {json.dumps([year.area, year.year], ensure_ascii=False)}", "")


def chained(record: Record, before: str) -> Row:
    """A record as a line of a store; its hash is made here."""
    body = json.dumps(
        {
            **{name: _plain(getattr(record.entry, name)) for name in _FIELDS},
            "judged_by": list(record.judged_by),
            "despite": list(record.despite),
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return Row(record.number, body, _hash(f"{record.number} {body}", before))


def _plain(value: Any) -> Any:
    """A field as JSON has it; an amount as all its digits."""
    if value is None or isinstance(value, int):
        return value
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _hash(text: str, before: str) -> str:
    return hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()


def check(row: Row, before: str | None) -> Record | Damage:
    """A line read back: its record, or what is wrong with it.

    Args:
        row: The line.
        before: The hash that stands before it; ``None`` where that line is missing, so that the link cannot be checked.
    """
    if row.body is None:
        return Damage(row.number, Words("this entry cannot be read", "该笔记录无法读取"))
    if before is not None and _hash(f"{row.number} {row.body}", before) != row.hash:
        words = Words("this entry, or the seal of the one before it, was altered", "该笔记录或其前一笔的校验值被改动")
        return Damage(row.number, words)
    try:
        told = json.loads(row.body)
        judged, despite = told.pop("judged_by"), told.pop("despite")
        return Record(row.number, Entry(**told), tuple(judged), tuple(despite), row.hash)
    except (ValueError, TypeError, KeyError, AttributeError) as error:  # the errors of the model are among them
        return Damage(row.number, Words(f"this entry is no entry: {error}", f"该笔记录内容不成立：{error}"))
