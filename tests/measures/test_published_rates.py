"""Published figures on injury rates, each with its source: numbers in, the printed digits out."""

from __future__ import annotations

from decimal import Decimal

import pytest

from injuryprev.measures import standard


@pytest.mark.parametrize(
    ("source", "name", "figures", "printed"),
    [
        ("GB 6441-86 in a textbook, firm A: 2 of 200", "gb6441.serious_injury", (2, 200), "10"),
        ("the same, firm B: 4 of 500", "gb6441.serious_injury", (4, 500), "8"),
        ("rEHS, 17 cases in 1,500,000 h", "osha.trir", (17, 1_500_000), "2.27"),
        ("rEHS, 3 cases in 500,000 h", "osha.trir", (3, 500_000), "1.2"),
        ("rEHS, 1 case in 143 x 2000 h", "osha.trir", (1, 143 * 2000), "0.6993"),
        ("rEHS severity.rate, 5 days of 2 incidents", "ilo.days_per_case", (5, 2), "2.50"),
        ("a public document, 5 lost-time injuries in 2,500,000 h", "practice.ltifr", (5, 2_500_000), "2.0"),
        ("the same, 12 recordable cases", "practice.trifr", (12, 2_500_000), "4.8"),
        ("cheme_calculations, 2 deaths in 1e9 h", "practice.far", (2, 10**9), "0.2"),
        ("the classic 7 cases in 400,000 h", "osha.trir", (7, 400_000), "3.5"),
        ("Japan, national examination 2014 I-1-27", "jp.severity", (226, 1400 * 1800), "0.09"),
        ("the same, to four places", "jp.severity", (226, 1400 * 1800), "0.0897"),
    ],
)
def test_printed_rate(source: str, name: str, figures: tuple[int, int], printed: str) -> None:
    """The rate, rounded once to as many places as the source prints, is what the source prints."""
    rate = standard(name).compute(*figures)
    assert rate.rounded(Decimal(1).scaleb(Decimal(printed).as_tuple().exponent)) == Decimal(printed), source  # type: ignore[arg-type]  # finite
