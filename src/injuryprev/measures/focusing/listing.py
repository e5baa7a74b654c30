"""The list of focus: units in their places by one criterion, and what must be said of it as a whole."""

from __future__ import annotations

from fractions import Fraction
from typing import Final, Literal, get_args

import attrs

from injuryprev.measures.focusing.alerts import AlertScheme
from injuryprev.measures.focusing.reasons import reasons
from injuryprev.measures.focusing.units import FocusRow
from injuryprev.units import as_data, as_json
from injuryprev.unknown import Unknown
from injuryprev.words import Lang, Words

SCHEMA: Final = "injuryprev.focus/1"
Criterion = Literal["burden", "rate", "excess", "severity", "deaths", "lost_days"]
CRITERIA: Final[tuple[Criterion, ...]] = get_args(Criterion)
TITLES: Final[dict[Criterion, Words]] = {
    "burden": Words("burden (cases)", "案件数"),
    "rate": Words("rate", "发生率"),
    "excess": Words("cases in excess of the expected", "超出期望的案件数"),
    "severity": Words("days lost by case", "平均每案损失工作日"),
    "deaths": Words("deaths", "工亡"),
    "lost_days": Words("days lost", "损失工作日"),
}


@attrs.frozen(kw_only=True)
class Focus:
    """The list: ranked units first, then those without a place by their keys.

    Args:
        criterion: What it is ranked by.
        rows: The units.
        cases: All known cases.
        rate: The rate of all units whose cases and exposure are known.
        per: The base in which rates are said in words.
        shrinkage: How the prior was found, in words, where shrinkage was used.
        notes: What else must be said.
    """

    criterion: Criterion
    rows: tuple[FocusRow, ...]
    cases: Fraction
    rate: Fraction | Unknown
    per: int
    shrinkage: Words | None = None
    notes: tuple[Words, ...] = ()

    @property
    def ranked(self) -> tuple[FocusRow, ...]:
        """The rows that have a place."""
        return tuple(row for row in self.rows if row.rank is not None)

    def reasons(self, row: FocusRow) -> tuple[Words, ...]:
        """Why a unit stands where it does."""
        return tuple(reasons(row, self.per))

    def to_data(self, alerts: AlertScheme | None = None) -> dict[str, object]:
        """The list as plain data of the schema ``injuryprev.focus/1``: exact numbers are text, unknowns say why.

        Args:
            alerts: Levels of alert, to be told of each unit.
        """
        told = {field.name: as_data(getattr(self, field.name)) for field in attrs.fields(Focus) if field.name != "rows"}
        return {"schema": SCHEMA, **told, "rows": [self._row_data(row, alerts) for row in self.rows]}

    def _row_data(self, row: FocusRow, alerts: AlertScheme | None) -> dict[str, object]:
        told = row.to_data() | {"reasons": as_data(self.reasons(row))}
        if alerts is not None:
            told["alert"] = alerts.of(row.unit.cases, row.unit.exposure).to_data()
        return told

    def to_json(self, alerts: AlertScheme | None = None) -> str:
        """The same as JSON.

        >>> import json
        >>> from injuryprev.measures import FocusUnit, focus
        >>> found = focus([FocusUnit("A", 3, 10), FocusUnit("B", 5, None)], shrinkage=False)
        >>> first, second = json.loads(found.to_json())["rows"]
        >>> first["rank"], first["rate"], first["unit"]["key"], second["rank"], second["why"]
        (1, '0.3', 'A', None, ['missing:exposure'])
        """
        return as_json(self.to_data(alerts))

    def text(self, lang: Lang = "en", *, top: int = 10) -> str:
        """The first so many with a place and without one, with their reasons; how many more there are is said."""
        title = TITLES[self.criterion].to(lang)
        lines = [f"按{title}排序" if lang == "zh" else f"ranked by {title}"]
        comma = "；" if lang == "zh" else "; "
        for row in (*self.ranked[:top], *self.rows[len(self.ranked) :][:top]):
            place = "-" if row.rank is None else f"{row.rank}."
            name = row.unit.key or Words("(unit not said)", "（未注明）").to(lang)
            lines.append(f"{place} {name}: " + comma.join(one.to(lang) for one in self.reasons(row)))
        hidden = len(self.rows) - (len(lines) - 1)
        if hidden:
            lines.append(f"…另有{hidden}个未列出" if lang == "zh" else f"… and {hidden} more, not shown here")
        return "\n".join([*lines, *(note.to(lang) for note in self.notes)])

    def __str__(self) -> str:
        return self.text()
