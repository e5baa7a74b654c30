"""Whether outcomes keep to what the profile claims of them: its floor, its cap, its ladder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from injuryprev.engine.proof.answered import Asked, answered
from injuryprev.engine.proof.day import Day
from injuryprev.engine.proof.finding import Finding
from injuryprev.policy.expr import write
from injuryprev.words import Words

_HOLDS: Final = Words("holds wherever it is known", "凡可判定之处均成立")
_NONE: Final = Words("the profile claims nothing of its outcomes", "政策文件未声明任何断言")


def bounded(day: Day) -> Iterator[Finding]:
    """Each claim: proved, or with an employer for whom it does not hold."""
    if not day.rules.claims:
        where = day.rules.definitions[day.rules.outputs[0]].place.partition(" @ ")[0]
        yield Finding(
            question="bounded",
            status="not applicable",
            subject=day.rules.id,
            place=f"{where} @ $",
            days=(day.rules.on,),
            words=_NONE,
        )
    for item in day.rules.claims.values():
        truth = day.scope.truth(item.entry.formula)
        known = day.known(truth.faults)
        text = write(item.entry.formula)
        asked = Asked(
            question="bounded",
            kind="claim",
            subject=item.name,
            place=item.place,
            words=Words(f"there are employers for whom this does not hold: {text}", f"对部分单位不成立：{text}"),
            target=day.graph.negate(day.given(truth.node)),
            reached=known,
        )
        found = list(answered(day, asked))
        yield from found or [
            Finding(
                question="bounded",
                status="proved",
                subject=item.name,
                place=item.place,
                days=(day.rules.on,),
                words=Words(f"{_HOLDS.en}: {text}", f"{_HOLDS.zh}：{text}"),
            )
        ]
