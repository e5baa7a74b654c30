"""Prevention work: facts of each kind, reach between its bounds, cost of a person, schedules as calendars."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from itertools import product
from pathlib import Path

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from injuryprev.errors import InputError, ReadError, UnknownNameError
from injuryprev.exchange.calendar import calendar_bytes, entry_uid, write_calendar
from injuryprev.model import (
    Appointment,
    Attendance,
    Campaign,
    Caravan,
    Contest,
    Course,
    DistrictAppraisal,
    ExpertExchange,
    Films,
    Goal,
    HazardResult,
    HazardTest,
    HealthCheck,
    Leaflets,
    Lecture,
    OnlineChannel,
    Recognition,
    Screens,
    Service,
    Tally,
    TourStop,
    TrainingPlan,
)
from injuryprev.prevention.work import Span, check_goals, cost_per_person, reach
from injuryprev.prevention.work.reach import reached
from injuryprev.units import Period
from injuryprev.unknown import Unknown

YEAR = Period.year(2016)
STAMP = dt.datetime(2016, 1, 4, 8, tzinfo=dt.UTC)


# Dalian's printed figures (report of 2017-06-09 on prevention work to the end of 2016) --------------------------------


def dalian_caravan() -> Caravan:
    """The caravan as the report prints it; since when it tours is not printed, so the first day is this test's own."""
    return Caravan(
        id="caravan",
        period=Period("2014-01-01", "2017-01-01"),
        days=210,
        districts=13,
        points=Tally(350, "more_than"),
        employers=Tally(300, "more_than"),
        leaflets=50_000,
        films=Films(3, 1_500),
        equipment=["75-inch screen", "sound system", "injury manikin", "wall charts"],
        health_checks=Attendance(heads=Tally(1_500, "more_than")),
        attendance=Attendance(heads=300_000, once=False),
    )


def test_dalian_caravan() -> None:
    """Source: Dalian's report of 2017-06-09.  An audience added up over years bounds people from above alone."""
    caravan = dalian_caravan()
    assert str(caravan.points) == "more than 350"
    assert caravan.points is not None
    assert caravan.points.words.zh == "350余"
    found = reach(caravan)
    assert found.people == Span(1, 300_000)
    assert found.person_times == Span(300_000, 300_000)
    assert isinstance(found.number, Unknown)


def test_dalian_training() -> None:
    """Source: the same report: 8 courses a year, 4 central and 4 tailored, 1,400 people trained in all."""
    plan = TrainingPlan(
        id="thousand", period=YEAR, central=4, tailored=4, people=1_000, attendance=Attendance(heads=1_400)
    )
    assert plan.held("central") == 0
    assert reach(plan).number == 1_400
    assert isinstance(plan.pass_rate, Unknown)
    assert isinstance(cost_per_person(plan).low, Unknown)


def test_dalian_publicity_is_not_people() -> None:
    """Source: the same report: LED for 3 months, 1,350 hours; more than 200 posts.  None of it counts people."""
    led = Campaign(id="LED", period=YEAR, channels=[Screens("busy districts", 3, 1_350)])
    wechat = Campaign(id="WeChat", period=YEAR, channels=[OnlineChannel("WeChat", Tally(200, "more_than"))])
    lectures = ExpertExchange(
        id="lectures", period=YEAR, lectures=[Lecture(topic="prevention", lecturer_from="Germany")]
    )
    found = reach(led, wechat, lectures)
    assert isinstance(found.people, Unknown)
    assert found.people.codes == ("missing:attendance",)
    assert found.silent == 3


# Reach ----------------------------------------------------------------------------------------------------------------

people = st.integers(0, 5).map(lambda n: f"w-{n}")
occasions = st.lists(st.lists(st.tuples(people, st.booleans()), unique_by=lambda one: one[0]), min_size=1, max_size=4)


@given(occasions)
def test_bounds_hold_the_truth(truth: list[list[tuple[str, bool]]]) -> None:
    """Whoever really came, and whoever of them gave a key: the true numbers lie between the bounds."""
    seen = [
        Attendance([who for who, keyed in occasion if keyed], heads=len(occasion))  # others came without a key
        for occasion in truth
    ]
    found = reached(seen)
    assert isinstance(found.people, Span)
    assert isinstance(found.person_times, Span)
    really = len({who for occasion in truth for who, _ in occasion})
    assert found.people.high is not None
    assert found.people.low <= really <= found.people.high
    times = sum(map(len, truth))
    assert found.person_times == Span(times, times)


@given(occasions)
def test_full_lists_are_exact(truth: list[list[tuple[str, bool]]]) -> None:
    """Where everybody has a key, people are counted exactly and once."""
    found = reached([Attendance([who for who, _ in occasion]) for occasion in truth])
    really = len({who for occasion in truth for who, _ in occasion})
    assert found.people == Span(really, really)
    assert found.by_key == really


@given(st.lists(st.tuples(st.sets(people, max_size=2), st.integers(0, 2)), min_size=1, max_size=2))
@settings(max_examples=40)
def test_bounds_are_reached(given_: list[tuple[set[str], int]]) -> None:
    """Both bounds are possible: some world with the same records has so few people, another so many."""
    seen = [Attendance(keys, heads=len(keys) + more) for keys, more in given_]
    found = reached(seen)
    keyed = sorted({key for keys, _ in given_ for key in keys})
    world = keyed + [f"x-{n}" for n in range(sum(more for _, more in given_))]
    sizes = set()
    slots = [[who for who in world if who not in keys] for keys, more in given_ for _ in range(more)]
    for chosen in product(*slots):
        rest = iter(chosen)
        groups = [(keys, [next(rest) for _ in range(more)]) for keys, more in given_]
        if all(len(set(more)) == len(more) for _, more in groups):
            sizes.add(len({*keyed, *chosen}))
    assert isinstance(found.people, Span)
    assert (min(sizes), max(sizes)) == (found.people.low, found.people.high)


def test_a_silent_occasion_opens_the_upper_end() -> None:
    """Not recorded is not nobody: at least those known, at most nobody knows."""
    found = reached([Attendance(heads=40), Attendance()])
    assert found.people == Span(40, None)
    assert found.text("zh") == "不少于40人，不少于40人次；1次活动无记录"
    assert str(found) == "people: at least 40; person-times: at least 40; 1 occasion without record"


def test_nobody_is_a_figure() -> None:
    """A list of nobody says zero, exactly; nothing recorded says unknown."""
    assert reached([Attendance([])]).number == 0
    assert isinstance(reached([Attendance()]).number, Unknown)


def test_the_whole_is_not_added_to_its_parts() -> None:
    """A total that a plan states holds its courses: it is neither added to them nor lost."""
    course = Course(id="T-1", kind="central", on="2016-04-12", attendance=Attendance(["w-1"], heads=30))
    plan = TrainingPlan(id="T", period=YEAR, courses=[course], attendance=Attendance(heads=80))
    assert reach(plan).people == Span(80, 80)
    assert reach(plan).by_key == 1


@pytest.mark.parametrize("whole", [Attendance(heads=29), Attendance(["w-1", "w-2"]), Attendance(heads=29, once=False)])
def test_a_whole_smaller_than_an_occasion_is_refused(whole: Attendance) -> None:
    """A total below what one course alone had cannot be right, and is not taken in its place; one equal to it can."""
    course = Course(id="T-1", kind="central", on="2016-04-12", attendance=Attendance(["w-1"], heads=30))
    with pytest.raises(InputError, match="30 or more"):
        reach(TrainingPlan(id="T", period=YEAR, courses=[course], attendance=whole))
    same = TrainingPlan(id="T", period=YEAR, courses=[course], attendance=Attendance(heads=30))
    assert reach(same).number == 30


def test_a_piece_of_work_counts_once() -> None:
    """The same work given twice is refused rather than counted twice."""
    plan = TrainingPlan(id="T", period=YEAR)
    with pytest.raises(InputError, match="each once"):
        reach(plan, plan)


def test_cost_of_a_person() -> None:
    """Money is exact and goes over both ends; an unknown cost is unknown, and so is one over nobody."""
    both = (
        Campaign(id="A", period=YEAR, cost="1000.10", attendance=Attendance(heads=30)),
        Campaign(id="B", period=YEAR, cost="0.20", attendance=Attendance(heads=70)),
    )
    found = cost_per_person(*both)
    assert (found.low, found.high) == (Fraction("10.003"), Fraction("1000.3") / 70)
    assert cost_per_person(both[0]).low == cost_per_person(both[0]).high
    unknown = cost_per_person(both[0], Campaign(id="C", period=YEAR, attendance=Attendance(heads=1)))
    assert isinstance(unknown.low, Unknown)
    assert unknown.low.codes == ("missing:cost",)
    open_ = cost_per_person(Campaign(id="A", period=YEAR, cost=10, attendance=Attendance(heads=Tally(5, "more_than"))))
    assert isinstance(open_.low, Unknown)
    assert open_.high == 2
    nobody = cost_per_person(Campaign(id="A", period=YEAR, cost=10, attendance=Attendance([])))
    assert isinstance(nobody.high, Unknown)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Attendance(["w-1", "w-2"], heads=1), "fewer people than keys"),
        (lambda: Attendance(["w-1", "w-1"]), "twice"),
        (lambda: Attendance(["Zhang San"]), "looks like a name"),
        (lambda: Attendance("w-1"), "several keys"),
        (lambda: Tally(3, "roughly"), "not in the list"),
        (lambda: Attendance(heads="2.5"), "not a whole number"),
        (lambda: Course(id="T", kind="tailored", on="2016-01-05"), "for one employer"),
        (lambda: Course(id="T", kind="central", on="2016-01-05", examined=3, passed=4), "more passed"),
        (
            lambda: Course(id="T", kind="central", on="2016-01-05", examined=3, attendance=Attendance(heads=2)),
            "more examined",
        ),
        (lambda: DistrictAppraisal("north", "2016-12-01", 101, 100), "full marks"),
        (lambda: HazardResult("noise", 3, 4), "more above than points"),
        (lambda: Appointment("x", "2016-01-05", "Asia/Shanghai", "10:00", "09:00"), "end after it begins"),
        (lambda: Appointment("x", "2016-01-05", "Asia/Shanghai", "10:00"), "go together"),
        (lambda: Appointment("x", "2016-01-05", "8 h"), "name of a time zone"),
        (lambda: Appointment("x", "2016-01-05", "Asia/Shanghai", "25:00", "26:00"), "time of the day"),
        (lambda: TourStop("2016-05-10", "square", "film").appointment("tour"), "time zone"),
        (lambda: Caravan(id="C", period=YEAR, stops=[TourStop("2017-01-01", "a", "b")]), "outside the period"),
        (lambda: Service(id="S", period=YEAR, kind="double_car"), "double_care"),
        (
            lambda: Contest(
                id="K", period=YEAR, kind="ankang_cup", awards=[Recognition("E-1", "other", None, Period("2016-05-01"))]
            ),
            "another kind",
        ),
        (
            lambda: Contest(
                id="K",
                period=YEAR,
                kind="ankang_cup",
                entrants=["E-2"],
                awards=[Recognition("E-1", "ankang_cup", None, Period("2016-05-01"))],
            ),
            "took no part",
        ),
    ],
)
def test_what_cannot_be_is_refused(make: object, says: str) -> None:
    """Each contradiction is refused with what would be right."""
    assert callable(make)
    with pytest.raises(InputError, match=says):
        make()


def test_rates_of_a_plan() -> None:
    """Rates of all courses together are of people, not means of rates; one silent course makes them unknown."""
    one = Course(id="T-1", kind="central", on="2016-04-12", examined=10, passed=10, asked=10, satisfied=8)
    other = Course(id="T-2", kind="tailored", employer_id="E-1", on="2016-05-12", examined=30, passed=24)
    plan = TrainingPlan(id="T", period=YEAR, courses=[one, other])
    assert plan.pass_rate == Fraction(34, 40)
    assert isinstance(plan.satisfaction, Unknown)
    goals = [Goal("pass_rate", "at_least", "0.85"), Goal("satisfaction", "above", "0.85")]
    passed, satisfied = check_goals(goals, {"pass_rate": plan.pass_rate, "satisfaction": plan.satisfaction})
    assert passed.met is True
    assert isinstance(satisfied.met, Unknown)
    with pytest.raises(UnknownNameError, match="pass_rate"):
        check_goals(goals[:1], {"passrate": 1})


def test_services_of_measure_4() -> None:
    """浙人社发〔2014〕4号 measure 4: testing, checks, contests; each has the figures of its kind."""
    test = HazardTest(
        id="H", period=YEAR, employer_id="E-1", results=[HazardResult("dust", 6, 0), HazardResult("x", 2, 1)]
    )
    assert test.within_limits == Fraction(7, 8)
    assert isinstance(HazardTest(id="H", period=YEAR, employer_id="E-1").within_limits, Unknown)
    check = HealthCheck(id="C", period=YEAR, attendance=Attendance(heads=40), abnormal=3)
    assert check.abnormal_share == Fraction(3, 40)
    more = HealthCheck(id="C", period=YEAR, attendance=Attendance(heads=Tally(1500, "more_than")), abnormal=3)
    assert isinstance(more.abnormal_share, Unknown)
    leaflets = Campaign(id="L", period=YEAR, channels=[Leaflets("what to do", 50_000)])
    assert isinstance(reach(leaflets).people, Unknown)


def test_districts_are_ranked_by_their_last_appraisal() -> None:
    """The last appraisal of a district counts, shares of different full marks are compared exactly."""
    caravan = Caravan(
        id="C",
        period=YEAR,
        appraisals=[
            DistrictAppraisal("north", "2016-06-01", 99, 100),
            DistrictAppraisal("north", "2016-12-01", 80, 100),
            DistrictAppraisal("south", "2016-12-01", 9, 10),
        ],
    )
    assert [one.district for one in caravan.ranked] == ["south", "north"]


# Calendars ------------------------------------------------------------------------------------------------------------


def stops() -> list[TourStop]:
    """Two stops, one with hours."""
    return [
        TourStop(
            "2016-05-10",
            "北门广场",
            "影片、咨询; 发放\n传单",
            route="北线",
            starts="09:00",
            ends="11:30",
            zone="Asia/Shanghai",
        ),
        TourStop("2016-05-11", "harbour", "film", district="harbour", zone="Asia/Shanghai"),
    ]


def test_schedules_round_trip() -> None:
    """What is parsed back is what was written: times in their zone, places, texts with signs that need escaping."""
    entries = [stop.appointment("大篷车") for stop in stops()]
    parsed = icalendar.Calendar.from_ical(calendar_bytes(entries, stamp=STAMP, name="caravan"))
    events = parsed.walk("VEVENT")
    assert [str(event["summary"]) for event in events] == ["大篷车: 北门广场", "大篷车: harbour"]
    assert str(events[0]["location"]) == "北门广场"
    assert str(events[0]["description"]) == "影片、咨询; 发放\n传单\n北线"
    assert events[0].decoded("dtstart").utcoffset() == dt.timedelta(hours=8)
    assert events[0].decoded("dtend").strftime("%Y-%m-%d %H:%M") == "2016-05-10 11:30"
    assert events[1].decoded("dtstart") == dt.date(2016, 5, 11)
    assert events[0].decoded("dtstamp") == STAMP
    assert [zone["tzid"] for zone in parsed.walk("VTIMEZONE")] == ["Asia/Shanghai"]


def test_uids_follow_the_content() -> None:
    """The same entry has the same key in every file; with another content it is another entry; twice is once."""
    first, second = (stop.appointment("tour") for stop in stops())
    assert calendar_bytes([first, second, first], stamp=STAMP) == calendar_bytes([second, first], stamp=STAMP)
    assert entry_uid(first) == entry_uid(stops()[0].appointment("tour"))
    assert entry_uid(first) != entry_uid(stops()[0].appointment("Tour"))
    assert entry_uid(second) == "cd410000-affe-540d-adf6-5ad40ed7ed8d"


def test_calendars_refuse(tmp_path: Path) -> None:
    """No zone of that name, no stamp without a zone, no other suffix; nothing is left behind."""
    good = stops()[0].appointment("tour")
    with pytest.raises(InputError, match="no such time zone"):
        calendar_bytes([Appointment("x", "2016-05-10", "Asia/Dalian")], stamp=STAMP)
    with pytest.raises(InputError, match="no time zone"):
        calendar_bytes([good], stamp=STAMP.replace(tzinfo=None))
    with pytest.raises(ReadError, match="ics"):
        write_calendar(tmp_path / "tour.txt", [good], stamp=STAMP)
    assert list(tmp_path.iterdir()) == []
    path = write_calendar(tmp_path / "tour.ics", [good], stamp=STAMP)
    assert path.read_bytes() == calendar_bytes([good], stamp=STAMP)


@pytest.mark.parametrize(
    ("cost", "attendance", "en", "zh"),
    [
        (9000, Attendance(), "cost a person unknown: nobody recorded", "每人费用未知：没有受众记录"),
        (None, Attendance(heads=4), "cost a person unknown: the cost of", "每人费用未知：C的费用没有记录"),
        (10, Attendance(heads=Tally(5, "more_than")), "at most 2 a person; the least is", "每人至多2；下限未知："),
        (10, Attendance(heads=4), "2.5 a person", "每人2.5"),
    ],
)  # fmt: skip
def test_the_cost_of_a_person_in_words(cost: int | None, attendance: Attendance, en: str, zh: str) -> None:
    """What is unknown is said as a sentence, at one end or at both."""
    found = cost_per_person(Campaign(id="C", period=YEAR, cost=cost, attendance=attendance))
    assert str(found).startswith(en)
    assert found.text("zh").startswith(zh)
