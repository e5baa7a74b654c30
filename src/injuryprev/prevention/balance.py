"""Base rates that balance income and spending (以支定收), their proportions kept."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Final

import attrs

from injuryprev.engine import Policy
from injuryprev.errors import InputError, ProfileError
from injuryprev.prevention.rounds import Area, Figures, Tables, area_of, check_rates
from injuryprev.units import exact, shown
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

_WIDEST: Final = 1000
"""A factor past this is no adjustment of rates any more."""


@attrs.frozen
class Income:
    """What a policy takes in.  ``unknown`` employers, whose contribution is not known, are in no sum."""

    factor: Fraction
    income: Decimal
    employers: int
    unknown: int


@attrs.frozen
class Balance:
    """The scale of the base rates at which income covers spending.

    Args:
        policy: The rules with the rates of the answer; ``None`` where there is none.
        factor: By which the rates are multiplied; ``Unknown`` where no factor within reach covers the spending.
        found: Income at the factor.
        below: Income one step lower, which does not cover the spending; ``None`` at the least step.
        before: Income at the rates as they are.
        spending: What is to be covered.
        tried: Every factor tried, in order.
    """

    policy: Policy | None
    factor: Fraction | Unknown
    found: Income | None
    below: Income | None
    before: Income
    spending: Decimal
    tried: tuple[Income, ...]

    def explain(self, lang: str = "en") -> str:
        """One paragraph."""
        before, zh = self.before, lang == "zh"
        left_out = (
            ""
            if not before.unknown
            else f"；{before.unknown:,} 家单位应缴额未知，未计入"
            if zh
            else f"; {before.unknown:,} employers, whose contribution is unknown, are in no sum"
        )
        if isinstance(self.factor, Unknown) or self.found is None:
            reason = self.factor.reasons[0].text("zh" if zh else "en") if isinstance(self.factor, Unknown) else ""
            return reason + left_out
        if zh:
            return (
                f"费率乘以 {shown(self.factor)} 时，收入 {self.found.income:,.2f}，可抵支出 {self.spending:,.2f}；"
                f"现行费率收入 {before.income:,.2f}{left_out}。缴费工资与浮动档次按现有数据不变。"
            )
        return (
            f"With rates times {shown(self.factor)} income is {self.found.income:,.2f}, which covers spending of "
            f"{self.spending:,.2f}; at the rates as they are it is {before.income:,.2f}{left_out}. Payroll and tiers "
            "are taken as they are in the data."
        )


def balance(
    policy: Policy,
    tables: Tables,
    spending: object,
    *,
    parameters: tuple[str, ...] = ("class_rate",),
    step: object = Fraction(1, 100),
    to: object = Fraction(1, 10_000),
    figures: Figures | None = None,
) -> Balance:
    """Find the smallest multiple of the base rates at which an area's income covers its spending.

    Floors, caps, tiers, cuts and rounding are those of the policy: each factor is tried by rating the whole area, so
    the answer is what would be taken in, not a proportion.

    Args:
        policy: The rules to adjust.
        tables: The area, as in ``compare``.
        spending: Money that the income is to cover.
        parameters: Which figures are multiplied, all by the same factor.  Name a floor too if it is to move along.
        step: Factors tried are its multiples.
        to: Rates are rounded to its multiples, ties up; as laws print them, to 0.01 of a per cent.
        figures: As in ``compare``.

    Raises:
        InputError: Spending or step is not a positive number.
        UnknownNameError: No such parameter, or the policy has no contribution.

    >>> import polars as pl
    >>> import injuryprev as ip
    >>> policy = ip.load_profile("cn-zj").on("2025-03-01")
    >>> employers = pl.DataFrame(
    ...     {
    ...         "id": ["A"],
    ...         "risk_class": [4],
    ...         "payroll": ["1000000"],
    ...         "insured": [20],
    ...         "contributions": ["9000"],
    ...         "benefits": ["5000"],
    ...         "injuries": [0],
    ...         "deaths": [0],
    ...         "industry_incidence": ["0.01"],
    ...         "false_facts": [False],
    ...         "benefit_fraud": [False],
    ...     }
    ... )
    >>> found = balance(policy, {"employers": employers}, "10000")
    >>> found.factor, found.found.income, found.before.income
    (Fraction(111, 100), Decimal('10000.00'), Decimal('9000.00'))
    """
    check_rates(policy)
    wanted, width, nearest = (
        exact(value, where=f"balance {name}") for name, value in (("spending", spending), ("step", step), ("to", to))
    )
    for name, value in (("spending", wanted), ("step", width), ("to", nearest)):
        if value <= 0:
            raise InputError("not more than nothing", where=f"balance {name}", seen=value, expected="a positive number")
    search = _Search(policy, area_of(tables, figures), parameters, width, nearest)
    before = search.income(policy, Fraction(1))
    number = search.smallest(wanted) if before.employers else None
    money = Decimal(wanted.numerator) / Decimal(wanted.denominator)
    if number is None:
        tried = search.in_order()
        last, why = tried[-1] if tried else before, search.why_no_further()
        words = Words(
            f"no factor up to {shown(last.factor)} covers the spending of {money:,.2f}; "
            f"the most taken in is {last.income:,.2f}; {why.en}",
            f"系数至 {shown(last.factor)} 仍不能抵补支出 {money:,.2f}；最多收入 {last.income:,.2f}；{why.zh}",
        )
        return Balance(None, Unknown((Reason("no_balance", "factor", words),)), None, None, before, money, tried)
    factor = number * width
    below = search.at((number - 1) * width) if number > 1 else None
    return Balance(search.policy(factor), factor, search.at(factor), below, before, money, search.in_order())


class _Search:
    """Rates the area at one factor after another; income never falls as rates rise, which is seen to."""

    def __init__(
        self, policy: Policy, area: Area, parameters: tuple[str, ...], width: Fraction, nearest: Fraction
    ) -> None:
        self._policy, self._area, self._parameters = policy, area, parameters
        self._width, self._nearest = width, nearest
        self.tried: dict[Fraction, Income] = {}
        self._too_far: ProfileError | None = None

    def policy(self, factor: Fraction) -> Policy:
        """The rules with their rates multiplied."""
        return self._policy.scaled(factor, *self._parameters, to=self._nearest)

    def at(self, factor: Fraction) -> Income:
        """Income at a factor, worked out once."""
        if factor not in self.tried:
            self.tried[factor] = self.income(self.policy(factor), factor)
            self._see_to_order()
        return self.tried[factor]

    def in_order(self) -> tuple[Income, ...]:
        """Everything tried, by factor."""
        return tuple(sorted(self.tried.values(), key=lambda one: one.factor))

    def income(self, policy: Policy, factor: Fraction) -> Income:
        """Income under a policy."""
        known, unknown, income = 0, 0, Decimal(0)
        for one in self._area.rated(policy):
            if one.contribution is None:
                unknown += 1
            else:
                known, income = known + 1, income + one.contribution
        return Income(factor, income, known, unknown)

    def smallest(self, wanted: Fraction) -> int | None:
        """The least number of steps at which the income is enough; ``None`` where it never is."""
        low, high = 0, max(1, int(1 / self._width))
        while (covers := self._covers(high, wanted)) is False:
            if high * self._width > _WIDEST:
                return None
            low, high = high, high * 2
        found = high if covers else None
        while high - low > 1:
            middle = (low + high) // 2
            covers = self._covers(middle, wanted)
            if covers is False:
                low = middle
            else:
                high, found = middle, middle if covers else found
        return found

    def _covers(self, number: int, wanted: Fraction) -> bool | None:
        """Whether so many steps do; ``None`` where the figures of the policy do not carry rates so high."""
        try:
            return Fraction(self.at(number * self._width).income) >= wanted
        except ProfileError as error:
            self._too_far = error
            return None

    def why_no_further(self) -> Words:
        """Why no larger factor than the last was tried, or would do."""
        tried, names = self.in_order(), ", ".join(self._parameters)
        if not tried:
            return Words("of nobody is the contribution known", "没有应缴额已知的单位")
        if self._too_far is not None:
            problem = self._too_far.problems[0]
            return Words(
                f"one step more and these rules cannot be worked out: {problem.where}: {problem.what}",
                f"再提高一步即无法按该政策计算：{problem.where}（{problem.what}）",
            )
        if len(tried) > 1 and tried[-1].income == tried[-2].income:
            return Words(
                f"there it rises no further: the rules cap the rates, or do not rest on {names}",
                f"收入已不再增加：费率已达规定上限，或与 {names} 无关",
            )
        return Words("a larger one is no adjustment of rates any more", "再大的系数已不属于费率调整")

    def _see_to_order(self) -> None:
        for lower, higher in pairwise(self.in_order()):
            if lower.income > higher.income:
                raise InputError(
                    "income falls although rates rise, so that no single factor balances",
                    where="balance",
                    seen=f"{lower.income} at {lower.factor}, {higher.income} at {higher.factor}",
                    expected="parameters that raise the rate, such as class_rate",
                )
