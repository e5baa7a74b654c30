"""The books of a year's prevention money: entries are only ever added, and only those that the law allows."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from fractions import Fraction
from typing import Final, overload

import attrs

from injuryprev.engine import Policy
from injuryprev.errors import InputError, RefusedError
from injuryprev.model import _read as read
from injuryprev.model.fund import FundYear
from injuryprev.model.ledger import (
    Balances,
    Damage,
    Entry,
    Line,
    Opening,
    Record,
    Replayed,
    Statement,
    YearFigures,
)
from injuryprev.model.objection import Objection
from injuryprev.policy.amend import MARK as AMENDED
from injuryprev.prevention.books import Books
from injuryprev.prevention.chain import Head, Row, Store, chained
from injuryprev.prevention.demands import check_despite
from injuryprev.prevention.entry_rules import EntryRules, Judged
from injuryprev.prevention.procedure import Procedure, shipped
from injuryprev.prevention.reading import Reading, told
from injuryprev.prevention.year_figures import check_names, check_usable, see_to_year
from injuryprev.words import Words

_CENT: Final = Fraction(1, 100)


class Ledger:
    """The books of one pooling area for one year (工伤预防费台账).

    Every entry is judged by the policy before it is written: none can breach the limit of the year, pay more than was
    committed, or pay before its condition.  Balances follow from the entries and are stored nowhere.  Each entry bears
    a hash over itself and the one before, so that what was altered or cut off is named; what is left stays readable.

    The figures by which the limit is worked out stand in the books too: with the first entry an opening is written that
    tells area, year and figures.  Whoever opens the books later with other figures is refused; figures that change are
    told by an entry of their own, ``YearFigures``, with its day, source and reason.

    Args:
        store: Where the entries are kept: ``MemoryStore()``, or a file by ``injuryprev.exchange.SqliteStore``.
        year: Area and year, and the figures by which the limit is worked out; ``None`` where the books tell them.  Its
            ``budget`` is the plan; what may be spent are the entries of kind ``budget``.
        policy: The rules of one day, of a profile such as ``cn-prevention``.
        despite: Demands whose answer may be unknown, on the caller's word; each entry records them.
        procedure: What entries must meet; that of this library where none is given.

    Raises:
        InputError: A name in ``despite`` that is no demand; a year or figures that are not those of the books, or no
            year where the books tell none; a figure that the policy cannot use; rules that were amended.
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
    >>> books.append(YearFigures("2026-03-01", {"benefits_due": 99500000}, source="budget 2", reason="a bad winter"))
    Traceback (most recent call last):
    ...
    injuryprev.errors.RefusedError: entry 3, figures of the year: not allowed: the budget stays within its limit: no; \
seen: prevention fee budgeted for the year: 600,000.00 CNY; lawful: prevention fee budgeted for the year <= share \
of the levy as an amount (600,000.00 CNY) and prevention fee budgeted for the year <= what the fund has left after \
benefits and reserve (500,000.00 CNY); source: ...
    """

    def __init__(
        self,
        store: Store,
        year: FundYear | None,
        policy: Policy,
        *,
        despite: Collection[str] = (),
        procedure: Procedure | None = None,
    ) -> None:
        check_despite(policy, despite, "Ledger")
        given: object = store
        if isinstance(given, type) or not isinstance(given, Store):
            raise InputError(
                "nothing that keeps the books",
                where="Ledger store",
                seen=store,
                expected="MemoryStore(), or SqliteStore(path) of injuryprev.exchange",
            )
        if year is not None:
            read.instance(year, FundYear, "Ledger year")
        if policy.version.endswith(AMENDED):
            raise InputError(
                "supposed rules, by which no money is spent",
                where="Ledger policy",
                seen=f"{policy.id} {policy.version}",
                expected="rules as they are, load_profile(id).on(date); allocate plans by supposed ones, and says so",
            )
        self._store, self._given, self.policy = store, year, policy
        self._despite = frozenset(despite)
        self._procedure = procedure or shipped()
        step = policy.inputs["amount"].step if "amount" in policy.inputs else None
        self._unit = step or _CENT
        self._compared = False
        self._begin()
        self._catch_up()
        found = self._read
        if year is None:
            if found.opening is None:
                raise InputError(
                    "the books do not say whose they are",
                    where="Ledger year",
                    seen=None if found.fresh else "books without an opening that can be read",
                    expected="the year, with its figures",
                )
        else:
            check_names(policy, year.figures, "Ledger year.figures", found.figures)
            if found.fresh:
                check_usable(policy, year.figures, "Ledger year.figures")

    def _begin(self) -> None:
        """Know nothing yet of what the store holds."""
        self._read = Reading(self._store, self._unit, self._given)

    def _catch_up(self) -> None:
        """Take in what was written since; once it tells the figures of the year, see that they are those given."""
        found = self._read
        found.catch_up()
        if self._compared or found.damage or found.figures is None:
            return
        if self._given is not None:
            see_to_year(self._given, found.opening, found.figures, self.policy)
        self._compared = True

    # Reading

    @property
    def year(self) -> FundYear:
        """Area and year, with the figures that hold now as the books tell them.

        Where the books alone told the year, its budget is what is budgeted.
        """
        self._catch_up()
        return self._year()

    def _year(self) -> FundYear:
        found, year = self._read, self._given
        if year is None and found.opening is not None:
            year = FundYear(found.opening.area, found.opening.year, found.books.budget())
        assert year is not None  # noqa: S101 - for the type checker: seen to when the books were opened
        return year if found.figures is None else attrs.evolve(year, figures=found.figures)

    @property
    def opening(self) -> Opening | None:
        """The head of the books; ``None`` where nothing was written, or by a version that wrote none."""
        self._catch_up()
        return self._read.opening

    @property
    def records(self) -> tuple[Record, ...]:
        """Every entry that can be read, in order."""
        self._catch_up()
        return tuple(self._read.records)

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Every change of the figures of the year that can be read, in order; they are numbered among the entries."""
        self._catch_up()
        return tuple(self._read.statements)

    @property
    def head(self) -> Head:
        """The end of the books.  Kept elsewhere (a report, a letter), it shows later whether anything was cut off."""
        self._catch_up()
        return Head(max(self._read.seen, 0), self._read.before or "")

    def balances(self) -> Balances:
        """What follows from the entries that can be read."""
        self._catch_up()
        return self._read.books.balances()

    def verify(self, head: Head | None = None) -> tuple[Damage, ...]:
        """Read everything again from the store, and name what is wrong.

        Args:
            head: The end as it was noted elsewhere, which what was cut off since cannot match.
        """
        fresh = Reading(self._store, self._unit, self._given)
        fresh.catch_up()
        found = fresh.damage
        seals = {line.number: line.hash for line in fresh.lines}
        other = [line.number for line in self._read.lines if seals.get(line.number) != line.hash]
        named = {one.number for one in found}
        if other and not named & {*other}:
            words = Words("this entry is not the one that was read before", "该笔与先前读取的不同")
            found.append(Damage(other[0], words))
        if head is not None and read.instance(head, Head, "verify head").number:
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

    def replay(self) -> Iterator[Replayed]:
        """Go through the books again from their first line: what held then, what followed, what the rules say of it.

        Every line that was judged by these very rules (profile, version, day and procedure) is judged again, if the
        books tell figures to judge it by.  So it shows if somebody wrote a whole new file, with hashes that fit and
        entries that are not lawful.

        Raises:
            RefusedError: The books are damaged; what is missing would be missing in every sum.
        """
        self._catch_up()
        self._see_to_health("nothing follows from all of them")
        books, figures, since = Books(self._unit), None, None
        for line in self._read.lines:
            objections: tuple[Objection, ...] | None = None
            known = figures is not None or isinstance(line, Statement)
            if not isinstance(line, Opening) and known and self._rules() == (line.judged_by, line.procedure):
                rules = attrs.evolve(self._entry_rules(), despite=frozenset(line.despite))
                entry = line.entry if isinstance(line, Record) else line.told
                objections = rules.judged(entry, books, figures, since)[0]
            figures = told(figures, line)
            if isinstance(line, Record):
                books.post(line)
            if isinstance(line, Statement):
                since = line.told.on
            yield Replayed(line, figures, books.balances(), objections)

    # Writing

    @overload
    def append(self, entry: Entry) -> Record: ...
    @overload
    def append(self, entry: YearFigures) -> Statement: ...
    def append(self, entry: Entry | YearFigures) -> Record | Statement:
        """Write an entry, or figures of the year that changed, if nothing stands against it.

        Nobody else writes between the judging and the writing, in this process or another.

        Returns:
            The entry as it stands in the books.

        Raises:
            RefusedError: A demand of the policy is not met or not known to be; or the books are damaged.
            InputError: The entry makes no sense in these books, such as a correction of what is not there.
        """
        rows: list[Row] = []
        try:
            with self._store.exclusive() as put:
                rows = self._next(entry)
                for row in rows:
                    put(row)
                    self._read.take(row)
        except BaseException:
            if rows:  # the store failed (a full disk, say) and kept nothing: nor do these balances
                self._begin()
            raise
        self._compared = True  # what holds now was told by this ledger, or compared before
        return self._read.records[-1] if isinstance(entry, Entry) else self._read.statements[-1]

    def _next(self, entry: Entry | YearFigures) -> list[Row]:
        """The lines that an entry comes to, if nothing stands against it: where it is the first, an opening before."""
        self._catch_up()
        place = f"entry {self._read.number}, {entry.kind if isinstance(entry, Entry) else 'figures of the year'}"
        self._see_to_health("nothing is added", place)
        against, despite = self._judge(entry)
        if against:
            raise RefusedError("not allowed", against, where=place)
        judged_by, procedure = self._rules()
        rows: list[Row] = []
        if self._read.fresh:
            year = self._year()
            rows.append(chained(Opening(year.area, year.year, year.figures, judged_by, ""), ""))
        before = rows[-1].hash if rows else self._read.before or ""
        number = self._read.number
        line: Line
        if isinstance(entry, Entry):
            line = Record(number, entry, judged_by, despite, "", procedure)
        else:
            line = Statement(number, entry, judged_by, despite, "", procedure)
        return [*rows, chained(line, before)]

    def _see_to_health(self, so: str, place: str = "") -> None:
        if self._read.damage:
            raise RefusedError(f"the books are damaged, so {so}", self._read.damage, where=place)

    def objections(self, entry: Entry | YearFigures) -> tuple[Objection, ...]:
        """What stands against an entry; nothing is written.

        Raises:
            InputError: As ``append``.
        """
        self._catch_up()
        return self._judge(entry)[0]

    def _judge(self, entry: Entry | YearFigures) -> Judged:
        if not isinstance(entry, (Entry, YearFigures)):
            raise InputError(
                "nothing that the books take",
                where="Ledger entry",
                seen=f"({type(entry).__name__})",
                expected="an Entry, or YearFigures",
            )
        found = self._read
        figures = self._year().figures if found.fresh else found.figures
        since = found.statements[-1].told.on if found.statements else None
        return self._entry_rules().judged(entry, found.books, figures, since)

    def _entry_rules(self) -> EntryRules:
        return EntryRules(self.policy, self._procedure, self._despite, self._year().year)

    def _rules(self) -> tuple[tuple[str, str, str], str]:
        own = "" if self._procedure == shipped() else self._procedure.seal
        return (self.policy.id, self.policy.version, str(self.policy.on)), own
