"""The pure functions: a count over an exposure, for numbers and for columns alike.

Single numbers (``int``, ``Decimal``, text, ``float`` by its shortest text) give a ``Decimal``, exact where the quotient
ends and else of 28 significant digits; where a ``Fraction`` is among them the result is a ``Fraction``.  What is
missing, and an exposure of zero, gives ``Unknown``: never 0, never infinity.

Anything else that has operators (columns and expressions of Polars, pandas, NumPy, Narwhals, Ibis) goes through the
same formula; where the exposure is zero it gives NaN, or the null of the library, and never infinity.  Columns of exact
decimals have no NaN: there Polars raises.  ``standard(...).frame`` says why a row has no rate.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any, overload

from injuryprev.errors import InputError
from injuryprev.measures.quotients import as_decimal, is_plain, quotient, read
from injuryprev.units import Number, exact
from injuryprev.unknown import Unknown

Figure = Number | Unknown | None
"""A single figure: a number, or what says that there is none."""


@overload
def payout_ratio(benefits: Figure, contributions: Figure) -> Decimal | Fraction | Unknown: ...
@overload
def payout_ratio(benefits: Any, contributions: Any) -> Any: ...
def payout_ratio(benefits: Any, contributions: Any) -> Any:
    """Benefits paid over contributions received (支缴率), a plain fraction.

    Args:
        benefits: Paid by the fund, money.
        contributions: Paid in, money of the same currency and period.

    >>> payout_ratio("40000", 100_000)
    Decimal('0.4')
    >>> print(payout_ratio(40_000, 0))
    unknown: contributions is zero, and nothing can be said of a rate over nothing
    """
    return _over(benefits, contributions, 1, ("benefits", "contributions"))


@overload
def incidence_rate(cases: Figure, workers: Figure, *, per: Number) -> Decimal | Fraction | Unknown: ...
@overload
def incidence_rate(cases: Any, workers: Any, *, per: Number) -> Any: ...
def incidence_rate(cases: Any, workers: Any, *, per: Number) -> Any:
    """Cases by the number of workers, times ``per`` (工伤发生率, 千人负伤率 and their like).

    Args:
        cases: How many cases, or persons, in the period.
        workers: Mean number of workers, insured or employed, in the same period.
        per: The base: 100, 1000, 100 000 workers.

    >>> incidence_rate(2, 200, per=1000)
    Decimal('10')
    """
    return _over(cases, workers, per, ("cases", "workers"))


@overload
def frequency_rate(cases: Figure, hours: Figure, *, per: Number) -> Decimal | Fraction | Unknown: ...
@overload
def frequency_rate(cases: Any, hours: Any, *, per: Number) -> Any: ...
def frequency_rate(cases: Any, hours: Any, *, per: Number) -> Any:
    """Cases by the hours worked, times ``per``.

    Args:
        cases: How many cases in the period.
        hours: Hours worked by all workers in the same period.
        per: The base: 1 000 000 (ILO, GB 6441-86), 200 000 (OSHA), 100 000 000 (fatal accident rate).

    >>> frequency_rate(7, 400_000, per=200_000)
    Decimal('3.5')
    """
    return _over(cases, hours, per, ("cases", "hours"))


@overload
def severity_rate(lost_days: Figure, hours: Figure, *, per: Number) -> Decimal | Fraction | Unknown: ...
@overload
def severity_rate(lost_days: Any, hours: Any, *, per: Number) -> Any: ...
def severity_rate(lost_days: Any, hours: Any, *, per: Number) -> Any:
    """Days lost by the hours worked, times ``per``.

    Args:
        lost_days: Days lost, or charged, by the table of the standard.
        hours: Hours worked by all workers in the same period.
        per: The base: 1000 (Japan), 1 000 000 (ILO, GB 6441-86).

    >>> severity_rate(226, 2_520_000, per=1000).quantize(Decimal("0.0001"))
    Decimal('0.0897')
    """
    return _over(lost_days, hours, per, ("lost_days", "hours"))


@overload
def mean_severity(lost_days: Figure, cases: Figure) -> Decimal | Fraction | Unknown: ...
@overload
def mean_severity(lost_days: Any, cases: Any) -> Any: ...
def mean_severity(lost_days: Any, cases: Any) -> Any:
    """Days lost by case (伤害平均严重率).

    Args:
        lost_days: Days lost, or charged, for these cases.
        cases: How many cases.

    >>> mean_severity(5, 2)
    Decimal('2.5')
    >>> mean_severity(0, 0).codes
    ('zero_exposure:cases',)
    """
    return _over(lost_days, cases, 1, ("lost_days", "cases"))


def _over(above: Any, below: Any, per: Number, names: tuple[str, str]) -> Any:
    factor = exact(per, where="per")
    if factor <= 0:
        raise InputError("a rate is per a positive number", where="per", seen=per, expected="such as 1000")
    if not (is_plain(above) and is_plain(below)):
        over, under = _beside(above, names[0]), _beside(below, names[1])
        if is_plain(below) and under == 0:
            raise InputError("no exposure to set beside a column", where=names[1], seen=below, expected="above zero")
        if "pyarrow" in {_library(over), _library(under)}:
            return _of_arrow(over, under, float(factor))
        # Divided first, so that a column of small integers is a float before it is multiplied.  What is added is 0, but
        # over an exposure of 0 it is no number, and turns the infinity that columns make of it into none.
        return over / under * _plain(factor) + (under - under) / under
    found = quotient(read(above, names[0]), read(below, names[1]), factor, names[1])
    if isinstance(found, Unknown) or isinstance(above, Fraction) or isinstance(below, Fraction):
        return found
    return as_decimal(found)


def _library(column: Any) -> str:
    return type(column).__module__.partition(".")[0]


def _of_arrow(over: Any, under: Any, factor: float) -> Any:
    """The same of columns of PyArrow, which divide integers to integers, refuse a zero, and may have no operators."""
    import pyarrow as pa  # noqa: PLC0415  # there wherever one of its columns is
    import pyarrow.compute as pc  # noqa: PLC0415

    above, below = (
        pc.cast(one if _library(one) == "pyarrow" or is_plain(one) else pa.array(one), pa.float64())
        for one in (over, under)
    )
    nothing = pa.scalar(None, pa.float64())
    return pc.multiply(pc.divide(above, pc.if_else(pc.equal(below, 0.0), nothing, below)), factor)


def _beside(figure: Any, name: str) -> Any:
    """A figure as a column takes it for its partner."""
    if isinstance(figure, (list, tuple)):
        raise InputError(
            "a list cannot be divided", where=name, seen=figure, expected="a NumPy array, or a column of a dataframe"
        )
    if not is_plain(figure):
        return figure
    number = read(figure, name)
    if isinstance(number, Unknown):
        raise InputError("no figure to set beside a column", where=name, seen=figure, expected="a number or a column")
    return _plain(number)


def _plain(factor: Fraction) -> int | float:
    """The base as columns take it."""
    return factor.numerator if factor.denominator == 1 else float(factor)
