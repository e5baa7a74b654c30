"""Integer nodes written as Narwhals expressions of a frame's columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import attrs
import narwhals as nw

from injuryprev.engine.ir import LIMIT, Node, in_order
from injuryprev.engine.stages import TEMPORARY, with_stage

Expr = nw.Expr
Leaf = Callable[[str, str], Expr]
"""The expression of a leaf, by its kind (``var``, ``flag``, ``bad``) and name."""
_EXACT: Final = 2**51
"""Below this the nearest double of a quotient that is whole rounds to that quotient."""
_SPLIT: Final = 2**20
_SPLITTABLE: Final = 2**42
"""A divisor below this can be multiplied with ``_SPLIT``; by another, every quotient is small."""
_SMALL: Final = 2**31
_REPEATED: Final = frozenset({"min", "max", "floordiv", "mod"})
"""Operations that write their arguments more than once, on some engine at least."""


def int_lit(value: int) -> Expr:
    """A fixed whole number of 64 bits.

    Ibis writes the bare number whatever its type, and a database that finds nothing but small numbers in a product
    works it out in 32 bits; a cast it writes.
    """
    return nw.lit(value, nw.Int32).cast(nw.Int64) if abs(value) < _SMALL else nw.lit(value, nw.Int64)


def code_lit(value: int) -> Expr:
    """A status or the like, which nobody counts with: in as few bits as an engine has."""
    return nw.lit(value, nw.Int8)


def bool_lit(value: bool) -> Expr:
    """A fixed truth value."""
    return nw.lit(value, nw.Boolean)


def when(condition: Expr, then: Expr, otherwise: Expr) -> Expr:
    """One of two expressions."""
    return nw.when(condition).then(then).otherwise(otherwise)


@attrs.frozen
class Engine:
    """What differs between the engines that run the expressions."""

    implementation: nw.Implementation

    @property
    def divides_as_doubles(self) -> bool:
        """Whether integer division goes by way of doubles, which lose the last digits of large numbers."""
        return self.implementation.is_ibis() or self.implementation.is_spark_like()

    @property
    def reads_decimals(self) -> bool:
        """Whether decimals are multiplied exactly and become whole numbers as they are, not by way of text."""
        return self.implementation.is_polars()

    @property
    def counts_days(self) -> bool:
        """Whether a date is the number of days since the beginning of 1970, and can be taken for it."""
        return self.implementation.is_polars()

    @property
    def has_endless_days(self) -> bool:
        """Whether a date may be infinite, as those of databases may."""
        return self.implementation.is_duckdb() or self.implementation.is_ibis()

    @property
    def folds_names(self) -> bool:
        """Whether two columns whose names differ in case alone are one."""
        return self.has_endless_days or self.implementation.is_spark_like()

    @property
    def words_values(self) -> bool:
        """Whether ``worded`` can be asked for: each value once, and none before the frame is read."""
        return self.implementation.is_polars()

    def worded(self, frame: Any, column: str, word: Callable[[Any], str | None]) -> Any:
        """The frame with a column replaced by what is written for each of its values."""
        import polars as pl  # noqa: PLC0415  # the frame is one of Polars

        def of(values: Any) -> Any:
            each = values.unique()
            words = pl.Series([word(value) for value in each], dtype=pl.String)
            return values.replace_strict(each, words) if len(each) else values.cast(pl.String)

        written = pl.col(column).map_batches(of, return_dtype=pl.String, is_elementwise=True)
        return nw.from_native(frame.to_native().with_columns(written))

    def floordiv(self, a: Expr, b: Expr | int, *, low: int, high: int, least: int = 1) -> Expr:
        """Integer division rounding down, by way of divisions of numbers that are not negative.

        Engines agree on those.  Where they divide as doubles, ``a`` and ``b`` had better be columns, as they are
        written several times.

        Args:
            a: What is divided.
            b: The divisor, positive.
            low: The least that ``a`` can be.
            high: The greatest that ``a`` can be.
            least: The least that ``b`` can be, where it is an expression.
        """
        if low >= 0:
            return self._divided(a, b, high // (b if isinstance(b, int) else least))
        whole = -(low // b) if isinstance(b, int) else 0
        if isinstance(b, int) and high + whole * b <= LIMIT:
            shifted = self._divided(a + whole * b, b, (high + whole * b) // b)
            return shifted - whole
        size = max(high, -low) // (b if isinstance(b, int) else least)
        return when(a >= 0, self._divided(a, b, size), -self._divided(b - 1 - a, b, size))

    def _divided(self, a: Expr, b: Expr | int, size: int) -> Expr:
        """What is left after the rest is taken off is a whole multiple, whose double quotient is exact if it is small.

        ``size`` bounds the quotient.
        """
        if not self.divides_as_doubles:
            divided: Expr = a // b
            return divided
        if size < _EXACT:
            return self._by_doubles(a, b)
        if isinstance(b, int):
            return self._by_parts(a, b)
        small = b < _SPLITTABLE
        return when(small, self._by_parts(a, when(small, b, int_lit(1))), self._by_doubles(a, b))

    def _by_parts(self, a: Expr, b: Expr | int) -> Expr:
        """The quotient by a multiple of the divisor, then that of the rest: both are small."""
        upper = self._by_doubles(a, b * _SPLIT)
        return upper * _SPLIT + self._by_doubles(a - upper * (b * _SPLIT), b)

    @staticmethod
    def _by_doubles(a: Expr, b: Expr | int) -> Expr:
        quotient: Expr = ((a - a % b) / b).round().cast(nw.Int64)
        return quotient

    def decimal(self, digits: Expr, places: int) -> Expr:
        """A whole number of ``10**-places`` as an exact decimal column."""
        if places == 0:
            return digits.cast(nw.Decimal(20, 0))
        if self.implementation.is_ibis():
            return self._from_digits(digits, places)
        return digits.cast(nw.Decimal(20, 0)) * nw.lit(Decimal(1).scaleb(-places))

    def _from_digits(self, digits: Expr, places: int) -> Expr:
        """A decimal put together from its digits, where an engine cannot multiply decimals of different scales."""
        size = when(digits < 0, -digits, digits)
        sign = when(digits < 0, nw.lit("-", nw.String), nw.lit("", nw.String))
        behind = (size % 10**places + 10**places).cast(nw.String).str.slice(1)
        whole = self.floordiv(size, 10**places, low=0, high=LIMIT).cast(nw.String)
        return nw.concat_str(sign, whole, nw.lit(".", nw.String), behind).cast(nw.Decimal(38, places))


class Writer:
    """Writes nodes over one frame, stage by stage: what is used more than once becomes a column for the while."""

    def __init__(self, roots: Sequence[Node], leaf: Leaf, engine: Engine, prefix: str) -> None:
        self._roots, self._leaf, self.engine, self._prefix = roots, leaf, engine, prefix
        self._text: dict[Node, Expr] = {}

    def stages(self, frame: Any) -> Any:
        """Add the shared columns; each stage rests on the columns of the stages before."""
        for made in self._plan():
            frame = with_stage(frame, [self._write(node).alias(name) for node, name in made])
            self._text.update((node, nw.col(name)) for node, name in made)
        return frame

    def _plan(self) -> list[list[tuple[Node, str]]]:
        order = in_order(self._roots)
        uses: dict[Node, int] = {}
        for used in self._roots:
            uses[used] = uses.get(used, 0) + 1
        for node in order:
            for arg in node.nodes:
                uses[arg] = uses.get(arg, 0) + (2 if node.op in _REPEATED else 1)
        stage: dict[Node, int] = {}
        stages: list[list[tuple[Node, str]]] = []
        for node in order:
            level = max((stage[arg] for arg in node.nodes), default=0)
            if node.nodes and uses[node] > 1:
                stages.extend([] for _ in range(level + 1 - len(stages)))
                stages[level].append((node, f"{TEMPORARY}{self._prefix}{len(stage)}"))
                level += 1
            stage[node] = level
        return stages

    def expr(self, node: Node) -> Expr:
        """A node as an expression of the columns made so far."""
        found = self._text.get(node)
        if found is None:
            found = self._text[node] = self._write(node)
        return found

    def _write(self, node: Node) -> Expr:
        if node.op == "const":
            return int_lit(node.low)
        if node.op == "bool":
            return bool_lit(bool(node.args[0]))
        if node.op in ("var", "flag", "bad"):
            return self._leaf(node.op, str(node.args[0]))
        args = [self.expr(arg) for arg in node.nodes]
        if node.op in ("floordiv", "mod"):
            above, below = node.nodes
            if node.op == "mod" and above.low >= 0 and self.engine.divides_as_doubles:
                return args[0] % args[1]
            by = args[1] if below.fixed is None else below.fixed
            quotient = self.engine.floordiv(args[0], by, low=above.low, high=above.high, least=below.low)
            return quotient if node.op == "floordiv" else args[0] - args[1] * quotient
        if node.op in _MIRRORED and node.nodes[0].fixed is not None:
            # Polars gives one row where a fixed number is compared with a column that holds one number throughout.
            return _MIRRORED[node.op](args[1], args[0])
        return _OPERATIONS[node.op](*args)


_OPERATIONS: Final[Mapping[str, Callable[..., Expr]]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "select": when,
    "min": lambda a, b: when(a <= b, a, b),
    "max": lambda a, b: when(a >= b, a, b),
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "eq": lambda a, b: a == b,
    "and": lambda a, b: a & b,
    "or": lambda a, b: a | b,
    "not": lambda a: ~a,
}
_MIRRORED: Final[Mapping[str, Callable[[Expr, Expr], Expr]]] = {
    "lt": lambda a, b: a > b,
    "le": lambda a, b: a >= b,
    "eq": lambda a, b: a == b,
}
"""Comparisons read from right to left."""
