"""What is wrong is refused by its place; what is missing stays unknown and costs nobody else."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from injuryprev.errors import InjuryprevError, InputError
from injuryprev.measures import statistics
from injuryprev.measures.statistics import (
    Interval,
    TwoPeriods,
    before_and_after,
    change_from_mean,
    compare_rates,
    count_interval,
    difference_in_differences,
    directly_standardised,
    funnel,
    proportion_interval,
    rate_interval,
    regression_to_the_mean,
    shrink,
    standardised_ratio,
    trend,
)
from injuryprev.measures.statistics.numeric import libraries
from injuryprev.unknown import Unknown

Call = Callable[[], Any]

loosely: Any = statistics
"""The same functions without their types, for arguments that the types refuse already."""

REFUSED: dict[str, tuple[Call, tuple[str, ...]]] = {
    "negative count": (lambda: count_interval([3, -1]), ("count[1]", "negative", "-1", "0 or more")),
    "negative exposure": (lambda: rate_interval(3, -2.5), ("exposure:", "negative", "-2.5")),
    "half a case": (lambda: count_interval([3, "2.5"]), ("count[1]", "whole", "'2.5'", "0, 1, 2")),
    "too many cases": (lambda: count_interval(2**54), ("count", "whole")),
    "infinite": (lambda: rate_interval([1], [math.inf]), ("exposure[0]", "finite", "inf")),
    "beyond a float": (lambda: rate_interval(1, 10**400), ("exposure", "finite")),
    "beyond a float as text": (lambda: rate_interval(1, "1e400"), ("exposure", "finite", "'1e400'")),
    "next to nothing": (lambda: rate_interval(1, 1e-300), ("exposure", "too near to zero", "1e-300", "1e-12")),
    "next to everything": (lambda: rate_interval(1, "1e300"), ("exposure", "too large", "'1e300'")),
    "truth value": (lambda: count_interval(True), ("count", "finite", "True")),
    "text": (lambda: count_interval(["three"]), ("count[0]", "'three'")),
    "a set": (lambda: count_interval({1, 2}), ("count", "no order", "set")),
    "a mapping": (lambda: count_interval({"a": 1}), ("count", "no order", "dict")),
    "an object": (lambda: loosely.count_interval(object()), ("count", "finite")),
    "level 0": (lambda: count_interval(1, level=0), ("level", "between 0 and 1", "0")),
    "level 1": (lambda: count_interval(1, level=1), ("level", "between 0 and 1", "1")),
    "level 95": (lambda: count_interval(1, level=95), ("level", "95")),
    "level nothing": (lambda: loosely.count_interval(1, level=None), ("level", "between")),
    "level true": (lambda: count_interval(1, level=True), ("level", "True")),
    "method": (lambda: loosely.count_interval(1, method="exakt"), ("method", "'exakt'", "'exact'", "'byar'", "'ohid'")),
    "base": (lambda: rate_interval(1, 2, per=0), ("per", "above zero", "0")),
    "lengths": (lambda: rate_interval([1, 2], [3]), ("count, exposure", "count 2, exposure 1")),
    "more than all": (lambda: proportion_interval([1, 8], [5, 7]), ("events[1]", "8 of 7", "at most")),
    "more than all, alone": (lambda: proportion_interval(8, 7), ("events:", "8 of 7")),
    "no standard": (lambda: directly_standardised([1], [2], [0]), ("weights", "empty")),
    "against": (lambda: compare_rates(1, 2, 3, 4, against=-1), ("against", "-1")),
    "funnel kind": (lambda: loosely.funnel([1], [2], kind="odds"), ("kind", "'odds'", "'ratio'")),
    "funnel more than all": (lambda: funnel([1, 3], [2, 2], kind="proportion"), ("observed[1]", "3 of 2")),
    "funnel nobody": (lambda: funnel([1], [0]), ("funnel", "1 units")),
    "funnel no case": (lambda: funnel([0, 0], [5, 6]), ("target", "above zero")),
    "funnel all": (lambda: funnel([5], [5], kind="proportion"), ("target", "below 1")),
    "change no year": (lambda: change_from_mean([], [], []), ("years", "no year")),
    "change year twice": (lambda: change_from_mean([1, 2], [3, 4], [2015, 2015]), ("years[1]", "twice", "2015")),
    "change year missing": (lambda: change_from_mean([1, 2], [3, 4], [2015, None]), ("years[1]", "missing")),
    "change before": (lambda: change_from_mean([1], [1], [2015], 0), ("before", "1 or more")),
    "trend too large": (
        lambda: trend([10**6, 10**6], [1, 1], [0, 1], method="exact"), ("method", "2e+06 cases", "method='score'"),
    ),
    "trend method": (lambda: loosely.trend([1], [1], [1], method="best"), ("method", "'best'")),
    "a column in a group": (lambda: before_and_after(TwoPeriods([1, 2], 1, 1, 1)), ("TwoPeriods", "a column")),  # type: ignore[arg-type]
    "negative before": (lambda: before_and_after(TwoPeriods(-1, 1, 1, 1)), ("cases_before:", "negative")),
    "whole world": (
        lambda: difference_in_differences(TwoPeriods(10**8, 1, 10**8, 1), TwoPeriods(10**8, 1, 10**8, 1)),
        ("cases", "400000000", "10 million"),
    ),
    "chosen nobody": (lambda: regression_to_the_mean([1], [1], [], [1], [1]), ("chosen", "no unit")),
    "chosen twice": (lambda: regression_to_the_mean([1], [1], [0, 0], [1], [1]), ("chosen[1]", "twice")),
    "chosen beyond": (lambda: regression_to_the_mean([1], [1], [1], [1], [1]), ("chosen[0]", "1", "0 to 0")),
    "chosen negative": (lambda: regression_to_the_mean([1], [1], [-1], [1], [1]), ("chosen[0]", "-1")),
}  # fmt: skip


@pytest.mark.parametrize("name", list(REFUSED))
def test_refused(name: str) -> None:
    """Each mistake is an InputError which names the place, the value and what would do."""
    call, words = REFUSED[name]
    with pytest.raises(InputError) as caught:
        call()
    for word in words:
        assert word in str(caught.value)


def test_missing_and_zero_stay_unknown_beside_good_rows() -> None:
    """Each unit has its own reasons, both of them where both are wrong, in English and Chinese."""
    missing, zero, both, good = rate_interval([None, 3, float("nan"), 4], [10, 0, 0, 10])
    assert isinstance(missing, Unknown)
    assert missing.codes == ("missing:count[0]",)
    assert isinstance(zero, Unknown)
    assert zero.codes == ("division_by_zero:exposure[1]",)
    assert zero.text("zh") == "未知：暴露量为零，无从计算比率"
    assert isinstance(both, Unknown)
    assert both.codes == ("missing:count[2]", "division_by_zero:exposure[2]")
    assert good == rate_interval(4, 10)


@pytest.mark.parametrize("nothing", [None, float("nan"), Decimal("NaN"), Decimal("sNaN"), np.nan, pd.NA, pd.NaT])
def test_every_kind_of_nothing(nothing: Any) -> None:
    """None and the not-a-numbers of Python, NumPy and pandas are a missing figure."""
    for found in (count_interval(nothing), count_interval([nothing])[0]):
        assert isinstance(found, Unknown)
        assert found.codes[0].startswith("missing:count")


@pytest.mark.parametrize(
    "column",
    [
        [5, 7],
        (5, 7),
        iter([5, 7]),
        np.array([5, 7]),
        np.array([5.0, 7.0]),
        pl.Series([5, 7]),
        pd.Series([5, 7]),
        pa.array([5, 7]),
        [Decimal(5), "7"],
        [Fraction(5), np.int32(7)],
    ],
    ids=lambda value: type(value).__module__ + "." + type(value).__name__,
)
def test_every_kind_of_column(column: Any) -> None:
    """Lists and the columns of every engine read the same."""
    assert count_interval(column) == (count_interval(5), count_interval(7))


def test_one_number_of_any_kind() -> None:
    """NumPy scalars and arrays of no dimension are one number."""
    for value in (np.int64(5), np.array(5), np.float32(5), Decimal("5.0"), "5"):
        assert loosely.count_interval(value) == count_interval(5)


def test_one_number_serves_a_column() -> None:
    """A single exposure is that of every unit; no unit at all is no answer."""
    assert rate_interval([1, 2], 10) == (rate_interval(1, 10), rate_interval(2, 10))
    assert rate_interval([], []) == ()
    assert standardised_ratio([], []) == ()
    assert compare_rates([], [], [], []) == ()
    assert shrink([], []).ratios == ()


def test_without_scipy_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the extra."""
    libraries.cache_clear()
    monkeypatch.setitem(sys.modules, "scipy", None)
    try:
        with pytest.raises(InjuryprevError, match=r"pip install 'injuryprev\[stats\]'"):
            count_interval(3)
    finally:
        monkeypatch.undo()
        libraries.cache_clear()
    assert isinstance(count_interval(3), Interval)


def test_importing_loads_no_library() -> None:
    """Neither NumPy nor SciPy comes with the import, nor with the names."""
    code = (
        "import sys; import injuryprev.measures.statistics as s; from injuryprev.measures.statistics import Interval;"
        " print(sorted({'numpy', 'scipy'} & set(sys.modules)), len(s.__all__) > 20)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[] True\n"
