"""``injuryprev show``: a policy as a readable document."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import injuryprev as ip
from injuryprev.cli.common import LangOption, Language, lang_of
from injuryprev.exchange.files import atomic_text


def show(
    profile: Annotated[str, typer.Argument(metavar="ID|FILE", help="The profile, by its id or its path.")],
    on: Annotated[
        str | None,
        typer.Option(
            "--on", metavar="YYYY-MM-DD", help="The day of the rules; by default the last on which a rule changed."
        ),
    ] = None,
    lang: LangOption = Language.en,
    out_file: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", metavar="FILE", help="Where the document goes, as Markdown; without it, it is printed."
        ),
    ] = None,
) -> None:
    """Write the rules of one day as a document that people read.

    It says what is given, the figures of the law, each rule with its tables and bounds, how figures follow from
    records, what is not known, and the sources with how sure each reading is.
    """
    found = ip.load_profile(profile)
    text = found.on(on or found.change_dates()[-1]).prose(lang_of(lang))
    if out_file is None:
        typer.echo(text, nl=False)
        return
    with atomic_text(out_file) as file:
        file.write(text)
