"""Two policies over one area, and base rates that balance: sums that add up, nobody lost, frames as objects."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import injuryprev as ip
from injuryprev import testing
from injuryprev.cli.main import app
from injuryprev.errors import InputError, ProfileError, UnknownNameError
from injuryprev.prevention import Change, balance, changes, compare
from injuryprev.prevention.whatif import Totals, withheld

TOYLAND = ip.load_profile("toyland")
OLD, NEW = TOYLAND.on("2023-12-30"), TOYLAND.on("2023-12-31")
Pairs = list[tuple[ip.Employer, ip.History]]
LAKESIDE = Path(__file__).resolve().parents[2] / "examples" / "lakeside_zh"


@st.composite
def areas(draw: st.DrawFn, policy: ip.Policy = NEW) -> Pairs:
    """A few employers that state the figures of a policy themselves; of some a figure is missing."""
    pairs = []
    for number, record in enumerate(draw(st.lists(testing.records(policy, usable=True), max_size=4))):
        lost = draw(st.sampled_from([None, None, *policy.inputs]))
        facts = {name: value for name, value in record.items() if name != lost}
        pairs.append((ip.Employer(id=f"E-{number}", size=draw(SIZES), facts=_facts(facts)), NONE))
    return pairs


NONE = ip.History()
SIZES = st.sampled_from(["micro", "large", None])


def _facts(record: Mapping[str, Any]) -> dict[str, Any]:
    """What an employer can say of itself: numbers, words, truth values."""
    return {name: value for name, value in record.items() if isinstance(value, (int, Decimal, str, bool))}


@given(areas())
@settings(max_examples=40)
def test_groups_add_up_and_nobody_is_lost(area: Pairs) -> None:
    """Classes together are everybody, and so are sizes; money too."""
    found = compare(OLD, NEW, area)
    assert found.total.employers == len(area)
    for groups in (found.by_class, found.by_size):
        assert sum(groups.values(), Totals()) == found.total


@given(areas())
@settings(max_examples=40)
def test_the_other_way_round(area: Pairs) -> None:
    """Who wins one way loses the other way, and the change of income is turned about."""
    there, back = compare(OLD, NEW, area).total, compare(NEW, OLD, area).total
    assert (there.winners, there.losers, there.unchanged) == (back.losers, back.winners, back.unchanged)
    assert there.income_change == -back.income_change


@given(areas())
@settings(max_examples=20)
def test_a_policy_compared_with_itself(area: Pairs) -> None:
    """Nothing changes, for nobody."""
    found = compare(NEW, NEW, area)
    assert (found.total.winners, found.total.losers) == (0, 0)
    assert found.total.income_change == 0
    assert found.gains == found.losses == ()


@given(areas(), st.randoms(use_true_random=False))
@settings(max_examples=20)
def test_the_order_of_employers_does_not_matter(area: Pairs, random: Any) -> None:
    """The same comparison, the named employers too, however the rows lie."""
    shuffled = list(area)
    random.shuffle(shuffled)
    assert compare(OLD, NEW, area, top=2) == compare(OLD, NEW, shuffled, top=2)


DEARER = NEW.scaled("1.5", "class_rate")


@given(areas())
@settings(max_examples=8, deadline=None)
def test_frames_give_what_objects_give(area: Pairs) -> None:
    """The same employers as a table of figures: every change is the same."""
    assert _bare(changes(NEW, DEARER, {"employers": _frame(area).lazy()})) == _bare(changes(NEW, DEARER, area))


@pytest.mark.parametrize("kind", ["polars", "pandas", "pyarrow"])
def test_frames_of_every_kind(kind: str) -> None:
    """Eager frames do as well as lazy ones."""
    area = [(attrs.evolve(employer, size="small"), history) for employer, history in _good(4)]
    area.append((ip.Employer(id="E-9", facts={"risk_class": 2}), NONE))
    frame = _frame(area)
    table = {"polars": frame, "pandas": frame.to_pandas(), "pyarrow": frame.to_arrow()}[kind]
    if kind == "pyarrow":
        with pytest.raises(InputError, match="Polars, pandas or DuckDB"):
            list(changes(NEW, DEARER, {"employers": table}))
    else:
        assert _bare(changes(NEW, DEARER, {"employers": table})) == _bare(changes(NEW, DEARER, area))


def _frame(area: Pairs) -> pl.DataFrame:
    columns = {name: [_cell(employer, name) for employer, _ in area] for name in NEW.inputs}
    named = {"id": [employer.id for employer, _ in area], "size": [employer.size for employer, _ in area], **columns}
    return pl.DataFrame(named, schema=dict.fromkeys(named, pl.String))


def _bare(found: Iterable[Change]) -> list[Change]:
    """In order of ids; of the reasons only whether there is one, for a frame gives those of all outputs."""
    bare = [attrs.evolve(one, refusals=(one.refusals[0] and "?", one.refusals[1] and "?")) for one in found]
    return sorted(bare, key=lambda one: one.employer_id)


def _cell(employer: ip.Employer, name: str) -> str | None:
    """Text as a table holds it."""
    value = employer.facts.get(name)
    if NEW.inputs[name].unit == "flag" and value in (0, 1):
        return str(bool(value)).lower()
    return None if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


def test_supposed_figures_are_marked() -> None:
    """An explanation with a figure that no law states says so, in both languages, and the version says it too."""
    supposed = NEW.amended(class_rate={2: {"a": "2%"}})
    result = supposed.evaluate(risk_class=2, subclass="a")
    assert result["base_rate"] == Decimal("0.02")
    assert supposed.version.endswith("+amended")
    assert "no law says so" in result.explain()
    assert "并非现行规定" in result.explain(lang="zh")
    assert result.confidence == "assumed"
    assert NEW.evaluate(risk_class=2, subclass="a")["base_rate"] == Decimal("0.009")


def test_figures_that_cannot_be_supposed() -> None:
    """Names, keys and numbers are checked, and the nearest is named."""
    with pytest.raises(UnknownNameError, match="class_rate"):
        NEW.amended(clas_rate="1%")
    with pytest.raises(UnknownNameError, match="no such key"):
        NEW.amended(class_rate={9: "1%"})
    with pytest.raises(InputError, match="by key"):
        NEW.amended(class_rate="1%")
    with pytest.raises(InputError, match="not a finite number"):
        NEW.amended(class_rate={2: {"a": "much"}})
    with pytest.raises(ProfileError, match="64 bits"):
        _ = ip.load_profile("cn-zj").on("2025-03-01").scaled("1.0000000000001", "class_rate").lowered


@pytest.mark.parametrize(
    "suppose",
    [
        lambda law: law.scaled("1.01", "class_rate"),
        lambda law: law.scaled("0.97", "class_rate"),
        lambda law: law.amended(class_rate={"4": "1.017%"}),
    ],
)
def test_too_many_digits_are_those_that_were_supposed(suppose: Callable[[ip.Policy], ip.Policy]) -> None:
    """The law is not blamed: the error names the parameter, its finest figures, and how to round them."""
    law = ip.load_profile("cn-zj").on("2025-03-01")
    with pytest.raises(ProfileError, match=r'supposed for class_rate; seen: .0\.0.*to="0\.0001"'):
        compare(law, suppose(law), _one_of_zhejiang(1_000_000))
    rounded = compare(law, law.scaled("1.01", "class_rate", to="0.0001"), _one_of_zhejiang(1_000_000))
    assert rounded.total.losers == 1


def test_no_rate_turns_its_sign() -> None:
    """A factor is above zero, and a rate of the law is not replaced by one below; nothing and less are told apart."""
    law = ip.load_profile("cn-zj").on("2025-03-01")
    for factor in (0, -1, "-0.01"):
        with pytest.raises(InputError, match="above zero"):
            law.scaled(factor, "class_rate")
    with pytest.raises(InputError, match=r"amended class_rate: below zero.*-0\.01"):
        law.amended(class_rate={"4": "-1%"})
    assert law.amended(class_rate={"4": 0}).evaluate(risk_class=4)["base_rate"] == 0


def test_an_employer_counts_once() -> None:
    """An employer that stands twice, or without a key, would be in the income twice: refused for objects and frames."""
    law = ip.load_profile("cn-zj").on("2025-03-01")
    pairs = _one_of_zhejiang(1_000_000)
    with pytest.raises(InputError, match="an employer stands twice; seen: 'E-1'"):
        compare(law, law, pairs + pairs)
    with pytest.raises(InputError, match="an employer stands twice"):
        balance(law, pairs + pairs, 100)
    for ids, said in ((["A", "A"], "an employer stands twice; seen: 'A'"), (["A", None], "without a key")):
        frame = pl.DataFrame({"id": ids, "risk_class": [4, 4]}, schema={"id": pl.String, "risk_class": pl.Int64})
        with pytest.raises(InputError, match=said):
            compare(law, law, {"employers": frame})
        with pytest.raises(InputError, match=said):
            compare(law, law, {"employers": frame.lazy()})


def test_what_is_unknown_stays_unknown_when_scaled() -> None:
    """A figure that nobody read is not made up by multiplying it."""
    assert OLD.scaled(2, "class_rate").evaluate(risk_class=3, subclass="b")["base_rate"].codes == (  # type: ignore[union-attr]
        "not_known:class_rate",
    )


def test_policies_that_cannot_be_compared() -> None:
    """Different money, tables without employers, figures beside frames."""
    with pytest.raises(InputError, match="different money"):
        changes(NEW, ip.load_profile("cn-zj").on("2025-03-01"), [])
    with pytest.raises(InputError, match="no table of employers"):
        changes(OLD, NEW, {"cases": pl.DataFrame()})
    with pytest.raises(InputError, match="columns of the employers"):
        changes(OLD, NEW, {"employers": pl.DataFrame({"id": ["A"]})}, lambda _: {})


def test_withheld_employers_are_in_no_sum() -> None:
    """One whose records are not complete counts as unknown, and one without a row of its own is added."""
    area = [
        (ip.Employer(id="E-1", facts=_facts(GOOD)), NONE),
        (ip.Employer(id="E-2", facts=_facts(GOOD)), NONE),
    ]
    found = list(withheld(changes(OLD, NEW, area), {"E-2": "rejected_row:cases", "E-3": "rejected_row:employers"}))
    assert [one.employer_id for one in found] == ["E-1", "E-2", "E-3"]
    assert [one.rate_before is None for one in found] == [False, True, True]
    assert found[2].refusals == ("rejected_row:employers",) * 2


GOOD = {
    "risk_class": 2, "subclass": "a", "payroll": 1_000_000, "contributions": 10_000, "benefits": 5_000, "injuries": 1,
    "injuries_before": 1, "insured": 100, "deaths": 0, "arrears": False, "standardisation_grade": 0, "warnings": 0,
    "harmonious_unit": False, "months_insured": 36,
}  # fmt: skip


# Balance


def _good(count: int) -> Pairs:
    known: dict[str, Any] = {name: value for name, value in GOOD.items() if name in NEW.inputs}
    return [
        (ip.Employer(id=f"E-{n}", facts={**known, "risk_class": 1 + n % 3, "payroll": 900_000 + 7 * n}), NONE)
        for n in range(count)
    ]


@given(st.integers(1, 60_000), st.sampled_from(["0.01", "0.07", "0.25"]))
@settings(max_examples=25, deadline=None)
def test_the_smallest_factor_that_covers(spending: int, step: str) -> None:
    """Income covers the spending at the factor found, and not one step lower: by trying both again."""
    area = _good(5)
    found = balance(NEW, area, spending, step=step)
    assert isinstance(found.factor, Fraction)
    assert found.factor / Fraction(step) == int(found.factor / Fraction(step))
    assert _income(area, found.factor) >= spending
    lower = found.factor - Fraction(step)
    assert lower == 0 or _income(area, lower) < spending
    assert found.policy is not None
    assert found.policy.version.endswith("+amended")


def _income(area: Pairs, factor: Fraction) -> Decimal:
    policy = NEW.scaled(factor, "class_rate", to="0.0001")
    known = [ip.rate(employer, history, policy).contribution for employer, history in area]
    return sum((one for one in known if isinstance(one, Decimal)), Decimal(0))


def test_proportions_are_kept() -> None:
    """Rates of the answer stand to each other as before, to the last place that is printed."""
    found = balance(NEW, _good(3), 40_000)
    assert found.policy is not None
    assert isinstance(found.factor, Fraction)
    before, after = (policy.evaluate(risk_class=3, subclass="a")["base_rate"] for policy in (NEW, found.policy))
    assert isinstance(before, Decimal)
    assert isinstance(after, Decimal)
    assert abs(Fraction(after) - Fraction(before) * found.factor) <= Fraction(1, 20_000)


def test_spending_that_no_factor_covers() -> None:
    """An area whose rates cannot be known takes in nothing at any rate; the answer says so."""
    area = [(ip.Employer(id="E-1"), NONE)]
    found = balance(NEW, area, 100)
    assert isinstance(found.factor, ip.Unknown)
    assert found.before.unknown == 1
    assert "no factor" in found.explain()
    assert "不能抵补" in found.explain("zh")
    assert "of nobody is the contribution known" in found.explain()


def _one_of_zhejiang(payroll: int) -> Pairs:
    facts: dict[str, Any] = {
        "risk_class": 4, "payroll": payroll, "insured": 20, "contributions": 9_000, "benefits": 5_000, "injuries": 0,
        "deaths": 0, "industry_incidence": "0.01", "false_facts": False, "benefit_fraud": False,
    }  # fmt: skip
    return [(ip.Employer(id="E-1", facts=facts), NONE)]


def test_factors_up_to_the_last_that_the_rules_carry_are_tried() -> None:
    """Twice the factor before may be more than the rules can be worked out with; what lies between is not given up."""
    zhejiang = ip.load_profile("cn-zj").on("2025-03-01")
    found = balance(zhejiang, _one_of_zhejiang(1_000_000), 145_100)
    assert found.found is not None
    assert found.below is not None
    assert 16 < found.found.factor < 17
    assert found.found.income == 145_100 > found.below.income
    with pytest.raises(ProfileError):
        zhejiang.scaled(32, "class_rate", to="0.0001").evaluate(risk_class=4)
    never = balance(zhejiang, _one_of_zhejiang(1_000_000), 10_000_000)
    last = never.tried[-1]
    zhejiang.scaled(last.factor, "class_rate", to="0.0001").evaluate(risk_class=4)
    with pytest.raises(ProfileError):
        zhejiang.scaled(last.factor + Fraction(1, 100), "class_rate", to="0.0001").evaluate(risk_class=4)
    assert f"the most taken in is {last.income:,.2f}; one step more and these rules cannot" in never.explain()
    assert "contribution[1]: a figure could leave 64 bits" in never.explain()
    assert "再提高一步即无法按该政策计算" in never.explain("zh")


CAPPED = """
format = 1
[profile]
id = "capped"
version = "1"
title = { en = "Capped", zh = "封顶" }
since = 2020-01-01
until = 2030-01-01
checked_on = 2026-01-01
currency = "CNY"
outputs = ["rate", "contribution"]
[sources.made-up]
title = { en = "Made up", zh = "虚构" }
confidence = "assumed"
checked_on = 2026-01-01
[inputs.payroll]
title = { en = "payroll", zh = "缴费工资" }
unit = "money"
range = [0, 1_000_000_000]
step = 0.01
[parameters.class_rate]
title = { en = "class rate", zh = "基准费率" }
unit = "fraction"
value = "1%"
source = "made-up"
[parameters.cap]
title = { en = "highest rate", zh = "最高费率" }
unit = "fraction"
value = "3%"
source = "made-up"
[definitions.rate]
title = { en = "rate", zh = "费率" }
unit = "fraction"
formula = "min(class_rate, cap)"
source = "made-up"
[definitions.contribution]
title = { en = "contribution", zh = "应缴额" }
unit = "money"
formula = "payroll * rate"
round = { to = 0.01, mode = "half_up", source = "made-up" }
source = "made-up"
"""


def test_rates_that_are_capped_go_on_at_their_cap(tmp_path: Path) -> None:
    """As the rules say: up to the cap a factor is found, past it the answer is that income rises no further."""
    file = tmp_path / "capped.toml"
    file.write_text(CAPPED, encoding="utf-8")
    capped = ip.load_profile(file).on("2026-01-01")
    area = [(ip.Employer(id="E-1", facts={"payroll": 100_000}), NONE)]
    assert balance(capped, area, 3_000).factor == 3
    never = balance(capped, area, "3000.01")
    assert isinstance(never.factor, ip.Unknown)
    assert "the most taken in is 3,000.00; there it rises no further: the rules cap the rates" in never.explain()
    higher = balance(capped, area, "3000.01", parameters=("class_rate", "cap"))
    assert higher.factor == Fraction("3.01")


@pytest.mark.parametrize(("name", "value"), [("spending", 0), ("spending", -5), ("step", 0), ("to", "-0.1")])
def test_what_is_not_positive(name: str, value: object) -> None:
    """Spending, step and places are positive numbers."""
    given: dict[str, Any] = {"spending": 1, name: value}
    with pytest.raises(InputError, match=f"balance {name}"):
        balance(NEW, [], **given)


# The command line


def test_compare_on_the_command_line(tmp_path: Path) -> None:
    """Markdown on the screen, every change in the file, and sums of the file are those of the screen."""
    out = tmp_path / "changes.csv"
    words = ["compare", str(LAKESIDE), "-p", "cn-zj", "--on", "2025-03-01", "--with", "cn-zj-hangzhou"]
    done = CliRunner().invoke(app, [*words, "--out", str(out)], env={"COLUMNS": "200"})
    assert done.exit_code == 0, done.output
    table = pl.read_csv(out, infer_schema=False)
    assert table.height == 20
    both = table.filter(pl.col("contribution_before").is_not_null() & pl.col("contribution_after").is_not_null())
    income = sum((Decimal(value) for value in both["contribution_before"]), Decimal(0))
    assert f"{income:,.2f}" in done.stdout


def test_an_employer_of_which_a_row_was_rejected_is_not_compared(tmp_path: Path) -> None:
    """Neither rate nor contribution, although the rest of its records would do for both; the others stay the same."""
    area, out = tmp_path / "area", tmp_path / "changes.csv"
    shutil.copytree(LAKESIDE, area)
    words = ["compare", str(area), "-p", "cn-zj", "--on", "2025-03-01", "--with", "cn-zj-hangzhou", "--out", str(out)]

    def compared() -> dict[str, dict[str, Any]]:
        done = CliRunner().invoke(app, words, env={"COLUMNS": "200"})
        assert done.exit_code in (0, 2), done.output
        return {row["employer_id"]: row for row in pl.read_csv(out, infer_schema=False).to_dicts()}

    whole = compared()
    key = next(key for key, row in whole.items() if row["contribution_before"] is not None)
    table = area / "contributions.csv"
    lines = table.read_bytes().split(b"\n")
    place = next(place for place, line in enumerate(lines) if key.encode() in line)
    lines[place] = lines[place].replace(b"20", b"x", 1)
    table.write_bytes(b"\n".join(lines))
    lost = compared()
    assert lost[key]["refusal_before"] == lost[key]["refusal_after"] == "rejected_row:contributions"
    assert (lost[key]["rate_before"], lost[key]["contribution_after"]) == (None, None)
    assert {**lost, key: None} == {**whole, key: None}


def test_compare_refuses_before_it_works(tmp_path: Path) -> None:
    """An unknown suffix, and an unknown profile."""
    words = ["compare", str(LAKESIDE), "-p", "cn-zj", "--on", "2025-03-01", "--with"]
    assert CliRunner().invoke(app, [*words, "cn", "--out", str(tmp_path / "x.doc")]).exit_code == 1
    assert CliRunner().invoke(app, [*words, "cn-zz"]).exit_code == 1
