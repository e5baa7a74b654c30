"""An injury: when, under which article it was recognised, how bad it was, and what the fund paid for it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

import attrs

from injuryprev.errors import InputError
from injuryprev.model import _read as read
from injuryprev.model.industry import Industry
from injuryprev.model.privacy import opaque_key
from injuryprev.units import Number
from injuryprev.words import Words

REGULATION: Final = "工伤保险条例 (国务院令第586号, 2010-12-20)"

BENEFIT_KINDS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "medical": Words("medical treatment", "医疗费用"),
        "rehabilitation": Words("rehabilitation", "康复费用"),
        "aids": Words("artificial limbs and other aids", "辅助器具费用"),
        "hospital_meals": Words("meals in hospital", "住院伙食补助费"),
        "travel": Words("travel and lodging for treatment elsewhere", "交通食宿费"),
        "care": Words("care in daily life", "生活护理费"),
        "disability_lump": Words("lump-sum disability grant", "一次性伤残补助金"),
        "disability_monthly": Words("monthly disability allowance", "伤残津贴"),
        "leaving_medical": Words("lump-sum medical grant on leaving", "一次性工伤医疗补助金"),
        "funeral": Words("funeral grant", "丧葬补助金"),
        "kin": Words("pension for dependants", "供养亲属抚恤金"),
        "death_lump": Words("lump-sum work-death grant", "一次性工亡补助金"),
        "refund": Words("money back to the fund", "待遇追回"),
        "other": Words("other benefit", "其他待遇"),
    }
)
"""What the fund pays for (工伤保险条例 articles 30 to 39), and ``refund`` for what comes back to it."""

_MEANINGS: Final[Mapping[tuple[int, int], Words]] = MappingProxyType(
    {
        (14, 1): Words(
            "hurt by an accident at work time and place, because of work",
            "在工作时间和工作场所内，因工作原因受到事故伤害",
        ),
        (14, 2): Words(
            "hurt by an accident at the work place before or after work time, in preparing or finishing work",
            "工作时间前后在工作场所内，从事与工作有关的预备性或者收尾性工作受到事故伤害",
        ),
        (14, 3): Words(
            "hurt by violence or the like at work time and place, for doing the duties of the job",
            "在工作时间和工作场所内，因履行工作职责受到暴力等意外伤害",
        ),
        (14, 4): Words("occupational disease", "患职业病"),
        (14, 5): Words(
            "hurt because of work, or missing after an accident, while away on business",
            "因工外出期间，由于工作原因受到伤害或者发生事故下落不明",
        ),
        (14, 6): Words(
            "hurt on the way to or from work in a traffic accident not mainly of one's own fault, or by urban rail, "
            "passenger ferry or train",
            "在上下班途中，受到非本人主要责任的交通事故或者城市轨道交通、客运轮渡、火车事故伤害",
        ),
        (14, 7): Words(
            "another case that a law or administrative regulation calls a work injury",
            "法律、行政法规规定应当认定为工伤的其他情形",
        ),
        (15, 1): Words(
            "sudden illness at work time and on post, dead at once or within 48 hours in spite of rescue",
            "在工作时间和工作岗位，突发疾病死亡或者在48小时之内经抢救无效死亡",
        ),
        (15, 2): Words(
            "hurt in rescue or relief, or otherwise for the interest of the state or the public",
            "在抢险救灾等维护国家利益、公共利益活动中受到伤害",
        ),
        (15, 3): Words(
            "relapse of a wound of military service, with the certificate of a disabled serviceman",
            "职工原在军队服役，因战、因公负伤致残，已取得革命伤残军人证，到用人单位后旧伤复发",
        ),
    }
)
# How an item may be written, for readers of columns too; in the last, without its blanks.
_DOTTED: Final = re.compile(r"(1[45])\.([1-7])")
_BRACKETS: Final = re.compile(r"(1[45]) ?[(（]([1-7])[)）]")
_CHINESE: Final = re.compile(
    r"(?:《?(?:中华人民共和国)?工伤保险条例》?)?第(十四|十五|1[45])条(?:第(?:一|1)款)?第?[(（]?([一二三四五六七1-7])[)）]?项?"
)
GROUND_SPELLINGS: Final = (_DOTTED, _BRACKETS, _CHINESE)
_NUMERALS: Final[Mapping[str, int]] = {sign: n for n, sign in enumerate("一二三四五六七", 1)} | {"十四": 14, "十五": 15}


def _article(value: Number) -> int:
    return read.whole(value, 14, 15)


def _item(value: Number) -> int:
    return read.whole(value, 1, 7)


@attrs.frozen(order=True, field_transformer=read.placed)
class Ground:
    """The article and item of 工伤保险条例 under which an injury was recognised.

    Args:
        article: 14 (injury) or 15 (deemed injury).
        item: 1 to 7 of article 14, 1 to 3 of article 15.

    Raises:
        InputError: There is no such item.

    >>> Ground.parse("第十四条第（六）项") == Ground(14, 6)
    True
    >>> print(Ground(14, 6).meaning.to("zh"))
    在上下班途中，受到非本人主要责任的交通事故或者城市轨道交通、客运轮渡、火车事故伤害
    """

    article: int = attrs.field(converter=_article)
    item: int = attrs.field(converter=_item)

    def __attrs_post_init__(self) -> None:
        if (self.article, self.item) not in _MEANINGS:
            raise InputError(
                "article 15 has no such item", where="Ground.item", seen=self.item, expected="1 to 3", source=REGULATION
            )

    @classmethod
    def parse(cls, value: Ground | str) -> Ground:
        """Read ``14.6``, ``14(6)`` or ``第十四条第六项`` (also with 第一款 and round brackets)."""
        if isinstance(value, Ground):
            return value
        if isinstance(value, str):
            text = value.strip()
            found = _DOTTED.fullmatch(text) or _BRACKETS.fullmatch(text) or _CHINESE.fullmatch(text.replace(" ", ""))
            key = tuple(_NUMERALS.get(part) or int(part) for part in found.groups()) if found else ()
            if key in _MEANINGS:
                return cls(*key)
        raise InputError(
            "not an item of article 14 or 15",
            where="Ground",
            seen=read.shown(value),
            expected="text from 14.1 to 14.7 or 15.1 to 15.3, or as 第十四条第六项",
            source=REGULATION,
        )

    @property
    def key(self) -> str:
        """``14.6`` and so on, as profiles and tables write it."""
        return f"{self.article}.{self.item}"

    @property
    def meaning(self) -> Words:
        """What the item says, the Chinese in the words of the regulation."""
        return _MEANINGS[self.article, self.item]

    @property
    def is_commuting(self) -> bool:
        """Article 14(6), which several regions leave out of an employer's account."""
        return (self.article, self.item) == (14, 6)

    @property
    def is_disease(self) -> bool:
        """Article 14(4), occupational disease."""
        return (self.article, self.item) == (14, 4)

    @property
    def is_sudden_illness(self) -> bool:
        """Article 15(1), which is always a death."""
        return (self.article, self.item) == (15, 1)

    def __str__(self) -> str:
        return self.key


def _ground(value: Ground | str) -> Ground:
    return Ground.parse(value)


def _grade(value: Number) -> int:
    return read.whole(value, 1, 10)


def _days_lost(value: Number) -> int:
    return read.whole(value, 0, 100_000)


def _industry(value: Industry) -> Industry:
    return read.instance(value, Industry)


def _benefit_kind(value: str) -> str:
    return read.choice(value, BENEFIT_KINDS)


@attrs.frozen(field_transformer=read.placed)
class InjuryCase:
    """One recognised, or not yet recognised, work injury (工伤) of one worker.

    Args:
        id: The key of the case.
        employer_id: The employer's key.
        worker: An opaque key of the worker; names and identity numbers are refused (see ``opaque_key``).
        occurred_on: The day of the accident, or the day an occupational disease was diagnosed.
        recognised_on: The day of the decision (认定日期); ``None`` while there is none.
        ground: The article and item it was recognised under, as ``Ground`` or text.
        circumstances: Free text, without names.
        grade: Disability grade (伤残等级), 1 worst to 10; ``None`` where there is none or none yet.
        death: Whether the worker died of it (工亡).
        died_on: The day of death.
        disease: Whether it is an occupational disease (职业病); follows from the ground where that is given.
        days_lost: Days of work lost (损失工作日), counted.
        trade: The trade (工种).
        post: The post (岗位).
        industry: Where it differs from the employer's, as with dispatched workers: the industry of the place of work.
        accident: The key of the accident, where one accident hurt several workers; ``None`` where this is the only
            case of it.

    The ``repr`` shows keys alone, since the rest is about a person's health.

    Raises:
        InputError: A value is not what it must be, or two of them contradict one another.

    >>> InjuryCase("C-1", "E-001", "w-7", "2024-03-02", recognised_on="2024-04-01", ground="14.1", grade=9)
    InjuryCase(id='C-1', employer_id='E-001', worker='w-7')
    """

    id: str = attrs.field(converter=read.identifier)
    employer_id: str = attrs.field(converter=read.identifier)
    worker: str = attrs.field(converter=opaque_key)
    occurred_on: dt.date = attrs.field(repr=False, converter=read.day)
    recognised_on: dt.date | None = attrs.field(
        default=None, repr=False, kw_only=True, converter=attrs.converters.optional(read.day)
    )
    ground: Ground | None = attrs.field(
        default=None, repr=False, kw_only=True, converter=attrs.converters.optional(_ground)
    )
    circumstances: str | None = attrs.field(
        default=None, repr=False, kw_only=True, converter=attrs.converters.optional(read.text)
    )
    grade: int | None = attrs.field(
        default=None,
        repr=False,
        kw_only=True,
        converter=attrs.converters.optional(_grade),
    )
    death: bool = attrs.field(default=False, repr=False, kw_only=True, converter=read.flag)
    died_on: dt.date | None = attrs.field(
        default=None, repr=False, kw_only=True, converter=attrs.converters.optional(read.day)
    )
    disease: bool = attrs.field(repr=False, kw_only=True, converter=read.flag)
    days_lost: int | None = attrs.field(
        default=None, repr=False, kw_only=True, converter=attrs.converters.optional(_days_lost)
    )
    trade: str | None = attrs.field(
        default=None, repr=False, kw_only=True, converter=attrs.converters.optional(read.text)
    )
    post: str | None = attrs.field(
        default=None, repr=False, kw_only=True, converter=attrs.converters.optional(read.text)
    )
    industry: Industry | None = attrs.field(
        default=None,
        repr=False,
        kw_only=True,
        converter=attrs.converters.optional(_industry),
    )
    accident: str | None = attrs.field(
        default=None, repr=False, kw_only=True, converter=attrs.converters.optional(read.identifier)
    )

    @disease.default
    def _disease_follows_ground(self) -> bool:
        return self.ground is not None and self.ground.is_disease

    def __attrs_post_init__(self) -> None:
        read.not_before(
            self.recognised_on, self.occurred_on, "InjuryCase.recognised_on", "recognised before it happened"
        )
        read.not_before(self.died_on, self.occurred_on, "InjuryCase.died_on", "died before the injury happened")
        if self.died_on is not None and not self.death:
            raise InputError(
                "a day of death without a death",
                where="InjuryCase.died_on",
                seen=str(self.died_on),
                expected="death=True, or no died_on",
            )
        if self.ground is None:
            return
        if self.disease != self.ground.is_disease:
            raise InputError(
                "the ground and the mark of an occupational disease contradict one another",
                where="InjuryCase.disease",
                seen=f"disease={self.disease}, ground {self.ground.key}",
                expected="disease=True with ground 14.4 and with no other",
                source=f"{REGULATION} art. 14(4)",
            )
        if self.ground.is_sudden_illness and not self.death:
            raise InputError(
                "sudden illness is a work injury only where the worker died",
                where="InjuryCase.death",
                seen=f"death={self.death}, ground {self.ground.key}",
                expected="death=True, or another ground",
                source=f"{REGULATION} art. 15(1)",
            )


@attrs.frozen(field_transformer=read.placed)
class BenefitPayment:
    """A payment of the fund to or for an injured worker (支付待遇).

    Args:
        employer_id: The employer's key, to whose account it counts.
        case_id: The case it is for; ``None`` where the books do not say.
        paid_on: The day it was booked.
        amount: Money, zero or more; for the kind ``refund``, zero or less.
        kind: One of ``BENEFIT_KINDS``.

    Raises:
        InputError: A value is not what it must be.  A refund given as a positive amount is refused, because it would
            be added to the benefits it should lower.

    >>> BenefitPayment("E-001", "C-1", "2024-05-01", "1820.40", "medical").amount
    Decimal('1820.4')
    """

    employer_id: str = attrs.field(converter=read.identifier)
    case_id: str | None = attrs.field(converter=attrs.converters.optional(read.identifier))
    paid_on: dt.date = attrs.field(repr=False, converter=read.day)
    amount: Decimal = attrs.field(repr=False, converter=read.number)
    kind: str = attrs.field(repr=False, converter=_benefit_kind)

    def __attrs_post_init__(self) -> None:
        if self.kind == "refund" and self.amount > 0:
            raise InputError(
                "a refund lowers what was paid",
                where="BenefitPayment.amount",
                seen=self.amount,
                expected="a refund as zero or less",
            )
        if self.kind != "refund" and self.amount < 0:
            raise InputError(
                "a negative payment",
                where="BenefitPayment.amount",
                seen=self.amount,
                expected="zero or more, or the kind 'refund' for money back to the fund",
            )
