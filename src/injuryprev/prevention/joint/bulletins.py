"""The accident bulletin of a joint mechanism: what happened, against the days before, without pointing at anyone."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import count
from typing import Final, Literal

import attrs

from injuryprev.errors import InjuryprevError, InputError
from injuryprev.measures.counting import count_cases
from injuryprev.measures.definition import Definition
from injuryprev.measures.exposures import exposure_in
from injuryprev.measures.injury_rate import InjuryRate
from injuryprev.measures.measure import Standard
from injuryprev.measures.standards import standard as named_standard
from injuryprev.measures.statistics import RateComparison, compare_rates
from injuryprev.model import Employer, HiddenDanger, History, InjuryCase
from injuryprev.model.task import State
from injuryprev.prevention.joint.gaps import Gaps
from injuryprev.prevention.joint.suppression import GroupRow, is_small, put_together
from injuryprev.prevention.joint.tasks import states
from injuryprev.units import Period, add_months
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

Dated = Literal["recognised_on", "occurred_on"]
Area = Sequence[tuple[Employer, History]]
_NO_GROUND: Final = Words("ground not recorded", "认定依据未记录")
_NO_INDUSTRY: Final = Words("industry not recorded", "行业未记录")
SEVERITY: Final[tuple[tuple[str, Words], ...]] = (
    ("death", Words("deaths", "工亡")),
    ("1-4", Words("disability grades 1 to 4", "伤残一至四级")),
    ("5-6", Words("disability grades 5 and 6", "伤残五至六级")),
    ("7-10", Words("disability grades 7 to 10", "伤残七至十级")),
    ("none", Words("no grade so far", "尚无伤残等级")),
)
"""Grades in the groups in which the Regulation gives benefits (articles 35 to 37)."""


@attrs.frozen
class Group:
    """A table of the bulletin.

    Args:
        title: What the cases are grouped by.
        rows: Its rows, small ones put together; ``None`` where no group can be told from the others.
    """

    title: Words
    rows: tuple[GroupRow, ...] | None


@attrs.frozen(kw_only=True)
class Bulletin:
    """An accident bulletin (事故通报).

    Args:
        place: The area, for a reader.
        period: The days told of.
        former: The days they are held against.
        dated: The date that places a case in the tables.
        threshold: The least count shown.
        now: Cases of the period; unknown where some employer's are, ``None`` where they are too few to be shown.
        before: Cases of the former period, likewise.
        groups: The tables; empty where the cases are unknown.
        definition: What the rate is a rate of.
        rate: Of the period; ``None`` where its count is too small to be shown.
        rate_before: Of the former period, likewise.
        comparison: What chance allows to say of the two; unknown where it cannot be said, with the reason.
        insured_for_workers: Whether the insured stand for the workers that the standard asks for.
        left_out: How many employers are left out of the counts, of the rate, and of the former rate.
        lost: By table, how many rows were not used because nobody can tell whose they are.
        dangers: Hidden dangers by how they stood on ``on``, where they were given.
        on: The day of the bulletin.
    """

    place: str
    period: Period
    former: Period
    dated: Dated
    threshold: int
    now: int | Unknown | None
    before: int | Unknown | None
    groups: tuple[Group, ...]
    definition: Definition
    rate: InjuryRate | None
    rate_before: InjuryRate | None
    comparison: RateComparison | Unknown
    insured_for_workers: bool
    left_out: tuple[int, int, int]
    lost: Mapping[str, int] = attrs.field(factory=dict)
    dangers: Mapping[State, int] | None = None
    on: dt.date | None = None


def former_period(period: Period) -> Period:
    """The same days a year before, or as many years before as the period has.

    >>> print(former_period(Period("2024-01-01", "2024-07-01")), former_period(Period("2022-01-01", "2024-01-01")))
    [2023-01-01, 2023-07-01) [2020-01-01, 2022-01-01)
    """
    if period.until is None:
        raise InputError("a period without end", where="bulletin", seen=str(period), expected="a Period with an end")
    years = next(years for years in count(1) if add_months(period.until, -12 * years) <= period.since)
    since, until = (add_months(day, -12 * years) for day in (period.since, period.until))
    # Only the 28th of February of a leap year ends on a day that falls together with its first a year before.
    return Period(since, max(until, since + dt.timedelta(days=1)))


def bulletin(
    area: Iterable[tuple[Employer, History]],
    *,
    period: Period,
    former: Period | None = None,
    standard: str | Standard = "cn.incidence",
    dated: Dated = "recognised_on",
    threshold: int = 5,
    unknown: Literal["refuse", "leave out"] = "refuse",
    incomplete: Mapping[str, Unknown] | None = None,
    lost: Unknown | None = None,
    place: str = "",
    dangers: Iterable[HiddenDanger] | None = None,
    on: dt.date | None = None,
) -> Bulletin:
    """Make an accident bulletin from cases and exposure.

    Args:
        area: Employers with their histories.
        period: The days told of; it must have an end.
        former: The days they are held against; by default the same days a year before.
        standard: The rate, by name; see ``list_standards``.
        dated: The date that places a case in the tables; the rate goes by its own.
        threshold: The least count shown.  No document read sets one, so the bulletin states it.
        unknown: An employer without its cases makes the counts unknown and one without its exposure the rate
            (``refuse``), or it is left out and counted as such (``leave out``).
        incomplete: Employers whose records are known not to be all, such as those of which a row was rejected, each
            with the reasons (``Area.refusals``); they count as without what the rows told of.
        lost: Rows of which nobody can tell whose they are (``Area.lost``): they make the figures unknown (``refuse``),
            or the bulletin says how many it is without (``leave out``).
        place: The name of the area.
        dangers: Hidden dangers, for how many were put right; then ``on`` is needed.
        on: The day of the bulletin.

    Raises:
        InputError: A period without end, a threshold below 1, dangers without a day, or a standard over something that
            histories do not record.

    >>> from injuryprev.model import Exposure
    >>> year = Period.year(2024)
    >>> cases = [
    ...     InjuryCase(f"C-{n}", "E-1", f"w-{n}", "2024-03-02", recognised_on="2024-04-01", ground="14.1", grade=9)
    ...     for n in range(6)
    ... ]
    >>> history = History(cases=cases, exposures=[Exposure("E-1", Period("2023-01-01", "2025-01-01"), insured=500)])
    >>> made = bulletin([(Employer("E-1"), history)], period=year)
    >>> made.now, made.before, str(made.rate.rounded("0.0001"))
    (6, 0, '1.2000')
    """
    before = former_period(period) if former is None else former
    if before.until is None:
        raise InputError("a period without end", where="bulletin", seen=str(before), expected="a Period with an end")
    if dangers is not None and on is None:
        raise InputError("dangers need the day they are looked at", where="bulletin.on", expected="a date")
    chosen = named_standard(standard) if isinstance(standard, str) else standard
    gaps = Gaps.of(area, incomplete, lost, leave_out=unknown == "leave out")
    known, silent = gaps.counted()
    counts = _Counted(known, dated, period, before) if silent is None else None
    basis, exposure = _basis(chosen)
    rates: list[InjuryRate | None] = []
    dropped = [len(gaps.area) - len(known)]
    complete, why = gaps.rated(over_cases=basis is None)
    for days in (period, before):
        measured = complete
        if unknown == "leave out":
            measured = [one for one in complete if one[1].cases is not None and _measured(one, days, basis)]
        dropped.append(len(gaps.area) - len(measured))
        rate = chosen.of_area(measured, within=days, exposure=exposure)
        if why is not None:
            rate = InjuryRate(chosen, why, why)
        rates.append(None if _few(rate, measured, days, threshold) else rate)
    return Bulletin(
        place=place,
        period=period,
        former=before,
        dated=dated,
        threshold=threshold,
        now=_shown(counts.total[0], threshold) if counts else silent,
        before=_shown(counts.total[1], threshold) if counts else silent,
        groups=counts.groups(threshold) if counts else (),
        definition=chosen,
        rate=rates[0],
        rate_before=rates[1],
        comparison=_compared(rates, chosen),
        insured_for_workers=exposure == "insured",
        left_out=(dropped[0], dropped[1], dropped[2]),
        lost=gaps.rows,
        dangers=None if dangers is None or on is None else states(dangers, on),
        on=on,
    )


def _basis(chosen: Standard) -> tuple[str | None, Literal["insured", "hours"] | None]:
    """What of the histories the rate needs, and how that is told to the standard."""
    if chosen.below == "workers":
        return "insured", "insured"
    return (chosen.below if chosen.below in {"insured", "hours"} else None), None


def _measured(one: tuple[Employer, History], days: Period, basis: str | None) -> bool:
    return basis is None or not isinstance(exposure_in(*one, days, basis), Reason)


def _few(rate: InjuryRate, area: Area, days: Period, threshold: int) -> bool:
    """Whether the cases behind a rate are too few to be shown; a single one may cost thousands of days."""
    found = rate.numerator
    if rate.definition.counts == "lost_days":
        found = count_cases(
            rate.definition, (case for _, known in area for case in known.cases or ()), within=days
        ).cases
    return not isinstance(found, Unknown) and is_small(int(found), threshold)


def _shown(count: int, threshold: int) -> int | None:
    return None if is_small(count, threshold) else count


def _compared(rates: list[InjuryRate | None], chosen: Standard) -> RateComparison | Unknown:
    now, before = rates
    if now is None or before is None:
        return _no("too_few", "a count behind the rates is too small to be shown", "比率的分子过小，不予公布")
    if chosen.counts == "lost_days":
        return _no("days", "days lost are no counts of independent events", "损失工作日不是相互独立的事件数")
    parts = (now.numerator, now.exposure, before.numerator, before.exposure)
    doubts = dict.fromkeys(reason for part in parts if isinstance(part, Unknown) for reason in part.reasons)
    if doubts:
        return Unknown(tuple(doubts))
    a, at_a, b, at_b = (part for part in parts if isinstance(part, Fraction))
    try:
        return compare_rates(a, at_a, b, at_b, per=float(chosen.factor))
    except InjuryprevError as error:
        if isinstance(error, InputError):
            raise
        return _no("stats", f"chance is not judged: {error.message}", "未安装统计组件（stats），无法判断偶然性")


def _no(code: str, en: str, zh: str) -> Unknown:
    return Unknown((Reason(code, "comparison", Words(en, zh)),))


class _Counted:
    """Cases of two periods, counted by whatever they are asked for."""

    def __init__(self, area: Area, dated: Dated, period: Period, former: Period) -> None:
        self.now, self.before = ([*_within(area, dated, days)] for days in (period, former))
        self.total = (len(self.now), len(self.before))

    def groups(self, threshold: int) -> tuple[Group, ...]:
        """The tables."""
        asked: tuple[tuple[Words, Callable[[Employer, InjuryCase], Words]], ...] = (
            (Words("by ground", "按认定依据"), _ground),
            (Words("by industry", "按行业"), _industry),
            (Words("by severity", "按伤害程度"), _severity),
        )
        return tuple(Group(title, self._table(key, threshold)) for title, key in asked)

    def _table(self, key: Callable[[Employer, InjuryCase], Words], threshold: int) -> tuple[GroupRow, ...] | None:
        """The rows; of a period with too few cases in all, none is counted here."""
        few = [is_small(count, threshold) for count in self.total]
        rows = [GroupRow(row.name, 0 if few[0] else row.now, 0 if few[1] else row.before) for row in self._rows(key)]
        return None if all(few) else put_together(rows, threshold)

    def _rows(self, key: Callable[[Employer, InjuryCase], Words]) -> list[GroupRow]:
        now, before = (Counter(key(*one) for one in cases) for cases in (self.now, self.before))
        return [GroupRow(name, now[name], before[name]) for name in {**now, **before}]


def _within(area: Area, dated: Dated, days: Period) -> Iterable[tuple[Employer, InjuryCase]]:
    for employer, history in area:
        for case in history.cases or ():
            on: dt.date | None = getattr(case, dated)
            if on is not None and on in days:
                yield employer, case


def _ground(_: Employer, case: InjuryCase) -> Words:
    if case.ground is None:
        return _NO_GROUND
    meaning = case.ground.meaning
    return Words(f"{case.ground.key} {meaning.en}", f"{case.ground.key} {meaning.zh}")


def _industry(employer: Employer, case: InjuryCase) -> Words:
    found = case.industry or employer.industry
    return _NO_INDUSTRY if found is None else Words(f"{found.division} {found.edition}")


def _severity(_: Employer, case: InjuryCase) -> Words:
    words = dict(SEVERITY)
    if case.death:
        return words["death"]
    if case.grade is None:
        return words["none"]
    return words["1-4" if case.grade <= 4 else "5-6" if case.grade <= 6 else "7-10"]
