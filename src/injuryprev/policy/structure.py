"""Strict hooks from plain TOML values to the document classes: nothing is coerced, and no key is passed over."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, Literal, TypeVar, get_args, get_origin

import attrs
import cattrs
from cattrs.errors import (
    AttributeValidationNote,
    ClassValidationError,
    ForbiddenExtraKeysError,
    IterableValidationError,
    IterableValidationNote,
)
from cattrs.gen import make_dict_structure_fn, override

from injuryprev.errors import InjuryprevError, nearest
from injuryprev.policy import document as doc
from injuryprev.policy.expr import FUNCTIONS, Expr, Flag, Neg, Num
from injuryprev.policy.grammar import KEYWORDS, FormulaError, number, parse
from injuryprev.words import Words

T = TypeVar("T")
_LONGEST: Final = 60
"""Digits of a written number: more than any law has use for."""
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")


class MismatchError(InjuryprevError, ValueError):
    """A value of the wrong kind; the place is added while the error travels up."""


# Errors with their place -------------------------------------------------------------------------------------


def problems(error: BaseException, file: str, path: str) -> Iterator[InjuryprevError]:
    """Every problem of a document that did not fit its classes, each with its place."""
    if isinstance(error, ForbiddenExtraKeysError):
        known = _keys(error.cl)
        for key in sorted(error.extra_fields):
            yield InjuryprevError(
                f"there is no {key!r} here", where=f"{file} @ {path}", seen=key, expected=nearest(key, known)
            )
    elif isinstance(error, (ClassValidationError, IterableValidationError)):
        for inner in error.exceptions:
            place = path
            for note in getattr(inner, "__notes__", ()):
                if isinstance(note, AttributeValidationNote):
                    place = f"{path}.{'from' if note.name == 'from_' else note.name}"
                elif isinstance(note, IterableValidationNote):
                    place = f"{path}[{note.index!r}]" if isinstance(note.index, int) else f"{path}.{note.index}"
            yield from problems(inner, file, place)
    elif isinstance(error, FormulaError):
        what = f"{error.what} ({error.where})" if error.where else error.what
        yield FormulaError(what, where=f"{file} @ {path}", seen=error.seen, expected=error.expected)
    elif isinstance(error, InjuryprevError):
        yield type(error)(error.what, where=f"{file} @ {path}", seen=error.seen, expected=error.expected)
    elif isinstance(error, KeyError):
        yield InjuryprevError(
            f"{error.args[0]!r} is missing", where=f"{file} @ {path}", expected=f"the key {error.args[0]!r}"
        )
    else:
        yield InjuryprevError(str(error.args[0] if error.args else error), where=f"{file} @ {path}")


def _key(field: attrs.Attribute[Any]) -> str:
    return "from" if field.name == "from_" else field.name


# Strict hooks: nothing is coerced ----------------------------------------------------------------------------


def _strict(kind: type, wording: str) -> Callable[[Any, Any], Any]:
    def hook(value: Any, _: Any) -> Any:
        if type(value) is not kind:
            raise MismatchError("a value of the wrong kind", seen=value, expected=wording)
        return value

    return hook


def _is_number(value: Any) -> bool:
    """Whether a value is a finite number that can be worked with exactly; ``1e999999999`` has no use but to hang."""
    if type(value) is int:
        return bool(abs(value) < 10**_LONGEST)
    if type(value) is not Decimal or not value.is_finite():
        return False
    return abs(value.adjusted()) < _LONGEST and len(value.as_tuple().digits) < _LONGEST


def _no_number(value: Any, expected: str) -> MismatchError:
    if type(value) is int or (type(value) is Decimal and value.is_finite()):
        return MismatchError(
            "a number too long to be worked with", seen=value, expected=f"fewer than {_LONGEST} digits"
        )
    return MismatchError("not a number", seen=value, expected=expected)


def _fraction(value: Any, _: Any = None) -> Fraction:
    if _is_number(value):
        return Fraction(value)
    text = value.strip() if isinstance(value, str) and len(value) <= _LONGEST else ""
    if re.fullmatch(r"-?[0-9][0-9_]*(\.[0-9]+)?\s*[%‰]?", text):
        return -number(text[1:]).value if text.startswith("-") else number(text).value
    if ratio := re.fullmatch(r"([0-9]+)/([1-9][0-9]*)", text):
        return Fraction(int(ratio[1]), int(ratio[2]))
    raise _no_number(value, "a number, or text such as '50%', '2‰' or '1/12'")


def _decimal(value: Any, _: Any) -> Decimal:
    if _is_number(value):
        return Decimal(value)
    raise _no_number(value, "a number")


def _expr(value: Any, _: Any = None) -> Expr:
    if isinstance(value, str):
        return parse(value)
    if isinstance(value, bool):
        return Flag(value)
    if _is_number(value):
        literal = Num(abs(Fraction(value)), f"{Decimal(value):f}".lstrip("-"))
        return Neg(literal) if value < 0 else literal
    raise MismatchError("not a formula", seen=value, expected="text, a number, true or false")


def _outcome(value: Any, _: Any = None) -> doc.Outcome:
    return _refusal(value) if isinstance(value, dict) else _expr(value)


def _refusal(value: Any) -> doc.Refusal:
    return _converter.structure(value, doc.Refusal)


def _constant(value: Any, _: Any = None) -> doc.Constant:
    return _refusal(value) if isinstance(value, dict) else _fraction(value)


def _keyed(value: Any, _: Any = None) -> doc.Keyed:
    if not isinstance(value, dict) or not value:
        raise MismatchError("not a table of figures", seen=value, expected="a table: key = figure")
    return doc.Keyed(dict(_gather(iter(value.items()), _figure)))


def _figure(value: Any, _: Any = None) -> doc.Constant | doc.Keyed:
    return _keyed(value) if isinstance(value, dict) and set(value) != {"unknown"} else _constant(value)


def _words(value: Any, _: Any) -> Words:
    if isinstance(value, str) and value:
        return Words(value)
    if isinstance(value, dict) and value and set(value) <= {"en", "zh"} and all(type(v) is str for v in value.values()):
        return Words(**value)
    raise MismatchError("not words", seen=value, expected="text, or a table with en and zh")


def _citations(value: Any, _: Any) -> tuple[doc.Citation, ...]:
    items = value if isinstance(value, list) else [value]
    if not items:
        raise MismatchError("no source is named", seen=value, expected="the key of a [sources] entry")
    return tuple(
        doc.Citation(item) if isinstance(item, str) else _converter.structure(item, doc.Citation) for item in items
    )


_BAND: Final = re.compile(r"([\[(])\s*(-inf|[-0-9._%‰]+)\s*,\s*(inf|[-0-9._%‰]+)\s*([\])])")


def _interval(value: Any, _: Any) -> doc.Interval:
    if _is_number(value):
        point = Fraction(value)
        return doc.Interval(point, point, True, True)
    text = value.strip() if isinstance(value, str) else ""
    if found := _BAND.fullmatch(text):
        low = None if found[2] == "-inf" else _fraction(found[2])
        high = None if found[3] == "inf" else _fraction(found[3])
        return doc.Interval(low, high, found[1] == "[" and low is not None, found[4] == "]" and high is not None)
    if found := re.fullmatch(r"(<=|>=|<|>)\s*(\S+)", text):
        bound, closed = _fraction(found[2]), "=" in found[1]
        if found[1].startswith("<"):
            return doc.Interval(None, bound, False, closed)
        return doc.Interval(bound, None, closed, False)
    raise MismatchError("not a band", seen=value, expected="'(0, 50%]', '[18, inf)', '< 18' or one number")


def _scalar(value: Any, _: Any) -> doc.Scalar:
    if type(value) in (bool, str) or _is_number(value):
        return value  # type: ignore[no-any-return]  # narrowed by the line above
    raise MismatchError("not a single value", seen=value, expected="a number, text, true or false")


def _literal(value: Any, kind: Any) -> Any:
    choices = get_args(kind)
    if value in choices and any(type(value) is type(choice) for choice in choices):
        return value
    words = [str(choice) for choice in choices]
    raise MismatchError("not one of the words of the format", seen=value, expected=nearest(str(value), words))


# Containers: lists are lists, tables are tables, and every bad item is reported with its place -----------------


def _gather(items: Iterator[tuple[Any, Any]], structure: Callable[[Any, Any], Any]) -> list[tuple[Any, Any]]:
    errors, read = [], []
    for place, value in items:
        try:
            read.append((place, structure(value, None)))
        except Exception as error:  # noqa: BLE001  # whatever is wrong with one item, the others are still read
            error.__notes__ = [*getattr(error, "__notes__", ()), IterableValidationNote("", place, object)]
            errors.append(error)
    if errors:
        raise IterableValidationError("", errors, tuple)
    return read


def _structure_as(kind: Any) -> Callable[[Any, Any], Any]:
    return lambda value, _: _converter.structure(value, kind)


def _tuple_hook(kind: Any) -> Callable[[Any, Any], Any]:
    inner = get_args(kind)
    structure = _structure_as(inner[0])

    def hook(value: Any, _: Any) -> Any:
        if not isinstance(value, list):
            raise MismatchError("not a list", seen=value, expected="a list in [ ]")
        if len(inner) == 2 and inner[1] is ...:
            return tuple(item for _, item in _gather(iter(enumerate(value)), structure))
        if len(value) != len(inner):
            raise MismatchError("a list of a wrong length", seen=value, expected=f"{len(inner)} items")
        return tuple(item for _, item in _gather(iter(enumerate(value)), structure))

    return hook


def _dict_hook(kind: Any) -> Callable[[Any, Any], Any]:
    inner = get_args(kind)[1]
    versions = get_origin(inner) is tuple and get_args(inner)[0] in doc.ENTRIES
    structure = _structure_as(inner)

    def hook(value: Any, _: Any) -> Any:
        if not isinstance(value, dict):
            raise MismatchError("not a table", seen=value, expected="key = value entries")
        if versions:
            for name, entry in value.items():
                if not _NAME.fullmatch(name):
                    raise MismatchError("not a name", seen=name, expected="small letters, digits and _, a letter first")
                if name in KEYWORDS or name in FUNCTIONS:
                    raise MismatchError("this is a word of the formulas", seen=name, expected="a name of its own")
                if entry == []:
                    raise MismatchError("no version is written", seen=name, expected="one table, or several in order")
            value = _carried({name: entry if isinstance(entry, list) else [entry] for name, entry in value.items()})
        return dict(_gather(iter(value.items()), structure))

    return hook


_CARRIED: Final = ("title", "unit", "choices", "by", "range", "step", "worse", "from", "take", "field")
# What goes with a key that a later version writes anew: a mean of wages is followed by a class read off a table.
_GOES_WITH: Final = {"unit": ("choices", "range", "step"), "value": ("by",), "take": ("field",)}


def _carried(listed: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Later versions need not repeat what names and measures an entry; they never inherit a figure of the law."""
    for name, versions in listed.items():
        first = versions[0] if versions else None
        if isinstance(first, dict):
            head = {key: first[key] for key in _CARRIED if key in first}
            listed[name] = [first, *({**_kept(head, v), **v} if isinstance(v, dict) else v for v in versions[1:])]
    return listed


def _kept(head: dict[str, Any], version: dict[str, Any]) -> dict[str, Any]:
    dropped = {key for anew, keys in _GOES_WITH.items() if anew in version for key in keys}
    return {key: value for key, value in head.items() if key not in dropped}


def _class_hook(kind: Any) -> Callable[[Any, Any], Any]:
    plain = make_dict_structure_fn(kind, _converter, _cattrs_forbid_extra_keys=True, **_renamed(kind))

    def hook(value: Any, _: Any) -> Any:
        if not isinstance(value, dict):
            raise MismatchError("not a table", seen=value, expected="a table with " + ", ".join(_keys(kind)))
        return plain(value, kind)

    return hook


def _renamed(kind: Any) -> dict[str, Any]:
    """``from`` is a word of Python, so the field behind that key has a name of its own; a band's text is no key."""
    if kind is doc.Band:
        return {"text": override(omit=True)}
    return {"from_": override(rename="from")} if any(field.name == "from_" for field in attrs.fields(kind)) else {}


def _keys(kind: Any) -> list[str]:
    return [_key(field) for field in attrs.fields(kind) if (kind, field.name) != (doc.Band, "text")]


def _band_hook(kind: Any) -> Callable[[Any, Any], Any]:
    plain = _class_hook(kind)

    def hook(value: Any, _: Any) -> Any:
        written = value.get("within") if isinstance(value, dict) else None
        return attrs.evolve(plain(value, kind), text=str(written))

    return hook


def _example_outcome(value: Any, _: Any) -> Any:
    if isinstance(value, dict):
        return _converter.structure(value, doc.Refused)
    return _scalar(value, _)


_BY_KIND: Final[tuple[tuple[Any, Callable[[Any, Any], Any]], ...]] = (
    (dt.date, _strict(dt.date, "a date, written without quotes as 2024-01-31")),
    (Decimal, _decimal),
    (Fraction, _fraction),
    (Words, _words),
    (doc.Keyed, _keyed),
    (doc.Interval, _interval),
    (Expr, _expr),
    (doc.Outcome, _outcome),
    (doc.Constant, _constant),
    (doc.Scalar, _scalar),
    (doc.Scalar | doc.Refused, _example_outcome),
    (tuple[doc.Citation, ...], _citations),
)


def _make_converter() -> cattrs.Converter:
    made = cattrs.Converter(forbid_extra_keys=True, detailed_validation=True)
    made.register_structure_hook_factory(attrs.has, _class_hook)
    made.register_structure_hook_factory(_is(doc.Band), _band_hook)
    made.register_structure_hook_func(_has_origin(Literal), _literal)
    made.register_structure_hook_factory(_has_origin(tuple), _tuple_hook)
    made.register_structure_hook_factory(_has_origin(dict), _dict_hook)
    for kind, wording in ((str, "text"), (int, "a whole number"), (bool, "true or false")):
        made.register_structure_hook(kind, _strict(kind, wording))  # before cattrs' own, which would coerce
    for wanted, hook in _BY_KIND:
        # A TOML value is never null, so an optional field that is present is read as what it is an option of.
        made.register_structure_hook_func(_is(wanted, wanted | None), hook)
    made.register_structure_hook_factory(_is_optional, _optional_hook)
    return made


def _is(*wanted: Any) -> Callable[[Any], bool]:
    return lambda kind: kind in wanted


def _has_origin(origin: Any) -> Callable[[Any], bool]:
    return lambda kind: get_origin(kind) is origin


def _optional_hook(kind: Any) -> Callable[[Any, Any], Any]:
    return _structure_as(_required(kind))


def _is_optional(kind: Any) -> bool:
    return type(None) in get_args(kind) and len(get_args(kind)) == 2


def _required(kind: Any) -> Any:
    return next(arg for arg in get_args(kind) if arg is not type(None))


_converter: Final = _make_converter()


def structured(data: Any, kind: type[T]) -> T:
    """Plain values as an object of a document class.

    Raises:
        ClassValidationError, IterableValidationError: They do not fit; ``problems`` says where and why.
    """
    return _converter.structure(data, kind)
