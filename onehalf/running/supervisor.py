"""Trials run in a forked child with a process group of its own, which is killed at the budget.

An algorithm may hang in compiled code, exhaust memory or end its process: none of it reaches the runner. The
child streams finished runs through a pipe and writes what it is doing into a page of shared memory, so that the
supervisor knows which run met its budget or died, and how far that run had asked. Finished runs are kept, runs
that shared the culprit's fate innocently are run again, the culprit is recorded, and the rest goes on in a new
child; every run is the same function of its seed there.

Runs on different inputs never share a process that an algorithm could have changed: each position of the inputs has
its own children, forked from an image in which the algorithm was loaded and never called. Where a cell logs its
questions, as for a certificate, each single call has its own fork of that image.
"""

from __future__ import annotations

import operator
import time
from collections.abc import Sequence

from algorithms.processes import unreadable
from onehalf.plan.experiment import Cell
from onehalf.record.rows import Run
from onehalf.running.offspring import batched, forked
from onehalf.running.sealed.supervisor import run_sealed
from onehalf.running.stretch import COUNT, DEPTH, FIRST, QUERIES, SENSITIVE, STARTED, Stretch, read_runs
from onehalf.running.trial import Status
from oracle.errors import BrokenFamily
from oracle.session import DEEPEST

_GRACE_SECONDS = 0.25
_POLL_SECONDS = 0.5
_FAREWELL_SECONDS = 2.0
_SILENT_SECONDS = 120.0
_CRASH: Status = "crashed"
_NO_HALT: Status = "no_halt"

_PLACE = operator.attrgetter("trial", "input")


def run_trials(cell: Cell, key: tuple[int, int], start: int, stop: int) -> list[Run]:
    """Run trials start..stop−1 of a cell on every input they need, whatever the algorithm does.

    Returns
    -------
    list of Run
        In order of trial and input. A trial whose first run is shared has one run, any other one for each input.
    """
    runs = _on_input(cell, key, range(start, stop), 0)
    apart = [run.trial for run in runs if not run.shared]
    for position in range(1, len(cell.problem.inputs) if apart else 1):
        runs += _on_input(cell, key, apart, position)
    return sorted(runs, key=_PLACE)


def _on_input(cell: Cell, key: tuple[int, int], trials: Sequence[int], position: int) -> list[Run]:
    """Run trials on one input."""
    if cell.sealed:
        with unreadable():
            return run_sealed(cell, key, trials, position)
    if batched(cell):
        runs, fate = _supervise(cell, key, trials, position, len(trials))
        if fate is None:
            return runs
    done: list[Run] = []
    failed = False
    while len(done) < len(trials):
        runs, fate = _supervise(cell, key, trials[len(done) :], position, 1, prompt=failed)
        # A run that breaks the channel takes along all that was not sent, so from here on each is sent at once.
        failed = failed or fate is not None
        done += runs
        if len(done) == len(trials):
            break  # a child that breaks its channel after its last run takes none along
        while fate is not None and trials[len(done)] < fate.trial:
            lost = [trial for trial in trials[len(done) :] if trial < fate.trial]
            runs, earlier = _supervise(cell, key, lost, position, 1, prompt=True)
            done += runs
            fate = earlier or fate
        if fate is not None:
            done.append(fate)
    return done


def _supervise(
    cell: Cell, key: tuple[int, int], trials: Sequence[int], position: int, size: int, prompt: bool = False
) -> tuple[list[Run], Run | None]:
    """Let a child run trials on one input; return the runs it finished and, if it failed, the culprit.

    A `prompt` child sends every run as soon as it is finished.

    Raises
    ------
    BrokenFamily
        If the child found that the cell's family is not what it says.
    """
    stretch = Stretch(key, trials, position, size, prompt)
    runs: list[Run] = []
    broken = ""
    status: Status | None = _CRASH
    with forked(cell, stretch) as child:
        state, heard = child.state(), time.monotonic()
        # The page is the child's own word, so a child that says nothing there for ever has a limit, too.
        last = heard + _SILENT_SECONDS + (cell.budget.seconds + _GRACE_SECONDS) * len(trials)
        try:
            while status is _CRASH:
                before, state = state, child.state()  # one look, as the child moves on between two
                heard = heard if state == before else time.monotonic()
                limit = cell.budget.seconds * max(state[COUNT], 1) + _GRACE_SECONDS
                spent = _seconds_since(state[STARTED])
                body = None if spent >= limit else child.inbox.take(min(limit - spent, _POLL_SECONDS))
                if spent >= limit or time.monotonic() > min(last, heard + limit + _SILENT_SECONDS):
                    status = _NO_HALT
                elif body is not None:
                    found = read_runs(body, cell, position)
                    wanted = list(trials[len(runs) : len(runs) + len(found)])
                    if [run.trial for run in found] != wanted or (not found and len(runs) < len(trials)):
                        raise ValueError("other trials than were asked for")
                    runs += found
                    status, heard = _CRASH if found else None, time.monotonic()
                elif child.over():
                    break
        except BrokenFamily:
            raise  # a ValueError, but no fault of the channel
        except (EOFError, OSError):
            status = _CRASH
        except ValueError as error:
            status, broken = _CRASH, f"the process broke its channel: {error}"
        cause = child.end(_FAREWELL_SECONDS if status is _CRASH and not broken else 0.0)
        met = state if status == _NO_HALT else child.state()
    left = trials[len(runs) :] or trials[-1:]
    fate = None if status is None else _culprit(cell, met, status, broken or cause, left, position)
    return runs, fate


def _seconds_since(started: int) -> float:
    """Return the age of a run, 0 between two."""
    return (time.monotonic_ns() - started) / 1e9 if started else 0.0


def _culprit(
    cell: Cell, state: list[int], status: Status, cause: str, trials: Sequence[int], position: int
) -> Run:
    """Return the record of the run in which a child hung or died: one of the trials that it had to do, on its input.

    What it wrote into the page is its own word, and no run's where none can be so.
    """
    seconds = _seconds_since(state[STARTED])
    depth, queries = (min(max(state[place], 0), DEEPEST) for place in (DEPTH, QUERIES))
    trial = state[FIRST] if state[FIRST] in trials else trials[0]
    coupled = cell.problem.bound(cell.policy).depth
    shared = min(state[SENSITIVE], depth) <= coupled
    note = cell.noted(status, cell.budget.overrun if status == _NO_HALT else cause)
    return Run(trial, position, status, shared, depth, queries, None, seconds, None, note)
