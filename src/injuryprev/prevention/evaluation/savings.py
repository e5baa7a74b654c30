"""Benefits saved against money spent: a range, never one number."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from itertools import product
from typing import Any, Final

import attrs

from injuryprev.errors import InputError
from injuryprev.measures.focusing.gathering import Dated
from injuryprev.measures.statistics.numeric import libraries
from injuryprev.prevention.evaluation.cohort import Pair
from injuryprev.prevention.evaluation.net import NetEffect
from injuryprev.units import Period, exact, shown, to_decimal
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Lang, Words

_DIGITS: Final = 3
"""Digits of an estimate that are shown: more would pretend to know."""


@attrs.frozen
class MoneyRange:
    """An estimate of money: somewhere from ``low`` to ``high``, each rounded to three digits.

    Args:
        low: The least.
        high: The most; ``None`` where nothing bounds it.
        middle: Where the estimate lies if everything is as estimated; not more certain than the ends.
    """

    low: Decimal | None
    high: Decimal | None
    middle: Decimal

    def text(self, lang: Lang = "en") -> str:
        """The range in words, as an estimate."""
        low, high = (_said(end, lang) for end in (self.low, self.high))
        if lang == "zh":
            return f"估计 {low} 至 {high}（中间值 {self.middle:,f}）"
        return f"an estimated {low} to {high} (middle {self.middle:,f})"

    def __str__(self) -> str:
        return self.text()


def _said(end: Decimal | None, lang: Lang) -> str:
    if end is None:
        return "无界" if lang == "zh" else "no bound"
    return f"{end:,f}"


@attrs.frozen
class Savings:
    """What cases that did not happen would have cost the fund, against what the work cost.

    Args:
        avoided: Cases avoided: low, middle, high; below zero are cases more.
        cost: Mean benefits of a case, exact, over ``counted`` cases of the window before and paid by the end.
        cost_range: Its confidence interval.
        counted: How many cases that mean is of.
        saved: Benefits saved.
        spend: What the work cost, exact.
        net: Saved less spent.
        level: The level of each of the two intervals; of the range as a whole at least ``2 × level - 1``.
    """

    avoided: tuple[float, float, float]
    cost: Fraction
    cost_range: tuple[float, float]
    counted: int
    saved: MoneyRange
    spend: Decimal | Unknown
    net: MoneyRange | Unknown
    level: float


def savings(
    net: NetEffect | Unknown,
    pairs: Iterable[Pair],
    kept: Collection[str],
    before: Period,
    until: Period,
    *,
    spend: Decimal | None,
    dated: Dated,
) -> Savings | Unknown:
    """Benefits saved and what they are held against.

    Args:
        net: How many cases there were against how many to be expected.
        pairs: Employers of both groups with their records.
        kept: Those that are compared.
        before: The cases whose benefits are counted are those of this window.
        until: Payments count to the end of this window.
        spend: What the work cost.
        dated: The date that places a case.
    """
    paid = _paid(pairs, kept, before, until, dated)
    lost = [reason for part in (net, paid) if isinstance(part, Unknown) for reason in part.reasons]
    if isinstance(net, Unknown) or isinstance(paid, Unknown):
        return Unknown(tuple(lost))
    level = net.interval.level
    mean, limits = _mean(paid, level)
    avoided = tuple(net.expected * (1 - ratio) for ratio in (net.interval.high, net.ratio, net.interval.low))
    ends = [cases * cost if cases and cost else 0.0 for cases, cost in product((avoided[0], avoided[2]), limits)]
    low, middle, high = min(ends), avoided[1] * float(mean), max(ends)
    cost_of_work: Decimal | Unknown = (
        Unknown((Reason("missing", "spend", Words("what the work cost is not given", "未提供工作经费")),))
        if spend is None
        else spend
    )
    return Savings(
        (avoided[0], avoided[1], avoided[2]),
        mean,
        limits,
        len(paid),
        MoneyRange(_estimate(low), _estimate(high), _estimate(middle) or Decimal(0)),
        cost_of_work,
        cost_of_work if isinstance(cost_of_work, Unknown) else _less(low, middle, high, cost_of_work),
        level,
    )


def _paid(
    pairs: Iterable[Pair], kept: Collection[str], before: Period, until: Period, dated: Dated
) -> list[Fraction] | Unknown:
    """Benefits of each case of the window before, cases that cost nothing included."""
    found: list[Fraction] = []
    silent = 0
    for employer, history in pairs:
        cases = {case.id: Fraction(0) for case in history.cases or () if getattr(case, dated) in _Days(before)}
        if employer.id not in kept or not cases:
            continue
        if history.payments is None:
            silent += 1
            continue
        for payment in history.payments:
            if payment.case_id in cases and until.until is not None and payment.paid_on < until.until:
                cases[payment.case_id] += Fraction(payment.amount)
        found += cases.values()
    if silent:
        words = Words(
            f"of {silent} employers with cases there is no table of benefits", f"{silent}家有案件的单位没有待遇支付表"
        )
        return Unknown((Reason("not_supplied", "payments", words),))
    if len(found) < _LEAST_CASES:
        words = Words(
            f"benefits are known of {len(found)} cases before; a mean with a range needs {_LEAST_CASES}",
            f"前期仅有{len(found)}件案件有待遇数据，至少需要{_LEAST_CASES}件才能给出均值及区间",
        )
        return Unknown((Reason("too_few", "payments", words),))
    return found


_LEAST_CASES: Final = 20


class _Days:
    """A window in which no day is not one of its days."""

    def __init__(self, window: Period) -> None:
        self.window = window

    def __contains__(self, day: object) -> bool:
        return day is not None and day in self.window


def _mean(paid: list[Fraction], level: float) -> tuple[Fraction, tuple[float, float]]:
    """The mean and its interval by Student's t; below zero it cannot lie."""
    lib: Any = libraries()
    mean = sum(paid, Fraction(0)) / len(paid)
    spread = math.sqrt(sum((float(one - mean)) ** 2 for one in paid) / (len(paid) - 1) / len(paid))
    reach = float(lib.special.stdtrit(len(paid) - 1, (1 + level) / 2)) * spread
    return mean, (max(0.0, float(mean) - reach), float(mean) + reach)


def _less(low: float, middle: float, high: float, spend: Decimal) -> MoneyRange:
    less = float(spend)
    return MoneyRange(_estimate(low - less), _estimate(high - less), _estimate(middle - less) or Decimal(0))


def _estimate(value: float) -> Decimal | None:
    """A figure as an estimate is shown; ``None`` where it has no bound."""
    if math.isinf(value):
        return None
    if not value:
        return Decimal(0)
    step = Decimal(1).scaleb(math.floor(math.log10(abs(value))) - _DIGITS + 1)
    return Decimal(repr(value)).quantize(max(step, Decimal("0.01")), ROUND_HALF_EVEN) + 0


def read_spend(value: object) -> Decimal | None:
    """Money spent, zero or more; ``None`` is not known.

    Raises:
        InputError: It is no such sum.
    """
    if value is None:
        return None
    found = exact(value, where="spend")
    if found < 0:
        raise InputError("money spent is not negative", where="spend", seen=shown(found), expected="0 or more")
    return to_decimal(found)
