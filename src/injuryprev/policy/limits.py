"""Limits of the keys of a profile, worded as all errors are; the JSON Schema reads the same limits."""

from __future__ import annotations

import re
from collections.abc import Sized
from typing import Any

import attrs

from injuryprev.errors import InputError


@attrs.frozen
class Filled:
    """At least one entry, and no more than a law has use for."""

    min_length: int = 1
    max_length: int = 1000

    def __call__(self, _: object, field: attrs.Attribute[Any], value: Sized) -> None:
        """Refuse what is empty, and what is too long to be compared pair by pair."""
        if len(value) < self.min_length:
            raise InputError(f"{field.name} is empty", expected="at least one entry")
        if len(value) > self.max_length:
            raise InputError(
                f"{field.name} is too long", seen=len(value), expected=f"at most {self.max_length} entries"
            )


@attrs.frozen
class AtLeast:
    """A least value."""

    bound: int

    def __call__(self, _: object, field: attrs.Attribute[Any], value: int) -> None:
        """Refuse what is less."""
        if value < self.bound:
            raise InputError(f"{field.name} is too small", seen=value, expected=f"{self.bound} or more")


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@attrs.frozen
class Shaped:
    """Text of a shape."""

    pattern: re.Pattern[str] = attrs.field(converter=_compiled)
    wanted: str

    def __call__(self, _: object, field: attrs.Attribute[Any], value: str) -> None:
        """Refuse text of another shape."""
        if not self.pattern.fullmatch(value):
            raise InputError(f"{field.name} is not well formed", seen=value, expected=self.wanted)
