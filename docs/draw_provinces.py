"""Draws the pictures of ``provinces.md`` by running the code of that page: ``python docs/draw_provinces.py``."""

from __future__ import annotations

import contextlib
import doctest
import io
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent
PAGE = DOCS / "provinces.md"


def pictures() -> dict[str, str]:
    """The pictures of the page by name, as its code makes them; run from the root of the repository."""
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        for example in doctest.DocTestParser().get_examples(PAGE.read_text(encoding="utf-8")):
            exec(compile(example.source, PAGE.name, "single"), names)  # noqa: S102 - the page's own code
    found: dict[str, str] = names["pictures"]
    return found


if __name__ == "__main__":
    for name, drawn in pictures().items():
        (DOCS / "pictures" / f"{name}.svg").write_text(drawn, encoding="utf-8")
