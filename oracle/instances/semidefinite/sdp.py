"""Semidefinite programs over matrices of trace 1, and whether a line of matrices meets the cone, proved exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from oracle.arithmetic.linear_algebra import Matrix, Vector, image_of, inner_product
from oracle.instances.arrays import matrix, scalar, vector
from oracle.instances.instance import Instance
from oracle.instances.solutions import Boxes, Labels, point


def semidefinite_rank(rows: Sequence[Sequence[Fraction]]) -> int | None:
    """Return the rank of a symmetric matrix that has no negative eigenvalue; None for one that has, by elimination.

    A pivot below 0, or one of 0 whose row is not 0, shows a vector with xᵀMx < 0; else M is LDLᵀ with D ≥ 0.
    """
    left, rank = [list(row) for row in rows], 0
    while left:
        pivot, *others = left[0]
        if pivot < 0 or (pivot == 0 and any(others)):
            return None
        rank += pivot > 0
        rest = [row[1:] for row in left[1:]]
        if pivot > 0:
            rest = [
                [x - row[0] * y / pivot for x, y in zip(row[1:], others, strict=True)] for row in left[1:]
            ]
        left = rest
    return rank


class _Symmetric(Instance):
    """What is about symmetric matrices."""

    answer: ClassVar[str] = ""

    def _square(self, name: str) -> Matrix:
        found: Matrix = getattr(self, name)
        size = range(len(found))
        if len(found[0]) != len(found) or any(found[i][j] != found[j][i] for i in size for j in size):
            raise self.refuse(f"{name} is no symmetric matrix", "give one")
        return found


@dataclass(frozen=True)
class SDP(_Symmetric):
    """Minimise ⟨C, X⟩ over symmetric matrices X ⪰ 0 with tr X = 1; answers are their entries, rows first.

    Parameters
    ----------
    C
        The data: a symmetric matrix.
    eigenvector : sequence of rationals
        Certificate: of the least eigenvalue, which is simple.
    """

    kind: ClassVar[str] = "sdp"
    axes: ClassVar[dict[str, tuple[str, ...]]] = {"C": ("rows", "columns")}

    C: Any
    eigenvector: Any = ()

    def solutions(self) -> Boxes:
        """Return vvᵀ/‖v‖²: ⟨C, X⟩ − λ = ⟨C − λI, X⟩ ≥ 0 as C − λI ⪰ 0, with equality only on its kernel, v's line."""
        rows, v = self._square("C"), vector("eigenvector", self.eigenvector)
        remedy = "give a rational eigenvector of the least eigenvalue"
        squared = inner_product(v, v)
        if len(v) != len(rows) or squared == 0:
            raise self.refuse(f"the eigenvector is no vector of {len(rows)} numbers other than 0", remedy)
        image = image_of(rows, v)
        least = inner_product(image, v) / squared
        if image != tuple(least * x for x in v):
            raise self.refuse("the vector is no eigenvector", remedy)
        moved = [[x - least * (i == j) for j, x in enumerate(row)] for i, row in enumerate(rows)]
        if semidefinite_rank(moved) != len(rows) - 1:
            raise self.refuse(f"its eigenvalue {least} is not the least one, or not simple", remedy)
        return point(tuple(a * b / squared for a in v for b in v))

    def stays(self) -> str:
        """Return why limits of minimisers are minimisers."""
        return "matrices X ⪰ 0 with tr X = 1 are a compact set, and limits of minimisers on it are minimisers"

    def proof(self) -> str:
        """Return the reason."""
        return "its vector is an eigenvector, and elimination shows that all other eigenvalues are larger"


@dataclass(frozen=True)
class SDPFeasible(_Symmetric):
    """Whether some real x has A + xB ⪰ 0: "yes" or "no".

    Parameters
    ----------
    A, B
        The data: symmetric matrices.
    point : rational, optional
        Certificate of "yes": x.
    refutation : matrix, optional
        Certificate of "no": Z ⪰ 0 with ⟨B, Z⟩ = 0 and ⟨A, Z⟩ < 0.
    vectors : (v, u), optional
        Certificate of "no" where no Z is one: vᵀAv = vᵀBv = 0, uᵀBv = 0 and uᵀAv ≠ 0.
    """

    kind: ClassVar[str] = "sdp-feasible"
    axes: ClassVar[dict[str, tuple[str, ...]]] = {"A": ("rows", "columns"), "B": ("rows", "columns")}

    A: Any
    B: Any
    point: Any = None
    refutation: Any = None
    vectors: Any = None

    def solutions(self) -> Labels:
        """Return the answer.

        ⟨A + xB, Z⟩ ≥ 0 for A + xB ⪰ 0 and Z ⪰ 0; and M ⪰ 0 with vᵀMv = 0 has Mv = 0, hence uᵀMv = 0.
        """
        a, b = self._square("A"), self._square("B")
        if self.point is not None:
            x = scalar("point", self.point)
            made = [[p + x * q for p, q in zip(*rows, strict=True)] for rows in zip(a, b, strict=True)]
            if semidefinite_rank(made) is None:
                raise self.refuse(f"A + xB has a negative eigenvalue at x = {x}", "give another point")
            return Labels(("yes",))
        if self.refutation is not None:
            z = matrix("refutation", self.refutation)
            square = [len(row) for row in z] == [len(a)] * len(a) and all(
                z[i][j] == z[j][i] for i in range(len(a)) for j in range(i)
            )
            if not square or semidefinite_rank(z) is None or _inner(b, z) != 0 or _inner(a, z) >= 0:
                raise self.refuse("Z ⪰ 0, ⟨B, Z⟩ = 0 and ⟨A, Z⟩ < 0 do not all hold", "give another Z")
            return Labels(("no",))
        if self.vectors is None:
            raise self.refuse("no point, refutation or vectors are given", "give one of these")
        v, u = (vector("vectors", each) for each in self.vectors)
        if (
            not len(v) == len(u) == len(a)
            or _form(a, v, v)
            or _form(b, v, v)
            or _form(b, u, v)
            or not _form(a, u, v)
        ):
            raise self.refuse("vᵀAv = vᵀBv = uᵀBv = 0 and uᵀAv ≠ 0 do not all hold", "give other vectors")
        return Labels(("no",))

    def proof(self) -> str:
        """Return the reason."""
        if self.point is not None:
            return "at the point elimination meets no negative pivot"
        if self.refutation is not None:
            return "a matrix Z ⪰ 0 has ⟨B, Z⟩ = 0 and ⟨A, Z⟩ < 0"
        return "each such matrix M has vᵀMv = 0 and Mv ≠ 0"


def _inner(a: Matrix, b: Matrix) -> Fraction:
    return sum((inner_product(p, q) for p, q in zip(a, b, strict=True)), Fraction(0))


def _form(a: Matrix, u: Vector, v: Vector) -> Fraction:
    return inner_product(u, image_of(a, v))
