"""What a round of rating comes to: employers and money by tier and by class, refusals by reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

import attrs
from rich.markup import escape
from rich.table import Table

import injuryprev as ip
from injuryprev.exchange import DecisionRow
from injuryprev.words import Lang, Words

_ZERO: Final = Decimal(0)
_SAY: Final = {
    "tier": Words("tier", "费率档次"),
    "class": Words("risk class", "行业风险类别"),
    "employers": Words("employers", "单位数"),
    "payroll": Words("payroll", "缴费工资总额"),
    "contribution": Words("contribution", "应缴额"),
    "mean": Words("mean rate", "平均费率"),
    "total": Words("rated", "合计（已计算）"),
    "refused": Words("not rated", "未计算"),
    "none": Words("no tiers", "无档次"),
    "unknown": Words("unknown", "未知"),
    "why": Words("Not rated, by reason", "未计算费率的原因"),
    "by_tier": Words("By tier", "按费率档次"),
    "by_class": Words("By risk class", "按行业风险类别"),
    "reason": Words("reason", "原因"),
    "example": Words("example", "示例"),
    "samples": Words("Some decisions", "示例决定"),
    "without": Words(
        "of {count} rated employers no contribution is known, for want of a payroll",
        "其中 {count} 家单位因缺少缴费工资总额而无应缴额",
    ),
    "rate": Words("rate", "费率"),
    "employer": Words("employer", "单位"),
}


def say(key: str, lang: Lang) -> str:
    """A word of the summary."""
    return _SAY[key].to(lang)


@attrs.define
class Group:
    """Employers of one tier or class, and their money as far as it is known."""

    employers: int = 0
    payroll: Decimal = _ZERO
    contribution: Decimal = _ZERO
    payroll_rated: Decimal = _ZERO
    without: int = 0

    def add(self, payroll: Decimal | None, contribution: Decimal | None) -> None:
        """Count one more; the mean rate is over those of whom both figures are known."""
        self.employers += 1
        self.payroll += payroll or _ZERO
        if contribution is not None:
            self.contribution += contribution
            self.payroll_rated += payroll or _ZERO
        else:
            self.without += 1


@attrs.define
class Summary:
    """Counts as they come in."""

    by_tier: dict[object, Group] = attrs.field(factory=dict)
    by_class: dict[object, Group] = attrs.field(factory=dict)
    rated: Group = attrs.field(factory=Group)
    refused: Group = attrs.field(factory=Group)
    reasons: Counter[str] = attrs.field(factory=Counter)
    words: dict[str, tuple[str, ip.Reason]] = attrs.field(factory=dict)
    samples: dict[object, DecisionRow] = attrs.field(factory=dict)

    def add(self, row: DecisionRow, payroll: Decimal | None, risk_class: object) -> None:
        """Take one decision; an employer counts as rated when its rate is known."""
        rate = row.outputs.get("rate")
        if isinstance(rate, ip.Unknown):
            self.refused.add(payroll, None)
            # An employer counts once for each kind of reason, however many rows or figures of that kind it has.
            for code, reason in {f"{reason.code}:{reason.subject}": reason for reason in rate.reasons}.items():
                self.reasons[code] += 1
                self.words.setdefault(code, (row.employer_id, reason))
            return
        contribution = row.outputs.get("contribution")
        paid = contribution if isinstance(contribution, Decimal) else None
        stated = row.outputs.get("tier", row.tier)
        tier = None if isinstance(stated, ip.Unknown) else stated
        for groups, key in ((self.by_tier, tier), (self.by_class, risk_class)):
            groups.setdefault(key, Group()).add(payroll, paid)
        self.rated.add(payroll, paid)
        self.samples.setdefault(tier, row)

    def tables(self, lang: Lang, currency: str) -> Iterator[Table]:
        """The tables to print."""
        yield self._money("by_tier", "tier", self.by_tier, lang, currency)
        yield self._money("by_class", "class", self.by_class, lang, currency)
        if self.reasons:
            yield self._refusals(lang)
        if self.samples:
            yield self._samples(lang)

    def _money(self, title: str, head: str, groups: Mapping[object, Group], lang: Lang, currency: str) -> Table:
        table = Table(title=say(title, lang), title_justify="left", title_style="bold")
        table.add_column(say(head, lang))
        for name in ("employers", "payroll", "contribution", "mean"):
            unit = f" {currency}" if name in ("payroll", "contribution") and currency else ""
            table.add_column(escape(say(name, lang) + unit), justify="right")
        for key, group in sorted(groups.items(), key=lambda item: _order(item[0])):
            table.add_row(_name(key, head, lang), *_cells(group))
        table.add_section()
        table.add_row(say("total", lang), *_cells(self.rated))
        if self.rated.without and self.rated.without < self.rated.employers:
            table.caption = say("without", lang).format(count=f"{self.rated.without:,}")
            table.caption_justify = "left"
        if self.refused.employers:
            count, payroll, *_ = _cells(self.refused)
            table.add_row(say("refused", lang), count, payroll, "", "")
        return table

    def _refusals(self, lang: Lang) -> Table:
        table = Table(title=say("why", lang), title_justify="left", title_style="bold")
        table.add_column(say("reason", lang))
        table.add_column(say("employers", lang), justify="right")
        table.add_column(say("example", lang), overflow="fold")
        for code, count in self.reasons.most_common():
            employer, reason = self.words[code]
            table.add_row(escape(code), f"{count:,}", escape(f"{employer}: {reason.text(lang)}"))
        return table

    def _samples(self, lang: Lang) -> Table:
        table = Table(title=say("samples", lang), title_justify="left", title_style="bold")
        # Engines of dataframes give no reasons in words.
        told = any(row.why.to(lang) for row in self.samples.values())
        for name in ("employer", "tier", "rate", *(("reason",) if told else ())):
            table.add_column(say(name, lang), overflow="fold")
        for key, row in sorted(self.samples.items(), key=lambda item: _order(item[0])):
            rate = row.outputs.get("rate")
            cells = (row.employer_id, _name(key, "tier", lang), _percent(rate), *((row.why.to(lang),) if told else ()))
            table.add_row(*(escape(cell) for cell in cells))
        return table


def _order(key: object) -> tuple[int, Decimal, str]:
    """Numbers by size, then words, then nothing."""
    if isinstance(key, (int, Decimal)):
        return 0, Decimal(key), ""
    return (1, _ZERO, str(key)) if key is not None else (2, _ZERO, "")


def _name(key: object, head: str, lang: Lang) -> str:
    if key is None:
        return say("none" if head == "tier" else "unknown", lang)
    return _percent(key) if head == "tier" else str(key)


def _percent(value: object) -> str:
    """A ratio in per cent, with all its digits."""
    if not isinstance(value, Decimal):
        return str(value)
    shifted = value.scaleb(2).normalize()
    return f"{shifted:f} %"


def _cells(group: Group) -> tuple[str, str, str, str]:
    mean = group.contribution / group.payroll_rated if group.payroll_rated else None
    return (
        f"{group.employers:,}",
        f"{group.payroll:,.2f}",
        f"{group.contribution:,.2f}",
        "" if mean is None else f"{mean.scaleb(2):.3f} %",
    )
