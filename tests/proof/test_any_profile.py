"""Proofs come to terms with every construct of the format, and never with records that show otherwise."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import injuryprev as ip
from injuryprev.engine.proof import Proofs
from injuryprev.testing import profiles, records
from injuryprev.testing.policies import CHANGE, SINCE, read_profile

CODES = ("division_by_zero", "no_row", "several_rows", "rows_differ", "no_figure")
modest = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


def refused(policy: ip.Policy, figures: dict[str, object]) -> set[str]:
    """Undeclared refusals of one record."""
    outcomes = policy.evaluate(**figures).values()
    codes = {code for outcome in outcomes if isinstance(outcome, ip.Unknown) for code in outcome.codes}
    return {code for code in codes if code.partition(":")[0] in CODES}


@modest
@given(st.data(), profiles())
def test_no_record_shows_otherwise(data: st.DataObject, text: str) -> None:
    """Each refusal that a record meets was found, and each that was found is met by its witness."""
    whole = read_profile(text)
    proofs = Proofs(5)
    for day in (SINCE, CHANGE):
        policy = whole.on(day)
        found = proofs.of(whole.profile, [day])
        told = {f"{finding.kind}:{finding.subject}": finding for finding in found if finding.kind in CODES}
        for code, finding in told.items():
            if finding.witnesses:
                assert code in refused(policy, dict(finding.witnesses[0].given))
        open_ones = any(finding.status == "not reached" for finding in found)
        for _ in range(5):
            met = refused(policy, data.draw(records(policy, usable=True)))
            assert met <= set(told) or open_ones


@modest
@given(st.data(), profiles())
def test_no_record_differs_where_none_should(data: st.DataObject, text: str) -> None:
    """Of two versions of rules: what is proved the same is the same, and who is shown differs."""
    whole = read_profile(text)
    before, after = whole.on(SINCE), whole.on(CHANGE)
    found = ip.diff(before, after, seconds=5)
    for output in found.outputs:
        for region in output.regions:
            given_now = region.employer.given
            mine = {name: given_now[name] for name in before.inputs if name in given_now}
            assert before.evaluate(**mine)[output.name] == region.employer.before
            assert region.employer.before != region.employer.after or isinstance(region.employer.before, ip.Unknown)
    same = [output.name for output in found.outputs if output.status == "same"]
    if set(before.inputs) == set(after.inputs):
        for _ in range(5):
            figures = data.draw(records(before, usable=True))
            for name in same:
                one, other = before.evaluate(**figures)[name], after.evaluate(**figures)[name]
                assert one == other or (isinstance(one, ip.Unknown) and isinstance(other, ip.Unknown))


def test_without_z3_the_extra_is_named() -> None:
    """Proofs say what to install; the rest of the package works."""
    code = (
        "import sys; sys.modules['z3'] = None\n"
        "import injuryprev as ip\n"
        "try:\n    ip.load_profile('toyland').prove()\n"
        "except ip.InputError as error:\n    print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "proofs: proofs need z3; expected: pip install 'injuryprev[proof]'\n"


def test_a_day_outside_the_coverage_is_refused() -> None:
    """As everywhere."""
    with pytest.raises(ip.CoverageError):
        ip.load_profile("toyland").prove("1999-01-01")
