"""The frames of a caller looked at before anything is worked out: what their columns are, and what ties them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import attrs
import narwhals as nw

from injuryprev.engine.frame_names import KEY
from injuryprev.engine.stages import TEMPORARY
from injuryprev.errors import InputError

_NOTHING: Final = frozenset({"null", "null[pyarrow]", "void"})
"""What engines call a column that has no kind because nothing is in it."""
_WIDE: Final = (nw.UInt64, nw.Int128, nw.UInt128)
WAY_OUT: Final = "integers, decimals of at most 38 digits, floats, text, dates or truth values: cast the column first"


@attrs.frozen
class Strange:
    """A kind of column that nothing can be read from."""

    name: str

    def __str__(self) -> str:
        return self.name

    def is_integer(self) -> bool:
        """It is no number of any sort."""
        return False

    is_float = is_decimal = is_integer


@attrs.frozen(eq=False)
class Table:
    """A frame of the caller under the name of its table, and the kind of each of its columns."""

    name: str
    frame: Any
    kinds: Mapping[str, Any]

    def place(self, column: str) -> str:
        """A column as messages name it."""
        return f"{self.name} column {column!r}"

    def needs(self, column: str) -> None:
        """Refuse a table without a column that all of it rests on."""
        if column not in self.kinds:
            raise InputError(
                "records lack a column",
                where=self.name,
                seen=", ".join(self.kinds),
                expected=f"a column {column}",
            )


def is_text(kind: Any) -> bool:
    """Whether a column holds words, however an engine keeps them."""
    return kind in (nw.String, nw.Categorical, nw.Enum)


def opened(native: Any, name: str, *, kept: bool = False) -> Table:
    """A frame of the caller, with the kinds of its columns.

    Args:
        native: What the caller gave.
        name: What messages call it.
        kept: Whether all of its columns are handed back.

    Raises:
        InputError: It is no frame; a name of a column is no text, stands twice, or means other columns to Polars; or
            the engine cannot say of what kind a column is.
    """
    try:
        frame: Any = nw.from_native(native)
        frame.collect_schema()
    except nw.exceptions.DuplicateError as error:
        raise InputError("two columns have one name", where=name, seen=str(error), expected="each name once") from error
    except TypeError as error:
        raise InputError(
            "this is no frame that can be read",
            where=name,
            seen=type(native).__name__,
            expected="a frame of Polars, pandas, PyArrow, DuckDB, Ibis, Dask or PySpark",
        ) from error
    except ValueError as error:
        raise _unreadable(nw.from_native(native), name, error) from error
    engine = frame.implementation
    for column in native.columns if engine.is_pandas_like() or engine.is_dask() else ():
        if not isinstance(column, str):
            raise InputError("the name of a column is no text", where=name, seen=repr(column), expected="text")
    schema = frame.collect_schema()
    if kept and engine.is_polars():
        patterns = [column for column in schema if column == "*" or (column[:1] == "^" and column[-1:] == "$")]
        if patterns:
            raise InputError(
                "Polars takes the name of this column for a pattern of others",
                where=name,
                seen=", ".join(patterns),
                expected="to rename it first",
            )
    return Table(name, frame, {column: _kind(frame, column, kind) for column, kind in schema.items()})


def _kind(frame: Any, column: str, kind: Any) -> Any:
    """The kind of a column; of one that Narwhals has no name for, whether it is empty or strange."""
    if kind != nw.Unknown:
        return kind
    said = str(_said(frame, column))
    return kind if said.strip('"').lower() in _NOTHING else Strange(said)


def _said(frame: Any, column: str) -> Any:
    """The kind of a column in the words of its engine."""
    native, engine = frame.to_native(), frame.implementation
    if engine.is_polars():
        return native.collect_schema()[column]
    if engine.is_pandas_like() or engine.is_dask():
        return native.dtypes[column]
    if engine.is_duckdb():
        return native.types[native.columns.index(column)]
    if engine.is_ibis():
        return native.schema()[column]
    if engine.is_pyarrow():
        return native.schema.field(column).type
    return native.schema[column].dataType.simpleString()


def _unreadable(frame: Any, name: str, error: ValueError) -> InputError:
    """Which column it is that Narwhals cannot say the kind of."""
    for column in frame.columns:
        try:
            frame.select(column).collect_schema()
        except ValueError:
            return unreadable("cannot be read", f"{name} column {column!r}", _said(frame, column), WAY_OUT)
    return InputError("the columns cannot be read", where=name, seen=str(error), expected=WAY_OUT)


def check_free(where: str, columns: Iterable[str], needed: Iterable[str], *, folds: bool) -> None:
    """Refuse to overwrite a column of the caller.

    Args:
        where: What was called.
        columns: Those of the caller that are handed back.
        needed: The names of those that are added.
        folds: Whether two names that differ in case alone are one to the engine.

    Raises:
        InputError: With the columns in the way.
    """

    def same(name: str) -> str:
        return name.lower() if folds else name

    names = {same(name) for name in needed}
    taken = [name for name in columns if same(name) in names or same(name).startswith(TEMPORARY)]
    if taken:
        raise InputError(
            "the frame already has a column of a name that is needed",
            where=where,
            seen=", ".join(taken),
            expected="to rename or drop it first",
        )


def unreadable(what: str, where: str, kind: Any, expected: str) -> InputError:
    """A column of a kind that is no use."""
    return InputError(f"a column of a kind that {what}", where=where, seen=str(kind), expected=expected)


def not_a_word(where: str, kind: Any) -> InputError:
    """A column of codes or words that holds something else."""
    return unreadable(
        "cannot be read as text",
        where,
        kind,
        "text: a code or key read as a number has lost its zeros, so read the column as text from its source",
    )


def without_values(table: Table, columns: Iterable[str]) -> Table:
    """The table, columns of floats in which pandas has nothing but NaN known to be empty.

    That is how pandas writes a column of words, days or keys of which there are none.
    """
    if not table.frame.implementation.is_pandas_like() or not len(table.frame):
        return table  # of a frame without rows, such as those by which Dask plans, nothing is known
    kinds = dict(table.kinds)
    for column in columns:
        if column in kinds and kinds[column].is_float() and bool(table.frame[column].is_null().all()):
            kinds[column] = nw.Unknown()
    return attrs.evolve(table, kinds=kinds)


# Keys ----------------------------------------------------------------------------------------------------------------


def alike(tables: Sequence[Table]) -> None:
    """Refuse frames of different engines, or of eager and lazy ones together.

    Raises:
        InputError: With the two that differ.
    """
    first = tables[0]
    for other in tables[1:]:
        kinds = [f"{type(one.frame.to_native()).__module__.split('.')[0]} {_sort(one)}" for one in (first, other)]
        same = first.frame.implementation == other.frame.implementation
        if not same or _sort(first) != _sort(other):
            raise InputError(
                "all tables are of one kind of frame",
                where=other.name,
                seen=kinds[1],
                expected=f"{kinds[0]}, as {first.name}",
            )


def _sort(table: Table) -> str:
    return type(table.frame.to_native()).__name__


def tied(employers: Table, key: str, tables: Mapping[str, Table]) -> tuple[Table, dict[str, Table]]:
    """The employers with ``KEY``, and their tables with keys of the same kind, so that every engine matches them alike.

    Raises:
        InputError: A key is neither text nor whole numbers, or is text here and a number there.
    """
    owners = [(employers, key), *((table, "employer_id") for table in tables.values() if "employer_id" in table.kinds)]
    of_cases = [(tables[name], column) for name, column in (("cases", "id"), ("payments", "case_id")) if name in tables]
    made: dict[str, dict[str, nw.Expr]] = {table.name: {} for table in (employers, *tables.values())}
    for places in (owners, [(table, column) for table, column in of_cases if column in table.kinds]):
        for (table, column), expr in zip(places, _matched(places), strict=True):
            made[table.name][column] = expr
    made[employers.name] = {KEY: made[employers.name].pop(key)}

    def keyed(table: Table) -> Table:
        columns = [expr.alias(column) for column, expr in made[table.name].items()]
        return attrs.evolve(table, frame=table.frame.with_columns(*columns) if columns else table.frame)

    return keyed(employers), {name: _owned(keyed(table)) for name, table in tables.items()}


def _owned(table: Table) -> Table:
    """Records of nobody left out where an engine would give them to an employer without a key."""
    if not table.frame.implementation.is_pandas_like() or "employer_id" not in table.kinds:
        return table
    return attrs.evolve(table, frame=table.frame.filter(~nw.col("employer_id").is_null()))


def key_sort(table: Table, column: str) -> str:
    """What a key is: text, whole numbers, or ``""`` where there is none in any row.

    Raises:
        InputError: It is something else.
    """
    kind = table.kinds[column]
    if is_text(kind):
        return "text"
    if kind == nw.Unknown:
        return ""
    if kind.is_integer():
        return "whole numbers"
    raise unreadable(
        "cannot be a key",
        table.place(column),
        kind,
        "text or whole numbers (whole numbers of pandas with gaps are floats: read them as text or Int64)",
    )


def _matched(places: Sequence[tuple[Table, str]]) -> list[nw.Expr]:
    """Key columns brought to one kind."""
    sorts = [key_sort(*place) for place in places]
    known = [(place, sort) for place, sort in zip(places, sorts, strict=True) if sort]
    for place, sort in known:
        if sort != known[0][1]:
            raise InputError(
                "keys of different kinds do not match",
                where=place[0].place(place[1]),
                seen=f"{sort} ({place[0].kinds[place[1]]})",
                expected=f"{known[0][1]}, as {known[0][0][0].place(known[0][0][1])}; read both as text",
            )
    kinds = [table.kinds[column] for (table, column), _ in known]
    target: Any = nw.String
    if kinds and known[0][1] != "text" and not any(kind in _WIDE for kind in kinds):
        target = nw.Int64
    if kinds and all(kind == kinds[0] for kind in kinds) and not isinstance(kinds[0], (nw.Categorical, nw.Enum)):
        target = kinds[0]
    return [
        nw.col(column)
        if sort and table.kinds[column] == target
        else nw.lit(None, target)
        if not sort
        else nw.col(column).cast(target)
        for (table, column), sort in zip(places, sorts, strict=True)
    ]
