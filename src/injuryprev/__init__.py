"""Work-injury prevention: who is insured, who gets hurt, what each employer should pay because of it, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import injuryprev.model as _model
from injuryprev.engine import InputSpec, OutputSpec, Policy, PolicyProfile, Result
from injuryprev.engine.diffing import diff
from injuryprev.engine.library import ProfileInfo, list_profiles, load_profile, plugin_problems
from injuryprev.errors import (
    CoverageError,
    InjuryprevError,
    InputError,
    ProfileError,
    ReadError,
    RefusedError,
    UnknownNameError,
)
from injuryprev.model import (
    BenefitPayment,
    ContributionPaid,
    Employer,
    EmployerEvent,
    Exposure,
    Ground,
    History,
    Industry,
    InjuryCase,
    Ladder,
    RateDecision,
    RateTier,
    Recognition,
)
from injuryprev.rating import rate, rate_area
from injuryprev.units import Period
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

if TYPE_CHECKING:
    from injuryprev.model import (
        Attendance,
        Campaign,
        Caravan,
        Conference,
        FundAllocation,
        FundYear,
        HiddenDanger,
        PreventionProject,
        Proposal,
        TrainingPlan,
    )

_LATE: Final = frozenset(
    (
        "Attendance",
        "Campaign",
        "Caravan",
        "Conference",
        "FundAllocation",
        "FundYear",
        "HiddenDanger",
        "PreventionProject",
        "Proposal",
        "TrainingPlan",
    )
)
"""Nouns of prevention work, loaded when they are first used."""


def __getattr__(name: str) -> Any:
    if name in _LATE:
        return getattr(_model, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_LATE})


__all__ = [
    "Attendance",
    "BenefitPayment",
    "Campaign",
    "Caravan",
    "Conference",
    "ContributionPaid",
    "CoverageError",
    "Employer",
    "EmployerEvent",
    "Exposure",
    "FundAllocation",
    "FundYear",
    "Ground",
    "HiddenDanger",
    "History",
    "Industry",
    "InjuryCase",
    "InjuryprevError",
    "InputError",
    "InputSpec",
    "Ladder",
    "OutputSpec",
    "Period",
    "Policy",
    "PolicyProfile",
    "PreventionProject",
    "ProfileError",
    "ProfileInfo",
    "Proposal",
    "RateDecision",
    "RateTier",
    "ReadError",
    "Reason",
    "Recognition",
    "RefusedError",
    "Result",
    "TrainingPlan",
    "Unknown",
    "UnknownNameError",
    "Words",
    "diff",
    "list_profiles",
    "load_profile",
    "plugin_problems",
    "rate",
    "rate_area",
]
