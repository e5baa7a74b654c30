"""Which encoding a file is in."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from injuryprev.errors import ReadError
from injuryprev.exchange.encoding import sniff

TEXT = "单位编号,单位名称\nE1,虚构采矿公司\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode("utf-8"), "utf-8-sig"),
        (codecs.BOM_UTF8 + TEXT.encode("utf-8"), "utf-8-sig"),
        (TEXT.encode("gb18030"), "gb18030"),
        (b"id\nE1\n", "utf-8-sig"),
        (b"", "utf-8-sig"),
    ],
)
def test_utf8_with_or_without_mark_or_gb18030(tmp_path: Path, data: bytes, encoding: str) -> None:
    """Each of the encodings that agencies use is told from the bytes alone."""
    path = tmp_path / "employers.csv"
    path.write_bytes(data)
    assert sniff(path) == (encoding, False)


def test_a_file_in_neither_names_the_byte_and_what_was_tried(tmp_path: Path) -> None:
    """The message has the offset and value of the first byte that does not fit, and both encodings."""
    path = tmp_path / "employers.csv"
    path.write_bytes(b"id,name\nE1,ab\xff\n")
    with pytest.raises(ReadError) as caught:
        sniff(path)
    for part in ("employers.csv byte 13", "0xff", "UTF-8", "GB18030"):
        assert part in str(caught.value)


@pytest.mark.parametrize("padding", [65_535, 65_536, 65_537, 131_071])
def test_the_byte_is_counted_across_pieces(tmp_path: Path, padding: int) -> None:
    """A character cut by the reader's buffer is neither an error nor a wrong offset."""
    path = tmp_path / "employers.csv"
    path.write_bytes(b"a" * padding + "业".encode())
    assert sniff(path) == ("utf-8-sig", False)
    path.write_bytes(b"a" * padding + "业".encode() + b"\xff\xff")
    with pytest.raises(ReadError, match=f"byte {padding + 3}:"):
        sniff(path)


def test_some_gb18030_is_valid_utf8_too(tmp_path: Path) -> None:
    """某 has the bytes of ĳ: it is read as Chinese, and the reader is told that it is not sure."""
    path = tmp_path / "employers.csv"
    path.write_bytes("id,area\nE1,某\n".encode("gb18030"))
    assert sniff(path) == ("gb18030", True)
    path.write_bytes("id,area\nE1,ĳ\n".encode("utf-8-sig"))
    assert sniff(path) == ("utf-8-sig", False)


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"PK\x03\x04rest", ".xlsx"), (b"\xd0\xcf\x11\xe0rest", ".xls"), ("id\nE1".encode("utf-16"), "UTF-16")],
)
def test_what_is_no_text_is_named_for_what_it_is(tmp_path: Path, data: bytes, words: str) -> None:
    """A workbook with the suffix .csv, and text in UTF-16, are refused by their own names."""
    path = tmp_path / "employers.csv"
    path.write_bytes(data)
    with pytest.raises(ReadError) as caught:
        sniff(path)
    assert words in str(caught.value)


@given(st.text(st.characters(codec="gb18030", min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=3, max_size=60))
def test_chinese_text_comes_back_from_gb18030(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """Whatever Chinese is written in GB18030 is read as that, never as something else."""
    path = tmp_path_factory.mktemp("gb") / "a.csv"
    path.write_bytes(text.encode("gb18030"))
    assert path.read_bytes().decode(sniff(path)[0]) == text
