"""Employers of a province as a table, and the grid on which all ways of rating must agree; seeded, vectorised."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

import numpy as np
import polars as pl

KINDS: Final = (
    "ordinary",
    "government",
    "institution",
    "household",
    "disease_high_risk",
    "labour_dispatch",
    "construction_project",
)
MONEY: Final = ("payroll", "contributions", "benefits")
_SHARES: Final = (0.88, 0.04, 0.04, 0.01, 0.01, 0.01, 0.01)
VARIANTS: Final = ("integers", "floats", "decimals")
"""How sums of money are kept: whole yuan, doubles to the fen, decimals to the fen; the incidence of the industry is a
double in the first two and a decimal in the third."""


def employers(count: int, variant: str, seed: int = 20250301) -> pl.DataFrame:
    """Employers of all sizes, about one in ten with something missing, zero where it divides, or out of range."""
    chance = np.random.default_rng(seed)
    insured = np.floor(chance.lognormal(3.5, 1.3, count)).astype(np.int64) + 1
    payroll = insured * chance.integers(60_000, 140_000, count)
    contributions = payroll // 100
    benefits = (contributions * np.maximum(chance.normal(0.5, 0.6, count), 0)).astype(np.int64)
    columns: dict[str, Any] = {
        "employer_id": np.arange(count),
        "risk_class": chance.integers(1, 9, count),
        "employer_kind": pl.Series(KINDS).gather(chance.choice(7, count, p=_SHARES)),
        "months_insured": chance.integers(0, 240, count),
        "payroll": payroll,
        "contributions": contributions,
        "benefits": benefits,
        "insured": insured,
        "injuries": chance.binomial(insured, 0.012),
        "industry_incidence": chance.integers(4_000, 20_000, count) / 1_000_000,
        "deaths": (chance.random(count) < 0.01).astype(np.int64),
        "false_facts": chance.random(count) < 0.002,
        "benefit_fraud": chance.random(count) < 0.001,
    }
    frame = pl.DataFrame(columns)
    lost = dict.fromkeys(("risk_class", *MONEY, "insured", "injuries", "industry_incidence", "deaths"), 0.01)
    gone = [
        pl.when(pl.Series(chance.random(count) >= share)).then(pl.col(name)).alias(name) for name, share in lost.items()
    ]
    nothing = [
        pl.when(pl.Series(chance.random(count) < 0.01)).then(pl.lit(0)).otherwise(pl.col(name)).alias(name)
        for name in ("contributions", "insured", "industry_incidence")
    ]
    beyond = pl.when(pl.Series(chance.random(count) < 0.001)).then(pl.lit(-1)).otherwise(pl.col("benefits"))
    cents = chance.integers(0, 100, (3, count))
    frame = frame.with_columns(gone).with_columns(nothing).with_columns(beyond.alias("benefits"))
    return kept(frame, variant, None if variant == "integers" else cents)


def kept(frame: pl.DataFrame, variant: str, cents: Any = None) -> pl.DataFrame:
    """The sums of money and the incidence in the kinds of a variant, with odd fen added where there are any."""
    if variant == "integers":
        return frame
    made: list[pl.Expr] = []
    for place, name in enumerate(MONEY):
        value = pl.col(name).cast(pl.Decimal(18, 2))
        if cents is not None:
            fen = pl.Series(cents[place]).cast(pl.Decimal(18, 0)) * pl.lit(Decimal("0.01"))
            value = pl.when(pl.col(name) > 0, pl.col(name) < 10**10).then(value + fen).otherwise(value)
        made.append((value if variant == "decimals" else value.cast(pl.Float64)).cast(_MONEY[variant]).alias(name))
    if variant == "decimals":
        made.append(pl.col("industry_incidence").round(6).cast(pl.Decimal(9, 6)))
    return frame.with_columns(made)


_MONEY: Final = {"floats": pl.Float64(), "decimals": pl.Decimal(18, 2)}


def grid(variant: str) -> pl.DataFrame:
    """Every threshold from below, at and above, the ends of the ranges, what is missing, and the special cases."""
    paid: Sequence[int | None] = (
        *(0, 1, 49_999, 50_000, 50_001, 99_999, 100_000, 100_001, 149_999, 150_000, 150_001),
        *(10**11, 10**11 + 1, -1, None),
    )
    incidences: Sequence[tuple[int | None, int | None, float | None]] = (
        *((0, 200, 0.01), (2, 200, 0.01), (2, 200, 0.010001), (2, 200, 0.009999)),
        *((3, 200, 0.01), (3, 200, 0.010001), (3, 200, 0.009999), (9, 200, 0.01)),
        *((2, 0, 0.01), (2, 200, 0.0), (None, 200, 0.01), (2, None, 0.01), (2, 200, None), (None, 0, 0.0)),
        *((1_000_000, 10_000_000, 1.0), (1_000_001, 200, 0.01), (2, 10_000_001, 0.01), (2, 200, 1.000001)),
    )
    special: Sequence[dict[str, Any]] = (
        *({}, {"deaths": 1}, {"deaths": None}, {"false_facts": True}, {"benefit_fraud": True}, {"benefit_fraud": None}),
        *({"months_insured": 0}, {"months_insured": 1}, {"months_insured": None}, {"months_insured": 1201}),
        *({"employer_kind": None}, {"employer_kind": "construction_project"}, {"employer_kind": "no such kind"}),
        *({"contributions": 0}, {"contributions": None}, {"contributions": 10**11}, {"deaths": 100_001}),
    )
    wages = (12_000_000, 0, 1, 10, 10**11, 10**11 + 1, None)
    classes = (1, 2, 3, 4, 8, 9, None)
    rows = [
        {
            "risk_class": risk_class,
            "employer_kind": "ordinary",
            "months_insured": 12,
            "payroll": wages[number % len(wages)],
            "contributions": 100_000,
            "benefits": benefits,
            "insured": insured,
            "injuries": injuries,
            "industry_incidence": industry,
            "deaths": 0,
            "false_facts": False,
            "benefit_fraud": False,
            **case,
        }
        for number, (benefits, (injuries, insured, industry), case, risk_class) in enumerate(
            itertools.product(paid, incidences, special, classes)
        )
    ]
    frame = pl.DataFrame(rows, infer_schema_length=None).with_row_index("employer_id")
    frame = frame.with_columns(pl.col("employer_id").cast(pl.Int64))
    if variant == "integers":
        return frame
    # A fen below and above as well, where the sums are kept to the fen.
    exact = kept(frame, "decimals")
    fen = pl.lit(Decimal("0.01"))
    near = [
        exact.with_columns((pl.col("benefits") + way * fen).cast(pl.Decimal(18, 2)).alias("benefits"))
        for way in (pl.lit(Decimal(-1)), pl.lit(Decimal(1)))
    ]
    whole = pl.concat([exact, *near]).with_columns(pl.int_range(pl.len()).alias("employer_id"))
    if variant == "decimals":
        return whole
    doubles = [pl.col(name).cast(pl.Float64) for name in (*MONEY, "industry_incidence")]
    odd = exact.head(3).with_columns(doubles)
    strange = odd.with_columns(
        pl.Series("benefits", [0.001, float("nan"), 1e300]), pl.Series("industry_incidence", [0.0100005, 0.01, 1e-9])
    )
    made = pl.concat([whole.with_columns(doubles), strange])
    return made.with_columns(pl.int_range(pl.len()).alias("employer_id"))
