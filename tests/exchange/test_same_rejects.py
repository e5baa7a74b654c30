"""The rejects of an area are the same on every engine: columns, words, headers, and the employers they cost a rate."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from injuryprev.cli.main import app

HEADS = {
    "employers": "单位编号,行业代码,行业版本",
    "exposure": "单位编号,起始日期,终止日期,参保人数",
    "cases": "案件编号,单位编号,职工编号,发生日期,认定依据,死亡",
    "payments": "单位编号,案件编号,支付日期,支付金额,待遇项目",
    "contributions": "单位编号,起始日期,终止日期,缴费金额",
}
ROWS = {
    # E2 again, saying the same; E3 again, saying something else; E6 cannot be read.
    "employers": "E1,06,2017\nE2,06,2017\nE2,06,2017\nE3,06,2017\nE3,13,2017\nE4,06,2017\nE5,06,2017\nE6,99,2017\n",
    # Of E1 two periods overlap; the later one stands first.
    "exposure": "E1,2024-03-01,2024-06-01,10\nE1,2024-01-01,2024-04-01,10\nE6,2024-01-01,2024-02-01,5\n"
    "E6,2024-02-01,2024-03-01,5\nE9,2024-01-01,2024-02-01,5\nE4,2024-01-01,2024-02-01,many\n",
    "cases": "C1,E1,w1,2024-01-05,14.1,否\nC2,E2,w2,2024-01-05,14.1,否\nC2,E2,w2,2024-01-05,14.1,是\n"
    "C3,E5,w3,2024-02-30,14.1,否\nC4,E9,w4,2024-01-05,14.1,否\n",
    "payments": "E2,C1,2024-02-01,1,medical\n"  # the case of another
    "E5,C3,2024-02-01,2,medical\n"  # a case that was rejected
    "E4,C4,2024-02-01,3,medical\n"  # a case of nobody known
    "E4,C8,2024-02-01,4,medical\n"  # an older case
    "E9,C1,2024-02-01,5,medical\n"  # nobody known paid for the case of E1
    "E8,C2,2024-02-30,6,medical\n"  # neither employer nor day
    "E4,,2024-02-01,7,medical\nE4,,2024-02-01,7,medical\nE4,,2024-02-01,7,medical\n"
    "E4,,2024-02-30,,medical\n"  # two cells
    "E4,,2024-02-01,-5,medical\nE4,,2024-02-01,5,refund\n",
    "contributions": "E4,2024-01-01,2024-02-01,1,E5\nE4,2024-01-01,,1\nE4,,没有,1\n",
}
Line = tuple[str, ...]


@pytest.fixture(params=["csv", "parts"])
def area(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Every kind of fault, in one file for each table, and in one for each row."""
    folder = tmp_path / "area"
    folder.mkdir()
    for name, head in HEADS.items():
        parts = [ROWS[name]] if request.param == "csv" else [f"{row}\n" for row in ROWS[name].splitlines()]
        for number, rows in enumerate(parts):
            (folder / f"{name}-{number:02}.csv").write_text(f"{head}\n{rows}", encoding="utf-8-sig")
    return folder


def rejects(area: Path, engine: str, lang: str) -> tuple[list[Line], str]:
    """The lines of the rejects file, and the line about them on the screen."""
    out = area.parent / f"{engine}-{lang}.csv"
    words = ["rate", str(area), "--profile", "cn-zj", "--on", "2025-03-01", "--engine", engine, "--lang", lang]
    done = CliRunner().invoke(app, [*words, "--out", str(out)])
    assert done.exit_code == 2, done.output
    with out.with_name(f"{engine}-{lang}.rejects.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = [tuple(line) for line in csv.reader(file)]
    head = done.stderr.splitlines()[0]
    return sorted(lines), head.replace(f"{engine}-{lang}", "")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_same_rejects_on_every_engine(area: Path, lang: str) -> None:
    """Line by line, in both languages, and the same number of them is told."""
    first, head = rejects(area, "records", lang)
    codes = {line[6] for line in first}
    assert codes >= {"duplicate", "overlap", "no_case", "old_case", "no_employer", "employer_rejected", "repeated"}
    assert codes >= {"bad_date", "bad_number", "empty", "torn_row", "bad_value"}
    assert any("单位编号" in line for line in first)
    for engine in ("polars", "duckdb"):
        assert rejects(area, engine, lang) == (first, head)
