"""The process that runs a chunk's trials beside the oracle, and says what became of each.

It streams finished runs through a pipe and writes what it is doing into a page of shared memory, so that its
supervisor knows which run met its budget or died, and how far that run had asked. Where a cell logs its questions, each
single call has its own fork, which leaves nothing of what it does to the next.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection, Pipe
from typing import NamedTuple, NoReturn

from algorithms.processes import is_over, limit_memory
from onehalf.plan.experiment import Cell
from onehalf.record.rows import Run, decode_runs, encode_runs, impossible
from onehalf.running.sealed.values import pack_value, unpack_value
from onehalf.running.trial import Bench
from oracle.errors import BrokenFamily
from oracle.session import Ledger

_FLUSH_SECONDS = 0.1
_FAREWELL_SECONDS = 2.0
_LOOK_SECONDS = 0.02
FIRST, COUNT, INPUT, STARTED, QUERIES, DEPTH, SENSITIVE, FIELDS = range(8)
"""What stands where in the page: the call's first trial, its number of trials, …"""
_RUNS, _FAULT = b"r", b"f"
_END = _RUNS + encode_runs(())


class Stretch(NamedTuple):
    """What a child is to do.

    Attributes
    ----------
    key : (int, int)
        Of the cell's streams.
    trials : sequence of int
        In order.
    position : int
        Of the input.
    size : int
        Trials to run at once.
    prompt : bool
        Whether every run is sent as soon as it is finished.
    """

    key: tuple[int, int]
    trials: Sequence[int]
    position: int
    size: int
    prompt: bool


def do_stretch(cell: Cell, stretch: Stretch, view: memoryview, sender: Connection) -> None:
    """Do what a child is to do, and send the runs; `view` is the page that its supervisor looks at."""
    gc.freeze()
    gc.enable()
    try:
        child = Child(cell, stretch.key, view, sender, 0.0 if stretch.prompt else _FLUSH_SECONDS)
        child.work(stretch.trials, stretch.position, stretch.size)
    except BrokenFamily as error:
        sender.send_bytes(_fault(error))


def _fault(error: BrokenFamily) -> bytes:
    """Return the message in place of runs that says in what a family is not what it says."""
    return _FAULT + pack_value([str(part) for part in error.sentence])


def read_runs(body: bytes, cell: Cell, position: int) -> list[Run]:
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
        limit_memory(cell.memory)
        self.bench.sessions[0].oracle.try_depth(cell.budget.digits)
        gc.freeze()  # what a fork's collector does not touch is not copied
        self.unsent: list[Run] = []
        self.flushed = time.monotonic()

    def _enter(self, ledger: Ledger) -> None:
        view = self.view
        view[QUERIES], view[DEPTH], view[SENSITIVE] = ledger.queries, ledger.depth, ledger.sensitive_depth

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
        self.view[STARTED] = 0
        return read_runs(body, self.bench.cell, position)

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
        view[FIRST], view[COUNT], view[INPUT] = trials[0], len(trials), position
        view[QUERIES] = view[DEPTH] = view[SENSITIVE] = 0
        view[STARTED] = time.monotonic_ns()
        runs = self.bench.run(trials, position)
        if os.getpid() != self.number:
            os._exit(0)  # an algorithm that forks and returns twice has one say here, the first process's
        view[STARTED] = 0
        return runs

    def _flush(self) -> None:
        if self.unsent:
            self.sender.send_bytes(_RUNS + encode_runs(self.unsent))
        self.unsent = []
        self.flushed = time.monotonic()
