"""Digests of what a directory holds: plain functions of values, so that anyone can make them again.

A chunk's digest is SHA-256 of its rows and questions in Python's `marshal` format, version 2, which is fixed; each is
chained to the one before it. Small tables, whose rows come and go, have the sum (exclusive or) of their rows' digests.
"""

from __future__ import annotations

import hashlib
import json
import marshal
import struct
from collections.abc import Iterable, Sequence
from typing import Any

_PLACE = struct.Struct("<qqqq")
BEGINNING = b""


def digest_of_json(value: Any) -> str:
    """Return the SHA-256 of a JSON value, however it is written down."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def digest_of_rows(rows: Iterable[Sequence[Any]], questions: Iterable[Sequence[Any]]) -> bytes:
    """Return the digest of a chunk: its outcomes without the cell, and its questions, in order.

    The values are those that SQLite hands out: whole numbers for truth values, plain floats, None.
    """
    body = marshal.dumps(list(map(tuple, rows)), 2) + marshal.dumps(list(map(tuple, questions)), 2)
    return hashlib.sha256(body).digest()


def chained(before: bytes, cell: int, start: int, stop: int, environment: int, rows: bytes) -> bytes:
    """Return the digest of a chunk and all that were written before it."""
    return hashlib.sha256(before + _PLACE.pack(cell, start, stop, environment) + rows).digest()


def digest_of_output(body: bytes) -> bytes:
    """Return the key under which an encoded output is stored."""
    return hashlib.sha256(body).digest()[:16]


def summed(rows: Iterable[Sequence[Any]], beginning: str = "") -> str:
    """Return the sum of rows' digests with the sum so far; adding a row again takes it out."""
    total = int(beginning or "0", 16)
    for row in rows:
        total ^= int.from_bytes(hashlib.sha256(marshal.dumps(tuple(row), 2)).digest(), "big")
    return f"{total:064x}"
