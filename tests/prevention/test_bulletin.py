"""The accident bulletin: right counts, nobody to be recognised, two formats and two languages, the command."""

from __future__ import annotations

import datetime as dt
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from injuryprev.cli.main import app
from injuryprev.errors import InputError
from injuryprev.measures.statistics import RateComparison, compare_rates
from injuryprev.measures.statistics.numeric import libraries
from injuryprev.model import Employer, Exposure, HiddenDanger, History, Industry, InjuryCase
from injuryprev.prevention.joint import GroupRow, bulletin, former_period, put_together
from injuryprev.report.bulletin import page
from injuryprev.report.page import Heading, Page, Paragraph, Table
from injuryprev.units import Period
from injuryprev.unknown import Reason, Unknown
from injuryprev.words import Words

ROOT = Path(__file__).resolve().parents[2]
YEAR = Period.year(2024)
BOTH = Period("2023-01-01", "2025-01-01")


def some(
    count: int, *, ground: str = "14.1", day: str = "2024-03-02", prefix: str = "C", grade: int | None = 9
) -> list[InjuryCase]:
    """So many cases of one kind."""
    return [
        InjuryCase(f"{prefix}{n}", "E-1", f"w-{n}", day, recognised_on=day, ground=ground, grade=grade)
        for n in range(count)
    ]


def area(*cases: InjuryCase) -> list[tuple[Employer, History]]:
    """One employer of a thousand."""
    history = History(cases=cases, exposures=[Exposure("E-1", BOTH, insured=1000, hours=4_000_000)])
    return [(Employer("E-1", Industry("06", "GB/T 4754-2017")), history)]


# Small numbers --------------------------------------------------------------------------------------------------------

tables = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=7)


@given(tables, st.integers(1, 8))
def test_no_small_count_is_shown_and_all_adds_up(counts: list[tuple[int, int]], threshold: int) -> None:
    """Every count shown is 0 or not below the threshold, the columns add up, and no row stands alone under 'others'."""
    rows = [GroupRow(Words(f"r{n}"), now, before) for n, (now, before) in enumerate(counts)]
    made = put_together(rows, threshold)
    some_ = [row for row in rows if row.now or row.before]
    if made is None:
        small = [row for row in some_ if any(0 < one < threshold for one in (row.now, row.before))]
        assert small
        return
    for row in made:
        assert all(one == 0 or one >= threshold for one in (row.now, row.before))
    assert (sum(row.now for row in made), sum(row.before for row in made)) == (
        sum(row.now for row in rows),
        sum(row.before for row in rows),
    )
    kept = [row for row in made if row in some_]
    assert len(kept) >= len(made) - 1
    if len(kept) < len(made):
        assert kept
        assert made[-1].name.en == f"others together ({len(some_) - len(kept)} groups)"
        assert len(some_) - len(kept) >= 2


@pytest.mark.parametrize(("count", "shown"), [(4, None), (5, 5), (6, 6)])
def test_the_threshold(count: int, shown: int | None) -> None:
    """Below the threshold the total is not shown, nor the rate; at it and above both are."""
    made = bulletin(area(*some(count)), period=YEAR, threshold=5)
    assert made.now == shown
    assert (made.rate is None) == (shown is None)
    assert made.before == 0
    text = page(made).markdown()
    assert ("1–4" in text) == (shown is None)


def test_a_single_case_is_not_found_by_subtraction() -> None:
    """One case of another ground goes together with the next group, so the total does not give it away."""
    cases = [*some(20), *some(7, ground="14.6", prefix="D"), *some(1, ground="14.3", prefix="F")]
    made = bulletin(area(*cases), period=YEAR)
    [by_ground] = [group for group in made.groups if group.title.en == "by ground"]
    assert by_ground.rows is not None
    assert [(row.name.en[:4], row.now) for row in by_ground.rows] == [("14.1", 20), ("othe", 8)]
    assert "14.3" not in page(made).html()


def test_a_former_period_with_few_cases_hides_its_column() -> None:
    """Where the former period has too few cases in all, the tables of this one are shown all the same."""
    cases = [*some(9), *some(8, ground="14.6", prefix="D"), *some(2, day="2023-05-02", prefix="F")]
    made = bulletin(area(*cases), period=YEAR)
    assert (made.now, made.before, made.rate_before) == (17, None, None)
    assert isinstance(made.comparison, Unknown)
    assert made.comparison.codes == ("too_few:comparison",)
    rows = made.groups[0].rows
    assert rows is not None
    assert [(row.now, row.before) for row in rows] == [(9, 0), (8, 0)]
    assert "| 9 | – |" in page(made).markdown()


def test_days_lost_go_by_their_cases() -> None:
    """Two cases that cost thousands of days are two cases: a rate of days lost is not shown for them."""
    few = [InjuryCase(f"C{n}", "E-1", f"w{n}", "2024-03-02", days_lost=900) for n in range(2)]
    more = [InjuryCase(f"C{n}", "E-1", f"w{n}", "2024-03-02", days_lost=900) for n in range(5)]
    assert bulletin(area(*few), period=YEAR, standard="gb6441.severity").rate is None
    shown = bulletin(area(*more), period=YEAR, standard="gb6441.severity")
    assert shown.rate is not None
    assert isinstance(shown.comparison, Unknown)
    assert shown.comparison.codes == ("days:comparison",)


# Counts and rates -----------------------------------------------------------------------------------------------------


@given(st.lists(st.sampled_from(["14.1", "14.6", "15.1", None]), max_size=30), st.integers(0, 30))
def test_counts_against_a_plain_count(grounds: list[str | None], split: int) -> None:
    """With a threshold of 1 every table is a plain count of the cases of its period."""
    cases = [
        InjuryCase(
            f"C{n}",
            "E-1",
            f"w{n}",
            "2024-06-01" if n < split else "2023-06-01",
            recognised_on="2024-06-30" if n < split else "2023-06-30",
            ground=ground,
            death=ground == "15.1",
        )
        for n, ground in enumerate(grounds)
    ]
    made = bulletin(area(*cases), period=YEAR, threshold=1)
    assert (made.now, made.before) == (len(cases[:split]), len(cases[split:]))
    rows = made.groups[0].rows
    assert rows is not None
    told = {row.name.en.split()[0]: (row.now, row.before) for row in rows}
    now, before = Counter(grounds[:split]), Counter(grounds[split:])
    assert told == {key or "ground": (now[key], before[key]) for key in {*now, *before}}
    deaths = [row.now for row in made.groups[2].rows or () if row.name.en == "deaths"]
    assert sum(deaths) == now["15.1"]


def test_severity_groups() -> None:
    """Grades stand in the groups of the Regulation; a death is a death whatever its grade."""
    cases = [case for grade in (1, 4, 5, 6, 7, 10, None) for case in some(1, grade=grade, prefix=f"g{grade}-")]
    cases.append(InjuryCase("X", "E-1", "w", "2024-03-02", recognised_on="2024-03-02", grade=1, death=True))
    rows = bulletin(area(*cases), period=YEAR, threshold=1).groups[2].rows
    assert {row.name.zh: row.now for row in rows or ()} == {
        "工亡": 1,
        "伤残一至四级": 2,
        "伤残五至六级": 2,
        "伤残七至十级": 2,
        "尚无伤残等级": 1,
    }


def test_the_trend_is_the_exact_comparison() -> None:
    """The two rates are compared as ``compare_rates`` does, and the sentence says what it says."""
    cases = [*some(40), *some(15, day="2023-05-02", prefix="F")]
    made = bulletin(area(*cases), period=YEAR)
    assert made.comparison == compare_rates(40, 1000, 15, 1000, per=100)
    assert isinstance(made.comparison, RateComparison)
    assert made.comparison.beyond_chance
    assert "more than chance alone would do" in page(made).markdown()
    assert "差异超出偶然波动" in page(made, "zh").markdown()
    assert "案件数较上期上升166.67%" in page(made, "zh").markdown()


def test_without_scipy_the_bulletin_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts and rates are there without SciPy; chance is said not to be judged."""
    libraries.cache_clear()
    monkeypatch.setitem(sys.modules, "scipy", None)
    try:
        made = bulletin(area(*some(40), *some(15, day="2023-05-02", prefix="F")), period=YEAR)
    finally:
        libraries.cache_clear()
    assert made.now == 40
    assert isinstance(made.comparison, Unknown)
    assert "injuryprev[stats]" in page(made).html()
    assert "无法判断" in page(made, "zh").markdown()


def test_what_is_not_known_stays_so() -> None:
    """An employer without cases makes counts and rates unknown; left out, it is counted as left out."""
    both = [*area(*some(9)), (Employer("E-2"), History())]
    made = bulletin(both, period=YEAR)
    assert isinstance(made.now, Unknown)
    assert "E-2" in made.now.text("zh")
    assert made.groups == ()
    assert made.rate is not None
    assert isinstance(made.rate.value, Unknown)
    without = bulletin(both, period=YEAR, unknown="leave out")
    assert (without.now, without.left_out) == (9, (1, 1, 1))
    assert "1 employers of the counts" in page(without).markdown()
    no_exposure = [*area(*some(9)), (Employer("E-3"), History(cases=[]))]
    assert bulletin(no_exposure, period=YEAR, unknown="leave out").left_out == (0, 1, 1)


def test_many_reasons_are_counted() -> None:
    """Of a thousand employers without exposure three are named, and how many more."""
    many = [(Employer(f"E-{n}"), History(cases=[])) for n in range(1000)]
    text = page(bulletin(many, period=YEAR)).markdown()
    assert text.count("there is no table of exposure") == 3 * 5
    assert "and 997 more" in text
    assert "另有997项" in page(bulletin(many, period=YEAR), "zh").markdown()


def test_workers_are_said_to_be_the_insured() -> None:
    """A standard over workers takes the insured, and the bulletin says so."""
    made = bulletin(area(*some(9)), period=YEAR, standard="ilo.incidence")
    assert made.insured_for_workers
    assert "以参保人数代替" in page(made, "zh").markdown()
    assert not bulletin(area(*some(9)), period=YEAR, standard="gb6441.frequency").insured_for_workers


@pytest.mark.parametrize(
    ("period", "former"),
    [
        (("2024-01-01", "2025-01-01"), ("2023-01-01", "2024-01-01")),
        (("2024-02-01", "2024-03-01"), ("2023-02-01", "2023-03-01")),
        (("2024-01-01", "2025-01-02"), ("2022-01-01", "2023-01-02")),
    ],
)
def test_former_periods(period: tuple[str, str], former: tuple[str, str]) -> None:
    """A year before for up to a year, two years before for up to two: the two never overlap."""
    assert former_period(Period(*period)) == Period(*former)


@given(st.dates(dt.date(2000, 1, 1), dt.date(2030, 1, 1)), st.integers(1, 1500))
def test_former_periods_do_not_overlap(since: dt.date, days: int) -> None:
    """Whatever the period, the former one ends when it begins or before."""
    period = Period(since, since + dt.timedelta(days=days))
    former = former_period(period).until
    assert former is not None
    assert former <= since


def test_what_bulletins_refuse() -> None:
    """No end, no threshold below 1, no dangers without a day."""
    with pytest.raises(InputError, match="without end"):
        bulletin([], period=Period("2024-01-01"))
    with pytest.raises(InputError, match="without end"):
        bulletin([], period=YEAR, former=Period("2023-01-01"))
    with pytest.raises(InputError, match="least count"):
        bulletin(area(*some(9)), period=YEAR, threshold=0)
    with pytest.raises(InputError, match="the day"):
        bulletin([], period=YEAR, dangers=[])


def test_dangers_in_the_bulletin() -> None:
    """How many dangers are open and overdue on the day."""
    late = HiddenDanger(id="D", employer_id="E-1", what="x", set_on="2024-01-02", due="2024-01-31")
    text = page(bulletin([], period=YEAR, dangers=[late], on=dt.date(2025, 1, 6)), "zh").markdown()
    assert "截至2025-01-06隐患整改情况" in text
    assert "| 逾期未完成 | 1 |" in text


# Pages ----------------------------------------------------------------------------------------------------------------

HOSTILE = "<script>alert('x')</script> & \"q\" | *a* `b` [c](d) # _e_"


class Seen(HTMLParser):
    """What a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the tag; no attribute may fetch or run anything."""
        self.tags.append(tag)
        assert not {name for name, _ in attrs} & {"src", "href", "onclick", "onload"}

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.text.append(data)


def test_html_escapes_and_stands_alone() -> None:
    """A hostile name is text and no element; nothing is fetched; the language is told."""
    blocks = (Heading(HOSTILE), Paragraph(HOSTILE), Table((HOSTILE, HOSTILE), ((HOSTILE, HOSTILE),)))
    made = Page(HOSTILE, blocks, "zh").html()
    seen = Seen()
    seen.feed(made)
    assert "script" not in seen.tags
    assert seen.text.count(HOSTILE) == 8
    assert '<html lang="zh-CN">' in made


@given(st.text(max_size=40))
def test_html_keeps_every_text(text: str) -> None:
    """Whatever the text, the page has the same elements."""
    plain, odd = Seen(), Seen()
    plain.feed(Page("t", (Paragraph("x"), Table(("a", "b"), (("c", "d"),)))).html())
    odd.feed(Page(text, (Paragraph(text), Table((text, "b"), ((text, "d"),)))).html())
    assert odd.tags == plain.tags


def test_markdown_keeps_signs_as_signs() -> None:
    """A name with bars and stars neither opens a cell nor an element."""
    table = Page("t", (Table(("a", "b"), ((HOSTILE, "1"),)),)).markdown().splitlines()[-1]
    assert table.replace("\\|", "").count("|") == 3
    assert "<script" not in table.replace("\\<", "")
    assert Page("# x", ()).markdown() == "# \\# x\n"


def test_a_bulletin_escapes_its_place() -> None:
    """The name of the area is the caller's text."""
    made = page(bulletin(area(*some(9)), period=YEAR, place=HOSTILE))
    seen = Seen()
    seen.feed(made.html())
    assert "script" not in seen.tags


# The command ----------------------------------------------------------------------------------------------------------


def run(*words: object) -> Result:
    """Run the command line."""
    return CliRunner().invoke(app, ["bulletin", *map(str, words)])


def test_the_command_writes_both_formats(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Markdown to the screen and to .md, HTML to .html, in both languages; the period is half-open."""
    monkeypatch.chdir(tmp_path)
    place = ROOT / "examples" / "lakeside_zh"
    words = (place, "--since", "2024-01-01", "--until", "2025-01-01", "--lang", "zh", "--place", "湖畔")
    said = run(*words)
    assert said.exit_code == 0, said.output
    assert "# 湖畔工伤事故通报（2024-01-01至2024-12-31）" in said.stdout
    assert run(*words, "--out", "b.md").exit_code == 0
    assert (tmp_path / "b.md").read_text(encoding="utf-8") == said.stdout
    assert run(*words, "--out", "b.html", "--standard", "cn.incidence_per_mille").exit_code == 0
    text = (tmp_path / "b.html").read_text(encoding="utf-8")
    assert text.startswith("<!DOCTYPE html>")
    assert "cn.incidence_per_mille" in text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.html", "b.md"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--year", "2024", "--out", "b.pdf"), ".md, .html"),
        (("--since", "2024-01-01"), "--until"),
        (("--year", "2024", "--standard", "cn.incidense"), "cn.incidence"),
        (("--year", "2024", "--threshold", "0"), "least count"),
        (("--year", "2024", "--standard", "gb6441.deaths_per_million_tonnes"), "do not record"),
    ],
)
def test_wrong_usage_of_the_command(
    words: tuple[str, ...], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wrong usage ends with status 1, says what would be right and writes nothing."""
    monkeypatch.chdir(tmp_path)
    done = run(ROOT / "examples" / "lakeside_zh", *words)
    assert done.exit_code == 1
    assert says in " ".join(done.output.replace("│", " ").split())
    assert list(tmp_path.iterdir()) == []


def test_rejected_rows_make_the_bulletin_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a rejected row figures would be wrong: they are unknown, and with --leave-out without its employer."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "employers.csv").write_text("id\nE1\nE2\n", encoding="utf-8")
    (tmp_path / "exposure.csv").write_text(
        "employer_id,since,until,insured\nE1,2023-01-01,2025-01-01,100\nE2,2023-01-01,2025-01-01,100\n",
        encoding="utf-8",
    )
    rows = "".join(f"C{n},E1,w{n},2024-03-02,2024-04-01,false,14.1\n" for n in range(6))
    (tmp_path / "cases.csv").write_text(
        f"id,employer_id,worker,occurred_on,recognised_on,death,ground\n{rows}X,E2,w9,2024-02-30,2024-04-01,false,14.1\n",
        encoding="utf-8",
    )
    done = run(tmp_path, "--year", "2024")
    assert done.exit_code == 2
    assert "unknown: the cases of 1 employers are not known: E2" in done.stdout
    done = run(tmp_path, "--year", "2024", "--leave-out", "--allow-rejects")
    assert done.exit_code == 0
    assert "| 2024-01-01 to 2024-12-31 | 6 |" in done.stdout


def small_area(place: Path, **changed: str) -> Path:
    """An area of two employers with six cases of the one and none of the other, and what is put in its place."""
    days = "2023-01-01,2025-01-01"
    made = {
        "employers": "id\nE1\nE2\n",
        "exposure": f"employer_id,since,until,insured\nE1,{days},100\nE2,{days},100\n",
        "cases": CASES + "".join(f"C{n},E1,w{n},2024-03-02,2024-04-01,false,14.1\n" for n in range(6)),
        **changed,
    }
    for name, text in made.items():
        (place / f"{name}.csv").write_text(text, encoding="utf-8")
    return place


CASES = "id,employer_id,worker,occurred_on,recognised_on,death,ground\n"


def test_a_case_of_nobody_is_not_passed_over(tmp_path: Path) -> None:
    """A case of an employer nobody knows leaves the totals unknown; left out, the document itself says that it is."""
    place = small_area(tmp_path)
    with (place / "cases.csv").open("a", encoding="utf-8") as file:
        file.write("C9,E9,w9,2024-05-02,2024-06-01,false,14.1\n")
    done = run(place, "--year", "2024")
    assert done.exit_code == 2
    assert "| 2024-01-01 to 2024-12-31 | unknown: a row was rejected and nobody can tell which employer" in done.stdout
    assert "cannot be stated" in done.stdout
    assert "1 of cases" in done.stdout
    left = run(place, "--year", "2024", "--leave-out", "--lang", "zh")
    assert "| 2024-01-01至2024-12-31 | 6 |" in left.stdout
    assert "案件表1行" in left.stdout


def test_a_case_said_again_is_not_lost(tmp_path: Path) -> None:
    """The same row twice is one case, and nothing is missing without the second."""
    place = small_area(tmp_path)
    with (place / "cases.csv").open("a", encoding="utf-8") as file:
        file.write("C0,E1,w0,2024-03-02,2024-04-01,false,14.1\n")
    assert "| 2024-01-01 to 2024-12-31 | 6 |" in run(place, "--year", "2024").stdout


def test_tables_that_are_not_used_do_not_matter(tmp_path: Path) -> None:
    """A bulletin needs employers, exposure and cases; whatever is wrong in another table changes no letter of it."""
    place = small_area(tmp_path)
    for more in ((), ("--leave-out",)):
        (place / "contributions.csv").unlink(missing_ok=True)
        plain = run(place, "--year", "2024", *more)
        text = "employer_id,since,until,amount\nE1,2024-13-01,2025-01-01,900\nE9,2024-01-01,2025-01-01,5\n"
        (place / "contributions.csv").write_text(text, encoding="utf-8")
        done = run(place, "--year", "2024", *more)
        assert (done.exit_code, done.stdout) == (0, plain.stdout)


def test_a_rejected_row_of_exposure_costs_the_rate_alone(tmp_path: Path) -> None:
    """The cases are all there; the rate is unknown for the row that was rejected, and for no other reason."""
    days = "2023-01-01,2025-01-01"
    place = small_area(
        tmp_path, exposure=f"employer_id,since,until,insured\nE1,{days},100\nE2,2023-01-01,2025-02-30,100\n"
    )
    done = run(place, "--year", "2024")
    assert "| 2024-01-01 to 2024-12-31 | 6 |" in done.stdout
    assert "| 2024-01-01 to 2024-12-31 | unknown: a row of this employer was rejected" in done.stdout
    assert "2025-02-30" in done.stdout
    assert "no table" not in done.stdout
    left = run(place, "--year", "2024", "--leave-out").stdout
    assert "0 employers of the counts, 1 of the rate, 1 of the former rate" in left
    assert "| 2024-01-01 to 2024-12-31 | 6 | 100 |" in left


def test_incomplete_employers_of_no_area_count_too() -> None:
    """An employer of which not even its own row could be read belongs to the area all the same."""
    why = {"E-9": Unknown((Reason("rejected_row", "employers", Words("its row was rejected")),))}
    pairs = area(*some(9))
    made = bulletin(pairs, period=YEAR, incomplete=why)
    assert isinstance(made.now, Unknown)
    assert made.now.codes == ("not_supplied:cases", "rejected_row:employers")
    assert made.rate is not None
    assert isinstance(made.rate.exact, Unknown)
    left = bulletin(pairs, period=YEAR, incomplete=why, unknown="leave out")
    assert left.left_out == (1, 1, 1)
    assert left.now == bulletin(pairs, period=YEAR).now


def test_how_sure_the_reading_is_stands_in_words() -> None:
    """A reader of Chinese meets no key of a file: how sure the definition was read is said in words."""
    made = bulletin(area(*some(9)), period=YEAR)
    assert "口径可信程度：据转载文本。" in page(made, "zh").markdown()
    assert "confidence of this reading: read in a reprint." in page(made).markdown()
