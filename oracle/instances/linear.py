"""Linear programs, least squares, rank, and the projector onto an eigenvector of a 2 × 2 matrix."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from oracle.arithmetic.linear_algebra import (
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
from oracle.instances.solutions import Boxes, Labels, point


@dataclass(frozen=True)
class LP(Instance):
    """Minimise c·x subject to Ax = b, x ≥ 0.

    Parameters
    ----------
    c, A, b
        The data.
    basis : sequence of int
        Certificate: the columns of an optimal basis, one for each row, counted from 0.
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

    def solutions(self) -> Boxes:
        """Return the minimiser: c·x = π·b + Σ d_j x_j for feasible x, with reduced costs d_j > 0 off the basis."""
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
            if j not in basis and reduced <= 0:
                raise self.refuse(f"the reduced cost of column {j} is {reduced}, not above 0", remedy)
        placed = dict(zip(basis, values, strict=True))
        return point(tuple(placed.get(j, Fraction(0)) for j in range(wide)))

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

    def proof(self) -> str:
        """Return the reason."""
        return "its vector is an eigenvector, and the other eigenvalue is smaller"
