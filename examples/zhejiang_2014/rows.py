"""Every row of the opinion: its target, its principles, its seven measures, each with what carries it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction

import attrs
from programme_rows import Row, lakeside

import injuryprev as ip
from injuryprev import Unknown, Words
from injuryprev.measures import assess, enforcement_list, focus, gather, priority, series_of, target
from injuryprev.model import FundYear, InjuryCase, MediaPiece, PlaceCheck
from injuryprev.prevention import judge_year
from injuryprev.prevention.joint import (
    bulletin,
    checklist,
    conferences,
    deliveries,
    inspection_list,
    listed,
    mechanism,
    outstanding,
    states,
)
from injuryprev.units import shown
from injuryprev.words import Lang
from zhejiang_2014.work import (
    AGREED,
    CHECKS,
    CONFERENCE,
    CREDIT,
    CUP,
    DANGERS,
    LISTINGS,
    NOTIFICATION,
    ONE,
    PENALTY,
    PUBLICITY,
    SERVICES,
    TWO,
    YEAR,
)

ISSUED = "2014-01-03"
NEW_YEAR = dt.date(2025, 1, 1)
RATES = ip.load_profile("cn-zj").on(ISSUED)
FUND = ip.load_profile("cn-zj-prevention").on(ISSUED)


def cases() -> list[InjuryCase]:
    """All cases of Lakeside."""
    return [case for _, history in lakeside() for case in history.cases or ()]


def targets() -> Mapping[str, str]:
    """The target: coverage, incidence, and low incidence with low rates, for which no figure is given."""
    incidence, coverage = target("zhejiang-2016-incidence"), target("zhejiang-2016-coverage")
    rates = target("zhejiang-2016-low-rates")
    assert incidence.aim.below is not None
    assert coverage.aim.at_least is not None
    return {
        "incidence below": f"{shown(incidence.aim.below * 100)} %",
        "coverage": f"{shown(coverage.aim.at_least * 100)} %",
        "due": str(incidence.due),
        "low rates": "unknown" if rates.aim.unknown else "given",
    }


def as_if_at_lakeside(lang: Lang = "en") -> str:
    """The same aim, as if it were due at Lakeside at the end of 2024: with its figures and what chance allows."""
    aim = attrs.evolve(
        target("zhejiang-2016-incidence"),
        due=dt.date(2024, 12, 31),
        place=Words("Lakeside (made up)", "湖畔（虚构）"),
        title=Words("average incidence below 1 %, as if due in 2024", "平均工伤发生率控制在1%以下，假设2024年到期"),
    )
    insured = Fraction(0)
    for unit in gather(lakeside(), by="employer", window=YEAR):
        assert isinstance(unit.exposure, Fraction)
        insured += unit.exposure
    return assess(aim, series_of(aim, cases(), [2024], exposure={2024: insured}), on=NEW_YEAR).text(lang)


def prevention_first() -> Mapping[str, str]:
    """Hidden-danger screening: what was found, by when it is to be right, what is late."""
    found = states(DANGERS, NEW_YEAR)
    return {"hidden dangers": f"{found['closed']} in time, {found['overdue']} overdue"}


def employer_answers() -> Mapping[str, str]:
    """The record of one employer: its checks, item by item, and its cases."""
    record = checklist(ONE, CHECKS, NEW_YEAR)
    [history] = [history for employer, history in lakeside() if employer.id == ONE]
    return {
        "checks at one employer": str(sum(isinstance(one, PlaceCheck) for one in record.items.values())),
        "its record of cases": "kept" if history.cases is not None else "unknown",
    }


def fit_the_place() -> Mapping[str, str]:
    """Focus: industries, enterprises, groups of people, trades and posts, where injuries concentrate."""

    def group(case: InjuryCase) -> str:
        return "on the way to work" if case.ground is not None and case.ground.key == "14.6" else "at work"

    area = lakeside()
    ranked = [
        ("industries", focus(gather(area, by="industry", window=YEAR))),
        ("enterprises", focus(gather(area, by="employer", window=YEAR))),
        ("groups of people", focus(gather(area, by=group, window=YEAR), criterion="burden")),
        ("trades", focus(gather(area, by="trade", window=YEAR), criterion="burden")),
        ("posts", focus(gather(area, by="post", window=YEAR), criterion="burden")),
    ]
    return {name: "ranked" if found.ranked else "nothing to rank" for name, found in ranked}


def joint_action() -> Mapping[str, str]:
    """Measure 1: who acts together, meetings, notification, trends, inspections and what comes of them."""
    found = mechanism("zhejiang")
    assert not isinstance(found.members, Unknown)
    area = lakeside()
    told = bulletin(area, period=YEAR, unknown="leave out", place="Lakeside", on=NEW_YEAR)
    visits = inspection_list(
        NEW_YEAR, focus=focus(gather(area, by="employer", window=YEAR)),
        enforcement=enforcement_list(cases(), priority("zhejiang-2014")), dangers=DANGERS, listings=LISTINGS, top=5,
    )  # fmt: skip
    return {
        "bodies": ", ".join(member.id for member in found.members),
        "regular joint conference": f"{len(conferences(CONFERENCE, YEAR))} sittings",
        "notify each other": f"{len(deliveries(NOTIFICATION, [], period=YEAR, on=NEW_YEAR))} due",
        "accident trends": "bulletin" if told.groups else "none",
        "joint inspections": "list" if visits and visits[0].grounds else "none",
        "follow-up": f"{len(outstanding([AGREED], NEW_YEAR))} measure open",
    }


def floating_rates() -> Mapping[str, str]:
    """Measure 2: the indicators are named, the thresholds are not; a rate is refused with that reason."""
    rated = RATES.evaluate(risk_class=2, contributions=100_000, benefits=40_000, injuries=1, insured=100, deaths=0)
    rate = rated["rate"]
    assert isinstance(rate, Unknown)
    words = rate.reasons[0].words.en
    named = ("payout ratio", "incidence", "harmonious-relations model unit", "standardisation")
    return {"appraised": ", ".join(one for one in named if one in words), "thresholds": rate.codes[0]}


def enforcement() -> Mapping[str, str]:
    """Measure 3: whom to supervise above all, with the reasons; penalties and safety credit as recorded events."""
    rule = priority("zhejiang-2014")
    rows = enforcement_list(cases(), rule)
    return {
        "above all": ", ".join(rule.criteria),
        "reasons shown": "yes" if rows and all(row.reasons for row in rows) else "no",
        "penalties": f"{PENALTY.kind} on {PENALTY.on}",
        "safety-credit constraint": CREDIT.kind,
    }


def services() -> Mapping[str, str]:
    """Measure 4: services delivered and to how many, the contest and what it gives."""
    return {
        "services": ", ".join(service.kind for service in SERVICES),
        "to": f"{len(frozenset[str]().union(*(service.employers or () for service in SERVICES)))} employers",
        "contest": f"{CUP.kind}, valid to {CUP.awards[0].period.until}",
    }


def responsibility() -> Mapping[str, str]:
    """Measure 5: the four in place, the head and the organisation, with evidence and date."""
    seen, other = checklist(ONE, CHECKS, NEW_YEAR), checklist(TWO, CHECKS, NEW_YEAR)
    looked = [one for one in seen.items.values() if isinstance(one, PlaceCheck)]
    return {
        "items": ", ".join(seen.items),
        "four in place": str(seen.four_in_place),
        "evidence and date": "each" if all(one.evidence and one.on for one in looked) else "missing",
        "where nobody looked": "unknown" if isinstance(other.four_in_place, Unknown) else "known",
    }


def money() -> Mapping[str, str]:
    """Measure 6: expenses earmarked for prevention; only national pilot cities may charge them to the fund."""
    year = FundYear("Lakeside", 2014, 300_000)

    def said(**given: bool) -> str:
        judged = judge_year(attrs.evolve(year, figures=given), FUND)
        stopped = [one for one in judged.objections if one.rule == "may_charge"]
        if not stopped:
            return "may"
        return "unknown" if stopped[0].unknown is not None else "refused"

    return {
        "earmarked": f"{year.budget:,} in {year.year}",
        "a pilot": said(pilot_area=True),
        "no pilot": said(pilot_area=False),
        "not said": said(),
    }


def climate() -> Mapping[str, str]:
    """Measure 7: media, exemplars, exposure; each entry with its grounds and its expiry."""
    media = [one.medium for one in PUBLICITY.channels if isinstance(one, MediaPiece)]
    on_lists = listed(LISTINGS, NEW_YEAR)
    return {
        "mainstream media": ", ".join(media),
        "lists": ", ".join(one.list for one in on_lists),
        "grounds and expiry": "each" if all(one.grounds and one.period.until for one in on_lists) else "missing",
        "when they expire": f"{len(listed(LISTINGS, dt.date(2025, 12, 1)))} left",
    }


_SERVICES = "double_care, standardisation, hazard_testing, hazard_evaluation, health_checks, ankang_cup, self_running"
_ITEMS = "investment, training, basic_management, emergency_rescue, responsible_head, organisation"
_PLACES = ("industries", "enterprises", "groups of people", "trades", "posts")
ROWS = (
    Row("target", Words("target", "目标"),
        {"incidence below": "1 %", "coverage": "100 %", "due": "2016-12-31", "low rates": "unknown"}, targets),
    Row("prevention_first", Words("principle: prevention first", "原则：预防为主"), {}, prevention_first,
        {"hidden dangers": "1 in time, 1 overdue"}),
    Row("employer_answers", Words("principle: the employer answers for it", "原则：单位负责"), {}, employer_answers,
        {"checks at one employer": "6", "its record of cases": "kept"}),
    Row("fit_the_place", Words("principle: fit the place", "原则：因地制宜"), {}, fit_the_place,
        dict.fromkeys(_PLACES, "ranked")),
    Row("joint_action", Words("1 joint action", "一、工作联动"),
        {"bodies": "hrss, health, safety, unions"}, joint_action,
        {"regular joint conference": "4 sittings", "notify each other": "4 due", "accident trends": "bulletin",
         "joint inspections": "list", "follow-up": "1 measure open"}),
    Row("floating_rates", Words("2 floating rates", "二、浮动费率"),
        {"appraised": "payout ratio, incidence, harmonious-relations model unit, standardisation",
         "thresholds": "not_known:appraised_move"}, floating_rates),
    Row("enforcement", Words("3 enforcement", "三、监督执法"),
        {"above all": "injuries, disease_cases, injured_workers, severe"}, enforcement,
        {"reasons shown": "yes", "penalties": "administrative_penalty on 2024-11-25",
         "safety-credit constraint": "joint_punishment"}),
    Row("services", Words("4 services", "四、服务"), {"services": _SERVICES}, services,
        {"to": "2 employers", "contest": "ankang_cup, valid to 2025-12-01"}),
    Row("responsibility", Words("5 responsibility", "五、落实责任"), {"items": _ITEMS}, responsibility,
        {"four in place": "False", "evidence and date": "each", "where nobody looked": "unknown"}),
    Row("money", Words("6 money", "六、经费"), {"a pilot": "may", "no pilot": "refused", "not said": "unknown"}, money,
        {"earmarked": "300,000 in 2014"}),
    Row("climate", Words("7 climate", "七、氛围"), {}, climate,
        {"mainstream media": "newspaper, television, radio", "lists": "exemplar, exposed",
         "grounds and expiry": "each", "when they expire": "0 left"}),
)  # fmt: skip
