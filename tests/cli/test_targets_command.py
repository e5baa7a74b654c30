"""``injuryprev targets``: the list, one target, and a series held against it."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from injuryprev.cli.main import app
from injuryprev.exchange.series import read_series_table
from injuryprev.measures.series import Observation
from injuryprev.measures.targets import list_targets
from injuryprev.unknown import Unknown

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command line in an empty directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "300")
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def series(tmp_path: Path) -> Path:
    """Two years of a province, as an agency keeps them."""
    path = tmp_path / "序列.csv"
    path.write_text("年度,认定工伤,参保人数\n2015,31798,2944259\n2016,24000,3000000\n", encoding="gb18030")
    return path


def test_all_are_listed(run: Run) -> None:
    """Every shipped target is in the list, in both languages, with how sure its reading is."""
    english, chinese = run("targets"), run("targets", "--lang", "zh")
    assert english.exit_code == chinese.exit_code == 0
    for one in list_targets():
        assert one.name in english.output
        assert one.name in chinese.output
    assert "reprint" in english.output
    assert "下降20%左右" in chinese.output


def test_one_is_shown(run: Run) -> None:
    """With its document, and with what was not read."""
    done = run("targets", "cn-2030-platforms")
    assert done.exit_code == 0
    assert "the base year was not read" in done.output
    assert "its number and exact title were not found" in done.output


def test_a_series_is_held_against_a_target(run: Run, series: Path, tmp_path: Path) -> None:
    """Chinese headers in GB18030; met by more than chance; the file has the figures exactly."""
    done = run("targets", "zhejiang-2016-incidence", series, "--on", "2017-02-01", "--out", "t.csv")
    assert done.exit_code == 0, done.output
    assert "on 2017-02-01: met" in done.output
    assert "more than chance" in done.output
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as file:
        [line] = csv.DictReader(file)
    assert (line["status"], line["value"], line["margin"], line["beyond_chance"]) == ("met", "0.008", "0.002", "true")


def test_before_it_is_due(run: Run, series: Path) -> None:
    """Not yet due, with the pace that is needed."""
    done = run("targets", "zhejiang-2016-incidence", series, "--on", "2016-06-01", "--lang", "zh")
    assert done.exit_code == 0
    assert "尚未到期" in done.output
    assert "余下1年每年须下降0.08个百分点" in done.output


def test_a_baseline_of_ones_own(run: Run, series: Path) -> None:
    """Where the document leaves the base year open, it can be chosen, and the result says so."""
    unknown = run("targets", "cn-2025-priority-industries", series, "--on", "2017-02-01")
    chosen = run("targets", "cn-2025-priority-industries", series, "--on", "2017-02-01", "--baseline", 2015)
    assert "base year is not printed" in unknown.output
    assert "chosen by the caller" in chosen.output
    assert "down 25.93 %" in chosen.output


OWN = """format = 1

[targets.ours]
title = { en = "a tenth fewer cases by 2016", zh = "到2016年工伤件数减少10%" }
metric = "injuries"
unit = "cases"
aim = { fall = "10%" }
baseline = { years = [2015] }
due = 2016-12-31
"""


def test_targets_of_ones_own(run: Run, series: Path, tmp_path: Path) -> None:
    """A file of the same form takes the place of those that ship; what has no source is assumed."""
    (tmp_path / "ours.toml").write_text(OWN, encoding="utf-8")
    listed = run("targets", "--file", "ours.toml")
    assert "ours" in listed.output
    assert "assumed" in listed.output
    assert "zhejiang" not in listed.output
    done = run("targets", "ours", series, "--on", "2017-01-01", "--file", "ours.toml")
    assert "a tenth fewer cases by 2016 - on 2017-01-01: met" in done.output
    (tmp_path / "bad.toml").write_text(OWN.replace("fall", "fal"), encoding="utf-8")
    bad = run("targets", "--file", "bad.toml")
    assert bad.exit_code == 1
    assert "bad.toml @ $.targets.ours.aim: there is no 'fal' here" in bad.output
    assert "this file of targets cannot be read" in run("targets", "--file", "none.toml").output


def test_a_reported_result_is_checked_in_its_own_words(run: Run, series: Path) -> None:
    """What was reported is not an aim: it is as reported, or it is not."""
    done = run("targets", "dalian-2016-injuries", series, "--on", "2017-01-01")
    assert "(reported, not an aim) - on 2017-01-01: not as reported" in done.output
    series.write_text("year,count\n2015,31798\n2016,29667\n", encoding="utf-8")
    done = run("targets", "dalian-2016-injuries", series, "--on", "2017-01-01")
    assert "(reported, not an aim) - on 2017-01-01: as reported" in done.output
    assert "reported: down by 6.7 %, which is 29,667.53 cases; the same to the digits printed" in done.output


def test_a_series_of_another_standard_is_refused(run: Run, tmp_path: Path) -> None:
    """Cases by hours worked settle nothing of cases by insured; a standard that is none costs its row."""
    other = tmp_path / "other.csv"
    other.write_text("year,standard,value\n2016,osha.trir,0.001\n", encoding="utf-8")
    done = run("targets", "zhejiang-2016-incidence", other, "--on", "2017-02-01")
    assert done.exit_code == 1, done.output
    assert "the figure follows another definition than the target" in done.output
    other.write_text("年度,标准,件数,参保人数\n2016,cn.incidence_per_mille,9,1000\n", encoding="utf-8")
    done = run("targets", "zhejiang-2016-incidence", other, "--on", "2017-02-01")
    assert done.exit_code == 0, done.output
    other.write_text("year,standard,value\n2016,osha.trr,0.001\n", encoding="utf-8")
    done = run("targets", "zhejiang-2016-incidence", other, "--on", "2017-02-01")
    assert done.exit_code == 2, done.output
    assert "did you mean 'osha.trir'" in done.output


@pytest.mark.parametrize("count", ["-98", "3.5"])
def test_a_count_that_is_none_is_named(run: Run, tmp_path: Path, count: str) -> None:
    """With its column and what stands there."""
    bad = tmp_path / "bad.csv"
    bad.write_text(f"年度,工伤人数,参保人数\n2016,{count},1000\n", encoding="utf-8")
    done = run("targets", "zhejiang-2016-incidence", bad, "--on", "2017-02-01")
    assert done.exit_code == 2, done.output
    assert "工伤人数" in done.output
    assert count in done.output


def test_one_year_twice_is_no_baseline(run: Run, series: Path) -> None:
    """Nor is the year that decides, nor one after it."""
    words = ("targets", "cn-2025-incidence", series, "--on", "2026-01-05")
    for years, why in ((("2015", "2015"), "not years to measure from"), (("2025",), "before the one that decides")):
        given = [word for year in years for word in ("--baseline", year)]
        done = run(*words, *given)
        assert done.exit_code == 1, done.output
        assert why in done.output


def test_a_rejected_row_is_an_unknown_year(run: Run, tmp_path: Path) -> None:
    """A count that is none costs its year, is named in the rejects file, and the status is 2."""
    bad = tmp_path / "bad.csv"
    bad.write_text("year,count,exposure\n2015,100,10000\n2016,9x,10000\n", encoding="utf-8")
    done = run("targets", "zhejiang-2016-incidence", bad, "--on", "2017-02-01", "--out", "t.csv")
    assert done.exit_code == 2, done.output
    assert "unknown: the row was rejected" in done.output
    assert "9x" in (tmp_path / "t.rejects.csv").read_text(encoding="utf-8")
    allowed = run("targets", "zhejiang-2016-incidence", bad, "--on", "2017-02-01", "--allow-rejects")
    assert allowed.exit_code == 0


@pytest.mark.parametrize(
    ("row", "code"),
    [("2016,,5,100", None), ("2016,1%,5,100", "bad_observation"), ("2016,,1.5,100", "bad_observation")],
)
def test_rows_of_a_series(tmp_path: Path, row: str, code: str | None) -> None:
    """A figure beside its count is refused, as is a broken count; empty cells are unknown."""
    path = tmp_path / "s.csv"
    path.write_text(f"year,value,count,exposure\n2014,0.9%,,\n2015,,,\n{row}\n", encoding="utf-8")
    read = read_series_table(path)
    assert read.years[2014] == Observation("0.009")
    assert read.years[2015] is None
    assert isinstance(read.years[2016], Unknown if code else Observation)
    assert [finding.code for finding in read.findings] == ([code] if code else [])


def test_a_year_twice(tmp_path: Path) -> None:
    """The same twice is once; two figures for one year are none."""
    path = tmp_path / "s.csv"
    path.write_text("year,value\n2015,1%\n2015,0.01\n2016,1%\n2016,2%\n", encoding="utf-8")
    read = read_series_table(path)
    assert read.years[2015] == Observation("0.01")
    assert isinstance(read.years[2016], Unknown)
    assert read.rejected == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("zhejiang-2016",), "did you mean"),
        (("zhejiang-2016-incidence", "序列.csv"), "--on YYYY-MM-DD"),
        (("zhejiang-2016-incidence", "序列.csv", "--on", "2017"), "not a day of the calendar"),
        (("zhejiang-2016-incidence", "none.csv", "--on", "2017-01-01"), "none.csv"),
        (("zhejiang-2016-incidence", "序列.csv", "--on", "2017-01-01", "--out", "x.doc"), "no format"),
    ],
)
def test_wrong_usage_ends_with_one(run: Run, series: Path, words: tuple[str, ...], said: str) -> None:
    """Each mistake is told with what would do, and the status is 1."""
    assert series.exists()
    done = run("targets", *words)
    assert done.exit_code == 1, done.output
    assert said in " ".join(done.output.split())


def test_json_in_place_of_text(run: Run, series: Path) -> None:
    """The list a line for each target, one target, an assessment: each as the library's own result tells it."""
    listed = [json.loads(line) for line in run("targets", "--json").stdout.splitlines()]
    assert [one["name"] for one in listed] == [one.name for one in list_targets()]
    shown = json.loads(run("targets", "zhejiang-2016-incidence", "--json").stdout)
    assert shown == listed[0]
    told = json.loads(run("targets", "zhejiang-2016-incidence", series, "--on", "2017-02-01", "--json").stdout)
    assert (told["schema"], told["status"], told["target"]) == ("injuryprev.assessment/1", "met", shown)
    assert told["value"] == "0.008"


def test_options_of_a_judgement_need_a_table(run: Run) -> None:
    """Without one nothing is judged, and nobody shall think it was."""
    done = run("targets", "zhejiang-2016-incidence", "--on", "2017-01-01")
    assert done.exit_code == 1
    assert "give its table" in done.output
