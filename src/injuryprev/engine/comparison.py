"""Figures to compare with: what all employers of an industry, a district or a class come to together."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from injuryprev.engine.figures import Counted
from injuryprev.engine.ir import Graph
from injuryprev.engine.lower import InputShape, lower_input
from injuryprev.engine.reading import read
from injuryprev.model import Employer
from injuryprev.policy.document import Counting
from injuryprev.policy.rules import Item, Rules
from injuryprev.units import round_to, shown
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

Group = str | None
"""What an employer is compared within; ``None`` where that is not known."""


def shapes_of(rules: Rules, entry: Counting) -> Mapping[str, InputShape]:
    """How the figures that a comparison looks at are read: as inputs of the policy, with their ranges and steps."""
    graph = Graph()
    names = (name for name in (*entry.of, "risk_class") if name in rules.inputs and name in rules.counting)
    return {name: lower_input(graph, rules.inputs[name], rules.types[name]) for name in names}


class Comparison:
    """The ratio of two summed figures by group.

    Args:
        item: The rule.
        shapes: How the figures are read, see ``shapes_of``.
        unseen: Employers of which nothing is known but that there are such; they are of the group of all employers.
    """

    def __init__(self, item: Item[Counting], shapes: Mapping[str, InputShape], unseen: int = 0) -> None:
        self.item, self._shapes = item, shapes
        self._sums: dict[str, tuple[Fraction, Fraction]] = {}
        self._members: dict[str, int] = {"": unseen}
        self._left_out: dict[str, int] = {"": unseen}

    def add(self, employer: Employer, figures: Mapping[str, object], *, whole: bool) -> Group:
        """Count an employer in; its group.

        Args:
            employer: Who it is.
            figures: What it came to by itself, and what was said of it.
            whole: Whether its records are all there; otherwise its figures are not known, whatever they come to.
        """
        group = self._group_of(employer, figures)
        if group is None:
            return None
        self._members[group] = self._members.get(group, 0) + 1
        values = [self._read(name, figures[name]) for name in self.item.entry.of] if whole else []
        if values and None not in values:
            above, below = (value for value in values if value is not None)
            sums = self._sums.get(group, (Fraction(0), Fraction(0)))
            self._sums[group] = (sums[0] + above, sums[1] + below)
        else:
            self._left_out[group] = self._left_out.get(group, 0) + 1
        return group

    def _read(self, name: str, value: object) -> Fraction | None:
        """A figure as the rules take it: what is no use to them is none to compare with either."""
        shape = self._shapes[name]
        steps, status = read(shape, value)
        return None if status else steps * shape.step

    def _group_of(self, employer: Employer, figures: Mapping[str, object]) -> Group:
        """The industry's division by its edition, the area, the class, or everybody."""
        over = self.item.entry.over
        if not over:
            return ""
        if over == "industry":
            return None if employer.industry is None else f"{employer.industry.division} {employer.industry.edition}"
        found = figures.get(over, getattr(employer, over))
        if over in self._shapes:
            class_ = self._read(over, found)
            return None if class_ is None else shown(class_)
        return None if found is None else str(found)

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
