"""The result of one evaluation: the outputs, and the whole reasoning behind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from injuryprev.engine.evaluator import Evaluator, Given, Outcome
from injuryprev.engine.explain import as_json, as_markdown, as_text
from injuryprev.engine.trace import Trace, Tracer
from injuryprev.errors import InputError, UnknownNameError, nearest
from injuryprev.policy.document import Confidence
from injuryprev.unknown import Unknown
from injuryprev.words import LANGUAGES, Lang

Format = Literal["text", "markdown"]


class Result(Mapping[str, Outcome]):
    """Outputs by name: ``Decimal``, truth value, word, or ``Unknown`` with its reasons.

    The reasoning is part of it: ``steps`` for a program, ``explain()`` for a person, ``to_json()`` for the file.
    """

    __slots__ = ("_evaluator", "_given", "_outcomes", "_trace", "_tracer")

    def __init__(self, evaluator: Evaluator, tracer: Tracer, given: Given) -> None:
        self._evaluator = evaluator
        self._tracer = tracer
        self._given = given
        self._outcomes = evaluator.outcomes(given)
        self._trace: Trace | None = None

    def __reduce__(self) -> tuple[object, ...]:
        """A result goes to another process as its rules and what was given; there it comes to the same."""
        return Result, (self._evaluator, self._tracer, self._given)

    def __getitem__(self, name: str) -> Outcome:
        try:
            return self._outcomes[name]
        except KeyError:
            raise UnknownNameError(
                f"there is no output {name!r}",
                where=f"{self._evaluator.rules.id} result",
                seen=name,
                expected=nearest(name, self._outcomes),
            ) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._outcomes)

    def __len__(self) -> int:
        return len(self._outcomes)

    def __repr__(self) -> str:
        inside = ", ".join(f"{name}={value}" for name, value in self._outcomes.items())
        return f"<Result {self._evaluator.rules.id} on {self._evaluator.rules.on}: {inside}>"

    @property
    def outputs(self) -> Mapping[str, Outcome]:
        """The outputs as a plain mapping."""
        return dict(self._outcomes)

    @property
    def refusal(self) -> str | None:
        """Why an output is unknown, as ``code:subject`` joined by ``"; "``; ``None`` where all are known."""
        if not any(isinstance(value, Unknown) for value in self._outcomes.values()):
            return None
        return "; ".join(f"{one.code}:{one.subject}" for one in self._evaluator.refusal(self._given))

    @property
    def trace(self) -> Trace:
        """Every input and every step, with words, figures, units and sources."""
        if self._trace is None:
            self._trace = self._tracer.trace(self._given, self._outcomes)
        return self._trace

    @property
    def confidence(self) -> Confidence:
        """The weakest confidence among the figures and rules that the outputs rest on."""
        return self.trace.confidence

    def explain(self, lang: Lang = "en", format: Format = "text") -> str:  # noqa: A002  # the face fixes this name
        """The reasoning as text or Markdown.

        Args:
            lang: ``"en"`` or ``"zh"``.
            format: ``"text"`` or ``"markdown"``.
        """
        writers = {"text": as_text, "markdown": as_markdown}
        if lang not in LANGUAGES or format not in writers:
            raise InputError(
                "no such language or format",
                where="Result.explain",
                seen=f"lang={lang!r}, format={format!r}",
                expected="lang en or zh, format text or markdown",
            )
        return writers[format](self.trace, lang)

    def to_json(self) -> str:
        """The reasoning as JSON of the schema ``injuryprev.trace/1``; exact numbers are text."""
        return as_json(self.trace)
