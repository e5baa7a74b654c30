"""``injuryprev evaluate``: prevention work judged from tables."""

from __future__ import annotations

import csv
import shutil
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
    assert groups["LH-000002"] == "neither"
    assert len(groups) == 20
    assert "In neither group (1): LH-000002" in done.output
    assert (tmp_path / "figures.rejects.csv").exists()


def test_whose_row_was_rejected_is_in_no_figure(tmp_path: Path) -> None:
    """Not rated on no records, although its own row would do for a rate; it is named, counted, and costs no other."""
    own = "4,1000000,20,9000,5000,0,0,0.01,false,false"
    heads = "payroll,insured,contributions,benefits,injuries,deaths,industry_incidence,false_facts,benefit_fraud"
    tables = {
        "employers": f"id,risk_class,{heads}\n" + "".join(f"E{n},{own}\n" for n in range(1, 7)),
        "exposure": "employer_id,since,until,insured\n"
        + "".join(f"E{n},{year}-01-01,{year + 1}-01-01,100\n" for n in range(1, 7) for year in (2023, 2024)),
        "cases": "id,employer_id,worker,occurred_on,recognised_on,ground,death\n"
        + "".join(f"C{n}{y},E{n},w-{n}{y},{y}-05-01,{y}-06-01,14.1,false\n" for n in range(1, 7) for y in (2023, 2024)),
    }
    for name, text in tables.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    (tmp_path / "out").mkdir()
    served = tmp_path / "out" / "served.csv"
    served.write_text("employer_id,on\nE1,2024-01-02\nE2,2024-01-02\n", encoding="utf-8")
    words = ["evaluate", str(tmp_path), "--served", str(served), *WINDOW, "--profile", "cn-zj"]

    def run() -> tuple[int, str, list[str]]:
        table = tmp_path / "out" / "figures.csv"
        done = CliRunner().invoke(app, [*words, "--on", "2025-03-01", "--out", str(table)], env={"COLUMNS": "200"})
        return done.exit_code, done.stdout, table.read_text(encoding="utf-8-sig").splitlines()

    status, said, _ = run()
    assert (status, "Rates: 0 fall, 0 rise, 2 stay, 0 not known." in said) == (0, True), said
    (tmp_path / "cases.csv").write_text(
        tables["cases"] + "C9,E1,w-9,2024-02-30,2024-03-01,14.1,false\nC8,E3,w-8,?,?,14.1,false\n"
    )
    status, said, lines = run()
    assert status == 2
    for part in (
        "| served | 1 |", "| not served | 3 |", "Left out (served, 1): E1", "Left out (not served, 1): E3",
        "(rejected_row)", "Rates: 0 fall, 0 rise, 1 stay, 1 not known.", "(CNY, 1 employers)",
    ):  # fmt: skip
        assert part in said, part
    assert [line for line in lines if "rejected_row" in line] == [
        "E1,served,,,,,rejected_row:cases", "E3,others,,,,,rejected_row:cases",
    ]  # fmt: skip


def test_only_tables_that_are_used_matter(tmp_path: Path) -> None:
    """Without a profile nobody looks at contributions: bad rows cost nobody, and a table of its own is refused."""
    area = tmp_path / "area"
    shutil.copytree(AREA, area)
    paid = area / "contributions.csv"
    paid.write_text(paid.read_text(encoding="gb18030").replace("-01-01", "-13-01", 1), encoding="gb18030")
    served = Path(AREA).parent / "served_zh.csv"
    words = ["--served", str(served), *WINDOW]
    plain = CliRunner().invoke(app, ["evaluate", AREA, *words])
    done = CliRunner().invoke(app, ["evaluate", str(area), *words])
    assert (done.exit_code, done.stdout) == (0, plain.stdout)
    rated = ["--profile", "cn-zj", "--on", "2025-03-01"]
    whole = CliRunner().invoke(app, ["evaluate", AREA, *words, *rated]).stdout
    done = CliRunner().invoke(app, ["evaluate", str(area), *words, *rated])
    assert done.exit_code == 2
    counted, paid_in = done.stdout.split("## Contributions")
    assert counted == plain.stdout.split("## What these numbers")[0]
    assert paid_in != whole.split("## Contributions")[1]
    refused = CliRunner().invoke(app, ["evaluate", AREA, *words, "--contributions", str(paid)])
    assert refused.exit_code == 1
    assert "--contributions" in refused.output


def test_rows_of_nobody_are_said(tmp_path: Path) -> None:
    """A case whose employer is in no table is missing from every figure, and the evaluation says so."""
    area = tmp_path / "area"
    shutil.copytree(AREA, area)
    cases = area / "cases.csv"
    lines = cases.read_text(encoding="gb18030").splitlines(keepends=True)
    changed = [line.replace(line.split(",")[1], "LH-999999") if "LH24-00022" in line else line for line in lines]
    cases.write_text("".join(changed), encoding="gb18030")
    served = Path(AREA).parent / "served_zh.csv"
    for lang, said in (
        ("en", "nobody can tell which employer they belong to (cases: 1"),
        ("zh", "无法判断所属单位（cases: 1"),
    ):
        done = CliRunner().invoke(app, ["evaluate", str(area), "--served", str(served), *WINDOW, "--lang", lang])
        assert done.exit_code == 2
        assert said in done.stdout
