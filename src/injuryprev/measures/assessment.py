"""What came of a target by a day: met or not, by how much, more than chance or not, the pace needed; in words."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Final, Literal

import attrs

from injuryprev.measures.figures import figure, percent, rounded
from injuryprev.measures.targets import Target
from injuryprev.units import as_data, as_json
from injuryprev.unknown import Unknown
from injuryprev.words import LANGUAGES, Lang, Words

SCHEMA: Final = "injuryprev.assessment/1"
Status = Literal["met", "not_met", "not_yet_due"]


@attrs.frozen
class Chance:
    """What chance alone may have done, judged from counts and exposure.

    Args:
        of: ``ratio``: the rate of the year judged over that of the baseline; ``rate``: the rate itself; ``share``: the
            share itself.
        low, high: The interval of it at ``level``: exact, and of a share Wilson's.
        level: The confidence level.
        beyond: ``ratio``: whether the rate has moved as is asked for, by more than chance (1 lies outside);
            ``rate``, ``share``: whether the limit lies outside the interval.
        secured: Whether the whole interval is on the good side of the limit; ``None`` where the limit is not a rate.
        against: ``ratio``: whether the rate has moved the other way by more than chance.
        away: ``ratio``: whether it has moved the other way at all, be the count where it was to be.
    """

    of: Literal["ratio", "rate", "share"]
    low: float
    high: float
    level: float
    beyond: bool
    secured: bool | None
    against: bool = attrs.field(default=False, kw_only=True)
    away: bool = attrs.field(default=False, kw_only=True)


@attrs.frozen
class Pace:
    """What is still needed each year.

    Args:
        years: Years left, from the year judged to the year that decides.
        each: By how much the figure must change in each of them, in its own unit (less than zero is a fall).
        yearly: The same as a constant relative change a year, or ``None`` where there is none (from or to zero).
    """

    years: int
    each: Fraction
    yearly: float | None


@attrs.frozen(kw_only=True)
class Assessment:
    """What came of a target by a day.

    Args:
        target: The target.
        on: The day.
        status: ``met`` or ``not_met`` once it is due, ``not_yet_due`` before; ``Unknown`` where that cannot be said.
        year: The year judged: that which decides, or before it is due the last that is over and has a figure.
        value: Its figure.
        baseline: What a relative aim is measured from; ``None`` for an absolute one.
        limit: The figure to be reached.
        reached: Whether the figure of the year judged reaches it, whenever it is due.
        margin: How much better than the limit it is (less than zero: worse), in the unit of the metric.
        change: Relative change against the baseline, where there is one (-0.1 is a fall of 10 %).
        chance: Whether that is more than chance, or why it cannot be known.
        pace: What is still needed, ``None`` where nothing is: the limit is reached, or the time is over.
        notes: What else must be said.
    """

    target: Target
    on: dt.date
    status: Status | Unknown
    year: int | None
    value: Fraction | Unknown
    baseline: Fraction | Unknown | None
    limit: Fraction | Unknown
    reached: bool | Unknown
    margin: Fraction | Unknown
    change: Fraction | Unknown | None
    chance: Chance | Unknown
    pace: Pace | None
    notes: tuple[Words, ...] = ()

    def text(self, lang: Lang = "en") -> str:
        """The whole in words, a line for each thing said."""
        return _say(self, lang)

    def to_data(self) -> dict[str, object]:
        """The whole as plain data of the schema ``injuryprev.assessment/1``: exact numbers are text."""
        told = {field.name: as_data(getattr(self, field.name)) for field in attrs.fields(Assessment)}
        return {"schema": SCHEMA, **told, "text": {lang: self.text(lang) for lang in LANGUAGES}}

    def to_json(self) -> str:
        """The same as JSON.

        >>> import json
        >>> from injuryprev.measures import assess, target
        >>> found = assess(target("zhejiang-2016-incidence"), {2015: "0.0104", 2016: "0.0096"}, on="2017-03-01")
        >>> told = json.loads(found.to_json())
        >>> told["status"], told["value"], told["margin"], told["chance"]["unknown"][0]["code"]
        ('met', '0.0096', '0.0004', 'missing')
        """
        return as_json(self)

    def __str__(self) -> str:
        return self.text()


# The same in words ------------------------------------------------------------------------------------------------

_STATUS: Final = {
    "met": Words("met", "已实现"),
    "not_met": Words("not met", "未实现"),
    "not_yet_due": Words("not yet due", "尚未到期"),
}
_REPORTED: Final = {
    "met": Words("as reported", "与报告相符"),
    "not_met": Words("not as reported", "与报告不符"),
    "not_yet_due": Words("not over yet", "期间尚未结束"),
}
_SIGN: Final = {
    "at_most": Words("at most {}", "不高于{}"),
    "below": Words("below {}", "低于{}"),
    "at_least": Words("at least {}", "不低于{}"),
    "above": Words("above {}", "高于{}"),
}
_ABOUT: Final = Words(
    "the document says 'about' and not how near is near enough; the printed figure was held to",
    "文件用语为“左右”，未规定允许偏差；此处按印出的数值评估",
)
_DIRECTION: Final = Words(
    "the document asks for a direction and gives no figure: any movement that way counts here",
    "文件只要求方向，未给出数值；此处方向相符即视为达到",
)


def aim_words(target: Target) -> Words:
    """What a target asks for, in short.

    >>> from injuryprev.measures.targets import target
    >>> print(aim_words(target("cn-2025-priority-industries")))
    down by about 20 %
    """
    return Words(_aim(target, "en"), _aim(target, "zh"))


def _aim(target: Target, lang: Lang) -> str:
    aim = target.aim
    if aim.unknown is not None:
        return Words("unknown", "未知").to(lang)
    if target.kind == "reported" and aim.direction is None:
        printed = next(name for name in (*_SIGN, "fall") if getattr(aim, name) is not None)
        said = figure(getattr(aim, printed), target.unit if printed in _SIGN else "fraction", lang)
        return Words("down by {}", "下降{}").to(lang).format(said) if printed == "fall" else said
    if aim.fall is not None:
        about = Words("down by about {}", "下降{}左右") if aim.about else Words("down by at least {}", "至少下降{}")
        return about.to(lang).format(percent(aim.fall, lang))
    if aim.direction is not None:
        lower = aim.direction == "lower"
        return (Words("lower", "下降") if lower else Words("higher", "上升")).to(lang)
    name = next(name for name in _SIGN if getattr(aim, name) is not None)
    said = _SIGN[name].to(lang).format(figure(getattr(aim, name), target.unit, lang))
    return said + (Words(" (about)", "（左右）").to(lang) if aim.about else "")


def _say(found: Assessment, lang: Lang) -> str:
    """All lines."""
    lines = [_head(found, lang), _figures(found, lang), _against(found, lang), _chance(found, lang), _pace(found, lang)]
    lines += [note.to(lang) for note in found.notes]
    if found.target.aim.about:
        lines.append(_ABOUT.to(lang))
    if found.target.aim.direction is not None:
        lines.append(_DIRECTION.to(lang))
    lines.append(_source(found.target, lang))
    return "\n".join(line for line in lines if line)


def _head(found: Assessment, lang: Lang) -> str:
    target, status = found.target, found.status
    place, title = target.place.to(lang), target.title.to(lang)
    if target.kind == "reported":
        title += Words(" (reported, not an aim)", "（已报告的结果，非目标）").to(lang)
    words = _REPORTED if target.kind == "reported" else _STATUS
    said = status.text(lang) if isinstance(status, Unknown) else words[status].to(lang)
    if lang == "zh":
        return f"{place}{'：' if place else ''}{title}——截至{found.on}：{said}"
    return f"{place}{': ' if place else ''}{title} - on {found.on}: {said}"


def _figures(found: Assessment, lang: Lang) -> str:
    unit = found.target.unit
    if isinstance(found.value, Unknown):
        return "" if isinstance(found.status, Unknown) else found.value.text(lang)
    value = figure(found.value, unit, lang)
    if isinstance(found.limit, Unknown) or isinstance(found.margin, Unknown):
        return f"{found.year}年：{value}" if lang == "zh" else f"{found.year}: {value}"
    limit, gap = figure(found.limit, unit, lang), _gap(abs(found.margin), unit, lang)
    aim = _aim(found.target, lang)
    if found.target.kind == "reported" and found.reached is True:
        side = Words("the same to the digits printed", "与印出的位数一致")
    elif found.target.kind == "reported" and found.margin != 0:
        side = Words("{} apart", "相差{}")
    elif found.margin == 0:
        side = Words("exactly the limit", "恰为限值")
    elif found.margin > 0:
        side = Words("{} better than the limit", "优于限值{}")
    else:
        side = Words("{} short of the limit", "距限值差{}")
    if found.target.kind == "reported":
        if lang == "zh":
            return f"{found.year}年：{value}；报告为{aim}，即{limit}，{side.zh.format(gap)}"
        return f"{found.year}: {value}; reported: {aim}, which is {limit}; {side.en.format(gap)}"
    if lang == "zh":
        return f"{found.year}年：{value}；要求{aim}，限值{limit}，{side.zh.format(gap)}"
    return f"{found.year}: {value}; asked for: {aim}, a limit of {limit}; {side.en.format(gap)}"


def _gap(gap: Fraction, unit: str, lang: Lang) -> str:
    if unit == "fraction":
        return f"{rounded(gap * 100)}" + Words(" percentage points", "个百分点").to(lang)
    return figure(gap, unit, lang)


def _against(found: Assessment, lang: Lang) -> str:
    if found.baseline is None or found.change is None:
        return ""
    if isinstance(found.baseline, Unknown) or isinstance(found.change, Unknown):
        unknown = found.baseline if isinstance(found.baseline, Unknown) else found.change
        assert isinstance(unknown, Unknown)  # noqa: S101 - for the type checker
        return Words("baseline: ", "基期：").to(lang) + unknown.text(lang)
    base = figure(found.baseline, found.target.unit, lang)
    change = percent(abs(found.change), lang)
    if found.change == 0:
        moved = Words("unchanged", "无变化")
    else:
        moved = Words("down {}", "下降{}") if found.change < 0 else Words("up {}", "上升{}")
    how = _how(found, lang)
    if lang == "zh":
        return f"基期{base}{how}，{moved.zh.format(change)}"
    return f"baseline {base}{how}, {moved.en.format(change)}"


def _how(found: Assessment, lang: Lang) -> str:
    base = found.target.baseline
    if base is None or found.year is None:
        return ""
    years = base.years_for(found.year)
    if not years:
        return ""
    span = "、".join(map(str, years)) if lang == "zh" else ", ".join(map(str, years))
    if len(years) == 1:
        return f"（{span}年）" if lang == "zh" else f" ({span})"
    return f"（{span}年均值）" if lang == "zh" else f" (mean of {span})"


def _chance(found: Assessment, lang: Lang) -> str:
    chance = found.chance
    if isinstance(chance, Unknown):
        return "" if isinstance(found.value, Unknown) else chance.reasons[0].text(lang)
    level = percent(chance.level, lang)
    if chance.of == "ratio":
        what = Words("the change of the rate is {} chance", "比率的变化{}偶然波动")
        if chance.away:
            what = Words("the rate moved the other way, by {} chance", "比率反向变化，{}偶然波动")
        span = f"{rounded(chance.low)} - {rounded(chance.high)}"
        of = Words("ratio to the baseline", "与基期之比")
    else:
        what = Words("the distance to the limit is {} chance", "与限值的差距{}偶然波动")
        span = f"{percent(chance.low, lang)} - {percent(chance.high, lang)}"
        of = Words("share", "占比") if chance.of == "share" else Words("rate", "比率")
    more = (
        Words("more than", "超出") if chance.beyond or chance.against else Words("no more than can come by", "未超出")
    )
    if lang == "zh":
        text = f"{what.zh.format(more.zh)}（{of.zh}的{level}区间{span}）"
    else:
        text = f"{what.en.format(more.en)} ({level} interval of the {of.en}: {span})"
    if chance.secured is not None and not isinstance(found.reached, Unknown) and found.reached and not chance.secured:
        text += Words("; that the limit is reached may be chance", "；达到限值可能出于偶然").to(lang)
    return text


def _pace(found: Assessment, lang: Lang) -> str:
    pace = found.pace
    if pace is None:
        return ""
    unit = found.target.unit
    each = _gap(abs(pace.each), unit, lang)
    way = Words("down", "下降") if pace.each < 0 else Words("up", "上升")
    yearly = "" if pace.yearly is None else percent(abs(pace.yearly), lang)
    if lang == "zh":
        return f"余下{pace.years}年每年须{way.zh}{each}" + (f"（即每年{yearly}）" if yearly else "")
    years = f"each of the {pace.years} years left" if pace.years > 1 else "the one year left"
    return f"still needed in {years}: {way.en} {each}" + (f" ({yearly} a year)" if yearly else "")


def _source(target: Target, lang: Lang) -> str:
    if not target.cited:
        return ""
    said = ("；" if lang == "zh" else "; ").join(one.text(lang) for one in target.cited)
    sure = target.confidence_shown
    return f"依据：{said}（可信程度：{sure}）" if lang == "zh" else f"source: {said} (confidence: {sure})"
