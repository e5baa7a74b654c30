"""Profiles by id and by path, and what a policy says of itself."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from tiny import HEAD, define, policy, profile

from injuryprev import Words, list_profiles, load_profile
from injuryprev.errors import ProfileError, UnknownNameError
from injuryprev.policy.registry import is_outside


def written(folder: Path, body: str, name: str = "tiny") -> Path:
    """A profile on disk."""
    path = folder / f"{name}.toml"
    path.write_text(HEAD.replace("OUTPUTS", '"out"') + body, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "hint"),
    [("cn-zi", "'cn-zj'"), ("CN", "cn"), ("toylnd", "'toyland'"), ("", "one of"), ("cn zj", "'cn-zj'")],
)
def test_an_unknown_id_is_answered_with_the_nearest(name: str, hint: str) -> None:
    """An id is not guessed at; the message says what there is."""
    with pytest.raises(UnknownNameError, match="there is no profile") as caught:
        load_profile(name)
    assert hint in caught.value.expected


def test_what_is_installed_is_listed_without_being_asked_for_by_name() -> None:
    """In the order of ids, each with its title, version, coverage and parent."""
    found = list_profiles()
    assert [info.id for info in found] == sorted(info.id for info in found)
    by_id = {info.id: info for info in found}
    assert by_id["cn-zj"].extends == "cn"
    for info in found:
        made = load_profile(info.id)
        assert (made.id, made.title, made.version, made.covers) == (info.id, info.title, info.version, info.covers)


@pytest.mark.parametrize(
    ("name", "outside"),
    [("cn", False), ("cn-zj", False), ("cn.toml", True), ("here/cn", True), ("here\\cn", True), (Path("cn"), True)],
)
def test_a_path_is_told_from_an_id(name: str | Path, outside: bool) -> None:
    """By its ending or a folder in it; a Path is one in any case."""
    assert is_outside(name) is outside


def test_a_file_is_checked_on_every_day_of_change(tmp_path: Path) -> None:
    """A mistake that begins in three years is found today."""
    body = "[parameters.p]\nunit = 'number'\nvalue = 1\nuntil = 2031-01-01\nsource = 'law'\n" + define("p")
    with pytest.raises(ProfileError, match="on 2031-01-01") as caught:
        load_profile(written(tmp_path, body))
    assert "nothing is called 'p'" in str(caught.value)
    gap = "[[inputs.x]]\nunit = 'number'\nrange = [0, 1]\n[[inputs.x]]\nsince = 2031-01-01\nrange = [0, 2]\n"
    gap += define('bands = { of = "x", rows = [{ within = "[0, 1]", then = 1 }] }')
    with pytest.raises(ProfileError, match="on 2031-01-01") as caught:
        load_profile(written(tmp_path, gap))
    assert "leave numbers out" in str(caught.value)


def test_a_file_is_found_by_text_and_by_path(tmp_path: Path) -> None:
    """The same profile either way; what it extends lies beside it or is installed."""
    path = written(tmp_path, define("1 + 1"))
    assert load_profile(path).on("2020-01-01").evaluate()["out"] == 2
    assert load_profile(str(path)).id == "tiny"
    child = 'format = 1\n[profile]\nid = "child"\nversion = "1"\ntitle = "Child"\nextends = "tiny"\n'
    (tmp_path / "child.toml").write_text(child + "since = 2020-01-01\nchecked_on = 2020-01-01\n", encoding="utf-8")
    assert load_profile(tmp_path / "child.toml").on("2020-01-01").evaluate()["out"] == 2


def test_a_profile_says_what_it_is() -> None:
    """Id, version, title, coverage, currency and documents."""
    made = profile(define("x"))
    assert (made.id, made.version, made.currency) == ("tiny", "1", "TIN")
    assert made.title == Words("Tinyland", "小国")
    assert (str(made.covers), made.change_dates()) == ("[2020-01-01, …)", (dt.date(2020, 1, 1),))
    assert made.sources["law"].number == "No. 7"
    assert "tiny" in repr(made)


def test_a_policy_says_what_it_needs() -> None:
    """Every input with its unit, range, step and what its absence means; which of them some output looks at."""
    inputs = """
[inputs]
x = { unit = "number", range = [-1, 2], step = 0.5, title = { en = "an x", zh = "某" } }
deaths = { unit = "cases", range = [0, 9], absent = 0 }
kind = { unit = "category", choices = { a = "A", b = "B" }, absent = "b" }
flag = { unit = "flag", absent = false }
idle = { unit = "flag" }
"""
    made = policy(define("if flag and kind == 'a' then x else 2 * x"), inputs=inputs)
    specs = made.inputs
    assert list(specs) == ["x", "deaths", "kind", "flag", "idle"]
    assert (specs["x"].low, specs["x"].high, specs["x"].step) == (Decimal(-1), Decimal(2), Fraction(1, 2))
    assert [specs[name].required for name in specs] == [True, False, False, False, False]
    assert [specs[name].used for name in specs] == [True, False, True, True, False]
    assert [specs[name].absent for name in specs] == [None, Decimal(0), "b", False, None]
    assert specs["kind"].choices == {"a": Words("A"), "b": Words("B")}
    assert specs["x"].title == Words("an x", "某")
    assert {name: spec.unit for name, spec in made.outputs.items()} == {"out": "number"}


def test_names_that_nothing_answers_to_are_refused() -> None:
    """An input that is none, an output that is none: with the nearest names."""
    made = policy(define("x"))
    with pytest.raises(UnknownNameError, match="did you mean 'money'"):
        made.evaluate(mony=1)
    with pytest.raises(UnknownNameError, match="there is no output 'x'"):
        _ = made.evaluate(x=1)["x"]
    assert "x" not in made.evaluate(x=1)
    assert dict(made.evaluate(x=1)) == {"out": Decimal(1)}
    assert "out=1" in repr(made.evaluate(x=1))


def test_the_same_record_gives_the_same_result_again() -> None:
    """Nothing is remembered from one evaluation to the next."""
    made = policy(define("x / y", more='round = { to = 0.01, mode = "half_up" }'))
    first = made.evaluate(x=1, y=3)
    made.evaluate(x=2, y=0)
    made.evaluate()
    assert made.evaluate(x=1, y=3).to_json() == first.to_json()


@pytest.mark.parametrize("name", ["self", "figures", "class", "lambda", "policy"])
def test_an_input_may_be_called_what_a_region_calls_it(name: str) -> None:
    """No name is taken by the library or by Python."""
    made = policy(define(name), inputs=f'[inputs]\n{name} = {{ unit = "number", range = [0, 9] }}\n')
    assert made.evaluate(**{name: 3})["out"] == 3
