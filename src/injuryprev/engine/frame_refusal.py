"""The column that says why: of each row the reasons that hold, in their order."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

import attrs
import narwhals as nw

from injuryprev.engine.expressions import Expr, Writer, when
from injuryprev.engine.frame_schema import WHY, status_column
from injuryprev.engine.ir import Node
from injuryprev.engine.lower import INPUT, Lowered
from injuryprev.engine.reading import MISSING
from injuryprev.unknown import Reason

REFUSAL: Final = "refusal"
_SEPARATOR: Final = "; "
_BITS: Final = 62
"""Reasons that one whole number can hold, a bit each."""
_FEW: Final = 30
"""Reasons that one of half the size can hold."""


@attrs.frozen(eq=False)
class Refusal:
    """Words the reasons of every row.

    ``statuses`` are those that an input can have, and ``whys`` the inputs beside which a column says why they could not
    be counted, which says more than that they are missing.
    """

    lowered: Lowered
    reasons: Mapping[Reason, Node]
    statuses: Mapping[str, tuple[int, ...]]
    whys: Collection[str]
    writer: Writer

    def select(self, frame: Any, columns: Sequence[str | Expr], refused: Node) -> Any:
        """These columns of a frame, and after them why something is unknown, null where nothing is."""
        texts = [_written(reason) for _, reason in self._each()]
        if self.writer.engine.words_values and not self.whys and len(texts) <= _BITS:
            # Few rows are refused, and for few sets of reasons: each set is a number, and is worded once.
            frame = frame.select(*columns, self._set().alias(REFUSAL))

            def word(reasons: int) -> str | None:
                return _SEPARATOR.join(text for place, text in enumerate(texts) if reasons >> place & 1) or None

            return self.writer.engine.worded(frame, REFUSAL, word)
        parts = [nw.when(self.writer.expr(node)).then(self._text(reason)) for reason, node in self.reasons.items()]
        if not parts:
            return frame.select(*columns, nw.lit(None, nw.String).alias(REFUSAL))
        text = nw.concat_str(*parts, separator=_SEPARATOR, ignore_nulls=True)
        return frame.select(*columns, nw.when(self.writer.expr(refused)).then(text).alias(REFUSAL))

    # As text

    def _text(self, reason: Reason) -> Expr:
        """What is written for a reason that holds; that an input is no use is worded by its status."""
        if reason.code != INPUT:
            return _literal(_written(reason))
        name = reason.subject
        *first, last = self.statuses[name]
        text = self._fault(name, last)
        for status in reversed(first):
            text = when(nw.col(status_column(name)) == status, self._fault(name, status), text)
        return text

    def _fault(self, name: str, status: int) -> Expr:
        written = _literal(_written(self.lowered.inputs[name].faults[status - 1]))
        if status == MISSING and name in self.whys:
            return when(nw.col(name + WHY).is_null(), written, nw.col(name + WHY))
        return written

    # As a number

    def _each(self) -> Iterator[tuple[int | None, Reason]]:
        """Every reason as it is written, one after the other; of an input, with its status."""
        for reason in self.reasons:
            if reason.code != INPUT:
                yield None, reason
                continue
            for status in self.statuses[reason.subject]:
                yield status, self.lowered.inputs[reason.subject].faults[status - 1]

    def _set(self) -> Expr:
        """The reasons that hold, as the bits of one number, no wider than it need be."""
        each = list(self._each())
        kind = nw.Int32 if len(each) <= _FEW else nw.Int64
        bits = {one: nw.lit(1 << place, kind) for place, one in enumerate(each)}
        nothing = nw.lit(0, kind)
        number: Expr = nothing
        for reason, node in self.reasons.items():
            holds = self.writer.expr(node)
            if reason.code != INPUT:
                number = number + when(holds, bits[None, reason], nothing)
                continue
            bit, faults = nothing, self.lowered.inputs[reason.subject].faults
            for status in self.statuses[reason.subject]:
                same = nw.col(status_column(reason.subject)) == status
                bit = when(holds & same, bits[status, faults[status - 1]], bit)
            number = number + bit
        return number


def _written(reason: Reason) -> str:
    return f"{reason.code}:{reason.subject}"


def _literal(text: str) -> Expr:
    return nw.lit(text, nw.String)
