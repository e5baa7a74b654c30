"""``injuryprev fund``: what the law lets a year's prevention money do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

import typer

import injuryprev as ip
from injuryprev.cli.common import (
    REJECTS,
    AllowRejects,
    BeyondOption,
    LangOption,
    Language,
    On,
    Profile,
    err,
    lang_of,
    policy_on,
)
from injuryprev.cli.explain import Format
from injuryprev.cli.places import Command
from injuryprev.cli.said import Found, beside, check_format, report
from injuryprev.exchange.proposals import Proposals, read_fund_year, read_proposals
from injuryprev.exchange.rows import Kind, write_rows
from injuryprev.prevention.allocation import allocate
from injuryprev.words import Lang, Words

app = typer.Typer(no_args_is_help=True, help="A year's prevention money within the law.")
COST: Final = Words("{refused} proposals left out for them", "{refused} 个项目因此未列入")
_KINDS: Final[dict[str, Kind]] = {
    "project": "text",
    "use": "text",
    "asked": "number",
    "outcome": "text",
    "amount": "number",
    "rank": "number",
    "score": "number",
    "rules": "text",
    "reasons": "text",
}

YearFile = Annotated[
    Path | None,
    typer.Option(
        "--year",
        metavar="FILE",
        help="TOML: area, year, budget (money), proposals_until, and \\[figures] such as levy_last_year (money).",
    ),
]
ProjectFile = Annotated[
    Path,
    typer.Argument(
        help="A table, CSV or Excel: id, proposer, use, amount (money), months, submitted_on, least, score, and any "
        "input of the policy by its name or title.",
    ),
]
Despite = Annotated[
    list[str] | None,
    typer.Option(
        "--despite",
        metavar="RULE",
        help="A demand whose answer may be unknown, on your word; the result says so. May be given several times.",
        show_default=False,
    ),
]


@app.command(cls=Command)
def plan(
    projects: ProjectFile,
    *,
    year: Annotated[
        Path,
        typer.Option(
            "--year",
            metavar="FILE",
            help="TOML: area, year, budget (money), proposals_until, and \\[figures] such as levy_last_year (money).",
        ),
    ],
    profile: Profile,
    on: On,
    beyond: BeyondOption = None,
    despite: Despite = None,
    optimum: Annotated[
        bool, typer.Option("--optimum", help="Show the allocation of the highest score beside it; needs SciPy.")
    ] = False,
    why: Annotated[bool, typer.Option("--why", help="Say too how the limit of the year comes about.")] = False,
    format_: Annotated[
        Format, typer.Option("--format", help="Text, Markdown, or JSON (schema injuryprev.allocation/1).")
    ] = Format.text,
    out_file: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Where the awards go: .csv, .xlsx, .parquet or .jsonl."),
    ] = None,
    rejects: Annotated[
        Path | None,
        typer.Option("--rejects", metavar="FILE", help="Where rows that were not used go (CSV).", show_default=False),
    ] = None,
    allow_rejects: AllowRejects = False,
    lang: LangOption = Language.en,
) -> None:
    """Hand out a year's prevention money by score, within the law.

    Every yes, no and cut is printed with its rule, its source, and what would be lawful. Status 2: rows of the table
    were rejected, and their projects get nothing; or the year itself is refused, and nobody gets anything.
    """
    check_format(out_file)
    policy = policy_on(profile, on, beyond)
    language = lang_of(lang)
    read = read_proposals(projects, policy.inputs)
    given = allocate(
        read.proposals, read_fund_year(year, policy.inputs), policy, despite=despite or (), optimum=optimum
    )
    if format_ is Format.json:
        typer.echo(given.to_json())
    else:
        written = given.explain if why else given.summary
        typer.echo(written(language, "markdown" if format_ is Format.markdown else "text"), nl=False)
    if out_file is not None:
        write_rows(out_file, tuple(_KINDS), _rows(given, language), lang=language, sheet="awards", kinds=_KINDS)
    rejected = say_rejects(read, rejects or beside(out_file), language, wanted=rejects is not None)
    if given.objections or (rejected and not allow_rejects):
        raise typer.Exit(REJECTS)


def say_rejects(read: Proposals, path: Path | None, lang: Lang, *, wanted: bool) -> int:
    """Say what was wrong with the table, and return how many rows it cost."""
    rows = len({(finding.file, finding.row) for finding in read.rejects})
    found = Found(read.findings, len(read.rejects), len(read.findings) - len(read.rejects), rows)
    return report(err(), found, path, lang, wanted=wanted, cost=COST)


def _rows(given: ip.FundAllocation, lang: Lang) -> Iterator[list[object]]:
    join = "；" if lang == "zh" else "; "
    for award in given.awards:
        yield [
            award.proposal.id,
            award.proposal.use,
            award.proposal.amount,
            award.outcome,
            award.amount,
            award.rank,
            award.proposal.score,
            "; ".join(one.rule for one in award.objections) or None,
            join.join(one.text(lang) for one in award.objections) or None,
        ]
