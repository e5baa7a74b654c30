"""The books of a year in a file: an SQLite database to which lines are added, and from which none is taken."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from injuryprev.errors import ReadError
from injuryprev.prevention.chain import Head, Row, Writer

_SCHEMA: Final = """
CREATE TABLE entry (number INTEGER PRIMARY KEY, body TEXT NOT NULL, hash TEXT NOT NULL);
CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), number INTEGER NOT NULL, hash TEXT NOT NULL);
CREATE TRIGGER entry_stays BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'entries are added only'); END;
CREATE TRIGGER entry_is_kept BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'entries are added only'); END;
"""
_APPLICATION: Final = 0x494E4C44
"""Says in the file what it is."""
_PATIENCE: Final = 60.0
"""Seconds to wait for another process that is writing."""
_GIVE_UP: Final = 1000
"""Unreadable lines in a row after which the rest of a damaged file is not looked for, where its end is not known."""


_GONE: Final = Head(-1, "")


class SqliteStore:
    """Lines of a ledger in a file.

    Several processes may read and write at once: each takes the file for itself while it judges and writes one entry.
    A file that was cut off or altered is read as far as it can be; the ledger names what is missing.

    Args:
        path: The file; it is made where it is not there.

    Raises:
        ReadError: The file is something else, or cannot be made.
    """

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)
        try:
            if not self._path.exists():
                self._make()
            if not self._path.stat().st_size:
                raise self._unreadable("nothing: the file was cut off to its beginning, or was made empty")
            with self._opened() as file:
                kind = file.execute("PRAGMA application_id").fetchone()[0]
        except (OSError, sqlite3.DatabaseError) as error:
            raise self._unreadable(str(error)) from error
        if kind != _APPLICATION:
            raise self._unreadable("another kind of database")

    def _unreadable(self, seen: str) -> ReadError:
        return ReadError(
            "not the books of a year",
            where=str(self._path),
            seen=seen,
            expected="a file of SqliteStore, in a folder that is there",
        )

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """The file; one that is gone is not begun anew, and one that others hold is not taken for damaged."""
        try:
            with closing(self._open(self._path, "rw")) as file:
                yield file
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise ReadError(
                    "the books are held by somebody else",
                    where=str(self._path),
                    seen=f"{error}, for {_PATIENCE:g} seconds",
                    expected="books that are free: try again, or look for a program that stopped in the middle",
                ) from error
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_CANTOPEN:
                raise self._unreadable("nothing: the file is gone, or may not be opened") from error
            raise

    @staticmethod
    def _open(path: Path, mode: str) -> sqlite3.Connection:
        place = f"{path.absolute().as_uri()}?mode={mode}"
        file = sqlite3.connect(place, timeout=_PATIENCE, isolation_level=None, uri=True)
        # Without it SQLite refuses a file that is shorter than it should be as a whole; reading what is left needs it.
        file.execute("PRAGMA writable_schema = ON")
        return file

    def _make(self) -> None:
        """Make the file whole before it bears its name: one of no length is then never new, but always cut off."""
        with tempfile.TemporaryDirectory(prefix=f"{self._path.name}-", dir=self._path.parent) as folder:
            made = Path(folder) / "new"
            with closing(self._open(made, "rwc")) as file:
                file.execute("BEGIN EXCLUSIVE")
                for statement in _SCHEMA.strip().split("\n"):
                    file.execute(statement)
                file.execute(f"PRAGMA application_id = {_APPLICATION}")
                file.execute("COMMIT")
            try:
                self._path.hardlink_to(made)
            except FileExistsError:  # somebody else was faster
                pass
            except OSError:  # a file system without links; it has no file of this name yet
                made.rename(self._path)

    def read(self, after: int) -> Iterable[Row]:
        """The lines with a higher number; one that cannot be read has no text."""
        with self._opened() as file:
            try:
                rows = file.execute("SELECT number, body, hash FROM entry WHERE number > ? ORDER BY number", (after,))
                return [Row(number, _text(body), str(seal)) for number, body, seal in rows]
            except sqlite3.DatabaseError as error:
                _see_to_turn(error)
                return list(_one_by_one(file, after))

    def head(self) -> Head | None:
        """The end as the file remembers it; ``None`` where nothing was written, ``Head(-1, "")`` where that is gone."""
        with self._opened() as file:
            try:
                found = file.execute("SELECT number, hash FROM head").fetchone()
                empty = found is None and file.execute("SELECT 1 FROM entry LIMIT 1").fetchone() is None
            except sqlite3.DatabaseError as error:
                _see_to_turn(error)
                return _GONE
        if empty:
            return None
        return Head(*found) if found is not None and isinstance(found[0], int) else _GONE

    @contextmanager
    def exclusive(self) -> Iterator[Writer]:
        """Take the file; what is written is kept when it is left without an error, all of it or none."""
        with self._opened() as file:
            try:
                file.execute("BEGIN IMMEDIATE")
            except sqlite3.DatabaseError as error:
                _see_to_turn(error)
                raise self._unreadable(str(error)) from error
            try:
                yield lambda row: _put(file, row)
            except BaseException:
                file.execute("ROLLBACK")
                raise
            file.execute("COMMIT")


def _see_to_turn(error: sqlite3.DatabaseError) -> None:
    """Let an error pass on that says nothing of the file: it is held by somebody else, or cannot be opened."""
    if isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode & 0xFF in (
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_CANTOPEN,
    ):
        raise error


def _put(file: sqlite3.Connection, row: Row) -> None:
    file.execute("INSERT INTO entry VALUES (?, ?, ?)", (row.number, row.body, row.hash))
    file.execute("INSERT OR REPLACE INTO head VALUES (1, ?, ?)", (row.number, row.hash))


def _text(body: object) -> str | None:
    return body if isinstance(body, str) else None


def _one_by_one(file: sqlite3.Connection, after: int) -> Iterator[Row]:
    """Line by line, since one page that is gone takes no other line with it."""
    number, failed = after, 0
    last = _last(file)
    while (number < last) if last is not None else failed < _GIVE_UP:
        number += 1
        try:
            found = file.execute("SELECT body, hash FROM entry WHERE number = ?", (number,)).fetchone()
        except sqlite3.DatabaseError:
            found = None
        failed = failed + 1 if found is None else 0
        if found is not None:
            yield Row(number, _text(found[0]), str(found[1]))


def _last(file: sqlite3.Connection) -> int | None:
    try:
        found = file.execute("SELECT number FROM head").fetchone()
    except sqlite3.DatabaseError:
        return None
    return found[0] if found is not None and isinstance(found[0], int) else None
