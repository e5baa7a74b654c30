"""Decisions as files: every format says the same, exactly, and is there as a whole or not at all."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import polars as pl
import pytest

from injuryprev.errors import InputError, ReadError
from injuryprev.exchange import DecisionRow, write_decisions
from injuryprev.model import RateDecision, RateTier
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

ON = dt.date(2025, 1, 1)
OUTPUTS = {
    name: SimpleNamespace(unit=unit)
    for name, unit in (("rate", "fraction"), ("contribution", "money"), ("blocked", "flag"), ("label", "category"))
}
MISSING = Unknown((Reason("missing", "payroll", Words("payroll was not given", "未提供缴费工资总额")),))
BIG = Decimal("123456789012345678.91")


def row(key: str, **outputs: Any) -> DecisionRow:
    """A line with some of the outputs; the others are unknown."""
    values = {name: outputs.get(name, MISSING) for name in OUTPUTS}
    figures = {"payroll": outputs.get("payroll")}
    return DecisionRow(key, values, "toy", "1", ON, Words("nothing paid out", "无支付"), figures)


ROWS = [
    row("007", rate=Decimal("0.0108"), contribution=BIG, blocked=False, label="=1+1", payroll=Decimal("1.2")),
    row("E2", rate=Decimal("0.01"), blocked=True, label="甲"),
]
HEADER = [
    "employer_id",
    "rate",
    "contribution",
    "blocked",
    "label",
    "refusal",
    "payroll",
    "reasons",
    "profile",
    "version",
    "on",
]


def test_csv(tmp_path: Path) -> None:
    """All digits, an empty cell for what is unknown, and its reason beside it."""
    path = write_decisions(tmp_path / "d.csv", ROWS, OUTPUTS, figures=["payroll"])
    with path.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [
            HEADER,
            ["007", "0.0108", str(BIG), "false", "'=1+1", "", "1.2", "nothing paid out", "toy", "1", "2025-01-01"],
            ["E2", "0.01", "", "true", "甲", "missing:payroll", "", "payroll was not given", "toy", "1", "2025-01-01"],
        ]
    assert (
        write_decisions(tmp_path / "d.csv", ROWS, OUTPUTS, figures=["payroll"], lang="zh")
        .read_bytes()
        .startswith(b"\xef\xbb\xbf")
    )
    assert "未提供缴费工资总额" in path.read_text("utf-8-sig")


def test_workbook(tmp_path: Path) -> None:
    """Numbers are numbers up to 15 digits, text stays text whatever it looks like."""
    path = write_decisions(tmp_path / "d.xlsx", ROWS, OUTPUTS, figures=["payroll"])
    book = openpyxl.load_workbook(path)
    lines = [[cell.value for cell in line] for line in book.worksheets[0].iter_rows()]
    assert lines[0] == HEADER
    assert lines[1][:6] == ["007", 0.0108, str(BIG), False, "=1+1", None]
    assert book.worksheets[0].cell(2, 5).data_type == "s"
    assert lines[2][2] is None


def test_parquet(tmp_path: Path) -> None:
    """Decimals to the last digit, truth values, dates; unknown is null."""
    frame = pl.read_parquet(write_decisions(tmp_path / "d.parquet", ROWS, OUTPUTS, figures=["payroll"]))
    assert frame.columns == HEADER
    assert frame["contribution"].to_list() == [BIG, None]
    assert frame["rate"].to_list() == [Decimal("0.0108"), Decimal("0.0100")]
    assert frame["blocked"].to_list() == [False, True]
    assert frame["on"].to_list() == [ON, ON]
    assert frame.schema["contribution"] == pl.Decimal(38, 2)


def test_json_lines(tmp_path: Path) -> None:
    """Exact numbers are text, as in the trace; reasons are a list of codes."""
    lines = write_decisions(tmp_path / "d.jsonl", ROWS, OUTPUTS, figures=["payroll"]).read_text("utf-8").splitlines()
    first, second = (json.loads(line) for line in lines)
    assert (first["contribution"], first["blocked"], first["refusal"]) == (str(BIG), False, [])
    assert (second["contribution"], second["refusal"], second["on"]) == (None, ["missing:payroll"], "2025-01-01")


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet", ".jsonl"])
def test_no_decisions_are_a_file_too(tmp_path: Path, suffix: str) -> None:
    """An area without employers gives a file without lines, with its columns where the format has any."""
    assert write_decisions(tmp_path / f"d{suffix}", [], OUTPUTS).exists()


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet", ".jsonl"])
def test_a_file_is_whole_or_as_it_was(tmp_path: Path, suffix: str) -> None:
    """When the work breaks off, the file of the run before is untouched, and nothing else is left lying."""

    def breaking() -> Iterator[DecisionRow]:
        yield ROWS[0]
        raise ZeroDivisionError

    path = tmp_path / f"d{suffix}"
    path.write_text("as it was")
    with pytest.raises(ZeroDivisionError):
        write_decisions(path, breaking(), OUTPUTS)
    assert path.read_text() == "as it was"
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("place", "words"), [("d.xls", "one of .csv"), ("d", "one of .csv"), ("no/d.csv", "cannot be written")]
)
def test_what_cannot_be_written(tmp_path: Path, place: str, words: str) -> None:
    """An unknown suffix, or a directory that is not there."""
    with pytest.raises(ReadError, match=words):
        write_decisions(tmp_path / place, ROWS, OUTPUTS, figures=["payroll"])


class Reasons(dict[str, Any]):
    """The result of an evaluation, as far as a line needs it."""

    def explain(self, **_: object) -> str:
        """Nothing to say."""
        return ""

    to_json = explain


def decide(result: Any) -> RateDecision:
    """A decision with a result of some kind."""
    tier = RateTier(1, "1.2")
    return RateDecision("E1", ON, "toy", "1", Decimal("0.01"), tier, Decimal("0.012"), MISSING, result)


def test_the_line_of_a_decision() -> None:
    """All outputs of its result, and the figures that stand beside them."""
    result = Reasons(rate=Decimal("0.012"), contribution=MISSING)
    made = DecisionRow.of(decide(result), Words("why"), {"payroll": None})
    assert (made.employer_id, dict(made.figures), made.refusal) == ("E1", {"payroll": None}, ("missing:payroll",))
    assert made.reasons("zh") == "未提供缴费工资总额"


def test_reasons_stand_once_and_in_the_order_of_the_policy() -> None:
    """Two rows of one table are one reason; the order is that of ``Result.refusal``, whatever the outputs' order is."""
    first, second = (Reason("rejected_row", "payments", Words(text)) for text in ("row 2", "row 3"))
    twice = DecisionRow("E1", {"rate": Unknown((first, second))}, "toy", "1", ON)
    assert (twice.refusal, twice.reasons("en")) == (("rejected_row:payments",), "row 2; row 3")
    late, early = (Unknown((Reason("no_row", name, Words(name)),)) for name in ("late", "early"))
    ordered = DecisionRow("E1", {"a": late, "b": early}, "toy", "1", ON, codes=("no_row:early", "no_row:late"))
    assert (ordered.refusal, ordered.reasons("en")) == (("no_row:early", "no_row:late"), "early; late")


def test_a_result_without_outputs_makes_no_line() -> None:
    """A result that can only explain itself."""

    class Mute:
        explain: Callable[..., str] = Reasons.explain
        to_json: Callable[..., str] = Reasons.explain

    with pytest.raises(InputError, match="no outputs"):
        DecisionRow.of(decide(Mute()))
