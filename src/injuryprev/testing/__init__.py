"""Hypothesis strategies for typed objects, profiles and records, and a test of any profile, for tests anywhere.

Needs the ``test`` extra; ``import injuryprev`` never comes here.
"""

from injuryprev.testing.conformance import check_profile
from injuryprev.testing.policies import profiles, records
from injuryprev.testing.typed_objects import (
    benefit_payments,
    cases,
    contributions_paid,
    credit_codes,
    days,
    employer_events,
    employers,
    exposures,
    grounds,
    histories,
    ids,
    industries,
    ladders,
    money,
    periods,
    recognitions,
    worker_keys,
)

__all__ = [
    "benefit_payments",
    "cases",
    "check_profile",
    "contributions_paid",
    "credit_codes",
    "days",
    "employer_events",
    "employers",
    "exposures",
    "grounds",
    "histories",
    "ids",
    "industries",
    "ladders",
    "money",
    "periods",
    "profiles",
    "recognitions",
    "records",
    "worker_keys",
]
