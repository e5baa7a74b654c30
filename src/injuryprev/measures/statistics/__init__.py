"""Intervals, tests, shrinkage, funnels and before-and-after, as public-health analysts publish them."""

from injuryprev.measures.statistics.change import Change, change_from_mean
from injuryprev.measures.statistics.comparison import RateComparison, compare_rates
from injuryprev.measures.statistics.evaluate import (
    BeforeAfter,
    DifferenceInDifferences,
    TwoPeriods,
    before_and_after,
    difference_in_differences,
)
from injuryprev.measures.statistics.funnel import Dispersion, Funnel, Limits, Point, funnel
from injuryprev.measures.statistics.interval import Interval, count_interval, proportion_interval, rate_interval
from injuryprev.measures.statistics.method import Method
from injuryprev.measures.statistics.regression import Regression, regression_to_the_mean
from injuryprev.measures.statistics.shrinkage import Gamma, Shrinkage, shrink
from injuryprev.measures.statistics.standardise import (
    Standardised,
    directly_standardised,
    expected_cases,
    standardised_ratio,
)
from injuryprev.measures.statistics.trend import Trend, trend

__all__ = [
    "BeforeAfter",
    "Change",
    "DifferenceInDifferences",
    "Dispersion",
    "Funnel",
    "Gamma",
    "Interval",
    "Limits",
    "Method",
    "Point",
    "RateComparison",
    "Regression",
    "Shrinkage",
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
    "funnel",
    "proportion_interval",
    "rate_interval",
    "regression_to_the_mean",
    "shrink",
    "standardised_ratio",
    "trend",
]
