"""``injuryprev project``: projects held against the law."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

import typer

from injuryprev.cli.common import REJECTS, BeyondOption, LangOption, Language, On, Profile, lang_of, policy_on
from injuryprev.cli.fund import ProjectFile, YearFile, say_rejects
from injuryprev.cli.places import Command
from injuryprev.cli.said import beside, check_format
from injuryprev.exchange.proposals import read_fund_year, read_proposals
from injuryprev.exchange.rows import Kind, write_rows
from injuryprev.model import Proposal
from injuryprev.prevention.checking import Answer, check_project
from injuryprev.words import Lang, Words

app = typer.Typer(no_args_is_help=True, help="Prevention projects held against the law.")
_KINDS: Final[dict[str, Kind]] = dict.fromkeys(
    ("project", "rule", "lawful", "demand", "seen", "expected", "source", "confidence", "unknown", "caveat"), "text"
)
_SAY: Final = {
    "met": Words(
        "{id}: {met} met, {broken} not met, {open} not known", "{id}：符合 {met} 项，不符合 {broken} 项，未知 {open} 项"
    ),
    "none": Words("no projects", "没有项目"),
}
_LAWFUL: Final = {True: "yes", False: "no", None: "unknown"}


@app.command(cls=Command)
def check(
    projects: ProjectFile,
    *,
    profile: Profile,
    on: On,
    beyond: BeyondOption = None,
    year: YearFile = None,
    step: Annotated[
        list[str] | None,
        typer.Option(
            "--step",
            metavar="STEP",
            help="Only what this step must meet (check, select, announce, procure, agree, evaluate, accept, close); "
            "what is not known of it then counts as not met. May be given several times.",
            show_default=False,
        ),
    ] = None,
    out_file: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Where all answers go: .csv, .xlsx, .parquet or .jsonl."),
    ] = None,
    rejects: Annotated[
        Path | None,
        typer.Option("--rejects", metavar="FILE", help="Where rows that were not used go (CSV).", show_default=False),
    ] = None,
    lang: LangOption = Language.en,
) -> None:
    """Hold projects against every demand of the law that a table says enough for.

    What is not lawful is printed with its source and what would be. Status 2: something is not lawful, or rows were
    rejected.
    """
    check_format(out_file)
    policy = policy_on(profile, on, beyond)
    language = lang_of(lang)
    read = read_proposals(projects, policy.inputs)
    fund_year = None if year is None else read_fund_year(year, policy.inputs)
    answers = [(one, check_project(one, policy, year=fund_year, steps=step or ())) for one in read.proposals]
    wrong = 0
    for one, found in answers:
        for line in _lines(one, found, language, asked=bool(step)):
            typer.echo(line)
        wrong += sum(answer.lawful is False or (bool(step) and answer.lawful is None) for answer in found)
    if not answers:
        typer.echo(_SAY["none"].to(language))
    if out_file is not None:
        write_rows(out_file, tuple(_KINDS), _rows(answers, language), lang=language, sheet="answers", kinds=_KINDS)
    rejected = say_rejects(read, rejects or beside(out_file), language, wanted=rejects is not None)
    if wrong or rejected:
        raise typer.Exit(REJECTS)


def _lines(one: Proposal, found: tuple[Answer, ...], lang: Lang, *, asked: bool) -> Iterator[str]:
    counts = [sum(answer.lawful is state for answer in found) for state in (True, False, None)]
    yield _SAY["met"].to(lang).format(id=one.id, met=counts[0], broken=counts[1], open=counts[2])
    for answer in found:
        if answer.objection is not None and (answer.lawful is False or asked):
            yield f"  {answer.rule}: {answer.objection.text(lang)}"


def _rows(answers: list[tuple[Proposal, tuple[Answer, ...]]], lang: Lang) -> Iterator[list[object]]:
    for one, found in answers:
        for answer in found:
            said = answer.objection
            if said is None:
                yield [one.id, answer.rule, _LAWFUL[answer.lawful], *[None] * 7]
                continue
            words = (said.demand, said.seen, said.lawful, said.source)
            unknown = None if said.unknown is None else "; ".join(said.unknown.codes)
            parts = [part.to(lang) or None for part in words]
            yield [
                one.id,
                answer.rule,
                _LAWFUL[answer.lawful],
                *parts,
                said.confidence,
                unknown,
                said.caveat.to(lang) or None,
            ]
