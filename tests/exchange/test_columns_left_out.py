"""A column that a table does not have leaves every engine with the same decisions, and none that it could not know."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

import injuryprev as ip
from injuryprev.cli.main import app
from injuryprev.exchange import read_area

ROOT = Path(__file__).resolve().parents[2]
LAKESIDE = ROOT / "examples" / "lakeside"
TABLES = ("employers", "cases", "events", "recognitions", "payments", "contributions", "exposure")
OPTIONAL = [
    *(("cases", column) for column in ("recognised_on", "ground", "grade", "died_on", "days_lost")),
    *(("events", "until"), ("recognitions", "until"), ("recognitions", "grade")),
    *(("payments", "case_id"), ("contributions", "paid_on"), ("exposure", "hours"), ("employers", "risk_class")),
]


@pytest.fixture(scope="module")
def few() -> dict[str, list[list[str]]]:
    """Tables of Lakeside with every row of the first employers that had a case, an event or an honour."""
    read = {}
    for name in TABLES:
        with (LAKESIDE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            read[name] = list(csv.reader(file))
    wanted = {row[at] for name, at in (("cases", 1), ("events", 0), ("recognitions", 0)) for row in read[name][1:40]}
    found = {}
    for name, (head, *rows) in read.items():
        key = head.index("id" if name == "employers" else "employer_id")
        found[name] = [head, *(row for row in rows if row[key] in wanted)]
    return found


def without(tables: dict[str, list[list[str]]], table: str, column: str, folder: Path) -> Path:
    """The tables as files, one of them without a column."""
    area = folder / "area"
    area.mkdir()
    for name, rows in tables.items():
        at = rows[0].index(column) if name == table else None
        with (area / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([cell for place, cell in enumerate(row) if place != at] for row in rows)
    return area


def decided(area: Path, engine: str, profile: str) -> dict[str, tuple[float | None, str]]:
    """The rate and the refusal of each employer."""
    out = area.parent / f"{engine}.csv"
    words = ["rate", str(area), "--profile", profile, "--on", "2025-03-01", "--engine", engine, "--out", str(out)]
    done = CliRunner().invoke(app, [*words, "--allow-rejects"])
    assert done.exit_code == 0, done.output
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["employer_id"]: (float(row["rate"]) if row["rate"] else None, row["refusal"]) for row in rows}


@pytest.mark.parametrize(("table", "column"), OPTIONAL)
@pytest.mark.parametrize("profile", ["cn-zj", "toyland"])
def test_engines_agree_without_a_column(
    few: dict[str, list[list[str]]], table: str, column: str, profile: str, tmp_path: Path
) -> None:
    """Read row by row or in columns."""
    area = without(few, table, column, tmp_path)
    assert decided(area, "records", profile) == decided(area, "polars", profile)


def test_cases_without_days_of_recognition_are_not_cases_without_recognition(
    few: dict[str, list[list[str]]], tmp_path: Path
) -> None:
    """Nobody knows of any case whether it was recognised, so its employer is not one without injuries."""
    area = read_area(without(few, "cases", "recognised_on", tmp_path))
    policy = ip.load_profile("cn-zj").on("2025-03-01")
    for key, history in area.histories.items():
        injuries = policy.counting.count(area.employers[key], history)["injuries"].value
        if history.cases:
            assert isinstance(injuries, ip.Unknown)
            assert injuries.codes == ("undated:injuries",)
        else:
            assert injuries == 0
