"""What ``injuryprev measures`` does with a table: rows by group, their figures, their rates, and how they are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import attrs
from rich.table import Table as Shown

from injuryprev.cli.common import out
from injuryprev.cli.said import Found
from injuryprev.errors import InputError
from injuryprev.exchange import Column, Finding, Table
from injuryprev.exchange.headers import fold
from injuryprev.exchange.rows import Kind
from injuryprev.exchange.tables import Layout, Place, Row, open_table, rows_of
from injuryprev.measures import InjuryRate, Standard, list_standards
from injuryprev.measures.checks import BESIDE, WORKERS, check_days, odd
from injuryprev.measures.definition import BASE
from injuryprev.measures.frame import DEFINITION
from injuryprev.measures.injury_rate import Finding as Oddity
from injuryprev.measures.quotients import as_decimal, read
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Lang, Words

_MOST_SHOWN: Final = 100
HEADER: Final = ("definition", "above", "numerator", "below", "exposure", "rate", "per", "unit")
LAST: Final = ("unknown", "reasons", "confidence", "source")
_TITLES: Final[Mapping[str, str]] = {
    "row": "行",
    "definition": "标准",
    "numerator": "分子",
    "exposure": "分母",
    "rate": "比率",
    "unit": "单位",
    "low": "下限",
    "high": "上限",
    "reasons": "未知原因",
    "title": "名称",
    "confidence": "可信度",
}


@attrs.frozen
class Entry:
    """One rate and what it is of: the values of the columns it is by, or the row."""

    key: tuple[str, ...]
    rate: InjuryRate


@attrs.frozen
class Worked:
    """What came of a table: its rates, what was found wrong, and how many groups that held back."""

    rates: list[Entry]
    findings: list[Finding]
    held_back: int

    @property
    def said(self) -> Found:
        """What was found wrong, for the screen."""
        rejected = sum(finding.severity == "reject" for finding in self.findings)
        return Found(self.findings, rejected, len(self.findings) - rejected, self.held_back)


@attrs.define
class _Group:
    """The rows of one value: the sums of their figures, or why a sum is not known."""

    sums: dict[str, Fraction | Unknown] = attrs.field(factory=dict)
    rejected: bool = False
    rows: int = 0

    def reject(self, names: set[str]) -> None:
        """Hold back the figures, since without a row their sums would be wrong."""
        self.rejected = True
        self.add(dict.fromkeys(names, _REJECTED))

    def add(self, figures: Mapping[str, Fraction | Unknown]) -> None:
        """Add the figures of a row."""
        for name, figure in figures.items():
            so_far = self.sums.get(name, Fraction(0))
            if isinstance(so_far, Unknown) or isinstance(figure, Unknown):
                parts = [part for part in (so_far, figure) if isinstance(part, Unknown)]
                self.sums[name] = Unknown(tuple(dict.fromkeys(reason for part in parts for reason in part.reasons)))
            else:
                self.sums[name] = so_far + figure


_TIMES: Final = frozenset(
    fold(word) for word in ("month", "quarter", "period", "月", "月份", "年月", "统计月份", "季度", "期间")
)
"""Headers by which rows are parts of a year."""
_NOT_SAID: Final = "(none)"
_REJECTED: Final = Unknown((Reason("rejected_row", "table", Words("a row was rejected", "有行未被采用")),))


@attrs.frozen
class Job:
    """What is to be worked out: by which standards and groups, level, days, columns."""

    standards: tuple[Standard, ...]
    by: tuple[str, ...]
    level: float | None
    days: int
    named: Mapping[str, str | None]
    sheet: str | None

    @property
    def header(self) -> tuple[str, ...]:
        """The columns of the file that is written."""
        key = self.by or ("row",)
        limits = ("low", "high", "level") if self.level is not None else ()
        return (*key, *HEADER, *limits, *LAST)

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """What they hold."""
        numbers = ("numerator", "exposure", "rate", "per", "low", "high", "level")
        return {name: "number" if name in numbers else "text" for name in self.header}

    def work(self, path: Path) -> Worked:
        """Read the table and work out every rate."""
        for one in self.standards:
            check_days(one, self.days, "measures --days")
        findings, layout = open_table(path, self._table(), sheet=self.sheet)
        groups: dict[tuple[str, ...], _Group] = {}
        lost = False
        said: set[str] = set()
        figures = self._figures()
        there = {column.name for column, _ in layout.found.values()}
        for row in rows_of(layout):
            group = groups.setdefault(self._key(row), _Group())
            group.rows += 1
            broken = there - set(row.cells)
            findings += [self._weighed(finding, row, broken) for finding in row.findings]
            lost = lost or bool(broken & set(self.by))
            if broken & self._needed:
                group.reject(broken & figures)
            if not row.cells:
                continue
            if DEFINITION in there:
                self._same_definition(row, said)
            read_ = {name: read(row.cells[name], name, self._title(name)) for name in (figures & there) - broken}
            group.add(read_)
            findings += [_warning(row, oddity) for oddity in odd(read_, days=self.days)]
            findings += _no_figures(row, read_)
        for group in groups.values() if lost else ():  # a row nobody can place may be of any of them
            group.reject(figures & there)
        findings += self._over_time(layout, groups)
        rates = [Entry(key, self._rate(one, group)) for key, group in groups.items() for one in self.standards]
        return Worked(rates, findings, sum(group.rejected for group in groups.values()))

    def _over_time(self, layout: Layout, groups: Mapping[tuple[str, ...], _Group]) -> list[Finding]:
        """Mean workers of several months added up are no mean of them."""
        apart = [
            header for header in layout.headers if fold(header) in _TIMES and fold(header) not in map(fold, self.by)
        ]
        persons = [one.below for one in self.standards if one.below in WORKERS]
        if not apart or not persons or all(group.rows < 2 for group in groups.values()):
            return []
        words = Words(
            f"{persons[0]} of several rows are added up, and the rows have a column {apart[0]}: mean workers of "
            "several months are to be averaged, or give the rows of one",
            f"各行{persons[0]}已相加，而表中有“{apart[0]}”列：多个月份的平均人数应取平均，或只提供一个期间的行",
        )
        return [Place(layout, layout.line.number).finding("added_over_time", words, severity="warn")]

    @property
    def _needed(self) -> set[str]:
        """The columns without which a row says nothing of some rate."""
        return {*self.by, DEFINITION, *(name for one in self.standards for name in (one.above, one.below))}

    def _weighed(self, finding: Finding, row: Row, broken: set[str]) -> Finding:
        """A cell that no rate needs costs no row."""
        layout, number = row.place.layout, row.place.number
        name = next((name for name in broken if finding.column == layout.label(name, number)), None)
        return finding if name is None or name in self._needed else attrs.evolve(finding, severity="warn")

    def _figures(self) -> set[str]:
        return {*BESIDE, *(name for one in self.standards for name in (one.above, one.below))}

    def _table(self) -> Table:
        """The columns looked for: those of the standards, those that are held against them, those that rates are by."""
        known = {found.above: found.quantities[0] for found in list_standards()}
        known |= {found.below: found.quantities[1] for found in list_standards()}
        own = {getattr(self.standards[0], place): name for place, name in self.named.items() if name}
        columns = [Column(name, "count", (header,), called=False) for name, header in own.items()]
        for name in sorted(self._figures() - set(own)):
            quantity = known.get(name)
            words = (name,) if quantity is None else (quantity.title.zh, quantity.title.en, *quantity.headers)
            # A header that was named for one figure, or that rates are by, is not another's too.
            if not {fold(word) for word in (name, *words)} & {fold(header) for header in (*own.values(), *self.by)}:
                columns.append(Column(name, "count", words))
        columns += [Column(name, "text", (name,)) for name in self.by]
        columns.append(Column(DEFINITION, "text", ("标准", "口径"), ("standard",)))
        needed = tuple((name,) for one in self.standards for name in (one.above, one.below))
        return Table("figures", ("数据",), tuple(columns), (*needed, *((name,) for name in self.by)))

    def _title(self, name: str) -> Words:
        """What the standards call a figure."""
        for one in self.standards:
            for place, quantity in zip((one.above, one.below), one.quantities, strict=True):
                if place == name:
                    return quantity.title
        return Words()

    def _key(self, row: Row) -> tuple[str, ...]:
        if not self.by:
            return (str(row.place.number),)
        cells = (row.cells.get(name) for name in self.by)
        return tuple("" if cell is None else str(cell) for cell in cells)

    def _same_definition(self, row: Row, said: set[str]) -> None:
        """Refuse a row that says another definition than is asked for, or than the rows before: silence is another."""
        own = str(row.cells.get(DEFINITION) or _NOT_SAID).partition(BASE)[0]
        said.add(own)
        if own not in {_NOT_SAID, *(one.family for one in self.standards)} or len(said) > 1:
            raise InputError(
                "the table mixes definitions",
                where=str(row.place),
                seen=own,
                expected=", ".join(one.name for one in self.standards) + " in every row, or a table for each",
            )

    def _rate(self, one: Standard, group: _Group) -> InjuryRate:
        above, below = (group.sums.get(name, _REJECTED) for name in (one.above, one.below))
        around = None if self.level is None or one.counts == "lost_days" else one.interval(above, below, self.level)
        # What contradicts itself was said of its rows; of a sum it would be said again, or be hidden by other rows.
        return InjuryRate(one, above, below, around, ())

    # What is written and shown

    def line(self, entry: Entry, lang: Lang) -> list[Any]:
        """One line of the file."""
        rate, of = entry.rate, entry.rate.definition
        value = rate.rounded("0.000001")
        why = value if isinstance(value, Unknown) else None
        limits: list[Any] = []
        if self.level is not None:
            around = rate.interval
            known = around is not None and not isinstance(around, Unknown)
            limits = [*_ends(around), Decimal(repr(self.level))] if known else [None, None, None]
        return [
            *entry.key,
            of.name,
            of.above,
            _number(rate.numerator),
            of.below,
            _number(rate.exposure),
            value if why is None else None,
            of.per,
            of.unit.to(lang),
            *limits,
            None if why is None else "; ".join(why.codes),
            None if why is None else why.text(lang),
            of.confidence,
            "; ".join(cited.text(lang) for cited in of.cited),
        ]

    def told(self, entry: Entry) -> dict[str, object]:
        """One rate as data: what it is of, and what the rate tells of itself."""
        return {"of": dict(zip(self.by or ("row",), entry.key, strict=True)), **entry.rate.to_data()}

    def show(self, rates: Sequence[Entry], lang: Lang, *, where: Path | None) -> None:
        """The first rates on the screen, and where the file is."""
        console = out()
        limits = ("low", "high") if self.level is not None else ()
        names = (*(self.by or ("row",)), "definition", "numerator", "exposure", "rate", *limits, "unit", "reasons")
        table = shown_table(names, lang)
        places = [self.header.index(name) for name in names]
        for entry in rates[:_MOST_SHOWN]:
            line = self.line(entry, lang)
            table.add_row(*(_short(line[place]) for place in places))
        console.print(table)
        if len(rates) > _MOST_SHOWN:
            more = len(rates) - _MOST_SHOWN
            console.print(f"…另有 {more} 条" if lang == "zh" else f"… and {more} more", markup=False)
        if where is not None:
            console.print(f"比率已写入 {where}" if lang == "zh" else f"rates: {where}", markup=False, soft_wrap=True)


def _ends(around: Any) -> tuple[Decimal, Decimal]:
    return Decimal(f"{float(around.low):.6f}"), Decimal(f"{float(around.high):.6f}")


def _number(figure: Fraction | Unknown) -> Any:
    return None if isinstance(figure, Unknown) else as_decimal(figure)


def _short(value: Any) -> str:
    """A value as a table on the screen has it: numbers to four places."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,.4f}"
    return str(value)


def shown_table(names: Iterable[str], lang: Lang) -> Shown:
    """An empty table for the screen."""
    made = Shown()
    for name in names:
        made.add_column(_TITLES.get(name, name) if lang == "zh" else name, overflow="fold")
    return made


def _no_figures(row: Row, figures: Mapping[str, Fraction | Unknown]) -> list[Finding]:
    """Numbers that are no figures, such as those below zero: their group is unknown, and here is the row."""
    return [
        row.place.finding(reason.code, reason.words, column=name, value=row.raw.get(name), severity="warn")
        for name, figure in figures.items()
        if isinstance(figure, Unknown)
        for reason in figure.reasons
        if reason.code != "missing"
    ]


def _warning(row: Row, oddity: Oddity) -> Finding:
    return row.place.finding(oddity.code, oddity.words, severity="warn")
