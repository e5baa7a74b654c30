"""Codes, words, keys and figures in columns: read as the model reads them, or unknown with a reason, or refused."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pyarrow as pa
import pytest
from brute_force import Rule
from engines import POLARS, Machine
from held import EVERY, cases, counted, owners, refused, rules, table
from little import little
from test_counting import COUNTING, YEAR, only

import injuryprev as ip
from injuryprev import Unknown
from injuryprev.errors import InputError
from injuryprev.model import Employer, Ground, History, Industry

CLASSES = (
    "[windows]\n[classifications.c]\nedition = 'GB/T 4754-2011'\nsource = 'law'\n"
    "classes = { 1 = ['65', '83'], 6 = ['06', '10'] }\n"
    "[counting]\nn_class = { from = 'employer', take = 'classify', classification = 'c', source = 'law' }\n"
)
CODES = (
    "06", " 06", "b06", "B06", "0610", "B0610\u3000", "A06", "6", "06x", "099",
    "01", "99", "83", "Q83", "P83", "", None,
)  # fmt: skip
EDITIONS = (
    "GB/T 4754-2011", "GB/T4754-2011", " 2011", "2011\n", "GB/T 4754—2011", "gb/t 4754-2011", "2017", "x", None,
)  # fmt: skip


@pytest.mark.parametrize("machine", EVERY, indirect=True)
def test_industries_are_read_as_the_model_reads_them(machine: Machine) -> None:
    """What the model takes is of the class that it is there; what it refuses is unknown, with a reason."""
    policy = little(CLASSES, inputs="[inputs]\nn_class = { unit = 'class', range = [1, 9] }\n").on("2024-05-06")
    pairs = [(code, edition) for code in CODES for edition in EDITIONS]
    keys = [f"E-{place:03}" for place in range(len(pairs))]
    frame = table(id=keys, industry=[code for code, _ in pairs], industry_edition=[edition for _, edition in pairs])
    found = counted(policy, machine, frame)
    known = 0
    for key, (code, edition) in zip(keys, pairs, strict=True):
        value, why = found[key]["n_class"]
        try:
            stated = Industry(code, edition)
        except InputError:
            assert (value, why is None) == (None, False), (code, edition)
            continue
        wanted = policy.counting.count(Employer("E", stated), History())["n_class"].value
        codes = "; ".join(wanted.codes) if isinstance(wanted, Unknown) else None
        assert (value, why) == (None if codes else wanted, codes), (code, edition)
        known += codes is None
    assert known == 40


@pytest.mark.parametrize("machine", EVERY, indirect=True)
def test_grounds_are_read_as_the_model_reads_them(machine: Machine) -> None:
    """However an item is written it is that item; what is no item leaves open whether the payment counts."""
    texts = [
        "14.6", "14(6)", "14 (6)", "14（6）", " 14.6 ", "14.6\n", "第十四条（六）", "第十四条第六项",
        "第14条第（六）项", "《工伤保险条例》 第十四条 第一款 第（六）项", "工伤保险条例第14条第1款第6项",
        "14.1", "15.1", "第十五条第（一）项",
        "第十四条第五项", "15(3)", "15.6", "14.8", "14.66", "14 .6", "146", "", "x", None,
    ]  # fmt: skip
    keys = [f"E-{place:02}" for place in range(len(texts))]
    given = cases(*((key, "c", "2023-01-01", None) for key in keys), ground=texts)
    paid = table(
        employer_id=keys, case_id=["c"] * len(keys), paid_on=["2023-05-01"] * len(keys),
        amount=["100"] * len(keys), kind=["medical"] * len(keys),
    )  # fmt: skip
    found = counted(rules("benefits"), machine, owners(*keys), cases=given, payments=paid)
    wanted: list[tuple[int | None, str | None]] = []
    for text in texts:
        try:
            wanted.append((0 if Ground.parse(text).is_commuting else 100, None))  # type: ignore[arg-type]  # as above
        except InputError:
            wanted.append((None, "field:benefits"))
    assert [(text, found[key]["benefits"]) for key, text in zip(keys, texts, strict=True)] == [
        *zip(texts, wanted, strict=True)
    ]
    assert sum(one == (0, None) for one in wanted) == 11


@pytest.mark.parametrize("machine", COUNTING, indirect=True)
def test_a_word_that_there_cannot_be_is_not_another_word(machine: Machine) -> None:
    """Kinds of payments are a closed list, and those of events are names; others leave the figure open."""
    rule = Rule("payments", "sum", "amount", ("not", ("eq", "kind", "medical")), "paid_on", YEAR, none=0)
    kinds = ["medical", "rehabilitation", "Medical", "medical ", ""]
    keys = [f"E-{place}" for place in range(len(kinds))]
    size = len(keys)
    paid = table(employer_id=keys, paid_on=["2023-05-01"] * size, amount=["7"] * size, kind=kinds)
    found = counted(only(rule), machine, owners(*keys), payments=paid)
    lost = (None, "field:r")
    assert [found[key]["r"] for key in keys] == [(0, None), (7, None), lost, lost, lost]
    kinds = ["fraud", "arrears", "Fraud", "fraud ", "fraud\n"]
    events = table(employer_id=keys, kind=kinds, on=["2023-05-01"] * size, until=pa.array([None] * size, pa.string()))
    found = counted(rules("fraud"), machine, owners(*keys), events=events)
    lost = (None, "field:fraud")
    assert [found[key]["fraud"] for key in keys] == [(True, None), (False, None), lost, lost, lost]


NUMBERS = (pa.array([610]), pa.array([610.0]), pa.array([Decimal(610)]))


@pytest.mark.parametrize("machine", EVERY, indirect=True)
@pytest.mark.parametrize("number", range(len(NUMBERS)))
def test_codes_read_as_numbers_are_refused(machine: Machine, number: int) -> None:
    """610 may have been 0610; the message names the table, the column, its kind, and the way out."""
    codes = NUMBERS[number]
    policy = ip.load_profile("cn-zj").on("2025-03-01")
    edition = pa.array(["2011"])
    way = "read the column as text"
    frame = table(id=["A"], industry=codes, industry_edition=edition)
    refused(policy, machine, frame, rf"employers column 'industry'.*(Int|Float|Decimal|Object).*{way}")
    frame = table(id=["A"], industry=["06"], industry_edition=codes)
    refused(policy, machine, frame, rf"employers column 'industry_edition'.*{way}")
    paid = table(employer_id=["A"], case_id=["c"], paid_on=["2023-05-01"], amount=["1"], kind=["medical"])
    given = cases(("A", "c", "2023-01-01", None), ground=codes)
    refused(rules("benefits"), machine, owners("A"), rf"cases column 'ground'.*{way}", cases=given, payments=paid)
    events = table(employer_id=["A"], kind=codes, on=["2023-05-01"], until=["2025-05-01"])
    refused(rules("fraud"), machine, owners("A"), rf"events column 'kind'.*{way}", events=events)


# Keys ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("machine", EVERY, indirect=True)
def test_a_case_that_stands_there_twice(machine: Machine) -> None:
    """As an object its employer would be refused; here every figure that looks at cases says so."""
    given = cases(
        ("A", "c1", "2023-03-01", "2023-04-01"), ("A", "c1", "2023-03-01", "2023-04-01"),
        ("B", "c1", "2023-03-01", "2023-04-01"), ground=["14.1"] * 3,
    )  # fmt: skip
    paid = table(
        employer_id=["A", "B"], case_id=["c1"] * 2, paid_on=["2023-05-01"] * 2, amount=["100"] * 2, kind=["medical"] * 2
    )
    found = counted(rules("injuries", "benefits"), machine, owners("A", "B", "C"), cases=given, payments=paid)
    assert found == {
        "A": {"injuries": (None, "repeated:injuries"), "benefits": (None, "repeated:benefits")},
        "B": {"injuries": (1, None), "benefits": (100, None)},
        "C": {"injuries": (0, None), "benefits": (0, None)},
    }


def one_event(keys: pa.Array) -> pa.Table:
    """Events of employers with some keys."""
    return table(
        employer_id=keys, kind=["fraud"] * len(keys), on=["2023-05-01"] * len(keys), until=["2025-01-01"] * len(keys)
    )


@pytest.mark.parametrize("machine", EVERY, indirect=True)
def test_keys_of_different_kinds_are_refused(machine: Machine) -> None:
    """Some engines would match 1 with '1', some not, and some would stop half way."""
    numbers, text = pa.array([1, 2]), pa.array(["1", "2"])
    refused(
        rules("fraud"), machine, table(id=numbers),
        r"events column 'employer_id'.*text.*whole numbers, as employers column 'id'", events=one_event(text),
    )  # fmt: skip
    refused(rules("fraud"), machine, table(id=text), "read both as text", events=one_event(numbers))
    odd = pa.array([1.0, 2.0])
    refused(rules("fraud"), machine, table(id=odd), "employers column 'id'.*text or whole", events=one_event(odd))


@pytest.mark.parametrize("machine", COUNTING, indirect=True)
def test_keys_of_one_kind_match_however_they_are_kept(machine: Machine) -> None:
    """Whole numbers of any width, and text with categories; and no key at all is the key of nobody."""
    policy = rules("fraud")
    whole = [pa.array([1, 2], kind) for kind in (pa.int64(), pa.int32(), pa.uint64(), pa.int8())]
    words = [pa.array(["1", "2"], kind) for kind in (pa.string(), pa.large_string())]
    words.append(words[0].dictionary_encode())
    for sort in (whole, words):
        for mine in sort:
            for other in sort:
                found = counted(policy, machine, table(id=mine), events=one_event(other[:1]))
                assert [str(key) for key, one in found.items() if one["fraud"][0]] == ["1"], (mine.type, other.type)
    nobody = pa.array([None], pa.null())
    found = counted(policy, machine, owners("A"), events=one_event(nobody))
    assert found["A"]["fraud"] == (False, None)
    found = counted(policy, machine, table(id=[None, "A"]), events=one_event(pa.array([None], pa.string())))
    assert {one["fraud"] for one in found.values()} == {(False, None)}


def test_tables_of_nothing_in_polars() -> None:
    """Frames made of empty lists have columns of no kind."""
    events = pl.DataFrame({"employer_id": [], "kind": [], "on": [], "until": []})
    rows = POLARS.rows(rules("fraud").count_frames(pl.DataFrame({"id": ["A"]}), events=events))
    assert rows == [{"id": "A", "fraud": False, "fraud_unknown": None}]


# Figures ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("machine", EVERY, indirect=True)
def test_figures_that_are_no_use_say_why(machine: Machine) -> None:
    """As those of an employer do: missing, unreadable, too large and too fine are four reasons."""
    rule = Rule("payments", "sum", "amount", None, "paid_on", YEAR, none=0)
    amounts = ["7", None, "x", "0.00001", "2000000000000", "0.001"]
    keys = [f"E-{place}" for place in range(len(amounts))]
    paid = table(employer_id=keys, paid_on=["2023-05-01"] * len(keys), amount=amounts)
    found = counted(only(rule), machine, owners(*keys), payments=paid)
    codes = [None, "no_figure:r", "unreadable:r", "too_fine:r", "out_of_range:r", "too_fine:r"]
    assert [found[key]["r"] for key in keys] == [(7, None), *((None, code) for code in codes[1:])]


@pytest.mark.parametrize("machine", EVERY, indirect=True)
def test_codes_and_words_of_which_there_are_none(machine: Machine) -> None:
    """A column of nulls alone says of nobody what it is."""
    none = pa.array([None], pa.null())
    policy = little(CLASSES, inputs="[inputs]\nn_class = { unit = 'class', range = [1, 9] }\n").on("2024-05-06")
    found = counted(policy, machine, table(id=["A"], industry=none, industry_edition=none))
    assert found["A"]["n_class"] == (None, "missing:n_class")
    paid = table(employer_id=["A"], case_id=["c"], paid_on=["2023-05-01"], amount=["1"], kind=none)
    given = cases(("A", "c", "2023-01-01", None), ground=none)
    found = counted(rules("benefits"), machine, owners("A"), cases=given, payments=paid)
    assert found["A"]["benefits"] == (None, "field:benefits")
    events = table(employer_id=["A"], kind=none, on=["2023-05-01"], until=none)
    assert counted(rules("fraud"), machine, owners("A"), events=events)["A"]["fraud"] == (None, "field:fraud")
