"""Hypothesis strategies for typed objects, profiles and records: tests of this package and of those that build on it.

Needs the ``test`` extra; ``import injuryprev`` never comes here.
"""

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
