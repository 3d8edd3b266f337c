"""Workers, schedulers and parents are killed while a cluster is at work: nothing lost or doubled, no other bit.

The whole is part of `make faults`; what is tested with each run is the loop that hands out again what was lost
(tests/onehalf/running/backends), and kills of loky's workers (test_kill.py).
"""

import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from onehalf.plan.file import read_experiment
from onehalf.record.directory import inspected, read_manifest
from onehalf.running.run import run_experiment

Start = Callable[..., "subprocess.Popen[str]"]
Rows = Callable[..., list[tuple[Any, ...]]]
WORKERS, SCHEDULERS, PARENTS, RUN = 12, 4, 9, 4
SEED = 20_261_127


@pytest.fixture(autouse=True)
def campaign(several: Callable[[int, int], int]) -> None:
    """Leave it to the campaign: a cluster of processes takes its time to start, and again after each fault."""
    if not several(0, 1):
        pytest.skip("part of make faults")
    pytest.importorskip("distributed", reason="needs the extra dask")


@pytest.fixture
def expected(tmp_path: Path, disturbed: Path, rows: Rows) -> list[tuple[Any, ...]]:
    """The rows of an undisturbed run by one worker."""
    return rows(run_experiment(read_experiment(disturbed), tmp_path / "whole", jobs=1))


def dask_workers(pid: int) -> list[int]:
    """Return dask's workers among a process's children."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == pid and b"spawn_main" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
    return found


def ended_well(process: "subprocess.Popen[str]") -> None:
    """Wait for a run's end."""
    _, err = process.communicate(timeout=240)
    assert process.returncode == 0, err
    assert "Traceback" not in err


def test_workers_of_a_cluster_are_killed(
    tmp_path: Path,
    disturbed: Path,
    expected: list[tuple[Any, ...]],
    start: Start,
    wait_for: Callable[..., int],
    left_behind: Callable[[], list[str]],
    rows: Rows,
) -> None:
    draw, killed = random.Random(SEED), 0
    while killed < WORKERS:
        part = tmp_path / "part"
        shutil.rmtree(part, ignore_errors=True)
        with start("run", disturbed.name, "--out", "part", "--jobs", 2, "--backend", "dask") as process:
            held = 0
            for _ in range(RUN):
                held = wait_for(part, held + draw.randint(1, 80), process)
                workers = dask_workers(process.pid)
                if process.poll() is None and workers:
                    os.kill(draw.choice(workers), signal.SIGKILL)
                    killed += 1
            ended_well(process)
        assert rows(part) == expected
        assert inspected(part, read_manifest(part)) == []
    assert left_behind() == []


def test_the_parent_of_a_cluster_is_killed_and_another_backend_goes_on(
    tmp_path: Path,
    disturbed: Path,
    expected: list[tuple[Any, ...]],
    start: Start,
    wait_for: Callable[..., int],
    recorded: Callable[[Path], int],
    left_behind: Callable[[], list[str]],
    rows: Rows,
) -> None:
    draw, part = random.Random(SEED), tmp_path / "part"
    engines = ("dask", "loky", "threading")
    for fault in range(PARENTS):
        backend = engines[fault % len(engines)]
        with start("run", disturbed.name, "--out", "part", "--jobs", 2, "--backend", backend) as process:
            wait_for(part, recorded(part) + draw.randint(1, 30), process)
            os.kill(process.pid, signal.SIGKILL)  # alone: whoever works for it is not told
        assert left_behind() == []
    assert recorded(part) > 0
    with start("run", disturbed.name, "--out", "part", "--jobs", 2, "--backend", "dask") as process:
        ended_well(process)
    assert rows(part) == expected
    assert inspected(part, read_manifest(part)) == []


@pytest.fixture
def cluster(
    tmp_path: Path, environment: dict[str, str]
) -> Iterator[Callable[[int], list["subprocess.Popen[bytes]"]]]:
    """Start a scheduler at a port, and a worker with it; all of them end with the test."""
    every: list[subprocess.Popen[bytes]] = []

    def begin(port: int) -> list["subprocess.Popen[bytes]"]:
        commands = [
            ["scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"],
            ["worker", f"tcp://127.0.0.1:{port}", "--nthreads", "1", "--no-dashboard", "--no-nanny"],
        ]
        found = [
            subprocess.Popen(
                [sys.executable, "-m", "dask", *words],
                cwd=tmp_path,
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for words in commands
        ]
        every.extend(found)
        return found

    yield begin
    for process in every:
        process.kill()
        process.wait()


def test_the_scheduler_is_killed_and_started_again(
    tmp_path: Path,
    disturbed: Path,
    expected: list[tuple[Any, ...]],
    start: Start,
    wait_for: Callable[..., int],
    cluster: Callable[[int], list["subprocess.Popen[bytes]"]],
    rows: Rows,
) -> None:
    draw, killed, part = random.Random(SEED), 0, tmp_path / "part"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    servers = cluster(port)
    while killed < SCHEDULERS:
        shutil.rmtree(part, ignore_errors=True)
        backend = f"dask=tcp://127.0.0.1:{port}"
        with start("run", disturbed.name, "--out", "part", "--backend", backend) as process:
            held = 0
            for _ in range(3):
                held = wait_for(part, held + draw.randint(1, 120), process)
                if process.poll() is None:
                    for server in servers:
                        server.kill()
                        server.wait()
                    killed += 1
                    time.sleep(draw.uniform(0, 1))
                    servers = cluster(port)
            ended_well(process)
        assert rows(part) == expected
