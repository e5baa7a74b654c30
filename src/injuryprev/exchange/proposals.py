"""A year's proposals and the figures of the year, from files: a table, and a few lines of TOML."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import attrs

from injuryprev.engine.specs import InputSpec
from injuryprev.errors import InputError, ReadError, UnknownNameError, nearest
from injuryprev.exchange.area import extended, fact_column
from injuryprev.exchange.findings import Finding
from injuryprev.exchange.headers import Column, Table
from injuryprev.exchange.objects import from_model
from injuryprev.exchange.tables import Row, read_table
from injuryprev.model import FundYear, Proposal
from injuryprev.policy.document import Scalar
from injuryprev.words import Words

_OWN: Final = ("id", "title", "proposer", "use", "amount", "months", "least", "submitted_on", "score")
_COLUMNS: Final = (
    Column("id", "key", ("项目编号", "编号"), ("project", "project_id", "proposal"), required=True),
    Column("title", "text", ("项目名称", "名称"), ("name",)),
    Column("amount", "money", ("申报金额", "项目金额", "金额"), ("amount asked",), required=True),
    Column("months", "whole", ("项目期限", "期限（月）", "期限"), ("term", "term in months"), required=True),
    Column("least", "money", ("最低金额", "最低需要"), ("least amount",)),
    Column("submitted_on", "date", ("申报日期", "申报日"), ("submission date",), required=True),
    Column("score", "count", ("评审得分", "得分"), ("points",)),
)


@attrs.frozen
class Proposals:
    """Proposals as their table tells them.

    Args:
        proposals: Those that can be used, in the order of the table.
        findings: Everything wrong with the file; a row that was rejected is no proposal, and costs no other.
        given: The inputs of the policy that the table has columns for.
    """

    proposals: tuple[Proposal, ...]
    findings: tuple[Finding, ...]
    given: frozenset[str]

    @property
    def rejects(self) -> tuple[Finding, ...]:
        """The findings that cost a row."""
        return tuple(finding for finding in self.findings if finding.severity == "reject")


def read_proposals(path: str | Path, inputs: Mapping[str, InputSpec]) -> Proposals:
    """Read a table of proposals: CSV or Excel, headers in English or Chinese.

    Args:
        path: The file.  Columns: ``id``, ``title``, ``proposer``, ``use``, ``amount``, ``months``, ``least``,
            ``submitted_on``, ``score``, and any input of the policy by its name or title.
        inputs: The inputs of the policy (``policy.inputs``).

    Raises:
        ReadError: The file cannot be read, or a column that is needed is missing.
        InputError: The policy knows no proposers or uses: it is no policy of the prevention fee.
    """
    for name in ("proposer", "use"):
        if name not in inputs:
            raise InputError(
                "these are no rules of the prevention fee",
                where=str(path),
                seen=f"no input {name}",
                expected="a profile such as cn-prevention",
            )
    words = [attrs.evolve(fact_column(inputs[name]), required=True) for name in ("proposer", "use")]
    own = Table("proposals", ("项目申报", "申报项目"), (*_COLUMNS, *words))
    table = extended(own, (fact_column(spec) for spec in inputs.values()))
    findings, rows = read_table(Path(path), table)
    kept: dict[str, tuple[Row, Proposal | None]] = {}
    given: set[str] = set()
    for row in rows:
        given |= set(row.raw) & set(inputs)
        findings += row.findings
        made = None if row.findings else _proposal(row, inputs)
        key = row.cells.get("id")
        if isinstance(made, Finding):
            findings.append(made)
            made = None
        if not isinstance(key, str):
            continue
        if key in kept:
            said = Words("two rows of one project; nobody knows which holds", "同一项目有两行，无法确定以何者为准")
            findings += [one.finding("duplicate", said, "id") for one in (row, kept[key][0])]
            made = None
        kept[key] = (row, made)
    return Proposals(tuple(made for _, made in kept.values() if made is not None), tuple(findings), frozenset(given))


def _proposal(row: Row, inputs: Mapping[str, InputSpec]) -> Proposal | Finding:
    cells: dict[str, Any] = dict(row.cells)
    told = {name: cells[name] for name in inputs if name not in _OWN and cells.get(name) is not None}
    own: dict[str, Any] = {name: cells.get(name) for name in _OWN}
    try:
        return Proposal(**own, figures=told)
    except InputError as error:
        return row.finding(*from_model(error))


@attrs.frozen
class _YearFile:
    """What a file of a year may hold."""

    area: str
    year: int
    budget: Decimal
    proposals_until: dt.date | None = None
    figures: dict[str, Scalar] = attrs.field(factory=dict)


def read_fund_year(path: str | Path, inputs: Mapping[str, InputSpec] | None = None) -> FundYear:
    """Read the figures of a year's prevention money from TOML.

    Args:
        path: The file: ``area``, ``year``, ``budget``, ``proposals_until`` if the call names a day, and ``[figures]``
            with inputs of the policy by name.
        inputs: The inputs of the policy, by which names are checked.

    Raises:
        ReadError: It cannot be read, or is not TOML in UTF-8.
        ProfileError: Something in it is not what it must be; all of it is listed.
        UnknownNameError: A figure that the policy does not ask for.
        InputError: A value that makes no sense.
    """
    from injuryprev.policy.loading import parse_as  # noqa: PLC0415  # cattrs is loaded with the first file

    path = Path(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        said = error.strerror or str(error)
        raise ReadError("the file cannot be read", where=str(path), seen=said, expected="a TOML file") from error
    told = parse_as(_YearFile, raw, path.name)
    for name in told.figures:
        if inputs is not None and name not in inputs:
            raise UnknownNameError(
                "the policy asks for no such figure",
                where=f"{path.name} @ $.figures",
                seen=name,
                expected=nearest(name, inputs),
            )
    try:
        return FundYear(told.area, told.year, told.budget, told.proposals_until, figures=told.figures)
    except InputError as error:
        where = f"{path.name} @ $.{error.where.rpartition('.')[2]}"
        raise InputError(error.what, where=where, seen=error.seen, expected=error.expected) from None
