"""The dataframe reader: the lowered tree as expressions of columns, the same answers for every row.

Same kind of frame in and out; a lazy frame stays lazy.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import narwhals as nw
from narwhals.dependencies import is_dask_dataframe

from injuryprev.engine.columns import Read, lacking, read_column
from injuryprev.engine.expressions import Engine, Expr, Writer, code_lit, int_lit, when
from injuryprev.engine.frame_dask import by_partition
from injuryprev.engine.frame_kinds import check_free, opened
from injuryprev.engine.frame_refusal import REFUSAL, Refusal
from injuryprev.engine.frame_schema import WHY, FrameSchema, status_column, value_column
from injuryprev.engine.ir import Node, in_order
from injuryprev.engine.lower import Lowered, LoweredInput
from injuryprev.engine.reading import MISSING
from injuryprev.engine.stages import Staged, bound
from injuryprev.engine.values import Choice, Ratio, Truth, Value


def evaluate_frame(lowered: Lowered, native: Any) -> Any:
    """Work out every output for every row.

    Args:
        lowered: The rules of one day.
        native: Any frame that Narwhals takes; columns named as inputs are read, the others are kept.

    Returns:
        The same kind of frame with a column for each output, null where it is unknown, and ``refusal``: why, as
        ``code:subject`` joined by ``"; "``, null where everything is known.

    Raises:
        InputError: The frame already has a column of an output's name, or a column is of a kind that cannot be read.
    """
    if is_dask_dataframe(native):
        return by_partition(native, partial(evaluate_frame, lowered))
    table = opened(native, "evaluate_frame", kept=True)
    reader = FrameReader(lowered, Engine(table.frame.implementation), FrameSchema(lowered, table.kinds))
    kept = list(table.kinds)
    reader.check_free(kept)
    frame = reader.read(table.frame, reader.used)
    return reader.outputs(frame, kept).to_native()


class FrameReader:
    """Reads one lowered policy over frames."""

    def __init__(self, lowered: Lowered, engine: Engine, schema: FrameSchema) -> None:
        self.lowered, self.engine, self.schema, self.graph = lowered, engine, schema, lowered.graph
        self.values = {name: lowered.steps[name].value for name in lowered.rules.outputs}
        unknown = [self.graph.any(value.faults.values()) for value in self.values.values()]
        mains = [_main(value) for value in self.values.values()]
        refused = self.graph.any(lowered.reasons.values())
        # What is the same in every row of this frame is left out of the tree.
        found = iter(self.graph.rebuild([*mains, *unknown, refused, *lowered.reasons.values()], schema.settled()))
        self.mains = {name: next(found) for name in self.values}
        self.unknown = {name: next(found) for name in self.values}
        self.refused = next(found)
        reasons = zip(lowered.reasons, found, strict=True)
        self.reasons = {reason: node for reason, node in reasons if node is not self.graph.false}
        # What an output shows is written several times over, so it counts as used twice.
        shown = self.mains.values()
        roots = [*self.reasons.values(), self.refused, *self.unknown.values(), *shown, *shown]
        names = {str(leaf.args[0]) for leaf in in_order(roots) if leaf.op in ("var", "flag", "bad")}
        self.used = tuple(name for name in lowered.inputs if name in names)
        self.writer = Writer(roots, _leaf, engine, "t_")

    def check_free(self, columns: list[str]) -> None:
        """Refuse to overwrite a column of the caller."""
        check_free("evaluate_frame", columns, (*self.values, REFUSAL), folds=self.engine.folds_names)

    # Inputs as integers and statuses, in columns of their own

    def read(self, frame: Any, names: Sequence[str]) -> Any:
        """The frame with the value and the status of inputs, read from the columns of their names."""
        frame, made = bound(frame, {name: self._input(self.lowered.inputs[name]) for name in names}, "i_")
        columns = [
            expr.alias(column)
            for name, (value, status) in made.items()
            for expr, column in ((value, value_column(name)), (status, status_column(name)))
        ]
        return frame.with_columns(*columns) if columns else frame

    def _input(self, spec: LoweredInput) -> Staged[Read]:
        kinds = self.schema.kinds
        if spec.name in kinds:
            value, status = yield from read_column(spec, spec.name, kinds[spec.name], self.engine)
        else:
            value = int_lit(spec.low if spec.absent is None else spec.absent)
            status = code_lit(MISSING if spec.absent is None else 0)
        if not self.schema.says_why(spec.name):
            return value, status
        # What could not be counted is not what was not recorded, so nothing stands in for it.
        lost = ~nw.col(spec.name + WHY).is_null()
        if spec.name in kinds:
            [gone] = yield [lacking(spec.name, kinds[spec.name])]
            lost = lost & gone
        return when(lost, int_lit(spec.low), value), when(lost, code_lit(MISSING), status)

    # What comes out

    def outputs(self, frame: Any, kept: list[str], shown: Sequence[Expr] = ()) -> Any:
        """The frame with its outputs and the refusal, and of the columns made on the way what is shown."""
        frame = self.writer.stages(frame)
        made: list[Expr] = [*shown]
        for name, value in self.values.items():
            unknown = self.writer.expr(self.unknown[name])
            made.append(nw.when(~unknown).then(self._shown(name, value)).alias(name))
        statuses = {name: self.schema.statuses(spec) for name, spec in self.lowered.inputs.items()}
        refusal = Refusal(self.lowered, self.reasons, statuses, self.schema.whys, self.writer)
        return refusal.select(frame, [*kept, *made], self.refused)

    def _shown(self, name: str, value: Value) -> Expr:
        main = self.writer.expr(self.mains[name])
        if isinstance(value, Truth):
            return main
        if isinstance(value, Choice):
            found: Expr = nw.lit(value.choices[0], nw.String)
            for code, word in enumerate(value.choices[1:], start=1):
                found = when(main == code, nw.lit(word, nw.String), found)
            return found
        places = self.lowered.places[name]
        factor = int(value.scale * 10**places)
        return self.engine.decimal(main * factor if factor != 1 else main, places)


def _leaf(kind: str, name: str) -> Expr:
    if kind == "bad":
        return nw.col(status_column(name)) != 0
    value = nw.col(value_column(name))
    return value == 1 if kind == "flag" else value


def _main(value: Value) -> Node:
    return value.num if isinstance(value, Ratio) else value.node
