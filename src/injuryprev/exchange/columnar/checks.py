"""What the tables of an area must be to one another: keys once, records of known employers, payments of their cases.

The rules are those of :mod:`injuryprev.exchange.assembly`, asked by joins.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import attrs
import polars as pl

from injuryprev.exchange.area import coded_otherwise
from injuryprev.exchange.assembly import REPEATED, again, left_out, of_another, of_unused, overlapping, repeated
from injuryprev.exchange.columnar.opening import ROW
from injuryprev.exchange.columnar.staging import EXAMPLES, LABEL, SUSPECT, Staged, more
from injuryprev.exchange.findings import Finding, Severity
from injuryprev.units import Period
from injuryprev.words import Words

OWNER: Final = "employer_id"
ORDER: Final = ("employers", "cases", "exposure", "contributions", "payments", "events", "recognitions")
"""The order in which tables are read, which is that of the reasons of one employer."""

_NO_EMPLOYER: Final = Words("no such employer in the table of employers", "单位表中没有该单位")
_OLD_CASE: Final = Words(
    "no such case in the table of cases; the payment counts, and is unknown where a rule asks what the case was",
    "案件表中没有该案件；该笔支付照常计入，规则需要案件情况时作未知处理",
)

Said = Callable[[Mapping[str, Any]], Words]


@attrs.define
class Checks:
    """Goes through the tables of an area, and gathers what was found and whom it refuses."""

    staged: Mapping[str, Staged]
    scratch: Path
    findings: list[Finding] = attrs.field(factory=list)
    rejected: int = 0
    _refused: list[pl.LazyFrame] = attrs.field(factory=list)
    _ids: pl.LazyFrame = attrs.field(init=False)
    _bad_ids: pl.LazyFrame = attrs.field(init=False)

    def run(self) -> None:
        """Ask everything; parts of employers and cases lose the rows that say a key again."""
        self._bad_ids = self._suspects("employers").select("owner").unique()
        for name in ("employers", "cases"):
            if name in self.staged:
                self._keys_once(name)
        self._ids = self.staged["employers"].scan().select(owner="id")
        self._refuse("employers", self._bad_ids)
        for name in ORDER[1:]:
            if name in self.staged:
                self._set_aside(name)
                self._whose(name)
                self._known_employers(name)
        if "cases" in self.staged and "payments" in self.staged:
            self._cases_of_payments()
        if "exposure" in self.staged:
            self._overlaps()
        for name, column in REPEATED.items():
            if name in self.staged:
                self._repeated(name, column)

    def coded_otherwise(self, classified_by: str) -> None:
        """Name the employers whose class cannot be found, since their industry is coded by another edition."""
        rows = self.staged["employers"].scan()
        names = rows.collect_schema().names()
        if "industry" not in names:
            return
        classless = pl.col("risk_class").is_null() if "risk_class" in names else pl.lit(value=True)
        other = pl.col("industry").is_not_null() & (pl.col("industry_edition") != classified_by)
        told = rows.filter(other & classless).with_columns(__whose=pl.concat_list("id"))
        words: Said = lambda row: coded_otherwise(row["industry_edition"], classified_by)  # noqa: E731 - one line
        self._report("employers", told, "other_edition", words, column="industry_edition", severity="warn")

    def refused(self) -> pl.DataFrame:
        """Employers that are not rated, with the tables whose rows are the reason, in the order of reading."""
        if not self._refused:
            return pl.DataFrame(schema={OWNER: pl.String, "refusal": pl.String})
        order = pl.Enum(ORDER)
        pairs = pl.concat(self._refused).filter(pl.col("owner").is_not_null()).unique()
        reason = pl.concat_str(pl.lit("rejected_row:"), pl.col("table")).sort_by(pl.col("table").cast(order))
        grouped = pairs.group_by("owner").agg(reason.alias("refusal"))
        listed = grouped.select(pl.col("owner").alias(OWNER), pl.col("refusal").list.join("; "))
        return listed.sort(OWNER).collect(engine="streaming")

    def _refuse(self, table: str, owners: pl.LazyFrame) -> None:
        self._refused.append(owners.select("owner", table=pl.lit(table)))

    def _suspects(self, name: str) -> pl.LazyFrame:
        suspects = [pl.LazyFrame(schema=dict(SUSPECT))]
        if name in self.staged:
            suspects += self.staged[name].suspects
        return pl.concat(suspects)

    def _report(
        self,
        table: str,
        rows: pl.LazyFrame,
        code: str,
        words: Words | Said,
        *,
        column: str | None,
        severity: Severity = "reject",
    ) -> int:
        """Count rows and name the first of them; a column ``__whose`` lists the employers that they cost their rate.

        ``words`` are of all rows, or made of each.
        """
        count = int(rows.select(pl.len()).collect(engine="streaming").item())
        if not count:
            return 0
        if severity == "reject":
            self.rejected += count
        first = rows.sort("__file", ROW).head(EXAMPLES).collect()
        parts = self.staged[table].parts
        said = words if isinstance(words, Words) else Words("of the same kind", "同类")
        for row in first.iter_rows(named=True):
            part, place = parts[row["__file"]], row[ROW]
            header = None if column is None else part.header(column, place)
            value = None if column is None else row.get(column)
            told = words if isinstance(words, Words) else words(row)
            whose = tuple(dict.fromkeys(row.get("__whose") or ()))
            self.findings.append(Finding(part.label, place, header, value, told, severity, code, table, whose))
        if count > first.height:
            rest = more(parts[0].label, table, code, said, count - first.height)
            self.findings.append(attrs.evolve(rest, severity=severity))
        return count

    def _place(self, table: str, row: Mapping[str, Any]) -> str:
        """The other row that a row is about."""
        return f"{self.staged[table].parts[row['__other_file']].label} row {row['__other_row']}"

    def _keys_once(self, name: str) -> None:
        """Of rows with one key the first is kept; where they differ, the employer is refused."""
        staged = self.staged[name]
        rows = staged.scan()
        key = ["id"] if name == "employers" else [OWNER, "id"]
        twice = rows.group_by(key).len().filter(pl.col("len") > 1).select(key)
        if not twice.select(pl.len()).collect(engine="streaming").item():
            return
        said = [column for column in rows.collect_schema().names() if not column.startswith("__")]
        copies = rows.join(twice, on=key, how="semi").sort("__file", ROW).collect()
        first = copies.unique(key, keep="first", maintain_order=True)
        later = copies.join(first.select("__file", ROW), on=["__file", ROW], how="anti")
        kept = first.select(*key, __other_file="__file", __other_row=ROW)
        later = later.join(kept, on=key, how="left", maintain_order="left")
        same = later.join(first.select(said), on=said, how="semi", nulls_equal=True)
        different = later.join(first.select(said), on=said, how="anti", nulls_equal=True)
        owner = pl.col("id" if name == "employers" else OWNER)
        what = "employer" if name == "employers" else "case"
        for found, alike in ((same, True), (different, False)):
            listed = pl.lit([], pl.List(pl.String)) if alike else pl.concat_list(owner)
            self._report(
                name,
                found.lazy().with_columns(__whose=listed),
                "duplicate",
                lambda row, alike=alike: again(what, self._place(name, row), same=alike),  # type: ignore[misc]
                column="id",
            )
        self._refuse(name, different.lazy().select(owner=owner))
        # One file for each that was given, so that a row keeps its place.
        for index, part in enumerate(staged.parts):
            gone = later.lazy().filter(pl.col("__file") == index).select(ROW)
            path = self.scratch / f"{name}-{index}-once.parquet"
            part.scan().join(gone, on=ROW, how="anti", maintain_order="left").sink_parquet(path, compression="lz4")
            columns = {column: column for column in part.columns}
            staged.parts[index] = attrs.evolve(part, path=path, columns=columns, numbered=True)

    def _set_aside(self, name: str) -> None:
        """Whose were the rows that could not be read?  Their own employer's; failing that, of all whom they name."""
        suspects = self._suspects(name)
        known = pl.concat([self._ids, self._bad_ids])
        self._refuse(name, suspects.join(known, on="owner", how="semi").select("owner"))
        strangers = suspects.join(known, on="owner", how="anti")
        named = strangers.select(owner=pl.col("texts").list.explode()).join(self._ids, on="owner", how="semi")
        self._refuse(name, named)
        self._refuse(name, self._owners(strangers.select("case")))

    def _whose(self, name: str) -> None:
        """Beside the rows named as no use: the employers that they cost their rate, as ``_set_aside`` says."""
        staged = self.staged[name]
        named = {(finding.file, finding.row) for finding in staged.findings if finding.severity == "reject"}
        if not named:
            return
        keys = pl.DataFrame(list(named), schema={LABEL: pl.String, ROW: pl.Int64}, orient="row").lazy()
        rows = self._suspects(name).join(keys, on=[LABEL, ROW], how="semi").collect()
        texts = rows.select(owner=pl.col("texts").list.explode()).lazy()
        known = self._among(pl.concat([self._ids, self._bad_ids]), rows.lazy().select("owner"))
        ids = self._among(self._ids, texts)
        cases = self._owners_by_case().join(rows.lazy().select("case"), on="case", how="semi").collect()
        by_case = dict(cases.select("case", "__owners").rows())
        whose = {}
        for row in rows.iter_rows(named=True):
            others = {*(set(row["texts"] or ()) & ids), *by_case.get(row["case"], ())}
            whose[row[LABEL], row[ROW]] = (row["owner"],) if row["owner"] in known else tuple(sorted(others))
        staged.findings[:] = [
            attrs.evolve(one, employers=whose.get((one.file, one.row), one.employers)) for one in staged.findings
        ]

    def _among(self, ids: pl.LazyFrame, asked: pl.LazyFrame) -> set[str]:
        return set(ids.join(asked, on="owner", how="semi").collect()["owner"].to_list())

    def _owners(self, cases: pl.LazyFrame) -> pl.LazyFrame:
        """The employers with a case of these numbers."""
        if "cases" not in self.staged:
            return cases.select(owner=pl.col("case")).head(0)
        return self._known_cases().join(cases, on="case", how="semi").select("owner")

    def _known_cases(self) -> pl.LazyFrame:
        cases = self.staged["cases"].scan().select(owner=OWNER, case="id")
        return cases.join(self._ids, on="owner", how="semi")

    def _owners_by_case(self) -> pl.LazyFrame:
        """Whose cases there are of each number."""
        if "cases" not in self.staged:
            return pl.LazyFrame(schema={"case": pl.String, "__owners": pl.List(pl.String)})
        return self._known_cases().group_by("case").agg(pl.col("owner").unique().sort().alias("__owners"))

    def _known_employers(self, name: str) -> None:
        rows = self.staged[name].scan().with_columns(owner=pl.col(OWNER))
        strangers = rows.join(self._ids, on="owner", how="anti")
        unused = strangers.join(self._bad_ids, on="owner", how="semi")
        # One finding for all rows of an employer, since their number would bury the one that matters.
        first = unused.sort("__file", ROW).group_by("owner").agg(pl.col("__file", ROW).first(), __count=pl.len())
        told = first.with_columns(__whose=pl.concat_list("owner"))
        words: Said = lambda row: left_out(row["owner"], row["__count"])  # noqa: E731 - one line says it
        if self._report(name, told, "employer_rejected", words, column=None):
            self._refuse(name, first.select("owner"))
        unknown = strangers.join(self._bad_ids, on="owner", how="anti")
        paid = name == "payments" and "case_id" in rows.collect_schema().names()
        if paid:
            owners = self._owners_by_case().rename({"case": "case_id", "__owners": "__whose"})
            unknown = unknown.join(owners, on="case_id", how="left")
        count = self._report(name, unknown, "no_employer", _NO_EMPLOYER, column=OWNER)
        if count and paid:
            self._refuse(name, self._owners(unknown.select(case="case_id")))

    def _cases_of_payments(self) -> None:
        """Payments for the case of another employer, or for one whose row was rejected; and those for older cases."""
        rows = self.staged["payments"].scan()
        if "case_id" not in rows.collect_schema().names():
            return
        rows = rows.filter(pl.col("case_id").is_not_null()).with_columns(owner=pl.col(OWNER), case=pl.col("case_id"))
        rows = rows.join(self._ids, on="owner", how="semi")
        cases = self._known_cases()
        orphans = rows.join(cases, on=["owner", "case"], how="anti")
        if not orphans.select(pl.len()).collect(engine="streaming").item():
            return
        suspects = self._suspects("cases").filter(pl.col("case").is_not_null())
        strangers = self.staged["cases"].scan().join(self._ids.rename({"owner": OWNER}), on=OWNER, how="anti")
        labels = [part.label for part in self.staged["cases"].parts]
        label = pl.lit(pl.Series(labels, dtype=pl.String).implode()).list.get(pl.col("__file"))
        places = [
            suspects.select("case", "owner", place=pl.format("{} row {}", LABEL, ROW)),
            strangers.select(
                pl.col("id").alias("case"), pl.col(OWNER).alias("owner"), place=pl.format("{} row {}", label, ROW)
            ),
        ]
        unused = pl.concat(places).group_by("case").agg(pl.col("place").first(), pl.col("owner").alias("__suspected"))
        found = orphans.join(self._owners_by_case(), on="case", how="left").join(unused, on="case", how="left")
        own = pl.col("__suspected").list.contains(pl.col("owner")).fill_null(value=False)
        others = pl.col("__owners").is_not_null()
        wrong = found.filter(others | pl.col("place").is_not_null()).with_columns(
            __whose=pl.concat_list("owner", pl.col("__owners").fill_null(pl.lit([], pl.List(pl.String)))),
            __another=pl.when(others & ~own).then(pl.col("__owners").list.first()),
        )

        def words(row: Mapping[str, Any]) -> Words:
            return of_another(row["__another"]) if row["__another"] else of_unused(row["place"])

        if self._report("payments", wrong, "no_case", words, column="case_id"):
            self._refuse("payments", wrong.select("owner"))
            self._refuse("payments", self._owners(wrong.select("case")))
        old = found.filter(~others & pl.col("place").is_null())
        self._report("payments", old, "old_case", _OLD_CASE, column="case_id", severity="warn")

    def _repeated(self, name: str, column: str) -> None:
        """Rows that say just what an earlier one says; nearly always there are none, which a hash of each row shows."""
        rows = self.staged[name].scan()
        said = [column for column in rows.collect_schema().names() if not column.startswith("__")]
        rows = rows.with_columns(__said=pl.struct(said).hash())
        twice = rows.group_by("__said").len().filter(pl.col("len") > 1).select("__said").collect(engine="streaming")
        if not twice.height:
            return
        alike = rows.join(twice.lazy(), on="__said", how="semi").with_columns(owner=pl.col(OWNER))
        copies = alike.join(self._ids, on="owner", how="semi").sort("__file", ROW).collect()
        firsts = copies.unique(said, keep="first", maintain_order=True)
        later = copies.filter(~pl.struct(said).is_first_distinct()).join(
            firsts.select(*said, __other_file="__file", __other_row=ROW), on=said, how="left", nulls_equal=True
        )
        words: Said = lambda row: repeated(self._place(name, row))  # noqa: E731 - one line says it
        self._report(name, later.lazy(), "repeated", words, column=column, severity="warn")

    def _overlaps(self) -> None:
        """One figure given twice for some days: of periods in order, one begins before the one before it has ended."""
        rows = self.staged["exposure"].scan()
        names = rows.collect_schema().names()
        found = []
        for figure in ("insured", "payroll", "hours"):
            if figure in names:
                given = rows.filter(pl.col(figure).is_not_null()).select("__file", ROW, OWNER, "since", "until")
                in_order = ["since", "until", "__file", ROW]
                before = {
                    name: pl.col(name).shift(1).over(OWNER, order_by=in_order).alias(f"__before_{name}")
                    for name in ("__file", ROW, "since", "until")
                }
                pairs = given.with_columns(before.values())
                found.append(pairs.filter(pl.col("__before_until") > pl.col("since")))
        if not found:
            return
        # Of the two rows the one read first is kept, whichever of the periods comes first.
        late = (pl.col("__file") > pl.col("__before___file")) | (
            (pl.col("__file") == pl.col("__before___file")) & (pl.col(ROW) > pl.col(f"__before_{ROW}"))
        )
        own = {
            "__file": "__before___file",
            ROW: f"__before_{ROW}",
            "since": "__before_since",
            "until": "__before_until",
        }
        chosen = {name: pl.when(late).then(pl.col(name)).otherwise(pl.col(other)) for name, other in own.items()}
        other_file = pl.when(late).then(pl.col("__before___file")).otherwise(pl.col("__file"))
        other_row = pl.when(late).then(pl.col(f"__before_{ROW}")).otherwise(pl.col(ROW))
        overlaps = pl.concat(found).select(
            OWNER,
            *(expr.alias(name) for name, expr in chosen.items()),
            other_file.alias("__other_file"),
            other_row.alias("__other_row"),
        )
        overlaps = overlaps.unique(["__file", ROW]).with_columns(owner=pl.col(OWNER), __whose=pl.concat_list(OWNER))
        overlaps = overlaps.join(self._ids, on="owner", how="semi")
        words: Said = lambda row: overlapping(  # noqa: E731 - one line says it
            Period(row["since"], row["until"]), self._place("exposure", row)
        )
        if self._report("exposure", overlaps, "overlap", words, column=None):
            self._refuse("exposure", overlaps.select("owner"))
