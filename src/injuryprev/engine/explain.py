"""A trace for a reader: text, Markdown and versioned JSON, in English and Chinese."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Final

from injuryprev.engine.evaluator import Known
from injuryprev.engine.trace import RowRule, Trace, TraceInput, TraceStep
from injuryprev.policy.document import CONFIDENCE_WORDS
from injuryprev.policy.expr import Expr, Name, names, write
from injuryprev.policy.rules import Cited, Rules
from injuryprev.units import as_data, finite_places, shown, to_decimal
from injuryprev.unknown import Unknown
from injuryprev.words import Lang, Words

SCHEMA: Final = "injuryprev.trace/1"

SAY: Final = {
    "rules": Words("rules of {day}, profile {lineage}", "{day} 的规则，政策文件 {lineage}"),
    "beyond": Words(
        "NOTE: {day} lies after the coverage of the profile; the rules of {known} were used because the caller asked",
        "注意：{day} 在政策文件覆盖期之后；按调用者要求使用 {known} 的规则",
    ),
    "results": Words("Result", "结果"),
    "given": Words("Given", "已知"),
    "worked": Words("Worked out", "计算过程"),
    "sources": Words("Sources", "依据"),
    "absent": Words("not recorded, which means this value", "未记录，按此值处理"),
    "weakest": Words("weakest confidence of any figure used: {word}", "所用依据中最低的可信程度：{word}"),
    **CONFIDENCE_WORDS,
    "since": Words("since {day}", "自 {day} 起"),
    "for": Words("for {keys}", "对应 {keys}"),
    "holds": Words("holds", "成立"),
    "does not hold": Words("no", "不成立"),
    "unknown": Words("unknown", "未知"),
    "note": Words("note", "说明"),
    "caveat": Words("known to be incomplete", "已知不完整"),
    "rounded": Words("rounded {mode} to {step}", "{mode}，保留到 {step}"),
    "half_up": Words("half up", "四舍五入"),
    "half_even": Words("half to even", "四舍六入五成双"),
    "up": Words("up", "向上进位"),
    "down": Words("down", "向下舍去"),
    "unique": Words("exactly one row may hold", "只能有一行成立"),
    "any": Words("rows that hold must agree", "成立的各行结果必须一致"),
    "first": Words("the first row that holds", "取最先成立的一行"),
    "priority": Words("the outcome of highest priority", "取优先级最高的结果"),
    "collect min": Words("the lowest of the rows that hold", "取成立各行中的最低值"),
    "collect max": Words("the highest of the rows that hold", "取成立各行中的最高值"),
    "collect sum": Words("the sum of the rows that hold", "取成立各行之和"),
    "collect count": Words("the number of rows that hold", "取成立的行数"),
    "yes": Words("yes", "是"),
    "no": Words("no", "否"),
}
_UNITS: Final = {
    "persons": Words("persons", "人"),
    "cases": Words("cases", "件"),
    "hours": Words("hours", "小时"),
    "days": Words("days", "天"),
    "months": Words("months", "个月"),
    "steps": Words("steps", "档"),
    "points": Words("points", "分"),
}
_KINDS: Final = {
    "fraction": Words("fraction", "比率"),
    "number": Words("number", "数值"),
    "money": Words("money", "金额"),
    "class": Words("class", "类别"),
    "grade": Words("grade", "等级"),
    "flag": Words("flag", "是否"),
}


GRAMMAR_ZH: Final = {
    "if": "若",
    "then": "则",
    "else": "否则",
    "and": "且",
    "or": "或",
    "not": "非",
    "in": "属于",
    "not in": "不属于",
    "true": "是",
    "false": "否",
}


def as_text(trace: Trace, lang: Lang) -> str:
    """The reasoning as plain text."""
    return "\n".join(_Writer(trace, lang, markdown=False).lines()) + "\n"


def as_markdown(trace: Trace, lang: Lang) -> str:
    """The reasoning as Markdown."""
    return "\n".join(_Writer(trace, lang, markdown=True).lines()) + "\n"


def show(value: Known, unit: str, lang: Lang, currency: str = "", choice: Words | None = None) -> str:
    """A value for a reader; a ratio also in per cent, money with its currency.

    >>> show(Fraction(2, 5), "fraction", "en")
    '0.4 (40 %)'
    >>> show(Fraction(1, 3), "fraction", "en")
    '1/3 (about 33.3333 %)'
    """
    if isinstance(value, bool):
        return SAY["yes" if value else "no"].to(lang)
    if isinstance(value, str):
        words = choice.to(lang) if choice else ""
        return f"{value} ({words})" if words and words != value else value
    if unit == "fraction":
        return f"{shown(value)} ({_about(value * 100, lang)} %)"
    if unit == "money":
        places = finite_places(value)
        amount = shown(value) if places is None else f"{to_decimal(value):,.{max(places, 2)}f}"
        return f"{amount} {currency}".strip()
    text = shown(value)
    if unit == "steps" and value > 0:
        text = f"+{text}"
    if unit not in _UNITS:
        return text
    words = _UNITS[unit].to(lang)
    return f"{text} {words.removesuffix('s') if lang == 'en' and abs(value) == 1 else words}"


def measured(unit: str, lang: Lang) -> str:
    """The name of a unit for a reader.

    >>> measured("money/months", "en"), measured("money/months", "zh")
    ('money/months', '金额/个月')
    """
    words = _UNITS | _KINDS
    return "/".join(words[part].to(lang) if part in words else part for part in unit.split("/"))


def _about(value: Fraction, lang: Lang) -> str:
    if finite_places(value) is not None:
        return f"{to_decimal(value):f}"
    rounded = to_decimal(Fraction(round(value * 10000), 10000))
    return f"{'约' if lang == 'zh' else 'about '}{rounded:f}"


class _Writer:
    def __init__(self, trace: Trace, lang: Lang, *, markdown: bool) -> None:
        self.trace, self.lang, self.markdown = trace, lang, markdown
        self.rules: Rules = trace.rules
        self.numbers = {cited: index for index, cited in enumerate(trace.cited, start=1)}
        self.values = trace.values()

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """What stands for the names and words of a formula: in Chinese their titles, in English they stay."""
        if self.lang == "en":
            return {}
        titles = {given.name: given.rule.title.to("zh") for given in self.trace.inputs}
        titles.update((step.name, step.rule.title.to("zh")) for step in self.trace.steps)
        return {**GRAMMAR_ZH, **titles}

    def code(self, text: str) -> str:
        """A formula, set apart in Markdown."""
        return f"`{text}`" if self.markdown else text

    def say(self, key: str, **values: object) -> str:
        return SAY[key].to(self.lang).format(**values)

    def lines(self) -> Iterator[str]:
        rules = self.rules
        lineage = " < ".join(f"{name} {version}" for name, version in rules.lineage)
        yield ("# " if self.markdown else "") + rules.title.to(self.lang)
        yield ""
        yield self.say("rules", day=rules.on, lineage=lineage)
        if rules.beyond is not None:
            yield ""
            yield self.say("beyond", day=rules.on, known=rules.beyond)
        yield from self.head("results")
        for name in rules.outputs:
            step = next(step for step in self.trace.steps if step.name == name)
            yield self.bullet(f"{self.label(step)} = {self.value(step)}")
        yield from self.head("given")
        for given in self.trace.inputs:
            absent = f"  [{self.say('absent')}]" if given.absent else ""
            yield self.bullet(f"{self.label(given)} = {self.value(given)}{absent}")
            if given.words:
                yield f"      {given.words.to(self.lang)}{self.refs(given.cited)}"
        yield from self.head("worked")
        for number, step in enumerate(self.trace.steps, start=1):
            yield from self.step(number, step)
        yield from self.head("sources")
        for cited, number in self.numbers.items():
            yield self.bullet(f"[{number}] {cited.text(self.lang)} — {self.say(cited.confidence)}")
        yield ""
        yield self.say("weakest", word=self.say(self.trace.confidence))

    def head(self, key: str) -> Iterator[str]:
        yield ""
        yield ("## " if self.markdown else "") + self.say(key)
        if self.markdown:
            yield ""

    def bullet(self, text: str) -> str:
        return f"- {text}" if self.markdown else f"  {text}"

    def label(self, here: TraceInput | TraceStep) -> str:
        name = f"`{here.name}`" if self.markdown else here.name
        title = here.rule.title.to(self.lang)
        if not title or title == here.name:
            return name
        return f"{title}（{name}）" if self.lang == "zh" else f"{name}, {title}"

    def value(self, here: TraceInput | TraceStep) -> str:
        if isinstance(here.value, Unknown):
            return here.value.text(self.lang)
        words = here.rule.choices.get(here.value) if isinstance(here.value, str) else None
        return show(here.value, here.rule.unit, self.lang, self.rules.currency, words)

    def step(self, number: int, step: TraceStep) -> Iterator[str]:
        lead = "" if not self.markdown else "   "
        yield (
            f"{number}. {self.label(step)} = {self.value(step)}"
            if self.markdown
            else (f" {number:>2}. {self.label(step)} = {self.value(step)}")
        )
        for line in self.reasoning(step):
            yield f"{lead}- {line}" if self.markdown else f"       {line}"

    def reasoning(self, step: TraceStep) -> Iterator[str]:
        rule = step.rule
        if rule.formula is not None:
            yield from self.formula(rule.formula)
        if rule.by:
            yield self.say("for", keys=", ".join(f"{self.titles.get(key, key)} {self.known(key)}" for key in rule.by))
        if rule.hit:
            yield self.say(rule.hit)
        for row, holds in zip(rule.rows, step.rows, strict=True):
            if rule.kind == "table" or holds is not False:
                yield self.row(row, holds)
        if rule.rounding:
            mode, _, size = rule.rounding.partition(" ")
            yield self.say("rounded", mode=self.say(mode), step=size) + self.refs(rule.rounding_cited)
        yield f"{self.say('since', day=rule.since)}, {self.say(rule.confidence)}{self.refs(rule.cited)}"
        for key, words in (("note", rule.note), ("caveat", rule.caveat)):
            if words:
                yield f"{self.say(key)}: {words.to(self.lang)}"

    def formula(self, formula: Expr) -> Iterator[str]:
        """The formula by its names, then with the figures in their place."""
        yield self.code(write(formula, self.titles))
        used = list(names(formula))
        if used and not isinstance(formula, Name):
            filled = write(formula, {**self.titles, **{name: _as_part(self.known(name)) for name in used}})
            yield f"= {self.code(filled)}"
        elif used:
            yield f"= {self.known(used[0])}"

    def known(self, name: str) -> str:
        value = self.values[name]
        if isinstance(value, Unknown):
            return "?"
        return shown(value) if isinstance(value, Fraction) else show(value, "", self.lang)

    def row(self, row: RowRule, holds: bool | None) -> str:
        mark = "[?]" if holds is None else "[x]" if holds else "[ ]"
        outcome = row.outcome.to(self.lang) if isinstance(row.outcome, Words) else write(row.outcome, self.titles)
        condition = row.condition if isinstance(row.condition, str) else write(row.condition, self.titles)
        text = f"{mark} {self.code(condition)} -> {outcome}"
        for words in (row.label, row.note):
            if words:
                text += f"  ({words.to(self.lang)})"
        return text + self.refs(row.cited if holds else ())

    def refs(self, cited: tuple[Cited, ...]) -> str:
        return "".join(f" [{self.numbers[one]}]" for one in cited)


def _as_part(figure: str) -> str:
    """A figure inside a formula: ``2 / (2/3)`` and ``1 - (-3)`` are not to be read as anything else."""
    return f"({figure})" if "/" in figure or figure.startswith("-") else figure


# JSON ----------------------------------------------------------------------------------------------------------


def as_json(trace: Trace) -> str:
    """The reasoning as JSON; exact numbers are text, ratios that are no finite decimal are ``"a/b"``."""
    rules = trace.rules
    return json.dumps(
        {
            "schema": SCHEMA,
            "profile": {
                "id": rules.id,
                "version": rules.version,
                "lineage": [{"id": name, "version": version} for name, version in rules.lineage],
                "title": rules.title.to_data(),
                "covers": str(rules.covers),
                "currency": rules.currency,
            },
            "on": str(rules.on),
            "beyond": None if rules.beyond is None else str(rules.beyond),
            "outputs": {name: as_data(value) for name, value in trace.outputs.items()},
            "confidence": trace.confidence,
            "inputs": [_input(given) for given in trace.inputs],
            "steps": [_step(step) for step in trace.steps],
            "sources": [cited.to_data() for cited in trace.cited],
        },
        ensure_ascii=False,
    )


def _input(given: TraceInput) -> dict[str, object]:
    return {
        "name": given.name,
        "title": given.rule.title.to_data(),
        "unit": given.rule.unit,
        "value": as_data(given.value),
        "absent": given.absent,
        "counted": given.words.to_data() or None,
        "sources": [cited.to_data() for cited in given.cited],
    }


_STATES: Final = {None: "unknown", True: "holds", False: "does not hold"}


def _row(row: RowRule, holds: bool | None) -> dict[str, object]:
    return {
        "when": row.condition if isinstance(row.condition, str) else write(row.condition),
        "then": {"unknown": row.outcome.to_data()} if isinstance(row.outcome, Words) else write(row.outcome),
        "label": row.label.to_data(),
        "state": _STATES[holds],
        "sources": [cited.to_data() for cited in row.cited],
    }


def _step(step: TraceStep) -> dict[str, object]:
    rule = step.rule
    return {
        "name": rule.name,
        "kind": rule.kind,
        "title": rule.title.to_data(),
        "unit": rule.unit,
        "value": as_data(step.value),
        "formula": None if rule.formula is None else write(rule.formula),
        "by": list(rule.by),
        "hit": rule.hit or None,
        "rows": [_row(row, holds) for row, holds in zip(rule.rows, step.rows, strict=True)],
        "round": rule.rounding or None,
        "sources": [cited.to_data() for cited in (*rule.cited, *rule.rounding_cited)],
        "confidence": rule.confidence,
        "since": str(rule.since),
        "profile": rule.owner,
        "note": rule.note.to_data(),
        "caveat": rule.caveat.to_data(),
    }
