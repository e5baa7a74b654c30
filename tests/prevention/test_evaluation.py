"""Did it help: windows, groups, the comparisons put together, money as a range, contributions, plain words."""

from __future__ import annotations

import datetime as dt
import math
import random
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import injuryprev as ip
from injuryprev.errors import InputError, ReadError
from injuryprev.exchange.served import read_served
from injuryprev.measures.statistics import (
    TwoPeriods,
    before_and_after,
    difference_in_differences,
    regression_to_the_mean,
)
from injuryprev.model import BenefitPayment, ContributionPaid, Employer, Exposure, History, InjuryCase
from injuryprev.prevention.evaluation import Cohort, Evaluation, Served, contributions_of, evaluate, windows
from injuryprev.prevention.evaluation.net import net_effect, regressions
from injuryprev.units import Period
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

BEFORE, AFTER = Period.year(2023), Period.year(2025)
Pair = tuple[Employer, History]


def records(key: str, before: int, after: int, *, insured: int = 100, benefit: str | None = "10000") -> Pair:
    """An employer with so many cases in each window, each of which cost the same; ``None``: no table of benefits."""
    cases = [
        InjuryCase(f"{key}-{year}-{n}", key, f"w-{n}", f"{year}-05-01", recognised_on=f"{year}-06-01")
        for year, number in ((2023, before), (2025, after))
        for n in range(number)
    ]
    payments = None
    if benefit is not None:
        payments = [
            BenefitPayment(key, case.id, f"{case.occurred_on.year}-07-01", benefit, "medical") for case in cases
        ]
    exposures = [
        Exposure(key, Period.year(year), insured=insured, payroll=1_000_000 * (year - 2020))
        for year in range(2022, 2026)
    ]
    paid = [ContributionPaid(key, Period.year(year), 10_000, f"{year}-12-20") for year in range(2022, 2026)]
    return Employer(key, facts={"risk_class": 4}), History(
        cases=cases, exposures=exposures, payments=payments, contributions=paid, events=[], recognitions=[]
    )


def served_of(*pairs: Pair) -> list[Served]:
    """All served on one day between the windows."""
    return [Served(*pair, ["2024-05-06"]) for pair in pairs]


def area(*counts: tuple[int, int]) -> list[Pair]:
    """Employers with these counts."""
    return [records(f"E-{place}", *count) for place, count in enumerate(counts)]


OTHERS = [records(f"O-{n}", 3 + n % 3, 3 + (n + 1) % 3) for n in range(12)]


# Windows and groups ---------------------------------------------------------------------------------------------------


def test_windows_leave_out_all_days_of_service() -> None:
    """From the first service to the last nobody is before or after; the windows are the same for everybody."""
    days = [dt.date(2024, 3, 4), dt.date(2024, 5, 6)]
    before, after = windows(days, dt.date(2023, 1, 1), dt.date(2025, 1, 1))
    assert str(before) == "[2023-01-01, 2024-03-04)"
    assert str(after) == "[2024-05-07, 2025-01-01)"


@pytest.mark.parametrize(
    ("since", "until"),
    [(dt.date(2024, 3, 4), dt.date(2025, 1, 1)), (dt.date(2023, 1, 1), dt.date(2024, 3, 5))],
)
def test_windows_of_no_days(since: dt.date, until: dt.date) -> None:
    """A service on the first day, or on the last one, leaves nothing to compare."""
    with pytest.raises(InputError, match="no days are left"):
        windows([dt.date(2024, 3, 4)], since, until)
    assert windows([dt.date(2024, 3, 4)], dt.date(2024, 3, 3), dt.date(2024, 3, 6))


@pytest.mark.parametrize("day", ["2023-12-31", "2025-01-01"])
def test_a_service_within_a_window_is_refused(day: str) -> None:
    """Whoever was served in a window would be both before and after; the days next to the windows are fine."""
    [pair] = area((3, 3))
    with pytest.raises(InputError, match="outside the time between the windows"):
        evaluate([Served(*pair, [day])], OTHERS, before=BEFORE, after=AFTER)
    found = evaluate([Served(*pair, ["2024-01-01", "2024-12-31"])], OTHERS, before=BEFORE, after=AFTER)
    assert found.served.ids == (pair[0].id,)


def test_an_employer_is_in_one_group() -> None:
    """Served and not served at once is refused, and so is nobody served."""
    [pair] = area((3, 3))
    with pytest.raises(InputError, match="given twice"):
        evaluate(served_of(pair), [pair, *OTHERS], before=BEFORE, after=AFTER)
    with pytest.raises(InputError, match="nobody was served"):
        evaluate([], OTHERS, before=BEFORE, after=AFTER)


def test_who_cannot_be_compared_is_named_and_left_out_on_both_sides() -> None:
    """Without a table of cases, without exposure, or with nobody insured in a window: named, with the reason."""
    whole = area((5, 3))
    no_cases = (Employer("X-1"), History(exposures=[Exposure("X-1", BEFORE, insured=5)]))
    gone = (Employer("X-2"), History(cases=[], exposures=[Exposure("X-2", BEFORE, insured=5)]))
    young = (
        Employer("X-3", insured_since="2025-01-01"),
        History(cases=[], exposures=[Exposure("X-3", AFTER, insured=5)]),
    )
    found = evaluate(served_of(*whole, no_cases, gone, young), OTHERS, before=BEFORE, after=AFTER)
    assert found.served.ids == ("E-0",)
    codes = {key: {reason.code for reason in why.reasons} for key, why in found.served.left_out}
    assert codes == {"X-1": {"not_supplied", "incomplete"}, "X-2": {"incomplete"}, "X-3": {"nobody_insured"}}
    assert any("left out" in one.en for one in found.cautions)


# The comparisons ------------------------------------------------------------------------------------------------------

counts = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=4)


@given(counts, counts)
@settings(max_examples=25, deadline=None)
def test_the_comparisons_are_those_of_the_sums(own: list[tuple[int, int]], other: list[tuple[int, int]]) -> None:
    """What is said of records is what the statistics say of their sums: cases, and person-years of 365 days."""
    pairs = area(*own)
    rest = [records(f"O-{place}", *one) for place, one in enumerate(other)]
    found = evaluate(served_of(*pairs), rest, before=BEFORE, after=AFTER)

    def sums(those: list[tuple[int, int]]) -> TwoPeriods:
        years = 100 * len(those)
        return TwoPeriods(sum(one for one, _ in those), years, sum(one for _, one in those), years)

    assert found.before_after == before_and_after(sums(own), per=1000)
    assert found.differences == difference_in_differences(sums(own), sums(other), per=1000)
    if not isinstance(found.net, Unknown):
        assert found.net.interval.low <= found.net.ratio <= found.net.interval.high
    assert "# Did it help" in found.text("en")
    assert "# 预防工作成效评估" in found.text("zh")


def test_who_was_chosen_for_a_bad_year_is_not_praised_for_a_usual_one() -> None:
    """Regression to the mean: all alike, the worst chosen, and next year like everybody; the net effect is far less."""
    luck = [0, 1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 6, 9, 10]
    pairs = area(*((bad, 4) for bad in luck))
    found = evaluate(served_of(*pairs[-2:]), pairs[:-2], before=BEFORE, after=AFTER)
    assert not isinstance(found.before_after, Unknown)
    assert not isinstance(found.regression, Unknown)
    assert not isinstance(found.net, Unknown)
    assert found.before_after.comparison.ratio == pytest.approx(8 / 19)
    assert found.regression.ratio > 0.6
    assert 1 in found.net.interval


def test_the_net_effect_by_hand() -> None:
    """Zou & Donner 2008: on logarithms the distances from estimate to limit add as roots of squares."""
    found = evaluate(served_of(*area((8, 5), (9, 4))), OTHERS, before=BEFORE, after=AFTER)
    own, other = regressions(found.served, found.others, 0.95)
    net = found.net
    assert not isinstance(own, Unknown)
    assert not isinstance(other, Unknown)
    assert not isinstance(net, Unknown)
    assert net.ratio == pytest.approx(own.ratio / other.ratio)
    assert net.expected == pytest.approx(own.expected_after * other.ratio)
    down = math.log(own.ratio / own.interval.low) ** 2 + math.log(other.interval.high / other.ratio) ** 2
    up = math.log(own.interval.high / own.ratio) ** 2 + math.log(other.ratio / other.interval.low) ** 2
    assert net.interval.low == pytest.approx(net.ratio / math.exp(math.sqrt(down)))
    assert net.interval.high == pytest.approx(net.ratio * math.exp(math.sqrt(up)))


def test_no_case_of_the_served_after() -> None:
    """A ratio of nothing has a lower limit of nothing, and an upper one wider than that of the served alone."""
    found = evaluate(served_of(*area((3, 0))), OTHERS, before=BEFORE, after=AFTER)
    assert not isinstance(found.net, Unknown)
    assert not isinstance(found.regression, Unknown)
    assert (found.net.ratio, found.net.interval.low) == (0, 0)
    assert found.net.interval.high > found.regression.interval.high


def drawn(rng: random.Random, effect: float) -> tuple[Cohort, Cohort]:
    """Sixty employers, their risks a gamma; the ten worst of one year are served; next year all have 10 % less."""

    def poisson(mean: float) -> int:
        count, left = 0, rng.expovariate(1)
        while left < mean:
            count, left = count + 1, left + rng.expovariate(1)
        return count

    rows = []
    for _ in range(60):
        risk, years = rng.gammavariate(2, 0.02), rng.randint(20, 300)
        rows.append((poisson(risk * years), risk, Fraction(years)))
    rows.sort(key=lambda row: -row[0] / row[2])

    def cohort(part: list[tuple[int, float, Fraction]], factor: float) -> Cohort:
        after = tuple((poisson(risk * float(years) * factor), years) for _, risk, years in part)
        ids = tuple(f"E-{place}" for place in range(len(part)))
        return Cohort(ids, tuple((count, years) for count, _, years in part), after, (), (0, 0))

    return cohort(rows[:10], 0.9 * effect), cohort(rows[10:], 0.9)


@pytest.mark.parametrize("effect", [1.0, 0.7])
def test_the_net_effect_finds_what_is_true(effect: float) -> None:
    """Drawn areas with a known effect, the worst served: the net interval holds it; the plain difference errs."""
    rng = random.Random(20161231)
    held = plain = 0
    logs = []
    for _ in range(30):
        served, others = drawn(rng, effect)
        net = net_effect(*regressions(served, others, 0.95))
        difference = difference_in_differences(served.figures, others.figures)
        assert not isinstance(net, Unknown)
        assert not isinstance(difference, Unknown)
        held += net.interval.low <= effect <= net.interval.high
        plain += difference.exact.low <= effect <= difference.exact.high
        logs.append(math.log(net.ratio / effect))
    assert held >= 25
    assert plain < held
    assert abs(sum(logs) / len(logs)) < 0.12


def test_others_without_a_case_after() -> None:
    """Nothing can be divided by them: unknown with the reason, and the comparison with oneself stands."""
    quiet = [records("O-1", 3, 0), records("O-2", 2, 0)]
    found = evaluate(served_of(*area((5, 3))), quiet, before=BEFORE, after=AFTER)
    assert isinstance(found.net, Unknown)
    assert isinstance(found.savings, Unknown)
    assert not isinstance(found.before_after, Unknown)


def test_no_others_at_all() -> None:
    """Without others there is before and after alone, and the rest says why not."""
    found = evaluate(served_of(*area((5, 3))), [], before=BEFORE, after=AFTER)
    assert isinstance(found.differences, Unknown)
    assert found.differences.codes == ("nobody:others",)


# Money ----------------------------------------------------------------------------------------------------------------


def test_savings_are_a_range() -> None:
    """Cases avoided times what a case cost, from end to end; the spend is exact and only shifts the range."""
    found = evaluate(served_of(*area((9, 2), (9, 3))), OTHERS, before=BEFORE, after=AFTER, spend="25000.50").savings
    assert not isinstance(found, Unknown)
    assert found.counted == 18 + sum(3 + n % 3 for n in range(12))
    assert found.cost == Fraction(10_000)
    assert found.cost_range == pytest.approx((10_000, 10_000))
    low, middle, high = found.avoided
    assert low < middle < high
    assert found.saved.low is not None
    assert found.saved.high is not None
    assert float(found.saved.low) == pytest.approx(low * 10_000, rel=0.005)
    assert float(found.saved.high) == pytest.approx(high * 10_000, rel=0.005)
    assert found.spend == Decimal("25000.50")
    assert not isinstance(found.net, Unknown)
    assert found.net.low is not None
    assert found.net.high is not None
    assert float(found.net.low) == pytest.approx(low * 10_000 - 25_000.5, rel=0.005)
    assert float(found.net.high) == pytest.approx(high * 10_000 - 25_000.5, rel=0.005)
    assert float(found.net.middle) == pytest.approx(middle * 10_000 - 25_000.5, rel=0.005)
    assert "estimated" in str(found.net)


def test_payments_after_the_end_are_not_known_yet() -> None:
    """What is paid on the first day after the window after does not count; what is paid on its last day does."""
    employer, history = records("E-0", 20, 5)
    for day, more in (("2025-12-31", 1000), ("2026-01-01", 0)):
        late = BenefitPayment("E-0", "E-0-2023-0", day, 20_000, "medical")
        longer = attrs.evolve(history, payments=[*(history.payments or ()), late])
        quiet = [records("O-1", 0, 4)]
        found = evaluate(served_of((employer, longer)), quiet, before=BEFORE, after=AFTER).savings
        assert not isinstance(found, Unknown)
        assert found.cost == 10_000 + more


def test_person_years() -> None:
    """A hundred insured over 730 days are two hundred person-years of 365 days."""
    before = Period("2022-01-01", "2024-01-01")
    found = evaluate(served_of(*area((5, 3))), OTHERS, before=before, after=AFTER)
    assert found.served.before == ((5, Fraction(200)),)
    assert found.served.after == ((3, Fraction(100)),)


def test_missing_money_is_unknown() -> None:
    """No spend: no net. No table of benefits of somebody with cases: no savings. A negative spend is refused."""
    served = served_of(*area((9, 2), (9, 3)))
    found = evaluate(served, OTHERS, before=BEFORE, after=AFTER).savings
    assert not isinstance(found, Unknown)
    net = found.net
    assert isinstance(net, Unknown)
    assert net.codes == ("missing:spend",)
    silent = [*OTHERS, records("O-x", 2, 2, benefit=None)]
    lost = evaluate(served, silent, before=BEFORE, after=AFTER, spend=1).savings
    assert isinstance(lost, Unknown)
    assert lost.codes == ("not_supplied:payments",)
    with pytest.raises(InputError, match="not negative"):
        evaluate(served, OTHERS, before=BEFORE, after=AFTER, spend=-1)


def test_a_mean_of_few_cases_is_not_given() -> None:
    """Nineteen cases before are too few for a mean of benefits, twenty will do."""
    for before, known in ((9, False), (10, True)):
        rest = [records("O-1", 10, 8)]
        found = evaluate(served_of(*area((before, 5))), rest, before=BEFORE, after=AFTER, spend=1).savings
        assert isinstance(found, Unknown) is not known


# What a reader must know ----------------------------------------------------------------------------------------------


def said(found: Evaluation) -> str:
    """All cautions."""
    return " ".join(one.en for one in found.cautions)


def test_cautions_fit_the_records() -> None:
    """Seasons, few cases and open decisions are spoken of where there are such, and nowhere else."""
    many = served_of(*area((9, 9), (9, 9)))
    plain = said(evaluate(many, OTHERS, before=BEFORE, after=AFTER))
    assert "lots" in plain
    assert not any(word in plain for word in ("seasons", "too few", "no decision", "left out"))
    few_days_more = Period("2022-12-28", "2024-01-01")
    assert "seasons" in said(evaluate(many, OTHERS, before=few_days_more, after=AFTER))
    for end, missed in (
        ("2025-12-29", False),
        ("2025-12-28", True),
    ):  # three days of service more or less are no season
        found = evaluate(many, OTHERS, before=BEFORE, after=Period("2025-01-01", end))
        assert ("seasons" in said(found)) is missed
    years = Period("2022-01-01", "2024-01-01"), Period("2025-01-01", "2026-01-01")
    assert "seasons" not in said(evaluate(many, OTHERS, before=years[0], after=years[1]))
    for cases, few in ((19, True), (20, False)):
        found = evaluate(served_of(*area((cases - 9, 9))), OTHERS, before=BEFORE, after=AFTER)
        assert ("too few" in said(found)) is few
    employer, history = records("E-0", 10, 10)
    open_case = InjuryCase("E-0-open", "E-0", "w-99", "2025-12-01")
    history = attrs.evolve(history, cases=[*(history.cases or ()), open_case])
    served = served_of((employer, history))
    found = evaluate(served, OTHERS, before=BEFORE, after=AFTER)
    assert "they are counted" in said(found)
    assert found.served.after[0][0] == 11
    found = evaluate(served, OTHERS, before=BEFORE, after=AFTER, dated="recognised_on")
    assert "they are not counted" in said(found)
    assert found.served.after[0][0] == 10


# Contributions --------------------------------------------------------------------------------------------------------


def test_contributions_by_the_rate_engine() -> None:
    """Both sides by the later rules and payroll; only the records differ, so an employer that got no better stays."""
    profile = ip.load_profile("cn-zj")
    days = profile.on("2024-03-01"), profile.on("2026-03-01")
    better, same = records("E-1", 9, 0, benefit="2000"), records("E-2", 0, 0)
    figures = {"industry_incidence": "0.01"}
    found = contributions_of([better, same], *days, lambda _: figures)
    assert (found.fell, found.rose, found.unchanged) == (1, 0, 1)
    assert found.summed == 2
    later = ip.rate(*better, days[1], figures).contribution, ip.rate(*same, days[1], figures).contribution
    assert isinstance(later[0], Decimal)
    assert isinstance(later[1], Decimal)
    assert found.paid_after == later[0] + later[1]
    assert isinstance(found.change, Decimal)
    assert found.change < 0
    alone = contributions_of([same], *days, lambda _: figures)
    assert alone.change == 0  # its payroll grew, and the later one stands on both sides
    with pytest.raises(InputError, match="earlier one first"):
        contributions_of([better], days[1], days[0])


def test_contributions_that_nobody_knows() -> None:
    """Without records there is no sum of nothing: unknown, and the employer is named."""
    profile = ip.load_profile("cn-zj")
    found = contributions_of([(Employer("E-1"), History())], profile.on("2024-03-01"), profile.on("2026-03-01"))
    assert isinstance(found.change, Unknown)
    assert [key for key, _ in found.unknown] == ["E-1"]


def test_whose_records_are_incomplete_is_left_out_of_every_figure_and_named() -> None:
    """Whatever its other records say: nothing is worked out on the rest of them, rates neither; the others stay."""
    profile = ip.load_profile("cn-zj")
    pairs = {
        key: records(key, *counts) for key, counts in {"A": (5, 3), "B": (40, 0), "C": (4, 4), "D": (0, 30)}.items()
    }
    why = {key: Unknown((Reason("rejected_row", "cases", Words("a row was rejected")),)) for key in ("B", "D", "E")}

    def found(served: str, others: str, lacking: dict[str, Unknown]) -> Evaluation:
        return evaluate(
            served_of(*(pairs[key] for key in served)),
            [pairs[key] for key in others],
            before=BEFORE,
            after=AFTER,
            policies=(profile.on("2024-03-01"), profile.on("2026-03-01")),
            figures=lambda _: {"industry_incidence": "0.01"},
            incomplete=lacking,
        )

    without, lacking = found("A", "C", {}), found("AB", "CD", why)
    for name in ("before_after", "differences", "regression", "net", "savings"):
        assert getattr(lacking, name) == getattr(without, name), name
    assert lacking.served.left_out == (("B", why["B"]),)
    assert lacking.others.left_out == (("D", why["D"]),)
    assert lacking.neither == (("E", why["E"]),)
    assert lacking.contributions is not None
    assert without.contributions is not None
    assert lacking.contributions.unknown == (*without.contributions.unknown, ("B", why["B"]))
    assert lacking.contributions.summed == without.contributions.summed == 1
    for part in ("Left out (served, 1): B", "Left out (not served, 1): D", "In neither group (1): E", "(rejected_row)"):
        assert part in lacking.text(), part
    assert "不属于任一组（1家）：E" in lacking.text("zh")


# The table of services ------------------------------------------------------------------------------------------------


def test_read_served(tmp_path: Path) -> None:
    """Several services of one employer count; a row that cannot be read costs its employer and no other."""
    file = tmp_path / "served.csv"
    file.write_text("单位编号,服务日期\nA,2024-03-04\nA,2024-05-06\nB,2024-02-30\nC,\nD,2024-03-04\nX,2024-03-04\n")
    found = read_served(file, ["A", "B", "C", "D"])
    assert found.days == {"A": (dt.date(2024, 3, 4), dt.date(2024, 5, 6)), "D": (dt.date(2024, 3, 4),)}
    assert {key: why.codes for key, why in found.doubtful.items()} == dict.fromkeys("BC", ("rejected_row:served",))
    assert "served.csv row 4 column 服务日期" in found.doubtful["B"].reasons[0].text("en")
    assert len(found.findings) == 3
    with pytest.raises(ReadError):
        read_served(file.with_name("none.csv"), [])


def test_the_document_reads_as_a_document() -> None:
    """Windows with their first and last days, and reasons in words; no name of a column and no sign of an interval."""
    gone = records("E-9", 1, 1)[0], History(cases=[], exposures=[Exposure("E-9", BEFORE, insured=0)])
    found = evaluate(served_of(*area((9, 9), (9, 9)), gone), OTHERS, before=BEFORE, after=AFTER)
    zh, en = found.text("zh"), found.text()
    assert f"前期{BEFORE.since}至{BEFORE.since.year}-12-31" in zh
    assert "案件按事故发生日期归期" in zh
    assert "原因：" in zh
    assert "Why: " in en
    assert "occurred_on" not in zh + en
    assert "chosen for a high rate, these" not in en
    assert "自然回落，偏低者自然回升" in zh


def test_a_spread_that_tiny_employers_hide_is_seen() -> None:
    """Of thousands of tiny employers the moments show no spread; what was to be expected goes by likelihood."""
    draw = random.Random(7)
    counts = [70, 9, *(int(draw.random() < 0.004) for _ in range(4000))]
    years = [Fraction(100), Fraction(95), *[Fraction(1, 20)] * 4000]
    by_moments = regression_to_the_mean(counts, years, [0], counts, years, method="moments")
    assert not isinstance(by_moments, Unknown)
    assert by_moments.shrinkage.prior is None
    figures = tuple(zip(counts, years, strict=True))
    ids = tuple(f"E-{n}" for n in range(len(counts)))
    group, rest = (Cohort(ids[cut], figures[cut], figures[cut], (), (0, 0)) for cut in (slice(0, 1), slice(1, None)))
    found, _ = regressions(group, rest, 0.95)
    assert not isinstance(found, Unknown)
    assert found.shrinkage.prior is not None
    assert "likelihood" in found.shrinkage.method
    assert isinstance(found.expected_change, float)
    assert found.expected_change > -0.1  # by the moments, 63 % down without any work
