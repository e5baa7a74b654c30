"""A counted figure: its value, how it was counted, and by which rule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

import attrs

from injuryprev.policy.document import Counting
from injuryprev.policy.expr import write
from injuryprev.policy.rules import Cited, Item
from injuryprev.units import Period
from injuryprev.words import Words

_RECORDS: Final[Mapping[str, Words]] = {
    "exposure": Words("exposure record", "条参保记录"),
    "contributions": Words("contribution", "条缴费记录"),
    "cases": Words("case", "件工伤"),
    "payments": Words("payment", "笔支付"),
    "events": Words("event", "项事件"),
    "recognitions": Words("recognition", "项称号或证书"),
}
_TAKES: Final[Mapping[str, Words]] = {
    "sum": Words("sum of {field} of ", "{field}合计，"),
    "mean": Words("mean of {field} over ", "{field}平均，"),
    "min": Words("least {field} of ", "{field}最小值，"),
    "max": Words("greatest {field} of ", "{field}最大值，"),
    "persons": Words("persons in ", "涉及人数，"),
}
_FIELDS_ZH: Final[Mapping[str, str]] = {
    "amount": "金额",
    "insured": "参保人数",
    "payroll": "缴费工资",
    "hours": "工时",
    "grade": "等级",
    "days_lost": "损失工作日",
    "occurred_on": "发生日期",
    "recognised_on": "认定日期",
    "died_on": "死亡日期",
    "paid_on": "支付日期",
    "on": "日期",
    "period": "所属期",
}


_OF_ALL: Final[Mapping[str, Words]] = {
    "sum": Words("sum", "合计"),
    "min": Words("least", "最小值"),
    "max": Words("greatest", "最大值"),
}
GROUPS: Final[Mapping[str, Words]] = {
    "case": Words("claim", "件案件"),
    "accident": Words("accident", "起事故"),
    "worker": Words("worker", "名职工"),
}


@attrs.frozen
class Counted:
    """A figure, how it was counted, and by which rule."""

    value: object
    words: Words
    cited: tuple[Cited, ...]
    item: Item[Counting]


def placed_words(entry: Counting, window: Period | None, on: dt.date) -> Words:
    """Where in time records count: by which date, in which window or on which day."""
    by = entry.dated or "period"
    if window is None:
        return Words(f"in force on {on}", f"{on} 有效")
    return Words(f"with {by} in {window}", f"{_FIELDS_ZH[by]}在 {window} 内")


def counted_words(entry: Counting, many: int, placed: Words) -> Words:
    """What was made of how many records, and on which condition they count.

    >>> entry = Counting(from_="payments", take="sum", field="amount", dated="paid_on")
    >>> print(counted_words(entry, 3, Words("with paid_on in 2024")))
    sum of amount of 3 payments with paid_on in 2024
    """
    noun, take = _RECORDS[entry.from_], _TAKES.get(entry.take, Words())
    en, zh = f"{many} {noun.en}{'' if many == 1 else 's'} {placed.en}", f"{placed.zh or placed.en}的 {many} {noun.zh}"
    if entry.each is None:  # of a formula, claim_words says what is taken
        en = take.en.format(field=entry.field) + en
        zh = take.zh.format(field=_FIELDS_ZH.get(entry.field, entry.field)) + zh
    if entry.where is not None:
        condition = write(entry.where)
        en, zh = f"{en}, where {condition}", f"{zh}，条件为 {condition}"
    return Words(en, zh)


def formula_words(entry: Counting, many: int, records: Words) -> Words:
    """What was made of claims put together of records: the formula, of how many, and of which records.

    >>> from injuryprev.policy.grammar import parse
    >>> entry = Counting(from_="payments", take="sum", each=parse("min(amount, 5000)"))
    >>> print(formula_words(entry, 3, Words("3 payments")))
    sum of min(amount, 5000) over 3 payments
    """
    assert entry.each is not None
    take, formula = _OF_ALL[entry.take], write(entry.each)
    if not entry.per:
        return Words(f"{take.en} of {formula} over {records.en}", f"{records.zh}，逐笔计算 {formula} 的{take.zh}")
    noun = GROUPS[entry.per[-1].key]
    return Words(
        f"{take.en} of {formula} over {many} {noun.en}{'' if many == 1 else 's'}, from {records.en}",
        f"{records.zh}，归为 {many} {noun.zh}，逐一计算 {formula} 的{take.zh}",
    )
