"""What the tables of an area must be to one another: keys once, records of known employers, payments of their cases.

The rules are those of :mod:`injuryprev.exchange.assembly`, asked by joins.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import attrs
import polars as pl

from injuryprev.exchange.assembly import REPEATED
from injuryprev.exchange.columnar.opening import ROW
from injuryprev.exchange.columnar.staging import EXAMPLES, Part, Staged, more
from injuryprev.exchange.findings import Finding, Severity
from injuryprev.words import Words

OWNER: Final = "employer_id"
ORDER: Final = ("employers", "cases", "exposure", "contributions", "payments", "events", "recognitions")
"""The order in which tables are read, which is that of the reasons of one employer."""

_SAME: Final = Words(
    "the same key again, saying the same; the first row is kept", "编号重复且内容相同；保留先出现的一行"
)
_DIFFERENT: Final = Words(
    "the same key again, saying something else; since nobody can tell which is right, the employer is not rated",
    "编号重复且内容不同；因无法判断何者正确，该单位不予计算费率",
)
_NO_EMPLOYER: Final = Words("no such employer in the table of employers", "单位表中没有该单位")
_LEFT_OUT: Final = Words(
    "not used, because the row of this employer in employers was rejected", "因该单位在单位表中的行未被采用，此行未使用"
)
_NO_CASE: Final = Words(
    "the case belongs to another employer, or the row of the case was rejected",
    "该案件属于其他单位，或其案件所在行未被采用",
)
_OLD_CASE: Final = Words(
    "no such case in the table of cases; the payment counts, and is unknown where a rule asks what the case was",
    "案件表中没有该案件；该笔支付照常计入，规则需要案件情况时作未知处理",
)
_REPEATED: Final = Words("the same row again as an earlier one; both are counted", "与先出现的一行完全相同；两行均计入")
_OVERLAP: Final = Words("a figure is given again for days another row is for", "数值的期间与另一行重叠")


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
                self._known_employers(name)
        if "cases" in self.staged and "payments" in self.staged:
            self._cases_of_payments()
        if "exposure" in self.staged:
            self._overlaps()
        for name, column in REPEATED.items():
            if name in self.staged:
                self._repeated(name, column)

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
        suspects = [pl.LazyFrame(schema={"owner": pl.String, "case": pl.String, "texts": pl.List(pl.String)})]
        if name in self.staged:
            suspects += self.staged[name].suspects
        return pl.concat(suspects)

    def _report(
        self, table: str, rows: pl.LazyFrame, code: str, words: Words, *, column: str, severity: Severity = "reject"
    ) -> int:
        """Count rows and name the first of them; a column ``owner`` says whose they are."""
        count = int(rows.select(pl.len()).collect(engine="streaming").item())
        if not count:
            return 0
        if severity == "reject":
            self.rejected += count
        first = rows.sort("__file", ROW).head(EXAMPLES).collect()
        labels = [part.label for part in self.staged[table].parts]
        for row in first.iter_rows(named=True):
            said = (row["owner"],) if row.get("owner") else ()
            value = row.get(column)
            self.findings.append(
                Finding(labels[row["__file"]], row[ROW], column, value, words, severity, code, table, said)
            )
        if count > first.height:
            rest = more(labels[0], table, code, words, count - first.height)
            self.findings.append(attrs.evolve(rest, severity=severity))
        return count

    def _keys_once(self, name: str) -> None:
        """Of rows with one key the first is kept; where they differ, the employer is refused."""
        staged = self.staged[name]
        rows = staged.scan()
        key = ["id"] if name == "employers" else [OWNER, "id"]
        twice = rows.group_by(key).len().filter(pl.col("len") > 1).select(key)
        if not twice.select(pl.len()).collect(engine="streaming").item():
            return
        said = [column for column in rows.collect_schema().names() if not column.startswith("__")]
        again = rows.join(twice, on=key, how="semi").sort("__file", ROW).collect()
        first = again.unique(key, keep="first", maintain_order=True)
        later = again.join(first.select("__file", ROW), on=["__file", ROW], how="anti")
        same = later.join(first.select(said), on=said, how="semi", nulls_equal=True)
        different = later.join(first.select(said), on=said, how="anti", nulls_equal=True)
        owner = pl.col("id" if name == "employers" else OWNER).alias("owner")
        self._report(name, same.lazy().with_columns(owner), "duplicate", _SAME, column="id")
        self._report(name, different.lazy().with_columns(owner), "duplicate", _DIFFERENT, column="id")
        self._refuse(name, different.lazy().select(owner))
        path = self.scratch / f"{name}-once.parquet"
        kept = rows.join(later.lazy().select("__file", ROW), on=["__file", ROW], how="anti", maintain_order="left")
        kept.drop("__file").sink_parquet(path, compression="lz4")
        labels = staged.parts[0].label
        staged.parts[:] = [Part(path, labels, {column: column for column in said}, numbered=True)]

    def _set_aside(self, name: str) -> None:
        """Whose were the rows that could not be read?  Their own employer's; failing that, of all whom they name."""
        suspects = self._suspects(name)
        known = pl.concat([self._ids, self._bad_ids])
        self._refuse(name, suspects.join(known, on="owner", how="semi").select("owner"))
        strangers = suspects.join(known, on="owner", how="anti")
        named = strangers.select(owner=pl.col("texts").list.explode()).join(self._ids, on="owner", how="semi")
        self._refuse(name, named)
        self._refuse(name, self._owners(strangers.select("case")))

    def _owners(self, cases: pl.LazyFrame) -> pl.LazyFrame:
        """The employers with a case of these numbers."""
        if "cases" not in self.staged:
            return cases.select(owner=pl.col("case")).head(0)
        return self._known_cases().join(cases, on="case", how="semi").select("owner")

    def _known_cases(self) -> pl.LazyFrame:
        cases = self.staged["cases"].scan().select(owner=OWNER, case="id")
        return cases.join(self._ids, on="owner", how="semi")

    def _known_employers(self, name: str) -> None:
        rows = self.staged[name].scan().with_columns(owner=pl.col(OWNER))
        strangers = rows.join(self._ids, on="owner", how="anti")
        left_out = strangers.join(self._bad_ids, on="owner", how="semi")
        count = self._report(name, left_out, "employer_rejected", _LEFT_OUT, column=OWNER)
        if count:
            self._refuse(name, left_out.select("owner").unique())
        unknown = strangers.join(self._bad_ids, on="owner", how="anti")
        count = self._report(name, unknown, "no_employer", _NO_EMPLOYER, column=OWNER)
        if count and name == "payments" and "case_id" in rows.collect_schema().names():
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
        suspects = self._suspects("cases").select("owner", "case")
        all_cases = self.staged["cases"].scan().select(owner=OWNER, case="id")
        unused = pl.concat([all_cases.join(self._ids, on="owner", how="anti"), suspects]).select("case").unique()
        others = cases.select("case").unique()
        wrong = orphans.join(pl.concat([others, unused]).unique(), on="case", how="semi")
        if self._report("payments", wrong, "no_case", _NO_CASE, column="case_id"):
            self._refuse("payments", wrong.select("owner"))
            self._refuse("payments", self._owners(wrong.select("case")))
        old = orphans.join(pl.concat([others, unused]).unique(), on="case", how="anti")
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
        again = alike.join(self._ids, on="owner", how="semi").sort("__file", ROW).collect()
        later = again.filter(~pl.struct(said).is_first_distinct())
        self._report(name, later.lazy(), "repeated", _REPEATED, column=column, severity="warn")

    def _overlaps(self) -> None:
        """One figure given twice for some days: of periods in order, one begins before the one before it has ended."""
        rows = self.staged["exposure"].scan()
        names = rows.collect_schema().names()
        found = []
        for figure in ("insured", "payroll", "hours"):
            if figure in names:
                given = rows.filter(pl.col(figure).is_not_null()).select("__file", ROW, OWNER, "since", "until")
                before = pl.col("until").shift(1).over(OWNER, order_by=["since", "until"])
                found.append(given.filter(before > pl.col("since")))
        if not found:
            return
        overlaps = pl.concat(found).unique(["__file", ROW]).with_columns(owner=pl.col(OWNER))
        overlaps = overlaps.join(self._ids, on="owner", how="semi")
        if self._report("exposure", overlaps, "overlap", _OVERLAP, column="since"):
            self._refuse("exposure", overlaps.select("owner"))
