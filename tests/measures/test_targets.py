"""Targets: what the documents say is shipped, and a series is held against it to the letter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import attrs
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from injuryprev.errors import InputError, ProfileError, UnknownNameError
from injuryprev.measures.assessing import assess, series_of
from injuryprev.measures.assessment import Assessment
from injuryprev.measures.series import Observation
from injuryprev.measures.standards import standard
from injuryprev.measures.targets import Aim, Baseline, Target, TargetFile, list_targets, target
from injuryprev.model import InjuryCase
from injuryprev.policy.loading import parse_as
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

YEAR_END = dt.date(2016, 12, 31)


def goal(aim: Aim, *, unit: str = "fraction", baseline: Baseline | None = None, due: dt.date = YEAR_END) -> Target:
    """A target of our own."""
    return Target(
        name="ours",
        title=Words("ours", "自定目标"),
        metric="incidence",
        unit=unit,  # type: ignore[arg-type]  # one of the units, as each test says
        aim=aim,
        baseline=baseline,
        due=due,
    )


def known(found: Assessment) -> bool:
    """Whether the limit is reached, where that is known."""
    assert isinstance(found.reached, bool)
    return found.reached


# The shipped data -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "aim", "value", "year"),
    [
        ("zhejiang-2016-incidence", "below", "0.01", 2016),
        ("dalian-2016-injuries", "fall", "0.067", 2016),
        ("cn-2025-priority-industries", "fall", "0.2", 2025),
        ("cn-2030-priority-industries", "fall", "0.1", 2030),
        ("cn-2030-platforms", "fall", "0.1", 2030),
        ("cn-2024-chemical-training", "at_least", "1", 2024),
        ("shandong-2024-chemical-hours", "at_least", "24", 2024),
        ("shandong-2024-chemical-in-person", "at_least", "0.6", 2024),
        ("province-2025-accidents", "fall", "0.2", 2025),
        ("province-2025-casualties", "fall", "0.2", 2025),
        ("province-2025-training", "at_least", "1", 2025),
        ("jinhua-2023-incidence", "at_most", "0.006", 2023),
        ("ningbo-2019-incidence", "at_most", "0.0073", 2019),
        ("quanzhou-2023-injuries", "fall", "0.1", None),
        ("quanzhou-2023-satisfaction", "above", "0.85", None),
        ("quanzhou-2023-pass-rate", "at_least", "0.9", None),
    ],
)
def test_shipped_figures(name: str, aim: str, value: str, year: int | None) -> None:
    """The figures of the documents (Zhejiang 2014, the plans of 2020 and 2026, Jinhua, Ningbo, Quanzhou) as printed."""
    found = target(name)
    assert getattr(found.aim, aim) == Fraction(value)
    assert found.year == year


def test_every_shipped_target_is_cited_and_speaks_both_languages() -> None:
    """A target names its document and how sure the reading is; nothing read as an excerpt passes for official."""
    for one in list_targets():
        assert one.cited, one.name
        assert one.confidence_shown != "official", one.name
        assert one.title.en, one.name
        assert one.title.zh, one.name
        assert one.definition in {"", "cn.incidence"}, one.name


def test_about_is_kept() -> None:
    """Where the plans say 左右 the target says so; where they print a bound it does not."""
    assert target("cn-2025-priority-industries").aim.about
    assert target("cn-2030-priority-industries").aim.about
    assert not target("cn-2030-platforms").aim.about


def test_what_was_not_read_is_unknown() -> None:
    """The base year of the 20 % and the year of Quanzhou's goals are not printed, so they are not made up."""
    found = assess(target("cn-2025-priority-industries"), {2020: "0.01", 2025: "0.007"}, on="2026-02-01")
    assert isinstance(found.status, Unknown)
    assert "base year" in found.status.text()
    assert "人社部发〔2020〕90号" in found.status.text()
    quanzhou = assess(target("quanzhou-2023-pass-rate"), {2023: "0.9"}, on="2024-02-01")
    assert isinstance(quanzhou.status, Unknown)
    assert known(quanzhou)


def test_a_name_that_is_none_is_told_the_nearest() -> None:
    """A slip of the pen is answered with the name that was meant."""
    with pytest.raises(UnknownNameError, match="zhejiang-2016-incidence"):
        target("zhejiang-2016-incidance")


def test_ningbo_reproduces() -> None:
    """Published: 31,798 (2015) to 27,530 (2019), -4,268, -13.42 % (recomputed 13.422 %); worked examples, part C."""
    series = {2015: Observation(count=31798), 2019: Observation(count=27530)}
    found = assess(target("ningbo-2019-injuries"), series, on="2020-01-01")
    assert isinstance(found.change, Fraction)
    assert round(float(found.change) * 100, 3) == -13.422
    assert found.value == 31798 - 4268
    assert found.status == "met"


def test_data_that_cites_nothing_known_is_refused() -> None:
    """A slip in the key of a document is found when the file is read."""
    text = """
format = 1
[sources]
[targets.ours]
title = "ours"
metric = "incidence"
unit = "fraction"
aim = { below = "1%" }
due = 2016-12-31
source = "nowhere"
"""
    file = parse_as(TargetFile, text.encode(), "ours.toml")
    with pytest.raises(ProfileError, match=r"ours\.toml @ \$\.targets\.ours\.source: no such source"):
        file.read("ours.toml")


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("aim = { below = '1%', fall = '10%' }", "an aim is one thing"),
        ("aim = { lower = '1%' }", "there is no 'lower' here"),
        ("aim = { fall = '10%' }", "measured from a baseline"),
        ("aim = { fall = '110%' }\nbaseline = { years = [2015] }", "not a fall"),
        ("aim = { fall = '10%' }\nbaseline = { years = [2015], mean_before = 3 }", "said in one way"),
        ("aim = { below = 0.01 }\ndue_unknown = 'why'", "due on a day"),
        ("aim = { below = 0.01 }\nkind = 'wish'", "not one of the words"),
    ],
)
def test_broken_targets_are_refused_with_their_place(line: str, complaint: str) -> None:
    """Each mistake is told with the file and the place, and no target is made of it."""
    text = f"""
format = 1
[targets.ours]
title = "ours"
metric = "incidence"
unit = "fraction"
due = 2016-12-31
{line}
[sources]
"""
    with pytest.raises(ProfileError, match=complaint) as error:
        parse_as(TargetFile, text.encode(), "ours.toml")
    assert "ours.toml @ $.targets.ours" in str(error.value)


# Met or not -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("aim", "value", "expected"),
    [
        (Aim(below="0.01"), "0.0099999", True),
        (Aim(below="0.01"), "0.01", False),
        (Aim(below="0.01"), "0.0100001", False),
        (Aim(at_most="0.006"), "0.006", True),
        (Aim(at_most="0.006"), "0.0060001", False),
        (Aim(at_least="0.9"), "0.9", True),
        (Aim(at_least="0.9"), "0.89999", False),
        (Aim(above="0.85"), "0.85", False),
        (Aim(above="0.85"), "0.850001", True),
    ],
)
def test_thresholds_are_decided_as_written(aim: Aim, value: str, expected: bool) -> None:
    """Below, at and above each kind of limit; "below" and "above" are not met by equality."""
    found = assess(goal(aim), {2016: value}, on="2017-01-01")
    assert known(found) is expected
    assert found.status == ("met" if expected else "not_met")


@pytest.mark.parametrize(("count", "expected"), [(98, True), (99, True), (100, False)])
def test_a_fall_against_the_mean_of_the_years_before(count: int, expected: bool) -> None:
    """Down at least 10 % on the mean of three years (110): 99 does exactly, 100 does not."""
    ours = goal(Aim(fall="0.1"), unit="cases", baseline=Baseline(mean_before=3))
    series = {2013: 100, 2014: 110, 2015: 120, 2016: count}
    found = assess(ours, series, on="2017-01-01")
    assert found.baseline == 110
    assert found.limit == 99
    assert known(found) is expected
    assert found.margin == 99 - count


@pytest.mark.parametrize(
    ("on", "status"), [("2016-12-31", "not_yet_due"), ("2017-01-01", "met"), ("2015-06-01", "not_yet_due")]
)
def test_before_its_due_date_a_target_is_not_yet_due(on: str, status: str) -> None:
    """On the last day of the time it is not failed, and not met either, however good the figures look."""
    assert assess(goal(Aim(below="0.01")), {2015: "0.02", 2016: "0.005"}, on=on).status == status


def test_a_year_that_is_not_over_is_left_aside() -> None:
    """Half a year's cases are no year's cases; the result says which year was left."""
    found = assess(goal(Aim(below="0.01")), {2015: "0.02", 2016: "0.004"}, on="2016-07-01")
    assert found.year == 2015
    assert not known(found)
    assert any("2016" in note.en for note in found.notes)


@pytest.mark.parametrize("figure", [None, Unknown((Reason("missing", "insured", Words("nobody counted")),))])
def test_a_missing_figure_is_unknown_and_not_failed(figure: Unknown | None) -> None:
    """The deciding year without a figure: unknown with the reason, whatever the other years show."""
    found = assess(goal(Aim(below="0.01")), {2015: "0.001", 2016: figure}, on="2017-02-01")
    assert isinstance(found.status, Unknown)
    assert isinstance(found.margin, Unknown)
    assert found.pace is None


def test_an_absent_year_is_unknown() -> None:
    """A series that stops early does not decide."""
    found = assess(goal(Aim(below="0.01")), {2015: "0.001"}, on="2017-02-01")
    assert isinstance(found.status, Unknown)
    assert "2016" in found.status.text()
    assert "2016" in found.status.text("zh")


def test_zero_exposure_is_unknown() -> None:
    """A count over nothing is no rate."""
    found = assess(goal(Aim(below="0.01")), {2016: Observation(count=0, exposure=0)}, on="2017-02-01")
    assert isinstance(found.value, Unknown)
    assert found.value.codes == ("zero_exposure:series",)


def test_a_baseline_of_the_caller_is_said() -> None:
    """Where the document leaves the base open the caller may choose it, and the result says so; else it is refused."""
    found = assess(
        target("cn-2025-priority-industries"),
        {2020: "0.010", 2025: "0.008"},
        on="2026-01-01",
        baseline=Baseline(years=(2020,)),
    )
    assert found.status == "met"
    assert any("chosen by the caller" in note.en for note in found.notes)
    assert "左右" in found.text("zh")
    with pytest.raises(InputError, match="says itself"):
        assess(target("quanzhou-2023-injuries"), {2023: 5}, on="2024-01-01", baseline=Baseline(years=(2020,)))


def test_a_document_and_a_series_that_disagree() -> None:
    """The document's baseline is used, and the difference is said."""
    found = assess(target("ningbo-2019-injuries"), {2015: 31700, 2019: 27530}, on="2020-01-01")
    assert found.baseline == 31798
    assert any("31,700" in note.en for note in found.notes)


def test_definitions_are_not_mixed() -> None:
    """Zhejiang's incidence is not held against hours worked; another base of the same measure is the same thing."""
    osha = standard("osha.trir").compute(cases=5, hours=1_000_000)
    with pytest.raises(InputError, match="another definition"):
        assess(target("zhejiang-2016-incidence"), {2016: osha}, on="2017-01-01")
    mille = standard("cn.incidence_per_mille").compute(injuries=96, insured=10_000)
    found = assess(target("zhejiang-2016-incidence"), {2016: mille}, on="2017-01-01")
    assert found.value == Fraction(96, 10_000)
    assert found.status == "met"


def test_a_series_from_cases() -> None:
    """Quanzhou counts production injuries, items 1 to 4 of article 14: a commuter is none, an open ground unknown."""

    def case(key: str, year: int, ground: str | None) -> InjuryCase:
        return InjuryCase(key, "E-1", f"w-{key}", f"{year}-01-02", recognised_on=f"{year}-02-01", ground=ground)

    goal_of_city = target("quanzhou-2023-injuries")
    cases = [case(f"{year}-{n}", year, "14.1") for year in (2020, 2021, 2022) for n in range(10)]
    cases += [case(f"2023-{n}", 2023, "14.2") for n in range(9)] + [case("commuter", 2023, "14.6")]
    series = series_of(goal_of_city, cases, range(2020, 2024))
    found = assess(goal_of_city, series, on="2024-01-05")
    assert [found.value, found.baseline] == [9, 10]
    assert known(found)
    unclear = series_of(goal_of_city, [*cases, case("open", 2023, None)], [2023])
    assert isinstance(unclear[2023], Unknown)
    people = attrs.evolve(goal_of_city, unit="persons", numerator=None)
    twice = [case("1", 2023, "14.1"), attrs.evolve(case("2", 2023, "14.6"), worker="w-1")]
    assert series_of(people, twice, [2022, 2023]) == {2022: Observation(count=0), 2023: Observation(count=1)}
    with pytest.raises(InputError, match="not counted from cases"):
        series_of(target("quanzhou-2023-satisfaction"), [], [2023])


def test_what_keeps_a_relative_aim_open() -> None:
    """A baseline year without a figure, no year judged, a baseline of zero: each is unknown for its own reason."""
    ours = goal(Aim(fall="0.1"), baseline=Baseline(years=(2014,)))
    lost = assess(ours, {2014: None, 2016: "0.1"}, on="2017-01-01")
    assert isinstance(lost.baseline, Unknown)
    assert lost.status == lost.baseline
    assert lost.change == lost.baseline
    blind = assess(ours, {2014: "0.2", 2016: None}, on="2017-01-01")
    assert (blind.baseline, blind.change) == (Fraction(1, 5), blind.value)
    before = assess(goal(Aim(fall="0.1"), baseline=Baseline(mean_before=2)), {}, on="2015-01-01")
    assert isinstance(before.baseline, Unknown)
    assert before.status == "not_yet_due"
    zero = assess(ours, {2014: 0, 2016: 0}, on="2017-01-01")
    assert zero.status == "met"
    assert isinstance(zero.change, Unknown)
    assert "baseline is zero" in zero.text()


def test_an_aim_without_a_figure() -> None:
    """Zhejiang's low rates have no figure, so nothing is met or failed; the year's figure is said all the same."""
    found = assess(target("zhejiang-2016-low-rates"), {2016: "0.009"}, on="2017-01-01")
    assert isinstance(found.status, Unknown)
    assert "no figure for low rates" in found.text()
    assert "2016: 0.9 %" in found.text()
    counted = assess(target("zhejiang-2016-low-rates"), {2016: Observation(count=9, exposure=1000)}, on="2017-01-01")
    assert isinstance(counted.chance, Unknown)


def test_chance_is_not_judged_of_numbers() -> None:
    """A number of bases per city is no rate, whatever exposure stands beside it."""
    found = assess(target("province-2025-bases"), {2025: "1"}, on="2026-01-01")
    assert found.status == "met"
    ours = goal(Aim(at_most=5), unit="cases")
    chance = assess(ours, {2016: Observation(count=4, exposure=900)}, on="2017-01-01").chance
    assert isinstance(chance, Unknown)
    assert chance.codes == ("not_a_rate:chance",)


def test_a_rate_that_is_unknown() -> None:
    """A rate of the standards that has no exposure is an unknown year, with the reason it came with."""
    found = assess(
        target("zhejiang-2016-incidence"),
        {2016: standard("cn.incidence").compute(injuries=3, insured=None)},
        on="2017-01-01",
    )
    assert isinstance(found.status, Unknown)
    assert "insured" in found.status.text()
    count = assess(goal(Aim(below="0.01")), {2016: Observation(count=3)}, on="2017-01-01")
    assert isinstance(count.value, Unknown)
    assert "no exposure" in count.value.text()


def test_unchanged_is_said() -> None:
    """No change is neither up nor down; the mean of several years is named."""
    ours = goal(Aim(fall="0.1"), baseline=Baseline(years=(2014, 2015)))
    found = assess(ours, {2014: "0.01", 2015: "0.03", 2016: "0.02"}, on="2017-01-01")
    assert "baseline 2 % (mean of 2014, 2015), unchanged" in found.text()
    assert "2014、2015年均值" in found.text("zh")


# Chance and pace --------------------------------------------------------------------------------------------------


def test_chance_needs_counts_and_exposure() -> None:
    """From a rate alone nobody can know what chance did, and the result says that."""
    found = assess(goal(Aim(below="0.01")), {2016: "0.005"}, on="2017-01-01")
    assert isinstance(found.chance, Unknown)
    assert "cannot be known" in found.text()
    assert "无法判断" in found.text("zh")


@pytest.mark.parametrize(("count", "secured"), [(80, True), (95, False)])
def test_a_rate_against_its_limit(count: int, secured: bool) -> None:
    """80 of 10,000 is below 1 % by more than chance (exact interval up to 0.996 %); 95 may be by chance."""
    found = assess(goal(Aim(below="0.01")), {2016: Observation(count=count, exposure=10_000)}, on="2017-01-01")
    assert known(found)
    assert not isinstance(found.chance, Unknown)
    assert (found.chance.beyond, found.chance.secured) == (secured, secured)
    assert ("may be chance" in found.text()) is not secured


def test_a_change_against_the_baseline() -> None:
    """1,000 to 700 of 100,000 is more than chance and surely down a fifth; 10 to 7 of 1,000 is neither."""
    ours = goal(Aim(fall="0.2"), baseline=Baseline(years=(2015,)))
    many = {2015: Observation(count=1000, exposure=100_000), 2016: Observation(count=700, exposure=100_000)}
    few = {2015: Observation(count=10, exposure=1000), 2016: Observation(count=7, exposure=1000)}
    surely, maybe = (assess(ours, series, on="2017-01-01") for series in (many, few))
    assert known(surely)
    assert known(maybe)
    assert not isinstance(surely.chance, Unknown)
    assert not isinstance(maybe.chance, Unknown)
    assert (surely.chance.beyond, surely.chance.secured) == (True, True)
    assert (maybe.chance.beyond, maybe.chance.secured) == (False, False)


def test_pace() -> None:
    """From 1.2 % to below 1 % in two years: 0.1 points in each, 8.71 % a year."""
    ours = goal(Aim(below="0.01"), due=dt.date(2018, 12, 31))
    found = assess(ours, {2016: "0.012"}, on="2017-03-01")
    assert found.pace is not None
    assert (found.pace.years, found.pace.each) == (2, Fraction(-1, 1000))
    assert found.pace.yearly == pytest.approx((1 / 1.2) ** 0.5 - 1)
    assert "8.713 % a year" in found.text()
    assert assess(ours, {2016: "0.009"}, on="2017-03-01").pace is None
    assert assess(ours, {2018: "0.012"}, on="2019-03-01").pace is None


def test_a_due_date_within_a_year_is_decided_by_the_year_before() -> None:
    """Due on 30 June 2017: the last year that is over by then is 2016."""
    assert goal(Aim(below="0.01"), due=dt.date(2017, 6, 30)).year == 2016


def test_the_last_year_before_a_due_date_within_a_year() -> None:
    """In March, three months before it is due, the year that will decide is over and is judged already."""
    ours = goal(Aim(below="0.01"), due=dt.date(2017, 6, 30))
    found = assess(ours, {2015: "0.02", 2016: "0.005"}, on="2017-03-01")
    assert (found.status, found.year) == ("not_yet_due", 2016)


def test_a_direction_with_counts() -> None:
    """Whether a change is more than chance can be said of a direction too; whether it is secured has no figure."""
    ours = goal(Aim(direction="lower"), baseline=Baseline(years=(2015,)))
    series = {2015: Observation(count=1000, exposure=100_000), 2016: Observation(count=700, exposure=100_000)}
    found = assess(ours, series, on="2017-01-01")
    assert not isinstance(found.chance, Unknown)
    assert (found.chance.beyond, found.chance.secured) == (True, None)


def test_a_direction_alone() -> None:
    """Clearly lower, without a figure: no change is not lower, any fall is, and it is said that none is printed."""
    ours = goal(Aim(direction="lower"), baseline=Baseline(years=(2015,)))
    assert not known(assess(ours, {2015: "0.01", 2016: "0.01"}, on="2017-01-01"))
    found = assess(ours, {2015: "0.01", 2016: "0.0099"}, on="2017-01-01")
    assert known(found)
    assert "gives no figure" in found.text()


@settings(max_examples=60)
@given(
    value=st.fractions(min_value=0, max_value=1, max_denominator=500),
    limit=st.fractions(min_value=0, max_value=1, max_denominator=500),
    kind=st.sampled_from(["at_most", "below", "at_least", "above"]),
)
def test_the_margin_agrees_with_the_verdict(value: Fraction, limit: Fraction, kind: str) -> None:
    """A positive margin is met, a negative one is not, and only at zero do the words of the limit decide."""
    aims = {"at_most": Aim(at_most=limit), "below": Aim(below=limit), "at_least": Aim(at_least=limit)}
    found = assess(goal(aims.get(kind, Aim(above=limit))), {2016: value}, on="2017-01-01")
    assert isinstance(found.margin, Fraction)
    if found.margin:
        assert known(found) is (found.margin > 0)
    else:
        assert known(found) is (kind in {"at_most", "at_least"})


@settings(max_examples=60)
@given(
    value=st.fractions(min_value=Fraction(1, 100), max_value=1, max_denominator=100),
    fall=st.fractions(min_value=Fraction(1, 100), max_value=1, max_denominator=100),
    years=st.integers(1, 9),
)
def test_the_pace_leads_to_the_limit(value: Fraction, fall: Fraction, years: int) -> None:
    """So many steps of the pace from the figure judged come out at the limit exactly."""
    due = dt.date(2016 + years, 12, 31)
    ours = goal(Aim(fall=fall), baseline=Baseline(years=(2016,)), due=due)
    found = assess(ours, {2016: value}, on="2017-01-01")
    assert found.pace is not None
    assert value + found.pace.each * found.pace.years == found.limit


def test_texts_are_in_both_languages() -> None:
    """Every line is said in both languages, with the source."""
    found = assess(target("zhejiang-2016-incidence"), {2015: "0.0104", 2016: "0.0096"}, on="2017-03-01")
    assert found.text().splitlines()[:2] == [
        "Zhejiang: average incidence below 1 % by 2016 - on 2017-03-01: met",
        "2016: 0.96 %; asked for: below 1 %, a limit of 1 %; 0.04 percentage points better than the limit",
    ]
    assert found.text("zh").splitlines()[:2] == [
        "浙江省：到2016年全省平均工伤发生率控制在1%以下——截至2017-03-01：已实现",
        "2016年：0.96%；要求低于1%，限值1%，优于限值0.04个百分点",
    ]


@pytest.mark.parametrize(
    ("series", "complaint"),
    [
        ({"2016": 1}, "not a year"),
        ({2016: "many"}, "not a finite number"),
        ({True: 1}, "not a year"),
    ],
)
def test_a_series_that_is_none(series: dict[int, object], complaint: str) -> None:
    """A mistake in the series is refused with its words, not counted as something."""
    with pytest.raises(InputError, match=complaint):
        assess(goal(Aim(below="0.01")), series, on="2017-01-01")  # type: ignore[arg-type]


@pytest.mark.parametrize("shape", [dict, pd.Series])
def test_a_series_from_a_notebook(shape: Callable[..., Any]) -> None:
    """NumPy's years and figures, a pandas Series, NaN where nothing was written: read for what they are."""
    series = shape({np.int64(2014): np.float64("nan"), np.int64(2015): np.float64(0.012), np.int64(2016): 0.009})
    plain = {2014: None, 2015: "0.012", 2016: "0.009"}
    aim = target("zhejiang-2016-incidence")
    assert assess(aim, series, on="2017-03-01") == assess(aim, plain, on="2017-03-01")
    missing = assess(aim, {2016: float("nan")}, on="2017-03-01").status
    assert isinstance(missing, Unknown)
    assert missing.codes == ("missing:series",)


def test_an_observation_is_one_thing() -> None:
    """A rate beside its count could disagree with it; a broken count is none."""
    with pytest.raises(InputError, match="may disagree"):
        Observation("0.01", count=5, exposure=500)
    with pytest.raises(InputError, match="not a count"):
        Observation(count="1.5")


def test_a_negative_figure_is_none() -> None:
    """-0.9 % is not better than 1 %: refused, as a negative count is."""
    with pytest.raises(InputError, match=r"Observation.value: a negative figure"):
        assess(target("zhejiang-2016-incidence"), {2016: "-0.009"}, on="2017-03-01")


@pytest.mark.parametrize(
    ("figure", "said"),
    [("0.99", False), (1, False), ("1.05", True), (Observation(count=20_000, exposure=1950), True)],
)
def test_per_cent_taken_for_a_fraction_is_said(figure: Any, said: bool) -> None:
    """1.05 for 1.05 % makes 105 % of the insured: the result says to look at the units, from above one on."""
    found = assess(target("zhejiang-2016-incidence"), {2016: figure}, on="2017-03-01")
    assert ("more than all there are" in found.text()) is said
    assert ("超过总体" in found.text("zh")) is said


def test_a_target_of_ones_own_is_read_kindly_and_checked() -> None:
    """Text does for a day and a title; a unit that is none is refused with the nearest."""
    ours: dict[str, Any] = {
        "name": "ours",
        "title": "fewer",
        "metric": "injuries",
        "aim": Aim(fall="0.1"),
        "baseline": Baseline(years=(2020,)),
    }
    goal = Target(**ours, unit="cases", due="2027-12-31")
    assert "ours" not in assess(goal, {2020: 10, 2027: 9}, on="2028-01-01").text()
    assert (goal.title.en, goal.due) == ("fewer", dt.date(2027, 12, 31))
    assert assess(goal, {2020: 10, 2027: 9}, on="2028-01-01").status == "met"
    with pytest.raises(InputError, match=r"Target.unit: no such word; seen: 'case'; expected: did you mean 'cases'"):
        Target(**ours | {"unit": "case"}, due="2027-12-31")
    with pytest.raises(InputError, match=r"Target.due: not a day"):
        Target(**ours, unit="cases", due="end of 2027")


def test_a_series_is_by_years() -> None:
    """A list says no years."""
    with pytest.raises(InputError, match="not a series"):
        assess(target("zhejiang-2016-incidence"), [0.01], on="2017-03-01")  # type: ignore[arg-type]  # tested
