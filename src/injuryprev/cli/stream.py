"""``injuryprev rate`` on an engine of dataframes: read and checked in columns, rated and written in a stream."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import attrs
import polars as pl
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

import injuryprev as ip
from injuryprev.cli.common import Given, err, out
from injuryprev.cli.said import Found, print_summary, say_where
from injuryprev.cli.summary import Group, Summary
from injuryprev.exchange import DecisionRow
from injuryprev.exchange.columnar import check_output, open_engine, rate_columnar, read_columnar
from injuryprev.words import Lang, Words

_STAGES: Final = {
    "read": Words("read and checked", "读取并核查"),
    "rate": Words("counted, rated and written", "统计、核定并写出"),
    "sum": Words("summed up", "汇总"),
    "total": Words("all", "合计"),
}
_MONEY: Final = pl.Decimal(38, 6)


@attrs.define
class _Clock:
    """How long each stage took, and a display of the one under way for somebody who watches."""

    console: Console
    lang: Lang
    took: dict[str, float] = attrs.field(factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        bar = Progress(*columns, console=self.console, transient=True) if self.console.is_terminal else nullcontext()
        with bar as shown:
            if isinstance(shown, Progress):
                shown.add_task(_STAGES[name].to(self.lang), total=None)
            yield
        self.took[name] = time.monotonic() - began

    def table(self, engine: str) -> Table:
        """The times, for the end of the summary."""
        zh = self.lang == "zh"
        table = Table(title="用时" if zh else "Time", title_justify="left", title_style="bold")
        table.add_column("步骤" if zh else f"stage ({engine})")
        table.add_column("秒" if zh else "seconds", justify="right")
        for name, seconds in {**self.took, "total": sum(self.took.values())}.items():
            table.add_row(_STAGES[name].to(self.lang), f"{seconds:,.1f}")
        return table


def rate_in_columns(given: Given, policy: ip.Policy, engine: str, out_file: Path | None, lang: Lang) -> Found:
    """Rate an area on an engine and print the summary, which is made from the file that was written.

    Raises:
        UnknownNameError: No such engine.
        ReadError: A file as a whole cannot be read or written.
    """
    if out_file is not None:
        check_output(out_file)
    console, clock = out(), _Clock(err(), lang)
    # The temporary directory may grow to the size of the tables; TMPDIR says where it is.
    with tempfile.TemporaryDirectory(prefix="injuryprev-") as folder, open_engine(engine, Path(folder)) as opened:
        scratch = Path(folder)
        with clock.stage("read"):
            area = read_columnar(
                given.path or {},
                scratch,
                instead=given.tables,
                facts=policy.inputs,
                edition=given.edition,
                stated=given.figures,
            )
        with clock.stage("rate"):
            outcome = rate_columnar(area, policy, opened, out_file or scratch / "decisions.parquet")
        with clock.stage("sum"):
            summary = summed(outcome.path, policy)
    print_summary(console, policy, summary, lang)
    console.print(clock.table(engine))
    console.print()
    say_where(console, out_file, lang)
    warnings = sum(finding.severity != "reject" for finding in area.findings)
    return Found(area.findings, area.rejected, warnings, area.refusals)


def summed(path: Path, policy: ip.Policy) -> Summary:
    """The summary of decisions in a file, each table of it by one pass."""
    rows = _opened(path)
    names = rows.collect_schema().names()
    rated = rows.filter(pl.col("rate").is_not_null()) if "rate" in names else rows.head(0)
    money = {name: pl.col(name) if name in names else pl.lit(None, _MONEY) for name in ("payroll", "contribution")}
    paid = money["contribution"].is_not_null()
    sums = [
        pl.len().alias("employers"),
        money["payroll"].sum().alias("payroll"),
        money["contribution"].sum().alias("contribution"),
        money["payroll"].filter(paid).sum().alias("payroll_rated"),
        (~paid).sum().alias("without"),
    ]
    keys = {name: name if name in names else None for name in ("tier", "risk_class")}
    by = {
        name: rated.group_by(pl.col(key) if key else pl.lit(None).alias(name)).agg(sums) for name, key in keys.items()
    }
    refused = rows.filter(pl.col("rate").is_null()) if "rate" in names else rows
    reasons = _reasons(refused)
    first = rated.group_by(keys["tier"] or pl.lit(None).alias("tier")).agg(
        pl.col("employer_id").min(), pl.col("rate").get(pl.col("employer_id").arg_min())
    )
    queries = [by["tier"], by["risk_class"], rated.select(sums), refused.select(sums[:2]), reasons, first]
    tiers, classes, whole, left, why, samples = pl.collect_all(queries, engine="streaming")
    summary = Summary(_groups(tiers, "tier"), _groups(classes, "risk_class"))
    summary.rated = _group(whole.row(0, named=True))
    summary.refused = _group({**whole.row(0, named=True), **dict.fromkeys(_REST, 0), **left.row(0, named=True)})
    for row in why.sort("count", "reason", descending=[True, False]).iter_rows(named=True):
        summary.reasons[row["reason"]] = row["count"]
        summary.words[row["reason"]] = (row["employer"], _in_words(row["reason"], policy))
    for row in samples.iter_rows(named=True):
        line = DecisionRow(row["employer_id"], {"rate": row["rate"]}, policy.id, policy.version, policy.on)
        summary.samples[_key(row["tier"])] = line
    return summary


_REST: Final = ("contribution", "payroll_rated", "without")


def _opened(path: Path) -> pl.LazyFrame:
    """The file as numbers; of CSV all is text, and what is a number is read as one with all its digits."""
    if path.suffix.lower() != ".csv":
        return pl.scan_parquet(path)
    rows = pl.scan_csv(path, infer_schema=False)
    names = rows.collect_schema().names()
    money = [pl.col(name).cast(_MONEY) for name in ("payroll", "contribution") if name in names]
    ratios = [pl.col(name).cast(pl.Decimal(38, 15), strict=False) for name in ("rate",) if name in names]
    return rows.with_columns(*money, *ratios)


def _reasons(refused: pl.LazyFrame) -> pl.LazyFrame:
    """How many employers have each reason, and one of them."""
    pairs = refused.select("employer_id", reason=pl.col("refusal").str.split("; ")).explode("reason").unique()
    known = pairs.filter(pl.col("reason").is_not_null())
    return known.group_by("reason").agg(pl.len().alias("count"), pl.col("employer_id").min().alias("employer"))


def _in_words(reason: str, policy: ip.Policy) -> ip.Reason:
    """A reason in the words of the policy; what was met in counting has its words in ``explain`` alone."""
    code, _, subject = reason.partition(":")
    said = [*policy.lowered.reasons, *(fault for spec in policy.lowered.inputs.values() for fault in spec.faults)]
    for known in said:
        if (known.code, known.subject) == (code, subject):
            return known
    if code == "rejected_row":
        return ip.Reason(code, subject, Words(f"a row of {subject} was rejected", f"{subject} 表有行未被采用"))
    return ip.Reason(code, subject, Words("injuryprev explain has the words", "详见 injuryprev explain"))


def _groups(rows: pl.DataFrame, key: str) -> dict[object, Group]:
    return {_key(row[key]): _group(row) for row in rows.iter_rows(named=True)}


def _group(row: dict[str, Any]) -> Group:
    payroll, contribution, rated = (Decimal(row[name] or 0) for name in ("payroll", "contribution", "payroll_rated"))
    return Group(row["employers"], payroll, contribution, rated, row["without"])


def _key(value: object) -> object:
    """A tier or class as a number without the noughts of its column, if it is one."""
    if isinstance(value, str):
        try:
            value = Decimal(value)
        except ArithmeticError:
            return value
    if not isinstance(value, Decimal):
        return value
    return int(value) if value == value.to_integral_value() and value > 1 else value.normalize()
