"""``injuryprev focus``: lists with their reasons, from tables with whatever is wrong in them."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from injuryprev.cli.main import app

TABLES = {
    "employers": "id,industry,industry_edition,area\nE1,06,2017,North\nE2,06,2017,North\n"
    "E3,65,2017,South\nE4,65,2017,\n",
    "exposure": "employer_id,year,insured\nE1,2024,100\nE2,2024,50\nE3,2024,400\nE4,2024,30\n",
    "cases": "id,employer_id,worker,occurred_on,recognised_on,ground,grade,death,days_lost,trade\n"
    + "".join(f"C{n},E1,w{n},2024-03-0{n},2024-05-01,14.1,9,false,10,welder\n" for n in range(1, 7))
    + "C7,E2,w7,2024-03-01,2024-05-01,14.4,3,false,90,\n"
    + "C8,E3,w8,2024-03-01,2024-05-01,14.1,,true,0,driver\n"
    + "C9,E3,w9,2023-03-01,2023-05-01,14.1,,false,1,driver\n",
}
Run = Callable[..., Result]


@pytest.fixture
def area(tmp_path: Path) -> Path:
    """Four employers of two industries."""
    folder = tmp_path / "area"
    folder.mkdir()
    for name, text in TABLES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command line in an empty directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


def lines(path: Path) -> dict[str, dict[str, str]]:
    """The lines of a CSV file by their unit."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {line.get("unit") or line.get("employer_id") or "": line for line in csv.DictReader(file)}


def test_industries_are_ranked_with_reasons(run: Run, area: Path, tmp_path: Path) -> None:
    """Seven of 150 and one of 430: places, rates and reasons, on the screen and in the file."""
    done = run("focus", area, "--year", 2024, "--plain", "--out", "f.csv")
    assert done.exit_code == 0, done.output
    assert "1. 06 GB/T 4754-2017: 7 cases, 87.5 % of all; 46.67 per 1,000" in done.output
    found = lines(tmp_path / "f.csv")
    assert [found[key]["rank"] for key in ("06 GB/T 4754-2017", "65 GB/T 4754-2017")] == ["1", "2"]
    assert found["65 GB/T 4754-2017"]["cases"] == "1"
    assert found["06 GB/T 4754-2017"]["lost_days"] == "150"


@pytest.mark.parametrize(
    ("words", "first"),
    [
        (("--by", "employer"), "E1"),
        (("--by", "employer", "--criterion", "severity"), "E2"),
        (("--by", "employer", "--criterion", "deaths"), "E3"),
        (("--by", "trade", "--criterion", "burden"), "welder"),
        (("--by", "ground", "--criterion", "burden"), "14.1"),
        (
            (
                "--by",
                "area",
            ),
            "North",
        ),
        (("--by", "employer", "--within", "industry", "--criterion", "excess"), "E1"),
        (("--by", "employer", "--dated", "occurred_on"), "E1"),
    ],
)
def test_what_is_ranked(run: Run, area: Path, words: tuple[str, ...], first: str) -> None:
    """Each choice of unit and criterion puts what it should first."""
    done = run("focus", area, "--year", 2024, *words)
    assert done.exit_code == 0, done.output
    assert f"1. {first}: " in done.output


def test_the_window_may_be_any(run: Run, area: Path) -> None:
    """From a day up to a day; the case of 2023 lies in a window of its own."""
    done = run(
        "focus", area, "--since", "2023-01-01", "--until", "2024-01-01", "--by", "trade", "--criterion", "burden"
    )
    assert "1. driver: 1 case, 100 % of all" in done.output


def test_a_rejected_row_makes_its_unit_unknown(run: Run, area: Path, tmp_path: Path) -> None:
    """The row goes to the rejects file, the industry has no place and says why, and the status is 2."""
    with (area / "cases.csv").open("a", encoding="utf-8") as file:
        file.write("C10,E2,w10,2024-02-30,2024-05-01,14.1,,false,1,\n")
    done = run("focus", area, "--year", 2024, "--plain", "--out", "f.csv")
    assert done.exit_code == 2, done.output
    found = lines(tmp_path / "f.csv")
    assert found["06 GB/T 4754-2017"]["rank"] == ""
    assert "rejected_row:cases" in found["06 GB/T 4754-2017"]["why"]
    assert found["65 GB/T 4754-2017"]["rank"] == "1"
    assert "the figures of 1 employers are unknown" in done.output
    assert "2024-02-30" in (tmp_path / "f.rejects.csv").read_text(encoding="utf-8")
    allowed = run("focus", area, "--year", 2024, "--plain", "--leave-out", "--allow-rejects")
    assert allowed.exit_code == 0
    assert "1 employers of unknown exposure or with incomplete records are left out" in allowed.output


def test_alerts(run: Run, area: Path, tmp_path: Path) -> None:
    """Beside the list, who reaches a level; where the level cannot be said, why."""
    done = run("focus", area, "--year", 2024, "--by", "employer", "--alerts", "ningde-2019", "--out", "f.csv")
    assert done.exit_code == 0, done.output
    assert "E1: 6 %: at least orange; unknown: red" in done.output
    found = lines(tmp_path / "f.csv")
    assert [found[key]["alert"] for key in ("E1", "E2", "E3")] == ["unknown", "unknown", "none"]


def test_levels_of_ones_own(run: Run, area: Path, tmp_path: Path) -> None:
    """A file of the same form: with all thresholds known every level can be said."""
    levels = 'name = "amber"\ntitle = { en = "amber", zh = "琥珀" }\nat = "5%"\nedge = "from"\n'
    text = f'format = 1\n[alerts.ours]\ntitle = "ours"\nmetric = "incidence"\n[[alerts.ours.levels]]\n{levels}'
    (tmp_path / "levels.toml").write_text(text, encoding="utf-8")
    done = run("focus", area, "--year", 2024, "--by", "employer", "--alerts", "ours", "--levels", "levels.toml")
    assert done.exit_code == 0, done.output
    assert "E1: 6 %: amber" in done.output
    assert "E3:" not in done.output.partition("ours")[2]


def test_a_plain_table_of_units(run: Run, tmp_path: Path) -> None:
    """A row for each unit, or several, under whatever headers; an empty cell is unknown, not zero."""
    (tmp_path / "t.csv").write_text(
        "行业,部门,工伤,人数\n铸造,制造,20,1000\n铸造,制造,6,500\n装配,制造,9,2000\n仓储,物流,5,\n", encoding="gb18030"
    )
    done = run(
        "focus", "t.csv", "--unit", "行业", "--count", "工伤", "--at-risk", "人数", "--group", "部门", "--out", "f.csv"
    )
    assert done.exit_code == 0, done.output
    found = lines(tmp_path / "f.csv")
    assert [found[key]["rank"] for key in ("铸造", "装配", "仓储")] == ["1", "2", ""]
    assert (found["铸造"]["cases"], found["铸造"]["exposure"], found["铸造"]["expected"]) == ("26", "1500", "15")
    assert found["仓储"]["why"] == "missing:exposure"
    assert "exposure is missing in 1 of 1 rows" in found["仓储"]["reasons"]


def test_a_plain_table_with_something_wrong(run: Run, tmp_path: Path) -> None:
    """A row that cannot be read makes its unit unknown, goes to the rejects, and the status is 2."""
    (tmp_path / "t.csv").write_text("unit,cases,persons,part\na,2,100,x\na,3x,100,x\nb,1,50,x\nb,1,50,y\nc,1,9,x\n")
    done = run(
        "focus", "t.csv", "--unit", "unit", "--at-risk", "persons", "--group", "part", "--plain", "--out", "f.csv"
    )
    assert done.exit_code == 2, done.output
    found = lines(tmp_path / "f.csv")
    assert [found[key]["rank"] for key in ("a", "b", "c")] == ["", "", "1"]
    assert "rejected_row:unit" in found["a"]["why"]
    rejects = (tmp_path / "f.rejects.csv").read_text(encoding="utf-8")
    assert "3x" in rejects
    assert "two groups" in rejects
    assert run("focus", "t.csv", "--unit", "unit", "--at-risk", "people").exit_code == 1
    assert run("focus", "t.csv", "--unit", "unit", "--year", 2024).exit_code == 1


def test_the_enforcement_list(run: Run, area: Path, tmp_path: Path) -> None:
    """Employers by the rule of Zhejiang's measure 3, with the figures, the document, and what was assumed."""
    done = run("focus", area, "--year", 2024, "--priority", "zhejiang-2014", "--lang", "zh", "--out", "p.jsonl")
    assert done.exit_code == 0, done.output
    assert "1. E2" in done.output
    assert "浙人社发〔2014〕4号" in done.output
    assert "假定" in done.output
    first = json.loads((tmp_path / "p.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert (first["employer_id"], first["disease_cases"], first["severe"]) == ("E2", 1, 1)


def test_whoever_is_not_fully_known_is_named(run: Run, area: Path) -> None:
    """An employer with a rejected row is not on the list of enforcement, and the list says so."""
    with (area / "cases.csv").open("a", encoding="utf-8") as file:
        file.write("C10,E2,w10,2024-02-30,2024-05-01,14.1,,false,1,\n")
    done = run("focus", area, "--year", 2024, "--priority", "zhejiang-2014")
    assert done.exit_code == 2
    assert "not in the list, because their cases are not fully known: 1 employers" in done.output
    assert "E2:" not in done.output
    assert "1. E1:" in done.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--by", "industry"), "say --year, or --since and --until"),
        (("--year", "2024", "--since", "2024-01-01"), "say --year"),
        (("--year", "2024", "--by", "colour"), "colour"),
        (("--year", "2024", "--alerts", "ningde"), "ningde-2019"),
        (("--year", "2024", "--alerts", "ningde-2019", "--by", "trade"), "levels of alert are for cases by insured"),
        (("--year", "2024", "--priority", "zhejiang"), "zhejiang-2014"),
        (("--year", "2024", "--out", "f.doc"), "no format for this suffix"),
        (("--year", "2024", "--minimum-exposure", "many"), "not a finite number"),
    ],
)
def test_wrong_usage_ends_with_one(run: Run, area: Path, words: tuple[str, ...], said: str) -> None:
    """Each mistake is told with what would do, and the status is 1."""
    done = run("focus", area, *words)
    assert done.exit_code == 1, done.output
    assert said in " ".join(done.output.split())


def test_nothing_to_read(run: Run) -> None:
    """Neither a place nor a table: wrong usage."""
    done = run("focus", "--year", 2024)
    assert done.exit_code == 1
    assert "give a directory or workbook" in " ".join(done.output.split())


def test_a_figure_below_zero_is_not_netted(run: Run, tmp_path: Path) -> None:
    """-3 cases are not taken from the 5 of the row beside them, nor is half a case one; their units are unknown."""
    table = "岗位,工伤,人数\n冲压,9,100\n冲压,4,-5\n装配,-3,800\n装配,5,800\n工程,1.5,50\n电工,3,50\n"
    (tmp_path / "posts.csv").write_text(table, encoding="utf-8")
    words = ("--unit", "岗位", "--count", "工伤", "--at-risk", "人数", "--plain", "--out", "out.csv", "--lang", "zh")
    done = run("focus", "posts.csv", *words)
    assert done.exit_code == 2, done.output
    assert "posts.csv 第 3 行 列 人数: 小于零" in done.output
    assert "posts.csv 第 6 行 列 工伤: 不是整数" in done.output
    found = lines(tmp_path / "out.csv")
    assert (found["电工"]["rank"], found["电工"]["cases"]) == ("1", "3")
    assert {found[name]["why"] for name in ("冲压", "装配", "工程")} == {"rejected_row:unit"}
    assert {found[name]["cases"] for name in ("冲压", "装配", "工程")} == {""}


def test_json_in_place_of_text(run: Run, area: Path) -> None:
    """One line that the library's own result gives, alerts beside it; the list of enforcement a line for each."""
    words = ("focus", area, "--year", 2024, "--by", "employer", "--plain")
    told = json.loads(run(*words, "--alerts", "ningde-2019", "--json").stdout)
    assert (told["schema"], told["criterion"]) == ("injuryprev.focus/1", "rate")
    assert [(row["rank"], row["unit"]["key"], row["rate"]) for row in told["rows"]][:2] == [
        (1, "E1", "0.06"),
        (2, "E2", "0.02"),
    ]
    assert told["rows"][0]["alert"]["at_least"] == "orange"
    listed = run("focus", area, "--year", 2024, "--priority", "zhejiang-2014", "--json").stdout.splitlines()
    assert [json.loads(line)["rank"] for line in listed] == list(range(1, len(listed) + 1))
    assert json.loads(listed[0])["schema"] == "injuryprev.priority/1"


def test_units_in_parquet_with_days_and_deaths(run: Run, tmp_path: Path) -> None:
    """A plain table as Parquet, with severity and deaths from columns of their own."""
    pl = pytest.importorskip("polars")
    made = {"post": ["a", "b", "b"], "n": [2, 5, 5], "heads": [50, 800, 700], "days": [300, 10, 30], "died": [0, 1, 0]}
    pl.DataFrame(made).write_parquet(tmp_path / "t.parquet")
    words = ("focus", "t.parquet", "--unit", "post", "--count", "n", "--at-risk", "heads", "--plain")
    days = ("--lost-days", "days", "--deaths", "died")
    done = run(*words, *days, "--criterion", "severity", "--out", "f.csv")
    assert done.exit_code == 0, done.output
    assert "1. a: 2 cases, 16.67 % of all; 40 per 1,000" in done.output
    found = lines(tmp_path / "f.csv")
    assert (found["b"]["severity"], found["b"]["deaths"], found["b"]["lost_days"]) == ("4", "1", "40")
    assert "1. b: " in run(*words, *days, "--criterion", "deaths").output
    assert "days_lost was not given" not in run(*words).output


def test_an_area_in_parquet(run: Run, area: Path) -> None:
    """The tables of an area as Parquet give what they give as CSV."""
    pl = pytest.importorskip("polars")
    words = ("focus", area, "--year", 2024, "--by", "employer", "--plain", "--json")
    before = run(*words).stdout
    for path in area.glob("*.csv"):
        typed = {"insured": pl.Int32, "grade": pl.Int8, "days_lost": pl.Float64}
        frame = pl.read_csv(path, infer_schema=False)
        frame = frame.cast({name: kind for name, kind in typed.items() if name in frame.columns})
        frame.write_parquet(path.with_suffix(".parquet"))
        path.unlink()
    assert run(*words).stdout == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("t.csv", "--unit", "u", "--by", "employer", "--leave-out"), "not --by, --leave-out"),
        (("t.csv", "--unit", "u", "--priority", "zhejiang-2014"), "not --priority"),
        (("t.csv", "--year", "2024", "--at-risk", "n"), "say --unit"),
        (("t.csv", "--unit", "u", "--count", "c", "--lost-days", "day"), "seen: 'day'; expected: did you mean 'days'?"),
    ],
)
def test_options_that_do_not_go_together(run: Run, tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    """Nothing that was asked for is left aside in silence."""
    (tmp_path / "t.csv").write_text("u,c,n,days\na,1,10,3\n", encoding="utf-8")
    done = run("focus", *words)
    assert done.exit_code == 1
    assert said in " ".join(done.output.split())


def test_columns_nobody_named_are_no_matter(run: Run, tmp_path: Path) -> None:
    """Of a plain table the caller says which columns count, so there is nothing to warn of in the others."""
    (tmp_path / "t.csv").write_text("u,c,n,days,month\na,1,10,3,5\nb,2,30,0,6\n", encoding="utf-8")
    done = run("focus", "t.csv", "--unit", "u", "--count", "c", "--at-risk", "n", "--plain")
    assert (done.exit_code, done.stderr) == (0, "")


def test_units_of_unknown_alert_are_listed(run: Run, tmp_path: Path) -> None:
    """A unit whose rate is not known may be the worst; so many are named as are printed, and how many more."""
    table = tmp_path / "posts.csv"
    table.write_text("post,cases,at\nA,1,10\nB,5,\nC,6,\nD,7,\n", encoding="utf-8")
    words = ("focus", table, "--unit", "post", "--at-risk", "at", "--plain", "--alerts", "ningde-2019")
    done = run(*words, "--top", 2)
    assert "  A: 10 %: at least orange" in done.output
    assert done.output.count(": unknown: exposure is missing in 1 of 1 rows") == 2
    assert "  … and 1 more of unknown rate" in done.output


def test_a_unit_is_unknown_for_the_row_that_was_rejected(run: Run, area: Path, tmp_path: Path) -> None:
    """The reason names the row, a row of exposure leaves the cases known, and a table not used costs nothing."""
    plain = run("focus", area, "--year", 2024, "--by", "employer")
    (area / "contributions.csv").write_text("employer_id,since,until,amount\nE2,2024-13-01,2024-12-31,9\n", "utf-8")
    same = run("focus", area, "--year", 2024, "--by", "employer")
    assert (same.exit_code, same.stdout) == (0, plain.stdout)
    exposure = TABLES["exposure"].replace("E1,2024,100", "E1,2024,a hundred")
    (area / "exposure.csv").write_text(exposure, encoding="utf-8")
    done = run("focus", area, "--year", 2024, "--by", "employer", "--out", "f.csv")
    assert done.exit_code == 2
    assert "no table" not in done.output
    found = lines(tmp_path / "f.csv")["E1"]
    assert (found["cases"], found["why"]) == ("6", "rejected_row:exposure")
    assert "a hundred" in found["reasons"]
