"""``injuryprev show``: a policy as a document, printed or written."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

import injuryprev as ip
from injuryprev.cli.main import app


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_document_is_printed_or_written(tmp_path: Path, lang: str) -> None:
    """Both ways it is the prose of the policy, to the letter."""
    wanted = ip.load_profile("de-bgbau").on("2023-05-01").prose("zh" if lang == "zh" else "en")
    arguments = ["show", "de-bgbau", "--on", "2023-05-01", "--lang", lang]
    assert CliRunner().invoke(app, arguments).output == wanted
    path = tmp_path / "law.md"
    written = CliRunner().invoke(app, [*arguments, "--out", str(path)])
    assert (written.exit_code, written.output) == (0, "")
    assert path.read_text(encoding="utf-8") == wanted


def test_without_a_day_it_is_the_last_change() -> None:
    """Toyland changed last on New Year's Eve of 2023."""
    assert "The rules of 2023-12-31" in CliRunner().invoke(app, ["show", "toyland"]).output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["toylnd"], "did you mean 'toyland'"), (["toyland", "--on", "1990-01-01"], "does not cover")],
)
def test_what_cannot_be_shown(arguments: list[str], words: str) -> None:
    """The profile or the day is named, with the way out."""
    result = CliRunner().invoke(app, ["show", *arguments])
    assert result.exit_code == 1
    assert words in result.output
