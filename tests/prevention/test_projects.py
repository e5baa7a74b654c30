"""The life of a project: who may take which step, what stands against it, and that nothing is changed on the way."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import injuryprev as ip
from injuryprev.model import Ban, Entry, Goal, PreventionProject
from injuryprev.model.objection import Objection
from injuryprev.prevention import (
    Criterion,
    Ledger,
    MemoryStore,
    Move,
    ReviewSheet,
    advance,
    bar,
    due_on,
    is_overdue,
    payment,
    read_procedure,
    shipped,
)
from injuryprev.prevention.checking import check_project

POLICY = ip.load_profile("cn-prevention").on("2025-10-01")
AFTER = ip.load_profile("cn-prevention").on("2027-01-01", beyond="last-known")
PAPERS = {"has_plan": True, "has_goals": True}
GOALS = (Goal("pass_rate", "at_least", "0.9"), Goal("satisfaction", "above", "0.85"))
COURSE: list[tuple[str, str, dict[str, Any]]] = [
    ("check", "2025-09-20", {}),
    ("review", "2025-10-10", {}),
    ("select", "2025-10-31", {}),
    ("announce", "2025-11-05", {"selection_announced": True}),
    (
        "procure",
        "2025-12-01",
        {
            "provider": "V-1",
            "implementer": "third_party",
            "chosen_route": "procurement",
            "procurement_threshold": 50_000,
            "provider_months": 24,
            "provider_has_means": True,
        },
    ),
    ("agree", "2026-01-10", {"agreement_on_file": True}),
    ("start", "2026-01-15", {}),
    ("report", "2026-06-01", {}),
    ("evaluate", "2026-12-01", {"evaluator": "proposer", "report_on_file": True}),
    ("accept", "2026-12-10", {}),
    ("settle", "2026-12-20", {}),
    ("close", "2027-01-31", {"fee_use_announced": True}),
]
MEASURED = {"pass_rate": "0.9", "satisfaction": "0.8501"}


def plan(**more: Any) -> PreventionProject:
    """A lawful proposal of an association."""
    words: dict[str, Any] = {"proposer": "association", "use": "training", "amount": 80_000, "months": 12}
    words |= {"submitted_on": "2025-09-15", "score": 80, "figures": PAPERS} | more
    return PreventionProject(ip.Proposal("P-1", **words), 2026, goals=GOALS, called_until="2025-09-30")


def take(project: PreventionProject, step: str, on: str, figures: dict[str, Any], **more: Any) -> Move:
    """A step with what it needs."""
    given: dict[str, Any] = {"bans": ()} | ({"measured": MEASURED} if step == "accept" else {}) | more
    rules = POLICY if on < "2027" else AFTER
    return advance(project, step, on, rules, figures=figures, **given)


def at(state: str, project: PreventionProject | None = None) -> PreventionProject:
    """The project in a state of its usual course."""
    project = project or plan()
    done = [event.step for event in project.events]
    for step, on, figures in COURSE[len(done) :]:
        if project.state == state:
            return project
        move = take(project, step, on, figures)
        assert move.done, (step, [str(one) for one in move.objections])
        project = move.project
    assert project.state == state
    return project


def against(move: Move) -> list[str]:
    """Which rules stand against it; nothing happened then."""
    assert move.event is None or not move.objections
    assert move.done == (not move.objections)
    return [one.rule for one in move.objections]


def test_the_whole_course() -> None:
    """From the proposal to the publication of its use; every step is kept with its day and its figures."""
    project = at("closed")
    assert [event.step for event in project.events] == [step for step, _, _ in COURSE]
    assert project.facts["provider"] == "V-1"
    assert project.facts["goals_met"] is True
    assert project.events[0].judged_by == ("cn-prevention", POLICY.version, "2025-10-01")
    assert shipped().open_steps("closed") == {}


BAD: list[tuple[str, dict[str, Any], str, str]] = [
    ("proposed", {"months": 30}, "term_allowed", "第九条"),
    ("proposed", {"submitted_on": "2025-10-01"}, "proposal_in_time", "by 2025-09-30"),
    ("proposed", {"use": "health_check"}, "use_allowed", "publicity, training"),
    ("proposed", {"proposer": "small_employer"}, "proposer_allowed", "第八条"),
    ("proposed", {"figures": {"has_plan": True, "has_goals": False}}, "papers_complete", "第八条"),
    ("reviewed", {"on": "2025-11-01"}, "selected_in_time", "by 2025-10-31"),
    ("selected", {"selection_announced": False}, "selection_published", "第九条"),
    ("announced", {"provider_months": 12}, "provider_experienced", "24 months"),
    ("announced", {"provider_has_means": False}, "provider_equipped", "第十一条"),
    ("announced", {"chosen_route": "negotiated"}, "route_fits", "government procurement or tender"),
    ("procured", {"agreement_on_file": False}, "agreement_filed", "第十条"),
    ("running", {"evaluator": "experts"}, "evaluator_fits", "the proposer"),
    ("evaluated", {"measured": {"pass_rate": "0.8999", "satisfaction": "0.9"}}, "goals_reached", "第十二条"),
    ("evaluated", {"measured": {"pass_rate": "0.9", "satisfaction": "0.85"}}, "goals_reached", "第十二条"),
    ("settled", {"fee_use_announced": False}, "fee_use_published", "第十三条"),
]


@pytest.mark.parametrize(("state", "change", "rule", "named"), BAD)
def test_what_the_law_forbids_is_refused_with_what_would_do(
    state: str, change: dict[str, Any], rule: str, named: str
) -> None:
    """A project of 30 months, a provider of one year, a proposal after the deadline … each names rule and source."""
    place = {"running": "evaluate", "evaluated": "accept"}.get(state) or next(iter(shipped().open_steps(state)))
    step, on, figures = next(one for one in COURSE if one[0] == place)
    if state == "proposed":
        words = {"proposer": "association"} | change
        move = take(plan(**words), "check", max(on, str(words.get("submitted_on", on))), {})
    else:
        told = {name: value for name, value in change.items() if name not in ("on", "measured")}
        more = {name: change[name] for name in ("measured",) if name in change}
        move = take(at(state), step, change.get("on", on), figures | told, **more)
    assert against(move) == [rule]
    assert named in move.objections[0].text("en")
    assert "人社部规〔2017〕13号" in move.objections[0].text("zh")
    assert move.project.state == state


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(shipped().states)), st.sampled_from(sorted(shipped().steps)))
def test_no_step_out_of_turn(state: str, step: str) -> None:
    """A step is taken in the states that it names and in no other, whatever else is told."""
    usual = {"refused": "check", "stopped": "start"}
    if state in usual:
        before = at("complete" if state == "refused" else "running")
        name = "refuse" if state == "refused" else "stop"
        project = take(before, name, "2026-07-01", {"grounds": "for a test"}).project
    else:
        project = at(state)
    assert project.state == state
    known = {name: (on, figures) for name, on, figures in COURSE}
    _, figures = known.get(step, ("", {"grounds": "for a test"}))
    move = take(project, step, "2027-06-01", figures)
    assert ("order" in [one.rule for one in move.objections]) == (state not in shipped().steps[step].from_)
    if move.done:
        assert move.project.state == shipped().steps[step].to
        assert move.project.events[:-1] == project.events


def test_a_step_does_not_come_before_the_one_before_it() -> None:
    """Nor before the proposal."""
    assert against(take(plan(), "check", "2025-09-14", {})) == ["order"]
    assert "order" in against(take(at("agreed"), "start", "2026-01-09", {}))


def test_what_is_not_told_is_unknown() -> None:
    """A goal not measured, a list of bans not supplied, a provider not named: none of them passes for fine."""
    unmeasured = take(at("evaluated"), "accept", "2026-12-10", {}, measured={"pass_rate": 1})
    assert against(unmeasured) == ["goals_reached"]
    assert unmeasured.objections[0].unknown is not None
    missed = take(at("evaluated"), "accept", "2026-12-10", {}, measured={"pass_rate": 0})
    assert missed.objections[0].unknown is None
    procure = next(figures for step, _, figures in COURSE if step == "procure")
    unlisted = take(at("announced"), "procure", "2025-12-01", procure, bans=None)
    assert against(unlisted) == ["provider_not_barred"]
    assert unlisted.objections[0].unknown is not None
    assert take(at("announced"), "procure", "2025-12-01", procure, bans=None, despite=["provider_not_barred"]).done
    nameless = {name: value for name, value in procure.items() if name != "provider"}
    assert "provider" in against(take(at("announced"), "procure", "2025-12-01", nameless))
    assert "score" in against(take(at("complete", plan(score=None)), "review", "2025-10-10", {}))


def test_goals_are_measured_not_asserted() -> None:
    """Nobody says that they were met."""
    with pytest.raises(ip.InputError, match="measured, not asserted"):
        take(at("evaluated"), "accept", "2026-12-10", {"goals_met": True})
    with pytest.raises(ip.UnknownNameError, match="did you mean 'pass_rate'"):
        take(at("evaluated"), "accept", "2026-12-10", {}, measured={"pas_rate": 1})


def test_names_that_nothing_answers_to() -> None:
    """Steps and figures, with the nearest."""
    with pytest.raises(ip.UnknownNameError, match="did you mean 'procure'"):
        take(plan(), "procur", "2025-09-20", {})
    with pytest.raises(ip.UnknownNameError, match="did you mean 'has_plan'"):
        take(plan(), "check", "2025-09-20", {"has_plans": True})


def test_a_bad_provider_is_barred_for_three_years() -> None:
    """To the day, by the measures; before them nothing is known of bans."""
    ban = bar("V-1", "2022-12-02", POLICY, "lessons not held")
    assert isinstance(ban, Ban)
    assert ban.period == ip.Period("2022-12-02", "2025-12-02")
    assert "人社部规〔2017〕13号" in ban.source.zh
    procure = next(figures for step, _, figures in COURSE if step == "procure")
    refused = take(at("announced"), "procure", "2025-12-01", procure, bans=[ban])
    assert against(refused) == ["provider_not_barred"]
    assert take(at("announced"), "procure", "2025-12-02", procure, bans=[ban]).done
    unknown = bar("V-1", "2016-01-01", ip.load_profile("cn-prevention").on("2016-01-01"), "lessons not held")
    assert isinstance(unknown, ip.Unknown)


@pytest.mark.parametrize(
    ("implementer", "amount", "route"),
    [
        ("proposer", 80_000, "direct_agreement"),
        ("third_party", "49999.99", "negotiated"),
        ("third_party", 50_000, "procurement"),
    ],
)
def test_the_route_by_amount(implementer: str, amount: Any, route: str) -> None:
    """By agreement below the place's threshold, procurement from it on; a stricter route is lawful."""
    figures = next(figures for step, _, figures in COURSE if step == "procure")
    project = at("announced", plan(amount=amount))
    for chosen, lawful in ((route, True), ("public_tender", implementer != "proposer"), ("department_run", False)):
        move = take(project, "procure", "2025-12-01", figures | {"implementer": implementer, "chosen_route": chosen})
        assert move.done is lawful


def test_regions_have_their_days_and_their_demands() -> None:
    """Hubei's end of August, Quanzhou's figures, Jiangxi's level, Tianjin's forms, Shenzhen's sheet."""
    hubei = ip.load_profile("cn-hb-prevention").on("2025-10-01")
    late = advance(plan(submitted_on="2025-09-01"), "check", "2025-09-20", hubei)
    assert late.objections[0].lawful.en == "by 2025-08-31"
    assert advance(plan(submitted_on="2025-08-31", proposer="small_employer"), "check", "2025-09-20", hubei).done
    jiangxi = ip.load_profile("cn-jx-prevention").on("2025-10-01")
    split = advance(plan(), "check", "2025-09-20", jiangxi, figures={"common_risk": True, "city_level": False})
    assert against(split) == ["run_level_fits"]
    tianjin = ip.load_profile("cn-tj-prevention").on("2025-10-01")
    other = {"acceptance_form": "other"}
    formless = advance(at("evaluated"), "accept", "2026-12-10", tianjin, measured=MEASURED, figures=other)
    assert against(formless) == ["acceptance_form_fits"]
    quanzhou = ip.load_profile("cn-fj-quanzhou-prevention").on("2026-12-01", beyond="last-known")
    reached: dict[str, Any] = {"satisfaction": Decimal("0.86"), "pass_rate": Decimal("0.9")}
    reached |= {"production_injuries_before": 90}
    for injuries, done in ((27, True), (28, False)):
        told = reached | {"production_injuries": injuries}
        move = advance(at("evaluated"), "accept", "2026-12-10", quanzhou, measured=MEASURED, figures=told)
        assert move.done is done
    shenzhen = ip.load_profile("cn-gd-shenzhen-prevention").on("2025-10-01")
    sheet = ReviewSheet([Criterion("one", "g", 1)])
    short = advance(at("complete"), "review", "2025-10-10", shenzhen, figures=dict(sheet.figures))
    assert against(short) == ["review_sheet_fits"]
    full = ReviewSheet([Criterion(f"c_{n}", f"g_{n % 11}", 5, 4 if n < 8 else 3) for n in range(21)])
    assert full.figures == {"first_level_indicators": 11, "second_level_indicators": 21, "review_points": 71}
    assert advance(at("complete"), "review", "2025-10-10", shenzhen, figures=dict(full.figures)).done


def test_the_term_runs_from_the_start() -> None:
    """Twelve months to the day."""
    project = at("running")
    assert due_on(project) == dt.date(2027, 1, 15)
    assert not is_overdue(project, "2027-01-14")
    assert is_overdue(project, "2027-01-15")
    assert due_on(plan()) is None
    assert not is_overdue(at("accepted"), "2030-01-01")


def test_money_follows_the_project() -> None:
    """A payment rests on what happened to the project, and the books refuse it before."""
    figures = {"levy_last_year": 20_000_000, "fund_resources": 10**8, "benefits_due": 0, "reserve_due": 0}
    year = ip.FundYear("Lakeside", 2026, 600_000, figures=figures)
    books = Ledger(MemoryStore(), year, ip.load_profile("cn-prevention").on("2026-01-01"))
    books.append(Entry("budget", "2026-01-01", 600_000))
    books.append(Entry("commitment", "2026-01-12", 80_000, "P-1", "training"))
    for state, kind, allowed in (
        ("procured", "prepayment", False),
        ("agreed", "prepayment", True),
        ("agreed", "instalment", False),
        ("evaluated", "settlement", False),
        ("accepted", "settlement", True),
    ):
        entry = payment(at(state), kind, 40_000, "2026-12-31", evidence="D-1")
        assert ("condition_met" not in [one.rule for one in books.objections(entry)]) is allowed, (state, kind)
    assert payment(at("accepted"), "settlement", 1, "2026-12-31").met_on == dt.date(2026, 12, 10)
    late = payment(at("accepted"), "prepayment", 1, "2026-12-31")
    assert (late.condition, late.met_on) == ("agreement", dt.date(2026, 1, 10))


def test_projects_of_a_table_are_asked_every_demand() -> None:
    """As far as what is told goes; whether the area may charge the fund is a matter of the year."""
    policy = ip.load_profile("cn-zj-prevention").on("2014-06-01")
    figures = {"pilot_area": False, "levy_last_year": 1, "fund_resources": 1, "benefits_due": 0, "reserve_due": 0}
    year = ip.FundYear("Lakeside", 2015, 0, "2014-05-31", figures=figures)
    proposal = plan(submitted_on="2014-06-01").proposal
    answers = {answer.rule: answer for answer in check_project(proposal, policy, year=year)}
    assert answers["may_charge"].lawful is False
    assert answers["use_allowed"].lawful is True
    assert answers["term_allowed"].lawful is None
    assert {answer.rule for answer in check_project(proposal, policy, steps=["select"])} == {
        "may_charge",
        "selected_in_time",
    }
    assert all(one.lawful is None for one in check_project(proposal, policy, steps=["select"]))


def test_a_project_never_changes() -> None:
    """A step gives a new one; events that do not follow one another make none."""
    project = at("running")
    take(project, "stop", "2026-03-01", {"grounds": "the provider closed"})
    assert project.state == "running"
    with pytest.raises(ip.InputError, match="do not follow"):
        PreventionProject(project.proposal, 2026, state="running", events=project.events[::-1])
    with pytest.raises(ip.InputError, match="not the one that the last event led to"):
        PreventionProject(project.proposal, 2026, state="accepted", events=project.events)


def test_rework_leads_back() -> None:
    """What the evaluation found is put right, and evaluated again."""
    project = take(at("evaluated"), "rework", "2026-12-05", {"grounds": "two courses were not held"}).project
    assert project.state == "running"
    figures = next(figures for step, _, figures in COURSE if step == "evaluate")
    assert take(project, "evaluate", "2026-12-20", figures).project.state == "evaluated"


def test_a_step_taken_again_is_told_its_figures_again() -> None:
    """Who evaluated in December did not evaluate in January, and the grounds of one rework are none of the next."""
    grounds = {"grounds": "two courses were not held"}
    project = take(at("evaluated"), "rework", "2026-12-05", grounds).project
    assert against(take(project, "evaluate", "2026-12-20", {})) == ["evaluator", "evaluator_fits"]
    figures = next(figures for step, _, figures in COURSE if step == "evaluate")
    project = take(project, "evaluate", "2026-12-20", figures).project
    assert against(take(project, "rework", "2026-12-22", {})) == ["grounds"]
    assert take(project, "accept", "2026-12-24", {}).done


@pytest.mark.parametrize(
    ("state", "step", "told"),
    [
        ("procured", "agree", {"agreement_on_file": True, "provider": "V-9"}),
        ("running", "evaluate", {"evaluator": "experts", "implementer": "proposer"}),
        ("procured", "agree", {"agreement_on_file": True, "chosen_route": "negotiated"}),
    ],
)
def test_what_a_step_was_judged_by_stays(state: str, step: str, told: dict[str, Any]) -> None:
    """Another provider than the one that was looked at, an implementer by whom another rule holds: refused by name."""
    name = [*told][-1]
    move = take(at(state), step, "2026-12-15", told)
    assert against(move)[0] == name
    assert "as told on 2025-12-01 (procure)" in move.objections[0].lawful.en
    assert "2025-12-01，采购" in move.objections[0].lawful.zh
    same = at(state).facts[name]
    assert name not in against(take(at(state), step, "2026-12-15", told | {name: same}))


def test_a_ban_is_asked_for_at_every_step_that_it_could_stop() -> None:
    """Not barred in December says nothing of January."""
    procure = next(figures for step, _, figures in COURSE if step == "procure") | {"provider_barred": False}
    project = take(at("announced"), "procure", "2025-12-01", procure, bans=None).project
    signed = {"agreement_on_file": True}
    assert against(take(project, "agree", "2026-01-10", signed, bans=None)) == ["provider_not_barred"]
    assert take(project, "agree", "2026-01-10", signed | {"provider_barred": False}, bans=None).done


def test_what_a_project_costs_is_said_by_its_proposal_and_its_selection() -> None:
    """A smaller amount told when procuring would pass by the tender; an award that was cut is told when selected."""
    procure = next(figures for step, _, figures in COURSE if step == "procure")
    for state, step, figures in (
        ("announced", "procure", procure | {"amount": 1_000, "chosen_route": "negotiated"}),
        ("reviewed", "select", {"amount": "80000.01"}),
        ("reviewed", "select", {"amount": 79_999}),
        ("reviewed", "select", {"amount": True}),
    ):
        with pytest.raises(ip.InputError, match=r"advance figures\['amount'\]"):
            take(at(state), step, "2025-10-31" if step == "select" else "2025-12-01", figures)
    cut = at("reviewed", plan(least=40_000))
    with pytest.raises(ip.InputError, match="40000 or more, 80000 or less"):
        take(cut, "select", "2025-10-31", {"amount": "39999.99"})
    project = at("announced", take(cut, "select", "2025-10-31", {"amount": 49_999}).project)
    assert take(project, "procure", "2025-12-01", procure | {"chosen_route": "negotiated"}).done


@pytest.mark.parametrize("score", ["high", -1, True])
def test_a_score_is_a_number(score: Any) -> None:
    """A word is no score."""
    with pytest.raises(ip.InputError, match=r"advance figures\['score'\]"):
        take(at("complete"), "review", "2025-10-10", {"score": score})


# The review


def test_marks_and_their_mean() -> None:
    """Exact, half up; a missing mark is not nought, and one outside its range is refused."""
    sheet = ReviewSheet([Criterion("need", "content", 60), Criterion("money", "money", 40)])
    third: dict[str, dict[str, Any]] = {
        "R-1": {"need": 60, "money": 40},
        "R-2": {"need": 60, "money": 40},
        "R-3": {"need": 60, "money": "39.985"},
    }
    assert sheet.score(third) == Decimal("100.00")
    missing = sheet.score({"R-1": {"need": 60}, "R-2": {"need": 60, "money": None}})
    assert isinstance(missing, ip.Unknown)
    assert missing.codes == ("missing:money", "missing:money")
    assert isinstance(sheet.score({}), ip.Unknown)
    for mark in (-1, "60.01"):
        with pytest.raises(ip.InputError, match="a mark outside its range"):
            sheet.score({"R-1": {"need": mark, "money": 1}})
    with pytest.raises(ip.UnknownNameError, match="no such criterion"):
        sheet.score({"R-1": {"needs": 1}})
    for criteria in ([], [Criterion("a", "b", 1), Criterion("a", "c", 1)]):
        with pytest.raises(ip.InputError, match="criteria"):
            ReviewSheet(criteria)


# The procedure as data


def test_every_demand_of_the_procedure_is_one_of_some_profile() -> None:
    """A misspelt one would be asked of nobody."""
    profiles = [ip.load_profile(info.id) for info in ip.list_profiles() if info.id.endswith("-prevention")]
    latest = [profile.on(profile.change_dates()[-1]) for profile in profiles]
    known = {name for policy in latest for name, spec in policy.outputs.items() if spec.unit == "flag"}
    course = shipped()
    judging: list[Any] = [*course.steps.values(), *course.entries.values(), *course.corrections.values()]
    asked = {name for one in judging for name in (*one.demands, *one.also)}
    assert asked - known == set()
    assert known - asked == set()
    national = set(POLICY.outputs)
    assert {name for one in judging for name in one.demands} <= national


def test_every_state_can_be_reached_and_has_its_words() -> None:
    """From the first one; and every step has both languages."""
    course = shipped()
    reached = {course.first}
    while more := {step.to for step in course.steps.values() if reached & set(step.from_)} - reached:
        reached |= more
    assert reached == set(course.states)
    for words in [*course.states.values(), *(step.title for step in course.steps.values())]:
        assert words.en
        assert words.zh


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (('to = "complete"', 'to = "complet"'), "did you mean 'complete'"),
        (('first = "proposed"', 'first = "begun"'), "no such state"),
        (("[entries.refund]", "[entries.refunds]"), "a kind of entry that is not judged"),
        (('needs = ["score"]', 'need = ["score"]'), "did you mean 'needs'"),
    ],
)
def test_a_course_of_ones_own_is_read_strictly(change: tuple[str, str], named: str) -> None:
    """With file and place."""
    text = (files("injuryprev.prevention") / "procedure.toml").read_text(encoding="utf-8")
    assert text.count(change[0]) == 1
    with pytest.raises(ip.ProfileError) as caught:
        read_procedure(text.replace(*change).encode(), "mine.toml")
    assert named in str(caught.value)
    assert "mine.toml @ $." in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"), [("months", 12), ("use", "training"), ("proposer", "association"), ("days_late", -1)]
)
def test_no_step_is_told_another_proposal(name: str, value: Any) -> None:
    """Thirty months, and a month late: a figure of the step changes neither."""
    papers = {"has_plan": True, "has_goals": True}
    plan = ip.Proposal("P-1", "public", "other", 5, 30, "2025-10-31", 80, figures=papers)
    project = PreventionProject(plan, 2026, called_until="2025-09-30")
    rules = ip.load_profile("cn-prevention").on("2025-11-01")
    with pytest.raises(ip.InputError, match="the proposal says this"):
        advance(project, "check", "2025-11-01", rules, figures={name: value})


@pytest.mark.parametrize(
    ("state", "step", "figures", "of"),
    [
        ("proposed", "check", {"goals_met": True}, "accept"),
        ("proposed", "check", {"agreement_on_file": True}, "agree"),
        ("proposed", "check", {"evaluator": "proposer"}, "evaluate"),
        ("agreed", "start", {"report_on_file": True}, "evaluate"),
        ("running", "report", {"fee_use_announced": True}, "close"),
        ("procured", "agree", {"agreement_on_file": True, "provider_months": 1}, "procure"),
        ("procured", "agree", {"agreement_on_file": True, "procurement_threshold": 10**6}, "procure"),
        ("announced", "procure", {"grounds": "none"}, "refuse, rework, stop"),
    ],
)
def test_a_step_is_told_what_it_is_judged_by(state: str, step: str, figures: dict[str, Any], of: str) -> None:
    """What is told of another step would pass for known there, or stand beside what was looked at."""
    with pytest.raises(ip.InputError, match=f"told of {of} alone"):
        take(at(state), step, "2026-12-15", figures)


def test_a_proposal_does_not_say_how_its_steps_end() -> None:
    """Of its figures those count by which a proposal is judged."""
    project = plan(figures={"has_plan": True, "has_goals": True, "agreement_on_file": True, "fee_use_announced": True})
    signed = take(at("procured", project), "agree", "2026-01-10", {})
    assert against(signed) == ["agreement_filed"]
    assert against(take(at("settled", project), "close", "2026-12-31", {})) == ["fee_use_published"]


@pytest.mark.parametrize("kind", ["prepayment", "instalment", "settlement"])
def test_nothing_is_paid_to_a_project_that_is_over(kind: str) -> None:
    """Stopped, refused or closed: refused whatever agreement there was; what is left may be released."""
    stopped = take(at("agreed"), "stop", "2026-02-01", {"grounds": "the firm is gone"}).project
    refused = take(at("proposed"), "refuse", "2025-10-10", {"grounds": "too dear"}).project
    for project, zh in ((stopped, "因故终止"), (refused, "未确定"), (at("closed"), "已公布使用情况并结案")):
        with pytest.raises(ip.RefusedError, match="still to be paid") as caught:
            payment(project, kind, 1, "2026-03-01")
        (found,) = caught.value.objections
        assert isinstance(found, Objection)
        assert found.rule == "project_state"
        assert zh in found.text("zh")
    assert payment(at("agreed"), "prepayment", 1, "2026-03-01").condition == "agreement"


def test_what_is_left_of_a_stopped_project_is_released() -> None:
    """70 % were prepaid; the rest goes back on the stop, and on nothing before it."""
    project = at("agreed")
    figures = {"levy_last_year": 20_000_000, "fund_resources": 10**8, "benefits_due": 0, "reserve_due": 0}
    year = ip.FundYear("Lakeside", 2026, 600_000, figures=figures)
    ledger = Ledger(MemoryStore(), year, ip.load_profile("cn-prevention").on("2026-01-01"))
    ledger.append(Entry("budget", "2026-01-01", 600_000))
    ledger.append(Entry("commitment", "2026-01-12", 80_000, "P-1", "training"))
    ledger.append(payment(project, "prepayment", 56_000, "2026-01-20"))
    rest = payment(project, "release", 24_000, "2026-02-02")
    assert [one.rule for one in ledger.objections(rest)] == ["paid_before_acceptance_in_range"]
    stopped = take(project, "stop", "2026-02-01", {"grounds": "the firm is gone"}).project
    ledger.append(payment(stopped, "release", 24_000, "2026-02-02"))
    assert ledger.balances().projects["P-1"].agreed == 56_000
