"""The file of the books: several writers lose nothing, and what was altered or cut off is named, the rest readable."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import injuryprev as ip
from injuryprev.exchange import SqliteStore
from injuryprev.model import Entry
from injuryprev.prevention import Ledger, MemoryStore
from injuryprev.prevention.chain import Row

POLICY = ip.load_profile("cn-prevention").on("2026-01-01")
FIGURES = {"levy_last_year": 20_000_000, "fund_resources": 10**8, "benefits_due": 0, "reserve_due": 0}
YEAR = ip.FundYear("Lakeside", 2026, 600_000, figures=FIGURES)
WORKER = """
import sys
import injuryprev as ip
from injuryprev.exchange import SqliteStore
from injuryprev.model import Entry
from injuryprev.prevention import Ledger
figures = {"levy_last_year": 20_000_000, "fund_resources": 10**8, "benefits_due": 0, "reserve_due": 0}
year = ip.FundYear("Lakeside", 2026, 600_000, figures=figures)
books = Ledger(SqliteStore(sys.argv[1]), year, ip.load_profile("cn-prevention").on("2026-01-01"))
refused = 0
for number in range(40):
    try:
        books.append(Entry("commitment", "2026-01-02", 10_000, f"{sys.argv[2]}-{number}", "training"))
    except ip.RefusedError:
        refused += 1
print(refused)
"""


def filled(path: Path, count: int = 30) -> Ledger:
    """A file with a budget and commitments."""
    ledger = Ledger(SqliteStore(path), YEAR, POLICY)
    ledger.append(Entry("budget", "2026-01-01", 600_000))
    for number in range(count - 1):
        ledger.append(Entry("commitment", "2026-01-02", 1000, f"P-{number}", "training", note="fictional work " * 20))
    return ledger


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    """Every field of every entry, by another ledger on the same file."""
    ledger = Ledger(SqliteStore(tmp_path / "b.db"), YEAR, POLICY)
    ledger.append(Entry("budget", "2026-01-01", "600000.00", note="预算"))
    ledger.append(Entry("commitment", "2026-01-02", "0.10", "P-1", "training"))
    ledger.append(
        Entry("settlement", "2026-01-05", "0.05", "P-1", condition="acceptance", met_on="2026-01-05", evidence="D-7")
    )
    ledger.append(Entry("correction", "2026-01-06", "0.05", corrects=3))
    again = Ledger(SqliteStore(tmp_path / "b.db"), YEAR, POLICY)
    assert again.records == ledger.records
    assert again.balances() == ledger.balances()
    assert again.verify(ledger.head) == ()
    assert [entry.on.isoformat() for entry in (record.entry for record in again.records)][-1] == "2026-01-06"


def test_two_processes_lose_nothing_and_breach_nothing(tmp_path: Path) -> None:
    """Each wants forty commitments of 10,000; the budget does for sixty, and sixty there are."""
    path = tmp_path / "books.db"
    Ledger(SqliteStore(path), YEAR, POLICY).append(Entry("budget", "2026-01-01", 600_000))
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("COV_", "COVERAGE_"))}
    running = [
        subprocess.Popen([sys.executable, "-c", WORKER, str(path), name], stdout=subprocess.PIPE, env=kept)
        for name in ("A", "B")
    ]
    refused = [int(one.communicate(timeout=120)[0]) for one in running]
    assert [one.returncode for one in running] == [0, 0]
    ledger = Ledger(SqliteStore(path), YEAR, POLICY)
    assert sum(refused) == 20
    assert len(ledger.records) == 61
    assert len({record.entry.project for record in ledger.records}) == 61
    assert ledger.balances().free == 0
    assert ledger.verify() == ()


def test_a_ledger_sees_what_another_wrote(tmp_path: Path) -> None:
    """Nobody judges by balances of yesterday."""
    first = filled(tmp_path / "b.db", 1)
    second = Ledger(SqliteStore(tmp_path / "b.db"), YEAR, POLICY)
    second.append(Entry("commitment", "2026-01-02", 600_000, "P-1", "training"))
    with pytest.raises(ip.RefusedError, match="free budget"):
        first.append(Entry("commitment", "2026-01-02", 1, "P-2", "training"))


def tamper(path: Path, *statements: str) -> None:
    """Change a file behind the back of the store."""
    with closing(sqlite3.connect(path)) as file:
        for name in ("entry_stays", "entry_is_kept"):
            file.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            file.execute(statement)
        file.commit()


@pytest.mark.parametrize(
    ("statement", "named", "unread"),
    [
        ("UPDATE entry SET body = replace(body, '1000', '9000') WHERE number = 7", [7], {7}),
        ("UPDATE entry SET hash = '0' WHERE number = 7", [7, 8], {7, 8}),
        ("UPDATE entry SET body = x'00ff' WHERE number = 7", [7], {7}),
        ("DELETE FROM entry WHERE number = 7", [7, 8], {7, 8}),
        ("DELETE FROM entry WHERE number BETWEEN 7 AND 9", [7, 10], {7, 8, 9, 10}),
        ("DELETE FROM entry WHERE number = 7 OR number > 27", [7, 8, 28], {7, 8, 28, 29, 30}),
        ("DELETE FROM entry WHERE number > 27", [28], {28, 29, 30}),
        ("UPDATE head SET hash = '0'", [None], set()),
        ("UPDATE head SET number = 29", [None], set()),
        ("DELETE FROM head", [None], set()),
    ],
)
def test_what_was_altered_is_named_and_the_rest_readable(
    tmp_path: Path, statement: str, named: list[int | None], unread: set[int]
) -> None:
    """Text, hash, a line taken out of the middle or off the end; what stood behind it cannot be checked.

    Nothing more is written to such books.
    """
    path = tmp_path / "books.db"
    whole = filled(path).records
    tamper(path, statement)
    ledger = Ledger(SqliteStore(path), YEAR, POLICY)
    assert [damage.number for damage in ledger.verify()] == named
    assert ledger.records == tuple(record for record in whole if record.number not in unread)
    with pytest.raises(ip.RefusedError, match="damaged"):
        ledger.append(Entry("commitment", "2026-01-02", 1, "P-99", "training"))


def test_one_damage_hides_no_other(tmp_path: Path) -> None:
    """A text altered in the middle, and the end cut off; an entry exchanged behind one that was taken out."""
    path = tmp_path / "books.db"
    whole = filled(path).records
    tamper(
        path,
        "UPDATE entry SET body = replace(body, '1000', '9000') WHERE number = 7",
        "DELETE FROM entry WHERE number > 27",
    )
    assert [one.number for one in Ledger(SqliteStore(path), YEAR, POLICY).verify()] == [7, 28]
    other = tmp_path / "other.db"
    assert filled(other).records == whole
    tamper(
        other,
        "DELETE FROM entry WHERE number = 7",
        "UPDATE entry SET body = replace(body, '1000', '9000') WHERE number = 8",
    )
    ledger = Ledger(SqliteStore(other), YEAR, POLICY)
    assert [one.number for one in ledger.verify()] == [7, 8]
    assert "cannot be checked" in ledger.verify()[1].text()
    assert "无从核对" in ledger.verify()[1].text("zh")
    assert all(one.entry.amount != 9000 for one in ledger.records)


def test_the_store_itself_changes_nothing(tmp_path: Path) -> None:
    """The file refuses to change or lose a line, whoever asks."""
    path = tmp_path / "books.db"
    filled(path, 3)
    with closing(sqlite3.connect(path)) as file:
        for statement in ("UPDATE entry SET body = 'x'", "DELETE FROM entry"):
            with pytest.raises(sqlite3.IntegrityError, match="added only"):
                file.execute(statement)


def test_a_tail_cut_off_with_its_end_shows_against_the_end_noted_elsewhere(tmp_path: Path) -> None:
    """Somebody who also rewrites what the file remembers is found by whoever kept the head."""
    path = tmp_path / "books.db"
    ledger = filled(path)
    noted, earlier = ledger.head, ledger.records[24]
    assert earlier.number == 25
    shorter = "UPDATE head SET number = 25, hash = (SELECT hash FROM entry WHERE number = 25)"
    tamper(path, "DELETE FROM entry WHERE number > 25", shorter)
    again = Ledger(SqliteStore(path), YEAR, POLICY)
    assert again.verify() == ()
    assert [damage.number for damage in again.verify(noted)] == [30]
    assert again.verify(attrs.evolve(noted, number=25))[0].number == 25


@pytest.mark.parametrize("part", [0.15, 0.3, 0.5, 0.7, 0.9, 0.99])
def test_a_file_that_was_cut_off(tmp_path: Path, part: float) -> None:
    """The lines on the pages that are left are read; that others are missing is said; or it is no file any more."""
    path = tmp_path / "books.db"
    whole = filled(path, 80).records
    raw = path.read_bytes()
    path.write_bytes(raw[: int(len(raw) * part)])
    ledger = Ledger(SqliteStore(path), YEAR, POLICY)
    assert ledger.verify() != ()
    read = ledger.records
    assert set(read) <= set(whole)
    if part >= 0.5:
        assert len(read) > 10
    with pytest.raises(ip.RefusedError, match="damaged"):
        ledger.append(Entry("commitment", "2026-01-02", 1, "P-99", "training"))


@pytest.mark.parametrize("content", [b"not a database at all, whatever it is called" * 20, None])
def test_another_file_is_not_taken_for_books(tmp_path: Path, content: bytes | None) -> None:
    """Neither text nor another database."""
    path = tmp_path / "x.db"
    if content is None:
        with closing(sqlite3.connect(path)) as file:
            file.execute("CREATE TABLE t (a)")
    else:
        path.write_bytes(content)
    with pytest.raises(ip.ReadError, match="not the books of a year"):
        SqliteStore(path)


def test_a_file_of_no_length_is_not_taken_for_new_books(tmp_path: Path) -> None:
    """Cut off to its very beginning it is named, not begun anew: a second budget would be a second year's money."""
    path = tmp_path / "books.db"
    filled(path, 3)
    assert [one.name for one in tmp_path.iterdir()] == ["books.db"]
    path.write_bytes(b"")
    with pytest.raises(ip.ReadError, match="cut off to its beginning"):
        SqliteStore(path)
    assert path.read_bytes() == b""
    with pytest.raises(ip.ReadError, match="not the books of a year"):
        SqliteStore(tmp_path / "no such folder" / "books.db")


def test_books_that_others_hold_are_not_taken_for_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waited in vain is told so, in reading and in writing; afterwards everything is there."""
    monkeypatch.setattr("injuryprev.exchange.ledger_store._PATIENCE", 0.05)
    path = tmp_path / "books.db"
    ledger = filled(path, 3)
    more = Entry("commitment", "2026-01-02", 1, "P-99", "training")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert ledger.balances().committed == 2000
        with pytest.raises(ip.ReadError, match=r"held by somebody else; seen: 'database is locked, for 0\.05 seconds'"):
            ledger.append(more)
        other.execute("ROLLBACK")
        other.execute("BEGIN EXCLUSIVE")
        for use in (ledger.balances, ledger.verify, lambda: SqliteStore(path).head()):
            with pytest.raises(ip.ReadError, match="held by somebody else"):
                use()
        other.execute("ROLLBACK")
    assert ledger.append(more).number == 4
    assert ledger.verify() == ()


def test_a_file_that_is_gone_or_another_is_not_begun_anew(tmp_path: Path) -> None:
    """Deleted, overwritten or exchanged while the books are open: said, and no file appears in its place."""
    path = tmp_path / "books #1?.db"
    ledger = filled(path, 3)
    path.unlink()
    more = Entry("commitment", "2026-01-02", 1, "P-99", "training")
    for use in (lambda: ledger.append(more), ledger.balances):
        with pytest.raises(ip.ReadError, match="the file is gone"):
            use()
    assert [*tmp_path.iterdir()] == []
    other = Ledger(SqliteStore(path), attrs.evolve(YEAR, area="Hillside"), POLICY)
    for amount in (1, 2, 3):
        other.append(Entry("budget", "2026-01-01", amount))
    assert [str(one) for one in ledger.verify()] == ["opening: this entry is not the one that was read before"]
    with pytest.raises(ip.RefusedError, match="damaged"):
        ledger.append(more)
    assert other.balances().budget == 6
    path.write_bytes(b"x" * 100)
    with pytest.raises(ip.ReadError, match="not the books of a year"):
        ledger.append(more)
    assert other.verify() != ()


@pytest.mark.parametrize("other", [attrs.evolve(YEAR, year=2027), attrs.evolve(YEAR, area="Hillside")])
def test_books_of_another_year_are_not_continued(tmp_path: Path, other: ip.FundYear) -> None:
    """Their opening says whose they are, and the message says both."""
    path = tmp_path / "books.db"
    filled(path, 3)
    with pytest.raises(ip.InputError, match=f"{other.area}, {other.year}.*expected: Lakeside, 2026"):
        Ledger(SqliteStore(path), other, POLICY)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10), st.data())
def test_any_change_of_any_line_is_found(place: int, data: st.DataObject) -> None:
    """One character of a text or hash, whichever, the opening's among them."""
    store = MemoryStore()
    ledger = Ledger(store, YEAR, POLICY)
    ledger.append(Entry("budget", "2026-01-01", 600_000))
    for number in range(9):
        ledger.append(Entry("commitment", "2026-01-02", 1000, f"P-{number}", "training"))
    row = store.rows[place]
    assert row.body is not None
    text = data.draw(st.sampled_from(["body", "hash"]))
    old: str = getattr(row, text)
    at = data.draw(st.integers(0, len(old) - 1))
    new = data.draw(st.characters(exclude_characters=[old[at]], exclude_categories=["Cs"]))
    changed = old[:at] + new + old[at + 1 :]
    store.rows[place] = Row(row.number, changed, row.hash) if text == "body" else Row(row.number, row.body, changed)
    damaged = Ledger(store, YEAR, POLICY).verify()
    assert damaged
    assert damaged[0].number == place
