"""Work-injury prevention: who is insured, who gets hurt, what each employer should pay because of it, and why."""

from injuryprev.engine import InputSpec, OutputSpec, Policy, PolicyProfile, Result
from injuryprev.engine.library import ProfileInfo, list_profiles, load_profile
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

__all__ = [
    "InputSpec",
    "OutputSpec",
    "Policy",
    "PolicyProfile",
    "ProfileInfo",
    "Reason",
    "Result",
    "Unknown",
    "Words",
    "list_profiles",
    "load_profile",
]
