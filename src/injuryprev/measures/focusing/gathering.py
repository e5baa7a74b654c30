"""Units of focus from typed objects: employers and their histories, by industry, area, trade, post and so on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Final, Literal, get_args

import attrs

from injuryprev.errors import InputError, nearest
from injuryprev.measures.cited_data import check_word
from injuryprev.measures.counting import check_period
from injuryprev.measures.exposures import each_once, exposure_in
from injuryprev.measures.focusing.units import FocusUnit, unknown
from injuryprev.model import Employer, History, InjuryCase
from injuryprev.units import Number, Period
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

OF_EMPLOYER: Final = ("employer", "industry", "area", "kind", "size", "risk_class")
OF_CASE: Final = ("trade", "post", "ground")
Dated = Literal["occurred_on", "recognised_on"]


def gather(
    area: Iterable[tuple[Employer, History]],
    *,
    by: str | Callable[[InjuryCase], str | None],
    window: Period,
    dated: Dated = "recognised_on",
    exposure: Literal["insured", "hours"] = "insured",
    within: str = "",
    at_risk: Mapping[str, Number] | None = None,
    unknown_exposure: Literal["refuse", "leave out"] = "refuse",
    incomplete: Mapping[str, Unknown] | None = None,
) -> list[FocusUnit]:
    """Units of focus: the cases of a window by unit, and the exposure of the same window.

    Args:
        area: Employers with their histories.
        by: ``employer``, ``industry`` (division and edition), ``area``, ``kind``, ``size``, ``risk_class``; or what a
            case says of itself: ``trade``, ``post``, ``ground``; or a function that names the group of people a case
            belongs to, ``None`` where that is not known.
        window: The days; it must have an end.
        dated: The date that places a case.
        exposure: ``insured`` (the mean over the days of the window, summed over employers) or ``hours`` (summed).
        within: The group at whose rate cases are expected, such as ``industry``; each unit must lie within one.
        at_risk: For units of cases, how many persons (or hours) there are in each, for no table of employers says so;
            one of them without a case has none, and is listed.
        unknown_exposure: An employer whose exposure is unknown makes that of its unit unknown (``refuse``), or is left
            out with its cases (``leave out``), which the unit then says.
        incomplete: Employers whose records are known not to be all, such as those of which a row was rejected, each
            with the reasons (``Area.refusals``), their subjects the tables: a row of exposure leaves the cases known.

    What is not known stays so: an employer without a table of cases makes the cases of its unit unknown; exposure is
    unknown where it leaves days of the window open on which the employer was insured.  A case that is not recognised
    yet is no recognised case.

    Raises:
        InputError: Nothing of that name to gather by, options that do not go together, a window without end, an
            employer that stands twice, or a unit that lies in two groups.

    >>> from injuryprev.model import Exposure
    >>> year = Period.year(2024)
    >>> history = History(
    ...     cases=[InjuryCase("C-1", "E-1", "w-1", "2024-03-02", recognised_on="2024-04-01")],
    ...     exposures=[Exposure("E-1", year, insured=120)],
    ... )
    >>> [unit] = gather([(Employer("E-1", area="North"), history)], by="area", window=year)
    >>> unit.key, unit.cases, unit.exposure
    ('North', Fraction(1, 1), Fraction(120, 1))
    """
    known = (*OF_EMPLOYER, *OF_CASE)
    for name in (*([by] if isinstance(by, str) else []), *([within] if within else [])):
        if name not in known:
            raise InputError("nothing to gather by", where="gather", seen=name, expected=nearest(name, known))
    check_word(dated, get_args(Dated), "gather dated")
    check_word(exposure, ("insured", "hours"), "gather exposure")
    check_word(unknown_exposure, ("refuse", "leave out"), "gather unknown_exposure")
    whole = isinstance(by, str) and by in OF_EMPLOYER
    if within and (not whole or within not in OF_EMPLOYER):
        raise InputError(
            "what a case says of itself lies in no group of employers",
            where="gather within",
            seen=f"by={by!r}, within={within!r}",
            expected="by and within of: " + ", ".join(OF_EMPLOYER),
        )
    if at_risk is not None and whole:
        raise InputError(
            "the exposure of employers is in their tables", where="gather at_risk", seen=by, expected="no at_risk"
        )
    check_period(window, "gather window")
    if window.until is None:
        raise InputError(
            "a window without end", where="gather window", seen=str(window), expected="a Period with an end"
        )
    gathered = _Gathered(window, dated, exposure, leave_out=unknown_exposure == "leave out")
    gathered.incomplete = incomplete or {}
    for employer, history in each_once(area, where="gather"):
        if whole and isinstance(by, str):
            gathered.whole(_of_employer(employer, by), employer, history, _group(employer, within))
        else:
            gathered.by_case(by, employer, history)
    return gathered.units(by, at_risk)


def _of_employer(employer: Employer, by: str) -> str | None:
    if by == "employer":
        return employer.id
    if by == "industry":
        return None if employer.industry is None else f"{employer.industry.division} {employer.industry.edition}"
    found = getattr(employer, by)
    return None if found is None else str(found)


def _group(employer: Employer, within: str) -> str:
    return (_of_employer(employer, within) or "?") if within else ""


By = str | Callable[[InjuryCase], str | None]


def _of_case(case: InjuryCase, by: By) -> str | None:
    if callable(by):
        return by(case)
    found = case.ground.key if by == "ground" and case.ground is not None else getattr(case, by)
    return None if found is None else str(found)


@attrs.define
class _Sums:
    cases: int = 0
    deaths: int = 0
    days: int = 0
    at: Fraction = Fraction(0)
    group: str | None = None
    left_out: int = 0
    cases_left_out: int = 0
    lost_cases: list[Reason] = attrs.field(factory=list)
    lost_days: list[Reason] = attrs.field(factory=list)
    lost_at: list[Reason] = attrs.field(factory=list)

    def add(self, case: InjuryCase) -> None:
        self.cases += 1
        self.deaths += case.death
        if case.days_lost is None:
            words = Words("a case without the days lost", "有案件未注明损失工作日")
            self.lost_days.append(Reason("missing", "lost_days", words))
        else:
            self.days += case.days_lost

    @property
    def note(self) -> Words:
        if not self.left_out:
            return Words()
        return Words(
            f"{self.left_out} employers of unknown exposure or with incomplete records are left out, with their "
            f"{self.cases_left_out} cases",
            f"{self.left_out}个参保规模未知或记录不完整的单位及其{self.cases_left_out}件案件未计入",
        )


class _Gathered:
    def __init__(self, window: Period, dated: Dated, exposure: str, *, leave_out: bool) -> None:
        self.window, self.dated, self.exposure, self.leave_out = window, dated, exposure, leave_out
        self.sums: dict[str | None, _Sums] = {}
        self.no_table: list[Reason] = []
        self.incomplete: Mapping[str, Unknown] = {}

    def _of(self, key: str | None) -> _Sums:
        return self.sums.setdefault(key, _Sums())

    def whole(self, key: str | None, employer: Employer, history: History, group: str) -> None:
        """Add an employer as a whole to its unit."""
        sums = self._of(key)
        if sums.group not in (None, group):
            raise InputError(
                "a unit lies in two groups",
                where=f"gather {key}",
                seen=f"{sums.group} and {group}",
                expected="units each of which lies in one group",
            )
        sums.group = group
        cases = [case for case in history.cases or () if self._placed(case)]
        found = exposure_in(employer, history, self.window, self.exposure)
        lost_cases, lost_at = self._lacking(employer.id, "exposure"), self._lacking(employer.id, "cases")
        if self.leave_out and (isinstance(found, Reason) or lost_cases or lost_at):
            sums.left_out += 1
            sums.cases_left_out += len(cases)
            return
        if lost_at or isinstance(found, Reason):
            sums.lost_at += lost_at
            if not lost_at and isinstance(found, Reason):
                sums.lost_at.append(found)
        else:
            sums.at += found
        if lost_cases or history.cases is None:
            sums.lost_cases += lost_cases or [_no_cases(employer.id)]
        for case in cases:
            sums.add(case)

    def by_case(self, by: By, employer: Employer, history: History) -> None:
        """Add each case to the unit it names."""
        lost = self._lacking(employer.id, "exposure")
        if lost or history.cases is None:
            self.no_table += lost or [_no_cases(employer.id)]
        for case in history.cases or ():
            if self._placed(case):
                self._of(_of_case(case, by)).add(case)

    def _lacking(self, employer_id: str, spared: str) -> list[Reason]:
        """Why figures that do not come from this table are not all there."""
        why = self.incomplete.get(employer_id)
        return [] if why is None or all(one.subject == spared for one in why.reasons) else list(why.reasons)

    def _placed(self, case: InjuryCase) -> bool:
        """Whether a case lies in the window; one that is not recognised yet is no recognised case."""
        day: dt.date | None = getattr(case, self.dated)
        return day is not None and day in self.window

    def units(self, by: By, at_risk: Mapping[str, Number] | None) -> list[FocusUnit]:
        """What was gathered."""
        for name in at_risk or ():  # where people work and nobody was hurt
            self._of(name)
        units = []
        for key, sums in self.sums.items():
            lost = [*sums.lost_cases, *self.no_table]
            at: Fraction | Unknown | Number = _or(sums.at, sums.lost_at)
            if callable(by) or by in OF_CASE:
                given = (at_risk or {}).get(key) if key is not None else None
                at = given if given is not None else _nobody_says("group" if callable(by) else by)
            units.append(
                FocusUnit(
                    key,
                    _or(Fraction(sums.cases), lost),
                    at,
                    lost_days=_or(Fraction(sums.days), [*lost, *sums.lost_days]),
                    deaths=_or(Fraction(sums.deaths), lost),
                    within=sums.group or "",
                    note=sums.note,
                )
            )
        return units


def _or(value: Fraction, reasons: list[Reason]) -> Fraction | Unknown:
    return Unknown(tuple(dict.fromkeys(reasons))) if reasons else value


def _no_cases(employer_id: str) -> Reason:
    words = Words(f"of employer {employer_id} there is no table of cases", f"单位{employer_id}没有案件表")
    return Reason("not_supplied", "cases", words)


def _nobody_says(by: str) -> Unknown:
    return unknown(
        "missing",
        "exposure",
        f"how many work in this {by} is not recorded; give it as at_risk",
        "该类人数没有记录，可由 at_risk 提供",
    )
