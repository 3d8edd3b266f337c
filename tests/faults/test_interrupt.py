"""Ctrl-C and SIGTERM end a run within seconds, with status 3 and a sentence, and lose nothing that was finished."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from onehalf.plan.file import read_experiment
from onehalf.running.run import run_experiment

SENTENCE = "interrupted: what was finished is stored; run the same command to go on"
SECONDS = 60.0


def end(process: "subprocess.Popen[str]") -> tuple[int, str]:
    """Return exit status and error output; a process that hangs is killed and fails the test."""
    try:
        _, err = process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        pytest.fail(f"still there {SECONDS:g} s after it was told to stop")
    return process.returncode, err


def test_an_interrupted_run_stops_cleanly_at_any_moment_and_goes_on(
    tmp_path: Path,
    disturbed: Path,
    start: Callable[..., "subprocess.Popen[str]"],
    wait_for: Callable[..., int],
    recorded: Callable[[Path], int],
    left_behind: Callable[[], list[str]],
    rows: Callable[..., list[tuple[Any, ...]]],
    several: Callable[[int, int], int],
) -> None:
    experiment = read_experiment(disturbed)
    draw = random.Random(3)
    part = tmp_path / "part"
    # A terminal's Ctrl-C reaches the whole group, a supervisor's signal one process.
    ways = [(True, signal.SIGINT), (False, signal.SIGTERM), (False, signal.SIGINT), (True, signal.SIGINT)]
    for to_group, number in ways[: several(2, 4)]:
        before = recorded(part)
        with start("run", disturbed.name, "--out", "part", "--jobs", 2) as process:
            held = wait_for(part, before + draw.randint(1, 30), process)
            time.sleep(draw.uniform(0, 0.1))
            (os.killpg if to_group else os.kill)(process.pid, number)
            status, err = end(process)
        assert (status, err.splitlines()[-1]) == (3, SENTENCE), err
        assert "Traceback" not in err
        assert left_behind() == []
        assert held <= recorded(part) < experiment.planned
    result = run_experiment(experiment, part, jobs=1)
    assert rows(result) == rows(run_experiment(experiment, tmp_path / "whole", jobs=1))


@pytest.mark.parametrize("to_group", [True, False])
def test_an_interrupt_while_the_program_starts_is_answered_in_the_same_way(
    tmp_path: Path,
    disturbed: Path,
    start: Callable[..., "subprocess.Popen[str]"],
    left_behind: Callable[[], list[str]],
    to_group: bool,
) -> None:
    # The program is past its first line when it has begun to load NumPy, and far from its first trial.
    with start("run", disturbed.name, "--out", "part", "--jobs", 2) as process:
        maps = Path(f"/proc/{process.pid}/maps")
        until = time.monotonic() + SECONDS
        while "_multiarray_umath" not in maps.read_text() and time.monotonic() < until:
            time.sleep(0.001)
        (os.killpg if to_group else os.kill)(process.pid, signal.SIGINT)
        status, err = end(process)
    assert (status, err.splitlines()[-1:]) == (3, [SENTENCE]), err
    assert "Traceback" not in err
    assert left_behind() == []
