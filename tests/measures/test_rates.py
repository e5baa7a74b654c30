"""The pure functions and the rates of the standards: properties, refusals, agreement with another package."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import smartqhse_hse_calculators as hse
from hypothesis import given, settings
from hypothesis import strategies as st

from injuryprev.errors import InputError, ProfileError, UnknownNameError
from injuryprev.exchange.headers import fold
from injuryprev.measures import (
    frequency_rate,
    incidence_rate,
    list_standards,
    mean_severity,
    payout_ratio,
    pooled,
    severity_rate,
    standard,
    weighted,
)
from injuryprev.measures.standards import read_standards
from injuryprev.unknown import Unknown

COUNTS = st.integers(0, 10**6)
EXPOSURES = st.integers(1, 10**10) | st.decimals(Decimal("0.01"), Decimal(10**10), places=2)
NAMES = st.sampled_from([found.name for found in list_standards()])


@given(name=NAMES, count=COUNTS, exposure=EXPOSURES, factor=st.integers(1, 1000))
def test_scaling(name: str, count: int, exposure: Any, factor: int) -> None:
    """Count and exposure both taken ``factor`` times leave a rate as it is; the count alone multiplies it."""
    measure = standard(name)
    rate = measure.compute(count, exposure)
    assert measure.compute(count * factor, exposure * factor).exact == rate.exact
    more = measure.compute(count * factor, exposure)
    assert isinstance(more.exact, Fraction)
    assert isinstance(rate.exact, Fraction)
    assert more.exact == rate.exact * factor


@given(name=NAMES, parts=st.lists(st.tuples(COUNTS, EXPOSURES), min_size=1, max_size=6))
def test_counts_and_exposures_add_up(name: str, parts: list[tuple[int, Any]]) -> None:
    """Pooled, parts are the rate of the sums, which lies between the lowest and the highest of them."""
    measure = standard(name)
    rates = [measure.compute(*part) for part in parts]
    whole = pooled(rates)
    assert whole == measure.compute(sum(p[0] for p in parts), sum(Fraction(p[1]) for p in parts)) or whole.findings
    assert whole.exact == measure.compute(sum(p[0] for p in parts), sum(Fraction(p[1]) for p in parts)).exact
    assert min(rates) <= whole <= max(rates)


@given(count=COUNTS, exposure=EXPOSURES, per=st.sampled_from([1, 100, 1000, 200_000, 10**6]))
def test_the_functions_are_exact(count: int, exposure: Any, per: int) -> None:
    """The function, the standard and the plain fraction agree; a ``Fraction`` in gives the ``Fraction`` out."""
    true = Fraction(count) / Fraction(exposure) * per
    assert frequency_rate(Fraction(count), exposure, per=per) == true
    found = incidence_rate(count, exposure, per=per)
    assert isinstance(found, Decimal)
    assert abs(Fraction(found) - true) <= true / 10**27


@settings(max_examples=60)
@given(count=st.integers(0, 5000), hours=st.integers(1, 10**8))
def test_side_by_side_with_smartqhse(count: int, hours: int) -> None:
    """Rounded to its three places, ours are its rates; it rounds a binary float, so a last place may differ there."""
    pairs = [
        (standard("osha.trir"), hse.calculate_trir(recordable_incidents=count, hours_worked=hours)),
        (standard("osha.dart"), hse.calculate_dart(dart_cases=count, hours_worked=hours)),
        (standard("osha.dafw"), hse.calculate_ltir(lost_time_incidents=count, hours_worked=hours)),
        (standard("practice.ltifr"), hse.calculate_ltifr(lost_time_injuries=count, hours_worked=hours)),
        (standard("ilo.frequency"), hse.calculate_frequency_rate(accidents=count, hours_worked=hours)),
        (standard("osha.severity"), hse.calculate_severity_rate(days_lost=count, hours_worked=hours)),
        (standard("ilo.severity"), hse.calculate_severity_rate(days_lost=count, hours_worked=hours, base="iso")),
    ]
    for measure, theirs in pairs:
        ours = measure.compute(count, hours)
        assert measure.per == theirs.base
        assert isinstance(ours.exact, Fraction)
        assert abs(ours.exact - Fraction(theirs.rate)) <= Fraction(1, 2000) + ours.exact / 10**12


def test_where_smartqhse_says_zero_we_say_unknown() -> None:
    """Its rate over no hours is 0.0, which reads as a safe year; ours is not known."""
    assert hse.calculate_trir(recordable_incidents=3, hours_worked=0).rate == 0
    assert isinstance(standard("osha.trir").compute(cases=3, hours=0).value, Unknown)


@pytest.mark.parametrize(
    ("figures", "codes"),
    [
        ((None, 5), ("missing:cases",)),
        ((1, None), ("missing:hours",)),
        ((1, 0), ("zero_exposure:hours",)),
        ((None, 0), ("missing:cases", "zero_exposure:hours")),
        ((-1, 5), ("out_of_range:cases",)),
        ((1, -5), ("out_of_range:hours",)),
        (("many", 5), ("unreadable:cases",)),
        (("1E+05", 5), ("unreadable:cases",)),
        ((float("nan"), float("inf")), ("missing:cases", "unreadable:hours")),
        ((True, 5), ("unreadable:cases",)),
    ],
)
def test_what_is_no_figure_gives_no_rate(figures: tuple[Any, Any], codes: tuple[str, ...]) -> None:
    """Missing, zero, negative and unreadable figures give the reason, in both languages, from function and standard."""
    for found in (frequency_rate(*figures, per=1000), standard("ilo.frequency").compute(*figures).value):
        assert isinstance(found, Unknown)
        assert found.codes == codes
        assert all(reason.words.en and reason.words.zh for reason in found.reasons)


def test_functions_serve_columns() -> None:
    """One formula for numbers and for the columns and expressions of tables."""
    table = pl.DataFrame({"cases": [1, 3], "hours": [400_000, 200_000], "days": [5, 50]})
    made = table.select(
        frequency_rate(pl.col("cases"), pl.col("hours"), per=200_000).alias("f"),
        mean_severity(pl.col("days"), pl.col("cases")).alias("m"),
        severity_rate(table["days"], table["hours"], per=1000).alias("s"),
        incidence_rate(pl.col("cases"), Decimal(2), per="1000").alias("i"),
    )
    assert made.rows() == [(0.5, 5.0, 0.0125, 500.0), (3.0, 50 / 3, 0.25, 1500.0)]
    assert payout_ratio(pd.Series([1, 2]), pd.Series([4, 4])).tolist() == [0.25, 0.5]
    assert list(payout_ratio(np.array([1, 3], dtype="int8"), 100)) == [0.01, 0.03]
    assert frequency_rate(np.int64(7), np.float64(400_000), per=200_000) == Decimal("3.5")
    assert isinstance(frequency_rate(np.int64(7), np.int64(0), per=200_000), Unknown)


@pytest.mark.parametrize(("step", "mode"), [("0", "half_up"), ("-0.1", "half_up"), ("0.1", "half")])
def test_nothing_to_round_to(step: str, mode: str) -> None:
    """A step of zero or less, or a way of rounding that is none, is refused in words."""
    with pytest.raises(InputError, match="nothing to round to"):
        standard("gb6441.death").compute(1, 3).rounded(step, mode)


def test_a_rate_for_a_program() -> None:
    """All that makes a rate is in its JSON: figures as exact text, the interval, findings, what is unknown and why."""
    made = json.loads(standard("gb6441.death").compute(3, 2, interval=0.95).to_json())
    assert made["schema"] == "injuryprev.injury-rate/1"
    assert (made["numerator"], made["exposure"], made["value"]) == ("3", "2", "1500")
    assert made["definition"]["unit"] == {"en": "deaths per 1,000 workers", "zh": "人死亡/1,000名职工"}
    assert made["definition"]["sources"][0]["confidence"] == "reprint"
    assert made["interval"]["method"] == "exact (Garwood)"
    assert made["interval"]["low"] == pytest.approx(309.336, rel=1e-5)
    assert [one["code"] for one in made["findings"]] == ["more_injured_than_workers"]
    unknown = json.loads(standard("gb6441.death").compute(None, 0, interval=0.95).to_json())
    for name in ("value", "interval"):
        assert [one["code"] for one in unknown[name]["unknown"]] == ["missing", "zero_exposure"]
    assert unknown["exposure"] == "0"
    assert json.loads(standard("gb6441.death").compute(1, 10).to_json())["interval"] is None


@pytest.mark.filterwarnings("ignore:(divide by zero|invalid value) encountered:RuntimeWarning")
@pytest.mark.parametrize(
    "column",
    [
        pl.Series,
        pd.Series,
        np.array,
        lambda values: pd.Series(values, dtype="Int64"),
        lambda values: pd.Series(values, dtype="int64[pyarrow]"),
    ],
)
def test_columns_never_make_infinity(column: Any) -> None:
    """A row without exposure is no number or null, as 0 of 0 is; the rows beside it are what they would be alone."""
    made = incidence_rate(column([3, 0, 1, 2]), column([0, 0, 3, 7]), per=1000)
    rows = [None if pd.isna(value) else float(value) for value in made]
    assert rows == [None, None, 1 / 3 * 1000, 2 / 7 * 1000]


def test_a_missing_figure_beside_a_column_is_an_error() -> None:
    """A column over nothing at all is a mistake of the program, not a property of a row."""
    with pytest.raises(InputError, match="hours: no exposure to set beside a column"):
        frequency_rate(pl.col("cases"), 0, per=1)
    with pytest.raises(InputError, match="hours: no figure to set beside a column"):
        frequency_rate(pl.col("cases"), None, per=1)


def test_a_base_is_positive() -> None:
    """A rate per nothing or per a negative number is no rate."""
    with pytest.raises(InputError, match="per a positive number; seen: 0"):
        incidence_rate(1, 2, per=0)


def test_two_definitions_are_not_compared() -> None:
    """Order and ratio are refused across definitions; asked for, they are made on one base; without one, never."""
    ours, theirs = standard("osha.trir").compute(2, 200_000), standard("ilo.frequency").compute(10, 1_000_000)
    assert ours.ratio_to(theirs, across_definitions=True) == 1
    for compare in (lambda: ours < theirs, lambda: ours >= theirs, lambda: ours.ratio_to(theirs)):
        with pytest.raises(InputError, match=r"not compared; seen: 'osha.trir and ilo.frequency'"):
            compare()
    with pytest.raises(InputError, match="no base in common"):
        ours.ratio_to(standard("ilo.incidence").compute(1, 1000), across_definitions=True)
    with pytest.raises(InputError, match="not compared"):
        pooled([ours, theirs])
    with pytest.raises(InputError, match="no rates to put together"):
        pooled([])


@given(parts=st.lists(st.tuples(COUNTS, st.integers(1, 10**9)), min_size=1, max_size=5))
def test_weighted_by_its_own_exposure_a_rate_is_the_plain_one(parts: list[tuple[int, int]]) -> None:
    """Standardised to the mix it has, a country's rate does not change; to another, it lies between its sectors'."""
    esaw = standard("esaw.incidence")
    rates = {str(place): esaw.compute(*part) for place, part in enumerate(parts)}
    own = weighted(rates, {str(place): workers for place, (_, workers) in enumerate(parts)})
    assert own.exact == pooled(rates.values()).exact
    even = weighted(rates, dict.fromkeys(rates, 1))
    assert isinstance(even.exact, Fraction)
    sectors = [rate.exact for rate in rates.values() if isinstance(rate.exact, Fraction)]
    assert min(sectors) <= even.exact <= max(sectors)
    assert sum(even.weights.values()) == 1


def test_weights_and_rates_are_of_the_same_sectors() -> None:
    """A sector of weight needs a rate; one without weight does not; an unknown rate makes the mean unknown."""
    esaw = standard("esaw.incidence")
    rates = {"C": esaw.compute(300, 10_000), "F": esaw.compute(400, None)}
    assert weighted({"C": rates["C"]}, {"C": 1, "F": 0}).exact == 3000
    assert weighted(rates, {"C": 1, "F": 0}).exact == 3000
    lost = weighted(rates, {"C": 1, "F": 1}).value
    assert isinstance(lost, Unknown)
    assert lost.codes == ("missing:workers",)
    with pytest.raises(InputError, match="a weight and no rate; seen: 'F, G'"):
        weighted(rates, {"C": 1, "G": 1})
    with pytest.raises(InputError, match="zero or more"):
        weighted(rates, {"C": 0, "F": 0})
    with pytest.raises(InputError, match="not compared"):
        weighted({"C": rates["C"], "F": standard("esaw.fatal").compute(1, 9)}, {"C": 1, "F": 1})


def test_intervals() -> None:
    """The interval is that of the count over the exposure; days have none, and a part of a case has none."""
    measure = standard("gb6441.death")
    rate = measure.compute(3, 2000, interval=0.95)
    assert rate.interval is not None
    assert not isinstance(rate.interval, Unknown)
    assert (round(rate.interval.low, 6), round(rate.interval.high, 6)) == (0.309336, 4.383637)
    byar = measure.compute(3, 2000, interval=0.95, method="byar").interval
    assert byar is not None
    assert not isinstance(byar, Unknown)
    assert byar.method != rate.interval.method
    for figures, code in (((3, 0), "zero_exposure:workers"), (("2.5", 2000), "not_whole:deaths")):
        none = measure.compute(*figures, interval=0.95).interval
        assert isinstance(none, Unknown)
        assert none.codes == (code,)
    with pytest.raises(InputError, match="days lost are no counts"):
        standard("gb6441.severity").compute(6000, 2000, interval=0.95)


def test_another_base_is_another_definition() -> None:
    """On its own base a standard is itself; on another it is not compared with it unasked, and then agrees."""
    trir = standard("osha.trir")
    assert trir.on_base(200_000) is trir
    other = trir.on_base(1_000_000).compute(7, 400_000)
    assert other.ratio_to(trir.compute(7, 400_000), across_definitions=True) == 1
    with pytest.raises(InputError, match="not compared"):
        other.ratio_to(trir.compute(7, 400_000))
    wrong: Any
    for wrong in (0, -1, 2.5, "100", True):
        with pytest.raises(InputError, match="per a positive number"):
            trir.on_base(wrong)


def test_unknown_rates_have_no_rank_but_a_ratio_that_says_why() -> None:
    """An unknown rate is neither higher nor lower; its ratio is unknown for the same reason."""
    known, lost = standard("osha.trir").compute(2, 200_000), standard("osha.trir").compute(2, None)
    with pytest.raises(InputError, match="unknown rate has no rank"):
        assert known < lost
    for ratio in (known.ratio_to(lost), pooled([known, lost]).value):
        assert isinstance(ratio, Unknown)
        assert ratio.codes == ("missing:hours",)
    assert "unknown" in str(lost)


def test_figures_by_name() -> None:
    """The definition's own words, the general ones, and mistakes in them."""
    measure = standard("gb6441.mean_severity")
    for rate in (measure.compute(226, 3), measure.compute(lost_days=226, cases=3), measure.compute(226, injured=3)):
        assert rate.exact == Fraction(226, 3)
    assert standard("osha.trir").compute(numerator=7, exposure=400_000) == standard("osha.trir").compute(
        recordable_cases=7, hours=400_000
    )
    with pytest.raises(UnknownNameError, match="no figure of this name; seen: 'hour'; expected: did you mean 'hours'"):
        measure.compute(226, hour=3)
    with pytest.raises(InputError, match="given twice; seen: 'cases'"):
        standard("ilo.frequency").compute(3, cases=3, hours=5)


def test_cases_are_not_taken_for_deaths() -> None:
    """All cases beside deaths are held against them; alone, they are no deaths, and the deaths are missing."""
    death = standard("gb6441.death")
    assert death.compute(deaths=2, cases=5, workers=1000).exact == 2
    [finding] = death.compute(cases=1, deaths=2, workers=1000).findings
    assert finding.code == "more_deaths_than_cases"
    alone = death.compute(cases=5, workers=1000).value
    assert isinstance(alone, Unknown)
    assert alone.codes == ("missing:deaths",)
    assert standard("osha.trir").compute(recordable_cases=2, cases=5, hours=200_000).exact == 2
    with pytest.raises(InputError, match="given twice; seen: 'numerator'"):
        death.compute(2, numerator=3, workers=1)


def test_a_rate_rounds_once() -> None:
    """2.345 of a hundred is 2.35: the exact quotient is rounded, not a decimal of it."""
    rate = standard("cn.incidence").compute(2345, 100_000)
    assert (rate.rounded("0.01"), rate.rounded("0.01", "half_even")) == (Decimal("2.35"), Decimal("2.34"))
    assert str(rate.rounded("0.1")) == "2.3"


def test_ningbo_change() -> None:
    """Ningbo, recognised cases 31,798 (2015) to 27,530 (2019): -4,268 and -13.42 %, as published."""
    assert 27_530 - 31_798 == -4_268
    assert round(Fraction(-4_268 * 100, 31_798), 2) == Fraction("-13.42")


def test_importing_measures_is_light() -> None:
    """The room, and the standards by name, bring no dataframe library, no SciPy, and cattrs only with a standard."""
    code = (
        "import sys, injuryprev.measures as m; m.standard; m.InjuryRate;"
        "print([n for n in ('cattrs', 'narwhals', 'scipy', 'polars', 'numpy') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


def test_every_standard_has_its_words_and_its_source() -> None:
    """Titles and units in both languages, a document, and a condition that no word of is unknown."""
    for found in list_standards():
        assert found.title.en
        assert found.title.zh
        assert found.unit.en
        assert found.unit.zh
        assert found.cited
        assert found.per > 0
        assert (found.counts == "lost_days") == (found.lost_days is not None)


def test_no_header_means_two_figures() -> None:
    """Every name of every figure, folded as headers are, is that figure's alone."""
    known = {found.above: found.quantities[0] for found in list_standards()}
    known |= {found.below: found.quantities[1] for found in list_standards()}
    names = [
        (fold(word), name)
        for name, quantity in known.items()
        for word in {fold(word): word for word in (name, quantity.title.en, quantity.title.zh, *quantity.headers)}
    ]
    words = [word for word, _ in names]
    assert [pair for pair in names if words.count(pair[0]) > 1] == []


HEAD = """format = 1
[sources.a]
title = "A"
confidence = "official"
checked_on = 2026-01-01
[quantities.deaths]
title = "deaths"
unit = "deaths"
[quantities.hours]
title = "hours"
unit = "hours"
[lost_days.x]
title = "x"
field = "days_lost"
source = "a"
[standards.p.q]
title = "t"
counts = "cases"
above = "deaths"
below = "hours"
per = 1000
source = "a"
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("", "", ""),
        ('below = "hours"', 'below = "houres"', r"\$.standards.p.q.below.*did you mean 'hours'"),
        ('source = "a"\n', 'source = "b"\n', r"standards.p.q.source: nothing in this file has this name; seen: 'b'"),
        ("per = 1000", "per = 0", "per"),
        ("per = 1000", "pre = 1000", "did you mean 'per'"),
        ("per = 1000", 'per = 1000\nwhere = "daeth"', "did you mean 'death'"),
        ('counts = "cases"', 'counts = "lost_days"', "lost_days"),
        ('counts = "cases"', 'counts = "case"', "did you mean 'cases'"),
    ],
)
def test_a_file_of_standards_is_read_strictly(old: str, new: str, message: str) -> None:
    """Names that nothing answers to, and keys and words that do not exist, are refused with their place."""
    text = HEAD.replace(old, new) if old else HEAD
    if not message:
        assert list(read_standards(text.encode(), "own.toml")) == ["p.q"]
        return
    with pytest.raises(ProfileError, match=message):
        read_standards(text.encode(), "own.toml")


def test_a_step_that_is_a_float_is_its_shortest_text() -> None:
    """One hundredth, not the double beside it."""
    assert standard("gb6441.death").compute(3, 2000).rounded(0.01) == Decimal("1.5")  # type: ignore[arg-type]  # tested


def test_lists_are_no_columns() -> None:
    """The message says what would do."""
    with pytest.raises(InputError, match=r"cases: a list cannot be divided.*a NumPy array"):
        incidence_rate([3, 4], [10, 0], per=1000)


def test_half_a_person_is_said() -> None:
    """A count that is not whole is used, for a mean of years may be, and a finding names it."""
    rate = standard("gb6441.death").compute("2.5", 2000, where="row 7")
    assert (rate.value, [str(one) for one in rate.findings]) == (
        Decimal("1.25"),
        ["row 7: deaths=2.5 is not a whole number"],
    )
    assert standard("gb6441.severity").compute("2.5", 2000).findings == ()


def test_columns_of_pyarrow_divide_as_numbers() -> None:
    """Integers do not divide to integers, a zero gives a null, chunks are columns too."""
    cases, workers = pa.array([3, 1, None]), pa.array([200, 0, 5])
    assert incidence_rate(cases, workers, per=1000).to_pylist() == [15, None, None]
    chunked = pa.chunked_array([[5], [1]])
    assert mean_severity(chunked, pa.chunked_array([[2], [0]])).to_pylist() == [2.5, None]
    assert mean_severity(pa.array([Decimal("2.5")]), 2).to_pylist() == [1.25]
    assert mean_severity(5, pa.array([2])).to_pylist() == [2.5]
    assert payout_ratio(np.array([1.0]), pa.array([4])).to_pylist() == [0.25]
