"""What the workers of an employer were exposed to in a period: the mean of the insured, or the hours worked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction

from injuryprev.errors import InputError
from injuryprev.model import Employer, History
from injuryprev.units import Period
from injuryprev.unknown import Reason
from injuryprev.words import Words


def each_once(area: Iterable[tuple[Employer, History]], where: str) -> Iterator[tuple[Employer, History]]:
    """The employers of an area, each of which stands once: twice, its workers and cases would count twice.

    Raises:
        InputError: An employer stands twice.
    """
    seen: set[str] = set()
    for employer, history in area:
        if employer.id in seen:
            raise InputError("an employer stands twice", where=where, seen=employer.id, expected="each employer once")
        seen.add(employer.id)
        yield employer, history


def exposure_in(employer: Employer, history: History, window: Period, name: str) -> Fraction | Reason:
    """The mean of the ``insured`` over the window, or the ``hours`` worked in it.

    Returns:
        The figure, or why it is not known: no table, hours of a period partly outside the window, or days of the window
        on which the employer was insured and which no period covers.

    >>> from injuryprev.model import Exposure
    >>> year = Period.year(2024)
    >>> history = History(exposures=[Exposure("E-1", year, insured=120)])
    >>> exposure_in(Employer("E-1"), history, year, "insured")
    Fraction(120, 1)
    """
    if history.exposures is None:
        return _no_exposure("not_supplied", employer, "there is no table of exposure", "没有参保规模表")
    insured = window if employer.insured_since is None else window.intersect(Period(employer.insured_since))
    needed = 0 if insured is None else insured.days
    total, covered = Fraction(0), 0
    for row in history.exposures:
        figure: Decimal | None = getattr(row, name)
        both = row.period.intersect(window)
        if figure is None or both is None:
            continue
        if name == "hours" and both != row.period:
            return _no_exposure(
                "straddles", employer, "hours of a period partly outside the window", "工时期间跨越统计期"
            )
        total += Fraction(figure) * (both.days if name == "insured" else 1)
        # Figures of days before it was insured say nothing of the days after.
        known = None if insured is None else both.intersect(insured)
        covered += 0 if known is None else known.days
    if covered < needed:
        en = f"{name} is known for {covered} of {needed} days"
        return _no_exposure("incomplete", employer, en, f"{needed}天中仅有{covered}天的数据")
    return total / window.days if name == "insured" else total


def _no_exposure(code: str, employer: Employer, en: str, zh: str) -> Reason:
    return Reason(code, "exposure", Words(f"employer {employer.id}: {en}", f"单位{employer.id}：{zh}"))
