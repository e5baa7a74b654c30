"""``injuryprev profiles``: what is installed, and what one profile asks and gives."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

import injuryprev as ip
from injuryprev.cli.common import LangOption, Language, err, lang_of, out
from injuryprev.units import finite_places, to_decimal
from injuryprev.words import Lang, Words

_SAY = {
    "region": Words("region", "地区"),
    "version": Words("version", "版本"),
    "covers": Words("covers", "覆盖期"),
    "extends": Words("extends", "继承"),
    "changes": Words("rules change on", "规则变动日"),
    "currency": Words("currency", "货币"),
    "inputs": Words("Inputs", "输入"),
    "outputs": Words("Outputs", "输出"),
    "sources": Words("Sources", "依据"),
    "name": Words("name", "名称"),
    "meaning": Words("meaning", "含义"),
    "unit": Words("unit", "单位"),
    "step": Words("step", "步长"),
    "range": Words("range", "取值范围"),
    "required": Words("required", "必填"),
    "absent": Words("if not given", "未提供时"),
    "document": Words("document", "文件"),
    "confidence": Words("confidence", "可信程度"),
    "checked": Words("last checked", "最近核对"),
    "yes": Words("yes", "是"),
    "no": Words("no", "否"),
    "not used": Words("not used", "未使用"),
    "on": Words("on {day}", "{day}"),
}


def _say(key: str, lang: Lang) -> str:
    return _SAY[key].to(lang)


def profiles(
    profile: Annotated[
        str | None, typer.Argument(metavar="[ID|FILE]", help="One profile to show; without it all are listed.")
    ] = None,
    on: Annotated[
        str | None,
        typer.Option(
            "--on",
            metavar="YYYY-MM-DD",
            help="The day whose inputs and outputs are shown; by default the last on which a rule changed.",
        ),
    ] = None,
    lang: LangOption = Language.en,
) -> None:
    """List the installed profiles, or show what one asks and gives.

    One profile is shown with its coverage, the days on which its rules change, its inputs (units, ranges, whether
    required), its outputs, and its sources with how sure each reading is.
    """
    language = lang_of(lang)
    if profile is None:
        _list(language)
    else:
        _show(ip.load_profile(profile), on, language)


def _list(lang: Lang) -> None:
    table = Table()
    for head in ("id", "region", "version", "covers", "extends"):
        table.add_column("id" if head == "id" else _say(head, lang), overflow="fold")
    for found in ip.list_profiles():
        table.add_row(
            *(
                escape(cell)
                for cell in (found.id, found.title.to(lang), found.version, str(found.covers), found.extends)
            )
        )
    out().print(table)
    for problem in ip.plugin_problems():
        err().print(problem.message, style="yellow", markup=False, soft_wrap=True)


def _show(profile: ip.PolicyProfile, on: str | None, lang: Lang) -> None:
    console = out()
    changes = profile.change_dates()
    policy = profile.on(on or changes[-1])
    console.print(f"{profile.id} {profile.version}  {profile.title.to(lang)}", style="bold", markup=False)
    colon = "：" if lang == "zh" else ": "
    for key, value in (
        ("covers", str(profile.covers)),
        ("currency", profile.currency),
        ("changes", ", ".join(map(str, changes))),
    ):
        console.print(f"{_say(key, lang)}{colon}{value}", markup=False, soft_wrap=True)
    day = _SAY["on"].format(day=policy.on).to(lang)
    console.print()
    console.print(_inputs(policy.inputs, f"{_say('inputs', lang)}, {day}", lang))
    console.print()
    console.print(_outputs(policy.outputs, f"{_say('outputs', lang)}, {day}", lang))
    console.print()
    console.print(_sources(profile, lang))


def _table(title: str, *heads: str) -> Table:
    table = Table(title=escape(title), title_justify="left", title_style="bold")
    for head in heads:
        table.add_column(escape(head), overflow="fold")
    return table


def _inputs(inputs: Mapping[str, ip.InputSpec], title: str, lang: Lang) -> Table:
    table = _table(title, *(_say(key, lang) for key in ("name", "meaning", "unit", "range", "required", "absent")))
    for spec in inputs.values():
        required = _say("yes" if spec.required else "no", lang) if spec.used else _say("not used", lang)
        absent = "" if spec.absent is None else _value(spec.absent, lang)
        cells = (spec.name, spec.title.to(lang), spec.unit, _range(spec, lang), required, absent)
        table.add_row(*(escape(cell) for cell in cells))
    return table


def _range(spec: ip.InputSpec, lang: Lang) -> str:
    if spec.choices:
        return ", ".join(
            f"{key} ({words.to(lang)})" if words and words.to(lang) != key else key
            for key, words in spec.choices.items()
        )
    if spec.low is None or spec.high is None:
        return ""
    step = "" if spec.step in (None, 1) else f", {_say('step', lang)} {_plain(spec.step)}"
    return f"{spec.low:,f} – {spec.high:,f}{step}"


def _plain(value: Fraction | None) -> str:
    return "" if value is None else f"{to_decimal(value):f}" if finite_places(value) is not None else str(value)


def _value(value: Any, lang: Lang) -> str:
    return _say("yes" if value else "no", lang) if isinstance(value, bool) else str(value)


def _outputs(outputs: Mapping[str, ip.OutputSpec], title: str, lang: Lang) -> Table:
    table = _table(title, *(_say(key, lang) for key in ("name", "meaning", "unit")))
    for spec in outputs.values():
        table.add_row(*(escape(cell) for cell in (spec.name, spec.title.to(lang), spec.unit)))
    return table


def _sources(profile: ip.PolicyProfile, lang: Lang) -> Table:
    table = _table(_say("sources", lang), *(_say(key, lang) for key in ("name", "document", "confidence", "checked")))
    for key, source in profile.sources.items():
        document = " ".join(
            part for part in (source.number, source.title.to(lang), f"({source.date})" if source.date else "") if part
        )
        table.add_row(*(escape(cell) for cell in (key, document, source.confidence, str(source.checked_on))))
    return table
