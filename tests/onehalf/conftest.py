"""What tests of the runner share: plugin files, recorded rows, and the command line in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from onehalf.result import Result, load

HOME = Path(__file__).resolve().parents[2]
Rows = list[tuple[Any, ...]]
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def environment() -> dict[str, str]:
    """The environment of a process that finds this tree's packages from any folder."""
    return {**os.environ, "PYTHONPATH": str(HOME)}


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
