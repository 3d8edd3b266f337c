"""Which tests see which line of the spine, and how long each takes: one run of their rooms with coverage by test."""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from coverage import CoverageData

from tests.mutation.spine import HOME, elsewhere

_DURATION = re.compile(r"^\s*([0-9.]+)s (?:call|setup|teardown)\s+(\S.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Seen:
    """What a run with coverage has seen.

    Parameters
    ----------
    lines : dict
        For each file, for each line, the tests that execute it; line 0 stands for the file.
    seconds : dict
        Of each test, with its set-up.
    """

    lines: dict[str, dict[int, list[str]]]
    seconds: dict[str, float]

    def tests(self, path: str, line: int) -> list[str]:
        """Return the tests that see a line, the shortest first.

        A line that only importing executes is looked at by all tests that see anything of its file, and one that runs
        in a process of its own by those that `elsewhere` names besides.
        """
        lines = self.lines.get(path, {})
        names = lines.get(line) or [*elsewhere(path), *lines.get(0, [])]
        return sorted(names, key=lambda name: (self.seconds.get(name, 0.0), name))


def watched(folder: Path, workers: int, rooms: Sequence[str]) -> Seen:
    """Run some rooms' tests with coverage, or read what an earlier run left in the folder."""
    data, log = folder / "coverage", folder / "tests.log"
    if not log.exists() or "seconds" not in log.read_text(encoding="utf-8"):
        options = [
            "--cov=oracle",
            "--cov=onehalf",
            "--cov=analysis",
            "--cov-branch",
            "--cov-context=test",
            "--cov-report=",
        ]
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            *rooms,
            "-n",
            str(workers),
            "--dist",
            "loadfile",
            *options,
        ]
        environment = {**os.environ, "COVERAGE_FILE": str(data)}
        done = subprocess.run(
            [*command, "--durations=0", "--durations-min=0.01", "--hypothesis-seed=0"],
            cwd=HOME,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            sys.exit(
                f"the tests must pass before they are measured:\n{done.stdout[-3000:]}{done.stderr[-1000:]}"
            )
        log.write_text(done.stdout + "\nseconds\n", encoding="utf-8")
    return _read(data, log.read_text(encoding="utf-8"))


def _read(data: Path, log: str) -> Seen:
    measured = CoverageData(basename=str(data))
    measured.read()
    lines: dict[str, dict[int, list[str]]] = {}
    for file in sorted(measured.measured_files()):
        contexts = measured.contexts_by_lineno(file)
        by_line = {line: sorted({_test(name) for name in names if name}) for line, names in contexts.items()}
        by_line[0] = sorted({name for names in by_line.values() for name in names})
        lines[str(Path(file).relative_to(HOME))] = by_line
    seconds: dict[str, float] = {}
    for spent, name in _DURATION.findall(log):
        seconds[name] = seconds.get(name, 0.0) + float(spent)
    return Seen(lines, seconds)


def _test(context: str) -> str:
    return context.rpartition("|")[0]
