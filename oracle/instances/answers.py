"""Outputs of problems that are stated by instances: points, and answers without a distance."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import numpy as np

from oracle.errors import InvalidOutput, InvalidValue, not_in_output_set
from oracle.instances.finite import label
from oracle.instances.solutions import Label
from oracle.networks import exact_fraction

Point = tuple[Fraction, ...]
_NUMBERS = (list, tuple, np.ndarray)


def point_of(output: Any, size: int) -> Point:
    """Return an output as the coordinates of a point.

    Raises
    ------
    InvalidOutput
        If it is none.
    """
    if not isinstance(output, _NUMBERS):
        raise not_in_output_set(output, f"return the {size} coordinates of a point")
    entries = np.ravel(output) if isinstance(output, np.ndarray) else _flat(output)
    if len(entries) != size:
        raise InvalidOutput(f"output with {len(entries)} numbers: return the {size} coordinates of a point")
    try:
        return tuple(exact_fraction(x) for x in entries)
    except (TypeError, ValueError, OverflowError) as error:
        raise InvalidOutput(
            f"output {output!r}: coordinates must be finite real numbers ({error})"
        ) from error


def _flat(output: Any) -> list[Any]:
    found: list[Any] = []
    for part in output:
        found += list(part) if isinstance(part, _NUMBERS) else [part]
    return found


def label_output(output: Any) -> Label:
    """Return an output as an answer without a distance.

    Raises
    ------
    InvalidOutput
        If it is none.
    """
    if isinstance(output, np.generic):
        output = output.item()
    try:
        return label(output)
    except InvalidValue as error:
        rule = "return text, a whole number, or a tuple of whole numbers"
        raise not_in_output_set(output, rule) from error


def encode_label(answer: Label) -> bytes:
    """Return such an answer as text."""
    if isinstance(answer, tuple):
        return json.dumps(["tuple", *(f"{x:#x}" for x in answer)]).encode()
    if isinstance(answer, bool | str):
        return json.dumps([type(answer).__name__, answer]).encode()
    return json.dumps(["int", f"{answer:#x}"]).encode()


def decode_label(body: bytes) -> Label:
    """Return what `encode_label` wrote.

    Raises
    ------
    InvalidOutput
        If it wrote no such thing.
    """
    try:
        sort, *parts = json.loads(body)
        if sort in ("bool", "str"):
            (answer,) = parts
            return label(answer)
        numbers = tuple(int(part, 16) for part in parts)
        return numbers if sort == "tuple" else numbers[0]
    except (ValueError, TypeError, IndexError, RecursionError) as error:
        raise InvalidOutput(f"bytes that hold no answer: {error}") from error
