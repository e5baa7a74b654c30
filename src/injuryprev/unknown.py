"""Unknown as a value: what cannot be known says why, and is never zero and never an exception."""

from __future__ import annotations

import attrs

from injuryprev.words import Lang, Words


@attrs.frozen
class Reason:
    """Why something cannot be known.

    Args:
        code: A stable key, ``missing``, ``out_of_range``, ``division_by_zero``, ``no_row`` and so on.
        subject: The name of the input or definition it concerns.
        words: The reason for a reader.
        source: The document that leaves it open, where a document does.
        source_zh: The same with its Chinese title, for a reader of Chinese.
    """

    code: str
    subject: str
    words: Words
    source: str = ""
    source_zh: str = ""

    def text(self, lang: Lang = "en") -> str:
        """The reason as one sentence, with its source where it has one."""
        source = self.source_zh if lang == "zh" and self.source_zh else self.source
        return self.words.to(lang) + (f" [{source}]" if source else "")


@attrs.frozen
class Unknown:
    """A result that cannot be known, with every reason that keeps it so.

    It is falsy, equal only to an ``Unknown`` of the same reasons, and refuses arithmetic as any object does.

    >>> value = Unknown((Reason("missing", "insured", Words("insured was not given")),))
    >>> print(value)
    unknown: insured was not given
    """

    reasons: tuple[Reason, ...] = attrs.field(validator=attrs.validators.min_len(1))

    def __bool__(self) -> bool:
        return False

    def text(self, lang: Lang = "en") -> str:
        """All reasons on one line."""
        head = "未知：" if lang == "zh" else "unknown: "
        return head + ("；" if lang == "zh" else "; ").join(reason.text(lang) for reason in self.reasons)

    def __str__(self) -> str:
        return self.text()

    def to_data(self) -> dict[str, object]:
        """The reasons as plain data, for JSON."""
        return {
            "unknown": [
                {"code": one.code, "subject": one.subject, "words": one.words.to_data(), "source": one.source}
                for one in self.reasons
            ]
        }

    @property
    def codes(self) -> tuple[str, ...]:
        """The reasons as ``code:subject``, for programs and tables."""
        return tuple(f"{reason.code}:{reason.subject}" for reason in self.reasons)
