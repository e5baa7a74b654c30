"""An evaluation in plain words: what the numbers say, and what they cannot."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final, Protocol

from injuryprev.measures.focusing.gathering import Dated
from injuryprev.measures.statistics import BeforeAfter, DifferenceInDifferences, Regression
from injuryprev.prevention.evaluation.cohort import YEAR_DAYS, Cohort
from injuryprev.prevention.evaluation.contributions import ContributionEffect
from injuryprev.prevention.evaluation.net import NetEffect
from injuryprev.prevention.evaluation.savings import Savings
from injuryprev.units import Period
from injuryprev.unknown import Unknown
from injuryprev.words import Lang, Words


class Told(Protocol):
    """What is written about; see ``Evaluation``."""

    @property
    def before(self) -> Period: ...  # noqa: D102
    @property
    def after(self) -> Period: ...  # noqa: D102
    @property
    def served(self) -> Cohort: ...  # noqa: D102
    @property
    def others(self) -> Cohort: ...  # noqa: D102
    @property
    def dated(self) -> Dated: ...  # noqa: D102
    @property
    def before_after(self) -> BeforeAfter | Unknown: ...  # noqa: D102
    @property
    def differences(self) -> DifferenceInDifferences | Unknown: ...  # noqa: D102
    @property
    def regression(self) -> Regression | Unknown: ...  # noqa: D102
    @property
    def net(self) -> NetEffect | Unknown: ...  # noqa: D102
    @property
    def savings(self) -> Savings | Unknown: ...  # noqa: D102
    @property
    def contributions(self) -> ContributionEffect | None: ...  # noqa: D102
    @property
    def neither(self) -> tuple[tuple[str, Unknown], ...]: ...  # noqa: D102
    @property
    def cautions(self) -> tuple[Words, ...]: ...  # noqa: D102


_FEW: Final = 20
_OFF: Final = 3
"""Days by which a window may miss whole years: leap days and a day or two of service make no season."""
_NAMED: Final = 5
_MANY_LEFT_OUT: Final = 10
"""One in so many: more left out than that is worth a word of its own."""

_SAY: Final = {
    "title": Words("Did it help", "预防工作成效评估"),
    "windows": Words(
        "Before {before}, after {after}; cases placed by {dated}.", "前期{before}，后期{after}；案件按{dated}归期。"
    ),
    "group": Words("group", "组别"),
    "served": Words("served", "服务组"),
    "others": Words("not served", "对照组"),
    "employers": Words("employers", "单位数"),
    "cases_before": Words("cases before", "前期案件"),
    "years_before": Words("person-years before", "前期人年"),
    "cases_after": Words("cases after", "后期案件"),
    "years_after": Words("person-years after", "后期人年"),
    "left_out": Words("left out", "未计入"),
    "itself": Words("Against itself before", "前后对比"),
    "differences": Words("Against the others", "与对照组相比"),
    "regression": Words("Against what was to be expected anyway", "与本来的预期相比（向均值回归）"),
    "net": Words("Both taken out", "剔除两者之后"),
    "money": Words("Money", "资金"),
    "contributions": Words("Contributions", "缴费"),
    "cautions": Words("What these numbers cannot say", "这些数字不能说明什么"),
    "of_left_out": Words("Left out ({group}, {total}): {named}", "未计入（{group}，{total}家）：{named}"),
    "of_neither": Words("In neither group ({total}): {named}", "不属于任一组（{total}家）：{named}"),
    "more": Words(" and {n} more", "，另有{n}家"),
    "why": Words("Why: {reasons}.", "原因：{reasons}。"),
}
_DATED: Final[Mapping[Dated, Words]] = {
    "occurred_on": Words("the day of the accident", "事故发生日期"),
    "recognised_on": Words("the day of recognition", "认定日期"),
}
_WHY: Final = {
    "rejected_row": Words("a row was rejected", "有拒收行"),
    "nobody_insured": Words("nobody was insured in a window", "某一期无参保人员"),
    "incomplete": Words("exposure is not known for all days", "部分日期没有参保数据"),
    "straddles": Words("hours of a period that lies partly outside a window", "工时期间跨越统计期"),
    "not_supplied": Words("a table is missing", "缺少数据表"),
}
"""Reasons to leave an employer out, in few words; its own words stand in the figures."""


def cautions(before: Period, after: Period, served: Cohort, others: Cohort, dated: Dated) -> tuple[Words, ...]:
    """What a reader must know of these records in particular, and of every such comparison."""
    found = [
        Words(
            "Nobody drew lots over who was served. Whoever wanted the work, or was sent it, may differ from the others"
            " in ways that no record shows.",
            "服务对象并非随机确定；主动申请或被指定的单位，可能在记录未反映的方面与其他单位不同。",
        ),
        Words(
            "Fewer recorded cases may also be fewer reported ones.", "记录的案件减少，也可能是上报减少。"
        ),
    ]  # fmt: skip
    if any(min(window.days % YEAR_DAYS, -window.days % YEAR_DAYS) > _OFF for window in (before, after)):
        found.append(
            Words(
                "The windows are not whole years, so seasons differ; only a comparison with the others takes that out.",
                "前后两期并非整年，季节不同；只有与对照组比较才能剔除其影响。",
            )
        )
    cases = sum(one for one, _ in (*served.before, *served.after))
    if cases < _FEW:
        found.append(
            Words(
                f"The served had {cases} cases in all: too few to tell anything but a very large effect from chance.",
                f"服务组前后共{cases}件案件，数量过少，除非效果极大，否则无法与偶然区分。",
            )
        )
    undecided = served.undecided[1] + others.undecided[1]
    if undecided:
        counted = dated == "occurred_on"
        found.append(
            Words(
                f"{undecided} cases of the window after have no decision yet; "
                + ("they are counted." if counted else "they are not counted, so the fall may look larger than it is."),
                f"后期有{undecided}件案件尚未作出认定，" + ("已计入。" if counted else "未计入，降幅可能因此偏大。"),
            )
        )
    if len(served.left_out) * _MANY_LEFT_OUT > len(served.ids) + len(served.left_out):
        found.append(
            Words(
                f"Of {len(served.ids) + len(served.left_out)} served employers {len(served.left_out)} are left out;"
                " whoever closed or grew is not compared.",
                f"{len(served.ids) + len(served.left_out)}家服务单位中有{len(served.left_out)}家未计入；"
                "停业或新设的单位无法比较。",
            )
        )
    return tuple(found)


def without_rows(lost: Unknown | None) -> Iterator[Words]:
    """That rows are missing of which nobody can tell whose they are."""
    if lost is None:
        return
    tables = ", ".join(f"{name}: {count}" for name, count in Counter(one.subject for one in lost.reasons).items())
    more = len(lost.reasons) > 1
    yield Words(
        f"Rows were rejected of which nobody can tell which employer they belong to ({tables}): every figure is without"
        f" them, and whoever they belong to looks better or worse than it was. {lost.reasons[0].words.en}"
        + (" (the first of them)" if more else ""),
        f"有数据行未被采用且无法判断所属单位（{tables}）：所有数字均不含这些行，相关单位的情况可能与实际不符。"
        f"{lost.reasons[0].words.zh}" + ("（仅列第一条）" if more else ""),
    )


def written(found: Told, lang: Lang) -> str:
    """The evaluation as Markdown."""
    return "\n".join(_lines(found, lang)) + "\n"


def _lines(found: Told, lang: Lang) -> Iterator[str]:
    def say(key: str, **values: object) -> str:
        return _SAY[key].to(lang).format(**values)

    def section(key: str, *said: str) -> Iterator[str]:
        yield from ("", f"## {say(key)}", "")
        yield from said

    yield f"# {say('title')}"
    yield ""
    days = {"before": _days(found.before, lang), "after": _days(found.after, lang)}
    yield say("windows", dated=_DATED[found.dated].to(lang), **days)
    yield ""
    heads = ("group", "employers", "cases_before", "years_before", "cases_after", "years_after", "left_out")
    yield "| " + " | ".join(say(head) for head in heads) + " |"
    yield "|---|" + "---:|" * (len(heads) - 1)
    for name, group in (("served", found.served), ("others", found.others)):
        yield _row(say(name), group)
    for how, name, left in (
        ("of_left_out", "served", found.served.left_out),
        ("of_left_out", "others", found.others.left_out),
        ("of_neither", "others", found.neither),
    ):
        if left:
            named = "; ".join(key for key, _ in left[:_NAMED])
            rest = len(left) - _NAMED
            yield ""
            yield say(how, group=say(name), total=len(left), named=named) + (say("more", n=rest) if rest > 0 else "")
            codes = dict.fromkeys(reason.code for _, why in left for reason in why.reasons)
            told = [f"{_WHY[code].to(lang)} ({code})" if code in _WHY else code for code in codes]
            yield say("why", reasons=("；" if lang == "zh" else "; ").join(told))
    for key, part in (
        ("itself", found.before_after),
        ("differences", found.differences),
        ("regression", found.regression),
        ("net", found.net),
    ):
        yield from section(key, part.text(lang) if isinstance(part, Unknown) else part.words.to(lang))
    money = found.savings
    yield from section("money", *([money.text(lang)] if isinstance(money, Unknown) else _money(money, lang)))
    if found.contributions is not None:
        yield from section("contributions", *_contributions(found.contributions, lang))
    yield from section("cautions", *(f"- {one.to(lang)}" for one in found.cautions))


def _days(window: Period, lang: Lang) -> str:
    """The first and the last day of a window, as people write them."""
    last = None if window.until is None else window.until - dt.timedelta(days=1)
    return f"{window.since}至{last}" if lang == "zh" else f"{window.since} to {last}"


def _row(name: str, group: Cohort) -> str:
    figures = group.figures
    cells = (
        f"{len(group.ids):,}",
        f"{figures.cases_before:,}",
        f"{float(sum(years for _, years in group.before)):,.1f}",
        f"{figures.cases_after:,}",
        f"{float(sum(years for _, years in group.after)):,.1f}",
        f"{len(group.left_out):,}",
    )
    return f"| {name} | " + " | ".join(cells) + " |"


def _money(found: Savings, lang: Lang) -> Iterator[str]:
    low, middle, high = found.avoided
    sides = [found.cost_range[0], float(found.cost), found.cost_range[1]]
    cost = [f"{one:,.0f}" for one in sides]
    if lang == "zh":
        yield f"- 避免的案件：估计 {low:.3g} 至 {high:.3g} 件（中间值 {middle:.3g}；负数表示增加）。"
        yield f"- 每件案件待遇：均值 {cost[1]}（{cost[0]} 至 {cost[2]}），据前期{found.counted}件。"
        yield f"- 节省的待遇：{found.saved.text(lang)}。"
        yield f"- 工作经费：{_sum(found.spend, lang)}。"
        yield f"- 节省减经费：{_sum(found.net, lang)}。"
        yield f"- 两个区间各为{found.level * 100:.6g}%，合并后不低于{(2 * found.level - 1) * 100:.6g}%。"
        yield "- 仅计基金已付待遇；尚未支付的长期待遇、单位和职工自身的损失均不在内。"
        return
    yield f"- Cases avoided: an estimated {low:.3g} to {high:.3g} (middle {middle:.3g}; below zero is cases more)."
    yield f"- Benefits of a case: {cost[1]} on average ({cost[0]} to {cost[2]}), of {found.counted} cases before."
    yield f"- Benefits saved: {found.saved.text(lang)}."
    yield f"- Spent on the work: {_sum(found.spend, lang)}."
    yield f"- Saved less spent: {_sum(found.net, lang)}."
    yield (
        f"- The two intervals are of {found.level * 100:.6g} % each, of at least {(2 * found.level - 1) * 100:.6g} %"
        " together. Only what the fund has paid counts:"
    )
    yield "  pensions still to come, and what employers and workers themselves lost, are not in it."


def _sum(value: object, lang: Lang) -> str:
    text = getattr(value, "text", None)
    return str(text(lang)) if callable(text) else f"{value:,f}"


def _contributions(found: ContributionEffect, lang: Lang) -> Iterator[str]:
    sums = (_sum(found.paid_before, lang), _sum(found.paid_after, lang), _sum(found.change, lang))
    if lang == "zh":
        yield f"- 费率：下降{found.fell}家，上升{found.rose}家，不变{found.unchanged}家，未知{len(found.unknown)}家。"
        yield f"- 应缴额（{found.currency}，{found.summed}家）：前 {sums[0]}，后 {sums[1]}，差 {sums[2]}。"
    else:
        yield (
            f"- Rates: {found.fell} fall, {found.rose} rise, {found.unchanged} stay, {len(found.unknown)} not known."
        )
        yield (
            f"- Contributions ({found.currency}, {found.summed} employers): {sums[0]} on the records before,"
            f" {sums[1]} on those after, change {sums[2]}."
        )
    yield f"- {found.before} → {found.after}. {found.assumed.to(lang)}"
