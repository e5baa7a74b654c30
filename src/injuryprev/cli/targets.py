"""``injuryprev targets``: what the plans ask for, and a series held against one of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.markup import escape
from rich.table import Table

from injuryprev.cli.common import (
    REJECTS,
    AllowRejects,
    AsJson,
    LangOption,
    Language,
    err,
    lang_of,
    out,
    print_json,
    usage,
)
from injuryprev.cli.said import Found, beside, check_format, report
from injuryprev.exchange.own_data import read_targets
from injuryprev.exchange.rows import write_rows
from injuryprev.exchange.series import SeriesRead, read_series_table
from injuryprev.measures.assessing import assess
from injuryprev.measures.assessment import Assessment, aim_words
from injuryprev.measures.cited_data import named
from injuryprev.measures.quotients import as_decimal
from injuryprev.measures.targets import Baseline, Target, list_targets
from injuryprev.unknown import Unknown
from injuryprev.words import Lang, Words

_HEADS: Final = (
    ("name", Words("name", "名称")),
    ("place", Words("place", "地区")),
    ("title", Words("asks for", "内容")),
    ("aim", Words("aim", "目标值")),
    ("due", Words("due", "期限")),
    ("confidence", Words("confidence", "可信程度")),
)
_COLUMNS: Final = (
    *("target", "on", "status", "year", "value", "limit", "reached", "margin", "baseline", "change"),
    *("beyond_chance", "low", "high", "years_left", "needed_each_year", "why", "source", "confidence", "words"),
)


def targets(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="A target; without it all are listed.", show_default=False)
    ] = None,
    series: Annotated[
        Path | None,
        typer.Argument(
            metavar="[SERIES]",
            help="A CSV or Excel file with year (年度), and value (数值), or count (件数) and exposure (参保人数).",
            show_default=False,
        ),
    ] = None,
    *,
    on: Annotated[
        str | None, typer.Option("--on", metavar="YYYY-MM-DD", help="The day of judgement.", show_default=False)
    ] = None,
    baseline: Annotated[
        list[int] | None,
        typer.Option(
            "--baseline",
            metavar="YEAR",
            help="A year to measure from, where the document names none; given again, the mean of them.",
            show_default=False,
        ),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            "--file", metavar="TOML", help="Targets of your own, in place of those that ship.", show_default=False
        ),
    ] = None,
    out_file: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Where the assessment goes: .csv, .xlsx, .parquet or .jsonl."),
    ] = None,
    rejects: Annotated[
        Path | None,
        typer.Option("--rejects", metavar="FILE", help="Where rows that were not used go (CSV).", show_default=False),
    ] = None,
    as_json: AsJson = False,
    allow_rejects: AllowRejects = False,
    lang: LangOption = Language.en,
) -> None:
    """List the targets of published plans, show one, or hold a series against it.

    A target is met, not met, or not yet due; with counts and exposure it is said whether that is more than chance, and
    before it is due what is still needed each year. What a document leaves open is unknown.
    """
    language = lang_of(lang)
    check_format(out_file)
    known = {one.name: one for one in list_targets()} if file is None else read_targets(file)
    if series is None and (on or baseline or out_file or rejects):
        raise usage("--on, --baseline, --out and --rejects are for a series held against a target; give its table")
    if name is None or series is None:
        wanted = list(known.values()) if name is None else [named("target", name, known)]
        if as_json:
            print_json(wanted)
        elif name is None:
            _list(wanted, language)
        else:
            _show(wanted[0], language)
        return
    chosen = named("target", name, known)
    if on is None:
        raise usage("say the day of judgement with --on YYYY-MM-DD")
    read = read_series_table(series)
    base = Baseline(years=tuple(baseline)) if baseline else None
    found = assess(chosen, read.years, on=on, baseline=base)
    if as_json:
        print_json([found])
    else:
        out().print(found.text(language), markup=False, soft_wrap=True)
    if out_file is not None:
        write_rows(out_file, _COLUMNS, [_row(found, language)], lang=language, sheet="targets")
    _finish(read, rejects or beside(out_file), language, wanted=rejects is not None, allowed=allow_rejects)


def _list(known: Iterable[Target], lang: Lang) -> None:
    table = Table()
    for _, head in _HEADS:
        table.add_column(head.to(lang), overflow="fold")
    for one in known:
        table.add_row(*(escape(cell) for cell in _cells(one, lang)))
    out().print(table)


def _cells(one: Target, lang: Lang) -> tuple[str, ...]:
    due = str(one.due) if one.due is not None else Words("unknown", "未知").to(lang)
    title = one.title.to(lang) + (Words(" (reported)", "（已报告）").to(lang) if one.kind == "reported" else "")
    return one.name, one.place.to(lang), title, aim_words(one).to(lang), due, one.confidence_shown


def _show(one: Target, lang: Lang) -> None:
    console = out()
    for (_, head), cell in zip(_HEADS, _cells(one, lang), strict=True):
        console.print(f"{head.to(lang)}{'：' if lang == 'zh' else ': '}{cell}", markup=False, soft_wrap=True)
    base = one.baseline.unknown if one.baseline is not None else None
    for words in (base, one.due_unknown, one.note):
        if words:
            console.print(words.to(lang), markup=False, soft_wrap=True)
    for cited in one.cited:
        console.print(cited.text(lang), markup=False, soft_wrap=True)
        if cited.source.note:
            console.print(f"  {cited.source.note.to(lang)}", markup=False, soft_wrap=True)


def _row(found: Assessment, lang: Lang) -> list[Any]:
    chance = None if isinstance(found.chance, Unknown) else found.chance
    pace = found.pace
    return [
        found.target.name,
        found.on,
        _plain(found.status),
        found.year,
        _plain(found.value),
        _plain(found.limit),
        _plain(found.reached),
        _plain(found.margin),
        _plain(found.baseline),
        _plain(found.change),
        None if chance is None else chance.beyond,
        None if chance is None else Decimal(repr(chance.low)),
        None if chance is None else Decimal(repr(chance.high)),
        None if pace is None else pace.years,
        None if pace is None else as_decimal(pace.each),
        "; ".join(_why(found)) or None,
        "; ".join(one.text(lang) for one in found.target.cited) or None,
        found.target.confidence_shown,
        found.text(lang),
    ]


def _plain(value: Fraction | str | bool | Unknown | None) -> Decimal | str | bool | None:
    if isinstance(value, Fraction):
        return as_decimal(value)
    return None if isinstance(value, Unknown) else value


def _why(found: Assessment) -> Iterator[str]:
    """Every reason why something is unknown, once."""
    parts = (found.status, found.value, found.limit, found.baseline, found.change, found.chance)
    yield from dict.fromkeys(code for part in parts if isinstance(part, Unknown) for code in part.codes)


def _finish(read: SeriesRead, path: Path | None, lang: Lang, *, wanted: bool, allowed: bool) -> None:
    warnings = len(read.findings) - read.rejected
    rejected = report(err(), Found(read.findings, read.rejected, warnings, 0), path, lang, wanted=wanted, cost=_COST)
    if rejected and not allowed:
        raise typer.Exit(REJECTS)


_COST: Final = Words("their years are unknown", "相应年度为未知")
