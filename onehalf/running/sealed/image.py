"""An image: a process in which an algorithm is loaded and was never called, and a fork of it for each run.

A sealed one comes of a program that was started anew, not forked, by one that knows the input, and that holds nothing
but what every run needs; what it is told are the public facts, the algorithm and the coins. Any other is told cells,
and each fork does a stretch of trials. It answers to nobody but its supervisor, and ends with it.
"""

from __future__ import annotations

import contextlib
import gc
import json
import mmap
import multiprocessing
import os
import pickle
import select
import signal
import socket
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from types import ModuleType
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from algorithms.algorithm import Algorithm
from algorithms.calling import Outcome, call
from algorithms.described.plain import write_error
from algorithms.processes import (
    adopt_orphans,
    be_expendable,
    die_with_parent,
    end_descendants,
    let_go_of_files,
    limit_memory,
    one_thread,
    renounce,
)
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
    STATE,
    TABLE,
    UNFIT,
    BrokenChannel,
    Channel,
    read_fractions,
    read_refusal,
    write_bits,
)
from onehalf.running.sealed.sandbox import enter_sandbox
from onehalf.running.sealed.values import pack_value
from onehalf.running.stretch import FIELDS, do_stretch
from onehalf.running.trial import split_claim
from oracle.errors import BrokenFamily, BudgetExhausted, InvalidOutput, InvalidValue
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
        sys.path[:], folder, surroundings, packed, self.sealed, readable = pickle.loads(body)
        with contextlib.suppress(OSError):
            os.chdir(folder)
        os.environ.update(surroundings)
        one_thread()
        # A process that the algorithm starts by its own program looks for the main program's file, and finds none.
        sys.modules["__main__"] = ModuleType("__main__")
        multiprocessing.set_start_method(multiprocessing.get_all_start_methods()[0], force=True)
        spec = pickle.loads(packed)
        if readable is not None:
            enter_sandbox(readable)
        self.algorithm: Algorithm = spec.load()
        one_thread()  # again, for what loading it has set
        self.told: tuple[bytes, Any] = (b"", None)

    def serve(self) -> None:
        """Fork a process for each run that is asked for, and tell how it ended."""
        self.channel.send(READY, bytes([self.algorithm.batched]))
        leave = die_with_parent(os.getpid())
        while True:
            head, files, _, _ = socket.recv_fds(self.control, HEAD.size, 2)
            if len(head) < HEAD.size or not files:
                return
            _, length = HEAD.unpack(head)
            told, asked = self._request(self.control.recv(length, socket.MSG_WAITALL))
            pid = os.fork()
            if pid == 0:
                self._run(files, told, asked, leave)
            for file in files:
                os.close(file)
            self.channel.send(BEGUN, STATE.pack(pid))
            code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            end_descendants()
            self.channel.send(ENDED, STATE.pack(code))

    def _request(self, body: bytes) -> tuple[Any, Any]:
        """Return what many runs are told alike, which stays what it is while it is as before, and what one is told."""
        (count,) = COUNT.unpack_from(body)
        alike, own = body[COUNT.size : COUNT.size + count], body[COUNT.size + count :]
        if alike != self.told[0]:
            self.told = alike, pickle.loads(alike)
            # What is there now is in all forks alike: the collector need not touch, and so copy, its pages.
            gc.collect()
            gc.freeze()
        return self.told[1], pickle.loads(own)

    def _run(self, files: list[int], told: Any, asked: Any, leave: Callable[[], None]) -> NoReturn:
        """Be one run, or a stretch of them, and end."""
        code = 1
        try:
            self.control.close()
            os.setsid()
            leave()
            if self.sealed:
                self._call(socket.socket(fileno=files[0]), told, *asked)
            else:
                page = memoryview(mmap.mmap(files[1], 8 * FIELDS)).cast("q")
                do_stretch(told, asked, page, Connection(files[0], readable=False))
            code = 0
        finally:
            os._exit(code)

    def _call(
        self,
        end: socket.socket,
        told: tuple[Facts, dict[str, Any], int | None],
        key: tuple[int, int],
        trials: tuple[int, ...],
    ) -> None:
        """Call the algorithm, and hand over what it returned."""
        number, (facts, parameters, memory) = os.getpid(), told
        channel = Channel(end)
        desk = DistantDesk(channel, facts.shape)
        task = Task(facts, open_desk(desk))
        rngs = [generator(key, trial) for trial in trials]
        limit_memory(memory)
        found = call(self.algorithm, task, desk, rngs, parameters)
        # An algorithm that forks and returns twice has one say here, the first process's.
        if os.getpid() == number:
            channel.send(RESULT, _packed(found))


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


def be_image(end: socket.socket) -> NoReturn:
    """Load the algorithm that is told, and serve its runs."""
    channel = Channel(end)
    try:
        image = Image(end, channel.receive()[1])
        image.serve()
    except InvalidValue as error:
        with contextlib.suppress(BrokenChannel):
            channel.send(UNFIT, json.dumps(write_error(error)).encode())
    except (BrokenChannel, OSError):
        os._exit(0)
    except BaseException as error:
        rule = f"cannot be loaded in a process of its own: {_note(_told(error))}"
        refused = InvalidValue("algorithm", "", rule, "see to it that it can be imported alone")
        with contextlib.suppress(BrokenChannel):
            channel.send(UNFIT, json.dumps(write_error(refused)).encode())
    os._exit(0)


def guard_image(end: socket.socket, life: int) -> NoReturn:
    """Be the guard of an image that is forked from here: nobody outlives a pipe's other end, or the image."""
    try:
        os.setsid()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        let_go_of_files(end.fileno(), life)
        be_expendable()
        renounce(count=False)
        adopt_orphans()
        guard = os.getpid()
        pid = os.fork()
        if pid:
            end.close()
            watch(pid, life)
        os.close(life)
        adopt_orphans()
        die_with_parent(guard)()
        one_thread()
        be_image(end)
    finally:
        os._exit(1)


def _told(error: BaseException) -> str:
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:
        return type(error).__name__


def watch(pid: int, life: int) -> NoReturn:
    """Wait until the process that holds the pipe's other end, or a child, is gone, and leave nobody behind."""
    try:
        child = os.pidfd_open(pid)
        select.select([child, life], [], [])
    finally:
        end_descendants()
        os._exit(0)
