"""What can be said about a profile before it is used: does it load, do its examples come out, what do proofs find."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import attrs

from injuryprev.engine.policy import Policy, PolicyProfile
from injuryprev.engine.proof import Finding, Proofs
from injuryprev.errors import ProfileError
from injuryprev.policy import registry
from injuryprev.policy.document import Example, Refused
from injuryprev.policy.lines import locate
from injuryprev.units import add_months
from injuryprev.unknown import Unknown


@attrs.frozen
class Spot:
    """Where in which file something stands: ``file @ path``, and the line if it is known."""

    place: str
    file: Path | None = None
    line: int | None = None

    @classmethod
    def of(cls, place: str, beside: Path) -> Spot:
        """The spot of a place named by an error or a finding."""
        return cls(place, *locate(place, beside))

    def __str__(self) -> str:
        """As compilers and editors write it: ``file:line``."""
        if self.file is None:
            return self.place
        return str(self.file) if self.line is None else f"{self.file}:{self.line}"


@attrs.frozen(eq=False)
class Problem:
    """Why a profile cannot be used, or an example of it that does not come out."""

    spot: Spot
    message: str


@attrs.frozen(eq=False)
class Stale:
    """A document last read so long ago that somebody should read it again."""

    spot: Spot
    key: str
    checked_on: dt.date


@attrs.frozen(eq=False)
class Report:
    """What was found about one profile.

    ``problems`` are mistakes of the file, and with them there are no findings; ``failed`` are its examples that do not
    come out; ``findings`` are what the proofs say of the law as it is written; ``stale`` is for a reader to look at.
    """

    id: str
    file: Path
    problems: tuple[Problem, ...] = ()
    failed: tuple[Problem, ...] = ()
    findings: tuple[tuple[Spot, Finding], ...] = ()
    stale: tuple[Stale, ...] = ()
    examples: int = 0

    @property
    def passes(self) -> bool:
        """Whether the profile can be used, its examples come out, and nothing new was found."""
        return not self.problems and not self.failed and all(finding.passes for _, finding in self.findings)

    def to_data(self) -> dict[str, Any]:
        """As plain data, for JSON."""
        return {
            "schema": "injuryprev.check/1",
            "profile": self.id,
            "passes": self.passes,
            "problems": [_written(one.spot) | {"message": one.message} for one in self.problems],
            "examples": self.examples,
            "failed": [_written(one.spot) | {"message": one.message} for one in self.failed],
            "findings": [finding.to_data() | {"line": spot.line} for spot, finding in self.findings],
            "stale": [_written(one.spot) | {"key": one.key, "checked_on": str(one.checked_on)} for one in self.stale],
        }


def _written(spot: Spot) -> dict[str, Any]:
    return {"place": spot.place, "line": spot.line}


def check(
    name: str | Path,
    *,
    on: dt.date | None = None,
    proofs: Proofs | None = None,
    today: dt.date | None = None,
    months: int = 12,
) -> Report:
    """Look at one profile.

    Args:
        name: An id, or the path of a file.
        on: One day to prove; without it, every day on which anything changes.
        proofs: Who proves; without it, nothing is proved.
        today: The day from which the age of a reading is counted; without it, none is called stale.
        months: The age, in months, from which a reading is stale.

    Raises:
        UnknownNameError: No profile has this id.
        ReadError: The file cannot be read, or is no TOML.
        CoverageError: The day is outside the coverage.
    """
    path = registry.find(name)
    try:
        profile = PolicyProfile(registry.load(name))
        profile.check()
    except ProfileError as error:
        return Report(path.stem, path, problems=tuple(_problems(error, path)))
    found = () if proofs is None else proofs.of(profile.profile, None if on is None else [profile.on(on).on])
    return Report(
        profile.id,
        path,
        failed=tuple(_failed(profile, path)),
        findings=tuple((Spot.of(finding.place, path), finding) for finding in found),
        stale=() if today is None else tuple(_stale(profile, path, add_months(today, -months))),
        examples=len(profile.examples),
    )


def _problems(error: ProfileError, path: Path) -> Iterator[Problem]:
    for problem in error.problems:
        yield Problem(Spot.of(problem.where, path), problem.message)


def _stale(profile: PolicyProfile, path: Path, since: dt.date) -> Iterator[Stale]:
    document = profile.profile.document
    read = {"profile": document.profile.checked_on} | {
        f"sources.{key}": source.checked_on for key, source in document.sources.items()
    }
    for key, day in sorted(read.items(), key=lambda one: one[1]):
        if day < since:
            yield Stale(Spot.of(f"{path.name} @ $.{key}.checked_on", path), key.removeprefix("sources."), day)


# Examples ------------------------------------------------------------------------------------------------------------


def _failed(profile: PolicyProfile, path: Path) -> Iterator[Problem]:
    for index, example in enumerate(profile.examples):
        for message in mismatches(profile.on(example.on), example):
            yield Problem(Spot.of(f"{path.name} @ $.examples[{index}]", path), f"example {example.name!r}: {message}")


def mismatches(policy: Policy, example: Example) -> Iterable[str]:
    """Outcomes of a worked case that are not those that it expects."""
    result = policy.evaluate(**example.given)
    for name, expected in example.expect.items():
        found = result[name]
        if isinstance(expected, Refused):
            if not isinstance(found, Unknown):
                yield f"{name} is {found}; expected: unknown ({expected.unknown})"
            elif expected.unknown not in found.codes:
                yield f"{name} is unknown ({', '.join(found.codes)}); expected: unknown ({expected.unknown})"
        elif found != expected:
            shown = f"unknown ({', '.join(found.codes)})" if isinstance(found, Unknown) else found
            yield f"{name} is {shown}; expected: {expected}"
