"""Counting on frames: tables become one row of figures per employer, as ``counting`` does for one employer."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

import narwhals as nw

from injuryprev.engine.columns import Read, read_column
from injuryprev.engine.counting import CountingPlan, Rule
from injuryprev.engine.dates import months_between, read_day
from injuryprev.engine.expressions import Engine, Expr, bool_lit, int_lit, when
from injuryprev.engine.formulas import FIELD_STEP
from injuryprev.engine.frame_comparison import compared, group_columns
from injuryprev.engine.frame_formulas import formula_reasons, input_frame
from injuryprev.engine.frame_names import KEY, Columns
from injuryprev.engine.frame_schema import WHY, status_column, value_column
from injuryprev.engine.frame_tables import TableCounter, open_fields, placed_by_period
from injuryprev.engine.ir import LIMIT
from injuryprev.engine.lower import Lowered, LoweredInput
from injuryprev.engine.reading import MISSING, OUT_OF_RANGE, TOO_FINE, read
from injuryprev.engine.stages import Staged, bound

Figure = tuple[Expr, Expr, Expr]
"""The integer of a counted input, its status, and why it could not be counted."""
_ORDINARY: Final = "ordinary"


class FrameCounter:
    """Counts one employers' frame with its tables.

    After ``counted`` the frame holds, for every counted input, its value and status as the frame reader keeps them,
    and beside it why it could not be counted.
    """

    def __init__(
        self,
        plan: CountingPlan,
        lowered: Lowered,
        employers: Any,
        key: str,
        tables: Mapping[str, Any],
        incomplete: str | None = None,
    ) -> None:
        self.plan, self.lowered = plan, lowered
        self.engine = Engine(employers.implementation)
        self.schema = employers.collect_schema()
        self.kept = list(self.schema.names())
        self.employers = employers.with_columns(nw.col(key).alias(KEY))
        self.tables, self.incomplete = tables, incomplete

    def counted(self) -> Any:
        """The employers with a value, a status and a why for every counted input."""
        frame = self.employers
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
        groups = [column for rule in rules for column in group_columns(rule, self.schema, counted)]
        work = {rule.item.name: self._comparison(rule) for rule in rules}
        return self._bound(frame.with_columns(*groups), work, "a_")

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
        [given] = yield [self._given(spec.name)]
        nothing = nw.lit(None, nw.String)
        return when(given, own, value), when(given, own_status, status), when(given, nothing, why)

    def _given(self, column: str) -> Expr:
        given = ~nw.col(column).is_null()
        return given & ~nw.col(column).is_nan() if self.schema[column].is_float() else given

    def _of_employer(self, rule: Rule, spec: LoweredInput) -> Staged[Figure]:
        name, entry = spec.name, rule.item.entry
        if entry.take == "classify":
            return (yield from self._classified(rule, spec))
        if entry.field not in self.schema:
            value, status = int_lit(spec.low), int_lit(MISSING)
        elif entry.take == "months_since":
            day = yield from read_day(entry.field, self.schema[entry.field], self.engine)
            until = rule.window.until if rule.window and rule.window.until else rule.on
            [months] = yield [months_between(day, until)]
            months = when(months < 0, int_lit(0), months)
            value, status = yield from self._steps(spec, months, int_lit(1), Fraction(1))
            value, status = when(day.missing, int_lit(spec.low), value), when(day.missing, int_lit(MISSING), status)
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
        if "industry" in self.schema and "industry_edition" in self.schema:
            industry, edition = nw.col("industry").cast(nw.String), nw.col("industry_edition").cast(nw.String)
            division, known, same = yield [
                industry.fill_null("").str.replace_all(r"^[A-T]", "").str.slice(0, 2),
                ~industry.is_null(),
                edition.fill_null("").is_in([table.edition, table.edition[-4:]]),
            ]
            code = int_lit(-1)
            for name, codes in table.classes.items():
                code = when(division.is_in(list(codes)), int_lit(int(name)), code)
            [code] = yield [code]
            [found] = yield [same & (code >= 0)]
            class_ = when(found, code, int_lit(0))
            inner, inner_status = yield from self._steps(spec, class_, int_lit(1), Fraction(1))
            value = when(found, inner, int_lit(spec.low))
            status = when(found, inner_status, int_lit(MISSING))
            none = when(
                same, nw.lit(f"no_class:{spec.name}", nw.String), nw.lit(f"other_edition:{spec.name}", nw.String)
            )
            why = when(found, nothing, when(known, none, why))
        if "risk_class" in self.schema:
            own, own_status = yield from read_column(spec, "risk_class", self.schema["risk_class"], self.engine)
            [given] = yield [self._given("risk_class")]
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
            faults.append((nw.col(column.unfigured) > 0, "no_figure"))
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
        lost = ~why.is_null()
        return when(lost, int_lit(spec.low), value), when(lost, int_lit(MISSING), status), why

    def _doubts(self, index: int, rule: Rule) -> Expr:
        """Why some record may or may not count, each reason once."""
        column, name = Columns(index), rule.item.name
        codes = ["straddles" if placed_by_period(rule) else "undated", *("field" for _ in open_fields(rule))]
        columns = [column.unplaced, *(f"{column.unclear}{place}" for place in range(len(codes) - 1))]
        parts = [
            when(nw.col(flag) > 0, nw.lit(f"; {code}:{name}", nw.String), nw.lit("", nw.String))
            for flag, code in zip(columns, codes, strict=True)
        ]
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
