"""A target held against a series."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Final, Literal

import attrs

from injuryprev.errors import InputError
from injuryprev.measures.assessment import Assessment, Chance, Pace, Status
from injuryprev.measures.counting import count_cases
from injuryprev.measures.figures import figure
from injuryprev.measures.series import COUNTED, Observation, Series, complete, read_series
from injuryprev.measures.standards import standard
from injuryprev.measures.targets import Baseline, Target
from injuryprev.model import InjuryCase
from injuryprev.policy.rules import left_open
from injuryprev.units import Number, Period, as_date
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

Observed = Mapping[int, Observation | Unknown]
_NO_CHANCE: Final = Words(
    "whether this is more than chance cannot be known: counts and exposure are not given",
    "无法判断是否超出偶然波动：未提供案件数和参保规模",
)


def assess(
    target: Target, series: Series, *, on: object, baseline: Baseline | None = None, level: float = 0.95
) -> Assessment:
    """Hold a target against a series.

    Args:
        target: One of :func:`list_targets`, or your own.
        series: The figure of each year: an :class:`Observation`, an :class:`InjuryRate`, or a number (a rate as a plain
            fraction).  Only with counts and exposure can chance be judged (which needs the extra ``stats``).
        on: The day of judgement.  Years that are not over by then are left aside, and it says so.
        baseline: What to measure from, where the document does not say it; the result then says that it was chosen.
        level: The confidence level of the interval.

    Raises:
        InputError: The series is not one, follows another definition, or a baseline is given that the document has.

    >>> from injuryprev.measures.targets import target
    >>> found = assess(target("zhejiang-2016-incidence"), {2015: "0.0104", 2016: "0.0096"}, on="2017-03-01")
    >>> found.status, found.margin
    ('met', Fraction(1, 2500))
    >>> assess(target("zhejiang-2016-incidence"), {2015: "0.0104"}, on="2016-03-01").status
    'not_yet_due'
    """
    day = as_date(on, where="assess on")
    notes: list[Words] = []
    target = _with_baseline(target, baseline, notes)
    _before_it(target)
    observed = read_series(series, target.definition)
    over = complete(observed, day)
    if left := [str(year) for year in observed if year not in over]:
        notes.append(
            Words(f"not over by {day}, left aside: {', '.join(left)}", f"截至{day}尚未结束，未使用：{'、'.join(left)}")
        )
    due = target.due is not None and day > target.due
    year = _judged(target, observed, over, due=due)
    value = _value(target, observed, year)
    base = _baseline(target, observed, over, year)
    notes += _disagreeing(target, observed)
    limit = _limit(target, base)
    notes += _above_all(target, year, value)
    reached, margin = _reached(target, value, base, limit)
    change = None if base is None else _change(value, base)
    return Assessment(
        target=target,
        on=day,
        status=_status(target, reached, due=due),
        year=year,
        value=value,
        baseline=base,
        limit=limit,
        reached=reached,
        margin=margin,
        change=change,
        chance=_chance(target, observed, year, limit, level),
        pace=_pace(target, year, value, limit, reached),
        notes=tuple(notes),
    )


def series_of(
    target: Target,
    cases: Iterable[InjuryCase],
    years: Iterable[int],
    *,
    exposure: Mapping[int, Number] | None = None,
) -> dict[int, Observation | Unknown]:
    """The series of a target from cases: those it counts, by the year they were recognised in.

    Args:
        target: A target of cases, persons or incidence; its ``numerator`` says which cases count.
        cases: Cases of all the years.
        years: The years the cases are complete for; a year without a case has none, it is not missing.
        exposure: Insured persons by year.

    Returns:
        For each year an observation, or ``Unknown`` where some case does not say whether it counts.

    Raises:
        InputError: The metric is not counted from cases, or two different cases have one key.

    >>> from injuryprev.measures.targets import target
    >>> cases = [
    ...     InjuryCase("C-1", "E-1", "w-1", "2023-03-02", recognised_on="2023-04-01", ground="14.1"),
    ...     InjuryCase("C-2", "E-1", "w-2", "2023-03-02", recognised_on="2023-04-01", ground="14.6"),
    ... ]
    >>> series_of(target("quanzhou-2023-injuries"), cases, [2022, 2023])[2023].count
    1
    """
    if target.unit not in COUNTED and target.metric != "incidence":
        raise InputError(
            "this metric is not counted from cases",
            where="series_of",
            seen=target.metric,
            expected="cases or incidence",
        )
    counts: Literal["cases", "persons"] = "persons" if target.unit == "persons" else "cases"
    definition = attrs.evolve(standard("cn.incidence"), counts=counts, where=target.numerator)
    listed = list(cases)
    found: dict[int, Observation | Unknown] = {}
    for year in years:
        count = count_cases(definition, listed, within=Period.year(year)).value
        at = None if exposure is None else exposure.get(year)
        found[year] = count if isinstance(count, Unknown) else Observation(count=count, exposure=at)
    return found


def _with_baseline(target: Target, baseline: Baseline | None, notes: list[Words]) -> Target:
    if baseline is None:
        return target
    if not target.aim.is_relative or (target.baseline is not None and target.baseline.unknown is None):
        raise InputError(
            "the target says itself what it is measured from",
            where="assess baseline",
            seen=target.name,
            expected="a baseline only where the document leaves it open",
        )
    notes.append(
        Words("the baseline was chosen by the caller; the document does not say it", "基期由使用者选定，文件未写明")
    )
    return attrs.evolve(target, baseline=baseline)


def _before_it(target: Target) -> None:
    years = target.baseline.years if target.baseline is not None else ()
    if target.year is not None and any(year >= target.year for year in years):
        raise InputError(
            "a target is measured from a year before the one that decides",
            where="Baseline.years",
            seen=", ".join(map(str, years)),
            expected=f"years before {target.year}",
        )


def _unknown(code: str, subject: str, en: str, zh: str, source: str = "") -> Unknown:
    return Unknown((Reason(code, subject, Words(en, zh), source),))


def _said(target: Target, subject: str, words: Words) -> Unknown:
    """Unknown because the document leaves it open."""
    return Unknown((left_open("not_known", subject, words, target.cited),))


def _all(*parts: object) -> Unknown | None:
    reasons = dict.fromkeys(reason for part in parts if isinstance(part, Unknown) for reason in part.reasons)
    return Unknown(tuple(reasons)) if reasons else None


def _joined(*parts: object) -> Unknown:
    """The reasons of several, of which one at least is unknown."""
    found = _all(*parts)
    assert found is not None  # noqa: S101 - for the type checker
    return found


def _judged(target: Target, observed: Observed, over: list[int], *, due: bool) -> int | None:
    if due:
        return target.year
    since = max(target.baseline.years, default=None) if target.baseline is not None else None
    within = [
        year for year in over if (target.year is None or year <= target.year) and (since is None or year >= since)
    ]
    return max((year for year in within if not isinstance(_value(target, observed, year), Unknown)), default=None)


def _value(target: Target, observed: Observed, year: int | None) -> Fraction | Unknown:
    if year is None:
        return _unknown("missing", "series", "no year that is over has a figure", "没有已结束年份的数据")
    if year not in observed:
        return _unknown("missing", "series", f"the series has no figure of {year}", f"序列中没有{year}年的数据")
    found = observed[year]
    return found if isinstance(found, Unknown) else found.figure(target.unit)


def _baseline(target: Target, observed: Observed, over: list[int], year: int | None) -> Fraction | Unknown | None:
    base = target.baseline
    if base is None:
        return None
    if base.unknown is not None:
        return _said(target, "baseline", base.unknown)
    if base.value is not None:
        return base.value
    if year is None:
        return _unknown("missing", "baseline", "without a year judged there are no years before it", "没有可评估年份")
    years = base.years_for(year)
    figures = [_value(target, observed, one if one in over or one not in observed else None) for one in years]
    if (missing := _all(*figures)) is not None:  # an Unknown is falsy
        return missing
    known = [figure for figure in figures if isinstance(figure, Fraction)]
    return sum(known, Fraction(0)) / len(known)


def _disagreeing(target: Target, observed: Observed) -> list[Words]:
    """Where the document and the series say different things of the year measured from."""
    base = target.baseline
    if base is None or base.value is None or len(base.years) != 1 or base.years[0] not in observed:
        return []
    seen = _value(target, observed, base.years[0])
    if isinstance(seen, Unknown) or seen == base.value:
        return []
    en, zh = figure(base.value, target.unit), figure(base.value, target.unit, "zh")
    mine = figure(seen, target.unit), figure(seen, target.unit, "zh")
    return [
        Words(
            f"of {base.years[0]} the document says {en} and the series {mine[0]}; the document's figure was used",
            f"{base.years[0]}年文件数为{zh}，序列为{mine[1]}；采用文件数",
        )
    ]


def _above_all(target: Target, year: int | None, value: Fraction | Unknown) -> list[Words]:
    """A share of more than everybody: most often per cent taken for plain fractions, or exposure in thousands."""
    if target.unit != "fraction" or isinstance(value, Unknown) or value <= 1:
        return []
    shown, shown_zh = figure(value, target.unit), figure(value, target.unit, "zh")
    return [
        Words(
            f"{shown} in {year} is more than all there are: look at the units, a plain fraction of 0.01 is 1 %",
            f"{year}年为{shown_zh}，超过总体：请核对单位，0.01 即 1%",
        )
    ]


def _limit(target: Target, base: Fraction | Unknown | None) -> Fraction | Unknown:
    if target.aim.unknown is not None:
        return _said(target, "aim", target.aim.unknown)
    if not target.aim.is_relative:
        return target.aim.limit(Fraction(0))
    if isinstance(base, Unknown):
        return base
    assert base is not None  # noqa: S101 - a relative aim has a baseline
    return target.aim.limit(base)


def _reached(
    target: Target, value: Fraction | Unknown, base: Fraction | Unknown | None, limit: Fraction | Unknown
) -> tuple[bool | Unknown, Fraction | Unknown]:
    if isinstance(value, Unknown) or isinstance(limit, Unknown):
        unknown = _joined(value, limit)
        return unknown, unknown
    margin = limit - value if target.aim.lower_is_better else value - limit
    if target.kind == "reported" and target.aim.direction is None:  # what was printed is met by what prints alike
        scale = base if target.aim.fall is not None and isinstance(base, Fraction) else 1
        return abs(margin) <= target.aim.half_step * scale, margin
    return target.aim.reached(value, limit), margin


def _change(value: Fraction | Unknown, base: Fraction | Unknown) -> Fraction | Unknown:
    if isinstance(value, Unknown) or isinstance(base, Unknown):
        return _joined(value, base)
    if base == 0:
        return _unknown("division_by_zero", "change", "the baseline is zero", "基期为零")
    return value / base - 1


def _status(target: Target, reached: bool | Unknown, *, due: bool) -> Status | Unknown:
    if target.due_unknown is not None:
        return _said(target, "due", target.due_unknown)
    if not due:
        return "not_yet_due"
    if isinstance(reached, Unknown):
        return reached
    return "met" if reached else "not_met"


def _pace(
    target: Target, year: int | None, value: Fraction | Unknown, limit: Fraction | Unknown, reached: bool | Unknown
) -> Pace | None:
    if isinstance(value, Unknown) or isinstance(limit, Unknown) or reached is not False:
        return None
    if target.year is None or year is None or year >= target.year:
        return None
    years = target.year - year
    yearly = float(limit / value) ** (1 / years) - 1 if value > 0 and limit > 0 else None
    return Pace(years, (limit - value) / years, yearly)


def _chance(
    target: Target, observed: Observed, year: int | None, limit: Fraction | Unknown, level: float
) -> Chance | Unknown:
    now = _counted(observed, year)
    if now is None or year is None:
        return Unknown((Reason("missing", "exposure", _NO_CHANCE),))
    if not target.aim.is_relative:
        return _of_rate(target, now, limit, level)
    years = target.baseline.years_for(year) if target.baseline is not None else ()
    before = [_counted(observed, one) for one in years]
    known = [one for one in before if one is not None]
    if year in years:
        words = Words("the year judged is the one measured from", "评估年份即为基期")
        return Unknown((Reason("no_change", "chance", words),))
    if not known or len(known) < len(before):
        return Unknown((Reason("missing", "exposure", _NO_CHANCE),))
    if target.is_share:
        words = Words("the change of a share is not judged", "占比的变化不作偶然波动判断")
        return Unknown((Reason("not_a_rate", "chance", words),))
    from injuryprev.measures.statistics import compare_rates  # noqa: PLC0415  # SciPy is loaded when chance is judged

    then = sum(count for count, _ in known), sum((at for _, at in known), Fraction(0))
    found = compare_rates(*now, *then, level=level)
    if isinstance(found, Unknown):
        return found
    low, high = found.interval.low, found.interval.high
    fall = target.aim.fall
    secured = None if fall is None or target.unit != "fraction" else high <= float(1 - fall)
    down, up = high < 1, low > 1
    lower = target.aim.lower_is_better
    beyond, against = (down, up) if lower else (up, down)
    rates = now[0] / now[1], then[0] / then[1]
    away = rates[0] != rates[1] and (rates[0] < rates[1]) != lower
    return Chance("ratio", low, high, level, beyond, secured, against=against, away=away)


def _counted(observed: Observed, year: int | None) -> tuple[int, Fraction] | None:
    found = observed.get(year) if year is not None else None
    return found.counted if isinstance(found, Observation) else None


def _of_rate(target: Target, now: tuple[int, Fraction], limit: Fraction | Unknown, level: float) -> Chance | Unknown:
    if isinstance(limit, Unknown):
        return limit
    if target.unit != "fraction":
        words = Words("chance is judged of rates; this target is a number", "仅对比率判断偶然波动，本目标为数量")
        return Unknown((Reason("not_a_rate", "chance", words),))
    of: Literal["share", "rate"] = "share" if target.is_share else "rate"
    if of == "share" and (now[1].denominator != 1 or now[0] > now[1]):
        words = Words("a share is judged of whole numbers, some of all", "占比须为整数，且不超过总数")
        return Unknown((Reason("not_a_share", "chance", words),))
    # SciPy is loaded when chance is judged.
    from injuryprev.measures.statistics import proportion_interval, rate_interval  # noqa: PLC0415

    interval = (proportion_interval if of == "share" else rate_interval)(*now, level=level)
    if isinstance(interval, Unknown):
        return interval
    low, high, at = interval.low, interval.high, float(limit)
    return Chance(of, low, high, level, not low <= at <= high, high < at if target.aim.lower_is_better else low > at)
