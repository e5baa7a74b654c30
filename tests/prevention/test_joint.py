"""Joint action: meetings, deadlines, data owed, lists, inspections, notices, recognitions that change a rate."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st

import injuryprev as ip
from injuryprev.errors import InputError, UnknownNameError
from injuryprev.exchange.calendar import calendar_bytes
from injuryprev.measures import FocusUnit, alerts, enforcement_list, focus, priority
from injuryprev.model import (
    AgreedMeasure,
    BenefitPayment,
    Conference,
    Contest,
    ContributionPaid,
    DataExchange,
    Extension,
    HiddenDanger,
    InjuryCase,
    Listing,
    Member,
    PlaceCheck,
    Receipt,
    Recognition,
    Recurrence,
    Task,
    WorkingDays,
)
from injuryprev.prevention.joint import (
    checklist,
    conferences,
    days_of,
    deliveries,
    expiring,
    graded_notices,
    in_force,
    inspection_list,
    list_mechanisms,
    listed,
    mechanism,
    outstanding,
    overdue,
    revoked,
    states,
)
from injuryprev.units import Period
from injuryprev.unknown import Unknown
from injuryprev.words import Words

YEAR = Period.year(2026)


def day(text: str) -> dt.date:
    """A day from text."""
    return dt.date.fromisoformat(text)


# Mechanisms -----------------------------------------------------------------------------------------------------------


def test_three_of_six_systems_of_dalian_are_unknown() -> None:
    """Dalian has six systems, of which the report names three; the others stay unknown, with the document named."""
    systems = mechanism("dalian").systems
    unknown = [one for one in systems if isinstance(one, Unknown)]
    assert (len(systems), len(unknown)) == (6, 3)
    assert all("2017-06-09" in one.text() and "联动机制通知" in one.text("zh") for one in unknown)
    assert isinstance(mechanism("dalian").members, Unknown)


def test_four_bodies_of_zhejiang() -> None:
    """浙人社发〔2014〕4号 is issued by four bodies; which of them leads was not read, so none does here."""
    members = mechanism("zhejiang").members
    assert not isinstance(members, Unknown)
    assert [(one.id, one.role) for one in members] == [
        ("hrss", "member"),
        ("health", "member"),
        ("safety", "member"),
        ("unions", "member"),
    ]


def test_mechanisms_have_documents() -> None:
    """Each shipped mechanism cites a document; an unknown name hints at the nearest."""
    assert all(one.cited and one.systems for one in list_mechanisms())
    with pytest.raises(UnknownNameError, match="dalian"):
        mechanism("dalan")


# Meetings -------------------------------------------------------------------------------------------------------------

rules = st.sampled_from(
    [
        "FREQ=MONTHLY;BYMONTHDAY=15",
        "FREQ=MONTHLY;BYDAY=1FR",
        "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1",
        "FREQ=YEARLY;BYMONTH=3,9;BYMONTHDAY=1",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU",
        "FREQ=DAILY;INTERVAL=17",
        "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=5",
    ]
)
days = st.dates(dt.date(2025, 1, 1), dt.date(2027, 12, 31))


@settings(max_examples=50)
@given(rules, days, st.sampled_from(["stay", "next", "previous", "skip"]), st.frozensets(days, max_size=40))
def test_recurring_days(rule: str, since: dt.date, moved: str, holidays: frozenset[dt.date]) -> None:
    """Planned days lie in the period and rise, held days are worked and on the right side, halves make the whole."""
    recurrence, working = Recurrence(rule, since, moved), WorkingDays(holidays)
    whole = days_of(recurrence, YEAR, working)
    planned = [one.planned for one in whole]
    assert planned == sorted(set(planned))
    assert all(one >= since and one in YEAR for one in planned)
    for one in whole:
        if working.works(one.planned) or moved == "stay":
            assert one.on == one.planned
        elif moved == "skip":
            assert one.on is None
        else:
            assert one.on is not None
            assert working.works(one.on)
            assert (one.on > one.planned) == (moved == "next")
            between = range(1, abs((one.on - one.planned).days))
            step = 1 if moved == "next" else -1
            assert not any(working.works(one.planned + relativedelta(days=step * more)) for more in between)
    halves = (Period("2026-01-01", "2026-07-01"), Period("2026-07-01", "2027-01-01"))
    assert whole == tuple(one for half in halves for one in days_of(recurrence, half, working))


def test_weekday_rules_against_known_dates() -> None:
    """First Fridays of early 2026, and a last day of the month: dates read off a printed calendar."""
    quarter = Period("2026-01-01", "2026-04-01")
    fridays = days_of(Recurrence("FREQ=MONTHLY;BYDAY=1FR", "2025-06-01"), quarter)
    assert [str(one.on) for one in fridays] == ["2026-01-02", "2026-02-06", "2026-03-06"]
    lasts = days_of(Recurrence("RRULE:FREQ=MONTHLY;BYMONTHDAY=-1", "2025-06-01", "previous"), quarter)
    assert [str(one.on) for one in lasts] == ["2026-01-30", "2026-02-27", "2026-03-31"]


def test_a_worked_saturday_is_worked() -> None:
    """A Saturday worked in place of a holiday (调休) keeps its meeting; the holiday moves to the first day after."""
    working = WorkingDays(holidays=[f"2026-02-{n}" for n in range(16, 24)], worked=["2026-02-14"])
    held = days_of(
        Recurrence("FREQ=DAILY;INTERVAL=3;COUNT=2", "2026-02-14"), Period("2026-02-14", "2026-02-18"), working
    )
    assert [(str(one.planned), str(one.on)) for one in held] == [
        ("2026-02-14", "2026-02-14"),
        ("2026-02-17", "2026-02-24"),
    ]


@pytest.mark.parametrize(("moved", "kept"), [("next", "2026-02-23"), ("previous", "2026-02-16")])
def test_two_sittings_moved_onto_one_day_are_one(moved: str, kept: str) -> None:
    """Weeks without a working day leave one sitting after them, the one moved least, whatever period is asked for."""
    away = WorkingDays(holidays=[f"2026-02-{number}" for number in range(14, 24)])
    conference = Conference(
        title="联席会议", recurrence=Recurrence("FREQ=WEEKLY;BYDAY=MO", "2026-01-05", moved), zone="Asia/Shanghai",
        starts="09:00", ends="11:00",
    )  # fmt: skip
    sittings = conferences(conference, Period("2026-02-10", "2026-03-02"), away)
    [moved_one] = [one for one in sittings if one.notes]
    assert str(moved_one.on) == ("2026-02-24" if moved == "next" else "2026-02-13")
    assert (moved_one.notes or "").startswith(kept)
    split = [Period("2026-02-10", "2026-02-20"), Period("2026-02-20", "2026-03-02")]
    assert sittings == tuple(one for part in split for one in conferences(conference, part, away))
    left = [one for one in days_of(conference.recurrence, Period("2026-02-10", "2026-03-02"), away) if one.on is None]
    assert [one.why.zh for one in left] == ["与另一次会议同日，合并召开"]


@given(
    rule=st.sampled_from(["FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", "FREQ=MONTHLY"]),
    moved=st.sampled_from(["next", "previous"]),
    off=st.sets(st.integers(0, 80), max_size=20),
    cut=st.integers(1, 80),
)  # fmt: skip
@settings(max_examples=60)
def test_one_sitting_a_day_at_most(rule: str, moved: str, off: set[int], cut: int) -> None:
    """No day has two sittings, no day that is worked and planned is empty, and periods put together give the whole."""
    start = dt.date(2026, 1, 10)
    working = WorkingDays(holidays=[start + dt.timedelta(days=number) for number in off])
    recurrence = Recurrence(rule, "2025-06-02", moved)
    middle, end = (start + dt.timedelta(days=number) for number in (cut, 81))
    whole = days_of(recurrence, Period(start, end), working)
    held = [one.on for one in whole if one.on is not None]
    assert len(held) == len(set(held))
    assert all(one.on == one.planned for one in whole if working.works(one.planned))
    parts = (Period(start, middle), Period(middle, end))
    assert whole == tuple(one for part in parts for one in days_of(recurrence, part, working))


def test_conferences_become_a_calendar() -> None:
    """Each sitting is an entry; one that was moved says from where and by which rule."""
    conference = Conference(
        title="联席会议",
        recurrence=Recurrence("FREQ=MONTHLY;BYMONTHDAY=15", "2026-01-01"),
        zone="Asia/Shanghai",
        starts="09:00",
        ends="11:00",
    )
    sittings = conferences(conference, YEAR)
    assert len(sittings) == 12
    assert str(sittings[1].on) == "2026-02-16"
    assert sittings[0].notes is None
    assert sittings[1].notes == "2026-02-15: moved to the next working day / 顺延至下一工作日"
    made = calendar_bytes(sittings, stamp=dt.datetime(2026, 1, 4, tzinfo=dt.UTC))
    assert made.count(b"BEGIN:VEVENT") == 12


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("FREQ=HOURLY", "not a rule for days"),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "with FREQ=MONTHLY"),
        ("BYMONTHDAY=30;FREQ=DAILY", "with FREQ=MONTHLY"),
        ("every month", "not a rule for days"),
        ("FREQ=MONTHLY;BYDAY=XX", "BYDAY is out of range"),
        ("FREQ=MONTHLY;BYDAY=6FR", "BYDAY is out of range"),
        ("FREQ=WEEKLY;BYDAY=1FR", "BYDAY is out of range"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,", "BYMONTHDAY is out of range"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL is out of range"),
        ("FREQ=MONTHLY;INTERVAL=-1", "INTERVAL is out of range"),
        ("FREQ=DAILY;COUNT=0", "COUNT is out of range"),
        ("FREQ=MONTHLY;BYMONTH=13", "BYMONTH is out of range"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY is out of range"),
        ("FREQ=DAILY;BYHOUR=1,2", "no BYHOUR"),
        ("FREQ=DAILY;FREQ=DAILY", "twice"),
        ("FREQ=MONTHLY;", "empty part"),
        ("FREQ=DAILY\nRRULE:FREQ=DAILY", "not a rule for days"),
        ("FREQ=DAILY;UNTIL=20260110T000000Z", "cannot be read"),
    ],
)
def test_rules_that_are_none(rule: str, says: str) -> None:
    """A rule nobody can read, or by hours, is refused with an example."""
    with pytest.raises(InputError, match=says):
        days_of(Recurrence(rule, "2026-01-01"), YEAR)


def test_a_rule_that_never_falls_gives_nothing() -> None:
    """The 30th of February gives no day, at once."""
    assert days_of(Recurrence("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "2026-01-01"), YEAR) == ()


def test_days_that_cannot_be_moved() -> None:
    """A calendar without working days, and a period without end, are refused."""
    every = WorkingDays(weekend=range(7))
    with pytest.raises(InputError, match="no working day"):
        days_of(Recurrence("FREQ=DAILY", "2026-01-01"), YEAR, every)
    with pytest.raises(InputError, match="without end"):
        days_of(Recurrence("FREQ=DAILY", "2026-01-01"), Period("2026-01-01"))


# Dangers and agreed measures ------------------------------------------------------------------------------------------


@st.composite
def dangers(draw: st.DrawFn) -> HiddenDanger:
    """A danger with a deadline, extensions granted in time, and perhaps a closing."""
    start = draw(days)
    due = last = start + relativedelta(days=draw(st.integers(0, 60)))
    granted = start
    extensions = []
    for _ in range(draw(st.integers(0, 2))):
        granted = granted + relativedelta(days=draw(st.integers(0, (last - granted).days)))
        last = last + relativedelta(days=draw(st.integers(1, 40)))
        extensions.append(Extension(granted, last, "parts on order"))
    closed = draw(st.none() | st.integers(0, 200).map(lambda n: start + relativedelta(days=n)))
    return HiddenDanger(
        id=draw(st.uuids().map(str)),
        employer_id="E-1",
        what="no guard",
        set_on=start,
        due=due,
        extensions=extensions,
        closed_on=closed,
        evidence=None if closed is None else "re-inspection",
    )


@given(st.lists(dangers(), max_size=5, unique_by=lambda one: one.id), days, st.integers(0, 90))
def test_overdue_grows_with_the_day(found: list[HiddenDanger], on: dt.date, more: int) -> None:
    """What is overdue stays so until it is closed, where time was only ever granted within the time."""
    later = on + relativedelta(days=more)
    then = {one.id for one in overdue(found, later)}
    closed = {one.id for one in found if one.closed_on is not None and one.closed_on <= later}
    assert {one.id for one in overdue(found, on)} <= then | closed
    assert {one.id for one in overdue(found, on)} <= {one.id for one in outstanding(found, on)}
    assert sum(states(found, on).values()) == len(found)


def test_the_last_day_is_within_the_time() -> None:
    """On the last day a danger is open, on the next it is overdue by one day; a late extension begins when granted."""
    danger = HiddenDanger(
        id="D",
        employer_id="E-1",
        what="no guard",
        set_on="2026-03-02",
        due="2026-03-31",
        extensions=[Extension("2026-04-03", "2026-04-10", "parts on order")],
    )
    seen = {text: danger.state(day(text)) for text in ("2026-03-01", "2026-03-31", "2026-04-01", "2026-04-03")}
    assert list(seen.values()) == ["later", "open", "overdue", "open"]
    assert danger.days_late(day("2026-04-02")) == 2
    assert danger.days_late(day("2026-04-11")) == 1
    assert danger.state(day("2026-04-11")) == "overdue"


def test_closed_is_judged_by_the_deadline_of_its_day() -> None:
    """Closed on the last day is in time, a day later is late; one without a deadline can never be late."""

    def closed(on: str, due: str | None) -> str:
        return Task(id="T", set_on="2026-03-02", due=due, closed_on=on, evidence="r").state(day("2026-12-01"))

    assert [closed("2026-03-31", "2026-03-31"), closed("2026-04-01", "2026-03-31"), closed("2026-11-30", None)] == [
        "closed",
        "closed_late",
        "closed",
    ]
    assert Task(id="T", set_on="2026-03-02").state(day("2026-12-01")) == "undated"


def test_follow_up_of_a_conference() -> None:
    """What a conference agreed is followed up like any task: who answers, and what is overdue first."""
    agreed = [
        AgreedMeasure(id=f"M-{n}", set_on="2026-03-06", due=due, what="share data", member="safety")
        for n, due in enumerate(("2026-04-30", "2026-03-31", None))
    ]
    assert [one.id for one in overdue(agreed, day("2026-05-06"))] == ["M-1", "M-0"]
    assert [one.id for one in outstanding(agreed, day("2026-04-06"))] == ["M-1", "M-0", "M-2"]


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Task(id="T", set_on="2026-03-02", closed_on="2026-03-03"), "evidence"),
        (lambda: Task(id="T", set_on="2026-03-02", due="2026-03-01"), "due before"),
        (lambda: Task(id="T", set_on="2026-03-02", closed_on="2026-03-01", evidence="r"), "closed before"),
        (
            lambda: Task(
                id="T", set_on="2026-03-02", due="2026-03-31", extensions=[Extension("2026-03-05", "2026-03-31", "x")]
            ),
            "no more time",
        ),
        (
            lambda: Task(id="T", set_on="2026-03-02", extensions=[Extension("2026-03-05", "2026-03-31", "x")]),
            "no deadline",
        ),
        (
            lambda: Task(
                id="T",
                set_on="2026-03-02",
                due="2026-03-10",
                extensions=[Extension("2026-03-09", "2026-03-31", "x"), Extension("2026-03-08", "2026-04-30", "x")],
            ),
            "out of order",
        ),
        (lambda: overdue([Task(id="T", set_on="2026-03-02")] * 2, dt.date(2026, 4, 1)), "two tasks"),
        (lambda: WorkingDays(["2026-05-01"], ["2026-05-01"]), "both off and worked"),
        (lambda: WorkingDays("2026-05-01"), "several days"),
        (lambda: Member("x", Words()), "without words"),
        (lambda: Listing(list="exposed", employer_id="E-1", grounds="x", period=Period("2026-01-01")), "without end"),
        (
            lambda: DataExchange(
                id="X", giver="a", receiver="a", what="x", recurrence=Recurrence("FREQ=DAILY", "2026-01-01")
            ),
            "to itself",
        ),
        (lambda: Recurrence("FREQ=DAILY", "2026-01-01", "nearest"), "not in the list"),
    ],
)
def test_what_joint_action_refuses(make: object, says: str) -> None:
    """Each contradiction is refused with what would be right."""
    assert callable(make)
    with pytest.raises(InputError, match=says):
        make()


# Data exchanges -------------------------------------------------------------------------------------------------------


def test_data_owed() -> None:
    """Monthly data (as Zhenhai swaps it): in time on the moved day, late after it, overdue when nothing came."""
    swap = DataExchange(
        id="X",
        giver="safety",
        receiver="hrss",
        what="accidents of the month",
        recurrence=Recurrence("FREQ=MONTHLY;BYMONTHDAY=15", "2026-01-01"),
    )
    came = [
        Receipt("X", "2026-01-15", "2026-01-15"),
        Receipt("X", "2026-02-15", "2026-02-16"),  # a Sunday: the Monday after is in time
        Receipt("X", "2026-03-15", "2026-03-20"),
        Receipt("X", "2026-03-15", "2026-03-17"),
        Receipt("other", "2026-01-16", "2026-01-17"),
    ]
    first = Period("2026-01-01", "2026-06-01")
    found = deliveries(swap, came, period=first, on=day("2026-04-16"))
    assert [one.state for one in found] == ["received", "received", "late", "overdue", "expected"]
    assert str(found[2].received_on) == "2026-03-17"
    assert deliveries(swap, came, period=first, on=day("2026-03-16"))[2].state == "expected"
    with pytest.raises(InputError, match="2026-01-15"):
        deliveries(swap, [Receipt("X", "2026-01-16", "2026-01-17")], period=first, on=day("2026-04-16"))


# Lists ----------------------------------------------------------------------------------------------------------------


def test_four_in_place() -> None:
    """No where one is not in place, unknown where one was not looked at, yes where all four were found in place."""

    def look(item: str, *, good: bool, on: str = "2026-03-02") -> PlaceCheck:
        return PlaceCheck(employer_id="E-1", item=item, in_place=good, on=on, evidence="record 4")

    four = [look(item, good=True) for item in ("investment", "training", "basic_management", "emergency_rescue")]
    on = day("2026-06-01")
    assert checklist("E-1", four, on).four_in_place is True
    assert isinstance(checklist("E-1", four[:3], on).four_in_place, Unknown)
    assert isinstance(checklist("E-1", four, on).items["organisation"], Unknown)
    assert isinstance(checklist("E-1", four, day("2026-03-01")).four_in_place, Unknown)
    assert isinstance(checklist("E-2", four, on).four_in_place, Unknown)
    later = look("training", good=False, on="2026-05-02")
    assert checklist("E-1", [later, *four[:2]], on).four_in_place is False
    assert checklist("E-1", [later, *four], day("2026-05-01")).four_in_place is True
    with pytest.raises(InputError, match="disagree"):
        checklist("E-1", [*four, look("training", good=False)], on)


def test_public_lists_end() -> None:
    """An entry stands from its first day up to the day it comes off, which no longer counts."""
    entry = Listing(list="exposed", employer_id="E-1", grounds="no guards", period=Period("2026-03-01", "2026-09-01"))
    best = Listing(list="exemplar", employer_id="E-2", grounds="no injury in 5 years", period=Period.year(2026))
    seen = [len(listed([entry, best], day(text), "exposed")) for text in ("2026-02-28", "2026-03-01", "2026-09-01")]
    assert seen == [0, 1, 0]
    assert [one.employer_id for one in listed([entry, best], day("2026-03-01"))] == ["E-2", "E-1"]


def test_expiring_recognitions_say_what_follows() -> None:
    """A certificate on its last days is listed with the one that follows it, if one does without a gap."""
    old = Recognition("E-1", "standardisation", 2, Period("2023-05-10", "2026-05-10"))
    new = Recognition("E-1", "standardisation", 3, Period("2026-05-10", "2029-05-10"))
    gap = Recognition("E-1", "standardisation", 3, Period("2026-05-11", "2029-05-10"))
    on = day("2026-05-09")
    assert [row.followed_by for row in expiring([old, new], on, 0)] == [new]
    assert [row.followed_by for row in expiring([old, gap], on, 0)] == [None]
    assert expiring([old], day("2026-05-10"), 90) == ()
    assert in_force([old, new], on) == (old,)
    with pytest.raises(InputError, match="nothing to take away"):
        revoked(old, day("2023-05-10"))


# Inspections and notices ----------------------------------------------------------------------------------------------


def test_inspections_come_from_the_measures() -> None:
    """Focus, enforcement, overdue dangers and exposure list: more grounds first, then the better place, then key."""
    cases = [InjuryCase(f"C-{n}", "E-1" if n < 3 else "E-2", f"w-{n}", "2026-01-05") for n in range(5)]
    ranked = focus([FocusUnit("E-1", 3, 100), FocusUnit("E-2", 2, 400), FocusUnit("E-3", 0, 50)], shrinkage=False)
    late = HiddenDanger(id="D", employer_id="E-9", what="no guard", set_on="2026-01-02", due="2026-01-31")
    named = Listing(list="exposed", employer_id="E-9", grounds="no guards", period=Period.year(2026))
    praised = Listing(list="exemplar", employer_id="E-8", grounds="none hurt", period=Period.year(2026))
    found = inspection_list(
        day("2026-02-10"),
        focus=ranked,
        enforcement=enforcement_list(cases, priority("zhejiang-2014")),
        dangers=[late],
        listings=[named, praised],
        top=2,
    )
    assert [(row.employer_id, [source for source, _ in row.grounds]) for row in found] == [
        ("E-1", ["focus", "enforcement"]),
        ("E-2", ["focus", "enforcement"]),
        ("E-9", ["dangers", "list"]),
    ]
    assert found[2].text() == "E-9: dangers overdue: 1, up to 10 days; named: no guards"
    assert found[2].text("zh") == "E-9：逾期隐患1项，最长10天；曝光：no guards"
    assert inspection_list(day("2026-01-31"), dangers=[late]) == ()
    with pytest.raises(InputError):
        inspection_list(day("2026-01-31"), top=-1)


def test_graded_notices_of_ningde() -> None:
    """Ningde 2019: 2 % and 5 %; exactly on a threshold, and the third level, are not known and nothing is guessed."""
    units = [FocusUnit(key, cases, 100) for key, cases in (("a", 1), ("b", 2), ("c", 3), ("d", 5), ("e", 6))]
    run = graded_notices(units, alerts("ningde-2019"), period=Period.year(2025), on=day("2026-01-20"))
    assert [(one.employer_id, one.level, one.doubt is not None) for one in run.notices] == [
        ("c", "yellow", False),
        ("d", "yellow", True),
        ("e", "orange", True),
    ]
    assert [key for key, _ in run.unjudged] == ["b"]
    assert [one.state(day("2030-01-01")) for one in run.notices] == ["undated"] * 3
    due = graded_notices(units, alerts("ningde-2019"), period=YEAR, on=day("2026-01-20"), due=day("2026-03-20"))
    assert len(overdue(due.notices, day("2026-03-21"))) == 3


# Recognitions feed the rate -------------------------------------------------------------------------------------------


def hangzhou_rate(*recognitions: Recognition) -> Decimal | Unknown:
    """The rate of an employer of class 4 in Hangzhou, with 80 % of its contributions paid out."""
    policy = ip.load_profile("cn-zj-hangzhou").on("2023-06-01")
    history = ip.History(
        exposures=[ip.Exposure("E-1", Period.year(2022), insured=100, payroll=8_000_000)],
        contributions=[ContributionPaid("E-1", Period.year(2022), 100_000)],
        cases=[InjuryCase("C-1", "E-1", "w-1", "2022-03-02", recognised_on="2022-04-01", ground="14.1", grade=9)],
        payments=[BenefitPayment("E-1", "C-1", "2022-06-01", 80_000, "medical")],
        events=[],
        recognitions=recognitions,
    )
    employer = ip.Employer("E-1", insured_since="2015-01-01", risk_class=4)
    return ip.rate(employer, history, policy, {"payable_months": 12}).rate


def test_a_recognition_changes_a_rate() -> None:
    """Hangzhou 2023: a grade-1 certificate in force lowers the tier by two; taken away before the day, it does not."""
    certificate = Recognition("E-1", "standardisation", 1, Period("2022-05-10", "2025-05-10"))
    without, with_it = hangzhou_rate(), hangzhou_rate(certificate)
    assert not isinstance(without, Unknown)
    assert not isinstance(with_it, Unknown)
    assert with_it < without
    assert hangzhou_rate(revoked(certificate, day("2023-03-01"))) == without
    cup = Recognition("E-1", "ankang_cup", None, Period("2022-05-10", "2025-05-10"))
    contest = Contest(id="K", period=Period.year(2022), kind="ankang_cup", entrants=["E-1"], awards=[cup])
    assert hangzhou_rate(*contest.awards) == without  # an award that Hangzhou does not weigh
