"""Profiles that other packages bring: found by their entry points, without running anything of theirs.

A package names a folder of its own in the group ``injuryprev.profiles``; every TOML file in it is a profile.  The
folder is looked up, never imported, so that a profile from outside can do nothing but be read.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import EntryPoint, distributions, entry_points
from importlib.resources import files as resource_files
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import attrs

from injuryprev.errors import InjuryprevError

GROUP: Final = "injuryprev.profiles"
_SUFFIX: Final = ".toml"
_UNREADABLE: Final = (TypeError, ValueError, KeyError, AttributeError, OSError)
"""What the standard library raises of metadata that are not what they should be."""
MOST_FILES: Final = 1000
"""Profiles that one plug-in may bring."""


@attrs.frozen
class File:
    """A profile file and the plug-in that brings it."""

    path: Path
    plugin: str


@attrs.frozen
class Found:
    """What plug-ins bring: files by id, ids that clash, and plug-ins that cannot be used."""

    files: dict[str, File]
    clashes: dict[str, list[InjuryprevError]]
    problems: list[InjuryprevError]


def builtin_files() -> dict[str, Path]:
    """The shipped profiles by id; the file's name is the id."""
    folder = Path(str(resource_files("injuryprev") / "profiles"))
    return {path.stem: path for path in sorted(folder.glob(f"*{_SUFFIX}"), key=lambda path: path.stem)}


def find() -> Found:
    """Everything that installed plug-ins bring.

    A shipped profile is never replaced: a file of its id is a clash, and so is an id that two plug-ins bring.
    """
    by_id: dict[str, list[File]] = {}
    problems: list[InjuryprevError] = []
    for entry in sorted(_entries(problems), key=lambda entry: (entry.name, entry.value)):
        try:
            for path in _profiles(entry):
                brought = by_id.setdefault(path.stem, [])
                if all(one.path != path for one in brought):  # a folder named twice brings its files once
                    brought.append(File(path, _named(entry)))
        except InjuryprevError as error:
            problems.append(error)
    clashes: dict[str, list[InjuryprevError]] = {}
    shipped = builtin_files()
    for name, brought in by_id.items():
        if name in shipped or len(brought) > 1:
            others = ["injuryprev itself"] if name in shipped else []
            clashes[name] = [_clash(name, file, [*others, *(one.plugin for one in brought if one is not file)])
                             for file in brought]  # fmt: skip
    return Found({name: brought[0] for name, brought in by_id.items() if name not in clashes}, clashes, problems)


def _entries(problems: list[InjuryprevError]) -> list[EntryPoint]:
    """The entry points of the group; a package whose list of them cannot be read costs no other its own."""
    try:
        return list(entry_points(group=GROUP))
    except _UNREADABLE:  # raised for all packages at once, so each is asked by itself
        pass
    found: dict[str, list[EntryPoint]] = {}
    for package in distributions():
        try:
            if package.name not in found:  # the first on the path is the one that counts, as in entry_points
                found[package.name] = list(package.entry_points.select(group=GROUP))
        except _UNREADABLE as error:
            found[package.name] = []
            problems.append(
                InjuryprevError(
                    "its entry points cannot be read",
                    where=f"plug-in {package.name}, entry_points.txt",
                    seen=f"{error}",
                    expected="lines of name = value",
                )
            )
    return [entry for entries in found.values() for entry in entries]


def _named(entry: EntryPoint) -> str:
    """The distribution that declares the entry point, else the name it has there."""
    return entry.dist.name if entry.dist is not None else entry.name


def _clash(name: str, file: File, others: list[str]) -> InjuryprevError:
    return InjuryprevError(
        f"a profile {name!r} is there already",
        where=f"plug-in {file.plugin}, {file.path.name}",
        seen=name,
        expected=f"an id of its own; this one is that of {' and of '.join(others)}",
    )


def _profiles(entry: EntryPoint) -> Iterator[Path]:
    where = f"plug-in {_named(entry)}, entry point {entry.name}"
    package, *inside = entry.value.split(".")
    expected = f'{entry.name} = "package" or "package.folder", a folder with profiles'
    try:
        spec = find_spec(package) if all(part.isidentifier() for part in (package, *inside)) else None
    except (ImportError, ValueError, AttributeError):  # a half-removed package
        spec = None
    if spec is None or not spec.submodule_search_locations:
        raise InjuryprevError("its package is not there", where=where, seen=entry.value, expected=expected)
    folders = [Path(place).joinpath(*inside) for place in spec.submodule_search_locations]
    found = [path for folder in folders for path in sorted(folder.glob(f"*{_SUFFIX}"))]
    if not found or len(found) > MOST_FILES:
        what = "it brings no profile" if not found else "it brings too many profiles"
        raise InjuryprevError(what, where=where, seen=f"{len(found)} files in {entry.value}", expected=expected)
    yield from found
