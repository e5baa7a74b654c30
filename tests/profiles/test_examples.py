"""Every published and worked case that a shipped profile carries is reproduced by it."""

from __future__ import annotations

from decimal import Decimal

import pytest

import injuryprev as ip
from injuryprev.policy.document import Example, Refused

CASES = [
    pytest.param(profile.id, example, id=f"{profile.id}: {example.name}")
    for profile in (ip.load_profile(info.id) for info in ip.list_profiles())
    for example in profile.examples
]


@pytest.mark.parametrize(("profile", "example"), CASES)
def test_a_case_of_a_profile_comes_out_as_published(profile: str, example: Example) -> None:
    """Figures in, figures out; an expected refusal names the very reason."""
    result = ip.load_profile(profile).on(example.on).evaluate(**example.given)
    for name, expected in example.expect.items():
        found = result[name]
        if isinstance(expected, Refused):
            assert isinstance(found, ip.Unknown), name
            assert expected.unknown in found.codes, name
        else:
            assert found == expected, f"{name}: {found}"


@pytest.mark.parametrize("info", ip.list_profiles(), ids=lambda info: info.id)
def test_every_profile_carries_cases_with_their_source(info: ip.ProfileInfo) -> None:
    """A region without a case, or a case without a source, shows nothing."""
    examples = ip.load_profile(info.id).examples
    assert examples
    assert all(example.source for example in examples)
    assert len({example.name for example in examples}) == len(examples)


def test_the_published_halves_are_all_there() -> None:
    """Lianyungang 2018 and a city of the Shenyang area 2022 printed the eight halves of the national base rates."""
    halves = ["0.001", "0.002", "0.0035", "0.0045", "0.0055", "0.0065", "0.008", "0.0095"]
    examples = ip.load_profile("cn").examples
    for source in ("lianyungang-2018", "shenyang-2022"):
        rates = [example.expect["rate"] for example in examples if example.source[0].document == source]
        assert rates == [Decimal(half) for half in halves]
