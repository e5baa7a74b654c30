"""How many people came: figures as a source prints them, and people known by key so that each is counted once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

import attrs

from injuryprev.errors import InputError
from injuryprev.model import _read as read
from injuryprev.model.privacy import opaque_key
from injuryprev.units import Number
from injuryprev.words import Words

PRINTED: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "exact": Words("{value}", "{value}"),
        "more_than": Words("more than {value}", "{value}余"),
        "about": Words("about {value}", "约{value}"),
    }
)
"""How firmly a source prints a figure."""


def _printed(value: str) -> str:
    return read.choice(value, PRINTED)


@attrs.frozen(field_transformer=read.placed)
class Tally:
    """A figure as its source prints it: 1,400, or more than 350, or about 20.

    Args:
        value: The figure, zero or more.
        printed: ``exact``, ``more_than`` or ``about``.

    >>> print(Tally(350, "more_than")), Tally(350, "more_than").high is None
    more than 350
    (None, True)
    """

    value: Decimal = attrs.field(converter=read.amount)
    printed: str = attrs.field(default="exact", converter=_printed)

    @property
    def low(self) -> Decimal:
        """What it surely is not below; about so many says nothing firm, so 0."""
        return Decimal(0) if self.printed == "about" else self.value

    @property
    def high(self) -> Decimal | None:
        """What it surely is not above; ``None`` where the source leaves that open."""
        return self.value if self.printed == "exact" else None

    @property
    def words(self) -> Words:
        """The figure for a reader."""
        return PRINTED[self.printed].format(value=f"{self.value:,f}")

    def __str__(self) -> str:
        return self.words.en


def tally(value: Tally | Number) -> Tally:
    """A figure; a plain number is an exact one."""
    return value if isinstance(value, Tally) else Tally(value)


def head_count(value: Tally | Number) -> Tally:
    """A figure of people or things, which are whole."""
    found = tally(value)
    read.whole(found.value)
    return found


def _keys(value: Iterable[str]) -> frozenset[str]:
    if isinstance(value, str):
        raise InputError("several keys are wanted", seen="(one text)", expected="a list of keys")
    given = list(value)
    keys = frozenset(opaque_key(key) for key in given)
    if len(keys) != len(given):
        raise InputError("a key stands twice on one list", seen=len(given) - len(keys), expected="each person once")
    return keys


@attrs.frozen(repr=False, field_transformer=read.placed)
class Attendance:
    """Who was reached on one occasion.

    Args:
        workers: Opaque keys of those who are known by key; without ``heads`` they are everybody.
        heads: How many there were in all, those with a key among them.
        once: Whether ``heads`` counts each person once.  A figure added up over a tour or a year usually counts
            person-times, and then it is no more than an upper bound of people.

    Neither given says that nothing was recorded, which is unknown and not zero.

    Raises:
        InputError: A key that reads as a person, a key twice, or fewer heads than keys.

    >>> Attendance(["w-1", "w-2"], heads=30)
    Attendance(2 by key, 30 in all)
    """

    workers: frozenset[str] | None = attrs.field(default=None, converter=attrs.converters.optional(_keys))
    heads: Tally | None = attrs.field(default=None, converter=attrs.converters.optional(head_count))
    once: bool = attrs.field(default=True, kw_only=True, converter=read.flag)

    def __attrs_post_init__(self) -> None:
        high = None if self.heads is None else self.heads.high
        if high is not None and high < len(self.keys):
            raise InputError(
                "fewer people than keys",
                where="Attendance.heads",
                seen=f"{high:f}",
                expected=f"{len(self.keys)} or more; heads counts those with a key too",
            )

    @property
    def keys(self) -> frozenset[str]:
        """Those known by key."""
        return self.workers or frozenset()

    @property
    def is_recorded(self) -> bool:
        """Whether anything is known of who came."""
        return self.workers is not None or self.heads is not None

    @property
    def people(self) -> tuple[int, int | None]:
        """At least and at most so many different people on this occasion; ``None``: no upper bound."""
        if self.heads is None:
            return len(self.keys), (len(self.keys) if self.workers is not None else None)
        high = None if self.heads.high is None else int(self.heads.high)
        low = int(self.heads.low) if self.once else min(1, int(self.heads.low))
        return max(low, len(self.keys)), high

    @property
    def person_times(self) -> tuple[int, int | None]:
        """At least and at most so many person-times (人次)."""
        if self.heads is None:
            return self.people
        low = max(int(self.heads.low), len(self.keys))
        return low, None if self.heads.high is None else int(self.heads.high)

    def __repr__(self) -> str:
        if not self.is_recorded:
            return "Attendance(not recorded)"
        parts = [f"{len(self.keys)} by key"] if self.workers is not None else []
        if self.heads is not None:
            parts.append(f"{self.heads} {'in all' if self.once else 'person-times'}")
        return f"Attendance({', '.join(parts)})"


def attendance(value: Attendance) -> Attendance:
    """An attendance."""
    return read.instance(value, Attendance)
