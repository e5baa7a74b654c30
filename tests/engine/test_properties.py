"""What holds for every policy and record: it is total, monotone in knowledge, and blind to the order of a file."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiny import define, policy

from injuryprev import Unknown
from injuryprev.engine import Policy
from injuryprev.engine.ir import INTEGER_OPS, in_order
from injuryprev.engine.record import compile_nodes
from injuryprev.policy.check import uses
from injuryprev.testing import profiles, records
from injuryprev.testing.policies import CHANGE, SINCE, profile_data, read_profile, toml_text

modest = settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
days = st.sampled_from([SINCE, CHANGE])


@modest
@given(st.data(), profiles(), days)
def test_evaluation_is_total(data: st.DataObject, text: str, day: object) -> None:
    """Any figures, good or bad, give a value or an Unknown for every output, and an explanation in every form."""
    policy = read_profile(text).on(day)
    for usable in (True, False):
        result = policy.evaluate(**data.draw(records(policy, usable=usable)))
        assert list(result) == list(policy.rules.outputs)
        for value in result.values():
            assert not isinstance(value, Unknown) or value.codes
        assert result.explain("zh") != result.explain("en", "markdown")
        assert set(json.loads(result.to_json())["outputs"]) == set(result)


def rest_on(policy: Policy, name: str) -> set[str]:
    """Every name that looks at ``name``, directly or not."""
    found = {name}
    for step in (*policy.rules.parameters, *policy.rules.definitions, *policy.rules.parameters):
        if found.intersection(uses(policy.rules, step)):
            found.add(step)
    return found


@modest
@given(st.data(), profiles(), days)
def test_one_more_unusable_value_makes_nothing_unknown_without_being_named(
    data: st.DataObject, text: str, day: object
) -> None:
    """What it makes unknown says so; every other reason given was true before, or is of a step that rests on it."""
    policy = read_profile(text).on(day)
    figures = data.draw(records(policy))
    name = data.draw(st.sampled_from(sorted(policy.inputs)))
    before, after = policy.evaluate(**figures), policy.evaluate(**{**figures, name: "nonsense"})
    standing = {code for value in before.trace.values().values() if isinstance(value, Unknown) for code in value.codes}
    for output, value in after.items():
        earlier = before[output]
        if not isinstance(value, Unknown):
            assert value == earlier
            continue
        fresh = set(value.codes) - (set(earlier.codes) if isinstance(earlier, Unknown) else set())
        if fresh or not isinstance(earlier, Unknown):
            assert f"unreadable:{name}" in value.codes
        for code in fresh - standing:
            assert code.partition(":")[2] in rest_on(policy, name)


def shuffled(draw: Any, data: dict[str, Any]) -> dict[str, Any]:
    """The same profile with sections, entries and keys in another order."""

    def turn(table: dict[str, Any]) -> dict[str, Any]:
        return {key: table[key] for key in draw(st.permutations(sorted(table)))}

    turned = {
        section: turn({name: turn(entry) if isinstance(entry, dict) else entry for name, entry in entries.items()})
        if section in ("inputs", "parameters", "definitions")
        else entries
        for section, entries in data.items()
    }
    return turn(turned)


@modest
@given(st.data(), profile_data(), days)
def test_the_order_of_a_file_does_not_matter(data: st.DataObject, written: dict[str, Any], day: object) -> None:
    """A profile written down in another order gives the same values, and the same reasons, for the same record."""
    first = read_profile(toml_text(written)).on(day)
    second = read_profile(toml_text(shuffled(data.draw, written))).on(day)
    figures = data.draw(records(first))
    one, other = first.evaluate(**figures), second.evaluate(**figures)
    for name, value in one.items():
        if isinstance(value, Unknown):
            found = other[name]
            assert isinstance(found, Unknown)
            assert sorted(value.codes) == sorted(found.codes)
        else:
            assert value == other[name]
    steps = other.trace.values()
    for name, step in one.trace.values().items():
        assert isinstance(step, Unknown) == isinstance(steps[name], Unknown)
        assert isinstance(step, Unknown) or step == steps[name]


@modest
@given(st.data(), profiles(), days)
def test_the_short_way_for_good_records_is_the_long_way(data: st.DataObject, text: str, day: object) -> None:
    """With every input of use, the tree without bad inputs says what the whole tree says."""
    policy = read_profile(text).on(day)
    evaluator = policy.evaluator
    given = evaluator.take(data.draw(records(policy, usable=True)))
    assert not any(given.statuses)
    short = evaluator._clean(*given.values, *given.statuses)
    whole = evaluator._full(*given.values, *given.statuses)
    assert [bool(fault) for fault in short[::2]] == [bool(fault) for fault in whole[::2]]
    assert [value for fault, value in zip(short[::2], short[1::2], strict=True) if not fault] == [
        value for fault, value in zip(whole[::2], whole[1::2], strict=True) if not fault
    ]


@modest
@given(st.data(), profiles(), days)
def test_no_node_leaves_its_bounds(data: st.DataObject, text: str, day: object) -> None:
    """The bounds that keep a policy within 64 bits hold for good and bad records alike, at every node."""
    policy = read_profile(text).on(day)
    evaluator = policy.evaluator
    roots = [
        *evaluator._roots,
        *(fault for step in policy.lowered.steps.values() for fault in step.value.faults.values()),
    ]
    nodes = in_order(roots)
    work = compile_nodes(nodes, list(policy.lowered.inputs))
    for usable in (True, False):
        taken = evaluator.take(data.draw(records(policy, usable=usable)))
        for node, value in zip(nodes, work(*taken.values, *taken.statuses), strict=True):
            low, high = (node.low, node.high) if node.op in INTEGER_OPS else (0, 4)
            assert low <= value <= high, node


RATING = policy(
    """
[parameters.base]
unit = "fraction"
by = ["class"]
values = { "1" = "0.2%", "2" = "0.4%", "3" = "0.7%" }
source = "law"
"""
    + define("benefits / paid", name="payout", unit="fraction")
    + define(
        'bands = { of = "payout", rows = [{ within = "[0, 20%]", then = -1 }, { within = "(20%, 90%]", then = 0 },'
        ' { within = "(90%, inf)", then = 1 }] }',
        name="move",
        unit="steps",
    )
    + define(
        "base * (if move < 0 then 80% else if move > 0 then 120% else 100%)",
        name="rate",
        unit="fraction",
        more='round = { to = 0.0001, mode = "half_up" }',
    )
    + define("payroll * rate", name="due", unit="money", more='round = { to = 0.01, mode = "half_up" }'),
    "move",
    "rate",
    "due",
    inputs="""
[inputs]
class = { unit = "class", range = [1, 3] }
benefits = { unit = "money", range = [0, 100_000], step = 0.01 }
paid = { unit = "money", range = [0, 100_000], step = 0.01 }
payroll = { unit = "money", range = [0, 1_000_000], step = 0.01 }
""",
)


@given(
    risk=st.integers(1, 3),
    benefits=st.integers(0, 1000),
    paid=st.integers(0, 1000),
    payroll=st.integers(0, 1000),
    factor=st.integers(1, 100),
)
def test_a_ratio_of_money_knows_no_currency(risk: int, benefits: int, paid: int, payroll: int, factor: int) -> None:
    """Benefits and contributions in a smaller unit of money move nobody; a larger wage bill owes as much more."""
    one = RATING.evaluate(**{"class": risk}, benefits=benefits, paid=paid, payroll=payroll)
    many = RATING.evaluate(**{"class": risk}, benefits=benefits * factor, paid=paid * factor, payroll=payroll * factor)
    assert (one["move"], one["rate"]) == (many["move"], many["rate"])
    if paid == 0:
        assert isinstance(one["due"], Unknown)
        assert one["due"].codes == ("division_by_zero:payout",)
    else:
        rate, due = many["rate"], many["due"]
        assert not isinstance(rate, (Unknown, bool, str))
        assert not isinstance(due, (Unknown, bool, str))
        assert abs(due - payroll * factor * rate) <= 0.005
