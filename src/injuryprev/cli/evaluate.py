"""``injuryprev evaluate``: did prevention work help, as far as the records can say."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Final

import typer

from injuryprev.cli.common import (
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
    Payments,
    Recognitions,
    lang_of,
    out,
    policy_on,
    usage,
)
from injuryprev.cli.focus_choices import Dated
from injuryprev.cli.gathering import end_with, known_employers
from injuryprev.cli.said import Found, beside, check_format
from injuryprev.exchange import read_area
from injuryprev.exchange.rows import Kind, write_rows
from injuryprev.exchange.served import read_served
from injuryprev.measures.quotients import as_decimal
from injuryprev.prevention.evaluation import Evaluation, Served, windows
from injuryprev.prevention.evaluation import evaluate as evaluated
from injuryprev.units import as_date
from injuryprev.words import Words

_COST: Final = Words("{refused} employers left out for them", "{refused} 家单位因此未计入")
_NEEDED: Final = ("exposure", "cases", "payments")
_FOR_RATES: Final = ("contributions", "events", "recognitions", "industries")
_KINDS: Final[dict[str, Kind]] = {
    "employer_id": "text",
    "group": "text",
    "cases_before": "number",
    "person_years_before": "number",
    "cases_after": "number",
    "person_years_after": "number",
    "left_out": "text",
}


def evaluate(
    path: Annotated[
        Path | None, typer.Argument(help="A directory or workbook, as for [bold]rate[/bold].", show_default=False)
    ] = None,
    *,
    served: Annotated[
        Path, typer.Option("--served", metavar="FILE", help="Whom the work served: employer_id, on (day of service).")
    ],
    since: Annotated[
        str, typer.Option("--from", metavar="YYYY-MM-DD", help="First day looked at, before the first service.")
    ],
    until: Annotated[
        str, typer.Option("--to", metavar="YYYY-MM-DD", help="First day no longer looked at, after the last service.")
    ],
    spend: Annotated[
        str | None, typer.Option("--spend", metavar="MONEY", help="What the work cost.", show_default=False)
    ] = None,
    dated: Annotated[Dated, typer.Option("--dated", help="The date that places a case.")] = Dated.occurred_on,
    profile: Annotated[
        str | None,
        typer.Option(
            "--profile", "-p", metavar="ID|FILE", help="A region's law, to see what becomes of contributions."
        ),
    ] = None,
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="YYYY-MM-DD", help="The later day of rating, if not --to.", show_default=False),
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
            "--out", "-o", metavar="FILE", help="Where the figures of every employer go: .csv, .xlsx, .parquet, .jsonl."
        ),
    ] = None,
    rejects: Annotated[
        Path | None,
        typer.Option("--rejects", metavar="FILE", help="Where rows that were not used go (CSV).", show_default=False),
    ] = None,
    allow_rejects: AllowRejects = False,
    lang: LangOption = Language.en,
) -> None:
    """Say whether prevention work helped: the served against themselves, against others, and against expectation.

    Prints Markdown: rates before and after with exact intervals, the difference against employers that were not served,
    what whoever was chosen for a bad year was to be expected to come to anyway, benefits saved against --spend as a
    range, contributions by --profile, and what none of this can say. Needs the extra stats.

    Employers of which a row was rejected are left out of every figure (of contributions alone, where the row is of
    contributions, events or recognitions), and those whose service is not known belong to
    neither group; all of them are named, and counted in the summary. Rows of which nobody can tell whose they are get a
    word among what the numbers cannot say. Tables that only contributions need are read with --profile alone.
    """
    if profile is None and (on is not None or figure):
        raise usage("--on and --figure go with --profile")
    first, last = as_date(since, where="--from"), as_date(until, where="--to")
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
    if profile is None and (unused := [f"--{name}" for name in _FOR_RATES if given[name]]):
        raise usage(f"{', '.join(unused)}: only contributions are worked out of that, by --profile")
    check_format(out_file)
    later = None if profile is None else policy_on(profile, on or until, beyond)
    if later is None:
        files = {name: paths for name, paths in given.items() if paths}
        if path is None and not files:
            raise usage("give a directory or workbook, or the files of the tables, --employers first")
        area = read_area(path or {}, instead=files, only=_NEEDED, edition=edition)
    else:
        area = Given.of(later, path, given, edition, figure).read(later)
    services = read_served(served, area.ids)
    # Of an employer with a rejected row the rest is there; what the evaluation makes of it goes by the reasons.
    known = {employer.id: (employer, history) for employer, history in known_employers(area)}
    days = services.days
    before, after = windows([day for those in days.values() for day in those], first, last)
    policies = None if later is None else (policy_on(profile or "", str(before.until), beyond), later)
    found = evaluated(
        [Served(*known[key], those) for key, those in days.items()],
        [pair for key, pair in known.items() if key not in days and key not in services.doubtful],
        before=before,
        after=after,
        spend=spend,
        policies=policies,
        figures=lambda employer: area.figures(employer.id) if employer.id in area.employers else {},
        incomplete={**services.doubtful, **area.refusals},
        lost=area.lost,
        dated=dated.value,
    )
    language = lang_of(lang)
    out().print(found.text(language), markup=False, soft_wrap=True, end="")
    if out_file is not None:
        write_rows(out_file, tuple(_KINDS), _rows(found), lang=language, sheet="evaluation", kinds=_KINDS)
    findings = (*area.findings, *services.findings)
    rejected = sum(one.severity == "reject" for one in findings)
    lost = len({*area.refused, *services.doubtful})
    problems = Found(findings, rejected, len(findings) - rejected, lost)
    place = rejects or beside(out_file)
    end_with(problems, place, language, _COST, wanted=rejects is not None, allowed=allow_rejects)


def _rows(found: Evaluation) -> Iterator[list[object]]:
    for group, name in ((found.served, "served"), (found.others, "others")):
        for key, one, other in zip(group.ids, group.before, group.after, strict=True):
            figures: list[Decimal | int] = [one[0], as_decimal(one[1]), other[0], as_decimal(other[1])]
            yield [key, name, *figures, None]
        for key, why in group.left_out:
            yield [key, name, *[None] * 4, "; ".join(why.codes)]
    for key, why in found.neither:
        yield [key, "neither", *[None] * 4, "; ".join(why.codes)]
