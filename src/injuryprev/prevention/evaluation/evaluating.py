"""Did it help: every comparison the records allow, side by side, with what each cannot say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import attrs

from injuryprev.engine import Policy
from injuryprev.errors import InputError
from injuryprev.measures.focusing.gathering import Dated
from injuryprev.measures.statistics import (
    BeforeAfter,
    DifferenceInDifferences,
    Regression,
    before_and_after,
    difference_in_differences,
)
from injuryprev.measures.statistics.reading import read_level
from injuryprev.prevention.evaluation.cohort import Cohort, Pair, Served, cohort
from injuryprev.prevention.evaluation.contributions import ContributionEffect, Figures, contributions_of
from injuryprev.prevention.evaluation.net import NetEffect, net_effect, regressions
from injuryprev.prevention.evaluation.said import cautions, without_rows, written
from injuryprev.prevention.evaluation.savings import Savings, read_spend, savings
from injuryprev.units import Number, Period
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Lang, Words


@attrs.frozen
class Evaluation:
    """What the records say of a piece of prevention work.

    Args:
        before: The window before.
        after: The window after.
        served: The served and their figures.
        others: The others and theirs.
        dated: The date that placed the cases.
        before_after: The served against themselves.
        differences: Their change against that of the others.
        regression: Seen against what was to be expected of the served anyway.
        net: Both taken out: what comes nearest to an effect.
        savings: Benefits saved against spend, as a range.
        contributions: What the figures before and after make of contributions; ``None`` where no policy was given.
        neither: Employers of neither group, since it is not known whether they were served, each with the reason.
        cautions: What a reader must know of these records in particular.
    """

    before: Period
    after: Period
    served: Cohort
    others: Cohort
    dated: Dated
    before_after: BeforeAfter | Unknown
    differences: DifferenceInDifferences | Unknown
    regression: Regression | Unknown
    net: NetEffect | Unknown
    savings: Savings | Unknown
    contributions: ContributionEffect | None
    neither: tuple[tuple[str, Unknown], ...]
    cautions: tuple[Words, ...]

    def text(self, lang: Lang = "en") -> str:
        """The evaluation as Markdown, in plain words."""
        return written(self, lang)

    def __str__(self) -> str:
        return self.text()


def evaluate(
    served: Iterable[Served],
    others: Iterable[Pair],
    *,
    before: Period,
    after: Period,
    spend: Number | None = None,
    policies: tuple[Policy, Policy] | None = None,
    figures: Figures | None = None,
    incomplete: Mapping[str, Unknown] | None = None,
    lost: Unknown | None = None,
    dated: Dated = "occurred_on",
    level: float = 0.95,
) -> Evaluation:
    """Hold employers that prevention work served against themselves before, and against others that it did not serve.

    Both groups are looked at over the same two windows; ``windows`` gives them from the days of service. Employers
    whose cases or insured persons are not known in a window are left out, and named. Cases count by insured persons
    and time, in person-years of 365 days.

    Args:
        served: Whom the work served, with their records.
        others: Whom it did not serve.
        before: The window before all services.
        after: The window after all services.
        spend: What the work cost, money; ``None`` where that is not known.
        policies: Rules of one profile on an earlier and a later day, to see what becomes of contributions.
        figures: Inputs of one employer that no record holds, for the policies, as in ``ip.rate_area``.
        incomplete: Employers whose records are incomplete, such as those of which a row was rejected, each with the
            reason, its subject the table.  They are left out of every figure and named (for rows of contributions,
            events or recognitions: of the figures of contributions); those that are neither served nor others are named
            as of neither group.
        lost: Rows of which nobody can tell whose they are (``Area.lost``); the evaluation says that it is without them.
        dated: The date that places a case; the day it happened unless asked otherwise.
        level: The level of the intervals.

    Returns:
        Every comparison; one that the records do not allow is ``Unknown`` with its reasons.

    Raises:
        InputError: Nobody was served, an employer is in both groups or twice in one, or a service lies in a window.

    Source: Hauer 1997, Observational Before-After Studies in Road Safety (before and after with a comparison group,
    empirical Bayes).

    >>> from injuryprev.model import Employer, Exposure, History, InjuryCase
    >>> years = Period.year(2023), Period.year(2025)
    >>> def records(key, before, after):
    ...     cases = [
    ...         InjuryCase(f"{key}-{year}-{n}", key, f"w-{n}", f"{year}-05-01", recognised_on=f"{year}-06-01")
    ...         for year, number in ((2023, before), (2025, after))
    ...         for n in range(number)
    ...     ]
    ...     return Employer(key), History(cases=cases, exposures=[Exposure(key, year, insured=100) for year in years])
    >>> counts = [("A", 9, 4), ("B", 7, 5), ("C", 3, 3), ("D", 2, 3), ("E", 1, 2), ("F", 4, 3)]
    >>> area = [records(*one) for one in counts]
    >>> found = evaluate(
    ...     [Served(*pair, ["2024-05-06"]) for pair in area[:2]], area[2:], before=years[0], after=years[1]
    ... )
    >>> round(found.before_after.comparison.ratio, 2), round(found.differences.ratio, 2), round(found.net.ratio, 2)
    (0.56, 0.51, 0.94)
    """
    level = read_level(level)
    groups = list(served)
    pairs: list[Pair] = [(one.employer, one.history) for one in groups]
    rest = list(others)
    _check(groups, rest, before, after)
    money = read_spend(spend)
    lacking = dict(incomplete or {})
    uncounted = {key: why for key, why in lacking.items() if any(one.subject not in _RATED for one in why.reasons)}
    own, other = (cohort(group, before, after, dated, uncounted) for group in (pairs, rest))
    if own.ids:
        before_after: BeforeAfter | Unknown = before_and_after(own.figures, per=1000, level=level)
    else:
        before_after = _nobody("served", "none of the served can be compared with itself", "没有可比的服务单位")
    if own.ids and other.ids:
        differences = difference_in_differences(own.figures, other.figures, per=1000, level=level)
        regression, general = regressions(own, other, level)
        net = net_effect(regression, general)
    else:
        nobody = _nobody("others", "there are not two groups to compare", "没有可比的两组单位")
        differences = regression = net = nobody
    effect = None
    if policies is not None:
        effect = contributions_of(pairs, *policies, figures, lacking)
    kept = {*own.ids, *other.ids}
    saved = savings(net, [*pairs, *rest], kept, before, after, spend=money, dated=dated)
    placed = {employer.id for employer, _ in (*pairs, *rest)}
    neither = tuple((key, why) for key, why in lacking.items() if key not in placed)
    return Evaluation(
        before, after, own, other, dated, before_after, differences, regression, net, saved, effect, neither,
        (*cautions(before, after, own, other, dated), *without_rows(lost)),
    )  # fmt: skip


_RATED: Final = frozenset({"contributions", "events", "recognitions"})
"""Tables of which rates alone are made: a row missing there changes no count."""


def _nobody(subject: str, en: str, zh: str) -> Unknown:
    return Unknown((Reason("nobody", subject, Words(en, zh)),))


def _check(served: list[Served], others: list[Pair], before: Period, after: Period) -> None:
    if not served:
        raise InputError("nobody was served", where="evaluate served", seen="[]", expected="at least one employer")
    if before.until is None or after.until is None or before.until > after.since:
        raise InputError(
            "the windows must have ends and follow one another",
            where="evaluate before, after",
            seen=f"{before} and {after}",
            expected="a Period that ends before the other begins",
        )
    seen: set[str] = set()
    for employer in (*(one.employer for one in served), *(employer for employer, _ in others)):
        if employer.id in seen:
            raise InputError(
                "an employer is given twice", where="evaluate", seen=employer.id, expected="served or not, and once"
            )
        seen.add(employer.id)
    for one in served:
        for day in one.days:
            if not before.until <= day < after.since:
                raise InputError(
                    "a day of service outside the time between the windows",
                    where=f"evaluate served {one.employer.id}",
                    seen=str(day),
                    expected=f"a day from {before.until} to the day before {after.since}",
                )
