"""The books of a year's prevention money: entries are only ever added, and only those that the law allows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Final

import attrs

from injuryprev.engine import Policy
from injuryprev.errors import InputError, RefusedError, UnknownNameError, nearest
from injuryprev.model.fund import FundYear
from injuryprev.model.ledger import PAYMENTS, Balances, Damage, Entry, Record
from injuryprev.model.objection import Objection
from injuryprev.prevention.books import Books
from injuryprev.prevention.chain import Head, Row, Store, chained, check, origin
from injuryprev.prevention.demands import amount_of, check_despite, judge, known_to
from injuryprev.prevention.procedure import Procedure, shipped
from injuryprev.unknown import Unknown
from injuryprev.words import Words

_CENT: Final = Fraction(1, 100)
_OF_PREPAYMENTS: Final = ("prepayment_in_range", "prepayment_not_above")
"""Where no prepayment is left after a correction there is none to judge."""
_BOOKS: Final = Words("what the books are: entries are added, none is changed", "账簿规则：只增不改")


class Ledger:
    """The books of one pooling area for one year (工伤预防费台账).

    Every entry is judged by the policy before it is written: none can breach the limit of the year, pay more than was
    committed, or pay before its condition.  Balances follow from the entries and are stored nowhere.  Each entry bears
    a hash over itself and the one before, so that what was altered or cut off is named; what is left stays readable.

    Args:
        store: Where the entries are kept: ``MemoryStore()``, or a file by ``injuryprev.exchange.SqliteStore``.
        year: Area and year, and the figures by which the limit is worked out.  Its ``budget`` is the plan; what may be
            spent are the entries of kind ``budget``.
        policy: The rules of one day, of a profile such as ``cn-prevention``.
        despite: Demands whose answer may be unknown, on the caller's word; each entry records them.
        procedure: What entries must meet; that of this library where none is given.

    Raises:
        InputError: A name in ``despite`` that is no demand.
        UnknownNameError: A figure of the year that the policy does not ask for.

    >>> import injuryprev as ip
    >>> from injuryprev.prevention import Ledger, MemoryStore
    >>> figures = {"levy_last_year": 20000000, "fund_resources": 10**8, "benefits_due": 0, "reserve_due": 0}
    >>> year = ip.FundYear("Lakeside", 2026, 600000, figures=figures)
    >>> books = Ledger(MemoryStore(), year, ip.load_profile("cn-prevention").on("2026-01-01"))
    >>> books.append(Entry("budget", "2026-01-01", 600000)).number
    1
    >>> books.append(Entry("commitment", "2026-01-10", 100000, "P-1", "training")).number
    2
    >>> books.append(Entry("prepayment", "2026-01-20", 80000, "P-1", condition="agreement", met_on="2026-01-15"))
    Traceback (most recent call last):
    ...
    injuryprev.errors.RefusedError: entry 3, prepayment: not allowed: the prepayment lies within its range: no; seen: \
prepayments, this one among them: 80,000.00 CNY; lawful: least prepayment (30,000.00 CNY) <= prepayments, this one \
among them <= highest prepayment (70,000.00 CNY); source: ...
    >>> str(books.balances().free)
    '500000'
    """

    def __init__(
        self,
        store: Store,
        year: FundYear,
        policy: Policy,
        *,
        despite: Collection[str] = (),
        procedure: Procedure | None = None,
    ) -> None:
        check_despite(policy, despite, "Ledger")
        for name in year.figures:
            if name not in policy.inputs:
                raise UnknownNameError(
                    f"{policy.id} on {policy.on} has no input {name!r}",
                    where="Ledger year.figures",
                    seen=name,
                    expected=nearest(name, policy.inputs),
                )
        self._store, self.year, self.policy = store, year, policy
        self._despite = frozenset(despite)
        self._procedure = procedure or shipped()
        step = policy.inputs["amount"].step if "amount" in policy.inputs else None
        self._unit = step or _CENT
        self._begin()

    def _begin(self) -> None:
        """Know nothing yet of what the store holds."""
        self._books = Books(self._unit)
        self._records: list[Record] = []
        self._damage: list[Damage] = []
        self._seen = 0
        self._before: str | None = origin(self.year)

    # Reading

    @property
    def records(self) -> tuple[Record, ...]:
        """Every entry that can be read, in order."""
        self._catch_up()
        return tuple(self._records)

    @property
    def head(self) -> Head:
        """The end of the books.  Kept elsewhere (a report, a letter), it shows later whether anything was cut off."""
        self._catch_up()
        return Head(self._seen, self._before or "")

    def balances(self) -> Balances:
        """What follows from the entries that can be read."""
        self._catch_up()
        return self._books.balances()

    def verify(self, head: Head | None = None) -> tuple[Damage, ...]:
        """Read everything again from the store, and name what is wrong.

        Args:
            head: The end as it was noted elsewhere, which what was cut off since cannot match.
        """
        fresh = Ledger(self._store, self.year, self.policy, despite=self._despite, procedure=self._procedure)
        fresh._catch_up()
        found = list(fresh._damage)
        if head is not None:
            seals = {0: origin(self.year)} | {record.number: record.hash for record in fresh._records}
            if head.number not in seals:
                words = Words(
                    f"the books end before entry {head.number}, which was there",
                    f"账簿在第 {head.number} 笔之前中断，而该笔曾经存在",
                )
                found.append(Damage(head.number, words))
            elif seals[head.number] != head.hash:
                words = Words("this entry is not the one that was noted", "该笔与留存的校验值不符")
                found.append(Damage(head.number, words))
        return tuple(found)

    def _catch_up(self) -> None:
        """Take in what was written since."""
        for row in self._store.read(self._seen):
            if row.number > self._seen + 1:
                self._missing(self._seen + 1, row.number - 1)
            self._take(row)
        end = self._store.head()
        if self._damage or (end is None and not self._seen):
            return
        if end is not None and end.number > self._seen:
            self._missing(self._seen + 1, end.number)
        elif end is None or end.number < self._seen or end.hash != self._before:
            words = Words("the end that the file remembers is another, or gone", "文件记录的末笔与实际不符或已丢失")
            self._damage.append(Damage(None, words))

    def _missing(self, first: int, last: int) -> None:
        words = Words(f"entries {first} to {last} are missing", f"缺少第 {first} 至 {last} 笔记录")
        self._damage.append(Damage(first, words))
        self._seen, self._before = last, None

    def _take(self, row: Row) -> None:
        """Take in one line, or note what is wrong with it."""
        found = check(row, self._before)
        if isinstance(found, Record):
            try:
                self._books.post(found)
                self._records.append(found)
            except InputError as error:
                found = Damage(row.number, Words(f"this entry does not fit: {error}", f"该笔记录不成立：{error}"))
        if isinstance(found, Damage):
            self._damage.append(found)
        self._seen, self._before = row.number, row.hash

    # Writing

    def append(self, entry: Entry) -> Record:
        """Write an entry, if nothing stands against it.

        Nobody else writes between the judging and the writing, in this process or another.

        Returns:
            The entry as it stands in the books.

        Raises:
            RefusedError: A demand of the policy is not met or not known to be; or the books are damaged.
            InputError: The entry makes no sense in these books, such as a correction of what is not there.
        """
        row = None
        try:
            with self._store.exclusive() as put:
                row = self._next(entry)
                put(row)
                self._take(row)
        except BaseException:
            if row is not None:  # the store failed (a full disk, say) and kept nothing: nor do these balances
                self._begin()
            raise
        return self._records[-1]

    def _next(self, entry: Entry) -> Row:
        """The line that an entry comes to, if nothing stands against it."""
        self._catch_up()
        place = f"entry {self._seen + 1}, {entry.kind}"
        if self._damage:
            raise RefusedError("the books are damaged, so nothing is added", self._damage, where=place)
        against, despite = self._judged(entry)
        if against:
            raise RefusedError("not allowed", against, where=place)
        rules = (self.policy.id, self.policy.version, str(self.policy.on))
        return chained(Record(self._seen + 1, entry, rules, despite, ""), self._before or "")

    def objections(self, entry: Entry) -> tuple[Objection, ...]:
        """What stands against an entry; nothing is written.

        Raises:
            InputError: As ``append``.
        """
        self._catch_up()
        return self._judged(entry)[0]

    def _judged(self, entry: Entry) -> tuple[tuple[Objection, ...], tuple[str, ...]]:
        units = self._books.units(entry.amount)
        self._check_use(entry)
        of, sign = entry, 1
        booking = self._procedure.entries.get(entry.kind)
        against: list[Objection] = []
        if entry.kind == "correction":
            of, sign = self._books.corrected(entry), -1
            booking = self._procedure.corrections[of.kind]
            standing = self._books.standing(entry.corrects or 0)
            if standing is not None and self._books.units(standing[1]) < units:
                against.append(_too_much(entry, standing[1]))
        assert booking is not None  # noqa: S101 - for the type checker: the kinds were compared when it was read
        against += self._out_of_time(entry)
        noted: set[str] = set()
        for facts in self._facts(entry, of, sign):
            demands = [name for name in booking.demands if name not in _OF_PREPAYMENTS or facts["prepaid"]]
            found = judge(self.policy, facts, demands, also=booking.also, despite=self._despite)
            against += [one for one in found.objections if one.rule not in {other.rule for other in against}]
            noted.update(one.rule for one in found.despite)
        return tuple(_dated(one, entry) for one in against), tuple(sorted(noted))

    def _check_use(self, entry: Entry) -> None:
        known = None if entry.project is None else self._books.use_of(entry.project)
        if entry.use is not None and known not in (None, entry.use):
            raise InputError(
                "a project is for one use",
                where="Entry.use",
                seen=entry.use,
                expected=f"{known!r}, as committed before",
            )

    def _out_of_time(self, entry: Entry) -> Iterator[Objection]:
        """The money of a year is budgeted and committed by its end, and nothing happens before what it rests on."""
        last = dt.date(self.year.year, 12, 31)
        if entry.kind in ("budget", "commitment") and entry.on > last:
            yield _outside(entry, Words(f"{last} or earlier, in the books of {self.year.year}", f"不晚于 {last}"))
        since = self._books.begun(entry)
        if since is not None and entry.on < since:
            yield _outside(
                entry, Words(f"{since} or later, the day of what it rests on", f"不早于所依据记录之日 {since}")
            )

    def _facts(self, entry: Entry, of: Entry, sign: int) -> Iterator[dict[str, object]]:
        """What the policy is told: the balances as they are, and the sums as they would be after the entry.

        A budget that is taken back must still do for every use that has projects; each is judged.
        """
        books, amount = self._books, sign * entry.amount
        budget = books.budget() + (amount if of.kind == "budget" else 0)
        facts: dict[str, object] = {
            **self.year.figures,
            "budget": budget,
            "amount": entry.amount,
            "free_budget": books.account("budget"),
            "prepaid": Decimal(0),
        }
        if of.project is None:
            yield from self._facts_of_budget(facts, sign)
            return
        balance = books.project(of.project)
        use = of.use or balance.use
        contract = balance.contract + (amount if of.kind == "commitment" else 0)
        if entry.kind in PAYMENTS:  # what was released is no longer agreed on, so no share of it is paid
            contract -= books.released(of.project)
        met = entry.met_on is not None and entry.met_on <= entry.on
        told = {
            "contract": contract,
            "committed_left": balance.left,
            "prepaid": balance.prepaid + (amount if of.kind == "prepayment" else 0),
            "paid": balance.paid + (amount if of.kind in PAYMENTS else 0),
            "paid_left": balance.paid,
            "settlements": balance.settlements,
            "payment": entry.kind if entry.kind in PAYMENTS else None,
            "condition": "acceptance" if sign < 0 and balance.settlements else entry.condition if met else "nothing",
            "use": use or None,
            "free_for_use": self._free_for(use, facts),
        }
        yield known_to(self.policy, facts | told) | {"prepaid": told["prepaid"]}

    def _facts_of_budget(self, facts: dict[str, object], sign: int) -> Iterator[dict[str, object]]:
        uses = {one.use for one in self._books.balances().projects.values()} if sign < 0 else set()
        yield known_to(self.policy, facts | {"free_for_use": facts["amount"]}) | {"prepaid": Decimal(0)}
        for use in sorted(uses):
            more = {"amount": Decimal(0), "free_for_use": self._free_for(use, facts)}
            yield known_to(self.policy, facts | more) | {"prepaid": Decimal(0)}

    def _free_for(self, use: str, facts: dict[str, object]) -> Decimal | Unknown:
        """What the projects of a use may still be given: its part of the budget, less what they hold."""
        name = f"{use}_most"
        if name not in self.policy.outputs:
            return self._books.account("budget")
        most = amount_of(self.policy.evaluate(**known_to(self.policy, facts)), name)
        return most if isinstance(most, Unknown) else most - self._books.spoken_for(use)


def _too_much(entry: Entry, standing: Decimal) -> Objection:
    return Objection(
        "correction",
        Words("no more is taken back than the entry holds", "更正不超过原记录金额"),
        Words(f"{entry.amount:f} of entry {entry.corrects}", f"第 {entry.corrects} 笔更正 {entry.amount:f}"),
        Words(f"{standing:f} or less", f"不超过 {standing:f}"),
        _BOOKS,
    )


def _outside(entry: Entry, lawful: Words) -> Objection:
    return Objection(
        "entry_in_time",
        Words("the entry belongs to these books by its day", "记录日期属于本台账"),
        Words(f"{entry.kind} on {entry.on}", f"{entry.kind}，{entry.on}"),
        lawful,
        _BOOKS,
    )


def _dated(one: Objection, entry: Entry) -> Objection:
    """Where the condition was met too late, its day belongs to what was seen."""
    if one.rule != "condition_met" or entry.met_on is None or entry.met_on <= entry.on:
        return one
    late = Words(
        f"; {entry.condition} only on {entry.met_on}, payment on {entry.on}",
        f"；{entry.condition} 于 {entry.met_on} 才具备，支付日为 {entry.on}",
    )
    return attrs.evolve(one, seen=Words(one.seen.en + late.en, one.seen.zh + late.zh))
