"""Where commands write: never over what they read, nor twice in one place; one rule for all commands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand

from injuryprev.cli.common import usage
from injuryprev.cli.said import beside
from injuryprev.exchange.locate import table_of


class Command(TyperCommand):
    """A command that looks, before it does anything, at where it is to write."""

    def invoke(self, ctx: Any) -> Any:
        """See to the places, and run."""
        check_places(ctx.params)
        return super().invoke(ctx)


def check_places(given: Mapping[str, Any]) -> None:
    """See that what a command writes overwrites neither itself nor what is read.

    Args:
        given: The options and arguments of a command by name: ``out_file`` and ``rejects`` are written, and whatever
            else is the name of a file or of a directory that is there is read.

    Raises:
        BadParameter: A file twice, or a place in which the next run would read it as a table.
    """
    out_file, rejects = (None if given.get(name) is None else Path(given[name]) for name in ("out_file", "rejects"))
    read = list(_read(given))
    written: list[Path] = []
    by_default = None if "rejects" not in given or rejects is not None else beside(out_file)
    for option, place in (("--out", out_file), ("--rejects", rejects), ("the rejects of --out, at", by_default)):
        if place is None:
            continue
        if any(_same(place, one) or (one.is_dir() and _table_in(one, place)) for one in read):
            raise usage(f"{option} {place}: is read by this very command and would be lost")
        if any(_same(place, one) for one in written):
            raise usage(f"{option} {place}: is written by this very command and would be lost")
        written.append(place)
    if rejects is not None and (old := beside(out_file)) is not None and old.exists() and not _same(old, rejects):
        typer.echo(f"{old} is of an earlier run; what is rejected now goes to {rejects}", err=True)


def _read(given: Mapping[str, Any]) -> Iterator[Path]:
    for name, value in given.items():
        if name not in ("out_file", "rejects"):
            for one in value if isinstance(value, (list, tuple)) else (value,):
                if isinstance(one, (str, Path)) and str(one) and _there(Path(one)):
                    yield Path(one)


def _there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a text that is no name of a file, such as one that is too long
        return False


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve() or (one.exists() and other.exists() and one.samefile(other))


def _table_in(directory: Path, place: Path) -> bool:
    """Whether a file there would be read as a table of the directory, if not by this run then by the next."""
    return place.parent.resolve() == directory.resolve() and table_of(place) is not None
