"""Collects the Python blocks of README and docs as tests; the docstrings of src are pytest's own --doctest-modules."""

from __future__ import annotations

import os
import re
import tempfile
from doctest import ELLIPSIS, NORMALIZE_WHITESPACE
from pathlib import Path

from hypothesis import HealthCheck, settings
from sybil import Example, Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser, SkipParser

ROOT = Path(__file__).resolve().parent
# How long an example takes says more of the machine than of the code: a busy one must not turn a test red.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")
collect_ignore = ["docs/griffe_doctests.py"]  # imports what only the docs site needs


def keep_file(example: Example) -> None:
    """A TOML block that begins with the comment ``# name.toml`` is that file for the Python blocks below it."""
    named = re.match(r"# ([a-z0-9-]+\.toml)\n", example.parsed)
    if named is not None:
        if "folder" not in example.namespace:
            example.namespace["folder"] = tempfile.TemporaryDirectory()
            os.chdir(example.namespace["folder"].name)
        Path(named[1]).write_text(example.parsed, encoding="utf-8")


def back(namespace: dict[str, object]) -> None:
    """Leave the files of a page behind."""
    os.chdir(ROOT)
    folder = namespace.get("folder")
    if isinstance(folder, tempfile.TemporaryDirectory):
        folder.cleanup()


# A page is one namespace read from top to bottom, as a reader reads it; pages do not know of each other.
pytest_collect_file = Sybil(
    parsers=[
        PythonCodeBlockParser(doctest_optionflags=ELLIPSIS | NORMALIZE_WHITESPACE),
        CodeBlockParser(language="toml", evaluator=keep_file),
        SkipParser(),
    ],
    # Before Python 3.13 "**" stands for one folder, so pages right in docs are named too.
    patterns=["README.md", "docs/*.md", "docs/**/*.md"],
    teardown=back,
).pytest()
