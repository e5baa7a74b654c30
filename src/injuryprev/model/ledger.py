"""The books of a year's prevention money: what is written into them, and what follows from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

import attrs

from injuryprev.errors import InputError
from injuryprev.model import _read as read
from injuryprev.units import Number
from injuryprev.words import Lang, Words

ENTRY_KINDS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "budget": Words("budget", "预算"),
        "commitment": Words("commitment", "承诺"),
        "prepayment": Words("prepayment", "预付款"),
        "instalment": Words("instalment", "进度款"),
        "settlement": Words("settlement", "结算"),
        "release": Words("release of what was committed", "承诺释放"),
        "refund": Words("refund of what was paid", "退款"),
        "correction": Words("correction of an entry", "更正"),
    }
)
"""What may be written.  Money is first committed, that is reserved, then paid or released, in whole or in parts."""
PAYMENTS: Final = ("prepayment", "instalment", "settlement")


def _kind(value: str) -> str:
    return read.choice(value, ENTRY_KINDS)


def _amount(value: Number) -> Decimal:
    amount = read.amount(value)
    if not amount:
        raise InputError("an entry of nothing", seen=value, expected="more than 0; a correction takes back")
    return amount


def _number(value: Number) -> int:
    return read.whole(value, 1)


def _key(value: str) -> str:
    key = read.identifier(value)
    if ":" in key:
        raise InputError("a colon in a key", seen=value, expected="a key without it, which sets accounts apart")
    return key


@attrs.frozen(field_transformer=read.placed)
class Entry:
    """One line of the books.

    Args:
        kind: One of ``ENTRY_KINDS``.
        on: The day it is for.
        amount: Money, more than 0; which way it goes is the kind's matter.
        project: The project; a budget and a correction have none.
        use: What a commitment is for, such as ``training``.
        condition: What a payment rests on: ``agreement``, ``milestone`` or ``acceptance``, as the policy calls it.
        met_on: The day since which that condition is met; a payment before it rests on nothing.
        evidence: The key of the document that shows it.
        corrects: The number of the entry that a correction takes back, in whole or in part.
        note: For a reader.

    Raises:
        InputError: A value is not what it must be, or one that the kind needs is missing.

    >>> Entry("prepayment", "2026-02-01", 50000, "P-1", condition="agreement", met_on="2026-01-15").amount
    Decimal('50000')
    """

    kind: str = attrs.field(converter=_kind)
    on: dt.date = attrs.field(converter=read.day)
    amount: Decimal = attrs.field(converter=_amount)
    project: str | None = attrs.field(default=None, converter=attrs.converters.optional(_key))
    use: str | None = attrs.field(default=None, converter=attrs.converters.optional(read.name_key))
    condition: str | None = attrs.field(default=None, kw_only=True, converter=attrs.converters.optional(read.name_key))
    met_on: dt.date | None = attrs.field(default=None, kw_only=True, converter=attrs.converters.optional(read.day))
    evidence: str | None = attrs.field(default=None, kw_only=True, converter=attrs.converters.optional(read.identifier))
    corrects: int | None = attrs.field(default=None, kw_only=True, converter=attrs.converters.optional(_number))
    note: str | None = attrs.field(
        default=None, kw_only=True, repr=False, converter=attrs.converters.optional(read.text)
    )

    def __attrs_post_init__(self) -> None:
        needs = {
            "project": self.kind not in ("budget", "correction"),
            "use": self.kind == "commitment",
            "corrects": self.kind == "correction",
        }
        for name, needed in needs.items():
            given = getattr(self, name) is not None
            if given != needed:
                raise InputError(
                    f"a {self.kind} {'has no' if given else 'needs its'} {name}",
                    where=f"Entry.{name}",
                    seen=getattr(self, name),
                    expected="nothing" if given else "a value",
                )
        if (self.condition is None) != (self.met_on is None):
            raise InputError(
                "a condition and the day it was met go together",
                where="Entry.met_on",
                seen=f"condition={self.condition!r}, met_on={self.met_on}",
                expected="both, or neither",
            )
        if self.kind not in PAYMENTS and (self.condition or self.met_on or self.evidence):
            raise InputError(
                f"a {self.kind} rests on no condition",
                where="Entry.condition",
                seen=self.condition or self.evidence,
                expected="a condition for payments alone: " + ", ".join(PAYMENTS),
            )


@attrs.frozen
class Record:
    """An entry as it stands in the books: numbered, with the rules it was judged by, and chained to the one before.

    Args:
        number: Its number, from 1.
        entry: What was written.
        judged_by: Id and version of the profile and the day of its rules.
        despite: Demands that were not known to be met, on the word of whoever wrote it.
        hash: SHA-256 over its text and the hash before it, in hexadecimal.
    """

    number: int
    entry: Entry
    judged_by: tuple[str, str, str]
    despite: tuple[str, ...]
    hash: str


@attrs.frozen
class ProjectBalance:
    """The money of one project.

    Args:
        project: Its key.
        use: What its money is for.
        contract: What was committed, less what corrections took back.
        left: Committed, and neither paid nor released.
        prepaid: Prepayments, less corrections.
        paid: Paid and not refunded.
        settlements: Settlements that stand; 0 or 1.
    """

    project: str
    use: str
    contract: Decimal
    left: Decimal
    prepaid: Decimal
    paid: Decimal
    settlements: int


@attrs.frozen
class Balances:
    """What follows from the entries; it is worked out and never stored.

    Args:
        budget: What was budgeted.
        free: Budget that is not committed.
        accounts: Every account of the double entry; their sum is nought.
        projects: By key.
    """

    budget: Decimal
    free: Decimal
    accounts: Mapping[str, Decimal]
    projects: Mapping[str, ProjectBalance]

    @property
    def committed(self) -> Decimal:
        """Committed, and neither paid nor released."""
        return sum((one.left for one in self.projects.values()), Decimal(0))

    @property
    def paid(self) -> Decimal:
        """Paid and not refunded."""
        return sum((one.paid for one in self.projects.values()), Decimal(0))


@attrs.frozen
class Damage:
    """Something wrong with the books as they were found.

    Args:
        number: The entry; ``None`` where it is the file as a whole.
        words: What is wrong.
    """

    number: int | None
    words: Words

    def text(self, lang: Lang = "en") -> str:
        """On one line."""
        place = "" if self.number is None else f"第 {self.number} 笔：" if lang == "zh" else f"entry {self.number}: "
        return place + self.words.to(lang)

    def __str__(self) -> str:
        return self.text()
