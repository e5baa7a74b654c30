"""Dask: every partition is a pandas frame, and is read by itself once it is asked for.

What concerns one employer does not depend on another, so for counting it is enough that the records of an employer and
the employer itself come into the same partition.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs

Work = Callable[..., Any]


@attrs.frozen(eq=False)
class _Parts:
    """Work on one partition of each frame.  ``names`` are those of the tables after the first frame."""

    work: Work
    names: tuple[str, ...] = ()

    def __call__(self, first: Any, *tables: Any) -> Any:
        return self.work(first, **dict(zip(self.names, tables, strict=True)))

    def __dask_tokenize__(self) -> object:
        return id(self), self.names


def by_partition(frame: Any, work: Work) -> Any:
    """Rows of a frame are worked on where they are."""
    return frame.map_partitions(_Parts(work), meta=work(frame._meta))  # noqa: SLF001  # how Dask shows an empty frame


def by_group(frame: Any, keys: Sequence[str], work: Work) -> Any:
    """Rows of one group, whatever partition they were in, are worked on together; without keys all are one group."""
    return by_partition(frame.shuffle(list(keys)) if keys else frame.repartition(npartitions=1), work)


def by_employer(employers: Any, key: str, tables: Mapping[str, Any], work: Work) -> Any:
    """Employers with the tables of their records, brought together by their keys."""
    parts = max(frame.npartitions for frame in (employers, *tables.values()))
    meta = work(employers._meta, **{name: table._meta for name, table in tables.items()})  # noqa: SLF001  # as above
    together = [employers.shuffle(key, npartitions=parts)]
    together += [table.shuffle("employer_id", npartitions=parts) for table in tables.values()]
    return together[0].map_partitions(
        _Parts(work, tuple(tables)), *together[1:], meta=meta, align_dataframes=False, enforce_metadata=True
    )
