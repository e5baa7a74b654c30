"""Profiles of a few lines, written into tests: a head, inputs of every kind, and whatever the test adds."""

from __future__ import annotations

from typing import Final

from injuryprev.engine.policy import Policy, PolicyProfile
from injuryprev.policy.loading import parse_document
from injuryprev.policy.profile import Profile

DAY: Final = "2020-06-01"

HEAD: Final = """
format = 1
[profile]
id = "tiny"
version = "1"
title = { en = "Tinyland", zh = "小国" }
since = 2020-01-01
checked_on = 2020-02-02
currency = "TIN"
outputs = [OUTPUTS]
[sources.law]
title = { en = "Law of Tinyland", zh = "小国条例" }
number = "No. 7"
date = 2019-12-31
confidence = "official"
checked_on = 2020-02-02
"""

INPUTS: Final = """
[inputs]
x = { unit = "number", range = [-100, 100] }
y = { unit = "number", range = [-100, 100] }
z = { unit = "number", range = [0, 100] }
money = { unit = "money", range = [0, 1_000_000], step = 0.01 }
part = { unit = "fraction", range = [0, 1], step = 0.01 }
class = { unit = "class", range = [1, 3] }
on = { unit = "flag" }
off = { unit = "flag" }
kind = { unit = "category", choices = { a = "A", b = "B", c = "C" } }
"""

ROUND: Final = 'round = { to = 0.01, mode = "half_up" }'


def profile(body: str, *outputs: str, head: str = HEAD, inputs: str = INPUTS) -> PolicyProfile:
    """A profile with the given entries; its outputs are those named, or ``out``."""
    named = ", ".join(f'"{name}"' for name in outputs or ("out",))
    text = head.replace("OUTPUTS", named) + inputs + body
    return PolicyProfile(Profile(parse_document(text.encode(), "tiny.toml"), "tiny.toml"))


def policy(body: str, *outputs: str, inputs: str = INPUTS) -> Policy:
    """The rules of ``profile`` on ``DAY``, lowered."""
    made = profile(body, *outputs, inputs=inputs).on(DAY)
    made.lowered  # noqa: B018  # lowering is a part of the check
    return made


def define(body: str, *, unit: str = "number", name: str = "out", more: str = "") -> str:
    """A definition: ``body`` is a formula, or a line such as ``table = …``."""
    line = body if body.startswith(("table =", "bands =", "map =", "unknown =")) else f'formula = "{body}"'
    return f'[definitions.{name}]\nunit = "{unit}"\nsource = "law"\n{line}\n{more}\n'


def formula(text: str, *, unit: str = "number", more: str = "") -> Policy:
    """The rules whose one output is a formula over the inputs of this module."""
    return policy(define(text, unit=unit, more=more))
