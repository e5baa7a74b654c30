"""What is said of rows that hold at once is so of that table, and of outcomes that are known."""

from __future__ import annotations

from tiny import profile

from injuryprev.engine.proof import Finding

INPUTS = """
[inputs.x]
unit = "number"
range = [0, 9]
[inputs.g]
unit = "flag"
"""


def table(name: str, hit: str, rows: str, more: str = "") -> str:
    """A table as a definition."""
    return (
        f'[definitions.{name}]\nunit = "number"\nsource = "law"\ntable = {{ hit = "{hit}"{more}, rows = [{rows}] }}\n'
    )


def found(body: str, *outputs: str) -> list[Finding]:
    """Findings on rows that hold at once."""
    findings = profile(body, *outputs, inputs=INPUTS).prove("2020-06-01")
    return [finding for finding in findings if finding.question == "unambiguous"]


def test_a_table_is_not_blamed_for_another() -> None:
    """An overlap that nobody looks at where another table fails, and that is accepted where it is looked at."""
    one, other = '{ when = "x > 5", then = 1 }', '{ when = "x > 6", then = 2 }'
    accepted = "".join(
        f'[findings.{name}]\nkind = "several_rows"\nof = "{name}"\nwhere = "{where}"\n'
        'note = { en = "so", zh = "如此" }\n'
        for name, where in (("a", "g and x > 6"), ("b", "x > 7"))
    )
    body = (
        table("a", "unique", f"{one}, {other}", ", none = 0")
        + table("b", "unique", f'{{ when = "x > 7", then = 1 }}, {other}', ", none = 0")
        + '[definitions.rate]\nunit = "number"\nsource = "law"\nformula = "if g then a else 0"\n'
    )
    assert {(finding.subject, finding.status) for finding in found(body + accepted, "rate", "b")} == {
        ("a", "accepted"),
        ("b", "accepted"),
    }


def test_of_an_outcome_that_is_not_known_nothing_is_said_but_that() -> None:
    """Two rows do not say the same, nor is one the highest, where one of them says nothing."""
    rows = '{ when = "x > 3", then = 1 }, { when = "x > 5", then = { unknown = { en = "torn", zh = "缺" } } }'
    for hit in ("any", "collect max"):
        [finding] = found(table("rate", hit, rows, ", none = 0"), "rate")
        assert finding.words.en == "rows 1 and 2 hold at once; what one of them says is not known"
    [finding] = found(table("rate", "first", rows, ", none = 0"), "rate")
    assert finding.words.en == "rows 1 and 2 hold at once; the one written first holds"


def test_an_employer_with_an_outcome_is_shown_where_there_is_one() -> None:
    """Of those for whom two rows hold at once, not the one whose other figures are missing a row."""
    rows = '{ when = "x > 3", then = 1 }, { when = "x > 5", then = 2 }'
    body = table("a", "first", rows, ", none = 0") + table("b", "first", '{ when = "x > 7", then = 1 }')
    overlaps = [finding for finding in found(body, "a", "b") if finding.kind == "overlap"]
    assert [finding.witnesses[0].outcomes["b"] for finding in overlaps] == [1]
