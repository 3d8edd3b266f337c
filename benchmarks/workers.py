"""Two workers against one, for a trainer of a millisecond or more."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import joblib

import onehalf as oh
from benchmarks.measure import Row, ratios, rounds, row

_ALGORITHM, _TRIALS, _ROUNDS = "scipy-lbfgsb", 500, 3


def run() -> list[Row]:
    """Measure trials a second with one worker and with two, in turn; workers stay alive between the rounds."""
    problem = oh.AlternatingTraining()
    with tempfile.TemporaryDirectory() as place:

        def trials(jobs: int) -> Callable[[], object]:
            def once() -> object:
                directory = Path(tempfile.mkdtemp(dir=place)) / "run"
                return oh.run(problem, _ALGORITHM, trials=_TRIALS, jobs=jobs, directory=directory)

            return once

        times = rounds({"one": trials(1), "two": trials(2)}, _ROUNDS)
    both = {name: [_TRIALS / t for t in times[name]] for name in times}
    cost = f"{_ALGORITHM}, {1000 / sorted(both['one'])[_ROUNDS // 2]:.1f} ms a trial; 2-8-1, 28 points"
    gain = ratios(times["one"], times["two"])
    enough = joblib.cpu_count() >= 2
    return [
        row("workers", "one worker", both["one"], "trials/s", note=cost),
        row("workers", "two workers", both["two"], "trials/s"),
        row("workers", "two / one", gain, "times", at_least=1.8 if enough else None),
    ]
