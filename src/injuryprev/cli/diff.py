"""``injuryprev diff``: what changes from one policy to another, and for whom."""

from __future__ import annotations

from typing import Annotated, Final

import typer

import injuryprev as ip
from injuryprev.cli.common import REJECTS, LangOption, Language, lang_of, print_json, usage
from injuryprev.engine.proof import SECONDS, Proofs
from injuryprev.words import Words

_SAY: Final = {
    "nothing": Words("nothing is written differently", "条文无差异"),
    "as before": Words("as on {day}", "同 {day}"),
}


def diff(
    before: Annotated[str, typer.Argument(metavar="ID|FILE", help="The one profile.", show_default=False)],
    after: Annotated[
        str, typer.Argument(metavar="ID|FILE", help="The other; the same to compare two days.", show_default=False)
    ],
    *,
    on: Annotated[
        list[str] | None,
        typer.Option(
            "--on",
            metavar="YYYY-MM-DD",
            help="The day; given twice, the day of the one and of the other. Without it: every day covered by both on "
            "which anything changes.",
            show_default=False,
        ),
    ] = None,
    time: Annotated[
        float, typer.Option("--time", metavar="SECONDS", help="What one question may take.", min=0.001)
    ] = SECONDS,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, one line for each day.")] = False,
    lang: LangOption = Language.en,
) -> None:
    """Say what is written differently, and show an employer for each region where an outcome differs.

    An output that is the same for every employer is proved to be so. Status 2: something was not decided in its time.
    """
    proofs, language, told = Proofs(time), lang_of(lang), dict[str, str]()
    reached = True
    for first, second in _policies(ip.load_profile(before), ip.load_profile(after), on):
        found = proofs.compare(first.rules, second.rules)
        reached &= all(output.status != "not reached" for output in found.outputs)
        days = str(first.on) if first.on == second.on else f"{first.on} → {second.on}"
        if as_json:
            print_json([{"days": [first.on, second.on], **found.to_data()}])
            continue
        written = [change.text() for change in found.changes] or [_SAY["nothing"].to(language)]
        text = "\n".join([*written, *(output.text(language) for output in found.outputs)])
        typer.echo(f"{first.id}, {second.id}: {days}")
        typer.echo(_SAY["as before"].format(day=told[text]).to(language) if text in told else text)
        told.setdefault(text, days)
    if not reached:
        raise typer.Exit(REJECTS)


def _policies(a: ip.PolicyProfile, b: ip.PolicyProfile, on: list[str] | None) -> list[tuple[ip.Policy, ip.Policy]]:
    if not on:
        shared = {day for day in (*a.change_dates(), *b.change_dates()) if day in a.covers and day in b.covers}
        if not shared:
            raise usage(f"no day is covered by both: {a.id} covers {a.covers}, {b.id} {b.covers}")
        return [(a.on(day), b.on(day)) for day in sorted(shared)]
    if len(on) > 2:
        raise usage("--on is given once, or twice: for the one and for the other")
    return [(a.on(on[0]), b.on(on[-1]))]
