"""The harness's own cost of a trial: a no-op algorithm, run, judged and stored, beside benchopt and optuna.

The peers do less: benchopt runs and records, optuna records; neither judges, isolates a trial in a process that
can be killed, or goes on where it was interrupted. Each is used as its documentation says, without plots.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import onehalf as oh
from benchmarks.measure import Row, absent, installed, ratios, rounds, row, seconds
from benchmarks.nothing import no_op

TRIALS = 10_000
_PEER = Path(__file__).parent / "peers" / "benchopt_noop"
_BENCHOPT_RUNS = 10, 60
_OPTUNA_MEMORY, _OPTUNA_SQLITE = 1_000, 40


def run() -> list[Row]:
    """Measure microseconds a trial; ratios are of the same round."""
    problem = oh.AlternatingTraining()
    with tempfile.TemporaryDirectory() as place:
        ours = _ours(problem, Path(place))
        peers: dict[str, Callable[[], object]] = {}
        if installed("optuna"):
            peers["optuna, in memory"] = _optuna(None, _OPTUNA_MEMORY)
            peers["optuna, SQLite"] = _optuna(Path(place), _OPTUNA_SQLITE)
        times = rounds({"ours": ours, **peers}, 9)
        each = [t / TRIALS * 1e6 for t in times["ours"]]
        name = "no-op, one by one, one worker"
        rows = [row("overhead", name, each, "µs a trial", at_most=30, note="run, judged, durable")]
        work = [seconds(ours, _processor_time) / TRIALS * 1e6 for _ in range(5)]
        rows.append(row("overhead", "the same, processor time of all processes", work, "µs"))
        for case, count in (("optuna, in memory", _OPTUNA_MEMORY), ("optuna, SQLite", _OPTUNA_SQLITE)):
            if case in peers:
                rows.append(row("overhead", case, [t / count * 1e6 for t in times[case]], "µs a trial"))
            else:
                rows.append(absent("overhead", case, "µs a trial", "bench"))
        return rows + _benchopt(ours)


def _ours(problem: oh.AlternatingTraining, place: Path) -> Callable[[], object]:
    def once() -> None:
        directory = Path(tempfile.mkdtemp(dir=place))
        result = oh.run(problem, no_op, trials=TRIALS, directory=directory / "run")
        assert len(result.violations) == 0
        shutil.rmtree(directory)

    return once


def _optuna(place: Path | None, count: int) -> Callable[[], object]:
    optuna: Any = import_module("optuna")
    optuna.logging.set_verbosity(optuna.logging.ERROR)

    def once() -> None:
        storage = None if place is None else f"sqlite:///{tempfile.mktemp(dir=place)}"
        optuna.create_study(storage=storage).optimize(lambda trial: 0.5, n_trials=count)

    return once


def _processor_time() -> float:
    """Return the processor time of this process and of its children that have ended."""
    return sum(os.times()[:4])


def _benchopt(ours: Callable[[], object]) -> list[Row]:
    """Measure benchopt's cost of one more repetition: start-up is not counted, nor is ours for it."""
    if not installed("benchopt"):
        return [absent("overhead", "benchopt", "µs a trial", "bench")]
    runner: Any = import_module("benchopt.runner")

    def repetitions(count: int) -> Callable[[], object]:
        def once() -> None:
            with tempfile.TemporaryDirectory() as copy, contextlib.redirect_stdout(io.StringIO()):
                folder = shutil.copytree(_PEER, Path(copy) / "benchmark")
                quiet = dict.fromkeys(("plot_result", "display", "html", "show_progress"), False)
                runner.run_benchmark(folder, n_repetitions=count, max_runs=1, no_cache=True, **quiet)

        return once

    few, many = _BENCHOPT_RUNS
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        repetitions(few)()
        each, own = [], []
        for _ in range(3):
            own.append(seconds(ours) / TRIALS)
            each.append((seconds(repetitions(many)) - seconds(repetitions(few))) / (many - few))
    return [
        row("overhead", "benchopt", [t * 1e6 for t in each], "µs a trial"),
        row("overhead", "benchopt / onehalf", ratios(each, own), "times", at_least=200),
    ]
