"""The industry of an employer: a code of GB/T 4754 together with the edition it was read from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import attrs

from injuryprev.errors import InputError
from injuryprev.model import _read as read

EDITIONS: Final[tuple[str, ...]] = ("GB/T 4754-2002", "GB/T 4754-2011", "GB/T 4754-2017")
"""Editions of the classification of economic activities that rules of work-injury insurance refer to."""

TRAP: Final = (
    "from 79 on the divisions of the 2017 edition stand one higher than in 2011 "
    "(83 is education in 2017 and health in 2011), so take the edition from the source of the code"
)
_SHAPE: Final = re.compile(r"([A-T]?)(\d{2})(\d{0,2})")
EDITION_SPELLING: Final = r"(?:GB ?/ ?T ?4754 ?[-—–] ?)?"
"""What may stand before the year of an edition."""
_EDITION: Final = re.compile(EDITION_SPELLING + r"(2002|2011|2017)")
# The first division of each section, A to T; a section ends where the next begins.
_STARTS: Final[Mapping[str, tuple[int, ...]]] = MappingProxyType(
    {
        "GB/T 4754-2002": (1, 6, 13, 44, 47, 51, 60, 63, 66, 68, 72, 73, 75, 79, 82, 84, 85, 88, 93, 98, 99),
        "GB/T 4754-2011": (1, 6, 13, 44, 47, 51, 53, 61, 63, 66, 70, 71, 73, 76, 79, 82, 83, 85, 90, 96, 97),
        "GB/T 4754-2017": (1, 6, 13, 44, 47, 51, 53, 61, 63, 66, 70, 71, 73, 76, 80, 83, 84, 86, 91, 97, 98),
    }
)
# Numbers left free inside the range; 2002 has 95 divisions up to 98.
_FREE: Final[Mapping[str, frozenset[int]]] = MappingProxyType({"GB/T 4754-2002": frozenset({12, 38, 64})})


def sections(edition: str) -> Mapping[str, tuple[str, ...]]:
    """The divisions of each section of an edition.

    >>> sections("GB/T 4754-2017")["P"], sections("GB/T 4754-2011")["P"]
    (('83',), ('82',))
    """
    starts, free = _STARTS[edition], _FREE.get(edition, frozenset())
    return {
        section: tuple(f"{number:02d}" for number in range(first, after) if number not in free)
        for section, first, after in zip("ABCDEFGHIJKLMNOPQRST", starts[:-1], starts[1:], strict=True)
    }


_SECTION_OF: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        edition: {division: section for section, divisions in sections(edition).items() for division in divisions}
        for edition in EDITIONS
    }
)


def divisions(edition: str) -> tuple[str, ...]:
    """All divisions (大类) of an edition, two digits each.

    >>> [len(divisions(edition)) for edition in EDITIONS]
    [95, 96, 97]
    """
    return tuple(_SECTION_OF[edition])


def _edition(value: object) -> str:
    found = _EDITION.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise InputError(
            "not an edition of the classification",
            seen=read.shown(value),
            expected=f"one of {', '.join(EDITIONS)}; {TRAP}",
        )
    return f"GB/T 4754-{found[1]}"


def _code(value: object) -> str:
    if isinstance(value, str) and _SHAPE.fullmatch(value.strip().upper()):
        return value.strip().upper()
    raise InputError(
        "not an industry code",
        seen=read.shown(value),
        expected="text of 2 to 4 digits, with the letter of the section or without: '06', 'B06', '0610', 'B0610'",
    )


@attrs.frozen(order=True, field_transformer=read.placed)
class Industry:
    """An industry code (行业代码) and the edition (行业版本) it belongs to.

    Args:
        code: Division (two digits), group (three) or class (four), with the letter of the section or without.  Text,
            since ``06`` as a number has lost its zero.
        edition: One of ``EDITIONS``; the year alone will do.  It is never assumed: from 79 on the same two digits mean
            different industries in 2011 and 2017.

    Raises:
        InputError: The code is none, or the edition has no such division, or puts it in another section.

    Source: GB/T 4754-2002, -2011, -2017 国民经济行业分类.

    >>> Industry("B0610", "GB/T 4754-2017").division
    '06'
    >>> Industry("P83", "2011")
    Traceback (most recent call last):
    ...
    injuryprev.errors.InputError: Industry.code: GB/T 4754-2011 puts division 83 into section Q; seen: 'P83'; \
expected: Q83, or edition GB/T 4754-2017; from 79 on the divisions of the 2017 edition stand one higher than in 2011 \
(83 is education in 2017 and health in 2011), so take the edition from the source of the code; source: GB/T 4754
    """

    code: str = attrs.field(converter=_code)
    edition: str = attrs.field(converter=_edition)

    def __attrs_post_init__(self) -> None:
        letter = self.code[0] if self.code[0].isalpha() else ""
        section = _SECTION_OF[self.edition].get(self.division, "")
        if section and letter in ("", section):
            return
        sought = {edition: _SECTION_OF[edition].get(self.division) for edition in EDITIONS}
        fitting = [edition for edition, found in sought.items() if found and letter in ("", found)]
        if section:
            what, hints = (
                f"{self.edition} puts division {self.division} into section {section}",
                [section + self.code[1:]],
            )
        else:
            what, hints = f"{self.edition} has no division {self.division}", []
        if fitting:
            hints.append(f"edition {' or '.join(fitting)}")
        raise InputError(
            what,
            where="Industry.code",
            seen=self.code,
            expected=f"{', or '.join(hints) or 'another code'}; {TRAP}",
            source="GB/T 4754",
        )

    @property
    def division(self) -> str:
        """The two digits of the division (大类)."""
        return self.code.lstrip("ABCDEFGHIJKLMNOPQRST")[:2]

    @property
    def section(self) -> str:
        """The letter of the section (门类)."""
        return _SECTION_OF[self.edition][self.division]

    def __str__(self) -> str:
        return f"{self.code} ({self.edition})"
