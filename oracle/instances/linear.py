"""Linear programs, least squares, rank, and the projector onto an eigenvector of a 2 × 2 matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from numbers import Real
from typing import Any, ClassVar

from oracle.arithmetic.linear_algebra import (
    Vector,
    columns_of,
    consistent_solution,
    gram,
    image_of,
    inner_product,
    only_solution,
    rank_of,
    transpose_of,
)
from oracle.instances.arrays import vector
from oracle.instances.instance import Instance
from oracle.instances.solutions import Boxes, Cuboid, Labels, point


@dataclass(frozen=True)
class LP(Instance):
    """Minimise c·x subject to Ax = b, x ≥ 0.

    Parameters
    ----------
    c, A, b
        The data.
    basis : sequence of int
        Certificate: the columns of an optimal basis, one for each row, counted from 0.
    free : sequence of int, optional
        Columns of independent blocks of which no more is asked than to lie between 0 and the largest value that a row
        without negative entries allows; their solutions lie there. A basis is given for the rest.
    """

    kind: ClassVar[str] = "lp"
    axes: ClassVar[dict[str, tuple[str, ...]]] = {
        "c": ("columns",),
        "A": ("rows", "columns"),
        "b": ("rows",),
    }

    c: Any
    A: Any
    b: Any
    basis: Any = ()

    free: Any = ()

    def solutions(self) -> Boxes:
        """Return the minimiser: c·x = π·b + Σ d_j x_j for feasible x, with reduced costs d_j > 0 off the basis."""
        wide = len(self.c)
        if not all(isinstance(j, Real) and j in range(wide) for j in self.free):
            raise self.refuse("its free columns are no columns of A", f"write numbers from 0 to {wide - 1}")
        free = sorted(self.free)
        if not free:
            return point(self._vertex(strict=True))
        rows = [i for i, row in enumerate(self.A) if any(row[j] for j in free)]
        rest = [j for j in range(wide) if j not in free]
        low, high = (
            [Fraction(0)] * wide,
            [self._reach(j, rows) if j in free else Fraction(0) for j in range(wide)],
        )
        if rest:
            kept = [i for i in range(len(self.b)) if i not in rows]
            if not kept or any(self.A[i][j] for i in rows for j in rest):
                raise self.refuse("the free columns are no block of their own", "name all columns of a block")
            part = columns_of(tuple(self.A[i] for i in kept), rest)
            basis = [rest.index(j) for j in self.basis if j in rest]
            block = LP([self.c[j] for j in rest], part, [self.b[i] for i in kept], basis)
            for j, x in zip(rest, block._vertex(strict=True), strict=True):
                low[j] = high[j] = x
        return Boxes((Cuboid(tuple(low), tuple(high)),))

    def least(self) -> Fraction:
        """Return the least value, proved by a basis whose reduced costs are not below 0."""
        costs: Vector = self.c
        return inner_product(costs, self._vertex(strict=False))

    def _reach(self, j: int, rows: Sequence[int]) -> Fraction:
        """Return how large a coordinate can be, by a row without negative entries."""
        given: list[Fraction] = [
            self.b[i] / self.A[i][j] for i in rows if self.A[i][j] > 0 and min(self.A[i]) >= 0 <= self.b[i]
        ]
        if not given:
            raise self.refuse(
                f"no row bounds the free column {j}", "name columns that a row without negatives bounds"
            )
        return min(given)

    def _vertex(self, *, strict: bool) -> Vector:
        basis, wide, remedy = list(self.basis), len(self.c), "name the columns of an optimal basis"
        if len(set(basis)) != len(self.b) or not set(basis) <= set(range(wide)):
            raise self.refuse(f"basis={basis} are no {len(self.b)} of {wide} columns", remedy)
        part = columns_of(self.A, basis)
        values = only_solution(part, self.b)
        prices = only_solution(transpose_of(part), tuple(self.c[j] for j in basis))
        if values is None or prices is None:
            raise self.refuse("the columns of the basis are dependent", remedy)
        if min(values) < 0:
            raise self.refuse(f"the basic solution has a negative coordinate, {min(values)}", remedy)
        for j, column in enumerate(transpose_of(self.A)):
            reduced = self.c[j] - inner_product(prices, column)
            if j not in basis and (reduced < 0 or (strict and reduced == 0)):
                raise self.refuse(f"the reduced cost of column {j} is {reduced}, not above 0", remedy)
        placed = dict(zip(basis, values, strict=True))
        return tuple(placed.get(j, Fraction(0)) for j in range(wide))

    def stays(self) -> str:
        """Return why limits of minimisers are minimisers, if costs and a point with Ax = b are positive."""
        weights = only_solution(gram(transpose_of(self.A)), self.b)
        inside = weights is not None and min(image_of(transpose_of(self.A), weights)) > 0 and min(self.c) > 0
        why = "costs are positive, A has full row rank and some x > 0 has Ax = b"
        return (
            f"{why}, so that minimisers are bounded, and limits of minimisers are minimisers"
            if inside
            else ""
        )

    def proof(self) -> str:
        """Return the reason."""
        return "its basis is feasible, and every reduced cost off it is above 0"


@dataclass(frozen=True)
class LeastSquares(Instance):
    """Minimise ‖Ax − y‖₂, A of full column rank: no certificate is needed.

    Parameters
    ----------
    A, y
        The data.
    """

    kind: ClassVar[str] = "least-squares"
    axes: ClassVar[dict[str, tuple[str, ...]]] = {"A": ("rows", "columns"), "y": ("rows",)}

    A: Any
    y: Any

    def solutions(self) -> Boxes:
        """Return the solution of the normal equations."""
        found = only_solution(gram(self.A), image_of(transpose_of(self.A), self.y))
        if found is None:
            remedy = "take A of full column rank, or MinimumNorm"
            raise self.refuse("the columns of A are dependent, so minimisers are a line or more", remedy)
        return point(found)

    def proof(self) -> str:
        """Return the reason."""
        return "it solves the normal equations, which are regular"


@dataclass(frozen=True)
class MinimumNorm(Instance):
    """The shortest minimiser of ‖Ax − y‖₂, A⁺y: no certificate is needed.

    Parameters
    ----------
    A, y
        The data.
    """

    kind: ClassVar[str] = "minimum-norm"
    axes: ClassVar[dict[str, tuple[str, ...]]] = LeastSquares.axes

    A: Any
    y: Any

    def solutions(self) -> Boxes:
        """Return the member Aᵀz of the row space with AᵀA·Aᵀz = Aᵀy."""
        back = transpose_of(self.A)
        products = tuple(tuple(inner_product(row, column) for column in self.A) for row in gram(self.A))
        found = consistent_solution(products, image_of(back, self.y))
        assert found is not None, "normal equations have a solution in the row space"
        return point(image_of(back, found))

    def proof(self) -> str:
        """Return the reason."""
        return "it solves the normal equations and lies in the row space"


@dataclass(frozen=True)
class Rank(Instance):
    """The rank of a matrix: no certificate is needed.

    Parameters
    ----------
    A
        The data.
    """

    kind: ClassVar[str] = "rank"
    axes: ClassVar[dict[str, tuple[str, ...]]] = {"A": ("rows", "columns")}
    answer: ClassVar[str] = ""

    A: Any

    def solutions(self) -> Labels:
        """Return the rank, by exact elimination."""
        return Labels((rank_of(self.A),))

    def proof(self) -> str:
        """Return the reason."""
        return "exact elimination gives it"


@dataclass(frozen=True)
class Projector(Instance):
    """The projector vvᵀ onto the eigenvector of the largest eigenvalue of a symmetric 2 × 2 matrix, rows first.

    Parameters
    ----------
    A
        The data.
    eigenvector : two rationals
        Certificate.
    """

    kind: ClassVar[str] = "projector"
    axes: ClassVar[dict[str, tuple[str, ...]]] = {"A": ("rows", "columns")}
    answer: ClassVar[str] = ""

    A: Any
    eigenvector: Any = ()

    def solutions(self) -> Boxes:
        """Return vvᵀ/‖v‖², four entries: the other eigenvalue, trace − λ, is below λ."""
        v, remedy = (
            vector("eigenvector", self.eigenvector),
            "give a rational eigenvector of the largest eigenvalue",
        )
        if [len(row) for row in self.A] != [2, 2] or self.A[0][1] != self.A[1][0]:
            raise self.refuse("A is no symmetric 2 × 2 matrix", "give one")
        squared = inner_product(v, v)
        if len(v) != 2 or squared == 0:
            raise self.refuse("the eigenvector is no vector of two numbers other than 0", remedy)
        image = image_of(self.A, v)
        largest = inner_product(image, v) / squared
        if image != tuple(largest * x for x in v):
            raise self.refuse("the vector is no eigenvector", remedy)
        other = self.A[0][0] + self.A[1][1] - largest
        if other >= largest:
            raise self.refuse(f"its eigenvalue is {largest}, and the other one is {other}, not below", remedy)
        return point(tuple(a * b / squared for a in v for b in v))

    def stays(self) -> str:
        """Return why limits of projectors are such."""
        return "projectors are bounded, and limits of those onto unit eigenvectors of the largest eigenvalue are such"

    def proof(self) -> str:
        """Return the reason."""
        return "its vector is an eigenvector, and the other eigenvalue is smaller"
