"""Single cases of counting, each with the answer a clerk would give."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from brute_force import Window
from little import DAY, ME, counted, counting, little

from injuryprev.engine.windows import window_on
from injuryprev.model import (
    BenefitPayment,
    ContributionPaid,
    Employer,
    EmployerEvent,
    Exposure,
    History,
    Industry,
    InjuryCase,
    Recognition,
)
from injuryprev.policy.document import Window as Written
from injuryprev.units import Period
from injuryprev.unknown import Unknown

EMPTY = History(exposures=(), contributions=(), cases=(), payments=(), events=(), recognitions=())
CASES = 'from = "cases", dated = "recognised_on", window = "w"'
PAID = 'from = "payments", dated = "paid_on", window = "w", take = "sum", field = "amount", none = 0'
PAID_IN = 'from = "contributions", dated = "period", window = "w", take = "sum", field = "amount"'
WORKERS = 'from = "exposure", window = "w", take = "mean", field = "insured", round = { to = 0.01, mode = "half_up" }'
WAGES = 'from = "exposure", window = "w", take = "sum", field = "payroll"'
DEATHS = 'from = "cases", dated = "died_on", window = "w", take = "count", where = "death", none = 0'


def case(place: int, worker: str = "w-1", on: str | None = "2023-03-01", **given: Any) -> InjuryCase:
    """A case recognised on a day of the year that counts."""
    return InjuryCase(f"C-{place}", ME.id, worker, "2023-01-01", recognised_on=on, **given)


def codes(value: object) -> tuple[str, ...]:
    """Why a value is not known."""
    assert isinstance(value, Unknown), value
    return tuple(reason.code for reason in value.reasons)


@pytest.mark.parametrize(
    ("window", "day", "days"),
    [
        ((dt.date(2024, 1, 31), 1, 1), "2024-02-28", "[2023-12-31, 2024-01-31)"),
        ((dt.date(2024, 1, 31), 1, 1), "2024-02-29", "[2024-01-31, 2024-02-29)"),
        ((dt.date(2024, 1, 31), 1, 1), "2024-03-30", "[2024-01-31, 2024-02-29)"),
        ((dt.date(2024, 1, 31), 1, 1), "2024-03-31", "[2024-02-29, 2024-03-31)"),
        ((dt.date(2020, 2, 29), 12, 12), "2023-02-28", "[2022-02-28, 2023-02-28)"),
        ((dt.date(2020, 2, 29), 12, 12), "2024-02-28", "[2022-02-28, 2023-02-28)"),
        ((dt.date(2020, 2, 29), 12, 12), "2024-02-29", "[2023-02-28, 2024-02-29)"),
        ((dt.date(2024, 1, 1), 12, 12), "2020-06-01", "[2019-01-01, 2020-01-01)"),
        ((dt.date(2025, 1, 1), 24, 24, 3), "2026-12-31", "[2022-10-01, 2024-10-01)"),
        ((dt.date(2025, 1, 1), 24, 24, 3, 1), "2025-01-01", "[2020-10-01, 2022-10-01)"),
        ((dt.date(2025, 1, 1), 24, 24, 3), "2024-12-31", "[2020-10-01, 2022-10-01)"),
    ],
)
def test_windows_written_out(window: tuple[Any, ...], day: str, days: str) -> None:
    """Ends of months, leap days, days before the anchor, and the two years of Jiangsu and Anhui."""
    written = Written(**dict(zip(("cycle", "every", "length", "gap", "back"), window, strict=False)))
    assert str(window_on(written, dt.date.fromisoformat(day))) == days


def test_a_worker_injured_twice_is_two_cases_and_one_person() -> None:
    """Dalian's rate counts person-times, others persons."""
    history = History(cases=[case(1), case(2), case(3, "w-2")])
    assert counted(counting("n_cases", f'{CASES}, take = "count"'), history) == 3
    assert counted(counting("n_persons", f'{CASES}, take = "persons"'), history) == 2


@pytest.mark.parametrize("undated", ["unknown", "left out"])
def test_a_case_without_its_day(undated: str) -> None:
    """Unknown where the law does not say that it waits, left out where it does; one that cannot count is no matter."""
    open_case = case(2, on=None)
    body = counting("n_cases", f'{CASES}, take = "count", undated = "{undated}"')
    value = counted(body, History(cases=[case(1), open_case]))
    assert value == 1 if undated == "left out" else codes(value) == ("undated",)
    deaths = counting("n_cases", f'{CASES}, take = "count", where = "death", none = 0, undated = "{undated}"')
    assert counted(deaths, History(cases=[open_case])) == 0


def test_only_the_dead_need_a_day_of_death() -> None:
    """Counting deaths by their day asks it of nobody who lives."""
    assert (
        counted(counting("n_cases", DEATHS), History(cases=[case(1), case(2, death=True, died_on="2023-04-05")])) == 1
    )
    assert codes(counted(counting("n_cases", DEATHS), History(cases=[case(1), case(2, death=True)]))) == ("undated",)


def test_a_table_not_supplied_is_not_an_empty_one() -> None:
    """What stands in for no record does not stand in for no table."""
    body = counting("n_cases", f'{CASES}, take = "count", none = 0')
    assert codes(counted(body, History())) == ("not_supplied",)
    assert counted(body, EMPTY) == 0
    assert codes(counted(counting("n_money", PAID_IN), EMPTY)) == ("no_record",)
    arrears = counting("n_flag", 'from = "events", take = "any", dated = "on"')
    assert codes(counted(arrears, History())) == ("not_supplied",)
    assert counted(arrears, EMPTY) is False


@pytest.mark.parametrize(
    ("since", "until", "code"),
    [
        ("2023-01-01", "2024-01-01", ""),
        ("2022-12-31", "2023-02-01", "straddles"),
        ("2023-12-01", "2024-01-02", "straddles"),
        ("2022-12-01", "2023-01-01", "no_record"),
        ("2024-01-01", "2024-02-01", "no_record"),
    ],
)
def test_a_sum_over_a_record_that_straddles_is_unknown(since: str, until: str, code: str) -> None:
    """Nobody knows which part of the money belongs to the window; one day too many is enough."""
    value = counted(
        counting("n_money", PAID_IN), History(contributions=[ContributionPaid("E-1", Period(since, until), 7)])
    )
    assert value == 7 if not code else codes(value) == (code,)


def test_a_record_that_straddles_but_cannot_count_is_no_matter() -> None:
    """The condition rules it out, so its days are not asked for."""
    body = counting("n_money", PAID_IN + ', where = "amount < 100"')
    within = ContributionPaid("E-1", Period.year(2023), 7)
    assert (
        counted(body, History(contributions=[within, ContributionPaid("E-1", Period("2022-07-01", "2023-07-01"), 100)]))
        == 7
    )


def test_the_reasons_do_not_depend_on_the_order_of_records() -> None:
    """Of several records that straddle, the same one is named whichever comes first."""
    rows = [ContributionPaid("E-1", Period(f"2022-{month:02}-01", "2023-02-01"), 1) for month in (3, 9, 6)]
    found = [counted(counting("n_money", PAID_IN), History(contributions=order)) for order in (rows, rows[::-1])]
    assert found[0] == found[1]
    assert "2022-03-01" in str(found[0])


def test_a_mean_is_weighted_by_days() -> None:
    """100 workers for 31 days and 50 for 334; a part of the year is refused or taken as it is."""
    year = [
        Exposure("E-1", Period("2023-01-01", "2023-02-01"), insured=100),
        Exposure("E-1", Period("2023-02-01", "2024-06-01"), insured=50),
    ]
    assert counted(counting("n_persons", WORKERS), History(exposures=year)) == Fraction("54.25")
    assert codes(counted(counting("n_persons", WORKERS), History(exposures=year[:1]))) == ("partial",)
    assert counted(counting("n_persons", WORKERS + ', partial = "actual"'), History(exposures=year[:1])) == 100


def test_a_mean_over_records_that_overlap_is_unknown() -> None:
    """Which of the two holds for the days in both, nobody can tell."""
    body = counting("n_money", PAID_IN.replace('"sum"', '"mean"') + ', round = { to = 0.01, mode = "up" }')
    rows = [
        ContributionPaid("E-1", Period.year(2023), 1),
        ContributionPaid("E-1", Period("2023-12-31", "2024-02-01"), 2),
    ]
    assert codes(counted(body, History(contributions=rows))) == ("overlap",)


def test_a_mean_by_the_day_of_payment_is_plain() -> None:
    """Contributions paid within the year may be for months outside it."""
    body = counting(
        "n_money",
        PAID_IN.replace('"sum"', '"mean"').replace('"period"', '"paid_on"') + ', round = { to = 0.01, mode = "up" }',
    )
    rows = [
        ContributionPaid("E-1", Period.year(2020), 10, "2023-01-05"),
        ContributionPaid("E-1", Period.year(2023), 21, "2023-12-31"),
    ]
    assert counted(body, History(contributions=rows)) == Fraction("15.5")


def test_wages_by_the_month_and_hours_by_the_year() -> None:
    """A record that is about another figure does not lack this one, nor does it straddle for it."""
    months = [
        Exposure("E-1", Period(f"2023-{month:02}-01", f"2023-{month + 1:02}-01"), payroll=10) for month in range(1, 12)
    ]
    hours = [Exposure("E-1", Period("2023-01-01", "2023-12-01"), hours=5)]
    assert counted(counting("n_money", WAGES), History(exposures=months + hours)) == 110
    more = [Exposure("E-1", Period("2023-01-01", "2024-01-01"), hours=5)]
    assert codes(counted(counting("n_money", WAGES), History(exposures=months + more))) == ("no_figure",)


def test_a_pension_for_an_old_case() -> None:
    """Its amount counts where the rule does not ask what the case was, and is unknown where it does."""
    history = History(cases=[], payments=[BenefitPayment("E-1", "C-1999", "2023-05-01", 900, "disability_monthly")])
    assert counted(counting("n_money", PAID), history) == 900
    assert codes(counted(counting("n_money", PAID + ", where = \"item != '14.6'\""), history)) == ("field",)
    assert counted(counting("n_money", PAID + ", where = \"kind == 'medical' and item != '14.6'\""), history) == 0
    assert counted(counting("n_money", PAID + ", where = \"kind == 'disability_monthly' or death\""), history) == 900


def test_one_that_counts_settles_whether_there_is_any() -> None:
    """A certificate of unknown grade takes nothing from one of grade 1."""
    held = Period("2023-01-01", "2026-01-01")
    body = counting("n_flag", 'from = "recognitions", take = "any", where = "grade <= 2"')
    sure, unsure, low = (Recognition("E-1", "standardisation", grade, held) for grade in (1, None, 3))
    assert counted(body, History(recognitions=[unsure, sure])) is True
    assert codes(counted(body, History(recognitions=[unsure, low]))) == ("field",)


@pytest.mark.parametrize(
    ("on", "held"), [("2024-05-05", False), ("2024-05-06", True), ("2024-06-05", True), ("2024-06-06", False)]
)
def test_in_force_on_the_day(on: str, held: bool) -> None:
    """Certificates and events without a window count from their first day to the day before ``until``."""
    history = History(
        recognitions=[Recognition("E-1", "standardisation", 2, Period("2024-05-06", "2024-06-06"))],
        events=[EmployerEvent("E-1", "arrears", "2024-05-06", "2024-06-06")],
    )
    day = dt.date.fromisoformat(on)
    grade = counting("n_grade", 'from = "recognitions", take = "min", field = "grade", none = 0')
    assert counted(grade, history, on=day) == (2 if held else 0)
    assert counted(counting("n_flag", 'from = "events", take = "any", dated = "on"'), history, on=day) is held


@pytest.mark.parametrize(
    ("since", "months"),
    [("2023-01-31", 11), ("2022-12-31", 12), ("2024-01-01", 0), ("2024-03-01", 0), ("2020-02-29", 46), (None, None)],
)
def test_months_insured_at_the_end_of_the_window(since: str | None, months: int | None) -> None:
    """Whole months, never fewer than none."""
    rule = 'from = "employer", take = "months_since", field = "insured_since", window = "w"'
    value = counted(counting("n_months", rule), EMPTY, employer=Employer("E-1", insured_since=since))
    assert codes(value) == ("missing",) if months is None else value == months


CLASSES = (
    "[classifications.c]\nedition = 'GB/T 4754-2011'\nsource = 'law'\nclasses = { 1 = ['65'], 6 = ['06', '10'] }\n"
)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"industry": Industry("B06", "GB/T 4754-2011")}, 6),
        ({"industry": Industry("0610", "GB/T 4754-2011")}, 6),
        ({"industry": Industry("0610", "GB/T 4754-2011"), "risk_class": 3}, 3),
        ({"industry": Industry("06", "GB/T 4754-2017"), "risk_class": 3}, 3),
        ({"industry": Industry("06", "GB/T 4754-2017")}, "other_edition"),
        ({"industry": Industry("01", "GB/T 4754-2011")}, "no_class"),
        ({}, "missing"),
    ],
)
def test_the_class_of_an_employer(given: dict[str, Any], found: int | str) -> None:
    """The agency's class first, then the table, and only for codes of its own edition."""
    body = counting("n_class", 'from = "employer", take = "classify", classification = "c"') + CLASSES
    value = counted(body, EMPTY, employer=Employer("E-1", **given))
    assert codes(value) == (found,) if isinstance(found, str) else value == found


def test_least_greatest_and_words() -> None:
    """Figures of records and words of the employer as they are written."""
    history = History(cases=[case(1, grade=9, days_lost=30), case(2, grade=4, days_lost=200)])
    assert counted(counting("n_grade", f'{CASES}, take = "min", field = "grade"'), history) == 4
    assert counted(counting("n_days", f'{CASES}, take = "max", field = "days_lost"'), history) == 200
    assert counted(counting("n_word", 'from = "employer", take = "value", field = "kind"'), EMPTY) == "ordinary"


def test_a_refund_lowers_the_sum() -> None:
    """Exactly, to the last fen."""
    payments = [
        BenefitPayment("E-1", None, "2023-05-01", Decimal("100.10"), "medical"),
        BenefitPayment("E-1", None, "2023-12-31", Decimal("-0.20"), "refund"),
    ]
    assert counted(counting("n_money", PAID), History(payments=payments)) == Fraction("99.9")


def test_beyond_the_coverage_the_window_is_that_of_the_day() -> None:
    """The last rules known look back from the day that was asked for, not from the last day of the rules."""
    profile = little(
        counting("n_cases", f'{CASES}, take = "count", none = 0', window=Window(dt.date(2020, 1, 1), 12, 12)),
        until="2022-01-01",
    )
    policy = profile.on(DAY, beyond="last-known")
    (found,) = policy.counting.count(ME, History(cases=[case(1)])).values()
    assert found.value == 1
    assert "[2023-01-01, 2024-01-01)" in found.words.en


def test_the_condition_is_said_with_the_figure() -> None:
    """Whoever reads that two payments were summed must see which were left out."""
    rows = [
        BenefitPayment("E-1", None, "2023-05-05", 7, "medical"),
        BenefitPayment("E-1", None, "2023-05-06", 1, "funeral"),
    ]
    policy = little(counting("n_money", PAID + ", where = \"kind == 'medical'\"")).on(DAY)
    figure = policy.counting.count(ME, History(payments=rows))["n_money"]
    assert figure.value == 7
    assert str(figure.words).endswith("in [2023-01-01, 2024-01-01), where kind == 'medical'")
    assert figure.words.zh.endswith("条件为 kind == 'medical'")
