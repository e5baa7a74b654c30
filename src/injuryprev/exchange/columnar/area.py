"""A pooling area in columns: where its rows are, who is refused, and what was found wrong."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import attrs
import polars as pl

from injuryprev.exchange.area import FactSpec, fact_column, with_facts
from injuryprev.exchange.columnar.checks import Checks
from injuryprev.exchange.columnar.opening import open_raw
from injuryprev.exchange.columnar.staging import Staged, Stager
from injuryprev.exchange.findings import Finding
from injuryprev.exchange.headers import TABLES, Table
from injuryprev.exchange.industries import IndustryFigures
from injuryprev.exchange.locate import Location, Stated, locate
from injuryprev.exchange.tables import read_table
from injuryprev.model import FactValue, Industry


@attrs.frozen
class ColumnarArea:
    """A pooling area staged for rating.

    Args:
        tables: The tables that were given, with the Parquet files their rows are in.
        refused: A Parquet file: employers that are not rated, and why, as ``rejected_row:<table>``.
        findings: The first rows of each fault in each file, and how many more there are.
        rejected: How many rows were set aside or refuse their employer.
        refusals: How many employers are refused.
    """

    tables: Mapping[str, Staged]
    refused: Path
    findings: tuple[Finding, ...]
    rejected: int
    refusals: int


def read_columnar(
    source: Location,
    scratch: Path,
    *,
    instead: Stated | None = None,
    facts: Mapping[str, FactSpec] | None = None,
    edition: str | None = None,
    classified_by: str | None = None,
    stated: Mapping[str, FactValue] | None = None,
) -> ColumnarArea:
    """Read the tables of an area in columns.

    Args:
        source: As for ``read_area``, with Parquet as well.
        scratch: A directory for what must be written anew; Parquet under the names of the model and without a fault
            is rated where it lies.
        instead: Files of single tables, in place of those that ``source`` has.
        facts: Inputs of a policy (``policy.inputs``) that the tables of employers and industries may have as columns.
        edition: The edition of GB/T 4754 of all codes whose row states none.
        classified_by: The edition by which the policy finds classes, as for ``read_area``.
        stated: Figures of the whole area.

    Raises:
        ReadError: There is no table of employers, or a file as a whole cannot be read.
    """
    files, findings = locate(source, instead)
    columns = [fact_column(spec) for spec in (facts or {}).values()]
    tables = {name: with_facts(table, columns) for name, table in TABLES.items()}
    year = None if edition is None else Industry("06", edition).edition
    stager = Stager(tables, scratch, year)
    staged: dict[str, Staged] = {}
    published = IndustryFigures()
    rejected = 0
    for name, paths in files.items():
        if name == "industries":
            for path, sheet in paths:
                about = _publish(published, path, sheet, tables[name], edition)
                findings += about
                rejected += sum(finding.severity == "reject" for finding in about)
            continue
        staged[name] = stager.stage(name, [open_raw(path, tables[name], sheet, scratch) for path, sheet in paths])
        rejected += staged[name].rejected
    checks = Checks(staged, scratch)
    checks.run()
    if classified_by:
        checks.coded_otherwise(classified_by)
    findings += [finding for one in staged.values() for finding in one.findings]
    refused = scratch / "refused.parquet"
    who = checks.refused()
    who.write_parquet(refused)
    path = stager.path("employers")
    employers = _with_figures(staged["employers"].scan(), tables["employers"], published, stated or {}, facts or {})
    employers.drop("__file").sink_parquet(path, compression="lz4")
    own = [name for name in employers.collect_schema().names() if not name.startswith("__")]
    part = attrs.evolve(staged["employers"].parts[0], path=path, columns={name: name for name in own}, numbered=True)
    staged["employers"].parts[:] = [part]
    return ColumnarArea(staged, refused, (*findings, *checks.findings), rejected + checks.rejected, who.height)


def _publish(
    published: IndustryFigures, path: Path, sheet: str | None, table: Table, edition: str | None
) -> list[Finding]:
    """Read a table of industries, which is short, row by row."""
    about, rows = read_table(path, table, sheet=sheet)
    return [*about, *(finding for row in rows for finding in published.add(row, edition))]


def _with_figures(
    employers: pl.LazyFrame,
    table: Table,
    published: IndustryFigures,
    stated: Mapping[str, FactValue],
    facts: Mapping[str, FactSpec],
) -> pl.LazyFrame:
    """The employers with the figures of their industry and of the area, where their own row says nothing."""
    schema = employers.collect_schema()
    names: list[str] = []
    if "industry" in schema:
        key = ["industry", "industry_edition"]
        pairs = employers.select(key).unique().drop_nulls().collect(engine="streaming")
        figures = [published.of(Industry(*pair)) for pair in pairs.rows()]
        names = [name for name in facts if any(one.get(name) is not None for one in figures)]
        columns = [pl.Series(f"__of_{name}", [_plain(one.get(name)) for one in figures]) for name in names]
        if names:
            employers = employers.join(pairs.with_columns(columns).lazy(), on=key, how="left", maintain_order="left")
    made = []
    for name in dict.fromkeys([*names, *stated]):
        kind = schema.get(name)
        own = (
            []
            if kind is None
            else [pl.col(name) if kind.is_float() or kind == pl.Boolean else pl.col(name).cast(pl.String)]
        )
        of_industry = [pl.col(f"__of_{name}")] if name in names else []
        of_area = [pl.lit(_plain(stated[name]))] if name in stated else []
        others = [
            expr.cast(pl.Float64) if kind is not None and kind.is_float() else expr for expr in (*of_industry, *of_area)
        ]
        made.append(pl.coalesce(*own, *others).alias(name))
    private = {column.name for column in table.columns if column.private}
    kept = [name for name in schema.names() if name not in private]
    return employers.with_columns(made).select(*dict.fromkeys([*kept, *names, *stated]))


def _plain(value: FactValue | None) -> str | bool | None:
    """A figure as a column keeps it; numbers as text, which keeps every digit."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value if value is None or isinstance(value, (bool, str)) else str(value)
