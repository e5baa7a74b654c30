"""A standard at work: rates from figures, from typed cases, from histories and from tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Literal

import attrs

from injuryprev.errors import InputError, UnknownNameError, nearest
from injuryprev.measures.checks import BESIDE, DAYS, SOME_CASES, not_a_year, odd
from injuryprev.measures.counting import Count, Facts, count_cases
from injuryprev.measures.definition import BASE, EXPOSURES, Definition, unit_words
from injuryprev.measures.exposures import each_once, exposure_in
from injuryprev.measures.injury_rate import InjuryRate, Interval
from injuryprev.measures.quotients import read
from injuryprev.model import Employer, History, InjuryCase
from injuryprev.units import Period, add_months, whole_months
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words


@attrs.frozen(kw_only=True)
class Standard(Definition):
    """A definition by which rates are worked out.

    >>> from injuryprev.measures import standard
    >>> far = standard("practice.far")
    >>> print(far.compute(deaths=2, hours=10**9))
    0.2 deaths per 100,000,000 hours worked
    """

    def compute(
        self,
        numerator: Any = None,
        exposure: Any = None,
        /,
        *,
        interval: float | None = None,
        method: Literal["exact", "byar"] = "exact",
        where: str = "",
        days: int = DAYS,
        **figures: Any,
    ) -> InjuryRate:
        """One rate.

        Args:
            numerator: The count, or the days, above the line; or by name, as ``cases=``, ``deaths=``, ``lost_days=``.
            exposure: What stands below it; or by name, as ``hours=``, ``workers=``.
            interval: The confidence level of an interval of the rate, such as 0.95; the extra ``stats`` makes it.
            method: How the interval is made: ``exact`` (Garwood) or ``byar``.
            where: The row, for findings.
            days: Days of the period, by which hours are judged; those of a year unless said.
            figures: The two by their names, which are those of the definition (``above``, ``below``), or ``numerator``
                and ``exposure``, or what is counted (``cases``, ``persons``, ``lost_days``; of deaths and of serious
                injuries, ``cases`` are all cases).  Others of the same row (``workers``, ``hours``, ``deaths`` …) are
                held against them.

        Returns:
            The rate; its value is ``Unknown`` where a figure is missing or no use, or the exposure is zero.  Its
            findings say what cannot all be right: more injured than workers, lost days without cases, more deaths than
            cases, hours beyond what the workers could have worked.

        Raises:
            UnknownNameError: A figure that a row of this definition does not have.
            InputError: One figure given twice, or an interval of days, which are no counts of independent events.

        >>> from injuryprev.measures import standard
        >>> print(standard("gb6441.serious_injury").compute(serious_injuries=2, workers=200).value)
        10
        >>> print(standard("ilo.frequency").compute(cases=3, hours=0).value)
        unknown: hours worked (hours) is zero, and nothing can be said of a rate over nothing
        >>> print(standard("ilo.frequency").compute(cases=3, hours=90_000, workers=2, where="row 7").findings[0])
        row 7: cases=3 is more than workers=2
        >>> print(standard("gb6441.death").compute(3, 2000, interval=0.95).interval)
        0.309336 to 4.38364 (95 % exact (Garwood))
        """
        found: dict[str, Any] = {"above": numerator, "below": exposure}
        beside: dict[str, Fraction | Unknown] = {}
        places = self.places
        own = (self.above, self.below, "numerator", "exposure")
        for name in sorted(figures, key=lambda name: name not in own):
            place = places.get(name)
            if place is not None and found[place] is not None and name not in own and self.above in figures:
                place = None  # deaths=2, cases=5: the cases are those of which the deaths are some
            if place is not None and found[place] is not None:
                raise InputError(
                    "one figure is given twice", where=f"{self.name}.compute", seen=name, expected=f"{name} once"
                )
            if place is not None:
                found[place] = figures[name]
            elif name in BESIDE:
                beside[name] = read(figures[name], name)
            else:
                raise UnknownNameError(
                    f"{self.name} has no figure of this name",
                    where=f"{self.name}.compute",
                    seen=name,
                    expected=nearest(name, (*places, *BESIDE)),
                )
        titles = [quantity.title for quantity in self.quantities]
        above, below = read(found["above"], self.above, titles[0]), read(found["below"], self.below, titles[1])
        findings = odd({**beside, self.above: above, self.below: below}, where, days)
        around = None if interval is None else self.interval(above, below, interval, method)
        return InjuryRate(self, above, below, around, findings)

    def interval(
        self,
        numerator: Fraction | Unknown,
        exposure: Fraction | Unknown,
        level: float = 0.95,
        method: Literal["exact", "byar"] = "exact",
    ) -> Interval | Unknown:
        """The interval of a rate of cases, as of a Poisson count; unknown where the rate is, or a part of a case.

        Raises:
            InputError: The measure counts days.
        """
        from injuryprev.measures.statistics import rate_interval  # noqa: PLC0415  # SciPy is loaded when it is needed

        if self.counts == "lost_days":
            raise InputError(
                "days lost are no counts of independent events, so these intervals are not for them",
                where=f"{self.name}.compute",
                seen=f"interval={level}",
                expected="a measure of cases or persons",
            )
        rate = InjuryRate(self, numerator, exposure).exact
        if isinstance(rate, Unknown):
            return rate
        assert isinstance(numerator, Fraction) and isinstance(exposure, Fraction)  # noqa: S101, PT018 - for the type checker
        if numerator.denominator != 1:
            words = Words(f"{self.above} is not a whole number", f"{self.above} 不是整数")
            return Unknown((Reason("not_whole", self.above, words),))
        return rate_interval(numerator, exposure, per=float(self.factor), level=level, method=method)

    @property
    def places(self) -> Mapping[str, str]:
        """The names that the two figures answer to, each with ``above`` or ``below``."""
        # Whoever says cases=5 of a measure of deaths may mean all cases, so there deaths must be said.
        counted: dict[str, str] = {} if self.above in SOME_CASES else {self.counts: "above"}
        if self.below not in EXPOSURES:
            counted = {"cases": "below", **counted}
        return {**counted, "numerator": "above", "exposure": "below", self.above: "above", self.below: "below"}

    def on_base(self, per: int) -> Standard:
        """The same measure on another base, which is another definition.

        >>> from injuryprev.measures import standard
        >>> trir = standard("osha.trir").on_base(1_000_000)
        >>> print(trir, "|", trir.compute(cases=7, hours=400_000))
        osha.trir per 1000000 | 17.5 recordable cases per 1,000,000 hours worked
        """
        if type(per) is not int or per < 1:
            raise InputError("a rate is per a positive number", where="per", seen=per, expected="such as 1000")
        if per == self.per:
            return self
        unit = unit_words(*self.quantities, per)
        return attrs.evolve(self, name=f"{self.family}{BASE}{per}", per=per, unit=unit)

    def count(self, cases: Iterable[InjuryCase], *, within: Period | None = None, facts: Facts | None = None) -> Count:
        """Count cases as this definition says; see :func:`injuryprev.measures.counting.count_cases`."""
        return count_cases(self, cases, within=within, facts=facts)

    def of_cases(
        self,
        cases: Iterable[InjuryCase],
        exposure: Any = None,
        /,
        *,
        within: Period | None = None,
        facts: Facts | None = None,
        where: str = "",
        **beside: Any,
    ) -> InjuryRate:
        """The rate of cases over an exposure.

        Args:
            cases: The cases, of the same workers as the exposure.
            exposure: What stands below the line; of days per case it is the cases themselves and is not given.
            within: The period into which cases must fall.
            facts: What a case does not say of itself, by its key.
            where: The row or employer, for findings.
            beside: Other figures of the same workers, held against the count.

        >>> from injuryprev.measures import standard
        >>> from injuryprev import InjuryCase
        >>> cases = [
        ...     InjuryCase("C-1", "E-1", "w-1", "2024-03-02", days_lost=120, recognised_on="2024-04-01"),
        ...     InjuryCase("C-2", "E-1", "w-2", "2024-05-02", days_lost=8),
        ... ]
        >>> print(standard("gb6441.serious_injury").of_cases(cases, 500))
        2 serious injuries per 1,000 workers
        >>> print(standard("gb6441.mean_severity").of_cases(cases))
        64 days lost per injured
        >>> print(standard("osha.trir").of_cases(cases, 100_000).value)
        unknown: recordable_cases: a record does not say its recordable
        """
        counted = self.count(cases, within=within, facts=facts)
        if self.below not in EXPOSURES:
            exposure = counted.cases
        days = DAYS if within is None or within.until is None else within.days
        months = self._months(within)
        of = self if months is None else attrs.evolve(self, parts=months)
        rate = of.compute(counted.value, exposure, where=where, days=days, **beside)
        findings = (*counted.findings, *not_a_year(self, within, where), *rate.findings)
        return attrs.evolve(rate, definition=self, findings=findings, parts=months)

    def _months(self, within: Period | None) -> int | None:
        """Of a measure of the mean month: the months of a period, where they are not those of the definition.

        Raises:
            InputError: The period is not made of whole months.
        """
        if self.parts == 1 or within is None or within.until is None:
            return None
        months = whole_months(within.since, within.until)
        if months < 1 or add_months(within.since, months) != within.until:
            raise InputError(
                "the mean month of a period that is not of whole months",
                where=f"{self.name} within",
                seen=str(within),
                expected="a year, or whole months",
            )
        return None if months == self.parts else months

    def of_area(
        self,
        area: Iterable[tuple[Employer, History]],
        /,
        *,
        within: Period,
        exposure: Literal["insured", "hours"] | None = None,
        facts: Facts | None = None,
        interval: float | None = None,
    ) -> InjuryRate:
        """The rate of employers together, from their histories.

        Args:
            area: Employers with their histories.
            within: The period; it must have an end.
            exposure: What of the histories stands below the line; needed where the definition asks for ``workers``, of
                which histories record the insured alone.
            facts: What a case does not say of itself, by its key.
            interval: The level of an interval.

        Returns:
            The rate; unknown where an employer has no table of cases or its exposure leaves days open.

        Raises:
            InputError: The definition is over something that histories do not record, or an employer stands twice.

        >>> from injuryprev.measures import standard
        >>> from injuryprev import Employer, Exposure, History, InjuryCase
        >>> year = Period.year(2024)
        >>> history = History(
        ...     cases=[InjuryCase("C-1", "E-1", "w-1", "2024-03-02", recognised_on="2024-04-01")],
        ...     exposures=[Exposure("E-1", year, insured=120)],
        ... )
        >>> print(standard("cn.incidence_per_mille").of_area([(Employer("E-1"), history)], within=year).rounded("0.01"))
        8.33
        """
        below: str = self.below if exposure is None else exposure
        if below in EXPOSURES - {"insured", "hours"} or (self.below == "hours" and below != "hours"):
            raise InputError(
                "histories do not record what this measure is over",
                where=f"{self.name}.of_area",
                seen=self.below if exposure is None else f"{exposure} for {self.below}",
                expected='exposure="insured" to take the insured for the workers'
                if self.below == "workers"
                else "a measure over insured or hours",
            )
        cases: list[InjuryCase] = []
        at: Fraction = Fraction(0)
        lost: list[Reason] = []
        for employer, history in each_once(area, where=f"{self.name}.of_area"):
            if history.cases is None:
                words = Words(f"of employer {employer.id} there is no table of cases", f"单位{employer.id}没有案件表")
                lost.append(Reason("not_supplied", "cases", words))
            cases += history.cases or ()
            if self.below in EXPOSURES:
                found = exposure_in(employer, history, within, below)
                if isinstance(found, Reason):
                    lost.append(found)
                else:
                    at += found
        if lost:
            unknown = Unknown(tuple(dict.fromkeys(lost)))
            return InjuryRate(self, unknown, unknown)
        return self.of_cases(cases, at, within=within, facts=facts, interval=interval)

    def frame(
        self,
        frame: Any,
        *,
        numerator: str | None = None,
        exposure: str | None = None,
        rate: str = "rate",
        days: int = DAYS,
    ) -> Any:
        """The rate of every row of a table.

        Args:
            frame: Whatever Narwhals takes: Polars, pandas, PyArrow, DuckDB, Ibis, PySpark, Dask; what is lazy stays
                lazy.  Columns of whole numbers, decimals (to 1/10 000) and text are worked with exactly.
            numerator: The column above the line; by default the one named as in the definition (``above``).
            exposure: The column below it; by default the one named as in the definition (``below``).
            rate: The name of the new column.
            days: Days of the period, by which hours are judged.

        Returns:
            The same kind of frame with three more columns: ``rate``, a decimal of six places, half up, or a float
            where one of the two columns is; ``rate_unknown``, why there is none, as ``code:subject``; and
            ``rate_findings``, what contradicts itself in the row, as for :meth:`compute`, where the frame has columns
            named ``workers``, ``hours``, ``cases``, ``deaths`` and so on.

        Raises:
            InputError: There is no such column, a column of a new name is there already, or a column ``definition``
                says that rows were made by another definition.  Of a lazy frame, which is not looked into, such rows
                have no rate and say ``other_definition``.

        >>> from injuryprev.measures import standard
        >>> import polars as pl
        >>> table = pl.DataFrame({"injured": [3, 1], "hours": [400_000, 0]})
        >>> rates = standard("gb6441.frequency").frame(table)
        >>> rates["rate"].to_list(), rates["rate_unknown"].to_list()
        ([Decimal('7.500000'), None], [None, 'zero_exposure:hours'])
        """
        from injuryprev.measures.frame import rate_frame  # noqa: PLC0415  # Narwhals is loaded with the first table

        return rate_frame(self, frame, numerator=numerator, exposure=exposure, rate=rate, days=days)

    def count_frame(self, cases: Any, *, by: Sequence[str] = (), within: Period | None = None) -> Any:
        """Count the cases of a table as this definition says, one row for each group.

        Args:
            cases: Whatever Narwhals takes; a row for each case with what is needed of ``death``,
                ``days_lost``, ``grade``, ``disease``, ``ground``, ``occurred_on``, ``recognised_on``, ``died_on``,
                ``worker``, and what others record: ``calendar_days``, ``restricted``, ``recordable``, ``grade_jp``.
                With a column ``id``, a case given twice counts once; cases without one are all different.
            by: The columns of a group; without any, all cases are one.
            within: Days into which a case must fall.

        Returns:
            The same kind of frame: the columns of ``by``, the count by its name in the definition (of days per case the
            cases too), and beside it ``…_unknown``, why there is none, as ``code:subject``; where there are keys,
            ``…_findings`` says where a case was given twice.  A day that cannot be read leaves its group unknown; only
            an empty one means a case that is not recognised.  A group without a row has no case: after joining this
            to exposures, fill such counts with 0.

        Raises:
            InputError: A column that is needed is not there.

        >>> from injuryprev.measures import standard
        >>> import polars as pl
        >>> cases = pl.DataFrame(
        ...     {"city": ["N", "N", "S"], "death": [False, True, False], "days_lost": [120, None, None]}
        ... )
        >>> made = standard("gb6441.serious_injury").count_frame(cases, by=["city"]).sort("city")
        >>> made["serious_injuries"].to_list(), made["serious_injuries_unknown"].to_list()
        ([1, None], [None, 'field:serious_injuries'])
        """
        from injuryprev.measures.case_frame import count_frame  # noqa: PLC0415  # Narwhals is loaded on use

        return count_frame(self, cases, by=by, within=within)
