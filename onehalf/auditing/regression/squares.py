"""min ‖Ax − y‖ with exact numbers: solution, enclosure for a box of data, corners at which a coefficient is extreme.

The solution and its residual solve [[I, A], [Aᵀ, 0]](r, x) = (y, 0), to which Lemma P applies: an enclosure proves
that A has full rank for all data in the box. (A stands there twice; letting both move apart is safe for an enclosure.)
To the first order x_k changes by z·(Eᵀr) − (Az)·(Ex) + (Az)·Δy with (AᵀA)z = e_k, which the signs of a corner make
largest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from onehalf.auditing.data import Datum
from onehalf.auditing.enclosure import Floats, Inverse, approximate_inverse, enclosed, up, up_vector
from onehalf.auditing.radii import Radii, check_patterns
from oracle.arithmetic.linear_algebra import gram, image_of, only_solution, transpose_of
from oracle.errors import InvalidValue

RESPONSE = "response"
_LARGEST = 400
_ASCENTS = 3
Exact = NDArray[np.object_]
Signs = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Regression:
    """Numbers as they were shown.

    Attributes
    ----------
    table : array (m, n + 1) of Fraction
        A, and y as the last column.
    half_units : tuple of Fraction
        For each column half a unit in its last place: the finest that was written.
    names : tuple of str
        Of the columns of A.
    whole : tuple of bool
        Whether a column holds integers only, and is exact unless it is declared to be otherwise.
    """

    table: Exact
    half_units: tuple[Fraction, ...]
    names: tuple[str, ...]
    whole: tuple[bool, ...]
    reading: str


def regression_of(
    columns: Sequence[Sequence[Datum]], names: Sequence[str], reading: str, wide: bool = False
) -> Regression:
    """Return a regression from the columns of A and y, the last; with fewer rows than columns only if it may be `wide`.

    Raises
    ------
    InvalidValue
        If there are fewer rows than coefficients, too many, or a name stands twice.
    """
    n, m = len(columns) - 1, len(columns[-1])
    twice = [name for at, name in enumerate(names) if name in names[:at] or name == RESPONSE]
    if twice:
        raise InvalidValue("column", twice[0], "is the name of two columns", "rename one of them")
    if n < 1 or m < (1 if wide else n):
        rule = "must have a column, and as many rows as columns at least"
        raise InvalidValue("A", (m, n), rule, "give more rows, or a penalty")
    if m + n > _LARGEST:
        rule = f"is larger than {_LARGEST} rows and columns together"
        raise InvalidValue("A", (m, n), rule, "audit a part of the rows")
    table = np.array([[datum.value for datum in column] for column in columns], dtype=object).T
    return Regression(
        table,
        tuple(min(datum.half_unit for datum in column) for column in columns),
        tuple(names),
        tuple(all(datum.whole for datum in column) for column in columns),
        reading,
    )


def radii_of(shown: Regression, radii: Radii) -> Exact:
    """Return the radius of each entry, (m, n + 1)."""
    check_patterns(radii, (*shown.names, RESPONSE))
    return sizes_of(shown, radii)


def sizes_of(shown: Regression, radii: Radii) -> Exact:
    """Return the radius of each entry, (m, n + 1), whatever else the patterns name."""
    found = np.empty(shown.table.shape, dtype=object)
    for j, name in enumerate((*shown.names, RESPONSE)):
        found[:, j] = [
            radii.of(name, Datum(x, shown.half_units[j]), shown.whole[j]) for x in shown.table[:, j]
        ]
    return found


def solution_of(table: Exact) -> tuple[Fraction, ...] | None:
    """Return the exact minimiser; None if A does not have full rank."""
    a, y = [tuple(row[:-1]) for row in table], tuple(table[:, -1])
    return only_solution(gram(tuple(a)), image_of(transpose_of(a), y))


@dataclass(frozen=True, eq=False)
class Augmented:
    """The system of residual and solution, its exact solution, and an inverse."""

    matrix: list[list[Fraction]]
    point: tuple[Fraction, ...]
    inverse: Inverse | None


def augmented_of(table: Exact) -> Augmented:
    """Return the system of the numbers as shown.

    Raises
    ------
    InvalidValue
        If the columns are linearly dependent.
    """
    x = solution_of(table)
    if x is None:
        raise InvalidValue(
            "A", "as shown", "has linearly dependent columns: no solution is the only one", "leave one out"
        )
    m, n = len(table), len(x)
    zero, one = Fraction(0), Fraction(1)
    rows = [[*(one if k == i else zero for k in range(m)), *table[i, :-1]] for i in range(m)]
    rows += [[*table[:, j], *[zero] * n] for j in range(n)]
    rest = [row[-1] - sum((a * b for a, b in zip(row[:-1], x, strict=True)), zero) for row in table]
    return Augmented(rows, (*rest, *x), approximate_inverse(rows))


def enclosure_of(system: Augmented, radii: Exact) -> Floats | None:
    """Return t with |(r', x') − (r, x)| ≤ t for all data within the radii, None if Lemma P gives none."""
    if system.inverse is None:
        return None
    m, n = len(radii), radii.shape[1] - 1
    tilts = up([list(row) for row in radii[:, :-1]]).reshape(m, n)
    box = np.zeros((m + n, m + n))
    box[:m, m:], box[m:, :m] = tilts, tilts.T
    right = np.concatenate([up_vector(list(radii[:, -1])), np.zeros(n)])
    return enclosed(system.inverse, box, up_vector(list(system.point)), right)


def extreme_corners(shown: Regression, radii: Exact, k: int) -> list[Signs]:
    """Return signs of all entries at which x_k is small and large: the best of what ascents in floats pass through."""
    table, size = shown.table.astype(np.float64), radii.astype(np.float64)
    seen: list[tuple[float, Signs]] = []
    for way in (-1, 1):
        for still in (False, True):  # with and without A moved: beside a singular A the first order misleads
            moved = table
            for _ in range(_ASCENTS):
                rise = _rise(moved, k)
                if rise is None:
                    break
                if still:
                    rise[:, :-1] = 0
                signs = np.where(size > 0, way * np.sign(rise), 0).astype(np.int64)
                moved = table + signs * size
                x, _, rank, _ = np.linalg.lstsq(moved[:, :-1], moved[:, -1], rcond=None)
                if rank == len(x):
                    seen.append((float(x[k]), signs))
    if not seen:
        return []
    return [min(seen, key=lambda entry: entry[0])[1], max(seen, key=lambda entry: entry[0])[1]]


def _rise(moved: Floats, k: int) -> Floats | None:
    """Return the derivative of x_k in every entry, None where A is singular."""
    a, y = moved[:, :-1], moved[:, -1]
    x, _, rank, _ = np.linalg.lstsq(a, y, rcond=None)
    if rank < a.shape[1]:
        return None
    z = np.linalg.pinv(a.T @ a)[k]
    az = a @ z
    return np.column_stack([np.outer(y - a @ x, z) - np.outer(az, x), az])
