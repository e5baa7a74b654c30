"""From a condition that nobody should meet to findings: proved, accepted, or refuted with regions and witnesses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

import attrs

from injuryprev.engine.ir import Node
from injuryprev.engine.proof.day import Day, accepted
from injuryprev.engine.proof.finding import Finding, Question, Status, Witness
from injuryprev.engine.proof.regions import Atom, regions
from injuryprev.policy.expr import write
from injuryprev.words import Words

OPEN: Final = Words("not decided in the time that was given", "未能在给定时间内判定")
_MORE: Final = Words("; there are further regions", "；另有其他情形")


@attrs.frozen(eq=False, kw_only=True)
class Asked:
    """A condition that should never be met.

    ``target`` is the condition, ``reached`` where it has a part in an outcome, ``parts`` the conditions in whose words
    it is told.  Where it can be, an employer is shown of whom ``clear`` holds too.  ``shown`` turns integers of the
    inputs into employers.
    """

    question: Question
    kind: str
    subject: str
    place: str
    words: Words
    target: Node
    reached: Node
    clear: Node | None = None
    parts: Sequence[Atom] = ()
    rows: tuple[int, ...] = ()
    input: str = ""
    shown: Callable[[Mapping[str, int]], tuple[Witness, ...]] | None = None


def answered(day: Day, asked: Asked) -> Iterator[Finding]:
    """What came of the question; nothing where the condition is never met."""
    graph = day.graph
    bad = graph.both(asked.target, asked.reached)
    known = accepted(day, asked.kind, asked.subject, rows=asked.rows, worse=asked.input)
    for scoped in known:
        answer = day.clearest(graph.both(bad, scoped.node), asked.clear)
        if answer.status != "never":
            entry = scoped.item.entry
            where = Words() if entry.where is None else Words(write(entry.where), write(entry.where, day.titles))
            status: Status = "accepted" if answer.status == "found" else "not reached"
            yield _finding(day, asked, status, entry.note, where, answer.leaves, place=scoped.item.place)
    new = graph.both(bad, graph.negate(graph.any(scoped.node for scoped in known)))
    answer = day.clearest(new, asked.clear)
    if answer.status == "open":
        yield _finding(day, asked, "not reached", OPEN, Words(), {})
    if answer.status != "found":
        return
    if not asked.parts:
        yield _finding(day, asked, "refuted", asked.words, Words(), answer.leaves)
        return
    # Told by the rule's own conditions, among the employers whom it concerns and whom nobody has accepted.
    found, more = regions(day, asked.target, asked.parts, within=new, clear=asked.clear)
    for region in found:
        words = asked.words
        if more != "all" and region is found[-1]:
            words = Words(words.en + _MORE.en, words.zh + _MORE.zh)
        yield _finding(day, asked, "refuted", words, region.words, region.leaves)


def _finding(
    day: Day,
    asked: Asked,
    status: Status,
    words: Words,
    region: Words,
    leaves: Mapping[str, int],
    place: str = "",
) -> Finding:
    witnesses: tuple[Witness, ...] = ()
    if leaves or status in ("refuted", "accepted"):
        witnesses = (day.witness(leaves),) if asked.shown is None else asked.shown(leaves)
    return Finding(
        question=asked.question,
        status=status,
        kind=asked.kind,
        subject=asked.subject,
        place=place or asked.place,
        days=(day.rules.on,),
        words=words,
        region=region,
        rows=asked.rows,
        input=asked.input,
        witnesses=witnesses,
    )
