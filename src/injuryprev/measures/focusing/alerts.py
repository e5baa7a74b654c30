"""Graded alerts (yellow, orange, red): levels are policy, read from data; an unknown threshold is an unknown level."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from typing import Any, Final

import attrs

from injuryprev.measures.cited_data import cited, named
from injuryprev.measures.figures import percent, rounded
from injuryprev.measures.focusing.document import FILE, AlertEntry, FocusFile, Level, shipped_focus
from injuryprev.measures.quotients import quotient, read
from injuryprev.policy.rules import Cited, left_open
from injuryprev.units import as_data
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Lang, Words


@attrs.frozen(kw_only=True)
class AlertScheme(AlertEntry):
    """Levels of alert for a rate, lowest first.

    >>> ours = AlertScheme(
    ...     name="ours",
    ...     title=Words("ours"),
    ...     metric="incidence",
    ...     levels=(Level(name="yellow", at=Fraction(1, 50), edge="from"),),
    ... )
    >>> ours.of(2, 100).name, ours.of(1, 100).name
    ('yellow', 'none')
    """

    name: str
    cited: tuple[Cited, ...] = ()

    def of(self, cases: Any, exposure: Any) -> Alert:
        """The alert for a count among an exposure; unknown where there is no rate."""
        return self.at(quotient(read(cases, "cases"), read(exposure, "insured"), Fraction(1), "insured"))

    def at(self, value: Fraction | Unknown) -> Alert:
        """The alert at a rate, a plain fraction."""
        if isinstance(value, Unknown):
            return Alert(self, value, value, None)
        reached: Level | None = None
        doubts: list[Reason] = []
        for level, held in self._held(value):
            if held is True:
                reached, doubts = level, []
            elif isinstance(held, Reason):
                doubts.append(held)
        return Alert(self, value, Unknown(tuple(doubts)) if doubts else reached, reached)

    def _held(self, value: Fraction) -> Iterator[tuple[Level, bool | Reason]]:
        """Of each level whether it is reached; thresholds rise, so what lies above the rate is not reached either."""
        below = False
        for level in self.levels:
            held: bool | Reason
            if below:
                held = False
            elif level.at is None:
                held = self._doubt("not_known", level, level.unknown or Words())
            elif value == level.at and level.edge is None:
                held = self._doubt(
                    "on_the_edge",
                    level,
                    Words("whether the threshold itself counts is not said", "恰等于阈值时是否适用未作规定"),
                )
            else:
                held = value > level.at or (value == level.at and level.edge == "from")
            below = held is False or (level.at is not None and value <= level.at)
            yield level, held

    def _doubt(self, code: str, level: Level, words: Words) -> Reason:
        said = Words(f"{level.title.en or level.name}: {words.en}", f"{level.title.zh or level.name}：{words.zh}")
        return left_open(code, level.name, said, self.cited)


@attrs.frozen
class Alert:
    """The alert of one unit.

    Args:
        scheme: The levels.
        value: The rate.
        level: The level reached, ``None`` where there is none, ``Unknown`` where it cannot be said.
        at_least: The highest level that is surely reached.
    """

    scheme: AlertScheme
    value: Fraction | Unknown
    level: Level | Unknown | None
    at_least: Level | None

    @property
    def name(self) -> str | Unknown:
        """The key of the level, ``none``, or why it is unknown."""
        if isinstance(self.level, Unknown):
            return self.level
        return "none" if self.level is None else self.level.name

    def to_data(self) -> dict[str, object]:
        """The alert as plain data: the keys of the scheme and of the level, and of that which is surely reached."""
        sure = None if self.at_least is None else self.at_least.name
        return {"scheme": self.scheme.name, "rate": as_data(self.value), "level": as_data(self.name), "at_least": sure}

    def _shown(self, lang: Lang) -> str:
        """The rate with as many digits as tell it from every threshold that it is not."""
        assert isinstance(self.value, Fraction)  # noqa: S101 - of an unknown one there is nothing to show
        edges = [level.at for level in self.scheme.levels if level.at is not None]
        digits = _DIGITS
        while digits < _MOST_DIGITS and _sides(_printed(self.value, digits), edges) != _sides(self.value, edges):
            digits += 1
        return percent(self.value, lang, digits)

    def text(self, lang: Lang = "en") -> str:
        """The alert on one line."""
        if isinstance(self.value, Unknown):
            return self.value.text(lang)
        at = self._shown(lang)
        if isinstance(self.level, Unknown):
            sure = self.at_least.title.to(lang) or self.at_least.name if self.at_least else ""
            if lang == "zh":
                return f"{at}：{f'至少{sure}；' if sure else ''}{self.level.text(lang)}"
            return f"{at}: {f'at least {sure}; ' if sure else ''}{self.level.text(lang)}"
        if self.level is None:
            return f"{at}：不预警" if lang == "zh" else f"{at}: no alert"
        title, then = self.level.title.to(lang) or self.level.name, self.level.then.to(lang)
        if lang == "zh":
            return f"{at}：{title}{f'（{then}）' if then else ''}"
        return f"{at}: {title}{f' ({then})' if then else ''}"

    def __str__(self) -> str:
        return self.text()


_DIGITS: Final = 4
_MOST_DIGITS: Final = 28


def _printed(value: Fraction, digits: int) -> Fraction:
    return Fraction(rounded(value * 100, digits).replace(",", "")) / 100


def _sides(value: Fraction, edges: list[Fraction]) -> list[int]:
    return [(value > edge) - (value < edge) for edge in edges]


@cache
def _schemes() -> Mapping[str, AlertScheme]:
    return schemes_of(shipped_focus(), FILE)


def schemes_of(file: FocusFile, name_of_file: str) -> Mapping[str, AlertScheme]:
    """The levels of alert of a file with their documents."""
    return {
        name: AlertScheme(
            name=name,
            cited=cited(entry.source, file.sources, f"{name_of_file} @ $.alerts.{name}.source"),
            **attrs.asdict(entry, recurse=False),
        )
        for name, entry in file.alerts.items()
    }


def list_alerts() -> tuple[AlertScheme, ...]:
    """The levels of alert that ship with the library."""
    return tuple(_schemes().values())


def alerts(name: str) -> AlertScheme:
    """Shipped levels of alert by name.

    Raises:
        UnknownNameError: There are none of this name; the nearest are named.

    >>> print(alerts("ningde-2019").of(3, 100))
    3 %: yellow
    >>> print(alerts("ningde-2019").of(7, 100))
    7 %: at least orange; unknown: red: the third threshold was cut off in the text read \
[Ningde's graded notices on work injuries, 2019]
    """
    return named("set of alerts", name, _schemes())
