"""Hit policies mean what the DMN standard says, for known and for unknown conditions."""

from __future__ import annotations

import contextlib
from decimal import Decimal
from fractions import Fraction
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny import define, policy

from injuryprev import Unknown
from injuryprev.engine import Policy
from injuryprev.engine.ir import in_order
from injuryprev.engine.tables import first_gap
from injuryprev.errors import ProfileError
from injuryprev.policy.document import Interval


def table(hit: str, *rows: str, more: str = "", unit: str = "number") -> Policy:
    """Rules whose output is a table; a row is written ``condition -> outcome``."""
    written = []
    for row in rows:
        when, then = row.split(" -> ")
        written.append(f'{{ when = "{when}", then = {then} }}')
    return policy(define(f'table = {{ hit = "{hit}", rows = [{", ".join(written)}]{more} }}', unit=unit))


@pytest.mark.parametrize("hit", ["collect max", "collect min", "priority"])
@pytest.mark.parametrize("turned", [False, True])
def test_which_of_two_equal_outcomes_holds_does_not_matter(hit: str, turned: bool) -> None:
    """An unknown row that would say the same as a row that holds leaves the outcome known, in either order."""
    rows = ["on -> 5", "true -> 5"]
    more = ", order = [5]" if hit == "priority" else ""
    assert table(hit, *(rows[::-1] if turned else rows), more=more).evaluate()["out"] == 5


def test_a_table_that_counts_honours_its_outcome_for_no_row() -> None:
    """Without ``none`` the count of no row is zero; with it, that outcome."""
    assert table("collect count", "on -> 1", "off -> 1").evaluate(on=False, off=False)["out"] == 0
    counts = table("collect count", "on -> 1", "off -> 1", more=", none = 7")
    assert counts.evaluate(on=False, off=False)["out"] == 7
    assert counts.evaluate(on=True, off=True)["out"] == 2


def test_rows_differ_is_said_only_of_outcomes_that_are_known() -> None:
    """An unknown outcome beside a known one is unknown for its own reason; nobody knows that the two differ."""
    result = table("any", 'on -> "x"', "true -> 3").evaluate(on=True)
    assert isinstance(result["out"], Unknown)
    assert result["out"].codes == ("missing:x",)


def test_bands_beyond_the_range_of_a_figure_leave_no_gap() -> None:
    """Only what the figure can be must be held by a band."""
    rows = '{ within = "[0, 100]", then = 1 }, { within = "[200, inf)", then = 2 }'
    bands = policy(define(f'bands = {{ of = "z", rows = [{rows}] }}'))
    assert bands.evaluate(z=100)["out"] == Decimal(1)


@pytest.mark.parametrize("hit", ["unique", "any", "first", "collect max", "collect sum"])
def test_a_table_of_many_rows_is_lowered_by_their_number_and_not_by_its_square(hit: str) -> None:
    """Two hundred rows that may differ are compared with the first that holds, not each with each."""
    rows = [f"z > {row} and y < {100 - row % 90} -> {row % 3}" for row in range(200)]
    rules = table(hit, *rows, more=", none = 7")
    assert len(in_order([rules.evaluator._roots[1], rules.evaluator._roots[0]])) < 6000
    assert rules.evaluate(z=0, y=0)["out"] == 7
    assert rules.evaluate(z=1, y=0)["out"] == 0


@pytest.mark.parametrize(
    ("hit", "figures", "codes"),
    [
        ("unique", {"on": True, "off": True}, ("several_rows:out",)),
        ("unique", {"on": False, "off": False}, ("no_row:out",)),
        ("unique", {"on": True}, ("missing:off",)),
        ("any", {"on": True, "off": True}, ("rows_differ:out",)),
        ("any", {"off": True}, ("missing:on",)),
        ("first", {"on": False, "off": False}, ("no_row:out",)),
        ("first", {"off": True}, ("missing:on",)),
        ("collect sum", {"on": False, "off": False}, ("no_row:out",)),
        ("collect sum", {"on": True}, ("missing:off",)),
        ("collect max", {"on": True}, ("missing:off",)),
        ("collect min", {"off": True}, ("missing:on",)),
        ("collect count", {"on": True}, ("missing:off",)),
        ("collect count", {}, ("missing:off", "missing:on")),
    ],
)
def test_a_table_says_why_it_says_nothing(hit: str, figures: dict[str, bool], codes: tuple[str, ...]) -> None:
    """The reason names the table where its rows are at fault, the input where that is missing."""
    found = table(hit, "on -> 1", "off -> 2").evaluate(**figures)["out"]
    assert isinstance(found, Unknown)
    assert tuple(sorted(found.codes)) == codes


@pytest.mark.parametrize(
    ("hit", "figures", "value"),
    [
        ("unique", {"on": False, "off": True}, 2),
        ("any", {"on": True, "off": False}, 1),
        ("first", {"on": True}, 1),
        ("first", {"on": True, "off": True}, 1),
        ("collect sum", {"on": True, "off": True}, 3),
        ("collect max", {"off": True}, 2),
        ("collect min", {"on": True}, 1),
        ("collect count", {"on": True, "off": True}, 2),
    ],
)
def test_a_table_says_what_its_hit_policy_says(hit: str, figures: dict[str, bool], value: int) -> None:
    """Of a row that could not win it need not be known whether it holds."""
    assert table(hit, "on -> 1", "off -> 2").evaluate(**figures)["out"] == value


def test_priority_goes_by_the_order_and_not_by_size_or_place() -> None:
    """The first outcome of the order whose row holds."""
    rules = table("priority", "on -> 1", "off -> 3", "x > 0 -> 2", more=", order = [2, 1, 3]")
    assert rules.evaluate(on=True, off=True, x=1)["out"] == 2
    assert rules.evaluate(on=True, off=True, x=0)["out"] == 1
    assert rules.evaluate(x=1)["out"] == 2
    assert isinstance(rules.evaluate(on=True)["out"], Unknown)


def test_the_outcome_for_no_row_is_worked_out_only_then() -> None:
    """What keeps it unknown does not matter where a row holds."""
    for hit in ("unique", "any", "first", "collect sum", "collect max"):
        rules = table(hit, "on -> 1", "off -> 1", more=', none = "x"')
        assert rules.evaluate(on=True, off=False)["out"] == 1
        assert rules.evaluate(on=False, off=False, x=7)["out"] == 7
        found = rules.evaluate(on=False, off=False)["out"]
        assert isinstance(found, Unknown)
        assert found.codes == ("missing:x",)


def test_what_a_profile_leaves_open_is_unknown_with_its_words_and_source() -> None:
    """In a row, a band, a key, a figure and a whole definition alike, and only where it is reached."""
    open_ = '{ unknown = { en = "not printed", zh = "未刊出" } }'
    bodies = {
        "row": f'table = {{ hit = "first", rows = [{{ when = "on", then = {open_} }}], none = 1 }}',
        "band": f'bands = {{ of = "z", rows = [{{ within = "> 50", then = {open_} }}], otherwise = 1 }}',
        "key": f'map = {{ of = "kind", to = {{ a = {open_}, b = 1, c = 1 }} }}',
    }
    good = {"on": False, "z": 50, "kind": "b"}
    for body in bodies.values():
        rules = policy(define(body))
        assert rules.evaluate(**good)["out"] == 1
        found = rules.evaluate(on=True, z=51, kind="a")["out"]
        assert isinstance(found, Unknown)
        assert found.codes == ("not_known:out",)
        assert found.reasons[0].words.zh == "未刊出"
        assert found.reasons[0].source == "No. 7 Law of Tinyland (2019-12-31)"
        assert found.reasons[0].text("zh") == "未刊出 [No. 7小国条例（2019-12-31）]"
    whole = policy(define('unknown = { en = "not printed", zh = "未刊出" }')).evaluate()["out"]
    assert isinstance(whole, Unknown)
    assert whole.codes == ("not_known:out",)


def test_a_figure_without_its_key_says_so() -> None:
    """Where the keys cannot be listed, one that is missing is found when it comes."""
    keyed = '[parameters.p]\nunit = "number"\nby = ["part"]\nvalues = { "0.1" = 1, "0.2" = 2 }\nsource = "law"\n'
    rules = policy(keyed + define("p"))
    assert rules.evaluate(part="0.2")["out"] == 2
    assert rules.evaluate(part="0.20")["out"] == 2
    found = rules.evaluate(part="0.3")["out"]
    assert isinstance(found, Unknown)
    assert found.codes == ("no_figure:p",)


@given(
    st.integers(0, 3),
    st.integers(0, 6),
    st.lists(
        st.tuples(st.none() | st.integers(0, 9), st.none() | st.integers(0, 9), st.booleans(), st.booleans()),
        max_size=4,
    ),
    st.sampled_from([None, Fraction(1), Fraction(1, 2)]),
)
def test_a_gap_is_found_exactly_where_a_number_is_left_out(
    low: int, width: int, drawn: list[tuple[int | None, int | None, bool, bool]], step: Fraction | None
) -> None:
    """Of whole numbers, of halves, and of all numbers, in the range and not beyond it."""
    bands = []
    for start, end, start_closed, end_closed in drawn:
        with contextlib.suppress(ValueError):  # a band that holds no number
            bands.append(
                Interval(
                    None if start is None else Fraction(start),
                    None if end is None else Fraction(end),
                    start_closed and start is not None,
                    end_closed and end is not None,
                )
            )
    parts = 1 if step == 1 else 2
    numbers = [Fraction(number, parts) for number in range(low * parts, (low + width) * parts + 1)]
    left_out = [number for number in numbers if not any(number in band for band in bands)]
    assert (first_gap(Fraction(low), Fraction(low + width), bands, step) is not None) == bool(left_out)


@pytest.mark.parametrize(
    ("of", "held", "left_out"),
    [
        ("-z", "[-100, 0]", "[-99, 0]"),
        ("x / (z + 1)", "[-100, 100]", "[-100, 1]"),
        ("x / (z + 1)", "[-100, 100]", "[-1, 100]"),
        ("-x / (z + 1)", "[-100, 100]", "[-100, 1]"),
        ("z / (1 + part)", "[0, 100]", "[0.5, 100]"),
        ("min(z, 7) - 1", "[-1, 6]", "[-1, 6)"),
    ],
)
def test_a_gap_is_looked_for_in_all_that_a_figure_can_be(of: str, held: str, left_out: str) -> None:
    """Turned round, divided, or cut: its bounds follow from those of the inputs."""
    good = f'bands = {{ of = "{of}", rows = [{{ within = "{held}", then = 1 }}] }}'
    assert policy(define(good)).outputs
    with pytest.raises(ProfileError, match="leave numbers out"):
        policy(define(good.replace(held, left_out)))


@pytest.mark.parametrize(
    ("hit", "figures", "value"),
    [
        ("collect max", {"x": -5, "y": -3}, -3),
        ("collect min", {"x": 5, "y": 3}, 3),
        ("collect max", {"x": -5, "y": 3}, 3),
        ("collect sum", {"x": -5, "y": 3}, -2),
    ],
)
def test_the_best_of_outcomes_that_vary_is_one_of_them(hit: str, figures: dict[str, int], value: int) -> None:
    """And never the zero that no row says."""
    assert table(hit, 'on -> "x"', 'true -> "y"').evaluate(on=True, **figures)["out"] == value
    assert table(hit, 'on -> "x"', 'true -> "y"').evaluate(on=False, **figures)["out"] == figures["y"]


@pytest.mark.parametrize(("kind", "value"), [("a", 1), ("b", 2), ("c", 9)])
def test_a_map_says_otherwise_only_of_what_it_does_not_list(kind: str, value: int) -> None:
    """In any order of its keys; a word as well as a number."""
    for keys in ("a = 1, b = 2", "b = 2, a = 1"):
        rules = policy(define(f'map = {{ of = "kind", to = {{ {keys} }}, otherwise = 9 }}'))
        assert rules.evaluate(kind=kind)["out"] == value
    number = {"a": 1, "b": 2, "c": 3}[kind]
    rules = policy(define('map = { of = "class", to = { "2" = 2, "1" = 1 }, otherwise = 9 }'))
    assert rules.evaluate(**{"class": number})["out"] == value


BEHIND: Final = {
    "formula": define("if on then x else y"),
    "bands": define('bands = { of = "z", rows = [{ within = "< 50", then = "x" }], otherwise = "y" }'),
    "map": define('map = { of = "class", to = { "1" = "x", "2" = "y", "3" = "x" } }'),
    "first": define('table = { hit = "first", rows = [{ when = "on", then = "x" }], none = "y" }'),
    "unique": define('table = { hit = "unique", rows = [{ when = "on", then = "x" }], none = "y" }'),
    "collect sum": define('table = { hit = "collect sum", rows = [{ when = "on", then = "x" }], none = "y" }'),
    "collect max": define('table = { hit = "collect max", rows = [{ when = "on", then = "x" }], none = "y" }'),
}


@pytest.mark.parametrize("kind", BEHIND)
def test_what_lies_behind_an_unknown_condition_is_no_reason(kind: str) -> None:
    """Neither of two missing figures is blamed while nobody knows which of them is asked for."""
    found = policy(BEHIND[kind]).evaluate()["out"]
    assert isinstance(found, Unknown)
    assert found.codes in (("missing:on",), ("missing:z",), ("missing:class",))
    for choice, name in (({"on": True, "z": 0, "class": 1}, "x"), ({"on": False, "z": 60, "class": 2}, "y")):
        found = policy(BEHIND[kind]).evaluate(**choice)["out"]
        assert isinstance(found, Unknown)
        assert found.codes == (f"missing:{name}",)
