"""Where commands write: not over what they read, not twice in one place, and never as a table of the next run."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from injuryprev.cli.main import app

TESTLAND = Path(__file__).parent / "testland.toml"
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command line beside an area of one employer."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "area").mkdir()
    (tmp_path / "area" / "employers.csv").write_text("id,industry,industry_edition,award\nE1,65,2011,\n")
    (tmp_path / "area" / "payments.csv").write_text(
        "employer_id,case_id,paid_on,amount,kind\nE1,,2024-02-30,5,medical\n"
    )
    (tmp_path / "testland.toml").write_bytes(TESTLAND.read_bytes())
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


RATE = ("rate", "area", "--profile", "testland.toml", "--on", "2025-01-01")


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a directory."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("engine", ["records", "polars"])
@pytest.mark.parametrize(
    "more",
    [
        ("--out", "area/employers.csv"),
        ("--out", "link/employers.csv"),
        ("--out", "area/../area/payments.csv"),
        ("--out", "area/cases.parquet"),  # which the next run would read as a table
        ("--out", "d.csv", "--rejects", "area/payments.csv"),
        ("--out", "d.csv", "--rejects", "area/payments-rejected.csv"),
        ("--out", "d.csv", "--rejects", "./d.csv"),
        ("--rejects", "testland.toml"),
        ("--out", "hard.csv"),
    ],
)
def test_nothing_that_is_read_is_overwritten(engine: str, more: tuple[str, ...], run: Run, tmp_path: Path) -> None:
    """Of a directory each table, also by another way to it; the profile; and a file named twice."""
    (tmp_path / "link").symlink_to("area", target_is_directory=True)
    words: tuple[str, ...] = RATE
    if more[-1] == "hard.csv":
        (tmp_path / "single.csv").write_bytes((tmp_path / "area" / "employers.csv").read_bytes())
        (tmp_path / "hard.csv").hardlink_to(tmp_path / "single.csv")
        words = ("rate", "--employers", "single.csv", *RATE[2:])
    before = contents(tmp_path)
    done = run(*words, "--engine", engine, *more)
    assert done.exit_code == 1
    assert "would be lost" in " ".join(done.stderr.replace("│", " ").split())
    assert contents(tmp_path) == before


def test_the_rejects_beside_out_are_a_place_as_well(run: Run, tmp_path: Path) -> None:
    """They overwrite no table that was named, either."""
    (tmp_path / "d.rejects.csv").write_bytes((tmp_path / "area" / "employers.csv").read_bytes())
    done = run("rate", "--employers", "d.rejects.csv", *RATE[2:], "--out", "d.csv")
    assert done.exit_code == 1
    assert "would be lost" in " ".join(done.stderr.replace("│", " ").split())


def test_the_profile_shown_is_not_overwritten(run: Run, tmp_path: Path) -> None:
    """Every command that writes is held to it, those that read no table too."""
    before = contents(tmp_path)
    assert run("show", "testland.toml", "--out", "testland.toml").exit_code == 1
    assert contents(tmp_path) == before


@pytest.mark.parametrize("engine", ["records", "polars", "duckdb"])
def test_rejects_of_an_earlier_run(engine: str, run: Run, tmp_path: Path) -> None:
    """Beside clean decisions the file has no line; where the rejects go elsewhere, the old file is named."""
    assert run(*RATE, "--engine", engine, "--out", "area/d.csv").exit_code == 2
    rejects = tmp_path / "area" / "d.rejects.csv"
    assert len(rejects.read_text().splitlines()) > 1
    done = run(*RATE, "--engine", engine, "--out", "area/d.csv", "--rejects", "r.csv")
    assert "area/d.rejects.csv is of an earlier run; what is rejected now goes to r.csv" in done.stderr
    (tmp_path / "area" / "payments.csv").unlink()
    rejects.rename(tmp_path / "c.rejects.csv")
    (tmp_path / "area" / "d.csv").unlink()
    assert run(*RATE, "--engine", engine, "--out", "c.csv").exit_code == 0
    assert len((tmp_path / "c.rejects.csv").read_text().splitlines()) == 1


def test_as_a_module(tmp_path: Path) -> None:
    """``python -m injuryprev`` is the console script."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("COV_", "COVERAGE_"))}
    made = [
        subprocess.run(
            [sys.executable, "-m", "injuryprev", *words],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            timeout=120,
            env=kept,
        )
        for words in (["--version"], ["rate", "nowhere", "--profile", "toyland", "--on", "2025-01-01"])
    ]
    assert [done.returncode for done in made] == [0, 1]
    assert made[0].stdout.startswith("injuryprev ")
    assert "nowhere: no such directory or workbook" in made[1].stderr
