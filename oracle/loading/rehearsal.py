"""A user's file is executed in a child first, and then here with nothing left as it made it but its definitions.

A family's file must be executed in the process that judges. What it does besides, while it is executed, is undone, and
where it would end or hang the process it is refused.
"""

from __future__ import annotations

import contextlib
import ctypes
import decimal
import io
import os
import random
import select
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from oracle.errors import InvalidValue

LOAD_SECONDS = 120.0
"""Seconds that a file may take to be executed."""
_PR_SET_PDEATHSIG = 1
_rehearsed: set[str] = set()
_alone = threading.RLock()
"""Held by the thread that executes a file: two that keep the same streams at once would each put back the other's."""


def rehearse(
    path: Path, digest: str, work: Callable[[], object], what: str = "problem", seconds: float | None = None
) -> None:
    """Let a forked child do what executes a file, once for each version of it; whether that raises is not asked.

    Parameters
    ----------
    path : Path
        The file, as it is told.
    digest : str
        What the version is known by.
    work : callable
        What executes it.
    what : str
        What it is asked for as.
    seconds : float, optional
        Its time; `LOAD_SECONDS` by default.

    Raises
    ------
    InvalidValue
        If the child's process ends, or is not done in time.
    """
    if digest in _rehearsed or not hasattr(os, "fork"):
        return
    limit = LOAD_SECONDS if seconds is None else seconds
    heard, said = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    parent, child = os.getpid(), os.fork()
    if child == 0:
        try:
            os.close(heard)
            _be_silent(parent)
            with contextlib.suppress(BaseException):
                work()
            os.write(said, b"1")
        finally:
            os._exit(0)
    os.close(said)
    try:
        ready = bool(select.select([heard], [], [], limit)[0])
        done = ready and os.read(heard, 1) == b"1"
    finally:
        os.close(heard)
        for kill in (os.killpg, os.kill):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    if not done:
        rule = "ends its process while it is loaded" if ready else f"is not loaded after {limit:g} s"
        raise InvalidValue(what, str(path), rule, "see to it that it can be imported")
    _rehearsed.add(digest)


def _be_silent(parent: int) -> None:
    """Let this new process be a group of its own that is heard by nobody and does not outlive its parent."""
    os.setsid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Keep the process's state while a user's file is executed, and what it prints to itself.

    Kept are the working directory, standard streams, signal handlers, warnings, the decimal context, NumPy's errors and
    print options, the random states of Python and NumPy, and Matplotlib's settings where it is imported.
    """
    with _alone:
        yield from _kept()


def _kept() -> Iterator[None]:
    folder, streams = os.getcwd(), (sys.stdout, sys.stderr, sys.stdin)
    handlers = {number: signal.getsignal(number) for number in _caught()}
    states = random.getstate(), np.random.get_state()  # noqa: NPY002 - whatever a file may have set
    errors, options, mask = np.geterr(), np.get_printoptions(), _mask()
    pyplot = sys.modules.get("matplotlib")
    settings = None if pyplot is None else pyplot.rcParams.copy()
    sys.stdout = sys.stderr = io.StringIO()
    try:
        with warnings.catch_warnings(), decimal.localcontext():
            yield
    finally:
        sys.stdout, sys.stderr, sys.stdin = streams
        os.chdir(folder)
        os.umask(mask)
        for number, handler in handlers.items():
            if handler is not None and signal.getsignal(number) is not handler:
                signal.signal(number, handler)
        random.setstate(states[0])
        np.random.set_state(states[1])  # noqa: NPY002
        np.seterr(**errors)
        np.set_printoptions(**options)
        if pyplot is not None and settings is not None:
            dict.update(pyplot.rcParams, settings)


def _caught() -> list[int]:
    """Return the signals whose handlers this thread can set."""
    if threading.current_thread() is not threading.main_thread():
        return []
    return [number for number in signal.valid_signals() if number not in (signal.SIGKILL, signal.SIGSTOP)]


def _mask() -> int:
    mask = os.umask(0o22)
    os.umask(mask)
    return mask
