"""Whom to inspect together and to whom a graded notice goes, from what the measures found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from fractions import Fraction

import attrs

from injuryprev.errors import InputError
from injuryprev.measures.focusing.alerts import AlertScheme
from injuryprev.measures.focusing.enforcement import PriorityRow
from injuryprev.measures.focusing.listing import Focus
from injuryprev.measures.focusing.units import FocusUnit
from injuryprev.model.coordination import Listing
from injuryprev.model.task import GradedNotice, HiddenDanger
from injuryprev.prevention.joint.lists import listed
from injuryprev.prevention.joint.tasks import overdue
from injuryprev.units import Period
from injuryprev.unknown import Unknown
from injuryprev.words import Lang, Words


@attrs.frozen
class Inspection:
    """One employer on a joint inspection list.

    Args:
        employer_id: The employer.
        grounds: What put it there, one for each source: focus, enforcement, dangers, list.
        place: Its best place in a ranked source; ``None`` where none ranked it.
    """

    employer_id: str
    grounds: tuple[tuple[str, Words], ...]
    place: int | None

    def text(self, lang: Lang = "en") -> str:
        """The employer on one line."""
        said = ("；" if lang == "zh" else "; ").join(words.to(lang) for _, words in self.grounds)
        return f"{self.employer_id}{'：' if lang == 'zh' else ': '}{said}"


def inspection_list(
    on: dt.date,
    *,
    focus: Focus | None = None,
    enforcement: Iterable[PriorityRow] = (),
    dangers: Iterable[HiddenDanger] = (),
    listings: Iterable[Listing] = (),
    top: int = 20,
) -> tuple[Inspection, ...]:
    """A joint inspection list (联合检查名单).

    On it are the first so many of the focus by employer and of the enforcement list, every employer with an overdue
    danger, and every employer named for serious dangers.  Those with more grounds come first, then those of a better
    place, then by key.

    Args:
        on: The day, for what is overdue and who is listed.
        focus: A focus whose units are employers.
        enforcement: Such as ``enforcement_list(cases, priority("zhejiang-2014"))``.
        dangers: Hidden dangers.
        listings: Public lists; only ``exposed`` counts here.
        top: How many of each ranked source.

    Raises:
        InputError: ``top`` below 0.
    """
    if top < 0:
        raise InputError("a number of employers is wanted", where="inspection_list", seen=top, expected="0 or more")
    grounds: dict[str, list[tuple[str, Words]]] = {}
    places: dict[str, int] = {}

    def add(employer: str, source: str, words: Words, place: int | None = None) -> None:
        grounds.setdefault(employer, []).append((source, words))
        if place is not None:
            places[employer] = min(place, places.get(employer, place))

    for row in focus.ranked[:top] if focus is not None else ():
        if row.unit.key is not None and focus is not None:
            add(row.unit.key, "focus", _place("focus", "重点", row.rank, focus.reasons(row)), row.rank)
    for ranked in list(enforcement)[:top]:
        add(ranked.employer_id, "enforcement", _place("enforcement", "监督", ranked.rank, ranked.reasons), ranked.rank)
    for employer, late in _by_employer(overdue(dangers, on)).items():
        days = max(one.days_late(on) for one in late)
        add(
            employer,
            "dangers",
            Words(f"dangers overdue: {len(late)}, up to {days} days", f"逾期隐患{len(late)}项，最长{days}天"),
        )
    for one in listed(listings, on, "exposed"):
        add(one.employer_id, "list", Words(f"named: {one.grounds}", f"曝光：{one.grounds}"))
    found = [Inspection(key, tuple(said), places.get(key)) for key, said in grounds.items()]
    most = max(places.values(), default=0) + 1
    return tuple(sorted(found, key=lambda row: (-len(row.grounds), row.place or most, row.employer_id)))


def _place(en: str, zh: str, rank: int | None, reasons: tuple[Words, ...]) -> Words:
    return Words(
        f"{en} place {rank} ({'; '.join(one.en for one in reasons)})",
        f"{zh}第{rank}位（{'；'.join(one.zh or one.en for one in reasons)}）",
    )


def _by_employer(dangers: Iterable[HiddenDanger]) -> dict[str, list[HiddenDanger]]:
    found: dict[str, list[HiddenDanger]] = {}
    for danger in dangers:
        found.setdefault(danger.employer_id, []).append(danger)
    return found


@attrs.frozen
class Notices:
    """Graded notices of one round.

    Args:
        notices: To whom one goes, each with the level it surely reached.
        unjudged: Employers of whom it cannot be said whether any level is reached, and why.
    """

    notices: tuple[GradedNotice, ...]
    unjudged: tuple[tuple[str, Unknown], ...]


def graded_notices(
    units: Iterable[FocusUnit], scheme: AlertScheme, *, period: Period, on: dt.date, due: dt.date | None = None
) -> Notices:
    """Graded notices for employers whose rate reaches a level of a published scheme (分级通报).

    Args:
        units: Employers with cases and exposure, as ``gather(..., by="employer")`` gives them; what the scheme counts
            (accidents in the production area, say) is for whoever gathers them to choose.
        scheme: Such as ``alerts("ningde-2019")``.
        period: The days that were counted.
        on: The day of issue.
        due: The last day to put things right; no shipped scheme prints one.

    >>> from injuryprev.measures import alerts
    >>> run = graded_notices(
    ...     [FocusUnit("E-1", 3, 100), FocusUnit("E-2", 1, 100), FocusUnit("E-3", 1, None)],
    ...     alerts("ningde-2019"),
    ...     period=Period.year(2025),
    ...     on=dt.date(2026, 1, 20),
    ... )
    >>> [(notice.employer_id, notice.level) for notice in run.notices], [key for key, _ in run.unjudged]
    ([('E-1', 'yellow')], ['E-3'])
    """
    notices, unjudged = [], []
    for unit in sorted((unit for unit in units if unit.key is not None), key=lambda unit: unit.key or ""):
        key = unit.key or ""
        alert = scheme.of(unit.cases, unit.exposure)
        doubt = alert.level if isinstance(alert.level, Unknown) else None
        if alert.at_least is None or not isinstance(alert.value, Fraction):
            if doubt is not None:
                unjudged.append((key, doubt))
            continue
        notices.append(
            GradedNotice(
                id=f"{scheme.name}/{on}/{key}",
                employer_id=key,
                scheme=scheme.name,
                level=alert.at_least.name,
                period=period,
                rate=alert.value,
                doubt=doubt,
                set_on=on,
                due=due,
            )
        )
    return Notices(tuple(notices), tuple(unjudged))
