"""``injuryprev check``: mistakes with file and line, proofs, and what a profile accepts."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import injuryprev as ip
from injuryprev.cli.main import app

LAND = """format = 1
[profile]
id = "land"
version = "1"
title = { en = "Land", zh = "国" }
since = 2020-01-01
checked_on = 2024-02-02
currency = "TIN"
outputs = ["rate"]
[sources.law]
title = { en = "Law", zh = "条例" }
confidence = "official"
checked_on = 2022-03-04
[inputs]
injuries = { unit = "cases", range = [0, 100], worse = "higher" }
insured = { unit = "persons", range = [1, 100] }
[definitions.incidence]
unit = "fraction"
formula = "injuries / insured"
source = "law"
[definitions.rate]
unit = "fraction"
source = "law"
[definitions.rate.table]
hit = "unique"
rows = [
  { when = "incidence < 1%", then = "1%" },
  { when = "incidence > 1%", then = "2%" },
]
"""
ACCEPTED = """
[findings.edge]
kind = "no_row"
of = "rate"
where = "incidence == 1%"
note = { en = "the law says nothing of it", zh = "法律未作规定" }
"""
EXAMPLE = """
[[examples]]
name = "many"
on = 2020-01-01
given = { injuries = 2, insured = 10 }
expect = { rate = 0.02 }
"""


def land(folder: Path, text: str) -> str:
    """A profile on disk."""
    path = folder / "land.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def run(*words: str) -> Result:
    """The command, on a day on which nothing is old."""
    return CliRunner().invoke(app, ["check", *words, "--today", "2022-05-01"], env={"COLUMNS": "200"})


def line_of(text: str, wanted: str) -> int:
    """The line of the only place of some words."""
    [number] = [number for number, line in enumerate(text.splitlines(), 1) if wanted in line]
    return number


def test_a_new_finding_fails_with_file_and_line_and_an_employer(tmp_path: Path) -> None:
    """Nobody accepted that exactly 1 % is left out: status 2, and the employer is one of 1 %."""
    path = land(tmp_path, LAND)
    done = run(path)
    assert done.exit_code == 2, done.output
    head = f"{path}:{line_of(LAND, '[definitions.rate]')}: refuted: rate: no row covers these employers"
    [line, witness] = done.output.splitlines()[:2]
    assert line.startswith(head)
    assert "[incidence == 1%]" in line
    assert "injuries=1, insured=100 → rate=unknown (no_row:rate)" in witness
    assert "land: does not pass" in done.output


def test_an_accepted_finding_passes(tmp_path: Path) -> None:
    """What the profile says is the law's own is shown with its words, and passes."""
    text = LAND + ACCEPTED
    done = run(land(tmp_path, text), "--lang", "zh")
    assert done.exit_code == 0, done.output
    assert f":{line_of(text, '[findings.edge]')}: 已确认: rate: 法律未作规定" in done.output
    assert "land：通过" in done.output


def test_what_is_beyond_the_accepted_is_new(tmp_path: Path) -> None:
    """A gap wider than the one that was accepted is refuted beside it, and told without it."""
    text = (LAND + ACCEPTED).replace('"incidence > 1%"', '"incidence > 2%"')
    done = run(land(tmp_path, text))
    assert done.exit_code == 2, done.output
    assert "accepted: rate: the law says nothing of it [incidence == 1%]" in done.output
    assert "refuted: rate: no row covers these employers [1% <= incidence <= 2%]" in done.output


def test_an_acceptance_that_nothing_needs_any_more_fails(tmp_path: Path) -> None:
    """The law was mended; who left the finding in the file is told."""
    done = run(land(tmp_path, (LAND + ACCEPTED).replace('"incidence < 1%"', '"incidence <= 1%"')))
    assert done.exit_code == 2, done.output
    assert "accepted, but found no longer: rate" in done.output


def test_one_day_says_nothing_of_what_others_need(tmp_path: Path) -> None:
    """The law was mended on a day: from then on alone the acceptance is not called stale, for it is needed before."""
    before, rest = LAND.replace("[definitions.rate]", "[[definitions.rate]]").split("[definitions.rate.table]")
    table = "[definitions.rate.table]" + rest
    mended = table.replace('"incidence < 1%"', '"incidence <= 1%"')
    text = before + table + '[[definitions.rate]]\nsince = 2021-01-01\nsource = "law"\n' + mended + ACCEPTED
    path = land(tmp_path, text)
    assert run(path).exit_code == 0
    assert run(path, "--on", "2020-06-01").exit_code == 0
    assert run(path, "--on", "2022-06-01").exit_code == 0
    path = land(tmp_path, text.replace('kind = "no_row"', 'since = 2021-01-01\nkind = "no_row"'))
    assert run(path).exit_code == 2


def test_a_proof_that_is_not_reached_does_not_pass(tmp_path: Path) -> None:
    """With a thousandth of a second for a product of two wide figures, nothing is said either way."""
    text = LAND.replace("insured = {", 'x = { unit = "number", range = [2, 1_000_000_000] }\ninsured = {')
    text = text.replace('formula = "injuries / insured"', 'formula = "if x * x * 7 == 3_000_000_021 then 1 else 0"')
    done = run(land(tmp_path, text), "--time", "0.001")
    assert done.exit_code == 2, done.output
    assert "not reached in its time" in done.output


def test_a_broken_profile_says_where(tmp_path: Path) -> None:
    """Every mistake with file and line; the status is not that of a finding."""
    text = LAND.replace('source = "law"\n[definitions.rate.table]', 'sauce = "law"\n[definitions.rate.table]')
    path = land(tmp_path, text.replace('"incidence > 1%"', '"incidents > 1%"'))
    done = run(path)
    assert done.exit_code == 1, done.output
    start = f"{path}:{line_of(text, '[definitions.rate]')}: "
    [said] = [line for line in done.output.splitlines() if line.startswith(start)]
    assert "there is no 'sauce' here; seen: 'sauce'; expected: did you mean 'source'" in said
    path = land(tmp_path, LAND.replace('"incidence > 1%"', '"incidents > 1%"'))
    done = run(path)
    assert done.exit_code == 1, done.output
    assert f"{path}:{line_of(LAND, 'incidence > 1%')}: " in done.output
    assert "nothing is called 'incidents' here" in done.output


def test_an_example_that_does_not_come_out_fails(tmp_path: Path) -> None:
    """It is named with its line and both figures."""
    text = LAND + ACCEPTED + EXAMPLE
    assert run(land(tmp_path, text)).exit_code == 0
    path = land(tmp_path, text.replace("rate = 0.02", "rate = 0.03"))
    done = run(path, "--no-proofs")
    assert done.exit_code == 2, done.output
    assert f"{path}:{line_of(text, '[[examples]]')}: example 'many': rate is 0.02; expected: 0.03" in done.output


def test_old_readings_are_listed(tmp_path: Path) -> None:
    """A source last read more than a year before the day given is named; that alone fails nothing."""
    path = land(tmp_path, LAND + ACCEPTED)
    done = CliRunner().invoke(app, ["check", path, "--no-proofs", "--today", "2023-03-05"])
    assert done.exit_code == 0, done.output
    assert f"{path}:{line_of(LAND, 'checked_on = 2022')}: last read on 2022-03-04: law" in done.output
    done = CliRunner().invoke(app, ["check", path, "--no-proofs", "--today", "2023-03-04"])
    assert "last read" not in done.output


def test_json_is_one_line_for_each_profile(tmp_path: Path) -> None:
    """The findings with their places, lines, regions and employers, exact."""
    done = run(land(tmp_path, LAND), "cn", "--json", "--on", "2024-01-01")
    said: list[dict[str, Any]] = [json.loads(line) for line in done.output.splitlines()]
    assert [(one["schema"], one["profile"], one["passes"]) for one in said] == [
        ("injuryprev.check/1", "land", False),
        ("injuryprev.check/1", "cn", True),
    ]
    [gap] = [finding for finding in said[0]["findings"] if finding["kind"]]
    assert gap["region"]["en"] == "incidence == 1%"
    assert gap["line"] == line_of(LAND, "[definitions.rate]")
    assert gap["witnesses"][0]["given"] == {"injuries": "1", "insured": "100"}
    assert gap["days"] == ["2024-01-01"]


@pytest.mark.parametrize("words", [[], ["nowhere"], ["cn", "--on", "1950-01-01"]])
def test_wrong_usage_ends_with_one(words: list[str]) -> None:
    """No profile, one that there is not, a day that it does not cover."""
    assert run(*words).exit_code == 1


def test_all_profiles_on_a_day_are_those_that_cover_it() -> None:
    """A profile whose law had ended by then, or not begun, is not asked about and stops nothing."""
    done = run("--all", "--on", "2023-06-01", "--no-proofs", "--json")
    assert done.exit_code == 0, done.output
    asked = [json.loads(line)["profile"] for line in done.output.splitlines()]
    assert asked == [info.id for info in ip.list_profiles() if dt.date(2023, 6, 1) in info.covers]
    assert "de-bgbau" in asked
    assert "cn-ah-huainan" not in asked


@pytest.mark.parametrize("words", [["nowhere"], ["cn-ah-huainan", "--on", "2022-06-01"]])
def test_a_profile_that_cannot_be_looked_at_does_not_stop_the_others(words: list[str], tmp_path: Path) -> None:
    """It is named, the status is that of what cannot be used, and the next one is checked."""
    done = run(*words, land(tmp_path, LAND + ACCEPTED))
    assert done.exit_code == 1
    assert words[0] in done.output
    assert "land: passes" in done.output
