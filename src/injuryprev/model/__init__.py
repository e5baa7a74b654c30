"""The nouns: frozen classes that check what they are given, without input or output and without a clock."""

from injuryprev.model.case import BENEFIT_KINDS, BenefitPayment, Ground, InjuryCase
from injuryprev.model.employer import EMPLOYER_KINDS, EMPLOYER_SIZES, Employer, Facts, FactValue, credit_code
from injuryprev.model.exposure import ContributionPaid, Exposure
from injuryprev.model.fund import Award, FundAllocation, FundYear, Optimum, Proposal
from injuryprev.model.history import EVENT_KINDS, RECOGNITION_KINDS, EmployerEvent, History, Recognition
from injuryprev.model.industry import EDITIONS, Industry, divisions
from injuryprev.model.ledger import ENTRY_KINDS, Balances, Damage, Entry, ProjectBalance, Record
from injuryprev.model.objection import Objection
from injuryprev.model.privacy import opaque_key
from injuryprev.model.project import Ban, Goal, PreventionProject, ProjectEvent
from injuryprev.model.rating import Explained, Format, Ladder, RateDecision, RateTier

__all__ = [
    "BENEFIT_KINDS",
    "EDITIONS",
    "EMPLOYER_KINDS",
    "EMPLOYER_SIZES",
    "ENTRY_KINDS",
    "EVENT_KINDS",
    "RECOGNITION_KINDS",
    "Award",
    "Balances",
    "Ban",
    "BenefitPayment",
    "ContributionPaid",
    "Damage",
    "Employer",
    "EmployerEvent",
    "Entry",
    "Explained",
    "Exposure",
    "FactValue",
    "Facts",
    "Format",
    "FundAllocation",
    "FundYear",
    "Goal",
    "Ground",
    "History",
    "Industry",
    "InjuryCase",
    "Ladder",
    "Objection",
    "Optimum",
    "PreventionProject",
    "ProjectBalance",
    "ProjectEvent",
    "Proposal",
    "RateDecision",
    "RateTier",
    "Recognition",
    "Record",
    "credit_code",
    "divisions",
    "opaque_key",
]
