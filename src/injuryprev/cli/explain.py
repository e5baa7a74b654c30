"""``injuryprev explain``: the reasoned decision for one employer."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from injuryprev.cli.common import (
    REJECTS,
    BeyondOption,
    Edition,
    LangOption,
    Language,
    On,
    Profile,
    lang_of,
    policy_on,
)
from injuryprev.cli.rate import decide
from injuryprev.exchange import read_area


class Format(StrEnum):
    """How a decision is printed."""

    text = "text"
    markdown = "markdown"
    json = "json"


def explain(
    path: Annotated[Path, typer.Argument(help="A directory or workbook, as for [bold]rate[/bold].")],
    employer: Annotated[str, typer.Argument(help="The employer's id, as the table of employers has it.")],
    *,
    profile: Profile,
    on: On,
    beyond: BeyondOption = None,
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
    area = read_area(path, facts=policy.inputs, edition=edition)
    language = lang_of(lang)
    refusal = area.refusal(employer)
    if refusal is not None:
        typer.echo(refusal.text(language), err=True)
        raise typer.Exit(REJECTS)
    decision = decide(area, policy, employer).decision
    assert decision is not None  # noqa: S101 - for the type checker: only a refusal has none
    if format_ is Format.json:
        typer.echo(decision.to_json())
    else:
        typer.echo(
            decision.explain(lang=language, format="markdown" if format_ is Format.markdown else "text"), nl=False
        )
