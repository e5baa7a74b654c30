"""``injuryprev compare``: one area under two policies, who wins, who loses, and what the fund takes in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

import typer

from injuryprev.cli.common import (
    REJECTS,
    AllowRejects,
    BeyondOption,
    Cases,
    Contributions,
    Edition,
    Employers,
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
from injuryprev.cli.said import Found, beside, check_format, report
from injuryprev.exchange.rows import Kind, write_rows
from injuryprev.prevention.whatif import Change, changes, summarised, withheld

_KINDS: Final[dict[str, Kind]] = {
    "employer_id": "text",
    "risk_class": "text",
    "size": "text",
    "rate_before": "number",
    "rate_after": "number",
    "rate_change": "number",
    "contribution_before": "number",
    "contribution_after": "number",
    "contribution_change": "number",
    "refusal_before": "text",
    "refusal_after": "text",
}


def compare(
    path: Annotated[
        Path | None,
        typer.Argument(help="A directory or workbook, as for [bold]rate[/bold].", show_default=False),
    ] = None,
    *,
    profile: Profile,
    on: On,
    other: Annotated[
        str,
        typer.Option(
            "--with", metavar="ID|FILE", help="The other law; the same profile with another --with-on does as well."
        ),
    ],
    other_on: Annotated[
        str | None,
        typer.Option("--with-on", metavar="YYYY-MM-DD", help="Its day, if not --on.", show_default=False),
    ] = None,
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
    out_file: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", metavar="FILE", help="Where the changes of all employers go: .csv, .xlsx, .parquet, .jsonl."
        ),
    ] = None,
    rejects: Annotated[
        Path | None,
        typer.Option("--rejects", metavar="FILE", help="Where rows that were not used go (CSV).", show_default=False),
    ] = None,
    allow_rejects: AllowRejects = False,
    top: Annotated[int, typer.Option("--top", min=0, help="How many of the largest changes are named.")] = 10,
    lang: LangOption = Language.en,
) -> None:
    """Compare two policies over the same area: who pays less, who pays more, and what the fund takes in.

    Prints Markdown: employers and income by class and size, the largest changes, and how many employers cannot be
    compared and why. Sums are over those whose contribution is known under both. Records are the same on both sides:
    how employers and their injuries would change with the rates is not foretold.
    """
    before = policy_on(profile, on, beyond)
    after = policy_on(other, other_on or on, beyond)
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
    area = Given.of(before, path, given, edition, figure, after).read(before, after)
    refused = {key: "; ".join(unknown.codes) for key, unknown in area.refusals.items()}
    pairs = [(employer, area.histories[key]) for key, employer in area.employers.items()]
    rated = changes(before, after, pairs, lambda employer: area.figures(employer.id), refused)
    found = withheld(rated, refused)
    language = lang_of(lang)
    if out_file is None:
        comparison = summarised(before, after, found, top=top)
    else:
        kept = list(found)
        write_rows(out_file, tuple(_KINDS), _lines(kept), lang=language, sheet="changes", kinds=_KINDS)
        comparison = summarised(before, after, kept, top=top)
    out().print(comparison.explain(language), markup=False, soft_wrap=True, end="")
    problems = Found(area.findings, len(area.rejects), len(area.findings) - len(area.rejects), len(area.refused))
    rejected = report(err(), problems, rejects or beside(out_file), language, wanted=rejects is not None)
    if rejected and not allow_rejects:
        raise typer.Exit(REJECTS)


def _lines(found: list[Change]) -> Iterator[list[object]]:
    for one in found:
        yield [
            one.employer_id,
            one.risk_class,
            one.size,
            one.rate_before,
            one.rate_after,
            one.rate_change,
            one.contribution_before,
            one.contribution_after,
            one.contribution_change,
            *one.refusals,
        ]
