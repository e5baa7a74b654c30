"""Counting by hand: what a rule makes of records, by looking at every record and every day.

Nothing here comes from the engine or its helpers: months are stepped with the calendar of the standard library, means
walk from day to day, conditions are trees of tuples.  A result is a value, or the set of codes that keep it unknown.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

import attrs

from injuryprev.model import History

Answer = Fraction | bool | frozenset[str]
Days = range
"""Days as ordinals; the end is not among them."""
Condition = tuple[Any, ...]
"""``("is", flag)``, ``("eq" | "le" | "gt", field, value)``, ``("in", field, values)``, ``("not", part)`` or
``("and" | "or", part, part)``."""

Formula = tuple[Any, ...]
"""``("num", text)``, ``("name", field)``, ``("min" | "add", a, b)``, ``("mul", text, a)``, ``("if", condition, a, b)``;
a name is a field, a sum over a group, an input named ``limit…``, or one of ``FIGURES``."""
FIGURES: Final[dict[str, Fraction | None]] = {
    "cap": Fraction(100), "lost": None, "cap_days": Fraction(30), "lost_days": None,
}  # fmt: skip
"""Figures of the law; one of them is not known."""

ALWAYS: Final = range(dt.date.max.toordinal())


@attrs.frozen
class Window:
    """A window as a profile writes it."""

    cycle: dt.date
    every: int
    length: int
    gap: int = 0
    back: int = 0

    @property
    def toml(self) -> str:
        """The entry."""
        return (
            f"{{ cycle = {self.cycle}, every = {self.every}, length = {self.length}, gap = {self.gap}, "
            f"back = {self.back} }}"
        )


@attrs.frozen
class Rule:
    """A counting rule as a profile writes it; ``to`` and ``mode`` are its rounding."""

    table: str
    take: str
    field: str = ""
    where: Condition | None = None
    dated: str = ""
    window: Window | None = None
    none: int | None = None
    partial: str = "refuse"
    undated: str = "unknown"
    to: str = ""
    mode: str = ""
    also: tuple[tuple[str, Window], ...] = ()
    per: tuple[tuple[str, dict[str, Formula]], ...] = ()
    each: Formula | None = None

    def toml(self, window: str) -> str:
        """The entry, with the name under which its window is written."""
        parts = [f'from = "{self.table}"', f'take = "{self.take}"', 'source = "law"', f'undated = "{self.undated}"']
        parts += [f'{key} = "{value}"' for key, value in (("field", self.field), ("dated", self.dated)) if value]
        if self.where is not None:
            parts.append(f'where = "{written(self.where)}"')
        if self.window is not None:
            parts.append(f'window = "{window}"')
        if self.none is not None:
            parts.append(f"none = {self.none}")
        if self.also:
            placed = (f'{{ dated = "{by}", window = "{window}_{place}" }}' for place, (by, _) in enumerate(self.also))
            parts.append(f"also = [{', '.join(placed)}]")
        if self.per:
            groups = []
            for key, sums in self.per:
                named = ", ".join(f'{name} = "{spelt(formula)}"' for name, formula in sums.items())
                groups.append(f'{{ key = "{key}", sums = {{ {named} }} }}')
            parts.append(f"per = [{', '.join(groups)}]")
        if self.each is not None:
            parts.append(f'each = "{spelt(self.each)}"')
        if self.take == "mean":
            parts.append(f'partial = "{self.partial}"')
        if self.take == "mean" or self.each is not None:
            parts.append(f'round = {{ to = {self.to}, mode = "{self.mode}" }}')
        return "{ " + ", ".join(parts) + " }"


def written(condition: Condition) -> str:
    """A condition in the language of profiles."""
    kind, *parts = condition
    if kind == "is":
        return str(parts[0])
    if kind == "not":
        return f"not ({written(parts[0])})"
    if kind in ("and", "or"):
        return f"({written(parts[0])}) {kind} ({written(parts[1])})"
    if kind == "in":
        return f"{parts[0]} in ({', '.join(_literal(value) for value in parts[1])})"
    return f"{parts[0]} {({'eq': '==', 'le': '<=', 'gt': '>'})[kind]} {_literal(parts[1])}"


def spelt(formula: Formula) -> str:
    """A formula in the language of profiles."""
    kind, *parts = formula
    if kind in ("num", "name"):
        return str(parts[0])
    if kind == "mul":
        return f"{parts[0]} * ({spelt(parts[1])})"
    if kind == "if":
        return f"if {written(parts[0])} then ({spelt(parts[1])}) else ({spelt(parts[2])})"
    left, right = (spelt(part) for part in parts)
    return f"min({left}, {right})" if kind == "min" else f"({left}) + ({right})"


def comes_to(formula: Formula, fields: dict[str, Any], limit: Any) -> Fraction | frozenset[str]:
    """The value, or the codes of what is missing of it."""
    kind, *parts = formula
    if kind == "num":
        return Fraction(parts[0])
    if kind == "name" and parts[0] in ("limit", "limit_days"):
        return _given(limit)
    if kind == "name" and parts[0] not in fields:
        figure = FIGURES[parts[0]]
        return frozenset({"not_known"}) if figure is None else figure
    if kind == "name":
        value = fields[parts[0]]
        return frozenset({"field"}) if value is None else Fraction(value)
    if kind == "if":
        true = holds(parts[0], fields)
        return frozenset({"field"}) if true is None else comes_to(parts[1 if true else 2], fields, limit)
    values = [Fraction(parts[0]) if kind == "mul" else comes_to(parts[0], fields, limit)]
    values.append(comes_to(parts[1], fields, limit))
    open_ = [value for value in values if isinstance(value, frozenset)]
    if open_:
        return frozenset().union(*open_)
    left, right = values
    return {"min": min(left, right), "add": left + right, "mul": left * right}[kind]  # type: ignore[operator]  # of numbers


def _given(limit: Any) -> Fraction | frozenset[str]:
    """The input of 0 to 1,000,000 in hundredths."""
    if limit is None:
        return frozenset({"missing"})
    value = Fraction(limit)
    if not 0 <= value <= 1_000_000:
        return frozenset({"out_of_range"})
    return frozenset({"too_fine"}) if (value * 100).denominator != 1 else value


def _literal(value: object) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value)


def holds(condition: Condition, fields: dict[str, Any]) -> bool | None:
    """By the logic of Kleene: ``None`` where what is known does not settle it."""
    kind, *parts = condition
    if kind == "not":
        inner = holds(parts[0], fields)
        return None if inner is None else not inner
    if kind in ("and", "or"):
        found = [holds(part, fields) for part in parts]
        settling = kind == "or"
        return settling if settling in found else None if None in found else not settling
    value = fields[parts[0]]
    if value is None:
        return None
    if kind == "is":
        return bool(value)
    return bool(
        {"eq": lambda: value == parts[1], "le": lambda: value <= parts[1], "gt": lambda: value > parts[1]}[kind]()
        if kind != "in"
        else value in parts[1]
    )


# Days -------------------------------------------------------------------------------------------------------------


def months_on(day: dt.date, months: int) -> dt.date:
    """The same day of another month, or its last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def days_of(window: Window, day: dt.date) -> Days:
    """The days looked back upon: walk the cycles one by one, whichever way they lie."""
    place = 0
    while months_on(window.cycle, place) > day:
        place -= window.every
    while months_on(window.cycle, place + window.every) <= day:
        place += window.every
    end = place - window.back * window.every - window.gap
    return range(months_on(window.cycle, end - window.length).toordinal(), months_on(window.cycle, end).toordinal())


def _days(record: Any) -> Days:
    until = record.period.until
    return range(record.period.since.toordinal(), until.toordinal() if until else ALWAYS.stop)


# Records ----------------------------------------------------------------------------------------------------------


def answer(rule: Rule, history: History, day: dt.date, limit: Any = None) -> Answer:
    """What the rule comes to on a day, where ``limit`` is given for the inputs named so."""
    table = getattr(history, "exposures" if rule.table == "exposure" else rule.table)
    if table is None:
        return frozenset({"not_supplied"})
    records = list(_matter(rule, table, day))
    chosen = [record for record in records if _counts(rule, record, history, day) is True]
    doubts = [found for record in records if isinstance(found := _counts(rule, record, history, day), frozenset)]
    if rule.take == "any" and (chosen or not doubts):
        return bool(chosen)
    if doubts:
        return frozenset().union(*doubts)
    if not chosen:
        return frozenset({"no_record"}) if rule.none is None else Fraction(rule.none)
    return _made(rule, chosen, day) if rule.each is None else _of_claims(rule, chosen, history, limit)


def _matter(rule: Rule, table: tuple[Any, ...], day: dt.date) -> Iterator[Any]:
    """All records; of exposure, without those that lack a figure other records state for each day that counts."""
    for record in table:
        if rule.table == "exposure" and rule.field and getattr(record, rule.field) is None:
            assert rule.window is not None
            wanted = [one for one in _days(record) if one in days_of(rule.window, day)]
            stating = [_days(other) for other in table if getattr(other, rule.field) is not None]
            if all(any(one in days for days in stating) for one in wanted):
                continue
        yield record


def _counts(rule: Rule, record: Any, history: History, day: dt.date) -> bool | frozenset[str]:
    looked = [_placed(rule, record, day), *(_dated(rule, record, by, one, history, day) for by, one in rule.also)]
    if rule.table == "payments":
        looked[0] = _dated(rule, record, rule.dated, rule.window, history, day)
    placed = False if False in looked else next((one for one in looked if one is not True), True)
    condition = True if rule.where is None else holds(rule.where, fields_of(rule.table, record, history))
    if placed is False or condition is False:
        return False
    doubts = {"field"} if condition is None else set()
    if isinstance(placed, str):
        doubts.add(placed)
    return frozenset(doubts) or True


def fields_of(table: str, record: Any, history: History) -> dict[str, Any]:
    """What a condition may look at."""
    if table == "payments":
        case = next((case for case in history.cases or () if case.id == record.case_id), None)
        of_case = (
            dict.fromkeys(("item", "death", "disease", "grade")) if case is None else fields_of("cases", case, history)
        )
        return {**of_case, "amount": record.amount, "kind": record.kind}
    fields = {field.name: getattr(record, field.name) for field in attrs.fields(type(record))}
    if table == "cases":
        fields["item"] = None if record.ground is None else f"{record.ground.article}.{record.ground.item}"
    return fields


def _placed(rule: Rule, record: Any, day: dt.date) -> bool | str:
    if rule.dated in ("", "period"):
        days = _days(record)
        if rule.window is None:
            return day.toordinal() in days
        window = days_of(rule.window, day)
        inside = days.start < window.stop and window.start < days.stop
        outside = days.start < window.start or days.stop > window.stop
        return "straddles" if inside and outside and rule.take == "sum" else inside
    return _dated(rule, record, rule.dated, rule.window, None, day)


def _dated(
    rule: Rule, record: Any, by: str, window: Window | None, history: History | None, day: dt.date
) -> bool | str:
    """By a date of the record, or for a payment of its case."""
    on = getattr(
        _case(record, history) if history and rule.table == "payments" and by != "paid_on" else record, by, None
    )
    if on is None:
        return False if rule.undated == "left out" else "undated"
    if window is not None:
        return on.toordinal() in days_of(window, day)
    until = getattr(record, "until", None)
    return bool(on <= day and not (until is not None and until <= day))


def _case(record: Any, history: History) -> Any:
    """The case that a record is of: itself, or that of a payment."""
    if hasattr(record, "occurred_on"):
        return record
    number = getattr(record, "case_id", None)
    return next((case for case in history.cases or () if case.id == number), None)


def _of_claims(rule: Rule, chosen: list[Any], history: History, limit: Any) -> Answer:
    """Records put together, stage by stage; the codes of the first stage that has any."""
    keys = [key for key, _ in rule.per]
    groups = [(_keys(record, keys, history), fields_of(rule.table, record, history)) for record in chosen]
    codes = {"no_group" for found, _ in groups if None in found}
    for _, sums in rule.per:
        added: dict[Any, dict[str, Fraction]] = {}
        for found, fields in groups:
            total = added.setdefault(found, dict.fromkeys(sums, Fraction(0)))
            for name, formula in sums.items():
                value = comes_to(formula, fields, limit)
                if isinstance(value, frozenset):
                    codes |= value
                else:
                    total[name] += value
        if codes:
            return frozenset(codes)
        groups = [(found[1:], dict[str, Any](total)) for found, total in added.items()]
    values = [comes_to(rule.each or (), fields, limit) for _, fields in groups]
    codes = codes.union(*(value for value in values if isinstance(value, frozenset)))
    if codes:
        return frozenset(codes)
    numbers = [value for value in values if isinstance(value, Fraction)]
    return rounded({"sum": sum(numbers, Fraction(0)), "min": min(numbers), "max": max(numbers)}[rule.take], rule)


def _keys(record: Any, keys: list[str], history: History) -> tuple[Any, ...]:
    case = _case(record, history)
    of = {"case": getattr(record, "case_id", None), "accident": None, "worker": None}
    if case is not None:
        of["worker"] = case.worker
        of["accident"] = ("case", case.id) if case.accident is None else ("accident", case.accident)
    return tuple(of[key] for key in keys)


def _made(rule: Rule, chosen: list[Any], day: dt.date) -> Answer:
    if rule.take == "count":
        return Fraction(len(chosen))
    if rule.take == "persons":
        return Fraction(len({record.worker for record in chosen}))
    figures = [getattr(record, rule.field) for record in chosen]
    if None in figures:
        return frozenset({"no_figure"})
    numbers = [Fraction(figure) for figure in figures]
    if rule.take != "mean":
        return {"sum": sum(numbers, Fraction(0)), "min": min(numbers), "max": max(numbers)}[rule.take]
    if rule.dated not in ("", "period"):
        return rounded(sum(numbers) / Fraction(len(numbers)), rule)
    assert rule.window is not None
    total, known, window = Fraction(0), 0, days_of(rule.window, day)
    for one in window:
        there = [number for record, number in zip(chosen, numbers, strict=True) if one in _days(record)]
        if len(there) > 1:
            return frozenset({"overlap"})
        known += len(there)
        total += sum(there)
    if known < len(window) and rule.partial == "refuse":
        return frozenset({"partial"})
    return rounded(total / known, rule)


def rounded(value: Fraction, rule: Rule) -> Fraction:
    """Of the two multiples of the step beside a value, the one that the rule means."""
    step = Fraction(rule.to)
    low = value // step * step
    if low == value:
        return value
    high, middle = low + step, low + step / 2
    if rule.mode == "half_even" and value == middle:
        return low if (low / step) % 2 == 0 else high
    upper = {"up": value > 0, "down": value < 0, "half_up": value > middle or (value == middle and value > 0)}
    return high if upper.get(rule.mode, value > middle) else low
