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
from injuryprev.model.employer import Facts, FactValue
from injuryprev.model.fund import facts
from injuryprev.model.objection import Objection
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
CONDITIONAL: Final = (*PAYMENTS, "release")
"""What may rest on a condition: payments, and the release of what is left when a project has ended."""


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
        condition: What a payment rests on: ``agreement``, ``milestone`` or ``acceptance``, as the policy calls it; for
            the release of what is left of a project that has ended, ``acceptance`` or ``stopped``.
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
        if self.kind not in CONDITIONAL and (self.condition or self.met_on or self.evidence):
            raise InputError(
                f"a {self.kind} rests on no condition",
                where="Entry.condition",
                seen=self.condition or self.evidence,
                expected="a condition for payments and releases alone: " + ", ".join(CONDITIONAL),
            )

    @property
    def met(self) -> bool:
        """Whether it rests on a condition that was met by its day."""
        return self.met_on is not None and self.met_on <= self.on


def _told(value: Mapping[str, FactValue]) -> Facts:
    read_ = facts(value)
    if not read_:
        raise InputError("no figure is told", seen=dict(value), expected="at least one, by the name of its input")
    return read_


@attrs.frozen(field_transformer=read.placed)
class YearFigures:
    """Figures of the year that are told to the books anew: a consent that was given, a levy that was corrected.

    Args:
        on: The day since which they are known; no budget or commitment that rests on them is dated before it.
        figures: Those that change, by the names of the policy's inputs; the others stay as they were told before.
        source: The document they are from.
        reason: Why they change.

    Raises:
        InputError: A value is not what it must be, or no figure is told.

    >>> YearFigures("2026-07-01", {"consent_share": "0.05"}, source="letter 12 of the province", reason="consent").on
    datetime.date(2026, 7, 1)
    """

    on: dt.date = attrs.field(converter=read.day)
    figures: Facts = attrs.field(converter=_told)
    source: str = attrs.field(kw_only=True, converter=read.text)
    reason: str = attrs.field(kw_only=True, converter=read.text)


@attrs.frozen(field_transformer=read.placed)
class Opening:
    """The head of the books: whose they are, and the figures of the year by which the first entries were judged.

    Args:
        area: The pooling area.
        year: The calendar year.
        figures: Figures of the year as they were told first, by the names of the policy's inputs.
        judged_by: Id and version of the profile that asked for them, and the day of its rules.
        hash: SHA-256 over its text, in hexadecimal; everything after it rests on it.
    """

    area: str = attrs.field(converter=read.text)
    year: int = attrs.field(converter=_number)
    figures: Facts = attrs.field(converter=facts)
    judged_by: tuple[str, str, str]
    hash: str

    @property
    def number(self) -> int:
        """It stands before entry 1."""
        return 0


@attrs.frozen
class Record:
    """An entry as it stands in the books: numbered, with the rules it was judged by, and chained to the one before.

    Args:
        number: Its number, from 1.
        entry: What was written.
        judged_by: Id and version of the profile and the day of its rules.
        despite: Demands that were not known to be met, on the word of whoever wrote it.
        hash: SHA-256 over its text and the hash before it, in hexadecimal.
        procedure: SHA-256 of the procedure that said what it must meet; empty where it was that of this library.
    """

    number: int
    entry: Entry
    judged_by: tuple[str, str, str]
    despite: tuple[str, ...]
    hash: str
    procedure: str = ""


@attrs.frozen
class Statement:
    """Figures of the year as they were told anew, numbered and chained among the entries.

    Args:
        number: Its number, in one row with the entries.
        told: What was told.
        judged_by: Id and version of the profile and the day of its rules.
        despite: Demands that were not known to be met, on the word of whoever wrote it.
        hash: SHA-256 over its text and the hash before it, in hexadecimal.
        procedure: As in ``Record``.
    """

    number: int
    told: YearFigures
    judged_by: tuple[str, str, str]
    despite: tuple[str, ...]
    hash: str
    procedure: str = ""


Line = Opening | Statement | Record
"""Whatever stands in the books."""


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

    @property
    def agreed(self) -> Decimal:
        """What is still agreed on, of which shares are paid: neither released nor refunded."""
        return self.left + self.paid


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
class Replayed:
    """One line of the books, gone through again.

    Args:
        line: What stands there.
        figures: The figures of the year that hold from it on; ``None`` where the books tell none so far.
        balances: What follows from the entries up to it.
        objections: What the rules have against it, judged again; ``None`` where these are not the rules it was judged
            by, or the books told no figures to judge it by.
    """

    line: Line
    figures: Facts | None
    balances: Balances
    objections: tuple[Objection, ...] | None


@attrs.frozen
class Damage:
    """Something wrong with the books as they were found.

    Args:
        number: The entry, 0 for the opening; ``None`` where it is the file as a whole.
        words: What is wrong.
    """

    number: int | None
    words: Words

    def text(self, lang: Lang = "en") -> str:
        """On one line."""
        if self.number is None:
            return self.words.to(lang)
        if lang == "zh":
            return ("开账记录：" if self.number == 0 else f"第 {self.number} 笔：") + self.words.zh
        return ("opening: " if self.number == 0 else f"entry {self.number}: ") + self.words.en

    def __str__(self) -> str:
        return self.text()
