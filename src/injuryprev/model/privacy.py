"""What must not enter: identity numbers, names, telephone numbers and addresses of mail in the place of an opaque key.

The checks go by shape, so they cannot catch everything (a surname in small letters is a word like any other).  They are
there for the usual accident: a table exported with the wrong column.  No error repeats the value it refuses.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from injuryprev.errors import InputError

_PROVINCE: Final = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|9\d)"
_IDENTITY: Final = re.compile(_PROVINCE + r"\d{4}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]")
_OLD_IDENTITY: Final = re.compile(_PROVINCE + r"\d{4}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}")
_MOBILE: Final = re.compile(r"(?:86)?1[3-9]\d{9}")
_SEPARATORS: Final = re.compile(r"[\s._/:+=#-]+")
_ONE_NUMBER: Final = re.compile(r"\D*?(\d+X?)\D*")
_WRITTEN: Final = re.compile(r"(?<!\d)(?:\d[ -]?){17}[\dX](?!\d)")
_KEY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/+=#-]{0,127}")
_WORDS: Final = re.compile(
    r"[A-Za-z][a-z]+(?:[._:/+=#-]+[A-Za-z][a-z]+|[A-Z][a-z]+){1,3}|[A-Z]{2,}(?:[._:/+=#-]+[A-Z]{2,}){1,3}"
)
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_HINT: Final = "an opaque key made by the data owner, such as w-00017 or a salted hash"
_SOURCE: Final = "Personal Information Protection Law of the PRC, art. 6 and 28 (no more than the purpose needs)"


def is_identity_number(number: str) -> bool:
    """Whether 18 characters are a resident identity number in shape, day of birth and check character (GB 11643).

    >>> is_identity_number("360426199101010071")
    True
    """
    if not _IDENTITY.fullmatch(number):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == number[-1]


def holds_identity_number(text: str) -> bool:
    """Whether an identity number with a true check character stands somewhere in a text.

    The check character is asked for here, because a text may well hold other long numbers.

    >>> holds_identity_number("employee 360426 19910101 0071 fell"), holds_identity_number("order 360426199101010072")
    (True, False)
    """
    flat = unicodedata.normalize("NFKC", text).upper()
    return any(is_identity_number(re.sub(r"[ -]", "", found)) for found in _WRITTEN.findall(flat))


def masked(text: str) -> str:
    """What an error may say of a value that must not be repeated."""
    return f"(not shown: {len(text)} characters)"


def opaque_key(value: object, where: str = "worker") -> str:
    """A worker's key: ASCII letters, digits and ``._:/+=#-``, up to 128, and nothing that reads as a person.

    Refused are the 18 digits of a resident identity number (whatever its check character, since a mistyped one is
    personal all the same), the 15 digits of an old one, a mobile number, an address of mail, any character outside
    ASCII (a name), and two or more words without a digit (a name in Latin letters).

    Raises:
        InputError: The value is refused; the message does not repeat it.

    >>> opaque_key("w-00017")
    'w-00017'
    >>> opaque_key("360426199101010071")
    Traceback (most recent call last):
    ...
    injuryprev.errors.InputError: worker: this looks like a resident identity number; seen: \
'(not shown: 18 characters)'; expected: an opaque key made by the data owner, such as w-00017 or a salted hash; \
source: Personal Information Protection Law of the PRC, art. 6 and 28 (no more than the purpose needs)
    """
    if not isinstance(value, str):
        raise InputError("a worker's key is text", where=where, seen=f"({type(value).__name__})", expected=_HINT)
    problem = _problem(value)
    if problem:
        raise InputError(problem, where=where, seen=masked(value), expected=_HINT, source=_SOURCE)
    return value


def _problem(key: str) -> str:
    flat = unicodedata.normalize("NFKC", key).upper()
    joined = _SEPARATORS.sub("", flat)
    for part in (joined, *_SEPARATORS.split(flat)):
        # One number between letters: a hash in hexadecimal has many, and must not be refused by chance.
        number = _ONE_NUMBER.fullmatch(part)
        if number and (_IDENTITY.fullmatch(number[1]) or _IDENTITY.fullmatch(number[1].removesuffix("X"))):
            return "this looks like a resident identity number"
    if _OLD_IDENTITY.fullmatch(joined):
        return "this looks like a resident identity number of the old kind, 15 digits"
    if _MOBILE.fullmatch(joined):
        return "this looks like a telephone number"
    if "@" in key:
        return "this looks like an address of mail"
    if not key.isascii():
        return "this looks like a name: it holds characters outside ASCII"
    if _WORDS.fullmatch(key) or re.fullmatch(r"[^\d\s]+(\s+[^\d\s]+)+", key):
        return "this looks like a name: words without a digit"
    if not _KEY.fullmatch(key):
        return "not an opaque key"
    return ""
