"""Decisions as rows of a table, for other programs and for spreadsheets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Protocol

import attrs

from injuryprev.errors import InputError
from injuryprev.exchange.rows import Kind, check_suffix, write_rows
from injuryprev.model import RateDecision, RateTier
from injuryprev.unknown import Unknown
from injuryprev.words import Lang, Words

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


_LAST: Final = ("refusal", "reasons", "profile", "version", "on")


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
    kinds: dict[str, Kind] = {"tier": "number", "refusal": "text", "reasons": "text", "on": "date"}
    kinds |= {name: _kind(outputs[name].unit) for name in outputs}
    lines = _Lines(rows, names, lang)
    many = frozenset(("refusal",))
    return write_rows(path, lines.header, lines, lang=lang, sheet="decisions", kinds=kinds, lists=many)


def _kind(unit: str) -> Kind:
    return "flag" if unit == "flag" else "text" if unit == "category" else "number"


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
