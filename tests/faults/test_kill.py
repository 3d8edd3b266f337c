"""Killed at any moment and started again, a run ends with the table of an undisturbed one."""

import contextlib
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from onehalf.plan.file import read_experiment
from onehalf.running.run import run_experiment

Start = Callable[..., "subprocess.Popen[str]"]
Rows = Callable[..., list[tuple[Any, ...]]]
KILLS = 5, 20


def test_kill_minus_9_at_random_moments_changes_no_row(
    tmp_path: Path,
    disturbed: Path,
    start: Start,
    wait_for: Callable[..., int],
    recorded: Callable[[Path], int],
    left_behind: Callable[[], list[str]],
    rows: Rows,
    several: Callable[[int, int], int],
) -> None:
    experiment = read_experiment(disturbed)
    whole = run_experiment(experiment, tmp_path / "whole", jobs=1)
    part = tmp_path / "part"
    kills = several(*KILLS)
    draw = random.Random(20_210_906)
    partial = set()
    for attempt in range(kills):
        # Two in five die while they start; the others when they have added 1 to 60 of the 600 trials.
        before = recorded(part)
        with start("run", disturbed.name, "--out", "part", "--jobs", 2) as process:
            if attempt % 5 not in (0, 2):
                wait_for(part, min(before + draw.randint(1, 60), experiment.planned), process)
                time.sleep(draw.uniform(0, 0.1))
            else:
                time.sleep(draw.uniform(0, 0.8))
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        partial.add(recorded(part))
    assert left_behind() == []
    assert len(partial - {0, experiment.planned}) > kills // 4, "kills in the midst of the run"
    with start("run", disturbed.name, "--out", "part", "--jobs", 2) as process:
        _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert rows(part) == rows(whole)
    assert len(rows(part)) == 2 * experiment.planned


def workers_of(pid: int) -> list[int]:
    """Return the loky workers among a process's children."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == pid and b"popen_loky_posix" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def test_a_worker_that_is_killed_costs_time_alone(
    tmp_path: Path,
    disturbed: Path,
    start: Start,
    wait_for: Callable[..., int],
    left_behind: Callable[[], list[str]],
    rows: Rows,
) -> None:
    experiment = read_experiment(disturbed)
    whole = run_experiment(experiment, tmp_path / "whole", jobs=1)
    part = tmp_path / "part"
    with start("run", disturbed.name, "--out", "part", "--jobs", 2) as process:
        held = wait_for(part, 1, process)
        for more in (20, 150):
            held = wait_for(part, held + more, process)
            workers = workers_of(process.pid)
            assert workers, "the run is at work"
            os.kill(workers[0], signal.SIGKILL)
        assert held < experiment.planned
        _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert "Traceback" not in err
    assert rows(part) == rows(whole)
    assert left_behind() == []


def test_workers_that_have_done_nothing_yet_end_with_their_parent(
    start: Start, left_behind: Callable[[], list[str]]
) -> None:
    with start("run", "coin-flip", "--trials", 4, "--jobs", 2) as process:
        until = time.monotonic() + 60
        while not workers_of(process.pid) and process.poll() is None:
            assert time.monotonic() < until, "a worker is started"
            time.sleep(0.005)
        os.kill(process.pid, signal.SIGKILL)  # alone: the workers, which are at their imports, are not told
    assert left_behind() == []
