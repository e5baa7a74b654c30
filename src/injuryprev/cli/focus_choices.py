"""The words that ``injuryprev focus`` offers a choice of."""

from __future__ import annotations

from enum import StrEnum


class By(StrEnum):
    """What is ranked."""

    employer = "employer"
    industry = "industry"
    area = "area"
    kind = "kind"
    size = "size"
    risk_class = "risk_class"
    trade = "trade"
    post = "post"
    ground = "ground"


class Within(StrEnum):
    """What a unit is compared with."""

    industry = "industry"
    area = "area"
    kind = "kind"
    size = "size"
    risk_class = "risk_class"


class CriterionOption(StrEnum):
    """What is looked at."""

    burden = "burden"
    rate = "rate"
    excess = "excess"
    severity = "severity"
    deaths = "deaths"
    lost_days = "lost_days"


class Dated(StrEnum):
    """The date that places a case."""

    recognised_on = "recognised_on"
    occurred_on = "occurred_on"


class Measured(StrEnum):
    """What cases are measured against."""

    insured = "insured"
    hours = "hours"
