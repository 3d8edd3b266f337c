"""The fork server of sealed runs: a process in which an algorithm is loaded and was never called, as its owner sees it.

It is started by its own program, so that its memory never held an input. One serves all cells of an algorithm: the
public facts of a problem, and the coins, come with the request for a run.
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

from algorithms.processes import parent_of
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


def server_of(spec: Spec) -> ForkServer:
    """Return the server of an algorithm, which stays until another one's is wanted here.

    Raises
    ------
    InvalidValue
        If the algorithm cannot be loaded in a process of its own, or this is no Linux.
    """
    if _open and (_open[0].owner, _open[0].spec) == (os.getpid(), spec) and _open[0].living:
        return _open[0]
    end_servers()
    _open.append(ForkServer(spec))
    return _open[0]


def end_servers() -> None:
    """End the server of whatever algorithm was run last."""
    while _open:
        server = _open.pop()
        if server.owner == os.getpid():
            server.close()


atexit.register(end_servers)


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
        self.owner = os.getpid()
        self.spec = spec
        self.batched = False
        self.start()

    def start(self) -> None:
        """Start the process, and have it load the algorithm."""
        mine, theirs = socket.socketpair()
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
            )
        os.close(living)
        self.living = True
        self.control = Channel(mine, _CONTROL_BYTES)
        until = time.monotonic() + _LOAD_SECONDS
        try:
            self.control.send(SET_UP, pack(self.spec), until)
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
        return InvalidValue("algorithm", self.spec.name, rule, "see to it that it can be imported alone")

    def close(self) -> None:
        """End the process and whatever it has started: its guard sees the pipe's end."""
        if not self.living:
            return
        self.living = False
        self.control.close()
        os.close(self.life)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(_FAREWELL_SECONDS)
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def start_again(self) -> None:
        """End the process and start another."""
        self.close()
        self.start()

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
        if parent_of(parent_of(child)) != self.process.pid:
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
