"""Reading a profile file: strict TOML into the document classes, every problem reported with ``file @ path``.

This is the only module of the policy room that imports cattrs; it is itself imported when a profile is first loaded.
"""

from __future__ import annotations

import errno
import re
import tomllib
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeVar

from cattrs.errors import (
    ClassValidationError,
    IterableValidationError,
)

from injuryprev.errors import ProfileError, ReadError
from injuryprev.policy.document import Document
from injuryprev.policy.structure import problems, structured

T = TypeVar("T")
MAX_BYTES: Final = 1_000_000
_MOST_PARTS: Final = 32
# Reading a dotted key takes time and memory by the square of its parts; this looks at each byte about once.
_DEEP_KEY: Final = re.compile(rb"""(?:(?:(?<![\w-])[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){%d}""" % _MOST_PARTS)


def read_document(path: Path) -> Document:
    """Read and structure one profile file.

    Raises:
        ReadError: There is no such file, it is too large, or it is not TOML in UTF-8.
        ProfileError: Entries are not what the format says; all of them are listed.
    """
    return parse_document(read_raw(path, "profile"), str(path))


def read_raw(path: Path, what: str) -> bytes:
    """The bytes of a TOML file; ``what`` names it in errors.

    Raises:
        ReadError: There is no such file, or it is too large.
    """
    try:
        if path.exists() and not path.is_file():  # a pipe or a device could be read for ever
            raise IsADirectoryError(errno.EISDIR, "it is not a plain file")
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ReadError(
            f"this {what} cannot be read", where=str(path), seen=error.strerror, expected="a readable TOML file"
        ) from error
    if len(raw) > MAX_BYTES:
        raise ReadError(
            f"this {what} is too large",
            where=str(path),
            seen=f"{path.stat().st_size} bytes",
            expected=f"at most {MAX_BYTES}",
        )
    return raw


@lru_cache(maxsize=64)
def parse_document(raw: bytes, file: str) -> Document:
    """Structure the bytes of a profile; ``file`` names it in errors.

    The same bytes make the same document, which nothing changes afterwards, so that a parent is not read anew for
    every region that extends it.
    """
    return parse_as(Document, raw, file)


def parse_as(kind: type[T], raw: bytes, file: str) -> T:
    """Structure the bytes of any TOML file of this library as its class, as strictly as a profile.

    Args:
        kind: A frozen attrs class whose fields are the keys of the file.
        raw: The file.
        file: Its name in errors.

    Raises:
        ReadError: It is not TOML in UTF-8.
        ProfileError: Entries are not what the class says; all of them are listed.
    """
    if deep := _DEEP_KEY.search(raw):
        raise ReadError(
            "a key of too many parts", where=file, seen=f"byte {deep.start()}", expected=f"at most {_MOST_PARTS} parts"
        )
    try:
        data = tomllib.loads(raw.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError as error:
        raise ReadError(
            "a profile is written in UTF-8", where=file, seen=f"byte {error.start}", expected="UTF-8"
        ) from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits is no TOMLDecodeError
        raise ReadError("this file is not TOML", where=file, seen=str(error), expected="TOML 1.0") from error
    try:
        return structured(data, kind)
    except (ClassValidationError, IterableValidationError) as error:
        raise ProfileError(file, problems(error, file, "$")) from None
