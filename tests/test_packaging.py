"""What the distribution promises: five run-time needs, extras that add up, data inside the wheel."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
# For work on the library, not for using it.
WORKSHOP = {"test", "lint", "docs", "bench", "dev"}


def distribution(requirement: str) -> str:
    """``dask`` for ``dask[dataframe]>=2024.8``."""
    return re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0]


def extras_within(extra: str) -> set[str]:
    """The extras of this package that an extra brings along, itself included."""
    found = {extra}
    for requirement in EXTRAS[extra]:
        if inner := re.fullmatch(r"injuryprev\[(.+)\]", requirement):
            found |= {name for part in inner[1].split(",") for name in extras_within(part)}
    return found


def test_run_time_needs_are_exactly_five() -> None:
    """Another run-time dependency needs a decision record first."""
    needs = {distribution(requirement) for requirement in PROJECT["dependencies"]}
    assert needs == {"attrs", "cattrs", "narwhals", "python-dateutil", "python-stdnum"}


def test_bounds_are_lower_bounds() -> None:
    """A cap in a library forbids its users combinations that work."""
    requirements = [*PROJECT["dependencies"], *(need for needs in EXTRAS.values() for need in needs)]
    bounded = [need for need in requirements if not need.startswith("injuryprev[")]
    assert [need for need in bounded if not re.search(r">=[\d.]+$", need)] == []


def test_all_holds_every_extra_of_a_user() -> None:
    """``injuryprev[all]`` switches on everything the library can do."""
    assert extras_within("all") == set(EXTRAS) - WORKSHOP


def test_python_versions() -> None:
    """The oldest Python promised is the one tested."""
    assert PROJECT["requires-python"] == ">=3.11"


def test_the_command_is_named_after_the_package() -> None:
    """One command, in the module that the house gives it."""
    assert PROJECT["scripts"] == {"injuryprev": "injuryprev.cli:app"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names inside a wheel built from this checkout."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (built,) = out.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_every_file_of_the_package(wheel: set[str]) -> None:
    """Profiles, tables, the schema and py.typed travel with the code, or an installed library knows no law."""
    package = ROOT / "src" / "injuryprev"
    files = {
        path.as_posix()
        for path in (found.relative_to(package.parent) for found in package.rglob("*"))
        # Caches of tools may lie about in a checkout; a clone has none.
        if (package.parent / path).is_file()
        and not any(part == "__pycache__" or part.startswith(".") for part in path.parts)
    }
    assert "injuryprev/py.typed" in files
    assert files - wheel == set()


def test_the_wheel_holds_nothing_else(wheel: set[str]) -> None:
    """Tests, docs and examples stay in the source distribution."""
    tops = {name.partition("/")[0] for name in wheel}
    assert tops == {"injuryprev", f"injuryprev-{PROJECT['version']}.dist-info"}
