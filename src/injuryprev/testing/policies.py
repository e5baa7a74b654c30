"""Strategies for policies: whole profiles as TOML text, and records of figures for any policy.

A profile drawn here is small, valid and senseless: it uses every construct of the format, and its numbers mean
nothing.  Whatever reads profiles or rates records must come to terms with all of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import attrs
from hypothesis import assume
from hypothesis import strategies as st

from injuryprev.engine.ir import WidthError
from injuryprev.engine.policy import Policy, PolicyProfile
from injuryprev.engine.specs import InputSpec
from injuryprev.errors import ProfileError
from injuryprev.policy.check import expressions
from injuryprev.policy.expr import Expr, Num, children
from injuryprev.policy.loading import parse_document
from injuryprev.policy.profile import Profile
from injuryprev.testing.formulas import CHOICES, Formulas, Known, decimals, draw_from
from injuryprev.units import finite_places, to_decimal
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

SINCE: Final = dt.date(2020, 1, 1)
CHANGE: Final = dt.date(2022, 1, 1)
UNTIL: Final = dt.date(2024, 1, 1)
"""A drawn profile covers the days from ``SINCE`` to ``UNTIL``; what changes, changes on ``CHANGE``."""

_LAW: Final = {"document": "law", "article": "art. 1"}
_OPEN: Final = {"unknown": {"en": "nobody wrote it down", "zh": "没有写明"}}
_HITS: Final = ("unique", "any", "first", "priority", "collect min", "collect max", "collect sum", "collect count")
_STEPS: Final = {
    "number": (1, 1, Decimal("0.5"), Decimal("0.1"), "1/3"),
    "fraction": (Decimal("0.1"), Decimal("0.01"), "1/12"),
    "money": (Decimal("0.01"), Decimal("0.5"), 1),
    "persons": (1,),
    "class": (1,),
}


def toml_text(data: Mapping[str, Any]) -> str:
    """The data of a profile as TOML text: plain values first, then every entry under a header of its own."""
    lines = [f"{key} = {_inline(value)}" for key, value in data.items() if not isinstance(value, dict)]
    for section, entries in data.items():
        if section == "profile":
            lines += ["[profile]", *(f"{key} = {_inline(value)}" for key, value in entries.items())]
        elif isinstance(entries, dict):
            for name, entry in entries.items():
                header = f"[[{section}.{name}]]" if isinstance(entry, list) else f"[{section}.{name}]"
                for version in entry if isinstance(entry, list) else [entry]:
                    lines += [header, *(f"{key} = {_inline(value)}" for key, value in version.items())]
    return "\n".join(lines) + "\n"


def _inline(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_inline(key)} = {_inline(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_inline(inner) for inner in value) + "]"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def read_profile(text: str, file: str = "drawn.toml") -> PolicyProfile:
    """A profile from text instead of a file."""
    return PolicyProfile(Profile(parse_document(text.encode(), file), file))


def profiles() -> st.SearchStrategy[str]:
    """Small valid profiles as TOML text: inputs of all kinds, keyed figures, tables, bands, maps, refusals."""
    return profile_data().map(toml_text)


@st.composite
def profile_data(draw: st.DrawFn) -> dict[str, Any]:
    """As ``profiles``, before it is written down."""
    data = _Drawing(draw).profile()
    try:
        read_profile(toml_text(data)).check()
    except ProfileError as error:
        # Products of products may be too wide for 64 bits; every other refusal is a mistake, here or there.
        assume(not all(isinstance(problem, WidthError) for problem in error.problems))
        raise
    return data


class _Drawing:
    """Draws one profile: entries in an order in which each uses only what came before."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.formulas = Formulas(draw)
        self.sections: dict[str, dict[str, Any]] = {"inputs": {}, "parameters": {}, "definitions": {}}
        self.outputs: list[str] = []

    def pick(self, *choices: Any) -> Any:
        return draw_from(self.draw, choices)

    def chance(self, one_in: int) -> bool:
        return bool(self.draw(st.integers(1, one_in)) == one_in)

    def profile(self) -> dict[str, Any]:
        for number in range(self.draw(st.integers(2, 5))):
            self.input(f"i{number}")
        for number in range(self.draw(st.integers(0, 2))):
            self.parameter(f"p{number}")
        for number in range(self.draw(st.integers(1, 4))):
            self.definition(f"d{number}")
            if self.chance(4):
                self.parameter(f"q{number}")
        head = {"id": "drawn", "version": "1", "title": {"en": "Drawn", "zh": "抽取"}, "since": SINCE, "until": UNTIL}
        head |= {"checked_on": SINCE, "currency": "XTS", "outputs": self.outputs}
        source = {"title": "Law", "number": "No. 1", "confidence": "official", "checked_on": SINCE}
        filled = {section: entries for section, entries in self.sections.items() if entries}
        return {"format": 1, "profile": head, "sources": {"law": source}, **filled}

    # Inputs

    def input(self, name: str) -> None:
        unit = self.pick("number", "number", "fraction", "money", "persons", "class", "flag", "flag", "category")
        entry: dict[str, Any] = {"unit": unit}
        known = Known(name, unit, role="input")
        absent: Any = None
        if unit == "category":
            choices = self.pick(*CHOICES)
            entry["choices"] = {word: {"en": word, "zh": word} for word in choices}
            known, absent = attrs.evolve(known, choices=choices), self.pick(*choices)
        elif unit == "flag":
            absent = self.draw(st.booleans())
        else:
            low, high = self.bounds(unit)
            step = self.pick(*_STEPS[unit])
            entry |= {"range": [low, high], "step": step}
            steps = Fraction(high - low) / Fraction(str(step))
            at = low + Fraction(str(step)) * self.draw(st.integers(0, int(steps)))
            absent = to_decimal(at) if finite_places(at) is not None else low
            if step == 1:
                known = attrs.evolve(known, keys=tuple(str(key) for key in range(low, high + 1)))
        if self.chance(3):
            entry["absent"] = absent
        if self.chance(8) and self.replace(known, entry):
            return
        self.sections["inputs"][name] = entry
        self.formulas.known.append(known)

    def bounds(self, unit: str) -> tuple[int, int]:
        low = {"number": self.draw(st.integers(-9, 9)), "class": 1}.get(unit, 0)
        span = self.draw(st.integers(0, 3) if unit == "class" else st.integers(0, 12))
        return low, 1 if unit == "fraction" else low + span

    def replace(self, known: Known, entry: dict[str, Any]) -> bool:
        """What the caller gives until ``CHANGE``, a rule says from then on."""
        entry["until"] = CHANGE
        kind = {"unit": known.unit, **({"choices": entry["choices"]} if known.choices else {})}
        later = {"since": CHANGE, **kind, "formula": self.formulas.of(known, 0), "source": _LAW}
        self.sections["inputs"][known.name] = entry
        self.sections["definitions"][known.name] = later
        self.formulas.known.append(attrs.evolve(known, role="definition"))
        return True

    # Parameters

    def parameter(self, name: str) -> None:
        unit = self.pick("number", "fraction", "money", "persons", "class")
        keys = [known for known in self.formulas.known if known.unit != "flag" and known.role != "parameter"]
        entry: dict[str, Any] = {"unit": unit}
        by = [self.pick(*keys) for _ in range(self.draw(st.integers(0, 2)))] if keys else []
        if by:
            entry["by"] = [known.name for known in by]
        self.sections["parameters"][name] = self.versions(entry, lambda: self.figures(unit, by), source=_LAW)
        self.formulas.known.append(Known(name, unit, role="parameter"))

    def figures(self, unit: str, by: Sequence[Known]) -> dict[str, Any]:
        return {"values": self.keyed(unit, by)} if by else {"value": self.figure(unit)}

    def keyed(self, unit: str, by: Sequence[Known]) -> Any:
        if not by:
            return self.figure(unit)
        return {key: self.keyed(unit, by[1:]) for key in self.keys(by[0], complete=True)}

    def keys(self, known: Known, *, complete: bool) -> tuple[str, ...]:
        every = known.choices or known.keys
        if every and complete:
            return every
        some = st.lists(st.sampled_from(every) if every else decimals(known.unit), min_size=1, max_size=3, unique=True)
        return tuple(self.draw(some))

    def figure(self, unit: str) -> Any:
        if self.chance(6):
            return _OPEN
        text = self.draw(decimals(unit))
        if unit == "fraction":
            return self.pick("50%", "2‰", "1/12", Decimal(text))
        return Decimal(text)

    def versions(self, shared: dict[str, Any], body: Any, **more: Any) -> Any:
        first = {**shared, **body(), **more}
        return first if not self.chance(5) else [first, {"since": CHANGE, **body(), **more}]

    # Definitions

    def definition(self, name: str) -> None:
        unit = self.pick("number", "fraction", "money", "persons", "class", "flag", "category")
        known = Known(name, unit, role="definition", choices=self.pick(*CHOICES) if unit == "category" else ())
        shared: dict[str, Any] = {"unit": unit}
        if known.choices:
            shared["choices"] = {word: word.upper() for word in known.choices}
        number = unit not in ("class", "flag", "category")
        more = {"source": _LAW}
        if number and self.chance(2):
            more["round"] = self.rounding()
        self.sections["definitions"][name] = self.versions(shared, lambda: self.body(known), **more)
        self.formulas.known.append(known)
        if number and "round" not in more:  # seen through an output of its own, since an output must be rounded
            self.sections["definitions"][f"{name}_r"] = {
                **shared,
                "formula": name,
                "round": self.rounding(),
                "source": _LAW,
            }
            self.outputs.append(f"{name}_r")
        else:
            self.outputs.append(name)

    def rounding(self) -> dict[str, Any]:
        mode = self.pick("half_up", "half_even", "up", "down")
        return {"to": self.pick(1, Decimal("0.1"), Decimal("0.01"), Decimal("0.5"), Decimal("0.05"), 5), "mode": mode}

    def body(self, known: Known) -> dict[str, Any]:
        shape = self.pick("formula", "formula", "table", "table", "table", "bands", "map", "unknown")
        if shape == "unknown" and not self.chance(3):
            shape = "table"
        return {shape: getattr(self, f"_{shape}")(known)}

    def outcome(self, known: Known) -> Any:
        if self.chance(8):
            return _OPEN
        return self.formulas.literal(known) if self.chance(2) else self.formulas.of(known, 1)

    def _formula(self, known: Known) -> str:
        return self.formulas.of(known, 3)

    def _unknown(self, _: Known) -> Any:
        return _OPEN["unknown"]

    def _table(self, known: Known) -> dict[str, Any]:
        hits: tuple[str, ...] = _HITS if known.is_number else ("unique", "any", "first")
        if known.unit == "class":
            hits = _HITS[:6]
        hit = self.pick(*hits)
        constants = hit == "priority" or self.chance(2)
        rows = []
        for _ in range(self.draw(st.integers(1, 4))):
            then = self.formulas.literal(known) if constants else self.outcome(known)
            rows.append({"when": self.formulas.condition(2), "then": then})
        table: dict[str, Any] = {"hit": hit, "rows": rows}
        if hit == "priority":
            table["order"] = self.draw(st.permutations(list({Decimal(row["then"]): None for row in rows})))
        if self.chance(2):
            table["none"] = self.outcome(known)
        return table

    def _bands(self, known: Known) -> dict[str, Any]:
        unit = self.pick("number", "fraction", "money", "persons", "class")
        cuts = sorted(self.draw(st.lists(decimals(unit), min_size=1, max_size=3, unique_by=Decimal)), key=Decimal)
        below = [self.pick("]", ")", ".") for _ in cuts]  # the cut belongs to the band below, above, or stands alone
        rows: list[dict[str, Any]] = []
        for low, left, high, right in zip([None, *cuts], [None, *below], [*cuts, None], [*below, None], strict=True):
            rows.append({"within": self.written(low, left, high, right)})
        rows += [{"within": Decimal(cut)} for cut, side in zip(cuts, below, strict=True) if side == "."]
        kept = [row for row in self.draw(st.permutations(rows)) if not self.chance(6)] or rows[:1]
        bands: dict[str, Any] = {"of": self.formulas.number(unit, 1)}
        bands["rows"] = [{**row, "then": self.outcome(known)} for row in kept]
        if len(kept) < len(rows) or self.chance(3):
            bands["otherwise"] = self.outcome(known)
        return bands

    def written(self, low: str | None, left: str | None, high: str | None, right: str | None) -> str:
        """A band between two cuts; ``]`` at a cut gives it to the band below, ``)`` to the band above."""
        if low is None and self.chance(2):
            return f"{'<=' if right == ']' else '<'} {high}"
        if high is None and self.chance(2):
            return f"{'>=' if left == ')' else '>'} {low}"
        opening = "[" if left == ")" else "("
        closing = "]" if right == "]" else ")"
        return f"{opening}{low or '-inf'}, {high or 'inf'}{closing}"

    def _map(self, known: Known) -> dict[str, Any]:
        usable = [other for other in self.formulas.known if other.unit != "flag" and other.role != "parameter"]
        if usable and not self.chance(4):
            of = self.pick(*usable)
            text = of.name
        else:
            of = Known("", "number", role="input")
            text = f"0 + {self.formulas.number('number', 1)}"  # never a bare name, all of whose values must be listed
        keys = self.keys(of, complete=self.chance(2))
        mapping: dict[str, Any] = {"of": text, "to": {key: self.outcome(known) for key in keys}}
        if set(keys) != set(of.choices or of.keys or keys) or self.chance(3):
            mapping["otherwise"] = self.outcome(known)
        return mapping


# Records ----------------------------------------------------------------------------------------------------------


def records(policy: Policy, *, usable: bool = False) -> st.SearchStrategy[dict[str, object]]:
    """Figures for one evaluation of a policy, some of them at the thresholds of its rules.

    Args:
        policy: Any policy.
        usable: Whether every input is given, and given well; else some are missing, too fine, out of range or
            unreadable.
    """
    marks = _marks(policy)
    return st.fixed_dictionaries(
        {name: _values(spec, marks, usable=usable) for name, spec in policy.inputs.items()}
    ).map(lambda drawn: {name: value for name, value in drawn.items() if value is not _LEFT_OUT})


_LEFT_OUT: Final = object()


def _marks(policy: Policy) -> set[Fraction]:
    """Every number written in the rules: what lies on it, below and above is decided differently."""
    marks: set[Fraction] = set()
    for item in policy.rules.definitions.values():
        stack: list[Expr] = list(expressions(item.entry))
        while stack:
            node = stack.pop()
            stack.extend(children(node))
            if isinstance(node, Num):
                marks |= {node.value, -node.value}
        for band in item.entry.bands.rows if item.entry.bands else ():
            marks |= {end for end in (band.within.low, band.within.high) if end is not None}
    return marks


def _values(spec: InputSpec, marks: set[Fraction], *, usable: bool) -> st.SearchStrategy[object]:
    bad: st.SearchStrategy[object] = st.sampled_from(["", "nought", "1e1", Decimal("NaN"), [], 7.5j])
    good: st.SearchStrategy[object]
    if spec.unit == "flag":
        good = st.booleans() | st.sampled_from([0, 1, "true", "false"])
        bad |= st.just(2)
    elif spec.unit == "category":
        good = st.sampled_from(sorted(spec.choices))
        bad |= st.integers(0, 1)
    else:
        assert spec.low is not None  # noqa: S101  # every number has a range
        assert spec.high is not None  # noqa: S101
        assert spec.step is not None  # noqa: S101
        low, high, step = Fraction(spec.low), Fraction(spec.high), spec.step
        near = sorted({at for mark in marks for at in _around(mark, step) if low <= at <= high})
        grid = st.integers(int(low / step), int(high / step)).map(lambda steps: steps * step)
        good = (grid | st.sampled_from(near) if near else grid).flatmap(_written)
        finer = st.integers(int(low / step), max(int(low / step), int(high / step) - 1)).map(
            lambda n: (n + Fraction(1, 7)) * step
        )
        bad |= finer | st.sampled_from([low - step, high + step, high + step / 2, 10**40, -(10**40), True])
    if usable:
        return good
    reason = Reason("not_supplied", spec.name, Words(f"nobody counted {spec.name}"))
    return good | good | good | bad | st.sampled_from([None, _LEFT_OUT, Unknown((reason,))])


def _around(mark: Fraction, step: Fraction) -> tuple[Fraction, ...]:
    at = mark // step * step
    return at - step, at, at + step


def _written(value: Fraction) -> st.SearchStrategy[object]:
    """One number in every form in which it may be given."""
    forms: list[object] = [value]
    if value.denominator == 1:
        forms.append(int(value))
    if finite_places(value) is not None:
        exact = to_decimal(value)
        forms += [exact, f"{exact:f}", f" {exact:f} ", float(exact)]
    return st.sampled_from(forms)
