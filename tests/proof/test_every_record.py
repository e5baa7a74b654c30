"""Proofs agree with trying every record, on small rules nobody thought of."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from fractions import Fraction
from operator import gt, lt
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from small_rules import CUTS, EVERY, INPUTS, rules
from tiny import HEAD, profile

from injuryprev import Policy, Unknown
from injuryprev.engine.proof import Finding, Proofs
from injuryprev.policy.document import Refusal
from injuryprev.policy.kinds import constant


def refused(policy: Policy, figures: Mapping[str, Any]) -> set[str]:
    """Codes of all refusals of one record."""
    outcome = policy.evaluate(**figures)["rate"]
    return set(outcome.codes) if isinstance(outcome, Unknown) else set()


def held(policy: Policy, figures: Mapping[str, Any]) -> tuple[bool | None, ...]:
    """Which rows of the table hold."""
    evaluator = policy.evaluator
    place = list(policy.lowered.steps).index("move")
    return evaluator.steps(evaluator.take(figures))[place].rows


def of_kind(found: tuple[Finding, ...], kind: str) -> list[Finding]:
    """Findings of a kind."""
    return [finding for finding in found if finding.kind == kind]


def number(policy: Policy, figures: Mapping[str, Any]) -> Fraction | None:
    """The rate, if there is one."""
    outcome = policy.evaluate(**figures)["rate"]
    return None if isinstance(outcome, Unknown) else Fraction(outcome)


@settings(max_examples=30, deadline=None)
@given(rules())
def test_proofs_agree_with_every_record(text: str) -> None:
    """What is proved has no counterexample among all records; what is refuted is shown by a witness, replayed."""
    whole = profile(text, "rate", head=HEAD, inputs=INPUTS)
    policy = whole.on("2020-06-01")
    found = Proofs(20).of(whole.profile)
    assert "not reached" not in {finding.status for finding in found}

    for code in ("division_by_zero:ratio", "no_row:move", "several_rows:move", "rows_differ:move"):
        kind = code.partition(":")[0]
        wanted = any(code in refused(policy, figures) for figures in EVERY)
        shown = of_kind(found, kind)
        assert bool(shown) == wanted, (code, text)
        assert all(code in refused(policy, w.given) for finding in shown for w in finding.witnesses)

    for finding in of_kind(found, "no_row"):
        if finding.region:
            where = "true" if finding.region.en == "every employer" else finding.region.en
            inside = f'[definitions.here]\nunit = "flag"\nsource = "law"\nformula = "{where}"\n'
            told = profile(text + inside, "rate", "here", inputs=INPUTS).on("2020-06-01")
            for figures in EVERY:
                if "division_by_zero:ratio" not in refused(told, figures) and told.evaluate(**figures)["here"] is True:
                    assert "no_row:move" in refused(told, figures), (finding.region.en, figures)

    rates = {tuple(figures.values()): number(policy, figures) for figures in EVERY}
    worst: dict[str, Callable[[Any, Any], bool]] = {"x": lt, "y": gt, "on": lt}
    for place, (name, worse) in enumerate(worst.items()):
        pairs = (
            (a, b)
            for (p, a), (q, b) in itertools.product(rates.items(), repeat=2)
            if worse(p[place], q[place]) and p[:place] + p[place + 1 :] == q[:place] + q[place + 1 :]
        )
        wanted = any(a is not None and b is not None and b < a for a, b in pairs)
        shown = [finding for finding in of_kind(found, "decrease") if finding.input == name]
        assert bool(shown) == wanted, (name, text)
        for finding in shown:
            better, poorer = (number(policy, w.given) for w in finding.witnesses)
            assert better is not None
            assert poorer is not None
            assert poorer < better
            assert worse(*(w.given[name] for w in finding.witnesses))

    states = [held(policy, figures) for figures in EVERY]
    table = policy.rules.definitions["move"].entry.table
    assert table is not None
    # Of rows that allow one alone nothing is decided where some condition is not known, for that reason.
    looked = [rows for rows in states if table.hit != "unique" or None not in rows]
    overlaps = {
        finding.rows: finding for finding in found if finding.kind in ("overlap", "several_rows", "rows_differ")
    }
    for pair in itertools.combinations(range(len(states[0])), 2):
        wanted = any(rows[pair[0]] and rows[pair[1]] for rows in looked)
        numbers = (pair[0] + 1, pair[1] + 1)
        assert (numbers in overlaps) == wanted, (numbers, text)
        if wanted:
            rows = held(policy, overlaps[numbers].witnesses[0].given)
            assert rows[pair[0]]
            assert rows[pair[1]]

    dead = {finding.rows[0] - 1 for finding in of_kind(found, "never")}
    alive = {at for rows in states for at in range(len(rows)) if applies(policy, rows, at)}
    assert dead == set(range(len(states[0]))) - alive, text


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(CUTS), st.sampled_from("abc")), min_size=2, max_size=3),
    st.sampled_from(("any", "unique", "first")),
    st.booleans(),
)
def test_rows_that_yield_words_agree_with_every_record(rows: list[tuple[str, str]], hit: str, turned: bool) -> None:
    """Two words are the same or not wherever they stand: in rows of a table, and beside an ``if`` of other words."""
    written = ", ".join(f'{{ when = "x >= {cut}", then = "\'{word}\'" }}' for cut, word in rows)
    cut, word = rows[0]
    either = [f"(if y < {cut} then '{word}' else 'b')", "rate"]
    formula = " == ".join(reversed(either) if turned else either)
    text = (
        '[definitions.rate]\nunit = "category"\nsource = "law"\nchoices = { a = "A", b = "B", c = "C" }\n'
        f'table = {{ hit = "{hit}", none = "\'c\'", rows = [{written}] }}\n'
        f'[definitions.same]\nunit = "flag"\nsource = "law"\nformula = "{formula}"\n'
    )
    whole = profile(text, "rate", "same", head=HEAD, inputs=INPUTS)
    policy = whole.on("2020-06-01")
    found = Proofs(20).of(whole.profile)
    code = {"any": "rows_differ", "unique": "several_rows", "first": "no such"}[hit]
    differing = False
    for figures in EVERY:
        x, y = Fraction(figures["x"]), Fraction(figures["y"])
        words = [then for least, then in rows if x >= constant_of(least)]
        wrong = len(words) > 1 if hit == "unique" else hit == "any" and len(set(words)) > 1
        differing = differing or wrong
        outcome = policy.evaluate(**figures)
        if wrong:
            assert refused(policy, figures) == {f"{code}:rate"}
            continue
        assert outcome["rate"] == (words or ["c"])[0]
        assert outcome["same"] is ((word if y < constant_of(cut) else "b") == outcome["rate"])
    assert bool(of_kind(found, code)) is differing


def constant_of(cut: str) -> Fraction:
    """A cut as a number."""
    return Fraction(cut.removesuffix("%")) / (100 if "%" in cut else 1)


def applies(policy: Policy, rows: tuple[bool | None, ...], at: int) -> bool:
    """Whether a row holds, and of none that wins over it by the words of the hit policy is it open or so."""
    table = policy.rules.definitions["move"].entry.table
    assert table is not None
    figures = [constant(row.then) for row in table.rows if not isinstance(row.then, Refusal)]
    ranks = [
        {"first": place, "priority": table.order.index(figure) if table.order else 0}.get(
            table.hit, {"collect max": -figure, "collect min": figure}.get(table.hit, 0)
        )
        for place, figure in enumerate(figure for figure in figures if figure is not None)
    ]
    return bool(rows[at]) and all(rows[other] is False for other, rank in enumerate(ranks) if rank < ranks[at])
