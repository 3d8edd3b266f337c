"""A line to a running external program: messages one to a line on its standard streams."""

from __future__ import annotations

import contextlib
import os
import selectors
import subprocess
import time
from collections import deque
from typing import Any

from algorithms.processes import describe_end, die_with_parent
from algorithms.programs.wire import read_message, write_message
from oracle.errors import InvalidOutput, ProgramDied

LONGEST_LINE = 16 * 1024 * 1024
_PORTION = 1 << 16
_LAST_WORDS = 2000
_SHOWN_WORDS = 200
_FAREWELL_SECONDS = 0.5
_DEATH_SECONDS = 2.0

_ready: dict[tuple[str, ...], Line] = {}


def take(command: tuple[str, ...]) -> Line:
    """Return the line to a program that said it is ready, or to one newly started."""
    line = _ready.pop(command, None)
    return line if line is not None and line.owner == os.getpid() else Line(command)


def leave(line: Line, ready: bool) -> None:
    """End a conversation; a program that is ready for another one is kept for it."""
    if ready:
        _ready[line.command] = line
    else:
        line.end()


class Line:
    """A program and both directions of the conversation with it."""

    def __init__(self, command: tuple[str, ...]) -> None:
        self.command = command
        self.owner = os.getpid()
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            preexec_fn=die_with_parent(os.getpid()),
        )
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self.output, self.errors = self.process.stdout.fileno(), self.process.stderr.fileno()
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.output, selectors.EVENT_READ)
        self.selector.register(self.errors, selectors.EVENT_READ)
        self.open = {self.output, self.errors}
        self.lines: deque[bytes] = deque()
        self.partial: list[bytes] = []
        self.length = 0
        self.words = b""

    def send(self, message: dict[str, Any]) -> None:
        """Write one message. A program that is gone does not read it, which `receive` will tell."""
        assert self.process.stdin is not None
        rest = memoryview(write_message(message) + b"\n")
        with contextlib.suppress(BrokenPipeError):
            while rest:
                rest = rest[self.process.stdin.write(rest) or 0 :]

    def receive(self) -> dict[str, Any]:
        """Return the next message, waiting for it as long as it takes.

        Raises
        ------
        InvalidOutput
            If the line is no JSON object, or is too long.
        ProgramDied
            If the program closed its output.
        """
        while not self.lines:
            if self.output not in self.open:
                raise ProgramDied(self._obituary())
            self._listen(None)
        return read_message(self.lines.popleft())

    def end(self) -> None:
        """Close the program's input, and kill it if it does not end by that."""
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        until = time.monotonic() + _FAREWELL_SECONDS
        while self.process.poll() is None and self.open and time.monotonic() < until:
            self._listen(max(0.0, until - time.monotonic()))
        self._kill()

    def _kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.selector.close()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert stream is not None
            with contextlib.suppress(BrokenPipeError):
                stream.close()

    def _listen(self, seconds: float | None) -> None:
        """Take in what the program wrote, waiting for it as long as that."""
        for key, _ in self.selector.select(seconds):
            portion = os.read(key.fd, _PORTION)
            if not portion:
                self.selector.unregister(key.fd)
                self.open.discard(key.fd)
            if key.fd == self.errors:
                self.words = (self.words + portion)[-_LAST_WORDS:]
            else:
                self._split(portion)

    def _split(self, portion: bytes) -> None:
        *whole, rest = portion.split(b"\n") if portion else (b"", b"")
        for piece in whole:
            line = b"".join([*self.partial, piece])
            self.partial, self.length = [], 0
            if line.strip():
                self.lines.append(line)
        self.partial.append(rest)
        self.length += len(rest)
        if self.length > LONGEST_LINE:
            raise InvalidOutput(
                f"a line of more than {LONGEST_LINE} bytes: a message is one line within that; end lines by \\n"
            )

    def _obituary(self) -> str:
        """Say how the program ended, with the last line of its standard error that names an error, or the last one."""
        until = time.monotonic() + _DEATH_SECONDS
        while self.errors in self.open and time.monotonic() < until:
            self._listen(max(0.0, until - time.monotonic()))
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.0, until - time.monotonic()))
        code = self.process.returncode
        how = "closed its output and did not end" if code is None else describe_end(code)
        lines = [line.strip() for line in self.words.decode(errors="replace").split("\n") if line.strip()]
        # Node.js, for one, writes its version below the error, and a trace ("at …") between.
        errors = [line for line in lines if "error" in line.lower() and not line.startswith("at ")]
        last = (errors or lines or [""])[-1]
        return f"the program {how} before its output" + (f": {last[:_SHOWN_WORDS]}" if last else "")
