"""The command line: what is rated, what is said, and how it ends."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

import injuryprev as ip
from injuryprev.cli import rate as rate_module
from injuryprev.cli.main import app
from injuryprev.exchange import Area
from injuryprev.exchange.industries import IndustryFigures
from injuryprev.model import Employer, Industry

TESTLAND = Path(__file__).parent / "testland.toml"
ROOT = Path(__file__).parents[2]
FIVE = range(1, 6)
TABLES = {
    "employers": "id,industry,industry_edition,award\n"
    "E1,65,2011,\nE2,13,2011,true\nE3,06,2011,\nE4,06,2017,\nE5,14,2011,\n",
    "exposure": "employer_id,year,payroll\n" + "".join(f"E{number},2024,{number}000000.10\n" for number in FIVE),
    "contributions": "employer_id,year,amount\n" + "".join(f"E{number},2024,{number % 5}000\n" for number in FIVE),
    "cases": "id,employer_id,worker,occurred_on,ground,death\nC1,E3,w1,2024-05-01,14.1,true\n",
    "payments": "employer_id,case_id,paid_on,amount,kind\nE3,C1,2024-06-01,500,medical\nE2,,2024-06-01,9,medical\n",
}
BAD_PAYMENT = "E1,,2024-02-30,77,medical\n"
Run = Callable[..., Result]


@pytest.fixture
def area(tmp_path: Path) -> Path:
    """Five employers: three that are rated, one coded by another edition, one that paid nothing in."""
    folder = tmp_path / "area"
    folder.mkdir()
    for name, text in TABLES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def bad_area(area: Path) -> Path:
    """The same with a payment on a day that does not exist."""
    with (area / "payments.csv").open("a", encoding="utf-8") as file:
        file.write(BAD_PAYMENT)
    return area


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command line in an empty directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


def rating(area: Path, *more: object) -> list[object]:
    """The words of a usual ``rate``."""
    return ["rate", area, "--profile", TESTLAND, "--on", "2025-01-01", *more]


def flat(text: str) -> str:
    """Text without frames and line ends, so that a message is found wherever it was broken."""
    return re.sub(r"[\s│┃╭╮╰╯─━]+", " ", text)


def decisions(path: Path) -> dict[str, dict[str, str]]:
    """The decisions of a CSV file by employer."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {line["employer_id"]: line for line in csv.DictReader(file)}


def shell(*words: object) -> subprocess.CompletedProcess[str]:
    """The installed program in a process of its own."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("COV_", "COVERAGE_"))}
    code = "import sys; sys.argv[0] = 'injuryprev'; from injuryprev.cli import app; app()"
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, words)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
        env={**kept, "PYTHONIOENCODING": "utf-8"},
    )


# rate


def test_an_area_is_rated(run: Run, area: Path, tmp_path: Path) -> None:
    """Each employer has its line; what is not known has its reason instead of a figure."""
    done = run(*rating(area, "--out", "d.csv"))
    assert done.exit_code == 0, done.output
    rated = decisions(tmp_path / "d.csv")
    assert list(rated) == ["E1", "E2", "E3", "E4", "E5"]
    assert [rated[key]["rate"] for key in rated] == ["0.0016", "0.0056", "0.0228", "", ""]
    assert rated["E3"]["contribution"] == "68400.00"
    assert rated["E3"]["reasons"] == "steps: a work death -> +1"
    assert rated["E4"]["refusal"] == "other_edition:class_of_industry"
    assert rated["E5"]["refusal"] == "division_by_zero:payout_ratio"
    assert {line["profile"] + line["version"] + line["on"] for line in rated.values()} == {"testland1.02025-01-01"}


def test_the_summary_adds_up(run: Run, area: Path) -> None:
    """Counts and money by tier and by class, what was not rated and why, and an example of each tier."""
    text = flat(run(*rating(area)).output)
    for part in (
        "Testland (testland 1.0) on 2025-01-01: 5 employers",
        "80 % 2 3,000,000.20 12,800.00 0.427 %",
        "120 % 1 3,000,000.10 68,400.00 2.280 %",
        "rated 3 6,000,000.30 81,200.00 1.353 %",
        "not rated 2 9,000,000.20",
        "other_edition:class_of_industry 1 E4:",
        "division_by_zero:payout_ratio 1 E5:",
        "E1 80 % 0.16 % steps: no benefits -> -1",
        "no file was written",
    ):
        assert part in text, part


def test_the_summary_in_chinese(run: Run, area: Path, tmp_path: Path) -> None:
    """Everything the region words, and all that is ours."""
    text = flat(run(*rating(area, "--lang", "zh", "--out", "d.csv")).output)
    for part in (
        "测试地（testland 1.0），2025-01-01：共 5 家单位",
        "按费率档次",
        "合计（已计算） 3",
        "浮动档数：发生工亡 -> +1",
    ):
        assert part in text, part
    assert decisions(tmp_path / "d.csv")["E2"]["reasons"] == "浮动档数：安全奖 -> -1"


def test_every_format(run: Run, area: Path, tmp_path: Path) -> None:
    """The suffix decides; every format has the same money."""
    for suffix in ("csv", "xlsx", "parquet", "jsonl"):
        assert run(*rating(area, "--out", f"d.{suffix}")).exit_code == 0
    sheet = openpyxl.load_workbook(tmp_path / "d.xlsx").worksheets[0]
    lines_of_sheet = list(sheet.iter_rows(values_only=True))
    money = lines_of_sheet[0].index("contribution")
    expected = Decimal(81200)
    assert sum(Decimal(str(line[money])) for line in lines_of_sheet[1:] if line[money] is not None) == expected
    assert pl.read_parquet(tmp_path / "d.parquet")["contribution"].sum() == expected
    lines = [json.loads(line) for line in (tmp_path / "d.jsonl").read_text("utf-8").splitlines()]
    assert sum(Decimal(line["contribution"]) for line in lines if line["contribution"]) == expected


def test_explicit_files_instead_of_a_directory(run: Run, area: Path, tmp_path: Path) -> None:
    """Each table by its option; a table not given is unknown, not empty."""
    options = [word for name in TABLES if name != "payments" for word in (f"--{name}", area / f"{name}.csv")]
    done = run("rate", *options, "--profile", TESTLAND, "--on", "2025-01-01", "--out", "d.csv")
    assert done.exit_code == 0, done.output
    assert decisions(tmp_path / "d.csv")["E1"]["refusal"] == "not_supplied:benefits"


def test_one_table_from_elsewhere(run: Run, area: Path, tmp_path: Path) -> None:
    """A file given by its option stands in for that table of the directory, and for no other."""
    (tmp_path / "older.csv").write_text("employer_id,year,payroll\nE1,2024,7\n")
    assert run(*rating(area, "--exposure", "older.csv", "--out", "d.csv")).exit_code == 0
    rated = decisions(tmp_path / "d.csv")
    assert (rated["E1"]["contribution"], rated["E2"]["refusal"]) == ("0.01", "no_record:payroll")


def test_a_figure_of_the_area(run: Run, area: Path, tmp_path: Path) -> None:
    """Given to every employer whose own row does not say otherwise; per cent and Chinese words as in a cell."""
    (area / "employers.csv").write_text(TABLES["employers"].replace("E1,65,2011,", "E1,65,2011,false"))
    done = run(*rating(area, "--figure", "award=是", "--figure", "contributions=1000", "--out", "d.csv"))
    assert done.exit_code == 0, done.output
    rated = decisions(tmp_path / "d.csv")
    assert rated["E1"]["reasons"] == "steps: no benefits -> -1"
    assert rated["E5"]["reasons"] == "steps: safety award -> -1"
    shown = run("explain", area, "E5", "--figure", "award=是", "--profile", TESTLAND, "--on", "2025-01-01")
    assert "award, safety award = yes" in shown.output


def test_whose_word_counts() -> None:
    """The employer's own row, then what is published for its industry, then the figure of the area."""
    own = Employer("E1", Industry("06", "2017"), risk_class=2, facts={"award": False})
    bare = Employer("E2", Industry("06", "2017"))
    published = IndustryFigures()
    area = Area(
        {"E1": own, "E2": bare},
        {},
        industries=published,
        stated={"award": True, "risk_class": 3, "industry_incidence": Decimal("0.01")},
    )
    place: Any = None
    published._by_code["GB/T 4754-2017", "06"] = (place, {"industry_incidence": Decimal("0.02")})
    assert area.figures("E1") == {"industry_incidence": Decimal("0.02")}
    assert area.figures("E2") == {"award": True, "risk_class": 3, "industry_incidence": Decimal("0.02")}


def test_rejected_rows(run: Run, bad_area: Path, tmp_path: Path) -> None:
    """Status 2, a line on stderr, the row in the rejects file, its employer not rated, the others as before."""
    done = run(*rating(bad_area, "--out", "d.csv", "--rejects", "r.csv"))
    assert done.exit_code == 2
    assert "1 rejects and 1 warnings; 1 employers not rated for them; all in r.csv" in done.stderr
    assert "payments.csv row 4 column paid_on: not a day of the calendar" in done.stderr
    rated = decisions(tmp_path / "d.csv")
    assert (rated["E1"]["rate"], rated["E1"]["refusal"]) == ("", "rejected_row:payments")
    assert "payments.csv row 4" in rated["E1"]["reasons"]
    assert rated["E2"]["rate"] == "0.0056"
    line, warned = csv.DictReader(io.StringIO((tmp_path / "r.csv").read_text("utf-8")))
    assert (warned["severity"], warned["code"]) == ("warn", "other_edition")
    assert (line["row"], line["column"], line["value"]) == ("4", "paid_on", "2024-02-30")
    assert run(*rating(bad_area, "--allow-rejects")).exit_code == 0


def test_where_rejects_go_by_default(run: Run, bad_area: Path, tmp_path: Path) -> None:
    """Beside the decisions; once made, the file never tells of an earlier run."""
    run(*rating(bad_area, "--out", "d.csv"))
    rejects = tmp_path / "d.rejects.csv"
    assert [line.split(",")[0] for line in rejects.read_text().splitlines()] == ["severity", "reject", "warn"]
    (bad_area / "payments.csv").write_text(TABLES["payments"])
    assert run(*rating(bad_area, "--out", "d.csv")).exit_code == 0
    assert [line.split(",")[0] for line in rejects.read_text().splitlines()] == ["severity", "warn"]
    assert not (tmp_path / "rejects.csv").exists()


def test_an_employer_whose_row_is_rejected_is_in_the_file(run: Run, area: Path, tmp_path: Path) -> None:
    """Nobody is dropped in silence: it has a line, with the reason."""
    (area / "employers.csv").write_text(TABLES["employers"].replace("E2,13,2011", "E2,97,2011"))
    assert run(*rating(area, "--out", "d.csv")).exit_code == 2
    assert decisions(tmp_path / "d.csv")["E2"]["refusal"].startswith("rejected_row:")


def test_warnings_do_not_change_the_status(run: Run, area: Path) -> None:
    """A column nobody reads is said and kept, and the round is whole."""
    (area / "cases.csv").write_text(TABLES["cases"].replace("death", "death,hair").replace("true", "true,red"))
    done = run(*rating(area))
    assert done.exit_code == 0
    assert "column hair" in done.stderr
    assert "red" not in done.stderr


def test_more_findings_than_are_shown(run: Run, area: Path) -> None:
    """Ten on the screen, all of them in the file; where nobody asks for a file there is none, and it says how."""
    (area / "payments.csv").write_text(TABLES["payments"] + BAD_PAYMENT * 25)
    before = {*Path().iterdir()}
    done = run(*rating(area))
    assert "…and 16 more" in done.stderr
    assert "--rejects FILE keeps them all" in done.stderr
    assert {*Path().iterdir()} == before
    run(*rating(area, "--rejects", "r.csv"))
    assert len(Path("r.csv").read_text().splitlines()) == 27


def test_after_the_coverage(run: Run, area: Path) -> None:
    """Refused with the covered range; in one word allowed, and then said."""
    words = ["rate", area, "--profile", TESTLAND, "--on", "2026-01-01"]
    refused = run(*words)
    assert refused.exit_code == 1
    assert "[2020-01-01, 2026-01-01)" in refused.stderr
    allowed = run(*words, "--beyond", "last-known")
    assert allowed.exit_code == 0
    assert "the rules of 2025-12-31 were used" in flat(allowed.output)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["rate", "nowhere", "--profile", TESTLAND, "--on", "2025-01-01"], "no such directory or workbook"),
        (["rate", "area", "--profile", "testlnd.toml", "--on", "2025-01-01"], "testlnd.toml"),
        (["rate", "area", "--profile", "cn-zy", "--on", "2025-01-01"], "did you mean 'cn-zj'"),
        (["rate", "area", "--profile", TESTLAND, "--on", "2025-02-30"], "not a day of the calendar"),
        (["rate", "area", "--profile", TESTLAND], "--on"),
        (["rate", "area", "--profile", TESTLAND, "--on", "2025-01-01", "--out", "d.doc"], "one of .csv"),
        (["rate", "area", "--profile", TESTLAND, "--on", "2025-01-01", "--out", "no/d.csv"], "cannot be written"),
        (["rate", "--profile", TESTLAND, "--on", "2025-01-01"], "--employers"),
        (["rate", "area", "--cases", "c.csv", "--profile", TESTLAND, "--on", "2025-01-01"], "c.csv: no such file"),
        (["rate", "area", "--lang", "de"], "de"),
        (["rate", "area", "--profile", TESTLAND, "--on", "2025-01-01", "--figure", "awrd=true"], "mean 'award'"),
        (["rate", "area", "--profile", TESTLAND, "--on", "2025-01-01", "--figure", "award"], "NAME=VALUE"),
        (["rate", "area", "--profile", TESTLAND, "--on", "2025-01-01", "--figure", "award=perhaps"], "true or false"),
        (["rate", "area", "--profile", TESTLAND, "--on", "2025-01-01", "--figure", "class_of_industry=4"], "1 to 3"),
        (
            ["rate", "area", "--profile", TESTLAND, "--on", "2025-01-01", *["--figure", "award=true"] * 2],
            "a figure given twice",
        ),
        (["explain", "E1", "--profile", TESTLAND, "--on", "2025-01-01"], "the files of the tables"),
        (["explain", "area", "E9", "--profile", TESTLAND, "--on", "2025-01-01"], "'E9'"),
        (["profiles", "toylnd"], "did you mean 'toyland'"),
        (["rates"], "rates"),
        (["--colour"], "--colour"),
    ],
)
def test_what_cannot_be_done_ends_with_status_1(run: Run, area: Path, words: list[object], message: str) -> None:
    """A message on stderr that names it, no traceback, nothing on stdout."""
    assert area.name == "area"
    done = run(*words)
    assert done.exit_code == 1
    assert message in flat(done.stderr)
    assert "Traceback" not in done.output
    assert done.stdout == ""


def test_statuses_of_the_program_itself(bad_area: Path, tmp_path: Path) -> None:
    """In a process of its own: 0, 1 and 2, messages on stderr only."""
    more = ["--out", tmp_path / "d.csv"]
    rejected = shell(*rating(bad_area, *more))
    assert (rejected.returncode, "rejects" in rejected.stderr) == (2, True), rejected.stderr
    assert shell(*rating(bad_area, *more, "--allow-rejects")).returncode == 0
    wrong = shell("rate", bad_area, "--profile", "nowhere", "--on", "2025-01-01")
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert wrong.stderr.startswith("injuryprev: load_profile: there is no profile 'nowhere'")
    assert shell("rate").returncode == 1
    said = shell("--version")
    assert (said.returncode, said.stdout) == (0, "injuryprev 0.1.0\n")


def test_a_bar_is_shown_to_somebody_who_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal and after a while only; a file never gets one."""
    monkeypatch.setattr(rate_module, "_PATIENCE", -1.0)
    for terminal in (True, False):
        screen = io.StringIO()
        with rate_module._progress(Console(file=screen, force_terminal=terminal, width=80), 3) as advance:
            for _ in range(3):
                advance()
        assert ("rating" in screen.getvalue()) is terminal


# explain


def test_explain_prints_the_decision(run: Run, area: Path) -> None:
    """As text, with every step, figure, unit and source."""
    text = run("explain", area, "E3", "--profile", TESTLAND, "--on", "2025-01-01").output
    for part in ("0.0228", "a work death", "3,000,000.10 TLD", "Testland Injury Act", "art. 3"):
        assert part in text, part


def test_explain_in_other_forms(run: Run, area: Path) -> None:
    """Markdown, Chinese, and JSON that a program can read."""
    words = ["explain", area, "E3", "--profile", TESTLAND, "--on", "2025-01-01"]
    assert run(*words, "--format", "markdown").output.startswith("# Testland")
    assert "发生工亡" in run(*words, "--lang", "zh").output
    assert json.loads(run(*words, "--format", "json").stdout)["outputs"]["rate"] == "0.0228"


def test_explain_from_single_tables(run: Run, area: Path) -> None:
    """The options of ``rate`` do; a table not given is unknown; one of a directory may be replaced."""
    words = ["--profile", TESTLAND, "--on", "2025-01-01", "--format", "json"]
    options = [word for name in TABLES for word in (f"--{name}", area / f"{name}.csv")]
    assert json.loads(run("explain", "E3", *options, *words).stdout)["outputs"]["rate"] == "0.0228"
    alone = run("explain", "E3", *options[:2], *words)
    assert "not_supplied" in alone.stdout
    (area / "other.csv").write_text("employer_id,year,payroll\nE3,2024,100\n")
    other = run("explain", area, "E3", "--exposure", area / "other.csv", *words)
    assert json.loads(other.stdout)["outputs"]["contribution"] == "2.28"


def test_explain_says_the_same_as_rate(run: Run, area: Path) -> None:
    """One rule, one answer, whichever command asks."""
    policy = ip.load_profile(TESTLAND).on("2025-01-01")
    run(*rating(area, "--out", "d.csv"))
    for key, line in decisions(Path("d.csv")).items():
        shown = run("explain", area, key, "--profile", TESTLAND, "--on", "2025-01-01", "--format", "json")
        outputs = json.loads(shown.stdout)["outputs"]
        for name in policy.outputs:
            assert line[name] == (outputs[name] if isinstance(outputs[name], str) else "")


def test_explain_refuses_an_employer_with_a_rejected_row(run: Run, bad_area: Path) -> None:
    """The row is named instead of a decision that would be too good; the others have theirs."""
    words = ["--profile", TESTLAND, "--on", "2025-01-01"]
    refused = run("explain", bad_area, "E1", *words)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "payments.csv row 4" in refused.stderr
    assert run("explain", bad_area, "E2", *words).exit_code == 0


# profiles


def test_profiles_are_listed(run: Run) -> None:
    """Id, region and coverage of each, in both languages."""
    text = flat(run("profiles").output)
    assert "cn-zj Zhejiang" in text
    assert "浙江省" in run("profiles", "--lang", "zh").output


def test_one_profile_is_shown(run: Run) -> None:
    """Coverage, inputs with unit, range and whether required, outputs, sources with their confidence."""
    text = flat(run("profiles", TESTLAND).output)
    for part in (
        "covers: [2020-01-01, 2026-01-01)",
        "payroll contribution wages money 0 – 1,000,000,000,000, step 0.01 yes",
        "award safety award flag no no",
        "industry_incidence mean incidence of the industry fraction 0 – 1, step 0.00001 not used 0",
        "contribution contribution money",
        "act No. 1 Testland Injury Act (2019-12-01) assumed 2025-01-01",
    ):
        assert part in text, part
    assert run("profiles", TESTLAND, "--on", "2019-01-01").exit_code == 1


def test_every_shipped_profile_can_be_shown(run: Run) -> None:
    """In both languages."""
    for info in ip.list_profiles():
        for lang in ("en", "zh"):
            assert run("profiles", info.id, "--lang", lang).exit_code == 0, info.id


@pytest.mark.parametrize("command", ["", "rate", "explain", "profiles"])
def test_help_says_units(run: Run, command: str) -> None:
    """Every command has its help; that of the tables says in what figures are."""
    done = run(*([command] if command else []), "--help")
    assert done.exit_code == 0
    if command == "rate":
        for part in ("insured (persons)", "payroll (money)", "YYYY-MM-DD", "(a fraction)", "万元"):
            assert part in flat(done.output)


# The shipped examples


def test_the_chinese_example_is_rated(run: Run, tmp_path: Path) -> None:
    """GB18030, Chinese headers, ten thousand yuan, inclusive last days: read without a finding."""
    words = ["--profile", "cn-zj", "--on", "2025-01-01", "--lang", "zh", "--out", "d.csv"]
    done = run("rate", ROOT / "examples" / "lakeside_zh", *words)
    assert done.exit_code == 0, done.output
    assert done.stderr == ""
    assert len(decisions(tmp_path / "d.csv")) == 20
