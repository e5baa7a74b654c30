"""An area read in columns is rated as one read row by row, and the same rows cost the same employers their rates."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from typer.testing import CliRunner

import injuryprev as ip
from injuryprev.cli.main import app
from injuryprev.cli.rate import compared, decide
from injuryprev.errors import ReadError, UnknownNameError
from injuryprev.exchange import Finding, read_area
from injuryprev.exchange.columnar import ColumnarArea, open_engine, rate_columnar, read_columnar
from injuryprev.exchange.columnar.staging import EXAMPLES

EXAMPLE = Path(__file__).parents[2] / "examples"
ON = "2025-03-01"
Rows = list[list[str]]
Tables = dict[str, Rows]
Decisions = dict[str, tuple[dict[str, object], frozenset[str]]]


@pytest.fixture(scope="module")
def policy() -> ip.Policy:
    """A policy that counts from every table."""
    return ip.load_profile("cn-zj").on(ON)


@pytest.fixture(scope="module")
def small() -> Tables:
    """Twenty employers with Chinese headers, as lists of cells."""
    return {
        path.stem: list(csv.reader(io.StringIO(path.read_bytes().decode("gb18030"))))
        for path in (EXAMPLE / "lakeside_zh").glob("*.csv")
    }


def save(tables: Mapping[str, Rows], folder: Path) -> Path:
    """Tables as CSV files."""
    folder.mkdir(exist_ok=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
    return folder


def by_records(source: Path, policy: ip.Policy) -> Decisions:
    """What reading row by row gives: values, and the codes of what is not known."""
    area = read_area(source, facts=policy.inputs)
    counted = compared(area, policy)
    rows = [decide(area, policy, key, counted).row for key in area.ids]
    return {
        row.employer_id: (
            {name: None if isinstance(value, ip.Unknown) else value for name, value in row.outputs.items()},
            frozenset(row.refusal),
        )
        for row in rows
    }


def by_engine(source: Path, policy: ip.Policy, scratch: Path, engine: str = "polars") -> Decisions:
    """What an engine of dataframes gives."""
    return decided(read(source, policy, scratch), policy, scratch, engine)


def read(source: Path, policy: ip.Policy, scratch: Path) -> ColumnarArea:
    """The area in columns."""
    scratch.mkdir(parents=True, exist_ok=True)
    return read_columnar(source, scratch, facts=policy.inputs)


def decided(area: ColumnarArea, policy: ip.Policy, scratch: Path, engine: str = "polars") -> Decisions:
    """The decisions as they were written."""
    with open_engine(engine, scratch) as opened:
        path = rate_columnar(area, policy, opened, scratch / f"{engine}.parquet").path
    rows = pl.read_parquet(path).iter_rows(named=True)
    return {
        row["employer_id"]: (
            {name: row[name] for name in policy.outputs},
            frozenset((row["refusal"] or "").split("; ")) - {""},
        )
        for row in rows
    }


@pytest.fixture(scope="module")
def wanted(policy: ip.Policy) -> Mapping[str, Decisions]:
    """The decisions of both examples, row by row."""
    return {name: by_records(EXAMPLE / name, policy) for name in ("lakeside", "lakeside_zh")}


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize("example", ["lakeside", "lakeside_zh"])
def test_every_engine_decides_the_same(
    engine: str, example: str, policy: ip.Policy, wanted: Mapping[str, Decisions], tmp_path: Path
) -> None:
    """Values and reasons of each employer, on English and on Chinese tables."""
    assert by_engine(EXAMPLE / example, policy, tmp_path, engine) == wanted[example]


CELLS = (
    *("", "  ", "x", "-5", "0", "3.5", "1,200.50", "1e5", "12%", "=1+1", "是", "否", "true", "14.4", "15.1", "14.6"),
    *("第十四条第六项", "medical", "refund", "bogus", "610", "99", "2017", "E 1", "360426199101010071", "张三"),
    *("2024-02-30", "9999-12-31", "2099-01-01", "20240301", "2024/3/1"),
)


def spoil(tables: Mapping[str, Rows], dice: random.Random) -> Tables:
    """Some cells overwritten, rows doubled, doubled with a change, torn, given to others, left out."""
    spoilt = {name: [list(row) for row in rows] for name, rows in tables.items()}
    for _ in range(dice.randint(1, 6)):
        rows = spoilt[dice.choice(sorted(spoilt))]
        place = dice.randrange(1, len(rows))
        column = dice.randrange(len(rows[0]))
        other = rows[dice.randrange(1, len(rows))]
        match dice.randrange(10):
            case 0 | 1 | 2 | 3:
                rows[place][column : column + 1] = [dice.choice(CELLS)]
            case 4:
                rows[place][column : column + 1] = other[column : column + 1]
            case 5:
                rows.append(list(rows[place]))
            case 6:
                again = list(rows[place])
                again[-1:] = [dice.choice((*CELLS, *other))]
                rows.append(again)
            case 7:
                rows[place].append("extra")
            case 8:
                rows[place].pop()
            case _:
                del rows[place]
    return spoilt


@pytest.mark.parametrize("seed", range(12))
def test_spoilt_tables_cost_the_same_rates(seed: int, small: Tables, policy: ip.Policy, tmp_path: Path) -> None:
    """Whatever is wrong with the tables, the same employers are refused for rows of the same tables, and no other."""
    source = save(spoil(small, random.Random(seed)), tmp_path / "area")
    wanted = by_records(source, policy)
    assert by_engine(source, policy, tmp_path / "scratch") == wanted


def test_duckdb_refuses_the_same(small: Tables, policy: ip.Policy, tmp_path: Path) -> None:
    """Refusals are joined in on the engine that rates."""
    tables = {name: [list(row) for row in rows] for name, rows in small.items()}
    tables["payments"][5][3] = "many"
    tables["employers"][2][1] = "99"
    source = save(tables, tmp_path / "area")
    assert by_engine(source, policy, tmp_path / "scratch", "duckdb") == by_records(source, policy)


def as_parquet(area: Path, folder: Path, change: Callable[[str, pl.DataFrame], pl.DataFrame]) -> Path:
    """The tables of an area as Parquet, with days as days and truth as truth."""
    folder.mkdir()
    for path in area.glob("*.csv"):
        frame = pl.read_csv(path, infer_schema=False)
        days = [name for name in frame.columns if name in DAYS]
        flags = [pl.col(name) == "true" for name in frame.columns if name in ("death", "disease")]
        whole = [pl.col(name).cast(pl.Int64) for name in frame.columns if name in ("grade", "days_lost", "risk_class")]
        frame = frame.with_columns(*(pl.col(name).str.to_date() for name in days), *flags, *whole)
        change(path.stem, frame).write_parquet(folder / f"{path.stem}.parquet")
    return folder


DAYS = ("since", "until", "paid_on", "occurred_on", "recognised_on", "died_on", "insured_since", "on")


def test_parquet_is_rated_where_it_lies(policy: ip.Policy, wanted: Mapping[str, Decisions], tmp_path: Path) -> None:
    """Typed columns under the names of the model are scanned in place, and decided as the CSV is."""
    source = as_parquet(EXAMPLE / "lakeside", tmp_path / "area", lambda _name, frame: frame)
    area = read(source, policy, tmp_path / "scratch")
    lying = {name for name, staged in area.tables.items() if staged.parts[0].path.parent == source}
    assert lying == {"exposure", "contributions", "cases", "payments", "events", "recognitions"}
    assert decided(area, policy, tmp_path / "scratch") == wanted["lakeside"]


def test_parquet_of_other_types(policy: ip.Policy, wanted: Mapping[str, Decisions], tmp_path: Path) -> None:
    """Decimals, floats, categories, integers and date-times mean what their text means; a blank is cut off."""
    kinds: Mapping[str, Callable[[pl.DataFrame], pl.DataFrame]] = {
        "exposure": lambda frame: frame.with_columns(
            pl.col("insured").cast(pl.Float64),
            pl.col("payroll").cast(pl.Decimal(18, 2)),
            pl.col("since").cast(pl.Datetime),
        ),
        "contributions": lambda frame: frame.with_columns(pl.col("amount").cast(pl.Float64)),
        "payments": lambda frame: frame.with_columns(
            pl.col("kind").cast(pl.Categorical),
            pl.col("amount").cast(pl.Decimal(18, 2)),
            employer_id=" " + pl.col("employer_id"),
        ),
        "cases": lambda frame: frame.with_columns(pl.col("grade").cast(pl.Int16), pl.col("days_lost").cast(pl.Int32)),
        "employers": lambda frame: frame.rename({"industry": "行业代码"}),
    }

    def change(name: str, frame: pl.DataFrame) -> pl.DataFrame:
        return kinds[name](frame) if name in kinds else frame

    source = as_parquet(EXAMPLE / "lakeside", tmp_path / "area", change)
    assert by_engine(source, policy, tmp_path / "scratch") == wanted["lakeside"]


def test_a_workbook(small: Tables, policy: ip.Policy, tmp_path: Path) -> None:
    """One sheet per table; cells are those of a spreadsheet, and a formula is refused."""
    workbook = openpyxl.Workbook()
    del workbook[workbook.sheetnames[0]]
    for name, rows in small.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append([cell or None for cell in row])
    workbook["payments"]["D4"] = "=1+1"
    workbook.save(tmp_path / "area.xlsx")
    area = read(tmp_path / "area.xlsx", policy, tmp_path / "scratch")
    assert [(finding.code, finding.row) for finding in area.findings] == [("formula", 4)]
    assert decided(area, policy, tmp_path / "scratch") == by_records(tmp_path / "area.xlsx", policy)


def test_what_is_found_is_said(small: Tables, policy: ip.Policy, tmp_path: Path) -> None:
    """Every kind of fault with its file, row, column and value; the first of many, and how many more."""
    tables = {name: [list(row) for row in rows] for name, rows in small.items()}
    tables["payments"][1][3] = "many"
    tables["employers"].append(list(tables["employers"][3]))
    tables["exposure"] += [["LH-999999", "2024-01-01", "2024-12-31", "5", "3", ""]] * (EXAMPLES + 7)
    area = read(save(tables, tmp_path / "area"), policy, tmp_path / "scratch")
    found = {finding.code: finding for finding in area.findings}
    shown = found["bad_number"]
    assert (Path(shown.file).name, shown.row, shown.column, shown.value) == (
        "payments.csv",
        2,
        "支付金额（元）",
        "many",
    )
    assert (found["duplicate"].table, found["duplicate"].row) == ("employers", 22)
    strangers = [finding for finding in area.findings if finding.code == "no_employer"]
    assert (len(strangers), strangers[-1].row) == (EXAMPLES + 1, None)
    assert strangers[-1].text().startswith(f"{tmp_path / 'area' / 'exposure.csv'}: 7 further rows")
    assert area.rejected == EXAMPLES + 7 + 2
    assert area.refusals == 1


def test_rows_said_twice_are_the_same_as_by_records(small: Tables, policy: ip.Policy, tmp_path: Path) -> None:
    """In every table without keys: the later rows, as warnings, and both counted."""
    tables = {name: [list(row) for row in rows] for name, rows in small.items()}
    for name in ("payments", "contributions", "events", "recognitions"):
        if len(tables.get(name, [])) > 1:
            tables[name] += [list(tables[name][1]), list(tables[name][1])]
    source = save(tables, tmp_path / "area")

    def said(findings: tuple[Finding, ...]) -> set[tuple[str, str, int | None, str]]:
        return {(one.code, one.table, one.row, one.severity) for one in findings}

    area = read(source, policy, tmp_path / "scratch")
    assert said(area.findings) == said(read_area(source, facts=policy.inputs).findings)
    assert {finding.code for finding in area.findings} == {"repeated"}
    assert {finding.table for finding in area.findings} >= {"payments", "contributions"}
    assert area.refusals == 0
    assert decided(area, policy, tmp_path / "scratch") == by_records(source, policy)


def test_findings_agree_with_those_of_records(small: Tables, policy: ip.Policy, tmp_path: Path) -> None:
    """A bad cell has the code, the place, the value and the words that reading row by row gives it."""
    tables = {name: [list(row) for row in rows] for name, rows in small.items()}
    tables["payments"][1][2] = "2024-02-30"
    tables["cases"][1][7] = "eleven"
    tables["contributions"][2][3] = "1,2"
    source = save(tables, tmp_path / "area")

    def said(findings: tuple[Finding, ...]) -> set[tuple[str, int | None, str | None, str | None, str]]:
        return {(one.code, one.row, one.column, one.value, one.reason.en) for one in findings}

    assert said(read(source, policy, tmp_path / "scratch").findings) == said(
        read_area(source, facts=policy.inputs).findings
    )


def test_values_that_may_name_a_person_are_withheld(small: Tables, policy: ip.Policy, tmp_path: Path) -> None:
    """As in the findings of records."""
    tables = {name: [list(row) for row in rows] for name, rows in small.items()}
    tables["cases"][1][2] = "张三"
    area = read(save(tables, tmp_path / "area"), policy, tmp_path / "scratch")
    (finding,) = area.findings
    assert (finding.value, "张三" in finding.text()) == ("(withheld)", False)


def test_parts_of_one_table(small: Tables, policy: ip.Policy, tmp_path: Path) -> None:
    """Files of one table are one table, whatever their formats."""
    source = save(small, tmp_path / "area")
    wanted = by_records(source, policy)
    rows = small["payments"]
    save({"payments-1": rows[:20]}, source)
    pl.DataFrame(rows[20:], schema=rows[0], orient="row").write_parquet(source / "payments-2.parquet")
    (source / "payments.csv").unlink()
    assert by_engine(source, policy, tmp_path / "scratch") == wanted


def test_an_unknown_engine_and_a_broken_file(policy: ip.Policy, tmp_path: Path) -> None:
    """A message that names it."""
    with pytest.raises(UnknownNameError, match="did you mean 'polars'"):
        open_engine("polar", tmp_path)
    (tmp_path / "employers.parquet").write_bytes(b"PAR1 and nothing")
    with pytest.raises(ReadError, match="not a Parquet file"):
        read(tmp_path, policy, tmp_path / "scratch")
    pl.DataFrame({"name": ["x"]}).write_parquet(tmp_path / "employers.parquet")
    with pytest.raises(ReadError, match="has no column id"):
        read(tmp_path, policy, tmp_path / "scratch")


# Employers compared with each other ------------------------------------------------------------------------------

GROUPS = ("", "industry", "area", "risk_class")


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Zhejiang's figures, with those of all employers, of the division, the district and the class beside them."""
    rules = [(over, partial) for over in GROUPS for partial in ("refuse", "actual")]
    names = [f"{over or 'everybody'}_{partial}" for over, partial in rules]
    text = '[profile]\nid = "comparing"\nextends = "cn-zj"\nversion = "1"\ntitle = { en = "Compared" }\n'
    text = f"format = 1\n{text}since = 2024-06-01\nuntil = 2026-01-01\nchecked_on = 2025-01-01\n"
    text += f"outputs = {[f'out_{name}' for name in names]}\n".replace("'", '"')
    text += (
        '[sources.law]\ntitle = { en = "Law" }\nconfidence = "assumed"\nchecked_on = 2025-01-01\ndate = 2024-01-01\n'
    )
    for name, (over, partial) in zip(names, rules, strict=True):
        text += f'[inputs.{name}]\nunit = "fraction"\nrange = [0, 1000]\nstep = 0.000001\n'
        text += f'[counting.{name}]\nfrom = "area"\ntake = "ratio"\nof = ["injuries", "insured"]\nsource = "law"\n'
        text += f'over = "{over}"\npartial = "{partial}"\nround = {{ to = 0.000001, mode = "half_up" }}\n'
        text += f'[definitions.out_{name}]\nunit = "fraction"\nformula = "{name}"\nsource = "law"\n'
    path = tmp_path_factory.mktemp("profiles") / "comparing.toml"
    path.write_text(text)
    return path


@pytest.fixture(scope="module")
def comparing(profile: Path) -> ip.Policy:
    """Its rules of the day."""
    return ip.load_profile(profile).on(ON)


@pytest.mark.parametrize("seed", range(5))
def test_comparisons_know_of_rejected_rows(seed: int, small: Tables, comparing: ip.Policy, tmp_path: Path) -> None:
    """Employers with rejected rows are unknown to every comparison, on every engine; the area says the same of each."""
    source = save(spoil(small, random.Random(100 + seed)) if seed else small, tmp_path / "area")
    wanted = by_records(source, comparing)
    for engine in ("polars", "duckdb"):
        assert by_engine(source, comparing, tmp_path / engine, engine) == wanted
    known = {name for outputs, _ in wanted.values() for name, value in outputs.items() if value is not None}
    assert known >= {f"out_{over or 'everybody'}_actual" for over in GROUPS}


FOUR: Tables = {
    "employers": [["id", "industry", "industry_edition", "area"], *([key, "13", "2011", "north"] for key in "AB")]
    + [[key, "65", "2011", "south"] for key in "CD"],
    "exposure": [["employer_id", "year", "insured"], *([key, "2024", "100"] for key in "ABCD")],
    "cases": [["id", "employer_id", "worker", "occurred_on", "recognised_on", "ground", "death"]]
    + [[f"C{n}", key, f"w{n}", "2024-03-01", "2024-04-01", "14.1", "false"] for n, key in enumerate("ABBCDDDD")],
    "payments": [["employer_id", "paid_on", "amount", "kind"], ["A", "2024-05-01", "5", "medical"]],
}


@pytest.mark.parametrize(
    ("table", "refused", "everybody", "others"),
    [
        ("", None, ("0.02", "0.02"), ("0.015", "0.015")),
        ("payments", {"rejected_row:payments"}, (None, "0.023333"), (None, "0.02")),
        ("employers", {f"rejected_row:{name}" for name in FOUR}, (None, "0.023333"), ("0.02", "0.02")),
    ],
)
def test_one_rejected_row_and_those_compared(
    table: str,
    refused: set[str] | None,
    everybody: tuple[str | None, str],
    others: tuple[str | None, str],
    comparing: ip.Policy,
    tmp_path: Path,
) -> None:
    """Who loses a payment is unknown to its district; whose own row is lost was one of all, of no district known."""
    tables = {name: [list(row) for row in rows] for name, rows in FOUR.items()}
    if table:
        tables[table][1][1] = "99"
    source = save(tables, tmp_path / "area")
    found = by_records(source, comparing)
    assert by_engine(source, comparing, tmp_path / "scratch") == found
    if refused is not None:
        assert found["A"][1] == refused

    def shown(key: str, over: str) -> tuple[str | None, ...]:
        values = (found[key][0][f"out_{over}_{partial}"] for partial in ("refuse", "actual"))
        return tuple(None if value is None else str(value) for value in values)

    assert {shown(key, "everybody") for key in "BCD"} == {everybody}
    assert shown("B", "area") == others
    assert [shown(key, "area") for key in "CD"] == [("0.025", "0.025")] * 2
    assert ("incomplete:everybody_refuse" in found["C"][1]) is bool(table)
    assert ("incomplete:area_refuse" in found["B"][1]) is (table == "payments")


def test_explain_compares_too(profile: Path, tmp_path: Path) -> None:
    """The employer is explained beside all others, and its steps say how many were compared."""
    tables = {**FOUR, "payments": [FOUR["payments"][0], ["A", "99", "5", "medical"]]}
    source = save(tables, tmp_path / "area")
    done = CliRunner().invoke(app, ["explain", str(source), "B", "--profile", str(profile), "--on", ON])
    assert done.exit_code == 0, done.output
    assert "sum of injuries over sum of insured of 3 employers" in done.output
    assert "the figures of 1 of the 4 employers compared are unknown" in done.output
    assert "needs_area" not in done.output
