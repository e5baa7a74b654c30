"""The difference of two policies agrees with trying every record, and says what is written differently."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from small_rules import EVERY, INPUTS, rules
from tiny import HEAD, define, profile

import injuryprev as ip


def rate(policy: ip.Policy, figures: Mapping[str, Any]) -> object:
    """The rate, or that there is none: why there is none is told elsewhere."""
    outcome = policy.evaluate(**{name: figures[name] for name in policy.inputs if name in figures})["rate"]
    return None if isinstance(outcome, ip.Unknown) else outcome


def holds(rules_text: str, words: str, figures: Mapping[str, Any]) -> bool:
    """Whether the words of a region are true of a record, by the rules whose names they use."""
    formula = "true" if words == "every employer" else words
    here = f'[definitions.here]\nunit = "flag"\nsource = "law"\nformula = "{formula}"\n'
    told = profile(rules_text + here, "here", head=HEAD, inputs=INPUTS).on("2020-06-01")
    return told.evaluate(**figures)["here"] is True


@settings(max_examples=25, deadline=None)
@given(rules(), rules())
def test_a_difference_agrees_with_every_record(one: str, other: str) -> None:
    """The same where no record differs; else each employer shown differs as it is shown."""
    before, after = (profile(text, "rate", head=HEAD, inputs=INPUTS).on("2020-06-01") for text in (one, other))
    found = ip.diff(before, after, seconds=20)
    differing = {(rate(before, record), rate(after, record)) for record in EVERY}
    differing = {pair for pair in differing if pair[0] != pair[1]}
    [output] = found.outputs
    assert output.status == ("differs" if differing else "same")
    assert found.same is not bool(differing)
    shown = set()
    for region in output.regions:
        employer = region.employer
        pair = rate(before, employer.given), rate(after, employer.given)
        assert pair in differing
        assert pair == tuple(
            None if isinstance(side, ip.Unknown) else side for side in (employer.before, employer.after)
        )
        shown.add(pair)
        for record in EVERY if region.words else ():
            if holds(one, region.words.en, record):
                assert rate(before, record) != rate(after, record), (region.words.en, record)
    if output.complete and not any(region.words for region in output.regions):
        assert shown == differing


@settings(max_examples=20, deadline=None)
@given(rules())
def test_rules_do_not_differ_from_themselves(text: str) -> None:
    """Nothing is written differently, and nobody is treated differently."""
    whole = profile(text, "rate", head=HEAD, inputs=INPUTS)
    found = ip.diff(whole.on("2020-06-01"), whole.on("2021-06-01"))
    assert found.changes == ()
    assert found.same


def two(before: str, after: str, *, inputs: tuple[str, str] | None = None) -> tuple[ip.Policy, ip.Policy]:
    """Two policies with one output each."""
    made = [
        profile(define(text, unit="number", more='round = { to = 0.01, mode = "half_up" }'), inputs=given)
        for text, given in zip((before, after), inputs or (INPUTS, INPUTS), strict=True)
    ]
    return made[0].on("2020-06-01"), made[1].on("2020-06-01")


def test_a_threshold_moved_by_one_is_found_where_it_moved() -> None:
    """The region is told in the conditions of both."""
    found = ip.diff(*two("if x >= 3 then 1 else 0", "if x > 3 then 1 else 0"))
    [region] = found.outputs[0].regions
    assert region.words.en == "x == 3"
    assert region.employer.given == {"x": 3}
    assert [(change.path, change.before, change.after) for change in found.changes] == [
        ("formula", "if x >= 3 then 1 else 0", "if x > 3 then 1 else 0")
    ]


def test_another_way_to_write_the_same_is_proved_the_same() -> None:
    """The texts differ, the outcomes do not."""
    found = ip.diff(*two("max(x, y) * 2", "if x > y then x + x else y + y"))
    assert found.same
    assert found.changes != ()


@pytest.mark.parametrize(
    ("line", "same"),
    [
        ('x = { unit = "number", range = [0, 6], step = 0.5 }', True),
        ('x = { unit = "number", range = [3, 9], step = 3 }', True),
        ('x = { unit = "number", range = [7, 9] }', False),
        ('x = { unit = "category", choices = { a = "A" } }', None),
    ],
)
def test_inputs_of_other_ranges_are_compared_where_both_allow_them(line: str, same: bool | None) -> None:
    """A finer or coarser step, a range that overlaps; one that does not is another figure."""
    other = INPUTS.replace('x = { unit = "number", range = [0, 6], worse = "higher" }', line)
    formula = "x * 2" if same is not None else "if x == 'a' then 1 else 0"
    found = ip.diff(*two("x * 2", formula, inputs=(INPUTS, other)))
    assert found.same is bool(same)
    if not same:
        employer = found.outputs[0].regions[0].employer
        assert set(employer.given) == {"x", "x (after)"}
        assert employer.before != employer.after


def test_sources_are_compared() -> None:
    """A document read anew changes nothing but what it rests on, and that is said."""
    toyland = ip.load_profile("toyland")
    found = ip.diff(toyland.on("2023-12-30"), toyland.on("2023-12-31"))
    sources = {(change.name, change.after) for change in found.changes if change.path == "source"}
    assert ("class_rate", "Decree 3 New Year's Eve Decree (2023-12-01), § 1") in sources
    figures = {change.path: (change.before, change.after) for change in found.changes if change.name == "class_rate"}
    assert figures["values.1.b"] == ("0.005", "0.0045")
    assert figures["values.3.b"] == (None, "0.021")


COUNTED = """
[inputs.x]
unit = "cases"
range = [0, 9]
[inputs.y]
unit = "cases"
range = [0, 9]
[windows.w]
cycle = 2020-01-01
every = 12
length = LENGTH
[counting.x]
from = "cases"
take = "count"
dated = "recognised_on"
window = "w"
none = 0
source = "law"
[definitions.rate]
unit = "cases"
source = "law"
formula = "x"
[definitions.other]
unit = "cases"
source = "law"
formula = "y"
"""


def test_what_is_counted_differently_is_not_the_same_for_every_employer() -> None:
    """Equal figures give equal outcomes, but the records do not give equal figures; other outputs are not concerned."""
    one, two_years = (
        profile(COUNTED.replace("LENGTH", months), "rate", "other", inputs="").on("2020-06-01")
        for months in ("12", "24")
    )
    found = ip.diff(one, two_years)
    assert [(output.name, output.status, output.counted_alike) for output in found.outputs] == [
        ("rate", "same", False),
        ("other", "same", True),
    ]
    assert not found.same
    assert found.outputs[0].text() == "rate: the same for equal figures (proved); the figures are counted differently"
    assert ip.diff(one, one).same


def test_outputs_of_one_side_alone_are_told_and_are_not_the_same() -> None:
    """Nothing is the same where nothing was compared."""
    body = define("x") + define("y", name="more")
    both, fewer = (profile(body, *names, inputs=INPUTS).on("2020-06-01") for names in (("out", "more"), ("out",)))
    more = profile(body, "more", inputs=INPUTS).on("2020-06-01")
    assert [(o.name, o.status) for o in ip.diff(both, fewer).outputs] == [("out", "same"), ("more", "only before")]
    assert [(o.name, o.status) for o in ip.diff(fewer, more).outputs] == [
        ("out", "only before"),
        ("more", "only after"),
    ]
    assert not ip.diff(both, fewer).same
    assert not ip.diff(fewer, more).same


def test_money_of_two_currencies_is_not_compared() -> None:
    """A yen is no yuan: the currency is told as a change, and sums are not comparable; rates are."""
    inputs = '[inputs.pay]\nunit = "money"\nrange = [0, 1000]\n'
    body = define("pay", unit="money") + define("if pay > 5 then 1 else 0", name="rate")
    here, abroad = (
        profile(body, "out", "rate", head=HEAD.replace("TIN", money), inputs=inputs).on("2020-06-01")
        for money in ("TIN", "EUR")
    )
    found = ip.diff(here, abroad)
    assert [(one.section, one.name, one.before, one.after) for one in found.changes] == [
        ("profile", "currency", "TIN", "EUR")
    ]
    assert [(output.name, output.status) for output in found.outputs] == [
        ("out", "not comparable"),
        ("rate", "differs"),
    ]
    assert set(found.outputs[1].regions[0].employer.given) == {"pay", "pay (after)"}
    assert not found.same
    assert ip.diff(here, here).same


def test_an_input_has_no_source() -> None:
    """An input that is new is told as it is written, without an empty source."""
    more = INPUTS + 'z = { unit = "flag" }\n'
    found = ip.diff(*two("x", "if z then x else x + 0", inputs=(INPUTS, more)))
    [change] = [change for change in found.changes if change.section == "inputs"]
    assert change.after == "unit = flag; step = 1"
