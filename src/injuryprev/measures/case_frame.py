"""Cases of a table counted by a standard, one row for each group, as ``counting`` counts typed cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Any, Final

import attrs
import narwhals as nw
from narwhals.dependencies import is_dask_dataframe

from injuryprev.engine.columns import Read, read_column, settled
from injuryprev.engine.conditions import Condition
from injuryprev.engine.dates import Day, day_number, read_day
from injuryprev.engine.expressions import Engine, Expr, Writer, when
from injuryprev.engine.frame_dask import by_group
from injuryprev.engine.lower import InputShape, LoweredInput
from injuryprev.engine.reading import MISSING
from injuryprev.engine.stages import TEMPORARY, Staged, bound
from injuryprev.errors import InputError
from injuryprev.measures.case_keys import FOUND, KEY, SEVERAL, each_case_once
from injuryprev.measures.counting import LOST, check_period, condition_of
from injuryprev.measures.definition import EXPOSURES, Definition, LostDays
from injuryprev.measures.frame import FINDINGS, STEP, UNKNOWN, check_free, joined
from injuryprev.units import Period

_FLAGS: Final = f"{TEMPORARY}why"
_MOST_DAYS: Final = 10**9
_PART: Final = STEP.denominator


def count_frame(definition: Definition, native: Any, *, by: Sequence[str] = (), within: Period | None = None) -> Any:
    """Count the cases of a table; :meth:`injuryprev.measures.Standard.count_frame` has the words."""
    by = (by,) if isinstance(by, str) else tuple(by)
    check_period(within, f"{definition.name}.count_frame within")
    on_dask = is_dask_dataframe(native)
    frame: Any = nw.from_native(native._meta if on_dask else native)  # noqa: SLF001  # how Dask shows an empty frame
    counter = _CaseCounter(definition, frame.implementation, frame.collect_schema(), by, within)
    once = partial(each_case_once, by=by)
    if not on_dask:
        return counter.counted(once(native))
    if KEY in counter.schema:  # a key may stand in several groups, so that it is looked at before they are apart
        native = by_group(native, (KEY,), once)
    return by_group(native, by, counter.counted)


@attrs.frozen
class _Cost:
    """Days charged for a case and days counted of it (in steps), and where neither is known."""

    charged: Expr
    counted: Expr
    reasons: tuple[tuple[Expr, str], ...]


class _CaseCounter:
    def __init__(
        self, definition: Definition, implementation: Any, schema: Any, by: tuple[str, ...], within: Period | None
    ) -> None:
        self.definition, self.by, self.within = definition, by, within
        self.engine, self.schema = Engine(implementation), schema
        needed = (*by, *(("worker",) if definition.counts == "persons" else ()))
        dated = (definition.dated,) if within is not None or definition.dated == "recognised_on" else ()
        for column in (*needed, *dated):
            if column not in self.schema:
                raise InputError(
                    "the cases lack a column",
                    where=f"{definition.name}.count_frame",
                    seen=", ".join(self.schema.names()),
                    expected=f"a column {column}",
                )
        check_free(list(by), (definition.above, definition.above + UNKNOWN, definition.above + FINDINGS))
        self.condition = None if definition.where is None else condition_of(definition.where, definition.above)

    def counted(self, native: Any) -> Any:
        """One row for each group: its columns, the count, the cases it is of, why it is not known, what looked odd."""
        by = list(self.by)
        frame: Any = nw.from_native(native)
        if not by:  # one group of everything
            by = [f"{TEMPORARY}all"]
            frame = frame.with_columns(nw.lit(1, nw.Int64).alias(by[0]))
        frame, dates = bound(frame, self._dates(), "cd_")
        frame, deaths = bound(frame, self._deaths(dates), "ce_")
        frame, fields = bound(frame, self._fields(deaths), "cf_")
        placed, undated = self._placed(dates)
        frame, holds, open_ = self._condition(frame, fields)
        certain = ~joined_any([fault for fault, _ in open_])
        chosen = placed & certain & holds
        reasons: list[tuple[Expr, str]] = []
        odd: list[tuple[Expr, str]] = []
        if KEY in self.schema:
            reasons.append((nw.col(SEVERAL), f"two_cases:{KEY}"))
            odd = [(nw.col(column), f"{code}:{KEY}") for code, column in FOUND.items()]
        reasons += undated
        reasons += [(placed & fault, code) for fault, code in open_]
        if self.definition.counts == "persons":
            reasons.append((chosen & nw.col("worker").is_null(), "missing:worker"))
        cost = None
        if self.definition.lost_days is not None:
            frame, made = bound(frame, {"cost": self._cost(self.definition.lost_days, fields)}, "cl_")
            cost = made["cost"]
            reasons += [(chosen & wrong, code) for wrong, code in cost.reasons]
        return self._totals(frame, by, chosen, reasons, odd, cost)

    def _totals(
        self,
        frame: Any,
        by: list[str],
        chosen: Expr,
        reasons: list[tuple[Expr, str]],
        odd: list[tuple[Expr, str]],
        cost: _Cost | None,
    ) -> Any:
        number, charged, days = (f"{TEMPORARY}{name}" for name in ("number", "charged", "days"))
        columns = [_flag(chosen).alias(number)]
        flags = [*reasons, *odd]
        columns += [_flag(wrong).alias(f"{_FLAGS}{place}") for place, (wrong, _) in enumerate(flags)]
        if cost is not None:
            columns += [
                when(chosen, cost.charged, _int(0)).alias(charged),
                when(chosen, cost.counted, _int(0)).alias(days),
            ]
        frame = frame.with_columns(*columns)
        sums = [number, *((charged, days) if cost is not None else ())]
        whys = [f"{_FLAGS}{place}" for place in range(len(flags))]
        highest = [nw.col(name).max().alias(name) for name in whys]
        value = nw.col(number)
        if self.definition.counts == "persons":  # first one row for each worker, then one for each group
            heads = f"{TEMPORARY}heads"
            of_worker = [nw.col(number).sum().alias(number), nw.col(number).max().alias(heads), *highest]
            frame = frame.group_by(*by, "worker").agg(*of_worker)
            sums.append(heads)
            value = nw.col(heads)
        totals = frame.group_by(*by).agg(*(nw.col(name).sum().alias(name) for name in sums), *highest)
        # Sums of whole numbers are wider than those on some engines.
        totals = totals.with_columns(*(nw.col(name).cast(nw.Int64) for name in sums))
        if cost is not None and self.definition.lost_days is not None:
            totals, made = bound(totals, {"days": self._days(self.definition.lost_days, charged, days)}, "cs_")
            value = made["days"]
        said = [(nw.col(why) == 1, code) for why, (_, code) in zip(whys, flags, strict=True)]
        said, findings = said[: len(reasons)], said[len(reasons) :]
        known = ~joined_any([wrong for wrong, _ in said])
        made_: list[Expr] = [nw.when(known).then(value).alias(self.definition.above)]
        if self.definition.below not in EXPOSURES:
            made_.append(nw.when(known).then(nw.col(number)).alias(self.definition.below))
        above = self.definition.above
        made_.append(joined(said).alias(above + UNKNOWN))
        if findings:
            made_.append(joined(findings).alias(above + FINDINGS))
        return totals.select(*self.by, *made_).to_native()

    # Days of the calendar

    def _dates(self) -> dict[str, Staged[Day]]:
        wanted = {self.definition.dated}
        if self.definition.death_within_months is not None:
            wanted |= {"occurred_on", "died_on"}
        where = f"{self.definition.name}.count_frame"
        there = sorted(name for name in wanted if name in self.schema)
        return {name: read_day(name, self.schema[name], self.engine, where) for name in there}

    def _placed(self, dates: Mapping[str, Day]) -> tuple[Expr, list[tuple[Expr, str]]]:
        """Whether a case lies in the period, and where and why that cannot be told."""
        name = self.definition.dated
        day = dates.get(name)
        everywhere: Expr = nw.lit(value=True, dtype=nw.Boolean)
        if day is None:
            return everywhere, []
        placed: Expr = ~day.missing
        if self.within is not None:
            placed = placed & (day.number >= day_number(self.within.since))
            if self.within.until is not None:
                placed = placed & (day.number < day_number(self.within.until))
        unreadable = (day.bad, f"unreadable:{name}")
        if name == "recognised_on":
            return placed, [unreadable]  # without a decision it is no recognised case
        if self.within is None:
            return everywhere, []
        return placed, [unreadable, (day.missing & ~day.bad, f"undated:{name}")]

    # What a case says of itself

    def _deaths(self, dates: Mapping[str, Day]) -> dict[str, Staged[Read]]:
        return {"death": self._death(dates)}

    def _death(self, dates: Mapping[str, Day]) -> Staged[Read]:
        """Whether it is a death, by the limit of the standard where there is one."""
        shape = InputShape("death", "flag", Fraction(1), 0, 1, None, ())
        value, status = yield from self._plain(shape, "death")
        months = self.definition.death_within_months
        if months is None:
            return value, status
        occurred, died = dates.get("occurred_on"), dates.get("died_on")
        if occurred is None or died is None:
            return value, when((status == 0) & (value == 1), _int(MISSING), status)
        apart = (died.year * 12 + died.month) - (occurred.year * 12 + occurred.month)
        soon = (apart < months) | ((apart == months) & (died.day <= occurred.day))
        lost = occurred.missing | died.missing
        limited = when((value == 1) & (soon | lost), _int(1), _int(0))
        open_ = when((status == 0) & (value == 1) & lost, _int(MISSING), status)
        [limited, open_] = yield [limited, open_]
        return limited, open_

    def _fields(self, deaths: Mapping[str, Read]) -> dict[str, Staged[Read]]:
        work: dict[str, Staged[Read]] = {}
        for spec in self.condition.specs if self.condition else ():
            work[spec.name] = _given(deaths["death"]) if spec.name == "death" else self._field(spec)
        table = self.definition.lost_days
        if table is not None:
            work["charge death"] = _given(deaths["death"])
            days = InputShape(table.field, "number", STEP, 0, _MOST_DAYS * _PART, None, ())
            work["charge days"] = self._plain(days, table.field)
            for name in {"grade", table.grade} - {""}:
                work[f"charge {name}"] = self._plain(InputShape(name, "number", Fraction(1), 0, 1000, None, ()), name)
        return work

    def _field(self, spec: LoweredInput) -> Staged[Read]:
        column = "ground" if spec.name == "item" and "item" not in self.schema else spec.name
        if spec.kind == "number":  # no figure of a case is below zero, and days that are would pass for none
            spec = attrs.evolve(spec, low=max(spec.low, 0))
        if spec.kind != "category" or column not in self.schema:
            return (yield from self._plain(spec, column))
        word = nw.col(column).cast(nw.String)
        [filled] = yield [word.fill_null("")]
        code = _int(len(spec.choices) - 1)  # a word that the condition does not name is some other word
        for place, choice in enumerate(spec.choices[:-1]):
            code = when(filled == choice, _int(place), code)
        return (yield from settled(spec, word.is_null(), code, []))

    def _plain(self, spec: InputShape, column: str) -> Staged[Read]:
        if column not in self.schema:
            return _int(spec.low), _int(MISSING)
        return (yield from read_column(spec, column, self.schema[column], self.engine))

    def _condition(self, frame: Any, fields: Mapping[str, Read]) -> tuple[Any, Expr, list[tuple[Expr, str]]]:
        """Whether the condition holds, and for each reason for which that may be open, whether it is."""
        condition: Condition | None = self.condition
        if condition is None:
            return frame, nw.lit(value=True, dtype=nw.Boolean), []

        def leaf(kind: str, name: str) -> Expr:
            value, status = fields[name]
            if kind == "bad":
                return status != 0
            return value == 1 if kind == "flag" else value

        faults = condition.truth.faults
        nodes = list(faults.values())
        writer = Writer([condition.truth.node, condition.truth.node, *nodes, *nodes], leaf, self.engine, "cw_")
        frame = writer.stages(frame)
        open_ = [(writer.expr(node), f"{reason.code}:{reason.subject}") for reason, node in faults.items()]
        by_code: dict[str, Expr] = {}
        for fault, code in open_:
            by_code[code] = by_code[code] | fault if code in by_code else fault
        return frame, writer.expr(condition.truth.node), [(fault, code) for code, fault in by_code.items()]

    # Days that cases cost

    def _cost(self, table: LostDays, fields: Mapping[str, Read]) -> Staged[_Cost]:
        dead, dead_status = fields["charge death"]
        days, days_status = fields["charge days"]
        _, graded_status = fields["charge grade"]
        is_dead = (dead_status == 0) & (dead == 1)
        charged_death = is_dead if table.death is not None else nw.lit(value=False, dtype=nw.Boolean)
        charge = when(charged_death, _int(table.death or 0), _int(0))
        settled_, off_table = charged_death, nw.lit(value=False, dtype=nw.Boolean)
        if table.grades:
            own, own_status = fields[f"charge {table.grade}"]
            has_own = (own_status == 0) & ~charged_death
            found = nw.lit(value=False, dtype=nw.Boolean)
            for grade, cost in table.grades.items():
                here = has_own & (own == int(grade))
                charge, found = when(here, _int(cost), charge), found | here
            settled_, off_table = settled_ | found, has_own & ~found
        charge, settled_, off_table = yield [charge, settled_, off_table]
        missing = dead_status != 0
        has_grade = graded_status == 0
        permanent = nw.lit(value=False, dtype=nw.Boolean)
        if table.permanent is not None:
            permanent = has_grade & ~settled_ & ~off_table & ~missing
            if not table.grades:
                permanent = permanent & (days_status == MISSING)
        [permanent] = yield [permanent]
        counts = ~settled_ & ~off_table & ~missing & ~permanent
        most = None if table.most is None else table.most * _PART
        size = days if most is None else when(days > most, _int(most), days)
        reasons = [
            (missing, "missing:death"),
            (off_table, f"out_of_range:{table.grade}"),
            (permanent, f"not_known:{LOST}"),
            *(
                (counts & (days_status == code), f"{word}:{table.field}")
                for code, word in enumerate(("missing", "unreadable", "out_of_range", "too_fine"), start=1)
            ),
        ]
        return _Cost(charge, when(counts & (days_status == 0), size, _int(0)), tuple(reasons))

    def _days(self, table: LostDays, charged: str, days: str) -> Staged[Expr]:
        """The days of a group: what was charged, and what was counted times the factor, rounded as the source does."""
        if table.round is None:
            return self.engine.decimal(nw.col(charged) * _PART + nw.col(days), 4)
        top = nw.col(days) * (2 * table.factor.numerator)
        step = _PART * table.factor.denominator
        [top] = yield [top + step]
        [whole] = yield [self.engine.floordiv(top, 2 * step, low=0, high=2**62)]
        return nw.col(charged) + whole


def joined_any(conditions: Sequence[Expr]) -> Expr:
    """Whether one of the conditions holds."""
    found: Expr = nw.lit(value=False, dtype=nw.Boolean)
    for condition in conditions:
        found = found | condition
    return found


def _given(read: Read) -> Staged[Read]:
    """What was read before, as a piece of work."""
    yield []
    return read


def _flag(condition: Expr) -> Expr:
    return when(condition, _int(1), _int(0))


def _int(value: int) -> Expr:
    return nw.lit(value, nw.Int64)
