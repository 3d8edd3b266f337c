"""The tutorial's code runs: its files are written, its commands executed, its scripts run, in order."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import numpy as np
import pytest

import onehalf
from onehalf.cli import main

PAGE = (Path(__file__).parents[2] / "docs" / "plugins.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(python|toml|sh)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
FILE = re.compile(r"# (\S+\.(?:py|toml))\n")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the tutorial's files."""
    place = tmp_path_factory.mktemp("tutorial")
    for _, body in BLOCKS:
        if found := FILE.match(body):
            (place / found[1]).write_text(body)
    np.save(place / "weights.npy", np.array([1.0]))
    return place


COMMANDS = [line for kind, body in BLOCKS if kind == "sh" for line in body.splitlines()]
SCRIPTS = [body for kind, body in BLOCKS if kind == "python" and not FILE.match(body)]


def test_the_page_has_what_is_tested() -> None:
    assert len(COMMANDS) >= 8
    assert len(SCRIPTS) == 2


@pytest.mark.parametrize("command", COMMANDS)
def test_commands(
    command: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    program, *arguments = shlex.split(command)
    assert program == "onehalf"
    assert main([*arguments, *(["--jobs", "1"] if arguments[0] == "run" else [])]) == 0, capsys.readouterr()


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts(script: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    exec(compile(script, "docs/plugins.md", "exec"), {"__name__": "tutorial"})


def test_the_files_of_its_own_tests(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    space: dict[str, object] = {}
    exec(compile((folder / "test_my_trainer.py").read_text(), "test_my_trainer.py", "exec"), space)
    test = space["test_my_trainer_keeps_to_the_rules"]
    assert callable(test)
    test()


def test_the_batched_example_keeps_to_the_rules(folder: Path) -> None:
    report = onehalf.check(str(folder / "batched.py"))
    assert report.passed, str(report)


def test_what_the_first_example_is_said_to_show(folder: Path) -> None:
    problem = onehalf.AlternatingTraining(exponent=53)
    trials = onehalf.run(problem, str(folder / "my_trainer.py"), oracle=["decoy", "honest"], trials=5).trials
    decoy, honest = (trials[trials.cell == cell] for cell in (0, 1))
    assert set(decoy.verdict_1) == {"accepted"}
    assert set(decoy.verdict_2) == {"rejected"}
    assert set(honest.verdict_1) == set(honest.verdict_2) == {"accepted"}
