"""Exact values of the lowered tree: a ratio of integers, a truth value, a choice, each with what keeps it unknown."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from typing import Final

import attrs

from injuryprev.engine.ir import Graph, Node, WidthError
from injuryprev.unknown import Reason

_WIDEST_SCALE: Final = 512
"""Bits above and below the line of a fixed factor: rules that square a figure again and again would take all memory."""

Faults = dict[Reason, Node]
"""Why a value is unknown -> when that is so.  The value is known where none of them holds."""


@attrs.frozen(eq=False)
class Ratio:
    """The number ``scale * num / den``; ``den`` is positive."""

    num: Node
    den: Node
    scale: Fraction
    faults: Faults

    def __attrs_post_init__(self) -> None:
        if max(self.scale.numerator.bit_length(), self.scale.denominator.bit_length()) > _WIDEST_SCALE:
            raise WidthError("a figure is too long", seen=f"more than {_WIDEST_SCALE} bits", expected="64 bits or less")

    @property
    def bounds(self) -> tuple[Fraction, Fraction]:
        """Least and greatest value within the ranges of the inputs."""
        ends = [
            self.scale * Fraction(num, den)
            for num in (self.num.low, self.num.high)
            for den in (self.den.low, self.den.high)
        ]
        return min(ends), max(ends)


@attrs.frozen(eq=False)
class Truth:
    """A condition."""

    node: Node
    faults: Faults


@attrs.frozen(eq=False)
class Choice:
    """One of some words, carried as its place among them."""

    node: Node
    choices: tuple[str, ...]
    faults: Faults


Value = Ratio | Truth | Choice


class Arithmetic:
    """Exact arithmetic on values, laid out as integer nodes of one graph."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    # Faults

    def merged(self, *many: Faults) -> Faults:
        """Unknown for any of the reasons of several."""
        found: Faults = {}
        for faults in many:
            for reason, node in faults.items():
                found[reason] = self.graph.either(found[reason], node) if reason in found else node
        return {reason: node for reason, node in found.items() if node is not self.graph.false}

    def gated(self, faults: Faults, condition: Node) -> Faults:
        """Reasons that matter only where a condition holds."""
        gated = {reason: self.graph.both(condition, node) for reason, node in faults.items()}
        return {reason: node for reason, node in gated.items() if node is not self.graph.false}

    def known(self, faults: Faults) -> Node:
        """Where none of the reasons holds."""
        return self.graph.negate(self.graph.any(faults.values()))

    # Numbers

    def number(self, value: Fraction) -> Ratio:
        """A fixed number."""
        return Ratio(self.graph.const(value.numerator), self.graph.const(1), Fraction(1, value.denominator), {})

    def _aligned(self, values: Iterable[Ratio]) -> tuple[list[Node], Fraction]:
        """Numerators over one scale; denominators stay as they are."""
        values = list(values)
        scales = [abs(value.scale) for value in values if value.num.fixed != 0 and value.scale]
        scale = _common(scales) if scales else Fraction(1)
        nums = []
        for value in values:
            factor = value.scale / scale if value.num.fixed != 0 else Fraction(0)
            nums.append(self.graph.mul(value.num, self.graph.const(int(factor))) if factor else self.graph.const(0))
        return nums, scale

    def add(self, a: Ratio, b: Ratio, sign: int = 1) -> Ratio:
        """The sum, or the difference with ``sign=-1``."""
        graph = self.graph
        (left, right), scale = self._aligned((a, b))
        if a.den is not b.den:
            left, right = graph.mul(left, b.den), graph.mul(right, a.den)
        den = a.den if a.den is b.den else graph.mul(a.den, b.den)
        num = graph.add(left, right) if sign > 0 else graph.sub(left, right)
        return Ratio(num, den, scale, self.merged(a.faults, b.faults))

    def mul(self, a: Ratio, b: Ratio) -> Ratio:
        """The product."""
        graph = self.graph
        num_a, den_b, scale_1 = self._cancelled(a.num, b.den)
        num_b, den_a, scale_2 = self._cancelled(b.num, a.den)
        scale = a.scale * b.scale * scale_1 * scale_2
        return Ratio(graph.mul(num_a, num_b), graph.mul(den_a, den_b), scale, self.merged(a.faults, b.faults))

    def _cancelled(self, num: Node, den: Node) -> tuple[Node, Node, Fraction]:
        """What a product has above and below the line, with all that is fixed taken into the scale but a zero."""
        one = self.graph.const(1)
        if num is den:
            return one, one, Fraction(1)
        if den.fixed is None:
            return num, den, Fraction(1)
        return (one, one, Fraction(num.fixed, den.fixed)) if num.fixed else (num, one, Fraction(1, den.fixed))

    def negative(self, a: Ratio) -> Ratio:
        """The number with its sign turned."""
        return Ratio(a.num, a.den, -a.scale, a.faults)

    def div(self, a: Ratio, b: Ratio, zero: Reason) -> Ratio:
        """The quotient; where the divisor is zero it is unknown for the reason ``zero``."""
        graph = self.graph
        divisor, scale = b.num, b.scale
        is_zero = graph.compare("==", divisor, graph.const(0))
        positive, flipped = divisor, graph.false
        if divisor.high <= 0:
            positive, scale = graph.sub(graph.const(0), divisor), -scale
        elif divisor.low < 0:
            flipped = graph.compare("<", divisor, graph.const(0))
            positive = graph.select(flipped, graph.sub(graph.const(0), divisor), divisor)
        safe = graph.most(positive, graph.const(1))
        top = graph.select(flipped, graph.sub(graph.const(0), a.num), a.num)
        inverse = Ratio(
            b.den, safe, 1 / scale if scale else Fraction(1), {zero: graph.both(self.known(b.faults), is_zero)}
        )
        product = self.mul(Ratio(top, a.den, a.scale, {}), inverse)
        return attrs.evolve(product, faults=self.merged(a.faults, b.faults, inverse.faults))

    def rounded(self, a: Ratio, step: Fraction, mode: str) -> Ratio:
        """The multiple of ``step`` nearest by ``mode``; ties of ``half_up`` go away from zero."""
        graph = self.graph
        share = a.scale / step
        top, bottom = graph.mul(a.num, graph.const(share.numerator)), graph.mul(a.den, graph.const(share.denominator))
        if bottom.fixed == 1:
            return Ratio(top, graph.const(1), step, a.faults)
        if mode in ("up", "down"):
            negative = graph.sub(graph.const(0), top)
            upward = graph.sub(graph.const(0), graph.floordiv(negative, bottom))
            downward = graph.floordiv(top, bottom)
            whole = self._by_sign(top, *((upward, downward) if mode == "up" else (downward, upward)))
        else:
            whole = (self.half_even if mode == "half_even" else self.half_up)(top, bottom)
        return Ratio(whole, graph.const(1), step, a.faults)

    def _by_sign(self, top: Node, positive: Node, negative: Node) -> Node:
        return self.graph.select(self.graph.compare(">=", top, self.graph.const(0)), positive, negative)

    def half_up(self, top: Node, bottom: Node) -> Node:
        """The whole number nearest to a quotient; ties go away from zero."""
        return self._half(top, bottom, even=False)

    def half_even(self, top: Node, bottom: Node) -> Node:
        """The whole number nearest to a quotient; ties go to the even one."""
        return self._half(top, bottom, even=True)

    def _half(self, top: Node, bottom: Node, *, even: bool) -> Node:
        """With ``q = floor(top / bottom)`` the rest is compared with half of ``bottom``."""
        graph = self.graph
        floor = graph.floordiv(top, bottom)
        rest = graph.mul(graph.mod(top, bottom), graph.const(2))
        above = graph.compare(">", rest, bottom)
        tie = graph.compare("==", rest, bottom)
        if even:
            up_on_tie = graph.compare("==", graph.mod(floor, graph.const(2)), graph.const(1))
        else:
            up_on_tie = graph.compare(">=", top, graph.const(0))
        return graph.add(
            floor, graph.select(graph.either(above, graph.both(tie, up_on_tie)), graph.const(1), graph.const(0))
        )

    # Order

    def compare(self, op: str, a: Ratio, b: Ratio) -> Node:
        """A comparison by cross-multiplication; what both sides share is cancelled first."""
        graph = self.graph
        (left, right), _ = self._aligned((a, b))
        if a.den is not b.den:
            left, right = graph.mul(left, b.den), graph.mul(right, a.den)
        return graph.compare(op, left, right)

    def chosen(self, condition: Node, a: Ratio, b: Ratio) -> Ratio:
        """``a`` where the condition holds, else ``b``; the faults are for the caller to gate."""
        graph = self.graph
        (left, right), scale = self._aligned((a, b))
        return Ratio(graph.select(condition, left, right), graph.select(condition, a.den, b.den), scale, {})

    def extreme(self, a: Ratio, b: Ratio, *, greatest: bool) -> Ratio:
        """The smaller or the larger."""
        graph = self.graph
        (left, right), scale = self._aligned((a, b))
        faults = self.merged(a.faults, b.faults)
        if a.den is b.den:
            return Ratio((graph.most if greatest else graph.least)(left, right), a.den, scale, faults)
        first = self.compare(">=" if greatest else "<=", a, b)
        return attrs.evolve(self.chosen(first, a, b), faults=faults)


def _common(scales: list[Fraction]) -> Fraction:
    """The greatest fraction of which all are whole multiples."""
    return Fraction(math.gcd(*(s.numerator for s in scales)), math.lcm(*(s.denominator for s in scales)))
