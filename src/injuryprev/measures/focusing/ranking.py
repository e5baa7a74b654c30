"""Focus: where injuries concentrate, without small units topping the list by chance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Final

import attrs

from injuryprev.errors import InputError, nearest
from injuryprev.measures.focusing.listing import CRITERIA, Criterion, Focus
from injuryprev.measures.focusing.units import TITLES_OF_FIGURES, FocusRow, FocusUnit, unknown
from injuryprev.measures.quotients import quotient
from injuryprev.measures.statistics.shrinkage import Around
from injuryprev.units import Number, exact, shown
from injuryprev.unknown import Unknown
from injuryprev.words import Words

_USES_EXPOSURE: Final = ("rate", "excess")
_ONE: Final = Fraction(1)
Shrunk = Mapping[str | None, tuple[float, float | None, float | None]]


def focus(
    units: Iterable[FocusUnit],
    *,
    criterion: Criterion = "rate",
    shrinkage: bool = True,
    minimum_exposure: Number | None = None,
    minimum_cases: int = 0,
    per: int = 1000,
    level: float = 0.95,
    intervals: Around = "plug-in",
) -> Focus:
    """Rank units by one criterion.

    Args:
        units: What is ranked; a key stands once.
        criterion: ``burden`` (cases), ``rate``, ``excess`` (cases over those expected at the rate of the group),
            ``severity`` (days lost by case), ``deaths`` or ``lost_days``.
        shrinkage: For rate and excess, draw each unit's ratio towards its group's by how little there is to know it by
            (empirical Bayes; needs the extra ``stats``).  Without it small units stand at both ends by chance.  How the
            units spread is found by moments, and by likelihood where the moments show nothing.
        minimum_exposure: For rate and excess, units with less are listed without a place; they still count in the rate
            of the group.
        minimum_cases: The same for severity, by the number of cases.
        per: The base in which rates are said in words.
        level: The level of the intervals.
        intervals: ``"plug-in"``, or ``"kass-steffey"`` for intervals that allow for a group whose spread is itself only
            estimated, and for its estimate by likelihood; with few units the plug-in ones are too narrow.

    Returns:
        The list.  Every unit is in it; one that cannot be ranked has no place and says why.  It does not depend on the
        order of the units.

    Raises:
        InputError: A key twice, a criterion that is none, or no base.

    >>> found = focus([FocusUnit("A", 3, 10), FocusUnit("B", 40, 2000), FocusUnit("C", 10, None)], shrinkage=False)
    >>> [(row.rank, row.unit.key) for row in found.rows]
    [(1, 'A'), (2, 'B'), (None, 'C')]
    >>> found.rows[2].why
    ('missing:exposure',)
    """
    if criterion not in CRITERIA:
        raise InputError("no such criterion", where="focus", seen=criterion, expected=nearest(criterion, CRITERIA))
    if exact(per, where="focus per") < 1 or exact(per).denominator != 1:
        raise InputError("a rate is per a positive number", where="focus per", seen=per, expected="such as 1000")
    ordered = _ordered(units)
    least = Fraction(0) if minimum_exposure is None else exact(minimum_exposure, where="focus minimum_exposure")
    for name, asked in (
        ("minimum_exposure", least),
        ("minimum_cases", exact(minimum_cases, where="focus minimum_cases")),
    ):
        if asked < 0:
            raise InputError("less than nothing", where=f"focus {name}", seen=shown(asked), expected="zero or more")
    group_rates = _group_rates(ordered)
    all_cases = sum((unit.cases for unit in ordered if isinstance(unit.cases, Fraction)), Fraction(0))
    drawn: Shrunk = {}
    how: Words | None = None
    if shrinkage and criterion in _USES_EXPOSURE:
        drawn, how = _shrunk(ordered, group_rates, level, intervals)
    rows = [_row(unit, criterion, group_rates, all_cases, drawn, least, minimum_cases) for unit in ordered]
    return Focus(
        criterion=criterion,
        rows=tuple(_placed(rows)),
        cases=all_cases,
        rate=_pooled(ordered),
        per=int(exact(per)),
        shrinkage=how,
        notes=tuple(_notes(ordered, criterion, how)),
    )


def _ordered(units: Iterable[FocusUnit]) -> list[FocusUnit]:
    ordered = sorted(units, key=lambda unit: (unit.key is None, unit.key or ""))
    for first, second in pairwise(ordered):
        if first.key == second.key:
            raise InputError("a unit stands twice", where="focus", seen=first.key, expected="one unit for each key")
    return ordered


def _measured(unit: FocusUnit) -> tuple[Fraction, Fraction] | None:
    """Cases and exposure, where there is a rate."""
    if isinstance(unit.cases, Unknown) or isinstance(unit.exposure, Unknown) or not unit.exposure:
        return None
    return unit.cases, unit.exposure


def _pooled(units: Iterable[FocusUnit]) -> Fraction | Unknown:
    known = [one for unit in units if (one := _measured(unit)) is not None]
    exposure = sum((at for _, at in known), Fraction(0))
    return quotient(sum((cases for cases, _ in known), Fraction(0)), exposure, _ONE, "exposure")


def _group_rates(units: list[FocusUnit]) -> dict[str, Fraction | Unknown]:
    groups: dict[str, list[FocusUnit]] = {}
    for unit in units:
        groups.setdefault(unit.within, []).append(unit)
    return {name: _pooled(members) for name, members in groups.items()}


def _shrunk(
    units: list[FocusUnit], rates: Mapping[str, Fraction | Unknown], level: float, intervals: Around
) -> tuple[Shrunk, Words | None]:
    usable = []
    for unit in units:
        measured, rate = _measured(unit), rates[unit.within]
        if measured is not None and isinstance(rate, Fraction) and rate > 0:
            usable.append((unit.key, int(measured[0]), measured[1] * rate))
    if len(usable) < 2:
        return {}, None
    from injuryprev.measures.statistics import shrink  # noqa: PLC0415  # SciPy is loaded when something is shrunk

    cases, expected = [cases for _, cases, _ in usable], [expected for _, _, expected in usable]
    found = shrink(cases, expected, level=level)
    how = found.words
    if intervals != "plug-in" or found.prior is None:  # where many units are tiny, their moments hide a spread
        by_likelihood = shrink(cases, expected, method="likelihood", intervals=intervals, level=level)
        how = by_likelihood.words if by_likelihood.prior is None else _by_likelihood(by_likelihood.words)
        found = by_likelihood
    drawn: dict[str | None, tuple[float, float | None, float | None]] = {}
    for (key, _, _), ratio, interval in zip(usable, found.ratios, found.intervals, strict=True):
        if not isinstance(ratio, Unknown):
            ends = (None, None) if isinstance(interval, Unknown) else (interval.low, interval.high)
            drawn[key] = (float(f"{ratio:.12g}"), *ends)  # equal ratios shall be equal, whatever the last bits
    return drawn, how


def _by_likelihood(words: Words) -> Words:
    return Words(f"{words.en} (by likelihood)", f"{words.zh}（最大似然估计）")


def _row(
    unit: FocusUnit,
    criterion: Criterion,
    rates: Mapping[str, Fraction | Unknown],
    all_cases: Fraction,
    drawn: Shrunk,
    least: Fraction,
    minimum_cases: int,
) -> FocusRow:
    rate = quotient(unit.cases, unit.exposure, _ONE, "exposure", TITLES_OF_FIGURES["exposure"])
    expected = _expected(unit, rates[unit.within])
    excess = _minus(unit.cases, expected)
    severity = quotient(unit.lost_days, unit.cases, _ONE, "cases", TITLES_OF_FIGURES["cases"])
    shrunk, low, high = drawn.get(unit.key, (None, None, None))
    values: dict[Criterion, Fraction | float | Unknown] = {
        "burden": unit.cases,
        "rate": rate,
        "excess": excess,
        "severity": severity,
        "deaths": unit.deaths,
        "lost_days": unit.lost_days,
    }
    value = values[criterion]
    if shrunk is not None and isinstance(expected, Fraction) and isinstance(unit.exposure, Fraction):
        # The rate of its group times the shrunken ratio; of the excess, the part that is not chance.
        value = shrunk * float(expected / unit.exposure) if criterion == "rate" else (shrunk - 1) * float(expected)
    return FocusRow(
        unit=unit,
        rank=None,
        value=value,
        share=quotient(unit.cases, all_cases, _ONE, "cases") if all_cases else unknown(*_NO_CASES),
        rate=rate,
        expected=expected,
        excess=excess,
        ratio=quotient(unit.cases, expected, _ONE, "expected"),
        shrunk=shrunk,
        low=low,
        high=high,
        severity=severity,
        small=_small(unit, criterion, least, minimum_cases),
        small_by="cases" if criterion == "severity" else "exposure",
    )


_NO_CASES: Final = ("division_by_zero", "share", "there are no cases at all", "没有任何案件")


def _expected(unit: FocusUnit, rate: Fraction | Unknown) -> Fraction | Unknown:
    if isinstance(unit.exposure, Unknown):
        return unit.exposure
    return rate if isinstance(rate, Unknown) else unit.exposure * rate


def _minus(cases: Fraction | Unknown, expected: Fraction | Unknown) -> Fraction | Unknown:
    if isinstance(cases, Unknown):
        return cases
    return expected if isinstance(expected, Unknown) else cases - expected


def _small(unit: FocusUnit, criterion: Criterion, least: Fraction, minimum_cases: int) -> Words | None:
    if criterion in _USES_EXPOSURE and isinstance(unit.exposure, Fraction) and unit.exposure < least:
        size, need = f"{float(unit.exposure):,.10g}", f"{float(least):,.10g}"
        return Words(
            f"not ranked: an exposure of {size} is less than the {need} asked for",
            f"不予排序：参保规模{size}，低于设定的{need}",
        )
    if criterion == "severity" and isinstance(unit.cases, Fraction) and unit.cases < minimum_cases:
        cases = int(unit.cases)
        return Words(
            f"not ranked: {cases} cases are fewer than the {minimum_cases} asked for",
            f"不予排序：{cases}件，少于设定的{minimum_cases}件",
        )
    return None


def _placed(rows: list[FocusRow]) -> list[FocusRow]:
    """Places by value, then more cases, then the key; units without a place follow by their keys."""

    def by(row: FocusRow) -> tuple[Fraction | float, Fraction, str]:
        assert not isinstance(row.value, Unknown)  # noqa: S101 - those were set aside
        cases = row.unit.cases if isinstance(row.unit.cases, Fraction) else Fraction(-1)
        return -row.value, -cases, row.unit.key or ""

    with_place: list[FocusRow] = []
    without: list[FocusRow] = []
    for row in rows:
        unplaced = row.unit.key is None or row.small is not None or isinstance(row.value, Unknown)
        (without if unplaced else with_place).append(row)
    same: dict[object, list[str]] = {}
    for row in with_place:
        same.setdefault(row.value, []).append(row.unit.key or "")
    # One tuple for all of them: thousands of employers without a case are tied at zero.
    tied = {value: tuple(sorted(keys)) if len(keys) > 1 else () for value, keys in same.items()}
    placed = [
        attrs.evolve(row, rank=place, tied=tied[row.value])
        for place, row in enumerate(sorted(with_place, key=by), start=1)
    ]
    return placed + without


def _notes(units: list[FocusUnit], criterion: Criterion, how: Words | None) -> list[Words]:
    notes = [how] if how is not None else []
    lost = [unit for unit in units if _measured(unit) is None]
    if lost and criterion in _USES_EXPOSURE:
        cases = sum((int(unit.cases) for unit in lost if isinstance(unit.cases, Fraction)), 0)
        notes.append(
            Words(
                f"{len(lost)} of {len(units)} units, with {cases:,} known cases, have no rate and are not in that of "
                "all",
                f"{len(units)}个单元中有{len(lost)}个（已知案件{cases:,}件）无法计算发生率，未计入总体发生率",
            )
        )
    if any(unit.within for unit in units) and criterion in _USES_EXPOSURE:
        notes.append(
            Words(
                "expected cases are those at the rate of a unit's own group", "期望案件数按各单元所属组别的发生率计算"
            )
        )
    return notes
