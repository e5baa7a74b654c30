"""Proofs of the regions of China and of the fictional district: nothing is found that their profiles do not say."""

from __future__ import annotations

from pathlib import Path

import pytest

import injuryprev as ip
from injuryprev.policy.registry import builtin_files


@pytest.mark.parametrize("name", ["cn-js", "cn-sx", "cn-ah-huainan", "toyland-harbour"])
def test_every_day_of_a_region_passes(name: str) -> None:
    """Everybody has an outcome, once; no worse record pays less; claims hold; gaps are accepted in words."""
    profile = ip.load_profile(name)
    findings = [finding for day in profile.change_dates() for finding in profile.prove(day.isoformat())]
    assert [str(finding) for finding in findings if not finding.passes] == []
    assert {finding.question for finding in findings if finding.status == "proved"} >= {"monotone"}


def test_a_rule_of_memory_that_rewards_a_worse_record_is_found(tmp_path: Path) -> None:
    """Back to the base after three raised cycles, even from a rate below it: who is worse keeps the lower one."""
    text = builtin_files()["toyland-harbour"].read_text(encoding="utf-8")
    assert text.count(" and current_rate > base_rate") == 1
    path = tmp_path / "toyland-harbour.toml"
    path.write_text(text.replace(" and current_rate > base_rate", ""), encoding="utf-8")
    profile = ip.load_profile(path)
    refuted = [finding for finding in profile.prove("2024-07-01") if finding.status == "refuted"]
    assert {(finding.kind, finding.subject) for finding in refuted} == {
        ("decrease", "rate"),
        ("decrease", "contribution"),
    }
    better, worse = next(finding for finding in refuted if finding.subject == "rate").witnesses
    policy = profile.on("2024-07-01")
    assert policy.evaluate(**worse.given)["rate"] < policy.evaluate(**better.given)["rate"]  # type: ignore[operator]  # known
