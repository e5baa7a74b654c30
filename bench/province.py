"""A whole province counted and rated, Parquet to Parquet: here on Polars' streaming engine, and in SQL by hand.

    python bench/province.py --employers 20000     a quick look
    python bench/province.py --write               two million employers, then 0.5, 1 and 4 million, into the results

Every run is a process of its own, whose peak memory is what the system says of it.  The tables are drawn with a seed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any, Final

import duckdb
import numpy as np
import polars as pl
from frames_data import KINDS
from results import peak, write_part
from rivals_frames import OUTPUTS, sql

import injuryprev as ip

DAY: Final = "2025-03-01"
TABLES: Final = ("employers", "exposure", "contributions", "cases", "payments", "events")
EDITION: Final = "GB/T 4754-2011"
ROUNDS: Final = 3

# Drawing


def draw(count: int, folder: Path, seed: int = 20250301) -> None:
    """Write the tables of ``count`` employers: 1.5 cases and 3.5 payments each, a period or two of everything else."""
    chance = np.random.default_rng(seed)
    ids = pl.Series("employer_id", np.arange(count))
    insured = np.floor(chance.lognormal(3.5, 1.3, count)).astype(np.int64) + 1
    payroll = insured * chance.integers(60_000, 140_000, count)
    divisions = pl.Series([f"{code:02d}" for code in range(1, 97)])
    employers = pl.DataFrame(
        {
            "employer_id": ids,
            "industry": _lost(chance, divisions.gather(chance.integers(0, 96, count)), 0.002),
            "industry_edition": pl.Series([EDITION, "GB/T 4754-2017"]).gather(
                (chance.random(count) < 0.01).astype(int)
            ),
            "kind": pl.Series(KINDS).gather(chance.choice(7, count, p=[0.88, 0.04, 0.04, 0.01, 0.01, 0.01, 0.01])),
            "insured_since": _lost(chance, _days(chance, count, "2005-01-01", 7300), 0.05),
            "risk_class": _lost(chance, pl.Series(chance.integers(1, 9, count)), 0.8),
            "industry_incidence": _lost(chance, pl.Series(chance.integers(4_000, 20_000, count) / 1_000_000), 0.005),
        }
    )
    employers.write_parquet(folder / "employers.parquet")
    _exposure(chance, ids, insured, payroll).write_parquet(folder / "exposure.parquet")
    _contributions(chance, ids, payroll).write_parquet(folder / "contributions.parquet")
    cases = pl.DataFrame(
        {
            "id": pl.Series(np.arange(count * 3 // 2)),
            "employer_id": pl.Series(chance.integers(0, count, count * 3 // 2)),
            "occurred_on": _days(chance, count * 3 // 2, "2021-12-01", 1100),
            "recognised_on": _lost(chance, _days(chance, count * 3 // 2, "2022-01-01", 1140), 0.02),
            "ground": pl.Series(["14.1", "14.2", "14.3", "14.6"]).gather(chance.integers(0, 4, count * 3 // 2)),
            "death": _lost(chance, pl.Series(chance.random(count * 3 // 2) < 0.01), 0.001),
            "disease": pl.Series(chance.random(count * 3 // 2) < 0.01),
        }
    )
    cases.write_parquet(folder / "cases.parquet")
    many = count * 7 // 2
    payments = pl.DataFrame(
        {
            "employer_id": pl.Series(chance.integers(0, count, many)),
            "case_id": pl.Series(chance.integers(0, count * 3 // 2, many)),
            "paid_on": _lost(chance, _days(chance, many, "2023-01-01", 800), 0.0005),
            "amount": _lost(chance, _money(chance.integers(1_000, 3_000_000, many)), 0.0005),
            "kind": pl.Series(["medical", "care", "travel", "leaving_medical"]).gather(chance.integers(0, 4, many)),
        }
    )
    payments.write_parquet(folder / "payments.parquet")
    some = max(count // 50, 1)
    events = pl.DataFrame(
        {
            "employer_id": pl.Series(chance.integers(0, count, some)),
            "kind": pl.Series(["false_facts", "benefit_fraud", "arrears"]).gather(chance.integers(0, 3, some)),
            "on": _days(chance, some, "2023-01-01", 800),
        }
    )
    events.write_parquet(folder / "events.parquet")


def _days(chance: np.random.Generator, count: int, since: str, spread: int) -> pl.Series:
    return pl.Series(np.datetime64(since) + chance.integers(0, spread, count).astype("timedelta64[D]")).cast(pl.Date)


def _money(fen: Any) -> pl.Series:
    return (pl.Series(fen).cast(pl.Decimal(18, 0)) * Decimal("0.01")).cast(pl.Decimal(18, 2))


def _lost(chance: np.random.Generator, values: pl.Series, share: float) -> pl.Series:
    return pl.select(pl.when(pl.Series(chance.random(len(values)) >= share)).then(values)).to_series()


def _exposure(chance: np.random.Generator, ids: pl.Series, insured: Any, payroll: Any) -> pl.DataFrame:
    """The year, or the part of it since the first insurance; some halves that overlap, some hours without wages."""
    count = len(ids)
    whole = pl.DataFrame(
        {
            "employer_id": ids,
            "since": pl.Series(np.where(chance.random(count) < 0.01, "2024-06-01", "2024-01-01")).str.to_date(),
            "until": pl.Series(np.where(chance.random(count) < 0.005, "2025-02-01", "2025-01-01")).str.to_date(),
            "insured": pl.Series(insured),
            "payroll": _lost(chance, _money(payroll * 100 + chance.integers(0, 100, count)), 0.002),
            "hours": pl.Series([None], dtype=pl.Int64).new_from_index(0, count),
        }
    )
    whole = whole.filter(pl.Series(chance.random(count) >= 0.003))
    second = whole.filter(pl.Series(chance.random(len(whole)) < 0.02)).with_columns(
        since=pl.lit("2024-07-01").str.to_date(), until=pl.lit("2025-01-01").str.to_date()
    )
    nothing = pl.Series(chance.random(len(second)) < 0.7)
    second = second.with_columns(
        hours=pl.lit(1000, pl.Int64), **{name: pl.when(~nothing).then(pl.col(name)) for name in ("insured", "payroll")}
    )
    return pl.concat([whole, second])


def _contributions(chance: np.random.Generator, ids: pl.Series, payroll: Any) -> pl.DataFrame:
    count = len(ids)
    return pl.DataFrame(
        {
            "employer_id": ids,
            "since": pl.Series(np.where(chance.random(count) < 0.004, "2023-12-01", "2024-01-01")).str.to_date(),
            "until": pl.Series(["2025-01-01"]).str.to_date().new_from_index(0, count),
            "amount": _lost(chance, _money(payroll + chance.integers(0, 100, count)), 0.002),
        }
    ).filter(pl.Series(chance.random(count) >= 0.003))


# Rating


def here(folder: Path, out: Path) -> None:
    """By the library, streaming."""
    tables = {name: pl.scan_parquet(folder / f"{name}.parquet") for name in TABLES}
    policy = ip.load_profile("cn-zj").on(DAY)
    policy.rate_frames(tables.pop("employers"), **tables).sink_parquet(out, engine="streaming")


def by_hand(folder: Path, out: Path) -> None:
    """By SQL."""
    with duckdb.connect() as base:
        base.execute("SET preserve_insertion_order = false")
        for name in TABLES:
            base.execute(f"CREATE VIEW {name} AS SELECT * FROM '{folder / name}.parquet'")  # noqa: S608
        kept = [row[0] for row in base.execute("DESCRIBE employers").fetchall()]
        shown = ["given_class AS risk_class" if name == "risk_class" else name for name in kept]
        base.execute(f"CREATE VIEW counted AS {COUNTING.replace('<class>', _by_code())}")
        base.execute(f"COPY ({sql('counted', SCHEMA, shown, COUNTED)}) TO '{out}' (FORMAT parquet)")


def _by_code() -> str:
    """The class of an industry, of the table that the profile carries."""
    classes = ip.load_profile("cn-zj").on(DAY).rules.classifications["industry_risk"].entry.classes
    rows = (f"WHEN {_DIVISION} IN ({', '.join(map(repr, codes))}) THEN {name}" for name, codes in classes.items())
    return f"CASE {' '.join(rows)} END"


COUNTED: Final = ("risk_class", "payroll", "insured", "contributions", "benefits", "injuries", "deaths")
SCHEMA: Final = {**dict.fromkeys((*COUNTED, "months_insured"), pl.Int64), "industry_incidence": pl.Float64}
_DIVISION: Final = "substr(regexp_replace(industry, '^[A-T]', ''), 1, 2)"
COUNTING: Final = f"""
WITH bounds AS (SELECT DATE '2024-01-01' AS first_day, DATE '2025-01-01' AS end_day),
periods AS (
    SELECT employer_id, payroll, insured, since, until, greatest(since, first_day) AS start,
        least(until, end_day) AS stop, since >= first_day AND until <= end_day AS within
    FROM exposure, bounds WHERE since < end_day AND until > first_day),
-- Records that lack a figure, and whether others state it for the same days.
silent AS (
    SELECT employer_id, 'payroll' AS what, start, stop, within FROM periods WHERE payroll IS NULL
    UNION ALL SELECT employer_id, 'insured', start, stop, within FROM periods WHERE insured IS NULL),
stated AS (
    SELECT employer_id, 'payroll' AS what, since, until FROM exposure
    WHERE payroll IS NOT NULL AND employer_id IN (SELECT employer_id FROM silent)
    UNION ALL SELECT employer_id, 'insured', since, until FROM exposure
    WHERE insured IS NOT NULL AND employer_id IN (SELECT employer_id FROM silent)),
begun AS (
    SELECT *, coalesce(since > max(until) OVER (PARTITION BY employer_id, what ORDER BY since, until
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), true) AS begins FROM stated),
numbered AS (
    SELECT *, count(*) FILTER (begins) OVER (PARTITION BY employer_id, what ORDER BY since, until) AS stretch
    FROM begun),
stretches AS (
    SELECT employer_id, what, min(since) AS since, max(until) AS until FROM numbered
    GROUP BY employer_id, what, stretch),
lacking AS (
    SELECT employer_id, coalesce(bool_or(within) FILTER (what = 'payroll'), false) AS payroll,
        coalesce(bool_or(NOT within) FILTER (what = 'payroll'), false) AS payroll_astride,
        bool_or(what = 'insured') AS insured
    FROM silent AS lost WHERE NOT EXISTS (
        SELECT 1 FROM stretches AS held WHERE held.employer_id = lost.employer_id AND held.what = lost.what
            AND held.since <= lost.start AND held.until >= lost.stop)
    GROUP BY employer_id),
overlapping AS (
    SELECT DISTINCT employer_id FROM (
        SELECT employer_id, start, max(stop) OVER (PARTITION BY employer_id ORDER BY start, stop
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS latest
        FROM periods WHERE insured IS NOT NULL AND employer_id IN (
            SELECT employer_id FROM periods WHERE insured IS NOT NULL GROUP BY employer_id HAVING count(*) > 1))
    WHERE latest > start),
exposed AS (
    SELECT employer_id, sum(payroll) FILTER (within) AS payroll,
        bool_or(payroll IS NOT NULL AND NOT within) AS payroll_astride,
        sum(insured * (stop - start)) AS person_days, sum(stop - start) FILTER (insured IS NOT NULL) AS days
    FROM periods GROUP BY employer_id),
paid_in AS (
    SELECT employer_id, sum(amount) FILTER (within) AS amount, count(*) FILTER (within) AS number,
        bool_or(within AND amount IS NULL) AS lacking, bool_or(NOT within) AS astride
    FROM (SELECT *, since >= first_day AND until <= end_day AS within FROM contributions, bounds
        WHERE since < end_day AND until > first_day)
    GROUP BY employer_id),
paid_out AS (
    SELECT employer_id, sum(amount) AS amount, bool_or(paid_on IS NULL) AS undated,
        bool_or(paid_on IS NOT NULL AND amount IS NULL) AS lacking
    FROM payments, bounds WHERE paid_on IS NULL OR (paid_on >= first_day AND paid_on < end_day) GROUP BY employer_id),
recognised AS (
    SELECT employer_id, count(*) AS injuries, count(*) FILTER (death) AS deaths, bool_or(death IS NULL) AS unclear
    FROM cases, bounds WHERE recognised_on >= first_day AND recognised_on < end_day GROUP BY employer_id),
found AS (
    SELECT employer_id, bool_or(kind = 'false_facts') AS false_facts, bool_or(kind = 'benefit_fraud') AS benefit_fraud
    FROM events, bounds WHERE "on" >= first_day AND "on" < end_day GROUP BY employer_id),
joined AS (
    SELECT employers.* EXCLUDE (risk_class), employers.risk_class AS given_class, kind AS employer_kind,
        CASE WHEN insured_since IS NOT NULL THEN greatest(datesub('month', insured_since, end_day), 0)
            END AS months_insured,
        CASE WHEN given_class IS NULL AND industry_edition = '{EDITION}' THEN <class> END AS own_class,
        CASE WHEN given_class IS NOT NULL OR own_class IS NOT NULL THEN NULL
            WHEN industry IS NULL THEN 'missing:risk_class'
            WHEN industry_edition = '{EDITION}' THEN 'no_class:risk_class' ELSE 'other_edition:risk_class'
            END AS risk_class_unknown,
        CASE WHEN exposed.payroll_astride OR lacking.payroll_astride THEN 'straddles:payroll'
            WHEN lacking.payroll THEN 'no_figure:payroll'
            WHEN exposed.payroll IS NULL THEN 'no_record:payroll' END AS payroll_unknown,
        CASE WHEN lacking.insured THEN 'no_figure:insured' WHEN days IS NULL THEN 'no_record:insured'
            WHEN overlapping.employer_id IS NOT NULL THEN 'overlap:insured'
            WHEN days <> end_day - first_day THEN 'partial:insured' END AS insured_unknown,
        CASE WHEN paid_in.astride THEN 'straddles:contributions'
            WHEN coalesce(paid_in.number, 0) = 0 THEN 'no_record:contributions'
            WHEN paid_in.lacking THEN 'no_figure:contributions' END AS contributions_unknown,
        CASE WHEN paid_out.undated THEN 'undated:benefits' WHEN paid_out.lacking THEN 'no_figure:benefits'
            END AS benefits_unknown,
        NULL::VARCHAR AS injuries_unknown,
        CASE WHEN unclear THEN 'field:deaths' END AS deaths_unknown,
        CASE WHEN payroll_unknown IS NULL THEN exposed.payroll END AS payroll,
        CASE WHEN insured_unknown IS NULL THEN ((200 * person_days + days) // (2 * days))::BIGINT END AS insured_100,
        CASE WHEN contributions_unknown IS NULL THEN paid_in.amount END AS contributions,
        CASE WHEN benefits_unknown IS NULL THEN coalesce(paid_out.amount, 0) END AS benefits,
        coalesce(injuries, 0) AS injuries, CASE WHEN deaths_unknown IS NULL THEN coalesce(deaths, 0) END AS deaths,
        coalesce(false_facts, false) AS false_facts, coalesce(benefit_fraud, false) AS benefit_fraud
    FROM employers CROSS JOIN bounds
        LEFT JOIN exposed USING (employer_id) LEFT JOIN lacking USING (employer_id)
        LEFT JOIN overlapping USING (employer_id) LEFT JOIN paid_in USING (employer_id)
        LEFT JOIN paid_out USING (employer_id) LEFT JOIN recognised USING (employer_id)
        LEFT JOIN found USING (employer_id))
SELECT *, coalesce(given_class, own_class) AS risk_class, insured_100::DECIMAL(16, 0) * 0.01 AS insured
FROM joined"""  # noqa: S608


# Comparing and timing

WAYS: Final[dict[str, Callable[[Path, Path], None]]] = {"injuryprev": here, "DuckDB SQL": by_hand}


def check(folder: Path) -> int:
    """Both ways give the same rows, values and refusals; how many."""
    made = []
    for number, way in enumerate(WAYS.values()):
        out = folder / f"out{number}.parquet"
        way(folder, out)
        exact = [pl.col(name).cast(pl.Decimal(38, 7)) for name in OUTPUTS]
        made.append(pl.read_parquet(out).with_columns(exact).sort("employer_id"))
    first, second = made
    for name in first.columns:
        wrong = ~first[name].eq_missing(second[name])
        assert not wrong.any(), (name, first.filter(wrong).head(3).to_dicts(), second.filter(wrong).head(3).to_dicts())
    refused = first["refusal"].drop_nulls().str.split("; ").explode().unique()
    assert len(refused) > 15, refused
    return len(first)


def one(way: str, folder: Path) -> dict[str, float]:
    """Time and peak memory of one way in this process."""
    began = time.perf_counter()
    WAYS[way](folder, folder / "out.parquet")
    return {"seconds": time.perf_counter() - began, "mebibytes": peak()}


def timed(folder: Path, rounds: int) -> dict[str, dict[str, float]]:
    """Medians over interleaved runs, each a process of its own."""
    runs: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
    for _ in range(rounds):
        for way, found in runs.items():
            asked = [sys.executable, __file__, "--way", way, "--folder", str(folder)]
            done = subprocess.run(asked, capture_output=True, text=True, check=True)  # noqa: S603
            found.append(json.loads(done.stdout))
    return {way: {key: median(run[key] for run in found) for key in found[0]} for way, found in runs.items()}


def report(sizes: list[int], rounds: int) -> str:
    """The figures as Markdown."""
    lines = []
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        draw(20_000, folder)
        compared = check(folder)
        for size in sizes:
            draw(size, folder)
            found = timed(folder, rounds)
            mine, other = found["injuryprev"], found["DuckDB SQL"]
            lines.append(
                f"| {size:,} | {size * 5:,} | {mine['seconds']:.1f} | {other['seconds']:.1f} "
                f"| {mine['seconds'] / other['seconds']:.2f} | {mine['seconds'] / size * 1e6:.2f} "
                f"| {mine['mebibytes']:,.0f} | {other['mebibytes']:,.0f} |"
            )
            print(lines[-1], flush=True)
    return "\n".join(
        [
            "Made by `python bench/province.py --write`. Six tables in Parquet (sums of money as decimals to the fen,",
            "days as dates, keys as 64-bit integers), rules of Zhejiang on 2025-03-01; one Parquet file with all",
            "employers, their five outputs and refusals. Here on Polars' streaming engine; beside it SQL by hand in",
            f"DuckDB. Both give the same answers to {compared:,} employers, refusals among them. Every run is a",
            f"process of its own, imports not counted in the time; median of {rounds} interleaved runs.",
            "",
            "| employers | cases and payments | s | SQL, s | ratio | µs an employer | peak MiB | SQL, peak MiB |",
            "|---:|---:|---:|---:|---:|---:|---:|---:|",
            *lines,
            "",
        ]
    )


if __name__ == "__main__":
    options = argparse.ArgumentParser(description="A province counted and rated, Parquet to Parquet.")
    options.add_argument("--employers", type=int, nargs="+", default=[500_000, 1_000_000, 2_000_000, 4_000_000])
    options.add_argument("--rounds", type=int, default=ROUNDS)
    options.add_argument("--write", action="store_true", help="write into results_frames.md beside this file")
    options.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    options.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.way:
        print(json.dumps(one(asked.way, asked.folder)))
    else:
        text = report(asked.employers, asked.rounds)
        if asked.write:
            write_part("Counting and rating, Parquet to Parquet", text)
        print(text)
