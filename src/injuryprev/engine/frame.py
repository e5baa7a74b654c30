"""The dataframe reader: the lowered tree as expressions of columns, the same answers for every row.

Same kind of frame in and out; a lazy frame stays lazy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

import narwhals as nw
from narwhals.dependencies import is_dask_dataframe

from injuryprev.engine.columns import Read, read_column
from injuryprev.engine.expressions import Engine, Expr, Writer, when
from injuryprev.engine.frame_dask import by_partition
from injuryprev.engine.ir import Node, in_order
from injuryprev.engine.lower import INPUT, Lowered, LoweredInput
from injuryprev.engine.stages import TEMPORARY, Staged, bound
from injuryprev.engine.values import Choice, Ratio, Truth, Value
from injuryprev.errors import InputError
from injuryprev.unknown import Reason

REFUSAL: Final = "refusal"
WHY: Final = "_unknown"
"""Beside a counted input ``x`` stands ``x_unknown``: why it could not be counted."""


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
    frame: Any = nw.from_native(native)
    schema = frame.collect_schema()
    kept = list(schema.names())
    reader = FrameReader(lowered, Engine(frame.implementation))
    reader.check_free(kept)
    frame = reader.read(frame, reader.used, schema)
    return reader.outputs(frame, kept).to_native()


class FrameReader:
    """Reads one lowered policy over frames."""

    def __init__(self, lowered: Lowered, engine: Engine) -> None:
        self.lowered, self.engine, self.graph = lowered, engine, lowered.graph
        self.values = {name: lowered.steps[name].value for name in lowered.rules.outputs}
        self.reasons = lowered.reasons
        self.unknown = {name: self.graph.any(value.faults.values()) for name, value in self.values.items()}
        self.refused = self.graph.any(self.reasons.values())
        mains = [_main(value) for value in self.values.values()]
        # What an output shows is written several times over, so it counts as used twice.
        roots = [*self.reasons.values(), self.refused, *self.unknown.values(), *mains, *mains]
        leaves = {str(leaf.args[0]) for leaf in in_order(roots) if leaf.op in ("var", "flag", "bad")}
        self.used = tuple(name for name in lowered.inputs if name in leaves)
        self.writer = Writer(roots, _leaf, engine, "t_")
        self.whys: set[str] = set()

    def check_free(self, columns: list[str]) -> None:
        """Refuse to overwrite a column of the caller."""
        taken = [name for name in columns if name in (*self.values, REFUSAL) or name.startswith(TEMPORARY)]
        if taken:
            raise InputError(
                "the frame already has a column of a name that is needed",
                where="evaluate_frame",
                seen=", ".join(taken),
                expected="to rename or drop it first",
            )

    # Inputs as integers and statuses, in columns of their own

    def read(self, frame: Any, names: Sequence[str], schema: Mapping[str, Any]) -> Any:
        """The frame with the value and the status of inputs, read from the columns of their names."""
        frame, made = bound(frame, {name: self._input(self.lowered.inputs[name], schema) for name in names}, "i_")
        columns = [
            expr.alias(column)
            for name, (value, status) in made.items()
            for expr, column in ((value, value_column(name)), (status, status_column(name)))
        ]
        return frame.with_columns(*columns) if columns else frame

    def _input(self, spec: LoweredInput, schema: Mapping[str, Any]) -> Staged[Read]:
        if spec.name in schema:
            value, status = yield from read_column(spec, spec.name, schema[spec.name], self.engine)
        else:
            value, status = (
                nw.lit(number, nw.Int64) for number in ((spec.low, 1) if spec.absent is None else (spec.absent, 0))
            )
        why = spec.name + WHY
        if why not in schema or why in self.lowered.inputs or schema[why] != nw.String:
            return value, status
        # What could not be counted is not what was not recorded, so nothing stands in for it.
        self.whys.add(spec.name)
        lost = ~nw.col(why).is_null()
        if spec.name in schema:
            lost = lost & nw.col(spec.name).is_null()
        return when(lost, nw.lit(spec.low, nw.Int64), value), when(lost, nw.lit(1, nw.Int64), status)

    # What comes out

    def outputs(self, frame: Any, kept: list[str]) -> Any:
        """The frame with its outputs and the refusal, and none of the columns made on the way."""
        frame = self.writer.stages(frame)
        made: list[Expr] = []
        for name, value in self.values.items():
            unknown = self.writer.expr(self.unknown[name])
            made.append(nw.when(~unknown).then(self._shown(name, value)).alias(name))
        return frame.select(*kept, *made, self._refusal().alias(REFUSAL))

    def _shown(self, name: str, value: Value) -> Expr:
        main = self.writer.expr(_main(value))
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

    def _refusal(self) -> Expr:
        parts: list[Expr] = []
        for reason, node in self.reasons.items():
            active = self.writer.expr(node)
            if reason.code == INPUT:
                parts += self._input_parts(reason.subject, active)
            else:
                parts.append(_part(active, _written(reason)))
        if not parts:
            return nw.lit(None, nw.String)
        return nw.when(self.writer.expr(self.refused)).then(nw.concat_str(*parts).str.slice(2))

    def _input_parts(self, name: str, active: Expr) -> list[Expr]:
        status, parts = nw.col(status_column(name)), []
        for code, fault in enumerate(self.lowered.inputs[name].faults, start=1):
            written = _written(fault)
            if code == 1 and name in self.whys:
                # Why it could not be counted, which says more than that it is missing.
                why = nw.concat_str(nw.lit("; ", nw.String), nw.col(name + WHY).fill_null(""))
                written = when(nw.col(name + WHY).is_null(), written, why)
            parts.append(_part(active & (status == code), written))
        return parts


def value_column(name: str) -> str:
    """The column that holds an input as integers while the work lasts."""
    return f"{TEMPORARY}v_{name}"


def status_column(name: str) -> str:
    """The column that holds the statuses of an input while the work lasts."""
    return f"{TEMPORARY}s_{name}"


def _leaf(kind: str, name: str) -> Expr:
    if kind == "bad":
        return nw.col(status_column(name)) != 0
    value = nw.col(value_column(name))
    return value == 1 if kind == "flag" else value


def _main(value: Value) -> Node:
    return value.num if isinstance(value, Ratio) else value.node


def _written(reason: Reason) -> Expr:
    return nw.lit(f"; {reason.code}:{reason.subject}", nw.String)


def _part(active: Expr, written: Expr) -> Expr:
    return when(active, written, nw.lit("", nw.String))
