"""Entries folded into balances: double entry in the smallest unit of money, so that nothing is lost on the way."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from operator import itemgetter
from types import MappingProxyType
from typing import Final

import attrs

from injuryprev.errors import InputError
from injuryprev.model.ledger import Balances, Entry, ProjectBalance, Record
from injuryprev.units import to_decimal

_POSTINGS: Final = {
    "budget": ("fund", "budget"),
    "commitment": ("budget", "committed"),
    "prepayment": ("committed", "paid"),
    "instalment": ("committed", "paid"),
    "settlement": ("committed", "paid"),
    "release": ("committed", "budget"),
    "refund": ("paid", "budget"),
}
"""From which account money goes to which; those of a project bear its key."""
_OF_PROJECT: Final = ("committed", "paid")


@attrs.define
class _Line:
    """An entry as the books remember it: what of it no correction has taken back."""

    entry: Entry
    standing: int


class Books:
    """The fold over the entries.

    Args:
        unit: The smallest unit of money.
    """

    def __init__(self, unit: Fraction) -> None:
        self.unit = unit
        self._accounts: defaultdict[str, int] = defaultdict(int)
        self._lines: dict[int, _Line] = {}
        self._use: dict[str, str] = {}
        self._begun: dict[str, dt.date] = {}
        self._sums: defaultdict[tuple[str, str], int] = defaultdict(int)
        self._settled: defaultdict[str, int] = defaultdict(int)
        self._ends: defaultdict[str, list[_Line]] = defaultdict(list)
        self._shown: dict[str, Decimal] = {}
        self._projects: dict[str, ProjectBalance] = {}
        """Accounts and projects as they were shown last; an entry takes out what it changes."""

    # What is there

    def units(self, amount: Decimal) -> int:
        """An amount in the smallest unit.

        Raises:
            InputError: It is finer than that.
        """
        count = Fraction(amount) / self.unit
        if count.denominator != 1:
            raise InputError(
                "an amount finer than the smallest unit of money",
                where="Entry.amount",
                seen=str(amount),
                expected=f"a multiple of {to_decimal(self.unit)}",
            )
        return int(count)

    def money(self, units: int) -> Decimal:
        """Smallest units as an amount."""
        return to_decimal(units * self.unit)

    def account(self, name: str, project: str | None = None) -> Decimal:
        """What stands on an account."""
        return self.money(self._accounts[name if project is None else f"{name}:{project}"])

    def budget(self) -> Decimal:
        """What was budgeted."""
        return self.money(-self._accounts["fund"])

    def use_of(self, project: str) -> str | None:
        """What the money of a project is for; ``None`` where nothing was ever committed to it."""
        return self._use.get(project)

    def ended(self, project: str, without: Entry | None = None) -> str | None:
        """On what the rest of a project was released because it has ended; ``None`` where no such release stands.

        Args:
            project: Its key.
            without: A release that is not looked at, since all that stands of it is being taken back.
        """
        ends = (line.entry for line in self._ends.get(project, ()) if line.standing)
        return next((entry.condition for entry in ends if entry is not without), None)

    def begun(self, entry: Entry) -> dt.date | None:
        """The first day that an entry can be of: of the first commitment to its project, or of what it corrects."""
        if entry.corrects is not None:
            return self.corrected(entry).on
        return None if entry.kind == "commitment" else self._begun.get(entry.project or "")

    def spoken_for(self, use: str) -> Decimal:
        """What the projects of a use hold, committed or paid."""
        held = (
            self._accounts[f"{kind}:{project}"]
            for project, of in self._use.items()
            if of == use
            for kind in _OF_PROJECT
        )
        return self.money(sum(held))

    def budgeted_for(self, amount: Decimal) -> dt.date | None:
        """The day by which there was budget for a further commitment; ``None`` where there is not enough."""
        need = self.units(amount) - self._accounts["fund"] - self._accounts["budget"]
        lines = (line for line in self._lines.values() if line.entry.kind == "budget" and line.standing)
        for line in sorted(lines, key=lambda line: line.entry.on):
            need -= line.standing
            if need <= 0:
                return line.entry.on
        return None

    def standing(self, number: int) -> tuple[Entry, Decimal] | None:
        """An entry, and what of it no correction has taken back."""
        line = self._lines.get(number)
        return None if line is None else (line.entry, self.money(line.standing))

    def project(self, project: str) -> ProjectBalance:
        """The money of a project."""
        return ProjectBalance(
            project=project,
            use=self._use.get(project, ""),
            contract=self.money(self._sums[project, "commitment"]),
            left=self.account("committed", project),
            prepaid=self.money(self._sums[project, "prepayment"]),
            paid=self.account("paid", project),
            settlements=self._settled[project],
        )

    def balances(self) -> Balances:
        """All of it, as a value."""
        for name in self._accounts.keys() - self._shown.keys():
            self._shown[name] = self.money(self._accounts[name])
        for project in self._use.keys() - self._projects.keys():
            self._projects[project] = self.project(project)
        accounts = {name: amount for name, amount in sorted(self._shown.items()) if amount}
        projects = dict(sorted(self._projects.items(), key=itemgetter(0)))
        return Balances(self.budget(), self.account("budget"), MappingProxyType(accounts), MappingProxyType(projects))

    # What an entry does

    def flow(self, entry: Entry) -> tuple[str, str]:
        """The accounts an entry takes money from and brings it to.

        Raises:
            InputError: It corrects an entry that is not there or is a correction itself.
        """
        if entry.kind != "correction":
            source, target = (
                f"{account}:{entry.project}" if account in _OF_PROJECT else account for account in _POSTINGS[entry.kind]
            )
            return source, target
        target, source = self.flow(self.corrected(entry))
        return source, target

    def corrected(self, entry: Entry) -> Entry:
        """The entry that a correction takes back.

        Raises:
            InputError: There is none of that number, or it is a correction itself.
        """
        line = self._lines.get(entry.corrects or 0)
        if line is None or line.entry.kind == "correction":
            raise InputError(
                "nothing that can be corrected has this number",
                where="Entry.corrects",
                seen=entry.corrects,
                expected="the number of an entry that is no correction itself",
            )
        return line.entry

    def post(self, record: Record) -> None:
        """Take an entry in.

        Raises:
            InputError: As in ``units`` and ``corrected``, or a project would be of two uses.
        """
        entry, units = record.entry, self.units(record.entry.amount)
        source, target = self.flow(entry)
        if entry.kind == "commitment" and entry.project is not None:
            self._begun[entry.project] = min(entry.on, self._begun.get(entry.project, entry.on))
        if entry.project is not None and entry.use is not None:
            self._use.setdefault(entry.project, entry.use)
        self._accounts[source] -= units
        self._accounts[target] += units
        for account in (source, target):
            self._shown.pop(account, None)
        self._lines[record.number] = _Line(entry, units)
        if entry.kind == "release" and entry.project is not None and entry.met:
            self._ends[entry.project].append(self._lines[record.number])
        of, sign = entry, 1
        if entry.corrects is not None:
            line = self._lines[entry.corrects]
            line.standing -= units
            of, sign = line.entry, -1
        if of.project is not None:
            self._projects.pop(of.project, None)
            self._sums[of.project, of.kind] += sign * units
            if of.kind == "settlement" and (sign == 1 or not self._lines[entry.corrects or 0].standing):
                self._settled[of.project] += sign
