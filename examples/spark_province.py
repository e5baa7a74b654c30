"""Rate a province on Spark: tables of a pooling area in, decisions as Parquet out.

    spark-submit examples/spark_province.py --input hdfs:///tables --output hdfs:///decisions \
        --profile cn-zj --on 2025-03-01

``--input`` is a directory with the tables of the area, each as ``NAME.parquet`` (a file or a directory of parts) or
``NAME.csv`` (UTF-8, with a header), under the names of the model: ``employers``, ``exposure``, ``contributions``,
``cases``, ``payments``, ``events``, ``recognitions`` and, for the mean of each industry, ``industries``.  A table that
is not there is unknown, which is not the same as empty.

Nothing is collected: every employer is counted and rated on the cluster, and written by whoever rated it.  Spark reads
cells as they are; an area whose files have not been checked yet is rated by ``injuryprev rate``, which checks them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from pyspark.sql import DataFrame, SparkSession

import injuryprev as ip

TABLES = ("exposure", "contributions", "cases", "payments", "events", "recognitions")


def main(words: Sequence[str] | None = None) -> int:
    """Read the arguments, rate, and say how many employers were rated."""
    given = arguments().parse_args(words)
    policy = ip.load_profile(given.profile).on(given.on, beyond="last-known" if given.beyond else None)
    spark = session(given.master)
    try:
        if not given.overwrite and exists(spark, given.output):
            sys.exit(f"{given.output} is there already; --overwrite replaces it")
        employers, tables = read(spark, given.input)
        rated = policy.rate_frames(employers, **tables)
        # An interrupted job leaves the directory without the file _SUCCESS.
        rated.write.mode("overwrite" if given.overwrite else "errorifexists").parquet(given.output)
        written = spark.read.parquet(given.output)
        employers_rated = written.filter("rate IS NOT NULL").count() if "rate" in policy.outputs else 0
        print(f"{policy.id} {policy.version} on {policy.on}: {written.count()} employers, {employers_rated} rated")
    finally:
        # On a cluster the session belongs to this job; in a notebook `main` is not what one calls.
        spark.stop()
    return 0


def arguments() -> argparse.ArgumentParser:
    """What the job asks."""
    parser = argparse.ArgumentParser(description="Rate a province on Spark.")
    parser.add_argument("--input", required=True, help="directory of the tables, on any file system Spark reads")
    parser.add_argument("--output", required=True, help="directory the decisions are written to, as Parquet")
    parser.add_argument("--profile", required=True, help="id of the region's law, or a TOML file")
    parser.add_argument("--on", required=True, help="the day the rates are for, YYYY-MM-DD")
    parser.add_argument("--beyond", action="store_true", help="after the coverage use the last rules known")
    parser.add_argument("--master", help="such as local[2] or spark://host:7077; left out, spark-submit's")
    parser.add_argument("--overwrite", action="store_true", help="replace what is in the output directory")
    return parser


def session(master: str | None) -> SparkSession:
    """A Spark session; where ``spark-submit`` has set the master, nothing is said about it."""
    builder = SparkSession.builder.appName("injuryprev")
    if master:
        builder = builder.master(master)
    settings = {
        # A day is a day: dates are compared without the clocks of the machines.
        "spark.sql.session.timeZone": "UTC",
        # The rules of a region are more than one method of Java holds; Spark would find that out and say so at length.
        "spark.sql.codegen.wholeStage": "false",
    }
    return builder.config(map=settings).getOrCreate()


def read(spark: SparkSession, place: str) -> tuple[DataFrame, dict[str, DataFrame]]:
    """The employers, with the mean of their industry where it is published, and the tables that are there."""
    found = {name: table(spark, place, name) for name in ("employers", "industries", *TABLES)}
    employers, industries = found.pop("employers"), found.pop("industries")
    if employers is None:
        sys.exit(f"there is no employers.parquet and no employers.csv in {place}")
    if industries is not None:
        # Few rows: sent to every worker rather than sorting the employers.
        from pyspark.sql.functions import broadcast  # noqa: PLC0415 - it needs a session

        employers = employers.join(broadcast(industries), ["industry", "industry_edition"], "left")
    return employers, {name: frame for name, frame in found.items() if frame is not None}


def table(spark: SparkSession, place: str, name: str) -> DataFrame | None:
    """One table; of CSV every cell is text, which the engine reads without losing a digit."""
    for suffix, reader in (("parquet", spark.read), ("csv", spark.read.option("header", True))):
        path = f"{place.rstrip('/')}/{name}.{suffix}"
        if exists(spark, path):
            return reader.format(suffix).load(path)
    return None


def exists(spark: SparkSession, path: str) -> bool:
    """Whether something is there, on whichever file system the path names."""
    files = spark._jvm.org.apache.hadoop.fs  # type: ignore[union-attr]  # noqa: SLF001 - Spark has no other way to ask
    where = files.Path(path)
    return bool(where.getFileSystem(spark._jsc.hadoopConfiguration()).exists(where))  # noqa: SLF001


if __name__ == "__main__":
    sys.exit(main())
