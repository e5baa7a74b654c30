"""A pooling area rated inside PostgreSQL: the rules go to the data as one question, the answers stay there.

These tests start a server of their own (``pg_server.py`` says how) and fail, rather than pass over it, where there is
none; ``INJURYPREV_NO_POSTGRES=1`` leaves them out.
"""

from __future__ import annotations

import csv
import io
import os
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from held import rules
from pg_server import NoServerError, running

import injuryprev as ip
from injuryprev.cli.rate import decide
from injuryprev.exchange import read_area

AREA = Path(__file__).parents[2] / "examples" / "lakeside"
ON = "2025-03-01"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.environ.get("INJURYPREV_NO_POSTGRES") == "1", reason="INJURYPREV_NO_POSTGRES=1"),
]
# Columns as an agency keeps them: days as days, money as numeric, truth as truth; all others are text.
KINDS = {
    **dict.fromkeys(
        ("since", "until", "paid_on", "occurred_on", "recognised_on", "died_on", "insured_since", "on"), "date"
    ),
    **dict.fromkeys(("amount", "payroll", "hours"), "numeric(18, 2)"),
    **dict.fromkeys(("grade", "days_lost", "risk_class"), "integer"),
    **dict.fromkeys(("death", "disease"), "boolean"),
    "insured": "numeric(12, 2)",
    "industry_incidence": "numeric(8, 5)",
}


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A server for the tests of this file."""
    try:
        with running() as number:
            yield number
    except NoServerError as error:
        pytest.fail(str(error))


@pytest.fixture
def deep() -> Iterator[None]:
    """Ibis writes a question of many stages by functions that call themselves once for each of them."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)
    yield
    sys.setrecursionlimit(before)


def load(connection: Any) -> list[str]:
    """Copy every table of the area into the database; their names."""
    names = []
    for path in sorted(AREA.glob("*.csv")):
        text = path.read_text(encoding="utf-8")
        columns = text.partition("\n")[0].split(",")
        made = ", ".join(f'"{name}" {KINDS.get(name, "text")}' for name in columns)
        connection.execute(f"CREATE TABLE {path.stem} ({made})")
        copy_in(connection, path.stem, text)
        names.append(path.stem)
    connection.execute("ANALYZE")
    return names


def copy_in(connection: Any, table: str, text: str) -> None:
    """COPY CSV text with a header into a table."""
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN (FORMAT csv, HEADER)") as copy:
        copy.write(text)


def by_records(policy: ip.Policy) -> tuple[str, dict[str, frozenset[str]]]:
    """The decisions of the record reader: the values as CSV text, the reasons by employer."""
    area = read_area(AREA, facts=policy.inputs)
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["id", *policy.outputs])
    reasons = {}
    for key in area.ids:
        row = decide(area, policy, key).row
        known = [row.outputs[name] for name in policy.outputs]
        writer.writerow([key, *(f"{value:f}" if isinstance(value, Decimal) else None for value in known)])
        reasons[key] = frozenset(row.refusal)
    return file.getvalue(), reasons


@pytest.mark.usefixtures("deep")
def test_an_area_is_rated_where_it_lies(port: int) -> None:
    """Values and reasons of each of 10,200 employers are those of the record reader, compared inside the database."""
    import ibis  # noqa: PLC0415 - needed by nothing else here
    import psycopg  # noqa: PLC0415

    policy = ip.load_profile("cn-zj").on(ON)
    with psycopg.connect(f"host=127.0.0.1 port={port} user=postgres dbname=postgres", autocommit=True) as connection:
        names = load(connection)
        database = ibis.postgres.connect(host="127.0.0.1", port=port, user="postgres", database="postgres")
        try:
            tables = {name: database.table(name) for name in names}
            employers, industries = tables.pop("employers"), tables.pop("industries")
            joined = employers.left_join(industries, ["industry", "industry_edition"])
            employers = joined.select(*(employers[name] for name in employers.columns), industries.industry_incidence)
            rated = policy.rate_frames(employers, **tables)
            database.create_table("decisions", rated)
        finally:
            database.disconnect()
        values, reasons = by_records(policy)
        listed = ", ".join(policy.outputs)
        connection.execute(f"CREATE TABLE wanted (id text, {', '.join(f'{name} numeric' for name in policy.outputs)})")
        copy_in(connection, "wanted", values)
        for one, other in (("decisions", "wanted"), ("wanted", "decisions")):
            question = f"SELECT id, {listed} FROM {one} EXCEPT SELECT id, {listed} FROM {other} LIMIT 5"  # noqa: S608
            assert connection.execute(question).fetchall() == []
        found = connection.execute("SELECT id, refusal FROM decisions").fetchall()
        assert {key: frozenset((refusal or "").split("; ")) - {""} for key, refusal in found} == reasons
        assert len(found) == len(reasons)


HELD = """
CREATE TABLE owners (id text);
INSERT INTO owners VALUES ('A'), ('B'), ('C'), ('D');
CREATE TABLE held (employer_id text, kind text, since {day}, until {day});
INSERT INTO held VALUES
    ('A', 'standardisation', '2023-05-01', 'infinity'), ('B', 'standardisation', '2023-05-01', '2024-01-01'),
    ('C', 'standardisation', '2023-05-01', '-infinity'), ('D', 'standardisation', 'infinity', NULL);
CREATE TABLE injured (employer_id text, id text, ground text, recognised_on {day});
INSERT INTO injured VALUES
    ('A', 'c', '第十四条（六）', '2023-05-01'), ('B', 'c', ' 14(1)', 'infinity'),
    ('C', 'c', '14.1', '2023-05-01'), ('C', 'c', '14.1', '2023-05-01'), ('D', 'c', '14.9', NULL);
CREATE TABLE paid (employer_id text, case_id text, paid_on {day}, amount numeric, kind text);
INSERT INTO paid SELECT id, 'c', DATE '2023-05-01', 100, 'medical' FROM owners;
"""


@pytest.mark.usefixtures("deep")
@pytest.mark.parametrize("day", ["date", "timestamp"])
def test_what_a_database_holds(port: int, day: str) -> None:
    """Infinity is an end that never comes and no other day; grounds and repeated cases are as on every engine."""
    import ibis  # noqa: PLC0415 - as above
    import psycopg  # noqa: PLC0415

    name = f"held_{day}"
    with psycopg.connect(f"host=127.0.0.1 port={port} user=postgres dbname=postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    with psycopg.connect(f"host=127.0.0.1 port={port} user=postgres dbname={name}", autocommit=True) as connection:
        connection.execute(HELD.format(day=day))
    database = ibis.postgres.connect(host="127.0.0.1", port=port, user="postgres", database=name)
    try:
        tables = {"recognitions": "held", "cases": "injured", "payments": "paid"}
        given = {table: database.table(one) for table, one in tables.items()}
        counted = rules("certified", "injuries", "benefits").count_frames(database.table("owners"), **given)
        rows = database.to_pyarrow(counted).to_pylist()
    finally:
        database.disconnect()
    figures = ("certified", "injuries", "benefits")
    found = {row["id"]: tuple(row[f"{one}_unknown"] or row[one] for one in figures) for row in rows}
    assert found == {
        "A": (True, 1, 0),
        "B": (False, "undated:injuries", 100),
        "C": ("undated:certified", "repeated:injuries", "repeated:benefits"),
        "D": ("undated:certified", 0, "field:benefits"),
    }


def test_no_server_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where there is none, what to install, and how to leave the tests out."""
    monkeypatch.setenv("INJURYPREV_PG_BIN", str(tmp_path))
    with pytest.raises(NoServerError, match="apt-get install postgresql"), running():
        pass
