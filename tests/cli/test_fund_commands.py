"""``fund plan`` and ``project check``: tables in, reasons out, and how they end."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from injuryprev.cli.main import app

FUND = Path(__file__).parents[2] / "examples" / "lakeside_fund"
LAW = ("--profile", "cn-prevention", "--on", "2025-11-01")
YEAR = ("--year", FUND / "fund_year.toml")
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command line in an empty directory."""
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


def awards(path: Path) -> dict[str, tuple[str, str, str]]:
    """Outcome, amount and rules by project."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {line["project"]: (line["outcome"], line["amount"], line["rules"]) for line in csv.DictReader(file)}


EXPECTED = {
    "P-01": ("full", "260000", ""),
    "P-02": ("full", "120000", ""),
    "P-03": ("full", "180000", ""),
    "P-04": ("cut", "40000", "within_free_budget"),
    "P-05": ("none", "0", "term_allowed"),
    "P-06": ("none", "0", "use_allowed"),
    "P-07": ("none", "0", "proposal_in_time"),
    "P-08": ("none", "0", "papers_complete"),
    "P-09": ("none", "0", "score"),
}


@pytest.mark.parametrize("table", ["proposals.csv", "项目申报.csv"])
def test_a_year_is_planned(run: Run, tmp_path: Path, table: str) -> None:
    """In either language of the headers the same awards, each with its rule, on the screen and in the file."""
    done = run("fund", "plan", FUND / table, *YEAR, *LAW, "--out", "plan.csv")
    assert done.exit_code == 0, done.output
    assert awards(tmp_path / "plan.csv") == EXPECTED
    for part in ("allotted 600,000.00, left 0.00", "P-04: cut, 40,000.00 of 90,000.00", "by 2025-09-30", "第九条"):
        assert part in done.output, part


def test_the_plan_in_chinese_as_json_and_with_the_limit(run: Run) -> None:
    """The languages, the formats, and how the limit comes about where it is asked for."""
    assert "P-05：不予安排" in run("fund", "plan", FUND / "项目申报.csv", *YEAR, *LAW, "--lang", "zh").output
    markdown = run("fund", "plan", FUND / "proposals.csv", *YEAR, *LAW, "--format", "markdown", "--why").output
    assert markdown.startswith("## Prevention fee of Lakeside, 2026")
    assert "levy_base * granted_share" in markdown
    told = json.loads(run("fund", "plan", FUND / "proposals.csv", *YEAR, *LAW, "--format", "json", "--optimum").output)
    assert told["limit"] == "600000"
    assert told["optimum"]["value"] == "324.5"


@pytest.mark.parametrize("suffix", ["xlsx", "parquet", "jsonl"])
def test_other_formats(run: Run, tmp_path: Path, suffix: str) -> None:
    """By the suffix."""
    assert run("fund", "plan", FUND / "proposals.csv", *YEAR, *LAW, "--out", f"plan.{suffix}").exit_code == 0
    assert (tmp_path / f"plan.{suffix}").stat().st_size > 100


def test_a_year_that_is_refused_ends_with_status_2(run: Run, tmp_path: Path) -> None:
    """A budget a hundred times the limit, of which nobody gets anything; a levy that is no number is wrong input."""
    year = Path(YEAR[1]).read_text(encoding="utf-8")
    (tmp_path / "y.toml").write_text(year.replace("budget = 600000", "budget = 60000000", 1), encoding="utf-8")
    assert (tmp_path / "y.toml").read_text(encoding="utf-8") != year
    done = run("fund", "plan", FUND / "proposals.csv", "--year", "y.toml", *LAW)
    assert done.exit_code == 2
    assert "allotted 0.00" in done.output
    (tmp_path / "z.toml").write_text(year.replace("20_000_000", '"20m"', 1), encoding="utf-8")
    assert (tmp_path / "z.toml").read_text(encoding="utf-8") != year
    assert run("fund", "plan", FUND / "proposals.csv", "--year", "z.toml", *LAW).exit_code == 1


def test_a_bad_row_costs_no_other(run: Run, tmp_path: Path) -> None:
    """Its project gets nothing; the rest is planned; status 2 unless told otherwise."""
    lines = (FUND / "proposals.csv").read_text(encoding="utf-8").splitlines()
    bad = [*lines, "P-10,No money,association,training,-5,12,,2025-09-01,99,yes,yes,30"]
    bad += ["P-11,No such use,association,holidays,5,12,,2025-09-01,99,yes,yes,30"]
    bad += ["P-12,No such day,association,training,5,12,,2025-02-30,99,yes,yes,30"]
    bad += [lines[1].replace("260000", "270000")]
    (tmp_path / "p.csv").write_text("\n".join(bad) + "\n", encoding="utf-8")
    done = run("fund", "plan", "p.csv", *YEAR, *LAW, "--out", "plan.csv")
    assert done.exit_code == 2
    planned = awards(tmp_path / "plan.csv")
    assert "P-01" not in planned  # twice, and nobody knows which holds
    assert planned["P-02"] == EXPECTED["P-02"]
    assert planned["P-11"][0] == "none"  # a use that the policy does not know is judged, and not known to be allowed
    with (tmp_path / "plan.rejects.csv").open(encoding="utf-8", newline="") as file:
        found = [(line["row"], line["code"]) for line in csv.DictReader(file)]
    assert found == [("11", "bad_value"), ("13", "bad_date"), ("14", "duplicate"), ("2", "duplicate")]
    assert run("fund", "plan", "p.csv", *YEAR, *LAW, "--allow-rejects").exit_code == 0


@pytest.mark.parametrize("command", [("fund", "plan"), ("project", "check")])
def test_no_file_appears_unasked(run: Run, tmp_path: Path, command: tuple[str, str]) -> None:
    """Rows that were rejected go beside what is written or where --rejects says; else they are said alone."""
    lines = (FUND / "proposals.csv").read_text(encoding="utf-8").splitlines()
    bad = [*lines, "P-10,No money,association,training,-5,12,,2025-09-01,99,yes,yes,30"]
    (tmp_path / "p.csv").write_text("\n".join(bad) + "\n", encoding="utf-8")

    def made(*more: str) -> set[str]:
        before = {*tmp_path.iterdir()}
        done = run(*command, "p.csv", *YEAR, *LAW, *more)
        assert done.exit_code == 2
        assert "p.csv row 11" in done.stderr
        assert ("--rejects FILE" in done.stderr) == (not more)
        return {path.name for path in {*tmp_path.iterdir()} - before}

    assert made() == set()
    assert made("--rejects", "r.csv") == {"r.csv"}
    assert made("--out", "a.csv") == {"a.csv", "a.rejects.csv"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("budget = 600000", "budget = -1"), "fund_year.toml @ $.budget"),
        (("levy_last_year", "levy_lats_year"), "did you mean 'levy_last_year'"),
        (("year = 2026", "yaer = 2026"), "did you mean"),
        (("area =", "area"), "not TOML"),
        (("budget = 600000", 'budget = "much"'), "not a number"),
    ],
)
def test_a_year_that_cannot_be_used(run: Run, tmp_path: Path, change: tuple[str, str], said: str) -> None:
    """With the file, the place and the nearest name; status 1."""
    text = (FUND / "fund_year.toml").read_text(encoding="utf-8")
    assert change[0] in text
    (tmp_path / "fund_year.toml").write_text(text.replace(*change), encoding="utf-8")
    done = run("fund", "plan", FUND / "proposals.csv", "--year", "fund_year.toml", *LAW)
    assert done.exit_code == 1
    assert said in done.output


def test_what_cannot_work_is_said(run: Run) -> None:
    """No such file, a profile of rates, a rule that is none, a suffix nobody writes; status 1."""
    table = FUND / "proposals.csv"
    for words, said in (
        ((table, "--year", "nowhere.toml", *LAW), "the file cannot be read"),
        ((table, *YEAR, "--profile", "cn-zj", "--on", "2025-11-01"), "cn-prevention"),
        ((table, *YEAR, *LAW, "--despite", "term_alowed"), "did you mean 'term_allowed'"),
        ((table, *YEAR, *LAW, "--out", "plan.doc"), "no format for this suffix"),
        ((table, *LAW), "--year"),
    ):
        done = run("fund", "plan", *words)
        assert done.exit_code == 1, words
        assert said in done.output, done.output


def test_projects_are_held_against_the_law(run: Run, tmp_path: Path) -> None:
    """What a table says enough for is judged; what is not lawful ends with status 2; all answers go to the file."""
    done = run("project", "check", FUND / "项目申报.csv", *YEAR, *LAW, "--lang", "zh", "--out", "answers.xlsx")
    assert done.exit_code == 2
    for part in ("P-04：符合 6 项，不符合 1 项", "provider_experienced", "24 个月", "不晚于 2025-09-30", "第十一条"):
        assert part in done.output, part
    sheet = openpyxl.load_workbook(tmp_path / "answers.xlsx").active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][:3] == ["project", "rule", "lawful"]
    broken = {(row[0], row[1]) for row in rows[1:] if row[2] == "no"}
    assert broken == {
        ("P-04", "provider_experienced"),
        ("P-05", "term_allowed"),
        ("P-06", "use_allowed"),
        ("P-07", "proposal_in_time"),
        ("P-08", "papers_complete"),
    }


def test_one_step_asks_for_all_it_needs(run: Run, tmp_path: Path) -> None:
    """What is not known of it is no permission."""
    lines = (FUND / "proposals.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "p.csv").write_text("\n".join(lines[:4]) + "\n", encoding="utf-8")
    assert run("project", "check", "p.csv", *YEAR, *LAW).exit_code == 0
    assert run("project", "check", "p.csv", *YEAR, *LAW, "--step", "check").exit_code == 0
    open_ = run("project", "check", "p.csv", *YEAR, *LAW, "--step", "procure")
    assert open_.exit_code == 2
    assert "provider_equipped" in open_.output
    assert run("project", "check", "p.csv", *LAW, "--step", "procur").exit_code == 1


@pytest.mark.parametrize("words", [("fund",), ("project",), ("fund", "plan"), ("project", "check")])
def test_help(run: Run, words: tuple[str, ...]) -> None:
    """Every command says what it takes."""
    assert run(*words, "--help").exit_code == 0


@pytest.mark.parametrize(
    "command",
    [
        ("fund", "plan", "p.csv", "--year", "y.toml", *LAW),
        ("project", "check", "p.csv", "--year", "y.toml", *LAW),
        ("rate", "--employers", "p.csv", "--profile", "cn-zj", "--on", "2025-03-01"),
        ("measures", "p.csv", "--standard", "gb6441.frequency"),
        ("compare", "--employers", "p.csv", "-p", "cn-zj", "--on", "2025-03-01", "--with", "cn-zj-hangzhou"),
        ("evaluate", "--employers", "p.csv", "--served", "y.toml", "--from", "2023-01-01", "--to", "2025-01-01"),
        ("bulletin", "p.csv", "--year", "2024"),
        ("focus", "p.csv"),
    ],
)
def test_no_command_overwrites_what_it_reads_or_writes(run: Run, tmp_path: Path, command: tuple[str, ...]) -> None:
    """A file named twice is wrong usage, said before any work is done; the file stays as it was."""
    shutil.copy(FUND / "proposals.csv", tmp_path / "p.csv")
    shutil.copy(FUND / "fund_year.toml", tmp_path / "y.toml")
    before = (tmp_path / "p.csv").read_bytes()
    mine = "o.md" if command[0] == "bulletin" else "o.csv"
    (tmp_path / mine).write_text("mine")
    for more in (
        ("--rejects", "p.csv"),
        ("--rejects", str(tmp_path / "p.csv")),
        ("--out", mine, "--rejects", mine),
    ):
        done = run(*command, *more)
        assert done.exit_code == 1, more
        assert "would be lost" in " ".join(done.stderr.replace("│", " ").split()), done.stderr
    assert (tmp_path / "p.csv").read_bytes() == before
    assert (tmp_path / mine).read_text() == "mine"
