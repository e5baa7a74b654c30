"""Counting rules that make no sense are refused at load, in words that say where, what and what instead."""

from __future__ import annotations

import datetime as dt

import pytest
from brute_force import Window
from little import DAY, YEAR, counting, little

from injuryprev.errors import ProfileError

CASES = 'from = "cases", dated = "recognised_on", window = "w"'
PAID = 'from = "payments", dated = "paid_on", window = "w"'
EXPOSED = 'from = "exposure", window = "w"'


def refusal(body: str) -> ProfileError:
    """What is said of a profile when it is made ready for a day."""
    with pytest.raises(ProfileError) as caught:
        little(body).on(DAY).counting  # noqa: B018  # conditions are compiled with the plan
    return caught.value


SINCE = 'from = "contributions", window = "w", take = "sum", field = "amount", dated = "period"'


@pytest.mark.parametrize(
    ("name", "rule", "key", "words"),
    [
        (
            "n_money",
            f'{PAID}, take = "sum", field = "amuont"',
            "field",
            "no such field; seen: 'amuont'; expected: did you mean 'amount'?",
        ),
        ("n_money", f'{PAID}, take = "sum"', "field", "sum and field do not go together"),
        ("n_cases", f'{CASES}, take = "count", field = "grade"', "field", "count and field do not go together"),
        (
            "n_cases",
            f'{CASES}, take = "count", where = "deth"',
            "where",
            "nothing is called 'deth' here; seen: 'deth'; expected: did you mean 'death'?",
        ),
        (
            "n_cases",
            f'{CASES}, take = "count", where = "grade"',
            "where",
            "the units do not fit in 'grade'; seen: 'grade'; expected: flag",
        ),
        ("n_cases", f'{CASES}, take = "count", where = "item == 14.6"', "where", "the units do not fit"),
        (
            "n_cases",
            f'{CASES}, take = "count", where = "item == \'14.8\'"',
            "where",
            "the units do not fit in \"'14.8'\"",
        ),
        (
            "n_money",
            f'{PAID}, take = "sum", field = "amount", where = "kind == \'medcial\'"',
            "where",
            "the units do not fit in \"'medcial'\"",
        ),
        ("n_cases", f'{CASES}, take = "count", where = "death > 0"', "where", "the units do not fit"),
        (
            "n_persons",
            f'{CASES}, take = "count"',
            "take",
            "the unit is not that of the input; seen: 'count'; expected: persons",
        ),
        (
            "n_cases",
            f'{CASES}, take = "persons"',
            "take",
            "the unit is not that of the input; seen: 'persons'; expected: cases",
        ),
        (
            "n_money",
            f'{CASES}, take = "count"',
            "take",
            "the unit is not that of the input; seen: 'count'; expected: money",
        ),
        (
            "n_hours",
            f'{PAID}, take = "sum", field = "amount"',
            "take",
            "the unit is not that of the input; seen: 'sum'; expected: hours",
        ),
        ("n_flag", f'{CASES}, take = "sum", field = "death"', "take", "the unit is not that of the input"),
        ("n_grade", f'{CASES}, take = "sum", field = "grade"', "take", "the unit is not that of the input"),
        (
            "n_grade",
            f'{CASES}, take = "mean", field = "grade", round = {{ to = 1, mode = "up" }}',
            "take",
            "the unit is not that of the input",
        ),
        ("n_word", f'{PAID}, take = "max", field = "kind"', "take", "the unit is not that of the input"),
        ("n_cases", f'{CASES}, take = "any"', "take", "the unit is not that of the input"),
        (
            "n_persons",
            f'{EXPOSED}, take = "persons"',
            "take",
            "exposure do not give this; seen: 'persons'; expected: one of: sum, count, mean",
        ),
        ("n_money", f'{PAID}, take = "value", field = "amount"', "take", "payments do not give this"),
        ("n_class", f'{CASES}, take = "classify", classification = "c"', "take", "cases do not give this"),
        ("n_months", f'{PAID}, take = "months_since", field = "amount"', "take", "payments do not give this"),
        (
            "n_cases",
            'from = "employer", take = "count"',
            "take",
            "employer do not give this; seen: 'count'; expected: one of: value, months_since, classify",
        ),
        (
            "n_months",
            'from = "employer", take = "months_since", field = "kind"',
            "take",
            "the unit is not that of the input",
        ),
        (
            "n_days",
            'from = "employer", take = "value", field = "insured_since"',
            "take",
            "the unit is not that of the input",
        ),
        (
            "n_word",
            'from = "employer", take = "value", field = "kind", where = "size == \'small\'"',
            "where",
            "an employer is one, so there is nothing to choose",
        ),
        (
            "n_word",
            'from = "employer", take = "value", field = "kind", window = "w"',
            "window",
            "an employer has no window",
        ),
        (
            "n_cases",
            'from = "cases", dated = "recognised_on", take = "count"',
            "window",
            "say over which window records count",
        ),
        (
            "n_cases",
            'from = "cases", dated = "recognised_on", window = "v", take = "count"',
            "window",
            "no such window here; seen: 'v'; expected: one of: w",
        ),
        (
            "n_cases",
            'from = "cases", window = "w", take = "count"',
            "dated",
            "say by which date a record counts; seen: 'nothing'; expected: occurred_on, recognised_on, died_on",
        ),
        (
            "n_cases",
            'from = "cases", dated = "paid_on", window = "w", take = "count"',
            "dated",
            "records are not placed by this; seen: 'paid_on'",
        ),
        (
            "n_persons",
            f'{EXPOSED}, take = "mean", field = "insured"',
            "round",
            "a mean is rarely a multiple of the step; expected: round = { to, mode, source }",
        ),
        ("n_class", 'from = "employer", take = "classify"', "classification", "classify needs its table"),
        (
            "n_class",
            'from = "employer", take = "classify", classification = "c"',
            "classification",
            "no such classification here; seen: 'c'; expected: there are none",
        ),
        (
            "n_word",
            'from = "employer", take = "value", field = "kind", classification = "c"',
            "classification",
            "classify needs its table",
        ),
        (
            "n_cases",
            f'{CASES}, take = "count", none = "none"',
            "none",
            "none is not a value of this input; seen: 'none'; expected: a multiple of 1 from 0 to 1000",
        ),
        ("n_cases", f'{CASES}, take = "count", none = 0.5', "none", "none is not a value of this input"),
        ("n_cases", f'{CASES}, take = "count", none = -1', "none", "none is not a value of this input"),
        ("n_cases", f'{CASES}, take = "count", none = true', "none", "none is not a value of this input"),
        ("n_flag", f'{CASES}, take = "any", none = true', "none", "any has no use for this"),
        (
            "n_word",
            'from = "employer", take = "value", field = "kind", none = "x"',
            "none",
            "none is not a value of this input; seen: 'x'; expected: ordinary, government, medical",
        ),
        (
            "n_money",
            f'{PAID}, take = "sum", field = "amount", partial = "actual"',
            "partial",
            "only a mean rests on a part of the window",
        ),
        (
            "n_cases",
            f'{CASES}, take = "count", where = "days_lost * days_lost * days_lost > 10"',
            "where",
            "a figure could leave 64 bits",
        ),
        ("n_money", f'{PAID}, take = "sum", field = "amount", each = "amount"', "field", "do not go together"),
        (
            "n_cases",
            f'{CASES}, take = "count", each = "1"',
            "each",
            "each does not go with this; seen: 'count of cases'",
        ),
        ("n_money", f'{EXPOSED}, take = "sum", each = "payroll"', "each", "each does not go with this"),
        (
            "n_money",
            f'{PAID}, take = "sum", each = "amounts"',
            "each",
            "nothing is called 'amounts' here; seen: 'amounts'",
        ),
        ("n_money", f'{PAID}, take = "sum", each = "n_days * amount"', "each", "the unit is not that of the input"),
        ("n_money", f'{PAID}, take = "sum", each = "kind"', "each", "only figures can be added up"),
        ("n_grade", f'{CASES}, take = "sum", each = "grade"', "each", "only figures can be added up"),
        ("n_money", f'{PAID}, take = "sum", each = "n_money + amount"', "each", "a figure that is itself counted"),
        ("n_money", f'{PAID}, take = "sum", each = "amount + rate"', "each", "records are counted before anything"),
        ("n_money", f'{PAID}, take = "sum", each = "amount / 0"', "each", "a division by a figure of the profile"),
        (
            "n_money",
            f'{PAID}, take = "sum", each = "clip(amount, 0, 1) * n_persons / n_cases"',
            "each",
            "divides by a figure that varies",
        ),
        (
            "n_money",
            f'{PAID}, take = "sum", each = "amount * (if grade > 3 then 0.0000001 else 1)"',
            "each",
            "a figure could leave 64 bits",
        ),
        (
            "n_money",
            f'{PAID}, take = "sum", per = [{{ key = "case", sums = {{ a = "amount" }} }}]',
            "per",
            "records are put together for a formula",
        ),
        (
            "n_days",
            f'{CASES}, take = "sum", per = [{{ key = "case", sums = {{ a = "days_lost" }} }}], each = "a"',
            "per[0].key",
            "cases are not put together by this; seen: 'case'; expected: each once, one of: accident, worker",
        ),
        (
            "n_money",
            f'{PAID}, take = "sum", per = [{{ key = "case", sums = {{ n_days = "amount" }} }}], each = "n_days"',
            "per[0].sums",
            "a sum needs a name of its own",
        ),
        (
            "n_money",
            f'{PAID}, take = "sum", per = [{{ key = "case", sums = {{ a = "amount" }} }}], each = "amount"',
            "each",
            "nothing is called 'amount' here",
        ),
        (
            "n_cases",
            f'{CASES}, take = "count", also = [{{ dated = "paid_on", window = "w" }}]',
            "also[0].dated",
            "records are not placed by this; seen: 'paid_on'",
        ),
        (
            "n_cases",
            f'{CASES}, take = "count", also = [{{ dated = "occurred_on", window = "v" }}]',
            "also[0].window",
            "no such window here; seen: 'v'",
        ),
        (
            "n_money",
            f'{SINCE}, also = [{{ dated = "paid_on", window = "w" }}]',
            "also",
            "further dates go with a first one",
        ),
    ],
)
def test_each_broken_rule(name: str, rule: str, key: str, words: str) -> None:
    """One mistake each: the place is that of the key, and the message says what would do."""
    problems = [problem.message for problem in refusal(counting(name, rule)).problems]
    assert any(f"$.counting.{name}" in text and f".{key}: " in text and words in text for text in problems), problems


def test_a_rule_for_no_input_names_the_nearest() -> None:
    """A misspelt name counts nothing, so it is refused."""
    assert "a counting rule is for an input; seen: 'n_case'; expected: did you mean 'n_cases'" in str(
        refusal(counting("n_case", f'{CASES}, take = "count"'))
    )


@pytest.mark.parametrize(
    "window",
    [
        Window(dt.date(2020, 1, 1), 12, 99_999),
        Window(dt.date(2020, 1, 1), 12, 12, gap=30_000),
        Window(dt.date(2020, 1, 1), 12, 12, back=3_000),
        Window(dt.date(1, 1, 1), 12, 12),
    ],
)
def test_a_window_beyond_the_calendar_is_refused(window: Window) -> None:
    """At load, not with the first employer."""
    found = refusal(counting("n_cases", f'{CASES}, take = "count"', window=window))
    assert "$.windows.w[0]: the window reaches back beyond the calendar" in str(found)


@pytest.mark.parametrize("key", ["every", "length"])
def test_a_window_of_no_months_is_refused(key: str) -> None:
    """Cycles and windows have at least one month."""
    body = counting("n_cases", f'{CASES}, take = "count"').replace(f"{key} = 12", f"{key} = 0")
    with pytest.raises(ProfileError, match=f"windows.w.*{key} is too small"):
        little(body)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (f'{CASES}, take = "counts"', "did you mean 'count'"),
        ('from = "case", take = "count"', "did you mean 'cases'"),
        (f'{CASES}, take = "count", wher = "death"', "did you mean 'where'"),
        (f'{CASES}, take = "count", undated = "ignored"', "left out"),
        (f'{CASES}, take = "count", where = "death and"', "where"),
    ],
)
def test_each_misspelt_key_or_word(rule: str, words: str) -> None:
    """The reader of profiles finds these before any rule is looked at."""
    with pytest.raises(ProfileError, match=words):
        little(counting("n_cases", rule))


def test_the_words_of_records_that_are_open_lists_stay_open() -> None:
    """A region may count events and certificates that nobody else knows."""
    rule = 'from = "events", take = "any", dated = "on", where = "kind == \'late_report\'"'
    assert little(counting("n_flag", rule, window=YEAR)).on(DAY).counting.rules
