"""Injury rates and what they tell: standards, intervals, comparison, targets, focus.

Names are loaded when they are first used, so that ``import injuryprev.measures`` brings neither cattrs nor a dataframe
library nor SciPy.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

from injuryprev.measures.rates import frequency_rate, incidence_rate, mean_severity, payout_ratio, severity_rate

if TYPE_CHECKING:
    from injuryprev.measures.definition import Definition, LostDays
    from injuryprev.measures.injury_rate import Finding, InjuryRate, pooled
    from injuryprev.measures.standards import Standard, list_standards, standard

_HOMES: Final = {
    "Definition": "definition",
    "Finding": "injury_rate",
    "InjuryRate": "injury_rate",
    "LostDays": "definition",
    "Standard": "standards",
    "list_standards": "standards",
    "pooled": "injury_rate",
    "standard": "standards",
}
"""Where a name lives that is loaded on use: the module below this one."""

__all__ = [
    "Definition",
    "Finding",
    "InjuryRate",
    "LostDays",
    "Standard",
    "frequency_rate",
    "incidence_rate",
    "list_standards",
    "mean_severity",
    "payout_ratio",
    "pooled",
    "severity_rate",
    "standard",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
