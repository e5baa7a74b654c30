"""Whether the rules of a day are those that something is to be judged by: the law of its own day, and no other."""

from __future__ import annotations

import datetime as dt

from injuryprev.engine import Policy
from injuryprev.errors import InputError
from injuryprev.model.objection import Objection
from injuryprev.units import Period
from injuryprev.words import Words


def rules_hold(policy: Policy) -> Period:
    """The days on which every rule of a policy is the one that holds on its own day.

    It ends with what the profile covers, unless the policy was asked for beyond that.

    >>> import injuryprev as ip
    >>> print(rules_hold(ip.load_profile("cn-prevention").on("2016-05-01")))
    [2014-01-01, 2017-09-01)
    """
    held = policy.rules.unchanged
    return held if policy.rules.beyond is None else Period(held.since)


def not_its_law(policy: Policy, day: dt.date, what: Words) -> Objection | None:
    """What stands against judging something of a day by these rules; ``None`` where they hold on it.

    Args:
        policy: The rules.
        day: Its day.
        what: What it is, for the reader.
    """
    held = rules_hold(policy)
    if day in held:
        return None
    covers = policy.rules.covers
    asked = f"load_profile({policy.id!r}).on('{day}'"
    lawful = Words(f"the rules of its day: {asked})", f"以当日规定审定：{asked})")
    if covers.until is not None and day >= covers.until:
        asked += ", beyond='last-known')"
        lawful = Words(
            f"the last rules known, on your word: {asked}", f"该档案未载当日规定；如以最后已知规定审定，须注明：{asked}"
        )
    elif day < covers.since:
        lawful = Words(
            f"a day from {covers.since} on: of what held before, this profile says nothing",
            f"{covers.since} 或以后：此前的规定本档案未载",
        )
    return Objection(
        "law_of_the_day",
        Words("it is judged by the rules of its day", "以当日有效的规定审定"),
        Words(
            f"{what.en} on {day}; rules of {policy.on}, which hold in {held}",
            f"{what.zh}，{day}；所用规定为 {policy.on} 的规定，有效期 {held}",
        ),
        lawful,
        Words(f"{policy.id} {policy.version}, the days it states", f"{policy.id} {policy.version} 所载有效期"),
    )


def check_year(policy: Policy, year: int, where: str) -> None:
    """Refuse a year of which no day has these rules.

    What is planned ahead is judged by the last rules there are, so rules that hold until the end of what the profile
    covers do for the years after it.

    Raises:
        InputError: The rules changed before the year began, or came into force after its end.
    """
    held, covers = rules_hold(policy), policy.rules.covers
    if held.until == covers.until:
        held = Period(held.since)
    if held.intersect(Period.year(year)) is None:
        raise InputError(
            f"the rules of {policy.on} are not those of {year}: they hold in {held}",
            where=where,
            seen=year,
            expected=f"rules of that year: load_profile({policy.id!r}).on(a day of {year})",
        )
