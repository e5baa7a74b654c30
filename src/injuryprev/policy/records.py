"""The records of an employer as the counting rules see them: their fields, their dates, what may be made of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final

import attrs

from injuryprev.errors import InjuryprevError, nearest
from injuryprev.model import BENEFIT_KINDS, EDITIONS, Ground, divisions
from injuryprev.policy.document import Classification, Counting, Window
from injuryprev.policy.expr import write
from injuryprev.policy.formulas import formula_problems
from injuryprev.policy.kinds import TRUTH, Typing, fits
from injuryprev.policy.rules import Item, Rules, Type
from injuryprev.units import CATEGORY, FLAG, unit

WORD: Final = Type(CATEGORY)
# Closed lists, so that a word nobody can have written into a record is found at load and does not count nothing.
_ITEM: Final = Type(
    CATEGORY, tuple(Ground(article, item).key for article, last in ((14, 7), (15, 3)) for item in range(1, last + 1))
)
_BENEFIT: Final = Type(CATEGORY, tuple(BENEFIT_KINDS))
_TRUE: Final = Type(FLAG)


@attrs.frozen
class Kind:
    """A table of records: fields a rule may look at, and the dates or period a record can be placed by."""

    fields: Mapping[str, Type]
    dates: tuple[str, ...]
    period: str = ""


_OF_CASE: Final = {"item": _ITEM, "death": _TRUE, "disease": _TRUE, "grade": Type(unit("grade"))}
KINDS: Final[Mapping[str, Kind]] = {
    "employer": Kind(
        {
            "kind": WORD,
            "subclass": WORD,
            "area": WORD,
            "size": WORD,
            "risk_class": Type(unit("class")),
            "insured_since": Type(unit("days")),
        },
        (),
    ),
    "exposure": Kind(
        {"insured": Type(unit("persons")), "payroll": Type(unit("money")), "hours": Type(unit("hours"))},
        (),
        "period",
    ),
    "contributions": Kind({"amount": Type(unit("money"))}, ("paid_on",), "period"),
    "cases": Kind({**_OF_CASE, "days_lost": Type(unit("days"))}, ("occurred_on", "recognised_on", "died_on")),
    "payments": Kind(
        {"amount": Type(unit("money")), "kind": _BENEFIT, **_OF_CASE},
        ("paid_on", "occurred_on", "recognised_on", "died_on"),
    ),
    "events": Kind({"kind": WORD}, ("on",)),
    "recognitions": Kind({"kind": WORD, "grade": Type(unit("grade"))}, (), "period"),
    "area": Kind({}, ()),
}
_NEEDS_FIELD: Final = frozenset({"sum", "mean", "min", "max", "value", "months_since"})
_EARLIEST_YEAR: Final = 1000
_OF_EMPLOYER: Final = ("value", "months_since", "classify")
_OF_RECORDS: Final = ("sum", "count", "mean", "any", "min", "max")


def check_counting(rules: Rules, types: Mapping[str, Type]) -> Iterator[InjuryprevError]:
    """Everything that does not hold together in the counting rules of one day."""
    for table in rules.classifications.values():
        yield from _classification_problems(table)
    for item in rules.counting.values():
        if item.name in rules.inputs:
            yield from _Rule(rules, item, types).problems()
        elif item.name not in types:
            yield InjuryprevError(
                "a counting rule is for an input",
                where=item.place,
                seen=item.name,
                expected=nearest(item.name, rules.inputs),
            )


def _classification_problems(item: Item[Classification]) -> Iterator[InjuryprevError]:
    """An industry table names divisions of its edition, each in one class."""
    table = item.entry
    known = set(divisions(table.edition)) if table.edition in EDITIONS else None
    of: dict[str, str] = {}
    for name, codes in table.classes.items():
        if not re.fullmatch("[0-9]{1,3}", name):
            yield InjuryprevError(
                "a class is a whole number", where=f"{item.place}.classes", seen=name, expected='such as "1"'
            )
        for code in codes:
            if known is not None and code not in known:
                problem = f"{table.edition} has no division {code!r}"
            elif code in of:
                problem = f"division {code} stands in class {of[code]} and again in class {name}"
            else:
                of[code] = name
                continue
            yield InjuryprevError(
                problem,
                where=f"{item.place}.classes.{name}",
                seen=code,
                expected="each code once, divisions of GB/T 4754 with two digits",
            )


class _Rule:
    def __init__(self, rules: Rules, item: Item[Counting], types: Mapping[str, Type]) -> None:
        self.rules, self.item, self.entry = rules, item, item.entry
        self.kind = KINDS[item.entry.from_]
        self.wanted, self.types = types[item.name], types

    def problem(self, what: str, key: str, seen: object, expected: str) -> InjuryprevError:
        return InjuryprevError(what, where=f"{self.item.place}.{key}", seen=seen, expected=expected)

    def problems(self) -> Iterator[InjuryprevError]:
        entry, kind = self.entry, self.kind
        takes = self._takes()
        if entry.take not in takes:
            yield self.problem(f"{entry.from_} do not give this", "take", entry.take, "one of: " + ", ".join(takes))
        elif (entry.take in _NEEDS_FIELD and entry.each is None) != bool(entry.field):
            yield self.problem(f"{entry.take} and field do not go together", "field", entry.field, "see the format")
        elif entry.field and entry.field not in kind.fields:
            yield self.problem("no such field", "field", entry.field, nearest(entry.field, kind.fields))
        elif entry.each is None and not self._fits():
            yield self.problem("the unit is not that of the input", "take", entry.take, str(self.wanted))
        if entry.where is not None:
            found: list[InjuryprevError] = []
            Typing(kind.fields, f"{self.item.place}.where", found).needs(entry.where, TRUTH)
            yield from found
        yield from formula_problems(self.rules, self.item, kind.fields, self.types)
        yield from self._placing()
        yield from self._placing_also()
        yield from self._standing_in()
        yield from self._comparing()
        if entry.take == "mean" and entry.round is None:
            yield self.problem("a mean is rarely a multiple of the step", "round", None, "round = { to, mode, source }")
        yield from self._classes_outside()
        if (entry.take == "classify") != bool(entry.classification):
            yield self.problem("classify needs its table", "classification", entry.classification, "a classification")
        elif entry.classification and entry.classification not in self.rules.classifications:
            known = nearest(entry.classification, self.rules.classifications)
            yield self.problem("no such classification here", "classification", entry.classification, known)

    def _classes_outside(self) -> Iterator[InjuryprevError]:
        entry, low_high = self.entry, self.rules.inputs[self.item.name].entry.range
        if entry.classification not in self.rules.classifications or low_high is None:
            return
        for name in self.rules.classifications[entry.classification].entry.classes:
            if name.isdigit() and not low_high[0] <= int(name) <= low_high[1]:
                wanted = f"a class from {low_high[0]} to {low_high[1]}"
                yield self.problem("the table has a class that the input has not", "classification", name, wanted)

    def _placing(self) -> Iterator[InjuryprevError]:
        entry, kind = self.entry, self.kind
        if entry.window and entry.window not in self.rules.windows:
            yield self.problem("no such window here", "window", entry.window, nearest(entry.window, self.rules.windows))
        places = (*kind.dates, *([kind.period] if kind.period else []))
        if entry.dated and entry.dated not in places:
            yield self.problem("records are not placed by this", "dated", entry.dated, nearest(entry.dated, places))
        if kind.dates and not entry.dated:
            yield self.problem("say by which date a record counts", "dated", "nothing", ", ".join(places))
        yield from self._beyond_calendar(entry.window)
        if entry.from_ == "employer" and entry.where is not None:
            yield self.problem(
                "an employer is one, so there is nothing to choose", "where", write(entry.where), "no where"
            )
        if entry.from_ == "employer" and entry.window and entry.take != "months_since":
            yield self.problem("an employer has no window but for months_since", "window", entry.window, "no window")
        if entry.from_ in ("exposure", "contributions", "cases", "payments") and not entry.window:
            yield self.problem("say over which window records count", "window", "nothing", "the name of a window")

    def _placing_also(self) -> Iterator[InjuryprevError]:
        if self.entry.also and self.entry.dated not in self.kind.dates:
            wanted = nearest(self.entry.dated, self.kind.dates)
            yield self.problem("further dates go with a first one", "also", len(self.entry.also), f"dated, {wanted}")
        for index, placed in enumerate(self.entry.also):
            where, dates = f"also[{index}]", self.kind.dates
            if placed.dated not in dates:
                yield self.problem(
                    "records are not placed by this", f"{where}.dated", placed.dated, nearest(placed.dated, dates)
                )
            if placed.window not in self.rules.windows:
                known = nearest(placed.window, self.rules.windows)
                yield self.problem("no such window here", f"{where}.window", placed.window, known)
            yield from self._beyond_calendar(placed.window)

    def _beyond_calendar(self, name: str) -> Iterator[InjuryprevError]:
        window = self.rules.windows.get(name)
        if window is not None and not _within_calendar(window.entry):
            yield InjuryprevError(
                "the window reaches back beyond the calendar",
                where=window.place,
                seen=f"every {window.entry.every}, length {window.entry.length}, gap {window.entry.gap}, "
                f"back {window.entry.back}",
                expected="months that stay within a few centuries",
            )

    def _takes(self) -> tuple[str, ...]:
        if self.entry.from_ in ("employer", "area"):
            return _OF_EMPLOYER if self.entry.from_ == "employer" else ("ratio",)
        return (*_OF_RECORDS, "persons") if self.entry.from_ == "cases" else _OF_RECORDS

    def _standing_in(self) -> Iterator[InjuryprevError]:
        """What stands in for records must be a value of the input, and must have a case in which it does."""
        entry, given = self.entry, self.rules.inputs[self.item.name].entry
        if entry.partial == "actual" and entry.take not in ("mean", "ratio"):
            yield self.problem("only a mean rests on a part of the window", "partial", entry.partial, "take = 'mean'")
        if entry.none is None:
            return
        if entry.take in ("any", "classify"):
            yield self.problem(f"{entry.take} has no use for this", "none", entry.none, "no none")
        elif self.wanted.is_number:
            low, high = given.range or (None, None)
            fits_in = (
                isinstance(entry.none, (int, Decimal))
                and not isinstance(entry.none, bool)
                and (low is None or low <= entry.none)
                and (high is None or entry.none <= high)
                and (given.step <= 0 or Fraction(entry.none) % given.step == 0)
            )
            if not fits_in:
                bounds = "" if low is None else f" from {low:f} to {high:f}"
                yield self.problem(
                    "none is not a value of this input", "none", entry.none, f"a multiple of {given.step}{bounds}"
                )
        elif not (entry.none in given.choices if self.wanted.is_category else isinstance(entry.none, bool)):
            yield self.problem(
                "none is not a value of this input", "none", entry.none, ", ".join(given.choices) or "true or false"
            )

    def _comparing(self) -> Iterator[InjuryprevError]:
        """A comparison is of two figures that are themselves counted, each employer's own."""
        entry = self.entry
        if entry.take != "ratio":
            if entry.of or entry.over:
                yield self.problem("of and over go with a ratio", "of", ", ".join(entry.of), "take = 'ratio'")
            return
        counted = [
            name
            for name, item in self.rules.counting.items()
            if name in self.rules.inputs and item.entry.from_ != "area" and self._is_number(name)
        ]
        for name in entry.of:
            if name not in counted:
                yield self.problem("a comparison is of counted figures", "of", name, nearest(name, counted))
        if len(entry.of) != 2:
            yield self.problem("a ratio is of two figures", "of", len(entry.of), "of = [above the line, below it]")
        if entry.round is None:
            yield self.problem("a ratio is no multiple of the step", "round", None, "round = { to, mode, source }")

    def _is_number(self, name: str) -> bool:
        unit_name = self.rules.inputs[name].entry.unit
        return unit_name not in ("flag", "category", "class", "grade")

    def _fits(self) -> bool:
        take, wanted = self.entry.take, self.wanted
        if take == "ratio":
            kinds = [unit(self.rules.inputs[name].entry.unit) for name in self.entry.of if name in self.rules.inputs]
            return len(kinds) != 2 or (wanted.is_number and fits(Type(kinds[0].times(kinds[1], -1)), wanted))
        if take == "any":
            return wanted.is_flag
        if take == "classify":
            return wanted.unit.name == "class" and self.entry.from_ == "employer"
        if take in ("count", "persons", "months_since"):
            if take == "months_since" and self.entry.field != "insured_since":
                return False
            made = {"count": "cases", "persons": "persons", "months_since": "months"}[take]
            if self.entry.from_ == "cases" and wanted.unit.name in ("cases", "persons"):
                return made == wanted.unit.name  # a worker injured twice is two cases and one person
            return Type(unit(made)).unit.dims == wanted.unit.dims and wanted.is_number
        made_of = self.kind.fields[self.entry.field]
        if take == "value":
            both_words = made_of.is_category and wanted.is_category
            return both_words or (self.entry.field != "insured_since" and fits(made_of, wanted))
        summed = take in ("sum", "mean")  # classes and grades are compared, never added up
        return made_of.is_number and not (summed and made_of.unit.is_ordinal) and fits(made_of, wanted)


def _within_calendar(window: Window) -> bool:
    """Whether windows can be placed for any day since the anchor."""
    earliest = window.cycle.year * 12 - (window.back + 1) * window.every - window.gap - window.length
    return earliest > _EARLIEST_YEAR * 12
