"""The page on China lists what is shipped, no more and no less, with the days from which it holds."""

from __future__ import annotations

import re
from pathlib import Path

import injuryprev as ip

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "china.md").read_text(encoding="utf-8")
SHIPPED = {info.id: info for info in ip.list_profiles()}


def test_every_region_of_china_is_on_the_page_with_its_first_day() -> None:
    """One row each; the law of the prevention fee has profiles of its own."""
    rows = re.findall(r"^\| `(cn[a-z-]*)` [^|]+ \| ([0-9-]+) \|", PAGE, flags=re.MULTILINE)
    wanted = {
        key: str(info.covers.since)
        for key, info in SHIPPED.items()
        if key.startswith("cn") and not key.endswith("-prevention")
    }
    assert len(rows) == len(dict(rows))
    assert dict(rows) == wanted


def test_every_ability_names_profiles_that_are_there() -> None:
    """Eighteen, each with at least one, but for the two that other rooms carry."""
    rows = re.findall(r"^\| ([0-9]+) \| [^|]+ \| ([^|]+) \|$", PAGE, flags=re.MULTILINE)
    assert [int(number) for number, _ in rows] == list(range(1, 19))
    for number, shown in rows:
        named = [name for name in re.findall(r"`([a-z-]+)`", shown) if not name.startswith("-")]
        assert set(named) <= set(SHIPPED), number
        assert named or number == "17"
