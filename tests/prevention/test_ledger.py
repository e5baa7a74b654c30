"""The books cannot lie: what the law forbids is not written, nothing is lost, and balances follow from the entries."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

import injuryprev as ip
from injuryprev.model import Entry, YearFigures
from injuryprev.prevention import Ledger, MemoryStore
from injuryprev.prevention.chain import Writer

POLICY = ip.load_profile("cn-prevention").on("2026-01-01")
SHANXI = ip.load_profile("cn-sx-prevention").on("2026-01-01")
LEVY = {"levy_last_year": 20_000_000, "fund_resources": 10**8, "benefits_due": 0, "reserve_due": 0}
YEAR = ip.FundYear("Lakeside", 2026, 600_000, figures=LEVY)
DAY = "2026-06-01"


def books(policy: ip.Policy = POLICY, budget: Any = 600_000, **figures: Any) -> Ledger:
    """Books with a budget, if any."""
    year = ip.FundYear("Lakeside", 2026, 600_000, figures={**LEVY, **figures})
    made = Ledger(MemoryStore(), year, policy)
    if budget:
        made.append(Entry("budget", "2026-01-01", budget))
    return made


def commit(to: Ledger, amount: Any, project: str = "P-1", use: str = "training", on: str = "2026-01-05") -> None:
    """Commit money to a project."""
    to.append(Entry("commitment", on, amount, project, use))


def pay(kind: str, amount: Any, project: str = "P-1", on: str = DAY, met_on: str = "2026-01-10", **more: Any) -> Entry:
    """A payment on its right condition, unless told otherwise."""
    condition = {"prepayment": "agreement", "instalment": "milestone", "settlement": "acceptance"}[kind]
    return Entry(kind, on, amount, project, **({"condition": condition, "met_on": met_on} | more))


def rules(of: Ledger, entry: Entry) -> list[str]:
    """The demands that forbid an entry; writing it says the same, names a source for each, and writes nothing."""
    before = of.head
    against = of.objections(entry)
    if against:
        with pytest.raises(ip.RefusedError) as caught:
            of.append(entry)
        assert caught.value.objections == against
        assert all(one.source and one.lawful for one in against)
    assert of.head == before
    return [one.rule for one in against]


# What the law forbids


@pytest.mark.parametrize(
    ("share", "forbidden"),
    [
        ("29999.99", ["prepayment_in_range"]),
        (30_000, []),
        (70_000, []),
        (80_000, ["prepayment_in_range", "paid_before_acceptance_in_range"]),
    ],
)
def test_a_prepayment_of_four_fifths(share: Any, forbidden: list[str]) -> None:
    """30 % to 70 % of the commitment, and the message says how much that is here."""
    ledger = books()
    commit(ledger, 100_000)
    assert rules(ledger, pay("prepayment", share)) == forbidden
    if forbidden:
        said = ledger.objections(pay("prepayment", share))[0]
        assert "30,000.00" in said.lawful.en
        assert "70,000.00" in said.lawful.zh
        assert "人社部规〔2017〕13号" in said.source.en


def test_prepayments_count_together() -> None:
    """Two of 40 % are one of 80 %."""
    ledger = books()
    commit(ledger, 100_000)
    ledger.append(pay("prepayment", 40_000))
    assert "prepayment_in_range" in rules(ledger, pay("prepayment", 40_000))
    ledger.append(pay("prepayment", 30_000))


def test_settlement_without_acceptance_and_twice() -> None:
    """The balance is paid once, after acceptance; nothing is paid after it."""
    ledger = books()
    commit(ledger, 100_000)
    ledger.append(pay("prepayment", 50_000))
    for condition in ({"condition": None, "met_on": None}, {"condition": "milestone"}, {"met_on": "2026-06-02"}):
        assert rules(ledger, pay("settlement", 50_000, **condition)) == ["condition_met"]
    late = ledger.objections(pay("settlement", 50_000, met_on="2026-06-02"))[0]
    assert "2026-06-02" in late.seen.en
    ledger.append(pay("settlement", 40_000))
    assert rules(ledger, pay("settlement", 10_000)) == ["settled_once"]
    assert rules(ledger, pay("prepayment", 10_000)) == ["paid_before_acceptance_in_range", "settled_once"]
    assert rules(ledger, Entry("commitment", DAY, 1, "P-1", "training")) == ["settled_once"]


def test_no_more_than_was_committed() -> None:
    """A payment, a release, a refund: each has its bound."""
    ledger = books()
    commit(ledger, 100_000)
    assert rules(ledger, pay("settlement", "100000.01")) == ["within_commitment"]
    assert rules(ledger, Entry("release", DAY, "100000.01", "P-1")) == ["within_commitment"]
    assert rules(ledger, Entry("refund", DAY, "0.01", "P-1")) == ["within_paid"]
    assert "within_commitment" in rules(ledger, pay("settlement", 1, "P-2"))
    ledger.append(pay("settlement", 60_000))
    ledger.append(Entry("release", DAY, 40_000, "P-1"))
    ledger.append(Entry("refund", DAY, 60_000, "P-1"))
    assert ledger.balances().free == 600_000


def test_instalments_stay_below_the_highest_prepayment_until_acceptance() -> None:
    """The balance waits for acceptance."""
    ledger = books()
    commit(ledger, 100_000)
    ledger.append(pay("prepayment", 50_000))
    ledger.append(pay("instalment", 20_000))
    assert rules(ledger, pay("instalment", "0.01")) == ["paid_before_acceptance_in_range"]


def test_the_cap_of_the_year_and_the_band() -> None:
    """Three per cent, however many entries it is written in; in Hunan within half of last year's."""
    ledger = books(budget=500_000)
    assert rules(ledger, Entry("budget", DAY, "100000.01")) == ["budget_within_limit"]
    ledger.append(Entry("budget", DAY, 100_000))
    assert rules(ledger, Entry("commitment", DAY, "600000.01", "P-1", "training")) == [
        "within_free_budget",
        "within_use",
    ]
    hunan = ip.load_profile("cn-hn-prevention").on("2026-01-01", beyond="last-known")
    tight = books(hunan, 0, levy_expected=40_000_000, budget_last_year=300_000)
    assert rules(tight, Entry("budget", DAY, "450000.01")) == ["budget_within_band"]
    tight.append(Entry("budget", DAY, 450_000))
    assert rules(tight, Entry("correction", DAY, "300000.01", corrects=1)) == ["budget_within_band"]
    tight.append(Entry("correction", DAY, 300_000, corrects=1))


def test_a_city_that_may_not_charge_the_fund() -> None:
    """No pilot in 2014: neither a budget nor a commitment."""
    policy = ip.load_profile("cn-zj-prevention").on("2014-06-01")
    year = ip.FundYear("Lakeside", 2014, 1, figures={**LEVY, "pilot_area": False})
    ledger = Ledger(MemoryStore(), year, policy)
    assert rules(ledger, Entry("budget", "2014-06-01", 1)) == ["may_charge"]
    assert "may_charge" in rules(ledger, Entry("commitment", "2014-06-01", 1, "P-1", "training"))


def test_uses_have_their_parts() -> None:
    """Shanxi: publicity 30 %; a budget that is taken back must still do for what was committed."""
    ledger = books(SHANXI, province_levy_last_year=20_000_000)
    assert rules(ledger, Entry("commitment", DAY, "180000.01", "P-1", "publicity")) == ["within_use"]
    commit(ledger, 180_000, "P-1", "publicity")
    assert rules(ledger, Entry("commitment", DAY, "0.01", "P-2", "publicity")) == ["within_use"]
    assert rules(ledger, Entry("correction", DAY, "0.04", corrects=1)) == ["within_use"]
    ledger.append(Entry("release", DAY, 90_000, "P-1"))
    ledger.append(Entry("correction", DAY, 300_000, corrects=1))
    assert rules(ledger, Entry("correction", DAY, "0.04", corrects=1)) == ["within_use"]


def test_corrections_take_back_no_more_than_there_is() -> None:
    """In whole or in parts; what was spent since cannot be corrected away."""
    ledger = books()
    commit(ledger, 100_000)
    ledger.append(pay("prepayment", 50_000))
    assert rules(ledger, Entry("correction", DAY, "500000.01", corrects=1)) == ["within_free_budget", "within_use"]
    assert rules(ledger, Entry("correction", DAY, "50000.01", corrects=2)) == [
        "within_commitment",
        "prepayment_not_above",
        "paid_before_acceptance_in_range",
    ]
    both = ["prepayment_not_above", "paid_before_acceptance_in_range"]
    assert rules(ledger, Entry("correction", DAY, 40_000, corrects=2)) == both
    assert rules(ledger, Entry("correction", DAY, 30_000, corrects=3)) == ["prepayment_in_range"]
    assert rules(ledger, Entry("correction", DAY, 60_000, corrects=3))[:2] == ["correction", "within_paid"]
    ledger.append(Entry("correction", DAY, 50_000, corrects=3))
    assert ledger.balances().projects["P-1"].prepaid == 0
    ledger.append(Entry("correction", DAY, 100_000, corrects=2))
    assert ledger.balances().free == 600_000
    assert rules(ledger, Entry("correction", DAY, 1, corrects=2))[0] == "correction"
    for number in (4, 99):
        with pytest.raises(ip.InputError, match="nothing that can be corrected"):
            ledger.append(Entry("correction", DAY, 1, corrects=number))


def test_a_contract_that_grew_may_shrink_again() -> None:
    """The least prepayment is one of the day it is paid; the highest holds whatever is agreed on later."""
    ledger = books()
    commit(ledger, 100_000)
    ledger.append(pay("prepayment", 30_000))
    commit(ledger, 200_000)
    ledger.append(Entry("correction", DAY, 100_000, corrects=4))
    ledger.append(Entry("correction", DAY, 100_000, corrects=4))
    assert rules(ledger, Entry("correction", DAY, "57142.86", corrects=2))[0] == "prepayment_not_above"
    ledger.append(Entry("correction", DAY, "57142.85", corrects=2))


def test_what_was_released_is_no_longer_part_of_what_shares_are_of() -> None:
    """70 % before acceptance are of what is still agreed on: giving some back first does not make them all of it."""
    ledger = books()
    commit(ledger, 100_000)
    ledger.append(Entry("release", DAY, 30_000, "P-1"))
    assert rules(ledger, pay("prepayment", "49000.01")) == ["prepayment_in_range", "paid_before_acceptance_in_range"]
    ledger.append(pay("prepayment", 30_000))
    assert rules(ledger, pay("instalment", "19000.01")) == ["paid_before_acceptance_in_range"]
    ledger.append(pay("instalment", 19_000))
    ledger.append(Entry("correction", DAY, 30_000, corrects=3))
    ledger.append(pay("instalment", 21_000))
    rest = Entry("release", DAY, 30_000, "P-1")
    assert rules(ledger, rest) == ["paid_before_acceptance_in_range"]
    assert rules(ledger, attrs.evolve(rest, condition="milestone", met_on=DAY)) == ["paid_before_acceptance_in_range"]
    assert rules(ledger, attrs.evolve(rest, condition="stopped", met_on="2026-06-02"))  # not yet
    ledger.append(attrs.evolve(rest, condition="stopped", met_on=DAY))  # a project that was stopped gives back the rest
    ledger.append(Entry("refund", DAY, 20_000, "P-1"))
    ledger.append(Entry("correction", DAY, 5_000, corrects=9))
    assert rules(ledger, pay("instalment", 1)) == ["paid_before_acceptance_in_range", "within_commitment"]
    assert rules(ledger, Entry("correction", DAY, 30_000, corrects=8)) == []


def test_money_that_came_back_counts_once() -> None:
    """What was refunded and committed anew is no larger contract, of which more could be paid before acceptance."""
    ledger = books()
    commit(ledger, 100)
    ledger.append(pay("prepayment", 70))
    ledger.append(Entry("refund", DAY, 70, "P-1"))
    assert rules(ledger, pay("instalment", "21.01")) == ["paid_before_acceptance_in_range"]
    ledger.append(pay("instalment", 21))
    commit(ledger, 70)
    assert rules(ledger, pay("instalment", "49.01")) == ["paid_before_acceptance_in_range"]
    ledger.append(pay("instalment", 49))


def test_a_prepayment_that_came_back_may_be_made_again() -> None:
    """The bank returned it; committed anew, it is paid anew."""
    ledger = books()
    commit(ledger, 100)
    ledger.append(pay("prepayment", 70))
    ledger.append(Entry("refund", DAY, 70, "P-1"))
    commit(ledger, 70)
    assert rules(ledger, pay("prepayment", 70)) == []


def test_a_refund_is_taken_back_within_the_share() -> None:
    """What was paid in its place since counts."""
    ledger = books()
    commit(ledger, 100)
    ledger.append(pay("prepayment", 70))
    ledger.append(Entry("refund", DAY, 70, "P-1"))
    ledger.append(pay("instalment", 21))
    assert rules(ledger, Entry("correction", DAY, 70, corrects=4)) == ["paid_before_acceptance_in_range"]
    assert rules(ledger, Entry("correction", DAY, 1, corrects=4)) == ["paid_before_acceptance_in_range"]
    ledger.append(Entry("correction", DAY, 21, corrects=5))
    assert rules(ledger, Entry("correction", DAY, 70, corrects=4)) == []


def test_a_smaller_contract_after_a_release() -> None:
    """What was released is not agreed on, whether a commitment grows or is taken back."""
    ledger = books()
    commit(ledger, 100)
    ledger.append(Entry("release", DAY, 30, "P-1"))
    ledger.append(pay("instalment", 49))
    assert rules(ledger, Entry("correction", DAY, 21, corrects=2)) == ["paid_before_acceptance_in_range"]
    assert rules(ledger, Entry("release", DAY, 21, "P-1")) == ["paid_before_acceptance_in_range"]


def test_a_settlement_taken_back_leaves_what_was_paid_before_acceptance() -> None:
    """With the settlement goes the acceptance it stood for."""
    ledger = books()
    commit(ledger, 100)
    ledger.append(pay("prepayment", 70))
    ledger.append(pay("settlement", 20))
    ledger.append(Entry("release", DAY, 10, "P-1"))
    assert rules(ledger, Entry("correction", DAY, 20, corrects=4)) == ["paid_before_acceptance_in_range"]
    ledger.append(Entry("correction", DAY, 10, corrects=5))
    ledger.append(Entry("correction", DAY, 20, corrects=4))


def test_a_smaller_contract_with_instalments_paid() -> None:
    """A commitment is not corrected below what the payments before acceptance need; after it the rest may go."""
    ledger = books()
    commit(ledger, 100_000)
    ledger.append(pay("prepayment", 30_000))
    ledger.append(pay("instalment", 39_200))
    less = Entry("correction", DAY, "1142.85", corrects=2)
    assert rules(ledger, attrs.evolve(less, amount="1142.86")) == ["paid_before_acceptance_in_range"]
    assert rules(ledger, less) == []
    ledger.append(pay("settlement", 10_000))
    assert rules(ledger, Entry("correction", DAY, 20_800, corrects=2)) == []


def test_the_day_of_an_entry() -> None:
    """A year's money is committed by its end; nothing is dated before what it rests on."""
    ledger = books(ip.load_profile("cn-prevention").on("2027-01-01", beyond="last-known"), None)
    assert rules(ledger, Entry("budget", "2027-01-01", 1)) == ["entry_in_time"]
    ledger.append(Entry("budget", "2025-12-20", 600_000))
    assert rules(ledger, Entry("commitment", "2027-01-01", 100_000, "P-1", "training")) == ["entry_in_time"]
    assert rules(ledger, Entry("commitment", "2026-12-31", 100_000, "P-1", "training")) == []
    ledger.append(Entry("commitment", "2026-06-02", 100_000, "P-1", "training"))
    assert rules(ledger, pay("prepayment", 50_000, on="2026-06-01")) == ["entry_in_time"]
    assert rules(ledger, Entry("release", "2026-06-01", 1, "P-1")) == ["entry_in_time"]
    assert rules(ledger, Entry("correction", "2026-06-01", 1, corrects=2)) == ["entry_in_time"]
    ledger.append(Entry("commitment", "2026-06-09", 1, "P-1", "training"))
    assert rules(ledger, pay("prepayment", 50_000, on="2026-06-02")) == []
    assert rules(ledger, pay("settlement", 50_000, on="2027-02-01")) == []


def test_nothing_rests_on_a_budget_of_later() -> None:
    """A commitment needs budget of its day for itself and what was committed; no year is budgeted years before it."""
    ledger = books(budget=None)
    assert rules(ledger, Entry("budget", "2024-12-31", 1)) == ["entry_in_time"]
    assert rules(ledger, Entry("budget", "2025-01-01", 1)) == []
    ledger.append(Entry("budget", "2026-03-01", 100))
    assert rules(ledger, Entry("commitment", "2026-02-28", 1, "P-1", "training")) == ["entry_in_time"]
    ledger.append(Entry("commitment", "2026-03-01", 60, "P-1", "training"))
    ledger.append(Entry("budget", "2026-05-01", 50))
    assert rules(ledger, Entry("commitment", "2026-04-30", 41, "P-2", "training")) == ["entry_in_time"]
    assert rules(ledger, Entry("commitment", "2026-04-30", 40, "P-2", "training")) == []
    assert rules(ledger, Entry("commitment", "2026-05-01", 90, "P-2", "training")) == []
    ledger.append(Entry("correction", "2026-05-02", 50, corrects=1))
    assert rules(ledger, Entry("commitment", "2026-04-30", 1, "P-2", "training")) == ["entry_in_time"]


def test_no_books_by_supposed_rules() -> None:
    """What-if is for plans: no money is spent by a law that nobody made."""
    with pytest.raises(ip.InputError, match="supposed rules") as caught:
        Ledger(MemoryStore(), YEAR, POLICY.amended(cap_share="50%"))
    assert "+amended" in str(caught.value.seen)


def test_a_store_that_fails_at_the_very_end() -> None:
    """What was not kept is in no balance, and the books go on."""

    class Full(MemoryStore):
        full = False

        @contextmanager
        def exclusive(self) -> Iterator[Writer]:
            kept = [*self.rows]
            with super().exclusive() as put:
                yield put
                if self.full:
                    self.rows[:] = kept
                    raise OSError("no space")

    store = Full()
    ledger = Ledger(store, YEAR, POLICY)
    ledger.append(Entry("budget", "2026-01-01", 600_000))
    store.full = True
    with pytest.raises(OSError, match="no space"):
        commit(ledger, 100_000)
    assert ledger.balances().free == 600_000
    store.full = False
    commit(ledger, 100_000)
    assert ledger.verify() == ()
    assert [record.number for record in ledger.records] == [1, 2]


def test_a_settlement_taken_back_may_be_made_again() -> None:
    """Whole; a part of it leaves the project settled."""
    ledger = books()
    commit(ledger, 100_000)
    ledger.append(pay("settlement", 90_000))
    ledger.append(Entry("correction", DAY, 10_000, corrects=3))
    assert rules(ledger, pay("settlement", 1)) == ["settled_once"]
    ledger.append(Entry("correction", DAY, 80_000, corrects=3))
    ledger.append(pay("settlement", 100_000))
    assert ledger.balances().paid == 100_000


def test_unknown_is_not_permission() -> None:
    """Under the rules of a pilot nothing is known of prepayments: refused, unless somebody answers for it by name."""
    policy = ip.load_profile("cn-js-taizhou-prevention").on("2016-01-01")
    figures = {**LEVY, "pilot_area": True}
    year = ip.FundYear("Lakeside", 2016, 1, figures=figures)
    store = MemoryStore()
    ledger = Ledger(store, year, policy)
    ledger.append(Entry("budget", "2016-01-01", 1000))
    commit(ledger, 1000, use="health_check", on="2016-01-05")
    forbidden = rules_unknown(ledger, pay("prepayment", 500, on="2016-06-01", met_on="2016-01-10"))
    assert forbidden == ["condition_met", "prepayment_in_range", "paid_before_acceptance_in_range"]
    bold = Ledger(store, year, policy, despite=forbidden)
    record = bold.append(pay("prepayment", 500, on="2016-06-01", met_on="2016-01-10"))
    assert record.despite == tuple(sorted(forbidden))
    assert record.judged_by == ("cn-js-taizhou-prevention", policy.version, "2016-01-01")


def rules_unknown(of: Ledger, entry: Entry) -> list[str]:
    """Demands that are not known to be met."""
    against = of.objections(entry)
    assert all(one.unknown is not None for one in against)
    return [one.rule for one in against]


@pytest.mark.parametrize(
    ("entry", "named"),
    [
        ({"kind": "budget", "project": "P-1"}, "Entry.project"),
        ({"kind": "commitment", "project": "P-1"}, "Entry.use"),
        ({"kind": "refund", "project": "P-1", "corrects": 1}, "Entry.corrects"),
        ({"kind": "correction"}, "Entry.corrects"),
        ({"kind": "prepayment", "project": "P-1", "condition": "agreement"}, "Entry.met_on"),
        ({"kind": "release", "project": "P-1", "evidence": "x", "condition": "y"}, "Entry.met_on"),
        ({"kind": "refund", "project": "P-1", "condition": "x", "met_on": DAY}, "Entry.condition"),
        ({"kind": "gift"}, "Entry.kind"),
        ({"kind": "refund", "project": "P:1"}, "Entry.project"),
        ({"kind": "budget", "amount": 0}, "Entry.amount"),
        ({"kind": "budget", "amount": -5}, "Entry.amount"),
    ],
)
def test_entries_that_make_no_sense(entry: dict[str, Any], named: str) -> None:
    """Are refused where they are made, with the field."""
    given: dict[str, Any] = {"on": DAY, "amount": 1} | entry
    with pytest.raises(ip.InputError) as caught:
        Entry(**given)
    assert caught.value.where == named


def test_amounts_are_whole_fen_and_projects_of_one_use() -> None:
    """What is finer than the money there is cannot be paid."""
    ledger = books()
    with pytest.raises(ip.InputError, match=r"multiple of 0\.01"):
        commit(ledger, "0.001")
    commit(ledger, 5)
    with pytest.raises(ip.InputError, match="for one use"):
        commit(ledger, 5, use="publicity")


def test_a_figure_that_nobody_asks_for_is_refused() -> None:
    """A misspelt levy is not taken for one that was not told."""
    year = ip.FundYear("Lakeside", 2026, 1, figures={**LEVY, "levy_lats_year": 1})
    with pytest.raises(ip.UnknownNameError, match="did you mean 'levy_last_year'"):
        Ledger(MemoryStore(), year, POLICY)


def test_threads_wait_for_each_other() -> None:
    """Four of them want more than there is; each entry is judged by what the others wrote."""
    store = MemoryStore()
    Ledger(store, YEAR, POLICY).append(Entry("budget", "2026-01-01", 600_000))

    def work(name: int) -> int:
        ledger, done = Ledger(store, YEAR, POLICY), 0
        for number in range(20):
            try:
                ledger.append(Entry("commitment", DAY, 10_000, f"P-{name}-{number}", "training"))
                done += 1
            except ip.RefusedError:
                pass
        return done

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 60
    assert Ledger(store, YEAR, POLICY).balances().free == 0


# Any sequence


AMOUNTS = st.one_of(
    st.sampled_from([Decimal("0.01"), Decimal(30_000), Decimal(70_000), Decimal(100_000), Decimal(600_000)]),
    st.integers(1, 70_000_000).map(lambda cents: Decimal(cents) / 100),
)
TENTHS = st.sampled_from([0, 1, 3, 5, 7, 10])
PROJECTS = {"P-1": "training", "P-2": "publicity", "P-3": "publicity"}
PROJECT = st.sampled_from(sorted(PROJECTS))


class AnySequence(RuleBasedStateMachine):
    """Entries at random, most of them refused; what stands is added up anew after each, without the library's books."""

    @initialize(shanxi=st.booleans(), tenths=st.tuples(TENTHS, TENTHS, TENTHS), prepaid=st.booleans())
    def begin(self, shanxi: bool, tenths: tuple[int, int, int], prepaid: bool) -> None:
        """Under the national rules or those of Shanxi, with some money committed and prepaid."""
        self.shanxi = shanxi
        self.store = MemoryStore()
        figures = LEVY | ({"province_levy_last_year": 20_000_000} if shanxi else {})
        self.year = ip.FundYear("Lakeside", 2026, 600_000, figures=figures)
        self.policy = SHANXI if shanxi else POLICY
        self.ledger = Ledger(self.store, self.year, self.policy)
        self.levy = 20_000_000
        self.ledger.append(Entry("budget", DAY, 600_000))
        for (project, use), share in zip(PROJECTS.items(), tenths, strict=True):
            if share:
                self.attempt(Entry("commitment", DAY, 60_000 * share / 2, project, use))
            if share and prepaid:
                self.attempt(pay("prepayment", 60_000 * share / 4, project))

    def attempt(self, entry: Entry) -> None:
        """Write it, or see that nothing changed."""
        before = self.ledger.balances()
        try:
            self.ledger.append(entry)
        except ip.RefusedError:
            assert self.ledger.balances() == before

    @rule(levy=st.sampled_from([10_000_000, 15_000_000, 20_000_000, 30_000_000]))
    def tell(self, levy: int) -> None:
        """Another levy: the books take it in if the budget is lawful by it, and only then."""
        if levy == self.levy:
            return
        name = "province_levy_last_year" if self.shanxi else "levy_last_year"
        told = YearFigures(DAY, {name: levy}, source="accounts", reason="a mistake in the levy")
        before = self.ledger.balances()
        lawful = before.budget <= levy * Decimal("0.03")
        try:
            self.ledger.append(told)
            assert lawful
            self.levy = levy
            self.year = attrs.evolve(self.year, figures={**self.year.figures, name: levy})
        except ip.RefusedError:
            assert not lawful
        assert self.ledger.balances() == before
        assert self.ledger.year.figures == self.year.figures

    def part(self, whole: Decimal, tenths: int, amount: Decimal) -> Decimal:
        """A plain share of something there is, or any amount."""
        return (whole * tenths / 10).quantize(Decimal("0.01")) if tenths and whole > 1 else amount

    @rule(amount=AMOUNTS)
    def budget(self, amount: Decimal) -> None:
        """More budget, mostly too much."""
        self.attempt(Entry("budget", DAY, amount))

    @rule(amount=AMOUNTS, tenths=TENTHS, project=PROJECT)
    def commitment(self, amount: Decimal, tenths: int, project: str) -> None:
        """A commitment."""
        free = self.ledger.balances().free
        self.attempt(Entry("commitment", DAY, self.part(free, tenths, amount), project, PROJECTS[project]))

    @rule(
        amount=AMOUNTS,
        tenths=TENTHS,
        project=PROJECT,
        condition=st.sampled_from(["agreement", "acceptance", *[None] * 4]),
    )
    def prepay(self, amount: Decimal, tenths: int, project: str, condition: str | None) -> None:
        """A prepayment, mostly on the agreement."""
        balance = self.ledger.balances().projects.get(project)
        amount = self.part(balance.contract, tenths, amount) if balance else amount
        self.attempt(pay("prepayment", amount, project, **({"condition": condition} if condition else {})))

    @rule(
        amount=AMOUNTS,
        tenths=TENTHS,
        project=PROJECT,
        kind=st.sampled_from(["instalment", "settlement"]),
        condition=st.sampled_from(["agreement", "milestone", *[None] * 4]),
    )
    def pay_on(self, amount: Decimal, tenths: int, project: str, kind: str, condition: str | None) -> None:
        """An instalment or a settlement of what is left, mostly on the right condition."""
        balance = self.ledger.balances().projects.get(project)
        amount = self.part(balance.left, tenths, amount) if balance else amount
        self.attempt(pay(kind, amount, project, **({"condition": condition} if condition else {})))

    @rule(
        amount=AMOUNTS,
        tenths=TENTHS,
        project=PROJECT,
        kind=st.sampled_from(["release", "refund"]),
        condition=st.sampled_from([None, None, "stopped", "acceptance", "milestone"]),
    )
    def back(self, amount: Decimal, tenths: int, project: str, kind: str, condition: str | None) -> None:
        """A release or a refund; with a release it may be said that the project has ended."""
        balance = self.ledger.balances().projects.get(project)
        whole = Decimal(0) if balance is None else balance.left if kind == "release" else balance.paid
        said = {"condition": condition, "met_on": DAY} if kind == "release" and condition else {}
        self.attempt(Entry(kind, DAY, self.part(whole, tenths, amount), project, **said))

    @rule(amount=AMOUNTS, tenths=TENTHS, number=st.integers(1, 30))
    def correct(self, amount: Decimal, tenths: int, number: int) -> None:
        """A correction of some entry, most often of a late one."""
        records = self.ledger.records
        of = records[-number % len(records)]
        if of.entry.kind != "correction":
            self.attempt(Entry("correction", DAY, self.part(of.entry.amount, tenths, amount), corrects=of.number))

    @invariant()
    def the_books_balance(self) -> None:
        """Every yuan budgeted is free, committed or paid; no account is overdrawn; limits and parts hold."""
        records = self.ledger.records
        entries = {record.number: record.entry for record in records}
        total, left, paid = Decimal(0), {}, {}  # type: ignore[var-annotated]
        standing = {number: entry.amount for number, entry in entries.items() if entry.corrects is None}
        for entry in entries.values():
            if entry.corrects is not None:
                standing[entry.corrects] -= entry.amount
            sign, of = (1, entry) if entry.corrects is None else (-1, entries[entry.corrects])
            amount, key = sign * entry.amount, of.project or ""
            if of.kind == "budget":
                total += amount
            elif of.kind == "commitment":
                left[key] = left.get(key, 0) + amount
            elif of.kind == "release":
                left[key] -= amount
            elif of.kind == "refund":
                paid[key] -= amount
            else:
                left[key] -= amount
                paid[key] = paid.get(key, 0) + amount
        over = {
            entries[number].project
            for number, amount in standing.items()
            if amount
            and (
                entries[number].kind == "settlement"
                or entries[number].condition == "stopped"
                or (entries[number].kind == "release" and entries[number].condition == "acceptance")
            )
        }
        found = self.ledger.balances()
        assert sum(found.accounts.values()) == 0
        assert found.budget == total <= self.levy * Decimal("0.03")
        assert found.committed == sum(left.values())
        assert found.paid == sum(paid.values())
        assert found.free == total - sum(left.values()) - sum(paid.values()) >= 0
        for key, sums in left.items():
            assert sums >= 0
            assert paid.get(key, 0) >= 0
            assert found.projects[key].left == sums
            if key not in over:  # before acceptance, of what is still agreed on
                assert paid.get(key, 0) <= (sums + paid.get(key, 0)) * Decimal("0.7")
        if self.shanxi:
            for use, part in (("publicity", Decimal("0.3")), ("training", Decimal("0.7"))):
                held = sum(left.get(key, 0) + paid.get(key, 0) for key in PROJECTS if PROJECTS[key] == use)
                assert held <= total * part

    @invariant()
    def replay_gives_the_same(self) -> None:
        """A ledger opened anew on the store has the same entries and balances, and finds nothing wrong."""
        again = Ledger(self.store, self.year, self.policy)
        assert again.records == self.ledger.records
        assert again.statements == self.ledger.statements
        assert again.balances() == self.ledger.balances()
        assert self.ledger.verify(self.ledger.head) == ()

    def teardown(self) -> None:
        """Gone through again from the first line, by the figures that held then, nothing stands against any of them."""
        if not hasattr(self, "ledger"):
            return
        replayed = [*self.ledger.replay()]
        assert [one.line.number for one in replayed] == [*range(len(replayed))]
        assert [one.objections for one in replayed] == [None, *[()] * (len(replayed) - 1)]
        assert replayed[-1].balances == self.ledger.balances()
        assert replayed[-1].figures == self.ledger.year.figures


AnySequence.TestCase.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
TestAnySequence = AnySequence.TestCase
