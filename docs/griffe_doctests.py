"""Examples in docstrings shown as code: lines from ``>>>`` to the next blank line become a Python block."""

from __future__ import annotations

from typing import Any

import griffe


def fenced(text: str) -> str:
    """The text with its examples fenced."""
    lines: list[str] = []
    inside = False
    for line in text.splitlines():
        if inside and not line.strip():
            lines.append("```")
            inside = False
        elif not inside and line.lstrip().startswith(">>> "):
            lines.append("```python")
            inside = True
        lines.append(line)
    return "\n".join([*lines, "```"] if inside else lines)


class Doctests(griffe.Extension):
    """Called by mkdocstrings for each object it has read."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Fence the examples of one object."""
        if obj.docstring is not None:
            obj.docstring.value = fenced(obj.docstring.value)
