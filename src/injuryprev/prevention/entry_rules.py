"""What stands against an entry of the books: the demands of the policy, held against the balances as they would be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

import attrs

from injuryprev.engine import Policy, Result
from injuryprev.errors import InputError
from injuryprev.model.employer import Facts
from injuryprev.model.ledger import ENTRY_KINDS, PAYMENTS, Entry, YearFigures
from injuryprev.model.objection import Objection
from injuryprev.prevention.books import Books
from injuryprev.prevention.demands import amount_of, judge, known_to, objection
from injuryprev.prevention.law_day import not_its_law
from injuryprev.prevention.procedure import Booking, Procedure
from injuryprev.prevention.year_figures import check_names, check_usable, same, written
from injuryprev.unknown import Unknown
from injuryprev.words import Words

_OF_PREPAYMENTS: Final = ("prepayment_in_range", "prepayment_not_above")
"""Where no prepayment is left after an entry there is none to judge."""
_OF_THE_PAID: Final = "paid_before_acceptance_in_range"
"""Where nothing is paid, neither."""
_ENDED: Final = "prepayment_not_above"
"""What is no longer asked once a project was settled or has ended: then it keeps what it was rightly prepaid."""
_BOOKS: Final = Words("what the books are: entries are added, none is changed", "账簿规则：只增不改")
Judged = tuple[tuple[Objection, ...], tuple[str, ...]]
"""What stands against an entry, and the demands not known to be met that its writer answers for."""


@attrs.frozen
class EntryRules:
    """The rules of one day, held against entries of the books of a year.

    Args:
        policy: The rules.
        procedure: Which of their demands an entry must meet.
        despite: Demands whose answer may be unknown.
        year: The calendar year of the books.
    """

    policy: Policy
    procedure: Procedure
    despite: frozenset[str]
    year: int

    def judged(self, entry: Entry | YearFigures, books: Books, figures: Facts | None, since: dt.date | None) -> Judged:
        """What stands against an entry.

        Args:
            entry: The entry, or figures of the year that are told anew.
            books: The balances before it.
            figures: The figures of the year as the books tell them; ``None`` where they tell none.
            since: The day of the last change of these figures.

        Raises:
            UnknownNameError: A figure that the policy does not ask for.
            InputError: The entry makes no sense in these books.
        """
        if isinstance(entry, Entry):
            return self._judged_entry(entry, books, figures, since)
        return self._judged_figures(entry, books, figures, since)

    def _judged_entry(self, entry: Entry, books: Books, figures: Facts | None, since: dt.date | None) -> Judged:
        units = books.units(entry.amount)
        _check_use(entry, books)
        if figures is None:
            return (_untold(),), ()
        of, sign = entry, 1
        booking = self.procedure.entries.get(entry.kind)
        against: list[Objection] = []
        if entry.kind == "correction":
            of, sign = books.corrected(entry), -1
            booking = self.procedure.corrections[of.kind]
            standing = books.standing(entry.corrects or 0)
            if standing is not None and books.units(standing[1]) < units:
                against.append(_too_much(entry, standing[1]))
        assert booking is not None  # noqa: S101 - for the type checker: the kinds were compared when it was read
        against += self._other_law(entry.on, Words(entry.kind, ENTRY_KINDS[entry.kind].zh))
        against += self._out_of_time(entry, books, since)
        found = self._held(booking, self._facts(entry, of, sign, books, figures), against)
        return tuple(_dated(one, entry) for one in found[0]), found[1]

    def _judged_figures(self, told: YearFigures, books: Books, figures: Facts | None, since: dt.date | None) -> Judged:
        """What was budgeted and committed must stay lawful by the figures that are told anew."""
        check_names(self.policy, told.figures, "YearFigures.figures")
        check_usable(self.policy, told.figures, "YearFigures.figures")
        if figures is not None and all(same(value, figures.get(name)) for name, value in told.figures.items()):
            raise InputError(
                "the books tell these figures already",
                where="YearFigures.figures",
                seen=written(told.figures),
                expected="figures that differ from those told before",
            )
        against = [*self._other_law(told.on, Words("figures of the year", "年度数据"))]
        if since is not None and told.on < since:
            seen = Words(f"figures told on {told.on}", f"年度数据，{told.on}")
            against.append(_outside(seen, _not_before(since)))
        if not books.budget():
            return tuple(against), ()
        facts = self._facts_of_year({**(figures or {}), **told.figures}, books)
        return self._held(self.procedure.figures, self._facts_of_uses(facts, books), against)

    def _held(self, booking: Booking, told: Iterable[dict[str, object]], against: list[Objection]) -> Judged:
        """Every set of facts held against the demands; none is named twice."""
        found, noted = [*against], set[str]()
        for facts in told:
            idle = {
                *(() if facts["prepaid"] else _OF_PREPAYMENTS),
                *(() if facts.get("paid", 1) else (_OF_THE_PAID,)),
                *((_ENDED,) if facts.get("condition") not in (None, "nothing") else ()),
            }
            demands = [name for name in booking.demands if name not in idle]
            one = judge(self.policy, facts, demands, also=booking.also, despite=self.despite)
            objections = (self._of_its_use(new, one.result, facts) for new in one.objections)
            found += [new for new in objections if new.rule not in {other.rule for other in found}]
            noted.update(new.rule for new in one.despite)
        return tuple(found), tuple(sorted(noted))

    def _of_its_use(self, one: Objection, result: Result, facts: dict[str, object]) -> Objection:
        """Where the part of a use is what binds, the rule that sets it is cited."""
        free, name = facts.get("free_for_use"), f"{facts.get('use')}_most"
        if one.rule != "within_use" or name not in self.policy.outputs or free == facts.get("free_budget"):
            return one
        return objection(self.policy, result, one.rule, [name])

    def _other_law(self, day: dt.date, what: Words) -> tuple[Objection, ...]:
        """An entry is judged by the law of its day, or not at all."""
        found = not_its_law(self.policy, day, what)
        return () if found is None else (found,)

    def _out_of_time(self, entry: Entry, books: Books, since: dt.date | None) -> Iterator[Objection]:
        """The money of a year is budgeted and committed by its end, and nothing happens before what it rests on."""
        last = dt.date(self.year, 12, 31)
        seen = Words(f"{entry.kind} on {entry.on}", f"{entry.kind}，{entry.on}")
        rests_on_year = entry.kind in ("budget", "commitment")
        if rests_on_year and entry.on > last:
            yield _outside(seen, Words(f"{last} or earlier, in the books of {self.year}", f"不晚于 {last}"))
        if entry.kind == "budget" and entry.on < (first := dt.date(self.year - 1, 1, 1)):
            yield _outside(
                seen, Words(f"{first} or later: a year is budgeted in it or the year before", f"不早于 {first}")
            )
        budgeted = books.budgeted_for(entry.amount) if entry.kind == "commitment" else None
        days = (books.begun(entry), since if rests_on_year else None, budgeted)
        day = max((one for one in days if one is not None), default=entry.on)
        if entry.on < day:
            yield _outside(seen, _not_before(day))

    def _facts(self, entry: Entry, of: Entry, sign: int, books: Books, figures: Facts) -> Iterator[dict[str, object]]:
        """What the policy is told: the balances as they are, and the sums as they would be after the entry.

        A budget that is taken back must still do for every use that has projects; each is judged.
        """
        amount = sign * entry.amount
        facts = self._facts_of_year(figures, books) | {
            "budget": books.budget() + (amount if of.kind == "budget" else 0),
            "amount": entry.amount,
        }
        if of.project is None:
            yield self._known(facts | {"free_for_use": facts["amount"]})
            if sign < 0:
                yield from self._facts_of_uses(facts, books)
            return
        balance = books.project(of.project)
        use = of.use or balance.use
        # What was released or refunded is no longer agreed on, so no share of it is paid.
        agreed = balance.agreed + amount * {"commitment": 1, "release": -1, "refund": -1}.get(of.kind, 0)
        paid = balance.paid + (amount if of.kind in PAYMENTS else -amount if of.kind == "refund" else 0)
        prepaid = balance.prepaid + (amount if of.kind == "prepayment" else 0)
        yield self._known(
            facts
            | {
                "contract": max(agreed, Decimal(0)),
                "committed_left": balance.left,
                "prepaid": max(min(prepaid, paid), Decimal(0)),  # what came back of it is prepaid no longer
                "paid": max(paid, Decimal(0)),
                "paid_left": balance.paid,
                "settlements": balance.settlements,
                "payment": entry.kind if entry.kind in PAYMENTS else None,
                "condition": self._condition(entry, of, books) or "nothing",
                "use": use or None,
                "free_for_use": self._free_for(use, facts, books),
            }
        )

    def _condition(self, entry: Entry, of: Entry, books: Books) -> str | None:
        """What an entry rests on: what it says itself, or where it pays nothing what has become of its project."""
        if entry.met:
            return entry.condition
        if entry.kind in PAYMENTS or of.project is None:
            return None
        standing = None if entry.corrects is None else books.standing(entry.corrects)
        whole = standing is not None and standing[1] <= entry.amount
        if books.project(of.project).settlements and not (whole and of.kind == "settlement"):
            return "acceptance"
        return books.ended(of.project, without=of if whole else None)

    def _facts_of_year(self, figures: Facts | dict[str, object], books: Books) -> dict[str, object]:
        free = books.account("budget")
        return {**figures, "budget": books.budget(), "free_budget": free, "amount": Decimal(0), "prepaid": Decimal(0)}

    def _facts_of_uses(self, facts: dict[str, object], books: Books) -> Iterator[dict[str, object]]:
        """For every use what is left of its part when nothing more is taken from it."""
        nothing = {"amount": Decimal(0)}
        uses = {one.use for one in books.balances().projects.values()}
        for use in sorted(uses):
            told = {"use": use, "free_for_use": self._free_for(use, facts, books)}
            yield self._known(facts | nothing | told)
        if not uses:
            yield self._known(facts | nothing | {"free_for_use": Decimal(0)})

    def _known(self, facts: dict[str, object]) -> dict[str, object]:
        return known_to(self.policy, facts) | {"prepaid": facts["prepaid"]}

    def _free_for(self, use: str, facts: dict[str, object], books: Books) -> Decimal | Unknown:
        """What the projects of a use may still be given: its part of the budget, less what they hold."""
        name = f"{use}_most"
        if name not in self.policy.outputs:
            return books.account("budget")
        most = amount_of(self.policy.evaluate(**known_to(self.policy, facts)), name)
        return most if isinstance(most, Unknown) else most - books.spoken_for(use)


def _check_use(entry: Entry, books: Books) -> None:
    known = None if entry.project is None else books.use_of(entry.project)
    if entry.use is not None and known not in (None, entry.use):
        raise InputError(
            "a project is for one use",
            where="Entry.use",
            seen=entry.use,
            expected=f"{known!r}, as committed before",
        )


def _untold() -> Objection:
    return Objection(
        "figures_told",
        Words("the books tell the figures of their year", "账簿载有年度数据"),
        Words("none: they were written before books told them", "无：写入时的版本尚未记载年度数据"),
        Words(
            "append(YearFigures(day, {...}, source=..., reason=...)) first, with all figures of the year",
            "先以 append(YearFigures(日期, {...}, source=..., reason=...)) 记入全部年度数据",
        ),
        _BOOKS,
    )


def _too_much(entry: Entry, standing: Decimal) -> Objection:
    return Objection(
        "correction",
        Words("no more is taken back than the entry holds", "更正不超过原记录金额"),
        Words(f"{entry.amount:f} of entry {entry.corrects}", f"第 {entry.corrects} 笔更正 {entry.amount:f}"),
        Words(f"{standing:f} or less", f"不超过 {standing:f}"),
        _BOOKS,
    )


def _not_before(day: dt.date) -> Words:
    return Words(f"{day} or later, the day of what it rests on", f"不早于所依据记录之日 {day}")


def _outside(seen: Words, lawful: Words) -> Objection:
    demand = Words("the entry belongs to these books by its day", "记录日期属于本台账")
    return Objection("entry_in_time", demand, seen, lawful, _BOOKS)


def _dated(one: Objection, entry: Entry) -> Objection:
    """Where the condition was met too late, its day belongs to what was seen."""
    if one.rule != "condition_met" or entry.met_on is None or entry.met_on <= entry.on:
        return one
    late = Words(
        f"; {entry.condition} only on {entry.met_on}, payment on {entry.on}",
        f"；{entry.condition} 于 {entry.met_on} 才具备，支付日为 {entry.on}",
    )
    return attrs.evolve(one, seen=Words(one.seen.en + late.en, one.seen.zh + late.zh))
