"""Every shipped profile on every kind of day: each output is a value or says why not, and nothing raises."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest

import injuryprev as ip
from injuryprev.units import add_months

LAST = dt.date(2027, 1, 1)
GIVEN_REASONS = {"missing", "unreadable", "out_of_range", "too_fine"}
RULE_REASONS = {"division_by_zero", "no_row", "several_rows", "rows_differ", "not_known", "no_figure"}
PROFILES = [info.id for info in ip.list_profiles()]


def days(profile: ip.PolicyProfile) -> list[dt.date]:
    """The change dates with the day before and after; of what extends nothing, the first day of every quarter too."""
    found = {day + dt.timedelta(days=shift) for day in profile.change_dates() for shift in (-1, 0, 1)}
    quarter = dt.date(profile.covers.since.year, 1, 1)
    while profile.profile.parent is None and quarter < LAST:
        found.add(quarter)
        quarter = add_months(quarter, 3)
    return sorted(day for day in found if day in profile.covers)


def grid(policy: ip.Policy) -> Iterator[dict[str, object]]:
    """Records from the corners and the middle of what may be given, and an empty one."""
    yield {}
    corners: list[dict[str, object]] = [{}, {}, {}, {}]
    for place, (name, spec) in enumerate(policy.inputs.items()):
        values: list[object]
        if spec.unit == "flag":
            values = [False, True]
        elif spec.unit == "category":
            values = list(spec.choices)
        else:
            assert spec.low is not None
            assert spec.high is not None
            middle = min(spec.low + 5 * Decimal(str(float(spec.step or 1))), spec.high)
            values = [spec.low, spec.high, middle]
        for turn, corner in enumerate(corners):
            corner[name] = values[(turn + (place if turn == 3 else 0)) % len(values)]
    yield from corners
    classes = policy.inputs.get("risk_class")
    if classes is None or classes.high is None:  # rules of the prevention fee ask for no class
        return
    for number in range(1, int(classes.high) + 1):
        yield {**corners[2], "risk_class": number}


@pytest.mark.parametrize("name", PROFILES)
def test_every_output_is_a_value_or_says_why_not(name: str) -> None:
    """On change dates, the days around them and every quarter to 2027, for corners of the inputs, nothing raises."""
    profile = ip.load_profile(name)
    for day in days(profile):
        policy = profile.on(day)
        for record in grid(policy):
            for output, value in policy.evaluate(**record).items():
                place = f"{name} on {day}: {output} of {record}"
                if not isinstance(value, ip.Unknown):
                    assert isinstance(value, (Decimal, str, bool)), place
                    continue
                for reason in value.reasons:
                    assert reason.words.en, place
                    assert reason.words.zh, place
                    if reason.code in GIVEN_REASONS:
                        assert record.get(reason.subject) is None, place
                    else:
                        assert reason.code in RULE_REASONS, f"{place}: {reason.code}"


@pytest.mark.parametrize("name", PROFILES)
def test_the_explanation_of_every_phase_is_complete(name: str) -> None:
    """At every change date the trace is written in both languages, with a source for every step."""
    profile = ip.load_profile(name)
    for day in profile.change_dates():
        policy = profile.on(day)
        record = list(grid(policy))[3]
        result = policy.evaluate(**record)
        assert result.explain(lang="en")
        assert result.explain(lang="zh")
        assert result.to_json()
        for step in result.trace.steps:
            assert step.rule.cited, f"{name} on {day}: {step.name}"
            assert step.rule.title.en, step.name
            assert step.rule.title.zh, step.name
