"""Which profiles there are, and how one is found by its id or its path."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from injuryprev.errors import InjuryprevError, ProfileError, UnknownNameError, nearest
from injuryprev.policy.profile import Profile

_SUFFIX = ".toml"


def builtin_files() -> dict[str, Path]:
    """The shipped profiles by id; the file's name is the id."""
    folder = Path(str(files("injuryprev") / "profiles"))
    return {path.stem: path for path in sorted(folder.glob(f"*{_SUFFIX}"), key=lambda path: path.stem)}


def is_outside(name: str | Path) -> bool:
    """Whether a name is a path (it ends in ``.toml`` or has a folder in it) and not the id of an installed profile."""
    text = str(name)
    return isinstance(name, Path) or text.endswith(_SUFFIX) or "/" in text or "\\" in text


def find(name: str | Path) -> Path:
    """The file of a profile, given its path or the id of an installed one.

    Raises:
        UnknownNameError: No profile has this id; the nearest ids are named.
    """
    if is_outside(name):
        return Path(name)
    text = str(name)
    known = builtin_files()
    if text not in known:
        raise UnknownNameError(
            f"there is no profile {text!r}", where="load_profile", seen=text, expected=nearest(text, known)
        )
    return known[text]


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


def installed() -> Iterator[Profile]:
    """Every installed profile, in the order of ids."""
    for path in builtin_files().values():
        yield _load(path, ())
