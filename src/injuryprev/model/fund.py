"""A year of prevention money: what is proposed, what there is, and what each proposal gets, with the reasons."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final, Literal

import attrs

from injuryprev.errors import InputError
from injuryprev.model import _read as read
from injuryprev.model.employer import Facts, FactValue
from injuryprev.model.objection import Objection
from injuryprev.model.rating import Explained, Format
from injuryprev.units import Number, Period
from injuryprev.unknown import Unknown
from injuryprev.words import Lang, Words

Outcome = Literal["full", "cut", "none"]
OUTCOMES: Final[Mapping[str, Words]] = {
    "full": Words("in full", "全额安排"),
    "cut": Words("cut", "核减安排"),
    "none": Words("nothing", "不予安排"),
}


def money(value: Number) -> Decimal:
    """A sum of zero or more."""
    return read.amount(value)


def _positive(value: Number) -> Decimal:
    read_ = read.amount(value)
    if not read_:
        raise InputError("an amount of nothing", seen=value, expected="more than 0")
    return read_


def facts(value: Mapping[str, FactValue]) -> Facts:
    """Figures by the names of a policy's inputs."""
    return value if isinstance(value, Facts) else Facts(value)


def _months(value: Number) -> int:
    return read.whole(value, 1, 600)


def _year(value: Number) -> int:
    return read.whole(value, 1990, 2199)


@attrs.frozen(field_transformer=read.placed)
class Proposal:
    """A project somebody proposes for a year's prevention money (项目申报).

    Args:
        id: Its key.
        proposer: Who proposes, one of the words of the policy's input ``proposer``, such as ``association``.
        use: What for, one of the words of the input ``use``, such as ``training``.
        amount: What it asks for, money.
        months: Its term.
        submitted_on: The day it came in.
        score: Points of the review; ``None`` where it was not reviewed, and then nothing can be allotted.
        least: The least amount with which it can be done; ``None`` where it cannot be cut.
        figures: Further inputs of the policy by name, such as ``has_plan``.
        title: For a reader.

    Raises:
        InputError: A value is not what it must be, or the least is more than the amount.

    >>> Proposal("P-1", "association", "training", 80000, 12, "2025-09-30", 86, least=60000).least
    Decimal('60000')
    """

    id: str = attrs.field(converter=read.identifier)
    proposer: str = attrs.field(converter=read.name_key)
    use: str = attrs.field(converter=read.name_key)
    amount: Decimal = attrs.field(converter=_positive)
    months: int = attrs.field(converter=_months)
    submitted_on: dt.date = attrs.field(converter=read.day)
    score: Decimal | None = attrs.field(default=None, converter=attrs.converters.optional(money))
    least: Decimal | None = attrs.field(default=None, kw_only=True, converter=attrs.converters.optional(_positive))
    figures: Facts = attrs.field(factory=Facts, kw_only=True, repr=False, converter=facts)
    title: str | None = attrs.field(
        default=None, kw_only=True, repr=False, converter=attrs.converters.optional(read.text)
    )

    def __attrs_post_init__(self) -> None:
        for name in sorted({"proposer", "use", "amount", "months"} & {*self.figures}):
            raise InputError(
                "told beside the proposal's own, which it would stand against",
                where=f"Proposal.figures[{name!r}]",
                seen=self.figures[name],
                expected=f"Proposal.{name} alone ({getattr(self, name)})",
            )
        if self.least is not None and self.least > self.amount:
            raise InputError(
                "the least amount is more than the amount",
                where="Proposal.least",
                seen=str(self.least),
                expected=f"{self.amount} or less",
            )


@attrs.frozen(field_transformer=read.placed)
class FundYear:
    """A year of a pooling area's prevention money.

    Args:
        area: The pooling area.
        year: The calendar year the budget is for.
        budget: The prevention fee budgeted for it, money.
        proposals_until: The last day for proposals by the agency's own call; ``None`` where the law's day is all there
            is.  Of the two the earlier holds.
        figures: Inputs of the policy by name: ``levy_last_year``, ``fund_resources``, ``benefits_due``,
            ``reserve_due`` and what else a region asks for.

    Raises:
        InputError: A value is not what it must be.

    >>> FundYear("Lakeside", 2026, 600000, figures={"levy_last_year": 20000000}).period
    Period(since=datetime.date(2026, 1, 1), until=datetime.date(2027, 1, 1))
    """

    area: str = attrs.field(converter=read.text)
    year: int = attrs.field(converter=_year)
    budget: Decimal = attrs.field(converter=money)
    proposals_until: dt.date | None = attrs.field(default=None, converter=attrs.converters.optional(read.day))
    figures: Facts = attrs.field(factory=Facts, kw_only=True, repr=False, converter=facts)

    def __attrs_post_init__(self) -> None:
        if "budget" in self.figures:
            raise InputError(
                "told beside the year's own, which it would stand against",
                where="FundYear.figures['budget']",
                seen=self.figures["budget"],
                expected=f"FundYear.budget alone ({self.budget})",
            )

    @property
    def period(self) -> Period:
        """The calendar year."""
        return Period.year(self.year)


@attrs.frozen
class Award:
    """What one proposal gets, and why.

    Args:
        proposal: The proposal.
        outcome: ``full``, ``cut`` or ``none``.
        amount: What it gets.
        rank: Its place by score among those that may be funded; ``None`` where a rule forbids it.
        objections: For ``none`` why not; for ``cut`` what kept the rest from it.
        despite: Demands not known to be met, which the caller answers for.
    """

    proposal: Proposal
    outcome: Outcome
    amount: Decimal
    rank: int | None
    objections: tuple[Objection, ...] = ()
    despite: tuple[Objection, ...] = ()


@attrs.frozen
class Optimum:
    """The allocation of the highest score there is, shown beside the one by rank.

    Args:
        amounts: What each funded proposal would get, by id.
        value: Points reached, where a proposal counts by the share of its amount.
        by_rank: Points that the allocation by rank reaches.
    """

    amounts: Mapping[str, Decimal]
    value: Decimal
    by_rank: Decimal


@attrs.frozen
class FundAllocation:
    """Who gets what of a year's prevention money (工伤预防费分配), each yes, no and cut with its rule and source.

    Args:
        fund_year: The year.
        profile: Id and version of the profile, and the day whose rules were used.
        limit: The most that may be budgeted.
        awards: One for each proposal: by rank, then those that may not be funded, by id.
        objections: What stands against the year as a whole; then nothing is allotted.
        despite: Demands on the year that are not known to be met, which the caller answers for.
        optimum: The exact optimum, where it was asked for.
        result: The evaluation of the year's figures, step by step.
    """

    fund_year: FundYear
    profile: tuple[str, str, dt.date]
    limit: Decimal | Unknown
    awards: tuple[Award, ...]
    objections: tuple[Objection, ...]
    despite: tuple[Objection, ...]
    optimum: Optimum | None
    result: Explained = attrs.field(repr=False, hash=False)

    @property
    def allotted(self) -> Decimal:
        """The sum of all awards."""
        return sum((award.amount for award in self.awards), Decimal(0))

    @property
    def left(self) -> Decimal:
        """What is left of the budget."""
        return self.fund_year.budget - self.allotted

    def amount(self, proposal_id: str) -> Decimal:
        """What a proposal gets.

        Raises:
            InputError: No such proposal.
        """
        for award in self.awards:
            if award.proposal.id == proposal_id:
                return award.amount
        raise InputError("no such proposal", where="FundAllocation.amount", seen=proposal_id, expected="one of these")

    def by_use(self) -> dict[str, Decimal]:
        """What each use gets."""
        sums: dict[str, Decimal] = {}
        for award in self.awards:
            if award.amount:
                sums[award.proposal.use] = sums.get(award.proposal.use, Decimal(0)) + award.amount
        return dict(sorted(sums.items()))

    def explain(self, lang: Lang = "en", format: Format = "text") -> str:  # noqa: A002  # as everywhere in the face
        """Every award with its reason, then how the limit of the year comes about."""
        return f"{self.summary(lang, format)}\n{self.result.explain(lang, format)}"

    def summary(self, lang: Lang = "en", format: Format = "text") -> str:  # noqa: A002  # as everywhere in the face
        """Every award with its reason, without how the limit comes about."""
        head, bullet = ("## ", "- ") if format == "markdown" else ("", "  ")
        return "\n".join([f"{head}{_title(self, lang)}", "", *_lines(self, lang, bullet), ""])

    def to_json(self) -> str:
        """The allocation as JSON of the schema ``injuryprev.allocation/1``; money is text, exact."""
        return json.dumps(
            {
                "schema": "injuryprev.allocation/1",
                "area": self.fund_year.area,
                "year": self.fund_year.year,
                "profile": {"id": self.profile[0], "version": self.profile[1], "on": str(self.profile[2])},
                "budget": f"{self.fund_year.budget:f}",
                "limit": list(self.limit.codes) if isinstance(self.limit, Unknown) else f"{self.limit:f}",
                "allotted": f"{self.allotted:f}",
                "left": f"{self.left:f}",
                "objections": _objections(self.objections),
                "despite": _objections(self.despite),
                "awards": [
                    {
                        "proposal": award.proposal.id,
                        "use": award.proposal.use,
                        "asked": f"{award.proposal.amount:f}",
                        "outcome": award.outcome,
                        "amount": f"{award.amount:f}",
                        "rank": award.rank,
                        "objections": _objections(award.objections),
                        "despite": _objections(award.despite),
                    }
                    for award in self.awards
                ],
                "optimum": None
                if self.optimum is None
                else {
                    "amounts": {key: f"{value:f}" for key, value in self.optimum.amounts.items()},
                    "value": f"{self.optimum.value:f}",
                    "by_rank": f"{self.optimum.by_rank:f}",
                },
                "year_result": json.loads(self.result.to_json()),
            },
            ensure_ascii=False,
        )


def _objections(objections: Iterable[Objection]) -> list[dict[str, object]]:
    def words(said: Words) -> dict[str, str]:
        return {"en": said.to("en"), "zh": said.to("zh")}

    return [
        {
            "rule": one.rule,
            "demand": words(one.demand),
            "seen": words(one.seen),
            "lawful": words(one.lawful),
            "source": words(one.source),
            "confidence": one.confidence,
            "caveat": words(one.caveat),
            "unknown": None if one.unknown is None else list(one.unknown.codes),
        }
        for one in objections
    ]


_SAY: Final[Mapping[str, Words]] = {
    "rules": Words("rules: {profile} on {on}", "依据档案：{profile}，{on} 有效的规定"),
    "amended": Words(
        "figures of these rules are supposed for a calculation (amended); no law says so",
        "其中有测算用的假设数值（amended），并非现行规定",
    ),
    "title": Words("Prevention fee of {area}, {year}", "{area}{year}年工伤预防费安排"),
    "money": Words(
        "budget {budget}, allotted {allotted}, left {left}", "预算 {budget}，已安排 {allotted}，结余 {left}"
    ),
    "year": Words("against the year as a whole: {said}", "年度不符合规定：{said}"),
    "despite": Words("not known, on the caller's word: {said}", "未能确认，由使用者负责：{said}"),
    "award": Words("{id}: {outcome}, {amount} of {asked}", "{id}：{outcome}，申报 {asked}，安排 {amount}"),
    "rank": Words(" (rank {rank}, score {score})", "（第 {rank} 位，得分 {score}）"),
    "optimum": Words(
        "highest score there is: {value} points, by rank {by_rank}: {amounts}",
        "得分最高的方案：{value} 分，按名次为 {by_rank} 分：{amounts}",
    ),
}


def _title(allocation: FundAllocation, lang: Lang) -> str:
    year = allocation.fund_year
    return _SAY["title"].to(lang).format(area=year.area, year=year.year)


def _lines(allocation: FundAllocation, lang: Lang, bullet: str) -> Iterator[str]:
    def say(key: str, **values: object) -> str:
        return _SAY[key].to(lang).format(**values)

    def shown(value: Decimal) -> str:
        return f"{value:,.2f}" if value == value.quantize(Decimal("0.01")) else f"{value:,f}"

    budget = allocation.fund_year.budget
    name, version, on = allocation.profile
    yield say("rules", profile=f"{name} {version}", on=on)
    if version.endswith("+amended"):
        yield say("amended")
    yield say("money", budget=shown(budget), allotted=shown(allocation.allotted), left=shown(allocation.left))
    for one in allocation.objections:
        yield bullet + say("year", said=one.text(lang))
    for one in allocation.despite:
        yield bullet + say("despite", said=one.text(lang))
    for award in allocation.awards:
        words = OUTCOMES[award.outcome].to(lang)
        amounts = {"amount": shown(award.amount), "asked": shown(award.proposal.amount)}
        rank = "" if award.rank is None else say("rank", rank=award.rank, score=award.proposal.score)
        yield bullet + say("award", id=award.proposal.id, outcome=words, **amounts) + rank
        yield from (f"    {bullet}{one.text(lang)}" for one in award.objections)
        yield from (f"    {bullet}{say('despite', said=one.text(lang))}" for one in award.despite)
    best = allocation.optimum
    if best is not None:
        named = ", ".join(f"{key} {shown(value)}" for key, value in best.amounts.items())
        yield say("optimum", value=best.value, by_rank=best.by_rank, amounts=named or "–")
