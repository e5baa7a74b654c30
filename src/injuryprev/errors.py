"""The error family: every message says what, where, the value seen, what would do, and the source of the rule."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence


class InjuryprevError(Exception):
    """Base of all errors raised by this package.

    Args:
        what: One sentence without a full stop: what is wrong.
        where: The place, as ``file @ path``, ``Employer.insured_since`` or the like.
        seen: The value met, shown with ``repr`` unless it is text already worded for a reader.
        expected: What would have been right.
        source: The rule behind the demand (document, number, article), where there is one.

    All five stay readable as attributes, so that a program need not parse the message.

    >>> raise InjuryprevError("the date is not a date", where="cases.csv row 7", seen="2024-02-30",
    ...                       expected="a day of the calendar, YYYY-MM-DD")
    Traceback (most recent call last):
    ...
    injuryprev.errors.InjuryprevError: cases.csv row 7: the date is not a date; seen: '2024-02-30'; \
expected: a day of the calendar, YYYY-MM-DD
    """

    def __init__(
        self,
        what: str,
        *,
        where: str = "",
        seen: object = None,
        expected: str = "",
        source: str = "",
    ) -> None:
        self.what = what
        self.where = where
        self.seen = seen
        self.expected = expected
        self.source = source
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """The whole message on one line."""
        text = f"{self.where}: {self.what}" if self.where else self.what
        if self.seen is not None:
            text += f"; seen: {self.seen!r}"
        if self.expected:
            text += f"; expected: {self.expected}"
        if self.source:
            text += f"; source: {self.source}"
        return text

    def __str__(self) -> str:
        return self.message


class InputError(InjuryprevError, ValueError):
    """A value given to a typed object or a function is not what it must be."""


class UnknownNameError(InjuryprevError, KeyError):
    """A name that nothing answers to: a profile, an input, an output."""

    __str__ = InjuryprevError.__str__


class ProfileError(InjuryprevError, ValueError):
    """A profile is refused. ``problems`` holds every problem found, not the first alone."""

    def __init__(self, file: str, problems: Iterable[InjuryprevError]) -> None:
        self.file = file
        self.problems = tuple(problems)
        count = len(self.problems)
        lines = "".join(f"\n  - {problem.message}" for problem in self.problems)
        super().__init__(f"{count} problem{'s' if count != 1 else ''} in this profile{lines}", where=file)


class CoverageError(InjuryprevError, LookupError):
    """A profile was asked for a date that its law does not cover."""


class ReadError(InjuryprevError, ValueError):
    """A file as a whole cannot be read (no such file, no known header, an encoding that does not fit)."""


class RefusedError(InjuryprevError, ValueError):
    """A rule forbids what was asked for; ``objections`` holds every rule that does, with its source."""

    def __init__(self, what: str, objections: Sequence[object], *, where: str = "") -> None:
        self.objections = tuple(objections)
        super().__init__(f"{what}: " + " | ".join(str(objection) for objection in self.objections), where=where)


def nearest(name: str, known: Iterable[str], *, most: int = 3) -> str:
    """Word the nearest valid names as a hint, or list some when none is near.

    >>> nearest("payrol", ["payroll", "benefits"])
    "did you mean 'payroll'?"
    """
    names = sorted(set(known))
    near = difflib.get_close_matches(name, names, n=most, cutoff=0.6)
    if near:
        return "did you mean " + " or ".join(repr(match) for match in near) + "?"
    if not names:
        return "there are none"
    shown = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
    return f"one of: {shown}"
