"""What a store holds, taken in line by line: the opening, the entries and what follows from them, and every damage."""

from __future__ import annotations

from fractions import Fraction

from injuryprev.errors import InputError
from injuryprev.model.employer import Facts
from injuryprev.model.fund import FundYear
from injuryprev.model.ledger import Damage, Line, Opening, Record, Statement
from injuryprev.prevention.books import Books
from injuryprev.prevention.chain import Head, Row, Store, check, origin
from injuryprev.words import Words


class Reading:
    """The lines of a store as they were found.

    Args:
        store: Where they are.
        unit: The smallest unit of money.
        year: Area and year, by which books without an opening are known.
    """

    def __init__(self, store: Store, unit: Fraction, year: FundYear | None) -> None:
        self._store, self._year = store, year
        self.books = Books(unit)
        self.opening: Opening | None = None
        self.records: list[Record] = []
        self.statements: list[Statement] = []
        self.damage: list[Damage] = []
        self.figures: Facts | None = None
        """The figures of the year that hold now; ``None`` where the books tell none."""
        self.seen = -1
        self.before: str | None = ""

    @property
    def fresh(self) -> bool:
        """Whether nothing was ever written."""
        return self.seen < 0 and not self.damage

    @property
    def number(self) -> int:
        """The number of the next line behind the opening."""
        return max(self.seen, 0) + 1

    @property
    def lines(self) -> list[Line]:
        """Everything that can be read, in order."""
        lines: list[Line] = [*self.records, *self.statements]
        return sorted(lines if self.opening is None else [self.opening, *lines], key=lambda line: line.number)

    def catch_up(self) -> None:
        """Take in what was written since.

        The end is read before the lines, so that what others write in between makes no line seem missing; where it no
        longer is the end, it is read again.
        """
        end = self._store.head()
        while True:
            for row in self._store.read(self.seen):
                if self.seen < 0 and row.number == 1:  # books of the time before openings, or one that is gone
                    self.seen, self.before = 0, None if self._year is None else origin(self._year)
                if row.number > self.seen + 1:
                    self._missing(self.seen + 1, row.number - 1)
                self.take(row)
            if self._ends_with(end):
                return
            again = self._store.head()
            if again == end:
                break
            end = again
        if end is not None and end.number > self.seen:  # whatever else is wrong, what was cut off is named
            self._missing(self.seen + 1, end.number)
        elif not self.damage:
            words = Words("the end that the file remembers is another, or gone", "文件记录的末笔与实际不符或已丢失")
            self.damage.append(Damage(None, words))

    def _ends_with(self, end: Head | None) -> bool:
        """Whether what the store remembers as its end is the last line."""
        if end is None:
            return self.seen < 0
        return end.number == self.seen >= 0 and end.hash == self.before

    def _missing(self, first: int, last: int) -> None:
        words = Words(f"entries {first} to {last} are missing", f"缺少第 {first} 至 {last} 笔记录")
        if first == 0:
            words = Words(
                f"it is missing, and so are the entries up to {last}", f"已丢失，第 {last} 笔及之前的记录亦缺失"
            )
        self.damage.append(Damage(first, words))
        self.seen, self.before = last, None

    def take(self, row: Row) -> None:
        """Take in one line, or note what is wrong with it."""
        found = check(row, self.before)
        if self.before is None and self.damage and not isinstance(found, Damage):
            words = Words(
                "this entry cannot be checked, for the one before it is missing; it counts in no balance",
                "其前一笔缺失，该笔无从核对，不计入余额",
            )
            found = Damage(row.number, words)
        try:
            if isinstance(found, Record):
                self.books.post(found)
                self.records.append(found)
        except InputError as error:
            found = Damage(row.number, Words(f"this entry does not fit: {error}", f"该笔记录不成立：{error}"))
        if isinstance(found, Opening):
            self.opening = found
        if isinstance(found, Statement):
            self.statements.append(found)
        if isinstance(found, Damage):
            self.damage.append(found)
        self.figures = told(self.figures, found)
        self.seen, self.before = row.number, row.hash


def told(figures: Facts | None, line: object) -> Facts | None:
    """The figures of the year that hold after a line."""
    if isinstance(line, Opening):
        return line.figures
    return Facts({**(figures or {}), **line.told.figures}) if isinstance(line, Statement) else figures
