"""Monotone is asked of all the names for what an employer pays or is granted, and says so where it asks of none."""

from __future__ import annotations

import pytest
from tiny import define, profile

import injuryprev as ip
from injuryprev.engine.proof import Finding

INPUTS = """
[inputs]
x = { unit = "number", range = [0, 9], worse = "higher" }
y = { unit = "number", range = [0, 9], worse = "lower" }
"""


def asked(name: str, formula: str, worse: str = "") -> list[Finding]:
    """What is found of one output, given by a formula."""
    text = f'[definitions.{name}]\nunit = "number"\nsource = "law"\nformula = "{formula}"\n'
    text += f'worse = "{worse}"\n' if worse else ""
    found = profile(text, name, inputs=INPUTS).prove("2020-06-01")
    return [finding for finding in found if finding.question == "monotone"]


@pytest.mark.parametrize(
    ("name", "formula", "status"),
    [
        ("modification", "x - y", "proved"),
        ("modification", "9 - x + y", "refuted"),
        ("discount", "9 - x + y", "proved"),
        ("discount", "x - y", "refuted"),
        ("surcharge", "x - y", "proved"),
        ("surcharge", "9 - x + y", "refuted"),
    ],
)
def test_each_name_is_asked_in_its_own_direction(name: str, formula: str, status: str) -> None:
    """What is paid never falls as a record gets worse; what is granted never rises."""
    assert {(finding.input, finding.status) for finding in asked(name, formula)} == {("x", status), ("y", status)}


@pytest.mark.parametrize(
    ("name", "formula", "worse", "status"),
    [
        ("premium", "x - y", "higher", "proved"),
        ("premium", "9 - x + y", "higher", "refuted"),
        ("reward", "9 - x + y", "lower", "proved"),
        ("reward", "x - y", "lower", "refuted"),
        ("rate", "9 - x + y", "lower", "proved"),
    ],
)
def test_any_name_is_asked_in_the_direction_it_declares(name: str, formula: str, worse: str, status: str) -> None:
    """What a profile says of its output goes before what its name would say."""
    found = {(finding.input, finding.status) for finding in asked(name, formula, worse)}
    assert found == {("x", status), ("y", status)}


def test_a_word_is_neither_higher_nor_lower() -> None:
    """Only a number has a direction."""
    text = '[definitions.out]\nunit = "flag"\nsource = "law"\nformula = "x > y"\nworse = "higher"\n'
    with pytest.raises(ip.ProfileError, match="neither higher nor lower"):
        profile(text, "out", inputs=INPUTS).on("2020-06-01")


def test_a_worse_record_that_is_granted_more_is_shown_after_the_better_one() -> None:
    """A pair of employers, the better record first, and words that say what is wrong with them."""
    for finding, words in zip(
        asked("discount", "x - y"), ("more x is granted more", "less y is granted more"), strict=True
    ):
        better, worse = finding.witnesses
        assert finding.words.en == words
        assert int(str(better.outcomes["discount"])) < int(str(worse.outcomes["discount"]))
        step = int(str(worse.given[finding.input])) - int(str(better.given[finding.input]))
        assert step > 0 if finding.input == "x" else step < 0


def test_no_output_of_such_a_name_is_said() -> None:
    """A perverse figure of another name is not asked about, and the finding says so rather than nothing."""
    [finding] = asked("premium", "9 - x")
    assert (finding.status, finding.subject) == ("not applicable", "premium")
    assert finding.words.en.startswith("not asked: no output is declared worse")


@pytest.mark.parametrize(
    ("name", "output"), [("us-ncci", "modification"), ("de-bgetem", "discount"), ("de-bgbau", "surcharge")]
)
def test_shipped_profiles_never_reward_a_worse_record(name: str, output: str) -> None:
    """NCCI's modification, BG ETEM's discount and BG BAU's surcharge are proved for every input that can get worse."""
    shipped = ip.load_profile(name)
    found = [finding for finding in shipped.prove(shipped.change_dates()[0]) if finding.question == "monotone"]
    found = [finding for finding in found if finding.subject == output]
    assert {finding.status for finding in found} == {"proved"}
    assert len(found) == 2


def test_a_levy_that_is_halved_by_a_death_is_found() -> None:
    """The worse record pays half of a figure that both share."""
    inputs = '[inputs.pay]\nunit = "money"\nrange = [0, 1000]\n'
    inputs += '[inputs.deaths]\nunit = "cases"\nrange = [0, 9]\nworse = "higher"\n'
    more = 'round = { to = 1, mode = "half_up" }'
    body = define("pay * 2%", name="levy", unit="money", more=more) + define(
        "if deaths >= 1 then levy * 50% else levy", name="contribution", unit="money", more=more
    )
    found = profile(body, "contribution", inputs=inputs).prove("2020-06-01")
    [finding] = [finding for finding in found if finding.question == "monotone"]
    better, worse = finding.witnesses
    assert finding.status == "refuted"
    assert int(str(better.outcomes["contribution"])) > int(str(worse.outcomes["contribution"]))
