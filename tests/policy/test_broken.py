"""Every kind of mistake in a profile is refused when it is loaded, with its place and the words for it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Final

import pytest

from injuryprev import load_profile
from injuryprev.errors import ProfileError, ReadError

HERE: Final = Path(__file__).parent
GOOD: Final = (HERE / "good.toml").read_text(encoding="utf-8")
BROKEN: Final[list[dict[str, Any]]] = tomllib.loads((HERE / "broken.toml").read_text(encoding="utf-8"))["broken"]
FORMULA: Final = '"base * tier * extra * share * factor"'

UNREADABLE: Final = {
    "not UTF-8": (GOOD.encode("gb18030"), "is written in UTF-8"),
    "not TOML": (b"format : 1", "this file is not TOML"),
    "key written twice": ((GOOD + "[inputs.money]\n").encode(), "this file is not TOML"),
    "a day there is not": (GOOD.replace("2020-02-02", "2020-02-30").encode(), "this file is not TOML"),
    "thousands of digits": (GOOD.replace("value = 2", "value = " + "9" * 5000).encode(), "this file is not TOML"),
    "arrays in arrays": (GOOD.replace("value = 2", "value = " + "[" * 5000).encode(), "this file is not TOML"),
    "tables in tables": (GOOD.replace("value = 2", "value = " + "{ a = " * 2000).encode(), "this file is not TOML"),
    "key of many parts": ((GOOD + "[a" + ".a" * 40_000 + "]\n").encode(), "a key of too many parts"),
    "quoted key of many parts": ((GOOD + '"a b"' + ' . "a b"' * 40_000 + " = 1").encode(), "a key of too many parts"),
    "too large": (GOOD.encode() + b"#" * 1_000_000, "too large"),
}
ENDLESS: Final = {
    "formula too long": ("base + " * 600 + "base", "the formula is too long; seen: '4204 characters'"),
    "formula too deep": ("(" * 50 + "base" + ")" * 50, "the formula nests too deeply"),
    "chain too long": (" + ".join(["base"] * 200), "the formula nests too deeply; seen: '200 levels'"),
}


def written(folder: Path, text: str, name: str = "broken") -> Path:
    """A profile on disk."""
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def spoilt(old: str, new: str) -> str:
    """The good profile with one place changed, or added to."""
    assert not old or GOOD.count(old) == 1
    return GOOD.replace(old, new) if old else GOOD + new


def test_the_profile_that_is_broken_in_every_way_is_good_before(tmp_path: Path) -> None:
    """Otherwise the mistakes would prove nothing."""
    result = load_profile(written(tmp_path, GOOD)).on("2024-01-01").evaluate(**{"class": 1}, ratio=1)
    assert str(result["rate"]) == "0.0080"


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken["kind"])
def test_a_mistake_is_named_with_its_place(tmp_path: Path, broken: dict[str, Any]) -> None:
    """The message says the file, the path in it, and what is wrong."""
    if "formula" in broken:
        text = spoilt(FORMULA, f"'''{broken['formula']}'''")
    else:
        text = spoilt(broken.get("old", ""), broken["new"])
    with pytest.raises(ProfileError) as caught:
        load_profile(written(tmp_path, text))
    message = str(caught.value)
    assert f"broken.toml @ {broken['at']}: " in message
    for words in broken["says"]:
        assert words in message


@pytest.mark.parametrize("kind", ENDLESS)
def test_a_formula_without_end_is_refused(tmp_path: Path, kind: str) -> None:
    """Before anything walks its tree."""
    formula, says = ENDLESS[kind]
    with pytest.raises(ProfileError) as caught:
        load_profile(written(tmp_path, spoilt(FORMULA, f'"{formula}"')))
    assert "broken.toml @ $.definitions.rate[0].formula: " in str(caught.value)
    assert says in str(caught.value)


@pytest.mark.parametrize("kind", UNREADABLE)
def test_a_file_that_is_no_profile_is_refused_at_once(tmp_path: Path, kind: str) -> None:
    """Whatever bytes there are, it takes neither time nor memory to say so."""
    raw, says = UNREADABLE[kind]
    path = tmp_path / "broken.toml"
    path.write_bytes(raw)
    with pytest.raises(ReadError, match=says) as caught:
        load_profile(path)
    assert str(path) in str(caught.value)


def test_every_kind_of_mistake_is_there_once() -> None:
    """A hundred kinds, none twice."""
    kinds = [*(broken["kind"] for broken in BROKEN), *ENDLESS, *UNREADABLE]
    assert len(kinds) == len(set(kinds))
    assert len(kinds) >= 100


def test_every_mistake_of_a_file_is_reported_at_once(tmp_path: Path) -> None:
    """Whoever writes a profile mends it in one go."""
    text = GOOD.replace('version = "1"', "version = 1").replace("value = 2", "value = true")
    text = text.replace("[inputs.ratio]\n", "[inputs.ratio]\nstpe = 1\n")
    with pytest.raises(ProfileError, match="3 problems") as caught:
        load_profile(written(tmp_path, text))
    places = [problem.where.partition(" @ ")[2] for problem in caught.value.problems]
    assert places == ["$.profile.version", "$.inputs.ratio[0]", "$.parameters.factor[0].value"]
    with pytest.raises(ProfileError, match="2 problems"):
        load_profile(written(tmp_path, GOOD.replace("base * tier * extra", "bse * teir * extra")))


def test_profiles_that_extend_each_other_are_refused(tmp_path: Path) -> None:
    """The circle is named."""
    for one, other in (("one", "two"), ("two", "three"), ("three", "one")):
        written(tmp_path, GOOD.replace('id = "broken"', f'id = "{one}"\nextends = "{other}"'), one)
    with pytest.raises(ProfileError, match=r"in a circle.*one -> two -> three -> one"):
        load_profile(tmp_path / "one.toml")


def test_a_profile_cannot_cover_days_before_what_it_extends(tmp_path: Path) -> None:
    """Otherwise a day would be covered for which half of the rules are missing."""
    written(tmp_path, GOOD.replace('id = "broken"', 'id = "parent"'), "parent")
    child = 'format = 1\n[profile]\nid = "child"\nversion = "1"\ntitle = "Child"\nextends = "parent"\n'
    written(tmp_path, child + "since = 2019-06-01\nchecked_on = 2020-01-01\n", "child")
    with pytest.raises(ProfileError, match=r"child.toml @ \$.profile.since.*2020-01-01 or later, as parent"):
        load_profile(tmp_path / "child.toml")


@pytest.mark.parametrize("name", ["nowhere.toml", "folder"])
def test_a_file_that_is_not_there_is_named(tmp_path: Path, name: str) -> None:
    """A folder is no profile either."""
    (tmp_path / "folder").mkdir()
    with pytest.raises(ReadError, match=f"{name}: this profile cannot be read"):
        load_profile(tmp_path / name)


def chain(first: str, link: str, length: int) -> str:
    """Definitions each of which rests on the one before; ``link`` says how."""
    lines = [f'[definitions.d0]\nunit = "number"\nsource = "law"\nformula = "{first}"\n']
    for number in range(1, length):
        formula = link.replace("d", f"d{number - 1}")
        lines.append(f'[definitions.d{number}]\nunit = "number"\nsource = "law"\nformula = "{formula}"\n')
    return "".join(lines)


@pytest.mark.parametrize(
    ("first", "link", "says"),
    [
        ("3", "d + d - d", None),
        ("3", "d * d", "a figure is too long"),
        ("ratio", "d * d", "could leave 64 bits"),
        ("factor", "(d + 1) * (d + 2) * (d + 3)", "could leave 64 bits"),
    ],
)
def test_rules_that_rest_on_each_other_again_and_again_are_read_once(
    tmp_path: Path, first: str, link: str, says: str | None
) -> None:
    """Forty rules, each of which uses the one before two or three times: refused where too wide, and never a hang."""
    text = GOOD.replace(FORMULA, '"base + 1 / d39"') + chain(first, link, 40)
    if says is None:
        assert load_profile(written(tmp_path, text)).id == "broken"
        return
    with pytest.raises(ProfileError, match=says):
        load_profile(written(tmp_path, text))


def test_a_circle_of_many_ways_is_found_at_once(tmp_path: Path) -> None:
    """However often each rule of it uses the next."""
    text = GOOD.replace(FORMULA, '"base + 1 / d39"') + chain("1 / (d39 + d39 + d39)", "1 / (d + d + d)", 40)
    with pytest.raises(ProfileError, match="in a circle"):
        load_profile(written(tmp_path, text))


def test_a_divisor_of_many_figures_is_looked_at_in_time(tmp_path: Path) -> None:
    """The greatest of thirty figures that each have two values is one of sixty, not one of a billion."""
    names = [f"p{number}" for number in range(30)]
    keyed = [
        f'[parameters.{name}]\nunit = "number"\nby = ["class"]\nvalues = {{ "1" = 1, "2" = 2 }}\nsource = "law"\n'
        for name in names
    ]
    text = GOOD.replace(FORMULA, f'"base / max({", ".join(names)})"') + "".join(keyed)
    assert load_profile(written(tmp_path, text)).id == "broken"


@pytest.mark.parametrize("key", ["1e999999999", "9" * 5000, "1/0", "1_0", " 1", "inf"])
def test_a_key_that_nobody_would_write_is_no_number(tmp_path: Path, key: str) -> None:
    """Some of them would take all memory to write out."""
    text = GOOD.replace('by = ["class"]\nvalues = { "1" = "0.2%"', f'by = ["ratio"]\nvalues = {{ "{key}" = 0')
    with pytest.raises(ProfileError, match="a key that is not a number"):
        load_profile(written(tmp_path, text))


@pytest.mark.parametrize("divisor", ["round_down(0.4, 1)", "third", "factor - 2", "max(0, 2 - factor)"])
def test_a_divisor_that_figures_make_zero_is_found_through_what_is_made_of_them(tmp_path: Path, divisor: str) -> None:
    """Sums, functions, and the rounding of a rule on the way."""
    rounded = '[definitions.third]\nunit = "number"\nsource = "law"\nformula = "1 / 3"\n'
    rounded += 'round = { to = 1, mode = "half_up" }\n'
    with pytest.raises(ProfileError, match="division by a figure of the profile that can be zero"):
        load_profile(written(tmp_path, GOOD.replace(FORMULA, f'"base / ({divisor})"') + rounded))
