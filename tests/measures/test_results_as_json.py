"""Results as data: what ``to_json`` tells can be read again to the very figures, and says why where there are none."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from injuryprev.measures import Baseline, FocusUnit, Observation, alerts, assess, focus, list_targets, standard, target
from injuryprev.units import as_data, as_json
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

FIGURES = st.one_of(st.none(), st.integers(0, 500))
UNITS = st.lists(
    st.tuples(FIGURES, st.one_of(st.none(), st.fractions(0, 5000, max_denominator=30)), FIGURES),
    min_size=1,
    max_size=6,
)


def figure(told: Any) -> Fraction | None:
    """An exact figure as it was told, ``None`` where it is unknown."""
    if isinstance(told, dict):
        assert told["unknown"][0]["code"]
        assert told["unknown"][0]["words"]["en"]
        return None
    return Fraction(told)


def known(value: object) -> Fraction | None:
    """The figure of the object itself."""
    return value if isinstance(value, Fraction) else None


@given(UNITS)
def test_a_list_of_focus_is_told_exactly(figures: list[tuple[int | None, Fraction | None, int | None]]) -> None:
    """Every figure of every unit comes back from the JSON as the fraction it was, unknowns as unknowns."""
    units = [FocusUnit(f"u{n}", cases, at, lost_days=days) for n, (cases, at, days) in enumerate(figures)]
    found = focus(units, shrinkage=False)
    told = json.loads(found.to_json())
    assert told["schema"] == "injuryprev.focus/1"
    assert (figure(told["cases"]), figure(told["rate"])) == (found.cases, known(found.rate))
    assert len(told["rows"]) == len(found.rows)
    for line, row in zip(told["rows"], found.rows, strict=True):
        assert (line["rank"], line["unit"]["key"], line["why"]) == (row.rank, row.unit.key, list(row.why))
        for name in ("rate", "expected", "excess", "ratio", "severity", "share", "value"):
            assert figure(line[name]) == known(getattr(row, name)), name
        for name in ("cases", "exposure", "lost_days", "deaths"):
            assert figure(line["unit"][name]) == known(getattr(row.unit, name)), name
        assert [words["zh"] for words in line["reasons"]] == [words.zh for words in found.reasons(row)]


def test_shrunken_figures_are_numbers_and_alerts_stand_beside() -> None:
    """What shrinkage made is a float as it is; a level of alert is told where levels are given."""
    found = focus([FocusUnit("a", 96, 4000), FocusUnit("b", 1, 9), FocusUnit("c", 12, 15_000)])
    told = json.loads(found.to_json(alerts("ningde-2019")))
    first = told["rows"][0]
    assert (first["shrunk"], first["low"], first["high"]) == (
        found.rows[0].shrunk,
        found.rows[0].low,
        found.rows[0].high,
    )
    assert first["value"] == first["shrunk_rate"] == found.rows[0].shrunk_rate
    assert first["alert"] == {"scheme": "ningde-2019", "rate": "0.024", "level": "yellow", "at_least": "yellow"}
    beyond = told["rows"][1]["alert"]
    assert (beyond["level"]["unknown"][0]["code"], beyond["at_least"]) == ("not_known", "orange")
    assert "alert" not in json.loads(found.to_json())["rows"][0]


def test_a_tie_of_thousands_is_told_as_a_number() -> None:
    """Two thousand units without a case name each other by their number, not two thousand times two thousand times."""
    text = focus([FocusUnit(f"u{n:04}", 0, 10) for n in range(2000)], shrinkage=False).to_json()
    assert {line["tied"] for line in json.loads(text)["rows"]} == {2000}
    assert len(text) < 5_000_000


@pytest.mark.parametrize("wanted", list_targets(), ids=lambda one: one.name)
def test_every_shipped_target_is_told(wanted: Any) -> None:
    """Its aim in exact figures, its documents, and what the document leaves open."""
    told = json.loads(as_json(wanted))
    assert (told["schema"], told["name"], told["due"]) == (
        "injuryprev.target/1",
        wanted.name,
        None if wanted.due is None else wanted.due.isoformat(),
    )
    for name in ("at_most", "below", "at_least", "above", "fall"):
        assert figure(told["aim"].get(name, {"unknown": [{"code": "-", "words": {"en": "-"}}]})) == getattr(
            wanted.aim, name
        )
    assert [one["document"] for one in told["sources"]] == [one.key for one in wanted.cited]
    assert told["confidence"] == wanted.confidence_shown


def test_an_assessment_is_told_with_its_target_and_its_words() -> None:
    """Status, exact figures, chance and pace; the same words as on the screen, in both languages."""
    series = {2014: Observation(count=219, exposure=19_500), 2015: Observation(count=210, exposure=20_000)}
    found = assess(target("zhejiang-2016-incidence"), series, on="2016-06-30")
    told = json.loads(found.to_json())
    assert (told["schema"], told["status"], told["year"]) == ("injuryprev.assessment/1", "not_yet_due", 2015)
    assert (told["value"], told["limit"], told["margin"]) == ("0.0105", "0.01", "-0.0005")
    assert told["target"]["aim"] == {"below": "0.01", "about": False}
    assert told["pace"]["each"] == "-0.0005"
    assert told["chance"]["of"] == "rate"
    assert told["text"] == {"en": found.text("en"), "zh": found.text("zh")}


def test_a_limit_that_is_infinite_is_null() -> None:
    """Against a baseline without a case the ratio has no upper limit, which JSON has no number for."""
    series = {2020: Observation(count=0, exposure=1000), 2025: Observation(count=5, exposure=1000)}
    found = assess(target("cn-2025-priority-industries"), series, on="2026-02-01", baseline=Baseline(years=(2020,)))
    chance = found.chance
    assert not isinstance(chance, Unknown)
    assert math.isinf(chance.high)
    told = json.loads(found.to_json())
    assert told["chance"]["high"] is None
    assert told["change"]["unknown"][0]["code"] == "division_by_zero"


def test_a_rate_is_told_by_the_same_means() -> None:
    """A rate, its definition and its documents; what is unknown says why in the same form as everywhere."""
    told = standard("osha.trir").compute(17, 0).to_data()
    assert told["value"] == as_data(standard("osha.trir").compute(17, 0).value)
    assert told["numerator"] == "17"


def test_values_as_data() -> None:
    """Thirds stay thirds, long decimals keep every digit, unknowns keep their reasons and documents."""
    unknown = Unknown((Reason("missing", "x", Words("not said", "未说明"), "GB 6441-86"),))
    assert as_data([Fraction(1, 3), Decimal("1E+3"), float("inf"), unknown, Words("rate")]) == [
        "1/3",
        "1000",
        None,
        {
            "unknown": [
                {"code": "missing", "subject": "x", "words": {"en": "not said", "zh": "未说明"}, "source": "GB 6441-86"}
            ]
        },
        {"en": "rate"},
    ]
