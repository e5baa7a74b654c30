"""Decisions as rows of a table, for other programs and for spreadsheets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Protocol

import attrs

from injuryprev.errors import InputError
from injuryprev.exchange.rows import Kind, check_suffix, write_rows
from injuryprev.model import RateDecision
from injuryprev.unknown import Unknown
from injuryprev.words import Lang, Words

Outcome = Decimal | bool | str | Unknown

FIGURES: Final = ("risk_class", "payroll")
"""Figures written beside the outputs of a policy that knows them, because sums are made over them."""


def figures_of(inputs: Collection[str], outputs: Collection[str]) -> tuple[str, ...]:
    """The figures that stand beside the outputs in a file of decisions, on every engine."""
    return tuple(name for name in FIGURES if name in inputs and name not in outputs)


class OutputSpec(Protocol):
    """What a writer asks of an output: its unit, which settles the type of its column."""

    @property
    def unit(self) -> str:
        """``flag``, ``category``, or the unit of a number."""


@attrs.frozen
class DecisionRow:
    """One line of the file: the outputs of a policy for one employer, and why those that are missing are.

    ``why`` is the reasons in words: of the refusal where there is one, else of the decision.  ``codes`` is the order of
    the reasons as the policy states them (``Result.refusal``); without it they stand in the order of the outputs.
    """

    employer_id: str
    outputs: Mapping[str, Outcome]
    profile: str
    version: str
    on: dt.date
    why: Words = attrs.field(factory=Words)
    figures: Mapping[str, Decimal | str | int | None] = attrs.field(factory=dict)
    codes: tuple[str, ...] = ()

    @property
    def unknown(self) -> Unknown | None:
        """Every reason that keeps some output unknown, once."""
        reasons = {
            reason: None for value in self.outputs.values() if isinstance(value, Unknown) for reason in value.reasons
        }
        place = {code: index for index, code in enumerate(self.codes)}
        ordered = sorted(reasons, key=lambda one: place.get(f"{one.code}:{one.subject}", len(place)))
        return Unknown(tuple(ordered)) if ordered else None

    @property
    def refusal(self) -> tuple[str, ...]:
        """The reasons as ``code:subject``, each once."""
        unknown = self.unknown
        return () if unknown is None else tuple(dict.fromkeys(unknown.codes))

    def reasons(self, lang: Lang) -> str:
        """The reasons in words."""
        unknown = self.unknown
        if unknown is None:
            return self.why.to(lang)
        return ("；" if lang == "zh" else "; ").join(reason.text(lang) for reason in unknown.reasons)

    @classmethod
    def of(
        cls,
        decision: RateDecision,
        why: Words | None = None,
        figures: Mapping[str, Decimal | str | int | None] | None = None,
    ) -> DecisionRow:
        """The line of a decision; ``why`` says in short how it came about, ``figures`` what stands beside it."""
        result = decision.result
        if not isinstance(result, Mapping):
            raise InputError(
                "the result of this decision has no outputs",
                where="DecisionRow.of",
                seen=f"({type(result).__name__})",
                expected="a decision of injuryprev.rate",
            )
        return cls(
            decision.employer_id,
            dict(result),
            decision.profile,
            decision.version,
            decision.on,
            why or Words(),
            figures or {},
            tuple((getattr(result, "refusal", None) or "").split("; ")),
        )


def write_decisions(
    path: str | Path,
    rows: Iterable[DecisionRow],
    outputs: Mapping[str, OutputSpec],
    *,
    figures: Collection[str] = (),
    lang: Lang = "en",
) -> Path:
    """Write decisions, in the format the suffix names.

    Args:
        path: ``.csv``, ``.xlsx``, ``.parquet`` or ``.jsonl`` (``.ndjson``); replaced as a whole, when all is written.
        rows: The decisions; taken one by one.
        outputs: The outputs of the policy (``policy.outputs``), which become columns in this order.
        figures: Names of figures that stand beside the outputs (``figures_of``).
        lang: Language of the reasons; Chinese CSV is written with byte-order mark, for spreadsheets need it.

    The columns are ``employer_id``, every output, ``refusal`` (codes separated by ``"; "``, a list in JSON), the
    figures, ``reasons``, ``profile``, ``version`` and ``on``.
    Numbers are exact: decimals in CSV and Parquet, text in JSON, and in a workbook numbers of up to 15 digits, else
    text.  An unknown output is an empty cell whose reason stands in ``refusal``.

    Raises:
        ReadError: An unknown suffix, or the file cannot be written.
    """
    path = Path(path)
    check_suffix(path)
    kinds: dict[str, Kind] = {"refusal": "text", "reasons": "text", "on": "date"}
    kinds |= {name: _kind(outputs[name].unit) for name in outputs}
    lines = _Lines(rows, tuple(outputs), tuple(figures), lang)
    many = frozenset(("refusal",))
    return write_rows(path, lines.header, lines, lang=lang, sheet="decisions", kinds=kinds, lists=many)


def _kind(unit: str) -> Kind:
    return "flag" if unit == "flag" else "text" if unit == "category" else "number"


@attrs.frozen
class _Lines:
    """The rows as values by column, in order."""

    rows: Iterable[DecisionRow]
    names: tuple[str, ...]
    figures: tuple[str, ...]
    lang: Lang

    @property
    def header(self) -> tuple[str, ...]:
        return ("employer_id", *self.names, "refusal", *self.figures, "reasons", "profile", "version", "on")

    def __iter__(self) -> Iterator[list[Any]]:
        for row in self.rows:
            yield [
                row.employer_id,
                *(_known(row.outputs.get(name)) for name in self.names),
                "; ".join(row.refusal) or None,
                *(_known(row.figures.get(name)) for name in self.figures),
                row.reasons(self.lang) or None,
                row.profile,
                row.version,
                row.on,
            ]


def _known(value: Any) -> Any:
    return None if isinstance(value, Unknown) else value
