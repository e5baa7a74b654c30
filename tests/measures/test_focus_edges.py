"""Focus and rates at the edges: gaps before insurance, keys with gaps, thresholds in words, the largest counts."""

from __future__ import annotations

import math
from fractions import Fraction

import attrs
import pandas as pd
import pyarrow as pa
import pytest
from engines import FAST, Machine, as_arrow

from injuryprev.errors import InputError
from injuryprev.measures import FocusUnit, focus, standard
from injuryprev.measures.exposures import exposure_in
from injuryprev.measures.focusing.alerts import AlertScheme
from injuryprev.measures.focusing.document import Level
from injuryprev.measures.focusing.frames import focus_frame
from injuryprev.measures.focusing.gathering import gather
from injuryprev.measures.statistics import funnel
from injuryprev.model import Employer, Exposure, History
from injuryprev.units import Period
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words


def test_days_before_insurance_fill_no_gap() -> None:
    """Insured from July, 8 of 184 days known: the half-year before says nothing of the rest."""
    year = Period.year(2024)
    rows = [
        Exposure("E-1", Period("2024-01-01", "2024-07-01"), insured=50),
        Exposure("E-1", Period("2024-07-01", "2024-07-09"), insured=50),
    ]
    employer, history = Employer("E-1", insured_since="2024-07-01"), History(cases=[], exposures=rows)
    found = exposure_in(employer, history, year, "insured")
    assert isinstance(found, Reason)
    assert found.words.en.endswith("insured is known for 8 of 184 days")
    [unit] = gather([(employer, history)], by="employer", window=year)
    assert isinstance(unit.exposure, Unknown)
    whole = [rows[0], Exposure("E-1", Period("2024-07-01", "2025-01-01"), insured=50)]
    assert exposure_in(employer, History(cases=[], exposures=whole), year, "insured") == 50


def test_what_a_unit_is_too_small_by() -> None:
    """By cases for severity, by exposure for rates."""
    units = [FocusUnit("A", 1, 10, lost_days=5), FocusUnit("B", 9, 1000, lost_days=5)]
    by_cases = focus(units, criterion="severity", minimum_cases=2)
    by_exposure = focus(units, shrinkage=False, minimum_exposure=50)
    assert by_cases.rows[1].why == ("too_small:cases",)
    assert by_exposure.rows[1].why == ("too_small:exposure",)


@pytest.mark.parametrize("least", [{"minimum_exposure": -5}, {"minimum_cases": -1}])
def test_less_than_nothing_is_no_minimum(least: dict[str, int]) -> None:
    """It is refused."""
    with pytest.raises(InputError, match="less than nothing"):
        focus([FocusUnit("A", 1, 10)], **least)  # type: ignore[arg-type]  # one of the two


def test_keys_of_pandas_with_a_gap() -> None:
    """Numbers that pandas holds as floats, since one row names no unit, are whole all the same and join again."""
    table = pd.DataFrame({"post": [1, 2, None], "cases": [3, 4, 1], "at": [100, 200, 10]})
    made = focus_frame(table, by="post", exposure="at", shrinkage=False)
    assert made["post"].tolist()[:2] == [1, 2]
    assert made["post"].isna().tolist() == [False, False, True]
    assert str(made["post"].dtype) == "Int64"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Fraction(199999, 10_000_000), "1.99999 %: no alert"),
        (Fraction(1999999, 100_000_000), "1.999999 %: no alert"),
        (Fraction(2, 100), "2 %: yellow"),
        (Fraction(200001, 10_000_000), "2.00001 %: yellow"),
        (Fraction(12345678, 1_000_000_000), "1.235 %: no alert"),
    ],
)
def test_words_stay_on_their_side_of_a_threshold(value: Fraction, said: str) -> None:
    """A rate that is below is not written as the threshold."""
    ours = AlertScheme(
        name="ours",
        title=Words("ours"),
        metric="incidence",
        levels=(Level(name="yellow", at=Fraction(1, 50), edge="from"),),
    )
    assert str(ours.at(value)) == said


def test_limits_of_the_largest_counts() -> None:
    """Where the inverse of SciPy ends, the limits go on."""
    sizes = [10**8, 10**9, 10**10, 10**11, 10**13]
    found = funnel(sizes, sizes, kind="ratio")
    limits = [attrs.astuple(one.limits) for one in found.points if not isinstance(one, Unknown)]
    for size, (low_3, low_2, high_2, high_3) in zip(sizes, limits, strict=True):
        spread = 1.959964 / math.sqrt(size)
        assert low_3 < low_2 < 1 < high_2 < high_3
        assert (1 - low_2) == pytest.approx(spread, rel=1e-3)


@pytest.mark.parametrize("machine", FAST, ids=str)
def test_hours_of_a_nation(machine: Machine) -> None:
    """Whole numbers are read as far as 64 bits go; with decimals among them to 9.2 x 10^11."""
    hours = 14 * 10**11
    table = as_arrow({"injured": (pa.int64(), [700_000]), "hours": (pa.int64(), [hours])})
    [row] = machine.rows(standard("gb6441.frequency").frame(machine.put(table)))
    assert (float(row["rate"]), row["rate_unknown"]) == (0.5, None)
    assert standard("gb6441.frequency").compute(700_000, hours).value == Fraction(1, 2)


@pytest.mark.parametrize("value", [float("inf"), 1e-5, 2.5, 3.0, 0.1, -1.0, 1e300])
def test_floats_that_pandas_holds_as_objects(value: float) -> None:
    """They give what a column of floats gives, digit by digit and reason by reason."""
    made = [
        standard("cn.incidence").frame(pd.DataFrame({"injuries": pd.Series([value, None], dtype=kind), "insured": 100}))
        for kind in ("object", "float64")
    ]
    columns = [made[0]["rate"].tolist(), made[1]["rate"].tolist()]
    assert str(columns[0]) == str(columns[1])
    assert made[0]["rate_unknown"].tolist()[1] == "missing:injuries"
    assert str(made[0]["rate_unknown"].tolist()) == str(made[1]["rate_unknown"].tolist())
    assert list(made[0]) == ["injuries", "insured", "rate", "rate_unknown", "rate_findings"]
