"""Sparse recovery and regression: LASSO, elastic net, square-root LASSO, basis pursuit; proofs by KKT conditions.

Each takes the signs of its solution as certificate. S is where they are not 0; the solution is computed on S in
rational arithmetic. It is the only one: the columns of S are independent, and every other is strictly inactive.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from oracle.arithmetic.linear_algebra import (
    Matrix,
    Vector,
    columns_of,
    gram,
    image_of,
    inner_product,
    minus,
    only_solution,
    rank_of,
    transpose_of,
)
from oracle.errors import InvalidValue
from oracle.instances.arrays import scalar, vector
from oracle.instances.instance import Instance, sign_vector
from oracle.instances.solutions import Boxes, point

SIGNS_REMEDY = "correct the signs, or the data"


def _placed(size: int, support: list[int], values: Vector) -> Vector:
    found = [Fraction(0)] * size
    for j, value in zip(support, values, strict=True):
        found[j] = value
    return tuple(found)


@dataclass(frozen=True)
class Signed(Instance):
    """What is certified by signs: A and y with a matrix of columns."""

    axes: ClassVar[dict[str, tuple[str, ...]]] = {"A": ("rows", "columns"), "y": ("rows",)}

    A: Any
    y: Any

    def _support(self, signs: Any) -> tuple[tuple[int, ...], list[int], Matrix]:
        found = sign_vector(self, signs, len(self.A[0]))
        support = [j for j, s in enumerate(found) if s]
        return found, support, columns_of(self.A, support)

    def _keeps(self, signs: tuple[int, ...], x: Vector) -> None:
        for j, (s, value) in enumerate(zip(signs, x, strict=True)):
            if s * value < 0:
                raise self.refuse(
                    f"signs[{j}]={s}, and the solution on the support has x[{j}]={value}", SIGNS_REMEDY
                )

    def _inactive(
        self, signs: tuple[int, ...], dual: Vector, level: Fraction, *, strict: bool = True
    ) -> None:
        """See to it that columns off the support have |A_jᵀ dual| below the level, and those on it equal to it."""
        for j, (s, column) in enumerate(zip(signs, transpose_of(self.A), strict=True)):
            slope = inner_product(column, dual)
            if s and slope != s * level:
                raise self.refuse(
                    f"column {j} is active, and its product with the dual is {slope}", SIGNS_REMEDY
                )
            if not s and (abs(slope) > level or (strict and abs(slope) == level)):
                rule = f"column {j} is not strictly inactive: |A_{j}ᵀ·dual| = {abs(slope)} and the level is {level}"
                raise self.refuse(rule, SIGNS_REMEDY)


def positive(name: str, value: Any) -> Fraction:
    """Return a positive rational number, or raise `InvalidValue`."""
    found = scalar(name, value)
    if found <= 0:
        raise InvalidValue(name, str(found), "must be positive", "take a positive number")
    return found


@dataclass(frozen=True)
class Lasso(Signed):
    """Minimise ½‖Ax − y‖² + penalty·‖x‖₁.

    Parameters
    ----------
    A, y, penalty
        The data.
    signs : sequence of −1, 0, 1
        Certificate: the signs of the minimiser.
    """

    kind: ClassVar[str] = "lasso"
    axes: ClassVar[dict[str, tuple[str, ...]]] = {**Signed.axes, "penalty": ()}

    penalty: Any
    signs: Any = ()

    def solutions(self) -> Boxes:
        """Return the minimiser: the fit Ax is unique, hence the residual, so that minimisers live on S.

        Columns off S may meet the penalty with equality if they are independent of each other and of those of S.
        """
        return point(self._minimiser(Fraction(0)))

    def _minimiser(self, ridge: Fraction) -> Vector:
        penalty = positive("penalty", self.penalty)
        signs, support, part = self._support(self.signs)
        x = _placed(len(signs), [], ())
        if support:
            wanted = tuple(
                a - penalty * signs[j]
                for a, j in zip(image_of(transpose_of(part), self.y), support, strict=True)
            )
            found = only_solution(gram(part, ridge), wanted)
            if found is None:
                raise self.refuse("the columns of the support are dependent", SIGNS_REMEDY)
            x = _placed(len(signs), support, found)
        self._keeps(signs, x)
        slopes = image_of(transpose_of(self.A), minus(self.y, image_of(self.A, x)))
        tight = [
            j for j, (s, slope) in enumerate(zip(signs, slopes, strict=True)) if s or abs(slope) == penalty
        ]
        only = ridge > 0 or rank_of(columns_of(self.A, tight)) == len(tight) if tight else True
        for j, (s, slope) in enumerate(zip(signs, slopes, strict=True)):
            if not s and (abs(slope) > penalty or (not only and abs(slope) == penalty)):
                rule = (
                    f"column {j} is not strictly inactive: |A_{j}ᵀ(y − Ax)| = {abs(slope)}, penalty {penalty}"
                )
                raise self.refuse(rule, SIGNS_REMEDY)
        return x

    def stays(self) -> str:
        """Return why limits of minimisers are minimisers."""
        return (
            "minimisers are bounded, by ‖y‖² over twice the penalty, and limits of minimisers are minimisers"
        )

    def proof(self) -> str:
        """Return the reason."""
        return "its KKT conditions hold exactly, strictly off the support, whose columns are independent"


@dataclass(frozen=True)
class ElasticNet(Lasso):
    """Minimise ½‖Ax − y‖² + penalty·‖x‖₁ + ½·ridge·‖x‖².

    Parameters
    ----------
    A, y, penalty, ridge
        The data.
    signs : sequence of −1, 0, 1
        Certificate: the signs of the minimiser.
    """

    kind: ClassVar[str] = "elastic-net"
    axes: ClassVar[dict[str, tuple[str, ...]]] = {**Lasso.axes, "ridge": ()}

    ridge: Any = 1

    def solutions(self) -> Boxes:
        """Return the minimiser, the only one because the objective is strongly convex."""
        return point(self._minimiser(positive("ridge", self.ridge)))

    def proof(self) -> str:
        """Return the reason."""
        return "its KKT conditions hold exactly, and the objective is strongly convex"


@dataclass(frozen=True)
class BasisPursuit(Signed):
    """Minimise ‖x‖₁ subject to Ax = y.

    Parameters
    ----------
    A, y
        The data.
    signs : sequence of −1, 0, 1
        Certificate: the signs of the minimiser.
    dual : sequence of rationals, optional
        Certificate: π with A_jᵀπ = sign on the support and |A_jᵀπ| < 1 off it; by default the least with the former.
    """

    kind: ClassVar[str] = "basis-pursuit"

    signs: Any = ()
    dual: Any = None

    def solutions(self) -> Boxes:
        """Return the minimiser: ‖x‖₁ ≥ π·y for every feasible x, with equality only for signs on S."""
        signs, support, part = self._support(self.signs)
        x, dual = self._fit(signs, support, part, Fraction(1), self.dual)
        self._inactive(signs, dual, Fraction(1))
        return point(x)

    def _fit(
        self, signs: tuple[int, ...], support: list[int], part: Matrix, level: Fraction, given: Any
    ) -> tuple[Vector, Vector]:
        """Return x on the support with Ax = y, and a dual vector."""
        if not support:
            raise self.refuse("the support is empty, and the solution is 0 only for y = 0", SIGNS_REMEDY)
        products = gram(part)
        values = only_solution(products, image_of(transpose_of(part), self.y))
        weights = only_solution(products, tuple(level * signs[j] for j in support))
        if values is None or weights is None:
            raise self.refuse("the columns of the support are dependent", SIGNS_REMEDY)
        x = _placed(len(signs), support, values)
        if image_of(self.A, x) != self.y:
            raise self.refuse("no combination of the columns of the support is y", SIGNS_REMEDY)
        self._keeps(signs, x)
        dual = image_of(part, weights) if given is None else vector("dual", given)
        if len(dual) != len(self.y):
            raise self.refuse(
                f"the dual has {len(dual)} entries, and y has {len(self.y)}", "give one for each row"
            )
        return x, dual

    def stays(self) -> str:
        """Return why limits of minimisers are minimisers, if A has full row rank."""
        full = rank_of(self.A) == len(self.A)
        return (
            "A has full row rank, so that minimisers are bounded, and limits of minimisers are minimisers"
            * full
        )

    def proof(self) -> str:
        """Return the reason."""
        return "a dual vector proves it optimal, strictly off the support, whose columns are independent"


@dataclass(frozen=True)
class SqrtLasso(BasisPursuit):
    """Minimise ‖Ax − y‖₂ + penalty·‖x‖₁, where the minimiser fits y exactly.

    Parameters
    ----------
    A, y, penalty
        The data.
    signs : sequence of −1, 0, 1
        Certificate: the signs of the minimiser.
    dual : sequence of rationals, optional
        Certificate: p with ‖p‖₂ < 1, A_jᵀp = penalty·sign on the support and |A_jᵀp| < penalty off it.
    """

    kind: ClassVar[str] = "sqrt-lasso"
    axes: ClassVar[dict[str, tuple[str, ...]]] = {**Signed.axes, "penalty": ()}

    penalty: Any = 1

    def solutions(self) -> Boxes:
        """Return the minimiser: the objective is at least p·y, with equality only at residual 0 and signs on S."""
        penalty = positive("penalty", self.penalty)
        signs, support, part = self._support(self.signs)
        x, dual = self._fit(signs, support, part, penalty, self.dual)
        self._inactive(signs, dual, penalty)
        if inner_product(dual, dual) >= 1:
            raise self.refuse(
                f"the dual's squared length is {inner_product(dual, dual)}, not below 1", "lower the penalty"
            )
        return point(x)

    def stays(self) -> str:
        """Return why limits of minimisers are minimisers."""
        return "minimisers are bounded, by ‖y‖ over the penalty, and limits of minimisers are minimisers"

    def proof(self) -> str:
        """Return the reason."""
        return "a dual vector shorter than 1 proves it optimal, strictly off the support, with residual 0"
