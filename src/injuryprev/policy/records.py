"""The records of an employer as the counting rules see them: their fields, their dates, what may be made of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import attrs

from injuryprev.errors import InjuryprevError, nearest
from injuryprev.policy.document import Counting
from injuryprev.policy.kinds import TRUTH, Typing, fits
from injuryprev.policy.rules import Item, Rules, Type
from injuryprev.units import CATEGORY, FLAG, unit

WORD: Final = Type(CATEGORY)
_TRUE: Final = Type(FLAG)


@attrs.frozen
class Kind:
    """A table of records: fields a rule may look at, and the dates or period a record can be placed by."""

    fields: Mapping[str, Type]
    dates: tuple[str, ...]
    period: str = ""


_OF_CASE: Final = {"item": WORD, "death": _TRUE, "disease": _TRUE, "grade": Type(unit("grade"))}
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
    "payments": Kind({"amount": Type(unit("money")), "kind": WORD, **_OF_CASE}, ("paid_on",)),
    "events": Kind({"kind": WORD}, ("on",)),
    "recognitions": Kind({"kind": WORD, "grade": Type(unit("grade"))}, (), "period"),
}
_NEEDS_FIELD: Final = frozenset({"sum", "mean", "min", "max", "value", "months_since"})


def check_counting(rules: Rules, types: Mapping[str, Type]) -> Iterator[InjuryprevError]:
    """Everything that does not hold together in the counting rules of one day."""
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


class _Rule:
    def __init__(self, rules: Rules, item: Item[Counting], types: Mapping[str, Type]) -> None:
        self.rules, self.item, self.entry = rules, item, item.entry
        self.kind = KINDS[item.entry.from_]
        self.wanted = types[item.name]

    def problem(self, what: str, key: str, seen: object, expected: str) -> InjuryprevError:
        return InjuryprevError(what, where=f"{self.item.place}.{key}", seen=seen, expected=expected)

    def problems(self) -> Iterator[InjuryprevError]:
        entry, kind = self.entry, self.kind
        if (entry.take in _NEEDS_FIELD) != bool(entry.field):
            yield self.problem(f"{entry.take} and field do not go together", "field", entry.field, "see the format")
        elif entry.field and entry.field not in kind.fields:
            yield self.problem("no such field", "field", entry.field, nearest(entry.field, kind.fields))
        elif not self._fits():
            yield self.problem("the unit is not that of the input", "take", entry.take, str(self.wanted))
        if entry.where is not None:
            found: list[InjuryprevError] = []
            Typing(kind.fields, f"{self.item.place}.where", found).needs(entry.where, TRUTH)
            yield from found
        yield from self._placing()
        if entry.take == "mean" and entry.round is None:
            yield self.problem("a mean is rarely a multiple of the step", "round", None, "round = { to, mode, source }")
        if (entry.take == "classify") != bool(entry.classification):
            yield self.problem("classify needs its table", "classification", entry.classification, "a classification")
        elif entry.classification and entry.classification not in self.rules.classifications:
            known = nearest(entry.classification, self.rules.classifications)
            yield self.problem("no such classification here", "classification", entry.classification, known)

    def _placing(self) -> Iterator[InjuryprevError]:
        entry, kind = self.entry, self.kind
        if entry.window and entry.window not in self.rules.windows:
            yield self.problem("no such window here", "window", entry.window, nearest(entry.window, self.rules.windows))
        places = (*kind.dates, *([kind.period] if kind.period else []))
        if entry.dated and entry.dated not in places:
            yield self.problem("records are not placed by this", "dated", entry.dated, nearest(entry.dated, places))
        if kind.dates and not entry.dated:
            yield self.problem("say by which date a record counts", "dated", "nothing", ", ".join(places))
        if entry.from_ in ("exposure", "contributions", "cases", "payments") and not entry.window:
            yield self.problem("say over which window records count", "window", "nothing", "the name of a window")

    def _fits(self) -> bool:
        take, wanted = self.entry.take, self.wanted
        if take == "any":
            return wanted.is_flag
        if take == "classify":
            return wanted.unit.name == "class" and self.entry.from_ == "employer"
        if take in ("count", "persons", "months_since"):
            made = {"count": "cases", "persons": "persons", "months_since": "months"}[take]
            return Type(unit(made)).unit.dims == wanted.unit.dims and wanted.is_number
        if take == "value" and self.entry.from_ != "employer":
            return False
        made_of = self.kind.fields[self.entry.field]
        if made_of.is_category and wanted.is_category:
            return take == "value"
        return fits(made_of, wanted)
