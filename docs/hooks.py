"""Pages made when the site is built: files of the repository root as they are, and the law of every shipped profile."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING

import injuryprev as ip
from injuryprev.words import Lang

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
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


LAW = "law"
LANGUAGES: tuple[Lang, ...] = ("en", "zh")


def law_page(name: str, lang: Lang) -> str:
    """The rules of one profile on the last day on which any of them changed."""
    profile = ip.load_profile(name)
    return profile.on(profile.change_dates()[-1]).prose(lang)


def law_list() -> str:
    """The table of all of them."""
    rows = [
        f"| `{info.id}` | {info.title.to('en')} · {info.title.to('zh')} | {info.covers} "
        f"| [English]({info.id}.en.md) · [中文]({info.id}.zh.md) |"
        for info in ip.list_profiles()
    ]
    return "\n".join(["| profile | region · 地区 | covers · 覆盖期 | |", "|---|---|---|---|", *rows])


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Called by MkDocs with all files: a page for every shipped profile in each language is added."""
    from mkdocs.structure.files import File  # noqa: PLC0415  # there when a site is built

    for info in ip.list_profiles():
        for lang in LANGUAGES:
            uri = f"{LAW}/{info.id}.{lang}.md"
            files.append(File.generated(config, uri, content=law_page(info.id, lang)))
    return files


def on_page_markdown(markdown: str, *, page: Page, **_: object) -> str:
    """Called by MkDocs for each page, before its Markdown is read."""
    if page.file.src_uri == f"{LAW}/index.md":
        return f"{markdown}\n{law_list()}\n"
    source = PAGES.get(page.file.src_uri)
    return page_links((ROOT / source).read_text(encoding="utf-8"), page.file.src_uri) if source else markdown
