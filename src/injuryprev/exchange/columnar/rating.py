"""An area rated in columns and written in a stream: counting and rating on the engine, refusals joined in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import attrs
import narwhals as nw

from injuryprev.engine.policy import Policy
from injuryprev.errors import ReadError
from injuryprev.exchange.columnar.area import ColumnarArea
from injuryprev.exchange.columnar.engines import WRITTEN, Engine
from injuryprev.exchange.columnar.staging import Part
from injuryprev.exchange.decisions import figures_of
from injuryprev.exchange.files import atomic_path

_KEY: Final = "employer_id"
_NO: Final = "__refused"


@attrs.frozen
class Outcome:
    """The file written, and its columns."""

    path: Path
    columns: tuple[str, ...]


def check_output(path: Path) -> None:
    """Refuse a suffix that is not written in a stream.

    Raises:
        ReadError: With the suffixes that are.
    """
    if path.suffix.lower() not in WRITTEN:
        raise ReadError(
            "this format is not written by engines of dataframes",
            where=str(path),
            expected="one of " + ", ".join(WRITTEN) + "; --engine records writes others",
        )


def rate_columnar(area: ColumnarArea, policy: Policy, engine: Engine, path: Path) -> Outcome:
    """Rate every employer and write the decisions in order of their ids.

    Args:
        area: The area as it was read.
        policy: The rules of one day.
        engine: Who counts, rates and writes.
        path: ``.parquet`` or ``.csv``; written under another name beside it and moved when all is there.

    The columns are ``employer_id``, every output, ``refusal`` (codes separated by ``"; "``), the figures of
    ``figures_of``, ``profile``, ``version`` and ``on``.

    Raises:
        ReadError: The file cannot be written.
    """
    check_output(path)
    employers = engine.scan(area.tables["employers"].parts)
    tables = {
        name: engine.scan([_readable(part) for part in staged.parts])
        for name, staged in area.tables.items()
        if name != "employers"
    }
    rated: Any = nw.from_native(_rated(policy, *_told(area, policy, engine, employers), tables))
    outputs = list(policy.outputs)
    shown = figures_of(policy.inputs, outputs)
    there = rated.collect_schema().names()
    beside = [name if name in there else nw.lit(None).cast(nw.String).alias(name) for name in shown]
    frame = rated.select(nw.col("id").alias(_KEY), *outputs, "refusal", *beside)
    if area.refusals:
        frame = _with_refusals(frame, area, engine, [*outputs, *shown])
    columns = (_KEY, *outputs, "refusal", *shown, "profile", "version", "on")
    frame = frame.with_columns(
        nw.lit(policy.id).alias("profile"),
        nw.lit(policy.version).alias("version"),
        nw.lit(policy.on).alias("on"),
    )
    with atomic_path(path) as temporary:
        engine.write(frame.select(*columns).sort(_KEY).to_native(), temporary)
    return Outcome(path, columns)


def _told(area: ColumnarArea, policy: Policy, engine: Engine, employers: Any) -> tuple[Any, str | None]:
    """The employers with a column that says whose rows were rejected, for a policy that compares employers.

    Those whose own row was rejected are put with them: all employers are not all without them.
    """
    if not area.refusals or not policy.counting.compares:
        return employers, None
    frame = nw.from_native(employers)
    schema = frame.collect_schema()
    refused: Any = _refused(area, engine).select(_KEY).with_columns(nw.lit(value=True).alias(_NO))
    others = refused.join(frame.select("id"), left_on=_KEY, right_on="id", how="anti")
    empty = [nw.lit(None).cast(kind).alias(name) for name, kind in schema.items() if name != "id"]
    others = others.with_columns(nw.col(_KEY).cast(schema["id"]).alias("id"), *empty)
    told = frame.join(refused, left_on="id", right_on=_KEY, how="left")
    columns = [*schema.names(), _NO]
    return nw.concat([told.select(*columns), others.select(*columns)], how="vertical").to_native(), _NO


def _refused(area: ColumnarArea, engine: Engine) -> Any:
    listed = Part(area.refused, "", {_KEY: _KEY, "refusal": "refusal"}, numbered=False)
    return nw.from_native(engine.scan([listed]))


def _rated(policy: Policy, employers: Any, incomplete: str | None, tables: Mapping[str, Any]) -> Any:
    names = nw.from_native(employers).collect_schema().names()
    if not any(name in policy.outputs for name in names):
        counted = {rule.item.name for rule in policy.counting.rules}
        figures = [name for name in figures_of(policy.inputs, policy.outputs) if name in counted]
        return policy.rate_frames(employers, incomplete=incomplete, figures=figures, **tables)
    # A column of an output's name may be counted from, and gives way to the output only then.
    frame = nw.from_native(policy.count_frames(employers, incomplete=incomplete, **tables))
    return policy.evaluate_frame(frame.drop([name for name in names if name in policy.outputs]).to_native())


def _readable(part: Part) -> Part:
    """A part without free text, which no rule looks at and nobody needs to see."""
    columns = {name: actual for name, actual in part.columns.items() if name not in _UNREAD}
    return attrs.evolve(part, columns=columns)


_UNREAD: Final = ("circumstances", "trade", "post", "name", "credit_code")


def _with_refusals(frame: Any, area: ColumnarArea, engine: Engine, figures: list[str]) -> Any:
    """Take back what was worked out for employers with a rejected row, and add those whose own row was rejected."""
    refused = _refused(area, engine)
    known = frame.join(refused.select(_KEY, nw.col("refusal").alias(_NO)), on=_KEY, how="left")
    rated = nw.col(_NO).is_null()
    frame = known.with_columns(
        *(nw.when(rated).then(nw.col(name)).alias(name) for name in figures),
        nw.when(rated).then(nw.col("refusal")).otherwise(nw.col(_NO)).alias("refusal"),
    ).drop(_NO)
    schema = frame.collect_schema()
    others = refused.join(frame.select(_KEY), on=_KEY, how="anti")
    empty = [nw.lit(None).cast(schema[name]).alias(name) for name in figures]
    return nw.concat([frame, others.with_columns(*empty).select(*schema.names())], how="vertical")
