"""``injuryprev bulletin``: the accident bulletin of an area, as Markdown or HTML."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from injuryprev.cli.common import (
    AllowRejects,
    Cases,
    Edition,
    Employers,
    Exposure,
    LangOption,
    Language,
    lang_of,
    usage,
)
from injuryprev.cli.gathering import finish, known_employers, window_of
from injuryprev.cli.said import beside
from injuryprev.errors import ReadError
from injuryprev.exchange import read_area
from injuryprev.exchange.files import atomic_text
from injuryprev.measures.standards import standard as named_standard
from injuryprev.prevention.joint import bulletin as make
from injuryprev.report.bulletin import page

SUFFIXES: Final = (".md", ".html")


class Placed(StrEnum):
    """The date that places a case in the tables."""

    recognised_on = "recognised_on"
    occurred_on = "occurred_on"


def bulletin(
    path: Annotated[
        Path | None,
        typer.Argument(
            help="A directory with employers.csv, exposure.csv, cases.csv (or .xlsx, or Chinese names); or a workbook "
            "with one sheet per table.",
            show_default=False,
        ),
    ] = None,
    *,
    year: Annotated[
        int | None, typer.Option("--year", metavar="YYYY", help="The calendar year told of.", show_default=False)
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="YYYY-MM-DD", help="Or its first day …", show_default=False)
    ] = None,
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="YYYY-MM-DD", help="… and the first day after it.", show_default=False),
    ] = None,
    standard: Annotated[
        str, typer.Option("--standard", metavar="NAME", help="The rate, as [bold]injuryprev measures[/bold] names it.")
    ] = "cn.incidence",
    dated: Annotated[Placed, typer.Option("--dated", help="The date that places a case in the tables.")] = (
        Placed.recognised_on
    ),
    threshold: Annotated[
        int, typer.Option("--threshold", metavar="N", help="The least count shown; smaller groups are put together.")
    ] = 5,
    leave_out: Annotated[
        bool,
        typer.Option(
            "--leave-out",
            help="Leave out employers whose cases or exposure are not known, and say how many; without it they make "
            "the figures unknown.",
        ),
    ] = False,
    place: Annotated[
        str, typer.Option("--place", metavar="NAME", help="The name of the area, for the title.", show_default=False)
    ] = "",
    employers: Employers = None,
    exposure: Exposure = None,
    cases: Cases = None,
    edition: Edition = None,
    out_file: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Where it goes: .md or .html.", show_default=False),
    ] = None,
    rejects: Annotated[
        Path | None,
        typer.Option("--rejects", metavar="FILE", help="Where rows that were not used go (CSV).", show_default=False),
    ] = None,
    allow_rejects: AllowRejects = False,
    lang: LangOption = Language.en,
) -> None:
    """Make the accident bulletin of an area: cases by ground, industry and severity, a rate, and the same days before.

    Small groups are put together, so that nobody can be recognised. Whether the rates of the two periods differ by more
    than chance is said where the extra stats is installed.

    An employer with a rejected row counts as unknown: without the row its figures would be wrong. So do the totals
    where nobody can tell whose a rejected row is; with --leave-out the bulletin says how many there are. Tables that a
    bulletin does not need are not read.
    """
    language = lang_of(lang)
    if out_file is not None and out_file.suffix.lower() not in SUFFIXES:
        raise ReadError("no format for this suffix", where=str(out_file), expected="one of " + ", ".join(SUFFIXES))
    window, chosen = window_of(year, since, until), named_standard(standard)
    given = {"employers": employers, "exposure": exposure, "cases": cases}
    files = {name: paths for name, paths in given.items() if paths}
    if path is None and not files:
        raise usage("give a directory or workbook, or the files of the tables, --employers first")
    area = read_area(path or {}, instead=files, only=given, edition=edition)
    made = make(
        known_employers(area),
        period=window,
        standard=chosen,
        dated=dated.value,
        threshold=threshold,
        unknown="leave out" if leave_out else "refuse",
        incomplete=area.refusals,
        lost=area.lost,
        place=place,
    )
    written = page(made, language)
    text = written.html() if out_file is not None and out_file.suffix.lower() == ".html" else written.markdown()
    if out_file is None:
        typer.echo(text, nl=False)
    else:
        with atomic_text(out_file) as file:
            file.write(text)
        typer.echo(f"{'通报已写入' if language == 'zh' else 'bulletin:'} {out_file}")
    finish(area, rejects or beside(out_file), language, wanted=rejects is not None, allowed=allow_rejects)
