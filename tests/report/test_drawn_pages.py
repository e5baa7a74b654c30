"""The pictures of the docs are those that the code of their page makes."""

from __future__ import annotations

import importlib.util
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


def words(drawn: str) -> list[str]:
    """What is written in a picture, without the marks of its axes, which Matplotlib sets by its version."""
    texts = ((element.text or "").strip() for element in ET.fromstring(drawn).iter())  # noqa: S314 - our own files
    return [text for text in texts if re.search("[a-z]{3}", text)]


def test_committed_pictures_are_those_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each picture the page makes is committed under its name with the same words, and shown on the page."""
    monkeypatch.chdir(ROOT)
    spec = importlib.util.spec_from_file_location("draw_provinces", DOCS / "draw_provinces.py")
    assert spec is not None
    assert spec.loader is not None
    drawing = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(drawing)
    page = (DOCS / "provinces.md").read_text(encoding="utf-8")
    made = drawing.pictures()
    assert set(made) == {path.stem for path in (DOCS / "pictures").glob("provinces-*.svg")}
    for name, drawn in made.items():
        assert f"](pictures/{name}.svg)" in page
        assert words(drawn) == words((DOCS / "pictures" / f"{name}.svg").read_text(encoding="utf-8"))
