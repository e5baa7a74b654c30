"""The course of a project and of its money, read from ``procedure.toml``: states, steps, and what each must meet."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from types import MappingProxyType
from typing import Final, Literal

import attrs

from injuryprev.errors import InjuryprevError, ProfileError, UnknownNameError, nearest
from injuryprev.model.ledger import ENTRY_KINDS
from injuryprev.words import Words

_FILE: Final = "procedure.toml"


@attrs.frozen
class Step:
    """One step: from which states to which, and what must be known and met for it.

    Args:
        title: What it is called.
        from_: The states in which it may be taken.
        to: The state it leads to.
        needs: Facts without which it says nothing.
        demands: Demands of the policy that must be met.
        also: Demands that some regions make.
        condition: The condition of a payment that it brings about, if any.
    """

    title: Words
    from_: tuple[str, ...]
    to: str
    needs: tuple[str, ...] = ()
    demands: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    condition: str = ""


@attrs.frozen
class Booking:
    """What an entry of the books must meet."""

    demands: tuple[str, ...]
    also: tuple[str, ...] = ()


@attrs.frozen
class Procedure:
    """The whole course.

    Args:
        format: Of the file.
        first: The state in which a project begins.
        states: Every state with its words.
        steps: Every step by name.
        entries: What entries of the books must meet, by kind.
        corrections: What must hold for an entry to be taken back, by its kind.
        figures: What must hold for figures of the year to be told anew.
    """

    format: Literal[1]
    first: str
    states: dict[str, Words]
    steps: dict[str, Step]
    entries: dict[str, Booking]
    corrections: dict[str, Booking]
    figures: Booking

    @property
    def seal(self) -> str:
        """SHA-256 over all of it, in hexadecimal: by it the books say which procedure an entry was judged by."""
        return sha256(json.dumps(attrs.asdict(self), ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    def step(self, name: str) -> Step:
        """A step by its name.

        Raises:
            UnknownNameError: There is none; the nearest are named.
        """
        if name not in self.steps:
            raise UnknownNameError("no such step", where="procedure", seen=name, expected=nearest(name, self.steps))
        return self.steps[name]

    def open_steps(self, state: str) -> Mapping[str, Step]:
        """The steps that may be taken in a state."""
        return MappingProxyType({name: step for name, step in self.steps.items() if state in step.from_})


@cache
def shipped() -> Procedure:
    """The course that comes with this library.

    >>> list(shipped().open_steps("accepted"))
    ['settle']
    """
    return read_procedure((files("injuryprev.prevention") / _FILE).read_bytes(), _FILE)


def read_procedure(raw: bytes, file: str) -> Procedure:
    """Read a course of one's own, as strictly as a profile.

    Args:
        raw: The file, TOML in UTF-8.
        file: Its name in errors.

    Raises:
        ReadError: It is not TOML in UTF-8.
        ProfileError: Something in it is not what it must be; all of it is listed.
    """
    from injuryprev.policy.loading import parse_as  # noqa: PLC0415  # cattrs is loaded with the first project

    read = parse_as(Procedure, raw, file)
    if problems := list(_problems(read, file)):
        raise ProfileError(file, problems)
    return read


def _problems(read: Procedure, file: str) -> Iterator[InjuryprevError]:
    asked = [("first", read.first)]
    for name, step in read.steps.items():
        asked += [(f"steps.{name}.from", state) for state in step.from_] + [(f"steps.{name}.to", step.to)]
    for place, state in asked:
        if state not in read.states:
            yield InjuryprevError(
                "no such state", where=f"{file} @ $.{place}", seen=state, expected=nearest(state, read.states)
            )
    kinds = set(ENTRY_KINDS) - {"correction"}
    for section, bookings in (("entries", read.entries), ("corrections", read.corrections)):
        for kind in sorted(kinds ^ set(bookings)):
            yield InjuryprevError(
                "a kind of entry that is not judged" if kind in kinds else "no such kind of entry",
                where=f"{file} @ $.{section}",
                seen=kind,
                expected=", ".join(sorted(kinds)),
            )
