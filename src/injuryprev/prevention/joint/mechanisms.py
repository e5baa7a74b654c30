"""Published mechanisms of joint action, read from data; what their documents were not seen to say stays unknown."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final, Literal

import attrs

from injuryprev.errors import InputError
from injuryprev.measures.cited_data import cited, named, shipped
from injuryprev.model.coordination import Member
from injuryprev.policy.document import Citation, Source
from injuryprev.policy.rules import Cited
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

_FILE: Final = "mechanisms.toml"


@attrs.frozen(kw_only=True)
class MemberEntry:
    """A member as the data writes it."""

    id: str
    name: Words
    role: str = "member"


@attrs.frozen(kw_only=True)
class SystemEntry:
    """A system (制度) as the data writes it: its name, or why that is not known."""

    name: str | None = None
    title: Words = Words()
    unknown: Words | None = None

    def __attrs_post_init__(self) -> None:
        if (self.name is None) == (self.unknown is None):
            raise InputError("a system has a name, or it is said why not", where="systems", expected="name or unknown")


@attrs.frozen(kw_only=True)
class MechanismEntry:
    """A mechanism as the data writes it."""

    title: Words
    place: Words
    source: tuple[Citation, ...]
    members: tuple[MemberEntry, ...] = ()
    members_unknown: Words | None = None
    systems: tuple[SystemEntry, ...] = ()
    note: Words = Words()


@attrs.frozen(kw_only=True)
class File:
    """The file of mechanisms as a whole."""

    format: Literal[1]
    sources: dict[str, Source]
    mechanisms: dict[str, MechanismEntry]


@attrs.frozen(kw_only=True)
class Mechanism:
    """A mechanism of joint action (联动机制).

    Args:
        name: Its key.
        title: What it is called.
        place: Where.
        members: Who takes part, or why that is not known.
        systems: Its systems (制度) by name, with their words; one of which not even the name is known is ``Unknown``.
        cited: Its documents.
        note: What a reader must know.
    """

    name: str
    title: Words
    place: Words
    members: tuple[Member, ...] | Unknown
    systems: tuple[tuple[str, Words] | Unknown, ...]
    cited: tuple[Cited, ...]
    note: Words


@cache
def _mechanisms() -> Mapping[str, Mechanism]:
    file = shipped(File, _FILE, "prevention/joint")
    return {name: _mechanism(name, entry, file.sources) for name, entry in file.mechanisms.items()}


def _mechanism(name: str, entry: MechanismEntry, sources: dict[str, Source]) -> Mechanism:
    documents = cited(entry.source, sources, f"{_FILE} @ $.mechanisms.{name}.source")
    where = documents[0].text() if documents else ""
    members: tuple[Member, ...] | Unknown = tuple(Member(one.id, one.name, one.role) for one in entry.members)
    if entry.members_unknown is not None:
        members = Unknown((Reason("not_known", "members", entry.members_unknown, where),))
    return Mechanism(
        name=name,
        title=entry.title,
        place=entry.place,
        members=members,
        systems=tuple(
            (one.name, one.title)
            if one.name is not None
            else Unknown((Reason("not_known", "system", one.unknown or Words(), where),))
            for one in entry.systems
        ),
        cited=documents,
        note=entry.note,
    )


def list_mechanisms() -> tuple[Mechanism, ...]:
    """The mechanisms that ship with the library."""
    return tuple(_mechanisms().values())


def mechanism(name: str) -> Mechanism:
    """A shipped mechanism by name.

    Raises:
        UnknownNameError: There is none of this name; the nearest are named.

    >>> from injuryprev.unknown import Unknown
    >>> [one[0] for one in mechanism("dalian").systems if not isinstance(one, Unknown)]
    ['joint_conference', 'accident_bulletin', 'joint_inspection']
    """
    return named("mechanism", name, _mechanisms())
