"""The page on measures lists every standard as the data has it."""

from __future__ import annotations

from pathlib import Path

from injuryprev.measures import Standard, list_standards

PAGE = Path(__file__).resolve().parents[2] / "docs" / "measures.md"
HEAD = "| name | 中文 | unit | from | confidence |\n|---|---|---|---|---|\n"


def line(found: Standard) -> str:
    """One row of the table."""
    sure: str = found.confidence
    if found.where_confidence != sure:
        sure += f" / {found.where_confidence}"
    source = "; ".join(cited.source.number or cited.source.title.en for cited in found.cited)
    return f"| `{found.name}` | {found.title.zh} | {found.unit.en} | {source} | {sure} |"


def test_the_page_lists_every_standard() -> None:
    """Word for word what the data says; after a change of the data, put the lines of this test into the page."""
    written = PAGE.read_text(encoding="utf-8").partition(HEAD)[2].partition("\n\n")[0]
    assert written.splitlines() == [line(found) for found in list_standards()]
