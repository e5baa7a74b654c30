"""From cases to counts: each standard's own cases, days and deaths; typed cases and tables of every engine alike."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from engines import FAST, Machine, as_arrow, dask_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from injuryprev.errors import InputError, UnknownNameError
from injuryprev.measures import Standard, list_standards, read_standards, standard
from injuryprev.measures.counting import Facts
from injuryprev.model import Employer, Exposure, History, InjuryCase
from injuryprev.units import Period
from injuryprev.unknown import Unknown

YEAR = Period.year(2024)
BY_NAME = {machine.name: machine for machine in FAST}


def case(key: str = "C-1", **more: Any) -> InjuryCase:
    """A case of 2 March 2024."""
    worker = more.pop("worker", f"w-{key}")
    return InjuryCase(key, "E-1", worker, more.pop("occurred_on", "2024-03-02"), **more)


def counted(
    name: str, cases: list[InjuryCase], within: Period | None = None, facts: Facts | None = None
) -> Fraction | tuple[str, ...]:
    """The count, or the reasons why there is none; the same cases as a table say the same."""
    measure = standard(name)
    value = measure.count(cases, within=within, facts=facts).value
    found = value.codes if isinstance(value, Unknown) else value
    table = as_table([(one, dict((facts or {}).get(one.id, {})), "all") for one in cases])
    row = BY_NAME["polars"].rows(measure.count_frame(pl.from_arrow(table), within=within))[0]
    why = row[f"{measure.above}_unknown"]
    assert (row[measure.above] if why is None else tuple(why.split("; "))) == found
    return found


@pytest.mark.parametrize(("days", "serious"), [(104, 0), (105, 1), (106, 1), (5999, 1)])
def test_serious_injury_at_105_days(days: int, serious: int) -> None:
    """GB 6441-86: light below 105 lost days, serious from 105."""
    assert counted("gb6441.serious_injury", [case(days_lost=days)]) == serious


def test_a_death_is_no_serious_injury_and_costs_6000_days() -> None:
    """GB 6441-86: a death is charged 6,000 days whatever was counted, and is injured, not seriously injured."""
    dead = case(death=True, days_lost=200)
    assert counted("gb6441.serious_injury", [dead]) == 0
    assert counted("gb6441.death", [dead]) == 1
    assert counted("gb6441.severity", [dead, case("C-2", days_lost=5)]) == 6005


def test_days_of_a_permanent_disability_are_not_guessed() -> None:
    """The table of GB/T 15499-1995 was not read: a graded case without days is unknown and names the document."""
    found = standard("gb6441.severity").count([case(grade=5)]).value
    assert isinstance(found, Unknown)
    assert "GB/T 15499-1995" in found.text()
    assert "GB/T 15499-1995" in found.text("zh")
    assert counted("gb6441.severity", [case(grade=5, days_lost=1800)]) == 1800
    assert counted("gb6441.severity", [case()]) == ("missing:days_lost",)


GRADES = {1: 7500, 2: 7500, 3: 7500, 4: 5500, 5: 4000, 6: 3000, 7: 2200, 8: 1500, 9: 1000, 10: 600, 11: 400, 12: 200}


@pytest.mark.parametrize(("grade", "days"), [*GRADES.items(), (13, 100), (14, 50)])
def test_japanese_grades(grade: int, days: int) -> None:
    """The lost-day table of Japan, grade by grade."""
    assert counted("jp.severity", [case()], facts={"C-1": {"grade_jp": grade, "calendar_days": 3}}) == days


def test_japan_published_example() -> None:
    """National examination 2014 I-1-27: 1,400 workers of 1,800 h, 200 + 50 + 25 days off: 226 days, rate 0.09."""
    cases = [case(f"C-{number}") for number in range(3)]
    facts = {f"C-{number}": {"calendar_days": days} for number, days in enumerate((200, 50, 25))}
    rate = standard("jp.severity").of_cases(cases, 1400 * 1800, facts=facts)
    assert rate.numerator == 226
    assert str(rate.rounded("0.01")) == "0.09"
    assert standard("jp.frequency").of_cases(cases, 1400 * 1800, facts=facts).numerator == 3


@pytest.mark.parametrize(("off", "lost"), [(1, 1), (2, 2), (3, 2), (365, 300), (608, 500), (609, 501)])
def test_japanese_days_are_whole(off: int, lost: int) -> None:
    """Calendar days x 300/365 as the nearest whole day; of whole days there is never a half."""
    assert counted("jp.severity", [case()], facts={"C-1": {"calendar_days": off}}) == lost


def test_a_chinese_grade_says_nothing_of_a_japanese_one() -> None:
    """Grade 9 of China is not grade 9 of Japan: without the Japanese grade the days are not known."""
    graded = case(grade=9)
    assert counted("jp.severity", [graded], facts={"C-1": {"calendar_days": 9}}) == ("not_known:lost_days",)
    facts = {"C-1": {"calendar_days": 9, "grade_jp": 12}}
    assert counted("jp.severity", [graded], facts=facts) == 200
    dead = case(death=True)
    assert counted("jp.severity", [dead]) == 7500


def test_no_day_off_is_no_casualty_in_japan() -> None:
    """度数率 counts from one day off on."""
    cases = [case("a"), case("b"), case("c", death=True)]
    facts = {"a": {"calendar_days": 0}, "b": {"calendar_days": 1}}
    assert counted("jp.frequency", cases, facts=facts) == 2


@pytest.mark.parametrize(("days", "more_than_three", "more_than_seven"), [(3, 0, 0), (4, 1, 0), (7, 1, 0), (8, 1, 1)])
def test_thresholds_of_absence(days: int, more_than_three: int, more_than_seven: int) -> None:
    """ESAW from the fourth day, HSE from the eighth."""
    facts = {"C-1": {"calendar_days": days}}
    assert counted("esaw.incidence", [case()], facts=facts) == more_than_three
    assert counted("hse.over_7_day", [case()], facts=facts) == more_than_seven


@pytest.mark.parametrize(
    ("occurred", "died", "fatal"),
    [
        ("2023-03-02", "2024-03-01", 1),
        ("2023-03-02", "2024-03-02", 1),
        ("2023-03-02", "2024-03-03", 0),
        ("2024-02-29", "2025-02-28", 1),
        ("2024-02-29", "2025-03-01", 0),
    ],
)
def test_a_death_counts_within_one_year(occurred: str, died: str, fatal: int) -> None:
    """ESAW: death within one year, the last day included; where the day is not recorded, nobody knows."""
    dead = case(occurred_on=occurred, death=True, died_on=died)
    assert counted("esaw.fatal", [dead]) == fatal
    assert counted("practice.far", [dead]) == 1
    assert counted("esaw.fatal", [case(death=True)]) == ("field:deaths",)


def test_days_are_counted_to_180_by_osha() -> None:
    """A case costs at most 180 days."""
    facts = {"a": {"calendar_days": 181}, "b": {"calendar_days": 180}, "c": {"calendar_days": 179}}
    assert counted("osha.severity", [case(key) for key in facts], facts=facts) == 180 + 180 + 179


def test_dart_counts_days_away_or_restriction_and_no_death() -> None:
    """One of the two settles it, even where the other is not recorded."""
    facts: dict[str, dict[str, object]] = {
        "a": {"calendar_days": 1},
        "b": {"restricted": True},
        "c": {"calendar_days": 0, "restricted": False},
        "d": {"calendar_days": 5},
    }
    cases = [case("a"), case("b"), case("c"), case("d", death=True)]
    assert counted("osha.dart", cases, facts=facts) == 2
    assert counted("osha.dart", [case("a")], facts={"a": {"calendar_days": 0}}) == ("field:dart_cases",)


def test_agencies_count_by_the_day_of_recognition() -> None:
    """A case of 2023 recognised in 2024 is one of 2024; one that is not recognised is none."""
    cases = [
        case("a", occurred_on="2023-12-30", recognised_on="2024-01-01"),
        case("b", recognised_on="2025-01-01"),
        case("c"),
    ]
    assert counted("cn.incidence", cases, within=YEAR) == 1
    assert counted("ilo.incidence", cases, within=YEAR) == 2


def test_persons_are_counted_once() -> None:
    """Taiwan counts recipients: a worker hurt twice is one; as cases they are two."""
    cases = [case("a", worker="w-1"), case("b", worker="w-1"), case("c", worker="w-2")]
    assert counted("tw.per_mille", cases) == 2
    assert counted("ilo.incidence", cases) == 3


def test_a_case_given_twice() -> None:
    """The same case twice counts once and is reported; two different cases of one key are an error."""
    twice = standard("ilo.incidence").of_cases([case(), case()], 100)
    assert twice.numerator == 1
    assert [str(finding) for finding in twice.findings] == ["case C-1: the case is given twice and counted once"]
    with pytest.raises(InputError, match="two different cases have one key; seen: 'C-1'"):
        standard("ilo.incidence").count([case(), case(days_lost=3)])


@pytest.mark.parametrize("days", [-3, "-1", "2.5", 0.5])
def test_days_that_are_no_number_of_days(days: object) -> None:
    """Less than no day off is not no day off: refused of a typed case, unknown in its group of a table."""
    case = InjuryCase("C-1", "E-1", "w-1", "2024-03-02")
    with pytest.raises(InputError, match="facts of case C-1, calendar_days: not a number of days"):
        standard("hse.over_7_day").count([case], facts={"C-1": {"calendar_days": days}})


def test_days_below_zero_in_a_table() -> None:
    """They leave the count of their own group open; none at all is none."""
    table = pl.DataFrame({"firm": ["A", "A", "B", "B"], "calendar_days": [-3, 8, 0, 8], "death": [False] * 4})
    found = standard("hse.over_7_day").count_frame(table, by=["firm"]).sort("firm")
    assert found.rows() == [("A", None, "field:cases"), ("B", 1, None)]


@pytest.mark.parametrize("kind", [lambda value: value, np.float64])
def test_facts_from_a_notebook(kind: Any) -> None:
    """NaN is a fact that nobody gave; 7.0 is 7, and NumPy's scalars are what they hold."""
    case = InjuryCase("C-1", "E-1", "w-1", "2024-03-02")
    facts: Facts = {"C-1": {"calendar_days": kind(20.0), "grade_jp": kind(7.0), "restricted": np.bool_(True)}}
    assert standard("jp.severity").count([case], facts=facts).value == 2200
    assert standard("osha.dart").count([case], facts={"C-1": {**facts["C-1"], "calendar_days": 0}}).value == 1
    nothing: Facts = {"C-1": {"calendar_days": kind(float("nan"))}}
    assert isinstance(standard("jp.severity").count([case], facts=nothing).value, Unknown)


def test_a_fact_nobody_asks_for() -> None:
    """A misspelt fact is refused with the nearest name."""
    with pytest.raises(UnknownNameError, match=r"no standard asks for this fact; seen: 'calender_days'.*calendar_days"):
        standard("ilo.incidence").count([case()], facts={"C-1": {"calender_days": 3}})


# Tables ---------------------------------------------------------------------------------------------------------------

DAYS = st.none() | st.sampled_from([0, 1, 3, 4, 104, 105, 181, 400])
GRADE = st.none() | st.integers(1, 10)
DATES = st.dates(dt.date(2023, 11, 1), dt.date(2025, 2, 1))


@st.composite
def cases_with_facts(draw: st.DrawFn) -> list[tuple[InjuryCase, dict[str, object], str]]:
    """Some cases, what others record of them, and the group each is of."""
    made = []
    for number in range(draw(st.integers(1, 8))):
        occurred = draw(DATES)
        death = draw(st.booleans())
        died = occurred + dt.timedelta(days=draw(st.sampled_from([0, 364, 365, 366, 400])))
        one = InjuryCase(
            f"C-{number}",
            "E-1",
            draw(st.sampled_from(["w-1", "w-2", "w-3"])),
            occurred,
            recognised_on=draw(st.none() | st.just(occurred + dt.timedelta(days=40))),
            death=death,
            died_on=draw(st.none() | st.just(died)) if death else None,
            grade=draw(GRADE),
            days_lost=draw(DAYS),
        )
        facts: dict[str, object] = {
            "calendar_days": draw(DAYS),
            "restricted": draw(st.none() | st.booleans()),
            "recordable": draw(st.none() | st.booleans()),
            "grade_jp": draw(st.none() | st.integers(1, 15)),
        }
        made.append((one, facts, draw(st.sampled_from(["north", "south"]))))
    return made


COLUMNS: dict[str, pa.DataType] = {
    "id": pa.string(),
    "worker": pa.string(),
    "occurred_on": pa.date32(),
    "recognised_on": pa.date32(),
    "death": pa.bool_(),
    "died_on": pa.date32(),
    "grade": pa.int64(),
    "days_lost": pa.int64(),
}
FACTS = {"calendar_days": pa.int64(), "restricted": pa.bool_(), "recordable": pa.bool_(), "grade_jp": pa.int64()}


def as_table(given_: list[tuple[InjuryCase, dict[str, object], str]]) -> pa.Table:
    """The cases as a table."""
    columns: dict[str, tuple[pa.DataType, list[Any]]] = {
        name: (kind, [getattr(one, name) for one, _, _ in given_]) for name, kind in COLUMNS.items()
    }
    columns |= {name: (kind, [facts.get(name) for _, facts, _ in given_]) for name, kind in FACTS.items()}
    columns["group"] = (pa.string(), [group for _, _, group in given_])
    return as_arrow(columns)


@pytest.mark.parametrize("engine", list(BY_NAME))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases=cases_with_facts(), within=st.sampled_from([None, YEAR]), data=st.data())
def test_typed_cases_equal_tables(
    engine: str, cases: list[tuple[InjuryCase, dict[str, object], str]], within: Period | None, data: st.DataObject
) -> None:
    """Count, cases and reasons of each group are those of its typed cases, for every standard on every engine."""
    same_counts(BY_NAME[engine], cases, within, data.draw(st.sampled_from(list_standards())))


@pytest.mark.slow
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases=cases_with_facts(), within=st.sampled_from([None, YEAR]), data=st.data())
def test_typed_cases_equal_tables_across_partitions(
    cases: list[tuple[InjuryCase, dict[str, object], str]], within: Period | None, data: st.DataObject
) -> None:
    """The same on Dask, where the cases of a group lie in several partitions, and without groups."""
    measure = data.draw(st.sampled_from(list_standards()))
    twice = data.draw(st.integers(0, 2))  # a case given twice may be given in two partitions
    same_counts(dask_machine(), [*cases, *cases[:twice]], within, measure)
    all_of = [(one, facts, "all") for one, facts, _ in cases]
    same_counts(dask_machine(), all_of, within, measure, by=())


def same_counts(
    machine: Machine,
    cases: list[tuple[InjuryCase, dict[str, object], str]],
    within: Period | None,
    measure: Standard,
    by: tuple[str, ...] = ("group",),
) -> None:
    """Check the counts of a table on one engine against those of typed cases."""
    made = measure.count_frame(machine.put(as_table(cases)), by=by, within=within)
    rows = {row.get("group", "all"): row for row in machine.rows(made)}
    facts = {one.id: facts for one, facts, _ in cases}
    for group in {group for _, _, group in cases}:
        typed = measure.count([one for one, _, of in cases if of == group], within=within, facts=facts)
        row = rows[group]
        said = set((row[f"{measure.above}_unknown"] or "").split("; ")) - {""}
        if isinstance(typed.value, Unknown):
            assert row[measure.above] is None
            assert said == set(typed.value.codes)
        else:
            assert said == set()
            assert row[measure.above] == typed.value
            if measure.below in row:
                assert row[measure.below] == typed.cases


def test_counts_of_a_table_become_rates() -> None:
    """Counts joined to exposures give the rates, and a count that is not known says there why."""
    cases = pl.DataFrame(
        {"city": ["N", "N", "S"], "death": [False, False, None], "id": ["a", "a", "b"], "days_lost": [130, 130, 300]}
    )
    measure = standard("gb6441.serious_injury")
    workers = pl.DataFrame({"city": ["N", "S", "E"], "workers": [500, 100, 40]})
    table = workers.join(measure.count_frame(cases, by=["city"]), on="city", how="left").sort("city")
    made = measure.frame(table)
    assert made.select("city", "rate", "rate_unknown").rows() == [
        ("E", None, "missing:serious_injuries"),
        ("N", 2, None),
        ("S", None, "field:serious_injuries"),
    ]
    whole = measure.count_frame(cases.head(2))
    assert whole.rows() == [(1, None, "case_twice:id")]


def test_columns_that_cases_need() -> None:
    """Without the day of recognition nobody knows which cases an agency counts; nor persons without workers."""
    cases = pl.DataFrame({"death": [False]})
    for name, column in (("cn.incidence", "recognised_on"), ("tw.per_mille", "worker")):
        with pytest.raises(InputError, match=f"the cases lack a column.*expected: a column {column}"):
            standard(name).count_frame(cases)
    with pytest.raises(InputError, match="a column city"):
        standard("gb6441.death").count_frame(cases, by=["city"])
    undated = pl.DataFrame({"death": [True, True], "occurred_on": [dt.date(2024, 1, 1), None]})
    made = standard("gb6441.death").count_frame(undated, within=YEAR)
    assert made.rows() == [(None, "undated:occurred_on")]


# Histories and standards of one's own -------------------------------------------------------------------------------


def area() -> list[tuple[Employer, History]]:
    """Two employers over 2024: 100 insured and 150,000 hours, 50 insured and unknown hours."""
    hurt = case("a", recognised_on="2024-04-01", days_lost=110)
    return [
        (
            Employer("E-1"),
            History(cases=[hurt], exposures=[Exposure("E-1", YEAR, insured=100, hours=150_000)]),
        ),
        (Employer("E-2"), History(cases=[], exposures=[Exposure("E-2", YEAR, insured=50)])),
    ]


def test_rates_of_histories() -> None:
    """Cases and exposures of all employers together; what one of them does not say leaves the rate unknown."""
    both = area()
    assert standard("cn.incidence").of_area(both, within=YEAR).exact == Fraction(1 * 100, 150)
    serious = standard("gb6441.serious_injury").of_area(both, within=YEAR, exposure="insured")
    assert serious.exact == Fraction(1000, 150)
    assert standard("gb6441.frequency").of_area(both[:1], within=YEAR).exact == Fraction(10**6, 150_000)
    assert standard("gb6441.mean_severity").of_area(both, within=YEAR).exact == 110
    hours = standard("gb6441.frequency").of_area(both, within=YEAR).value
    assert isinstance(hours, Unknown)
    assert "E-2" in hours.text()
    none = standard("cn.incidence").of_area([(Employer("E-3"), History())], within=YEAR).value
    assert isinstance(none, Unknown)
    assert none.codes == ("not_supplied:cases", "not_supplied:exposure")


@pytest.mark.parametrize(("name", "exposure"), [("gb6441.death", None), ("practice.far", "insured")])
def test_what_histories_do_not_record(name: str, exposure: Any) -> None:
    """Workers are not insured unless somebody says so, and never hours; tonnes are nowhere."""
    with pytest.raises(InputError, match="histories do not record what this measure is over"):
        standard(name).of_area(area(), within=YEAR, exposure=exposure)


OWN = """format = 1
[sources.own]
title = "house rules"
confidence = "official"
checked_on = 2026-01-01
[quantities.cases]
title = "cases"
unit = "cases"
[quantities.insured]
title = "insured"
unit = "insured"
[lost_days]
[standards.own.at_work]
title = "without commuting"
counts = "cases"
above = "cases"
where = "item not in ('14.6', '15.1') and not disease"
below = "insured"
per = 1000
source = "own"
"""


@pytest.mark.parametrize("engine", list(BY_NAME))
def test_a_standard_of_ones_own(engine: str) -> None:
    """A file of one's own, with words of the profiles' conditions, counts typed cases and tables alike."""
    own = read_standards(OWN.encode(), "own.toml")["own.at_work"]
    grounds = ["14.1", "14.6", "14.4", "15.1", None]
    cases = [case(str(n), ground=one, death=one == "15.1") for n, one in enumerate(grounds)]
    assert own.count(cases[:4]).value == 1
    assert counted_by(own, cases) == ("field:cases",)
    machine: Machine = BY_NAME[engine]
    columns: dict[str, tuple[pa.DataType, list[Any]]] = {
        "ground": (pa.string(), grounds),
        "disease": (pa.bool_(), [one.disease for one in cases]),
        "all": (pa.int64(), [1, 1, 1, 1, 2]),
    }
    rows = machine.rows(own.count_frame(machine.put(as_arrow(columns)), by=["all"]))
    made = {row["all"]: (row["cases"], row["cases_unknown"]) for row in rows}
    assert made == {1: (1, None), 2: (None, "field:cases")}


def counted_by(own: Standard, cases: list[InjuryCase]) -> tuple[str, ...]:
    """The reasons why cases cannot be counted."""
    value = own.count(cases).value
    assert isinstance(value, Unknown)
    return value.codes


def test_a_rate_explains_itself() -> None:
    """Figures, base, definition, source and what is odd, in both languages; an unknown rate says why."""
    rate = standard("gb6441.frequency").compute(3, 90_000, interval=0.95, workers=2, where="row 7")
    text = rate.explain()
    for part in ("33.3", "injured: dead, seriously and lightly hurt 3", "90000 × 1,000,000", "GB 6441-86", "95 %"):
        assert part in text
    assert "! row 7: injured=3 is more than workers=2" in text
    zh = standard("cn.monthly_incidence").compute(24, 0).explain("zh")
    assert zh.startswith("未知：平均参保人数（insured）为零")
    assert "24 / 12 / 平均参保人数 0 × 100" in zh


@pytest.mark.parametrize("engine", list(BY_NAME))
def test_two_different_cases_of_one_key_in_a_table(engine: str) -> None:
    """As of typed cases: the same row twice is one case; two rows that differ leave their group open, and no other."""
    machine: Machine = BY_NAME[engine]
    columns: dict[str, tuple[pa.DataType, list[Any]]] = {
        "id": (pa.string(), ["a", "a", "b", "b", None, None, "a"]),
        "city": (pa.string(), ["N", "N", "S", "S", "W", "W", "E"]),
        "death": (pa.bool_(), [True, True, True, False, True, False, True]),
    }
    made = standard("gb6441.death").count_frame(machine.put(as_arrow(columns)), by="city")
    rows = {row["city"]: (row["deaths"], row["deaths_unknown"]) for row in machine.rows(made)}
    assert rows == {"N": (1, None), "S": (None, "two_cases:id"), "W": (1, None), "E": (1, None)}


def test_a_year_is_no_period() -> None:
    """Of typed cases and of tables."""
    year: Any = "2024"
    with pytest.raises(InputError, match=r"count within: not a period; seen: '2024'"):
        standard("gb6441.death").count([], within=year)
    with pytest.raises(InputError, match=r"count_frame within: not a period; seen: '2024'"):
        standard("gb6441.death").count_frame(pl.DataFrame({"death": [True]}), within=year)
