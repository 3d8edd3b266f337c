"""Trials run in a forked child with a process group of its own, which is killed at the budget.

An algorithm may hang in compiled code, exhaust memory or end its process: none of it reaches the runner. The
child streams finished runs through a pipe and writes what it is doing into a page of shared memory, so that the
supervisor knows which run met its budget or died, and how far that run had read. Finished runs are kept, runs
that shared the culprit's fate innocently are run again, the culprit is recorded, and the rest goes on in a new
child; every run is the same function of its seed there.
"""

from __future__ import annotations

import gc
import marshal
import mmap
import os
import time
from multiprocessing.connection import Connection

from algorithms.processes import end_group, fork_child, is_over
from onehalf.plan.experiment import Cell
from onehalf.record.rows import Run
from onehalf.running.trial import Bench, Status
from oracle.errors import BrokenFamily
from oracle.session import Ledger

_FLUSH_SECONDS = 0.1
_GRACE_SECONDS = 0.25
_POLL_SECONDS = 0.5
_FAREWELL_SECONDS = 2.0
_FIRST, _COUNT, _INPUT, _STARTED, _QUERIES, _DEPTH, _SENSITIVE, _FIELDS = range(8)
_CRASH: Status = "crashed"
_NO_HALT: Status = "no_halt"

_Place = tuple[int, int]


def run_trials(cell: Cell, key: tuple[int, int], start: int, stop: int) -> list[Run]:
    """Run trials start..stop−1 of a cell on every input they need, whatever the algorithm does.

    Returns
    -------
    list of Run
        A trial whose first run is shared has one run, any other one for each input.
    """
    last = len(cell.problem.inputs) - 1
    if cell.spec.load().batched:
        runs, fate = _supervise(cell, key, (start, 0), (stop, 0), stop - start)
        if fate is None:
            return runs
    done: list[Run] = []
    at = (start, 0)
    failed = False
    while at[0] < stop:
        runs, fate = _supervise(cell, key, at, (stop, 0), 1, prompt=failed)
        # A run that breaks the channel takes along all that was not sent, so from here on each is sent at once.
        failed = failed or fate is not None
        done += runs
        at = _after(runs, at, last)
        while fate is not None and at < (fate.trial, fate.input):
            runs, earlier = _supervise(cell, key, at, (fate.trial, fate.input), 1, prompt=True)
            done += runs
            at = _after(runs, at, last)
            fate = earlier or fate
        if fate is not None:
            done.append(fate)
            at = _following(fate, last)
    return done


def _after(runs: list[Run], at: _Place, last: int) -> _Place:
    return _following(runs[-1], last) if runs else at


def _following(run: Run, last: int) -> _Place:
    """Return trial and input position of the run that comes after one."""
    if run.input == last or (run.input == 0 and run.shared):
        return run.trial + 1, 0
    return run.trial, run.input + 1


def _supervise(
    cell: Cell, key: tuple[int, int], start: _Place, end: _Place, size: int, prompt: bool = False
) -> tuple[list[Run], Run | None]:
    """Run a child from `start` to before `end`; return the runs it finished and, if it failed, the culprit.

    A `prompt` child sends every run as soon as it is finished.

    Raises
    ------
    BrokenFamily
        If the child found that the cell's family is not what it says.
    """
    page = mmap.mmap(-1, 8 * _FIELDS)
    view = memoryview(page).cast("q")

    def live(sender: Connection) -> None:
        gc.freeze()
        gc.enable()
        try:
            Child(cell, key, view, sender, 0.0 if prompt else _FLUSH_SECONDS).work(start, end, size)
        except BrokenFamily as error:
            sender.send_bytes(marshal.dumps([str(part) for part in error.sentence]))

    pid, receiver = fork_child(live)
    runs: list[Run] = []
    status: Status | None = _CRASH
    state = view.tolist()
    try:
        while status is _CRASH:
            state = view.tolist()  # one look, as the child moves on between two
            limit = cell.budget.seconds * max(state[_COUNT], 1) + _GRACE_SECONDS
            spent = _seconds_since(state[_STARTED])
            if spent >= limit:
                status = _NO_HALT
            elif receiver.poll(min(limit - spent, _POLL_SECONDS)):
                found = marshal.loads(receiver.recv_bytes())
                if found and isinstance(found[0], str):
                    raise BrokenFamily(*found)
                runs += map(Run._make, found)
                status = _CRASH if found else None
            elif is_over(pid):
                break
    except (EOFError, OSError):
        status = _CRASH
    finally:
        receiver.close()
        cause = end_group(pid, patience=_FAREWELL_SECONDS if status is _CRASH else 0.0)
    met = state if status == _NO_HALT else view.tolist()
    fate = None if status is None else _culprit(cell, met, status, cause)
    view.release()
    page.close()
    return runs, fate


_END = marshal.dumps([])


def _seconds_since(started: int) -> float:
    """Return the age of a run, 0 between two."""
    return (time.monotonic_ns() - started) / 1e9 if started else 0.0


def _culprit(cell: Cell, state: list[int], status: Status, cause: str) -> Run:
    """Return the record of the run in which a child hung or died."""
    seconds = _seconds_since(state[_STARTED])
    shared = state[_SENSITIVE] <= cell.problem.bound(cell.policy).depth
    note = f"ran for more than the time budget of {cell.budget.seconds:g} s" if status == _NO_HALT else cause
    return Run(
        state[_FIRST],
        state[_INPUT],
        status,
        shared,
        state[_DEPTH],
        state[_QUERIES],
        None,
        seconds,
        None,
        note,
    )


class Child:
    """The forked process: it runs trials in order and reports them."""

    def __init__(
        self, cell: Cell, key: tuple[int, int], view: memoryview, sender: Connection, patience: float
    ) -> None:
        self.number = os.getpid()
        self.patience = patience
        self.view = view
        self.sender = sender
        self.bench = Bench(cell, key, self._enter)
        self.bench.sessions[0].oracle.try_depth(cell.budget.digits)
        self.last = len(cell.problem.inputs) - 1
        self.unsent: list[Run] = []
        self.flushed = time.monotonic()

    def _enter(self, ledger: Ledger) -> None:
        view = self.view
        view[_QUERIES], view[_DEPTH], view[_SENSITIVE] = ledger.queries, ledger.depth, ledger.sensitive_depth

    def work(self, start: _Place, end: _Place, size: int) -> None:
        """Run from `start` to before `end`, `size` trials at a time, and say that all is done."""
        at = start
        while at < end:
            runs = self._unit(range(at[0], min(at[0] + size, max(end[0], at[0] + 1))), at[1])
            shared = at[1] == 0 and all(run.shared for run in runs)
            over = shared or at[1] == self.last
            at = (runs[-1].trial + 1, 0) if over else (at[0], at[1] + 1)
            self.unsent += runs
            if time.monotonic() - self.flushed >= self.patience:
                self._flush()
        self._flush()
        self.sender.send_bytes(_END)

    def _unit(self, trials: range, position: int) -> list[Run]:
        view = self.view
        view[_FIRST], view[_COUNT], view[_INPUT] = trials.start, len(trials), position
        view[_QUERIES] = view[_DEPTH] = view[_SENSITIVE] = 0
        view[_STARTED] = time.monotonic_ns()
        runs = self.bench.run(trials, position)
        if os.getpid() != self.number:
            os._exit(0)  # an algorithm that forks and returns twice has one say here, the first process's
        view[_STARTED] = 0
        return runs

    def _flush(self) -> None:
        if self.unsent:
            self.sender.send_bytes(marshal.dumps([tuple(run) for run in self.unsent]))
        self.unsent = []
        self.flushed = time.monotonic()
