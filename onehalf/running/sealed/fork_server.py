"""The fork server of an algorithm: a process in which it is loaded and was never called, as its owner sees it.

One for sealed runs comes of a program that is started anew, once for each of ours, so that its memory never held an
input: the public facts of a problem, and the coins, come with a request for a run. One for others is told cells.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import replace

from algorithms.described.plain import read_error
from algorithms.processes import clean
from algorithms.registry import Spec
from onehalf.running.sealed.channel import (
    BEGUN,
    COUNT,
    ENDED,
    HEAD,
    READY,
    RUN,
    SET_UP,
    STATE,
    UNFIT,
    BrokenChannel,
    Channel,
    OutOfTime,
    no_message,
)
from onehalf.running.sealed.homes import Here, Home, Nursery
from onehalf.running.sealed.sandbox import reach, require_sandbox
from oracle.errors import InvalidValue
from oracle.namespaces import pack

_LOAD_SECONDS = 120.0
_FAREWELL_SECONDS = 2.0
_CONTROL_BYTES = 1 << 12

serving = threading.RLock()
"""Held by the thread whose runs are served: there is one server at a time."""
_open: list[ForkServer] = []
_homes: list[Home] = []


def server_of(spec: Spec, sealed: bool, sandbox: bool = False) -> ForkServer:
    """Return the server of an algorithm, which stays until another one's is wanted here.

    Parameters
    ----------
    sealed : bool
        Whether it must be one that was never told an input.
    sandbox : bool
        Whether files and sockets are kept from it.

    Raises
    ------
    InvalidValue
        If the algorithm cannot be loaded in a process of its own, this is no Linux, or it has no sandbox.
    """
    # A text among the parameters may name another algorithm, which is loaded with it.
    named = any(isinstance(value, str) for _, value in spec.parameters)
    wanted = spec if named else replace(spec, parameters=())
    if _open and _open[0].serves(wanted, sealed, sandbox):
        return _open[0]
    _forget()
    _open.append(ForkServer(wanted, sealed, sandbox))
    return _open[0]


def _forget() -> None:
    """Hang up on the server of whatever algorithm was run last."""
    while _open:
        _open.pop().hang_up()


def end_servers() -> None:
    """End the processes that serve this one."""
    _forget()
    while _homes:
        home = _homes.pop()
        if home.owner == os.getpid():
            home.close()


atexit.register(end_servers)


def _home(sealed: bool) -> Home:
    """Return what this process forks images from; that of a process that forked this one is not its own."""
    kind = Nursery if sealed or not clean() else Here
    if not _homes or type(_homes[0]) is not kind or _homes[0].owner != os.getpid() or not _homes[0].living():
        end_servers()
        _homes.append(kind())
    return _homes[0]


class ForkServer:
    """A process that forks runs of one algorithm.

    Attributes
    ----------
    batched : bool
        Whether the algorithm takes several trials at once.
    """

    def __init__(self, spec: Spec, sealed: bool, sandbox: bool = False) -> None:
        if sys.platform != "linux":
            raise InvalidValue("sealed", True, "needs Linux", "run without it")
        self.spec = spec
        self.sealed = sealed
        self.sandbox = sandbox
        if sandbox:
            require_sandbox()
        self.batched = False
        self.start()

    def start(self) -> None:
        """Start the process, and have it load the algorithm."""
        self.home = _home(self.sealed)
        mine, theirs = socket.socketpair()
        self.living = True
        self.control = Channel(mine, _CONTROL_BYTES)
        until = time.monotonic() + _LOAD_SECONDS
        places = list(map(os.path.abspath, sys.path))
        try:
            with theirs:
                modules = self.spec.described().requires if self.spec.origin == "shipped" else ()
                self.home.fork_image(theirs, modules)
            readable = reach(self.spec, places, os.getcwd()) if self.sandbox else None
            body = pack((places, os.getcwd(), dict(os.environ), pack(self.spec), self.sealed, readable))
            self.control.send(SET_UP, body, until)
            letter, said = self.control.receive(until)
        except OutOfTime as error:
            raise self._unfit(f"is not loaded after {_LOAD_SECONDS:g} s") from error
        except (BrokenChannel, OSError) as error:
            raise self._unfit("ends its process while it is loaded") from error
        if letter == UNFIT:
            raise self._refused(said)
        if letter != READY or len(said) != 1:
            raise self._unfit("breaks the channel while it is loaded")
        self.batched = said == b"\1"

    def _unfit(self, rule: str) -> InvalidValue:
        self.close()
        return InvalidValue("algorithm", self.spec.name, rule, "see to it that it can be imported alone")

    def _refused(self, said: bytes) -> InvalidValue:
        """Return the error by which loading the algorithm failed."""
        self.close()
        with contextlib.suppress(ValueError, RecursionError):
            found = read_error(json.loads(said))
            if found is not None:
                return found
        return self._unfit("cannot be loaded in a process of its own")

    def serves(self, spec: Spec, sealed: bool, sandbox: bool) -> bool:
        """Tell whether it is this process's own server of an algorithm."""
        kind = self.spec, self.sealed, self.sandbox
        return self.living and self.home.owner == os.getpid() and kind == (spec, sealed, sandbox)

    def hang_up(self) -> None:
        """Close this end; the process is ended when another one's is wanted."""
        self.living = False
        self.control.close()

    def close(self) -> None:
        """End the process and whatever it has started, with the one that it comes of."""
        if self.living:
            self.hang_up()
            end_servers()

    def start_again(self) -> None:
        """End the process and start another."""
        self.close()
        self.start()
        _open.append(self)

    def begin(self, ends: Sequence[int], told: tuple[bytes, bytes]) -> int:
        """Have a process forked for a run, with files that are its own, and what it is told; return its number.

        Parameters
        ----------
        ends : sequence of int
            Descriptors, one or two.
        told : (bytes, bytes)
            What is alike for many runs, and what is this one's.

        Raises
        ------
        BrokenChannel
            If none is forked; another server is started in this one's place.
        """
        body = COUNT.pack(len(told[0])) + b"".join(told)
        try:
            self.control.end.settimeout(_LOAD_SECONDS)
            socket.send_fds(self.control.end, [HEAD.pack(RUN, len(body))], ends)
            self.control.end.sendall(body)
            letter, said = self.control.receive(time.monotonic() + _LOAD_SECONDS)
            if letter == UNFIT:
                raise self._refused(said)
            if letter != BEGUN or len(said) != STATE.size:
                raise no_message(letter)
            return int(STATE.unpack(said)[0])
        except (BrokenChannel, OutOfTime, OSError) as error:
            self.start_again()
            raise BrokenChannel("the process that forks runs was ended by the algorithm") from error

    def told_of_an_end(self) -> bool:
        """Tell whether word has come of how a run ended."""
        return bool(select.select([self.control.end], [], [], 0.0)[0])

    def ended(self, child: int, patient: bool) -> int | None:
        """See to it that a run's process is gone; return its exit code, None where it had to be killed."""
        code = self._code(_FAREWELL_SECONDS) if patient else None
        if code is None:
            self._kill(child)
            if self._code(_FAREWELL_SECONDS) is None:
                self.start_again()
        return code

    def _kill(self, child: int) -> None:
        """Kill a run with its process group, if it is one of the server's as the kernel says."""
        if not self.home.holds(child):
            return
        for kill in (os.killpg, os.kill):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                kill(child, signal.SIGKILL)

    def _code(self, seconds: float) -> int | None:
        """Return the exit code that the server tells of a run; None where it tells none."""
        try:
            letter, said = self.control.receive(time.monotonic() + seconds)
        except (BrokenChannel, OutOfTime):
            return None
        if letter != ENDED or len(said) != STATE.size:
            return None
        code: int = STATE.unpack(said)[0]
        return code if -128 < code < 256 else None
