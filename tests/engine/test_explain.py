"""The explanation is the result: every step with its words, figures and sources, in two languages and three forms."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from typing import Any, Final, get_args

import jsonschema
import pytest
from tiny import HEAD, define, policy, profile

from injuryprev import Reason, Unknown, Words
from injuryprev.engine import Policy, Result
from injuryprev.errors import InputError
from injuryprev.words import Lang

BODY: Final = """
[sources.reading]
title = { en = "A reading", zh = "一种理解" }
confidence = "recalled"
checked_on = 2020-02-02
[sources.guess]
title = "A guess"
confidence = "assumed"
checked_on = 2020-02-02

[parameters.base]
title = { en = "base rate", zh = "基准费率" }
unit = "fraction"
by = ["class"]
values = { "1" = "0.2%", "2" = "0.4%", "3" = { unknown = { en = "class three is not printed", zh = "第三类未刊出" } } }
source = { document = "law", article = "art. 3" }

[definitions.ratio]
title = { en = "payout ratio", zh = "支缴率" }
unit = "fraction"
formula = "money / (money + 1000)"
source = "law"
note = { en = "as the law says", zh = "依条例" }

[definitions.moves]
unit = "steps"
source = { document = "law", article = "art. 4" }
caveat = { en = "one row could not be read", zh = "有一行无法辨认" }

[definitions.moves.table]
hit = "collect max"
rows = [
  { when = "on", then = 2, label = { en = "on", zh = "开" } },
  { when = "ratio > 0.5", then = 1, source = "reading", note = { en = "a copy", zh = "转载" } },
]
none = 0

[definitions.share]
unit = "fraction"
map = { of = "moves", to = { "0" = "100%", "1" = "150%", "2" = "200%" } }
source = "law"

[definitions.size]
unit = "category"
choices = { big = { en = "large", zh = "大" }, small = { en = "little", zh = "小" } }
bands = { of = "money", rows = [{ within = "[0, 5000)", then = "'small'" }], otherwise = "'big'" }
source = "law"

[definitions.rate]
title = { en = "rate", zh = "费率" }
unit = "fraction"
formula = "base * share"
round = { to = 0.0001, mode = "half_even", source = { document = "law", article = "art. 9" } }
source = "law"

[definitions.due]
unit = "money"
formula = "money * rate"
round = { to = 0.01, mode = "half_up" }
source = "law"

[definitions.warned]
unit = "flag"
formula = "moves > 0"
source = "law"
"""

OUTPUTS: Final = ("rate", "due", "size", "warned")
GOOD: Final = {"class": 2, "money": "4000", "on": False}

WORDS_SCHEMA: Final = {
    "type": "object",
    "properties": {"en": {"type": "string"}, "zh": {"type": "string"}},
    "additionalProperties": False,
}
SOURCE_SCHEMA: Final = {
    "type": "object",
    "required": ["document", "number", "title", "date", "article", "confidence", "checked_on", "url"],
    "properties": {
        "confidence": {"enum": ["official", "reprint", "recalled", "assumed"]},
        "checked_on": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
        "title": {"$ref": "#/$defs/words"},
    },
}
VALUE_SCHEMA: Final = {
    "anyOf": [
        {"type": "boolean"},
        {"type": "string", "minLength": 1},
        {
            "type": "object",
            "required": ["unknown"],
            "additionalProperties": False,
            "properties": {
                "unknown": {
                    "type": "array",
                    "minItems": 1,
                    "items": {
                        "type": "object",
                        "required": ["code", "subject", "words", "source"],
                        "properties": {"code": {"pattern": "^[a-z_]+$"}, "words": {"$ref": "#/$defs/words"}},
                    },
                }
            },
        },
    ]
}
SCHEMA: Final = {
    "type": "object",
    "required": ["schema", "profile", "on", "beyond", "outputs", "confidence", "inputs", "steps", "sources"],
    "additionalProperties": False,
    "$defs": {"words": WORDS_SCHEMA, "source": SOURCE_SCHEMA, "value": VALUE_SCHEMA},
    "properties": {
        "schema": {"const": "injuryprev.trace/1"},
        "profile": {"type": "object", "required": ["id", "version", "lineage", "title", "covers", "currency"]},
        "on": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
        "beyond": {"type": ["string", "null"]},
        "outputs": {"type": "object", "additionalProperties": {"$ref": "#/$defs/value"}},
        "confidence": {"enum": ["official", "reprint", "recalled", "assumed"]},
        "inputs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "title", "unit", "value", "absent"],
                "properties": {"value": {"$ref": "#/$defs/value"}, "absent": {"type": "boolean"}},
            },
        },
        "steps": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["name", "kind", "title", "unit", "value", "formula", "rows", "round", "sources"],
                "properties": {
                    "kind": {"enum": ["formula", "table", "bands", "map", "unknown", "parameter"]},
                    "value": {"$ref": "#/$defs/value"},
                    "sources": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/source"}},
                    "rows": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["when", "then", "label", "state", "sources"],
                            "properties": {"state": {"enum": ["holds", "does not hold", "unknown"]}},
                        },
                    },
                },
            },
        },
        "sources": {"type": "array", "items": {"$ref": "#/$defs/source"}},
    },
}


@pytest.fixture(scope="module")
def rules() -> Policy:
    """A policy with a step of every kind."""
    return policy(BODY, *OUTPUTS)


def tree(result: Result) -> dict[str, Any]:
    """The JSON of a result, checked against the schema of this module."""
    read: dict[str, Any] = json.loads(result.to_json())
    jsonschema.validate(read, SCHEMA)
    return read


def test_the_text_has_every_part_in_its_place(rules: Policy) -> None:
    """Title, rules, results, what was given, the steps in order, the sources and the weakest confidence."""
    text = rules.evaluate(**GOOD).explain()
    lines = text.splitlines()
    assert lines[0] == "Tinyland"
    assert lines[2] == "rules of 2020-06-01, profile tiny 1"
    heads = [lines.index(head) for head in ("Result", "Given", "Worked out", "Sources")]
    assert heads == sorted(heads)
    assert lines[heads[0] + 1 : heads[0] + 5] == [
        "  rate = 0.006 (0.6 %)",
        "  due = 24.00 TIN",
        "  size = small (little)",
        "  warned = yes",
    ]
    assert lines[-1].startswith("weakest confidence")


def test_every_step_says_its_formula_figures_and_source(rules: Policy) -> None:
    """By its names, then with the figures in their place; tables with every row, look-ups with the one that holds."""
    text = rules.evaluate(**GOOD).explain()
    for words in (
        "ratio, payout ratio = 0.8 (80 %)",
        "money / (money + 1000)",
        "= 4000 / (4000 + 1000)",
        "[ ] on -> 2  (on)",
        "[x] ratio > 0.5 -> 1  (a copy) [",
        "the highest of the rows that hold",
        "known to be incomplete: one row could not be read",
        "note: as the law says",
        "for class 2",
        "rounded half to even to 0.0001",
        "since 2020-01-01, official text [",
        "No. 7 Law of Tinyland (2019-12-31), art. 9 — official text",
        "A reading — from memory, unchecked",
    ):
        assert words in text, words
    assert "[0, 5000) -> 'small'" in text


def test_chinese_says_the_same(rules: Policy) -> None:
    """Titles, hit policies, rounding and sources in Chinese, no English sentence among them."""
    text = rules.evaluate(**GOOD).explain(lang="zh")
    for words in (
        "小国",
        "2020-06-01 的规则",
        "支缴率（ratio）",
        "取成立各行中的最高值",
        "四舍六入五成双",
        "小国条例（2019-12-31），art. 9",
        "依条例",
    ):
        assert words in text, words
    for words in ("rules of", "Worked out", "highest", "official text", "rounded"):
        assert words not in text, words


@pytest.mark.parametrize("lang", get_args(Lang))
def test_markdown_is_the_text_with_marks(rules: Policy, lang: Lang) -> None:
    """The same lines in the same order; headings, lists and code are all that is added."""
    result = rules.evaluate(**GOOD)
    plain = re.sub(r"\s+", " ", result.explain(lang=lang))
    marked = result.explain(lang=lang, format="markdown")
    assert marked.startswith("# ")
    assert marked.count("\n## ") == 4
    stripped = re.sub(r"\s+", " ", re.sub(r"^(\s*)(# |## |- )|`", r"\1", marked, flags=re.MULTILINE))
    assert stripped.strip() == plain.strip()


def test_json_follows_its_schema(rules: Policy) -> None:
    """Known and unknown values alike; exact numbers are text."""
    read = tree(rules.evaluate(**GOOD))
    assert read["profile"]["lineage"] == [{"id": "tiny", "version": "1"}]
    assert read["outputs"] == {"rate": "0.0060", "due": "24.00", "size": "small", "warned": True}
    assert read["confidence"] == "recalled"
    steps = [step["name"] for step in read["steps"]]
    assert steps.index("base") < steps.index("rate") < steps.index("due")


def test_a_ratio_that_is_no_finite_decimal_is_written_as_a_ratio() -> None:
    """One third stays one third on the way to a rounded output."""
    body = define("money / 3000", name="third", unit="money")
    body += define("third", unit="money", more='round = { to = 1, mode = "up" }')
    result = policy(body).evaluate(money=1000)
    steps = {step["name"]: step["value"] for step in tree(result)["steps"]}
    assert steps == {"third": "1/3", "out": "1"}
    assert "1/3 TIN" in result.explain()


def test_unknown_results_say_why_in_every_form(rules: Policy) -> None:
    """The reasons stand with the result and with the step where they arise; an unread row is marked."""
    result = rules.evaluate(**{**GOOD, "class": 3, "on": None})
    read = tree(result)
    codes = {(reason["code"], reason["subject"]) for reason in read["outputs"]["rate"]["unknown"]}
    assert codes == {("not_known", "base"), ("missing", "on")}
    base = next(step for step in read["steps"] if step["name"] == "base")
    assert base["value"]["unknown"][0]["words"] == {"en": "class three is not printed", "zh": "第三类未刊出"}
    assert base["value"]["unknown"][0]["source"] == "No. 7 Law of Tinyland (2019-12-31), art. 3"
    moves = next(step for step in read["steps"] if step["name"] == "moves")
    assert [row["state"] for row in moves["rows"]] == ["unknown", "holds"]
    assert "[?] on -> 2" in result.explain()
    assert "未知：" in result.explain(lang="zh")
    assert "第三类未刊出" in result.explain(lang="zh")


def test_the_words_of_a_given_unknown_are_passed_on(rules: Policy) -> None:
    """Who gives an Unknown finds its own reason in every result that rests on it."""
    reason = Reason("not_supplied", "claims", Words("no table of claims", "未提供理赔表"))
    result = rules.evaluate(**{**GOOD, "on": Unknown((reason,))})
    for name in ("rate", "due", "warned"):
        value = result[name]
        assert isinstance(value, Unknown)
        assert value.reasons == (reason,)
    assert result["size"] == "small"
    assert "未提供理赔表" in result.explain(lang="zh")


def test_an_absent_value_is_shown_as_such() -> None:
    """What was not recorded and what that means stands beside the figure."""
    inputs = '[inputs.deaths]\nunit = "cases"\nrange = [0, 9]\nabsent = 0\n'
    result = policy(define("deaths", unit="cases"), inputs=inputs).evaluate()
    assert "deaths = 0 cases  [not recorded, which means this value]" in result.explain()
    assert "0 件  [未记录，按此值处理]" in result.explain(lang="zh")
    assert tree(result)["inputs"][0]["absent"] is True
    given = policy(define("deaths", unit="cases"), inputs=inputs).evaluate(deaths=0)
    assert "not recorded" not in given.explain()


def test_beyond_the_coverage_the_result_says_so() -> None:
    """Asked for in one word, the last rules known are used, and every form of the result says it."""
    head = HEAD.replace("since = 2020-01-01", "since = 2020-01-01\nuntil = 2021-01-01")
    made = profile(BODY, *OUTPUTS, head=head)
    result = made.on("2024-05-06", beyond="last-known").evaluate(**GOOD)
    assert "NOTE: 2024-05-06 lies after the coverage" in result.explain()
    assert "2020-12-31" in result.explain(lang="zh")
    read = tree(result)
    assert (read["on"], read["beyond"]) == ("2024-05-06", "2020-12-31")
    inside = made.on("2020-05-06", beyond="last-known").evaluate(**GOOD)
    assert tree(inside)["beyond"] is None
    assert "NOTE" not in inside.explain()


@pytest.mark.parametrize(
    ("figures", "more", "expected"),
    [
        ({"class": 1, "money": 0, "on": True}, "", "official"),
        ({"class": 1, "money": "4000", "on": False}, "", "recalled"),
        ({"class": 1, "money": 0, "on": True}, 'source = "guess"', "assumed"),
        ({"class": 1, "money": 0, "on": True}, 'confidence = "reprint"', "reprint"),
    ],
)
def test_confidence_is_the_weakest_of_what_was_used(figures: dict[str, object], more: str, expected: str) -> None:
    """A row counts where it holds, a rounding rule by its own source, unless it says how sure it is itself."""
    body = BODY.replace('mode = "half_up"', f'mode = "half_up", {more}' if more else 'mode = "half_up"')
    result = policy(body, *OUTPUTS).evaluate(**figures)
    assert result.confidence == expected
    assert tree(result)["confidence"] == expected


def test_other_languages_and_forms_are_refused(rules: Policy) -> None:
    """The message names what there is."""
    with pytest.raises(InputError, match="lang en or zh, format text or markdown"):
        rules.evaluate(**GOOD).explain(lang="de")  # type: ignore[arg-type]  # this is the claim
    with pytest.raises(InputError, match="no such language or format"):
        rules.evaluate(**GOOD).explain(format="html")  # type: ignore[arg-type]  # this is the claim


def test_a_figure_put_into_a_formula_cannot_be_misread() -> None:
    """A ratio or a negative figure stands in brackets, so that whoever works it out again gets the same."""
    inputs = (
        '[inputs]\nx = { unit = "number", range = [-9, 9] }\nw = { unit = "number", range = [-3, 3], step = "1/3" }\n'
    )
    made = policy(define("x / w - x", more='round = { to = 0.01, mode = "half_up" }'), inputs=inputs)
    text = made.evaluate(x=2, w=Fraction(2, 3)).explain()
    assert "= 2 / (2/3) - 2\n" in text
    assert "= (-2) / 3 - (-2)\n" in made.evaluate(x=-2, w=3).explain()
