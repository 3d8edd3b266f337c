"""What tests of the whole program share: plugin files, recorded rows, and the command line in a process of its own."""

import gc
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from onehalf import cli
from onehalf.record.result import Result, load

# On a machine that others keep busy an example may take a minute: how long one takes is no fault of what is tested.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

HOME = Path(__file__).resolve().parents[1]
Rows = list[tuple[Any, ...]]
Start = Callable[..., "subprocess.Popen[str]"]


_SLEEPY = """
import time
import onehalf as oh

@oh.algorithm("sleepy")
def sleepy(task, rng):
    time.sleep(rng.uniform(0, 0.016))
    task.ask(0, 1, int(rng.geometric(0.04)))
    return oh.Claim(task.witness(task.members[rng.integers(2)]), converged=bool(rng.integers(2)))
"""
_DISTURBED = """
name = "disturbed"
trials = 150
[[cells]]
problem = { family = "training", hidden = [2], exponent = [20, 21] }
oracle = "decoy"
algorithms = ["random-depth[stop=0.05]", "sleepy.py"]
"""


def pytest_collection_finish() -> None:
    """Take what importing everything left out of the collector's rounds, which cost small tests most."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The environment of a process that finds this tree's packages from any folder, marked as this test's own."""
    return {**os.environ, "PYTHONPATH": str(HOME), "ONEHALF_TEST": str(tmp_path)}


@pytest.fixture
def left_behind(tmp_path: Path) -> Callable[[], list[str]]:
    """Return the commands of this test's processes that still live after up to ten seconds' grace."""
    mark = f"ONEHALF_TEST={tmp_path}".encode()

    def living() -> list[str]:
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    found.append((folder / "cmdline").read_text().replace("\0", " "))
            except OSError:
                continue
        return found

    def look() -> list[str]:
        until = time.monotonic() + 10
        while (found := living()) and time.monotonic() < until:
            time.sleep(0.02)
        return found

    return look


@pytest.fixture
def disturbed(tmp_path: Path) -> Path:
    """An experiment that takes a second or two, mostly asleep, beside the plugin that it runs."""
    (tmp_path / "sleepy.py").write_text(_SLEEPY)
    file = tmp_path / "disturbed.toml"
    file.write_text(_DISTURBED)
    return file


@pytest.fixture
def recorded() -> Callable[[Path], int]:
    """Count the trials in a directory, from outside, while it may be written."""

    def count(directory: Path) -> int:
        try:
            with closing(sqlite3.connect(f"file:{directory / 'trials.sqlite'}?mode=ro", uri=True)) as reader:
                found = reader.execute("SELECT COUNT(*) FROM outcomes WHERE input = 0").fetchone()
        except sqlite3.OperationalError:
            return 0
        return int(found[0])

    return count


@pytest.fixture
def wait_for(recorded: Callable[[Path], int]) -> Callable[..., int]:
    """Wait until a directory holds a number of trials or its run has ended, and return what it holds."""

    def wait(directory: Path, trials: int, process: "subprocess.Popen[str]") -> int:
        until = time.monotonic() + 90
        while (found := recorded(directory)) < trials and process.poll() is None:
            assert time.monotonic() < until, f"{found} of {trials} trials after 90 s"
            time.sleep(0.02)
        return found

    return wait


def _heed_interrupts() -> None:
    # A shell that started the tests in the background made them, and their children, ignore SIGINT.
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def start(tmp_path: Path, environment: dict[str, str]) -> Start:
    """Start `onehalf …` in `tmp_path`, in a session of its own."""

    def begin(*arguments: object) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "onehalf.cli", *map(str, arguments)],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=_heed_interrupts,
        )

    return begin


@pytest.fixture
def onehalf(start: Start) -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """Run `onehalf …` to its end."""

    def run(*arguments: object) -> "subprocess.CompletedProcess[str]":
        with start(*arguments) as process:
            out, err = process.communicate(timeout=120)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    return run


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[..., tuple[int, str, str]]]:
    """Call a command in this process and return its status, its output and its words."""

    def call(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        status = cli.main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return status, said.out, said.err

    before = signal.getsignal(signal.SIGTERM)
    yield call
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def rows() -> Callable[..., Rows]:
    """Return every recorded column but the seconds, row by row."""

    def read(result: Result | Path) -> Rows:
        found = load(result) if isinstance(result, Path) else result
        table = found.outcomes.drop(columns="seconds")
        return list(table.astype(object).where(table.notna(), None).itertuples(index=False, name=None))

    return read


@pytest.fixture
def plugin(tmp_path: Path) -> Callable[[str, str], str]:
    """Write the body of one algorithm into a plugin file and return its path."""

    def write(name: str, body: str, preamble: Sequence[str] = ()) -> str:
        file = tmp_path / f"{name.replace('-', '_')}.py"
        lines = ["import onehalf as oh", *preamble, f'@oh.algorithm("{name}")', "def algorithm(task, rng):"]
        file.write_text("\n".join([*lines, *("    " + line for line in body.splitlines())]) + "\n")
        return str(file)

    return write
