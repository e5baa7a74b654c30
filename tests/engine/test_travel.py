"""Policies and results go to other processes, and what is asked of them wrongly is said."""

from __future__ import annotations

import pickle

import pytest

import injuryprev as ip

FIGURES = {
    "risk_class": 4,
    "payroll": "12000000",
    "contributions": 100_000,
    "benefits": 40_000,
    "injuries": 3,
    "insured": 200,
    "industry_incidence": "0.0125",
    "deaths": 0,
}


def test_a_policy_and_a_result_are_the_same_elsewhere() -> None:
    """Two million employers are rated by several processes."""
    policy = ip.load_profile("cn-zj").on("2025-03-01")
    result = policy.evaluate(**FIGURES)
    there = pickle.loads(pickle.dumps(policy))  # noqa: S301  # our own
    assert there.evaluate(**FIGURES).explain() == result.explain()
    assert pickle.loads(pickle.dumps(result)).to_json() == result.to_json()  # noqa: S301  # our own


def test_law_that_was_not_checked_is_not_applied_unless_asked() -> None:
    """The shipped law ends with what was read; past it the caller says so in one word, and the result says it too."""
    zhejiang = ip.load_profile("cn-zj")
    with pytest.raises(ip.CoverageError, match="last-known"):
        zhejiang.on("2199-01-01")
    assert "2026-12-31" in zhejiang.on("2199-01-01", beyond="last-known").evaluate(**FIGURES).explain()


def test_another_word_for_beyond_is_refused() -> None:
    """Even where it would not be needed."""
    with pytest.raises(ip.InputError, match="last-known"):
        ip.load_profile("cn-zj").on("2025-01-01", beyond="yes")  # type: ignore[arg-type]


def test_a_profile_is_not_yet_the_rules_of_a_day() -> None:
    """Forgetting the date is said in our words."""
    employer, history = ip.Employer("e"), ip.History()
    with pytest.raises(ip.InputError, match=r"load_profile\(id\)\.on\(date\)"):
        ip.rate(employer, history, ip.load_profile("cn-zj"))  # type: ignore[arg-type]


@pytest.mark.parametrize("year", ["2024", 0, 9999, True, 2024.0])
def test_what_is_no_year_is_refused(year: object) -> None:
    """In our words, with what would do."""
    with pytest.raises(ip.InputError, match="not a year"):
        ip.Period.year(year)
