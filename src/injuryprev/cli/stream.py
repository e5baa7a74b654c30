"""``injuryprev rate`` on an engine of dataframes: read and checked in columns, rated and written in a stream."""

from __future__ import annotations

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
from injuryprev.cli.summary import SAMPLES, Group, Shape, Summary, key_of
from injuryprev.exchange import DecisionRow
from injuryprev.exchange.columnar import check_output, open_engine, rate_columnar, read_columnar
from injuryprev.exchange.files import scratch_directory
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
    with scratch_directory() as scratch, open_engine(engine, scratch) as opened:
        with clock.stage("read"):
            area = read_columnar(
                given.path or {},
                scratch,
                instead=given.tables,
                facts=policy.inputs,
                edition=given.edition,
                classified_by=policy.classified_by,
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
    shape = Shape.of(policy)
    rows = _opened(path, shape)
    decided = pl.all_horizontal(pl.col(name).is_not_null() for name in shape.deciding)
    rated, others = rows.filter(decided), rows.filter(~decided)
    sums = _sums(shape)
    tiers = "tier" in shape.groups
    samples = rated.group_by("tier").agg(pl.all().sort_by("employer_id").first()) if tiers else rated.head(SAMPLES)
    queries = [*(rated.group_by(name).agg(sums) for name in shape.groups), rated.select(sums), others.select(sums)]
    *groups, whole, left, why, first = pl.collect_all([*queries, _reasons(others), samples], engine="streaming")
    summary = Summary(shape)
    for name, found in zip(shape.groups, groups, strict=True):
        summary.groups[name] = {key_of(row[name]): _group(row, shape) for row in found.iter_rows(named=True)}
    summary.rated = _group(whole.row(0, named=True), shape)
    refused = _group(left.row(0, named=True), shape)
    summary.refused = Group(
        refused.employers, {name: refused.money[name] for name in refused.money if name == "payroll"}
    )
    for row in why.iter_rows(named=True):
        summary.add_reason(row["reason"], row["employer"], _in_words(row["reason"], policy), row["count"])
    for row in first.iter_rows(named=True):
        values = {name: _read(row[name], spec.unit) for name, spec in policy.outputs.items() if row[name] is not None}
        summary.add_sample(DecisionRow(row["employer_id"], values, policy.id, policy.version, policy.on))
    return summary


def _sums(shape: Shape) -> list[pl.Expr]:
    paid = pl.col("contribution").is_not_null() if "contribution" in shape.outputs else pl.lit(value=False)
    of_paid = [pl.col("payroll").filter(paid).sum().alias("__payroll_rated")] if shape.mean else []
    money = [pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(f"__{name}") for name in shape.money]
    return [pl.len().alias("__employers"), *money, *of_paid, (~paid).sum().alias("__without")]


def _group(row: dict[str, Any], shape: Shape) -> Group:
    money = {name: Decimal(row[f"__{name}"]) for name in shape.money if row[f"__{name}"] is not None}
    return Group(row["__employers"], money, Decimal(row.get("__payroll_rated") or 0), row["__without"] or 0)


def _read(value: Any, unit: str) -> Decimal | bool | str:
    """An output as it was written, in CSV as text."""
    if unit == "category":
        return str(value)
    if unit == "flag":
        return value in (True, "true")
    return Decimal(value)


def _opened(path: Path, shape: Shape) -> pl.LazyFrame:
    """The file, with money as numbers; of CSV all is text."""
    rows = pl.scan_csv(path, infer_schema=False) if path.suffix.lower() == ".csv" else pl.scan_parquet(path)
    # A payroll of the employer's own row that no rule can use may be any text, and is no part of a sum.
    return rows.with_columns(pl.col(name).cast(_MONEY, strict=name != "payroll") for name in shape.money)


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
