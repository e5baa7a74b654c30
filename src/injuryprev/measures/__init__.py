"""Injury rates and what they tell: standards, intervals, comparison, targets, focus.

Names are loaded when they are first used, so that ``import injuryprev.measures`` brings neither cattrs nor a dataframe
library nor SciPy.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

from injuryprev.measures.rates import frequency_rate, incidence_rate, mean_severity, payout_ratio, severity_rate

if TYPE_CHECKING:
    from injuryprev.measures.assessing import assess, series_of
    from injuryprev.measures.assessment import Assessment, Chance, Pace
    from injuryprev.measures.counting import Count, count_cases
    from injuryprev.measures.definition import Definition, LostDays
    from injuryprev.measures.focusing.alerts import Alert, AlertScheme, alerts, list_alerts
    from injuryprev.measures.focusing.document import Level
    from injuryprev.measures.focusing.enforcement import (
        Priority,
        PriorityRow,
        enforcement_list,
        list_priorities,
        priority,
    )
    from injuryprev.measures.focusing.frames import focus_frame
    from injuryprev.measures.focusing.gathering import gather
    from injuryprev.measures.focusing.listing import Focus
    from injuryprev.measures.focusing.ranking import focus
    from injuryprev.measures.focusing.units import FocusRow, FocusUnit
    from injuryprev.measures.injury_rate import Finding, InjuryRate, pooled
    from injuryprev.measures.sector_mix import WeightedRate, weighted
    from injuryprev.measures.series import Observation
    from injuryprev.measures.standards import Standard, list_standards, read_standards, standard
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
    from injuryprev.measures.targets import Aim, Baseline, Target, list_targets, target

_HOMES: Final = {
    "Aim": "targets",
    "Alert": "focusing.alerts",
    "AlertScheme": "focusing.alerts",
    "Assessment": "assessment",
    "Baseline": "targets",
    "BeforeAfter": "statistics",
    "Chance": "assessment",
    "Change": "statistics",
    "Count": "counting",
    "Definition": "definition",
    "DifferenceInDifferences": "statistics",
    "Dispersion": "statistics",
    "Finding": "injury_rate",
    "Focus": "focusing.listing",
    "FocusRow": "focusing.units",
    "FocusUnit": "focusing.units",
    "Funnel": "statistics",
    "Gamma": "statistics",
    "InjuryRate": "injury_rate",
    "Interval": "statistics",
    "Level": "focusing.document",
    "Limits": "statistics",
    "LostDays": "definition",
    "Method": "statistics",
    "Observation": "series",
    "Pace": "assessment",
    "Point": "statistics",
    "Priority": "focusing.enforcement",
    "PriorityRow": "focusing.enforcement",
    "RateComparison": "statistics",
    "Regression": "statistics",
    "Shrinkage": "statistics",
    "Standard": "standards",
    "Standardised": "statistics",
    "Target": "targets",
    "Trend": "statistics",
    "TwoPeriods": "statistics",
    "WeightedRate": "sector_mix",
    "alerts": "focusing.alerts",
    "assess": "assessing",
    "before_and_after": "statistics",
    "change_from_mean": "statistics",
    "compare_rates": "statistics",
    "count_cases": "counting",
    "count_interval": "statistics",
    "difference_in_differences": "statistics",
    "directly_standardised": "statistics",
    "enforcement_list": "focusing.enforcement",
    "expected_cases": "statistics",
    "focus": "focusing.ranking",
    "focus_frame": "focusing.frames",
    "funnel": "statistics",
    "gather": "focusing.gathering",
    "list_alerts": "focusing.alerts",
    "list_priorities": "focusing.enforcement",
    "list_standards": "standards",
    "list_targets": "targets",
    "pooled": "injury_rate",
    "priority": "focusing.enforcement",
    "proportion_interval": "statistics",
    "rate_interval": "statistics",
    "read_standards": "standards",
    "regression_to_the_mean": "statistics",
    "series_of": "assessing",
    "shrink": "statistics",
    "standard": "standards",
    "standardised_ratio": "statistics",
    "target": "targets",
    "trend": "statistics",
    "weighted": "sector_mix",
}
"""Where a name lives that is loaded on use: the module below this one."""

__all__ = [
    "Aim",
    "Alert",
    "AlertScheme",
    "Assessment",
    "Baseline",
    "BeforeAfter",
    "Chance",
    "Change",
    "Count",
    "Definition",
    "DifferenceInDifferences",
    "Dispersion",
    "Finding",
    "Focus",
    "FocusRow",
    "FocusUnit",
    "Funnel",
    "Gamma",
    "InjuryRate",
    "Interval",
    "Level",
    "Limits",
    "LostDays",
    "Method",
    "Observation",
    "Pace",
    "Point",
    "Priority",
    "PriorityRow",
    "RateComparison",
    "Regression",
    "Shrinkage",
    "Standard",
    "Standardised",
    "Target",
    "Trend",
    "TwoPeriods",
    "WeightedRate",
    "alerts",
    "assess",
    "before_and_after",
    "change_from_mean",
    "compare_rates",
    "count_cases",
    "count_interval",
    "difference_in_differences",
    "directly_standardised",
    "enforcement_list",
    "expected_cases",
    "focus",
    "focus_frame",
    "frequency_rate",
    "funnel",
    "gather",
    "incidence_rate",
    "list_alerts",
    "list_priorities",
    "list_standards",
    "list_targets",
    "mean_severity",
    "payout_ratio",
    "pooled",
    "priority",
    "proportion_interval",
    "rate_interval",
    "read_standards",
    "regression_to_the_mean",
    "series_of",
    "severity_rate",
    "shrink",
    "standard",
    "standardised_ratio",
    "target",
    "trend",
    "weighted",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
