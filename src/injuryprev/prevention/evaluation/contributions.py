"""What the figures before and after make of the contributions of the served, by the rate engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

import attrs

from injuryprev.engine import Policy
from injuryprev.errors import InputError
from injuryprev.model import Employer, RateDecision
from injuryprev.prevention.evaluation.cohort import Pair
from injuryprev.rating import rate, rate_counted
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

Figures = Callable[[Employer], Mapping[str, object]]

ASSUMED: Final = Words(
    "Both sides are rated by the rules of the later day and on the payroll of the later day; only the records counted"
    " differ. The difference is that of two times: it is not all the doing of the work. Premiums follow injuries with"
    " the delay of the rules.",
    "前后两次均按后一日的规则和缴费工资核定，仅所统计的记录不同。差额是两个时点之差，并非全由预防工作所致；"
    "费率按规定的考核周期滞后于工伤变化。",
)


@attrs.frozen
class ContributionEffect:
    """The served employers rated on their records before and on their records after.

    Args:
        before: Profile, version and day of the records before.
        after: Profile, version and day of the rules, and of the records after.
        currency: Of the money.
        fell: Employers whose rate is lower on the records after.
        rose: Whose rate is higher.
        unchanged: Whose rate is the same.
        paid_before: Contributions of those of whom both are known, on the records before.
        paid_after: The same on the records after.
        summed: How many employers are in the two sums.
        unknown: Employers one of whose rates is not known, with the reasons.
    """

    before: str
    after: str
    currency: str
    fell: int
    rose: int
    unchanged: int
    paid_before: Decimal | Unknown
    paid_after: Decimal | Unknown
    summed: int
    unknown: tuple[tuple[str, Unknown], ...]

    @property
    def change(self) -> Decimal | Unknown:
        """Contributions after less contributions before."""
        if isinstance(self.paid_before, Unknown):
            return self.paid_before
        return self.paid_after if isinstance(self.paid_after, Unknown) else self.paid_after - self.paid_before

    @property
    def assumed(self) -> Words:
        """What is taken for granted."""
        return ASSUMED


def contributions_of(
    pairs: Iterable[Pair],
    policy_before: Policy,
    policy_after: Policy,
    figures: Figures | None = None,
    incomplete: Mapping[str, Unknown] = MappingProxyType({}),
) -> ContributionEffect:
    """Rate employers on what their records said on two days, by the rules and on the payroll of the later one.

    Args:
        pairs: The served with their records.
        policy_before: The rules of the earlier day; only what they count of the records is used.
        policy_after: The rules of the later day, by which both sides are rated.
        figures: Inputs of one employer that no record holds, as in ``ip.rate_area``.
        incomplete: Employers whose records are incomplete, and why; they are not rated.

    Raises:
        InputError: The days are not in order, or the profiles differ.
    """
    if policy_before.id != policy_after.id or policy_before.on >= policy_after.on:
        raise InputError(
            "two days of one profile are wanted, the earlier one first",
            where="contributions_of",
            seen=f"{policy_before.id} on {policy_before.on}, {policy_after.id} on {policy_after.on}",
            expected="the same profile on an earlier and on a later day",
        )
    fell = rose = same = summed = 0
    sums = [Decimal(0), Decimal(0)]
    unknown: list[tuple[str, Unknown]] = []
    for employer, history in pairs:
        if employer.id in incomplete:
            unknown.append((employer.id, incomplete[employer.id]))
            continue
        given = dict(figures(employer)) if figures else {}
        later = rate(employer, history, policy_after, given)
        counted = dict(policy_before.counting.count(employer, history, given))
        now = policy_after.counting.count(employer, history, given)
        if "payroll" in now:
            counted["payroll"] = now["payroll"]
        earlier = rate_counted(employer, counted, policy_after, given)
        reasons = _reasons(earlier, later)
        if reasons:
            unknown.append((employer.id, Unknown(reasons)))
        elif isinstance(earlier.rate, Decimal) and isinstance(later.rate, Decimal):
            fell += later.rate < earlier.rate
            rose += later.rate > earlier.rate
            same += later.rate == earlier.rate
        if isinstance(earlier.contribution, Decimal) and isinstance(later.contribution, Decimal):
            summed += 1
            sums[0] += earlier.contribution
            sums[1] += later.contribution
    nobody = Unknown((Reason("nobody", "contribution", Words("of nobody are both known", "没有单位前后均可核定")),))
    return ContributionEffect(
        f"{policy_before.id} {policy_before.version}, {policy_before.on}",
        f"{policy_after.id} {policy_after.version}, {policy_after.on}",
        policy_after.currency,
        fell,
        rose,
        same,
        sums[0] if summed else nobody,
        sums[1] if summed else nobody,
        summed,
        tuple(unknown),
    )


def _reasons(*decisions: RateDecision) -> tuple[Reason, ...]:
    found = (reason for one in decisions if isinstance(one.rate, Unknown) for reason in one.rate.reasons)
    return tuple(dict.fromkeys(found))
