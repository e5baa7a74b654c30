"""Headers found, rows split, and damage kept to the row it is on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from injuryprev.errors import ReadError
from injuryprev.exchange import Finding, read_area
from injuryprev.exchange.headers import TABLES, fold
from injuryprev.exchange.tables import Row, read_table

Save = Callable[..., Path]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Write tables as text files, given as ``employers="…"``; returns their directory."""

    def write(*, encoding: str = "utf-8", **tables: str) -> Path:
        for name, text in tables.items():
            (tmp_path / f"{name}.csv").write_bytes(text.encode(encoding))
        return tmp_path

    return write


HEAD = "employer_id,since,until,amount\n"


def read(directory: Path, table: str) -> tuple[list[Finding], list[Row]]:
    """The findings about a file, and its rows."""
    findings, rows = read_table(directory / f"{table}.csv", TABLES[table])
    return findings, list(rows)


def codes(directory: Path, **options: str) -> list[tuple[str, int | None]]:
    """Code and row of every finding of an area."""
    return [(finding.code, finding.row) for finding in read_area(directory, **options).findings]  # type: ignore[arg-type]


def test_no_name_of_a_column_means_two_columns() -> None:
    """Within a table every English and Chinese name leads to one column."""
    for table in TABLES.values():
        names = [
            name for column in table.columns for name in {fold(word) for word in (column.name, *column.en, *column.zh)}
        ]
        assert len(names) == len(set(names)), table.name


def test_no_name_of_a_table_means_two_tables() -> None:
    """A file or sheet name leads to one table."""
    names = [fold(name) for table in TABLES.values() for name in (table.name, *table.zh)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_the_delimiter_is_found_from_the_header(save: Save, mark: str) -> None:
    """Commas, tabs and semicolons, as Excel writes them in one country or another."""
    directory = save(contributions=(HEAD + "E1,2024-01-01,2024-02-01,5\n").replace(",", mark))
    _, rows = read(directory, "contributions")
    assert rows[0].cells["employer_id"] == "E1"
    assert len(rows[0].cells) == 4


def test_titles_above_the_header_are_reported(save: Save) -> None:
    """Forms have a title line; it is no header, and it is not passed over in silence."""
    directory = save(employers="某某区参保单位一览表,,\n单位编号,行业代码,行业版本\nE1,06,2017\n")
    area = read_area(directory)
    assert list(area.employers) == ["E1"]
    assert [(finding.code, finding.row, finding.severity) for finding in area.findings] == [("above_header", 1, "warn")]


def test_a_missing_column_names_the_nearest_header(save: Save) -> None:
    """The whole table cannot be read, and the message says which header may have been meant."""
    with pytest.raises(ReadError) as caught:
        read(save(contributions="employer_id,since,until,amuont\n"), "contributions")
    assert "'amuont'" in str(caught.value)
    assert "缴费金额" in str(caught.value)


def test_a_table_without_periods_is_refused(save: Save) -> None:
    """Money for no time cannot be counted."""
    with pytest.raises(ReadError, match="since, month, year"):
        read(save(contributions="employer_id,amount\nE1,5\n"), "contributions")


def test_two_columns_of_one_meaning_are_refused(save: Save) -> None:
    """Which of them counts would be a guess."""
    with pytest.raises(ReadError, match="缴费金额, amount"):
        read(save(contributions="employer_id,month,缴费金额,amount\n"), "contributions")


def test_an_empty_file_is_refused(save: Save) -> None:
    """No header, no table."""
    with pytest.raises(ReadError, match="empty"):
        read(save(employers="\n\n"), "employers")


def test_unknown_columns_are_reported_once_and_never_shown(save: Save) -> None:
    """A column of names is not read, is not quoted, and is not passed over in silence."""
    area = read_area(save(employers="id,法定代表人\nE1,虚构人\nE2,另一虚构人\n"))
    (finding,) = area.findings
    assert (finding.code, finding.column, finding.severity) == ("unknown_column", "法定代表人", "warn")
    assert "虚构人" not in str(finding)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("E1,2024-01-01,2024-02-01", "torn_row"),
        ("E1,2024-01-01,2024-02-01,5,6", "torn_row"),
        ("E1,2024-01-01,2024-02-01,5,", "torn_row"),
        ('"E1,2024-01-01,2024-02-01,5', "torn_row"),
        ('E1,"2024-01-01,2024-02-01,5', "torn_row"),
        ("E1,2024-01-01,2024-02-30,5", "bad_date"),
        ("E1,2024-01-01,2024-02-01,", "empty"),
        ("E1,2024-02-01,2024-01-01,5", "bad_value"),
        ("E1,,,5", "empty"),
        ("E1,2024-01-01,2024-02-01,-5", "bad_value"),
    ],
)
def test_a_bad_row_costs_no_good_row(save: Save, row: str, code: str) -> None:
    """Whatever stands on line 3, lines 2 and 4 are read, and the finding names line 3."""
    good = [f"E{number},2024-01-01,2024-02-01,{number}" for number in (2, 3)]
    directory = save(
        employers="id\nE1\nE2\nE3\n", contributions=HEAD + f'{good[0]}\n{row}\n{good[1]}\n"E2",2024-02,,\n'
    )
    area = read_area(directory)
    for key in ("E2", "E3"):
        contributions = area.histories[key].contributions
        assert contributions is not None
        assert [int(paid.amount) for paid in contributions] == [int(key[1])]
    assert (code, 3) in [(finding.code, finding.row) for finding in area.findings]
    assert "E1" in area.refused


def test_a_cell_of_prose_may_run_over_lines(save: Save) -> None:
    """Quoted line breaks are read where text belongs; the next row has the number an editor shows."""
    text = 'id,name\nE1,"Fictional\nMill, Ltd."\nE2,Other\n'
    _, rows = read(save(employers=text), "employers")
    assert [(row.place.number, row.cells["name"]) for row in rows] == [(2, "Fictional\nMill, Ltd."), (4, "Other")]


def test_a_header_may_run_over_lines(save: Save) -> None:
    """Spreadsheets break long headers."""
    _, rows = read(save(exposure='employer_id,year,"参保\n人数"\nE1,2024,5\n'), "exposure")
    assert rows[0].cells["insured"] == 5


def test_blank_lines_are_no_rows(save: Save) -> None:
    """Nor are lines of delimiters alone; empty cells beyond the header do no harm where the header has them too."""
    _, rows = read(save(employers="id,name,,\n\n,\nE1,A,,\n   \nE2,B\n"), "employers")
    assert [row.cells["id"] for row in rows] == ["E1", "E2"]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_every_line_end_is_a_line_end(save: Save, ends: str) -> None:
    """Files of three operating systems."""
    _, rows = read(save(employers="id,name\nE1,A\nE2,B\n".replace("\n", ends)), "employers")
    assert [row.cells["name"] for row in rows] == ["A", "B"]


def test_a_worker_is_never_quoted(save: Save) -> None:
    """The row is found by its number; what stood in the column of workers is withheld."""
    cases = "id,employer_id,worker,occurred_on,ground,death\nC1,E1,360426199101010071,2024-02-30,14.1,否\n"
    area = read_area(save(employers="id\nE1\n", cases=cases))
    assert area.rejects
    assert all("360426" not in finding.text(lang) for finding in area.findings for lang in ("en", "zh"))
    cases = cases.replace("2024-02-30", "2024-02-03")
    area = read_area(save(employers="id\nE1\n", cases=cases))
    assert [finding.value for finding in area.rejects] == ["(withheld)"]


def test_an_identity_number_is_quoted_from_no_column(save: Save) -> None:
    """Even in the column of employers' numbers."""
    area = read_area(save(employers="id,risk_class\n360426199101010071,4\n360426199101010071,x\n"))
    assert len(area.rejects) == 2
    assert all("360426" not in str(finding) for finding in area.findings)


def test_files_that_are_no_table_are_reported(save: Save) -> None:
    """A misspelt file name is not passed over in silence."""
    directory = save(employers="id\nE1\n", paymets="employer_id\n")
    area = read_area(directory)
    assert [finding.code for finding in area.findings] == ["unknown_file"]
    assert "payments" in str(area.findings[0])
    assert area.histories["E1"].payments is None


def test_parts_of_a_table_are_read_together(save: Save) -> None:
    """One file per year is one table; two spellings of one file are refused."""
    head = "employer_id,month,amount\n"
    directory = save(
        employers="id\nE1\n",
        **{"contributions-2023": head + "E1,2023-12,1\n", "contributions_2024": head + "E1,2024-01,2\n"},
    )
    paid = read_area(directory).histories["E1"].contributions
    assert paid is not None
    assert [int(each.amount) for each in paid] == [1, 2]
    save(单位="id\nE1\n", employers="id\nE1\n")
    assert codes(directory) == [("duplicate", 2)]
    (directory / "employers.tsv").write_text("id\nE1\n")
    with pytest.raises(ReadError, match=r"employers\.csv, employers\.tsv"):
        read_area(directory)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path / "nowhere", "no such directory"),
        (lambda path: path, "no table of employers"),
        (lambda path: {"employees": path}, "did you mean 'employers'"),
        (lambda path: {"employers": path / "x.csv"}, "no such file"),
        (lambda path: {"employers": path / "x.doc"}, "no such file"),
        (lambda path: {"employers": [], "cases": path / "x.csv"}, "no table of employers"),
    ],
)
def test_where_there_is_no_area(tmp_path: Path, make: Callable[[Path], Path], words: str) -> None:
    """Each mistake of the caller is named."""
    with pytest.raises(ReadError) as caught:
        read_area(make(tmp_path))
    assert words in str(caught.value)
