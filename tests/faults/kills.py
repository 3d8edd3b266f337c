"""A campaign of kill −9: workers and parents die at random moments until a number of kills is reached.

``python -m tests.faults.kills [--kills 100] [--seed 18] [--backends loky dask]``. Each round is a run of three cells,
one of which is kept in packs; whoever is killed, the same command goes on, under the next backend, until the run is
finished. Its rows are then compared with those of one worker's undisturbed run. Exit status 1 if anything differs.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from onehalf.plan.file import read_experiment
from onehalf.record.directory import inspected, read_manifest, read_store
from onehalf.running.run import run_experiment

HOME = Path(__file__).resolve().parents[2]
PARENT, GROUP, WORKER = "the parent alone", "the parent and all its processes", "a worker"
_PLUGIN = """
import time
import onehalf as oh

@oh.algorithm("drowsy")
def drowsy(task, rng):
    time.sleep(rng.uniform(0, 0.016))
    task.ask(0, 1, int(rng.geometric(0.04)))
    return oh.Claim(task.witness(task.members[rng.integers(2)]), converged=bool(rng.integers(2)))
"""
_PLAN = """
name = "killed"
[[cells]]
problem = { family = "training", hidden = [2], exponent = 20 }
oracle = "decoy"
algorithms = ["random-depth[stop=0.05]", "drowsy.py"]
trials = 250
[[cells]]
problem = { family = "training", hidden = [2], exponent = 20 }
oracle = "decoy"
algorithms = ["coin-flip"]
trials = 30000
"""


def workers(pid: int) -> list[int]:
    """Return the workers among a process's descendants: loky's, dask's or Ray's. Threads are no processes."""
    found, grown = [], [pid]
    while grown:
        parent = grown.pop()
        with contextlib.suppress(OSError):
            for told in Path(f"/proc/{parent}/task").iterdir():
                for child in map(int, (told / "children").read_text().split()):
                    grown.append(child)
                    line = Path(f"/proc/{child}/cmdline").read_bytes()
                    ours = parent == pid and (b"popen_loky_posix" in line or b"spawn_main" in line)
                    if ours or line.startswith(b"ray::"):
                        found.append(child)
    return found


def recorded(directory: Path) -> int:
    """Return the number of trials on record, seen from outside."""
    try:
        with contextlib.closing(
            sqlite3.connect(f"file:{directory / 'trials.sqlite'}?mode=ro", uri=True)
        ) as reader:
            query = "SELECT COALESCE(SUM(stop - start), 0) FROM chunks"
            return int(reader.execute(query).fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def rows(directory: Path) -> list[tuple[Any, ...]]:
    """Return all outcomes but their seconds."""
    columns = "cell, trial, input, shared, status, verdict, margin, depth, queries, claim, note, output"
    with read_store(directory) as store:
        return store.connection.execute(f"SELECT {columns} FROM every_outcome ORDER BY 1, 2, 3").fetchall()


class Campaign:
    """Kills, and what was found after each finished run.

    Parameters
    ----------
    place : Path
        A directory for plan and runs.
    seed : int
        Of the moments and the victims.
    backends : list of str
        That go on in turn.
    """

    def __init__(self, place: Path, seed: int, backends: list[str]) -> None:
        self.place, self.draw, self.backends = place, random.Random(seed), backends
        self.killed: Counter[tuple[str, str]] = Counter()
        self.found = Counter[str]()
        self.starts = 0
        (place / "drowsy.py").write_text(_PLUGIN)
        (place / "killed.toml").write_text(_PLAN)
        self.plan = read_experiment(place / "killed.toml")
        self.expected = rows(run_experiment(self.plan, place / "whole", jobs=1).directory)

    def go_on(self, most: int) -> bool:
        """Start the run or go on with it, kill up to `most` times, and tell whether it is finished."""
        part, backend = self.place / "part", self.backends[self.starts % len(self.backends)]
        self.starts += 1
        command = [sys.executable, "-m", "onehalf", "run", "killed.toml", "--out", "part", "--jobs", "2"]
        process = subprocess.Popen(
            [*command, "--backend", backend],
            cwd=self.place,
            env={**os.environ, "PYTHONPATH": str(HOME)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        while most and process.poll() is None:
            self._wait(part, process)
            victim = self.draw.choice(
                (PARENT, GROUP, WORKER, WORKER) if workers(process.pid) else (PARENT, GROUP)
            )
            if process.poll() is not None:
                break
            if self._kill(process.pid, victim):
                self.killed[backend, victim] += 1
                most -= 1
            if victim != WORKER:
                break
        _, err = process.communicate(timeout=300)
        if process.returncode not in (0, -signal.SIGKILL):
            raise RuntimeError(f"status {process.returncode}: {err}")
        return process.returncode == 0

    def _wait(self, part: Path, process: subprocess.Popen[str]) -> None:
        """Wait for some trials more, or for some moment while it starts."""
        wanted, until = recorded(part) + self.draw.randint(1, 80), time.monotonic() + 60
        if self.draw.random() < 0.2:
            until = time.monotonic() + self.draw.uniform(0, 1.5)
        while recorded(part) < wanted and process.poll() is None and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(self.draw.uniform(0, 0.1))

    def _kill(self, pid: int, victim: str) -> bool:
        try:
            if victim == GROUP:
                os.killpg(pid, signal.SIGKILL)
            elif victim == PARENT:
                os.kill(pid, signal.SIGKILL)
            else:
                os.kill(self.draw.choice(workers(pid)), signal.SIGKILL)
        except (OSError, IndexError):
            return False
        return True

    def compare(self) -> None:
        """Compare a finished run with the undisturbed one, and make room for the next."""
        part = self.place / "part"
        told, places = rows(part), Counter[tuple[Any, ...]]()
        for row in told:
            places[row[:3]] += 1
        wanted = {row[:3]: row for row in self.expected}
        self.found["runs"] += 1
        self.found["trials"] += self.plan.planned
        self.found["lost"] += len({key[:2] for key in wanted.keys() - places.keys()})
        doubles = {key[:2] for key, count in places.items() if count > 1}
        self.found["doubled"] += len(doubles | {key[:2] for key in places.keys() - wanted.keys()})
        self.found["other bits"] += len({row[:2] for row in told if wanted.get(row[:3], row) != row})
        self.found["damaged"] += len(inspected(part, read_manifest(part)))
        shutil.rmtree(part)

    def table(self) -> str:
        """Return what was killed and found, in Markdown."""
        head = ("backend", PARENT, GROUP, WORKER)
        lines = [f"| {' | '.join(head)} |", "|---|--:|--:|--:|"]
        for backend in self.backends:
            cells = [str(self.killed[backend, victim]) for victim in head[1:]]
            lines.append(f"| {' | '.join([backend, *cells])} |")
        told = ", ".join(
            f"{self.found[name]} {name}"
            for name in ("runs", "trials", "lost", "doubled", "other bits", "damaged")
        )
        return "\n".join([*lines, "", f"{self.killed.total()} kills: {told}"])


def main() -> int:
    """Kill, compare, print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults.kills", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=18)
    parser.add_argument("--backends", nargs="+", default=["loky", "threading"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        campaign = Campaign(Path(folder), options.seed, options.backends)
        finished = True
        while not finished or campaign.killed.total() < options.kills:
            left = options.kills - campaign.killed.total()
            # Now and then a run is let be, so that there are several to compare.
            finished = campaign.go_on(0 if campaign.starts % 8 == 7 else min(left, 3))
            if finished:
                campaign.compare()
                print(campaign.table(), file=sys.stderr, flush=True)
        print(campaign.table())
    return int(any(campaign.found[name] for name in ("lost", "doubled", "other bits", "damaged")))


if __name__ == "__main__":
    sys.exit(main())
