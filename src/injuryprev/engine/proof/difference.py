"""Where two sets of rules differ: what is written, and for each output the regions of employers, or a proof of none."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, Literal

import attrs

from injuryprev.engine.evaluator import Outcome
from injuryprev.engine.proof.entries import Change
from injuryprev.engine.proof.finding import shown
from injuryprev.policy.rules import Rules
from injuryprev.words import Lang, Words

Figure = Decimal | Fraction | bool | str


@attrs.frozen(eq=False)
class Employer:
    """An employer, and what either rules make of it.  ``given`` has the inputs of both."""

    given: Mapping[str, Figure]
    before: Outcome
    after: Outcome


@attrs.frozen(eq=False)
class Differing:
    """A region of employers whose outcome differs; without words it is the one employer's pair of outcomes."""

    words: Words
    employer: Employer


@attrs.frozen(eq=False)
class OutputDifference:
    """One output: the same for all (``same``, proved), different (``differs``), or ``not reached`` in its time.

    What is in another unit or currency is ``not comparable``; of one that only one side has it says so.
    """

    name: str
    title: Words
    status: Literal["same", "differs", "not reached", "not comparable", "only before", "only after"]
    regions: tuple[Differing, ...] = ()
    complete: bool = True
    """Whether the regions are all there are."""
    counted_alike: bool = True
    """Whether both follow from records in the same way; if not, what is said is said of equal figures."""

    def text(self, lang: Lang = "en") -> str:
        """The output and its regions, a line each."""
        said = _SAID[self.status if self.counted_alike else f"{self.status} for figures"]
        lines = [f"{self.name}: {said.to(lang)}"]
        for region in self.regions:
            where = f"[{region.words.to(lang)}] " if region.words else ""
            one = region.employer
            figures = ", ".join(f"{name}={shown(value)}" for name, value in one.given.items())
            lines.append(f"  {where}{shown(one.before)} → {shown(one.after)}: {figures}")
        if not self.complete:
            lines.append("  …")
        return "\n".join(lines)


_SAID: Final = {
    "same": Words("the same for every employer (proved)", "对所有单位均相同（已证明）"),
    "same for figures": Words(
        "the same for equal figures (proved); the figures are counted differently",
        "数据相同则结果相同（已证明）；但统计口径不同",
    ),
    "differs": Words("differs", "有差异"),
    "differs for figures": Words(
        "differs for equal figures; the figures are counted differently, too", "数据相同时亦有差异；且统计口径不同"
    ),
    "not reached": Words("not decided in its time", "未能在时限内判定"),
    "not comparable": Words("another kind of figure, unit or currency", "类型、单位或货币不同，无法比较"),
    "only before": Words("only the first has it", "仅前者有此项"),
    "only after": Words("only the second has it", "仅后者有此项"),
}


@attrs.frozen(eq=False)
class Difference:
    """What two sets of rules write, and decide, differently."""

    before: Rules
    after: Rules
    changes: tuple[Change, ...]
    outputs: tuple[OutputDifference, ...]

    @property
    def same(self) -> bool:
        """Whether it is proved that no employer's outcome differs: they have the same outputs, counted alike."""
        return all(output.status == "same" and output.counted_alike for output in self.outputs)

    def to_data(self) -> dict[str, Any]:
        """As plain data, for JSON: numbers as text, exact."""
        return {
            "schema": "injuryprev.diff/1",
            "before": self.before.id,
            "after": self.after.id,
            "same": self.same,
            "changes": [
                {"entry": f"{one.section}.{one.name}", "path": one.path, "before": one.before, "after": one.after}
                for one in self.changes
            ],
            "outputs": [
                {
                    "name": output.name,
                    "status": output.status,
                    "complete": output.complete,
                    "counted_alike": output.counted_alike,
                    "regions": [
                        {
                            "region": {"en": region.words.en, "zh": region.words.zh},
                            "given": {name: shown(value) for name, value in region.employer.given.items()},
                            "before": shown(region.employer.before),
                            "after": shown(region.employer.after),
                        }
                        for region in output.regions
                    ],
                }
                for output in self.outputs
            ],
        }
