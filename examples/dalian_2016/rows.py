"""Every row of the report, each with the object or computation that carries it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from programme_rows import Row, lakeside

import injuryprev as ip
from dalian_2016.work import CARAVAN, EXCHANGE, LED, SCHEDULE, TRAINING, WECHAT
from injuryprev import Unknown, Words
from injuryprev.measures import compare_rates, list_targets, target
from injuryprev.model import COURSE_KINDS, FundYear, OnlineChannel, Proposal, Screens
from injuryprev.prevention import Served, allocate, evaluate, judge_year, windows
from injuryprev.prevention.evaluation import Evaluation
from injuryprev.prevention.joint import mechanism
from injuryprev.prevention.work import reach
from injuryprev.units import shown

LAST_DAY = "2016-12-31"
FUND = ip.load_profile("cn-ln-dalian-prevention").on(LAST_DAY)
RATES = ip.load_profile("cn-ln-dalian").on(LAST_DAY)


def is_beyond_chance(cases_before: int) -> bool:
    """Whether a fall of 6.7 % is more than chance, from so many cases a year and with as many insured in both.

    The report prints neither the cases nor the insured, so nobody can say it of Dalian itself.
    """
    fall = target("dalian-2016-injuries").aim.fall
    assert fall is not None
    found = compare_rates(round(cases_before * (1 - fall)), 1, cases_before, 1)
    assert not isinstance(found, Unknown)
    return found.beyond_chance


def helped() -> Evaluation:
    """What such work would have to show: eight made-up employers served, held against the others of Lakeside."""
    area = lakeside()
    day = dt.date(2024, 1, 2)
    before, after = windows([day], dt.date(2023, 1, 1), dt.date(2025, 1, 1))
    return evaluate([Served(*pair, [day]) for pair in area[:8]], area[8:], before=before, after=after)


def result() -> Mapping[str, str]:
    """The result: a reported fall. What it fell from, and whether the work did it, is not printed."""
    reported = target("dalian-2016-injuries")
    assert reported.aim.fall is not None
    return {
        "fall": f"{shown(reported.aim.fall * 100)} %",
        "from": "the year before" if reported.baseline and reported.baseline.mean_before == 1 else "unknown",
        "kind": reported.kind,
        "by": str(reported.due),
        "cases": "unknown" if reported.baseline is not None and reported.baseline.value is None else "given",
    }


def _code(value: object) -> str:
    return f"unknown: {', '.join(value.codes)}" if isinstance(value, Unknown) else str(value)


def joint_mechanism() -> Mapping[str, str]:
    """First document: six systems, of which three are named."""
    found = mechanism("dalian")
    named = [one[0] for one in found.systems if not isinstance(one, Unknown)]
    return {
        "systems": str(len(found.systems)),
        "named": ", ".join(named),
        "not named": str(sum(isinstance(one, Unknown) for one in found.systems)),
    }


def special_expense() -> Mapping[str, str]:
    """Second document: prevention may be charged; procedure and ratio of extraction are named and not printed."""
    judged = judge_year(year(), FUND)
    return {
        "admits prevention fees": str(judged.result["may_charge"]),
        "procedure": _code(judged.result["condition_met"]),
        "extraction ratio": _ratio(),
    }


def pilot_plan() -> Mapping[str, str]:
    """Third document: aim, ratio, carrying out of projects and management of the money are named and not printed.

    Without the ratio no project can be funded, and the refusal says which figure is missing.
    """
    project = Proposal("P-1", "association", "training", 80_000, 12, "2015-09-01", 90,
                       figures={"has_plan": True, "has_goals": True})  # fmt: skip
    given = allocate([project], year(), FUND)
    [award] = given.awards
    aims = [one for one in list_targets() if one.place and one.place.en == "Dalian" and one.kind == "target"]
    rules = FUND.evaluate(months=12, contract=80_000, prepaid=40_000)
    return {
        "aim": "given" if aims else "unknown",
        "extraction ratio": _ratio(),
        "carrying out of projects": _code(rules["term_allowed"]),
        "management of the money": _code(rules["prepayment_in_range"]),
        "a project": award.outcome,
        "because": ", ".join(one.rule for one in given.objections),
    }


def year() -> FundYear:
    """A year of Lakeside's money, made up, under the rules of Dalian."""
    figures = {"levy_last_year": 20_000_000, "fund_resources": 30_000_000, "benefits_due": 15_000_000,
               "reserve_due": 1_000_000}  # fmt: skip
    return FundYear("Lakeside", 2016, 300_000, figures=figures)


def _ratio() -> str:
    return _code(FUND.evaluate(**year().figures, budget=300_000)["limit"])


def floating_rates() -> Mapping[str, str]:
    """Fourth document: its definitions were read, its thresholds were not found; a rate stays unknown."""
    rated = RATES.evaluate(risk_class=2, contributions=100_000, benefits=40_000, injuries=1, insured=100, deaths=0)
    rate = rated["rate"]
    assert isinstance(rate, Unknown)
    return {"thresholds": "unknown", "article": rate.reasons[0].source.rpartition(", ")[2]}


def caravan() -> Mapping[str, str]:
    """The caravan: the printed figures, and a schedule with its four parts."""
    stop = SCHEDULE.stops[0]
    assert stop.starts is not None
    assert CARAVAN.films is not None
    found = reach(CARAVAN)
    return {
        "days a year": str(CARAVAN.days),
        "schedule": ", ".join(
            name
            for name, value in (
                ("time", stop.starts), ("place", stop.place), ("route", stop.route), ("content", stop.content)
            )
            if value
        ),
        "districts appraised": "yes" if SCHEDULE.ranked else "no",
        "equipment": ", ".join(CARAVAN.equipment),
        "films": str(CARAVAN.films.number),
        "districts and counties": str(CARAVAN.districts),
        "consultation points": str(CARAVAN.points),
        "employers visited": str(CARAVAN.employers),
        "leaflets": str(CARAVAN.leaflets),
        "hours of film": str(CARAVAN.films.hours),
        "audience": found.person_times.text(),
        "health checks": str(CARAVAN.health_checks.heads),
    }  # fmt: skip


def training() -> Mapping[str, str]:
    """The training plan: courses a year, people in all; whether they passed is not printed."""
    assert TRAINING.central is not None
    assert TRAINING.tailored is not None
    return {
        "courses a year": str(TRAINING.central.value + TRAINING.tailored.value),
        "central": str(TRAINING.central),
        "tailored to one employer": str(TRAINING.tailored),
        "held": COURSE_KINDS["tailored"].en.rpartition(", ")[2],
        "people": reach(TRAINING).people.text(),
        "pass rate": "unknown" if isinstance(TRAINING.pass_rate, Unknown) else str(TRAINING.pass_rate),
    }


def exchange() -> Mapping[str, str]:
    """Lectures by experts from two countries on their prevention systems."""
    return {
        "experts from": ", ".join(str(one.lecturer_from) for one in EXCHANGE.lectures),
        "on": ", ".join(one.topic for one in EXCHANGE.lectures),
    }


def wechat() -> Mapping[str, str]:
    """The platform: policies, news and procedures; how often they were read is not printed."""
    [channel] = WECHAT.channels
    assert isinstance(channel, OnlineChannel)
    return {
        "policies published": str(channel.posts),
        "contents": ", ".join(channel.contents),
        "readings": "unknown" if channel.readings is None else str(channel.readings),
    }


def led() -> Mapping[str, str]:
    """Large screens: months and hours, which are not people."""
    [screens] = LED.channels
    assert isinstance(screens, Screens)
    return {
        "places": screens.places,
        "months": str(screens.months),
        "hours": str(screens.hours),
        "people": "unknown" if isinstance(reach(LED).people, Unknown) else "known",
    }


_RATIO = "unknown: not_known:cap_share"
_CARAVAN = {
    "days a year": "210",
    "schedule": "time, place, route, content",
    "districts appraised": "yes",
    "equipment": "75-inch screen, sound system, injury manikin, wall charts",
    "films": "3",
    "districts and counties": "13",
    "consultation points": "more than 350",
    "employers visited": "more than 300",
    "leaflets": "50,000",
    "hours of film": "1,500",
    "audience": "300,000",
    "health checks": "more than 1,500",
}
ROWS = (
    Row("result", Words("result", "成效"),
        {"fall": "6.7 %", "from": "the year before", "kind": "reported", "by": LAST_DAY, "cases": "unknown"}, result),
    Row("joint_mechanism", Words("document 1: joint prevention mechanism", "文件一：联动机制"),
        {"systems": "6", "named": "joint_conference, accident_bulletin, joint_inspection", "not named": "3"},
        joint_mechanism),
    Row("special_expense", Words("document 2: special-expense measures", "文件二：专项经费管理办法"),
        {"admits prevention fees": "True", "procedure": "unknown: not_known:condition_met", "extraction ratio": _RATIO},
        special_expense),
    Row("pilot_plan", Words("document 3: the pilot plan", "文件三：试点工作方案"),
        {"aim": "unknown", "extraction ratio": _RATIO, "carrying out of projects": "unknown: not_known:term_allowed",
         "management of the money": "unknown: not_known:prepayment_in_range"}, pilot_plan,
        {"a project": "none", "because": "budget_within_limit"}),
    Row("floating_rates", Words("document 4: floating-rate measures", "文件四：浮动费率管理办法"),
        {"thresholds": "unknown", "article": "第五条"}, floating_rates),
    Row("caravan", Words("caravan publicity tour", "大篷车巡回宣传"), _CARAVAN, caravan),
    Row("training", Words("thousand-person training", "千人培训"),
        {"courses a year": "8", "central": "4", "tailored to one employer": "4",
         "held": "at its premises", "people": "1,400", "pass rate": "unknown"}, training),
    Row("exchange", Words("expert exchange", "专家交流"),
        {"experts from": "Germany, Japan",
         "on": "the prevention system of Germany, the prevention system of Japan"}, exchange),
    Row("wechat", Words("WeChat platform", "微信平台"),
        {"policies published": "more than 200", "contents": "policies, news, procedures", "readings": "unknown"},
        wechat),
    Row("led", Words("LED publicity", "LED 大屏宣传"),
        {"places": "busy districts", "months": "3", "hours": "1,350", "people": "unknown"}, led),
)  # fmt: skip
