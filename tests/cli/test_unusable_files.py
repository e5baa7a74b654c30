"""A file that cannot be used ends the run with status 1, whoever reads it; nothing is written or left lying."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from injuryprev.cli.main import app

TESTLAND = Path(__file__).parent / "testland.toml"
PAYMENTS = "employer_id,case_id,paid_on,amount,kind\nE1,,2024-06-01,500,medical\n"
ENGINES = pytest.mark.parametrize("engine", ["records", "polars", "duckdb"])
Run = Callable[..., Result]


@pytest.fixture
def area(tmp_path: Path) -> Path:
    """Two employers."""
    folder = tmp_path / "area"
    folder.mkdir()
    (folder / "employers.csv").write_text("id,industry,industry_edition,award\nE1,65,2011,\nE2,13,2011,true\n")
    (folder / "exposure.csv").write_text("employer_id,year,payroll\nE1,2024,1000\nE2,2024,2000\n")
    return folder


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command line in an empty directory, with scratch files of its own."""
    (tmp_path / "here").mkdir()
    (tmp_path / "scratch").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


def rating(area: Path, engine: str, *more: object) -> list[object]:
    """The words of a usual ``rate``."""
    return ["rate", area, "--profile", TESTLAND, "--on", "2025-01-01", "--engine", engine, "--out", "d.csv", *more]


def refused(done: Result, words: str, tmp_path: Path) -> None:
    """Status 1 and a message; no decisions, no rejects, no scratch."""
    assert isinstance(done.exception, SystemExit), done.exception
    assert (done.exit_code, words in done.stderr) == (1, True), done.output
    assert list((tmp_path / "here").iterdir()) == []
    assert list((tmp_path / "scratch").iterdir()) == []


@ENGINES
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (PAYMENTS.replace("case_id", "amount").encode(), "two columns both mean amount"),
        (PAYMENTS.replace("amount", "amt").encode(), "has no column amount"),
        (b"", "the file is empty"),
        (PAYMENTS.encode("utf-16"), "UTF-16"),
        (PAYMENTS.encode() + b"E1,,2024-06-01,7,\xff\xfe\xff\n", "UTF-8"),
        (b"\xef\xbb\xbf\xef\xbb\xbf" + PAYMENTS.encode(), "has no column employer_id"),
    ],
)
@pytest.mark.parametrize("table", ["payments.csv", "payments-2024.csv"])
def test_a_file_that_cannot_be_used(
    engine: str, content: bytes, words: str, table: str, run: Run, area: Path, tmp_path: Path
) -> None:
    """Nobody is rated as if the table had not been supplied."""
    (area / table).write_bytes(content)
    refused(run(*rating(area, engine)), words, tmp_path)


@ENGINES
@pytest.mark.parametrize(
    ("column", "series"),
    [
        ("amount", pl.Series([[1, 2]])),
        ("amount", pl.Series([{"a": 1}])),
        ("paid_on", pl.Series([dt.time(1)])),
        ("kind", pl.Series([b"12"])),
        ("employer_id", pl.Series([[1, 2]], dtype=pl.Array(pl.Int64, 2))),
        ("case_id", pl.Series([dt.timedelta(1)])),
    ],
)
def test_a_type_that_no_cell_has(
    engine: str, column: str, series: pl.Series, run: Run, area: Path, tmp_path: Path
) -> None:
    """Lists, structures, bytes and times of Parquet are no cells; the column and its type are named."""
    row = {"employer_id": "E1", "case_id": None, "paid_on": "2024-06-01", "amount": "5", "kind": "medical"}
    pl.DataFrame([row]).with_columns(series.alias(column)).write_parquet(area / "payments.parquet")
    refused(run(*rating(area, engine)), f"column {column}: a column of a type that no cell of a table has", tmp_path)
    assert run(*rating(area, engine, "--payments", area / "nothing.csv")).exit_code == 1


@pytest.mark.parametrize(
    "amount",
    [
        pl.Series([float("inf"), 5.0]),
        pl.Series([float("-inf"), 5.0]),
        pl.Series([float("nan"), 5.0]),
        pl.Series([1e30, 5.0]),
        pl.Series([2**63 + 5, 5], dtype=pl.UInt64),
        pl.Series([2**80, 5], dtype=pl.Int128),
        pl.Series([Decimal("12345678901234567890123456.5"), Decimal(5)]),
        pl.Series([True, False]),
        pl.Series([dt.date(2024, 5, 1), None]),
    ],
    ids=str,
)
def test_what_is_no_figure_is_rejected(amount: pl.Series, run: Run, area: Path, tmp_path: Path) -> None:
    """As in CSV, and with the same line in the rejects file on every engine; a good value in the same column counts."""
    rows = {"employer_id": ["E1", "E2"], "paid_on": ["2024-06-01"] * 2, "kind": ["medical"] * 2}
    pl.DataFrame({**rows, "amount": amount}).write_parquet(area / "payments.parquet")
    said = set()
    for engine in ("records", "polars", "duckdb"):
        done = run(*rating(area, engine))
        assert done.exit_code == 2, (done.output, done.exception)
        said.add((tmp_path / "here" / "d.rejects.csv").read_text())
        decisions = pl.read_csv(tmp_path / "here" / "d.csv", infer_schema=False)
        assert decisions["refusal"][0] == "rejected_row:payments"
    (text,) = said
    assert "payments.parquet,1,amount," in text


def test_a_decimal_with_places_to_spare_is_a_figure(run: Run, area: Path) -> None:
    """The noughts of a decimal column are the column's."""
    rows = {"employer_id": ["E1"], "paid_on": ["2024-06-01"], "kind": ["medical"]}
    amount = pl.Series([Decimal("5.0000000000000000000000000000")], dtype=pl.Decimal(38, 28))
    pl.DataFrame({**rows, "amount": amount}).write_parquet(area / "payments.parquet")
    for engine in ("records", "polars", "duckdb"):
        done = run(*rating(area, engine))
        assert done.exit_code == 0, done.output
