"""Work that a forked child does, and what it says of it: lines of JSON, of which nothing but plain values is made."""

from __future__ import annotations

import json
import os
import select
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from typing import Any

from algorithms.processes import end_group, fork_child, is_over

Say = Callable[[Any], None]
_MOST_BYTES = 1 << 24
_POLL_SECONDS = 0.05
_FAREWELL_SECONDS = 1.0
_END = "end"


class NotSaid(Exception):
    """A child did not say what it was asked: why, in words that go on after its name."""


def said_apart(work: Callable[[Say], None], seconds: float) -> Iterator[Any]:
    """Let a forked child do some work, and yield what it says, which is plain JSON; the child is then gone.

    Parameters
    ----------
    work : callable
        Called in the child, with a function that says a value to this process.
    seconds : float
        How long the child may be silent.

    Raises
    ------
    NotSaid
        If it says nothing for so long, says what is no JSON, says more than 16 MiB, or ends before its work does.
    """

    def live(sender: Connection) -> None:
        def say(value: Any) -> None:
            body = json.dumps(value, allow_nan=False).encode() + b"\n"
            while body:
                body = body[os.write(sender.fileno(), body) :]

        work(say)
        say(_END)

    pid, receiver = fork_child(live)
    trouble, whole = "", False
    try:
        for line in _lines(receiver, pid, seconds):
            value = _read(line)
            if value == _END:
                whole = True
                break
            yield value
    except NotSaid as error:
        trouble = str(error)
    finally:
        receiver.close()
        how = end_group(pid, 0.0 if whole or trouble else _FAREWELL_SECONDS)
    if not whole:
        raise NotSaid(trouble or f"ends its process: {how}")


def _lines(receiver: Connection, pid: int, seconds: float) -> Iterator[bytes]:
    """Yield whole lines until the child is gone or has closed its end."""
    pipe, held, until, read = receiver.fileno(), bytearray(), time.monotonic() + seconds, 0
    while True:
        over = is_over(pid)  # asked first: what it wrote before is then in the pipe
        if select.select([pipe], [], [], 0.0 if over else _POLL_SECONDS)[0]:
            part = os.read(pipe, 1 << 16)
            if not part:
                return
            read += len(part)
            if read > _MOST_BYTES:
                raise NotSaid(f"says more than {_MOST_BYTES} bytes")
            held += part
            if b"\n" in part:
                *lines, rest = bytes(held).split(b"\n")
                held = bytearray(rest)
                yield from lines
                until = time.monotonic() + seconds
        elif over:
            return
        if time.monotonic() > until:
            raise NotSaid(f"takes more than {seconds:g} s")


def _read(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise NotSaid("says what is no JSON") from error
