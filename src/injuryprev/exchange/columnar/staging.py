"""The files of one table made into Parquet under the names of the table, with every row that is no use set aside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import attrs
import polars as pl

from injuryprev.errors import InputError
from injuryprev.exchange.columnar.cellwise import RAW, Fault, check_cell, read_columns
from injuryprev.exchange.columnar.opening import ROW, Raw
from injuryprev.exchange.columnar.rules import edition_of, industry_faults, row_rules
from injuryprev.exchange.findings import WITHHELD, Finding, shown
from injuryprev.exchange.headers import Table
from injuryprev.exchange.objects import from_model
from injuryprev.exchange.tables import Layout, rows_of
from injuryprev.model.privacy import holds_identity_number
from injuryprev.units import Period
from injuryprev.words import Words

EXAMPLES: Final = 100
"""Rows of one fault in one file that are named; of the others only the number is."""
LABEL: Final = "__label"
SUSPECT: Final[Mapping[str, Any]] = {
    "owner": pl.String,
    "case": pl.String,
    "texts": pl.List(pl.String),
    ROW: pl.Int64,
    LABEL: pl.String,
}
"""What is kept of a row that is no use: whose it may be, and where it stands."""
_OWNERS: Final[Mapping[str, str]] = {"employers": "id", "units": "unit"}
"""The column that says whose a row is, where that is not ``employer_id``."""
_BATCH: Final = 50_000
_PERIODS: Final = ("month_", "year_", "last_day")


@attrs.frozen
class Part:
    """A Parquet file, and under which of its columns each column of the table stands."""

    path: Path
    label: str
    columns: Mapping[str, str]
    numbered: bool
    """Whether it holds the number of each row; else a row has the number of its place."""
    layout: Layout | None = None
    """Where the columns stand in the file that was given."""

    def header(self, column: str, row: int) -> str:
        """A column as the file writes it, with the address of the cell in a workbook."""
        return column if self.layout is None else self.layout.label(column, row)

    def scan(self) -> pl.LazyFrame:
        """The rows with their numbers."""
        if self.numbered:
            return pl.scan_parquet(self.path).select(ROW, *self.columns)
        picked = [pl.col(actual).alias(name) for name, actual in self.columns.items()]
        return pl.scan_parquet(self.path, row_index_name=ROW, row_index_offset=1).select(ROW, *picked)


@attrs.define
class Staged:
    """What was made of one table: its parts, what was found, how many rows were set aside, and whose they are."""

    name: str
    parts: list[Part] = attrs.field(factory=list)
    findings: list[Finding] = attrs.field(factory=list)
    rejected: int = 0
    suspects: list[pl.LazyFrame] = attrs.field(factory=list)

    def scan(self) -> pl.LazyFrame:
        """Every row with its number and the place of its file among the parts."""
        scanned = [part.scan().with_columns(__file=pl.lit(index)) for index, part in enumerate(self.parts)]
        return pl.concat(scanned, how="diagonal_relaxed")


@attrs.frozen
class _Checked:
    """Rows with marks of what is wrong; their columns; and where a column that follows from others differs from the
    file's own.
    """

    frame: pl.LazyFrame
    names: Sequence[str]
    faults: Sequence[Fault]
    altered: Sequence[pl.Expr]
    as_is: bool


class Stager:
    """Stages the files of the tables in a directory for the while."""

    def __init__(self, tables: Mapping[str, Table], scratch: Path, edition: str | None) -> None:
        self.tables, self.scratch, self.edition = tables, scratch, edition
        self.count = 0

    def stage(self, name: str, raws: Sequence[Raw]) -> Staged:
        """Stage the files of one table."""
        staged = Staged(name)
        for raw in raws:
            staged.findings.extend(raw.findings)
            if raw.frame is None:
                self._row_by_row(staged, raw)
            else:
                self._in_columns(staged, raw, alone=len(raws) == 1)
        return staged

    def path(self, stem: str) -> Path:
        """A path for a further file."""
        self.count += 1
        return self.scratch / f"{stem}-{self.count}.parquet"

    # Columns

    def _in_columns(self, staged: Staged, raw: Raw, *, alone: bool) -> None:
        assert raw.frame is not None  # noqa: S101 - for the type checker: the caller has asked
        read = read_columns(raw, staged.name)
        frame = raw.frame.select(read.made)
        names = [name for name in frame.collect_schema().names() if not name.startswith("__")]
        checked = self._checked(staged.name, frame, names, read.faults)
        if raw.in_place and alone and read.as_is and checked.as_is and not _any(raw.frame, read.altered):
            marks = [pl.col(fault.name) for fault in checked.faults]
            if not _any(frame, checked.altered) and not _any(checked.frame, marks):
                headers = {column.name: raw.layout.headers[index] for index, (column, _) in raw.layout.found.items()}
                staged.parts.append(Part(raw.path, raw.layout.source.label, headers, numbered=False, layout=raw.layout))
                return
        self._set_aside(staged, raw, checked)

    def _checked(self, table: str, frame: pl.LazyFrame, names: list[str], faults: Sequence[Fault]) -> _Checked:
        """The columns that follow from others, and marks of the rows that are wrong as wholes."""
        rules = row_rules(table, names)
        made = {expr.meta.output_name(): expr for expr in rules.made}
        if "industry" in names:
            made["industry_edition"] = edition_of(names, self.edition).alias("industry_edition")
        # Beside one another: what a rule asks is what the file says, not what another rule makes of it.
        ruled = frame.with_columns(*(mark for _, mark in rules.faults), *made.values())
        found = [*faults, *(fault for fault, _ in rules.faults)]
        if "industry" in names:
            more_faults = industry_faults(ruled, names)
            ruled = ruled.with_columns(*(mark for _, mark in more_faults))
            found += [fault for fault, _ in more_faults]
        # A row is told once: what its cells must be to one another is not asked where one of them could not be read.
        told = [pl.col(fault.name) for fault in faults]
        for fault in found[len(faults) :]:
            if told:
                before = pl.any_horizontal(told).fill_null(value=False)
                ruled = ruled.with_columns((pl.col(fault.name) & ~before).alias(fault.name))
            told.append(pl.col(fault.name))
        altered = [pl.col(name).ne_missing(expr) for name, expr in made.items() if name in names]
        kept = [name for name in dict.fromkeys([*names, *made]) if not name.startswith(_PERIODS)]
        return _Checked(ruled, kept, found, altered, as_is=set(kept) == set(names))

    def _set_aside(self, staged: Staged, raw: Raw, checked: _Checked) -> None:
        """Write the rows, without those that are no use; of these keep what they are and whose."""
        whole = self.path(staged.name)
        checked.frame.sink_parquet(whole, compression="lz4")
        marked = pl.scan_parquet(whole)
        sums = [pl.col(fault.name).sum() for fault in checked.faults]
        counts = marked.select(sums).collect().row(0) if sums else ()
        met = [(fault, int(count)) for fault, count in zip(checked.faults, counts, strict=True) if count]
        for fault, count in met:
            staged.rejected += count
            staged.findings.extend(self._examples(raw, staged.name, marked, fault, count))
        if met:
            bad = pl.any_horizontal(pl.col(fault.name) for fault, _ in met)
            label = pl.lit(raw.layout.source.label).alias(LABEL)
            staged.suspects.append(_keys(staged.name, marked.filter(bad), pl.col(ROW).cast(pl.Int64), label))
            whole = self.path(staged.name)
            marked.filter(~bad).select(ROW, *checked.names).sink_parquet(whole, compression="lz4")
        columns = {name: name for name in checked.names}
        staged.parts.append(Part(whole, raw.layout.source.label, columns, numbered=True, layout=raw.layout))

    def _examples(self, raw: Raw, table: str, marked: pl.LazyFrame, fault: Fault, count: int) -> Iterator[Finding]:
        own = marked.collect_schema().names()
        name = fault.column or ""
        value = next((column for column in (RAW + name, name) if column in own), None)
        picked = [pl.col(value).cast(pl.String).alias("value") if value else pl.lit(None, pl.String).alias("value")]
        rows = _keys(table, marked.filter(fault.name).head(EXAMPLES), pl.col(ROW), *picked).collect()
        # As for a row: a column that the file does not have is not named.
        header = fault.column if fault.column in raw.found else None
        private = any(column.private for column in self.tables[table].columns if column.name == fault.column)
        for row in rows.iter_rows(named=True):
            seen = shown(row["value"])
            yield Finding(
                raw.layout.source.label,
                row[ROW],
                None if header is None else raw.layout.label(header, row[ROW]),
                WITHHELD if seen is not None and (private or holds_identity_number(seen)) else seen,
                fault.words,
                code=fault.code,
                table=table,
                employers=(row["owner"],) if row["owner"] is not None else (),
            )
        if count > rows.height:
            yield more(raw.layout.source.label, table, fault.code, fault.words, count - rows.height)

    # Rows

    def _row_by_row(self, staged: Staged, raw: Raw) -> None:
        """A file that columns cannot hold as it stands: a workbook, or text with quotation marks or torn lines."""
        schema = _schema(self.tables[staged.name], raw)
        path, frames, suspects = self.path(staged.name), [], []
        batch: list[dict[str, object]] = []
        for row in rows_of(raw.layout):
            findings = list(row.findings)
            cells: dict[str, object] = {ROW: row.place.number}
            for name, cell in row.cells.items():
                try:
                    read = check_cell(staged.name, raw.found[name][0], cell)
                except InputError as error:
                    code, words, _ = from_model(error)
                    findings.append(row.finding(code, words, name))
                    continue
                if isinstance(read, Period):
                    kind = raw.found[name][0].kind
                    cells |= {f"{kind}_since": read.since, f"{kind}_until": read.until}
                elif name in schema:
                    cells[name] = read
            if not findings:
                batch.append(cells)
                if len(batch) == _BATCH:
                    frames.append(self._flush(staged.name, batch, schema))
                    batch = []
                continue
            owner = row.cells.get(_owner_of(staged.name))
            case = row.cells.get("id" if staged.name == "cases" else "case_id")
            staged.rejected += len(findings)
            marked = (owner,) if isinstance(owner, str) else ()
            staged.findings.extend(attrs.evolve(finding, employers=marked) for finding in findings)
            suspects.append(
                {
                    "owner": owner,
                    "case": case,
                    "texts": sorted(row.texts),
                    ROW: row.place.number,
                    LABEL: row.place.layout.source.label,
                }
            )
            if staged.name == "units" and not row.cells and row.raw.get("unit"):  # perhaps a unit of no other row
                suspects.append({**suspects[-1], "owner": row.raw["unit"], "texts": []})
        frames.append(self._flush(staged.name, batch, schema))
        pl.concat([pl.scan_parquet(frame) for frame in frames]).sink_parquet(path)
        if suspects:
            staged.suspects.append(pl.DataFrame(suspects, schema=SUSPECT).lazy())
        # What the cells of a row must be to one another is asked of these rows as of all others.
        names = [name for name in schema if name != ROW]
        self._set_aside(staged, raw, self._checked(staged.name, pl.scan_parquet(path), names, ()))

    def _flush(self, table: str, batch: list[dict[str, object]], schema: Mapping[str, Any]) -> Path:
        path = self.path(table)
        pl.DataFrame(batch, schema=dict(schema)).write_parquet(path)
        return path


def _any(frame: pl.LazyFrame, marks: Sequence[pl.Expr]) -> bool:
    if not marks:
        return False
    summed = [mark.sum().alias(f"m{index}") for index, mark in enumerate(marks)]
    return any(frame.select(summed).collect(engine="streaming").row(0))


def more(label: str, table: str, code: str, words: Words, count: int) -> Finding:
    """What is said of the rows of a fault that are not named one by one."""
    said = Words(f"{count:,} further rows: {words.en}", f"另有 {count:,} 行：{words.zh}")
    return Finding(label, None, None, None, said, code=code, table=table)


def _owner_of(table: str) -> str:
    return _OWNERS.get(table, "employer_id")


def _keys(table: str, frame: pl.LazyFrame, *further: pl.Expr) -> pl.LazyFrame:
    """Whose rows these are, as far as they say: the employer, the case, and every text in which a number may stand."""
    schema = frame.collect_schema()
    owner, case = _owner_of(table), "id" if table == "cases" else "case_id"
    texts = [pl.col(name) for name, kind in schema.items() if kind == pl.String and name != owner]
    made = [
        pl.col(name).alias(key) if name in schema else pl.lit(None, pl.String).alias(key)
        for key, name in (("owner", owner), ("case", case))
    ]
    listed = pl.concat_list(texts) if texts else pl.lit([], pl.List(pl.String))
    return frame.select(*made, listed.alias("texts"), *further)


def _schema(table: Table, raw: Raw) -> dict[str, Any]:
    kinds: Mapping[str, Any] = {"date": pl.Date, "whole": pl.Int64, "flag": pl.Boolean}
    schema: dict[str, Any] = {ROW: pl.Int64}
    for column in table.columns:
        if column.name not in raw.found:
            continue
        if column.kind in ("month", "year"):
            schema |= {f"{column.kind}_since": pl.Date, f"{column.kind}_until": pl.Date}
        else:
            schema[column.name] = kinds.get(column.kind, pl.String)
    return schema
