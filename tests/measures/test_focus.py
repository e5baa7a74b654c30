"""Focus: places that do not depend on chance of order or size, everyone listed, every place explained."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from injuryprev.errors import InputError
from injuryprev.measures.focusing.gathering import gather
from injuryprev.measures.focusing.listing import CRITERIA, Criterion, Focus
from injuryprev.measures.focusing.ranking import focus
from injuryprev.measures.focusing.units import FocusUnit
from injuryprev.measures.standards import standard
from injuryprev.measures.statistics import Interval, shrink
from injuryprev.model import Employer, Exposure, History, Industry, InjuryCase
from injuryprev.units import Period
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

YEAR = Period.year(2024)


def keys(found: Focus) -> list[str | None]:
    """The units in their places."""
    return [row.unit.key for row in found.ranked]


UNITS = [
    FocusUnit("tiny", 1, 3, lost_days=40, deaths=0),
    FocusUnit("large", 60, 5000, lost_days=300, deaths=1),
    FocusUnit("middle", 30, 1000, lost_days=900, deaths=2),
    FocusUnit("calm", 1, 2000, lost_days=2, deaths=0),
]


@pytest.mark.parametrize(
    ("criterion", "expected"),
    [
        ("burden", ["large", "middle", "calm", "tiny"]),
        ("severity", ["tiny", "middle", "large", "calm"]),
        ("deaths", ["middle", "large", "calm", "tiny"]),
        ("lost_days", ["middle", "large", "tiny", "calm"]),
        ("rate", ["tiny", "middle", "large", "calm"]),
        ("excess", ["middle", "large", "tiny", "calm"]),
    ],
)
def test_each_criterion_without_shrinkage(criterion: Criterion, expected: list[str]) -> None:
    """Places by the plain figure; equal ones by more cases, then by name (calm and tiny have one case each)."""
    assert keys(focus(UNITS, criterion=criterion, shrinkage=False)) == expected


def test_one_case_among_three_does_not_top_the_list() -> None:
    """The rate of the tiny unit is the highest of all by chance; shrinkage puts the middle one first."""
    found = focus(UNITS)
    assert keys(found)[0] == "middle"
    tiny = next(row for row in found.rows if row.unit.key == "tiny")
    assert isinstance(tiny.shrunk, float)
    assert isinstance(tiny.ratio, Fraction)
    assert 1 < tiny.shrunk < tiny.ratio
    assert found.shrinkage is not None


def test_excess_is_over_the_rate_of_all() -> None:
    """92 cases among 8,003: of 1,000 persons 11.5 are expected, so 30 are 18.5 too many; all excesses sum to zero."""
    found = focus(UNITS, criterion="excess", shrinkage=False)
    assert found.rate == Fraction(92, 8003)
    middle = found.rows[0]
    assert middle.expected == Fraction(92, 8003) * 1000
    assert middle.excess == 30 - Fraction(92000, 8003)
    assert sum((row.excess for row in found.rows if isinstance(row.excess, Fraction)), Fraction(0)) == 0


def test_shrunken_excess_is_what_is_not_chance() -> None:
    """The excess that is ranked is the shrunken ratio less one, times the expected cases."""
    for row in focus(UNITS, criterion="excess").ranked:
        assert isinstance(row.shrunk, float)
        assert isinstance(row.expected, Fraction)
        assert row.value == (row.shrunk - 1) * float(row.expected)


def test_expected_within_a_group() -> None:
    """An employer of a dangerous industry is compared with that industry, not with offices."""
    units = [
        FocusUnit("mine 1", 10, 100, within="mining"),
        FocusUnit("mine 2", 10, 100, within="mining"),
        FocusUnit("office 1", 3, 100, within="offices"),
        FocusUnit("office 2", 1, 100, within="offices"),
    ]
    found = focus(units, criterion="excess", shrinkage=False)
    assert keys(found) == ["office 1", "mine 1", "mine 2", "office 2"]
    assert found.rows[0].expected == 2
    assert any("own group" in note.en for note in found.notes)


def test_a_minimum_exposure() -> None:
    """At the minimum a unit is ranked, below it listed without a place, with the reason; it counts in the whole."""
    found = focus(UNITS, shrinkage=False, minimum_exposure=1000)
    assert keys(found) == ["middle", "large", "calm"]
    tiny = found.rows[-1]
    assert tiny.rank is None
    assert tiny.why == ("too_small:exposure",)
    assert "less than the 1,000" in found.reasons(tiny)[-1].en
    assert found.rate == Fraction(92, 8003)
    assert "tiny" in keys(focus(UNITS, criterion="burden", minimum_exposure=1000))


def test_a_minimum_of_cases_for_severity() -> None:
    """Days by case of a single case say nothing; the minimum keeps it from the top."""
    found = focus(UNITS, criterion="severity", minimum_cases=2)
    assert keys(found) == ["middle", "large"]
    assert keys(focus(UNITS, criterion="severity", minimum_cases=30)) == ["middle", "large"]
    assert len(found.rows) == len(UNITS)


def test_unknown_exposure_keeps_its_row() -> None:
    """Without exposure there is no rate, but cases can be counted; nothing is dropped and nothing is zero."""
    units = [*UNITS, FocusUnit("dark", 500, None), FocusUnit("empty", 2, 0), FocusUnit(None, 4, 100)]
    found = focus(units)
    assert len(found.rows) == len(units)
    why = {row.unit.key: row.why for row in found.rows}
    assert why["dark"] == ("missing:exposure",)
    assert why["empty"] == ("zero_exposure:exposure",)
    assert why[None] == ("missing:unit",)
    assert found.rate == Fraction(96, 8103)
    assert any("502 known cases" in note.en for note in found.notes)
    assert keys(focus(units, criterion="burden"))[0] == "dark"


def test_unknown_cases_have_no_place() -> None:
    """Cases that nobody counted are not zero cases."""
    found = focus([*UNITS, FocusUnit("silent", None, 700)], criterion="burden")
    assert found.rows[-1].unit.key == "silent"
    assert isinstance(found.rows[-1].value, Unknown)


def test_ties_are_settled_and_said() -> None:
    """Equal rates: more cases first, then the name; each says with whom it is tied."""
    units = [FocusUnit("b", 1, 100), FocusUnit("c", 2, 200), FocusUnit("a", 1, 100)]
    found = focus(units, shrinkage=False)
    assert keys(found) == ["c", "a", "b"]
    assert found.rows[0].tied == ("a", "b", "c")
    assert focus([FocusUnit("x", 1, 2)]).rows[0].tied == ()
    many = focus([FocusUnit(f"u{number}", 0, number + 1) for number in range(9)], shrinkage=False)
    assert "tied with u1, u2, u3 and 5 more" in many.text()
    assert "… and 7 more, not shown here" in many.text(top=2)
    assert "tied with a, b" in found.text()
    assert "并列" in found.text("zh")


def test_nothing_at_all() -> None:
    """No units, no cases: an empty list and a list of equals, not an error."""
    assert focus([]).rows == ()
    found = focus([FocusUnit("a", 0, 10), FocusUnit("b", 0, 20)])
    assert keys(found) == ["a", "b"]
    assert isinstance(found.rows[0].share, Unknown)


def test_a_key_stands_once() -> None:
    """Two units of one name would be two places of one."""
    with pytest.raises(InputError, match="stands twice"):
        focus([FocusUnit("a", 1, 2), FocusUnit("a", 1, 2)])
    with pytest.raises(InputError, match="did you mean 'rate'"):
        focus([], criterion="rates")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="not a count"):
        FocusUnit("a", "1.5", 2)


SOME = st.lists(
    st.tuples(st.integers(0, 60), st.one_of(st.none(), st.integers(0, 5000)), st.sampled_from(["x", "y"])),
    min_size=1,
    max_size=12,
)


@settings(max_examples=60)
@given(rows=SOME, criterion=st.sampled_from(CRITERIA), seed=st.integers(0, 99))
def test_places_do_not_depend_on_the_order_of_rows(
    rows: list[tuple[int, int | None, str]], criterion: Criterion, seed: int
) -> None:
    """Shuffled units give the very same list, floats to the last bit, for every criterion."""
    units = [
        FocusUnit(f"u{place}", cases, at, lost_days=cases * place, deaths=0, within=group)
        for place, (cases, at, group) in enumerate(rows)
    ]
    shuffled = Random(seed).sample(units, len(units))
    assert focus(shuffled, criterion=criterion) == focus(units, criterion=criterion)


@settings(max_examples=60)
@given(rows=SOME)
def test_a_shrunken_ratio_lies_between_own_and_group(rows: list[tuple[int, int | None, str]]) -> None:
    """Between the unit's own ratio and that of all, and every unit is listed once, places from 1 on without a gap."""
    units = [FocusUnit(f"u{place}", cases, at) for place, (cases, at, _) in enumerate(rows)]
    found = focus(units)
    assert sorted(row.unit.key or "" for row in found.rows) == sorted(f"u{place}" for place in range(len(units)))
    assert [row.rank for row in found.ranked] == list(range(1, len(found.ranked) + 1))
    for row in found.rows:
        if isinstance(row.shrunk, float) and isinstance(row.ratio, Fraction):
            low, high = sorted((float(row.ratio), 1.0))
            assert low - 1e-9 <= row.shrunk <= high + 1e-9


# From typed objects -----------------------------------------------------------------------------------------------


def employer(
    key: str, insured: int | None, cases: int, *, industry: str = "06", since: str | None = None
) -> tuple[Employer, History]:
    """An employer of made-up workers, its cases of 2024 with and without the things they may say."""
    own = [
        InjuryCase(
            f"{key}-{n}",
            key,
            f"w-{key}-{n}",
            "2024-03-02",
            recognised_on="2024-05-01",
            trade="welder" if n % 2 else None,
            days_lost=10,
            death=n == 3,
        )
        for n in range(cases)
    ]
    exposures = None if insured is None else [Exposure(key, YEAR, insured=insured)]
    one = Employer(key, Industry(industry, "2017"), area="North", insured_since=since)
    return one, History(cases=own, exposures=exposures)


def test_by_industry() -> None:
    """Cases and insured of an industry's employers add up, and the unit names the edition of its code."""
    area = [employer("E-1", 100, 2), employer("E-2", 50, 4), employer("E-3", 200, 1, industry="65")]
    units = {unit.key: unit for unit in gather(area, by="industry", window=YEAR)}
    assert set(units) == {"06 GB/T 4754-2017", "65 GB/T 4754-2017"}
    mining = units["06 GB/T 4754-2017"]
    assert [mining.cases, mining.exposure, mining.lost_days, mining.deaths] == [6, 150, 60, 1]


def test_an_unknown_exposure_makes_its_industry_unknown_or_is_left_out() -> None:
    """Refused by default; left out on request, with its cases, and the unit says so."""
    area = [employer("E-1", 100, 2), employer("E-2", None, 4)]
    [refused] = gather(area, by="industry", window=YEAR)
    assert isinstance(refused.exposure, Unknown)
    assert refused.cases == 6
    [left] = gather(area, by="industry", window=YEAR, unknown_exposure="leave out")
    assert [left.cases, left.exposure] == [2, 100]
    assert "1 employers of unknown exposure or with incomplete records are left out, with their 4 cases" in left.note.en
    assert left.note in focus([left]).reasons(focus([left]).rows[0])


def test_exposure_must_cover_the_days_insured() -> None:
    """Half a year of figures is no mean of the year; for an employer insured since July it is all there is."""
    half = History(cases=[], exposures=[Exposure("E-1", Period("2024-07-01", "2025-01-01"), insured=100)])
    [unit] = gather([(Employer("E-1", area="North"), half)], by="area", window=YEAR)
    assert isinstance(unit.exposure, Unknown)
    assert "184 of 366 days" in unit.exposure.text()
    [new] = gather([(Employer("E-1", area="North", insured_since="2024-07-01"), half)], by="area", window=YEAR)
    assert new.exposure == Fraction(100 * 184, 366)


def test_the_mean_is_by_days_of_the_window() -> None:
    """100 insured for the first 182 days and 200 for the other 184, where the first period began the year before."""
    periods = [
        Exposure("E-1", Period("2023-07-01", "2024-07-01"), insured=100),
        Exposure("E-1", Period("2024-07-01", "2025-01-01"), insured=200),
    ]
    [unit] = gather([(Employer("E-1"), History(cases=[], exposures=periods))], by="employer", window=YEAR)
    assert unit.exposure == Fraction(100 * 182 + 200 * 184, 366)
    short = [periods[0], Exposure("E-1", Period("2024-07-01", "2024-12-31"), insured=200)]
    [open_] = gather([(Employer("E-1"), History(cases=[], exposures=short))], by="employer", window=YEAR)
    assert isinstance(open_.exposure, Unknown)
    assert "365 of 366 days" in open_.exposure.text()


def test_hours_are_summed_and_not_split() -> None:
    """Hours of a period that sticks out of the window cannot be divided."""
    hours = History(cases=[], exposures=[Exposure("E-1", YEAR, hours=50_000)])
    own = Employer("E-1")
    [unit] = gather([(own, hours)], by="employer", window=YEAR, exposure="hours")
    assert unit.exposure == 50_000
    [cut] = gather([(own, hours)], by="employer", window=Period("2024-07-01", "2025-01-01"), exposure="hours")
    assert isinstance(cut.exposure, Unknown)


def test_by_trade() -> None:
    """How many weld is in no table: a rate is unknown until it is given; what no case says is one unit of its own."""
    area = [employer("E-1", 100, 4), employer("E-2", 100, 3)]
    units = {unit.key: unit for unit in gather(area, by="trade", window=YEAR)}
    assert set(units) == {"welder", None}
    assert units["welder"].cases == 3
    assert isinstance(units["welder"].exposure, Unknown)
    known = {unit.key: unit for unit in gather(area, by="trade", window=YEAR, at_risk={"welder": 40})}
    assert known["welder"].exposure == 40


def test_by_groups_of_people() -> None:
    """Any group that a case can be put in: here the young, whose number is known, and those nobody has placed."""
    ages = {"w-E-1-0": "under 25", "w-E-1-1": "under 25", "w-E-1-2": "25 and over"}
    units = gather(
        [employer("E-1", 100, 4)], by=lambda case: ages.get(case.worker), window=YEAR, at_risk={"under 25": 20}
    )
    found = {unit.key: unit for unit in units}
    assert [found[key].cases for key in ("under 25", "25 and over", None)] == [2, 1, 1]
    assert found["under 25"].exposure == 20
    assert isinstance(found["25 and over"].exposure, Unknown)


def test_no_table_of_cases_is_unknown() -> None:
    """An employer whose cases were not supplied makes those of its unit unknown, by trade those of every trade."""
    silent = (Employer("E-9", Industry("06", "2017")), History(exposures=[Exposure("E-9", YEAR, insured=10)]))
    [unit] = gather([employer("E-1", 100, 2), silent], by="industry", window=YEAR)
    assert isinstance(unit.cases, Unknown)
    assert "E-9" in unit.cases.text()
    assert all(
        isinstance(unit.cases, Unknown) for unit in gather([employer("E-1", 9, 2), silent], by="trade", window=YEAR)
    )


def test_a_window_and_names_are_checked() -> None:
    """What cannot be gathered is refused with the names that can."""
    with pytest.raises(InputError, match="did you mean 'industry'"):
        gather([], by="industri", window=YEAR)
    with pytest.raises(InputError, match="without end"):
        gather([], by="industry", window=Period("2024-01-01"))
    mixed = [employer("E-1", 1, 1), employer("E-2", 1, 1, industry="65")]
    with pytest.raises(InputError, match="two groups"):
        gather(mixed, by="area", within="industry", window=YEAR)
    with pytest.raises(InputError, match="nothing to gather by"):
        gather([], by="area", within="colour", window=YEAR)


def test_an_employer_stands_once() -> None:
    """Given twice, its workers and cases would count twice: refused, by name, for units and for rates."""
    twice = [employer("E-1", 1, 10), employer("E-1", 1, 10)]
    with pytest.raises(InputError, match="gather: an employer stands twice; seen: 'E-1'"):
        gather(twice, by="industry", window=YEAR)
    with pytest.raises(InputError, match=r"cn\.incidence\.of_area: an employer stands twice"):
        standard("cn.incidence").of_area(twice, within=YEAR)


def test_more_cases_than_persons_is_said() -> None:
    """At as many cases as persons nothing is said; at one more the unit says so, in its place all the same."""
    found = focus([FocusUnit("even", 10, 10), FocusUnit("odd", 11, 10)], shrinkage=False)
    said = {row.unit.key: [words.en for words in found.reasons(row)] for row in found.ranked}
    assert "more cases than exposure: look at both figures" in said["odd"]
    assert not any("more cases than exposure" in words for words in said["even"])


def test_cases_outside_the_window_do_not_count() -> None:
    """By the day of recognition as asked; by the day of the accident where that is asked for."""
    case = InjuryCase("C", "E-1", "w", "2023-12-30", recognised_on="2024-02-01")
    waiting = InjuryCase("D", "E-1", "w", "2024-12-30")
    area = [(Employer("E-1"), History(cases=[case, waiting], exposures=[Exposure("E-1", YEAR, insured=10)]))]
    [recognised] = gather(area, by="employer", window=YEAR)
    [occurred] = gather(area, by="employer", window=YEAR, dated="occurred_on")
    assert recognised.cases == 1
    assert occurred.cases == 1
    assert gather(area, by="employer", window=Period.year(2023), dated="occurred_on")[0].cases == 1


def test_intervals_that_allow_for_an_estimated_spread() -> None:
    """With few units the intervals of Kass & Steffey are wider, from the very function that the statistics test."""
    units = [FocusUnit(f"u{n}", cases, 5 + n) for n, cases in enumerate((1, 9, 3, 14, 2, 6))]
    rate = Fraction(35, 45)
    found = focus(units, intervals="kass-steffey")
    shrunken = shrink(
        [1, 9, 3, 14, 2, 6], [rate * (5 + n) for n in range(6)], method="likelihood", intervals="kass-steffey"
    )
    rows = {row.unit.key: row for row in found.rows}
    plain = {row.unit.key: row for row in focus(units).rows}
    for place, interval in enumerate(shrunken.intervals):
        assert isinstance(interval, Interval)
        row = rows[f"u{place}"]
        assert (row.low, row.high) == (interval.low, interval.high)
        assert row.low is not None
        assert row.high is not None
        other = plain[f"u{place}"]
        assert row.low < (other.low or 0)
        assert row.high > (other.high or 99)


def test_figures_at_odds_are_said_beside_the_unit() -> None:
    """More deaths than cases, days without a case: the unit keeps its place and says what cannot be right."""
    units = [
        FocusUnit("a", 1, 10, deaths=5, lost_days=3),
        FocusUnit("b", 0, 10, lost_days=4, deaths=0),
        FocusUnit("c", 2, 10, deaths=2, lost_days=0),
    ]
    found = focus(units, shrinkage=False)
    said = {row.unit.key: " ".join(words.en + words.zh for words in found.reasons(row)) for row in found.rows}
    assert "more deaths than cases" in said["a"]
    assert "请核对" in said["a"]
    assert "days lost without any case" in said["b"]
    assert "look at both" not in said["c"]


def test_numbers_name_units_too() -> None:
    """A unit of a notebook may be numbered; seven and "7" are one name."""
    found = focus([FocusUnit(7, 1, 10), FocusUnit("b", 2, 10)], shrinkage=False)
    assert [row.unit.key for row in found.ranked] == ["b", "7"]
    with pytest.raises(InputError, match="stands twice"):
        focus([FocusUnit(7, 1, 10), FocusUnit("7", 2, 10)])


@pytest.mark.parametrize("per", [0, -1, "x", 0.5])
def test_a_base_is_a_whole_number(per: int) -> None:
    """Per nothing there is no rate."""
    with pytest.raises(InputError, match="focus per"):
        focus([FocusUnit("a", 1, 10)], per=per)


def test_a_window_is_a_period() -> None:
    """The number of a year is not the year."""
    with pytest.raises(InputError, match=r"gather window: not a period; seen: '2024'; expected: .*Period.year"):
        gather([], by="area", window="2024")  # type: ignore[arg-type]  # what is tested


def test_a_spread_that_tiny_units_hide_is_found_by_likelihood() -> None:
    """Of thousands of tiny units the moments show no spread, though one has seven times what is expected of it."""
    draw = Random(7)
    counts = [*(int(draw.random() < 0.004) for _ in range(4000)), 70, 9]
    sizes = [*[Fraction(1, 20)] * 4000, Fraction(100), Fraction(95)]
    rate = Fraction(sum(counts)) / sum(sizes)
    assert shrink(counts, [size * rate for size in sizes]).prior is None
    names = [*(f"u{n:04}" for n in range(4000)), "large", "plain"]
    units = [FocusUnit(name, count, size) for name, count, size in zip(names, counts, sizes, strict=True)]
    found = focus(units)
    assert found.shrinkage is not None
    assert found.shrinkage.en.endswith("(by likelihood)")
    assert found.shrinkage.zh.endswith("（最大似然估计）")
    assert found.ranked[0].unit.key == "large"
    first, last = found.ranked[0].shrunk, found.ranked[-1].shrunk
    assert isinstance(first, float)
    assert isinstance(last, float)
    assert first > last


def test_of_very_many_reasons_three_are_said() -> None:
    """A unit of a hundred employers without exposure does not fill the screen; the value itself has all."""
    many = Unknown(tuple(Reason("incomplete", "exposure", Words(f"employer {n}", f"单位{n}")) for n in range(100)))
    found = focus([FocusUnit("a", 1, many)])
    text = found.text()
    assert "employer 2" in text
    assert "employer 3" not in text
    assert "and for 97 more such reasons" in text
    assert "另有97项类似原因" in found.text("zh")
    assert len(found.rows[0].why) == 100


def test_people_at_risk_of_whom_nobody_was_hurt_are_units_too() -> None:
    """Left out, they would raise the rate at which cases of the others are expected."""
    hurt = History(cases=[InjuryCase("C-1", "E-1", "w", "2024-03-02", recognised_on="2024-04-01", trade="welder")])
    units = gather([(Employer("E-1"), hurt)], by="trade", window=YEAR, at_risk={"welder": 10, "clerk": 30})
    found = {row.unit.key: row for row in focus(units, shrinkage=False).rows}
    assert found["clerk"].unit.cases == 0
    assert found["clerk"].rank == 2
    assert found["welder"].expected == Fraction(1, 4)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"by": "area", "dated": "occured_on"}, "did you mean 'occurred_on'"),
        ({"by": "area", "exposure": "hour"}, "did you mean 'hours'"),
        ({"by": "area", "unknown_exposure": "drop"}, "one of: leave out, refuse"),
        ({"by": "trade", "within": "industry"}, "lies in no group of employers"),
        ({"by": "area", "within": "trade"}, "lies in no group of employers"),
        ({"by": "area", "at_risk": {"N": 3}}, "no at_risk"),
    ],
)
def test_options_of_gathering_that_do_not_go_together(options: dict[str, Any], said: str) -> None:
    """Nothing that was asked for is left aside in silence."""
    with pytest.raises(InputError, match=said):
        gather([], window=YEAR, **options)
