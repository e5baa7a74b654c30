"""Rows that were not used, and which figures of a bulletin cannot be stated without them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import attrs

from injuryprev.model import Employer, History
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

Pairs = Sequence[tuple[Employer, History]]
_NAMED = 3


@attrs.frozen
class Gaps:
    """Employers and their records, and what of them is known not to be all.

    Args:
        area: Everybody, those included of whom nothing was read.
        incomplete: Employers of which rows were rejected, each with the reasons; their subjects are the tables.
        lost: Rows of which nobody can tell whose they are, likewise.
        leave_out: Whether figures are stated without all these, or not at all.
    """

    area: Pairs
    incomplete: Mapping[str, Unknown]
    lost: tuple[Reason, ...]
    leave_out: bool

    @classmethod
    def of(
        cls,
        area: Iterable[tuple[Employer, History]],
        incomplete: Mapping[str, Unknown] | None,
        lost: Unknown | None,
        *,
        leave_out: bool,
    ) -> Gaps:
        """Put them together; an incomplete employer that is not in the area belongs to it all the same."""
        everybody = list(area)
        known, wrong = {employer.id for employer, _ in everybody}, dict(incomplete or {})
        everybody += [(Employer(key), History()) for key in wrong if key not in known]
        return cls(everybody, wrong, lost.reasons if lost is not None else (), leave_out)

    @property
    def rows(self) -> Mapping[str, int]:
        """By table, how many rows nobody can place."""
        return dict(Counter(reason.subject for reason in self.lost))

    def counted(self) -> tuple[Pairs, Unknown | None]:
        """Whose cases can be counted; or why, with all of them, the count is unknown."""
        bad = self._touched("exposure")
        without = [one[0].id for one in self.area if one[1].cases is None or one[0].id in bad]
        if self.leave_out:
            skipped = set(without)
            return [one for one in self.area if one[0].id not in skipped], None
        reasons = [_named(without)] if without else []
        reasons += [reason for why in bad.values() for reason in why.reasons]
        reasons += self._lost("exposure")
        return self.area, Unknown(tuple(reasons)) if reasons else None

    def rated(self, *, over_cases: bool) -> tuple[Pairs, Unknown | None]:
        """Who can be in a rate; or why, with all of them, the rate is unknown.

        Args:
            over_cases: The rate is of cases over cases, so that rows of exposure do not matter to it.
        """
        spared = "exposure" if over_cases else ""
        bad = self._touched(spared)
        if self.leave_out:
            return [one for one in self.area if one[0].id not in bad], None
        reasons = [*(reason for why in bad.values() for reason in why.reasons), *self._lost(spared)]
        return self.area, Unknown(tuple(reasons)) if reasons else None

    def _touched(self, spared: str) -> Mapping[str, Unknown]:
        """Employers of which rows of another table than this one were rejected."""
        return {key: why for key, why in self.incomplete.items() if any(one.subject != spared for one in why.reasons)}

    def _lost(self, spared: str) -> list[Reason]:
        return [reason for reason in self.lost if reason.subject != spared]


def _named(without: Sequence[str]) -> Reason:
    few, more = ", ".join(without[:_NAMED]), len(without) > _NAMED
    words = Words(
        f"the cases of {len(without)} employers are not known: {few}"
        + (f" and {len(without) - _NAMED} more" if more else ""),
        f"{len(without)}家单位的案件未知：{few}" + ("等" if more else ""),
    )
    return Reason("not_supplied", "cases", words)
