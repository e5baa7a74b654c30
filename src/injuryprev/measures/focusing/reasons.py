"""Why a unit stands where it stands, in words."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from injuryprev.measures.figures import percent, rounded
from injuryprev.measures.focusing.units import FocusRow, FocusUnit
from injuryprev.unknown import Unknown
from injuryprev.words import Words

_NAMED: Final = 3


def reasons(row: FocusRow, per: int) -> list[Words]:
    """Why a unit stands where it does; rates are said in the base ``per``."""
    unit, said = row.unit, []
    if isinstance(unit.cases, Fraction):
        cases = f"{int(unit.cases):,}"
        share = f", {percent(row.share)} of all" if isinstance(row.share, Fraction) else ""
        zh = f"，占{percent(row.share, 'zh')}" if isinstance(row.share, Fraction) else ""
        said.append(Words(f"{cases} case{'' if unit.cases == 1 else 's'}{share}", f"{cases}件{zh}"))
    said += _of_rate(row, per)
    if isinstance(row.severity, Fraction):
        days = rounded(row.severity)
        said.append(Words(f"{days} day{'' if days == '1' else 's'} lost by case", f"平均每案损失{days}日"))
    if isinstance(unit.deaths, Fraction) and unit.deaths:
        deaths = int(unit.deaths)
        said.append(Words(f"{deaths} death{'' if deaths == 1 else 's'}", f"工亡{deaths}人"))
    said += _at_odds(unit)
    if row.tied:
        others = [key for key in row.tied[: _NAMED + 1] if key != unit.key][:_NAMED]
        more = len(row.tied) - 1 - len(others)
        en, zh = ", ".join(others), "、".join(others)
        en, zh = (f"{en} and {more} more", f"{zh}等{len(row.tied) - 1}个") if more > 0 else (en, zh)
        said.append(Words(f"tied with {en}; settled by cases, then by name", f"与{zh}并列，依次按案件数、名称排序"))
    if unit.note:
        said.append(unit.note)
    return said + _unplaced(row)


def _at_odds(unit: FocusUnit) -> list[Words]:
    """Figures of a unit that cannot all be right."""
    if not isinstance(unit.cases, Fraction):
        return []
    said = []
    if isinstance(unit.deaths, Fraction) and unit.deaths > unit.cases:
        said.append(Words("more deaths than cases: look at both figures", "工亡人数多于案件数，请核对"))
    if isinstance(unit.lost_days, Fraction) and unit.lost_days > 0 and unit.cases == 0:
        said.append(Words("days lost without any case: look at both figures", "有损失工作日而无案件，请核对"))
    return said


def _of_rate(row: FocusRow, per: int) -> list[Words]:
    base, zh_base = f"{per:,}", f"每{per:,}"
    if not isinstance(row.rate, Fraction):
        return []
    rate = rounded(row.rate * per)
    said = [Words(f"{rate} per {base}", f"{zh_base}中{rate}")]
    if row.rate > 1:
        said.append(Words("more cases than exposure: look at both figures", "案件数多于参保规模，请核对"))
    if isinstance(row.expected, Fraction) and isinstance(row.excess, Fraction):
        expected, more = rounded(row.expected), rounded(abs(row.excess))
        en, zh = ("more", "多") if row.excess >= 0 else ("fewer", "少")
        said.append(Words(f"{expected} expected, {more} {en}", f"期望{expected}件，{zh}{more}件"))
    if isinstance(rate_ := row.shrunk_rate, float):
        drawn = rounded(rate_ * per)
        span = ""
        if row.low is not None and row.high is not None:
            span = f"{rounded(row.low)} - {rounded(row.high)}"
        said.append(
            Words(
                f"{drawn} per {base} allowing for its size" + (f" (ratio to the expected {span})" if span else ""),
                f"考虑规模后{zh_base}中{drawn}" + (f"（与期望之比{span}）" if span else ""),
            )
        )
    return said


def _unplaced(row: FocusRow) -> list[Words]:
    if row.unit.key is None:
        return [Words("whose cases these are is not said, so they have no place", "未注明所属，不予排序")]
    if row.small is not None:
        return [row.small]
    if isinstance(row.value, Unknown):
        first, more = row.value.reasons[:_NAMED], len(row.value.reasons) - _NAMED
        said = [Words(f"not ranked: {reason.words.en}", f"不予排序：{reason.words.zh}") for reason in first]
        return [*said, Words(f"and for {more} more such reasons", f"另有{more}项类似原因")] if more > 0 else said
    return []
