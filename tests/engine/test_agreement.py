"""The engine agrees with a plain interpreter of the same rules, on rules and records nobody thought of."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reference import Value, work_out

from injuryprev import Unknown
from injuryprev.engine import Policy
from injuryprev.testing import profiles, records
from injuryprev.testing.policies import CHANGE, SINCE, read_profile

modest = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


def same(found: object, wanted: Value) -> bool:
    """Value for value, unknown for unknown."""
    if wanted is None or isinstance(found, Unknown):
        return wanted is None and isinstance(found, Unknown)
    if isinstance(found, (Decimal, Fraction)):
        return isinstance(wanted, Fraction) and Fraction(found) == wanted
    return type(found) is type(wanted) and found == wanted


def agrees(policy: Policy, figures: dict[str, object]) -> None:
    """Every input, step and output is what the plain interpreter says."""
    wanted = work_out(policy.rules, figures)
    result = policy.evaluate(**figures)
    found: dict[str, object] = {**result.trace.values()}
    assert all(same(result[name], wanted[name]) for name in policy.rules.outputs), (dict(result), wanted)
    for name, value in wanted.items():
        assert same(found[name], value), (name, found[name], value)


@modest
@given(st.data(), profiles())
def test_the_engine_agrees_with_a_plain_interpreter(data: st.DataObject, text: str) -> None:
    """Value for value, for every step and on both sides of a change of the rules."""
    profile = read_profile(text)
    for day in (SINCE, CHANGE):
        policy = profile.on(day)
        for _ in range(3):
            agrees(policy, data.draw(records(policy)))
        agrees(policy, data.draw(records(policy, usable=True)))
