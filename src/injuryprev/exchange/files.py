"""Files written whole or not at all: a temporary file beside the target, moved over it when complete."""

from __future__ import annotations

import contextlib
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TextIO

from injuryprev.errors import ReadError

_UNDER_WAY: Final[set[Path]] = set()
"""Temporary files and directories that are in use; whoever ends the program at once clears them away before."""
_TRIES: Final = 20
_PAUSE: Final = 0.1


@contextlib.contextmanager
def scratch_directory() -> Iterator[Path]:
    """A temporary directory (``TMPDIR`` says where), removed on leaving, whatever happened."""
    path = Path(tempfile.mkdtemp(prefix="injuryprev-"))
    _UNDER_WAY.add(path)
    try:
        yield path
    finally:
        # An engine that was stopped by an error may still be writing in threads of its own for a moment.
        for _ in range(_TRIES):
            shutil.rmtree(path, ignore_errors=True)
            if not path.exists():
                break
            time.sleep(_PAUSE)
        _UNDER_WAY.discard(path)


def clear_away() -> None:
    """Remove every temporary file and directory in use, before the program ends without leaving what it is in."""
    for path in tuple(_UNDER_WAY):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


@contextlib.contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """Yield a path to write to; on leaving without an error it replaces ``path``, otherwise it is removed.

    Raises:
        ReadError: The directory is missing or cannot be written.
    """
    # Beside the target, because only within one file system is the last step a single one.
    temporary = path.with_name(f".{path.stem}-{secrets.token_hex(4)}{path.suffix}")
    _UNDER_WAY.add(temporary)
    try:
        temporary.touch(exist_ok=False)
        yield temporary
        temporary.replace(path)
    except OSError as error:
        raise ReadError(
            "the file cannot be written",
            where=str(path),
            seen=error.strerror or str(error),
            expected="a directory that exists and may be written, and a file no other program holds open",
        ) from error
    finally:
        temporary.unlink(missing_ok=True)
        _UNDER_WAY.discard(temporary)


@contextlib.contextmanager
def atomic_text(path: Path, *, bom: bool = False, encoding: str = "utf-8") -> Iterator[TextIO]:
    """As :func:`atomic_path`, open for text; ``bom`` puts the mark that spreadsheets need to see UTF-8."""
    with (
        atomic_path(path) as temporary,
        temporary.open("w", encoding="utf-8-sig" if bom else encoding, newline="") as file,
    ):
        yield file
