"""What a proof says: its questions, what came of each, and the employers that show it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, Literal

import attrs

from injuryprev.engine.evaluator import Outcome
from injuryprev.unknown import Unknown
from injuryprev.words import Lang, Words

Question = Literal["total", "unambiguous", "monotone", "bounded", "dead rows"]
QUESTIONS: Final[tuple[Question, ...]] = ("total", "unambiguous", "monotone", "bounded", "dead rows")
Status = Literal["proved", "settled", "accepted", "refuted", "stale", "not reached", "not applicable"]
PASSES: Final[frozenset[Status]] = frozenset({"proved", "settled", "accepted", "not applicable"})
"""What lets a profile pass.  Refuted is new, stale was accepted and is found no longer, not reached is no proof."""

QUESTION_WORDS: Final[Mapping[Question, Words]] = {
    "total": Words("total", "完整性"),
    "unambiguous": Words("unambiguous", "无歧义"),
    "monotone": Words("monotone", "单调性"),
    "bounded": Words("bounded", "有界性"),
    "dead rows": Words("dead rows", "无用行"),
}

STATUS_WORDS: Final[Mapping[Status, Words]] = {
    "proved": Words("proved", "已证明"),
    "settled": Words("settled by the hit policy", "已由命中规则解决"),
    "accepted": Words("accepted", "已确认"),
    "refuted": Words("refuted", "不成立"),
    "stale": Words("accepted, but found no longer", "已确认但不再出现"),
    "not reached": Words("not reached in its time", "未能在时限内得出"),
    "not applicable": Words("not applicable", "不适用"),
}


@attrs.frozen(eq=False)
class Witness:
    """An employer that shows a finding: its figures, and what the rules make of it."""

    given: Mapping[str, Decimal | Fraction | bool | str]
    outcomes: Mapping[str, Outcome]

    def text(self, lang: Lang = "en") -> str:
        """Figures, then outcomes, on one line."""
        figures = ", ".join(f"{name}={shown(value)}" for name, value in self.given.items())
        found = ", ".join(f"{name}={shown(value)}" for name, value in self.outcomes.items())
        return f"{figures} → {found}" if found else figures + ("（无结果）" if lang == "zh" else "")


def shown(value: object) -> str:
    """A figure or an outcome as text."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Unknown):
        return f"unknown ({', '.join(value.codes)})"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


@attrs.frozen(eq=False, kw_only=True)
class Finding:
    """The answer to one question about one rule.

    Args:
        question: What was asked: is every employer decided (``total``), decided once (``unambiguous``), never better
            off for a worse record (``monotone``), within the profile's own claims (``bounded``); has every row its use.
        status: What came of it; only what is in ``PASSES`` lets a profile pass.
        kind: What was found: ``no_row``, ``division_by_zero``, ``overlap``, ``boundary``, ``decrease`` … or nothing.
        subject: The definition, output or claim it is about.
        place: Where that is written, as ``file @ path``.
        days: The days from which the rules are so, of those on which anything changes.
        words: The finding in a sentence.
        region: The figures for which it is so, as a condition; empty where one employer must do.
        rows: Rows of a table, counted from 1.
        input: The input that gets worse.
        witnesses: One employer, or for ``decrease`` the better record and then the worse one.
    """

    question: Question
    status: Status
    subject: str
    place: str
    days: tuple[dt.date, ...]
    words: Words
    kind: str = ""
    region: Words = Words()
    rows: tuple[int, ...] = ()
    input: str = ""
    witnesses: tuple[Witness, ...] = ()

    @property
    def passes(self) -> bool:
        """Whether a profile passes with it."""
        return self.status in PASSES

    def text(self, lang: Lang = "en") -> str:
        """Status, subject and sentence on one line."""
        region = f" [{self.region.to(lang)}]" if self.region else ""
        return f"{STATUS_WORDS[self.status].to(lang)}: {self.subject}: {self.words.to(lang)}{region}"

    def to_data(self) -> dict[str, Any]:
        """As plain data, for JSON: numbers as text, exact."""
        return {
            "question": self.question,
            "status": self.status,
            "kind": self.kind,
            "subject": self.subject,
            "rows": list(self.rows),
            "input": self.input,
            "place": self.place,
            "days": [str(day) for day in self.days],
            "words": {"en": self.words.en, "zh": self.words.zh},
            "region": {"en": self.region.en, "zh": self.region.zh},
            "witnesses": [
                {
                    "given": {name: shown(value) for name, value in witness.given.items()},
                    "outcomes": {name: shown(value) for name, value in witness.outcomes.items()},
                }
                for witness in self.witnesses
            ],
        }
