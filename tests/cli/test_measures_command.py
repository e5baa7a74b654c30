"""``injuryprev measures``: figures in three formats, rates by row and by group, and what is wrong with either."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from typer.testing import CliRunner, Result

from injuryprev.cli.main import app
from injuryprev.measures import list_standards

HEADER = ("city", "injuries", "insured", "hours")
ROWS = [("North", 3, 400, 800_000), ("North", 2, 100, 190_000), ("South", 1, 250, None), ("East", 0, 50, 90_000)]


def run(*words: object, wide: bool = True) -> Result:
    """The command with these words."""
    return CliRunner().invoke(app, ["measures", *map(str, words)], env={"COLUMNS": "250" if wide else "80"})


def table_of(path: Path, rows: list[tuple[Any, ...]] = ROWS, header: tuple[str, ...] = HEADER) -> Path:
    """The rows in the format of the suffix."""
    if path.suffix == ".parquet":
        pl.DataFrame(rows, schema=list(header), orient="row").write_parquet(path)
    elif path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        sheet: Any = book.active
        for row in (header, *rows):
            sheet.append(row)
        book.save(path)
    else:
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])
    return path


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def lines(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_one_rate_for_each_row(tmp_path: Path, suffix: str) -> None:
    """CSV, workbook and Parquet give the same rates; a missing figure is unknown with its reason, never zero."""
    path = table_of(tmp_path / f"firms{suffix}")
    done = run(path, "-s", "cn.incidence", "-s", "ilo.frequency", "--numerator", "injuries", "-o", "rates.csv")
    assert done.exit_code == 1  # --numerator is for one standard
    done = run(path, "-s", "ilo.frequency", "--numerator", "injuries", "-o", "rates.csv")
    assert done.exit_code == 0, done.output
    made = lines(tmp_path / "rates.csv")
    assert [row["rate"] for row in made] == ["3.750000", "10.526316", "", "0.000000"]
    assert [row["unknown"] for row in made] == ["", "", "missing:hours", ""]
    first = 1 if suffix == ".parquet" else 2
    assert [row["row"] for row in made] == [str(first + place) for place in range(4)]


def test_groups_add_up(tmp_path: Path) -> None:
    """Counts and exposures of a group are added before they are divided, for every standard asked for."""
    path = table_of(tmp_path / "firms.csv")
    done = run(path, "-s", "cn.incidence", "-s", "cn.incidence_per_mille", "--by", "city", "-o", "rates.jsonl")
    assert done.exit_code == 0, done.output
    made = [json.loads(line) for line in (tmp_path / "rates.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(row["city"], row["definition"], row["rate"]) for row in made[:4]] == [
        ("North", "cn.incidence", "1.000000"),
        ("North", "cn.incidence_per_mille", "10.000000"),
        ("South", "cn.incidence", "0.400000"),
        ("South", "cn.incidence_per_mille", "4.000000"),
    ]


def test_base_and_interval(tmp_path: Path) -> None:
    """Another base is another definition and says so; the interval is Garwood's on that base."""
    path = table_of(tmp_path / "firms.csv")
    done = run(path, "-s", "cn.incidence", "--per", 1000, "--interval", 0.95, "--by", "city", "-o", "rates.parquet")
    assert done.exit_code == 0, done.output
    made = pl.read_parquet(tmp_path / "rates.parquet").row(0, named=True)
    assert (made["definition"], made["per"], made["rate"]) == ("cn.incidence per 1000", 1000, Decimal("10.000000"))
    assert (made["low"], made["high"]) == (Decimal("3.246973"), Decimal("23.336664"))  # 1.623486, 11.668332 over 500
    assert "recognised injuries per 1,000 insured workers" in done.output


def test_a_row_that_cannot_be_read_holds_back_its_group(tmp_path: Path) -> None:
    """The rejected row is named and kept; its group has no rate, other groups do; the status is 2, or 0 if allowed."""
    path = table_of(tmp_path / "firms.csv", [*ROWS, ("South", "x", 5, 1)])
    done = run(path, "-s", "cn.incidence", "--by", "city", "-o", "rates.csv")
    assert done.exit_code == 2, done.output
    assert [row["unknown"] for row in lines(tmp_path / "rates.csv")] == ["", "rejected_row:table", ""]
    kept = lines(tmp_path / "rates.rejects.csv")
    assert [(row["severity"], row["row"], row["value"]) for row in kept if row["severity"] == "reject"] == [
        ("reject", "6", "x")
    ]
    assert run(path, "-s", "cn.incidence", "--by", "city", "--allow-rejects").exit_code == 0


def test_a_torn_row_holds_back_every_group(tmp_path: Path) -> None:
    """A row of which nobody can say whose it is may be of any group."""
    path = table_of(tmp_path / "firms.csv", [*ROWS, ("South", 1)])
    done = run(path, "-s", "cn.incidence", "--by", "city", "-o", "rates.csv")
    assert done.exit_code == 2
    assert {row["unknown"] for row in lines(tmp_path / "rates.csv")} == {"rejected_row:table"}


def test_a_cell_that_no_rate_needs_costs_no_row(tmp_path: Path) -> None:
    """A bad cell holds back the rates that need it, and only those; where none does, it is a warning."""
    header = ("deaths", "workers", "hours", "injured")
    path = table_of(tmp_path / "f.csv", [(1, 100, "10%", 2), (1, 100, 50_000, "x")], header)
    done = run(path, "-s", "gb6441.death", "-s", "gb6441.frequency", "-o", "r.csv")
    assert done.exit_code == 2, done.output
    made = [(row["row"], row["definition"], row["rate"], row["unknown"]) for row in lines(tmp_path / "r.csv")]
    assert made == [
        ("2", "gb6441.death", "10.000000", ""),
        ("2", "gb6441.frequency", "", "rejected_row:table"),
        ("3", "gb6441.death", "10.000000", ""),
        ("3", "gb6441.frequency", "", "rejected_row:table"),
    ]
    done = run(path, "-s", "gb6441.death", "-o", "r.csv")
    assert done.exit_code == 0, done.output
    kept = [(row["severity"], row["row"], row["value"]) for row in lines(tmp_path / "r.rejects.csv") if row["value"]]
    assert kept == [("warn", "2", "10%"), ("warn", "3", "x")]


def test_contradictions_are_warnings_with_their_row(tmp_path: Path) -> None:
    """What cannot all be right is said of its row and used all the same; the status stays 0."""
    header = ("injured", "workers", "hours", "lost_days")
    path = table_of(tmp_path / "f.csv", [(3, 2, 4000, 1), (0, 2, 4000, 5), (1, 1, 9000, 0)], header)
    done = run(path, "-s", "gb6441.frequency", "--rejects", "odd.csv")
    assert done.exit_code == 0, done.output
    assert [(row["row"], row["code"]) for row in lines(tmp_path / "odd.csv")] == [
        ("2", "more_injured_than_workers"),
        ("3", "lost_days_without_cases"),
        ("4", "hours_beyond_possible"),
    ]
    assert run(path, "-s", "gb6441.frequency", "--days", 1096, "--rejects", "odd.csv").exit_code == 0
    assert [row["row"] for row in lines(tmp_path / "odd.csv")] == ["2", "3"]


def test_a_table_mixing_definitions_is_refused(tmp_path: Path) -> None:
    """A row that names another standard makes the table as a whole no use."""
    header = ("injured", "hours", "definition")
    path = table_of(tmp_path / "f.csv", [(1, 10, "gb6441.frequency"), (1, 10, "osha.trir")], header)
    done = run(path, "-s", "gb6441.frequency")
    assert done.exit_code == 1
    assert "f.csv row 3: the table mixes definitions; seen: 'osha.trir'" in done.output


@pytest.mark.parametrize("second", [None, "ilo.frequency"])
def test_silence_about_the_definition_is_a_mixture(tmp_path: Path, second: str | None) -> None:
    """A row without a definition beside one that has it, or rows of two that are both asked for: refused."""
    rows = [(3, 3, 400_000, "gb6441.frequency"), (1, 1, 200_000, second)]
    path = table_of(tmp_path / "f.csv", rows, ("injured", "cases", "hours", "definition"))
    done = run(path, "-s", "gb6441.frequency", "-s", "ilo.frequency")
    assert done.exit_code == 1
    assert f"f.csv row 3: the table mixes definitions; seen: '{second or '(none)'}'" in done.output
    nothing = table_of(tmp_path / "g.csv", [(3, 400_000, None)], ("injured", "hours", "definition"))
    assert run(nothing, "-s", "gb6441.frequency").exit_code == 0


def test_a_figure_below_zero_is_unknown_with_its_row(tmp_path: Path) -> None:
    """-2 is not taken from the 5 beside it: the group is unknown, and the row and the cell are named."""
    path = table_of(tmp_path / "f.csv", [("A", 5, 1000), ("A", -2, 1000), ("B", 0, 500)], ("firm", "injured", "hours"))
    done = run(path, "-s", "gb6441.frequency", "--by", "firm", "-o", "r.csv")
    assert done.exit_code == 0, done.output
    assert [row["unknown"] for row in lines(tmp_path / "r.csv")] == ["out_of_range:injured", ""]
    assert "f.csv row 3 column injured:" in done.output
    assert "is less than zero" in done.output


def test_chinese_headers_and_words(tmp_path: Path) -> None:
    """Chinese headers are read, and Chinese is printed and written on request."""
    path = table_of(tmp_path / "f.csv", [("甲", 2, 200)], ("单位", "重伤人数", "平均职工人数"))
    done = run(path, "-s", "gb6441.serious_injury", "--by", "单位", "--lang", "zh", "-o", "r.csv")
    assert done.exit_code == 0, done.output
    assert "人重伤/1,000名职工" in done.output
    [row] = lines(tmp_path / "r.csv")
    assert (row["单位"], row["rate"], row["confidence"]) == ("甲", "10.000000", "reprint")


def test_standards_are_listed_and_told() -> None:
    """Without a table, all standards or those named."""
    listed = run(wide=True)
    assert listed.exit_code == 0
    assert all(found.name in listed.output for found in list_standards())
    told = run("-s", "jp.severity", "--lang", "zh")
    assert "強度率" in told.output
    assert "损失工作日 / 实际总工时 × 1,000" in told.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("f.csv",), "by which --standard"),
        (("f.csv", "-s", "osha.trif"), "did you mean 'osha.trir'"),
        (("f.csv", "-s", "osha.trir"), "none of the columns recordable_cases"),
        (("f.csv", "-s", "gb6441.frequency", "--by", "rate"), "a column of this name is written"),
        (("none.csv", "-s", "osha.trir"), "no such file"),
        (("none.parquet", "-s", "osha.trir"), "no such file"),
        (("bad.parquet", "-s", "osha.trir"), "not a Parquet file"),
        (("f.csv", "-s", "gb6441.severity", "--exposure", "hours", "-o", "r.pdf"), "no format for this suffix"),
        (("f.csv", "-s", "osha.trir", "--numerator", "injured", "--by", "town"), "none of the columns town"),
    ],
)
def test_wrong_usage_ends_with_1(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    """What cannot be done is said in one message with the way out, and no traceback."""
    table_of(tmp_path / "f.csv", [(1, 10)], ("injured", "hours"))
    (tmp_path / "bad.parquet").write_bytes(b"no parquet")
    done = run(*words)
    assert done.exit_code == 1, done.output
    assert said in " ".join(done.output.split()), done.output


def test_json_in_place_of_a_table(tmp_path: Path) -> None:
    """A line for each rate, as the rate tells itself, with what it is of; the notes go to the other stream."""
    path = table_of(tmp_path / "firms.csv")
    done = run(path, "-s", "cn.incidence", "--by", "city", "--json")
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(one["of"], one["value"]) for one in told] == [
        ({"city": "North"}, "1"),
        ({"city": "South"}, "0.4"),
        ({"city": "East"}, "0"),
    ]
    assert {one["schema"] for one in told} == {"injuryprev.injury-rate/1"}
    assert run("-s", "cn.incidence", "--json").exit_code == 1


def test_a_column_that_was_named_is_taken_and_no_other(tmp_path: Path) -> None:
    """Where the numerator is said, a column that bears the standard's own name for it is another column."""
    path = table_of(tmp_path / "f.csv", [(9, 2, 100)], ("cases", "recognised", "insured"))
    done = run(path, "-s", "cn.incidence", "--numerator", "recognised", "--json")
    assert json.loads(done.stdout)["value"] == "2"


def test_months_added_up_are_no_mean(tmp_path: Path) -> None:
    """Twelve months of 100 workers are 100 workers, and the sum of them is said."""
    rows: list[tuple[Any, ...]] = [("A", month, 1, 100) for month in ("2024-01", "2024-02")]
    monthly = table_of(tmp_path / "m.csv", rows, ("firm", "月份", "injuries", "insured"))
    done = run(monthly, "-s", "cn.incidence", "--by", "firm")
    assert "mean workers of several months are to be averaged" in done.output
    assert "rates of 0 groups" not in done.output
    apart = run(monthly, "-s", "cn.incidence", "--by", "firm", "--by", "月份")
    assert "averaged" not in apart.output
    hours = table_of(tmp_path / "h.csv", rows, ("firm", "月份", "injured", "hours"))
    assert "averaged" not in run(hours, "-s", "gb6441.frequency", "--by", "firm").output


def test_options_of_a_rate_that_cannot_be_meant(tmp_path: Path) -> None:
    """One column over itself; a mean month of the year of days that are no year."""
    table = table_of(tmp_path / "m.csv", [("A", 1, 100)], ("firm", "injuries", "insured"))
    same = run(table, "-s", "cn.incidence", "--numerator", "insured", "--exposure", "insured")
    assert "name the same column insured" in same.output
    half = run(table, "-s", "cn.monthly_incidence", "--days", "182")
    assert half.exit_code == 1
    assert "a mean month of a year, and days that are no year" in half.output
