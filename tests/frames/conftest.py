"""One fixture ``machine``: every engine in turn, the slow ones marked so."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from engines import FAST, Machine, dask_machine, spark_machine


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """One Spark for the whole run, on this machine only, stopped at the end."""
    if os.environ.get("INJURYPREV_NO_SPARK") == "1":
        pytest.skip("INJURYPREV_NO_SPARK=1")
    if not shutil.which("java") and "JAVA_HOME" not in os.environ:
        pytest.fail("PySpark needs a Java runtime (17 will do); INJURYPREV_NO_SPARK=1 leaves these tests out")
    from pyspark.sql import SparkSession  # noqa: PLC0415  # starts a Java machine, which only the slow lane needs

    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.session.timeZone", "UTC")
        # Rows given by hand, or none, would be worked out while the query is planned, expression by expression.
        .config("spark.sql.optimizer.excludedRules", RULES)
        .config("spark.sql.adaptive.enabled", "false")
        # A policy is more than one method of Java holds; Spark would find that out and say so at length.
        .config("spark.sql.codegen.wholeStage", "false")
        .config("spark.log.level", "ERROR")
        .getOrCreate()
    )
    yield session
    session.stop()


RULES = ",".join(
    f"org.apache.spark.sql.catalyst.optimizer.{rule}" for rule in ("ConvertToLocalRelation", "PropagateEmptyRelation")
)
SLOW = ("dask", "spark")
EVERY = [machine.name for machine in FAST] + [pytest.param(name, marks=pytest.mark.slow) for name in SLOW]


@pytest.fixture(params=EVERY, scope="session")
def machine(request: pytest.FixtureRequest) -> Machine:
    """Every engine in turn."""
    if request.param == "dask":
        return dask_machine()
    if request.param == "spark":
        return spark_machine(request.getfixturevalue("spark"))
    return {machine.name: machine for machine in FAST}[request.param]
