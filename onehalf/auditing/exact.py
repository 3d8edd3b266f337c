"""Exact linear algebra: Fractions in and out, python-flint in between."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import flint

Matrix = Sequence[Sequence[Fraction]]


def solve(matrix: Matrix, right: Sequence[Fraction]) -> list[Fraction] | None:
    """Return the solution of a square system, None if the matrix is singular."""
    if not matrix:
        return []
    try:
        found = _flint(matrix).solve(_flint([[x] for x in right]))
    except ZeroDivisionError:
        return None
    return [_fraction(found[i, 0]) for i in range(len(matrix))]


def inverse(matrix: Matrix) -> list[list[Fraction]] | None:
    """Return the inverse of a square matrix, None if it is singular."""
    if not matrix:
        return []
    try:
        found = _flint(matrix).inv()
    except ZeroDivisionError:
        return None
    size = range(len(matrix))
    return [[_fraction(found[i, j]) for j in size] for i in size]


def product(left: Matrix, right: Matrix) -> list[list[Fraction]]:
    """Return the product of two matrices."""
    found = _flint(left) * _flint(right)
    return [[_fraction(found[i, j]) for j in range(found.ncols())] for i in range(found.nrows())]


def transposed(matrix: Matrix) -> list[list[Fraction]]:
    """Return the transpose."""
    return [list(column) for column in zip(*matrix, strict=True)]


def dot(left: Sequence[Fraction], right: Sequence[Fraction]) -> Fraction:
    """Return the inner product; zeros cost nothing."""
    return sum((a * b for a, b in zip(left, right, strict=True) if a and b), Fraction(0))


def sign(value: Fraction) -> int:
    """Return −1, 0 or 1."""
    return (value > 0) - (value < 0)


def _flint(matrix: Matrix) -> flint.fmpq_mat:
    return flint.fmpq_mat([[flint.fmpq(x.numerator, x.denominator) for x in row] for row in matrix])


def _fraction(value: flint.fmpq) -> Fraction:
    return Fraction(int(value.p), int(value.q))
