"""``rate --engine``: the same decisions on every engine, and nothing half-written under the name asked for."""

from __future__ import annotations

import csv
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

import injuryprev as ip
from injuryprev.cli import stream
from injuryprev.cli.main import app
from injuryprev.cli.stream import summed

TESTLAND = Path(__file__).parent / "testland.toml"
FIVE = range(1, 6)
TABLES = {
    "employers": "id,industry,industry_edition,award\n"
    "E1,65,2011,\nE2,13,2011,true\nE3,06,2011,\nE4,06,2017,\nE5,14,2011,\n",
    "exposure": "employer_id,year,payroll\n" + "".join(f"E{number},2024,{number}000000.10\n" for number in FIVE),
    "contributions": "employer_id,year,amount\n" + "".join(f"E{number},2024,{number % 5}000\n" for number in FIVE),
    "cases": "id,employer_id,worker,occurred_on,ground,death\nC1,E3,w1,2024-05-01,14.1,true\n",
    "payments": "employer_id,case_id,paid_on,amount,kind\nE3,C1,2024-06-01,500,medical\nE2,,2024-06-01,9,medical\n",
}
Run = Callable[..., Result]
ENGINES = pytest.mark.parametrize("engine", ["polars", "duckdb"])


@pytest.fixture
def area(tmp_path: Path) -> Path:
    """Five employers: three that are rated, one coded by another edition, one that paid nothing in."""
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


def rating(area: Path, *more: object) -> list[object]:
    """The words of a usual ``rate``."""
    return ["rate", area, "--profile", TESTLAND, "--on", "2025-01-01", *more]


def flat(text: str) -> str:
    """Text without frames and line ends."""
    return re.sub(r"[\s│┃╭╮╰╯─━]+", " ", text)


def decisions(path: Path) -> dict[str, dict[str, str | Decimal | None]]:
    """The lines of a CSV file, with numbers as numbers."""

    def read(text: str) -> str | Decimal | None:
        return Decimal(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else text or None

    with path.open(encoding="utf-8-sig", newline="") as file:
        return {line["employer_id"]: {key: read(text) for key, text in line.items()} for line in csv.DictReader(file)}


@ENGINES
def test_the_same_area_on_every_engine(engine: str, run: Run, area: Path, tmp_path: Path) -> None:
    """Columns that both files have agree line by line; so do the tables of money on the screen."""
    said = {}
    for name in ("records", engine):
        done = run(*rating(area, "--engine", name, "--out", f"{name}.csv"))
        assert done.exit_code == 0, done.output
        said[name] = flat(done.output)
    by_records, by_engine = (decisions(tmp_path / f"{name}.csv") for name in said)
    shared = [name for name in next(iter(by_engine.values())) if name in next(iter(by_records.values()))]
    assert {"rate", "tier", "contribution", "refusal", "on"} <= set(shared)
    for key, line in by_records.items():
        assert {name: by_engine[key][name] for name in shared} == {name: line[name] for name in shared}
    for part in (
        "Testland (testland 1.0) on 2025-01-01: 5 employers",
        "80 % 2 3,000,000.20 12,800.00 0.427 %",
        "rated 3 6,000,000.30 81,200.00 1.353 %",
        "not rated 2 9,000,000.20",
        "other_edition:class_of_industry 1 E4:",
        "division_by_zero:payout_ratio 1 E5:",
    ):
        assert part in said["records"], part
        assert part in said[engine], part
    assert f"stage ({engine}) seconds" in said[engine]
    assert "read and checked" in said[engine]


@ENGINES
def test_parquet_in_and_out(engine: str, run: Run, area: Path, tmp_path: Path) -> None:
    """Decisions as exact decimals, in order of the employers."""
    for path in area.glob("*.csv"):
        pl.read_csv(path, infer_schema=False).write_parquet(path.with_suffix(".parquet"))
        path.unlink()
    done = run(*rating(area, "--engine", engine, "--out", "d.parquet"))
    assert done.exit_code == 0, done.output
    made = pl.read_parquet(tmp_path / "d.parquet")
    assert made["employer_id"].to_list() == ["E1", "E2", "E3", "E4", "E5"]
    assert made["contribution"].to_list()[:3] == [Decimal("1600.00"), Decimal("11200.00"), Decimal("68400.00")]
    assert made.schema["contribution"].is_decimal()
    assert str(made["on"][0]) == "2025-01-01"


def test_parquet_chooses_its_engine(run: Run, area: Path, tmp_path: Path) -> None:
    """Where a table is Parquet nobody has to name an engine; ``records`` reads it row by row, to the same decisions."""
    pl.read_csv(area / "payments.csv", infer_schema=False).write_parquet(area / "payments.parquet")
    (area / "payments.csv").unlink()
    assert "stage (polars)" in run(*rating(area)).output
    in_columns = run(*rating(area, "--out", "columns.csv"))
    by_rows = run(*rating(area, "--engine", "records", "--out", "rows.csv"))
    assert in_columns.exit_code == by_rows.exit_code == 0
    made = [
        pl.read_csv(tmp_path / name).select("employer_id", "rate", "contribution")
        for name in ("columns.csv", "rows.csv")
    ]
    assert made[0].equals(made[1])


def test_what_is_rated_is_explained(run: Run, area: Path) -> None:
    """``explain`` reads the Parquet that ``rate`` reads, and says the same."""
    words = ["--profile", TESTLAND, "--on", "2025-01-01"]
    before = run("explain", area, "E3", *words).output
    for path in area.glob("*.csv"):
        pl.read_csv(path, infer_schema=False).write_parquet(path.with_suffix(".parquet"))
        path.unlink()
    assert "a work death" in before
    assert run("explain", area, "E3", *words).output == before
    assert run("explain", "E3", "--employers", area / "employers.parquet", *words).exit_code == 0


@ENGINES
def test_rejects_and_statuses(engine: str, run: Run, area: Path, tmp_path: Path) -> None:
    """A bad cell stops nothing: its employer is refused, the row is in the rejects file, the status is 2."""
    with (area / "payments.csv").open("a") as file:
        file.write("E1,,2024-02-30,77,medical\nE9,,2024-02-01,77,medical\n")
    done = run(*rating(area, "--engine", engine, "--out", "d.csv"))
    assert done.exit_code == 2
    assert "2 rejects and 1 warnings; 1 employers not rated for them" in done.stderr
    assert "payments.csv row 4 column paid_on: not a day of the calendar" in done.stderr
    rated = decisions(tmp_path / "d.csv")
    assert (rated["E1"]["rate"], rated["E1"]["refusal"]) == (None, "rejected_row:payments")
    assert rated["E2"]["rate"] == Decimal("0.0056")
    assert "rejected_row:payments 1 E1: a row of payments was rejected" in flat(done.output)
    with (tmp_path / "d.rejects.csv").open() as file:
        lines = [(line["row"], line["code"]) for line in csv.DictReader(file)]
    assert lines == [("4", "bad_date"), ("5", "no_employer"), ("5", "other_edition")]
    assert run(*rating(area, "--engine", engine, "--allow-rejects")).exit_code == 0


def test_a_figure_of_the_area_counts_the_same(run: Run, area: Path, tmp_path: Path) -> None:
    """Own row, then industry, then area, on every engine."""
    (area / "employers.csv").write_text(TABLES["employers"].replace("E1,65,2011,", "E1,65,2011,false"))
    (area / "industries.csv").write_text("industry,industry_edition,award\n14,2011,false\n")
    for name in ("records", "polars"):
        words = ["--figure", "award=true", "--figure", "contributions=1000", "--engine", name, "--out", f"{name}.csv"]
        assert run(*rating(area, *words)).exit_code == 0
    by_records, by_engine = (decisions(tmp_path / f"{name}.csv") for name in ("records", "polars"))
    assert [line["tier_move"] for line in by_engine.values()] == [line["tier_move"] for line in by_records.values()]
    assert {line["refusal"] for line in by_engine.values()} == {line["refusal"] for line in by_records.values()}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--engine", "sparkle"], "no such engine"),
        (["--engine", "polar"], "did you mean 'polars'"),
        (["--engine", "duckdb", "--out", "d.xlsx"], "--engine records writes others"),
        (["--engine", "polars", "--out", "no/d.csv"], "cannot be written"),
    ],
)
def test_what_cannot_be_done(words: list[str], message: str, run: Run, area: Path) -> None:
    """Status 1 and a message."""
    done = run(*rating(area, *words))
    assert done.exit_code == 1
    assert message in flat(done.stderr)


SLOW_WRITER = """
import sys, time
from pathlib import Path
from injuryprev.exchange.columnar import engines
def write(self, frame, path):
    with Path(path).open("wb") as file:
        file.write(b"employer_id,rate\\nE1,0.0016\\n")
        file.flush()
        print(path, flush=True)
        time.sleep(60)
engines._Polars.write = write
from injuryprev.cli import app
sys.argv[0] = "injuryprev"
app()
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_nothing_under_the_name(how: signal.Signals, area: Path, tmp_path: Path) -> None:
    """Killed in the middle of writing: the file of an earlier run is as it was, and no other stands under its name."""
    earlier = tmp_path / "d.csv"
    for there in (False, True):
        if there:
            earlier.write_text("of an earlier run")
        words = [str(word) for word in rating(area, "--engine", "polars", "--out", earlier)]
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("COV_", "COVERAGE_"))}
        with subprocess.Popen(
            [sys.executable, "-c", SLOW_WRITER, *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**kept, "TMPDIR": str(tmp_path)},
        ) as process:
            assert process.stdout is not None
            writing = Path(process.stdout.readline().strip())
            assert (writing.parent, writing.exists(), writing.name != "d.csv") == (tmp_path, True, True)
            began = time.monotonic()
            process.send_signal(how)
            assert process.wait(30) != 0
            assert time.monotonic() - began < 30
        assert earlier.exists() is there
        assert not there or earlier.read_text() == "of an earlier run"
        assert how == signal.SIGKILL or not writing.exists()
        assert how == signal.SIGKILL or not list(tmp_path.glob("injuryprev-*"))
        assert how != signal.SIGTERM or process.returncode == 143


def test_an_engine_that_hears_nothing_is_ended_all_the_same(area: Path, tmp_path: Path) -> None:
    """In the midst of a computation that no signal reaches: nothing half-written, no scratch, status 143."""
    deaf = SLOW_WRITER.replace("time.sleep(60)", "hashlib.pbkdf2_hmac('sha256', b'', b'', 10**9)")
    words = [str(word) for word in rating(area, "--engine", "polars", "--out", tmp_path / "d.csv")]
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("COV_", "COVERAGE_"))}
    with subprocess.Popen(
        [sys.executable, "-c", "import hashlib" + deaf, *words],
        stdout=subprocess.PIPE,
        text=True,
        env={**kept, "TMPDIR": str(tmp_path)},
    ) as process:
        assert process.stdout is not None
        writing = Path(process.stdout.readline().strip())
        assert writing.exists()
        assert list(tmp_path.glob("injuryprev-*"))
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 143
    assert [path.name for path in tmp_path.iterdir()] == ["area"]


def test_the_display_is_for_somebody_who_watches(area: Path, run: Run) -> None:
    """A stage under way is shown on a terminal, and never in a file."""
    del area, run
    for terminal in (True, False):
        with Path(os.devnull).open("w") as nowhere:
            console = Console(file=nowhere, force_terminal=terminal, record=True, width=80)
            clock = stream._Clock(console, "en")
            with clock.stage("read"):
                time.sleep(0.2)
            assert list(clock.took) == ["read"]
            assert ("read and checked" in console.export_text()) is terminal


def test_a_summary_comes_from_the_file_alone(run: Run, area: Path, tmp_path: Path) -> None:
    """CSV and Parquet give the same sums."""
    policy = ip.load_profile(TESTLAND).on("2025-01-01")
    for suffix in ("csv", "parquet"):
        assert run(*rating(area, "--engine", "polars", "--out", f"d.{suffix}")).exit_code == 0
    first, second = (summed(tmp_path / f"d.{suffix}", policy) for suffix in ("csv", "parquet"))
    assert (first.groups, first.rated, first.refused) == (second.groups, second.rated, second.refused)
    assert set(first.groups) == {"tier", "risk_class"}
    assert first.rated.money["contribution"] == Decimal(81200)
