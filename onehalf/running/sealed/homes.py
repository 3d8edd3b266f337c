"""What images are forked from: a program that is started anew, or this process where nothing has changed it."""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import signal
import socket
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence

from algorithms.library import load_shipped
from algorithms.processes import THREADS, is_over, parent_of
from onehalf.running.sealed.channel import HEAD, SET_UP
from onehalf.running.sealed.image import guard_image

_FAREWELL_SECONDS = 2.0
_BOOT = (
    "import sys; sys.path[:] = sys.argv[3:]; "
    "from onehalf.running.sealed.program import main; main(int(sys.argv[1]), int(sys.argv[2]))"
)


class Home(ABC):
    """What images are forked from, one at a time; at its end, or this process's, all of them are ended."""

    generations = 0
    """How many forks lie between its first process and a run."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self.first = 0

    @abstractmethod
    def fork_image(self, end: socket.socket, modules: Sequence[str]) -> None:
        """Have an image forked that listens at an end of a socket; the one before is ended.

        Parameters
        ----------
        modules : sequence of str
            Modules that what ships requires: imported before.
        """

    @abstractmethod
    def living(self) -> bool:
        """Tell whether its first process is there."""

    @abstractmethod
    def close(self) -> None:
        """End its processes, and whatever they have started."""

    def holds(self, child: int) -> bool:
        """Tell whether a run is one of its images', as the kernel says."""
        for _ in range(self.generations):
            child = parent_of(child)
        return child == self.first


class Nursery(Home):
    """A program that is started anew: it holds what every run needs and what ships, and no user's algorithm."""

    generations = 3

    def __init__(self) -> None:
        super().__init__()
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
        self.first = self.process.pid

    def fork_image(self, end: socket.socket, modules: Sequence[str]) -> None:
        """Have an image forked."""
        body = "\n".join(modules).encode()
        socket.send_fds(self.control, [HEAD.pack(SET_UP, len(body))], [end.fileno()])
        self.control.sendall(body)

    def living(self) -> bool:
        """Tell whether the program is there."""
        return self.process.poll() is None

    def close(self) -> None:
        """End the program and whatever it has started: its guard sees the pipe's end."""
        self.control.close()
        os.close(self.life)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(_FAREWELL_SECONDS)
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Here(Home):
    """This process, where it is as this program made it: each image is forked from it, behind a guard of its own."""

    generations = 2

    def __init__(self) -> None:
        super().__init__()
        load_shipped()  # once, and not in each image
        gc.collect()
        gc.freeze()  # what an image's collector does not touch is not copied
        self.life = -1

    def fork_image(self, end: socket.socket, modules: Sequence[str]) -> None:
        """Have an image forked."""
        self.close()
        for module in modules:
            importlib.import_module(module)
        living, self.life = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        self.first = os.fork()
        if self.first == 0:
            guard_image(end, living)
        os.close(living)

    def living(self) -> bool:
        """Tell whether it is there, which it is."""
        return True

    def close(self) -> None:
        """End the image and whatever it has started: its guard sees the pipe's end."""
        if not self.first:
            return
        os.close(self.life)
        until = time.monotonic() + _FAREWELL_SECONDS
        while not is_over(self.first) and time.monotonic() < until:
            time.sleep(0.001)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(self.first, signal.SIGKILL)
        os.waitpid(self.first, 0)
        self.first = 0
