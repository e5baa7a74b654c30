"""One round of rating over an area, whatever it is kept in: typed objects or tables of a dataframe engine."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, Protocol

import attrs

from injuryprev.engine import Policy
from injuryprev.engine.figures import Counted
from injuryprev.errors import InputError, UnknownNameError, nearest
from injuryprev.measures.exposures import each_once
from injuryprev.model import Employer, History, RateDecision
from injuryprev.rating import of_one_day, rate_counted
from injuryprev.units import exact, shown
from injuryprev.unknown import Unknown

Tables = Mapping[str, Any] | Iterable[tuple[Employer, History]]
"""Frames by name (``employers``, ``cases`` …), or employers with their histories."""
Figures = Callable[[Employer], Mapping[str, object]]

_KEYS: Final = ("id", "employer_id")
_GROUPS: Final = ("risk_class", "size")


@attrs.frozen
class Rated:
    """One employer of a round.  ``rate`` or ``contribution`` is ``None`` where ``refusal`` says why (codes)."""

    employer_id: str
    risk_class: str | None
    size: str | None
    rate: Decimal | None
    contribution: Decimal | None
    refusal: str | None


class Area(Protocol):
    """Something that can be rated by any policy, again and again, its employers in one order."""

    def rated(self, policy: Policy) -> Iterator[Rated]:
        """Every employer, rated."""
        ...


def area_of(tables: Tables, figures: Figures | None = None, incomplete: Collection[str] = ()) -> Area:
    """Read what the caller has as an area.

    Raises:
        InputError: Neither frames by name with ``employers`` among them, nor employers with histories; or an employer
            twice.  Frames, which are not looked into here, say so when they are rated.
    """
    if isinstance(tables, Mapping):
        if "employers" not in tables:
            raise InputError(
                "there is no table of employers",
                where="tables",
                seen=", ".join(tables) or "nothing",
                expected="frames by name: employers, and cases, payments, contributions, exposure …",
            )
        if figures is not None:
            raise InputError(
                "frames carry such figures in columns of the employers", where="figures", expected="none beside frames"
            )
        if incomplete:
            raise InputError(
                "frames are compared as they are",
                where="incomplete",
                seen=", ".join(sorted(incomplete)[:3]),
                expected="none beside frames",
            )
        return _Frames(tables)
    return _Records(tuple(each_once(tables, "tables")), figures, incomplete)


def check_rates(policy: Policy) -> None:
    """See to it that the policy says what an employer pays.

    Raises:
        InputError: It is not the rules of one day.
        UnknownNameError: It has no output ``rate`` or ``contribution``.
    """
    of_one_day(policy, "policy")
    for name in ("rate", "contribution"):
        if name not in policy.outputs:
            raise UnknownNameError(
                f"{policy.id} on {policy.on} has no output {name!r}",
                where="policy",
                seen=name,
                expected=nearest(name, policy.outputs),
            )


class _Records:
    def __init__(
        self, pairs: Sequence[tuple[Employer, History]], figures: Figures | None, incomplete: Collection[str]
    ) -> None:
        self._pairs, self._figures, self._incomplete = pairs, figures, incomplete
        # Amended rules count as those they were made from, so that a search counts once; unless a formula over
        # records looks at the very figure that was amended.
        self._counted: tuple[object, object, list[dict[str, Counted]]] = (None, None, [])

    def rated(self, policy: Policy) -> Iterator[Rated]:
        rules = policy.rules
        # Two policies seldom have all inputs in common; what one does not know it does not look at.
        given = [
            {name: value for name, value in self._figures(employer).items() if name in rules.inputs}
            if self._figures
            else {}
            for employer, _ in self._pairs
        ]
        formulas = [rule.formulas for rule in policy.counting.rules if rule.formulas is not None]
        looked_at = [rules.parameters[name] for one in formulas for name in one.parameters]
        if self._counted[0] is not rules.counting or self._counted[1] != looked_at:
            made = policy.counting.count_area(self._pairs, given, self._incomplete)
            self._counted = (rules.counting, looked_at, made)
        for (employer, _), counted, known in zip(self._pairs, self._counted[2], given, strict=True):
            # As ip.rate has it: the caller's word, the employer's own, what was counted.
            found = counted["risk_class"].value if "risk_class" in counted else employer.risk_class
            risk_class = {"risk_class": found, **employer.facts, **known}["risk_class"]
            yield _from_decision(employer, risk_class, rate_counted(employer, counted, policy, known))


def _from_decision(employer: Employer, risk_class: object, decision: RateDecision) -> Rated:
    rate, contribution = decision.rate, decision.contribution
    unknown = [one for one in (rate, contribution) if isinstance(one, Unknown)]
    codes = dict.fromkeys(f"{reason.code}:{reason.subject}" for one in unknown for reason in one.reasons)
    return Rated(
        decision.employer_id,
        _text(risk_class),
        employer.size,
        None if isinstance(rate, Unknown) else rate,
        None if isinstance(contribution, Unknown) else contribution,
        "; ".join(codes) or None,
    )


@attrs.frozen
class _Frames:
    tables: Mapping[str, Any]

    def rated(self, policy: Policy) -> Iterator[Rated]:
        import narwhals as nw  # noqa: PLC0415 - loaded with the first frame

        others = {name: table for name, table in self.tables.items() if name != "employers"}
        employers: Any = nw.from_native(self.tables["employers"])
        clashing = [name for name in employers.collect_schema().names() if name in (*policy.outputs, "refusal")]
        counted = [rule.item.name for rule in policy.counting.rules if rule.item.name in _GROUPS]
        rated = policy.rate_frames(employers.drop(clashing).to_native(), figures=counted, **others)
        frame: Any = nw.from_native(rated)
        names = frame.collect_schema().names()
        key = next(name for name in _KEYS if name in names)
        groups = [name for name in _GROUPS if name in names]
        frame = frame.select(key, *groups, "rate", "contribution", "refusal").sort(key)
        last: object = None
        for row in _rows(frame):
            # Sorted by their keys, so that one that stands twice follows itself: its money would count twice.
            if row[0] is None or row[0] == last:
                what = "an employer without a key" if row[0] is None else "an employer stands twice"
                raise InputError(what, where="tables employers", seen=row[0], expected="each employer once, by its key")
            last = row[0]
            risk_class = row[1] if "risk_class" in groups else None
            size = row[len(groups)] if "size" in groups else None
            rate, contribution, refusal = row[-3:]
            # An output beside these two may be unknown for reasons of its own, which are none of ours.
            lacking = rate is None or contribution is None
            yield Rated(str(row[0]), _text(risk_class), _text(size), rate, contribution, refusal if lacking else None)


def _rows(frame: Any) -> Iterator[tuple[Any, ...]]:
    """The rows of a frame of any engine, nulls as ``None``."""
    import narwhals as nw  # noqa: PLC0415 - loaded with the first frame

    if isinstance(frame, nw.LazyFrame):
        frame = frame.collect(None if frame.implementation.is_polars() else "pyarrow")
    elif not frame.implementation.is_polars():
        frame = nw.from_native(frame.to_arrow(), eager_only=True)
    yield from frame.iter_rows()


def _text(value: object) -> str | None:
    """A class or size as it is written: numbers without spaces and trailing zeros."""
    if value is None or isinstance(value, Unknown):
        return None
    try:
        return shown(exact(value))
    except InputError:
        return str(value)
