"""Targets judged: shares as shares, mean months as such, what was reported to its digits, baselines before."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import polars as pl
import pytest

from injuryprev.errors import InputError, UnknownNameError
from injuryprev.measures import list_standards, pooled, standard
from injuryprev.measures.assessing import assess
from injuryprev.measures.assessment import Chance
from injuryprev.measures.series import Observation
from injuryprev.measures.targets import Aim, Baseline, Target, list_targets, target
from injuryprev.model import InjuryCase
from injuryprev.units import Period
from injuryprev.unknown import Unknown

SHARES = {
    "zhejiang-2016-coverage",
    "cn-2024-chemical-training",
    "shandong-2024-chemical-in-person",
    "province-2025-training",
    "quanzhou-2023-satisfaction",
    "quanzhou-2023-pass-rate",
}


def goal(aim: Aim, **more: Any) -> Target:
    """A target of our own for 2016."""
    given: dict[str, Any] = {"metric": "incidence", "unit": "fraction", "due": "2016-12-31", **more}
    return Target(name="ours", title="ours", aim=aim, **given)


def chance(of: Target, series: Any, **more: Any) -> Chance:
    """What chance may have done, on 1 January 2017."""
    found = assess(of, series, on="2017-01-01", **more).chance
    assert isinstance(found, Chance)
    return found


def test_which_targets_are_shares() -> None:
    """Coverage, satisfaction, pass rates and hours in person; incidence is a rate."""
    assert {one.name for one in list_targets() if one.is_share} == SHARES
    assert goal(Aim(at_most="0.05"), share=True).is_share
    assert not goal(Aim(at_least="0.9"), share=False).is_share


def test_a_share_has_the_interval_of_a_proportion() -> None:
    """940 of 1,000 by Wilson: 0.9235 to 0.9531 (published formula of 1927); 100 of 100 is no more than all."""
    ours = goal(Aim(at_least="0.9"), metric="pass_rate")
    found = chance(ours, {2016: Observation(count=940, exposure=1000)})
    assert (round(found.low, 4), round(found.high, 4), found.of, found.secured) == (0.9235, 0.9531, "share", True)
    assert chance(ours, {2016: Observation(count=100, exposure=100)}).high == 1
    assert (
        "interval of the share: " in assess(ours, {2016: Observation(count=940, exposure=1000)}, on="2017-01-01").text()
    )
    more = assess(ours, {2016: Observation(count=110, exposure=100)}, on="2017-01-01").chance
    assert isinstance(more, Unknown)
    assert more.codes == ("not_a_share:chance",)
    rate = goal(Aim(at_most="0.95"))
    assert chance(rate, {2016: Observation(count=940, exposure=1000)}).of == "rate"


@pytest.mark.parametrize("name", ["cn.monthly_incidence", "cn.monthly_incidence_per_mille"])
def test_a_mean_month_is_a_twelfth(name: str) -> None:
    """Twelve cases of 1,000 insured are 0.1 per cent a month, as a figure, as counts and as a rate."""
    ours = goal(Aim(at_most="0.001"), definition="cn.monthly_incidence")
    rate = standard(name).compute(12, 1000)
    for series in ({2016: Observation(count=12, exposure=1000)}, {2016: rate}):
        found = assess(ours, series, on="2017-01-01")
        assert (found.value, found.status) == (Fraction(1, 1000), "met")
        assert isinstance(found.chance, Chance)
        assert found.chance.low < 0.001 < found.chance.high
    assert assess(ours, {2016: standard(name).compute("1.2", 100)}, on="2017-01-01").value == Fraction(1, 1000)


def recognised(months: int) -> list[InjuryCase]:
    """One case a month."""
    return [
        InjuryCase(f"C-{month}", "E-1", "w-1", f"2024-{month:02}-01", recognised_on=f"2024-{month:02}-02", days_lost=3)
        for month in range(1, months + 1)
    ]


def test_the_mean_month_of_half_a_year() -> None:
    """Six cases in six months are one a month, of 100 insured 1 per cent."""
    monthly = standard("cn.monthly_incidence")
    half, year = Period("2024-01-01", "2024-07-01"), Period.year(2024)
    of_half = monthly.of_cases(recognised(6), 100, within=half)
    assert of_half.value == monthly.of_cases(recognised(12), 100, within=year).value == 1
    assert "6 / 6 / " in of_half.explain()
    assert assess(goal(Aim(at_most="0.01"), definition=monthly.name), {2016: of_half}, on="2017-01-01").status == "met"
    assert pooled([of_half, of_half]).value == 1
    with pytest.raises(InputError, match="rates of periods of several lengths"):
        pooled([of_half, monthly.compute(12, 100)])
    with pytest.raises(InputError, match="the mean month of a period that is not of whole months"):
        monthly.of_cases(recognised(6), 100, within=Period("2024-01-01", "2024-06-20"))
    with pytest.raises(InputError, match="a mean month of a year, and days that are no year"):
        monthly.frame(pl.DataFrame({"injuries": [6], "insured": [100]}), days=182)


def test_a_rate_by_workers_of_half_a_year_says_so() -> None:
    """It is not to be held against yearly ones; by hours the period does not matter."""
    half = Period("2024-01-01", "2024-07-01")
    codes = [one.code for one in standard("ilo.incidence").of_cases(recognised(6), 100, within=half).findings]
    assert codes == ["not_a_year"]
    assert not standard("ilo.incidence").of_cases(recognised(6), 100, within=Period.year(2024)).findings
    assert not standard("ilo.frequency").of_cases(recognised(6), 10**6, within=half).findings


@pytest.mark.parametrize(
    ("name", "series", "status"),
    [
        ("dalian-2016-injuries", {2015: 1000, 2016: 500}, "not_met"),
        ("dalian-2016-injuries", {2015: 15000, 2016: 13996}, "met"),
        ("dalian-2016-injuries", {2015: 100_000, 2016: 93_250}, "met"),
        ("dalian-2016-injuries", {2015: 100_000, 2016: 93_249}, "not_met"),
        ("dalian-2016-injuries", {2015: 100_000, 2016: 93_351}, "not_met"),
        ("ningbo-2019-incidence", {2019: "0.002"}, "not_met"),
        ("ningbo-2019-incidence", {2019: Observation(count=27530, exposure=3_750_000)}, "met"),
        ("ningbo-2019-injuries", {2019: 27530}, "met"),
        ("ningbo-2019-injuries", {2019: 27000}, "not_met"),
    ],
)
def test_what_was_reported_is_held_to_its_digits(name: str, series: Any, status: str) -> None:
    """Nearer than half of the last printed digit is as reported; better is not."""
    assert assess(target(name), series, on="2020-01-01").status == status


@pytest.mark.parametrize("base", [10, 1000, 1_000_000])
def test_rates_on_another_base_are_judged(base: int) -> None:
    """A base changes no rate."""
    rate = standard("cn.incidence").on_base(base).compute(9, 1000)
    assert assess(target("zhejiang-2016-incidence"), {2016: rate}, on="2017-01-01").value == Fraction(9, 1000)
    assert standard(rate.definition.name) == rate.definition


def test_names_of_bases() -> None:
    """A name comes back from every base; what is none is refused."""
    for one in list_standards():
        assert standard(one.on_base(77).name) == one.on_base(77)
        assert one.on_base(77).on_base(5).name == one.on_base(5).name
    for name in ("osha.trir per 0", "osha.trir per x", "osha.trr per 5"):
        with pytest.raises(UnknownNameError):
            standard(name)


@pytest.mark.parametrize("said", ["osha.trir", "osha.trir per 1000000", "osha.trir per 5"])
def test_rows_of_a_standard_on_another_base(said: str) -> None:
    """What is counted and over what does not depend on the base."""
    table = pl.DataFrame({"recordable_cases": [7], "hours": [400_000], "definition": [said]})
    assert standard("osha.trir").on_base(1_000_000).frame(table)["rate"].to_list() == [Fraction(35, 2)]
    with pytest.raises(InputError, match="mixes definitions"):
        standard("ilo.frequency").frame(table.rename({"recordable_cases": "cases"}))


@pytest.mark.parametrize(
    "wrong", [{"years": 2020}, {"years": ("2020",)}, {"years": (2020, 2020)}, {"years": (0,)}, {"value": -1}]
)
def test_baselines_that_cannot_be_meant(wrong: dict[str, Any]) -> None:
    """No year, a year twice, a figure below zero."""
    with pytest.raises(InputError, match=r"Baseline\.(years|value): "):
        Baseline(**wrong)


@pytest.mark.parametrize("years", [(2016,), (2026,), (2015, 2016)])
def test_a_baseline_comes_before(years: tuple[int, ...]) -> None:
    """Measured from itself no year has moved, and none is measured from a later one."""
    open_ = goal(Aim(fall="0.1"), baseline=Baseline(unknown="not printed"))  # type: ignore[arg-type]  # converter
    series = {2015: "0.01", 2016: "0.008", 2026: "0.02"}
    with pytest.raises(InputError, match="a target is measured from a year before the one that decides"):
        assess(open_, series, on="2030-01-01", baseline=Baseline(years=years))


@pytest.mark.parametrize(
    ("now", "beyond", "against", "away"),
    [((400, 10_000), True, False, False), ((100, 500), False, True, True), ((51, 1000), False, False, True)],
)
def test_chance_that_contradicts_is_said(now: tuple[int, int], beyond: bool, against: bool, away: bool) -> None:
    """Fewer cases among far fewer insured: the count is met, and the rate has risen; no support for the aim."""
    ours = goal(Aim(fall="0.1"), unit="cases", baseline=Baseline(years=(2015,)))
    series = {2015: Observation(count=500, exposure=10_000), 2016: Observation(*(None, *now))}
    found = chance(ours, series)
    assert (found.beyond, found.against, found.away) == (beyond, against, away)
    made = assess(ours, series, on="2017-01-01")
    assert made.status == "met"
    assert ("the rate moved the other way" in made.text()) is away
    assert ("比率反向变化" in made.text("zh")) is away
