"""The trusted side: it holds the truth, answers a run's questions, keeps the ledger, and enters what was handed over.

The algorithm's process is started by its own program, so that its memory never held the input, and is told public
facts alone. Nothing that it sends can name another trial, another ledger or another status of the budget: all it can
do is to ask, and to hand over one output.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any

from algorithms.calling import STATUSES, Outcome, Status
from algorithms.processes import describe_end, parent_of
from onehalf.plan.experiment import Cell
from onehalf.record.rows import Run
from onehalf.running.sealed.channel import (
    ANSWER,
    ASK,
    BEGUN,
    ENDED,
    ENTRY,
    EXACT,
    EXHAUSTED,
    HEAD,
    READY,
    REFUSAL,
    RESULT,
    RUN,
    SET_UP,
    STATE,
    TABLE,
    UNFIT,
    BrokenChannel,
    Channel,
    OutOfTime,
    no_message,
    read_bits,
    write_fractions,
    write_refusal,
)
from onehalf.running.sealed.values import unpack_value
from onehalf.running.trial import Books
from oracle.errors import BudgetExhausted, IllegalQuestion, InvalidValue, TooPrecise
from oracle.namespaces import pack
from oracle.session import Session

_LOAD_SECONDS = 120.0
_BEGIN_SECONDS = 10.0
_GRACE_SECONDS = 0.25
_FAREWELL_SECONDS = 2.0
_CONTROL_BYTES = 1 << 12
_BOOT = (
    "import sys; sys.path[:] = sys.argv[3:]; "
    "from onehalf.running.sealed.child import main; main(int(sys.argv[1]), int(sys.argv[2]))"
)
_NOTHING = "the process closed its channel and did not end"


def run_sealed(cell: Cell, key: tuple[int, int], trials: Sequence[int], position: int) -> list[Run]:
    """Run trials on one input, each in a fork of an image that was never told which.

    Raises
    ------
    BrokenFamily
        If the cell's family is not what it says.
    InvalidValue
        If the algorithm cannot be loaded in a process of its own.
    """
    seal = _seal_of(cell, key)
    if seal.batched and len(trials) > 1:
        runs = seal.run(trials, position)
        if runs is not None:
            return runs
    done: list[Run] = []
    for trial in trials:
        found = seal.run([trial], position)
        done += [seal.fate(trial, position)] if found is None else found
    return done


_open: list[Seal] = []


def _seal_of(cell: Cell, key: tuple[int, int]) -> Seal:
    """Return the seal of a cell, which stays until another cell's is wanted here."""
    if _open and (_open[0].owner, _open[0].cell, _open[0].key) == (os.getpid(), cell, key):
        return _open[0]
    break_seals()
    _open.append(Seal(cell, key))
    return _open[0]


def break_seals() -> None:
    """End the processes of whatever cell was run last."""
    while _open:
        seal = _open.pop()
        if seal.owner == os.getpid():
            seal.close()


atexit.register(break_seals)


class Seal:
    """A cell's books, and an image of its algorithm in a process that cannot look into them."""

    def __init__(self, cell: Cell, key: tuple[int, int]) -> None:
        if sys.platform != "linux":
            raise InvalidValue("sealed", True, "needs Linux", "run without it")
        self.owner = os.getpid()
        self.cell = cell
        self.key = key
        self.books = Books(cell)
        self.books.sessions[0].oracle.try_depth(cell.budget.digits)
        self.batched = False
        self.cause = ""
        self.slow = False
        self.seconds = 0.0
        self._start()

    def _start(self) -> None:
        mine, theirs = socket.socketpair()
        living, self.life = os.pipe()
        words = [
            sys.executable,
            "-c",
            _BOOT,
            str(theirs.fileno()),
            str(living),
            *map(os.path.abspath, sys.path),
        ]
        with theirs:
            self.process = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(), living),
                start_new_session=True,
            )
        os.close(living)
        self.control = Channel(mine, _CONTROL_BYTES)
        until = time.monotonic() + _LOAD_SECONDS
        try:
            body = pack((self.cell.spec, self.cell.problem.facts, self.key))
            self.control.send(SET_UP, body, until)
            letter, said = self.control.receive(until)
        except OutOfTime as error:
            raise self._unfit(f"is not loaded after {_LOAD_SECONDS:g} s") from error
        except BrokenChannel as error:
            raise self._unfit("ends its process while it is loaded") from error
        if letter == UNFIT:
            raise self._unfit(f"cannot be loaded in a process of its own: {said.decode('utf-8', 'replace')}")
        if letter != READY or len(said) != 1:
            raise self._unfit("breaks the channel while it is loaded")
        self.batched = said == b"\1"

    def _unfit(self, rule: str) -> InvalidValue:
        self.close()
        return InvalidValue("algorithm", self.cell.spec.name, rule, "see to it that it can be imported alone")

    def close(self) -> None:
        """End the image and whatever it has started: its guard sees the pipe's end."""
        self.control.close()
        os.close(self.life)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(_FAREWELL_SECONDS)
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def run(self, trials: Sequence[int], position: int) -> list[Run] | None:
        """Run trials at once; None where the process hung, died or broke the channel, of which `fate` tells."""
        session = self.books.begin(position)
        mine, theirs = socket.socketpair()
        channel = Channel(mine)
        found: tuple[Outcome, list[Any]] | None = None
        self.cause, self.slow, child = "", False, 0
        started = time.monotonic()
        try:
            child = self._begin(theirs, trials)
            started = time.monotonic()
            seconds = self.cell.budget.seconds * len(trials)
            session.deadline = started + seconds
            found = self._attend(channel, session, len(trials), started + seconds + _GRACE_SECONDS)
        except OutOfTime:
            self.slow = True
        except BrokenChannel as error:
            self.cause = str(error)
        finally:
            theirs.close()
            channel.close()
        self.seconds = time.monotonic() - started
        self._end(child, patient=not self.slow)
        if session.fault is not None:
            raise session.fault
        if found is None:
            return None
        outcome, claims = found
        if session.exhausted:
            nothing: list[Any] = [None] * len(trials)
            outcome, claims = Outcome("no_halt", nothing, session.exhausted), nothing
        return self.books.enter(trials, position, outcome, claims, self.seconds / len(trials))

    def fate(self, trial: int, position: int) -> Run:
        """Return the record of a run that hung, died or broke the channel."""
        ledger = self.books.sessions[position].ledger
        status: Status = "no_halt" if self.slow else "crashed"
        note = self.cell.budget.overrun if self.slow else self.cause
        shared = ledger.sensitive_depth <= self.books.coupled
        depth, queries = ledger.depth, ledger.queries
        return Run(trial, position, status, shared, depth, queries, None, self.seconds, None, note)

    def _begin(self, end: socket.socket, trials: Sequence[int]) -> int:
        """Have a process forked for a run, and return it."""
        until = time.monotonic() + _BEGIN_SECONDS
        body = struct.pack(f"<{len(trials)}Q", *trials)
        try:
            self.control.end.settimeout(_BEGIN_SECONDS)
            socket.send_fds(self.control.end, [HEAD.pack(RUN, len(body))], [end.fileno()])
            self.control.end.sendall(body)
            end.close()
            letter, said = self.control.receive(until)
            if letter != BEGUN or len(said) != STATE.size:
                raise no_message(letter)
            return int(STATE.unpack(said)[0])
        except (BrokenChannel, OutOfTime, OSError) as error:
            self._start_again()
            raise BrokenChannel("the process that forks runs was ended by the algorithm") from error

    def _start_again(self) -> None:
        self.close()
        self._start()

    def _attend(
        self, channel: Channel, session: Session, count: int, until: float
    ) -> tuple[Outcome, list[Any]]:
        """Answer a run's questions until it hands over what it returns."""
        while True:
            letter, body = channel.receive(until)
            if letter == RESULT:
                return _read_result(body, count)
            try:
                kind, answer = ANSWER, _answered(session, letter, body)
            except (IllegalQuestion, TooPrecise) as error:
                kind, answer = REFUSAL, write_refusal(error)
            except BudgetExhausted as error:
                kind, answer = EXHAUSTED, str(error).encode()
            channel.send(kind, answer, until)

    def _end(self, child: int, patient: bool) -> None:
        """See to it that a run's process is gone, and note how it ended."""
        if not child:
            return
        code = self._ended(_FAREWELL_SECONDS) if patient else None
        if code is None:
            self._kill(child)
            if self._ended(_FAREWELL_SECONDS) is None:
                self._start_again()
            self.cause = self.cause if self.cause.startswith("a message") else _NOTHING
        elif not self.cause.startswith("a message"):
            self.cause = f"the process {describe_end(code)}"

    def _kill(self, child: int) -> None:
        """Kill a run with its process group, if it is one of the image's as the kernel says."""
        if parent_of(parent_of(child)) != self.process.pid:
            return
        for kill in (os.killpg, os.kill):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                kill(child, signal.SIGKILL)

    def _ended(self, seconds: float) -> int | None:
        """Return the exit code that the image tells of a run; None where it tells none."""
        try:
            letter, said = self.control.receive(time.monotonic() + seconds)
        except (BrokenChannel, OutOfTime):
            return None
        if letter != ENDED or len(said) != STATE.size:
            return None
        code: int = STATE.unpack(said)[0]
        return code if -128 < code < 256 else None


def _answered(session: Session, letter: bytes, body: bytes) -> bytes:
    """Return the answer to a question, which is entered in the ledger."""
    if letter == ASK:
        if len(body) < ENTRY.size:
            raise no_message(letter)
        index = ENTRY.unpack_from(body)
        return write_fractions([session.answer(index, read_bits(body[ENTRY.size :]))])
    if letter == TABLE:
        return session.table(read_bits(body)).astype("<f8").tobytes()
    if letter == EXACT:
        return write_fractions(list(session.exact_table(read_bits(body)).ravel()))
    raise no_message(letter)


def _read_result(body: bytes, count: int) -> tuple[Outcome, list[Any]]:
    """Return what a run handed over, with the exit flags."""
    try:
        found = unpack_value(body)
    except (ValueError, RecursionError) as error:
        raise BrokenChannel(f"a message that holds no value: {error}") from error
    match found:
        case (str() as said, str() as note, list() as outputs) if said in STATUSES and len(outputs) == count:
            if all(type(o) is tuple and len(o) == 2 and type(o[0]) in (bool, type(None)) for o in outputs):
                claims, made = [claim for claim, _ in outputs], [output for _, output in outputs]
                return Outcome(said, made, note), claims
    raise BrokenChannel("a message that holds no outcome")
