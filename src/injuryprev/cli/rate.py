"""``injuryprev rate``: the tables of a pooling area in, decisions and a summary out."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Final

import attrs
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

import injuryprev as ip
from injuryprev.cli.common import (
    RECORDS,
    REJECTS,
    AllowRejects,
    BeyondOption,
    Cases,
    Contributions,
    Edition,
    Employers,
    EngineOption,
    Events,
    Exposure,
    Figures,
    Given,
    Industries,
    LangOption,
    Language,
    On,
    Payments,
    Profile,
    Recognitions,
    err,
    lang_of,
    out,
    policy_on,
)
from injuryprev.cli.reasons import in_short
from injuryprev.cli.said import Found, beside, check_format, print_summary, report, say_where
from injuryprev.cli.summary import Shape, Summary
from injuryprev.engine.figures import Counted
from injuryprev.exchange import Area, DecisionRow, write_decisions
from injuryprev.exchange.decisions import FIGURES, figures_of
from injuryprev.model import FactValue
from injuryprev.rating import rate_counted
from injuryprev.units import to_decimal

_PATIENCE: Final = 1.0
"""Seconds of work before a progress bar is shown."""


def rate(
    path: Annotated[
        Path | None,
        typer.Argument(
            help="A directory with employers.csv, exposure.csv, contributions.csv, cases.csv, payments.csv, "
            "events.csv, recognitions.csv, industries.csv (or .xlsx, or Chinese names); or a workbook with one "
            "sheet per table.",
            show_default=False,
        ),
    ] = None,
    *,
    profile: Profile,
    on: On,
    beyond: BeyondOption = None,
    employers: Employers = None,
    exposure: Exposure = None,
    contributions: Contributions = None,
    cases: Cases = None,
    payments: Payments = None,
    events: Events = None,
    recognitions: Recognitions = None,
    industries: Industries = None,
    figure: Figures = None,
    edition: Edition = None,
    engine: EngineOption = None,
    out_file: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", metavar="FILE", help="Where the decisions go: .csv, .xlsx, .parquet or .jsonl, by suffix."
        ),
    ] = None,
    rejects: Annotated[
        Path | None,
        typer.Option(
            "--rejects",
            metavar="FILE",
            help="Where rows that were not used go, with their reasons (CSV). By default beside --out.",
            show_default=False,
        ),
    ] = None,
    allow_rejects: AllowRejects = False,
    lang: LangOption = Language.en,
) -> None:
    """Rate every employer of a pooling area.

    Tables are CSV (UTF-8 or GB18030), Excel or Parquet, with English or Chinese headers. Money is in the currency of
    the profile unless a header says 万元; ratios are plain fractions unless a header or cell says %. An empty cell is
    unknown, never zero.

    Large areas go through an engine of dataframes, --engine polars or duckdb, which writes in a stream; the decisions
    are the same.

    An employer with a rejected row is not rated: without the row its figures would be wrong. The rows, with file, row,
    column, value and reason, go to the rejects file.
    """
    given = {
        "employers": employers,
        "exposure": exposure,
        "contributions": contributions,
        "cases": cases,
        "payments": payments,
        "events": events,
        "recognitions": recognitions,
        "industries": industries,
    }
    check_format(out_file)
    policy = policy_on(profile, on, beyond)
    to_read = Given.of(policy, path, given, edition, figure)
    language = lang_of(lang)
    console, notes = out(), err()
    by = engine or to_read.usual_engine()
    if by != RECORDS:
        from injuryprev.cli.stream import rate_in_columns  # noqa: PLC0415 - row by row needs no dataframes

        found = rate_in_columns(to_read, policy, by, out_file, language)
        rejected = report(notes, found, rejects or beside(out_file), language, wanted=rejects is not None)
        if rejected and not allow_rejects:
            raise typer.Exit(REJECTS)
        return
    with notes.status("读取数据表…" if language == "zh" else "reading tables…") if notes.is_terminal else nullcontext():
        area = to_read.read(policy)
    summary = Summary(Shape.of(policy))
    rows = _decisions(area, policy, summary, notes)
    if out_file is None:
        for _ in rows:
            pass
    else:
        write_decisions(out_file, rows, policy.outputs, figures=summary.shape.figures, lang=language)
    print_summary(console, policy, summary, language)
    say_where(console, out_file, language)
    warnings = len(area.findings) - len(area.rejects)
    found = Found(area.findings, len(area.rejects), warnings, len(area.refused))
    rejected = report(notes, found, rejects or beside(out_file), language, wanted=rejects is not None)
    if rejected and not allow_rejects:
        raise typer.Exit(REJECTS)


def _decisions(area: Area, policy: ip.Policy, summary: Summary, notes: Console) -> Iterator[DecisionRow]:
    counted = compared(area, policy)
    with _progress(notes, len(area.ids)) as advance:
        for employer_id in area.ids:
            decided = decide(area, policy, employer_id, counted)
            summary.add(decided.row)
            yield decided.row
            advance()


@attrs.frozen
class Decided:
    """A decision as a line of the file, and with its reasoning unless the employer is refused."""

    row: DecisionRow
    decision: ip.RateDecision | None = None


AreaCounted = Mapping[str, Mapping[str, Counted]]
"""What every employer was counted to, by its id."""


def compared(area: Area, policy: ip.Policy) -> AreaCounted:
    """What every employer was counted to, where the policy compares employers; empty where each stands by itself.

    To a comparison the figures of an employer whose rows were rejected are unknown.
    """
    if not policy.counting.compares:
        return {}
    pairs = [(employer, area.histories[key]) for key, employer in area.employers.items()]
    given = [_figures(area, policy, key) for key in area.employers]
    return dict(zip(area.employers, policy.counting.count_area(pairs, given, area.refused), strict=True))


def _figures(area: Area, policy: ip.Policy, employer_id: str) -> dict[str, FactValue]:
    return {name: value for name, value in area.figures(employer_id).items() if name in policy.inputs}


def decide(area: Area, policy: ip.Policy, employer_id: str, counted: AreaCounted | None = None) -> Decided:
    """Rate one employer of an area, or refuse it where its rows were rejected.

    Args:
        area: Whose employer it is.
        policy: The rules of one day.
        employer_id: Whom to rate.
        counted: What ``compared`` made of the area.
    """
    refusal = area.refusal(employer_id)
    employer = area.employers.get(employer_id)
    if refusal is not None or employer is None:
        outputs: Mapping[str, Any] = dict.fromkeys(policy.outputs, refusal)
        return Decided(DecisionRow(employer_id, outputs, policy.id, policy.version, policy.on))
    figures = _figures(area, policy, employer_id)
    if counted:
        decision = rate_counted(employer, counted[employer_id], policy, figures)
    else:
        decision = ip.rate(employer, area.histories[employer_id], policy, figures)
    result = decision.result
    assert isinstance(result, ip.Result)  # noqa: S101 - for the type checker: ip.rate makes no other
    trace = result.trace
    values = trace.values()
    # What the rules cannot use is shown as it was given.
    given = {name: value for name in FIGURES if (value := getattr(employer, name, None)) is not None}
    given = {**figures, **employer.facts, **given}
    beside = {name: _shown(values.get(name), given.get(name)) for name in figures_of(policy.inputs, policy.outputs)}
    return Decided(DecisionRow.of(decision, in_short(trace), beside), decision)


def _shown(value: object, given: FactValue | None) -> Decimal | str | int | None:
    """A figure beside the outputs."""
    if isinstance(value, Fraction):
        return to_decimal(value)
    return value if isinstance(value, (Decimal, str, int)) else given


class _progress:  # noqa: N801 - used as a function
    """A bar on standard error, shown once the work has taken a while, and only to somebody who watches."""

    def __init__(self, console: Console, total: int) -> None:
        self._console, self._total, self._done = console, total, 0
        self._bar: Progress | None = None
        self._task: Any = None

    def __enter__(self) -> Any:
        self._began = time.monotonic()
        return self._advance

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def _advance(self) -> None:
        self._done += 1
        if self._bar is not None:
            self._bar.update(self._task, completed=self._done)
        elif self._console.is_terminal and time.monotonic() - self._began > _PATIENCE:
            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            self._bar = Progress(*columns, console=self._console, transient=True)
            self._task = self._bar.add_task("rating", total=self._total, completed=self._done)
            self._bar.start()
