"""Work-injury prevention: who is insured, who gets hurt, what each employer should pay because of it, and why."""

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
    FundAllocation,
    FundYear,
    Ground,
    History,
    Industry,
    InjuryCase,
    Ladder,
    PreventionProject,
    Proposal,
    RateDecision,
    RateTier,
    Recognition,
)
from injuryprev.rating import rate, rate_area
from injuryprev.units import Period
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

__all__ = [
    "BenefitPayment",
    "ContributionPaid",
    "CoverageError",
    "Employer",
    "EmployerEvent",
    "Exposure",
    "FundAllocation",
    "FundYear",
    "Ground",
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
