"""Services to employers and their workers: health checks, hazard testing, guidance, contests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Final

import attrs

from injuryprev.errors import InputError
from injuryprev.model import _read as read
from injuryprev.model.history import Recognition
from injuryprev.model.training import check_parts, share_of
from injuryprev.model.work import Work, texts
from injuryprev.units import Number
from injuryprev.unknown import Unknown
from injuryprev.words import Words

SERVICE_KINDS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "double_care": Words("guidance for the double-care campaign", "双爱活动指导"),
        "standardisation": Words("guidance on work-safety standardisation", "安全生产标准化创建指导"),
        "hazard_testing": Words("testing of occupational hazard factors", "职业病危害因素检测"),
        "hazard_evaluation": Words("evaluation of occupational hazards", "职业病危害评价"),
        "health_checks": Words("occupational health checks", "职业健康检查"),
        "ankang_cup": Words("Ankang Cup contest", "安康杯竞赛"),
        "self_running": Words("self-running health and safety management", "企业自主安全健康管理"),
    }
)
"""Services named by measure 4 of 浙人社发〔2014〕4号."""


def _service(value: str) -> str:
    return read.choice(value, SERVICE_KINDS)


def _count(value: Number) -> int:
    return read.whole(value)


def _employers(value: Iterable[str]) -> frozenset[str]:
    if isinstance(value, str):
        raise InputError("several keys are wanted", seen=value, expected="a list of keys")
    return frozenset(read.identifier(key) for key in value)


@attrs.frozen(kw_only=True, field_transformer=read.placed)
class Service(Work):
    """A service given to employers.

    Args:
        kind: One of ``SERVICE_KINDS``.
        employers: To whom; each once, however often it was served.  ``None`` where that is not recorded.

    >>> from injuryprev import Period
    >>> Service(id="S-1", period=Period.year(2014), kind="double_care", employers=["E-1", "E-2"]).employers is None
    False
    """

    kind: str = attrs.field(converter=_service)
    employers: frozenset[str] | None = attrs.field(default=None, converter=attrs.converters.optional(_employers))


@attrs.frozen(kw_only=True, field_transformer=read.placed)
class HealthCheck(Work):
    """Occupational health checks at one employer (职业健康检查); who was checked is its ``attendance``.

    Args:
        employer_id: The employer.
        hazards: Hazards the checks were for.
        abnormal: How many had a finding.
    """

    employer_id: str | None = attrs.field(default=None, converter=attrs.converters.optional(read.identifier))
    hazards: tuple[str, ...] = attrs.field(default=(), converter=texts)
    abnormal: int | None = attrs.field(default=None, converter=attrs.converters.optional(_count))

    def __attrs_post_init__(self) -> None:
        check_parts(
            f"HealthCheck {self.id}", (("abnormal", self.abnormal, "who were checked", self.attendance.people[1]),)
        )

    @property
    def abnormal_share(self) -> Fraction | Unknown:
        """Those with a finding over those checked; unknown where it is not exactly known how many those were."""
        low, high = self.attendance.people
        return share_of(self.abnormal, low if low == high else None, "abnormal_share")


@attrs.frozen(field_transformer=read.placed)
class HazardResult:
    """What was measured of one hazard factor.

    Args:
        factor: Noise, dust, benzene and so on.
        points: Points measured.
        above: Points above the occupational limit.
    """

    factor: str = attrs.field(converter=read.text)
    points: int = attrs.field(converter=_count)
    above: int = attrs.field(converter=_count)

    def __attrs_post_init__(self) -> None:
        check_parts(f"HazardResult {self.factor}", (("above", self.above, "points", self.points),))


def _results(value: Iterable[HazardResult]) -> tuple[HazardResult, ...]:
    return read.rows(value, HazardResult) or ()


@attrs.frozen(kw_only=True, field_transformer=read.placed)
class HazardTest(Work):
    """A testing of hazard factors at one employer (职业病危害因素检测).

    Args:
        employer_id: The employer.
        results: What was measured.
        evaluated_on: The day of its evaluation (评价), where there was one.

    >>> from injuryprev import Period
    >>> test = HazardTest(id="H-1", period=Period.year(2014), employer_id="E-1", results=[HazardResult("noise", 8, 2)])
    >>> test.within_limits
    Fraction(3, 4)
    """

    employer_id: str = attrs.field(converter=read.identifier)
    results: tuple[HazardResult, ...] = attrs.field(default=(), converter=_results)
    evaluated_on: dt.date | None = attrs.field(default=None, converter=attrs.converters.optional(read.day))

    @property
    def within_limits(self) -> Fraction | Unknown:
        """Points within the limit over points measured."""
        points = sum(result.points for result in self.results) if self.results else None
        above = sum(result.above for result in self.results)
        return share_of(None if points is None else points - above, points, "within_limits")


def _awards(value: Iterable[Recognition]) -> tuple[Recognition, ...]:
    return read.rows(value, Recognition) or ()


@attrs.frozen(kw_only=True, field_transformer=read.placed)
class Contest(Work):
    """A contest such as the Ankang Cup (安康杯).

    Args:
        kind: Its name, ``snake_case``; awards bear it as their kind.
        entrants: Employers that took part; ``None`` where that is not recorded.
        awards: Recognitions it gave, which feed the rate engine like any other.

    Raises:
        InputError: An award of another kind, or to an employer that took no part.
    """

    kind: str = attrs.field(converter=read.name_key)
    entrants: frozenset[str] | None = attrs.field(default=None, converter=attrs.converters.optional(_employers))
    awards: tuple[Recognition, ...] = attrs.field(default=(), converter=_awards)

    def __attrs_post_init__(self) -> None:
        for award in self.awards:
            if award.kind != self.kind:
                raise InputError(
                    "an award of another kind", where=f"Contest {self.id}.awards", seen=award.kind, expected=self.kind
                )
            if self.entrants is not None and award.employer_id not in self.entrants:
                raise InputError(
                    "an award to an employer that took no part",
                    where=f"Contest {self.id}.awards",
                    seen=award.employer_id,
                    expected="one of the entrants",
                )
