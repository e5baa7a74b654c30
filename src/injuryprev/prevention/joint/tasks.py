"""What is overdue and what is still open on a given day."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TypeVar

from injuryprev.errors import InputError
from injuryprev.model.task import TASK_STATES, State, Task

TaskT = TypeVar("TaskT", bound=Task)


def overdue(tasks: Iterable[TaskT], on: dt.date) -> tuple[TaskT, ...]:
    """What should have been done by a day and was not, as it was known then; the longest overdue first.

    Args:
        tasks: Hidden dangers, agreed measures, notices.
        on: The day; the last day of a task is not overdue yet.

    Raises:
        InputError: Two tasks of one key.

    >>> from injuryprev.model import HiddenDanger
    >>> found = HiddenDanger(id="D-1", employer_id="E-1", what="no guard", set_on="2026-03-02", due="2026-03-31")
    >>> [len(overdue([found], dt.date(2026, 3, 31))), len(overdue([found], dt.date(2026, 4, 1)))]
    [0, 1]
    """
    late = [task for task in _once(tasks) if task.state(on) == "overdue"]
    return tuple(sorted(late, key=lambda task: (-task.days_late(on), task.id)))


def outstanding(tasks: Iterable[TaskT], on: dt.date) -> tuple[TaskT, ...]:
    """What was set and not closed by a day, by its last day; what has none comes at the end.

    Raises:
        InputError: Two tasks of one key.
    """
    still = [task for task in _once(tasks) if task.state(on) in {"open", "undated", "overdue"}]
    return tuple(sorted(still, key=lambda task: (task.due_on(on) or dt.date.max, task.id)))


def states(tasks: Iterable[Task], on: dt.date) -> Mapping[State, int]:
    """How many stood how on a day, for every state there is.

    Raises:
        InputError: Two tasks of one key.
    """
    found = Counter(task.state(on) for task in _once(tasks))
    return {state: found[state] for state in TASK_STATES}


def _once(tasks: Iterable[TaskT]) -> list[TaskT]:
    found: dict[str, TaskT] = {}
    for task in tasks:
        if task.id in found:
            raise InputError("two tasks of one key", where="tasks", seen=task.id, expected="a key for each")
        found[task.id] = task
    return list(found.values())
