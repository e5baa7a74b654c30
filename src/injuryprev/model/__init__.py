"""The nouns: frozen classes that check what they are given, without input or output and without a clock.

Those of prevention work are loaded when they are first used: most who rate employers never ask for them.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

from injuryprev.model.case import BENEFIT_KINDS, BenefitPayment, Ground, InjuryCase
from injuryprev.model.employer import EMPLOYER_KINDS, EMPLOYER_SIZES, Employer, Facts, FactValue, credit_code
from injuryprev.model.exposure import ContributionPaid, Exposure
from injuryprev.model.history import EVENT_KINDS, RECOGNITION_KINDS, EmployerEvent, History, Recognition
from injuryprev.model.industry import EDITIONS, Industry, divisions
from injuryprev.model.privacy import opaque_key
from injuryprev.model.rating import Explained, Format, Ladder, RateDecision, RateTier

if TYPE_CHECKING:
    from injuryprev.model.attendance import Attendance, Tally
    from injuryprev.model.coordination import (
        FOUR_IN_PLACE,
        LISTS,
        MOVES,
        PLACE_ITEMS,
        ROLES,
        Conference,
        DataExchange,
        Listing,
        Member,
        PlaceCheck,
        Receipt,
        Recurrence,
        WorkingDays,
    )
    from injuryprev.model.fund import Award, FundAllocation, FundYear, Optimum, Proposal
    from injuryprev.model.ledger import (
        ENTRY_KINDS,
        Balances,
        Damage,
        Entry,
        Opening,
        ProjectBalance,
        Record,
        Replayed,
        Statement,
        YearFigures,
    )
    from injuryprev.model.objection import Objection
    from injuryprev.model.project import Ban, Goal, PreventionProject, ProjectEvent
    from injuryprev.model.schedule import Appointment, TourStop
    from injuryprev.model.services import SERVICE_KINDS, Contest, HazardResult, HazardTest, HealthCheck, Service
    from injuryprev.model.task import (
        DANGER_GRADES,
        TASK_STATES,
        AgreedMeasure,
        Extension,
        GradedNotice,
        HiddenDanger,
        Task,
    )
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

_HOMES: Final = {
    name: home
    for home, names in {
        "attendance": "Attendance Tally",
        "coordination": "FOUR_IN_PLACE LISTS MOVES PLACE_ITEMS ROLES Conference "
        "DataExchange Listing Member PlaceCheck Receipt Recurrence WorkingDays",
        "fund": "Award FundAllocation FundYear Optimum Proposal",
        "ledger": "ENTRY_KINDS Balances Damage Entry Opening ProjectBalance Record Replayed Statement YearFigures",
        "objection": "Objection",
        "project": "Ban Goal PreventionProject ProjectEvent",
        "schedule": "Appointment TourStop",
        "services": "SERVICE_KINDS Contest HazardResult HazardTest HealthCheck Service",
        "task": "DANGER_GRADES TASK_STATES AgreedMeasure Extension GradedNotice HiddenDanger Task",
        "training": "COURSE_KINDS Course ExpertExchange Lecture TrainingPlan",
        "work": "MEDIA Campaign Caravan DistrictAppraisal Films Leaflets MediaPiece OnlineChannel Screens Work",
    }.items()
    for name in names.split()
}
"""Which module the names that are loaded late come from."""


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})


__all__ = [
    "BENEFIT_KINDS",
    "COURSE_KINDS",
    "DANGER_GRADES",
    "EDITIONS",
    "EMPLOYER_KINDS",
    "EMPLOYER_SIZES",
    "ENTRY_KINDS",
    "EVENT_KINDS",
    "FOUR_IN_PLACE",
    "LISTS",
    "MEDIA",
    "MOVES",
    "PLACE_ITEMS",
    "RECOGNITION_KINDS",
    "ROLES",
    "SERVICE_KINDS",
    "TASK_STATES",
    "AgreedMeasure",
    "Appointment",
    "Attendance",
    "Award",
    "Balances",
    "Ban",
    "BenefitPayment",
    "Campaign",
    "Caravan",
    "Conference",
    "Contest",
    "ContributionPaid",
    "Course",
    "Damage",
    "DataExchange",
    "DistrictAppraisal",
    "Employer",
    "EmployerEvent",
    "Entry",
    "ExpertExchange",
    "Explained",
    "Exposure",
    "Extension",
    "FactValue",
    "Facts",
    "Films",
    "Format",
    "FundAllocation",
    "FundYear",
    "Goal",
    "GradedNotice",
    "Ground",
    "HazardResult",
    "HazardTest",
    "HealthCheck",
    "HiddenDanger",
    "History",
    "Industry",
    "InjuryCase",
    "Ladder",
    "Leaflets",
    "Lecture",
    "Listing",
    "MediaPiece",
    "Member",
    "Objection",
    "OnlineChannel",
    "Opening",
    "Optimum",
    "PlaceCheck",
    "PreventionProject",
    "ProjectBalance",
    "ProjectEvent",
    "Proposal",
    "RateDecision",
    "RateTier",
    "Receipt",
    "Recognition",
    "Record",
    "Recurrence",
    "Replayed",
    "Screens",
    "Service",
    "Statement",
    "Tally",
    "Task",
    "TourStop",
    "TrainingPlan",
    "Work",
    "WorkingDays",
    "YearFigures",
    "credit_code",
    "divisions",
    "opaque_key",
]
