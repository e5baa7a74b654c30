"""Which file holds which table: in a directory, in a workbook, or as the caller says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from injuryprev.errors import ReadError, nearest
from injuryprev.exchange.findings import Finding
from injuryprev.exchange.headers import TABLES, fold, table_names
from injuryprev.exchange.sources import CSV_SUFFIXES, PARQUET, SUFFIXES, open_workbook
from injuryprev.words import Words

Stated = Mapping[str, str | Path | Sequence[str | Path]]
Location = str | Path | Stated
Files = dict[str, list[tuple[Path, str | None]]]


def locate(source: Location, instead: Stated | None = None) -> tuple[Files, list[Finding]]:
    """The files (and sheets) of each table, those named in ``instead`` first; and files that look like tables.

    Raises:
        ReadError: Nothing there, no table of employers, or two files of one name.
    """
    findings: list[Finding] = []
    if isinstance(source, Mapping):
        files, where = _stated(source), "the files given"
    else:
        path, where = Path(source), str(source)
        if path.is_dir():
            files = _in_directory(path, findings)
        elif path.is_file() and path.suffix.lower() in SUFFIXES and path.suffix.lower() not in CSV_SUFFIXES:
            files = _in_workbook(path, findings)
        else:
            raise ReadError(
                "no directory and no workbook" if path.exists() else "no such directory or workbook",
                where=where,
                expected="a directory with employers.csv and so on, or a workbook with one sheet per table",
            )
    files.update(_stated(instead or {}))
    if "employers" not in files:
        words = ", ".join(("employers", *TABLES["employers"].zh))
        raise ReadError(
            "there is no table of employers",
            where=where,
            seen=", ".join(sorted({str(path) for paths in files.values() for path, _ in paths})) or "no table at all",
            expected=f"a file or sheet named {words}",
        )
    return files, findings


def _stated(source: Stated) -> Files:
    files: Files = {}
    for name, given in source.items():
        if name not in TABLES:
            raise ReadError("no such table", where="read_area", seen=name, expected=nearest(name, TABLES))
        paths = [given] if isinstance(given, (str, Path)) else list(given)
        if paths:
            files[name] = [(Path(path), None) for path in paths]
    return files


def _in_directory(directory: Path, findings: list[Finding]) -> Files:
    files: Files = {}
    stems: dict[str, Path] = {}
    for path in sorted(directory.iterdir()):
        # Names that begin with a dot or ~ are the locks and temporary files of other programs.
        if path.name.startswith((".", "~")) or not path.is_file() or path.suffix.lower() not in _IN_DIRECTORY:
            continue
        name = table_of(path)
        if name is None:
            findings.append(_unread(str(path), fold(_stem(path))))
            continue
        key = f"{name} {fold(path.stem)}"
        if key in stems:
            raise ReadError(
                f"two files of one name hold the table {name}, and both would be counted",
                where=str(directory),
                seen=f"{stems[key].name}, {path.name}",
                expected="one of them",
            )
        stems[key] = path
        files.setdefault(name, []).append((path, None))
    return files


_IN_DIRECTORY: Final = (*SUFFIXES, ".xls", PARQUET)


def table_of(path: Path) -> str | None:
    """The table that a file in a directory holds, by its name; ``None`` where it is not read as one.

    >>> table_of(Path("payments-2024.csv")), table_of(Path("notes.csv"))
    ('payments', None)
    """
    names = table_names()
    if path.suffix.lower() not in _IN_DIRECTORY:
        return None
    return names.get(fold(path.stem)) or names.get(fold(_stem(path)))


def _stem(path: Path) -> str:
    """The name without the part after a hyphen: payments-2024.csv and payments_2024.csv are parts of one table."""
    return path.stem.replace("_", "-").partition("-")[0]


def _in_workbook(path: Path, findings: list[Finding]) -> Files:
    names = table_names()
    workbook = open_workbook(path)
    files: Files = {}
    for title in workbook.sheetnames:
        name = names.get(fold(title))
        if name is None:
            findings.append(_unread(f"{path}[{title}]", fold(title)))
        else:
            files.setdefault(name, []).append((path, title))
    workbook.close()
    return files


def _unread(label: str, seen: str) -> Finding:
    words = Words(f"not the name of a table, so it was not read; {nearest(seen, TABLES)}", "名称不是任何一张表，未读取")
    return Finding(label, None, None, None, words, "warn", "unknown_file")
