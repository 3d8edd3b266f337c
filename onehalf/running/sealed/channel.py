"""The channel between a supervisor and an algorithm's process: a letter, a length, and so many bytes.

What the algorithm's process sends is read by its length and by `struct`, within a time, and is never unpickled. What
the supervisor sends is trusted.
"""

from __future__ import annotations

import marshal
import socket
import struct
import time
from fractions import Fraction

from oracle.errors import IllegalQuestion, InvalidValue, TooPrecise

HEAD = struct.Struct("<cI")
ASK, TABLE, EXACT, RESULT = b"A", b"T", b"E", b"R"
"""What a run says: it asks for an entry, for all of them in float64, for all exactly; it hands over what it returns."""
ANSWER, REFUSAL, EXHAUSTED = b"a", b"r", b"x"
"""What it hears."""
SET_UP, RUN = b"s", b"n"
"""What a fork server hears: the algorithm that it is made for, and which run to fork next."""
READY, UNFIT, BEGUN, ENDED = b"y", b"u", b"b", b"e"
"""What it says: that it is ready, that the algorithm cannot be loaded, that a run has begun, and how one ended."""
ENTRY = struct.Struct("<qq")
STATE = struct.Struct("<q")
COUNT = struct.Struct("<I")
LONGEST = 1 << 28
_BITS_BYTES = 1 << 16
_REFUSALS: dict[str, type[InvalidValue]] = {"IllegalQuestion": IllegalQuestion, "TooPrecise": TooPrecise}


class BrokenChannel(Exception):
    """What came is no message, or the other end is gone."""


class OutOfTime(Exception):
    """Nothing came in time."""


class Channel:
    """One end of a stream of messages.

    Parameters
    ----------
    end : socket
        Of a connected pair.
    longest : int
        Bytes that a message of the other end's may have.
    """

    def __init__(self, end: socket.socket, longest: int = LONGEST) -> None:
        self.end = end
        self.longest = longest

    def send(self, letter: bytes, body: bytes = b"", until: float | None = None) -> None:
        """Send a message whole, before a moment of the monotonic clock.

        Raises
        ------
        BrokenChannel
            If the other end is gone.
        OutOfTime
            If it does not read in time.
        """
        try:
            self.end.settimeout(_left(until))
            self.end.sendall(HEAD.pack(letter, len(body)) + body)
        except TimeoutError as error:
            raise OutOfTime from error
        except OSError as error:
            raise BrokenChannel("the other end is gone") from error

    def receive(self, until: float | None = None) -> tuple[bytes, bytes]:
        """Return the next message, letter and body; raises as `send` does."""
        letter, length = HEAD.unpack(self._take(HEAD.size, until))
        if length > self.longest:
            raise BrokenChannel(f"a message of {length} bytes; the most are {self.longest}")
        return letter, self._take(length, until) if length else b""

    def _take(self, length: int, until: float | None) -> bytes:
        parts: list[bytes] = []
        while length:
            try:
                self.end.settimeout(_left(until))
                part = self.end.recv(min(length, 1 << 20))
            except TimeoutError as error:
                raise OutOfTime from error
            except OSError as error:
                raise BrokenChannel("the other end is gone") from error
            if not part:
                raise BrokenChannel("the other end is gone")
            parts.append(part)
            length -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def close(self) -> None:
        """Close this end."""
        self.end.close()


def _left(until: float | None) -> float | None:
    if until is None:
        return None
    left = until - time.monotonic()
    if left <= 0:
        raise OutOfTime
    return left


def write_bits(bits: int) -> bytes:
    """Return the bytes of a number of digits; of one that is beyond any budget, a smaller one that is, too."""
    length = (bits.bit_length() + 7) // 8
    return bits.to_bytes(length, "little") if length <= _BITS_BYTES else b"\xff" * _BITS_BYTES


def read_bits(body: bytes) -> int:
    """Return a number of digits."""
    if len(body) > _BITS_BYTES:
        raise BrokenChannel("a number of digits that is too long")
    return int.from_bytes(body, "little")


def write_refusal(error: InvalidValue) -> bytes:
    """Return the bytes of an error that an illegal question meets."""
    name, value, rule, remedy = error.sentence
    plain = value if isinstance(value, int | str | tuple) else repr(value)
    return marshal.dumps((type(error).__name__, name, plain, rule, remedy))


def read_refusal(body: bytes) -> InvalidValue:
    """Return the error that a supervisor wrote."""
    kind, *sentence = marshal.loads(body)
    return _REFUSALS.get(kind, IllegalQuestion)(*sentence)


def write_fractions(values: list[Fraction]) -> bytes:
    """Return the bytes of answers."""
    return marshal.dumps([(q.numerator, q.denominator.bit_length() - 1) for q in values])


def read_fractions(body: bytes) -> list[Fraction]:
    """Return the answers, dyadic rationals, that a supervisor wrote."""
    pairs: list[tuple[int, int]] = marshal.loads(body)
    return [Fraction(numerator, 1 << digits) for numerator, digits in pairs]


def no_message(letter: bytes) -> BrokenChannel:
    """Return the error for a letter that means nothing here."""
    return BrokenChannel(f"a message of kind {letter!r}")
