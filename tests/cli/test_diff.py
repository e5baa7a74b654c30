"""``injuryprev diff`` says what is written differently and for whom it comes to something else."""

from __future__ import annotations

import json

from typer.testing import CliRunner, Result

from injuryprev.cli.main import app


def run(*words: str) -> Result:
    """The command."""
    return CliRunner().invoke(app, ["diff", *words])


def test_two_days_of_one_profile() -> None:
    """The figures that changed, the outputs that are the same, an employer where one is not."""
    done = run("toyland", "toyland", "--on", "2023-12-30", "--on", "2023-12-31")
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert lines[0] == "toyland, toyland: 2023-12-30 → 2023-12-31"
    assert "parameters.class_rate.values.1.b: 0.005 → 0.0045" in lines
    assert "new_employer: the same for every employer (proved)" in lines
    # Which of the employers of a region is shown is the solver's choice.
    assert any(line.startswith("  [subclass != 'a'] 0.0") for line in lines), done.output


def test_every_day_of_two_profiles() -> None:
    """Each day on which one of them changes; what was told of a day is not told again."""
    done = run("cn-gd-zhuhai", "cn-gd-zhuhai", "--lang", "zh")
    assert done.exit_code == 0, done.output
    assert "条文无差异" in done.output
    assert "rate: 对所有单位均相同（已证明）" in done.output
    assert "同 " in done.output


def test_json() -> None:
    """One line for each day, exact."""
    done = run("toyland", "toyland", "--on", "2023-12-30", "--on", "2023-12-31", "--json")
    [line] = done.output.splitlines()
    said = json.loads(line)
    assert said["schema"] == "injuryprev.diff/1"
    assert said["days"] == ["2023-12-30", "2023-12-31"]
    status = {output["name"]: output["status"] for output in said["outputs"]}
    assert (status["new_employer"], status["rate"]) == ("same", "differs")


def test_wrong_usage() -> None:
    """Three days are one too many; a day outside the coverage is refused."""
    assert run("cn", "cn", *["--on", "2024-01-01"] * 3).exit_code == 1
    assert run("cn", "cn", "--on", "1950-01-01").exit_code == 1


def test_no_day_in_common_is_said() -> None:
    """Two profiles whose law is never of one day cannot be compared without two days."""
    done = run("cn-sx", "cn-ha-sanmenxia")
    assert done.exit_code == 1
    assert "no day is covered by both" in " ".join(done.output.split())
