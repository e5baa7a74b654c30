"""Proofs of the profiles of other countries: nothing is found that they do not say."""

from __future__ import annotations

import pytest

import injuryprev as ip


@pytest.mark.parametrize("name", ["jp", "de-bgw", "de-bgetem", "de-bgbau", "us-ncci", "us-in", "us-il", "kr", "tw"])
def test_every_day_of_a_profile_passes(name: str) -> None:
    """Everybody has an outcome, once; no worse record pays less; what the law promises holds; gaps are accepted."""
    profile = ip.load_profile(name)
    findings = [finding for day in profile.change_dates() for finding in profile.prove(day.isoformat())]
    assert [str(finding) for finding in findings if not finding.passes] == []
    assert "proved" in {finding.status for finding in findings}
