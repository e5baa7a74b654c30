"""Figures written into results_frames.md, each part by the script that makes it."""

from __future__ import annotations

import os
import platform
import re
from importlib.metadata import version
from pathlib import Path
from typing import Final

RESULTS: Final = Path(__file__).with_name("results_frames.md")
LIBRARIES: Final = ("injuryprev", "narwhals", "polars", "duckdb", "numpy", "openfisca-core")


def machine() -> str:
    """The machine and the versions, in a sentence or two."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    versions = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"{memory:.0f} GiB; {versions}.\n"
        "The machine was shared with other work, so ratios within a run say more than times."
    )


def peak() -> float:
    """Most memory this process has held so far, in MiB; that of its parent, which getrusage counts, left out."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def write_part(title: str, text: str) -> None:
    """Replace or add one part."""
    known = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else ""
    parts = dict(re.findall(r"^## (.+?)\n\n(.*?)(?=^## |\Z)", known, flags=re.MULTILINE | re.DOTALL))
    parts[title] = text.strip() + "\n\n"
    body = "".join(f"## {name}\n\n{part.strip()}\n\n" for name, part in sorted(parts.items(), reverse=True))
    RESULTS.write_text(f"# Frames\n\n{machine()}\n\n{body.strip()}\n", encoding="utf-8")
