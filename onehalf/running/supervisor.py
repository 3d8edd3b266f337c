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

import contextlib
import gc
import mmap
import operator
import os
import signal
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection, Pipe
from typing import NoReturn

from algorithms.processes import end_group, fork_child, is_over, unreadable
from onehalf.plan.experiment import Cell
from onehalf.record.rows import Run, decode_runs, encode_runs, impossible
from onehalf.running.sealed.supervisor import run_sealed
from onehalf.running.sealed.values import pack_value, unpack_value
from onehalf.running.trial import Bench, Status
from oracle.errors import BrokenFamily
from oracle.session import DEEPEST, Ledger

_FLUSH_SECONDS = 0.1
_GRACE_SECONDS = 0.25
_POLL_SECONDS = 0.5
_FAREWELL_SECONDS = 2.0
_LOOK_SECONDS = 0.02
_FIRST, _COUNT, _INPUT, _STARTED, _QUERIES, _DEPTH, _SENSITIVE, _FIELDS = range(8)
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
    if cell.spec.load().batched:
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
    page = mmap.mmap(-1, 8 * _FIELDS)
    view = memoryview(page).cast("q")

    def live(sender: Connection) -> None:
        gc.freeze()
        gc.enable()
        try:
            Child(cell, key, view, sender, 0.0 if prompt else _FLUSH_SECONDS).work(trials, position, size)
        except BrokenFamily as error:
            sender.send_bytes(_fault(error))

    pid, receiver = fork_child(live)
    runs: list[Run] = []
    broken = ""
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
                found = _runs(receiver.recv_bytes(), cell, position)
                wanted = list(trials[len(runs) : len(runs) + len(found)])
                if [run.trial for run in found] != wanted or (not found and len(runs) < len(trials)):
                    raise ValueError("other trials than were asked for")
                runs += found
                status = _CRASH if found else None
            elif is_over(pid):
                break
    except BrokenFamily:
        raise  # a ValueError, but no fault of the channel
    except (EOFError, OSError):
        status = _CRASH
    except ValueError as error:
        status, broken = _CRASH, f"the process broke its channel: {error}"
    finally:
        receiver.close()
        patience = _FAREWELL_SECONDS if status is _CRASH and not broken else 0.0
        cause = end_group(pid, patience)
    met = state if status == _NO_HALT else view.tolist()
    left = trials[len(runs) :] or trials[-1:]
    fate = None if status is None else _culprit(cell, met, status, broken or cause, left, position)
    view.release()
    page.close()
    return runs, fate


_RUNS, _FAULT = b"r", b"f"
_END = _RUNS + encode_runs(())


def _fault(error: BrokenFamily) -> bytes:
    """Return the message in place of runs that says in what a family is not what it says."""
    return _FAULT + pack_value([str(part) for part in error.sentence])


def _runs(body: bytes, cell: Cell, position: int) -> list[Run]:
    """Return the runs of a message, or raise what it tells in their place.

    Raises
    ------
    ValueError
        If no runs of the cell on that input can have been written so.
    """
    if body[:1] == _FAULT:
        found = unpack_value(body[1:])
        if type(found) is not list or len(found) != 4 or any(type(part) is not str for part in found):
            raise ValueError("no sentence")
        raise BrokenFamily(*found)
    if body[:1] != _RUNS:
        raise ValueError("no message")
    runs = decode_runs(body[1:])
    coupled = cell.problem.bound(cell.policy).depth
    for run in runs:  # no generator: this is much of what a trial that does nothing costs
        if run.input != position or (not run.shared and impossible(False, run.depth, coupled)):
            raise ValueError("no run on this input ends so")
    return runs


def _seconds_since(started: int) -> float:
    """Return the age of a run, 0 between two."""
    return (time.monotonic_ns() - started) / 1e9 if started else 0.0


def _culprit(
    cell: Cell, state: list[int], status: Status, cause: str, trials: Sequence[int], position: int
) -> Run:
    """Return the record of the run in which a child hung or died: one of the trials that it had to do, on its input.

    What it wrote into the page is its own word, and no run's where none can be so.
    """
    seconds = _seconds_since(state[_STARTED])
    depth, queries = (min(max(state[place], 0), DEEPEST) for place in (_DEPTH, _QUERIES))
    trial = state[_FIRST] if state[_FIRST] in trials else trials[0]
    coupled = cell.problem.bound(cell.policy).depth
    shared = min(state[_SENSITIVE], depth) <= coupled
    note = cell.budget.overrun if status == _NO_HALT else cause
    return Run(trial, position, status, shared, depth, queries, None, seconds, None, note)


class Child:
    """The forked process: it runs trials in order and reports them."""

    def __init__(
        self, cell: Cell, key: tuple[int, int], view: memoryview, sender: Connection, patience: float
    ) -> None:
        self.number = os.getpid()
        self.alone = cell.log
        self.patience = patience
        self.view = view
        self.sender = sender
        self.bench = Bench(cell, key, self._enter)
        self.bench.sessions[0].oracle.try_depth(cell.budget.digits)
        gc.freeze()  # what a fork's collector does not touch is not copied
        self.unsent: list[Run] = []
        self.flushed = time.monotonic()

    def _enter(self, ledger: Ledger) -> None:
        view = self.view
        view[_QUERIES], view[_DEPTH], view[_SENSITIVE] = ledger.queries, ledger.depth, ledger.sensitive_depth

    def work(self, trials: Sequence[int], position: int, size: int) -> None:
        """Run trials on one input, `size` of them at a time, and say that all is done."""
        call = self._apart if self.alone else self._call
        for at in range(0, len(trials), size):
            self.unsent += call(trials[at : at + size], position)
            if time.monotonic() - self.flushed >= self.patience:
                self._flush()
        self._flush()
        self.sender.send_bytes(_END)

    def _apart(self, trials: Sequence[int], position: int) -> list[Run]:
        """Make one call in a fork of its own, which leaves nothing of what it does to the next."""
        receiver, sender = Pipe(duplex=False)
        pid = os.fork()
        if pid == 0:
            try:
                self.number = os.getpid()
                runs = self._call(trials, position)
                sender.send_bytes(_RUNS + encode_runs(runs))
                os._exit(0)
            except BrokenFamily as error:
                sender.send_bytes(_fault(error))
                os._exit(0)
            finally:
                os._exit(1)
        sender.close()
        try:
            while not receiver.poll(_LOOK_SECONDS):
                if is_over(pid) and not receiver.poll():
                    raise EOFError
            body = receiver.recv_bytes()
        except EOFError:
            self._share_the_end_of(pid)
        finally:
            receiver.close()
        os.waitpid(pid, 0)
        self.view[_STARTED] = 0
        return _runs(body, self.bench.cell, position)

    def _share_the_end_of(self, pid: int) -> NoReturn:
        """End as a fork ended that has left no word, so that the supervisor sees how."""
        self._flush()
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        if code < 0:
            with contextlib.suppress(OSError, ValueError):
                signal.signal(-code, signal.SIG_DFL)
            os.kill(os.getpid(), -code)
            time.sleep(_FAREWELL_SECONDS)
        os._exit(max(code, 0))

    def _call(self, trials: Sequence[int], position: int) -> list[Run]:
        view = self.view
        view[_FIRST], view[_COUNT], view[_INPUT] = trials[0], len(trials), position
        view[_QUERIES] = view[_DEPTH] = view[_SENSITIVE] = 0
        view[_STARTED] = time.monotonic_ns()
        runs = self.bench.run(trials, position)
        if os.getpid() != self.number:
            os._exit(0)  # an algorithm that forks and returns twice has one say here, the first process's
        view[_STARTED] = 0
        return runs

    def _flush(self) -> None:
        if self.unsent:
            self.sender.send_bytes(_RUNS + encode_runs(self.unsent))
        self.unsent = []
        self.flushed = time.monotonic()
