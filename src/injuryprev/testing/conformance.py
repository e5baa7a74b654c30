"""A profile tested in one line: it loads, its cases come out, proofs find nothing new, and all readers agree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Literal

import narwhals as nw
from hypothesis import HealthCheck, given, settings

from injuryprev.engine.checking import Report, check
from injuryprev.engine.library import load_profile
from injuryprev.engine.policy import Policy
from injuryprev.engine.proof import SECONDS, Finding, Proofs
from injuryprev.testing.policies import records as drawn_records
from injuryprev.units import as_date, finite_places, to_decimal
from injuryprev.unknown import Unknown

_FRAMES: Final[tuple[Literal["polars", "pyarrow", "pandas"], ...]] = ("polars", "pyarrow", "pandas")
"""Dataframe libraries, the first of which that is installed is read with too."""
_FOUND: Final = ("division_by_zero", "no_row", "several_rows", "rows_differ", "no_figure")
"""Codes of refusals that nobody declares, so that a proof speaks of each."""


def check_profile(
    name: str | Path, *, on: object = None, records: int = 50, seconds: float = SECONDS, proofs: bool = True
) -> Report:
    """Test a profile the way those of this library are tested; for the tests of whoever writes one.

    Its file loads on every day on which anything changes, and its examples come out.  The proofs are reached, find
    nothing that it does not accept, and it accepts nothing that they do not find.  Records drawn at random, at the
    thresholds of its rules and off them, come to the same for the reader of one record, its explanation, a dataframe
    (where a library for them is installed) and the proofs.

    Args:
        name: An id, or the path of a file.
        on: One day; without it, every day on which anything changes.
        records: Records drawn for each day.
        seconds: What one question of the proofs may take.
        proofs: Whether to prove, which needs the extra ``proof``.

    Returns:
        What was found and passes, to look at.

    Raises:
        AssertionError: All that does not pass, with file and line.
        UnknownNameError: No profile has this id.
        ReadError: The file cannot be read.

    >>> check_profile("cn-gd-zhuhai", on="2024-01-01", records=5).passes
    True
    """
    day = None if on is None else as_date(on, where="check_profile")
    report = check(name, on=day, proofs=Proofs(seconds) if proofs else None)
    _none_of(_failures(report))
    profile = load_profile(name)
    found = [finding for _, finding in report.findings]
    for one in profile.change_dates() if day is None else (day,):
        _none_of(_disagreements(profile.on(one), one, found if proofs else None, records))
    return report


def _none_of(failures: Iterable[str]) -> None:
    listed = list(failures)
    if listed:
        raise AssertionError("\n".join(listed))


def _failures(report: Report) -> Iterator[str]:
    for problem in (*report.problems, *report.failed):
        yield f"{problem.spot}: {problem.message}"
    for spot, finding in report.findings:
        if not finding.passes:
            yield f"{spot}: {finding.text()}"
            yield from (f"    {witness.text()}" for witness in finding.witnesses)


# Readers on drawn records --------------------------------------------------------------------------------------------


def _disagreements(policy: Policy, day: dt.date, found: list[Finding] | None, count: int) -> Iterator[str]:
    drawn: list[dict[str, str]] = []

    @settings(max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(drawn_records(policy))
    def draw(record: Mapping[str, object]) -> None:
        texts = {name: _text(value) for name, value in record.items()}
        drawn.append({name: text for name, text in texts.items() if text is not None})

    draw()
    known = None if found is None else {f"{one.kind}:{one.subject}" for one in found if day in one.days}
    rows = _frame_rows(policy, drawn)
    for record, row in zip(drawn, rows, strict=True):
        where = f"{policy.id} on {day}, {record}"
        result = policy.evaluate(**record)
        traced = result.trace.values()
        for name, outcome in result.items():
            if not _same(outcome, traced[name]):
                yield f"{where}: {name} is {outcome}, and its explanation says {traced[name]}"
        if row is not None:
            wanted: dict[str, Any] = {n: None if isinstance(o, Unknown) else o for n, o in result.items()}
            wanted["refusal"] = result.refusal
            if wanted != {name: row[name] for name in wanted}:
                yield f"{where}: one record comes to {wanted}, and a frame to {row}"
        codes = {code for outcome in result.values() if isinstance(outcome, Unknown) for code in outcome.codes}
        new = {code for code in codes if code.partition(":")[0] in _FOUND} - (known if known is not None else codes)
        if new and not any(code.startswith(("missing", "unreadable", "out_of_range", "too_fine")) for code in codes):
            yield f"{where}: refused for {', '.join(sorted(new))}, which no proof found"


def _text(value: object) -> str | None:
    """A drawn figure as every reader takes it: text; what is none, and nothing at all, is not given."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Fraction):
        return f"{to_decimal(value):f}" if finite_places(value) is not None else None
    if isinstance(value, (int, str)):
        return str(value)
    return f"{value:f}" if isinstance(value, Decimal) else None


def _same(outcome: object, traced: object) -> bool:
    if isinstance(outcome, Unknown) or isinstance(traced, Unknown):
        return outcome == traced
    return Fraction(outcome) == traced if isinstance(outcome, Decimal) else outcome == traced


def _frame_rows(policy: Policy, drawn: list[dict[str, str]]) -> list[dict[str, Any] | None]:
    """What a dataframe makes of the records, row by row; nothing where no library for them is installed."""
    backend = next((name for name in _FRAMES if find_spec(name)), None)
    if backend is None or not drawn:
        return [None] * len(drawn)
    columns = {name: [record.get(name) for record in drawn] for name in policy.inputs}
    frame = nw.from_dict(columns, dict.fromkeys(columns, nw.String()), backend=backend)
    rows: list[dict[str, Any]] = nw.from_native(policy.evaluate_frame(frame.to_native())).rows(named=True)
    return [*rows]
