"""Start-up: the command line's answer to --help, to a command's --help, and the import of the public face."""

from __future__ import annotations

import subprocess
import sys
from functools import partial

from benchmarks.measure import Row, rounds, row

_CASES: dict[str, tuple[list[str], float | None]] = {
    "python -c pass": (["-c", "pass"], None),
    "import onehalf": (["-c", "import onehalf"], None),
    "onehalf --help": (["-m", "onehalf.cli", "--help"], 0.2),
    "onehalf run --help": (["-m", "onehalf.cli", "run", "--help"], 0.5),
    "onehalf algorithms": (["-m", "onehalf.cli", "algorithms"], None),
}


def run() -> list[Row]:
    """Measure wall-clock seconds of whole processes."""

    def start(words: list[str]) -> object:
        return subprocess.run([sys.executable, *words], check=True, capture_output=True)

    times = rounds({case: partial(start, words) for case, (words, _) in _CASES.items()}, 7)
    return [row("start-up", case, times[case], "s", at_most=most) for case, (_, most) in _CASES.items()]
