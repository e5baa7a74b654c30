"""The two programmes are whole: every row of the documents is carried by the library and says what they print.

The rows and figures below are written down here once more, apart from the examples, from the two documents: Zhejiang's
opinion 浙人社发〔2014〕4号 of 2014-01-03, and Dalian's report of 2017-06-09 on prevention work to the end of 2016.
"""

from __future__ import annotations

import importlib
import re
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from injuryprev import Unknown
from injuryprev.model import Tally

EXAMPLES = Path(__file__).parents[1] / "examples"
DALIAN = {
    "result": {"fall": "6.7 %", "from": "the year before", "by": "2016-12-31"},
    "joint_mechanism": {"systems": "6", "named": "joint_conference, accident_bulletin, joint_inspection"},
    "special_expense": {
        "admits prevention fees": "True",
        "procedure": "unknown: not_known:condition_met",
        "extraction ratio": "unknown: not_known:cap_share",
    },
    "pilot_plan": {
        "aim": "unknown",
        "extraction ratio": "unknown: not_known:cap_share",
        "carrying out of projects": "unknown: not_known:term_allowed",
        "management of the money": "unknown: not_known:prepayment_in_range",
    },
    "floating_rates": {"thresholds": "unknown"},
    "caravan": {
        "days a year": "210",
        "schedule": "time, place, route, content",
        "districts appraised": "yes",
        "equipment": "75-inch screen, sound system, injury manikin, wall charts",
        "films": "3",
        "districts and counties": "13",
        "consultation points": "more than 350",
        "employers visited": "more than 300",
        "leaflets": "50,000",
        "hours of film": "1,500",
        "audience": "300,000",
        "health checks": "more than 1,500",
    },
    "training": {
        "courses a year": "8",
        "central": "4",
        "tailored to one employer": "4",
        "held": "at its premises",
        "people": "1,400",
    },
    "exchange": {
        "experts from": "Germany, Japan",
        "on": "the prevention system of Germany, the prevention system of Japan",
    },
    "wechat": {"policies published": "more than 200", "contents": "policies, news, procedures"},
    "led": {"months": "3", "hours": "1,350"},
}
ZHEJIANG = {
    "target": {"incidence below": "1 %", "coverage": "100 %", "due": "2016-12-31", "low rates": "unknown"},
    "prevention_first": {"hidden dangers"},
    "employer_answers": {"checks at one employer", "its record of cases"},
    "fit_the_place": {"industries", "enterprises", "groups of people", "trades", "posts"},
    "joint_action": {
        "bodies",
        "regular joint conference",
        "notify each other",
        "accident trends",
        "joint inspections",
        "follow-up",
    },
    "floating_rates": {"appraised": "payout ratio, incidence, harmonious-relations model unit, standardisation"},
    "enforcement": {"above all", "reasons shown", "penalties", "safety-credit constraint"},
    "services": {"services", "to", "contest"},
    "responsibility": {"items", "four in place", "evidence and date"},
    "money": {"earmarked": "300,000 in 2014", "a pilot": "may", "no pilot": "refused", "not said": "unknown"},
    "climate": {"mainstream media", "lists", "grounds and expiry"},
}


def load(name: str) -> ModuleType:
    """A part of the examples, imported from where it lies."""
    return importlib.import_module(name)


@pytest.fixture(autouse=True)
def _examples(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(str(EXAMPLES))
    yield
    for name in [
        one
        for one in sys.modules
        if one.split(".")[0] in {"dalian_2016", "zhejiang_2014", "programme_rows", "programme_words"}
    ]:
        del sys.modules[name]


@pytest.mark.parametrize(("programme", "wanted"), [("dalian_2016", DALIAN), ("zhejiang_2014", ZHEJIANG)])
def test_no_row_is_missing(programme: str, wanted: dict[str, Any]) -> None:
    """Each row of the document is a row of the example, in its order, and what it prints is what the library says."""
    rows = {row.key: row for row in load(f"{programme}.rows").ROWS}
    assert list(rows) == list(wanted)
    for key, figures in wanted.items():
        made = rows[key].made()
        assert rows[key].differences() == {}, key
        assert set(figures) <= set(made), key
        if isinstance(figures, dict):
            assert {name: made[name] for name in figures} == figures
        assert not set(rows[key].printed) & set(rows[key].lakeside)


def test_a_row_that_differs_is_seen() -> None:
    """A figure that is not as printed, or missing, shows among the differences."""
    row = load("programme_rows").Row("r", None, {"a": "1", "b": "2"}, lambda: {"a": "1", "b": "3", "c": "4"})
    assert row.differences() == {"b": ("2", "3"), "c": ("-", "4")}


def test_more_than_is_a_lower_bound() -> None:
    """Four figures of Dalian are printed as "more than": none of them is exact, or has an upper bound."""
    work = load("dalian_2016.work")
    figures = (work.CARAVAN.points, work.CARAVAN.employers, work.CARAVAN.health_checks.heads)
    for tally in (*figures, work.WECHAT.channels[0].posts):
        assert isinstance(tally, Tally)
        assert tally.printed == "more_than"
        assert tally.high is None


def test_what_dalian_cannot_be_asked() -> None:
    """A fall of 6.7 % is chance in a city of 1,000 cases and not in one of 2,000; the report prints no cases."""
    rows = load("dalian_2016.rows")
    assert not rows.is_beyond_chance(1000)
    assert rows.is_beyond_chance(2000)
    found = rows.helped()
    assert len(found.served.ids) + len(found.served.left_out) == 8
    assert isinstance(found.savings, Unknown)  # eleven cases are too few for a mean


def test_the_target_at_lakeside() -> None:
    """The same aim held against a made-up area: its figures, and what chance allows to say."""
    said = load("zhejiang_2014.rows").as_if_at_lakeside()
    assert "Lakeside (made up)" in said
    assert "2024: 0.5334 %" in said  # 9 of the cases recognised in 2024, by 1,687 insured
    assert "may be chance" in said


@pytest.mark.parametrize("programme", ["dalian_2016", "zhejiang_2014"])
def test_the_scripts_run(programme: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """As a script it prints every row, its title in both languages."""
    monkeypatch.setattr(sys, "argv", [programme])
    runpy.run_module(programme, run_name="__main__")
    printed = capsys.readouterr().out
    for row in load(f"{programme}.rows").ROWS:
        assert f"{row.title.en} / {row.title.zh}" in printed


@pytest.mark.parametrize("programme", ["dalian_2016", "zhejiang_2014"])
def test_the_scripts_speak_chinese(
    programme: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked for Chinese, no row has a word of English, and what is worked out beside it is Chinese too."""
    monkeypatch.setattr(sys, "argv", [programme, "zh"])
    runpy.run_module(programme, run_name="__main__")
    printed = capsys.readouterr().out
    rows = load(f"{programme}.rows").ROWS
    for row in rows:
        assert f"\n{row.title.zh}\n" in printed
    figures = [line for line in printed.splitlines() if line.startswith("  ")]
    assert len(figures) == sum(len(row.made()) for row in rows)
    assert [line for line in figures if re.search("[A-Za-z]", line)] == []
    assert "unknown" not in printed
    assert "湖畔（虚构）" in printed
