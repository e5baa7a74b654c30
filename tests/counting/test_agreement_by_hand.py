"""The engine counts as a plain reading of the rules does, over drawn rules and drawn records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import attrs
from brute_force import Answer, Rule, Window, answer, days_of, months_on
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from little import AWKWARD, DAY, ME, claim_rules, histories, policy_of, rules, windows

from injuryprev import testing
from injuryprev.engine.windows import window_on
from injuryprev.model import History
from injuryprev.policy.document import Window as Written
from injuryprev.units import whole_months
from injuryprev.unknown import Unknown

SLOW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
DAYS = st.sampled_from(AWKWARD) | st.dates(dt.date(2003, 1, 1), dt.date(2030, 12, 31))


def plain(value: Any) -> Answer:
    """A counted value as the calculation by hand gives it."""
    if isinstance(value, Unknown):
        return frozenset(reason.code for reason in value.reasons)
    return value if isinstance(value, bool) else Fraction(value)


def values(made: Mapping[str, Rule], history: History, day: dt.date, limit: Any = None) -> dict[str, Answer]:
    """What the engine makes of a history."""
    found = policy_of(made, day).counting.count(ME, history, {"limit": limit, "limit_days": limit})
    return {name: plain(one.value) for name, one in found.items()}


def span(window: Window, day: dt.date) -> range:
    """The days of the engine's window."""
    found = window_on(Written(**attrs.asdict(window)), day)
    assert found.until is not None
    return range(found.since.toordinal(), found.until.toordinal())


@settings(max_examples=400, deadline=None)
@given(windows(), DAYS)
def test_windows_are_those_of_the_calendar(window: Window, day: dt.date) -> None:
    """Whatever the anchor, also for days before it."""
    assert span(window, day) == days_of(window, day)


@settings(deadline=None)
@given(windows(), DAYS)
def test_windows_one_after_the_other_share_no_day_and_miss_none(window: Window, day: dt.date) -> None:
    """Where a window is as long as a cycle, the next begins where it ends: no injury counts twice or never."""
    window = attrs.evolve(window, length=window.every)
    earlier = span(attrs.evolve(window, back=window.back + 1), day)
    assert earlier.stop == span(window, day).start


@settings(deadline=None)
@given(windows(), DAYS)
def test_the_window_stands_still_within_a_cycle(window: Window, day: dt.date) -> None:
    """It moves on the first day of a cycle and on no other, and never holds a day of the present cycle or later."""
    here, tomorrow = span(window, day), span(window, day + dt.timedelta(1))
    first = any(
        months_on(window.cycle, place * window.every) == day + dt.timedelta(1)
        for place in range(-400 // window.every, 400 // window.every + 1)
    )
    assert (here != tomorrow) == first
    assert here.stop <= day.toordinal() + 1


@settings(deadline=None)
@given(DAYS, DAYS)
def test_whole_months_are_those_a_calendar_shows(since: dt.date, until: dt.date) -> None:
    """The most months that, added to the first day, do not pass the second."""
    since, until = sorted((since, until))
    months = 0
    while months_on(since, months + 1) <= until:
        months += 1
    assert whole_months(since, until) == months


@SLOW
@given(st.data(), DAYS)
def test_the_engine_counts_as_by_hand(data: st.DataObject, day: dt.date) -> None:
    """Every table, every way to take, place and choose, over records that crowd the ends of the window."""
    rule = data.draw(rules())
    history = data.draw(histories(rule.window, day))
    assert values({"a": rule}, history, day) == {"a": answer(rule, history, day)}


LIMITS = st.sampled_from((None, 0, 50, "99.99", "0.001", -1, 2_000_000))


@SLOW
@given(st.data(), DAYS, LIMITS)
def test_claims_are_put_together_as_by_hand(data: st.DataObject, day: dt.date, limit: Any) -> None:
    """Formulas over records and over groups of groups, with figures of the law and of the employer, known or not."""
    rule = data.draw(claim_rules())
    history = data.draw(histories(rule.window, day))
    assert values({"a": rule}, history, day, limit) == {"a": answer(rule, history, day, limit)}


@settings(SLOW, max_examples=60)
@given(st.lists(rules(), min_size=2, max_size=4), testing.histories(employer_id="E-1"), DAYS)
def test_rules_do_not_disturb_one_another(drawn: list[Rule], history: History, day: dt.date) -> None:
    """Several rules of one profile, over the histories that packages are given for their own tests."""
    made = {f"r{place}": rule for place, rule in enumerate(drawn)}
    assert values(made, history, day) == {name: answer(rule, history, day) for name, rule in made.items()}


def _tables(history: History) -> dict[str, Any]:
    return {field.name: getattr(history, field.name) for field in attrs.fields(History)}


@settings(SLOW, max_examples=100)
@given(st.data())
def test_the_order_of_records_does_not_matter(data: st.DataObject) -> None:
    """Neither to the figures, nor to a word of the reasons or of how it was counted."""
    rule = data.draw(rules() | claim_rules())
    history = data.draw(histories(rule.window))
    shuffled = History(
        **{name: table and tuple(data.draw(st.permutations(table))) for name, table in _tables(history).items()}
    )
    plan = policy_of({"a": rule}).counting
    ours, theirs = plan.count(ME, history)["a"], plan.count(ME, shuffled)["a"]
    assert (ours.value, ours.words) == (theirs.value, theirs.words)


def _says(rule: Rule) -> bool:
    """Whether a record says itself when it was; a payment leaves some of that to its case."""
    return rule.table != "payments" or rule.dated == "paid_on"


@settings(SLOW, max_examples=100)
@given(st.data())
def test_a_record_outside_the_window_changes_nothing(data: st.DataObject) -> None:
    """Every record moved out of the window might as well not be there."""
    rule = data.draw(rules().filter(lambda rule: rule.window is not None and rule.table != "exposure" and _says(rule)))
    assert rule.window is not None
    history, others = data.draw(histories(rule.window)), data.draw(histories(rule.window))
    window = days_of(rule.window, DAY)
    outside: list[Any] = []
    for record in getattr(others, rule.table) or ():
        by = rule.dated or "period"
        day = record.period if by == "period" else getattr(record, by)
        if day is None:
            continue
        days = (
            range(day.since.toordinal(), day.until.toordinal() if day.until else window.stop + 1)
            if by == "period"
            else range(day.toordinal(), day.toordinal() + 1)
        )
        if days.stop <= window.start or window.stop <= days.start:
            outside.append(attrs.evolve(record, id=f"X-{len(outside)}") if rule.table == "cases" else record)
    table = getattr(history, rule.table)
    more = history if table is None else attrs.evolve(history, **{rule.table: (*table, *outside)})
    assert values({"a": rule}, more, DAY) == values({"a": rule}, history, DAY)


@settings(SLOW, max_examples=80)
@given(st.data(), st.integers(2, 9))
def test_twice_the_money_is_twice_the_sum(data: st.DataObject, times: int) -> None:
    """Sums, means before rounding, least and greatest grow with the amounts; counts stay."""
    wanted = rules().filter(lambda rule: rule.table in ("payments", "contributions") and rule.where is None)
    rule = attrs.evolve(data.draw(wanted), to="0.0000000001", mode="half_even")
    history = data.draw(histories(rule.window))
    table = getattr(history, rule.table)
    larger = attrs.evolve(
        history,
        **{rule.table: table and [attrs.evolve(record, amount=record.amount * times) for record in table]},
    )
    before, after = (values({"a": rule}, one, DAY)["a"] for one in (history, larger))
    if isinstance(before, Fraction) and rule.field:
        assert isinstance(after, Fraction)
        assert abs(after - before * times) <= Fraction(times, 10**10)
    else:
        assert after == before
