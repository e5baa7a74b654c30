"""Files from outside that are made to hang, to fill the memory or to reach beyond themselves are refused in words."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

import injuryprev as ip

HEAD = """format = 1
[profile]
id = "hostile"
version = "1"
title = "H"
since = {since}
checked_on = 2026-01-01
currency = "XTS"
outputs = ["rate"]
[sources.s]
title = "S"
confidence = "assumed"
checked_on = 2026-01-01
[inputs]
x = {{ unit = "number", range = [0, 100] }}
y = {{ unit = "number", range = [0, 100] }}
"""


def load(tmp_path: Path, body: str, since: str = "2000-01-01") -> ip.PolicyProfile:
    """The profile of a body, from a file."""
    path = tmp_path / "hostile.toml"
    path.write_text(HEAD.format(since=since) + body, encoding="utf-8")
    return ip.load_profile(path)


def rate(formula: str, name: str = "rate") -> str:
    """A definition."""
    return f'{name} = {{ unit = "number", formula = "{formula}", source = "s" }}\n'


def rows(many: int, hit: str) -> str:
    """A table whose rows all look at both inputs."""
    made = ", ".join(f'{{ when = "x * {n + 1} > y + {n}", then = {n % 7} }}' for n in range(many))
    return (
        f'[definitions.rate]\nunit = "number"\nsource = "s"\n[definitions.rate.table]\nhit = "{hit}"\nrows = [{made}]\n'
    )


def chain(many: int) -> str:
    """Definitions each of which divides by the one before: as many reasons to be unknown as definitions."""
    steps = rate("x", "d0") + "".join(rate(f"if y / (d{n} + 1) > {n} then x else y", f"d{n + 1}") for n in range(many))
    return "[definitions]\n" + steps + rate(f"d{many}")


def joined(many: int) -> str:
    """Conditions each of which joins one more to those before."""
    steps = "".join(
        f'f{n + 1} = {{ unit = "flag", formula = "f{n} or x * {n + 2} > y + {n}", source = "s" }}\n'
        for n in range(many)
    )
    first = 'f0 = { unit = "flag", formula = "x > y", source = "s" }\n'
    return "[definitions]\n" + first + steps + rate(f"if f{many} then 1 else 0")


def days(many: int) -> str:
    """A figure with a version for every day."""
    versions = "".join(
        f"[[parameters.p]]\nsince = {2000 + n // 336}-{n // 28 % 12 + 1:02}-{n % 28 + 1:02}\n"
        f'value = {n}\nsource = "s"\n' + ('unit = "number"\n' if n == 0 else "")
        for n in range(many)
    )
    return "[definitions]\n" + rate("p") + versions


HOSTILE = {
    "a table of more rows than can be compared": (rows(1001, "first"), "rows is too long; seen: 1001"),
    "conditions joined to all before": (joined(1600), "the rules are too large"),
    "a version for every day": (days(2000), "the profile changes too often; seen: '2003 entries on 2000 days'"),
    "a number of a million digits": ("[definitions]\n" + rate("9" * 3990), "could leave 64 bits"),
    "squares of squares": (
        "[definitions]\n"
        + rate("x", "d0")
        + "".join(rate(f"d{n} * d{n}", f"d{n + 1}") for n in range(30))
        + rate("d30"),
        "could leave 64 bits",
    ),
    "brackets in brackets": ("[definitions]\n" + rate("(" * 500 + "x" + ")" * 500), "nests too deeply"),
    "a formula without end": ("[definitions]\n" + rate("x + " * 2000 + "x"), "the formula is too long"),
    "Python": ("[definitions]\n" + rate("__import__('os').system('true')"), "formula"),
    "attributes": ("[definitions]\n" + rate("x.__class__"), "formula"),
    "a path above it": ("[definitions]\n" + rate("x"), ""),
}


@pytest.mark.parametrize(("body", "words"), HOSTILE.values(), ids=list(HOSTILE))
def test_a_hostile_file_is_refused(body: str, words: str, tmp_path: Path) -> None:
    """In the words of the family, with the place and the limit."""
    if not words:
        body = body.replace('outputs = ["rate"]', "")
        path = tmp_path / "hostile.toml"
        text = (HEAD.format(since="2000-01-01") + body).replace('currency = "XTS"', 'extends = "../other/toyland"')
        path.write_text(text, encoding="utf-8")
        with pytest.raises(ip.ProfileError, match="extends is not well formed"):
            ip.load_profile(path)
        return
    with pytest.raises(ip.InjuryprevError) as caught:
        load(tmp_path, body)
    assert words in str(caught.value)


@pytest.mark.parametrize("hit", ["first", "unique", "collect sum"])
def test_a_long_table_of_a_real_law_is_taken(hit: str, tmp_path: Path) -> None:
    """Ten times as many rows as any shipped table has."""
    assert load(tmp_path, rows(190, hit)).on("2024-01-01").evaluate(x=1, y=1)["rate"] is not None


def test_a_long_chain_of_divisions_is_taken(tmp_path: Path) -> None:
    """As many reasons to be unknown as definitions."""
    assert load(tmp_path, chain(100)).on("2024-01-01").evaluate(x=1, y=1)["rate"] is not None


def test_divisors_of_many_figures_are_looked_at_as_far_as_it_is_worth(tmp_path: Path) -> None:
    """A thousand divisions by products of tables: their least and greatest figures decide where the work runs out."""
    figures = ", ".join(f"{n} = {n + 1}" for n in range(101))
    body = "".join(
        f'[parameters.p{n}]\nunit = "number"\nby = ["x"]\nsource = "s"\nvalues = {{ {figures} }}\n' for n in (1, 2)
    )
    steps = "".join(rate("y / (p1 * p2)", f"d{n}") for n in range(1000))
    profile = load(tmp_path, body + "[definitions]\n" + steps + rate("round_half_up(d7, 0.01)"))
    assert profile.on("2024-01-01").evaluate(x=0, y=50)["rate"] == 50


def test_a_file_too_large_is_not_read_to_its_end(tmp_path: Path) -> None:
    """A megabyte is more than any law."""
    path = tmp_path / "hostile.toml"
    path.write_bytes(b"#" * 1_000_001)
    with pytest.raises(ip.ReadError, match="this profile is too large"):
        ip.load_profile(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_what_is_no_file_is_not_read(tmp_path: Path) -> None:
    """A pipe would be waited for, for ever; a folder and a device are no files either."""
    os.mkfifo(tmp_path / "hostile.toml")
    found: list[BaseException] = []

    def work(path: Path) -> None:
        try:
            ip.load_profile(path)
        except ip.ReadError as error:
            found.append(error)

    for path in (tmp_path / "hostile.toml", tmp_path, Path("/dev/zero")):
        thread = threading.Thread(target=work, args=(path,), daemon=True)
        thread.start()
        thread.join(20)
        assert not thread.is_alive(), path
    assert [error.seen for error in found] == ["it is not a plain file"] * 3  # type: ignore[attr-defined]  # a ReadError


def test_profiles_that_extend_one_another_without_end(tmp_path: Path) -> None:
    """A chain of files is followed so far and no further."""
    for place in range(2000):
        text = HEAD.format(since="2000-01-01").replace('id = "hostile"', f'id = "p{place}"\nextends = "p{place + 1}"')
        (tmp_path / f"p{place}.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ip.ProfileError, match="extend one another too deeply"):
        ip.load_profile(tmp_path / "p0.toml")
