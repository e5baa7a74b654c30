"""Everything is judged by the law of its own day: the books, a year that is planned, the step of a project, a ban."""

from __future__ import annotations

from typing import Any

import pytest

import injuryprev as ip
from injuryprev.model import Entry, PreventionProject, YearFigures
from injuryprev.prevention import Ledger, MemoryStore, advance, allocate, bar
from injuryprev.prevention.checking import check_project
from injuryprev.prevention.law_day import rules_hold

PROFILE = ip.load_profile("cn-prevention")
FIGURES = {"levy_last_year": 20_000_000, "fund_resources": 10**8, "benefits_due": 0, "reserve_due": 0}
PILOT = FIGURES | {"pilot_area": True}
PAPERS = {"has_plan": True, "has_goals": True}


def rules(of: Ledger, entry: Entry | YearFigures) -> list[str]:
    """What stands against an entry."""
    return [one.rule for one in of.objections(entry)]


@pytest.mark.parametrize(
    ("on", "day", "lawful"),
    [
        ("2018-01-01", "2016-03-01", False),
        ("2018-01-01", "2017-08-31", False),
        ("2018-01-01", "2017-09-01", True),
        ("2017-08-31", "2017-08-31", True),
    ],
)
def test_an_entry_is_not_judged_by_the_law_of_another_day(on: str, day: str, lawful: bool) -> None:
    """3 % were not lawful in March 2016, and the message names the rules to judge it by."""
    figures = PILOT if on < "2017-09-01" else FIGURES
    ledger = Ledger(MemoryStore(), ip.FundYear("Lakeside", 2017, 1, figures=figures), PROFILE.on(on))
    entry = Entry("budget", day, 400_000)
    assert ("law_of_the_day" in rules(ledger, entry)) is not lawful
    if not lawful:
        (one,) = (found for found in ledger.objections(entry) if found.rule == "law_of_the_day")
        assert f".on('{day}')" in one.lawful.en
        assert f".on('{day}')" in one.lawful.zh
        with pytest.raises(ip.RefusedError, match="rules of its day"):
            ledger.append(entry)


def test_books_over_a_change_of_the_law_go_on_with_the_rules_of_each_day() -> None:
    """2 % until the end of August 2017, 3 % from September on: one store, a ledger for each."""
    store = MemoryStore()
    before = Ledger(store, ip.FundYear("Lakeside", 2017, 1, figures=PILOT), PROFILE.on("2017-03-01"))
    before.append(Entry("budget", "2017-03-01", 400_000))
    assert rules(before, Entry("budget", "2017-10-01", 200_000)) == ["budget_within_limit", "law_of_the_day"][::-1]
    after = Ledger(store, None, PROFILE.on("2017-10-01"))
    after.append(Entry("budget", "2017-10-01", 200_000))
    assert rules(after, Entry("correction", "2017-04-01", 1, corrects=1)) == ["law_of_the_day"]
    told = YearFigures("2017-04-01", {"benefits_due": 1}, source="accounts", reason="a mistake")
    assert rules(after, told) == ["law_of_the_day"]
    assert [step.objections for step in after.replay()] == [None, None, ()]


def test_beyond_what_was_checked_only_on_the_word_of_whoever_writes() -> None:
    """A settlement of 2027 by the last rules known is one that was asked for so."""
    store = MemoryStore()
    ledger = Ledger(store, ip.FundYear("Lakeside", 2026, 1, figures=FIGURES), PROFILE.on("2026-01-01"))
    ledger.append(Entry("budget", "2026-01-01", 1_000))
    ledger.append(Entry("commitment", "2026-01-01", 1_000, "P-1", "training"))
    late = Entry("settlement", "2027-02-01", 1_000, "P-1", condition="acceptance", met_on="2026-12-01")
    (found,) = ledger.objections(late)
    assert found.rule == "law_of_the_day"
    assert "beyond='last-known'" in found.lawful.en
    bold = Ledger(store, None, PROFILE.on("2027-02-01", beyond="last-known"))
    assert bold.append(late).judged_by[2] == "2027-02-01"


def test_a_year_is_planned_by_its_law() -> None:
    """The rules of 2025 say nothing of 2016; those of 2016 nothing of 2018; those of the year before do, unchanged."""

    def year(of: int, figures: dict[str, Any] = FIGURES) -> ip.FundYear:
        return ip.FundYear("Lakeside", of, 1, figures=figures)

    for on, of, figures in (("2025-11-01", 2016, FIGURES), ("2017-08-31", 2018, PILOT)):
        with pytest.raises(ip.InputError, match=f"not those of {of}"):
            allocate([], year(of, figures), PROFILE.on(on))
    assert not allocate([], year(2026), PROFILE.on("2025-11-01")).objections
    assert not allocate([], year(2027), PROFILE.on("2026-11-01")).objections  # the last rules there are
    assert not allocate([], year(2017), PROFILE.on("2017-12-01")).objections
    plan = ip.Proposal("P-1", "association", "training", 1, 12, "2015-09-30", figures=PAPERS)
    with pytest.raises(ip.InputError, match="not those of 2016"):
        check_project(plan, PROFILE.on("2025-11-01"), year=year(2016))


def test_a_step_and_a_ban_are_judged_by_the_law_of_their_day() -> None:
    """A check of 2016 is not made by rules of 2018."""
    plan = ip.Proposal("P-1", "association", "training", 1, 12, "2016-09-30", figures=PAPERS)
    project = PreventionProject(plan, 2017, called_until="2016-10-01")
    move = advance(project, "check", "2016-10-09", PROFILE.on("2018-10-09"))
    assert [one.rule for one in move.objections] == ["law_of_the_day"]
    with pytest.raises(ip.InputError, match="rules of another day"):
        bar("V-1", "2016-05-01", PROFILE.on("2018-05-01"), "courses not held")


def test_the_days_on_which_rules_hold() -> None:
    """From the last change on, until the next, the end of the coverage, or without end where that was asked for."""
    for name, on, held in (
        ("cn-prevention", "2017-08-31", "[2014-01-01, 2017-09-01)"),
        ("cn-prevention", "2017-09-01", "[2017-09-01, 2027-01-01)"),
        ("cn-hn-prevention", "2024-06-01", "[2024-01-01, 2025-01-01)"),
        ("cn-zj-prevention", "2023-12-28", "[2017-09-01, 2023-12-29)"),
    ):
        assert str(rules_hold(ip.load_profile(name).on(on))) == held
    assert str(rules_hold(PROFILE.on("2030-01-01", beyond="last-known"))) == "[2017-09-01, …)"
