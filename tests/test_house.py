"""The house keeps its order, importing it is light, and the README opens with two commands."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SRC = ROOT / "src"

# Top to bottom; a room imports only from rooms above it.
ROOMS = (
    "errors",
    "words",
    "unknown",
    "units",
    "model",
    "policy",
    "engine",
    "rating",
    "measures",
    "prevention",
    "exchange",
    "report",
    "cli",
)
# Not rooms: authors of profiles test with anything, and `python -m injuryprev` is the door to the command line; data
# holds no code; the face re-exports from everywhere.
FREE = ("testing", "__main__")
DATA = ("profiles",)
FACE = "injuryprev"

HEAVY = (
    "cattrs",
    "narwhals",
    "polars",
    "pandas",
    "pyarrow",
    "numpy",
    "scipy",
    "matplotlib",
    "typer",
    "rich",
    "openpyxl",
    "hypothesis",
    "stdnum",
    "z3",
    "icalendar",
)

Graph = Mapping[str, frozenset[str]]


def module_name(path: Path, src: Path) -> str:
    """The dotted name under which a file below ``src`` is imported."""
    parts = path.relative_to(src).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(tree: ast.AST, modules: frozenset[str]) -> Iterator[str]:
    """Every module of ours named by an import anywhere in a file: at its top, in a function, for type checkers only."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.partition(".")[0] == FACE)
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.partition(".")[0] == FACE:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in modules else node.module


def read_graph(src: Path) -> Graph:
    """Which of our modules imports which, read from the source without running it."""
    files = {module_name(path, src): path for path in sorted((src / FACE).rglob("*.py"))}
    modules = frozenset(files)
    return {
        name: frozenset(imported(ast.parse(path.read_text(encoding="utf-8")), modules)) - {name}
        for name, path in files.items()
    }


def room_of(module: str) -> str:
    """``policy`` for ``injuryprev.policy.expr``; the package itself is the face."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else FACE


def upward(graph: Graph) -> list[str]:
    """Imports against the order, worded for whoever has to mend them."""
    wrong = []
    for module, targets in graph.items():
        here = room_of(module)
        if here == FACE or here in FREE:
            continue
        for target in sorted(targets):
            there = room_of(target)
            if there in DATA or (there == FACE and here == "cli"):
                continue  # the command line is a caller like any other
            if there not in ROOMS:
                wrong.append(f"{module} imports {target}, which is for callers, not for rooms")
            elif here in ROOMS and ROOMS.index(there) > ROOMS.index(here):
                wrong.append(f"{module} imports {target}, but {there} lies below {here}")
    return wrong


def find_cycle(graph: Graph) -> list[str]:
    """One cycle of imports as the modules along it, or nothing."""
    done: set[str] = set()

    def walk(module: str, path: list[str]) -> list[str]:
        if module in path:
            return [*path[path.index(module) :], module]
        if module in done:
            return []
        for target in sorted(graph.get(module, ())):
            if found := walk(target, [*path, module]):
                return found
        done.add(module)
        return []

    for module in sorted(graph):
        if found := walk(module, []):
            return found
    return []


GRAPH = read_graph(SRC)


def test_every_module_belongs_to_a_room() -> None:
    """A new room is a decision: it gets its place in the order before it gets code."""
    known = {*ROOMS, *FREE, *DATA, FACE}
    assert {room_of(module) for module in GRAPH} - known == set()


def test_rooms_import_only_from_rooms_above() -> None:
    """Data flows downward through the house, function-level and type-only imports included."""
    assert upward(GRAPH) == []


def test_no_import_cycles() -> None:
    """Within a room, too, no two modules need each other."""
    assert find_cycle(GRAPH) == []


@pytest.mark.parametrize(
    ("module", "code", "complaint"),
    [
        ("units", "import injuryprev.model", "model lies below units"),
        ("model/case", "def f():\n    from injuryprev.policy.expr import Expr", "policy lies below model"),
        ("engine/record", "from injuryprev import rating", "rating lies below engine"),
        ("measures/rates", "import injuryprev as ip", "which is for callers"),
        ("cli", "from injuryprev.testing import cases", "which is for callers"),
    ],
)
def test_an_upward_import_is_found(tmp_path: Path, module: str, code: str, complaint: str) -> None:
    """The checker above sees each way of writing an import; a checker that sees nothing would pass too."""
    for name in ("__init__", "rating", "testing", "model/__init__", "policy/expr", module):
        path = tmp_path / FACE / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code if name == module else "", encoding="utf-8")
    assert [text for text in upward(read_graph(tmp_path)) if complaint in text] != []


def test_a_cycle_is_found() -> None:
    """The cycle checker names the modules along the cycle."""
    graph = {"a": frozenset({"b"}), "b": frozenset({"c"}), "c": frozenset({"b"})}
    assert find_cycle(graph) == ["b", "c", "b"]


def test_importing_the_package_is_light() -> None:
    """``import injuryprev`` loads no dataframe, plotting, command-line or conversion library (promise 7)."""
    code = f"import json, sys, injuryprev; print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))"
    # Coverage's own start-up hook must not speak for us, so the environment is the bare one.
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("COV_", "COVERAGE_"))}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60, env=environment
    )
    assert json.loads(done.stdout) == []


def shell_blocks(text: str) -> list[str]:
    """The bodies of all ``sh`` blocks of a Markdown text."""
    return re.findall(r"^```sh\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def test_the_readme_starts_with_two_commands() -> None:
    """Exactly two ``sh`` blocks of one line each, near the top: run the main job, run the tests."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = shell_blocks(text)
    assert [block.count("\n") for block in blocks] == [1, 1]
    assert "/injuryprev rate " in blocks[0]
    assert "-m pytest" in blocks[1]
    assert text.index(blocks[1]) < text.index("\n## ")


def test_nouns_of_prevention_work_are_loaded_when_they_are_asked_for() -> None:
    """Who rates employers does not wait for campaigns and ledgers; who asks for one gets it by the same name."""
    code = (
        "import sys, injuryprev as ip\n"
        "assert 'injuryprev.model.fund' not in sys.modules and 'injuryprev.model.work' not in sys.modules\n"
        "assert ip.FundYear.__module__ == 'injuryprev.model.fund' and 'FundYear' in dir(ip)\n"
        "assert all(getattr(ip, name) is not None for name in ip.__all__)\n"
        "assert all(getattr(ip.model, name) is not None for name in ip.model.__all__)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    with pytest.raises(AttributeError, match="FundYears"):
        _ = __import__("injuryprev").FundYears
