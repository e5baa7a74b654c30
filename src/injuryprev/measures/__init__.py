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
    from injuryprev.measures.statistics import (
        BeforeAfter,
        Change,
        DifferenceInDifferences,
        Dispersion,
        Funnel,
        Gamma,
        Interval,
        Limits,
        Method,
        Point,
        RateComparison,
        Regression,
        Shrinkage,
        Standardised,
        Trend,
        TwoPeriods,
        before_and_after,
        change_from_mean,
        compare_rates,
        count_interval,
        difference_in_differences,
        directly_standardised,
        expected_cases,
        funnel,
        proportion_interval,
        rate_interval,
        regression_to_the_mean,
        shrink,
        standardised_ratio,
        trend,
    )

_HOMES: Final = {
    "BeforeAfter": "statistics",
    "Change": "statistics",
    "Definition": "definition",
    "DifferenceInDifferences": "statistics",
    "Dispersion": "statistics",
    "Finding": "injury_rate",
    "Funnel": "statistics",
    "Gamma": "statistics",
    "InjuryRate": "injury_rate",
    "Interval": "statistics",
    "Limits": "statistics",
    "LostDays": "definition",
    "Method": "statistics",
    "Point": "statistics",
    "RateComparison": "statistics",
    "Regression": "statistics",
    "Shrinkage": "statistics",
    "Standard": "standards",
    "Standardised": "statistics",
    "Trend": "statistics",
    "TwoPeriods": "statistics",
    "before_and_after": "statistics",
    "change_from_mean": "statistics",
    "compare_rates": "statistics",
    "count_interval": "statistics",
    "difference_in_differences": "statistics",
    "directly_standardised": "statistics",
    "expected_cases": "statistics",
    "funnel": "statistics",
    "list_standards": "standards",
    "pooled": "injury_rate",
    "proportion_interval": "statistics",
    "rate_interval": "statistics",
    "regression_to_the_mean": "statistics",
    "shrink": "statistics",
    "standard": "standards",
    "standardised_ratio": "statistics",
    "trend": "statistics",
}
"""Where a name lives that is loaded on use: the module below this one."""

__all__ = [
    "BeforeAfter",
    "Change",
    "Definition",
    "DifferenceInDifferences",
    "Dispersion",
    "Finding",
    "Funnel",
    "Gamma",
    "InjuryRate",
    "Interval",
    "Limits",
    "LostDays",
    "Method",
    "Point",
    "RateComparison",
    "Regression",
    "Shrinkage",
    "Standard",
    "Standardised",
    "Trend",
    "TwoPeriods",
    "before_and_after",
    "change_from_mean",
    "compare_rates",
    "count_interval",
    "difference_in_differences",
    "directly_standardised",
    "expected_cases",
    "frequency_rate",
    "funnel",
    "incidence_rate",
    "list_standards",
    "mean_severity",
    "payout_ratio",
    "pooled",
    "proportion_interval",
    "rate_interval",
    "regression_to_the_mean",
    "severity_rate",
    "shrink",
    "standard",
    "standardised_ratio",
    "trend",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
