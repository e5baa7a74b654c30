"""Levels of alert are policy: what was printed decides, and what was cut off is unknown."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from injuryprev.errors import InputError, ProfileError, UnknownNameError
from injuryprev.measures.focusing.alerts import AlertScheme, alerts, list_alerts
from injuryprev.measures.focusing.document import FocusFile, Level
from injuryprev.policy.loading import parse_as
from injuryprev.unknown import Unknown
from injuryprev.words import Words

NINGDE = alerts("ningde-2019")
OURS = AlertScheme(
    name="ours",
    title=Words("ours"),
    metric="incidence",
    levels=(
        Level(name="yellow", at=Fraction(1, 50), edge="from"),
        Level(name="orange", unknown=Words("not printed")),
        Level(name="red", at=Fraction(1, 10), edge="above"),
    ),
)


@pytest.mark.parametrize(
    ("cases", "name", "at_least"),
    [(19_999, "none", None), (20_001, "yellow", "yellow"), (49_999, "yellow", "yellow")],
)
def test_ningde_as_far_as_printed(cases: int, name: str, at_least: str | None) -> None:
    """Yellow from 2 %, orange from 5 % (Ningde 2019, china.md part 10); between them nothing is open."""
    found = NINGDE.of(cases, 1_000_000)
    assert found.name == name
    assert (found.at_least.name if found.at_least else None) == at_least


def test_ningde_red_is_unknown() -> None:
    """The third figure was cut off: above 5 % it is orange or red, and nobody can say which; the document is named."""
    found = NINGDE.of(60_000, 1_000_000)
    assert isinstance(found.name, Unknown)
    assert found.at_least is not None
    assert found.at_least.name == "orange"
    assert "宁德" in NINGDE.cited[0].source.title.zh
    assert "Ningde" in found.text()
    assert "third threshold was cut off" in found.text()
    assert "至少橙色" in found.text("zh")


@pytest.mark.parametrize(("cases", "at_least"), [(2, None), (5, "yellow")])
def test_ningde_on_the_very_threshold(cases: int, at_least: str | None) -> None:
    """Whether exactly 2 % (5 %) counts was not read, so it is not decided; what lies higher is not reached."""
    found = NINGDE.of(cases, 100)
    assert isinstance(found.name, Unknown)
    assert [code.partition(":")[0] for code in found.name.codes] == ["on_the_edge"]
    assert (found.at_least.name if found.at_least else None) == at_least


@pytest.mark.parametrize(("cases", "name"), [(19, "none"), (20, "yellow"), (21, None), (100, None), (101, "red")])
def test_levels_of_our_own(cases: int, name: str | None) -> None:
    """One level counts its threshold, one does not; an unknown one between leaves open what lies beyond."""
    found = OURS.of(cases, 1000).name
    assert isinstance(found, Unknown) if name is None else found == name


def test_no_rate_no_alert() -> None:
    """Without exposure the alert is unknown, not absent."""
    assert isinstance(NINGDE.of(3, None).name, Unknown)
    assert isinstance(NINGDE.of(3, 0).name, Unknown)
    assert "zero" in NINGDE.of(3, 0).text()


@given(st.fractions(min_value=0, max_value=1), st.fractions(min_value=0, max_value=1))
def test_a_higher_rate_is_never_a_lower_alert(first: Fraction, second: Fraction) -> None:
    """What is surely reached grows with the rate."""
    order = [None, *(level.name for level in NINGDE.levels)]
    low, high = (NINGDE.at(value).at_least for value in sorted((first, second)))
    assert order.index(low.name if low else None) <= order.index(high.name if high else None)


def test_words() -> None:
    """What follows from a level is said with it, in both languages."""
    scheme = AlertScheme(
        name="s",
        title=Words("s"),
        metric="m",
        levels=(
            Level(name="red", title=Words("red", "红色"), at=Fraction(1, 10), edge="from", then=Words("stop", "停工")),
        ),
    )
    assert scheme.of(1, 10).text() == "10 %: red (stop)"
    assert scheme.of(1, 10).text("zh") == "10%：红色（停工）"
    assert scheme.of(0, 10).text() == "0 %: no alert"
    assert scheme.of(0, 10).text("zh") == "0%：不预警"


def test_schemes_are_found_by_name() -> None:
    """The shipped ones are listed and cited; a slip is told the nearest."""
    assert [scheme.name for scheme in list_alerts()] == ["ningde-2019"]
    assert all(scheme.cited for scheme in list_alerts())
    with pytest.raises(UnknownNameError, match="ningde-2019"):
        alerts("ningde-2018")


def test_levels_must_rise() -> None:
    """A list of levels out of order would alert wrongly in silence."""
    levels = (Level(name="red", at=Fraction(1, 10)), Level(name="yellow", at=Fraction(1, 50)))
    with pytest.raises(InputError, match="levels of alert rise"):
        AlertScheme(name="s", title=Words("s"), metric="m", levels=levels)
    with pytest.raises(InputError, match="a threshold, or it is said why not"):
        Level(name="red")


def test_a_doubt_names_its_document_in_the_language_of_the_reader() -> None:
    """In Chinese the document has its Chinese title."""
    raised = alerts("ningde-2019").of(7, 100)
    assert "宁德市2019年" in raised.text("zh")
    assert "Ningde's graded notices" not in raised.text("zh")
    assert "Ningde's graded notices" in raised.text("en")


def test_the_file_is_read_strictly() -> None:
    """A key that is none is named with its place."""
    text = """
format = 1
[sources]
[priorities]
[alerts.ours]
title = "ours"
metric = "incidence"
[[alerts.ours.levels]]
name = "red"
att = 0.1
"""
    with pytest.raises(ProfileError, match=r"focus\.toml @ \$\.alerts\.ours\.levels\[0\]: there is no 'att'"):
        parse_as(FocusFile, text.encode(), "focus.toml")


@pytest.mark.parametrize("at", [0.02, 0.07, 0.1, 0.3, "0.02", Decimal("0.15")])
def test_a_threshold_is_what_is_written(at: Any) -> None:
    """A float stands for its shortest text: at 2 % exactly, 0.02 is reached where the threshold counts."""
    level = Level(name="yellow", at=at, edge="from", title="yellow")
    scheme = AlertScheme(name="ours", title="ours", metric="incidence", levels=(level,))
    exactly = Fraction(str(at))
    assert scheme.at(exactly).name == "yellow"
    assert scheme.at(exactly - Fraction(1, 10**20)).name == "none"
    above = attrs.evolve(scheme, levels=(attrs.evolve(level, edge="above"),))
    assert above.at(exactly).name == "none"
    assert above.at(exactly + Fraction(1, 10**20)).text().endswith("yellow")


def test_a_level_that_is_none() -> None:
    """An edge of another word, a threshold below zero, or one that is no number."""
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"at": "0.02", "edge": "form"}, "did you mean 'from'"),
        ({"at": -0.02, "edge": "from"}, "a negative threshold"),
        ({"at": "2%", "edge": "from"}, "Level.at: not a finite number"),
    ]
    for fields, said in wrong:
        with pytest.raises(InputError, match=said):
            Level(name="yellow", **fields)


def test_a_threshold_is_a_plain_fraction() -> None:
    """Five is 500 per cent, which no employer reaches and nobody means; 1 is everybody."""
    with pytest.raises(InputError, match=r"a threshold of more than everybody; seen: 5; expected: .* 0.05 is 5 %"):
        Level(name="red", at=5, edge="from")
    assert Level(name="red", at=Fraction(1), edge="from").at == 1
