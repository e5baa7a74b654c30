"""Plug-ins: a real package installed and used, broken ones reported, clashes refused, nothing of theirs run."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

import injuryprev as ip
from injuryprev.cli.main import app

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "packages" / "injuryprev-northmoor"
PROFILE = (PACKAGE / "src" / "injuryprev_northmoor" / "northmoor.toml").read_text(encoding="utf-8")
NORTHMOOR = {"risk_class": 3, "subclass": "b"}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package built as for a release, and its wheel laid out as an installer does."""
    folder = tmp_path_factory.mktemp("installed")
    built = folder / "wheels"
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(built)]
    subprocess.run(command, cwd=PACKAGE, check=True, capture_output=True, timeout=120)
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def plug(folder: Path, name: str, value: str, files: Mapping[str, str], *, code: str = "") -> None:
    """A plug-in written by hand: its files, and the entry point that an installer would have noted."""
    package = folder / value.split(".", maxsplit=1)[0].split(":", maxsplit=1)[0]
    package.mkdir(parents=True, exist_ok=True)
    (package / "__init__.py").write_text(code, encoding="utf-8")
    for path, text in files.items():
        (package / path).parent.mkdir(parents=True, exist_ok=True)
        (package / path).write_text(text, encoding="utf-8")
    note(folder, name, value)


def note(folder: Path, name: str, value: str) -> None:
    """The entry point alone."""
    info = folder / f"{name}-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[injuryprev.profiles]\n{name} = {value}\n", encoding="utf-8")


def ids() -> list[str]:
    """Every installed profile."""
    return [info.id for info in ip.list_profiles()]


def renamed(name: str) -> str:
    """The profile of Northmoor under another id."""
    return PROFILE.replace('id = "northmoor"', f'id = "{name}"')


def test_an_installed_package_brings_its_profile(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Listed with where it is from, loaded by its id, resting on what the library ships, with its examples."""
    assert "northmoor" not in ids()
    monkeypatch.syspath_prepend(installed)
    assert ids() == sorted(ids())
    info = next(info for info in ip.list_profiles() if info.id == "northmoor")
    assert (info.extends, info.plugin) == ("toyland", "injuryprev-northmoor")
    assert {info.plugin for info in ip.list_profiles()} == {"", "injuryprev-northmoor"}
    profile = ip.load_profile("northmoor")
    for example in profile.examples:
        assert profile.on(example.on).evaluate(**example.given)["base_rate"] == Decimal("0.01")
    assert ip.plugin_problems() == ()
    assert "injuryprev_northmoor" not in sys.modules


def test_the_command_line_uses_it(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command that takes the id of a profile takes that of a plug-in."""
    monkeypatch.syspath_prepend(installed)
    for command in ("profiles", "show", "check"):
        result = CliRunner().invoke(app, [command, "northmoor"])
        assert result.exit_code == 0, result.output
        assert "northmoor" in result.output.lower()


@pytest.mark.parametrize("value", ["injuryprev_moor.law", "injuryprev_moor.law.north"])
def test_profiles_may_lie_in_a_folder_of_the_package(
    value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And no code of the package is run to find them."""
    folder = "/".join(value.split(".")[1:])
    plug(tmp_path, "moor", value, {f"{folder}/moor.toml": renamed("moor")}, code="raise SystemExit('run')")
    monkeypatch.syspath_prepend(tmp_path)
    assert ip.load_profile("moor").on("2024-01-01").evaluate(**NORTHMOOR)["base_rate"] == Decimal("0.01")


BROKEN = [
    ("gone", "injuryprev_gone", None, "its package is not there; seen: 'injuryprev_gone'"),
    ("gone", "injuryprev_gone:profiles", None, "its package is not there"),
    ("gone", "../../etc", None, "its package is not there"),
    ("gone", "injuryprev_gone./etc", None, "its package is not there"),
    ("empty", "injuryprev_empty", {}, "it brings no profile; seen: '0 files in injuryprev_empty'"),
    ("ill", "injuryprev_ill", {"ill.toml": "format = "}, "this file is not TOML"),
    ("ill", "injuryprev_ill", {"ill.toml": "format = 1"}, "1 problem in this profile"),
    ("ill", "injuryprev_ill", {"well.toml": PROFILE}, "1 problem in this profile"),
    ("orphan", "injuryprev_orphan", {"moor.toml": renamed("moor").replace("toyland", "toyland-moor")}, "1 problem in"),
]


@pytest.mark.parametrize(("name", "value", "files", "words"), BROKEN, ids=[f"{one[1]}: {one[3]}" for one in BROKEN])
def test_a_broken_plug_in_is_reported_and_breaks_nothing(
    name: str, value: str, files: dict[str, str] | None, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plug-in is named, with what is wrong; the shipped profiles and other plug-ins work as before."""
    before = ids()
    if files is None:
        note(tmp_path, name, value)
    else:
        plug(tmp_path, name, value, files)
    plug(tmp_path, "sound", "injuryprev_sound", {"northmoor.toml": PROFILE})
    monkeypatch.syspath_prepend(tmp_path)
    assert ids() == sorted([*before, "northmoor"])
    (problem,) = ip.plugin_problems()
    assert f"plug-in {name}" in problem.message
    assert words in problem.message
    assert ip.load_profile("cn-zj").on("2025-01-01").outputs
    listed = CliRunner().invoke(app, ["profiles"])
    assert listed.exit_code == 0
    assert f"plug-in {name}" in listed.output


@pytest.mark.parametrize(
    "noted", [b"[injuryprev.profiles]\nno equals sign\n", b"[console_scripts]\n\xff\xfe\n"], ids=["a line", "a byte"]
)
def test_entry_points_that_cannot_be_read_cost_no_other_package_its_own(
    noted: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The standard library raises for all packages at once; here the one is named and the others are used."""
    before = ids()
    note(tmp_path, "torn", "injuryprev_torn")
    (tmp_path / "torn-1.dist-info" / "entry_points.txt").write_bytes(noted)
    plug(tmp_path, "sound", "injuryprev_sound", {"northmoor.toml": PROFILE})
    monkeypatch.syspath_prepend(tmp_path)
    assert ids() == sorted([*before, "northmoor"])
    (problem,) = ip.plugin_problems()
    assert "plug-in torn, entry_points.txt: its entry points cannot be read" in problem.message
    assert ip.load_profile("northmoor").on("2024-01-01").evaluate(**NORTHMOOR)["base_rate"] == Decimal("0.01")


def test_a_shipped_profile_is_never_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plug-in that brings one of its id is refused that one, and says so; its others are there."""
    version = ip.load_profile("toyland").version
    false = (
        (ROOT / "src/injuryprev/profiles/toyland.toml")
        .read_text(encoding="utf-8")
        .replace('version = "1"', 'version = "9"')
    )
    plug(tmp_path, "false", "injuryprev_false", {"toyland.toml": false, "northmoor.toml": PROFILE})
    monkeypatch.syspath_prepend(tmp_path)
    assert ip.load_profile("toyland").version == version
    assert ip.load_profile("northmoor").id == "northmoor"
    (problem,) = ip.plugin_problems()
    assert "plug-in false, toyland.toml: a profile 'toyland' is there already" in problem.message
    assert "injuryprev itself" in problem.message


def test_two_plug_ins_of_one_id_are_both_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody can tell whose law is meant, so asking for it is an error that names both."""
    for name in ("first", "second"):
        plug(tmp_path, name, f"injuryprev_{name}", {"northmoor.toml": PROFILE})
    monkeypatch.syspath_prepend(tmp_path)
    assert "northmoor" not in ids()
    assert len(ip.plugin_problems()) == 2
    with pytest.raises(ip.ProfileError, match=r"(?s)plug-in first.*plug-in second"):
        ip.load_profile("northmoor")


def test_a_folder_named_twice_brings_its_profiles_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A profile does not clash with itself."""
    plug(tmp_path, "sound", "injuryprev_sound", {"northmoor.toml": PROFILE})
    note(tmp_path, "again", "injuryprev_sound")
    monkeypatch.syspath_prepend(tmp_path)
    assert ip.plugin_problems() == ()
    assert ip.load_profile("northmoor").id == "northmoor"


def test_a_near_id_of_a_plug_in_is_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slip in the id of a plugged-in profile names it."""
    plug(tmp_path, "sound", "injuryprev_sound", {"northmoor.toml": PROFILE})
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ip.UnknownNameError, match="did you mean 'northmoor'"):
        ip.load_profile("nothmoor")


def test_the_rules_of_a_plug_in_are_checked_on_every_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is listed, since its file can be read; loading it says what does not hold together."""
    plug(tmp_path, "odd", "injuryprev_odd", {"northmoor.toml": PROFILE.replace("min(class_rate, 1%)", "payroll")})
    monkeypatch.syspath_prepend(tmp_path)
    assert "northmoor" in ids()
    with pytest.raises(ip.ProfileError, match="the units do not fit"):
        ip.load_profile("northmoor")
