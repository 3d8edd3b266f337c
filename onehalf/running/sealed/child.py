"""The sealed side: an image in which an algorithm is loaded and was never called, and a fork of it for each run.

It comes of a process that was started anew, not forked, by one that knows the input, and that holds nothing but what
every run needs; what it is told are the public facts, the algorithm and the coins. It answers to nobody but its
supervisor, and ends with it.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import select
import signal
import socket
import struct
import sys
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from algorithms.algorithm import Algorithm
from algorithms.calling import Outcome, call
from algorithms.library import load_shipped
from algorithms.processes import (
    adopt_orphans,
    die_with_parent,
    end_descendants,
    make_unreadable,
    one_thread,
    renounce,
)
from algorithms.registry import Spec
from onehalf.plan.seeds import generator
from onehalf.running.sealed.channel import (
    ANSWER,
    ASK,
    BEGUN,
    COUNT,
    ENDED,
    ENTRY,
    EXACT,
    EXHAUSTED,
    HEAD,
    READY,
    REFUSAL,
    RESULT,
    SET_UP,
    STATE,
    TABLE,
    UNFIT,
    BrokenChannel,
    Channel,
    read_fractions,
    read_refusal,
    write_bits,
)
from onehalf.running.sealed.values import pack_value
from onehalf.running.trial import split_claim
from oracle.errors import BrokenFamily, BudgetExhausted, InvalidOutput
from oracle.facts import Facts, Index
from oracle.session import whole_digits
from oracle.task import Task, open_desk

_NOTE_LENGTH = 500


class DistantDesk:
    """An oracle in another process. Every question is entered in the ledger there, before it is answered."""

    def __init__(self, channel: Channel, shape: tuple[int, int]) -> None:
        self.channel = channel
        self.shape = shape
        self.exhausted = ""
        self.fault: BrokenFamily | None = None

    def answer(self, index: Index, bits: int) -> Any:
        """Return a legal answer."""
        body = write_bits(whole_digits(bits))
        # An entry that is no entry is refused there; one that does not even fit is sent as another that is refused.
        row, column = (i if -(1 << 62) < i < 1 << 62 else -1 for i in index)
        return read_fractions(self._ask(ASK, ENTRY.pack(row, column) + body))[0]

    def table(self, bits: int) -> NDArray[np.float64]:
        """Return all entries in float64."""
        body = self._ask(TABLE, write_bits(whole_digits(bits)))
        return np.frombuffer(body, dtype="<f8").reshape(self.shape).astype(np.float64)

    def exact_table(self, bits: int) -> NDArray[np.object_]:
        """Return all entries as Fractions."""
        found = read_fractions(self._ask(EXACT, write_bits(whole_digits(bits))))
        table = np.empty(len(found), dtype=object)
        table[:] = found
        return table.reshape(self.shape)

    def _ask(self, letter: bytes, body: bytes) -> bytes:
        self.channel.send(letter, body)
        kind, answer = self.channel.receive()
        if kind == ANSWER:
            return answer
        if kind == REFUSAL:
            raise read_refusal(answer)
        if kind == EXHAUSTED:
            self.exhausted = answer.decode()
            raise BudgetExhausted(self.exhausted)
        raise BrokenChannel("no answer")


class Image:
    """The loaded algorithm, which is forked for each run."""

    def __init__(self, control: socket.socket, body: bytes) -> None:
        self.control = control
        self.channel = Channel(control)
        sys.path[:], folder, surroundings, packed = pickle.loads(body)
        with contextlib.suppress(OSError):
            os.chdir(folder)
        os.environ.update(surroundings)
        one_thread()
        spec: Spec = pickle.loads(packed)
        self.algorithm: Algorithm = spec.load()
        self.parameters = dict(spec.parameters)
        self.told: tuple[bytes, Any] = (b"", None)

    def serve(self) -> None:
        """Fork a process for each run that is asked for, and tell how it ended."""
        self.channel.send(READY, bytes([self.algorithm.batched]))
        leave = die_with_parent(os.getpid())
        while True:
            head, files, _, _ = socket.recv_fds(self.control, HEAD.size, 1)
            if len(head) < HEAD.size or not files:
                return
            _, length = HEAD.unpack(head)
            body = self.control.recv(length, socket.MSG_WAITALL)
            end = socket.socket(fileno=files[0])
            facts, key, trials = self._request(body)
            pid = os.fork()
            if pid == 0:
                self._run(end, facts, key, trials, leave)
            end.close()
            self.channel.send(BEGUN, STATE.pack(pid))
            code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            end_descendants()
            self.channel.send(ENDED, STATE.pack(code))

    def _request(self, body: bytes) -> tuple[Facts, tuple[int, int], tuple[int, ...]]:
        """Return the public facts, the stream's key and the trials of a request; facts as before stay what they are."""
        (count,) = COUNT.unpack_from(body)
        start = COUNT.size + 8 * count
        if body[start:] != self.told[0]:
            self.told = body[start:], pickle.loads(body[start:])
            # What is there now is in all forks alike: the collector need not touch, and so copy, its pages.
            gc.collect()
            gc.freeze()
        facts, key = self.told[1]
        return facts, key, struct.unpack_from(f"<{count}Q", body, COUNT.size)

    def _run(
        self,
        end: socket.socket,
        facts: Facts,
        key: tuple[int, int],
        trials: tuple[int, ...],
        leave: Callable[[], None],
    ) -> NoReturn:
        """Be one run: call the algorithm, hand over what it returned, and end."""
        code = 1
        try:
            number = os.getpid()
            self.control.close()
            os.setsid()
            leave()
            channel = Channel(end)
            desk = DistantDesk(channel, facts.shape)
            task = Task(facts, open_desk(desk))
            rngs = [generator(key, trial) for trial in trials]
            found = call(self.algorithm, task, desk, rngs, self.parameters)
            # An algorithm that forks and returns twice has one say here, the first process's.
            if os.getpid() == number:
                channel.send(RESULT, _packed(found))
            code = 0
        finally:
            os._exit(code)


def _packed(found: Outcome) -> bytes:
    """Return the bytes of what an algorithm did; of what cannot be written, the reason."""
    try:
        outputs = [split_claim(each) for each in found.outputs]
        return pack_value((found.status, _note(found.note), outputs))
    except (ValueError, TypeError, RecursionError, InvalidOutput) as error:
        note = f"an output that cannot be handed over: {error}"
        return pack_value(("invalid", _note(note), [(None, None)] * len(found.outputs)))


def _note(text: str) -> str:
    return text[:_NOTE_LENGTH].encode("utf-8", "backslashreplace").decode("utf-8")


def main(control: int, life: int) -> None:
    """Serve a supervisor, from a socket to it and a pipe that is at its end when it is gone.

    No process that is forked from here on can look into this one, its guard, or an image.
    """
    renounce()
    adopt_orphans()
    make_unreadable()
    guard = os.getpid()
    pid = os.fork()
    if pid:
        os.close(control)
        _watch(pid, life)
    os.close(life)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    adopt_orphans()
    die_with_parent(guard)()
    one_thread()
    sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115
    load_shipped()
    gc.collect()
    gc.freeze()
    end, here = socket.socket(fileno=control), os.getpid()
    while True:
        letter, files, _, _ = socket.recv_fds(end, 1, 1)
        end_descendants()  # the image before, with whatever it has started
        if not letter:
            os._exit(0)
        if letter == SET_UP and os.fork() == 0:
            end.close()
            die_with_parent(here)()
            _be_image(socket.socket(fileno=files[0]))
        for file in files:
            os.close(file)


def _be_image(end: socket.socket) -> NoReturn:
    """Load the algorithm that is told, and serve its runs."""
    channel = Channel(end)
    try:
        image = Image(end, channel.receive()[1])
    except BaseException as error:
        channel.send(UNFIT, _note(_told(error)).encode())
        os._exit(1)
    with contextlib.suppress(BrokenChannel, OSError):
        image.serve()
    os._exit(0)


def _told(error: BaseException) -> str:
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:
        return type(error).__name__


def _watch(pid: int, life: int) -> NoReturn:
    """Wait until the supervisor or the image is gone, and leave nobody behind."""
    try:
        image = os.pidfd_open(pid)
        select.select([image, life], [], [])
    finally:
        end_descendants()
        os._exit(0)
