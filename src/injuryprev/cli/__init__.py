"""The command line: ``injuryprev rate``, ``explain``, ``profiles``."""

from __future__ import annotations

import sys

try:
    import rich
    import typer
except ModuleNotFoundError as error:  # pragma: no cover - a fresh environment without the extra

    def app() -> None:
        """Say what is missing."""
        sys.exit(f"the command line needs {_missing}: pip install 'injuryprev[cli]'")

    _missing = error.name
else:
    del rich, typer
    from injuryprev.cli.main import app

__all__ = ["app"]
