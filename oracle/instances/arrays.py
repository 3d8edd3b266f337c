"""Rational numbers, vectors and matrices as users write them, and rational linear algebra by python-flint."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

import flint

from oracle.errors import InvalidValue
from oracle.numbers import parse_real

Vector = tuple[Fraction, ...]
Matrix = tuple[Vector, ...]


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


def inner_product(a: Iterable[Fraction], b: Iterable[Fraction]) -> Fraction:
    """Return the inner product."""
    return sum((x * y for x, y in zip(a, b, strict=True)), Fraction(0))


def image_of(a: Matrix, x: Vector) -> Vector:
    """Return the product of a matrix and a vector."""
    return tuple(inner_product(row, x) for row in a)


def transpose_of(a: Matrix) -> Matrix:
    """Return the transpose."""
    return tuple(zip(*a, strict=True))


def minus(a: Vector, b: Vector) -> Vector:
    """Return the difference."""
    return tuple(x - y for x, y in zip(a, b, strict=True))


def columns_of(a: Matrix, chosen: Sequence[int]) -> Matrix:
    """Return the matrix of some columns, in that order."""
    return tuple(tuple(row[j] for j in chosen) for row in a)


def gram(a: Matrix, ridge: Fraction = Fraction(0)) -> Matrix:
    """Return AᵀA + ridge·I."""
    columns = transpose_of(a)
    return tuple(
        tuple(inner_product(u, v) + (ridge if i == j else 0) for j, v in enumerate(columns))
        for i, u in enumerate(columns)
    )


def only_solution(a: Matrix, b: Vector) -> Vector | None:
    """Return the solution of Ax = b for a square A; None where A is singular."""
    if not b:
        return ()
    try:
        found = _flint(a).solve(flint.fmpq_mat(len(b), 1, [_rational(x) for x in b]))
    except ZeroDivisionError:
        return None
    return tuple(_fraction(found[i, 0]) for i in range(len(b)))


def consistent_solution(a: Matrix, b: Vector) -> Vector | None:
    """Return one solution of Ax = b, free unknowns 0; None where there is none."""
    wide = len(a[0])
    reduced, rank = _flint(tuple((*row, y) for row, y in zip(a, b, strict=True))).rref()
    found = [Fraction(0)] * wide
    for i in range(rank):
        lead = next(j for j in range(wide + 1) if reduced[i, j] != 0)
        if lead == wide:
            return None
        found[lead] = _fraction(reduced[i, wide])
    return tuple(found)


def rank_of(a: Matrix) -> int:
    """Return the rank."""
    return int(_flint(a).rref()[1])


def _flint(a: Matrix) -> Any:
    return flint.fmpq_mat(len(a), len(a[0]), [_rational(x) for row in a for x in row])


def _rational(x: Fraction) -> Any:
    return flint.fmpq(x.numerator, x.denominator)


def _fraction(x: Any) -> Fraction:
    return Fraction(int(x.p), int(x.q))
