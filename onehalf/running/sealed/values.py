"""Values in a small typed binary form: what an algorithm's process hands over is read by this and nothing else.

A value is a letter, then what the letter says: numbers of fixed length, or a length and so many bytes or values.
Whatever the bytes, reading them gives a plain value or `ValueError`: no object is made but None, numbers, texts, bytes,
lists, tuples, dicts, NumPy's arrays and scalars of numbers, networks, and an abstention.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from algorithms.algorithm import Abstain
from oracle.arithmetic.effort import reduced
from oracle.arithmetic.foreign import masked
from oracle.networks import Network, decode, encode, exact_fraction

_DEEPEST = 32
_LONGEST_DIMENSIONS = 32
_LENGTH = struct.Struct("<I")
_DOUBLE = struct.Struct("<d")
_NUMBERS = "?bhilqBHILQefdgFDG"
_CONSTANTS = {b"N": None, b"t": True, b"f": False, b"x": Abstain()}
_PLACES: dict[type, bytes] = {list: b"l", tuple: b"u"}


class Foreign:
    """Stands for an object of a type that is not handed over; the type bears its name."""


def pack_value(value: Any) -> bytes:
    """Return the bytes of a value; an object of any other type is written as its type's name.

    Raises
    ------
    ValueError
        If it is nested more deeply than 32 levels.
    """
    return b"".join(_packed(value, 0))


def unpack_value(body: bytes) -> Any:
    """Return the value that `pack_value` wrote.

    Raises
    ------
    ValueError
        If the bytes hold no value, or more than one; nothing else is raised (but `MemoryError`), whatever they are.
    """
    reader = _Reader(body)
    value = reader.value(0)
    if reader.at != len(body):
        raise ValueError("bytes are left over")
    return value


def _sized(letter: bytes, body: bytes) -> Iterator[bytes]:
    yield letter + _LENGTH.pack(len(body))
    yield body


def _integer(value: int) -> bytes:
    return value.to_bytes((value.bit_length() + 8) // 8, "little", signed=True)


def _packed(value: Any, depth: int) -> Iterator[bytes]:
    if depth > _DEEPEST:
        raise ValueError(f"a value is nested more deeply than {_DEEPEST} levels")
    if value is None or value is True or value is False:
        yield b"N" if value is None else b"t" if value else b"f"
    elif isinstance(value, Abstain):
        yield b"x"
    elif isinstance(value, Network):
        yield from _sized(b"n", encode(value))
    elif type(value) in _PLACES:
        yield _PLACES[type(value)] + _LENGTH.pack(len(value))
        for item in value:
            yield from _packed(item, depth + 1)
    elif type(value) is dict:
        yield b"m" + _LENGTH.pack(len(value))
        for key, item in value.items():
            yield from _packed(key, depth + 1)
            yield from _packed(item, depth + 1)
    elif isinstance(value, str):
        yield from _sized(b"s", str.__str__(value).encode("utf-8", "surrogatepass"))
    elif isinstance(value, bytes):
        yield from _sized(b"b", bytes(value))
    elif isinstance(value, np.ndarray):
        yield from _array(value, depth)
    elif isinstance(value, np.generic) and value.dtype.char in _NUMBERS:
        yield from _sized(b"g", value.dtype.char.encode() + value.tobytes())
    else:
        yield from _number(value)


def _array(value: np.ndarray[Any, Any], depth: int) -> Iterator[bytes]:
    """Write an array of numbers, or of objects one by one."""
    if value.dtype.char not in f"{_NUMBERS}O" or masked(value):
        yield from _foreign(value)
        return
    head = struct.pack(f"<cB{value.ndim}Q", value.dtype.char.encode(), value.ndim, *value.shape)
    if value.dtype.char == "O":
        yield b"o" + head
        for item in value.ravel().tolist():
            yield from _packed(item, depth + 1)
        return
    native = value.astype(value.dtype.newbyteorder("="), copy=False)
    yield b"a" + head
    yield np.ascontiguousarray(native).tobytes()


def _number(value: Any) -> Iterator[bytes]:
    """Write a number of any library as the rational that it is, and what is none as its type's name."""
    if isinstance(value, float):
        yield b"d" + _DOUBLE.pack(float.__float__(value))
        return
    if isinstance(value, int):
        yield from _sized(b"i", _integer(int.__add__(value, 0)))
        return
    try:
        exact = exact_fraction(value)
    except Exception:
        yield from _foreign(value)
        return
    yield from _sized(b"q", _integer(exact.numerator))
    yield from _sized(b"", _integer(exact.denominator))


def _foreign(value: Any) -> Iterator[bytes]:
    yield from _sized(b"x", type(value).__name__[:100].encode("utf-8", "replace"))


class _Reader:
    def __init__(self, body: bytes) -> None:
        self.body = body
        self.at = 0

    def take(self, length: int) -> bytes:
        start, self.at = self.at, self.at + length
        if self.at > len(self.body):
            raise ValueError("bytes are missing")
        return self.body[start : self.at]

    def length(self) -> int:
        return int(_LENGTH.unpack(self.take(_LENGTH.size))[0])

    def integer(self) -> int:
        return int.from_bytes(self.take(self.length()), "little", signed=True)

    def count(self) -> int:
        """Return how many values follow: each has a byte at least, so no more are believed than there are bytes."""
        count = self.length()
        if count > len(self.body) - self.at:
            raise ValueError("values are missing")
        return count

    def value(self, depth: int) -> Any:
        if depth > _DEEPEST:
            raise ValueError(f"a value is nested more deeply than {_DEEPEST} levels")
        letter = self.take(1)
        if letter in _CONSTANTS:
            return _CONSTANTS[letter]
        match letter:
            case b"l":
                return [self.value(depth + 1) for _ in range(self.count())]
            case b"u":
                return tuple([self.value(depth + 1) for _ in range(self.count())])
            case b"m":
                return self.mapping(depth)
            case b"a" | b"o":
                return self.array(letter, depth)
            case b"d":
                return _DOUBLE.unpack(self.take(_DOUBLE.size))[0]
            case b"i":
                return self.integer()
            case b"q":
                return self.fraction()
            case b"s" | b"b" | b"n" | b"g" | b"x":
                return _made(letter, self.take(self.length()))
            case _:
                raise ValueError(f"no value begins with {letter!r}")

    def mapping(self, depth: int) -> dict[Any, Any]:
        found = {}
        for _ in range(self.count()):
            key = self.value(depth + 1)
            if not isinstance(key, str | int | float | bool | None):
                raise ValueError("a key is neither text nor number")
            found[key] = self.value(depth + 1)
        return found

    def fraction(self) -> Fraction:
        numerator, denominator = self.integer(), self.integer()
        if denominator <= 0:
            raise ValueError("a denominator is not positive")
        return reduced(numerator, denominator)

    def array(self, letter: bytes, depth: int) -> np.ndarray[Any, Any]:
        char, dimensions = struct.unpack("<cB", self.take(2))
        if dimensions > _LONGEST_DIMENSIONS:
            raise ValueError("an array has too many dimensions")
        shape = struct.unpack(f"<{dimensions}Q", self.take(8 * dimensions))
        size = math.prod(shape)
        if max(shape, default=0) > len(self.body) or size > len(self.body):
            raise ValueError("entries are missing")
        if letter == b"a":
            kind = _dtype(char)
            # A copy, for what is read from bytes cannot be written to.
            return np.frombuffer(self.take(size * kind.itemsize), dtype=kind).reshape(shape).copy()
        if char != b"O":
            raise ValueError("objects are of another kind")
        flat = np.empty(size, dtype=object)
        for index in range(size):
            flat[index] = self.value(depth + 1)
        return flat.reshape(shape)


def _dtype(char: bytes) -> np.dtype[Any]:
    if char not in _NUMBERS.encode():
        raise ValueError(f"no numbers are of kind {char!r}")
    return np.dtype(char.decode())


def _made(letter: bytes, body: bytes) -> Any:
    match letter:
        case b"b":
            return body
        case b"n":
            return decode(body)
        case b"g":
            kind = _dtype(body[:1] or b" ")
            if len(body) != 1 + kind.itemsize:
                raise ValueError("a number is cut off")
            return np.frombuffer(body[1:], dtype=kind)[0]
        case b"x":
            return type(body.decode("utf-8", "replace").replace("\0", "") or "object", (Foreign,), {})()
        case _:
            return body.decode("utf-8", "surrogatepass")
