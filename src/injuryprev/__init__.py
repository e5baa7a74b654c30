"""Work-injury prevention: who is insured, who gets hurt, what each employer should pay because of it, and why."""

from injuryprev.engine import InputSpec, OutputSpec, Policy, PolicyProfile, Result
from injuryprev.engine.library import ProfileInfo, list_profiles, load_profile
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
from injuryprev.rating import rate
from injuryprev.units import Period
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

__all__ = [
    "BenefitPayment",
    "ContributionPaid",
    "Employer",
    "EmployerEvent",
    "Exposure",
    "Ground",
    "History",
    "Industry",
    "InjuryCase",
    "InputSpec",
    "Ladder",
    "OutputSpec",
    "Period",
    "Policy",
    "PolicyProfile",
    "ProfileInfo",
    "RateDecision",
    "RateTier",
    "Reason",
    "Recognition",
    "Result",
    "Unknown",
    "Words",
    "list_profiles",
    "load_profile",
    "rate",
]
