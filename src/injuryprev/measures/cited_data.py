"""Data that ships beside the measures (targets, levels of alert), read as strictly as a profile and cited as one is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

import attrs

from injuryprev.errors import InjuryprevError, InputError, ProfileError, UnknownNameError, nearest
from injuryprev.policy.document import Citation, Confidence, Source
from injuryprev.policy.rules import Cited, cite, weakest

DataT = TypeVar("DataT")


def check_word(value: object, known: Iterable[str], where: str) -> None:
    """Refuse a word that is none of a few.

    Raises:
        InputError: With the nearest.
    """
    known = tuple(known)
    if value not in known:
        raise InputError("no such word", where=where, seen=value, expected=nearest(str(value), known))


@attrs.frozen
class OneOf:
    """A field of a class that holds one of a few words, or nothing."""

    known: tuple[str, ...]
    owner: str

    def __call__(self, _: object, field: attrs.Attribute[Any], value: object) -> None:
        """Refuse another word."""
        if value is not None:
            check_word(value, self.known, f"{self.owner}.{field.name}")


@cache
def shipped(kind: type[DataT], name: str, folder: str = "measures") -> DataT:
    """A data file of this package as its class; ``folder`` says in which room it lies.

    Raises:
        ProfileError: The file is not what its class says; all problems are listed.
    """
    from injuryprev.policy.loading import parse_as  # noqa: PLC0415  # cattrs is loaded with the first file

    return parse_as(kind, (files("injuryprev") / folder / name).read_bytes(), name)


def cited(citations: tuple[Citation, ...], sources: dict[str, Source], where: str) -> tuple[Cited, ...]:
    """The citations of an entry with their documents.

    Raises:
        ProfileError: A citation names no document of the file.
    """
    for citation in citations:
        if citation.document not in sources:
            file, expected = where.partition(" @ ")[0], nearest(citation.document, sources)
            problem = InjuryprevError("no such source", where=where, seen=citation.document, expected=expected)
            raise ProfileError(file, [problem])
    return cite(sources, citations)


def confidence_of(stated: Confidence | None, cited: Iterable[Cited]) -> Confidence:
    """As an entry says, else the weakest of its sources."""
    return stated or weakest([one.confidence for one in cited])


def named(kind: str, name: str, known: Mapping[str, DataT]) -> DataT:
    """The entry of a name.

    Raises:
        UnknownNameError: Nothing has this name; the nearest are named.
    """
    if name not in known:
        raise UnknownNameError(f"there is no such {kind}", where=kind, seen=name, expected=nearest(name, known))
    return known[name]
