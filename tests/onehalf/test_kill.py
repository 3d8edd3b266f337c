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

import pytest

EXPERIMENT = """
name = "killed"
trials = 150
[[cells]]
problem = { family = "training", hidden = [2], exponent = [20, 21] }
oracle = ["blind", "decoy"]
algorithms = ["coin-flip", "random-depth[stop=0.05]"]
"""


@pytest.mark.parametrize("jobs", [1])
def test_kill_minus_9_at_random_moments_changes_no_row(
    tmp_path: Path,
    start: Callable[..., "subprocess.Popen[str]"],
    onehalf: Callable[..., "subprocess.CompletedProcess[str]"],
    rows: Callable[..., list[tuple[Any, ...]]],
    jobs: int,
) -> None:
    (tmp_path / "killed.toml").write_text(EXPERIMENT)
    assert onehalf("run", "killed.toml", "--out", "whole", "--jobs", jobs).returncode == 0
    draw = random.Random(9)
    for _ in range(6):
        with start("run", "killed.toml", "--out", "part", "--jobs", jobs) as process:
            time.sleep(draw.uniform(0.2, 2.5))
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    assert onehalf("run", "killed.toml", "--out", "part", "--jobs", jobs).returncode == 0
    assert rows(tmp_path / "part") == rows(tmp_path / "whole")


def test_another_seed_in_the_same_directory_is_refused(
    tmp_path: Path, onehalf: Callable[..., "subprocess.CompletedProcess[str]"]
) -> None:
    arguments = ("run", "coin-flip", "--trials", 3, "--jobs", 1, "--out", "out")
    assert onehalf(*arguments).returncode == 0
    done = onehalf(*arguments, "--seed", 2)
    assert done.returncode == 2
    assert "seed 1, not 2" in done.stderr
    assert "Traceback" not in done.stderr
