"""Counting on frames: tables become one row of figures per employer, as ``counting`` does for one employer."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

import narwhals as nw

from injuryprev.engine.columns import Read, lacking, read_column
from injuryprev.engine.counting import CountingPlan, Rule
from injuryprev.engine.dates import months_between, read_day
from injuryprev.engine.expressions import Engine, Expr, bool_lit, int_lit, when
from injuryprev.engine.formulas import FIELD_STEP
from injuryprev.engine.frame_comparison import compared, group_columns
from injuryprev.engine.frame_formulas import formula_reasons, input_frame
from injuryprev.engine.frame_kinds import Table
from injuryprev.engine.frame_names import KEY, REPEATED, STRADDLES, UNDATED, Columns
from injuryprev.engine.frame_schema import WHY, status_column, value_column
from injuryprev.engine.frame_tables import TableCounter, needs_cases, open_fields, placed_by_period
from injuryprev.engine.frame_words import is_edition, read_industries, says_industry
from injuryprev.engine.ir import LIMIT
from injuryprev.engine.lower import STATUS, Lowered, LoweredInput
from injuryprev.engine.reading import MISSING, OUT_OF_RANGE, TOO_FINE, UNREADABLE, read
from injuryprev.engine.stages import TEMPORARY, Staged, bound
from injuryprev.model import EDITIONS

Figure = tuple[Expr, Expr, Expr]
"""The integer of a counted input, its status, and why it could not be counted."""
_ORDINARY: Final = "ordinary"
_UNFIGURED: Final = ("no_figure", *STATUS[1:])
"""Why the figure of a record is no use, by its status."""


class FrameCounter:
    """Counts one employers' frame with its tables.

    After ``counted`` the frame holds, for every counted input, its value and status as the frame reader keeps them,
    and beside it why it could not be counted.
    """

    def __init__(
        self,
        plan: CountingPlan,
        lowered: Lowered,
        owners: Table,
        tables: Mapping[str, Table],
        incomplete: str | None = None,
    ) -> None:
        self.plan, self.lowered = plan, lowered
        self.engine = Engine(owners.frame.implementation)
        self.owners, self.schema = owners, owners.kinds
        self.kept = list(self.schema)
        self.employers = owners.frame
        self.tables, self.incomplete = tables, incomplete

    def counted(self) -> Any:
        """The employers with a value, a status and a why for every counted input."""
        frame = self._with_repeated(self.employers)
        by_table: dict[str, list[tuple[int, Rule]]] = {}
        for index, rule in enumerate(self.plan.rules):
            by_table.setdefault(rule.item.entry.from_, []).append((index, rule))
        for name, rules in by_table.items():
            if name in self.tables:
                frame = TableCounter(self.engine, self.tables, name, rules).joined(frame, self._inputs_of)
        own = {
            rule.item.name: self._figure(index, rule)
            for index, rule in enumerate(self.plan.rules)
            if rule.item.entry.from_ != "area"
        }
        return self._compared(self._bound(frame, own, "c_"), frozenset(own))

    def _with_repeated(self, frame: Any) -> Any:
        """The employers marked of which a case stands in several rows, so that it is not known what is one case."""
        if not any(self._looks_at_cases(rule) for rule in self.plan.rules):
            return frame
        cases, number = self.tables["cases"], f"{TEMPORARY}rows"
        for column in ("employer_id", "id"):
            cases.needs(column)
        rows = cases.frame.group_by("employer_id", "id").agg(nw.len().alias(number)).filter(nw.col(number) > 1)
        several = rows.group_by("employer_id").agg(nw.col(number).max().alias(REPEATED))
        return frame.join(several, left_on=KEY, right_on="employer_id", how="left")

    def _looks_at_cases(self, rule: Rule) -> bool:
        from_ = rule.item.entry.from_
        return "cases" in self.tables and (from_ == "cases" or (from_ in self.tables and needs_cases(from_, rule)))

    def _inputs_of(self, rule: Rule) -> Any:
        """What the formulas of a rule look at of the employers themselves."""
        names = rule.formulas.inputs if rule.formulas else ()
        specs = [self.lowered.inputs[name] for name in names]
        return input_frame(self.employers, specs, self.schema, self.engine) if specs else None

    def _compared(self, frame: Any, counted: frozenset[str]) -> Any:
        """What needs the figures of all employers, once every employer has its own."""
        rules = [rule for rule in self.plan.rules if rule.item.entry.from_ == "area"]
        if not rules:
            return frame
        work = {rule.item.name: group_columns(rule, self.owners, counted) for rule in rules}
        frame, groups = bound(frame, work, "b_")
        frame = frame.with_columns(*(column for made in groups.values() for column in made))
        return self._bound(frame, {rule.item.name: self._comparison(rule) for rule in rules}, "a_")

    def _comparison(self, rule: Rule) -> Staged[Figure]:
        figure = yield from compared(rule, self.lowered.inputs, self._steps, self.incomplete)
        return (yield from self._own_first(self.lowered.inputs[rule.item.name], figure))

    @staticmethod
    def _bound(frame: Any, work: Mapping[str, Staged[Figure]], prefix: str) -> Any:
        frame, made = bound(frame, work, prefix)
        columns = [
            expr.alias(column)
            for name, figure in made.items()
            for expr, column in zip(figure, (value_column(name), status_column(name), name + WHY), strict=True)
        ]
        return frame.with_columns(*columns) if columns else frame

    def _figure(self, index: int, rule: Rule) -> Staged[Figure]:
        name, entry = rule.item.name, rule.item.entry
        spec = self.lowered.inputs[name]
        if entry.from_ == "employer":
            value, status, why = yield from self._of_employer(rule, spec)
        elif entry.from_ not in self.tables:
            value, status, why = int_lit(spec.low), int_lit(MISSING), nw.lit(f"not_supplied:{name}", nw.String)
        else:
            value, status, why = yield from self._of_records(index, rule, spec)
        return (yield from self._own_first(spec, (value, status, why)))

    def _own_first(self, spec: LoweredInput, figure: Figure) -> Staged[Figure]:
        """What an employer says of itself comes before what was counted."""
        if spec.name not in self.schema:
            return figure
        value, status, why = figure
        own, own_status = yield from read_column(spec, spec.name, self.schema[spec.name], self.engine)
        [gone] = yield [lacking(spec.name, self.schema[spec.name])]
        [given] = yield [~gone]
        nothing = nw.lit(None, nw.String)
        return when(given, own, value), when(given, own_status, status), when(given, nothing, why)

    def _of_employer(self, rule: Rule, spec: LoweredInput) -> Staged[Figure]:
        name, entry = spec.name, rule.item.entry
        if entry.take == "classify":
            return (yield from self._classified(rule, spec))
        if entry.field not in self.schema:
            value, status = int_lit(spec.low), int_lit(MISSING)
        elif entry.take == "months_since":
            day = yield from read_day(entry.field, self.schema[entry.field], self.engine, self.owners.name)
            until = rule.window.until if rule.window and rule.window.until else rule.on
            [months] = yield [months_between(day, until)]
            months = when(months < 0, int_lit(0), months)
            value, status = yield from self._steps(spec, months, int_lit(1), Fraction(1))
            value, status = when(day.missing, int_lit(spec.low), value), when(day.missing, int_lit(MISSING), status)
            status = when(day.bad, int_lit(UNREADABLE), status)
        else:
            value, status = yield from read_column(spec, entry.field, self.schema[entry.field], self.engine)
        if entry.field == "kind" and spec.kind == "category" and _ORDINARY in spec.choices:
            # An employer of which nothing is said is an ordinary one, here as in the model.
            ordinary = int_lit(spec.choices.index(_ORDINARY))
            value, status = when(status == MISSING, ordinary, value), when(status == MISSING, int_lit(0), status)
        if entry.none is not None:
            none, none_status = read(spec, entry.none)
            [status] = yield [status]
            lost = status == MISSING
            value, status = when(lost, int_lit(none), value), when(lost, int_lit(none_status), status)
        [status] = yield [status]
        return value, status, nw.when(status == MISSING).then(nw.lit(f"missing:{name}", nw.String))

    def _classified(self, rule: Rule, spec: LoweredInput) -> Staged[Figure]:
        """The agency's class, else the class of the industry by the table of its edition."""
        table = rule.classification
        assert table is not None
        nothing = nw.lit(None, nw.String)
        value, status, why = int_lit(spec.low), int_lit(MISSING), nw.lit(f"missing:{spec.name}", nw.String)
        if says_industry(self.owners):
            industry = yield from read_industries(self.owners, {table.edition}.intersection(EDITIONS))
            [same] = yield [is_edition(industry, table.edition)]
            code = int_lit(-1)
            for name, codes in table.classes.items():
                code = when(industry.division.is_in(list(codes)), int_lit(int(name)), code)
            [code] = yield [code]
            [found] = yield [same & industry.sound & (code >= 0)]
            class_ = when(found, code, int_lit(0))
            inner, inner_status = yield from self._steps(spec, class_, int_lit(1), Fraction(1))
            value = when(found, inner, int_lit(spec.low))
            status = when(found, inner_status, int_lit(MISSING))
            none = nw.lit(f"other_edition:{spec.name}", nw.String)
            none = when(same, nw.lit(f"no_class:{spec.name}", nw.String), none)
            none = when(same & ~industry.sound, nw.lit(f"unreadable:{spec.name}", nw.String), none)
            why = when(found, nothing, when(industry.missing, why, none))
        if "risk_class" in self.schema:
            own, own_status = yield from read_column(spec, "risk_class", self.schema["risk_class"], self.engine)
            [gone] = yield [lacking("risk_class", self.schema["risk_class"])]
            [given] = yield [~gone]
            value, status, why = when(given, own, value), when(given, own_status, status), when(given, nothing, why)
        return value, status, why

    def _of_records(self, index: int, rule: Rule, spec: LoweredInput) -> Staged[Figure]:
        name, entry, column = spec.name, rule.item.entry, Columns(index)
        number = nw.col(column.number)
        if entry.take == "any":
            value, status = when(number > 0, int_lit(1), int_lit(0)), int_lit(0)
        elif entry.take in ("count", "persons"):
            counted = number if entry.take == "count" else nw.col(column.figure)
            value, status = yield from self._steps(spec, counted, int_lit(1), Fraction(1))
        else:
            days = nw.col(column.days)
            [safe] = yield [when(days > 0, days, int_lit(1)) if entry.take == "mean" else int_lit(1)]
            step = rule.formulas.scale if rule.formulas else FIELD_STEP
            value, status = yield from self._steps(spec, nw.col(column.figure), safe, step, rule)
        faults: list[tuple[Expr, str]] = []
        if entry.take != "any":
            if entry.none is None:
                faults.append((number == 0, "no_record"))
            else:
                none, none_status = read(spec, entry.none)
                value = when(number == 0, int_lit(none), value)
                status = when(number == 0, int_lit(none_status), status)
        if entry.take in ("sum", "mean", "min", "max") and rule.formulas is None:
            faults += [(nw.col(column.unfigured) == code, fault) for code, fault in enumerate(_UNFIGURED, start=1)]
        if entry.take == "persons":
            faults.append((nw.col(column.unnamed) > 0, "field"))
        if entry.take == "mean" and rule.window is not None and placed_by_period(rule):
            faults.append((nw.col(column.overlap) > 0, "overlap"))
            if entry.partial == "refuse":
                faults.append(((number > 0) & (nw.col(column.days) != rule.window.days), "partial"))
        [doubts] = yield [self._doubts(index, rule)]
        settled = number > 0 if entry.take == "any" else bool_lit(value=False)
        doubtful = ~settled & (doubts != "")
        why: Expr = nw.lit(None, nw.String)
        if rule.formulas is not None:
            texts = yield formula_reasons(index, rule, self.lowered.inputs)
            for text in reversed(texts):
                why = when(text != "", text.str.slice(2), why)
        for wrong, code in reversed(faults):
            why = when(wrong, nw.lit(f"{code}:{name}", nw.String), why)
        [why] = yield [when(doubtful, doubts.str.slice(2), why)]
        if self._looks_at_cases(rule):
            # As with typed objects, where an employer with two cases of one key is refused.
            repeated = nw.lit(f"repeated:{name}", nw.String)
            [why] = yield [when(~nw.col(REPEATED).is_null(), repeated, why)]
        lost = ~why.is_null()
        return when(lost, int_lit(spec.low), value), when(lost, int_lit(MISSING), status), why

    def _doubts(self, index: int, rule: Rule) -> Expr:
        """Why some record may or may not count, each reason once."""
        column, name = Columns(index), rule.item.name
        holds = [(nw.col(column.unplaced) == STRADDLES, "straddles"), (nw.col(column.unplaced) == UNDATED, "undated")]
        holds = holds if placed_by_period(rule) else holds[1:]
        holds += [(nw.col(f"{column.unclear}{place}") > 0, "field") for place in range(len(open_fields(rule)))]
        parts = [when(one, nw.lit(f"; {code}:{name}", nw.String), nw.lit("", nw.String)) for one, code in holds]
        return nw.concat_str(*parts) if len(parts) > 1 else parts[0]

    def _steps(
        self, spec: LoweredInput, num: Expr, den: Expr, unit: Fraction, rule: Rule | None = None
    ) -> Staged[Read]:
        """``num / den`` of ``unit`` as steps of the input, rounded first where the rule rounds."""
        rounding = rule.item.entry.round if rule else None
        if rounding is not None:
            share = unit / rounding.to
            top, bottom = yield [num * int_lit(share.numerator), den * int_lit(share.denominator)]
            whole = yield from self._rounded(top, bottom, rounding.mode)
            return (yield from self._steps(spec, whole, int_lit(1), rounding.to))
        share = unit / spec.step
        top, bottom = yield [num * int_lit(share.numerator), den * int_lit(share.denominator)]
        [steps] = yield [self.engine.floordiv(top, bottom, low=-LIMIT, high=LIMIT)]
        [rest] = yield [top - steps * bottom]
        outside = (steps < spec.low) | (steps > spec.high) | ((steps == spec.high) & (rest != 0))
        [status] = yield [when(outside, int_lit(OUT_OF_RANGE), when(rest != 0, int_lit(TOO_FINE), int_lit(0)))]
        return when(status == 0, steps, int_lit(spec.low)), status

    def _rounded(self, top: Expr, bottom: Expr, mode: str) -> Staged[Expr]:
        """Round as the law says, the size of a number first and then its sign."""
        [size] = yield [when(top < 0, -top, top)]
        [whole] = yield [self.engine.floordiv(size, bottom, low=0, high=LIMIT)]
        [twice] = yield [(size - whole * bottom) * 2]
        one, zero = int_lit(1), int_lit(0)
        if mode == "half_up":
            whole = whole + when(twice >= bottom, one, zero)
        elif mode == "half_even":
            odd = self.engine.floordiv(whole, 2, low=0, high=LIMIT) * 2 != whole
            whole = whole + when((twice > bottom) | ((twice == bottom) & odd), one, zero)
        elif mode == "up":
            whole = whole + when(twice > 0, one, zero)
        [whole] = yield [whole]
        return when(top < 0, -whole, whole)
