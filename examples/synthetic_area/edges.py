"""Employers placed by hand on the edges of rules: exactly at a threshold, a fen or a worker to either side, and with
records that have a hole where a rule would look.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from synthetic_area.claims import worker_key
from synthetic_area.employers import Setting, contribution
from synthetic_area.figures import BASE_RATE, DIVISIONS, EDITION, OTHER_EDITION
from synthetic_area.records import Case, Record

YEARLY_WAGE: Final = 60_000
"""Wage of everybody at these employers, in yuan, so that contributions are round."""
PAYOUT_DIVISIONS: Final = ("84", "51", "13", "34", "21", "26", "10")
INCIDENCE_SIZES: Final = {"17": ((125, 1), (250, 3)), "34": ((80, 1), (160, 3)), "47": ((125, 2), (125, 3))}
"""Headcount and injuries a year at 1 and at 1.5 times the mean of the division."""


@dataclass
class Edges:
    """The hand-made employers of one area, in groups that each have a purpose."""

    setting: Setting
    next_number: int
    groups: list[tuple[str, str, list[Record]]] = field(default_factory=list)

    @property
    def records(self) -> list[Record]:
        """All of them, in the order of their ids."""
        return [record for _, _, group in self.groups for record in group]

    def group(self, english: str, chinese: str) -> None:
        """Begin a group."""
        self.groups.append((english, chinese, []))

    def plain(self, division: str = "34", heads: int = 20, since: date = date(2012, 6, 1)) -> Record:
        """An employer with nothing against it; figures of both years alike."""
        number, self.next_number = self.next_number, self.next_number + 1
        record = Record(f"{self.setting.prefix}-{number:06d}", division, EDITION, since)
        base = BASE_RATE[DIVISIONS[division].risk_class]
        for year in (self.setting.year - 1, self.setting.year):
            begin, end = max(since, date(year, 1, 1)), date(year + 1, 1, 1)
            if begin >= end:
                continue
            payroll = heads * YEARLY_WAGE * (end - begin).days // (end - date(year, 1, 1)).days
            record.exposure.append((begin, end, Decimal(heads), payroll, heads * 2000))
            record.contributions.append((begin, end, contribution(payroll, base, 100), date(year, 12, 15)))
        self.groups[-1][2].append(record)
        return record

    def injure(self, record: Record, year: int, count: int = 1, ground: str = "14.1", fatal: bool = False) -> None:
        """Injuries that both happen and are recognised in the year."""
        number = int(record.id.split("-")[1])
        for at in range(count):
            day = date(year, 2 + at % 8, 11)
            key = worker_key(number, len(record.cases) + 1)
            case = Case(key, day, day + timedelta(days=40), ground, "machinery" if ground == "14.1" else "")
            if fatal:
                case.died_on = day
            else:
                case.days_lost = 30
            record.cases.append(case)

    def pay(self, record: Record, per_cent: int, over: int = 0) -> None:
        """Pay that share of each year's contribution, for the last injury known; in the last year ``over`` fen more."""
        for since, _, amount, _ in record.contributions:
            extra = over if since.year == self.setting.year else 0
            fen = amount * per_cent // 100 + extra
            known = [case for case in record.cases if case.occurred_on.year <= since.year]
            if fen and known:
                known[-1].payments.append((date(since.year, 11, 6), fen, "medical"))


def edges(setting: Setting, first_number: int) -> Edges:
    """All groups of one area."""
    found = Edges(setting, first_number)
    _payouts(found)
    _incidences(found)
    _newcomers(found)
    _certificates(found)
    _special_cases(found)
    _holes(found)
    _odd_shapes(found)
    return found


def _payouts(found: Edges) -> None:
    found.group(
        "payout ratio of both years at 50, 100 and 150 %, in the last year a fen below, at and above; no injury since",
        "两个年度支缴率恰为50%、100%、150%，末年另有少一分、恰好、多一分三种；其后无工伤",
    )
    for division in PAYOUT_DIVISIONS:
        for per_cent in (50, 100, 150):
            for over in (-1, 0, 1):
                record = found.plain(division)
                found.injure(record, found.setting.year - 2)
                found.pay(record, per_cent, over)


def _incidences(found: Edges) -> None:
    found.group(
        "incidence of both years at exactly 1 and 1.5 times the industry mean, with payouts of 0, 30, 50, 75 and 100 %",
        "两个年度工伤发生率恰为同行业平均的1倍、1.5倍，支缴率分别为0、30%、50%、75%、100%",
    )
    years = (found.setting.year - 1, found.setting.year)
    for division, sizes in INCIDENCE_SIZES.items():
        for heads, injuries in sizes:
            for per_cent in (0, 30, 50, 75, 100):
                record = found.plain(division, heads)
                for year in years:
                    found.injure(record, year, injuries)
                found.pay(record, per_cent)
    found.group(
        "as before at 30 %, with one worker more (just below the multiple) and one fewer (just above)",
        "同上（支缴率30%），多一名职工（略低于该倍数）或少一名职工（略高于该倍数）",
    )
    for division, sizes in INCIDENCE_SIZES.items():
        for heads, injuries in sizes:
            for other in (heads + 1, heads - 1):
                record = found.plain(division, other)
                for year in years:
                    found.injure(record, year, injuries)
                found.pay(record, 30)
    found.group(
        "one worker injured twice in the year: one person, two person-times (1 and 2 times the mean of 17)",
        "同一职工一年内两次工伤：一人、两人次（分别为17类平均的1倍、2倍）",
    )
    record = found.plain("17", 125)
    found.injure(record, found.setting.year, 2)
    record.cases[1].worker = record.cases[0].worker
    found.pay(record, 0)


def _newcomers(found: Edges) -> None:
    found.group(
        "insured for 12 or 24 months at the end of the data, a day less, a day more; payout 0, then above 150 %",
        "数据截止时参保恰满12个月、24个月，或差一天、多一天；支缴率为0，及高于150%",
    )
    year = found.setting.year
    for per_cent in (0, 160):
        for since in (date(year, 1, 1), date(year - 1, 1, 1)):
            for shift in (-1, 0, 1):
                record = found.plain("51", 40, since + timedelta(days=shift))
                if per_cent:
                    found.injure(record, year - 1 if record.since < date(year - 1, 2, 1) else year)
                    found.pay(record, per_cent)


def _certificates(found: Edges) -> None:
    found.group(
        "standardisation certificates that end on the day after the data, a day later, or begin on the last day; "
        "grades 1 and 2; payout 100 % and a fen more",
        "安全生产标准化证书于数据截止次日到期、晚一天到期、或末日生效；一级、二级；支缴率100%及多一分",
    )
    end = found.setting.end
    for grade in (1, 2):
        for since, until in (
            (end.replace(year=end.year - 3), end),
            (end.replace(year=end.year - 3, day=2), end.replace(day=2)),
            (end - timedelta(days=1), date(end.year + 2, 12, 31)),
        ):
            for over in (0, 1):
                record = found.plain("33", 30)
                record.recognitions.append(("standardisation", grade, since, until))
                found.injure(record, found.setting.year - 2)
                found.pay(record, 100, over)


def _special_cases(found: Edges) -> None:
    year = found.setting.year
    found.group(
        "a death and nothing paid yet: work accident, commuting, sudden illness (15.1)",
        "有死亡而尚未支付待遇：工作事故、上下班途中、突发疾病（第十五条第一项）",
    )
    for ground in ("14.1", "14.6", "15.1"):
        record = found.plain("34", 400)
        found.injure(record, year, 1, ground, fatal=True)
    found.group(
        "injuries and payout above every threshold, from one ground alone: commuting, sudden illness, disease, rescue",
        "工伤发生率与支缴率均超过各档，但只来自一种情形：上下班途中、突发疾病、职业病、抢险救灾",
    )
    for ground in ("14.6", "15.1", "14.4", "15.2"):
        record = found.plain("34", 40)
        found.injure(record, year, 2, ground, fatal=ground == "15.1")
        found.pay(record, 0, 50_000_00)
    found.group(
        "clean but for one recorded event: benefit fraud, false facts, arrears (open, and settled), under-declaring, "
        "joint punishment",
        "除一项记录外均无不良：骗取待遇、提供虚假事实或材料、欠缴（未结、已结）、少报工资、联合惩戒",
    )
    for kind, until in (
        *(("benefit_fraud", None), ("false_facts", None), ("arrears", None), ("arrears", date(year, 9, 1))),
        *(("under_declaring", None), ("joint_punishment", date(year + 2, 6, 3))),
    ):
        found.plain("33", 50).events.append((kind, date(year, 6, 3), until))


def _holes(found: Edges) -> None:
    year = found.setting.year
    found.group(
        "divisors of zero: nobody insured in the last year; nothing contributed though something was paid; neither",
        "除数为零：末年无参保人员；有支付而无缴费；两者皆无",
    )
    idle, unpaid, nothing = found.plain("52", 5), found.plain("52", 5), found.plain("52", 5)
    found.injure(unpaid, year - 1)
    found.pay(unpaid, 120)
    for record in (idle, nothing):
        since, until, _, _, _ = record.exposure[-1]
        record.exposure[-1] = (since, until, Decimal(0), 0, 0)
    for record in (idle, unpaid, nothing):
        since, until, _, _ = record.contributions[-1]
        record.contributions[-1] = (since, until, 0, None)
    found.group(
        "figures missing in the last year: no exposure row, no contribution row, headcount left empty",
        "末年缺数据：无参保人数行、无缴费行、参保人数为空",
    )
    found.plain("52", 8).exposure.pop()
    found.plain("52", 8).contributions.pop()
    record = found.plain("52", 8)
    since, until, _, payroll, hours = record.exposure[-1]
    record.exposure[-1] = (since, until, None, payroll, hours)


def _odd_shapes(found: Edges) -> None:
    found.group("labour dispatch, in the class of the industry that uses the workers", "劳务派遣单位，按用工行业定类")
    for risk_class in (3, 4, 6):
        record = found.plain("72", 150)
        record.kind, record.risk_class = "labour_dispatch", risk_class
    found.group(
        "industry given by the edition of 2017, whose codes after 79 are shifted by one",
        "行业按2017版编码，79以后各码后移一位",
    )
    for code in ("79", "80", "83", "97"):
        record = found.plain("72", 12)
        record.division, record.edition = code, OTHER_EDITION
    found.group(
        "exposure and contributions by the month in the last year, with headcounts that rise or fall",
        "末年按月填报参保与缴费，人数逐月增减",
    )
    year = found.setting.year
    for first, step in ((12, 1), (40, -2), (96, 3), (9, 0), (200, -7), (31, 1)):
        record = found.plain("34", first)
        record.exposure.pop()
        record.contributions.pop()
        for month in range(1, 13):
            since = date(year, month, 1)
            until = date(year + month // 12, month % 12 + 1, 1)
            heads = first + step * (month - 1)
            payroll = heads * YEARLY_WAGE // 12
            record.exposure.append((since, until, Decimal(heads), payroll, heads * 168))
            paid = contribution(payroll, BASE_RATE[4], 100)
            record.contributions.append((since, until, paid, date(year, month, 20)))
