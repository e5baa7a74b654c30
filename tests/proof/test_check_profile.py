"""An author tests a profile in a line: what is right passes, and each thing that can be wrong is named."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from injuryprev.engine.evaluator import Evaluator, Given, Outcome
from injuryprev.engine.policy import Policy
from injuryprev.testing import check_profile
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

LAND = """format = 1
[profile]
id = "land"
version = "1"
title = "Land"
since = 2020-01-01
checked_on = 2024-02-02
currency = "TIN"
outputs = ["rate"]
[sources.law]
title = "Law"
confidence = "official"
checked_on = 2024-02-02
[inputs]
injuries = { unit = "cases", range = [0, 100], worse = "higher" }
insured = { unit = "persons", range = [0, 100] }
kind = { unit = "category", choices = { a = "A", b = "B" } }
[definitions.rate]
unit = "fraction"
formula = "if kind == 'a' then injuries / insured else 0"
round = { to = 0.01, mode = "half_up" }
source = "law"
[findings.nobody]
kind = "division_by_zero"
of = "rate"
where = "insured == 0 and kind == 'a'"
note = "the law says nothing of it"
[[examples]]
name = "half"
on = 2020-01-01
given = { injuries = 2, insured = 4, kind = "a" }
expect = { rate = 0.5 }
"""


def land(folder: Path, old: str = "", new: str = "") -> Path:
    """A profile on disk, with one place changed."""
    assert not old or LAND.count(old) == 1
    path = folder / "land.toml"
    path.write_text(LAND.replace(old, new) if old else LAND, encoding="utf-8")
    return path


def test_a_good_profile_passes(tmp_path: Path) -> None:
    """It loads, its example comes out, the finding is accepted, the readers agree."""
    report = check_profile(land(tmp_path), records=20)
    assert report.passes
    assert [finding.status for _, finding in report.findings if finding.kind] == ["accepted"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('outputs = ["rate"]', 'outputs = ["rat"]', "land.toml:9: "),
        ("expect = { rate = 0.5 }", "expect = { rate = 0.4 }", "land.toml:28: example 'half': rate is 0.50"),
        (" and kind == 'a'\"\nnote", " and kind == 'b'\"\nnote", "refuted: rate: a divisor is zero"),
        (" and kind == 'a'\"\nnote", " and kind == 'b'\"\nnote", "land.toml:23: accepted, but found no longer"),
        ('worse = "higher"', 'worse = "lower"', "refuted: rate: less injuries pays less"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, old: str, new: str, said: str) -> None:
    """Problems, examples, findings that are new and findings that are gone, with file and line."""
    with pytest.raises(AssertionError) as error:
        check_profile(land(tmp_path, old, new), records=1)
    assert said in str(error.value)


def test_readers_that_do_not_agree_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A frame that says another thing than a record does is caught by the records drawn."""
    right = Policy.evaluate_frame

    def wrong(self: Policy, frame: object) -> object:
        made = right(self, frame)
        assert isinstance(made, pl.DataFrame)
        return made.with_columns(refusal=pl.lit("lost"))

    monkeypatch.setattr(Policy, "evaluate_frame", wrong)
    with pytest.raises(AssertionError, match="and a frame to"):
        check_profile(land(tmp_path), records=20)


def test_a_refusal_that_no_proof_found_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the engine refused for a reason that the proofs ruled out, the records drawn would tell."""
    path = tmp_path / "land.toml"
    never_zero = LAND.replace("injuries / insured else", "injuries / max(insured, 1) else")
    path.write_text(never_zero.partition("[findings.nobody]")[0], encoding="utf-8")
    assert check_profile(path, records=5).passes
    right = Evaluator.outcomes

    def wrong(self: Evaluator, given: Given) -> dict[str, Outcome]:
        made = right(self, given)
        refused = any(isinstance(outcome, Unknown) for outcome in made.values())
        return made if refused else {"rate": Unknown((Reason("no_row", "rate", Words("no")),))}

    monkeypatch.setattr(Evaluator, "outcomes", wrong)
    with pytest.raises(AssertionError, match="refused for no_row:rate, which no proof found"):
        check_profile(path, records=20)
