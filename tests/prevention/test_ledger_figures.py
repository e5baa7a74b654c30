"""The figures by which a limit is worked out are part of the books: nobody changes them unseen, or without a reason."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any, ClassVar

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import injuryprev as ip
from injuryprev.exchange import SqliteStore
from injuryprev.model import Entry, Record, YearFigures
from injuryprev.prevention import Ledger, MemoryStore, shipped
from injuryprev.prevention.chain import Head, Row, Store
from injuryprev.prevention.procedure import Booking

POLICY = ip.load_profile("cn-prevention").on("2026-01-01")
SHANXI = ip.load_profile("cn-sx-prevention").on("2026-01-01")
FIGURES: dict[str, Any] = {"levy_last_year": 20_000_000, "fund_resources": 10**8, "benefits_due": 0, "reserve_due": 0}
YEAR = ip.FundYear("Lakeside", 2026, 600_000, figures=FIGURES)
DAY = "2026-03-01"
BUDGET = Entry("budget", "2026-01-01", 600_000)
CONSENT = YearFigures(
    "2026-07-01", {"consent_share": "0.05"}, source="letter 12 of the province", reason="consent to exceed"
)


def with_figures(**figures: Any) -> ip.FundYear:
    """The year with some figures changed; ``None`` leaves one out."""
    told = {**FIGURES, **figures}
    return attrs.evolve(YEAR, figures={name: value for name, value in told.items() if value is not None})


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Either kind of store, with nothing in it."""
    return MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "books.db")


def test_a_larger_levy_does_not_raise_the_cap_unseen(store: Store) -> None:
    """Opened with half as much again the books say what they were told, what was given, and how a change is told."""
    Ledger(store, YEAR, POLICY).append(BUDGET)
    with pytest.raises(ip.InputError) as caught:
        Ledger(store, with_figures(levy_last_year=30_000_000, reserve_due=None), POLICY)
    said = caught.value
    assert said.where == "Ledger year.figures"
    assert said.seen == "levy_last_year 30000000, reserve_due not told"
    assert said.expected.startswith("levy_last_year 20000000, reserve_due 0, as the books tell")
    assert "append(YearFigures(" in said.expected
    with pytest.raises(ip.InputError, match="consent_share"):
        Ledger(store, with_figures(consent_share="0.05"), POLICY)


def test_the_same_figures_otherwise_written_are_the_same(store: Store) -> None:
    """Text, whole numbers and decimals of one value; and no year at all takes what the books tell."""
    Ledger(store, YEAR, POLICY).append(BUDGET)
    again = Ledger(store, with_figures(levy_last_year="20000000.00"), POLICY)
    assert again.balances().budget == 600_000
    told = Ledger(store, None, POLICY)
    assert told.year == YEAR
    assert told.opening is not None
    assert (told.opening.area, told.opening.year, dict(told.opening.figures)) == ("Lakeside", 2026, FIGURES)
    assert told.opening.judged_by == ("cn-prevention", POLICY.version, "2026-01-01")


def test_a_change_is_an_entry_with_its_source_and_reason(store: Store) -> None:
    """A consent raises the limit from its day on, stands in the books, and is part of what they are opened with."""
    ledger = Ledger(store, YEAR, POLICY)
    ledger.append(BUDGET)
    more = Entry("budget", "2026-07-01", 400_000)
    assert [one.rule for one in ledger.objections(more)] == ["budget_within_limit"]
    other = Ledger(store, YEAR, POLICY)
    assert ledger.append(CONSENT).number == 2
    early = ledger.objections(attrs.evolve(more, on="2026-06-30"))
    assert [(one.rule, one.lawful.en[:10]) for one in early] == [("entry_in_time", "2026-07-01")]
    assert other.append(more).number == 3  # opened before; what was told since holds for it too
    assert [one.rule for one in other.objections(Entry("budget", "2026-07-01", "0.01"))] == ["budget_within_limit"]
    [told] = Ledger(store, None, POLICY).statements
    assert told.told == CONSENT
    assert (told.number, told.judged_by[0], told.despite) == (2, "cn-prevention", ())
    with pytest.raises(ip.InputError, match=r"expected: consent_share 0\.05"):
        Ledger(store, YEAR, POLICY)
    assert Ledger(store, with_figures(consent_share="0.05"), POLICY).year.figures["consent_share"] == "0.05"
    assert ledger.verify(ledger.head) == ()


def test_figures_by_which_the_budget_would_be_unlawful_are_refused(store: Store) -> None:
    """The budget is taken back first; with nothing budgeted there is nothing that could be breached."""
    ledger = Ledger(store, YEAR, POLICY)
    less = YearFigures(DAY, {"levy_last_year": 10_000_000}, source="accounts of 2025", reason="a sum was counted twice")
    ledger.append(YearFigures("2026-01-01", {"levy_last_year": 1}, source="?", reason="a mistake"))
    ledger.append(YearFigures("2026-01-01", {"levy_last_year": 20_000_000}, source="accounts", reason="put right"))
    ledger.append(BUDGET)
    with pytest.raises(ip.RefusedError, match=r"300,000\.00 CNY.*人社部规〔2017〕13号.*第五条"):
        ledger.append(less)
    ledger.append(Entry("correction", "2026-02-01", 300_000, corrects=3))
    assert ledger.append(less).number == 5
    assert ledger.balances().budget == 300_000


def test_the_parts_of_uses_and_the_band_hold_for_new_figures_too() -> None:
    """Hunan's band is of last year's budget, which may itself be told anew."""
    hunan = ip.load_profile("cn-hn-prevention").on("2024-10-01")
    figures = {**FIGURES, "levy_expected": 40_000_000, "budget_last_year": 300_000}
    ledger = Ledger(MemoryStore(), ip.FundYear("Lakeside", 2024, 1, figures=figures), hunan)
    ledger.append(Entry("budget", "2024-01-01", 450_000))
    told = YearFigures("2024-02-01", {"budget_last_year": 200_000}, source="accounts", reason="a mistake")
    assert [one.rule for one in ledger.objections(told)] == ["budget_within_band"]
    assert ledger.objections(attrs.evolve(told, figures={"budget_last_year": 400_000})) == ()


def test_what_cannot_be_told(store: Store) -> None:
    """A name nobody asks for, what is no figure, what is told already, a day before the last change, no source."""
    ledger = Ledger(store, YEAR, POLICY)
    ledger.append(BUDGET)
    ledger.append(CONSENT)

    def told(**figures: Any) -> YearFigures:
        return attrs.evolve(CONSENT, figures=figures)

    with pytest.raises(ip.UnknownNameError, match="did you mean 'consent_share'"):
        ledger.append(told(consent_shar="0.05"))
    for wrong in ("a lot", "1.2", "0.00001"):
        with pytest.raises(ip.InputError, match=r"YearFigures.figures\['consent_share'\]: these rules cannot use"):
            ledger.append(told(consent_share=wrong))
    with pytest.raises(ip.InputError, match="tell these figures already"):
        ledger.append(told(consent_share="0.050", levy_last_year=20_000_000))
    earlier = YearFigures("2026-06-30", {"consent_share": "0.06"}, source="letter", reason="more")
    assert [one.rule for one in ledger.objections(earlier)] == ["entry_in_time"]
    with pytest.raises(ip.InputError, match="beside the entries"):
        ledger.append(told(free_budget=10**9))
    lacking: list[dict[str, Any]] = [{"source": " "}, {"reason": ""}, {"figures": {}}]
    for one in lacking:
        with pytest.raises(ip.InputError, match=f"YearFigures.{next(iter(one))}"):
            attrs.evolve(CONSENT, **one)
    assert len(ledger.statements) == 1


def test_no_year_where_the_books_tell_none(store: Store) -> None:
    """Somebody has to say whose books they are, and with figures that can be used."""
    with pytest.raises(ip.InputError, match="do not say whose they are"):
        Ledger(store, None, POLICY)
    with pytest.raises(ip.InputError, match=r"beside the entries.*seen: 500"):
        Ledger(store, with_figures(paid=500), POLICY)
    with pytest.raises(ip.InputError, match=r"FundYear.figures\['budget'\].*FundYear.budget alone"):
        with_figures(budget=500)
    with pytest.raises(ip.InputError, match=r"figures\['levy_last_year'\].*cannot use.*not a number; seen: 'a lot'"):
        Ledger(store, with_figures(levy_last_year="a lot"), POLICY)


def test_rules_that_no_longer_ask_for_a_figure() -> None:
    """From September 2017 nobody asks for pilots any more: it stays told, and may be left out."""
    profile = ip.load_profile("cn-prevention")
    pilot, later = profile.on("2017-08-31"), profile.on("2017-09-01")
    year = attrs.evolve(with_figures(pilot_area=True), year=2017)
    store = MemoryStore()
    Ledger(store, year, pilot).append(Entry("budget", "2017-01-01", 400_000))
    without = attrs.evolve(with_figures(), year=2017)
    for told in (year, without, None):
        assert Ledger(store, told, later).objections(Entry("budget", "2017-09-01", 200_000)) == ()
    with pytest.raises(ip.InputError, match="pilot_area not told"):
        Ledger(store, without, pilot)


def test_what_is_no_ledger(tmp_path: Path) -> None:
    """The mistakes of a first hour: each says what would do."""
    profile: Any = ip.load_profile("cn-prevention")
    path: Any = str(tmp_path / "books.db")
    kind: Any = MemoryStore
    entry: Any = {"kind": "budget", "on": "2026-01-01", "amount": 1}
    ledger = Ledger(MemoryStore(), YEAR, POLICY)
    for mistake, said in (
        (
            lambda: Ledger(MemoryStore(), YEAR, profile),
            r"Ledger policy: not the rules of one day.*\(id\).on",
        ),
        (lambda: Ledger(path, YEAR, POLICY), r"Ledger store: .*SqliteStore\(path\)"),
        (lambda: Ledger(kind, YEAR, POLICY), r"Ledger store: .*MemoryStore\(\)"),
        (lambda: Ledger(MemoryStore(), entry, POLICY), "Ledger year: .*FundYear"),
        (lambda: ledger.append(entry), "Ledger entry: .*an Entry, or YearFigures"),
        (lambda: ledger.objections(entry), "Ledger entry: "),
        (lambda: ledger.verify(entry), "verify head: "),
    ):
        with pytest.raises(ip.InputError, match=said):
            mistake()
    assert [*tmp_path.iterdir()] == []


# Damage


def test_an_opening_that_was_altered_is_named(tmp_path: Path) -> None:
    """Its text, its hash, both, or all of it gone; the entries stay readable as far as they can be checked."""
    path = tmp_path / "books.db"
    ledger = Ledger(SqliteStore(path), YEAR, POLICY)
    ledger.append(BUDGET)
    ledger.append(Entry("commitment", "2026-01-02", 1000, "P-1", "training"))
    whole = path.read_bytes()
    opening = SqliteStore(path).read(-1)[0]  # type: ignore[index]
    assert opening.body is not None
    body = opening.body.replace("20000000", "90000000")
    seal = hashlib.sha256(f"\n0 {body}".encode()).hexdigest()
    for statement, values, named, left in (
        ("UPDATE entry SET body = ? WHERE number = 0", [body], [0], [1, 2]),
        ("UPDATE entry SET hash = ? WHERE number = 0", ["0"], [0, 1], [2]),
        ("UPDATE entry SET body = ?, hash = ? WHERE number = 0", [body, seal], [1], [2]),
        ("DELETE FROM entry WHERE number = 0", [], [1], [2]),
        ("DELETE FROM entry WHERE number < 2", [], [0, 2], []),
    ):
        path.write_bytes(whole)
        with closing(sqlite3.connect(path)) as file:
            for name in ("entry_stays", "entry_is_kept"):
                file.execute(f"DROP TRIGGER {name}")
            file.execute(statement, values)
            file.commit()
        for year in (YEAR, with_figures(levy_last_year=90_000_000)):
            again = Ledger(SqliteStore(path), year, POLICY)
            assert [damage.number for damage in again.verify()] == named
            assert [record.number for record in again.records] == left
            with pytest.raises(ip.RefusedError, match="damaged"):
                again.append(Entry("budget", "2026-01-02", 1))
            with pytest.raises(ip.RefusedError, match="damaged"):
                next(again.replay())
    again = Ledger(SqliteStore(path), YEAR, POLICY)
    assert str(again.verify()[0]) == "opening: it is missing, and so are the entries up to 1"
    assert again.verify()[0].text("zh").startswith("开账记录：")


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(FIGURES)), st.integers(0, 10**9), st.booleans())
def test_no_figure_of_the_opening_can_be_another(name: str, value: int, resealed: bool) -> None:
    """Whatever is written in its place, with or without a hash that fits."""
    store = MemoryStore()
    Ledger(store, YEAR, POLICY).append(BUDGET)
    row = store.rows[0]
    told = json.loads(row.body or "")
    if told["figures"][name] == value:
        return
    told["figures"][name] = value
    body = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    seal = hashlib.sha256(f"\n0 {body}".encode()).hexdigest() if resealed else row.hash
    store.rows[0] = Row(0, body, seal)
    year = with_figures(**{name: value})
    assert [damage.number for damage in Ledger(store, year, POLICY).verify()] == [1 if resealed else 0]


def forged(*entries: Entry) -> MemoryStore:
    """Books written by somebody who holds them against no rule, with hashes that fit."""
    lax = attrs.evolve(shipped(), entries={kind: Booking(()) for kind in shipped().entries})
    store = MemoryStore()
    ledger = Ledger(store, YEAR, POLICY, procedure=lax)
    for entry in entries:
        ledger.append(entry)
    return store


def test_a_procedure_of_ones_own_is_seen() -> None:
    """Who lets everything pass writes so into every line."""
    [record] = Ledger(forged(attrs.evolve(BUDGET, amount=900_000)), YEAR, POLICY).records
    assert len(record.procedure) == 64
    own = attrs.evolve(shipped(), first="complete")
    assert own.seal != shipped().seal
    lawful = Ledger(MemoryStore(), YEAR, POLICY)
    assert lawful.append(BUDGET).procedure == ""


def test_books_written_anew_with_hashes_that_fit_do_not_stand_the_replay() -> None:
    """Nothing is wrong with their hashes; the rules have something against the entries that they would have refused."""
    too_much = Entry("settlement", DAY, 900, "P-1", condition="acceptance", met_on=DAY)
    store = forged(BUDGET, Entry("commitment", "2026-01-02", 500, "P-1", "training"), too_much)
    before = ""
    for place, row in enumerate(store.rows):  # as if the rules had been asked
        body = json.dumps(
            {key: value for key, value in json.loads(row.body or "").items() if key != "procedure"},
            ensure_ascii=False, sort_keys=True, separators=(",", ":"),
        )  # fmt: skip
        before = hashlib.sha256(f"{before}\n{row.number} {body}".encode()).hexdigest()
        store.rows[place] = Row(row.number, body, before)
    ledger = Ledger(store, YEAR, POLICY)
    assert ledger.verify() == ()
    assert [[one.rule for one in step.objections or ()] for step in ledger.replay()] == [
        [], [], [], ["within_commitment"],
    ]  # fmt: skip


def test_the_replay_tells_what_held_when() -> None:
    """The figures after each line, the balances after each line; what other rules judged is not judged by these."""
    ledger = Ledger(MemoryStore(), YEAR, POLICY)
    ledger.append(BUDGET)
    ledger.append(CONSENT)
    ledger.append(Entry("budget", "2026-07-02", 400_000))
    steps = [*ledger.replay()]
    assert [(step.line.number, step.figures and step.figures.get("consent_share")) for step in steps] == [
        (0, None), (1, None), (2, "0.05"), (3, "0.05"),
    ]  # fmt: skip
    assert [step.balances.budget for step in steps] == [0, 600_000, 600_000, 1_000_000]
    assert [step.objections for step in steps] == [None, (), (), ()]
    later = Ledger(ledger._store, None, ip.load_profile("cn-prevention").on("2026-02-01"))
    assert {step.objections for step in later.replay()} == {None}


# Books of the time before openings


def of_old(*entries: Entry) -> MemoryStore:
    """Books as they were written when they told no figures: entries from 1, resting on area and year."""
    store, before = MemoryStore(), hashlib.sha256(b'\ninjuryprev.ledger/1 ["Lakeside", 2026]').hexdigest()
    fields = [one.name for one in attrs.fields(Entry)]
    for number, entry in enumerate(entries, start=1):
        told = {name: getattr(entry, name) for name in fields}
        plain: dict[str, Any] = {
            name: value if value is None or isinstance(value, int) else str(value) for name, value in told.items()
        }
        plain |= {"judged_by": ["cn-prevention", "2026.11", "2026-01-01"], "despite": []}
        body = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        before = hashlib.sha256(f"{before}\n{number} {body}".encode()).hexdigest()
        store.rows.append(Row(number, body, before))
    return store


OLD = (BUDGET, Entry("commitment", "2026-01-02", 1000, "P-1", "training"))


def test_books_without_an_opening_are_read_and_go_on_once_they_are_told_the_figures() -> None:
    """Nothing was told, so nothing is taken for told: reading goes on, writing waits for the figures, all of them."""
    store = of_old(*OLD)
    ledger = Ledger(store, YEAR, POLICY)
    assert (ledger.verify(), ledger.opening, ledger.statements) == ((), None, ())
    assert [record.entry for record in ledger.records] == [*OLD]
    assert ledger.balances().free == 599_000
    assert [step.objections for step in ledger.replay()] == [None, None]
    more = Entry("commitment", DAY, 1000, "P-2", "training")
    assert [one.rule for one in ledger.objections(more)] == ["figures_told"]
    with pytest.raises(ip.RefusedError, match=r"lawful: append\(YearFigures\(.*first, with all figures of the year"):
        ledger.append(more)
    few = YearFigures(DAY, {"levy_last_year": 20_000_000}, source="accounts", reason="not told when they were begun")
    with pytest.raises(ip.RefusedError, match="fund_resources"):
        ledger.append(few)
    assert ledger.append(attrs.evolve(few, figures=FIGURES)).number == 3
    assert ledger.append(more).number == 4
    assert ledger.verify(ledger.head) == ()
    with pytest.raises(ip.InputError, match="tell other figures"):
        Ledger(store, with_figures(levy_last_year=30_000_000), POLICY)
    assert [step.objections for step in Ledger(store, YEAR, POLICY).replay()] == [None, None, (), ()]


def test_books_without_an_opening_do_not_say_whose_they_are() -> None:
    """So the year is given, and one that is not theirs shows at the first entry."""
    store = of_old(*OLD)
    with pytest.raises(ip.InputError, match="do not say whose they are"):
        Ledger(store, None, POLICY)
    assert [one.number for one in Ledger(store, attrs.evolve(YEAR, year=2027), POLICY).verify()] == [1]
    first = store.rows[0]
    store.rows[0] = Row(1, (first.body or "").replace("600000", "700000"), first.hash)
    assert [one.number for one in Ledger(store, YEAR, POLICY).verify()] == [1]
    assert Ledger(store, YEAR, POLICY).verify(Head(2, "other"))[-1].number == 2


# Several at once


def test_whoever_writes_first_tells_the_figures(store: Store) -> None:
    """Two open empty books with different levies; the second learns it before it writes anything."""
    first, second = Ledger(store, YEAR, POLICY), Ledger(store, with_figures(levy_last_year=90_000_000), POLICY)
    assert second.objections(attrs.evolve(BUDGET, amount=900_000)) == ()
    first.append(BUDGET)
    for use in (lambda: second.append(BUDGET), second.balances, lambda: second.year):
        with pytest.raises(ip.InputError, match=r"seen: 'levy_last_year 90000000'"):
            use()
    assert [record.number for record in first.records] == [1]


@pytest.mark.parametrize("place", ["head", "read"])
@pytest.mark.parametrize("opened", [True, False])
def test_what_is_written_while_others_read_makes_nothing_seem_missing(place: str, opened: bool) -> None:
    """Between the lines and their end somebody adds one: that is no damage, whichever was read first."""

    class Lively(MemoryStore):
        amounts: ClassVar[list[int]] = []

        def _add(self, where: str) -> None:
            if where == place and self.amounts:
                amount = self.amounts.pop()
                Ledger(self, YEAR, POLICY).append(attrs.evolve(BUDGET, amount=amount))

        def head(self) -> Head | None:
            found = super().head()
            self._add("head")
            return found

        def read(self, after: int) -> Iterable[Row]:
            found = super().read(after)
            self._add("read")
            return found

    store = Lively()
    if opened:
        Ledger(store, YEAR, POLICY).append(attrs.evolve(BUDGET, amount=100_000))
    Lively.amounts = [10, 20, 30]
    ledger = Ledger(store, YEAR, POLICY)
    assert ledger.verify() == ()
    assert ledger.balances().budget == (100_060 if opened else 60)
    assert ledger.verify(ledger.head) == ()


OPENER = """
import sys
import injuryprev as ip
from injuryprev.exchange import SqliteStore
from injuryprev.model import Entry, YearFigures
from injuryprev.prevention import Ledger
levy = int(sys.argv[2])
figures = {"levy_last_year": levy, "fund_resources": 10**8, "benefits_due": 0, "reserve_due": 0}
year = ip.FundYear("Lakeside", 2026, 600_000, figures=figures)
try:
    books = Ledger(SqliteStore(sys.argv[1]), year, ip.load_profile("cn-prevention").on("2026-01-01"))
    sys.stdin.readline()
    for number in range(20):
        books.append(Entry("budget", "2026-01-01", levy // 1000))
    print("wrote")
except ip.InputError as error:
    print("refused" if "tell other figures" in str(error) else error)
"""


def test_two_processes_begin_the_books_with_different_figures(tmp_path: Path) -> None:
    """One opening there is; the other process writes nothing, and no entry is of its levy."""
    path = tmp_path / "books.db"
    running = [
        subprocess.Popen(
            [sys.executable, "-c", OPENER, str(path), levy], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for levy in ("20000000", "30000000")
    ]
    said = [one.communicate("go\n", timeout=120)[0].strip() for one in running]
    assert sorted(said) == ["refused", "wrote"]
    ledger = Ledger(SqliteStore(path), None, POLICY)
    assert ledger.verify() == ()
    assert ledger.year.figures["levy_last_year"] == (20_000_000 if said[0] == "wrote" else 30_000_000)
    assert len(ledger.records) == 20
    assert {record.entry.amount * 1000 for record in ledger.records} == {ledger.year.figures["levy_last_year"]}


def test_a_line_that_is_of_another_kind_than_its_place_is_named() -> None:
    """An opening in the middle, an entry in its place, one of a later schema: none is taken for what it is not."""
    store = MemoryStore()
    ledger = Ledger(store, YEAR, POLICY)
    ledger.append(BUDGET)
    opening, entry = store.rows
    for place, body in (
        (0, entry.body or ""), (1, opening.body or ""), (0, (opening.body or "").replace("ledger/2", "ledger/3")),
    ):  # fmt: skip
        before = "" if place == 0 else opening.hash
        rows = [opening, entry]
        rows[place] = Row(place, body, hashlib.sha256(f"{before}\n{place} {body}".encode()).hexdigest())
        store.rows[:] = rows
        assert Ledger(store, YEAR, POLICY).verify()[0].number == place
    assert all(isinstance(record, Record) for record in ledger.records)
