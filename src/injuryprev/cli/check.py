"""``injuryprev check``: whether profiles can be used, and what proofs find in them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Annotated, Final

import typer

import injuryprev as ip
from injuryprev.cli.common import FAILED, REJECTS, LangOption, Language, lang_of, print_json, usage
from injuryprev.engine.checking import Report, Spot
from injuryprev.engine.checking import check as look_at
from injuryprev.engine.proof import SECONDS, Finding, Proofs
from injuryprev.engine.proof.finding import QUESTION_WORDS, QUESTIONS, STATUS_WORDS
from injuryprev.units import as_date
from injuryprev.words import Lang, Words

_SAY: Final = {
    "passes": Words("passes", "通过"),
    "fails": Words("does not pass", "未通过"),
    "examples": Words("{good} of {all} examples come out", "示例 {all} 个，相符 {good} 个"),
    "old": Words("last read on {day}: {key}", "最近核对 {day}：{key}"),
    "days": Words("from {days}", "自 {days}"),
}


def check(
    profiles: Annotated[
        list[str] | None, typer.Argument(metavar="[ID|FILE]...", help="Profiles, by id or path.", show_default=False)
    ] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Every installed profile.")] = False,
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="YYYY-MM-DD", help="One day; without it, each on which anything changes."),
    ] = None,
    time: Annotated[
        float, typer.Option("--time", metavar="SECONDS", help="What one question may take.", min=0.001)
    ] = SECONDS,
    proofs: Annotated[
        bool, typer.Option("--proofs/--no-proofs", help="Whether to prove; it needs the extra [bold]proof[/bold].")
    ] = True,
    today: Annotated[
        str | None,
        typer.Option("--today", metavar="YYYY-MM-DD", help="The day from which the age of a reading is counted."),
    ] = None,
    months: Annotated[int, typer.Option("--months", help="The age from which a reading is listed as old.")] = 12,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="All findings, those that pass and every overlap among them.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, one line for each profile.")] = False,
    lang: LangOption = Language.en,
) -> None:
    """Say what is wrong with profiles, with file and line, and what proofs find in the law they state.

    Status 1: a profile cannot be used. Status 2: it can, but an example does not come out, a proof found something that
    the profile does not accept, accepts what is found no longer, or was not reached in its time.
    """
    day = None if on is None else as_date(on, where="--on")
    # Of all profiles those are meant that cover the day; one that is named has to.
    installed = [info.id for info in ip.list_profiles() if day is None or day in info.covers] if every else []
    names = list(dict.fromkeys((*(profiles or ()), *installed)))
    if not names:
        raise usage("name a profile, or give --all")
    prover = Proofs(time) if proofs else None
    now = dt.datetime.now(tz=dt.UTC).date() if today is None else as_date(today, where="--today")
    language, failed = lang_of(lang), set[int]()
    for name in names:
        try:
            report = look_at(name, on=day, proofs=prover, today=now, months=months)
        except ip.InjuryprevError as error:  # the others are looked at all the same
            typer.echo(f"injuryprev: {error.message}", err=True)
            failed.add(FAILED)
            continue
        if as_json:
            print_json([report])
        else:
            _print(report, language, verbose=verbose)
        failed |= {FAILED} if report.problems else set() if report.passes else {REJECTS}
    if failed:
        raise typer.Exit(min(failed))


def _print(report: Report, lang: Lang, *, verbose: bool) -> None:
    for problem in (*report.problems, *report.failed):
        typer.echo(f"{problem.spot}: {problem.message}")
    for spot, finding in report.findings:
        if verbose or not finding.passes or finding.kind == "boundary" or finding.status == "accepted":
            _print_finding(spot, finding, lang)
    for old in report.stale:
        typer.echo(f"{old.spot}: {_SAY['old'].format(day=old.checked_on, key=old.key).to(lang)}")
    typer.echo(_summary(report, lang))


def _print_finding(spot: Spot, finding: Finding, lang: Lang) -> None:
    days = ", ".join(map(str, finding.days[:3])) + (", …" if len(finding.days) > 3 else "")
    typer.echo(f"{spot}: {finding.text(lang)} ({_SAY['days'].format(days=days).to(lang)})")
    for witness in finding.witnesses:
        typer.echo(f"    {witness.text(lang)}")


def _summary(report: Report, lang: Lang) -> str:
    """One line: what passes, and how many findings of each kind."""
    colon, comma = ("：", "，") if lang == "zh" else (": ", ", ")
    head = f"{report.id}{colon}{_SAY['passes' if report.passes else 'fails'].to(lang)}"
    if report.problems:
        return head
    parts = []
    if report.examples:
        good = report.examples - len({str(problem.spot) for problem in report.failed})
        parts.append(_SAY["examples"].format(good=good, all=report.examples).to(lang))
    for question in QUESTIONS:
        counts = Counter(finding.status for _, finding in report.findings if finding.question == question)
        if counts:
            told = comma.join(f"{count} {STATUS_WORDS[status].to(lang)}" for status, count in counts.items())
            parts.append(f"{QUESTION_WORDS[question].to(lang)}{colon}{told}")
    return "\n  ".join([head, *parts])
