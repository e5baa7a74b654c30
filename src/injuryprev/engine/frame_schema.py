"""What the columns of a frame settle before a row is read: inputs not given, and faults that a kind cannot have."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

import attrs
import narwhals as nw

from injuryprev.engine.ir import Node
from injuryprev.engine.lower import STATUS, Lowered, LoweredInput
from injuryprev.engine.reading import MISSING, OUT_OF_RANGE, TOO_FINE, UNREADABLE
from injuryprev.engine.stages import TEMPORARY

WHY: Final = "_unknown"
"""Beside a counted input ``x`` stands ``x_unknown``: why it could not be counted."""


@attrs.frozen(eq=False)
class FrameSchema:
    """The columns of a frame as the inputs of a policy.

    ``counted`` are inputs that come from counting; of those, nothing is settled.
    """

    lowered: Lowered
    kinds: Mapping[str, Any]
    counted: Collection[str] = ()

    def says_why(self, name: str) -> bool:
        """Whether a column beside an input says why it could not be counted."""
        why = name + WHY
        return why in self.kinds and why not in self.lowered.inputs and self.kinds[why] == nw.String

    @property
    def whys(self) -> frozenset[str]:
        """The inputs of which a column says why they could not be counted."""
        return frozenset(name for name in self.lowered.inputs if name in self.counted or self.says_why(name))

    def statuses(self, spec: LoweredInput) -> tuple[int, ...]:
        """What the status of an input can be but sound."""
        if spec.name in self.counted:
            return tuple(range(1, len(STATUS) + 1))
        missing = (MISSING,) if spec.absent is None or self.says_why(spec.name) else ()
        kind = self.kinds.get(spec.name)
        if kind is None or (spec.kind == "flag" and kind == nw.Boolean):
            return missing
        if spec.kind == "number" and (kind.is_integer() or kind.is_float()):
            fine = () if kind.is_integer() and spec.step.numerator == 1 else (TOO_FINE,)
            return (*missing, OUT_OF_RANGE, *fine)
        return (*missing, UNREADABLE, OUT_OF_RANGE, TOO_FINE)

    def settled(self) -> dict[Node, Node]:
        """Leaves of the tree that are the same in every row, and what they are."""
        graph, leaves = self.lowered.graph, dict[Node, Node]()
        for name, spec in self.lowered.inputs.items():
            if not self.statuses(spec):
                leaves[graph.bad(name)] = graph.false
            if name in self.kinds or name in self.counted or self.says_why(name):
                continue
            fixed = spec.low if spec.absent is None else spec.absent
            if spec.kind == "flag":
                leaves[graph.flag(name)] = graph.truth(bool(fixed))
            else:
                leaves[graph.var(name, spec.low, spec.high)] = graph.const(fixed)
        return leaves


def value_column(name: str) -> str:
    """The column that holds an input as integers while the work lasts."""
    return f"{TEMPORARY}v_{name}"


def status_column(name: str) -> str:
    """The column that holds the statuses of an input while the work lasts."""
    return f"{TEMPORARY}s_{name}"
