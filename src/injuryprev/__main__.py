"""``python -m injuryprev``: the command line."""

from __future__ import annotations

from injuryprev.cli import app

app()
