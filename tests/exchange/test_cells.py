"""What a cell means, and what is refused because it could mean two things."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from injuryprev.exchange.cells import Broken, CellError, Formula, parse
from injuryprev.exchange.headers import TABLES, Column, match
from injuryprev.units import Period


def column(table: str, name: str) -> Column:
    """A column by table and name."""
    return TABLES[table].column(name)


NEW_YEAR = dt.datetime(2024, 1, 1)  # noqa: DTZ001 - as workbooks have them
PAYROLL = column("exposure", "payroll")
DAY = column("cases", "occurred_on")
RATIO = column("industries", "industry_incidence")


@pytest.mark.parametrize(
    "text", ["2024-02-29", "2024/2/29", "2024.02.29", "20240229", "2024年2月29日", "２０２４-02-29"]
)
def test_a_day_may_be_written_in_every_way_that_has_one_meaning(text: str) -> None:
    """Year first, whatever the separator, and with the time of day if the export has one."""
    assert parse(DAY, text) == dt.date(2024, 2, 29)
    assert parse(DAY, text + " 14:30:00") == dt.date(2024, 2, 29)


@pytest.mark.parametrize("text", ["2024-02-30", "29-02-2024", "02/03/2024", "45351", "2024-13-01", "24-01-01", "yes"])
def test_no_day_is_guessed(text: str) -> None:
    """Neither a day that does not exist, nor one whose month is unclear, nor a spreadsheet's serial number."""
    with pytest.raises(CellError) as caught:
        parse(DAY, text)
    assert caught.value.code == "bad_date"


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("12000000", "12000000"),
        (" 12,000,000.50 ", "12000000.50"),
        ("-5", "-5"),
        (".5", "0.5"),
        ("１２", "12"),
        (1200.1, "1200.1"),
        (7, "7"),
    ],
)
def test_numbers_are_exact(raw: object, value: str) -> None:
    """Thousands marks and full-width digits are understood; a double is its shortest decimal."""
    assert parse(PAYROLL, raw) == Decimal(value)


@pytest.mark.parametrize(
    "raw",
    ["1.2E+07", "12,00", "1.234,56", "12 000", "¥12", "nan", "inf", "-", "9" * 30, True, 10**30, 1e300, float("inf")],
)
def test_no_number_is_guessed(raw: object) -> None:
    """Digits dropped by a spreadsheet, a decimal comma, and words are refused."""
    with pytest.raises(CellError):
        parse(PAYROLL, raw)


@given(st.decimals(-(10**14), 10**14, places=6), st.sampled_from([0, 3, 4, 8, -2]))
def test_a_unit_in_the_header_moves_the_point_exactly(number: Decimal, shift: int) -> None:
    """万元 multiplies by ten thousand without touching a digit."""
    assert parse(PAYROLL, f"{number:f}", shift) == number * Decimal(10) ** shift


@pytest.mark.parametrize(
    ("header", "shift"),
    [("缴费工资总额（万元）", 4), ("payroll [yuan]", 0), ("工资总额(元)", 0), ("Contribution Wages*", 0)],
)
def test_headers_may_state_their_unit(header: str, shift: int) -> None:
    """Width, case, blanks and brackets do not matter; the unit does."""
    assert match(header, TABLES["exposure"].synonyms()) == (PAYROLL, shift)


@pytest.mark.parametrize("header", ["payroll (USD)", "缴费工资总额（斤）", "payrol", ""])
def test_a_unit_nobody_understands_makes_the_header_unknown(header: str) -> None:
    """Better a missing column than a figure in the wrong unit."""
    assert match(header, TABLES["exposure"].synonyms()) is None


@pytest.mark.parametrize(("text", "value"), [("1.25%", "0.0125"), ("0.0125", "0.0125"), ("1.25 %", "0.0125")])
def test_a_ratio_may_be_a_per_cent(text: str, value: str) -> None:
    """The sign in the cell says so; without it a ratio is a plain fraction."""
    assert parse(RATIO, text) == Decimal(value)


def test_money_is_no_per_cent() -> None:
    """A per cent sign where money belongs is damage."""
    with pytest.raises(CellError):
        parse(PAYROLL, "12%")


@pytest.mark.parametrize("word", ["是", "true", "Yes", "1", True, 1, 1.0])
def test_yes_in_every_way(word: object) -> None:
    """True and its words."""
    assert parse(column("cases", "death"), word) is True


@pytest.mark.parametrize("word", ["否", "FALSE", "n", "0", False, 0])
def test_no_in_every_way(word: object) -> None:
    """False and its words."""
    assert parse(column("cases", "death"), word) is False


@pytest.mark.parametrize("word", ["maybe", "2", "死亡", 2])
def test_anything_else_is_neither(word: object) -> None:
    """A word that is not listed is not taken for false."""
    with pytest.raises(CellError, match="bad_flag"):
        parse(column("cases", "death"), word)


@pytest.mark.parametrize("raw", [None, "", "  ", "\u3000"])
@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_an_empty_cell_is_unknown(raw: object, table: object) -> None:
    """In no column is an empty cell zero, false or empty text."""
    for each in getattr(table, "columns", ()):
        assert parse(each, raw) is None


@pytest.mark.parametrize(("raw", "key"), [("007", "007"), (1001, "1001"), (1001.0, "1001"), (" E 1 ", "E 1")])
def test_keys_stay_what_they_are(raw: object, key: str) -> None:
    """Zeros before a number are part of a key."""
    assert parse(column("employers", "id"), raw) == key


@pytest.mark.parametrize("raw", [3.3e17, 10**15, "3.30426E+17", "a\nb", 1.5, True, NEW_YEAR])
def test_keys_that_lost_digits_are_refused(raw: object) -> None:
    """A long number kept as a double is no longer the key it was."""
    with pytest.raises(CellError):
        parse(column("employers", "id"), raw)


@pytest.mark.parametrize(
    ("raw", "code"), [("06", "06"), (11, "11"), (1010, "1010"), ("b0610", "B0610"), ("０６", "06")]
)
def test_industry_codes(raw: object, code: str) -> None:
    """Two and four digits, and any with a letter, have one reading."""
    assert parse(column("employers", "industry"), raw) == code


@pytest.mark.parametrize("raw", [6, "6", "610", 610])
def test_an_industry_code_that_may_have_lost_its_zero(raw: object) -> None:
    """610 may be 0610, coal: read as it stands it would be a hotel, six classes lower."""
    with pytest.raises(CellError) as caught:
        parse(column("employers", "industry"), raw)
    assert caught.value.code == "lost_zero"


@pytest.mark.parametrize("raw", ["2024-12", "202412", 202412, "2024年12月", NEW_YEAR.replace(month=12)])
def test_a_month_is_a_half_open_period(raw: object) -> None:
    """December ends where January begins."""
    assert parse(column("contributions", "month"), raw) == Period("2024-12-01", "2025-01-01")


@pytest.mark.parametrize("raw", ["2024-13", "2024-12-05", "12-2024", NEW_YEAR.replace(day=5)])
def test_no_month_is_guessed(raw: object) -> None:
    """A day inside a month is not the month."""
    with pytest.raises(CellError, match="bad_month"):
        parse(column("contributions", "month"), raw)


@pytest.mark.parametrize(
    ("raw", "good"), [("2024", True), (2024, True), ("2024年", True), ("24", False), (45351, False)]
)
def test_a_year(raw: object, *, good: bool) -> None:
    """Four digits."""
    if good:
        assert parse(column("exposure", "year"), raw) == Period.year(2024)
    else:
        with pytest.raises(CellError, match="bad_year"):
            parse(column("exposure", "year"), raw)


@pytest.mark.parametrize("raw", [Formula("=B2*0.9"), Broken("#REF!")])
@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_formulas_and_errors_are_no_values(raw: object, table: object) -> None:
    """In no column is the result of a formula taken, whatever the workbook remembers of it."""
    for each in getattr(table, "columns", ()):
        with pytest.raises(CellError):
            parse(each, raw)


@pytest.mark.parametrize(("raw", "key"), [("医疗费用", "medical"), ("医疗费", "medical"), ("Medical", "medical")])
def test_closed_lists_in_chinese(raw: str, key: str) -> None:
    """The words of the regulation and the usual short ones."""
    assert parse(column("payments", "kind"), raw) == key
