"""Counting tables gives what counting the typed records of each employer gives."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pyarrow as pa
import pytest
from brute_force import Rule, Window
from engines import Machine
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from little import DAY, INPUTS, LAW, LIMIT, claim_rules, histories, little, rules, unit_of, windows_of
from tables import moved, tables

from injuryprev import Unknown
from injuryprev.engine import Policy
from injuryprev.engine.figures import Counted
from injuryprev.engine.reading import read
from injuryprev.model import BenefitPayment, Employer, Exposure, Ground, History, InjuryCase
from injuryprev.units import Period

few = settings(
    deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.reuse, Phase.generate), max_examples=15
)
ROUND = 'round = { to = 0.01, mode = "half_up" }\n'


def shown(rules: Mapping[str, Rule]) -> Policy:
    """A policy that counts by the rules, and shows every figure counted as an output of its own."""
    inputs = dict(line.split(" = ", 1) for line in INPUTS.splitlines() if " = " in line)
    entries = "[inputs]\n" + "".join(f"{name} = {inputs[unit_of(rule)]}\n" for name, rule in rules.items())
    entries += LIMIT + LAW
    body = f"[windows]\n{windows_of(rules)}"
    body += "[counting]\n" + "".join(f"{name} = {rule.toml('w_' + name)}\n" for name, rule in rules.items())
    for name, rule in rules.items():
        unit = inputs[unit_of(rule)].split('"')[1]
        body += f'[definitions.out_{name}]\nunit = "{unit}"\nformula = "{name}"\nsource = "law"\n'
        body += "" if unit in ("flag", "grade", "class") else ROUND
    return little(body, inputs=entries, outputs=", ".join(f'"out_{name}"' for name in rules)).on(DAY)


def figure(policy: Policy, name: str, one: Counted) -> tuple[Any, str | None]:
    """A counted input as a column holds it, and why it is null."""
    if isinstance(one.value, Unknown):
        return None, "; ".join(one.value.codes)
    spec = policy.lowered.inputs[name]
    steps, status = read(spec, one.value)
    if status:
        return None, f"{spec.faults[status - 1].code}:{name}"
    return (bool(steps) if spec.kind == "flag" else steps * spec.step), None


def plain(value: Any) -> Any:
    """Numbers of every kind as one kind."""
    return Fraction(value) if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else value


def owners(employers: list[Employer]) -> pa.Table:
    """The employers with what they say of themselves."""
    facts = {name for employer in employers for name in employer.facts}
    stated = {name: pa.array([employer.facts.get(name) for employer in employers], pa.string()) for name in facts}
    return pa.table({"id": [employer.id for employer in employers], **stated})


def agrees(
    policy: Policy, machine: Machine, employers: list[Employer], of: list[History], given: Mapping[str, pa.Table]
) -> None:
    """Counting, counting and rating, and rating what was counted, each against the typed objects."""
    wanted, decided = {}, {}
    for employer, history in zip(employers, of, strict=True):
        counted = policy.counting.count(employer, history)
        wanted[employer.id] = {name: figure(policy, name, one) for name, one in counted.items()}
        result = policy.evaluate_counted({}, counted)
        outputs = {name: None if isinstance(value, Unknown) else plain(value) for name, value in result.items()}
        decided[employer.id] = (outputs, result.refusal)
    frame = machine.put(owners(employers))
    frames = {name: machine.put(table) for name, table in given.items()}
    counted_frame = policy.count_frames(frame, **frames)
    assert isinstance(counted_frame, machine.kind)
    rows = machine.rows(counted_frame)
    found = {
        row["id"]: {name: (plain(row[name]), row[f"{name}_unknown"]) for name in wanted[row["id"]]} for row in rows
    }
    assert len(rows) == len(employers)
    assert found == wanted
    for rated in (policy.rate_frames(frame, **frames), policy.evaluate_frame(counted_frame)):
        rows = machine.rows(rated)
        assert len(rows) == len(employers)
        seen = {row["id"]: ({name: plain(row[name]) for name in policy.outputs}, row["refusal"]) for row in rows}
        assert seen == decided
    if machine.name in ("polars", "pandas"):
        assert [row["id"] for row in rows] == [employer.id for employer in employers]


@st.composite
def worlds(
    draw: st.DrawFn, *, grouped: bool = True
) -> tuple[Policy, list[Employer], list[History], Mapping[str, pa.Table]]:
    """Some rules, and a few employers whose records crowd the edges of the windows of those rules."""
    drawn = draw(st.lists(rules() | claim_rules() if grouped else rules(), min_size=1, max_size=3))
    policy = shown({f"r{place}": rule for place, rule in enumerate(drawn)})
    limits = st.dictionaries(st.sampled_from(("limit", "limit_days")), st.sampled_from(("50", "99.99", "0.001", "-1")))
    employers = [Employer(f"E-{place}", facts=draw(limits)) for place in range(draw(st.integers(1, 12)))]
    made = [moved(draw(histories(draw(st.sampled_from(drawn)).window)), one) for one in employers]
    for field in attrs.fields(History):  # supplied for all or for none
        if any(getattr(history, field.name) is None for history in made):
            gone = None if draw(st.booleans()) else ()
            made = [
                attrs.evolve(history, **{field.name: gone if gone is None else getattr(history, field.name) or ()})
                for history in made
            ]
    rng = random.Random(draw(st.integers(0, 2**32)))
    return policy, employers, made, tables(made, rng, text=draw(st.booleans()))


COUNTING = [
    "polars", "polars-lazy", "polars-streaming", "pandas", "pandas-arrow", "duckdb",
    pytest.param("dask", marks=pytest.mark.slow),
]  # fmt: skip
# These take many seconds to make their plan of one question, so they are asked fewer.
PLANNING = [pytest.param(name, marks=pytest.mark.slow) for name in ("ibis", "spark")]


EXAMPLES = {"polars-streaming": 8, "pandas": 8, "pandas-arrow": 5, "duckdb": 5, "ibis": 3, "dask": 3, "spark": 2}


@pytest.mark.parametrize("machine", [*COUNTING, *PLANNING], indirect=True)
def test_any_rules_over_any_records(machine: Machine) -> None:
    """Every table, every way to take, place, choose and doubt."""

    @settings(few, max_examples=EXAMPLES.get(machine.name, few.max_examples))
    # Where planning is slow, records are put together in a case of its own below.
    @given(worlds(grouped=machine.name not in ("ibis", "spark")))
    def whatever(world: Any) -> None:
        policy, employers, made, given = world
        agrees(policy, machine, employers, made, given)

    whatever()


def only(rule: Rule) -> Policy:
    """A policy with one rule."""
    return shown({"r": rule})


YEAR = Window(dt.date(2020, 1, 1), 12, 12)


@pytest.mark.parametrize("machine", COUNTING, indirect=True)
def test_a_case_is_that_of_the_same_employer(machine: Machine) -> None:
    """Two employers may give their cases the same number; a payment is for the case of its own employer."""
    rule = Rule("payments", "sum", "amount", ("eq", "item", "14.6"), "paid_on", YEAR, to="0.01", mode="half_up")
    employers = [Employer("E-0"), Employer("E-1")]
    day = dt.date(2023, 3, 1)
    made = [
        History(
            cases=(InjuryCase("C-1", one.id, "w", day, ground=Ground.parse(ground)),),
            payments=(BenefitPayment(one.id, "C-1", day, Decimal(amount), "medical"),),
        )
        for one, ground, amount in zip(employers, ("14.6", "14.1"), ("100", "20"), strict=True)
    ]
    agrees(only(rule), machine, employers, made, tables(made, random.Random(1), text=False))


@pytest.mark.parametrize("machine", COUNTING, indirect=True)
@pytest.mark.parametrize("last", [dt.date(2023, 12, 31), dt.date(2024, 1, 1), dt.date(2024, 1, 2)])
def test_a_record_without_the_figure_lacks_nothing_where_others_state_it(machine: Machine, last: dt.date) -> None:
    """Hours by the year beside wages by the half: nothing is missing if the halves fill the year to the day."""
    rule = Rule("exposure", "max", "payroll", None, "period", YEAR, to="0.01", mode="half_up")
    employer = Employer("E-0")
    halves = (Period(dt.date(2023, 1, 1), dt.date(2023, 7, 1)), Period(dt.date(2023, 7, 1), last))
    made = History(
        exposures=(
            *(Exposure(employer.id, half, payroll=Decimal(1000)) for half in halves),
            Exposure(employer.id, Period(dt.date(2023, 1, 1), dt.date(2024, 1, 1)), hours=Decimal(2000)),
        )
    )
    agrees(only(rule), machine, [employer], [made], tables([made], random.Random(2), text=True))


@pytest.mark.parametrize("machine", COUNTING, indirect=True)
def test_rounding_at_the_half(machine: Machine) -> None:
    """Means that lie on a half, a little above and below it, of sums and of what was given back."""
    rules = {
        f"r{place}": Rule("payments", "mean", "amount", None, "paid_on", YEAR, to="0.01", mode=mode)
        for place, mode in enumerate(("half_up", "half_even", "up", "down"))
    }
    day, pairs = dt.date(2023, 3, 1), ("0.02 0.03", "0.03 0.04", "0.02 0.0299", "0.02 0.0301", "0.02 0.02")
    employers = [Employer(f"E-{place}") for place in range(2 * len(pairs))]
    made = [
        History(
            payments=tuple(
                BenefitPayment(one.id, None, day, sign * Decimal(amount), "medical" if sign > 0 else "refund")
                for amount in pair.split()
            )
        )
        for one, (sign, pair) in zip(employers, ((sign, pair) for sign in (1, -1) for pair in pairs), strict=True)
    ]
    agrees(shown(rules), machine, employers, made, tables(made, random.Random(3), text=True))


@pytest.mark.parametrize("machine", [*COUNTING, "ibis", *PLANNING[1:]], indirect=True)
def test_no_records_at_all(machine: Machine) -> None:
    """Every number is then a fixed one, and a database may take what is small for one of 32 bits."""
    rule = Rule("recognitions", "min", "grade", None, "period", YEAR)
    made = History(**{field.name: () for field in attrs.fields(History)})
    agrees(only(rule), machine, [Employer("E-0")], [made], tables([made], random.Random(4), text=False))


@pytest.mark.parametrize("machine", [*COUNTING, *PLANNING], indirect=True)
def test_one_record_and_several(machine: Machine) -> None:
    """Only records of one employer can state a figure for each other; employers of both sorts at once."""
    rules = {
        f"r{place}": Rule("exposure", take, field, None, "period", YEAR, to="0.01", mode="half_up", partial=partial)
        for place, (take, field, partial) in enumerate(
            (("mean", "insured", "refuse"), ("mean", "insured", "actual"), ("sum", "payroll", "refuse"))
        )
    }
    year, half = Period(dt.date(2023, 1, 1), dt.date(2024, 1, 1)), Period(dt.date(2023, 7, 1), dt.date(2024, 1, 1))
    first = Period(year.since, half.since)
    silent, stating = {"hours": Decimal(9)}, {"insured": Decimal(7), "payroll": Decimal(70)}
    several = [
        [(year, stating)], [(year, silent)], [(half, stating)], [],
        [(year, stating), (half, silent)], [(first, silent), (half, silent)],
        [(first, stating), (half, stating)], [(first, stating), (half, stating), (year, silent)],
    ]  # fmt: skip
    employers = [Employer(f"E-{place}") for place in range(len(several))]
    made = [
        History(exposures=tuple(Exposure(one.id, period, **figures) for period, figures in records))
        for one, records in zip(employers, several, strict=True)
    ]
    agrees(shown(rules), machine, employers, made, tables(made, random.Random(5), text=False))


@pytest.mark.parametrize("machine", COUNTING, indirect=True)
def test_records_that_overlap(machine: Machine) -> None:
    """Rows are taken as they are, so a mean over days says of which employer they hold some days twice."""
    rule = Rule("exposure", "mean", "insured", None, "period", YEAR, to="0.01", mode="half_up", partial="actual")
    periods = {
        "one": [("2023-01-01", "2024-01-01")],
        "touching": [("2023-01-01", "2023-07-01"), ("2023-07-01", "2024-01-01")],
        "a day twice": [("2023-01-01", "2023-07-02"), ("2023-07-01", "2024-01-01")],
        "within": [("2023-01-01", "2024-01-01"), ("2023-02-01", "2023-02-02"), ("2023-03-01", "2023-03-02")],
    }
    rows = [(key, since, until, "7") for key, pairs in periods.items() for since, until in pairs]
    exposure = pa.table(
        {name: [row[place] for row in rows] for place, name in enumerate(("employer_id", "since", "until", "insured"))}
    )
    counted = only(rule).count_frames(machine.put(pa.table({"id": list(periods)})), exposure=machine.put(exposure))
    found = {row["id"]: (plain(row["r"]), row["r_unknown"]) for row in machine.rows(counted)}
    assert found == {
        "one": (7, None),
        "touching": (7, None),
        "a day twice": (None, "overlap:r"),
        "within": (None, "overlap:r"),
    }


def claims(text: str, unit_: str = "money") -> Policy:
    """A policy with one rule, written out."""
    inputs = f'[inputs]\nr = {{ unit = "{unit_}", range = [0, 1_000_000_000], step = 0.01 }}\n{LIMIT}{LAW}'
    body = f"[windows]\nw = {YEAR.toml}\nthree = {Window(dt.date(2020, 1, 1), 12, 36).toml}\n[counting.r]\n{text}\n"
    output = f'[definitions.out_r]\nunit = "{unit_}"\nformula = "r"\nsource = "law"\n{ROUND}'
    return little(body + output, inputs=inputs, outputs='"out_r"').on(DAY)


NCCI = """
from = "payments"
dated = "occurred_on"
window = "w"
also = [{ dated = "paid_on", window = "three" }]
per = [
  { key = "case", sums = { loss = "amount", off = "if kind == 'medical' then 0 else amount" } },
  { key = "accident", sums = { claims = "1", full = "if off > 0 then loss else 0", all = "loss" } },
]
each = '''
if claims == 1 then min(full, limit) + 0.3 * min(all - full, limit)
else if all > full then lost else min(full, 2 * limit)'''
take = "sum"
none = 0
source = "law"
"""


@pytest.mark.parametrize("machine", [*COUNTING, *PLANNING], indirect=True)
def test_claims_of_many_employers(machine: Machine) -> None:
    """Split, reduced and limited claim by claim and accident by accident, by a limit that employers state or do not."""
    day, old = dt.date(2023, 3, 1), dt.date(2020, 12, 31)
    limits = {"E-0": "100", "E-1": "0.01", "E-3": "2000000", "E-4": "100", "E-5": "100", "E-6": "100"}
    employers = [
        Employer(f"E-{place}", facts={"limit": limits[f"E-{place}"]} if f"E-{place}" in limits else {})
        for place in range(7)
    ]
    paid: dict[str, list[tuple[str, str | None, str, str, dt.date]]] = {
        "E-0": [
            ("C-1", None, "60", "medical", day),
            ("C-1", None, "90", "other", day),
            ("C-2", None, "50", "medical", day),
        ],
        "E-1": [("C-1", "A", "60", "other", day), ("C-2", "A", "90", "other", day)],
        "E-2": [("C-1", None, "1", "other", day)],
        "E-3": [("C-1", None, "1", "other", day)],
        "E-4": [
            ("C-1", "A", "60", "other", day),
            ("C-2", "A", "90", "medical", day),
            ("C-3", None, "70", "other", old),
        ],
        "E-5": [("C-1", "A", "250", "other", day), ("C-2", "A", "90", "other", day), ("C-3", "B", "170", "other", day)],
        "E-6": [],
    }
    made = []
    for one in employers:
        cases = {
            number: InjuryCase(number, one.id, "w", dt.date(2023, 1, 1), accident=accident)
            for number, accident, *_ in paid[one.id]
        }
        payments = [
            BenefitPayment(one.id, number, on, Decimal(amount), kind) for number, _, amount, kind, on in paid[one.id]
        ]
        made.append(History(cases=tuple(cases.values()), payments=payments))
    policy = claims(NCCI)
    found = {
        one.id: policy.counting.count(one, history)["r"].value for one, history in zip(employers, made, strict=True)
    }
    known = {name: value for name, value in found.items() if not isinstance(value, Unknown)}
    assert known == {"E-0": 115, "E-1": Fraction(2, 100), "E-5": 300, "E-6": 0}
    codes = {name: value.codes for name, value in found.items() if isinstance(value, Unknown)}
    assert codes == {"E-2": ("missing:limit",), "E-3": ("out_of_range:limit",), "E-4": ("not_known:lost",)}
    agrees(policy, machine, employers, made, tables(made, random.Random(4), text=True))
