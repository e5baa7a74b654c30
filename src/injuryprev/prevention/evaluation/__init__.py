"""Whether prevention work helped: what the figures of the served and of others can say, and what they cannot."""

from injuryprev.prevention.evaluation.cohort import Cohort, Served, windows
from injuryprev.prevention.evaluation.contributions import ContributionEffect, contributions_of
from injuryprev.prevention.evaluation.evaluating import Evaluation, evaluate
from injuryprev.prevention.evaluation.net import NetEffect
from injuryprev.prevention.evaluation.savings import MoneyRange, Savings

__all__ = [
    "Cohort",
    "ContributionEffect",
    "Evaluation",
    "MoneyRange",
    "NetEffect",
    "Savings",
    "Served",
    "contributions_of",
    "evaluate",
    "windows",
]
