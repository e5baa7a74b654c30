"""Words in two languages: titles, reasons and notes are written in English and Chinese side by side."""

from __future__ import annotations

from typing import Final, Literal

import attrs

Lang = Literal["en", "zh"]
LANGUAGES: Final[tuple[Lang, ...]] = ("en", "zh")


@attrs.frozen
class Words:
    """A piece of text in English and Chinese; where one is not given, the other is shown.

    >>> Words("rate", "费率").to("zh")
    '费率'
    >>> Words("rate").to("zh")
    'rate'
    """

    en: str = ""
    zh: str = ""

    def to(self, lang: Lang) -> str:
        """The text in ``lang``, or in the other language where it was not written in that one."""
        return (self.zh or self.en) if lang == "zh" else (self.en or self.zh)

    def to_data(self) -> dict[str, str]:
        """The text in the languages it is written in, for JSON."""
        return {lang: text for lang, text in (("en", self.en), ("zh", self.zh)) if text}

    def __bool__(self) -> bool:
        return bool(self.en or self.zh)

    def __str__(self) -> str:
        return self.to("en")

    def format(self, **values: object) -> Words:
        """Both languages with ``{name}`` places filled."""
        return Words(self.en.format(**values), self.zh.format(**values))


def as_words(text: Words | str) -> Words:
    """Words, or plain text as words of one language.

    >>> as_words("rate").to("zh")
    'rate'
    """
    return Words(text) if isinstance(text, str) else text
