"""Profiles that do nothing but count, and records that crowd the edges of a window."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from brute_force import Condition, Formula, Rule, Window, days_of
from hypothesis import strategies as st

from injuryprev.engine.policy import Policy, PolicyProfile
from injuryprev.model import (
    BenefitPayment,
    ContributionPaid,
    Employer,
    EmployerEvent,
    Exposure,
    Ground,
    History,
    InjuryCase,
    Recognition,
)
from injuryprev.policy.loading import parse_document
from injuryprev.policy.profile import Profile
from injuryprev.units import Period

ME: Final = Employer("E-1")
DAY: Final = dt.date(2024, 5, 6)
YEAR: Final = Window(dt.date(2020, 1, 1), 12, 12)

HEAD: Final = """
format = 1
[profile]
id = "little"
version = "1"
title = {{ en = "Littleland", zh = "小地" }}
since = 2000-01-01
{until}checked_on = 2024-01-01
currency = "XTS"
outputs = [{outputs}]
[sources.law]
title = {{ en = "Law", zh = "法" }}
number = "No. 1"
confidence = "official"
checked_on = 2024-01-01
[definitions.rate]
unit = "fraction"
formula = "{rate}"
source = "law"
"""
INPUTS: Final = """
[inputs]
n_money = { unit = "money", range = [-1_000_000_000, 1_000_000_000], step = 0.01 }
n_cases = { unit = "cases", range = [0, 1000] }
n_persons = { unit = "persons", range = [0, 1_000_000], step = 0.01 }
n_hours = { unit = "hours", range = [0, 1_000_000], step = 0.01 }
n_days = { unit = "days", range = [0, 100_000], step = 0.01 }
n_months = { unit = "months", range = [0, 5000] }
n_grade = { unit = "grade", range = [0, 10] }
n_class = { unit = "class", range = [1, 9] }
n_flag = { unit = "flag" }
n_word = { unit = "category", choices = { ordinary = "O", government = "G", medical = "M" } }
"""


def little(
    body: str, *, rate: str = "0.01", until: str = "", inputs: str = INPUTS, outputs: str = '"rate"'
) -> PolicyProfile:
    """A profile with the given counting rules."""
    text = HEAD.format(rate=rate, outputs=outputs, until=f"until = {until}\n" if until else "") + inputs + body
    return PolicyProfile(Profile(parse_document(text.encode(), "little.toml"), "little.toml"))


def counting(name: str, rule: str, *, window: Window = YEAR) -> str:
    """The body of a profile with one rule, over the window ``w``."""
    return f"[windows]\nw = {window.toml}\n[counting]\n{name} = {{ {rule}, source = 'law' }}\n"


def unit_of(rule: Rule) -> str:
    """Which input of ``INPUTS`` a rule fits."""
    if rule.each is not None:
        return "n_days" if rule.table == "cases" else "n_money"
    if rule.take in ("count", "persons", "any"):
        return {"count": "n_cases", "persons": "n_persons", "any": "n_flag"}[rule.take]
    return {
        "amount": "n_money",
        "payroll": "n_money",
        "insured": "n_persons",
        "hours": "n_hours",
        "days_lost": "n_days",
        "grade": "n_grade",
    }[rule.field]


LIMIT: Final = """
limit = { unit = "money", range = [0, 1_000_000], step = 0.01 }
limit_days = { unit = "days", range = [0, 1_000_000], step = 0.01 }
"""
LAW: Final = """
[parameters]
cap = { unit = "money", value = 100, source = "law" }
lost = { unit = "money", value = { unknown = "the page is torn off" }, source = "law" }
cap_days = { unit = "days", value = 30, source = "law" }
lost_days = { unit = "days", value = { unknown = "the page is torn off" }, source = "law" }
"""


def windows_of(rules: Mapping[str, Rule]) -> str:
    """The windows of some rules, those of their further dates among them."""
    made = {f"w_{name}": rule.window for name, rule in rules.items() if rule.window}
    made |= {f"w_{name}_{place}": one for name, rule in rules.items() for place, (_, one) in enumerate(rule.also)}
    return "".join(f"{name} = {window.toml}\n" for name, window in made.items())


def policy_of(rules: Mapping[str, Rule], day: dt.date = DAY) -> Policy:
    """A policy whose inputs, one for each rule, are counted by it."""
    inputs = dict(line.split(" = ", 1) for line in INPUTS.splitlines() if " = " in line)
    entries = "".join(f"{name} = {inputs[unit_of(rule)]}\n" for name, rule in rules.items())
    entries += LIMIT
    windows = windows_of(rules)
    made = "".join(f"{name} = {rule.toml('w_' + name)}\n" for name, rule in rules.items())
    return little(f"[windows]\n{windows}[counting]\n{made}", inputs=f"[inputs]\n{entries}{LAW}").on(day)


def counted(body: str, history: History, *, employer: Employer = ME, on: dt.date = DAY) -> Any:
    """What the one rule of a body comes to."""
    found = little(body).on(on).counting.count(employer, history)
    (value,) = (one.value for one in found.values())
    return value


# Strategies ---------------------------------------------------------------------------------------------------------

AWKWARD: Final = (dt.date(2020, 1, 31), dt.date(2020, 2, 29), dt.date(2019, 7, 1), dt.date(2024, 12, 31))
ITEMS: Final = ("14.1", "14.4", "14.6", "15.1")
PLACES: Final[Mapping[str, tuple[str, ...]]] = {
    "cases": ("occurred_on", "recognised_on", "died_on"),
    "payments": ("paid_on", "paid_on", "occurred_on", "recognised_on"),
    "contributions": ("paid_on", "period"),
    "exposure": ("period", ""),
    "events": ("on",),
    "recognitions": ("period", ""),
}
FIGURES: Final[Mapping[str, tuple[str, ...]]] = {
    "cases": ("days_lost", "grade"),
    "payments": ("amount",),
    "contributions": ("amount",),
    "exposure": ("insured", "payroll", "hours"),
    "events": (),
    "recognitions": ("grade",),
}


def windows() -> st.SearchStrategy[Window]:
    """Windows of every shape, anchored at ends of months and on leap days as often as not."""
    anchors = st.sampled_from(AWKWARD) | st.dates(dt.date(2003, 1, 1), dt.date(2029, 12, 31))
    months = st.sampled_from((1, 2, 6, 12, 24)) | st.integers(1, 30)
    return st.builds(
        Window, anchors, months, months, st.sampled_from((0, 0, 6)) | st.integers(0, 14), st.integers(0, 2)
    )


def days_about(window: Window | None, day: dt.date) -> st.SearchStrategy[dt.date]:
    """Days at, beside and near the ends of a window, or of the day itself."""
    ends = (day.toordinal(),) if window is None else (days_of(window, day).start, days_of(window, day).stop)
    near = st.sampled_from((-1, 0, 1)) | st.integers(-400, 400)
    return st.builds(lambda end, far: dt.date.fromordinal(end + far), st.sampled_from(ends), near)


@st.composite
def conditions(draw: st.DrawFn, table: str, depth: int = 2) -> Condition:
    """Conditions on the fields of a table, true and false and unknown of its records."""
    if depth and draw(st.booleans()):
        kind = draw(st.sampled_from(("not", "and", "or")))
        return (kind, *(draw(conditions(table, depth - 1)) for _ in range(1 if kind == "not" else 2)))
    of_case: list[st.SearchStrategy[Condition]] = [
        st.sampled_from([("is", "death"), ("is", "disease")]),
        st.tuples(st.just("eq"), st.just("item"), st.sampled_from(ITEMS)),
        st.tuples(st.just("in"), st.just("item"), st.lists(st.sampled_from(ITEMS), min_size=2, max_size=3)),
        st.tuples(st.sampled_from(("eq", "le", "gt")), st.just("grade"), st.integers(1, 10)),
    ]
    kinds = {"events": ("arrears", "benefit_fraud", "unheard_of"), "recognitions": ("standardisation", "other_kind")}
    choices = {
        "cases": [*of_case, st.tuples(st.just("gt"), st.just("days_lost"), st.integers(0, 60))],
        "payments": [
            *of_case,
            st.tuples(st.just("gt"), st.just("amount"), st.sampled_from(("0", "99.99", "100"))).map(
                lambda made: (made[0], made[1], Decimal(made[2]))
            ),
            st.tuples(st.just("eq"), st.just("kind"), st.sampled_from(("medical", "refund"))),
        ],
        "contributions": [st.tuples(st.just("gt"), st.just("amount"), st.just(100))],
        "exposure": [st.tuples(st.just("gt"), st.sampled_from(("insured", "payroll", "hours")), st.just(10))],
        "events": [st.tuples(st.just("eq"), st.just("kind"), st.sampled_from(kinds["events"]))],
        "recognitions": [
            st.tuples(st.just("eq"), st.just("kind"), st.sampled_from(kinds["recognitions"])),
            st.tuples(st.just("le"), st.just("grade"), st.integers(1, 3)),
        ],
    }
    return draw(st.one_of(choices[table]))


@st.composite
def formulas(draw: st.DrawFn, table: str, figures: Sequence[str], *, days: bool, depth: int = 2) -> Formula:
    """Formulas of what a record or a group states, of figures of the law and of what the employer gives."""
    if not depth or not draw(st.integers(0, 3)):
        outer = [name + ("_days" if days else "") for name in ("cap", "cap", "limit", "lost")]
        outer = outer if draw(st.integers(0, 3)) == 0 else outer[:1]
        number = st.tuples(st.just("num"), st.sampled_from(("0", "1", "0.3", "99.99")))
        return draw(number | st.tuples(st.just("name"), st.sampled_from((*figures, *figures, *outer))))
    inner = formulas(table, figures, days=days, depth=depth - 1)
    kind = draw(st.sampled_from(("min", "min", "add", "mul", "if")))
    if kind == "mul":
        return (kind, draw(st.sampled_from(("0.3", "2", "0.5"))), draw(inner))
    if kind != "if":
        return (kind, draw(inner), draw(inner))
    bound = st.tuples(st.just("gt"), st.sampled_from(tuple(figures)), st.sampled_from((0, 100)))
    return (kind, draw(bound if not table else bound | conditions(table, 1)), draw(inner), draw(inner))


@st.composite
def claim_rules(draw: st.DrawFn) -> Rule:
    """Rules that work out a formula over every record, or over records put together."""
    table = draw(st.sampled_from(("payments", "payments", "cases", "contributions")))
    keys = {"payments": ("case", "accident", "worker"), "cases": ("accident", "worker")}.get(table, ())
    dates = [place for place in PLACES[table] if place != "period"]
    figures: tuple[str, ...] = ("days_lost",) if table == "cases" else ("amount",)
    of, per = table, []
    for key in draw(st.lists(st.sampled_from(keys), unique=True, max_size=3)) if keys else ():
        sums = {
            name: draw(formulas(of, figures, days=table == "cases"))
            for name in draw(st.sampled_from((("one",), ("one", "other"))))
        }
        per.append((key, sums))
        of, figures = "", tuple(sums)
    return Rule(
        table,
        draw(st.sampled_from(("sum", "sum", "min", "max"))),
        where=draw(st.none() | conditions(table)),
        dated=draw(st.sampled_from(dates)),
        window=draw(windows()),
        none=draw(st.none() | st.just(0)),
        undated=draw(st.sampled_from(("unknown", "left out"))),
        to="0.01",
        mode=draw(st.sampled_from(("half_up", "half_even", "up", "down"))),
        also=tuple(draw(st.lists(st.tuples(st.sampled_from(dates), windows()), max_size=2))),
        per=tuple(per),
        each=draw(formulas(of, figures, days=table == "cases")),
    )


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """Rules that a profile may hold: every table, every way to take, every way to place."""
    table = draw(st.sampled_from(tuple(PLACES)))
    dated = draw(st.sampled_from(PLACES[table]))
    takes = ["count", "any"]
    if FIGURES[table]:
        takes += ["min", "max"] if table == "recognitions" else ["sum", "mean", "min", "max"]
    if table == "cases":
        takes.append("persons")
    take = draw(st.sampled_from(takes))
    field = draw(st.sampled_from(FIGURES[table])) if take not in ("count", "any", "persons") else ""
    if field == "grade" and take in ("sum", "mean"):
        field = "days_lost"
    placed_now = table in ("events", "recognitions") and draw(st.booleans())
    return Rule(
        table,
        take,
        field,
        draw(st.none() | conditions(table)),
        dated,
        None if placed_now else draw(windows()),
        draw(st.none() | st.just(0)) if take != "any" else None,
        draw(st.sampled_from(("refuse", "actual"))),
        draw(st.sampled_from(("unknown", "left out"))),
        draw(st.sampled_from(("0.01", "0.5", "1"))),
        draw(st.sampled_from(("half_up", "half_even", "up", "down"))),
    )


def amounts() -> st.SearchStrategy[Decimal]:
    """Money about the bounds that conditions name, to the hundredth."""
    return st.sampled_from((Decimal(0), Decimal("99.99"), Decimal(100), Decimal("100.01"))) | st.integers(0, 10**6).map(
        lambda cents: Decimal(cents).scaleb(-2)
    )


@st.composite
def some_cases(draw: st.DrawFn, day: st.SearchStrategy[dt.date], place: int) -> InjuryCase:
    """A case of one of three workers, with as much left open as the law lets."""
    first, second, third = sorted(draw(st.tuples(day, day, day)))
    item = draw(st.none() | st.sampled_from(ITEMS))
    death = item == "15.1" or draw(st.booleans())
    return InjuryCase(
        f"C-{place}",
        ME.id,
        draw(st.sampled_from(("w-1", "w-2", "w-3"))),
        first,
        recognised_on=draw(st.sampled_from((None, second, third))),
        ground=None if item is None else Ground.parse(item),
        grade=draw(st.none() | st.integers(1, 10)),
        death=death,
        died_on=draw(st.sampled_from((None, second, third))) if death else None,
        disease=draw(st.booleans()) if item is None else item == "14.4",
        days_lost=draw(st.none() | st.integers(0, 90)),
        accident=draw(st.sampled_from((None, None, "A-1", "A-2"))),
    )


@st.composite
def histories(draw: st.DrawFn, window: Window | None, day: dt.date = DAY) -> History:
    """Histories whose records lie about the ends of a window."""
    about = days_about(window, day)
    periods = st.tuples(about, about).filter(lambda pair: pair[0] != pair[1]).map(lambda pair: Period(*sorted(pair)))
    sizes = st.integers(0, 4)
    cases = tuple(draw(some_cases(about, place)) for place in range(draw(sizes)))
    case_ids = st.sampled_from((None, "C-old", *(case.id for case in cases)))
    paid = st.builds(
        lambda case, on, amount, kind: BenefitPayment(ME.id, case, on, -amount if kind == "refund" else amount, kind),
        case_ids,
        about,
        amounts(),
        st.sampled_from(("medical", "refund", "funeral")),
    )
    events = st.builds(
        lambda kind, on, length: EmployerEvent(ME.id, kind, on, length and on + dt.timedelta(length)),
        st.sampled_from(("arrears", "benefit_fraud", "late_report")),
        about,
        st.none() | st.integers(1, 500),
    )
    recognised = st.builds(
        Recognition,
        st.just(ME.id),
        st.sampled_from(("standardisation", "harmonious_unit")),
        st.none() | st.integers(1, 3),
        periods | about.map(Period),
    )
    paid_in = st.builds(ContributionPaid, st.just(ME.id), periods, amounts(), st.none() | about)
    tables: dict[str, st.SearchStrategy[Any]] = {
        "cases": st.just(cases),
        "payments": st.lists(paid, max_size=4),
        "events": st.lists(events, max_size=4),
        "recognitions": st.lists(recognised, max_size=4),
        "contributions": st.lists(paid_in, max_size=4),
        "exposures": exposures(window or YEAR, day),
    }
    # A table that was not supplied comes up, but not so often that little else does.
    made: dict[str, Any] = {
        name: None if draw(st.integers(0, 9)) == 9 else draw(table) for name, table in tables.items()
    }
    return History(**made)


@st.composite
def exposures(draw: st.DrawFn, window: Window, day: dt.date) -> list[Exposure]:
    """Workers and wages by periods of one row, hours by those of another, each with gaps and with figures left out."""
    days = days_of(window, day)
    made: list[Exposure] = []
    for figures in (("insured", "payroll"), ("hours",)):
        edges = st.sampled_from((days.start, days.stop)) | st.integers(days.start - 60, days.stop + 60)
        cuts = sorted(draw(st.sets(edges, max_size=5)))
        for since, until in itertools.pairwise(cuts):
            given = {name: draw(st.none() | amounts()) for name in figures}
            if any(figure is not None for figure in given.values()):
                made.append(Exposure(ME.id, Period(dt.date.fromordinal(since), dt.date.fromordinal(until)), **given))
    return draw(st.permutations(made))
