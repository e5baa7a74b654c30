"""One decision under the Zhejiang rules of 2025: here, in zen-engine and in openfisca-core, in one run.

    pip install -e ".[bench]"
    python bench/one_decision.py           prints the table
    python bench/one_decision.py --write   writes bench/results.md

The rivals' rules are checked first to give the same answers over a grid with every threshold from below, at and above.
"""

from __future__ import annotations

import argparse
import itertools
import os
import platform
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from rivals_openfisca import FIGURES, OpenFisca
from rivals_zen import Zen

import injuryprev as ip

DAY = "2025-03-01"
OUTPUTS = ("base_rate", "tier_move", "tier", "rate", "contribution")
ROUNDS = 15
PROCESSES = 11
BATCH = 10_000
Record = dict[str, Any]


def grid() -> Iterator[Record]:
    """Every threshold from below, at and above, with each special case, in classes with different ladders."""
    benefits = [0, 0.01, 49_999.99, 50_000, 50_000.01, 99_999.99, 100_000, 100_000.02, 149_999.98, 150_000, 150_000.02]
    incidences = [
        (0, 0.01),
        (2, 0.01),
        (2, 0.010001),
        (2, 0.009999),
        (3, 0.01),
        (3, 0.010001),
        (3, 0.009999),
        (9, 0.01),
    ]
    cases = [{}, {"deaths": 1}, {"false_facts": True}, {"benefit_fraud": True}, {"months_insured": 0}]
    rates = [{}, {"former_class_rate": 0.012}, {"former_class_one_rate": 0.004}, {"phase_in_cut": 0.2}]
    for paid, (injuries, industry), case, rate, risk_class in itertools.product(
        benefits, incidences, cases, rates, (1, 2, 4, 8)
    ):
        yield {
            "risk_class": risk_class,
            "payroll": 12_000_000,
            "contributions": 100_000,
            "benefits": paid,
            "injuries": injuries,
            "insured": 200,
            "industry_incidence": industry,
            "deaths": 0,
            **case,
            **rate,
        }


def records(count: int) -> list[Record]:
    """Employers of all sizes, seeded."""
    chance = random.Random(20250301)
    found = []
    for _ in range(count):
        insured = int(chance.lognormvariate(3.5, 1.3)) + 1
        payroll = insured * chance.randrange(60_000, 140_000)
        contributions = payroll // 100
        found.append(
            {
                "risk_class": chance.randint(1, 8),
                "payroll": payroll,
                "contributions": contributions,
                "benefits": int(contributions * max(chance.gauss(0.5, 0.6), 0)),
                "injuries": sum(chance.random() < 0.012 for _ in range(min(insured, 2000))),
                "insured": insured,
                "industry_incidence": chance.randrange(4000, 20_000) / 1_000_000,
                "deaths": int(chance.random() < 0.01),
            }
        )
    return found


def full(record: Record) -> Record:
    """With the value that stands for what is not recorded, which the rivals must be told."""
    return {**{name: default for name, (_, default) in FIGURES.items()}, **record}


def check(policy: ip.Policy, zen: Zen, openfisca: OpenFisca) -> int:
    """Compare all answers; the number of records compared."""
    asked = [*grid(), *records(500)]
    rated = openfisca.many([full(record) for record in asked])
    for record, other in zip(asked, rated, strict=True):
        mine = policy.evaluate(**record)
        third = zen(full(record))
        for name in OUTPUTS:
            value = mine[name]
            assert isinstance(value, Decimal), (name, record, value)
            exact = Decimal(repr(third[name]))
            assert value == exact, (name, record, value, exact)
            # 32-bit floats carry seven digits, and a half fen may fall on either side.
            close = abs(float(value) - other[name]) <= 2e-7 * abs(float(value)) + (
                0.011 if name == "contribution" else 0
            )
            assert close, (name, record, value, other[name])
    return len(asked)


def timed(work: Callable[[Record], object], asked: list[Record]) -> float:
    """Microseconds for each record."""
    began = time.perf_counter()
    for record in asked:
        work(record)
    return (time.perf_counter() - began) / len(asked) * 1e6


def decisions(policy: ip.Policy, zen: Zen, openfisca: OpenFisca) -> list[tuple[str, float, float]]:
    """What is timed, microseconds for one decision, and how many times the first that is."""
    few = records(400)
    # Exact numbers are given as a table of an agency holds them; the rivals are given floats, which is what they take.
    exact = [{**record, "industry_incidence": Decimal(str(record["industry_incidence"]))} for record in few]
    plain, many = [full(record) for record in few], [full(record) for record in records(BATCH)]

    def batch(_: Record) -> object:
        return openfisca.many(many)

    work: list[tuple[str, Callable[[Record], object], list[Record], int]] = [
        ("injuryprev, outputs", lambda record: policy.evaluate(**record)["rate"], exact, 1),
        ("injuryprev, outputs and trace", lambda record: policy.evaluate(**record).trace, exact, 1),
        ("injuryprev, the trace as English text", lambda record: policy.evaluate(**record).explain(), exact, 1),
        ("injuryprev, the trace as JSON", lambda record: policy.evaluate(**record).to_json(), exact, 1),
        ("zen-engine, outputs", zen, plain, 1),
        ("zen-engine, outputs and its own trace", zen.traced, plain, 1),
        ("openfisca-core, outputs", openfisca, plain[:100], 1),
        (f"openfisca-core, {BATCH:,} records at once, each", batch, plain[:1], BATCH),
    ]
    for _, run, asked, _ in work:
        timed(run, asked[:50])
    rounds = [[timed(run, asked) / share for _, run, asked, share in work] for _ in range(ROUNDS)]
    return [
        (name, median(one[place] for one in rounds), median(one[place] / one[0] for one in rounds))
        for place, (name, *_) in enumerate(work)
    ]


START = """
import time
a = time.perf_counter()
import injuryprev as ip
b = time.perf_counter()
policy = ip.load_profile("cn-zj").on("2025-03-01")
c = time.perf_counter()
ip.load_profile("cn-zj").on("2025-03-01")
d = time.perf_counter()
policy.evaluate(risk_class=4)
e = time.perf_counter()
policy.evaluate(risk_class=4).trace
f = time.perf_counter()
print(b - a, c - b, d - c, e - d, f - e)
"""


def start_up() -> list[tuple[str, float]]:
    """Milliseconds, each the median over fresh processes."""
    runs = []
    for _ in range(PROCESSES):
        done = subprocess.run([sys.executable, "-c", START], capture_output=True, text=True, check=True)  # noqa: S603
        runs.append([float(part) * 1000 for part in done.stdout.split()])
    names = (
        "`import injuryprev`",
        "first profile loaded and resolved (imports cattrs, loads the parent)",
        "the same again",
        "first decision (lowers and compiles)",
        "first trace (compiles every step)",
    )
    return [(name, median(run[place] for run in runs)) for place, name in enumerate(names)]


def report() -> str:
    """The figures as Markdown."""
    policy, zen, openfisca = ip.load_profile("cn-zj").on(DAY), Zen(), OpenFisca()
    compared = check(policy, zen, openfisca)
    lines = [
        "# One decision",
        "",
        f"Rules of Zhejiang on {DAY}, all five outputs. Made by `python bench/one_decision.py --write`.",
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores; "
        + ", ".join(f"{name} {version(name)}" for name in ("injuryprev", "zen-engine", "openfisca-core"))
        + ".",
        f"The three give the same answers to {compared:,} records, among them every threshold from below, at and above",
        "(openfisca-core within the seven digits of its 32-bit floats).",
        "",
        f"Median of {ROUNDS} rounds in one process, over 400 different employers; the ratio is taken within a round.",
        "",
        "| | µs | times the first |",
        "|---|---:|---:|",
        *(f"| {name} | {micro:,.1f} | {ratio:,.2f} |" for name, micro, ratio in decisions(policy, zen, openfisca)),
        "",
        f"Start-up, median of {PROCESSES} fresh processes with compiled files in place.",
        "",
        "| | ms |",
        "|---|---:|",
        *(f"| {name} | {milli:,.1f} |" for name, milli in start_up()),
        "",
        "What the columns do not show: injuryprev is given exact numbers and answers in exact ones, says what is",
        "unknown and why, and its trace carries the source of every step. The trace of zen-engine is the input and",
        "output of each node. openfisca-core is made for whole populations: its unit cost falls with their size.",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description="One decision, timed beside zen-engine and openfisca-core.")
    options.add_argument("--write", action="store_true", help="write results.md beside this file")
    write, text = options.parse_args().write, report()
    if write:
        Path(__file__).with_name("results.md").write_text(text, encoding="utf-8")
    print(text)
