"""Rational numbers, vectors and matrices as users write them."""

from __future__ import annotations

import contextlib
from fractions import Fraction
from typing import Any

from oracle.arithmetic.linear_algebra import Matrix, Vector
from oracle.errors import InvalidValue
from oracle.numbers import parse_real


def scalar(name: str, value: Any) -> Fraction:
    """Return a rational number written as a number or as text such as ``1/4``.

    Raises
    ------
    InvalidValue
        If it is none.
    """
    if hasattr(value, "item") and not isinstance(value, Fraction):
        value = value.item()
    found: Any = None
    with contextlib.suppress(InvalidValue):
        found = parse_real(value)
    if not isinstance(found, Fraction):
        raise InvalidValue(name, value, "is no rational number", 'write for example 3, 0.25 or "1/4"')
    return found


def vector(name: str, values: Any) -> Vector:
    """Return a vector of rational numbers.

    Raises
    ------
    InvalidValue
        If it is none.
    """
    if isinstance(values, str) or not hasattr(values, "__len__") or len(values) == 0:
        raise InvalidValue(name, values, "is no vector", "write a list of numbers")
    return tuple(scalar(name, value) for value in values)


def matrix(name: str, rows: Any) -> Matrix:
    """Return a matrix of rational numbers.

    Raises
    ------
    InvalidValue
        If it is none, or its rows differ in length.
    """
    if isinstance(rows, str) or not hasattr(rows, "__len__") or len(rows) == 0:
        raise InvalidValue(name, rows, "is no matrix", "write a list of rows")
    found = tuple(vector(name, row) for row in rows)
    if len({len(row) for row in found}) > 1:
        raise InvalidValue(name, rows, "has rows of different lengths", "write rows of one length")
    return found
