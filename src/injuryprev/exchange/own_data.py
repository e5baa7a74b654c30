"""Targets and levels of alert of one's own: TOML files of the form of those that ship with the library."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from injuryprev.measures.focusing.alerts import AlertScheme, schemes_of
from injuryprev.measures.focusing.document import FocusFile
from injuryprev.measures.targets import Target, TargetFile

FileT = TypeVar("FileT")


def read_targets(path: str | Path) -> Mapping[str, Target]:
    """The targets of a file, by their names.

    Raises:
        ReadError: The file cannot be read, or is not TOML in UTF-8.
        ProfileError: Something in it is not what it must be; all problems are listed.
    """
    return _read(TargetFile, path, "file of targets").read(Path(path).name)


def read_alerts(path: str | Path) -> Mapping[str, AlertScheme]:
    """The levels of alert of a file, by their names.

    Raises:
        ReadError: The file cannot be read, or is not TOML in UTF-8.
        ProfileError: Something in it is not what it must be; all problems are listed.
    """
    return schemes_of(_read(FocusFile, path, "file of alerts"), Path(path).name)


def _read(kind: type[FileT], path: str | Path, what: str) -> FileT:
    from injuryprev.policy.loading import parse_as, read_raw  # noqa: PLC0415  # cattrs is loaded with the first file

    return parse_as(kind, read_raw(Path(path), what), Path(path).name)
