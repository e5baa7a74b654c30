"""Exact numbers, units of measure and half-open periods."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, Final

import attrs
from dateutil.relativedelta import relativedelta

from injuryprev.errors import InputError

Number = int | Decimal | Fraction | float | str
"""What a caller may give as a number; a ``float`` is read as its shortest decimal text."""

_LARGEST_EXPONENT: Final = 1000
"""``Decimal("1E+999999999")`` is a finite number too, and would take all memory to write out."""
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")


def exact(value: object, *, where: str = "value") -> Fraction:
    """Read a number exactly.

    Args:
        value: ``int``, ``Decimal``, ``Fraction``, text, or a ``float``, which is read as its shortest
            decimal text (``0.1`` is one tenth).
        where: The place named in the error.

    Raises:
        InputError: The value is not a finite number (``True`` is not a number either).

    >>> exact(0.1), exact("12.50")
    (Fraction(1, 10), Fraction(25, 2))
    """
    if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
        return Fraction(value)
    if isinstance(value, float):
        value = repr(value)
    try:
        if (
            isinstance(value, Decimal)
            and value.is_finite()
            and (not value or abs(value.adjusted()) < _LARGEST_EXPONENT)
        ):
            return Fraction(value)
        if isinstance(value, str) and _DECIMAL.fullmatch(value.strip()):
            return Fraction(Decimal(value.strip()))
    except (InvalidOperation, ValueError):  # pragma: no cover - the pattern admits only readable numbers
        pass
    raise InputError("not a finite number", where=where, seen=value, expected="an int, a Decimal or text such as 12.50")


def finite_places(value: Fraction) -> int | None:
    """Digits after the point of a fraction written as a decimal, or ``None`` where they do not end.

    >>> finite_places(Fraction(27, 2500)), finite_places(Fraction(1, 3))
    (4, None)
    """
    rest, places = value.denominator, 0
    for prime in (2, 5):
        count = 0
        while rest % prime == 0:
            rest, count = rest // prime, count + 1
        places = max(places, count)
    return places if rest == 1 else None


def to_decimal(value: Fraction) -> Decimal:
    """A fraction with a finite decimal expansion as a ``Decimal``; others are an error of the caller.

    >>> to_decimal(Fraction(27, 2500))
    Decimal('0.0108')
    """
    places = finite_places(value)
    if places is None:
        raise InputError("not a finite decimal", where="to_decimal", seen=value, expected="a rounded figure")
    return Decimal(f"{value.numerator * 10**places // value.denominator}E-{places}")  # text is read exactly


def shown(value: Fraction) -> str:
    """A fraction as text: a plain decimal where it is one, else ``a/b``.

    >>> shown(Fraction(1, 8)), shown(Fraction(1, 3))
    ('0.125', '1/3')
    """
    finite = finite_places(value) is not None
    return f"{to_decimal(value):f}" if finite else f"{value.numerator}/{value.denominator}"


def as_data(value: object) -> Any:
    """A value as JSON has it; results of this library are told with it.

    Exact numbers are text (``a/b`` where no decimal ends), days too; floats are numbers, and null where a limit is
    infinite; words stand in their languages, and what is unknown says why.  A class that has a ``to_data`` of its own
    is asked for it; of any other made with attrs all fields are told.

    >>> as_data({"rate": Fraction(1, 8), "on": dt.date(2024, 7, 1), "years": (2023, 2024)})
    {'rate': '0.125', 'on': '2024-07-01', 'years': [2023, 2024]}
    """
    if hasattr(value, "to_data"):
        return value.to_data()
    if isinstance(value, Fraction):
        return shown(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dt.date):
        return str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(name): as_data(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_data(one) for one in value]
    kind: Any = type(value)
    return (
        {field.name: as_data(getattr(value, field.name)) for field in attrs.fields(kind)} if attrs.has(kind) else value
    )


def as_json(data: object) -> str:
    """What a ``to_data`` gives, as one line of JSON."""
    return json.dumps(as_data(data), ensure_ascii=False, allow_nan=False)


def round_to(value: Fraction, step: Fraction, mode: str) -> Fraction:
    """The multiple of ``step`` nearest by ``mode``: ``half_up`` (ties away from zero), ``half_even``, ``up``, ``down``.

    >>> round_to(Fraction("2.345"), Fraction("0.01"), "half_up")
    Fraction(47, 20)
    """
    size = abs(value) / step
    whole, rest = divmod(size.numerator, size.denominator)
    twice = 2 * rest - size.denominator
    more = {
        "half_up": twice >= 0,
        "half_even": twice > 0 or (twice == 0 and whole % 2 == 1),
        "up": rest > 0,
        "down": False,
    }[mode]
    return (whole + more) * step * (-1 if value < 0 else 1)


def as_date(value: object, *, where: str = "date") -> dt.date:
    """Read a day: a ``date`` (not a ``datetime``) or ISO text.

    >>> as_date("2025-03-01")
    datetime.date(2025, 3, 1)
    """
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip()):
        try:
            return dt.date.fromisoformat(value.strip())
        except ValueError:
            pass
    raise InputError("not a day of the calendar", where=where, seen=value, expected="a date, or text as YYYY-MM-DD")


def _since(value: object) -> dt.date:
    return as_date(value, where="Period.since")


def _until(value: object) -> dt.date | None:
    return None if value is None else as_date(value, where="Period.until")


@attrs.frozen(order=True)
class Period:
    """Days from ``since`` up to but not including ``until``; ``None`` leaves the end open.

    >>> Period("2024-01-01", "2025-01-01").days
    366
    >>> "2025-01-01" in Period("2024-01-01", "2025-01-01")
    False
    """

    since: dt.date = attrs.field(converter=_since)
    until: dt.date | None = attrs.field(default=None, converter=_until)

    def __attrs_post_init__(self) -> None:
        if self.until is not None and self.until <= self.since:
            raise InputError(
                "a period must end after it begins", where="Period", seen=str(self), expected="since < until"
            )

    @classmethod
    def year(cls, year: object) -> Period:
        """The calendar year."""
        if not isinstance(year, int) or isinstance(year, bool) or not dt.MINYEAR <= year < dt.MAXYEAR:
            raise InputError("not a year", where="Period.year", seen=year, expected="a whole number such as 2024")
        return cls(dt.date(year, 1, 1), dt.date(year + 1, 1, 1))

    def __contains__(self, day: object) -> bool:
        day = as_date(day, where="Period")
        return self.since <= day and (self.until is None or day < self.until)

    def __str__(self) -> str:
        return f"[{self.since}, {self.until or '…'})"

    @property
    def days(self) -> int:
        """Number of days; an open period has none to count."""
        if self.until is None:
            raise InputError("an open period has no number of days", where="Period.days", seen=str(self))
        return (self.until - self.since).days

    def intersect(self, other: Period) -> Period | None:
        """The days in both, or ``None``."""
        since = max(self.since, other.since)
        ends = [end for end in (self.until, other.until) if end is not None]
        until = min(ends) if ends else None
        return None if until is not None and until <= since else Period(since, until)


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day ``months`` later, or the last day of that month.

    >>> add_months(dt.date(2024, 1, 31), 1)
    datetime.date(2024, 2, 29)
    """
    return day + relativedelta(months=months)


def whole_months(since: dt.date, until: dt.date) -> int:
    """Completed months from ``since`` to ``until``; negative when ``until`` comes first.

    >>> whole_months(dt.date(2024, 1, 31), dt.date(2024, 2, 29)), whole_months(dt.date(2023, 1, 1), dt.date(2025, 1, 1))
    (1, 24)
    """
    delta = relativedelta(until, since)
    return delta.years * 12 + delta.months


# Units --------------------------------------------------------------------------------------------------------

_BASES: Final[Mapping[str, Mapping[str, int]]] = {
    "fraction": {},
    "number": {},
    "money": {"money": 1},
    "persons": {"count": 1},
    "cases": {"count": 1},
    "hours": {"hours": 1},
    "days": {"days": 1},
    "months": {"months": 1},
    "steps": {"steps": 1},
    "points": {"points": 1},
}
ORDINALS: Final[frozenset[str]] = frozenset({"class", "grade"})
UNIT_NAMES: Final[tuple[str, ...]] = (*_BASES, *sorted(ORDINALS), "flag", "category")


@attrs.frozen
class Unit:
    """A unit of measure: a dimension, and a name where two of one dimension must not be mixed.

    Cases and persons are both counts, so that one divided by the other is a plain fraction, but they are not
    added or compared.  A literal number has no unit (``ANY``) and fits wherever a number stands.
    """

    name: str
    dims: tuple[tuple[str, int], ...] = ()

    @property
    def is_ordinal(self) -> bool:
        """Classes and grades are compared, never added or multiplied."""
        return self.name in ORDINALS

    @property
    def is_number(self) -> bool:
        """Whether arithmetic and comparison make sense at all."""
        return self.name not in {"flag", "category"}

    def fits(self, other: Unit) -> bool:
        """Whether the two may be added, compared, or declared for one another."""
        if self is ANY or other is ANY:
            return self.is_number and other.is_number
        if not (self.is_number and other.is_number) or self.is_ordinal or other.is_ordinal:
            return self.name == other.name
        return self.dims == other.dims and (self._plain or other._plain or self.name == other.name)

    @property
    def _plain(self) -> bool:
        return self.name == "" or not self.dims

    def times(self, other: Unit, sign: int = 1) -> Unit:
        """The unit of a product, or of a quotient with ``sign=-1``."""
        if not other.dims:
            return self
        if not self.dims and sign == 1:
            return other
        powers = dict(self.dims)
        for base, power in other.dims:
            powers[base] = powers.get(base, 0) + sign * power
        dims = tuple(sorted((base, power) for base, power in powers.items() if power))
        return Unit("" if dims else "fraction", dims)

    def __str__(self) -> str:
        if self.name:
            return self.name
        over = [base if power == 1 else f"{base}^{power}" for base, power in self.dims if power > 0]
        under = [base if power == -1 else f"{base}^{-power}" for base, power in self.dims if power < 0]
        return "*".join(over or ["1"]) + "".join("/" + base for base in under)


ANY: Final = Unit("any")
FLAG: Final = Unit("flag")
CATEGORY: Final = Unit("category")


def unit(name: str) -> Unit:
    """Read a unit of the closed list, or a quotient of two such as ``money/months``.

    Raises:
        InputError: A name outside the list.

    >>> unit("money").times(unit("months"), -1).fits(unit("money/months"))
    True
    """
    parts = [part.strip() for part in name.split("/")]
    if len(parts) == 1 and parts[0] in UNIT_NAMES:
        return Unit(parts[0], tuple(sorted(_BASES.get(parts[0], {}).items())))
    if 1 < len(parts) <= 2 and all(part in _BASES for part in parts):
        left, right = (Unit(part, tuple(sorted(_BASES[part].items()))) for part in parts)
        return attrs.evolve(left.times(right, -1), name="")
    raise InputError("not a unit", where="unit", seen=name, expected="one of " + ", ".join(UNIT_NAMES))
