"""A profile at all dates: versions, what a child takes over and what it replaces, and days outside the coverage."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny import HEAD, define, profile

from injuryprev import PolicyProfile, load_profile
from injuryprev.errors import CoverageError, ProfileError, UnknownNameError

CLOSED: Final = HEAD.replace("since = 2020-01-01", "since = 2020-01-01\nuntil = 2024-01-01")
DATED: Final = """
[[parameters.base]]
title = "base"
unit = "number"
value = 1
source = "law"
[[parameters.base]]
since = 2021-07-01
value = 2
source = "law"
[[parameters.base]]
since = 2022-07-01
until = 2023-01-01
value = 3
source = "law"
[[parameters.base]]
since = 2023-01-01
value = 4
source = "law"
""" + define("base")


def dated() -> PolicyProfile:
    """A profile whose one figure changes three times."""
    return profile(DATED, head=CLOSED)


@pytest.mark.parametrize(
    ("day", "value"),
    [
        ("2020-01-01", 1),
        ("2021-06-30", 1),
        ("2021-07-01", 2),
        ("2022-06-30", 2),
        ("2022-07-01", 3),
        ("2022-12-31", 3),
        ("2023-01-01", 4),
        ("2023-12-31", 4),
    ],
)
def test_a_version_holds_from_its_day_to_the_eve_of_the_next(day: str, value: int) -> None:
    """The day on which the next begins is no longer its own."""
    assert dated().on(day).evaluate()["out"] == value


@given(st.dates(dt.date(2020, 1, 1), dt.date(2023, 12, 31)))
def test_between_two_dates_of_change_nothing_changes(day: dt.date) -> None:
    """So checking a profile on those dates checks it on every day."""
    made = dated()
    last = max(change for change in made.change_dates() if change <= day)
    assert made.on(day).evaluate()["out"] == made.on(last).evaluate()["out"]


def test_the_dates_of_change_are_those_written() -> None:
    """The first covered day among them, days outside the coverage not."""
    days = ["2020-01-01", "2021-07-01", "2022-07-01", "2023-01-01"]
    assert [str(day) for day in dated().change_dates()] == days


@pytest.mark.parametrize("day", ["2019-12-31", "1899-01-01"])
def test_a_day_before_the_coverage_is_refused_whatever_is_asked(day: str) -> None:
    """The last rules known are of no help before the first."""
    for ask in (dated().on, partial(dated().on, beyond="last-known")):
        with pytest.raises(CoverageError, match=r"a day in \[2020-01-01, 2024-01-01\)$"):
            ask(day)


def test_a_day_after_the_coverage_is_refused_unless_the_last_rules_are_asked_for() -> None:
    """In one word, which the message names; the policy then says which day's rules it uses."""
    with pytest.raises(CoverageError, match='beyond="last-known"'):
        dated().on("2024-01-01")
    policy = dated().on("2024-01-01", beyond="last-known")
    assert policy.evaluate()["out"] == 4
    assert (policy.on, policy.rules.beyond) == (dt.date(2024, 1, 1), dt.date(2023, 12, 31))
    assert dated().on("2023-12-31", beyond="last-known").rules.beyond is None


def test_a_later_version_takes_over_its_unit_and_never_a_figure_or_a_source() -> None:
    """What names and measures an entry is written once; what the law says, each time."""
    body = DATED.replace('value = 2\nsource = "law"', 'source = "law"')
    with pytest.raises(ProfileError, match="exactly one of value, values"):
        profile(body, head=CLOSED)
    with pytest.raises(ProfileError, match=r"base\[1\]: no source is named"):
        profile(DATED.replace('value = 2\nsource = "law"', "value = 2"), head=CLOSED)
    rules = dated().on("2023-06-01").rules
    assert rules.parameters["base"].entry.unit == "number"
    assert rules.parameters["base"].title.en == "base"


def test_an_input_until_a_day_is_a_rule_from_then_on() -> None:
    """What the caller gave before, the law says after; giving it then is a mistake that is named."""
    body = """
[inputs.share]
unit = "fraction"
range = [0, 1]
step = 0.01
until = 2022-01-01
[definitions.share]
unit = "fraction"
since = 2022-01-01
formula = 0.25
source = "law"
""" + define("share", unit="fraction")
    made = profile(body, head=CLOSED, inputs="")
    assert made.on("2021-12-31").evaluate(share="0.5")["out"] == Decimal("0.5")
    assert made.on("2022-01-01").evaluate()["out"] == Decimal("0.25")
    with pytest.raises(UnknownNameError, match="no input 'share'"):
        made.on("2022-01-01").evaluate(share="0.5")


# Inheritance ----------------------------------------------------------------------------------------------------------

PARENT: Final = """
format = 1
[profile]
id = "nation"
version = "3"
title = "Nation"
since = 2010-01-01
checked_on = 2020-01-01
currency = "XTS"
outputs = ["rate"]
[sources.act]
title = "Act of the nation"
confidence = "official"
checked_on = 2020-01-01
[sources.shared]
title = "Shared, the nation's"
confidence = "official"
checked_on = 2020-01-01
[inputs.share]
unit = "fraction"
range = [0, 1]
step = 0.01
[[parameters.base]]
unit = "fraction"
value = "1%"
source = "act"
[[parameters.base]]
since = 2021-01-01
value = "2%"
source = "shared"
[definitions.rate]
unit = "fraction"
formula = "base * share"
round = { to = 0.0001, mode = "half_up" }
source = "act"
"""
CHILD: Final = """
format = 1
[profile]
id = "province"
version = "7"
title = "Province"
since = 2015-01-01
checked_on = 2020-01-01
extends = "nation"
[sources.rule]
title = "Rule of the province"
confidence = "reprint"
checked_on = 2020-01-01
[sources.shared]
title = "Shared, the province's"
confidence = "recalled"
checked_on = 2020-01-01
[definitions.share]
unit = "fraction"
since = 2020-01-01
formula = 0.5
source = ["rule", "shared"]
[parameters.base]
unit = "fraction"
since = 2018-01-01
until = 2019-01-01
value = "5%"
source = "rule"
"""


@pytest.fixture
def province(tmp_path: Path) -> PolicyProfile:
    """A province that fills in what its nation leaves open, and changes a figure for one year."""
    (tmp_path / "nation.toml").write_text(PARENT, encoding="utf-8")
    (tmp_path / "province.toml").write_text(CHILD, encoding="utf-8")
    return load_profile(tmp_path / "province.toml")


@pytest.mark.parametrize(
    ("day", "given", "rate"),
    [
        ("2015-01-01", {"share": 1}, "0.0100"),
        ("2017-12-31", {"share": 1}, "0.0100"),
        ("2018-01-01", {"share": 1}, "0.0500"),
        ("2018-12-31", {"share": 1}, "0.0500"),
        ("2019-01-01", {"share": 1}, "0.0100"),
        ("2020-01-01", {}, "0.0050"),
        ("2021-01-01", {}, "0.0100"),
    ],
)
def test_a_child_replaces_by_name_on_the_days_its_version_holds(
    province: PolicyProfile, day: str, given: dict[str, int], rate: str
) -> None:
    """On all other days what it extends holds on."""
    assert str(province.on(day).evaluate(**given)["rate"]) == rate


def test_a_child_takes_over_outputs_currency_and_sources(province: PolicyProfile) -> None:
    """Each name of a document means what the file says in which it is cited."""
    assert province.currency == "XTS"
    assert list(province.on("2016-01-01").outputs) == ["rate"]
    assert province.sources["shared"].title.en == "Shared, the province's"
    result = province.on("2022-01-01").evaluate()
    titles = {cited.source.title.en for cited in result.trace.cited}
    shared = {"Shared, the nation's", "Shared, the province's"}
    assert titles == {"Rule of the province", "Act of the nation", *shared}
    assert result.confidence == "recalled"
    assert province.on("2016-01-01").rules.lineage == (("province", "7"), ("nation", "3"))


def test_the_dates_of_change_of_a_child_are_those_of_both(province: PolicyProfile) -> None:
    """Cut to its own coverage."""
    days = ["2015-01-01", "2018-01-01", "2019-01-01", "2020-01-01", "2021-01-01"]
    assert [str(day) for day in province.change_dates()] == days


def test_a_child_is_checked_with_what_it_extends(tmp_path: Path) -> None:
    """On every day on which either changes: a unit that does not fit the parent's formula is found at load."""
    (tmp_path / "nation.toml").write_text(PARENT, encoding="utf-8")
    spoilt = CHILD.replace('[definitions.share]\nunit = "fraction"', '[definitions.share]\nunit = "money"')
    (tmp_path / "province.toml").write_text(spoilt, encoding="utf-8")
    with pytest.raises(ProfileError, match="2020-01-01") as caught:
        load_profile(tmp_path / "province.toml")
    assert "nation.toml @ $.definitions.rate[0]" in str(caught.value)


def test_a_child_cannot_outlast_what_it_extends_unnoticed(tmp_path: Path) -> None:
    """Where the parent's rules end, the output has no rule, and that day is named."""
    ended = PARENT.replace("since = 2010-01-01", "since = 2010-01-01\nuntil = 2022-01-01")
    (tmp_path / "nation.toml").write_text(ended, encoding="utf-8")
    (tmp_path / "province.toml").write_text(CHILD, encoding="utf-8")
    with pytest.raises(ProfileError, match="'rate' has no definition on 2022-01-01"):
        load_profile(tmp_path / "province.toml")
