"""What a round of rating says on the screen beside its tables: heads, places of files, rejects."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import attrs
from rich.console import Console

import injuryprev as ip
from injuryprev.cli.summary import Summary
from injuryprev.exchange import Finding, write_findings
from injuryprev.exchange.rows import check_suffix
from injuryprev.words import Lang, Words

_SHOWN: Final = 10


def print_summary(console: Console, policy: ip.Policy, summary: Summary, lang: Lang) -> None:
    """The head and the tables of the summary."""
    total = summary.rated.employers + summary.refused.employers
    if lang == "zh":
        head = f"{policy.title.to(lang)}（{policy.id} {policy.version}），{policy.on}：共 {total:,} 家单位"
    else:
        head = f"{policy.title.to(lang)} ({policy.id} {policy.version}) on {policy.on}: {total:,} employers"
    console.print(head, markup=False, style="bold")
    if policy.rules.beyond is not None:
        note = (
            f"该日在政策文件覆盖期之后，使用的是 {policy.rules.beyond} 的规则"
            if lang == "zh"
            else f"the day lies after the coverage of the profile; the rules of {policy.rules.beyond} were used"
        )
        console.print(note, markup=False, style="yellow")
    for table in summary.tables(lang, policy.currency):
        console.print()
        console.print(table)
    console.print()


def say_where(console: Console, out_file: Path | None, lang: Lang) -> None:
    """Where the decisions went."""
    if out_file is None:
        said = (
            "未写入文件；用 --out FILE 保存决定"
            if lang == "zh"
            else "no file was written; --out FILE keeps the decisions"
        )
    else:
        said = f"决定已写入 {out_file}" if lang == "zh" else f"decisions: {out_file}"
    console.print(said, markup=False, soft_wrap=True)


def beside(out_file: Path | None) -> Path | None:
    """Where rejects go if nobody says: beside what is written; where nothing is, no file appears unasked."""
    return None if out_file is None else out_file.with_name(f"{out_file.stem}.rejects.csv")


def check_format(out_file: Path | None) -> None:
    """Refuse a suffix that no table is written for, before any work is done.

    Raises:
        ReadError: No format for it.
    """
    if out_file is not None:
        check_suffix(out_file)


@attrs.frozen
class Found:
    """What was found wrong: findings, how many rows were rejected, how many warnings, how many employers refused."""

    findings: Sequence[Finding]
    rejected: int
    warnings: int
    refused: int


_NOT_RATED: Final = Words("{refused} employers not rated for them", "{refused} 家单位因此未计算费率")

_KEPT: Final = Words("all in {path}", "全部见 {path}")
_KEEP: Final = Words("--rejects FILE keeps them all", "用 --rejects FILE 保存全部")


def report(
    notes: Console, found: Found, path: Path | None, lang: Lang, *, wanted: bool, cost: Words | None = _NOT_RATED
) -> int:
    """Say what was found wrong and what it cost, keep it in the file if any, and return how many rows were rejected."""
    findings = found.findings
    # A file of an earlier run must not pass for what this one found.
    if path is not None and (findings or wanted or path.exists()):
        write_findings(path, findings, lang=lang)
    if not findings:
        return 0
    rejected, warnings = found.rejected, found.warnings
    place = _KEEP.to(lang) if path is None else _KEPT.to(lang).format(path=path)
    costs = () if cost is None else (cost.to(lang).format(refused=found.refused),)
    if lang == "zh":
        head = "；".join((f"{rejected} 条拒收，{warnings} 条提示", *costs, place))
    else:
        head = "; ".join((f"{rejected} rejects and {warnings} warnings", *costs, place))
    notes.print(head, markup=False, style="bold red" if rejected else "yellow", soft_wrap=True)
    first: tuple[Finding, ...] = tuple(sorted(findings, key=lambda finding: finding.severity != "reject"))[:_SHOWN]
    for finding in first:
        notes.print(f"  {finding.text(lang)}", markup=False, soft_wrap=True)
    if len(findings) > _SHOWN:
        more = len(findings) - _SHOWN
        notes.print(f"  …{'另有' if lang == 'zh' else 'and'} {more} {'条' if lang == 'zh' else 'more'}", markup=False)
    return rejected
