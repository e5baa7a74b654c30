"""Figures to compare with: what all employers of an industry, a district or a class come to together."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from injuryprev.engine.figures import Counted
from injuryprev.model import Employer
from injuryprev.policy.document import Counting
from injuryprev.policy.rules import Item
from injuryprev.units import exact, round_to
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

Group = str | None
"""What an employer is compared within; ``None`` where that is not known."""


def group_of(employer: Employer, over: str, counted: Mapping[str, Counted]) -> Group:
    """The group of an employer: its industry's division by its edition, its area, its class, or everybody."""
    if not over:
        return ""
    if over == "industry":
        return None if employer.industry is None else f"{employer.industry.division} {employer.industry.edition}"
    if over == "area":
        return employer.area
    found = counted["risk_class"].value if "risk_class" in counted else employer.risk_class
    return None if found is None or isinstance(found, Unknown) else str(found)


class Comparison:
    """The ratio of two summed figures by group; ``members`` are the groups of employers with their figures."""

    def __init__(self, item: Item[Counting], members: list[tuple[Group, Mapping[str, object]]]) -> None:
        self.item = item
        self._sums: dict[str, tuple[Fraction, Fraction]] = {}
        self._members: dict[str, int] = {}
        self._left_out: dict[str, int] = {}
        for group, figures in members:
            if group is None:
                continue
            values = [figures[name] for name in item.entry.of]
            self._members[group] = self._members.get(group, 0) + 1
            if any(isinstance(value, Unknown) for value in values):
                self._left_out[group] = self._left_out.get(group, 0) + 1
                continue
            above, below = (exact(value, where=item.name) for value in values)
            sums = self._sums.get(group, (Fraction(0), Fraction(0)))
            self._sums[group] = (sums[0] + above, sums[1] + below)

    def of(self, group: Group) -> Counted:
        """The figure that employers of a group are compared with."""
        entry = self.item.entry
        if group is None:
            return self._unknown("no_group", f"the employer does not say its {entry.over}", "单位未注明所属组别")
        members, left_out = self._members[group], self._left_out.get(group, 0)
        if left_out and entry.partial == "refuse":
            en = f"the figures of {left_out} of the {members} employers compared are unknown"
            return self._unknown("incomplete", en, f"用于比较的 {members} 个单位中有 {left_out} 个数据未知")
        above, below = self._sums.get(group, (Fraction(0), Fraction(0)))
        if below == 0:
            return self._unknown("division_by_zero", f"{entry.of[1]} sums to zero", f"{entry.of[1]} 合计为零")
        value = above / below
        if entry.round is not None:
            value = round_to(value, entry.round.to, entry.round.mode)
        top, bottom = entry.of
        whose = Words(f" ({entry.over} {group})", f"（{group}）") if group else Words()
        words = Words(
            f"sum of {top} over sum of {bottom} of {members - left_out} employers{whose.en}",
            f"{members - left_out} 个单位的 {top} 合计除以 {bottom} 合计{whose.zh}",
        )
        return Counted(value, words, self.item.cited, self.item)

    def _unknown(self, code: str, en: str, zh: str) -> Counted:
        name = self.item.name
        reason = Reason(code, name, Words(f"{name}: {en}", f"{name}：{zh}"))
        return Counted(Unknown((reason,)), Words(), self.item.cited, self.item)
