"""The lines of the books as text, chained: each bears a hash over itself and the one before; what was altered shows."""

from __future__ import annotations

import hashlib
import json
import threading
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from decimal import Decimal
from typing import Any, Final, Protocol, runtime_checkable

import attrs

from injuryprev.model.employer import Facts
from injuryprev.model.fund import FundYear
from injuryprev.model.ledger import Damage, Entry, Line, Opening, Record, Statement, YearFigures
from injuryprev.words import Words

SCHEMA: Final = "injuryprev.ledger/2"
WITHOUT_OPENING: Final = "injuryprev.ledger/1"
"""Books of the time before openings: they begin with entry 1 and tell no figures of their year."""
_FIELDS: Final = ("kind", "on", "amount", "project", "use", "condition", "met_on", "evidence", "corrects", "note")
_TOLD: Final = ("on", "source", "reason")
_STATEMENT: Final = "figures"


@attrs.frozen
class Row:
    """A line of a store: number, text and hash as they were found; no text where the line cannot be read."""

    number: int
    body: str | None
    hash: str


@attrs.frozen
class Head:
    """The end of the books: number and hash of the last line.  Kept elsewhere, it shows what was cut off."""

    number: int
    hash: str


class Writer(Protocol):
    """Puts one line behind the last."""

    def __call__(self, row: Row, /) -> None:
        """Write it."""


@runtime_checkable
class Store(Protocol):
    """Where the lines are kept.  A store adds and reads; it never changes or takes away."""

    def read(self, after: int) -> Iterable[Row]:
        """The lines with a higher number, in order; a line that is there and cannot be read has no text.

        The first line, the opening, has number 0, so that -1 asks for all.
        """
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
        return self.rows[bisect_right(self.rows, after, key=lambda row: row.number) :]

    def head(self) -> Head | None:
        """The last line."""
        return Head(self.rows[-1].number, self.rows[-1].hash) if self.rows else None

    @contextmanager
    def exclusive(self) -> Iterator[Writer]:
        """Other threads wait; other processes do not see this memory."""
        with self._taken:
            yield self.rows.append


def origin(year: FundYear) -> str:
    """What the first entry rests on in books that have no opening, as they were once written: their area and year."""
    return _hash(f"{WITHOUT_OPENING} {json.dumps([year.area, year.year], ensure_ascii=False)}", "")


def chained(line: Line, before: str) -> Row:
    """A line of the books as one of a store; its hash is made here."""
    told: dict[str, Any] = {"judged_by": list(line.judged_by)}
    if isinstance(line, Opening):
        told |= {"schema": SCHEMA, "area": line.area, "year": line.year, "figures": _figures(line.figures)}
    else:
        told["despite"] = list(line.despite)
        if line.procedure:
            told["procedure"] = line.procedure
        if isinstance(line, Statement):
            told |= {"kind": _STATEMENT, **{name: _plain(getattr(line.told, name)) for name in _TOLD}}
            told["figures"] = _figures(line.told.figures)
        else:
            told |= {name: _plain(getattr(line.entry, name)) for name in _FIELDS}
    body = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return Row(line.number, body, _hash(f"{line.number} {body}", before))


def _plain(value: Any) -> Any:
    """A field as JSON has it; an amount as all its digits."""
    if value is None or isinstance(value, (bool, int)):
        return value
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _figures(told: Facts) -> dict[str, Any]:
    return {name: _plain(value) for name, value in told.items()}


def _hash(text: str, before: str) -> str:
    return hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()


def check(row: Row, before: str | None) -> Line | Damage:
    """A line read back, or what is wrong with it.

    Args:
        row: The line.
        before: The hash that stands before it; ``None`` where that line is missing, so that the link cannot be checked.
    """
    if row.body is None:
        return Damage(row.number, Words("this entry cannot be read", "该笔记录无法读取"))
    if before is not None and _hash(f"{row.number} {row.body}", before) != row.hash:
        return Damage(row.number, _ALTERED.get(row.number, _ALTERED_LATER))
    try:
        return _line(row.number, json.loads(row.body), row.hash)
    except (ValueError, TypeError, KeyError, AttributeError) as error:  # the errors of the model are among them
        return Damage(row.number, Words(f"this entry is no entry: {error}", f"该笔记录内容不成立：{error}"))


_ALTERED: Final = {
    0: Words("it was altered", "已被改动"),
    1: Words(
        "this entry was altered, or the opening before it is another or gone, or these are the books of another area "
        "or year",
        "该笔记录被改动，或其前的开账记录已更换、丢失，或为其他地区、年度的账簿",
    ),
}
_ALTERED_LATER: Final = Words(
    "this entry, or the seal of the one before it, was altered", "该笔记录或其前一笔的校验值被改动"
)


def _line(number: int, told: dict[str, Any], seal: str) -> Line:
    judged_by = tuple(told.pop("judged_by"))
    if number == 0:
        if told["schema"] != SCHEMA:
            raise ValueError(f"books of the schema {told['schema']}, where this version reads {SCHEMA}")
        return Opening(told["area"], told["year"], Facts(told["figures"]), judged_by, seal)
    despite, procedure = tuple(told.pop("despite")), told.pop("procedure", "")
    if told["kind"] == _STATEMENT:
        stated = YearFigures(**{name: told[name] for name in (*_TOLD, "figures")})
        return Statement(number, stated, judged_by, despite, seal, procedure)
    return Record(number, Entry(**told), judged_by, despite, seal, procedure)
