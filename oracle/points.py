"""Points of linear programs, as bytes that hold them exactly."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction


def encode_point(point: Sequence[Fraction]) -> bytes:
    """Return the coordinates as hexadecimal fraction text: Python writes no decimal of more than 4,300 digits."""
    return json.dumps([f"{x.numerator:#x}/{x.denominator:#x}" for x in point]).encode()


def decode_point(body: bytes) -> tuple[Fraction, ...]:
    """Return the point that `encode_point` wrote."""
    pairs = (text.partition("/") for text in json.loads(body))
    return tuple(Fraction(int(p, 0), int(q or "1", 0)) for p, _, q in pairs)
