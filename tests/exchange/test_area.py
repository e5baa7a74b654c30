"""What a rejected row does to its employer, and what it does not do to any other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest

from injuryprev.errors import ReadError, UnknownNameError
from injuryprev.exchange import read_area, write_findings
from injuryprev.model import Industry
from injuryprev.units import Period
from injuryprev.unknown import Unknown
from injuryprev.words import Words

Save = Callable[..., Path]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Write tables as text files, given as ``employers="…"``; returns their directory."""

    def write(*, encoding: str = "utf-8", **tables: str) -> Path:
        for name, text in tables.items():
            (tmp_path / f"{name}.csv").write_bytes(text.encode(encoding))
        return tmp_path

    return write


EMPLOYERS = "id,industry,industry_edition\nE1,06,2017\nE2,B0610,2017\nE3,82,2011\n"
CASES = "id,employer_id,worker,occurred_on,ground,death\nC1,E1,w1,2024-01-05,14.1,否\nC2,E2,w2,2024-02-05,14.6,否\n"
PAYMENTS = "employer_id,case_id,paid_on,amount,kind\nE1,C1,2024-03-01,100,medical\nE2,C2,2024-03-01,200,医疗费\n"


def spec(name: str, unit: str, zh: str = "", **choices: str) -> SimpleNamespace:
    """An input of a policy, as the reader sees it."""
    words = {key: Words(key, word) for key, word in choices.items()}
    return SimpleNamespace(name=name, title=Words(name, zh), unit=unit, choices=words)


def test_a_clean_area(save: Save) -> None:
    """Every employer has its own rows; a table not given is unknown, one without its rows is empty."""
    area = read_area(save(employers=EMPLOYERS, cases=CASES, payments=PAYMENTS))
    assert area.findings == ()
    assert area.ids == ("E1", "E2", "E3")
    assert [case.id for case in area.histories["E2"].cases or ()] == ["C2"]
    assert area.histories["E3"].payments == ()
    assert area.histories["E3"].exposures is None
    assert all(area.refusal(key) is None for key in area.ids)


def test_a_rejected_payment_refuses_its_employer_alone(save: Save) -> None:
    """Without the row its payout ratio would be too good, which would be a guess."""
    area = read_area(save(employers=EMPLOYERS, cases=CASES, payments=PAYMENTS + "E2,C2,2024-02-30,900,medical\n"))
    refusal = area.refusal("E2")
    assert isinstance(refusal, Unknown)
    assert refusal.codes == ("rejected_row:payments",)
    assert "payments.csv row 4" in refusal.text("en")
    assert "第 4 行" in refusal.text("zh")
    assert area.refusal("E1") is None
    assert area.refusal("E3") is None


@pytest.mark.parametrize(
    ("table", "row", "code", "column", "refused"),
    [
        ("cases", "C3,E9,w3,2024-01-05,14.1,否", "no_employer", "employer_id", ()),
        ("cases", "C3,E1,w3,2024-02-30,14.1,否", "bad_date", "occurred_on", ("E1",)),
        ("cases", "C3,E1,w3,2024-01-05,14.9,否", "bad_value", "ground", ("E1",)),
        ("cases", "C3,E1,w3,2024-01-05,14.1,", "empty", "death", ("E1",)),
        ("cases", "C3,E1,w3,2024-01-05,,否", "empty", "ground", ("E1",)),
        ("cases", "C3,,w3,2024-01-05,14.1,否", "empty", "employer_id", ()),
        ("cases", "C1,E1,w1,2024-01-05,14.1,否", "duplicate", "id", ()),
        ("cases", "C1,E1,w9,2024-01-05,14.1,否", "duplicate", "id", ("E1",)),
        ("payments", "E1,C2,2024-03-01,1,medical", "no_case", "case_id", ("E1", "E2")),
        ("payments", "E9,C2,2024-03-01,1,medical", "no_employer", "employer_id", ("E2",)),
        ("payments", ",C2,2024-03-01,1,medical", "empty", "employer_id", ("E2",)),
        ("payments", "E1,C1,2024-03-01,-1,medical", "bad_value", "amount", ("E1",)),
        ("payments", "E1,C1,2024-03-01,1,medicine", "bad_value", "kind", ("E1",)),
        ("payments", "E3,,C1,2024-03-01,1,medical", "torn_row", None, ("E1", "E3")),
    ],
)
def test_each_bad_row(
    save: Save, table: str, row: str, code: str, column: str | None, refused: tuple[str, ...]
) -> None:
    """What is said of it, and whom it refuses: its owner, or whoever it may be about."""
    tables = {"employers": EMPLOYERS, "cases": CASES, "payments": PAYMENTS}
    if code == "torn_row":
        refused = ("E3",)  # its case number stands in the wrong column, where nobody may read it as one
    tables[table] += row + "\n"
    area = read_area(save(**tables))
    assert [(finding.code, finding.row, finding.column) for finding in area.rejects] == [(code, 4, column)]
    assert set(area.refused) == set(refused)
    assert area.rejects[0].employers == tuple(sorted(refused))


@pytest.mark.parametrize(
    ("table", "header", "row", "column"),
    [
        ("payments", "employer_id,case_id,paid_on,amount,kind", "E1,C1,2024-03-01,100,medical", "amount"),
        ("contributions", "employer_id,since,until,amount,paid_on", "E1,2024-01-01,2024-01-31,7,", "amount"),
        ("events", "employer_id,kind,on", "E1,arrears,2024-01-01", "kind"),
        ("recognitions", "employer_id,kind,grade,since,until", "E1,standardisation,1,2024-01-01,", "kind"),
    ],
)
def test_a_row_without_a_key_said_twice_counts_twice_and_is_named(
    save: Save, table: str, header: str, row: str, column: str
) -> None:
    """Two such payments may have been made, or one exported twice: nobody is refused, and whoever reads sees it."""
    other = row.replace("E1", "E2").replace("C1", "C2")
    tables = {"employers": EMPLOYERS, "cases": CASES, table: f"{header}\n{row}\n{other}\n{row}\n{row}\n"}
    area = read_area(save(**tables))
    found = [(one.code, one.severity, one.row, one.column) for one in area.findings]
    assert found == [("repeated", "warn", 4, column), ("repeated", "warn", 5, column)]
    assert all(f"{table}.csv row 2" in one.reason.en and "两行均计入" in one.reason.zh for one in area.findings)
    assert area.refused == {}
    assert len(getattr(area.histories["E1"], table) or ()) == 3
    assert len(getattr(area.histories["E2"], table) or ()) == 1


def test_a_payment_for_a_case_older_than_the_extract_counts(save: Save) -> None:
    """A pension for an injury of long ago names a case that nobody has: a warning, and the money is there."""
    area = read_area(save(employers=EMPLOYERS, cases=CASES, payments=PAYMENTS + "E1,C9,2024-03-01,1,medical\n"))
    (finding,) = area.findings
    assert (finding.code, finding.severity, finding.row, finding.column) == ("old_case", "warn", 4, "case_id")
    assert area.refused == {}
    assert [payment.case_id for payment in area.histories["E1"].payments or ()][-1] == "C9"


@pytest.mark.parametrize(
    "case",
    [
        "C9,E9,w3,2024-01-05,14.1,否",  # of an employer that is not in the table
        "C9,,w3,2024-01-05,14.1,否",  # of nobody knows whom
        "C9,E1,w3,2024-02-30,14.1,否",  # of this employer, but unreadable
    ],
)
def test_a_payment_for_a_case_that_was_rejected_is_not_for_an_old_one(save: Save, case: str) -> None:
    """The case is in the extract, so the payment does not pass as one for a case from before it."""
    payments = PAYMENTS + "E1,C9,2024-03-01,1,medical\n"
    area = read_area(save(employers=EMPLOYERS, cases=CASES + case + "\n", payments=payments))
    assert area.rejects[-1].code == "no_case"
    assert "cases.csv row 4" in area.rejects[-1].text("en")
    assert "E1" in area.refused


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("E4,99,2017", "industry", "no division 99"),
        ("E4,97,2011", "industry", "2017"),
        ("E4,P83,2011", "industry", "section Q"),
        ("E4,06,2015", "industry_edition", "not an edition"),
        ("E4,06,", "industry_edition", "without its edition"),
        ("E4,610,2017", "industry", "leading zero"),
        (",06,2017", "id", "empty"),
    ],
)
def test_each_bad_employer(save: Save, row: str, column: str, words: str) -> None:
    """An employer whose own row cannot be read is refused by its id where that can be read; the others are not."""
    area = read_area(save(employers=EMPLOYERS + row + "\n"))
    (finding,) = area.rejects
    assert (finding.row, finding.column) == (5, column)
    assert words in finding.text("en")
    assert list(area.employers) == ["E1", "E2", "E3"]
    assert area.ids == (("E1", "E2", "E3", "E4") if row[0] == "E" else ("E1", "E2", "E3"))
    assert [key for key in area.ids if area.refusal(key) is not None] == list(area.ids[3:])


def test_the_rows_of_a_rejected_employer_are_counted_not_listed(save: Save) -> None:
    """One finding per table says how many rows went unused, so that the first cause is not buried."""
    payments = PAYMENTS + "E4,,2024-03-01,1,medical\n" * 50
    area = read_area(save(employers=EMPLOYERS + "E4,99,2017\n", payments=payments))
    assert [finding.code for finding in area.rejects] == ["bad_value", "employer_rejected"]
    assert "50 row(s) of employer E4" in str(area.rejects[1])


def test_an_employer_twice(save: Save) -> None:
    """Said twice the same, the first is kept and rated; said differently, nobody can tell, and it is refused."""
    area = read_area(save(employers=EMPLOYERS + "E1,06,2017\nE2,07,2017\n"))
    assert [(finding.code, finding.row) for finding in area.rejects] == [("duplicate", 5), ("duplicate", 6)]
    assert "row 2 is kept" in str(area.rejects[0])
    assert "row 3" in str(area.rejects[1])
    assert area.refusal("E1") is None
    assert area.refusal("E2") is not None
    assert area.employers["E2"].industry == Industry("B0610", "2017")


def test_a_figure_twice_for_the_same_days(save: Save) -> None:
    """The first is kept, the second named, and the employer refused: payroll counted twice is money."""
    exposure = "employer_id,since,until,insured,payroll,hours\n"
    rows = "E1,2024-01-01,2025-01-01,,100,\nE1,2024-01-01,2025-01-01,5,,\nE1,2024-06-01,2024-07-01,,9,\n"
    area = read_area(save(employers=EMPLOYERS, exposure=exposure + rows))
    assert [(finding.code, finding.row) for finding in area.rejects] == [("overlap", 4)]
    assert list(area.refused) == ["E1"]
    assert len(area.histories["E1"].exposures or ()) == 2


def test_a_negative_payroll(save: Save) -> None:
    """It is refused by the column's own header, in either language."""
    area = read_area(save(employers=EMPLOYERS, exposure="单位编号,年度,缴费工资总额（万元）\nE1,2024,-3\nE2,2024,3\n"))
    (finding,) = area.rejects
    assert (finding.row, finding.column, finding.value) == (2, "缴费工资总额（万元）", "-3")
    assert (area.histories["E2"].exposures or ())[0].payroll == Decimal(30000)


def test_periods_in_four_ways(save: Save) -> None:
    """Half-open, with an inclusive last day, by month, by year; two ways at once are refused."""
    head = "employer_id,since,until,last_day,month,year,amount\n"
    rows = (
        "E1,2024-01-01,2024-02-01,,,,1\nE1,2024-02-01,,2024-02-29,,,2\nE1,,,,2024-03,,3\nE1,,,,,2025,4\n"
        "E2,2024-01-01,2024-02-01,2024-01-31,,,5\nE3,2024-01-01,,,2024-01,,6\nE3,,2024-01-01,,,,6\n"
    )
    area = read_area(save(employers=EMPLOYERS, contributions=head + rows))
    assert [paid.period for paid in area.histories["E1"].contributions or ()] == [
        Period("2024-01-01", "2024-02-01"),
        Period("2024-02-01", "2024-03-01"),
        Period("2024-03-01", "2024-04-01"),
        Period.year(2025),
    ]
    assert [finding.code for finding in area.rejects] == ["two_periods", "two_periods", "empty"]


def test_events_with_an_inclusive_end(save: Save) -> None:
    """截止日期 is the last day, as forms print it; the stand-in for "no end" is refused rather than moved."""
    events = "单位编号,事件类型,发生日期,截止日期\nE1,欠费,2024-01-01,2024-01-31\nE2,arrears,2024-01-01,9999-12-31\n"
    area = read_area(save(employers=EMPLOYERS, events=events))
    assert (area.histories["E1"].events or ())[0].until == dt.date(2024, 2, 1)
    assert [finding.column for finding in area.rejects] == ["截止日期"]


def test_one_edition_for_all(save: Save) -> None:
    """The caller may say it once; a row that says otherwise is believed."""
    area = read_area(save(employers="id,industry,industry_edition\nE1,06,\nE2,06,2011\n"), edition="2017")
    assert [employer.industry and employer.industry.edition[-4:] for employer in area.employers.values()] == [
        "2017",
        "2011",
    ]


def test_a_death_is_never_assumed_not_to_have_happened(save: Save) -> None:
    """A day of death says it happened; a table with only that column says by a blank that it did not."""
    head = "id,employer_id,worker,occurred_on,ground,died_on{}\n"
    rows = "C1,E1,w1,2024-01-05,14.1,2024-01-06{0}\nC2,E1,w1,2024-01-05,15.1,{0}\nC3,E1,w1,2024-01-05,14.1,{1}\n"
    area = read_area(save(employers=EMPLOYERS, cases=head.format("") + rows.format("", "")))
    assert [case.death for case in area.histories["E1"].cases or ()] == [True, True, False]
    area = read_area(save(employers=EMPLOYERS, cases=head.format(",death") + rows.format(",", ",")))
    assert [case.death for case in area.histories["E1"].cases or ()] == [True, True]
    with pytest.raises(ReadError, match="none of the columns death"):
        read_area(save(employers=EMPLOYERS, cases="id,employer_id,worker,occurred_on,ground\n"))


def test_inputs_of_a_policy_as_columns(save: Save) -> None:
    """By name or by Chinese title, read by their unit; other columns of that name stay what they are."""
    facts = {
        each.name: each
        for each in (
            spec("safety_credit", "category", "安全信用", a="甲级", b="乙级"),
            spec("training_ratio", "fraction", "培训率"),
            spec("model", "flag", "示范"),
            spec("risk_class", "class"),
            spec("rounds", "cases"),
        )
    }
    text = "id,风险类别,安全信用,培训率,示范,rounds\nE1,4,甲级,85%,是,2\nE2,4,b,0.5,,x\n"
    area = read_area(save(employers=text), facts=facts)
    assert dict(area.employers["E1"].facts) == {
        "safety_credit": "a",
        "training_ratio": Decimal("0.85"),
        "model": True,
        "rounds": Decimal(2),
    }
    assert area.employers["E1"].risk_class == 4
    assert [(finding.column, finding.value) for finding in area.findings] == [("rounds", "x")]


def test_figures_by_industry(save: Save) -> None:
    """The most detailed code answers; another edition does not; a rejected row leaves its industry unknown."""
    industries = (
        "行业代码,行业版本,同行业平均工伤发生率（%）\n06,2017,1.5\n0610,2017,2\n07,2017,1\n07,2017,1\n"
        "08,2017,1\n08,2017,2\n09,2017,?\nZ,2017,1\n"
    )
    area = read_area(save(employers=EMPLOYERS, industries=industries))
    assert area.figures("E1") == {"industry_incidence": Decimal("0.015")}
    assert area.figures("E2") == {"industry_incidence": Decimal("0.02")}
    assert area.figures("E3") == {}
    assert area.industries.of(Industry("07", "2017")) == {"industry_incidence": Decimal("0.01")}
    assert area.industries.of(Industry("06", "2011")) == {}
    assert area.industries.of(Industry("08", "2017")) == {}
    assert area.industries.of(Industry("0910", "2017")) == {}
    assert [finding.code for finding in area.rejects] == ["duplicate", "duplicate", "bad_number", "bad_value"]


def test_an_unknown_employer_is_named_with_its_neighbours(save: Save) -> None:
    """A mistyped number is answered with what may have been meant."""
    area = read_area(save(employers="id\nE-1001\n"))
    with pytest.raises(UnknownNameError, match="E-1001"):
        area.refusal("E-101")


def test_the_rejects_file(save: Save, tmp_path: Path) -> None:
    """One line per finding, in the language asked for; a formula is not handed on alive."""
    area = read_area(save(employers=EMPLOYERS + "=1+1,99,2017\n"))
    text = write_findings(tmp_path / "out.csv", area.findings).read_text()
    head, line = text.splitlines()
    assert head == "severity,table,file,row,column,value,code,reason,employers"
    assert line.startswith("reject,employers,")
    assert line.endswith(",'=1+1")
    text = write_findings(tmp_path / "out.csv", area.findings, lang="zh").read_text("utf-8-sig")
    assert "数据不符合要求" in text
    with pytest.raises(ReadError, match="cannot be written"):
        write_findings(tmp_path / "no" / "out.csv", area.findings)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["employers.csv", "out.csv"]


def test_a_code_of_another_edition_is_named(save: Save) -> None:
    """Where the policy finds classes by one edition; an employer with a class of its own is left alone."""
    rows = "E1,83,GB/T 4754-2017,\nE2,83,GB/T 4754-2017,2\nE3,82,GB/T 4754-2011,\n"
    employers = f"id,industry,industry_edition,risk_class\n{rows}"
    area = read_area(save(employers=employers), classified_by="GB/T 4754-2011")
    (finding,) = area.findings
    assert (finding.code, finding.severity, finding.employers, finding.row) == ("other_edition", "warn", ("E1",), 2)
