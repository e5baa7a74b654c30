"""What is written is read back as it was, and damage to one row stays with its employer."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal, TypeVar

import attrs
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from injuryprev import testing
from injuryprev.errors import InputError
from injuryprev.exchange import read_area, write_area
from injuryprev.exchange.write import Suffix
from injuryprev.model import Employer, History, Industry, InjuryCase
from injuryprev.words import Lang, Words

FACTS = {
    name: SimpleNamespace(name=name, title=Words(), unit=unit, choices={})
    for name, unit in (("safety_credit", "category"), ("training_hours", "hours"), ("model_unit", "flag"))
}
Insured = TypeVar("Insured", Employer, InjuryCase)
TABLES = ("exposures", "contributions", "cases", "payments", "events", "recognitions")
# What people write: Chinese and Latin letters, signs that mean something to CSV and to spreadsheets, line breaks.
PROSE = st.text("虚构采矿某甲ĳéß=+@-,;\t\"'# \n1９N/A", min_size=1, max_size=12).map(str.strip).filter(bool)


@st.composite
def areas(draw: st.DrawFn) -> tuple[dict[str, Employer], dict[str, History]]:
    """Some employers, all with the same tables; words and further facts of every kind."""
    employers: dict[str, Employer] = {}
    histories: dict[str, History] = {}
    missing = draw(st.sets(st.sampled_from(TABLES), max_size=6))
    for key in draw(st.lists(testing.ids("E"), min_size=1, max_size=4, unique=True)):
        facts: dict[str, Any] = draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "safety_credit": st.sampled_from("A甲=+"),
                    "training_hours": testing.money(),
                    "model_unit": st.booleans(),
                },
            )
        )
        employer = attrs.evolve(draw(testing.employers(key)), facts=facts)
        employer = _without_group_codes(employer)
        if employer.kind != "household":
            employer = attrs.evolve(employer, name=draw(st.none() | PROSE))
        employers[key] = employer
        history = draw(testing.histories(key, max_size=3))
        tables = {name: None if name in missing else tuple(getattr(history, name) or ()) for name in TABLES}
        if tables["cases"] is not None:
            ids = {case.id for case in tables["cases"]}
            tables["cases"] = tuple(
                attrs.evolve(_without_group_codes(case), circumstances=draw(st.none() | PROSE))
                for case in tables["cases"]
            )
            if tables["payments"]:
                tables["payments"] = tuple(
                    attrs.evolve(paid, case_id=paid.case_id if paid.case_id in ids else None)
                    for paid in tables["payments"]
                )
        given: dict[str, Any] = dict(tables)
        histories[key] = History(**given)
    return employers, histories


def _without_group_codes(record: Insured) -> Insured:
    """Three digits without a letter are refused in tables (a zero may be lost), so no table can hold them."""
    industry = record.industry
    if industry is not None and len(industry.code) == 3 and industry.code.isdigit():
        return attrs.evolve(record, industry=Industry(industry.section + industry.code, industry.edition))
    return record


@pytest.mark.parametrize(
    ("encoding", "suffix"), [("utf-8", ".csv"), ("gb18030", ".csv"), ("utf-8", ".xlsx")], ids=["utf8", "gb", "xlsx"]
)
@pytest.mark.parametrize("lang", ["en", "zh"])
@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(drawn=areas())
def test_what_is_written_is_read_back(
    drawn: tuple[dict[str, Employer], dict[str, History]],
    lang: Lang,
    encoding: Literal["utf-8", "gb18030"],
    suffix: Suffix,
) -> None:
    """Every employer and every history, in both languages, both encodings and in workbooks, and no row is refused."""
    employers, histories = drawn
    with tempfile.TemporaryDirectory() as folder:
        write_area(folder, employers.values(), histories, lang=lang, encoding=encoding, suffix=suffix)
        area = read_area(folder, facts=FACTS)
    # Two rows that were drawn alike both count, and that is said.
    assert {finding.code for finding in area.findings} <= {"encoding_unsure", "repeated"}
    assert dict(area.employers) == employers
    assert dict(area.histories) == histories


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    drawn=areas(),
    place=st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)),
    damage=st.sampled_from(["cell", "quote", "cut", "extra", "garbage", "empty"]),
    lang=st.sampled_from(["en", "zh"]),
    junk=st.text("\"',;\t?=虚x0-", min_size=1, max_size=6),
)
def test_damage_to_one_row_changes_no_other_employer(
    drawn: tuple[dict[str, Employer], dict[str, History]],
    place: tuple[int, int],
    damage: str,
    lang: Lang,
    junk: str,
) -> None:
    """Whatever happens to a row, the other employers are read as before; and the damage is reported, or harmless."""
    employers = {key: attrs.evolve(employer, name=None, facts={}) for key, employer in drawn[0].items()}
    histories = {
        key: attrs.evolve(
            history,
            cases=None if history.cases is None else [attrs.evolve(case, circumstances=None) for case in history.cases],
        )
        for key, history in drawn[1].items()
    }
    with tempfile.TemporaryDirectory() as folder:
        files = write_area(folder, employers.values(), histories, lang=lang)
        path = files[place[0] % len(files)]
        lines = path.read_text("utf-8-sig").splitlines()
        assume(len(lines) > 1)
        number = 1 + place[1] % (len(lines) - 1)
        owner = next(key for key in employers if key in lines[number].split(","))
        lines[number] = _damaged(lines[number], damage, junk, place[1])
        assume(lines[number].strip(",; \t"))  # a line with nothing on it is no row
        # Junk that happens to be another employer's key moves the row to that employer, which nobody can see.
        assume(not any(key in lines[number] for key in employers if key != owner))
        path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
        area = read_area(folder, facts=FACTS)
    for key, employer in employers.items():
        if key != owner:
            assert area.employers[key] == employer
            assert area.histories[key] == histories[key]
            assert area.refusal(key) is None
    if path.stem in ("employers", "单位") and owner not in area.employers:
        # Its own row: either it has another id now, or the rejects have it.
        assert area.rejects or len(area.employers) == len(employers)
        return
    unchanged = area.employers.get(owner) == employers[owner] and area.histories.get(owner) == histories[owner]
    if not unchanged and owner in lines[number]:
        same_shape = damage in ("cell", "empty", "cut")  # another value that can be read is another value
        assert area.refused.get(owner) or same_shape


def _damaged(line: str, damage: str, junk: str, where: int) -> str:
    cells = line.split(",")
    index = where % len(cells)
    match damage:
        case "cell":
            cells[index] = junk.replace(",", "")
        case "quote":
            cells[index] = '"' + cells[index]
        case "cut":
            return line[: where % len(line)]
        case "extra":
            cells.insert(index, junk)
        case "garbage":
            return junk
        case "empty":
            cells[index] = ""
    return ",".join(cells)


def test_a_table_that_some_histories_lack_cannot_be_written(tmp_path: Path) -> None:
    """A file has no way to say "not known for this one"."""
    employers = [Employer("E1"), Employer("E2")]
    with pytest.raises(InputError, match="1 of 2 histories have cases"):
        write_area(tmp_path, employers, {"E1": History(cases=()), "E2": History()})


def test_figures_by_industry_are_written_too(tmp_path: Path) -> None:
    """So that an example area is complete."""
    figures = {("06", "GB/T 4754-2017"): {"industry_incidence": Decimal("0.0125")}}
    write_area(tmp_path, [Employer("E1", Industry("0610", "2017"))], {}, industries=figures, lang="zh")
    assert read_area(tmp_path).figures("E1") == {"industry_incidence": Decimal("0.0125")}


def test_a_number_with_more_digits_than_a_workbook_keeps(tmp_path: Path) -> None:
    """It is written as text, and read back to the last digit."""
    amount = Decimal("123456789012345.67")
    figures = {("06", "GB/T 4754-2017"): {"industry_incidence": amount}}
    write_area(tmp_path, [Employer("E1", Industry("0610", "2017"))], {}, industries=figures, suffix=".xlsx")
    assert read_area(tmp_path).figures("E1") == {"industry_incidence": amount}
