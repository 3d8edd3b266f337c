"""min ½‖Ax − y‖² + λ‖x‖₁ + ½μ‖x‖² with exact numbers: an active-set method whose every step is rational.

With G = AᵀA + μI and c = Aᵀy a point is a minimiser iff every column j has c_j − (Gx)_j = λ·sign(x_j) where x_j ≠ 0,
and at most λ in size elsewhere. It is the only one if the columns that meet λ with equality are linearly
independent, or if μ > 0 (docs/problems.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from onehalf.auditing.regression.squares import Exact
from oracle.arithmetic.linear_algebra import (
    Matrix,
    Vector,
    gram,
    image_of,
    kernel_of,
    only_solution,
)

_MOST_STEPS = 40
_ZERO = Fraction(0)


@dataclass(frozen=True, eq=False)
class Penalised:
    """A penalised regression.

    Attributes
    ----------
    table : array (m, n + 1) of Fraction
        A, and y as the last column.
    penalty, ridge : Fraction
        λ > 0 and μ ≥ 0.
    """

    table: Exact
    penalty: Fraction
    ridge: Fraction

    def normal(self) -> tuple[Matrix, Vector]:
        """Return G and c."""
        products = gram(tuple(map(tuple, self.table)))
        n = len(products) - 1
        matrix = tuple(
            tuple(products[i][j] + (self.ridge if i == j else _ZERO) for j in range(n)) for i in range(n)
        )
        return matrix, products[n][:n]


@dataclass(frozen=True, eq=False)
class Minimiser:
    """An exact minimiser.

    Attributes
    ----------
    point : tuple of Fraction
        x.
    signs : tuple of int
        Of its coordinates.
    slopes : tuple of Fraction
        A_jᵀ(y − Ax) − μx_j.
    unique : bool
        Whether it is proved to be the only one.
    """

    point: Vector
    signs: tuple[int, ...]
    slopes: Vector
    unique: bool


def minimiser_of(problem: Penalised, start: Sequence[int] | None = None) -> Minimiser | None:
    """Return a minimiser, proved; None if the steps run out.

    Parameters
    ----------
    start : sequence of int, optional
        Signs that the minimiser may have.
    """
    matrix, right = problem.normal()
    penalty, n = problem.penalty, len(right)
    point, chosen = _started(matrix, right, penalty, start)
    for _ in range(_MOST_STEPS * (n + 1)):
        slopes = _slopes(matrix, right, point)
        worst = max((j for j in range(n) if j not in chosen), key=lambda j: abs(slopes[j]), default=None)
        if worst is None or abs(slopes[worst]) <= penalty:
            return _proved(problem, matrix, point, slopes)
        chosen[worst] = 1 if slopes[worst] > 0 else -1
        if not _settled(matrix, right, penalty, point, chosen):
            return None
    return None


def _started(
    matrix: Matrix, right: Vector, penalty: Fraction, start: Sequence[int] | None
) -> tuple[list[Fraction], dict[int, int]]:
    """Return the point and signs from which to go on: those given where they keep their signs, else 0."""
    given = {j: s for j, s in enumerate(start or ()) if s}
    found = _on(matrix, right, penalty, given)
    if found is not None and all(given[j] * x > 0 for j, x in found.items()):
        return [found.get(j, _ZERO) for j in range(len(right))], given
    return [_ZERO] * len(right), {}


def _on(
    matrix: Matrix, right: Vector, penalty: Fraction, chosen: Mapping[int, int]
) -> dict[int, Fraction] | None:
    """Return the stationary point of some columns with given signs, None if they are dependent."""
    places = sorted(chosen)
    part = [[matrix[i][j] for j in places] for i in places]
    found = only_solution(part, [right[j] - penalty * chosen[j] for j in places])
    return None if found is None else dict(zip(places, found, strict=True))


def _settled(
    matrix: Matrix, right: Vector, penalty: Fraction, point: list[Fraction], chosen: dict[int, int]
) -> bool:
    """Go to the minimum of the chosen columns, dropping those that reach 0; tell whether that came to an end."""
    for _ in range(_MOST_STEPS + len(right)):
        target = _on(matrix, right, penalty, chosen)
        if target is None:
            steps = _downhill(matrix, right, penalty, point, chosen)
        else:
            steps = {j: x - point[j] for j, x in target.items()}
        stops = [
            (-point[j] / step, j)
            for j, step in steps.items()
            if step * chosen[j] < 0 and point[j] * chosen[j] >= 0
        ]
        far, _ = min(stops, default=(None, -1))
        if target is not None and (far is None or far > 1):
            for j, x in target.items():
                point[j] = x
            return True
        if far is None:
            return False
        for j, step in steps.items():
            point[j] += far * step
        for _, j in [stop for stop in stops if stop[0] == far]:
            point[j] = _ZERO
            del chosen[j]
    return False


def _downhill(
    matrix: Matrix, right: Vector, penalty: Fraction, point: Sequence[Fraction], chosen: Mapping[int, int]
) -> dict[int, Fraction]:
    """Return a direction in which dependent columns with fixed signs cost ever less."""
    places = sorted(chosen)
    slopes = _slopes(matrix, right, point)
    for line in kernel_of(tuple(tuple(matrix[i][j] for j in places) for i in places)):
        gain = sum(((slopes[j] - penalty * chosen[j]) * x for j, x in zip(places, line, strict=True)), _ZERO)
        if gain:
            return {j: x if gain > 0 else -x for j, x in zip(places, line, strict=True)}
    return {}


def _slopes(matrix: Matrix, right: Vector, point: Sequence[Fraction]) -> Vector:
    used = [(j, x) for j, x in enumerate(point) if x]
    return tuple(c - sum((row[j] * x for j, x in used), _ZERO) for c, row in zip(right, matrix, strict=True))


def _proved(
    problem: Penalised, matrix: Matrix, point: Sequence[Fraction], slopes: Vector
) -> Minimiser | None:
    signs = tuple((x > 0) - (x < 0) for x in point)
    right = all(
        slope == s * problem.penalty if s else abs(slope) <= problem.penalty
        for s, slope in zip(signs, slopes, strict=True)
    )
    tight = [j for j, slope in enumerate(slopes) if abs(slope) == problem.penalty]
    part = [[matrix[i][j] for j in tight] for i in tight]
    only = problem.ridge > 0 or only_solution(part, [_ZERO] * len(tight)) is not None
    return Minimiser(tuple(point), signs, slopes, only) if right else None


def residual_of(table: Exact, point: Sequence[Fraction]) -> Vector:
    """Return y − Ax."""
    columns = [j for j, x in enumerate(point) if x]
    part = tuple(tuple(row[j] for j in columns) for row in table)
    fit = image_of(part, tuple(point[j] for j in columns)) if columns else (_ZERO,) * len(table)
    return tuple(y - f for y, f in zip(table[:, -1], fit, strict=True))
