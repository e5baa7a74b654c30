"""Counting typed objects: the records of one employer become the figures of a policy, each with how it was counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

import attrs

from injuryprev.engine.comparison import Comparison, shapes_of
from injuryprev.engine.conditions import Condition
from injuryprev.engine.figures import Counted, counted_words, formula_words, placed_words
from injuryprev.engine.formulas import RecordFormulas
from injuryprev.engine.ir import WidthError
from injuryprev.engine.windows import window_on
from injuryprev.errors import InjuryprevError, ProfileError
from injuryprev.model import Employer, Exposure, History, InjuryCase
from injuryprev.policy.document import Counting
from injuryprev.policy.records import KINDS
from injuryprev.policy.rules import Item, Rules
from injuryprev.units import Period, exact, round_to, whole_months
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words


class CountingPlan:
    """The counting rules of one day, made ready once: windows placed, conditions compiled."""

    def __init__(self, rules: Rules) -> None:
        self.rules = tuple(Rule(rules, item) for name, item in rules.counting.items() if name in rules.inputs)

    def count(
        self, employer: Employer, history: History, given: Mapping[str, object] | None = None
    ) -> dict[str, Counted]:
        """Work out every counted input for one employer.

        A figure that cannot be known is an ``Unknown`` with its reason: a table that was not supplied, a record
        without the date it counts by, exposure for a part of the window only.

        Args:
            employer: Whose records they are.
            history: The records.
            given: What is given for inputs that formulas over records look at, before what the employer says of itself.
        """
        cases = {case.id: case for case in history.cases or ()}
        inputs = {**employer.facts, **(given or {})}
        return {rule.item.name: _Counter(rule, employer, history, cases, inputs).counted() for rule in self.rules}

    def count_area(
        self,
        area: Iterable[tuple[Employer, History]],
        given: Iterable[Mapping[str, object] | None] = (),
        incomplete: Collection[str] = (),
    ) -> list[dict[str, Counted]]:
        """Work out every counted input for every employer of an area, the figures to compare with among them.

        What one employer's records cannot tell, ``count`` leaves unknown with the reason ``needs_area``.

        Args:
            area: Employers with their histories.
            given: For each, what is given for its inputs, before what it says of itself.
            incomplete: Ids of employers whose records are known not to be all; what they come to is their own affair,
                but to a comparison their figures are unknown. One that is not in ``area`` is of no group that is known.
        """
        pairs = list(area)
        figures = list(given) or [None] * len(pairs)
        counted = [self.count(*pair, one) for pair, one in zip(pairs, figures, strict=True)]
        employers = [employer for employer, _ in pairs]
        # What is given comes before what an employer says of itself, and that before what was counted, here too.
        own = [
            {**{name: figure.value for name, figure in one.items()}, **employer.facts, **(stated or {})}
            for employer, one, stated in zip(employers, counted, figures, strict=True)
        ]
        partly = frozenset(incomplete)
        unseen = len(partly.difference(employer.id for employer in employers))
        for rule in self.rules:
            if rule.shapes is not None:
                comparison = Comparison(rule.item, rule.shapes, unseen)
                groups = [
                    comparison.add(employer, one, whole=employer.id not in partly)
                    for employer, one in zip(employers, own, strict=True)
                ]
                for group, one in zip(groups, counted, strict=True):
                    one[rule.item.name] = comparison.of(group)
        return counted

    @property
    def compares(self) -> tuple[str, ...]:
        """The counted inputs that need all employers of an area."""
        return tuple(rule.item.name for rule in self.rules if rule.shapes is not None)


class Rule:
    """One counting rule made ready: its window on the day, its condition, its industry table."""

    def __init__(self, rules: Rules, item: Item[Counting]) -> None:
        entry = item.entry
        # Past the coverage the last rules known are used, but they look back from the day that was asked for.
        self.item, self.on = item, rules.on
        self.window = window_on(rules.windows[entry.window].entry, self.on) if entry.window else None
        fields = KINDS[entry.from_].fields
        self.also = tuple(
            (placed.dated, window_on(rules.windows[placed.window].entry, self.on)) for placed in entry.also
        )
        with _placed_at(item, "where"):
            self.condition = None if entry.where is None else Condition(entry.where, fields, item.name)
        with _placed_at(item, "each"):
            self.formulas = None if entry.each is None else RecordFormulas(rules, item, fields)
        self.shapes = shapes_of(rules, entry) if entry.from_ == "area" else None
        used = self.formulas.parameters if self.formulas else ()
        self.cited = (*item.cited, *(one for name in used for one in rules.parameters[name].cited))
        self.classification = rules.classifications[entry.classification].entry if entry.classification else None


@contextmanager
def _placed_at(item: Item[Counting], key: str) -> Iterator[None]:
    """Tells where the rule is written whose figures are too wide."""
    try:
        yield
    except WidthError as error:
        place = f"{item.place}.{key}"
        file, _, path = place.partition(" @ ")
        problem = InjuryprevError(error.what, where=place, seen=error.seen, expected=error.expected)
        raise ProfileError(file if path else place, [problem]) from None


_TABLES: Final = {"exposure": "exposures"}
"""Tables whose name in a history is not the one in a profile."""

Row = tuple[Any, Mapping[str, object]]
"""A record and the fields a condition may look at."""


class _Counter:
    def __init__(
        self,
        rule: Rule,
        employer: Employer,
        history: History,
        cases: Mapping[str, InjuryCase],
        given: Mapping[str, object],
    ) -> None:
        self.rule, self.item, self.entry, self.given = rule, rule.item, rule.item.entry, given
        self.window, self.on = rule.window, rule.on
        self.employer, self.history, self.cases = employer, history, cases

    def counted(self) -> Counted:
        value, words = self._value()
        if isinstance(value, Fraction) and self.entry.round is not None:
            value = round_to(value, self.entry.round.to, self.entry.round.mode)
        return Counted(value, words, self.rule.cited, self.item)

    def unknown(self, code: str, en: str, zh: str) -> tuple[Unknown, Words]:
        name = self.item.name
        return Unknown((Reason(code, name, Words(f"{name}: {en}", f"{name}：{zh}")),)), Words()

    def _value(self) -> tuple[object, Words]:
        if self.entry.from_ == "employer":
            return self._of_employer()
        if self.entry.from_ == "area":
            who = f"all employers of the same {self.entry.over}" if self.entry.over else "all employers"
            return self.unknown("needs_area", f"is worked out from {who}", "须由全部用人单位的数据计算")
        table = getattr(self.history, _TABLES.get(self.entry.from_, self.entry.from_))
        if table is None:
            return self.unknown(
                "not_supplied", f"no table of {self.entry.from_} was supplied", f"未提供 {self.entry.from_} 表"
            )
        chosen: list[Row] = []
        doubts: dict[Reason, None] = {}
        for row in self._rows(table):
            counts = self._counts(row)
            if isinstance(counts, Unknown):
                doubts.update(dict.fromkeys(counts.reasons))
            elif counts:
                chosen.append(row)
        # A record that may count leaves every figure open but one: whether there is any, one that does settles.
        if doubts and not (self.entry.take == "any" and chosen):
            return _doubtful(doubts), Words()
        return self._taken(chosen)

    # Which records count

    def _rows(self, table: tuple[Any, ...]) -> Iterator[Row]:
        for record in self._stating(table) if self.entry.from_ == "exposure" else table:
            if self.entry.from_ == "cases":
                yield record, {**_case_fields(record), "days_lost": record.days_lost}
            elif self.entry.from_ == "payments":
                of_case = _case_fields(self.cases.get(record.case_id))
                yield record, {"amount": record.amount, "kind": record.kind, **of_case}
            else:
                yield record, {field.name: getattr(record, field.name) for field in attrs.fields(type(record))}

    def _stating(self, exposures: tuple[Exposure, ...]) -> Iterator[Any]:
        """Leave out what says nothing of the figure for days of the window for which other records state it.

        Wages by the month and hours by the year are two sets of records, neither of which lacks anything.
        """
        field = self.entry.field
        stated = sorted(record.period for record in exposures if field and getattr(record, field) is not None)
        for record in exposures:
            if not field or getattr(record, field) is not None:
                yield record
                continue
            within = record.period.intersect(self.window) if self.window else record.period
            if within and not _covered(within, stated):
                yield record

    def _counts(self, row: Row) -> bool | Unknown:
        """Whether a record counts: it lies where the rule looks, and its condition holds; either may settle it."""
        placed = self._placed_also(row[0])
        if placed is False or self.rule.condition is None:
            return placed
        holds = self.rule.condition.holds(row[1])
        if holds is False or placed is True:
            return holds
        return placed if holds is True else Unknown((*_reasons(placed), *_reasons(holds)))

    def _placed_also(self, record: Any) -> bool | Unknown:
        """Whether a record lies where the rule looks by every date that it names."""
        found = [self._placed(record), *(self._dated(record, by, window) for by, window in self.rule.also)]
        if False in found:
            return False
        return next((placed for placed in found if placed is not True), True)

    def _placed(self, record: Any) -> bool | Unknown:
        """Whether a record lies in the window, or without one is in force on the day."""
        by = self.entry.dated or "period"
        if by == "period":
            return self._period_placed(record)
        return self._dated(record, by, self.window)

    def _dated(self, record: Any, by: str, window: Period | None) -> bool | Unknown:
        of_case = self.entry.from_ == "payments" and by != "paid_on"
        day: dt.date | None = getattr(self._case_of(record) if of_case else record, by, None)
        if day is None:
            told = f"{'cases' if of_case else self.entry.from_}.{by}" not in self.history.unsaid
            if told and self.entry.undated == "left out":
                return False
            return self.unknown("undated", f"a record has no {by}", f"有记录没有 {by}")[0]
        if window is not None:
            return day in window
        until = getattr(record, "until", None)
        return day <= self.on and (until is None or self.on < until)

    def _case_of(self, record: Any) -> InjuryCase | None:
        return record if isinstance(record, InjuryCase) else self.cases.get(record.case_id)

    def _period_placed(self, record: Any) -> bool | Unknown:
        period: Period = record.period
        if self.window is None:
            return self.on in period
        shared = period.intersect(self.window)
        if shared is None:
            return False
        if shared != period and self.entry.take == "sum":
            return self.unknown(
                "straddles",
                f"a record over {period} lies partly outside {self.window}",
                f"记录期间 {period} 部分超出 {self.window}",
            )[0]
        return True

    # What is made of them

    def _taken(self, rows: list[Row]) -> tuple[object, Words]:
        entry, many = self.entry, len(rows)
        placed = placed_words(entry, self.window, self.on)
        words = counted_words(entry, many, placed)
        if entry.take == "any":
            return bool(rows), words
        if not rows:
            if entry.none is not None:
                return entry.none, words
            return self.unknown("no_record", f"no {entry.from_} {placed.en}", f"没有{placed.zh}的 {entry.from_} 记录")
        if entry.take == "count":
            return many, words
        if entry.take == "persons":
            return len({record.worker for record, _ in rows}), words
        if self.rule.formulas is not None:
            return self._of_formulas(self.rule.formulas, rows, placed)
        figures = [fields[entry.field] for _, fields in rows]
        if any(figure is None for figure in figures):
            return self.unknown("no_figure", f"a record has no {entry.field}", f"有记录缺少 {entry.field}")
        numbers = [exact(figure, where=entry.field) for figure in figures]
        if entry.take == "mean":
            return self._mean(rows, numbers, words)
        made = {"sum": sum(numbers, Fraction(0)), "min": min(numbers), "max": max(numbers)}
        return made[entry.take], words

    def _of_formulas(self, formulas: RecordFormulas, rows: list[Row], placed: Words) -> tuple[object, Words]:
        worked = formulas.worked(((fields, self._groups_of(record)) for record, fields in rows), self.given)
        if isinstance(worked, Unknown):
            return worked, Words()
        made = {"sum": sum(worked), "min": min(worked), "max": max(worked)}[self.entry.take]
        return made * formulas.scale, formula_words(
            self.entry, len(worked), counted_words(self.entry, len(rows), placed)
        )

    def _groups_of(self, record: Any) -> dict[str, str | None]:
        """What a record is of: its case, the accident that its case is of (if need be, alone), and its worker."""
        case = self._case_of(record) if self.entry.from_ in ("payments", "cases") else None
        if case is None:
            return {"case": getattr(record, "case_id", None), "accident": None, "worker": None}
        accident = f"one of many {case.accident}" if case.accident is not None else f"alone {case.id}"
        return {"case": case.id, "accident": accident, "worker": case.worker}

    def _mean(self, rows: list[Row], numbers: list[Fraction], words: Words) -> tuple[object, Words]:
        """The mean: of records with a date plain; of periods weighted by days, which must not overlap, and must fill
        the window unless a part will do.
        """
        if self.window is None or self.entry.dated not in ("", "period"):
            return sum(numbers, Fraction(0)) / len(numbers), words
        parts = sorted(
            ((record.period.intersect(self.window), number) for (record, _), number in zip(rows, numbers, strict=True)),
            key=lambda part: part[0].since,
        )
        for (first, _), (second, _) in pairwise(parts):
            if second.since < first.until:
                return self.unknown("overlap", f"records overlap from {second.since}", f"记录自 {second.since} 起重叠")
        days = sum(part.days for part, _ in parts)
        if days != self.window.days and self.entry.partial == "refuse":
            return self.unknown(
                "partial",
                f"records fill {days} of the {self.window.days} days of {self.window}",
                f"记录仅覆盖 {self.window} 的 {self.window.days} 天中的 {days} 天",
            )
        return sum((part.days * number for part, number in parts), Fraction(0)) / days, words

    # The employer itself

    def _of_employer(self) -> tuple[object, Words]:
        entry = self.entry
        if entry.take == "classify":
            return self._classified()
        value = getattr(self.employer, entry.field)
        if value is None:
            if entry.none is not None:
                return entry.none, Words()
            return self.unknown("missing", f"the employer has no {entry.field}", f"单位缺少 {entry.field}")
        if entry.take == "months_since":
            until = self.window.until if self.window else self.on
            assert until is not None
            months = max(whole_months(value, until), 0)
            return months, Words(f"whole months from {value} to {until}", f"{value} 至 {until} 的整月数")
        return value, Words(f"{entry.field} of the employer", "单位登记信息")

    def _classified(self) -> tuple[object, Words]:
        employer = self.employer
        if employer.risk_class is not None:
            return employer.risk_class, Words("settled by the agency", "经办机构核定")
        table, industry = self.rule.classification, employer.industry
        assert table is not None
        if industry is None:
            return self.unknown("missing", "the employer has neither class nor industry", "单位既无类别也无行业代码")
        if industry.edition != table.edition:
            return self.unknown(
                "other_edition",
                f"industry {industry.code} is coded by {industry.edition}, the table by {table.edition}; "
                "codes of one edition are not read by another, since some digits mean other industries there; "
                "give the class or the code of that edition",
                f"行业代码 {industry.code} 按 {industry.edition} 编码，而分类表按 {table.edition}；"
                "请提供类别或该版本的代码",
            )
        for name, codes in table.classes.items():
            if industry.division in codes:
                words = Words(
                    f"industry {industry.division} of {table.edition}", f"{table.edition} 行业 {industry.division}"
                )
                return int(name) if name.isdigit() else Decimal(name), words
        return self.unknown(
            "no_class", f"industry {industry.code} is in no class", f"行业 {industry.code} 不在分类表中"
        )


def _case_fields(case: InjuryCase | None) -> dict[str, object]:
    if case is None:
        return {"item": None, "death": None, "disease": None, "grade": None}
    item = None if case.ground is None else case.ground.key
    return {"item": item, "death": case.death, "disease": case.disease, "grade": case.grade}


def _reasons(doubt: bool | Unknown) -> tuple[Reason, ...]:
    return doubt.reasons if isinstance(doubt, Unknown) else ()


_PLACING: Final = ("undated", "straddles")


def _doubtful(doubts: Iterable[Reason]) -> Unknown:
    """The reasons in one order whatever that of the records: those of place first, one record for each of them."""
    ordered = sorted(doubts, key=lambda reason: (reason.code not in _PLACING, reason.code, reason.words.en))
    first = {reason.code: reason for reason in reversed(ordered)}
    return Unknown(tuple(one for one in ordered if one.code not in _PLACING or one is first[one.code]))


def _covered(period: Period, stated: list[Period]) -> bool:
    """Whether periods in their order, none of them open, hold every day of another."""
    day = period.since
    for other in stated:
        if other.since > day:
            break
        day = max(day, other.until or day)
    return period.until is not None and day >= period.until
