"""What a round of rating comes to: employers and money by tier and by class, refusals by reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final

import attrs
from rich.markup import escape
from rich.table import Table

import injuryprev as ip
from injuryprev.engine.lower import INPUT
from injuryprev.engine.specs import OutputSpec
from injuryprev.exchange import DecisionRow
from injuryprev.exchange.decisions import figures_of
from injuryprev.units import to_decimal
from injuryprev.words import Lang, Words

_ZERO: Final = Decimal(0)
SAMPLES: Final = 5
"""Decisions shown where there are no tiers, of each of which one is."""
_MOST_TOLD: Final = 6
_SAY: Final = {
    "tier": Words("tier", "费率档次"),
    "risk_class": Words("risk class", "行业风险类别"),
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
    "by_risk_class": Words("By risk class", "按行业风险类别"),
    "all": Words("All employers", "全部单位"),
    "yes": Words("yes", "是"),
    "no": Words("no", "否"),
    "reason": Words("reason", "原因"),
    "example": Words("example", "示例"),
    "samples": Words("Some decisions", "示例决定"),
    "without": Words(
        "of {count} rated employers no contribution is known, as for want of a payroll",
        "其中 {count} 家单位的应缴额未知（如缺少缴费工资总额）",
    ),
    "rate": Words("rate", "费率"),
    "employer": Words("employer", "单位"),
}


def say(key: str, lang: Lang) -> str:
    """A word of the summary."""
    return _SAY[key].to(lang)


@attrs.frozen
class Shape:
    """What the summary of a policy is made of: its own outputs, and the figures it knows.

    An employer is rated where its rate is known; under a policy without a rate, where its contribution is; under one
    with neither, where every output is.
    """

    outputs: Mapping[str, OutputSpec]
    figures: tuple[str, ...]
    aside: frozenset[str] = frozenset()
    """Reasons that keep other outputs unknown, never a deciding one: as ``code:subject``, and inputs by name."""

    @classmethod
    def of(cls, policy: ip.Policy) -> Shape:
        """The summary of this policy."""
        shape = cls(policy.outputs, figures_of(policy.inputs, policy.outputs))
        faults = {name: set(policy.lowered.steps[name].value.faults) for name in policy.outputs}
        needed = set().union(*(faults[name] for name in shape.deciding))
        others = set().union(*faults.values()) - needed
        codes = {one.subject if one.code == INPUT else f"{one.code}:{one.subject}" for one in others}
        return attrs.evolve(shape, aside=frozenset(codes))

    @property
    def deciding(self) -> tuple[str, ...]:
        """The outputs that must be known for an employer to count as rated."""
        decided = [name for name in ("rate", "contribution") if name in self.outputs]
        return tuple(decided[:1] or self.outputs)

    def counts(self, code: str) -> bool:
        """Whether a reason (``code:subject``) can be why an employer is not rated."""
        return code not in self.aside and code.partition(":")[2] not in self.aside

    @property
    def money(self) -> tuple[str, ...]:
        """The columns of money: the payroll where the policy knows it, and every output that is money."""
        payroll = ("payroll",) if "payroll" in (*self.figures, *self.outputs) else ()
        return tuple(dict.fromkeys((*payroll, *(name for name, spec in self.outputs.items() if spec.unit == "money"))))

    @property
    def groups(self) -> tuple[str, ...]:
        """What employers are grouped by."""
        tier = ("tier",) if "tier" in self.outputs else ()
        return (*tier, *(name for name in ("risk_class",) if name in (*self.figures, *self.outputs)))

    @property
    def mean(self) -> bool:
        """Whether contributions over payrolls say something."""
        return {"payroll", "contribution"} <= set(self.money)

    @property
    def told(self) -> tuple[str, ...]:
        """The outputs of which examples are shown."""
        return ("rate",) if "rate" in self.outputs else tuple(self.outputs)[:_MOST_TOLD]

    def rated(self, outputs: Mapping[str, object]) -> bool:
        """Whether an employer of these outputs is rated."""
        return not any(outputs.get(name) is None or isinstance(outputs[name], ip.Unknown) for name in self.deciding)


@attrs.define
class Group:
    """Employers of one tier or class, and their money as far as it is known."""

    employers: int = 0
    money: dict[str, Decimal] = attrs.field(factory=dict)
    payroll_rated: Decimal = _ZERO
    without: int = 0

    def add(self, money: Mapping[str, Decimal]) -> None:
        """Count one more; the mean rate is over those of whom both figures are known."""
        self.employers += 1
        for name, amount in money.items():
            self.money[name] = self.money.get(name, _ZERO) + amount
        if "contribution" in money:
            self.payroll_rated += money.get("payroll", _ZERO)
        else:
            self.without += 1


@attrs.define
class Summary:
    """Counts as they come in."""

    shape: Shape
    groups: dict[str, dict[object, Group]] = attrs.field(factory=dict)
    rated: Group = attrs.field(factory=Group)
    refused: Group = attrs.field(factory=Group)
    reasons: Counter[str] = attrs.field(factory=Counter)
    words: dict[str, tuple[str, ip.Reason]] = attrs.field(factory=dict)
    samples: dict[object, DecisionRow] = attrs.field(factory=dict)

    def add(self, row: DecisionRow) -> None:
        """Take one decision."""
        values = {**row.figures, **row.outputs}
        money = {name: value for name in self.shape.money if isinstance(value := values.get(name), Decimal)}
        if not self.shape.rated(row.outputs):
            self.refused.add({name: value for name, value in money.items() if name == "payroll"})
            unknown = row.unknown
            # An employer counts once for each kind of reason, however many rows or figures of that kind it has.
            reasons = {} if unknown is None else dict(zip(unknown.codes, unknown.reasons, strict=True))
            for code, reason in reasons.items():
                self.add_reason(code, row.employer_id, reason)
            return
        for name in self.shape.groups:
            key = key_of(values.get(name))
            self.groups.setdefault(name, {}).setdefault(key, Group()).add(money)
        self.rated.add(money)
        self.add_sample(row)

    def add_reason(self, code: str, employer: str, reason: ip.Reason, count: int = 1) -> None:
        """Count a reason for which employers are not rated; its example is the first of them by id."""
        if not self.shape.counts(code):
            return
        self.reasons[code] += count
        if code not in self.words or employer < self.words[code][0]:
            self.words[code] = (employer, reason)

    def add_sample(self, row: DecisionRow) -> None:
        """Keep the first employer by id of each tier; without tiers, the first few."""
        tiers = "tier" in self.shape.groups
        key = key_of(row.outputs.get("tier")) if tiers else row.employer_id
        if key not in self.samples or row.employer_id < self.samples[key].employer_id:
            self.samples[key] = row
        if not tiers and len(self.samples) > SAMPLES:
            del self.samples[max(self.samples, key=str)]

    def tables(self, lang: Lang, currency: str) -> Iterator[Table]:
        """The tables to print."""
        for name in self.shape.groups or ("",):
            yield self._money(name, lang, currency)
        if self.reasons:
            yield self._refusals(lang)
        if self.samples:
            yield self._samples(lang)

    def _money(self, by: str, lang: Lang, currency: str) -> Table:
        table = Table(title=say(f"by_{by}" if by else "all", lang), title_justify="left", title_style="bold")
        table.add_column(say(by, lang) if by else "")
        table.add_column(escape(say("employers", lang)), justify="right")
        for name in self.shape.money:
            table.add_column(escape(f"{self._title(name, lang)} {currency}".strip()), justify="right")
        if self.shape.mean:
            table.add_column(say("mean", lang), justify="right")
        for key, group in sorted(self.groups.get(by, {}).items(), key=lambda item: _order(item[0])):
            table.add_row(_name(key, by, lang), *self._cells(group))
        table.add_section()
        table.add_row(say("total", lang), *self._cells(self.rated))
        if "contribution" in self.shape.money and self.rated.without and self.rated.without < self.rated.employers:
            table.caption = say("without", lang).format(count=f"{self.rated.without:,}")
            table.caption_justify = "left"
        if self.refused.employers:
            payroll = [_amount(self.refused, name) for name in self.shape.money]
            mean = [""] if self.shape.mean else []
            table.add_row(say("refused", lang), f"{self.refused.employers:,}", *payroll, *mean)
        return table

    def _title(self, name: str, lang: Lang) -> str:
        return say(name, lang) if name in _SAY else self.shape.outputs[name].title.to(lang) or name

    def _cells(self, group: Group) -> list[str]:
        money = [_amount(group, name) for name in self.shape.money]
        if not self.shape.mean:
            return [f"{group.employers:,}", *money]
        paid = group.money.get("contribution", _ZERO)
        mean = f"{(paid / group.payroll_rated).scaleb(2):.3f} %" if group.payroll_rated else ""
        return [f"{group.employers:,}", *money, mean]

    def _refusals(self, lang: Lang) -> Table:
        table = Table(title=say("why", lang), title_justify="left", title_style="bold")
        table.add_column(say("reason", lang))
        table.add_column(say("employers", lang), justify="right")
        table.add_column(say("example", lang), overflow="fold")
        for code, count in sorted(self.reasons.items(), key=lambda item: (-item[1], item[0])):
            employer, reason = self.words[code]
            table.add_row(escape(code), f"{count:,}", escape(f"{employer}: {reason.text(lang)}"))
        return table

    def _samples(self, lang: Lang) -> Table:
        table = Table(title=say("samples", lang), title_justify="left", title_style="bold")
        # Engines of dataframes give no reasons in words.
        told = any(row.why.to(lang) for row in self.samples.values())
        tiers = ("tier",) if "tier" in self.shape.groups else ()
        for name in ("employer", *tiers, *self.shape.told, *(("reason",) if told else ())):
            table.add_column(escape(self._title(name, lang)), overflow="fold")
        for key, row in sorted(self.samples.items(), key=lambda item: _order(item[0])):
            cells = [row.employer_id, *(_name(key, "tier", lang) for _ in tiers)]
            cells += [self._shown(name, row.outputs.get(name), lang) for name in self.shape.told]
            table.add_row(*(escape(cell) for cell in (*cells, *((row.why.to(lang),) if told else ()))))
        return table

    def _shown(self, name: str, value: object, lang: Lang) -> str:
        spec = self.shape.outputs[name]
        if isinstance(value, bool):
            return say("yes" if value else "no", lang)
        if isinstance(value, str):
            return spec.choices[value].to(lang) or value if value in spec.choices else value
        if not isinstance(value, Decimal):
            return say("unknown", lang)
        if spec.unit == "fraction":
            return _percent(value)
        return f"{value:,.2f}" if spec.unit == "money" else f"{value.normalize():,f}"


def _amount(group: Group, name: str) -> str:
    """A total; nothing where nobody's figure is known, which is not zero."""
    return f"{group.money[name]:,.2f}" if name in group.money else ""


def key_of(value: object) -> object:
    """A tier or class as a number without the noughts of its column, if it is one; nothing where it is unknown."""
    if isinstance(value, str):
        try:
            value = Decimal(value)
        except ArithmeticError:
            return value
    if isinstance(value, Fraction):
        value = to_decimal(value)
    if isinstance(value, int) and not isinstance(value, bool):
        value = Decimal(value)
    if not isinstance(value, Decimal):
        return None if isinstance(value, ip.Unknown) else value
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def _order(key: object) -> tuple[int, Decimal, str]:
    """Numbers by size, then words, then nothing."""
    if isinstance(key, Decimal):
        return 0, key, ""
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
