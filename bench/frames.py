"""A whole table rated under the Zhejiang rules of 2025: here on Polars, and by hand in Polars, DuckDB and NumPy.

    pip install -e ".[bench,frames]"
    python bench/frames.py --rows 100000     a quick look
    python bench/frames.py --write           five million employers, into results_frames.md

The ways by hand are checked first to give the same values, nulls and refusals over a grid with every threshold from
below, at and above, and over employers drawn at random.  openfisca-core rates those employers alone that lack nothing.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any, Final

import duckdb
import numpy as np
import polars as pl
from frames_data import VARIANTS, employers, grid
from results import peak, write_part
from rivals_frames import OUTPUTS, RANGES, in_polars, sql
from rivals_numpy import arrays, from_numpy, in_numpy
from rivals_openfisca import FIGURES, OpenFisca

import injuryprev as ip

POLICY: Final = ip.load_profile("cn-zj").on("2025-03-01")
ROUNDS: Final = 5
SAMPLE: Final = 200_000
"""Employers that openfisca-core is given at once."""
KEPT: Final = {
    "integers": "whole yuan in 64-bit integers, the incidence of the industry as a double",
    "floats": "yuan and fen as doubles, the incidence likewise",
    "decimals": "yuan and fen as decimals, the incidence of six places likewise",
}
ALONE: Final = 200
"""Employers that it is given one by one."""
Way = Callable[[], Any]


def ways(frame: pl.DataFrame, variant: str) -> dict[str, Way]:
    """All ways of rating a table; each is given it as it likes best."""
    base = duckdb.connect()
    base.execute("SET preserve_insertion_order = false")
    base.execute("CREATE TABLE employers AS SELECT * FROM frame")
    query = sql("employers", frame.schema)
    given = arrays(frame)
    return {
        "injuryprev": lambda: POLICY.evaluate_frame(frame.lazy()).collect(),
        "Polars by hand": lambda: in_polars(frame.lazy()).collect(),
        "DuckDB SQL by hand": lambda: base.sql(query).to_arrow_table(),
        "NumPy by hand": lambda: in_numpy(given, decimals=variant == "decimals"),
    }


def check(variant: str) -> int:
    """All ways give the same; how many employers were compared."""
    compared = 0
    for frame in (grid(variant), employers(50_000, variant, seed=7)):
        mine: pl.DataFrame | None = None
        for name, way in ways(frame, variant).items():
            found = way()
            if not isinstance(found, pl.DataFrame):
                found = from_numpy(found) if isinstance(found, dict) else pl.DataFrame(found).sort("employer_id")
            mine = found if mine is None else mine
            for column in (*OUTPUTS, "refusal"):
                first, second = (one[column].cast(_kind(column)) for one in (mine, found))
                wrong = ~first.eq_missing(second)
                assert not wrong.any(), (name, column, frame.filter(wrong).head(3).to_dicts(), second.filter(wrong))
        assert mine is not None
        for row in mine.gather_every(97).to_dicts():
            one = POLICY.evaluate(**{name: row[name] for name in frame.columns if name in POLICY.inputs})
            assert all(_value(one[name]) == row[name] for name in OUTPUTS), row
        compared += len(frame)
    return compared


def _kind(column: str) -> pl.DataType:
    return pl.String() if column == "refusal" else pl.Decimal(38, 7)


def _value(value: object) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def timed(work: dict[str, Way], rounds: int) -> dict[str, tuple[float, float]]:
    """Median seconds, and the median over the rounds of how many times the time of the library that is."""
    runs: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(rounds):
        for name, way in work.items():
            began = time.perf_counter()
            way()
            runs[name].append(time.perf_counter() - began)
    mine = runs["injuryprev"]
    return {
        name: (median(found), median(one / other for one, other in zip(found, mine, strict=True)))
        for name, found in runs.items()
    }


def openfisca() -> dict[str, Way]:
    """A sample that lacks nothing, its answers compared within the seven digits of 32-bit floats."""
    frame = employers(SAMPLE * 3 // 2, "integers").drop_nulls()
    inside = [pl.col(name).is_between(low, high) for name, (low, high) in RANGES.items()]
    above = [pl.col(name) > 0 for name in ("contributions", "insured", "industry_incidence")]
    frame = frame.filter(*inside, *above, pl.col("employer_kind") != "construction_project").head(SAMPLE)
    assert len(frame) == SAMPLE
    given = {
        name: frame[name].to_numpy() if name in frame.columns else np.full(SAMPLE, default)
        for name, (_, default) in FIGURES.items()
    }
    system = OpenFisca()
    mine = POLICY.evaluate_frame(frame)
    for name, column in zip(OUTPUTS, system.columns(given, SAMPLE), strict=True):
        exact = mine[name].cast(pl.Float64).to_numpy()
        near = np.isclose(exact, column, rtol=2e-7, atol=0.011 if name == "contribution" else 0)
        assert near.all(), (name, frame.filter(~near).head(3).to_dicts())
    few = [
        dict(zip(given, row, strict=True))
        for row in zip(*(one[:ALONE].tolist() for one in given.values()), strict=True)
    ]
    return {
        f"openfisca-core, {SAMPLE:,} at once": lambda: system.columns(given, SAMPLE),
        "openfisca-core, one at a time": lambda: [system(record) for record in few],
    }


def memory(path: Path, variant: str, way: str) -> float:
    """Peak MiB of a process that reads the table and rates it once that way, or only reads it."""
    asked = [sys.executable, __file__, "--table", str(path), "--variant", variant, "--way", way]
    return float(subprocess.run(asked, capture_output=True, text=True, check=True).stdout)  # noqa: S603


def report(rows: int, variants: list[str], rounds: int) -> str:
    """The figures as Markdown."""
    lines = []
    compared = sum(check(variant) for variant in VARIANTS)
    print(f"{compared:,} employers compared", flush=True)
    system = openfisca()
    with tempfile.TemporaryDirectory() as folder:
        for variant in variants:
            frame = employers(rows, variant)
            path = Path(folder) / "table.parquet"
            frame.write_parquet(path)
            work = ways(frame, variant)
            refused = POLICY.evaluate_frame(frame.head(100_000))["refusal"].is_not_null().mean()
            found = timed({**work, **system}, rounds)
            del work, frame
            peaks = {name: memory(path, variant, name) for name in ("read", *list(found)[:4])}
            lines += ["", f"Sums of money as {KEPT[variant]}:", ""]
            lines += ["| | s | ns an employer | the first to this | peak MiB, table alone taken off |"]
            lines += ["|---|---:|---:|---:|---:|"]
            for name, (seconds, ratio) in found.items():
                count = ALONE if "one at a time" in name else SAMPLE if "at once" in name else rows
                each = seconds / count * 1e9
                against = (count / rows) / ratio
                peak = f"{peaks[name] - peaks['read']:,.0f}" if name in peaks else ""
                lines.append(f"| {name} | {seconds:.2f} | {each:,.0f} | {against:.3g} | {peak} |")
            print("\n".join(lines[-6:]), flush=True)
    return "\n".join(
        [
            textwrap.fill(
                "Made by `python bench/frames.py --write`. Rules of Zhejiang on 2025-03-01, all five outputs as "
                f"decimals and the refusal as text, {rows:,} employers in memory with twelve inputs each, "
                f"{refused:.0%} of them refused something. All ways give the same values, nulls and refusals to "
                f"{compared:,} employers, among them every threshold from below, at and above and the ends of the "
                "ranges, but for openfisca-core: it knows neither nulls nor refusals, answers within the seven "
                f"digits of its 32-bit floats, and rates employers that lack nothing. Medians of {rounds} "
                "interleaved rounds in one process; the ratio is that of the times for one employer, taken within "
                "a round. Polars keeps the order of the rows, DuckDB was told not to; it reads a table of its own "
                "and hands over Arrow. NumPy is given numbers and masks ready made and leaves scaled integers. "
                "Peaks are of a process each.",
                width=118,
            ),
            *lines,
            "",
        ]
    )


def only_memory(table: Path, variant: str, way: str) -> float:
    """Peak of this process."""
    frame = pl.read_parquet(table)
    if way != "read":
        one: Any = None
        if way.startswith("DuckDB"):
            with duckdb.connect() as base:
                base.execute("SET preserve_insertion_order = false")
                one = base.sql(sql("frame", frame.schema)).to_arrow_table()
        elif way.startswith("NumPy"):
            one = in_numpy(arrays(frame), decimals=variant == "decimals")
        elif way.startswith("Polars"):
            one = in_polars(frame.lazy()).collect()
        else:
            one = POLICY.evaluate_frame(frame.lazy()).collect()
        assert one is not None
    return peak()


if __name__ == "__main__":
    options = argparse.ArgumentParser(description="A whole table rated, beside the same by hand.")
    options.add_argument("--rows", type=int, default=5_000_000)
    options.add_argument("--rounds", type=int, default=ROUNDS)
    options.add_argument("--variants", nargs="+", choices=VARIANTS, default=list(VARIANTS))
    options.add_argument("--write", action="store_true", help="write into results_frames.md beside this file")
    for hidden in ("--table", "--variant", "--way"):
        options.add_argument(hidden, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.way:
        print(only_memory(asked.table, asked.variant, asked.way))
    else:
        text = report(asked.rows, asked.variants, asked.rounds)
        if asked.write:
            write_part("One table rated", text)
        print(text)
