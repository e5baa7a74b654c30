"""``injuryprev focus``: where the injuries of a pooling area concentrate, and whom to supervise first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from injuryprev.cli.common import (
    AllowRejects,
    AsJson,
    Cases,
    Edition,
    Employers,
    Exposure,
    LangOption,
    Language,
    lang_of,
    out,
    print_json,
    usage,
)
from injuryprev.cli.focus_choices import By, CriterionOption, Dated, Measured, Within
from injuryprev.cli.gathering import end_with, finish, known_employers, window_of
from injuryprev.cli.said import Found, beside, check_format
from injuryprev.exchange import Area, read_area
from injuryprev.exchange.own_data import read_alerts
from injuryprev.exchange.rows import write_rows
from injuryprev.exchange.units import read_units
from injuryprev.measures.cited_data import named
from injuryprev.measures.focusing.alerts import AlertScheme, list_alerts
from injuryprev.measures.focusing.enforcement import Priority, PriorityRow, enforcement_list, priority
from injuryprev.measures.focusing.gathering import OF_CASE, gather
from injuryprev.measures.focusing.listing import Focus
from injuryprev.measures.focusing.ranking import focus as rank
from injuryprev.measures.focusing.units import FocusRow, FocusUnit
from injuryprev.measures.quotients import as_decimal
from injuryprev.model import InjuryCase
from injuryprev.units import Period
from injuryprev.unknown import Unknown
from injuryprev.words import Lang, Words

_UNITS: Final = Words("their units are unknown", "相应单元为未知")
_COLUMNS: Final = (
    *("rank", "unit", "cases", "exposure", "lost_days", "deaths", "rate", "expected", "excess", "ratio"),
    *("shrunk_rate", "ratio_low", "ratio_high", "severity", "alert", "why", "reasons"),
)


_CASES: Final = "cases"
_PANEL: Final = "A plain table of units, in place of the tables of an area"


def focus(
    path: Annotated[
        Path | None,
        typer.Argument(
            help="A directory with employers.csv, exposure.csv, cases.csv (or .xlsx, or Chinese names); or a workbook "
            "with one sheet per table. With [bold]--unit[/bold], a table with a row for each unit.",
            show_default=False,
        ),
    ] = None,
    *,
    year: Annotated[
        int | None, typer.Option("--year", metavar="YYYY", help="The calendar year looked at.", show_default=False)
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="YYYY-MM-DD", help="Or its first day …", show_default=False)
    ] = None,
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="YYYY-MM-DD", help="… and the first day after it.", show_default=False),
    ] = None,
    by: Annotated[By, typer.Option("--by", help="What is ranked.")] = By.industry,
    criterion: Annotated[
        CriterionOption, typer.Option("--criterion", help="What it is ranked by.")
    ] = CriterionOption.rate,
    within: Annotated[
        Within | None,
        typer.Option("--within", help="Expect of each what its own group has, not all together.", show_default=False),
    ] = None,
    dated: Annotated[Dated, typer.Option("--dated", help="The date that places a case.")] = Dated.recognised_on,
    measured: Annotated[
        Measured, typer.Option("--against", help="What cases are measured against.")
    ] = Measured.insured,
    shrinkage: Annotated[
        bool, typer.Option("--shrinkage/--plain", help="Draw small units towards the rest, or rank plain figures.")
    ] = True,
    minimum_exposure: Annotated[
        str | None,
        typer.Option("--minimum-exposure", metavar="N", help="Less than this has no place.", show_default=False),
    ] = None,
    minimum_cases: Annotated[
        int, typer.Option("--minimum-cases", metavar="N", min=0, help="The same for severity, in cases.")
    ] = 0,
    leave_out: Annotated[
        bool,
        typer.Option(
            "--leave-out",
            help="Leave out employers of unknown exposure with their cases, instead of not ranking theirs.",
        ),
    ] = False,
    alert: Annotated[
        str | None,
        typer.Option("--alerts", metavar="NAME", help="Levels of alert, such as ningde-2019.", show_default=False),
    ] = None,
    levels: Annotated[
        Path | None,
        typer.Option("--levels", metavar="TOML", help="Levels of alert of your own, for --alerts.", show_default=False),
    ] = None,
    unit: Annotated[
        str | None,
        typer.Option("--unit", metavar="COLUMN", help="The column that names the unit.", rich_help_panel=_PANEL),
    ] = None,
    counted: Annotated[
        str, typer.Option("--count", metavar="COLUMN", help="The column of cases.", rich_help_panel=_PANEL)
    ] = _CASES,
    at_risk: Annotated[
        str | None,
        typer.Option("--at-risk", metavar="COLUMN", help="The column they are measured by.", rich_help_panel=_PANEL),
    ] = None,
    days_lost: Annotated[
        str | None,
        typer.Option(
            "--lost-days", metavar="COLUMN", help="The column of days lost, for severity.", rich_help_panel=_PANEL
        ),
    ] = None,
    died: Annotated[
        str | None,
        typer.Option("--deaths", metavar="COLUMN", help="The column of deaths.", rich_help_panel=_PANEL),
    ] = None,
    group: Annotated[
        str | None,
        typer.Option(
            "--group", metavar="COLUMN", help="The column of what each is compared in.", rich_help_panel=_PANEL
        ),
    ] = None,
    sheet: Annotated[
        str | None,
        typer.Option("--sheet", metavar="NAME", help="The sheet of a workbook of several.", rich_help_panel=_PANEL),
    ] = None,
    supervise: Annotated[
        str | None,
        typer.Option(
            "--priority",
            metavar="NAME",
            help="Instead, the employers to supervise first by a rule such as zhejiang-2014.",
            show_default=False,
        ),
    ] = None,
    top: Annotated[int, typer.Option("--top", metavar="N", min=1, help="How many are printed.")] = 10,
    employers: Employers = None,
    exposure: Exposure = None,
    cases: Cases = None,
    edition: Edition = None,
    out_file: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Where the whole list goes: .csv, .xlsx, .parquet or .jsonl."),
    ] = None,
    rejects: Annotated[
        Path | None,
        typer.Option("--rejects", metavar="FILE", help="Where rows that were not used go (CSV).", show_default=False),
    ] = None,
    as_json: AsJson = False,
    allow_rejects: AllowRejects = False,
    lang: LangOption = Language.en,
) -> None:
    """Rank industries, employers, trades and so on by where injuries concentrate, with the reasons.

    Rates are drawn towards the rate of all by how little there is to know them by, so that small units do not top the
    list by chance (needs the extra stats). What cannot be ranked is listed without a place, with the reason.

    An employer with a rejected row counts as unknown, and so does its unit: without the row its figures would be wrong.
    """
    language = lang_of(lang)
    check_format(out_file)
    known = {one.name: one for one in list_alerts()} if levels is None else read_alerts(levels)
    scheme = None if alert is None else named("set of alerts", alert, known)

    def ranked(units: Iterable[FocusUnit]) -> None:
        found = rank(
            units,
            criterion=criterion.value,
            shrinkage=shrinkage,
            minimum_exposure=minimum_exposure,
            minimum_cases=minimum_cases,
        )
        if as_json:
            print_json([found.to_data(scheme)])
        else:
            _show(found, scheme, top, language)
        if out_file is not None:
            rows = (_row(found, row, scheme, language) for row in found.rows)
            write_rows(out_file, _COLUMNS, rows, lang=language, sheet="focus")

    if unit is not None:
        path = _of_units(
            path,
            {
                "--year": year,
                "--since": since,
                "--until": until,
                "--by": by is not By.industry,
                "--within": within,
                "--dated": dated is not Dated.recognised_on,
                "--against": measured is not Measured.insured,
                "--leave-out": leave_out,
                "--priority": supervise,
                "--employers": employers,
                "--exposure": exposure,
                "--cases": cases,
                "--edition": edition,
            },
        )
        given_columns = {"cases": counted, "exposure": at_risk, "lost_days": days_lost, "deaths": died}
        columns = {name: column for name, column in given_columns.items() if column is not None}
        table = read_units(path, unit=unit, columns=columns, within=group, sheet=sheet)
        ranked(table.units)
        warnings = sum(finding.severity == "warn" for finding in table.findings)
        found = Found(table.findings, table.rejected, warnings, 0)
        end_with(
            found, rejects or beside(out_file), language, _UNITS, wanted=rejects is not None, allowed=allow_rejects
        )
        return
    if at_risk or days_lost or died or group or sheet or counted != _CASES:
        raise usage("columns are named for a plain table; say --unit, the column that names the unit")
    window = window_of(year, since, until)
    given = {"employers": employers, "exposure": exposure, "cases": cases}
    files = {name: paths for name, paths in given.items() if paths}
    if path is None and not files:
        raise usage("give a directory or workbook, or the files of the tables, --employers first")
    if scheme is not None and (by.value in OF_CASE or measured is Measured.hours):
        raise usage("levels of alert are for cases by insured persons; choose another --by or --against")
    area = read_area(path or {}, instead=files, only=given, edition=edition)
    if supervise is not None:
        rule = priority(supervise)
        rows = enforcement_list(_cases(area, window, dated.value), rule)
        if as_json:
            print_json(rows)
        else:
            _show_list(area, rule, rows[:top], language)
        if out_file is not None:
            _write_list(out_file, rule, rows, language)
    else:
        units = gather(
            known_employers(area),
            by=by.value,
            window=window,
            dated=dated.value,
            exposure=measured.value,
            within="" if within is None else within.value,
            unknown_exposure="leave out" if leave_out else "refuse",
            incomplete=area.refusals,
        )
        ranked(units)
    finish(area, rejects or beside(out_file), language, wanted=rejects is not None, allowed=allow_rejects)


def _of_units(path: Path | None, of_areas: Mapping[str, object]) -> Path:
    """The file of units; options that are for areas do not go with it.

    Raises:
        BadParameter: Some were given, or there is no file.
    """
    stray = ", ".join(name for name, given in of_areas.items() if given)
    if path is None or stray:
        said = "--unit goes with a file of units, whose time and cases are what they are"
        raise usage(f"{said}; not {stray}" if stray else said)
    return path


def _show(found: Focus, scheme: AlertScheme | None, top: int, lang: Lang) -> None:
    console = out()
    console.print(found.text(lang, top=top), markup=False, soft_wrap=True)
    if scheme is not None:
        console.print(f"{scheme.title.to(lang)}{'：' if lang == 'zh' else ':'}", markup=False)
        unknown = 0
        for row in found.rows:
            raised = scheme.of(row.unit.cases, row.unit.exposure)
            open_ = isinstance(raised.value, Unknown)
            unknown += open_
            if raised.level is not None and (not open_ or unknown <= top):
                name = row.unit.key or Words("(unit not said)", "（未注明）").to(lang)
                console.print(f"  {name}: {raised.text(lang)}", markup=False, soft_wrap=True)
        if unknown > top:
            more = Words(f"… and {unknown - top} more of unknown rate", f"…另有{unknown - top}个发生率未知")
            console.print(f"  {more.to(lang)}", markup=False)


def _row(found: Focus, row: FocusRow, scheme: AlertScheme | None, lang: Lang) -> list[Any]:
    unit, comma = row.unit, "；" if lang == "zh" else "; "
    raised = None if scheme is None else scheme.of(unit.cases, unit.exposure).name
    figures = (unit.cases, unit.exposure, unit.lost_days, unit.deaths, row.rate, row.expected, row.excess, row.ratio)
    drawn = (row.shrunk_rate, row.low, row.high, row.severity)
    return [
        row.rank,
        unit.key,
        *map(_number, figures),
        *map(_number, drawn),
        "unknown" if isinstance(raised, Unknown) else raised,
        "; ".join(row.why) or None,
        comma.join(one.to(lang) for one in found.reasons(row)),
    ]


def _number(value: Fraction | float | Unknown | None) -> Decimal | None:
    if isinstance(value, Fraction):
        return as_decimal(value)
    return None if value is None or isinstance(value, Unknown) else Decimal(repr(value))


def _cases(area: Area, window: Period, dated: str) -> list[InjuryCase]:
    """The cases of the period; of an employer with rejected rows nothing is known."""
    return [
        case
        for key, history in area.histories.items()
        if key not in area.refused
        for case in history.cases or ()
        if (day := getattr(case, dated)) is not None and day in window
    ]


def _show_list(area: Area, rule: Priority, rows: Iterable[PriorityRow], lang: Lang) -> None:
    console = out()
    console.print(rule.title.to(lang), markup=False, style="bold")
    for row in rows:
        console.print(row.text(lang), markup=False, soft_wrap=True)
    console.print(rule.note.to(lang), markup=False, soft_wrap=True)
    for cited in rule.cited:
        console.print(cited.text(lang), markup=False, soft_wrap=True)
    silent = [key for key in area.ids if key in area.refused or area.histories[key].cases is None]
    if silent:
        words = Words(
            f"not in the list, because their cases are not fully known: {len(silent)} employers",
            f"{len(silent)}家单位案件不完整，未列入",
        )
        console.print(words.to(lang), markup=False, soft_wrap=True)


def _write_list(path: Path, rule: Priority, rows: Iterable[PriorityRow], lang: Lang) -> None:
    places = (f"place_{one}" for one in rule.criteria)
    header = ("rank", "employer_id", *rule.criteria, *places, "ungraded", "reasons")
    write_rows(path, header, (_listed(row, lang) for row in rows), lang=lang, sheet="priority")


def _listed(row: PriorityRow, lang: Lang) -> list[Any]:
    reasons = ("；" if lang == "zh" else "; ").join(one.to(lang) for one in row.reasons)
    return [row.rank, row.employer_id, *row.figures.values(), *row.places.values(), row.ungraded, reasons]
