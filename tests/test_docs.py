"""The docs hold together: pages are reachable, decisions are listed, linked files exist, and code is run."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

import injuryprev as ip

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))


def load_hooks() -> ModuleType:
    """The hooks of the docs site, which are no package."""
    spec = importlib.util.spec_from_file_location("docs_hooks", DOCS / "hooks.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_page_can_be_found() -> None:
    """A page is in the navigation, or, as a decision record, in the list of decisions."""
    nav = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:")[2]
    index = (DOCS / "decisions" / "index.md").read_text(encoding="utf-8")
    lost = []
    for page in PAGES:
        name = page.relative_to(DOCS).as_posix()
        listed = re.search(rf"[ :]{re.escape(name)}$", nav, flags=re.MULTILINE) or (
            page.parent.name == "decisions" and f"]({page.name})" in index
        )
        if not listed:
            lost.append(name)
    assert lost == []


def test_decisions_are_numbered_without_gaps() -> None:
    """Numbers are given once, in order, and each record names its own."""
    records = sorted(path for path in (DOCS / "decisions").glob("[0-9]*.md"))
    assert [int(path.name[:4]) for path in records] == list(range(len(records)))
    for path in records:
        assert path.read_text(encoding="utf-8").startswith(f"# {path.name[:4]} ")


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"])
def test_links_of_root_files_lead_somewhere(name: str) -> None:
    """A link to a file of the repository names a file that is there."""
    text = (ROOT / name).read_text(encoding="utf-8")
    targets = [target for target in re.findall(r"\]\(([^)#\s]+)", text) if "://" not in target]
    assert [target for target in targets if not (ROOT / target).is_file()] == []


@pytest.mark.parametrize(
    ("page", "link", "seen"),
    [
        ("index.md", "docs/glossary.md", "glossary.md"),
        ("index.md", "CONTRIBUTING.md", "contributing/index.md"),
        ("contributing/index.md", "docs/glossary.md#who", "../glossary.md#who"),
        ("contributing/index.md", "CHANGELOG.md", "../changelog.md"),
        ("index.md", "https://example.org/docs/x", "https://example.org/docs/x"),
    ],
)
def test_root_files_keep_their_links_on_the_site(page: str, link: str, seen: str) -> None:
    """What is a link between files in the repository is a link between pages on the site."""
    assert load_hooks().page_links(f"[text]({link})", page) == f"[text]({seen})"


def test_python_blocks_are_spelt_so_that_they_run() -> None:
    """The collector knows ``python`` blocks only; ``py`` or ``pycon`` would be shown and never run."""
    texts = {page: page.read_text(encoding="utf-8") for page in [*PAGES, ROOT / "README.md", ROOT / "CONTRIBUTING.md"]}
    spelt = {
        (page.name, kind) for page, text in texts.items() for kind in re.findall(r"^ *```(\w+)", text, re.MULTILINE)
    }
    assert {(page, kind) for page, kind in spelt if kind in {"py", "py3", "python3", "pycon", "ipython"}} == set()


def test_the_site_has_the_law_of_every_profile() -> None:
    """A page in each language for every shipped profile, each linked from the list."""
    hooks = load_hooks()
    table = hooks.law_list()
    for info in ip.list_profiles():
        for lang in hooks.LANGUAGES:
            assert f"]({info.id}.{lang}.md)" in table
    assert hooks.law_page("toyland", "zh").startswith("# 玩具国（虚构）")
