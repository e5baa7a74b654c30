"""The engines that count, rate and write: each scans Parquet files lazily and writes what comes out in a stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Protocol

import attrs
import polars as pl

from injuryprev.errors import ReadError, UnknownNameError, nearest
from injuryprev.exchange.columnar.staging import Part

PARQUET: Final = ".parquet"
WRITTEN: Final = (".parquet", ".csv")


class Engine(Protocol):
    """What rating asks of an engine; frames are of the engine's own kind."""

    @property
    def name(self) -> str:
        """As ``--engine`` has it."""

    def scan(self, parts: Sequence[Part], columns: Sequence[str] | None = None) -> Any:
        """The rows of one table; columns that a part lacks are null there."""

    def write(self, frame: Any, path: Path) -> None:
        """Write a frame in a stream, in the format of the suffix."""


@attrs.frozen
class _Polars:
    name: str = "polars"

    def scan(self, parts: Sequence[Part], columns: Sequence[str] | None = None) -> pl.LazyFrame:
        frames = [part.scan().select(*part.columns) for part in parts]
        frame = frames[0] if len(frames) == 1 else pl.concat(frames, how="diagonal_relaxed")
        return frame if columns is None else frame.select(columns)

    def write(self, frame: Any, path: Path) -> None:
        if path.suffix.lower() == PARQUET:
            frame.sink_parquet(path)
        else:
            frame.sink_csv(path)


@attrs.frozen
class _DuckDB:
    connection: Any
    name: str = "duckdb"

    def scan(self, parts: Sequence[Part], columns: Sequence[str] | None = None) -> Any:
        selects = []
        for part in parts:
            picked = ", ".join(f"{_quoted(actual)} AS {_quoted(name)}" for name, actual in part.columns.items())
            selects.append(f"SELECT {picked} FROM read_parquet({_text(str(part.path))})")  # noqa: S608  # quoted above
        relation = self.connection.sql(" UNION ALL BY NAME ".join(selects))
        return relation if columns is None else relation.select(", ".join(map(_quoted, columns)))

    def write(self, frame: Any, path: Path) -> None:
        # Through COPY both ways: the relation is written batch by batch, and never held as a whole.
        if path.suffix.lower() == PARQUET:
            frame.write_parquet(str(path), compression="zstd")
        else:
            frame.write_csv(str(path), header=True)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@contextmanager
def _polars(_scratch: Path) -> Iterator[Engine]:
    yield _Polars()


@contextmanager
def _duckdb(scratch: Path) -> Iterator[Engine]:
    try:
        import duckdb  # noqa: PLC0415 - only who asks for it needs it
    except ImportError as error:  # pragma: no cover - the tests have it
        raise ReadError(
            "the engine duckdb is not installed", where="--engine", expected="pip install 'injuryprev[duckdb]'"
        ) from error
    spill = scratch / "spill"
    connection = duckdb.connect(config={"temp_directory": str(spill)})
    try:
        yield _DuckDB(connection)
    finally:
        connection.close()


ENGINES: Final[Mapping[str, Callable[[Path], Any]]] = {"polars": _polars, "duckdb": _duckdb}
"""By name: what opens an engine for the while; it may spill into the directory given."""


def open_engine(name: str, scratch: Path) -> Any:
    """Open an engine; a context manager.

    Raises:
        UnknownNameError: No such engine.
        ReadError: It is not installed.
    """
    if name not in ENGINES:
        raise UnknownNameError(
            "no such engine", where="--engine", seen=name, expected=nearest(name, ("records", *ENGINES))
        )
    return ENGINES[name](scratch)
