"""What the tests of single regions ask of a profile."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path

import injuryprev as ip

HERE = Path(__file__).parent


@cache
def policy(profile: str, on: str) -> ip.Policy:
    """The rules of one day, of a shipped profile or of one beside the tests."""
    beside = HERE / f"{profile}.toml"
    return ip.load_profile(beside if beside.exists() else profile).on(on)


def ask(profile: str, on: str, output: str, **given: object) -> object:
    """One output of one record."""
    return policy(profile, on).evaluate(**given)[output]


def step(profile: str, on: str, name: str, **given: object) -> object:
    """One step of one record, whether it is an output or not."""
    return next(step.value for step in policy(profile, on).evaluate(**given).trace.steps if step.name == name)


def codes(found: object) -> tuple[str, ...]:
    """Why something is unknown."""
    assert isinstance(found, ip.Unknown), found
    return found.codes


def base_rates(profile: str, on: str, **given: object) -> list[object]:
    """The base rates of the eight classes."""
    return [ask(profile, on, "base_rate", risk_class=number, **given) for number in range(1, 9)]


def percent(text: str) -> list[Decimal]:
    """Figures written in per cent."""
    return [Decimal(one) / 100 for one in text.split()]
