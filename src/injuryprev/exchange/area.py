"""A pooling area read from its tables: employers, the history of each, and everything that was found wrong.

The rules, for whoever has to answer for a rate:

- A row that cannot be read is rejected with its reason and changes nothing for any other employer.
- The employer it belongs to is *refused*: without the row its figures would be silently too good or too bad.  A row
  whose own employer cannot be told refuses every employer whose number stands anywhere in it.
- Of two rows with one key the first is kept.  If they say the same, that is all; if they differ, nobody knows which
  is right, and the employer is refused.
- A table that was not given is unknown (``None``); a table given without a row for an employer says it had none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final, Protocol

import attrs

from injuryprev.errors import UnknownNameError, nearest
from injuryprev.exchange.assembly import Assembly
from injuryprev.exchange.findings import Finding, incomplete, nobodys
from injuryprev.exchange.headers import TABLES, Column, Kind, Table
from injuryprev.exchange.industries import IndustryFigures
from injuryprev.exchange.locate import Location, Stated, locate
from injuryprev.exchange.objects import Builder
from injuryprev.exchange.tables import read_table
from injuryprev.model import Employer, FactValue, History
from injuryprev.unknown import Unknown
from injuryprev.words import Words


class FactSpec(Protocol):
    """What the reader asks of an input of a policy: enough to find its column and to read its cells."""

    @property
    def name(self) -> str:
        """The name of the input."""

    @property
    def title(self) -> Words:
        """Its title, whose Chinese is a header as well."""

    @property
    def unit(self) -> object:
        """Its unit; ``str`` of it is the name."""

    @property
    def choices(self) -> Mapping[str, Words]:
        """The values of a category, with their words."""


@attrs.frozen
class Area:
    """A pooling area as its tables tell it.

    Args:
        employers: By their ids, in the order of the table.
        histories: One for each employer.
        findings: Everything wrong with the files, rejects and warnings, in the order met.
        refused: Ids whose rows were rejected, and those findings.  An id may be refused and missing from
            ``employers``: its own row could not be read.
        industries: Figures published by industry, such as its mean incidence.
        stated: Figures of the whole area, for every employer whose own row does not say otherwise.
    """

    employers: Mapping[str, Employer]
    histories: Mapping[str, History]
    findings: tuple[Finding, ...] = ()
    refused: Mapping[str, tuple[Finding, ...]] = attrs.field(factory=dict)
    industries: IndustryFigures = attrs.field(factory=IndustryFigures)
    stated: Mapping[str, FactValue] = attrs.field(factory=dict)

    @property
    def rejects(self) -> tuple[Finding, ...]:
        """The findings that cost a row."""
        return tuple(finding for finding in self.findings if finding.severity == "reject")

    @property
    def ids(self) -> tuple[str, ...]:
        """Every employer there is to decide on: those read, then those whose own row was rejected."""
        return (*self.employers, *(key for key in self.refused if key not in self.employers))

    @property
    def refusals(self) -> Mapping[str, Unknown]:
        """Why those are refused that are."""
        found = {key: self.refusal(key) for key in self.refused}
        return {key: why for key, why in found.items() if why is not None}

    @property
    def lost(self) -> Unknown | None:
        """Why the totals of the area are not complete: rows of which nobody can tell whose they are."""
        found = [finding for finding in self.rejects if finding.lost]
        return nobodys(found) if found else None

    def figures(self, employer_id: str) -> Mapping[str, FactValue]:
        """Figures of the area and of the employer's industry, for ``ip.rate(..., figures=...)``.

        What the employer's own row says comes first, then what is published for its industry, then the area's.
        """
        employer = self.employers[employer_id]
        published = {} if employer.industry is None else self.industries.of(employer.industry)
        figures = {**self.stated, **published}
        return {name: value for name, value in figures.items() if not own_word(employer, name)}

    def refusal(self, employer_id: str) -> Unknown | None:
        """Why an employer is not rated although a rate could be computed; ``None`` where nothing stands against it.

        Raises:
            UnknownNameError: No such employer in the tables.
        """
        if employer_id not in self.employers and employer_id not in self.refused:
            raise UnknownNameError(
                "no such employer in these tables",
                where="employer",
                seen=employer_id,
                expected=nearest(employer_id, self.ids),
            )
        findings = self.refused.get(employer_id)
        return incomplete(findings) if findings else None


def read_area(
    source: Location,
    *,
    instead: Stated | None = None,
    only: Collection[str] | None = None,
    facts: Mapping[str, FactSpec] | None = None,
    edition: str | None = None,
    classified_by: str | None = None,
    stated: Mapping[str, FactValue] | None = None,
) -> Area:
    r"""Read the tables of a pooling area.

    Args:
        source: A directory with ``employers.csv``, ``cases.xlsx`` and so on (Chinese names do as well, and
            ``payments-2024.csv`` beside ``payments-2023.csv``), a workbook with one sheet per table, or a mapping
            from table names to one or more files.
        instead: Files of single tables, in place of those that ``source`` has.
        only: The tables that are read beside the employers; the others are left alone, with whatever is wrong in them,
            and are unknown.  By default all.
        facts: Inputs of a policy (``policy.inputs``) that the tables of employers and industries may have as columns.
        edition: The edition of GB/T 4754 of all codes whose row states none.
        classified_by: The edition by which the policy finds classes; an employer coded by another, and without a class
            of its own, is named in the findings, since it cannot be rated.
        stated: Figures of the whole area by the names of a policy's inputs, see ``read_figures``.

    Money is in the currency of the profile, unless the header says 万元 or the like; ratios are plain fractions, unless
    the header or the cell says % or ‰.  An empty cell is unknown, never zero.

    Raises:
        ReadError: There is no table of employers, or a file cannot be read as a whole (wrong header, wrong encoding, no
            line at all). Nobody is rated as if that table had not been supplied.

    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> _ = (folder / "employers.csv").write_text("单位编号,行业代码,行业版本\nE1,06,2017\nE2,99,2017\n", "gb18030")
    >>> area = read_area(folder)
    >>> list(area.employers), [finding.column for finding in area.rejects]
    (['E1'], ['行业代码'])
    """
    files, findings = locate(source, instead)
    if only is not None:
        files = {name: paths for name, paths in files.items() if name == "employers" or name in only}
    columns = [fact_column(spec) for spec in (facts or {}).values()]
    tables = {name: with_facts(table, columns) for name, table in TABLES.items()}
    extra = {column.name for column in tables["employers"].columns} - {
        column.name for column in TABLES["employers"].columns
    }
    assembly = Assembly(Builder(tuple(sorted(extra)), edition), findings=list(findings))
    industries = IndustryFigures()
    # Employers and cases first, because the rows of the other tables refer to them.
    for name, paths in sorted(
        files.items(), key=lambda item: list(TABLES).index(item[0]) if item[0] != "cases" else 0.5
    ):
        assembly.begin(name)
        for path, sheet in paths:
            about, rows = read_table(path, tables[name], sheet=sheet)
            assembly.findings.extend(about)
            for row in rows:
                if name == "industries":
                    assembly.findings.extend(industries.add(row, edition))
                else:
                    assembly.add(name, row)
    assembly.findings.extend(_of_other_editions(assembly, classified_by))
    histories = assembly.finish()
    return Area(
        MappingProxyType(assembly.employers),
        MappingProxyType(histories),
        tuple(assembly.findings),
        MappingProxyType(assembly.refused),
        industries,
        MappingProxyType(dict(stated or {})),
    )


def _of_other_editions(assembly: Assembly, classified_by: str | None) -> Iterator[Finding]:
    """Employers whose class cannot be found, because their industry is coded by another edition than the table."""
    for employer in assembly.employers.values() if classified_by else ():
        industry = employer.industry
        if industry is not None and industry.edition != classified_by and employer.risk_class is None:
            words = coded_otherwise(industry.edition, classified_by or "")
            finding = assembly.place_of(employer.id).finding(
                "other_edition", words, column="industry_edition", value=industry.edition, severity="warn"
            )
            yield attrs.evolve(finding, employers=(employer.id,))


def coded_otherwise(edition: str, classified_by: str) -> Words:
    """Of an employer whose class cannot be found by its industry."""
    return Words(
        f"the industry is coded by {edition}, the risk classes go by {classified_by}; "
        "give the class, or the code of that edition",
        f"行业代码为 {edition}，而风险分类按 {classified_by}；请提供类别或该版本的代码",
    )


_OWN: Final = ("risk_class", "subclass", "area", "size")
"""Fields of an employer that may be inputs of a policy as well."""


def own_word(employer: Employer, name: str) -> bool:
    """Whether the employer's own row states this figure, in a column of the model or in one of the policy."""
    return name in employer.facts or (name in _OWN and getattr(employer, name) is not None)


def fact_column(spec: FactSpec) -> Column:
    """The column that an input of a policy has in the tables of employers and industries."""
    unit = str(spec.unit)
    kinds: Mapping[str, Kind] = {
        "flag": "flag",
        "category": "choice",
        "class": "whole",
        "grade": "whole",
        "money": "money",
        "fraction": "fraction",
    }
    return Column(
        spec.name,
        kinds.get(unit, "count"),
        (spec.title.zh,) if spec.title.zh else (),
        (spec.title.en,) if spec.title.en else (),
        values={key: (words.zh or key, words.en or key) for key, words in spec.choices.items()},
    )


def with_facts(table: Table, extra: Iterable[Column]) -> Table:
    """The table with further columns, where they have a place in it."""
    return extended(table, extra) if table.name in ("employers", "industries") else table


def extended(table: Table, extra: Iterable[Column]) -> Table:
    """The table with further columns; its own columns and their names go first."""
    taken = set(table.synonyms())
    columns: Sequence[Column] = [
        column for column in extra if not taken & {column.name, *Table("", (), (column,)).synonyms()}
    ]
    return attrs.evolve(table, columns=(*table.columns, *columns))
