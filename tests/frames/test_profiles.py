"""Every shipped profile at every date on which it changes, on every threshold of it, one step below and one above."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pyarrow as pa
import pytest
from agreement import agrees
from drawn import Column, grid, marks
from engines import FAST, Machine

import injuryprev as ip
from injuryprev.engine import Policy
from injuryprev.engine.specs import InputSpec
from injuryprev.units import finite_places, to_decimal

# Regions differ in the figures of the prevention fee and hardly in its formulas: three stand for all of them.
LEFT_OUT = {
    info.id
    for info in ip.list_profiles()
    if info.id.endswith("-prevention")
    and info.id not in ("cn-prevention", "cn-sx-prevention", "cn-fj-quanzhou-prevention")
}
SLOW = ("dask", "spark")
ALL = (*(machine.name for machine in FAST), *SLOW)
PROFILES = [info.id for info in ip.list_profiles() if info.id not in LEFT_OUT]


def own_days(name: str) -> list[dt.date]:
    """The days on which a profile's own file changes something; what it inherits is looked at where it is written."""
    profile = ip.load_profile(name)
    timelines = profile.profile.timelines.values()
    days = {day for timeline in timelines for period, *_ in timeline for day in (period.since, period.until) if day}
    return [day for day in profile.change_dates() if day in days or day == profile.covers.since]


DAYS = [(name, day) for name in PROFILES for day in own_days(name)]
ROWS = 400


def values(spec: InputSpec, at: set[Fraction]) -> list[Any]:
    """Everything worth giving for one input, nothing given among it."""
    if spec.unit == "flag":
        return [True, False, None]
    if spec.unit == "category":
        return [*spec.choices, "nought", None]
    return [*grid(spec, at), None]


def covering(policy: Policy, rng: random.Random) -> list[dict[str, Any]]:
    """Rows in which every value of every input stands beside sound values of the others, and rows at random."""
    at = marks(policy)
    every = {name: values(spec, at) for name, spec in policy.inputs.items()}
    sound = {name: _sound(spec, every[name]) for name, spec in policy.inputs.items()}
    rows = []
    for name, options in every.items():
        rows += [{other: rng.choice(sound[other]) for other in every} | {name: value} for value in options]
    more = max(ROWS - len(rows), ROWS // 2)
    rows += [{name: rng.choice(options) for name, options in sound.items()} for _ in range(more)]
    return rows


def _sound(spec: InputSpec, options: list[Any]) -> list[Any]:
    if spec.unit in ("flag", "category"):
        return [value for value in options if value is not None and value != "nought"]
    assert spec.low is not None
    assert spec.high is not None
    return [value for value in options if value is not None and spec.low <= value <= spec.high]


def as_column(spec: InputSpec, options: list[Any], kind: str) -> Column:
    """The values as a column of exact decimals, text or doubles."""
    if spec.unit == "flag":
        return pa.bool_(), options
    if spec.unit == "category":
        return pa.string(), options
    exact = [None if value is None or finite_places(value) is None else to_decimal(value) for value in options]
    if kind == "decimal":
        return pa.decimal128(38, 9), exact
    if kind == "text":
        return pa.string(), [None if value is None else f"{value:f}" for value in exact]
    return pa.float64(), [None if value is None else float(value) for value in exact]


KINDS = ("double", "decimal", "text")
BY_NAME = {machine.name: machine for machine in FAST}


def hold(profile: str, day: dt.date, machine: Machine, turn: int = 0) -> None:
    """The rules of a day on every threshold, with kinds of columns in turn from one input to the next."""
    policy = ip.load_profile(profile).on(day)
    rows = covering(policy, random.Random(f"{profile}{day}{turn}"))
    columns = {
        name: as_column(spec, [row[name] for row in rows], KINDS[(place + turn) % len(KINDS)])
        for place, (name, spec) in enumerate(policy.inputs.items())
    }
    agrees(policy, machine, pa.table({name: pa.array(column, of) for name, (of, column) in columns.items()}))


# Engines that need a tenth of a second for it, so that there is time for every day.
QUICK = ("polars", "polars-lazy", "polars-streaming", "pyarrow")


@pytest.mark.parametrize(("place", "profile", "day"), [(place, *one) for place, one in enumerate(DAYS)], ids=str)
def test_thresholds_of_every_profile(place: int, profile: str, day: dt.date) -> None:
    """Every day of every profile, on these engines and with all kinds of columns in turn."""
    hold(profile, day, BY_NAME[QUICK[place % len(QUICK)]], place)


# One for each kind of formula: bands, tables, points, prices, moves on the rate paid so far, experience rating.
EACH_ENGINE = ("cn-zj", "cn-ln-dalian", "cn-prevention", "toyland", "toyland-harbour", "jp", "us-ncci")
PLANNING = ("pandas", "pandas-arrow", "duckdb")


def latest(profile: str) -> dt.date:
    """The day of the last change of a profile."""
    return ip.load_profile(profile).change_dates()[-1]


# These take about a second to make their plan: one of them for each profile, and the others in the slow tests.
IN_TURN = [
    pytest.param(profile, name, marks=[] if profile in EACH_ENGINE or turn == place % 3 else pytest.mark.slow)
    for place, profile in enumerate(PROFILES)
    for turn, name in enumerate(PLANNING)
]


@pytest.mark.parametrize(("profile", "engine"), IN_TURN)
def test_thresholds_on_pandas_and_duckdb(profile: str, engine: str) -> None:
    """The last rules of each profile."""
    hold(profile, latest(profile), BY_NAME[engine], PLANNING.index(engine))


SLOWER = [
    pytest.param("ibis", "cn-ln-dalian"),
    *(pytest.param(name, profile, marks=pytest.mark.slow) for name in ("dask", "spark") for profile in EACH_ENGINE),
    *(pytest.param("ibis", profile, marks=pytest.mark.slow) for profile in EACH_ENGINE if profile != "cn-ln-dalian"),
]


@pytest.mark.parametrize(("machine", "profile"), SLOWER, indirect=["machine"])
def test_thresholds_on_slower_engines(machine: Machine, profile: str) -> None:
    """The last rules of a profile for each kind of formula."""
    hold(profile, latest(profile), machine)


def around(*values: str) -> list[Decimal]:
    """Each value, and a hundredth below and above it."""
    return [Decimal(value) + more for value in values for more in (Decimal("-0.01"), Decimal(0), Decimal("0.01"))]


# The last rules on every engine, those before, which differ in figures alone, on two.
FEN = [
    *(pytest.param(name, "2025-06-01", marks=[pytest.mark.slow] if name in SLOW else []) for name in ALL),
    *((name, day) for day in ("2019-01-01", "2024-06-01") for name in ("polars", "duckdb")),
]


@pytest.mark.parametrize(("machine", "day"), FEN, indirect=["machine"])
def test_zhejiang_to_the_fen(machine: Machine, day: str) -> None:
    """Payroll up to 10^13 fen, and benefits at every bound of the use of contributions, to the fen below and above."""
    policy = ip.load_profile("cn-zj").on(day)
    rows: list[dict[str, Any]] = []
    for payroll, contributions in itertools.product(
        ("100000000000", "99999999999.99", "12345678901.23", "0.01", "0"), ("1000000000", "33333333.33", "0.03", "0")
    ):
        use = [Fraction(contributions) * bound for bound in (Fraction(3, 10), Fraction(1, 2), 1, 2, 3, 5)]
        cents = sorted({f"{to_decimal(Fraction(int(one * 100), 100)):f}" for one in use})
        rows += [
            {
                "risk_class": index % 8 + 1,
                "payroll": Decimal(payroll),
                "contributions": Decimal(contributions),
                "benefits": max(benefits, Decimal(0)),
                "insured": (200, 1000, 9999999, 1)[index % 4],
                "injuries": (0, 1, 25, 3)[index % 4],
                "industry_incidence": ("0.0125", "0.005", "0", None)[index % 4],
                "deaths": index % 3,
            }
            for index, benefits in enumerate(around(*cents))
        ]
    kinds = {"risk_class": pa.int64(), "insured": pa.int64(), "injuries": pa.int64(), "deaths": pa.int64()}
    kinds["industry_incidence"] = pa.string()
    money = pa.decimal128(20, 2)
    table = pa.table({name: pa.array([row[name] for row in rows], kinds.get(name, money)) for name in rows[0]})
    agrees(policy, machine, table)
