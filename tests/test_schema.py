"""The JSON Schema of the profile format: shipped as generated, true of what is shipped, strict where it can be."""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from injuryprev.engine.library import load_profile
from injuryprev.errors import InjuryprevError
from injuryprev.policy import document as doc
from injuryprev.policy import registry, structure
from injuryprev.policy.schema import BAND, LONGEST, SHARE, profile_schema, schema_text
from injuryprev.policy.schema_words import KEYS, SHAPES

PROFILES = registry.builtin_files()
CHECKER = jsonschema.Draft202012Validator(profile_schema(), format_checker=jsonschema.FormatChecker())

WELL_FORMED = """
format = 1

[profile]
id = "harbour"
version = "1"
title = { en = "Harbour", zh = "港口" }
since = 2020-01-01
checked_on = 2026-01-01
currency = "CNY"
outputs = ["rate"]

[sources.act]
title = "Harbour act"
confidence = "official"
checked_on = 2026-01-01

[inputs.risk_class]
unit = "class"
range = [1, 2]

[[inputs.fleet]]
unit = "category"
choices = { deep = "deep sea", near = "near the coast" }

[[inputs.fleet]]
since = 2024-01-01
note = "asked for again"

[[parameters.base]]
unit = "fraction"
by = ["risk_class"]
values = { 1 = "0.2%", 2 = { unknown = "the page is torn" } }
source = "act"

[[parameters.base]]
since = 2024-01-01
values = { 1 = "2‰", 2 = 0.009 }
source = { document = "act", article = "3" }

[definitions.tier]
unit = "fraction"
source = ["act", { document = "act", article = "4" }]
table = { hit = "priority", order = [1, "1/2"], rows = [{ when = "risk_class == 1", then = "1/2" }], none = 1 }

[definitions.rate]
unit = "fraction"
source = "act"
bands.of = "risk_class"
bands.rows = [{ within = "(0, 50%]", then = "base" }, { within = ">= 1", then = "base * tier" }]
bands.otherwise = 0.5
round = { to = 0.0001, mode = "half_up" }

[windows.year]
cycle = 2020-01-01
every = 12
length = 12

[counting.risk_class]
from = "employer"
take = "value"
field = "risk_class"
source = "act"

[[examples]]
name = "one"
on = 2024-05-01
given = { risk_class = 1 }
expect = { rate = { unknown = "missing:risk_class" } }
"""


def as_json(text: str) -> Any:
    """A TOML file as an editor hands it to the schema: days as text."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [plain(inner) for inner in value]
        return value.isoformat() if isinstance(value, dt.date) else value

    return plain(tomllib.loads(text))


def complaints(text: str) -> list[str]:
    """The place and words of every complaint, those inside of alternatives among them."""

    def walk(error: jsonschema.ValidationError) -> Iterator[str]:
        yield f"{error.json_path}: {error.message}"
        for inner in error.context or ():
            yield from walk(inner)

    return [line for error in CHECKER.iter_errors(as_json(text)) for line in walk(error)]


def test_the_shipped_file_is_the_generated_one() -> None:
    """Who changes a document class writes the schema anew: python -m injuryprev.policy.schema > the shipped file."""
    shipped = Path(next(iter(PROFILES.values()))).with_name("profile.schema.json")
    assert shipped.read_text(encoding="utf-8") == schema_text()


def test_the_schema_is_one() -> None:
    """What is generated is a schema of the dialect it names, and every reference leads somewhere."""
    schema = json.loads(schema_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    assert set(re.findall(r'"#/\$defs/([^"]+)"', schema_text())) == set(schema["$defs"])


@pytest.mark.parametrize("name", PROFILES)
def test_shipped_profiles_are_valid(name: str) -> None:
    """An editor shows no complaint in a profile that the library takes."""
    assert complaints(PROFILES[name].read_text(encoding="utf-8")) == []


def load(text: str, folder: Path) -> None:
    """The profile as the library takes it, on every day."""
    path = folder / "harbour.toml"
    path.write_text(text, encoding="utf-8")
    load_profile(path)


def test_a_profile_with_every_form_is_valid(tmp_path: Path) -> None:
    """Versions that carry their unit on, figures in all spellings, sources in all shapes: no complaint."""
    assert complaints(WELL_FORMED) == []
    load(WELL_FORMED, tmp_path)


BROKEN = [
    ("[inputs.risk_class]", "[input.risk_class]", "'input' was unexpected"),
    ("range = [1, 2]", "ranges = [1, 2]", "'ranges' was unexpected"),
    ("range = [1, 2]", "", "'range' is a required property"),
    ("range = [1, 2]", "range = [1]", "[1] is too short"),
    ("range = [1, 2]", 'range = ["1", 2]', "'1' is not of type 'number'"),
    ('unit = "class"', 'unit = "klass"', "'klass' is not valid under any of the given schemas"),
    ('unit = "class"', "", "'unit' is a required property"),
    ('id = "harbour"', 'id = "Harbour 1"', "'Harbour 1' does not match"),
    ('currency = "CNY"', "", "'extends' is a required property"),
    ('confidence = "official"', 'confidence = "certain"', "'certain' is not one of ['official'"),
    ("checked_on = 2026-01-01\ncurrency", 'checked_on = "January"\ncurrency', "'January' is not a 'date'"),
    ('values = { 1 = "2‰", 2 = 0.009 }', 'values = { 1 = "2 per mille", 2 = 0.009 }', "'2 per mille' does not match"),
    ('values = { 1 = "2‰", 2 = 0.009 }', "", "'values' is a required property"),
    ("[[parameters.base]]\nsince = 2024-01-01", "[[parameters.base]]", "Unevaluated items are not allowed"),
    ('source = { document = "act", article = "3" }', "", "'source' is a required property"),
    ('hit = "priority"', 'hit = "best"', "'best' is not one of ['unique'"),
    ('hit = "priority"', 'hit = "first"', "should not be valid under"),
    (', order = [1, "1/2"]', "", "'order' is a required property"),
    ('within = "(0, 50%]"', 'within = "0..50%"', "'0..50%' does not match"),
    ('mode = "half_up"', 'mode = "nearest"', "'nearest' is not one of"),
    ("round = { to", 'formula = "base"\nround = { to', "valid under each of"),
    ("every = 12", "every = 0", "0 is less than the minimum of 1"),
    ("every = 12", "every = 12.5", "12.5 is not of type 'integer'"),
    ("every = 12", 'every = "12"', "'12' is not of type 'integer'"),
    ('unknown = "missing:risk_class"', 'unknown = "missing"', "'missing' does not match"),
    ('field = "risk_class"', 'field = "amount"', "'amount' is not one of ['kind'"),
    ('from = "employer"', 'from = "employers"', "'employers' is not one of"),
    ("[windows.year]", "[windows.Year]", "'Year' does not match"),
    ("[definitions.tier]", "[definitions.then]", "'then' should not be valid under"),
    (
        '[[parameters.base]]\nunit = "fraction"',
        '[[parameters.base]]\nunit = "flag"',
        "'flag' should not be valid under",
    ),
    ("format = 1", "format = 2", "1 was expected"),
    ('choices = { deep = "deep sea", near = "near the coast" }', "", "'choices' is a required property"),
]


@pytest.mark.parametrize(("good", "bad", "words"), BROKEN, ids=[words for *_, words in BROKEN])
def test_typical_slips_are_seen(good: str, bad: str, words: str, tmp_path: Path) -> None:
    """Each slip is seen while typing, and the schema is not stricter there than the library is."""
    text = WELL_FORMED.replace(good, bad, 1)
    assert text != WELL_FORMED
    assert any(words in line for line in complaints(text)), complaints(text)
    with pytest.raises(InjuryprevError):
        load(text, tmp_path)


def test_every_key_is_described() -> None:
    """Each key of a document class has its words, and no words are left over."""
    schema = profile_schema()
    described = {"Document": schema, **{name: schema["$defs"][name] for name in schema["$defs"]}}
    keys = {name: set(one["properties"]) for name, one in described.items() if "properties" in one}
    assert keys == {name: set(words) for name, words in KEYS.items()}
    assert set(schema["$defs"]) == {*KEYS, *SHAPES} - {"Document"}


def test_no_key_of_the_classes_is_left_out() -> None:
    """The walk reaches every field of every class; a band's text alone is filled while reading."""
    classes = [kind for kind in vars(doc).values() if isinstance(kind, type) and attrs.has(kind)]
    fields = {
        kind.__name__: {field.name.rstrip("_") for field in attrs.fields(kind)}
        for kind in classes
        if kind.__module__ == doc.__name__ and kind not in (doc.Entry, doc.Keyed, doc.Interval)
    }
    fields["Band"].discard("text")
    assert {name: set(words) for name, words in KEYS.items()} == fields


def test_the_reference_names_every_key() -> None:
    """The page on the format leaves out no key and no word that a key may hold."""
    page = (Path(__file__).resolve().parent.parent / "docs" / "profile-format.md").read_text(encoding="utf-8")
    written = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`([^`\n]+)`", page))))
    words = re.findall(r'"enum": (\[[^]]*\])', re.sub(r'"not": \{[^}]*\}', "", schema_text()))
    held = {part for listed in words for word in json.loads(listed) for part in word.split()}
    assert {key for keys in KEYS.values() for key in keys} | held <= written


@given(st.from_regex(re.compile(SHARE, re.ASCII)).filter(lambda text: len(text) <= LONGEST))
def test_shares_the_schema_takes_are_read(text: str) -> None:
    """A spelling of a number that passes the schema is one that the loader reads."""
    structure.structured(text, Fraction)


@given(st.from_regex(re.compile(BAND, re.ASCII)).filter(lambda text: len(text) <= LONGEST))
def test_bands_the_schema_takes_are_read(text: str) -> None:
    """A spelling of a band that passes the schema is read, unless it holds no number."""
    try:
        structure.structured(text, doc.Interval)
    except ValueError as error:
        if "holds no number" not in str(error):
            raise
