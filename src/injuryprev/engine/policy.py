"""A region's rules made runnable: ``PolicyProfile`` at all dates, ``Policy`` on one day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Final, Literal, NoReturn, TypeVar, cast

from injuryprev.engine.counting import CountingPlan
from injuryprev.engine.evaluator import Evaluator
from injuryprev.engine.figures import Counted
from injuryprev.engine.ir import MOST_WORK
from injuryprev.engine.lower import Lowered, lower
from injuryprev.engine.proof import SECONDS, Finding, Proofs
from injuryprev.engine.result import Result
from injuryprev.engine.specs import InputSpec, OutputSpec
from injuryprev.engine.trace import Tracer
from injuryprev.errors import InjuryprevError, ProfileError, UnknownNameError, nearest
from injuryprev.policy.amend import amended, scaled
from injuryprev.policy.document import Example, Source
from injuryprev.policy.profile import Profile
from injuryprev.policy.rules import Rules
from injuryprev.units import Period, as_date, exact
from injuryprev.words import Lang, Words

MOST_CHECKS: Final = 100_000
"""Entries times days that a profile from outside is looked at on."""
FrameT = TypeVar("FrameT")
"""A dataframe of some kind; what comes out is of the kind that went in."""


class Policy:
    """The rules of a region on one day.

    Obtained from ``PolicyProfile.on``; immutable, and a pure function of the figures it is given.
    """

    def __init__(self, rules: Rules) -> None:
        self.rules = rules

    def __reduce__(self) -> tuple[object, ...]:
        """A policy goes to another process as its rules; all else is made from them again."""
        return Policy, (self.rules,)

    def __repr__(self) -> str:
        return f"<Policy {self.id} {self.version} on {self.on}>"

    @property
    def id(self) -> str:
        """Key of the profile."""
        return self.rules.id

    @property
    def version(self) -> str:
        """Version of the profile's file."""
        return self.rules.version

    @property
    def title(self) -> Words:
        """Name of the region."""
        return self.rules.title

    @property
    def on(self) -> dt.date:
        """The day asked for."""
        return self.rules.on

    @property
    def currency(self) -> str:
        """Currency of every sum of money."""
        return self.rules.currency

    @property
    def classified_by(self) -> str | None:
        """The edition of industry codes by which risk classes are found; ``None`` where they are given."""
        for name, item in self.rules.counting.items():
            if name in self.rules.inputs and item.entry.classification:
                return self.rules.classifications[item.entry.classification].entry.edition
        return None

    @cached_property
    def lowered(self) -> Lowered:
        """The lowered tree that every reader reads; made once.

        Raises:
            ProfileError: A figure could leave 64 bits, bands leave a gap, or an output is not a finite decimal.
        """
        return lower(self.rules)

    @cached_property
    def evaluator(self) -> Evaluator:
        """The reader of one record."""
        return Evaluator(self.lowered)

    @cached_property
    def tracer(self) -> Tracer:
        """Joins the words and sources of the rules to the values of a record."""
        return Tracer(self.evaluator)

    @cached_property
    def counting(self) -> CountingPlan:
        """The counting rules, which turn an employer's records into inputs."""
        return CountingPlan(self.rules)

    @cached_property
    def inputs(self) -> Mapping[str, InputSpec]:
        """Every input that may be given, by name."""
        return {name: self._input_spec(name) for name in self.rules.inputs}

    @cached_property
    def outputs(self) -> Mapping[str, OutputSpec]:
        """Every output, by name, in the order the profile names them."""
        items = {name: self.rules.definitions[name] for name in self.rules.outputs}
        return {name: OutputSpec(name, item.title, item.entry.unit, item.entry.choices) for name, item in items.items()}

    def _input_spec(self, name: str) -> InputSpec:
        item = self.rules.inputs[name]
        entry, used = item.entry, name in self.rules.used
        low, high = entry.range or (None, None)
        absent = entry.absent
        return InputSpec(
            name=name,
            title=item.title,
            unit=entry.unit,
            required=used and absent is None,
            used=used,
            low=low,
            high=high,
            step=None if low is None else entry.step,
            absent=Decimal(absent) if isinstance(absent, int) and not isinstance(absent, bool) else absent,
            choices=entry.choices,
            note=entry.note,
        )

    def prose(self, lang: Lang = "en") -> str:
        """The policy as a readable Markdown document, in English or Chinese.

        What is given, the figures of the law, every rule in the order in which it is worked out with its tables and
        bounds, how figures follow from records, what is not known, and the sources with how sure each reading is.

        >>> import injuryprev as ip
        >>> text = ip.load_profile("toyland").on("2024-07-01").prose()
        >>> "| incidence is at most 1% | `incidence <= 1%` | `-1` |" in text
        True
        """
        from injuryprev.engine.prose import as_prose  # noqa: PLC0415  # wanted seldom

        return as_prose(self.lowered, lang)

    def evaluate(self, /, **figures: object) -> Result:
        """Work out every output for one record.

        Args:
            figures: Inputs by name; ``inputs`` says their units and ranges.  What is not given or ``None`` is missing,
                unless the profile declares what its absence means; an ``Unknown`` stays unknown with its reasons.

        Returns:
            The outputs with the whole reasoning.  A value that is no use (unreadable, out of range, finer than its
            step) makes what needs it unknown, with the reason; nothing is coerced.

        Raises:
            UnknownNameError: A name that is no input of these rules.

        >>> import injuryprev as ip
        >>> policy = ip.load_profile("toyland").on("2024-05-01")
        >>> policy.evaluate(insured=-3)["rate"].codes[:1]
        ('missing:risk_class',)
        """
        return self.evaluate_counted(figures, {})

    def evaluate_counted(self, figures: Mapping[str, object], counted: Mapping[str, Counted]) -> Result:
        """As ``evaluate``, with inputs that were counted from records; ``figures`` come before what was counted."""
        for name in figures:
            if name not in self.rules.inputs:
                self._refuse_name(name)
        if counted:
            counted = {name: one for name, one in counted.items() if name not in figures}
            figures = {**{name: one.value for name, one in counted.items()}, **figures}
        return Result(self.evaluator, self.tracer, self.evaluator.take(figures, counted))

    # What-if

    def amended(self, **figures: object) -> Policy:
        """The same rules with other figures than the law's, for calculations; every explanation says so.

        Args:
            figures: Parameters by name: a number, or a mapping from key to number; other keys keep their figures.

        Raises:
            UnknownNameError: No such parameter or key.
            InputError: Not a number.
            ProfileError: The rules do not hold together with these figures.

        >>> import injuryprev as ip
        >>> policy = ip.load_profile("cn-zj").on("2025-03-01").amended(class_rate={"4": "1%"})
        >>> policy.evaluate(risk_class=4)["base_rate"], policy.version[-8:]
        (Decimal('0.01'), '+amended')
        """
        return Policy(amended(self.rules, figures))

    def scaled(self, factor: object, *parameters: str, to: object = None) -> Policy:
        """The same rules with every figure of some parameters multiplied by ``factor``; see ``amended``.

        ``to`` rounds the figures to its multiples, ties up, such as ``"0.0001"`` to 0.01 per cent; without it a factor
        with more digits may need more than the 64 bits that figures have, which is refused when the rules are first
        used.
        """
        step = None if to is None else exact(to, where="scaled to")
        return Policy(scaled(self.rules, exact(factor, where="scaled factor"), parameters, step))

    def _refuse_name(self, name: str) -> NoReturn:
        raise UnknownNameError(
            f"{self.id} on {self.on} has no input {name!r}",
            where=f"{self.id} evaluate",
            seen=name,
            expected=nearest(name, self.rules.inputs),
        )

    # Frames

    def evaluate_frame(self, frame: FrameT) -> FrameT:
        """Work out every output for every row of a frame.

        Args:
            frame: Whatever Narwhals takes: Polars (eager, lazy), pandas, PyArrow, DuckDB, Ibis, PySpark, Dask.  Columns
                named as inputs are read: integers, decimals, floats (as their shortest decimal text) or text; a
                column that is not there is an input not given.

        Returns:
            The same kind of frame, lazy if it was lazy, with a column for each output and ``refusal``: why an output
            is null, as ``code:subject`` joined by ``"; "``.

        Raises:
            InputError: A column of an output's name is there already, or a column is of a kind that cannot be read.
        """
        from injuryprev.engine.frame import evaluate_frame  # noqa: PLC0415  # Narwhals is loaded with the first frame

        made: FrameT = evaluate_frame(self.lowered, frame)
        return made

    def count_frames(self, employers: FrameT, *, incomplete: str | None = None, **tables: FrameT | None) -> FrameT:
        """Turn tables of records into one row of figures per employer, by the counting rules.

        Args:
            employers: One row per employer, keyed by ``employer_id`` or ``id``; a column named as an input is what
                the employer says of itself and comes before what is counted.
            incomplete: A column of the employers that is true where their records are known not to be all. Where the
                policy compares employers, the figures of these are unknown to the comparison.
            tables: ``cases``, ``payments``, ``contributions``, ``exposure``, ``events``, ``recognitions``, with the
                columns of the example data; one that is not given was not supplied, which is not the same as empty.

        Returns:
            The employers with a column for each counted input, null where it cannot be counted, and beside it
            ``<input>_unknown``: why.

        Raises:
            InputError: A key or a column is missing, a table has another name, or a column ``<input>_unknown`` is there
                already.
        """
        from injuryprev.engine.frames import count_frames  # noqa: PLC0415  # as above

        made: FrameT = count_frames(self.counting, self.lowered, employers, tables, incomplete)
        return made

    def rate_frames(
        self,
        employers: FrameT,
        *,
        incomplete: str | None = None,
        figures: Collection[str] = (),
        **tables: FrameT | None,
    ) -> FrameT:
        """Count and evaluate in one go: ``evaluate_frame(count_frames(…))`` without the columns between.

        Args:
            employers: As for ``count_frames``.
            incomplete: As for ``count_frames``.
            figures: Counted inputs whose columns are wanted all the same, null where they could not be counted.
            tables: As for ``count_frames``.

        Raises:
            InputError: As for both; a figure is not counted by this policy.
        """
        from injuryprev.engine import frames  # noqa: PLC0415  # as above

        return cast("FrameT", frames.rate_frames(self.counting, self.lowered, employers, tables, incomplete, figures))


class PolicyProfile:
    """A region's law at all dates.

    Obtained from ``load_profile``.  Every figure in it says since when it holds, where it is written, how sure that
    reading is and when it was last checked.
    """

    def __init__(self, profile: Profile) -> None:
        self.profile = profile

    def __repr__(self) -> str:
        return f"<PolicyProfile {self.id} {self.version}, covers {self.covers}>"

    @property
    def id(self) -> str:
        """Key, such as ``cn-zj``."""
        return self.profile.id

    @property
    def version(self) -> str:
        """Version of the file."""
        return self.profile.version

    @property
    def title(self) -> Words:
        """Name of the region."""
        return self.profile.title

    @property
    def covers(self) -> Period:
        """The days whose law is stated, half-open."""
        return self.profile.covers

    @property
    def currency(self) -> str:
        """Currency of every sum of money."""
        return self.profile.currency

    @property
    def sources(self) -> Mapping[str, Source]:
        """Every document cited, by key, those of what it extends among them."""
        return self.profile.all_sources()

    @property
    def examples(self) -> tuple[Example, ...]:
        """Worked cases that the profile carries with their sources."""
        return self.profile.document.examples

    def change_dates(self) -> tuple[dt.date, ...]:
        """Every covered day on which a rule changes, the first covered day among them."""
        return self.profile.change_dates()

    def on(self, on: object, *, beyond: Literal["last-known"] | None = None) -> Policy:
        """The rules of one day.

        Args:
            on: A ``date`` or ISO text.
            beyond: ``"last-known"`` uses, for a day after the coverage, the last rules known; the result says so.

        Raises:
            CoverageError: The day is outside the coverage; the message names the covered range.

        >>> import injuryprev as ip
        >>> ip.load_profile("toyland").on("1899-01-01")
        Traceback (most recent call last):
        ...
        injuryprev.errors.CoverageError: toyland on: toyland does not cover this day; seen: '1899-01-01'; \
expected: a day in [2019-07-01, …)
        """
        return Policy(self.profile.rules_on(on, beyond=beyond))

    def prove(self, on: object = None, *, seconds: float = SECONDS) -> tuple[Finding, ...]:
        """Ask of every employer there can be whether the rules decide it, once, within what they claim.

        Needs the extra ``proof``.  What is asked, and what the answers mean, is in ``docs/proofs.md``.

        Args:
            on: One day; without it, every day on which anything changes.
            seconds: What one question may take; a question that takes longer is ``not reached``, never proved.

        Returns:
            What was found, each with its place and, where it is about employers, one or two that show it.

        Raises:
            InputError: The extra is not installed.
            CoverageError: The day is outside the coverage.

        >>> import injuryprev as ip
        >>> found = ip.load_profile("cn-ln-dalian").prove("2014-06-30")
        >>> [finding.region.en for finding in found if finding.region.en.startswith("incidence ==")]
        ['incidence == 1%']
        """
        days = None if on is None else [as_date(on, where=f"{self.id} prove")]
        return Proofs(seconds).of(self.profile, days)

    def check(self) -> None:
        """Resolve and lower the rules of every day on which anything changes, and look at what the examples name.

        Raises:
            ProfileError: The first day whose rules do not hold together, with everything found; or examples that
                give no inputs, or expect no outputs, of their days.
        """
        days = self.change_dates()
        entries = sum(len(timeline) for one in self.profile.lineage() for timeline in one.timelines.values())
        if len(days) * entries > MOST_CHECKS:
            raise self._too_much("the profile changes too often", f"{entries} entries on {len(days)} days")
        work = 0
        for day in days:
            policy = self.on(day)
            policy.lowered, policy.counting  # noqa: B018  # making them is the check
            work += policy.lowered.graph.work
            if work > MOST_WORK:
                raise self._too_much("the profile is too large to be checked on every day", f"{work} steps by {day}")
        self.profile.check_examples()

    def _too_much(self, what: str, seen: str) -> ProfileError:
        file = self.profile.file
        expected = "what a law has use for: fewer versions, entries and rows"
        return ProfileError(file, [InjuryprevError(what, where=file, seen=seen, expected=expected)])
