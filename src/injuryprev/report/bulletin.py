"""The accident bulletin for a reader: Markdown and HTML, English and Chinese."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from injuryprev.measures.figures import percent, rounded
from injuryprev.measures.injury_rate import InjuryRate
from injuryprev.measures.statistics import RateComparison
from injuryprev.model.task import TASK_STATES
from injuryprev.policy.document import CONFIDENCE_WORDS
from injuryprev.prevention.joint.bulletins import Bulletin, Group
from injuryprev.report.page import Heading, Page, Paragraph, Table
from injuryprev.units import Period, add_months
from injuryprev.unknown import Unknown
from injuryprev.words import Lang, Words

Block = Heading | Paragraph | Table
_DATED: Final = {
    "recognised_on": Words("placed by the day of recognition", "按认定日期统计"),
    "occurred_on": Words("placed by the day of the accident", "按事故发生日期统计"),
}
_TABLES: Final = {
    "employers": Words("employers", "单位表"),
    "cases": Words("cases", "案件表"),
    "exposure": Words("exposure", "参保表"),
}
_REASONS: Final = 3
_TITLE: Final = Words("Work-injury bulletin", "工伤事故通报")


def page(bulletin: Bulletin, lang: Lang = "en") -> Page:
    """A bulletin as a page, which writes itself as Markdown or HTML.

    >>> from injuryprev.prevention.joint import bulletin
    >>> from injuryprev.units import Period, add_months
    >>> made = bulletin([], period=Period.year(2024), place="Nowhere")
    >>> page(made).markdown().splitlines()[0]
    '# Nowhere: Work-injury bulletin, 2024-01-01 to 2024-12-31'
    """
    blocks = [*_head(bulletin, lang), *_rates(bulletin, lang)]
    for group in bulletin.groups:
        blocks += _group(bulletin, group, lang)
    blocks += [*_dangers(bulletin, lang), *_notes(bulletin, lang)]
    return Page(_title(bulletin, lang), tuple(blocks), lang)


def _title(bulletin: Bulletin, lang: Lang) -> str:
    title = _TITLE.to(lang)
    if lang == "zh":
        return f"{bulletin.place}{title}（{_days(bulletin.period, lang)}）"
    return f"{bulletin.place + ': ' if bulletin.place else ''}{title}, {_days(bulletin.period, lang)}"


def _days(period: Period, lang: Lang) -> str:
    """First and last day, as people write a period."""
    last = period.since if period.until is None else period.until - dt.timedelta(days=1)
    return f"{period.since}至{last}" if lang == "zh" else f"{period.since} to {last}"


def _count(value: int | Unknown | None, threshold: int, lang: Lang) -> str:
    if value is None:
        return f"1–{threshold - 1}"
    return _why(value, lang) if isinstance(value, Unknown) else f"{value:,}"


def _why(unknown: Unknown, lang: Lang) -> str:
    """Why something is unknown; of many reasons the first and how many more."""
    more = len(unknown.reasons) - _REASONS
    text = Unknown(unknown.reasons[:_REASONS]).text(lang)
    return text + (f"；另有{more}项" if lang == "zh" else f"; and {more} more") * (more > 0)


def _head(bulletin: Bulletin, lang: Lang) -> Iterator[Block]:
    rows = [
        (_days(period, lang), _count(value, bulletin.threshold, lang))
        for period, value in ((bulletin.period, bulletin.now), (bulletin.former, bulletin.before))
    ]
    yield Table(_row(lang, Words("period", "期间"), Words("cases", "案件数")), tuple(rows))
    yield Paragraph(_change(bulletin.now, bulletin.before, lang))
    yield Paragraph(_sentence(_DATED[bulletin.dated], lang), small=True)


def _change(now: int | Unknown | None, before: int | Unknown | None, lang: Lang) -> str:
    if not isinstance(now, int) or not isinstance(before, int) or not before:
        return Words("The change against the former period cannot be stated.", "与上期相比的变化无法列出。").to(lang)
    share = rounded(Fraction(100 * abs(now - before), before), 2) + ("%" if lang == "zh" else " %")
    if now == before:
        return Words("As many cases as in the former period.", "案件数与上期持平。").to(lang)
    en, zh = ("more", "上升") if now > before else ("fewer", "下降")
    return Words(f"{share} {en} cases than in the former period.", f"案件数较上期{zh}{share}。").to(lang)


def _rates(bulletin: Bulletin, lang: Lang) -> Iterator[Block]:
    definition = bulletin.definition
    title = _capital(definition.title.to(lang))
    yield Heading(f"{title}（{definition.name}）" if lang == "zh" else f"{title} ({definition.name})")
    rows = [
        (_days(period, lang), _rate(rate, lang), _under(rate, lang))
        for period, rate in ((bulletin.period, bulletin.rate), (bulletin.former, bulletin.rate_before))
    ]
    above, below = (quantity.title for quantity in definition.quantities)
    yield Table(_row(lang, Words("period", "期间"), definition.unit, below), tuple(rows))
    yield Paragraph(_chance(bulletin.comparison, lang))
    if bulletin.period.since != add_months(bulletin.period.until or bulletin.period.since, -12):
        words = Words("Rates are of the days told of, not of a year.", "比率按统计期计算，未折算为年率。")
        yield Paragraph(words.to(lang), small=True)
    sure = CONFIDENCE_WORDS[definition.where_confidence]
    said = Words(
        f"Definition: {above.en} over {below.en}, {definition.unit.en}; confidence of this reading: {sure.en}.",
        f"定义：{above.to('zh')}÷{below.to('zh')}，{definition.unit.to('zh')}；口径可信程度：{sure.to('zh')}。",
    )
    yield Paragraph(said.to(lang), small=True)
    for note in (definition.note, definition.caveat):
        if note:
            yield Paragraph(_sentence(note, lang), small=True)
    if bulletin.insured_for_workers:
        words = Words("The insured stand for the workers the definition asks for.", "以参保人数代替定义中的职工人数。")
        yield Paragraph(words.to(lang), small=True)
    for cited in definition.cited:
        yield Paragraph(cited.text(lang), small=True)


def _rate(rate: InjuryRate | None, lang: Lang) -> str:
    if rate is None:
        return Words("not shown", "不予公布").to(lang)
    found = rate.exact
    return _why(found, lang) if isinstance(found, Unknown) else rounded(found)


def _under(rate: InjuryRate | None, lang: Lang) -> str:
    if rate is None:
        return "–"
    return _why(rate.exposure, lang) if isinstance(rate.exposure, Unknown) else rounded(rate.exposure)


def _chance(found: RateComparison | Unknown, lang: Lang) -> str:
    if isinstance(found, Unknown):
        said = _why(found, lang)
        return Words(
            f"Whether the rates differ by more than chance is {said}.", f"两期比率的差异是否超出偶然{said}。"
        ).to(lang)
    low, high = found.interval.low, found.interval.high
    span = f"{rounded(low)}–{'∞' if high == float('inf') else rounded(high)}"
    level, p = percent(found.interval.level, lang), rounded(found.p_value, 2)
    ratio = "" if isinstance(found.ratio, Unknown) else rounded(found.ratio)
    if lang == "zh":
        beyond = "超出偶然波动" if found.beyond_chance else "在偶然波动范围之内"
        return f"两期比率之比{ratio}（{level}区间{span}，P={p}）：差异{beyond}。"
    beyond = "more than chance alone would do" if found.beyond_chance else "no more than chance alone would do"
    return f"Ratio of the two rates {ratio} ({level} interval {span}, p = {p}): {beyond}."


def _group(bulletin: Bulletin, group: Group, lang: Lang) -> Iterator[Block]:
    yield Heading(_capital(group.title.to(lang)))
    if group.rows is None:
        yield Paragraph(
            Words("Too few cases: no group can be shown by itself.", "案件过少，各类均不单独列示。").to(lang)
        )
        return
    rows = tuple(
        (
            row.name.to(lang),
            "–" if bulletin.now is None else f"{row.now:,}",
            "–" if bulletin.before is None else f"{row.before:,}",
        )
        for row in group.rows
    )
    yield Table((" ", _days(bulletin.period, lang), _days(bulletin.former, lang)), rows)


def _dangers(bulletin: Bulletin, lang: Lang) -> Iterator[Block]:
    if bulletin.dangers is None:
        return
    yield Heading(Words(f"Hidden dangers on {bulletin.on}", f"截至{bulletin.on}隐患整改情况").to(lang))
    rows = tuple((TASK_STATES[state].to(lang), f"{count:,}") for state, count in bulletin.dangers.items() if count)
    yield Table(_row(lang, Words("state", "状态"), Words("dangers", "隐患数")), rows)


def _notes(bulletin: Bulletin, lang: Lang) -> Iterator[Block]:
    yield Heading(Words("How to read this", "说明").to(lang))
    least = bulletin.threshold
    if least > 1:
        words = Words(
            f"No count from 1 to {least - 1} is shown: small groups are put together, so that nobody is recognised. "
            "The threshold is the issuer's choice. Bulletins of overlapping periods can still be subtracted from one "
            "another; issue them for periods that do not overlap.",
            f"不公布1至{least - 1}的数字：小类合并列示，以免识别个人。该界限由发布单位自定。"
            "期间重叠的通报之间仍可相减，宜按互不重叠的期间发布。",
        )
        yield Paragraph(words.to(lang))
    counts, rate, former = bulletin.left_out
    if counts or rate or former:
        words = Words(
            f"Left out because their records are incomplete: {counts} employers of the counts, {rate} of the rate, "
            f"{former} of the former rate.",
            f"因记录不完整未计入：案件数{counts}家单位，比率{rate}家，上期比率{former}家。",
        )
        yield Paragraph(words.to(lang))
    if bulletin.lost:
        en = ", ".join(f"{count:,} of {_TABLES.get(table, Words(table)).en}" for table, count in bulletin.lost.items())
        zh = "，".join(
            f"{_TABLES.get(table, Words(table)).to('zh')}{count:,}行" for table, count in bulletin.lost.items()
        )
        words = Words(
            f"Rows that were not used, since nobody can tell which employer they belong to: {en}. Where figures are "
            "stated, they are stated without these rows.",
            f"因无法判断所属单位而未采用的数据行：{zh}。所列数字均不含这些行。",
        )
        yield Paragraph(words.to(lang))


def _row(lang: Lang, *cells: Words) -> tuple[str, ...]:
    return tuple(cell.to(lang) for cell in cells)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _sentence(words: Words, lang: Lang) -> str:
    text = _capital(words.to(lang))
    return text if text.endswith((".", "。")) else text + ("。" if lang == "zh" else ".")
