"""A directory goes on with the very experiment that it holds, and with no other."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from onehalf.plan.file import read_experiment
from onehalf.running.run import run_experiment

BODY = "rng.integers(2)\nreturn task.witness(task.members[0])"


@pytest.fixture
def begun(tmp_path: Path, plugin: Callable[..., str]) -> Path:
    """The file of an experiment with a plugin, begun in the folder "part"."""
    plugin("mine", BODY)
    file = tmp_path / "experiment.toml"
    file.write_text(
        'seed = 1\ntrials = 3\n[[cells]]\nproblem = "training"\noracle = "decoy"\nalgorithms = "mine.py"\n'
    )
    run_experiment(read_experiment(file), tmp_path / "part", jobs=1)
    return file


def test_a_changed_plugin_is_refused_and_the_record_left_alone(
    tmp_path: Path,
    begun: Path,
    plugin: Callable[..., str],
    onehalf: Callable[..., "subprocess.CompletedProcess[str]"],
) -> None:
    before = {file.name: file.read_bytes() for file in (tmp_path / "part").iterdir()}
    plugin("mine", BODY.replace("[0]", "[1]"))
    done = onehalf("run", begun.name, "--out", "part", "--jobs", 1)
    assert (done.returncode, done.stdout) == (2, "")
    said = done.stderr.splitlines()[-1]
    assert said.startswith(
        "onehalf: out='part': was begun with another version of the source of mine; name a new "
    )
    assert "Traceback" not in done.stderr
    assert {file.name: file.read_bytes() for file in (tmp_path / "part").iterdir()} == before


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("seed = 1", "seed = 2", "holds an experiment with seed 1, not 2"),
        ("trials = 3", "trials = 2", "holds an experiment whose cell 0 has trials 3, not 2"),
        ('"decoy"', '["decoy", "blind"]', "holds an experiment of 1 cell, not 2"),
        ('"training"', '{ family = "training", exponent = 52 }', "holds an experiment whose cell 0 has parameters"),
        ("seed = 1", 'seed = 1\nname = "other"', "holds an experiment with name 'experiment', not 'other'"),
    ],
)  # fmt: skip
def test_another_experiment_is_refused_with_the_difference(
    tmp_path: Path,
    begun: Path,
    command: Callable[..., tuple[int, str, str]],
    old: str,
    new: str,
    reason: str,
) -> None:
    begun.write_text(begun.read_text().replace(old, new))
    status, out, err = command("run", begun, "--out", tmp_path / "part", "--jobs", 1)
    assert (status, out) == (2, "")
    assert reason in err.splitlines()[-1]
    assert "; name a new " in err.splitlines()[-1], "the remedy"
