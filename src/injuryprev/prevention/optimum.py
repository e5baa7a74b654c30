"""The allocation of the highest score, by mixed-integer programming, made exact to the smallest unit of money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from injuryprev.errors import ReadError
from injuryprev.model.fund import Award, Optimum, Proposal
from injuryprev.units import to_decimal

_PLACES = Fraction(1, 10**6)


def best_score(awards: Sequence[Award], budget: Decimal, most: Mapping[str, Decimal]) -> Optimum:
    """The highest score within the same limits.

    A proposal counts with the share of its amount that it gets, which is all or nothing unless it may be cut.  Which
    proposals take part is found by SciPy's ``milp``; what they get is then worked out exactly, and if that should come
    to less than the allocation by rank, as rounding could make it, the latter is kept.

    Args:
        awards: The allocation by rank, of proposals that no rule forbids.
        budget: The budget.
        most: What a use may have, where that is less.

    Raises:
        ReadError: SciPy is not installed.
    """
    proposals = [award.proposal for award in awards]
    by_rank = {award.proposal.id: award.amount for award in awards if award.amount}
    ranked_value = _value(proposals, by_rank)
    taken = _chosen(proposals, budget, most) if proposals else []
    amounts = _filled(taken, budget, most)
    value = _value(proposals, amounts)
    if value < ranked_value:
        amounts, value = by_rank, ranked_value
    return Optimum(dict(sorted(amounts.items())), _points(value), _points(ranked_value))


def _value(proposals: Sequence[Proposal], amounts: Mapping[str, Decimal]) -> Fraction:
    """Points reached, exactly."""
    return sum(
        (
            Fraction(one.score or 0) * Fraction(amounts[one.id]) / Fraction(one.amount)
            for one in proposals
            if one.id in amounts
        ),
        Fraction(0),
    )


def _points(value: Fraction) -> Decimal:
    return to_decimal(round(value / _PLACES) * _PLACES)


def _chosen(proposals: Sequence[Proposal], budget: Decimal, most: Mapping[str, Decimal]) -> list[Proposal]:
    """The proposals of an optimal solution."""
    try:
        import numpy as np  # noqa: PLC0415  # with SciPy, where the optimum is asked for
        from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415
    except ImportError as error:  # pragma: no cover - the tests have it
        raise ReadError(
            "the optimum needs SciPy", where="allocate", expected="pip install 'injuryprev[stats]'"
        ) from error
    count = len(proposals)
    amounts = np.array([float(one.amount) for one in proposals])
    scores = np.array([float(one.score or 0) for one in proposals])
    least = np.array([float(one.amount if one.least is None else one.least) for one in proposals]) / amounts
    # Unknowns: whether each takes part (0 or 1), then the share of its amount that it gets.
    nothing, one_each = np.zeros((count, count)), np.eye(count)
    masks = [np.ones(count, dtype=bool), *(np.array([one.use == use for one in proposals]) for use in most)]
    limits = [float(limit) for limit in (budget, *most.values())]
    constraints = [
        LinearConstraint(np.hstack([-one_each, one_each]), -np.inf, 0),  # a share only of what takes part
        LinearConstraint(np.hstack([-one_each * least, one_each]), 0, np.inf),  # and then no less than the least
    ]
    for mask, limit in zip(masks, limits, strict=True):
        scale = max(limit, 1.0)  # sums of money as parts of the limit, since solvers work to absolute tolerances
        spent = np.hstack([nothing[0], np.where(mask, amounts, 0) / scale])
        constraints.append(LinearConstraint(spent, -np.inf, limit / scale))
    found = milp(
        -np.hstack([np.zeros(count), scores]),
        constraints=constraints,
        integrality=np.hstack([np.ones(count), np.zeros(count)]),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0},
    )
    if found.x is None:  # pragma: no cover - giving nobody anything is always possible
        return []
    return [one for one, part in zip(proposals, found.x[:count], strict=True) if part > 0.5]


def _filled(taken: Sequence[Proposal], budget: Decimal, most: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """The best amounts for those that take part: the least for each, then most points per unit of money first."""
    amounts = {one.id: one.amount if one.least is None else one.least for one in taken}
    left = budget - sum(amounts.values(), Decimal(0))
    left_of = {
        use: limit - sum((amounts[one.id] for one in taken if one.use == use), Decimal(0))
        for use, limit in most.items()
    }
    if left < 0 or any(room < 0 for room in left_of.values()):
        return {}  # rounding inside the solver; the allocation by rank is kept
    for one in sorted(taken, key=lambda one: (-Fraction(one.score or 0) / Fraction(one.amount), one.id)):
        more = min(one.amount - amounts[one.id], left, left_of.get(one.use, left))
        amounts[one.id] += more
        left -= more
        if one.use in left_of:
            left_of[one.use] -= more
    return amounts
