"""Which profiles there are, and how one is found by its id or its path."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from injuryprev.errors import InjuryprevError, ProfileError, UnknownNameError, nearest
from injuryprev.policy import plugins
from injuryprev.policy.plugins import builtin_files
from injuryprev.policy.profile import Profile

__all__ = ["MOST_PARENTS", "broken", "builtin_files", "find", "installed", "is_outside", "load"]

_SUFFIX = ".toml"
MOST_PARENTS: Final = 16
"""Levels of profiles that extend one another: more than any country has districts within districts."""


def is_outside(name: str | Path) -> bool:
    """Whether a name is a path (it ends in ``.toml`` or has a folder in it) and not the id of an installed profile."""
    text = str(name)
    return isinstance(name, Path) or text.endswith(_SUFFIX) or "/" in text or "\\" in text


def find(name: str | Path) -> Path:
    """The file of a profile, given its path or the id of an installed one.

    Raises:
        UnknownNameError: No profile has this id; the nearest ids are named.
        ProfileError: Several plug-ins bring a profile of this id.
    """
    if is_outside(name):
        return Path(name)
    text = str(name)
    known = builtin_files()
    if text in known:
        return known[text]
    plugged = plugins.find()
    if text in plugged.files:
        return plugged.files[text].path
    if text in plugged.clashes:
        raise ProfileError(text, plugged.clashes[text])
    raise UnknownNameError(
        f"there is no profile {text!r}",
        where="load_profile",
        seen=text,
        expected=nearest(text, [*known, *plugged.files]),
    )


def load(name: str | Path) -> Profile:
    """Load a profile and everything it extends.

    A profile that extends another looks for it beside its own file first, then among the installed ones.

    Raises:
        UnknownNameError: No such profile.
        ReadError: The file cannot be read.
        ProfileError: The file is not a profile, or extends in a circle.
    """
    return _load(find(name), ())


def _load(path: Path, below: tuple[str, ...]) -> Profile:
    from injuryprev.policy.loading import read_document  # noqa: PLC0415  # cattrs is loaded with the first profile

    document = read_document(path)
    head, file = document.profile, path.name
    if path.stem != head.id:
        raise ProfileError(
            file,
            [
                InjuryprevError(
                    "a profile's file is named after its id",
                    where=f"{file} @ $.profile.id",
                    seen=head.id,
                    expected=f"{path.stem!r}, or the file to be called {head.id}{_SUFFIX}",
                )
            ],
        )
    if not head.extends:
        return Profile(document, file)
    if len(below) > MOST_PARENTS:
        what = "profiles extend one another too deeply"
        raise ProfileError(
            file,
            [InjuryprevError(what, where=f"{file} @ $.profile.extends", expected=f"at most {MOST_PARENTS} levels")],
        )
    if head.extends in (head.id, *below):
        circle = " -> ".join([*below, head.id, head.extends])
        raise ProfileError(
            file,
            [InjuryprevError("profiles extend in a circle", where=f"{file} @ $.profile.extends", seen=circle)],
        )
    beside = path.with_name(head.extends + _SUFFIX)
    try:
        parent = beside if beside.exists() else find(head.extends)
    except UnknownNameError as error:
        where = f"{file} @ $.profile.extends"
        raise ProfileError(
            file, [UnknownNameError(error.what, where=where, seen=error.seen, expected=error.expected)]
        ) from None
    return Profile(document, file, _load(parent, (*below, head.id)))


def installed() -> Iterator[tuple[Profile, str]]:
    """Every installed profile with the plug-in that brings it (of a shipped one, nothing), in the order of ids.

    What a plug-in brings and cannot be read is left out here; ``broken`` says why.
    """
    found = [(_load(path, ()), "") for path in builtin_files().values()]
    found += [(profile, plugged.plugin) for profile, plugged, _ in _plugged() if profile is not None]
    yield from sorted(found, key=lambda pair: pair[0].id)


def broken() -> list[InjuryprevError]:
    """What is wrong with plug-ins: those that cannot be found, and files of theirs that are no profiles or clash."""
    plugged = plugins.find()
    problems = [*plugged.problems, *(one for clash in plugged.clashes.values() for one in clash)]
    return problems + [problem for _, _, problem in _plugged() if problem is not None]


def _plugged() -> Iterator[tuple[Profile | None, plugins.File, InjuryprevError | None]]:
    for file in plugins.find().files.values():
        try:
            profile = _load(file.path, ())
        except InjuryprevError as error:
            where = f"plug-in {file.plugin}, {file.path.name}"
            yield None, file, InjuryprevError(error.what, where=where, seen=error.seen, expected=error.expected)
        else:
            yield profile, file, None
