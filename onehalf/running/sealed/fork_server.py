"""The fork server of sealed runs: a process in which an algorithm is loaded and was never called, as its owner sees it.

It comes of a process that is started by its own program, once for each of ours, so that its memory never held an
input. It serves all cells of an algorithm: the public facts of a problem, and the coins, come with a request for a run.
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

from algorithms.processes import THREADS, parent_of
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
from oracle.errors import InvalidValue
from oracle.namespaces import pack

_LOAD_SECONDS = 120.0
_BEGIN_SECONDS = 10.0
_FAREWELL_SECONDS = 2.0
_CONTROL_BYTES = 1 << 12
_BOOT = (
    "import sys; sys.path[:] = sys.argv[3:]; "
    "from onehalf.running.sealed.child import main; main(int(sys.argv[1]), int(sys.argv[2]))"
)

_open: list[ForkServer] = []
_nurseries: list[Nursery] = []


def server_of(spec: Spec) -> ForkServer:
    """Return the server of an algorithm, which stays until another one's is wanted here.

    Raises
    ------
    InvalidValue
        If the algorithm cannot be loaded in a process of its own, or this is no Linux.
    """
    if _open and (_open[0].nursery.owner, _open[0].spec) == (os.getpid(), spec) and _open[0].living:
        return _open[0]
    _forget()
    _open.append(ForkServer(spec))
    return _open[0]


def _forget() -> None:
    """Hang up on the server of whatever algorithm was run last."""
    while _open:
        _open.pop().hang_up()


def end_servers() -> None:
    """End the processes that serve this one."""
    _forget()
    while _nurseries:
        nursery = _nurseries.pop()
        if nursery.owner == os.getpid():
            nursery.close()


atexit.register(end_servers)


class Nursery:
    """A process that holds what every run needs and no algorithm; it forks one image at a time, which loads one."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self.control, theirs = socket.socketpair()
        living, self.life = os.pipe()
        places = (str(theirs.fileno()), str(living), *map(os.path.abspath, sys.path))
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-c", _BOOT, *places],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(), living),
                start_new_session=True,
                env={**os.environ, **dict.fromkeys(THREADS, "1")},
            )
        os.close(living)

    def fork_image(self, end: socket.socket) -> None:
        """Have an image forked that listens at an end of a socket; the one before is ended."""
        socket.send_fds(self.control, [SET_UP], [end.fileno()])

    def close(self) -> None:
        """End the process and whatever it has started: its guard sees the pipe's end."""
        self.control.close()
        os.close(self.life)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(_FAREWELL_SECONDS)
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def _nursery() -> Nursery:
    """Return this process's nursery; one of a process that forked this one is not its own."""
    if not _nurseries or _nurseries[0].owner != os.getpid() or _nurseries[0].process.poll() is not None:
        end_servers()
        _nurseries.append(Nursery())
    return _nurseries[0]


class ForkServer:
    """A process that forks runs of one algorithm.

    Attributes
    ----------
    batched : bool
        Whether the algorithm takes several trials at once.
    """

    def __init__(self, spec: Spec) -> None:
        if sys.platform != "linux":
            raise InvalidValue("sealed", True, "needs Linux", "run without it")
        self.spec = spec
        self.batched = False
        self.start()

    def start(self) -> None:
        """Start the process, and have it load the algorithm."""
        self.nursery = _nursery()
        mine, theirs = socket.socketpair()
        self.living = True
        self.control = Channel(mine, _CONTROL_BYTES)
        until = time.monotonic() + _LOAD_SECONDS
        places = list(map(os.path.abspath, sys.path))
        try:
            with theirs:
                self.nursery.fork_image(theirs)
            body = pack((places, os.getcwd(), dict(os.environ), pack(self.spec)))
            self.control.send(SET_UP, body, until)
            letter, said = self.control.receive(until)
        except OutOfTime as error:
            raise self._unfit(f"is not loaded after {_LOAD_SECONDS:g} s") from error
        except (BrokenChannel, OSError) as error:
            raise self._unfit("ends its process while it is loaded") from error
        if letter == UNFIT:
            raise self._unfit(f"cannot be loaded in a process of its own: {said.decode('utf-8', 'replace')}")
        if letter != READY or len(said) != 1:
            raise self._unfit("breaks the channel while it is loaded")
        self.batched = said == b"\1"

    def _unfit(self, rule: str) -> InvalidValue:
        self.close()
        return InvalidValue("algorithm", self.spec.name, rule, "see to it that it can be imported alone")

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

    def begin(self, end: socket.socket, trials: Sequence[int], told: bytes) -> int:
        """Have a process forked for a run, with an end of its channel and what it is told; return its number.

        Raises
        ------
        BrokenChannel
            If none is forked; another server is started in this one's place.
        """
        until = time.monotonic() + _BEGIN_SECONDS
        body = COUNT.pack(len(trials)) + struct.pack(f"<{len(trials)}Q", *trials) + told
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
            self.start_again()
            raise BrokenChannel("the process that forks runs was ended by the algorithm") from error

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
        if parent_of(parent_of(parent_of(child))) != self.nursery.process.pid:
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
