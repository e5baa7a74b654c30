"""Counting on frames: tables of records become one row of figures per employer, as ``counting`` does for one employer.

Every table is passed over once for its sums, counts and extremes; distinct persons take a pass of their own.  Dates
become day numbers and figures become integers, so that every engine adds up the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

import narwhals as nw

from injuryprev.engine.columns import read_column, settled
from injuryprev.engine.counting import CountingPlan, Rule
from injuryprev.engine.dates import day_number, months_between, read_day
from injuryprev.engine.expressions import TEMPORARY, Engine, Expr, Writer, when
from injuryprev.engine.frame import WHY, status_column, value_column
from injuryprev.engine.lower import InputShape, Lowered, LoweredInput
from injuryprev.engine.reading import read
from injuryprev.errors import InputError, nearest

TABLES: Final = ("cases", "payments", "contributions", "exposure", "events", "recognitions")
KEY: Final = f"{TEMPORARY}employer"
_STEP: Final = Fraction(1, 10_000)
_LARGEST: Final = 10**16
_FOREVER: Final = 10**7
_OF_CASE: Final = ("ground", "death", "disease", "grade")


def int_lit(value: int) -> Expr:
    """A fixed integer."""
    return nw.lit(value, nw.Int64)


class FrameCounter:
    """Counts one employers' frame with its tables.

    After ``counted`` the frame holds, for every counted input, its value and status as the frame reader keeps them,
    and beside it why it could not be counted.
    """

    def __init__(self, plan: CountingPlan, lowered: Lowered, employers: Any, tables: Mapping[str, Any]) -> None:
        unknown = [name for name in tables if name not in TABLES]
        if unknown:
            raise InputError(
                "there is no such table", where="count_frames", seen=unknown[0], expected=nearest(unknown[0], TABLES)
            )
        self.plan, self.lowered = plan, lowered
        self.engine = Engine(employers.implementation)
        self.schema = employers.collect_schema()
        self.kept = list(self.schema.names())
        key = next((name for name in ("employer_id", "id") if name in self.schema), None)
        if key is None:
            raise InputError(
                "the employers have no key", where="count_frames employers", expected="a column employer_id or id"
            )
        self.employers = employers.with_columns(nw.col(key).alias(KEY))
        self.tables = {name: table for name, table in tables.items() if table is not None}

    def counted(self) -> Any:
        """The employers with a value, a status and a why for every counted input."""
        frame = self.employers
        by_table: dict[str, list[tuple[int, Rule]]] = {}
        for index, rule in enumerate(self.plan.rules):
            by_table.setdefault(rule.item.entry.from_, []).append((index, rule))
        for name, rules in by_table.items():
            if name in self.tables:
                frame = _TableCounter(self, name, rules).joined(frame)
        made: list[Expr] = []
        for index, rule in enumerate(self.plan.rules):
            made += self._figure(index, rule)
        return frame.with_columns(*made)

    def _figure(self, index: int, rule: Rule) -> list[Expr]:
        name, entry = rule.item.name, rule.item.entry
        spec = self.lowered.inputs[name]
        if entry.from_ == "employer":
            value, status, why = self._of_employer(rule, spec)
        elif entry.from_ not in self.tables:
            value, status, why = int_lit(spec.low), int_lit(1), nw.lit(f"not_supplied:{name}", nw.String)
        else:
            value, status, why = self._of_records(index, rule, spec)
        if name in self.schema:  # what an employer says of itself comes before what was counted
            own, own_status = read_column(spec, name, self.schema[name], self.engine)
            given = ~nw.col(name).is_null()
            value, status = when(given, own, value), when(given, own_status, status)
            why = when(given, nw.lit(None, nw.String), why)
        return [value.alias(value_column(name)), status.alias(status_column(name)), why.alias(name + WHY)]

    def _of_employer(self, rule: Rule, spec: LoweredInput) -> tuple[Expr, Expr, Expr]:
        name, entry = spec.name, rule.item.entry
        if entry.take == "classify":
            return self._classified(rule, spec)
        if entry.field not in self.schema:
            value, status = (int_lit(spec.low), int_lit(1))
        elif entry.take == "months_since":
            day = read_day(entry.field, self.schema[entry.field], self.engine)
            until = rule.window.until if rule.window and rule.window.until else rule.on
            months = months_between(day, until)
            value, status = self._steps(spec, when(months < 0, int_lit(0), months), int_lit(1), Fraction(1))
            value, status = when(day.missing, int_lit(spec.low), value), when(day.missing, int_lit(1), status)
        else:
            value, status = read_column(spec, entry.field, self.schema[entry.field], self.engine)
        if entry.none is not None:
            none, none_status = read(spec, entry.none)
            value, status = when(status == 1, int_lit(none), value), when(status == 1, int_lit(none_status), status)
        return value, status, nw.when(status == 1).then(nw.lit(f"missing:{name}", nw.String))

    def _classified(self, rule: Rule, spec: LoweredInput) -> tuple[Expr, Expr, Expr]:
        """The agency's class, else the class of the industry by the table of its edition."""
        table = rule.classification
        assert table is not None
        nothing = nw.lit(None, nw.String)
        value, status, why = int_lit(spec.low), int_lit(1), nw.lit(f"missing:{spec.name}", nw.String)
        if "industry" in self.schema and "industry_edition" in self.schema:
            industry, edition = nw.col("industry").cast(nw.String), nw.col("industry_edition").cast(nw.String)
            division = industry.fill_null("").str.replace_all(r"^[A-T]", "").str.slice(0, 2)
            code = int_lit(-1)
            for name, codes in table.classes.items():
                code = when(division.is_in(list(codes)), int_lit(int(name)), code)
            same = edition.fill_null("") == table.edition
            known, found = ~industry.is_null(), same & (code >= 0)
            inner, inner_status = self._steps(spec, when(found, code, int_lit(spec.low)), int_lit(1), Fraction(1))
            value = when(found, inner, int_lit(spec.low))
            status = when(found, inner_status, int_lit(1))
            none = when(
                same, nw.lit(f"no_class:{spec.name}", nw.String), nw.lit(f"other_edition:{spec.name}", nw.String)
            )
            why = when(found, nothing, when(known, none, why))
        if "risk_class" in self.schema:
            own, own_status = read_column(spec, "risk_class", self.schema["risk_class"], self.engine)
            given = ~nw.col("risk_class").is_null()
            value, status, why = when(given, own, value), when(given, own_status, status), when(given, nothing, why)
        return value, status, why

    def _of_records(self, index: int, rule: Rule, spec: LoweredInput) -> tuple[Expr, Expr, Expr]:
        name, entry = spec.name, rule.item.entry
        column = _Columns(index)
        number = nw.col(column.number)
        if entry.take == "any":
            value, status = when(number > 0, int_lit(1), int_lit(0)), int_lit(0)
        elif entry.take in ("count", "persons"):
            value, status = self._steps(spec, nw.col(column.figure), int_lit(1), Fraction(1))
        elif entry.take == "mean":
            days = nw.col(column.days)
            safe = when(days > 0, days, int_lit(1))
            value, status = self._steps(spec, nw.col(column.figure), safe, _STEP, rule)
        else:
            value, status = self._steps(spec, nw.col(column.figure), int_lit(1), _STEP, rule)
        faults: list[tuple[Expr, str]] = [
            (nw.col(column.unplaced) > 0, "straddles" if entry.dated in ("", "period") else "undated"),
            (nw.col(column.unclear) > 0, "field"),
        ]
        if entry.take != "any":
            if entry.none is None:
                faults.append((number == 0, "no_record"))
            else:
                none, none_status = read(spec, entry.none)
                value = when(number == 0, int_lit(none), value)
                status = when(number == 0, int_lit(none_status), status)
        if entry.take in ("sum", "mean", "min", "max"):
            faults.append((nw.col(column.unfigured) > 0, "no_figure"))
        if entry.take == "mean" and rule.window is not None:
            faults.append((nw.col(column.overlap) > 0, "overlap"))
            if entry.partial == "refuse":
                faults.append(((number > 0) & (nw.col(column.days) != rule.window.days), "partial"))
        why: Expr = nw.lit(None, nw.String)
        for wrong, code in reversed(faults):
            why = when(wrong, nw.lit(f"{code}:{name}", nw.String), why)
            value, status = when(wrong, int_lit(spec.low), value), when(wrong, int_lit(1), status)
        return value, status, why

    def _steps(
        self, spec: LoweredInput, num: Expr, den: Expr, unit: Fraction, rule: Rule | None = None
    ) -> tuple[Expr, Expr]:
        """``num / den`` of ``unit`` as steps of the input, rounded first where the rule rounds."""
        rounding = rule.item.entry.round if rule else None
        if rounding is not None:
            share = unit / rounding.to
            whole = self._rounded(num * share.numerator, den * share.denominator, rounding.mode)
            return self._steps(spec, whole, int_lit(1), rounding.to)
        share = unit / spec.step
        top, bottom = num * share.numerator, den * share.denominator
        steps = self.engine.floordiv(top, bottom, never_negative=False)
        rest = top - steps * bottom
        outside = (steps < spec.low) | (steps > spec.high) | ((steps == spec.high) & (rest != 0))
        status = when(outside, int_lit(3), when(rest != 0, int_lit(4), int_lit(0)))
        return when(status == 0, steps, int_lit(spec.low)), status

    def _rounded(self, top: Expr, bottom: Expr, mode: str) -> Expr:
        """Round as the law says, the size of a number first and then its sign."""
        size = when(top < 0, -top, top)
        whole = self.engine.floordiv(size, bottom)
        twice = (size - whole * bottom) * 2
        one, zero = int_lit(1), int_lit(0)
        if mode == "half_up":
            whole = whole + when(twice >= bottom, one, zero)
        elif mode == "half_even":
            odd = whole - self.engine.floordiv(whole, int_lit(2)) * 2
            whole = whole + when((twice > bottom) | ((twice == bottom) & (odd == 1)), one, zero)
        elif mode == "up":
            whole = whole + when(twice > 0, one, zero)
        return when(top < 0, -whole, whole)


class _Columns:
    """Names of the columns of one rule while its table is passed over."""

    def __init__(self, index: int) -> None:
        for name in ("number", "unplaced", "unclear", "unfigured", "figure", "days", "overlap", "chosen"):
            setattr(self, name, f"{TEMPORARY}{index}_{name}")

    number: str
    unplaced: str
    unclear: str
    unfigured: str
    figure: str
    days: str
    overlap: str
    chosen: str


class _TableCounter:
    """Passes over one table for all the rules that count it."""

    def __init__(self, counter: FrameCounter, name: str, rules: list[tuple[int, Rule]]) -> None:
        self.engine, self.name, self.rules = counter.engine, name, rules
        table = counter.tables[name]
        if name == "payments" and any(set(_fields(rule)) & _CASE_FIELDS for _, rule in rules):
            table = self._with_cases(table, counter.tables.get("cases"))
        self.schema = table.collect_schema()
        if "employer_id" not in self.schema:
            raise InputError(
                "records have no key of an employer",
                where=f"count_frames {name}",
                seen=", ".join(self.schema.names()),
                expected="a column employer_id",
            )
        self.table = table

    def _with_cases(self, payments: Any, cases: Any) -> Any:
        """Payments with what their cases say; a payment whose case is not there does not say it."""
        if cases is None:
            return payments
        there = [name for name in _OF_CASE if name in cases.collect_schema()]
        of_case = cases.select(nw.col("id").alias("case_id"), *there)
        return payments.join(of_case, on="case_id", how="left")

    def joined(self, frame: Any) -> Any:
        """The employers with the totals of this table; where an employer has no record they are zero."""
        table = self.table
        for index, rule in self.rules:
            table = self._prepared(table, index, rule)
        totals = [total for index, rule in self.rules for total in self._totals(index, rule)]
        grouped = table.group_by("employer_id").agg(*totals)
        names = [name for name in grouped.collect_schema().names() if name != "employer_id"]
        frame = frame.join(grouped, left_on=KEY, right_on="employer_id", how="left")
        frame = frame.with_columns(*(nw.col(name).fill_null(0).cast(nw.Int64) for name in names))
        for index, rule in self.rules:
            if rule.item.entry.take == "persons":
                frame = self._with_persons(frame, table, index)
        return frame

    def _with_persons(self, frame: Any, table: Any, index: int) -> Any:
        column = _Columns(index)
        people = table.filter(nw.col(column.chosen) == 1).select("employer_id", "worker").unique()
        counted = people.group_by("employer_id").agg(nw.len().cast(nw.Int64).alias(column.figure))
        frame = frame.join(counted, left_on=KEY, right_on="employer_id", how="left")
        return frame.with_columns(nw.col(column.figure).fill_null(0).cast(nw.Int64))

    def _prepared(self, table: Any, index: int, rule: Rule) -> Any:
        """What each record is to one rule, in columns of integers."""
        column, entry = _Columns(index), rule.item.entry
        placed, unplaced, days = self._placed(rule)
        holds, unclear = nw.lit(value=True, dtype=nw.Boolean), nw.lit(value=False, dtype=nw.Boolean)
        if rule.condition is not None:
            table, holds, unclear = self._condition(table, index, rule)
        chosen = placed & ~unclear & holds
        made = [
            _flagged(chosen).alias(column.chosen),
            _flagged(unplaced).alias(column.unplaced),
            _flagged(placed & unclear).alias(column.unclear),
        ]
        if entry.take in ("sum", "mean", "min", "max"):
            if entry.field in self.schema:
                spec = InputShape(entry.field, "number", _STEP, -_LARGEST, _LARGEST, None, ())
                figure, status = read_column(spec, entry.field, self.schema[entry.field], self.engine)
            else:
                figure, status = int_lit(0), int_lit(1)
            made += [
                when(status == 0, figure, int_lit(0)).alias(column.figure),
                _flagged(chosen & (status != 0)).alias(column.unfigured),
            ]
        if entry.take == "mean":
            made.append((days if days is not None else int_lit(1)).alias(column.days))
        table = table.with_columns(*made)
        if entry.take == "mean" and days is not None:
            table = self._overlaps(table, column)
        return table

    def _overlaps(self, table: Any, column: _Columns) -> Any:
        """Where a chosen record begins before the one before it has ended."""
        since, until = (read_day(name, self.schema[name], self.engine).number for name in ("since", "until"))
        end = f"{column.overlap}_end"
        table = table.with_columns(
            since.alias(column.overlap), when(nw.col(column.chosen) == 1, until, int_lit(0)).alias(end)
        )
        before = nw.col(end).shift(1).over("employer_id", order_by=column.overlap).fill_null(0)
        overlaps = (nw.col(column.chosen) == 1) & (before > nw.col(column.overlap))
        return table.with_columns(_flagged(overlaps).alias(column.overlap))

    def _placed(self, rule: Rule) -> tuple[Expr, Expr, Expr | None]:
        """Whether a record lies in the window, whether that cannot be told, and for a period its days within."""
        entry, window = rule.item.entry, rule.window
        never = nw.lit(value=False, dtype=nw.Boolean)
        if (entry.dated or "period") == "period":
            since = read_day("since", self.schema["since"], self.engine).number
            end = read_day("until", self.schema["until"], self.engine)
            until = when(end.missing, int_lit(_FOREVER), end.number)
            if window is None or window.until is None:
                on = day_number(rule.on)
                return (since <= on) & (until > on), never, None
            first, last = day_number(window.since), day_number(window.until)
            start = when(since > first, since, int_lit(first))
            stop = when(until < last, until, int_lit(last))
            inside = start < stop
            if entry.take == "sum":
                within = (since >= first) & (until <= last)
                return inside & within, inside & ~within, stop - start
            return inside, never, stop - start
        day = read_day(entry.dated, self.schema[entry.dated], self.engine)
        undated = never if entry.undated == "left out" else day.missing
        if window is not None and window.until is not None:
            placed = (day.number >= day_number(window.since)) & (day.number < day_number(window.until))
            return placed & ~day.missing, undated, None
        on = day_number(rule.on)
        placed = day.number <= on
        if "until" in self.schema:
            end = read_day("until", self.schema["until"], self.engine)
            placed = placed & (end.missing | (end.number > on))
        return placed & ~day.missing, undated, None

    def _condition(self, table: Any, index: int, rule: Rule) -> tuple[Any, Expr, Expr]:
        condition = rule.condition
        assert condition is not None
        prefix = f"{TEMPORARY}{index}c_"
        read_in = []
        for spec in condition.specs:
            value, status = self._field(spec)
            read_in += [value.alias(f"{prefix}v_{spec.name}"), status.alias(f"{prefix}s_{spec.name}")]

        def leaf(kind: str, name: str) -> Expr:
            if kind == "bad":
                return nw.col(f"{prefix}s_{name}") != 0
            value = nw.col(f"{prefix}v_{name}")
            return value == 1 if kind == "flag" else value

        roots = [condition.truth.node, *condition.truth.faults.values()]
        writer = Writer(roots, leaf, self.engine, f"{index}w_")
        table = writer.stages(table.with_columns(*read_in) if read_in else table)
        unclear = nw.lit(value=False, dtype=nw.Boolean)
        for fault in condition.truth.faults.values():
            unclear = unclear | writer.expr(fault)
        return table, writer.expr(condition.truth.node), unclear

    def _field(self, spec: LoweredInput) -> tuple[Expr, Expr]:
        column = "ground" if spec.name == "item" else spec.name
        if column not in self.schema:
            return int_lit(spec.low), int_lit(1)
        if spec.kind != "category":
            return read_column(spec, column, self.schema[column], self.engine)
        # A word that the condition does not name is some other word, not a fault.
        word = nw.col(column).cast(nw.String)
        code = int_lit(len(spec.choices) - 1)
        for place, choice in enumerate(spec.choices[:-1]):
            code = when(word.fill_null("") == choice, int_lit(place), code)
        return settled(spec, word.is_null(), code, [])

    def _totals(self, index: int, rule: Rule) -> list[Expr]:
        column, take = _Columns(index), rule.item.entry.take
        chosen = nw.col(column.chosen)
        totals = [
            chosen.sum().alias(column.number),
            nw.col(column.unplaced).max().alias(column.unplaced),
            nw.col(column.unclear).max().alias(column.unclear),
        ]
        figure = f"{TEMPORARY}{index}_figure"
        if take == "count":
            totals.append(chosen.sum().alias(figure))
        elif take in ("sum", "mean"):
            weight = nw.col(column.days) if take == "mean" else 1
            totals.append((nw.col(figure) * chosen * weight).sum().alias(figure))
        elif take in ("min", "max"):
            only = nw.when(chosen == 1).then(nw.col(figure))
            totals.append((only.min() if take == "min" else only.max()).alias(figure))
        if take in ("sum", "mean", "min", "max"):
            totals.append(nw.col(column.unfigured).max().alias(column.unfigured))
        if take == "mean":
            totals.append((nw.col(column.days) * chosen).sum().alias(column.days))
            if rule.window is not None:
                totals.append(nw.col(column.overlap).max().alias(column.overlap))
        return totals


_CASE_FIELDS: Final = frozenset({"item", "death", "disease", "grade"})


def _fields(rule: Rule) -> list[str]:
    return [spec.name for spec in rule.condition.specs] if rule.condition is not None else []


def _flagged(condition: Expr) -> Expr:
    return when(condition, int_lit(1), int_lit(0))
