"""What `onehalf new` writes keeps to every rule, runs as its own words say, and can be proved; a file is left alone."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import onehalf as oh
from onehalf.cli import main

HOME = Path(__file__).resolve().parents[3]


@pytest.fixture(params=["algorithm", "family"])
def file(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A template as written."""
    monkeypatch.chdir(tmp_path)
    name = f"my_{request.param}.py"
    assert main(["new", request.param, name]) == 0
    return tmp_path / name


def test_it_keeps_every_rule(file: Path) -> None:
    report = oh.check(str(file))
    assert report.passed, str(report)
    assert ("family my-family" in str(report)) == (file.name == "my_family.py")


def test_it_is_written_as_the_house_writes(file: Path) -> None:
    for words in (["check"], ["format", "--check"]):
        command = [sys.executable, "-m", "ruff", *words, "--config", str(HOME / "pyproject.toml"), str(file)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if "No module named ruff" in done.stderr:
            pytest.skip("ruff is not installed")
        assert done.returncode == 0, done.stdout


def test_its_own_commands_run(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commands = re.findall(
        r"^    (onehalf .*?)(?:  +#.*)?$", file.read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    assert len(commands) >= 2
    for command in commands:
        program, *words = shlex.split(command)
        assert program == "onehalf"
        assert main([*words, *(["--jobs", "1"] if words[0] == "run" else [])]) == 0, capsys.readouterr().err


def test_a_file_that_is_there_is_left_alone(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = file.read_bytes()
    assert main(["new", "family", file.name]) == 2
    assert "exists already; choose another name" in capsys.readouterr().err
    assert file.read_bytes() == before


def test_the_family_s_numbers_are_those_of_its_docstring(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", "family", "sign.py"]) == 0
    trials = oh.run("sign.py::Sign[gap=[20,60]]", "sign.py", oracle=["honest", "blind"], trials=40).trials
    right = (
        (trials[["verdict_1", "verdict_2"]] == "accepted")
        .sum(axis=1)
        .groupby(trials.cell)
        .agg(["min", "max"])
    )
    # 53 digits are more than both depths of gap = 20, and less than both of gap = 60.
    assert right.to_numpy().tolist() == [[2, 2], [2, 2], [1, 1], [1, 1]]
