"""The Zhejiang rules of 2025 over whole tables by hand in NumPy: numbers beside masks, in fen and millionths."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
from frames_data import KINDS, MONEY
from rivals_frames import FLOOR, OUTPUTS, PLACES, RANGES, RATES, SLACK, TIERS, UNITS, as_decimal

Array = np.ndarray[Any, Any]
Columns = dict[str, Array]
Given = Mapping[str, tuple[Array, Array]]


def arrays(frame: pl.DataFrame) -> dict[str, tuple[Array, Array]]:
    """Columns as NumPy wants them: values with a stand-in, and where one is given."""
    found = {}
    for name in (*RANGES, "benefit_fraud", "false_facts"):
        column = frame[name]
        if column.dtype.is_decimal():
            column = (column * UNITS[name]).cast(pl.Int64)
        elif column.dtype == pl.Float64:
            column = column.fill_nan(None)
        found[name] = (column.fill_null(0).to_numpy(), column.is_not_null().to_numpy())
    kinds = frame["employer_kind"].fill_null(KINDS[0])
    code = kinds.replace_strict(list(KINDS), list(range(len(KINDS))), default=-1)
    found["employer_kind"] = (code.to_numpy(), kinds.is_not_null().to_numpy())
    return found


def in_numpy(given: Given, *, decimals: bool) -> dict[str, tuple[Array, Array]]:
    """The outputs in whole units with where they are known, and the refusal.

    Args:
        given: What ``arrays`` made.
        decimals: Whether the sums and the incidence are in whole units already.
    """
    value, sound, why = _read(given, decimals=decimals)
    months = np.where(given["months_insured"][1], value["months_insured"], 12)
    months_known = ~given["months_insured"][1] | sound["months_insured"]
    why["months_insured"] = why["months_insured"][1:]
    kind = given["employer_kind"][0]
    risk, risk_known = value["risk_class"], sound["risk_class"]
    rated = (kind >= 0) & (kind < len(KINDS) - 1)
    paid, due = value["benefits"], value["contributions"]
    paid_known = sound["benefits"] & sound["contributions"] & (due > 0)
    hurt, mean = value["injuries"] * 10**8, value["insured"] * value["industry_incidence"]
    hurt_known = sound["injuries"] & sound["insured"] & sound["industry_incidence"] & (mean > 0)
    two = (
        given["benefit_fraud"][0].astype(bool)
        | (paid_known & (2 * paid > 3 * due))
        | (hurt_known & (2 * hurt >= 3 * mean))
    )
    two_known = two | (paid_known & hurt_known)
    one = given["false_facts"][0].astype(bool) | (paid > due) | (hurt > mean)
    half = 2 * paid > due
    deaths, deaths_known = value["deaths"], sound["deaths"]
    found = np.select([two, one, half | (deaths >= 1), paid > 0], [2, 1, 0, -1], -2)
    found_known = two_known & (two | one | half | deaths_known)
    new = months_known & (months < 1)
    asked = months_known & (months >= 1) & risk_known
    move = np.where(new, 0, np.where(risk == 1, np.maximum(found, 0), found))
    move_known = new | (asked & found_known)
    move = np.where(move_known, move, 0)
    base = np.array((0, *RATES))[risk]
    base_known = rated & risk_known
    tier = np.array(TIERS)[move + 2]
    rate = np.maximum(base * tier, FLOOR)
    rate_known = base_known & move_known
    contribution = (value["payroll"] * rate + 50_000) // 100_000
    open_ = asked & ~two_known
    faults = [
        (kind < 0, "unreadable:employer_kind"),
        (kind == len(KINDS) - 1, "not_known:project_rate"),
        *((part & (rated | (months_known & (months >= 1))), text) for part, text in why["risk_class"]),
        *why["months_insured"],
        *((part & open_, text) for part, text in (*why["benefits"], *why["contributions"])),
        (open_ & sound["contributions"] & (due == 0), "division_by_zero:payout_ratio"),
        *((part & open_, text) for part, text in (*why["injuries"], *why["insured"])),
        (open_ & sound["insured"] & (value["insured"] == 0), "division_by_zero:incidence"),
        *((part & open_, text) for part, text in why["industry_incidence"]),
        (
            open_ & sound["industry_incidence"] & (value["industry_incidence"] == 0),
            "division_by_zero:incidence_ratio",
        ),
        *((part & asked & two_known & ~two & ~one & ~half, text) for part, text in why["deaths"]),
        *((part & rated, text) for part, text in why["payroll"]),
        (kind == len(KINDS) - 1, "missing:project_price"),
    ]
    return {
        "base_rate": (base, base_known),
        "tier_move": (move, move_known),
        "tier": (tier, move_known),
        "rate": (rate, rate_known),
        "contribution": (contribution, rate_known & sound["payroll"]),
        "refusal": _refusals(faults),
    }


def _read(given: Given, *, decimals: bool) -> tuple[Columns, Columns, dict[str, list[tuple[Array, str]]]]:
    """Inputs in whole units, where they are sound, and where they are not and why."""
    value: dict[str, Array] = {}
    sound: dict[str, Array] = {}
    why: dict[str, list[tuple[Array, str]]] = {}
    for name, (low, high) in RANGES.items():
        number, there = given[name]
        units = UNITS.get(name, 1)
        scaled = decimals and name in (*MONEY, "industry_incidence")
        ends = (low * units, high * units) if scaled else (low, high)
        inside = there & (number >= ends[0]) & (number <= ends[1])
        why[name] = [(~there, f"missing:{name}"), (there & ~inside, f"out_of_range:{name}")]
        if number.dtype == np.float64:
            with np.errstate(all="ignore"):
                steps = np.where(inside, number, 0) * units
                whole = np.rint(steps)
                fine = np.abs(steps - whole) < SLACK[units]
            why[name].append((inside & ~fine, f"too_fine:{name}"))
            inside, number = inside & fine, whole.astype(np.int64)
        elif not scaled and units != 1:
            number = np.where(inside, number, 0) * units
        value[name], sound[name] = np.where(inside, number, 0), inside
    return value, sound, why


def _refusals(faults: list[tuple[Array, str]]) -> tuple[Array, Array]:
    """The text of every row, put together once for each set of faults, and where there is one."""
    mask = np.zeros(len(faults[0][0]), np.int64)
    for place, (active, _) in enumerate(faults):
        mask |= active.astype(np.int64) << place
    refused = np.flatnonzero(mask)
    kinds, which = np.unique(mask[refused], return_inverse=True)
    texts = ["; ".join(text for place, (_, text) in enumerate(faults) if code >> place & 1) for code in kinds.tolist()]
    refusal = np.full(len(faults[0][0]), None, dtype=object)
    refusal[refused] = np.array([*texts, ""], dtype=object)[which]
    return refusal, mask != 0


def from_numpy(found: Mapping[str, tuple[Array, Array]]) -> pl.DataFrame:
    """What NumPy worked out, as a table to compare."""
    made = []
    for name, places in zip(OUTPUTS, PLACES, strict=True):
        digits = pl.Series(name, found[name][0]).cast(pl.Int64)
        made.append(pl.select(pl.when(pl.Series(found[name][1])).then(as_decimal(pl.lit(digits), places)).alias(name)))
    return pl.concat([*made, pl.DataFrame({"refusal": found["refusal"][0].tolist()})], how="horizontal")
