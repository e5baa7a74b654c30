"""A rate with everything that makes it one: count, exposure, base, definition, interval, and what looked odd."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final, Protocol

import attrs

from injuryprev.errors import InputError
from injuryprev.measures.definition import Definition
from injuryprev.measures.quotients import as_decimal, quotient
from injuryprev.units import as_data, as_json, exact, round_to, shown
from injuryprev.unknown import Unknown
from injuryprev.words import Lang, Words

MODES: Final = ("half_up", "half_even", "up", "down")
"""Ways to round."""
SCHEMA: Final = "injuryprev.injury-rate/1"


class Interval(Protocol):
    """What a rate asks of an interval; :mod:`injuryprev.measures.statistics` makes them."""

    @property
    def low(self) -> float:
        """The lower end, on the scale of the rate."""

    @property
    def high(self) -> float:
        """The upper end."""

    @property
    def level(self) -> float:
        """The confidence level, such as 0.95."""

    @property
    def method(self) -> str:
        """How it was made."""


@attrs.frozen
class Finding:
    """Something odd about the figures of one row, which are used all the same.

    Args:
        code: A stable key, such as ``more_persons_than_workers``.
        where: The row.
        words: What is odd.
    """

    code: str
    where: str
    words: Words

    def text(self, lang: Lang = "en") -> str:
        """The finding on one line."""
        return f"{self.where}: {self.words.to(lang)}" if self.where else self.words.to(lang)

    def __str__(self) -> str:
        return self.text()


@attrs.frozen
class InjuryRate:
    """One rate by one definition.

    Args:
        definition: What it is a rate of.
        numerator: The count or the days above the line.
        exposure: What stands below it.
        interval: Its interval, where one was asked for, or why there is none.
        findings: What looked odd in the figures.
        parts: Of a mean month: how many months were counted, where they are not those of a year.

    Rates of one definition are ordered and compared; two definitions are not, unless ``ratio_to`` is told so.

    >>> from injuryprev.measures import standard
    >>> rate = standard("osha.trir").compute(cases=17, hours=1_500_000)
    >>> rate.rounded("0.01"), str(rate.unit), rate.per
    (Decimal('2.27'), 'recordable cases per 200,000 hours worked', 200000)
    >>> rate < standard("ilo.frequency").compute(cases=5, hours=1_000_000)
    Traceback (most recent call last):
    ...
    injuryprev.errors.InputError: InjuryRate: rates of two definitions are not compared; \
seen: 'osha.trir and ilo.frequency'; expected: two rates of one definition, or ratio_to(other, across_definitions=True)
    """

    definition: Definition
    numerator: Fraction | Unknown
    exposure: Fraction | Unknown
    interval: Interval | Unknown | None = None
    findings: tuple[Finding, ...] = ()
    parts: int | None = None

    @property
    def exact(self) -> Fraction | Unknown:
        """The rate exactly, or why there is none."""
        of = self.definition
        factor = of.factor if self.parts is None else Fraction(of.per, self.parts)
        return quotient(self.numerator, self.exposure, factor, of.below, of.quantities[1].title)

    @property
    def value(self) -> Decimal | Unknown:
        """The rate: exact where the quotient ends, else of 28 significant digits; or why there is none."""
        found = self.exact
        return found if isinstance(found, Unknown) else as_decimal(found)

    @property
    def per(self) -> int:
        """The base."""
        return self.definition.per

    @property
    def unit(self) -> Words:
        """The unit in words."""
        return self.definition.unit

    def rounded(self, step: str | Decimal | Fraction, mode: str = "half_up") -> Decimal | Unknown:
        """The rate as a source prints it: the multiple of ``step`` nearest to the exact quotient, rounded once.

        Args:
            step: Such as ``"0.01"``.
            mode: ``half_up``, ``half_even``, ``up`` or ``down``.

        Raises:
            InputError: No such mode, or a step of zero or less.
        """
        found = self.exact
        if mode not in MODES or exact(step, where="rounded step") <= 0:
            raise InputError(
                "nothing to round to",
                where="InjuryRate.rounded",
                seen=f"{step}, {mode}",
                expected=f"a step above zero such as 0.01, and one of: {', '.join(MODES)}",
            )
        if isinstance(found, Unknown):
            return found
        made = as_decimal(round_to(found, exact(step, where="rounded step"), mode))
        return made.quantize(Decimal(step)) if isinstance(step, (str, Decimal)) else made

    def ratio_to(self, other: InjuryRate, *, across_definitions: bool = False) -> Fraction | Unknown:
        """This rate over another.

        Args:
            other: What it is compared with.
            across_definitions: Compare rates of two definitions too, on one base.  What they count may differ, and
                that is then the caller's to know; where they are not over the same kind of exposure there is no base.

        Returns:
            The exact quotient; unknown where a rate is, and over a rate of zero.

        Raises:
            InputError: Two definitions, and nobody asked for it; or no common base.
        """
        if self.definition != other.definition:
            if not across_definitions:
                raise _apart(self, other)
            if self.definition.below != other.definition.below:
                raise InputError(
                    "these rates have no base in common",
                    where="InjuryRate",
                    seen=f"{self.definition.name} over {self.definition.below}, "
                    f"{other.definition.name} over {other.definition.below}",
                    expected="two rates over the same kind of exposure",
                )
        mine, theirs = (rate.exact for rate in (self, other))
        bases = other.definition.factor / self.definition.factor
        return quotient(mine, theirs, bases, "the rate compared with")

    def _pair(self, other: InjuryRate) -> tuple[Fraction, Fraction]:
        if self.definition != other.definition:
            raise _apart(self, other)
        mine, theirs = self.exact, other.exact
        for found in (mine, theirs):
            if isinstance(found, Unknown):
                raise InputError("an unknown rate has no rank", where="InjuryRate", seen=str(found), expected="a rate")
        assert isinstance(mine, Fraction) and isinstance(theirs, Fraction)  # noqa: S101, PT018 - for the type checker
        return mine, theirs

    def __lt__(self, other: InjuryRate) -> bool:
        mine, theirs = self._pair(other)
        return mine < theirs

    def __le__(self, other: InjuryRate) -> bool:
        mine, theirs = self._pair(other)
        return mine <= theirs

    def __gt__(self, other: InjuryRate) -> bool:
        mine, theirs = self._pair(other)
        return mine > theirs

    def __ge__(self, other: InjuryRate) -> bool:
        mine, theirs = self._pair(other)
        return mine >= theirs

    def explain(self, lang: Lang = "en") -> str:
        """The rate with how it came about: figures, base, definition, sources, what is odd.

        >>> from injuryprev.measures import standard
        >>> print(standard("gb6441.serious_injury").compute(2, 200).explain())
        10 serious injuries per 1,000 workers
          = serious injuries 2 / mean number of workers 200 × 1,000
          serious injuries per thousand workers (gb6441.serious_injury)
          GB 6441-86 Classification of casualty accidents of enterprise workers (reprint)
          serious: 105 lost workdays or more
        """
        of, zh = self.definition, lang == "zh"
        found = self.value
        parts = [
            f"{quantity.title.to(lang)} {shown(figure)}"
            for quantity, figure in zip(of.quantities, (self.numerator, self.exposure), strict=True)
            if not isinstance(figure, Unknown)
        ]
        lines = [found.text(lang) if isinstance(found, Unknown) else f"{found:f} {self.unit.to(lang)}"]
        if len(parts) == 2:
            count = self.parts or of.parts
            months = f" / {count}" if count != 1 else ""
            lines.append(f"  = {parts[0]}{months} / {parts[1]} × {of.per:,}")
        if self.interval is not None:
            shown_ = self.interval.text(lang) if isinstance(self.interval, Unknown) else str(self.interval)
            lines.append(("  置信区间：" if zh else "  interval: ") + shown_)
        lines.append(f"  {of.title.to(lang)} ({of.name})")
        lines += [f"  {cited.text(lang)} ({cited.confidence})" for cited in of.cited]
        lines += [f"  {words.to(lang)}" for words in (of.note, of.caveat) if words]
        lines += [f"  ! {finding.text(lang)}" for finding in self.findings]
        return "\n".join(lines)

    def to_json(self) -> str:
        """The rate as JSON of the schema ``injuryprev.injury-rate/1``: exact numbers are text, unknowns say why.

        >>> import json
        >>> from injuryprev.measures import standard
        >>> made = json.loads(standard("osha.trir").compute(17, 1_500_000).to_json())
        >>> made["definition"]["name"], made["value"]
        ('osha.trir', '2.266666666666666666666666667')
        >>> json.loads(standard("osha.trir").compute(17, 0).to_json())["value"]["unknown"][0]["code"]
        'zero_exposure'
        """
        return as_json(self)

    def to_data(self) -> dict[str, object]:
        """The same as plain data."""
        of, around = self.definition, self.interval
        return {
            "schema": SCHEMA,
            "definition": {
                "name": of.name,
                "title": of.title.to_data(),
                "above": of.above,
                "below": of.below,
                "per": of.per,
                "parts": self.parts or of.parts,
                "unit": of.unit.to_data(),
                "confidence": of.confidence,
                "sources": [one.to_data() for one in of.cited],
            },
            "numerator": as_data(self.numerator),
            "exposure": as_data(self.exposure),
            "value": as_data(self.value),
            "interval": as_data(around)
            if around is None or isinstance(around, Unknown)
            else {"low": around.low, "high": around.high, "level": around.level, "method": around.method},
            "findings": as_data(self.findings),
        }

    def __str__(self) -> str:
        found = self.value
        return str(found) if isinstance(found, Unknown) else f"{found:f} {self.unit}"


def pooled(rates: Iterable[InjuryRate]) -> InjuryRate:
    """The rate of all together: counts added, exposures added.

    Of parts of an area the exposures are added as they are; mean workers of several *periods* of one employer are not
    (a mean over them is meant, which a sum is not).

    Raises:
        InputError: No rate at all, or rates of several definitions.

    >>> from injuryprev.measures import standard
    >>> rate = standard("gb6441.serious_injury")
    >>> print(pooled([rate.compute(2, 200), rate.compute(4, 500)]).rounded("0.01"))
    8.57
    """
    parts = list(rates)
    definition = same_definition(parts)
    numerator = _sum([rate.numerator for rate in parts])
    exposure = _sum([rate.exposure for rate in parts])
    findings = tuple(finding for rate in parts for finding in rate.findings)
    months = {rate.parts for rate in parts}
    if len(months) > 1:
        raise InputError(
            "rates of periods of several lengths",
            where="pooled",
            seen=", ".join(sorted(f"{one or definition.parts} months" for one in months)),
            expected="the same period of each",
        )
    return InjuryRate(definition, numerator, exposure, None, findings, *months)


def same_definition(rates: Sequence[InjuryRate]) -> Definition:
    """The one definition of several rates.

    Raises:
        InputError: No rate at all, or rates of several definitions.
    """
    if not rates:
        raise InputError("no rates to put together", where="InjuryRate", seen="none", expected="one rate or more")
    for other in rates:
        if other.definition != rates[0].definition:
            raise _apart(rates[0], other)
    return rates[0].definition


def _apart(one: InjuryRate, other: InjuryRate) -> InputError:
    return InputError(
        "rates of two definitions are not compared",
        where="InjuryRate",
        seen=f"{one.definition.name} and {other.definition.name}",
        expected="two rates of one definition, or ratio_to(other, across_definitions=True)",
    )


def _sum(figures: list[Fraction | Unknown]) -> Fraction | Unknown:
    reasons = {reason: None for figure in figures if isinstance(figure, Unknown) for reason in figure.reasons}
    if reasons:
        return Unknown(tuple(reasons))
    return sum((figure for figure in figures if isinstance(figure, Fraction)), Fraction(0))
