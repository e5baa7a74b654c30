"""Reach: how many different people work reached, between which bounds, and what one of them cost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

import attrs

from injuryprev.errors import InputError
from injuryprev.measures.figures import rounded
from injuryprev.model.attendance import Attendance
from injuryprev.model.work import Work
from injuryprev.units import exact
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Lang, Words


@attrs.frozen
class Span:
    """From ``low`` to ``high``, both possible; ``high`` is ``None`` where nothing bounds it from above."""

    low: int
    high: int | None

    @property
    def is_exact(self) -> bool:
        """Whether the two are one."""
        return self.low == self.high

    def text(self, lang: Lang = "en") -> str:
        """The span in words."""
        if self.is_exact:
            return f"{self.low:,}"
        if self.high is None:
            return f"不少于{self.low:,}" if lang == "zh" else f"at least {self.low:,}"
        return f"{self.low:,}至{self.high:,}" if lang == "zh" else f"{self.low:,} to {self.high:,}"

    def __str__(self) -> str:
        return self.text()


@attrs.frozen
class Reach:
    """Whom work reached.

    Args:
        people: Different people, each counted once: between these bounds, or why nothing is known.
        person_times: Attendances (人次); one person at three courses counts three.
        by_key: How many of the people are known by key.
        silent: How many occasions recorded nothing.
    """

    people: Span | Unknown
    person_times: Span | Unknown
    by_key: int
    silent: int

    @property
    def number(self) -> int | Unknown:
        """How many people, where that is known exactly."""
        if isinstance(self.people, Unknown):
            return self.people
        return self.people.low if self.people.is_exact else _UNKEYED

    def text(self, lang: Lang = "en") -> str:
        """The reach in words."""
        people, times = (one.text(lang) for one in (self.people, self.person_times))
        silent = self.silent if isinstance(self.people, Span) else 0
        if lang == "zh":
            return f"{people}人，{times}人次" + (f"；{silent}次活动无记录" if silent else "")
        tail = f"; {silent} occasion{'' if silent == 1 else 's'} without record" if silent else ""
        return f"people: {people}; person-times: {times}{tail}"

    def __str__(self) -> str:
        return self.text()


_UNKEYED: Final = Unknown(
    (
        Reason(
            "not_keyed",
            "people",
            Words(
                "not everybody is known by key, so one person may have been counted on several occasions",
                "并非所有人员都有编号，同一人可能在多次活动中被重复计数",
            ),
        ),
    )
)
_SILENT: Final = Unknown((Reason("missing", "attendance", Words("nobody recorded who was reached", "没有受众记录")),))


def reach(*works: Work) -> Reach:
    """How many people one or several pieces of work reached, each person once.

    People known by key are counted once over all occasions.  Of the others it is not known whether they came more than
    once: at least, everybody at the fullest occasion is a person of their own; at most, everybody without a key is
    somebody nobody else is.  Head counts are therefore never added up as if they were people.  A figure that counts
    person-times (``Attendance.once`` false) bounds people from above alone.

    Args:
        works: Campaigns, caravans, training plans and so on.

    Raises:
        InputError: No work at all, or one piece twice.

    >>> from injuryprev.model import Attendance, Course, TrainingPlan
    >>> from injuryprev.units import Period
    >>> plan = TrainingPlan(
    ...     id="T",
    ...     period=Period.year(2016),
    ...     courses=[
    ...         Course(id="T-1", kind="central", on="2016-04-12", attendance=Attendance(["w-1", "w-2"])),
    ...         Course(id="T-2", kind="central", on="2016-05-12", attendance=Attendance(["w-2"], heads=30)),
    ...     ],
    ... )
    >>> print(reach(plan))
    people: 30 to 31; person-times: 32
    """
    keys = [work.id for work in works]
    if not works or len(set(keys)) != len(keys):
        raise InputError("one piece of work or more, each once", where="reach", seen=", ".join(keys) or "none")
    return reached([one for work in works for one in work.attendances])


def reached(attendances: Sequence[Attendance]) -> Reach:
    """The reach of several occasions; one that recorded nothing leaves the number open above."""
    known = [one for one in attendances if one.is_recorded]
    silent = len(attendances) - len(known)
    if not known:
        return Reach(_SILENT, _SILENT, 0, silent)
    keys: frozenset[str] = frozenset().union(*(one.keys for one in known))
    low = max(len(keys), *(one.people[0] for one in known))
    unkeyed = [None if one.people[1] is None else one.people[1] - len(one.keys) for one in known]
    times = [one.person_times for one in known]
    return Reach(
        Span(low, _added(len(keys), unkeyed, silent)),
        Span(sum(least for least, _ in times), _added(0, [most for _, most in times], silent)),
        len(keys),
        silent,
    )


def _added(start: int, parts: Iterable[int | None], silent: int) -> int | None:
    total = start
    for part in parts:
        if part is None:
            return None
        total += part
    return None if silent else total


@attrs.frozen
class CostPerPerson:
    """What reaching one person cost.

    Args:
        cost: The money spent in all.
        low: If as many people were reached as possible; unknown where nothing bounds them from above.
        high: If as few were.
    """

    cost: Decimal | Unknown
    low: Fraction | Unknown
    high: Fraction | Unknown

    def text(self, lang: Lang = "en") -> str:
        """The cost in words, in the currency of the money given."""
        zh = lang == "zh"
        if isinstance(self.low, Unknown):
            why = self.low.text(lang)
            if isinstance(self.high, Unknown):
                why = _either(self.low, self.high).text(lang)
                return f"每人费用{why}" if zh else f"cost a person {why}"
            high = rounded(self.high)
            return f"每人至多{high}；下限{why}" if zh else f"at most {high} a person; the least is {why}"
        low = rounded(self.low)
        if isinstance(self.high, Unknown):
            why = self.high.text(lang)
            return f"每人至少{low}；上限{why}" if zh else f"at least {low} a person; the most is {why}"
        span = low if self.low == self.high else f"{low}{'至' if zh else ' to '}{rounded(self.high)}"
        return f"每人{span}" if zh else f"{span} a person"

    def __str__(self) -> str:
        return self.text()


def cost_per_person(*works: Work) -> CostPerPerson:
    """Money over people reached, exactly, at both ends of what is known of them.

    >>> from injuryprev.model import Attendance, Campaign
    >>> from injuryprev.units import Period
    >>> day = Campaign(id="C", period=Period.year(2016), cost=9000, attendance=Attendance(heads=400))
    >>> print(cost_per_person(day))
    22.5 a person
    """
    found = reach(*works)
    missing = [work.id for work in works if work.cost is None]
    if missing:
        cost: Decimal | Unknown = Unknown(
            tuple(
                Reason("missing", "cost", Words(f"the cost of {key} is not recorded", f"{key}的费用没有记录"))
                for key in missing
            )
        )
    else:
        cost = sum((work.cost for work in works if work.cost is not None), Decimal(0))
    if isinstance(found.people, Unknown):
        return CostPerPerson(cost, _either(cost, found.people), _either(cost, found.people))
    return CostPerPerson(cost, _over(cost, found.people.high), _over(cost, found.people.low))


def _over(cost: Decimal | Unknown, people: int | None) -> Fraction | Unknown:
    if isinstance(cost, Unknown):
        return cost
    if people is None:
        return _open("open_above", "how many people it was at most is not known", "人数上限未知")
    if people == 0:
        return _open("division_by_zero", "nobody was reached for certain", "不能确定有人受众")
    return exact(cost) / people


def _open(code: str, en: str, zh: str) -> Unknown:
    return Unknown((Reason(code, "people", Words(en, zh)),))


def _either(*values: object) -> Unknown:
    return Unknown(tuple(dict.fromkeys(r for value in values if isinstance(value, Unknown) for r in value.reasons)))
