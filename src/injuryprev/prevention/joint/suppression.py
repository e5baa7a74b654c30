"""Small numbers put together, so that nobody is to be recognised in a table and nothing can be subtracted from it."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from injuryprev.errors import InputError
from injuryprev.words import Words

OTHERS = Words("others together ({count} groups)", "其余合计（{count}类）")


@attrs.frozen
class GroupRow:
    """A row of counts, now and before.

    Args:
        name: What it counts.
        now: Cases of the period.
        before: Cases of the former period.
    """

    name: Words
    now: int
    before: int


def is_small(count: int, threshold: int) -> bool:
    """Whether a count would point at few enough people to know them; nobody at all points at nobody."""
    return 0 < count < threshold


def put_together(rows: Iterable[GroupRow], threshold: int) -> tuple[GroupRow, ...] | None:
    """A table in which every count is 0 or not below the threshold, and which still adds up.

    Small rows become one row, and the smallest of the others go into it until it is no longer small itself.  Cells left
    empty could be found again from the total; a sum of several rows cannot be taken apart.

    Args:
        rows: The rows; those without a case are left out.
        threshold: The least count shown; 1 shows everything.

    Returns:
        The rows, the largest first and those put together last; ``None`` where no group can be told
            from the others.

    Raises:
        InputError: A threshold below 1.

    >>> rows = [GroupRow(Words(name), now, 0) for name, now in (("a", 40), ("b", 6), ("c", 2))]
    >>> [(row.name.en, row.now) for row in put_together(rows, 5)]
    [('a', 40), ('others together (2 groups)', 8)]
    """
    if threshold < 1:
        raise InputError("the least count shown", where="threshold", seen=threshold, expected="1 or more")
    known = sorted((row for row in rows if row.now or row.before), key=lambda row: (-row.now, -row.before, row.name.en))
    small = [row for row in known if _small(row, threshold)]
    kept = [row for row in known if row not in small]
    if not small:
        return tuple(kept)
    others = _sum(small)
    # A single small row is still small by itself, so a second one always goes in: it is never shown under another name.
    while kept and _small(others, threshold):
        small.append(kept.pop())
        others = _sum(small)
    if not kept or _small(others, threshold):
        return None
    return (*kept, others)


def _small(row: GroupRow, threshold: int) -> bool:
    return is_small(row.now, threshold) or is_small(row.before, threshold)


def _sum(rows: list[GroupRow]) -> GroupRow:
    return GroupRow(OTHERS.format(count=len(rows)), sum(row.now for row in rows), sum(row.before for row in rows))
