"""Tables of records summed up by employer: what every counting rule needs of them, in one pass over each table.

Distinct persons take a pass of their own.  Days and figures are integers here, so that every engine adds up the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import narwhals as nw

from injuryprev.engine.columns import Read, read_column, settled
from injuryprev.engine.counting import Rule
from injuryprev.engine.dates import Day, day_number, read_day
from injuryprev.engine.expressions import Engine, Expr, Writer, bool_lit, int_lit, when
from injuryprev.engine.formulas import FIELD_STEP
from injuryprev.engine.frame_formulas import FrameFormulas
from injuryprev.engine.frame_kinds import Table, key_sort
from injuryprev.engine.frame_names import HAS_CASE, KEY, STRADDLES, UNDATED, Columns, flagged
from injuryprev.engine.frame_words import ground_key, read_grounds, unlisted, word
from injuryprev.engine.lower import InputShape, LoweredInput
from injuryprev.engine.reading import MISSING, UNREADABLE
from injuryprev.engine.stages import TEMPORARY, Staged, bound
from injuryprev.policy.records import KINDS
from injuryprev.units import Period
from injuryprev.unknown import Reason

FOREVER: Final = 10**7
"""A number greater than that of any day."""
_LARGEST: Final = 10**16
_OF_CASE: Final = (
    "ground", "death", "disease", "grade", "occurred_on", "recognised_on", "died_on", "accident", "worker",
)  # fmt: skip
_CASE_FIELDS: Final = frozenset({"item", *_OF_CASE[1:]})
_CLOSED: Final = ("exposure", "contributions")
_PLACING: Final = ("undated", "straddles")


def open_fields(rule: Rule) -> list[tuple[Reason, Any]]:
    """What can leave the condition of a rule open, in the order in which a reader of one record states it."""
    if rule.condition is None:
        return []
    faults = rule.condition.truth.faults
    return sorted(faults.items(), key=lambda fault: (fault[0].code not in _PLACING, fault[0].code, fault[0].words.en))


def placed_by_period(rule: Rule) -> bool:
    """Whether records lie in time by their period, not by a date."""
    return rule.item.entry.dated in ("", "period") and rule.item.entry.from_ != "events"


class TableCounter:
    """Passes over one table for all the rules that count it."""

    def __init__(self, engine: Engine, tables: Mapping[str, Table], name: str, rules: list[tuple[int, Rule]]) -> None:
        self.engine, self.name, self.rules = engine, name, rules
        self.supplied = tables.keys()
        table = tables[name]
        table.needs("employer_id")
        items = any("item" in _fields(rule) for _, rule in rules)
        if name == "cases" and items:
            table = _with_grounds(engine, table)
        elif name == "payments" and "cases" in tables and any(needs_cases(name, rule) for _, rule in rules):
            cases = tables["cases"]
            table = _with_cases(table, _with_grounds(engine, cases) if items else cases)
        self.source, self.schema, self.table = table, table.kinds, table.frame
        self.days: Mapping[str, Day] = {}
        self.figures: Mapping[str, Read] = {}
        self.fields: Mapping[str, Read] = {}

    def joined(self, frame: Any, inputs: Callable[[Rule], Any]) -> Any:
        """The employers with the totals of this table; where an employer has no record they are zero.

        Args:
            frame: The employers.
            inputs: The given inputs that the formulas of a rule look at, as a frame by employer.
        """
        table = self._several() if self.name == "exposure" else self._ready(self.table, several=True)
        totals = [total for index, rule in self.rules for total in self._totals(index, rule)]
        frame = _joined(frame, table.group_by("employer_id").agg(*totals))
        for index, rule in self.rules:
            if rule.item.entry.take == "persons":
                frame = self._with_persons(frame, table, Columns(index))
            if rule.formulas is not None:
                chosen = table.filter(nw.col(Columns(index).chosen) == 1)
                fields = {spec.name: self.fields[f"{index}e_{spec.name}"] for spec in rule.formulas.stages[0].specs}
                formulas = FrameFormulas(self.engine, index, rule, fields, self.schema, self.name)
                frame = _joined(frame, formulas.totals(chosen, inputs(rule)))
        return frame

    def _with_persons(self, frame: Any, table: Any, column: Columns) -> Any:
        """The employers with the number of different workers; without a column for them nobody is named."""
        if "worker" not in self.schema:
            return frame.with_columns(int_lit(0).alias(column.figure))
        people = table.filter(nw.col(column.chosen) == 1).select("employer_id", "worker").unique()
        return _joined(frame, people.group_by("employer_id").agg(nw.len().alias(column.figure)))

    def _several(self) -> Any:
        """The records ready to be summed; only where an employer has several can they overlap or state for another."""
        number = f"{TEMPORARY}records"
        many = self.table.group_by("employer_id").agg(nw.len().alias(number)).filter(nw.col(number) > 1)
        many = many.select("employer_id")
        alone = self._ready(self.table.join(many, on="employer_id", how="anti"), several=False)
        together = self._ready(self.table.join(many, on="employer_id", how="semi"), several=True)
        made = alone.collect_schema().names()
        names = [name for name in together.collect_schema().names() if name in made]
        return nw.concat([alone.select(*names), together.select(*names)])

    def _ready(self, table: Any, *, several: bool) -> Any:
        table = self._read(table)
        for index, rule in self.rules:
            table = self._prepared(table, index, rule, several=several)
        return table

    # What the rules look at, read once for all of them

    def _read(self, table: Any) -> Any:
        days: dict[str, Staged[Day]] = {}
        figures: dict[str, Staged[Read]] = {}
        fields: dict[str, Staged[Read]] = {}
        for index, rule in self.rules:
            entry = rule.item.entry
            if placed_by_period(rule):
                self.source.needs("since")
                if self.name in _CLOSED:
                    self.source.needs("until")
            if entry.take == "persons" and "worker" in self.schema:
                key_sort(self.source, "worker")
            also = [by for by, _ in rule.also]
            for column in ("since", "until", *also) if placed_by_period(rule) else (entry.dated, "until", *also):
                if column in self.schema and column not in days:
                    kind, endless = self.schema[column], column == "until"
                    days[column] = read_day(column, kind, self.engine, self.name, open_end=endless)
            if entry.take in ("sum", "mean", "min", "max") and entry.field and entry.field in self.schema:
                spec = InputShape(entry.field, "number", FIELD_STEP, -_LARGEST, _LARGEST, None, ())
                kind = self.schema[entry.field]
                figures[entry.field] = read_column(spec, entry.field, kind, self.engine, self.name)
            for field in rule.condition.specs if rule.condition else ():
                fields[f"{index}_{field.name}"] = self._field(field)
            for field in rule.formulas.stages[0].specs if rule.formulas else ():
                fields[f"{index}e_{field.name}"] = self._field(field)
        table, self.days = bound(table, days, f"{self.name}_d")
        table, self.figures = bound(table, figures, f"{self.name}_f")
        table, self.fields = bound(table, fields, f"{self.name}_w")
        return table

    def _field(self, spec: LoweredInput) -> Staged[Read]:
        column = "ground" if spec.name == "item" else spec.name
        if column not in self.schema:
            return int_lit(spec.low), int_lit(MISSING)
        if spec.kind != "category":
            return (yield from read_column(spec, column, self.schema[column], self.engine, self.name))
        # A word that the condition does not name is some other word, and no fault as long as there is such a word.
        text = word(self.source, column)
        [filled] = yield [text.fill_null("")]
        code = int_lit(len(spec.choices) - 1)
        for place, choice in enumerate(spec.choices[:-1]):
            code = when(filled == choice, int_lit(place), code)
        [none] = yield [unlisted(filled, KINDS[self.name].fields[spec.name].choices)]
        return (yield from settled(spec, text.is_null(), code, [(none, UNREADABLE)]))

    # What each record is to one rule

    def _prepared(self, table: Any, index: int, rule: Rule, *, several: bool) -> Any:
        column, entry = Columns(index), rule.item.entry
        table, holds, open_ = self._condition(table, index, rule)
        unclear: Expr = bool_lit(value=False)
        for fault in open_:
            unclear = unclear | fault
        figure, status = self.figures.get(entry.field, (int_lit(0), int_lit(MISSING)))
        placed, unplaced, lost, start, stop = self._placed(rule)
        for by, window in rule.also:
            within, open_by = self._dated(by, window, rule)
            placed, unplaced = placed & within, ((placed | unplaced) & open_by) | (unplaced & (within | open_by))
        if several and entry.from_ == "exposure" and entry.field:
            table, says_nothing = self._says_nothing(table, index, rule, status)
            placed, unplaced = placed & ~says_nothing, unplaced & ~(says_nothing & ~lost)
        made = [
            flagged(placed & ~unclear & holds).alias(column.chosen),
            when(unplaced & (unclear | holds), when(lost, int_lit(UNDATED), int_lit(STRADDLES)), int_lit(0)).alias(
                column.unplaced
            ),
            *(
                flagged((placed | unplaced) & fault).alias(f"{column.unclear}{place}")
                for place, fault in enumerate(open_)
            ),
        ]
        if entry.take == "persons":
            unnamed = nw.col("worker").is_null() if "worker" in self.schema else bool_lit(value=True)
            made.append(flagged(placed & ~unclear & holds & unnamed).alias(column.unnamed))
        table = table.with_columns(*made)
        chosen = nw.col(column.chosen)
        if entry.take not in ("sum", "mean", "min", "max") or rule.formulas is not None:
            return table
        weighted = entry.take == "mean" and placed_by_period(rule) and rule.window is not None
        sound, days = when(status == 0, figure, int_lit(0)), (stop - start) if weighted else int_lit(1)
        made = [when(chosen == 1, status, int_lit(0)).cast(nw.Int64).alias(column.unfigured)]
        if entry.take in ("min", "max"):
            made.append(nw.when(chosen == 1).then(sound).alias(column.figure))
        else:
            made.append(when(chosen == 1, sound * days, int_lit(0)).alias(column.figure))
        if entry.take == "mean":
            made.append(when(chosen == 1, days, int_lit(0)).alias(column.days))
        table = table.with_columns(*made)
        if weighted and not several:
            return table.with_columns(int_lit(0).alias(column.overlap))
        return self._overlapping(table, column, start, stop) if weighted else table

    @staticmethod
    def _overlapping(table: Any, column: Columns, start: Expr, stop: Expr) -> Any:
        """Where a chosen record begins before one that began earlier has ended."""
        chosen, order = nw.col(column.chosen) == 1, (_SINCE, _END)
        table = table.with_columns(start.alias(_SINCE), when(chosen, stop, int_lit(0)).alias(_END))
        table = table.with_columns(nw.col(_END).cum_max().over("employer_id", order_by=order).alias(_LATEST))
        table = table.with_columns(
            nw.col(_LATEST).shift(1).over("employer_id", order_by=order).fill_null(0).alias(_LATEST)
        )
        return table.with_columns(flagged(chosen & (nw.col(_LATEST) > nw.col(_SINCE))).alias(column.overlap))

    def _placed(self, rule: Rule) -> tuple[Expr, Expr, Expr, Expr, Expr]:
        """Whether a record counts by its place, whether that cannot be told, and that for want of a day; its first day
        and its end within.
        """
        entry, window = rule.item.entry, rule.window
        zero = int_lit(0)
        end = self.days.get("until")
        if placed_by_period(rule):
            since = self.days["since"].number
            until = int_lit(FOREVER) if end is None else when(end.missing, int_lit(FOREVER), end.number)
            nowhere = self.days["since"].missing
            last = day_number(rule.on) + 1 if window is None or window.until is None else day_number(window.until)
            if self.name in _CLOSED:
                nowhere = nowhere | (bool_lit(value=True) if end is None else end.missing)
            else:
                nowhere = nowhere | (_no_end(end) & (since < last))
            if window is None or window.until is None:
                return (since < last) & (until >= last) & ~nowhere, nowhere, nowhere, zero, zero
            first = day_number(window.since)
            start, stop = when(since > first, since, int_lit(first)), when(until < last, until, int_lit(last))
            inside = (start < stop) & ~nowhere
            if entry.take != "sum":
                return inside, nowhere, nowhere, start, stop
            within = (since >= first) & (until <= last)
            return inside & within, nowhere | (inside & ~within), nowhere, start, stop
        placed, undated = self._dated(entry.dated, window, rule)
        return placed, undated, bool_lit(value=True), zero, zero

    def _dated(self, by: str, window: Period | None, rule: Rule) -> Read:
        """Whether a record counts by one of its dates, and whether that cannot be told."""
        never, left_out = bool_lit(value=False), rule.item.entry.undated == "left out"
        day, end = self.days.get(by), self.days.get("until")
        if day is None:
            # That no day is recorded is known of a record only where there is a column for it.
            of_case = self.name == "payments" and by != "paid_on"
            without_cases = of_case and "cases" not in self.supplied
            return never, never if left_out and without_cases else bool_lit(value=True)
        undated = day.bad if left_out else day.missing
        if window is not None and window.until is not None:
            placed = (day.number >= day_number(window.since)) & (day.number < day_number(window.until))
            return placed & ~day.missing, undated
        on = day_number(rule.on)
        begun = (day.number <= on) & ~day.missing
        if end is None:
            return never, undated | begun
        return begun & ~end.bad & (end.missing | (end.number > on)), undated | (begun & end.bad)

    def _says_nothing(self, table: Any, index: int, rule: Rule, status: Expr) -> tuple[Any, Expr]:
        """Where a record lacks the figure for days for which others state it.

        The periods that state it are joined where they touch; a record lacks nothing if one such stretch holds it.
        """
        prefix = f"{TEMPORARY}{index}_s_"
        since, until = self.days["since"].number, self.days["until"].number
        if rule.window is not None and rule.window.until is not None:
            first, last = day_number(rule.window.since), day_number(rule.window.until)
            start, stop = when(since > first, since, int_lit(first)), when(until < last, until, int_lit(last))
        else:
            start, stop = since, until
        names = ("silent", "at", "end", "reach", "before", "stretch", "last")
        silent, at, end, reach, before, stretch, last_ = (f"{prefix}{name}" for name in names)
        order = (at, silent)

        def over(expr: Expr) -> Expr:
            return expr.over("employer_id", order_by=order)

        table = table.with_columns(flagged(status == MISSING).alias(silent))
        stated = nw.col(silent) == 0
        table = table.with_columns(when(stated, since, start).alias(at), when(stated, until, int_lit(0)).alias(end))
        table = table.with_columns(over(nw.col(end).cum_max()).alias(reach))
        table = table.with_columns(over(nw.col(reach).shift(1)).fill_null(0).alias(before))
        table = table.with_columns(flagged(stated & (nw.col(at) > nw.col(before))).alias(before))
        table = table.with_columns(over(nw.col(before).cum_sum()).alias(stretch))
        table = table.with_columns(nw.col(end).max().over("employer_id", stretch).alias(last_))
        return table, ~stated & (nw.col(stretch) > 0) & (nw.col(last_) >= stop)

    def _condition(self, table: Any, index: int, rule: Rule) -> tuple[Any, Expr, list[Expr]]:
        """Whether the condition holds, and for each reason for which that may be open, whether it is."""
        if rule.condition is None:
            return table, bool_lit(value=True), []

        def leaf(kind: str, name: str) -> Expr:
            value, status = self.fields[f"{index}_{name}"]
            if kind == "bad":
                return status != 0
            return value == 1 if kind == "flag" else value

        open_ = [node for _, node in open_fields(rule)]
        writer = Writer([rule.condition.truth.node, *open_, *open_], leaf, self.engine, f"{index}w_")
        table = writer.stages(table)
        return table, writer.expr(rule.condition.truth.node), [writer.expr(node) for node in open_]

    # What is made of them

    def _totals(self, index: int, rule: Rule) -> list[Expr]:
        column, take = Columns(index), rule.item.entry.take
        chosen = nw.col(column.chosen)
        highest = [column.unplaced, *(f"{column.unclear}{place}" for place in range(len(open_fields(rule))))]
        totals = [chosen.sum().alias(column.number)]
        if rule.formulas is not None:
            return [*totals, *(nw.col(name).max().alias(name) for name in highest)]
        if take in ("sum", "mean", "min", "max"):
            figure = nw.col(column.figure)
            totals.append((figure.sum() if take in ("sum", "mean") else getattr(figure, take)()).alias(column.figure))
        if take in ("sum", "mean", "min", "max"):
            highest.append(column.unfigured)
        if take == "persons":
            highest.append(column.unnamed)
        if take == "mean":
            totals.append(nw.col(column.days).sum().alias(column.days))
            if placed_by_period(rule) and rule.window is not None:
                highest.append(column.overlap)
        return [*totals, *(nw.col(name).max().alias(name) for name in highest)]


_SINCE: Final = f"{TEMPORARY}since"
_END: Final = f"{TEMPORARY}end"
_LATEST: Final = f"{TEMPORARY}latest"


def _fields(rule: Rule) -> list[str]:
    """What a rule looks at of a record, and by what it places it and puts it together."""
    fields = [spec.name for spec in rule.condition.specs] if rule.condition is not None else []
    if rule.formulas is not None:
        fields += [spec.name for spec in rule.formulas.stages[0].specs]
        fields += [key for key in rule.formulas.keys if key != "case"]
    return [*fields, rule.item.entry.dated, *(by for by, _ in rule.also)]


def needs_cases(name: str, rule: Rule) -> bool:
    """Whether a rule looks at what the cases of payments say."""
    return name == "payments" and bool(set(_fields(rule)) & _CASE_FIELDS)


def _no_end(end: Day | None) -> Expr:
    """Where it is not known when a record ends; that it has no end is said by a column with nothing in it."""
    return bool_lit(value=True) if end is None else end.bad


def _with_grounds(engine: Engine, cases: Table) -> Table:
    """Cases with their grounds written in one way."""
    if "ground" not in cases.kinds:
        return cases
    if engine.words_values:
        text = cases.frame.with_columns(word(cases, "ground").alias("ground"))
        frame = engine.worded(text, "ground", ground_key)
    else:
        frame, made = bound(cases.frame, {"ground": read_grounds(cases, "ground")}, "w_")
        frame = frame.with_columns(made["ground"].alias("ground"))
    return Table(cases.name, frame, {**cases.kinds, "ground": nw.String()})


def _with_cases(payments: Table, cases: Table) -> Table:
    """Payments with what their cases say; a payment whose case is not there does not say it."""
    for column in ("employer_id", "id"):
        cases.needs(column)
    if "case_id" not in payments.kinds:
        return payments
    there = [name for name in _OF_CASE if name in cases.kinds and name not in payments.kinds]
    of_case = cases.frame.select("employer_id", nw.col("id").alias("case_id"), *there, int_lit(1).alias(HAS_CASE))
    if cases.frame.implementation.is_pandas_like():  # which would match what is missing with what is missing
        of_case = of_case.filter(~nw.col("case_id").is_null())
    frame = payments.frame.join(of_case, on=["employer_id", "case_id"], how="left")
    kinds = {**payments.kinds, **{name: cases.kinds[name] for name in there}, HAS_CASE: nw.Int64()}
    return Table(payments.name, frame, kinds)


def _joined(frame: Any, totals: Any) -> Any:
    names = [name for name in totals.collect_schema().names() if name != "employer_id"]
    frame = frame.join(totals, left_on=KEY, right_on="employer_id", how="left")
    return frame.with_columns(*(nw.col(name).fill_null(0).cast(nw.Int64) for name in names))
