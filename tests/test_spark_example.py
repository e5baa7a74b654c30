"""The Spark example rates a province as the record reader does, from CSV and from Parquet."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

import injuryprev as ip
from injuryprev.cli.rate import decide
from injuryprev.exchange import read_area

ROOT = Path(__file__).resolve().parent.parent
AREA = ROOT / "examples" / "lakeside"
ON = "2025-03-01"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.environ.get("INJURYPREV_NO_SPARK") == "1", reason="INJURYPREV_NO_SPARK=1"),
]


def submit(*words: object) -> subprocess.CompletedProcess[str]:
    """The example in a process of its own, two workers on this machine."""
    assert shutil.which("java"), "PySpark needs a Java runtime (17 will do); INJURYPREV_NO_SPARK=1 leaves this test out"
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("COV_", "COVERAGE_"))}
    return subprocess.run(
        [sys.executable, ROOT / "examples" / "spark_province.py", "--master", "local[2]", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
        env={**kept, "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"},
    )


PARQUET = ("employers", "exposure", "payments")


def test_a_province_on_spark(tmp_path: Path) -> None:
    """Values and reasons of every employer, from CSV and Parquet; a table whose directory has parts is one table."""
    source = tmp_path / "area"
    source.mkdir()
    for path in AREA.glob("*.csv"):
        if path.stem not in PARQUET:
            shutil.copy(path, source)
            continue
        rows = pl.read_csv(path, infer_schema=False)
        (source / f"{path.stem}.parquet").mkdir()
        for part, frame in enumerate((rows[: rows.height // 2], rows[rows.height // 2 :])):
            frame.write_parquet(source / f"{path.stem}.parquet" / f"part-{part}.parquet")
    out = tmp_path / "decisions"
    words = ("--input", source, "--output", out, "--profile", "cn-zj", "--on", ON)
    done = submit(*words)
    assert done.returncode == 0, done.stderr[-3000:]
    policy = ip.load_profile("cn-zj").on(ON)
    area = read_area(AREA, facts=policy.inputs)
    made = {row["id"]: row for row in pl.read_parquet(out / "*.parquet").iter_rows(named=True)}
    assert made.keys() == set(area.ids)
    for key in area.ids:
        wanted, row = decide(area, policy, key).row, made[key]
        for name, value in wanted.outputs.items():
            assert row[name] == (None if isinstance(value, ip.Unknown) else value), (key, name)
        assert frozenset((row["refusal"] or "").split("; ")) - {""} == frozenset(wanted.refusal)
    assert f"{len(made)} employers" in done.stdout
    again = submit(*words)
    assert again.returncode != 0
    assert "is there already" in again.stderr


def test_no_employers(tmp_path: Path) -> None:
    """A message, and nothing is written."""
    done = submit("--input", tmp_path, "--output", tmp_path / "out", "--profile", "cn-zj", "--on", ON)
    assert done.returncode == 1
    assert "there is no employers.parquet and no employers.csv" in done.stderr
    assert not (tmp_path / "out").exists()
