"""The program's standard streams: closed, broken or odd ones cost nothing but what would have been seen.

What is written to a terminal is text: control characters of names, notes and files are spelled out, so that none of
them moves the cursor, changes colours or reverses a line.
"""

from __future__ import annotations

import io
import os
import re
import sys
from typing import Any

# C0 but tab and newline, DEL and C1, line separators, and what turns the direction of writing.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# A bar goes back to the beginning of its line, or up by one.
_OF_A_BAR = re.compile("\r|\x1b\\[A|" + _CONTROLS.pattern)


def spelled(text: str) -> str:
    """Return a text with its control characters spelled as JSON does."""
    return _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _beside_a_bar(text: str) -> str:
    return _OF_A_BAR.sub(lambda found: found[0] if found[0] in ("\r", "\x1b[A") else spelled(found[0]), text)


class _Forgiving(io.RawIOBase):
    """A descriptor that takes what nobody reads any more, and tells any other failure once."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.failed = False

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self.descriptor

    def isatty(self) -> bool:
        return os.isatty(self.descriptor)

    def write(self, body: Any) -> int:
        if self.failed:
            return len(body)
        try:
            return os.write(self.descriptor, body)
        except BrokenPipeError:
            self.failed = True
            return len(body)
        except OSError:
            self.failed = True
            raise


class _Spelling(io.TextIOWrapper):
    """A text stream that spells control characters out; a stream with bars leaves these their movements."""

    def __init__(self, descriptor: int, encoding: str, bars: bool) -> None:
        raw = _Forgiving(descriptor)
        buffered = io.BufferedWriter(raw)
        # A name that the encoding lacks is spelled, too.
        line_by_line = bars or raw.isatty()
        super().__init__(buffered, encoding, "backslashreplace", line_buffering=line_by_line)
        self._spell = _beside_a_bar if bars else spelled

    def write(self, text: str) -> int:
        super().write(self._spell(text))
        return len(text)


def prepare_streams() -> None:
    """Give the program standard streams that work, whatever it was started with.

    A closed descriptor is opened on nothing: else the next file opened would have its number, and be written to.
    """
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(descriptor)
    encodings = (getattr(stream, "encoding", None) or "utf-8" for stream in (sys.stdout, sys.stderr))
    sys.stdout, sys.stderr = (
        _Spelling(number, encoding, bars=number == 2) for number, encoding in enumerate(encodings, start=1)
    )


def flushed() -> OSError | None:
    """Write out what waits; return why it cannot be written, where it cannot for another reason than a closed pipe."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError as error:
            return error
    return None
