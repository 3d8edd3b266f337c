"""Two workers against one, for a trainer of a millisecond or more, beside what the machine gives two bare processes."""

from __future__ import annotations

import itertools
import multiprocessing
import tempfile
from collections.abc import Callable
from pathlib import Path

import joblib
from threadpoolctl import threadpool_limits

import onehalf as oh
from benchmarks.measure import Row, ratios, rounds, row
from onehalf.plan.experiment import cells_of
from onehalf.running.trial import Bench

_ALGORITHM, _TRIALS, _ROUNDS = "scipy-lbfgsb", 600, 5
_PROBLEM = oh.AlternatingTraining()


def run() -> list[Row]:
    """Measure trials a second with one worker and with two, in turn; workers stay alive between the rounds.

    The floor is the trainer alone, in one process and in two, which share nothing and record nothing: processors
    that share a core or a clock give two processes less than twice one.
    """
    with tempfile.TemporaryDirectory() as place:

        def trials(jobs: int) -> Callable[[], object]:
            def once() -> object:
                directory = Path(tempfile.mkdtemp(dir=place)) / "run"
                return oh.run(_PROBLEM, _ALGORITHM, trials=_TRIALS, jobs=jobs, directory=directory)

            return once

        cases = {"one worker": trials(1), "two workers": trials(2)}
        times = rounds({**cases, "one bare process": _bare(1), "two bare processes": _bare(2)}, _ROUNDS)
    rates = {name: [_TRIALS / t for t in times[name]] for name in times}
    cost = (
        f"{_ALGORITHM}, {1000 / sorted(rates['one worker'])[_ROUNDS // 2]:.1f} ms a trial; 2-8-1, 28 points"
    )
    notes = {"one worker": cost, "two bare processes": "the trainer alone, neither judged nor recorded"}
    gain = ratios(times["one worker"], times["two workers"])
    floor = ratios(times["one bare process"], times["two bare processes"])
    enough = joblib.cpu_count() >= 2
    return [
        *(row("workers", name, rates[name], "trials/s", note=notes.get(name, "")) for name in rates),
        row("workers", "two / one", gain, "times", at_least=1.8 if enough else None),
        row("workers", "two / one, bare processes", floor, "times", note="what the machine gives"),
        row("workers", "ours / bare", ratios(gain, floor), "times", at_least=0.9 if enough else None),
    ]


def _bare(count: int) -> Callable[[], None]:
    """Return the same trials on the same inputs in processes of their own, without a harness."""

    def once() -> None:
        edges = [_TRIALS * i // count for i in range(count + 1)]
        started = [
            multiprocessing.Process(target=_train, args=(range(a, b),)) for a, b in itertools.pairwise(edges)
        ]
        for process in started:
            process.start()
        for process in started:
            process.join()

    return once


def _train(trials: range) -> None:
    threadpool_limits(1)
    (cell,) = cells_of([_PROBLEM], ["decoy"], [_ALGORITHM], _TRIALS)
    bench = Bench(cell, (1, 2))
    for trial in trials:
        for position in range(len(_PROBLEM.inputs)):
            (done,) = bench.run(range(trial, trial + 1), position)
            if done.shared:
                break
