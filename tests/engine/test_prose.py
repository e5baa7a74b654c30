"""Prose leaves nothing out: what a trace cites, decides by or calls open stands in the document of the same rules."""

from __future__ import annotations

import random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import injuryprev as ip
from injuryprev.engine.prose import Prose
from injuryprev.engine.spoken import Spoken
from injuryprev.policy.document import Keyed, Refusal
from injuryprev.policy.expr import write
from injuryprev.policy.grammar import parse
from injuryprev.testing import profiles
from injuryprev.testing.policies import CHANGE, SINCE, read_profile
from injuryprev.units import shown
from injuryprev.words import LANGUAGES, Lang, Words

PROFILES = [info.id for info in ip.list_profiles()]


def cell(text: str) -> str:
    """Text as a cell of a table has it."""
    return " ".join(text.replace("|", "\\|").split())


def complete(policy: ip.Policy, lang: Lang) -> None:
    """Every step of a trace, its rows, roundings, words and sources, and every figure of the law, stand in the text."""
    document = Prose(policy.lowered, lang)
    text = document.text()
    trace = policy.evaluate().trace
    for given_ in trace.inputs:
        assert f"`{given_.name}`" in text
        assert cell(given_.rule.title.to(lang)) in text
    for step in trace.steps:
        assert f"`{step.name}`" in text, step.name
        assert step.rule.title.to(lang) in text
        for words in (step.rule.note, step.rule.caveat):
            assert words.to(lang) in text
        if step.rule.formula is not None:
            assert f"`{write(step.rule.formula)}`" in text
        for row in step.rule.rows:
            assert f"`{row.condition if isinstance(row.condition, str) else cell(write(row.condition))}`" in text
            outcome = row.outcome.to(lang) if isinstance(row.outcome, Words) else f"`{write(row.outcome)}`"
            assert cell(outcome) in text
            assert cell(row.label.to(lang)) in text
        if step.rule.rounding:
            assert step.rule.rounding.partition(" ")[2] in text
        for cited in (
            *step.rule.cited,
            *step.rule.rounding_cited,
            *(one for row in step.rule.rows for one in row.cited),
        ):
            assert f"[{document.numbers[cited]}] {cited.text(lang)}" in text
    for name, parameter in policy.rules.parameters.items():
        if name in policy.rules.used:
            level = parameter.entry.values if parameter.entry.values is not None else parameter.entry.value
            assert level is not None
            for figure in figures(level):
                assert (
                    cell(figure.unknown.to(lang))
                    if isinstance(figure, Refusal)
                    else shown_in(figure, parameter.entry.unit)
                ) in text


def figures(level: object) -> list[object]:
    """Every figure of a parameter."""
    return [one for inner in level.values.values() for one in figures(inner)] if isinstance(level, Keyed) else [level]


def shown_in(figure: object, unit: str) -> str:
    """A figure as the document has it; money and counts are grouped and measured there."""
    return "" if unit not in ("fraction", "number") else shown(figure)  # type: ignore[arg-type]  # a Fraction


@pytest.mark.parametrize("name", PROFILES)
def test_nothing_of_a_shipped_profile_is_left_out(name: str) -> None:
    """On the first, the last and one other day of change, in both languages."""
    profile = ip.load_profile(name)
    days = profile.change_dates()
    for day in {days[0], days[-1], random.Random(name).choice(days)}:
        for lang in LANGUAGES:
            complete(profile.on(day), lang)


@settings(max_examples=25, deadline=None, phases=(Phase.reuse, Phase.generate))
@given(profiles(), st.sampled_from((SINCE, CHANGE)), st.sampled_from(LANGUAGES))
def test_nothing_of_any_policy_is_left_out(text: str, day: object, lang: Lang) -> None:
    """Policies of every construct, drawn."""
    complete(read_profile(text).on(day), lang)


def test_counting_rules_cite_what_the_trace_cites() -> None:
    """Sources of counting rules, and of the figures of the law that their formulas look at."""
    policy = ip.load_profile("us-in").on("2014-01-01")
    document = Prose(policy.lowered, "en")
    text = document.text()
    case = ip.InjuryCase("C-1", "F-1", "w", "2011-05-01")
    history = ip.History(cases=[case], payments=[ip.BenefitPayment("F-1", "C-1", "2012-01-01", 5, "other")])
    for counted in policy.counting.count(ip.Employer("F-1"), history, {"claim_limit": 1}).values():
        assert counted.cited
        for cited in counted.cited:
            assert f"[{document.numbers[cited]}] {cited.text()}" in text
    assert "13,500.00 USD" in text
    assert "[2010-01-01, 2013-01-01)" in text


def test_units_are_named_in_the_language_of_the_document() -> None:
    """What comes out and what is given, in Chinese words, of compound units too; choices as they were."""
    chinese = ip.load_profile("cn-yn").on("2025-01-01").prose("zh")
    assert "- 缴费费率（`rate`）: 比率\n" in chinese
    assert "| 职工月工资（`worker_wage`） | 金额/个月 |" in chinese
    listed = [line.split(" | ")[1] for line in chinese.splitlines() if line.startswith("| ") and "` | " not in line]
    assert not {"money", "fraction", "persons", "cases", "class", "flag", "months"} & set(listed)
    assert "(`rate`): fraction\n" in ip.load_profile("cn-yn").on("2025-01-01").prose("en")


def test_what_is_not_known_is_listed_with_its_document() -> None:
    """Each outcome left open appears once more at the end, with why and where it should be written."""
    text = ip.load_profile("toyland").on("2019-07-01").prose()
    open_ = text.partition("## What is not known")[2].partition("## Sources")[0]
    assert "class rate, 3, b: the page is torn off [" in open_
    assert "torn off" not in ip.load_profile("toyland").on("2024-01-01").prose()


@pytest.mark.parametrize(
    ("written", "en", "zh"),
    [
        ("a < 1", "A is less than 1", "A小于1"),
        ("1 < a <= 2", "A is more than 1 and at most 2", "A超过1且不超过2"),
        ("1 >= a", "A is at most 1", "A不超过1"),
        ("a != 1 or b and a == 2", "A is not 1 or (B and A is 2)", "A不等于1或（B且A等于2）"),
        ("not (a in (1, 2))", "not (A is one of 1, 2)", "并非（A属于1、2）"),
        ("a not in (1, 2)", "A is not one of 1, 2", "A不属于1、2"),
        ("a < b < 3 < 4", "A is less than B and B is less than 3 and 3 is less than 4", "A小于B且B小于3且3小于4"),
        ("true", "always", "总是"),
    ],
)  # fmt: skip
def test_conditions_as_sentences(written: str, en: str, zh: str) -> None:
    """Each comparison with its bound, a chain said of what stands in its middle."""
    for lang, wanted in (("en", en), ("zh", zh)):
        said = Spoken(lang, {"a": "A", "b": "B"}).condition(parse(written))  # type: ignore[arg-type]  # a language
        assert said == wanted
