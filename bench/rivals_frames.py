"""The Zhejiang rules of 2025 over whole tables by hand: in Polars and in DuckDB's SQL.

Both count in fen and millionths, so that every threshold is decided exactly, and say why an employer cannot be rated in
the words of the library.  A locality's former rates and a cut are no columns of the tables they are given, so nothing
is written for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import polars as pl
from frames_data import KINDS, MONEY

RATES: Final = (20, 40, 70, 90, 110, 130, 160, 190)
"""Base rates of the classes in ten-thousandths."""
TIERS: Final = (5, 8, 10, 12, 15)
"""Tiers in tenths, from two down to two up."""
FLOOR: Final = 200
"""The base rate of class 1 in hundred-thousandths, which is what a ten-thousandth times a tenth is."""
RANGES: Final = {
    "risk_class": (1, 8),
    "months_insured": (0, 1200),
    "benefits": (0, 10**11),
    "contributions": (0, 10**11),
    "injuries": (0, 10**6),
    "insured": (0, 10**7),
    "industry_incidence": (0, 1),
    "deaths": (0, 10**5),
    "payroll": (0, 10**11),
}
UNITS: Final = {**dict.fromkeys((*MONEY, "insured"), 100), "industry_incidence": 10**6}
SLACK: Final = {100: 0.01, 10**6: 1e-6}
"""How far a double may be from whole units, in these: less than the gap between doubles at the end of the range."""
OUTPUTS: Final = ("base_rate", "tier_move", "tier", "rate", "contribution")
PLACES: Final = (4, 0, 1, 5, 2)


# Polars


def in_polars(frame: pl.LazyFrame) -> pl.LazyFrame:
    """The outputs and the refusal beside the columns of the frame."""
    schema, col, when = frame.collect_schema(), pl.col, pl.when
    kept = list(schema)
    why: dict[str, list[tuple[pl.Expr, str]]] = {}
    read: list[pl.Expr] = [
        col("employer_kind").is_in(KINDS).fill_null(True).alias("_kind"),
        (col("employer_kind") == KINDS[-1]).fill_null(False).alias("_project"),
        col("benefit_fraud").fill_null(False).alias("_fraud"),
        col("false_facts").fill_null(False).alias("_false"),
    ]
    for name, (low, high) in RANGES.items():
        value, units = col(name), UNITS.get(name, 1)
        sound, faults = value.is_between(low, high), [(value.is_null(), f"missing:{name}")]
        if schema[name] == pl.Float64:
            value = value.fill_nan(None)
            steps = value * units
            inside, fine = value.is_between(low, high), (steps - steps.round()).abs() < SLACK[units]
            sound, value = inside & fine, steps.round()
            faults = [(col(name).is_null() | col(name).is_nan(), f"missing:{name}"), (inside, f"too_fine:{name}")]
        elif units != 1:
            value = value * units
        number = when(sound).then(value.cast(pl.Int64))
        if name == "months_insured":
            number = when(col(name).is_null()).then(12).otherwise(number)
        read.append(number.alias(f"_{name}"))
        why[name] = [*faults, (pl.lit(value=True), f"out_of_range:{name}")]
    risk, months, paid, injuries, deaths = (
        col(f"_{name}") for name in ("risk_class", "months_insured", "benefits", "injuries", "deaths")
    )
    rated = col("_kind") & ~col("_project")
    due = when(col("_contributions") > 0).then(col("_contributions"))
    mean = col("_insured") * col("_industry_incidence")
    indicators = [
        when(mean > 0).then(mean).alias("_mean"),
        (injuries * 10**8).alias("_hurt"),
        due.alias("_due"),
        ((months >= 1) & risk.is_not_null()).alias("_asked"),
    ]
    due, mean, hurt, asked = col("_due"), col("_mean"), col("_hurt"), col("_asked")
    up_two = col("_fraud") | (2 * paid > 3 * due) | (2 * hurt >= 3 * mean)
    up_one = col("_false") | (paid > due) | (hurt > mean)
    appraised = (
        when(col("_two").is_null()).then(None).when(col("_two")).then(2).when(col("_one")).then(1)
        .when(2 * paid > due).then(0).when(deaths.is_null()).then(None).when(deaths >= 1).then(0)
        .when(paid > 0).then(-1).otherwise(-2)
    )  # fmt: skip
    move = when(months < 1).then(0).when(asked).then(when(risk == 1).then(appraised.clip(0)).otherwise(appraised))
    base = when(rated).then(pl.lit(pl.Series([0, *RATES])).gather(risk))
    tier = pl.lit(pl.Series(TIERS)).gather(col("_move") + 2)
    rate = (col("_base") * col("_tier")).clip(FLOOR)
    contribution = (col("_payroll") * rate + 50_000) // 100_000
    open_ = asked & col("_two").is_null()
    in_doubt = asked & ~col("_two") & ~col("_one") & (2 * paid <= due)
    parts = [
        (~col("_kind"), [(pl.lit(value=True), "unreadable:employer_kind")]),
        (col("_project"), [(pl.lit(value=True), "not_known:project_rate")]),
        (risk.is_null() & (rated | (months >= 1)), why["risk_class"]),
        (months.is_null(), why["months_insured"]),
        (open_ & paid.is_null(), why["benefits"]),
        (open_ & col("_contributions").is_null(), why["contributions"]),
        (open_ & (col("_contributions") == 0), [(pl.lit(value=True), "division_by_zero:payout_ratio")]),
        (open_ & injuries.is_null(), why["injuries"]),
        (open_ & col("_insured").is_null(), why["insured"]),
        (open_ & (col("_insured") == 0), [(pl.lit(value=True), "division_by_zero:incidence")]),
        (open_ & col("_industry_incidence").is_null(), why["industry_incidence"]),
        (open_ & (col("_industry_incidence") == 0), [(pl.lit(value=True), "division_by_zero:incidence_ratio")]),
        (in_doubt & deaths.is_null(), why["deaths"]),
        (rated & col("_payroll").is_null(), why["payroll"]),
        (col("_project"), [(pl.lit(value=True), "missing:project_price")]),
    ]
    return (
        frame.with_columns(read)
        .with_columns(indicators)
        .with_columns(up_two.alias("_two"), up_one.alias("_one"))
        .with_columns(move.cast(pl.Int64).alias("_move"), base.alias("_base"))
        .with_columns(tier.alias("_tier"))
        .with_columns(rate.alias("_rate"))
        .select(
            *kept,
            as_decimal(col("_base"), 4).alias("base_rate"),
            as_decimal(col("_move"), 0).alias("tier_move"),
            as_decimal(col("_tier"), 1).alias("tier"),
            as_decimal(col("_rate"), 5).alias("rate"),
            as_decimal(contribution, 2).alias("contribution"),
            _refusal(parts).alias("refusal"),
        )
    )


def _refusal(parts: Sequence[tuple[pl.Expr, Sequence[tuple[pl.Expr, str]]]]) -> pl.Expr:
    """The reasons that hold as the bits of a number, and the few numbers there are put into words."""
    words = [word for _, cases in parts for _, word in cases]
    which, place = pl.lit(0, pl.Int64), 0
    for active, cases in parts:
        bit = pl.lit(0, pl.Int64)
        for number, (case, _) in reversed(list(enumerate(cases, place))):
            bit = pl.when(case).then(pl.lit(1 << number, pl.Int64)).otherwise(bit)
        which += pl.when(active).then(bit).otherwise(0)
        place += len(cases)

    def worded(numbers: pl.Series) -> pl.Series:
        found = numbers.unique()
        text = ["; ".join(word for bit, word in enumerate(words) if one >> bit & 1) or None for one in found]
        return numbers.replace_strict(found, pl.Series(text, dtype=pl.String))

    return which.map_batches(worded, return_dtype=pl.String, is_elementwise=True)


def as_decimal(digits: pl.Expr, places: int) -> pl.Expr:
    """Whole units as an exact decimal."""
    whole = digits.cast(pl.Decimal(20, 0))
    return whole * pl.lit(Decimal(1).scaleb(-places)) if places else whole


# DuckDB


def sql(source: str, schema: Mapping[str, Any], kept: Sequence[str] = (), counted: Sequence[str] = ()) -> str:
    """A query over a table or view of that name.

    Why one of the ``counted`` is null stands beside it, in a column of its name and ``_unknown``.
    """
    read, why = [], {}
    for name, (low, high) in RANGES.items():
        units, value = UNITS.get(name, 1), name
        sound = f"{value} BETWEEN {low} AND {high}"
        fault = f"CASE WHEN {name} IS NULL THEN " + (f"{name}_unknown" if name in counted else f"'missing:{name}'")
        if schema[name] == pl.Float64:
            value = f"round({name} * {units})"
            inside, sound = sound, f"{sound} AND abs({name} * {units} - {value}) < {SLACK[units]}"
            fault = f"CASE WHEN {name} IS NULL OR isnan({name}) THEN 'missing:{name}'"
            fault += f" WHEN {inside} THEN 'too_fine:{name}'"
        elif units != 1:
            value = f"{name} * {units}"
        given = f"CASE WHEN {sound} THEN ({value})::BIGINT END"
        if name == "months_insured":
            given = f"CASE WHEN {name} IS NULL THEN 12 WHEN {sound} THEN {name} END"
        read.append(f"{given} AS _{name}")
        why[name] = f"{fault} ELSE 'out_of_range:{name}' END"
    kinds = ", ".join(f"'{kind}'" for kind in KINDS)
    rates = " ".join(f"WHEN {place} THEN {rate}" for place, rate in enumerate(RATES, 1))
    tiers = " ".join(f"WHEN {move} THEN {tier}" for move, tier in enumerate(TIERS, -2))
    parts = [
        ("NOT _kind", "'unreadable:employer_kind'"),
        ("_project", "'not_known:project_rate'"),
        ("_risk_class IS NULL AND (_rated OR _months_insured >= 1)", why["risk_class"]),
        ("_months_insured IS NULL", why["months_insured"]),
        ("_open AND _benefits IS NULL", why["benefits"]),
        ("_open AND _contributions IS NULL", why["contributions"]),
        ("_open AND _contributions = 0", "'division_by_zero:payout_ratio'"),
        ("_open AND _injuries IS NULL", why["injuries"]),
        ("_open AND _insured IS NULL", why["insured"]),
        ("_open AND _insured = 0", "'division_by_zero:incidence'"),
        ("_open AND _industry_incidence IS NULL", why["industry_incidence"]),
        ("_open AND _industry_incidence = 0", "'division_by_zero:incidence_ratio'"),
        ("_asked AND NOT _two AND NOT _one AND 2 * _benefits <= _due AND _deaths IS NULL", why["deaths"]),
        ("_rated AND _payroll IS NULL", why["payroll"]),
        ("_project", "'missing:project_price'"),
    ]
    texts = ", ".join(f"CASE WHEN {active} THEN {text} END" for active, text in parts)
    return f"""
    WITH given AS (
        SELECT *, {", ".join(read)},
            coalesce(employer_kind IN ({kinds}), true) AS _kind,
            coalesce(employer_kind = '{KINDS[-1]}', false) AS _project,
            _kind AND NOT _project AS _rated,
            coalesce(benefit_fraud, false) AS _fraud, coalesce(false_facts, false) AS _false
        FROM {source}),
    indicated AS (
        SELECT *, nullif(_contributions, 0) AS _due, nullif(_insured * _industry_incidence, 0) AS _mean,
            _injuries * 100000000 AS _hurt, _months_insured >= 1 AND _risk_class IS NOT NULL AS _asked
        FROM given),
    compared AS (
        SELECT *, _fraud OR 2 * _benefits > 3 * _due OR 2 * _hurt >= 3 * _mean AS _two,
            _false OR _benefits > _due OR _hurt > _mean AS _one, _asked AND _two IS NULL AS _open
        FROM indicated),
    appraised AS (
        SELECT *, CASE WHEN _two IS NULL THEN NULL WHEN _two THEN 2 WHEN _one THEN 1 WHEN 2 * _benefits > _due THEN 0
            WHEN _deaths IS NULL THEN NULL WHEN _deaths >= 1 THEN 0 WHEN _benefits > 0 THEN -1 ELSE -2 END AS _found
        FROM compared),
    moved AS (
        SELECT *, CASE WHEN _months_insured < 1 THEN 0 WHEN NOT coalesce(_asked, false) THEN NULL
                WHEN _risk_class = 1 AND _found < 0 THEN 0 ELSE _found END AS _move,
            CASE WHEN _rated THEN CASE _risk_class {rates} END END AS _base,
            CASE _move {tiers} END AS _tier,
            CASE WHEN _base * _tier < {FLOOR} THEN {FLOOR} ELSE _base * _tier END AS _rate
        FROM appraised)
    SELECT {", ".join(kept or schema)},
        {_sql_decimal("_base", 4)} AS base_rate, _move::DECIMAL(18, 0) AS tier_move,
        {_sql_decimal("_tier", 1)} AS tier, {_sql_decimal("_rate", 5)} AS rate,
        {_sql_decimal("((_payroll * _rate + 50000) // 100000)", 2)} AS contribution,
        CASE WHEN {" OR ".join(f"({active})" for active, _ in parts)} THEN concat_ws('; ', {texts}) END AS refusal
    FROM moved"""  # noqa: S608


def _sql_decimal(digits: str, places: int) -> str:
    return f"{digits}::DECIMAL(15, 0) * {Decimal(1).scaleb(-places):f}::DECIMAL({places}, {places})"
