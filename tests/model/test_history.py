"""Events, recognitions, and the history that holds everything of one employer."""

from __future__ import annotations

import datetime as dt

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from injuryprev import testing
from injuryprev.errors import InputError
from injuryprev.model import (
    EVENT_KINDS,
    RECOGNITION_KINDS,
    BenefitPayment,
    EmployerEvent,
    Exposure,
    History,
    InjuryCase,
    Recognition,
)
from injuryprev.units import Period

TABLES = ("exposures", "contributions", "cases", "payments", "events", "recognitions")


@given(testing.histories())
def test_a_history_reads_its_own_tables(history: History) -> None:
    """As tuples, as lists, or as generators; None stays None and empty stays empty."""
    tables = {name: getattr(history, name) for name in TABLES}
    assert History(**tables) == history
    assert History(**{name: table and list(table) for name, table in tables.items() if table != ()}) == History(
        **{name: table for name, table in tables.items() if table != ()}
    )
    assert (
        History(**{name: None if table is None else (row for row in table) for name, table in tables.items()})
        == history
    )
    assert history.missing == tuple(name for name in TABLES if tables[name] is None)


@given(testing.histories(employer_id="E-77777"))
def test_a_history_is_of_the_employer_of_its_rows(history: History) -> None:
    """Its employer is that of any row; a history without rows names none."""
    rows = [row for name in TABLES for row in getattr(history, name) or ()]
    assert history.employer_id == ("E-77777" if rows else None)


@given(testing.histories(employer_id="E-77777"), st.data())
def test_a_row_of_another_employer_is_refused(history: History, data: st.DataObject) -> None:
    """In whichever table it hides, the error names the row, the stranger and the employer expected."""
    filled = [name for name in TABLES if getattr(history, name)]
    assume(sum(len(getattr(history, name)) for name in filled) > 1)
    name = data.draw(st.sampled_from(filled))
    rows = list(getattr(history, name))
    place = data.draw(st.integers(0, len(rows) - 1))
    rows[place] = attrs.evolve(rows[place], employer_id="E-88888")
    with pytest.raises(InputError, match="a history is of one employer") as caught:
        attrs.evolve(history, **{name: rows})
    assert caught.value.where.startswith("History.")
    assert "E-88888" in str(caught.value)
    assert "E-77777" in str(caught.value)


@given(testing.histories(employer_id="E-1"), testing.benefit_payments("E-1"))
def test_a_payment_may_be_for_a_case_older_than_the_extract(history: History, payment: BenefitPayment) -> None:
    """Whether cases were supplied or not: pensions go on for injuries of long ago."""
    payments = [*(history.payments or ()), attrs.evolve(payment, case_id="C-unknown")]
    assert attrs.evolve(history, payments=payments).payments == tuple(payments)


@given(testing.cases("E-1", "C-1"), testing.cases("E-1", "C-1"))
def test_two_cases_of_one_id_are_refused(first: InjuryCase, second: InjuryCase) -> None:
    """Even where the two are the same: a row read twice counts an injury twice."""
    with pytest.raises(InputError, match="two cases of one id") as caught:
        History(cases=[first, second])
    assert caught.value.where == "History.cases[1].id"


@given(testing.exposures("E-1", Period("2024-01-01", "2025-01-01")), st.integers(-300, 300), st.integers(1, 400))
def test_a_figure_given_twice_is_refused(row: Exposure, shift: int, length: int) -> None:
    """Exactly when two rows give the same figure for a common day; order does not matter."""
    since = row.period.since + dt.timedelta(shift)
    other = attrs.evolve(row, period=Period(since, since + dt.timedelta(length)))
    both = row.period.intersect(other.period)
    for rows in ([row, other], [other, row]):
        if both is None:
            assert History(exposures=rows).exposures == tuple(rows)
        else:
            with pytest.raises(InputError, match="given twice for the same days"):
                History(exposures=rows)


def test_a_long_row_is_compared_with_more_than_its_neighbour() -> None:
    """A year of wages overlaps its December although November lies between them."""
    year, november, december = Period.year(2024), Period("2024-11-01", "2024-12-01"), Period("2024-12-01", "2025-01-01")
    rows = [Exposure("E-1", year, hours=1), Exposure("E-1", november, insured=1), Exposure("E-1", december, hours=1)]
    with pytest.raises(InputError, match="hours is given twice"):
        History(exposures=rows)


def test_different_figures_may_share_days() -> None:
    """Wages by the month and hours by the year are no contradiction."""
    monthly = Exposure("E-1", Period("2024-01-01", "2024-02-01"), payroll=1)
    yearly = Exposure("E-1", Period.year(2024), hours=1)
    assert History(exposures=(monthly, yearly)).employer_id == "E-1"


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("table", ["rows", b"rows", 3, {"a": 1}, [None], ["row"], [Period("2024-01-01")]])
def test_a_table_of_something_else_is_refused(name: str, table: object) -> None:
    """A table holds objects of its class."""
    with pytest.raises(InputError) as caught:
        History(**{name: table})  # type: ignore[arg-type]
    assert caught.value.where.startswith(f"History.{name}")


def test_a_row_in_the_wrong_table_is_found_by_its_place() -> None:
    """The index is in the error."""
    event = EmployerEvent("E-1", "arrears", "2024-01-01")
    with pytest.raises(InputError) as caught:
        History(recognitions=[Recognition("E-1", "standardisation", 1, Period("2024-01-01")), event])  # type: ignore[list-item]
    assert caught.value.where == "History.recognitions[1]"


@given(testing.histories())
def test_the_repr_of_a_history_counts(history: History) -> None:
    """It shows the employer and how much there is, and nothing of any person."""
    shown = repr(history)
    for case in history.cases or ():
        assert case.worker not in shown
    for name in TABLES:
        table = getattr(history, name)
        assert f"{name} {len(table)}" in shown if table is not None else name in shown.split("not supplied: ")[1]


@given(testing.employer_events(), testing.recognitions())
def test_events_and_recognitions_read_their_own_fields(event: EmployerEvent, recognition: Recognition) -> None:
    """Building them again changes nothing."""
    assert EmployerEvent(event.employer_id, event.kind, event.on, event.until) == event
    assert Recognition(recognition.employer_id, recognition.kind, recognition.grade, recognition.period) == recognition


@given(testing.employer_events(), st.integers(0, 900))
def test_an_event_ends_after_it_begins(event: EmployerEvent, early: int) -> None:
    """``until`` is the first day without it, so the same day is too early."""
    with pytest.raises(InputError) as caught:
        attrs.evolve(event, until=event.on - dt.timedelta(early))
    assert caught.value.where == "EmployerEvent.until"


@pytest.mark.parametrize("kind", ["", "Benefit_fraud", "benefit fraud", "骗保", None, 3, "a__b", "x_"])
def test_kinds_are_names(kind: object) -> None:
    """A kind that no profile could name is refused; one that only a profile knows is taken."""
    with pytest.raises(InputError) as caught:
        EmployerEvent("E-1", kind, "2024-01-01")
    assert caught.value.where == "EmployerEvent.kind"
    with pytest.raises(InputError) as refused:
        Recognition("E-1", kind, None, Period("2024-01-01"))
    assert refused.value.where == "Recognition.kind"
    assert EmployerEvent("E-1", "late_report", "2024-01-01").kind == "late_report"


@pytest.mark.parametrize("grade", [0, -1, 1.5, "first", True, 100])
def test_grades_of_recognition_are_whole_numbers_from_one(grade: object) -> None:
    """Zero is a profile's word for 'none'; here there is then no recognition."""
    with pytest.raises(InputError) as caught:
        Recognition("E-1", "standardisation", grade, Period("2024-01-01"))  # type: ignore[arg-type]
    assert caught.value.where == "Recognition.grade"


def test_known_kinds_have_words_in_both_languages() -> None:
    """So that a decision can name them."""
    assert all(words.en and words.zh for words in (*EVENT_KINDS.values(), *RECOGNITION_KINDS.values()))
