"""Rational linear algebra by python-flint: Fractions in and out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import flint

Vector = tuple[Fraction, ...]
Matrix = tuple[Vector, ...]
Rows = Sequence[Sequence[Fraction]]


def inner_product(a: Iterable[Fraction], b: Iterable[Fraction]) -> Fraction:
    """Return the inner product."""
    return sum((x * y for x, y in zip(a, b, strict=True)), Fraction(0))


class OneDenominator:
    """Numbers over one denominator, of which long sums of products are made in integers."""

    def __init__(self, values: Mapping[int, Fraction]) -> None:
        self.denominator = math.lcm(*(x.denominator for x in values.values()))
        self.numerators = {
            key: x.numerator * (self.denominator // x.denominator) for key, x in values.items() if x
        }

    def product(self, weights: Mapping[int, Fraction]) -> Fraction:
        """Return the sum of weight times number over what both have."""
        held = self.numerators
        terms = [(w.numerator, w.denominator, held[key]) for key, w in weights.items() if key in held]
        common = math.lcm(*(q for _, q, _ in terms))
        return Fraction(sum(p * (common // q) * x for p, q, x in terms), common * self.denominator)


class WholeColumns:
    """Sparse columns as integers, each over a denominator of its own, made once for many products and systems."""

    def __init__(self, columns: Sequence[Mapping[int, Fraction]]) -> None:
        self._columns = columns
        self._made: dict[int, tuple[int, dict[int, int]]] = {}

    def column(self, j: int) -> tuple[int, dict[int, int]]:
        """Return a column's denominator and its numerators by row."""
        found = self._made.get(j)
        if found is None:
            column = self._columns[j]
            unit = math.lcm(*[x.denominator for x in column.values()])
            found = unit, {i: x.numerator * (unit // x.denominator) for i, x in column.items()}
            self._made[j] = found
        return found

    def product(self, j: int, values: OneDenominator) -> Fraction:
        """Return the product of a column with numbers by row."""
        held, (unit, entries) = values.numerators, self.column(j)
        total = sum([x * held[i] for i, x in entries.items() if i in held])
        return Fraction(total, unit * values.denominator)

    def part(self, rows: Sequence[int], columns: Sequence[int]) -> SquarePart:
        """Return the square matrix of some rows and columns."""
        return SquarePart(self, rows, columns)


class SquarePart:
    """Rows and columns of a table of columns, a square matrix M of which systems are solved.

    M is K·diag(1/d) with integers K, so that Mx = b is Kz = b with x = d·z, and yM = c is yK = d·c.
    """

    def __init__(self, table: WholeColumns, rows: Sequence[int], columns: Sequence[int]) -> None:
        made = [table.column(j) for j in columns]
        self.units, taken = [unit for unit, _ in made], [entries for _, entries in made]
        size = len(columns)
        self._turned = flint.fmpq_mat(
            flint.fmpz_mat(size, len(rows), [column.get(i, 0) for column in taken for i in rows])
        )

    def solution(self, b: Sequence[Fraction]) -> Vector | None:
        """Return x with Mx = b; None where M is singular."""
        found = _scaled_solution(self._turned.transpose(), b)
        if found is None:
            return None
        tops, common = found
        return tuple(Fraction(x * unit, common) for x, unit in zip(tops, self.units, strict=True))

    def prices(self, c: Sequence[Fraction]) -> Vector | None:
        """Return y with yM = c; None where M is singular."""
        found = _scaled_solution(self._turned, [x * unit for x, unit in zip(c, self.units, strict=True)])
        return None if found is None else tuple(Fraction(y, found[1]) for y in found[0])


def _scaled_solution(table: Any, b: Sequence[Fraction]) -> tuple[list[int], int] | None:
    """Return integers and what they are over, the solution of a square system; None where it is singular."""
    if not b:
        return [], 1
    scale = math.lcm(*(x.denominator for x in b))
    side = flint.fmpz_mat(len(b), 1, [x.numerator * (scale // x.denominator) for x in b])
    try:
        tops, common = table.solve(flint.fmpq_mat(side)).numer_denom()
    except ZeroDivisionError:
        return None
    return [int(x) for x in tops.entries()], int(common) * scale


def image_of(a: Matrix, x: Vector) -> Vector:
    """Return the product of a matrix and a vector."""
    return tuple(inner_product(row, x) for row in a)


def transpose_of(a: Rows) -> Matrix:
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
    if not a or not a[0]:
        return ()
    table = _flint(a)
    found, size = table.transpose() * table, range(len(a[0]))
    return tuple(tuple(_fraction(found[i, j]) + (ridge if i == j else 0) for j in size) for i in size)


def only_solution(a: Rows, b: Sequence[Fraction]) -> Vector | None:
    """Return the solution of Ax = b for a square A; None where A is singular."""
    return _solved(_flint(a), b) if b else ()


def solutions_of(a: Rows, sides: Rows) -> Matrix | None:
    """Return for each of several b the solution of Ax = b for a square A; None where A is singular."""
    if not a or not sides:
        return tuple(() for _ in sides)
    try:
        found = _flint(a).solve(_flint(sides).transpose())
    except ZeroDivisionError:
        return None
    return tuple(tuple(_fraction(found[i, k]) for i in range(len(a))) for k in range(len(sides)))


def _solved(table: Any, b: Sequence[Fraction]) -> Vector | None:
    try:
        found = table.solve(flint.fmpq_mat(len(b), 1, [_rational(x) for x in b]))
    except ZeroDivisionError:
        return None
    return tuple(_fraction(found[i, 0]) for i in range(len(b)))


def inverse_of(a: Rows) -> Matrix | None:
    """Return the inverse of a square matrix; None where it is singular."""
    if not a:
        return ()
    size = range(len(a))
    try:
        found = _flint(a).inv()
    except ZeroDivisionError:
        return None
    return tuple(tuple(_fraction(found[i, j]) for j in size) for i in size)


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


def kernel_of(a: Matrix) -> Matrix:
    """Return vectors that span those with Ax = 0, one for each column that depends on earlier ones."""
    reduced, rank = _flint(a).rref()
    wide = len(a[0])
    leads = [next(j for j in range(wide) if reduced[i, j] != 0) for i in range(rank)]
    found = []
    for free in (j for j in range(wide) if j not in leads):
        line = [Fraction(int(j == free)) for j in range(wide)]
        for i, lead in enumerate(leads):
            line[lead] = -_fraction(reduced[i, free])
        found.append(tuple(line))
    return tuple(found)


def rank_of(a: Matrix) -> int:
    """Return the rank."""
    return int(_flint(a).rref()[1])


def _flint(a: Rows) -> Any:
    return flint.fmpq_mat(len(a), len(a[0]), [_rational(x) for row in a for x in row])


def _rational(x: Fraction) -> Any:
    return flint.fmpq(x.numerator, x.denominator)


def _fraction(x: Any) -> Fraction:
    return Fraction(int(x.p), int(x.q))
