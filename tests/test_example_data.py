"""The example data: the same everywhere, whole in itself, near published totals, exactly on the edges it names."""

from __future__ import annotations

import csv
import doctest
import hashlib
import importlib
import io
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"
PARTS = ("chance", "chinese", "claims", "edges", "employers", "figures", "readme", "records", "totals")
Table = list[dict[str, str]]


@pytest.fixture(scope="module")
def generator() -> Iterator[ModuleType]:
    """The script, imported from where it lies."""
    sys.path.insert(0, str(EXAMPLES))
    try:
        yield importlib.import_module("generate_area")
    finally:
        sys.path.remove(str(EXAMPLES))


@pytest.fixture(scope="module")
def lakeside(generator: ModuleType) -> Any:
    """The area of the committed files, drawn anew."""
    return generator.generate(**generator.LAKESIDE)


@pytest.fixture(scope="module")
def tables() -> dict[str, Table]:
    """The committed tables."""
    return {
        path.stem: list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
        for path in EXAMPLES.glob("lakeside/*.csv")
    }


def digests(files: dict[str, bytes]) -> dict[str, str]:
    """A hash for each file."""
    return {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}


def in_folder(name: str) -> dict[str, bytes]:
    """What is committed in a folder."""
    return {path.name: path.read_bytes() for path in (EXAMPLES / name).iterdir()}


def test_the_same_seed_gives_the_same_bytes(generator: ModuleType, tmp_path: Path) -> None:
    """Two runs agree to the byte, and another seed does not."""
    for folder, seed in (("one", 5), ("two", 5), ("other", 6)):
        arguments = ["--employers", "300", "--seed", str(seed), "--year", "2021", "--out", str(tmp_path / folder)]
        assert generator.main(arguments) == 0
    one, two, other = (
        digests({path.name: path.read_bytes() for path in (tmp_path / folder).iterdir()})
        for folder in ("one", "two", "other")
    )
    assert one == two
    assert set(one) == {*(f"{name}.csv" for name in generator.COLUMNS), "README.md"}
    assert {name for name in one if one[name] != other[name]} >= {"employers.csv", "exposure.csv", "cases.csv"}


def test_lakeside_is_what_the_generator_draws(generator: ModuleType, lakeside: Any) -> None:
    """The committed files, their note with its totals included, are those of the recorded seed."""
    assert digests(in_folder("lakeside")) == digests(generator.area_files(lakeside))


def test_lakeside_zh_is_what_the_generator_draws(generator: ModuleType, tmp_path: Path) -> None:
    """So are the Chinese ones."""
    drawn = generator.LAKESIDE_ZH
    arguments = ["--chinese", "--employers", str(drawn["employers"]), "--seed", str(drawn["seed"])]
    assert generator.main([*arguments, "--year", str(drawn["year"]), "--out", str(tmp_path)]) == 0
    assert digests(in_folder("lakeside_zh")) == digests({path.name: path.read_bytes() for path in tmp_path.iterdir()})


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.usefixtures("generator")
def test_the_examples_in_docstrings_run(part: str) -> None:
    """Every example in the generator's docstrings gives what it prints."""
    assert doctest.testmod(importlib.import_module(f"synthetic_area.{part}")).failed == 0


@pytest.mark.parametrize("arguments", [["--employers", "0"], ["--employers", "99999"], ["--year", "1999"]])
def test_impossible_requests_are_refused(
    generator: ModuleType, arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An area that cannot be drawn is refused with the range that can."""
    with pytest.raises(SystemExit) as caught:
        generator.main([*arguments, "--out", str(tmp_path)])
    assert caught.value.code == 2
    assert f"{arguments[0]} {arguments[1]}: from" in capsys.readouterr().err


def test_size(tables: dict[str, Table]) -> None:
    """At least ten thousand employers, all 96 divisions, in less than four megabytes."""
    assert len(tables["employers"]) >= 10_000
    assert {row["industry"] for row in tables["employers"] if row["industry_edition"] == "GB/T 4754-2011"} == {
        f"{code:02d}" for code in range(1, 97)
    }
    assert sum(row["industry_edition"] != "GB/T 4754-2011" for row in tables["employers"]) <= 5
    assert sum(map(len, in_folder("lakeside").values())) < 4_000_000
    assert len(in_folder("lakeside_zh")["employers.csv"].decode("gb18030").splitlines()) == 21


def test_every_reference_leads_somewhere(tables: dict[str, Table]) -> None:
    """Ids are unique, every row names an employer there is, every payment a case of its own employer."""
    employers = {row["id"] for row in tables["employers"]}
    assert len(employers) == len(tables["employers"])
    cases = {row["id"]: row for row in tables["cases"]}
    assert len(cases) == len(tables["cases"])
    for name in ("exposure", "contributions", "cases", "payments", "events", "recognitions"):
        assert {row["employer_id"] for row in tables[name]} <= employers, name
    for row in tables["payments"]:
        if row["case_id"]:
            case = cases[row["case_id"]]
            assert case["employer_id"] == row["employer_id"]
            assert case["recognised_on"] or row["amount"] == "0.00", row
    for name in ("exposure", "contributions"):
        periods = [(row["employer_id"], row["since"]) for row in tables[name]]
        assert len(set(periods)) == len(periods), name
    assert len({row["industry"] for row in tables["industries"]}) == len(tables["industries"]) == 96


def test_values_lie_in_their_ranges(tables: dict[str, Table]) -> None:
    """Dates in order, figures not negative but for refunds, grades from 1 to 10, deaths and diseases consistent."""
    since = {row["id"]: row["insured_since"] for row in tables["employers"]}
    for name in ("exposure", "contributions", "recognitions"):
        for row in tables[name]:
            assert row["since"] < row["until"], row
            assert row["since"] >= since[row["employer_id"]] or name == "recognitions", row
    for row in tables["exposure"]:
        assert all(not row[key] or Decimal(row[key]) >= 0 for key in ("insured", "payroll", "hours")), row
    for row in tables["payments"]:
        assert (Decimal(row["amount"]) < 0) == (row["kind"] == "refund"), row
        assert "2023-01-01" <= row["paid_on"] < "2025-01-01", row
    for row in tables["cases"]:
        assert since[row["employer_id"]] <= row["occurred_on"] < "2025-01-01", row
        assert not row["recognised_on"] or row["occurred_on"] <= row["recognised_on"] < "2025-03-01", row
        assert (row["death"] == "true") == bool(row["died_on"]), row
        assert not row["died_on"] or row["died_on"] >= row["occurred_on"], row
        assert (row["disease"] == "true") == (row["ground"] == "14.4"), row
        assert row["grade"] in {"", *map(str, range(1, 11))}, row
        assert row["death"] == "true" or row["ground"] != "15.1", row
    for row in tables["industries"]:
        places = len(row["industry_incidence"].partition(".")[2])
        assert 3 <= places <= 6, row
        assert 0 < Decimal(row["industry_incidence"]) < 1, row


def test_no_employer_has_more_injuries_than_workers(tables: dict[str, Table]) -> None:
    """Neither by the year of the injury nor by that of its recognition."""
    heads: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in tables["exposure"]:
        key = row["employer_id"], row["since"][:4]
        heads[key] = max(heads[key], Decimal(row["insured"] or 0))
    for field in ("occurred_on", "recognised_on"):
        for key, count in Counter((row["employer_id"], row[field][:4]) for row in tables["cases"]).items():
            assert key not in heads or count <= heads[key], key


def test_workers_are_opaque_and_belong_to_one_employer(tables: dict[str, Table]) -> None:
    """A key is W and eight digits, is met at one employer alone, and nobody is hurt after death."""
    where: dict[str, set[str]] = defaultdict(set)
    died: dict[str, str] = {}
    for row in tables["cases"]:
        assert row["worker"][0] == "W"
        assert row["worker"][1:].isdigit()
        assert len(row["worker"]) == 9
        where[row["worker"]].add(row["employer_id"])
        died[row["worker"]] = row["died_on"] or died.get(row["worker"], "")
    assert all(len(employers) == 1 for employers in where.values())
    assert all(not died[row["worker"]] or row["occurred_on"] <= died[row["worker"]] for row in tables["cases"])


def test_totals_sit_near_published_ones(generator: ModuleType, lakeside: Any) -> None:
    """Incidence, payouts, the average rate and the share that would rise are near those the note sets beside them."""
    sums = importlib.import_module("synthetic_area.totals").totals(lakeside.setting.year, lakeside.tables)
    for year in (2023, 2024):
        assert Decimal("0.007") <= sums.incidence(year) <= Decimal("0.011")
        assert Decimal("0.45") <= sums.payout_ratio(year) <= Decimal("0.60")
        assert Decimal("0.005") <= sums.rate(year) <= Decimal("0.006")
    assert Decimal("0.03") <= sums.above <= Decimal("0.06")
    assert Decimal("0.10") <= Decimal(sums.commuting) / sums.cases <= Decimal("0.20")
    by_class = list(sums.class_incidence.values())
    assert all(low < high for low, high in pairwise(by_class[:6]))
    assert min(by_class[6:]) > by_class[4]
    assert generator.LAKESIDE["employers"] == sums.employers


def test_every_kind_of_record_occurs(tables: dict[str, Table]) -> None:
    """What rules look for is there: all grounds, events, certificates, kinds of benefit, and holes."""
    assert {row["ground"] for row in tables["cases"]} == {*(f"14.{n}" for n in range(1, 8)), "15.1", "15.2", "15.3"}
    kinds = {row["kind"] for row in tables["events"]}
    assert kinds == {"benefit_fraud", "false_facts", "arrears", "under_declaring", "joint_punishment"}
    assert {(row["kind"], row["grade"]) for row in tables["recognitions"]} == {
        *(("standardisation", grade) for grade in "123"),
        *(("harmonious_unit", ""), ("healthy_enterprise", "")),
    }
    assert len({row["kind"] for row in tables["payments"]}) >= 12
    assert {row["size"] for row in tables["employers"]} == {"large", "medium", "small", "micro"}
    assert any(not row["recognised_on"] for row in tables["cases"])
    assert any(not row["case_id"] for row in tables["payments"])
    assert any(row["insured"] == "0" for row in tables["exposure"])


def test_edges_are_hit_exactly(lakeside: Any, tables: dict[str, Table]) -> None:
    """The employers placed on thresholds stand on them to the fen and the worker."""
    paid: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    due: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for row in tables["payments"]:
        paid[row["employer_id"], row["paid_on"][:4]] += Fraction(row["amount"])
    for row in tables["contributions"]:
        due[row["employer_id"], row["since"][:4]] += Fraction(row["amount"])
    mean = {row["industry"]: Fraction(row["industry_incidence"]) for row in tables["industries"]}
    heads = {(row["employer_id"], row["since"][:4]): row["insured"] for row in tables["exposure"]}
    hurt = Counter((row["employer_id"], row["recognised_on"][:4]) for row in tables["cases"])
    payouts, incidences, near = (records for _, _, records in lakeside.by_hand.groups[:3])
    steps = [(limit, fen) for limit in (50, 100, 150) for fen in (-1, 0, 1)]
    assert len(payouts) == 7 * len(steps)
    for record, (limit, fen) in zip(payouts, 7 * steps, strict=True):
        assert paid[record.id, "2023"] / due[record.id, "2023"] == Fraction(limit, 100)
        assert paid[record.id, "2024"] - due[record.id, "2024"] * limit / 100 == Fraction(fen, 100)
        assert not hurt[record.id, "2024"]

    def ratio(record: Any, year: str) -> Fraction:
        return Fraction(hurt[record.id, year]) / Fraction(heads[record.id, year]) / mean[record.division]

    found = Counter((ratio(record, "2023"), ratio(record, "2024")) for record in incidences)
    assert found == {(1, 1): 15, (Fraction(3, 2), Fraction(3, 2)): 15}
    for below, above in zip(near[::2], near[1::2], strict=True):
        edge = Fraction(1) if ratio(above, "2024") < Fraction(5, 4) else Fraction(3, 2)
        assert ratio(below, "2024") < edge < ratio(above, "2024")


def test_the_chinese_files_say_the_same(generator: ModuleType, lakeside: Any) -> None:
    """Headers stand over the right columns, last days are inclusive, and every code and word is Chinese."""
    chinese = importlib.import_module("synthetic_area.chinese")
    files = chinese.chinese_files(lakeside.tables)
    for name, columns in generator.COLUMNS.items():
        rows = list(csv.reader(io.StringIO(files[f"{name}.csv"].decode("gb18030"))))
        assert len(rows) == len(lakeside.tables[name]) + 1
        assert len(rows[0]) == len(columns) + (name == "employers")
    first = next(csv.DictReader(io.StringIO(files["exposure.csv"].decode("gb18030"))))
    own, since, until, insured, payroll, _ = lakeside.tables["exposure"][0]
    assert (first["单位编号"], first["起始日期"], first["参保人数"]) == (own, since, insured)
    assert date.fromisoformat(first["截止日期（含）"]) + timedelta(days=1) == date.fromisoformat(until)
    assert Decimal(first["缴费工资总额（万元）"]) * 10_000 == Decimal(payroll)


def test_credit_codes_check_out(generator: ModuleType) -> None:
    """The made-up credit codes pass the public check, and none can belong to anybody."""
    uscc = pytest.importorskip("stdnum.cn.uscc")
    chinese = importlib.import_module("synthetic_area.chinese")
    codes = [chinese.credit_code(number) for number in range(1, generator.LAKESIDE_ZH["employers"] + 1)]
    assert all(uscc.is_valid(code) for code in codes)
    assert {code[2:8] for code in codes} == {"990000"}
