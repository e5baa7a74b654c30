"""The JSON Schema of the profile format, made from the document classes, so that editors complete and check profiles.

The classes say which keys there are, what each holds and which must be written; their docstrings describe the
entries, ``schema_words`` the keys.  A schema cannot see a whole profile: names, units, cycles, gaps and overlaps are
checked when the profile is loaded.  The shipped file is written by ``python -m injuryprev.policy.schema``.
"""

from __future__ import annotations

import datetime as dt
import functools
import inspect
import json
import operator
import re
import sys
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

import attrs

from injuryprev.policy import document as doc
from injuryprev.policy.expr import FUNCTIONS, Expr
from injuryprev.policy.grammar import KEYWORDS, MAX_LENGTH
from injuryprev.policy.records import KINDS
from injuryprev.policy.schema_words import KEYS, SHAPES
from injuryprev.units import UNIT_NAMES
from injuryprev.words import LANGUAGES, Words

Schema = dict[str, Any]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
NAME: Final = "^[a-z][a-z0-9_]*$"
LONGEST: Final = 59
"""Characters of a number written as text."""
SHARE: Final = r"^\s*(-?\d[\d_]*(\.\d+)?\s*[%‰]?|\d+/[1-9]\d*)\s*$"
_BOUND: Final = r"-?\d[\d_]*(\.\d+)?[%‰]?"
BAND: Final = rf"^\s*([\[(]\s*(-inf|{_BOUND})\s*,\s*(inf|{_BOUND})\s*[\])]|(<=|>=|<|>)\s*({_BOUND}|\d+/[1-9]\d*))\s*$"

_MEASURED: Final = "|".join(name for name in UNIT_NAMES if name not in ("class", "grade", "flag", "category"))
_PARTS: Final[tuple[type, ...]] = (
    doc.Head,
    doc.Source,
    doc.Citation,
    doc.Refusal,
    doc.Table,
    doc.Row,
    doc.Bands,
    doc.Band,
    doc.Mapping,
    doc.Rounding,
    doc.Placement,
    doc.Group,
    doc.Example,
    doc.Refused,
)
_CITED: Final[tuple[type, ...]] = (doc.Parameter, doc.Definition, doc.Counting, doc.Classification, doc.Claim)
_CARRIED: Final = frozenset({"unit", "from", "take"})
"""Keys that must be written, though a later version need not repeat them."""
_READ: Final = frozenset({(doc.Band, "text")})
"""Fields that are filled while a file is read, and are no keys of it."""


def profile_schema() -> Schema:
    """The schema of one profile file, of the dialect 2020-12.

    >>> profile_schema()["properties"]["format"]
    {'const': 1, 'description': 'The version of the format: 1.'}
    """
    return {
        "$schema": DIALECT,
        "title": "Policy profile of injuryprev",
        **_class(doc.Document),
        "$defs": dict(sorted(_definitions())),
    }


def schema_text() -> str:
    """The schema as it is shipped."""
    return json.dumps(profile_schema(), ensure_ascii=False, indent=1) + "\n"


# Values ----------------------------------------------------------------------------------------------------------


def _definitions() -> Iterator[tuple[str, Schema]]:
    values: dict[str, Schema] = {
        "Words": {
            "anyOf": [
                {"type": "string", "minLength": 1},
                {
                    "type": "object",
                    "properties": {lang: {"type": "string"} for lang in LANGUAGES},
                    "additionalProperties": False,
                    "minProperties": 1,
                },
            ]
        },
        "Date": {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
        "Share": {"anyOf": [{"type": "number"}, {"type": "string", "pattern": SHARE, "maxLength": LONGEST}]},
        "Within": {"anyOf": [{"type": "number"}, {"type": "string", "pattern": BAND}]},
        "Formula": {"type": ["string", "number", "boolean"], "minLength": 1, "maxLength": MAX_LENGTH},
        "Scalar": {"type": ["string", "number", "boolean"]},
        "Unit": {"anyOf": [{"enum": list(UNIT_NAMES)}, {"pattern": rf"^({_MEASURED}) */ *({_MEASURED})$"}]},
        "Sources": {
            "anyOf": [
                {"$ref": "#/$defs/Source key"},
                {"$ref": "#/$defs/Citation"},
                {"type": "array", "minItems": 1, "items": {"anyOf": [_ref("Source key"), _ref("Citation")]}},
            ]
        },
        "Source key": {"type": "string", "minLength": 1},
        "Outcome": {"anyOf": [_ref("Formula"), _ref("Refusal")]},
        "Figure": {"anyOf": [_ref("Share"), _ref("Refusal")]},
        "Figures": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {"anyOf": [_ref("Figure"), _ref("Figures")]},
        },
    }
    for name, schema in values.items():
        yield name, {"description": SHAPES[name], **schema}
    for kind in (*_PARTS, *doc.ENTRIES):
        yield kind.__name__, _class(kind)


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


_BY_KIND: Final[tuple[tuple[Any, Schema], ...]] = (
    (str, {"type": "string"}),
    (int, {"type": "integer"}),
    (bool, {"type": "boolean"}),
    (Decimal, {"type": "number"}),
    (dt.date, _ref("Date")),
    (Fraction, _ref("Share")),
    (Words, _ref("Words")),
    (doc.Interval, _ref("Within")),
    (Expr, _ref("Formula")),
    (doc.Outcome, _ref("Outcome")),
    (doc.Constant, _ref("Figure")),
    (doc.Keyed, _ref("Figures")),
    (doc.Scalar, _ref("Scalar")),
    (doc.Scalar | doc.Refused, {"anyOf": [_ref("Scalar"), _ref("Refused")]}),
    (tuple[doc.Citation, ...], _ref("Sources")),
)


def _of(kind: Any) -> Schema:
    """What a field of this type may hold; a TOML value is never null, so an option is what it is an option of."""
    if type(None) in get_args(kind):
        kind = functools.reduce(operator.or_, (arg for arg in get_args(kind) if arg is not type(None)))
    for known, schema in _BY_KIND:
        if kind == known:
            return dict(schema)
    if get_origin(kind) is Literal:
        choices = get_args(kind)
        return {"const": choices[0]} if len(choices) == 1 else {"enum": list(choices)}
    if get_origin(kind) is tuple:
        return _list(get_args(kind))
    if get_origin(kind) is dict:
        return _table(get_args(kind)[1])
    if attrs.has(kind):
        return _ref(kind.__name__)
    raise TypeError(f"the schema has no words for {kind}")


def _list(inner: tuple[Any, ...]) -> Schema:
    listed: Schema = {"type": "array", "items": _of(inner[0])}
    return listed if inner[1] is ... else {**listed, "minItems": len(inner), "maxItems": len(inner)}


def _table(inner: Any) -> Schema:
    if get_origin(inner) is tuple and get_args(inner)[0] in doc.ENTRIES:
        return {
            "type": "object",
            "propertyNames": {"pattern": NAME, "not": {"enum": sorted({*KEYWORDS, *FUNCTIONS})}},
            "additionalProperties": _versions(get_args(inner)[0]),
        }
    return {"type": "object", "additionalProperties": _of(inner)}


def _versions(kind: type) -> Schema:
    """One table, or a list of dated versions of which the first carries what the later ones need not repeat.

    Tools that stop at an older dialect see the plain parts and pass over the rest, so that they never complain wrongly.
    """
    first: Schema = {"allOf": [_always(kind), *_of_first(kind)]}
    return {
        "anyOf": [
            {"allOf": [_ref(kind.__name__), first]},
            {
                "type": "array",
                "minItems": 1,
                "items": _ref(kind.__name__),
                "allOf": [{"prefixItems": [first], "unevaluatedItems": {"required": ["since"]}}],
            },
        ]
    }


# Classes ---------------------------------------------------------------------------------------------------------


def _class(kind: type) -> Schema:
    hints = get_type_hints(kind)
    keys, required = {}, []
    for field in attrs.fields(kind):
        if not field.init or (kind, field.name) in _READ:
            continue
        key = "from" if field.name == "from_" else field.name
        schema = {**_of(hints[field.name]), **_hint(kind, key)}
        keys[key] = {**schema, **_limits(field.validator, schema), "description": KEYS[kind.__name__][key]}
        if isinstance(field.default, (int, Fraction)) and not isinstance(field.default, bool):
            keys[key]["default"] = int(field.default)
        elif isinstance(field.default, str) and field.default:
            keys[key]["default"] = field.default
        if field.default is attrs.NOTHING and not (kind in doc.ENTRIES and key in _CARRIED):
            required.append(key)
    if kind in _CITED:
        required.append("source")
    return {
        "description": " ".join((inspect.getdoc(kind) or "").replace("``", "`").split()),
        "type": "object",
        "properties": keys,
        "required": required,
        "additionalProperties": False,
        **_together(kind),
    }


def _limits(validator: Any, schema: Schema) -> Schema:
    """What the validator of a field says, in the words of the schema."""
    if isinstance(pattern := getattr(validator, "pattern", None), re.Pattern):
        return {"pattern": f"^({pattern.pattern})$"}
    if (bound := getattr(validator, "bound", None)) is not None:
        return {"minimum": bound}
    if (least := getattr(validator, "min_length", None)) is not None:
        kind = "Properties" if schema["type"] == "object" else "Items"
        return {f"min{kind}": least, f"max{kind}": validator.max_length}
    return {}


def _hint(kind: type, key: str) -> Schema:
    """What a field holds beyond its type."""
    if key == "unit":
        return {**_ref("Unit"), "not": {"enum": ["flag", "category"]}} if kind is doc.Parameter else _ref("Unit")
    if (kind, key) in ((doc.Head, "outputs"), (doc.Parameter, "by")):
        return {"items": {"type": "string", "pattern": NAME}}
    if (kind, key) == (doc.Refused, "unknown"):
        return {"pattern": "^[a-z_]+:[a-z][a-z0-9_]*$"}
    return {}


def _together(kind: type) -> Schema:
    """Which keys go with which: what the classes check after they are made."""
    if kind is doc.Definition:
        bodies = ("formula", "table", "bands", "map", "unknown")
        return {"oneOf": [{"required": [body]} for body in bodies]}
    if kind is doc.Parameter:
        return {"oneOf": [{"required": ["value"]}, {"required": ["values"]}], "dependentRequired": {"by": ["values"]}}
    if kind is doc.Head:
        return {"anyOf": [{"required": ["extends"]}, {"required": ["outputs", "currency"]}]}
    if kind is doc.Table:
        ranked = {"properties": {"hit": {"const": "priority"}}}
        return {"if": ranked, "then": {"required": ["order"]}, "else": {"not": {"required": ["order"]}}}
    if kind is doc.Counting:
        return {"allOf": [_of_records(name) for name in KINDS]}
    return {}


def _of_records(name: str) -> Schema:
    """The fields and dates that records of one kind have."""
    kind = KINDS[name]
    places = [*kind.dates, *([kind.period] if kind.period else [])]
    keys: Schema = {"field": {"enum": list(kind.fields)}}
    if places:
        keys["dated"] = {"enum": places}
    return {"if": {"properties": {"from": {"const": name}}, "required": ["from"]}, "then": {"properties": keys}}


def _always(kind: type) -> Schema:
    """Keys which every entry has, though a later version need not repeat them."""
    fields = ("from" if field.name == "from_" else field.name for field in attrs.fields(kind))
    return {"required": sorted(_CARRIED.intersection(fields))}


def _of_first(kind: type) -> list[Schema]:
    word = {"properties": {"unit": {"const": "category"}}, "required": ["unit"]}
    worded: Schema = {"if": word, "then": {"required": ["choices"]}, "else": {"not": {"required": ["choices"]}}}
    if kind is doc.Input:
        flag = {"properties": {"unit": {"const": "flag"}}, "required": ["unit"]}
        return [worded, {"if": {"anyOf": [word, flag]}, "else": {"required": ["range"]}}]
    if kind is doc.Definition:
        return [worded]
    if kind is doc.Parameter:
        return [{"dependentRequired": {"values": ["by"]}}]
    return []


if __name__ == "__main__":  # pragma: no cover - the shipped file is compared with what this writes
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # text, when it is a stream
    sys.stdout.write(schema_text())
