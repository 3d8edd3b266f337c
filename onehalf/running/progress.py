"""What a run shows while it runs: a bar on a terminal, plain lines when piped."""

from __future__ import annotations

import operator
import sys
import time
from collections import defaultdict
from typing import Any, TextIO

from analysis.wording import plural
from onehalf.plan.experiment import Experiment
from onehalf.plan.rule import Decision, evidence
from onehalf.record.rows import Chunk
from onehalf.running.listener import Listener
from onehalf.running.stops import compared

_LINE_SECONDS = 10.0


class Progress(Listener):
    """Counts finished trials and shows the rate, the time left and the estimates of the cell at work.

    Parameters
    ----------
    stream : file, optional
        Where to write; by default standard error.
    stage : bool
        Whether what is run are stages of something, of which nothing need be left to see when it is over.
    """

    def __init__(self, stream: TextIO | None = None, stage: bool = False) -> None:
        self.stage = stage
        self.stream = stream or sys.stderr
        self.bar: Any = None

    def begun(self, experiment: Experiment, done: int) -> None:
        """Begin to count the trials of an experiment, of which some are on record already."""
        self.experiment = experiment
        self.planned = experiment.planned
        self.before = self.done = done
        self.started = self.spoken = time.monotonic()
        self.accepted: dict[int, list[int]] = defaultdict(list)
        self.counted: dict[int, int] = defaultdict(int)
        self.over = False
        if not self.stage:
            cells, trials = plural(len(experiment.cells), "cell"), plural(self.planned, "trial")
            print(f"{experiment.name}: {cells}, {trials}", file=self.stream)
        if self.stream.isatty():
            from tqdm import tqdm

            self.bar = tqdm(
                total=self.planned,
                initial=done,
                unit=" trials",
                file=self.stream,
                dynamic_ncols=True,
                smoothing=0.05,
                leave=not self.stage,
            )

    def share(self, planned: int) -> None:
        """Count to the trials of a shard."""
        self.planned = planned
        if self.bar is not None:
            self.bar.total = planned
            self.bar.refresh()

    def assessed(self, done: int, total: int) -> None:
        """Count certificates: they are made when the trials are over, and take their time."""
        if done == 0:
            self.ended()
            self.spoken = time.monotonic()
            if self.stream.isatty():
                from tqdm import tqdm

                self.bar = tqdm(
                    total=total, desc="certificates", file=self.stream, dynamic_ncols=True, leave=False
                )
        if self.bar is not None:
            self.bar.update(done - self.bar.n)
        elif done in (0, total) or time.monotonic() - self.spoken > _LINE_SECONDS:
            self.spoken = time.monotonic()
            print(f"{done} of {total} certificates", file=self.stream, flush=True)

    def ended(self) -> None:
        """Leave the last word on the trials, once, or take the certificates' bar away."""
        if self.bar is not None:
            self.bar.close()
            self.bar = None
        elif self.done > self.before and not self.stage and not self.over:
            self._line()
        self.over = True

    def chunk(self, chunk: Chunk) -> None:
        """Count a finished chunk."""
        trials = chunk.stop - chunk.start
        found = chunk.successes()
        counts = self.accepted[chunk.cell] or [0] * len(found)
        self.accepted[chunk.cell] = list(map(operator.add, counts, found))
        self.counted[chunk.cell] += trials
        self.done += trials
        if self.bar is not None:
            self.bar.set_postfix_str(self._estimates(chunk.cell), refresh=False)
            self.bar.update(trials)
        elif time.monotonic() - self.spoken > _LINE_SECONDS:
            self._line()

    def decided(self, index: int, decision: Decision) -> None:
        """Count off the trials that a cell's rule has made superfluous."""
        cell = self.experiment.cells[index]
        self.planned -= cell.trials - decision.trials
        self.done -= max(0, self.counted[index] - decision.trials)
        if self.bar is not None:
            self.bar.total, self.bar.n = self.planned, self.done
            self.bar.refresh()

    def _estimates(self, index: int) -> str:
        """Name the cell at work, its estimates and, where it has a rule, e-values and interval."""
        cell, counts, trials = self.experiment.cells[index], self.accepted[index], self.counted[index]
        shares = (f"{count / trials:.2f}" for count in counts)
        text = f"{cell.spec.label} {cell.policy} p = {', '.join(shares)}"
        if cell.until is None:
            return text
        names, bound = compared(cell)
        found = evidence([counts[i] for i in cell.positions(names)], trials, cell.until.bound or bound)
        return (
            f"{text} smallest [{found.low:.2f}, {found.high:.2f}] E> {found.above:.1e} E< {found.below:.1e}"
        )

    def _line(self) -> None:
        self.spoken = time.monotonic()
        rate = (self.done - self.before) / max(self.spoken - self.started, 1e-9)
        left = (self.planned - self.done) / rate if rate else float("inf")
        print(
            f"{self.done} of {self.planned} trials, {rate:.{0 if rate >= 10 else 2}f} a second, {left:.0f} s left",
            file=self.stream,
            flush=True,
        )


class CheckProgress:
    """Says what a check of plugins waits for: how many calls there will be and, now and then, how many are made.

    Parameters
    ----------
    name : str
        The algorithm.
    seconds : float
        The time budget of one call.
    stream : file, optional
        Where to write; by default standard error.
    """

    def __init__(self, name: str, seconds: float, stream: TextIO | None = None) -> None:
        self.name = name
        self.seconds = seconds
        self.stream = stream or sys.stderr
        self.spoken = time.monotonic()

    def __call__(self, done: int, planned: int) -> None:
        """Take the number of calls made, and of all."""
        if done == 0:
            text = f"check of {self.name}: {planned} runs, each of at most {self.seconds:g} s"
        elif done < planned and time.monotonic() - self.spoken > _LINE_SECONDS:
            text = f"{done} of {planned} runs"
        else:
            return
        self.spoken = time.monotonic()
        print(text, file=self.stream, flush=True)
