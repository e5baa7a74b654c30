"""The commands that the docs print work as printed, and say what the docs say they say."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from injuryprev.cli.main import app

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```(?:\n\n```text\n(.*?)```)?", PAGE, flags=re.DOTALL)
COMMANDS = [
    (line, said if line == block.splitlines()[-1] else "")
    for block, said in BLOCKS
    for line in block.splitlines()
    if line.startswith("injuryprev ")
]


def words(line: str) -> str:
    """A line without its spacing and the lines drawn around it."""
    return " ".join(re.sub(r"[│┃]", " ", line).split())


@pytest.mark.parametrize(("line", "said"), COMMANDS, ids=[line for line, _ in COMMANDS])
def test_commands_of_the_docs(line: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each ends with status 0, and each line shown below it is among those printed."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, shlex.split(line)[1:], env={"COLUMNS": "200"})
    assert done.exit_code == 0, done.output
    printed = {words(out) for out in done.output.splitlines()}
    assert [shown for shown in said.splitlines() if words(shown) not in printed] == []


def test_there_are_commands() -> None:
    """The page is read at all."""
    assert len(COMMANDS) >= 6
