"""Every entry of a profile is found on its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from injuryprev.policy import registry
from injuryprev.policy.lines import Lines, locate

PROFILES = registry.builtin_files()

TEXT = '''
format = 1 # [not a header]
[profile]
id = "x"
title = { en = "a } b", zh = """
two lines # no comment
""" }

[[definitions.rate]]
unit = "fraction"
[definitions.rate.map]
of = "a"
to = { "0.5" = 1,
  "1" = 'x = [', }
[[definitions.rate]]
since = 2024-01-01
[definitions.rate.table]
rows = [
  { when = "a", then = 1 },
  # a comment, with ] in it
  { when = "b",
    then = 2 },
]
[definitions]
tier.formula = "1"
"quoted name" = 1
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("$.format", 2),
        ("$.profile", 3),
        ("$.profile.title", 5),
        ("$.definitions.rate[0].unit", 10),
        ("$.definitions.rate[0].map.to", 13),
        ("$.definitions.rate[0].map.to.0.5", 13),
        ("$.definitions.rate[0].map.to.1", 14),
        ("$.definitions.rate[1]", 15),
        ("$.definitions.rate[1].since", 16),
        ("$.definitions.rate[1].table.rows[0].then", 19),
        ("$.definitions.rate[1].table.rows[1]", 21),
        ("$.definitions.rate[1].table.rows[1].then", 22),
        ("$.definitions.rate[1].table.rows[7].then", 18),
        ("$.definitions.tier[0].formula", 25),
        ("$.definitions.quoted name", 26),
        ("$.definitions.nothing", 9),
        ("$", 1),
    ],
)
def test_a_path_leads_to_its_line(path: str, line: int) -> None:
    """Headers, dotted and quoted keys, strings and comments with brackets in them, tables and arrays over lines."""
    assert Lines(TEXT).of(path) == line


def paths(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Every path below a value, and the key or text that stands where it begins."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield f"{path}.{key}", key
            yield from paths(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            if isinstance(inner, (str, int)):
                yield f"{path}[{index}]", str(inner)
            yield from paths(inner, f"{path}[{index}]")


@pytest.mark.parametrize("name", PROFILES)
def test_every_path_of_a_shipped_profile_leads_to_a_line_that_says_it(name: str) -> None:
    """The key or item stands on the line found."""
    text = PROFILES[name].read_text(encoding="utf-8")
    lines, found = text.splitlines(), Lines(text)
    wrong = []
    for path, said in paths(tomllib.loads(text), "$"):
        line = lines[found.of(path) - 1]
        digits = re.sub(r"[_,]", "", line)
        if said not in line and said not in digits:
            wrong.append((path, line))
    assert wrong == []


def test_versions_in_a_list_lead_to_their_own_lines() -> None:
    """Each ``[[definitions.x]]`` begins on the line of its header, in the order in which they stand."""
    text = PROFILES["toyland"].read_text(encoding="utf-8")
    numbers = [number for number, line in enumerate(text.splitlines(), 1) if line == "[[definitions.rate]]"]
    found = Lines(text)
    assert [found.of(f"$.definitions.rate[{index}]") for index in range(len(numbers))] == numbers


def test_a_place_leads_to_its_file(tmp_path: Path) -> None:
    """A file beside the profile comes before the installed one of its name; what is no place leads nowhere."""
    beside = tmp_path / "mine.toml"
    beside.write_text("format = 1\n", encoding="utf-8")
    assert locate("mine.toml @ $.format", beside) == (beside, 1)
    assert locate("toyland.toml @ $.format", beside)[0] == PROFILES["toyland"]
    (tmp_path / "toyland.toml").write_text("# mine\nformat = 1\n", encoding="utf-8")
    assert locate("toyland.toml @ $.format", beside) == (tmp_path / "toyland.toml", 2)
    assert locate("mine on 2024-01-01", beside) == (None, None)
    assert locate("nobody.toml @ $.format", beside) == (None, None)
