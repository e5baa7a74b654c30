"""What commands share that gather cases of an area in a period: the period, the employers, what was found wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import typer

from injuryprev.cli.common import REJECTS, err, usage
from injuryprev.cli.said import Found, report
from injuryprev.exchange import Area
from injuryprev.model import Employer, History
from injuryprev.units import Period, as_date
from injuryprev.words import Lang, Words

_COST: Final = Words("the figures of {refused} employers are unknown for them", "{refused} 家单位的数据因此未知")


def window_of(year: int | None, since: str | None, until: str | None) -> Period:
    """The period asked for: a year, or its first day and the first day after it."""
    if (year is None) == (since is None) or (since is None) != (until is None):
        raise usage("say --year, or --since and --until")
    if year is not None:
        return Period.year(year)
    return Period(as_date(since, where="--since"), as_date(until, where="--until"))


def known_employers(area: Area) -> Iterator[tuple[Employer, History]]:
    """The employers with what was read of them; of one whose own row was rejected that is nothing."""
    for key in area.ids:
        yield area.employers.get(key, Employer(key)), area.histories.get(key, History())


def finish(area: Area, path: Path | None, lang: Lang, *, wanted: bool, allowed: bool) -> None:
    """Say what was found wrong in an area, and end with the status for it.

    Raises:
        Exit: Rows were rejected.
    """
    rejected = len(area.rejects)
    found = Found(area.findings, rejected, len(area.findings) - rejected, len(area.refused))
    end_with(found, path, lang, _COST, wanted=wanted, allowed=allowed)


def end_with(found: Found, path: Path | None, lang: Lang, cost: Words, *, wanted: bool, allowed: bool) -> None:
    """Say what was found wrong and what it cost, and end with the status for it.

    Raises:
        Exit: Rows were rejected.
    """
    if report(err(), found, path, lang, wanted=wanted, cost=cost) and not allowed:
        raise typer.Exit(REJECTS)
