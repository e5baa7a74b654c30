"""Each day is asked about by itself: rules that make the same tree may still mean something else."""

from __future__ import annotations

import pytest
from tiny import HEAD, profile

X = '[inputs.x]\nunit = "number"\nrange = [0, 9]\n'
LAW = 'source = "law"\n'
TABLE = 'hit = "first"\nrows = [{ when = "x > 3", then = 1 }]\n'
CASES = {
    "no row, once declared": (
        X
        + f'[[definitions.rate]]\nunit = "number"\n{LAW}[definitions.rate.table]\n{TABLE}'
        + 'none = { unknown = "not said" }\n'
        + f"[[definitions.rate]]\nsince = 2022-01-01\n{LAW}[definitions.rate.table]\n{TABLE}",
        ("total", "proved", "refuted"),
    ),
    "the other direction": (
        (
            '[[inputs.x]]\nunit = "number"\nrange = [0, 9]\nworse = "higher"\n'
            '[[inputs.x]]\nsince = 2022-01-01\nworse = "lower"\n'
            f'[definitions.rate]\nunit = "number"\n{LAW}formula = "x"\n'
        ),
        ("monotone", "proved", "refuted"),
    ),
    "a cap that only the claim looks at": (
        X
        + f'[definitions.rate]\nunit = "number"\n{LAW}formula = "x"\n'
        + f'[[parameters.cap]]\nunit = "number"\nvalue = 10\n{LAW}'
        + f"[[parameters.cap]]\nsince = 2022-01-01\nvalue = 5\n{LAW}"
        + f'[claims.cap]\nformula = "rate <= cap"\n{LAW}',
        ("bounded", "proved", "refuted"),
    ),
    "figures ten times as large": (
        (
            '[inputs.c]\nunit = "class"\nrange = [1, 3]\n'
            f'[[parameters.p]]\nunit = "fraction"\nby = ["c"]\nvalues = {{ 1 = "1%", 2 = "2%", 3 = "3%" }}\n{LAW}'
            f'[[parameters.p]]\nsince = 2022-01-01\nvalues = {{ 1 = "10%", 2 = "20%", 3 = "30%" }}\n{LAW}'
            f'[definitions.rate]\nunit = "fraction"\n{LAW}formula = "p"\n[claims.cap]\nformula = "rate <= 5%"\n{LAW}'
        ),
        ("bounded", "proved", "refuted"),
    ),
    "a coarser step": (
        (
            '[[inputs.x]]\nunit = "number"\nrange = [0, 0.9]\nstep = 0.1\n'
            '[[inputs.x]]\nsince = 2022-01-01\nunit = "number"\nrange = [0, 9]\nstep = 1\n'
            f'[definitions.rate]\nunit = "number"\n{LAW}formula = "x"\n[claims.cap]\nformula = "rate <= 5"\n{LAW}'
        ),
        ("bounded", "proved", "refuted"),
    ),
    "an acceptance that moved": (
        X
        + f'[definitions.rate]\nunit = "number"\n{LAW}[definitions.rate.table]\n{TABLE}'
        + f'[[parameters.t]]\nunit = "number"\nvalue = 3\n{LAW}[[parameters.t]]\nsince = 2022-01-01\nvalue = 1\n{LAW}'
        + '[findings.gap]\nkind = "no_row"\nof = "rate"\nwhere = "x <= t"\nnote = { en = "open", zh = "未定" }\n',
        ("total", "accepted", "refuted"),
    ),
}


@pytest.mark.parametrize(("body", "wanted"), CASES.values(), ids=CASES)
def test_a_later_day_is_asked_about_as_if_it_were_alone(body: str, wanted: tuple[str, str, str]) -> None:
    """What holds before a change is not taken for granted after it."""
    whole = profile(body, "rate", head=HEAD, inputs="")
    question, before, after = wanted
    by_day: dict[int, set[str]] = {2020: set(), 2022: set()}
    for finding in whole.prove():
        for day in finding.days if finding.question == question else ():
            by_day[day.year].add(finding.status)
    alone = {finding.status for finding in whole.prove("2022-01-01") if finding.question == question}
    assert by_day[2020] == {before}
    assert by_day[2022] == alone
    assert after in alone
