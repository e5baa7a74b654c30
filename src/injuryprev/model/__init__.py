"""The nouns: frozen classes that check what they are given, without input or output and without a clock."""

from injuryprev.model.attendance import Attendance, Tally
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
from injuryprev.model.schedule import Appointment, TourStop
from injuryprev.model.services import SERVICE_KINDS, Contest, HazardResult, HazardTest, HealthCheck, Service
from injuryprev.model.training import COURSE_KINDS, Course, ExpertExchange, Lecture, TrainingPlan
from injuryprev.model.work import (
    MEDIA,
    Campaign,
    Caravan,
    DistrictAppraisal,
    Films,
    Leaflets,
    MediaPiece,
    OnlineChannel,
    Screens,
    Work,
)

__all__ = [
    "BENEFIT_KINDS",
    "COURSE_KINDS",
    "EDITIONS",
    "EMPLOYER_KINDS",
    "EMPLOYER_SIZES",
    "ENTRY_KINDS",
    "EVENT_KINDS",
    "MEDIA",
    "RECOGNITION_KINDS",
    "SERVICE_KINDS",
    "Appointment",
    "Attendance",
    "Award",
    "Balances",
    "Ban",
    "BenefitPayment",
    "Campaign",
    "Caravan",
    "Contest",
    "ContributionPaid",
    "Course",
    "Damage",
    "DistrictAppraisal",
    "Employer",
    "EmployerEvent",
    "Entry",
    "ExpertExchange",
    "Explained",
    "Exposure",
    "FactValue",
    "Facts",
    "Films",
    "Format",
    "FundAllocation",
    "FundYear",
    "Goal",
    "Ground",
    "HazardResult",
    "HazardTest",
    "HealthCheck",
    "History",
    "Industry",
    "InjuryCase",
    "Ladder",
    "Leaflets",
    "Lecture",
    "MediaPiece",
    "Objection",
    "OnlineChannel",
    "Optimum",
    "PreventionProject",
    "ProjectBalance",
    "ProjectEvent",
    "Proposal",
    "RateDecision",
    "RateTier",
    "Recognition",
    "Record",
    "Screens",
    "Service",
    "Tally",
    "TourStop",
    "TrainingPlan",
    "Work",
    "credit_code",
    "divisions",
    "opaque_key",
]
