"""``rate`` under every shipped profile of rates, on every engine: no traceback, one summary, the same columns."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import injuryprev as ip
from injuryprev.cli import rate as rate_module
from injuryprev.cli.main import app

RATING = sorted(info.id for info in ip.list_profiles() if not info.id.endswith("-prevention"))
SLOW = [name for name in RATING if name.startswith("cn-") or name == "toyland-harbour"]
"""Their outputs are those of ``cn`` and ``toyland``, or few more."""
Run = Callable[..., Result]


@cache
def day_of(profile: str) -> dt.date:
    """A day of which the profile has an example, else its first."""
    loaded = ip.load_profile(profile)
    return loaded.examples[0].on if loaded.examples else loaded.covers.since


def employers(profile: str, folder: Path) -> Path:
    """The examples of the profile as rows of a table of employers, then one that says nothing, then a bad cell."""
    loaded, on = ip.load_profile(profile), day_of(profile)
    inputs = list(loaded.on(on).inputs)
    rows = [dict(example.given) for example in loaded.examples if example.on == on]
    bad = next(name for name, spec in loaded.on(on).inputs.items() if spec.unit not in ("category", "flag"))
    rows += [{}, {**(rows[0] if rows else {}), bad: "much"}]
    folder.mkdir()
    with (folder / "employers.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", *inputs])
        for number, row in enumerate(rows):
            cells = [row.get(name, "") for name in inputs]
            writer.writerow(
                [f"E{number:03}", *(str(cell).lower() if cell in (True, False) else cell for cell in cells)]
            )
    return folder


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command line in an empty directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "400")
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


def tables(text: str) -> dict[str, list[list[str]]]:
    """The tables that were printed, by title, without what a table of examples says in words alone."""
    found: dict[str, list[list[str]]] = {}
    title = ""
    for line in text.splitlines():
        cells = [cell.strip() for cell in re.split("[│┃]", line)[1:-1]]
        if cells and title:
            found.setdefault(title, []).append(cells)
        elif line and line[0] not in "┏┡├└":
            title = line.strip()
    return found


def lines(path: Path) -> list[dict[str, object]]:
    """The decisions with numbers as numbers, without the reasons in words, which the engines do not have."""

    def read(text: str) -> object:
        return Decimal(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else text

    with path.open(encoding="utf-8", newline="") as file:
        return [{name: read(cell) for name, cell in line.items() if name != "reasons"} for line in csv.DictReader(file)]


@pytest.mark.parametrize(
    "profile", [pytest.param(name, marks=[pytest.mark.slow] if name in SLOW else []) for name in RATING]
)
def test_every_profile_on_every_engine(profile: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same lines in the same columns, and the same summary, made of what the policy comes to."""
    area = employers(profile, tmp_path / "area")
    policy = ip.load_profile(profile).on(day_of(profile))
    monkeypatch.setattr(rate_module, "policy_on", lambda *_: policy)  # lowered once
    said, made = {}, {}
    for engine in ("records", "polars", "duckdb"):
        done = run("rate", area, "--profile", profile, "--on", policy.on, "--engine", engine, "--out", f"{engine}.csv")
        assert done.exit_code == 2, done.output
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        said[engine], made[engine] = tables(done.stdout), lines(tmp_path / f"{engine}.csv")
    first, columns = said["records"], list(made["records"][0])
    assert columns[: 2 + len(policy.outputs)] == ["employer_id", *policy.outputs, "refusal"]
    assert len({tuple(line) for name in made for line in made[name]}) == 1
    assert made["polars"] == made["records"]
    assert made["duckdb"] == made["records"]
    money = [title for title in first if title.startswith(("By ", "All "))]
    assert [title.startswith("By tier") for title in money].count(True) == ("tier" in policy.outputs)
    assert "None" not in str(first)
    for engine in ("polars", "duckdb"):
        assert {title: said[engine][title] for title in money} == {title: first[title] for title in money}
        reasons = "Not rated, by reason"
        assert [row[:2] for row in said[engine].get(reasons, [])] == [row[:2] for row in first.get(reasons, [])]
    counts = {row[0]: int(row[1].replace(",", "")) for row in first[money[0]][1:]}
    assert counts["rated"] + counts.get("not rated", 0) == len(made["records"])
    assert counts["not rated"] >= 1  # the one with a bad cell
