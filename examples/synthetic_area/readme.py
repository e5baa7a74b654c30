"""The note that goes with an area: what it is, its totals beside published ones, and who stands on which edge."""

from __future__ import annotations

from decimal import Decimal, localcontext
from pathlib import Path
from string import Template

from synthetic_area.chance import PRECISION
from synthetic_area.edges import Edges
from synthetic_area.employers import Setting
from synthetic_area.records import COLUMNS, Row
from synthetic_area.totals import totals


def resource(name: str) -> str:
    """The text of a template beside this module."""
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


def percent(share: Decimal, places: int = 1) -> str:
    """A share as a reader wants it.

    >>> percent(Decimal("0.00757"), 2)
    '0.76 %'
    """
    return f"{(share * 100).quantize(Decimal(1).scaleb(-places))} %"


def readme(setting: Setting, tables: dict[str, list[Row]], by_hand: Edges | None) -> str:
    """The text, in English and Chinese, with the totals of these very tables."""
    with localcontext(PRECISION):
        sums = totals(setting.year, tables)
        years = (setting.year - 1, setting.year)
        special = by_hand.records if by_hand else []
        above_by_hand = Decimal(sum(record.id in sums.above_ids for record in special)) / sums.employers
        return Template(resource("readme.template")).substitute(
            employers=sums.employers,
            seed=setting.seed,
            year=setting.year,
            before=setting.year - 1,
            first=setting.year - 2,
            after=setting.year + 1,
            rows="\n".join(f"| {name} | {len(tables[name]):,} | {', '.join(COLUMNS[name])} |" for name in COLUMNS),
            incidence=" / ".join(percent(sums.incidence(at), 2) for at in years),
            payout=" / ".join(percent(sums.payout_ratio(at)) for at in years),
            rate=" / ".join(percent(sums.rate(at), 2) for at in years),
            classes=", ".join(percent(share, 2) for share in sums.class_incidence.values()),
            above=percent(sums.above),
            bands=", ".join(percent(share) for share in sums.bands.values()),
            a_case=f"{sum(sums.benefits.values()) / max(1, sum(sums.recognised[at] for at in years)):,.0f}",
            deaths=f"{sums.deaths} / {sums.diseases}",
            shares=" / ".join(percent(Decimal(count) / max(1, sums.cases)) for count in (sums.commuting, sums.deaths)),
            size=f"{sums.insured[setting.year]:,.0f} / {percent(sums.largest)}",
            by_hand=len(special),
            above_by_hand=percent(above_by_hand),
            edges=_edges(by_hand) if by_hand else "",
        )


def _edges(by_hand: Edges) -> str:
    lines = [
        "",
        "## Employers placed by hand on the edges of rules · 置于规则边界的单位",
        "",
        "| ids | purpose | 用途 |",
        "|---|---|---|",
    ]
    for english, chinese, records in by_hand.groups:
        first, last = records[0].id, records[-1].id
        lines.append(f"| {first if first == last else f'{first} … {last}'} | {english} | {chinese} |")
    return "\n".join([*lines, ""])
