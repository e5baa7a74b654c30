"""Decisions written for other programs and for spreadsheets: CSV, workbook, Parquet or JSON lines, by suffix."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import attrs

from injuryprev.errors import InputError, ReadError
from injuryprev.exchange.files import atomic_path, atomic_text
from injuryprev.exchange.findings import harmless
from injuryprev.exchange.write import plain, sheet_writer
from injuryprev.model import RateDecision, RateTier
from injuryprev.unknown import Unknown
from injuryprev.words import Lang, Words

if TYPE_CHECKING:
    import polars as pl

Outcome = Decimal | bool | str | Unknown


class OutputSpec(Protocol):
    """What a writer asks of an output: its unit, which settles the type of its column."""

    @property
    def unit(self) -> str:
        """``flag``, ``category``, or the unit of a number."""


@attrs.frozen
class DecisionRow:
    """One line of the file: the outputs of a policy for one employer, and why those that are missing are.

    ``why`` is the reasons in words: of the refusal where there is one, else of the decision.
    """

    employer_id: str
    outputs: Mapping[str, Outcome]
    profile: str
    version: str
    on: dt.date
    tier: Decimal | None = None
    why: Words = attrs.field(factory=Words)

    @property
    def unknown(self) -> Unknown | None:
        """Every reason that keeps some output unknown, once."""
        reasons = {
            reason: None for value in self.outputs.values() if isinstance(value, Unknown) for reason in value.reasons
        }
        return Unknown(tuple(reasons)) if reasons else None

    @property
    def refusal(self) -> tuple[str, ...]:
        """The reasons as ``code:subject``."""
        unknown = self.unknown
        return () if unknown is None else unknown.codes

    def reasons(self, lang: Lang) -> str:
        """The reasons in words."""
        unknown = self.unknown
        if unknown is None:
            return self.why.to(lang)
        return ("；" if lang == "zh" else "; ").join(reason.text(lang) for reason in unknown.reasons)

    @classmethod
    def of(cls, decision: RateDecision, why: Words | None = None) -> DecisionRow:
        """The line of a decision; ``why`` says in short how it came about."""
        result = decision.result
        if not isinstance(result, Mapping):
            raise InputError(
                "the result of this decision has no outputs",
                where="DecisionRow.of",
                seen=f"({type(result).__name__})",
                expected="a decision of injuryprev.rate",
            )
        factor = decision.tier.factor if isinstance(decision.tier, RateTier) else None
        return cls(
            decision.employer_id,
            dict(result),
            decision.profile,
            decision.version,
            decision.on,
            None if factor is None else Decimal(factor.numerator) / Decimal(factor.denominator),
            why or Words(),
        )


SUFFIXES: Final = (".csv", ".xlsx", ".parquet", ".jsonl", ".ndjson")
_LAST: Final = ("refusal", "reasons", "profile", "version", "on")
_SHEET_ROWS: Final = 1_048_575


def write_decisions(
    path: str | Path,
    rows: Iterable[DecisionRow],
    outputs: Mapping[str, OutputSpec],
    *,
    lang: Lang = "en",
) -> Path:
    """Write decisions, in the format the suffix names.

    Args:
        path: ``.csv``, ``.xlsx``, ``.parquet`` or ``.jsonl`` (``.ndjson``); replaced as a whole, when all is written.
        rows: The decisions; taken one by one.
        outputs: The outputs of the policy (``policy.outputs``), which become columns in this order.
        lang: Language of the reasons; Chinese CSV is written with byte-order mark, for spreadsheets need it.

    The columns are ``employer_id``, every output, ``tier`` (multiple of the base) unless an output has that name,
    ``refusal`` (codes separated by ``"; "``, a list in JSON), ``reasons``, ``profile``, ``version`` and ``on``.
    Numbers are exact: decimals in CSV and Parquet, text in JSON, and in a workbook numbers of up to 15 digits, else
    text.  An unknown output is an empty cell whose reason stands in ``refusal``.

    Raises:
        ReadError: An unknown suffix, or the file cannot be written.
    """
    path = Path(path)
    check_suffix(path)
    names = (*outputs, *(() if "tier" in outputs else ("tier",)))
    _WRITERS[path.suffix.lower()](path, _Lines(rows, names, lang), outputs)
    return path


def check_suffix(path: Path) -> None:
    """Refuse a suffix nothing is written for, before any work is done.

    Raises:
        ReadError: With the suffixes that are written.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise ReadError("no format for this suffix", where=str(path), expected="one of " + ", ".join(SUFFIXES))


@attrs.frozen
class _Lines:
    """The rows as values by column, in order."""

    rows: Iterable[DecisionRow]
    names: tuple[str, ...]
    lang: Lang

    @property
    def header(self) -> tuple[str, ...]:
        return ("employer_id", *self.names, *_LAST)

    def __iter__(self) -> Iterator[list[Any]]:
        for row in self.rows:
            known = [self._output(row, name) for name in self.names]
            refusal = "; ".join(row.refusal) or None
            yield [
                row.employer_id,
                *known,
                refusal,
                row.reasons(self.lang) or None,
                row.profile,
                row.version,
                row.on,
            ]

    def _output(self, row: DecisionRow, name: str) -> Decimal | bool | str | None:
        value = row.outputs.get(name, row.tier)
        return None if isinstance(value, Unknown) else value


def _write_csv(path: Path, lines: _Lines, _outputs: Mapping[str, OutputSpec]) -> None:
    with atomic_text(path, bom=lines.lang == "zh") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(lines.header)
        writer.writerows([_cell(value) for value in line] for line in lines)


def _cell(value: Any) -> str:
    """A value as CSV has it; text that a spreadsheet would run is written so that it does not."""
    return harmless(value) if isinstance(value, str) else plain(value)


def _write_sheet(path: Path, lines: _Lines, _outputs: Mapping[str, OutputSpec]) -> None:
    with atomic_path(path) as temporary, sheet_writer(temporary, "decisions") as put:
        put(lines.header)
        for number, line in enumerate(lines, start=1):
            if number > _SHEET_ROWS:
                raise ReadError(
                    "more decisions than a sheet has rows",
                    where=str(path),
                    seen=f"more than {_SHEET_ROWS}",
                    expected="the suffix .csv, .parquet or .jsonl",
                )
            put(line)


def _write_json(path: Path, lines: _Lines, _outputs: Mapping[str, OutputSpec]) -> None:
    with atomic_text(path) as file:
        for line in lines:
            record = {name: _jsonable(value) for name, value in zip(lines.header, line, strict=True)}
            record["refusal"] = str(record["refusal"]).split("; ") if record["refusal"] else []
            file.write(json.dumps(record, ensure_ascii=False) + "\n")


def _jsonable(value: object) -> object:
    return plain(value) if isinstance(value, (Decimal, dt.date)) else value


def _write_parquet(path: Path, lines: _Lines, outputs: Mapping[str, OutputSpec]) -> None:
    try:
        import polars as pl  # noqa: PLC0415 - other formats must not need it
    except ImportError as error:  # pragma: no cover - the tests have it
        raise ReadError(
            "writing Parquet needs polars", where=str(path), expected="pip install 'injuryprev[cli]'"
        ) from error
    columns: Sequence[list[Any]] = list(map(list, zip(*lines, strict=True))) or [[] for _ in lines.header]
    series = [
        pl.Series(name, values, dtype=_dtype(pl, name, values, outputs))
        for name, values in zip(lines.header, columns, strict=True)
    ]
    with atomic_path(path) as temporary:
        pl.DataFrame(series).write_parquet(temporary)


def _dtype(
    polars: Any, name: str, values: Sequence[Any], outputs: Mapping[str, OutputSpec]
) -> pl.DataType | type[pl.DataType]:
    """The type of a column; numbers are decimals with as many places as the longest has."""
    if name == "on":
        return polars.Date  # type: ignore[no-any-return]
    unit = outputs[name].unit if name in outputs else "fraction" if name == "tier" else "category"
    if unit in ("flag", "category"):
        return polars.Boolean if unit == "flag" else polars.String  # type: ignore[no-any-return]
    places = [-int(value.as_tuple().exponent) for value in values if value is not None]
    return polars.Decimal(38, max(0, max(places, default=0)))  # type: ignore[no-any-return]


_WRITERS: Final[Mapping[str, Callable[[Path, _Lines, Mapping[str, OutputSpec]], None]]] = {
    ".csv": _write_csv,
    ".xlsx": _write_sheet,
    ".parquet": _write_parquet,
    ".jsonl": _write_json,
    ".ndjson": _write_json,
}
