"""What a rule has against something: the demand, what was met, what would be lawful, and where that is written."""

from __future__ import annotations

import attrs

from injuryprev.unknown import Unknown
from injuryprev.words import Lang, Words


@attrs.frozen
class Objection:
    """One demand of a policy that is not met, or of which it cannot be known whether it is.

    Args:
        rule: The name of the demand in the profile, such as ``prepayment_in_range``.
        demand: What it asks.
        seen: The figures it was judged by.
        lawful: What would be lawful.
        source: The documents, with their articles.
        confidence: How sure the reading of the rule is.
        unknown: Why it cannot be known whether the demand is met; ``None`` where it is known not to be.
        caveat: What is known to be open about the rules and figures it rests on.

    >>> print(
    ...     Objection("term", Words("the term is not too long"), Words("30 months"), Words("24 months"), Words("§ 9"))
    ... )
    the term is not too long: no; seen: 30 months; lawful: 24 months; source: § 9
    """

    rule: str
    demand: Words
    seen: Words = Words()
    lawful: Words = Words()
    source: Words = Words()
    confidence: str = "assumed"
    unknown: Unknown | None = None
    caveat: Words = Words()

    def text(self, lang: Lang = "en") -> str:
        """The objection on one line."""
        said = _SAY[lang]
        state = said["no"] if self.unknown is None else self.unknown.text(lang)
        parts = [f"{self.demand.to(lang)}{said[':']}{state}"]
        for key in ("seen", "lawful", "source", "caveat"):
            words: Words = getattr(self, key)
            if words:
                parts.append(f"{said[key]}{said[':']}{words.to(lang)}")
        return said[";"].join(parts)

    def __str__(self) -> str:
        return self.text()


_SAY = {
    "en": {"no": "no", "seen": "seen", "lawful": "lawful", "source": "source", "caveat": "note", ":": ": ", ";": "; "},
    "zh": {"no": "不符合", "seen": "所见", "lawful": "应为", "source": "依据", "caveat": "注意", ":": "：", ";": "；"},
}
