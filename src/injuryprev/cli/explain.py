"""``injuryprev explain``: the reasoned decision for one employer."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from injuryprev.cli.common import (
    REJECTS,
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
    lang_of,
    policy_on,
    usage,
)
from injuryprev.cli.rate import compared, decide


class Format(StrEnum):
    """How a decision is printed."""

    text = "text"
    markdown = "markdown"
    json = "json"


def explain(
    path: Annotated[
        str,
        typer.Argument(
            help="A directory or workbook, as for [bold]rate[/bold]; left out where the tables are given by options.",
        ),
    ],
    employer: Annotated[
        str | None,
        typer.Argument(help="The employer's id, as the table of employers has it.", show_default=False),
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
    format_: Annotated[
        Format, typer.Option("--format", help="Text, Markdown, or versioned JSON (schema injuryprev.trace/1).")
    ] = Format.text,
    lang: LangOption = Language.en,
) -> None:
    """Print the decision for one employer: every step with its figures, units and sources.

    An employer with a rejected row gets no decision; the rows and reasons are printed, and the status is 2.
    """
    policy = policy_on(profile, on, beyond)
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
    # One argument is the employer: it is always asked for, a place to read from is not.
    place, employer = (None, path) if employer is None else (Path(path), employer)
    if place is None and not any(given.values()):
        raise usage("give a directory or workbook and the employer's id, or the id and the files of the tables")
    area = Given.of(policy, place, given, edition, figure).read(policy)
    language = lang_of(lang)
    refusal = area.refusal(employer)
    if refusal is not None:
        typer.echo(refusal.text(language), err=True)
        raise typer.Exit(REJECTS)
    decision = decide(area, policy, employer, compared(area, policy)).decision
    assert decision is not None  # noqa: S101 - for the type checker: only a refusal has none
    if format_ is Format.json:
        typer.echo(decision.to_json())
    else:
        typer.echo(
            decision.explain(lang=language, format="markdown" if format_ is Format.markdown else "text"), nl=False
        )
