"""Tiers, the ladder they stand on, and the decision on an employer's rate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Literal, Protocol, runtime_checkable

import attrs

from injuryprev.errors import InputError
from injuryprev.model import _read as read
from injuryprev.units import Number, exact
from injuryprev.unknown import Unknown
from injuryprev.words import Lang, Words

Format = Literal["text", "markdown"]


def _move(value: Number) -> int:
    return read.whole(value, -99, 99)


def _factor(value: Number) -> Fraction:
    factor = exact(value, where="")
    if not 0 <= factor <= 100:
        raise InputError(
            "not a plausible multiple of the base rate",
            seen=value,
            expected="a plain multiple: 1.5 for 150 %",
        )
    return factor


def _label(value: Words) -> Words:
    return read.instance(value, Words)


@attrs.frozen(field_transformer=read.placed)
class RateTier:
    """One tier (费率档次): how many steps from the base, and which multiple of the base rate that is.

    Args:
        move: Steps from the base, negative for a lower rate; 0 is the base.
        factor: Multiple of the base rate, exact; 1.5 for 150 %.
        label: What a reader sees.

    Raises:
        InputError: Not a whole number of steps, or no plausible multiple.

    >>> RateTier(1, "1.2", Words("120 %")).factor
    Fraction(6, 5)
    """

    move: int = attrs.field(converter=_move)
    factor: Fraction = attrs.field(converter=_factor)
    label: Words = attrs.field(factory=Words, converter=_label)


def _tiers(value: Iterable[RateTier]) -> tuple[RateTier, ...]:
    tiers = read.rows(value, RateTier) or ()
    return tuple(sorted(tiers, key=lambda tier: (tier.factor, tier.move)))


@attrs.frozen(field_transformer=read.placed)
class Ladder:
    """The tiers of a class, from the lowest rate to the highest.

    Moves follow one another without a gap, factors rise with them, and move 0 is the base with factor 1.

    Args:
        tiers: In any order; kept in the order of their factors.

    Raises:
        InputError: No tier, no base, two tiers of one factor, or factors that do not rise with the moves.

    >>> ladder = Ladder.of({-2: "0.5", -1: "0.8", 0: 1, 1: "1.2", 2: "1.5"})
    >>> ladder.bounded(-5).factor, ladder.base.move
    (Fraction(1, 2), 0)
    """

    tiers: tuple[RateTier, ...] = attrs.field(converter=_tiers)

    def __attrs_post_init__(self) -> None:
        moves = [tier.move for tier in self.tiers]
        seen = ", ".join(f"{tier.move:+d}: {tier.factor}" for tier in self.tiers)
        if not moves:
            raise InputError(
                "a ladder without tiers", where="Ladder.tiers", seen=(), expected="at least the base, move 0"
            )
        if len({tier.factor for tier in self.tiers}) < len(self.tiers):
            raise InputError(
                "two tiers of one factor", where="Ladder.tiers", seen=seen, expected="a factor for each tier"
            )
        if moves != list(range(moves[0], moves[0] + len(moves))):
            raise InputError(
                "the moves do not rise by one with the factors",
                where="Ladder.tiers",
                seen=seen,
                expected="as in -2: 1/2, -1: 4/5, 0: 1, 1: 6/5, 2: 3/2",
            )
        if not moves[0] <= 0 <= moves[-1] or self.base.factor != 1:
            raise InputError("no base", where="Ladder.tiers", seen=seen, expected="move 0 with factor 1")

    @classmethod
    def of(cls, factors: Mapping[int, Number]) -> Ladder:
        """A ladder from a mapping of moves to factors, without labels.

        Raises:
            InputError: As the class itself.
        """
        return cls(tuple(RateTier(move, factor) for move, factor in factors.items()))

    @property
    def base(self) -> RateTier:
        """The tier of the base rate."""
        return self.tiers[-self.tiers[0].move]

    def at(self, move: int) -> RateTier:
        """The tier of a move.

        Raises:
            InputError: The ladder does not go so far; ``bounded`` stops at its ends instead.
        """
        lowest, highest = self.tiers[0].move, self.tiers[-1].move
        if not lowest <= _move(move) <= highest:
            raise InputError(
                "the ladder does not go so far", where="Ladder.at", seen=move, expected=f"{lowest} to {highest}"
            )
        return self.tiers[move - lowest]

    def bounded(self, move: int) -> RateTier:
        """The tier of a move, or the end of the ladder where the move goes beyond it."""
        steps = _move(move)
        return self.at(min(max(steps, self.tiers[0].move), self.tiers[-1].move))

    def __iter__(self) -> Iterator[RateTier]:
        return iter(self.tiers)

    def __len__(self) -> int:
        return len(self.tiers)


@runtime_checkable
class Explained(Protocol):
    """What a decision needs of the evaluation behind it."""

    def explain(self, lang: Lang = "en", format: Format = "text") -> str:  # noqa: A002  # the name the face promises
        """The reasons, for a reader."""
        ...

    def to_json(self) -> str:
        """The reasons, for a program."""
        ...


def _money(value: Number | Unknown) -> Decimal | Unknown:
    return value if isinstance(value, Unknown) else read.amount(value)


def _rate(value: Number | Unknown) -> Decimal | Unknown:
    figure = _money(value)
    if not isinstance(figure, Unknown) and figure > 1:
        raise InputError("a rate above one", seen=value, expected="a plain fraction: 0.009 for 0.9 %, or an Unknown")
    return figure


def _tier(value: RateTier | Unknown | None) -> RateTier | Unknown | None:
    if value is None or isinstance(value, Unknown):
        return value
    return read.instance(value, RateTier)


def _explained(value: Explained) -> Explained:
    if not isinstance(value, Explained):
        raise InputError(
            "a decision without its reasons",
            seen=f"({type(value).__name__})",
            expected="an evaluation with explain() and to_json()",
        )
    return value


@attrs.frozen(field_transformer=read.placed)
class RateDecision:
    """The rate of one employer from one day, with the reasons an appeal would ask for.

    Args:
        employer_id: The employer's key.
        on: The day the decision is for.
        profile: The profile's id.
        version: The profile's version.
        base_rate: The rate of the class before floating (基准费率), a plain fraction.
        tier: The tier (费率档次); ``None`` where the policy has no tiers.
        rate: The rate to pay (费率), a plain fraction.
        contribution: Payroll times rate, rounded as the policy says (应缴额), money.
        result: The evaluation, which holds every step and its source.

    A figure that cannot be known is an ``Unknown`` with its reasons.

    Raises:
        InputError: A rate that is no plain fraction, or a result that cannot explain itself.
    """

    employer_id: str = attrs.field(converter=read.identifier)
    on: dt.date = attrs.field(converter=read.day)
    profile: str = attrs.field(converter=read.identifier)
    version: str = attrs.field(converter=read.identifier)
    base_rate: Decimal | Unknown = attrs.field(converter=_rate)
    tier: RateTier | Unknown | None = attrs.field(converter=_tier)
    rate: Decimal | Unknown = attrs.field(converter=_rate)
    contribution: Decimal | Unknown = attrs.field(converter=_money)
    result: Explained = attrs.field(repr=False, hash=False, converter=_explained)

    @property
    def is_known(self) -> bool:
        """Whether the rate is known; the contribution may still be unknown for want of a payroll."""
        return not isinstance(self.rate, Unknown)

    def explain(self, lang: Lang = "en", format: Format = "text") -> str:  # noqa: A002  # the name the face promises
        """The reasoned decision, step by step."""
        return self.result.explain(lang=lang, format=format)

    def to_json(self) -> str:
        """The reasoned decision as versioned JSON."""
        return self.result.to_json()
