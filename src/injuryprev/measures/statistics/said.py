"""Figures in plain words, in English and Chinese."""

from __future__ import annotations

import math
from typing import Literal

from injuryprev.measures.statistics.interval import Interval
from injuryprev.unknown import Unknown
from injuryprev.words import Words


def percent(ratio: float, lang: Literal["en", "zh"]) -> str:
    """A ratio as a change in words: 0.7 is 30 % lower."""
    if ratio == math.inf:
        return "without an upper limit" if lang == "en" else "无上限"
    size = f"{abs(ratio - 1) * 100:.1f}"
    if size == "0.0":
        return "unchanged" if lang == "en" else "不变"
    if lang == "en":
        return f"{size} % {'lower' if ratio < 1 else 'higher'}"
    return f"{'低' if ratio < 1 else '高'} {size}%"


def ratio_words(ratio: float | Unknown, interval: Interval, *, beyond: bool) -> Words:
    """A ratio, its interval, and whether chance explains it."""
    level = f"{interval.level * 100:.6g}"
    point = (
        Words("not known", "未知") if isinstance(ratio, Unknown) else Words(percent(ratio, "en"), percent(ratio, "zh"))
    )
    return Words(
        f"{point.en} ({level} % interval: {percent(interval.low, 'en')} to {percent(interval.high, 'en')}); "
        + ("more than chance alone would do" if beyond else "chance alone can explain it"),
        f"{point.zh}（{level}% 区间：{percent(interval.low, 'zh')}至{percent(interval.high, 'zh')}）；"
        + ("超出偶然范围" if beyond else "偶然因素即可解释"),
    )


def joined(*parts: Words) -> Words:
    """Sentences one after the other, in both languages."""
    return Words(" ".join(part.en for part in parts), "".join(part.zh for part in parts))
