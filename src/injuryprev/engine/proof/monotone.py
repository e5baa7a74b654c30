"""Whether a worse record ever pays less, or is granted more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

import attrs

from injuryprev.engine.ir import Node
from injuryprev.engine.proof.answered import Asked, answered
from injuryprev.engine.proof.course import Course, has_products
from injuryprev.engine.proof.day import Day, leaf_names
from injuryprev.engine.proof.finding import Finding, Status, Witness
from injuryprev.engine.values import Ratio
from injuryprev.policy.document import Worse
from injuryprev.words import Words

WORSE: Final[Mapping[str, Worse]] = {
    "rate": "higher",
    "contribution": "higher",
    "modification": "higher",
    "surcharge": "higher",
    "discount": "lower",
}
"""Names of the vocabulary for what an employer pays or is granted; any other output is asked about if it says so."""
_WORSE: Final = "'"
"""What the worse record's figure is called beside the better one's."""
_LESS: Final = Words("more {name} pays less", "{title}增加反而少缴")
_LESS_LOWER: Final = Words("less {name} pays less", "{title}减少反而少缴")
_PROVED: Final = Words("no record worse in {name} pays less", "{title}变差不会少缴")
_MORE: Final = Words("more {name} is granted more", "{title}增加反而多减")
_MORE_LOWER: Final = Words("less {name} is granted more", "{title}减少反而多减")
_PROVED_GRANTED: Final = Words("no record worse in {name} is granted more", "{title}变差不会多减")
_UNASKED: Final = Words(
    f"not asked: no output is declared worse = higher or lower, or called {', '.join(WORSE)}",
    f"未提问：没有输出声明不利方向（worse），也没有名为{'、'.join(WORSE)}的输出",
)
_NOTHING: Final = Words("no input of it is declared worse = higher or lower", "没有输入声明了变差的方向（worse）")


@attrs.frozen(eq=False)
class Pair:
    """Two records that differ in one input; ``order`` says that the second is the worse, ``way`` on which side."""

    name: str
    leaf: Node
    other: Node
    order: Node
    way: int

    @classmethod
    def of(cls, day: Day, name: str, worse: str) -> Pair:
        """The pair for an input that gets worse in a direction."""
        graph, leaf, way = day.graph, day.leaf(name), 1 if worse == "higher" else -1
        if leaf.op == "flag":
            other = graph.flag(name + _WORSE)
            low, high = (leaf, other) if worse == "higher" else (other, leaf)
            return cls(name, leaf, other, graph.both(graph.negate(low), high), way)
        other = graph.var(name + _WORSE, leaf.low, leaf.high)
        low, high = (leaf, other) if worse == "higher" else (other, leaf)
        return cls(name, leaf, other, graph.compare("<", low, high), way)


def monotone(day: Day) -> Iterator[Finding]:
    """For each figure to be paid or granted and each input that can get worse: proved, or a pair of employers."""
    values = {name: day.lowered.steps[name].value for name in day.rules.outputs if _direction(day, name)}
    if not values:
        yield _finding(day, day.rules.outputs[0], "", "not applicable", _UNASKED)
    for name, value in values.items():
        assert isinstance(value, Ratio)
        known = day.known(value.faults)
        num = day.given(value.num)
        inside = set(leaf_names([num]))
        asked = [x for x, item in day.rules.inputs.items() if item.entry.worse and x in inside]
        for x in asked:
            yield from _input(day, name, num, known, x)
        if not asked:
            yield _finding(day, name, "", "not applicable", _NOTHING)


def _direction(day: Day, output: str) -> Worse | None:
    """In which direction of an output an employer fares worse."""
    if not isinstance(day.lowered.steps[output].value, Ratio):
        return None
    return day.rules.definitions[output].entry.worse or WORSE.get(output)


def _input(day: Day, output: str, num: Node, known: Node, x: str) -> Iterator[Finding]:
    worse = day.rules.inputs[x].entry.worse
    assert worse is not None
    granted = _direction(day, output) == "lower"
    # What is granted never falls as the record gets better, as what is paid never falls as it gets worse.
    pair = Pair.of(day, x, {"higher": "lower", "lower": "higher"}[worse] if granted else worse)
    less, more, proved = (_MORE_LOWER, _MORE, _PROVED_GRANTED) if granted else (_LESS_LOWER, _LESS, _PROVED)
    title = day.rules.inputs[x].title.to("zh")
    both = day.graph.both(known, _moved(day, pair, known))
    if never_less(day, pair, num, both):
        yield _finding(day, output, x, "proved", proved.format(name=x, title=title))
        return
    asked = Asked(
        question="monotone",
        kind="decrease",
        subject=output,
        place=day.rules.definitions[output].place,
        words=(more if worse == "higher" else less).format(name=x, title=title),
        target=day.graph.all((pair.order, both, day.graph.compare("<", _moved(day, pair, num), num))),
        reached=day.graph.true,
        input=x,
        shown=partial(_employers, day, x, granted),
    )
    findings = list(answered(day, asked))
    yield from findings or [_finding(day, output, x, "proved", proved.format(name=x, title=title))]


def never_less(day: Day, pair: Pair, num: Node, both: Node) -> bool:
    """Whether it is proved that a figure never gets less from the better record to the worse."""
    given = day.graph.both(pair.order, both)
    if has_products([num]) and 1 in Course(day, pair.leaf, pair.other, pair.way).ways(num, given):
        return True
    return day.ask(given, day.graph.compare("<", _moved(day, pair, num), num)).status == "never"


def _moved(day: Day, pair: Pair, node: Node) -> Node:
    """A node for the worse record."""
    return day.graph.rebuild([node], {pair.leaf: pair.other})[0]


def _employers(day: Day, x: str, granted: bool, found: Mapping[str, int]) -> tuple[Witness, ...]:
    """The better record, then the worse."""
    one = {name: steps for name, steps in found.items() if not name.endswith(_WORSE)}
    pair = day.witness(one), day.witness({**one, x: found[x + _WORSE]})
    return pair[::-1] if granted else pair


def _finding(day: Day, output: str, x: str, status: Status, words: Words) -> Finding:
    return Finding(
        question="monotone",
        status=status,
        subject=output,
        place=day.rules.definitions[output].place,
        days=(day.rules.on,),
        words=words,
        input=x,
    )
