"""Figures to compare with: an employer beside all others of its industry, its district, its class."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import injuryprev as ip
from injuryprev.engine.policy import Policy
from injuryprev.units import round_to

PROFILE = """
format = 1
[profile]
id = "district"
version = "1"
title = "District"
since = 2020-01-01
checked_on = 2026-01-01
currency = "TOY"
outputs = ["above_the_mean"]
[sources.law]
title = "Law"
confidence = "assumed"
checked_on = 2026-01-01
[windows.w]
cycle = 2020-01-01
every = 12
length = 12
[inputs]
injuries = { unit = "cases", range = [0, 1000] }
insured = { unit = "persons", range = [0, 100000], step = 0.01 }
incidence_there = { unit = "fraction", range = [0, 1], step = 0.0001 }
[definitions.above_the_mean]
unit = "flag"
formula = "injuries / insured > incidence_there"
source = "law"
[counting.injuries]
from = "cases"
take = "count"
dated = "recognised_on"
window = "w"
none = 0
source = "law"
[counting.insured]
from = "exposure"
take = "mean"
field = "insured"
window = "w"
round = { to = 0.01, mode = "half_up" }
source = "law"
[counting.incidence_there]
from = "area"
take = "ratio"
of = ["injuries", "insured"]
OVER
PARTIAL
round = { to = 0.0001, mode = "half_up" }
source = "law"
"""


def district(folder: Path, over: str = "area", partial: str = "refuse") -> Policy:
    """The rules, with employers compared within a group."""
    text = PROFILE.replace("OVER", f'over = "{over}"' if over else "").replace("PARTIAL", f'partial = "{partial}"')
    (folder / "district.toml").write_text(text, encoding="utf-8")
    return ip.load_profile(folder / "district.toml").on("2024-06-01")


def member(key: str, area: str | None, insured: int | None, injuries: int) -> tuple[ip.Employer, ip.History]:
    """An employer of a district, with workers and so many cases in 2023."""
    year = ip.Period("2023-01-01", "2024-01-01")
    exposures = () if insured is None else (ip.Exposure(key, year, insured=insured),)
    cases = tuple(
        ip.InjuryCase(f"{key}-{n}", key, f"w-{n}", "2023-02-01", recognised_on="2023-03-01") for n in range(injuries)
    )
    return ip.Employer(key, area=area), ip.History(exposures=exposures, cases=cases)


def figures(policy: Policy, area: list[tuple[ip.Employer, ip.History]]) -> list[object]:
    """What each is compared with."""
    return [one["incidence_there"].value for one in policy.counting.count_area(area)]


def test_each_is_compared_with_its_own_district(tmp_path: Path) -> None:
    """Sums are divided, not the mean of the rates: the large employer weighs more."""
    area = [member("a", "north", 100, 3), member("b", "north", 900, 1), member("c", "south", 50, 1)]
    found = figures(district(tmp_path), area)
    assert found == [Fraction(4, 1000), Fraction(4, 1000), Fraction(1, 50)]


def test_without_a_group_all_are_compared(tmp_path: Path) -> None:
    """Nobody is left out for want of a district."""
    found = figures(district(tmp_path, over=""), [member("a", None, 100, 1), member("b", "x", 100, 2)])
    assert found == [Fraction(3, 200)] * 2


def test_one_unknown_leaves_the_comparison_unknown_unless_the_rule_says_otherwise(tmp_path: Path) -> None:
    """What one employer is compared with does not quietly rest on some of the others."""
    area = [member("a", "north", 100, 1), member("b", "north", None, 9)]
    refused = figures(district(tmp_path), area)
    assert all(isinstance(one, ip.Unknown) and one.codes == ("incomplete:incidence_there",) for one in refused)
    assert figures(district(tmp_path, partial="actual"), area) == [Fraction(1, 100)] * 2


def test_an_employer_without_a_district_has_nothing_to_be_compared_with(tmp_path: Path) -> None:
    """It is refused, and the others are not."""
    found = figures(district(tmp_path), [member("a", None, 100, 1), member("b", "north", 100, 1)])
    assert isinstance(found[0], ip.Unknown)
    assert found[0].codes == ("no_group:incidence_there",)
    assert found[1] == Fraction(1, 100)


def test_nobody_insured_is_division_by_zero(tmp_path: Path) -> None:
    """Never zero, never an exception."""
    (found,) = figures(district(tmp_path), [member("a", "north", 0, 0)])
    assert isinstance(found, ip.Unknown)
    assert found.codes == ("division_by_zero:incidence_there",)


def test_one_employer_alone_cannot_tell(tmp_path: Path) -> None:
    """``rate`` says that the others are needed; ``rate_area`` has them, and says with whom it compared."""
    policy = district(tmp_path)
    area = [member("a", "north", 100, 3), member("b", "north", 900, 1)]
    alone = ip.rate(*area[0], policy)
    assert "needs_area:incidence_there" in str(alone.result.refusal)  # type: ignore[attr-defined]
    first, second = ip.rate_area(area, policy)
    assert (first.result["above_the_mean"], second.result["above_the_mean"]) == (True, False)  # type: ignore[index]
    assert "sum of injuries over sum of insured of 2 employers (area north)" in first.explain()


def test_a_history_of_another_employer_is_refused(tmp_path: Path) -> None:
    """In an area as for one."""
    one, other = member("a", "north", 1, 0), member("b", "north", 1, 0)
    with pytest.raises(ip.InputError, match="another employer"):
        ip.rate_area([(one[0], other[1])], district(tmp_path))


@given(st.lists(st.tuples(st.sampled_from(["n", "s"]), st.integers(1, 500), st.integers(0, 9)), min_size=1, max_size=8))
def test_it_is_the_plain_quotient(
    tmp_path_factory: pytest.TempPathFactory, members: list[tuple[str, int, int]]
) -> None:
    """For any district, and whatever the order of employers."""
    policy = district(tmp_path_factory.mktemp("profile"))
    area = [member(f"e{n}", group, insured, injuries) for n, (group, insured, injuries) in enumerate(members)]
    wanted = {
        group: round_to(
            Fraction(sum(i for g, _, i in members if g == group), sum(p for g, p, _ in members if g == group)),
            Fraction(Decimal("0.0001")),
            "half_up",
        )
        for group, *_ in members
    }
    assert figures(policy, area) == [wanted[group] for group, *_ in members]
    assert figures(policy, area[::-1])[::-1] == [wanted[group] for group, *_ in members]


@pytest.mark.parametrize(
    ("good", "bad", "words"),
    [
        ('of = ["injuries", "insured"]', 'of = ["injuries", "insure"]', "did you mean 'insured'"),
        ('of = ["injuries", "insured"]', 'of = ["injuries"]', "a ratio is of two figures"),
        ('take = "ratio"', 'take = "sum"', "area do not give this"),
        ('of = ["injuries", "insured"]', 'of = ["injuries", "incidence_there"]', "a comparison is of counted figures"),
        ('over = "area"', 'over = "town"', "not one of the words of the format"),
    ],
)
def test_comparisons_that_cannot_work_are_refused(tmp_path: Path, good: str, bad: str, words: str) -> None:
    """With what would do."""
    text = PROFILE.replace("OVER", 'over = "area"').replace("PARTIAL", "")
    (tmp_path / "district.toml").write_text(text.replace(good, bad), encoding="utf-8")
    with pytest.raises(ip.ProfileError, match=words):
        ip.load_profile(tmp_path / "district.toml")


@pytest.mark.parametrize("over", ["area", ""])
@pytest.mark.parametrize("partial", ["refuse", "actual"])
def test_frames_compare_alike(tmp_path: Path, over: str, partial: str) -> None:
    """The same figures and the same reasons, on a lazy frame."""
    polars = pytest.importorskip("polars")
    policy = district(tmp_path, over=over, partial=partial)
    drawn = [("a", "n", 100, 3), ("b", "n", 900, 1), ("c", "s", None, 2), ("d", None, 50, 1), ("e", "t", 0, 0)]
    pairs = [member(*one) for one in drawn]
    employers = polars.LazyFrame({"id": [one[0] for one in drawn], "area": [one[1] for one in drawn]})
    exposure = polars.LazyFrame(
        [
            {
                "employer_id": e.employer_id,
                "since": e.period.since,
                "until": e.period.until,
                "insured": int(e.insured or 0),
            }
            for _, history in pairs
            for e in history.exposures or ()
        ]
    )
    cases = polars.LazyFrame(
        [
            {"id": c.id, "employer_id": c.employer_id, "recognised_on": c.recognised_on}
            for _, history in pairs
            for c in history.cases or ()
        ]
    )
    found = policy.rate_frames(employers, exposure=exposure, cases=cases).collect().sort("id")
    wanted = [decision.result for decision in ip.rate_area(pairs, policy)]
    assert found["above_the_mean"].to_list() == [
        None if isinstance(one["above_the_mean"], ip.Unknown) else one["above_the_mean"]  # type: ignore[index]
        for one in wanted
    ]
    assert found["refusal"].to_list() == [one.refusal for one in wanted]  # type: ignore[attr-defined]
