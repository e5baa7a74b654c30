"""A page of headings, paragraphs and tables, written as Markdown or as HTML that stands by itself."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from typing import Final

import attrs

from injuryprev.words import Lang


@attrs.frozen
class Heading:
    """A heading below the title."""

    text: str


@attrs.frozen
class Paragraph:
    """A paragraph; ``small`` for what explains a figure."""

    text: str
    small: bool = False


@attrs.frozen
class Table:
    """A table.

    Args:
        header: Heads of the columns.
        rows: Cells; the first of a row names it, the others are figures.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@attrs.frozen
class Page:
    """A page.

    Args:
        title: Its title.
        blocks: What stands below it.
        lang: Its language.
    """

    title: str
    blocks: Sequence[Heading | Paragraph | Table]
    lang: Lang = "en"

    def markdown(self) -> str:
        """As Markdown; signs of Markdown and of HTML in the texts stay signs."""
        return "\n\n".join([f"# {_plain(self.title)}", *map(_markdown, self.blocks)]) + "\n"

    def html(self) -> str:
        """As one HTML file without anything fetched from elsewhere; every text is escaped."""
        lines = [
            "<!DOCTYPE html>",
            f'<html lang="{"zh-CN" if self.lang == "zh" else "en"}">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{html.escape(self.title)}</title>",
            f"<style>{_STYLE}</style>",
            "</head>",
            "<body>",
            "<main>",
            f"<h1>{html.escape(self.title)}</h1>",
        ]
        for block in self.blocks:
            lines += _html(block)
        return "\n".join([*lines, "</main>", "</body>", "</html>", ""])


_MARKS: Final = re.compile(r"([\\`*_{}\[\]<>|~$])")
_FIRST: Final = re.compile(r"^(\s*)([#+=-]|\d+[.)](?=\s))")


def _plain(text: str) -> str:
    flat = _MARKS.sub(r"\\\1", " ".join(text.split())).replace("&", "&amp;")
    return _FIRST.sub(lambda found: f"{found[1]}\\{found[2]}" if not found[2][0].isdigit() else found[0], flat)


def _markdown(block: Heading | Paragraph | Table) -> str:
    if isinstance(block, Heading):
        return f"## {_plain(block.text)}"
    if isinstance(block, Paragraph):
        return f"*{_plain(block.text)}*" if block.small else _plain(block.text)
    head = f"| {' | '.join(_plain(cell) for cell in block.header)} |"
    line = f"|{'|'.join([' --- ', *[' ---: '] * (len(block.header) - 1)])}|"
    return "\n".join([head, line, *(f"| {' | '.join(_plain(cell) for cell in row)} |" for row in block.rows)])


def _html(block: Heading | Paragraph | Table) -> Iterator[str]:
    if isinstance(block, Heading):
        yield f"<h2>{html.escape(block.text)}</h2>"
    elif isinstance(block, Paragraph):
        small = ' class="small"' if block.small else ""
        yield f"<p{small}>{html.escape(block.text)}</p>"
    else:
        yield "<table>"
        heads = "".join(f'<th scope="col">{html.escape(cell)}</th>' for cell in block.header)
        yield f"<thead><tr>{heads}</tr></thead>"
        yield "<tbody>"
        for first, *rest in block.rows:
            cells = "".join(f"<td>{html.escape(cell)}</td>" for cell in rest)
            yield f'<tr><th scope="row">{html.escape(first)}</th>{cells}</tr>'
        yield "</tbody>"
        yield "</table>"


_STYLE: Final = (
    "body{margin:0;background:#fff;color:#1f2933;"
    "font:16px/1.6 system-ui,'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif}"
    "main{max-width:52rem;margin:2rem auto;padding:0 1.2rem}"
    "h1{font-size:1.7rem;line-height:1.3;margin:0 0 1rem}"
    "h2{font-size:1.15rem;margin:2rem 0 .6rem;padding-top:.8rem;border-top:1px solid #cbd2d9}"
    "p{margin:.5rem 0}.small{color:#52606d;font-size:.87rem}"
    "table{border-collapse:collapse;width:100%;margin:.6rem 0;font-variant-numeric:tabular-nums}"
    "th,td{padding:.35rem .6rem;border-bottom:1px solid #e4e7eb;text-align:right;vertical-align:top}"
    "th:first-child{text-align:left;font-weight:400}"
    "thead th,thead th:first-child{font-weight:600;border-bottom:2px solid #1f2933;white-space:nowrap}"
    "@media print{main{margin:0;max-width:none}tr{break-inside:avoid}}"
)
