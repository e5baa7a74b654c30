"""Draw a made-up pooling area and write its tables as CSV.

    python examples/generate_area.py --employers 10200 --seed 2024 --year 2024 --out examples/lakeside

The same figures always give the same bytes, on any platform. With ``--chinese`` the headers are Chinese, the files are
in GB18030, and the hand-made employers on the edges of rules are left out.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Final

from synthetic_area.chance import PRECISION, Chance
from synthetic_area.chinese import chinese_files
from synthetic_area.edges import Edges, edges
from synthetic_area.employers import Setting, divisions_for, ordinary
from synthetic_area.figures import DIVISIONS, EDITION
from synthetic_area.readme import readme
from synthetic_area.records import COLUMNS, Record, Row, as_csv, tables

LAKESIDE: Final = {"employers": 10_200, "seed": 2024, "year": 2024}
"""What the committed examples/lakeside was drawn with."""
LAKESIDE_ZH: Final = {"employers": 20, "seed": 30, "year": 2024}
"""What the committed examples/lakeside_zh was drawn with."""


@dataclass
class Area:
    """A pooling area: its records, the groups of hand-made employers among them, and its tables."""

    setting: Setting
    records: list[Record]
    by_hand: Edges | None
    tables: dict[str, list[Row]]


def generate(employers: int, seed: int, year: int, *, prefix: str = "LK", by_hand: bool = True, least: int = 2) -> Area:
    """Draw an area.

    Args:
        employers: How many, the hand-made ones included (about 150, left out when fewer than 1,000 are asked for).
        seed: Any whole number; the same one gives the same area.
        year: The last calendar year with data. Cases reach back to the year two before, all else to the year before.
        prefix: Two letters before every number of an employer.
        by_hand: Whether to add the employers on the edges of rules.
        least: The smallest headcount that the Pareto of sizes begins with.
    """
    with localcontext(PRECISION):
        setting = Setting(seed, year, prefix, Decimal(least))
        special = edges(setting, 1) if by_hand and employers >= 1000 else None
        drawn = employers - (len(special.records) if special else 0)
        chosen = divisions_for(drawn, Chance(seed, "industries"))
        records = [ordinary(setting, number, division) for number, division in enumerate(chosen, start=1)]
        if special:
            special = edges(setting, drawn + 1)
            records += special.records
        industries: list[Row] = [(division.code, EDITION, str(division.risk)) for division in DIVISIONS.values()]
        return Area(setting, records, special, tables(records, industries))


def area_files(area: Area) -> dict[str, bytes]:
    """The tables as CSV in UTF-8, and the note that goes with them."""
    files = {f"{name}.csv": as_csv(columns, area.tables[name]).encode() for name, columns in COLUMNS.items()}
    files["README.md"] = readme(area.setting, area.tables, area.by_hand).encode()
    return files


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and write the files."""
    parser = argparse.ArgumentParser(description="Draw a made-up pooling area and write its tables as CSV.")
    parser.add_argument("--employers", type=int, default=LAKESIDE["employers"], help="how many employers (%(default)s)")
    parser.add_argument("--seed", type=int, default=LAKESIDE["seed"], help="the same seed gives the same bytes")
    parser.add_argument("--year", type=int, default=LAKESIDE["year"], help="last year with data (%(default)s)")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where to write")
    parser.add_argument("--chinese", action="store_true", help="Chinese headers, GB18030, no hand-made employers")
    asked = parser.parse_args(arguments)
    if not 1 <= asked.employers <= 24_000:
        parser.error(f"--employers {asked.employers}: from 1 to 24000, so that worker keys stay distinct")
    if not 2010 <= asked.year <= 2100:
        parser.error(f"--year {asked.year}: from 2010 to 2100")
    if asked.chinese:
        area = generate(asked.employers, asked.seed, asked.year, prefix="LH", by_hand=False, least=30)
        files = chinese_files(area.tables)
    else:
        files = area_files(generate(asked.employers, asked.seed, asked.year))
    asked.out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (asked.out / name).write_bytes(content)
    print(f"{asked.out}: {len(files)} files, {sum(map(len, files.values())):,} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
