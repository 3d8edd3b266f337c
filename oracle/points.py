"""Points of linear programs, as bytes that hold them exactly."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from oracle.arithmetic.effort import reduced
from oracle.errors import InvalidOutput

_NUMBER = r"0x[0-9a-f]+|0|[1-9][0-9]*"
_FRACTION = re.compile(rf"(-?(?:{_NUMBER}))(?:/({_NUMBER}))?")


def encode_point(point: Sequence[Fraction]) -> bytes:
    """Return the coordinates as hexadecimal fraction text: Python writes no decimal of more than 4,300 digits."""
    return json.dumps([f"{x.numerator:#x}/{x.denominator:#x}" for x in point]).encode()


def decode_point(body: bytes, dimension: int | None = None) -> tuple[Fraction, ...]:
    """Return the point that `encode_point` wrote, of so many coordinates.

    Raises
    ------
    InvalidOutput
        If no such point is written like that; nothing else is raised, whatever the bytes.
    """
    try:
        texts = json.loads(body)
        if not isinstance(texts, list) or len(texts) != (len(texts) if dimension is None else dimension):
            raise ValueError(f"no list of {dimension} coordinates")
        return tuple(_decode_fraction(text) for text in texts)
    except (ValueError, TypeError, RecursionError) as error:
        raise InvalidOutput(f"bytes that hold no point: {error}") from error


def _decode_fraction(text: Any) -> Fraction:
    found = _FRACTION.fullmatch(text)
    if found is None:
        raise ValueError("a coordinate is no fraction")
    numerator, denominator = int(found[1], 0), int(found[2] or "1", 0)
    if denominator == 0:
        raise ValueError("a denominator is 0")
    return reduced(numerator, denominator)
