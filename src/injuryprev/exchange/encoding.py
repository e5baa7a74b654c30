"""Which encoding a text file is in: UTF-8, with or without its mark, or else GB18030, the Chinese national standard."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from injuryprev.errors import ReadError

_CHUNK: Final = 1 << 16
# What a file is when it is no text at all, whatever its name says.
_MAGIC: Final = {
    b"PK\x03\x04": ("an Excel workbook (.xlsx) or a zip archive", "the suffix .xlsx if it is a workbook"),
    b"\xd0\xcf\x11\xe0": ("an Excel workbook of the old kind (.xls)", "the workbook saved anew as .xlsx"),
    b"\xff\xfe": ("text in UTF-16", "the file saved anew as CSV UTF-8"),
    b"\xfe\xff": ("text in UTF-16", "the file saved anew as CSV UTF-8"),
}
_CHINESE: Final = re.compile("[\x00-\x7f·\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]*")


def sniff(path: Path) -> tuple[str, bool]:
    """The encoding of a CSV file, by reading all of it, and whether it could as well be another.

    UTF-8 is tried first, because Chinese text in GB18030 is almost never valid UTF-8.  "Almost": 某 in GB18030 has the
    bytes of ĳ in UTF-8.  So where UTF-8 gives no Chinese at all, but GB18030 gives nothing else, it is GB18030, and
    the reader is told.

    Raises:
        ReadError: The bytes fit neither encoding (the message names the first byte that does not), or the file is
            not text.
    """
    with path.open("rb") as file:
        start = file.read(4)
    for magic, (what, expected) in _MAGIC.items():
        if start.startswith(magic):
            raise ReadError("not a CSV file", where=str(path), seen=what, expected=expected)
    as_utf8 = _attempt(path, "utf-8")
    if isinstance(as_utf8, str):
        unsure = "\x7f" < as_utf8 < "\u0800" and not start.startswith(codecs.BOM_UTF8) and _is_chinese(path)
        return ("gb18030", True) if unsure else ("utf-8-sig", False)
    as_gb = _attempt(path, "gb18030")
    if isinstance(as_gb, str):
        return "gb18030", False
    raise ReadError(
        "the bytes of this file are in no encoding that is read",
        where=f"{path} byte {as_utf8[0]}",
        seen=f"0x{as_utf8[1]:02x} is not UTF-8; 0x{as_gb[1]:02x} at byte {as_gb[0]} is not GB18030",
        expected="UTF-8 (with or without byte-order mark) or GB18030, both tried",
    )


def _attempt(path: Path, encoding: str) -> str | tuple[int, int]:
    """The highest character of the file, or offset and value of the first byte that does not fit."""
    highest = ""
    offset = 0
    decoder = codecs.getincrementaldecoder(encoding)()
    for chunk in _chunks(path):
        held = decoder.getstate()[0]
        try:
            highest = max(highest, max(decoder.decode(chunk, final=not chunk), default=""))
        except UnicodeDecodeError as error:
            # The decoder sees the bytes it held back from the chunk before, then the chunk.
            return offset - len(held) + error.start, error.object[error.start]
        offset += len(chunk)
    return highest


def _is_chinese(path: Path) -> bool:
    """Whether the file is GB18030 text of Chinese and ASCII alone."""
    decoder = codecs.getincrementaldecoder("gb18030")()
    try:
        return all(_CHINESE.fullmatch(decoder.decode(chunk, final=not chunk)) for chunk in _chunks(path))
    except UnicodeDecodeError:
        return False


def _chunks(path: Path) -> Iterator[bytes]:
    """The file in pieces, the last one empty."""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
    yield b""
