"""Cases of a table by their keys: one given twice counts once, two different ones of a key cannot both be right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import narwhals as nw

from injuryprev.engine.stages import TEMPORARY

KEY: Final = "id"
SEVERAL: Final = f"{TEMPORARY}several"
"""Whether another, different case of the group bears the same key; nobody can tell which of them is right."""
FOUND: Final = {"case_twice": f"{TEMPORARY}twice", "in_two_groups": f"{TEMPORARY}elsewhere"}
"""What looks odd: a case given more than once, word for word; a key that stands in another group too, which may be
another case where each group has its own numbers, and else is counted in both."""
_ROWS: Final = f"{TEMPORARY}rows"
_HERE: Final = f"{TEMPORARY}here"
_ALL: Final = f"{TEMPORARY}everywhere"


def each_case_once(native: Any, by: Sequence[str]) -> Any:
    """The cases, each once, with what is to be said of their keys.

    Those without a key are all different, and a table without keys is as it was.
    """
    frame: Any = nw.from_native(native)
    schema = frame.collect_schema()
    if KEY not in schema:
        return native
    bare, no = nw.col(KEY).is_null(), nw.lit(value=False, dtype=nw.Boolean)
    made = (SEVERAL, *FOUND.values())
    without = frame.filter(bare).with_columns(*(no.alias(name) for name in made))
    if schema[KEY] == nw.Unknown:  # no key at all
        return without.to_native()
    keyed = frame.filter(~bare).with_columns(nw.len().over(*by, KEY).alias(_ROWS)).unique()
    keyed = keyed.with_columns(nw.len().over(*by, KEY).alias(_HERE), nw.len().over(KEY).alias(_ALL))
    said = (nw.col(_HERE) > 1, nw.col(_ROWS) > nw.col(_HERE), nw.col(_ALL) > nw.col(_HERE))
    keyed = keyed.with_columns(*(one.alias(name) for one, name in zip(said, made, strict=True)))
    return nw.concat([one.select(*schema.names(), *made) for one in (keyed, without)]).to_native()
