"""A list of focus: what each unit has, its place by one criterion, and why it stands there."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final, Literal, get_args

import attrs

from injuryprev.errors import InputError
from injuryprev.measures.figures import percent, rounded
from injuryprev.measures.quotients import read
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Lang, Words

Criterion = Literal["burden", "rate", "excess", "severity", "deaths", "lost_days"]
CRITERIA: Final[tuple[Criterion, ...]] = get_args(Criterion)
TITLES: Final[dict[Criterion, Words]] = {
    "burden": Words("burden (cases)", "案件数"),
    "rate": Words("rate", "发生率"),
    "excess": Words("cases in excess of the expected", "超出期望的案件数"),
    "severity": Words("days lost by case", "平均每案损失工作日"),
    "deaths": Words("deaths", "工亡"),
    "lost_days": Words("days lost", "损失工作日"),
}

COUNTS: Final = ("cases", "deaths")
"""Figures of a unit that are whole numbers."""
TITLES_OF_FIGURES: Final = {
    "cases": Words("cases", "案件数"),
    "exposure": Words("exposure", "参保规模"),
    "lost_days": Words("lost_days", "损失工作日"),
    "deaths": Words("deaths", "工亡"),
}


def _whole(value: Any, name: str) -> Fraction | Unknown:
    found = read(value, name, TITLES_OF_FIGURES[name])
    if isinstance(found, Fraction) and found.denominator != 1:
        raise InputError("not a count", where=f"FocusUnit.{name}", seen=value, expected="a whole number")
    return found


def _cases(value: Any) -> Fraction | Unknown:
    return _whole(value, "cases")


def _deaths(value: Any) -> Fraction | Unknown:
    return _whole(value, "deaths")


def _exposure(value: Any) -> Fraction | Unknown:
    return read(value, "exposure", TITLES_OF_FIGURES["exposure"])


def _lost_days(value: Any) -> Fraction | Unknown:
    return read(value, "lost_days", TITLES_OF_FIGURES["lost_days"])


@attrs.frozen
class FocusUnit:
    """What is ranked: an industry, an employer, a trade, a post, a group of people.

    Args:
        key: Its name in the list, each once; ``None`` gathers what nobody says the unit of, and has no place.
        cases: How many cases.
        exposure: What they are measured against: insured persons, hours.
        lost_days: Days lost, counted.
        deaths: Deaths among the cases.
        within: The group whose rate says how many cases are expected of it (its industry, say); by default all units
            are one group.
        note: What must be said of its figures, such as who was left out of them.

    A figure may be ``None`` or ``Unknown``; it is then unknown, never zero.

    Raises:
        InputError: A broken count.
    """

    key: str | None
    cases: Fraction | Unknown = attrs.field(converter=_cases)
    exposure: Fraction | Unknown = attrs.field(default=None, converter=_exposure)
    lost_days: Fraction | Unknown = attrs.field(default=None, converter=_lost_days, kw_only=True)
    deaths: Fraction | Unknown = attrs.field(default=None, converter=_deaths, kw_only=True)
    within: str = attrs.field(default="", kw_only=True)
    note: Words = attrs.field(default=Words(), kw_only=True)


@attrs.frozen(kw_only=True)
class FocusRow:
    """One unit in its place.

    Args:
        unit: The unit with its figures.
        rank: Its place, 1 first; ``None`` where it has none, and ``value`` or ``small`` says why.
        value: What it is ranked by: exact, or a float where shrinkage had a part in it.
        share: Its share of all known cases.
        rate: Cases by exposure.
        expected: The cases it would have at the rate of its group.
        excess: Cases less those expected.
        ratio: Cases over those expected.
        shrunk: The ratio drawn towards 1 by how little there is to know it by, ``None`` where that was not asked for.
        low, high: The interval of the shrunken ratio, where there is one.
        severity: Days lost by case.
        small: Why it is too small to be ranked.
        tied: Keys of all units of the very same value, this one among them, where there are several; their order is
            settled by cases, then by key.
    """

    unit: FocusUnit
    rank: int | None
    value: Fraction | float | Unknown
    share: Fraction | Unknown
    rate: Fraction | Unknown
    expected: Fraction | Unknown
    excess: Fraction | Unknown
    ratio: Fraction | Unknown
    shrunk: float | Unknown | None
    low: float | None
    high: float | None
    severity: Fraction | Unknown
    small: Words | None = None
    tied: tuple[str, ...] = ()

    @property
    def shrunk_rate(self) -> float | Unknown | None:
        """The rate that goes with the shrunken ratio."""
        if self.shrunk is None or isinstance(self.shrunk, Unknown):
            return self.shrunk
        assert isinstance(self.expected, Fraction)  # noqa: S101 - a shrunken ratio is one to the expected
        assert isinstance(self.unit.exposure, Fraction)  # noqa: S101 - which follows from the exposure
        return self.shrunk * float(self.expected / self.unit.exposure)

    @property
    def why(self) -> tuple[str, ...]:
        """What keeps it from a place, as ``code:subject``."""
        if self.small is not None:
            return ("too_small:exposure",)
        if self.unit.key is None:
            return ("missing:unit",)
        return self.value.codes if isinstance(self.value, Unknown) else ()


@attrs.frozen(kw_only=True)
class Focus:
    """The list: ranked units first, then those without a place by their keys.

    Args:
        criterion: What it is ranked by.
        rows: The units.
        cases: All known cases.
        rate: The rate of all units whose cases and exposure are known.
        per: The base in which rates are said in words.
        shrinkage: How the prior was found, in words, where shrinkage was used.
        notes: What else must be said.
    """

    criterion: Criterion
    rows: tuple[FocusRow, ...]
    cases: Fraction
    rate: Fraction | Unknown
    per: int
    shrinkage: Words | None = None
    notes: tuple[Words, ...] = ()

    @property
    def ranked(self) -> tuple[FocusRow, ...]:
        """The rows that have a place."""
        return tuple(row for row in self.rows if row.rank is not None)

    def reasons(self, row: FocusRow) -> tuple[Words, ...]:
        """Why a unit stands where it does."""
        return tuple(_reasons(self, row))

    def text(self, lang: Lang = "en", *, top: int = 10) -> str:
        """The first so many with a place and without one, with their reasons; how many more there are is said."""
        title = TITLES[self.criterion].to(lang)
        lines = [f"按{title}排序" if lang == "zh" else f"ranked by {title}"]
        comma = "；" if lang == "zh" else "; "
        for row in (*self.ranked[:top], *self.rows[len(self.ranked) :][:top]):
            place = "-" if row.rank is None else f"{row.rank}."
            name = row.unit.key or Words("(unit not said)", "（未注明）").to(lang)
            lines.append(f"{place} {name}: " + comma.join(one.to(lang) for one in self.reasons(row)))
        hidden = len(self.rows) - (len(lines) - 1)
        if hidden:
            lines.append(f"…另有{hidden}个未列出" if lang == "zh" else f"… and {hidden} more, not shown here")
        return "\n".join([*lines, *(note.to(lang) for note in self.notes)])

    def __str__(self) -> str:
        return self.text()


_NAMED: Final = 3


def _reasons(focus: Focus, row: FocusRow) -> list[Words]:
    unit, said = row.unit, []
    if isinstance(unit.cases, Fraction):
        cases = f"{int(unit.cases):,}"
        share = f", {percent(row.share)} of all" if isinstance(row.share, Fraction) else ""
        zh = f"，占{percent(row.share, 'zh')}" if isinstance(row.share, Fraction) else ""
        said.append(Words(f"{cases} case{'' if unit.cases == 1 else 's'}{share}", f"{cases}件{zh}"))
    said += _of_rate(focus, row)
    if isinstance(row.severity, Fraction):
        days = rounded(row.severity)
        said.append(Words(f"{days} days lost by case", f"平均每案损失{days}日"))
    if isinstance(unit.deaths, Fraction) and unit.deaths:
        deaths = int(unit.deaths)
        said.append(Words(f"{deaths} death{'' if deaths == 1 else 's'}", f"工亡{deaths}人"))
    if row.tied:
        others = [key for key in row.tied[: _NAMED + 1] if key != unit.key][:_NAMED]
        more = len(row.tied) - 1 - len(others)
        en, zh = ", ".join(others), "、".join(others)
        en, zh = (f"{en} and {more} more", f"{zh}等{len(row.tied) - 1}个") if more > 0 else (en, zh)
        said.append(Words(f"tied with {en}; settled by cases, then by name", f"与{zh}并列，依次按案件数、名称排序"))
    if unit.note:
        said.append(unit.note)
    return said + _unplaced(row)


def _of_rate(focus: Focus, row: FocusRow) -> list[Words]:
    per, zh_per = f"{focus.per:,}", f"每{focus.per:,}"
    if not isinstance(row.rate, Fraction):
        return []
    rate = rounded(row.rate * focus.per)
    said = [Words(f"{rate} per {per}", f"{zh_per}中{rate}")]
    if row.rate > 1:
        said.append(Words("more cases than exposure: look at both figures", "案件数多于参保规模，请核对"))
    if isinstance(row.expected, Fraction) and isinstance(row.excess, Fraction):
        expected, more = rounded(row.expected), rounded(abs(row.excess))
        en, zh = ("more", "多") if row.excess >= 0 else ("fewer", "少")
        said.append(Words(f"{expected} expected, {more} {en}", f"期望{expected}件，{zh}{more}件"))
    if isinstance(rate_ := row.shrunk_rate, float):
        drawn = rounded(rate_ * focus.per)
        span = ""
        if row.low is not None and row.high is not None:
            span = f"{rounded(row.low)} - {rounded(row.high)}"
        said.append(
            Words(
                f"{drawn} per {per} allowing for its size" + (f" (ratio to the expected {span})" if span else ""),
                f"考虑规模后{zh_per}中{drawn}" + (f"（与期望之比{span}）" if span else ""),
            )
        )
    return said


def _unplaced(row: FocusRow) -> list[Words]:
    if row.unit.key is None:
        return [Words("whose cases these are is not said, so they have no place", "未注明所属，不予排序")]
    if row.small is not None:
        return [row.small]
    if isinstance(row.value, Unknown):
        return [Words(f"not ranked: {reason.words.en}", f"不予排序：{reason.words.zh}") for reason in row.value.reasons]
    return []


def unknown(code: str, subject: str, en: str, zh: str) -> Unknown:
    """Unknown for one reason."""
    return Unknown((Reason(code, subject, Words(en, zh)),))
