"""What a child's end of a pipe sends, message by message, never waited for beyond a given time."""

from __future__ import annotations

import os
import select
import struct
import time
from multiprocessing.connection import Connection

_HEAD = struct.Struct("!i")
_LONGEST = 1 << 28
_PART = 1 << 20


class Inbox:
    """Messages as `Connection.send_bytes` writes them, whoever writes them.

    Parameters
    ----------
    receiver : Connection
        The end to read from.
    """

    def __init__(self, receiver: Connection) -> None:
        self.receiver = receiver
        self.held = bytearray()

    def take(self, seconds: float) -> bytes | None:
        """Return the next message, None where it is not whole in so many seconds.

        Raises
        ------
        EOFError
            If the other end is closed.
        ValueError
            If what comes is no message, or longer than 256 MiB.
        """
        until = time.monotonic() + seconds
        while True:
            found = self._whole()
            if found is not None:
                return found
            left = until - time.monotonic()
            if not select.select([self.receiver], [], [], max(left, 0.0))[0]:
                return None
            part = os.read(self.receiver.fileno(), _PART)
            if not part:
                raise EOFError
            self.held += part

    def _whole(self) -> bytes | None:
        if len(self.held) < _HEAD.size:
            return None
        (length,) = _HEAD.unpack_from(self.held)
        if not 0 <= length <= _LONGEST:
            raise ValueError(f"a message of {length} bytes; the most are {_LONGEST}")
        end = _HEAD.size + length
        if len(self.held) < end:
            return None
        found = bytes(self.held[_HEAD.size : end])
        del self.held[:end]
        return found

    def close(self) -> None:
        """Close this end."""
        self.receiver.close()
