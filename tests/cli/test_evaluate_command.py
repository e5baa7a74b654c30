"""``injuryprev evaluate``: prevention work judged from tables."""

from __future__ import annotations

import csv
from pathlib import Path

from typer.testing import CliRunner

from injuryprev.cli.main import app

AREA = str(Path(__file__).resolve().parents[2] / "examples" / "lakeside_zh")
WINDOW = ("--from", "2023-01-01", "--to", "2025-01-01")


def test_evaluate(tmp_path: Path) -> None:
    """The served and the others stand side by side, in the language asked for, and every employer is in the file."""
    with (Path(AREA) / "employers.csv").open(encoding="gb18030") as stream:
        ids = [row["单位编号"] for row in csv.DictReader(stream)]
    served = tmp_path / "served.csv"
    served.write_text("单位编号,服务日期\n" + "".join(f"{key},2024-01-02\n" for key in ids[:8]), encoding="utf-8")
    table = tmp_path / "figures.csv"
    done = CliRunner().invoke(
        app,
        ["evaluate", AREA, "--served", str(served), *WINDOW, "--spend", "1000", "--profile", "cn-zj",
         "--on", "2025-03-01", "--lang", "zh", "--out", str(table)],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "# 预防工作成效评估" in done.output
    assert "## 缴费" in done.output
    with table.open(encoding="utf-8-sig") as stream:
        rows = list(csv.DictReader(stream))
    assert sorted(row["employer_id"] for row in rows) == sorted(ids)
    assert sum(row["group"] == "served" for row in rows) == 8


def test_a_bad_row_of_services_costs_its_employer(tmp_path: Path) -> None:
    """An employer whose service cannot be dated is in neither group, and the status says that rows were rejected."""
    served = tmp_path / "served.csv"
    served.write_text("employer_id,on\nLK-Z01,2024-13-01\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["evaluate", AREA, "--served", str(served), *WINDOW])
    assert done.exit_code == 1
    assert "no day of service" in done.output


def test_options_of_a_profile_need_one(tmp_path: Path) -> None:
    """A day of rating without a profile is wrong usage."""
    done = CliRunner().invoke(app, ["evaluate", AREA, "--served", str(tmp_path), *WINDOW, "--on", "2025-03-01"])
    assert done.exit_code == 1
    assert "--profile" in done.output


def test_whose_service_is_not_known_is_in_neither_group(tmp_path: Path) -> None:
    """A bad row costs its employer alone; the work is done for the others, and the status says so."""
    served, table = tmp_path / "served.csv", tmp_path / "figures.csv"
    served.write_text("employer_id,on\nLH-000001,2024-01-02\nLH-000002,2024-13-01\n", encoding="utf-8")
    done = CliRunner().invoke(
        app, ["evaluate", AREA, "--served", str(served), *WINDOW, "--out", str(table)], env={"COLUMNS": "200"}
    )
    assert done.exit_code == 2, done.output
    with table.open(encoding="utf-8-sig") as stream:
        groups = {row["employer_id"]: row["group"] for row in csv.DictReader(stream)}
    assert groups["LH-000001"] == "served"
    assert "LH-000002" not in groups
    assert len(groups) == 19
    assert (tmp_path / "figures.rejects.csv").exists()
