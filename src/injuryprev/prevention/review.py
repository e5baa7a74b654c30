"""Review of proposals: a sheet of criteria, the marks of several reviewers, and the score they come to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final

import attrs

from injuryprev.errors import InputError, UnknownNameError, nearest
from injuryprev.model import _read as read
from injuryprev.units import Number, exact, round_to, to_decimal
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

_STEP: Final = Fraction(1, 100)


def _most(value: Number) -> Decimal:
    most = read.amount(value)
    if not most:
        raise InputError("a criterion of no points", seen=value, expected="more than 0")
    return most


@attrs.frozen(field_transformer=read.placed)
class Criterion:
    """One indicator of a review sheet (评审指标).

    Args:
        name: Its name.
        group: The indicator of the first level it belongs to (一级指标).
        most: The most points there are for it.
        points: How many points of review it is judged by (评审要点).
    """

    name: str = attrs.field(converter=read.name_key)
    group: str = attrs.field(converter=read.name_key)
    most: Decimal = attrs.field(converter=_most)
    points: int = attrs.field(default=1, converter=read.whole)


def _criteria(value: Iterable[Criterion]) -> tuple[Criterion, ...]:
    return read.rows(value, Criterion) or ()


@attrs.frozen(field_transformer=read.placed)
class ReviewSheet:
    """The criteria by which proposals are scored (评审表).

    Raises:
        InputError: None, or two of one name.

    >>> sheet = ReviewSheet([Criterion("need", "content", 60), Criterion("budget", "money", 40)])
    >>> sheet.score({"R-1": {"need": 50, "budget": 30}, "R-2": {"need": 55, "budget": "32.5"}})
    Decimal('83.75')
    """

    criteria: tuple[Criterion, ...] = attrs.field(converter=_criteria)

    def __attrs_post_init__(self) -> None:
        names = [one.name for one in self.criteria]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None or not names:
            raise InputError(
                "two criteria of one name" if names else "a sheet without criteria",
                where="ReviewSheet.criteria",
                seen=twice or (),
                expected="criteria, each with a name of its own",
            )

    @property
    def figures(self) -> dict[str, int]:
        """How the sheet is made, by the names of the inputs of regions that lay it down."""
        return {
            "first_level_indicators": len({one.group for one in self.criteria}),
            "second_level_indicators": len(self.criteria),
            "review_points": sum(one.points for one in self.criteria),
        }

    def score(self, marks: Mapping[str, Mapping[str, Number | None]]) -> Decimal | Unknown:
        """The mean of the reviewers' sums, rounded half up to a hundredth of a point.

        Args:
            marks: The marks of each reviewer by criterion; one that is ``None`` or not there was not given, which is
                not the same as nought.

        Returns:
            The score, or which marks are missing.

        Raises:
            InputError: A mark that is negative or more than there is for its criterion.
            UnknownNameError: A mark for something the sheet does not have.
        """
        if not marks:
            return Unknown((Reason("missing", "marks", Words("nobody reviewed the proposal", "无人评审")),))
        missing, total = [], Fraction(0)
        known = {one.name: one for one in self.criteria}
        for reviewer, given in sorted(marks.items()):
            for name in given:
                if name not in known:
                    raise UnknownNameError(
                        "no such criterion", where=f"marks of {reviewer}", seen=name, expected=nearest(name, known)
                    )
            for one in self.criteria:
                mark = given.get(one.name)
                if mark is None:
                    words = Words(f"{reviewer} gave no mark for {one.name}", f"{reviewer} 未对 {one.name} 评分")
                    missing.append(Reason("missing", one.name, words))
                    continue
                value = exact(mark, where=f"marks of {reviewer}, {one.name}")
                if not 0 <= value <= exact(one.most):
                    raise InputError(
                        "a mark outside its range",
                        where=f"marks of {reviewer}, {one.name}",
                        seen=mark,
                        expected=f"0 to {one.most:f}",
                    )
                total += value
        return Unknown(tuple(missing)) if missing else to_decimal(round_to(total / len(marks), _STEP, "half_up"))
