"""What-if: the same area under two policies, who wins, who loses, and what the fund takes in."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import zip_longest
from typing import Final

import attrs

from injuryprev.engine import Policy
from injuryprev.errors import InputError
from injuryprev.prevention.rounds import Figures, Rated, Tables, area_of, check_rates
from injuryprev.words import Lang, Words

_ZERO: Final = Decimal(0)


@attrs.frozen
class Change:
    """One employer under both policies.  ``None`` is not known; ``refusals`` says why, before and after."""

    employer_id: str
    risk_class: str | None
    size: str | None
    rate_before: Decimal | None
    rate_after: Decimal | None
    contribution_before: Decimal | None
    contribution_after: Decimal | None
    refusals: tuple[str | None, str | None]

    @property
    def rate_change(self) -> Decimal | None:
        """Rate after less rate before; positive where the employer is to pay more."""
        return _difference(self.rate_before, self.rate_after)

    @property
    def contribution_change(self) -> Decimal | None:
        """Money after less money before."""
        return _difference(self.contribution_before, self.contribution_after)


def _difference(before: Decimal | None, after: Decimal | None) -> Decimal | None:
    return None if before is None or after is None else after - before


@attrs.frozen
class Totals:
    """Employers of a group, and their money.

    Args:
        winners: Whose rate falls.
        losers: Whose rate rises.
        unchanged: Whose rate stays.
        unknown: Of whom at least one of the two rates is not known.
        income_before: Contributions of those of whom both contributions are known.
        income_after: The same employers under the other policy, so that the two can be compared.
        without_income: Employers left out of both sums, because one of their contributions is not known.
    """

    winners: int = 0
    losers: int = 0
    unchanged: int = 0
    unknown: int = 0
    income_before: Decimal = _ZERO
    income_after: Decimal = _ZERO
    without_income: int = 0

    @property
    def employers(self) -> int:
        """All of the group."""
        return self.winners + self.losers + self.unchanged + self.unknown

    @property
    def income_change(self) -> Decimal:
        """What the fund takes in more, of the employers that can be compared."""
        return self.income_after - self.income_before

    def __add__(self, other: Totals) -> Totals:
        return Totals(*(a + b for a, b in zip(attrs.astuple(self), attrs.astuple(other), strict=True)))


def _totals(change: Change) -> Totals:
    moved = change.rate_change
    before, after = change.contribution_before, change.contribution_after
    known = before is not None and after is not None
    return Totals(
        winners=int(moved is not None and moved < 0),
        losers=int(moved is not None and moved > 0),
        unchanged=int(moved == 0),
        unknown=int(moved is None),
        income_before=before if known and before is not None else _ZERO,
        income_after=after if known and after is not None else _ZERO,
        without_income=int(not known),
    )


@attrs.frozen
class Comparison:
    """An area under two policies.

    Args:
        before: Profile, version and day of the first policy.
        after: Of the second.
        currency: Of all money.
        total: Everybody.
        by_class: By risk class; ``None`` for those of unknown class.
        by_size: By size.
        refusals: How often each reason stood against a rate or contribution, before and after.
        gains: The employers whose contribution falls most, the most first; ties by id.
        losses: Whose contribution rises most.
    """

    before: str
    after: str
    currency: str
    total: Totals
    by_class: Mapping[str | None, Totals]
    by_size: Mapping[str | None, Totals]
    refusals: tuple[Mapping[str, int], Mapping[str, int]]
    gains: tuple[Change, ...]
    losses: tuple[Change, ...]

    def explain(self, lang: Lang = "en") -> str:
        """The comparison as Markdown."""
        return "\n".join(_written(self, lang)) + "\n"


def changes(
    policy_a: Policy,
    policy_b: Policy,
    tables: Tables,
    figures: Figures | None = None,
    incomplete: Collection[str] = (),
) -> Iterator[Change]:
    """Every employer under both policies, one by one, in the order of the area (frames: of their ids).

    Args:
        policy_a: The rules before.
        policy_b: The rules after.
        tables: Frames by name, ``{"employers": …, "cases": …}``, of any engine; or pairs of employer and history.
        figures: For pairs: inputs of one employer that no record holds, as in ``ip.rate_area``; those that a policy
            does not have are not given to it.
        incomplete: For pairs: ids of employers whose records are known not to be all, as in ``ip.rate_area``.

    Raises:
        InputError: The policies count in different currencies, ``tables`` is neither of the two, or an employer stands
            in it twice or without a key.
        UnknownNameError: A policy has no output ``rate`` or ``contribution``.
    """
    for policy in (policy_a, policy_b):
        check_rates(policy)
    if policy_a.currency != policy_b.currency:
        raise InputError(
            "the two policies count in different money",
            where="compare",
            seen=f"{policy_a.currency} and {policy_b.currency}",
            expected="policies of one currency",
        )
    area = area_of(tables, figures, incomplete)
    return _paired(area.rated(policy_a), area.rated(policy_b))


def _paired(before: Iterable[Rated], after: Iterable[Rated]) -> Iterator[Change]:
    for a, b in zip_longest(before, after):
        if a is None or b is None or a.employer_id != b.employer_id:
            raise InputError(
                "the area did not give the same employers twice",
                where="compare",
                seen=f"{a and a.employer_id} and {b and b.employer_id}",
                expected="tables that can be read again, such as frames or lists",
            )
        yield Change(
            a.employer_id,
            a.risk_class if a.risk_class is not None else b.risk_class,
            a.size,
            a.rate,
            b.rate,
            a.contribution,
            b.contribution,
            (a.refusal, b.refusal),
        )


def withheld(found: Iterable[Change], refused: Mapping[str, str]) -> Iterator[Change]:
    """Take back what was worked out for employers whose records are not complete, and add those without any.

    Args:
        found: Changes.
        refused: Ids that are not to be rated, with the codes that say why.
    """
    left = dict(refused)
    for change in found:
        code = left.pop(change.employer_id, None)
        if code is None:
            yield change
        else:
            yield Change(
                change.employer_id, change.risk_class, change.size, None, None, None, None, refusals=(code, code)
            )
    for employer_id, code in left.items():
        yield Change(employer_id, None, None, None, None, None, None, refusals=(code, code))


def compare(
    policy_a: Policy, policy_b: Policy, tables: Tables, figures: Figures | None = None, *, top: int = 10
) -> Comparison:
    """Compare what two policies make of the same area: winners and losers, income, by class and by size.

    Args:
        policy_a: The rules before.
        policy_b: The rules after.
        tables: As in ``changes``.
        figures: As in ``changes``.
        top: How many of the largest gains and losses are named.

    Returns:
        Sums over the employers of whom both contributions are known; the others are counted beside.

    Raises:
        InputError: As in ``changes``.
        UnknownNameError: As in ``changes``.

    >>> import polars as pl
    >>> import injuryprev as ip
    >>> policy = ip.load_profile("cn-zj").on("2025-03-01")
    >>> employers = pl.DataFrame(
    ...     {
    ...         "id": ["A", "B"],
    ...         "risk_class": [4, 2],
    ...         "payroll": ["1000000", "500000"],
    ...         "insured": [20, 10],
    ...         "contributions": ["9000", "2000"],
    ...         "benefits": ["0", "1500"],
    ...         "injuries": [0, 0],
    ...         "deaths": [0, 0],
    ...         "industry_incidence": ["0.01", "0.01"],
    ...         "false_facts": [False, False],
    ...         "benefit_fraud": [False, False],
    ...     }
    ... )
    >>> found = compare(policy, policy.amended(class_rate={"4": "1%"}), {"employers": employers})
    >>> found.total.losers, found.total.unchanged, found.total.income_change
    (1, 1, Decimal('500.00'))
    """
    return summarised(policy_a, policy_b, changes(policy_a, policy_b, tables, figures), top=top)


def summarised(policy_a: Policy, policy_b: Policy, found: Iterable[Change], *, top: int = 10) -> Comparison:
    """Sum up changes as they come, keeping no more of them than are named."""
    by_class: dict[str | None, Totals] = {}
    by_size: dict[str | None, Totals] = {}
    total = Totals()
    refusals: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    gains, losses = _Largest(top, -1), _Largest(top, 1)
    for change in found:
        one = _totals(change)
        total += one
        for groups, key in ((by_class, change.risk_class), (by_size, change.size)):
            groups[key] = groups.get(key, Totals()) + one
        for counter, codes in zip(refusals, change.refusals, strict=True):
            counter.update((codes or "").split("; ") if codes else ())
        gains.offer(change)
        losses.offer(change)
    return Comparison(
        _name(policy_a),
        _name(policy_b),
        policy_a.currency,
        total,
        dict(sorted(by_class.items(), key=_order)),
        dict(sorted(by_size.items(), key=_order)),
        (dict(refusals[0].most_common()), dict(refusals[1].most_common())),
        gains.kept(),
        losses.kept(),
    )


class _Largest:
    """The largest changes in one direction; of equal ones those whose ids come first, whatever the order of rows."""

    def __init__(self, top: int, sign: int) -> None:
        self._top, self._sign = top, sign
        self._kept: list[tuple[Decimal, str, Change]] = []

    def offer(self, change: Change) -> None:
        moved = change.contribution_change
        if moved is None or moved * self._sign <= 0:
            return
        self._kept.append((-moved * self._sign, change.employer_id, change))
        if len(self._kept) > 4 * self._top + 64:
            self._kept = heapq.nsmallest(self._top, self._kept, key=lambda one: one[:2])

    def kept(self) -> tuple[Change, ...]:
        return tuple(one[2] for one in heapq.nsmallest(self._top, self._kept, key=lambda one: one[:2]))


def _name(policy: Policy) -> str:
    return f"{policy.id} {policy.version}, {policy.on}"


def _order(item: tuple[str | None, Totals]) -> tuple[int, int, str]:
    key = item[0]
    if key is None:
        return 2, 0, ""
    return (0, int(key), "") if key.isdecimal() else (1, 0, key)


# Words

_SAY: Final = {
    "title": Words("Comparison of two policies", "两种政策的比较"),
    "before": Words("before", "原政策"),
    "after": Words("after", "新政策"),
    "all": Words("all employers", "全部单位"),
    "class": Words("risk class", "行业风险类别"),
    "size": Words("size", "规模"),
    "none": Words("unknown", "未知"),
    "employers": Words("employers", "单位数"),
    "winners": Words("pay less", "费率下降"),
    "losers": Words("pay more", "费率上升"),
    "unchanged": Words("unchanged", "不变"),
    "unknown": Words("not comparable", "无法比较"),
    "income_before": Words("income before", "原应缴额"),
    "income_after": Words("income after", "新应缴额"),
    "income_change": Words("change", "变化"),
    "without": Words(
        "Of {n} employers a contribution is unknown under one of the policies; they are in neither sum.",
        "有 {n} 家单位在其中一种政策下应缴额未知，未计入两项合计。",
    ),
    "gains": Words("Largest decreases", "减少最多的单位"),
    "losses": Words("Largest increases", "增加最多的单位"),
    "employer": Words("employer", "单位"),
    "why": Words("Reasons for what is unknown ({side})", "未知的原因（{side}）"),
}


def _written(found: Comparison, lang: Lang) -> Iterator[str]:
    def say(key: str, **values: object) -> str:
        return _SAY[key].to(lang).format(**values)

    money = ("income_before", "income_after", "income_change")
    counts = ("employers", "winners", "losers", "unchanged", "unknown")
    yield f"# {say('title')}"
    yield ""
    yield f"- {say('before')}: {found.before}"
    yield f"- {say('after')}: {found.after}"
    groups: tuple[tuple[str, Mapping[str | None, Totals]], ...] = (
        ("all", {"": found.total}),
        ("class", found.by_class),
        ("size", found.by_size),
    )
    for head, rows in groups:
        names = [say(head), *(say(name) for name in counts), *(f"{say(name)} ({found.currency})" for name in money)]
        yield ""
        yield "| " + " | ".join(names) + " |"
        yield "|---|" + "---:|" * (len(names) - 1)
        for key, totals in rows.items():
            # A sum over nobody is not a sum of nothing.
            summed = totals.without_income < totals.employers
            cells = [f"{getattr(totals, name):,}" for name in counts]
            cells += [f"{getattr(totals, name):,.2f}" if summed else "–" for name in money]
            yield "| " + " | ".join([say("none") if key is None else key, *cells]) + " |"
    if found.total.without_income:
        yield ""
        yield say("without", n=f"{found.total.without_income:,}")
    for side, reasons in zip(("before", "after"), found.refusals, strict=True):
        if reasons:
            yield ""
            yield say("why", side=say(side)) + ": " + ", ".join(f"{code} ({n:,})" for code, n in reasons.items())
    for title, named in (("gains", found.gains), ("losses", found.losses)):
        if named:
            yield ""
            yield f"## {say(title)}"
            yield ""
            yield f"| {say('employer')} | {say('income_before')} | {say('income_after')} | {say('income_change')} |"
            yield "|---|---:|---:|---:|"
            for change in named:
                cells = [
                    f"{value:,.2f}"
                    for value in (change.contribution_before, change.contribution_after, change.contribution_change)
                    if value is not None
                ]
                yield f"| {change.employer_id} | " + " | ".join(cells) + " |"
