"""Loading profiles by id or path, ready to be used."""

from __future__ import annotations

from pathlib import Path

import attrs

from injuryprev.engine.policy import PolicyProfile
from injuryprev.policy import registry
from injuryprev.units import Period
from injuryprev.words import Words


@attrs.frozen
class ProfileInfo:
    """What is installed: id, name of the region, version, coverage, and what it extends."""

    id: str
    title: Words
    version: str
    covers: Period
    extends: str


def list_profiles() -> tuple[ProfileInfo, ...]:
    """Every installed profile, in the order of ids.

    >>> "cn-zj" in [profile.id for profile in list_profiles()]
    True
    """
    return tuple(
        ProfileInfo(found.id, found.title, found.version, found.covers, found.document.profile.extends)
        for found in registry.installed()
    )


def load_profile(name: str | Path) -> PolicyProfile:
    """Load a profile by its id, or from a TOML file by its path.

    A file from outside is checked for every day on which it changes something; the shipped profiles were.

    Raises:
        UnknownNameError: No profile has this id; the nearest ids are named.
        ReadError: The file cannot be read.
        ProfileError: The profile is refused, with every problem and its place.

    >>> load_profile("cn-zy")
    Traceback (most recent call last):
    ...
    injuryprev.errors.UnknownNameError: load_profile: there is no profile 'cn-zy'; seen: 'cn-zy'; \
expected: did you mean 'cn-zj'...
    """
    profile = PolicyProfile(registry.load(name))
    if registry.is_outside(name):
        profile.check()
    return profile
