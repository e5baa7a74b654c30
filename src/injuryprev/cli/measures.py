"""``injuryprev measures``: figures in, injury rates by named standards out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

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
from injuryprev.cli.measures_work import HEADER, LAST, Job, shown_table
from injuryprev.cli.said import beside, check_format, report
from injuryprev.exchange.rows import write_rows
from injuryprev.measures import Standard, list_standards, standard
from injuryprev.measures.checks import DAYS
from injuryprev.words import Lang, Words

_COST: Final = Words("rates of {refused} groups held back for them", "{refused} 组比率因此未计算")

Standards = Annotated[
    list[str] | None,
    typer.Option(
        "--standard",
        "-s",
        metavar="NAME",
        help="A standard such as gb6441.frequency; may be given several times. Without TABLE, says what it is; "
        "without either, all of them are listed.",
        show_default=False,
    ),
]


def measures(
    table: Annotated[
        Path | None,
        typer.Argument(
            metavar="[TABLE]",
            help="A table of figures: .csv, .xlsx or .parquet, with English or Chinese headers.",
            show_default=False,
        ),
    ] = None,
    *,
    names: Standards = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            "--by",
            metavar="COLUMN",
            help="One rate for each value of this column, counts and exposures added up; may be given several times. "
            "Without it, one for each row.",
            show_default=False,
        ),
    ] = None,
    per: Annotated[
        int | None, typer.Option("--per", metavar="N", help="Another base than that of the standard.", min=1)
    ] = None,
    interval: Annotated[
        float | None,
        typer.Option(
            "--interval",
            metavar="LEVEL",
            help="Add an exact (Garwood) interval at this level, such as 0.95; needs the extra stats.",
            show_default=False,
        ),
    ] = None,
    numerator: Annotated[
        str | None,
        typer.Option("--numerator", metavar="COLUMN", help="The column above the line, where its name does not say."),
    ] = None,
    exposure: Annotated[
        str | None,
        typer.Option("--exposure", metavar="COLUMN", help="The column below the line, where its name does not say."),
    ] = None,
    days: Annotated[
        int, typer.Option("--days", metavar="N", help="Days of the period, by which hours are judged.", min=1)
    ] = DAYS,
    sheet: Annotated[
        str | None, typer.Option("--sheet", metavar="NAME", help="The sheet of a workbook of several.")
    ] = None,
    out_file: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", metavar="FILE", help="Where the rates go: .csv, .xlsx, .parquet or .jsonl, by suffix."
        ),
    ] = None,
    rejects: Annotated[
        Path | None,
        typer.Option(
            "--rejects",
            metavar="FILE",
            help="Where rows that were not used, and figures that contradict one another, go with their reasons (CSV). "
            "By default beside --out.",
            show_default=False,
        ),
    ] = None,
    as_json: AsJson = False,
    allow_rejects: AllowRejects = False,
    lang: LangOption = Language.en,
) -> None:
    """Work out injury rates by named standards.

    Columns are found by the words of the standard, English or Chinese: deaths 死亡人数, hours 实际总工时, insured
    平均参保人数, and so on; --numerator and --exposure name others. An empty cell is unknown, never zero; a rate over
    nothing is unknown too.

    More injured than workers, lost days without cases, more deaths than cases, and hours beyond what the workers could
    have worked are reported with their row and used all the same. A row that cannot be read is rejected, and holds back
    the rate of its group. A table with a column "definition" is refused where a row names another standard.
    """
    language = lang_of(lang)
    check_format(out_file)
    if table is None:
        if as_json:
            raise usage("--json is for the rates of a table")
        _say_standards(names or [], language)
        return
    if not names:
        raise usage("say by which --standard; injuryprev measures lists them")
    chosen = [standard(name) if per is None else standard(name).on_base(per) for name in names]
    if (numerator or exposure) and len(chosen) > 1:
        raise usage("--numerator and --exposure are for one --standard")
    if numerator is not None and numerator == exposure:
        raise usage(f"--numerator and --exposure name the same column {numerator}; a rate is of two")
    if taken := set(by or ()) & {*HEADER, "low", "high", "level", *LAST}:
        raise usage(f"--by {min(taken)}: a column of this name is written; rename it in the table")
    job = Job(tuple(chosen), tuple(by or ()), interval, days, {"above": numerator, "below": exposure}, sheet)
    found = job.work(table)
    if out_file is not None:
        write_rows(
            out_file,
            job.header,
            (job.line(entry, language) for entry in found.rates),
            lang=language,
            sheet="measures",
            kinds=job.kinds,
        )
    if as_json:
        print_json(job.told(entry) for entry in found.rates)
    else:
        job.show(found.rates, language, where=out_file)
    cost = _COST if found.held_back else None
    rejected = report(err(), found.said, rejects or beside(out_file), language, wanted=rejects is not None, cost=cost)
    if rejected and not allow_rejects:
        raise typer.Exit(REJECTS)


# The standards --------------------------------------------------------------------------------------------------------


def _say_standards(names: Sequence[str], lang: Lang) -> None:
    console = out()
    if names:
        for name in names:
            for line in described(standard(name), lang):
                console.print(line, markup=False, soft_wrap=True)
        return
    shown_ = shown_table(("definition", "title", "unit", "confidence"), lang)
    for found in list_standards():
        shown_.add_row(found.name, found.title.to(lang), found.unit.to(lang), found.confidence)
    console.print(shown_)


def described(found: Standard, lang: Lang) -> Iterator[str]:
    """What a standard is, line by line."""
    zh = lang == "zh"
    above, below = found.quantities
    yield f"{found.name}: {found.title.to(lang)}"
    over = f"{above.title.to(lang)} / {below.title.to(lang)} × {found.per:,}"
    yield f"  {over}" + (f" / {found.parts}" if found.parts != 1 else "")
    yield ("  单位：" if zh else "  unit: ") + found.unit.to(lang)
    yield ("  列：" if zh else "  columns: ") + f"{found.above}, {found.below}"
    if found.lost_days is not None:
        yield ("  损失日数：" if zh else "  days: ") + found.lost_days.title.to(lang)
    for cited in found.cited:
        yield ("  依据：" if zh else "  source: ") + f"{cited.text(lang)} ({found.confidence})"
    for words in (found.note, found.caveat):
        if words:
            yield f"  {words.to(lang)}"
