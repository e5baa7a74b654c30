"""Loading profiles by id or path, ready to be used."""

from __future__ import annotations

from pathlib import Path

import attrs

from injuryprev.engine.policy import PolicyProfile
from injuryprev.errors import InjuryprevError
from injuryprev.policy import registry
from injuryprev.units import Period
from injuryprev.words import Words


@attrs.frozen
class ProfileInfo:
    """What is installed: id, name of the region, version, coverage, what it extends, and which plug-in brings it."""

    id: str
    title: Words
    version: str
    covers: Period
    extends: str
    plugin: str = ""


def list_profiles() -> tuple[ProfileInfo, ...]:
    """Every installed profile, shipped or brought by a plug-in, in the order of ids.

    >>> "cn-zj" in [profile.id for profile in list_profiles()]
    True
    """
    return tuple(
        ProfileInfo(found.id, found.title, found.version, found.covers, found.document.profile.extends, plugin)
        for found, plugin in registry.installed()
    )


def plugin_problems() -> tuple[InjuryprevError, ...]:
    """What is wrong with installed plug-ins; none of it keeps the others, or the shipped profiles, from being used.

    A plug-in whose package is not there or that brings no profile, a file that is no profile, an id that is taken. A
    file is read here, not checked for every day; loading it does that.

    >>> plugin_problems()
    ()
    """
    return tuple(registry.broken())


def load_profile(name: str | Path) -> PolicyProfile:
    """Load a profile by its id, or from a TOML file by its path.

    A file from outside, that of a plug-in among them, is checked for every day on which it changes something; the
    shipped profiles were.

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
    if registry.is_outside(name) or str(name) not in registry.builtin_files():
        profile.check()
    return profile
