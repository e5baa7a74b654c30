"""Pages that are files of the repository root: shown as they are, so that the site and the repository cannot differ."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parent.parent
PAGES = {
    "index.md": "README.md",
    "changelog.md": "CHANGELOG.md",
    "contributing/index.md": "CONTRIBUTING.md",
    "security.md": "SECURITY.md",
}


def page_links(text: str, page: str) -> str:
    """Links between files of the repository as links between pages, seen from ``page``."""
    places = {file: name for name, file in PAGES.items()}

    def link(match: re.Match[str]) -> str:
        target, _, anchor = match[1].partition("#")
        if target in places:
            target = places[target]
        elif target.startswith("docs/"):
            target = target.removeprefix("docs/")
        else:
            return match[0]
        target = posixpath.relpath(target, posixpath.dirname(page) or ".")
        return f"]({target}{'#' + anchor if anchor else ''})"

    return re.sub(r"\]\(([^)\s]+)\)", link, text)


def on_page_markdown(markdown: str, *, page: Page, **_: object) -> str:
    """Called by MkDocs for each page, before its Markdown is read."""
    source = PAGES.get(page.file.src_uri)
    return page_links((ROOT / source).read_text(encoding="utf-8"), page.file.src_uri) if source else markdown
