"""Codes and words in columns, read as the model reads them one by one: one way of writing, or no use."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import attrs
import narwhals as nw

from injuryprev.engine.columns import OUTER_SPACE
from injuryprev.engine.expressions import Expr, bool_lit, when
from injuryprev.engine.frame_kinds import Table, is_text, not_a_word
from injuryprev.engine.stages import Staged
from injuryprev.errors import InputError
from injuryprev.model import EDITIONS, Ground
from injuryprev.model.case import GROUND_SPELLINGS
from injuryprev.model.industry import EDITION_SPELLING, sections
from injuryprev.policy.records import KINDS

NO_GROUND: Final = "?"
"""Stands for text that is no item of the regulation."""
_GROUNDS: Final = KINDS["cases"].fields["item"].choices
_ITEMS: Final = tuple(enumerate("一二三四五六七", start=1))
_GROUP: Final = re.compile(r"(?<![\\\[])\((?!\?)")


def word(table: Table, column: str) -> Expr:
    """A column of words as text, whatever an engine keeps them in.

    Raises:
        InputError: The column holds something else, such as codes read as numbers.
    """
    kind = table.kinds[column]
    if kind == nw.Unknown:
        return nw.when(~nw.col(column).is_null()).then(nw.lit("", nw.String))
    if not is_text(kind):
        raise not_a_word(table.place(column), kind)
    return nw.col(column) if kind == nw.String else nw.col(column).cast(nw.String)


def _bare(text: Expr) -> Expr:
    bare: Expr = text.str.replace_all(OUTER_SPACE, "")
    return bare


def _whole(pattern: str) -> str:
    """A pattern of all of a text, its groups without numbers, of which pandas would warn."""
    return f"^(?:{_GROUP.sub('(?:', pattern)})$"


def ground_key(text: str | None) -> str | None:
    """The item of the regulation as ``Ground.key`` has it, ``NO_GROUND`` for other text."""
    try:
        return None if text is None else Ground.parse(text).key
    except InputError:
        return NO_GROUND


def read_grounds(table: Table, column: str) -> Staged[Expr]:
    """The same of every row, for engines to which each different text cannot be shown once."""
    text = word(table, column)
    missing = text.is_null()
    [text] = yield [_bare(text.fill_null(""))]
    [close] = yield [text.str.replace_all(" ", "", literal=True)]
    dotted, brackets, chinese = (_whole(one.pattern) for one in GROUND_SPELLINGS)
    shaped, last = yield [
        text.str.contains(dotted) | text.str.contains(brackets) | close.str.contains(chinese),
        close.str.replace_all(r"[)）]?项?$", ""),
    ]
    fifteen = text.str.contains("15", literal=True) | text.str.contains("十五", literal=True)
    item: Expr = nw.lit("", nw.String)
    for number, sign in _ITEMS:
        item = when(last.str.ends_with(str(number)) | last.str.ends_with(sign), nw.lit(str(number), nw.String), item)
    article = when(fifteen, nw.lit("15.", nw.String), nw.lit("14.", nw.String))
    [key] = yield [nw.concat_str(article, item)]
    sound = shaped & key.is_in(list(_GROUNDS))
    return nw.when(~missing).then(when(sound, key, nw.lit(NO_GROUND, nw.String)))


@attrs.frozen
class Industries:
    """The industries of employers: the division, the year of the edition or ``""``, whether there is such a code."""

    division: Expr
    year: Expr
    edition: Expr
    missing: Expr
    sound: Expr


def says_industry(table: Table) -> bool:
    """Whether employers state their industries, which takes the edition too."""
    return "industry" in table.kinds and "industry_edition" in table.kinds


def read_industries(table: Table, editions: Iterable[str] = EDITIONS) -> Staged[Industries]:
    """The industry codes of employers; of other editions than these nothing is known."""
    code, edition = word(table, "industry"), word(table, "industry_edition")
    missing = code.is_null()
    [code, edition] = yield [_bare(code.fill_null("")).str.to_uppercase(), _bare(edition.fill_null(""))]
    year: Expr = nw.lit("", nw.String)
    sound = bool_lit(value=False)
    for name in editions:
        same = edition.str.contains(_whole(EDITION_SPELLING + name[-4:]))
        year = when(same, nw.lit(name[-4:], nw.String), year)
        sound = sound | (same & code.str.contains(_codes(name)))
    [division, year, sound] = yield [code.str.replace_all("^[A-T]", "").str.slice(0, 2), year, sound]
    return Industries(division, year, edition, missing, sound)


def _codes(edition: str) -> str:
    """Every code of an edition, with the letter of its section or without."""
    letters = (f"{letter}?(?:{'|'.join(divisions)})" for letter, divisions in sections(edition).items())
    return _whole(f"(?:{'|'.join(letters)})[0-9]{{0,2}}")


def is_edition(read: Industries, stated: str) -> Expr:
    """Where an edition is the one that a table states."""
    if stated in EDITIONS:
        return read.year == stated[-4:]
    return read.edition == stated


def unlisted(text: Expr, choices: tuple[str, ...]) -> Expr:
    """Where a word is none: not in a closed list, or where there is no list, not a name as profiles write them."""
    if choices:
        return ~text.is_in(list(choices))
    return ~text.str.contains(_whole("[a-z][a-z0-9]*(?:_[a-z0-9]+)*")) | text.str.contains("\n", literal=True)
