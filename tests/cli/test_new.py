"""``injuryprev new``: what it writes passes its own tests, says that it knows nothing, and overwrites nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import injuryprev as ip
from injuryprev.cli.main import app
from injuryprev.testing import check_profile


def new(folder: Path, *arguments: str) -> Result:
    """Run it, as if the law had been read on a certain day."""
    return CliRunner().invoke(app, ["new", *arguments, "--folder", str(folder), "--checked-on", "2026-11-21"])


def test_a_profile_of_its_own_passes_its_own_tests(tmp_path: Path) -> None:
    """Run as its author would: pytest in the folder, nothing else known."""
    result = new(tmp_path, "xx-north", "--since", "2025-04-01", "--currency", "XTS")
    assert result.exit_code == 0, result.output
    assert {path.name for path in tmp_path.iterdir()} == {"xx-north.toml", "test_xx_north.py"}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(tmp_path),
        str(tmp_path),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    profile = ip.load_profile(tmp_path / "xx-north.toml")
    assert str(profile.covers) == "[2025-04-01, 2027-01-01)"
    rate = profile.on("2025-04-01").evaluate(payroll=1)["rate"]
    assert isinstance(rate, ip.Unknown)
    assert rate.codes == ("not_known:rate",)


@pytest.mark.parametrize(
    ("parent", "since"), [("toyland", "2024-01-01"), ("de-bgw", "2022-06-01"), ("cn-js", "2024-01-01")]
)
def test_a_child_passes_as_it_is(parent: str, since: str, tmp_path: Path) -> None:
    """It states nothing of its own, so it says what its parent says; its example holds."""
    assert new(tmp_path, "xx-child", "--since", since, "--extends", parent).exit_code == 0
    assert check_profile(tmp_path / "xx-child.toml", on=since, records=5, proofs=False).passes


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["Northmoor", "--since", "2025-01-01"], "not an id"),
        (["toyland", "--since", "2025-01-01"], "is installed already"),
        (["xx", "--since", "soon"], "--since"),
        (["xx", "--since", "2025-01-01", "--currency", "yuan"], "not a currency"),
        (
            ["xx", "--since", "2025-01-01", "--extends", "toyland", "--currency", "EUR"],
            "the currency is that of the profile",
        ),
        (["xx", "--since", "2025-01-01", "--extends", "toylnd"], "did you mean 'toyland'"),
        (["xx", "--since", "1990-01-01", "--extends", "toyland"], "does not cover this day"),
    ],
)
def test_what_cannot_be_begun(arguments: list[str], words: str, tmp_path: Path) -> None:
    """Said before anything is written."""
    result = new(tmp_path, *arguments)
    assert result.exit_code == 1
    assert words in " ".join(result.output.split())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("there", ["xx.toml", "test_xx.py"])
def test_nothing_is_overwritten(there: str, tmp_path: Path) -> None:
    """Neither file, whichever is there."""
    (tmp_path / there).write_text("mine", encoding="utf-8")
    assert new(tmp_path, "xx", "--since", "2025-01-01").exit_code == 1
    assert [path.name for path in tmp_path.iterdir()] == [there]
    assert (tmp_path / there).read_text(encoding="utf-8") == "mine"
