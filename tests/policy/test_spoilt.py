"""Profiles spoilt at random are refused in the words of the family, or read and worked out; nothing else happens."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from injuryprev.engine import PolicyProfile
from injuryprev.errors import InjuryprevError
from injuryprev.policy.loading import parse_document
from injuryprev.policy.profile import Profile

TEXTS: Final = (
    (Path(__file__).parent / "good.toml").read_text(encoding="utf-8"),
    (files("injuryprev") / "profiles" / "toyland.toml").read_text(encoding="utf-8"),
)
VALUES: Final = (
    *("1", "-1", "0", "0.5", "inf", "nan", "1e5", "-0.0", "1_000_000_000_000_000_000_000", "true", "false"),
    *('""', '"x"', '"50%"', '"1/3"', '"1/0"', '"x + 1"', '"not flag"', '"(0, 1]"', '"rate"', '"law"', '"flag"'),
    *('"category"', '"class"', '"money"', '"money/months"', '"collect max"', '"priority"', '"half_up"', '"true"'),
    *("[]", "{}", "[1]", '["a"]', "[0, 1]", "[1, 0]", "[[]]", "{ a = 1 }", '{ unknown = "x" }', '{ en = "a" }'),
    *('{ document = "law" }', '{ to = 0, mode = "up" }', "2020-01-01", "2020-01-01T00:00:00", "00:00:00"),
)
KEYS: Final = sorted({key for text in TEXTS for key in re.findall(r"(?:^|[{,] )([a-z_]+) =", text, re.MULTILINE)})


def spoil(draw: st.DrawFn, lines: list[str]) -> None:
    """One change: a line left out, written twice, with another key or value, or with a word of another place."""
    place = draw(st.integers(0, len(lines) - 1))
    line, other = lines[place], draw(st.sampled_from(lines))
    key, value = draw(st.sampled_from(KEYS)), draw(st.sampled_from(VALUES))
    inside = list(re.finditer(r"""(?<== )("[^"]*"|[0-9.]+|true|false|\[[^\[\]]*\]|\{[^{}]*\})""", line))
    words = list(re.finditer(r"[a-z_]{3,}", line))
    match draw(st.integers(0, 6)):
        case 0:
            del lines[place]
        case 1:
            lines.insert(place, other)
        case 2:
            lines.insert(place, f"{key} = {value}")
        case 3 if "=" in line:
            lines[place] = f"{key} ={line.partition('=')[2]}"
        case 4 if words:
            found = draw(st.sampled_from(words))
            lines[place] = line[: found.start()] + key + line[found.end() :]
        case _ if inside:
            found = draw(st.sampled_from(inside))
            lines[place] = line[: found.start()] + value + line[found.end() :]


@st.composite
def spoilt(draw: st.DrawFn) -> str:
    """A good profile with one to three changes."""
    lines = draw(st.sampled_from(TEXTS)).split("\n")
    for _ in range(draw(st.integers(1, 3))):
        spoil(draw, lines)
    return "\n".join(lines)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), spoilt())
def test_a_spoilt_profile_is_refused_or_works(data: st.DataObject, text: str) -> None:
    """An error is one of the family and says where; what is not refused rates anything and explains it."""
    try:
        profile = PolicyProfile(Profile(parse_document(text.encode(), "spoilt.toml"), "spoilt.toml"))
        profile.check()
    except InjuryprevError as error:
        message = str(error)
    else:
        message = "spoilt.toml"
        policy = profile.on(data.draw(st.sampled_from(profile.change_dates())))
        some = st.sampled_from([None, 0, 1, 2, "0.5", True, False, "x"])
        result = policy.evaluate(**{name: data.draw(some) for name in policy.inputs})
        assert result.explain("en") != result.explain("zh", "markdown")
        assert result.to_json()
    assert "spoilt.toml" in message
